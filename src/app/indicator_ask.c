/* SPDX-License-Identifier: Apache-2.0 */
/*
 *   periodStart, periodEnd   days, both included, in UTC; or months or years, which are
 *                            those of the definition (academic ones); needed
 *   reportType               summary (or population, as R4 names the same in the operation), or
 *                            subject-list: what is counted too
 *   stratifier               one of the indicator's strata: told apart by it
 *   stratum                  STRATUM|VALUE: only this one; a VALUE such as Organization/ID
 *   knownAt                  an instant, or position:N of the log: as was known then
 *   measure                  the indicator's URL, where the path names none
 *   skip                     of $explain: so many rows were seen already
 *   part                     of $explain of a ratio: whose rows are told, numerator (where it is not said), times or
 *                            denominator
 */
#include "app/indicator_internal.h"
#include "fhir/value.h"

static int twice(struct str name, struct err *err)
{
    return err_set(err, E_INVALID, name.p, "%.*s stands once.", (int)name.len, name.p);
}

/* A year by itself is a year of the definition: an academic one is that which ends in it. */
static int year_of(
    struct indicator_run *run, struct str *value, bool end, struct err *err)
{
    const char *made = NULL;
    int64_t year = 0;

    if (value->len != 4 || run->ask.define->year_begins == 1 ||
        !text_int(*value, 1, 9999, &year))
        return 0;
    made = end ? arena_printf(run->call->arena, "%04d-08", (int)year)
               : arena_printf(run->call->arena, "%04d-09", (int)year - 1);
    *value = str_of(made);
    return made ? 0 : err_nomem(err);
}

static int take_day(
    struct indicator_run *run, struct str value, bool end, struct err *err)
{
    const char *name = end ? "periodEnd" : "periodStart";
    struct str *text = end ? &run->ask.end : &run->ask.start;
    utc_ms *at = end ? &run->ask.period.until : &run->ask.period.from;
    utc_ms lo = 0, hi = 0;
    int r = text->p ? twice(str_of(name), err) : year_of(run, &value, end, err);

    if (r < 0)
        return r;
    if (value.len > 10 || !fhir_date_range(value, &lo, &hi))
        return err_set(err, E_INVALID, name,
            "%s is a day, a month or a year such as 2026-06-30, 2026-06 or 2026.",
            name);
    *text = value;
    *at = end ? hi : lo;
    return 0;
}

int indicator_take_years(
    struct indicator_run *run, struct str first, struct str last, struct err *err)
{
    int r = 0;

    run->ask.start = run->ask.end = (struct str){NULL, 0};
    r = take_day(run, first, false, err);
    return r == 0 ? take_day(run, last, true, err) : r;
}

static int take_axis(struct indicator_run *run, struct str name, const char *parameter,
    size_t *ret, struct err *err)
{
    const struct indicator_define *d = run->ask.define;

    for (size_t i = 0; i < d->stratum_count; i++) {
        if (str_eq(d->strata[i].name, name)) {
            *ret = i;
            return 0;
        }
    }
    return err_set(err, E_INVALID, parameter,
        "%.*s is told apart by none such: %.*s. Its definition lists its strata.",
        (int)d->id.len, d->id.p, (int)(name.len > 60 ? 60 : name.len),
        name.p ? name.p : "");
}

static int take_filter(struct indicator_run *run, struct str value, struct err *err)
{
    struct str name = str_cut(&value, '|');

    if (!value.p || value.len == 0)
        return err_set(err, E_INVALID, "stratum",
            "stratum is STRATUM|VALUE, as in hospital|Organization/x.");
    run->ask.value = value;
    return take_axis(run, name, "stratum", &run->ask.filter, err);
}

int indicator_take_known(
    struct indicator_known *known, struct str value, struct err *err)
{
    utc_ms hi = 0;
    struct str number = value;

    if (str_is(str_cut(&number, ':'), "position") &&
        text_int(number, 0, INT64_MAX, &known->position)) {
        known->at = UTC_MS_MIN;
        known->by_position = true;
        return 0;
    }
    if (value.len < 11 || !fhir_date_range(value, &known->at, &hi))
        return err_set(err, E_INVALID, "knownAt",
            "knownAt is a moment such as 2026-06-30T12:00:00Z, or position:N of the "
            "log.");
    return 0;
}

