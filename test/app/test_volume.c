/* SPDX-License-Identifier: Apache-2.0 */
/* Volumes of months: what they must say, under which id, and who writes them. */
#include "app/volume.h"
#include "case.h"

#define VOLUME(id, kind, period, of, count)                                            \
    "{\"resourceType\":\"MeasureReport\",\"id\":\"" id                                 \
    "\",\"status\":\"complete\",\"type\":\"summary\",\"measure\":\"https://"           \
    "belay.health/Measure/" kind "\",\"period\":" period                               \
    ",\"reporter\":{\"reference\":\"" of                                               \
    "\"},\"group\":[{\"population\":[{\"count\":" count "}]}]}"
#define LIFE(id, period, of, value)                                                    \
    "{\"resourceType\":\"MeasureReport\",\"id\":\"" id                                 \
    "\",\"status\":\"complete\",\"type\":\"summary\",\"measure\":\"https://"           \
    "belay.health/Measure/context-life-expectancy\",\"period\":" period                \
    ",\"subject\":{\"reference\":\"" of                                                \
    "\"},\"group\":[{\"measureScore\":{\"value\":" value "}}]}"
#define PEOPLE(id, period, group)                                                      \
    "{\"resourceType\":\"MeasureReport\",\"id\":\"" id                                 \
    "\",\"status\":\"complete\",\"type\":\"summary\",\"measure\":\"https://"           \
    "belay.health/Measure/context-population\",\"period\":" period                     \
    ",\"subject\":{\"reference\":\"Location/county-site\"},\"group\":[" group "]}"
#define CODING(system, code)                                                           \
    "{\"coding\":[{\"system\":\"" system "\",\"code\":\"" code "\"}]}"
#define SEX "http://hl7.org/fhir/administrative-gender"
#define LANGUAGE "urn:ietf:bcp:47"
/* ${by}: the stratum; ${of}: which one, of ${system}. */
#define PART(by, system, of, count)                                                    \
    "{\"stratifier\":[{\"code\":[" CODING(                                             \
        "https://belay.health/CodeSystem/indicator-stratum",                           \
        by) "],\"stratum\":[{\"value\":" CODING(system,                                \
        of) ",\"population\":[{\"count\":" count "}]}]}]}"
#define MONTH(start, end) "{\"start\":\"" start "\",\"end\":\"" end "\"}"
#define MARCH MONTH("2025-03-01", "2025-03-31")
#define SURGERY "Organization/county-surgery"
#define OURS "MeasureReport/inpatients-2025-03-county-surgery"

static const char *march(const char *count)
{
    return arena_printf(arena,
        VOLUME("inpatients-2025-03-county-surgery", "volume-inpatients", MARCH, SURGERY,
            "%s"),
        count);
}

/* What the node says of ${body} at ${path}: in the place and with the words ${told}. */
static void refused(const char *path, const char *body, const char *told)
{
    struct said *s =
        as(NULL, (struct ask){.method = APP_PUT, .path = path, .body = body});
    const char *said = said_text(s, "issue.0.diagnostics");

    if (s->status != 400 || !strstr(said, told))
        fail_msg("%s: %d %s", body, s->status, said);
    said_free(s);
}

static void a_month_is_written_once_and_corrected(void **state_)
{
    struct said *s = NULL;

    (void)state_;
    write_as("head-county", APP_PUT, OURS, march("80"), 201);
    write_as("director", APP_PUT, OURS, march("81"), 200);
    s = said_status(get_as("chen", OURS "/_history"), 200);
    assert_string_equal(said_text(s, "total"), "2");
    said_free(s);
    write_as("chen", APP_PUT, OURS, march("82"), 403);
    write_as("nima", APP_PUT, OURS, march("82"), 403);
    write_as("director", APP_DELETE, OURS, NULL, 204);
}

static void another_id_is_refused_and_told(void **state_)
{
    struct said *s = NULL;

    (void)state_;
    refused("MeasureReport/mine",
        VOLUME("mine", "volume-inpatients", MARCH, SURGERY, "80"), OURS);
    s = said_status(as("director", (struct ask){.method = APP_POST,
                                       .path = "MeasureReport",
                                       .body = VOLUME("mine", "volume-inpatients",
                                           MARCH, SURGERY, "8")}),
        400);
    assert_non_null(strstr(said_text(s, "issue.0.diagnostics"), OURS));
    said_free(s);
    /* another month under the id of March */
    refused(OURS,
        VOLUME("inpatients-2025-03-county-surgery", "volume-inpatients",
            MONTH("2025-04", "2025-04"), SURGERY, "80"),
        "MeasureReport/inpatients-2025-04-county-surgery");
}

