/* SPDX-License-Identifier: Apache-2.0 */
/*
 * POST ProcedureRule/$change: the next version of a procedure's rule (docs/SIGNOFF.md).
 *
 *   procedure   a code of CodeSystem/procedure; none: the usual rule
 *   replaces    the version that counts and that the caller saw: "ercp-1"
 *   a figure, failure, source    what is to be otherwise; the rest stays as it is
 *   reason, code                 why, and a one-time code
 *   try         true: nothing is written, and what it would mean is answered
 *
 * GET ProcedureRule/$rules: those that count, and what follows from them. Both answer Parameters.
 * A rule holds for the whole node, since what somebody can do has to mean the same on all of the
 * map: quality officers and coordinators change it, and everybody sees who did and why.
 */
#include <string.h>

#include "app/catalogue.h"
#include "app/change.h"
#include "app/procedure_internal.h"
#include "app/procedure_rule.h"
#include "app/seek.h"
#include "app/sign_in.h"
#include "engine/competence/bayes.h"
#include "fhir/part.h"
#include "fhir/put.h"
#include "fhir/value.h"

#define FEW 4 /* failures 0 to 3, for which the fewest cases are told */

struct ruling {
    struct app_call *call;
    const struct json *body;
    struct seek seek;
    struct str code;                     /* or PROCEDURE_RULE_USUAL */
    const struct procedure_rule *before; /* that counts for it now */
    struct procedure_rule after;
    struct str reason;
    const char *role; /* as what the caller changes it; NULL: may not */
    bool try;
};

/* ---- who ---- */

static const char *role_of(const struct app_caller *caller)
{
    static const char *const roles[] = {"quality-officer", "coordinator"};

    if (!caller->practitioner.p || caller->client.p)
        return NULL;
    for (size_t i = 0; i < caller->post_count; i++) {
        for (size_t k = 0; k < sizeof(roles) / sizeof(roles[0]); k++) {
            if (str_is(caller->posts[i].role, roles[k]))
                return roles[k];
        }
    }
    return NULL;
}

/* ---- what is answered ---- */

/* "recent-cases" of "recentCases". */
static void parameter_name(enum rule_figure figure, char ret[32])
{
    const char *name = procedure_figure_name(figure);
    size_t len = 0;

    for (; *name && len + 3 < 32; name++) {
        if (*name >= 'A' && *name <= 'Z')
            ret[len++] = '-';
        ret[len++] = (char)(*name >= 'A' && *name <= 'Z' ? *name + 'a' - 'A' : *name);
    }
    ret[len] = '\0';
}

static void put_figures(struct json_out *o, const struct procedure_rule *rule)
{
    for (int i = 0; i < RULE_FIGURES; i++) {
        char name[32], text[32];

        parameter_name((enum rule_figure)i, name);
        if (procedure_figure_is_count((enum rule_figure)i)) {
            fhir_part_put_int(o, name, (long long)rule->figures[i]);
            continue;
        }
        procedure_figure_text(rule->figures[i], text);
        fhir_part_open(o, name);
        json_name(o, "valueDecimal");
        json_put_raw(o, str_of(text));
        json_close(o, '}');
    }
    for (int i = RESULT_COMPLICATION; i <= RESULT_DIED; i++) {
        if (rule->failure >> i & 1)
            fhir_part_put(o, "failure", "valueCode",
                str_of(procedure_result_code((enum procedure_result)i)));
    }
}

/* What it asks of people: the limits, and how soon they can be reached. */
static int put_meaning(
    struct json_out *o, const struct procedure_rule *rule, struct err *err)
{
    struct curve_rule curve = rule->curve;
    struct watch_rule watch = {.accepted = curve.adequate,
        .alarming = curve.inadequate,
        .horizon = curve.horizon,
        .alpha = curve.alpha};
    struct curve_state state = {0};
    double power = 0;
    int r = curve_prepare(&curve, err);

