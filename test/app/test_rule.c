/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rules of procedures as records: what a new node is loaded with, who changes one, and that
 * curves, conditions and sign-offs say by which version they were worked out.
 */
#include "app/app_internal.h"
#include "app/procedure_rule.h"
#include "sign_off.h"

#define FIGURE(name, kind, value) "{\"name\":\"" name "\",\"value" kind "\":" value "}"
#define OF_APPENDECTOMY CODE("procedure", "appendectomy") ","
#define SEEN(id) "{\"name\":\"replaces\",\"valueId\":\"" id "\"},"
#define MORE_CASES                                                                     \
    OF_APPENDECTOMY SEEN("appendectomy-1") FIGURE("recent-cases", "Integer", "12")

static void load(void)
{
    struct err err = {0};

    if (procedure_rules_load(node.app, &err) < 0)
        fail_msg("%s", err.text);
}

/* How many there are but for the one of the network. */
static long long rules_there(void)
{
    struct said *s = said_status(get_as("nima", "ProcedureRule?_summary=count"), 200);
    const char *total = said_text(s, "total");
    long long count = strtoll(total, NULL, 10) - 1;

    said_free(s);
    return count;
}

/* The parts of the rule of ${code} in an answer of $rules. */
static const struct json *rule_in(struct said *s, const char *code)
{
    struct json_each it = json_each(json_get(s->json, "parameter"));

    while (json_next(&it)) {
        const struct json *parts = json_get(it.value, "part");

        if (str_is(json_get_text(it.value, "name"), "rule") &&
            strcmp(part(parts, "procedure"), code) == 0)
            return parts;
    }
    fail_msg("there is no rule of %s", code);
    return NULL;
}

static void change(const char *person, const char *parameters)
{
    said_free(said_in(person, "ProcedureRule/$change",
        arena_printf(arena, "%s,%s", parameters, signature("Agreed at the meeting")),
        201));
}

/* "appendectomy-2": by which version Tashi's logbook is judged. */
static const char *logbook_rule(void)
{
    struct said *s = said_status(
        get_as("tashi", "Practitioner/tashi/$logbook?procedure=appendectomy"), 200);
    const struct json *rule = parts_of(first_part(s, "procedure"), "rule", 0);
    const char *id = part(rule, "id");

    id = arena_strndup(arena, id, strlen(id));
    said_free(s);
    return id;
}

/* ---- tests ---- */

static void test_loaded(void **state)
{
    struct said *s = NULL;

    (void)state;
    assert_int_equal(rules_there(), 0);
    load();
    assert_int_equal(rules_there(), (long long)procedure_rule_text_count);
    load();
    assert_int_equal(rules_there(), (long long)procedure_rule_text_count);
    s = said_status(get_as("tashi", "ProcedureRule/ercp-1"), 200);
    assert_string_equal(said_text(s, "inadequate"), "0.3");
    assert_string_equal(said_text(s, "horizon"), "100");
    assert_string_equal(said_text(s, "version"), "1");
    assert_true(strlen(said_text(s, "source")) > 0);
    said_free(s);
    change("quality", MORE_CASES);
    load();
    assert_int_equal(rules_there(), (long long)procedure_rule_text_count + 1);
    s = said_status(get_as("nima", "ProcedureRule?procedure=appendectomy"), 200);
    assert_int_equal(said_count(s, "entry"), 2);
    said_free(s);
}

/* Every rule that a new node is loaded with asks for what the sign-off rule was proposed with: the
 * last ten ratings at 4 or better, of two assessors in two apprenticeships, 90 % of the
 * outcomes, 90 % certainty, recency within a year, for 12 to 24 months. */
static void test_proposed(void **state)
{
    static const char *const proposed[][2] = {{"ratings", "10"}, {"level", "4"},
        {"assessors", "2"}, {"rotations", "2"}, {"outcome-share", "0.9"},
        {"confidence", "0.9"}, {"alpha", "0.1"}, {"recent-days", "365"}};
    struct said *s = said_status(get_as("tashi", "ProcedureRule/$rules"), 200);
    struct json_each it = json_each(json_get(s->json, "parameter"));
    size_t seen = 0;

    (void)state;
    while (json_next(&it)) {
        const struct json *parts = json_get(it.value, "part");
        long months = 0;

        if (!str_is(json_get_text(it.value, "name"), "rule"))
            continue;
        seen++;
        for (size_t i = 0; i < sizeof(proposed) / sizeof(proposed[0]); i++)
            assert_string_equal(part(parts, proposed[i][0]), proposed[i][1]);
        months = strtol(part(parts, "valid-months"), NULL, 10);
        assert_in_range(months, 12, 24);
    }
    assert_true(seen >= procedure_rule_text_count); /* and those of the network */
    said_free(s);
}

