/* SPDX-License-Identifier: Apache-2.0 */
/* $logbook and $waiting: who reads them, the figures of the methods reached through them,
 * pages. */
#include <stdlib.h>

#include "logbook.h"

/* ---- $logbook ---- */

static void test_who_reads(void **state)
{
    static const struct {
        const char *person;
        int status;
    } readers[] = {{"tashi", 200}, {"chen", 200}, {"head-county", 200},
        {"head-twin", 200}, {"nima", 403}, {"wang", 403}, {"director", 403},
        {"coordinator", 403}, {"head-medicine", 403}, {"nobody", 403}, {NULL, 200}};

    (void)state;
    record(APPENDIX "," PATIENT "," BOTH);
    for (size_t i = 0; i < sizeof(readers) / sizeof(readers[0]); i++) {
        struct said *s = get_as(readers[i].person, "Practitioner/tashi/$logbook");

        if (s->status != readers[i].status)
            printf("as %s\n", readers[i].person ? readers[i].person : "a program");
        said_status(s, readers[i].status);
        if (s->status == 200) /* whose operation it was is told to none of them */
            assert_null(memmem(s->call.answer.data, s->call.answer.len, "pema", 4));
        said_free(s);
    }
    said_free(said_status(get_as("chen", "Practitioner/chen/$logbook"), 200));
    said_free(said_status(get_as("tashi", "Practitioner/chen/$logbook"), 403));
    said_free(said_status(get_as("tashi", "Practitioner/not-there/$logbook"), 404));
    said_free(said_status(get_as("tashi", "Practitioner/tashi/$logbook?x=1"), 400));
    said_free(
        said_status(get_as("tashi", "Practitioner/tashi/$logbook?_count=-1"), 400));
    said_free(said_status(get_as("tashi", "Practitioner/tashi/$logbook?_page=x"), 400));
}

/* ${count} operations of ${code} by tashi, one a day until ${last} days ago, of which those
 * in ${failed} (a text of digits) did not go well. */
static void put_series(const char *code, int count, int last, const char *failed)
{
    for (int i = 0; i < count; i++) {
        char iso[TIME_ISO_MAX];
        bool bad = failed[i % (int)strlen(failed)] == '1';

        time_iso(NOW - (last + count - i) * 86400000LL, iso);
        write_as(NULL, APP_POST, "Procedure",
            arena_printf(arena,
                "{\"resourceType\":\"Procedure\",\"status\":\"completed\",\"code\":{"
                "\"coding\":[{\"system\":\"" SYSTEM
                "procedure\",\"code\":\"%s\"}]},\"subject\":{\"reference\":"
                "\"Patient/pema\"},\"performedDateTime\":\"%s\",\"performer\":[{"
                "\"function\":{\"coding\":[{\"system\":\"" SYSTEM
                "operation-function\",\"code\":\"operator\"}]},\"actor\":{"
                "\"reference\":\"Practitioner/tashi\"}}],\"extension\":[{\"url\":"
                "\"https://belay.health/StructureDefinition/operation-follow-up\","
                "\"extension\":[{\"url\":\"at\",\"valueCode\":\"day-30\"},{\"url\":"
                "\"result\",\"valueCode\":\"%s\"}]}]}",
                code, iso, bad ? "serious" : "well"),
            201);
    }
}

static const struct json *curve_of(struct said *s)
{
    return parts_of(first_part(s, "procedure"), "curve", 0);
}

/* The limit, to the digits that are printed for it. */
static void assert_limit(struct said *s, const char *expected)
{
    const char *text = part(parts_of(first_part(s, "procedure"), "rule", 0), "limit");

    assert_string_equal(arena_printf(arena, "%.2f", strtod(text, NULL)), expected);
}

/* The figures of the table of limits: 0.20 to 0.10, horizon 50, alpha 0.10. */
static void test_curve(void **state)
{
    struct said *s = NULL;

    (void)state;
    put_series("appendectomy", 21, 10, "0");
    s = logbook("tashi", "tashi", "?procedure=appendectomy");
    assert_limit(s, "2.47");
    assert_string_equal(part(curve_of(s), "arrived-at"), "0");
    assert_string_equal(part(curve_of(s), "straight"), "1");
    assert_string_equal(part(curve_of(s), "verdict"), "on-the-way");
    said_free(s);
    put_series("appendectomy", 1, 5, "0"); /* 22 straight successes do it */
    s = logbook("tashi", "tashi", "?procedure=appendectomy");
    assert_string_equal(part(curve_of(s), "arrived-at"), "22");
    assert_string_equal(part(curve_of(s), "verdict"), "arrived");
    assert_string_equal(part(curve_of(s), "cases"), "22");
    assert_string_equal(part(parts_of(curve_of(s), "point", 0), "score"), "0.1178");
    assert_string_equal(part(parts_of(curve_of(s), "point", 21), "score"), "2.5912");
    assert_null(parts_of(curve_of(s), "point", 22));
    said_free(s);
}

