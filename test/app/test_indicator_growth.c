/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Figures of what grows: people who learn, techniques, gaps, money, agreements; each computed by
 * hand beside it. And who is told how much of what follows from records they may not read.
 */
#include "indicator_years.h"

#define NOW 1685000000000LL /* 2023-05-25 */
#define BOTH "periodStart=2021&periodEnd=2022"
#define PROCEDURE "https://belay.health/CodeSystem/procedure"

/* ---- people who learn ---- */

#define TIE(status, who, master, unit)                                                 \
    "'status':'" status "'," REF("apprentice", "Practitioner/" who) "," REF("master",  \
        "Practitioner/" master) "," REF("learningDepartment", "Organization/" unit)

static void put_apprenticeships(void)
{
    PUT_OWN("Apprenticeship/t1",
        TIE("completed", "w1", "m1", "ortho") "," PERIOD("2021-01-10", "2021-12-31"));
    PUT_OWN("Apprenticeship/t2",
        TIE("active", "w1", "m2", "ortho") "," PERIOD("2021-06-01", "2022-05-31"));
    PUT_OWN("Apprenticeship/t3",
        TIE("planned", "w3", "m2", "ortho") "," PERIOD("2021-06-01", "2022-05-31"));
    PUT_OWN("Apprenticeship/t4",
        TIE("declined", "w3", "m1", "neuro") "," PERIOD("2021-06-01", "2022-05-31"));
    PUT_OWN("Apprenticeship/t5",
        TIE("stopped", "w2", "m1", "neuro") "," PERIOD("2022-02-01", "2022-08-31"));
}

static void apprenticeships_run(void **state)
{
    (void)state;
    /* t1 and t2, of one person with two masters */
    assert_figure(PROGRAM, "apprenticeships", YEAR("2021"), "2;");
    /* t2 and t5 */
    assert_figure(PROGRAM, "apprenticeships", YEAR("2022") "&stratifier=department",
        "2; neuro=1 ortho=1");
    assert_figure(PROGRAM, "apprenticeships", BOTH, "3;");
}

#define ENROLMENT(status, who, course)                                                 \
    "'status':'" status "'," REF("course", "Course/" course) "," REF("person",         \
        "Practitioner/" who) "," REF("learningDepartment", "Organization/ortho")
#define RESULT(passed, on)                                                             \
    ",'result':{'passed':" passed "," REF("by", "Practitioner/m1") ",'on':'" on "'}"

static void put_learning(void)
{
    static const char *const kinds[] = {
        "workshop", "placement", "bedside-teaching", "degree"};
    struct arena *a = arena_new();

    for (int i = 0; i < 4; i++)
        PUT_OWN(arena_printf(a, "Course/c%d", i + 1),
            arena_printf(a,
                "'status':'held','kind':'%s','title':'Course','organiser':[{"
                "'reference':'Organization/bj1'}]",
                kinds[i]));
    PUT_OWN("Enrolment/n1",
        ENROLMENT("completed", "w1", "c1") RESULT("true", "2021-03-05"));
    PUT_OWN("Enrolment/n2",
        ENROLMENT("completed", "w2", "c1") RESULT("true", "2021-03-05"));
    PUT_OWN("Enrolment/n3",
        ENROLMENT("completed", "w1", "c3") RESULT("true", "2021-11-20"));
    PUT_OWN("Enrolment/n4",
        ENROLMENT("completed", "w3", "c1") RESULT("false", "2021-03-05"));
    PUT_OWN("Enrolment/n5", ENROLMENT("attending", "w2", "c3"));
    PUT_OWN("Enrolment/n6", ENROLMENT("completed", "w4", "c2") "," PERIOD("2021-09-01",
                                "2022-02-28") RESULT("true", "2022-02-28"));
    PUT_OWN("Enrolment/n7",
        ENROLMENT("attending", "w1", "c2") ",'period':{'start':'2022-03-01'}");
    PUT_OWN("Enrolment/n9",
        ENROLMENT("completed", "w3", "c4") RESULT("true", "2019-07-01"));
    PUT_OWN("Enrolment/n8",
        ENROLMENT("accepted", "w5", "c2") ",'period':{'start':'2022-04-01'}");
    arena_free(a);
}

