/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An Observation becomes readings: by its codes and its components' codes, in units that
 * are known, within what a body can show. What cannot be used is kept with the reason, so
 * that a page can say it; no value is changed and none is guessed.
 */
#include <math.h>
#include <string.h>

#include "app/vitals_internal.h"

#define LOINC "http://loinc.org"
#define UCUM "http://unitsofmeasure.org"
#define ICD_10_CM "http://hl7.org/fhir/sid/icd-10-cm"
#define SNOMED "http://snomed.info/sct"
#define ABSENT "http://terminology.hl7.org/CodeSystem/data-absent-reason"
#define ALTITUDE "https://belay.health/StructureDefinition/altitude"
#define CONSCIOUSNESS "https://belay.health/CodeSystem/consciousness"
#define SICKNESS "https://belay.health/CodeSystem/altitude-sickness"
#define CONTEXT "https://belay.health/CodeSystem/vital-context"
#define CONDITION_STATE "http://terminology.hl7.org/CodeSystem/condition-clinical"
#define CONDITION_SURE "http://terminology.hl7.org/CodeSystem/condition-ver-status"

enum value_kind { NUMBER, LEVEL, POINTS, FLAG };

static const struct sign {
    const char *name;
    const char *display;
    enum value_kind kind;
    const char *units[3]; /* UCUM */
    double low, high;     /* beyond these: a slip of the pen */
} signs[VITALS_SIGNS] = {
    [VITALS_RESPIRATION] = {"respiration", "Respiratory rate", NUMBER,
        {"/min", "{breaths}/min"}, 0, 150},
    [VITALS_SATURATION] = {"saturation", "Oxygen saturation", NUMBER, {"%"}, 0, 100},
    [VITALS_OXYGEN_FLOW] = {"oxygen-flow", "Inhaled oxygen flow rate", NUMBER,
        {"L/min", "l/min"}, 0, 100},
    [VITALS_OXYGEN_SHARE] = {"oxygen-share", "Inhaled oxygen concentration", NUMBER,
        {"%"}, 20, 100},
    [VITALS_SYSTOLIC] = {"systolic", "Systolic blood pressure", NUMBER, {"mm[Hg]"}, 0,
        350},
    [VITALS_DIASTOLIC] = {"diastolic", "Diastolic blood pressure", NUMBER, {"mm[Hg]"},
        0, 250},
    [VITALS_PULSE] = {"pulse", "Heart rate", NUMBER, {"/min", "{beats}/min"}, 0, 400},
    [VITALS_CONSCIOUSNESS] = {"consciousness", "Level of consciousness", LEVEL, {0}, 0,
        0},
    [VITALS_TEMPERATURE] = {"temperature", "Body temperature", NUMBER, {"Cel"}, 10, 47},
    [VITALS_HEADACHE] = {"headache", NULL, POINTS, {0}, 0, 3},
    [VITALS_STOMACH] = {"stomach", NULL, POINTS, {0}, 0, 3},
    [VITALS_FATIGUE] = {"fatigue", NULL, POINTS, {0}, 0, 3},
    [VITALS_DIZZINESS] = {"dizziness", NULL, POINTS, {0}, 0, 3},
    [VITALS_UNSTEADY] = {"unsteady", NULL, FLAG, {0}, 0, 0},
    [VITALS_MIND_CHANGED] = {"mind-changed", NULL, FLAG, {0}, 0, 0},
    [VITALS_BREATHLESS] = {"breathless-at-rest", NULL, FLAG, {0}, 0, 0},
    [VITALS_FROTH] = {"cough-with-froth", NULL, FLAG, {0}, 0, 0},
    [VITALS_BELOW_PEERS] = {"far-below-peers", NULL, FLAG, {0}, 0, 0},
};

/* The signs of SICKNESS are called there as they are called here. */
static const struct {
    const char *code;
    enum vitals_sign sign;
} loinc_codes[] = {{"9279-1", VITALS_RESPIRATION}, {"2708-6", VITALS_SATURATION},
    {"59408-5", VITALS_SATURATION}, {"3151-8", VITALS_OXYGEN_FLOW},
    {"3150-6", VITALS_OXYGEN_SHARE}, {"8480-6", VITALS_SYSTOLIC},
    {"8462-4", VITALS_DIASTOLIC}, {"8867-4", VITALS_PULSE},
    {"80288-4", VITALS_CONSCIOUSNESS}, {"8310-5", VITALS_TEMPERATURE}};

const char *vitals_sign_name(enum vitals_sign sign)
{
    return signs[sign].name;
}

