/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The parts of `belay bench`: a client that keeps many connections busy from one thread
 * (bench_client.c), a server in a process of its own (bench_server.c), questions worth
 * asking, taken from what a node holds (bench_ask.c), and copies of records under new
 * ids (bench_copy.c). Everything stays on the loopback address and ends by itself.
 */
#ifndef CLI_BENCH_H
#define CLI_BENCH_H

#include <sys/types.h>

#include "base/time.h"

#include "cli/cli_internal.h"

/* ---- bench_client.c ---- */

struct bench_load {
    unsigned short port;
    unsigned connections;
    double seconds; /* how long */
    /* Append one whole request. */
    void (*request)(void *arg, struct buf *out);
    void *arg;
};

struct bench_result {
    int64_t requests;  /* answered with 2xx */
    int64_t failures;  /* answered otherwise */
    int first_failure; /* status of the first of these */
    double seconds;
    double p50_ms;
    double p99_ms;
    double max_ms;
};

static inline double bench_rate(const struct bench_result *r)
{
    return r->seconds > 0 ? (double)r->requests / r->seconds : 0;
}

/* Keep ${load->connections} connections busy, one request at a time each. E_IO: the
 * server is not there, or closed a connection. */
int bench_run(const struct bench_load *load, struct bench_result *ret, struct err *err);

/* ---- bench_server.c ---- */

struct bench_server {
    pid_t pid;
    unsigned short port;
    int output;      /* its standard output */
    double start_ms; /* from its start to the first answer */
};

/* Run this program with ${words} (ended by NULL) and wait until it tells its port and
 * answers. E_IO. */
int bench_server_start(
    const char *const *words, struct bench_server *ret, struct err *err);
/* Resident bytes now, and at most so far. */
void bench_server_memory(
    const struct bench_server *s, int64_t *ret_now, int64_t *ret_most);
void bench_server_stop(struct bench_server *s);

/* ---- bench_ask.c ---- */

enum bench_kind {
    BENCH_CONSTANT, /* GET /, for the constant answer */
    BENCH_READ,
    BENCH_SEARCH,
    BENCH_CREATE,
    BENCH_CHAIN,
    BENCH_HAS,
    BENCH_TOKENS,
};

struct bench_ask;

/* Look through the node of ${app} for questions of ${kind} and write them as requests
 * with ${token}, which outlives it. E_NOT_FOUND: it holds no patients with observations. */
int bench_ask_new(struct app *app, enum bench_kind kind, const char *token,
    struct bench_ask **ret, struct err *err);
/* For bench_load.request: the next of them, in random order. */
void bench_ask_next(void *arg, struct buf *out);
void bench_ask_free(struct bench_ask *ask);

/* ---- bench_copy.c ---- */

/* A node that was filled, and what it took. */
struct bench_filled {
    int64_t records;
    int64_t patients;
    double seconds;
    int64_t file_bytes;
    int64_t body_bytes;
    int64_t rows; /* of indexes */
    int64_t row_bytes;
};

/*
 * Fill the new node ${to} with the records of ${from} again and again under new ids,
 * ${copies} times, by a bulk load.
 */
int bench_copy(struct app *from, const char *to, int64_t copies,
    struct bench_filled *ret, struct err *err);

/* Fill the new node ${to} with the files in ${input}, as `belay import` does. */
int bench_import(
    const char *input, const char *to, struct bench_filled *ret, struct err *err);

/* ---- cmd_bench.c ---- */

struct bench_once {
    enum bench_kind kind;
    const char *node; /* not for BENCH_CONSTANT */
    unsigned connections;
    double seconds;
};

struct bench_outcome {
    struct bench_result result;
    int64_t memory;      /* of the server, resident, at the end */
    int64_t memory_most; /* at most since its start */
    double start_ms;     /* until its first answer */
};

/* Serve the node in another process, ask it questions of one kind, stop it. */
int bench_kind_run(
    const struct bench_once *once, struct bench_outcome *ret, struct err *err);

/* ---- bench_all.c ---- */

struct bench_plan {
    const char *place; /* a new folder for all nodes */
    const char *input; /* transaction Bundles of patients */
    int64_t patients;  /* in the node that is asked */
    int64_t large;     /* in the node that shows whether it holds; 0: none */
    double seconds;    /* each load runs */
};

/* Measure every line of docs/PERFORMANCE.md and print it as a Markdown table. */
int bench_all(const struct bench_plan *plan, struct err *err);

#endif
