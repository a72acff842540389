/* SPDX-License-Identifier: Apache-2.0 */
#include "view/procedure.h"

#include "engine/competence/sign_off.h"
#include "fhir/definition.h"
#include "fhir/value.h"

#define DAY_MS ((utc_ms)24 * 3600 * 1000)

static const char *const functions[] = {
    "operator", "supervisor", "assistant", "observer"};
static const char *const results[] = {
    "", "well", "complication", "serious", "died", "unknown"};
static const char *const looks[] = {"discharge", "day-30"};
static const char *const scales[] = {"", "zwisch", "o-score"};
static const char *const performances[] = {
    "", "unprepared", "inexperienced", "intermediate", "practice-ready", "exceptional"};
static const char *const difficulties[] = {"", "easier", "average", "harder"};

#define COUNT(list) ((int)(sizeof(list) / sizeof((list)[0])))

/* The place of ${code} in ${list} from ${first}; ${none}: it is not there. */
static int place_of(
    const char *const *list, int first, int count, struct str code, int none)
{
    for (int i = first; code.p && i < count; i++) {
        if (str_is(code, list[i]))
            return i;
    }
    return none;
}

const char *procedure_function_code(enum procedure_function function)
{
    return function < FUNCTION_NONE ? functions[function] : "";
}

enum procedure_function procedure_function_of(struct str code)
{
    return (enum procedure_function)place_of(
        functions, 0, COUNT(functions), code, FUNCTION_NONE);
}

const char *procedure_result_code(enum procedure_result result)
{
    return result < RESULTS ? results[result] : "";
}

enum procedure_result procedure_result_of(struct str code)
{
    return (enum procedure_result)place_of(results, 1, COUNT(results), code, RESULTS);
}

const char *procedure_look_code(enum procedure_look look)
{
    return look < LOOKS ? looks[look] : "";
}

const char *rating_scale_code(enum rating_scale scale)
{
    return scales[scale];
}

enum rating_scale rating_scale_of(struct str code)
{
    return (enum rating_scale)place_of(scales, 1, COUNT(scales), code, SCALE_NONE);
}

const char *rating_performance_code(int performance)
{
    return performance > 0 && performance < COUNT(performances)
               ? performances[performance]
               : "";
}

int rating_performance_of(struct str code)
{
    return place_of(performances, 1, COUNT(performances), code, 0);
}

const char *rating_difficulty_code(int difficulty)
{
    return difficulty > 0 && difficulty < COUNT(difficulties) ? difficulties[difficulty]
                                                              : "";
}

int rating_difficulty_of(struct str code)
{
    return place_of(difficulties, 1, COUNT(difficulties), code, 0);
}

enum procedure_look procedure_missing(const enum procedure_result found[LOOKS])
{
    if (found[LOOK_DISCHARGE] == RESULT_DIED)
        return LOOKS;
    if (found[LOOK_DISCHARGE] == RESULT_NOT_ASKED)
        return found[LOOK_DAY_30] == RESULT_NOT_ASKED ? LOOK_DISCHARGE : LOOKS;
    return found[LOOK_DAY_30] == RESULT_NOT_ASKED ? LOOK_DAY_30 : LOOKS;
}

bool procedure_serious(const enum procedure_result found[LOOKS], bool reviewed)
{
    bool serious = false;

    for (int i = 0; i < LOOKS; i++)
        serious = serious || found[i] == RESULT_SERIOUS || found[i] == RESULT_DIED;
    return serious && !reviewed;
}

utc_ms procedure_due(enum procedure_look look, utc_ms performed)
{
    return performed + (look == LOOK_DAY_30 ? 30 * DAY_MS : 0);
}

/* ---- reading ---- */

/* The code of ${system} in ${concept}; p NULL: none. */
static struct str code_of(const struct json *concept, const char *system)
{
    struct json_each it = json_each(json_get(concept, "coding"));

    while (json_next(&it)) {
        if (str_is(json_get_text(it.value, "system"), system))
            return json_get_text(it.value, "code");
    }
    return (struct str){NULL, 0};
}

/* The id that ${reference} names, if it is of ${type}; else p NULL. */
static struct str id_of(const struct json *reference, const char *type)
{
    struct str text = json_get_text(reference, "reference");
    struct fhir_reference ref = {.form = FHIR_REF_NONE};

