/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GET Measure/ID/$effect?unit=Organization/x, of a volume: what changed with assistance. When that
 * began is what the pairings themselves say: of a department those of departments, of a hospital
 * all of its own. A month in which it began is neither before nor since, and what came after the last
 * pairing ended is left out. Compared with are departments of the same hospital (or hospitals) that never
 * had a pairing. Only months are used that the caller may read.
 */
#include "app/indicator_effect_internal.h"
#include "fhir/value.h"

#define DAY ((utc_ms)24 * 60 * 60 * 1000)
#define YEAR 12

/* ---- what is asked ---- */

static int take_unit(struct effect_found *f, struct str value, struct err *err)
{
    struct indicator_run *run = f->run;
    struct fhir_reference ref =
        fhir_reference_parse(value, run->call->app->base[APP_FHIR]);
    struct indicator_cell cell = {.rid = 0}, hospital = {.rid = 0};
    int r = E_NOT_FOUND;

    if (ref.form == FHIR_REF_LOCAL &&
        ref.type == fhir_resource_named(STR("Organization"))->number)
        r = store_find(run->snapshot, ref.type, ref.id, &cell.rid, err);
    if (r == 0)
        r = indicator_resolve(run, INDICATOR_HOSPITAL, &cell, &hospital, err);
    if (r == E_NOT_FOUND || (r == 0 && !hospital.rid))
        return err_set(err, E_INVALID, "unit",
            "unit is the Organization of a department or a hospital here, as in "
            "unit=Organization/x.");
    f->unit = cell.rid;
    f->hospital = hospital.rid;
    f->whole = f->unit == f->hospital;
    return r;
}

static int take(struct effect_found *f, const struct rest *rest, struct err *err)
{
    int r = 0;

    f->define = indicator_find(f->run->all, rest->id);
    if (!f->define || f->define->count != INDICATOR_SUM || f->define->currency.path)
        return err_set(err, E_NOT_FOUND, NULL,
            "$effect is told of outpatients, inpatients and surgeries.");
    for (size_t i = 0; r == 0 && i < rest->pair_count; i++) {
        if (!str_is(rest->pairs[i].name, "unit"))
            return err_set(err, E_INVALID, rest->pairs[i].name.p,
                "$effect takes unit, and nothing else.");
        r = take_unit(f, rest->pairs[i].value, err);
    }
    if (r == 0 && !f->unit)
        r = err_set(err, E_INVALID, "unit",
            "Say of what: unit=Organization/x, a department or a hospital.");
    return r;
}

/* All facts of ${define}, as known now. */
static int rows_of(struct effect_found *f, const struct indicator_define *define,
    struct indicator_rows *ret, struct err *err)
{
    struct indicator_request rq = {.define = define,
        .index = (size_t)(define - f->run->all->list),
        .from = UTC_MS_MIN,
        .until = UTC_MS_MAX,
        .known = INDICATOR_NOW,
        .stratum = INDICATOR_NO_AXIS,
        .filter = INDICATOR_NO_AXIS};

    return indicator_rows(f->run->snapshot, f->run->call->arena, &rq, ret, err);
}

/* ---- when it was assisted ---- */

static bool is_paired(const struct effect_found *f, store_rid unit)
{
    for (size_t i = 0; i < f->paired_count; i++) {
        if (f->paired[i] == unit)
            return true;
    }
    return false;
}

static int take_pairs(struct effect_found *f, struct err *err)
{
    const struct indicator_define *d = indicator_find(
        f->run->all, f->whole ? STR("hospital-pairs") : STR("departments-twinned"));
    struct indicator_rows found = {.count = 0};
    int r = d ? rows_of(f, d, &found, err) : E_BUG;

    f->began = UTC_MS_MAX;
    f->ended = UTC_MS_MIN;
    f->paired =
        r == 0 ? arena_array(f->run->call->arena, found.count + 1, sizeof(*f->paired))
               : NULL;
    if (r == 0 && !f->paired)
        return err_nomem(err);
    for (size_t i = 0; r == 0 && i < found.count; i++) {
        const struct indicator_row *row = &found.list[i];
        struct indicator_cell unit = {.rid = 0};

        r = indicator_resolve(f->run, d->things[0].as, &row->cells[0], &unit, err);
        if (r < 0 || !unit.rid)
            continue;
        if (!is_paired(f, unit.rid))
            f->paired[f->paired_count++] = unit.rid;
        if (unit.rid != f->unit || row->from == UTC_MS_MIN)
            continue;
        f->began = row->from < f->began ? row->from : f->began;
        f->ended = row->until > f->ended ? row->until : f->ended;
    }
    return r;
}

/* ---- months ---- */

