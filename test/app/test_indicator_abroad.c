/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Figures of what goes on across borders: patients, beds, students, experts and studies, each
 * computed by hand beside it.
 */
#include "indicator.h"

#define NOW 1735000000000LL /* 2024-12-24 */
#define ACADEMIC(y, next) "periodStart=" y "-09&periodEnd=" next "-08"

/* urumqi has the department liver; bishkek and almaty lie in other countries. */
static void put_places(void)
{
    put("Organization/urumqi", "'name':'Urumqi','address':[{'country':'CN'}]");
    put("Organization/liver", "'name':'Liver'," PART_OF("urumqi"));
    put("Organization/bishkek", "'name':'Bishkek','address':[{'country':'KG'}]");
    put("Organization/almaty", "'name':'Almaty','address':[{'country':'KZ'}]");
    put("Organization/kashgar", "'name':'Kashgar','address':[{'country':'CN'}]");
    put("Organization/nowhere", "'name':'Nowhere'");
    put_person("coordinator", "coordinator", NULL);
}

/* ---- patients ---- */

#define FROM(country)                                                                  \
    "'extension':[{" OWN("encounter-from-country") ",'valueCode':'" country "'}],"
#define EPISODE(class, status, who, unit)                                              \
    "'status':'" status "','class':{'code':'" class "'}," REF(                         \
        "subject", "Patient/" who) "," REF("serviceProvider", "Organization/" unit)
#define IN_BED(bed, from, until)                                                       \
    "{" REF("location", "Location/" bed) "," PERIOD(from, until) "}"

/*
 *   n1  a1 from KG, liver     inpatient   2023-03-01 to 2023-03-10, in the beds b1 and b2
 *   n2  a1 from KG, liver     ambulatory  2023-05-05
 *   n3  a2 from KZ, urumqi    inpatient   2023-12-30 to 2024-01-04, in b1
 *   n4  a3 says no country    inpatient   2023-06-01 to 2023-06-02
 *   n5  a4 from CN, urumqi    inpatient   2023-07-01 to 2023-07-02
 *   n6  a5 from KG, liver     planned
 *   n7  a6 from KG, nowhere   ambulatory  2023-08-01: the hospital's country is not known
 */
static void put_episodes(void)
{
    for (int i = 1; i <= 6; i++) {
        struct arena *a = arena_new();

        put(arena_printf(a, "Patient/a%d", i), "");
        arena_free(a);
    }
    put("Encounter/n1",
        FROM("KG") EPISODE("IMP", "finished", "a1", "liver") "," PERIOD(
            "2023-03-01", "2023-03-10") ",'location':[" IN_BED("b1", "2023-03-01",
            "2023-03-04") "," IN_BED("b2", "2023-03-05", "2023-03-10") "]");
    put("Encounter/n2", FROM("KG") EPISODE("AMB", "finished", "a1", "liver") "," PERIOD(
                            "2023-05-05", "2023-05-05"));
    put("Encounter/n3",
        FROM("KZ") EPISODE("IMP", "finished", "a2", "urumqi") "," PERIOD("2023-12-30",
            "2024-01-04") ",'location':[" IN_BED("b1", "2023-12-30", "2024-01-04") "]");
    put("Encounter/n4", EPISODE("IMP", "finished", "a3", "urumqi") "," PERIOD(
                            "2023-06-01", "2023-06-02"));
    put("Encounter/n5", FROM("CN") EPISODE("IMP", "finished", "a4",
                            "urumqi") "," PERIOD("2023-07-01", "2023-07-02"));
    put("Encounter/n6", FROM("KG") EPISODE("IMP", "planned", "a5", "liver") "," PERIOD(
                            "2023-08-01", "2023-08-02"));
    put("Encounter/n7", FROM("KG") EPISODE("AMB", "finished", "a6",
                            "nowhere") "," PERIOD("2023-08-01", "2023-08-01"));
}

static void patients_and_episodes_stand_apart(void **state)
{
    (void)state;
    /* a1 and a2; a4 is from here, a6's hospital has no country */
    assert_figure(PROGRAM, "international-patients",
        YEAR("2023") "&stratifier=from-country", "2; KG=1 KZ=1");
    /* n1, n2, n3 */
    assert_figure(PROGRAM, "international-episodes", YEAR("2023") "&stratifier=kind",
        "3; AMB=1 IMP=2");
    assert_figure(PROGRAM, "international-patients", YEAR("2024"), "0;");
    assert_rows(PROGRAM, "international-episodes", YEAR("2023"),
        "Encounter/n3 Encounter/n2 Encounter/n1 others=0");
    /* n1: ten days; n3: two in the old year, four in the new */
    assert_figure(PROGRAM, "international-bed-days",
        YEAR("2023") "&stratifier=hospital", "12; urumqi=12");
    assert_figure(PROGRAM, "international-bed-days", YEAR("2024"), "4;");
}

