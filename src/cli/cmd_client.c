/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "base/limits.h"

#include "app/client.h"
#include "cli/cli_internal.h"

static const char usage[] =
    "usage: belay client add DIR NAME --scope SCOPES [--organization ID] [--minutes "
    "N]\n"
    "       belay client list DIR\n"
    "       belay client disable|enable DIR NAME\n"
    "       belay client reset DIR NAME\n"
    "\n"
    "Programs that get their tokens at /oauth/token (OAuth 2.0 client credentials). "
    "Works\n"
    "while the node is served. NAME is the client_id; the secret is printed this "
    "once.\n"
    "  --scope         what it may do, such as \"system/Patient.rs "
    "system/Observation.cruds\":\n"
    "                  create, read, update, delete, search, of a type or of all (*);\n"
    "                  system/Observation.rs?category=vital-signs of such records "
    "only\n"
    "  --organization  of what the scopes name, only what a clinician of this "
    "Organization sees\n"
    "  --minutes       how long a token of it is good for; 5 unless said otherwise\n"
    "reset gives it another secret and ends its tokens; disable ends them too.\n";

struct client_words {
    const char *scope;
    const char *organization;
    int64_t minutes;
};

static int client_new(struct app *app, const char *name,
    const struct client_words *words, struct err *err)
{
    char organization[128];
    char secret[CLIENT_SECRET_MAX];
    struct client_new client = {.name = str_of(name),
        .scope = str_of(words->scope),
        .organization = cli_reference(
            "Organization", words->organization, organization, sizeof(organization)),
        .minutes = words->minutes};
    int r = client_add(app, &client, secret, err);

    if (r == 0)
        puts(secret);
    explicit_bzero(secret, sizeof(secret));
    return r;
}

static int client_again(struct app *app, const char *name, struct err *err)
{
    char secret[CLIENT_SECRET_MAX];
    int r = client_reset(app, str_of(name), (struct str){NULL, 0}, secret, err);

    if (r == 0)
        puts(secret);
    explicit_bzero(secret, sizeof(secret));
    return r;
}

static int print_row(void *arg, const struct client_row *row, struct err *err)
{
    (void)arg;
    (void)err;
    printf("%-28.*s %-9s %2lld min  %-30.*s  %.*s\n", (int)row->name.len, row->name.p,
        row->off ? "disabled" : "enabled", (long long)row->minutes,
        (int)row->organization.len, row->organization.p ? row->organization.p : "",
        (int)row->scope.len, row->scope.p);
    return 0;
}

static int client_do(struct app *app, const struct cli_call *call,
    const struct client_words *words, struct err *err)
{
    const char *what = call->words[0];
    const char *name = call->word_count > 2 ? call->words[2] : NULL;

    if (strcmp(what, "list") == 0)
        return client_each(app, print_row, NULL, err);
    if (!name)
        return err_set(err, E_USAGE, NULL, "Which program? A name is missing.");
    if (strcmp(what, "add") == 0)
        return client_new(app, name, words, err);
    if (strcmp(what, "disable") == 0 || strcmp(what, "enable") == 0)
        return client_disable(app, str_of(name), what[0] == 'd', err);
    if (strcmp(what, "reset") == 0)
        return client_again(app, name, err);
    return err_set(err, E_USAGE, NULL, "'%s' is not one of the things it does.", what);
}

static int run(struct cli_call *call, struct err *err)
{
    struct client_words words = {0};
    const struct cli_option known[] = {
        {"--scope", CLI_TEXT, &words.scope, 0, 0},
        {"--organization", CLI_TEXT, &words.organization, 0, 0},
        {"--minutes", CLI_NUMBER, &words.minutes, LIMIT_CLIENT_MINUTES_LEAST,
            LIMIT_CLIENT_MINUTES},
        {0},
    };
    struct app *app = NULL;
    int r = cli_options(call, known, 2, 3, err);

    if (r == 0 && strcmp(call->words[0], "add") == 0 && !words.scope)
        r = err_set(err, E_USAGE, NULL, "What may it do? --scope is missing.");
    if (r == 0)
        r = cli_node_open(call->words[1], CLI_OPEN_READ, &app, err);
    if (r == 0)
        r = client_do(app, call, &words, err);
    app_close(app);
    return r;
}

const struct cli_command cmd_client = {
    "client", "programs that get tokens for themselves, and their scopes", usage, run};
