/* SPDX-License-Identifier: Apache-2.0 */
#include <signal.h>
#include <stdio.h>

#include "base/limits.h"

#include "app/session.h"
#include "cli/bench.h"
#include "http/server.h"

static const char usage[] =
    "usage: belay bench WHAT DIR [--connections N] [--seconds N]\n"
    "       belay bench limit-http [--connections N] [--seconds N]\n"
    "       belay bench access DIR [--rounds N] [--seconds N]\n"
    "       belay bench make DIR --input PATH [--patients N]\n"
    "       belay bench all DIR --input PATH [--patients N] [--large N] [--seconds N]\n"
    "\n"
    "Measure, on this machine alone (127.0.0.1). WHAT is asked of the node in DIR, "
    "which\n"
    "is served meanwhile by a process of its own:\n"
    "  read        a record by its id\n"
    "  search      observations by code, date and patient, 20 a page\n"
    "  create      new observations, each on the disk before it is acknowledged; they "
    "stay\n"
    "  chain       observations by their patients' date of birth\n"
    "  has         patients by their observations' code\n"
    "  tokens      observations by 100 codes at once\n"
    "  limit-http  no node: the same constant bytes for every request, for comparison\n"
    "access tells what asking who may read costs: in the node in DIR, which gets a "
    "few\n"
    "hospitals and people, it asks one server in turn with and without it, --rounds "
    "times\n"
    "(3 unless said otherwise). That server is 'belay bench serve DIR --open': --open\n"
    "exists for this comparison alone, and it listens on loopback only.\n"
    "make fills the new node DIR with copies, under new ids, of the patients in PATH\n"
    "(files as 'belay import' takes them) until there are N; all does everything, in "
    "the\n"
    "new folder DIR, and prints the table of docs/PERFORMANCE.md.\n"
    "  --connections  32, for create 64, unless said otherwise\n"
    "  --seconds      5 unless said otherwise\n"
    "  --patients     1000 unless said otherwise\n"
    "  --large        patients in the large node; 8000 unless said otherwise, 0: "
    "none\n";

static const struct {
    const char *name;
    enum bench_kind kind;
} kinds[] = {
    {"limit-http", BENCH_CONSTANT},
    {"read", BENCH_READ},
    {"search", BENCH_SEARCH},
    {"create", BENCH_CREATE},
    {"chain", BENCH_CHAIN},
    {"has", BENCH_HAS},
    {"tokens", BENCH_TOKENS},
};

struct bench_words {
    const char *input;
    int64_t connections;
    int64_t seconds;
    int64_t patients;
    int64_t large;
    int64_t rounds;
    const char *listen;
    bool open;
};

/* A process for bench_server_start() to run: constant answers until it is told to stop. */
static int answer_constantly(struct err *err)
{
    struct http_limit *limit = NULL;
    unsigned short port = 0;
    sigset_t stop;
    int received = 0;
    int r;

    sigemptyset(&stop);
    sigaddset(&stop, SIGINT);
    sigaddset(&stop, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &stop, NULL);
    r = http_limit_start(0, 1200, &limit, &port, err);
    if (r < 0)
        return r;
    printf("Constant answers at http://127.0.0.1:%u/\n", port);
    fflush(stdout);
    sigwait(&stop, &received);
    http_limit_stop(limit);
    return 0;
}

int bench_kind_run(
    const struct bench_once *once, struct bench_outcome *ret, struct err *err)
{
    const char *const serve[] = {"serve", once->node, "--listen", "127.0.0.1:0", NULL};
    const char *const constant[] = {"bench", "answer", NULL};
    char token[SESSION_TOKEN_MAX] = "none";
    struct bench_outcome outcome = {0};
    struct bench_server server = {.output = -1};
    struct bench_ask *ask = NULL;
    struct app *app = NULL;
    struct session_grant grant = {.name = STR("bench"),
        .role = STR("program"),
        .expires = time_now() + (utc_ms)3600 * 1000};
    int r = 0;

    if (once->kind != BENCH_CONSTANT) {
        r = cli_node_open(once->node, CLI_OPEN_READ, &app, err);
        if (r == 0)
            r = session_token_make(app, &grant, token, err);
    }
    if (r == 0)
        r = bench_ask_new(
            app, once->kind, &(struct bench_asker){.token = token}, &ask, err);
    app_close(app);
    if (r == 0)
        r = bench_server_start(
            once->kind == BENCH_CONSTANT ? constant : serve, &server, err);
    if (r == 0) {
        struct bench_load load = {.port = server.port,
            .connections = once->connections,
            .seconds = once->seconds / 5,
            .request = bench_ask_next,
            .arg = ask};

        r = bench_run(&load, &outcome.result, err); /* to warm up */
        load.seconds = once->seconds;
        if (r == 0)
            r = bench_run(&load, &outcome.result, err);
        bench_server_memory(&server, &outcome.memory, &outcome.memory_most);
    }
    outcome.start_ms = server.start_ms;
    bench_server_stop(&server);
    bench_ask_free(ask);
    if (r == 0)
        *ret = outcome;
    return r;
}

