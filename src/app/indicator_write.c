/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A figure as MeasureReport. The score is the figure with its unit; of what is counted the
 * population has it too. A figure that is not told has the extension data-absent-reason, "masked",
 * in place of a number. As of which position of the log it is known stands in an extension, so
 * that the same question can be asked again and gives the same.
 */
#include <stdlib.h>

#include "base/money.h"

#include "app/indicator_internal.h"
#include "app/logbook_internal.h"
#include "app/procedure_internal.h"

#define POPULATION_SYSTEM "http://terminology.hl7.org/CodeSystem/measure-population"
#define POSITION_URL "https://belay.health/StructureDefinition/indicator-position"
#define LEFT_OUT_URL "https://belay.health/StructureDefinition/indicator-left-out"
#define MASKED                                                                         \
    "{\"extension\":[{\"url\":\"http://hl7.org/fhir/StructureDefinition/"              \
    "data-absent-reason\",\"valueCode\":\"masked\"}]}"

void indicator_put_concept(struct json_out *o, const char *system, struct str code)
{
    json_open(o, '{');
    json_name(o, "coding");
    json_open(o, '[');
    json_open(o, '{');
    json_name(o, "system");
    json_put_str(o, system);
    json_member(o, "code", code);
    json_close(o, '}');
    json_close(o, ']');
    json_close(o, '}');
}

static void put_count(struct json_out *o, const char *code, int64_t figure, bool masked)
{
    json_name(o, "code");
    indicator_put_concept(o, POPULATION_SYSTEM, str_of(code));
    json_name(o, masked ? "_count" : "count");
    if (masked)
        json_put_raw(o, STR(MASKED));
    else
        json_put_int(o, figure);
}

void indicator_put_counted(
    struct json_out *o, const char *code, int64_t figure, bool masked, const char *list)
{
    put_count(o, code, figure, masked);
    if (list) {
        json_name(o, "subjectResults");
        json_open(o, '{');
        json_name(o, "reference");
        json_put_str(o, list);
        json_close(o, '}');
    }
}

void indicator_put_population(
    struct json_out *o, const char *code, int64_t figure, bool masked, const char *list)
{
    json_open(o, '{');
    indicator_put_counted(o, code, figure, masked, list);
    json_close(o, '}');
}

static void put_population(
    const struct indicator_run *run, struct json_out *o, int64_t figure, bool counted)
{
    bool masked = false;
    int64_t told = indicator_told(run, figure, &masked);

    json_name(o, "population");
    json_open(o, '[');
    indicator_put_population(
        o, "initial-population", told, masked, counted ? "#" INDICATOR_COUNTED : NULL);
    json_close(o, ']');
}

/* An amount that is no money: as many decimals as it has. */
static void put_amount(struct json_out *o, int64_t amount)
{
    char text[MONEY_CHARS];
    size_t len = 0;

    money_text(amount, text);
    len = strlen(text);
    while (len > 0 && text[len - 1] == '0')
        len--;
    if (len > 0 && text[len - 1] == '.')
        len--;
    json_put_raw(o, (struct str){text, len});
}

/* ${currency}: of a sum of money; p NULL: of several, which have none. Amounts of which nobody
 * wrote one down have no score: that is not the same as 0; nor has a count of what the caller may read, where that is nothing. */
static void put_score(const struct indicator_run *run, struct json_out *o,
    int64_t figure, struct str currency, int64_t behind)
{
    const struct indicator_define *d = run->ask.define;
    char text[MONEY_CHARS];
    bool masked = false;
    int64_t told = indicator_told(run, figure, &masked);

    if (masked || (d->currency.path && !currency.p) ||
        (behind == 0 && (indicator_is_amount(run) || run->left_out > 0)))
        return;
    json_name(o, "measureScore");
    json_open(o, '{');
    json_name(o, "value");
    money_text(told, text);
    if (d->currency.path)
        json_put_raw(o, str_of(text));
    else if (indicator_is_amount(run))
        put_amount(o, told);
    else
        json_put_int(o, told);
    if (run->stepped && told > 0) /* so many, or up to four more */
        json_member(o, "comparator", STR(">="));
    json_member(o, "unit", currency.p ? currency : d->unit);
    json_close(o, '}');
}

