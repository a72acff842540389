/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A logbook as Parameters: whose it is, a "procedure" for each line with its curve, the
 * conditions and the rule they come from, and a "case" for each row of the page.
 */
#include "app/logbook_internal.h"
#include "fhir/part.h"

/* ---- parts ---- */

int logbook_put_who(struct app_call *call, struct store_reader *snapshot,
    struct json_out *o, const char *name, store_rid rid, struct err *err)
{
    struct str id = {NULL, 0};
    const char *text = NULL;
    int r = rid ? store_name(snapshot, call->arena, rid, &id, err) : 0;

    if (r < 0 || !rid)
        return r;
    text = arena_printf(call->arena, "%s/%.*s",
        fhir_type_numbered(store_rid_type(rid))->name, (int)id.len, id.p);
    if (!text)
        return err_nomem(err);
    fhir_part_open(o, name);
    fhir_put_reference_shown(o, "valueReference", str_of(text),
        procedure_name(call, snapshot, str_of(text)));
    json_close(o, '}');
    return 0;
}

/* ---- a procedure ---- */

static void put_rule(struct json_out *o, const struct procedure_rule *rule)
{
    char version[16];

    fhir_parts_open(o, "rule");
    snprintf(version, sizeof(version), "%d", rule->version);
    fhir_part_put(o, "id", "valueId", rule->id);
    fhir_part_put(o, "version", "valueString", str_of(version));
    fhir_part_put(o, "source", "valueString", rule->source);
    fhir_part_put_real(o, "inadequate", rule->curve.inadequate);
    fhir_part_put_real(o, "adequate", rule->curve.adequate);
    fhir_part_put_real(o, "alpha", rule->curve.alpha);
    fhir_part_put_int(o, "horizon", rule->curve.horizon);
    fhir_part_put_real(o, "limit", rule->curve.limit);
    fhir_part_put_real(o, "highest-rate", rule->sign_off.highest_rate);
    fhir_part_put_real(o, "confidence", rule->sign_off.confidence);
    fhir_part_put_int(o, "recent-days", rule->sign_off.recent_days);
    for (int i = RESULT_COMPLICATION; i <= RESULT_DIED; i++) {
        if (rule->failure >> i & 1)
            fhir_part_put(o, "failure", "valueCode",
                str_of(procedure_result_code((enum procedure_result)i)));
    }
    fhir_parts_close(o);
}

static void put_curve(struct json_out *o, const struct logbook_line *line)
{
    static const char *const verdicts[] = {"arrived", "on-the-way", "undecidable"};
    const struct curve_state *curve = &line->list.curve;

    fhir_parts_open(o, "curve");
    fhir_part_put(o, "verdict", "valueCode", str_of(verdicts[curve->verdict]));
    fhir_part_put_real(o, "score", curve->score);
    fhir_part_put_int(o, "cases", curve->cases);
    fhir_part_put_int(o, "failures", curve->failures);
    fhir_part_put_int(o, "arrived-at", curve->arrived_at);
    fhir_part_put_int(o, "straight", curve->straight);
    fhir_part_put_int(o, "needed", curve->needed);
    fhir_part_put_int(o, "expected", line->expected);
    for (size_t i = 0; i < line->score_count; i++) {
        fhir_parts_open(o, "point");
        fhir_part_put_day(o, "day", line->when[i]);
        fhir_part_put_flag(o, "failed", line->failed[i]);
        fhir_part_put_real(o, "score", line->scores[i]);
        fhir_parts_close(o);
    }
    fhir_parts_close(o);
}

static void put_conditions(struct json_out *o, const struct sign_off_list *list)
{
    static const char *const names[] = {"volume", "ratings", "assessors", "rotations",
        "curve", "outcomes", "no-event", "recency", "place"};
    static const char *const answers[] = {"not-known", "not-met", "met"};

    for (int i = 0; i < SIGN_OFF_CONDITIONS; i++) {
        const struct sign_off_line *line = &list->lines[i];

        fhir_parts_open(o, "condition");
        fhir_part_put(o, "name", "valueCode", str_of(names[i]));
        fhir_part_put(o, "answer", "valueCode", str_of(answers[line->answer]));
        fhir_part_put_int(o, "value", line->value);
        fhir_part_put_int(o, "needed", line->needed);
        fhir_parts_close(o);
    }
}

void logbook_put_line(struct json_out *o, const struct logbook_line *line)
{
    fhir_parts_open(o, "procedure");
    fhir_part_put(o, "code", "valueCode", line->code);
    for (int i = 0; i < FUNCTION_NONE; i++)
        fhir_part_put_int(o, procedure_function_code((enum procedure_function)i),
            line->by_function[i]);
    if (line->imported > 0)
        fhir_part_put_int(o, "imported", line->imported);
    fhir_part_put_int(o, "rated", line->rated);
    if (line->last_level)
        fhir_part_put_int(o, "last-level", line->last_level);
    fhir_part_put_int(o, "outcomes-known", line->known);
    fhir_part_put_int(o, "failures", line->failures);
    if (line->operated) {
        fhir_part_put_int(o, "more-cases", line->list.more_cases);
        fhir_part_put_flag(o, "all-met", line->list.all_met);
        put_curve(o, line);
        put_conditions(o, &line->list);
    }
    put_rule(o, line->rule);
    fhir_parts_close(o);
}

