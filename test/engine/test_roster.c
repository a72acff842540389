/* SPDX-License-Identifier: Apache-2.0 */
/* What is left of a time, and what is wrong with a plan of postings. */
#include <stdlib.h>

#include "engine/planning/roster.h"
#include "unit.h"

#define DAY 86400000LL
#define ROUNDS 2000

static struct span days(int from, int until)
{
    return (struct span){from * DAY, until * DAY};
}

/* ---- what is left ---- */

static void test_left(void **state)
{
    struct span taken[] = {{8 * DAY, 9 * DAY}, {2 * DAY, 4 * DAY}, {3 * DAY, 5 * DAY}};
    struct span left[4];

    (void)state;
    span_sort(taken, 3);
    assert_int_equal(span_left(days(1, 10), taken, 3, left), 3);
    assert_int_equal(left[0].until, 2 * DAY);
    assert_int_equal(left[1].from, 5 * DAY);
    assert_int_equal(left[1].until, 8 * DAY);
    assert_int_equal(left[2].from, 9 * DAY);
    assert_int_equal(span_left(days(2, 5), taken, 3, left), 0);
    assert_int_equal(span_left(days(5, 5), taken, 3, left), 0);
    assert_int_equal(span_left(days(5, 8), taken, 0, left), 1);
}

/* Day by day it is the same as told by hand. */
static void test_left_by_days(void **state)
{
    (void)state;
    srandom(7);
    for (int round = 0; round < ROUNDS; round++) {
        struct span taken[6], left[7];
        struct span whole = days((int)(random() % 20), (int)(random() % 20));
        size_t count = (size_t)(random() % 7);
        size_t found = 0;

        for (size_t i = 0; i < count; i++) {
            int from = (int)(random() % 20);

            taken[i] = days(from, from + (int)(random() % 6));
        }
        span_sort(taken, count);
        found = span_left(whole, taken, count, left);
        for (int day = -1; day < 27; day++) {
            bool expected = span_holds(whole, day * DAY);
            bool told = false;

            for (size_t i = 0; i < count; i++)
                expected = expected && !span_holds(taken[i], day * DAY);
            for (size_t i = 0; i < found; i++)
                told = told || span_holds(left[i], day * DAY);
            assert_int_equal(told, expected);
        }
    }
}

/* ---- problems ---- */

struct world {
    struct arena *a;
    struct roster_posting postings[6];
    struct roster_team teams[2];
    struct roster_head heads[3];
    struct roster plan;
    struct roster_finding found;
};

static struct roster_posting posting(
    uint32_t person, uint32_t department, uint32_t team, struct span term)
{
    return (struct roster_posting){
        .person = person, .department = department, .team = team, .term = term};
}

/* One department, headed, one team of days 0 to 100 with one who is there all the time. */
static void begin(struct world *w)
{
    *w = (struct world){.a = arena_new()};
    assert_non_null(w->a);
    w->teams[0] = (struct roster_team){days(0, 100), true};
    w->postings[0] = posting(0, 0, 0, days(0, 100));
    w->heads[0] = (struct roster_head){0, {0, SPAN_OPEN}};
    w->plan = (struct roster){.postings = w->postings,
        .teams = w->teams,
        .heads = w->heads,
        .posting_count = 1,
        .team_count = 1,
        .head_count = 1,
        .department_count = 1,
        .window = days(0, 200),
        .now = 50 * DAY};
}

static void find(struct world *w)
{
    struct err err = {0};

    assert_int_equal(roster_find(w->a, &w->plan, &w->found, &err), 0);
}

static void assert_one(struct world *w, enum roster_kind kind, struct span when)
{
    assert_int_equal(w->found.count, 1);
    if (!w->found.problems) {
        fail_msg("no problem is told");
        return;
    }
    assert_string_equal(
        roster_kind_code(w->found.problems[0].kind), roster_kind_code(kind));
    assert_int_equal(w->found.problems[0].when.from, when.from);
    assert_int_equal(w->found.problems[0].when.until, when.until);
    arena_free(w->a);
}

static void test_nothing(void **state)
{
    struct world w;

    (void)state;
    begin(&w);
    find(&w);
    assert_int_equal(w.found.count, 0);
    arena_free(w.a);
}

