/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"

#include "app/account.h"
#include "app/audit.h"
#include "app/code_rule.h"
#include "app/leaked.h"
#include "app/person.h"
#include "cli/cli_internal.h"

static const char usage[] =
    "usage: belay rules codes DIR [ROLE]... [--least]\n"
    "       belay rules leaked DIR [FILE] [--off]\n"
    "\n"
    "What signing in asks of people. Works while the node is served; without more "
    "words it\n"
    "shows what is set.\n"
    "  codes   of whom a one-time code is asked at each sign-in: of administrators "
    "and\n"
    "          coordinators always, of these ROLEs too (everybody: of all), --least "
    "of\n"
    "          nobody else. Whoever has set none up does it while signed in, or by a "
    "link\n"
    "  leaked  passwords nobody may choose because they were leaked: a file of SHA-1\n"
    "          hashes, a line each, sorted, as services that collect them offer it\n"
    "          (HASH or HASH:COUNT). It stays where it is, may be of any size, and is\n"
    "          looked into at each new password; no link is needed\n";

/* ---- of whom codes are asked ---- */

static int print_role(void *arg, struct str role, struct err *err)
{
    (void)arg;
    (void)err;
    printf("  %.*s\n", (int)role.len, role.p);
    return 0;
}

/* An account of whom a code is asked that has none. */
static int count_row(void *arg, const struct account_row *row, struct err *err)
{
    size_t *count = arg;

    (void)err;
    *count += !row->off && row->needs_code && !row->has_code;
    return 0;
}

static int print_codes(struct app *app, struct err *err)
{
    size_t lacking = 0;
    int r = account_each(app, count_row, &lacking, err);

    if (r < 0)
        return r;
    puts("A one-time code is asked of:");
    r = code_rule_each(app, print_role, NULL, err);
    if (r == 0 && lacking > 0)
        printf("Accounts that have none set up yet: %zu (belay user list)\n", lacking);
    return r;
}

/* Set them and tell the trail, or only show them. */
static int codes(
    struct app *app, const struct cli_call *call, bool least, struct err *err)
{
    struct str roles[PERSON_ROLES];
    char whose[LIMIT_TRAIL_TEXT] = "codes of administrators and coordinators alone";
    size_t count = call->word_count - 2;
    size_t len = 0;
    int r = 0;

    if (least && count > 0)
        return err_set(err, E_USAGE, "--least", "Of these roles, or of the least?");
    if (count == 0 && !least)
        return print_codes(app, err);
    for (size_t i = 0; i < count; i++) {
        roles[i] = str_of(call->words[2 + i]);
        len += (size_t)snprintf(whose + len, sizeof(whose) - len, "%s%s",
            len == 0 ? "codes of " : " ", call->words[2 + i]);
        if (len >= sizeof(whose))
            return err_set(err, E_USAGE, NULL, "These are too many words.");
    }
    r = code_rule_set(app, roles, count, err);
    if (r == 0)
        r = audit_operator(app, "rules",
            count > 0 ? AUDIT_ACCOUNT_ON : AUDIT_ACCOUNT_OFF, str_of(whose), err);
    return r == 0 ? print_codes(app, err) : r;
}

/* ---- leaked passwords ---- */

static int print_leaked(struct app *app, struct err *err)
{
    struct arena *a = arena_new();
    struct str path = {NULL, 0};
    int r = a ? leaked_path(app, a, &path, err) : err_nomem(err);

    if (r == 0 && path.p)
        printf("New passwords are looked up in %.*s\n", (int)path.len, path.p);
    else if (r == 0)
        puts("New passwords are looked up in no list of leaked ones.");
    arena_free(a);
    return r;
}

static int leaked(
    struct app *app, const struct cli_call *call, bool off, struct err *err)
{
    const char *file = call->word_count > 2 ? call->words[2] : NULL;
    char *whole = NULL;
    int r = 0;

    if ((off && file) || call->word_count > 3)
        return err_set(err, E_USAGE, NULL, "One file, or --off.");
    if (!off && !file)
        return print_leaked(app, err);
    if (file) {
        whole = realpath(file, NULL);
        if (!whole)
            return err_sys(err, errno, file, "Cannot find the list");
    }
    r = leaked_set(app, str_of(whole), err);
    if (r == 0)
        r = audit_operator(app, "rules", off ? AUDIT_ACCOUNT_OFF : AUDIT_ACCOUNT_ON,
            STR("leaked passwords"), err);
    free(whole);
    return r == 0 ? print_leaked(app, err) : r;
}

static int run(struct cli_call *call, struct err *err)
{
    bool least = false;
    bool off = false;
    const struct cli_option known[] = {
        {"--least", CLI_FLAG, &least, 0, 0},
        {"--off", CLI_FLAG, &off, 0, 0},
        {0},
    };
    struct app *app = NULL;
    int r = cli_options(call, known, 2, 2 + PERSON_ROLES, err);

    if (r == 0)
        r = cli_node_open(call->words[1], CLI_OPEN_READ, &app, err);
    if (r < 0)
        return r;
    if (strcmp(call->words[0], "codes") == 0 && !off)
        r = codes(app, call, least, err);
    else if (strcmp(call->words[0], "leaked") == 0 && !least)
        r = leaked(app, call, off, err);
    else
        r = err_set(err, E_USAGE, NULL, "'%s' is not one of the things it does so.",
            call->words[0]);
    app_close(app);
    return r;
}

const struct cli_command cmd_rules = {
    "rules", "what signing in asks of people", usage, run};
