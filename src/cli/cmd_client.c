/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdio.h>

#include "base/limits.h"

#include "app/audit.h"
#include "app/client.h"
#include "cli/cli_internal.h"

static const char usage[] =
    "usage: belay client add DIR NAME --scope SCOPES [--organization ID] [--minutes "
    "N]\n"
    "       belay client list DIR\n"
    "       belay client disable|enable DIR NAME\n"
    "       belay client reset DIR NAME [--key FILE]\n"
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
    "  --key           its public keys (JWK or JWK Set) instead of a secret: it signs\n"
    "                  its requests for tokens (private_key_jwt)\n"
    "reset gives it another secret, or other keys, and ends its tokens; disable ends "
    "them\n"
    "too.\n";

struct client_words {
    const char *scope;
    const char *organization;
    const char *key;
    int64_t minutes;
};

/* The file ${path} into ${ret}; p NULL where none is named. */
static int read_key(const char *path, struct buf *b, struct str *ret, struct err *err)
{
    FILE *f = path ? fopen(path, "rbe") : NULL;
    char *room = NULL;
    size_t len = 0;

    *ret = (struct str){NULL, 0};
    if (!path)
        return 0;
    if (!f)
        return err_sys(err, errno, path, "The file with the key cannot be opened");
    room = buf_reserve(b, LIMIT_CLIENT_KEY_BYTES);
    len = room ? fread(room, 1, LIMIT_CLIENT_KEY_BYTES, f) : 0;
    fclose(f);
    if (!room)
        return err_nomem(err);
    *ret = (struct str){room, len};
    return 0;
}

static int client_new(struct app *app, const char *name,
    const struct client_words *words, struct str key, struct err *err)
{
    char organization[128];
    char secret[CLIENT_SECRET_MAX];
    struct client_new client = {.name = str_of(name),
        .scope = str_of(words->scope),
        .organization = cli_reference(
            "Organization", words->organization, organization, sizeof(organization)),
        .key = key,
        .minutes = words->minutes};
    int r = client_add(app, &client, secret, err);

    if (r == 0 && !key.p)
        puts(secret);
    explicit_bzero(secret, sizeof(secret));
    return r;
}

static int client_again(
    struct app *app, const char *name, struct str key, struct err *err)
{
    char secret[CLIENT_SECRET_MAX];
    int r = client_reset(app, str_of(name), key, secret, err);

    if (r == 0 && !key.p)
        puts(secret);
    explicit_bzero(secret, sizeof(secret));
    return r;
}

static int print_row(void *arg, const struct client_row *row, struct err *err)
{
    (void)arg;
    (void)err;
    printf("%-28.*s %-9s %-7s %2lld min  %-30.*s  %.*s\n", (int)row->name.len,
        row->name.p, row->off ? "disabled" : "enabled", row->has_key ? "key" : "secret",
        (long long)row->minutes, (int)row->organization.len,
        row->organization.p ? row->organization.p : "", (int)row->scope.len,
        row->scope.p);
    return 0;
}

/* Do it, and tell the audit trail. */
static int client_change(struct app *app, const char *what, const char *name,
    const struct client_words *words, struct str key, struct err *err)
{
    enum audit_kind kind = AUDIT_ACCOUNT_RESET;
    char whose[LIMIT_TRAIL_TEXT];
    int r = 0;

    if (strcmp(what, "add") == 0) {
        kind = AUDIT_ACCOUNT_MADE;
        r = client_new(app, name, words, key, err);
    } else if (strcmp(what, "disable") == 0 || strcmp(what, "enable") == 0) {
        kind = what[0] == 'd' ? AUDIT_ACCOUNT_OFF : AUDIT_ACCOUNT_ON;
        r = client_disable(app, str_of(name), what[0] == 'd', err);
    } else if (strcmp(what, "reset") == 0) {
        r = client_again(app, name, key, err);
    } else {
        return err_set(
            err, E_USAGE, NULL, "'%s' is not one of the things it does.", what);
    }
    if (r < 0)
        return r;
    snprintf(whose, sizeof(whose), "program %s", name);
    return audit_operator(app, "client", kind, str_of(whose), err);
}

static int client_do(struct app *app, const struct cli_call *call,
    const struct client_words *words, struct str key, struct err *err)
{
    const char *what = call->words[0];
    const char *name = call->word_count > 2 ? call->words[2] : NULL;

    if (strcmp(what, "list") == 0)
        return client_each(app, print_row, NULL, err);
    if (!name)
        return err_set(err, E_USAGE, NULL, "Which program? A name is missing.");
    return client_change(app, what, name, words, key, err);
}

static int run(struct cli_call *call, struct err *err)
{
    struct client_words words = {0};
    const struct cli_option known[] = {
        {"--scope", CLI_TEXT, &words.scope, 0, 0},
        {"--organization", CLI_TEXT, &words.organization, 0, 0},
        {"--key", CLI_TEXT, &words.key, 0, 0},
        {"--minutes", CLI_NUMBER, &words.minutes, LIMIT_CLIENT_MINUTES_LEAST,
            LIMIT_CLIENT_MINUTES},
        {0},
    };
    struct app *app = NULL;
    struct str key = {NULL, 0};
    struct buf file;
    int r = cli_options(call, known, 2, 3, err);

    buf_init(&file, (size_t)2 * LIMIT_CLIENT_KEY_BYTES);

    if (r == 0 && strcmp(call->words[0], "add") == 0 && !words.scope)
        r = err_set(err, E_USAGE, NULL, "What may it do? --scope is missing.");
    if (r == 0)
        r = read_key(words.key, &file, &key, err);
    if (r == 0)
        r = cli_node_open(call->words[1], CLI_OPEN_READ, &app, err);
    if (r == 0)
        r = client_do(app, call, &words, key, err);
    app_close(app);
    buf_done(&file);
    return r;
}

const struct cli_command cmd_client = {
    "client", "programs that get tokens for themselves, and their scopes", usage, run};
