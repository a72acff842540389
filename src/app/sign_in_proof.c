/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Is it still the person who signed in? Ending other visits and tokens asks for the password
 * or a code again, unless one was given a few minutes ago: whoever finds a screen open could
 * else keep its owner from noticing, or out. Who signs on elsewhere and has neither signs in again.
 */
#include "app/app_internal.h"
#include "app/sign_in.h"
#include "app/sign_in_internal.h"

#define MINUTE ((utc_ms)60000)

int sign_in_proved(const struct sign_in *s, struct err *err)
{
    if (s->now - s->visit.proved < LIMIT_SESSION_PROOF_MINUTES * MINUTE)
        return 0;
    return err_set(err, E_FORBIDDEN, "proof",
        "Give your password or a code again: it was given too long ago for this.");
}

void sign_in_put_proofs(const struct sign_in *s, struct json_out *o)
{
    json_name(o, "proofs");
    json_open(o, '[');
    if (s->account.password.p)
        json_put_str(o, "password");
    if (s->account.secret.p)
        json_put_str(o, "code");
    json_close(o, ']');
    json_name(o, "proved");
    json_put_bool(o, sign_in_proved(s, NULL) == 0);
}

static int prove_password(struct sign_in *s, struct err *err)
{
    struct attempt try = {ATTEMPT_PASSWORD, s->account.key, s->call->caller.address};
    bool same = false;
    int r = sign_in_try(s, &try, err);

    if (r == 0)
        r = sign_in_matches(
            s, s->account.password, sign_in_text(s, "password"), &same, err);
    if (r == 0 && !same)
        r = sign_in_wrong(err);
    if (r == 0)
        attempts_right(s->call->app->attempts, &try, s->now);
    return r;
}

static int prove_code(struct sign_in *s, struct err *err)
{
    struct app *app = s->call->app;
    struct attempt try = {ATTEMPT_CODE, s->account.key, s->call->caller.address};
    bool good = false;
    int r = 0;

    if (!s->account.secret.p)
        return err_set(err, E_CONFLICT, "code", "No code is asked here.");
    r = sign_in_try(s, &try, err);
    if (r < 0)
        return r;
    pthread_mutex_lock(&app->accounts_lock);
    r = account_use_code(app, &s->account, sign_in_text(s, "code"), s->now, &good, err);
    pthread_mutex_unlock(&app->accounts_lock);
    if (r == 0 && !good)
        r = visit_wrong_code(app, &s->visit, err);
    if (r == 0)
        attempts_right(app->attempts, &try, s->now);
    return r;
}

int sign_in_second_factor(struct app_call *call, struct str code, struct err *err)
{
    struct app *app = call->app;
    struct sign_in s = {.call = call, .now = time_now()};
    struct attempt try = {ATTEMPT_CODE, call->caller.account, call->caller.address};
    bool good = false;
    int r = 0;

    if (!call->caller.account.p)
        return err_set(err, E_FORBIDDEN, "code",
            "This needs a one-time code: sign in as a person, with an account.");
    r = account_load(app, call->arena, call->caller.account, &s.account, err);
    if (r == 0 && !s.account.secret.p)
        r = err_set(err, E_FORBIDDEN, "code",
            "This needs a one-time code. Set codes up first, on the page of your "
            "account.");
    if (r == 0 && !code.p)
        r = err_set(err, E_INVALID, "code",
            "Give a one-time code, by the parameter code: a valueString.");
    if (r == 0)
        r = sign_in_try(&s, &try, err);
    if (r < 0)
        return r;
    pthread_mutex_lock(&app->accounts_lock);
    r = account_use_code(app, &s.account, code, s.now, &good, err);
    pthread_mutex_unlock(&app->accounts_lock);
    if (r == 0 && !good)
        r = err_set(err, E_FORBIDDEN, "code",
            "This code is wrong, too old, or was used already. Wait for the next one.");
    if (r == 0)
        attempts_right(app->attempts, &try, s.now);
    return r;
}

int sign_in_prove(struct sign_in *s, struct err *err)
{
    int r = 0;

    if (sign_in_text(s, "password").p)
        r = prove_password(s, err);
    else if (sign_in_text(s, "code").p)
        r = prove_code(s, err);
    else
        r = err_set(err, E_INVALID, "proof", "The password or a code is missing.");
    if (r < 0)
        return r;
    visit_proved(s->call->app, &s->visit, s->now);
    s->call->status = 204;
    return 0;
}
