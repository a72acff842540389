/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Figures of a small programme, each computed by hand in its comment: experts, hospitals that
 * send them, pairings; told apart by strata; as was known earlier; led back to records.
 */
#include "fhir/validate.h"
#include "indicator_years.h"

#define ENTERED 1662000000000LL   /* 2022-09-01 */
#define CORRECTED 1664600000000LL /* 2022-10-01 */
#define REMOVED 1667300000000LL   /* 2022-11-01 */
#define BETWEEN "2022-09-15T00:00:00Z"
#define BEFORE_ALL "2022-01-01T00:00:00Z"

/*
 * lhasa has the departments ortho and neuro; xigaze is a hospital; bj1 and bj2 stand in Beijing,
 * sh1 in Shanghai. Postings:
 *
 *   p1  e1  ortho    team bj8 of bj1    2020-08-01 2021-07-31
 *   p2  e2  xigaze   team sh8 of sh1    2020-08-01 2021-07-31, corrected to 2020-12-31
 *   p3  e1  neuro    team bj9 of bj2    2021-08-01 2022-07-31
 *   p4  e3  ortho    team bj9           2021-08-01 open, removed on 2022-11-01
 *   p5  e4  ortho    no team, no end: not posted
 *   p6  e5  ortho    team bj8, not active
 *   p7  e6  xigaze   no team            2021-01-01 2021-03-31
 */
static void put_postings(void)
{
    put("PractitionerRole/p1",
        "'active':true," WHO("e1") "," UNIT("ortho") "," TEAM("bj8") "," ROLE(
            "expert") "," PERIOD("2020-08-01", "2021-07-31"));
    put("PractitionerRole/p2", WHO("e2") "," UNIT("xigaze") "," TEAM("sh8") "," ROLE(
                                   "expert") "," PERIOD("2020-08-01", "2021-07-31"));
    put("PractitionerRole/p3", WHO("e1") "," UNIT("neuro") "," TEAM("bj9") "," ROLE(
                                   "expert") "," PERIOD("2021-08-01", "2022-07-31"));
    put("PractitionerRole/p4", WHO("e3") "," UNIT("ortho") "," TEAM("bj9") "," ROLE(
                                   "expert") ",'period':{'start':'2021-08-01'}");
    put("PractitionerRole/p5", WHO("e4") "," UNIT("ortho") "," ROLE(
                                   "expert") ",'period':{'start':'2020-08-01'}");
    put("PractitionerRole/p6",
        "'active':false," WHO("e5") "," UNIT("ortho") "," TEAM("bj8") "," ROLE(
            "expert") "," PERIOD("2020-08-01", "2021-07-31"));
    put("PractitionerRole/p7", WHO("e6") "," UNIT("xigaze") "," ROLE(
                                   "expert") "," PERIOD("2021-01-01", "2021-03-31"));
}

static void put_team(const char *id, const char *rest)
{
    put(id, rest);
}

#define BATCH(n)                                                                       \
    "'extension':[{'url':'https://belay.health/StructureDefinition/team-batch',"       \
    "'valuePositiveInt':" n "}]"
#define AFFILIATION(code, helped, helping)                                             \
    "'organization':{'reference':'Organization/" helped                                \
    "'},'participatingOrganization':{'reference':'Organization/" helping               \
    "'},'code':[{'coding':[{'system':'https://belay.health/CodeSystem/affiliation',"   \
    "'code':'" code "'}]}]"

/*
 * Pairings: ortho with a department of bj1 from 2019, neuro with bj2 from 2021 to the end of 2022,
 * lhasa as a whole with bj1, xigaze with sh1; bishkek has a telemedicine link.
 */
static void put_pairings(void)
{
    put("OrganizationAffiliation/a1",
        AFFILIATION("department-pair", "ortho",
            "bj1-ortho") ",'period':{'start':'2019-01-01'}");
    put("OrganizationAffiliation/a2",
        AFFILIATION("department-pair", "neuro", "bj2") "," PERIOD(
            "2021-01-01", "2022-12-31"));
    put("OrganizationAffiliation/a3", AFFILIATION("hospital-pair", "lhasa",
                                          "bj1") ",'period':{'start':'2018-01-01'}");
    put("OrganizationAffiliation/a4", AFFILIATION("hospital-pair", "xigaze",
                                          "sh1") ",'period':{'start':'2018-01-01'}");
    put("OrganizationAffiliation/a5", AFFILIATION("telemedicine-link", "bishkek",
                                          "lhasa") ",'period':{'start':'2022-03-01'}");
}

