/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The question is asked by the very operation that a page asks, as a part of the call: who may be
 * told what is decided there and nowhere else.
 */
#include "app/figure_ask.h"

#include "fhir/value.h"
#include "view/indicator_define.h"

#define BEGINNING STR("1900")
#define LEFT_OUT_URL "https://belay.health/StructureDefinition/indicator-left-out"
#define STEP 4 /* a figure in steps of five may be so much more */
#define DAY_CHARS 10
#define CURRENCY_CHARS 3

/* ---- which question ---- */

static struct str day_of(struct str time)
{
    return (struct str){time.p, time.len > DAY_CHARS ? DAY_CHARS : time.len};
}

static const struct indicator_define *define_of(struct str id)
{
    const struct indicator_defines *all = NULL;

    return indicator_defines(&all, NULL) == 0 ? indicator_find(all, id) : NULL;
}

/* What is kept in several currencies is asked of the one in which the figure is said. */
static int currency_of(struct arena *a, const struct figure_row *row,
    const struct indicator_define *d, struct figure_question *ret, struct err *err)
{
    const char *text = NULL;

    if (!d || !d->currency.path || ret->stratum.p ||
        row->claim.unit.len != CURRENCY_CHARS)
        return 0;
    text = arena_printf(a, "currency|%.3s", row->claim.unit.p);
    if (!text)
        return err_nomem(err);
    ret->stratum = str_of(text);
    return 0;
}

/* How many decimals ${number} is written with, at most 4. */
static int places_of(struct str number)
{
    struct str rest = number;

    str_cut(&rest, '.');
    return rest.p ? (int)(rest.len < 4 ? rest.len : 4) : 0;
}

static struct figure_question question(const struct json *figure)
{
    const struct json *asked = json_get(figure, "asked");
    const struct json *other = json_get(asked, "period");
    const struct json *period = other ? other : json_get(figure, "period");
    const struct json *base = json_get(asked, "base");

    return (struct figure_question){
        .indicator = json_get_text(asked ? asked : figure, "measure"),
        .stratum = json_get_text(asked, "stratum"),
        .from = day_of(json_get_text(period, "start")),
        .until = day_of(json_get_text(period, "end")),
        .base_from = day_of(json_get_text(base, "start")),
        .base_until = day_of(json_get_text(base, "end")),
        .places = places_of(json_text(json_get(figure, "value"))),
    };
}

bool figure_same_unit(struct str said, struct str unit)
{
    static const char *const ends[] = {"", "s", "es"};

    for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
        if (said.len == unit.len + strlen(ends[i]) &&
            (said.len == 0 || memcmp(said.p, unit.p, unit.len) == 0) &&
            str_ends(said, ends[i]))
            return true;
    }
    return false;
}

int figure_question_of(struct arena *a, const struct figure_row *row,
    struct figure_question *ret, enum figure_why *ret_why, struct err *err)
{
    const struct indicator_define *d = NULL;
    bool asked = json_get(row->json, "asked") != NULL;

    *ret = question(row->json);
    *ret_why = FIGURE_TOLD;
    d = define_of(ret->indicator);
    if (row->problem.p)
        *ret_why = FIGURE_NOT_READ;
    else if (!d)
        *ret_why = FIGURE_NO_DEFINITION;
    else if (!asked &&
             (row->claim.scope.len > 0 || json_get(row->json, "organization")))
        *ret_why = FIGURE_SCOPE_IN_WORDS;
    else if (!asked && (d->currency.path ? row->claim.unit.len != CURRENCY_CHARS
                                         : !figure_same_unit(row->claim.unit, d->unit)))
        *ret_why = FIGURE_OTHER_UNIT;
    return currency_of(a, row, d, ret, err);
}

int figure_asked_check(const struct json *figure, struct err *err)
{
    const struct json *asked = json_get(figure, "asked");
    struct str stratum = json_get_text(asked, "stratum");
    const struct json *base = json_get(asked, "base");
    const struct json *period = json_get(asked, "period");
    struct str rest = stratum;
    utc_ms lo = 0, hi = 0;

    if (!json_get(figure, "period") && (period || base))
        return err_set(err, E_INVALID, "asked",
            "A figure without a time is held against each year, and not against a time "
            "that is named: leave out the times of the question.");
    if (stratum.p && (str_cut(&rest, '|').len == 0 || rest.len == 0))
        return err_set(err, E_INVALID, "asked.stratum",
            "A stratum is named as in hospital|Organization/x.");
    if (period && (!fhir_period_range(period, &lo, &hi) || hi == UTC_MS_MAX))
        return err_set(err, E_INVALID, "asked.period",
            "Say until when: the period of the question has an end.");
    if (base && (!fhir_period_range(base, &lo, &hi) || hi == UTC_MS_MAX))
        return err_set(err, E_INVALID, "asked.base",
            "Say until when: the period that growth is counted from has an end.");
    return 0;
}

