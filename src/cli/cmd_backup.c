/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "cli/cli_internal.h"

static const char usage[] =
    "usage: belay backup DIR TO\n"
    "\n"
    "Copy the node in DIR, as it is at one moment, into the new folder TO. Works while "
    "the\n"
    "node is served. 'belay restore TO DIR' makes a node of it again.\n";

static int run(struct cli_call *call, struct err *err)
{
    int r = cli_options(call, NULL, 2, 2, err);

    if (r == 0)
        r = cli_node_copy(call->words[0], call->words[1], err);
    if (r == 0)
        printf("%s is copied to %s.\n", call->words[0], call->words[1]);
    return r;
}

const struct cli_command cmd_backup = {
    "backup", "copy a node, also while it is served", usage, run};
