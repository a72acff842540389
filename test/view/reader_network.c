/* SPDX-License-Identifier: Apache-2.0 */
#include "reader_network.h"

#include "unit.h"

#define PAIRINGS 3
#define ROLES (NETWORK_PEOPLE * 3 / 2)
#define TEAMS 3

static struct world *world; /* the one at hand */

static int pick(int count)
{
    return (int)unit_between(0, count - 1);
}

#define one_of(list) ((list)[pick((int)(sizeof(list) / sizeof((list)[0])))])

static const char *const units[] = {
    "h0", "h1", "h2", "h0a", "h0b", "h1a", "h1b", "h2a"};
static const char *const types[] = {"Observation", "Observation", "Observation", "Task",
    "Communication", "DocumentReference", "Binary", "List", "Provenance", "Procedure",
    "Apprenticeship", "Enrolment", "Course", "EmergencyAccess", "Device",
    "MeasureReport", "AuditEvent", "ClinicalImpression", "Encounter", "Goal"};

static void put_ref(struct buf *b, const char *name, const char *type, int count)
{
    if (pick(5) > 0)
        buf_addf(b, ",'%s':{'reference':'%s/%d'}", name, type, pick(count));
}

static void put_refs(struct buf *b, const char *name, const char *type, int count)
{
    if (pick(3) > 0)
        buf_addf(b, ",'%s':[{'reference':'%s/%d'},{'reference':'%s/%d'}]", name, type,
            pick(count), type, pick(count));
}

static void put_unit(struct buf *b, const char *name)
{
    if (pick(12) > 0)
        buf_addf(b, ",'%s':{'reference':'Organization/%s'}", name, one_of(units));
}

static void put_period(struct buf *b)
{
    static const char *const ends[] = {"2025-12-31", "2026-01-01", "2027", "2025"};

    if (pick(2))
        buf_addf(b, ",'period':{'end':'%s'}", one_of(ends));
}

static void begin(struct buf *b, const char *type, const char *id)
{
    buf_clear(b);
    buf_addf(b, "{'resourceType':'%s','id':'%s'", type, id);
}

static void end(struct buf *b)
{
    buf_adds(b, "}");
    world_put(world, arena_strndup(world->arena, b->data, b->len));
}

static void put_place(struct buf *b, size_t i)
{
    static const char *const countries[] = {"CN", "cn", "KG", ""};

    begin(b, "Organization", units[i]);
    if (i >= 3)
        buf_addf(b, ",'partOf':{'reference':'Organization/%.2s'}", units[i]);
    else if (pick(8) == 0)
        buf_addf(b, ",'partOf':{'reference':'Organization/%s'}", units[i]);
    buf_addf(b, ",'address':[{'country':'%s'}]", one_of(countries));
    end(b);
}

static void put_pairing(struct buf *b, int i)
{
    begin(b, "OrganizationAffiliation", arena_printf(world->arena, "%d", i));
    put_unit(b, "organization");
    put_unit(b, "participatingOrganization");
    put_period(b);
    end(b);
}

static void put_units(struct buf *b)
{
    for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
        put_place(b, i);
    for (int i = 0; i < PAIRINGS; i++)
        put_pairing(b, i);
}

static void put_person(struct buf *b, int i)
{
    begin(b, "Practitioner", arena_printf(world->arena, "%d", i));
    end(b);
}

static void put_role(struct buf *b, int i)
{
    static const char *const roles[] = {"clinician", "nurse", "technician", "therapist",
        "expert", "expert", "head-of-department", "director", "coordinator", "auditor",
        "apprentice", "quality-officer"};

    begin(b, "PractitionerRole", arena_printf(world->arena, "%d", i));
    buf_addf(b, ",'practitioner':{'reference':'Practitioner/%d'}", i % NETWORK_PEOPLE);
    buf_addf(b, ",'code':[{'coding':[{'code':'%s'}]}]", one_of(roles));
    put_unit(b, "organization");
    put_period(b);
    end(b);
}

static void put_people(struct buf *b)
{
    for (int i = 0; i < NETWORK_PEOPLE; i++)
        put_person(b, i);
    for (int i = 0; i < ROLES; i++)
        put_role(b, i);
}

static void put_performer(struct buf *b)
{
    switch (pick(4)) {
    case 0:
        put_refs(b, "performer", "PractitionerRole", NETWORK_PEOPLE);
        break;
    case 1:
        put_refs(b, "performer", "Practitioner", NETWORK_PEOPLE);
        break;
    case 2:
        put_refs(b, "performer", "CareTeam", 3);
        break;
    default:
        buf_addf(b, ",'performer':[{'reference':'Organization/%s'}]", one_of(units));
    }
}