#define PROTOCOL                                                                       \
    "{'url':'http://hl7.org/fhir/StructureDefinition/workflow-instantiatesCanonical'," \
    "'valueCanonical':'https://example.org/PlanDefinition/liver'}"
#define SPEAKS(language) "{" OWN("encounter-language") ",'valueCode':'" language "'}"
#define COMES(country) "{" OWN("encounter-from-country") ",'valueCode':'" country "'}"
#define TRANSLATOR "'participant':[{'type':[{'coding':[{'code':'translator'}]}]}],"
#define GUIDE                                                                          \
    "{" OWN("encounter-guide") ",'valueReference':{'reference':"                       \
                               "'DocumentReference/guide'}}"

/* A protocol and a language stood between in three of four admissions of 2022; one visit. */
static void put_admissions(void)
{
    put("DocumentReference/guide", "'status':'current','content':[{'attachment':{"
                                   "'title':'Before your operation'}}]");
    put("Encounter/m1", "'extension':[" COMES("KG") "," PROTOCOL "," SPEAKS(
                            "ky") "]," TRANSLATOR EPISODE("IMP", "finished", "a1",
                            "liver") "," PERIOD("2022-01-01", "2022-01-05"));
    put("Encounter/m2", "'extension':[" COMES("KG") "," PROTOCOL "," SPEAKS(
                            "ky") "," GUIDE "]," EPISODE("IMP", "finished", "a2",
                            "liver") "," PERIOD("2022-02-01", "2022-02-05"));
    put("Encounter/m3",
        "'extension':[" COMES("KZ") "," SPEAKS("kk") "]," EPISODE(
            "IMP", "finished", "a5", "liver") "," PERIOD("2022-03-01", "2022-03-05"));
    put("Encounter/m4",
        "'extension':[" COMES("KZ") "," PROTOCOL "]," EPISODE(
            "IMP", "finished", "a6", "liver") "," PERIOD("2022-04-01", "2022-04-05"));
    put("Encounter/m5",
        "'extension':[" SPEAKS("bo") "]," TRANSLATOR EPISODE(
            "AMB", "finished", "a3", "urumqi") "," PERIOD("2022-05-01", "2022-05-01"));
}

static void admissions_follow_a_protocol_and_people_understand(void **state)
{
    (void)state;
    /* m1, m2, m4 of four; m5 is no admission and from here */
    assert_figure(PROGRAM, "protocols", YEAR("2022") "&stratifier=from-country",
        "0.7500; KG=1.0000 KZ=0.5000");
    /* m1 and m5 had an interpreter, m2 a guide, m3 neither; in m4 nothing stood between */
    assert_figure(PROGRAM, "language", YEAR("2022") "&stratifier=language",
        "0.7500; bo=1.0000 kk=0.0000 ky=1.0000");
    assert_figure("coordinator", "language", YEAR("2022"), "*;");
}

/* Two persons: there are some, and nothing by country. */
static void few_patients_are_not_told(void **state)
{
    (void)state;
    assert_figure("coordinator", "international-patients", YEAR("2023"), "*;");
    assert_figure("coordinator", "international-patients",
        YEAR("2023") "&stratifier=from-country", "403");
    assert_rows("coordinator", "international-patients", YEAR("2023"), "others=masked");
}

/* ---- beds ---- */

#define BED                                                                            \
    "'physicalType':{'coding':[{'code':'bd'}]}," REF(                                  \
        "managingOrganization", "Organization/liver")
#define ASIDE(from, until)                                                             \
    "{" OWN("bed-for-international") ",'valuePeriod':{'start':'" from "'" until "}}"

static void put_beds(void)
{
    put("Location/b1", BED ",'extension':[" ASIDE("2022-01-01", "") "]");
    put("Location/b2", BED ",'extension':[" ASIDE("2022-01-01",
                           UNTIL("2022-12-31")) "," ASIDE("2023-03-01", "") "]");
    put("Location/b3", BED);
    put("Location/r1", "'physicalType':{'coding':[{'code':'ro'}]},'extension':[" ASIDE(
                           "2022-01-01", "") "]");
}

