/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The records of an operation, as Procedure/$record, $follow-up and $rate write them
 * (procedure_record.c, procedure_follow.c, procedure_rate.c): patient, operation, rating.
 */
#include "app/decade_clinic_internal.h"
#include "app/derived_id.h"

#define TIBETAN_PERMILLE 900
#define MINUTES_RATED (13 * 60)

const char *operation_id(uint32_t operation, char out[PERSON_ID_MAX])
{
    snprintf(out, PERSON_ID_MAX, "d-o%u", operation + 1);
    return out;
}

static const char *patient_id(uint32_t patient, char out[PERSON_ID_MAX])
{
    snprintf(out, PERSON_ID_MAX, "d-q%u", patient + 1);
    return out;
}

/* ---- the patient ---- */

void clinic_patient_write(
    struct clinic *c, uint32_t patient, uint32_t department, bool known)
{
    struct decade *d = c->d;
    const struct decade_hospital *h =
        &d->hospitals[d->departments[department].hospital];
    struct decade_person like = {.female = chance_permille(&c->way, 520),
        .people = chance_permille(&c->way, TIBETAN_PERMILLE) ? NAMES_BO : NAMES_CN};
    char id[PERSON_ID_MAX];
    char name[DECADE_NAME_MAX];
    char also[DECADE_NAME_MAX];
    char number[32];
    day_number born = 0;
    struct json_out *o = NULL;

    decade_name_pick(&c->way, like.people, like.name);
    born = d->day - chance_between(&c->way, 30, 31000);
    if (known) /* chance has gone as far as it would have */
        return;
    decade_name_write(&like, name, also);
    snprintf(number, sizeof(number), "%06u", patient + 1);
    o = decade_open(d, "Patient", patient_id(patient, id));
    json_name(o, "identifier");
    json_open(o, '[');
    json_open(o, '{');
    put_text(o, "system", BELAY "hospital-number");
    put_text(o, "value", number);
    json_close(o, '}');
    json_close(o, ']');
    put_bool(o, "active", true);
    put_names(o, name, NULL);
    put_text(o, "gender", like.female ? "female" : "male");
    put_date(o, "birthDate", born);
    put_reference(o, "managingOrganization", "Organization", h->id);
    decade_close(d);
}

/* ---- the operation ---- */

static void put_look(struct clinic *c, struct json_out *o, const char *at,
    const struct clinic_operation *one, uint32_t look)
{
    open_part(o, PROCEDURE_FOLLOW_UP_URL);
    json_name(o, "extension");
    json_open(o, '[');
    open_part(o, "at");
    put_text(o, "valueCode", at);
    json_close(o, '}');
    if (look < LOOKS) {
        open_part(o, "result");
        put_text(o, "valueCode",
            procedure_result_code((enum procedure_result)one->results[look]));
        json_close(o, '}');
    }
    open_part(o, "on");
    put_instant(o, "valueInstant", one->looked[look], 9 * 60);
    json_close(o, '}');
    open_part(o, "by");
    put_person(c->d, o, "valueReference", one->lookers[look]);
    json_close(o, '}');
    json_close(o, ']');
    json_close(o, '}');
}

static void put_extensions(
    struct clinic *c, struct json_out *o, const struct clinic_operation *one)
{
    const struct decade_department *at =
        &c->d->departments[c->lines[one->line].department];

    json_name(o, "extension");
    json_open(o, '[');
    open_extension(o, "operation-department");
    put_reference(o, "valueReference", "Organization", at->id);
    json_close(o, '}');
    for (int look = 0; look < LOOKS; look++) {
        if (one->results[look] != RESULT_NOT_ASKED)
            put_look(c, o, procedure_look_code((enum procedure_look)look), one,
                (uint32_t)look);
    }
    if (one->flags & CLINIC_REVIEWED)
        put_look(c, o, "review", one, LOOKS);
    json_close(o, ']');
}

/* The team that had posted ${person} to where they operated on ${day}, as procedure_behalf.c
 * finds it; DECADE_NONE: they were at home there. */
