/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sign-offs from the proposal to the qualification: who signs as what, with which code, in
 * which order, and what each refusal says; what else may write a qualification.
 */
#include "sign_off.h"

/* ---- tests ---- */

static void test_three_sign(void **state)
{
    const char *id = propose("tashi");
    struct said *s =
        said_status(get_as("tashi", arena_printf(arena, "SignOff/%s", id)), 200);

    (void)state;
    assert_string_equal(said_text(s, "status"), "proposed");
    assert_string_equal(
        said_text(s, "department.reference"), "Organization/county-surgery");
    assert_string_equal(said_text(s, "condition.0.name"), "volume");
    assert_string_equal(said_text(s, "condition.0.answer"), "not-met");
    assert_int_equal(said_count(s, "condition"), 9);
    said_free(s);
    sign("quality", id); /* in any order */
    sign("chen", id);
    assert_string_equal(qualified(), "");
    s = said_in("head-county", of(id, "sign"), signature("Seen"), 200);
    assert_string_equal(said_text(s, "status"), "signed");
    assert_string_equal(said_text(s, "signature.0.role"), "quality-office");
    assert_string_equal(
        said_text(s, "signature.2.who.reference"), "Practitioner/head-county");
    assert_string_equal(said_text(s, "signature.2.unmet.0"), "volume");
    assert_string_equal(said_text(s, "validUntil"), "2028-01-01");
    said_free(s);
    s = said_status(get_as("nima", "Practitioner/tashi"), 200);
    assert_int_equal(said_count(s, "qualification"), 1);
    assert_string_equal(
        said_text(s, "qualification.0.code.coding.0.code"), "appendectomy");
    assert_string_equal(said_text(s, "qualification.0.period.end"), "2028-01-01");
    assert_string_equal(
        said_text(s, "qualification.0.issuer.reference"), "Organization/county");
    assert_string_equal(
        said_text(s, "qualification.0.extension.0.valueReference.reference"),
        arena_printf(arena, "SignOff/%s", id));
    said_free(s);
}

/* Nobody twice, nobody for themselves, nobody who is none of the three. */
static void test_who(void **state)
{
    const char *id = propose("chen");

    (void)state;
    refused_in("nima", "SignOff/$propose", APPENDECTOMY, 403);
    refused_in("tashi", "SignOff/$propose", APPENDECTOMY, 409); /* is proposed */
    refused_in("tashi", of(id, "sign"), signature("I can"), 403);
    refused_in("nima", of(id, "sign"), signature("He can"), 404);
    refused_in("head-twin", of(id, "sign"), signature("He can"), 403);
    refused_in("director", of(id, "sign"), signature("He can"), 403);
    sign("chen", id);
    refused_in("chen", of(id, "sign"), signature("Again"), 409);
    refused_in("chen", of(id, "sign"),
        arena_printf(
            arena, "%s,%s", signature("Again"), CODE("role", "quality-office")),
        403);
    said_free(said_status(post("nobody", "SignOff/$propose", APPENDECTOMY), 403));
    said_free(said_status(post(NULL, "SignOff/$propose", APPENDECTOMY), 403));
}

/* A code is asked for, must be right, and is used up; against the list a reason is. */
static void test_codes_and_reasons(void **state)
{
    const char *id = propose("tashi");
    const char *given = signature("Seen");
    struct said *s = NULL;

    (void)state;
    refused_in("chen", of(id, "sign"), TEXT("reason", "Seen"), 400);
    refused_in(
        "chen", of(id, "sign"), TEXT("reason", "Seen") "," TEXT("code", "000000"), 403);
    s = said_in("chen", of(id, "sign"), signature(NULL), 400);
    assert_string_equal(said_text(s, "issue.0.expression.0"), "reason");
    said_free(s);
    /* without an account, by a token: no code can be given */
    s = said_status(post("quality", of(id, "sign"), given), 403);
    assert_string_equal(said_text(s, "issue.0.expression.0"), "code");
    said_free(s);
    given = signature("Seen");
    said_free(said_in("chen", of(id, "sign"), given, 200));
    /* what was used for one signature is no good for another */
    said_free(said_in("chen", of(id, "withdraw"), given, 409));
    said_free(
        said_in("head-county", of(id, "sign"), given, 200)); /* of another account */
}

static void test_refuse(void **state)
{
    const char *id = propose("tashi");
    struct said *s = NULL;

    (void)state;
    sign("chen", id);
    refused_in("quality", of(id, "refuse"), CODE("role", "quality-office"), 400);
    refused_in("nima", of(id, "refuse"), TEXT("reason", "No"), 404);
    s = said_in("quality", of(id, "refuse"), TEXT("reason", "Too few cases"), 200);
    assert_string_equal(said_text(s, "status"), "refused");
    assert_string_equal(said_text(s, "refused.reason"), "Too few cases");
    said_free(s);
    refused_in("head-county", of(id, "sign"), signature("Seen"), 409);
    assert_string_not_equal(propose("tashi"), id); /* may be asked for again */
}

