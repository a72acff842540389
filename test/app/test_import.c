/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Procedure/$import: a dry run writes nothing; good lines are taken and bad ones named; the
 * same file twice writes nothing twice; what is imported counts for nothing. What waits for a
 * review is told to heads who had no part in it.
 */
#include "logbook.h"

#define PATH "Procedure/$import"
#define INT(name, n) "{\"name\":\"" name "\",\"valueInteger\":" n "}"
#define ON(day) "{\"name\":\"performed\",\"valueDate\":\"" day "\"}"
#define DRY "{\"name\":\"dry-run\",\"valueBoolean\":true},"
#define ROW(line, day, code, as, more)                                                 \
    "{\"name\":\"row\",\"part\":[" INT("line", line) "," ON(day) "," CODE(             \
        "code", code) "," CODE("as", as) more "]}"
#define FIRST ROW("2", "2024-05-06", "appendectomy", "operator", "")

/* What the answer says of row ${at}. */
static const char *row(struct said *s, int at, const char *name)
{
    return part(parts_of(json_get(s->json, "parameter"), "row", at), name);
}

static const char *total(struct said *s, const char *name)
{
    return part(json_get(s->json, "parameter"), name);
}

static void test_dry(void **state)
{
    struct said *s = post_status("tashi", PATH, DRY FIRST, 200);

    (void)state;
    assert_string_equal(total(s, "new"), "1");
    assert_string_equal(row(s, 0, "state"), "new");
    said_free(s);
    s = logbook("tashi", "tashi", "");
    assert_null(first_part(s, "case"));
    said_free(s);
}

/* It stands in the logbook, marked, and counts nowhere. */
static void test_counts_nothing(void **state)
{
    struct said *s = post_status("tashi", PATH,
        TEXT("file", "old.xlsx") "," ROW("2", "2024-05-06", "appendectomy", "operator",
            "," CODE("result", "serious") "," TEXT("with", "Dr Old") "," TEXT(
                "place", "Far Hospital") "," TEXT("number", "7") "," TEXT("note", "x")),
        200);
    const char *id = row(s, 0, "id");

    (void)state;
    id = arena_strndup(arena, id, strlen(id));
    assert_string_equal(total(s, "new"), "1");
    said_free(s);
    s = logbook("tashi", "tashi", "");
    assert_string_equal(part(first_part(s, "case"), "imported"), "true");
    assert_string_equal(part(first_part(s, "case"), "outcome"), "failure");
    assert_string_equal(part(first_part(s, "case"), "event-open"), "");
    assert_string_equal(part(first_part(s, "procedure"), "imported"), "1");
    assert_string_equal(part(first_part(s, "procedure"), "operator"), "0");
    assert_string_equal(part(first_part(s, "procedure"), "rated"), "0");
    assert_string_equal(part(first_part(s, "procedure"), "failures"), "0");
    assert_null(parts_of(first_part(s, "procedure"), "curve", 0));
    said_free(s);
    s = said_status(get_as("nima", arena_printf(arena, "Procedure/%s", id)), 200);
    assert_string_equal(
        said_text(s, "extension.1.extension.0.valueReference.reference"),
        "Practitioner/tashi");
    assert_string_equal(
        said_text(s, "extension.1.extension.2.valueString"), "old.xlsx");
    assert_string_equal(
        said_text(s, "performer.0.actor.reference"), "Practitioner/tashi");
    assert_int_equal(
        said_count(s, "performer"), 1); /* whom it names says nothing here */
    said_free(s);
    refused("chen", on(id, "rate"), ZWISCH("4"), 404);
    refused("nima", on(id, "follow-up"),
        CODE("at", "discharge") "," CODE("result", "well"), 409);
    s = said_status(get_as("nima", "Procedure/$waiting?all=true"), 200);
    assert_null(first_part(s, "follow-up"));
    said_free(s);
    s = said_status(get_as("head-county", "Procedure/$waiting"), 200);
    assert_null(first_part(s, "review"));
    said_free(s);
}

static void test_twice(void **state)
{
    /* two on one day are two; a third line of the same is a third */
    const char *file = FIRST "," ROW("3", "2024-05-06", "appendectomy", "operator", "");
    struct said *s = post_status("tashi", PATH, file, 200);

    (void)state;
    assert_string_equal(total(s, "new"), "2");
    said_free(s);
    s = post_status("tashi", PATH, file, 200);
    assert_string_equal(total(s, "new"), "0");
    assert_string_equal(total(s, "there"), "2");
    said_free(s);
    s = post_status("tashi", PATH,
        arena_printf(
            arena, "%s," ROW("4", "2024-05-06", "appendectomy", "operator", ""), file),
        200);
    assert_string_equal(total(s, "new"), "1");
    said_free(s);
    s = logbook("tashi", "tashi", "");
    assert_string_equal(part(first_part(s, "procedure"), "imported"), "3");
    said_free(s);
}

