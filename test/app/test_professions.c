/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A technician, a nurse and a therapist learn by the same rules as a surgeon, and what they learn is no
 * operation: each is apprenticed to chen, logs what they did, is rated, answers, says what
 * became of it, and is signed off by three; the map of the hospital has it then.
 */
#include "sign_off.h"

static const struct learner {
    const char *who;
    const char *technique;
    const char *device; /* that it needs; NULL: none */
} learners[] = {{"sonam", "echocardiography", "ultrasound"},
    {"dawa", "phototherapy", "phototherapy-lamp"},
    {"yangjin", "stroke-rehabilitation", NULL}};

static const struct learner *learner;

static const char *who(const char *name, const char *type, const char *id)
{
    return arena_printf(arena,
        "{\"name\":\"%s\",\"valueReference\":{\"reference\":\"%s/%s\"}}", name, type,
        id);
}

static const char *coded(const char *name, const char *code)
{
    return arena_printf(arena, "{\"name\":\"%s\",\"valueCode\":\"%s\"}", name, code);
}

static const char *taken(struct said *s)
{
    const char *id = said_text(s, "id");

    id = arena_strndup(arena, id, strlen(id));
    said_free(s);
    return id;
}

/* ---- the steps ---- */

static void learns(void)
{
    const char *terms = arena_printf(arena,
        "%s,%s,%s,%s,{\"name\":\"goal\",\"part\":[%s]},{\"name\":\"end\","
        "\"valueDate\":\"2026-12-31\"}",
        who("apprentice", "Practitioner", learner->who),
        who("master", "Practitioner", "chen"),
        who("learning-department", "Organization", "county-surgery"),
        who("teaching-department", "Organization", "twin-surgery"),
        coded("procedure", learner->technique));
    const char *id =
        taken(post_status(learner->who, "Apprenticeship/$propose", terms, 201));
    const char *agree = arena_printf(arena, "Apprenticeship/%s/$agree", id);
    struct said *s = NULL;

    said_free(post_status("chen", agree, "", 200));
    s = post_status("head-county", agree, "", 200);
    assert_string_equal(said_text(s, "status"), "active");
    said_free(s);
}

/* By the learner, of a patient of the hospital. */
static const char *logs(void)
{
    const char *what = arena_printf(arena,
        "%s," PATIENT
        ",{\"name\":\"part\",\"part\":[%s,%s]}," PART("chen", "supervisor"),
        coded("code", learner->technique), who("who", "Practitioner", learner->who),
        coded("as", "operator"));

    return taken(post_status(learner->who, "Procedure/$record", what, 201));
}

static void is_rated(const char *id)
{
    const char *rating =
        arena_printf(arena, "%s,%s,{\"name\":\"value\",\"valueInteger\":4},%s,%s",
            who("apprentice", "Practitioner", learner->who), coded("scale", "zwisch"),
            coded("performance", "practice-ready"), coded("difficulty", "average"));
    const char *answer = arena_printf(arena, "%s," TEXT("word", "Thank you"),
        who("assessor", "Practitioner", "chen"));
    struct said *s = said_status(get_as("chen", "Procedure/$waiting"), 200);

    assert_string_equal(part(first_part(s, "rate"), "id"), id);
    said_free(s);
    refused(learner->who, on(id, "rate"), rating, 403); /* nobody themselves */
    said_free(post_status("chen", on(id, "rate"), rating, 201));
    said_free(post_status(learner->who, on(id, "respond"), answer, 200));
    said_free(post_status(learner->who, on(id, "follow-up"),
        CODE("at", "discharge") "," CODE("result", "well"), 200));
}

static void stands_in_the_logbook(void)
{
    struct said *s = logbook("head-county", learner->who, "");
    const struct json *line = first_part(s, "procedure");
    const struct json *row = first_part(s, "case");

    assert_string_equal(part(line, "code"), learner->technique);
    assert_string_equal(part(line, "operator"), "1");
    assert_string_equal(part(line, "last-level"), "4");
    assert_string_equal(part(row, "function"), "operator");
    assert_string_equal(part(parts_of(row, "rating", 0), "answered"), "true");
    said_free(s);
    said_free(said_status(
        get_as("nima", arena_printf(arena, "Practitioner/%s/$logbook", learner->who)),
        403));
}

static const char *capability(void)
{
    struct said *s = said_status(
        get_as("nima", arena_printf(arena, "Organization/county/$capability?code=%s",
                           learner->technique)),
        200);
    const char *found = part(json_get(s->json, "parameter"), "level");

    found = arena_strndup(arena, found, strlen(found));
    said_free(s);
    return found;
}

static void is_signed_off(void)
{
    const char *asked =
        arena_printf(arena, "%s,%s", who("person", "Practitioner", learner->who),
            coded("procedure", learner->technique));
    const char *id = taken(said_in(learner->who, "SignOff/$propose", asked, 201));
    struct said *s = NULL;

    refused_in(learner->who, of(id, "sign"), signature("I can"), 403);
    all_sign(id);
    s = said_status(
        get_as("nima", arena_printf(arena, "Practitioner/%s", learner->who)), 200);
    assert_string_equal(
        said_text(s, "qualification.0.code.coding.0.code"), learner->technique);
    said_free(s);
}

static void put_device(void)
{
    if (learner->device)
        write_as(NULL, APP_PUT, "Device/theirs",
            arena_printf(arena,
                "{\"resourceType\":\"Device\",\"id\":\"theirs\",\"status\":\"active\","
                "\"owner\":{\"reference\":\"Organization/county\"},\"type\":{"
                "\"coding\":[{\"system\":\"" SYSTEM "device-kind\",\"code\":\"%s\"}]}}",
                learner->device),
            201);
}

static void the_same_rules(void)
{
    write_as(NULL, APP_PUT, arena_printf(arena, "Practitioner/%s", learner->who),
        arena_printf(arena,
            "{\"resourceType\":\"Practitioner\",\"id\":\"%s\",\"name\":[{\"text\":"
            "\"%s\"}]}",
            learner->who, learner->who),
        200);
    put_device();
    learns();
    is_rated(logs());
    stands_in_the_logbook();
    assert_string_not_equal(capability(), "independent");
    is_signed_off();
    assert_string_equal(capability(), "independent");
}

static void test_technician(void **state)
{
    (void)state;
    learner = &learners[0];
    the_same_rules();
}

static void test_nurse(void **state)
{
    (void)state;
    learner = &learners[1];
    the_same_rules();
}

static void test_therapist(void **state)
{
    (void)state;
    learner = &learners[2];
    the_same_rules();
}

/* What the post does not give: an emergency is opened by who treats or nurses; cases of other
 * hospitals are not sent to a technician. */
static void test_no_more(void **state)
{
    (void)state;
    refused("sonam", "Patient/sita/$break-glass", TEXT("reason", "Urgent"), 403);
    refused("yangjin", "Patient/sita/$break-glass", TEXT("reason", "Urgent"), 403);
    refused("tashi",
        "Procedure/$record", /* an apprentice's post alone records nothing */
        APPENDIX "," PART("tashi", "operator"), 403);
}

#define CASE(name)                                                                     \
    cmocka_unit_test_setup_teardown(test_##name, open_signing, close_network)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(technician),
        CASE(nurse),
        CASE(therapist),
        CASE(no_more),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
