/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "cli/cli_internal.h"
#include "store/trail.h"

static const char usage[] =
    "usage: belay verify DIR\n"
    "\n"
    "Check the node in DIR: hash chains, heads, blobs, the audit trail, and every "
    "view\n"
    "against the log; tell where the audit trail ends, to be noted elsewhere. Each\n"
    "fault is a line: where, and what is wrong. A fault in a view is mended by\n"
    "'belay rebuild'; one in the log by 'belay restore' from a backup. Works while "
    "the\n"
    "node is served.\n";

struct verify_report {
    struct cli_progress progress;
    int64_t faults;
};

static void report_fault(void *arg, const char *where, const char *what)
{
    struct verify_report *report = arg;

    cli_progress_end(&report->progress);
    printf("%s: %s\n", where, what);
    report->faults++;
}

static void report_step(void *arg, int64_t done, int64_t total)
{
    struct verify_report *report = arg;

    cli_progress_step(&report->progress, done, total);
}

/* The end of the audit trail, to be noted somewhere else: whoever can write all files of
 * the node could make up another trail, but not one that ends like this. */
static int print_head(struct store *s, struct err *err)
{
    struct store_reader *r = NULL;
    struct arena *a = arena_new();
    struct str head = {0};
    int code = a ? store_read_begin(s, &r, err) : err_nomem(err);

    if (code == 0)
        code = store_trail_head(r, a, &head, err);
    if (code == 0)
        printf("The audit trail ends at %.*s\n", (int)head.len, head.p);
    if (r)
        store_read_end(r);
    arena_free(a);
    return code;
}

static int run(struct cli_call *call, struct err *err)
{
    struct verify_report report = {0};
    struct app *app = NULL;
    int r = cli_options(call, NULL, 1, 1, err);

    if (r == 0)
        r = cli_node_open(call->words[0], CLI_OPEN_READ, &app, err);
    if (r < 0)
        return r;
    cli_progress_begin(&report.progress, "Verifying");
    r = store_verify(app_store(app), report_fault, &report, report_step, err);
    cli_progress_end(&report.progress);
    if (r == 0)
        r = print_head(app_store(app), err);
    app_close(app);
    if (r == E_CORRUPT)
        return err_set(err, r, call->words[0], "%lld fault(s) were found.",
            (long long)report.faults);
    if (r == 0)
        printf("%s is sound.\n", call->words[0]);
    return r;
}

const struct cli_command cmd_verify = {
    "verify", "check a node from its log to its views", usage, run};