/* How many things are behind what is of ${stratum}, or of all. */
static int things_behind(
    struct indicator_run *run, uint32_t stratum, int64_t *ret, struct err *err)
{
    bool *seen = arena_array(run->of_answer, run->thing_count + 1, sizeof(*seen));

    if (!seen)
        return err_nomem(err);
    *ret = 0;
    for (size_t i = 0; i < run->count; i++) {
        const struct indicator_fact *f = &run->facts[i];

        if (!run->answer.behind[i] || seen[f->thing] ||
            (stratum != INDICATOR_NO_STRATUM && f->stratum != stratum))
            continue;
        seen[f->thing] = true;
        ++*ret;
    }
    return 0;
}

int indicator_population(struct indicator_run *run, int64_t figure, uint32_t stratum,
    int64_t *ret, struct err *err)
{
    *ret = figure;
    return indicator_is_amount(run) || run->ask.define->count == INDICATOR_DAYS
               ? things_behind(run, stratum, ret, err)
               : 0;
}

/* All that is said of one figure: of ${stratum}, or of all. */
static int put_figure(struct indicator_run *run, struct json_out *o, uint32_t stratum,
    struct str currency, struct err *err)
{
    bool whole = stratum == INDICATOR_NO_STRATUM;
    bool counted = whole && run->ask.subjects;
    int64_t figure = whole ? run->answer.figure : run->answer.strata[stratum];
    int64_t behind = 0;
    int r = 0;

    if (run->answer.measured) {
        indicator_put_measured(run, o, stratum, counted);
        return 0;
    }
    if (indicator_is_kept(run, stratum)) {
        json_name(o, "population");
        json_open(o, '[');
        indicator_put_population(
            o, "initial-population", 0, true, counted ? "#" INDICATOR_COUNTED : NULL);
        json_close(o, ']');
        return 0;
    }
    r = indicator_population(run, figure, stratum, &behind, err);
    put_population(run, o, behind, counted);
    put_score(run, o, figure, currency, behind);
    return r;
}

/* A stratum with its code and what people call it. */
struct named {
    size_t at;
    struct str code, name;
};

/* By name; what is not known comes last. */
static int named_cmp(const void *one, const void *other)
{
    const struct named *a = one;
    const struct named *b = other;
    bool last = str_is(a->code, "unknown"), other_last = str_is(b->code, "unknown");

    if (last != other_last)
        return last ? 1 : -1;
    return str_cmp(a->name, b->name);
}

/* Those of which there is something, in order. */
static int name_strata(
    struct indicator_run *run, struct named **ret, size_t *ret_count, struct err *err)
{
    struct named *list =
        arena_array(run->call->arena, run->stratum_count + 1, sizeof(*list));
    size_t n = 0;
    int r = list ? 0 : err_nomem(err);

    for (size_t i = 0; r == 0 && i < run->stratum_count; i++) {
        const struct indicator_cell *cell = &run->strata[i];
        struct named *one = &list[n];

        if (!indicator_is_named(run, (uint32_t)i))
            continue;
        *one = (struct named){i, cell->text, cell->text};
        n++;
        if (!cell->rid)
            continue;
        r = indicator_reference(run, cell->rid, &one->code, err);
        if (r == 0)
            one->name = procedure_name(run->call, run->snapshot, one->code);
        if (r == 0 && !one->name.p)
            one->name = one->code;
    }
    if (r == 0)
        qsort(list, n, sizeof(*list), named_cmp);
    *ret = list;
    *ret_count = n;
    return r;
}

int indicator_put_figure(
    struct indicator_run *run, struct json_out *o, uint32_t stratum, struct err *err)
{
    bool whole = stratum == INDICATOR_NO_STRATUM;
    struct str none = {NULL, 0};
    struct str currency = !run->mixed ? run->currency
                          : whole     ? none
                                      : run->strata[stratum].text;

    return run->ratio ? indicator_put_ratio(run, o, stratum, currency, err)
                      : put_figure(run, o, stratum, currency, err);
}

