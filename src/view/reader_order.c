/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Shortlists: of the records of a type along a sort order, those that a person may ever
 * read, as far as somebody has looked. They spare a walk "newest first" the records of
 * others' patients, of which there may be thousands before the first of one's own.
 *
 * What is left out follows from the log alone: a record of one patient, not of this
 * person's hospitals, that no request names which may be a case of theirs. Neither the time
 * nor a consent can open it; a grant can, so who has one is given no list. A list is kept
 * between requests and brought up to date by what changed meanwhile.
 */
#include "view/reader_order_internal.h"

/* Is it the slot of a type whose records are mostly about one patient? */
static bool suits(const struct reader *rd, const struct search_order *order)
{
    return rd->memory && rd->position >= 0 && rd->granted.count == 0 &&
           order->type != rd->t->binary &&
           reader_class_of(order->type, NULL) == READER_CLINICAL;
}

static struct reader_kept_key key_of(
    const struct reader *rd, const struct search_order *order)
{
    /* what the person's units, departments and teams follow from; all else is followed
     * change by change */
    return (struct reader_kept_key){
        .kind = READER_KEPT_ORDER,
        .type = order->type,
        .order = (unsigned)order->slot << 1 | order->down,
        .who = rd->who,
        .position = rd->position,
        .types = {rd->t->organization, rd->t->practitioner_role, rd->t->service,
            rd->t->care_team,
            order->type == rd->t->observation ? rd->t->apprenticeship : 0},
    };
}

static void show(const struct reader_kept *k, struct search_shortlist *ret)
{
    *ret = (struct search_shortlist){.begun = false};
    if (!k)
        return;
    *ret = (struct search_shortlist){.values = k->set[READER_ORDER_VALUES],
        .rids = k->set[READER_ORDER_RIDS],
        .count = k->count[READER_ORDER_RIDS],
        .begun = true,
        .whole = k->flags[0],
        .edge_value = k->edge[0],
        .edge = k->edge[1]};
}

int reader_order_new(struct reader *rd, const struct search_order *order,
    const struct search_shortlist *list, struct reader_kept **ret)
{
    struct reader_kept_key key = key_of(rd, order);
    struct reader_kept *k = reader_kept_new(&key, 2 * list->count);

    *ret = k;
    if (!k)
        return 0;
    k->flags[0] = list->whole;
    k->edge[0] = list->edge_value;
    k->edge[1] = list->edge;
    k->set[READER_ORDER_RIDS] = k->set[READER_ORDER_VALUES] + list->count;
    k->count[READER_ORDER_VALUES] = k->count[READER_ORDER_RIDS] = list->count;
    if (list->count) {
        memcpy(k->set[READER_ORDER_VALUES], list->values,
            list->count * sizeof(*list->values));
        memcpy(
            k->set[READER_ORDER_RIDS], list->rids, list->count * sizeof(*list->rids));
    }
    reader_kept_put(rd->memory, k);
    return 0;
}

/* ---- the filter's part ---- */

static int find(struct reader *rd, const struct search_order *order,
    struct reader_kept **ret, bool *ret_kept)
{
    struct reader_kept_key key = key_of(rd, order);
    size_t homes = 0;
    int r = search_homes(&rd->run, &homes);

    *ret_kept = false;
    if (r < 0 || homes) /* references by an address: what they mean may change */
        return r;
    if (rd->departments.count)
        r = reader_know_circle(rd, true);
    if (r < 0 || (rd->departments.count && !rd->circle) ||
        !reader_memory_is_at(rd->memory, rd->position))
        return r;
    *ret_kept = true;
    *ret = reader_kept_get(rd->memory, &key);
    if (*ret)
        r = reader_order_follow(rd, order, ret);
    return r < 0 || *ret ? r : reader_order_whole(rd, order, ret);
}

int reader_shortlist(void *arg, const struct search_order *order,
    const struct search_shortlist **ret, struct err *err)
{
    struct reader *rd = arg;
    bool kept = false;
    int r = 0;

    *ret = NULL;
    reader_kept_release(rd->order);
    rd->order = NULL;
    if (!suits(rd, order))
        return 0;
    rd->run.err = err;
    r = find(rd, order, &rd->order, &kept);
    if (r < 0 || !kept)
        return r;
    show(rd->order, &rd->shown);
    *ret = &rd->shown;
    return 0;
}

int reader_ever(void *arg, store_rid rid, bool *ret, struct err *err)
{
    struct reader_verdict verdict = {.allowed = false};
    struct reader *rd = arg;
    bool decided = false;
    int r = 0;

    rd->run.err = err;
    r = reader_by_fact(rd, rid, &decided, &verdict);
    *ret = !decided || verdict.allowed;
    return r;
}

void reader_learned(
    void *arg, const struct search_order *order, const struct search_shortlist *longer)
{
    struct reader *rd = arg;
    struct reader_kept *k = NULL;

    if (suits(rd, order) && reader_order_new(rd, order, longer, &k) == 0)
        reader_kept_release(k);
}
