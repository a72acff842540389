/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The rules of who may read, once more: over plain JSON, with a look through all records
 * wherever one is needed, and no index. Written from docs/adr/0010-who-may-read.md.
 */
#include "reader_brute.h"

#include <strings.h>

#include "unit.h"

/* ---- cases ---- */

/* Does ${asked}, whom a case was sent to, mean this post? */
static bool means(
    struct judge *j, struct str asked, const struct reader_post *post, bool in_team)
{
    const struct json *record = world_find(j->w, asked);

    if (brute_is_unit_of(j, post, asked) || brute_is_me(j, asked))
        return true;
    if (brute_type_is(record, "PractitionerRole"))
        return brute_is_unit_of(
            j, post, brute_first(brute_member(record, "organization")));
    if (brute_type_is(record, "HealthcareService"))
        return brute_is_unit_of(
            j, post, brute_first(brute_member(record, "providedBy")));
    if (brute_type_is(record, "CareTeam") && !in_team) {
        struct json_each it = json_each(json_get(record, "participant"));

        while (json_next(&it)) {
            if (means(j, brute_first(brute_member(it.value, "member")), post, true))
                return true;
        }
    }
    return false;
}

static struct str patient_hospital(struct judge *j, struct str patient)
{
    return brute_hospital(j,
        brute_first(brute_member(world_find(j->w, patient), "managingOrganization")));
}

static bool open_for(
    struct judge *j, const struct json *request, const struct reader_post *post)
{
    struct names asked = brute_member(request, "performer");
    struct str patient = brute_first(brute_member(request, "subject"));
    struct str home = patient_hospital(j, patient);
    struct str there = brute_hospital(j, post->unit);
    struct str here_land = brute_country(j, home), there_land = brute_country(j, there);
    bool mine = false;

    if (!brute_role_in(post->role, CASES) || !there.p ||
        !str_starts(patient, "Patient/"))
        return false;
    for (size_t i = 0; i < asked.count; i++)
        mine |= means(j, asked.list[i], post, false);
    if (!mine || !brute_role_in(json_get_text(request, "status"), "active on-hold") ||
        !brute_role_in(json_get_text(request, "intent"),
            "order original-order instance-order filler-order reflex-order"))
        return false;
    if (home.p && str_eq(home, there))
        return true;
    if (here_land.len && here_land.len == there_land.len &&
        strncasecmp(here_land.p, there_land.p, here_land.len) == 0)
        return true;
    return brute_consented(j, patient, post);
}

static bool is_open(struct judge *j, const struct json *request)
{
    for (size_t i = 0; i < j->who->post_count; i++) {
        if (open_for(j, request, &j->who->posts[i]))
            return true;
    }
    return false;
}

/* Is ${request} an activity of the CarePlan ${record}? */
static bool plans(const struct json *record, struct str request)
{
    struct json_each it = json_each(json_get(record, "activity"));

    while (brute_type_is(record, "CarePlan") && json_next(&it)) {
        if (str_eq(
                json_get_text(json_get(it.value, "reference"), "reference"), request))
            return true;
    }
    return false;
}

/* Does ${record} say that it belongs to the case named ${request}? */
static bool belongs(const struct json *record, struct str request)
{
    static const char *const members[] = {"basedOn", "focus", "partOf"};
    struct names found;

    for (size_t i = 0; i < 3; i++) {
        found = brute_member(record, members[i]);
        if (brute_names_has(&found, request) &&
            !(i == 1 && !brute_type_is(record, "Task")) &&
            !(i == 2 && !brute_type_is(record, "Communication")))
            return true;
    }
    found = brute_member(record, "supportingInfo");
    if (brute_type_is(record, "ClinicalImpression") && brute_names_has(&found, request))
        return true;
    found = brute_member(record, "addresses");
    if (plans(record, request) ||
        (brute_type_is(record, "Goal") && brute_names_has(&found, request)))
        return true;
    found = brute_member(json_get(record, "context"), "related");
    return brute_type_is(record, "DocumentReference") &&
           brute_names_has(&found, request);
}

static bool shares(struct judge *j, const struct json *request,
    const struct json *record, const struct names *left)
{
    struct str patient = brute_first(brute_member(request, "subject"));
    struct names listed = brute_member(request, "supportingInfo");
    struct names team = brute_member(request, "performer");
    struct str name = brute_name_of(j, record);

    for (size_t i = 0; i < left->count; i++) {
        if (!str_eq(left->list[i], patient))
            return false;
    }
    return request == record || str_eq(name, patient) ||
           brute_names_has(&listed, name) ||
           (brute_type_is(record, "CareTeam") && brute_names_has(&team, name)) ||
           belongs(record, brute_name_of(j, request));
}

