/* SPDX-License-Identifier: Apache-2.0 */
/* $record, $follow-up, $rate and $respond: what each writes, and each refusal. */
#include "logbook.h"

/* ---- $record ---- */

static void test_record(void **state)
{
    struct said *s = post_status("nima", "Procedure/$record",
        APPENDIX "," PATIENT "," BOTH ",{\"name\":\"performed\",\"valueDateTime\":"
                 "\"2025-12-30\"}," TEXT("note", "Perforated"),
        201);

    (void)state;
    assert_string_equal(said_text(s, "status"), "completed");
    assert_string_equal(said_text(s, "code.coding.0.code"), "appendectomy");
    assert_string_equal(said_text(s, "subject.reference"), "Patient/pema");
    assert_string_equal(said_text(s, "performedDateTime"), "2025-12-30");
    assert_string_equal(said_text(s, "extension.0.valueReference.reference"),
        "Organization/county-surgery");
    assert_string_equal(said_text(s, "recorder.reference"), "Practitioner/nima");
    assert_string_equal(said_text(s, "performer.0.function.coding.0.code"), "operator");
    assert_string_equal(
        said_text(s, "performer.1.actor.reference"), "Practitioner/chen");
    assert_string_equal(said_text(s, "note.0.text"), "Perforated");
    said_free(s);
    s = logbook("tashi", "tashi", "");
    assert_string_equal(part(first_part(s, "case"), "code"), "appendectomy");
    assert_string_equal(part(first_part(s, "case"), "day"), "2025-12-30");
    assert_string_equal(part(first_part(s, "case"), "function"), "operator");
    assert_string_equal(part(first_part(s, "case"), "supervisor"), "Practitioner/chen");
    assert_string_equal(part(first_part(s, "case"), "outcome"), "not-known");
    assert_string_equal(part(first_part(s, "procedure"), "operator"), "1");
    said_free(s);
}

static const char *device(const char *id, const char *more)
{
    const char *path = arena_printf(arena, "Device/%s", id);

    said_free(said_status(
        as(NULL, (struct ask){.method = APP_PUT,
                     .path = path,
                     .body = arena_printf(arena,
                         "{\"resourceType\":\"Device\",\"id\":\"%s\",%s}", id, more)}),
        201));
    return path;
}

#define OWNED(by) "\"owner\":{\"reference\":\"Organization/" by "\"}"

/* Devices of the hospital where it was done, each once; of another, a patient's own and what is none are refused. */
static void test_record_devices(void **state)
{
    static const char *const no[] = {"Device/away", "Device/worn", "Device/nowhere",
        "Practitioner/nima", "Organization/county"};
    struct said *s = NULL;

    (void)state;
    device("scope", OWNED("county-surgery"));
    device("light", OWNED("county"));
    device("away", OWNED("twin"));
    device("worn", OWNED("county") ",\"patient\":{\"reference\":\"Patient/pema\"}");
    s = post_status("nima", "Procedure/$record",
        APPENDIX "," BOTH "," WHO("device", "Device/scope") "," WHO(
            "device", "Device/light") "," WHO("device", "Device/scope"),
        201);
    assert_string_equal(said_text(s, "usedReference.0.reference"), "Device/scope");
    assert_string_equal(said_text(s, "usedReference.1.reference"), "Device/light");
    assert_string_equal(said_text(s, "usedReference.2.reference"), "");
    said_free(s);
    for (size_t i = 0; i < sizeof(no) / sizeof(no[0]); i++)
        refused("nima", "Procedure/$record",
            arena_printf(arena,
                APPENDIX "," BOTH ",{\"name\":\"device\",\"valueReference\":{"
                         "\"reference\":\"%s\"}}",
                no[i]),
            400);
}

