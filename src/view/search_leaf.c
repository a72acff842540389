/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A leaf: the rows of an index table that share a prefix, behind which only n is left,
 * so that they come in rid order. All leaves of a table share one cursor; each reads
 * ahead a batch that doubles from 4 to 64 rows, so a jump costs little and a walk
 * needs a seek only where another leaf moved the cursor in between.
 */
#include "view/search_internal.h"

#define BATCH_FIRST 4
#define BATCH_MOST 64
#define ESTIMATE_ROWS 16
#define ESTIMATE_TRUSTED 128 /* rows; more are worth two looks */

void search_leaf_init(struct search_leaf *leaf, enum search_table table,
    const uint8_t *key, size_t len, bool down)
{
    leaf->table = (uint8_t)table;
    leaf->key_len = (uint8_t)len;
    leaf->down = down;
    leaf->done = false;
    leaf->at = leaf->count = 0;
    leaf->batch = BATCH_FIRST;
    leaf->from = down ? SEARCH_END : 0;
    memcpy(leaf->key, key, len);
}

/* n of a row of this leaf's group; false: the row is behind the group. */
static bool row_number(
    const struct search_leaf *leaf, const struct store_row *row, uint64_t *ret)
{
    if (row->key_len <= leaf->key_len ||
        memcmp(row->key, leaf->key, leaf->key_len) != 0)
        return false;
    return search_get_number(
               row->key + leaf->key_len, row->key_len - leaf->key_len, ret) > 0;
}

static int seek(struct search_run *run, struct search_leaf *leaf, uint64_t from,
    struct store_row *row)
{
    uint8_t key[sizeof(leaf->key) + SEARCH_NUMBER_BYTES];
    struct store_cursor *cursor;
    size_t len = leaf->key_len;
    int r = search_cursor(run, leaf->table, leaf, &cursor);

    if (r < 0)
        return r;
    run->seeks++;
    memcpy(key, leaf->key, len);
    if (!leaf->down) {
        len += search_put_number(key + len, from);
        return store_cursor_seek(cursor, key, len, row, run->err);
    }
    len += search_put_number(key + len, from == SEARCH_END ? from : from + 1);
    return store_cursor_seek_before(cursor, key, len, row, run->err);
}

/* Fill the buffer from ${from} on; goes on where the cursor stands if ${on}. */
static int fill(
    struct search_run *run, struct search_leaf *leaf, uint64_t from, bool on)
{
    struct store_cursor *cursor = run->cursors[leaf->table];
    struct store_row row;
    int r;

    leaf->at = leaf->count = 0;
    leaf->from = from;
    if (on)
        r = leaf->down ? store_cursor_prev(cursor, &row, run->err)
                       : store_cursor_next(cursor, &row, run->err);
    else
        r = seek(run, leaf, from, &row);
    cursor = run->cursors[leaf->table];
    while (r == 1 && row_number(leaf, &row, &leaf->buffer[leaf->count])) {
        if (++leaf->count == leaf->batch)
            break;
        r = leaf->down ? store_cursor_prev(cursor, &row, run->err)
                       : store_cursor_next(cursor, &row, run->err);
    }
    if (r < 0)
        return r;
    leaf->done = leaf->count < leaf->batch;
    return 0;
}

/* Step over what is before ${from} in the buffer. */
static bool in_buffer(struct search_leaf *leaf, uint64_t from)
{
    if (leaf->down)
        while (leaf->at < leaf->count && leaf->buffer[leaf->at] > from)
            leaf->at++;
    else
        while (leaf->at < leaf->count && leaf->buffer[leaf->at] < from)
            leaf->at++;
    return leaf->at < leaf->count;
}

int search_leaf_next(
    struct search_run *run, struct search_leaf *leaf, uint64_t from, uint64_t *ret)
{
    uint64_t last;
    bool near;
    int r;