static void test_withdraw_and_renew(void **state)
{
    const char *id = propose("tashi");
    const char *again = NULL;
    struct said *s = NULL;

    (void)state;
    refused_in("chen", of(id, "withdraw"), signature("No"), 409);
    sign("chen", id);
    sign("head-county", id);
    sign("quality", id);
    time_hold(time_now() + 300 * DAY);
    again = propose("tashi"); /* a renewal */
    sign("chen", again);
    sign("head-county", again);
    sign("quality", again);
    s = said_status(get_as("nima", "Practitioner/tashi"), 200);
    assert_int_equal(said_count(s, "qualification"), 2); /* the old one ended then */
    assert_string_equal(said_text(s, "qualification.0.period.end"), "2028-10-28");
    assert_true(
        str_starts(str_of(said_text(s, "qualification.1.period.end")), "2026-10-28T"));
    said_free(s);
    refused_in("chen", of(id, "withdraw"), signature("Old"), 409);
    refused_in("chen", of(again, "withdraw"), signature(NULL), 400);
    refused_in("tashi", of(again, "withdraw"), signature("I stop"), 403);
    s = said_in(
        "quality", of(again, "withdraw"), signature("Three leaks in a row"), 200);
    assert_string_equal(said_text(s, "status"), "withdrawn");
    said_free(s);
    assert_true(
        strncmp(qualified(), "2026-10-28T", 11) == 0); /* ended at that moment */
}

/* A lapsed sign-off stops counting on that day, and a withdrawn one at once: nothing else is
 * written. */
static void test_lapse(void **state)
{
    const char *id = propose("tashi");

    (void)state;
    put_theatre();
    put_operations("2026-12-01");
    put_operations("2027-11-01");
    sign("chen", id);
    sign("head-county", id);
    assert_string_not_equal(level(), "independent");
    sign("quality", id);
    assert_string_equal(level(), "independent");
    time_hold(1830383999000LL); /* 2028-01-01T23:59:59Z, its last day */
    assert_string_equal(level(), "independent");
    time_hold(1830384000000LL);
    assert_string_not_equal(level(), "independent");
    time_hold(NOW + DAY);
    assert_string_equal(level(), "independent");
    said_free(said_in("quality", of(id, "withdraw"), signature("Leaks"), 200));
    assert_string_not_equal(level(), "independent");
}

/* Whoever is none of those who follow somebody's learning sees nothing of it. */
static void test_who_reads(void **state)
{
    const char *id = propose("tashi");
    const char *path = arena_printf(arena, "SignOff/%s", id);
    static const char *const yes[] = {
        "tashi", "chen", "head-county", "head-twin", "quality", "director"};
    static const char *const no[] = {
        "nima", "wang", "coordinator", "admin", "head-medicine"};

    (void)state;
    for (size_t i = 0; i < sizeof(yes) / sizeof(yes[0]); i++) {
        said_free(said_status(get_as(yes[i], path), 200));
        said_free(said_status(
            get_as(yes[i], arena_printf(arena, "%s/$conditions", path)), 200));
    }
    for (size_t i = 0; i < sizeof(no) / sizeof(no[0]); i++) {
        said_free(said_status(get_as(no[i], path), 404));
        said_free(said_status(
            get_as(no[i], arena_printf(arena, "%s/$conditions", path)), 404));
    }
}

static void test_waiting(void **state)
{
    const char *id = NULL;
    struct said *s = said_status(get_as("tashi", "SignOff/$waiting"), 200);

    (void)state;
    assert_string_equal(part(first_part(s, "open"), "procedure"), "appendectomy");
    said_free(s);
    id = propose("tashi");
    s = said_status(get_as("chen", "SignOff/$waiting"), 200);
    assert_string_equal(part(first_part(s, "sign-off"), "id"), id);
    assert_string_equal(part(first_part(s, "sign-off"), "role"), "master");
    assert_null(first_part(s, "open"));
    said_free(s);
    sign("chen", id);
    s = said_status(get_as("chen", "SignOff/$waiting"), 200);
    assert_string_equal(part(first_part(s, "sign-off"), "role"), "");
    said_free(s);
    s = said_status(get_as("quality", "SignOff/$waiting"), 200);
    assert_string_equal(part(first_part(s, "sign-off"), "role"), "quality-office");
    said_free(s);
    s = said_status(get_as("director", "SignOff/$waiting"), 200);
    assert_string_equal(part(first_part(s, "sign-off"), "role"), "");
    assert_string_equal(part(first_part(s, "sign-off"), "status"), "proposed");
    said_free(s);
    s = said_status(get_as("nima", "SignOff/$waiting"), 200);
    assert_null(first_part(s, "sign-off"));
    said_free(s);
}

