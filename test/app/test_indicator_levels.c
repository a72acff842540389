/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What one reader may combine, asking twice: counties, then the hospitals in them.
 *
 *                2021     2022
 *   North n1, n2  7, 12    7, 12     n1 would be hidden with s2, had the counties no table
 *   South s1, s2  7,  3    7,  6     but then South less s1 is s2: s1 is hidden with it
 */
#include "indicator.h"

#define NOW 1767225600000LL /* 2026-01-01 */
#define CASE(hospital, sent)                                                           \
    "'status':'completed','intent':'order','code':{'coding':[{'system':"               \
    "'https://belay.health/CodeSystem/task','code':'answer-case'}]},'extension':[{"    \
    "'url':'https://belay.health/StructureDefinition/case-milestones','extension':[{"  \
    "'url':'sent','valueInstant':'%s'}]},{'url':"                                      \
    "'https://belay.health/StructureDefinition/case-sides','extension':[{'url':"       \
    "'asking','valueReference':{'reference':'Organization/%s'}}]}]"

static void put_cases(const char *hospital, const char *sent, int count)
{
    static int made;
    struct arena *a = arena_new();

    for (int i = 0; i < count; i++)
        put(arena_printf(a, "Task/c%d", made++),
            arena_printf(a, CASE(hospital, sent), sent, hospital));
    arena_free(a);
}

/* The strata of the figure, as a coordinator is told them. */
#define assert_strata(year, by, want)                                                  \
    assert_measured("coordinator", "equity", YEAR(year) "&stratifier=" by, want)

static void what_is_subtracted_is_hidden(void **state)
{
    (void)state;
    assert_measured(PROGRAM, "equity", YEAR("2021") "&stratifier=hospital",
        "29 29; Organization/n1: 7 7; Organization/n2: 12 12; Organization/s1: 7 7; "
        "Organization/s2: 3 3");
    assert_strata("2021", "county", "29 29; North: 19 19; South: 10 10");
    /* 10 - 7 would be 3 */
    assert_strata(
        "2021", "hospital", "29 29; Organization/n1: 7 7; Organization/n2: 12 12");
    assert_strata("2022", "hospital",
        "32 32; Organization/n1: 7 7; Organization/n2: 12 12; Organization/s1: 7 7; "
        "Organization/s2: 6 6");
}

/* What is hidden in one year is so in longer times with it: 14 - 7 and 9 - 6 would tell it. */
static void longer_times_hide_it_too(void **state)
{
    (void)state;
    assert_measured("coordinator", "equity",
        "periodStart=2021&periodEnd=2022&stratifier=county",
        "61 61; North: 38 38; South: 23 23");
    assert_measured("coordinator", "equity",
        "periodStart=2021&periodEnd=2022&stratifier=hospital",
        "61 61; Organization/n1: 14 14; Organization/n2: 24 24");
}

/* A county that is small is hidden with another; of what lies in the two nothing is told. */
static void of_a_hidden_county_nothing_is_told(void **state)
{
    (void)state;
    assert_strata("2023", "county", "22 22; North: *; South: *");
    assert_strata("2023", "hospital", "22 22");
}

static int open_node(void **state)
{
    (void)state;
    time_hold(NOW);
    node_open(&node, true);
    put("Organization/n1", "'name':'N1','address':[{'district':'North'}]");
    put("Organization/n2", "'name':'N2','address':[{'district':'North'}]");
    put("Organization/s1", "'name':'S1','address':[{'district':'South'}]");
    put("Organization/s2", "'name':'S2','address':[{'district':'South'}]");
    put_person("coordinator", "coordinator", NULL);
    for (int year = 0; year < 2; year++) {
        const char *sent = year ? "2022-03-01T08:00:00Z" : "2021-03-01T08:00:00Z";

        put_cases("n1", sent, 7);
        put_cases("n2", sent, 12);
        put_cases("s1", sent, 7);
        put_cases("s2", sent, year ? 6 : 3);
    }
    put_cases("n1", "2023-03-01T08:00:00Z", 7);
    put_cases("n2", "2023-03-01T08:00:00Z", 12);
    put_cases("s2", "2023-03-01T08:00:00Z", 3);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_subtracted_is_hidden),
        cmocka_unit_test(longer_times_hide_it_too),
        cmocka_unit_test(of_a_hidden_county_nothing_is_told),
    };

    return cmocka_run_group_tests(tests, open_node, close_node);
}
