/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Organization/ID/$handover: what a whole team hands over. All its postings that have not ended,
 * or have and left something open, each as PractitionerRole/ID/$handover tells it to the
 * caller; and figures of all of them together, in which a thing that somebody has by two
 * postings is one. To who leads the team, heads of the departments or hospital, coordinators and
 * directors; postings that are another department's to see are a number.
 */
#include "app/handover_internal.h"
#include "app/logbook_internal.h"
#include "fhir/part.h"

struct team {
    struct app_call *call;
    struct seek s;
    struct json_out o;
    utc_ms now;
    struct str reference;
    struct handover_pack *packs;
    size_t count;
    unsigned hidden; /* postings that the caller has no part in */
    bool may;        /* in one of them as more than whose it is */

    struct handover_count counts[HANDOVER_KINDS];
    struct handover_count total;
    unsigned weight, settled;
};

/* ---- which postings ---- */

static int add(struct team *t, store_rid rid, struct err *err)
{
    struct store_record rec = {0};
    struct handover_pack *pack = &t->packs[t->count];
    enum handover_part part = HANDOVER_NO_PART;
    bool there = false;
    int r = store_get_rid(t->s.snapshot, t->s.a, rid, false, &rec, err);

    if (r == 0)
        r = handover_post(&t->s, rec.id, t->now, &pack->post, &there, err);
    if (r < 0 || !there || !pack->post.team.p || !str_eq(pack->post.team, t->reference))
        return r;
    part = handover_part_of(&t->call->caller, &pack->post);
    t->hidden += part == HANDOVER_NO_PART && !pack->post.ended;
    t->may = t->may || part == HANDOVER_HEAD || part == HANDOVER_COORDINATOR ||
             (pack->post.leader.p &&
                 str_eq(pack->post.leader, t->call->caller.practitioner));
    if (part == HANDOVER_NO_PART)
        return 0;
    r = handover_pack(&t->s, rec.id, t->now, pack, &there, err);
    t->count += r == 0 && (!pack->post.ended || pack->total.all > 0);
    return r;
}

static int find(struct team *t, struct err *err)
{
    const struct search_pair pairs[] = {
        {STR("team"), t->reference}, {STR("_total"), STR("none")}};
    struct seek_list live = {NULL, 0};
    struct handover_posts gone = {NULL, 0};
    int r = seek_all(&t->s,
        &(struct seek_for){"PractitionerRole", pairs, 2, LIMIT_HANDOVER_POSTS}, &live,
        err);

    if (r == 0)
        r = handover_deleted(
            &t->s, t->now - LIMIT_HANDOVER_PAST_DAYS * HANDOVER_DAY_MS, &gone, err);
    if (r < 0)
        return r;
    t->packs = arena_array(t->s.a, live.count + gone.count + 1, sizeof(*t->packs));
    if (!t->packs)
        return err_nomem(err);
    for (size_t i = 0; r == 0 && i < live.count; i++)
        r = add(t, live.rids[i], err);
    for (size_t i = 0; r == 0 && i < gone.count; i++)
        r = add(t, gone.rids[i], err);
    return r;
}

/* ---- all together ---- */

static const struct handover_item *find_in(
    const struct handover_pack *pack, const struct handover_item *item)
{
    for (size_t i = 0; i < pack->items.count; i++) {
        const struct handover_item *one = &pack->items.list[i];

        if (one->rid == item->rid && one->kind == item->kind && !one->stays)
            return one;
    }
    return NULL;
}

/* How ${item} of the pack ${at} stands in all postings of its person; false: an earlier one
 * has it, too, and it was counted there. */
static bool stands(const struct team *t, size_t at, const struct handover_item *item,
    bool *ret_settled, bool *ret_orphan)
{
    *ret_settled = item->settled;
    *ret_orphan = !item->holds;
    for (size_t i = 0; i < t->count; i++) {
        const struct handover_item *same = NULL;

        if (i == at || !str_eq(t->packs[i].post.person, t->packs[at].post.person))
            continue;
        same = find_in(&t->packs[i], item);
        if (same && i < at)
            return false;
        *ret_settled = *ret_settled || (same && same->settled);
        *ret_orphan = *ret_orphan && !(same && same->holds);
    }
    return true;
}

