/* SPDX-License-Identifier: Apache-2.0 */
/* One spelling of a value, whoever wrote it down: what is signed. */
#include <stdlib.h>

#include "base/limits.h"

#include "json/json.h"
#include "json/json_internal.h"

struct member {
    struct str name;
    const struct json *value;
};

static int by_name(const void *one, const void *other)
{
    const struct member *a = one, *b = other;

    return str_cmp(a->name, b->name);
}

static int put(struct arena *a, struct buf *b, const struct json *j, struct err *err);

static int put_object(
    struct arena *a, struct buf *b, const struct json *j, struct err *err)
{
    size_t count = json_count(j);
    struct member *list = arena_array(a, count + 1, sizeof(*list));
    struct json_each it = json_each(j);
    int r = 0;

    if (!list)
        return err_nomem(err);
    while (json_next(&it))
        list[it.index] = (struct member){it.name, it.value};
    qsort(list, count, sizeof(*list), by_name);
    buf_addc(b, '{');
    for (size_t i = 0; r == 0 && i < count; i++) {
        if (i)
            buf_addc(b, ',');
        json_write_text(b, list[i].name);
        buf_addc(b, ':');
        r = put(a, b, list[i].value, err); /* NOLINT(misc-no-recursion) */
    }
    buf_addc(b, '}');
    return r;
}

/* Depth is that of what was read: LIMIT_JSON_DEPTH. */
/* NOLINTNEXTLINE(misc-no-recursion) */
static int put(struct arena *a, struct buf *b, const struct json *j, struct err *err)
{
    struct json_each it = json_each(j);
    int r = 0;

    if (json_is_object(j))
        return put_object(a, b, j, err);
    if (!json_is_array(j)) {
        json_write_scalar(b, json_val_(j));
        return 0;
    }
    buf_addc(b, '[');
    while (r == 0 && json_next(&it)) {
        if (it.index)
            buf_addc(b, ',');
        r = put(a, b, it.value, err);
    }
    buf_addc(b, ']');
    return r;
}

int json_write_canonical(
    struct arena *a, struct buf *b, const struct json *j, struct err *err)
{
    return put(a, b, j, err);
}
