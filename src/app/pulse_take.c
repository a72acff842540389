/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The facts behind the pulse of all pairings, each kind of record looked through once. Organisations first, since all else is of them;
 * operations last, of those alone who can be of a helping side: experts, and who holds a post where somebody helps from.
 */
#include <stdlib.h>

#include "app/pulse_facts.h"
#include "app/review_internal.h"
#include "app/roster_internal.h"
#include "view/logbook.h"

#define WALK 256

struct taking {
    struct pulse *p;
    struct pulse_facts *f;
    struct seek seek; /* whose memory is that of one record */
    struct reader *reader;
    bool *
        helps_from; /* of each unit: a pairing is with it, or with what it is part of */
    bool *asked;    /* of each person: their operations were looked for */
};

typedef int take_fn(
    struct taking *t, store_rid rid, const struct json *json, struct err *err);

/* ---- walks ---- */

static int take_one(struct taking *t, store_rid rid, take_fn *take, struct err *err)
{
    const struct json *json = NULL;
    int r = 0;

    arena_reset(t->seek.a);
    r = seek_rid(&t->seek, rid, NULL, &json, err);
    return r == 0 && json ? take(t, rid, json, err) : r;
}

static int each(struct taking *t, const char *type, take_fn *take, struct err *err)
{
    unsigned number = fhir_resource_named(str_of(type))->number;
    store_rid list[WALK];
    store_rid after = 0;
    size_t n = WALK;
    int r = 0;

    while (r == 0 && n == WALK) {
        r = store_rids(t->seek.snapshot, number, after, list, WALK, &n, err);
        for (size_t i = 0; r == 0 && i < n; i++) {
            after = list[i];
            r = take_one(t, list[i], take, err);
        }
    }
    return r;
}

/* Those whose ${date} is not before the facts begin. */
static int each_since(struct taking *t, const char *type, const char *date,
    take_fn *take, struct err *err)
{
    struct seek all = t->p->seek;
    char from[TIME_ISO_MAX];
    struct search_pair pairs[] = {
        {str_of(date), {NULL, 0}}, {STR("_total"), STR("none")}};
    struct seek_list found = {NULL, 0};
    int r = 0;

    time_iso(t->f->since, from);
    pairs[0].value = str_of(arena_printf(all.a, "ge%s", from));
    if (!pairs[0].value.p)
        return err_nomem(err);
    r = seek_all(
        &all, &(struct seek_for){type, pairs, 2, LIMIT_PULSE_FACTS}, &found, err);
    for (size_t i = 0; r == 0 && i < found.count; i++)
        r = take_one(t, found.rids[i], take, err);
    return r;
}

/* ---- units ---- */

/* "Organization/ID" of ${reference}, in ${a}; p NULL: it is none, or there is no memory (${*err}). */
static struct str unit_name(
    struct taking *t, struct arena *a, struct str reference, struct err *err)
{
    struct str id = seek_id(&t->seek, reference, "Organization");
    const char *made =
        id.p ? arena_printf(a, "Organization/%.*s", (int)id.len, id.p) : NULL;

    if (id.p && !made)
        err_nomem(err);
    return str_of(made);
}

static uint32_t number_in(const struct text_map *map, struct str name)
{
    size_t at = 0;

    return name.p && text_map_get(map, name, &at) ? (uint32_t)at : PULSE_NONE;
}

/* The unit that ${reference} names, PULSE_NONE: it is not there. */
static int find_unit(
    struct taking *t, struct str reference, uint32_t *ret, struct err *err)
{
    struct str name = unit_name(t, t->seek.a, reference, err);

    *ret = number_in(&t->f->unit_of, name);
    return err->code == E_NOMEM ? E_NOMEM : 0;
}

/* The number of ${text}, which is new to the facts perhaps. */
static int number_person(
    struct pulse_facts *f, struct str text, uint32_t *ret, struct err *err)
{
    size_t at = f->person_count;
    struct str *one = NULL;

    if (text_map_get(&f->person_of, text, &at)) {
        *ret = (uint32_t)at;
        return 0;
    }
    one = roster_more(
        f->arena, (void **)&f->people, &f->person_count, &f->person_cap, sizeof(*one));
    if (!one)
        return err_nomem(err);
    *one = (struct str){arena_strndup(f->arena, text.p, text.len), text.len};
    *ret = (uint32_t)at;
    return one->p && text_map_put(f->arena, &f->person_of, *one, at, NULL) >= 0
               ? 0
               : err_nomem(err);
}

