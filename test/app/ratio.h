/* SPDX-License-Identifier: Apache-2.0 */
/* Is what a ratio tells what its figures, each asked singly by the same person, come to? */
#ifndef TEST_APP_RATIO_H
#define TEST_APP_RATIO_H

#include <math.h>
#include <stdlib.h>

#include "indicator_years.h"

/* A ratio, as its definition says it. */
struct ratio_said {
    const char *id, *numerator, *denominator; /* NULL: there is no denominator */
    const char *population; /* of the denominator: "numerator"; NULL: its figure */
    double per;
    bool money, grown;
    const char *times; /* NULL: it is multiplied by nothing */
    const char *over;  /* of the numerator: "numerator"; NULL: its figure */
    bool share;        /* what it is multiplied by: told by two populations */
};

/* How often there was a ratio, and how often none since one part was masked or a whole refused. */
struct ratio_seen {
    int told, masked, refused, none;
};

/* A figure as it was told: of a stratum, or of the whole. */
struct told {
    bool masked, known;
    double value;
};

static inline double number_of(const struct json *of, bool *known)
{
    struct str text = json_text(of);
    char buffer[40];

    *known = text.p && text.len < sizeof(buffer);
    if (!*known)
        return 0;
    memcpy(buffer, text.p, text.len);
    buffer[text.len] = '\0';
    return strtod(buffer, NULL);
}

static inline const struct json *population_of(const struct json *of, const char *code)
{
    struct json_each it = json_each(json_get(of, "population"));

    while (json_next(&it)) {
        const struct json *coding =
            json_at(json_get(json_get(it.value, "code"), "coding"), 0);

        if (str_is(json_get_text(coding, "code"), code))
            return it.value;
    }
    return NULL;
}

/* What ${of}, a group or a stratum, tells: its score, or one of its populations. */
static inline struct told figure_told(const struct json *of, const char *population)
{
    struct told t = {.masked = false};
    struct json_each it = json_each(json_get(of, "population"));

    while (json_next(&it))
        t.masked = t.masked || json_get(it.value, "_count");
    t.value = number_of(population ? json_get(population_of(of, population), "count")
                                   : json_get(json_get(of, "measureScore"), "value"),
        &t.known);
    return t;
}

static inline struct said *ask_figure(
    const char *person, const char *id, const char *question)
{
    struct arena *a = arena_new();
    struct said *s = ask_as(
        person, arena_printf(a, "Measure/%s/$evaluate-measure?%s", id, question));

    arena_free(a);
    return s;
}

/* What the figures of a ratio tell; ${ratio} is what it tells itself. */
struct ratio_parts {
    const struct json *ratio;
    struct told over, times, under, before;
};

/* The score is that of the numerator, as often as is said, for each of the denominator less what it was before, or there
 * is none. */
static inline void same_ratio(
    const struct ratio_said *r, const struct ratio_parts *of, struct ratio_seen *seen)
{
    double all = of->under.value - of->before.value;
    bool masked = of->over.masked || of->times.masked || of->under.masked;
    bool known = false;
    double score =
        number_of(json_get(json_get(of->ratio, "measureScore"), "value"), &known);

    seen->masked += masked;
    if (masked || !of->over.known || !of->times.known || !of->under.known || all <= 0) {
        assert_false(known);
        seen->none += !masked;
        return;
    }
    assert_true(known);
    assert_true(
        fabs(score - of->over.value * of->times.value * r->per / all) < 0.00006);
    seen->told++;
}

/* What a figure tells of the stratum ${code} (p NULL: of the whole); a count that is not there is 0. */
static inline struct told told_in(const struct said *s, const char *axis,
    struct str code, const char *population, bool counts)
{
    const struct json *of =
        code.p ? stratum_of(strata_by(s->json, axis), code) : group_of(s->json);

    return of ? figure_told(of, population) : (struct told){.known = counts};
}

/* A question of a ratio. */
struct ratio_asked {
    const char *person;
    const char *period, *day; /* of which time, and the day before it */
    const char *axis;         /* NULL: as a whole */
    const char
        *filter; /* "", or "&stratum=currency|...", which is of the numerator alone */
};

