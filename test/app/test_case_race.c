/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Many people at one case at the same instant. Exactly one wins; each other is told in one sentence
 * who it was and when; and what the case says of itself afterwards is what the winner did.
 */
#include <pthread.h>

#include "case.h"
#include "engine/clock/clock.h"

#define THREADS 8
#define ROUNDS 25
#define MINUTE (60 * 1000LL)
#define WHEN "2026-01-01T00:00:00.000Z"

struct racer {
    pthread_t thread;
    pthread_barrier_t *start;
    const char *person; /* NULL: the node, which escalates */
    const char *name;
    const char *step;
    const char *parameters;
    const char *id;
    const char *path;
    const char *body;
    int status;
    char sentence[1024];
};

/* Everybody has a name, so that it can be told. */
static const struct {
    const char *id, *name, *unit;
} people[] = {{"a1", "Asker One", "county"}, {"a2", "Asker Two", "county"},
    {"a3", "Asker Three", "county"}, {"a4", "Asker Four", "county"},
    {"e1", "Expert One", "twin-surgery"}, {"e2", "Expert Two", "twin-surgery"},
    {"e3", "Expert Three", "twin-surgery"}, {"e4", "Expert Four", "twin-surgery"},
    {"e5", "Expert Five", "twin-surgery"}, {"e6", "Expert Six", "twin-surgery"},
    {"e7", "Expert Seven", "twin-surgery"}, {"e8", "Expert Eight", "twin-surgery"}};

static void name_people(void)
{
    for (size_t i = 0; i < sizeof(people) / sizeof(people[0]); i++) {
        write_as(NULL, APP_PUT, arena_printf(arena, "Practitioner/%s", people[i].id),
            arena_printf(arena,
                "{\"resourceType\":\"Practitioner\",\"id\":\"%s\",\"name\":[{\"text\":"
                "\"%s\"}]}",
                people[i].id, people[i].name),
            201);
        write_as(NULL, APP_PUT,
            arena_printf(arena, "PractitionerRole/role-%s", people[i].id),
            arena_printf(arena,
                "{\"resourceType\":\"PractitionerRole\",\"id\":\"role-%s\","
                "\"practitioner\":{\"reference\":\"Practitioner/%s\"},"
                "\"organization\":{\"reference\":\"Organization/%s\"},\"code\":[{"
                "\"coding\":[{\"system\":\"https://belay.health/CodeSystem/role\","
                "\"code\":\"clinician\"}]}]}",
                people[i].id, people[i].id, people[i].unit),
            201);
    }
}

static int open_memory(void **state)
{
    (void)state;
    open_network_in(true);
    name_people();
    return 0;
}

static int open_folder(void **state)
{
    (void)state;
    open_network_in(false);
    name_people();
    return 0;
}

/* ---- the race ---- */

static void run_node(struct racer *r)
{
    struct err err = {0};

    r->status = case_by_node(node.app, str_of(r->id), CASE_ESCALATE, NOW + 30 * MINUTE,
                    &err) == 0
                    ? 200
                    : 409;
    snprintf(r->sentence, sizeof(r->sentence), "%s", err.text);
}

static void *run(void *arg)
{
    struct racer *r = arg;
    struct said *s = NULL;

    pthread_barrier_wait(r->start);
    if (!r->person) {
        run_node(r);
        return NULL;
    }
    s = as(
        r->person, (struct ask){.method = APP_POST, .path = r->path, .body = r->body});
    r->status = s->status;
    snprintf(
        r->sentence, sizeof(r->sentence), "%s", said_text(s, "issue.0.diagnostics"));
    said_free(s);
    return NULL;
}

static void prepare(struct racer *r, const char *id)
{
    r->id = id;
    r->path = arena_printf(arena, "ServiceRequest/%s/$%s", id, r->step);
    r->body =
        r->parameters
            ? arena_printf(arena,
                  "{\"resourceType\":\"Parameters\",\"parameter\":[%s]}", r->parameters)
            : "";
    for (size_t i = 0; r->person && i < sizeof(people) / sizeof(people[0]); i++) {
        if (strcmp(people[i].id, r->person) == 0)
            r->name = people[i].name;
    }
}

static void race(struct racer *racers, const char *id)
{
    pthread_barrier_t start;

    pthread_barrier_init(&start, NULL, THREADS);
    for (int i = 0; i < THREADS; i++) {
        prepare(&racers[i], id);
        racers[i].start = &start;
        assert_int_equal(pthread_create(&racers[i].thread, NULL, run, &racers[i]), 0);
    }
    for (int i = 0; i < THREADS; i++)
        pthread_join(racers[i].thread, NULL);
    pthread_barrier_destroy(&start);
}

