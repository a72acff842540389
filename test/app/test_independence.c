/* SPDX-License-Identifier: Apache-2.0 */
/* Apprenticeship/$independence: the curve, for whom, and what is hidden. */
#include "learners.h"

static const struct json *group_of(struct said *s, const char *department)
{
    for (int i = 0;; i++) {
        const struct json *parts = parts_of(json_get(s->json, "parameter"), "group", i);

        if (!parts || strcmp(part(parts, "department"), department) == 0)
            return parts;
    }
}

/* ---- the curve ---- */

static void test_curve(void **state)
{
    struct said *s = NULL;
    const struct json *group = NULL;
    const struct json *step = NULL;

    (void)state;
    put_seven();
    s = ask_for("coordinator", "");
    group = group_of(s, "Organization/twin-surgery");
    assert_non_null(group);
    assert_string_equal(part(group, "procedure"), "appendectomy");
    assert_string_equal(part(group, "persons"), "7");
    /* at 10: 6 at risk (one was censored at 5), 2 arrive: 4/6 */
    step = parts_of(group, "step", 0);
    assert_string_equal(part(step, "at"), "10");
    assert_string_equal(part(step, "at-risk"), "6");
    assert_string_equal(part(step, "dependent"), "0.6667");
    assert_string_equal(part(step, "arrived"), "0.3333");
    /* at 15 only 4 are at risk: what comes then is not told */
    assert_null(parts_of(group, "step", 1));
    assert_string_equal(part(group, "known-to"), "10");
    assert_string_equal(part(group, "median"), "");
    assert_string_equal(part(group, "ended"), "masked"); /* one */
    said_free(s);
    s = ask_for("coordinator", "&clock=days");
    group = group_of(s, "Organization/twin-surgery");
    step = parts_of(group, "step", 0);
    assert_string_equal(part(step, "at"), "30"); /* days 8, 10 and 18 */
    assert_string_equal(part(step, "at-risk"), "7");
    assert_string_equal(part(step, "dependent"), "0.5714");
    said_free(s);
    s = ask_for("coordinator", "&procedure=caesarean");
    assert_null(group_of(s, "Organization/twin-surgery"));
    said_free(s);
}

/* What happens after the quarter changes nothing that was told of it. */
static void test_stands(void **state)
{
    struct said *s = NULL;
    char *before = NULL;

    (void)state;
    put_seven();
    s = ask_for("coordinator", "");
    before = arena_strndup(arena, s->call.answer.data, s->call.answer.len);
    said_free(s);
    put_signed("learner6", "2026-04-01");
    s = ask_for("coordinator", "");
    assert_true(s->call.answer.len == strlen(before));
    assert_memory_equal(s->call.answer.data, before, s->call.answer.len);
    said_free(s);
}

/* ---- what is hidden ---- */

static void test_small(void **state)
{
    struct said *s = NULL;

    (void)state;
    put_seven();
    put_some(20, 4, "twin-medicine");
    s = ask_for("coordinator", "");
    assert_string_equal(
        part(group_of(s, "Organization/twin-medicine"), "persons"), "masked");
    assert_null(parts_of(group_of(s, "Organization/twin-medicine"), "step", 0));
    assert_string_equal(part(group_of(s, "Organization/twin-surgery"), "persons"), "7");
    assert_null(group_of(s, "")); /* no sum from which the four could be taken */
    said_free(s);
}

/* Where no department has five, all together may. */
static void test_together(void **state)
{
    struct said *s = NULL;

    (void)state;
    put_some(20, 4, "twin-medicine");
    put_some(30, 3, "twin-surgery");
    s = ask_for("coordinator", "");
    assert_null(group_of(s, "Organization/twin-medicine"));
    assert_null(group_of(s, "Organization/twin-surgery"));
    assert_string_equal(part(group_of(s, ""), "persons"), "7");
    said_free(s);
}

/* All that is told as one curve, each group as far as it is told; of the four nothing is in it. */
static void test_pooled(void **state)
{
    struct said *s = NULL;
    const struct json *pooled = NULL;

    (void)state;
    put_seven();                      /* told until 10: 5 under way, 10, 10, 4 go on */
    put_some(20, 4, "twin-medicine"); /* with the next five, told until 5 */
    put_learner(&(struct learner){24, "twin-medicine", NULL, 2, 2, NULL});
    put_some(30, 4, "county-surgery");
    s = ask_for("coordinator", "&pooled=true");
    pooled = parts_of(json_get(s->json, "parameter"), "pooled", 0);
    assert_non_null(pooled);
    assert_string_equal(part(pooled, "persons"), "12");
    assert_string_equal(part(pooled, "groups"), "2");
    /* at 5 one of 12; at 10 two of the 6 that are left */
    assert_string_equal(part(parts_of(pooled, "step", 0), "at"), "5");
    assert_string_equal(part(parts_of(pooled, "step", 0), "at-risk"), "12");
    assert_string_equal(part(parts_of(pooled, "step", 0), "dependent"), "0.9167");
    assert_string_equal(part(parts_of(pooled, "step", 1), "at"), "10");
    assert_string_equal(part(parts_of(pooled, "step", 1), "at-risk"), "6");
    assert_string_equal(part(parts_of(pooled, "step", 1), "dependent"), "0.6111");
    assert_null(parts_of(pooled, "step", 2));
    assert_string_equal(part(parts_of(pooled, "risk", 0), "at-risk"), "12");
    assert_null(parts_of(pooled, "risk", 1)); /* at 30 nobody is */
    said_free(s);
    s = ask_for("coordinator", "");
    assert_null(parts_of(json_get(s->json, "parameter"), "pooled", 0));
    said_free(s);
    said_free(
        said_status(get_as("coordinator",
                        "Apprenticeship/$independence?period=2026-Q1&pooled=perhaps"),
            400));
}

/* ---- for whom ---- */

static void test_who(void **state)
{
    static const char path[] = "Apprenticeship/$independence?period=2026-Q1";
    struct said *s = NULL;

    (void)state;
    put_seven();
    s = ask_for("head-county", ""); /* theirs learn there */
    assert_string_equal(part(group_of(s, "Organization/twin-surgery"), "persons"), "7");
    said_free(s);
    s = ask_for("head-twin", "");
    assert_non_null(group_of(s, "Organization/twin-surgery"));
    said_free(s);
    s = ask_for(NULL, "");
    assert_non_null(group_of(s, "Organization/twin-surgery"));
    said_free(s);
    said_free(said_status(get_as("nima", path), 403));
    said_free(said_status(get_as("chen", path), 403));
    said_free(said_status(get_as("tashi", path), 403));
    said_free(said_status(get_as("coordinator", "Apprenticeship/$independence"), 400));
    said_free(said_status(
        get_as("coordinator", "Apprenticeship/$independence?period=2026-Q2"), 400));
    said_free(said_status(
        get_as("coordinator", arena_printf(arena, "%s&clock=weeks", path)), 400));
    said_free(said_status(
        get_as("coordinator", arena_printf(arena, "%s&procedure=magic", path)), 400));
    said_free(said_status(
        get_as("coordinator", arena_printf(arena, "%s&person=nima", path)), 400));
    refused("coordinator", "Apprenticeship/$independence", "", 405);
}

#define EACH(f) cmocka_unit_test_setup_teardown(f, open_network, close_network)

int main(void)
{
    const struct CMUnitTest tests[] = {
        EACH(test_curve),
        EACH(test_stands),
        EACH(test_small),
        EACH(test_together),
        EACH(test_pooled),
        EACH(test_who),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
