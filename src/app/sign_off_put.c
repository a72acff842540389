/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SignOff and Practitioner.qualification as they are written, and the conditions as
 * Parameters. A record that is there is copied member by member but for what changes.
 */
#include "app/catalogue.h"
#include "app/sign_off_internal.h"
#include "fhir/part.h"
#include "fhir/put.h"

#define DAY_MS ((utc_ms)24 * 3600 * 1000)

/* ---- conditions ---- */

static void put_equipment(struct json_out *o, const struct sign_off_equipment *all,
    bool serving, const char *name)
{
    bool open = false;

    for (size_t i = 0; i < all->count; i++) {
        if (all->serves[i] != serving)
            continue;
        if (!open) {
            json_name(o, name);
            json_open(o, '[');
        }
        open = true;
        json_put_str(o, all->kinds[i]);
    }
    if (open)
        json_close(o, ']');
}

static int put_condition(struct json_out *o, struct signing *g,
    enum sign_off_condition condition, struct err *err)
{
    const struct sign_off_line *line = &g->line->list.lines[condition];
    struct sign_off_evidence evidence = {.count = 0};
    int r = sign_off_evidence(g, condition, &evidence, err);

    json_open(o, '{');
    json_member(o, "name", str_of(sign_off_condition_code(condition)));
    json_member(o, "answer", str_of(sign_off_answer_code(line->answer)));
    if (condition != SIGN_OFF_PLACE) {
        json_name(o, "value");
        json_put_int(o, line->value);
        json_name(o, "needed");
        json_put_int(o, line->needed);
    }
    fhir_put_references(o, "evidence", evidence.list, evidence.count);
    if (condition == SIGN_OFF_PLACE) {
        put_equipment(o, g->equipment, true, "present");
        put_equipment(o, g->equipment, false, "missing");
    }
    json_close(o, '}');
    return r;
}

static void put_rule(struct json_out *o, const struct procedure_rule *rule)
{
    char version[16], link[96];

    snprintf(version, sizeof(version), "%d", rule->version);
    snprintf(link, sizeof(link), "ProcedureRule/%.*s", (int)rule->id.len, rule->id.p);
    json_member(o, "rules", str_of(version));
    fhir_put_reference(o, "rule", str_of(link));
}

static int put_conditions(struct json_out *o, struct signing *g, struct err *err)
{
    int r = 0;

    fhir_put_time(o, "listed", g->now);
    put_rule(o, g->line->rule);
    json_name(o, "condition");
    json_open(o, '[');
    for (int i = 0; r == 0 && i < SIGN_OFF_CONDITIONS; i++)
        r = put_condition(o, g, (enum sign_off_condition)i, err);
    json_close(o, ']');
    return r;
}

/* ---- a SignOff ---- */

int sign_off_put_proposal(
    struct buf *b, struct signing *g, struct str word, struct err *err)
{
    struct json_out o = json_out(b);
    int r = 0;

    json_open(&o, '{');
    json_member(&o, "resourceType", STR("SignOff"));
    json_member(&o, "id", g->s.id);
    json_member(&o, "status", STR("proposed"));
    fhir_put_reference(&o, "person", g->s.person);
    fhir_put_concept(&o, "procedure", CATALOGUE_PROCEDURE_SYSTEM, g->s.code);
    fhir_put_reference(&o, "department", g->s.department);
    fhir_put_reference(&o, "organization", g->s.hospital);
    if (g->s.renews.p)
        fhir_put_reference(&o, "renews", g->s.renews);
    json_name(&o, "proposed");
    json_open(&o, '{');
    fhir_put_reference(&o, "who", g->call->caller.practitioner);
    fhir_put_time(&o, "when", g->now);
    json_member(&o, "word", word);
    json_close(&o, '}');
    r = put_conditions(&o, g, err);
    json_close(&o, '}');
    return r;
}

static void put_act(
    struct json_out *o, const struct signing *g, const struct sign_off_act *act)
{
    json_member(o, "role", str_of(sign_off_role_code(act->role)));
    fhir_put_reference(o, "who", g->call->caller.practitioner);
    fhir_put_time(o, "when", g->now);
    sign_off_put_stand(o, act->stand);
}

static void put_unmet(struct json_out *o, const struct sign_off_list *list)
{
    json_name(o, "unmet");
    json_open(o, '[');
    for (int i = 0; i < SIGN_OFF_CONDITIONS; i++) {
        if (list->lines[i].answer != SIGN_OFF_MET)
            json_put_str(o, sign_off_condition_code((enum sign_off_condition)i));
    }
    json_close(o, ']');
}

