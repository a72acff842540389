/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A roster as Parameters: "now", "from", "until", and a "team", a "department", a "posting"
 * and a "problem" each. Times are instants: begin included, end not; no end is not told.
 */
#include "app/logbook_internal.h"
#include "app/roster_internal.h"
#include "fhir/part.h"

#define DAY_MS (24LL * 3600 * 1000)

/* ---- parts ---- */

static void put_name(
    struct json_out *o, const char *name, const struct roster_name *value)
{
    if (!value->reference.p)
        return;
    fhir_part_put_reference(o, name, value->reference, value->display);
}

static void put_instant(struct json_out *o, const char *name, utc_ms at)
{
    char iso[TIME_ISO_MAX];

    if (at == UTC_MS_MIN || at == SPAN_OPEN)
        return;
    time_iso(at, iso);
    fhir_part_put(o, name, "valueInstant", str_of(iso));
}

static void put_span(struct json_out *o, const char *name, struct span span)
{
    fhir_parts_open(o, name);
    put_instant(o, "from", span.from);
    put_instant(o, "until", span.until);
    fhir_parts_close(o);
}

/* ---- teams and departments ---- */

static void put_team(struct json_out *o, const struct roster_team_row *team)
{
    fhir_parts_open(o, "team");
    put_name(o, "team", &team->name);
    if (team->batch.p) {
        fhir_part_open(o, "batch");
        json_name(o, "valuePositiveInt");
        json_put_raw(o, team->batch);
        json_close(o, '}');
    }
    put_name(o, "body", &team->body);
    put_name(o, "leader", &team->leader);
    put_name(o, "host", &team->host);
    fhir_part_put(o, "link", "valueId", team->link);
    if (team->planned.has_term)
        put_span(o, "term", team->planned.term);
    fhir_parts_close(o);
}

static void put_department(
    struct roster_answer *ro, struct json_out *o, uint32_t department)
{
    const struct roster_unit *unit = &ro->units[department];

    fhir_parts_open(o, "department");
    put_name(o, "unit", &unit->name);
    fhir_part_put_flag(o, "here", unit->of_host);
    for (size_t i = 0; i < ro->head_count; i++) {
        if (ro->heads[i].department == department &&
            span_holds(ro->heads[i].term, ro->now))
            put_name(o, "head", &ro->head_names[i]);
    }
    for (size_t i = 0; unit->of_host && i < ro->finding.count; i++) {
        const struct roster_problem *one = &ro->finding.problems[i];

        if (one->kind == ROSTER_GAP && one->department == department)
            put_span(o, "gap", one->when);
    }
    fhir_parts_close(o);
}

/* ---- postings ---- */

static void put_replaces(
    struct roster_answer *ro, struct json_out *o, const struct roster_row *row)
{
    const struct json *reference =
        json_get(roster_extension(row->record, POSTING_REPLACES), "valueReference");
    struct str text = json_get_text(reference, "reference");
    struct fhir_reference ref =
        text.p ? fhir_reference_parse(text, ro->call->app->base[APP_FHIR])
               : (struct fhir_reference){.form = FHIR_REF_NONE};

    if (ref.form == FHIR_REF_LOCAL)
        fhir_part_put(o, "replaces", "valueId", ref.id);
}

/* ---- arrival ---- */

static const struct json *check_member(const struct json *check, const char *name)
{
    struct json_each it = json_each(json_get(check, "extension"));

    while (json_next(&it)) {
        if (str_is(json_get_text(it.value, "url"), name))
            return it.value;
    }
    return NULL;
}

static int put_checks(struct roster_answer *ro, struct json_out *o,
    const struct roster_row *row, struct err *err)
{
    struct json_each it = json_each(json_get(row->record, "extension"));
    int r = 0;

    while (r == 0 && json_next(&it)) {
        struct roster_name by = {.display = {NULL, 0}};

        if (!str_is(json_get_text(it.value, "url"), POSTING_CHECK))
            continue;
        r = roster_name_of(ro, json_get(check_member(it.value, "by"), "valueReference"),
            "Practitioner", &by, err);
        fhir_parts_open(o, "check");
        fhir_part_put(o, "kind", "valueCode",
            json_get_text(check_member(it.value, "kind"), "valueCode"));
        fhir_part_put(o, "outcome", "valueCode",
            json_get_text(check_member(it.value, "outcome"), "valueCode"));
        put_name(o, "by", &by);
        fhir_part_put(o, "on", "valueDate",
            json_get_text(check_member(it.value, "on"), "valueDate"));
        fhir_parts_close(o);
    }
    return r;
}

