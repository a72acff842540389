/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every step from every state by everybody. The table below was written by hand from docs/CASES.md: for each state and step, which side does
 * it (a: who asks, d: who is asked). What it does not say is refused, in this order: 404 to whom the case is not shown (409, where the last
 * step took it from them), 403 to the other side, 409 from the wrong state; and what is refused writes nothing.
 */
#include "app/audit.h"
#include "case.h"

static const char *const columns[] = {"send", "accept", "ask-back", "inform", "message",
    "answer", "act", "outcome", "close", "decline", "reroute", "withdraw"};
#define COLUMNS (sizeof(columns) / sizeof(columns[0]))

/* whose step it is at all, by column */
static const char *const whose[COLUMNS] = {
    "a", "d", "d", "a", "ad", "d", "a", "a", "a", "d", "ad", "a"};

static const struct {
    const char *state;
    bool shown; /* to those who are asked */
    const char *cells[COLUMNS];
} rows[] = {
    /*                          send acc ask inf mes  ans act out clo dec rer  wit */
    {"draft", false, {"a", "", "", "", "", "", "", "", "", "", "", "a"}},
    {"sent", true, {"", "d", "d", "", "ad", "d", "", "", "", "d", "ad", "a"}},
    {"allocated", true, {"", "", "d", "", "ad", "d", "", "", "", "d", "ad", "a"}},
    {"information-asked", true,
        {"", "", "", "a", "ad", "d", "", "", "", "", "ad", "a"}},
    {"answered", true, {"", "", "", "", "ad", "", "a", "a", "a", "", "", ""}},
    {"acted-on", true, {"", "", "", "", "ad", "", "", "a", "a", "", "", ""}},
    {"outcome-known", true, {"", "", "", "", "ad", "", "", "", "a", "", "", ""}},
    {"closed", false, {"", "", "", "", "", "", "", "", "", "", "", ""}},
    {"declined", false, {"", "", "", "", "", "", "", "", "", "", "", ""}},
    {"withdrawn", false, {"", "", "", "", "", "", "", "", "", "", "", ""}},
    {"expired", false, {"", "", "", "", "", "", "", "", "", "", "", ""}},
};

/* where each step leads; NULL: where it was */
static const char *const leads[COLUMNS] = {"sent", "allocated", "information-asked",
    "allocated", NULL, "answered", "acted-on", "outcome-known", "closed", "declined",
    "sent", "withdrawn"};

static const char *parameters_of(const char *step, const char *state)
{
    static const struct {
        const char *step;
        const char *parameters;
    } table[] = {{"ask-back", P_TEXT("text", "Which leg?")},
        {"inform", P_TEXT("text", "The left one")},
        {"message", P_TEXT("text", "One more thing")}, {"answer", ANSWER},
        {"act", P_TEXT("text", "Splinted")}, {"outcome", OUTCOME}, {"decline", DECLINE},
        {"reroute", P_TO("twin-medicine") "," P_TEXT("reason", "It is the heart")},
        {"withdraw", P_TEXT("reason", "She went home")}};

    if (strcmp(step, "close") == 0)
        return strcmp(state, "outcome-known") == 0 ? NULL : P_TRUE("lost-to-follow-up");
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        if (strcmp(step, table[i].step) == 0)
            return table[i].parameters;
    }
    return NULL;
}

static void bring(const char *id, const char *state);

/* By the steps that lead there. */
static void bring_on(const char *id, const char *before, const char *person,
    const char *name, const char *state)
{
    bring(id, before);
    step(person, id, name, parameters_of(name, before));
    assert_string_equal(state_of(id), state);
}

/* A new case ${id} in ${state}. */
static void bring(const char *id, const char *state) /* NOLINT(misc-no-recursion) */
{
    static const struct {
        const char *state, *before, *person, *step;
    } ways[] = {{"sent", "draft", "nima", "send"},
        {"allocated", "sent", "chen", "accept"},
        {"information-asked", "allocated", "chen", "ask-back"},
        {"answered", "allocated", "chen", "answer"},
        {"acted-on", "answered", "nima", "act"},
        {"outcome-known", "acted-on", "nima", "outcome"},
        {"closed", "outcome-known", "nima", "close"},
        {"declined", "sent", "chen", "decline"},
        {"withdrawn", "sent", "nima", "withdraw"}};
    struct err err = {0};

    if (strcmp(state, "draft") == 0)
        put_draft(id, "pema", "Organization/twin-surgery", "routine");
    for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
        if (strcmp(state, ways[i].state) == 0)
            bring_on(id, ways[i].before, ways[i].person, ways[i].step, state);
    }
    if (strcmp(state, "expired") != 0)
        return;
    bring(id, "sent");
    assert_int_equal(case_by_node(node.app, str_of(id), CASE_EXPIRE,
                         NOW + 48LL * 60 * 60 * 1000, &err),
        0);
}