int sign_off_put_signature(struct buf *b, struct signing *g,
    const struct sign_off_act *act, const char *until, struct err *err)
{
    static const char *const but[] = {
        "status", "signature", "listed", "rules", "rule", "condition", NULL};
    struct json_each it = json_each(json_get(g->s.json, "signature"));
    struct json_out o = json_out(b);
    int r = 0;

    json_open(&o, '{');
    fhir_put_but(&o, g->s.json, but);
    json_member(&o, "status", until ? STR("signed") : STR("proposed"));
    r = put_conditions(&o, g, err);
    json_name(&o, "signature");
    json_open(&o, '[');
    while (json_next(&it))
        json_put_value(&o, it.value);
    json_open(&o, '{');
    put_act(&o, g, act);
    json_name(&o, "against");
    json_put_bool(&o, act->against);
    if (act->against)
        put_unmet(&o, &g->line->list);
    json_member(&o, "reason", act->reason);
    json_close(&o, '}');
    json_close(&o, ']');
    if (until) {
        fhir_put_time(&o, "signed", g->now);
        json_member(&o, "validUntil", str_of(until));
    }
    json_close(&o, '}');
    return r;
}

int sign_off_put_end(struct buf *b, struct signing *g, const struct sign_off_act *act,
    const char *status, struct err *err)
{
    static const char *const but[] = {"status", NULL};
    struct json_out o = json_out(b);

    (void)err;
    json_open(&o, '{');
    fhir_put_but(&o, g->s.json, but);
    json_member(&o, "status", str_of(status));
    json_name(&o, status);
    json_open(&o, '{');
    put_act(&o, g, act);
    json_member(&o, "reason", act->reason);
    json_close(&o, '}');
    json_close(&o, '}');
    return 0;
}

void sign_off_put_acknowledged(struct buf *b, struct signing *g,
    const struct sign_off_act *act, const struct sign_off_chart *chart)
{
    static const char *const but[] = {"acknowledged", NULL};
    struct json_each it = json_each(json_get(g->s.json, "acknowledged"));
    struct json_out o = json_out(b);

    json_open(&o, '{');
    fhir_put_but(&o, g->s.json, but);
    json_name(&o, "acknowledged");
    json_open(&o, '[');
    while (json_next(&it))
        json_put_value(&o, it.value);
    for (size_t i = 0; i < chart->open_count; i++) {
        json_open(&o, '{');
        put_act(&o, g, act);
        json_member(&o, "reason", act->reason);
        fhir_put_reference(&o, "case", chart->open[i]);
        json_close(&o, '}');
    }
    json_close(&o, ']');
    json_close(&o, '}');
}

/* ---- Practitioner.qualification ---- */

/* The SignOff that wrote ${qualification}; p NULL: none. */
static struct str written_by(const struct json *qualification)
{
    struct json_each it = json_each(json_get(qualification, "extension"));

    while (json_next(&it)) {
        if (str_is(json_get_text(it.value, "url"), SIGN_OFF_EXTENSION))
            return json_get_text(json_get(it.value, "valueReference"), "reference");
    }
    return (struct str){NULL, 0};
}

static bool is_in(const struct json *qualification, struct str code)
{
    struct json_each it =
        json_each(json_get(json_get(qualification, "code"), "coding"));

    while (json_next(&it)) {
        if (str_is(json_get_text(it.value, "system"), CATALOGUE_PROCEDURE_SYSTEM) &&
            str_eq(json_get_text(it.value, "code"), code))
            return true;
    }
    return false;
}

/* Are both the same SignOff? One is written with SignOff/ in front. */
static bool is_sign_off(struct str reference, struct str id)
{
    struct str rest = reference;

    return reference.p && str_is(str_cut(&rest, '/'), "SignOff") && rest.p &&
           str_eq(rest, id);
}

/* Signed although there were too few cases lately: three people wanted it so, and the holder
 * has the whole window to come by them. */
utc_ms sign_off_waived(
    const struct sign_off_list *list, const struct sign_off_rule *rule, utc_ms now)
{
    return list->lines[SIGN_OFF_RECENCY].answer == SIGN_OFF_MET
               ? 0
               : now + rule->recent_days * DAY_MS;
}

void sign_off_put_waived(struct json_out *o, utc_ms until)
{
    if (until == 0)
        return;
    json_open(o, '{');
    json_member(o, "url", STR(RECENCY_WAIVED_EXTENSION));
    fhir_put_time(o, "valueDateTime", until);
    json_close(o, '}');
}

static void put_qualification(
    struct json_out *o, const struct signing *g, const char *until)
{
    const char *link =
        arena_printf(g->call->arena, "SignOff/%.*s", (int)g->s.id.len, g->s.id.p);
    const char *rule = arena_printf(g->call->arena, "ProcedureRule/%.*s",
        (int)g->line->rule->id.len, g->line->rule->id.p);

    json_open(o, '{');
    json_name(o, "extension");
    json_open(o, '[');
    json_open(o, '{');
    json_member(o, "url", STR(SIGN_OFF_EXTENSION));
    fhir_put_reference(o, "valueReference", str_of(link));
    json_close(o, '}');
    json_open(o, '{');
    json_member(o, "url", STR(SIGNED_UNDER_EXTENSION));
    fhir_put_reference(o, "valueReference", str_of(rule));
    json_close(o, '}');
    sign_off_put_waived(
        o, sign_off_waived(&g->line->list, &g->line->rule->sign_off, g->now));
    json_close(o, ']');
    fhir_put_concept(o, "code", CATALOGUE_PROCEDURE_SYSTEM, g->s.code);
    json_name(o, "period");
    json_open(o, '{');
    fhir_put_time(o, "start", g->now);
    json_member(o, "end", str_of(until));
    json_close(o, '}');
    fhir_put_reference(o, "issuer", g->s.hospital);
    json_close(o, '}');
}