/* ---- a row ---- */

static const char *outcome_word(enum sign_off_outcome outcome)
{
    static const char *const codes[] = {"not-known", "good", "failure"};

    return codes[outcome];
}

static void put_rated_step(struct json_out *o, const struct logbook_rating *rating,
    const struct procedure_step_rating *step)
{
    fhir_parts_open(o, "step");
    fhir_part_put(o, "name", "valueString", step->step);
    fhir_part_put_int(o, "level", rating_level_of(rating->scale, step->original));
    fhir_part_put_int(o, "value", step->original);
    fhir_parts_close(o);
}

static int put_rating(struct logbook_answer *l, struct json_out *o,
    const struct logbook_rating *rating, struct err *err)
{
    int r = 0;

    fhir_parts_open(o, "rating");
    r = logbook_put_who(l->call, l->snapshot, o, "assessor", rating->assessor, err);
    fhir_part_put_int(o, "level", rating->level);
    fhir_part_put(o, "scale", "valueCode", str_of(rating_scale_code(rating->scale)));
    fhir_part_put_int(o, "value", rating->original);
    fhir_part_put(o, "performance", "valueCode",
        str_of(rating_performance_code(rating->performance)));
    fhir_part_put(o, "difficulty", "valueCode",
        str_of(rating_difficulty_code(rating->difficulty)));
    fhir_part_put_flag(o, "answered", rating->answered);
    for (size_t i = 0; i < rating->step_count; i++)
        put_rated_step(o, rating, &rating->steps[i]);
    if (r == 0)
        r = logbook_put_who(
            l->call, l->snapshot, o, "observation", rating->observation, err);
    fhir_parts_close(o);
    return r;
}

static int put_ratings(struct logbook_answer *l, struct json_out *o,
    const struct logbook_case *c, struct err *err)
{
    int r = 0;

    for (size_t i = 0; r == 0 && i < l->ratings.count; i++) {
        if (l->ratings.list[i].procedure == c->procedure)
            r = put_rating(l, o, &l->ratings.list[i], err);
    }
    return r;
}

static void put_steps(struct json_out *o, const struct logbook_case *c)
{
    for (size_t i = 0; i < c->step_count; i++) {
        fhir_parts_open(o, "step");
        fhir_part_put(o, "name", "valueString", c->steps[i].step);
        fhir_part_put(o, "function", "valueCode",
            str_of(procedure_function_code(c->steps[i].function)));
        fhir_parts_close(o);
    }
}

static int put_case(struct logbook_answer *l, struct json_out *o,
    const struct logbook_case *c, struct err *err)
{
    const struct procedure_rule *rule = NULL;
    struct str id = {NULL, 0};
    int r = store_name(l->snapshot, l->call->arena, c->procedure, &id, err);

    if (r == 0)
        r = procedure_rule_of(l->call->app->rules, c->code, &rule, err);
    if (r < 0)
        return r;
    fhir_parts_open(o, "case");
    fhir_part_put(o, "id", "valueId", id);
    fhir_part_put(o, "code", "valueCode", c->code);
    fhir_part_put_day(o, "day", c->when);
    fhir_part_put(
        o, "function", "valueCode", str_of(procedure_function_code(c->function)));
    fhir_part_put(o, "outcome", "valueCode",
        str_of(outcome_word(procedure_outcome(rule, c->results))));
    fhir_part_put_flag(
        o, "event-open", !c->imported && procedure_serious(c->results, c->reviewed));
    if (c->imported)
        fhir_part_put_flag(o, "imported", true);
    put_steps(o, c);
    r = logbook_put_who(l->call, l->snapshot, o, "department", c->department, err);
    for (size_t i = 0; r == 0 && i < c->part_count; i++) {
        if (c->parts[i].who != l->rid)
            r = logbook_put_who(l->call, l->snapshot, o,
                procedure_function_code(c->parts[i].function), c->parts[i].who, err);
    }
    if (r == 0)
        r = put_ratings(l, o, c, err);
    fhir_parts_close(o);
    return r;
}

int logbook_write(struct logbook_answer *l, struct err *err)
{
    struct json_out out = json_out(&l->call->answer);
    int r = 0;

    fhir_parameters_open(&out);
    r = logbook_put_who(l->call, l->snapshot, &out, "person", l->rid, err);
    fhir_part_put(&out, "next", "valueString", l->next);
    fhir_part_put_flag(&out, "more", l->cases.more);
    for (size_t i = 0; r == 0 && i < l->line_count; i++)
        logbook_put_line(&out, &l->lines[i]);
    for (size_t i = l->from; r == 0 && i < l->to; i++) {
        if (!l->code.p || str_eq(l->cases.list[i].code, l->code))
            r = put_case(l, &out, &l->cases.list[i], err);
    }
    fhir_parameters_close(&out);
    return r;
}