/* Who was posted there by a team on that day acts for the team; who is at home, for nobody else. */
static void test_record_visitor(void **state)
{
    static const char team[] =
        "{\"resourceType\":\"Organization\",\"id\":\"team-nine\","
        "\"partOf\":{\"reference\":\"Organization/twin\"}}";
    static const char posting[] =
        "{\"resourceType\":\"PractitionerRole\",\"id\":\"chen-posted\","
        "\"practitioner\":{\"reference\":\"Practitioner/chen\"},"
        "\"organization\":{\"reference\":\"Organization/county-surgery\"},"
        "\"code\":[{\"coding\":[{\"system\":\"https://belay.health/CodeSystem/role\","
        "\"code\":\"expert\"}]}],\"period\":{\"start\":\"2025-12-01\","
        "\"end\":\"2025-12-30\"},\"extension\":[{\"url\":"
        "\"https://belay.health/StructureDefinition/posting-team\","
        "\"valueReference\":{\"reference\":\"Organization/team-nine\"}}]}";
    static const char *const days[] = {"2025-11-30", "2025-12-30", "2025-12-31"};

    (void)state;
    said_free(said_status(as(NULL, (struct ask){.method = APP_PUT,
                                       .path = "Organization/team-nine",
                                       .body = team}),
        201));
    said_free(said_status(as(NULL, (struct ask){.method = APP_PUT,
                                       .path = "PractitionerRole/chen-posted",
                                       .body = posting}),
        201));
    for (int i = 0; i < 3; i++) {
        struct said *s = post_status("nima", "Procedure/$record",
            arena_printf(arena,
                APPENDIX "," PATIENT "," BOTH
                         ",{\"name\":\"performed\",\"valueDateTime\":\"%s\"}",
                days[i]),
            201);

        assert_string_equal(said_text(s, "performer.0.onBehalfOf.reference"), "");
        if (i == 1)
            assert_string_equal(said_text(s, "performer.1.onBehalfOf.reference"),
                "Organization/team-nine");
        else
            assert_string_equal(said_text(s, "performer.1.onBehalfOf.reference"), "");
        said_free(s);
    }
}

/* In the east a day begins before it does in UTC; an instant says which it is. */
static void test_record_zone(void **state)
{
    (void)state;
    time_hold(NOW + 11LL * 3600 * 1000); /* it is 2026-01-01T11:00Z */
    record(
        APPENDIX "," BOTH ",{\"name\":\"performed\",\"valueDateTime\":\"2026-01-02\"}");
    refused("nima", "Procedure/$record",
        APPENDIX "," BOTH
                 ",{\"name\":\"performed\",\"valueDateTime\":\"2026-01-02T09:00:00Z\"}",
        400);
}

/* Nobody's patient: the hospital's by its place. */
static void test_record_nobody(void **state)
{
    const char *id = record(APPENDIX "," BOTH);
    struct said *s =
        said_status(get_as("nima", arena_printf(arena, "Procedure/%s", id)), 200);

    (void)state;
    assert_string_equal(said_text(s, "subject.display"), "No patient is named");
    assert_string_equal(said_text(s, "location.reference"), "Location/county-site");
    said_free(s);
    said_free(
        said_status(get_as("wang", arena_printf(arena, "Procedure/%s", id)), 404));
    said_free(
        said_status(get_as("chen", arena_printf(arena, "Procedure/%s", id)), 404));
}

static void test_record_once(void **state)
{
    const char *given = APPENDIX
        "," PATIENT "," BOTH
        ",{\"name\":\"id\",\"valueId\":\"2f6b5b1e-9a1c-4b7e-8f7a-0c8d9e0f1a2b\"}";
    struct said *s = NULL;

    (void)state;
    assert_string_equal(record(given), "2f6b5b1e-9a1c-4b7e-8f7a-0c8d9e0f1a2b");
    said_free(post_status("nima", "Procedure/$record", given, 200));
    refused("dawa", "Procedure/$record", given, 409);
    s = logbook("tashi", "tashi", "");
    assert_string_equal(part(first_part(s, "procedure"), "operator"), "1");
    said_free(s);
}

static void test_record_refused(void **state)
{
    static const char path[] = "Procedure/$record";

    (void)state;
    refused("nima", path, BOTH, 400);
    refused("nima", path, CODE("code", "magic") "," BOTH, 400);
    refused("nima", path, APPENDIX, 400);
    refused("nima", path, APPENDIX "," PART("tashi", "helper"), 400);
    refused("nima", path, APPENDIX "," PART("nobody-known", "operator"), 400);
    refused("nima", path,
        APPENDIX "," BOTH ",{\"name\":\"performed\",\"valueDateTime\":\"2026-01-02\"}",
        400);
    refused("nima", path,
        APPENDIX "," BOTH ",{\"name\":\"performed\",\"valueDateTime\":\"soon\"}", 400);
    refused("nima", path, APPENDIX "," BOTH "," WHO("patient", "Patient/sita"), 400);
    refused("nima", path, APPENDIX "," BOTH "," WHO("patient", "Patient/unheard"), 400);
    refused("nima", path,
        APPENDIX "," BOTH "," WHO("department", "Organization/twin-surgery"), 403);
    refused(
        "nima", path, APPENDIX "," BOTH ",{\"name\":\"id\",\"valueId\":\"mine\"}", 400);
    refused("chen", path, APPENDIX "," BOTH, 403); /* an expert has no ward */
    refused("tashi", path, APPENDIX "," BOTH, 403);
    refused("director", path, APPENDIX "," BOTH, 403);
    refused("past", path, APPENDIX "," BOTH, 403);
    refused(NULL, path, APPENDIX "," BOTH, 403);
    said_free(said_status(get_as("nima", path), 405));
    said_free(said_status(as("nima", (struct ask){.method = APP_POST,
                                         .path = path,
                                         .body = "{\"resourceType\":\"Procedure\"}"}),
        400));
}