static void persons_and_person_courses_stand_apart(void **state)
{
    (void)state;
    /* w1 twice and w2; w3 did not pass */
    assert_figure(PROGRAM, "local-staff-trained", YEAR("2021") "&stratifier=kind",
        "2; bedside-teaching=1 workshop=2");
    assert_figure(PROGRAM, "person-courses", YEAR("2021") "&stratifier=kind",
        "3; bedside-teaching=1 workshop=2");
    /* w4; over both years w1, w2, w4 */
    assert_figure(PROGRAM, "local-staff-trained", YEAR("2022"), "1;");
    assert_figure(PROGRAM, "local-staff-trained", BOTH, "3;");
    assert_figure(PROGRAM, "person-courses", BOTH, "4;");
    /* w3's course was a degree */
    assert_figure(
        PROGRAM, "degrees", YEAR("2019") "&stratifier=hospital", "1; lhasa=1");
    assert_figure(PROGRAM, "degrees", BOTH, "0;");
    /* w4's placement began in 2021, w1's in 2022; w5 has not begun */
    assert_figure(PROGRAM, "outbound-training", YEAR("2021"), "1;");
    assert_figure(PROGRAM, "outbound-training", BOTH, "2;");
    assert_rows(
        PROGRAM, "outbound-training", BOTH, "Enrolment/n7 Enrolment/n6 others=0");
}

#define QUALIFIED(code, from, until, by)                                               \
    "{" by "'code':{'coding':[{'system':'" PROCEDURE "','code':'" code                 \
    "'}]}," PERIOD(from, until) "," REF("issuer", "Organization/lhasa") "}"
#define SIGNED                                                                         \
    "'extension':[{'url':'https://belay.health/StructureDefinition/sign-off',"         \
    "'valueReference':{'reference':'SignOff/x'}}],"

static void put_people(void)
{
    put("Practitioner/w1", "'qualification':[" QUALIFIED("appendectomy", "2021-07-01",
                               "2023-06-30", SIGNED) "," QUALIFIED("hernia-repair",
                               "2022-01-01", "2022-12-31", SIGNED) "]");
    put("Practitioner/w2", "'qualification':[" QUALIFIED(
                               "appendectomy", "2020-01-01", "2029-12-31", "") "]");
    put("Practitioner/w3", "'qualification':[" QUALIFIED(
                               "appendectomy", "2020-01-01", "2021-12-31", SIGNED) "]");
    put("Practitioner/w4", "");
    put("Practitioner/w5", "");
    put("Practitioner/m1", "");
    put("Practitioner/m2", "");
    put_person("coordinator", "coordinator", NULL);
}

static void who_is_signed_off_is_independent(void **state)
{
    (void)state;
    /* w1 and w3, whose last day is the year's; w2 was signed off by nobody here */
    assert_figure("coordinator", "independent-practitioners", YEAR("2021"), "2;");
    assert_figure("coordinator", "independent-practitioners",
        YEAR("2022") "&stratifier=procedure", "1; appendectomy=1 hernia-repair=1");
    assert_figure("coordinator", "independent-practitioners",
        "periodStart=2023-01-01&periodEnd=2023-06-30", "1;");
    assert_figure("coordinator", "independent-practitioners",
        "periodStart=2023-01-01&periodEnd=2023-07-01", "0;");
}

/* ---- techniques ---- */

#define OPERATION(code, unit, on)                                                      \
    "'status':'completed'," REF("subject",                                             \
        "Patient/p") ",'code':{'coding':[{"                                            \
                     "'system':'" PROCEDURE "','code':'" code                          \
                     "'}]},'performedDateTime':'" on "','performer':[{" REF(           \
                         "actor", "Practitioner/m1") "}],'extension':[{'url':"         \
                                                     "'https://belay.health/"          \
                                                     "StructureDefinition/"            \
                                                     "operation-department',"          \
                                                     "'valueReference':{'reference':'" \
                                                     "Organization/" unit "'}}"
