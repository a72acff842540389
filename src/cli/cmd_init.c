/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "cli/cli_internal.h"

static const char usage[] = "usage: belay init DIR\n"
                            "\n"
                            "Make a node in DIR, which must not exist or be empty.\n";

static int run(struct cli_call *call, struct err *err)
{
    struct app_options options = {.create = true};
    struct app *app = NULL;
    int r = cli_options(call, NULL, 1, 1, err);

    if (r == 0)
        r = cli_folder_empty(call->words[0], err);
    if (r < 0)
        return r;
    options.path = call->words[0];
    r = app_open(&options, &app, err);
    if (r < 0)
        return r;
    app_close(app);
    printf(
        "A node is in %s. Serve it with: belay serve %s\n", options.path, options.path);
    return 0;
}

const struct cli_command cmd_init = {"init", "make a node", usage, run};
