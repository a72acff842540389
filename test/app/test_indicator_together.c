/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Figures of what both sides do together and what stays: operations, techniques in use, days at
 * work, gaps; each computed by hand beside it.
 */
#include "indicator.h"

#define NOW 1767225600000LL /* 2026-01-01 */

/* ---- operations ---- */

#define OPERATION(code, unit, on, performers)                                          \
    "'status':'completed'," REF("subject", "Patient/p") ",'code':" CODED("procedure",  \
        code) ",'performedDateTime':'" on                                              \
              "','extension':[{" OWN(                                                  \
                  "operation-department") ",'valueReference':{'reference':'"           \
                                          "Organization/" unit                         \
                                          "'}}],'performer':[" performers "]"
#define AT_HOME(who, function)                                                         \
    "{'function':" CODED("operation-function", function) "," REF(                      \
        "actor", "Practitioner/" who) "}"
#define VISITOR(who, function, team)                                                   \
    "{'function':" CODED("operation-function", function) "," REF(                      \
        "actor", "Practitioner/" who) "," REF("onBehalfOf", "Organization/" team) "}"

/*
 *   o1  2024-02-01  appendectomy   w1 operates, e1 of bj8 supervises        joint
 *   o2  2024-03-01  appendectomy   e1 operates, w1 assists, e2 assists      joint, two functions
 *   o3  2024-04-01  appendectomy   w1 operates alone
 *   o4  2024-05-01  appendectomy   e1 operates, w1 looks on
 *   o5  2024-06-01  hernia-repair  w1 operates, m1 guides from afar         joint
 *   o6  2024-07-01  hernia-repair  w1 operates, e1 looks on
 *   o7  2025-05-15  appendectomy   w1 operates alone, xigaze
 */
static void put_operations(void)
{
    put("Patient/p", "");
    put("Procedure/o1",
        OPERATION("appendectomy", "ortho", "2024-02-01",
            AT_HOME("w1", "operator") "," VISITOR("e1", "supervisor", "bj8")));
    put("Procedure/o2", OPERATION("appendectomy", "ortho", "2024-03-01",
                            VISITOR("e1", "operator", "bj8") "," AT_HOME("w1",
                                "assistant") "," VISITOR("e2", "assistant", "bj8")));
    put("Procedure/o3",
        OPERATION("appendectomy", "ortho", "2024-04-01", AT_HOME("w1", "operator")));
    put("Procedure/o4",
        OPERATION("appendectomy", "ortho", "2024-05-01",
            VISITOR("e1", "operator", "bj8") "," AT_HOME("w1", "observer")));
    put("Procedure/o5", OPERATION("hernia-repair", "ortho", "2024-06-01",
                            AT_HOME("w1", "operator") "," AT_HOME("m1", "guide")));
    put("Procedure/o6",
        OPERATION("hernia-repair", "ortho", "2024-07-01",
            AT_HOME("w1", "operator") "," VISITOR("e1", "observer", "bj8")));
    put("Procedure/o7",
        OPERATION("appendectomy", "xigaze", "2025-05-15", AT_HOME("w1", "operator")));
}

static void both_sides_operate(void **state)
{
    (void)state;
    /* o1, o2, o5; o2 with one who operates and one who assists */
    assert_figure(PROGRAM, "joint-operation", YEAR("2024") "&stratifier=function",
        "3; assistant=1 guide=1 operator=1 supervisor=1");
    /* of whose team the guide was nobody wrote */
    assert_figure(PROGRAM, "joint-operation",
        YEAR("2024") "&stratifier=sending-hospital", "3; bj1=2 unknown=1");
    assert_figure("coordinator", "joint-operation",
        YEAR("2024") "&stratifier=procedure", "3; appendectomy=2 hernia-repair=1");
    assert_figure("coordinator", "joint-operation", YEAR("2024-02"), "403");
    assert_figure(PROGRAM, "joint-operation", YEAR("2025"), "0;");
    assert_rows(PROGRAM, "joint-operation", YEAR("2024-03"),
        "Procedure/o2 Procedure/o2 others=0");
    /* each operation once, by itself; nobody reads it here who is no program */
    assert_subjects(PROGRAM, "joint-operation", YEAR("2024"),
        "counted: Procedure/o1 Procedure/o2 Procedure/o5");
    assert_subjects(
        "coordinator", "joint-operation", YEAR("2024"), "counted: withheld");
}