/* A number of its own makes a line the same wherever it stands, and one that stands twice is
 * a slip. */
static void test_numbers(void **state)
{
    const char *file = ROW("2", "2024-05-06", "appendectomy", "operator",
        "," TEXT("number", "A 1")) "," ROW("3", "2024-05-06", "appendectomy",
        "operator", "," TEXT("number", "A 1")) "," ROW("4", "2024-05-06",
        "appendectomy", "operator", "," TEXT("number", "A 2"));
    struct said *s = post_status("tashi", PATH, file, 200);

    (void)state;
    assert_string_equal(total(s, "new"), "2");
    assert_string_equal(row(s, 1, "state"), "refused");
    assert_string_equal(row(s, 1, "column"), "number");
    assert_string_equal(row(s, 1, "problem"), "twice");
    said_free(s);
}

/* What was recorded here is not written a second time. */
static void test_recorded(void **state)
{
    const char *file = ROW("2", "2025-12-30", "appendectomy", "operator", "") "," ROW(
        "3", "2025-12-30", "appendectomy", "operator", "") "," ROW("4", "2025-12-30",
        "appendectomy", "assistant", "");
    struct said *s = NULL;

    (void)state;
    record(APPENDIX "," BOTH ",{\"name\":\"performed\",\"valueDateTime\":"
                    "\"2025-12-30T09:00:00+08:00\"}");
    for (int i = 0; i < 2; i++) {
        s = post_status("tashi", PATH, file, 200);
        assert_string_equal(row(s, 0, "state"), "recorded");
        assert_string_equal(row(s, 1, "state"), i == 0 ? "new" : "there");
        assert_string_equal(row(s, 2, "state"), i == 0 ? "new" : "there");
        said_free(s);
    }
    s = logbook("tashi", "tashi", "");
    assert_string_equal(part(first_part(s, "procedure"), "operator"), "1");
    assert_string_equal(part(first_part(s, "procedure"), "imported"), "2");
    said_free(s);
}

static void test_bad_lines(void **state)
{
    static const struct {
        const char *row;
        const char *column;
        const char *problem;
    } bad[] = {
        {ROW("2", "2024-02-30", "appendectomy", "operator", ""), "performed",
            "no-date"},
        {ROW("3", "2024-05", "appendectomy", "operator", ""), "performed", "no-date"},
        {ROW("4", "2026-01-03", "appendectomy", "operator", ""), "performed", "future"},
        {ROW("5", "1924-05-06", "appendectomy", "operator", ""), "performed",
            "too-early"},
        {ROW("6", "2024-05-06", "magic", "operator", ""), "code", "unknown"},
        {ROW("7", "2024-05-06", "appendectomy", "king", ""), "as", "unknown"},
        {ROW("8", "2024-05-06", "appendectomy", "operator", "," CODE("result", "fine")),
            "result", "unknown"},
        {"{\"name\":\"row\",\"part\":[" INT("line", "9") "," ON("2024-05-06") "," CODE(
             "as", "operator") "]}",
            "code", "needed"},
        {"{\"name\":\"row\",\"part\":[" INT("line", "10") "," CODE(
             "code", "appendectomy") "," CODE("as", "operator") "]}",
            "performed", "needed"},
        {"{\"name\":\"row\",\"part\":[" INT("line", "11") "," ON("2024-05-06") "," CODE(
             "code", "appendectomy") "]}",
            "as", "needed"},
        {"{\"name\":\"row\",\"part\":[" ON("2024-05-06") "]}", "line", "needed"},
        {ROW("12", "2024-05-06", "appendectomy", "operator",
             "," TEXT("step", "0123456789012345678901234567890123456789"
                              "0123456789012345678901234567890123456789"
                              "01234567890123456789012345678901234567890")),
            "step", "too-long"},
    };
    const int count = (int)(sizeof(bad) / sizeof(bad[0]));
    struct said *s = NULL;
    struct buf b;

    (void)state;
    buf_init(&b, 1 << 16);
    for (int i = 0; i < count; i++)
        buf_addf(&b, "%s,", bad[i].row);
    buf_addf(&b, "%s", FIRST);
    s = post_status("tashi", PATH, arena_strndup(arena, b.data, b.len), 200);
    buf_done(&b);
    for (int i = 0; i < count; i++) {
        assert_string_equal(row(s, i, "state"), "refused");
        assert_string_equal(row(s, i, "column"), bad[i].column);
        assert_string_equal(row(s, i, "problem"), bad[i].problem);
        assert_true(strlen(row(s, i, "text")) > 0);
    }
    assert_string_equal(row(s, count, "state"), "new"); /* the good one is taken */
    assert_string_equal(total(s, "refused"), "12");
    assert_string_equal(total(s, "new"), "1");
    said_free(s);
}

