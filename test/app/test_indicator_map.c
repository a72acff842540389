/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Figures of the capability map, counted by hand in the catalogue: epilepsy-care alone is what seven
 * moderate illnesses (G40 and six below it) and one serious one (R56) need, instrumental-delivery what
 * two moderate ones (O62, O63) need; pain-care three minor ones (M79.7, G89, G89.4) and a moderate one (G90.5).
 */
#include "app/app_internal.h"
#include "indicator_years.h"

#define NOW 1767225600000LL /* 2026-01-01 */
#define DAY (24LL * 3600 * 1000)
#define ILLNESS(code)                                                                  \
    "'type':[{'coding':[{'system':'http://hl7.org/fhir/sid/icd-10-cm','code':'" code   \
    "'}]}]"

/* lhasa and xigaze lie in one region; bj1, which helps lhasa, in another. */
static void put_places(void)
{
    static const char *const sites[][2] = {
        {"lhasa", "plateau"}, {"xigaze", "plateau"}, {"bj1", "plain"}};
    struct arena *a = arena_new();

    put("Location/plateau",
        "'physicalType':{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/"
        "location-physical-type','code':'jdn'}]}");
    put("Location/plain",
        "'physicalType':{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/"
        "location-physical-type','code':'jdn'}]}");
    for (int i = 0; i < 3; i++) {
        put(arena_printf(a, "Organization/%s", sites[i][0]),
            arena_printf(a, "'name':'%s'", sites[i][0]));
        put(arena_printf(a, "Location/%s-site", sites[i][0]),
            arena_printf(a,
                "'managingOrganization':{'reference':'Organization/%s'},'partOf':{"
                "'reference':'Location/%s'}",
                sites[i][0], sites[i][1]));
    }
    put("Organization/team",
        PART_OF("bj1") ",'type':[{'coding':[{'system':'https://belay.health/"
                       "CodeSystem/organization-kind','code':'team'}]}]");
    put("OrganizationAffiliation/pair",
        "'active':true," REF("organization", "Organization/lhasa") "," REF(
            "participatingOrganization",
            "Organization/bj1") ",'code':[" CODED("affiliation",
            "hospital-pair") "],'period':{'start':'2020-01-01'}");
    put("HealthcareService/h1",
        "'active':true," REF("providedBy", "Organization/xigaze") "," ILLNESS("K35"));
    put("HealthcareService/h2",
        "'active':true," REF("providedBy", "Organization/bj1") "," ILLNESS("K36"));
    arena_free(a);
}

#define QUALIFIED(code, from)                                                          \
    "'active':true,'qualification':[{'code':" CODED(                                   \
        "procedure", code) ",'period':{'start':'" from "'}}]"

#define FOLLOWED                                                                       \
    "{" OWN("operation-follow-up") ",'extension':[{'url':'at','valueCode':'day-30'},"  \
                                   "{'url':'result','valueCode':'well'}]}"
#define DONE_AT                                                                        \
    "{" OWN("operation-department") ",'valueReference':{'reference':"                  \
                                    "'Organization/lhasa'}}"
#define BY(who)                                                                        \
    "{'function':" CODED("operation-function", "operator") "," REF(                    \
        "actor", "Practitioner/" who) "}"
#define DONE(code, year, who)                                                          \
    "'status':'completed','subject':{'display':'Somebody'},'code':" CODED("procedure", \
        code) ",'performedDateTime':'" year "-0%d-01',"                                \
              "'performer':[" BY(who) "],'extension':[" DONE_AT "," FOLLOWED "]"
#define CARE DONE("epilepsy-care", "2025", "d1")

/* d1 of lhasa cares for epilepsy from 2024-06-01 on, and did it three times in 2025; e1, who visits,
 * delivers by forceps. */
static void put_people(void)
{
    struct arena *a = arena_new();

    put("Practitioner/d1", QUALIFIED("epilepsy-care", "2024-06-01"));
    put("PractitionerRole/d1", "'active':true," WHO("d1") "," UNIT("lhasa") "," ROLE(
                                   "clinician") ",'period':{'start':'2020-01-01'}");
    put("Practitioner/e1", QUALIFIED("instrumental-delivery", "2020-01-01"));
    put("PractitionerRole/e1",
        "'active':true," WHO("e1") "," UNIT("lhasa") "," ROLE("expert") "," TEAM(
            "team") "," PERIOD("2024-01-01", "2026-12-31"));
    for (int i = 1; i <= 3; i++)
        put(arena_printf(a, "Procedure/c%d", i), arena_printf(a, CARE, i));
    put_person("coordinator", "coordinator", NULL);
    arena_free(a);
}

