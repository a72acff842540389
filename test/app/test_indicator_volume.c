/* SPDX-License-Identifier: Apache-2.0 */
/* Figures of volumes and of places, computed by hand beside each (docs/VOLUMES.md). */
#include "indicator.h"

#define NOW 1685000000000LL       /* 2023-05-25 */
#define CORRECTED 1686000000000LL /* 2023-06-05 */
#define REPORT(kind)                                                                   \
    "'status':'complete','type':'summary','measure':'https://belay.health/"            \
    "Measure/" kind "',"
#define COUNT(n) ",'group':[{'population':[{'count':" n "}]}]"

static void put_month(
    const char *kind, const char *month, const char *unit, const char *count)
{
    struct arena *a = arena_new();

    put(arena_printf(a, "MeasureReport/%s-%s-%s", kind, month, unit),
        arena_printf(a,
            REPORT("volume-%s") "'period':{'start':'%s','end':'%s'},'reporter':{"
                                "'reference':'Organization/%s'}" COUNT("%s"),
            kind, month, month, unit, count));
    arena_free(a);
}

static void put_life(const char *year, const char *place, const char *value)
{
    struct arena *a = arena_new();

    put(arena_printf(a, "MeasureReport/life-expectancy-%s-%s", year, place),
        arena_printf(a,
            REPORT(
                "context-life-expectancy") "'period':{'start':'%s-01-01','end':'%s-12-"
                                           "31'},'subject':{'reference':'Location/"
                                           "%s'},'group':[{'measureScore':{'value':%s}"
                                           "}]",
            year, year, place, value));
    arena_free(a);
}

static void put_population(const char *year, const char *place, const char *count)
{
    struct arena *a = arena_new();

    put(arena_printf(a, "MeasureReport/population-%s-%s", year, place),
        arena_printf(a,
            REPORT("context-population") "'period':{'start':'%s','end':'%s'},'subject':"
                                         "{'reference':'Location/%s'}" COUNT("%s"),
            year, year, place, count));
    arena_free(a);
}

/* So many of ${place} are ${code}, of ${by}: "sex", "language". */
static void put_part(const char *year, const char *by, const char *code,
    const char *place, const char *count)
{
    struct arena *a = arena_new();
    const char *system =
        by[0] == 's' ? "http://hl7.org/fhir/administrative-gender" : "urn:ietf:bcp:47";

    put(arena_printf(a, "MeasureReport/population-%s.%s-%s.%s", year, by, code, place),
        arena_printf(a,
            REPORT("context-population") "'period':{'start':'%s','end':'%s'},'subject':"
                                         "{'reference':'Location/%s'},'group':[{"
                                         "'stratifier':[{'code':[" CODED(
                                             "indicator-stratum",
                                             "%s") "],'stratum':[{"
                                                   "'value':{'coding':[{'system':'%s','"
                                                   "code':"
                                                   "'%s'}]},'population':[{'count':%s}]"
                                                   "}]}]}]",
            year, year, place, by, system, code, count));
    arena_free(a);
}

