/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A row each: first those of the template, or those that are asked for, in their order; a line for each figure that was published of
 * it. Then, with the template, what was published of something else.
 */
#include "app/report.h"
#include "fhir/value.h"
#include "view/indicator_define.h"

struct rows {
    struct app_call *call;
    const struct seek *seek;
    const struct report_ask *ask;
    const struct report_taker *taker;
    const struct indicator_defines *defines;
    struct figure_rows published;
    bool *told;             /* a published figure each: a row has it */
    struct str from, until; /* of what has no published figure */
};

int report_check_time(struct str from, struct str until, struct err *err)
{
    const struct str both[] = {from, until};
    utc_ms begins[2] = {0}, ends[2] = {0};

    if ((from.p != NULL) != (until.p != NULL))
        return err_set(err, E_INVALID, from.p ? "until" : "from",
            "Say both from and until, or neither.");
    for (size_t i = 0; i < 2; i++) {
        if (both[i].p &&
            (both[i].len > 10 || !fhir_date_range(both[i], &begins[i], &ends[i])))
            return err_set(err, E_INVALID, i == 0 ? "from" : "until",
                "from and until are a day, a month or a year such as 2026-06-30, "
                "2026-06 or 2026.");
    }
    if (from.p && begins[0] >= ends[1])
        return err_set(err, E_INVALID, "until", "The time ends before it begins.");
    return 0;
}

/* What was computed of ${row}, of which no figure was published. */
static int take_computed(struct rows *p, const struct report_row *row,
    struct figure_told *told, struct err *err)
{
    told->judged = (struct figure_judged){FIGURE_CANNOT, 0, told->computed.why};
    told->no_claim = row->why.p ? row->why : STR("no-figure");
    return p->taker->take(p->taker->arg, row, told, err);
}

/* One of the currencies in which ${row} is: ${code}. */
static int tell_currency(
    struct rows *p, const struct report_row *row, struct str code, struct err *err)
{
    const char *stratum =
        arena_printf(p->call->arena, "currency|%.*s", (int)code.len, code.p);
    struct figure_told told = {.question = {.indicator = row->indicator,
                                   .stratum = str_of(stratum),
                                   .from = p->from,
                                   .until = p->until}};
    int r = stratum ? figure_ask(p->call, p->seek->snapshot, &told.question,
                          &told.computed, err)
                    : err_nomem(err);

    return r == 0 ? take_computed(p, row, &told, err) : r;
}

/* Several currencies have no sum: a line each. */
static int tell_currencies(struct rows *p, const struct report_row *row,
    const struct figure_told *whole, struct err *err)
{
    struct figure_told told = *whole;
    struct json_each it = json_each(NULL);
    size_t lines = 0;
    int r = 0;

    told.question.apart = STR("currency");
    r = figure_ask(p->call, p->seek->snapshot, &told.question, &told.computed, err);
    if (r == 0 && told.computed.report)
        it = json_each(json_get(
            json_at(json_get(json_at(json_get(told.computed.report, "group"), 0),
                        "stratifier"),
                0),
            "stratum"));
    while (r == 0 && json_next(&it)) {
        const struct json *coding =
            json_at(json_get(json_get(it.value, "value"), "coding"), 0);

        r = tell_currency(p, row, json_get_text(coding, "code"), err);
        lines++;
    }
    told = *whole;
    return r == 0 && lines == 0 ? take_computed(p, row, &told, err) : r;
}

static int tell(struct rows *p, const struct report_row *row, struct err *err)
{
    struct figure_told told = {
        .question = {.indicator = row->indicator, .from = p->from, .until = p->until},
    };
    int r = row->figure
                ? figure_tell(p->call, p->seek->snapshot, row->figure, &told, err)
                : figure_ask(
                      p->call, p->seek->snapshot, &told.question, &told.computed, err);

    if (r < 0)
        return r;
    if (row->figure)
        return p->taker->take(p->taker->arg, row, &told, err);
    return told.computed.why == FIGURE_CURRENCIES ? tell_currencies(p, row, &told, err)
                                                  : take_computed(p, row, &told, err);
}