/* d2 of lhasa treated pain three times in 2022 and left with January 2023. */
static void put_pain_care(void)
{
    struct arena *a = arena_new();

    put("HealthcareService/h3",
        "'active':true," REF("providedBy", "Organization/xigaze") "," ILLNESS("M79.7"));
    put("Practitioner/d2", QUALIFIED("pain-care", "2021-06-01"));
    put("PractitionerRole/d2", "'active':true," WHO("d2") "," UNIT("lhasa") "," ROLE(
                                   "clinician") "," PERIOD("2020-01-01", "2023-01-31"));
    for (int i = 1; i <= 3; i++)
        put(arena_printf(a, "Procedure/d%d", i),
            arena_printf(a, DONE("pain-care", "2022", "d2"), i));
    arena_free(a);
}

static void what_ends_with_a_post_is_not_sustained(void **state)
{
    (void)state;
    assert_figure("coordinator", "minor-illnesses-treatable-in-county",
        YEAR("2022") "&stratifier=hospital", "3; lhasa=3");
    assert_figure("coordinator", "moderate-illnesses-treatable-locally",
        YEAR("2022") "&stratifier=hospital", "1; lhasa=1");
    /* on the last day of May d2 was to stay for more than 90 days, at the end of the year not */
    assert_figure(
        "coordinator", "minor-illnesses-sustained-in-county", YEAR("2022-05"), "3;");
    assert_figure(
        "coordinator", "moderate-illnesses-sustained-locally", YEAR("2022-05"), "1;");
    assert_figure(
        "coordinator", "minor-illnesses-sustained-in-county", YEAR("2022"), "0;");
    assert_figure(
        "coordinator", "moderate-illnesses-sustained-locally", YEAR("2022"), "0;");
    /* d1 stays: the fourteen of epilepsy */
    assert_figure(
        "coordinator", "moderate-illnesses-sustained-locally", YEAR("2025"), "14;");
    /* M79.7, as xigaze says; by the illness each is listed with where it is told from */
    assert_figure("coordinator", "minor-illnesses-listed-in-county",
        YEAR("2025") "&stratifier=hospital", "1; xigaze=1");
    assert_subjects("coordinator", "minor-illnesses-treatable-in-county", YEAR("2022"),
        "counted: Organization/lhasa (G89) Organization/lhasa (G89.4) "
        "Organization/lhasa (M79.7)");
}

static void what_is_demonstrated_is_not_what_is_listed(void **state)
{
    (void)state;
    /* the fourteen of G40 that medicines hold; R56 */
    assert_figure("coordinator", "moderate-illnesses-treatable-locally",
        YEAR("2025") "&stratifier=hospital", "14; lhasa=14");
    assert_figure("coordinator", "serious-illnesses-treatable-in-region",
        YEAR("2025") "&stratum=region%7CLocation/plateau", "1;");
    assert_figure("coordinator", "serious-illnesses-treatable-in-region",
        YEAR("2025") "&stratum=region%7CLocation/plain", "0;");
    assert_figure(
        "coordinator", "serious-illnesses-sustained-in-region", YEAR("2025"), "1;");
    /* K35 at xigaze; what bj1 lists is of no region that is helped */
    assert_figure("coordinator", "serious-illnesses-listed-in-region",
        YEAR("2025") "&stratifier=hospital", "1; xigaze=1");
    assert_figure(
        "coordinator", "moderate-illnesses-listed-locally", YEAR("2025"), "0;");
    assert_rows("coordinator", "serious-illnesses-treatable-in-region", YEAR("2025"),
        "Organization/lhasa others=0");
}

/* A past day is worked out as it was then. */
static void the_past_has_its_own_figures(void **state)
{
    (void)state;
    /* nothing was done in 2024, though d1 was signed off */
    assert_figure(
        "coordinator", "moderate-illnesses-treatable-locally", YEAR("2024"), "0;");
    /* the third was on 2025-03-01; from 2026-01-02 on the first is too long ago */
    assert_figure(
        "coordinator", "moderate-illnesses-treatable-locally", YEAR("2025-02"), "0;");
    assert_figure(
        "coordinator", "moderate-illnesses-treatable-locally", YEAR("2025-03"), "14;");
}

/* Said on 2026-01-01: all of the above. On the 11th: the second operation of 2025 was entered in error.
 * On the 21st, late: there was one more, in April. */
