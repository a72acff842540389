/* SPDX-License-Identifier: Apache-2.0 */
/* Published figures beside each other: what contradicts, and what only looks so. */
#include <stdlib.h>

#include "base/time.h"

#include "engine/claim/claim.h"
#include "unit.h"

#define DAY 86400000LL
#define ROUNDS 3000
#define MOST 7

static int64_t year(int y)
{
    return time_days(y, 1, 1) * DAY;
}

/* A total from the beginning of 2015 to the end of ${until}. */
static struct claim total(const char *id, const char *measure, int until, double value,
    enum claim_bound bound)
{
    return (struct claim){.id = str_of(id),
        .measure = str_of(measure),
        .unit = STR("persons"),
        .scope = STR("all"),
        .from = year(2015),
        .until = year(until + 1),
        .total = true,
        .value = value,
        .bound = bound};
}

static struct claim_contradictions found(struct arena *a, const struct claim *claims,
    size_t count, const struct claim_rate *rates, size_t rate_count)
{
    struct claim_contradictions ret = {NULL, 0};
    struct err err = {0};

    assert_int_equal(
        claim_contradictions(
            a, &(struct claim_set){claims, count, rates, rate_count}, &ret, &err),
        0);
    return ret;
}

/* The only contradiction is ${fault} between ${one} and ${other}. */
static void only(const struct claim *claims, size_t count, enum claim_fault fault,
    size_t one, size_t other)
{
    struct arena *a = arena_new();
    struct claim_contradictions c = found(a, claims, count, NULL, 0);

    assert_int_equal(c.count, 1);
    assert_int_equal(c.list[0].fault, fault);
    assert_int_equal(c.list[0].one, one);
    assert_int_equal(c.list[0].other, other);
    arena_free(a);
}

static void none(const struct claim *claims, size_t count)
{
    struct arena *a = arena_new();

    assert_int_equal(found(a, claims, count, NULL, 0).count, 0);
    arena_free(a);
}

static void judged(enum claim_bound bound, double claimed, double value,
    enum claim_verdict verdict, double by)
{
    struct claim claim = total("a", "m", 2020, claimed, bound);
    double off = -1;

    assert_int_equal(claim_judge(&claim, value, &off), verdict);
    assert_true(off == by);
}

static void test_verdict(void **state)
{
    (void)state;
    judged(CLAIM_EXACT, 5536, 5536, CLAIM_MATCHES, 0);
    judged(CLAIM_EXACT, 5536, 5540, CLAIM_DIFFERS, 4);
    judged(CLAIM_EXACT, 5536, 5530, CLAIM_DIFFERS, -6);
    judged(CLAIM_OVER, 2000, 2000, CLAIM_DIFFERS, 0);
    judged(CLAIM_OVER, 2000, 2001, CLAIM_MATCHES, 0);
    judged(CLAIM_OVER, 2000, 1990, CLAIM_DIFFERS, -10);
    judged(CLAIM_NEAR, 200, 180, CLAIM_MATCHES, 0);
    judged(CLAIM_NEAR, 200, 201, CLAIM_DIFFERS, 1);
    judged(CLAIM_NEAR, 200, 179, CLAIM_DIFFERS, -1);
    judged(CLAIM_ROUND, 4000, 4400, CLAIM_MATCHES, 0);
    judged(CLAIM_ROUND, 4000, 3500, CLAIM_DIFFERS, -100);
}

/* "About 4,000 by 2020" and "over 2,400 by 2022" can both be; "2,400 by 2022" not. */
static void test_more_is_less(void **state)
{
    struct claim claims[] = {total("a", "local-staff-trained", 2020, 4000, CLAIM_ROUND),
        total("b", "local-staff-trained", 2022, 2400, CLAIM_OVER)};

    (void)state;
    none(claims, 2);
    claims[1].bound = CLAIM_EXACT;
    only(claims, 2, CLAIM_MORE_IS_LESS, 0, 1);
    claims[1].scope = STR("the eight hospitals");
    none(claims, 2); /* another scope */
    claims[1].scope = STR("all");
    claims[1].from = year(2016);
    none(claims, 2); /* neither period holds the other */
    claims[1].from = year(2014);
    only(claims, 2, CLAIM_MORE_IS_LESS, 0, 1);
    claims[0].total = claims[1].total = false;
    none(claims, 2); /* what is there on a day may fall */
}

