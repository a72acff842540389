/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What was published without a time, beside each year: all of them are one question (indicator_years.c). Whether a
 * year fits is told of the year, and never that the figure matches, since nobody said of which year it is.
 */
#include <math.h>

#include "app/figure_ask.h"
#include "fhir/value.h"
#include "view/indicator_define.h"

#define DAY_MS ((utc_ms)24 * 60 * 60 * 1000)

static int64_t last_year(const struct app_call *call)
{
    int64_t year = 0;
    unsigned month = 0, day = 0;

    time_date(call_now(call) / DAY_MS, &year, &month, &day);
    return year - 1;
}

static int year_text(struct arena *a, int64_t year, struct str *ret, struct err *err)
{
    const char *text = arena_printf(a, "%04lld", (long long)year);

    if (!text)
        return err_nomem(err);
    *ret = str_of(text);
    return 0;
}

int figure_last_year(struct app_call *call, struct str *ret, struct err *err)
{
    return year_text(call->arena, last_year(call), ret, err);
}

/* ---- the years ---- */

struct year {
    int64_t year;
    struct figure_computed computed;
    struct figure_judged judged;
};

struct looking {
    struct app_call *call;
    const struct claim *claim;
    struct str indicator;
    const struct json *report;
    struct year list[LIMIT_INDICATOR_YEARS];
    size_t count;
};

/* A year by itself says what a figure without a time does, unless that is a state of what is counted as it
 * happens: then it is of all years until then. Money is told in each currency, and not looked for. */
static bool is_of_years(const struct figure_question *q, const struct claim *claim)
{
    const struct indicator_defines *all = NULL;
    const struct indicator_define *d =
        indicator_defines(&all, NULL) == 0 ? indicator_find(all, q->indicator) : NULL;

    return d && !d->currency.path && (claim->total || d->rule == INDICATOR_AT_END);
}

/* Is the year of ${stratum} one that may not be told? */
static bool is_refused(const struct json *stratum)
{
    const struct json *first = json_at(json_get(stratum, "population"), 0);

    return json_get(first, "_count") && !json_get(first, "code");
}

static int take_year(struct looking *l, const struct json *stratum, struct err *err)
{
    struct year *one = &l->list[l->count];
    const struct json *coding =
        json_at(json_get(json_get(stratum, "value"), "coding"), 0);
    int r = 0;

    *one = (struct year){.computed = {.why = FIGURE_NOT_TOLD}};
    if (l->count == LIMIT_INDICATOR_YEARS ||
        !text_int(json_get_text(coding, "code"), 1, 9999, &one->year))
        return 0;
    if (!is_refused(stratum))
        r = figure_read_group(
            l->call->arena, l->indicator, l->report, stratum, &one->computed, err);
    one->judged = figure_judge(l->claim, &one->computed);
    /* before the first year of which there is anything nothing is looked for */
    if (l->count > 0 || one->computed.low > 0 || one->computed.high > 0)
        l->count++;
    return r;
}

static const struct json *years_of(const struct json *report)
{
    struct json_each it =
        json_each(json_get(json_at(json_get(report, "group"), 0), "stratifier"));

    while (json_next(&it)) {
        const struct json *code = json_at(json_get(it.value, "code"), 0);

        if (str_is(json_get_text(json_at(json_get(code, "coding"), 0), "code"), "year"))
            return json_get(it.value, "stratum");
    }
    return NULL;
}

static int look(struct looking *l, struct store_reader *snapshot,
    struct figure_told *told, struct err *err)
{
    const struct figure_question *q = &told->question;
    struct figure_answer answer = {NULL, 0};
    struct json_each it = json_each(NULL);
    int64_t last = last_year(l->call);
    struct buf b;
    int r = 0;

