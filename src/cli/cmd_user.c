/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdio.h>
#include <termios.h>
#include <unistd.h>

#include "base/limits.h"

#include "app/account.h"
#include "app/audit.h"
#include "cli/cli_internal.h"

static const char usage[] =
    "usage: belay user add DIR NAME --practitioner ID [--password] [--code]\n"
    "       belay user add DIR NAME --role ROLE [--organization ID] [--password] "
    "[--code]\n"
    "       belay user list DIR\n"
    "       belay user disable|enable DIR NAME\n"
    "       belay user reset DIR NAME [--password]\n"
    "\n"
    "Accounts of people who sign in with a password. Works while the node is served.\n"
    "What a person may do follows from the PractitionerRole records of their "
    "Practitioner\n"
    "that are valid at the time; --role is for somebody who is no practitioner.\n"
    "  --password  ask for the password here (without showing it), or read it from "
    "standard\n"
    "              input; else a link is printed, by which the person chooses one\n"
    "  --code      ask for a one-time code at each sign-in; administrators and "
    "coordinators\n"
    "              are asked in any case\n"
    "reset takes password, codes and sessions away and prints a new link.\n";

struct user_words {
    const char *role;
    const char *practitioner;
    const char *organization;
    bool password;
    bool code;
};

/* ---- passwords are never on the command line ---- */

static int read_line(char *out, size_t size, struct err *err)
{
    size_t len = 0;

    if (!fgets(out, (int)size, stdin))
        return err_set(err, E_USAGE, NULL, "No password was given.");
    len = strlen(out);
    if (len > 0 && out[len - 1] != '\n' && !feof(stdin))
        return err_set(err, E_TOO_LARGE, NULL, "The password is too long.");
    out[strcspn(out, "\r\n")] = '\0';
    return 0;
}

static int ask_twice(char *out, size_t size, struct err *err)
{
    char again[LIMIT_PASSWORD_BYTES + 2];
    int r = 0;

    fputs("Password: ", stderr);
    r = read_line(out, size, err);
    fputs("\nThe same again: ", stderr);
    if (r == 0)
        r = read_line(again, sizeof(again), err);
    fputs("\n", stderr);
    if (r == 0 && strcmp(out, again) != 0)
        r = err_set(err, E_USAGE, NULL, "The two passwords differ.");
    return r;
}

static int password_read(char *out, size_t size, struct err *err)
{
    struct termios shown;
    struct termios hidden;
    int r = 0;

    if (!isatty(STDIN_FILENO))
        return read_line(out, size, err);
    if (tcgetattr(STDIN_FILENO, &shown) < 0)
        return err_sys(err, errno, NULL, "The terminal cannot be read");
    hidden = shown;
    hidden.c_lflag &= ~(tcflag_t)ECHO;
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
    r = ask_twice(out, size, err);
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown);
    return r;
}

/* ---- what it does ---- */

static void print_link(const char *ticket)
{
    if (!ticket[0])
        return;
    printf("Open in the browser, within %d hours and once:  /#/enrol/%s\n",
        LIMIT_ENROL_HOURS, ticket);
}

static int user_add(struct app *app, const char *name, const struct user_words *words,
    struct str password, struct err *err)
{
    char practitioner[128];
    char organization[128];
    char ticket[ACCOUNT_TICKET_MAX];
    struct account_new account = {.name = str_of(name),
        .practitioner = cli_reference(
            "Practitioner", words->practitioner, practitioner, sizeof(practitioner)),
        .organization = cli_reference(
            "Organization", words->organization, organization, sizeof(organization)),
        .role = str_of(words->role),
        .password = password,
        .code_asked = words->code};
    int r = account_add(app, &account, ticket, err);

    if (r == 0) {
        printf("%s may sign in.\n", name);
        print_link(ticket);
    }
    return r;
}

static int print_row(void *arg, const struct account_row *row, struct err *err)
{
    struct str whose = row->practitioner.p ? row->practitioner : row->role;

    (void)arg;
    (void)err;
    printf("%-28.*s %-40.*s %s%s%s\n", (int)row->name.len, row->name.p, (int)whose.len,
        whose.p ? whose.p : "", row->off ? "disabled" : "enabled",
        row->has_password ? ""
        : row->provider.p ? ", signs on elsewhere"
                          : ", link not used yet",
        row->has_code     ? ", with codes"
        : row->needs_code ? ", codes not set up"
                          : "");
    return 0;
}

/* Do it, and tell the audit trail. */
static int user_change(struct app *app, const char *what, const char *name,
    const struct user_words *words, struct str password, struct err *err)
{
    enum audit_kind kind = AUDIT_ACCOUNT_RESET;
    char ticket[ACCOUNT_TICKET_MAX] = "";
    int r = 0;

    if (strcmp(what, "add") == 0) {
        kind = AUDIT_ACCOUNT_MADE;
        r = user_add(app, name, words, password, err);
    } else if (strcmp(what, "disable") == 0 || strcmp(what, "enable") == 0) {
        kind = what[0] == 'd' ? AUDIT_ACCOUNT_OFF : AUDIT_ACCOUNT_ON;
        r = account_disable(app, str_of(name), what[0] == 'd', err);
    } else if (strcmp(what, "reset") == 0) {
        r = account_reset(app, str_of(name), password, ticket, err);
    } else {
        return err_set(
            err, E_USAGE, NULL, "'%s' is not one of the things it does.", what);
    }
    if (r == 0)
        print_link(ticket);
    return r < 0 ? r : audit_operator(app, "user", kind, str_of(name), err);
}

static int user_do(struct app *app, const struct cli_call *call,
    const struct user_words *words, struct str password, struct err *err)
{
    const char *what = call->words[0];
    const char *name = call->word_count > 2 ? call->words[2] : NULL;

    if (strcmp(what, "list") == 0)
        return account_each(app, print_row, NULL, err);
    if (!name)
        return err_set(err, E_USAGE, NULL, "Whose account? A name is missing.");
    return user_change(app, what, name, words, password, err);
}

static int run(struct cli_call *call, struct err *err)
{
    struct user_words words = {0};
    const struct cli_option known[] = {
        {"--role", CLI_TEXT, &words.role, 0, 0},
        {"--practitioner", CLI_TEXT, &words.practitioner, 0, 0},
        {"--organization", CLI_TEXT, &words.organization, 0, 0},
        {"--password", CLI_FLAG, &words.password, 0, 0},
        {"--code", CLI_FLAG, &words.code, 0, 0},
        {0},
    };
    char typed[LIMIT_PASSWORD_BYTES + 2];
    struct str password = {NULL, 0};
    struct app *app = NULL;
    int r = cli_options(call, known, 2, 3, err);

    if (r == 0 && words.password) {
        r = password_read(typed, sizeof(typed), err);
        password = str_of(typed);
    }
    if (r == 0)
        r = cli_node_open(call->words[1], CLI_OPEN_READ, &app, err);
    if (r == 0)
        r = user_do(app, call, &words, password, err);
    app_close(app);
    explicit_bzero(typed, sizeof(typed));
    return r;
}

const struct cli_command cmd_user = {
    "user", "accounts of people who sign in with a password", usage, run};