static uint32_t team_of(const struct decade *d, uint32_t person, day_number day)
{
    if (d->people[person].role != ROLE_EXPERT)
        return DECADE_NONE;
    for (uint32_t i = d->posting_count; i-- > 0;) {
        const struct decade_posting *p = &d->postings[i];

        if (p->person == person && p->from <= day && day <= p->until)
            return p->team;
    }
    return DECADE_NONE;
}

static void put_part(struct clinic *c, struct json_out *o, uint32_t person,
    enum procedure_function function, day_number day)
{
    uint32_t team = DECADE_NONE;
    char id[PERSON_ID_MAX];
    char whole[PERSON_ID_MAX + 16];
    char name[DECADE_NAME_MAX];
    char also[DECADE_NAME_MAX];

    if (person == DECADE_NONE)
        return;
    decade_name_write(&c->d->people[person], name, also);
    snprintf(whole, sizeof(whole), "Practitioner/%s", person_id(c->d, person, id));
    json_open(o, '{');
    put_concept(
        o, "function", "operation-function", procedure_function_code(function), NULL);
    json_name(o, "actor");
    json_open(o, '{');
    put_text(o, "reference", whole);
    put_text(o, "display", name);
    json_close(o, '}');
    team = team_of(c->d, person, day);
    if (team != DECADE_NONE)
        put_reference(o, "onBehalfOf", "Organization", team_id(c->d, team, id));
    json_close(o, '}');
}

static void put_subject(struct json_out *o, const struct clinic_operation *one)
{
    char id[PERSON_ID_MAX];

    if (!(one->flags & CLINIC_NO_PATIENT)) {
        put_reference(o, "subject", "Patient", patient_id(one->patient, id));
        return;
    }
    json_name(o, "subject");
    json_open(o, '{');
    put_text(o, "display", "No patient is named");
    json_close(o, '}');
}

/* The line beside it at the same department was written down by mistake. */
uint32_t clinic_line_written(const struct clinic *c, const struct clinic_operation *one)
{
    uint32_t department = c->lines[one->line].department;

    for (uint32_t i = one->line; (one->flags & CLINIC_WRONG) && i-- > 0;) {
        if (c->lines[i].department == department)
            return i;
    }
    return one->line;
}

static uint16_t technique_written(
    const struct clinic *c, const struct clinic_operation *one)
{
    return c->lines[clinic_line_written(c, one)].technique;
}

/* The last look is what FHIR calls the outcome. */
static enum procedure_result outcome_of(const struct clinic_operation *one)
{
    return (enum procedure_result)(one->results[LOOK_DAY_30] != RESULT_NOT_ASKED
                                       ? one->results[LOOK_DAY_30]
                                       : one->results[LOOK_DISCHARGE]);
}

void clinic_operation_write(struct clinic *c, uint32_t operation)
{
    const struct clinic_operation *one = &c->operations[operation];
    struct decade *d = c->d;
    const struct decade_department *at =
        &d->departments[c->lines[one->line].department];
    char id[PERSON_ID_MAX];
    struct json_out *o = decade_open(d, "Procedure", operation_id(operation, id));

    put_extensions(c, o, one);
    put_text(o, "status", "completed");
    put_concept(o, "code", "procedure",
        decade_techniques[technique_written(c, one)].code, NULL);
    put_subject(o, one);
    put_instant(o, "performedDateTime", one->day, one->minute);
    put_person(d, o, "recorder", one->recorder);
    json_name(o, "performer");
    json_open(o, '[');
    for (int i = 0; i < 3; i++)
        put_part(c, o, one->people[i], (enum procedure_function)i, one->day);
    json_close(o, ']');
    put_reference(o, "location", "Location", d->hospitals[at->hospital].id);
    if (one->device != DECADE_NONE) {
        json_name(o, "usedReference");
        json_open(o, '[');
        put_reference_value(o, "Device", decade_device_id(one->device, id));
        json_close(o, ']');
    }
    if (outcome_of(one) != RESULT_NOT_ASKED)
        put_concept(o, "outcome", "operation-result",
            procedure_result_code(outcome_of(one)), NULL);
    decade_close(d);
}

