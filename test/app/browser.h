/* SPDX-License-Identifier: Apache-2.0 */
/* A node with one clinician, and browsers that sign in to it under a held clock. */
#ifndef TEST_APP_BROWSER_H
#define TEST_APP_BROWSER_H

#include "app/account.h"
#include "app/session.h"
#include "app/sign_in.h"
#include "app/visit.h"
#include "crypto/code.h"
#include "node.h"

#define START ((utc_ms)1800000000000)
#define MINUTE ((utc_ms)60000)
#define GOOD "four yaks cross the pass"

static struct node node;
static utc_ms now;

static inline void clock_to(utc_ms at)
{
    now = at;
    time_hold(at);
}

/* ${memory}: or in a folder, that it can be opened again. */
static inline void open_node_in(bool memory)
{
    clock_to(START);
    node_open(&node, memory);
    must(&node, 201,
        (struct ask){.method = APP_PUT,
            .path = "Practitioner/p",
            .body = "{\"resourceType\":\"Practitioner\",\"id\":\"p\",\"name\":"
                    "[{\"text\":\"Pema Yangchen\"}]}"});
    must(&node, 201,
        (struct ask){.method = APP_PUT,
            .path = "PractitionerRole/p",
            .body =
                "{\"resourceType\":\"PractitionerRole\",\"id\":\"p\",\"practitioner\":"
                "{\"reference\":\"Practitioner/p\"},\"code\":[{\"coding\":[{\"system\":"
                "\"https://belay.health/CodeSystem/"
                "role\",\"code\":\"clinician\"}]}]}"});
}

static inline int open_node(void **state)
{
    (void)state;
    open_node_in(true);
    return 0;
}

static inline int close_node(void **state)
{
    (void)state;
    time_hold(0);
    node_close(&node);
    return 0;
}

/* A browser: what it keeps between two requests. */
struct browser {
    char cookie[64];
    char page[80];
    const char *address;
};

static inline struct said *ask(
    struct browser *b, enum app_method method, const char *path, const char *body)
{
    struct said *s = calloc(1, sizeof(*s));
    struct app_call *call = &s->call;

    assert_non_null(s);
    *call = (struct app_call){.app = node.app,
        .arena = arena_new(),
        .method = method,
        .path = str_of(path),
        .body = str_of(body),
        .agent = STR("a browser"),
        .caller = {.address = b->address ? str_of(b->address) : STR("10.0.0.1")}};
    if (b->cookie[0])
        call->cookie = str_of(b->cookie);
    if (b->page[0])
        call->page_token = str_of(b->page);
    app_run_with(call, sign_in_start);
    s->status = call->status;
    if (call->answer.len > 0)
        assert_int_equal(
            json_read(call->arena, (struct str){call->answer.data, call->answer.len},
                LIMIT_RESPONSE_BYTES, &s->json, NULL),
            0);
    if (call->new_cookie[0]) {
        snprintf(b->cookie, sizeof(b->cookie), "%s",
            strcmp(call->new_cookie, "-") == 0 ? "" : call->new_cookie);
        snprintf(b->page, sizeof(b->page), "%s", said_text(s, "page"));
    }
    return s;
}

/* The status and, of a refusal, where it says it is wrong. */
static inline int go(struct browser *b, enum app_method method, const char *path,
    const char *body, char where[64])
{
    struct said *s = ask(b, method, path, body);
    int status = s->status;

    if (where)
        snprintf(where, 64, "%s", said_text(s, "issue.0.expression.0"));
    said_free(s);
    return status;
}

static inline bool said_true(struct said *s, const char *path)
{
    return json_kind(json_walk(s->json, path)) == JSON_TRUE;
}

static inline int sign_in(struct browser *b, const char *name, const char *password)
{
    char body[2000];

    snprintf(
        body, sizeof(body), "{\"name\":\"%s\",\"password\":\"%s\"}", name, password);
    return go(b, APP_POST, "", body, NULL);
}

static inline int who(struct browser *b)
{
    return go(b, APP_GET, "", NULL, NULL);
}

static inline void add(const char *name, const char *practitioner, const char *role,
    const char *password, char ticket[ACCOUNT_TICKET_MAX])
{
    struct account_new n = {.name = str_of(name),
        .practitioner = str_of(practitioner),
        .role = str_of(role),
        .password = str_of(password)};
    struct err err = {0};
    char unused[ACCOUNT_TICKET_MAX];

    if (account_add(node.app, &n, ticket ? ticket : unused, &err) < 0)
        fail_msg("%s: %s", err.path, err.text);
}

static inline void add_pema(void)
{
    char ticket[ACCOUNT_TICKET_MAX];

    add("Pema", "Practitioner/p", NULL, GOOD, ticket);
    assert_string_equal(ticket, "");
}

static inline const char *code_of(const char *base32, utc_ms at)
{
    static char code[CRYPTO_CODE_DIGITS_MAX + 1];
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    uint8_t secret[CRYPTO_CODE_SECRET_BYTES] = {0};

    assert_int_equal(strlen(base32), CRYPTO_CODE_SECRET_CHARS);
    for (size_t bit = 0; bit < 160; bit++) {
        size_t letter = (size_t)(strchr(letters, base32[bit / 5]) - letters);

        if (letter >> (4 - bit % 5) & 1)
            secret[bit / 8] |= (uint8_t)(0x80u >> (bit % 8));
    }
    assert_int_equal(
        crypto_code_make(secret, at / CRYPTO_CODE_STEP_MS, 6, code, NULL), 0);
    return code;
}

static inline int give_code(struct browser *b, enum app_method method, const char *path,
    const char *code, char where[64])
{
    char body[100];

    snprintf(body, sizeof(body), "{\"code\":\"%s\"}", code);
    return go(b, method, path, body, where);
}

/* Open a link, choose a password, set codes up; secret and recovery codes come out. */
static inline void enrol(struct browser *b, const char *ticket, char secret[40],
    char recovery[LIMIT_RECOVERY_CODES][40])
{
    char body[300];
    struct said *s = NULL;

    snprintf(
        body, sizeof(body), "{\"ticket\":\"%s\",\"password\":\"%s\"}", ticket, GOOD);
    s = said_status(ask(b, APP_POST, "", body), 200);
    assert_string_equal(said_text(s, "next"), "enrolment");
    said_free(s);
    s = said_status(ask(b, APP_POST, "enrolment", "{}"), 200);
    snprintf(secret, 40, "%s", said_text(s, "secret"));
    assert_non_null(strstr(said_text(s, "uri"), secret));
    said_free(s);
    snprintf(body, sizeof(body), "{\"code\":\"%s\"}", code_of(secret, now));
    s = said_status(ask(b, APP_PUT, "enrolment", body), 200);
    assert_int_equal(said_count(s, "recovery"), LIMIT_RECOVERY_CODES);
    for (int i = 0; recovery && i < LIMIT_RECOVERY_CODES; i++) {
        char path[32];

        snprintf(path, sizeof(path), "recovery.%d", i);
        snprintf(recovery[i], 40, "%s", said_text(s, path));
    }
    said_free(s);
}

#define CASE(name) cmocka_unit_test_setup_teardown(test_##name, open_node, close_node)

#endif
