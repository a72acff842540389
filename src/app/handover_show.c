/* SPDX-License-Identifier: Apache-2.0 */
/*
 * PractitionerRole/ID/$handover: the post, the figures, a count for each kind, and an item for
 * each record that the caller may read. To the person, to heads of the department or
 * hospital, and to coordinators and directors, who see no patient and so get no such item.
 */
#include "app/handover_internal.h"
#include "app/logbook_internal.h"
#include "fhir/part.h"
#include "fhir/put.h"

static void put_true(struct json_out *o, const char *name)
{
    fhir_part_open(o, name);
    json_name(o, "valueBoolean");
    json_put_bool(o, true);
    json_close(o, '}');
}

static void put_instant(struct json_out *o, const char *name, utc_ms at)
{
    char iso[TIME_ISO_MAX];

    if (at == 0)
        return;
    time_iso(at, iso);
    fhir_part_put(o, name, "valueInstant", str_of(iso));
}

static void put_reference(struct app_call *call, const struct seek *s,
    struct json_out *o, const char *name, struct str reference)
{
    if (!reference.p)
        return;
    fhir_part_put_reference(
        o, name, reference, procedure_name(call, s->snapshot, reference));
}

/* ---- the post ---- */

void handover_put_post(struct app_call *call, const struct seek *s, struct json_out *o,
    const struct handover_post *post)
{
    fhir_part_put(o, "post", "valueId", post->id);
    put_reference(call, s, o, "person", post->person);
    put_reference(call, s, o, "department", post->unit);
    put_reference(call, s, o, "team", post->team);
    fhir_part_put(o, "role", "valueCode", post->role);
    put_instant(o, "end", post->end);
    if (post->ended)
        put_true(o, "ended");
}

void handover_put_count(
    struct json_out *o, enum handover_kind kind, const struct handover_count *count)
{
    if (count->all == 0)
        return;
    fhir_parts_open(o, "count");
    fhir_part_put(o, "kind", "valueCode", str_of(handover_rules[kind].code));
    fhir_part_put_int(o, "all", count->all);
    fhir_part_put_int(o, "acknowledged", count->acknowledged);
    fhir_part_put_int(o, "orphans", count->orphans);
    fhir_part_put_int(o, "weight", handover_rules[kind].weight);
    fhir_parts_close(o);
}

void handover_put_figures(
    struct app_call *call, struct json_out *o, const struct handover_pack *pack)
{
    bool mine = str_eq(call->caller.practitioner, pack->post.person);

    if (pack->index >= 0)
        fhir_part_put_int(o, "index", pack->index);
    fhir_part_put_int(o, "all", pack->total.all);
    fhir_part_put_int(o, "acknowledged", pack->total.acknowledged);
    fhir_part_put_int(o, "orphans", pack->total.orphans);
    fhir_part_put_int(o, "orphaned-trainees", pack->orphaned_trainees);
    fhir_part_put_int(o, "orphaned-capabilities", pack->orphaned_skills);
    if (pack->overlap_days >= 0)
        fhir_part_put_int(o, "overlap-days", pack->overlap_days);
    for (int i = 0; i < HANDOVER_KINDS; i++) {
        if (i != HANDOVER_REVIEW || mine)
            handover_put_count(o, (enum handover_kind)i, &pack->counts[i]);
    }
}

/* ---- one item ---- */

/* A record beside the item's own, where it is shown to the caller. */
static int put_shown(struct app_call *call, const struct seek *s, struct json_out *o,
    const char *name, struct str reference, struct err *err)
{
    struct fhir_reference ref = {.form = FHIR_REF_NONE};
    struct store_record rec = {0};
    bool allowed = false;
    int r = 0;

    if (reference.p)
        ref = fhir_reference_parse(reference, call->app->base[APP_FHIR]);
    if (ref.form != FHIR_REF_LOCAL)
        return 0;
    r = store_get(s->snapshot, s->a, ref.type, ref.id, &rec, err);
    if (r == 0)
        r = access_allows_live(call->access_, rec.rid, &allowed, err);
    if (r == 0 && allowed)
        r = call_saw(call, &rec, err);
    if (r == 0 && allowed)
        put_reference(call, s, o, name, reference);
    return r == E_NOT_FOUND ? 0 : r;
}

