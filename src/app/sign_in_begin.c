/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From a name and a password, or an enrolment link, to a visit; and its completion by a
 * code. What must not differ between a name that exists and one that does not: the words,
 * the status, the hashing, the counters.
 */
#include "app/app_internal.h"
#include "app/password.h"
#include "app/sign_in_internal.h"
#include "crypto/crypto.h"
#include "crypto/password.h"

int sign_in_wrong(struct err *err)
{
    return err_set(err, E_UNAUTHORISED, "sign-in",
        "The name or the password is not right. Small and capital letters of a "
        "password "
        "differ.");
}

/* ---- passwords ---- */

/* Who hashes waits in a queue with an end; each enter has its leave. */
static int queue_enter(struct app *app, struct err *err)
{
    if (atomic_fetch_add(&app->hashing_queue, 1) < LIMIT_PASSWORD_QUEUE)
        return 0;
    atomic_fetch_sub(&app->hashing_queue, 1);
    return err_set(err, E_BUSY, NULL,
        "Too many people are signing in at this moment; try again in a moment.");
}

static void queue_leave(struct app *app)
{
    atomic_fetch_sub(&app->hashing_queue, 1);
}

int sign_in_matches(
    struct sign_in *s, struct str hash, struct str typed, bool *ret, struct err *err)
{
    struct app *app = s->call->app;
    struct buf normal;
    bool same = false;
    int r = 0;

    buf_init(&normal, (size_t)8 * LIMIT_PASSWORD_BYTES);
    r = password_normal(typed, &normal, err);
    if (r == 0)
        r = queue_enter(app, err);
    if (r == 0) {
        struct str password = {normal.data, normal.len};

        pthread_mutex_lock(&app->hashing);
        if (hash.p)
            same = crypto_password_matches(hash.p, password);
        else
            crypto_password_waste(password);
        pthread_mutex_unlock(&app->hashing);
        queue_leave(app);
        *ret = same;
    }
    if (normal.data)
        crypto_wipe(normal.data, normal.len);
    buf_done(&normal);
    return r;
}

/* Set a password, one at a time as well. */
static int set_password(
    struct sign_in *s, struct str typed, bool alone, struct err *err)
{
    struct app *app = s->call->app;
    int r = queue_enter(app, err);

    if (r < 0)
        return r;
    pthread_mutex_lock(&app->hashing);
    r = account_set_password(app, s->call->arena, &s->account, typed, alone, err);
    pthread_mutex_unlock(&app->hashing);
    queue_leave(app);
    return r;
}

/* A hash made with smaller parameters is made anew while the password is at hand. That it
 * fails is no reason to turn somebody away. */
static void freshen(struct sign_in *s, struct str typed)
{
    char hash[CRYPTO_PASSWORD_HASH_MAX];
    struct buf normal;

    if (!crypto_password_stale(s->account.password.p))
        return;
    buf_init(&normal, (size_t)8 * LIMIT_PASSWORD_BYTES);
    if (password_normal(typed, &normal, NULL) == 0 &&
        crypto_password_hash((struct str){normal.data, normal.len}, hash, NULL) == 0) {
        s->account.password = str_of(hash);
        (void)account_save(s->call->app, &s->account, NULL);
    }
    buf_done(&normal);
}

/* ---- beginning ---- */

int sign_in_tell(struct sign_in *s, enum audit_kind kind, struct err *err)
{
    const struct app_caller who = {.name = s->account.name,
        .role = s->account.role,
        .practitioner = s->account.practitioner,
        .organization = s->account.organization,
        .address = s->call->caller.address};

    return audit_sign(s->call->app, &who, kind, err);
}

int sign_in_visit(struct sign_in *s, enum visit_level level,
    char secret[CRYPTO_SECRET_CHARS + 1], struct err *err)
{
    const struct app_call *call = s->call;
    struct visit from = {.account = s->account.key,
        .name = s->account.name,
        .practitioner = s->account.practitioner,
        .role = s->account.role,
        .organization = s->account.organization,
        .address = call->caller.address,
        .agent = call->agent,
        .level = level};
    int r = level >= VISIT_PASSWORD ? sign_in_tell(s, AUDIT_SIGN_IN, err) : 0;

    return r == 0 ? visit_begin(call->app, &from, s->now, secret, err) : r;
}