static void beds_are_set_aside_and_somebody_is_in_them(void **state)
{
    (void)state;
    /* b1, b2; r1 is a room */
    assert_figure("coordinator", "international-beds",
        YEAR("2022") "&stratifier=hospital", "2; urumqi=2");
    assert_figure("coordinator", "international-beds", YEAR("2023-02"), "1;");
    assert_figure("coordinator", "international-beds", YEAR("2023-03"), "2;");
    /* a1 lay in b1 until the 4th, then in b2 */
    assert_figure(PROGRAM, "international-beds-taken", YEAR("2023-03-04"), "1;");
    assert_figure(PROGRAM, "international-beds-taken", YEAR("2023-03"), "0;");
    assert_figure(PROGRAM, "international-beds-taken",
        YEAR("2023") "&stratifier=from-country", "1; KZ=1");
    /* who lies there is not for a coordinator, to whom it is not known, rather than nobody */
    assert_figure("coordinator", "international-beds-taken", YEAR("2023"), "*;");
    assert_left_out("coordinator", "international-beds-taken", YEAR("2023"), "1");
    /* nobody lay there at the end of that month: stays that were over before are no part of it */
    assert_figure("coordinator", "international-beds-taken", YEAR("2023-03"), "0;");
    assert_left_out("coordinator", "international-beds-taken", YEAR("2023-03"), "");
}

/* ---- students ---- */

#define STUDENT(status, who, course, home, from, until)                                \
    "'status':'" status "'," REF("course", "Course/" course) "," REF(                  \
        "person", "Practitioner/" who) "," REF("learningDepartment",                   \
        "Organization/" home) "," REF("teachingDepartment",                            \
        "Organization/liver") "," PERIOD(from, until)

/*
 *   s1  w1 of bishkek   degree      2022-09-01 to 2025-06-30
 *   s2  w1 of bishkek   placement   2023-11-01 to 2023-11-30
 *   s3  w2 of almaty    placement   2023-08-01 to 2023-08-31, the academic year before
 *   s4  w3 of kashgar   degree      of the same country
 *   s5  w4 of almaty    workshop    no course of study
 *   s6  w5 of almaty    degree      2023-09-01 to 2024-06-30, planned only
 */
static void put_students(void)
{
    static const char *const kinds[] = {"degree", "placement", "workshop"};
    struct arena *a = arena_new();

    for (int i = 1; i <= 5; i++)
        put(arena_printf(a, "Practitioner/w%d", i), "");
    for (int i = 0; i < 3; i++)
        PUT_OWN(arena_printf(a, "Course/%s", kinds[i]),
            arena_printf(a,
                "'status':'held','kind':'%s','title':'Course','organiser':[{"
                "'reference':'Organization/liver'}]",
                kinds[i]));
    PUT_OWN("Enrolment/s1",
        STUDENT("attending", "w1", "degree", "bishkek", "2022-09-01", "2025-06-30"));
    PUT_OWN("Enrolment/s2",
        STUDENT("attending", "w1", "placement", "bishkek", "2023-11-01", "2023-11-30"));
    PUT_OWN("Enrolment/s3",
        STUDENT("attending", "w2", "placement", "almaty", "2023-08-01", "2023-08-31"));
    PUT_OWN("Enrolment/s4",
        STUDENT("attending", "w3", "degree", "kashgar", "2023-09-01", "2024-06-30"));
    PUT_OWN("Enrolment/s5",
        STUDENT("attending", "w4", "workshop", "almaty", "2023-09-01", "2024-06-30"));
    PUT_OWN("Enrolment/s6",
        STUDENT("planned", "w5", "degree", "almaty", "2023-09-01", "2024-06-30"));
    arena_free(a);
}

static void students_count_by_the_academic_year(void **state)
{
    struct said *s = NULL;

    (void)state;
    /* w1 in both kinds */
    assert_figure(PROGRAM, "students", ACADEMIC("2023", "2024") "&stratifier=kind",
        "1; degree=1 placement=1");
    /* w1 and w2 */
    assert_figure(PROGRAM, "students",
        ACADEMIC("2022", "2023") "&stratifier=from-country", "2; KG=1 KZ=1");
    /* people are told academic years that are over, in steps */
    assert_figure("coordinator", "students", ACADEMIC("2023", "2024"), "*;");
    assert_figure("coordinator", "students", YEAR("2023-12"), "403");
    assert_figure("coordinator", "students", ACADEMIC("2024", "2025"), "403");
    /* a year by itself is the academic one that ends in it */
    assert_figure(PROGRAM, "students", YEAR("2023"), "2;");
    assert_figure("coordinator", "students", YEAR("2024"), "*;");
    s = said_status(
        ask_as(NULL, "Measure/students/$evaluate-measure?" YEAR("2024")), 200);
    assert_string_equal(said_text(s, "period.start"), "2023-09");
    assert_string_equal(said_text(s, "period.end"), "2024-08");
    said_free(s);
}

