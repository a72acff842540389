/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Figures of several times are told one after another, by several reports and years apart: whoever subtracts them must find no small
 * number either (engine/numbers/guard_times.h). What was ever public is known, also where it was withdrawn; of what was said
 * twice the last is held against the new one.
 *
 * Looked at are counts, and both numbers of a share, of what happened in a time. Not figures of the directory, states at an end,
 * money, days, means and middles; nor steps, which are no number.
 */
#include "app/publication.h"
#include "engine/numbers/guard_times.h"
#include "fhir/value.h"
#include "view/indicator_define.h"

#define BEGINNING STR("1900")
#define SERIES 3 /* of a share: those who are met, all, and the rest */

/* Figures that are public or will be, as Publication.figure. */
struct known {
    struct arena *a;
    const struct indicator_defines *defines;
    const struct json **list;
    size_t count, room;
};

static bool is_count(const struct indicator_define *d)
{
    return d->disclosure != INDICATOR_TO_ALL && !d->currency.path &&
           d->count != INDICATOR_DAYS && d->count != INDICATOR_MEAN &&
           (d->scoring == INDICATOR_COHORT || d->scoring == INDICATOR_PROPORTION);
}

/* Can it be subtracted from another? */
static bool is_counted(const struct known *k, const struct json *figure)
{
    const struct indicator_define *d =
        indicator_find(k->defines, json_get_text(figure, "indicator"));

    return d && is_count(d) && str_is(json_get_text(figure, "rule"), "in") &&
           !json_get(figure, "atMost") && !json_get(figure, "baseUntil") &&
           !json_get(figure, "stratum");
}

static const struct json *find_same(const struct known *k, const struct json *figure)
{
    for (size_t i = 0; i < k->count; i++) {
        if (publication_is_same(k->list[i], figure))
            return k->list[i];
    }
    return NULL;
}

static int add(struct known *k, const struct json *figure, struct err *err)
{
    if (k->count == k->room) {
        size_t room = k->room ? 2 * k->room : 64;
        const struct json **grown =
            arena_grow(k->a, k->list, k->room * sizeof(void *), room * sizeof(void *));

        if (!grown)
            return err_nomem(err);
        k->list = grown;
        k->room = room;
    }
    k->list[k->count++] = figure;
    return 0;
}

/* Of each question that was ever answered to the public the last answer. */
static int add_public(struct known *k, const struct publications *all, struct err *err)
{
    int r = 0;

    for (size_t i = all->count; r == 0 && i-- > 0;) {
        struct json_each it = json_each(json_get(all->list[i].json, "figure"));

        while (r == 0 && json_next(&it)) {
            if (is_counted(k, it.value) && !find_same(k, it.value))
                r = add(k, it.value, err);
        }
    }
    return r;
}

/* The count ${series} of ${figure} and of when it is. False: it has none. */
static bool time_of(const struct json *figure, size_t series, struct guard_time *ret)
{
    struct str from = json_get_text(figure, "from");
    bool share = json_get(figure, "of") != NULL;
    double met = 0, of = 0;
    utc_ms begin = 0, end = 0, unused = 0;

    if ((series > 0 && !share) ||
        !fhir_number(json_get_text(figure, share ? "met" : "value"), &met) ||
        (share && !fhir_number(json_get_text(figure, "of"), &of)) ||
        !fhir_date_range(from.p ? from : BEGINNING, &begin, &unused) ||
        !fhir_date_range(json_get_text(figure, "until"), &unused, &end) || begin >= end)
        return false;
    *ret = (struct guard_time){begin, end,
        (int64_t)(series == 0   ? met
                  : series == 1 ? of
                                : of - met)};
    return true;
}

static int would_tell(const struct known *k, const struct json *figure, size_t series,
    bool *ret, struct err *err)
{
    struct guard_time *told = arena_array(k->a, k->count + 1, sizeof(*told));
    struct guard_time more = {0, 0, 0};
    size_t n = 0;

    if (!told)
        return err_nomem(err);
    if (!time_of(figure, series, &more))
        return 0;
    for (size_t i = 0; i < k->count; i++) {
        const struct json *other = k->list[i];

        if (str_eq(json_get_text(other, "indicator"),
                json_get_text(figure, "indicator")) &&
            !publication_is_same(figure, other) && time_of(other, series, &told[n]))
            n++;
    }
    return guard_times(k->a, told, n, &more, ret, err);
}

/* May ${figure} be told beside what is known? Then it is known itself. */
static int decide(
    struct known *k, const struct json *figure, const char **ret, struct err *err)
{
    const struct json *same = find_same(k, figure);
    bool tells = false;
    int r = 0;

    if (!is_counted(k, figure) || (same && publication_says_same(same, figure)))
        return 0;
    for (size_t series = 0; r == 0 && !tells && series < SERIES; series++)
        r = would_tell(k, figure, series, &tells, err);
    if (r < 0)
        return r;
    if (tells) {
        *ret = "difference";
        return 0;
    }
    for (size_t i = 0; same && i < k->count; i++) {
        if (k->list[i] == same)
            k->list[i] = figure;
    }
    return same ? 0 : add(k, figure, err);
}

/* The figures that would be told without a look at others. */
static int candidates(struct arena *a, const struct json *document, const char **whys,
    const struct json **ret, struct err *err)
{
    struct json_out o;
    struct buf b;
    int r = 0;

    buf_init(&b, LIMIT_RECORD_BYTES);
    o = json_out(&b);
    json_open(&o, '[');
    publication_put_figures(&o, document, whys);
    json_close(&o, ']');
    r = buf_error(&b, "What the public is told", err);
    if (r == 0)
        r = json_read_trusted(a, (struct str){b.data, b.len}, ret, err);
    buf_done(&b);
    return r;
}

int publication_decide(struct arena *a, const struct publications *all,
    const struct json *document, const char ***ret, struct err *err)
{
    const struct json *sections = json_get(report_composition(document), "section");
    const struct json *figures = NULL;
    struct json_each it = json_each(sections);
    const char **whys = arena_array(a, json_count(sections) + 1, sizeof(*whys));
    struct known k = {.a = a};
    size_t at = 0;
    int r = whys ? indicator_defines(&k.defines, err) : err_nomem(err);

    while (r == 0 && json_next(&it))
        whys[it.index] = publication_withheld(document, it.value);
    if (r == 0)
        r = candidates(a, document, whys, &figures, err);
    if (r == 0)
        r = add_public(&k, all, err);
    it = json_each(sections);
    while (r == 0 && json_next(&it)) {
        if (!whys[it.index])
            r = decide(&k, json_at(figures, at++), &whys[it.index], err);
    }
    *ret = whys;
    return r;
}
