/* SPDX-License-Identifier: Apache-2.0 */
/* What is worth a second look, and what only seems so. */
#include <string.h>

#include "engine/quality/quality.h"
#include "unit.h"

#define DAY (24LL * 3600 * 1000)
#define NOW (20000 * DAY)

static const struct quality_rules *const rules = &quality_rules_default;

static struct quality_fact fact(enum quality_subject subject, int64_t happened)
{
    return (struct quality_fact){.subject = subject,
        .recorded = QUALITY_UNKNOWN,
        .earliest = happened,
        .latest = happened,
        .until = INT64_MAX};
}

/* What is found of ${one} among ${facts}, as codes with spaces between. */
static const char *found(
    const struct quality_fact *facts, size_t count, uint32_t one, uint32_t *ret_other)
{
    static char text[200];
    struct arena *a = arena_new();
    struct quality_findings all = {NULL, 0};
    size_t length = 0;

    text[0] = '\0';
    assert_int_equal(
        quality_find(a, rules, &(struct quality_facts){facts, count}, NOW, &all), 0);
    for (size_t i = 0; i < all.count; i++) {
        if (all.list[i].fact != one)
            continue;
        length += (size_t)snprintf(text + length, sizeof(text) - length, "%s%s",
            length ? " " : "", quality_kind_code(all.list[i].kind));
        if (ret_other)
            *ret_other = all.list[i].other;
    }
    arena_free(a);
    return text;
}

static void alone(struct quality_fact f, const char *expected)
{
    assert_string_equal(found(&f, 1, 0, NULL), expected);
}

static void test_late(void **state)
{
    struct quality_fact f = fact(QUALITY_OPERATION, NOW - 20 * DAY);

    (void)state;
    alone(f, ""); /* an older logbook: when it was entered is no matter */
    f.recorded = f.latest + rules->late_days * DAY;
    alone(f, "");
    f.recorded++;
    alone(f, "late");
    f.latest = f.earliest + 2 * DAY; /* told as a stretch: its end counts */
    alone(f, "");
    f = fact(QUALITY_PATIENT, NOW - 9000 * DAY);
    f.recorded = NOW; /* a birth is no event that is written down late */
    alone(f, "");
}

static void test_outcome(void **state)
{
    struct quality_fact f = fact(QUALITY_CASE, NOW - 30 * DAY);

    (void)state;
    f.open = true;
    alone(f, "");
    f.earliest = --f.latest;
    alone(f, "no-outcome");
    f.open = false;
    alone(f, "");
    f = fact(QUALITY_CASE, QUALITY_UNKNOWN);
    f.open = true;
    alone(f, "");
}

static void test_times(void **state)
{
    struct quality_fact f = fact(QUALITY_VITALS, NOW + QUALITY_SLACK_MS);

    (void)state;
    alone(f, "");
    f.earliest++;
    alone(f, "future");
    alone(fact(QUALITY_PATIENT, NOW + 2 * DAY), "future");
    alone(fact(QUALITY_POST, NOW + 90 * DAY), ""); /* posts are planned */
    f = fact(QUALITY_POST, NOW);
    f.until = NOW;
    alone(f, "backwards");
    f.until = NOW + 1;
    alone(f, "");
    f = fact(QUALITY_VITALS, NOW);
    f.impossible = true;
    alone(f, "impossible");
    f.subject = QUALITY_NOTHING;
    alone(f, "");
}

static void test_birth(void **state)
{
    struct quality_fact facts[] = {fact(QUALITY_PATIENT, NOW - 100 * DAY),
        fact(QUALITY_OPERATION, NOW - 101 * DAY),
        fact(QUALITY_OPERATION, NOW - 100 * DAY + 1 - QUALITY_SLACK_MS),
        fact(QUALITY_OPERATION, NOW - 300 * DAY)};

    (void)state;
    for (size_t i = 0; i < 3; i++)
        facts[i].patient = 7;
    facts[3].patient = 8; /* whose birth nobody told */
    assert_string_equal(found(facts, 4, 0, NULL), "");
    assert_string_equal(found(facts, 4, 1, NULL), "before-birth");
    assert_string_equal(found(facts, 4, 2, NULL), ""); /* days of two places */
    assert_string_equal(found(facts, 4, 3, NULL), "");
}