static void what_was_known_then_is_told_again(void **state)
{
    struct arena *a = arena_new();
    const char *id = "moderate-illnesses-treatable-locally";
    int64_t positions[3];
    struct agreed agreed;

    (void)state;
    positions[0] = node_position(&node);
    time_hold(NOW + 10 * DAY);
    put("Procedure/c2", "'status':'entered-in-error','subject':{'display':'Somebody'},"
                        "'code':" CODED("procedure", "epilepsy-care"));
    positions[1] = node_position(&node);
    time_hold(NOW + 20 * DAY);
    put("Procedure/c4", arena_printf(a, CARE, 4));
    positions[2] = node_position(&node);
    time_hold(NOW + 30 * DAY);
    for (int i = 0; i < 3; i++)
        assert_figure("coordinator", id,
            arena_printf(
                a, YEAR("2025") "&knownAt=position:%lld", (long long)positions[i]),
            i == 1 ? "0;" : "14;");
    assert_figure("coordinator", id, YEAR("2025"), "14;");
    /* in March there were only two, and three had been told */
    assert_figure("coordinator", id, YEAR("2025-03"), "0;");
    assert_figure(
        "coordinator", id, YEAR("2025-03") "&knownAt=2026-01-10T00:00:00Z", "14;");
    assert_figure(
        "coordinator", id, YEAR("2025") "&knownAt=2026-01-12T00:00:00Z", "0;");
    /* before anything was written down nothing was known */
    assert_figure(
        "coordinator", id, YEAR("2025") "&knownAt=2025-12-01T00:00:00Z", "0;");
    assert_rows("coordinator", "serious-illnesses-treatable-in-region",
        YEAR("2025-03") "&knownAt=2026-01-10T00:00:00Z", "Organization/lhasa others=0");
    assert_rows("coordinator", "serious-illnesses-treatable-in-region", YEAR("2025-03"),
        "others=0");
    /* shares are told likewise, and what is told now is not */
    assert_figure("coordinator", "self-sufficiency",
        YEAR("2025") "&stratifier=hospital&knownAt=2026-01-10T00:00:00Z",
        "0.8824; lhasa=0.8824");
    assert_figure("coordinator", "self-sufficiency",
        YEAR("2025") "&stratifier=hospital&knownAt=2025-12-01T00:00:00Z", "*;");
    /* what is to come ends where it was known: the visitor, who leaves with 2026, was still there */
    time_hold(NOW + 600 * DAY);
    assert_figure("coordinator", "self-sufficiency", YEAR("2027"), "1.0000;");
    assert_figure("coordinator", "self-sufficiency",
        YEAR("2027") "&knownAt=2026-01-10T00:00:00Z", "0.8824;");
    agreed = years_agree(
        "coordinator", 2023, 2025, "hospital", "&knownAt=2026-01-10T00:00:00Z");
    assert_true(agreed.cells >= 8);
    arena_free(a);
}

static void what_local_people_do_alone_is_self_sufficient(void **state)
{
    (void)state;
    /* fifteen of seventeen: O62 and O63 hang on the visitor */
    assert_figure("coordinator", "self-sufficiency",
        YEAR("2025") "&stratifier=hospital", "0.8824; lhasa=0.8824");
    /* the visitor alone */
    assert_figure("coordinator", "self-sufficiency", YEAR("2024-05"), "0.0000;");
    /* nothing can be done, so there is no share */
    assert_figure("coordinator", "self-sufficiency", YEAR("2023"), "*;");
}

/* Each hospital in each year, from one question, as the questions alone tell them. */
static void years_of_hospitals_are_one_question(void **state)
{
    struct agreed agreed = years_agree("coordinator", 2023, 2025, "hospital", "");

    (void)state;
    /* of both years with something: lhasa demonstrates two kinds and sustains them in 2025, has a share of its own
     * in 2024 and 2025, and xigaze lists */
    assert_true(agreed.cells >= 8);
}

static int open_node(void **state)
{
    (void)state;
    time_hold(NOW);
    node_open(&node, true);
    put_places();
    put_people();
    put_pain_care();
    return 0;
}

/* By hospital, where no row is made of an illness, and of each hospital alone, where one is: the same figures. */
static void hospitals_at_once_and_alone_agree(void **state)
{
    const struct indicator_defines *all = NULL;
    struct arena *a = arena_new();
    int seen = 0, counted = 0;

    (void)state;
    assert_int_equal(indicator_defines(&all, NULL), 0);
    for (size_t i = 0; i < all->count; i++) {
        const struct indicator_define *d = &all->list[i];
        const char *question = arena_printf(a,
            "Measure/%.*s/$evaluate-measure?periodStart=2023&periodEnd=2025",
            (int)d->id.len, d->id.p);
        struct said *s = NULL;
        struct json_each it;

        if (d->map == INDICATOR_NO_MAP)
            continue;
        s = said_status(
            ask_as(PROGRAM, arena_printf(a, "%s&stratifier=hospital", question)), 200);
        it = json_each(strata_by(s->json, "hospital"));
        while (json_next(&it)) {
            struct str code = code_of(it.value);
            struct said *one =
                said_status(ask_as(PROGRAM, arena_printf(a, "%s&stratum=hospital|%.*s",
                                                question, (int)code.len, code.p)),
                    200);

            same_figure(it.value, group_of(one->json));
            counted++;
            said_free(one);
        }
        said_free(s);
        seen++;
    }
    assert_true(seen >= 10);
    assert_true(counted >= 5);
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_demonstrated_is_not_what_is_listed),
        cmocka_unit_test(what_ends_with_a_post_is_not_sustained),
        cmocka_unit_test(the_past_has_its_own_figures),
        cmocka_unit_test(what_local_people_do_alone_is_self_sufficient),
        cmocka_unit_test(years_of_hospitals_are_one_question),
        cmocka_unit_test(hospitals_at_once_and_alone_agree),
        cmocka_unit_test(
            what_was_known_then_is_told_again), /* writes more, so it is last */
    };

    return cmocka_run_group_tests(tests, open_node, close_node);
}
