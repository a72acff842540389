/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GET Organization/$quality: of each hospital that the caller answers for, how many records are worth
 * a second look, by kind; and GET Organization/ID/$quality?kind=K: which they are, as far as the
 * caller may read them, with who can mend each.
 *
 *   $quality      rule, late-days, outcome-days, hospital (hospital, count (kind, records or few))
 *   ID/$quality   row (record, about, day, person or role, other), more
 *
 * Coordinators, directors, administrators, heads and quality officers ask, each for the hospitals of
 * their posts; who holds such a post at no hospital, for all. Counts of 1 to SUPPRESS_SMALL - 1 are told
 * as "few" to who reads no patient there.
 */
#include <string.h>

#include "app/network_internal.h"
#include "app/quality_internal.h"
#include "app/seek.h"
#include "engine/numbers/suppress.h"
#include "fhir/part.h"

static const char *const role_codes[] = {[QUALITY_CLINICIAN] = "clinician",
    [QUALITY_HEAD] = "head-of-department",
    [QUALITY_NURSE] = "nurse",
    [QUALITY_ADMINISTRATOR] = "administrator"};

/* An answer on its way. */
struct quality_answer {
    struct app_call *call;
    const struct rest *rest;
    struct seek s;
    struct json_out o;
    const struct network *network;
    const struct quality_memory *memory;
    uint32_t *hospitals; /* of each that is found; NETWORK_NOBODY */
    struct quality_findings found;
    enum quality_kind kind; /* of rows; QUALITY_KINDS: all */
    size_t skip;
    utc_ms now;
};

/* ---- who asks ---- */

/* Does the caller answer for ${hospital} ("Organization/ID")? */
static bool answers_for(const struct app_call *call, struct str hospital)
{
    static const char *const roles[] = {"coordinator", "director", "administrator",
        "head-of-department", "quality-officer"};
    const struct app_caller *caller = &call->caller;
    bool found = !call->access_;

    for (size_t i = 0; !found && i < caller->post_count; i++) {
        const struct app_post *post = &caller->posts[i];

        if (post->organization.p && !str_eq(post->organization, hospital))
            continue;
        for (size_t k = 0; !found && k < sizeof(roles) / sizeof(roles[0]); k++)
            found = str_is(post->role, roles[k]);
    }
    return found;
}

/* Does the caller read patients there? */
static bool reads_at(const struct app_call *call, struct str hospital)
{
    static const char *const roles[] = {
        "clinician", "nurse", "therapist", "expert", "head-of-department"};
    const struct app_caller *caller = &call->caller;
    bool found = !call->access_;

    for (size_t i = 0; !found && i < caller->post_count; i++) {
        const struct app_post *post = &caller->posts[i];

        for (size_t k = 0; k < sizeof(roles) / sizeof(roles[0]); k++)
            found = found ||
                    (post->organization.p && str_eq(post->organization, hospital) &&
                        str_is(post->role, roles[k]));
    }
    return found;
}

static int forbid(struct err *err)
{
    return err_set(err, E_FORBIDDEN, NULL,
        "The quality of data is looked after by coordinators, directors, "
        "administrators, "
        "heads of department and quality officers, each for their hospitals.");
}

/* ---- what is found ---- */

/* The hospital of the row ${at}: of its unit, else of its patient's. */
static uint32_t hospital_of(const struct quality_answer *q, uint32_t at)
{
    const struct quality_memory *m = q->memory;
    uint32_t hospital = NETWORK_NOBODY, home = 0;

    if (m->rows[at].unit.p)
        network_unit_hospital(q->network, m->rows[at].unit, &hospital);
    if (hospital == NETWORK_NOBODY &&
        number_map_get(&m->homes, m->facts[at].patient, &home) &&
        m->facts[home].subject == QUALITY_PATIENT && m->rows[home].unit.p)
        network_unit_hospital(q->network, m->rows[home].unit, &hospital);
    return hospital;
}

static int look(struct quality_answer *q, struct err *err)
{
    const struct quality_memory *m = q->memory;
    const struct quality_facts facts = {m->facts, m->count};
    struct arena *a = q->call->arena;
    int r = quality_judge(
        a, &quality_rules_default, &facts, &m->suspects, q->now, &q->found);

    if (r == 0)
        q->hospitals = arena_array(a, q->found.count + 1, sizeof(*q->hospitals));
    if (r < 0 || !q->hospitals)
        return err_nomem(err);
    for (size_t i = 0; i < q->found.count; i++)
        q->hospitals[i] = hospital_of(q, q->found.list[i].fact);
    return 0;
}

/* ---- counts ---- */

static void put_count(struct quality_answer *q, const struct network_hospital *h,
    enum quality_kind kind, size_t count)
{
    bool few = count < SUPPRESS_SMALL && kind != QUALITY_BACKWARDS &&
               !reads_at(q->call, h->name.reference);