/* What follows from a rule stands beside it, to the last printed digit of the table. */
static void test_meaning(void **state)
{
    struct said *s = NULL;
    const struct json *rule = NULL;
    const struct json *meaning = NULL;

    (void)state;
    s = said_status(get_as("tashi", "ProcedureRule/$rules"), 200);
    assert_string_not_equal(part(json_get(s->json, "parameter"), "may-change"), "true");
    rule = rule_in(s, "appendectomy");
    meaning = parts_of(rule, "meaning", 0);
    assert_string_equal(part(rule, "id"), "appendectomy-1");
    assert_string_equal(part(rule, "inadequate"), "0.2");
    assert_string_equal(part(meaning, "success"), "0.1178");
    assert_string_equal(part(meaning, "failure"), "-0.6931");
    assert_true(strncmp(part(meaning, "limit"), "2.47", 4) == 0);
    assert_string_equal(part(meaning, "straight"), "22");
    assert_true(strncmp(part(meaning, "power"), "0.64", 4) == 0);
    assert_string_equal(part(meaning, "few"), "6");
    rule_in(s, "usual");
    said_free(s);
    s = said_status(get_as("quality", "ProcedureRule/$rules"), 200);
    assert_string_equal(part(json_get(s->json, "parameter"), "may-change"), "true");
    said_free(s);
}

static void test_who(void **state)
{
    (void)state;
    refused_in(
        "nima", "ProcedureRule/$change", MORE_CASES "," TEXT("reason", "So"), 403);
    refused_in("head-county", "ProcedureRule/$change",
        MORE_CASES "," TEXT("reason", "So"), 403);
    refused_in(
        "director", "ProcedureRule/$change", MORE_CASES "," TEXT("reason", "So"), 403);
    refused_in(
        "chen", "ProcedureRule/$change", MORE_CASES "," TEXT("reason", "So"), 403);
    /* a code is asked for, and a token gives none */
    refused_in(
        "quality", "ProcedureRule/$change", MORE_CASES "," TEXT("reason", "So"), 400);
    said_free(
        said_status(post("quality", "ProcedureRule/$change",
                        arena_printf(arena, "%s,%s", MORE_CASES, signature("A token"))),
            403));
    assert_int_equal(rules_there(), 0);
    write_as(NULL, APP_PUT, "Practitioner/coordinator",
        "{\"resourceType\":\"Practitioner\",\"id\":\"coordinator\",\"name\":[{"
        "\"text\":\"coordinator\"}]}",
        200);
    change("coordinator", MORE_CASES);
    assert_int_equal(rules_there(), 1);
    write_as("quality", APP_DELETE, "ProcedureRule/appendectomy-2", NULL, 403);
    write_as("admin", APP_DELETE, "ProcedureRule/appendectomy-2", NULL, 403);
}

/* What was known of the rules before one was changed is known of then. */
static void test_as_known(void **state)
{
    const struct procedure_rule *rule = NULL;
    int64_t before = node_position(&node), last = 0;
    struct err err = {0};

    (void)state;
    change("quality", MORE_CASES);
    assert_int_equal(
        procedure_rule_of(node.app->rules, STR("appendectomy"), &rule, &err), 0);
    assert_string_equal(
        arena_strndup(arena, rule->id.p, rule->id.len), "appendectomy-2");
    assert_int_equal(
        procedure_rule_known(node.app->rules, before, STR("appendectomy"), &rule, &err),
        0);
    assert_string_equal(
        arena_strndup(arena, rule->id.p, rule->id.len), "appendectomy-1");
    /* what names a rule that was not there yet goes by the one that counted */
    assert_int_equal(procedure_rule_signed(node.app->rules, before,
                         STR("appendectomy-2"), STR("appendectomy"), &rule, &err),
        0);
    assert_string_equal(
        arena_strndup(arena, rule->id.p, rule->id.len), "appendectomy-1");
    assert_int_equal(procedure_rule_signed(node.app->rules, PROCEDURE_RULES_NOW,
                         STR("appendectomy-2"), STR("appendectomy"), &rule, &err),
        0);
    assert_string_equal(
        arena_strndup(arena, rule->id.p, rule->id.len), "appendectomy-2");
    assert_int_equal(procedure_rules_last(node.app->rules, INT64_MAX, &last, &err), 0);
    assert_in_range(last, before + 1, node_position(&node));
    assert_int_equal(procedure_rules_last(node.app->rules, before, &last, &err), 0);
    assert_in_range(last, 0, before);
}

