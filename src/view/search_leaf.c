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

/* The group's last n in its direction. */
static int last_of(
    struct search_run *run, const struct search_leaf *leaf, uint64_t *ret)
{
    struct search_leaf other;

    search_leaf_init(&other, leaf->table, leaf->key, leaf->key_len, !leaf->down);
    other.batch = 1;
    return search_leaf_next(run, &other, leaf->down ? 0 : SEARCH_N_MASK, ret);
}

/* Sixteen rows, and where the group ends: n is spread evenly between, we suppose. */
int search_leaf_estimate(struct search_run *run, struct search_leaf *leaf,
    uint64_t from, uint64_t top, uint64_t *ret, bool *ret_counted)
{
    uint64_t first, sixteenth, last;
    int r;

    leaf->batch = ESTIMATE_ROWS;
    r = fill(run, leaf, from, false);
    if (r < 0)
        return r;
    *ret = leaf->count;
    *ret_counted = leaf->done;
    if (leaf->done)
        return 0;
    first = leaf->buffer[0];
    sixteenth = leaf->buffer[leaf->count - 1];
    r = last_of(run, leaf, &last);
    if (r < 0)
        return r;
    if (last == SEARCH_END)
        last = top;
    if (leaf->down)
        *ret += (sixteenth - last) * ESTIMATE_ROWS / (first - sixteenth + 1);
    else
        *ret += (last - sixteenth) * ESTIMATE_ROWS / (sixteenth - first + 1);
    return 0;
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