/* What multiplies: the share, not rounded, or the median; of nothing there is none. */
static inline struct told factor_in(
    const struct ratio_said *r, const struct said *s, const char *axis, struct str code)
{
    struct told t = {.known = true, .value = 1}, all = {.known = false};

    if (!r->times)
        return t;
    t = told_in(s, axis, code, r->share ? "numerator" : NULL, false);
    all = told_in(s, axis, code, "denominator", false);
    if (!r->share)
        return t;
    t.known = t.known && all.known && all.value > 0;
    t.value = t.known ? t.value / all.value : 0;
    return t;
}

/* The answers of a ratio and its figures. */
struct ratio_answers {
    struct said *ratio, *over, *times, *under, *before;
};

/* Compare what is told of the stratum ${code}, or of the whole. */
static inline void compare(const struct ratio_said *r, const struct ratio_answers *s,
    const struct ratio_asked *q, const struct json *of, struct str code,
    struct ratio_seen *seen)
{
    bool by_currency = q->axis && strcmp(q->axis, "currency") == 0;
    struct str there = by_currency ? (struct str){NULL, 0} : code;
    struct told one = {.known = true, .value = 1}, nothing = {.known = true};

    same_ratio(r,
        &(struct ratio_parts){.ratio = of,
            .over = told_in(s->over, q->axis, code, r->over, !r->money),
            .times = factor_in(r, s->times, q->axis, there),
            .under = r->denominator
                         ? told_in(s->under, q->axis, there, r->population, true)
                         : one,
            .before =
                r->grown ? told_in(s->before, q->axis, there, NULL, true) : nothing},
        seen);
}

/* The status of the first that is refused; 200: none is. */
static inline int refused(const struct ratio_answers *s)
{
    return s->over->status != 200    ? s->over->status
           : s->times->status != 200 ? s->times->status
                                     : s->under->status;
}

static inline bool stands_in(const struct said *s, const char *axis, struct str code)
{
    return stratum_of(strata_by(s->json, axis), code) != NULL;
}

/* Ask it of ${r} and of its figures, and compare. */
static inline void ratio_agrees(
    const struct ratio_said *r, const struct ratio_asked *q, struct ratio_seen *seen)
{
    const char *person = q->person, *axis = q->axis, *period = q->period;
    struct arena *a = arena_new();
    bool by_currency = axis && strcmp(axis, "currency") == 0;
    const char *by = axis ? arena_printf(a, "&stratifier=%s", axis) : "";
    const char *under_by = arena_printf(a, "%s%s", period, by_currency ? "" : by);
    const char *under = r->denominator ? r->denominator : r->numerator;
    const char *asked = arena_printf(a, "%s%s%s", period, by, q->filter);
    struct ratio_answers s = {.ratio = ask_figure(person, r->id, asked),
        .over = ask_figure(person, r->numerator, asked),
        .times = ask_figure(person, r->times ? r->times : under, under_by),
        .under = ask_figure(person, under, under_by),
        .before = ask_figure(
            person, under, arena_printf(a, "%s%s", q->day, by_currency ? "" : by))};
    struct json_each it = json_each(axis ? strata_by(s.ratio->json, axis) : NULL);

    assert_int_equal(s.ratio->status, refused(&s));
    seen->refused += s.ratio->status != 200;
    if (s.ratio->status == 200 && !by_currency)
        compare(r, &s, q, group_of(s.ratio->json), (struct str){NULL, 0}, seen);
    while (json_next(&it))
        compare(r, &s, q, it.value, code_of(it.value), seen);
    /* nobody who stands in all of them is left out */
    it = json_each(
        axis && s.ratio->status == 200 ? strata_by(s.over->json, axis) : NULL);
    while (json_next(&it)) {
        struct str code = code_of(it.value);

        if (by_currency || (stands_in(s.under, axis, code) &&
                               (!r->times || stands_in(s.times, axis, code))))
            assert_true(stands_in(s.ratio, axis, code));
    }
    said_free(s.ratio);
    said_free(s.over);
    said_free(s.times);
    said_free(s.under);
    said_free(s.before);
    arena_free(a);
}

#endif