/* A program's transaction is held to the same. */
static void a_transaction_keeps_the_ids(void **state_)
{
    const char *ids[] = {"mine", "inpatients-2025-03-county-surgery"};

    (void)state_;
    for (size_t i = 0; i < 2; i++) {
        const char *body = arena_printf(
            arena, VOLUME("%s", "volume-inpatients", MARCH, SURGERY, "80"), ids[i]);

        for (size_t k = 0; k < 2; k++)
            write_as(k ? "director" : NULL, APP_POST, "",
                arena_printf(arena,
                    "{\"resourceType\":\"Bundle\",\"type\":\"transaction\",\"entry\":[{"
                    "\"resource\":%s,\"request\":{\"method\":\"PUT\",\"url\":"
                    "\"MeasureReport/%s\"}}]}",
                    body, ids[i]),
                i ? 200 : 400);
    }
}

static void what_cannot_be_counted_is_told(void **state_)
{
    static const struct {
        const char *body, *told;
    } no[] = {
        {VOLUME(
             "x", "volume-inpatients", MONTH("2025-03-01", "2025-03-30"), SURGERY, "8"),
            "calendar month"},
        {VOLUME("x", "volume-inpatients", MONTH("2025-03", "2025-04"), SURGERY, "8"),
            "calendar month"},
        {VOLUME("x", "volume-inpatients", "{\"start\":\"2025-03\"}", SURGERY, "8"),
            "calendar month"},
        {VOLUME("x", "volume-inpatients",
             MONTH("2025-03-01T00:00:00Z", "2025-03-31T23:59:59Z"), SURGERY, "8"),
            "calendar month"},
        {VOLUME("x", "volume-inpatients", MARCH, "Location/county-site", "8"),
            "reporter"},
        {VOLUME("x", "volume-inpatients", MARCH, SURGERY, "-1"), "population.count"},
        {VOLUME("x", "volume-inpatients|1.0.0", MARCH, SURGERY, "8"),
            "without a version"},
        {LIFE("x", "{\"start\":\"2021\",\"end\":\"2022\"}", "Location/county-site",
             "70"),
            "calendar year"},
        {LIFE("x", "{\"start\":\"2021-01\",\"end\":\"2021-11\"}",
             "Location/county-site", "70"),
            "calendar year"},
        {LIFE("x", "{\"start\":\"2021\",\"end\":\"2021\"}", "Group/x", "70"),
            "subject"},
        {LIFE(
             "x", "{\"start\":\"2021\",\"end\":\"2021\"}", "Location/county-site", "0"),
            "above 0"},
    };

    (void)state_;
    for (size_t i = 0; i < sizeof(no) / sizeof(no[0]); i++)
        refused("MeasureReport/x", no[i].body, no[i].told);
}

static void figures_of_a_place_are_for_coordinators(void **state_)
{
    const char *path = "MeasureReport/life-expectancy-2021-county-site";
    const char *body = LIFE("life-expectancy-2021-county-site",
        MONTH("2021-01-01", "2021-12-31"), "Location/county-site", "72.19");

    (void)state_;
    write_as("director", APP_PUT, path, body, 403);
    write_as("coordinator", APP_PUT, path, body, 201);
    path = "MeasureReport/population-2021-county-site";
    body = PEOPLE("population-2021-county-site", MONTH("2021-01-01", "2021-12-31"),
        "{\"population\":[{\"count\":50000}]}");
    write_as("director", APP_PUT, path, body, 403);
    write_as("coordinator", APP_PUT, path, body, 201);
}

/* How many live there is a count of a year, and no score. */
static void inhabitants_are_a_count_of_a_year(void **state_)
{
    (void)state_;
    refused("MeasureReport/x",
        PEOPLE("x", MARCH, "{\"population\":[{\"count\":50000}]}"), "calendar year");
    refused("MeasureReport/x",
        PEOPLE("x", MONTH("2021", "2021"), "{\"measureScore\":{\"value\":50000}}"),
        "group.population.count");
    refused("MeasureReport/x",
        PEOPLE("x", MONTH("2021", "2021"), "{\"population\":[{\"count\":50000}]}"),
        "MeasureReport/population-2021-county-site");
}

