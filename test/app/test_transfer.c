/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A transfer: every step from every state by everybody, by a table that was written by hand from
 * docs/CASES.md; what becomes of the bed; never two open ways to move one patient.
 */
#include "transfer.h"

static const char *const columns[] = {"accept-transfer", "depart", "arrive", "return",
    "send", "accept", "ask-back", "inform", "message", "answer", "act", "outcome",
    "close", "decline", "reroute", "withdraw"};
#define COLUMNS (sizeof(columns) / sizeof(columns[0]))

/* whose step it is at all, by column */
static const char *const whose[COLUMNS] = {
    "d", "a", "d", "d", "a", "d", "d", "a", "ad", "d", "a", "a", "a", "d", "ad", "a"};

/* a: who asks, d: who is asked. What it does not say is refused with 409. */
static const struct {
    const char *state;
    const char *cells[COLUMNS];
} rows[] = {
    /* acc-tr dep arr ret  sen acc ask inf mes  ans act out clo dec rer  wit */
    {"sent",
        {"d", "", "", "", "", "d", "d", "", "ad", "d", "", "", "", "d", "ad", "a"}},
    {"allocated",
        {"d", "", "", "", "", "", "d", "", "ad", "d", "", "", "", "d", "ad", "a"}},
    {"information-asked",
        {"d", "", "", "", "", "", "", "a", "ad", "d", "", "", "", "", "ad", "a"}},
    {"bed-accepted",
        {"", "a", "d", "", "", "", "", "", "ad", "", "", "", "", "d", "", "a"}},
    {"on-the-way",
        {"", "", "d", "", "", "", "", "", "ad", "", "", "", "", "", "", "a"}},
    {"arrived", {"", "", "", "d", "", "", "", "", "ad", "", "", "", "", "", "", ""}},
    {"back-home", {"", "", "", "", "", "", "", "", "ad", "", "", "a", "a", "", "", ""}},
};
#define ROWS (sizeof(rows) / sizeof(rows[0]))

static const char *const leads[COLUMNS] = {"bed-accepted", "on-the-way", "arrived",
    "back-home", "sent", "allocated", "information-asked", "allocated", NULL,
    "answered", "acted-on", "outcome-known", "closed", "declined", "sent", "withdrawn"};

static const char *parameters_of(const char *step)
{
    static const struct {
        const char *step;
        const char *parameters;
    } table[] = {{"accept-transfer", P_BED("one") "," P_TEXT("text", "The pictures")},
        {"depart", DEPART}, {"arrive", P_TEXT("text", "Awake")},
        {"return", RETURN_NOTE}, {"ask-back", P_TEXT("text", "Which leg?")},
        {"inform", P_TEXT("text", "The left one")},
        {"message", P_TEXT("text", "One more thing")}, {"answer", ANSWER},
        {"act", P_TEXT("text", "Splinted")}, {"outcome", OUTCOME}, {"decline", DECLINE},
        {"reroute", P_TO("twin-medicine") "," P_TEXT("reason", "It is the heart")},
        {"withdraw", P_TEXT("reason", "She went home")},
        {"close", P_TRUE("lost-to-follow-up")}};

    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        if (strcmp(step, table[i].step) == 0)
            return table[i].parameters;
    }
    return NULL;
}

/* A new transfer ${id} in ${state}, by the steps that lead there. */
static void bring(const char *id, const char *state) /* NOLINT(misc-no-recursion) */
{
    static const struct {
        const char *state, *before, *person, *step;
    } ways[] = {{"sent", "draft", "nima", "send"},
        {"allocated", "sent", "chen", "accept"},
        {"information-asked", "allocated", "chen", "ask-back"},
        {"bed-accepted", "allocated", "chen", "accept-transfer"},
        {"on-the-way", "bed-accepted", "nima", "depart"},
        {"arrived", "on-the-way", "chen", "arrive"},
        {"back-home", "arrived", "chen", "return"}};

    if (strcmp(state, "draft") == 0)
        put_transfer(id, "pema");
    for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
        if (strcmp(state, ways[i].state) != 0)
            continue;
        bring(id, ways[i].before);
        step(ways[i].person, id, ways[i].step, parameters_of(ways[i].step));
        assert_string_equal(state_of(id), state);
    }
}