static void who_is_at_home_leads(void **state)
{
    (void)state;
    /* o1, o3, o6 of six: a visitor who supervises or looks on does not lead */
    assert_figure(PROGRAM, "local-independence", YEAR("2024") "&stratifier=procedure",
        "0.5000; appendectomy=0.5000 hernia-repair=0.5000");
    assert_figure(PROGRAM, "local-independence", YEAR("2025"), "1.0000;");
    assert_subjects(PROGRAM, "local-independence", YEAR("2025"),
        "counted: Procedure/o7 numerator: Procedure/o7");
    assert_subjects(PROGRAM, "local-independence", YEAR("2024"),
        "counted: Procedure/o1 Procedure/o2 Procedure/o3 Procedure/o4 Procedure/o5 "
        "Procedure/o6 numerator: Procedure/o1 Procedure/o3 Procedure/o6");
    /* people are told nothing where the three or the other three would show */
    assert_subjects("coordinator", "local-independence", YEAR("2024"),
        "counted: withheld numerator: withheld");
    assert_figure("coordinator", "local-independence", YEAR("2024"), "*;");
}

static void what_is_not_done_for_a_year_has_lapsed(void **state)
{
    (void)state;
    /* at lhasa both, until the 365th day after the last of each */
    assert_figure(PROGRAM, "new-technology-stock", YEAR("2024") "&stratifier=procedure",
        "2; appendectomy=1 hernia-repair=1");
    /* o4 on 2024-05-01 was the last appendectomy at lhasa, o6 on 2024-07-01 the last repair */
    assert_figure(PROGRAM, "new-technology-stock", YEAR("2025-04-30"), "2;");
    assert_figure(PROGRAM, "new-technology-stock", YEAR("2025-05-01"), "1;");
    /* o7 on 2025-05-15 at xigaze */
    assert_figure(PROGRAM, "new-technology-stock",
        YEAR("2025-05-15") "&stratifier=hospital", "2; lhasa=1 xigaze=1");
    /* o7 alone is within a year of the last of 2025 */
    assert_figure("coordinator", "new-technology-stock", YEAR("2025"), "1;");
}

/* ---- what became of patients ---- */

#define LOOKED(at, result)                                                             \
    ",{" OWN("operation-follow-up") ",'extension':[{'url':'at','valueCode':'" at       \
                                    "'},{'url':'result','valueCode':'" result "'}]}"

static void put_followed(const char *id, const char *looked)
{
    struct arena *a = arena_new();

    put(arena_printf(a, "Procedure/%s", id),
        arena_printf(a,
            "'status':'completed',%s,'code':%s,'performedDateTime':'2022-03-01',"
            "'extension':[{%s,%s}%s],'performer':[%s]",
            REF("subject", "Patient/p"), CODED("procedure", "appendectomy"),
            OWN("operation-department"), REF("valueReference", "Organization/ortho"),
            looked, AT_HOME("w1", "operator")));
    arena_free(a);
}

/*
 * Of 2022:
 *   f1  well on day 30
 *   f2  a complication at discharge, well on day 30
 *   f3  died by day 30
 *   f4  on day 30 nobody could say
 *   f5  well at discharge, nobody looked afterwards
 *   f6  serious on day 30, out of an older logbook
 */
static void put_outcomes(void)
{
    put_followed("f1", LOOKED("day-30", "well"));
    put_followed("f2", LOOKED("discharge", "complication") LOOKED("day-30", "well"));
    put_followed("f3", LOOKED("day-30", "died"));
    put_followed("f4", LOOKED("day-30", "unknown"));
    put_followed("f5", LOOKED("discharge", "well"));
    put_followed("f6", LOOKED("day-30", "serious") ",{" OWN(
                           "operation-imported") ",'valueString':'old'}");
}

