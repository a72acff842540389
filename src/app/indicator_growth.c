/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GET Measure/ID/$funnel, of a volume: how much each hospital grew from the first calendar year of the period to the
 * last, against how large it was, with the limits within which it would lie by chance if all had grown alike. Those
 * of which both years are not whole are left out, and how many: a year is whole where in each of its months as many
 * wrote something down as in every other month.
 */
#include "app/indicator_internal.h"
#include "fhir/part.h"

#define DAY ((utc_ms)24 * 60 * 60 * 1000)
#define MONTHS 24

#define NOT_SHOWN                                                                      \
    "This does not show that assistance made a hospital grow, nor which one is "       \
    "better. "                                                                         \
    "A new building, more people living there or another way of counting would look "  \
    "the same; a hospital outside the limits is one to ask."

struct grower {
    double sums[2];
    unsigned known[MONTHS];
};

static void year_and_month(utc_ms at, int64_t *year, unsigned *month)
{
    unsigned day = 0;

    time_date(at / DAY, year, month, &day);
}

static bool is_whole(const struct grower *one)
{
    for (size_t i = 0; i < MONTHS; i++) {
        if (one->known[i] == 0 || one->known[i] != one->known[0])
            return false;
    }
    return one->sums[0] > 0 && one->sums[1] > 0;
}

static void add_up(
    const struct indicator_run *run, const int64_t years[2], struct grower *growers)
{
    for (size_t i = 0; i < run->count; i++) {
        const struct indicator_fact *f = &run->facts[i];
        int64_t year = 0;
        unsigned month = 0;
        size_t which = 0;

        if (!run->answer.behind[i] || f->stratum >= run->stratum_count || f->from < 0)
            continue;
        year_and_month(f->from, &year, &month);
        which = year == years[1];
        if (year != years[0] && year != years[1])
            continue;
        growers[f->stratum].sums[which] += (double)f->amount / 10000;
        growers[f->stratum].known[which * 12 + month - 1]++;
    }
}

static int put_grown(struct indicator_run *run, struct json_out *o, size_t stratum,
    const struct funnel_grown *row, const struct funnel_grower *one, struct err *err)
{
    int r = 0;

    fhir_parts_open(o, "hospital");
    r = indicator_put_hospital(run, o, run->strata[stratum].rid, err);
    fhir_part_put_real(o, "before", one->before);
    fhir_part_put_real(o, "since", one->since);
    fhir_part_put_real(o, "growth", row->growth);
    fhir_part_put_real(o, "size", row->size);
    indicator_put_limits(o, &row->limits, &row->wide, row->where);
    fhir_parts_close(o);
    return r;
}

struct compared {
    struct funnel_grower *list;
    size_t *stratum;
    size_t count, left_out;
};

static int choose(struct indicator_run *run, const int64_t years[2],
    struct compared *ret, struct err *err)
{
    struct arena *a = run->call->arena;
    size_t room = run->stratum_count + 1;
    struct grower *growers = arena_array(a, room, sizeof(*growers));

    ret->list = arena_array(a, room, sizeof(*ret->list));
    ret->stratum = arena_array(a, room, sizeof(*ret->stratum));
    if (!growers || !ret->list || !ret->stratum)
        return err_nomem(err);
    add_up(run, years, growers);
    for (size_t i = 0; i < run->stratum_count; i++) {
        if (!run->strata[i].rid || !is_whole(&growers[i])) {
            ret->left_out++;
            continue;
        }
        ret->list[ret->count] =
            (struct funnel_grower){growers[i].sums[0], growers[i].sums[1]};
        ret->stratum[ret->count++] = i;
    }
    return 0;
}

static int write_all(struct indicator_run *run, const struct compared *c,
    const int64_t years[2], struct err *err)
{
    struct json_out out = json_out(&run->call->answer);
    struct json_out *o = &out;
    struct funnel_growth g = {.growth = 0};
    struct err why = {.code = E_OK};
    int told = funnel_grow(run->call->arena, c->list, c->count, &g, &why);
    int r = told == E_INVALID ? 0 : told;

    if (r < 0)
        return err_nomem(err);
    indicator_open_funnel(run, o);
    fhir_part_put_int(o, "first", (long long)years[0]);
    fhir_part_put_int(o, "last", (long long)years[1]);
    fhir_part_put_int(o, "left-out", (long long)c->left_out);
    indicator_put_middle(o, &why, "growth", g.growth, g.dispersion);
    for (size_t i = 0; r == 0 && told == 0 && i < c->count; i++)
        r = put_grown(run, o, c->stratum[i], &g.rows[i], &c->list[i], err);
    fhir_part_put(o, "not-shown", "valueString", STR(NOT_SHOWN));
    fhir_parameters_close(o);
    return r;
}

int indicator_growth(struct indicator_run *run, struct err *err)
{
    struct compared c = {.count = 0};
    int64_t years[2] = {0, 0};
    unsigned month = 0;
    int r = 0;

    year_and_month(run->ask.period.from, &years[0], &month);
    year_and_month(run->ask.period.until - 1, &years[1], &month);
    if (years[0] == years[1])
        return err_set(err, E_INVALID, "periodEnd",
            "Growth is told from one calendar year to another: the period is longer "
            "than one.");
    r = choose(run, years, &c, err);
    return r == 0 ? write_all(run, &c, years, err) : r;
}