static bool by_case(
    struct judge *j, const struct json *record, const struct names *left)
{
    for (size_t i = 0; i < j->w->count; i++) {
        const struct json *request = j->w->records[i];

        if (request && brute_type_is(request, "ServiceRequest") &&
            shares(j, request, record, left) && is_open(j, request))
            return true;
    }
    return false;
}

/* ---- clinical ---- */

static const char *judge_record(struct judge *j, const struct json *record, int depth);

static bool granted(struct judge *j, struct str patient)
{
    for (size_t i = 0; i < j->who->grant_count; i++) {
        if (str_eq(j->who->grants[i].patient, patient) &&
            j->who->grants[i].until > j->who->now)
            return true;
    }
    return false;
}

/* Hospitals that a reference speaks of. */
static struct str hospital_of(struct judge *j, struct str name)
{
    const struct json *record = world_find(j->w, name);
    const char *by = brute_type_is(record, "PractitionerRole") ? "organization"
                     : brute_type_is(record, "Location")       ? "managingOrganization"
                     : brute_type_is(record, "HealthcareService") ? "providedBy"
                     : brute_type_is(record, "Device")            ? "owner"
                                                                  : NULL;

    if (by)
        name = brute_first(brute_member(record, by));
    return brute_hospital(j, name);
}

static const char *without_patient(
    struct judge *j, const struct json *record, const struct names *refs, int depth)
{
    const char *word = "own-hospital";
    bool any = false, place = false;

    if (!j->who->grant_count && !j->who->post_count)
        return "no";
    for (size_t i = 0; i < refs->count; i++) {
        const struct json *target = world_find(j->w, refs->list[i]);
        const char *one = "no";

        if (brute_class_of_name(refs->list[i]) != READER_CLINICAL)
            continue;
        any = true;
        if (target && depth < 3)
            one = judge_record(j, target, depth + 1);
        if (strcmp(one, "break-glass") == 0)
            word = one;
        else if (strcmp(one, "own-hospital") != 0)
            return "no";
    }
    for (size_t i = 0; !any && i < refs->count; i++) {
        struct str of = hospital_of(j, refs->list[i]);

        if (!of.p)
            continue;
        place = true;
        if (!brute_works_at(j, of, CLINICAL))
            return "no";
    }
    (void)record;
    return any || place ? word : "no";
}

static const char *clinical(struct judge *j, const struct json *record, int depth)
{
    struct names refs = brute_all_of(record), left = {.count = 0}, none = {.count = 0};
    const char *word = "own-hospital";
    size_t patients = 0;

    if (brute_type_is(record, "Patient"))
        refs = (struct names){.list = {brute_name_of(j, record)}, .count = 1};
    for (size_t i = 0; i < refs.count; i++) {
        struct str name = refs.list[i];

        if (str_starts(name, "http"))
            return "no"; /* worlds here name nothing else elsewhere */
        if (!str_starts(name, "Patient/"))
            continue;
        patients++;
        if (brute_works_at(j, patient_hospital(j, name), CLINICAL))
            continue;
        if (granted(j, name))
            word = "break-glass";
        else
            brute_add_name(&left, name);
    }
    if (patients && left.count == 0)
        return word;
    if (!patients) {
        word = without_patient(j, record, &refs, depth);
        if (strcmp(word, "no") != 0)
            return word;
    }
    return depth == 0 && by_case(j, record, patients ? &left : &none) ? "case" : "no";
}

static const char *binary(struct judge *j, const struct json *record)
{
    struct str context = brute_first(brute_member(record, "securityContext"));
    struct str name = brute_name_of(j, record);
    const char *word = "no";

    if (context.p)
        return judge_record(j, world_find(j->w, context), 0);
    for (size_t i = 0; i < j->w->count; i++) {
        const struct json *document = j->w->records[i];
        struct json_each it = json_each(json_get(document, "content"));
        bool names = false;

        if (!document || !brute_type_is(document, "DocumentReference"))
            continue;
        while (json_next(&it))
            names |= str_eq(
                brute_local(json_get_text(json_get(it.value, "attachment"), "url")),
                name);
        if (!names)
            continue;
        word = judge_record(j, document, 0);
        if (strcmp(word, "no") == 0)
            return word;
    }
    return word;
}

