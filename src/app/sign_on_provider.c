/* SPDX-License-Identifier: Apache-2.0 */
/* Providers and links in the settings of the node. */
#include "app/person.h"
#include "app/session.h"
#include "app/setting.h"
#include "app/sign_on_internal.h"
#include "crypto/crypto.h"
#include "crypto/digest.h"
#include "outside/fetch.h"

#define SETTING_PROVIDER "sign-on/"
#define SETTING_LINK "sign-on-link/"
#define LINK_POSTS_MAX 256

/* ---- a provider as JSON ---- */

struct field {
    const char *name;
    size_t offset;
};

#define FIELD(name)                                                                    \
    {                                                                                  \
#name, offsetof(struct sign_on_provider, name)                                 \
    }
static const struct field fields[] = {
    FIELD(title),
    FIELD(issuer),
    FIELD(client),
    FIELD(scope),
    FIELD(ca_file),
    FIELD(organization),
    FIELD(user_claim),
    FIELD(staff_claim),
    FIELD(staff_system),
    FIELD(mfa_claim),
    FIELD(mfa_value),
};
#define FIELDS (sizeof(fields) / sizeof(fields[0]))

static struct str *field_of(struct sign_on_provider *p, size_t i)
{
    return (struct str *)(void *)((char *)p + fields[i].offset);
}

static void write_rules(struct json_out *o, const struct sign_on_provider *p)
{
    json_name(o, "rules");
    json_open(o, '[');
    for (size_t i = 0; i < p->rule_count; i++) {
        json_open(o, '{');
        json_member(o, "claim", p->rules[i].claim);
        json_member(o, "value", p->rules[i].value);
        json_member(o, "role", p->rules[i].role);
        json_member(o, "organization", p->rules[i].organization);
        json_close(o, '}');
    }
    json_close(o, ']');
}

static int read_rules(struct arena *a, const struct json *list,
    struct sign_on_provider *ret, struct err *err)
{
    struct sign_on_rule *rules = arena_array(a, json_count(list) + 1, sizeof(*rules));
    struct json_each it = json_each(list);

    if (!rules)
        return err_nomem(err);
    while (json_next(&it))
        rules[it.index] = (struct sign_on_rule){json_get_text(it.value, "claim"),
            json_get_text(it.value, "value"), json_get_text(it.value, "role"),
            json_get_text(it.value, "organization")};
    ret->rules = rules;
    ret->rule_count = json_count(list);
    return 0;
}

/* ${locked} is the secret as it is kept; the one who reads it must open it. */
static int provider_read(struct arena *a, struct str value,
    struct sign_on_provider *ret, struct str *locked, struct err *err)
{
    const struct json *json = NULL;
    int r = json_read_trusted(a, value, &json, err);

    if (r < 0)
        return r;
    for (size_t i = 0; i < FIELDS; i++)
        *field_of(ret, i) = json_get_text(json, fields[i].name);
    ret->makes = json_kind(json_get(json, "makes")) == JSON_TRUE;
    *locked = json_get_text(json, "secret");
    return read_rules(a, json_get(json, "rules"), ret, err);
}

/* ---- reading ---- */

static bool name_good(struct str name)
{
    if (name.len < 1 || name.len > SIGN_ON_NAME_MAX)
        return false;
    for (size_t i = 0; i < name.len; i++) {
        char c = name.p[i];

        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'))
            return false;
    }
    return true;
}

static int no_provider(struct err *err)
{
    return err_set(err, E_NOT_FOUND, "provider", "There is no sign-on of this name.");
}

int sign_on_load(struct app *app, struct arena *a, struct str name,
    struct sign_on_provider *ret, struct err *err)
{
    struct sign_on_provider found = {.name = name};
    struct str value = {NULL, 0};
    struct str locked = {NULL, 0};
    const char *setting = NULL;
    int r = 0;

    if (!name_good(name))
        return no_provider(err);
    setting = arena_printf(a, SETTING_PROVIDER "%.*s", (int)name.len, name.p);
    r = setting ? store_setting_get(app->store, a, setting, &value, err)
                : err_nomem(err);
    if (r == E_NOT_FOUND)
        return no_provider(err);
    if (r == 0)
        r = provider_read(a, value, &found, &locked, err);
    found.secret = locked;
    if (r == 0 && locked.p)
        r = setting_unlock(
            app, a, SETTING_SECRET_SIGN_ON, found.name, &found.secret, err);
    if (r == 0)
        *ret = found;
    return r;
}