    if (count == 0)
        return;
    fhir_parts_open(&q->o, "count");
    fhir_part_put_code(&q->o, "kind", quality_kind_code(kind));
    if (few)
        fhir_part_put_flag(&q->o, "few", true);
    else
        fhir_part_put_int(&q->o, "records", (long long)count);
    fhir_parts_close(&q->o);
}

static int put_counts(struct quality_answer *q, struct err *err)
{
    const struct network *n = q->network;
    size_t(*counts)[QUALITY_KINDS] =
        arena_array(q->call->arena, n->hospital_count + 1, sizeof(*counts));
    size_t told = 0;

    if (!counts)
        return err_nomem(err);
    memset(counts, 0, n->hospital_count * sizeof(*counts));
    for (size_t i = 0; i < q->found.count; i++) {
        const struct quality_finding *one = &q->found.list[i];

        if (q->hospitals[i] != NETWORK_NOBODY)
            counts[q->hospitals[i]][one->kind]++;
    }
    fhir_parameters_open(&q->o);
    fhir_part_put_code(&q->o, "rule", quality_rules_default.version);
    fhir_part_put_int(&q->o, "late-days", quality_rules_default.late_days);
    fhir_part_put_int(&q->o, "outcome-days", quality_rules_default.outcome_days);
    for (size_t i = 0; i < n->hospital_count; i++) {
        const struct network_hospital *h = &n->hospitals[i];

        if (!answers_for(q->call, h->name.reference))
            continue;
        told++;
        fhir_parts_open(&q->o, "hospital");
        fhir_part_put_reference(&q->o, "hospital", h->name.reference, h->name.display);
        for (int k = 0; k < QUALITY_KINDS; k++)
            put_count(q, h, (enum quality_kind)k, counts[i][k]);
        fhir_parts_close(&q->o);
    }
    fhir_parameters_close(&q->o);
    return told > 0 ? 0 : forbid(err);
}

/* ---- rows ---- */

static const struct {
    enum quality_subject subject;
    const char *type;
} subjects[] = {{QUALITY_PATIENT, "Patient"}, {QUALITY_OPERATION, "Procedure"},
    {QUALITY_CASE, "Task"}, {QUALITY_VITALS, "Observation"},
    {QUALITY_POST, "PractitionerRole"}};

/* How people call what the record is about: a patient's name, else that of what was done. */
static struct str about(const struct json *record)
{
    const struct json *name = json_at(json_get(record, "name"), 0);
    struct str text = json_get_text(name, "text");

    if (!text.p)
        text = json_get_text(name, "family");
    if (!text.p)
        text = json_get_text(json_get(record, "subject"), "display");
    if (!text.p)
        text = json_get_text(json_get(record, "for"), "display");
    if (!text.p)
        text = json_get_text(json_get(record, "practitioner"), "display");
    return text;
}

static int readable(struct quality_answer *q, store_rid rid, bool *ret, struct err *err)
{
    *ret = true;
    return q->call->access_ ? access_allows_live(q->call->access_, rid, ret, err) : 0;
}

static void put_mend(struct quality_answer *q, const struct quality_row *row)
{
    size_t person = 0;

    if (row->person.p && text_map_get(&q->network->people, row->person, &person))
        fhir_part_put_reference(&q->o, "person",
            q->network->persons[person].name.reference,
            q->network->persons[person].name.display);
    else
        fhir_part_put_code(&q->o, "role", role_codes[row->role]);
}

/* The record of the row ${at}. */
static int put_record(struct quality_answer *q, const char *name, uint32_t at,
    const struct json **ret, struct err *err)
{
    const struct quality_fact *fact = &q->memory->facts[at];
    struct store_record rec = {0};
    const char *type = "";
    int r = seek_rid(&q->s, q->memory->rows[at].rid, &rec, ret, err);

    if (r < 0 || !*ret)
        return r;
    for (size_t i = 0; i < sizeof(subjects) / sizeof(subjects[0]); i++)
        type = subjects[i].subject == fact->subject ? subjects[i].type : type;
    fhir_part_put(&q->o, name, "valueString",
        str_of(
            arena_printf(q->call->arena, "%s/%.*s", type, (int)rec.id.len, rec.id.p)));
    return call_saw(q->call, &rec, err);
}

static int put_row(
    struct quality_answer *q, const struct quality_finding *one, struct err *err)
{
    const struct quality_row *row = &q->memory->rows[one->fact];
    const struct quality_fact *fact = &q->memory->facts[one->fact];
    const struct json *record = NULL;
    const struct json *unused = NULL;
    bool may = false;
    int r = 0;

