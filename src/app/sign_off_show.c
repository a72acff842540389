/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SignOff/$waiting: what waits for the caller's signature, what they asked for or teach, and
 * what could be asked for. SignOff/ID/$conditions: one of them as the records stand now, with
 * the curve.
 */
#include "app/review_internal.h"
#include "app/sign_off_internal.h"
#include "fhir/part.h"
#include "fhir/put.h"

#define MOST 200         /* of a list */
#define MOST_LOOKED 1000 /* that are looked at for who stands in */

/* ---- one ---- */

static void put_code(struct json_out *o, const char *name, const char *code)
{
    fhir_part_put(o, name, "valueCode", str_of(code));
}

static void put_reference(
    struct json_out *o, struct signing *g, const char *name, struct str reference)
{
    if (!reference.p)
        return;
    fhir_part_open(o, name);
    fhir_put_reference_shown(o, "valueReference", reference,
        procedure_name(g->call, g->seek.snapshot, reference));
    json_close(o, '}');
}

/* An office: of this department or hospital, and the hospital that it is part of. */
static void put_office(
    struct json_out *o, struct signing *g, const char *name, struct str unit)
{
    struct err err = {0};
    struct str hospital = {NULL, 0};

    put_reference(o, g, name, unit);
    if (unit.p && review_hospital(&g->seek, unit, &hospital, &err) == 0 &&
        !str_eq(unit, hospital))
        put_reference(
            o, g, arena_printf(g->call->arena, "%s-hospital", name), hospital);
}

static void put_holder(
    struct json_out *o, struct signing *g, struct str who, struct str why)
{
    fhir_parts_open(o, "holder");
    put_reference(o, g, "who", who);
    fhir_part_put(o, "why", "valueCode", why);
    fhir_parts_close(o);
}

/* In whose place somebody signed, and why those could not. */
static void put_place(struct json_out *o, struct signing *g, const struct json *place)
{
    struct json_each it = json_each(json_get(place, "holder"));

    if (!place)
        return;
    fhir_parts_open(o, "in-place-of");
    put_office(o, g, "organization",
        json_get_text(json_get(place, "organization"), "reference"));
    put_office(o, g, "from", json_get_text(json_get(place, "from"), "reference"));
    while (json_next(&it))
        put_holder(o, g, json_get_text(json_get(it.value, "who"), "reference"),
            json_get_text(it.value, "why"));
    fhir_parts_close(o);
}

/* In whose place the caller would. */
static void put_stand(struct json_out *o, struct signing *g, enum sign_off_role role,
    const struct sign_off_stand *stand)
{
    fhir_parts_open(o, "stand-in");
    put_code(o, "role", sign_off_role_code(role));
    put_office(o, g, "organization", stand->unit);
    put_office(o, g, "from", stand->from);
    for (size_t i = 0; i < stand->holder_count; i++)
        put_holder(o, g, stand->holders[i].who, str_of(stand->holders[i].why));
    fhir_parts_close(o);
}

static void put_act(
    struct json_out *o, struct signing *g, const char *name, const struct json *act)
{
    if (!act)
        return;
    fhir_parts_open(o, name);
    fhir_part_put(o, "role", "valueCode", json_get_text(act, "role"));
    put_reference(o, g, "who", json_get_text(json_get(act, "who"), "reference"));
    fhir_part_put(o, "when", "valueDateTime", json_get_text(act, "when"));
    fhir_part_put(o, "reason", "valueString", json_get_text(act, "reason"));
    fhir_part_put(o, "word", "valueString", json_get_text(act, "word"));
    put_place(o, g, json_get(act, "inPlaceOf"));
    if (json_kind(json_get(act, "against")) == JSON_TRUE)
        put_code(o, "against", "true");
    fhir_parts_close(o);
}

static const char *status_word(const struct sign_off *s)
{
    static const char *const words[] = {"proposed", "signed", "refused", "withdrawn"};

    return words[s->status];
}