    if (r == 0)
        r = curve_state(&curve, NULL, 0, 0, &state, err);
    if (r == 0)
        r = curve_power(&curve, curve.adequate, curve.horizon, &power, err);
    if (r == 0)
        r = watch_prepare(&watch, err);
    if (r < 0)
        return r;
    fhir_parts_open(o, "meaning");
    fhir_part_put_real(o, "success", curve.success);
    fhir_part_put_real(o, "failure", curve.failure);
    fhir_part_put_real(o, "limit", curve.limit);
    fhir_part_put_int(o, "straight", state.straight);
    fhir_part_put_real(o, "power", power);
    fhir_part_put_real(o, "watch-limit", watch.limit);
    for (int i = 0; i < FEW; i++)
        fhir_part_put_int(o, "few",
            bayes_cases(i, rule->sign_off.highest_rate, rule->sign_off.confidence));
    fhir_parts_close(o);
    return 0;
}

/* Who changed it last, and why. */
static int put_change(struct json_out *o, struct ruling *g,
    const struct procedure_rule *rule, struct err *err)
{
    const struct json *record = NULL;
    const struct json *changed = NULL;
    struct str who = {NULL, 0};
    int r = seek_record(&g->seek, "ProcedureRule", rule->id, NULL, &record, err);

    changed = json_get(record, "changed");
    if (r < 0 || !changed)
        return r;
    who = json_get_text(json_get(changed, "who"), "reference");
    fhir_parts_open(o, "changed");
    fhir_part_open(o, "who");
    fhir_put_reference_shown(
        o, "valueReference", who, procedure_name(g->call, g->seek.snapshot, who));
    json_close(o, '}');
    fhir_part_put(o, "when", "valueDateTime", json_get_text(changed, "when"));
    fhir_part_put(o, "role", "valueCode", json_get_text(changed, "role"));
    fhir_part_put(o, "reason", "valueString", json_get_text(changed, "reason"));
    fhir_part_put(o, "replaces", "valueString",
        json_get_text(json_get(record, "replaces"), "reference"));
    fhir_parts_close(o);
    return 0;
}

static int put_rule(struct json_out *o, struct ruling *g,
    const struct procedure_rule *rule, struct err *err)
{
    int r = 0;

    fhir_parts_open(o, "rule");
    fhir_part_put(o, "id", "valueId", rule->id);
    fhir_part_put(o, "procedure", "valueCode", rule->code);
    fhir_part_put_int(o, "version", rule->version);
    fhir_part_put(o, "source", "valueString", rule->source);
    put_figures(o, rule);
    r = put_meaning(o, rule, err);
    if (r == 0)
        r = put_change(o, g, rule, err);
    fhir_parts_close(o);
    return r;
}

static void begin(struct json_out *o)
{
    json_open(o, '{');
    json_member(o, "resourceType", STR("Parameters"));
    json_name(o, "parameter");
    json_open(o, '[');
}

static void end(struct json_out *o)
{
    json_close(o, ']');
    json_close(o, '}');
}

/* ---- $change ---- */

static int take_procedure(struct ruling *g, struct err *err)
{
    struct str seen = json_get_text(body_parameter(g->body, "replaces"), "valueId");
    uint32_t thing = 0;
    int r = 0;

    g->code = json_get_text(body_parameter(g->body, "procedure"), "valueCode");
    if (!g->code.p)
        g->code = STR(PROCEDURE_RULE_USUAL);
    else if (!catalogue_find(STR(CATALOGUE_PROCEDURE_SYSTEM), g->code, &thing))
        return err_set(err, E_INVALID, "procedure",
            "Say of what: a valueCode of CodeSystem/procedure, or nothing for the "
            "usual "
            "rule.");
    r = procedure_rule_of(g->call->app->rules, g->code, &g->before, err);
    if (r == 0 && !(seen.p && str_eq(seen, g->before->id)))
        r = err_set(err, seen.p ? E_CONFLICT : E_INVALID, "replaces",
            "The rule that counts now is ProcedureRule/%.*s: look at it first, and say "
            "so "
            "by the parameter replaces.",
            (int)g->before->id.len, g->before->id.p);
    return r;
}