static int take_unit(
    struct taking *t, store_rid rid, const struct json *json, struct err *err)
{
    struct pulse_facts *f = t->f;
    struct arena *a = f->arena;
    struct str id = json_get_text(json, "id");
    struct str part = json_get_text(json_get(json, "partOf"), "reference");
    struct str leader = json_get_text(
        json_get(roster_extension(json, TEAM_LEADER), "valueReference"), "reference");
    uint32_t at = (uint32_t)f->unit_count;
    struct pulse_unit *one =
        roster_more(a, (void **)&f->units, &f->unit_count, &f->unit_cap, sizeof(*one));

    if (!one)
        return err_nomem(err);
    *one = (struct pulse_unit){
        .name = str_of(arena_printf(a, "Organization/%.*s", (int)id.len, id.p)),
        .part = unit_name(t, a, part, err),
        .above = PULSE_NONE,
        .leader = PULSE_NONE};
    if (leader.p && number_person(f, leader, &one->leader, err) < 0)
        return E_NOMEM;
    if (err->code == E_NOMEM || !one->name.p ||
        text_map_put(a, &f->unit_of, one->name, at, NULL) < 0 ||
        !number_map_take(a, &f->unit_at, (uint64_t)rid, at, &at))
        return err_nomem(err);
    return 0;
}

static void link_units(struct pulse_facts *f)
{
    for (size_t i = 0; i < f->unit_count; i++)
        f->units[i].above = number_in(&f->unit_of, f->units[i].part);
    for (size_t i = 0; i < f->unit_count; i++) {
        uint32_t at = (uint32_t)i;

        for (int up = 0; up < LIMIT_REVIEW_DEPTH && f->units[at].above != PULSE_NONE;
             up++)
            at = f->units[at].above;
        f->units[i].hospital = at;
    }
}

static int take_units(struct taking *t, struct err *err)
{
    int r = each(t, "Organization", take_unit, err);

    if (r < 0)
        return r;
    link_units(t->f);
    t->helps_from = arena_array(t->p->seek.a, t->f->unit_count + 1, sizeof(bool));
    return t->helps_from ? 0 : err_nomem(err);
}

/* A team's term at the hospital ${host}, while it holds. */
static int take_led(struct taking *t, const struct json *json, uint32_t team,
    uint32_t host, struct err *err)
{
    struct pulse_facts *f = t->f;
    struct pulse_led led = {
        .host = host, .leader = f->units[team].leader, .when = pulse_term(json)};
    struct pulse_led *one = NULL;

    if (led.leader == PULSE_NONE || f->units[team].above == PULSE_NONE ||
        host == PULSE_NONE || span_is_empty(led.when) ||
        !roster_has_code(
            json_get(json, "code"), PULSE_AFFILIATION_SYSTEM, "team-at-host"))
        return 0;
    led.body = f->units[f->units[team].above].hospital;
    one = roster_more(
        f->arena, (void **)&f->led, &f->led_count, &f->led_cap, sizeof(*one));
    if (!one)
        return err_nomem(err);
    *one = led;
    return 0;
}

/* From where somebody helps, whether the pairing holds or not. */
static int take_pairing(
    struct taking *t, store_rid rid, const struct json *json, struct err *err)
{
    struct str helping =
        json_get_text(json_get(json, "participatingOrganization"), "reference");
    struct str helped = json_get_text(json_get(json, "organization"), "reference");
    uint32_t unit = PULSE_NONE, host = PULSE_NONE;
    int r = find_unit(t, helping, &unit, err);

    (void)rid;
    if (r == 0)
        r = find_unit(t, helped, &host, err);
    if (r < 0 || unit == PULSE_NONE)
        return r;
    t->helps_from[unit] = true;
    return take_led(t, json, unit, host, err);
}

static bool may_help(const struct taking *t, const struct pulse_post *post)
{
    uint32_t at = post->unit;

    for (int up = 0; up <= LIMIT_REVIEW_DEPTH && at != PULSE_NONE; up++) {
        if (t->helps_from[at])
            return true;
        at = t->f->units[at].above;
    }
    return post->expert;
}

/* ---- posts ---- */

static bool is_expert(const struct json *post)
{
    struct json_each it = json_each(json_get(post, "code"));

    while (json_next(&it)) {
        struct json_each coding = json_each(json_get(it.value, "coding"));

        while (json_next(&coding)) {
            if (str_is(json_get_text(coding.value, "code"), "expert"))
                return true;
        }
    }
    return false;
}

