/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Facts of apprenticeships that are kept between questions: after each change of a record that they follow from, what is told is
 * byte by byte what it is from nothing; and of other changes they are kept.
 */
#include "app/app_internal.h"
#include "app/kept.h"
#include "learners.h"

static const char *const queries[] = {"", "&clock=days", "&pooled=true",
    "&pooled=true&clock=days", "&procedure=appendectomy", "&procedure=caesarean"};
#define QUERIES (sizeof(queries) / sizeof(queries[0]))
static const char *const people[] = {
    "coordinator", "head-county", "head-twin", NULL /* a program */};
#define PEOPLE (sizeof(people) / sizeof(people[0]))

static void forget(void)
{
    kept_memory_free(node.app->independence);
    node.app->independence =
        kept_memory_new(node.app->memory, 1, LIMIT_INDEPENDENCE_KEPT);
    assert_non_null(node.app->independence);
}

static bool is_kept(void)
{
    struct store_reader *snapshot = NULL;
    struct kept_value *v = NULL;
    int64_t position = -1;

    assert_int_equal(store_read_begin(node.app->store, &snapshot, NULL), 0);
    assert_int_equal(store_position(snapshot, &position, NULL), 0);
    v = kept_get(node.app->independence, 0, position);
    kept_release(v);
    store_read_end(snapshot);
    return v != NULL;
}

static char *told(const char *person, const char *query)
{
    struct said *s = ask_for(person, query);
    char *text = arena_strndup(arena, s->call.answer.data, s->call.answer.len);

    said_free(s);
    return text;
}

/* All that is told, to everybody. */
static char *all_told(void)
{
    char *all = arena_strndup(arena, "", 0);

    for (size_t i = 0; i < PEOPLE; i++) {
        for (size_t k = 0; k < QUERIES; k++)
            all = arena_printf(arena, "%s%s\n", all, told(people[i], queries[k]));
    }
    return all;
}

/* ---- changes ---- */

static void put_again(const char *path, const char *body)
{
    write_as(NULL, APP_PUT, path, body, 200);
}

#define REFERENCE(name, to) "\"" name "\":{\"reference\":\"" to "\"}"
#define LEARNS(end)                                                                    \
    "{\"resourceType\":\"Apprenticeship\",\"id\":\"learner6\",\"status\":\"active\","  \
    "" REFERENCE("apprentice", "Practitioner/learner6") "," REFERENCE(                 \
        "master", "Practitioner/chen") "," REFERENCE("learningDepartment",             \
        "Organization/county-surgery") "," REFERENCE("teachingDepartment",             \
        "Organization/twin-surgery") ",\"period\":{\"start\":\"2026-01-01\"" end       \
                                     "},\"goal\":[{\"procedure\":{\"coding\":[{"       \
                                     "\"system\":\"" SYSTEM                            \
                                     "procedure\",\"code\":\"appendectomy\"}]},"       \
                                     "\"targetLevel\":5}]}"

static void an_apprenticeship_ends(void)
{
    put_again("Apprenticeship/learner6", LEARNS(",\"end\":\"2026-01-03\""));
}

static void one_more_learns(void)
{
    put_learner(&(struct learner){8, "twin-surgery", NULL, 7, 0, NULL});
}

static void one_is_signed_off(void)
{
    put_signed("learner7", day_of(10));
}

static void one_leaves(void)
{
    put_again("PractitionerRole/learner8",
        "{\"resourceType\":\"PractitionerRole\",\"id\":\"learner8\",\"active\":true,"
        "" REFERENCE("practitioner", "Practitioner/learner8") "," REFERENCE(
            "organization", "Organization/county-surgery") ",\"period\":{\"start\":"
                                                           "\"2025-01-01\",\"end\":"
                                                           "\"2026-01-03\"}}");
}

static void one_operates(void)
{
    put_cases("learner5", 4);
}

/* The teaching department is of another hospital: the head at the twin is told no more. */
static void a_department_moves(void)
{
    put_again("Organization/twin-medicine",
        "{\"resourceType\":\"Organization\",\"id\":\"twin-medicine\",\"active\":true,"
        "\"name\":\"Medicine\"," REFERENCE("partOf", "Organization/county") "}");
}

static void every_change_is_seen(void **state)
{
    static void (*const changes[])(void) = {an_apprenticeship_ends, one_more_learns,
        one_is_signed_off, one_leaves, one_operates, a_department_moves};
    char *before = NULL;

    (void)state;
    put_seven();
    put_some(20, 5, "twin-medicine");
    before = all_told();
    for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
        char *now = NULL;
        char *again = NULL;

        assert_true(is_kept());
        time_hold(NOW);
        changes[i]();
        assert_false(is_kept());
        now = all_told();
        assert_true(is_kept());
        again = all_told();
        forget();
        if (strcmp(now, all_told()) != 0 || strcmp(now, again) != 0)
            fail_msg("change %zu: %s", i, now);
        if (strcmp(now, before) == 0)
            fail_msg("change %zu was of nothing", i);
        before = now;
    }
}

static void others_change_nothing(void **state)
{
    (void)state;
    put_seven();
    (void)all_told();
    put("Basic/one", "{\"resourceType\":\"Basic\",\"id\":\"one\",\"code\":{\"text\":"
                     "\"x\"}}");
    assert_true(is_kept());
}

/* What is asked first says nothing of what is kept: all is, and no quarter is in it. */
static void one_question_is_kept_for_another(void **state)
{
    char *all = NULL;

    (void)state;
    put_seven();
    put_some(20, 5, "twin-medicine");
    all = all_told();
    forget();
    (void)told("head-county", "&procedure=caesarean");
    said_free(
        said_status(get_as(NULL, "Apprenticeship/$independence?period=2025-Q4"), 200));
    assert_true(is_kept());
    assert_string_equal(all_told(), all);
}

static int ask_failing(unsigned long n, unsigned long *counted)
{
    struct app_call call = {.app = node.app,
        .arena = arena_new(),
        .caller = {.name = STR("tester"), .role = STR("program")},
        .space = APP_PROGRAMME,
        .path = STR("Apprenticeship/$independence"),
        .query = STR("period=2026-Q1&pooled=true")};
    int status = 0;

    base_fail_alloc(n);
    app_run(&call);
    *counted = base_fail_alloc(0);
    status = call.status;
    app_call_done(&call);
    arena_free(call.arena);
    return status;
}

/* Where no memory is left for keeping it is told all the same. */
static void memory_may_be_out(void **state)
{
    unsigned long counted = 0;
    unsigned long refused = 0;
    char *all = NULL;

    (void)state;
    put_some(20, 5, "twin-surgery");
    all = all_told();
    for (unsigned long n = 1; n == 1 || counted >= n - 1; n++) {
        int status = 0;

        forget();
        status = ask_failing(n, &counted);
        if (status != 200 && status != 503)
            fail_msg("allocation %lu: status %d", n, status);
        refused += status == 503;
    }
    assert_true(refused > 5);
    assert_string_equal(all_told(), all);
}

#define EACH(f) cmocka_unit_test_setup_teardown(f, open_network, close_network)

int main(void)
{
    const struct CMUnitTest tests[] = {
        EACH(every_change_is_seen),
        EACH(others_change_nothing),
        EACH(one_question_is_kept_for_another),
        EACH(memory_may_be_out),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
