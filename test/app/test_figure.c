/* SPDX-License-Identifier: Apache-2.0 */
/* Published figures: who writes them, what they must say, and what contradicts in them. */
#include "app/figure_ask.h"
#include "case.h"

#define SAY(id, more)                                                                  \
    "{\"resourceType\":\"PublishedFigure\",\"id\":\"" id "\",\"status\":\"active\","   \
    "\"wording\":\"as it was said\",\"source\":\"the report of that year\","           \
    "\"counting\":\"total\",\"unit\":\"persons\"," more "}"

#define TRAINED "\"measure\":\"local-staff-trained\""
#define UNTIL(year) "\"period\":{\"start\":\"2015\",\"end\":\"" year "\"}"
#define VALUE(bound, value) "\"bound\":\"" bound "\",\"value\":" value

static void put(const char *person, const char *id, const char *body, int status)
{
    write_as(
        person, APP_PUT, arena_printf(arena, "PublishedFigure/%s", id), body, status);
}

static struct str text_of(const struct json *parts, const char *name)
{
    struct json_each it = json_each(parts);

    while (json_next(&it)) {
        const char *kinds[] = {"valueCode", "valueId", "valueString"};

        for (size_t i = 0; i < 3 && str_is(json_get_text(it.value, "name"), name);
             i++) {
            if (json_get(it.value, kinds[i]))
                return json_get_text(it.value, kinds[i]);
        }
    }
    return (struct str){NULL, 0};
}

/* What $compare tells ${person}, as "figure:a ... fault:one-other ...". */
static void told(const char *person, const char *query, const char *expected)
{
    struct said *s = said_status(
        get_as(person, arena_printf(arena, "PublishedFigure/$compare%s", query)), 200);
    struct json_each it = json_each(json_get(s->json, "parameter"));
    const char *all = "";

    while (json_next(&it)) {
        const struct json *parts = json_get(it.value, "part");
        bool figure = str_is(json_get_text(it.value, "name"), "figure");
        bool notice = str_is(json_get_text(it.value, "name"), "notice");
        struct str fault =
            figure ? STR("figure") : text_of(parts, notice ? "kind" : "fault");
        struct str one = text_of(parts, figure ? "id" : "one");
        struct str other = text_of(parts, figure ? "problem" : "other");

        all = arena_printf(arena, "%s%s%.*s:%.*s%s%.*s", all, *all ? " " : "",
            (int)fault.len, fault.p, (int)one.len, one.p, other.p ? "-" : "",
            (int)other.len, other.p ? other.p : "");
    }
    assert_string_equal(all, expected);
    said_free(s);
}

/* 4,000 until 2020 and 2,400 until 2022 cannot be of the same people. */
static void contradictions_are_told(void **state_)
{
    (void)state_;
    told("nima", "", "figure:introduced");
    put(NULL, "trained-2022",
        SAY("trained-2022", TRAINED "," UNTIL("2022") "," VALUE("exact", "2400")), 201);
    put(NULL, "trained-2020",
        SAY("trained-2020", TRAINED "," UNTIL("2020") "," VALUE("about", "4000")), 201);
    told("nima", "?measure=local-staff-trained",
        "figure:trained-2020 figure:trained-2022 "
        "more-is-less:trained-2020-trained-2022");
    told("nima", "?measure=experts-deployed", "");
    put(NULL, "trained-2022",
        SAY("trained-2022", TRAINED "," UNTIL("2022") "," VALUE("over", "2400")), 200);
    told("nima", "?measure=local-staff-trained",
        "figure:trained-2020 figure:trained-2022");
    put(NULL, "trained-2022",
        SAY("trained-2022", "\"scope\":\"one hospital\"," TRAINED
                            "," UNTIL("2022") "," VALUE("exact", "2400")),
        200);
    told("chen", "?measure=local-staff-trained",
        "figure:trained-2020 figure:trained-2022 "
        "scopes-differ:trained-2020-trained-2022");
}