static void what_became_of_patients(void **state)
{
    (void)state;
    /* f1, f2, f3 of f1 to f5 */
    assert_measured(
        PROGRAM, "outcome-known", YEAR("2022"), "3/5 0.6000 low=0.2307 high=0.8824");
    /* f2 and f3 of f1, f2, f3 */
    assert_measured(
        PROGRAM, "complications", YEAR("2022"), "2/3 0.6667 low=0.2077 high=0.9385");
    assert_subjects(PROGRAM, "complications", YEAR("2022"),
        "counted: Procedure/f1 Procedure/f2 Procedure/f3 numerator: Procedure/f2 "
        "Procedure/f3");
    assert_measured("coordinator", "complications", YEAR("2022"), "*/*");
}

/* ---- days at work ---- */

#define LEAVE(from, until)                                                             \
    "{'description':'Leave','during':{'start':'" from "','end':'" until "'}}"

#define POSTED                                                                         \
    "'extension':[{" OWN("posting-team") ",'valueReference':{'reference':"             \
                                         "'Organization/bj8'}},{" OWN(                 \
                                             "arrived") ",'valueDate':'2024-08-02'}]"
#define ON_LEAVE                                                                       \
    "'notAvailable':[" LEAVE("2024-08-05", "2024-08-07") "," LEAVE(                    \
        "2024-08-06", "2024-08-10") "]"

/*
 *   q1  e1  2024-08-01 to 2024-08-31, arrived on the 2nd, on leave 5 to 7 and 6 to 10
 *   q2  e2  2024-08-01 to 2024-08-10, nothing else is known
 *   q3  e3  2024-08-20 open, on leave from the 25th on
 */
static void put_postings(void)
{
    put("PractitionerRole/q1",
        WHO("e1") "," UNIT("ortho") "," ROLE("expert") "," PERIOD(
            "2024-08-01", "2024-08-31") "," POSTED "," ON_LEAVE);
    put("PractitionerRole/q2", WHO("e2") "," UNIT("ortho") "," ROLE("expert") "," TEAM(
                                   "bj8") "," PERIOD("2024-08-01", "2024-08-10"));
    put("PractitionerRole/q3",
        WHO("e3") "," UNIT("xigaze") "," ROLE("expert") "," TEAM(
            "bj8") ",'period':{'start':'2024-08-20'},'notAvailable':[{'description':"
                   "'Leave','during':{'start':'2024-08-25'}}]");
}

static void leave_and_first_days_are_taken_off(void **state)
{
    (void)state;
    /* q1: 31 less 2 to 5 (getting used) less 5 to 10 (leave) = 22; q2: 10; q3: 20 to 24 = 5 */
    assert_figure("coordinator", "expert-presence", YEAR("2024") "&stratifier=hospital",
        "37; lhasa=32 xigaze=5");
    assert_figure("coordinator", "expert-presence", YEAR("2024") "&stratifier=sex",
        "37; female=22 male=10 unknown=5");
    /* the 1st, then from the 11th on */
    assert_figure("coordinator", "expert-presence",
        "periodStart=2024-08-01&periodEnd=2024-08-11&stratum=batch%"
        "7C8",
        "12;");
    assert_figure("coordinator", "expert-presence", YEAR("2024-09"), "0;");
    /* q1: 31, q2: 10, q3: 12 */
    assert_figure("coordinator", "expert-days", YEAR("2024-08"), "53;");
}

/* ---- gaps ---- */

#define GAP(service, opened)                                                           \
    "'status':'in-progress','intent':'plan','code':" CODED("work",                     \
        "technique-gap") ",'authoredOn':'" opened                                      \
                         "T00:00:00Z'," REF("focus", "HealthcareService/" service)

