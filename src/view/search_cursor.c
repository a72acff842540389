/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A page's edge as bytes, which the caller seals so that users cannot read or forge it:
 *
 *     0  1  1, the form
 *     1  1  1: the page before, 0: the page behind
 *     2  4  hash of the sort keys it belongs to
 *     6     for each key: missing 1 | length 1 | bytes
 *     .  8  rid
 *
 * It names a place in the order, not a row, so records that come or go move nothing:
 * no page skips or repeats what was there all the time.
 */
#include "base/hash.h"

#include "view/search_internal.h"

#define CURSOR_FORM 1

static uint32_t keys_hash(const struct search_plan *plan)
{
    const struct search_sort_key *keys = plan->type_count ? plan->types[0].sort : NULL;
    uint64_t hash = 0;
    size_t i;

    for (i = 0; keys && i < plan->sort_count; i++) {
        uint16_t part[3] = {
            (uint16_t)keys[i].what, keys[i].slots[0], (uint16_t)keys[i].down};
        hash = hash64(part, sizeof(part), hash);
    }
    return (uint32_t)hash;
}

static int refuse(struct search_run *run)
{
    return err_set(run->err, E_INVALID, "_cursor",
        "The page's cursor does not fit this search; begin again at the first page.");
}

static bool read_values(const uint8_t **at, const uint8_t *end,
    struct search_sort_value *values, size_t count)
{
    size_t i;

    for (i = 0; i < count; i++) {
        if (end - *at < 2 || (*at)[1] > SEARCH_SORT_BYTES || end - *at < 2 + (*at)[1])
            return false;
        values[i].missing = (*at)[0];
        values[i].len = (*at)[1];
        memcpy(values[i].bytes, *at + 2, values[i].len);
        *at += 2 + values[i].len;
    }
    return true;
}

int search_cursor_read(struct search_run *run, struct search_boundary *ret)
{
    struct str text = run->plan->request.cursor;
    const uint8_t *at = (const uint8_t *)text.p, *end;
    size_t count = run->plan->sort_count;

    *ret = (struct search_boundary){.given = false};
    if (!text.p)
        return 0;
    end = at + text.len;
    if (text.len < 14 || at[0] != CURSOR_FORM || at[1] > 1 ||
        search_get_be(at + 2, 4) != keys_hash(run->plan))
        return refuse(run);
    ret->given = true;
    ret->back = at[1];
    ret->item.values = arena_array(run->a, count + 1, sizeof(*ret->item.values));
    if (!ret->item.values)
        return err_nomem(run->err);
    at += 6;
    if (!read_values(&at, end, ret->item.values, count) || end - at != 8)
        return refuse(run);
    ret->item.rid = (store_rid)search_get_be(at, 8);
    return 0;
}

int search_cursor_write(
    struct search_run *run, const struct search_item *item, bool back, struct str *ret)
{
    size_t count = run->plan->sort_count, len = 6, i;
    uint8_t *out = arena_alloc_raw(run->a, 14 + count * (2 + SEARCH_SORT_BYTES));

    if (!out)
        return err_nomem(run->err);
    out[0] = CURSOR_FORM;
    out[1] = back;
    search_put_be(out + 2, keys_hash(run->plan), 4);
    for (i = 0; i < count; i++) {
        out[len++] = item->values[i].missing;
        out[len++] = item->values[i].len;
        memcpy(out + len, item->values[i].bytes, item->values[i].len);
        len += item->values[i].len;
    }
    search_put_be(out + len, (uint64_t)item->rid, 8);
    *ret = (struct str){(const char *)out, len + 8};
    return 0;
}