/* "Over 2,400" leaves no room for 2,400 in a longer time. */
static void test_floor_is_open(void **state)
{
    struct claim claims[] = {total("a", "m", 2020, 2400, CLAIM_OVER),
        total("b", "m", 2022, 2400, CLAIM_EXACT)};

    (void)state;
    only(claims, 2, CLAIM_MORE_IS_LESS, 0, 1);
    claims[1].value = 2401;
    none(claims, 2);
}

static size_t noticed(struct arena *a, const struct claim *claims, size_t count,
    struct claim_notices *ret)
{
    struct err err = {0};

    assert_int_equal(
        claim_notices(a, &(struct claim_set){claims, count, NULL, 0}, ret, &err), 0);
    return ret->count;
}

/*
 * As it was published: about 4,000 until 2020, of another scope, is at least 3,600; over 2,400 until 2022
 * is read as 2,400, which is less; 5,536 until 2025 is not.
 */
static void test_scopes_differ(void **state)
{
    struct arena *a = arena_new();
    struct claim_notices n = {NULL, 0};
    struct claim claims[] = {total("b", "trained", 2025, 5536, CLAIM_EXACT),
        total("c", "trained", 2022, 2400, CLAIM_OVER),
        total("a", "trained", 2020, 4000, CLAIM_ROUND)};

    (void)state;
    claims[2].scope = STR("another scope than later years");
    assert_int_equal(noticed(a, claims, 3, &n), 1);
    assert_int_equal(n.list[0].one, 2);
    assert_int_equal(n.list[0].other, 1);
    none(claims, 3);                 /* it is no contradiction */
    for (size_t i = 0; i < 3; i++) { /* what is there on a day looks so, too */
        claims[i].total = false;
        claims[i].from = claims[i].until;
    }
    assert_int_equal(noticed(a, claims, 3, &n), 1);
    claims[1].value = 3599;
    assert_int_equal(noticed(a, claims, 3, &n), 1);
    claims[1].value = 3600;
    assert_int_equal(noticed(a, claims, 3, &n), 0);
    claims[1].value = 2400;
    claims[1].unit = STR("person-courses");
    assert_int_equal(noticed(a, claims, 3, &n), 0);
    claims[1].unit = STR("persons");
    claims[1].measure = STR("deployed");
    assert_int_equal(noticed(a, claims, 3, &n), 0);
    claims[1].measure = STR("trained");
    claims[1].scope = claims[2].scope;
    assert_int_equal(noticed(a, claims, 3, &n), 0); /* a state may fall */
    arena_free(a);
}

/* A year may have less than the year before; ten years not less than one of them. By the ids, not by places. */
static void test_later_is_longer(void **state)
{
    struct arena *a = arena_new();
    struct claim_notices n = {NULL, 0};
    struct claim claims[] = {total("z", "m", 2022, 100, CLAIM_EXACT),
        total("y", "m", 2020, 300, CLAIM_EXACT),
        total("x", "m", 2019, 200, CLAIM_NEAR)};

    (void)state;
    claims[0].scope = STR("one hospital");
    assert_int_equal(noticed(a, claims, 3, &n), 2); /* below 180 and below 300 */
    assert_int_equal(n.list[0].one, 2);
    assert_int_equal(n.list[1].one, 1);
    assert_int_equal(n.list[0].other + n.list[1].other, 0);
    claims[0].from = year(2021);
    assert_int_equal(noticed(a, claims, 3, &n), 0);
    arena_free(a);
}