#define IMPORTED                                                                       \
    ",{'url':'https://belay.health/StructureDefinition/operation-imported',"           \
    "'valueBoolean':true}"

static void put_operations(void)
{
    put("Patient/p", "");
    put("Procedure/x1",
        OPERATION("appendectomy", "ortho", "2021-05-01T09:00:00+08:00") "]");
    put("Procedure/x2",
        OPERATION("appendectomy", "neuro", "2022-04-01T09:00:00+08:00") "]");
    put("Procedure/x3",
        OPERATION("appendectomy", "xigaze", "2022-01-15T09:00:00+08:00") "]");
    put("Procedure/x4",
        OPERATION("hernia-repair", "neuro", "2022-07-01T09:00:00+08:00") "]");
    put("Procedure/x5",
        OPERATION("hernia-repair", "ortho", "2021-09-09T09:00:00+08:00") IMPORTED "]");
}

static void the_first_at_a_hospital_counts(void **state)
{
    (void)state;
    /* the appendectomy at lhasa; an older logbook proves nothing */
    assert_figure(PROGRAM, "techniques-introduced", YEAR("2021"), "1;");
    /* the appendectomy at xigaze, the hernia at lhasa; the second at lhasa is none */
    assert_figure(PROGRAM, "techniques-introduced", YEAR("2022") "&stratifier=hospital",
        "2; lhasa=1 xigaze=1");
    assert_rows(PROGRAM, "techniques-introduced", BOTH,
        "Procedure/x4 Procedure/x3 Procedure/x1 others=0");
    /* a coordinator reads no operation: whole years, and how many rows there are */
    assert_figure("coordinator", "techniques-introduced", YEAR("2022"), "2;");
    assert_rows("coordinator", "techniques-introduced", YEAR("2022"), "others=2");
    assert_figure("coordinator", "techniques-introduced", YEAR("2022-07"), "403");
    /* a year that runs */
    assert_figure("coordinator", "techniques-introduced", YEAR("2023"), "403");
    /* of the network, too; the older logbook at lhasa tells of an earlier hernia repair */
    assert_figure(PROGRAM, "techniques-first-in-network",
        YEAR("2021") "&stratifier=hospital", "2; lhasa=2");
    assert_figure(PROGRAM, "techniques-first-in-network", YEAR("2022"), "0;");
    /* the first was entered in error: the second is the first now */
    said_free(said_status(
        node_ask(&node, (struct ask){.method = APP_DELETE, .path = "Procedure/x1"}),
        204));
    assert_figure(PROGRAM, "techniques-introduced", BOTH, "3;");
    assert_figure(PROGRAM, "techniques-introduced", YEAR("2022"), "3;");
    assert_figure(PROGRAM, "techniques-first-in-network",
        YEAR("2022") "&stratifier=hospital", "1; xigaze=1");
}

#define GAP(service)                                                                   \
    "'status':'in-progress','intent':'plan','code':" CODED(                            \
        "work", "technique-gap") "," REF("focus", "HealthcareService/" service)

static void put_gaps(void)
{
    put("HealthcareService/s1", REF("providedBy", "Organization/ortho"));
    put("HealthcareService/s2", REF("providedBy", "Organization/xigaze"));
    put("Task/g1", GAP("s1") ",'output':[" WAS("first-case", "2021-01-01") "," WAS(
                       "filled", "2021-06-01") "," WAS("lapsed",
                       "2021-12-01") "," WAS("filled", "2022-03-01") "]");
    put("Task/g2", GAP("s2") ",'output':[" WAS("filled", "2022-05-05") "]");
    put("Task/g3", GAP("s2"));
}

static void a_gap_is_filled_once(void **state)
{
    (void)state;
    assert_figure(PROGRAM, "technique-gaps-filled", YEAR("2021"), "1;");
    /* g2; g1 was filled before */
    assert_figure(PROGRAM, "technique-gaps-filled", YEAR("2022") "&stratifier=hospital",
        "1; xigaze=1");
    assert_figure(PROGRAM, "technique-gaps-filled", BOTH, "2;");
    assert_rows(PROGRAM, "technique-gaps-filled", BOTH, "Task/g2 Task/g1 others=0");
}

