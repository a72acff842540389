/* SPDX-License-Identifier: Apache-2.0 */
/* Money for a hospital: committed, paid, ended, and summed exactly. */
#include "base/money.h"

#include "app/app_internal.h"
#include "case.h"

/* Does the answer have ${words} in it? It ends with its length, and with no NUL. */
static bool said_has(const struct said *s, const char *words)
{
    return memmem(s->call.answer.data, s->call.answer.len, words, strlen(words)) !=
           NULL;
}

#define FUND "6c1b7052-88d3-4a1f-9c2a-3e4d5f607b81"
#define PAY "7d2c8163-99e4-4b20-8d3b-4f5e60718c9"
#define P_REF(name, who)                                                               \
    "{\"name\":\"" name "\",\"valueReference\":{\"reference\":\"" who "\"}}"
#define P_ID(id) "{\"name\":\"id\",\"valueId\":\"" id "\"}"

static void call_as(
    const char *person, const char *path, const char *parameters, int status)
{
    write_as(person, APP_POST, path,
        arena_printf(
            arena, "{\"resourceType\":\"Parameters\",\"parameter\":[%s]}", parameters),
        status);
}

/* The first answer of ${path}; NULL: none. */
static const struct json *first_of(const char *person, const char *path)
{
    struct said *s = said_status(get_as(person, path), 200);
    const struct json *json = NULL;

    assert_int_equal(
        json_read(arena, (struct str){s->call.answer.data, s->call.answer.len},
            LIMIT_RESPONSE_BYTES, &json, NULL),
        0);
    said_free(s);
    return json_get(json_at(json_get(json, "parameter"), 0), "part");
}

/* The first part ${name} of ${parts}. */
static const struct json *named(const struct json *parts, const char *name)
{
    struct json_each it = json_each(parts);

    while (json_next(&it)) {
        if (str_is(json_get_text(it.value, "name"), name))
            return it.value;
    }
    return NULL;
}

/* ---- money ---- */

static const char *sum(const char *one, const char *other)
{
    static char out[MONEY_CHARS];
    money a = 0, b = 0;

    assert_true(money_read(str_of(one), &a));
    assert_true(money_read(str_of(other), &b));
    assert_true(money_add(a, b, &a));
    money_text(a, out);
    return out;
}

static const char *changed(const char *amount, const char *rate)
{
    static char out[MONEY_CHARS];
    money a = 0;
    int64_t r = 0;

    assert_true(money_read(str_of(amount), &a));
    assert_true(money_rate_read(str_of(rate), &r));
    assert_true(money_change(a, r, &a));
    money_text(a, out);
    return out;
}

static void money_is_exact(void **state_)
{
    money m = 0;
    int64_t r = 0;

    (void)state_;
    assert_string_equal(sum("0.1", "0.2"), "0.30");
    assert_string_equal(sum("99999999999999.99", "0.01"), "100000000000000.00");
    assert_string_equal(sum("1.0001", "1"), "2.0001");
    assert_string_equal(changed("1000000", "0.13987"), "139870.00");
    assert_string_equal(changed("0.05", "0.5"), "0.02"); /* a half to the even one */
    assert_string_equal(changed("0.15", "0.5"), "0.08");
    assert_string_equal(changed("0.01", "0.50000001"), "0.01");
    assert_false(money_read(STR("1e3"), &m));
    assert_false(money_read(STR("-1"), &m));
    assert_false(money_read(STR("1.00001"), &m));
    assert_false(money_read(STR(""), &m));
    assert_false(money_read(STR("."), &m));
    assert_false(money_read(STR("1."), &m));
    assert_false(money_read(STR("1.2.3"), &m));
    assert_false(money_read(STR("01"), &m));
    assert_false(money_read(STR("100000000000001"), &m));
    assert_false(money_rate_read(STR("0"), &r));
    assert_false(money_add(1000000000000000000, 1, &m));
}

static void pay(const char *last, const char *amount, int status)
{
    call_as("director", "Funding/" FUND "/$pay",
        arena_printf(arena,
            P_ID(PAY "%s") ",{\"name\":\"amount\",\"valueDecimal\":%s},"
                           "{\"name\":\"use\",\"valueCode\":\"equipment\"},"
                           "{\"name\":\"bought\",\"valueReference\":{\"reference\":"
                           "\"Device/ultrasound\"}}",
            last, amount),
        status);
}

