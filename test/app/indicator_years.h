/* SPDX-License-Identifier: Apache-2.0 */
/* Is what the dashboard tells of each year what the question of that year alone is told? */
#ifndef TEST_APP_INDICATOR_YEARS_H
#define TEST_APP_INDICATOR_YEARS_H

#include "indicator.h"

/* What was compared, so that a test can say that it was not nothing. */
struct agreed {
    int figures, refused, masked, sums, apart, cells;
};

static inline const char *json_said(struct arena *a, const struct json *of)
{
    struct buf b;
    struct json_out o = json_out(&b);
    const char *text = NULL;

    buf_init(&b, 1 << 16);
    if (of)
        json_put_value(&o, of);
    text = arena_strndup(a, b.data ? b.data : "", b.len);
    buf_done(&b);
    return text;
}

/* Population and score of ${one} are those of ${other}. */
static inline void same_figure(const struct json *one, const struct json *other)
{
    struct arena *a = arena_new();

    assert_string_equal(json_said(a, json_get(one, "population")),
        json_said(a, json_get(other, "population")));
    assert_string_equal(json_said(a, json_get(one, "measureScore")),
        json_said(a, json_get(other, "measureScore")));
    arena_free(a);
}

/* The list of strata of ${report} that is by ${name}. */
static inline const struct json *strata_by(const struct json *report, const char *name)
{
    struct json_each it = json_each(json_get(group_of(report), "stratifier"));

    while (json_next(&it)) {
        const struct json *code = json_at(json_get(it.value, "code"), 0);

        if (str_is(json_get_text(json_at(json_get(code, "coding"), 0), "code"), name))
            return json_get(it.value, "stratum");
    }
    return NULL;
}

/* The strata of ${report} that are of a year and of ${axis} both. */
static inline const struct json *cells_by(const struct json *report, const char *axis)
{
    struct json_each it = json_each(json_get(group_of(report), "stratifier"));

    while (json_next(&it)) {
        const struct json *code = json_at(json_get(it.value, "code"), 1);

        if (code &&
            str_is(json_get_text(json_at(json_get(code, "coding"), 0), "code"), axis))
            return json_get(it.value, "stratum");
    }
    return NULL;
}

static inline const struct json *stratum_of(const struct json *strata, struct str code)
{
    struct json_each it = json_each(strata);

    while (json_next(&it)) {
        if (str_eq(code_of(it.value), code))
            return it.value;
    }
    return NULL;
}

static inline bool is_refused(const struct json *stratum)
{
    const struct json *count =
        json_get(json_at(json_get(stratum, "population"), 0), "_count");

    return str_is(json_get_text(json_at(json_get(count, "extension"), 0), "valueCode"),
        "not-permitted");
}

/* A year of ${stratum}, with the year's own answer ${s} to the same question. */
static inline void same_year(
    const struct json *stratum, const struct said *s, struct agreed *ret)
{
    const struct json *group = group_of(s->json);
    const struct json *currency = json_at(json_get(stratum, "component"), 1);

    if (s->status == 403) {
        assert_true(is_refused(stratum));
        assert_null(json_get(stratum, "measureScore"));
        ret->refused++;
        return;
    }
    assert_int_equal(s->status, 200);
    if (currency) {
        const struct json *alone =
            stratum_of(strata_by(s->json, "currency"), code_of(currency));

        assert_non_null(alone);
        same_figure(stratum, alone);
        ret->sums++;
        return;
    }
    same_figure(stratum, group);
    ret->figures++;
    ret->masked +=
        json_get(json_at(json_get(group, "population"), 0), "_count") != NULL;
}

static inline void same_years(const char *person, const char *id, const char *more,
    const struct json *report, struct agreed *ret)
{
    struct arena *a = arena_new();
    struct json_each it = json_each(strata_by(report, "year"));

    while (json_next(&it)) {
        struct str year = code_of(json_get(it.value, "component")
                                      ? json_at(json_get(it.value, "component"), 0)
                                      : it.value);
        struct said *s = ask_as(person,
            arena_printf(a,
                "Measure/%s/$evaluate-measure?periodStart=%.*s&periodEnd=%.*s%s%s", id,
                (int)year.len, year.p, (int)year.len, year.p, more,
                json_get(it.value, "component") ? "&stratifier=currency" : ""));

        same_year(it.value, s, ret);
        said_free(s);
    }
    arena_free(a);
}

