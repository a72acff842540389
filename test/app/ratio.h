/* SPDX-License-Identifier: Apache-2.0 */
/* Is what a ratio tells what its two figures, each asked singly by the same person, come to? */
#ifndef TEST_APP_RATIO_H
#define TEST_APP_RATIO_H

#include <math.h>
#include <stdlib.h>

#include "indicator_years.h"

/* A ratio, as its definition says it. */
struct ratio_said {
    const char *id, *numerator, *denominator;
    const char *population; /* of the denominator: "numerator"; NULL: its figure */
    double per;
    bool money, grown;
};

/* How often there was a ratio, and how often none since one half was masked or a whole refused. */
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

/* The score of ${ratio} is that of ${over} for each of ${under} less ${before}, or there is none. */
static inline void same_ratio(const struct ratio_said *r, const struct json *ratio,
    struct told over, struct told under, struct told before, struct ratio_seen *seen)
{
    double all = under.value - before.value;
    bool known = false;
    double score =
        number_of(json_get(json_get(ratio, "measureScore"), "value"), &known);

    seen->masked += over.masked || under.masked;
    if (over.masked || under.masked || !over.known || !under.known || all <= 0) {
        assert_false(known);
        seen->none += !over.masked && !under.masked;
        return;
    }
    assert_true(known);
    assert_true(fabs(score - over.value * r->per / all) < 0.00006);
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

/* Ask it of ${r} and of its two figures, and compare. */
static inline void ratio_agrees(
    const struct ratio_said *r, const struct ratio_asked *q, struct ratio_seen *seen)
{
    const char *person = q->person, *axis = q->axis, *period = q->period;
    struct arena *a = arena_new();
    bool by_currency = axis && strcmp(axis, "currency") == 0;
    const char *by = axis ? arena_printf(a, "&stratifier=%s", axis) : "";
    const char *under_by = by_currency ? "" : by;
    struct said *ratio =
        ask_figure(person, r->id, arena_printf(a, "%s%s%s", period, by, q->filter));
    struct said *over = ask_figure(
        person, r->numerator, arena_printf(a, "%s%s%s", period, by, q->filter));
    struct said *under =
        ask_figure(person, r->denominator, arena_printf(a, "%s%s", period, under_by));
    struct said *before =
        ask_figure(person, r->denominator, arena_printf(a, "%s%s", q->day, under_by));
    struct json_each it = json_each(axis ? strata_by(ratio->json, axis) : NULL);
    struct told nothing = {.known = true};

    if (over->status != 200 || under->status != 200) {
        assert_int_equal(
            ratio->status, over->status != 200 ? over->status : under->status);
        seen->refused++;
    } else {
        assert_int_equal(ratio->status, 200);
        if (!by_currency)
            same_ratio(r, group_of(ratio->json),
                told_in(over, NULL, (struct str){NULL, 0}, NULL, !r->money),
                told_in(under, NULL, (struct str){NULL, 0}, r->population, true),
                r->grown ? told_in(before, NULL, (struct str){NULL, 0}, NULL, true)
                         : nothing,
                seen);
    }
    while (json_next(&it)) {
        struct str code = code_of(it.value);
        struct str there = by_currency ? (struct str){NULL, 0} : code;

        same_ratio(r, it.value, told_in(over, axis, code, NULL, !r->money),
            told_in(under, axis, there, r->population, true),
            r->grown ? told_in(before, axis, there, NULL, true) : nothing, seen);
    }
    /* nobody who stands in both is left out */
    it = json_each(axis && ratio->status == 200 ? strata_by(over->json, axis) : NULL);
    while (json_next(&it)) {
        if (by_currency || stratum_of(strata_by(under->json, axis), code_of(it.value)))
            assert_non_null(
                stratum_of(strata_by(ratio->json, axis), code_of(it.value)));
    }
    said_free(ratio);
    said_free(over);
    said_free(under);
    said_free(before);
    arena_free(a);
}

#endif
