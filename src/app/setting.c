/* SPDX-License-Identifier: Apache-2.0 */
/* Settings that come in many. */
#include "app/setting.h"

#include "app/app_internal.h"
#include "crypto/crypto.h"
#include "crypto/secret.h"

static const char *name_of(struct arena *a, const char *prefix, struct str key)
{
    return arena_printf(a, "%s%.*s", prefix, (int)key.len, key.p);
}

int setting_get(struct app *app, struct arena *a, const char *prefix, struct str key,
    struct str *ret, struct err *err)
{
    const char *name = name_of(a, prefix, key);

    return name ? store_setting_get(app->store, a, name, ret, err) : err_nomem(err);
}

int setting_put(struct app *app, const char *prefix, struct str key, struct str value,
    struct err *err)
{
    struct arena *a = arena_new();
    const char *name = a ? name_of(a, prefix, key) : NULL;
    int r = name ? store_setting_put(app->store, name, value, err) : err_nomem(err);

    arena_free(a);
    return r;
}

int setting_has(struct app *app, struct arena *a, const char *prefix, struct str key,
    bool *ret, struct err *err)
{
    struct str value = {NULL, 0};
    int r = setting_get(app, a, prefix, key, &value, err);

    if (r < 0 && r != E_NOT_FOUND)
        return r;
    *ret = r == 0;
    return 0;
}

struct listing {
    struct arena *a;
    size_t prefix;
    struct str *keys;
    size_t count;
};

static int collect(void *arg, const char *name, struct str value, struct err *err)
{
    struct listing *l = arg;
    struct str *more = arena_grow(
        l->a, l->keys, l->count * sizeof(*more), (l->count + 1) * sizeof(*more));
    struct str key = str_of(name + l->prefix);

    (void)value;
    if (more)
        key.p = arena_strndup(l->a, key.p, key.len);
    if (!more || !key.p)
        return err_nomem(err);
    l->keys = more;
    l->keys[l->count++] = key;
    return 0;
}

int setting_keys(struct app *app, struct arena *a, const char *prefix, struct str **ret,
    size_t *ret_count, struct err *err)
{
    struct listing l = {.a = a, .prefix = strlen(prefix)};
    int r = store_setting_each(app->store, a, prefix, collect, &l, err);

    if (r == 0) {
        *ret = l.keys;
        *ret_count = l.count;
    }
    return r;
}

/* ---- secrets ---- */

static const struct setting_secret_place places[SETTING_SECRETS] = {
    [SETTING_SECRET_ACCOUNT] = {"account/", NULL, "secret", NULL,
        "belay account secrets"},
    [SETTING_SECRET_HOOK] = {"choice/", "hook", "secret", NULL,
        "belay webhook secrets"},
    [SETTING_SECRET_SIGN_ON] = {"sign-on/", NULL, "secret", NULL,
        "belay sign-on secrets"},
    [SETTING_SECRET_MAIL] = {"mail", NULL, "password", "server", "belay mail secrets"},
};

const struct setting_secret_place *setting_secret_place(enum setting_secret kind)
{
    return &places[kind];
}

int setting_lock(struct app *app, enum setting_secret kind, struct str label,
    struct str secret, struct buf *locked, struct err *err)
{
    uint8_t key[CRYPTO_VAULT_KEY_BYTES];
    int r = 0;

    crypto_vault_key(app->seal_key, places[kind].use, key);
    r = crypto_vault_lock(key, label, secret, locked, err);
    crypto_wipe(key, sizeof(key));
    return r;
}

int setting_open(struct app *app, enum setting_secret kind, struct str label,
    struct str locked, struct buf *open, struct err *err)
{
    uint8_t key[CRYPTO_VAULT_KEY_BYTES];
    int r = 0;

    crypto_vault_key(app->seal_key, places[kind].use, key);
    r = crypto_vault_open(key, label, locked, open, err);
    if (r == E_CORRUPT && app->has_old_key) { /* the key is being changed */
        crypto_vault_key(app->old_key, places[kind].use, key);
        r = crypto_vault_open(key, label, locked, open, err);
    }
    crypto_wipe(key, sizeof(key));
    return r;
}

int setting_unlock(struct app *app, struct arena *a, enum setting_secret kind,
    struct str label, struct str *secret, struct err *err)
{
    struct buf open;
    char *copy = NULL;
    int r = 0;

    buf_init(&open, CRYPTO_VAULT_MAX);
    r = setting_open(app, kind, label, *secret, &open, err);
    if (r == 0) {
        copy = arena_strndup(a, open.data ? open.data : "", open.len);
        r = copy ? 0 : err_nomem(err);
    }
    if (r == 0)
        *secret = (struct str){copy, open.len};
    if (open.data)
        crypto_wipe(open.data, open.len);
    buf_done(&open);
    return r;
}
