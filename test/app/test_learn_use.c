/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Today asks three times whether what was learnt is used: the person, and the head of their
 * department, at 3, 6 and 12 months after return. Who answers late is seen to, and who does not.
 */
#include "learn.h"

/* tashi is back on 28 February 2026. */
static const struct {
    int month;
    int64_t year;
    unsigned of, day; /* the day from which it is asked */
    int64_t last_year;
    unsigned last_of, last_day; /* the last on which it is */
} moments[] = {
    {3, 2026, 5, 28, 2026, 8, 27}, {6, 2026, 8, 28, 2027, 2, 27},
    {12, 2027, 2, 28, 2027, 8, 26}, /* 180 days */
};

static const char *const asked[] = {"tashi", "head-county"};

static const char *answer(int month, const char *used)
{
    return arena_printf(arena,
        "{\"name\":\"aim\",\"valueInteger\":2},{\"name\":\"month\",\"valueInteger\":%d}"
        ","
        "{\"name\":\"used\",\"valueBoolean\":%s}",
        month, used);
}

/* The month that Today asks ${person} about; 0: nothing waits there. */
static int asks(const char *person)
{
    struct said *s = learning(person, "?scope=waiting");
    const char *month = part(parts_of(row_of(s), "aim", 1), "asked");
    int found = *month ? atoi(month) : 0;

    said_free(s);
    return found;
}

/* The use of the aim that is no procedure, at look ${look}. */
static const struct json *use_of(struct said *s, int look)
{
    return parts_of(parts_of(row_of(s), "aim", 1), "use", look);
}

/* How often ${name} is ${code} there. */
static int count_of(const struct json *parts, const char *name, const char *code)
{
    struct json_each it = json_each(parts);
    int count = 0;

    while (json_next(&it))
        count += str_is(json_get_text(it.value, "name"), name) &&
                 (!code || str_is(json_get_text(it.value, "valueCode"), code));
    return count;
}

static void test_three_moments(void **state)
{
    const char *id = NULL;

    (void)state;
    id = returned(true);
    for (size_t i = 0; i < sizeof(moments) / sizeof(moments[0]); i++) {
        utc_ms due = time_days(moments[i].year, moments[i].of, moments[i].day) * DAY_MS;

        for (size_t k = 0; k < 2; k++) {
            time_hold(due - 1);
            assert_int_not_equal(asks(asked[k]), moments[i].month);
            no_step(asked[k], id, "used", answer(moments[i].month, "true"), 409);
            time_hold(due);
            assert_int_equal(asks(asked[k]), moments[i].month);
            assert_int_equal(asks("chen"), 0); /* who taught is not asked */
            assert_int_equal(asks("head-twin"), 0);
        }
        for (size_t k = 0; k < 2; k++) {
            step(asked[k], id, "used", answer(moments[i].month, "true"));
            assert_int_equal(asks(asked[k]), 0);
            assert_int_equal(asks(asked[1 - k]), k ? 0 : moments[i].month);
        }
    }
}

static void test_asked_until(void **state)
{
    (void)state;
    returned(true);
    for (size_t i = 0; i < sizeof(moments) / sizeof(moments[0]); i++) {
        utc_ms last = time_days(moments[i].last_year, moments[i].last_of,
                          moments[i].last_day + 1) *
                      DAY_MS;

        for (size_t k = 0; k < 2; k++) {
            time_hold(last - 1);
            assert_int_equal(asks(asked[k]), moments[i].month);
            time_hold(last);
            assert_int_equal(asks(asked[k]), i < 2 ? moments[i + 1].month : 0);
        }
    }
}