/* ---- its answer ---- */

/* The query of ${q} over one period. */
static int query_of(struct arena *a, const struct figure_question *q, struct str from,
    struct str until, struct str *ret, struct err *err)
{
    const struct indicator_define *d = define_of(q->indicator);
    struct str begin = from.p                             ? from
                       : d && d->rule == INDICATOR_AT_END ? until
                                                          : BEGINNING;
    struct buf b;
    int r = 0;

    buf_init(&b, LIMIT_URL_BYTES);
    buf_adds(&b, "periodStart=");
    percent_encode(&b, begin);
    buf_adds(&b, "&periodEnd=");
    percent_encode(&b, until);
    if (q->stratum.p) {
        buf_adds(&b, "&stratum=");
        percent_encode(&b, q->stratum);
    }
    if (q->apart.p) {
        buf_adds(&b, "&stratifier=");
        percent_encode(&b, q->apart);
    }
    if (q->known.p) {
        buf_adds(&b, "&knownAt=");
        percent_encode(&b, q->known);
    }
    r = buf_error(&b, "The question", err);
    if (r == 0) {
        ret->len = b.len;
        ret->p = arena_strndup(a, buf_cstr(&b), b.len);
        r = ret->p ? 0 : err_nomem(err);
    }
    buf_done(&b);
    return r;
}

/* The first population of ${group} that is not told; empty: there is none. */
static struct str masked_population(const struct json *group)
{
    struct json_each it = json_each(json_get(group, "population"));

    while (json_next(&it)) {
        const struct json *code = json_get(it.value, "code");

        if (json_get(it.value, "_count"))
            return json_get_text(json_at(json_get(code, "coding"), 0), "code");
    }
    return (struct str){NULL, 0};
}

struct str figure_population(const struct json *group, const char *code)
{
    struct json_each it = json_each(json_get(group, "population"));

    while (json_next(&it)) {
        const struct json *coding =
            json_at(json_get(json_get(it.value, "code"), "coding"), 0);

        if (str_is(json_get_text(coding, "code"), code))
            return json_text(json_get(it.value, "count"));
    }
    return (struct str){NULL, 0};
}

static bool left_out(const struct json *report)
{
    struct json_each it = json_each(json_get(report, "extension"));

    while (json_next(&it)) {
        if (str_is(json_get_text(it.value, "url"), LEFT_OUT_URL))
            return true;
    }
    return false;
}

/* A share has no unit: it is told in percent, to two decimals. */
static int take_share(struct arena *a, struct figure_computed *ret, struct err *err)
{
    const char *text = arena_printf(a, "%.2f", ret->low * 100);

    if (!text)
        return err_nomem(err);
    ret->value = str_of(text);
    ret->unit = STR("%");
    if (!fhir_number(ret->value, &ret->low))
        ret->why = FIGURE_NOTHING;
    ret->high = ret->low;
    return 0;
}

/* Why ${group} of ${report}, which masks nothing, has no score. */
static enum figure_why why_none(const struct json *report, const struct json *group)
{
    double over = 0, under = 0;

    if (left_out(report))
        return FIGURE_NOT_TOLD;
    return fhir_number(figure_population(group, "numerator"), &over) &&
                   fhir_number(figure_population(group, "denominator"), &under) &&
                   over > 0 && under <= 0
               ? FIGURE_NO_DIVISOR
               : FIGURE_NOTHING;
}

/* Is a figure of ${d} that is masked a small one? Only in steps: else it may be any, from which a small one would follow. */
static bool is_small_where_masked(const struct indicator_define *d)
{
    return d && d->disclosure == INDICATOR_STEPS && d->scoring == INDICATOR_COHORT &&
           d->count != INDICATOR_SUM && d->count != INDICATOR_MEAN;
}

int figure_read_group(struct arena *a, struct str indicator, const struct json *report,
    const struct json *group, struct figure_computed *ret, struct err *err)
{
    const struct indicator_define *d = define_of(indicator);
    const struct json *score = json_get(group, "measureScore");
    struct str value = json_text(json_get(score, "value"));
    struct str masked = masked_population(group);

    ret->report = report;
    ret->why = left_out(report) ? FIGURE_PARTLY_TOLD : FIGURE_TOLD;
    ret->unit = json_get_text(score, "unit");
    if (value.p && fhir_number(value, &ret->low)) {
        ret->value = value;
        ret->high = ret->low + (json_get(score, "comparator") ? STEP : 0);
        if (!ret->unit.p)
            return take_share(a, ret, err);
    } else if (str_is(masked, "initial-population") && is_small_where_masked(d)) {
        ret->low = 1;
        ret->high = STEP;
        ret->unit = d->unit;
    } else {
        ret->why = masked.p ? FIGURE_NOT_TOLD : why_none(report, group);
    }
    return 0;
}