/* The first days at a height, by which rule, and the duties that do not count. */
static int put_fresh(struct roster_answer *ro, struct json_out *o,
    const struct roster_row *row, struct err *err)
{
    struct network_fresh fresh = {.from = 0};
    char altitude[40];

    if (network_fresh(ro->network, ro->call->arena, row->id, &fresh) < 0)
        return err_nomem(err);
    if (fresh.until == 0)
        return 0;
    snprintf(altitude, sizeof(altitude), "%.0f", fresh.altitude_m);
    fhir_parts_open(o, "acclimatisation");
    put_instant(o, "from", fresh.from);
    put_instant(o, "until", fresh.until);
    fhir_part_put_day(o, "first-day", fresh.first_day * DAY_MS);
    fhir_part_put_day(o, "last-day", fresh.last_day * DAY_MS);
    fhir_part_put(
        o, "rule", "valueString", str_of(acclimatisation_rule_default.version));
    fhir_part_open(o, "altitude");
    json_name(o, "valueInteger");
    json_put_raw(o, str_of(altitude));
    json_close(o, '}');
    for (size_t i = 0; i < fresh.count; i++) {
        fhir_parts_open(o, "not-counted");
        put_instant(o, "from", fresh.duties[i].from);
        put_instant(o, "until", fresh.duties[i].until);
        fhir_part_put(
            o, "why", "valueCode", str_of(acclimatisation_code(fresh.duties[i].why)));
        fhir_parts_close(o);
    }
    fhir_parts_close(o);
    return 0;
}

static int put_posting(struct roster_answer *ro, struct json_out *o,
    const struct roster_row *row, struct err *err)
{
    const struct roster_posting *planned = &row->planned;
    int r = 0;

    fhir_parts_open(o, "posting");
    fhir_part_put(o, "id", "valueId", row->id);
    put_name(o, "person", &row->person);
    if (planned->department != ROSTER_NONE)
        put_name(o, "department", &ro->units[planned->department].name);
    if (planned->team != ROSTER_NONE)
        put_name(o, "team", &ro->teams[planned->team].name);
    put_instant(o, "from", planned->term.from);
    put_instant(o, "until", planned->term.until);
    for (size_t i = 0; i < planned->away_count; i++)
        put_span(o, "away", planned->away[i]);
    put_replaces(ro, o, row);
    fhir_part_put(o, "arrived", "valueDate",
        json_get_text(roster_extension(row->record, POSTING_ARRIVED), "valueDate"));
    r = put_checks(ro, o, row, err);
    if (r == 0)
        r = put_fresh(ro, o, row, err);
    fhir_parts_close(o);
    return r;
}

/* Somebody is told of who is elsewhere only where both cannot be. */
static bool is_told(const struct roster_answer *ro, size_t row)
{
    bool told = false;

    if (row < ro->shown)
        return !span_is_empty(span_meet(ro->rows[row].planned.term, ro->window));
    for (size_t i = 0; i < ro->finding.count && !told; i++) {
        const struct roster_problem *one = &ro->finding.problems[i];

        told = one->posting == row || one->other == row;
    }
    return told;
}

/* ---- problems ---- */

/* Departments of others and teams of others are theirs to look after. */
static bool is_ours(const struct roster_answer *ro, const struct roster_problem *one)
{
    if (one->kind == ROSTER_NO_HEAD || one->kind == ROSTER_GAP)
        return ro->units[one->department].of_host;
    if (one->kind == ROSTER_CLASH)
        return one->posting < ro->shown || one->other < ro->shown;
    return one->posting == ROSTER_NONE || one->posting < ro->shown;
}

static void put_problem(
    struct roster_answer *ro, struct json_out *o, const struct roster_problem *one)
{
    fhir_parts_open(o, "problem");
    fhir_part_put(o, "kind", "valueCode", str_of(roster_kind_code(one->kind)));
    if (one->posting != ROSTER_NONE) {
        put_name(o, "person", &ro->rows[one->posting].person);
        fhir_part_put(o, "posting", "valueId", ro->rows[one->posting].id);
    }
    if (one->other != ROSTER_NONE)
        fhir_part_put(o, "other", "valueId", ro->rows[one->other].id);
    if (one->department != ROSTER_NONE)
        put_name(o, "department", &ro->units[one->department].name);
    if (one->team != ROSTER_NONE)
        put_name(o, "team", &ro->teams[one->team].name);
    put_instant(o, "from", one->when.from);
    put_instant(o, "until", one->when.until);
    fhir_parts_close(o);
}

int roster_write(struct roster_answer *ro, struct err *err)
{
    struct json_out out = json_out(&ro->call->answer);
    int r = 0;

    fhir_parameters_open(&out);
    put_instant(&out, "now", ro->now);
    fhir_part_put(&out, "from", "valueDate", ro->from);
    fhir_part_put(&out, "until", "valueDate", ro->until);
    for (size_t i = 0; i < ro->team_count; i++)
        put_team(&out, &ro->teams[i]);
    for (size_t i = 0; i < ro->unit_count; i++)
        put_department(ro, &out, (uint32_t)i);
    for (size_t i = 0; r == 0 && i < ro->row_count; i++) {
        if (is_told(ro, i))
            r = put_posting(ro, &out, &ro->rows[i], err);
    }
    for (size_t i = 0; i < ro->finding.count; i++) {
        if (is_ours(ro, &ro->finding.problems[i]))
            put_problem(ro, &out, &ro->finding.problems[i]);
    }
    fhir_parameters_close(&out);
    return r;
}
