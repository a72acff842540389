/* SPDX-License-Identifier: Apache-2.0 */
/* One-time and recovery codes of an account: kept, shown once, used once. */
#include "app/account_internal.h"
#include "app/setting.h"
#include "crypto/crypto.h"
#include "crypto/secret.h"

#define HEX_CHARS ((size_t)2 * CRYPTO_RECOVERY_HASH_BYTES)

/* Not setting_unlock(): the secret goes to ${out} alone, and is in no arena. */
static int unlock_secret(struct app *app, const struct account *account,
    uint8_t out[CRYPTO_CODE_SECRET_BYTES], struct err *err)
{
    struct buf b;
    int r;

    buf_init(&b, CRYPTO_VAULT_MAX);
    r = setting_open(
        app, SETTING_SECRET_ACCOUNT, account->key, account->secret, &b, err);
    if (r == 0 && b.len != CRYPTO_CODE_SECRET_BYTES)
        r = err_set(err, E_CORRUPT, NULL, "The secret of an account is too short.");
    if (r == 0)
        memcpy(out, b.data, CRYPTO_CODE_SECRET_BYTES);
    if (b.data)
        crypto_wipe(b.data, b.len);
    buf_done(&b);
    return r;
}

static int lock_secret(struct app *app, struct arena *a, struct account *account,
    const uint8_t *secret, struct err *err)
{
    struct buf b;
    char *kept = NULL;
    int r;

    buf_init(&b, (size_t)4 * CRYPTO_VAULT_MAX);
    r = setting_lock(app, SETTING_SECRET_ACCOUNT, account->key,
        (struct str){(const char *)secret, CRYPTO_CODE_SECRET_BYTES}, &b, err);
    if (r == 0) {
        kept = arena_strndup(a, b.data, b.len);
        r = kept ? 0 : err_nomem(err);
    }
    if (r == 0)
        account->secret = (struct str){kept, b.len};
    buf_done(&b);
    return r;
}

int account_set_codes(struct app *app, struct arena *a, struct account *account,
    const uint8_t secret[CRYPTO_CODE_SECRET_BYTES],
    char codes[LIMIT_RECOVERY_CODES][CRYPTO_RECOVERY_CHARS + 1], struct err *err)
{
    char *hashes = arena_alloc(a, LIMIT_RECOVERY_CODES * HEX_CHARS + 1);
    int r = hashes ? lock_secret(app, a, account, secret, err) : err_nomem(err);

    for (size_t i = 0; r == 0 && i < LIMIT_RECOVERY_CODES; i++) {
        uint8_t hash[CRYPTO_RECOVERY_HASH_BYTES];

        r = crypto_recovery_new(codes[i], err);
        if (r == 0 && crypto_recovery_hash(str_of(codes[i]), hash))
            hex_encode(hash, sizeof(hash), hashes + i * HEX_CHARS);
    }
    if (r == 0)
        account->recovery = str_of(hashes);
    return r;
}

/* Which recovery code ${typed} is; -1: none that is left. */
static int recovery_index(const struct account *account, struct str typed, int64_t used)
{
    uint8_t hash[CRYPTO_RECOVERY_HASH_BYTES];
    char hex[HEX_CHARS + 1];
    int found = -1;

    if (!crypto_recovery_hash(typed, hash))
        return -1;
    hex_encode(hash, sizeof(hash), hex);
    for (size_t i = 0; (i + 1) * HEX_CHARS <= account->recovery.len; i++) {
        if (crypto_same(account->recovery.p + i * HEX_CHARS, hex, HEX_CHARS) &&
            !(used >> i & 1))
            found = (int)i;
    }
    return found;
}

int account_use_code(struct app *app, const struct account *account, struct str typed,
    utc_ms now, bool *ret, struct err *err)
{
    uint8_t secret[CRYPTO_CODE_SECRET_BYTES];
    struct account_used used = {0};
    int at = -1;
    bool good = false;
    struct arena *a = arena_new();
    int r = a ? account_used_load(app, a, account->key, &used, err) : err_nomem(err);

    arena_free(a);
    if (r == 0)
        r = unlock_secret(app, account, secret, err);
    if (r < 0)
        return r;
    good = crypto_code_check(secret, typed, time_elsewhere(now), used.step, &used.step);
    crypto_wipe(secret, sizeof(secret));
    if (!good) {
        at = recovery_index(account, typed, used.recovery);
        good = at >= 0;
        used.recovery |= good ? (int64_t)1 << at : 0;
    }
    if (good)
        r = account_used_save(app, account->key, &used, err);
    if (r == 0)
        *ret = good;
    return r;
}
