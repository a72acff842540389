/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Facts of one type. All are read once; then a record that has changed is read by itself, and
 * its facts take the place of those that it had, so that a part kept step by step is the
 * part that would be read anew. Texts that are no more needed stay in the arena until so many
 * were replaced that the part is read anew.
 */
#include <stdlib.h>
#include <string.h>

#include "app/app_internal.h"
#include "app/network_internal.h"

#define AT_ONCE 1000
#define WORN 4096 /* facts replaced that no part needs to be read anew for */

/* ---- reading ---- */

static int read_one(struct network_part *part, const struct network_reading *g,
    struct arena *look, store_rid rid, struct err *err)
{
    struct network_taking t = {.part = part, .rid = rid, .base = g->base};
    struct store_record rec = {0};
    int r = store_get_rid(g->reader, look, rid, true, &rec, err);

    if (r == E_NOT_FOUND ||
        (r == 0 && (rec.operation == STORE_DELETE || rec.body.len == 0)))
        return 0;
    if (r == 0)
        r = json_read_trusted(look, rec.body, &t.record, err);
    if (r == 0 && network_take_record(g->kind, &t) < 0)
        r = err_nomem(err);
    arena_reset(look);
    return r;
}

static int too_many(size_t most, struct err *err)
{
    return err_set(err, E_TOO_LARGE, NULL,
        "There are more than %zu records of one kind in the network.", most);
}

int network_part_read(
    struct network_part *part, const struct network_reading *g, struct err *err)
{
    size_t most =
        g->kind == NETWORK_CASES ? LIMIT_NETWORK_CASES : LIMIT_NETWORK_RECORDS;
    struct arena *look = arena_new();
    store_rid rids[AT_ONCE];
    store_rid after = 0;
    size_t count = 0, sum = 0;
    int r = look ? 0 : err_nomem(err);

    while (r == 0) {
        r = store_rids(g->reader, g->type, after, rids, AT_ONCE, &count, err);
        sum += count;
        if (r == 0 && sum > most)
            r = too_many(most, err);
        for (size_t i = 0; r == 0 && i < count; i++)
            r = read_one(part, g, look, rids[i], err);
        if (r < 0 || count < AT_ONCE)
            break;
        after = rids[count - 1];
    }
    arena_free(look);
    return r;
}

/* ---- changing ---- */

static int compare_rids(const void *one, const void *other)
{
    const store_rid *a = one, *b = other;

    return *a < *b ? -1 : *a > *b;
}

/* The first fact of a record that is not before ${rid}. */
static size_t first_of(const struct network_part *part, store_rid rid)
{
    size_t low = 0, high = part->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (part->rids[middle] < rid)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Take the facts from ${from} to ${to} out. */
static void cut(struct network_part *part, size_t from, size_t to)
{
    char *list = part->list;
    size_t behind = part->count - to;

    if (from == to)
        return; /* nothing, and of an empty part there is no list to move */
    memmove(list + from * part->size, list + to * part->size, behind * part->size);
    memmove(part->rids + from, part->rids + to, behind * sizeof(*part->rids));
    part->count -= to - from;
    part->stale += to - from;
}

/* Move the last ${count} facts, of one record, to ${at}. */
static int move_last(
    struct network_part *part, size_t count, size_t at, struct arena *look)
{
    char *list = part->list;
    size_t from = part->count - count, bytes = count * part->size;
    store_rid rid = part->rids[from];
    char *kept = arena_alloc_raw(look, bytes);

    if (!kept)
        return E_NOMEM;
    memcpy(kept, list + from * part->size, bytes);
    memmove(list + (at + count) * part->size, list + at * part->size,
        (from - at) * part->size);
    memmove(part->rids + at + count, part->rids + at, (from - at) * sizeof(rid));
    memcpy(list + at * part->size, kept, bytes);
    for (size_t i = 0; i < count; i++)
        part->rids[at + i] = rid;
    return 0;
}

/* What a record told before, in memory that lasts while its type is read; NULL: it cannot be
 * compared, and the network is put together anew. */
static const void *keep_old(
    struct network_part *part, const struct network_reading *g, size_t at, size_t count)
{
    char *kept = arena_alloc_raw(g->look, count * part->size + 1);

    if (!kept)
        g->touched->whole = true;
    else if (count > 0)
        memcpy(kept, (const char *)part->list + at * part->size, count * part->size);
    return kept;
}

static int change_one(struct network_part *part, const struct network_reading *g,
    struct arena *look, store_rid rid, struct err *err)
{
    size_t at = first_of(part, rid);
    struct network_before old = {.count = first_of(part, rid + 1) - at};
    size_t before = 0;
    int r = 0;

    old.facts = keep_old(part, g, at, old.count);
    cut(part, at, at + old.count);
    before = part->count;
    r = read_one(part, g, look, rid, err);
    if (r == 0 && part->count > before && at < before &&
        move_last(part, part->count - before, at, look) < 0)
        r = err_nomem(err);
    if (r == 0 && old.facts)
        network_touch(g->touched, g->kind, &old, part, at, part->count - before);
    arena_reset(look);
    return r;
}

int network_part_change(struct network_part *part, const struct network_reading *g,
    const store_rid *rids, size_t count, struct err *err)
{
    size_t most =
        g->kind == NETWORK_CASES ? LIMIT_NETWORK_CASES : LIMIT_NETWORK_RECORDS;
    struct arena *look = arena_new();
    store_rid *sorted = look ? arena_array(g->look, count + 1, sizeof(*sorted)) : NULL;
    int r = sorted ? 0 : err_nomem(err);

    if (r == 0 && count > 0) {
        memcpy(sorted, rids, count * sizeof(*sorted));
        qsort(sorted, count, sizeof(*sorted), compare_rids);
    }
    for (size_t i = 0; r == 0 && i < count; i++) {
        if (i == 0 || sorted[i] != sorted[i - 1])
            r = change_one(part, g, look, sorted[i], err);
    }
    if (r == 0 && part->count > most && g->kind == NETWORK_CASES)
        r = too_many(most, err);
    arena_free(look);
    return r;
}

bool network_part_worn(const struct network_part *part)
{
    return part->stale > WORN && part->stale > part->count;
}