/* What was published without a time contradicts nobody but itself. */
static void test_dateless(void **state)
{
    struct arena *a = arena_new();
    struct claim_notices n = {NULL, 0};
    struct claim claims[] = {total("a", "m", 2020, 300, CLAIM_EXACT),
        total("b", "m", 2020, 100, CLAIM_EXACT)};

    (void)state;
    only(claims, 2, CLAIM_TWO_VALUES, 0, 1);
    claims[1].until = INT64_MAX;
    claims[1].trend = CLAIM_ROSE;
    claims[1].dateless = true;
    none(claims, 2);
    claims[1].scope = STR("one hospital");
    assert_int_equal(noticed(a, claims, 2, &n), 0);
    claims[1].has_before = true;
    claims[1].before = 100;
    only(claims, 2, CLAIM_OWN_VERB_WRONG, 1, 1);
    arena_free(a);
}

static void test_two_values(void **state)
{
    struct claim claims[] = {total("b", "m", 2022, 2400, CLAIM_EXACT),
        total("a", "m", 2022, 2500, CLAIM_EXACT)};

    (void)state;
    only(claims, 2, CLAIM_TWO_VALUES, 1, 0);
    claims[0].bound = CLAIM_OVER;
    none(claims, 2);
}

static struct claim on_day(
    const char *id, int when, double value, enum claim_trend trend)
{
    struct claim c = total(id, "life-expectancy", when, value, CLAIM_EXACT);

    c.unit = STR("years");
    c.from = c.until = year(when);
    c.total = false;
    c.trend = trend;
    return c;
}

/* 68.2 in 2015, 70.6 in 2019, 72.19 in 2021: who writes "fell to 72.19" contradicts 70.6. */
static void test_verb(void **state)
{
    struct claim claims[] = {on_day("a", 2015, 68.2, CLAIM_NO_TREND),
        on_day("b", 2019, 70.6, CLAIM_ROSE), on_day("c", 2021, 72.19, CLAIM_FELL)};

    (void)state;
    only(claims, 3, CLAIM_VERB_IS_WRONG, 1, 2);
    claims[2].trend = CLAIM_ROSE;
    none(claims, 3);
    claims[2].has_before = true;
    claims[2].before = 73;
    only(claims, 3, CLAIM_OWN_VERB_WRONG, 2, 2);
    claims[2].trend = CLAIM_FELL; /* from 73: its own words agree, and are believed */
    none(claims, 3);
}

static void test_two_units(void **state)
{
    struct claim claims[] = {total("a", "local-staff-trained", 2020, 100, CLAIM_EXACT),
        total("b", "local-staff-trained", 2021, 90, CLAIM_EXACT),
        total("c", "local-staff-trained", 2022, 80, CLAIM_EXACT)};

    (void)state;
    claims[1].unit = claims[2].unit = STR("person-courses");
    claims[2].value = 95;
    only(claims, 3, CLAIM_TWO_UNITS, 0, 1); /* once, not for each pair */
}

static size_t impossible(struct arena *a, const struct claim *claim,
    const struct claim_rate *rates, size_t count)
{
    struct claim_contradictions c = found(a, claim, 1, rates, count);

    for (size_t i = 0; i < c.count; i++) {
        assert_int_equal(c.list[i].fault, CLAIM_RATE_IMPOSSIBLE);
        assert_true(c.list[i].lowest == 6.2 && c.list[i].highest == 6.9);
    }
    return c.count;
}

/* 920 million CNY as 134.85 million USD: 6.82 to one, as in those years. */
static void test_rate(void **state)
{
    const struct claim_rate rates[] = {{STR("USD"), STR("CNY"), 2015, 6.2},
        {STR("USD"), STR("CNY"), 2017, 6.7}, {STR("USD"), STR("CNY"), 2016, 6.6},
        {STR("USD"), STR("CNY"), 2019, 6.9}, {STR("USD"), STR("CNY"), 2018, 6.6},
        {STR("EUR"), STR("CNY"), 2018, 7.8}, {STR("USD"), STR("CNY"), 2020, 60}};
    struct claim claim = total("a", "funding", 2019, 920e6, CLAIM_EXACT);
    struct arena *a = arena_new();

    (void)state;
    claim.unit = STR("CNY");
    claim.other_unit = STR("USD");
    claim.other = 134.85e6;
    assert_int_equal(impossible(a, &claim, rates, 7), 0);
    claim.other = 13.485e6;
    assert_int_equal(
        impossible(a, &claim, rates, 7), 1); /* the year after is not its */
    assert_int_equal(impossible(a, &claim, rates, 4), 0); /* 2018 is not known */
    claim.other = 920e6 / (6.9 * 1.03) - 1;
    assert_int_equal(impossible(a, &claim, rates, 7), 1);
    claim.other = 920e6 / (6.9 * 1.03) + 1;
    assert_int_equal(impossible(a, &claim, rates, 7), 0);
    claim.other_unit = STR("JPY");
    assert_int_equal(impossible(a, &claim, rates, 7), 0);
    claim.unit = STR("USD");
    claim.other_unit = STR("CNY");
    claim.other = claim.value * 6.8; /* said the other way round */
    assert_int_equal(impossible(a, &claim, rates, 7), 0);
    arena_free(a);
}