static int open_node(void **state)
{
    (void)state;
    time_hold(NOW);
    node_open(&node, true);
    put("Organization/lhasa", "'name':'Lhasa'");
    put("Organization/surgery", "'name':'Surgery'," PART_OF("lhasa"));
    put("Organization/medicine", "'name':'Medicine'," PART_OF("lhasa"));
    put("Organization/far", "'name':'Far'");
    put("Organization/east", "'name':'East'");
    put("Organization/east-a", "'name':'A'," PART_OF("east"));
    put("Organization/east-b", "'name':'B'," PART_OF("east"));
    put("Location/tibet", "'name':'Tibet'");
    put("Location/other", "'name':'Other'");
    put("Organization/north", "'name':'North','address':[{'city':'North','district':"
                              "'Upper'}]");
    put("Location/upper", "'name':'Upper','address':{'city':'North','district':"
                          "'Upper'}");
    put("Location/ward", "'name':'A ward','managingOrganization':{'reference':"
                         "'Organization/north'}");
    put("Location/south", "'name':'South','address':{'city':'South'}");
    put_person("coordinator", "coordinator", NULL);
    put_person("head", "head-of-department", "surgery");
    put_person("doctor", "clinician", "lhasa");
    put_month("outpatients", "2021-01", "surgery", "1200");
    put_month("outpatients", "2021-02", "surgery", "1300");
    put_month("outpatients", "2021-02", "medicine", "500");
    put_month("outpatients", "2022-01", "far", "70");
    put_month("outpatients", "2018-05", "east-a", "10");
    put_month("outpatients", "2018-05", "east-b", "20");
    put_month("outpatients", "2018-05", "east", "35");
    put_month("outpatients", "2018-06", "east-a", "11");
    put_month("outpatients", "2018-06", "east-b", "21");
    put_month("surgeries", "2021-02", "surgery", "0");
    put_month("inpatients", "2021-02", "surgery", "90");
    put_life("2015", "tibet", "68.2");
    put_life("2019", "tibet", "70.6");
    put_life("2019", "other", "71.0");
    put_life("2021", "tibet", "72.19");
    put_population("2020", "upper", "50000");
    put_population("2020", "ward", "400");
    put_population("2020", "south", "20000");
    put_population("2020", "tibet", "7");
    put_population("2021", "upper", "51000");
    put_population("2021", "south", "20500");
    put_part("2020", "sex", "female", "upper", "24000");
    put_part("2020", "sex", "male", "upper", "26000");
    put_part("2020", "sex", "female", "south", "9900");
    put_part("2020", "language", "bo", "upper", "45000");
    put_part("2021", "sex", "female", "south", "10001");
    time_hold(CORRECTED);
    put_population("2021", "south", "20600");
    put_month("outpatients", "2021-02", "surgery", "1310");
    return 0;
}

static void months_are_added_up(void **state)
{
    (void)state;
    /* 1310 + 500 */
    assert_figure("coordinator", "outpatients", YEAR("2021-02"), "1810;");
    /* 1200 + 1310 + 500 */
    assert_figure("coordinator", "outpatients", YEAR("2021") "&stratifier=department",
        "3010; medicine=500 surgery=2510");
    assert_figure("coordinator", "outpatients", YEAR("2021") "&stratifier=hospital",
        "3010; lhasa=3010");
    assert_figure("coordinator", "inpatients", YEAR("2021"), "90;");
    assert_rows("coordinator", "outpatients", YEAR("2021-02"),
        "MeasureReport/outpatients-2021-02-medicine "
        "MeasureReport/outpatients-2021-02-surgery others=0");
}

/* May is the hospital's own 35, and not 35 + 10 + 20; June, which it did not write, 11 + 21. */
static void what_departments_say_too_is_not_added(void **state)
{
    (void)state;
    assert_figure("coordinator", "outpatients", YEAR("2018-05"), "35;");
    assert_figure("coordinator", "outpatients", YEAR("2018-06"), "32;");
    assert_figure("coordinator", "outpatients", YEAR("2018") "&stratifier=hospital",
        "67; east=67");
    assert_rows("coordinator", "outpatients", YEAR("2018-05"),
        "MeasureReport/outpatients-2018-05-east others=0");
    /* told apart they stand beside, and do not add up */
    assert_figure("coordinator", "outpatients", YEAR("2018") "&stratifier=department",
        "67; east-a=21 east-b=41 east=35");
    assert_figure("coordinator", "outpatients",
        YEAR("2018") "&stratum=department%7COrganization/east-a", "21;");
}

static void a_correction_counts_from_its_day_on(void **state)
{
    (void)state;
    /* 1200 + 1300 + 500 */
    assert_figure("coordinator", "outpatients",
        YEAR("2021") "&knownAt=2023-05-30T00:00:00Z", "3000;");
}

/* Nothing done is 0; nothing written down is no figure. */
static void what_is_missing_is_not_nothing(void **state)
{
    (void)state;
    assert_figure("coordinator", "surgeries", YEAR("2021"), "0;");
    assert_figure("coordinator", "surgeries", YEAR("2020"), "*;");
}

/* The other hospital's month is left out of a head's figure. */
static void a_figure_is_over_what_one_may_read(void **state)
{
    (void)state;
    assert_figure("coordinator", "outpatients", YEAR("2022"), "70;");
    assert_figure("head", "outpatients", YEAR("2022"), "*;");
    assert_figure("head", "outpatients", YEAR("2021"), "3010;");
    assert_figure("doctor", "outpatients", YEAR("2021"), "403");
}