static int bench_one(enum bench_kind kind, const char *node,
    const struct bench_words *words, struct err *err)
{
    struct bench_once once = {.kind = kind,
        .node = node,
        .connections = words->connections     ? (unsigned)words->connections
                       : kind == BENCH_CREATE ? 64
                                              : 32,
        .seconds = (double)words->seconds};
    struct bench_outcome outcome = {0};
    int r = bench_kind_run(&once, &outcome, err);

    if (r < 0)
        return r;
    printf("%.0f requests/s over %u connections; p50 %.2f ms, p99 %.2f ms, slowest "
           "%.2f ms\n"
           "memory %.1f MB, at most %.1f MB; first answer after %.0f ms\n",
        bench_rate(&outcome.result), once.connections, outcome.result.p50_ms,
        outcome.result.p99_ms, outcome.result.max_ms, (double)outcome.memory / 1048576,
        (double)outcome.memory_most / 1048576, outcome.start_ms);
    if (outcome.result.failures > 0)
        return err_set(err, E_IO, NULL,
            "%lld requests failed, the first with status %d.",
            (long long)outcome.result.failures, outcome.result.first_failure);
    return 0;
}

static int bench_make(const char *dir, const struct bench_words *words, struct err *err)
{
    struct bench_filled base = {0};
    struct bench_filled full = {0};
    struct app *app = NULL;
    char first[1024];
    int r;

    snprintf(first, sizeof(first), "%s.base", dir);
    r = bench_import(words->input, first, &base, err);
    if (r == 0)
        r = cli_node_open(first, CLI_OPEN_READ, &app, err);
    if (r == 0)
        r = bench_copy(app, dir,
            base.patients > 0 ? (words->patients + base.patients - 1) / base.patients
                              : 1,
            &full, err);
    app_close(app);
    if (r == 0)
        printf(
            "%lld records, %lld patients in %.1f s: %.0f records/s, %.0f bytes each\n",
            (long long)full.records, (long long)full.patients, full.seconds,
            (double)full.records / full.seconds,
            (double)full.file_bytes / (double)full.records);
    return r;
}

static int dispatch(
    struct cli_call *call, const struct bench_words *words, struct err *err)
{
    const char *what = call->words[0];
    bool many = strcmp(what, "make") == 0 || strcmp(what, "all") == 0;

    if (strcmp(what, "answer") == 0)
        return answer_constantly(err);
    if (call->word_count < 2 && strcmp(what, "limit-http") != 0)
        return err_set(err, E_USAGE, NULL, "The folder of a node must follow.");
    if (many && !words->input)
        return err_set(err, E_USAGE, "--input", "Patients to copy must be named.");
    if (words->open && strcmp(what, "serve") != 0)
        return err_set(err, E_USAGE, "--open",
            "It is for 'belay bench serve' alone, which 'belay bench access' starts.");
    if (strcmp(what, "serve") == 0)
        return bench_serve(call->words[1], words->listen, words->open, err);
    if (strcmp(what, "access") == 0)
        return bench_access(call->words[1], (double)words->seconds, words->rounds, err);
    if (strcmp(what, "make") == 0)
        return bench_make(call->words[1], words, err);
    if (strcmp(what, "all") == 0) {
        struct bench_plan plan = {call->words[1], words->input, words->patients,
            words->large, (double)words->seconds};

        return bench_all(&plan, err);
    }
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        if (strcmp(kinds[i].name, what) == 0)
            return bench_one(
                kinds[i].kind, call->words[call->word_count - 1], words, err);
    }
    return err_set(
        err, E_USAGE, NULL, "There is nothing called '%s' to measure.", what);
}

static int run(struct cli_call *call, struct err *err)
{
    struct bench_words words = {
        .seconds = 5, .patients = 1000, .large = 8000, .rounds = 3};
    const struct cli_option known[] = {
        {"--connections", CLI_NUMBER, &words.connections, 1, 1000},
        {"--input", CLI_TEXT, &words.input, 0, 0},
        {"--large", CLI_NUMBER, &words.large, 0, 65535},
        {"--listen", CLI_TEXT, &words.listen, 0, 0},
        {"--open", CLI_FLAG, &words.open, 0, 0},
        {"--patients", CLI_NUMBER, &words.patients, 1, 65535},
        {"--rounds", CLI_NUMBER, &words.rounds, 1, 1000},
        {"--seconds", CLI_NUMBER, &words.seconds, 1, 600},
        {0},
    };
    int r = cli_options(call, known, 1, 2, err);

    return r < 0 ? r : dispatch(call, &words, err);
}

const struct cli_command cmd_bench = {
    "bench", "measure, beside the limits of the machine", usage, run};
