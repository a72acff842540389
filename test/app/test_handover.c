/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Handover: the pack of a post that ends, who is named and takes over, what is refused, what
 * falls to the head of the department, and that it is handed on.
 */
#include "handover.h"

/* ---- the pack ---- */

static void the_pack_writes_itself(void **state)
{
    struct said *s = NULL;

    (void)state;
    open_case(CASE_ONE);
    s = pack_as("chen", "role-chen", 200);
    assert_int_equal(number(s, "index"), 0);
    assert_string_equal(part(item_of(s, "Task/" CASE_ONE), "kind"), "case");
    assert_string_equal(
        part(item_of(s, "Task/" CASE_ONE), "title"), "Is it a fracture?");
    assert_string_equal(part(item_of(s, "Task/" CASE_ONE), "patient"), "Patient/pema");
    assert_string_equal(
        part(item_of(s, "Apprenticeship/tashi-chen"), "kind"), "apprentice");
    assert_string_equal(
        part(item_of(s, "Apprenticeship/tashi-chen"), "about"), "Practitioner/tashi");
    assert_int_equal(number(s, "orphaned-trainees"), 1);
    assert_int_equal(number(s, "overlap-days"), 12);
    said_free(s);
    /* what is done is gone from it by itself */
    step("chen", CASE_ONE, "decline", DECLINE);
    s = pack_as("chen", "role-chen", 200);
    assert_null(item_of(s, "Task/" CASE_ONE));
    said_free(s);
}

static void each_sees_what_they_may(void **state)
{
    struct said *s = NULL;

    (void)state;
    open_case(CASE_ONE);
    s = pack_as("coordinator", "role-chen", 200);
    assert_int_equal(number(s, "all"), number(s, "orphans"));
    assert_true(number(s, "orphans") >= 2);
    assert_null(item_of(s, "Task/" CASE_ONE));
    assert_null(memmem(s->call.answer.data, s->call.answer.len, "pema", 4));
    assert_null(memmem(s->call.answer.data, s->call.answer.len, "fracture", 8));
    said_free(s);
    s = pack_as("head-twin", "role-chen", 200);
    assert_non_null(item_of(s, "Task/" CASE_ONE));
    said_free(s);
    said_free(pack_as("wang", "role-chen", 403));
    said_free(pack_as("head-medicine", "role-chen", 403));
    said_free(pack_as("director", "role-chen", 403)); /* of the county */
    said_free(pack_as(NULL, "role-chen", 403));
    said_free(pack_as("coordinator", "not-there", 404));
    /* nobody reads or writes the record itself */
    assert_int_equal(
        done("chen", "role-chen", "name-successor", WHO("successor", "li")), 3);
    said_free(said_status(get_as("chen", "Handover/role-chen"), 404));
    said_free(said_status(get_as("coordinator", "Handover/role-chen"), 404));
    write_as("chen", APP_PUT, "Handover/role-chen",
        "{\"resourceType\":\"Handover\",\"id\":\"role-chen\",\"status\":\"open\","
        "\"posting\":{\"reference\":\"PractitionerRole/role-chen\"},\"person\":{"
        "\"reference\":\"Practitioner/chen\"}}",
        403);
}

/* chen alone is signed off in one of two procedures of the department. */
static void what_the_department_loses_is_told(void **state)
{
    static const char *const codes[] = {"appendectomy", "chest-drainage"};
    struct said *s = NULL;

    (void)state;
    for (int i = 0; i < 2; i++) {
        const char *who = i ? "li" : "chen";
        const char *text = "";

        for (int k = i; k < 2; k++)
            text = arena_printf(arena,
                "%s%s{\"code\":{\"coding\":[{\"system\":"
                "\"https://belay.health/CodeSystem/procedure\",\"code\":\"%s\"}]},"
                "\"period\":{\"start\":\"2025-06-01\"}}",
                text, *text ? "," : "", codes[k]);
        write_as(NULL, APP_PUT, arena_printf(arena, "Practitioner/%s", who),
            arena_printf(arena,
                "{\"resourceType\":\"Practitioner\",\"id\":\"%s\",\"active\":true,"
                "\"qualification\":[%s]}",
                who, text),
            200);
    }
    s = pack_as("head-twin", "role-chen", 200);
    assert_int_equal(number(s, "orphaned-capabilities"), 1);
    said_free(s);
    put_post("li", "expert", "twin-surgery", "2026-02-02", NULL); /* comes too late */
    s = pack_as("head-twin", "role-chen", 200);
    assert_int_equal(number(s, "orphaned-capabilities"), 2);
    assert_int_equal(number(s, "overlap-days"), -1);
    said_free(s);
}

