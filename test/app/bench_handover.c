/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How long the pack of a person with 1,000 open things takes, before and after somebody else has
 * taken over the cases among them: 700 cases, 100 apprentices, 100 steps of equipment, 100
 * gaps, in a department of 20 colleagues; and $waiting of the coordinator, with 19 terms more
 * that end, and of the successor. Not a test; prints milliseconds of the processor.
 *
 *   ninja -C build test/app/bench_handover && build/test/app/bench_handover [DIR [PERSON]]
 *
 * DIR: a programme that is there instead, such as that of `belay demo --decade DIR` (the server is
 * stopped; a handover that is missing is written): how long the look at posts that have ended takes
 * there, ROUNDS times, the first of which pays for what is kept in memory; and $waiting of the
 * Practitioner PERSON.
 */
#include <time.h>

#include "handover.h"

#define CASES 700
#define OTHERS 100 /* of each other kind */
#define COLLEAGUES 20
#define ROUNDS 9

/* Of the processor, so that what else runs here does not count. */
static double now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static void put(const char *type, const char *id, const char *members)
{
    write_as(NULL, APP_PUT, arena_printf(arena, "%s/%s", type, id),
        arena_printf(
            arena, "{\"resourceType\":\"%s\",\"id\":\"%s\",%s}", type, id, members),
        201);
}

static void put_work(const char *id, const char *code)
{
    put("Task", id,
        arena_printf(arena,
            "\"status\":\"in-progress\",\"intent\":\"order\",\"description\":\"%s\","
            "\"code\":{\"coding\":[{\"system\":\"https://belay.health/CodeSystem/"
            "work\","
            "\"code\":\"%s\"}]},\"focus\":{\"reference\":\"HealthcareService/"
            "county-theatre\"},\"owner\":{\"reference\":\"Practitioner/chen\"}",
            id, code));
}

static void put_learner(int n)
{
    const char *id = arena_printf(arena, "learner-%d", n);

    put("Practitioner", id, "\"active\":true");
    put("Apprenticeship", id,
        arena_printf(arena,
            "\"status\":\"active\",\"apprentice\":{\"reference\":\"Practitioner/%s\"},"
            "\"master\":{\"reference\":\"Practitioner/chen\"},\"learningDepartment\":{"
            "\"reference\":\"Organization/county-surgery\"},\"teachingDepartment\":{"
            "\"reference\":\"Organization/twin-surgery\"}",
            id));
}

static void fill(void)
{
    for (int i = 0; i < COLLEAGUES; i++)
        put_person(arena_printf(arena, "colleague-%d", i), "expert", "twin-surgery",
            "2025-06-01", i ? "2026-01-31" : NULL);
    for (int i = 0; i < CASES; i++)
        open_case(arena_printf(arena, "5f0c2a0e-8f0b-4d39-9a4e-0c8d7d1%05d", i));
    for (int i = 0; i < OTHERS; i++) {
        put_work(arena_printf(arena, "step-%d", i), "equipment-step");
        put_work(arena_printf(arena, "gap-%d", i), "technique-gap");
        put_learner(i);
    }
}

static int compare(const void *one, const void *other)
{
    double x = *(const double *)one, y = *(const double *)other;

    return x < y ? -1 : x > y;
}

static void ask(const char *person, const char *path)
{
    double took[ROUNDS];
    size_t bytes = 0;

    for (int i = 0; i < ROUNDS; i++) {
        double begun = now_ms();
        struct said *s = get_as(person, path);

        took[i] = now_ms() - begun;
        bytes = s->call.answer.len;
        said_free(said_status(s, 200));
    }
    printf("%-12s %-40s first %.1f ms, ", person, path, took[0]);
    qsort(took, ROUNDS, sizeof(*took), compare);
    printf("median %.1f ms, most %.1f ms, %zu KiB\n", took[ROUNDS / 2],
        took[ROUNDS - 1], bytes / 1024);
}

/* The look of every few minutes, at the programme in ${path}. */
static int look(const char *path, const char *person)
{
    const struct app_options options = {.path = path, .base_url = "http://test"};
    struct err err = {.path = ""};

    if (app_open(&options, &node.app, &err) < 0) {
        fprintf(stderr, "bench_handover [DIR [PERSON]]: %s\n", err.text);
        return 2;
    }
    for (int i = 0; i < ROUNDS; i++) {
        double begun = now_ms();
        size_t made = run_at(time_now());

        printf("posts that have ended: %zu written, %.1f ms\n", made, now_ms() - begun);
    }
    if (person)
        ask(person, "Handover/$waiting");
    app_close(node.app);
    return 0;
}

int main(int argc, char **argv)
{
    double begun = 0;
    long named = 0;

    if (argc > 1)
        return look(argv[1], argc > 2 ? argv[2] : NULL);
    open_term(NULL);
    fill();
    ask("chen", "PractitionerRole/role-chen/$handover");
    begun = now_ms();
    named = done("chen", "role-chen", "name-successor",
        WHO("successor", "li") ",{\"name\":\"kind\",\"valueCode\":\"case\"}");
    printf("naming somebody for %ld cases %.1f ms\n", named, now_ms() - begun);
    time_hold(NOW + 20 * DAY);
    begun = now_ms();
    named = done("li", "role-chen", "acknowledge", "");
    printf("taking %ld over %.1f ms\n", named, now_ms() - begun);
    ask("chen", "PractitionerRole/role-chen/$handover");
    ask("head-twin", "PractitionerRole/role-chen/$handover");
    ask("coordinator", "PractitionerRole/role-chen/$handover");
    ask("coordinator", "Handover/$waiting");
    ask("li", "Handover/$waiting");
    begun = now_ms();
    named = (long)run_at(AFTER);
    printf("the end of %ld posts %.1f ms\n", named, now_ms() - begun);
    close_network(NULL);
    return 0;
}