static int open_node(void **state)
{
    (void)state;
    time_hold(ENTERED);
    node_open(&node, true);
    put("Organization/lhasa", "'name':'Lhasa','address':[{'country':'CN'}]");
    put("Organization/ortho", "'name':'Orthopaedics'," PART_OF("lhasa"));
    put("Organization/neuro", "'name':'Neurology'," PART_OF("lhasa"));
    put("Organization/xigaze", "'name':'Xigaze'");
    put("Organization/bj1", "'name':'Beijing 1','address':[{'state':'Beijing'}]");
    put("Organization/bj1-ortho", PART_OF("bj1"));
    put("Organization/bj2", "'name':'Beijing 2','address':[{'state':'Beijing'}]");
    put("Organization/sh1", "'name':'Shanghai 1','address':[{'state':'Shanghai'}]");
    put("Organization/bishkek", "'address':[{'country':'KG'}]");
    put_team("Organization/bj8", BATCH("8") "," PART_OF("bj1"));
    put_team("Organization/sh8", BATCH("8") "," PART_OF("sh1"));
    put_team("Organization/bj9", BATCH("9") "," PART_OF("bj2"));
    put("Practitioner/e1", "'gender':'female'");
    put("Practitioner/e2", "'gender':'male'");
    put("Practitioner/e3", "'gender':'male'");
    put("Practitioner/e6", "");
    put_person("coordinator", "coordinator", NULL);
    put_person("head", "head-of-department", "ortho");
    put_person("doctor", "clinician", "lhasa");
    put_postings();
    put_pairings();
    time_hold(CORRECTED);
    put("PractitionerRole/p2", WHO("e2") "," UNIT("xigaze") "," TEAM("sh8") "," ROLE(
                                   "expert") "," PERIOD("2020-08-01", "2020-12-31"));
    time_hold(REMOVED);
    said_free(said_status(node_ask(&node, (struct ask){.method = APP_DELETE,
                                              .path = "PractitionerRole/p4"}),
        204));
    return 0;
}

#define ALL "periodStart=2020&periodEnd=2022"

static void experts_are_persons(void **state)
{
    (void)state;
    /* e1, e2 */
    assert_figure("head", "experts-deployed", YEAR("2020"), "2;");
    /* e1 with two postings, e6; e3's was removed, e2's ended before */
    assert_figure("coordinator", "experts-deployed", YEAR("2021"), "2;");
    /* e1 alone, until July */
    assert_figure("coordinator", "experts-deployed", YEAR("2022"), "1;");
    assert_figure("coordinator", "experts-deployed",
        "periodStart=2022-08-01&periodEnd=2022-08-31", "0;");
    /* the last day counts, the day behind it does not */
    assert_figure("coordinator", "experts-deployed",
        "periodStart=2022-07-31&periodEnd=2022-07-31", "1;");
    /* e1 stands in both batches, e6 in none */
    assert_figure("coordinator", "experts-deployed", ALL "&stratifier=batch",
        "3; 8=2 9=1 unknown=1");
    assert_figure("coordinator", "experts-deployed", ALL "&stratifier=hospital",
        "3; lhasa=1 xigaze=2");
    assert_figure("coordinator", "experts-deployed", ALL "&stratifier=sending-province",
        "3; Beijing=1 Shanghai=1 unknown=1");
    assert_figure("coordinator", "experts-deployed", ALL "&stratifier=sex",
        "3; female=1 male=1 unknown=1");
    /* by country of the hospital that is helped: nobody wrote down that of xigaze */
    assert_figure("coordinator", "experts-deployed", ALL "&stratifier=country",
        "3; CN=1 unknown=2");
    /* of xigaze alone, by batch */
    assert_figure("coordinator", "experts-deployed",
        ALL "&stratum=hospital%7COrganization/xigaze&stratifier=batch",
        "2; 8=1 unknown=1");
}