static void put_devices(void)
{
    put("Device/v1",
        REF("owner", "Organization/lhasa") ",'extension':[" SERVED(
            "2021-01-01T08:00:00Z",
            UNTIL("2021-06-30T08:00:00Z")) "," SERVED("2021-08-01T08:00:00Z", "") "]");
    put("Device/v2", REF("owner", "Organization/ortho") ",'extension':[" SERVED(
                         "2022-01-01T08:00:00Z", UNTIL("2022-03-31T08:00:00Z")) "]");
}

static void equipment_is_in_service_or_not(void **state)
{
    (void)state;
    assert_figure(PROGRAM, "equipment", YEAR("2021-06-29"), "1;");
    /* v1 stands still in July */
    assert_figure(PROGRAM, "equipment", YEAR("2021-07"), "0;");
    assert_figure(PROGRAM, "equipment", YEAR("2021"), "1;");
    assert_figure(
        PROGRAM, "equipment", YEAR("2022-02") "&stratifier=hospital", "2; lhasa=2");
    assert_figure(PROGRAM, "equipment", YEAR("2022"), "1;");
}

/* ---- money, agreements ---- */

static void put_money(void)
{
    PUT_OWN("Funding/f1",
        "'status':'committed','title':'Theatre'," REF("recipient",
            "Organization/lhasa") ",'committedOn':'2021-01-01','amount':{'value':1000,'"
                                  "currency':'CNY'},'payment':[" PAYMENT("2021-02-01",
                                      "100.10", "equipment") "," PAYMENT("2022-02-01",
                                      "200.2", "training") "]");
    PUT_OWN("Funding/f2",
        "'status':'committed','title':'Visits'," REF("recipient",
            "Organization/xigaze") ",'committedOn':'2022-01-01','amount':{'value':500,'"
                                   "currency':'USD'},'payment':[" PAYMENT(
                                       "2022-03-01", "50", "equipment") "]");
    put("Contract/k1", "'status':'executed','issued':'2022-01-20','type':{'coding':[{'"
                       "code':'telemedicine'}]}");
    put("Contract/k2", "'status':'executed','issued':'2022-01-25','type':{'coding':[{'"
                       "code':'exchange'}]}");
    put("Contract/k3", "'status':'negotiable','issued':'2022-01-25'");
}

static void currencies_are_never_added(void **state)
{
    struct said *s = NULL;

    (void)state;
    assert_figure(PROGRAM, "funding", YEAR("2021"), "100.10;");
    assert_figure(PROGRAM, "funding", YEAR("2022"), "400");
    assert_figure(PROGRAM, "funding", YEAR("2022") "&stratifier=currency",
        "*; CNY=200.20 USD=50.00");
    /* 100.10 and 200.20 */
    assert_figure(PROGRAM, "funding", BOTH "&stratum=currency%7CCNY&stratifier=kind",
        "300.30; equipment=100.10 training=200.20");
    s = said_status(
        ask_as(NULL, "Measure/funding/$evaluate-measure?" YEAR("2021")), 200);
    assert_string_equal(said_text(s, "group.0.measureScore.unit"), "CNY");
    said_free(s);
}

static void agreements_count_when_they_are_signed(void **state)
{
    (void)state;
    assert_figure(PROGRAM, "agreements", YEAR("2022-01") "&stratifier=kind",
        "2; exchange=1 telemedicine=1");
}

/* ---- who is told what ---- */