    fhir_parts_open(&q->o, "row");
    r = put_record(q, "record", one->fact, &record, err);
    if (r == 0 && record) {
        fhir_part_put_code(&q->o, "kind", quality_kind_code(one->kind));
        fhir_part_put(&q->o, "about", "valueString", about(record));
        if (fact->earliest != QUALITY_UNKNOWN)
            fhir_part_put_day(&q->o, "day", fact->earliest);
        put_mend(q, row);
    }
    if (r == 0 && record && fact->subject == QUALITY_CASE)
        fhir_part_put(&q->o, "case", "valueId",
            seek_id(&q->s, json_get_text(json_get(record, "focus"), "reference"),
                "ServiceRequest"));
    if (r == 0 && one->other != QUALITY_NONE)
        r = readable(q, q->memory->rows[one->other].rid, &may, err);
    if (r == 0 && may)
        r = put_record(q, "other", one->other, &unused, err);
    fhir_parts_close(&q->o);
    return r;
}

/* Of the one hospital, as far as they are the caller's to read. */
static int put_rows(struct quality_answer *q, uint32_t hospital, struct err *err)
{
    size_t seen = 0, told = 0;
    int r = 0;

    fhir_parameters_open(&q->o);
    for (size_t i = 0; r == 0 && i < q->found.count && told <= LIMIT_QUALITY_ROWS;
         i++) {
        const struct quality_finding *one = &q->found.list[i];
        bool may = false;

        if (q->hospitals[i] != hospital ||
            (q->kind != QUALITY_KINDS && one->kind != q->kind))
            continue;
        r = readable(q, q->memory->rows[one->fact].rid, &may, err);
        if (r < 0 || !may || seen++ < q->skip)
            continue;
        if (told++ < LIMIT_QUALITY_ROWS)
            r = put_row(q, one, err);
        else
            fhir_part_put_flag(&q->o, "more", true);
    }
    fhir_parameters_close(&q->o);
    return r;
}

static int answer_rows(struct quality_answer *q, struct err *err)
{
    const struct rest *rest = q->rest;
    const char *asked = arena_printf(
        q->call->arena, "Organization/%.*s", (int)rest->id.len, rest->id.p);
    uint32_t hospital = NETWORK_NOBODY;

    if (!asked)
        return err_nomem(err);
    if (!network_unit_hospital(q->network, rest->id, &hospital))
        return access_no_such(rest->type, rest->id, false, err);
    if (!answers_for(q->call, q->network->hospitals[hospital].name.reference))
        return forbid(err);
    return put_rows(q, hospital, err);
}

/* ---- the way ---- */

static int take(struct quality_answer *q, struct err *err)
{
    int64_t skip = 0;

    q->kind = QUALITY_KINDS;
    for (size_t i = 0; i < q->rest->pair_count; i++) {
        const struct search_pair *pair = &q->rest->pairs[i];

        if (q->rest->id.p && str_is(pair->name, "kind"))
            q->kind = quality_kind_of(pair->value.p, pair->value.len);
        else if (q->rest->id.p && str_is(pair->name, "skip") &&
                 text_int(pair->value, 0, INT32_MAX, &skip))
            q->skip = (size_t)skip;
        else
            return err_set(err, E_INVALID, pair->name.p,
                "$quality of one hospital takes kind and skip (a number), and nothing "
                "else.");
        if (str_is(pair->name, "kind") && q->kind == QUALITY_KINDS)
            return err_set(err, E_INVALID, "kind",
                "kind is late, no-outcome, twice, future, before-birth, impossible or "
                "backwards.");
    }
    return 0;
}

static int answer(struct quality_answer *q, struct err *err)
{
    int r = networks_take(q->call->app->networks, &q->network, err);

    if (r < 0)
        return r;
    r = quality_take_hold(
        q->call->app->quality, q->s.snapshot, q->now, &q->memory, err);
    if (r < 0)
        return r;
    r = look(q, err);
    q->o = json_out(&q->call->answer);
    if (r == 0)
        r = q->rest->id.p ? answer_rows(q, err) : put_counts(q, err);
    quality_release(q->call->app->quality);
    return r;
}

static int run(struct app_call *call, const struct rest *rest, struct err *err)
{
    struct quality_answer q = {.call = call,
        .rest = rest,
        .s = {.app = call->app, .a = call->arena},
        .now = call_now(call)};
    int r = take(&q, err);

    if (r == 0)
        r = call_read_begin(call, &q.s.snapshot, err);
    if (r == 0)
        r = answer(&q, err);
    network_release(q.network);
    call_read_end(call, q.s.snapshot);
    return r;
}

int rest_quality(struct app_call *call, const struct rest *rest, struct err *err)
{
    return call_pool(call, rest, run, err);
}