static int may_see(
    struct app_call *call, const struct handover_item *item, bool *ret, struct err *err)
{
    int r = access_allows_live(call->access_, item->rid, ret, err);

    /* what is asked of somebody is told them, as $acknowledge of somebody who they do not teach yet */
    if (r == 0 && !*ret && item->successor.p &&
        (item->kind == HANDOVER_APPRENTICE || item->kind == HANDOVER_PLACEMENT))
        *ret = str_eq(item->successor, call->caller.practitioner);
    return r;
}

static int put_parts(struct app_call *call, const struct seek *s, struct json_out *o,
    const struct handover_item *item, struct err *err)
{
    int r = 0;

    fhir_part_put(o, "kind", "valueCode", str_of(handover_rules[item->kind].code));
    put_reference(call, s, o, "record", item->reference);
    fhir_part_put(o, "title", "valueString", item->title);
    r = put_shown(call, s, o, "patient", item->patient, err);
    if (r == 0)
        r = put_shown(call, s, o, "about", item->about, err);
    put_instant(o, "due", item->due);
    fhir_part_put_int(o, "weight", item->weight);
    if (item->stays)
        put_true(o, "stays");
    if (handover_rules[item->kind].own)
        put_true(o, "own");
    put_reference(call, s, o, "successor", item->successor);
    if (item->holds)
        put_true(o, "in-post");
    put_instant(o, "named", item->named_on);
    put_instant(o, "acknowledged", item->acknowledged_on);
    put_instant(o, "declined", item->declined_on);
    put_instant(o, "fell", item->fell_on);
    return r;
}

int handover_put_item(struct app_call *call, const struct seek *s, struct json_out *o,
    const char *name, const struct handover_item *item, struct err *err)
{
    struct store_record rec = {0};
    const struct json *json = NULL;
    bool allowed = false;
    int r = may_see(call, item, &allowed, err);

    if (r < 0 || !allowed)
        return r;
    r = seek_rid(s, item->rid, &rec, &json, err);
    if (r == 0)
        r = call_saw(call, &rec, err);
    if (r < 0)
        return r;
    fhir_parts_open(o, name);
    r = put_parts(call, s, o, item, err);
    fhir_parts_close(o);
    return r;
}

/* ---- the way ---- */

static int show(struct app_call *call, const struct rest *rest, const struct seek *s,
    struct err *err)
{
    struct json_out o = json_out(&call->answer);
    struct handover_pack pack;
    bool there = false;
    int r = handover_pack(s, rest->id, call_now(call), &pack, &there, err);

    if (r < 0)
        return r;
    if (!there)
        return access_no_such(rest->type, rest->id, false, err);
    if (handover_part_of(&call->caller, &pack.post) == HANDOVER_NO_PART)
        return err_set(err, E_FORBIDDEN, NULL,
            "What is handed over with this post is shown to who holds it, to heads of "
            "the department and to coordinators.");
    fhir_parameters_open(&o);
    handover_put_post(call, s, &o, &pack.post);
    handover_put_figures(call, &o, &pack);
    for (size_t i = 0; r == 0 && i < pack.items.count; i++)
        r = handover_put_item(call, s, &o, "item", &pack.items.list[i], err);
    fhir_parameters_close(&o);
    return r;
}

static int answer(struct app_call *call, const struct rest *rest, struct err *err)
{
    struct store_reader *snapshot = NULL;
    struct seek s;
    int r = call_read_begin(call, &snapshot, err);

    s = (struct seek){call->app, snapshot, call->arena};
    if (r == 0)
        r = show(call, rest, &s, err);
    call_read_end(call, snapshot);
    return r;
}

int rest_handover(struct app_call *call, const struct rest *rest, struct err *err)
{
    if (!call->caller.practitioner.p || call->caller.client.p || !call->access_)
        return err_set(err, E_FORBIDDEN, NULL,
            "A handover is asked for by a person, and no program.");
    return call_pool(call, rest,
        str_is(str_of(rest->word), "$waiting")             ? handover_waiting
        : str_is(str_of(rest->type->name), "Organization") ? handover_team
                                                           : answer,
        err);
}
