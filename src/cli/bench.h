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

/* Processor time that it has used so far, in ns. */
int64_t bench_server_used(const struct bench_server *s);

/* ---- bench_serve.c ---- */

/* Be the benchmark's server of ${node} until told to stop. ${listen} NULL: a free port of
 * 127.0.0.1. With ${open} it can be told by a signal to leave out asking who may read, and
 * refuses to listen beyond loopback. */
int bench_serve(const char *node, const char *listen, bool open, struct err *err);

/* ---- bench_ask.c ---- */

enum bench_kind {
    BENCH_CONSTANT, /* GET /, for the constant answer */
    BENCH_READ,
    BENCH_SEARCH,
    BENCH_CREATE,
    BENCH_CHAIN,
    BENCH_HAS,
    BENCH_TOKENS,
    BENCH_TYPE,    /* a whole type, 20 a page */
    BENCH_NEWEST,  /* the same, the newest first */
    BENCH_INCLUDE, /* observations with their patients and encounters */
    BENCH_CASES,   /* what a person with many open cases searches for */
};

/* Whose questions they are. */
struct bench_asker {
    const char *token;   /* outlives the questions */
    const char *patient; /* NULL, or only about patients of this "Organization/ID" */
};

struct bench_ask;

/* Look through the node of ${app} for questions of ${kind} and write them as requests
 * of ${asker}. E_NOT_FOUND: it holds no such patients with observations. */
int bench_ask_new(struct app *app, enum bench_kind kind,
    const struct bench_asker *asker, struct bench_ask **ret, struct err *err);
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

/* ---- bench_circle.c ---- */

#define BENCH_CASES_CLINICIAN 200
#define BENCH_CASES_EXPERT 10000

/* Put hospitals, a clinician ("Practitioner/bench-clinician", of
 * "Organization/bench-hospital-1") and an expert ("Practitioner/bench-expert") with so many
 * open cases around the patients of ${node}, unless they are there. */
int bench_circle(const char *node, struct err *err);

/* ---- bench_access.c ---- */

/* What asking who may read costs: ask the node in turn with and without it, ${rounds}
 * times ${seconds} each, and print a table. */
int bench_access(const char *node, double seconds, int64_t rounds, struct err *err);

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