static size_t task_versions(const char *id)
{
    struct said *s =
        said_status(get_as(NULL, arena_printf(arena, "Task/%s/_history", id)), 200);
    size_t count = said_count(s, "entry");

    said_free(s);
    return count;
}

/* The winner of all; every other was told of them, with the word for what they did. */
static const struct racer *only_winner(const struct racer *racers)
{
    static const char *const words[][2] = {{"accept", "accepted"},
        {"answer", "answered"}, {"withdraw", "withdrawn"},
        {"reroute", "sent elsewhere"}, {"decline", "declined"}};
    const struct racer *winner = NULL;
    const char *told = NULL;

    for (int i = 0; i < THREADS; i++) {
        if (racers[i].status == 200 && winner)
            fail_msg("%s and %s both won", winner->name, racers[i].name);
        if (racers[i].status == 200)
            winner = &racers[i];
    }
    if (!winner)
        fail_msg("nobody won; the first was told: %s", racers[0].sentence);
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (strcmp(winner->step, words[i][0]) == 0)
            told = arena_printf(arena, "This case was %s by %s at " WHEN " and is ",
                words[i][1], winner->name);
    }
    assert_non_null(told);
    for (int i = 0; i < THREADS; i++) {
        if (&racers[i] == winner)
            continue;
        if (racers[i].status != 409 || !strstr(racers[i].sentence, told) ||
            !strstr(racers[i].sentence, "Nothing was changed."))
            fail_msg("%s $%s: %d %s", racers[i].name, racers[i].step, racers[i].status,
                racers[i].sentence);
    }
    return winner;
}

static const char *sent_case(const char *kind, int round)
{
    const char *id = arena_printf(arena, "%s-%d", kind, round);

    put_draft(id, "pema", "Organization/twin-surgery", "routine");
    step("nima", id, "send", NULL);
    return id;
}

/* ---- who races whom ---- */

static const char *const experts[] = {"e1", "e2", "e3", "e4", "e5", "e6", "e7", "e8"};

static void one_accepts(void **state)
{
    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        const char *id = sent_case("accept", round);
        struct racer racers[THREADS] = {0};
        struct said *s = NULL;

        for (int i = 0; i < THREADS; i++)
            racers[i] = (struct racer){.person = experts[i], .step = "accept"};
        race(racers, id);
        s = get_as(NULL, arena_printf(arena, "Task/%s", id));
        assert_string_equal(said_text(s, "owner.reference"),
            arena_printf(arena, "Practitioner/%s", only_winner(racers)->person));
        said_free(s);
        assert_string_equal(state_of(id), "allocated");
        assert_int_equal(task_versions(id), 2);
    }
}

/* One person who pressed a button eight times did it once, and is told so each time. */
static void one_person_many_times(void **state)
{
    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        const char *id = sent_case("again", round);
        struct racer racers[THREADS] = {0};

        for (int i = 0; i < THREADS; i++)
            racers[i] =
                (struct racer){.person = "e1", .step = "answer", .parameters = ANSWER};
        race(racers, id);
        for (int i = 0; i < THREADS; i++) {
            if (racers[i].status != 200)
                fail_msg("%d %s", racers[i].status, racers[i].sentence);
        }
        assert_int_equal(task_versions(id), 2);
    }
}

static size_t entries(const char *path)
{
    struct said *s = said_status(get_as(NULL, path), 200);
    size_t count = said_count(s, "entry");

    said_free(s);
    return count;
}

/* What was said is there once, and is the winner's. */
static void check_words(const char *id, size_t opinions, size_t messages)
{
    assert_int_equal(entries(arena_printf(arena,
                         "ClinicalImpression?supporting-info=ServiceRequest/%s", id)),
        opinions);
    assert_int_equal(
        entries(arena_printf(arena, "Communication?based-on=ServiceRequest/%s", id)),
        messages);
}

static void answered_or_withdrawn(void **state)
{
    size_t answered = 0;

    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        const char *id = sent_case("turn", round);
        struct racer racers[THREADS] = {0};
        bool by_expert = false;

        for (int i = 0; i < THREADS; i++) {
            if (i % 2)
                racers[i] = (struct racer){.person = people[i / 2].id,
                    .step = "withdraw",
                    .parameters = P_TEXT("reason", "She went home")};
            else
                racers[i] = (struct racer){
                    .person = experts[i], .step = "answer", .parameters = ANSWER};
        }
        race(racers, id);
        by_expert = only_winner(racers)->person[0] == 'e';
        answered += by_expert;
        assert_string_equal(state_of(id), by_expert ? "answered" : "withdrawn");
        check_words(id, by_expert, !by_expert);
        assert_int_equal(entries(arena_printf(arena, "ServiceRequest?_id=%s&status=%s",
                             id, by_expert ? "active" : "revoked")),
            1);
        assert_int_equal(task_versions(id), 2);
    }
    printf("         answered %zu of %d, else withdrawn\n", answered, ROUNDS);
}

