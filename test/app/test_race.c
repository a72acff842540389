/* SPDX-License-Identifier: Apache-2.0 */
/* Many at once: nothing is lost, nobody wins twice. */
#include <pthread.h>

#include "each_store.h"

#define THREADS 8
#define ROUNDS 40

struct racer {
    pthread_t thread;
    pthread_barrier_t *start;
    int number;
    void (*run)(struct racer *r);
    char etag[64];
    int round;
    int won;
    int lost;
    int other; /* a status that is neither */
};

static void *race_thread(void *arg)
{
    struct racer *r = arg;

    pthread_barrier_wait(r->start);
    r->run(r);
    return NULL;
}

static void race(struct racer *racers, void (*run)(struct racer *r))
{
    pthread_barrier_t start;

    pthread_barrier_init(&start, NULL, THREADS);
    for (int i = 0; i < THREADS; i++) {
        racers[i].start = &start;
        racers[i].number = i;
        racers[i].run = run;
        assert_int_equal(
            pthread_create(&racers[i].thread, NULL, race_thread, &racers[i]), 0);
    }
    for (int i = 0; i < THREADS; i++)
        pthread_join(racers[i].thread, NULL);
    pthread_barrier_destroy(&start);
}

static void count_status(struct racer *r, struct said *s, int won, int lost)
{
    if (s->status == won)
        r->won++;
    else if (s->status == lost)
        r->lost++;
    else
        r->other++;
    said_free(s);
}

static int total_won(const struct racer *racers)
{
    int won = 0;

    for (int i = 0; i < THREADS; i++) {
        won += racers[i].won;
        assert_int_equal(racers[i].other, 0);
    }
    return won;
}

static void put_matched(struct racer *r)
{
    char body[128];

    snprintf(body, sizeof(body),
        "{\"resourceType\":\"Basic\",\"id\":\"r\",\"code\":{\"text\":\"%d-%d\"}}",
        r->round, r->number);
    count_status(r,
        node_ask(&node, (struct ask){.method = APP_PUT,
                            .path = "Basic/r",
                            .body = body,
                            .if_match = r->etag}),
        200, 412);
}

/* With If-Match exactly one of all wins each round. */
static void test_if_match(void **state)
{
    (void)state;
    must(&node, 201,
        (struct ask){.method = APP_PUT,
            .path = "Basic/r",
            .body =
                "{\"resourceType\":\"Basic\",\"id\":\"r\",\"code\":{\"text\":\"0\"}}"});
    for (int round = 0; round < ROUNDS; round++) {
        struct racer racers[THREADS] = {0};
        struct said *s = said_status(GET(&node, "Basic/r"), 200);

        for (int i = 0; i < THREADS; i++) {
            snprintf(racers[i].etag, sizeof(racers[i].etag), "%s", s->call.etag);
            racers[i].round = round;
        }
        said_free(s);
        race(racers, put_matched);
        assert_int_equal(total_won(racers), 1);
    }
    {
        struct said *s = said_status(GET(&node, "Basic/r/_history?_count=1000"), 200);

        assert_int_equal(said_count(s, "entry"), ROUNDS + 1);
        said_free(s);
    }
}

static void create_once(struct racer *r)
{
    char body[200];
    char condition[64];

    snprintf(condition, sizeof(condition), "identifier=urn:race|%d", r->round);
    snprintf(body, sizeof(body),
        "{\"resourceType\":\"Basic\",\"code\":{\"text\":\"%d\"},\"identifier\":[{"
        "\"system\":"
        "\"urn:race\",\"value\":\"%d\"}]}",
        r->number, r->round);
    count_status(r,
        node_ask(&node, (struct ask){.method = APP_POST,
                            .path = "Basic",
                            .body = body,
                            .if_none_exist = condition}),
        201, 200);
}

static void test_conditional_create(void **state)
{
    struct said *s = NULL;

    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        struct racer racers[THREADS] = {0};

        for (int i = 0; i < THREADS; i++)
            racers[i].round = round;
        race(racers, create_once);
        assert_int_equal(total_won(racers), 1);
    }
    s = said_status(GET(&node, "Basic?_summary=count"), 200);
    assert_int_equal(atoi(said_text(s, "total")), ROUNDS);
    said_free(s);
}

static void transact_once(struct racer *r)
{
    char body[900];
    struct said *s = NULL;

    snprintf(body, sizeof(body),
        "{\"resourceType\":\"Bundle\",\"type\":\"transaction\",\"entry\":[{\"fullUrl\":"
        "\"urn:uuid:1\",\"resource\":{\"resourceType\":\"Patient\",\"identifier\":[{"
        "\"system\":"
        "\"urn:t\",\"value\":\"%d\"}]},\"request\":{\"method\":\"POST\",\"url\":"
        "\"Patient\","
        "\"ifNoneExist\":\"identifier=urn:t|%d\"}},{\"resource\":{\"resourceType\":"
        "\"Basic\","
        "\"code\":{\"text\":\"%d\"},\"subject\":{\"reference\":\"urn:uuid:1\"}},"
        "\"request\":"
        "{\"method\":\"POST\",\"url\":\"Basic\"}}]}",
        r->round, r->round, r->number);
    s = POST(&node, "", body);
    if (s->status != 200)
        r->other++;
    else if (strcmp(said_text(s, "entry.0.response.status"), "201 Created") == 0)
        r->won++;
    else
        r->lost++;
    said_free(s);
}

