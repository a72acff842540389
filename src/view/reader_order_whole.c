/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The shortlist of a person who reads by cases alone: what cases share can be listed, so it
 * need not be learned by walking among the records of everybody.
 */
#include <stdlib.h>

#include "view/reader_order_internal.h"

/* The date of ${row}, of a record, in ${slot}; false: it has none. */
static bool date_of(
    const struct store_row *row, unsigned type, uint16_t slot, int64_t *ret)
{
    const uint8_t *at = row->value, *bytes = NULL;
    uint16_t found = 0;
    utc_ms until = 0;
    size_t len = 0;

    while (search_entry_next(
        &at, row->value + row->value_len, type, &found, &bytes, &len)) {
        if (found == slot)
            return search_get_date(bytes, len, ret, &until) > 0;
    }
    return false;
}

/* The rows of records lie in the order of rids: mostly the next one is near. */
static int add_places(struct reader *rd, const struct search_order *order,
    const store_rid *rids, size_t count, struct reader_place *places, size_t *ret_count)
{
    struct store_cursor *c = NULL;
    struct store_row row = {.key = NULL};
    uint8_t key[SEARCH_KEY_MAX];
    int r = store_cursor_open(
        rd->run.r, search_first_table + SEARCH_RECORD, &c, rd->run.err);

    *ret_count = 0;
    for (size_t i = 0; r >= 0 && i < count; i++) {
        size_t len = search_record_key(key, rids[i]);
        struct reader_place *place = &places[*ret_count];

        r = reader_reach(rd, c, key, len, &row);
        place->rid = rids[i];
        if (r == 1 && row.key_len == len && memcmp(row.key, key, len) == 0)
            *ret_count += date_of(&row, order->type, order->slot, &place->value);
        else if (r == 0) /* the end: what comes before it can still be sought */
            row.key = NULL;
    }
    if (c)
        store_cursor_close(c);
    return r < 0 ? r : 0;
}

int reader_order_whole(
    struct reader *rd, const struct search_order *order, struct reader_kept **ret)
{
    const store_rid *rids = NULL;
    struct reader_place *places = NULL;
    int64_t *values = NULL;
    store_rid *sorted = NULL;
    struct search_shortlist list = {.begun = true, .whole = true};
    size_t count = 0;
    int r =
        order->updated ? 0 : reader_few(rd, order->type, &rids, &count, rd->run.err);

    if (r < 0 || !rids || count <= search_tuning.sorted_by_looking ||
        count > LIMIT_READER_ORDER_WHOLE / 2)
        return r;
    places = arena_array(rd->run.a, count, sizeof(*places));
    values = arena_array(rd->run.a, count, sizeof(*values));
    sorted = arena_array(rd->run.a, count, sizeof(*sorted));
    if (!places || !values || !sorted)
        return err_nomem(rd->run.err);
    r = add_places(rd, order, rids, count, places, &list.count);
    if (r < 0)
        return r;
    qsort(places, list.count, sizeof(*places),
        order->down ? reader_place_downwards : reader_place_upwards);
    for (size_t i = 0; i < list.count; i++) {
        values[i] = places[i].value;
        sorted[i] = places[i].rid;
    }
    list.values = values;
    list.rids = sorted;
    return reader_order_new(rd, order, &list, ret);
}