/* When too few cases end what counts now, before its last day. */
static void put_lapse(struct json_out *o, struct signing *g, const struct sign_off *s)
{
    int64_t lapses = 0;

    if (s->status != SIGN_SIGNED ||
        !network_sign_off_lapses(g->network, s->id, &lapses))
        return;
    fhir_part_open(o, "lapses");
    fhir_put_time(o, "valueDateTime", lapses);
    json_close(o, '}');
}

static void put_facts(struct json_out *o, struct signing *g, const struct sign_off *s)
{
    struct json_each it = json_each(json_get(s->json, "signature"));

    fhir_part_put(o, "id", "valueId", s->id);
    put_code(o, "status", status_word(s));
    put_reference(o, g, "person", s->person);
    fhir_part_put(o, "procedure", "valueCode", s->code);
    put_reference(o, g, "department", s->department);
    put_reference(o, g, "organization", s->hospital);
    fhir_part_put(o, "renews", "valueString", s->renews);
    put_act(o, g, "proposed", json_get(s->json, "proposed"));
    while (json_next(&it))
        put_act(o, g, "signature", it.value);
    fhir_part_put(o, "signed", "valueDateTime", json_get_text(s->json, "signed"));
    fhir_part_put(o, "rule", "valueString",
        json_get_text(json_get(s->json, "rule"), "reference"));
    fhir_part_put(o, "valid-until", "valueDate", json_get_text(s->json, "validUntil"));
    put_lapse(o, g, s);
    put_act(o, g, "refused", json_get(s->json, "refused"));
    put_act(o, g, "withdrawn", json_get(s->json, "withdrawn"));
}

/* As what the caller may act on it now. */
static int put_roles(struct json_out *o, struct signing *g, const struct sign_off *s,
    unsigned *ret, struct err *err)
{
    struct sign_off_stand stands[SIGN_ROLES];
    unsigned roles = 0;
    int r = sign_off_may(g, s, &roles, stands, err);

    for (int i = 0; i < SIGN_ROLES; i++) {
        if (s->signers[i].p && str_eq(s->signers[i], g->call->caller.practitioner) &&
            s->status == SIGN_PROPOSED)
            roles = 0; /* has signed */
    }
    for (unsigned i = 0; r == 0 && i < SIGN_ROLES; i++) {
        if (s->signers[i].p && s->status == SIGN_PROPOSED)
            roles &= ~(1u << i);
        if (roles >> i & 1u)
            put_code(o, "role", sign_off_role_code((enum sign_off_role)i));
        if ((roles >> i & 1u) && stands[i].may)
            put_stand(o, g, (enum sign_off_role)i, &stands[i]);
    }
    *ret = roles;
    return r;
}

int sign_off_conditions(struct signing *g, struct err *err)
{
    struct json_out o = json_out(&g->call->answer);
    unsigned roles = 0;
    int r = sign_off_judge(g, err);

    if (r == 0)
        r = call_saw(g->call, &g->s.rec, err);
    if (r < 0)
        return r;
    fhir_parameters_open(&o);
    put_facts(&o, g, &g->s);
    r = put_roles(&o, g, &g->s, &roles, err);
    if (r == 0)
        r = sign_off_put_chart(&o, g, &g->s, true, err);
    if (r == 0)
        r = sign_off_put_parameters(&o, g, err);
    if (r == 0)
        logbook_put_line(&o, g->line);
    fhir_parameters_close(&o);
    return r;
}

/* ---- a list ---- */

struct listing {
    struct signing *g;
    struct json_out o;
    store_rid *seen; /* what is in the list */
    size_t count;
};

static bool is_new(struct listing *l, store_rid rid)
{
    for (size_t i = 0; i < l->count; i++) {
        if (l->seen[i] == rid)
            return false;
    }
    if (l->count == MOST)
        return false;
    l->seen[l->count++] = rid;
    return true;
}