struct each {
    struct arena *a;
    int (*visit)(void *arg, const struct sign_on_provider *provider, struct err *err);
    void *arg;
};

static int each_one(void *arg, const char *name, struct str value, struct err *err)
{
    struct each *each = arg;
    struct sign_on_provider found = {
        .name = str_of(name + sizeof(SETTING_PROVIDER) - 1)};
    struct str locked = {NULL, 0};
    int r = provider_read(each->a, value, &found, &locked, err);

    if (r < 0)
        return r;
    if (locked.p)
        found.secret = STR("");
    return each->visit(each->arg, &found, err);
}

int sign_on_each(struct app *app,
    int (*visit)(void *arg, const struct sign_on_provider *provider, struct err *err),
    void *arg, struct err *err)
{
    struct arena *a = arena_new();
    struct each each = {a, visit, arg};
    int r =
        a ? store_setting_each(app->store, a, SETTING_PROVIDER, each_one, &each, err)
          : err_nomem(err);

    arena_free(a);
    return r;
}

/* ---- setting up ---- */

static int invalid(struct err *err, const char *what, const char *why)
{
    return err_set(err, E_INVALID, what, "%s", why);
}

static int check_rules(const struct sign_on_provider *p, struct err *err)
{
    int r = 0;

    if (p->rule_count > LIMIT_SIGN_ON_RULES)
        return err_set(err, E_TOO_LARGE, "role", "A sign-on has %d rules at most.",
            LIMIT_SIGN_ON_RULES);
    for (size_t i = 0; r == 0 && i < p->rule_count; i++) {
        const struct sign_on_rule *rule = &p->rules[i];

        if (rule->claim.len == 0 || rule->value.len == 0)
            return invalid(err, "role", "A rule is CLAIM=VALUE:ROLE.");
        if (!person_role_known(rule->role))
            return err_set(err, E_INVALID, "role", "There is no role \"%.*s\".",
                (int)rule->role.len, rule->role.p);
        if (!rule->organization.p && !p->organization.p)
            return invalid(err, "organization",
                "Say at which Organization the roles are, for all rules or for each.");
        r = session_check_reference(
            rule->organization, "organization", "Organization", err);
    }
    return r;
}

static int check(const struct sign_on_provider *p, struct err *err)
{
    char issuer[LIMIT_NAME_BYTES];
    int r = 0;

    if (!name_good(p->name))
        return err_set(err, E_INVALID, "name",
            "The name is of a-z, 0-9 and -, %d characters at most.", SIGN_ON_NAME_MAX);
    if (p->issuer.len == 0 || p->issuer.len >= sizeof(issuer) ||
        memchr(p->issuer.p, '?', p->issuer.len))
        return invalid(
            err, "issuer", "The issuer is an address without question mark.");
    memcpy(issuer, p->issuer.p, p->issuer.len);
    issuer[p->issuer.len] = '\0';
    r = outside_url_check(issuer, "issuer", err);
    if (r < 0)
        return r;
    if (p->client.len == 0)
        return invalid(err, "client-id", "The provider gave us an id; it is missing.");
    if (p->secret.p && (p->secret.len == 0 || p->secret.len > SIGN_ON_SECRET_MAX))
        return err_set(err, E_INVALID, "secret", "The secret has 1 to %d bytes.",
            SIGN_ON_SECRET_MAX);
    if (p->makes && p->rule_count == 0)
        return invalid(
            err, "make", "Accounts are made for who has a role: no rule is given.");
    r = session_check_reference(p->organization, "organization", "Organization", err);
    return r == 0 ? check_rules(p, err) : r;
}

static int count_one(void *arg, const struct sign_on_provider *p, struct err *err)
{
    (void)p;
    (void)err;
    ++*(size_t *)arg;
    return 0;
}

static int provider_put(
    struct app *app, const struct sign_on_provider *p, struct err *err)
{
    char name[sizeof(SETTING_PROVIDER) + SIGN_ON_NAME_MAX];
    struct sign_on_provider copy = *p;
    struct buf locked;
    struct buf value;
    struct json_out o;
    int r = 0;