/* ---- $follow-up ---- */

static void test_follow_up(void **state)
{
    const char *id = record(APPENDIX "," PATIENT "," BOTH);
    struct said *s = post_status("dawa", on(id, "follow-up"),
        CODE("at", "discharge") "," CODE("result", "well"), 200);

    (void)state;
    assert_string_equal(said_text(s, "outcome.coding.0.code"), "well");
    assert_int_equal(said_count(s, "extension"), 2);
    said_free(s);
    said_free(post_status("nima", on(id, "follow-up"),
        CODE("at", "day-30") "," CODE("result", "serious") "," TEXT("text", "Abscess"),
        200));
    s = logbook("chen", "tashi", "");
    assert_string_equal(part(first_part(s, "case"), "outcome"), "failure");
    assert_string_equal(part(first_part(s, "case"), "event-open"), "true");
    said_free(s);
    /* a second word about one look replaces the first */
    s = post_status("nima", on(id, "follow-up"),
        CODE("at", "discharge") "," CODE("result", "complication") "," TEXT(
            "text", "Fever"),
        200);
    assert_int_equal(said_count(s, "extension"), 3);
    assert_string_equal(said_text(s, "outcome.coding.0.code"), "serious");
    said_free(s);
    refused("nima", on(id, "follow-up"),
        CODE("at", "review") "," TEXT("text", "Looked at together"), 403);
    said_free(post_status("head-county", on(id, "follow-up"),
        CODE("at", "review") "," TEXT("text", "Looked at together"), 200));
    s = logbook("head-county", "tashi", "");
    assert_string_equal(part(first_part(s, "case"), "event-open"), "");
    said_free(s);
}

/* The only head operated: neither they, nor the head of the twin, who does not read the
 * operation, nor the director reviews it. */
static void test_only_head_operated(void **state)
{
    const char *id = record(APPENDIX "," PATIENT "," PART("head-county", "operator"));
    const char *path = on(id, "follow-up");
    const char *review = CODE("at", "review") "," TEXT("text", "Looked at together");
    struct said *s = NULL;

    (void)state;
    said_free(post_status("nima", path,
        CODE("at", "day-30") "," CODE("result", "serious") "," TEXT("text", "Abscess"),
        200));
    refused("head-county", path, review, 403);
    refused("head-twin", path, review, 404);
    refused("director", path, review, 404);
    s = said_status(get_as("head-county", "Procedure/$waiting"), 200);
    assert_null(first_part(s, "review"));
    said_free(s);
}

static void test_follow_up_refused(void **state)
{
    const char *id = record(APPENDIX "," PATIENT "," BOTH);
    const char *path = on(id, "follow-up");

    (void)state;
    refused("nima", path, CODE("result", "well"), 400);
    refused("nima", path, CODE("at", "tomorrow") "," CODE("result", "well"), 400);
    refused("nima", path, CODE("at", "discharge"), 400);
    refused("nima", path, CODE("at", "discharge") "," CODE("result", "fine"), 400);
    refused("nima", path, CODE("at", "discharge") "," CODE("result", "died"), 400);
    refused("head-county", path, CODE("at", "review") "," TEXT("text", "x"), 409);
    refused("chen", path, CODE("at", "discharge") "," CODE("result", "well"), 404);
    refused("tashi", path, CODE("at", "discharge") "," CODE("result", "well"), 404);
    refused("wang", path, CODE("at", "discharge") "," CODE("result", "well"), 404);
    refused("nima", on("not-there", "follow-up"),
        CODE("at", "discharge") "," CODE("result", "well"), 404);
    refused("nima", on("op", "follow-up"),
        CODE("at", "discharge") "," CODE("result", "well"), 409);
    refused(NULL, path, CODE("at", "discharge") "," CODE("result", "well"), 403);
    said_free(post_status("nima", path,
        CODE("at", "discharge") "," CODE("result", "died") "," TEXT("text", "Sepsis"),
        200));
    refused("nima", path, CODE("at", "day-30") "," CODE("result", "well"), 409);
}