/* What is asked with knownAt is what was told then. */
static void earlier_knowledge_is_kept(void **state)
{
    (void)state;
    /* e2's posting had not been shortened, e3's not been removed: e1, e2, e3, e6 */
    assert_figure(
        "coordinator", "experts-deployed", YEAR("2021") "&knownAt=" BETWEEN, "4;");
    assert_rows("coordinator", "experts-deployed", YEAR("2021") "&knownAt=" BETWEEN,
        "PractitionerRole/p4 PractitionerRole/p3 PractitionerRole/p7 "
        "PractitionerRole/p2 PractitionerRole/p1 others=0");
    /* between the correction and the removal: e1, e3, e6 */
    assert_figure("coordinator", "experts-deployed",
        YEAR("2021") "&knownAt=2022-10-15T00:00:00Z", "3;");
    /* nothing had been entered */
    assert_figure(
        "coordinator", "experts-deployed", YEAR("2021") "&knownAt=" BEFORE_ALL, "0;");
}

static void hospitals_send(void **state)
{
    (void)state;
    /* bj1, sh1 */
    assert_figure("coordinator", "sending-hospitals", YEAR("2020"), "2;");
    /* bj1 until July, bj2; e6 came from nowhere known */
    assert_figure("coordinator", "sending-hospitals",
        YEAR("2021") "&stratifier=sending-province", "2; Beijing=2");
    assert_figure("coordinator", "sending-hospitals",
        ALL "&stratifier=sending-province", "3; Beijing=2 Shanghai=1");
}

static void days_are_added_over_persons(void **state)
{
    (void)state;
    /* August to December 2020 is 153 days, of e1 and of e2 */
    assert_figure("coordinator", "expert-days", YEAR("2020"), "306;");
    /* e1: all 365 days, in two postings; e6: January to March, 90 */
    assert_figure("coordinator", "expert-days", YEAR("2021") "&stratifier=hospital",
        "455; lhasa=365 xigaze=90");
}

static void pairings_hold_at_the_end(void **state)
{
    (void)state;
    assert_figure("coordinator", "departments-twinned", YEAR("2018"), "0;");
    assert_figure("coordinator", "departments-twinned", YEAR("2019"), "1;");
    assert_figure("coordinator", "departments-twinned",
        YEAR("2022") "&stratifier=hospital", "2; lhasa=2");
    /* neuro's pairing ended with 2022 */
    assert_figure("coordinator", "departments-twinned", YEAR("2023"), "1;");
    /* lhasa-bj1 by two pairings, lhasa-bj2, xigaze-sh1 */
    assert_figure("coordinator", "hospital-pairs", YEAR("2022") "&stratifier=hospital",
        "3; lhasa=2 xigaze=1");
    assert_figure("coordinator", "telemedicine-links",
        YEAR("2022") "&stratifier=country", "1; KG=1");
}

static void rows_lead_to_records(void **state)
{
    (void)state;
    assert_rows("head", "experts-deployed", YEAR("2021"),
        "PractitionerRole/p3 PractitionerRole/p7 PractitionerRole/p1 others=0");
    assert_rows("head", "experts-deployed", YEAR("2021") "&stratum=batch%7C9",
        "PractitionerRole/p3 others=0");
    assert_rows("head", "experts-deployed", YEAR("2021") "&skip=2",
        "PractitionerRole/p1 others=0");
}

/* A person or a hospital is listed as it is counted, once; a pair by the record that ties it. */
static void what_is_counted_is_listed(void **state)
{
    (void)state;
    assert_subjects("head", "experts-deployed", YEAR("2021"),
        "counted: Practitioner/e1 Practitioner/e6");
    /* a1 ties those of a3 once more */
    assert_subjects("head", "hospital-pairs", YEAR("2021"),
        "counted: OrganizationAffiliation/a3 OrganizationAffiliation/a4 "
        "OrganizationAffiliation/a2");
    assert_subjects("head", "experts-deployed", YEAR("2000"), "counted: nilknown");
    /* the operation of R4 calls the summary so */
    assert_figure("head", "experts-deployed",
        YEAR("2021") "&reportType=population&stratum=batch%7C9", "1;");
    assert_figure(
        "head", "experts-deployed", YEAR("2021") "&reportType=subject", "400");
}

