/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "cli/cli_internal.h"
#include "store/store.h"

static const char usage[] =
    "usage: belay verify DIR\n"
    "\n"
    "Check the node in DIR: hash chains, heads, blobs, and every view against the log. "
    "Each\n"
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