static int64_t month_of(utc_ms at)
{
    int64_t year = 0;
    unsigned month = 0, day = 0;

    time_date(at / DAY, &year, &month, &day);
    return year * YEAR + month - 1;
}

/* The first month that lies behind ${at} as a whole. */
static int64_t month_from(utc_ms at)
{
    int64_t year = 0;
    unsigned month = 0, day = 0;

    time_date(at / DAY, &year, &month, &day);
    return year * YEAR + month - 1 + (day > 1 || at % DAY > 0);
}

/* Of which unit of the question what ${rid} reports is; 0: of none. */
static int unit_of(
    struct effect_found *f, store_rid rid, store_rid *ret, struct err *err)
{
    struct indicator_cell cell = {.rid = rid}, hospital = {.rid = 0};
    int r = indicator_resolve(f->run, INDICATOR_HOSPITAL, &cell, &hospital, err);

    *ret = 0;
    if (r == 0 && f->whole)
        *ret = hospital.rid;
    else if (r == 0 && hospital.rid == f->hospital && rid != f->hospital)
        *ret = rid;
    if (*ret != f->unit && is_paired(f, *ret))
        *ret = 0;
    return r;
}

static int reporter_of(struct effect_found *f, store_rid rid,
    struct effect_reporter **ret, struct err *err)
{
    struct effect_reporter *one = NULL;
    int r = 0;

    for (size_t i = 0; i < f->reporter_count && !one; i++) {
        if (f->reporters[i].rid == rid)
            one = &f->reporters[i];
    }
    if (!one) {
        one = &f->reporters[f->reporter_count];
        one->rid = rid;
        r = unit_of(f, rid, &one->unit, err);
        f->reporter_count++;
    }
    *ret = one;
    return r;
}

/* Keep the rows of the question that the caller may read; ${*count}: how many. */
static int choose(
    struct effect_found *f, struct indicator_row *list, size_t *count, struct err *err)
{
    size_t n = 0;
    int64_t last = 0;
    int r = 0;

    f->first = INT64_MAX;
    for (size_t i = 0; r == 0 && i < *count; i++) {
        struct effect_reporter *reporter = NULL;
        bool may = false;
        int64_t month = 0;

        if (list[i].from < 0 || !list[i].cells[0].rid)
            continue;
        r = reporter_of(f, list[i].cells[0].rid, &reporter, err);
        if (r == 0 && reporter->unit)
            r = indicator_may_read(f->run, list[i].record, &may, err);
        if (r < 0 || !may)
            continue;
        month = month_of(list[i].from);
        f->first = month < f->first ? month : f->first;
        last = month > last ? month : last;
        list[n++] = list[i];
    }
    *count = n;
    f->first = n ? f->first : 0;
    f->span = n ? (size_t)(last - f->first) + 1 : 0;
    if (r == 0 && f->span > EFFECT_SPAN)
        r = err_set(err, E_TOO_LARGE, NULL,
            "Between the first and the last month lie more than a hundred years.");
    return r;
}

static struct effect_unit *unit_at(struct effect_found *f, store_rid rid)
{
    struct arena *a = f->run->call->arena;
    struct effect_unit *one = NULL;

    for (size_t i = 0; i < f->unit_count; i++) {
        if (f->units[i].rid == rid)
            return &f->units[i];
    }
    one = &f->units[f->unit_count];
    *one = (struct effect_unit){.rid = rid,
        .assisted = is_paired(f, rid),
        .sum = arena_array(a, f->span + 1, sizeof(*one->sum)),
        .known = arena_array(a, f->span + 1, sizeof(*one->known)),
        .own = arena_array(a, f->span + 1, sizeof(*one->own))};
    if (!one->sum || !one->known || !one->own)
        return NULL;
    f->unit_count++;
    return one;
}

static int add_row(
    struct effect_found *f, const struct indicator_row *row, struct err *err)
{
    struct effect_reporter *reporter = NULL;
    struct effect_unit *unit = NULL;
    double value = 0;
    size_t at = (size_t)(month_of(row->from) - f->first);
    int r = reporter_of(f, row->cells[0].rid, &reporter, err);

    if (r < 0)
        return r;
    unit = unit_at(f, reporter->unit);
    if (!unit)
        return err_nomem(err);
    if (!fhir_number(row->cells[INDICATOR_CELL_AMOUNT].text, &value))
        return 0;
    if (f->whole && reporter->rid == unit->rid) {
        unit->sum[at] = value;
        unit->own[at] = true;
    } else if (!unit->own[at]) {
        unit->sum[at] += value;
        unit->known[at]++;
    }
    return 0;
}

/* Is the month ${at} of ${unit} whole? */
static bool is_known(const struct effect_unit *unit, size_t at)
{
    return unit->own[at] || (unit->reporters > 0 && unit->known[at] == unit->reporters);
}