const char *vitals_codes(void)
{
    return LOINC "|9279-1," LOINC "|2708-6," LOINC "|59408-5," LOINC "|3151-8," LOINC
                 "|3150-6," LOINC "|8480-6," LOINC "|8462-4," LOINC "|85354-9," LOINC
                 "|8867-4," LOINC "|80288-4," LOINC "|8310-5," SICKNESS "|lake-louise";
}

const char *vitals_fact_codes(void)
{
    return LOINC "|82810-3," CONTEXT "|ascended";
}

const char *vitals_condition_codes(void)
{
    return CONTEXT "|hypercapnic-failure," ICD_10_CM "|J96.02," ICD_10_CM
                   "|J96.12," ICD_10_CM "|J96.22," ICD_10_CM "|J96.92";
}

/* ---- codes ---- */

static bool has_code(const struct json *concept, const char *system, const char *code)
{
    struct json_each it = json_each(json_get(concept, "coding"));

    while (json_next(&it)) {
        if (str_is(json_get_text(it.value, "system"), system) &&
            str_is(json_get_text(it.value, "code"), code))
            return true;
    }
    return false;
}

/* VITALS_SIGNS: none of those that are taken. Several codings say the same in other words
 * (59408-5 stands beside 2708-6): the first that is known decides. */
static enum vitals_sign sign_of(const struct json *concept)
{
    struct json_each it = json_each(json_get(concept, "coding"));

    while (json_next(&it)) {
        struct str system = json_get_text(it.value, "system");
        struct str code = json_get_text(it.value, "code");

        if (str_is(system, LOINC)) {
            for (size_t i = 0; i < sizeof(loinc_codes) / sizeof(loinc_codes[0]); i++) {
                if (str_is(code, loinc_codes[i].code))
                    return loinc_codes[i].sign;
            }
        }
        for (int i = VITALS_HEADACHE; str_is(system, SICKNESS) && i < VITALS_SIGNS;
             i++) {
            if (str_is(code, signs[i].name))
                return (enum vitals_sign)i;
        }
    }
    return VITALS_SIGNS;
}

/* ---- values ---- */

/* The member value[x]. */
static const struct json *value_of(const struct json *element, struct str *ret_name)
{
    struct json_each it = json_each(element);

    while (json_next(&it)) {
        if (str_starts(it.name, "value") && it.name.len > 5) {
            *ret_name = it.name;
            return it.value;
        }
    }
    return NULL;
}

static const char *take_number(const struct sign *s, struct vitals_reading *r)
{
    struct str code = json_get_text(r->value, "code");
    bool unit = false;

    if (!str_is(r->value_name, "valueQuantity"))
        return "no-quantity";
    if (json_get(r->value, "comparator"))
        return "comparator";
    for (size_t i = 0; i < sizeof(s->units) / sizeof(s->units[0]) && s->units[i]; i++)
        unit |= str_is(code, s->units[i]);
    if (!unit || !str_is(json_get_text(r->value, "system"), UCUM))
        return "unit";
    if (!fhir_number(json_text(json_get(r->value, "value")), &r->number))
        return "absent";
    return r->number < s->low || r->number > s->high ? "impossible" : NULL;
}

static const char *take_level(struct vitals_reading *r)
{
    static const char *const levels[] = {[NEWS2_ALERT] = "alert",
        [NEWS2_CONFUSED] = "confused",
        [NEWS2_VOICE] = "voice",
        [NEWS2_PAIN] = "pain",
        [NEWS2_UNRESPONSIVE] = "unresponsive"};

    for (int i = NEWS2_ALERT; i <= NEWS2_UNRESPONSIVE; i++) {
        if (has_code(r->value, CONSCIOUSNESS, levels[i])) {
            r->code = i;
            return NULL;
        }
    }
    return "code";
}

static const char *take_points(const struct sign *s, struct vitals_reading *r)
{
    if (!str_is(r->value_name, "valueInteger") ||
        !fhir_number(json_text(r->value), &r->number))
        return "no-integer";
    return r->number < s->low || r->number > s->high ? "impossible" : NULL;
}

static const char *take_flag(struct vitals_reading *r)
{
    if (!str_is(r->value_name, "valueBoolean"))
        return "no-boolean";
    r->number = json_kind(r->value) == JSON_TRUE;
    return NULL;
}

/* NULL, or why the value of ${r} does not count. */
static const char *take_value(struct vitals_reading *r, const struct json *element)
{
    const struct sign *s = &signs[r->sign];

    r->value = value_of(element, &r->value_name);
    if (!r->value) {
        /* oxygen is given, and nobody wrote down how much */
        if (r->sign == VITALS_OXYGEN_FLOW &&
            has_code(json_get(element, "dataAbsentReason"), ABSENT, "unknown")) {
            r->value_name = STR("dataAbsentReason");
            r->value = json_get(element, "dataAbsentReason");
            r->number = (double)NAN;
            return NULL;
        }
        return "absent";
    }
    switch (s->kind) {
    case NUMBER:
        return take_number(s, r);
    case LEVEL:
        return take_level(r);
    case POINTS:
        return take_points(s, r);
    case FLAG:
        break;
    }
    return take_flag(r);
}

