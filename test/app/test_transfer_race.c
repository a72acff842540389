/* SPDX-License-Identifier: Apache-2.0 */
/* Many at once: one bed is kept for one patient, and one patient is moved one way. */
#include <pthread.h>

#include "transfer.h"

#define THREADS 8
#define ROUNDS 12

struct racer {
    pthread_t thread;
    pthread_barrier_t *start;
    const char *person, *id, *step, *parameters;
    int status;
    char text[256];
};

static void *run(void *arg)
{
    struct racer *r = arg;
    struct arena *own = arena_new();
    struct said *s = NULL;

    assert_non_null(own);
    pthread_barrier_wait(r->start);
    s = said_by(r->person,
        &(struct app_call){.app = node.app,
            .method = APP_POST,
            .space = APP_FHIR,
            .query = str_of(arena_printf(own, "ServiceRequest/%s/$%s", r->id, r->step)),
            .body = str_of(r->parameters),
            .caller = {.name = STR("somebody"), .role = STR("program")}});
    r->status = s->status;
    snprintf(r->text, sizeof(r->text), "%s", said_text(s, "issue.0.diagnostics"));
    said_free(s);
    arena_free(own);
    return NULL;
}

/* How many won; every other one was told by ${words}. */
static int race(struct racer *racers, const char *words)
{
    pthread_barrier_t start;
    int won = 0;

    pthread_barrier_init(&start, NULL, THREADS);
    for (int i = 0; i < THREADS; i++) {
        racers[i].start = &start;
        assert_int_equal(pthread_create(&racers[i].thread, NULL, run, &racers[i]), 0);
    }
    for (int i = 0; i < THREADS; i++)
        pthread_join(racers[i].thread, NULL);
    pthread_barrier_destroy(&start);
    for (int i = 0; i < THREADS; i++) {
        won += racers[i].status == 200;
        if (racers[i].status == 200)
            continue;
        if (racers[i].status != 409 || !strstr(racers[i].text, words))
            printf("%d %s\n", racers[i].status, racers[i].text);
        assert_int_equal(racers[i].status, 409);
        assert_non_null(strstr(racers[i].text, words));
    }
    return won;
}

static void patient(const char *id)
{
    write_as(NULL, APP_PUT, arena_printf(arena, "Patient/%s", id),
        arena_printf(arena,
            "{\"resourceType\":\"Patient\",\"id\":\"%s\",\"managingOrganization\":{"
            "\"reference\":\"Organization/county\"}}",
            id),
        201);
}

static void one_bed_is_kept_for_one_patient(void **state)
{
    (void)state;
    put_bed("one", "twin", "U");
    for (int round = 0; round < ROUNDS; round++) {
        struct racer racers[THREADS] = {0};
        int held = 0;

        for (int i = 0; i < THREADS; i++) {
            const char *id = arena_printf(arena, "r%d-%d", round, i);

            patient(id);
            put_transfer(id, id);
            step("nima", id, "send", NULL);
            racers[i] = (struct racer){.person = i % 2 ? "chen" : "head-twin",
                .id = id,
                .step = "accept-transfer",
                .parameters = "{\"resourceType\":\"Parameters\",\"parameter\":[" P_BED(
                    "one") "]}"};
        }
        assert_int_equal(race(racers, "Bed one is not free"), 1);
        assert_string_equal(bed_code("one"), "O");
        for (int i = 0; i < THREADS; i++) {
            bool mine = strcmp(state_of(racers[i].id), "bed-accepted") == 0;

            assert_int_equal(mine, racers[i].status == 200);
            held += mine;
            step("chen", racers[i].id, "decline", DECLINE);
        }
        assert_int_equal(held, 1);
        assert_string_equal(bed_code("one"), "U");
    }
}

static void one_patient_is_moved_one_way(void **state)
{
    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        const char *who = arena_printf(arena, "p%d", round);
        struct racer racers[THREADS] = {0};
        int open = 0;

        patient(who);
        for (int i = 0; i < THREADS; i++) {
            const char *id = arena_printf(arena, "w%d-%d", round, i);

            put_transfer(id, who);
            racers[i] = (struct racer){
                .person = i % 2 ? "nima" : "dawa", .id = id, .step = "send"};
        }
        assert_int_equal(race(racers, "another transfer that is open"), 1);
        for (int i = 0; i < THREADS; i++) {
            struct said *s = get_as(NULL, arena_printf(arena, "Task/%s", racers[i].id));

            open += s->status == 200;
            said_free(s);
        }
        assert_int_equal(open, 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            one_bed_is_kept_for_one_patient, open_network, close_network),
        cmocka_unit_test_setup_teardown(
            one_patient_is_moved_one_way, open_network, close_network),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
