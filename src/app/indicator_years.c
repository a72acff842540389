/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Many figures year by year, in one answer: a Bundle with a MeasureReport of the whole period for
 * each indicator, in which the stratifier "year" has each year as its own question would tell it.
 * Facts are looked for once for all years.
 *
 *   periodStart, periodEnd   years, both included, each a year of the definition (academic ones are
 *                            those that end in it); needed
 *   measure                  ids of indicators with commas between; none: all of them
 *   stratifier               told apart by it too, over the whole period, where they have it
 *   yearly                   true: by that stratifier each year too, as a stratifier of both
 *   stratum                  STRATUM|VALUE: of this one only; those that have no such are left out
 *   knownAt                  an instant, or position:N of the log: all of it as was known then
 *
 * A year, or the whole, that the caller may not be told has the reason "not-permitted" in place of
 * a count; so has the stratifier no strata where the question alone would be refused.
 */
#include <stdio.h>

#include "base/limits.h"

#include "app/indicator_internal.h"

#define REFUSED                                                                        \
    "{\"extension\":[{\"url\":\"http://hl7.org/fhir/StructureDefinition/"              \
    "data-absent-reason\",\"valueCode\":\"not-permitted\"}]}"

/* What is asked of all indicators alike. */
struct years {
    int64_t first, last;
    struct str measures; /* p NULL: all */
    struct str axis;     /* a stratum's name; p NULL: none */
    bool yearly;         /* by it each year too */
    struct str filter;
    struct str value;
    struct indicator_known known;
};

/* ---- the question ---- */

static int take_year(struct str value, const char *name, int64_t *ret, struct err *err)
{
    if (value.len != 4 || !text_int(value, 1000, 9999, ret))
        return err_set(
            err, E_INVALID, name, "%s is a calendar year such as 2026.", name);
    return 0;
}

static int take_yearly(struct years *ask, struct str value, struct err *err)
{
    ask->yearly = str_is(value, "true");
    if (ask->yearly || str_is(value, "false"))
        return 0;
    return err_set(err, E_INVALID, "yearly", "yearly is true or false.");
}

static int take_pair(struct years *ask, const struct search_pair *pair, struct err *err)
{
    struct str value = pair->value;

    if (str_is(pair->name, "periodStart"))
        return take_year(value, "periodStart", &ask->first, err);
    if (str_is(pair->name, "periodEnd"))
        return take_year(value, "periodEnd", &ask->last, err);
    if (str_is(pair->name, "measure")) {
        ask->measures = value;
        return 0;
    }
    if (str_is(pair->name, "stratifier")) {
        ask->axis = value;
        return 0;
    }
    if (str_is(pair->name, "yearly"))
        return take_yearly(ask, value, err);
    if (str_is(pair->name, "knownAt"))
        return indicator_take_known(&ask->known, value, err);
    if (!str_is(pair->name, "stratum"))
        return err_set(err, E_INVALID, pair->name.p,
            "The dashboard takes periodStart, periodEnd, measure, stratifier, yearly, "
            "stratum and knownAt.");
    ask->filter = str_cut(&value, '|');
    ask->value = value;
    if (!value.p || value.len == 0)
        return err_set(err, E_INVALID, "stratum",
            "stratum is STRATUM|VALUE, as in hospital|Organization/x.");
    return 0;
}

static int take_years(struct years *ask, const struct rest *rest, struct err *err)
{
    int r = 0;

    for (size_t i = 0; r == 0 && i < rest->pair_count; i++)
        r = take_pair(ask, &rest->pairs[i], err);
    if (r == 0 && (!ask->first || !ask->last))
        r = err_set(err, E_INVALID, ask->first ? "periodEnd" : "periodStart",
            "Say of when: periodStart and periodEnd, years that both belong to it.");
    if (r == 0 &&
        (ask->last < ask->first || ask->last - ask->first >= LIMIT_INDICATOR_YEARS))
        r = err_set(err, E_INVALID, "periodEnd",
            "From periodStart to periodEnd are 1 to %d years.", LIMIT_INDICATOR_YEARS);
    if (r == 0 && ask->yearly && !ask->axis.p)
        r = err_set(err, E_INVALID, "yearly",
            "yearly is asked for with a stratifier: by what is each year told apart?");
    return r;
}