/* ---- the rating ---- */

uint32_t clinic_teacher(const struct clinic_operation *one)
{
    return one->people[FUNCTION_SUPERVISOR] != DECADE_NONE
               ? one->people[FUNCTION_SUPERVISOR]
               : one->people[FUNCTION_OPERATOR];
}

/* As procedure_rate.c names it, of operation, assessor and apprentice. */
static void name_rating(const struct clinic *c, const struct clinic_rating *rating,
    char ret[DERIVED_ID_CHARS + 1])
{
    const struct clinic_operation *one = &c->operations[rating->operation];
    char ids[3][PERSON_ID_MAX];

    operation_id(rating->operation, ids[0]);
    person_id(c->d, clinic_teacher(one), ids[1]);
    person_id(c->d, one->people[rating->rated], ids[2]);
    derived_id((struct str[]){str_of(ids[0]), str_of(ids[1]), str_of(ids[2])}, 3, ret);
}

static void put_component_value(struct json_out *o, const char *code, const char *value)
{
    json_open(o, '{');
    put_concept(o, "code", "rating", code, NULL);
    put_concept(o, "valueCodeableConcept", "rating", value, NULL);
    json_close(o, '}');
}

static void put_rating_code(struct json_out *o, const char *procedure)
{
    const char *const codes[][2] = {
        {RATING_SYSTEM, RATING_CODE}, {PROCEDURE_SYSTEM, procedure}};

    json_name(o, "code");
    json_open(o, '{');
    json_name(o, "coding");
    json_open(o, '[');
    for (int i = 0; i < 2; i++) {
        json_open(o, '{');
        put_text(o, "system", codes[i][0]);
        put_text(o, "code", codes[i][1]);
        json_close(o, '}');
    }
    json_close(o, ']');
    json_close(o, '}');
}

void clinic_rating_write(struct clinic *c, const struct clinic_rating *rating)
{
    struct clinic_operation *one = &c->operations[rating->operation];
    struct decade *d = c->d;
    int performance = rating->distance > 70   ? 2
                      : rating->distance > 25 ? 3
                      : rating->distance > 6  ? 4
                                              : 5;
    char id[DERIVED_ID_CHARS + 1];
    char of[PERSON_ID_MAX];
    struct json_out *o = NULL;

    one->flags |=
        rating->rated == FUNCTION_OPERATOR ? CLINIC_RATED : CLINIC_ASSISTANT_RATED;
    name_rating(c, rating, id);
    o = decade_open(d, "Observation", id);
    json_name(o, "partOf");
    json_open(o, '[');
    put_reference_value(o, "Procedure", operation_id(rating->operation, of));
    json_close(o, ']');
    put_text(o, "status", "final");
    put_rating_code(o, decade_techniques[technique_written(c, one)].code);
    json_name(o, "focus");
    json_open(o, '[');
    put_reference_value(
        o, "Practitioner", person_id(d, one->people[rating->rated], of));
    json_close(o, ']');
    put_instant(o, "effectiveDateTime", one->day, one->minute);
    put_instant(o, "issued", d->day, MINUTES_RATED);
    json_name(o, "performer");
    json_open(o, '[');
    put_reference_value(o, "Practitioner", person_id(d, clinic_teacher(one), of));
    json_close(o, ']');
    put_int(o, "valueInteger", rating_level_of(SCALE_O_SCORE, (int)rating->value));
    json_name(o, "component");
    json_open(o, '[');
    json_open(o, '{');
    put_concept(o, "code", "rating", rating_scale_code(SCALE_O_SCORE), NULL);
    put_int(o, "valueInteger", rating->value);
    json_close(o, '}');
    put_component_value(o, "performance", rating_performance_code(performance));
    put_component_value(
        o, "difficulty", rating_difficulty_code((int)rating->difficulty));
    json_close(o, ']');
    decade_close(d);
}
