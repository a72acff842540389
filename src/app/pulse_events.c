/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What two sides did together in the months that are shown, found in the records as they are:
 *
 *   case        a ServiceRequest about a patient of the helped hospital, sent to the helping
 *               unit or what is part of it; when it was written
 *   meeting     an Appointment of such a case that has taken place: an MDT, a guided procedure
 *   operation   a Procedure in the helped unit in which somebody of the helping side had a part;
 *               once, whoever took part
 *   visit       an expert's post in the helped unit, of somebody of the helping side: when it
 *               begins
 *
 * Of the helping side is who holds a post in that unit at the time, or is posted in a team of its
 * hospital. The node asks for itself: what leaves are counts.
 */
#include <stdlib.h>

#include "app/case.h"
#include "app/person.h"
#include "app/pulse_facts.h"
#include "app/review_internal.h"
#include "app/roster_internal.h"
#include "view/logbook.h"

/* Somebody of the helping side, while they are. */
struct helper {
    struct str person; /* "Practitioner/ID" */
    struct span when;
};

/* An operation found under one of those who took part. */
struct operation {
    store_rid rid;
    struct pulse_event event;
};

struct finding {
    struct pulse *p;
    struct pulse_pairing *pairing;
    struct text_map units[PULSE_SIDES]; /* "Organization/ID" */
    struct str naming[PULSE_SIDES];     /* the same, with commas */
    struct text_map departments;        /* rids of the helped, as text */
    struct str *cases;                  /* "ServiceRequest/ID" that were counted */
    size_t case_count, case_cap;
    struct helper *helpers;
    size_t helper_count, helper_cap;
    struct helper *others; /* experts there, of whom it is to be seen */
    size_t other_count, other_cap;
    struct operation *operations;
    size_t operation_count, operation_cap;
};

static struct arena *arena_of(const struct finding *f)
{
    return f->p->seek.a;
}

static int put(
    struct finding *f, struct text_map *map, struct str text, struct err *err)
{
    return text_map_put(arena_of(f), map, text, 1, NULL) < 0 ? err_nomem(err) : 0;
}

static bool has(const struct text_map *map, struct str text)
{
    size_t ignored = 0;

    return text.p && text_map_get(map, text, &ignored);
}

int pulse_add_event(struct pulse *p, struct pulse_pairing *pairing,
    struct pulse_event event, struct err *err)
{
    struct pulse_event *one = NULL;

    if (event.at > p->now || !span_holds(pairing->term, event.at))
        return 0;
    one = roster_more(p->seek.a, (void **)&pairing->events, &pairing->event_count,
        &pairing->event_cap, sizeof(*one));
    if (!one)
        return err_nomem(err);
    *one = event;
    return 0;
}

static int add_event(struct finding *f, struct pulse_event event, struct err *err)
{
    return pulse_add_event(f->p, f->pairing, event, err);
}

static utc_ms first_of(const struct finding *f)
{
    return f->pairing->months[0].when.from;
}

/* ---- units ---- */

/* A department's rid as a key. */
static struct str rid_key(struct finding *f, store_rid rid)
{
    return str_of(arena_printf(arena_of(f), "%llu", (unsigned long long)rid));
}

static int add_unit(
    struct finding *f, enum pulse_side side, store_rid rid, struct err *err)
{
    struct str id = {NULL, 0};
    struct str name = {NULL, 0};
    struct str key = rid_key(f, rid);
    int r = store_name(f->p->seek.snapshot, arena_of(f), rid, &id, err);

    if (r < 0)
        return r;
    name = str_of(arena_printf(arena_of(f), "Organization/%.*s", (int)id.len, id.p));
    if (!name.p || !key.p)
        return err_nomem(err);
    if (has(&f->units[side], name))
        return 0;
    f->naming[side] =
        f->naming[side].p
            ? str_of(arena_printf(arena_of(f), "%s,%s", f->naming[side].p, name.p))
            : name;
    if (!f->naming[side].p)
        return err_nomem(err);
    r = put(f, &f->units[side], name, err);
    return r == 0 && side == PULSE_HELPED ? put(f, &f->departments, key, err) : r;
}

static int read_units(struct finding *f, enum pulse_side side, struct err *err)
{
    const struct search_pair pairs[] = {
        {STR("partof:below"), f->pairing->side[side]}, {STR("_total"), STR("none")}};
    struct str id = seek_id(&f->p->seek, f->pairing->side[side], "Organization");
    struct seek_list found = {NULL, 0};
    store_rid own = 0;
    int r = store_find(f->p->seek.snapshot,
        fhir_resource_named(STR("Organization"))->number, id, &own, err);

    if (r < 0)
        return r;
    r = seek_all(&f->p->seek,
        &(struct seek_for){"Organization", pairs, 2, LIMIT_PULSE_UNITS - 1}, &found,
        err);
    if (r == 0)
        r = add_unit(f, side, own, err);
    for (size_t i = 0; r == 0 && i < found.count; i++)
        r = add_unit(f, side, found.rids[i], err);
    return r;
}

