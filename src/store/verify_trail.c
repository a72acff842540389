/* SPDX-License-Identifier: Apache-2.0 */
/* Checking the trail: numbers, hashes, the index, and that it ends where its head says. */
#include <stdio.h>

#include "store/trail_internal.h"
#include "store/verify.h"

/* What a walk over the blocks has come to. */
struct walk {
    struct verify *v;
    struct arena *arena;
    struct trail_head at; /* after the blocks so far */
    int64_t blocks;
    int64_t subjects;
};

static int subjects_check(
    struct walk *w, const char *where, const struct driver_block *row, struct err *err)
{
    const store_rid *subjects = NULL;
    size_t count = 0;
    int r = trail_subjects(w->arena, row->subjects, &subjects, &count, err);

    if (r == E_CORRUPT) {
        verify_fault(w->v, where, "Whom it is about cannot be read.");
        return 0;
    }
    w->subjects += (int64_t)count;
    for (size_t i = 0; r == 0 && i < count; i++) {
        int64_t seq = 0;
        struct driver_list q = {.of = subjects[i],
            .from = row->seq + 1,
            .down = true,
            .out = &seq,
            .limit = 1};

        r = w->v->store->driver->trail_of_list(w->v->reader->conn, &q, err);
        if (r == 0 && (q.count == 0 || seq != row->seq))
            verify_fault(w->v, where, "The list of a subject does not name it.");
    }
    return r;
}

/* Its numbers and its hash; ${row} is only good until the next call of the driver. */
static void block_check(struct walk *w, const char *where, struct driver_block *row)
{
    uint8_t hash[STORE_HASH_BYTES];

    if (row->seq != w->at.next)
        verify_fault(w->v, where, "Entries %lld to %lld are missing before it.",
            (long long)w->at.next, (long long)row->seq - 1);
    if (row->log < w->at.log || row->log > w->v->seq || row->count < 1)
        verify_fault(w->v, where, "Its numbers do not follow those before it.");
    trail_hash(w->at.hash, row, hash);
    if (memcmp(hash, row->hash, sizeof(hash)) != 0)
        verify_fault(w->v, where, "It, or what came before it, was changed.");
    w->blocks++;
    w->at.next = row->seq + row->count;
    w->at.log = row->log;
    w->at.time = row->time;
    memcpy(w->at.hash, row->hash, sizeof(w->at.hash));
}

static int blocks_check(struct walk *w, struct err *err)
{
    const struct driver *d = w->v->store->driver;
    struct driver_block row = {0};
    char where[64];
    int r = 0;

    for (int64_t from = 0; r == 0; from = row.seq + 1) {
        r = d->trail_step(w->v->reader->conn, from, DRIVER_GE, &row, err);
        if (r < 0)
            break;
        snprintf(where, sizeof(where), "trail %lld", (long long)row.seq);
        block_check(w, where, &row);
        row.subjects.p = arena_strndup(w->arena, row.subjects.p, row.subjects.len);
        r = row.subjects.p ? subjects_check(w, where, &row, err) : err_nomem(err);
        arena_reset(w->arena);
    }
    return r == E_NOT_FOUND ? 0 : r;
}

/* The end is where the head says; ${r} is what loading it gave. */
static void end_check(struct walk *w, int r, const struct trail_head *head)
{
    const char *where = "trail head";

    if (r == E_NOT_FOUND)
        verify_fault(w->v, where, "It is missing.");
    else if (r == E_CORRUPT)
        verify_fault(w->v, where, "It was changed: it is not sealed with our key.");
    else if (head->next != w->at.next)
        verify_fault(w->v, where, "It names entry %lld as the last, but that is %lld.",
            (long long)head->next - 1, (long long)w->at.next - 1);
    else if (memcmp(head->hash, w->at.hash, sizeof(head->hash)) != 0)
        verify_fault(w->v, where, "It names another last block.");
    if (w->at.log != w->v->seq)
        verify_fault(w->v, "trail", "No entry tells of the versions %lld to %lld.",
            (long long)w->at.log + 1, (long long)w->v->seq);
}

int verify_trail(struct verify *v, struct err *err)
{
    const struct driver *d = v->store->driver;
    struct walk w = {.v = v, .arena = arena_new(), .at = {.next = 1}};
    struct trail_head head = {0};
    struct str value = {0};
    uint8_t key[CRYPTO_SEAL_KEY_BYTES] = {0};
    int64_t rows = 0;
    bool keyed = false;
    int r = w.arena ? blocks_check(&w, err) : err_nomem(err);

    if (r == 0)
        r = d->trail_of_count(v->reader->conn, &rows, err);
    if (r == 0 && rows != w.subjects)
        verify_fault(v, "trail", "The lists of subjects name %lld blocks, not %lld.",
            (long long)rows, (long long)w.subjects);
    if (r == 0) {
        r = d->value_get(v->reader->conn, DRIVER_OWN, "trail-key", &value, err);
        keyed = r == 0;
        if (r == 0 && value.len == sizeof(key))
            memcpy(key, value.p, sizeof(key));
    }
    if (r == 0 || r == E_NOT_FOUND)
        r = trail_head_load(d, v->reader->conn, key, &head, err);
    /* a node that was never used through the use cases has no trail */
    if (w.blocks > 0 || keyed || r != E_NOT_FOUND) {
        if (r == 0 || r == E_NOT_FOUND || r == E_CORRUPT)
            end_check(&w, r, &head);
    }
    arena_free(w.arena);
    return r == E_NOT_FOUND || r == E_CORRUPT ? 0 : r;
}
