/* SPDX-License-Identifier: Apache-2.0 */
/*
 *   from, until   of this time; published figures of other times are left aside. Missing: each published figure
 *                 for its own time, what has none for the last calendar year that is over
 *   all           true: the indicators that no row has, too
 *
 * A row each: first those of the template, then figures that were published of something else.
 */
#include "app/report.h"

#include "app/figure_ask.h"
#include "fhir/part.h"
#include "fhir/value.h"
#include "view/indicator_define.h"

struct reporting {
    struct app_call *call;
    struct seek seek;
    struct json_out o;
    const struct indicator_defines *defines;
    struct figure_rows published;
    bool *told; /* a published figure each: a row has it */
    struct str from, until;
    struct str year_from, year_until;
    bool all;
};

/* A row before it is computed. */
struct row {
    struct str indicator, title;
    struct str words, why;           /* what was published, where no figure was */
    const struct figure_row *figure; /* NULL: none */
};

/* ---- what is asked ---- */

static int take_pair(
    struct reporting *p, const struct search_pair *pair, struct err *err)
{
    utc_ms lo = 0, hi = 0;
    bool from = str_is(pair->name, "from");

    if (str_is(pair->name, "all") &&
        (str_is(pair->value, "true") || str_is(pair->value, "false"))) {
        p->all = str_is(pair->value, "true");
        return 0;
    }
    if (!from && !str_is(pair->name, "until"))
        return err_set(
            err, E_INVALID, pair->name.p, "$report takes from, until and all.");
    if (pair->value.len > 10 || !fhir_date_range(pair->value, &lo, &hi))
        return err_set(err, E_INVALID, pair->name.p,
            "from and until are a day, a month or a year such as 2026-06-30, 2026-06 "
            "or "
            "2026.");
    if (from)
        p->from = pair->value;
    else
        p->until = pair->value;
    return 0;
}

static int take(struct reporting *p, const struct rest *rest, struct err *err)
{
    int64_t year = 0;
    unsigned month = 0, day = 0;
    const char *text = NULL;
    int r = indicator_defines(&p->defines, err);

    for (size_t i = 0; r == 0 && i < rest->pair_count; i++)
        r = take_pair(p, &rest->pairs[i], err);
    if (r == 0 && (p->from.p != NULL) != (p->until.p != NULL))
        r = err_set(err, E_INVALID, p->from.p ? "until" : "from",
            "Say both from and until, or neither.");
    if (r < 0)
        return r;
    time_date(call_now(p->call) / ((utc_ms)24 * 60 * 60 * 1000), &year, &month, &day);
    text = arena_printf(p->call->arena, "%04lld", (long long)year - 1);
    if (!text)
        return err_nomem(err);
    p->year_from = p->from.p ? p->from : str_of(text);
    p->year_until = p->until.p ? p->until : str_of(text);
    r = figure_rows(p->call, &p->seek, (struct str){NULL, 0}, &p->published, err);
    p->told = arena_array(p->call->arena, p->published.count + 1, sizeof(*p->told));
    return r == 0 && !p->told ? err_nomem(err) : r;
}

/* ---- what is told ---- */

static void put_text(struct reporting *p, const char *name, struct str text)
{
    fhir_part_put(&p->o, name, "valueString", text);
}

/* The published figure as it was said. */
static void put_claim(struct reporting *p, const struct row *row)
{
    const struct json *json = row->figure ? row->figure->json : NULL;

    if (!row->figure) {
        put_text(p, "wording", row->words);
        return;
    }
    fhir_part_put(&p->o, "figure", "valueId", row->figure->id);
    put_text(p, "wording", json_get_text(json, "wording"));
    put_text(p, "source", json_get_text(json, "source"));
    put_text(p, "scope", json_get_text(json, "scope"));
    put_text(p, "published", json_text(json_get(json, "value")));
    put_text(p, "published-unit", json_get_text(json, "unit"));
}

