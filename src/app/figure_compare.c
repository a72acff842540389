/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GET PublishedFigure/$compare: all figures that stand, by what they are of and the end of
 * their time, what contradicts in them, and what only looks so. measure: only figures of this. One that cannot be
 * compared (written past the rules) is told with why, and compared with nothing.
 */
#include "app/figure_ask.h"
#include "app/report.h"
#include "fhir/part.h"

struct comparing {
    struct app_call *call;
    struct seek seek;
    struct json_out o;
    struct figure_rows rows;
    struct claim *claims; /* of the rows that can be compared */
    size_t claim_count;
};

/* ---- what there is ---- */

static int take(struct comparing *c, const struct rest *rest, struct err *err)
{
    struct str measure = {NULL, 0};
    int r = 0;

    for (size_t i = 0; i < rest->pair_count; i++) {
        if (!str_is(rest->pairs[i].name, "measure"))
            return err_set(err, E_INVALID, rest->pairs[i].name.p,
                "$compare takes measure, and nothing else.");
        measure = rest->pairs[i].value;
    }
    r = figure_rows(c->call, &c->seek, measure, &c->rows, err);
    if (r < 0)
        return r;
    c->claims = arena_array(c->call->arena, c->rows.count + 1, sizeof(*c->claims));
    if (!c->claims)
        return err_nomem(err);
    for (size_t i = 0; i < c->rows.count; i++) {
        if (!c->rows.list[i].problem.p)
            c->claims[c->claim_count++] = c->rows.list[i].claim;
    }
    return 0;
}

/* ---- what is told ---- */

static void put_member(struct comparing *c, const struct figure_row *row,
    const char *name, const char *member, const char *kind)
{
    fhir_part_put(&c->o, name, kind, json_text(json_get(row->json, member)));
}

/* Which question asks for the same, as it is written down. */
static void put_asked(struct comparing *c, const struct json *asked)
{
    const struct json *period = json_get(asked, "period");
    const struct json *base = json_get(asked, "base");

    fhir_part_put(&c->o, "asked", "valueCode", json_get_text(asked, "measure"));
    fhir_part_put(
        &c->o, "asked-stratum", "valueString", json_get_text(asked, "stratum"));
    fhir_part_put(&c->o, "asked-from", "valueDateTime", json_get_text(period, "start"));
    fhir_part_put(&c->o, "asked-until", "valueDateTime", json_get_text(period, "end"));
    fhir_part_put(&c->o, "base-from", "valueDateTime", json_get_text(base, "start"));
    fhir_part_put(&c->o, "base-until", "valueDateTime", json_get_text(base, "end"));
}

/* What the events say, to this caller. */
static int put_told(struct comparing *c, const struct figure_row *row, struct err *err)
{
    struct figure_told told = {.no_claim = {NULL, 0}};
    int r = figure_tell(c->call, c->seek.snapshot, row, &told, err);

    if (r < 0)
        return r;
    fhir_parts_open(&c->o, "computed");
    figure_put(&c->o, &told);
    fhir_parts_close(&c->o);
    return 0;
}

/* Numbers as texts: what reads a number of JSON makes 0.1 of 0.10. */
static int put_row(struct comparing *c, const struct figure_row *row, struct err *err)
{
    const struct json *period = json_get(row->json, "period");
    const struct json *other = json_get(row->json, "other");
    int r = 0;

    fhir_parts_open(&c->o, "figure");
    fhir_part_put(&c->o, "id", "valueId", row->id);
    put_member(c, row, "measure", "measure", "valueCode");
    put_member(c, row, "wording", "wording", "valueString");
    put_member(c, row, "source", "source", "valueString");
    put_member(c, row, "url", "url", "valueUri");
    put_member(c, row, "published", "publishedOn", "valueDate");
    put_member(c, row, "scope", "scope", "valueString");
    fhir_part_put(&c->o, "from", "valueDateTime", json_get_text(period, "start"));
    fhir_part_put(&c->o, "until", "valueDateTime", json_get_text(period, "end"));
    put_member(c, row, "counting", "counting", "valueCode");
    put_member(c, row, "bound", "bound", "valueCode");
    put_member(c, row, "value", "value", "valueString");
    put_member(c, row, "unit", "unit", "valueString");
    put_member(c, row, "trend", "trend", "valueCode");
    put_member(c, row, "before", "before", "valueString");
    fhir_part_put(&c->o, "other", "valueString", json_text(json_get(other, "value")));
    fhir_part_put(&c->o, "other-unit", "valueCode", json_get_text(other, "currency"));
    put_asked(c, json_get(row->json, "asked"));
    fhir_part_put(&c->o, "problem", "valueString", row->problem);
    r = put_told(c, row, err);
    fhir_parts_close(&c->o);
    return r;
}

static void put_contradiction(
    struct comparing *c, const struct claim_contradiction *found)
{
    fhir_parts_open(&c->o, "contradiction");
    fhir_part_put_code(&c->o, "fault", claim_fault_code(found->fault));
    fhir_part_put(&c->o, "one", "valueId", c->claims[found->one].id);
    fhir_part_put(&c->o, "other", "valueId", c->claims[found->other].id);
    if (found->fault == CLAIM_RATE_IMPOSSIBLE) {
        fhir_part_put_real(&c->o, "rate", found->rate);
        fhir_part_put_real(&c->o, "lowest", found->lowest);
        fhir_part_put_real(&c->o, "highest", found->highest);
    }
    fhir_parts_close(&c->o);
}

static void put_notice(struct comparing *c, const struct claim_notice *found)
{
    fhir_parts_open(&c->o, "notice");
    fhir_part_put_code(&c->o, "kind", "scopes-differ");
    fhir_part_put(&c->o, "one", "valueId", c->claims[found->one].id);
    fhir_part_put(&c->o, "other", "valueId", c->claims[found->other].id);
    fhir_parts_close(&c->o);
}

static int compare(struct comparing *c, struct err *err)
{
    const struct claim_set set = {
        c->claims, c->claim_count, figure_rates, figure_rate_count};
    struct claim_contradictions found = {NULL, 0};
    struct claim_notices notices = {NULL, 0};
    int r = claim_contradictions(c->call->arena, &set, &found, err);

    if (r == 0)
        r = claim_notices(c->call->arena, &set, &notices, err);
    if (r < 0)
        return r;
    fhir_parameters_open(&c->o);
    for (size_t i = 0; r == 0 && i < c->rows.count; i++)
        r = put_row(c, &c->rows.list[i], err);
    for (size_t i = 0; i < found.count; i++)
        put_contradiction(c, &found.list[i]);
    for (size_t i = 0; i < notices.count; i++)
        put_notice(c, &notices.list[i]);
    fhir_parameters_close(&c->o);
    return r;
}

static int run(struct app_call *call, const struct rest *rest, struct err *err)
{
    struct comparing c = {.call = call, .o = json_out(&call->answer)};
    struct store_reader *snapshot = NULL;
    int r = call_read_begin(call, &snapshot, err);

    c.seek = (struct seek){call->app, snapshot, call->arena};
    if (r == 0)
        r = take(&c, rest, err);
    if (r == 0)
        r = compare(&c, err);
    call_read_end(call, snapshot);
    return r;
}

int rest_figures(struct app_call *call, const struct rest *rest, struct err *err)
{
    return strcmp(rest->word, "$report") == 0 ? report_answer(call, rest, err)
                                              : call_pool(call, rest, run, err);
}