/* Who was asked until just now is told who took it away; of a draft they never heard. */
static bool is_gone(size_t row, size_t column, char side)
{
    return side == 'd' && !rows[row].shown && row > 0 && strchr(whose[column], side);
}

static int expected(size_t row, size_t column, char side)
{
    if (is_gone(row, column, side))
        return 409;
    if (side == 's' || (side == 'd' && !rows[row].shown))
        return 404;
    if (!strchr(whose[column], side))
        return 403;
    return strchr(rows[row].cells[column], side) ? 200 : 409;
}

static void refused(
    const char *person, const char *id, size_t column, const char *state, int status)
{
    int64_t before = node_position(&node);
    struct said *s = step_status(
        person, id, columns[column], parameters_of(columns[column], state), status);

    assert_true(strlen(said_text(s, "issue.0.diagnostics")) > 20);
    said_free(s);
    assert_int_equal(node_position(&node), before);
}

static void every_step_from_every_state_by_everybody(void **state)
{
    static const struct {
        char side;
        const char *person;
    } people[] = {{'a', "dawa"}, {'d', "head-twin"}, {'s', "wang"}}; /* not who did the
                     step before: to them it would be answered again */
    size_t done = 0;
    size_t not_done = 0;

    (void)state;
    for (size_t r = 0; r < sizeof(rows) / sizeof(rows[0]); r++) {
        const char *still = arena_printf(arena, "still-%zu", r);

        bring(still, rows[r].state);
        for (size_t i = 0; i < 3 * COLUMNS; i++) {
            size_t c = i / 3;
            int status = expected(r, c, people[i % 3].side);
            const char *id = arena_printf(arena, "case-%zu-%zu", r, i);

            if (status != 200) {
                refused(people[i % 3].person, still, c, rows[r].state, status);
                not_done++;
                continue;
            }
            bring(id, rows[r].state);
            step(people[i % 3].person, id, columns[c],
                parameters_of(columns[c], rows[r].state));
            assert_string_equal(state_of(id), leads[c] ? leads[c] : rows[r].state);
            done++;
        }
    }
    assert_int_equal(done, 2 + 9 + 8 + 7 + 5 + 4 + 3);
    assert_int_equal(done + not_done, 11 * 12 * 3);
}

/* ---- for systems outside ---- */

static void other_systems_are_told_by_codes_of_theirs(void **state)
{
    static const struct {
        const char *state, *code;
    } told[] = {{"sent", "2.0"}, {"allocated", "3.0"}, {"information-asked", "3.0"},
        {"answered", "7.0"}, {"acted-on", "7.0"}, {"outcome-known", "7.0"},
        {"closed", "7.0"}, {"declined", "4.0"}, {"withdrawn", "6.0"},
        {"expired", "6.0"}};
    struct said *s = NULL;

    (void)state;
    for (size_t i = 0; i < sizeof(told) / sizeof(told[0]); i++) {
        const char *id = arena_printf(arena, "for-%s", told[i].state);

        bring(id, told[i].state);
        s = get_as("nima", arena_printf(arena, "Task/%s", id));
        assert_int_equal(said_count(s, "businessStatus.coding"), 2);
        assert_string_equal(
            said_text(s, "businessStatus.coding.0.code"), told[i].state);
        assert_string_equal(said_text(s, "businessStatus.coding.1.system"),
            "http://hl7.org/fhir/us/bser/CodeSystem/TaskBusinessStatusCS");
        assert_string_equal(said_text(s, "businessStatus.coding.1.code"), told[i].code);
        said_free(s);
    }
    s = get_as("nima", "Task?business-status=answered");
    assert_int_equal(said_count(s, "entry"), 1);
    said_free(s);
    s = get_as("nima", "Task?business-status=http://hl7.org/fhir/us/bser/CodeSystem/"
                       "TaskBusinessStatusCS%7C7.0");
    assert_int_equal(said_count(s, "entry"), 4);
    said_free(s);
    s = get_as("nima", "Task/$worklist?state=answered,sent");
    assert_int_equal(said_count(s, "parameter"), 3); /* now, and two cases */
    said_free(s);
}

