/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What asking who may read costs. One server (bench_serve.c) is asked the same questions
 * by the same person in turn with and without being asked about, so that both meet the
 * same minutes of a machine that is faster now and slower then.
 */
#include <signal.h>
#include <stdio.h>
#include <time.h>

#include "app/session.h"
#include "cli/bench.h"

#define CONNECTIONS 32
#define SETTLE_NS 20000000 /* for a signal to arrive */

struct asking {
    const char *what;
    enum bench_kind kind;
    bool expert; /* asked by the person with many open cases */
    unsigned connections;
};

static const struct asking askings[] = {
    {"read by id", BENCH_READ, false, CONNECTIONS},
    {"search code + date + patient, 20 a page", BENCH_SEARCH, false, CONNECTIONS},
    {"search of a whole type, 20 a page", BENCH_TYPE, false, CONNECTIONS},
    {"the same, newest first", BENCH_NEWEST, false, CONNECTIONS},
    {"search with `_include` of patient and encounter", BENCH_INCLUDE, false,
        CONNECTIONS},
    {"searches of a person with 10,000 open cases", BENCH_CASES, true, 2},
};

/* One way of asking, over all rounds. */
struct side {
    double requests;
    double seconds;
    double p50_ms; /* the best of the rounds' */
    double p99_ms;
    double used_ns; /* the server's processor time */
};

struct comparing {
    struct bench_server server;
    char tokens[2][SESSION_TOKEN_MAX];
    double seconds;
    int64_t rounds;
};

static int make_token(
    struct app *app, const char *person, char token[SESSION_TOKEN_MAX], struct err *err)
{
    struct session_grant grant = {.name = STR("bench"),
        .role = STR("clinician"),
        .practitioner = str_of(person),
        .expires = time_now() + (utc_ms)24 * 3600 * 1000};

    return session_token_make(app, &grant, token, err);
}

static int run_side(struct comparing *c, const struct asking *asking,
    struct bench_ask *ask, bool asked, struct side *side, struct err *err)
{
    const struct timespec settle = {.tv_nsec = SETTLE_NS};
    struct bench_result result = {0};
    int64_t used = 0;
    struct bench_load load = {.port = c->server.port,
        .connections = asking->connections,
        .seconds = c->seconds / 5,
        .request = bench_ask_next,
        .arg = ask};
    int r = 0;

    kill(c->server.pid, asked ? SIGUSR2 : SIGUSR1);
    nanosleep(&settle, NULL);
    r = bench_run(&load, &result, err); /* to warm up */
    load.seconds = c->seconds;
    used = bench_server_used(&c->server);
    if (r == 0)
        r = bench_run(&load, &result, err);
    if (r == 0 && result.failures > 0)
        r = err_set(err, E_IO, NULL, "%lld requests failed, the first with status %d.",
            (long long)result.failures, result.first_failure);
    if (r < 0)
        return r;
    side->used_ns += (double)(bench_server_used(&c->server) - used);
    if (side->requests <= 0 || result.p50_ms < side->p50_ms)
        side->p50_ms = result.p50_ms;
    if (side->requests <= 0 || result.p99_ms < side->p99_ms)
        side->p99_ms = result.p99_ms;
    side->requests += (double)result.requests;
    side->seconds += result.seconds;
    return 0;
}

static void print_side(const struct side *s)
{
    printf(" %.0f/s, p50 %.2f, p99 %.1f ms, %.1f µs |", s->requests / s->seconds,
        s->p50_ms, s->p99_ms, s->used_ns / s->requests / 1000);
}

static void print_line(const char *what, const struct side *open, const struct side *on)
{
    printf("| %s |", what);
    print_side(open);
    print_side(on);
    printf(" %.0f %% | %.0f %% |\n",
        100 * (on->requests / on->seconds) / (open->requests / open->seconds),
        100 * (open->used_ns / open->requests) / (on->used_ns / on->requests));
    fflush(stdout);
}

static int compare(
    struct comparing *c, const struct asking *asking, struct app *app, struct err *err)
{
    const struct bench_asker asker = {.token = c->tokens[asking->expert],
        .patient = asking->expert ? NULL : "Organization/bench-hospital-1"};
    struct side open = {0};
    struct side on = {0};
    struct bench_ask *ask = NULL;
    int r = bench_ask_new(app, asking->kind, &asker, &ask, err);

    for (int64_t i = 0; r == 0 && i < c->rounds; i++) {
        r = run_side(c, asking, ask, false, &open, err);
        if (r == 0)
            r = run_side(c, asking, ask, true, &on, err);
    }
    if (r == 0)
        print_line(asking->what, &open, &on);
    bench_ask_free(ask);
    return r;
}

int bench_access(const char *node, double seconds, int64_t rounds, struct err *err)
{
    const char *const serve[] = {"bench", "serve", node, "--open", NULL};
    struct comparing c = {
        .server = {.output = -1}, .seconds = seconds, .rounds = rounds};
    struct app *app = NULL;
    int r = bench_circle(node, err);

    if (r == 0)
        r = cli_node_open(node, CLI_OPEN_READ, &app, err);
    if (r == 0)
        r = make_token(app, "Practitioner/bench-clinician", c.tokens[0], err);
    if (r == 0)
        r = make_token(app, "Practitioner/bench-expert", c.tokens[1], err);
    if (r == 0)
        r = bench_server_start(serve, &c.server, err);
    if (r == 0)
        puts("| what | nobody asked about | asked | part kept | by processor time |\n"
             "|---|---|---|---|---|");
    for (size_t i = 0; r == 0 && i < sizeof(askings) / sizeof(askings[0]); i++)
        r = compare(&c, &askings[i], app, err);
    bench_server_stop(&c.server);
    app_close(app);
    return r;
}