    buf_init(&locked, (size_t)4 * CRYPTO_VAULT_MAX);
    buf_init(&value, LIMIT_SETTING_BYTES);
    if (p->secret.p)
        r = setting_lock(app, SETTING_SECRET_SIGN_ON, p->name, p->secret, &locked, err);
    o = json_out(&value);
    json_open(&o, '{');
    for (size_t i = 0; i < FIELDS; i++)
        json_member(&o, fields[i].name, *field_of(&copy, i));
    if (p->secret.p)
        json_member(&o, "secret", (struct str){locked.data, locked.len});
    json_name(&o, "makes");
    json_put_bool(&o, p->makes);
    write_rules(&o, p);
    json_close(&o, '}');
    snprintf(name, sizeof(name), SETTING_PROVIDER "%.*s", (int)p->name.len, p->name.p);
    if (r == 0)
        r = buf_error(&value, "The sign-on", err);
    if (r == 0)
        r = store_setting_put(
            app->store, name, (struct str){value.data, value.len}, err);
    buf_done(&value);
    buf_done(&locked);
    return r;
}

int sign_on_add(
    struct app *app, const struct sign_on_provider *provider, struct err *err)
{
    size_t count = 0;
    int r = check(provider, err);

    if (r == 0)
        r = sign_on_each(app, count_one, &count, err);
    if (r == 0 && count >= LIMIT_SIGN_ON_PROVIDERS)
        r = err_set(err, E_TOO_LARGE, "name", "A node has %d sign-ons at most.",
            LIMIT_SIGN_ON_PROVIDERS);
    return r == 0 ? provider_put(app, provider, err) : r;
}

/* ---- links ---- */

/* A name for (issuer, subject): neither can hold a NUL. */
static void link_name(const struct sign_on_link_row *row,
    char out[sizeof(SETTING_LINK) + (size_t)2 * CRYPTO_DIGEST_BYTES])
{
    struct crypto_digest digest;
    uint8_t hash[CRYPTO_DIGEST_BYTES];

    crypto_digest_init(&digest);
    crypto_digest_add(&digest, row->issuer.p, row->issuer.len);
    crypto_digest_add(&digest, "", 1);
    crypto_digest_add(&digest, row->subject.p, row->subject.len);
    crypto_digest_final(&digest, hash);
    memcpy(out, SETTING_LINK, sizeof(SETTING_LINK) - 1);
    hex_encode(hash, sizeof(hash), out + sizeof(SETTING_LINK) - 1);
}

static int link_read(
    struct arena *a, struct str value, struct sign_on_link_row *row, struct err *err)
{
    const struct json *json = NULL;
    const struct json *posts = NULL;
    struct json_each it;
    int r = json_read_trusted(a, value, &json, err);

    if (r < 0)
        return r;
    posts = json_get(json, "posts");
    row->posts = arena_array(a, LINK_POSTS_MAX, sizeof(*row->posts));
    if (!row->posts)
        return err_nomem(err);
    row->account = json_get_text(json, "account");
    row->provider = json_get_text(json, "provider");
    row->issuer = json_get_text(json, "issuer");
    row->subject = json_get_text(json, "subject");
    row->post_count = 0;
    it = json_each(posts);
    while (json_next(&it) && row->post_count < LINK_POSTS_MAX)
        row->posts[row->post_count++] = json_text(it.value);
    return 0;
}

int sign_on_link_load(
    struct app *app, struct arena *a, struct sign_on_link_row *row, struct err *err)
{
    char name[sizeof(SETTING_LINK) + (size_t)2 * CRYPTO_DIGEST_BYTES];
    struct str value = {NULL, 0};
    int r = 0;

    link_name(row, name);
    r = store_setting_get(app->store, a, name, &value, err);
    if (r == 0)
        return link_read(a, value, row, err);
    if (r != E_NOT_FOUND)
        return r;
    row->account = (struct str){NULL, 0};
    row->posts = arena_array(a, LINK_POSTS_MAX, sizeof(*row->posts));
    row->post_count = 0;
    return row->posts ? 0 : err_nomem(err);
}

int sign_on_link_save(
    struct app *app, const struct sign_on_link_row *row, struct err *err)
{
    char name[sizeof(SETTING_LINK) + (size_t)2 * CRYPTO_DIGEST_BYTES];
    struct buf value;
    struct json_out o;
    int r = 0;

    link_name(row, name);
    buf_init(&value, LIMIT_SETTING_BYTES);
    o = json_out(&value);
    json_open(&o, '{');
    json_member(&o, "account", row->account);
    json_member(&o, "provider", row->provider);
    json_member(&o, "issuer", row->issuer);
    json_member(&o, "subject", row->subject);
    json_name(&o, "posts");
    json_open(&o, '[');
    for (size_t i = 0; i < row->post_count; i++)
        json_put_text(&o, row->posts[i]);
    json_close(&o, ']');
    json_close(&o, '}');
    r = buf_error(&value, "The link", err);
    if (r == 0)
        r = store_setting_put(
            app->store, name, (struct str){value.data, value.len}, err);
    buf_done(&value);
    return r;
}