/* ---- successors ---- */

static void who_cannot_read_it_is_told_at_once(void **state)
{
    (void)state;
    open_case(CASE_ONE);
    refused("chen", "role-chen", "name-successor",
        WHO("successor", "wang") "," ITEM("Task/" CASE_ONE),
        400); /* another department */
    refused("chen", "role-chen", "name-successor",
        WHO("successor", "chen") "," ITEM("Task/" CASE_ONE), 400);
    refused("chen", "role-chen", "name-successor",
        WHO("successor", "past") "," ITEM("Task/" CASE_ONE), 400); /* no post then */
    refused("chen", "role-chen", "name-successor",
        WHO("successor", "far") "," ITEM("Apprenticeship/tashi-chen"), 400);
    refused("chen", "role-chen", "name-successor",
        WHO("successor", "li") "," ITEM("Task/not-there"), 400);
    refused("chen", "role-chen", "name-successor", ITEM("Task/" CASE_ONE), 400);
    refused("wang", "role-chen", "name-successor",
        WHO("successor", "li") "," ITEM("Task/" CASE_ONE), 403);
    refused("coordinator", "role-chen", "name-successor",
        WHO("successor", "li") "," ITEM("Task/" CASE_ONE), 403);
    refused("chen", "role-chen", "acknowledge", "", 403);
    /* who comes before the end may be named before they are there */
    assert_int_equal(done("chen", "role-chen", "name-successor",
                         WHO("successor", "li") "," ITEM("Task/" CASE_ONE)),
        1);
    assert_int_equal(done("chen", "role-chen", "name-successor",
                         WHO("successor", "li") "," ITEM("Task/" CASE_ONE)),
        0);
}

static void it_is_taken_over_or_declined(void **state)
{
    struct said *s = NULL;

    (void)state;
    open_case(CASE_ONE);
    done("chen", "role-chen", "name-successor",
        WHO("successor", "li") "," ITEM("Task/" CASE_ONE));
    done("head-twin", "role-chen", "name-successor",
        WHO("successor", "li") "," ITEM("Apprenticeship/tashi-chen"));
    time_hold(NOW + 20 * DAY); /* li has come */
    s = said_status(get_as("li", "Handover/$waiting"), 200);
    assert_string_equal(
        part(inner(parts_of(s, "take", 0), "item"), "record"), "Task/" CASE_ONE);
    assert_string_equal(
        part(inner(parts_of(s, "take", 1), "item"), "about"), "Practitioner/tashi");
    assert_string_equal(part(parts_of(s, "take", 0), "person"), "Practitioner/chen");
    said_free(s);
    assert_int_equal(done("li", "role-chen", "acknowledge", ITEM("Task/" CASE_ONE)), 1);
    assert_int_equal(done("li", "role-chen", "acknowledge",
                         ITEM("Apprenticeship/tashi-chen") ",{\"name\":\"accept\","
                                                           "\"valueBoolean\":false}"),
        1);
    s = pack_as("chen", "role-chen", 200);
    assert_string_not_equal(part(item_of(s, "Task/" CASE_ONE), "acknowledged"), "");
    assert_string_equal(part(item_of(s, "Apprenticeship/tashi-chen"), "successor"), "");
    assert_string_not_equal(
        part(item_of(s, "Apprenticeship/tashi-chen"), "declined"), "");
    /* a case of 5 by it, an apprentice of 5, and one of 3 at the twin */
    assert_int_equal(number(s, "index"), 38);
    said_free(s);
    s = said_status(get_as("li", "Handover/$waiting"), 200);
    assert_null(parts_of(s, "take", 0));
    assert_non_null(parts_of(s, "held", 0));
    said_free(s);
}