    /* asked about what is behind us: begin again */
    if (leaf->down ? from > leaf->from : from < leaf->from) {
        leaf->count = leaf->at = 0;
        leaf->done = false;
    }
    leaf->from = from;
    while (!in_buffer(leaf, from)) {
        if (leaf->done) {
            *ret = SEARCH_END;
            return 0;
        }
        near = false;
        if (leaf->count) {
            last = leaf->buffer[leaf->count - 1];
            near = run->owner[leaf->table] == leaf &&
                   (leaf->down ? last - from : from - last) <= BATCH_MOST;
            leaf->batch = (uint16_t)(!near                      ? BATCH_FIRST
                                     : leaf->batch < BATCH_MOST ? leaf->batch * 2
                                                                : BATCH_MOST);
        }
        r = fill(run, leaf, from, near);
        if (r < 0)
            return r;
    }
    *ret = leaf->buffer[leaf->at];
    return 0;
}

static uint64_t distance(uint64_t a, uint64_t b)
{
    return a < b ? b - a : a - b;
}

/* The last n of the group of ${leaf} in its direction, none behind ${from}. */
static int last_of(struct search_run *run, const struct search_leaf *leaf,
    uint64_t from, uint64_t *ret)
{
    struct search_leaf other;

    search_leaf_init(&other, leaf->table, leaf->key, leaf->key_len, !leaf->down);
    other.batch = 1;
    return search_leaf_next(run, &other, from, ret);
}

/* Rows behind the buffer up to ${last}, if they lie as those in it. */
static uint64_t rows_behind(const struct search_leaf *leaf, uint64_t last)
{
    uint64_t width = distance(leaf->buffer[0], leaf->buffer[leaf->count - 1]) + 1;

    return distance(leaf->buffer[leaf->count - 1], last) * leaf->count / width;
}

/* The same with a look at the middle: rows often lie in bands, such as a patient's
 * results here and measurements there, with nothing between. */
static int rows_in_bands(struct search_run *run, const struct search_leaf *leaf,
    uint64_t last, uint64_t *ret)
{
    uint64_t end = leaf->buffer[leaf->count - 1];
    uint64_t middle = end < last ? end + (last - end) / 2 : last + (end - last) / 2;
    struct search_leaf behind = *leaf;
    uint64_t before = 0;
    int r = fill(run, &behind, middle, false);

    if (r == 0)
        r = last_of(run, leaf, middle, &before);
    if (r < 0)
        return r;
    if (before == SEARCH_END)
        before = end;
    *ret = rows_behind(leaf, before) + behind.count;
    if (!behind.done)
        *ret += rows_behind(&behind, last);
    return 0;
}

/* Sixteen rows, and where the group ends: the others lie evenly between, we suppose, or,
 * where that would be many and ${bands}, in two bands. */
int search_leaf_estimate(struct search_run *run, struct search_leaf *leaf,
    uint64_t from, uint64_t top, bool bands, struct search_estimate *ret)
{
    uint64_t last, behind;
    int r;

    leaf->batch = ESTIMATE_ROWS;
    r = fill(run, leaf, from, false);
    if (r < 0)
        return r;
    *ret = (struct search_estimate){leaf->count, leaf->done};
    if (leaf->done)
        return 0;
    r = last_of(run, leaf, leaf->down ? 0 : SEARCH_N_MASK, &last);
    if (r < 0)
        return r;
    if (last == SEARCH_END)
        last = leaf->down ? 0 : top;
    behind = rows_behind(leaf, last);
    if (bands && behind > ESTIMATE_TRUSTED)
        r = rows_in_bands(run, leaf, last, &behind);
    ret->rows += behind;
    return r;
}

int search_leaf_has(
    struct search_run *run, const struct search_leaf *leaf, uint64_t n, bool *ret)
{
    uint8_t key[sizeof(leaf->key) + SEARCH_NUMBER_BYTES];
    struct store_row row;
    size_t len = leaf->key_len;
    int r;

    memcpy(key, leaf->key, len);
    len += search_put_number(key + len, n);
    run->seeks++;
    r = store_row_get(
        run->r, search_first_table + leaf->table, key, len, &row, run->err);
    if (r < 0)
        return r;
    *ret = r == 1;
    return 0;
}
