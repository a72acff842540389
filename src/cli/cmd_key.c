/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>

#include "app/audit.h"
#include "app/node_key.h"
#include "cli/cli_internal.h"

static const char usage[] =
    "usage: belay key DIR [--file FILE]\n"
    "\n"
    "Give the node another key of its own, and seal all its secrets (those of one-time "
    "codes,\n"
    "sign-ons, mail and webhooks) and the audit trail's head with it. The chain of the "
    "trail\n"
    "goes on. Nobody may serve the node meanwhile; a change that is cut short is "
    "finished by\n"
    "whatever opens the node next. Pages that are open must be loaded again.\n"
    "  --file  keep the key in FILE, which must not exist, and not in the database. "
    "Keep a\n"
    "          copy of it apart from the backups. $CREDENTIALS_DIRECTORY/NAME is a "
    "credential\n"
    "          of the service manager: then it is read from there, and belay is called "
    "where\n"
    "          that is set\n";

static int change(struct app *app, const char *file, struct err *err)
{
    struct arena *a = arena_new();
    struct node_key_changed changed = {0};
    int r = a ? node_key_change(app, a, file, &changed, err) : err_nomem(err);

    if (r == 0)
        r = audit_operator(
            app, "key", AUDIT_ACCOUNT_RESET, STR("the node's own key"), err);
    if (r == 0) {
        printf("The node has another key, %s%s; secrets sealed with it: %zu\n",
            file ? "in " : "in its database", file ? file : "", changed.sealed);
        if (changed.old_file.p)
            printf(
                "The old one is in %.*s: destroy it when the backups from before are "
                "not needed any more.\n",
                (int)changed.old_file.len, changed.old_file.p);
    }
    arena_free(a);
    return r;
}

static int run(struct cli_call *call, struct err *err)
{
    const char *file = NULL;
    char *whole = NULL;
    const struct cli_option known[] = {
        {"--file", CLI_TEXT, &file, 0, 0},
        {0},
    };
    struct app *app = NULL;
    int r = cli_options(call, known, 1, 1, err);

    if (r == 0)
        r = cli_path_whole(file, &whole, err);
    if (r == 0)
        r = cli_node_open(call->words[0], CLI_OPEN_WRITE, &app, err);
    if (r == 0)
        r = change(app, whole, err);
    app_close(app);
    free(whole);
    return r;
}

const struct cli_command cmd_key = {
    "key", "give the node another key of its own", usage, run};