/* A refusal of ${q}, or what the node could not do: the first sentence of its OperationOutcome. Who names no
 * stratum and is refused for it asked for the sum of several currencies. */
void figure_read_refusal(const struct figure_question *q,
    const struct figure_answer *answer, struct figure_computed *ret)
{
    const struct json *issue = json_at(json_get(answer->json, "issue"), 0);
    struct str about = json_text(json_at(json_get(issue, "expression"), 0));

    if (answer->status == 403)
        ret->why = FIGURE_NOT_TOLD;
    else if (answer->status == 404)
        ret->why = FIGURE_NO_DEFINITION;
    else
        ret->why = !q->stratum.p && str_is(about, "stratum") ? FIGURE_CURRENCIES
                                                             : FIGURE_NOTHING;
    ret->sentence = app_sentence(answer->json);
}

int figure_call(struct app_call *call, struct store_reader *snapshot, const char *path,
    struct str query, struct figure_answer *ret, struct err *err)
{
    struct app_call inner = {.app = call->app,
        .arena = arena_new(),
        .caller = call->caller,
        .space = APP_FHIR,
        .path = str_of(path),
        .query = query,
        .at = call->at,
        .inner_ = true,
        .reader_ = snapshot};
    int r = path && inner.arena ? 0 : err_nomem(err);

    *ret = (struct figure_answer){NULL, 0};

    if (r == 0) {
        app_run(&inner);
        r = json_read_trusted(call->arena,
            (struct str){inner.answer.data, inner.answer.len}, &ret->json, err);
    }
    ret->status = inner.status;
    if (r == 0 && inner.status >= 500)
        r = err_set(err, inner.status == 503 ? E_BUSY : E_IO, NULL,
            "A figure could not be computed, since the node failed.");
    app_call_done(&inner);
    arena_free(inner.arena);
    return r;
}

static int ask_once(struct app_call *call, struct store_reader *snapshot,
    const struct figure_question *q, struct str query, struct figure_computed *ret,
    struct err *err)
{
    const char *path = arena_printf(call->arena, "Measure/%.*s/$evaluate-measure",
        (int)q->indicator.len, q->indicator.p);
    struct figure_answer answer = {NULL, 0};
    int r = figure_call(call, snapshot, path, query, &answer, err);

    if (r == 0 && answer.status == 200)
        r = figure_read_group(call->arena, q->indicator, answer.json,
            json_at(json_get(answer.json, "group"), 0), ret, err);
    else if (r == 0)
        figure_read_refusal(q, &answer, ret);
    return r;
}

/* ${now} becomes the growth since ${then}, in percent, as exact as the words that it is laid beside. */
static int grow(struct arena *a, int places, const struct figure_computed *then,
    struct figure_computed *now, struct err *err)
{
    const char *text = NULL;

    if (now->why > FIGURE_TOLD)
        return 0;
    if (then->why > FIGURE_TOLD) {
        *now = *then;
        return 0;
    }
    if (!now->value.p || !then->value.p || then->low <= 0 || now->high > now->low ||
        then->high > then->low) {
        *now = (struct figure_computed){
            .why = now->value.p && then->low <= 0 ? FIGURE_NOTHING : FIGURE_STEPS};
        return 0;
    }
    text = arena_printf(a, "%.*f", places, (now->low / then->low - 1) * 100);
    if (!text)
        return err_nomem(err);
    *now = (struct figure_computed){
        .value = str_of(text), .unit = STR("%"), .report = now->report};
    if (!fhir_number(now->value, &now->low))
        now->why = FIGURE_NOTHING;
    now->high = now->low;
    return 0;
}

int figure_ask(struct app_call *call, struct store_reader *snapshot,
    const struct figure_question *q, struct figure_computed *ret, struct err *err)
{
    struct figure_computed then = {.why = FIGURE_NOTHING};
    struct str query = {NULL, 0};
    int r = query_of(call->arena, q, q->from, q->until, &query, err);

    *ret = (struct figure_computed){.why = FIGURE_NOTHING};
    if (r == 0)
        r = ask_once(call, snapshot, q, query, ret, err);
    if (r < 0 || !q->base_until.p)
        return r;
    r = query_of(call->arena, q, q->base_from, q->base_until, &query, err);
    if (r == 0)
        r = ask_once(call, snapshot, q, query, &then, err);
    return r == 0 ? grow(call->arena, q->places, &then, ret, err) : r;
}