/* ---- again, and who was first ---- */

static void the_same_again_is_answered_again(void **state)
{
    static const char *const way[] = {"accept", "ask-back", "answer"};
    int64_t before = 0;

    (void)state;
    bring("again", "sent");
    for (size_t i = 0; i < 3; i++) {
        const char *with = parameters_of(way[i], "");

        step("chen", "again", way[i], with);
        before = node_position(&node);
        step("chen", "again", way[i], with);
        assert_int_equal(node_position(&node), before);
    }
    /* others words are another step */
    bring("other", "sent");
    step("chen", "other", "ask-back", P_TEXT("text", "Which leg?"));
    said_free(
        step_status("chen", "other", "ask-back", P_TEXT("text", "Which arm?"), 409));
    /* who does not see the case any more is answered too */
    step("chen", "other", "reroute",
        P_TO("twin-medicine") "," P_TEXT("reason", "It is the heart"));
    before = node_position(&node);
    step("chen", "other", "reroute",
        P_TO("twin-medicine") "," P_TEXT("reason", "It is the heart"));
    assert_int_equal(node_position(&node), before);
    said_free(said_status(get_as("chen", "Task/other"), 404));
    said_free(said_status(get_as("wang", "Task/other"), 200));
}

#define NAME "{\"name\":\"id\",\"valueId\":\"0d7b8f5e-53f0-4e0c-8c5a-1c6b0a2f9e77\"}"

static void a_message_of_one_id_is_written_once(void **state)
{
    int64_t before = 0;

    (void)state;
    bring("said", "allocated");
    bring("else", "allocated");
    step("nima", "said", "message", P_TEXT("text", "It swells") "," NAME);
    step("chen", "said", "message", P_TEXT("text", "Ice"));
    before = node_position(&node);
    step("nima", "said", "message", P_TEXT("text", "It swells") "," NAME);
    assert_int_equal(node_position(&node), before);
    said_free(step_status(
        "chen", "said", "message", P_TEXT("text", "It swells") "," NAME, 409));
    said_free(step_status(
        "nima", "else", "message", P_TEXT("text", "It swells") "," NAME, 409));
    assert_int_equal(node_position(&node), before);
}

static void who_comes_second_is_told_who_was_first(void **state)
{
    struct said *s = NULL;

    (void)state;
    bring("first", "sent");
    step("chen", "first", "accept", NULL);
    s = step_status("head-twin", "first", "accept", NULL, 409);
    assert_non_null(strstr(said_text(s, "issue.0.diagnostics"),
        "was accepted by somebody at 2026-01-01T00:00:00.000Z and is allocated now"));
    said_free(s);
}

/* A case that is not theirs any more: told for an hour, by whom it was taken away, and to nobody
 * else; of a step that is none of theirs, and of what had no case to begin with, nothing. */
static void whom_it_was_taken_from_is_told(void **state)
{
    static const char *const ends[] = {"withdrawn", "declined", "closed", "rerouted"};
    struct said *s = NULL;

    (void)state;
    for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
        const char *id = arena_printf(arena, "gone-%s", ends[i]);
        bool rerouted = strcmp(ends[i], "rerouted") == 0;

        bring(id, rerouted ? "sent" : ends[i]);
        if (rerouted)
            step("nima", id, "reroute",
                P_TO("twin-medicine") "," P_TEXT("reason", "It is the heart"));
        s = step_status("head-twin", id, "answer", ANSWER, 409);
        assert_non_null(strstr(said_text(s, "issue.0.diagnostics"),
            rerouted ? "This case was sent elsewhere by somebody at "
                       "2026-01-01T00:00:00.000Z and is not yours any more."
                     : "by somebody at 2026-01-01T00:00:00.000Z and is not yours any "
                       "more."));
        said_free(s);
        said_free(step_status(
            "head-twin", id, "inform", P_TEXT("text", "The left one"), 404));
        if (!rerouted)
            said_free(step_status("wang", id, "answer", ANSWER, 404));
        said_free(step_status("azamat", id, "answer", ANSWER, 404));
        time_hold(NOW + 3600 * 1000LL + 1);
        said_free(step_status("head-twin", id, "answer", ANSWER, 404));
        time_hold(NOW);
    }
}