static void test_transactions(void **state)
{
    struct said *s = NULL;

    (void)state;
    for (int round = 0; round < ROUNDS / 2; round++) {
        struct racer racers[THREADS] = {0};

        for (int i = 0; i < THREADS; i++)
            racers[i].round = round;
        race(racers, transact_once);
        assert_int_equal(total_won(racers), 1);
        {
            char path[100];

            snprintf(
                path, sizeof(path), "Basic?subject:Patient.identifier=urn:t|%d", round);
            s = said_status(GET(&node, path), 200);
            assert_int_equal(said_count(s, "entry"), THREADS);
            said_free(s);
        }
    }
}

static void write_and_read(struct racer *r)
{
    for (int i = 0; i < 20; i++) {
        char body[1200];
        char mine[32];
        struct said *s = NULL;

        snprintf(mine, sizeof(mine), "%d-%d", r->number, i);
        snprintf(body, sizeof(body),
            "{\"resourceType\":\"Bundle\",\"type\":\"transaction\",\"entry\":[{"
            "\"request\":{\"method\":\"GET\",\"url\":\"Basic/w\"}},{\"request\":{"
            "\"method\":\"GET\",\"url\":\"Basic?code=urn:w|\"}},{\"request\":{"
            "\"method\":\"GET\",\"url\":\"Basic/w/_history?_count=1\"}},{\"resource\":"
            "{\"resourceType\":\"Basic\",\"id\":\"w\",\"code\":{\"coding\":[{"
            "\"system\":\"urn:w\",\"code\":\"%s\"}]}},\"request\":{\"method\":"
            "\"PUT\",\"url\":\"Basic/w\"}}]}",
            mine);
        s = POST(&node, "", body);
        if (s->status == 200 &&
            strcmp(said_text(s, "entry.0.resource.code.coding.0.code"), mine) == 0 &&
            strcmp(said_text(s, "entry.1.resource.entry.0.resource.code.coding.0.code"),
                mine) == 0 &&
            strcmp(said_text(s, "entry.2.resource.entry.0.resource.code.coding.0.code"),
                mine) == 0)
            r->won++;
        else
            r->other++;
        said_free(s);
    }
}

/* What a transaction reads is what it left, whoever writes at the same time. */
static void test_transaction_reads(void **state)
{
    struct racer racers[THREADS] = {0};

    (void)state;
    race(racers, write_and_read);
    assert_int_equal(total_won(racers), THREADS * 20);
}

static void patch_counter(struct racer *r)
{
    for (int i = 0; i < 5; i++) {
        struct said *s = NULL;
        char patch[200];

        snprintf(patch, sizeof(patch),
            "[{\"op\":\"add\",\"path\":\"/identifier/"
            "-\",\"value\":{\"value\":\"%d-%d\"}}]",
            r->number, i);
        /* 409: tried often enough for the server, so it is for us to go on */
        for (;;) {
            s = node_ask(&node, (struct ask){.method = APP_PATCH,
                                    .path = "Basic/c",
                                    .format = APP_JSON_PATCH,
                                    .body = patch});
            if (s->status != 409)
                break;
            said_free(s);
        }
        count_status(r, s, 200, 0);
    }
}

/* No patch is lost: each is worked out again on what came first. */
static void test_patches(void **state)
{
    struct racer racers[THREADS] = {0};
    struct said *s = NULL;

    (void)state;
    must(&node, 201,
        (struct ask){.method = APP_PUT,
            .path = "Basic/c",
            .body = "{\"resourceType\":\"Basic\",\"id\":\"c\",\"identifier\":[{"
                    "\"value\":\"0\"}],"
                    "\"code\":{\"text\":\"0\"}}"});
    race(racers, patch_counter);
    assert_int_equal(total_won(racers), THREADS * 5);
    s = said_status(GET(&node, "Basic/c"), 200);
    assert_int_equal(said_count(s, "identifier"), THREADS * 5 + 1);
    said_free(s);
}

#define TESTS(open)                                                                    \
    cmocka_unit_test_setup_teardown(test_if_match, open, close_node),                  \
        cmocka_unit_test_setup_teardown(test_conditional_create, open, close_node),    \
        cmocka_unit_test_setup_teardown(test_transactions, open, close_node),          \
        cmocka_unit_test_setup_teardown(test_transaction_reads, open, close_node),     \
        cmocka_unit_test_setup_teardown(test_patches, open, close_node)

MAIN_OVER_EACH_STORE("race")
