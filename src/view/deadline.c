/* SPDX-License-Identifier: Apache-2.0 */
#include "view/deadline.h"

#include "view/case_task.h"
#include "view/search_rows.h"

static unsigned first_table;

#define KEY_MAX (8 + SEARCH_NUMBER_BYTES)

/* What prepare() makes: NULL where nothing is to be looked at. */
struct prepared {
    utc_ms next;
};

static int deadline_prepare(struct arena *a, const struct fhir_type *type,
    const struct json *resource, utc_ms updated, const void **ret, struct err *err)
{
    struct case_task task;
    struct prepared *made = NULL;

    (void)updated;
    *ret = NULL;
    if (strcmp(type->name, "Task") != 0 || !case_task_read(resource, &task) ||
        task.clock.next <= 0)
        return 0;
    made = arena_alloc(a, sizeof(*made));
    if (!made)
        return err_nomem(err);
    made->next = task.clock.next;
    *ret = made;
    return 0;
}

static size_t make_key(uint8_t *out, utc_ms when, store_rid task)
{
    search_put_be(out, (uint64_t)when, 8);
    return 8 +
           search_put_number(out + 8, (uint64_t)task & ((1ull << STORE_RID_BITS) - 1));
}

static int deadline_apply(struct store_tx *tx, struct arena *a,
    const struct store_change *change, struct err *err)
{
    const struct prepared *old = change->old_prepared;
    const struct prepared *new = change->prepared;
    uint8_t key[KEY_MAX];
    int r = 0;

    (void)a;
    if (old && new && old->next == new->next)
        return 0;
    if (old)
        r = store_del(tx, first_table, key, make_key(key, old->next, change->rid), err);
    if (r == 0 && new)
        r = store_put(
            tx, first_table, key, make_key(key, new->next, change->rid), "", 0, err);
    return r;
}

static const char *const tables[] = {"deadline"};

const struct store_view deadline_view = {
    .name = "deadline",
    .digest = "1", /* raise it when rows change: nodes then fill the view again */
    .tables = tables,
    .table_count = 1,
    .first_table = &first_table,
    .keys_only = 1,
    .prepare = deadline_prepare,
    .apply = deadline_apply,
};

/* ---- reading ---- */

static bool read_key(const struct store_row *row, unsigned type, struct deadline *ret)
{
    uint64_t n = 0;

    if (row->key_len <= 8 || search_get_number(row->key + 8, row->key_len - 8, &n) == 0)
        return false;
    ret->when = (utc_ms)search_get_be(row->key, 8);
    ret->task = store_rid_first(type) | (store_rid)n;
    return true;
}

/* The first row behind ${after}. */
static int begin(struct store_cursor *c, const struct deadline *after,
    struct store_row *row, struct err *err)
{
    uint8_t key[KEY_MAX];
    size_t len = after ? make_key(key, after->when, after->task) : 0;
    int code = store_cursor_seek(c, key, len, row, err);

    if (code == 1 && len > 0 && row->key_len == len && memcmp(row->key, key, len) == 0)
        code = store_cursor_next(c, row, err);
    return code;
}

int deadline_due(struct store_reader *r, const struct deadline_range *range,
    struct deadline *ret, size_t *ret_count, struct err *err)
{
    unsigned type = fhir_resource_named(STR("Task"))->number;
    struct store_cursor *c = NULL;
    struct store_row row;
    size_t count = 0;
    int code = store_cursor_open(r, first_table, &c, err);

    if (code < 0)
        return code;
    code = range->most > 0 ? begin(c, range->after, &row, err) : 0;
    while (code == 1 && count < range->most && read_key(&row, type, &ret[count]) &&
           ret[count].when <= range->until) {
        count++;
        code = store_cursor_next(c, &row, err);
    }
    store_cursor_close(c);
    if (code < 0)
        return code;
    *ret_count = count;
    return 0;
}