static int put_stratum(struct indicator_run *run, struct json_out *o,
    const struct named *one, struct err *err)
{
    int r = 0;

    json_open(o, '{');
    json_name(o, "value");
    json_open(o, '{');
    json_name(o, "coding");
    json_open(o, '[');
    json_open(o, '{');
    json_member(o, "code", one->code);
    json_close(o, '}');
    json_close(o, ']');
    json_member(o, "text", one->name);
    json_close(o, '}');
    r = indicator_put_figure(run, o, (uint32_t)one->at, err);
    json_close(o, '}');
    return r;
}

void indicator_open_strata(struct json_out *o, bool *open)
{
    if (!*open) {
        json_name(o, "stratifier");
        json_open(o, '[');
    }
    *open = true;
}

/* Strata of which there is nothing in the period are left out. */
int indicator_put_stratifier(
    struct indicator_run *run, struct json_out *o, bool *open, struct err *err)
{
    struct named *list = NULL;
    size_t n = 0;
    int r = name_strata(run, &list, &n, err);

    if (r < 0 || n == 0)
        return r;
    indicator_open_strata(o, open);
    json_open(o, '{');
    json_name(o, "code");
    json_open(o, '[');
    indicator_put_concept(
        o, INDICATOR_STRATUM_SYSTEM, run->ask.define->strata[run->ask.axis].name);
    json_close(o, ']');
    json_name(o, "stratum");
    json_open(o, '[');
    for (size_t i = 0; r == 0 && i < n; i++)
        r = put_stratum(run, o, &list[i], err);
    json_close(o, ']');
    json_close(o, '}');
    return r;
}

static void put_number_extension(struct json_out *o, const char *url, int64_t value)
{
    char text[24];

    snprintf(text, sizeof(text), "%lld", (long long)value);
    json_open(o, '{');
    json_name(o, "url");
    json_put_str(o, url);
    json_name(o, "valueString");
    json_put_str(o, text);
    json_close(o, '}');
}

void indicator_put_head(struct indicator_run *run, struct json_out *o)
{
    const struct indicator_define *d = run->ask.define;
    const struct json *better = json_get(d->measure, "improvementNotation");
    char now[TIME_ISO_MAX];
    const char *measure = arena_printf(run->call->arena, "%.*s|%.*s", (int)d->url.len,
        d->url.p, (int)d->version.len, d->version.p);

    json_name(o, "extension");
    json_open(o, '[');
    put_number_extension(o, POSITION_URL, run->position);
    if (run->left_out > 0)
        put_number_extension(o, LEFT_OUT_URL, (int64_t)run->left_out);
    json_close(o, ']');
    json_name(o, "status");
    json_put_str(o, "complete");
    json_name(o, "type");
    json_put_str(o, run->ask.subjects ? "subject-list" : "summary");
    json_name(o, "measure");
    json_put_str(o, measure ? measure : "");
    json_name(o, "date");
    time_iso(call_now(run->call), now);
    json_put_str(o, now);
    json_name(o, "period");
    json_open(o, '{');
    json_member(o, "start", run->ask.start);
    json_member(o, "end", run->ask.end);
    json_close(o, '}');
    if (better) {
        json_name(o, "improvementNotation");
        json_put_value(o, better);
    }
}

int indicator_write_report(struct indicator_run *run, struct err *err)
{
    struct json_out out = json_out(&run->call->answer);
    struct json_out *o = &out;
    bool open = false;
    int r = 0;

    json_open(o, '{');
    json_name(o, "resourceType");
    json_put_str(o, "MeasureReport");
    if (run->ask.subjects)
        r = indicator_put_subjects(run, o, err);
    indicator_put_head(run, o);
    json_name(o, "group");
    json_open(o, '[');
    json_open(o, '{');
    if (r == 0)
        r = indicator_put_figure(run, o, INDICATOR_NO_STRATUM, err);
    if (r == 0 && run->ask.axis != INDICATOR_NO_AXIS)
        r = indicator_put_stratifier(run, o, &open, err);
    if (open)
        json_close(o, ']');
    json_close(o, '}');
    json_close(o, ']');
    json_close(o, '}');
    return r;
}

void indicator_write_all(struct indicator_run *run)
{
    struct json_out out = json_out(&run->call->answer);

    json_put_value(&out, run->all->bundle);
}