/* The row of ${who} with its provider's issuer. */
static int row_of(struct app *app, struct arena *a, const struct sign_on_who *who,
    struct sign_on_link_row *ret, struct err *err)
{
    struct sign_on_provider provider = {0};
    int r = sign_on_load(app, a, who->provider, &provider, err);

    if (r < 0)
        return r;
    if (who->subject.len == 0)
        return invalid(err, "subject", "The subject is missing.");
    *ret = (struct sign_on_link_row){
        .provider = who->provider, .issuer = provider.issuer, .subject = who->subject};
    return sign_on_link_load(app, a, ret, err);
}

int sign_on_link(struct app *app, const struct sign_on_who *who, struct err *err)
{
    struct arena *a = arena_new();
    struct sign_on_link_row row = {0};
    struct account account = {0};
    struct str key = {NULL, 0};
    int r = a ? row_of(app, a, who, &row, err) : err_nomem(err);

    if (r == 0 && row.account.p)
        r = err_set(err, E_CONFLICT, "subject", "This subject has an account already.");
    if (r == 0)
        r = account_key(a, who->account, &key, err);
    if (r == 0) {
        r = account_load(app, a, key, &account, err);
        if (r == E_NOT_FOUND)
            r = err_set(err, r, "name", "There is no account of this name.");
    }
    row.account = key;
    if (r == 0)
        r = sign_on_link_save(app, &row, err);
    arena_free(a);
    return r;
}

static int link_drop(
    struct app *app, const struct sign_on_link_row *row, struct err *err)
{
    char name[sizeof(SETTING_LINK) + (size_t)2 * CRYPTO_DIGEST_BYTES];
    int r = 0;

    link_name(row, name);
    r = store_setting_put(app->store, name, (struct str){NULL, 0}, err);
    return r == 0 ? visits_end_account(app, row->account, (struct str){NULL, 0}, err)
                  : r;
}

int sign_on_unlink(struct app *app, const struct sign_on_who *who, struct err *err)
{
    struct arena *a = arena_new();
    struct sign_on_link_row row = {0};
    int r = a ? row_of(app, a, who, &row, err) : err_nomem(err);

    if (r == 0 && !row.account.p)
        r = err_set(err, E_NOT_FOUND, "subject", "This subject has no account here.");
    if (r == 0)
        r = link_drop(app, &row, err);
    arena_free(a);
    return r;
}

/* ---- the end of a provider ---- */

struct ending {
    struct arena *a;
    struct str provider;
    struct sign_on_link_row *rows;
    size_t count;
};

static int ending_one(void *arg, const char *name, struct str value, struct err *err)
{
    struct ending *e = arg;
    struct sign_on_link_row row = {0};
    struct sign_on_link_row *more = NULL;
    int r = link_read(e->a, value, &row, err);

    (void)name;
    if (r < 0 || !str_eq(row.provider, e->provider))
        return r;
    more = arena_grow(
        e->a, e->rows, e->count * sizeof(*more), (e->count + 1) * sizeof(*more));
    if (!more)
        return err_nomem(err);
    e->rows = more;
    e->rows[e->count++] = row;
    return 0;
}

/* The links stay: a provider of this name and issuer finds its people again. */
int sign_on_remove(struct app *app, struct str name, struct err *err)
{
    char setting[sizeof(SETTING_PROVIDER) + SIGN_ON_NAME_MAX];
    struct arena *a = arena_new();
    struct sign_on_provider provider = {0};
    struct ending e = {.a = a, .provider = name};
    int r = a ? sign_on_load(app, a, name, &provider, err) : err_nomem(err);

    if (r == 0) {
        snprintf(
            setting, sizeof(setting), SETTING_PROVIDER "%.*s", (int)name.len, name.p);
        r = store_setting_put(app->store, setting, (struct str){NULL, 0}, err);
    }
    if (r == 0)
        r = store_setting_each(app->store, a, SETTING_LINK, ending_one, &e, err);
    for (size_t i = 0; r == 0 && i < e.count; i++)
        r = visits_end_account(app, e.rows[i].account, (struct str){NULL, 0}, err);
    arena_free(a);
    return r;
}