static void put_team(struct buf *b, int i)
{
    begin(b, "CareTeam", arena_printf(world->arena, "%d", i));
    put_ref(b, "subject", "Patient", NETWORK_EACH);
    buf_addf(b,
        ",'participant':[{'member':{'reference':'Organization/%s'}},"
        "{'member':{'reference':'Practitioner/%d'}}]",
        one_of(units), pick(NETWORK_PEOPLE));
    end(b);
}

static void put_case(struct buf *b, int i)
{
    static const char *const states[] = {"active", "active", "on-hold", "completed"};
    static const char *const intents[] = {"order", "order", "plan"};

    begin(b, "ServiceRequest", arena_printf(world->arena, "%d", i));
    buf_addf(b, ",'status':'%s','intent':'%s'", one_of(states), one_of(intents));
    put_ref(b, "subject", "Patient", NETWORK_EACH);
    put_performer(b);
    put_refs(b, "supportingInfo", one_of(types), NETWORK_EACH);
    if (pick(3) == 0)
        put_refs(b, "basedOn", "ServiceRequest", NETWORK_EACH);
    end(b);
}

static void put_consent(struct buf *b, int i)
{
    static const char *const consents[] = {"active", "active", "inactive"};
    static const char *const kinds[] = {"permit", "permit", "deny"};

    begin(b, "Consent", arena_printf(world->arena, "%d", i));
    put_ref(b, "patient", "Patient", NETWORK_EACH);
    buf_addf(b,
        ",'status':'%s','scope':{'coding':[{'code':'treatment'}]},'provision':{"
        "'type':'%s','actor':[{'reference':{'reference':'Organization/%s'}}]",
        one_of(consents), one_of(kinds), one_of(units));
    put_period(b);
    buf_adds(b, "}");
    end(b);
}

static void put_cases(struct buf *b)
{
    for (int i = 0; i < TEAMS; i++)
        put_team(b, i);
    for (int i = 0; i < NETWORK_EACH * 2; i++)
        put_case(b, i);
    for (int i = 0; i < NETWORK_EACH; i++)
        put_consent(b, i);
}

static void put_apprenticeship(struct buf *b)
{
    static const char *const states[] = {
        "planned", "active", "completed", "stopped", "declined"};

    buf_addf(b, ",'status':'%s'", states[pick(5)]);
    put_ref(b, "apprentice", "Practitioner", NETWORK_PEOPLE);
    put_ref(b, "master", "Practitioner", NETWORK_PEOPLE);
    put_unit(b, "learningDepartment");
    put_unit(b, "teachingDepartment");
}

/* A course, or who takes part in one; false: ${type} is of another kind. */
static bool put_learning(struct buf *b, const char *type)
{
    bool course = strcmp(type, "Course") == 0;

    if (course) {
        buf_addf(b, ",'organiser':[{'reference':'Organization/%s'}]", one_of(units));
        put_refs(b, "teacher", "Practitioner", NETWORK_PEOPLE);
    } else if (strcmp(type, "Enrolment") == 0) {
        put_ref(b, "person", "Practitioner", NETWORK_PEOPLE);
        put_refs(b, "supervisor", "Practitioner", NETWORK_PEOPLE);
        put_unit(b, "learningDepartment");
        put_unit(b, "teachingDepartment");
    }
    return course || strcmp(type, "Enrolment") == 0;
}

