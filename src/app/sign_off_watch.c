/* SPDX-License-Identifier: Apache-2.0 */
/*
 * After the signing: the chart of the holder's cases since then whose outcome is known, by the
 * network's operations. Above the limit people look; nothing ends by it. SignOff/ID/$acknowledge
 * says who looked, and what they found.
 */
#include "app/network_internal.h"
#include "app/sign_off_internal.h"
#include "fhir/part.h"
#include "fhir/put.h"

/* ---- the chart ---- */

static int make_room(struct sign_off_chart *c, struct arena *a, size_t most)
{
    c->when = arena_array(a, most + 1, sizeof(*c->when));
    c->failed = arena_array(a, most + 1, sizeof(*c->failed));
    c->scores = arena_array(a, most + 1, sizeof(*c->scores));
    c->procedures = arena_array(a, most + 1, sizeof(*c->procedures));
    c->open = arena_array(a, most + 1, sizeof(*c->open));
    return c->when && c->failed && c->scores && c->procedures && c->open ? 0 : E_NOMEM;
}

static int add_case(struct signing *g, struct sign_off_chart *c,
    const struct network_doing *one, struct err *err)
{
    struct str id = {NULL, 0};
    const char *text = NULL;
    int r = store_name(g->seek.snapshot, g->call->arena, one->rid, &id, err);

    if (r == E_NOT_FOUND)
        return 0; /* the network is a moment older or younger */
    if (r < 0)
        return r;
    text = arena_printf(g->call->arena, "Procedure/%.*s", (int)id.len, id.p);
    if (!text)
        return err_nomem(err);
    c->when[c->count] = one->when;
    c->failed[c->count] = procedure_outcome(c->judged, one->results) == OUTCOME_FAILURE;
    c->procedures[c->count++] = str_of(text);
    return 0;
}

static int add_cases(struct signing *g, struct sign_off_chart *c,
    const struct network_signed *signed_, struct err *err)
{
    const struct network_doing *list = g->network->doings + signed_->first;
    int r = make_room(c, g->call->arena, signed_->count) < 0 ? err_nomem(err) : 0;

    for (size_t i = 0; r == 0 && i < signed_->count; i++) {
        if (list[i].when >= signed_->period.from &&
            procedure_outcome(c->judged, list[i].results) != OUTCOME_NOT_KNOWN)
            r = add_case(g, c, &list[i], err);
    }
    return r;
}

static bool is_acknowledged(const struct sign_off *s, struct str procedure)
{
    struct json_each it = json_each(json_get(s->json, "acknowledged"));

    while (json_next(&it)) {
        if (str_eq(json_get_text(json_get(it.value, "case"), "reference"), procedure))
            return true;
    }
    return false;
}

int sign_off_chart(struct signing *g, const struct sign_off *s,
    struct sign_off_chart *ret, struct err *err)
{
    struct sign_off_chart c = {.count = 0};
    size_t at = network_first_signed(g->network, s->id);
    bool there = s->status == SIGN_SIGNED && at < g->network->signing_count &&
                 str_eq(g->network->signings[at].id, s->id);
    struct procedure_rules *rules = g->call->app->rules;
    int r = 0;

    if (there)
        c.judged = g->network->signings[at].rule;
    else
        r = procedure_rule_of(rules, s->code, &c.judged, err);
    if (r == 0)
        r = procedure_watch_of(rules, c.judged, &c.rule, err);
    if (r == 0 && there)
        r = add_cases(g, &c, &g->network->signings[at], err);
    if (r < 0)
        return r;
    if (c.count > 0)
        watch_scores(c.rule, c.failed, c.count, c.scores);
    for (size_t i = 0; i < c.count; i++) {
        if (watch_is_alarm(c.rule, c.scores[i]) && !is_acknowledged(s, c.procedures[i]))
            c.open[c.open_count++] = c.procedures[i];
    }
    *ret = c;
    return 0;
}

/* ---- shown ---- */

static void put_looked(struct json_out *o, struct signing *g, const struct sign_off *s)
{
    struct json_each it = json_each(json_get(s->json, "acknowledged"));

    struct str before = {NULL, 0};

    while (json_next(&it)) {
        struct str who = json_get_text(json_get(it.value, "who"), "reference");
        struct str when = json_get_text(it.value, "when");

        if (before.p && str_eq(before, when))
            continue; /* the same look, at an alarm more */
        before = when;
        fhir_parts_open(o, "looked");
        fhir_part_put(o, "role", "valueCode", json_get_text(it.value, "role"));
        fhir_part_open(o, "who");
        fhir_put_reference_shown(
            o, "valueReference", who, procedure_name(g->call, g->seek.snapshot, who));
        json_close(o, '}');
        fhir_part_put(o, "when", "valueDateTime", when);
        fhir_part_put(o, "reason", "valueString", json_get_text(it.value, "reason"));
        fhir_parts_close(o);
    }
}

int sign_off_put_chart(struct json_out *o, struct signing *g, const struct sign_off *s,
    bool whole, struct err *err)
{
    struct sign_off_chart c;
    int r = sign_off_chart(g, s, &c, err);

    if (r < 0 || s->status != SIGN_SIGNED)
        return r;
    fhir_part_put_flag(o, "alarm", c.open_count > 0);
    if (!whole)
        return 0;
    fhir_parts_open(o, "watch");
    fhir_part_put_real(o, "limit", c.rule->limit);
    fhir_part_put_real(o, "accepted", c.rule->accepted);
    fhir_part_put_real(o, "alarming", c.rule->alarming);
    sign_off_put_count(o, "horizon", c.rule->horizon);
    fhir_part_put_real(o, "alpha", c.rule->alpha);
    for (size_t i = 0; i < c.count; i++) {
        fhir_parts_open(o, "case");
        fhir_part_put_day(o, "day", c.when[i]);
        fhir_part_put_flag(o, "failed", c.failed[i]);
        fhir_part_put_real(o, "score", c.scores[i]);
        fhir_parts_close(o);
    }
    put_looked(o, g, s);
    fhir_parts_close(o);
    return 0;
}

/* ---- $acknowledge ---- */

int sign_off_acknowledge(struct signing *g, struct err *err)
{
    struct change change = {.call = g->call};
    struct sign_off_act act;
    struct sign_off_chart c = {.count = 0};
    struct buf b;
    int r = sign_off_take(g, &act, err);

    if (r == 0)
        r = sign_off_chart(g, &g->s, &c, err);
    if (r < 0)
        return r;
    if (c.open_count == 0)
        return err_set(err, E_CONFLICT, "status",
            "No alarm of this sign-off waits to be looked at.");
    if (!act.reason.p)
        return err_set(
            err, E_INVALID, "reason", "Say what you found, by the parameter reason.");
    buf_init(&b, LIMIT_RECORD_BYTES);
    sign_off_put_acknowledged(&b, g, &act, &c);
    r = change_put(
        &change, fhir_resource_named(STR("SignOff")), g->s.id, &g->s.rec, &b, err);
    buf_done(&b);
    if (r == 0)
        r = sign_off_written(g, &change, err);
    g->raced = r == E_CONFLICT;
    return r;
}