static void years_of_life_are_not_added(void **state)
{
    (void)state;
    assert_figure("head", "life-expectancy", YEAR("2015"), "68.2;");
    assert_figure("head", "life-expectancy", YEAR("2018"), "*;");
    /* (70.6 + 71.0) / 2 */
    assert_figure("head", "life-expectancy", YEAR("2019") "&stratifier=place",
        "70.8; Location/other=71 Location/tibet=70.6");
    assert_figure("head", "life-expectancy",
        "periodStart=2015&periodEnd=2019&stratum=place%7CLocation/"
        "tibet",
        "70.6;");
    assert_figure("head", "life-expectancy", YEAR("2021"), "72.19;");
}

/*
 * The county of upper is the district of its address, that of south its city; the ward has that of its hospital, tibet
 * none: 50,000 + 400 + 20,000 + 7 in 2020.
 */
static void inhabitants_are_added_by_county(void **state)
{
    (void)state;
    assert_figure("head", "population", YEAR("2020") "&stratifier=county",
        "70407; South=20000 Upper=50400 unknown=7");
    assert_figure("head", "population", YEAR("2020") "&stratifier=place",
        "70407; Location/ward=400 Location/south=20000 Location/tibet=7 "
        "Location/upper=50000");
    /* of the year in which the period ends alone: 51,000 + 20,600, and 20,500 before that was mended */
    assert_figure("head", "population",
        "periodStart=2015&periodEnd=2021&stratifier=county",
        "71600; South=20600 Upper=51000");
    assert_figure("head", "population",
        YEAR("2021") "&stratum=county%7CSouth"
                     "&knownAt=2023-05-30T00:00:00Z",
        "20500;");
    assert_figure("head", "population", YEAR("2019"), "*;");
    assert_rows("coordinator", "population", YEAR("2021") "&stratum=county%7CUpper",
        "MeasureReport/population-2021-upper others=0");
}

/* Women and men of upper are its 50,000, and those who speak bo are 45,000 of them: they stand beside what they are parts of. */
static void parts_are_never_added_to_the_whole(void **state)
{
    (void)state;
    assert_figure("head", "population", YEAR("2020"), "70407;");
    assert_figure("head", "population", YEAR("2020") "&stratifier=sex",
        "70407; female=33900 male=26000");
    assert_figure(
        "head", "population", YEAR("2020") "&stratifier=language", "70407; bo=45000");
    assert_figure("head", "population",
        YEAR("2020") "&stratum=sex%7Cfemale"
                     "&stratifier=county",
        "33900; South=9900 Upper=24000");
    assert_figure("head", "population",
        YEAR("2020") "&stratum=county%7CUpper"
                     "&stratifier=sex",
        "50400; female=24000 male=26000");
    assert_figure("head", "population", YEAR("2020") "&stratum=sex%7Cunknown", "*;");
    /* nobody is known to be a woman who speaks bo: the two were told each by itself */
    assert_figure("head", "population",
        YEAR("2020") "&stratum=sex%7Cfemale"
                     "&stratifier=language",
        "33900; unknown=33900");
    assert_rows("coordinator", "population", YEAR("2020") "&stratum=sex%7Cfemale",
        "MeasureReport/population-2020.sex-female.south "
        "MeasureReport/population-2020.sex-female.upper others=0");
    assert_rows("coordinator", "population", YEAR("2021"),
        "MeasureReport/population-2021-south MeasureReport/population-2021-upper "
        "others=0");
    assert_rows("coordinator", "population", YEAR("2021") "&stratifier=sex",
        "MeasureReport/population-2021.sex-female.south "
        "MeasureReport/population-2021-south MeasureReport/population-2021-upper "
        "others=0");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(months_are_added_up),
        cmocka_unit_test(what_departments_say_too_is_not_added),
        cmocka_unit_test(a_correction_counts_from_its_day_on),
        cmocka_unit_test(what_is_missing_is_not_nothing),
        cmocka_unit_test(a_figure_is_over_what_one_may_read),
        cmocka_unit_test(years_of_life_are_not_added),
        cmocka_unit_test(inhabitants_are_added_by_county),
        cmocka_unit_test(parts_are_never_added_to_the_whole),
    };

    return cmocka_run_group_tests(tests, open_node, close_node);
}