static int take_figure(struct ruling *g, enum rule_figure figure, struct err *err)
{
    const struct json *given = NULL;
    struct str text = {NULL, 0};
    char name[32];

    parameter_name(figure, name);
    given = body_parameter(g->body, name);
    if (!given)
        return 0;
    text = json_text(json_get(
        given, procedure_figure_is_count(figure) ? "valueInteger" : "valueDecimal"));
    if (text.p && fhir_number(text, &g->after.figures[figure]))
        return 0;
    return err_set(err, E_INVALID, procedure_figure_name(figure), "%s is a %s.", name,
        procedure_figure_is_count(figure) ? "valueInteger" : "valueDecimal");
}

static int take_failures(struct ruling *g, struct err *err)
{
    struct json_each it = json_each(json_get(g->body, "parameter"));
    unsigned found = 0;

    while (json_next(&it)) {
        enum procedure_result one = RESULTS;

        if (!str_is(json_get_text(it.value, "name"), "failure"))
            continue;
        one = procedure_result_of(json_get_text(it.value, "valueCode"));
        if (one < RESULT_COMPLICATION || one > RESULT_DIED)
            return err_set(err, E_INVALID, "failure",
                "A failure is complication, serious or died.");
        found |= 1u << one;
    }
    if (found)
        g->after.failure = found;
    return 0;
}

static bool is_otherwise(const struct ruling *g)
{
    size_t count = sizeof(g->after.figures) / sizeof(g->after.figures[0]);

    for (size_t i = 0; i < count; i++) {
        if (g->before->figures[i] != g->after.figures[i])
            return true;
    }
    return g->before->failure != g->after.failure ||
           !str_eq(g->before->source, g->after.source);
}

static int name_next(struct ruling *g, struct err *err)
{
    const struct procedure_rule *own = NULL;
    const char *id = NULL;
    int r = procedure_rule_own(g->call->app->rules, g->code, &own, err);

    if (r < 0)
        return r;
    g->after.code = g->code;
    g->after.version = own ? own->version + 1 : 1;
    id = arena_printf(
        g->call->arena, "%.*s-%d", (int)g->code.len, g->code.p, g->after.version);
    if (!id)
        return err_nomem(err);
    g->after.id = str_of(id);
    return 0;
}

static int take(struct ruling *g, struct err *err)
{
    struct str source = {NULL, 0};
    int r = take_procedure(g, err);

    if (r < 0)
        return r;
    g->after = *g->before;
    g->try = json_kind(json_get(body_parameter(g->body, "try"), "valueBoolean")) ==
             JSON_TRUE;
    for (int i = 0; r == 0 && i < RULE_FIGURES; i++)
        r = take_figure(g, (enum rule_figure)i, err);
    if (r == 0)
        r = take_failures(g, err);
    if (r == 0)
        r = procedure_word(g->body, "source", &source, err);
    if (r == 0)
        r = procedure_word(g->body, "reason", &g->reason, err);
    if (r == 0 && source.p)
        g->after.source = source;
    if (r == 0)
        r = procedure_rule_make(&g->after, err);
    return r == 0 ? name_next(g, err) : r;
}

/* What only counts where it is written. */
static int check(struct ruling *g, struct err *err)
{
    if (!is_otherwise(g))
        return err_set(err, E_INVALID, NULL, "Nothing would be otherwise than it is.");
    if (!g->reason.p)
        return err_set(err, E_INVALID, "reason", "Say why, by the parameter reason.");
    return sign_in_second_factor(
        g->call, json_get_text(body_parameter(g->body, "code"), "valueString"), err);
}