    buf_init(&b, LIMIT_URL_BYTES);
    buf_addf(&b, "periodStart=%lld&periodEnd=%lld&measure=",
        (long long)last - LIMIT_INDICATOR_YEARS + 1, (long long)last);
    percent_encode(&b, q->indicator);
    if (q->stratum.p) {
        buf_adds(&b, "&stratum=");
        percent_encode(&b, q->stratum);
    }
    r = buf_error(&b, "The question", err);
    if (r == 0)
        r = figure_call(l->call, snapshot, "Measure/$dashboard",
            (struct str){buf_cstr(&b), b.len}, &answer, err);
    buf_done(&b);
    if (r == 0 && answer.status != 200)
        figure_read_refusal(q, &answer, &told->computed);
    if (r < 0 || answer.status != 200)
        return r;
    l->report = json_get(json_at(json_get(answer.json, "entry"), 0), "resource");
    it = json_each(years_of(l->report));
    while (r == 0 && json_next(&it))
        r = take_year(l, it.value, err);
    return r;
}

/* ---- what is said of them ---- */

/* The last year that fits, else the nearest that is known to be off; NULL: nothing can be said. */
static const struct year *choose(const struct looking *l, enum figure_why *ret_why)
{
    const struct year *fits = NULL, *nearest = NULL;

    *ret_why = FIGURE_NOTHING;
    for (size_t i = 0; i < l->count; i++) {
        const struct year *one = &l->list[i];

        if (one->judged.verdict == FIGURE_MATCHES)
            fits = one;
        else if (one->judged.verdict == FIGURE_CANNOT)
            *ret_why = one->judged.why == FIGURE_NOTHING ? *ret_why : one->judged.why;
        else if (!nearest || fabs(one->judged.by) <= fabs(nearest->judged.by))
            nearest = one;
    }
    if (fits || *ret_why == FIGURE_NOTHING)
        return fits ? fits : nearest;
    return NULL; /* one of which nothing can be said might fit */
}

/* The years that fit, as in "2017-2020, 2023". */
static int say_years(struct looking *l, struct str *ret, struct err *err)
{
    const char *text = "";

    for (size_t i = 0; text && i < l->count; i++) {
        size_t k = i;

        if (l->list[i].judged.verdict != FIGURE_MATCHES)
            continue;
        while (k + 1 < l->count && l->list[k + 1].judged.verdict == FIGURE_MATCHES &&
               l->list[k + 1].year == l->list[k].year + 1)
            k++;
        text = arena_printf(l->call->arena, k > i ? "%s%s%lld-%lld" : "%s%s%lld", text,
            *text ? ", " : "", (long long)l->list[i].year, (long long)l->list[k].year);
        i = k;
    }
    if (!text)
        return err_nomem(err);
    if (*text)
        *ret = str_of(text);
    return 0;
}

int figure_tell_years(struct app_call *call, struct store_reader *snapshot,
    const struct figure_row *row, struct figure_told *told, struct err *err)
{
    struct looking l = {
        .call = call, .claim = &row->claim, .indicator = told->question.indicator};
    const struct year *chosen = NULL;
    enum figure_why why = FIGURE_NO_TIME;
    bool asked = is_of_years(&told->question, &row->claim);
    int r = asked ? look(&l, snapshot, told, err) : 0;

    if (r == 0 && asked)
        chosen = choose(&l, &why);
    if (r == 0 && chosen)
        r = year_text(call->arena, chosen->year, &told->question.until, err);
    told->question.from = told->question.until;
    /* told as it is where one asks for the year, with the report that leads to the records */
    if (r == 0)
        r = figure_ask(call, snapshot, &told->question, &told->computed, err);
    if (r < 0)
        return r;
    told->judged = (struct figure_judged){
        FIGURE_CANNOT, 0, told->computed.why == FIGURE_TOLD ? why : told->computed.why};
    if (!chosen || told->computed.why != FIGURE_TOLD)
        return 0;
    told->judged = chosen->judged;
    told->judged.verdict = chosen->judged.verdict == FIGURE_MATCHES
                               ? FIGURE_FITS_YEARS
                               : FIGURE_FITS_NO_YEAR;
    told->years =
        (struct figure_years){l.list[0].year, l.list[l.count - 1].year, {NULL, 0}};
    return say_years(&l, &told->years.fit, err);
}