    if (text.p)
        ref = fhir_reference_parse(text, (struct str){NULL, 0});
    if (ref.form == FHIR_REF_LOCAL &&
        ref.type == fhir_resource_named(str_of(type))->number)
        return ref.id;
    return (struct str){NULL, 0};
}

/* The place of ${who} among the parts; LIMIT_PROCEDURE_PARTS: there are too many. */
static size_t add_part(
    struct procedure *p, struct str who, enum procedure_function function)
{
    for (size_t i = 0; i < p->part_count; i++) {
        if (!str_eq(p->parts[i].who, who))
            continue;
        if (function < p->parts[i].function)
            p->parts[i].function = function;
        return i;
    }
    if (p->part_count == LIMIT_PROCEDURE_PARTS)
        return LIMIT_PROCEDURE_PARTS;
    p->parts[p->part_count] = (struct procedure_part){who, function};
    return p->part_count++;
}

/* Which step ${performer} is of; len 0: of the whole. */
static struct str step_of(const struct json *performer)
{
    struct json_each it = json_each(json_get(performer, "extension"));

    while (json_next(&it)) {
        if (str_is(json_get_text(it.value, "url"), PROCEDURE_STEP_URL))
            return json_get_text(it.value, "valueString");
    }
    return (struct str){NULL, 0};
}

static void add_performer(struct procedure *p, struct str who,
    enum procedure_function function, struct str step)
{
    bool whole = step.len == 0;
    size_t at = add_part(p, who,
        !whole && function == FUNCTION_OPERATOR ? FUNCTION_ASSISTANT : function);

    if (!whole && at < LIMIT_PROCEDURE_PARTS && step.len <= LIMIT_STEP_BYTES &&
        p->step_count < LIMIT_PROCEDURE_STEPS)
        p->steps[p->step_count++] = (struct procedure_step){at, function, step};
}

static void read_parts(const struct json *resource, struct procedure *p)
{
    struct json_each it = json_each(json_get(resource, "performer"));

    while (json_next(&it)) {
        struct str who = id_of(json_get(it.value, "actor"), "Practitioner");
        enum procedure_function function = procedure_function_of(
            code_of(json_get(it.value, "function"), PROCEDURE_FUNCTION_SYSTEM));

        if (who.p && function != FUNCTION_NONE)
            add_performer(p, who, function, step_of(it.value));
    }
}

static void read_follow_up(const struct json *extension, struct procedure *p)
{
    struct json_each part = json_each(json_get(extension, "extension"));
    struct str at = {NULL, 0};
    struct str result = {NULL, 0};
    int look = 0;

    while (json_next(&part)) {
        struct str url = json_get_text(part.value, "url");

        if (str_is(url, "at"))
            at = json_get_text(part.value, "valueCode");
        else if (str_is(url, "result"))
            result = json_get_text(part.value, "valueCode");
    }
    look = place_of(looks, 0, LOOKS, at, LOOKS);
    if (look < LOOKS && procedure_result_of(result) != RESULTS)
        p->results[look] = procedure_result_of(result);
    p->reviewed = p->reviewed || str_is(at, "review");
}

/* What the older logbook says became of it stands where the second look would. */
static void read_imported(const struct json *extension, struct procedure *p)
{
    struct json_each part = json_each(json_get(extension, "extension"));

    p->imported = true;
    while (json_next(&part)) {
        enum procedure_result result =
            procedure_result_of(json_get_text(part.value, "valueCode"));

        if (str_is(json_get_text(part.value, "url"), "result") && result != RESULTS)
            p->results[LOOK_DAY_30] = result;
    }
}

static void read_extensions(const struct json *resource, struct procedure *p)
{
    struct json_each it = json_each(json_get(resource, "extension"));

    while (json_next(&it)) {
        struct str url = json_get_text(it.value, "url");

        if (str_is(url, PROCEDURE_DEPARTMENT_URL))
            p->department = id_of(json_get(it.value, "valueReference"), "Organization");
        else if (str_is(url, PROCEDURE_FOLLOW_UP_URL))
            read_follow_up(it.value, p);
        else if (str_is(url, PROCEDURE_IMPORTED_URL))
            read_imported(it.value, p);
    }
}