/* Take ${id} out of the way of the next, whatever its state. */
static void clear_away(const char *id)
{
    static const char *const ends[] = {"withdraw", "return", "close"};

    for (size_t i = 0; i < 3; i++)
        said_free(do_step(NULL, id, ends[i], parameters_of(ends[i])));
}

static int expected(size_t row, size_t column, char side)
{
    if (side == 's')
        return 404;
    if (!strchr(whose[column], side))
        return 403;
    return strchr(rows[row].cells[column], side) ? 200 : 409;
}

static void refused(const char *person, const char *id, size_t column, int status)
{
    int64_t before = node_position(&node);
    struct said *s = step_status(
        person, id, columns[column], parameters_of(columns[column]), status);

    assert_true(strlen(said_text(s, "issue.0.diagnostics")) > 20);
    said_free(s);
    assert_int_equal(node_position(&node), before);
}

static bool holds_bed(const char *state)
{
    return strcmp(state, "bed-accepted") == 0 || strcmp(state, "on-the-way") == 0 ||
           strcmp(state, "arrived") == 0;
}

static const struct {
    char side;
    const char *person;
} people[] = {{'a', "dawa"}, {'d', "head-twin"}, {'s', "wang"}};

static size_t try_refused(size_t r)
{
    const char *still = arena_printf(arena, "still-%zu", r);
    size_t count = 0;

    bring(still, rows[r].state);
    for (size_t i = 0; i < 3 * COLUMNS; i++) {
        int status = expected(r, i / 3, people[i % 3].side);

        if (status == 200)
            continue;
        refused(people[i % 3].person, still, i / 3, status);
        count++;
    }
    clear_away(still);
    return count;
}

static void every_step_from_every_state_by_everybody(void **state)
{
    size_t done = 0;
    size_t not_done = 0;

    (void)state;
    put_bed("one", "twin", "U");
    for (size_t r = 0; r < ROWS; r++) {
        not_done += try_refused(r);
        for (size_t i = 0; i < 3 * COLUMNS; i++) {
            size_t c = i / 3;
            const char *id = arena_printf(arena, "case-%zu-%zu", r, i);
            const char *then = leads[c] ? leads[c] : rows[r].state;

            if (expected(r, c, people[i % 3].side) != 200)
                continue;
            bring(id, rows[r].state);
            step(people[i % 3].person, id, columns[c], parameters_of(columns[c]));
            assert_string_equal(state_of(id), then);
            assert_string_equal(bed_code("one"), holds_bed(then) ? "O" : "U");
            clear_away(id);
            done++;
        }
    }
    assert_int_equal(done, 10 + 9 + 8 + 6 + 4 + 3 + 4);
    assert_int_equal(done + not_done, ROWS * 3 * COLUMNS);
}

static void steps_of_a_transfer_are_for_no_other_case(void **state)
{
    struct said *s = NULL;

    (void)state;
    put_bed("one", "twin", "U");
    put_draft("advice", "pema", "Organization/twin-surgery", "routine");
    step("nima", "advice", "send", NULL);
    s = step_status("chen", "advice", "accept-transfer", P_BED("one"), 409);
    assert_non_null(
        strstr(said_text(s, "issue.0.diagnostics"), "of the kind transfer"));
    said_free(s);
    assert_string_equal(bed_code("one"), "U");
}

/* ---- beds ---- */

static void refused_bed(const char *id, const char *bed, int status, const char *words)
{
    struct said *s = step_status("chen", id, "accept-transfer", bed, status);

    assert_non_null(strstr(said_text(s, "issue.0.diagnostics"), words));
    assert_string_equal(said_text(s, "issue.0.expression.0"), "bed");
    said_free(s);
    assert_string_equal(state_of(id), "sent");
}

