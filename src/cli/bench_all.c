/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Everything that docs/PERFORMANCE.md tells, in one run, each figure beside the limit
 * that the machine sets to it in the same minutes.
 */
#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>

#include "base/thread.h"

#include "cli/bench.h"
#include "store/limit.h"

#define IMPORTS 3           /* the middle one counts */
#define LIMIT_RECORDS 50000 /* for SQLite alone: enough for a rate */

struct bench_table {
    const struct bench_plan *plan;
    char base[1024];
    char node[1024];
    char large[1024];
    struct bench_filled imported;
    struct bench_filled filled;
    struct bench_filled grown;
    double constant;
    double node_read;
    double node_search;
    int64_t memory;
};

static void heading(void)
{
    puts("| what | measured | limit, same run | part of it | aim | reached |");
    puts("|---|---|---|---|---|---|");
    fflush(stdout);
}

static void line(const char *what, const char *measured, const char *limit, double part,
    const char *aim, bool reached)
{
    char share[32] = "";

    if (part > 0)
        snprintf(share, sizeof(share), "%.0f %%", 100 * part);
    printf("| %s | %s | %s | %s | %s | %s |\n", what, measured, limit, share, aim,
        reached ? "yes" : "no");
    fflush(stdout);
}

static int once(struct bench_table *t, enum bench_kind kind, const char *node,
    unsigned connections, struct bench_outcome *ret, struct err *err)
{
    struct bench_once what = {kind, node, connections, t->plan->seconds};
    int r = bench_kind_run(&what, ret, err);

    if (r == 0 && ret->memory_most > t->memory && kind != BENCH_CONSTANT)
        t->memory = ret->memory_most;
    if (r == 0 && ret->result.failures > 0)
        r = err_set(err, E_IO, node, "%lld requests failed, the first with status %d.",
            (long long)ret->result.failures, ret->result.first_failure);
    return r;
}

static int store_limit_rate(struct bench_table *t, const char *name,
    const struct bench_filled *like, int64_t at_once, double *ret_rate, struct err *err)
{
    struct store_limit_load load = {
        .records = like->records < LIMIT_RECORDS ? like->records : LIMIT_RECORDS,
        .body_bytes = like->records ? like->body_bytes / like->records : 0,
        .rows = like->records ? (double)like->rows / (double)like->records : 0,
        .row_bytes = like->rows ? like->row_bytes / like->rows : 0,
        .records_a_time = at_once,
        .sorted = at_once > 1000,
    };
    char path[1200];
    double seconds = 0;
    int r;

    snprintf(path, sizeof(path), "%s/%s.db", t->plan->place, name);
    r = store_limit(path, &load, &seconds, err);
    if (r == 0)
        *ret_rate = (double)load.records / seconds;
    return r;
}

static void rate_line(const char *what, double rate, const char *unit, double limit,
    double aim, bool of_limit)
{
    char measured[64];
    char bound[64] = "";
    char wanted[64];

    snprintf(measured, sizeof(measured), "%.0f %s", rate, unit);
    if (limit > 0)
        snprintf(bound, sizeof(bound), "%.0f %s", limit, unit);
    if (of_limit)
        snprintf(wanted, sizeof(wanted), "%.0f %% of the limit", 100 * aim);
    else
        snprintf(wanted, sizeof(wanted), "%.0f %s", aim, unit);
    line(what, measured, bound, limit > 0 ? rate / limit : 0, wanted,
        rate >= (of_limit ? aim * limit : aim));
}

static int middle_import(struct bench_table *t, struct err *err)
{
    struct bench_filled runs[IMPORTS] = {{0}};
    int r = 0;

    for (int i = 0; r == 0 && i < IMPORTS; i++) {
        snprintf(t->base, sizeof(t->base), "%s/import-%d", t->plan->place, i + 1);
        r = bench_import(t->plan->input, t->base, &runs[i], err);
    }
    if (r < 0)
        return r;
    t->imported = runs[0];
    for (int i = 0; i < IMPORTS; i++) {
        int slower = 0;

        for (int k = 0; k < IMPORTS; k++)
            slower += runs[k].seconds > runs[i].seconds ||
                      (runs[k].seconds >= runs[i].seconds && k > i);
        if (slower == IMPORTS / 2)
            t->imported = runs[i];
    }
    return 0;
}

static int fill(struct bench_table *t, const char *to, int64_t patients,
    struct bench_filled *ret, struct err *err)
{
    int64_t each = t->imported.patients > 0 ? t->imported.patients : 1;
    struct app *app = NULL;
    int r = cli_node_open(t->base, CLI_OPEN_READ, &app, err);

    if (r == 0)
        r = bench_copy(app, to, (patients + each - 1) / each, ret, err);
    app_close(app);
    return r;
}

static int measure_loading(struct bench_table *t, struct err *err)
{
    double limit = 0;
    int r = middle_import(t, err);

    if (r == 0)
        r = store_limit_rate(t, "limit-import", &t->imported, 250, &limit, err);
    if (r < 0)
        return r;
    rate_line("import of transactions, all indexed inline",
        (double)t->imported.records / t->imported.seconds, "resources/s", limit, 10000,
        false);
    snprintf(t->node, sizeof(t->node), "%s/node", t->plan->place);
    r = fill(t, t->node, t->plan->patients, &t->filled, err);
    if (r == 0)
        r = store_limit_rate(t, "limit-bulk", &t->filled, 10000, &limit, err);
    if (r == 0)
        rate_line("bulk import, index built by sorting",
            (double)t->filled.records / t->filled.seconds, "resources/s", limit, 25000,
            false);
    return r;
}

