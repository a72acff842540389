/* SPDX-License-Identifier: Apache-2.0 */
/* Walking back through the trail. */
#include "app/audit_read_internal.h"
#include "app/person.h"

/* How much later than it happened an entry may have been written: as long as the disk was
 * full. */
#define LAG_MS ((utc_ms)24 * 3600 * 1000)

/* People have posts; what a token of a program says of itself was said by the operator. */
static bool may_as(const struct app_caller *caller, const char *role)
{
    return access_limited(caller) ? person_holds(caller, role)
                                  : str_is(caller->role, role);
}

bool audit_may(const struct app_caller *caller, bool list)
{
    static const char *const of_lists[] = {
        "quality-officer", "administrator", "head-of-department", "director"};

    if (may_as(caller, "auditor"))
        return true;
    for (size_t i = 0; list && i < sizeof(of_lists) / sizeof(of_lists[0]); i++) {
        if (may_as(caller, of_lists[i]))
            return true;
    }
    return false;
}

/* The block to be read next: its seq, 0 at the end. */
static int next_of_subject(
    struct audit_walk *w, int64_t below, int64_t *ret, struct err *err)
{
    struct store_block_list list = {.subject = w->subject,
        .below = below,
        .out = w->list,
        .limit = sizeof(w->list) / sizeof(w->list[0])};
    int r = 0;

    if (w->list_at == w->list_count) {
        r = store_block_list(w->reader, &list, err);
        w->list_count = list.count;
        w->list_at = 0;
    }
    *ret = r == 0 && w->list_at < w->list_count ? w->list[w->list_at++] : 0;
    return r;
}

/* The next block, decoded: 1; 0 at the end. */
static int block_next(struct audit_walk *w, struct err *err)
{
    bool first = w->looked == 0;
    int64_t below = first ? w->below : w->block.seq;
    int64_t seq = 0;
    int r = 0;

    if (w->looked++ == LIMIT_TRAIL_SCAN)
        return E_TOO_LARGE;
    if (w->subject != 0) {
        r = next_of_subject(w, below, &seq, err);
        if (r < 0 || seq == 0)
            return r;
        r = store_block_step(w->reader, w->arena, seq, false, &w->block, err);
    } else {
        r = store_block_step(w->reader, w->arena, below, true, &w->block, err);
    }
    if (r == E_NOT_FOUND || (r == 0 && w->block.time < w->from))
        return 0;
    if (r == 0)
        r = audit_decode(w->arena, &w->block, &w->batch, err);
    w->left = w->batch.entry_count;
    return r < 0 ? r : 1;
}

int audit_walk_next(struct audit_walk *w, struct audit_found *ret, struct err *err)
{
    for (;;) {
        int r = 0;

        while (w->left > 0) {
            const struct audit_entry *e = &w->batch.entries[--w->left];
            int64_t number = w->block.seq + (int64_t)w->left;

            if (number >= w->below)
                continue;
            w->below = number;
            *ret = (struct audit_found){number, &w->batch.who[e->who], e};
            return 1;
        }
        r = block_next(w, err);
        if (r <= 0)
            return r;
    }
}

int audit_walk_until(struct audit_walk *w, utc_ms until, struct err *err)
{
    struct store_block b = {0};
    int64_t low = 1;
    int64_t high = 0;
    int r = store_block_step(w->reader, w->arena, INT64_MAX, true, &b, err);

    if (r < 0)
        return r == E_NOT_FOUND ? 0 : r;
    high = b.seq + (int64_t)b.count;
    if (until > UTC_MS_MAX - LAG_MS || b.time <= until + LAG_MS)
        return 0;
    /* all blocks that begin below low are early enough, those from high on are not */
    while (low < high) {
        int64_t middle = low + (high - low) / 2;

        r = store_block_step(w->reader, w->arena, middle, false, &b, err);
        if (r < 0 && r != E_NOT_FOUND)
            return r;
        if (r == 0 && b.time <= until + LAG_MS)
            low = b.seq + 1;
        else
            high = middle;
    }
    if (low < w->below)
        w->below = low;
    return 0;
}