/* Nobody answered at 3 months: that is seen, and who answers after 6 months is late. */
static void test_missing_and_late(void **state)
{
    const char *id = NULL;
    struct said *s = NULL;

    (void)state;
    id = returned(true);
    at(2026, 5, 27);
    s = learning("chen", "?scope=supervised");
    assert_int_equal(count_of(use_of(s, 0), "missing", NULL), 0); /* not asked yet */
    said_free(s);
    at(2026, 6, 1);
    step("tashi", id, "used", answer(3, "true"));
    s = learning("head-county", "?scope=supervised");
    assert_int_equal(count_of(use_of(s, 0), "missing", "person"), 0);
    assert_int_equal(count_of(use_of(s, 0), "missing", "head"), 1);
    assert_string_equal(part(use_of(s, 0), "open"), "true");
    assert_string_equal(part(parts_of(use_of(s, 0), "answer", 0), "as"), "person");
    assert_string_equal(part(parts_of(use_of(s, 0), "answer", 0), "late"), "");
    said_free(s);
    at(2026, 9,
        1); /* at 6 months it is asked about 6 months: that of 3 may still be given */
    assert_int_equal(asks("head-county"), 6);
    s = learning("chen", "?scope=supervised");
    assert_int_equal(count_of(use_of(s, 0), "missing", "head"), 1);
    assert_int_equal(count_of(use_of(s, 1), "missing", NULL), 2);
    assert_string_equal(part(use_of(s, 0), "open"), ""); /* not by who taught */
    said_free(s);
    step("head-county", id, "used", answer(3, "false"));
    assert_int_equal(asks("head-county"), 6);
    s = learning("tashi", "");
    assert_int_equal(count_of(use_of(s, 0), "missing", NULL), 0);
    assert_string_equal(part(use_of(s, 0), "open"), "");
    assert_string_equal(part(use_of(s, 0), "state"), "unclear");
    assert_string_equal(part(parts_of(use_of(s, 0), "answer", 1), "as"), "head");
    assert_string_equal(part(parts_of(use_of(s, 0), "answer", 1), "late"), "true");
    assert_string_equal(part(use_of(s, 1), "state"), "unknown");
    said_free(s);
    at(2027, 9, 1); /* Today asks no more */
    assert_int_equal(asks("tashi"), 0);
    step("tashi", id, "used", answer(12, "true"));
    s = learning("tashi", "");
    assert_int_equal(count_of(use_of(s, 2), "missing", "head"), 1);
    assert_string_equal(part(use_of(s, 2), "state"), "used");
    assert_string_equal(part(parts_of(use_of(s, 2), "answer", 0), "late"), "true");
    said_free(s);
}

/* Another head than the one who answered is not asked again; a supervisor's word is nobody's. */
static void test_each_once(void **state)
{
    const char *id = NULL;
    struct said *s = NULL;

    (void)state;
    id = returned(true);
    at(2026, 6, 1);
    step("chen", id, "used", answer(3, "true"));
    s = learning("tashi", "");
    assert_string_equal(part(parts_of(use_of(s, 0), "answer", 0), "as"), "supervisor");
    assert_int_equal(count_of(use_of(s, 0), "missing", NULL), 2);
    said_free(s);
    assert_int_equal(asks("head-county"), 3);
    step("head-county", id, "used", answer(3, "true"));
    write_as(NULL, APP_PUT, "PractitionerRole/second-head",
        "{\"resourceType\":\"PractitionerRole\",\"id\":\"second-head\",\"active\":true,"
        "\"practitioner\":{\"reference\":\"Practitioner/nima\"},\"organization\":{"
        "\"reference\":\"Organization/county-surgery\"},\"code\":[{\"coding\":[{"
        "\"system\":\"" SYSTEM "role\",\"code\":\"head-of-department\"}]}]}",
        201);
    assert_int_equal(count_rows("nima", "?scope=supervised"), 2); /* leads it too */
    assert_int_equal(asks("nima"), 0);
    assert_int_equal(asks("tashi"), 3);
}

#define EACH(f) cmocka_unit_test_setup_teardown(f, open_network, close_network)

int main(void)
{
    const struct CMUnitTest tests[] = {
        EACH(test_three_moments),
        EACH(test_asked_until),
        EACH(test_missing_and_late),
        EACH(test_each_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
