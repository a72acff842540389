/* SPDX-License-Identifier: Apache-2.0 */
/* Clients in the settings of the node: reading, writing, and what belay client does. */
#include "app/client.h"

#include "base/hash.h"

#include "app/client_internal.h"
#include "app/session.h"
#include "app/setting.h"
#include "crypto/crypto.h"
#include "crypto/secret.h"

#define SETTING_CLIENT "client/"
#define SETTING_OFF "client-off/"
#define SECRET_USE "belay client secret"
#define VALUE_MAX (2 * LIMIT_SCOPE_BYTES + 4 * LIMIT_CLIENT_KEY_BYTES)
#define HASH_CHARS ((size_t)2 * CRYPTO_SECRET_HASH_BYTES)

bool client_name_valid(struct str name)
{
    static const char others[] = "._-";

    for (size_t i = 0; i < name.len; i++) {
        char c = name.p[i];

        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                (c >= '0' && c <= '9') || (c && strchr(others, c))))
            return false;
    }
    return name.len >= 1 && name.len <= LIMIT_CLIENT_NAME;
}

/* ---- settings ---- */

static void client_read(const struct json *json, struct client *ret)
{
    ret->scope = json_get_text(json, "scope");
    ret->organization = json_get_text(json, "organization");
    ret->secret = json_get_text(json, "secret");
    ret->key = json_get_text(json, "key");
    if (!text_int(json_text(json_get(json, "minutes")), LIMIT_CLIENT_MINUTES_LEAST,
            LIMIT_CLIENT_MINUTES, &ret->minutes))
        ret->minutes = LIMIT_CLIENT_MINUTES_LEAST;
}

int client_load(struct app *app, struct arena *a, struct str name, struct client *ret,
    struct err *err)
{
    const struct json *json = NULL;
    struct str value = {NULL, 0};
    int r = client_name_valid(name)
                ? setting_get(app, a, SETTING_CLIENT, name, &value, err)
                : E_NOT_FOUND;

    if (r == 0)
        r = json_read_trusted(a, value, &json, err);
    if (r == E_NOT_FOUND)
        return err_set(err, E_NOT_FOUND, "name", "There is no program of this name.");
    if (r < 0)
        return r;
    *ret = (struct client){.name = name, .stamp = hash64(value.p, value.len, 0)};
    client_read(json, ret);
    return setting_has(app, a, SETTING_OFF, name, &ret->off, err);
}

static int client_save(struct app *app, const struct client *client, struct err *err)
{
    struct buf value;
    struct json_out o;
    int r = 0;

    buf_init(&value, VALUE_MAX);
    o = json_out(&value);
    json_open(&o, '{');
    json_member(&o, "scope", client->scope);
    json_member(&o, "organization", client->organization);
    json_member(&o, "secret", client->secret);
    json_member(&o, "key", client->key);
    json_name(&o, "minutes");
    json_put_int(&o, client->minutes);
    json_close(&o, '}');
    r = buf_error(&value, "The program", err);
    if (r == 0)
        r = setting_put(app, SETTING_CLIENT, client->name,
            (struct str){value.data, value.len}, err);
    if (r == 0)
        r = session_token_changed(app, err);
    buf_done(&value);
    return r;
}

/* ---- secrets and keys ---- */

bool client_secret_is(const struct client *client, struct str secret)
{
    uint8_t hash[CRYPTO_SECRET_HASH_BYTES] = {0};
    char hex[HASH_CHARS + 1] = "";
    struct str kept = client ? client->secret : (struct str){NULL, 0};
    static const char none[HASH_CHARS + 1] = "";
    bool formed = crypto_secret_hash(SECRET_USE, secret, hash);
    bool has = kept.len == HASH_CHARS;

    hex_encode(hash, sizeof(hash), hex);
    return crypto_same(has ? kept.p : none, hex, HASH_CHARS) && formed && has;
}

static int give_secret(struct arena *a, struct client *client,
    char secret[CLIENT_SECRET_MAX], struct err *err)
{
    uint8_t hash[CRYPTO_SECRET_HASH_BYTES];
    char *hex = arena_alloc(a, HASH_CHARS + 1);

    _Static_assert(CLIENT_SECRET_MAX > CRYPTO_SECRET_CHARS, "a secret fits");
    if (!hex)
        return err_nomem(err);
    crypto_secret_new(secret);
    if (!crypto_secret_hash(SECRET_USE, str_of(secret), hash))
        return err_set(err, E_BUG, NULL, "A new secret does not have its form.");
    hex_encode(hash, sizeof(hash), hex);
    client->secret = (struct str){hex, HASH_CHARS};
    return 0;
}

/* A new secret, or the public key ${key}. */
static int give_means(struct arena *a, struct client *client, struct str key,
    char secret[CLIENT_SECRET_MAX], struct err *err)
{
    client->secret = (struct str){NULL, 0};
    client->key = (struct str){NULL, 0};
    secret[0] = '\0';
    if (!key.p)
        return give_secret(a, client, secret, err);
    return client_key_read(a, key, &client->key, err);
}

