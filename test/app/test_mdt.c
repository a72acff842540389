/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Meetings of several departments about a case: who may call, answer, write down and agree,
 * what is refused, and that whoever is invited sees the case from then on.
 */
#include "case.h"

#define P_ID(name, id) "{\"name\":\"" name "\",\"valueId\":\"" id "\"}"
#define P_AT(name, at) "{\"name\":\"" name "\",\"valueInstant\":\"" at "\"}"
#define P_UNIT(unit)                                                                   \
    "{\"name\":\"department\",\"valueReference\":{\"reference\":\"Organization/" unit  \
    "\"}}"
#define P_WHO(name, who)                                                               \
    "{\"name\":\"" name "\",\"valueReference\":{\"reference\":\"Practitioner/" who     \
    "\"}}"
#define P_NUMBER(name, n) "{\"name\":\"" name "\",\"valuePositiveInt\":" n "}"
#define P_FALSE(name) "{\"name\":\"" name "\",\"valueBoolean\":false}"

#define M1 "7d6f5b1e-2f3a-4c55-9d0e-1a2b3c4d5e01"
#define M2 "7d6f5b1e-2f3a-4c55-9d0e-1a2b3c4d5e02"
#define M3 "7d6f5b1e-2f3a-4c55-9d0e-1a2b3c4d5e03"
#define C1 "7d6f5b1e-2f3a-4c55-9d0e-1a2b3c4d5e11"
#define C2 "7d6f5b1e-2f3a-4c55-9d0e-1a2b3c4d5e12"

#define SLOT                                                                           \
    P_AT("start", "2026-01-02T15:00:00+08:00")                                         \
    "," P_AT("end", "2026-01-02T15:45:00+08:00")
#define WHAT P_TEXT("subject", "Operate or wait?")
#define CALL(id) P_ID("id", id) "," WHAT "," SLOT
#define DURING (NOW + 32LL * 60 * 60 * 1000) /* the meeting is over by then */

static void open_case(const char *id, const char *patient)
{
    put_draft(id, patient, "Organization/twin-surgery", "routine");
    step("nima", id, "send", NULL);
}

static void call(const char *person, const char *id, const char *parameters)
{
    step(person, id, "call-mdt", parameters);
}

static void refuse(const char *person, const char *id, const char *name,
    const char *parameters, int status)
{
    struct said *s = step_status(person, id, name, parameters, status);

    assert_true(strlen(said_text(s, "issue.0.diagnostics")) > 20);
    said_free(s);
}

/* Is ${path} shown to ${person}? */
static bool sees(const char *person, const char *path)
{
    struct said *s = get_as(person, path);
    bool there = s->status == 200;

    assert_true(there || s->status == 404);
    said_free(s);
    return there;
}

static void text_is(
    const char *person, const char *path, const char *at, const char *expected)
{
    struct said *s = said_status(get_as(person, path), 200);

    assert_string_equal(said_text(s, at), expected);
    said_free(s);
}

static long versions_of(const char *path)
{
    struct said *s =
        said_status(get_as(NULL, arena_printf(arena, "%s/_history", path)), 200);
    long n = strtol(said_text(s, "total"), NULL, 10);

    said_free(s);
    return n;
}

static void who_is_invited_sees_the_case(void **state)
{
    (void)state;
    open_case("m-case", "pema");
    assert_false(sees("wang", "ServiceRequest/m-case"));
    call("chen", "m-case",
        CALL(M1) "," P_UNIT("twin-medicine") "," P_WHO("person", "nima"));
    assert_true(sees("wang", "ServiceRequest/m-case"));
    assert_true(sees("wang", "Appointment/" M1));
    assert_true(sees("nima", "Appointment/" M1));
    assert_true(sees("dawa", "Appointment/" M1));
    assert_false(sees("azamat", "Appointment/" M1));
    assert_false(sees("tashi", "Appointment/" M1));
    assert_string_equal(state_of("m-case"), "sent");
    text_is("nima", "Appointment/" M1, "status", "pending");
    text_is("nima", "Appointment/" M1, "start", "2026-01-02T15:00:00+08:00");
    text_is("nima", "Appointment/" M1, "participant.1.actor.reference",
        "Practitioner/chen");
    text_is("nima", "Appointment/" M1, "participant.2.status", "needs-action");
    /* who was asked first is asked last in the Task: an escalation goes on from them */
    text_is("nima", "ServiceRequest/m-case", "performer.1.reference",
        "Organization/twin-medicine");
    /* asked for again, it is the same meeting */
    call("chen", "m-case",
        CALL(M1) "," P_UNIT("twin-medicine") "," P_WHO("person", "nima"));
    assert_int_equal(versions_of("Appointment/" M1), 1);
    assert_int_equal(versions_of("ServiceRequest/m-case"), 3);
    refuse("nima", "m-case", "call-mdt", CALL(M1) "," P_UNIT("twin-medicine"), 409);
    step("nima", "m-case", "withdraw", P_TEXT("reason", "Not needed"));
    assert_false(sees("wang", "Appointment/" M1));
}