/* Women, or who speaks one language, are a part: under an id of its own, and never with the whole in one record. */
static void inhabitants_are_told_by_parts(void **state_)
{
    static const struct {
        const char *body, *told;
    } no[] = {
        {PEOPLE("x", MONTH("2021", "2021"), PART("sex", SEX, "female", "24000")),
            "MeasureReport/population-2021.sex-female.county-site"},
        {PEOPLE("x", MONTH("2021", "2021"), PART("language", LANGUAGE, "zh-CN", "9")),
            "MeasureReport/population-2021.language-zh-CN.county-site"},
        {PEOPLE("x", MONTH("2021", "2021"), PART("sex", SEX, "woman", "24000")),
            "each part by itself"},
        {PEOPLE("x", MONTH("2021", "2021"), PART("sex", LANGUAGE, "female", "24000")),
            "each part by itself"},
        {PEOPLE("x", MONTH("2021", "2021"), PART("language", LANGUAGE, "bo-", "9")),
            "each part by itself"},
        {PEOPLE("x", MONTH("2021", "2021"), PART("language", LANGUAGE, "BO", "9")),
            "each part by itself"},
        {PEOPLE("x", MONTH("2021", "2021"), PART("language", LANGUAGE, "tibetan", "9")),
            "each part by itself"},
        {PEOPLE("x", MONTH("2021", "2021"), PART("county", SEX, "female", "24000")),
            "each part by itself"},
        {PEOPLE("x", MONTH("2021", "2021"), PART("sex", SEX, "female", "-1")),
            "group.population.count"},
        {PEOPLE("x", MONTH("2021", "2021"),
             "{\"population\":[{\"count\":50000}],\"stratifier\":[{\"code\":[" CODING(
                 "https://belay.health/CodeSystem/indicator-stratum",
                 "sex") "],\"stratum\":[{\"value\":" CODING(SEX,
                 "female") ",\"population\":[{\"count\":24000}]}]}]}"),
            "each part by itself"},
    };
    const char *path = "MeasureReport/population-2021.sex-female.county-site";
    const char *body = PEOPLE("population-2021.sex-female.county-site",
        MONTH("2021-01-01", "2021-12-31"), PART("sex", SEX, "female", "24000"));

    (void)state_;
    for (size_t i = 0; i < sizeof(no) / sizeof(no[0]); i++)
        refused("MeasureReport/x", no[i].body, no[i].told);
    write_as("director", APP_PUT, path, body, 403);
    write_as("coordinator", APP_PUT, path, body, 201);
    /* outpatients are not told by sex */
    refused("MeasureReport/x",
        "{\"resourceType\":\"MeasureReport\",\"id\":\"x\",\"status\":\"complete\","
        "\"type\":"
        "\"summary\",\"measure\":\"https://belay.health/Measure/volume-inpatients\","
        "\"period\":" MARCH ",\"reporter\":{\"reference\":\"" SURGERY
        "\"},\"group\":[" PART("sex", SEX, "female", "8") "]}",
        "Inhabitants alone");
}

/* Of a name that is too long the end is kept. */
static void an_id_has_64_characters_at_most(void **state_)
{
    char id[VOLUME_ID_MAX + 1];
    struct volume v = {.kind = &volume_kinds[0],
        .of = STR("0123456789012345678901234567890123456789012345678901234567890123"),
        .year = 2025,
        .month = 3};

    (void)state_;
    volume_id(&v, id);
    assert_string_equal(
        id, "outpatients-2025-03-01234567890123456789012345678901234567890123");
    assert_int_equal(strlen(id), VOLUME_ID_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            a_month_is_written_once_and_corrected, open_network, close_network),
        cmocka_unit_test_setup_teardown(
            another_id_is_refused_and_told, open_network, close_network),
        cmocka_unit_test_setup_teardown(
            a_transaction_keeps_the_ids, open_network, close_network),
        cmocka_unit_test_setup_teardown(
            what_cannot_be_counted_is_told, open_network, close_network),
        cmocka_unit_test_setup_teardown(
            figures_of_a_place_are_for_coordinators, open_network, close_network),
        cmocka_unit_test_setup_teardown(
            inhabitants_are_a_count_of_a_year, open_network, close_network),
        cmocka_unit_test_setup_teardown(
            inhabitants_are_told_by_parts, open_network, close_network),
        cmocka_unit_test(an_id_has_64_characters_at_most),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