static bool is_asked(const struct years *ask, const struct indicator_define *d)
{
    struct str rest = ask->measures;

    if (!rest.p)
        return true;
    while (rest.p) {
        struct str one = str_cut(&rest, ',');

        if (str_eq(one, d->id) || str_eq(one, d->url))
            return true;
    }
    return false;
}

/* Each of what is asked about is an indicator. */
static int check_measures(
    const struct indicator_run *run, const struct years *ask, struct err *err)
{
    struct str rest = ask->measures;

    while (rest.p) {
        struct str one = str_cut(&rest, ',');
        struct years alone = {.measures = one};
        bool found = false;

        for (size_t i = 0; i < run->all->count; i++)
            found = found || is_asked(&alone, &run->all->list[i]);
        if (!found)
            return err_set(err, E_NOT_FOUND, "measure",
                "There is no such indicator. GET Measure/$indicators lists them.");
    }
    return 0;
}

static size_t stratum_named(const struct indicator_define *d, struct str name)
{
    for (size_t i = 0; name.p && i < d->stratum_count; i++) {
        if (str_eq(d->strata[i].name, name))
            return i;
    }
    return INDICATOR_NO_AXIS;
}

/* ---- a figure ---- */

static int put_period(
    struct indicator_run *run, int64_t first, int64_t last, struct err *err)
{
    const char *start = arena_printf(run->call->arena, "%lld", (long long)first);
    const char *end = arena_printf(run->call->arena, "%lld", (long long)last);

    if (!start || !end)
        return err_nomem(err);
    return indicator_take_years(run, str_of(start), str_of(end), err);
}

/* ${run} for another question of the same snapshot; what is known of places stays. */
static int begin(struct indicator_run *run, const struct years *ask,
    const struct indicator_define *d, struct str axis, struct err *err)
{
    struct indicator_run before;

    indicator_ratio_done(run);
    indicator_recall_done(run);
    arena_reset(run->of_facts);
    arena_reset(run->of_answer);
    before = *run;
    *run = (struct indicator_run){.call = before.call,
        .of_facts = before.of_facts,
        .of_answer = before.of_answer,
        .scratch = before.scratch,
        .snapshot = before.snapshot,
        .all = before.all,
        .ask = {.define = d,
            .index = (size_t)(d - before.all->list),
            .axis = stratum_named(d, axis),
            .filter = stratum_named(d, ask->filter),
            .value = ask->value,
            .known = ask->known}};
    indicator_lend(&before, run);
    return put_period(run, ask->first, ask->last, err);
}

/* The figure of the period that is asked about; ${*refused}: it is not told. */
static int settle(struct indicator_run *run, bool *refused, struct err *err)
{
    struct err why = {.path = ""};
    int r = indicator_disclose(run, &why);

    *refused = r == E_FORBIDDEN;
    if (*refused)
        return 0;
    if (r < 0) {
        *err = why;
        return r;
    }
    return indicator_settle(run, err);
}

static int put_figure(struct indicator_run *run, struct json_out *o, uint32_t stratum,
    bool refused, struct err *err)
{
    if (!refused)
        return indicator_put_figure(run, o, stratum, err);
    json_name(o, "population");
    json_open(o, '[');
    json_open(o, '{');
    json_name(o, "_count");
    json_put_raw(o, STR(REFUSED));
    json_close(o, '}');
    json_close(o, ']');
    return 0;
}

/* ---- years ---- */

static void put_code(struct json_out *o, const char *name, struct str code)
{
    json_name(o, name);
    json_open(o, '{');
    json_name(o, "coding");
    json_open(o, '[');
    json_open(o, '{');
    json_member(o, "code", code);
    json_close(o, '}');
    json_close(o, ']');
    json_close(o, '}');
}

static void put_component(struct json_out *o, struct str stratum, struct str value)
{
    json_open(o, '{');
    json_name(o, "code");
    indicator_put_concept(o, INDICATOR_STRATUM_SYSTEM, stratum);
    put_code(o, "value", value);
    json_close(o, '}');
}