/* Is ${figure} of the time that is asked about? */
static bool fits(const struct rows *p, const struct figure_row *figure)
{
    utc_ms from = 0, until = 0, unused = 0;

    if (!p->ask->from.p)
        return true;
    return fhir_date_range(p->ask->from, &from, &unused) &&
           fhir_date_range(p->ask->until, &unused, &until) &&
           figure->claim.until == until &&
           (!figure->claim.total || figure->claim.from == from);
}

/* A line for each published figure of ${row}, or one. */
static int tell_all(struct rows *p, const struct report_row *row, struct err *err)
{
    size_t lines = 0;
    int r = 0;

    for (size_t i = 0; r == 0 && i < p->published.count; i++) {
        const struct figure_row *figure = &p->published.list[i];
        struct report_row one = *row;

        if (!str_eq(json_get_text(figure->json, "measure"), row->indicator))
            continue;
        p->told[i] = true;
        if (!fits(p, figure))
            continue;
        one.figure = figure;
        r = tell(p, &one, err);
        lines++;
    }
    return r == 0 && lines == 0 ? tell(p, row, err) : r;
}

/* Figures of a measure that the template does not have. */
static int tell_others(struct rows *p, struct err *err)
{
    int r = 0;

    for (size_t i = 0; r == 0 && i < p->published.count; i++) {
        struct report_row row = {
            .indicator = json_get_text(p->published.list[i].json, "measure")};
        const struct indicator_define *d = indicator_find(p->defines, row.indicator);

        row.title = d ? d->title : row.indicator;
        if (!p->told[i] && fits(p, &p->published.list[i]))
            r = tell_all(p, &row, err);
    }
    return r;
}

static int tell_template(struct rows *p, struct err *err)
{
    const struct json *template = NULL;
    bool *shown = arena_array(p->call->arena, p->defines->count + 1, sizeof(*shown));
    struct json_each it;
    int r = shown ? json_read_trusted(p->call->arena, report_template, &template, err)
                  : err_nomem(err);

    it = json_each(json_get(template, "rows"));
    while (r == 0 && json_next(&it)) {
        struct report_row row = {.indicator = json_get_text(it.value, "indicator"),
            .title = json_get_text(it.value, "title"),
            .why = json_get_text(it.value, "why")};
        const struct indicator_define *d = indicator_find(p->defines, row.indicator);

        if (row.why.p) /* words that are no figure of a time */
            row.words = json_get_text(it.value, "published");
        if (d)
            shown[d - p->defines->list] = true;
        r = tell_all(p, &row, err);
    }
    for (size_t i = 0; r == 0 && p->ask->all && i < p->defines->count; i++) {
        struct report_row row = {
            .indicator = p->defines->list[i].id, .title = p->defines->list[i].title};

        if (!shown[i])
            r = tell_all(p, &row, err);
    }
    return r == 0 ? tell_others(p, err) : r;
}

static int tell_asked(struct rows *p, struct err *err)
{
    int r = 0;

    for (size_t i = 0; r == 0 && i < p->ask->row_count; i++) {
        struct report_row row = p->ask->rows[i];
        const struct indicator_define *d = indicator_find(p->defines, row.indicator);

        if (!row.title.p)
            row.title = d ? d->title : row.indicator;
        r = tell_all(p, &row, err);
    }
    return r;
}

int report_rows(struct app_call *call, const struct seek *seek,
    const struct report_ask *ask, const struct report_taker *taker, struct err *err)
{
    struct rows p = {.call = call,
        .seek = seek,
        .ask = ask,
        .taker = taker,
        .from = ask->from,
        .until = ask->until};
    int r = indicator_defines(&p.defines, err);

    if (r == 0 && !ask->from.p)
        r = figure_last_year(call, &p.from, err);
    if (r == 0 && !ask->from.p)
        p.until = p.from;
    if (r == 0)
        r = figure_rows(call, seek, (struct str){NULL, 0}, &p.published, err);
    if (r < 0)
        return r;
    p.told = arena_array(call->arena, p.published.count + 1, sizeof(*p.told));
    if (!p.told)
        return err_nomem(err);
    return ask->rows ? tell_asked(&p, err) : tell_template(&p, err);
}