/* The whole period of ${report}, by ${axis} (NULL: as a whole), as it is told alone. */
static inline void same_whole(const char *person, const char *id, const char *question,
    const char *axis, const struct json *report, struct agreed *ret)
{
    struct arena *a = arena_new();
    struct said *s =
        ask_as(person, arena_printf(a, "Measure/%s/$evaluate-measure?%s%s%s", id,
                           question, axis ? "&stratifier=" : "", axis ? axis : ""));
    const struct json *group = group_of(report);

    if (axis) {
        const char *alone =
            json_said(a, s->status == 200 ? strata_by(s->json, axis) : NULL);

        assert_string_equal(json_said(a, strata_by(report, axis)), alone);
        ret->apart += alone[0] != '\0';
    } else if (s->status == 403) {
        assert_true(is_refused(group));
    } else {
        same_figure(group, group_of(s->json));
    }
    said_free(s);
    arena_free(a);
}

/* The cells of ${year} in ${cells} are the strata that ${s}, the year's own answer by ${axis}, tells. */
static inline void same_cells_of(const struct json *cells, struct str year,
    const struct said *s, const char *axis, struct agreed *ret)
{
    const struct json *alone = s->status == 200 ? strata_by(s->json, axis) : NULL;
    struct json_each it = json_each(cells);
    size_t count = 0;

    while (json_next(&it)) {
        const struct json *component = json_get(it.value, "component");

        if (!str_eq(code_of(json_at(component, 0)), year))
            continue;
        if (s->status == 403) {
            assert_true(is_refused(it.value));
            assert_int_equal(json_count(component), 1);
            return;
        }
        assert_non_null(stratum_of(alone, code_of(json_at(component, 1))));
        same_figure(it.value, stratum_of(alone, code_of(json_at(component, 1))));
        count++;
    }
    assert_int_equal(count, json_count(alone));
    ret->cells += (int)count;
}

static inline void same_cells(const char *person, const char *id, const char *more,
    const char *axis, const struct json *report, struct agreed *ret)
{
    struct arena *a = arena_new();
    const struct json *cells = cells_by(report, axis);
    struct json_each it = json_each(cells ? strata_by(report, "year") : NULL);

    while (json_next(&it)) {
        struct str year = code_of(it.value);
        struct said *s = ask_as(
            person, arena_printf(a,
                        "Measure/%s/$evaluate-measure?periodStart=%.*s&periodEnd=%.*s%s"
                        "&stratifier=%s",
                        id, (int)year.len, year.p, (int)year.len, year.p, more, axis));

        same_cells_of(cells, year, s, axis, ret);
        said_free(s);
    }
    arena_free(a);
}

/* Ask as ${person} for all of ${first} to ${last} by ${axis}, of ${more} ("&stratum=..."). */
static inline struct agreed years_agree(
    const char *person, int first, int last, const char *axis, const char *more)
{
    struct arena *a = arena_new();
    const char *period =
        arena_printf(a, "periodStart=%d&periodEnd=%d%s", first, last, more);
    struct said *all = said_status(
        ask_as(
            person, arena_printf(a, "Measure/$dashboard?%s&stratifier=%s&yearly=true",
                        period, axis)),
        200);
    struct json_each it = json_each(json_get(all->json, "entry"));
    struct agreed agreed = {0};

    while (json_next(&it)) {
        const struct json *report = json_get(it.value, "resource");
        struct str id = json_get_text(report, "measure");
        char *name = NULL;

        id.len = (size_t)(strchr(id.p, '|') - id.p);
        name = arena_strndup(a, id.p, id.len);
        name = strrchr(name, '/') + 1;
        same_years(person, name, more, report, &agreed);
        if (!strata_by(report, "currency"))
            same_whole(person, name, period, NULL, report, &agreed);
        same_whole(person, name, period, axis, report, &agreed);
        if (!strata_by(report, "currency"))
            same_cells(person, name, more, axis, report, &agreed);
    }
    said_free(all);
    arena_free(a);
    return agreed;
}

#endif
