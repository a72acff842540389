/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Figures at the borders of their periods: the last moment before and the first after, other
 * zones, days, months and years that are said without a time, the leap day. Days are those of UTC
 * (docs/INDICATORS.md); what a zone's own clock showed does not matter.
 */
#include "indicator.h"

#define NOW 1735000000000LL /* 2024-12-24 */
#define ONE(period) "periodStart=" period "&periodEnd=" period

/* Signed at these moments, all about the turn from 2021 to 2022. */
static const struct {
    const char *issued;
    const char *year, *month;
} SIGNED[] = {
    {"2021-12-31T23:59:59.999Z", "2021", "2021-12"},
    {"2022-01-01T00:00:00Z", "2022", "2022-01"},
    {"2022-01-01T07:59:59+08:00", "2021",
        "2021-12"}, /* new year in Lhasa, not in UTC */
    {"2022-01-01T08:00:00+08:00", "2022", "2022-01"},
    {"2021-12-31T19:00:00-05:00", "2022", "2022-01"},
    {"2021-12-31T18:59:59-05:00", "2021", "2021-12"},
    {"2021-12-31", "2021", "2021-12"}, /* a day begins at midnight in UTC */
    {"2022-01-01", "2022", "2022-01"},
    {"2022", "2022", "2022-01"}, /* a year that is said alone begins so */
    {"2021-12", "2021", "2021-12"},
    {"2022-02-28T23:59:59Z", "2022", "2022-02"},
};
#define SIGNED_COUNT (sizeof(SIGNED) / sizeof(SIGNED[0]))

static void put_contracts(void)
{
    for (size_t i = 0; i < SIGNED_COUNT; i++) {
        struct arena *a = arena_new();

        put(arena_printf(a, "Contract/k%zu", i),
            arena_printf(a, "'status':'executed','issued':'%s'", SIGNED[i].issued));
        arena_free(a);
    }
    put("Contract/leap", "'status':'executed','issued':'2020-02-29T23:59:59Z'");
    put("Contract/after-leap", "'status':'executed','issued':'2020-03-01T00:00:00Z'");
}

#define POSTING(who, from, until)                                                      \
    "'active':true," WHO(who) "," UNIT("lhasa") "," ROLE("expert") "," TEAM(           \
        "team") "," PERIOD(from, until)

static void put_postings(void)
{
    put("Organization/lhasa", "'name':'Lhasa'");
    put("Organization/body", "'name':'Body'");
    put("Organization/team", "'name':'Team'," PART_OF("body"));
    for (int i = 1; i <= 3; i++) {
        struct arena *a = arena_new();

        put(arena_printf(a, "Practitioner/e%d", i), "");
        arena_free(a);
    }
    put("PractitionerRole/p1", POSTING("e1", "2021-03-01", "2021-12-31"));
    put("PractitionerRole/p2", POSTING("e2", "2022-01-01", "2022-01-01"));
    put("PractitionerRole/p3",
        POSTING("e3", "2021-12-31T16:00:00+08:00", "2022-01-01T07:59:59+08:00"));
}

/* How many of SIGNED are said to lie in ${period}, a year or a month. */
static int count_in(const char *period)
{
    int found = 0;

    for (size_t i = 0; i < SIGNED_COUNT; i++)
        found +=
            strcmp(SIGNED[i].year, period) == 0 || strcmp(SIGNED[i].month, period) == 0;
    return found;
}

static void a_moment_belongs_to_one_period(void **state)
{
    static const char *const periods[] = {
        "2021", "2022", "2021-12", "2022-01", "2022-02"};
    struct arena *a = arena_new();

    (void)state;
    for (size_t i = 0; i < sizeof(periods) / sizeof(periods[0]); i++) {
        const char *query =
            arena_printf(a, "periodStart=%s&periodEnd=%s", periods[i], periods[i]);

        assert_figure(
            PROGRAM, "agreements", query, arena_printf(a, "%d;", count_in(periods[i])));
    }
    /* both years together have each once */
    assert_figure(PROGRAM, "agreements", "periodStart=2021&periodEnd=2022",
        arena_printf(a, "%zu;", SIGNED_COUNT));
    arena_free(a);
}

static void a_day_is_one_of_utc(void **state)
{
    (void)state;
    /* 23:59:59.999 in UTC, 07:59:59 in Lhasa, 18:59:59 five hours behind, and the day alone */
    assert_figure(PROGRAM, "agreements", ONE("2021-12-31"), "4;");
    /* midnight in UTC, 08:00 in Lhasa, 19:00 the day before five hours behind, the day, the year */
    assert_figure(PROGRAM, "agreements", ONE("2022-01-01"), "5;");
}

static void the_leap_day_is_one_of_february(void **state)
{
    (void)state;
    assert_figure(PROGRAM, "agreements", ONE("2020-02"), "1;");
    assert_figure(PROGRAM, "agreements", ONE("2020-02-29"), "1;");
    assert_figure(PROGRAM, "agreements", ONE("2020-03"), "1;");
}

static void the_last_day_of_a_posting_is_one_of_it(void **state)
{
    (void)state;
    /* p1 to its last day, and p3, which begins at 08:00 in UTC */
    assert_figure(PROGRAM, "experts-deployed", ONE("2021-12-31"), "2;");
    /* p2 alone: p3 ends with the second before it, and an end belongs to its period */
    assert_figure(PROGRAM, "experts-deployed", ONE("2022-01-01"), "1;");
    assert_figure(PROGRAM, "experts-deployed", ONE("2022-01-02"), "0;");
    assert_rows(
        PROGRAM, "experts-deployed", ONE("2022"), "PractitionerRole/p2 others=0");
}

static void a_posting_of_one_day_is_one_day(void **state)
{
    (void)state;
    assert_figure(PROGRAM, "expert-days", ONE("2022"), "1;");
    /* p1: 306 days from 1 March to 31 December; p3: the 16 hours of a day, told as one */
    assert_figure(PROGRAM, "expert-days", ONE("2021"), "307;");
}

static int open_node(void **state)
{
    (void)state;
    time_hold(NOW);
    node_open(&node, true);
    put_contracts();
    put_postings();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_moment_belongs_to_one_period),
        cmocka_unit_test(a_day_is_one_of_utc),
        cmocka_unit_test(the_leap_day_is_one_of_february),
        cmocka_unit_test(the_last_day_of_a_posting_is_one_of_it),
        cmocka_unit_test(a_posting_of_one_day_is_one_day),
    };

    return cmocka_run_group_tests(tests, open_node, close_node);
}
