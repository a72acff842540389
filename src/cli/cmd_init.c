/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>

#include "app/procedure_rule.h"
#include "cli/cli_internal.h"

static const char usage[] =
    "usage: belay init DIR [--key-file FILE]\n"
    "\n"
    "Make a node in DIR, which must not exist or be empty.\n"
    "  --key-file  keep the node's own key in FILE, which must not exist, and not in "
    "its\n"
    "              database. Keep a copy of it apart from the backups: without it "
    "codes of\n"
    "              people and secrets of sign-ons and mail are lost\n";

static int run(struct cli_call *call, struct err *err)
{
    struct app_options options = {.create = true};
    struct app *app = NULL;
    const char *key_file = NULL;
    char *whole = NULL;
    const struct cli_option known[] = {
        {"--key-file", CLI_TEXT, &key_file, 0, 0},
        {0},
    };
    int r = cli_options(call, known, 1, 1, err);

    if (r == 0)
        r = cli_folder_empty(call->words[0], err);
    if (r < 0)
        return r;
    options.path = call->words[0];
    r = cli_path_whole(key_file, &whole, err);
    options.key_file = whole;
    if (r == 0)
        r = app_open(&options, &app, err);
    free(whole);
    if (r < 0)
        return r;
    r = procedure_rules_load(app, err);
    app_close(app);
    if (r < 0)
        return r;
    printf(
        "A node is in %s. Serve it with: belay serve %s\n", options.path, options.path);
    return 0;
}

const struct cli_command cmd_init = {"init", "make a node", usage, run};