/* ---- readings ---- */

/* The next place of an array of the call's; NULL: no memory. */
static void *grow(struct arena *a, void *list, size_t count, size_t *cap, size_t size)
{
    size_t more = *cap ? *cap * 2 : 32;
    void *grown = list;

    if (count == *cap) {
        grown = arena_grow(a, list, *cap * size, more * size);
        if (grown)
            *cap = more;
    }
    return grown;
}

static int add_reading(
    struct vitals *v, const struct vitals_reading *reading, struct err *err)
{
    struct vitals_reading *list =
        grow(v->a, v->readings, v->reading_count, &v->reading_cap, sizeof(*list));

    if (!list)
        return err_nomem(err);
    v->readings = list;
    list[v->reading_count++] = *reading;
    return 0;
}

static int leave_out(
    struct vitals *v, struct str record, const char *why, struct err *err)
{
    struct vitals_left_out *list =
        grow(v->a, v->left_out, v->left_out_count, &v->left_out_cap, sizeof(*list));

    if (!list)
        return err_nomem(err);
    v->left_out = list;
    list[v->left_out_count++] = (struct vitals_left_out){record, why};
    return 0;
}

/* When it was so, as written; p NULL: it does not say. */
static struct str time_text(const struct json *o)
{
    struct str text = json_get_text(o, "effectiveDateTime");

    if (!text.p)
        text = json_get_text(o, "effectiveInstant");
    if (!text.p)
        text = json_get_text(json_get(o, "effectivePeriod"), "start");
    return text;
}

/* The reading of an Observation or of a component of one, if it is one that is taken. */
static int take_element(struct vitals *v, const struct vitals_reading *common,
    const struct json *element, struct err *err)
{
    struct vitals_reading r = *common;

    r.sign = sign_of(json_get(element, "code"));
    if (r.sign == VITALS_SIGNS)
        return 0;
    r.display = str_of(signs[r.sign].display);
    r.unused = take_value(&r, element);
    return add_reading(v, &r, err);
}

static int take_readings(struct vitals *v, const struct json *o,
    struct vitals_reading *common, struct err *err)
{
    struct json_each it = json_each(json_get(o, "component"));
    utc_ms hi = 0;
    int r = 0;

    if (v->trial && !common->at_text.p)
        common->at = time_now();
    else if (!common->at_text.p || !fhir_date_range(common->at_text, &common->at, &hi))
        return leave_out(v, common->record, "no-time", err);
    if (common->at < v->from || common->at >= v->until)
        return 0;
    common->height = vitals_height(o);
    r = take_element(v, common, o, err);
    while (r == 0 && json_next(&it))
        r = take_element(v, common, it.value, err);
    return r;
}

/* ---- one by itself ---- */

bool vitals_is(const struct json *observation)
{
    struct json_each it = json_each(json_get(observation, "component"));
    bool found = sign_of(json_get(observation, "code")) != VITALS_SIGNS;

    while (!found && json_next(&it))
        found = sign_of(json_get(it.value, "code")) != VITALS_SIGNS;
    return found;
}

static bool is_impossible(const struct json *element)
{
    struct vitals_reading r = {.sign = sign_of(json_get(element, "code"))};
    const char *why = r.sign == VITALS_SIGNS ? NULL : take_value(&r, element);

    return why && strcmp(why, "impossible") == 0;
}

bool vitals_impossible(const struct json *observation)
{
    struct json_each it = json_each(json_get(observation, "component"));
    bool found = is_impossible(observation);

    while (!found && json_next(&it))
        found = is_impossible(it.value);
    return found;
}

/* ---- facts ---- */

static int add_fact(struct vitals *v, struct vitals_facts *facts,
    const struct vitals_fact *fact, struct err *err)
{
    struct vitals_fact *list =
        grow(v->a, facts->list, facts->count, &facts->cap, sizeof(*list));

    if (!list)
        return err_nomem(err);
    facts->list = list;
    list[facts->count++] = *fact;
    return 0;
}

/* When somebody came up, told as an Observation or as a component of one. */
static int take_ascent(
    struct vitals *v, const struct json *element, struct str record, struct err *err)
{
    struct vitals_fact fact = {.until = UTC_MS_MAX, .record = record, .yes = true};
    utc_ms hi = 0;

