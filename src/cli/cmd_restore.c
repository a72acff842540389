/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "cli/cli_internal.h"

static const char usage[] = "usage: belay restore FROM DIR\n"
                            "\n"
                            "Make a node in DIR, which must not exist or be empty, "
                            "from the backup in FROM. The\n"
                            "backup stays as it is.\n";

static int run(struct cli_call *call, struct err *err)
{
    struct app *app = NULL;
    int r = cli_options(call, NULL, 2, 2, err);

    if (r == 0)
        r = cli_node_copy(call->words[0], call->words[1], err);
    if (r == 0) /* a copy that cannot be opened is no node */
        r = cli_node_open(call->words[1], CLI_OPEN_WRITE, &app, err);
    app_close(app);
    if (r == 0)
        printf("%s is a node again. Serve it with: belay serve %s\n", call->words[1],
            call->words[1]);
    return r;
}

const struct cli_command cmd_restore = {
    "restore", "make a node from a backup", usage, run};