/* ---- cases ---- */

bool pulse_is_case(const struct json *request)
{
    struct json_each it = json_each(json_get(request, "category"));
    struct str status = json_get_text(request, "status");

    if (str_is(status, "draft") || str_is(status, "entered-in-error"))
        return false;
    while (json_next(&it)) {
        struct json_each coding = json_each(json_get(it.value, "coding"));

        while (json_next(&coding)) {
            if (str_is(json_get_text(coding.value, "system"), CASE_KIND_SYSTEM))
                return true;
        }
    }
    return false;
}

static int add_case(struct finding *f, struct str id, utc_ms at, struct err *err)
{
    struct str *one = roster_more(
        arena_of(f), (void **)&f->cases, &f->case_count, &f->case_cap, sizeof(*one));

    if (one)
        *one =
            str_of(arena_printf(arena_of(f), "ServiceRequest/%.*s", (int)id.len, id.p));
    return one && one->p
               ? add_event(f, (struct pulse_event){at, PULSE_CASE, PULSE_NOTHING}, err)
               : err_nomem(err);
}

static int take_case(
    struct finding *f, struct reader *reader, const struct json *json, struct err *err)
{
    struct str patient = json_get_text(json_get(json, "subject"), "reference");
    struct str id = json_get_text(json, "id");
    struct str hospital = {NULL, 0};
    store_rid rid = 0;
    utc_ms lo = 0;
    utc_ms hi = 0;
    int r = 0;

    if (!pulse_is_case(json) || !patient.p ||
        !fhir_date_range(json_get_text(json, "authoredOn"), &lo, &hi))
        return 0;
    r = reader_hospital_of(reader, patient, &rid, err);
    if (r == 0 && rid)
        r = store_name(f->p->seek.snapshot, arena_of(f), rid, &hospital, err);
    if (r < 0 || !hospital.p ||
        !str_eq(hospital,
            seek_id(&f->p->seek, f->pairing->hospital[PULSE_HELPED], "Organization")))
        return r;
    return add_case(f, id, lo, err);
}

static int each_case(struct finding *f, struct reader *reader, struct err *err)
{
    char from[TIME_ISO_MAX];
    struct search_pair pairs[] = {{STR("performer"), f->naming[PULSE_HELPING]},
        {STR("authored"), {NULL, 0}}, {STR("_total"), STR("none")}};
    struct seek_list found = {NULL, 0};
    int r = 0;

    time_iso(first_of(f), from);
    pairs[1].value = str_of(arena_printf(arena_of(f), "ge%s", from));
    if (!pairs[1].value.p)
        return err_nomem(err);
    r = seek_all(&f->p->seek,
        &(struct seek_for){"ServiceRequest", pairs, 3, LIMIT_PULSE_RECORDS}, &found,
        err);
    for (size_t i = 0; r == 0 && i < found.count; i++) {
        const struct json *json = NULL;

        r = seek_rid(&f->p->seek, found.rids[i], NULL, &json, err);
        if (r == 0 && json)
            r = take_case(f, reader, json, err);
    }
    return r;
}

/* As nobody: it is only asked whose a patient is. */
static int read_cases(struct finding *f, struct err *err)
{
    const struct seek *s = &f->p->seek;
    struct reader_who nobody = {
        .bases = app_bases(s->a, s->app, s->app->base[APP_FHIR]), .now = f->p->now};
    struct reader *reader = NULL;
    int r = reader_new(s->snapshot, s->a, &nobody, &reader, err);

    if (r == 0)
        r = each_case(f, reader, err);
    reader_free(reader);
    return r;
}

/* ---- meetings ---- */

static int take_meeting(void *arg, utc_ms at, struct err *err)
{
    return add_event(arg, (struct pulse_event){at, PULSE_MEETING, PULSE_NOTHING}, err);
}

static int count_meetings(struct finding *f, struct err *err)
{
    const struct pulse_cases of = {f->pairing, f->cases, f->case_count, first_of(f)};

    return pulse_meetings(f->p, &of, take_meeting, f, err);
}

/* ---- people of the helping side ---- */

struct span pulse_term(const struct json *post)
{
    utc_ms lo = 0;
    utc_ms hi = 0;

    if (json_kind(json_get(post, "active")) == JSON_FALSE ||
        !fhir_period_range(json_get(post, "period"), &lo, &hi))
        return (struct span){0, 0};
    return (struct span){lo, hi == UTC_MS_MAX ? SPAN_OPEN : hi};
}