/* ${qualification} with its end now. */
static void put_ended(
    struct json_out *o, const struct signing *g, const struct json *qualification)
{
    static const char *const but[] = {"period", NULL};
    static const char *const end[] = {"end", NULL};

    json_open(o, '{');
    fhir_put_but(o, qualification, but);
    json_name(o, "period");
    json_open(o, '{');
    fhir_put_but(o, json_get(qualification, "period"), end);
    fhir_put_time(o, "end", g->now - 1); /* the end is within a period */
    json_close(o, '}');
    json_close(o, '}');
}

/* Does ${qualification} hold no more? */
static bool is_over(const struct json *qualification, utc_ms now)
{
    utc_ms lo = 0, hi = 0;

    return fhir_period_range(json_get(qualification, "period"), &lo, &hi) && hi <= now;
}

/* Those of ${all} that hold (${past}: that do no more, and the renewed one, which ends now):
 * what holds comes first. */
static void put_others(
    struct json_out *o, const struct signing *g, const struct json *all, bool past)
{
    struct json_each it = json_each(all);
    struct str renewed = g->s.renews;

    str_cut(&renewed, '/');
    while (json_next(&it)) {
        bool over = is_over(it.value, g->now);
        bool ends = !over && renewed.p && is_sign_off(written_by(it.value), renewed);

        if ((over || ends) != past)
            continue;
        if (ends)
            put_ended(o, g, it.value);
        else
            json_put_value(o, it.value);
    }
}

int sign_off_put_qualified(struct buf *b, struct signing *g, const struct json *before,
    const char *until, struct err *err)
{
    static const char *const but[] = {"qualification", NULL};
    const struct json *all = json_get(before, "qualification");
    struct json_out o = json_out(b);

    (void)err;
    json_open(&o, '{');
    fhir_put_but(&o, before, but);
    json_name(&o, "qualification");
    json_open(&o, '[');
    put_others(&o, g, all, false);
    put_qualification(&o, g, until);
    put_others(&o, g, all, true);
    json_close(&o, ']');
    json_close(&o, '}');
    return 0;
}

int sign_off_put_ended(struct buf *b, struct signing *g, const struct json *before,
    bool *ret_found, struct err *err)
{
    static const char *const but[] = {"qualification", NULL};
    struct json_each it = json_each(json_get(before, "qualification"));
    struct json_out o = json_out(b);

    (void)err;
    *ret_found = false;
    json_open(&o, '{');
    fhir_put_but(&o, before, but);
    json_name(&o, "qualification");
    json_open(&o, '[');
    while (json_next(&it)) {
        struct str by = written_by(it.value);
        bool mine = is_sign_off(by, g->s.id) && !is_over(it.value, g->now);

        *ret_found = *ret_found || mine;
        if (mine || (!by.p && is_in(it.value, g->s.code)))
            put_ended(&o, g, it.value);
        else
            json_put_value(&o, it.value);
    }
    json_close(&o, ']');
    json_close(&o, '}');
    return 0;
}

/* ---- as Parameters ---- */

void sign_off_put_count(struct json_out *o, const char *name, int value)
{
    fhir_part_open(o, name);
    json_name(o, "valueInteger");
    json_put_int(o, value);
    json_close(o, '}');
}

int sign_off_put_parameters(struct json_out *o, struct signing *g, struct err *err)
{
    struct sign_off_evidence evidence = {.count = 0};
    int r = 0;

    for (int i = 0; r == 0 && i < SIGN_OFF_CONDITIONS; i++) {
        const struct sign_off_line *line = &g->line->list.lines[i];
        enum sign_off_condition condition = (enum sign_off_condition)i;

        fhir_parts_open(o, "condition");
        fhir_part_put(
            o, "name", "valueCode", str_of(sign_off_condition_code(condition)));
        fhir_part_put(
            o, "answer", "valueCode", str_of(sign_off_answer_code(line->answer)));
        sign_off_put_count(o, "value", line->value);
        sign_off_put_count(o, "needed", line->needed);
        r = sign_off_evidence(g, condition, &evidence, err);
        for (size_t k = 0; k < evidence.count; k++) {
            fhir_part_open(o, "evidence");
            fhir_put_reference(o, "valueReference", evidence.list[k]);
            json_close(o, '}');
        }
        for (size_t k = 0; i == SIGN_OFF_PLACE && k < g->equipment->count; k++)
            fhir_part_put(o, g->equipment->serves[k] ? "present" : "missing",
                "valueCode", str_of(g->equipment->kinds[k]));
        fhir_parts_close(o);
    }
    return r;
}