static void who_may_not_call_and_what_is_refused(void **state)
{
    (void)state;
    open_case("r-case", "pema");
    refuse("wang", "r-case", "call-mdt", CALL(M2) "," P_UNIT("twin-medicine"), 404);
    refuse(NULL, "r-case", "call-mdt", CALL(M2) "," P_UNIT("twin-medicine"), 403);
    refuse("chen", "r-case", "call-mdt", CALL(M2), 400);
    refuse("chen", "r-case", "call-mdt", CALL(M2) "," P_UNIT("nowhere"), 400);
    refuse("chen", "r-case", "call-mdt", CALL(M2) "," P_WHO("person", "nowhere"), 400);
    refuse("chen", "r-case", "call-mdt",
        P_ID("id", M2) "," SLOT "," P_UNIT("twin-medicine"), 400);
    refuse(
        "chen", "r-case", "call-mdt", WHAT "," SLOT "," P_UNIT("twin-medicine"), 400);
    refuse("chen", "r-case", "call-mdt",
        P_ID("id", M2) "," WHAT "," P_UNIT("twin-medicine") "," P_AT("start",
            "2026-01-02T15:00:00") "," P_AT("end", "2026-01-02T15:45:00+08:00"),
        400);
    refuse("chen", "r-case", "call-mdt",
        P_ID("id", M2) "," WHAT "," P_UNIT("twin-medicine") "," P_AT(
            "start", "2026-01-02T15:00:00Z") "," P_AT("end", "2026-01-02T14:00:00Z"),
        400);
    refuse("chen", "r-case", "call-mdt",
        P_ID("id", M2) "," WHAT "," P_UNIT("twin-medicine") "," P_AT(
            "start", "2025-01-02T15:00:00Z") "," P_AT("end", "2025-01-02T16:00:00Z"),
        400);
    refuse("chen", "r-case", "call-mdt",
        P_ID("id", M2) "," WHAT "," P_UNIT("twin-medicine") "," P_AT(
            "start", "2027-03-02T15:00:00Z") "," P_AT("end", "2027-03-02T16:00:00Z"),
        400);
    refuse("chen", "r-case", "call-mdt",
        CALL(M2) "," P_UNIT("twin-medicine") "," P_TEXT("why", "x"), 400);
    step("nima", "r-case", "withdraw", P_TEXT("reason", "Not needed"));
    refuse("nima", "r-case", "call-mdt", CALL(M2) "," P_UNIT("twin-medicine"), 409);
}

static void abroad_needs_the_consent_that_sending_needs(void **state)
{
    (void)state;
    open_case("b-case", "pema"); /* who agreed to it */
    call("nima", "b-case", CALL(M2) "," P_UNIT("abroad-surgery"));
    assert_true(sees("azamat", "Appointment/" M2));
    open_case("n-case", "lobsang"); /* who withdrew it */
    refuse("nima", "n-case", "call-mdt", CALL(M3) "," P_UNIT("abroad-surgery"), 403);
    refuse("nima", "n-case", "call-mdt", CALL(M3) "," P_WHO("person", "azamat"), 403);
    assert_false(sees(NULL, "Appointment/" M3));
    assert_false(sees("azamat", "ServiceRequest/n-case"));
}

static void held(void)
{
    open_case("h-case", "pema");
    call("chen", "h-case",
        CALL(M3) "," P_UNIT("twin-medicine") "," P_WHO("person", "nima") "," P_WHO(
            "person", "dawa"));
}

