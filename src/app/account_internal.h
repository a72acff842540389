/* SPDX-License-Identifier: Apache-2.0 */
/* An account as the files about signing in share it. All texts live in an arena. */
#ifndef APP_ACCOUNT_INTERNAL_H
#define APP_ACCOUNT_INTERNAL_H

#include "base/limits.h"

#include "app/account.h"
#include "app/app_internal.h"
#include "crypto/code.h"

struct account {
    struct str key;
    struct str name;
    struct str practitioner;
    struct str role;
    struct str organization;
    struct str provider; /* whose account elsewhere it was made for; p NULL: nobody's */
    struct str password; /* hash, followed by NUL; p NULL: none yet */
    struct str secret;   /* locked away; p NULL: no codes yet */
    struct str ticket;   /* hash in hexadecimal; p NULL: none */
    utc_ms ticket_until;
    struct str recovery; /* hashes in hexadecimal, one after the other */
    bool code_asked;
    bool off;
};

/* What was used and must not be used again. */
struct account_used {
    int64_t step;
    int64_t recovery; /* bit i: code i */
};

/* Names differ only where their keys do. E_INVALID: no name. */
int account_key(struct arena *a, struct str name, struct str *ret, struct err *err);

/* E_NOT_FOUND: no such account. */
int account_load(struct app *app, struct arena *a, struct str key, struct account *ret,
    struct err *err);
int account_save(struct app *app, const struct account *account, struct err *err);

int account_used_load(struct app *app, struct arena *a, struct str key,
    struct account_used *ret, struct err *err);
int account_used_save(
    struct app *app, struct str key, const struct account_used *used, struct err *err);

/* Is a one-time code asked of ${account}, by its posts at ${now}? */
int account_needs_code(struct app *app, struct arena *a, const struct account *account,
    utc_ms now, bool *ret, struct err *err);

/* Check ${typed} by the rules for ${account} and put its hash in ${account->password}. */
int account_set_password(struct app *app, struct arena *a, struct account *account,
    struct str typed, bool alone, struct err *err);

/* The account an enrolment ticket is for. E_UNAUTHORISED: unknown, used or too old. */
int account_by_ticket(struct app *app, struct arena *a, struct str ticket, utc_ms now,
    struct account *ret, struct err *err);

/* Forget the ticket of ${account}, in the store too; account_save() is the caller's. */
int account_drop_ticket(struct app *app, struct account *account, struct err *err);

/* Put a new secret and new recovery codes into ${account}; the codes, to be shown once, go
 * to ${codes}. */
int account_set_codes(struct app *app, struct arena *a, struct account *account,
    const uint8_t secret[CRYPTO_CODE_SECRET_BYTES],
    char codes[LIMIT_RECOVERY_CODES][CRYPTO_RECOVERY_CHARS + 1], struct err *err);

/* Is ${typed} a one-time code or a recovery code of ${account} that was not used? Then it
 * is used now. One caller at a time (app->accounts_lock is taken). */
int account_use_code(struct app *app, const struct account *account, struct str typed,
    utc_ms now, bool *ret, struct err *err);

#endif