static void only_a_free_bed_of_who_is_asked_is_kept(void **state)
{
    (void)state;
    put_bed("one", "twin-surgery", "U");
    put_bed("taken", "twin", "O");
    put_bed("closed", "twin", "C");
    put_bed("cleaned", "twin", "H");
    put_bed("ours", "county", "U");
    put_bed("abroad", "abroad", "U");
    bring("beds", "sent");
    refused_bed("beds", P_BED("taken"), 409, "Bed taken is not free: it is occupied");
    refused_bed("beds", P_BED("closed"), 409, "it is closed since 2026-01-01");
    refused_bed("beds", P_BED("cleaned"), 409, "it is being cleaned");
    refused_bed("beds", P_BED("ours"), 400, "is not a bed of your hospital");
    refused_bed("beds", P_BED("abroad"), 400, "is not a bed of your hospital");
    refused_bed("beds", P_BED("twin-site"), 400, "There is no such bed");
    refused_bed("beds", P_BED("nowhere"), 400, "There is no such bed");
    refused_bed("beds", NULL, 400, "Say which bed");
    step("chen", "beds", "accept-transfer", P_BED("one"));
    assert_string_equal(bed_code("one"), "O");
}

static void two_promises_of_one_bed_have_one_winner(void **state)
{
    struct said *s = NULL;
    int64_t before = 0;

    (void)state;
    put_bed("one", "twin", "U");
    put_bed("two", "twin", "U");
    put_transfer("first", "pema");
    put_transfer("second", "karma");
    step("nima", "first", "send", NULL);
    step("nima", "second", "send", NULL);
    step("chen", "first", "accept-transfer", P_BED("one"));
    before = node_position(&node);
    step("chen", "first", "accept-transfer", P_BED("one")); /* the same again */
    s = step_status("head-twin", "second", "accept-transfer", P_BED("one"), 409);
    assert_non_null(strstr(said_text(s, "issue.0.diagnostics"),
        "Bed one is not free: it is kept for another patient since 2026-01-01"));
    said_free(s);
    assert_int_equal(node_position(&node), before);
    step("head-twin", "second", "accept-transfer", P_BED("two"));
    s = said_status(get_as("nima", "Task/second"), 200);
    assert_string_equal(said_text(s, "location.reference"), "Location/two");
    assert_string_equal(said_text(s, "location.display"), "Bed two");
    assert_string_equal(said_text(s, "status"), "accepted");
    said_free(s);
}

static void another_bed_at_arrival_frees_the_first(void **state)
{
    struct said *s = NULL;

    (void)state;
    put_bed("one", "twin", "U");
    put_bed("two", "twin", "U");
    put_bed("three", "twin", "O");
    bring("moved", "on-the-way");
    said_free(step_status("chen", "moved", "arrive", P_BED("three"), 409));
    step("chen", "moved", "arrive", P_BED("two"));
    assert_string_equal(bed_code("one"), "U");
    assert_string_equal(bed_code("two"), "O");
    s = said_status(get_as("nima", "Task/moved"), 200);
    assert_string_equal(said_text(s, "location.reference"), "Location/two");
    said_free(s);
    step("chen", "moved", "return", RETURN_NOTE);
    assert_string_equal(bed_code("two"), "U");
}

/* The ward moved the first patient on and gave the bed to another: it is not freed. */
static void a_bed_that_went_on_is_not_freed(void **state)
{
    (void)state;
    put_bed("one", "twin", "U");
    bring("early", "arrived");
    patch_as("head-twin", "Location/one",
        "[{\"op\":\"replace\",\"path\":\"/operationalStatus/code\",\"value\":\"U\"}]",
        200);
    put_transfer("late", "karma");
    step("nima", "late", "send", NULL);
    step("chen", "late", "accept-transfer", P_BED("one"));
    step("chen", "early", "return", RETURN_NOTE);
    assert_string_equal(bed_code("one"), "O");
    step("chen", "late", "decline", DECLINE);
    assert_string_equal(bed_code("one"), "U");
}

#define SET_BED(code)                                                                  \
    "[{\"op\":\"replace\",\"path\":\"/operationalStatus/code\",\"value\":\"" code "\"" \
    "}]"