static void answers(void **state)
{
    (void)state;
    held();
    refuse("gulnara", "h-case", "mdt-reply",
        P_ID("meeting", M3) "," P_CODE("answer", "accepted"), 404);
    refuse("head-county", "h-case", "mdt-reply", /* of the hospital, but not invited */
        P_ID("meeting", M3) "," P_CODE("answer", "accepted"), 403);
    refuse("nima", "h-case", "mdt-reply",
        P_ID("meeting", M3) "," P_CODE("answer", "tentative"), 400);
    refuse("nima", "h-case", "mdt-reply",
        P_ID("meeting", M1) "," P_CODE("answer", "accepted"), 404); /* another case's */
    step("nima", "h-case", "mdt-reply",
        P_ID("meeting", M3) "," P_CODE("answer", "accepted"));
    text_is("chen", "Appointment/" M3, "participant.2.status", "accepted");
    text_is("chen", "Appointment/" M3, "status", "pending");
    step("dawa", "h-case", "mdt-reply",
        P_ID("meeting", M3) "," P_CODE("answer", "declined") "," P_TEXT(
            "text", "Night duty"));
    text_is("chen", "Appointment/" M3, "status", "booked");
    step("wang", "h-case", "mdt-reply", /* as one of the department */
        P_ID("meeting", M3) "," P_CODE("answer", "accepted"));
    text_is("chen", "Appointment/" M3, "participant.4.actor.reference",
        "Practitioner/wang");
    assert_int_equal(versions_of("Appointment/" M3), 4);
    step("wang", "h-case", "mdt-reply", /* the same again */
        P_ID("meeting", M3) "," P_CODE("answer", "accepted"));
    assert_int_equal(versions_of("Appointment/" M3), 4);
}

#define MINUTES                                                                        \
    P_ID("id", C1)                                                                     \
    "," P_ID("meeting", M3) "," P_TEXT("text", "CT seen by all") "," P_TEXT(           \
        "decision", "No operation now") "," P_TEXT("decision",                         \
        "Biopsy on Tuesday") "," P_WHO("present", "nima") "," P_WHO("present", "wang")

static void minutes_and_who_agrees(void **state)
{
    (void)state;
    refuse("chen", "h-case", "mdt-minutes", MINUTES, 409); /* it has not begun */
    refuse("nima", "h-case", "mdt-agree",
        P_ID("meeting", M3) "," P_NUMBER("decision", "1") "," P_TRUE("agrees"), 409);
    time_hold(DURING);
    refuse("nima", "h-case", "mdt-minutes", MINUTES, 403); /* who did not call it */
    step("chen", "h-case", "mdt-minutes", MINUTES);
    step("chen", "h-case", "mdt-minutes", MINUTES);
    assert_int_equal(versions_of("Communication/" C1), 1);
    refuse("chen", "h-case", "mdt-minutes",
        P_ID("id", C2) "," P_ID("meeting", M3) "," P_TEXT("text", "Again"), 409);
    text_is("wang", "Appointment/" M3, "status", "fulfilled");
    text_is("wang", "Communication/" C1, "payload.1.contentString", "No operation now");
    text_is("wang", "Communication/" C1, "partOf.0.reference", "Appointment/" M3);
    step("nima", "h-case", "mdt-agree",
        P_ID("meeting", M3) "," P_NUMBER("decision", "1") "," P_FALSE(
            "agrees") "," P_TEXT("text", "I would operate"));
    text_is("wang", "Communication/" C1,
        "extension.0.extension.2.extension.0.valueReference.reference",
        "Practitioner/nima");
    text_is("wang", "Communication/" C1,
        "extension.0.extension.2.extension.3.valueString", "I would operate");
    step("wang", "h-case", "mdt-agree",
        P_ID("meeting", M3) "," P_NUMBER("decision", "1") "," P_TRUE("agrees"));
    step("nima", "h-case", "mdt-agree", /* a second word replaces the first */
        P_ID("meeting", M3) "," P_NUMBER("decision", "1") "," P_TRUE("agrees"));
    text_is("wang", "Communication/" C1,
        "extension.0.extension.3.extension.0.valueReference.reference",
        "Practitioner/nima");
    text_is("wang", "Communication/" C1, "extension.0.extension.4.url", "");
    assert_int_equal(versions_of("Communication/" C1), 4);
    step("nima", "h-case", "mdt-agree",
        P_ID("meeting", M3) "," P_NUMBER("decision", "1") "," P_TRUE("agrees"));
    assert_int_equal(versions_of("Communication/" C1), 4);
    refuse("dawa", "h-case", "mdt-agree", /* who did not come */
        P_ID("meeting", M3) "," P_NUMBER("decision", "1") "," P_TRUE("agrees"), 403);
    refuse("nima", "h-case", "mdt-agree",
        P_ID("meeting", M3) "," P_NUMBER("decision", "3") "," P_TRUE("agrees"), 400);
    refuse("chen", "h-case", "mdt-cancel",
        P_ID("meeting", M3) "," P_TEXT("reason", "Too late"), 409);
    refuse("nima", "h-case", "mdt-reply",
        P_ID("meeting", M3) "," P_CODE("answer", "declined"), 409);
    time_hold(NOW);
}