#define PERSON(qualification)                                                          \
    "{\"resourceType\":\"Practitioner\",\"id\":\"tashi\",\"name\":[{\"text\":"         \
    "\"Tashi\"}]" qualification "}"
#define QUALIFIED(system, code, until)                                                 \
    ",\"qualification\":[{\"code\":{\"coding\":[{\"system\":\"" system                 \
    "\",\"code\":\"" code                                                              \
    "\"}]},\"period\":{\"start\":\"2025-01-01\",\"end\":\"" until "\"}}]"
#define PROCEDURES "https://belay.health/CodeSystem/procedure"

/* No way around the signatures: PUT, POST, PATCH, batch, transaction; the operator may. */
static void test_closed_ways(void **state)
{
    static const char *const plain =
        PERSON(QUALIFIED(PROCEDURES, "appendectomy", "2030-01-01"));
    static const char *const longer =
        PERSON(QUALIFIED(PROCEDURES, "appendectomy", "2031-01-01"));
    static const char *const bundles[] = {"batch", "transaction"};

    (void)state;
    write_as("admin", APP_PUT, "Practitioner/tashi", PERSON(""), 200);
    write_as("admin", APP_PUT, "Practitioner/tashi", plain, 403);
    write_as("admin", APP_PUT, "Practitioner/tashi",
        PERSON(QUALIFIED("http://hl7.org/fhir/sid/icd-10-cm", "K35", "2030-01-01")),
        403);
    write_as("admin", APP_POST, "Practitioner",
        "{\"resourceType\":\"Practitioner\"" QUALIFIED(
            PROCEDURES, "appendectomy", "2030-01-01") "}",
        403);
    for (int i = 0; i < 2; i++) {
        struct said *s =
            as("admin", (struct ask){.method = APP_POST,
                            .path = "",
                            .body = arena_printf(arena,
                                "{\"resourceType\":\"Bundle\",\"type\":\"%s\","
                                "\"entry\":[{\"resource\":%s,\"request\":{"
                                "\"method\":\"PUT\",\"url\":"
                                "\"Practitioner/tashi\"}}]}",
                                bundles[i], plain)});

        if (i == 0)
            assert_true(
                strncmp(said_text(s, "entry.0.response.status"), "403", 3) == 0);
        else
            assert_int_equal(s->status, 403);
        said_free(s);
    }
    said_free(
        said_status(as("admin", (struct ask){.method = APP_PATCH,
                                    .path = "Practitioner/tashi",
                                    .format = APP_JSON_PATCH,
                                    .body = "[{\"op\":\"add\",\"path\":"
                                            "\"/qualification\",\"value\":[{\"code\":{"
                                            "\"coding\":[{\"system\":\"" PROCEDURES
                                            "\",\"code\":\"appendectomy\"}]}}]}]"}),
            403));
    assert_string_equal(qualified(), "");
    /* a licence is no sign-off */
    write_as("admin", APP_PUT, "Practitioner/tashi",
        PERSON(QUALIFIED("https://example.org/licence", "surgeon", "2030-01-01")), 200);
    write_as(NULL, APP_PUT, "Practitioner/tashi", plain, 200); /* the operator */
    write_as("admin", APP_PUT, "Practitioner/tashi", longer, 403);
    write_as("admin", APP_PUT, "Practitioner/tashi", PERSON(""), 403);
    write_as("admin", APP_PUT, "Practitioner/tashi", plain, 200); /* as it is */
}

/* A SignOff is written by its operations alone. */
static void test_no_plain_sign_off(void **state)
{
    const char *id = propose("tashi");
    const char *path = arena_printf(arena, "SignOff/%s", id);
    struct said *s = said_status(get_as("chen", path), 200);
    const char *body = arena_strndup(arena, s->call.answer.data, s->call.answer.len);

    (void)state;
    said_free(s);
    write_as("chen", APP_PUT, path, body, 403);
    write_as("tashi", APP_DELETE, path, NULL, 403);
}

#define CASE(name)                                                                     \
    cmocka_unit_test_setup_teardown(test_##name, open_signing, close_network)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(three_sign),
        CASE(who),
        CASE(codes_and_reasons),
        CASE(refuse),
        CASE(withdraw_and_renew),
        CASE(lapse),
        CASE(who_reads),
        CASE(waiting),
        CASE(closed_ways),
        CASE(no_plain_sign_off),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