static int put_row(struct reporting *p, const struct row *row, struct err *err)
{
    struct figure_told told = {
        .question = {.indicator = row->indicator,
            .from = p->year_from,
            .until = p->year_until},
    };
    int r = row->figure
                ? figure_tell(p->call, p->seek.snapshot, row->figure, &told, err)
                : figure_ask(
                      p->call, p->seek.snapshot, &told.question, &told.computed, err);

    if (r < 0)
        return r;
    if (!row->figure) {
        told.judged = (struct figure_judged){FIGURE_CANNOT, 0, told.computed.why};
        told.no_claim = row->why.p ? row->why : STR("no-figure");
    }
    fhir_parts_open(&p->o, "row");
    fhir_part_put(&p->o, "indicator", "valueCode", row->indicator);
    put_text(p, "title", row->title);
    put_claim(p, row);
    figure_put(&p->o, &told);
    fhir_parts_close(&p->o);
    return 0;
}

/* ---- the rows ---- */

/* Is ${figure} of the time that is asked about? */
static bool fits(const struct reporting *p, const struct figure_row *figure)
{
    utc_ms from = 0, until = 0, unused = 0;

    if (!p->from.p)
        return true;
    return fhir_date_range(p->from, &from, &unused) &&
           fhir_date_range(p->until, &unused, &until) && figure->claim.until == until &&
           (!figure->claim.total || figure->claim.from == from);
}

/* A line for each published figure of ${row}, or one. */
static int put_rows(struct reporting *p, const struct row *row, struct err *err)
{
    size_t lines = 0;
    int r = 0;

    for (size_t i = 0; r == 0 && i < p->published.count; i++) {
        const struct figure_row *figure = &p->published.list[i];
        struct row one = *row;

        if (!str_eq(json_get_text(figure->json, "measure"), row->indicator))
            continue;
        p->told[i] = true;
        if (!fits(p, figure))
            continue;
        one.figure = figure;
        r = put_row(p, &one, err);
        lines++;
    }
    return r == 0 && lines == 0 ? put_row(p, row, err) : r;
}

/* Rows of a measure that the template does not have. */
static int put_others(struct reporting *p, struct err *err)
{
    int r = 0;

    for (size_t i = 0; r == 0 && i < p->published.count; i++) {
        struct row row = {
            .indicator = json_get_text(p->published.list[i].json, "measure")};
        const struct indicator_define *d = indicator_find(p->defines, row.indicator);

        row.title = d ? d->title : row.indicator;
        if (!p->told[i] && fits(p, &p->published.list[i]))
            r = put_rows(p, &row, err);
    }
    return r;
}

static int put_all(struct reporting *p, struct err *err)
{
    const struct json *template = NULL;
    bool *shown = arena_array(p->call->arena, p->defines->count + 1, sizeof(*shown));
    struct json_each it;
    int r = shown ? json_read_trusted(p->call->arena, report_template, &template, err)
                  : err_nomem(err);

    it = json_each(json_get(template, "rows"));
    while (r == 0 && json_next(&it)) {
        struct row row = {.indicator = json_get_text(it.value, "indicator"),
            .title = json_get_text(it.value, "title"),
            .words = json_get_text(it.value, "published"),
            .why = json_get_text(it.value, "why")};
        const struct indicator_define *d = indicator_find(p->defines, row.indicator);

        if (d)
            shown[d - p->defines->list] = true;
        r = put_rows(p, &row, err);
    }
    for (size_t i = 0; r == 0 && p->all && i < p->defines->count; i++) {
        struct row row = {
            .indicator = p->defines->list[i].id, .title = p->defines->list[i].title};

        if (!shown[i])
            r = put_rows(p, &row, err);
    }
    return r == 0 ? put_others(p, err) : r;
}

static int run(struct app_call *call, const struct rest *rest, struct err *err)
{
    struct reporting p = {.call = call, .o = json_out(&call->answer)};
    struct store_reader *snapshot = NULL;
    int r = call_read_begin(call, &snapshot, err);

    p.seek = (struct seek){call->app, snapshot, call->arena};
    if (r == 0)
        r = take(&p, rest, err);
    if (r == 0) {
        fhir_parameters_open(&p.o);
        r = put_all(&p, err);
        fhir_parameters_close(&p.o);
    }
    call_read_end(call, snapshot);
    return r;
}

int report_answer(struct app_call *call, const struct rest *rest, struct err *err)
{
    return call_pool(call, rest, run, err);
}