static void who_says_that_a_bed_is_free(void **state)
{
    static const struct {
        const char *person;
        int status;
    } all[] = {{"head-twin", 200}, {"head-medicine", 200}, {"chen", 403}, {"wang", 403},
        {"dawa", 403}, {"head-county", 403}, {"coordinator", 403}, {"nima", 403}};

    (void)state;
    put_bed("one", "twin-surgery", "O");
    put_bed("ours", "county", "O");
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        patch_as(all[i].person, "Location/one", SET_BED("C"), all[i].status);
        patch_as(NULL, "Location/one", SET_BED("O"), 200);
    }
    patch_as("dawa", "Location/ours", SET_BED("U"), 200);
    /* and nothing else of it */
    patch_as("dawa", "Location/ours",
        "[{\"op\":\"replace\",\"path\":\"/name\",\"value\":\"Mine\"}]", 403);
    patch_as("dawa", "Location/county-site",
        "[{\"op\":\"add\",\"path\":\"/operationalStatus\",\"value\":{\"system\":"
        "\"" BED_STATE "\",\"code\":\"U\"}}]",
        403);
}

static void a_bed_that_is_kept_is_not_given_away(void **state)
{
    (void)state;
    put_bed("one", "twin-surgery", "U");
    bring("kept", "bed-accepted");
    patch_as("head-twin", "Location/one", SET_BED("U"), 409);
    write_as("head-twin", APP_PUT, "Location/one", bed_body("one", "twin-surgery", "U"),
        409);
    write_as("head-twin", APP_DELETE, "Location/one", "", 409);
    assert_string_equal(bed_code("one"), "O");
    step("chen", "kept", "arrive", NULL);
    patch_as("head-twin", "Location/one", SET_BED("U"), 200);
    /* nor is one kept by hand */
    patch_as("head-twin", "Location/one",
        "[{\"op\":\"add\",\"path\":\"/extension/0/extension/-\",\"value\":{\"url\":"
        "\"promised\",\"valueBoolean\":true}}]",
        409);
}

/* ---- the note back home ---- */

static void the_note_back_home_is_part_of_it(void **state)
{
    static const char *const parts[] = {
        "patient", "done", "at-home", "medicines", "seen-again"};
    struct said *s = NULL;

    (void)state;
    put_bed("one", "twin", "U");
    bring("note", "arrived");
    said_free(step_status("chen", "note", "return", NULL, 400));
    s = step_status("chen", "note", "return",
        P_CODE("patient", "better") "," P_TEXT("done", "x") "," P_TEXT("at-home", "y"),
        400);
    assert_string_equal(said_text(s, "issue.0.expression.0"), "medicines");
    said_free(s);
    assert_string_equal(state_of("note"), "arrived");
    step("chen", "note", "return", RETURN_NOTE);
    s = said_status(get_as("nima", "Communication?based-on=ServiceRequest/note&"
                                   "category=return-note"),
        200);
    assert_int_equal(said_count(s, "entry"), 1);
    for (size_t i = 0; i < 5; i++)
        assert_string_equal(
            said_text(s, arena_printf(arena,
                             "entry.0.resource.payload.%zu.extension.0.valueCode", i)),
            parts[i]);
    assert_string_equal(said_text(s, "entry.0.resource.payload.2.contentString"),
        "No weight for six weeks");
    said_free(s);
}

static void of_who_died_the_outcome_is_known(void **state)
{
    const char *died =
        P_CODE("patient", "died") "," P_TEXT("done", "All that we could");
    int64_t before = 0;

    (void)state;
    put_bed("one", "twin", "U");
    bring("died", "arrived");
    step("chen", "died", "return", died);
    assert_string_equal(state_of("died"), "outcome-known");
    assert_string_equal(bed_code("one"), "U");
    before = node_position(&node);
    step("chen", "died", "return", died);
    assert_int_equal(node_position(&node), before);
    step("nima", "died", "close", NULL);
}

static void the_journey_says_how_and_until_when(void **state)
{
    struct said *s = NULL;

    (void)state;
    put_bed("one", "twin", "U");
    bring("way", "bed-accepted");
    said_free(step_status("nima", "way", "depart",
        DEPART ",{\"name\":\"expected\",\"valueDateTime\":\"tonight\"}", 400));
    said_free(step_status("nima", "way", "depart",
        P_CODE("means", "yak") "," P_CODE("escort", "nurse"), 400));
    step("nima", "way", "depart",
        DEPART
        ",{\"name\":\"expected\",\"valueDateTime\":\"2026-01-01T18:00:00+08:00\"}");
    s = said_status(get_as("chen", "Task/way"), 200);
    assert_string_equal(said_text(s, "output.0.type.coding.0.code"), "expected");
    assert_string_equal(
        said_text(s, "output.0.valueDateTime"), "2026-01-01T18:00:00+08:00");
    said_free(s);
}

