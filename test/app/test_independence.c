/* SPDX-License-Identifier: Apache-2.0 */
/* Apprenticeship/$independence: the curve, for whom, and what is hidden. */
#include "logbook.h"

#define DAY_MS 86400000LL

struct learner {
    int number;
    const char *teaching; /* department */
    const char *end;      /* of the apprenticeship; NULL: it runs */
    int cases;            /* as operator, a day each from the begin on */
    int signed_after;     /* so many of them; 0: not */
    const char *left;     /* the last day of their only post; NULL: they stay */
};

static const char *day_of(int n)
{
    char iso[TIME_ISO_MAX];

    time_iso(NOW + n * DAY_MS, iso);
    return arena_printf(arena, "%.10s", iso);
}

static void put(const char *path, const char *body)
{
    write_as(NULL, APP_PUT, path, body, 201);
}

static void put_cases(const char *id, int count)
{
    for (int i = 0; i < count; i++)
        write_as(NULL, APP_POST, "Procedure",
            arena_printf(arena,
                "{\"resourceType\":\"Procedure\",\"status\":\"completed\","
                "\"code\":{\"coding\":[{\"system\":\"" SYSTEM
                "procedure\",\"code\":\"appendectomy\"}]},\"subject\":{\"reference\":"
                "\"Patient/pema\"},\"performedDateTime\":\"%s\",\"performer\":[{"
                "\"function\":{\"coding\":[{\"system\":\"" SYSTEM
                "operation-function\",\"code\":\"operator\"}]},\"actor\":{"
                "\"reference\":\"Practitioner/%s\"}}]}",
                day_of(i), id),
            201);
}

/* The sign-off of ${person}, under the same id, signed on the day ${day}. */
static void put_signed(const char *person, const char *day)
{
    put(arena_printf(arena, "SignOff/%s", person),
        arena_printf(arena,
            "{\"resourceType\":\"SignOff\",\"id\":\"%s\",\"status\":\"signed\","
            "\"person\":{\"reference\":\"Practitioner/%s\"},\"procedure\":{"
            "\"coding\":[{\"system\":\"" SYSTEM
            "procedure\",\"code\":\"appendectomy\"}]},\"organization\":{"
            "\"reference\":\"Organization/county\"},\"department\":{\"reference\":"
            "\"Organization/county-surgery\"},\"proposed\":{\"who\":{\"reference\":"
            "\"Practitioner/chen\"},\"when\":\"%sT11:00:00Z\"},\"listed\":"
            "\"%sT12:00:00Z\",\"rules\":\"1\",\"condition\":[{\"name\":\"volume\","
            "\"answer\":\"met\"}],\"signed\":\"%sT12:00:00Z\"}",
            person, person, day, day, day));
}

static void put_learner(const struct learner *l)
{
    const char *id = arena_printf(arena, "learner%d", l->number);

    put(arena_printf(arena, "Practitioner/%s", id),
        arena_printf(arena, "{\"resourceType\":\"Practitioner\",\"id\":\"%s\"}", id));
    put(arena_printf(arena, "PractitionerRole/%s", id),
        arena_printf(arena,
            "{\"resourceType\":\"PractitionerRole\",\"id\":\"%s\",\"active\":true,"
            "\"practitioner\":{\"reference\":\"Practitioner/%s\"},\"organization\":{"
            "\"reference\":\"Organization/county-surgery\"},\"code\":[{\"coding\":[{"
            "\"system\":\"" SYSTEM "role\",\"code\":\"clinician\"}]}],\"period\":{"
            "\"start\":\"2025-01-01\"%s}}",
            id, id, l->left ? arena_printf(arena, ",\"end\":\"%s\"", l->left) : ""));
    put(arena_printf(arena, "Apprenticeship/%s", id),
        arena_printf(arena,
            "{\"resourceType\":\"Apprenticeship\",\"id\":\"%s\",\"status\":\"active\","
            "\"apprentice\":{\"reference\":\"Practitioner/%s\"},\"master\":{"
            "\"reference\":\"Practitioner/chen\"},\"learningDepartment\":{"
            "\"reference\":\"Organization/county-surgery\"},\"teachingDepartment\":{"
            "\"reference\":\"Organization/%s\"},\"period\":{\"start\":\"2026-01-01\"%s}"
            ",\"goal\":[{\"procedure\":{\"coding\":[{\"system\":\"" SYSTEM
            "procedure\",\"code\":\"appendectomy\"}]},\"targetLevel\":5}]}",
            id, id, l->teaching,
            l->end ? arena_printf(arena, ",\"end\":\"%s\"", l->end) : ""));
    put_cases(id, l->cases);
    if (l->signed_after)
        put_signed(id, day_of(l->signed_after - 1));
}

/* Seven in the twin's surgery. With times in steps of five: independent after 10 (two, at 8 and
 * 10 cases) and 20; left after 15; under way at 5 (the term ended), 25 and 25. */
static void put_seven(void)
{
    static const struct learner seven[] = {
        {1, "twin-surgery", NULL, 12, 8, NULL},
        {2, "twin-surgery", NULL, 10, 10, NULL},
        {3, "twin-surgery", NULL, 18, 18, NULL},
        {4, "twin-surgery", NULL, 14, 0, "2026-02-01"},
        {5, "twin-surgery", "2026-01-20", 3, 0, NULL},
        {6, "twin-surgery", NULL, 22, 0, NULL},
        {7, "twin-surgery", NULL, 24, 0, NULL},
    };

    for (size_t i = 0; i < sizeof(seven) / sizeof(seven[0]); i++)
        put_learner(&seven[i]);
}

static void put_some(int from, int count, const char *teaching)
{
    for (int i = 0; i < count; i++)
        put_learner(&(struct learner){from + i, teaching, NULL, 2, 0, NULL});
}

static struct said *ask_for(const char *person, const char *query)
{
    time_hold(time_days(2026, 4, 2) * DAY_MS);
    return said_status(
        get_as(person, arena_printf(arena,
                           "Apprenticeship/$independence?period=2026-Q1%s", query)),
        200);
}

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