/* ---- experts, studies ---- */

#define SENT(who, unit, team, work, from, until)                                       \
    WHO(who)                                                                           \
    "," UNIT(unit) "," ROLE("expert") "," PERIOD(from, until) ",'extension':[{" OWN(   \
        "posting-team") ",'valueReference':{'reference':"                              \
                        "'Organization/" team                                          \
                        "'}},{" OWN("posting-work") ",'valueCode':'" work "'}]"

static void put_experts(void)
{
    put("Organization/team", PART_OF("urumqi") ",'extension':[{" OWN(
                                 "team-batch") ",'valuePositiveInt':3}]");
    put("Practitioner/e1", "'gender':'female'");
    put("Practitioner/e2", "");
    put("Practitioner/e3", "");
    put("PractitionerRole/x1",
        SENT("e1", "bishkek", "team", "training", "2023-02-01", "2023-04-30"));
    put("PractitionerRole/x2",
        SENT("e1", "almaty", "team", "diagnosis", "2024-02-01", "2024-04-30"));
    put("PractitionerRole/x3",
        SENT("e2", "bishkek", "team", "research", "2023-12-01", "2024-01-31"));
    put("PractitionerRole/x4",
        SENT("e3", "kashgar", "team", "training", "2023-02-01", "2023-04-30"));
}

static void experts_are_abroad_in_another_country_than_their_team(void **state)
{
    (void)state;
    /* e1, e2; e3 stayed in the country */
    assert_figure("coordinator", "experts-abroad",
        "periodStart=2023&periodEnd=2024&stratifier=kind",
        "2; diagnosis=1 research=1 training=1");
    assert_figure("coordinator", "experts-abroad",
        "periodStart=2023&periodEnd=2024&stratifier=country", "2; KG=2 KZ=1");
    assert_figure(
        "coordinator", "experts-abroad", YEAR("2024") "&stratum=country%7CKG", "1;");
    assert_figure("coordinator", "experts-abroad",
        "periodStart=2023&periodEnd=2024&stratifier=sex", "2; female=1 unknown=1");
    assert_figure("coordinator", "experts-abroad",
        YEAR("2024") "&stratifier=batch&stratum=sex%7Cfemale", "1; 3=1");
    /* all three were posted */
    assert_figure("coordinator", "experts-deployed", YEAR("2023"), "3;");
}

#define STUDY(status, from, until, sites)                                              \
    "'status':'" status "'," REF("sponsor", "Organization/urumqi") "," PERIOD(         \
        from, until) ",'site':[" sites "]"
#define SITE(place) "{'reference':'Location/" place "'}"

static void put_studies(void)
{
    put("Location/lab", REF("managingOrganization", "Organization/liver"));
    put("Location/ward", REF("managingOrganization", "Organization/bishkek"));
    put("Location/clinic", REF("managingOrganization", "Organization/almaty"));
    put("ResearchStudy/r1", STUDY("active", "2023-12-01", "2026-12-31",
                                SITE("lab") "," SITE("ward") "," SITE("clinic")));
    put("ResearchStudy/r2", STUDY("active", "2023-01-01", "2026-12-31", SITE("lab")));
    put("ResearchStudy/r3",
        STUDY("withdrawn", "2023-01-01", "2026-12-31", SITE("ward")));
}

static void a_study_is_joint_where_another_has_a_site(void **state)
{
    (void)state;
    /* r1, with two sites of others */
    assert_figure("coordinator", "research", YEAR("2024") "&stratifier=hospital",
        "1; almaty=1 bishkek=1");
    assert_figure("coordinator", "research", YEAR("2023-11"), "0;");
    assert_rows("coordinator", "research", YEAR("2024"),
        "ResearchStudy/r1 ResearchStudy/r1 others=0");
}

static int open_node(void **state)
{
    (void)state;
    time_hold(NOW);
    node_open(&node, true);
    put_places();
    put_beds();
    put_episodes();
    put_admissions();
    put_students();
    put_experts();
    put_studies();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(patients_and_episodes_stand_apart),
        cmocka_unit_test(few_patients_are_not_told),
        cmocka_unit_test(admissions_follow_a_protocol_and_people_understand),
        cmocka_unit_test(beds_are_set_aside_and_somebody_is_in_them),
        cmocka_unit_test(students_count_by_the_academic_year),
        cmocka_unit_test(experts_are_abroad_in_another_country_than_their_team),
        cmocka_unit_test(a_study_is_joint_where_another_has_a_site),
    };

    return cmocka_run_group_tests(tests, open_node, close_node);
}