bool procedure_read(const struct json *resource, struct procedure *ret)
{
    struct str when = json_get_text(resource, "performedDateTime");
    struct procedure p = {
        .code = code_of(json_get(resource, "code"), PROCEDURE_SYSTEM)};
    utc_ms end = 0;

    if (!when.p)
        when = json_get_text(json_get(resource, "performedPeriod"), "start");
    if (!str_is(json_get_text(resource, "resourceType"), "Procedure") ||
        !str_is(json_get_text(resource, "status"), "completed") || p.code.len == 0 ||
        p.code.len > LIMIT_PROCEDURE_CODE || !when.p ||
        !fhir_date_range(when, &p.when, &end))
        return false;
    read_parts(resource, &p);
    if (p.part_count == 0)
        return false;
    read_extensions(resource, &p);
    *ret = p;
    return true;
}

/* ---- ratings ---- */

static int64_t integer_of(const struct json *component)
{
    const struct json *value = json_get(component, "valueInteger");
    int64_t n = 0;

    return value && text_int(json_text(value), 0, 100, &n) ? n : 0;
}

static void add_step_rating(struct str step, int original, struct procedure_rating *r)
{
    if (step.len > 0 && step.len <= LIMIT_STEP_BYTES && original > 0 &&
        r->step_count < LIMIT_OWN_STEPS)
        r->steps[r->step_count++] = (struct procedure_step_rating){step, original};
}

static void read_component(const struct json *component, struct procedure_rating *r)
{
    struct str code = code_of(json_get(component, "code"), RATING_SYSTEM);
    const struct json *concept = json_get(component, "valueCodeableConcept");
    enum rating_scale scale = rating_scale_of(code);

    if (scale != SCALE_NONE) {
        r->scale = scale;
        r->original = (int)integer_of(component);
    } else if (str_is(code, "performance")) {
        r->performance = rating_performance_of(code_of(concept, RATING_SYSTEM));
    } else if (str_is(code, "difficulty")) {
        r->difficulty = rating_difficulty_of(code_of(concept, RATING_SYSTEM));
    } else if (str_is(code, "step")) {
        add_step_rating(json_get_text(json_get(component, "code"), "text"),
            (int)integer_of(component), r);
    }
}

int rating_scale_most(enum rating_scale scale)
{
    return scale == SCALE_ZWISCH ? 4 : 5;
}

int rating_level_of(enum rating_scale scale, int original)
{
    return (int)(scale == SCALE_ZWISCH ? independence_of_zwisch(original)
                                       : independence_of_o_score(original));
}

static bool is_answered(const struct json *resource, struct str whom)
{
    struct json_each it = json_each(json_get(resource, "note"));

    while (json_next(&it)) {
        struct str author =
            id_of(json_get(it.value, "authorReference"), "Practitioner");

        if (author.p && str_eq(author, whom))
            return true;
    }
    return false;
}

bool procedure_rating_read(const struct json *resource, struct procedure_rating *ret)
{
    struct json_each it = json_each(json_get(resource, "component"));
    struct str issued = json_get_text(resource, "issued");
    struct procedure_rating r = {
        .whom = id_of(json_at(json_get(resource, "focus"), 0), "Practitioner"),
        .by = id_of(json_at(json_get(resource, "performer"), 0), "Practitioner"),
        .procedure = id_of(json_at(json_get(resource, "partOf"), 0), "Procedure")};
    utc_ms end = 0;

    if (!str_is(code_of(json_get(resource, "code"), RATING_SYSTEM), RATING_CODE) ||
        !str_is(json_get_text(resource, "status"), "final") || !r.whom.p || !r.by.p ||
        !r.procedure.p || str_eq(r.whom, r.by))
        return false;
    if (!issued.p || !fhir_date_range(issued, &r.when, &end))
        r.when = 0;
    while (json_next(&it))
        read_component(it.value, &r);
    r.level = rating_level_of(r.scale, r.original);
    r.answered = is_answered(resource, r.whom);
    *ret = r;
    return r.scale != SCALE_NONE && r.level != INDEPENDENCE_NOT_RATED;
}