static void small_numbers_of_people_are_not_told(void **state)
{
    struct said *s = NULL;

    (void)state;
    /* three persons were trained: who may not read that is told that there are some */
    assert_figure("coordinator", "local-staff-trained", BOTH, "*;");
    s = said_status(
        ask_as("coordinator", "Measure/local-staff-trained/$evaluate-measure?" BOTH),
        200);
    assert_string_equal(
        said_text(s, "group.0.population.0._count.extension.0.valueCode"), "masked");
    said_free(s);
    assert_rows("coordinator", "local-staff-trained", BOTH, "others=masked");
    /* nothing by strata, of parts of a year, of a year that runs, or as known earlier */
    assert_figure(
        "coordinator", "local-staff-trained", BOTH "&stratifier=hospital", "403");
    assert_figure("coordinator", "local-staff-trained",
        BOTH "&stratum=hospital%7COrganization/lhasa", "403");
    assert_figure("coordinator", "local-staff-trained",
        "periodStart=2021-01&periodEnd=2021-03", "403");
    assert_figure("coordinator", "local-staff-trained",
        BOTH "&knownAt=2023-05-01T00:00:00Z", "403");
    /* nor where there is nothing: the refusal must not tell */
    assert_figure("coordinator", "local-staff-trained", YEAR("2019-01"), "403");
    assert_rows("coordinator", "apprenticeships", YEAR("2022-02"), "403");
}

/* Seven persons are told as five, and the rows of nobody. */
static void larger_numbers_are_told_in_steps(void **state)
{
    struct arena *a = arena_new();
    struct said *s = NULL;

    (void)state;
    for (int i = 10; i < 17; i++) {
        put(arena_printf(a, "Practitioner/w%d", i), "");
        PUT_OWN(arena_printf(a, "Enrolment/o%d", i),
            arena_printf(a,
                "'status':'completed','course':{'reference':'Course/c1'},'person':{"
                "'reference':'Practitioner/w%d'},'result':{'passed':true,'by':{"
                "'reference':'Practitioner/m1'},'on':'2020-03-05'}",
                i));
    }
    assert_figure(PROGRAM, "local-staff-trained", YEAR("2020"), "7;");
    assert_figure("coordinator", "local-staff-trained", YEAR("2020"), "5;");
    s = said_status(ask_as("coordinator",
                        "Measure/local-staff-trained/$evaluate-measure?" YEAR("2020")),
        200);
    assert_string_equal(said_text(s, "group.0.measureScore.comparator"), ">=");
    said_free(s);
    assert_rows("coordinator", "local-staff-trained", YEAR("2020"), "others=5");
    arena_free(a);
}

/* The dashboard tells neither more nor less than the questions alone: sums in their currencies, steps. */
static void the_dashboard_says_the_same(void **state)
{
    struct agreed agreed = years_agree(PROGRAM, 2019, 2023, "kind", "");

    (void)state;
    assert_true(agreed.figures >= 5 * 12);
    assert_int_equal(agreed.refused, 0);
    /* four times, of which two are ratios: CNY in two years, USD in one */
    assert_int_equal(agreed.sums, 12);
    assert_true(agreed.apart >= 4);
    agreed = years_agree("coordinator", 2019, 2023, "hospital", "");
    assert_true(agreed.masked > 0);
    assert_true(agreed.refused > 0); /* the running year */
}

static int open_node(void **state)
{
    (void)state;
    open_hospitals(NOW);
    put("Organization/neuro", PART_OF("lhasa"));
    put_people();
    put_apprenticeships();
    put_learning();
    put_operations();
    put_gaps();
    put_devices();
    put_money();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(apprenticeships_run),
        cmocka_unit_test(persons_and_person_courses_stand_apart),
        cmocka_unit_test(who_is_signed_off_is_independent),
        cmocka_unit_test(the_first_at_a_hospital_counts),
        cmocka_unit_test(a_gap_is_filled_once),
        cmocka_unit_test(equipment_is_in_service_or_not),
        cmocka_unit_test(currencies_are_never_added),
        cmocka_unit_test(agreements_count_when_they_are_signed),
        cmocka_unit_test(small_numbers_of_people_are_not_told),
        cmocka_unit_test(larger_numbers_are_told_in_steps),
        cmocka_unit_test(the_dashboard_says_the_same),
    };

    return cmocka_run_group_tests(tests, open_node, close_node);
}