static void test_codes(void **state)
{
    (void)state;
    for (int i = 0; i < CLAIM_BOUNDS; i++) {
        const char *code = claim_bound_code((enum claim_bound)i);

        assert_int_equal(claim_bound_of(str_of(code)), i);
    }
    for (int i = 0; i < CLAIM_TRENDS; i++) {
        const char *code = claim_trend_code((enum claim_trend)i);

        assert_int_equal(claim_trend_of(str_of(code)), i);
    }
    assert_int_equal(claim_bound_of(STR("more")), CLAIM_BOUNDS);
    assert_int_equal(claim_trend_of(STR("")), CLAIM_TRENDS);
}

/* ---- over random lists ---- */

static struct claim any(const char *id)
{
    static const char *const measures[] = {"m", "n"};
    static const char *const units[] = {"persons", "cases"};
    struct claim c = total(id, measures[random() % 2], 2015 + (int)(random() % 5),
        (double)(random() % 6), (enum claim_bound)(random() % CLAIM_BOUNDS));

    c.unit = str_of(units[random() % 8 == 0]);
    c.from = year(2015 + (int)(random() % 2));
    c.total = random() % 2;
    c.trend = (enum claim_trend)(random() % CLAIM_TRENDS);
    c.has_before = random() % 4 == 0;
    c.before = (double)(random() % 6);
    return c;
}

static bool same_ids(const struct claim *a, size_t i, const struct claim *b, size_t k)
{
    return str_eq(a[i].id, b[k].id);
}

/* Invariants 1 to 3, and whoever is accused of values says what no value can be. */
static void test_any(void **state)
{
    static const char *const ids[MOST] = {"a", "b", "c", "d", "e", "f", "g"};

    (void)state;
    srandom(7);
    for (int round = 0; round < ROUNDS; round++) {
        struct arena *a = arena_new();
        struct claim claims[MOST], turned[MOST];
        size_t count = (size_t)(random() % (MOST + 1));
        struct claim_contradictions one, other;

        for (size_t i = 0; i < count; i++)
            claims[i] = any(ids[i]);
        for (size_t i = 0; i < count; i++)
            turned[i] = claims[count - 1 - i];
        one = found(a, claims, count, NULL, 0);
        other = found(a, turned, count, NULL, 0);
        assert_int_equal(one.count, other.count);
        for (size_t i = 0; i < one.count; i++) {
            const struct claim_contradiction *c = &one.list[i], *d = &other.list[i];

            assert_int_equal(c->fault, d->fault);
            assert_true(same_ids(claims, c->one, turned, d->one));
            assert_true(same_ids(claims, c->other, turned, d->other));
            assert_true(str_eq(claims[c->one].measure, claims[c->other].measure));
            assert_int_equal(c->one == c->other, c->fault == CLAIM_OWN_VERB_WRONG);
        }
        arena_free(a);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_verdict),
        cmocka_unit_test(test_more_is_less), cmocka_unit_test(test_scopes_differ),
        cmocka_unit_test(test_later_is_longer), cmocka_unit_test(test_dateless),
        cmocka_unit_test(test_floor_is_open), cmocka_unit_test(test_two_values),
        cmocka_unit_test(test_verb), cmocka_unit_test(test_two_units),
        cmocka_unit_test(test_rate), cmocka_unit_test(test_codes),
        cmocka_unit_test(test_any)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