static void money_is_committed_and_paid(void **state_)
{
    const struct json *parts = NULL;
    struct said *s = NULL;

    (void)state_;
    call_as("director", "Funding/$commit",
        P_ID(FUND) "," P_REF("recipient", "Organization/county") "," P_TEXT("title",
            "Laparoscopy") ",{\"name\":\"amount\",\"valueString\":\"1000.10\"},"
                           "{\"name\":\"currency\",\"valueCode\":\"CNY\"},{\"name\":"
                           "\"rate\",\"part\":"
                           "[" P_CODE(
                               "currency", "USD") ",{\"name\":\"value\","
                                                  "\"valueDecimal\":0.140},"
                                                  "{\"name\":\"on\",\"valueDate\":"
                                                  "\"2025-12-01\"}," P_TEXT(
                                                      "source", "The bank") "]}",
        201);
    pay("2", "999.99", 200);
    pay("2", "999.99", 200); /* the same payment again */
    pay("2", "0.01", 409);   /* another one with its id */
    pay("3", "0.12", 409);   /* more than is left */
    pay("4", "0.10", 200);
    parts = first_of("chen", "Funding/$money");
    assert_string_equal(part(parts, "committed"), "1000.10"); /* as it was written */
    assert_string_equal(part(parts, "paid"), "1000.09");
    assert_string_equal(part(parts, "left"), "0.01");
    assert_string_equal(part(parts, "in-other"), "140.01");
    assert_string_equal(part(parts, "rate-on"), "2025-12-01");
    assert_string_equal(part(parts, "rate-source"), "The bank");
    assert_string_equal(
        part(json_get(named(parts, "used"), "part"), "amount"), "1000.09");
    s = said_status(get_as("chen", "Funding/" FUND), 200);
    assert_true(said_has(s, "\"value\":0.140"));
    said_free(s);
    assert_null(first_of("azamat", "Funding/$money"));
}

/* A course is bought as a device is, and told by its title; a patient is not. */
static void a_course_is_bought(void **state)
{
    static const char *const bought[][3] = {
        {"2", "training", "Course/placement"}, {"3", "equipment", "Device/ultrasound"}};
    const struct json *payment = NULL;

    (void)state;
    write_as(NULL, APP_PUT, "Course/placement",
        "{\"resourceType\":\"Course\",\"id\":\"placement\",\"status\":\"held\","
        "\"kind\":\"workshop\",\"title\":\"Ultrasound in a week\",\"organiser\":[{"
        "\"reference\":\"Organization/county-surgery\"}],\"period\":{\"start\":"
        "\"2025-11-01\",\"end\":\"2025-11-07\"}}",
        200);
    call_as("director", "Funding/$commit",
        P_ID(FUND) "," P_REF("recipient", "Organization/county") "," P_TEXT("title",
            "Ultrasound") ",{\"name\":\"amount\",\"valueString\":\"100.00\"},{\"name\":"
                          "\"currency\",\"valueCode\":\"CNY\"}",
        201);
    for (size_t i = 0; i < 2; i++)
        call_as("director", "Funding/" FUND "/$pay",
            arena_printf(arena,
                P_ID(PAY "%s") ",{\"name\":\"amount\",\"valueString\":\"10.00\"},"
                               "{\"name\":\"use\",\"valueCode\":\"%s\"},{\"name\":"
                               "\"bought\",\"valueReference\":{\"reference\":\"%s\"}}",
                bought[i][0], bought[i][1], bought[i][2]),
            200);
    call_as("director", "Funding/" FUND "/$pay",
        P_ID(PAY
            "4") ",{\"name\":\"amount\",\"valueString\":\"1.00\"},{\"name\":\"use\","
                 "\"valueCode\":\"other\"}," P_REF("bought", "Patient/pema"),
        400);
    payment = json_get(named(first_of("chen", "Funding/$money"), "payment"), "part");
    assert_string_equal(part(payment, "use"), "training");
    assert_string_equal(part(payment, "bought"), "Course/placement");
    assert_true(str_is(
        json_get_text(json_get(named(payment, "bought"), "valueReference"), "display"),
        "Ultrasound in a week"));
}

#define FUND_OTHER "8e3d9274-aaf5-4c31-9e4c-506f71829da3"
#define COMMIT(id)                                                                     \
    P_ID(id)                                                                           \
    "," P_REF("recipient", "Organization/county") "," P_TEXT(                          \
        "title", "A course") ",{\"name\":\"amount\",\"valueString\":\"500.00\"},"      \
                             "{\"name\":\"currency\",\"valueCode\":\"CNY\"}"

