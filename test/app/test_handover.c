/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Handover: the pack of a post that ends, who is named and takes over, what is refused, what
 * falls to the head of the department, what is left to the coordinators.
 */
#include "app/handover.h"
#include "app/handover_internal.h"
#include "case.h"

#define DAY (24 * 60 * 60000LL)
#define WHO(name, id)                                                                  \
    "{\"name\":\"" name "\",\"valueReference\":{\"reference\":\"Practitioner/" id "\"" \
    "}}"
#define ITEM(reference)                                                                \
    "{\"name\":\"item\",\"valueReference\":{\"reference\":\"" reference "\"}}"
#define CASE_ONE "5f0c2a0e-8f0b-4d39-9a4e-0c8d7d1f5b01"
#define CASE_TWO "5f0c2a0e-8f0b-4d39-9a4e-0c8d7d1f5b02"

/* ---- people ---- */

/* A post of ${who} in ${unit} from ${start} until ${end} (NULL: not said). */
static void put_post(const char *who, const char *role, const char *unit,
    const char *start, const char *end)
{
    const char *period =
        start || end ? arena_printf(arena, ",\"period\":{%s%s%s%s%s%s%s}",
                           start ? "\"start\":\"" : "", start ? start : "",
                           start ? "\"" : "", start && end ? "," : "",
                           end ? "\"end\":\"" : "", end ? end : "", end ? "\"" : "")
                     : "";
    struct said *s = as(NULL,
        (struct ask){.method = APP_PUT,
            .path = arena_printf(arena, "PractitionerRole/role-%s", who),
            .body = arena_printf(arena,
                "{\"resourceType\":\"PractitionerRole\",\"id\":\"role-%s\",\"active\":"
                "true,\"practitioner\":{\"reference\":\"Practitioner/%s\"},\"code\":[{"
                "\"coding\":[{\"system\":\"https://belay.health/CodeSystem/role\","
                "\"code\":\"%s\"}]}],\"organization\":{\"reference\":"
                "\"Organization/%s\"}%s}",
                who, who, role, unit, period)});

    assert_true(s->status == 200 || s->status == 201);
    said_free(s);
}

static void put_person(const char *who, const char *role, const char *unit,
    const char *start, const char *end)
{
    write_as(NULL, APP_PUT, arena_printf(arena, "Practitioner/%s", who),
        arena_printf(arena,
            "{\"resourceType\":\"Practitioner\",\"id\":\"%s\",\"active\":true,\"name\":"
            "[{\"text\":\"Doctor %s\"}]}",
            who, who),
        201);
    put_post(who, role, unit, start, end);
}

/* chen goes on 31 January; li comes on the 20th and stays. */
static int open_term(void **state)
{
    open_network(state);
    put_post("chen", "expert", "twin-surgery", "2025-01-01", "2026-01-31");
    put_person("li", "expert", "twin-surgery", "2026-01-20", NULL);
    put_person("far", "clinician", "ring-a", NULL, NULL);
    return 0;
}

#define AFTER (NOW + 31 * DAY + 60000) /* the first minute of February */

/* ---- asking ---- */

static struct said *pack_as(const char *person, const char *post, int status)
{
    return said_status(
        get_as(person, arena_printf(arena, "PractitionerRole/%s/$handover", post)),
        status);
}

static struct said *say(const char *person, const char *post, const char *operation,
    const char *parameters, int status)
{
    struct said *s = as(person,
        (struct ask){.method = APP_POST,
            .path = arena_printf(arena, "Handover/%s/$%s", post, operation),
            .body = arena_printf(arena,
                "{\"resourceType\":\"Parameters\",\"parameter\":[%s]}", parameters)});

    return said_status(s, status);
}

/* How many ${operation} did. */
static long done(
    const char *person, const char *post, const char *operation, const char *parameters)
{
    struct said *s = say(person, post, operation, parameters, 200);
    long n = strtol(said_text(s, "parameter.0.valueInteger"), NULL, 10);

    said_free(s);
    return n;
}

static void refused(const char *person, const char *post, const char *operation,
    const char *parameters, int status)
{
    struct said *s = say(person, post, operation, parameters, status);

    assert_true(strlen(said_text(s, "issue.0.diagnostics")) > 20);
    said_free(s);
}

/* The parts of the parameter ${name} number ${at}; NULL: there are fewer. */
static const struct json *parts_of(struct said *s, const char *name, int at)
{
    struct json_each it = json_each(json_get(s->json, "parameter"));

    while (json_next(&it)) {
        if (str_is(json_get_text(it.value, "name"), name) && at-- == 0)
            return json_get(it.value, "part");
    }
    return NULL;
}

static long number(struct said *s, const char *name)
{
    const char *text = part(json_get(s->json, "parameter"), name);

    return *text ? strtol(text, NULL, 10) : -1;
}

/* The parts of the item about ${reference}; NULL: it is not shown. */
static const struct json *item_of(struct said *s, const char *reference)
{
    const struct json *parts = NULL;

    for (int i = 0; (parts = parts_of(s, "item", i)); i++) {
        if (strcmp(part(parts, "record"), reference) == 0)
            return parts;
    }
    return NULL;
}

static const struct json *inner(const struct json *parts, const char *name)
{
    struct json_each it = json_each(parts);

    while (json_next(&it)) {
        if (str_is(json_get_text(it.value, "name"), name))
            return json_get(it.value, "part");
    }
    return NULL;
}

static size_t run_at(utc_ms at)
{
    struct err err = {0};
    size_t made = 99;

    time_hold(at);
    atomic_store(&node.app->handover_next, 0);
    if (handover_run(node.app, NULL, at, &made, &err) < 0)
        fail_msg("handover_run: %s", err.text);
    return made;
}

/* A case of pema's that chen has taken. */
static void open_case(const char *id)
{
    put_draft(id, "pema", "Organization/twin-surgery", "routine");
    step("nima", id, "send", NULL);
    step("chen", id, "accept", NULL);
}

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
        done("chen", "role-chen", "name-successor", WHO("successor", "li")), 2);
    said_free(said_status(get_as("chen", "Handover/role-chen"), 404));
    said_free(said_status(get_as("coordinator", "Handover/role-chen"), 404));
    write_as("chen", APP_PUT, "Handover/role-chen",
        "{\"resourceType\":\"Handover\",\"id\":\"role-chen\",\"status\":\"open\","
        "\"posting\":{\"reference\":\"PractitionerRole/role-chen\"},\"person\":{"
        "\"reference\":\"Practitioner/chen\"}}",
        403);
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
    /* a case of 5 by it and an apprentice of 5 */
    assert_int_equal(number(s, "index"), 50);
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

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_term, close_network)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_pack_writes_itself),
        TEST(each_sees_what_they_may),
        TEST(who_cannot_read_it_is_told_at_once),
        TEST(it_is_taken_over_or_declined),
        TEST(what_nobody_took_falls_to_the_head),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