    fact.text = json_get_text(element, "valueDateTime");
    if (!has_code(json_get(element, "code"), CONTEXT, "ascended") || !fact.text.p ||
        !fhir_date_range(fact.text, &fact.from, &hi))
        return 0;
    return add_fact(v, &v->ascents, &fact, err);
}

static int take_pregnancy(
    struct vitals *v, const struct json *o, struct str record, struct err *err)
{
    const struct json *value = json_get(o, "valueCodeableConcept");
    struct vitals_fact fact = {.record = record, .text = time_text(o)};
    utc_ms hi = 0;

    if (!has_code(json_get(o, "code"), LOINC, "82810-3") || !fact.text.p ||
        !fhir_date_range(fact.text, &fact.from, &hi))
        return 0;
    fact.yes =
        has_code(value, SNOMED, "77386006") || has_code(value, LOINC, "LA15173-0");
    fact.until = fact.from + VITALS_PREGNANT_MS;
    return add_fact(v, &v->pregnancies, &fact, err);
}

/* Failure of the lungs to get rid of carbon dioxide, confirmed and under way. */
static int take_condition(
    struct vitals *v, const struct json *c, struct str record, struct err *err)
{
    static const char *const icd[] = {"J96.02", "J96.12", "J96.22", "J96.92"};
    const struct json *code = json_get(c, "code");
    const struct json *state = json_get(c, "clinicalStatus");
    bool failure = has_code(code, CONTEXT, "hypercapnic-failure");
    struct vitals_fact fact = {
        .from = UTC_MS_MIN, .until = UTC_MS_MAX, .record = record, .yes = true};
    utc_ms hi = 0;

    for (size_t i = 0; i < sizeof(icd) / sizeof(icd[0]); i++)
        failure |= has_code(code, ICD_10_CM, icd[i]);
    failure &= has_code(json_get(c, "verificationStatus"), CONDITION_SURE, "confirmed");
    failure &= has_code(state, CONDITION_STATE, "active") ||
               has_code(state, CONDITION_STATE, "recurrence") ||
               has_code(state, CONDITION_STATE, "relapse");
    if (!failure)
        return 0;
    fact.text = json_get_text(c, "onsetDateTime");
    if (!fact.text.p)
        fact.text = json_get_text(c, "recordedDate");
    if (fact.text.p)
        fhir_date_range(fact.text, &fact.from, &hi);
    return add_fact(v, &v->failures, &fact, err);
}

/* ---- all of it ---- */

static bool counts(const struct json *o)
{
    struct str status = json_get_text(o, "status");

    return str_is(status, "final") || str_is(status, "amended") ||
           str_is(status, "corrected") || str_is(status, "preliminary");
}

/* "Type/ID" of ${resource}; p NULL: it has no id, or there is no memory. */
static struct str name_of(struct vitals *v, const struct json *resource)
{
    struct str type = json_get_text(resource, "resourceType");
    struct str id = json_get_text(resource, "id");

    if (!id.p)
        return (struct str){NULL, 0};
    return str_of(
        arena_printf(v->a, "%.*s/%.*s", (int)type.len, type.p, (int)id.len, id.p));
}

int vitals_take(
    struct vitals *v, const struct json *resource, bool sets, struct err *err)
{
    struct str record = name_of(v, resource);
    struct vitals_reading common = {
        .record = record, .at_text = time_text(resource), .number = (double)NAN};
    struct json_each it = json_each(json_get(resource, "component"));
    int r = 0;

    if (str_is(json_get_text(resource, "resourceType"), "Condition"))
        return take_condition(v, resource, record, err);
    if (!counts(resource))
        return 0;
    r = take_pregnancy(v, resource, record, err);
    if (r == 0)
        r = take_ascent(v, resource, record, err);
    while (r == 0 && json_next(&it))
        r = take_ascent(v, it.value, record, err);
    if (r == 0 && sets)
        r = take_readings(v, resource, &common, err);
    return r;
}

/* ---- heights ---- */

const struct json *vitals_height(const struct json *element)
{
    struct json_each it = json_each(json_get(element, "extension"));

    while (json_next(&it)) {
        if (str_is(json_get_text(it.value, "url"), ALTITUDE))
            return json_get(it.value, "valueQuantity");
    }
    return NULL;
}

bool vitals_metres(
    const struct json *quantity, double *ret_metres, const struct json **ret_value)
{
    const struct json *value = json_get(quantity, "value");
    double metres = 0;

    if (!str_is(json_get_text(quantity, "system"), UCUM) ||
        !str_is(json_get_text(quantity, "code"), "m") ||
        json_get(quantity, "comparator") || !fhir_number(json_text(value), &metres))
        return false;
    *ret_metres = metres;
    *ret_value = value;
    return true;
}
