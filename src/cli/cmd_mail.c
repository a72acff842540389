/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "base/limits.h"

#include "app/audit.h"
#include "app/choice.h"
#include "app/notify.h"
#include "cli/cli_internal.h"

static const char usage[] =
    "usage: belay mail set DIR --server URL --from ADDRESS [--user NAME --secret-file "
    "FILE]\n"
    "                      [--ca-file FILE] [--private-hooks]\n"
    "       belay mail off DIR [--private-hooks]\n"
    "       belay mail show DIR\n"
    "       belay mail hook DIR ORGANIZATION --url URL [--secret-file FILE] [--form "
    "FORM]\n"
    "                      [--language CODE]\n"
    "       belay mail unhook DIR ORGANIZATION\n"
    "\n"
    "How people are told that a case waits. Works while the node is served. A message "
    "never\n"
    "holds a name or anything about an illness.\n"
    "  --server         smtps://HOST[:PORT], or smtp://HOST[:PORT] with STARTTLS\n"
    "  --from           who the letters are from\n"
    "  --secret-file    the password, or what signs a webhook's messages, in a file "
    "that\n"
    "                   nobody else may read, or - for standard input\n"
    "  --ca-file        trust these certificates (PEM) and no others\n"
    "  --private-hooks  webhooks may lead into private networks and to this machine: "
    "only\n"
    "                   where everybody with an account may reach what is there\n"
    "'off' sends no mail any more; 'hook' gives a department a webhook for cases that "
    "are\n"
    "sent to it. FORM is belay, text (Mattermost, Slack) or msgtype (WeCom, "
    "DingTalk).\n"
    "'show' tells what is set, how many messages wait and the last that was given "
    "up.\n";

struct mail_words {
    const char *server;
    const char *from;
    const char *user;
    const char *secret_file;
    const char *ca_file;
    const char *url;
    const char *form;
    const char *language;
    bool hook_private;
};

static int set(
    struct app *app, const struct mail_words *w, struct str secret, struct err *err)
{
    struct notify_mail mail = {.server = str_of(w->server),
        .user = str_of(w->user),
        .password = secret,
        .from = str_of(w->from),
        .ca_file = str_of(w->ca_file),
        .hook_private = w->hook_private};

    if (!w->server || !w->from)
        return err_set(err, E_USAGE, NULL, "--server and --from are needed.");
    return notify_mail_save(app, &mail, err);
}

static int show(struct app *app, struct arena *a, struct err *err)
{
    struct notify_status status = {0};
    struct notify_mail mail = {.server = {NULL, 0}};
    int r = notify_mail_load(app, a, &mail, err);

    if (r == 0)
        r = notify_status(app, a, &status, err);
    if (r < 0)
        return r;
    if (mail.server.p)
        printf("mail      by %s from %s%s%s\n", mail.server.p, mail.from.p,
            mail.user.p ? " as " : "", mail.user.p ? mail.user.p : "");
    else
        printf("mail      off\n");
    printf("webhooks  %s\n", mail.hook_private ? "to anywhere, private networks too"
                                               : "to public addresses");
    printf("waiting   %zu\n", status.waiting);
    printf("given up  %lld\n", (long long)status.failed);
    if (status.failed_at.p)
        printf("the last  %.*s to %.*s by %.*s: %.*s\n", (int)status.failed_at.len,
            status.failed_at.p, (int)status.failed_to.len, status.failed_to.p,
            (int)status.failed_by.len, status.failed_by.p, (int)status.failed_why.len,
            status.failed_why.p);
    return 0;
}

/* A department's webhook; without ${w->url} it has none any more. */
static int hook(struct app *app, struct arena *a, struct str unit,
    const struct mail_words *w, struct str secret, struct err *err)
{
    struct notify_mail mail = {.server = {NULL, 0}};
    struct choice choice = {.hook_url = str_of(w->url),
        .hook_secret = w->url ? secret : (struct str){NULL, 0},
        .language = str_of(w->language)};
    int r = choice_form_of(str_of(w->form), &choice.hook_form, err);

    if (r == 0)
        r = notify_mail_load(app, a, &mail, err);
    return r < 0 ? r : choice_save(app, unit, &choice, mail.hook_private, err);
}

static int mail_do(struct app *app, const struct cli_call *call, struct arena *a,
    const struct mail_words *w, struct str secret, struct err *err)
{
    const struct notify_mail off = {.hook_private = w->hook_private};
    const char *what = call->words[0];
    char unit[LIMIT_NAME_BYTES];

    if (strcmp(what, "set") == 0)
        return set(app, w, secret, err);
    if (strcmp(what, "off") == 0)
        return notify_mail_save(app, &off, err);
    if (strcmp(what, "show") == 0)
        return show(app, a, err);
    if (call->word_count < 3)
        return err_set(
            err, E_USAGE, NULL, "Whose webhook? An Organization is missing.");
    if (strcmp(what, "unhook") != 0 && strcmp(what, "hook") != 0)
        return err_set(
            err, E_USAGE, NULL, "'%s' is not one of the things it does.", what);
    if ((strcmp(what, "hook") == 0) != (w->url != NULL))
        return err_set(err, E_USAGE, NULL, "--url goes with 'hook', and only with it.");
    return hook(app, a,
        cli_reference("Organization", call->words[2], unit, sizeof(unit)), w, secret,
        err);
}

/* Tell the audit trail what was set up or taken away; what was only shown is not told. */
static int tell(struct app *app, const struct cli_call *call, struct err *err)
{
    const char *what = call->words[0];
    bool ends = strcmp(what, "off") == 0 || strcmp(what, "unhook") == 0;
    char whose[LIMIT_TRAIL_TEXT] = "mail server";

    if (strcmp(what, "show") == 0)
        return 0;
    if (call->word_count > 2)
        snprintf(whose, sizeof(whose), "webhook of %s", call->words[2]);
    return audit_operator(
        app, "mail", ends ? AUDIT_ACCOUNT_OFF : AUDIT_ACCOUNT_MADE, str_of(whose), err);
}

static int run(struct cli_call *call, struct err *err)
{
    struct mail_words words = {0};
    const struct cli_option known[] = {
        {"--server", CLI_TEXT, &words.server, 0, 0},
        {"--from", CLI_TEXT, &words.from, 0, 0},
        {"--user", CLI_TEXT, &words.user, 0, 0},
        {"--secret-file", CLI_TEXT, &words.secret_file, 0, 0},
        {"--ca-file", CLI_TEXT, &words.ca_file, 0, 0},
        {"--url", CLI_TEXT, &words.url, 0, 0},
        {"--form", CLI_TEXT, &words.form, 0, 0},
        {"--language", CLI_TEXT, &words.language, 0, 0},
        {"--private-hooks", CLI_FLAG, &words.hook_private, 0, 0},
        {0},
    };
    char typed[CLI_SECRET_MAX + 2];
    struct str secret = {NULL, 0};
    struct arena *a = arena_new();
    struct app *app = NULL;
    int r = a ? cli_options(call, known, 2, 3, err) : err_nomem(err);

    if (r == 0 && words.secret_file) {
        r = cli_secret_read(words.secret_file, typed, err);
        secret = str_of(typed);
    }
    if (r == 0)
        r = cli_node_open(call->words[1], CLI_OPEN_READ, &app, err);
    if (r == 0)
        r = mail_do(app, call, a, &words, secret, err);
    if (r == 0)
        r = tell(app, call, err);
    app_close(app);
    arena_free(a);
    explicit_bzero(typed, sizeof(typed));
    return r;
}

const struct cli_command cmd_mail = {
    "mail", "how people are told that a case waits", usage, run};