static void test_who(void **state)
{
    (void)state;
    refused(NULL, PATH, FIRST, 403);
    refused("director", PATH, FIRST, 403);
    refused("past", PATH, FIRST, 403);
    refused("tashi", PATH, TEXT("file", "x"), 400); /* no line */
    refused("nima", PATH, WHO("person", "Practitioner/tashi") "," FIRST, 403);
    refused("chen", PATH, WHO("person", "Practitioner/tashi") "," FIRST, 403);
    refused("tashi", PATH, WHO("person", "Practitioner/unheard") "," FIRST, 400);
    said_free(post_status(
        "head-county", PATH, WHO("person", "Practitioner/tashi") "," FIRST, 200));
    said_free(said_status(get_as("tashi", PATH), 405));
    {
        struct said *s = logbook("tashi", "tashi", "");

        assert_string_equal(part(first_part(s, "case"), "imported"), "true");
        said_free(s);
    }
}

/* ---- what waits for a review ---- */

static void test_review(void **state)
{
    const char *id = record(APPENDIX "," PATIENT "," BOTH);
    struct said *s = NULL;

    (void)state;
    s = said_status(get_as("head-county", "Procedure/$waiting"), 200);
    assert_null(first_part(s, "review"));
    said_free(s);
    said_free(post_status("nima", on(id, "follow-up"),
        CODE("at", "discharge") "," CODE("result", "serious") "," TEXT("text", "Leak"),
        200));
    s = said_status(get_as("head-county", "Procedure/$waiting"), 200);
    assert_string_equal(part(first_part(s, "review"), "id"), id);
    assert_string_equal(part(first_part(s, "review"), "patient"), "Patient/pema");
    assert_string_equal(
        part(first_part(s, "review"), "operator"), "Practitioner/tashi");
    assert_string_equal(
        part(parts_of(first_part(s, "review"), "look", 0), "text"), "Leak");
    assert_string_equal(
        part(parts_of(first_part(s, "review"), "look", 0), "by"), "Practitioner/nima");
    said_free(s);
    s = said_status(get_as("nima", "Procedure/$waiting"), 200); /* no head */
    assert_null(first_part(s, "review"));
    said_free(s);
    s = said_status(get_as("head-twin", "Procedure/$waiting"), 200); /* elsewhere */
    assert_null(first_part(s, "review"));
    said_free(s);
    said_free(post_status("head-county", on(id, "follow-up"),
        CODE("at", "review") "," TEXT("text", "Looked at together"), 200));
    s = said_status(get_as("head-county", "Procedure/$waiting"), 200);
    assert_null(first_part(s, "review"));
    said_free(s);
}

/* Who had a part in it does not review it. */
static void test_review_own(void **state)
{
    const char *id = record(APPENDIX "," PATIENT "," PART("tashi", "operator") "," PART(
        "head-county", "supervisor"));
    struct said *s = NULL;

    (void)state;
    said_free(post_status("nima", on(id, "follow-up"),
        CODE("at", "discharge") "," CODE("result", "died") "," TEXT("text", "Sepsis"),
        200));
    s = said_status(get_as("head-county", "Procedure/$waiting"), 200);
    assert_null(first_part(s, "review"));
    said_free(s);
}

/* ---- steps ---- */

#define STEP(who, as, step)                                                            \
    "{\"name\":\"part\",\"part\":[" WHO("who", "Practitioner/" who) "," CODE(          \
        "as", as) "," TEXT("step", step) "]}"

/* Who did one step as operator has not done the operation. */
static void test_steps(void **state)
{
    struct said *s = NULL;

    (void)state;
    record(APPENDIX "," PATIENT "," PART("chen", "operator") "," STEP(
        "tashi", "operator", "access") "," STEP("tashi", "assistant", "closure"));
    s = logbook("tashi", "tashi", "");
    assert_string_equal(part(first_part(s, "case"), "function"), "assistant");
    assert_string_equal(
        part(parts_of(first_part(s, "case"), "step", 0), "name"), "access");
    assert_string_equal(
        part(parts_of(first_part(s, "case"), "step", 0), "function"), "operator");
    assert_string_equal(
        part(parts_of(first_part(s, "case"), "step", 1), "name"), "closure");
    assert_string_equal(part(first_part(s, "procedure"), "operator"), "0");
    assert_string_equal(part(first_part(s, "procedure"), "assistant"), "1");
    said_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_dry, open_network, close_network),
        cmocka_unit_test_setup_teardown(
            test_counts_nothing, open_network, close_network),
        cmocka_unit_test_setup_teardown(test_twice, open_network, close_network),
        cmocka_unit_test_setup_teardown(test_numbers, open_network, close_network),
        cmocka_unit_test_setup_teardown(test_recorded, open_network, close_network),
        cmocka_unit_test_setup_teardown(test_bad_lines, open_network, close_network),
        cmocka_unit_test_setup_teardown(test_who, open_network, close_network),
        cmocka_unit_test_setup_teardown(test_review, open_network, close_network),
        cmocka_unit_test_setup_teardown(test_review_own, open_network, close_network),
        cmocka_unit_test_setup_teardown(test_steps, open_network, close_network),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
