/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GET PublishedFigure/$report.
 *
 *   from, until   of this time; published figures of other times are left aside. Missing: each published figure
 *                 for its own time, what has none for the last calendar year that is over
 *   all           true: the indicators that no row has, too
 *   format        xlsx: as a workbook, like that of a frozen report but unsigned
 */
#include "app/report.h"

#include "base/id.h"

#include "fhir/part.h"

struct reporting {
    struct app_call *call;
    struct seek seek;
    struct json_out o;
    struct report_ask ask;
    bool workbook;
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
    else if (str_is(pair->name, "format") && str_is(pair->value, "xlsx"))
        p->workbook = true;
    else
        return err_set(err, E_INVALID, pair->name.p,
            "$report takes from, until, all, and the format xlsx.");
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

static int tell_rows(struct reporting *p, struct err *err)
{
    int r = 0;

    fhir_parameters_open(&p->o);
    r = report_rows(
        p->call, &p->seek, &p->ask, &(struct report_taker){put_row, &p->o}, err);
    fhir_parameters_close(&p->o);
    return r;
}

/* The rows as a document that nobody signs, and that as a workbook. */
static int tell_workbook(struct reporting *p, struct err *err)
{
    struct app_call *call = p->call;
    char id[ID_UUID_CHARS + 1];
    struct report_head head = {.title = STR("Figures as they are told now"),
        .from = p->ask.from,
        .until = p->ask.until,
        .author = call->caller.practitioner,
        .draft = true,
        .now = call_now(call),
        .seek = p->seek};
    const struct json *document = NULL;
    int64_t position = 0;
    struct buf text;
    int r = 0;

    id_uuid7(head.now, id);
    head.id = str_of(id);
    buf_init(&text, REPORT_DOCUMENT_BYTES);
    r = report_document(call, &head, &p->ask, &text, &position, err);
    if (r == 0)
        r = json_read_trusted(
            call->arena, (struct str){text.data, text.len}, &document, err);
    if (r == 0)
        r = report_workbook(document, &call->answer, err);
    if (r == 0)
        call->media_type = STR(REPORT_WORKBOOK_TYPE);
    buf_done(&text);
    return r;
}

static int run(struct app_call *call, const struct rest *rest, struct err *err)
{
    struct reporting p = {.call = call, .o = json_out(&call->answer)};
    struct store_reader *snapshot = NULL;
    int r = call_read_begin(call, &snapshot, err);

    p.seek = (struct seek){call->app, snapshot, call->arena};
    if (r == 0)
        r = take(&p, rest, err);
    if (r == 0)
        r = p.workbook ? tell_workbook(&p, err) : tell_rows(&p, err);
    call_read_end(call, snapshot);
    return r;
}

int report_answer(struct app_call *call, const struct rest *rest, struct err *err)
{
    return call_pool(call, rest, run, err);
}