static int add_helper(
    struct finding *f, struct str person, struct span when, struct err *err)
{
    struct helper *one = roster_more(arena_of(f), (void **)&f->helpers,
        &f->helper_count, &f->helper_cap, sizeof(*one));

    if (!one)
        return err_nomem(err);
    *one = (struct helper){person, when};
    return 0;
}

/* Is ${person} one of the first ${among} at that time? */
static bool is_helper(
    const struct finding *f, struct str person, utc_ms at, size_t among)
{
    for (size_t i = 0; i < among; i++) {
        if (span_holds(f->helpers[i].when, at) && str_eq(f->helpers[i].person, person))
            return true;
    }
    return false;
}

/* Is ${post} of a team of the helping side's hospital? */
static int is_of_team(
    struct finding *f, const struct json *post, bool *ret, struct err *err)
{
    const struct json *named =
        json_get(roster_extension(post, POSTING_TEAM), "valueReference");
    const struct json *team = NULL;
    struct str body = {NULL, 0};
    struct str hospital = {NULL, 0};
    int r = named ? seek_reference(&f->p->seek, json_get_text(named, "reference"),
                        "Organization", &team, err)
                  : 0;

    *ret = false;
    body = json_get_text(json_get(team, "partOf"), "reference");
    if (r == 0 && body.p)
        r = review_hospital(&f->p->seek, body, &hospital, err);
    *ret = hospital.p && str_eq(hospital, f->pairing->hospital[PULSE_HELPING]);
    return r;
}

/* A post at the helping side. */
static int take_home(struct finding *f, const struct json *post, struct err *err)
{
    struct str person = json_get_text(json_get(post, "practitioner"), "reference");
    struct span when = pulse_term(post);

    return person.p && !span_is_empty(when) ? add_helper(f, person, when, err) : 0;
}

int pulse_add_visit(
    struct pulse *p, struct pulse_pairing *pairing, struct span when, struct err *err)
{
    struct span *present = roster_more(p->seek.a, (void **)&pairing->present,
        &pairing->present_count, &pairing->present_cap, sizeof(*present));

    if (!present)
        return err_nomem(err);
    *present = span_meet(when, pairing->term);
    return pulse_add_event(
        p, pairing, (struct pulse_event){when.from, PULSE_VISIT, PULSE_NOTHING}, err);
}

static int add_visit(
    struct finding *f, struct str person, struct span when, struct err *err)
{
    int r = pulse_add_visit(f->p, f->pairing, when, err);

    return r == 0 ? add_helper(f, person, when, err) : r;
}

/* A post of an expert at the helped side; of somebody without a team of the helping hospital it is seen once all who help are known. */
static int take_visit(struct finding *f, const struct json *post, struct err *err)
{
    struct str person = json_get_text(json_get(post, "practitioner"), "reference");
    struct span when = pulse_term(post);
    struct helper *one = NULL;
    bool helps = false;
    int r = 0;

    if (!person.p || span_is_empty(when))
        return 0;
    r = is_of_team(f, post, &helps, err);
    if (r < 0 || helps)
        return r < 0 ? r : add_visit(f, person, when, err);
    one = roster_more(
        arena_of(f), (void **)&f->others, &f->other_count, &f->other_cap, sizeof(*one));
    if (!one)
        return err_nomem(err);
    *one = (struct helper){person, when};
    return 0;
}

static int take_others(struct finding *f, struct err *err)
{
    size_t sure = f->helper_count;
    int r = 0;

    for (size_t i = 0; r == 0 && i < f->other_count; i++) {
        const struct helper *one = &f->others[i];

        if (is_helper(f, one->person, one->when.from, sure))
            r = add_visit(f, one->person, one->when, err);
    }
    return r;
}

static int each_post(struct finding *f, enum pulse_side side,
    int (*take)(struct finding *, const struct json *, struct err *), struct err *err)
{
    const struct search_pair pairs[] = {{STR("organization"), f->naming[side]},
        {STR("_total"), STR("none")}, {STR("role"), STR("expert")}};
    struct seek_list found = {NULL, 0};
    int r = seek_all(&f->p->seek,
        &(struct seek_for){"PractitionerRole", pairs, side == PULSE_HELPED ? 3 : 2,
            LIMIT_PULSE_RECORDS},
        &found, err);

    for (size_t i = 0; r == 0 && i < found.count; i++) {
        const struct json *post = NULL;

        r = seek_rid(&f->p->seek, found.rids[i], NULL, &post, err);
        if (r == 0 && post)
            r = take(f, post, err);
    }
    return r;
}