/* A rare failure: a month of cases cannot tell 10 % from 5 %. */
static void test_undecidable(void **state)
{
    struct said *s = NULL;

    (void)state;
    put_series("caesarean", 12, 3, "0");
    s = logbook("chen", "tashi", "?procedure=caesarean");
    assert_string_equal(part(curve_of(s), "verdict"), "undecidable");
    assert_string_equal(part(curve_of(s), "expected"), "12");
    assert_limit(s, "2.42");
    said_free(s);
}

static const struct json *condition(struct said *s, const char *name)
{
    const struct json *line = first_part(s, "procedure");

    for (int i = 0;; i++) {
        const struct json *one = parts_of(line, "condition", i);

        assert_non_null(one);
        if (strcmp(part(one, "name"), name) == 0)
            return one;
    }
}

/* Bayes: of 0.20, 15 cases with one failure are enough for 90 %, 14 are not. */
static void test_conditions(void **state)
{
    struct said *s = NULL;

    (void)state;
    put_series("hernia-repair", 14, 400, "10000000000000");
    s = logbook("tashi", "tashi", "");
    assert_string_equal(part(condition(s, "curve"), "answer"), "not-met");
    assert_string_equal(part(condition(s, "recency"), "answer"), "not-met");
    assert_string_equal(part(condition(s, "no-event"), "value"), "1");
    assert_string_equal(part(condition(s, "place"), "answer"), "not-known");
    assert_string_equal(part(condition(s, "ratings"), "value"), "0");
    said_free(s);
    put_series("hernia-repair", 1, 4, "0");
    s = logbook("tashi", "tashi", "");
    assert_string_equal(part(condition(s, "curve"), "answer"), "met");
    assert_string_equal(part(condition(s, "volume"), "value"), "15");
    assert_string_equal(part(condition(s, "volume"), "needed"), "20");
    assert_string_equal(part(condition(s, "outcomes"), "value"), "100");
    assert_string_equal(part(condition(s, "recency"), "value"), "1");
    assert_string_equal(part(first_part(s, "procedure"), "all-met"), "");
    said_free(s);
}

static void test_pages(void **state)
{
    const char *page = "";
    int rows = 0;

    (void)state;
    put_series("appendectomy", 7, 10, "0");
    put_series("caesarean", 4, 10, "0");
    do {
        struct said *s = logbook("tashi", "tashi",
            arena_printf(arena, "?procedure=appendectomy&_count=3%s%s",
                *page ? "&_page=" : "", page));

        for (int i = 0; parts_of(json_get(s->json, "parameter"), "case", i); i++) {
            rows++;
            assert_string_equal(
                part(parts_of(json_get(s->json, "parameter"), "case", i), "code"),
                "appendectomy");
        }
        page = part(json_get(s->json, "parameter"), "next");
        said_free(s);
    } while (*page);
    assert_int_equal(rows, 7);
}

/* ---- $waiting ---- */

static void test_waiting(void **state)
{
    const char *id =
        record(APPENDIX "," PATIENT "," BOTH "," PART("nima", "assistant"));
    struct said *s = said_status(get_as("chen", "Procedure/$waiting"), 200);

    (void)state;
    assert_string_equal(part(first_part(s, "rate"), "id"), id);
    assert_string_equal(
        part(first_part(s, "rate"), "apprentice"), "Practitioner/tashi");
    assert_null(parts_of(json_get(s->json, "parameter"), "rate", 1)); /* nima is none */
    assert_null(first_part(s, "follow-up"));
    assert_null(memmem(s->call.answer.data, s->call.answer.len, "pema", 4));
    said_free(s);
    said_free(post_status("chen", on(id, "rate"), ZWISCH("3"), 201));
    s = said_status(get_as("chen", "Procedure/$waiting"), 200);
    assert_null(first_part(s, "rate"));
    said_free(s);
    s = said_status(get_as("nima", "Procedure/$waiting"), 200);
    assert_string_equal(part(first_part(s, "follow-up"), "id"), id);
    assert_string_equal(part(first_part(s, "follow-up"), "missing"), "discharge");
    assert_string_equal(part(first_part(s, "follow-up"), "patient"), "Patient/pema");
    said_free(s);
    said_free(post_status("nima", on(id, "follow-up"),
        CODE("at", "discharge") "," CODE("result", "well"), 200));
    s = said_status(get_as("nima", "Procedure/$waiting"), 200);
    assert_null(first_part(s, "follow-up")); /* not due yet */
    said_free(s);
    s = said_status(get_as("nima", "Procedure/$waiting?all=true"), 200);
    assert_string_equal(part(first_part(s, "follow-up"), "missing"), "day-30");
    assert_string_equal(part(first_part(s, "follow-up"), "due"), "2026-01-31");
    said_free(s);
    s = said_status(
        get_as("wang", "Procedure/"
                       "$waiting?all=true&department=Organization/county-surgery"),
        200);
    assert_null(first_part(s, "follow-up")); /* the reader is asked about each */
    said_free(s);
    said_free(said_status(get_as("nima", "Procedure/$waiting?all=maybe"), 400));
    said_free(said_status(get_as("nima", "Procedure/$waiting?department=x"), 400));
    said_free(said_status(get_as(NULL, "Procedure/$waiting"), 403));
}

