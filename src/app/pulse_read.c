/* SPDX-License-Identifier: Apache-2.0 */
/* A pairing with its goals, its months in the helped hospital's time, and what was answered. */
#include "base/id.h"

#include "app/network_internal.h"
#include "app/pulse_facts.h"
#include "app/review_internal.h"
#include "app/roster_internal.h"

#define MINUTE_MS 60000LL

static const char *const sides[PULSE_SIDES] = {"helped", "helping"};

const char *pulse_side_code(enum pulse_side side)
{
    return sides[side];
}

int pulse_begin(struct pulse *p, struct app_call *call, struct err *err)
{
    int r = 0;

    *p = (struct pulse){.call = call, .now = call_now(call)};
    r = call_read_begin(call, &p->seek.snapshot, err);
    p->seek.app = call->app;
    p->seek.a = call->arena;
    return r == 0 ? networks_take(call->app->networks, &p->network, err) : r;
}

void pulse_end(struct pulse *p)
{
    pulse_facts_done(p);
    network_release(p->network);
    call_read_end(p->call, p->seek.snapshot);
}

/* ---- months ---- */

/* Midnights of the place: its clocks are ${utc_offset} minutes ahead. */
static void read_months(struct pulse *p, struct pulse_pairing *pairing)
{
    int64_t ahead = pairing->utc_offset * MINUTE_MS;
    int64_t local = p->now + ahead;
    int64_t day = local / PULSE_DAY_MS - (local % PULSE_DAY_MS < 0);
    int64_t year = 0;
    unsigned month = 0;
    unsigned ignored = 0;

    time_date(day, &year, &month, &ignored);
    for (int at = PULSE_MONTHS - 1; at >= 0; at--) {
        struct pulse_month *m = &pairing->months[at];
        int64_t first = time_days(year, month, 1);

        snprintf(
            m->text, sizeof(m->text), "%04d-%02u", (int)(year % 10000), month % 100);
        m->when.from = first * PULSE_DAY_MS - ahead;
        m->when.until = (first + time_month_days(year, month)) * PULSE_DAY_MS - ahead;
        year -= month == 1;
        month = month == 1 ? 12 : month - 1;
    }
}

/* ---- goals ---- */

static const struct json *member(const struct json *extension, const char *name)
{
    struct json_each it = json_each(json_get(extension, "extension"));

    while (json_next(&it)) {
        if (str_is(json_get_text(it.value, "url"), name))
            return it.value;
    }
    return NULL;
}

static struct span days_of(struct str from, struct str until)
{
    struct span when = {INT64_MIN, SPAN_OPEN};
    utc_ms lo = 0;
    utc_ms hi = 0;

    if (from.p && fhir_date_range(from, &lo, &hi))
        when.from = lo;
    if (until.p && fhir_date_range(until, &lo, &hi))
        when.until = hi;
    return when;
}

static uint32_t procedure_number(struct pulse_pairing *pairing, struct str code)
{
    size_t at = 0;

    if (!code.p)
        return PULSE_NOTHING;
    while (at < pairing->procedure_count && !str_eq(pairing->procedures[at], code))
        at++;
    if (at == pairing->procedure_count)
        pairing->procedures[pairing->procedure_count++] = code;
    return (uint32_t)at;
}

static void read_goal(struct pulse_pairing *pairing, const struct json *extension)
{
    struct pulse_goal_row row = {.procedure = {NULL, 0}};
    const struct json *concept =
        json_get(member(extension, "procedure"), "valueCodeableConcept");
    const struct json *coding = json_at(json_get(concept, "coding"), 0);
    struct str kind = json_get_text(member(extension, "kind"), "valueCode");
    struct str per = json_get_text(member(extension, "per"), "valueCode");
    int64_t target = 0;

    row.goal.what = kind.p ? pulse_count_of(kind.p, kind.len) : PULSE_COUNTS;
    if (row.goal.what == PULSE_COUNTS || pairing->goal_count == LIMIT_PULSE_GOALS ||
        !text_int(json_text(json_get(member(extension, "target"), "valueInteger")), 1,
            LIMIT_PULSE_MOST_TARGET, &target))
        return;
    row.procedure = json_get_text(coding, "code");
    row.display = json_get_text(coding, "display");
    row.from = json_get_text(member(extension, "from"), "valueDate");
    row.until = json_get_text(member(extension, "until"), "valueDate");
    row.goal.target = target;
    row.goal.yearly = str_is(per, "year");
    row.goal.when = days_of(row.from, row.until);
    row.goal.procedure = procedure_number(pairing, row.procedure);
    pairing->goals[pairing->goal_count++] = row;
}