static void refuse(const char *parameters, int status, const char *where)
{
    struct said *s = said_in("quality", "ProcedureRule/$change",
        arena_printf(arena, "%s,%s", parameters, signature("Agreed")), status);

    assert_string_equal(said_text(s, "issue.0.expression.0"), where);
    said_free(s);
}

static void test_what_is_no_rule(void **state)
{
    (void)state;
    refuse(CODE("procedure", "juggling") "," SEEN("usual-1")
               FIGURE("volume", "Integer", "3"),
        400, "procedure");
    refuse(OF_APPENDECTOMY FIGURE("volume", "Integer", "3"), 400, "replaces");
    refuse(OF_APPENDECTOMY SEEN("appendectomy-2") FIGURE("volume", "Integer", "3"), 409,
        "replaces");
    refuse(OF_APPENDECTOMY SEEN("appendectomy-1") FIGURE("adequate", "Decimal", "0.2"),
        400, "adequate");
    refuse(OF_APPENDECTOMY SEEN("appendectomy-1") FIGURE("alpha", "Decimal", "0.9"),
        400, "alpha");
    refuse(OF_APPENDECTOMY SEEN("appendectomy-1") FIGURE("horizon", "Integer", "501"),
        400, "horizon");
    refuse(OF_APPENDECTOMY SEEN("appendectomy-1")
               FIGURE("valid-months", "Integer", "36"),
        400, "validMonths");
    refuse(OF_APPENDECTOMY SEEN("appendectomy-1") FIGURE("volume", "Decimal", "2.5"),
        400, "volume");
    refuse(
        OF_APPENDECTOMY SEEN("appendectomy-1") CODE("failure", "well"), 400, "failure");
    refuse(OF_APPENDECTOMY SEEN("appendectomy-1")
               FIGURE("recent-cases", "Integer", "6"),
        400, "");
    refused_in("quality", "ProcedureRule/$change",
        arena_printf(arena, "%s,%s", MORE_CASES, signature(NULL)), 400);
    assert_int_equal(rules_there(), 0);
}

/* Tried out, a rule says what it would mean, and nothing is written. */
static void test_try(void **state)
{
    struct said *s = said_in("quality", "ProcedureRule/$change",
        OF_APPENDECTOMY SEEN("appendectomy-1")
            FIGURE("inadequate", "Decimal", "0.3") "," FIGURE(
                "adequate", "Decimal", "0.15") "," FIGURE("try", "Boolean", "true"),
        200);
    const struct json *rule = rule_in(s, "appendectomy");

    (void)state;
    put_operations("2025-12-01");
    assert_string_equal(part(rule, "id"), "appendectomy-2");
    assert_string_equal(part(parts_of(rule, "meaning", 0), "straight"), "16");
    said_free(s);
    assert_int_equal(rules_there(), 0);
    assert_string_equal(logbook_rule(), "appendectomy-1");
}

/* The record says who, as what, why and instead of what; whatever is worked out afterwards
 * names it. */
static void test_next_version(void **state)
{
    struct said *s = NULL;

    (void)state;
    put_operations("2025-12-01");
    assert_string_equal(logbook_rule(), "appendectomy-1");
    change("quality", MORE_CASES "," TEXT("source", "Surgeons' society, 2025"));
    s = said_status(get_as("tashi", "ProcedureRule/appendectomy-2"), 200);
    assert_string_equal(said_text(s, "recentCases"), "12");
    assert_string_equal(said_text(s, "inadequate"), "0.2");
    assert_string_equal(said_text(s, "source"), "Surgeons' society, 2025");
    assert_string_equal(
        said_text(s, "replaces.reference"), "ProcedureRule/appendectomy-1");
    assert_string_equal(said_text(s, "changed.who.reference"), "Practitioner/quality");
    assert_string_equal(said_text(s, "changed.role"), "quality-officer");
    assert_string_equal(said_text(s, "changed.reason"), "Agreed at the meeting");
    said_free(s);
    assert_string_equal(logbook_rule(), "appendectomy-2");
    s = said_status(
        get_as("tashi", arena_printf(arena, "SignOff/%s", propose("tashi"))), 200);
    assert_string_equal(said_text(s, "rule.reference"), "ProcedureRule/appendectomy-2");
    assert_string_equal(said_text(s, "rules"), "2");
    assert_string_equal(said_text(s, "condition.7.name"), "recency");
    assert_string_equal(said_text(s, "condition.7.needed"), "12");
    said_free(s);
}