/* The operation of R4 calls population what the report that comes of it calls summary. */
static bool is_summary(struct str type)
{
    return str_is(type, "summary") || str_is(type, "population");
}

/* Has the ratio that is asked about such a part? */
static bool take_part(struct indicator_run *run, struct str value)
{
    static const char *const names[INDICATOR_ROLES] = {
        [INDICATOR_NUMERATOR] = "numerator",
        [INDICATOR_TIMES] = "times",
        [INDICATOR_DENOMINATOR] = "denominator"};

    for (int i = 0; i < INDICATOR_ROLES; i++) {
        if (str_is(value, names[i]) && run->ask.define->parts[i].define) {
            run->ask.part = (enum indicator_role)i;
            return true;
        }
    }
    return false;
}

static int take_pair(
    struct indicator_run *run, const struct search_pair *pair, struct err *err)
{
    struct indicator_ask *ask = &run->ask;
    int64_t skip = 0;

    if (str_is(pair->name, "periodStart"))
        return take_day(run, pair->value, false, err);
    if (str_is(pair->name, "periodEnd"))
        return take_day(run, pair->value, true, err);
    if (str_is(pair->name, "stratifier"))
        return take_axis(run, pair->value, "stratifier", &ask->axis, err);
    if (str_is(pair->name, "stratum"))
        return take_filter(run, pair->value, err);
    if (str_is(pair->name, "knownAt"))
        return indicator_take_known(&ask->known, pair->value, err);
    if (str_is(pair->name, "measure"))
        return 0;
    if (str_is(pair->name, "skip") && text_int(pair->value, 0, INT32_MAX, &skip)) {
        ask->skip = (size_t)skip;
        return 0;
    }
    if (str_is(pair->name, "part") && take_part(run, pair->value))
        return 0;
    ask->subjects = str_is(pair->value, "subject-list");
    if (str_is(pair->name, "reportType") && (ask->subjects || is_summary(pair->value)))
        return 0;
    return err_set(err, E_INVALID, pair->name.p,
        "Indicators take periodStart, periodEnd, reportType (summary or subject-list), "
        "stratifier, stratum, knownAt and measure; $explain skip too, and of a ratio "
        "part: numerator, times or denominator, where it has one.");
}

/* By the path, or by the parameter measure: a URL, perhaps with its version. */
static int take_define(
    struct indicator_run *run, const struct rest *rest, struct err *err)
{
    struct str url = {NULL, 0};
    struct str version = {NULL, 0};
    const struct indicator_define *d = NULL;

    for (size_t i = 0; i < rest->pair_count; i++) {
        if (str_is(rest->pairs[i].name, "measure"))
            version = rest->pairs[i].value;
    }
    url = str_cut(&version, '|');
    for (size_t i = 0; i < run->all->count; i++) {
        const struct indicator_define *one = &run->all->list[i];

        if ((rest->id.p ? str_eq(one->id, rest->id) : str_eq(one->url, url)) &&
            (!version.p || str_eq(version, one->version)))
            d = one;
    }
    if (!d)
        return err_set(err, E_NOT_FOUND, NULL,
            "There is no such indicator. GET Measure/$indicators lists them.");
    run->ask.define = d;
    run->ask.index = (size_t)(d - run->all->list);
    return 0;
}

int indicator_take(struct indicator_run *run, const struct rest *rest, struct err *err)
{
    struct indicator_ask *ask = &run->ask;
    int r = 0;

    ask->axis = ask->filter = INDICATOR_NO_AXIS;
    ask->known.at = UTC_MS_MAX;
    r = take_define(run, rest, err);
    for (size_t i = 0; r == 0 && i < rest->pair_count; i++) {
        if (strcmp(rest->word, "$funnel") == 0 && str_is(rest->pairs[i].name, "mix")) {
            r = take_axis(run, rest->pairs[i].value, "mix", &ask->mix, err);
            ask->mix++;
        } else {
            r = take_pair(run, &rest->pairs[i], err);
        }
    }
    if (r == 0 && (!ask->start.p || !ask->end.p))
        r = err_set(err, E_INVALID, ask->start.p ? "periodEnd" : "periodStart",
            "Say of when: periodStart and periodEnd, days that both belong to it.");
    if (r == 0 && span_is_empty(ask->period))
        r = err_set(err, E_INVALID, "periodEnd", "The period ends before it begins.");
    return r;
}
