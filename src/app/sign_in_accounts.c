/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Accounts of the people one looks after (app/administration.h). Passwords are chosen by
 * who they are for: what is made here is a link that works once, shown to who asked for it
 * and kept by nobody. Each change is in the trail before it is done.
 */
#include "app/account.h"
#include "app/administration.h"
#include "app/reach.h"
#include "app/sign_in_internal.h"

#define HOUR ((utc_ms)3600 * 1000)

/* Whose is ${practitioner}? p NULL: an account of the operator's. */
static int whose(struct sign_in *s, struct str practitioner,
    enum administration_whose *ret, struct err *err)
{
    struct app_call *call = s->call;
    struct administration who = {.caller = &call->caller, .arena = call->arena};
    int r = 0;

    *ret = ADMINISTRATION_OTHERS;
    if (!practitioner.p || !reach_any(&call->caller))
        return 0;
    r = store_read_begin(call->app->store, &who.snapshot, err);
    if (r == 0)
        r = administration_whose(&who, practitioner, s->now, ret, err);
    if (who.snapshot)
        store_read_end(who.snapshot);
    return r;
}

static int refuse(struct err *err)
{
    return err_set(err, E_FORBIDDEN, NULL,
        "Accounts are looked after by the administration of every hospital where the "
        "person holds a post.");
}

/* ---- the list ---- */

struct listing {
    struct sign_in *s;
    struct json_out out;
};

static int put_account(void *arg, const struct account_row *row, struct err *err)
{
    struct listing *l = arg;
    struct json_out *o = &l->out;
    enum administration_whose of = ADMINISTRATION_OTHERS;
    int r = whose(l->s, row->practitioner, &of, err);

    if (r < 0 || of != ADMINISTRATION_OURS)
        return r;
    json_open(o, '{');
    json_member(o, "name", row->name);
    json_member(o, "practitioner", row->practitioner);
    json_member(o, "provider", row->provider);
    json_name(o, "off");
    json_put_bool(o, row->off);
    json_name(o, "password");
    json_put_bool(o, row->has_password);
    json_name(o, "code");
    json_put_bool(o, row->has_code);
    json_name(o, "needsCode");
    json_put_bool(o, row->needs_code);
    json_close(o, '}');
    return 0;
}

int sign_in_accounts(struct sign_in *s, struct err *err)
{
    struct listing l = {.s = s};
    int r = 0;

    if (!reach_any(&s->call->caller))
        return refuse(err);
    l.out = sign_in_answer(s);
    json_open(&l.out, '{');
    json_name(&l.out, "accounts");
    json_open(&l.out, '[');
    r = account_each(s->call->app, put_account, &l, err);
    json_close(&l.out, ']');
    json_close(&l.out, '}');
    return r;
}

/* ---- changes ---- */

struct search_for {
    struct str practitioner;
    bool found;
};

static int has_account(void *arg, const struct account_row *row, struct err *err)
{
    struct search_for *wanted = arg;

    (void)err;
    wanted->found |=
        row->practitioner.p && str_eq(row->practitioner, wanted->practitioner);
    return 0;
}

/* Is there nothing yet by this name, and for this person? A second account for somebody
 * would be a way in that the person never hears of. */
static int check_new(
    struct sign_in *s, const struct account_new *account, struct err *err)
{
    struct search_for wanted = {.practitioner = account->practitioner};
    struct account old = {0};
    struct str key = {NULL, 0};
    int r = account_key(s->call->arena, account->name, &key, err);

    if (r < 0)
        return r;
    r = account_load(s->call->app, s->call->arena, key, &old, NULL);
    if (r == 0)
        return err_set(err, E_CONFLICT, "name",
            "There is an account of this name, or of one that reads the same.");
    if (r != E_NOT_FOUND)
        return err_set(err, r, NULL, "The accounts cannot be read.");
    r = account_each(s->call->app, has_account, &wanted, err);
    if (r == 0 && wanted.found)
        r = err_set(err, E_CONFLICT, "practitioner",
            "This person has an account already: give it a new link instead.");
    return r;
}

static int answer_ticket(struct sign_in *s, const char *ticket)
{
    struct json_out o = sign_in_answer(s);
    char until[TIME_ISO_MAX];

    json_open(&o, '{');
    json_member(&o, "ticket", str_of(ticket));
    json_member(&o, "until",
        (struct str){until, time_iso(s->now + LIMIT_ENROL_HOURS * HOUR, until)});
    json_close(&o, '}');
    return 0;
}

int sign_in_account_add(struct sign_in *s, struct err *err)
{
    const struct account_new account = {.name = sign_in_text(s, "name"),
        .practitioner = sign_in_text(s, "practitioner")};
    enum administration_whose of = ADMINISTRATION_OTHERS;
    char ticket[ACCOUNT_TICKET_MAX] = "";
    int r = whose(s, account.practitioner, &of, err);

    if (r == 0 && of != ADMINISTRATION_OURS)
        r = refuse(err);
    if (r == 0)
        r = check_new(s, &account, err);
    if (r == 0)
        r = audit_account(
            s->call->app, &s->call->caller, AUDIT_ACCOUNT_MADE, account.name, err);
    if (r == 0)
        r = account_add(s->call->app, &account, ticket, err);
    return r == 0 ? answer_ticket(s, ticket) : r;
}

/* The account the body names, if it is one to look after. An account of others and none
 * at all sound the same. */
static int named(struct sign_in *s, struct account *ret, struct err *err)
{
    struct str key = {NULL, 0};
    enum administration_whose of = ADMINISTRATION_OTHERS;
    int r = 0;

    if (!reach_any(&s->call->caller))
        return refuse(err);
    r = account_key(s->call->arena, sign_in_text(s, "name"), &key, err);
    if (r == 0)
        r = account_load(s->call->app, s->call->arena, key, ret, err);
    if (r == 0)
        r = whose(s, ret->practitioner, &of, err);
    if (r == E_NOT_FOUND || (r == 0 && of != ADMINISTRATION_OURS))
        return err_set(err, E_NOT_FOUND, "name",
            "There is no account of this name that you look after.");
    return r;
}

static int switch_account(struct sign_in *s, bool off, struct err *err)
{
    struct account account = {0};
    int r = named(s, &account, err);

    if (r == 0)
        r = audit_account(s->call->app, &s->call->caller,
            off ? AUDIT_ACCOUNT_OFF : AUDIT_ACCOUNT_ON, account.name, err);
    if (r == 0)
        r = account_disable(s->call->app, account.name, off, err);
    if (r == 0)
        s->call->status = 204;
    return r;
}

int sign_in_account_off(struct sign_in *s, struct err *err)
{
    return switch_account(s, true, err);
}

int sign_in_account_on(struct sign_in *s, struct err *err)
{
    return switch_account(s, false, err);
}

int sign_in_account_reset(struct sign_in *s, struct err *err)
{
    struct app *app = s->call->app;
    struct account account = {0};
    char ticket[ACCOUNT_TICKET_MAX] = "";
    int r = named(s, &account, err);

    if (r == 0)
        r = audit_account(
            app, &s->call->caller, AUDIT_ACCOUNT_RESET, account.name, err);
    if (r < 0)
        return r;
    pthread_mutex_lock(&app->accounts_lock);
    r = account_reset(app, account.name, (struct str){NULL, 0}, ticket, err);
    pthread_mutex_unlock(&app->accounts_lock);
    return r == 0 ? answer_ticket(s, ticket) : r;
}