static void put_gaps(void)
{
    put("HealthcareService/s1", REF("providedBy", "Organization/ortho"));
    put("Task/g1", GAP("s1", "2023-01-01") ",'output':[" WAS("filled",
                       "2023-04-11") "," WAS("lapsed", "2024-02-01") "," WAS("filled",
                       "2024-03-01") "," WAS("lapsed", "2024-09-01") "]");
    put("Task/g2", GAP("s1", "2023-05-01"));
    put("Task/g3",
        GAP("s1", "2023-06-01") ",'output':[" WAS("filled", "2023-06-11") "]");
}

static void a_gap_opens_again(void **state)
{
    (void)state;
    assert_figure(
        PROGRAM, "gaps-reopened", YEAR("2024") "&stratifier=hospital", "2; lhasa=2");
    assert_figure(PROGRAM, "gaps-reopened", YEAR("2023"), "0;");
    /* the record of both times stands once */
    assert_subjects(PROGRAM, "gaps-reopened", YEAR("2024"), "counted: Task/g1");
    assert_subjects(PROGRAM, "gap-closure", YEAR("2023"),
        "counted: Task/g1 Task/g2 Task/g3 numerator: Task/g1 Task/g3");
    /* g1 and g3 of three */
    assert_figure(PROGRAM, "gap-closure", YEAR("2023") "&stratifier=hospital",
        "0.6667; lhasa=0.6667");
    /* 100 days and 10; the second time of g1 is none */
    assert_figure(PROGRAM, "gap-closing-days", YEAR("2023"), "55.00;");
    assert_rows(PROGRAM, "gap-closing-days", YEAR("2023"), "Task/g3 Task/g1 others=0");
    assert_figure(PROGRAM, "gap-closing-days", YEAR("2024"), "*;");
}

/* ---- equipment, handover ---- */

#define STEP_DONE(device, step, ordered, done)                                         \
    "'status':'completed','intent':'order','code':{'coding':[{'system':"               \
    "'https://belay.health/CodeSystem/work','code':'equipment-step'},{'system':"       \
    "'https://belay.health/CodeSystem/equipment-step','code':'" step                   \
    "'}]},'authoredOn':'" ordered "T00:00:00Z','executionPeriod':{'end':'" done        \
    "'}," REF("focus", "Device/" device)

static void put_steps(void)
{
    put("Device/v1", REF("owner", "Organization/ortho") ",'type':{'coding':[{'system':'"
                                                        "urn:x','code':'dr'}]}");
    put("Device/v2", REF("owner", "Organization/xigaze"));
    put("Task/s1", STEP_DONE("v1", "installed", "2024-01-01", "2024-03-01"));
    put("Task/s2", STEP_DONE("v1", "first-patient", "2024-01-01", "2024-04-10"));
    put("Task/s3", STEP_DONE("v1", "installed", "2024-05-01", "2024-05-21"));
    put("Task/s4", STEP_DONE("v2", "installed", "2024-05-01", "2024-06-10"));
}

static void a_device_takes_its_days(void **state)
{
    (void)state;
    /* 60, 20 and 40 days; of 100 to the first patient */
    assert_figure(
        PROGRAM, "equipment-days", YEAR("2024") "&stratum=step%7Cinstalled", "40.00;");
    assert_figure(PROGRAM, "equipment-days", YEAR("2024") "&stratifier=step",
        "50.00; first-patient=100.00 installed=40.00");
    /* of the one in ortho, a department of lhasa, 60 and 20; of the other 40 */
    assert_figure(PROGRAM, "equipment-days",
        YEAR("2024") "&stratum=step%7Cinstalled&stratifier=hospital",
        "40.00; lhasa=40.00 xigaze=40.00");
    assert_figure(PROGRAM, "equipment-days",
        YEAR("2024") "&stratum=hospital%7COrganization/lhasa&stratifier=step",
        "60.00; first-patient=100.00 installed=40.00");
    assert_figure(PROGRAM, "equipment-days", YEAR("2024") "&stratifier=kind",
        "50.00; dr=60.00 unknown=40.00");
}