static void count_one(struct team *t, size_t at, const struct handover_item *item)
{
    struct handover_count *counts[] = {&t->counts[item->kind], &t->total};
    bool settled = false, orphan = false;

    /* who reviews a case is told to nobody */
    if (item->stays || item->kind == HANDOVER_REVIEW ||
        !stands(t, at, item, &settled, &orphan))
        return;
    for (size_t i = 0; i < 2; i++) {
        counts[i]->all++;
        counts[i]->acknowledged += settled;
        counts[i]->orphans += orphan;
    }
    t->weight += item->weight;
    t->settled += settled ? item->weight : 0;
}

static void count_all(struct team *t)
{
    for (size_t i = 0; i < t->count; i++) {
        for (size_t k = 0; k < t->packs[i].items.count; k++)
            count_one(t, i, &t->packs[i].items.list[k]);
    }
}

/* ---- the answer ---- */

static void put_figures(struct team *t)
{
    fhir_part_put_reference(&t->o, "team", t->reference,
        procedure_name(t->call, t->s.snapshot, t->reference));
    if (t->weight)
        fhir_part_put_int(&t->o, "index", 100 * t->settled / t->weight);
    fhir_part_put_int(&t->o, "all", t->total.all);
    fhir_part_put_int(&t->o, "acknowledged", t->total.acknowledged);
    fhir_part_put_int(&t->o, "orphans", t->total.orphans);
    fhir_part_put_int(&t->o, "hidden", t->hidden);
    for (int i = 0; i < HANDOVER_KINDS; i++)
        handover_put_count(&t->o, (enum handover_kind)i, &t->counts[i]);
}

static int put_posting(
    struct team *t, const struct handover_pack *pack, struct err *err)
{
    int r = 0;

    fhir_parts_open(&t->o, "posting");
    handover_put_post(t->call, &t->s, &t->o, &pack->post);
    handover_put_figures(t->call, &t->o, pack);
    for (size_t i = 0; r == 0 && i < pack->items.count; i++)
        r = handover_put_item(t->call, &t->s, &t->o, "item", &pack->items.list[i], err);
    fhir_parts_close(&t->o);
    return r;
}

static int show(struct team *t, const struct rest *rest, struct err *err)
{
    const struct json *team = NULL;
    int r = seek_record(&t->s, "Organization", rest->id, NULL, &team, err);

    if (r == 0 && !team)
        r = access_no_such(rest->type, rest->id, false, err);
    if (r == 0)
        r = find(t, err);
    if (r == 0 && !t->may)
        r = err_set(err, E_FORBIDDEN, NULL,
            "What a team hands over is shown to who leads it, to heads of its "
            "departments and to coordinators.");
    if (r < 0)
        return r;
    count_all(t);
    fhir_parameters_open(&t->o);
    put_figures(t);
    for (size_t i = 0; r == 0 && i < t->count; i++)
        r = put_posting(t, &t->packs[i], err);
    fhir_parameters_close(&t->o);
    return r;
}

int handover_team(struct app_call *call, const struct rest *rest, struct err *err)
{
    struct team *t = arena_alloc(call->arena, sizeof(*t));
    struct store_reader *snapshot = NULL;
    const char *reference =
        arena_printf(call->arena, "Organization/%.*s", (int)rest->id.len, rest->id.p);
    int r = t && reference ? call_read_begin(call, &snapshot, err) : err_nomem(err);

    if (r < 0)
        return r;
    *t = (struct team){.call = call,
        .s = {call->app, snapshot, call->arena},
        .o = json_out(&call->answer),
        .now = call_now(call),
        .reference = str_of(reference)};
    r = show(t, rest, err);
    call_read_end(call, snapshot);
    return r;
}