static int add(struct listing *l, store_rid rid, struct err *err)
{
    struct sign_off s;
    unsigned roles = 0;
    size_t unmet = 0;
    int r = 0;

    if (!is_new(l, rid))
        return 0;
    r = sign_off_load(&l->g->seek, rid, &s, err);
    if (r < 0 || !s.json)
        return r;
    l->g->s = s;
    if (s.status == SIGN_PROPOSED)
        r = sign_off_judge(l->g, err);
    if (r < 0)
        return r;
    fhir_parts_open(&l->o, "sign-off");
    put_facts(&l->o, l->g, &s);
    r = put_roles(&l->o, l->g, &s, &roles, err);
    if (r == 0)
        r = sign_off_put_chart(&l->o, l->g, &s, false, err);
    for (int i = 0; s.status == SIGN_PROPOSED && i < SIGN_OFF_CONDITIONS; i++)
        unmet += l->g->line->list.lines[i].answer != SIGN_OFF_MET;
    if (s.status == SIGN_PROPOSED)
        sign_off_put_count(&l->o, "unmet", (int)unmet);
    fhir_parts_close(&l->o);
    return r;
}

/* All SignOffs that ${name} = ${value} finds. */
static int add_by(
    struct listing *l, const char *name, struct str value, struct err *err)
{
    const struct search_pair pairs[] = {{str_of(name), value},
        {STR("_count"), STR("200")}, {STR("_total"), STR("none")}};
    struct seek_list found = {NULL, 0};
    int r = seek_all(
        &l->g->seek, &(struct seek_for){"SignOff", pairs, 3, MOST}, &found, err);

    for (size_t i = 0; r == 0 && i < found.count; i++)
        r = add(l, found.rids[i], err);
    return r;
}

static int add_of_posts(struct listing *l, struct err *err)
{
    const struct app_caller *caller = &l->g->call->caller;
    int r = 0;

    for (size_t i = 0; r == 0 && i < caller->post_count; i++) {
        const struct app_post *post = &caller->posts[i];
        struct str unit = post->department.p ? post->department : post->organization;

        if (str_is(post->role, "head-of-department") && unit.p)
            r = add_by(l, "department", unit, err);
        else if ((str_is(post->role, "quality-officer") ||
                     str_is(post->role, "director")) &&
                 post->organization.p)
            r = add_by(l, "organization", post->organization, err);
    }
    return r;
}

/* ---- in whose place the caller may sign ---- */

/* Those that ${pair} finds, where the caller may stand in. */
static int add_stood(struct listing *l, struct search_pair pair, struct err *err)
{
    const struct search_pair pairs[] = {
        pair, {STR("_count"), STR("500")}, {STR("_total"), STR("none")}};
    struct seek_list found = {NULL, 0};
    int r = seek_all(
        &l->g->seek, &(struct seek_for){"SignOff", pairs, 3, MOST_LOOKED}, &found, err);

    for (size_t i = 0; r == 0 && i < found.count; i++) {
        struct sign_off_stand stands[SIGN_ROLES];
        struct sign_off s;

        r = sign_off_load(&l->g->seek, found.rids[i], &s, err);
        if (r < 0 || !s.json ||
            (s.status != SIGN_PROPOSED && s.status != SIGN_SIGNED) ||
            str_eq(s.person, l->g->call->caller.practitioner))
            continue;
        r = sign_off_stands(l->g, &s, stands, err);
        if (r == 0 && (stands[SIGN_HEAD].may || stands[SIGN_QUALITY].may))
            r = add(l, found.rids[i], err);
    }
    return r;
}

/* Of the hospital at the other end of ${affiliation}. */
static int add_twin(struct listing *l, store_rid affiliation, const char *other,
    struct str ours, struct err *err)
{
    const struct seek *seek = &l->g->seek;
    const struct json *one = NULL;
    struct str end = {NULL, 0};
    struct str hospital = {NULL, 0};
    int r = seek_rid(seek, affiliation, NULL, &one, err);

    if (r == 0 && sign_off_is_live(one, l->g->now))
        end = sign_off_named(
            seek, json_get_text(json_get(one, other), "reference"), "Organization");
    if (r == 0 && end.p)
        r = review_hospital(seek, end, &hospital, err);
    if (r < 0 || !hospital.p || str_eq(hospital, ours))
        return r;
    return add_stood(l, (struct search_pair){STR("organization"), hospital}, err);
}

