/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "base/arena.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/time.h"

#include "app/account.h"
#include "app/decade.h"
#include "app/demo.h"
#include "app/person.h"
#include "app/procedure_rule.h"
#include "app/session.h"
#include "app/synthetic.h"
#include "cli/cli_internal.h"
#include "store/store.h"

static const char usage[] =
    "usage: belay demo DIR [--small]\n"
    "       belay demo DIR --tokens [--hours N] [--small]\n"
    "       belay demo DIR --accounts [--small]\n"
    "       belay demo --decade DIR [--seed N] [--share N] [--until YEAR]\n"
    "\n"
    "Load the demonstration into the node in DIR: hospitals, departments, people and "
    "cases,\n"
    "all invented. The node must not be served meanwhile. Done again it brings them "
    "back to\n"
    "where they began.\n"
    "  --small   a dozen cases instead of 300, and those people alone\n"
    "  --tokens  make a token for each person of it instead, and print them; works "
    "while\n"
    "            the node is served; of ten years for one person of each role\n"
    "  --accounts  make an account for each, with a password of its own or, where a "
    "code is\n"
    "            asked, a link; made again they get new ones\n"
    "  --hours   how long they are good for; 720 unless said otherwise\n"
    "  --decade  make a new node in DIR, which must not exist or be empty, with ten "
    "years "
    "of a\n"
    "            programme, 2015 to August 2025, all invented (docs/DEMONSTRATION.md)\n"
    "  --seed    another number makes another ten years; the same makes the same\n"
    "  --share   one in N of everything that is counted: for a look, and for tests\n"
    "  --until   end with the December of this year\n";

#define HOUR ((utc_ms)3600 * 1000)

/* Who can sign in to what is in the node. */
struct people {
    const struct app_demo_person *list;
    size_t count;
    struct app_demo_person decade[APP_DECADE_PEOPLE];
};

static int people_find(
    struct app *app, struct arena *a, struct people *ret, struct err *err)
{
    ret->list = app_demo_people;
    ret->count = app_demo_people_count;
    if (!synthetic_is(app))
        return 0;
    ret->list = ret->decade;
    return app_decade_people(app, a, ret->decade, &ret->count, err);
}

static int make_token(struct app *app, const struct app_demo_person *person,
    int64_t hours, struct err *err)
{
    struct session_grant grant = {
        .name = str_of(person->name),
        .role = str_of(person->role),
        .practitioner = str_of(person->practitioner),
        .organization = person->organization[0] ? str_of(person->organization)
                                                : (struct str){NULL, 0},
        .expires = time_now() + hours * HOUR,
    };
    char token[SESSION_TOKEN_MAX];
    int r = session_token_make(app, &grant, token, err);

    if (r == 0)
        printf("%-19s %-24s %s\n", person->role, person->name, token);
    return r;
}

static int make_account(
    struct app *app, const struct app_demo_person *person, struct err *err)
{
    char password[ACCOUNT_PASSWORD_MAX];
    char ticket[ACCOUNT_TICKET_MAX] = "";
    bool by_link = person_role_needs_code(str_of(person->role));
    struct account_new account = {
        .name = str_of(person->name), .practitioner = str_of(person->practitioner)};
    int r = account_password_new(password, err);

    if (!by_link)
        account.password = str_of(password);
    if (r == 0)
        r = account_add(app, &account, ticket, err);
    if (r == E_CONFLICT)
        r = account_reset(app, account.name, account.password, ticket, err);
    if (r == 0)
        printf("%-19s %-24s %s%s\n", person->role, person->name,
            by_link ? "/#/enrol/" : "", by_link ? ticket : password);
    return r;
}