/* ---- emergencies, programme ---- */

static bool quality_at(struct judge *j, struct str place)
{
    return brute_works_at(j, place, "quality-officer");
}

static const char *emergency(struct judge *j, const struct json *record)
{
    struct str place = brute_first(brute_member(record, "organization"));
    struct names units = brute_member(record, "department");

    if (brute_is_me(j, brute_first(brute_member(record, "practitioner"))))
        return "self";
    if (brute_heads(j, place))
        return "head";
    for (size_t i = 0; i < units.count; i++) {
        if (brute_heads(j, units.list[i]))
            return "head";
    }
    return quality_at(j, place) ||
                   quality_at(j, patient_hospital(
                                     j, brute_first(brute_member(record, "patient"))))
               ? "quality"
               : "no";
}

/* The term of a team opens nothing. */
static bool is_term(const struct json *affiliation)
{
    const struct json *coding =
        json_at(json_get(json_at(json_get(affiliation, "code"), 0), "coding"), 0);

    return str_is(json_get_text(coding, "code"), "team-at-host");
}

/* Is ${place} on a side of a pairing of one of our units, or one of them? */
static bool is_side(struct judge *j, struct str place)
{
    if (brute_works_at(j, place, PROGRAMME))
        return true;
    for (size_t i = 0; i < j->w->count; i++) {
        const struct json *a = j->w->records[i];
        struct str one, other;

        if (!a || !brute_type_is(a, "OrganizationAffiliation") ||
            json_kind(json_get(a, "active")) == JSON_FALSE || is_term(a) ||
            !brute_holds(json_get(a, "period")))
            continue;
        one = brute_first(brute_member(a, "organization"));
        other = brute_first(brute_member(a, "participatingOrganization"));
        if (!str_eq(brute_hospital(j, one), place) &&
            !str_eq(brute_hospital(j, other), place))
            continue;
        for (size_t k = 0; k < j->who->post_count; k++) {
            const struct reader_post *post = &j->who->posts[k];
            struct str home = brute_hospital(j, post->unit);

            if (home.p && brute_role_in(post->role, PROGRAMME) &&
                (brute_is_unit_of(j, post, one) || brute_is_unit_of(j, post, other) ||
                    str_eq(home, one) || str_eq(home, other)))
                return true;
        }
    }
    return false;
}

static const char *programme(struct judge *j, const struct names *refs)
{
    for (size_t i = 0; i < j->who->post_count; i++) {
        if (str_is(j->who->posts[i].role, "coordinator") && !j->who->posts[i].unit.p)
            return "programme";
    }
    for (size_t i = 0; i < refs->count; i++) {
        struct str of = hospital_of(j, refs->list[i]);

        if (of.p && is_side(j, of))
            return "programme";
    }
    return "no";
}

/* ---- all ---- */

static const char *judge_record(struct judge *j, const struct json *record, int depth)
{
    struct names refs = brute_all_of(record), focus = brute_member(record, "focus");
    bool tells = false;

    if (!record)
        return "no";
    switch (brute_class_of_name(brute_name_of(j, record))) {
    case READER_DIRECTORY:
        return "directory";
    case READER_AUDIT:
        for (size_t i = 0; i < j->who->post_count; i++)
            tells |= str_is(j->who->posts[i].role, "auditor");
        return tells ? "auditor" : "no";
    case READER_LEARNING:
        return brute_learning(j, record);
    case READER_EMERGENCY:
        return emergency(j, record);
    case READER_REVIEW:
        return "no";
    case READER_PROGRAMME:
        for (size_t i = 0; i < refs.count; i++)
            tells |= str_starts(refs.list[i], "http") ||
                     brute_class_of_name(refs.list[i]) == READER_CLINICAL;
        if (!tells)
            return programme(j, &refs);
        break;
    case READER_CLINICAL:
        break;
    }
    for (size_t i = 0; brute_type_is(record, "Observation") && i < focus.count; i++) {
        if (str_starts(focus.list[i], "Practitioner/"))
            return brute_rating(j, record, focus.list[i]);
    }
    if (brute_type_is(record, "Binary"))
        return depth == 0 ? binary(j, record) : "no";
    return clinical(j, record, depth);
}

const char *world_judge(
    struct world *w, const struct reader_who *who, const struct json *record)
{
    struct judge j = {w, who};

    return judge_record(&j, record, 0);
}