static int add_twins(struct listing *l, struct str hospital, struct err *err)
{
    static const char *const ends[] = {
        "primary-organization:below", "participating-organization:below"};
    static const char *const others[] = {"participatingOrganization", "organization"};
    int r = 0;

    for (int k = 0; r == 0 && k < 2; k++) {
        const struct search_pair pairs[] = {{str_of(ends[k]), hospital},
            {STR("_count"), STR("200")}, {STR("_total"), STR("none")}};
        struct seek_list found = {NULL, 0};

        r = seek_all(&l->g->seek,
            &(struct seek_for){"OrganizationAffiliation", pairs, 3, MOST}, &found, err);
        for (size_t i = 0; r == 0 && i < found.count; i++)
            r = add_twin(l, found.rids[i], others[k], hospital, err);
    }
    return r;
}

static int add_of_stands(struct listing *l, struct err *err)
{
    const struct app_caller *caller = &l->g->call->caller;
    int r = 0;

    for (size_t i = 0; r == 0 && i < caller->post_count; i++) {
        const struct app_post *post = &caller->posts[i];
        bool quality = str_is(post->role, "quality-officer");

        if (post->organization.p &&
            (quality || str_is(post->role, "head-of-department")))
            r = add_twins(l, post->organization, err);
        else if (quality && !post->organization.p)
            r = add_stood(
                l, (struct search_pair){STR("status"), STR("proposed,signed")}, err);
    }
    return r;
}

/* What could be asked for: goals of ${aims} without a SignOff that waits. */
static int add_open(
    struct listing *l, const struct sign_off_aims *aims, struct err *err)
{
    int r = 0;

    for (size_t i = 0; r == 0 && i < aims->count; i++) {
        const struct sign_off_aim *aim = &aims->list[i];
        struct sign_off_all all = {.count = 0};
        bool waits = false;

        if (!aim->apprentice.p || !aim->department.p)
            continue;
        r = sign_off_of_person(&l->g->seek, aim->apprentice, aim->code, &all, err);
        for (size_t k = 0; k < all.count; k++)
            waits = waits || all.list[k].status == SIGN_PROPOSED;
        if (r < 0 || waits)
            continue;
        fhir_parts_open(&l->o, "open");
        put_reference(&l->o, l->g, "person", aim->apprentice);
        fhir_part_put(&l->o, "procedure", "valueCode", aim->code);
        put_reference(&l->o, l->g, "department", aim->department);
        fhir_parts_close(&l->o);
    }
    return r;
}

/* Those of the caller's apprentices, and what each could ask for. */
static int add_of_aims(struct listing *l, const char *part, struct err *err)
{
    struct signing *g = l->g;
    const struct sign_off_who ask = {part, g->call->caller.practitioner, true, g->now};
    const struct sign_off_who open = {
        part, g->call->caller.practitioner, false, g->now};
    struct sign_off_aims aims = {.count = 0};
    int r = sign_off_aims(&g->seek, &ask, &aims, err);

    for (size_t i = 0; r == 0 && i < aims.count; i++) {
        if (aims.list[i].apprentice.p)
            r = add_by(l, "person", aims.list[i].apprentice, err);
    }
    if (r == 0)
        r = sign_off_aims(&g->seek, &open, &aims, err);
    return r == 0 ? add_open(l, &aims, err) : r;
}

int sign_off_waiting(struct signing *g, struct err *err)
{
    struct listing l = {.g = g, .o = json_out(&g->call->answer)};
    int r = 0;

    l.seen = arena_array(g->call->arena, MOST, sizeof(*l.seen));
    if (!l.seen)
        return err_nomem(err);
    fhir_parameters_open(&l.o);
    r = add_of_posts(&l, err);
    if (r == 0)
        r = add_of_stands(&l, err);
    if (r == 0)
        r = add_by(&l, "person", g->call->caller.practitioner, err);
    if (r == 0)
        r = add_of_aims(&l, "master", err);
    if (r == 0)
        r = add_of_aims(&l, "apprentice", err);
    fhir_parameters_close(&l.o);
    return r;
}