/* Whoever was rated is told by whom and when, and nobody else is; after so many days no more. */
static void test_rated(void **state)
{
    const char *id = record(APPENDIX "," PATIENT "," BOTH);
    struct said *s = said_status(get_as("tashi", "Procedure/$waiting"), 200);

    (void)state;
    assert_null(first_part(s, "rated"));
    said_free(s);
    time_hold(NOW + 86400000LL);
    said_free(post_status("chen", on(id, "rate"), ZWISCH("3"), 201));
    s = said_status(get_as("tashi", "Procedure/$waiting"), 200);
    assert_string_equal(part(first_part(s, "rated"), "id"), id);
    assert_string_equal(part(first_part(s, "rated"), "assessor"), "Practitioner/chen");
    assert_memory_equal(
        part(first_part(s, "rated"), "observation"), "Observation/", 12);
    assert_memory_equal(part(first_part(s, "rated"), "at"), "2026-01-02", 10);
    assert_null(parts_of(json_get(s->json, "parameter"), "rated", 1));
    assert_null(memmem(s->call.answer.data, s->call.answer.len, "pema", 4));
    said_free(s);
    for (int i = 0; i < 3; i++) {
        s = said_status(get_as(i == 0   ? "chen"
                               : i == 1 ? "nima"
                                        : "head-county",
                            "Procedure/$waiting"),
            200);
        assert_null(first_part(s, "rated"));
        said_free(s);
    }
    time_hold(NOW + 5 * 86400000LL); /* a second word: told by its own instant */
    said_free(post_status("chen", on(id, "rate"), ZWISCH("4"), 200));
    s = said_status(get_as("tashi", "Procedure/$waiting"), 200);
    assert_memory_equal(part(first_part(s, "rated"), "at"), "2026-01-06", 10);
    assert_null(parts_of(json_get(s->json, "parameter"), "rated", 1));
    said_free(s);
    time_hold(NOW + 96 * 86400000LL);
    s = said_status(get_as("tashi", "Procedure/$waiting"), 200);
    assert_null(first_part(s, "rated"));
    said_free(s);
}

/* An operation stays on the list until somebody has looked twice, or said that it cannot be
 * found out, however long that takes. */
static void test_stays(void **state)
{
    const char *id = record(APPENDIX "," PATIENT "," BOTH);
    static const char *const missing[] = {"discharge", "day-30"};
    struct said *s = NULL;

    (void)state;
    for (int i = 0; i < 2; i++) {
        time_hold(NOW + (31 + 400 * i) * 86400000LL);
        s = said_status(get_as("nima", "Procedure/$waiting"), 200);
        assert_string_equal(part(first_part(s, "follow-up"), "id"), id);
        assert_string_equal(part(first_part(s, "follow-up"), "missing"), missing[i]);
        said_free(s);
        said_free(post_status("nima", on(id, "follow-up"),
            arena_printf(arena,
                "{\"name\":\"at\",\"valueCode\":\"%s\"}," CODE("result", "unknown"),
                missing[i]),
            200));
    }
    s = said_status(get_as("nima", "Procedure/$waiting?all=true"), 200);
    assert_null(first_part(s, "follow-up"));
    said_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_who_reads, open_network, close_network),
        cmocka_unit_test_setup_teardown(test_curve, open_network, close_network),
        cmocka_unit_test_setup_teardown(test_undecidable, open_network, close_network),
        cmocka_unit_test_setup_teardown(test_conditions, open_network, close_network),
        cmocka_unit_test_setup_teardown(test_pages, open_network, close_network),
        cmocka_unit_test_setup_teardown(test_waiting, open_network, close_network),
        cmocka_unit_test_setup_teardown(test_rated, open_network, close_network),
        cmocka_unit_test_setup_teardown(test_stays, open_network, close_network),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