/* ---- $rate and $respond ---- */

static void test_rate(void **state)
{
    const char *id = record(APPENDIX "," PATIENT "," BOTH);
    struct said *s = post_status("chen", on(id, "rate"), ZWISCH("3"), 201);
    const char *rating = said_text(s, "id");
    const struct json *row = NULL;

    (void)state;
    rating = arena_strndup(arena, rating, strlen(rating));
    assert_string_equal(said_text(s, "valueInteger"), "3");
    assert_string_equal(said_text(s, "component.0.valueInteger"), "3");
    assert_string_equal(said_text(s, "focus.0.reference"), "Practitioner/tashi");
    assert_string_equal(said_text(s, "performer.0.reference"), "Practitioner/chen");
    assert_string_equal(
        said_text(s, "partOf.0.reference"), arena_printf(arena, "Procedure/%s", id));
    assert_string_equal(said_text(s, "subject.reference"), ""); /* no patient */
    said_free(s);
    /* a second replaces the first, as a new version */
    s = post_status("chen", on(id, "rate"),
        WHO("apprentice", "Practitioner/tashi") "," CODE("scale",
            "o-score") ",{\"name\":\"value\",\"valueInteger\":5}," CODE("performance",
            "exceptional") "," CODE("difficulty", "harder") "," TEXT("word", "Calm"),
        200);
    assert_string_equal(said_text(s, "id"), rating);
    assert_string_equal(said_text(s, "valueInteger"), "5");
    assert_string_equal(said_text(s, "note.0.text"), "Calm");
    said_free(s);
    s = post_status("tashi", on(id, "respond"),
        WHO("assessor", "Practitioner/chen") "," TEXT("word", "Thank you"), 200);
    assert_int_equal(said_count(s, "note"), 2);
    assert_string_equal(said_text(s, "note.1.text"), "Thank you");
    assert_string_equal(said_text(s, "note.0.text"), "Calm");
    said_free(s);
    s = logbook("tashi", "tashi", "");
    row = parts_of(first_part(s, "case"), "rating", 0);
    assert_string_equal(part(row, "assessor"), "Practitioner/chen");
    assert_string_equal(part(row, "level"), "5");
    assert_string_equal(part(row, "scale"), "o-score");
    assert_string_equal(part(row, "value"), "5");
    assert_string_equal(part(row, "answered"), "true");
    assert_null(parts_of(first_part(s, "case"), "rating", 1));
    said_free(s);
    /* learning data: for the apprentice, the master, the heads; not for the ward */
    said_free(said_status(
        get_as("head-twin", arena_printf(arena, "Observation/%s", rating)), 200));
    said_free(said_status(
        get_as("nima", arena_printf(arena, "Observation/%s", rating)), 404));
    refused("nima", on(id, "respond"),
        WHO("assessor", "Practitioner/chen") "," TEXT("word", "Me too"), 404);
    refused("tashi", on(id, "respond"), WHO("assessor", "Practitioner/chen"), 400);
}

#define RATE_ID(id) ",{\"name\":\"id\",\"valueId\":\"" id "\"}"
#define FIRST_ID RATE_ID("2f6b5b1e-9a1c-4b7e-8f7a-0c8d9e0f1a2b")
#define SECOND_ID RATE_ID("6a1f0c52-3a77-4d0e-9d8b-5e2f7a90c311")

/* What a device sends again, not knowing that it arrived, is written once, also when the
 * master has thought better of it meanwhile. */
static void test_rate_once(void **state)
{
    const char *id = record(APPENDIX "," BOTH);
    struct said *s = post_status("chen", on(id, "rate"), ZWISCH("3") FIRST_ID, 201);
    const char *first = arena_printf(arena, "%s", said_text(s, "meta.versionId"));
    const char *second = NULL;

    (void)state;
    said_free(s);
    s = post_status("chen", on(id, "rate"), ZWISCH("3") FIRST_ID, 200);
    assert_string_equal(said_text(s, "meta.versionId"), first);
    said_free(s);
    s = post_status("chen", on(id, "rate"), ZWISCH("4") SECOND_ID, 200);
    second = arena_printf(arena, "%s", said_text(s, "meta.versionId"));
    assert_string_not_equal(second, first);
    said_free(s);
    s = post_status("chen", on(id, "rate"), ZWISCH("3") FIRST_ID, 200);
    assert_string_equal(said_text(s, "meta.versionId"), second);
    assert_string_equal(said_text(s, "valueInteger"), "4");
    said_free(s);
    refused("chen", on(id, "rate"), ZWISCH("3") RATE_ID("mine"), 400);
}

