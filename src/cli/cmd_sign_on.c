/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "base/limits.h"

#include "app/audit.h"
#include "app/sign_on.h"
#include "cli/cli_internal.h"

static const char usage[] =
    "usage: belay sign-on add DIR NAME --issuer URL --client-id ID [--secret-file "
    "FILE]\n"
    "             [--title TEXT] [--scope TEXT] [--ca-file FILE]\n"
    "             [--role CLAIM=VALUE:ROLE[@ORGANIZATION]]... [--organization ID] "
    "[--make]\n"
    "             [--user CLAIM] [--staff CLAIM=SYSTEM] [--mfa CLAIM=VALUE]\n"
    "       belay sign-on list|remove DIR [NAME]\n"
    "       belay sign-on link DIR NAME SUBJECT ACCOUNT\n"
    "       belay sign-on unlink DIR NAME SUBJECT\n"
    "\n"
    "Signing in with an account of the hospital's own sign-on (OpenID Connect). Works "
    "while\n"
    "the node is served. Register with it the address PUBLIC-URL/session/back/NAME.\n"
    "  --issuer        as the provider writes it; https, or http on this machine\n"
    "  --secret-file   the client's secret, in a file that nobody else may read, or - "
    "for\n"
    "                  standard input; without it PKCE alone\n"
    "  --title         what the button says; the name unless said otherwise\n"
    "  --scope         what is asked for; \"openid profile\" unless said otherwise\n"
    "  --ca-file       trust these certificates (PEM) and no others\n"
    "  --role          whoever has VALUE in CLAIM holds ROLE; any number of these. "
    "What "
    "the\n"
    "                  claims no longer give at a sign-in ends then\n"
    "  --organization  where, unless the rule says\n"
    "  --make          make an account for who has a role and none yet; else accounts "
    "are\n"
    "                  linked one by one with 'link'\n"
    "  --user          the claim that names such an account (preferred_username)\n"
    "  --staff         whose Practitioner it is: the one with this claim as identifier "
    "of\n"
    "                  SYSTEM, made if there is none\n"
    "  --mfa           who has VALUE in CLAIM (amr=mfa, say) has given a second factor "
    "there\n"
    "                  and is not asked for a one-time code here\n";

struct sign_on_words {
    const char *issuer;
    const char *client;
    const char *secret_file;
    const char *title;
    const char *scope;
    const char *ca_file;
    const char *organization;
    const char *user;
    const char *staff;
    const char *mfa;
    struct cli_texts roles;
    bool makes;
};

/* ---- words ---- */

/* "Organization/ID" from "ID" or itself; p NULL from NULL. */
static struct str organization_of(struct arena *a, struct str id)
{
    if (!id.p || str_starts(id, "Organization/"))
        return id;
    return str_of(arena_printf(a, "Organization/%.*s", (int)id.len, id.p));
}

static int split(const char *text, const char *option, struct str *left,
    struct str *right, struct err *err)
{
    struct str rest = str_of(text);

    if (!text)
        return 0;
    *left = str_cut(&rest, '=');
    *right = rest;
    if (left->len > 0 && rest.len > 0)
        return 0;
    return err_set(err, E_USAGE, option, "'%s' is not CLAIM=VALUE.", text);
}

/* CLAIM=VALUE:ROLE[@ORGANIZATION]; a VALUE may have colons itself. */
static int rule_of(
    struct arena *a, const char *text, struct sign_on_rule *ret, struct err *err)
{
    struct str value = {NULL, 0};
    struct str role = {NULL, 0};
    int r = split(text, "--role", &ret->claim, &value, err);

    if (r < 0)
        return r;
    role = value;
    while (value.len > 0 && value.p[value.len - 1] != ':')
        value.len--;
    if (value.len == 0)
        return err_set(err, E_USAGE, "--role", "'%s' is not CLAIM=VALUE:ROLE.", text);
    role = (struct str){value.p + value.len, role.len - value.len};
    value.len--;
    ret->value = value;
    ret->role = str_cut(&role, '@');
    ret->organization = organization_of(a, role);
    return 0;
}

/* ---- what it does ---- */

static int add(struct app *app, const char *name, const struct sign_on_words *words,
    struct str secret, struct err *err)
{
    struct arena *a = arena_new();
    struct sign_on_rule *rules =
        a ? arena_array(a, words->roles.count + 1, sizeof(*rules)) : NULL;
    struct sign_on_provider p = {.name = str_of(name),
        .title = str_of(words->title),
        .issuer = str_of(words->issuer),
        .client = str_of(words->client),
        .secret = secret,
        .scope = str_of(words->scope),
        .ca_file = str_of(words->ca_file),
        .user_claim = str_of(words->user),
        .makes = words->makes,
        .rules = rules,
        .rule_count = words->roles.count};
    int r = rules ? 0 : err_nomem(err);

    for (size_t i = 0; r == 0 && i < words->roles.count; i++)
        r = rule_of(a, words->roles.list[i], &rules[i], err);
    if (r == 0)
        r = split(words->staff, "--staff", &p.staff_claim, &p.staff_system, err);
    if (r == 0)
        r = split(words->mfa, "--mfa", &p.mfa_claim, &p.mfa_value, err);
    if (r == 0) {
        p.organization = organization_of(a, str_of(words->organization));
        r = sign_on_add(app, &p, err);
    }
    if (r == 0)
        printf("Register with the provider:  PUBLIC-URL/session/back/%s\n", name);
    arena_free(a);
    return r;
}

