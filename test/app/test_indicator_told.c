/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a funnel for a mix tells is kept between questions: after each change of a record that it follows from it is byte by byte what
 * it is from nothing, and whoever is told no small numbers is told none that were kept for another.
 */
#include "app/app_internal.h"
#include "app/indicator_kept.h"
#include "app/kept.h"
#include "indicator.h"

#define DAY 86400000LL
#define NOW 1685000000000LL /* 2023-05-25 */
#define HOSPITALS 4
#define CASES 80

static const char *const questions[] = {
    "Measure/answers-in-time/$funnel?periodStart=2020&periodEnd=2022&mix=urgency",
    "Measure/answers-in-time/$funnel?periodStart=2020&periodEnd=2022&mix=sex",
    "Measure/answers-in-time/$funnel?periodStart=2021&periodEnd=2021&mix=urgency",
    "Measure/answers-in-time/$funnel?periodStart=2020&periodEnd=2022"};
#define QUESTIONS (sizeof(questions) / sizeof(questions[0]))

static struct arena *arena;

static void put_unit(int unit, int hospital)
{
    put(arena_printf(arena, "Organization/u%d", unit),
        arena_printf(arena,
            "'name':'u','partOf':{'reference':'Organization/"
            "h%d'}",
            hospital));
}

static void put_patient(int patient, const char *gender)
{
    put(arena_printf(arena, "Patient/p%d", patient),
        arena_printf(arena, "'gender':'%s'", gender));
}

/* Sent in one of three years by a unit of one of the hospitals; one of three is late, and one of four urgent. */
static void put_case(int number, bool late)
{
    utc_ms sent = time_days(2020 + number % 3, 2, 8) * DAY;
    char at[3][TIME_ISO_MAX];

    time_iso(sent, at[0]);
    time_iso(sent + DAY, at[1]);
    time_iso(sent + (late ? 2 * DAY : DAY / 2), at[2]);
    put(arena_printf(arena, "Task/c%d", number),
        arena_printf(arena,
            "'status':'completed','intent':'order','priority':'%s','code':{'coding':[{"
            "'system':'https://belay.health/CodeSystem/task','code':'answer-case'}]},"
            "'for':{'reference':'Patient/p%d'},'extension':[{'url':"
            "'https://belay.health/StructureDefinition/case-clock','extension':[{'url':"
            "'sent','valueInstant':'%s'},{'url':'answer-by','valueInstant':'%s'},{"
            "'url':'answered','valueInstant':'%s'},{'url':'paused-seconds',"
            "'valueInteger':0}]},{'url':"
            "'https://belay.health/StructureDefinition/case-sides','extension':[{'url':"
            "'asking','valueReference':{'reference':'Organization/u%d'}},{'url':'asked'"
            ",'valueReference':{'reference':'Organization/h0'}}]}]",
            number % 4 == 0 ? "urgent" : "routine", number % 8 % 5, at[0], at[1], at[2],
            number % HOSPITALS));
}

static int open_all(void **state)
{
    (void)state;
    arena = arena_new();
    time_hold(NOW);
    node_open(&node, true);
    for (int i = 0; i < HOSPITALS; i++)
        put(arena_printf(arena, "Organization/h%d", i), "'name':'h'");
    for (int i = 0; i < HOSPITALS; i++)
        put_unit(i, i);
    for (int i = 0; i < 5; i++)
        put_patient(i, i % 2 ? "female" : "male");
    put_person("coordinator", "coordinator", NULL);
    for (int i = 0; i < CASES; i++)
        put_case(i, i % 7 < 3);
    return 0;
}

static int close_all(void **state)
{
    arena_free(arena);
    return close_node(state);
}

static void forget(void)
{
    kept_memory_free(node.app->told);
    node.app->told = kept_memory_new(
        node.app->memory, LIMIT_INDICATOR_TOLD, LIMIT_INDICATOR_TOLD_BYTES);
    assert_non_null(node.app->told);
}

/* How many questions are kept of what the records say now. */
static size_t kept(void)
{
    struct store_reader *snapshot = NULL;
    int64_t position = -1;
    size_t count = 0;

    assert_int_equal(store_read_begin(node.app->store, &snapshot, NULL), 0);
    assert_int_equal(store_position(snapshot, &position, NULL), 0);
    for (size_t i = 0; i < LIMIT_INDICATOR_TOLD; i++) {
        struct kept_value *v = kept_get(node.app->told, i, position);

        count += v != NULL;
        kept_release(v);
    }
    store_read_end(snapshot);
    return count;
}