/* ---- the end ---- */

static void what_nobody_took_falls_to_the_head(void **state)
{
    struct said *s = NULL;

    (void)state;
    open_case(CASE_ONE);
    open_case(CASE_TWO);
    done("chen", "role-chen", "name-successor",
        WHO("successor", "li") "," ITEM("Task/" CASE_ONE));
    run_at(NOW + 30 * DAY); /* of others, whose posts ended before */
    assert_int_equal(run_at(AFTER), 1);
    assert_int_equal(run_at(AFTER), 0);
    s = said_status(get_as("head-twin", "Handover/$waiting"), 200);
    assert_string_not_equal(part(inner(parts_of(s, "take", 0), "item"), "fell"), "");
    said_free(s);
    s = pack_as("head-twin", "role-chen", 200);
    assert_string_equal(
        part(item_of(s, "Task/" CASE_TWO), "successor"), "Practitioner/head-twin");
    assert_string_equal(
        part(item_of(s, "Task/" CASE_ONE), "successor"), "Practitioner/li");
    assert_int_equal(number(s, "orphans"), 0);
    said_free(s);
    /* and goes on from there */
    assert_int_equal(done("head-twin", "role-chen", "name-successor",
                         WHO("successor", "li") "," ITEM("Task/" CASE_TWO)),
        1);
    assert_int_equal(done("li", "role-chen", "acknowledge", ""), 2);
}

static long figure_of(const struct json *departure, const char *name)
{
    struct str number = json_text(json_get(departure, name));

    return number.p ? strtol(number.p, NULL, 10) : -1;
}

/* What is learnt later falls to the head too, and how it stood at the end stays so: by then who had
 * come before the end may never have been there, and more is open. */
static void what_comes_late_falls_too_and_the_departure_stays(void **state)
{
    struct packs before, after;
    const struct json *kept = NULL;

    (void)state;
    open_case(CASE_ONE);
    run_at(NOW + 30 * DAY); /* of others, whose posts ended before */
    assert_int_equal(run_at(AFTER), 1);
    packs_open(&before, "role-chen");
    store_read_end(before.snapshot);
    kept = json_get(before.pack.json, "departure");
    assert_int_equal(figure_of(kept, "items"), 3);
    assert_int_equal(figure_of(kept, "orphans"), 3); /* before they fell */
    assert_int_equal(figure_of(kept, "acknowledged"), 0);
    assert_int_equal(figure_of(kept, "overlapDays"), 12);
    put_post("li", "expert", "twin-surgery", "2026-02-02", NULL);
    assert_int_equal(run_at(AFTER + DAY), 0);
    write_as(NULL, APP_PUT, "Task/late",
        "{\"resourceType\":\"Task\",\"id\":\"late\",\"status\":\"in-progress\","
        "\"intent\":\"order\",\"description\":\"Sterilise\",\"code\":{\"coding\":[{"
        "\"system\":\"https://belay.health/CodeSystem/work\",\"code\":"
        "\"technique-gap\"}]},\"focus\":{\"reference\":\"HealthcareService/"
        "county-theatre\"},\"owner\":{\"reference\":\"Practitioner/chen\"}}",
        201);
    assert_int_equal(run_at(AFTER + 2 * DAY), 1);
    assert_int_equal(run_at(AFTER + 2 * DAY), 0);
    packs_open(&after, "role-chen");
    assert_int_equal(after.pack.total.all, 4);
    assert_int_equal(after.pack.total.orphans, 0);
    assert_int_equal(after.pack.overlap_days, 1); /* as of now */
    assert_true(json_equal(json_get(after.pack.json, "departure"), kept));
    store_read_end(after.snapshot);
}