/* Months of ${unit} that are whole, before it began and since. */
static int make_series(
    struct effect_found *f, struct effect_unit *unit, struct err *err)
{
    struct effect_month *list =
        arena_array(f->run->call->arena, f->span + 1, sizeof(*list));
    size_t n = 0;

    if (!list)
        return err_nomem(err);
    for (size_t i = 0; i < f->span; i++) {
        int64_t month = f->first + (int64_t)i;
        bool between =
            f->began != UTC_MS_MAX && month < f->start && month >= month_of(f->began);
        bool after = f->ended != UTC_MS_MIN && f->ended != SPAN_OPEN &&
                     month > month_of(f->ended - 1);

        if (is_known(unit, i) && !between && !after)
            list[n++] = (struct effect_month){month, unit->sum[i]};
    }
    unit->series = (struct effect_series){list, n};
    return 0;
}

static int take_months(struct effect_found *f, struct err *err)
{
    struct arena *a = f->run->call->arena;
    struct indicator_rows found = {.count = 0};
    int r = rows_of(f, f->define, &found, err);

    if (r < 0)
        return r;
    f->reporters = arena_array(a, found.count + 1, sizeof(*f->reporters));
    f->units = arena_array(a, found.count + 2, sizeof(*f->units));
    if (!f->reporters || !f->units)
        return err_nomem(err);
    r = choose(f, found.list, &found.count, err);
    if (r == 0 && !unit_at(f, f->unit))
        r = err_nomem(err);
    for (size_t i = 0; r == 0 && i < found.count; i++)
        r = add_row(f, &found.list[i], err);
    for (size_t i = 0; r == 0 && i < f->reporter_count; i++) {
        for (size_t k = 0; k < f->unit_count; k++)
            f->units[k].reporters +=
                f->reporters[i].unit == f->units[k].rid &&
                !(f->whole && f->reporters[i].rid == f->units[k].rid);
    }
    for (size_t i = 0; r == 0 && i < f->unit_count; i++)
        r = make_series(f, &f->units[i], err);
    return r;
}

/* ---- what comes of it ---- */

/* The sum of the year ${year}; false: not all of its months are known. */
static bool year_of(const struct effect_found *f, int64_t year, double *ret)
{
    const struct effect_unit *unit = &f->units[0];
    double sum = 0;

    for (int64_t month = year * YEAR; month < (year + 1) * YEAR; month++) {
        int64_t at = month - f->first;

        if (at < 0 || at >= (int64_t)f->span || !is_known(unit, (size_t)at))
            return false;
        sum += unit->sum[at];
    }
    *ret = sum;
    return true;
}

/* The last whole year before it began; and the last whole one of assistance. */
static void find_years(struct effect_found *f)
{
    int64_t before = month_of(f->began) / YEAR - 1;
    int64_t first = (f->start + YEAR - 1) / YEAR;
    int64_t end = f->first + (int64_t)f->span;

    if (f->ended != SPAN_OPEN && month_of(f->ended) < end)
        end = month_of(f->ended);
    if (year_of(f, before, &f->baseline.value))
        f->baseline.year = before;
    for (int64_t year = first; (year + 1) * YEAR <= end; year++) {
        if (year_of(f, year, &f->latest.value))
            f->latest.year = year;
    }
}

static int compute(struct effect_found *f, struct err *err)
{
    struct arena *a = f->run->call->arena;
    struct effect_series *list = arena_array(a, f->unit_count + 1, sizeof(*list));
    struct effect_others others = {list, 0};
    int r = 0;

    f->compared = arena_array(a, f->unit_count + 1, sizeof(struct effect_unit *));
    if (!list || !f->compared)
        return err_nomem(err);
    for (size_t i = 1; i < f->unit_count; i++) {
        f->compared[f->compared_count++] = &f->units[i];
        list[others.count++] = f->units[i].series;
    }
    r = effect_interrupted(a, &f->units[0].series, f->start, &f->interrupted, err);
    if (r == 0)
        r = effect_difference(
            a, &f->units[0].series, &others, f->start, &f->difference, err);
    return r;
}

int indicator_effect(
    struct indicator_run *run, const struct rest *rest, struct err *err)
{
    struct effect_found f = {.run = run};
    int r = take(&f, rest, err);

    if (r == 0)
        r = take_pairs(&f, err);
    if (r == 0 && f.began != UTC_MS_MAX)
        f.start = month_from(f.began);
    if (r == 0)
        r = take_months(&f, err);
    if (r == 0 && f.began != UTC_MS_MAX) {
        find_years(&f);
        r = compute(&f, err);
    }
    return r == 0 ? indicator_effect_write(&f, err) : r;
}