static const char *told(const char *person, const char *path)
{
    struct said *s = said_status(ask_as(person, path), 200);
    const char *text = arena_strndup(arena, s->call.answer.data, s->call.answer.len);

    said_free(s);
    return text;
}

static const char *all_told(void)
{
    const char *all = "";

    for (size_t i = 0; i < QUESTIONS; i++)
        all = arena_printf(arena, "%s\n%s\n%s", all, told("coordinator", questions[i]),
            told(NULL, questions[i]));
    return all;
}

/* Of three questions with a mix, for people and for programs. */
#define ALL_KEPT 6

static void a_case_changes(void)
{
    put_case(9, false);
}

static void a_unit_moves(void)
{
    put_unit(1, 3);
}

static void a_sex_is_put_right(void)
{
    put_patient(0, "female");
}

static void every_change_is_seen(void **state)
{
    static void (*const changes[])(void) = {
        a_case_changes, a_unit_moves, a_sex_is_put_right};
    const char *before = all_told();

    (void)state;
    for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
        const char *now = NULL;
        const char *again = NULL;

        assert_int_equal(kept(), ALL_KEPT);
        changes[i]();
        assert_true(kept() < ALL_KEPT);
        now = all_told();
        again = all_told();
        assert_int_equal(kept(), ALL_KEPT);
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
    (void)all_told();
    put("Basic/one", "'code':{'text':'x'}");
    assert_int_equal(kept(), ALL_KEPT);
}

/* What was kept for a program, which is told all, is not what people are told. */
static void people_are_told_theirs(void **state)
{
    const char *people = NULL;
    const char *program = NULL;

    (void)state;
    forget();
    people = told("coordinator", questions[0]);
    forget();
    program = told(NULL, questions[0]);
    assert_string_equal(told("coordinator", questions[0]), people);
    assert_string_equal(told(NULL, questions[0]), program);
}

/* A question that may not be asked is refused, whatever is kept. */
static void what_is_refused_stays_refused(void **state)
{
    static const char months[] = "Measure/answers-in-time/$funnel?periodStart=2020-03"
                                 "&periodEnd=2022-04&mix=urgency";

    (void)state;
    (void)told(NULL, months);
    said_free(said_status(ask_as("coordinator", months), 403));
}

static void as_known_earlier_nothing_is_kept(void **state)
{
    (void)state;
    forget();
    (void)told(NULL, arena_printf(arena, "%s&knownAt=position:10", questions[0]));
    assert_int_equal(kept(), 0);
}

/* Whether the facts of all years are kept or those of one are read, hospitals come in one order. */
static void the_order_is_always_the_same(void **state)
{
    static const char year[] =
        "Measure/answers-in-time/$funnel?periodStart=2021&periodEnd=2021";
    const char *read = NULL;

    (void)state;
    indicator_memory_free(node.app->indicators);
    node.app->indicators = indicator_memory_new(node.app->memory);
    assert_non_null(node.app->indicators);
    read = told(NULL, year);
    (void)told(NULL, "Measure/answers-in-time/$evaluate-measure?periodStart=2020"
                     "&periodEnd=2022");
    (void)told(NULL, questions[3]);
    assert_string_equal(told(NULL, year), read);
}

static void memory_may_be_out(void **state)
{
    const char *all = all_told();
    unsigned long counted = 0;

    (void)state;
    for (unsigned long n = 1; n == 1 || counted >= n - 1; n++) {
        struct app_call call = {.app = node.app,
            .arena = arena_new(),
            .caller = {.name = STR("tester"), .role = STR("program")},
            .query = str_of(questions[0])};

        forget();
        call.path = str_cut(&call.query, '?');
        base_fail_alloc(n);
        app_run(&call);
        counted = base_fail_alloc(0);
        if (call.status != 200 && call.status != 503)
            fail_msg("allocation %lu: status %d", n, call.status);
        app_call_done(&call);
        arena_free(call.arena);
    }
    assert_string_equal(all_told(), all);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_change_is_seen),
        cmocka_unit_test(others_change_nothing),
        cmocka_unit_test(people_are_told_theirs),
        cmocka_unit_test(what_is_refused_stays_refused),
        cmocka_unit_test(as_known_earlier_nothing_is_kept),
        cmocka_unit_test(the_order_is_always_the_same),
        cmocka_unit_test(memory_may_be_out),
    };

    return cmocka_run_group_tests(tests, open_all, close_all);
}
