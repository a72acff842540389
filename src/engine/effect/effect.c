/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/effect/effect.h"

#include <math.h>

#include "engine/effect/interval.h"
#include "engine/effect/regress.h"

#define YEAR 12
#define TURN 6.283185307179586

/* Months of ${series} before ${start}. */
static size_t count_before(const struct effect_series *series, int64_t start)
{
    size_t n = 0;

    while (n < series->count && series->list[n].month < start)
        n++;
    return n;
}

static enum effect_reason too_few(size_t before, size_t after)
{
    if (before < EFFECT_MONTHS)
        return EFFECT_FEW_BEFORE;
    return after < EFFECT_MONTHS ? EFFECT_FEW_AFTER : EFFECT_TOLD;
}

/* The sum of ${weights} times the terms, with its interval. */
static struct effect_estimate estimate(
    const struct regress_fit *fit, size_t terms, const double weights[REGRESS_TERMS])
{
    double half = interval_student(fit->freedom) * regress_error(fit, terms, weights);
    double value = 0;

    for (size_t i = 0; i < terms; i++)
        value += weights[i] * fit->beta[i];
    return (struct effect_estimate){value, value - half, value + half};
}

/* What ${row} is by ${fit}; ${without} assistance, the terms that it brought are left out. */
static double fitted(const struct regress_fit *fit, const struct regress_row *row,
    size_t terms, bool without)
{
    double sum = 0;

    for (size_t i = 0; i < terms; i++)
        sum += without && (i == 2 || i == 3) ? 0 : fit->beta[i] * row->x[i];
    return sum;
}

static void tell(const struct regress_fit *fit, const struct regress_row *rows,
    size_t terms, double last, struct effect_interrupted *made)
{
    made->lag = fit->lag;
    made->begin = fit->beta[0];
    made->trend = fit->beta[1];
    made->level = estimate(fit, terms, (double[REGRESS_TERMS]){0, 0, 1});
    made->slope = estimate(fit, terms, (double[REGRESS_TERMS]){0, 0, 0, 1});
    made->last = estimate(fit, terms, (double[REGRESS_TERMS]){0, 0, 1, last});
    for (size_t i = 0; i < made->before + made->after; i++) {
        made->fitted[i] = fitted(fit, &rows[i], terms, false);
        made->without[i] = fitted(fit, &rows[i], terms, true);
    }
}

int effect_interrupted(struct arena *a, const struct effect_series *series,
    int64_t start, struct effect_interrupted *ret, struct err *err)
{
    struct effect_interrupted made = {.before = count_before(series, start)};
    struct regress_row *rows = arena_array(a, series->count + 1, sizeof(*rows));
    struct regress_fit fit = {.lag = 0};
    double t = 0;
    size_t terms = 4;

    made.fitted = arena_array(a, series->count + 1, sizeof(*made.fitted));
    made.without = arena_array(a, series->count + 1, sizeof(*made.without));
    if (!rows || !made.fitted || !made.without)
        return err_nomem(err);
    made.after = series->count - made.before;
    made.reason = too_few(made.before, made.after);
    made.seasonal = made.before >= YEAR && made.after >= YEAR;
    for (size_t i = 0; i < series->count; i++) {
        int64_t month = series->list[i].month;
        double since = i >= made.before;

        t = (double)(month - start);
        rows[i] = (struct regress_row){month, series->list[i].value,
            {1, t, since, t * since, sin(TURN * (double)month / YEAR),
                cos(TURN * (double)month / YEAR)}};
    }
    terms += made.seasonal ? 2 : 0;
    if (made.reason == EFFECT_TOLD && !regress(rows, series->count, terms, &fit))
        made.reason = EFFECT_ALIKE;
    if (made.reason == EFFECT_TOLD)
        tell(&fit, rows, terms, t, &made);
    *ret = made;
    return 0;
}

/* ---- beside others ---- */

/* The value of ${month}; false: it is not known. */
static bool value_at(const struct effect_series *series, int64_t month, double *ret)
{
    size_t low = 0, high = series->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (series->list[middle].month < month)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == series->count || series->list[low].month != month)
        return false;
    *ret = series->list[low].value;
    return true;
}

/* The mean of ${of} in the first ${count} months of ${like}; false: one of all of these is
 * missing, or nothing was there. */
static bool mean_before(const struct effect_series *of,
    const struct effect_series *like, size_t count, double *ret)
{
    double sum = 0;

    for (size_t i = 0; i < like->count; i++) {
        double value = 0;

        if (!value_at(of, like->list[i].month, &value))
            return false;
        sum += i < count ? value : 0;
    }
    *ret = count ? sum / (double)count : 0;
    return sum > 0;
}

/* Take what ${other} was, in parts of its mean before, from the y of ${rows}. */
static bool take_other(struct regress_row *rows, const struct effect_series *series,
    const struct effect_series *other, size_t before)
{
    double mean = 0;

    if (!mean_before(other, series, before, &mean))
        return false;
    for (size_t i = 0; i < series->count; i++) {
        double value = 0;

        value_at(other, series->list[i].month, &value);
        rows[i].x[2] += value / mean; /* for now: the others' sum */
    }
    return true;
}

static void compare(struct regress_row *rows, const struct effect_series *series,
    int64_t start, double mean, struct effect_difference *made)
{
    struct regress_fit fit = {.lag = 0};

    for (size_t i = 0; i < series->count; i++) {
        int64_t month = series->list[i].month;

        rows[i].month = month;
        rows[i].y =
            series->list[i].value / mean - rows[i].x[2] / (double)made->compared;
        rows[i].x[0] = 1;
        rows[i].x[1] = i >= made->before;
    }
    if (!regress(rows, series->count, 2, &fit)) {
        made->reason = EFFECT_ALIKE;
        return;
    }
    made->lag = fit.lag;
    made->grown = estimate(&fit, 2, (double[REGRESS_TERMS]){0, 1});
    for (size_t i = 0; i < made->before; i++)
        rows[i].x[1] = (double)(rows[i].month - start) / YEAR;
    if (!regress(rows, made->before, 2, &fit)) {
        made->reason = EFFECT_ALIKE;
        return;
    }
    made->apart = estimate(&fit, 2, (double[REGRESS_TERMS]){0, 1});
}

int effect_difference(struct arena *a, const struct effect_series *series,
    const struct effect_others *others, int64_t start, struct effect_difference *ret,
    struct err *err)
{
    struct effect_difference made = {.before = count_before(series, start)};
    struct regress_row *rows = arena_array(a, series->count + 1, sizeof(*rows));
    double mean = 0;

    made.taken = arena_array(a, others->count + 1, sizeof(*made.taken));
    if (!rows || !made.taken)
        return err_nomem(err);
    made.after = series->count - made.before;
    made.reason = too_few(made.before, made.after);
    if (made.reason == EFFECT_TOLD && !mean_before(series, series, made.before, &mean))
        made.reason = EFFECT_NO_BASELINE;
    for (size_t i = 0; made.reason == EFFECT_TOLD && i < others->count; i++) {
        made.taken[i] = take_other(rows, series, &others->list[i], made.before);
        made.compared += made.taken[i];
        made.left_out += !made.taken[i];
    }
    if (made.reason == EFFECT_TOLD && made.compared == 0)
        made.reason = EFFECT_NO_COMPARISON;
    if (made.reason == EFFECT_TOLD)
        compare(rows, series, start, mean, &made);
    *ret = made;
    return 0;
}
