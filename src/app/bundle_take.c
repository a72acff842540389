/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A Bundle's text cut into entries. A transaction may be tens of megabytes, and read whole
 * it would be held three times over while it is worked on; cut, one entry at a time is
 * read, twice: to check it and to prepare it.
 */
#include "app/bundle_internal.h"
#include "json/skim.h"

static int too_many(struct err *err)
{
    return err_set(err, E_TOO_LARGE, "Bundle.entry",
        "A Bundle may have at most %d entries.", LIMIT_BUNDLE_ENTRIES);
}

/* ${value} written out again, in ${a}. */
static int write_item(
    struct arena *a, const struct json *value, struct str *ret, struct err *err)
{
    struct buf b;
    int r = 0;

    buf_init(&b, LIMIT_IMPORT_FILE);
    json_write(&b, value);
    r = buf_keep(&b, a, "The entry", ret, err);
    buf_done(&b);
    return r;
}

int bundle_take_json(struct arena *a, const struct json *bundle,
    struct bundle_parts *ret, struct err *err)
{
    const struct json *list = json_get(bundle, "entry");
    size_t count = json_is_array(list) ? json_count(list) : 0;
    struct json_each it = json_each(list);
    struct str *items = arena_array(a, count, sizeof(*items));
    int r = 0;

    if (count > LIMIT_BUNDLE_ENTRIES)
        return too_many(err);
    if (!items)
        return err_nomem(err);
    while (r == 0 && it.index < count && json_next(&it))
        r = write_item(a, it.value, &items[it.index], err);
    if (r == 0)
        *ret = (struct bundle_parts){.head = bundle, .items = items, .count = count};
    return r;
}

int bundle_take(struct arena *a, struct str text, size_t max, struct bundle_parts *ret,
    struct err *err)
{
    const struct json *json = NULL;
    struct json_skim skim = {0};
    int r = 0;

    if (text.len > max)
        return json_read(a, text, max, &json, err); /* which says so */
    r = json_skim(a, text, "entry", LIMIT_BUNDLE_ENTRIES, &skim, err);
    if (r < 0)
        return r == E_TOO_LARGE ? too_many(err) : r;
    if (r == 1 && json_read(a, skim.rest, max, &json, NULL) == 0) {
        *ret = (struct bundle_parts){json, text, skim.items, skim.count};
        return 0;
    }
    /* an object without entries, or something is wrong: reading it all says what */
    r = json_read(a, text, max, &json, err);
    return r < 0 ? r : bundle_take_json(a, json, ret, err);
}