static void test_clash(void **state)
{
    struct span leave = days(10, 30);
    struct world w;

    (void)state;
    begin(&w);
    w.postings[1] = posting(0, 0, 0, days(20, 40));
    w.plan.posting_count = 2;
    find(&w);
    assert_one(&w, ROSTER_CLASH, days(20, 40));
    begin(&w); /* leave of one of both does not clash */
    w.postings[0].away = &leave;
    w.postings[0].away_count = 1;
    w.postings[1] = posting(0, 0, 0, days(20, 40));
    w.postings[2] = posting(2, 0, 0, days(0, 100)); /* so that nobody is missed */
    w.plan.posting_count = 3;
    find(&w);
    assert_one(&w, ROSTER_CLASH, days(30, 40));
    begin(&w); /* one after the other is none */
    w.postings[0].term = days(0, 20);
    w.postings[1] = posting(0, 0, 0, days(20, 100));
    w.plan.posting_count = 2;
    find(&w);
    assert_int_equal(w.found.count, 0);
    arena_free(w.a);
}

static void test_term(void **state)
{
    struct world w;

    (void)state;
    begin(&w);
    w.postings[0].term = days(0, 120);
    find(&w);
    assert_one(&w, ROSTER_OUTSIDE_TERM, days(100, 120));
    begin(&w);
    w.teams[0].has_term = false;
    find(&w);
    assert_one(&w, ROSTER_NO_TERM, days(0, 100));
    begin(&w); /* its term ended on day 40; somebody is still there on day 50 */
    w.teams[0].term = days(0, 40);
    find(&w);
    assert_int_equal(w.found.count, 2);
    if (!w.found.problems) {
        fail_msg("no problem is told");
        return;
    }
    assert_int_equal(w.found.problems[0].kind, ROSTER_OUTSIDE_TERM);
    assert_int_equal(w.found.problems[1].kind, ROSTER_BEYOND_TERM);
    assert_int_equal(w.found.problems[1].when.from, 40 * DAY);
    assert_int_equal(w.found.problems[1].when.until, 100 * DAY);
    arena_free(w.a);
}

static void test_head(void **state)
{
    struct world w;

    (void)state;
    begin(&w);
    w.heads[0].term.until = 90 * DAY;
    w.heads[1] = (struct roster_head){0, {110 * DAY, SPAN_OPEN}};
    w.plan.head_count = 2;
    find(&w);
    assert_one(&w, ROSTER_NO_HEAD, days(90, 110));
    begin(&w);
    w.heads[0].term.from = 45 * DAY; /* what was before today is no problem */
    find(&w);
    assert_int_equal(w.found.count, 0);
    arena_free(w.a);
}

static void test_gap(void **state)
{
    struct span leave = days(30, 37);
    struct world w;

    (void)state;
    begin(&w);
    w.postings[0].away = &leave;
    w.postings[0].away_count = 1;
    find(&w);
    assert_one(&w, ROSTER_GAP, leave);
    begin(&w); /* a replacement fills it */
    w.postings[0].away = &leave;
    w.postings[0].away_count = 1;
    w.postings[1] = posting(1, 0, 0, leave);
    w.plan.posting_count = 2;
    find(&w);
    assert_int_equal(w.found.count, 0);
    arena_free(w.a);
    begin(&w); /* between two batches */
    w.teams[1] = (struct roster_team){days(120, 150), true};
    w.postings[1] = posting(1, 0, 1, days(120, 150));
    w.plan.posting_count = 2;
    w.plan.team_count = 2;
    find(&w);
    assert_one(&w, ROSTER_GAP, days(100, 120));
    begin(&w); /* who leaves before the team does */
    w.postings[0].term = days(0, 80);
    find(&w);
    assert_one(&w, ROSTER_GAP, days(80, 100));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_left),
        cmocka_unit_test(test_left_by_days),
        cmocka_unit_test(test_nothing),
        cmocka_unit_test(test_clash),
        cmocka_unit_test(test_term),
        cmocka_unit_test(test_head),
        cmocka_unit_test(test_gap),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