/* A year of money: each currency that was paid in stands for itself. */
static int put_sums(
    struct indicator_run *run, struct json_out *o, struct str year, struct err *err)
{
    int r = 0;

    for (uint32_t i = 0; r == 0 && i < run->stratum_count; i++) {
        if (run->answer.strata[i] == 0)
            continue;
        json_open(o, '{');
        json_name(o, "component");
        json_open(o, '[');
        put_component(o, STR("year"), year);
        put_component(o, STR("currency"), run->strata[i].text);
        json_close(o, ']');
        r = indicator_put_figure(run, o, i, err);
        json_close(o, '}');
    }
    return r;
}

static int put_year(
    struct indicator_run *run, struct json_out *o, int64_t year, struct err *err)
{
    char text[24];
    bool refused = false;
    int r = put_period(run, year, year, err);

    snprintf(text, sizeof(text), "%lld", (long long)year);
    if (r == 0)
        r = settle(run, &refused, err);
    if (r < 0)
        return r;
    if (run->ask.define->currency.path && !refused)
        return put_sums(run, o, str_of(text), err);
    json_open(o, '{');
    put_code(o, "value", str_of(text));
    r = put_figure(run, o, INDICATOR_NO_STRATUM, refused, err);
    json_close(o, '}');
    return r;
}

static int put_years(struct indicator_run *run, const struct years *ask,
    struct json_out *o, struct err *err)
{
    int r = 0;

    json_open(o, '{');
    json_name(o, "code");
    json_open(o, '[');
    indicator_put_concept(o, INDICATOR_STRATUM_SYSTEM, STR("year"));
    if (run->ask.define->currency.path)
        indicator_put_concept(o, INDICATOR_STRATUM_SYSTEM, STR("currency"));
    json_close(o, ']');
    json_name(o, "stratum");
    json_open(o, '[');
    for (int64_t year = ask->first; r == 0 && year <= ask->last; year++)
        r = put_year(run, o, year, err);
    json_close(o, ']');
    json_close(o, '}');
    return r;
}

/* ---- years, each by a stratum ---- */

/* A year that is not told is one stratum without a value of the other. */
static int put_cell(struct indicator_run *run, struct json_out *o, const char *year,
    uint32_t stratum, struct err *err)
{
    bool refused = stratum == INDICATOR_NO_STRATUM;
    struct str code = {NULL, 0};
    int r = 0;

    if (!refused) {
        code = run->strata[stratum].text;
        if (run->strata[stratum].rid)
            r = indicator_reference(run, run->strata[stratum].rid, &code, err);
    }
    if (r < 0)
        return r;
    json_open(o, '{');
    json_name(o, "component");
    json_open(o, '[');
    put_component(o, STR("year"), str_of(year));
    if (!refused)
        put_component(o, run->ask.define->strata[run->ask.axis].name, code);
    json_close(o, ']');
    r = put_figure(run, o, stratum, refused, err);
    json_close(o, '}');
    return r;
}

/* Of several currencies nothing is told by another stratum, as the question alone would tell nothing. */
static bool has_several(int r, struct err *err)
{
    if (r == E_INVALID)
        *err = (struct err){.path = ""};
    return r == E_INVALID;
}

static int put_cells_of(
    struct indicator_run *run, struct json_out *o, int64_t year, struct err *err)
{
    const char *text = arena_printf(run->call->arena, "%lld", (long long)year);
    bool refused = false;
    int r = text ? put_period(run, year, year, err) : err_nomem(err);

    if (r == 0)
        r = settle(run, &refused, err);
    if (has_several(r, err))
        return 0;
    if (r == 0 && refused)
        return put_cell(run, o, text, INDICATOR_NO_STRATUM, err);
    for (uint32_t i = 0; r == 0 && i < run->stratum_count; i++) {
        if (indicator_is_named(run, i))
            r = put_cell(run, o, text, i, err);
    }
    return r;
}

static int put_cells(struct indicator_run *run, const struct years *ask,
    struct json_out *o, bool *open, struct err *err)
{
    int r = 0;

