/* SPDX-License-Identifier: Apache-2.0 */
/* Tashi, who learns appendectomies, and who may sign: calls as they make them, with codes. */
#ifndef TEST_APP_SIGN_OFF_H
#define TEST_APP_SIGN_OFF_H

#include "app/account.h"
#include "app/account_internal.h"
#include "app/person.h"
#include "logbook.h"

#define DAY 86400000LL
#define SECRET "01234567890123456789"

/* ---- people with codes ---- */

/* Who has an account in this test. A password takes its time, so nobody has one in vain. */
static const char *with_account[16];
static size_t account_count;

/* Give ${person} an account with one-time codes, once; their code is then code_now(). */
static inline void with_codes(const char *person)
{
    struct account_new n = {.name = str_of(person),
        .practitioner = str_of(arena_printf(arena, "Practitioner/%s", person)),
        .password = STR("four yaks cross the pass")};
    char codes[LIMIT_RECOVERY_CODES][CRYPTO_RECOVERY_CHARS + 1];
    char ticket[ACCOUNT_TICKET_MAX];
    struct account account;
    struct err err = {0};

    for (size_t i = 0; i < account_count; i++) {
        if (strcmp(with_account[i], person) == 0)
            return;
    }
    with_account[account_count++] = person;
    if (account_add(node.app, &n, ticket, &err) < 0)
        fail_msg("%s: %s", err.path, err.text);
    assert_int_equal(account_load(node.app, arena, str_of(person), &account, &err), 0);
    assert_int_equal(account_set_codes(node.app, arena, &account,
                         (const uint8_t *)SECRET, codes, &err),
        0);
    assert_int_equal(account_save(node.app, &account, &err), 0);
}

static inline const char *code_now(void)
{
    char code[CRYPTO_CODE_DIGITS_MAX + 1];

    assert_int_equal(crypto_code_make((const uint8_t *)SECRET,
                         time_now() / CRYPTO_CODE_STEP_MS, 6, code, NULL),
        0);
    return arena_strndup(arena, code, strlen(code));
}

/* As ${person}, who signed in with the account of that name. */
static inline struct said *signed_in(const char *person, enum app_method method,
    const char *path, const char *parameters)
{
    const char *body =
        arena_printf(arena, "{\"resourceType\":\"Parameters\",\"parameter\":[%s]}",
            parameters ? parameters : "");

    struct person_posts posts = {0};

    if (parameters && strstr(path, "/$"))
        with_codes(person);
    assert_int_equal(person_posts(node.app->persons, arena,
                         str_of(arena_printf(arena, "Practitioner/%s", person)),
                         time_now(), &posts, NULL),
        0);
    return said_by(person, &(struct app_call){.app = node.app,
                               .method = method,
                               .space = APP_PROGRAMME,
                               .query = str_of(path),
                               .body = str_of(parameters ? body : NULL),
                               .caller = {.name = str_of(person),
                                   .role = STR("clinician"),
                                   .account = str_of(person),
                                   .posts = posts.list,
                                   .post_count = posts.count}});
}

static inline struct said *said_in(
    const char *person, const char *path, const char *parameters, int status)
{
    struct said *s = signed_in(person, APP_POST, path, parameters);

    if (s->status != status)
        printf("%s %s %s\n", person, path, parameters);
    return said_status(s, status);
}

static inline void refused_in(
    const char *person, const char *path, const char *parameters, int status)
{
    said_free(said_in(person, path, parameters, status));
}

static inline const char *of(const char *id, const char *operation)
{
    return arena_printf(arena, "SignOff/%s/$%s", id, operation);
}

/* The parameters of a signature with a code that was not used yet. */
static inline const char *signature(const char *reason)
{
    time_hold(time_now() + CRYPTO_CODE_STEP_MS);
    return arena_printf(arena, "{\"name\":\"code\",\"valueString\":\"%s\"}%s%s%s",
        code_now(), reason ? ",{\"name\":\"reason\",\"valueString\":\"" : "",
        reason ? reason : "", reason ? "\"}" : "");
}

/* ---- the network ---- */

#define APPENDECTOMY                                                                   \
    WHO("person", "Practitioner/tashi") "," CODE("procedure", "appendectomy")
#define AIMS                                                                           \
    "{\"resourceType\":\"Apprenticeship\",\"id\":\"tashi-chen\",\"status\":"           \
    "\"active\",\"apprentice\":{\"reference\":\"Practitioner/tashi\"},\"master\":{"    \
    "\"reference\":\"Practitioner/chen\"},\"learningDepartment\":{\"reference\":"      \
    "\"Organization/county-surgery\"},\"teachingDepartment\":{\"reference\":"          \
    "\"Organization/twin-surgery\"},\"goal\":[{\"procedure\":{\"coding\":[{"           \
    "\"system\":\"https://belay.health/CodeSystem/procedure\",\"code\":"               \
    "\"appendectomy\"}]}}]}"

