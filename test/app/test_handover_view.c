/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a whole team hands over, as one: Organization/ID/$handover, for who leads it, heads and
 * the coordinator.
 */
#include "handover.h"

#define BATCH "Organization/batch-two/$handover"

/* A posting of ${who} in the batch, in ${unit}, until ${end}. */
static void post_to_batch(
    const char *id, const char *who, const char *unit, const char *end)
{
    struct said *s = as(NULL,
        (struct ask){.method = APP_PUT,
            .path = arena_printf(arena, "PractitionerRole/%s", id),
            .body = arena_printf(arena,
                "{\"resourceType\":\"PractitionerRole\",\"id\":\"%s\",\"active\":true,"
                "\"extension\":[{\"url\":\"https://belay.health/StructureDefinition/"
                "posting-team\",\"valueReference\":{\"reference\":\"Organization/"
                "batch-two\"}}],\"practitioner\":{\"reference\":\"Practitioner/%s\"},"
                "\"code\":[{\"coding\":[{\"system\":\"https://belay.health/CodeSystem/"
                "role\",\"code\":\"expert\"}]}],\"organization\":{\"reference\":"
                "\"Organization/%s\"},\"period\":{\"start\":\"2025-01-01\",\"end\":"
                "\"%s\"}}",
                id, who, unit, end)});

    assert_true(s->status == 200 || s->status == 201);
    said_free(s);
}

/* Of a batch led by bo, chen and bo are at the twin until 31 January; chen has a case, an
 * apprentice and somebody placed, bo a case. next stays. */
static void open_batch(void)
{
    write_as(NULL, APP_PUT, "Organization/batch-two",
        "{\"resourceType\":\"Organization\",\"id\":\"batch-two\",\"name\":\"Batch "
        "two\","
        "\"type\":[{\"coding\":[{\"system\":\"https://belay.health/CodeSystem/"
        "organization-kind\",\"code\":\"team\"}]}],\"partOf\":{\"reference\":"
        "\"Organization/twin\"},\"extension\":[{\"url\":\"https://belay.health/"
        "StructureDefinition/team-leader\",\"valueReference\":{\"reference\":"
        "\"Practitioner/bo\"}}]}",
        201);
    put_person("bo", "expert", "twin-surgery", "2025-01-01", "2026-01-31");
    post_to_batch("role-bo", "bo", "twin-surgery", "2026-01-31");
    post_to_batch("role-chen", "chen", "twin-surgery", "2026-01-31");
    open_case(CASE_ONE);
    put_draft(CASE_TWO, "pema", "Organization/twin-surgery", "routine");
    step("nima", CASE_TWO, "send", NULL);
    step("bo", CASE_TWO, "accept", NULL);
}

static struct said *batch_as(const char *person, int status)
{
    return said_status(get_as(person, BATCH), status);
}

/* The parts of the posting ${post}. */
static const struct json *posting_of(struct said *s, const char *post)
{
    const struct json *parts = NULL;

    for (int i = 0; (parts = parts_of(s, "posting", i)); i++) {
        if (strcmp(part(parts, "post"), post) == 0)
            return parts;
    }
    fail_msg("no posting %s", post);
    return NULL;
}

/* The item about ${reference} of the posting ${post}; NULL: it is not shown. */
static const struct json *thing_of(
    struct said *s, const char *post, const char *reference)
{
    struct json_each it = json_each(posting_of(s, post));

    while (json_next(&it)) {
        const struct json *parts = json_get(it.value, "part");

        if (str_is(json_get_text(it.value, "name"), "item") &&
            strcmp(part(parts, "record"), reference) == 0)
            return parts;
    }
    return NULL;
}