/* ---- one way ---- */

static void a_second_way_is_refused_and_the_first_named(void **state)
{
    struct said *s = NULL;

    (void)state;
    put_bed("one", "twin", "U");
    bring("first", "on-the-way");
    put_transfer("second", "pema");
    s = step_status("dawa", "second", "send", NULL, 409);
    assert_non_null(strstr(said_text(s, "issue.0.diagnostics"),
        "another transfer that is open: \"Is it a fracture?\" (ServiceRequest/first), "
        "which is on-the-way since 2026-01-01"));
    said_free(s);
    s = said_status(get_as(NULL, "ServiceRequest/second"), 200);
    assert_string_equal(said_text(s, "status"), "draft");
    said_free(s);
    /* of another patient, and of another kind, there may be one */
    put_transfer("other", "karma");
    step("nima", "other", "send", NULL);
    put_draft("advice", "pema", "Organization/twin-surgery", "routine");
    step("nima", "advice", "send", NULL);
    /* once the first is over, the second may go */
    step("chen", "first", "arrive", NULL);
    said_free(step_status("dawa", "second", "send", NULL, 409));
    step("chen", "first", "return", RETURN_NOTE);
    step("dawa", "second", "send", NULL);
}

/* Two that came from elsewhere, past $send: none of them goes on. */
static void two_that_are_there_are_not_gone_on_with(void **state)
{
    struct said *s = NULL;

    (void)state;
    put_bed("one", "twin", "U");
    bring("here", "sent");
    put_draft_of(CASE_KIND_OF("advice"), "there", "pema", "Organization/abroad-surgery",
        "routine");
    step("nima", "there", "send", NULL);
    patch_as(NULL, "ServiceRequest/there",
        "[{\"op\":\"replace\",\"path\":\"/category/0/coding/0/code\",\"value\":"
        "\"transfer\"}]",
        200);
    s = step_status("chen", "here", "accept-transfer", P_BED("one"), 409);
    assert_non_null(
        strstr(said_text(s, "issue.0.diagnostics"), "which is not shown to you"));
    said_free(s);
    assert_string_equal(bed_code("one"), "U");
    step("nima", "there", "withdraw", P_TEXT("reason", "One is enough"));
    step("chen", "here", "accept-transfer", P_BED("one"));
}

static void a_border_needs_a_consent(void **state)
{
    (void)state;
    put_bed("far", "abroad", "U");
    put_draft_of(CASE_KIND_OF("transfer"), "no", "tenzin",
        "Organization/abroad-surgery", "routine");
    said_free(step_status("nima", "no", "send", NULL, 403));
    put_draft_of(CASE_KIND_OF("transfer"), "yes", "pema", "Organization/abroad-surgery",
        "routine");
    step("nima", "yes", "send", NULL);
    step("azamat", "yes", "accept-transfer", P_BED("far"));
    assert_string_equal(bed_code("far"), "O");
}

int main(void)
{
#define IN_NETWORK(test)                                                               \
    cmocka_unit_test_setup_teardown(test, open_network, close_network)
    const struct CMUnitTest tests[] = {
        IN_NETWORK(every_step_from_every_state_by_everybody),
        IN_NETWORK(steps_of_a_transfer_are_for_no_other_case),
        IN_NETWORK(only_a_free_bed_of_who_is_asked_is_kept),
        IN_NETWORK(two_promises_of_one_bed_have_one_winner),
        IN_NETWORK(another_bed_at_arrival_frees_the_first),
        IN_NETWORK(a_bed_that_went_on_is_not_freed),
        IN_NETWORK(who_says_that_a_bed_is_free),
        IN_NETWORK(a_bed_that_is_kept_is_not_given_away),
        IN_NETWORK(the_note_back_home_is_part_of_it),
        IN_NETWORK(of_who_died_the_outcome_is_known),
        IN_NETWORK(the_journey_says_how_and_until_when),
        IN_NETWORK(a_second_way_is_refused_and_the_first_named),
        IN_NETWORK(two_that_are_there_are_not_gone_on_with),
        IN_NETWORK(a_border_needs_a_consent),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