/* ---- what is sent ---- */

static void what_lacks_is_said(void **state)
{
    static const struct {
        const char *step, *parameters, *place;
    } wrong[] = {{"answer", P_TEXT("assessment", "x"), "advice"},
        {"ask-back", NULL, "text"}, {"ask-back", P_TEXT("text", "   "), "text"},
        {"message", NULL, "text"}, {"decline", P_TEXT("reason", "x"), "alternative"},
        {"accept", P_TEXT("text", "hello"), "Parameters.parameter"},
        {"reroute", P_TEXT("to", "x") "," P_TEXT("reason", "x"), "to"},
        {"reroute", P_TO("nowhere") "," P_TEXT("reason", "x"), "to"},
        {"ask-back", P_TEXT("text", "a") "," P_TEXT("text", "b"), "text"},
        {"message", "{\"name\":\"attachment\",\"valueAttachment\":{\"data\":\"AAAA\"}}",
            "attachment"},
        {"message", P_TEXT("text", "a") ",{\"name\":\"id\",\"valueId\":\"a b\"}",
            "id"}};
    int64_t before = 0;

    (void)state;
    bring("lacks", "sent");
    before = node_position(&node);
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        struct said *s =
            step_status("chen", "lacks", wrong[i].step, wrong[i].parameters, 400);

        assert_string_equal(said_text(s, "issue.0.expression.0"), wrong[i].place);
        said_free(s);
    }
    assert_int_equal(node_position(&node), before);
    put_draft("nobody", "pema", "", "routine");
    said_free(step_status("nima", "nobody", "send", NULL, 400));
    put_draft("lost", "pema", "Organization/gone", "routine");
    said_free(step_status("nima", "lost", "send", NULL, 400));
    assert_int_equal(node_position(&node), before + 2);
}

static void the_border_is_asked_about_at_send(void **state)
{
    (void)state;
    put_draft("abroad", "tenzin", "Organization/abroad-surgery", "routine");
    said_free(step_status("nima", "abroad", "send", NULL, 403));
    put_draft("agreed", "pema", "Organization/abroad-surgery", "routine");
    step("nima", "agreed", "send", NULL);
    said_free(said_status(get_as("azamat", "Task/agreed"), 200));
    put_draft("turned", "tenzin", "Organization/twin-surgery", "routine");
    step("nima", "turned", "send", NULL);
    said_free(step_status("chen", "turned", "reroute",
        P_TO("abroad-surgery") "," P_TEXT("reason", "They know more"), 403));
    assert_string_equal(state_of("turned"), "sent");
}

static void a_misrouting_is_kept(void **state)
{
    struct said *s = NULL;

    (void)state;
    bring("wrong", "sent");
    step("chen", "wrong", "reroute",
        P_TO("twin-medicine") "," P_TEXT("reason", "It is the heart"));
    s = said_status(get_as("nima", "Communication?based-on=ServiceRequest/wrong"), 200);
    assert_int_equal(said_count(s, "entry"), 1);
    assert_string_equal(
        said_text(s, "entry.0.resource.category.0.coding.0.code"), "reroute");
    assert_string_equal(said_text(s, "entry.0.resource.recipient.0.reference"),
        "Organization/twin-medicine");
    said_free(s);
}

int main(void)
{
#define IN_NETWORK(test)                                                               \
    cmocka_unit_test_setup_teardown(test, open_network, close_network)
    const struct CMUnitTest tests[] = {
        IN_NETWORK(every_step_from_every_state_by_everybody),
        IN_NETWORK(other_systems_are_told_by_codes_of_theirs),
        IN_NETWORK(the_same_again_is_answered_again),
        IN_NETWORK(a_message_of_one_id_is_written_once),
        IN_NETWORK(who_comes_second_is_told_who_was_first),
        IN_NETWORK(whom_it_was_taken_from_is_told),
        IN_NETWORK(what_lacks_is_said),
        IN_NETWORK(the_border_is_asked_about_at_send),
        IN_NETWORK(a_misrouting_is_kept),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
