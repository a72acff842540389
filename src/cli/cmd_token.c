/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "base/limits.h"

#include "app/audit.h"
#include "app/session.h"
#include "cli/cli_internal.h"

static const char usage[] =
    "usage: belay token DIR NAME [--role ROLE] [--practitioner ID] [--organization "
    "ID]\n"
    "                            [--hours N]\n"
    "       belay token DIR NAME --revoke\n"
    "\n"
    "Make a bearer token for the person or program NAME and print it. It is shown "
    "this\n"
    "once; the node keeps only its hash. Works while the node is served.\n"
    "  --role          clinician, expert, coordinator, administrator or program;\n"
    "                  clinician unless said otherwise\n"
    "  --practitioner  the Practitioner record of the person\n"
    "  --organization  the Organization the person works for\n"
    "  --hours         how long it is good for; 12 unless said otherwise\n"
    "  --revoke        end all tokens of NAME instead\n";

#define HOUR ((utc_ms)3600 * 1000)

struct token_words {
    const char *role;
    const char *practitioner;
    const char *organization;
    int64_t hours;
    bool revoke;
};

/* Tell the audit trail whose token it was. */
static int tell(
    struct app *app, enum audit_kind kind, const char *name, struct err *err)
{
    char whose[LIMIT_TRAIL_TEXT];

    snprintf(whose, sizeof(whose), "token of %s", name);
    return audit_operator(app, "token", kind, str_of(whose), err);
}

/* A token is shown only after it was told of. */
static int token_make(
    struct app *app, const char *name, const struct token_words *words, struct err *err)
{
    char practitioner[128];
    char organization[128];
    char token[SESSION_TOKEN_MAX];
    struct session_grant grant = {
        .name = str_of(name),
        .role = str_of(words->role),
        .practitioner = cli_reference(
            "Practitioner", words->practitioner, practitioner, sizeof(practitioner)),
        .organization = cli_reference(
            "Organization", words->organization, organization, sizeof(organization)),
        .expires = time_now() + words->hours * HOUR,
    };
    int r = session_token_make(app, &grant, token, err);

    if (r == 0)
        r = tell(app, AUDIT_ACCOUNT_MADE, name, err);
    if (r == 0)
        puts(token);
    explicit_bzero(token, sizeof(token));
    return r;
}

static int token_revoke(struct app *app, const char *name, struct err *err)
{
    size_t count = 0;
    int r = session_token_revoke(app, str_of(name), &count, err);

    if (r == 0)
        r = tell(app, AUDIT_ACCOUNT_OFF, name, err);
    if (r == 0)
        printf("Tokens of %s ended: %zu\n", name, count);
    return r;
}

static int run(struct cli_call *call, struct err *err)
{
    struct token_words words = {.role = "clinician", .hours = 12};
    const struct cli_option known[] = {
        {"--role", CLI_TEXT, &words.role, 0, 0},
        {"--practitioner", CLI_TEXT, &words.practitioner, 0, 0},
        {"--organization", CLI_TEXT, &words.organization, 0, 0},
        {"--hours", CLI_NUMBER, &words.hours, 1, LIMIT_TOKEN_HOURS},
        {"--revoke", CLI_FLAG, &words.revoke, 0, 0},
        {0},
    };
    struct app *app = NULL;
    int r = cli_options(call, known, 2, 2, err);

    if (r == 0)
        r = cli_node_open(call->words[0], CLI_OPEN_READ, &app, err);
    if (r < 0)
        return r;
    if (words.revoke)
        r = token_revoke(app, call->words[1], err);
    else
        r = token_make(app, call->words[1], &words, err);
    app_close(app);
    return r;
}

const struct cli_command cmd_token = {
    "token", "make a bearer token for a person or program", usage, run};