static void commitments_end_with_a_reason(void **state_)
{
    const struct json *parts = NULL;

    (void)state_;
    call_as("director", "Funding/$commit", COMMIT(FUND), 201);
    call_as("director", "Funding/$commit", COMMIT(FUND), 200); /* a second try */
    call_as("coordinator", "Funding/$commit", COMMIT(FUND), 409);
    pay("2", "120.00", 200);
    call_as("director", "Funding/" FUND "/$close", "", 400); /* why? */
    call_as("director", "Funding/" FUND "/$cancel", P_TEXT("reason", "x"), 409);
    call_as("nima", "Funding/" FUND "/$close", P_TEXT("reason", "x"), 403);
    call_as("head-twin", "Funding/" FUND "/$close", P_TEXT("reason", "x"), 403);
    call_as("azamat", "Funding/" FUND "/$close", P_TEXT("reason", "x"), 404);
    call_as("director", "Funding/" FUND "/$close", P_TEXT("reason", "Bought"), 200);
    call_as("director", "Funding/" FUND "/$close", P_TEXT("reason", "Bought"), 200);
    call_as("coordinator", "Funding/" FUND "/$close", P_TEXT("reason", "x"), 409);
    pay("3", "1.00", 409);   /* it is closed */
    pay("2", "120.00", 200); /* what was paid was paid */
    parts = first_of("chen", "Funding/$money");
    assert_string_equal(part(parts, "status"), "closed");
    assert_string_equal(part(parts, "ended-why"), "Bought");
    assert_string_equal(part(parts, "ended-on"), "2026-01-01");
    assert_string_equal(part(parts, "ended-by"), "Practitioner/director");
    assert_string_equal(part(parts, "left"), "380.00");

    call_as("director", "Funding/$commit", COMMIT(FUND_OTHER), 201);
    call_as("coordinator", "Funding/" FUND_OTHER "/$cancel",
        P_TEXT("reason", "Taken back"), 200);
    call_as("director", "Funding/" FUND_OTHER "/$close", P_TEXT("reason", "x"), 409);
}

/* A rate without its day or its source says nothing. */
static void a_rate_has_a_day_and_a_source(void **state_)
{
#define RATE(more)                                                                     \
    ",{\"name\":\"rate\",\"part\":[" P_CODE(                                           \
        "currency", "USD") ",{\"name\":\"value\",\"valueDecimal\":0.14}" more "]}"
    (void)state_;
    call_as("director", "Funding/$commit",
        COMMIT(FUND) RATE(",{\"name\":\"on\",\"valueDate\":\"2025-12-01\"}"), 400);
    call_as("director", "Funding/$commit", COMMIT(FUND) RATE("," P_TEXT("source", "x")),
        400);
    call_as("director", "Funding/$commit",
        COMMIT(FUND) RATE(
            ",{\"name\":\"on\",\"valueDate\":\"2025-12-01\"}," P_TEXT("source", "x")),
        201);
}

static void who_writes_money(void **state_)
{
    static const char *const no[] = {"nima", "head-twin", "tashi"};

    (void)state_;
    for (size_t i = 0; i < 3; i++)
        call_as(no[i], "Funding/$commit",
            P_REF("recipient", "Organization/county") "," P_TEXT(
                "title", "x") ",{\"name\":\"amount\",\"valueDecimal\":1},{\"name\":"
                              "\"currency\",\"valueCode\":"
                              "\"CNY\"}",
            403);
    write_as("director", APP_POST, "Funding",
        "{\"resourceType\":\"Funding\",\"status\":\"committed\",\"title\":\"x\","
        "\"recipient\":{\"reference\":\"Organization/county\"},\"committedOn\":"
        "\"2025-12-01\",\"amount\":{\"value\":1,\"currency\":\"CNY\"}}",
        403);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(money_is_exact),
        cmocka_unit_test_setup_teardown(
            money_is_committed_and_paid, open_network, close_network),
        cmocka_unit_test_setup_teardown(
            a_course_is_bought, open_network, close_network),
        cmocka_unit_test_setup_teardown(
            commitments_end_with_a_reason, open_network, close_network),
        cmocka_unit_test_setup_teardown(
            a_rate_has_a_day_and_a_source, open_network, close_network),
        cmocka_unit_test_setup_teardown(who_writes_money, open_network, close_network),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