static inline int open_signing(void **state)
{
    static const char *const people[] = {
        "chen", "tashi", "head-county", "quality", "head-twin", "nima", "director"};

    open_network(state);
    write_as(NULL, APP_PUT, "Apprenticeship/tashi-chen", AIMS, 200);
    write_as(NULL, APP_DELETE, "SignOff/tashi-signed", NULL, 204); /* the table's */
    account_count = 0;
    for (size_t i = 0; i < sizeof(people) / sizeof(people[0]); i++)
        write_as(NULL, APP_PUT, arena_printf(arena, "Practitioner/%s", people[i]),
            arena_printf(arena,
                "{\"resourceType\":\"Practitioner\",\"id\":\"%s\",\"name\":[{"
                "\"text\":\"%s\"}]}",
                people[i], people[i]),
            200);
    return 0;
}

static inline const char *propose(const char *person)
{
    struct said *s = said_in(person, "SignOff/$propose", APPENDECTOMY, 201);
    const char *id = said_text(s, "id");

    id = arena_strndup(arena, id, strlen(id));
    said_free(s);
    return id;
}

static inline void sign(const char *person, const char *id)
{
    said_free(
        said_in(person, of(id, "sign"), signature("The cases were looked at"), 200));
}

static inline const char *qualified(void)
{
    struct said *s = said_status(get_as("nima", "Practitioner/tashi"), 200);
    const char *until = said_text(s, "qualification.0.period.end");

    until = arena_strndup(arena, until, strlen(until));
    said_free(s);
    return until;
}

/* What the county can do of appendectomies, as the router has it now. */
static inline const char *level(void)
{
    struct said *s = said_status(
        get_as("nima", "Organization/county/$capability?code=appendectomy"), 200);
    const char *found = part(json_get(s->json, "parameter"), "level");

    found = arena_strndup(arena, found, strlen(found));
    said_free(s);
    return found;
}

static inline void put_theatre(void)
{
    write_as(NULL, APP_PUT, "Device/theatre",
        "{\"resourceType\":\"Device\",\"id\":\"theatre\",\"status\":\"active\","
        "\"owner\":{"
        "\"reference\":\"Organization/county\"},\"type\":{\"coding\":[{\"system\":"
        "\"https://belay.health/CodeSystem/"
        "device-kind\",\"code\":\"operating-theatre\"}]}}",
        201);
}

/* Tashi operated on ${day}, "2026-12-01"; so well, as somebody saw at day 30. */
static inline void put_operation(const char *day, int n, const char *result)
{
    const char *path = arena_printf(arena, "Procedure/%s-%d", day, n);

    write_as(NULL, APP_PUT, path,
        arena_printf(arena,
            "{\"resourceType\":\"Procedure\",\"id\":\"%s\",\"status\":\"completed\","
            "\"subject\":{\"display\":\"Somebody\"},\"code\":{\"coding\":[{\"system\":"
            "\"https://belay.health/CodeSystem/"
            "procedure\",\"code\":\"appendectomy\"}]},"
            "\"performedDateTime\":\"%s\",\"performer\":[{\"function\":{\"coding\":[{"
            "\"system\":\"https://belay.health/CodeSystem/"
            "operation-function\",\"code\":"
            "\"operator\"}]},\"actor\":{\"reference\":\"Practitioner/tashi\"}}],"
            "\"extension\":[{\"url\":\"https://belay.health/StructureDefinition/"
            "operation-department\",\"valueReference\":{\"reference\":"
            "\"Organization/county-surgery\"}},{\"url\":\"https://belay.health/"
            "StructureDefinition/operation-follow-up\",\"extension\":[{\"url\":\"at\","
            "\"valueCode\":\"day-30\"},{\"url\":\"result\",\"valueCode\":\"%s\"}]}]}",
            path + strlen("Procedure/"), day, result),
        201);
}

/* Six: as many as the rule asks for within a year. */
static inline void put_operations(const char *day)
{
    for (int i = 0; i < 6; i++)
        put_operation(day, i, "well");
}

static inline void all_sign(const char *id)
{
    sign("chen", id);
    sign("head-county", id);
    sign("quality", id);
}

/* On which day too few cases end it, as the page is told; "": they do not. */
static inline const char *lapses(const char *id)
{
    struct said *s = said_status(
        get_as("tashi", arena_printf(arena, "SignOff/%s/$conditions", id)), 200);
    const char *found = part(json_get(s->json, "parameter"), "lapses");

    found = arena_strndup(arena, found, strlen(found) > 10 ? 10 : strlen(found));
    said_free(s);
    return found;
}

#endif