static void put_record(struct buf *b, const struct ruling *g)
{
    struct json_out o = json_out(b);
    char link[96];

    snprintf(link, sizeof(link), "ProcedureRule/%.*s", (int)g->before->id.len,
        g->before->id.p);
    json_open(&o, '{');
    json_member(&o, "resourceType", STR("ProcedureRule"));
    json_member(&o, "id", g->after.id);
    if (!str_is(g->code, PROCEDURE_RULE_USUAL))
        fhir_put_concept(&o, "procedure", CATALOGUE_PROCEDURE_SYSTEM, g->code);
    json_name(&o, "version");
    json_put_int(&o, g->after.version);
    fhir_put_reference(&o, "replaces", str_of(link));
    json_member(&o, "source", g->after.source);
    json_name(&o, "changed");
    json_open(&o, '{');
    fhir_put_reference(&o, "who", g->call->caller.practitioner);
    fhir_put_time(&o, "when", call_now(g->call));
    json_member(&o, "role", str_of(g->role));
    json_member(&o, "reason", g->reason);
    json_close(&o, '}');
    procedure_rule_put_figures(&o, &g->after);
    json_close(&o, '}');
}

/* Somebody who was quicker by a moment has written the version of that number. */
static int write_rule(struct ruling *g, struct err *err)
{
    struct change change = {.call = g->call};
    struct buf b;
    int r = 0;

    buf_init(&b, LIMIT_RECORD_BYTES);
    put_record(&b, g);
    r = change_put(
        &change, fhir_resource_named(STR("ProcedureRule")), g->after.id, NULL, &b, err);
    buf_done(&b);
    return r == 0 ? change_commit(&change, err) : r;
}

static int change(struct ruling *g, struct err *err)
{
    struct json_out o = json_out(&g->call->answer);
    int r = call_alone(g->call, "$change", err);

    if (r == 0 && !g->role)
        r = err_set(err, E_FORBIDDEN, NULL,
            "Rules of procedures are changed by quality officers and coordinators.");
    if (r == 0)
        r = body_parameters(g->call, "$change", &g->body, err);
    if (r == 0)
        r = take(g, err);
    if (r == 0 && !g->try)
        r = check(g, err);
    if (r == 0 && !g->try)
        r = write_rule(g, err);
    if (r < 0)
        return r;
    g->call->status = g->try ? 200 : 201;
    begin(&o);
    r = put_rule(&o, g, &g->after, err);
    end(&o);
    return r;
}

/* ---- $rules ---- */

static int rules(struct ruling *g, struct err *err)
{
    struct json_out o = json_out(&g->call->answer);
    const struct procedure_rule *rule = NULL;
    int r =
        procedure_rule_of(g->call->app->rules, STR(PROCEDURE_RULE_USUAL), &rule, err);

    if (r < 0)
        return r;
    begin(&o);
    fhir_part_put_flag(&o, "may-change", g->role != NULL);
    r = put_rule(&o, g, rule, err);
    for (size_t i = 0; r == 0 && i < catalogue_procedure_count; i++) {
        r = procedure_rule_own(
            g->call->app->rules, str_of(catalogue_procedures[i].code), &rule, err);
        if (r == 0 && rule)
            r = put_rule(&o, g, rule, err);
    }
    end(&o);
    return r;
}

/* ---- the way ---- */

static int run(struct app_call *call, const struct rest *rest, struct err *err)
{
    struct store_reader *snapshot = NULL;
    struct ruling *g = arena_alloc(call->arena, sizeof(*g));
    int r = g ? call_read_begin(call, &snapshot, err) : err_nomem(err);

    if (r < 0)
        return r;
    *g = (struct ruling){.call = call,
        .seek = {call->app, snapshot, call->arena},
        .role = role_of(&call->caller)};
    r = rest->kind == REST_RULES ? rules(g, err) : change(g, err);
    call_read_end(call, snapshot);
    return r;
}

int rest_rules(struct app_call *call, const struct rest *rest, struct err *err)
{
    call->why_ = str_of(rest->word);
    return call_pool(call, rest, run, err);
}