/* Make a token for ${hours} for each of them; 0: an account. */
static int let_in(struct app *app, int64_t hours, bool small, struct err *err)
{
    struct people people = {0};
    struct arena *a = arena_new();
    int r = a ? people_find(app, a, &people, err) : err_nomem(err);

    for (size_t i = 0; r == 0 && i < people.count; i++) {
        const struct app_demo_person *person = &people.list[i];

        if (small && !person->small)
            continue;
        r = hours ? make_token(app, person, hours, err)
                  : make_account(app, person, err);
    }
    arena_free(a);
    return r;
}

/* A node that holds nothing need not wait for the disk at each step: if the power fails, it is
 * made anew. */
static int open_to_load(const char *path, struct app **ret, struct err *err)
{
    struct store_stats stats = {.versions = 0};
    int r = cli_node_open(path, CLI_OPEN_WRITE, ret, err);

    if (r == 0)
        r = store_stats(app_store(*ret), &stats, err);
    if (r < 0 || stats.versions > 0)
        return r;
    app_close(*ret);
    *ret = NULL;
    return cli_node_open(path, CLI_OPEN_BULK, ret, err);
}

/* A node is never earlier than what it holds, so this one is made while time stands at the first
 * day. */
static int make_decade(
    const char *path, const struct app_decade_options *options, struct err *err)
{
    struct app_options how = {.path = path, .create = true, .bulk = true};
    struct app_decade_result result = {0};
    struct app *app = NULL;
    uint64_t begun = time_monotonic_ns();
    char records[CLI_NUMBER_MAX];
    char versions[CLI_NUMBER_MAX];
    int r = cli_folder_empty(path, err);

    if (r < 0)
        return r;
    time_hold(app_decade_begin());
    r = app_open(&how, &app, err);
    if (r == 0)
        r = procedure_rules_load(app, err);
    if (r == 0)
        r = app_decade_make(app, options, &result, err);
    app_close(app);
    time_hold(0);
    if (r == 0)
        printf("Ten years are in %s: %s records, %s versions, %.1f s.\n", path,
            cli_number(result.records, records), cli_number(result.versions, versions),
            (double)(time_monotonic_ns() - begun) / 1e9);
    return r;
}

static int run(struct cli_call *call, struct err *err)
{
    struct app *app = NULL;
    bool tokens = false;
    bool accounts = false;
    bool small = false;
    bool decade = false;
    int64_t hours = 720;
    int64_t seed = APP_DECADE_SEED;
    int64_t share = 1;
    int64_t until = 2025;
    const struct cli_option known[] = {
        {"--decade", CLI_FLAG, &decade, 0, 0},
        {"--seed", CLI_NUMBER, &seed, 0, INT64_MAX},
        {"--share", CLI_NUMBER, &share, 1, 1000},
        {"--until", CLI_NUMBER, &until, 2015, 2025},
        {"--tokens", CLI_FLAG, &tokens, 0, 0},
        {"--accounts", CLI_FLAG, &accounts, 0, 0},
        {"--small", CLI_FLAG, &small, 0, 0},
        {"--hours", CLI_NUMBER, &hours, 1, LIMIT_TOKEN_HOURS},
        {0},
    };
    int r = cli_options(call, known, 1, 1, err);

    if (r == 0 && decade)
        return make_decade(call->words[0],
            &(struct app_decade_options){.seed = (uint64_t)seed,
                .share = (unsigned)share,
                .last_year = (int)until},
            err);
    if (r == 0)
        r = tokens || accounts ? cli_node_open(call->words[0], CLI_OPEN_READ, &app, err)
                               : open_to_load(call->words[0], &app, err);
    if (r < 0) {
        app_close(app);
        return r;
    }
    log_level_set(LOG_WARN); /* what the node does by itself in it is no news */
    if (tokens || accounts)
        r = let_in(app, tokens ? hours : 0, small, err);
    else
        r = app_demo_load(app, small, err);
    app_close(app);
    if (r == 0 && !tokens && !accounts)
        printf("The demonstration is in %s.\n", call->words[0]);
    return r;
}

const struct cli_command cmd_demo = {"demo", "load the demonstration", usage, run};