/* What who published it took back contradicts nobody any more. */
static void withdrawn_is_not_compared(void **state_)
{
    (void)state_;
    put(NULL, "a", SAY("a", TRAINED "," UNTIL("2022") "," VALUE("exact", "2400")), 201);
    put(NULL, "b", SAY("b", TRAINED "," UNTIL("2022") "," VALUE("exact", "2500")), 201);
    told("nima", "?measure=local-staff-trained", "figure:a figure:b two-values:a-b");
    put(NULL, "b",
        "{\"resourceType\":\"PublishedFigure\",\"id\":\"b\",\"status\":\"withdrawn\","
        "\"wording\":\"x\",\"source\":\"y\",\"counting\":\"total\",\"unit\":"
        "\"persons\"," TRAINED "," UNTIL("2022") "," VALUE("exact", "2500") "}",
        200);
    told("nima", "?measure=local-staff-trained", "figure:a");
}

/* 920 million CNY are 134.85 million USD, and not a tenth of it. */
static void rates_are_held_against_years(void **state_)
{
#define MONEY(usd)                                                                     \
    "{\"resourceType\":\"PublishedFigure\",\"id\":\"money\",\"status\":\"active\","    \
    "\"wording\":\"x\",\"source\":\"y\",\"counting\":\"total\",\"unit\":\"CNY\","      \
    "\"measure\":\"funding\",\"period\":{\"start\":\"2015\",\"end\":\"2020\"},"        \
    "\"bound\":\"exact\",\"value\":920000000,\"other\":{\"value\":" usd                \
    ",\"currency\":\"USD\"}}"
    (void)state_;
    put(NULL, "money", MONEY("134850000"), 201);
    told("nima", "?measure=funding", "figure:money");
    put(NULL, "money", MONEY("13485000"), 200);
    told("nima", "?measure=funding", "figure:money rate-impossible:money-money");
}

static void coordinators_write_what_can_be_compared(void **state_)
{
    static const char *const no[] = {"nima", "chen", "director", "quality", "past"};
    const char *right = SAY("x", TRAINED "," UNTIL("2022") "," VALUE("exact", "1"));

    (void)state_;
    for (size_t i = 0; i < 5; i++)
        write_as(no[i], APP_POST, "PublishedFigure", right, 403);
    write_as("coordinator", APP_POST, "PublishedFigure", right, 201);
    write_as("coordinator", APP_POST, "PublishedFigure",
        SAY("x", TRAINED ",\"period\":{\"end\":\"2020\"}," VALUE("exact", "1")), 400);
    write_as("coordinator", APP_POST, "PublishedFigure",
        SAY("x", TRAINED
            ",\"period\":{\"start\":\"2021\",\"end\":\"2020\"}," VALUE("exact", "1")),
        400);
    write_as("coordinator", APP_POST, "PublishedFigure",
        SAY("x", TRAINED "," UNTIL("2022") "," VALUE("more", "1")), 422);
    said_free(said_status(get_as("nima", "PublishedFigure/$compare?status=x"), 400));
}

/* Written past the rules, it is shown with what is wrong, and compared with nothing. */
static void what_cannot_be_compared_is_told(void **state_)
{
    (void)state_;
    put(NULL, "open",
        SAY("open", TRAINED ",\"period\":{\"start\":\"2015\"}," VALUE("exact", "1")),
        201);
    told("nima", "?measure=local-staff-trained",
        "figure:open-Say of which time it is: a state has the end of a period, and a "
        "total its start and its end.");
}

/* What the events say of the figure ${id} is told to ${person}: "VERDICT WHY". */
static void beside(const char *person, const char *expected)
{
    struct said *s = said_status(
        get_as(person, "PublishedFigure/$compare?measure=experts-deployed"), 200);
    const struct json *parts =
        json_get(json_at(json_get(s->json, "parameter"), 0), "part");
    struct json_each it = json_each(parts);
    const char *found = "";

    while (json_next(&it)) {
        if (str_is(json_get_text(it.value, "name"), "computed")) {
            struct str verdict = text_of(json_get(it.value, "part"), "verdict");
            struct str why = text_of(json_get(it.value, "part"), "why");
            struct str value = text_of(json_get(it.value, "part"), "value");

            found = arena_printf(arena, "%.*s %.*s%.*s", (int)verdict.len, verdict.p,
                (int)why.len, why.p ? why.p : "", (int)value.len,
                value.p ? value.p : "");
        }
    }
    assert_string_equal(found, expected);
    said_free(s);
}