static void wrong_questions_are_refused(void **state)
{
    (void)state;
    assert_figure("doctor", "experts-deployed", ALL, "403");
    assert_figure("head", "experts-deployde", ALL, "404");
    said_free(said_status(ask_as("head", "Measure/experts-deployde"), 404));
    assert_figure("head", "experts-deployed", "periodStart=2020", "400");
    assert_figure("head", "experts-deployed", "periodStart=2021&periodEnd=2020", "400");
    assert_figure("head", "experts-deployed", ALL "&stratifier=shoe-size", "400");
    assert_figure("head", "experts-deployed", ALL "&measured=no", "400");
    assert_figure("head", "experts-deployed", ALL "&knownAt=2020", "400");
}

/* What the dashboard says of one figure. */
static const char *dashboard_of(struct arena *a, const char *measure)
{
    struct said *s = said_status(
        ask_as("coordinator",
            arena_printf(a, "Measure/$dashboard?" ALL "&measure=%s", measure)),
        200);
    const struct json *entry = json_at(json_get(s->json, "entry"), 0);
    const char *text = json_said(a, group_of(json_get(entry, "resource")));

    said_free(s);
    return text;
}

/* The dashboard says of each year, and of the whole by batch, what is said to each question alone. */
static void the_dashboard_says_the_same(void **state)
{
    struct agreed agreed = years_agree("coordinator", 2018, 2022, "batch", "");
    struct arena *a = arena_new();

    (void)state;
    assert_true(agreed.figures >= 5 * 6);
    assert_true(
        agreed.apart >= 3); /* experts, their days, the hospitals that send them */
    assert_true(agreed.cells >= 5);
    assert_true(agreed.refused > 0); /* 2022 is not over */
    /* of one hospital; who has no such stratum, or is not told by strata, stays silent */
    agreed = years_agree("head", 2018, 2022, "sending-province",
        "&stratum=hospital%7COrganization/xigaze");
    assert_true(agreed.figures >= 5 * 4);
    assert_true(agreed.apart >= 2);
    assert_true(agreed.refused > 0);
    /* as it was known then, and not what is known now */
    agreed = years_agree("coordinator", 2018, 2022, "batch", "&knownAt=" BETWEEN);
    assert_true(agreed.figures >= 5 * 6);
    assert_true(agreed.apart >= 3);
    assert_true(agreed.cells >= 5);
    assert_string_not_equal(dashboard_of(a, "experts-deployed&knownAt=" BETWEEN),
        dashboard_of(a, "experts-deployed"));
    arena_free(a);
}

static int dashboard_status(const char *person, const char *query)
{
    struct arena *a = arena_new();
    struct said *s = ask_as(person, arena_printf(a, "Measure/$dashboard?%s", query));
    int status = s->status;

    said_free(s);
    arena_free(a);
    return status;
}

static void the_dashboard_is_asked_for_years(void **state)
{
    struct said *s = NULL;

    (void)state;
    assert_int_equal(dashboard_status("doctor", ALL), 403);
    assert_int_equal(dashboard_status("head", "periodStart=2020"), 400);
    assert_int_equal(
        dashboard_status("head", "periodStart=2020-01&periodEnd=2020"), 400);
    assert_int_equal(dashboard_status("head", "periodStart=2022&periodEnd=2020"), 400);
    assert_int_equal(dashboard_status("head", "periodStart=2001&periodEnd=2020"), 200);
    assert_int_equal(dashboard_status("head", "periodStart=2000&periodEnd=2020"), 400);
    assert_int_equal(dashboard_status("head", ALL "&measure=shoes"), 404);
    assert_int_equal(dashboard_status("head", ALL "&stratum=hospital"), 400);
    assert_int_equal(dashboard_status("head", ALL "&knownAt=2020"), 400);
    assert_int_equal(dashboard_status("head", ALL "&yearly=true"), 400);
    assert_int_equal(
        dashboard_status("head", ALL "&stratifier=hospital&yearly=often"), 400);
    s = said_status(ask_as("head", "Measure/$dashboard?" ALL
                                   "&measure=expert-days,experts-deployed"),
        200);
    assert_int_equal(json_count(json_get(s->json, "entry")), 2);
    said_free(s);
}