static void called_off(void **state)
{
    static const char why[] =
        P_ID("meeting", M1) "," P_TEXT("reason", "Nobody can come");

    (void)state;
    open_case("o-case", "pema");
    refuse("chen", "o-case", "mdt-cancel", why, 404); /* that one is m-case's */
    call(
        "nima", "o-case", P_ID("id", C2) "," WHAT "," SLOT "," P_WHO("person", "chen"));
    text_is("nima", "ServiceRequest/o-case", "performer.1.reference", "");
    refuse("chen", "o-case", "mdt-cancel",
        P_ID("meeting", C2) "," P_TEXT("reason", "I cannot"), 403);
    step("nima", "o-case", "mdt-cancel",
        P_ID("meeting", C2) "," P_TEXT("reason", "Nobody can come"));
    step("nima", "o-case", "mdt-cancel",
        P_ID("meeting", C2) "," P_TEXT("reason", "Nobody can come"));
    assert_int_equal(versions_of("Appointment/" C2), 2);
    text_is("chen", "Appointment/" C2, "status", "cancelled");
    refuse("chen", "o-case", "mdt-reply",
        P_ID("meeting", C2) "," P_CODE("answer", "accepted"), 409);
    time_hold(DURING);
    refuse("nima", "o-case", "mdt-minutes",
        P_ID("id", C2) "," P_ID("meeting", C2) "," P_TEXT("text", "x"), 409);
    time_hold(NOW);
}

/* What one person agreed to is written by that person alone, and by the operation. */
static void nobody_writes_them_otherwise(void **state)
{
    static const char *const paths[] = {"Communication/" C1, "Appointment/" M3};

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct said *s = said_status(get_as("chen", paths[i]), 200);
        const char *body =
            arena_strndup(arena, s->call.answer.data, s->call.answer.len);

        said_free(s);
        write_as("chen", APP_PUT, paths[i], body, 403);
        write_as("nima", APP_PUT, paths[i], body, 403);
        write_as("chen", APP_DELETE, paths[i], "", 403);
    }
    write_as("nima", APP_POST, "Communication",
        "{\"resourceType\":\"Communication\",\"status\":\"completed\",\"category\":[{"
        "\"coding\":[{\"system\":\"https://belay.health/CodeSystem/case-record\","
        "\"code\":\"minutes\"}]}],\"subject\":{\"reference\":\"Patient/pema\"}}",
        403);
    write_as("nima", APP_POST, "Communication", /* any other is theirs to write */
        "{\"resourceType\":\"Communication\",\"status\":\"completed\",\"subject\":{"
        "\"reference\":\"Patient/pema\"}}",
        201);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_is_invited_sees_the_case),
        cmocka_unit_test(who_may_not_call_and_what_is_refused),
        cmocka_unit_test(abroad_needs_the_consent_that_sending_needs),
        cmocka_unit_test(answers),
        cmocka_unit_test(minutes_and_who_agrees),
        cmocka_unit_test(called_off),
        cmocka_unit_test(nobody_writes_them_otherwise),
    };

    return cmocka_run_group_tests(tests, open_network, close_network);
}