    indicator_open_strata(o, open);
    json_open(o, '{');
    json_name(o, "code");
    json_open(o, '[');
    indicator_put_concept(o, INDICATOR_STRATUM_SYSTEM, STR("year"));
    indicator_put_concept(o, INDICATOR_STRATUM_SYSTEM, ask->axis);
    json_close(o, ']');
    json_name(o, "stratum");
    json_open(o, '[');
    for (int64_t year = ask->first; r == 0 && year <= ask->last; year++)
        r = put_cells_of(run, o, year, err);
    json_close(o, ']');
    json_close(o, '}');
    return r;
}

/* By the stratum that is asked for, where the same question alone would be answered. */
static int put_apart(struct indicator_run *run, const struct years *ask,
    const struct indicator_define *d, struct json_out *o, bool *open, struct err *err)
{
    bool refused = false;
    int r = 0;

    if (stratum_named(d, ask->axis) == INDICATOR_NO_AXIS)
        return 0;
    r = begin(run, ask, d, ask->axis, err);
    if (r == 0)
        r = indicator_gather(run, err);
    if (r == 0)
        r = settle(run, &refused, err);
    if (has_several(r, err))
        return 0;
    if (r == 0 && !refused)
        r = indicator_put_stratifier(run, o, open, err);
    return r == 0 && ask->yearly ? put_cells(run, ask, o, open, err) : r;
}

/* ---- the answer ---- */

static int put_group(struct indicator_run *run, const struct years *ask,
    struct json_out *o, struct err *err)
{
    const struct indicator_define *d = run->ask.define;
    bool refused = false, open = false;
    int r = settle(run, &refused, err);

    if (r == 0)
        r = put_figure(run, o, INDICATOR_NO_STRATUM, refused, err);
    if (r == 0 && d->currency.path && !refused)
        r = indicator_put_stratifier(run, o, &open, err);
    if (r < 0)
        return r;
    if (!d->currency.path || run->stratum_count > 0) {
        indicator_open_strata(o, &open);
        r = put_years(run, ask, o, err);
    }
    if (r == 0)
        r = put_apart(run, ask, d, o, &open, err);
    if (open)
        json_close(o, ']');
    return r;
}

static int put_report(struct indicator_run *run, const struct years *ask,
    struct json_out *o, struct err *err)
{
    int r = 0;

    json_open(o, '{');
    json_name(o, "fullUrl");
    json_put_value(o, json_get(run->ask.define->measure, "url"));
    json_name(o, "resource");
    json_open(o, '{');
    json_name(o, "resourceType");
    json_put_str(o, "MeasureReport");
    indicator_put_head(run, o);
    json_name(o, "group");
    json_open(o, '[');
    json_open(o, '{');
    r = put_group(run, ask, o, err);
    json_close(o, '}');
    json_close(o, ']');
    json_close(o, '}');
    json_close(o, '}');
    return r;
}

static int put_all(struct indicator_run *run, const struct years *ask,
    struct json_out *o, struct err *err)
{
    int r = 0;

    for (size_t i = 0; r == 0 && i < run->all->count; i++) {
        const struct indicator_define *d = &run->all->list[i];
        struct str money = d->currency.path ? STR("currency") : (struct str){NULL, 0};

        if (!is_asked(ask, d) ||
            (ask->filter.p && stratum_named(d, ask->filter) == INDICATOR_NO_AXIS))
            continue;
        r = begin(run, ask, d, money, err);
        if (r == 0)
            r = indicator_gather(run, err);
        if (r == 0)
            r = put_report(run, ask, o, err);
    }
    return r;
}

int indicator_write_years(
    struct indicator_run *run, const struct rest *rest, struct err *err)
{
    struct json_out out = json_out(&run->call->answer);
    struct json_out *o = &out;
    struct years ask = {.known = {.at = UTC_MS_MAX}};
    int r = take_years(&ask, rest, err);

    if (r == 0)
        r = check_measures(run, &ask, err);
    if (r < 0)
        return r;
    json_open(o, '{');
    json_name(o, "resourceType");
    json_put_str(o, "Bundle");
    json_name(o, "type");
    json_put_str(o, "collection");
    json_name(o, "entry");
    json_open(o, '[');
    r = put_all(run, &ask, o, err);
    json_close(o, ']');
    json_close(o, '}');
    return r;
}