static void the_leader_sees_who_has_what(void **state)
{
    struct said *s = NULL;

    (void)state;
    open_batch();
    done("chen", "role-chen", "name-successor",
        WHO("successor", "li") "," ITEM("Task/" CASE_ONE));
    s = batch_as("bo", 200);
    assert_int_equal(number(s, "all"), 4);
    assert_int_equal(number(s, "acknowledged"), 0);
    assert_int_equal(number(s, "orphans"), 3); /* whoever was named will be in post */
    assert_int_equal(number(s, "hidden"), 0);
    assert_string_equal(
        part(posting_of(s, "role-chen"), "team"), "Organization/batch-two");
    assert_string_equal(part(thing_of(s, "role-chen", "Task/" CASE_ONE), "successor"),
        "Practitioner/li");
    assert_string_equal(
        part(thing_of(s, "role-bo", "Task/" CASE_TWO), "successor"), "");
    said_free(s);
    time_hold(NOW + 20 * DAY);
    done("li", "role-chen", "acknowledge", "");
    /* who leads the team names somebody for what another of it leaves */
    assert_int_equal(
        done("bo", "role-chen", "name-successor", WHO("successor", "li")), 2);
    s = batch_as("bo", 200);
    assert_int_equal(number(s, "acknowledged"), 1);
    assert_int_equal(number(s, "orphans"), 1);
    assert_int_equal(number(s, "index"), 27); /* 5 of 18 */
    said_free(s);
    /* and is told of the terms of the team that end */
    s = said_status(get_as("bo", "Handover/$waiting"), 200);
    assert_string_equal(part(parts_of(s, "term", 0), "post"), "role-chen");
    said_free(s);
}

static void each_sees_of_the_team_what_they_may(void **state)
{
    struct said *s = NULL;

    (void)state;
    open_batch();
    post_to_batch("role-far", "far", "ring-a", "2026-01-31");
    s = batch_as("coordinator", 200);
    assert_true(number(s, "orphans") >= 4);
    assert_non_null(posting_of(s, "role-far"));
    assert_null(memmem(s->call.answer.data, s->call.answer.len, "Patient/", 8));
    assert_null(memmem(s->call.answer.data, s->call.answer.len, "fracture", 8));
    said_free(s);
    s = batch_as("head-twin", 200);
    assert_non_null(thing_of(s, "role-bo", "Task/" CASE_TWO));
    assert_int_equal(number(s, "hidden"), 1); /* another hospital's to see */
    said_free(s);
    said_free(batch_as("chen", 403)); /* of it, and not its leader */
    said_free(batch_as("wang", 403));
    said_free(batch_as("nima", 403));
    said_free(batch_as(NULL, 403));
    said_free(said_status(get_as("coordinator", "Organization/none/$handover"), 404));
    said_free(said_status(get_as("bo", "Organization/twin/$handover"), 403));
}

static void what_is_had_by_two_postings_is_one(void **state)
{
    struct said *s = NULL;
    long all = 0;

    (void)state;
    open_batch();
    s = batch_as("coordinator", 200);
    all = number(s, "all");
    said_free(s);
    post_to_batch("role-chen-too", "chen", "twin-medicine", "2026-01-31");
    done("head-twin", "role-chen", "name-successor",
        WHO("successor", "li") "," ITEM("Task/" CASE_ONE));
    s = batch_as("coordinator", 200);
    assert_int_equal(number(s, "all"), all);
    assert_int_equal(number(s, "orphans"), all - 1);
    assert_int_equal(strtol(part(posting_of(s, "role-chen-too"), "all"), NULL, 10), 3);
    said_free(s);
}

static void deleted_postings_stay_with_the_team(void **state)
{
    struct said *s = NULL;

    (void)state;
    open_batch();
    said_free(said_status(as(NULL, (struct ask){.method = APP_DELETE,
                                       .path = "PractitionerRole/role-chen"}),
        204));
    s = batch_as("coordinator", 200);
    assert_string_equal(part(posting_of(s, "role-chen"), "ended"), "true");
    assert_int_equal(number(s, "all"), 4);
    said_free(s);
    run_at(AFTER);
    s = batch_as("head-twin", 200);
    assert_int_equal(number(s, "orphans"), 0);
    assert_string_equal(part(thing_of(s, "role-chen", "Task/" CASE_ONE), "successor"),
        "Practitioner/head-twin");
    said_free(s);
    /* what is done leaves the list */
    step("nima", CASE_TWO, "withdraw", P_TEXT("reason", "She went home"));
    s = batch_as("head-twin", 200);
    assert_int_equal(number(s, "all"), 3);
    said_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_leader_sees_who_has_what),
        TEST(each_sees_of_the_team_what_they_may),
        TEST(what_is_had_by_two_postings_is_one),
        TEST(deleted_postings_stay_with_the_team),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