/* Who may not ask for figures of the programme is not told one by the way of what was published. */
static void verdicts_are_told_to_whom_figures_are(void **state_)
{
    (void)state_;
    put(NULL, "early",
        SAY("early",
            "\"measure\":\"experts-deployed\",\"period\":{\"start\":\"1950\",\"end\":"
            "\"1951\"}," VALUE("exact", "0")),
        201);
    beside("coordinator", "matches 0");
    beside("nima", "cannot not-told");
    beside(NULL, "matches 0");
}

/* Nor by the way of what was published without a time; and nobody is told of years of which there is nothing. */
static void years_are_told_to_whom_figures_are(void **state_)
{
    (void)state_;
    put(NULL, "some-time",
        SAY("some-time", "\"measure\":\"experts-deployed\"," VALUE("exact", "5")), 201);
    beside("nima", "cannot not-told");
    beside(NULL, "cannot nothing0");
}

static void judged(enum claim_bound bound, double low, double high,
    enum figure_verdict verdict, double by)
{
    const struct claim claim = {.value = 100, .bound = bound};
    const struct figure_computed computed = {
        .why = FIGURE_TOLD, .low = low, .high = high};
    struct figure_judged found = figure_judge(&claim, &computed);

    assert_int_equal(found.verdict, verdict);
    assert_float_equal(found.by, by, 1e-9);
    assert_int_equal(found.why, verdict == FIGURE_CANNOT ? FIGURE_STEPS : FIGURE_TOLD);
}

/* In steps of five a figure may be one that matches and one that does not. */
static void verdicts(void **state_)
{
    static const enum figure_why none[] = {FIGURE_NO_DEFINITION, FIGURE_NOT_TOLD,
        FIGURE_PARTLY_TOLD, FIGURE_NOTHING, FIGURE_NOT_READ};

    (void)state_;
    judged(CLAIM_EXACT, 100, 100, FIGURE_MATCHES, 0);
    judged(CLAIM_EXACT, 97, 97, FIGURE_DIFFERS, -3);
    judged(CLAIM_ROUND, 112, 112, FIGURE_DIFFERS, 2);
    judged(CLAIM_OVER, 100, 100, FIGURE_DIFFERS, 0);
    judged(CLAIM_OVER, 105, 109, FIGURE_MATCHES, 0);
    judged(CLAIM_EXACT, 100, 104, FIGURE_CANNOT, 0);
    judged(CLAIM_EXACT, 90, 94, FIGURE_DIFFERS, -6);
    judged(CLAIM_NEAR, 105, 109, FIGURE_DIFFERS, 5);
    judged(CLAIM_EXACT, 98, 102, FIGURE_CANNOT, 0);
    for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
        const struct claim claim = {.value = 100};
        struct figure_judged found =
            figure_judge(&claim, &(struct figure_computed){.why = none[i], .low = 100});

        assert_int_equal(found.verdict, FIGURE_CANNOT);
        assert_int_equal(found.why, none[i]);
    }
    assert_true(figure_same_unit(STR("persons"), STR("person")));
    assert_true(figure_same_unit(STR("illnesses"), STR("illness")));
    assert_true(figure_same_unit(STR("CNY"), STR("CNY")));
    assert_false(figure_same_unit(STR("person-courses"), STR("person")));
    assert_false(figure_same_unit(STR("persona"), STR("person")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            contradictions_are_told, open_network, close_network),
        cmocka_unit_test_setup_teardown(
            withdrawn_is_not_compared, open_network, close_network),
        cmocka_unit_test_setup_teardown(
            years_are_told_to_whom_figures_are, open_network, close_network),
        cmocka_unit_test_setup_teardown(
            rates_are_held_against_years, open_network, close_network),
        cmocka_unit_test_setup_teardown(
            coordinators_write_what_can_be_compared, open_network, close_network),
        cmocka_unit_test_setup_teardown(
            what_cannot_be_compared_is_told, open_network, close_network),
        cmocka_unit_test_setup_teardown(
            verdicts_are_told_to_whom_figures_are, open_network, close_network),
        cmocka_unit_test(verdicts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