void sign_in_put_next(struct json_out *o, enum visit_level level)
{
    json_name(o, "next");
    if (level == VISIT_CODE_DUE)
        json_put_str(o, "code");
    else if (level == VISIT_ENROL_DUE)
        json_put_str(o, "enrolment");
    else
        json_put_raw(o, STR("null"));
}

/* The visit begins; the answer says what is still due. */
static int begin(struct sign_in *s, enum visit_level level, struct err *err)
{
    char secret[CRYPTO_SECRET_CHARS + 1];
    struct json_out o;
    int r = sign_in_visit(s, level, secret, err);

    if (r < 0)
        return r;
    o = sign_in_answer(s);
    json_open(&o, '{');
    sign_in_put_next(&o, level);
    r = sign_in_put_cookie(s, &o, secret, err);
    json_close(&o, '}');
    crypto_wipe(secret, sizeof(secret));
    return r;
}

static int begin_with_name(struct sign_in *s, struct err *err)
{
    struct app_call *call = s->call;
    struct str password = sign_in_text(s, "password");
    struct attempt try = {ATTEMPT_PASSWORD, STR("?"), call->caller.address};
    struct str hash = {NULL, 0};
    bool same = false;
    bool needs = false;
    int r = 0;

    if (account_key(call->arena, sign_in_text(s, "name"), &try.account, NULL) < 0)
        try.account = STR("?"); /* no name at all: counted together */
    r = sign_in_try(s, &try, err);
    if (r < 0)
        return r;
    r = account_load(call->app, call->arena, try.account, &s->account, err);
    if (r < 0 && r != E_NOT_FOUND)
        return r;
    if (r == 0 && !s->account.off)
        hash = s->account.password;
    r = sign_in_matches(s, hash, password, &same, err);
    if (r == 0 && !same) {
        /* for the trail: whose account was tried; a name there is none of is not kept */
        call->caller.name = s->account.name;
        r = sign_in_wrong(err);
    }
    if (r == 0)
        r = account_needs_code(
            call->app, call->arena, &s->account, s->now, &needs, err);
    if (r < 0)
        return r;
    attempts_right(call->app->attempts, &try, s->now);
    freshen(s, password);
    if (s->account.secret.p)
        return begin(s, VISIT_CODE_DUE, err);
    if (needs)
        return err_set(err, E_FORBIDDEN, "enrolment",
            "One-time codes are asked of you and are not set up yet. Open the "
            "enrolment link you were given, or ask your administrator for one.");
    return begin(s, VISIT_PASSWORD, err);
}

/* By the link: the first password, or the one there is already. */
static int begin_with_ticket(struct sign_in *s, struct err *err)
{
    struct app_call *call = s->call;
    struct str password = sign_in_text(s, "password");
    struct attempt try = {ATTEMPT_PASSWORD, {NULL, 0}, call->caller.address};
    bool same = false;
    bool needs = false;
    int r = account_by_ticket(
        call->app, call->arena, sign_in_text(s, "ticket"), s->now, &s->account, err);

    if (r < 0)
        return r;
    try.account = s->account.key;
    r = account_needs_code(call->app, call->arena, &s->account, s->now, &needs, err);
    if (r == 0 && s->account.password.p) {
        r = sign_in_try(s, &try, err);
        if (r == 0)
            r = sign_in_matches(s, s->account.password, password, &same, err);
        if (r == 0 && !same)
            r = sign_in_wrong(err);
        if (r == 0)
            attempts_right(call->app->attempts, &try, s->now);
    } else if (r == 0) {
        r = set_password(s, password, !needs, err);
    }
    if (r == 0 && !needs)
        r = account_drop_ticket(call->app, &s->account, err);
    if (r == 0)
        r = account_save(call->app, &s->account, err);
    return r < 0 ? r : begin(s, needs ? VISIT_ENROL_DUE : VISIT_PASSWORD, err);
}