/* A procedure without a rule of its own goes by the usual one, until it gets its own. */
static void test_usual(void **state)
{
    struct said *s = NULL;

    (void)state;
    change("quality", SEEN("usual-1") FIGURE("volume", "Integer", "25"));
    refused_in("quality", "ProcedureRule/$change",
        arena_printf(arena, "%s,%s",
            CODE("procedure", "cystoscopy") "," SEEN("usual-1")
                FIGURE("volume", "Integer", "30"),
            signature("Agreed")),
        409);
    change("quality", CODE("procedure", "cystoscopy") "," SEEN("usual-2")
                          FIGURE("volume", "Integer", "30"));
    s = said_status(get_as("tashi", "ProcedureRule/cystoscopy-1"), 200);
    assert_string_equal(said_text(s, "volume"), "30");
    assert_string_equal(said_text(s, "replaces.reference"), "ProcedureRule/usual-2");
    said_free(s);
}

/* What was signed goes on by the version it was signed under, in recency and in the chart; a
 * renewal goes by the one that counts then. */
static void test_signed_keeps_its_own(void **state)
{
    const char *id = NULL;
    struct said *s = NULL;

    (void)state;
    put_theatre();
    put_operations("2025-03-01");
    id = propose("tashi");
    all_sign(id);
    assert_string_equal(lapses(id), "2026-03-01");
    change("quality", MORE_CASES);
    assert_string_equal(lapses(id), "2026-03-01");
    assert_string_equal(level(), "independent");
    s = said_status(get_as("tashi", arena_printf(arena, "SignOff/%s", id)), 200);
    assert_string_equal(said_text(s, "rule.reference"), "ProcedureRule/appendectomy-1");
    said_free(s);
    s = said_status(get_as("nima", "Practitioner/tashi"), 200);
    assert_string_equal(
        said_text(s, "qualification.0.extension.1.valueReference.reference"),
        "ProcedureRule/appendectomy-1");
    said_free(s);
    id = propose("tashi");
    all_sign(
        id); /* six are too few now: it is signed with a reason, and a year of grace */
    assert_string_equal(lapses(id), "2027-01-01");
    s = said_status(get_as("tashi", arena_printf(arena, "SignOff/%s", id)), 200);
    assert_string_equal(said_text(s, "rule.reference"), "ProcedureRule/appendectomy-2");
    said_free(s);
}

/* So does what counts as a failure in the chart since. */
static void test_chart_keeps_its_own(void **state)
{
    const char *id = NULL;
    struct said *s = NULL;

    (void)state;
    put_theatre();
    id = propose("tashi");
    all_sign(id);
    change("quality", OF_APPENDECTOMY SEEN("appendectomy-1") CODE("failure", "died"));
    time_hold(NOW + 60 * DAY);
    put_operation("2026-02-01", 0, "complication");
    s = said_status(
        get_as("head-county", arena_printf(arena, "SignOff/%s/$conditions", id)), 200);
    /* a failure by the version it was signed under, and none by the one that counts now */
    assert_string_equal(
        part(parts_of(parts_of(json_get(s->json, "parameter"), "watch", 0), "case", 0),
            "failed"),
        "true");
    assert_string_equal(
        part(parts_of(json_get(s->json, "parameter"), "procedure", 1), "failures"),
        "0");
    said_free(s);
}

#define CASE(name)                                                                     \
    cmocka_unit_test_setup_teardown(test_##name, open_signing, close_network)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(loaded),
        CASE(proposed),
        CASE(meaning),
        CASE(who),
        CASE(as_known),
        CASE(what_is_no_rule),
        CASE(try),
        CASE(next_version),
        CASE(usual),
        CASE(signed_keeps_its_own),
        CASE(chart_keeps_its_own),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