static void test_rate_refused(void **state)
{
    const char *id = record(APPENDIX "," PATIENT "," BOTH);
    const char *path = on(id, "rate");
    const char *alone = record(APPENDIX "," PATIENT "," PART("tashi", "operator"));
    const char *looks = record(APPENDIX
        "," PATIENT "," PART("tashi", "observer") "," PART("chen", "operator"));
    const char *pair = record(APPENDIX
        "," PATIENT "," PART("nima", "operator") "," PART("tashi", "assistant"));
    const char *both = record(APPENDIX
        "," PATIENT "," PART("nima", "operator") "," PART("tashi", "operator"));

    (void)state;
    refused("nima", path, ZWISCH("3"), 403); /* may read it, and had no part in it */
    refused("wang", path, ZWISCH("3"), 404); /* may not, and is told of nothing */
    refused("tashi", path, ZWISCH("4"), 404);
    refused("head-county", path, ZWISCH("4"), 403);
    refused("chen", path, ZWISCH("5"), 400);
    refused("chen", path, ZWISCH("0"), 400);
    refused("chen", path, CODE("scale", "zwisch"), 400);
    refused("chen", on("not-there", "rate"), ZWISCH("3"), 404);
    refused("chen", on("op", "rate"), ZWISCH("3"), 404);
    refused(NULL, path, ZWISCH("3"), 403);
    refused("chen", on(looks, "rate"), ZWISCH("3"), 400);
    said_free(
        post_status("chen", on(alone, "rate"), ZWISCH("4"), 201)); /* the master */
    said_free(post_status("nima", on(pair, "rate"), ZWISCH("2"), 201));
    refused("nima", on(both, "rate"), ZWISCH("2"), 403);
    /* nobody rates himself, nor writes a rating of an operation otherwise */
    refused("chen", on(looks, "rate"),
        WHO("apprentice", "Practitioner/chen") "," CODE("scale",
            "zwisch") ",{\"name\":\"value\",\"valueInteger\":4}," CODE("performance",
            "exceptional") "," CODE("difficulty", "average"),
        404);
    write_as("chen", APP_POST, "Observation",
        arena_printf(arena,
            "{\"resourceType\":\"Observation\",\"status\":\"final\",\"code\":{"
            "\"coding\":[{\"system\":\"" SYSTEM
            "rating\",\"code\":\"operation\"}]},\"focus\":[{\"reference\":"
            "\"Practitioner/tashi\"}],\"performer\":[{\"reference\":"
            "\"Practitioner/chen\"}],\"partOf\":[{\"reference\":\"Procedure/%s\"}]}",
            id),
        403);
}

/* A master whose apprenticeship has ended rates no more. */
static void test_rate_ended(void **state)
{
    const char *alone = record(APPENDIX "," PATIENT "," PART("tashi", "operator"));

    (void)state;
    write_as(NULL, APP_PUT, "Apprenticeship/tashi-chen",
        "{\"resourceType\":\"Apprenticeship\",\"id\":\"tashi-chen\",\"status\":"
        "\"active\",\"period\":{\"end\":\"2025-12-01\"},\"apprentice\":{\"reference\":"
        "\"Practitioner/tashi\"},\"master\":{\"reference\":\"Practitioner/chen\"},"
        "\"learningDepartment\":{\"reference\":\"Organization/county-surgery\"}}",
        200);
    refused("chen", on(alone, "rate"), ZWISCH("4"), 404);
}

#define IN_STEP(who, as, step)                                                         \
    "{\"name\":\"part\",\"part\":[" WHO("who", "Practitioner/" who) "," CODE(          \
        "as", as) "," TEXT("step", step) "]}"
#define STEP_IS(step, n)                                                               \
    "{\"name\":\"step\",\"part\":[" TEXT("name", step) ",{\"name\":\"value\","         \
                                                       "\"valueInteger\":" n "}]}"