int sign_in_begin(struct sign_in *s, struct err *err)
{
    if (!sign_in_text(s, "password").p)
        return err_set(err, E_INVALID, "password", "The password is missing.");
    return sign_in_text(s, "ticket").p ? begin_with_ticket(s, err)
                                       : begin_with_name(s, err);
}

/* ---- completing ---- */

static int raised(struct sign_in *s, struct err *err)
{
    char secret[CRYPTO_SECRET_CHARS + 1];
    struct json_out o;
    int r = sign_in_tell(s, AUDIT_SIGN_IN, err);

    if (r == 0)
        r = visit_raise(s->call->app, &s->visit, VISIT_CODE, s->now, secret, err);
    if (r < 0)
        return r;
    o = sign_in_answer(s);
    json_open(&o, '{');
    json_name(&o, "next");
    json_put_raw(&o, STR("null"));
    r = sign_in_put_cookie(s, &o, secret, err);
    json_close(&o, '}');
    crypto_wipe(secret, sizeof(secret));
    return r;
}

int sign_in_code(struct sign_in *s, struct err *err)
{
    struct app *app = s->call->app;
    struct attempt try = {ATTEMPT_CODE, s->account.key, s->call->caller.address};
    bool good = false;
    int r = 0;

    if (s->visit.level != VISIT_CODE_DUE || !s->account.secret.p)
        return err_set(err, E_CONFLICT, "code", "No code is asked here.");
    r = sign_in_try(s, &try, err);
    if (r < 0)
        return r;
    pthread_mutex_lock(&app->accounts_lock);
    r = account_use_code(app, &s->account, sign_in_text(s, "code"), s->now, &good, err);
    pthread_mutex_unlock(&app->accounts_lock);
    if (r < 0)
        return r;
    if (!good)
        return visit_wrong_code(app, &s->visit, err);
    attempts_right(app->attempts, &try, s->now);
    return raised(s, err);
}

/* ---- setting up codes ---- */

/* What an authenticator reads: otpauth://totp/Belay:NAME?secret=...&issuer=Belay */
static void put_uri(
    struct sign_in *s, struct json_out *o, const char *secret, struct err *err)
{
    struct buf uri;

    buf_init(&uri, LIMIT_NAME_BYTES);
    buf_adds(&uri, "otpauth://totp/Belay:");
    percent_encode(&uri, s->account.name);
    buf_addf(&uri, "?secret=%s&issuer=Belay&algorithm=SHA1&digits=%d&period=%d", secret,
        CRYPTO_CODE_DIGITS, CRYPTO_CODE_STEP_MS / 1000);
    if (buf_error(&uri, "The address for the authenticator", err) == 0)
        json_member(o, "uri", (struct str){uri.data, uri.len});
    buf_done(&uri);
}

int sign_in_enrol(struct sign_in *s, struct err *err)
{
    struct attempt try = {ATTEMPT_PASSWORD, s->account.key, s->call->caller.address};
    uint8_t secret[CRYPTO_CODE_SECRET_BYTES];
    char text[CRYPTO_CODE_SECRET_CHARS + 1];
    struct json_out o;
    bool same = s->visit.level == VISIT_ENROL_DUE;
    int r = 0;

    if (s->visit.level == VISIT_CODE_DUE)
        return err_set(
            err, E_FORBIDDEN, "code", "Give the code of the old phone first.");
    if (!same) { /* an unwatched screen must not become somebody else's phone */
        r = sign_in_try(s, &try, err);
        if (r == 0)
            r = sign_in_matches(
                s, s->account.password, sign_in_text(s, "password"), &same, err);
        if (r == 0 && same)
            attempts_right(s->call->app->attempts, &try, s->now);
    }
    if (r == 0 && !same)
        r = sign_in_wrong(err);
    if (r < 0)
        return r;
    crypto_code_secret(secret);
    r = crypto_code_text(secret, text, err);
    if (r < 0)
        return r;
    visit_pending(s->call->app, &s->visit, secret);
    o = sign_in_answer(s);
    json_open(&o, '{');
    json_member(&o, "secret", str_of(text));
    put_uri(s, &o, text, err);
    json_close(&o, '}');
    crypto_wipe(secret, sizeof(secret));
    crypto_wipe(text, sizeof(text));
    return 0;
}