/* ---- belay client ---- */

static int check_organization(
    struct app *app, struct arena *a, struct str organization, struct err *err)
{
    const struct fhir_type *type = fhir_resource_named(STR("Organization"));
    struct store_reader *reader = NULL;
    struct store_record rec = {0};
    struct str id = organization;
    int r = session_check_reference(organization, "organization", type->name, err);

    if (r < 0 || !organization.p)
        return r;
    str_cut(&id, '/');
    r = store_read_begin(app->store, &reader, err);
    if (r < 0)
        return r;
    r = store_get(reader, a, type->number, id, &rec, NULL);
    if (r == 0 && rec.operation == STORE_DELETE)
        r = E_NOT_FOUND;
    store_read_end(reader);
    if (r == E_NOT_FOUND)
        return err_set(err, E_NOT_FOUND, "organization", "There is no %.*s.",
            (int)organization.len, organization.p);
    return r < 0 ? err_set(err, r, NULL, "The Organization cannot be read.") : 0;
}

static int check_new(
    struct app *app, struct arena *a, const struct client_new *n, struct err *err)
{
    const struct scopes *scopes = NULL;
    struct client old = {0};
    int r = 0;

    if (!client_name_valid(n->name))
        return err_set(err, E_INVALID, "name",
            "The name of a program has 1 to %d of the characters A-Z a-z 0-9 . _ -",
            LIMIT_CLIENT_NAME);
    if (n->minutes &&
        (n->minutes < LIMIT_CLIENT_MINUTES_LEAST || n->minutes > LIMIT_CLIENT_MINUTES))
        return err_set(err, E_INVALID, "minutes",
            "A program's token may be good for %d to %d minutes.",
            LIMIT_CLIENT_MINUTES_LEAST, LIMIT_CLIENT_MINUTES);
    r = scopes_parse(a, n->scope, &scopes, err);
    if (r == 0)
        r = check_organization(app, a, n->organization, err);
    if (r < 0)
        return r;
    r = client_load(app, a, n->name, &old, NULL);
    if (r == 0)
        return err_set(
            err, E_CONFLICT, "name", "There is a program of this name already.");
    return r == E_NOT_FOUND ? 0 : err_set(err, r, NULL, "The settings cannot be read.");
}

int client_add(struct app *app, const struct client_new *n,
    char secret[CLIENT_SECRET_MAX], struct err *err)
{
    struct arena *a = arena_new();
    struct client client = {.name = n->name,
        .scope = n->scope,
        .organization = n->organization,
        .minutes = n->minutes ? n->minutes : LIMIT_CLIENT_MINUTES_LEAST};
    int r = a ? check_new(app, a, n, err) : err_nomem(err);

    if (r == 0)
        r = give_means(a, &client, n->key, secret, err);
    if (r == 0)
        r = client_save(app, &client, err);
    arena_free(a);
    return r;
}

int client_disable(struct app *app, struct str name, bool off, struct err *err)
{
    struct arena *a = arena_new();
    struct client client = {0};
    int r = a ? client_load(app, a, name, &client, err) : err_nomem(err);

    if (r == 0)
        r = setting_put(
            app, SETTING_OFF, name, off ? STR("off") : (struct str){NULL, 0}, err);
    if (r == 0)
        r = session_token_changed(app, err);
    arena_free(a);
    return r;
}

int client_reset(struct app *app, struct str name, struct str key,
    char secret[CLIENT_SECRET_MAX], struct err *err)
{
    struct arena *a = arena_new();
    struct client client = {0};
    int r = a ? client_load(app, a, name, &client, err) : err_nomem(err);

    if (r == 0)
        r = give_means(a, &client, key, secret, err);
    if (r == 0)
        r = client_save(app, &client, err);
    arena_free(a);
    return r;
}

static int each_one(struct app *app, struct arena *a, struct str name,
    struct client_row *ret, struct err *err)
{
    struct client client = {0};
    int r = client_load(app, a, name, &client, err);

    if (r == 0)
        *ret = (struct client_row){.name = client.name,
            .scope = client.scope,
            .organization = client.organization,
            .minutes = client.minutes,
            .has_key = client.key.p != NULL,
            .off = client.off};
    return r;
}

int client_each(struct app *app,
    int (*visit)(void *arg, const struct client_row *row, struct err *err), void *arg,
    struct err *err)
{
    struct arena *a = arena_new();
    struct client_row row = {0};
    struct str *keys = NULL;
    size_t count = 0;
    int r =
        a ? setting_keys(app, a, SETTING_CLIENT, &keys, &count, err) : err_nomem(err);

    for (size_t i = 0; r == 0 && i < count; i++) {
        r = each_one(app, a, keys[i], &row, err);
        if (r == 0)
            r = visit(arg, &row, err);
    }
    arena_free(a);
    return r;
}