/* What was taken over is in the pack of who took it, when they go in turn. */
static void it_is_handed_on(void **state)
{
    struct said *s = NULL;

    (void)state;
    open_case(CASE_ONE);
    done("chen", "role-chen", "name-successor",
        WHO("successor", "li") "," ITEM("Task/" CASE_ONE));
    time_hold(NOW + 20 * DAY);
    done("li", "role-chen", "acknowledge", "");
    put_post("li", "expert", "twin-surgery", "2026-01-20", "2026-02-20");
    run_at(AFTER);
    s = pack_as("li", "role-li", 200);
    assert_string_equal(part(item_of(s, "Task/" CASE_ONE), "kind"), "case");
    said_free(s);
    /* li hands it on and goes: in chen's pack too it is somebody's */
    done("li", "role-li", "name-successor",
        WHO("successor", "head-twin") "," ITEM("Task/" CASE_ONE));
    assert_int_equal(
        done("head-twin", "role-li", "acknowledge", ITEM("Task/" CASE_ONE)), 1);
    run_at(NOW + 60 * DAY);
    s = pack_as("head-twin", "role-chen", 200);
    assert_string_equal(
        part(item_of(s, "Task/" CASE_ONE), "successor"), "Practitioner/li");
    assert_string_equal(part(item_of(s, "Task/" CASE_ONE), "in-post"), "true");
    assert_string_equal(part(item_of(s, "Task/" CASE_ONE), "fell"), "");
    said_free(s);
    /* the head goes too, and there is no other: now it is nobody's */
    put_post("head-twin", "head-of-department", "twin-surgery", NULL, "2026-03-05");
    run_at(NOW + 70 * DAY);
    assert_int_equal(told_of("role-chen", "case"), 1);
    assert_int_equal(told_of("role-head-twin", "case"), 1);
}

/* A post that is made inactive has ended; so has one whose holder stays at the hospital, but what
 * they may go on with stays with them. */
static void a_local_doctor_leaves_or_moves(void **state)
{
    struct said *s = NULL;

    (void)state;
    open_case(CASE_ONE);
    write_as(NULL, APP_PUT, "PractitionerRole/role-nima",
        "{\"resourceType\":\"PractitionerRole\",\"id\":\"role-nima\",\"active\":false,"
        "\"practitioner\":{\"reference\":\"Practitioner/"
        "nima\"},\"code\":[{\"coding\":[{"
        "\"system\":\"https://belay.health/CodeSystem/"
        "role\",\"code\":\"clinician\"}]}],"
        "\"organization\":{\"reference\":\"Organization/county-surgery\"}}",
        200);
    run_at(NOW + 60000);
    s = pack_as("head-county", "role-nima", 200);
    assert_string_equal(
        part(item_of(s, "Task/" CASE_ONE), "successor"), "Practitioner/head-county");
    said_free(s);
    put_post("chen", "expert", "twin-surgery", "2025-01-01", "2026-01-31");
    write_as(NULL, APP_PUT, "PractitionerRole/role-chen-too",
        "{\"resourceType\":\"PractitionerRole\",\"id\":\"role-chen-too\",\"active\":"
        "true,"
        "\"practitioner\":{\"reference\":\"Practitioner/"
        "chen\"},\"code\":[{\"coding\":[{"
        "\"system\":\"https://belay.health/CodeSystem/"
        "role\",\"code\":\"clinician\"}]}],"
        "\"organization\":{\"reference\":\"Organization/twin-surgery\"}}",
        201);
    s = pack_as("chen", "role-chen", 200);
    assert_string_equal(part(item_of(s, "Task/" CASE_ONE), "stays"), "true");
    assert_int_equal(number(s, "all"), 0);
    said_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_pack_writes_itself),
        TEST(each_sees_what_they_may),
        TEST(what_the_department_loses_is_told),
        TEST(who_cannot_read_it_is_told_at_once),
        TEST(it_is_taken_over_or_declined),
        TEST(what_nobody_took_falls_to_the_head),
        TEST(what_comes_late_falls_too_and_the_departure_stays),
        TEST(it_is_handed_on),
        TEST(a_local_doctor_leaves_or_moves),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