/* The hospital that sent the team of ${post}. */
static int find_team(
    struct taking *t, const struct json *post, uint32_t *ret, struct err *err)
{
    const struct json *named =
        json_get(roster_extension(post, POSTING_TEAM), "valueReference");
    const struct pulse_facts *f = t->f;
    uint32_t team = PULSE_NONE;
    int r = find_unit(t, json_get_text(named, "reference"), &team, err);

    *ret = PULSE_NONE;
    if (r == 0 && team != PULSE_NONE && f->units[team].above != PULSE_NONE)
        *ret = f->units[f->units[team].above].hospital;
    return r;
}

static int take_post(
    struct taking *t, store_rid rid, const struct json *json, struct err *err)
{
    struct pulse_facts *f = t->f;
    struct str person = json_get_text(json_get(json, "practitioner"), "reference");
    struct pulse_post post = {.when = pulse_term(json), .expert = is_expert(json)};
    struct pulse_post *one = NULL;
    int r = find_unit(
        t, json_get_text(json_get(json, "organization"), "reference"), &post.unit, err);

    (void)rid;
    if (r < 0 || !person.p || post.unit == PULSE_NONE || span_is_empty(post.when))
        return r;
    r = number_person(f, person, &post.person, err);
    if (r == 0)
        r = find_team(t, json, &post.team, err);
    if (r < 0)
        return r;
    one = roster_more(
        f->arena, (void **)&f->posts, &f->post_count, &f->post_cap, sizeof(*one));
    if (!one)
        return err_nomem(err);
    *one = post;
    return 0;
}

/* ---- cases ---- */

/* To whom ${json} was sent, of those that are there. */
static int take_asked(
    struct taking *t, const struct json *json, struct pulse_sent *sent, struct err *err)
{
    struct json_each it = json_each(json_get(json, "performer"));
    size_t cap = 0;
    int r = 0;

    while (r == 0 && json_next(&it)) {
        uint32_t unit = PULSE_NONE;
        uint32_t *one = NULL;

        r = find_unit(t, json_get_text(it.value, "reference"), &unit, err);
        if (r < 0 || unit == PULSE_NONE)
            continue;
        one = roster_more(
            t->f->arena, (void **)&sent->to, &sent->to_count, &cap, sizeof(*one));
        if (!one)
            return err_nomem(err);
        *one = unit;
    }
    return r;
}

static int add_sent(
    struct taking *t, struct str id, const struct pulse_sent *sent, struct err *err)
{
    struct pulse_facts *f = t->f;
    size_t at = f->sent_count;
    const char *name = arena_printf(f->arena, "ServiceRequest/%.*s", (int)id.len, id.p);
    struct pulse_sent *one = roster_more(
        f->arena, (void **)&f->sent, &f->sent_count, &f->sent_cap, sizeof(*one));

    if (!name || !one ||
        text_map_put(f->arena, &f->sent_of, str_of(name), at, NULL) < 0)
        return err_nomem(err);
    *one = *sent;
    return 0;
}

static int take_case(
    struct taking *t, store_rid rid, const struct json *json, struct err *err)
{
    struct pulse_sent sent = {.hospital = PULSE_NONE};
    struct str patient = json_get_text(json_get(json, "subject"), "reference");
    store_rid hospital = 0;
    int r = 0;

    (void)rid;
    if (!pulse_is_case(json) || !patient.p ||
        !fhir_date_range(json_get_text(json, "authoredOn"), &sent.from, &sent.until))
        return 0;
    r = reader_hospital_of(t->reader, patient, &hospital, err);
    if (r < 0 || !hospital ||
        !number_map_get(&t->f->unit_at, (uint64_t)hospital, &sent.hospital))
        return r;
    r = take_asked(t, json, &sent, err);
    return r == 0 && sent.to_count > 0
               ? add_sent(t, json_get_text(json, "id"), &sent, err)
               : r;
}

/* As nobody: it is only asked whose a patient is. */
static int take_cases(struct taking *t, struct err *err)
{
    const struct seek *s = &t->p->seek;
    struct reader_who nobody = {
        .bases = app_bases(s->a, s->app, s->app->base[APP_FHIR]), .now = t->p->now};
    int r = reader_new(s->snapshot, s->a, &nobody, &t->reader, err);

    if (r == 0)
        r = each_since(t, "ServiceRequest", "authored", take_case, err);
    reader_free(t->reader);
    return r;
}

/* ---- meetings ---- */