#define CLOSING "Closing"

/* An operation by steps: the master is told those of the apprentice, and may rate them. */
static void test_steps_are_rated(void **state)
{
    const char *id = record(APPENDIX "," PATIENT "," PART("chen",
        "supervisor") "," IN_STEP("tashi", "operator", "Opening") "," IN_STEP("tashi",
        "assistant", CLOSING) "," IN_STEP("nima", "operator", "Tying"));
    struct said *s = said_status(get_as("chen", "Procedure/$waiting"), 200);
    const struct json *row = first_part(s, "rate");

    (void)state;
    assert_string_equal(part(parts_of(row, "step", 0), "name"), "Opening");
    assert_string_equal(part(parts_of(row, "step", 1), "name"), CLOSING);
    assert_string_equal(part(parts_of(row, "step", 1), "function"), "assistant");
    assert_null(parts_of(row, "step", 2)); /* nima's is not tashi's */
    said_free(s);
    refused("chen", on(id, "rate"), ZWISCH("3") "," STEP_IS("Tying", "3"), 400);
    refused("chen", on(id, "rate"), ZWISCH("3") "," STEP_IS("Dreaming", "3"), 400);
    refused("chen", on(id, "rate"), ZWISCH("3") "," STEP_IS("Opening", "5"), 400);
    refused("chen", on(id, "rate"),
        ZWISCH("3") "," STEP_IS("Opening", "4") "," STEP_IS("Opening", "3"), 400);
    s = post_status("chen", on(id, "rate"),
        ZWISCH("3") "," STEP_IS("Opening", "4") "," STEP_IS(CLOSING, "2"), 201);
    assert_string_equal(said_text(s, "component.3.code.coding.0.code"), "step");
    assert_string_equal(said_text(s, "component.3.code.text"), "Opening");
    assert_string_equal(said_text(s, "component.3.valueInteger"), "4");
    said_free(s);
    said_free(post_status("tashi", on(id, "respond"),
        WHO("assessor", "Practitioner/chen") "," TEXT("word", "Thank you"), 200));
    s = logbook("tashi", "tashi", ""); /* the answer took nothing away */
    row = parts_of(first_part(s, "case"), "rating", 0);
    assert_string_equal(part(row, "level"), "3");
    assert_string_equal(part(parts_of(row, "step", 0), "name"), "Opening");
    assert_string_equal(part(parts_of(row, "step", 0), "level"), "4");
    assert_string_equal(part(parts_of(row, "step", 1), "value"), "2");
    assert_null(parts_of(row, "step", 2));
    /* who did some steps assisted in the whole: no curve and no condition moves by it */
    assert_string_equal(part(first_part(s, "procedure"), "assistant"), "1");
    assert_string_equal(part(first_part(s, "procedure"), "last-level"), "");
    said_free(s);
    said_free(post_status("chen", on(id, "rate"), ZWISCH("4"), 200)); /* three taps */
    s = logbook("tashi", "tashi", "");
    row = parts_of(first_part(s, "case"), "rating", 0);
    assert_string_equal(part(row, "level"), "4");
    assert_null(parts_of(row, "step", 0));
    said_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_record, open_network, close_network),
        cmocka_unit_test_setup_teardown(
            test_record_visitor, open_network, close_network),
        cmocka_unit_test_setup_teardown(
            test_record_devices, open_network, close_network),
        cmocka_unit_test_setup_teardown(test_record_zone, open_network, close_network),
        cmocka_unit_test_setup_teardown(
            test_record_nobody, open_network, close_network),
        cmocka_unit_test_setup_teardown(test_record_once, open_network, close_network),
        cmocka_unit_test_setup_teardown(
            test_record_refused, open_network, close_network),
        cmocka_unit_test_setup_teardown(test_follow_up, open_network, close_network),
        cmocka_unit_test_setup_teardown(
            test_only_head_operated, open_network, close_network),
        cmocka_unit_test_setup_teardown(
            test_follow_up_refused, open_network, close_network),
        cmocka_unit_test_setup_teardown(test_rate, open_network, close_network),
        cmocka_unit_test_setup_teardown(test_rate_once, open_network, close_network),
        cmocka_unit_test_setup_teardown(test_rate_refused, open_network, close_network),
        cmocka_unit_test_setup_teardown(test_rate_ended, open_network, close_network),
        cmocka_unit_test_setup_teardown(
            test_steps_are_rated, open_network, close_network),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
