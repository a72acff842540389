/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GET Task/$gaps: what hospitals on both sides of the caller's pairings shall be able to do and
 * cannot yet, or could and cannot any more. Where each stands is worked out at this moment.
 *
 *   hospital   Organization/ID: only of this one (or of the hospital of this unit)
 *
 * The latest LIMIT_GAPS_TOLD, and "more" where there are more than that.
 *
 * "first-in-region" is told with its scope: so many hospitals of the region in this network, so
 * many operations that say where they were done. Beyond the network nothing is known.
 */
#include "app/gap_internal.h"
#include "app/logbook_internal.h"
#include "fhir/part.h"
#include "fhir/value.h"

struct listing {
    struct app_call *call;
    struct seek seek;
    struct gap_looking looking;
    struct json_out o;
    struct str hospital;
    size_t told;
};

static void put_who(struct listing *l, const char *name, struct str reference)
{
    if (!reference.p)
        return;
    fhir_part_put_reference(
        &l->o, name, reference, procedure_name(l->call, l->seek.snapshot, reference));
}

static void put_thing(struct listing *l, const struct gap_look *look)
{
    const struct catalogue_entry *one =
        look->known ? catalogue_thing(look->thing) : NULL;
    bool procedure = one && catalogue_is_procedure(look->thing);

    if (!one)
        return;
    fhir_part_open(&l->o, "thing");
    json_name(&l->o, "valueCoding");
    json_open(&l->o, '{');
    json_member(&l->o, "system",
        str_of(procedure ? CATALOGUE_PROCEDURE_SYSTEM : CATALOGUE_ILLNESS_SYSTEM));
    json_member(&l->o, "code", str_of(one->code));
    json_member(&l->o, "display", str_of(one->name));
    json_close(&l->o, '}');
    json_close(&l->o, '}');
}

/* What has been done, and whether it was the first: only where it was done. */
static void put_history(struct listing *l, const struct gap_look *look)
{
    const struct network_history *h = &look->history;

    if (!h->first_here)
        return;
    fhir_part_put_day(&l->o, "first-case", h->first_here);
    fhir_part_put_flag(&l->o, "first-in-region",
        h->first_elsewhere == 0 || h->first_here < h->first_elsewhere);
    fhir_part_put_int(&l->o, "region-hospitals", (int64_t)h->hospitals);
    fhir_part_put_int(&l->o, "region-operations", (int64_t)h->operations);
}

static void put_plan(struct listing *l, const struct json *task)
{
    struct str planned =
        json_get_text(json_get(json_get(task, "restriction"), "period"), "end");
    struct json_each it = json_each(json_get(task, "input"));
    const struct json *notes = json_get(task, "note");
    size_t count = json_count(notes);

    fhir_part_put(&l->o, "planned", "valueDate", planned);
    put_who(l, "owner", json_get_text(json_get(task, "owner"), "reference"));
    while (json_next(&it))
        fhir_part_put(&l->o, "device", "valueString",
            json_get_text(json_get(it.value, "valueReference"), "reference"));
    if (count)
        fhir_part_put(&l->o, "word", "valueString",
            json_get_text(json_at(notes, count - 1), "text"));
}

static void put_late(
    struct listing *l, const struct json *task, const struct gap_look *look)
{
    struct str planned =
        json_get_text(json_get(json_get(task, "restriction"), "period"), "end");
    utc_ms lo = 0, hi = 0;
    int64_t late = 0;

    if (!planned.p || !fhir_date_range(planned, &lo, &hi))
        return;
    late = equipment_days_late(lo, look->history.first_here, l->looking.now);
    if (late > 0)
        fhir_part_put_int(&l->o, "days-late", late);
}