/* The account gets its codes, and loses the link that led here. */
static int keep_codes(struct sign_in *s, int64_t step,
    char codes[LIMIT_RECOVERY_CODES][CRYPTO_RECOVERY_CHARS + 1], struct err *err)
{
    struct app *app = s->call->app;
    struct account_used used = {.step = step};
    int r = account_set_codes(
        app, s->call->arena, &s->account, s->visit.pending, codes, err);

    if (r == 0)
        r = account_used_save(app, s->account.key, &used, err);
    if (r == 0)
        r = account_drop_ticket(app, &s->account, err);
    return r == 0 ? account_save(app, &s->account, err) : r;
}

int sign_in_enrolled(struct sign_in *s, struct err *err)
{
    char codes[LIMIT_RECOVERY_CODES][CRYPTO_RECOVERY_CHARS + 1];
    char secret[CRYPTO_SECRET_CHARS + 1];
    struct json_out o;
    int64_t step = 0;
    int r = 0;

    if (!s->visit.has_pending || s->visit.level == VISIT_CODE_DUE)
        return err_set(err, E_CONFLICT, "code", "No codes are being set up.");
    if (!crypto_code_check(s->visit.pending, sign_in_text(s, "code"),
            time_elsewhere(s->now), -1, &step))
        return visit_wrong_code(s->call->app, &s->visit, err);
    pthread_mutex_lock(&s->call->app->accounts_lock);
    r = keep_codes(s, step, codes, err);
    pthread_mutex_unlock(&s->call->app->accounts_lock);
    if (r == 0)
        r = visits_end_account(s->call->app, s->account.key, str_of(s->visit.id), err);
    if (r == 0 && s->visit.level == VISIT_ENROL_DUE)
        r = sign_in_tell(s, AUDIT_SIGN_IN, err);
    if (r == 0)
        r = visit_raise(s->call->app, &s->visit, VISIT_CODE, s->now, secret, err);
    if (r < 0)
        return r;
    o = sign_in_answer(s);
    json_open(&o, '{');
    json_name(&o, "recovery");
    json_open(&o, '[');
    for (size_t i = 0; i < LIMIT_RECOVERY_CODES; i++)
        json_put_str(&o, codes[i]);
    json_close(&o, ']');
    r = sign_in_put_cookie(s, &o, secret, err);
    json_close(&o, '}');
    crypto_wipe(codes, sizeof(codes));
    crypto_wipe(secret, sizeof(secret));
    return r;
}

/* ---- another password ---- */

int sign_in_password(struct sign_in *s, struct err *err)
{
    struct app *app = s->call->app;
    struct attempt try = {ATTEMPT_PASSWORD, s->account.key, s->call->caller.address};
    char secret[CRYPTO_SECRET_CHARS + 1];
    struct json_out o;
    bool same = false;
    int r = sign_in_try(s, &try, err);

    if (r == 0)
        r = sign_in_matches(s, s->account.password, sign_in_text(s, "old"), &same, err);
    if (r == 0 && !same)
        r = sign_in_wrong(err);
    if (r < 0)
        return r;
    attempts_right(app->attempts, &try, s->now);
    r = set_password(s, sign_in_text(s, "new"), !s->account.secret.p, err);
    if (r == 0)
        r = account_save(app, &s->account, err);
    if (r == 0)
        r = visits_end_account(app, s->account.key, str_of(s->visit.id), err);
    if (r == 0)
        r = visit_raise(app, &s->visit, s->visit.level, s->now, secret, err);
    if (r < 0)
        return r;
    o = sign_in_answer(s);
    json_open(&o, '{');
    r = sign_in_put_cookie(s, &o, secret, err);
    json_close(&o, '}');
    crypto_wipe(secret, sizeof(secret));
    return r;
}