static void read_goals(struct pulse_pairing *pairing)
{
    struct json_each it = json_each(json_get(pairing->record, "extension"));

    while (json_next(&it)) {
        if (str_is(json_get_text(it.value, "url"), PULSE_GOAL_URL))
            read_goal(pairing, it.value);
    }
}

/* ---- the pairing ---- */

static struct str code_of(const struct json *record)
{
    struct json_each it = json_each(json_get(record, "code"));

    while (json_next(&it)) {
        struct json_each coding = json_each(json_get(it.value, "coding"));

        while (json_next(&coding)) {
            if (str_is(json_get_text(coding.value, "system"), PULSE_AFFILIATION_SYSTEM))
                return json_get_text(coding.value, "code");
        }
    }
    return (struct str){NULL, 0};
}

static int read_sides(
    struct pulse *p, struct pulse_pairing *pairing, bool *ret_is, struct err *err)
{
    static const char *const members[PULSE_SIDES] = {
        "organization", "participatingOrganization"};
    int r = 0;

    *ret_is = true;
    for (int i = 0; r == 0 && i < PULSE_SIDES; i++) {
        struct str text =
            json_get_text(json_get(pairing->record, members[i]), "reference");
        struct str id = seek_id(&p->seek, text, "Organization");
        const char *made =
            id.p ? arena_printf(p->seek.a, "Organization/%.*s", (int)id.len, id.p)
                 : NULL;

        *ret_is = *ret_is && id.p;
        if (id.p && !made)
            return err_nomem(err);
        pairing->side[i] = str_of(made);
        if (made)
            r = review_hospital(&p->seek, pairing->side[i], &pairing->hospital[i], err);
        *ret_is = *ret_is && pairing->hospital[i].p;
    }
    return r;
}

int pulse_read(struct pulse *p, const struct json *record,
    const struct store_record *stored, struct pulse_pairing *ret, bool *ret_is,
    struct err *err)
{
    uint32_t hospital = 0;
    utc_ms lo = 0;
    utc_ms hi = 0;
    int r = 0;

    *ret = (struct pulse_pairing){.record = record, .stored = *stored};
    ret->id = json_get_text(record, "id");
    ret->code = code_of(record);
    *ret_is = false;
    if (str_is(ret->code, "team-at-host") ||
        json_kind(json_get(record, "active")) == JSON_FALSE ||
        !fhir_period_range(json_get(record, "period"), &lo, &hi))
        return 0;
    ret->term = (struct span){lo, hi == UTC_MS_MAX ? SPAN_OPEN : hi};
    r = read_sides(p, ret, ret_is, err);
    if (r < 0 || !*ret_is)
        return r;
    if (network_hospital(p->network, ret->hospital[PULSE_HELPED], &hospital) &&
        p->network->hospitals[hospital].utc_offset != NETWORK_NO_OFFSET)
        ret->utc_offset = p->network->hospitals[hospital].utc_offset;
    read_months(p, ret);
    read_goals(ret);
    return seek_record(
        &p->seek, "PairingPulse", ret->id, &ret->said_record, &ret->said, err);
}

/* ---- what was answered ---- */

const struct json *pulse_said(
    const struct pulse_pairing *pairing, const char *month, enum pulse_side side)
{
    struct json_each it = json_each(json_get(pairing->said, "answer"));

    while (json_next(&it)) {
        if (str_is(json_get_text(it.value, "month"), month) &&
            str_is(json_get_text(it.value, "side"), sides[side]))
            return it.value;
    }
    return NULL;
}

const struct pulse_month *pulse_asked(const struct pulse_pairing *pairing)
{
    const struct pulse_month *last = &pairing->months[PULSE_MONTHS - 2];

    return span_is_empty(span_meet(last->when, pairing->term)) ? NULL : last;
}