static void put_gap(struct listing *l, const struct store_record *rec,
    const struct json *task, const struct gap_look *look, enum keeper keeper)
{
    struct str opened = json_get_text(task, "authoredOn");
    utc_ms lo = 0, hi = 0;

    fhir_parts_open(&l->o, "gap");
    fhir_part_put(&l->o, "id", "valueId", rec->id);
    put_thing(l, look);
    put_who(l, "unit", look->unit);
    if (look->hospital != NETWORK_NOBODY)
        put_who(l, "hospital",
            l->looking.network->hospitals[look->hospital].name.reference);
    fhir_part_put(&l->o, "state", "valueCode", str_of(gap_state_code(look->state)));
    fhir_part_put(&l->o, "opened", "valueDateTime", opened);
    if (fhir_date_range(opened, &lo, &hi))
        fhir_part_put_int(
            &l->o, "days-open", equipment_days_between(lo, 0, l->looking.now));
    put_plan(l, task);
    put_late(l, task, look);
    fhir_part_put_flag(&l->o, "equipped", look->facts.equipped);
    put_history(l, look);
    fhir_part_put_int(&l->o, "cases", look->cases);
    fhir_part_put_int(&l->o, "cases-needed", look->needed);
    fhir_part_put_flag(&l->o, "may-lead", keeper == KEEPER_LEADS);
    fhir_parts_close(&l->o);
}

/* Is it of the hospital that is asked about? */
static bool is_asked(const struct listing *l, const struct gap_look *look)
{
    uint32_t wanted = 0, hospital = 0;

    return !l->hospital.p ||
           (look->unit.p &&
               network_hospital(l->looking.network, l->hospital, &wanted) &&
               network_hospital(l->looking.network, look->unit, &hospital) &&
               wanted == hospital);
}

static int list_one(struct listing *l, store_rid rid, struct err *err)
{
    struct store_record rec = {0};
    const struct json *task = NULL;
    struct gap_look look = {0};
    enum keeper keeper = KEEPER_LEADS;
    bool allowed = false;
    int r = access_allows_live(l->call->access_, rid, &allowed, err);

    if (r < 0 || !allowed)
        return r;
    r = seek_rid(&l->seek, rid, &rec, &task, err);
    if (r == 0 && task)
        r = gap_read(&l->seek, task, &look, err);
    if (r < 0 || !task || !is_asked(l, &look))
        return r;
    if (l->told++ == LIMIT_GAPS_TOLD) {
        fhir_part_put_flag(&l->o, "more", true);
        return 0;
    }
    r = gap_look(&l->looking, task, &look, err);
    if (r == 0)
        r = call_saw(l->call, &rec, err);
    if (r == 0 && l->call->access_)
        r = keeper_of(l->call->access_, look.unit, &keeper, err);
    if (r == 0)
        put_gap(l, &rec, task, &look, keeper);
    return r;
}

static int list_all(struct listing *l, const struct rest *rest, struct err *err)
{
    struct seek_list found = {NULL, 0};
    int r = 0;

    for (size_t i = 0; i < rest->pair_count; i++) {
        if (!str_is(rest->pairs[i].name, "hospital"))
            return err_set(err, E_INVALID, rest->pairs[i].name.p,
                "$gaps takes hospital, and nothing else.");
        l->hospital = rest->pairs[i].value;
    }
    if (l->call->access_)
        r = access_make(l->call->access_, err);
    if (r == 0)
        r = gap_all(&(struct seek){l->seek.app, l->seek.snapshot, l->call->arena},
            LIMIT_GAPS, &found, err);
    for (size_t i = 0; r == 0 && i < found.count && l->told <= LIMIT_GAPS_TOLD; i++) {
        r = list_one(l, found.rids[i], err);
        arena_reset(l->seek.a);
    }
    return r;
}

int gap_list(struct app_call *call, const struct rest *rest, struct err *err)
{
    struct listing l = {.call = call, .o = json_out(&call->answer)};
    const struct network *network = NULL;
    struct store_reader *snapshot = NULL;
    struct arena *each = arena_new();
    int r = each ? networks_take(call->app->networks, &network, err) : err_nomem(err);

    if (r < 0) {
        arena_free(each);
        return r;
    }
    r = call_read_begin(call, &snapshot, err);
    l.seek = (struct seek){call->app, snapshot, each};
    l.looking = (struct gap_looking){&l.seek, network, call_now(call)};
    fhir_parameters_open(&l.o);
    if (r == 0)
        r = list_all(&l, rest, err);
    fhir_parameters_close(&l.o);
    call_read_end(call, snapshot);
    network_release(network);
    arena_free(each);
    return r;
}