static void put_record(struct buf *b, const char *type, int id)
{
    begin(b, type, arena_printf(world->arena, "%d", id));
    if (strcmp(type, "Observation") == 0) {
        buf_addf(b, ",'status':'%s'", pick(2) ? "final" : "amended");
        buf_addf(b, ",'effectiveDateTime':'2025-%02d-01'", 1 + pick(12));
        put_ref(b, "subject", "Patient", NETWORK_EACH);
        put_refs(b, "basedOn", "ServiceRequest", NETWORK_EACH);
        if (pick(6) == 0)
            buf_addf(b, ",'focus':[{'reference':'%s/%d'}]",
                pick(2) ? "Practitioner" : "Patient", pick(NETWORK_PEOPLE));
        put_refs(b, "performer", "Practitioner", NETWORK_PEOPLE);
    } else if (strcmp(type, "Task") == 0) {
        put_ref(b, "for", "Patient", NETWORK_EACH);
        put_ref(b, "focus", pick(2) ? "ServiceRequest" : "Device", NETWORK_EACH);
    } else if (strcmp(type, "Communication") == 0) {
        put_ref(b, "subject", "Patient", NETWORK_EACH);
        put_refs(b, "basedOn", "ServiceRequest", NETWORK_EACH);
    } else if (strcmp(type, "DocumentReference") == 0) {
        put_ref(b, "subject", "Patient", NETWORK_EACH);
        buf_addf(
            b, ",'content':[{'attachment':{'url':'Binary/%d'}}]", pick(NETWORK_EACH));
    } else if (strcmp(type, "Binary") == 0) {
        if (pick(3) == 0)
            put_ref(b, "securityContext", "Patient", NETWORK_EACH);
    } else if (strcmp(type, "List") == 0) {
        buf_addf(b,
            ",'entry':[{'item':{'reference':'Observation/%d'}},{'item':{"
            "'reference':'Procedure/%d'}}]",
            pick(NETWORK_EACH), pick(NETWORK_EACH));
    } else if (strcmp(type, "Provenance") == 0) {
        put_refs(b, "target", one_of(types), NETWORK_EACH);
    } else if (strcmp(type, "Apprenticeship") == 0) {
        put_apprenticeship(b);
    } else if (put_learning(b, type)) {
        /* all of it is there */
    } else if (strcmp(type, "EmergencyAccess") == 0) {
        buf_addf(b, ",'status':'waiting','kind':'%s'", pick(2) ? "send" : "open");
        put_ref(b, "patient", "Patient", NETWORK_EACH);
        put_ref(b, "practitioner", "Practitioner", NETWORK_PEOPLE);
        put_unit(b, "organization");
        if (pick(3))
            buf_addf(
                b, ",'department':[{'reference':'Organization/%s'}]", one_of(units));
        put_unit(b, "recipient");
        put_period(b);
    } else if (strcmp(type, "Device") == 0) {
        put_unit(b, "owner");
        if (pick(3) == 0)
            put_ref(b, "patient", "Patient", NETWORK_EACH);
    } else if (strcmp(type, "MeasureReport") == 0) {
        put_unit(b, "reporter");
        if (pick(3) == 0)
            put_ref(b, "subject", "Patient", NETWORK_EACH);
    } else if (strcmp(type, "ClinicalImpression") == 0) {
        put_ref(b, "subject", "Patient", NETWORK_EACH);
        put_refs(b, "supportingInfo", "ServiceRequest", NETWORK_EACH);
    } else if (strcmp(type, "Encounter") == 0) {
        put_ref(b, "subject", "Patient", NETWORK_EACH);
        put_unit(b, "serviceProvider");
    } else if (strcmp(type, "Goal") == 0) {
        put_ref(b, "subject", "Patient", NETWORK_EACH);
        put_refs(b, "addresses", "ServiceRequest", NETWORK_EACH);
    } else if (strcmp(type, "Procedure") == 0) {
        put_ref(b, "subject", "Patient", NETWORK_EACH);
    }
    end(b);
}

static void put_patient(struct buf *b, int i)
{
    begin(b, "Patient", arena_printf(world->arena, "%d", i));
    put_unit(b, "managingOrganization");
    end(b);
}

static void put_nth(struct buf *b, size_t t, int i)
{
    put_record(b, types[t],
        t == 1   ? i + NETWORK_EACH
        : t == 2 ? i + 2 * NETWORK_EACH
                 : i);
}

void network_put(struct world *w, struct buf *b)
{
    world = w;
    put_units(b);
    put_people(b);
    for (int i = 0; i < NETWORK_EACH; i++)
        put_patient(b, i);
    put_cases(b);
    for (size_t t = 0; t < sizeof(types) / sizeof(types[0]); t++)
        for (int i = 0; i < NETWORK_EACH; i++)
            put_nth(b, t, i);
}

static void put_any(struct buf *b)
{
    switch (pick(12)) {
    case 0:
        put_place(b, (size_t)pick((int)(sizeof(units) / sizeof(units[0]))));
        return;
    case 1:
        put_pairing(b, pick(PAIRINGS));
        return;
    case 2:
        put_role(b, pick(ROLES));
        return;
    case 3:
        put_team(b, pick(TEAMS));
        return;
    case 4:
    case 5:
        put_case(b, pick(NETWORK_EACH * 2));
        return;
    case 6:
        put_consent(b, pick(NETWORK_EACH));
        return;
    case 7:
        put_patient(b, pick(NETWORK_EACH));
        return;
    default:
        put_nth(b, (size_t)pick((int)(sizeof(types) / sizeof(types[0]))),
            pick(NETWORK_EACH));
    }
}

void network_change(struct world *w, struct buf *b)
{
    size_t at = (size_t)pick((int)w->count);
    const struct json *record = w->records[at];

    world = w;
    if (pick(6) || !record) {
        put_any(b);
        return;
    }
    node_delete(&w->node,
        arena_strndup(w->arena, json_get_text(record, "resourceType").p,
            json_get_text(record, "resourceType").len),
        arena_strndup(
            w->arena, json_get_text(record, "id").p, json_get_text(record, "id").len));
    w->records[at] = NULL;
}

const char *network_unit(void)
{
    return one_of(units);
}