static void rerouted_or_answered(void **state)
{
    size_t answered = 0;

    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        const char *id = sent_case("way", round);
        struct racer racers[THREADS] = {0};
        struct said *s = NULL;
        bool by_answer = false;

        for (int i = 0; i < THREADS; i++)
            racers[i] = (struct racer){.person = experts[i],
                .step = i % 2 ? "reroute" : "answer",
                .parameters =
                    i % 2 ? P_TO("twin-medicine") "," P_TEXT("reason", "x") : ANSWER};
        race(racers, id);
        by_answer = strcmp(only_winner(racers)->step, "answer") == 0;
        answered += by_answer;
        s = get_as(NULL, arena_printf(arena, "ServiceRequest/%s", id));
        assert_int_equal(said_count(s, "performer"), 1);
        assert_string_equal(said_text(s, "performer.0.reference"),
            by_answer ? "Organization/twin-surgery" : "Organization/twin-medicine");
        said_free(s);
        assert_string_equal(state_of(id), by_answer ? "answered" : "sent");
        check_words(id, by_answer, !by_answer);
        said_free(said_status(
            get_as("e1", arena_printf(arena, "Task/%s", id)), by_answer ? 200 : 404));
    }
    printf("         answered %zu of %d, else sent elsewhere\n", answered, ROUNDS);
}

/* The node's own step beside people's: whoever is first, one has the case in the end. */
static void accepted_while_the_clock_runs_out(void **state)
{
    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        const char *id = sent_case("late", round);
        struct racer racers[THREADS] = {0};
        struct case_clock clock = {0};
        struct said *s = NULL;
        int won = 0;

        for (int i = 0; i < THREADS; i++)
            racers[i] = (struct racer){
                .person = i ? experts[i] : NULL, .step = "accept", .name = "the node"};
        race(racers, id);
        for (int i = 1; i < THREADS; i++) {
            won += racers[i].status == 200;
            assert_true(racers[i].status == 200 || racers[i].status == 409);
        }
        assert_int_equal(won, 1);
        s = get_as(NULL, arena_printf(arena, "Task/%s", id));
        assert_true(case_clock_read(s->json, &clock));
        assert_int_equal(clock.level, racers[0].status == 200);
        said_free(s);
        assert_string_equal(state_of(id), "allocated");
        assert_int_equal(task_versions(id), 2 + (racers[0].status == 200));
    }
}

/* Words change nothing in where a case stands: all of them are taken. */
static void all_are_heard(void **state)
{
    const char *id = sent_case("heard", 0);

    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        struct racer racers[THREADS] = {0};

        for (int i = 0; i < THREADS; i++)
            racers[i] = (struct racer){.person = i % 2 ? experts[i] : people[i / 2].id,
                .step = "message",
                .parameters = P_TEXT("text", "She is worse")};
        race(racers, id);
        for (int i = 0; i < THREADS; i++) {
            if (racers[i].status != 200)
                fail_msg("%d %s", racers[i].status, racers[i].sentence);
        }
    }
    assert_string_equal(state_of(id), "sent");
    assert_int_equal(entries(arena_printf(arena,
                         "Communication?based-on=ServiceRequest/%s&_count=1000", id)),
        THREADS * ROUNDS);
}

int main(void)
{
#define RACES(open)                                                                    \
    cmocka_unit_test_setup_teardown(one_accepts, open, close_network),                 \
        cmocka_unit_test_setup_teardown(one_person_many_times, open, close_network),   \
        cmocka_unit_test_setup_teardown(answered_or_withdrawn, open, close_network),   \
        cmocka_unit_test_setup_teardown(rerouted_or_answered, open, close_network),    \
        cmocka_unit_test_setup_teardown(                                               \
            accepted_while_the_clock_runs_out, open, close_network),                   \
        cmocka_unit_test_setup_teardown(all_are_heard, open, close_network)
    const struct CMUnitTest memory[] = {RACES(open_memory)};
    const struct CMUnitTest folder[] = {RACES(open_folder)};

    return cmocka_run_group_tests_name("cases, memory", memory, NULL, NULL) +
           cmocka_run_group_tests_name("cases, sqlite", folder, NULL, NULL);
}