/* The later one is told, once, and names the first. */
static void test_twice(void **state)
{
    struct quality_fact facts[4];
    uint32_t other = 0;

    (void)state;
    for (size_t i = 0; i < 4; i++) {
        facts[i] = fact(QUALITY_PATIENT, NOW - 9000 * DAY);
        facts[i].patient = 10 + i;
        facts[i].order = -(int64_t)i;
    }
    facts[0].keys[0] = facts[2].keys[0] = 5; /* name and birth */
    facts[0].keys[1] = facts[2].keys[2] = 6; /* and a number */
    facts[1].keys[1] = 9;
    assert_string_equal(found(facts, 4, 0, &other), "twice");
    assert_int_equal(other, 2);
    assert_string_equal(found(facts, 4, 1, NULL), "");
    assert_string_equal(found(facts, 4, 2, NULL), "");
    assert_string_equal(found(facts, 4, 3, NULL), ""); /* no key is none */
    facts[1].keys[0] = 6;
    assert_string_equal(found(facts, 4, 1, &other), "twice");
    facts[2].subject = QUALITY_NOTHING; /* deleted */
    assert_string_equal(found(facts, 4, 1, NULL), "");
    assert_string_equal(found(facts, 4, 0, &other), "twice");
    assert_int_equal(other, 1);
}

/* ---- against looking at each beside each ---- */

#define FACTS 40

static struct quality_fact random_fact(int64_t order)
{
    struct quality_fact f =
        fact((enum quality_subject)unit_between(QUALITY_NOTHING, QUALITY_POST),
            NOW + unit_between(-40, 5) * DAY);

    f.order = unit_between(0, 1) ? order : -order;
    f.patient = (uint64_t)unit_between(0, 6);
    f.open = unit_between(0, 1);
    f.impossible = unit_between(0, 9) == 0;
    f.until = f.earliest + unit_between(-1, 3) * DAY;
    f.recorded = NOW + unit_between(-30, 0) * DAY;
    for (size_t k = 0; k < QUALITY_KEYS; k++)
        f.keys[k] = (uint64_t)unit_between(0, 30);
    if (unit_between(0, 5) == 0)
        f.earliest = f.latest = QUALITY_UNKNOWN;
    if (f.subject == QUALITY_PATIENT)
        f.patient = 100 + (uint64_t)order; /* each is one */
    return f;
}

/* Is ${other} like ${one}, and was it there before? */
static bool goes_before(
    const struct quality_fact *one, const struct quality_fact *other)
{
    bool alike = false;

    for (size_t i = 0; i < QUALITY_KEYS * QUALITY_KEYS; i++)
        alike =
            alike || (one->keys[i % QUALITY_KEYS] &&
                         one->keys[i % QUALITY_KEYS] == other->keys[i / QUALITY_KEYS]);
    return alike && one->subject && other->subject && other->order < one->order;
}

static void assert_twins(
    const struct quality_fact *facts, const struct quality_findings *all)
{
    for (uint32_t i = 0; i < FACTS; i++) {
        bool expected = false, told = false;

        for (size_t k = 0; k < FACTS; k++)
            expected = expected || goes_before(&facts[i], &facts[k]);
        for (size_t k = 0; k < all->count; k++) {
            if (all->list[k].fact != i || all->list[k].kind != QUALITY_TWICE)
                continue;
            told = true;
            assert_true(goes_before(&facts[i], &facts[all->list[k].other]));
        }
        assert_int_equal(told, expected);
    }
}

static void assert_same(
    const struct quality_findings *one, const struct quality_findings *other)
{
    assert_int_equal(one->count, other->count);
    for (size_t i = 0; i < one->count; i++) {
        assert_int_equal(one->list[i].fact, other->list[i].fact);
        assert_int_equal(one->list[i].other, other->list[i].other);
        assert_int_equal(one->list[i].kind, other->list[i].kind);
    }
}

/* Those that may be found are found later on as if all were looked at. */
static void test_later(void **state)
{
    struct quality_fact list[FACTS];
    const struct quality_facts facts = {list, FACTS};
    struct arena *a = arena_new();

    (void)state;
    for (int round = 0; round < 300; round++) {
        struct quality_suspects suspects = {NULL, 0, 0};

        for (int64_t i = 0; i < FACTS; i++)
            list[i] = random_fact(i + 1);
        assert_int_equal(quality_suspect(a, a, rules, &facts, NOW, &suspects), 0);
        for (int64_t now = NOW; now < NOW + 50 * DAY; now += 7 * DAY) {
            struct quality_findings few = {NULL, 0}, all = {NULL, 0};

            assert_int_equal(quality_judge(a, rules, &facts, &suspects, now, &few), 0);
            assert_int_equal(quality_find(a, rules, &facts, now, &all), 0);
            assert_same(&few, &all);
            assert_twins(list, &all);
        }
        arena_reset(a);
    }
    arena_free(a);
}

static void test_codes(void **state)
{
    (void)state;
    for (int i = 0; i < QUALITY_KINDS; i++) {
        const char *code = quality_kind_code((enum quality_kind)i);

        assert_int_equal(quality_kind_of(code, strlen(code)), i);
    }
    assert_int_equal(quality_kind_of("lat", 3), QUALITY_KINDS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_late),
        cmocka_unit_test(test_outcome),
        cmocka_unit_test(test_times),
        cmocka_unit_test(test_birth),
        cmocka_unit_test(test_twice),
        cmocka_unit_test(test_later),
        cmocka_unit_test(test_codes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