static int print_one(void *arg, const struct sign_on_provider *p, struct err *err)
{
    (void)arg;
    (void)err;
    printf("%-16.*s %.*s  client %.*s%s%s\n", (int)p->name.len, p->name.p,
        (int)p->issuer.len, p->issuer.p, (int)p->client.len, p->client.p,
        p->secret.p ? "" : ", without a secret", p->makes ? ", makes accounts" : "");
    for (size_t i = 0; i < p->rule_count; i++) {
        const struct sign_on_rule *rule = &p->rules[i];
        struct str where = rule->organization.p ? rule->organization : p->organization;

        printf("    %.*s=%.*s  %.*s at %.*s\n", (int)rule->claim.len, rule->claim.p,
            (int)rule->value.len, rule->value.p, (int)rule->role.len, rule->role.p,
            (int)where.len, where.p ? where.p : "");
    }
    return 0;
}

/* The third and fourth word of link and unlink. */
static int link_words(
    const struct cli_call *call, size_t least, struct sign_on_who *ret, struct err *err)
{
    if (call->word_count < 4)
        return err_set(err, E_USAGE, NULL, "Whom? A subject is missing.");
    if (call->word_count < least)
        return err_set(err, E_USAGE, NULL, "Whose account? A name is missing.");
    ret->provider = str_of(call->words[2]);
    ret->subject = str_of(call->words[3]);
    if (least > 4)
        ret->account = str_of(call->words[4]);
    return 0;
}

/* Tell the audit trail: of a provider, or of an account that signs on by it. */
static int tell(struct app *app, enum audit_kind kind, const struct sign_on_who *who,
    struct err *err)
{
    char whose[LIMIT_TRAIL_TEXT];
    struct str of = who->account.p ? who->account : who->subject;

    snprintf(whose, sizeof(whose), "sign-on %.*s%s%.*s", (int)who->provider.len,
        who->provider.p, of.p ? " of " : "", (int)of.len, of.p ? of.p : "");
    return audit_operator(app, "sign-on", kind, str_of(whose), err);
}

static int sign_on_change(struct app *app, const struct cli_call *call,
    const struct sign_on_words *words, struct str secret, struct err *err)
{
    const char *what = call->words[0];
    struct sign_on_who who = {.provider = str_of(call->words[2])};
    enum audit_kind kind = AUDIT_ACCOUNT_MADE;
    int r = 0;

    if (strcmp(what, "add") == 0) {
        r = add(app, call->words[2], words, secret, err);
    } else if (strcmp(what, "remove") == 0) {
        kind = AUDIT_ACCOUNT_OFF;
        r = sign_on_remove(app, who.provider, err);
    } else if (strcmp(what, "unlink") == 0) {
        kind = AUDIT_ACCOUNT_OFF;
        r = link_words(call, 4, &who, err);
        if (r == 0)
            r = sign_on_unlink(app, &who, err);
    } else if (strcmp(what, "link") == 0) {
        r = link_words(call, 5, &who, err);
        if (r == 0)
            r = sign_on_link(app, &who, err);
    } else {
        return err_set(
            err, E_USAGE, NULL, "'%s' is not one of the things it does.", what);
    }
    return r < 0 ? r : tell(app, kind, &who, err);
}

static int sign_on_do(struct app *app, const struct cli_call *call,
    const struct sign_on_words *words, struct str secret, struct err *err)
{
    if (strcmp(call->words[0], "list") == 0)
        return sign_on_each(app, print_one, NULL, err);
    if (call->word_count < 3)
        return err_set(err, E_USAGE, NULL, "Which? A name is missing.");
    return sign_on_change(app, call, words, secret, err);
}

static int run(struct cli_call *call, struct err *err)
{
    const char *roles[LIMIT_SIGN_ON_RULES];
    struct sign_on_words words = {.roles = {roles, LIMIT_SIGN_ON_RULES, 0}};
    const struct cli_option known[] = {
        {"--issuer", CLI_TEXT, &words.issuer, 0, 0},
        {"--client-id", CLI_TEXT, &words.client, 0, 0},
        {"--secret-file", CLI_TEXT, &words.secret_file, 0, 0},
        {"--title", CLI_TEXT, &words.title, 0, 0},
        {"--scope", CLI_TEXT, &words.scope, 0, 0},
        {"--ca-file", CLI_TEXT, &words.ca_file, 0, 0},
        {"--organization", CLI_TEXT, &words.organization, 0, 0},
        {"--user", CLI_TEXT, &words.user, 0, 0},
        {"--staff", CLI_TEXT, &words.staff, 0, 0},
        {"--mfa", CLI_TEXT, &words.mfa, 0, 0},
        {"--role", CLI_TEXTS, &words.roles, 0, 0},
        {"--make", CLI_FLAG, &words.makes, 0, 0},
        {0},
    };
    char typed[CLI_SECRET_MAX + 2];
    struct str secret = {NULL, 0};
    struct app *app = NULL;
    int r = cli_options(call, known, 2, 5, err);

    if (r == 0 && words.secret_file) {
        r = cli_secret_read(words.secret_file, typed, err);
        secret = str_of(typed);
    }
    if (r == 0)
        r = cli_node_open(call->words[1], CLI_OPEN_READ, &app, err);
    if (r == 0)
        r = sign_on_do(app, call, &words, secret, err);
    app_close(app);
    explicit_bzero(typed, sizeof(typed));
    return r;
}

const struct cli_command cmd_sign_on = {
    "sign-on", "signing in with an account of the hospital's own", usage, run};