#define LEFT(post, unit, at, items, taken, orphans, index, overlap)                    \
    "'status':'ended'," REF("posting", "PractitionerRole/" post) "," REF(              \
        "person", "Practitioner/e1") "," REF("department",                             \
        "Organization/" unit) ",'end':'" at "T00:00:00Z','departure':{'time':'" at     \
                              "T00:00:00Z','items':" items ",'acknowledged':" taken    \
                              ",'orphans':" orphans ",'index':" index                  \
                              ",'overlapDays':" overlap "}"

static void put_handovers(void)
{
    put_in(APP_PROGRAMME, "Handover/q1",
        LEFT("q1", "ortho", "2024-08-31", "10", "8", "1", "90", "7"));
    put_in(APP_PROGRAMME, "Handover/q2",
        LEFT("q2", "ortho", "2024-08-10", "4", "2", "2", "40", "0"));
    put_in(APP_PROGRAMME, "Handover/q3",
        LEFT("q3", "xigaze", "2024-09-10", "3", "3", "0", "100", "14"));
}

static void what_was_open_is_taken_over(void **state)
{
    (void)state;
    /* 40, 90, 100 */
    assert_figure(PROGRAM, "handover", YEAR("2024") "&stratifier=hospital",
        "90.00; lhasa=65.00 xigaze=100.00");
    assert_figure(PROGRAM, "handover", YEAR("2024-08"), "65.00;");
    assert_figure(PROGRAM, "handover-orphans", YEAR("2024"), "3;");
    assert_figure(PROGRAM, "overlap-days", YEAR("2024"), "7.00;");
    /* whoever is told what is open in a post is told what its handover came to, and led to the post */
    assert_figure("coordinator", "handover", YEAR("2024") "&stratifier=hospital",
        "90.00; lhasa=65.00 xigaze=100.00");
    assert_rows("coordinator", "handover", YEAR("2024"),
        "PractitionerRole/q3 PractitionerRole/q1 PractitionerRole/q2 others=0");
    assert_subjects("coordinator", "overlap-days", YEAR("2024"),
        "counted: PractitionerRole/q2 PractitionerRole/q1 PractitionerRole/q3");
    assert_figure("head", "handover-orphans", YEAR("2024"), "3;");
    assert_rows("head", "handover", YEAR("2024"),
        "PractitionerRole/q1 PractitionerRole/q2 others=0");
    assert_figure("head", "handover", YEAR("2024-09"), "*;"); /* that of q3 */
    assert_figure("head", "handover-orphans", YEAR("2024-09"), "*;");
    assert_rows(PROGRAM, "handover", YEAR("2024-09"), "Handover/q3 others=0");
}

/* ---- meetings ---- */

#define INVITED(unit)                                                                  \
    "{" OWN("mdt-department") ",'valueReference':{'reference':'Organization/" unit "'" \
                              "}"                                                      \
                              "}"

static void put_meeting(
    const char *id, const char *status, const char *times, const char *invited)
{
    struct arena *a = arena_new();

    put(arena_printf(a, "Appointment/%s", id),
        arena_printf(a,
            "'status':'%s',%s,'appointmentType':" CODED(
                "case-record", "mdt") ",'extension':[%s],'participant':[{" REF("actor",
                "Patient/q") ",'required':'information-only','status':'accepted'}]",
            status, times, invited));
    arena_free(a);
}

/*
 * Of a patient of Lhasa:
 *   t1  2024-03-01  90 minutes  ortho, where the patient is, and cardio of bj1       1.5
 *   t2  2024-06-01  45 minutes  cardio of bj1 and another hospital, bj2              0.75 twice
 *   t3  2024-07-01  60 minutes  ortho alone; t4 without minutes
 *   t6  2025-01-01  20 minutes  cardio                                               a third, rounded up
 */