static int measure_reading(struct bench_table *t, struct err *err)
{
    struct bench_outcome o = {0};
    char what[128];
    int r = once(t, BENCH_CONSTANT, NULL, 32, &o, err);

    t->constant = bench_rate(&o.result);
    if (r == 0)
        r = once(t, BENCH_READ, t->node, 32, &o, err);
    if (r < 0)
        return r;
    t->node_read = bench_rate(&o.result);
    rate_line("read by id, 32 connections, token checked", t->node_read, "requests/s",
        t->constant, 0.5, true);
    r = once(t, BENCH_SEARCH, t->node, 32, &o, err);
    if (r < 0)
        return r;
    t->node_search = bench_rate(&o.result);
    snprintf(what, sizeof(what),
        "search code + date + patient, 20 a page, %lld resources; p99 %.1f ms (aim 10)",
        (long long)t->filled.records, o.result.p99_ms);
    rate_line(what, t->node_search, "requests/s", t->constant, 10000, false);
    return 0;
}

static int measure_slow_searches(struct bench_table *t, struct err *err)
{
    static const struct {
        enum bench_kind kind;
        const char *name;
    } kinds[] = {
        {BENCH_CHAIN, "chained search"},
        {BENCH_HAS, "_has"},
        {BENCH_TOKENS, "100 ORed tokens"},
    };

    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        struct bench_outcome o = {0};
        char measured[64];
        int r = once(t, kinds[i].kind, t->node, 8, &o, err);

        if (r < 0)
            return r;
        snprintf(measured, sizeof(measured), "p99 %.1f ms (%.0f requests/s)",
            o.result.p99_ms, bench_rate(&o.result));
        line(kinds[i].name, measured, "", 0, "p99 20 ms", o.result.p99_ms < 20);
    }
    return 0;
}

static int measure_writing(struct bench_table *t, struct err *err)
{
    struct bench_outcome o = {0};
    double limit = 0;
    int r = once(t, BENCH_CREATE, t->node, 64, &o, err);

    if (r == 0) /* a group commit takes what has queued up: half of the connections */
        r = store_limit_rate(t, "limit-create", &t->filled, 32, &limit, err);
    if (r == 0)
        rate_line("single creates, 64 connections, durable", bench_rate(&o.result),
            "requests/s", limit, 8000, false);
    return r;
}

static void measure_size(struct bench_table *t)
{
    double each = (double)t->filled.file_bytes / (double)t->filled.records;
    char measured[64];

    snprintf(measured, sizeof(measured), "%.0f bytes a resource", each);
    line("disk, everything included", measured, "", 0, "1024 bytes", each <= 1024);
    snprintf(measured, sizeof(measured), "%.1f MB", (double)t->memory / 1048576);
    line("memory serving under the loads above, at most", measured, "", 0, "96 MB",
        t->memory <= (int64_t)96 << 20);
}

/* The same questions of a node several times as large. */
static int measure_growth(struct bench_table *t, struct err *err)
{
    struct bench_outcome o = {0};
    char measured[160];
    double read = 0;
    int r;

    if (t->plan->large == 0)
        return 0;
    snprintf(t->large, sizeof(t->large), "%s/large", t->plan->place);
    r = fill(t, t->large, t->plan->large, &t->grown, err);
    if (r == 0)
        r = once(t, BENCH_READ, t->large, 32, &o, err);
    if (r < 0)
        return r;
    read = bench_rate(&o.result) / t->node_read;
    snprintf(measured, sizeof(measured), "%.0f ms", o.start_ms);
    line("start to first answer, large node", measured, "", 0, "100 ms",
        o.start_ms <= 100);
    r = once(t, BENCH_SEARCH, t->large, 32, &o, err);
    if (r < 0)
        return r;
    snprintf(measured, sizeof(measured),
        "reads %.0f %%, searches %.0f %% of the former", 100 * read,
        100 * bench_rate(&o.result) / t->node_search);
    line("throughput with more patients", measured, "", 0, "67 %",
        read > 0.67 && bench_rate(&o.result) / t->node_search > 0.67);
    return 0;
}

int bench_all(const struct bench_plan *plan, struct err *err)
{
    struct bench_table t = {.plan = plan};
    char text[CLI_NUMBER_MAX];
    int r = cli_folder_empty(plan->place, err);

    if (r < 0)
        return r;
    if (mkdir(plan->place, 0700) < 0 && errno != EEXIST)
        return err_sys(err, errno, plan->place, "Cannot make the folder");
    heading();
    r = measure_loading(&t, err);
    if (r == 0)
        r = measure_reading(&t, err);
    if (r == 0)
        r = measure_slow_searches(&t, err);
    if (r == 0)
        r = measure_writing(&t, err);
    if (r < 0)
        return r;
    measure_size(&t);
    r = measure_growth(&t, err);
    if (r < 0)
        return r;
    printf("\nnode: %lld patients, %lld resources, %s", (long long)t.filled.patients,
        (long long)t.filled.records, cli_bytes(t.filled.file_bytes, text));
    if (plan->large > 0)
        printf("; large node: %lld patients, %lld resources, %s",
            (long long)t.grown.patients, (long long)t.grown.records,
            cli_bytes(t.grown.file_bytes, text));
    printf("; %u processors; each load %.0f s\n", thread_cpus(), plan->seconds);
    return 0;
}
