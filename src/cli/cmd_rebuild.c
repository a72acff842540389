/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "cli/cli_internal.h"
#include "store/store.h"

static const char usage[] = "usage: belay rebuild DIR [VIEW]\n"
                            "\n"
                            "Fill all views of the node in DIR again from its log, or "
                            "VIEW alone. The node must not\n"
                            "be served meanwhile.\n";

static int run(struct cli_call *call, struct err *err)
{
    struct cli_progress progress;
    struct app *app = NULL;
    const char *view = NULL;
    int r = cli_options(call, NULL, 1, 2, err);

    if (r == 0)
        r = cli_node_open(call->words[0], CLI_OPEN_WRITE, &app, err);
    if (r < 0)
        return r;
    if (call->word_count > 1)
        view = call->words[1];
    cli_progress_begin(&progress, "Rebuilding");
    r = store_rebuild(app_store(app), view, cli_progress_step, &progress, err);
    cli_progress_end(&progress);
    app_close(app);
    if (r == 0)
        printf("%s: filled again from the log.\n", view ? view : "all views");
    return r;
}

const struct cli_command cmd_rebuild = {
    "rebuild", "fill the views again from the log", usage, run};