/* What the operations write is FHIR: the definitions, and a report of each of them. */
static void answers_are_valid(void **state)
{
    struct said *all = said_status(ask_as("head", "Measure/$indicators"), 200);
    struct json_each it = json_each(json_get(all->json, "entry"));
    struct arena *a = arena_new();
    int seen = 0;

    (void)state;
    while (json_next(&it)) {
        const struct json *measure = json_get(it.value, "resource");
        struct str id = json_get_text(measure, "id");
        struct fhir_issues issues = {0};
        struct err err = {0};
        /* whoever is somebody reads what a figure is */
        struct said *said = said_status(
            ask_as("doctor", arena_printf(a, "Measure/%.*s", (int)id.len, id.p)), 200);
        struct said *s = said_status(
            ask_as("coordinator", arena_printf(a,
                                      "Measure/%.*s/$evaluate-measure?" YEAR(
                                          "2021") "&reportType=subject-list",
                                      (int)id.len, id.p)),
            200);

        assert_string_equal(json_said(a, said->json), json_said(a, measure));
        said_free(said);
        seen++;
        assert_int_equal(fhir_validate(a, measure, NULL, &issues, NULL, &err), 0);
        assert_int_equal(issues.count, 0);
        assert_int_equal(fhir_validate(a, s->json, NULL, &issues, NULL, &err), 0);
        assert_int_equal(issues.count, 0);
        said_free(s);
    }
    assert_true(seen >= 6);
    said_free(all);
    all = said_status(
        ask_as("coordinator", "Measure/$dashboard?" ALL "&stratifier=batch"), 200);
    {
        struct fhir_issues issues = {0};
        struct err err = {0};

        assert_int_equal(fhir_validate(a, all->json, NULL, &issues, NULL, &err), 0);
        assert_int_equal(issues.count, 0);
    }
    said_free(all);
    arena_free(a);
}

/* A Measure is not written under the id of an indicator; what another program brought under it hides nothing. */
static void definitions_are_not_written_over(void **state)
{
    static const char body[] = "{\"resourceType\":\"Measure\",\"id\":\"%s\","
                               "\"status\":\"active\",\"title\":\"Mine\"}";
    struct arena *a = arena_new();
    struct said *s = NULL;

    (void)state;
    s = said_status(PUT(&node, "Measure/experts-deployed",
                        arena_printf(a, body, "experts-deployed")),
        409);
    assert_string_equal(said_text(s, "issue.0.expression.0"), "id");
    said_free(s);
    said_free(
        said_status(PUT(&node, "Measure/mine", arena_printf(a, body, "mine")), 201));
    s = said_status(ask_as("doctor", "Measure/mine"), 200);
    assert_true(str_is(json_get_text(s->json, "title"), "Mine"));
    said_free(s);
    s = said_status(ask_as("doctor", "Measure/experts-deployed"), 200);
    assert_false(str_is(json_get_text(s->json, "title"), "Mine"));
    said_free(s);
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(experts_are_persons),
        cmocka_unit_test(earlier_knowledge_is_kept),
        cmocka_unit_test(hospitals_send),
        cmocka_unit_test(days_are_added_over_persons),
        cmocka_unit_test(pairings_hold_at_the_end),
        cmocka_unit_test(rows_lead_to_records),
        cmocka_unit_test(what_is_counted_is_listed),
        cmocka_unit_test(wrong_questions_are_refused),
        cmocka_unit_test(the_dashboard_says_the_same),
        cmocka_unit_test(the_dashboard_is_asked_for_years),
        cmocka_unit_test(answers_are_valid),
        cmocka_unit_test(definitions_are_not_written_over),
    };

    return cmocka_run_group_tests(tests, open_node, close_node);
}