static int take_meeting(
    struct taking *t, store_rid rid, const struct json *json, struct err *err)
{
    struct pulse_facts *f = t->f;
    struct json_each it = json_each(json_get(json, "basedOn"));
    struct pulse_met met = {.at = 0};
    struct pulse_met *one = NULL;
    size_t cap = 0;
    utc_ms until = 0;

    (void)rid;
    if (!pulse_took_place(json) ||
        !fhir_date_range(json_get_text(json, "start"), &met.at, &until))
        return 0;
    while (json_next(&it)) {
        uint32_t about = number_in(&f->sent_of, json_get_text(it.value, "reference"));
        uint32_t *next = about == PULSE_NONE
                             ? NULL
                             : roster_more(f->arena, (void **)&met.about,
                                   &met.about_count, &cap, sizeof(*next));

        if (about != PULSE_NONE && !next)
            return err_nomem(err);
        if (next)
            *next = about;
    }
    if (met.about_count == 0)
        return 0;
    one = roster_more(
        f->arena, (void **)&f->met, &f->met_count, &f->met_cap, sizeof(*one));
    if (!one)
        return err_nomem(err);
    *one = met;
    return 0;
}

/* ---- operations ---- */

static int add_operation(
    struct taking *t, uint32_t person, const struct logbook_case *c, struct err *err)
{
    struct pulse_facts *f = t->f;
    struct pulse_done done = {
        .procedure = c->procedure, .person = person, .when = c->when};
    struct pulse_done *one = NULL;

    if (c->imported || !c->department ||
        !number_map_get(&f->unit_at, (uint64_t)c->department, &done.unit))
        return 0;
    if (c->code.p) {
        done.code.p = arena_strndup(f->arena, c->code.p, c->code.len);
        done.code.len = c->code.len;
    }
    one = roster_more(
        f->arena, (void **)&f->done, &f->done_count, &f->done_cap, sizeof(*one));
    if (!one || (c->code.p && !done.code.p))
        return err_nomem(err);
    *one = done;
    return 0;
}

static int take_logbook(struct taking *t, uint32_t person, struct err *err)
{
    struct logbook_request rq = {.since = t->f->since, .most = LIMIT_LOGBOOK_CASES};
    struct logbook_cases cases = {.count = 0};
    struct str id = seek_id(&t->seek, t->f->people[person], "Practitioner");
    int r = id.p ? store_find(t->seek.snapshot,
                       fhir_resource_named(STR("Practitioner"))->number, id, &rq.person,
                       err)
                 : E_NOT_FOUND;

    if (r < 0)
        return r == E_NOT_FOUND ? 0 : r;
    arena_reset(t->seek.a);
    r = logbook_cases(t->seek.snapshot, t->seek.a, &rq, &cases, err);
    for (size_t i = 0; r == 0 && i < cases.count; i++)
        r = add_operation(t, person, &cases.list[i], err);
    return r;
}

static int by_procedure(const void *one, const void *other)
{
    const struct pulse_done *a = one, *b = other;

    return (a->procedure > b->procedure) - (a->procedure < b->procedure);
}

/* Each logbook once, of those who may be of a helping side since the facts begin. */
static int take_operations(struct taking *t, struct err *err)
{
    struct pulse_facts *f = t->f;
    int r = 0;

    t->asked = arena_array(t->p->seek.a, f->person_count + 1, sizeof(bool));
    if (!t->asked)
        return err_nomem(err);
    for (size_t i = 0; r == 0 && i < f->post_count; i++) {
        const struct pulse_post *post = &f->posts[i];

        if (t->asked[post->person] || post->when.until <= f->since ||
            !may_help(t, post))
            continue;
        t->asked[post->person] = true;
        r = take_logbook(t, post->person, err);
    }
    if (r == 0 && f->done_count > 0)
        qsort(f->done, f->done_count, sizeof(*f->done), by_procedure);
    return r;
}

/* ---- all of it ---- */

int pulse_take(struct pulse *p, struct pulse_facts *f, struct err *err)
{
    struct taking t = {.p = p, .f = f, .seek = p->seek};
    int r = 0;

    t.seek.a = arena_new();
    if (!t.seek.a)
        return err_nomem(err);
    r = take_units(&t, err);
    if (r == 0)
        r = each(&t, "OrganizationAffiliation", take_pairing, err);
    if (r == 0)
        r = each(&t, "PractitionerRole", take_post, err);
    if (r == 0)
        r = take_cases(&t, err);
    if (r == 0)
        r = each_since(&t, "Appointment", "date", take_meeting, err);
    if (r == 0)
        r = take_operations(&t, err);
    arena_free(t.seek.a);
    return r;
}