/* ---- operations ---- */

uint32_t pulse_procedure(const struct pulse_pairing *pairing, struct str code)
{
    for (size_t i = 0; i < pairing->procedure_count; i++) {
        if (str_eq(pairing->procedures[i], code))
            return (uint32_t)i;
    }
    return PULSE_NOTHING;
}

static int take_operation(
    struct finding *f, struct str person, const struct logbook_case *c, struct err *err)
{
    struct operation *one = NULL;

    if (c->imported || !c->department ||
        !has(&f->departments, rid_key(f, c->department)) ||
        !is_helper(f, person, c->when, f->helper_count))
        return 0;
    one = roster_more(arena_of(f), (void **)&f->operations, &f->operation_count,
        &f->operation_cap, sizeof(*one));
    if (!one)
        return err_nomem(err);
    *one = (struct operation){
        c->procedure, {c->when, PULSE_OPERATION, pulse_procedure(f->pairing, c->code)}};
    return 0;
}

static int read_logbook(struct finding *f, struct str person, struct err *err)
{
    struct logbook_request rq = {.since = first_of(f), .most = LIMIT_LOGBOOK_CASES};
    struct logbook_cases cases = {.count = 0};
    struct str id = seek_id(&f->p->seek, person, "Practitioner");
    int r = id.p ? store_find(f->p->seek.snapshot,
                       fhir_resource_named(STR("Practitioner"))->number, id, &rq.person,
                       err)
                 : E_NOT_FOUND;

    if (r < 0)
        return r == E_NOT_FOUND ? 0 : r;
    r = logbook_cases(f->p->seek.snapshot, arena_of(f), &rq, &cases, err);
    for (size_t i = 0; r == 0 && i < cases.count; i++)
        r = take_operation(f, person, &cases.list[i], err);
    return r;
}

static int compare_operations(const void *one, const void *other)
{
    const struct operation *a = one, *b = other;

    return a->rid < b->rid ? -1 : a->rid > b->rid;
}

/* Each person's logbook once, and each operation once. */
static int read_operations(struct finding *f, struct err *err)
{
    struct text_map seen = {.slots = NULL};
    int r = 0;

    for (size_t i = 0; r == 0 && i < f->helper_count; i++) {
        if (has(&seen, f->helpers[i].person))
            continue;
        r = put(f, &seen, f->helpers[i].person, err);
        if (r == 0)
            r = read_logbook(f, f->helpers[i].person, err);
    }
    if (f->operation_count > 0)
        qsort(f->operations, f->operation_count, sizeof(*f->operations),
            compare_operations);
    for (size_t i = 0; r == 0 && i < f->operation_count; i++) {
        if (i == 0 || f->operations[i - 1].rid != f->operations[i].rid)
            r = add_event(f, f->operations[i].event, err);
    }
    return r;
}

/* ---- all of it ---- */

static void judge(struct pulse *p, struct pulse_pairing *pairing)
{
    struct pulse_goal goals[LIMIT_PULSE_GOALS];
    struct pulse_quiet quiet = {.events = pairing->events,
        .event_count = pairing->event_count,
        .present = pairing->present,
        .present_count = pairing->present_count,
        .begun = pairing->term.from,
        .now = p->now};

    for (size_t i = 0; i < pairing->goal_count; i++)
        goals[i] = pairing->goals[i].goal;
    quiet.days = pulse_quiet_days(goals, pairing->goal_count, p->now);
    pairing->quiet_days = quiet.days;
    pairing->quiet = pulse_is_quiet(&quiet, &pairing->quiet_since) &&
                     span_holds(pairing->term, p->now);
    pairing->counted = true;
}

static int find_alone(struct pulse *p, struct pulse_pairing *pairing, struct err *err)
{
    struct finding f = {.p = p, .pairing = pairing};
    int r = read_units(&f, PULSE_HELPED, err);

    if (r == 0)
        r = read_units(&f, PULSE_HELPING, err);
    if (r == 0)
        r = read_cases(&f, err);
    if (r == 0)
        r = count_meetings(&f, err);
    if (r == 0)
        r = each_post(&f, PULSE_HELPING, take_home, err);
    if (r == 0)
        r = each_post(&f, PULSE_HELPED, take_visit, err);
    if (r == 0)
        r = take_others(&f, err);
    return r == 0 ? read_operations(&f, err) : r;
}

int pulse_find(struct pulse *p, struct pulse_pairing *pairing, struct err *err)
{
    int r = pulse_facts_find(p, pairing, err);

    if (r == 0)
        r = p->facts ? pulse_find_among(p, pairing, err) : find_alone(p, pairing, err);
    if (r == 0)
        judge(p, pairing);
    return r;
}
