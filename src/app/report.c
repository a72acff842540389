/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GET PublishedFigure/$report.
 *
 *   from, until   of this time; published figures of other times are left aside. Missing: each published figure
 *                 for its own time, what has none for the last calendar year that is over
 *   all           true: the indicators that no row has, too
 */
#include "app/report.h"

#include "fhir/part.h"

struct reporting {
    struct app_call *call;
    struct seek seek;
    struct json_out o;
    struct report_ask ask;
};

static int take_pair(
    struct reporting *p, const struct search_pair *pair, struct err *err)
{
    if (str_is(pair->name, "all") &&
        (str_is(pair->value, "true") || str_is(pair->value, "false")))
        p->ask.all = str_is(pair->value, "true");
    else if (str_is(pair->name, "from"))
        p->ask.from = pair->value;
    else if (str_is(pair->name, "until"))
        p->ask.until = pair->value;
    else
        return err_set(
            err, E_INVALID, pair->name.p, "$report takes from, until and all.");
    return 0;
}

static int take(struct reporting *p, const struct rest *rest, struct err *err)
{
    int r = 0;

    for (size_t i = 0; r == 0 && i < rest->pair_count; i++)
        r = take_pair(p, &rest->pairs[i], err);
    return r == 0 ? report_check_time(p->ask.from, p->ask.until, err) : r;
}

static void put_text(struct json_out *o, const char *name, struct str text)
{
    fhir_part_put(o, name, "valueString", text);
}

void report_put_published(struct json_out *o, const struct report_row *row)
{
    const struct json *json = row->figure ? row->figure->json : NULL;

    if (!row->figure) {
        put_text(o, "wording", row->words);
        return;
    }
    fhir_part_put(o, "figure", "valueId", row->figure->id);
    put_text(o, "wording", json_get_text(json, "wording"));
    put_text(o, "source", json_get_text(json, "source"));
    put_text(o, "scope", json_get_text(json, "scope"));
    put_text(o, "published", json_text(json_get(json, "value")));
    put_text(o, "published-unit", json_get_text(json, "unit"));
}

static int put_row(void *arg, const struct report_row *row,
    const struct figure_told *told, struct err *err)
{
    struct json_out *o = arg;

    (void)err;
    fhir_parts_open(o, "row");
    fhir_part_put(o, "indicator", "valueCode", row->indicator);
    put_text(o, "title", row->title);
    report_put_published(o, row);
    figure_put(o, told);
    fhir_parts_close(o);
    return 0;
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
        r = report_rows(
            call, &p.seek, &p.ask, &(struct report_taker){put_row, &p.o}, err);
        fhir_parameters_close(&p.o);
    }
    call_read_end(call, snapshot);
    return r;
}

int report_answer(struct app_call *call, const struct rest *rest, struct err *err)
{
    return call_pool(call, rest, run, err);
}