static void put_meetings(void)
{
    put("Organization/lhasa", "'name':'Lhasa','address':[{'district':'Chengguan'}]");
    put("Organization/cardio", PART_OF("bj1"));
    put("Organization/bj2", "'name':'Beijing 2'");
    put("Patient/q",
        "'gender':'female'," REF("managingOrganization", "Organization/lhasa"));
    put_meeting("t1", "fulfilled",
        "'start':'2024-03-01T08:00:00Z','end':'2024-03-01T09:30:00Z'",
        INVITED("ortho") "," INVITED("cardio"));
    put_meeting("t2", "fulfilled",
        "'start':'2024-06-01T10:00:00Z','end':'2024-06-01T10:45:00Z'",
        INVITED("cardio") "," INVITED("bj2"));
    put_meeting("t3", "fulfilled",
        "'start':'2024-07-01T10:00:00Z','end':'2024-07-01T11:00:00Z'",
        INVITED("ortho"));
    put_meeting("t4", "booked",
        "'start':'2024-08-01T10:00:00Z','end':'2024-08-01T11:00:00Z'",
        INVITED("cardio"));
    put_meeting("t6", "fulfilled",
        "'start':'2025-01-01T10:00:00Z','end':'2025-01-01T10:20:00Z'",
        INVITED("cardio"));
}

/* Each once, of the hospital of its patient, however many were invited: t1, t2 and t3. */
static void meetings_are_of_patients(void **state)
{
    (void)state;
    assert_figure(PROGRAM, "mdt", YEAR("2024") "&stratifier=hospital", "3; lhasa=3");
    assert_figure(PROGRAM, "mdt", YEAR("2024") "&stratifier=sex", "3; female=3");
    assert_figure(PROGRAM, "mdt", YEAR("2024") "&stratifier=county", "3; Chengguan=3");
    assert_rows(PROGRAM, "mdt", YEAR("2024") "&stratum=hospital%7COrganization/xigaze",
        "others=0");
}

static void hours_from_afar(void **state)
{
    (void)state;
    assert_figure(PROGRAM, "remote-hours", YEAR("2024") "&stratifier=sending-hospital",
        "3; bj1=2.25 bj2=0.75");
    assert_figure(
        PROGRAM, "remote-hours", YEAR("2024") "&stratifier=hospital", "3; lhasa=3");
    assert_figure(PROGRAM, "remote-hours", YEAR("2025"), "0.3334;");
    assert_rows(PROGRAM, "remote-hours", YEAR("2024-03"), "Appointment/t1 others=0");
    /* two meetings are few */
    assert_figure("coordinator", "remote-hours", YEAR("2024"), "*;");
}

static int open_node(void **state)
{
    (void)state;
    open_hospitals(NOW);
    put("Organization/bj8",
        PART_OF("bj1") ",'extension':[{" OWN("team-batch") ",'valuePositiveInt':8}]");
    put("Practitioner/w1", "");
    put("Practitioner/m1", "");
    put("Practitioner/e1", "'gender':'female'");
    put("Practitioner/e2", "'gender':'male'");
    put("Practitioner/e3", "");
    put_person("coordinator", "coordinator", NULL);
    put_person("head", "head-of-department", "ortho");
    put_operations();
    put_outcomes();
    put_postings();
    put_gaps();
    put_steps();
    put_handovers();
    put_meetings();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_sides_operate),
        cmocka_unit_test(what_is_not_done_for_a_year_has_lapsed),
        cmocka_unit_test(leave_and_first_days_are_taken_off),
        cmocka_unit_test(a_gap_opens_again),
        cmocka_unit_test(who_is_at_home_leads),
        cmocka_unit_test(what_became_of_patients),
        cmocka_unit_test(a_device_takes_its_days),
        cmocka_unit_test(what_was_open_is_taken_over),
        cmocka_unit_test(meetings_are_of_patients),
        cmocka_unit_test(hours_from_afar),
    };

    return cmocka_run_group_tests(tests, open_node, close_node);
}
