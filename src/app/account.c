/* SPDX-License-Identifier: Apache-2.0 */
/* Accounts in the settings of the node: reading, writing, and what belay user does. */
#include "app/account.h"

#include "base/id.h"

#include "app/account_internal.h"
#include "app/code_rule.h"
#include "app/leaked.h"
#include "app/password.h"
#include "app/person.h"
#include "app/session.h"
#include "app/setting.h"
#include "app/visit.h"
#include "crypto/crypto.h"
#include "crypto/password.h"
#include "crypto/secret.h"

#define SETTING_ACCOUNT "account/"
#define SETTING_OFF "account-off/"
#define SETTING_USED "account-used/"
#define SETTING_TICKET "ticket/"
#define TICKET_USE "belay enrolment ticket"
#define VALUE_MAX 8192
#define HOUR ((utc_ms)3600 * 1000)

/* ---- settings ---- */

int account_key(struct arena *a, struct str name, struct str *ret, struct err *err)
{
    struct buf folded;
    size_t chars = 0;
    char *copy = NULL;

    for (size_t i = 0; i < name.len; i++)
        chars += ((unsigned char)name.p[i] & 0xc0) != 0x80;
    if (chars > ACCOUNT_NAME_CHARS || !utf8_valid(name.p ? name.p : "", name.len))
        return err_set(err, E_INVALID, "name",
            "The name must have 1 to %d characters of UTF-8.", ACCOUNT_NAME_CHARS);
    buf_init(&folded, LIMIT_NAME_BYTES / 2);
    fhir_fold(&folded, name);
    if (!folded.error && folded.len > 0)
        copy = arena_strndup(a, folded.data, folded.len);
    *ret = (struct str){copy, folded.len};
    buf_done(&folded);
    for (size_t i = 0; copy && i < ret->len; i++) {
        if ((unsigned char)copy[i] < 0x20)
            copy = NULL;
    }
    if (!copy)
        return err_set(err, E_INVALID, "name", "The name has no letters or digits.");
    return 0;
}

static int64_t number(const struct json *json, const char *name)
{
    int64_t n = 0;

    return text_int(json_text(json_get(json, name)), 0, INT64_MAX, &n) ? n : 0;
}

static void account_read(const struct json *json, struct account *ret)
{
    ret->name = json_get_text(json, "name");
    ret->practitioner = json_get_text(json, "practitioner");
    ret->role = json_get_text(json, "role");
    ret->organization = json_get_text(json, "organization");
    ret->provider = json_get_text(json, "provider");
    ret->password = json_get_text(json, "password");
    ret->secret = json_get_text(json, "secret");
    ret->ticket = json_get_text(json, "ticket");
    ret->recovery = json_get_text(json, "recovery");
    ret->ticket_until = number(json, "ticketUntil");
    ret->code_asked = json_kind(json_get(json, "codeAsked")) == JSON_TRUE;
}

int account_load(struct app *app, struct arena *a, struct str key, struct account *ret,
    struct err *err)
{
    const struct json *json = NULL;
    struct str value = {NULL, 0};
    int r = setting_get(app, a, SETTING_ACCOUNT, key, &value, err);

    if (r == 0)
        r = json_read_trusted(a, value, &json, err);
    if (r < 0)
        return r;
    *ret = (struct account){.key = key};
    account_read(json, ret);
    return setting_has(app, a, SETTING_OFF, key, &ret->off, err);
}

int account_save(struct app *app, const struct account *account, struct err *err)
{
    struct buf value;
    struct json_out o;
    int r;

    buf_init(&value, VALUE_MAX);
    o = json_out(&value);
    json_open(&o, '{');
    json_member(&o, "name", account->name);
    json_member(&o, "practitioner", account->practitioner);
    json_member(&o, "role", account->role);
    json_member(&o, "organization", account->organization);
    json_member(&o, "provider", account->provider);
    json_member(&o, "password", account->password);
    json_member(&o, "secret", account->secret);
    json_member(&o, "recovery", account->recovery);
    json_member(&o, "ticket", account->ticket);
    json_name(&o, "ticketUntil");
    json_put_int(&o, account->ticket_until);
    json_name(&o, "codeAsked");
    json_put_bool(&o, account->code_asked);
    json_close(&o, '}');
    r = buf_error(&value, "The account", err);
    if (r == 0)
        r = setting_put(app, SETTING_ACCOUNT, account->key,
            (struct str){value.data, value.len}, err);
    if (value.data)
        crypto_wipe(value.data, value.len);
    buf_done(&value);
    return r;
}

int account_used_load(struct app *app, struct arena *a, struct str key,
    struct account_used *ret, struct err *err)
{
    const struct json *json = NULL;
    struct str value = {NULL, 0};
    int r = setting_get(app, a, SETTING_USED, key, &value, err);

    *ret = (struct account_used){.step = -1};
    if (r == E_NOT_FOUND)
        return 0;
    if (r == 0)
        r = json_read_trusted(a, value, &json, err);
    if (r == 0)
        *ret = (struct account_used){number(json, "step"), number(json, "recovery")};
    return r;
}

int account_used_save(
    struct app *app, struct str key, const struct account_used *used, struct err *err)
{
    char value[96];
    int n = snprintf(value, sizeof(value), "{\"step\":%lld,\"recovery\":%lld}",
        (long long)used->step, (long long)used->recovery);

    return setting_put(app, SETTING_USED, key, (struct str){value, (size_t)n}, err);
}

/* ---- tickets ---- */

static int ticket_new(struct app *app, struct arena *a, struct account *account,
    char ticket[ACCOUNT_TICKET_MAX], struct err *err)
{
    uint8_t hash[CRYPTO_SECRET_HASH_BYTES];
    char hex[2 * CRYPTO_SECRET_HASH_BYTES + 1];
    char *kept = NULL;

    crypto_secret_new(ticket);
    if (!crypto_secret_hash(TICKET_USE, str_of(ticket), hash))
        return err_set(err, E_BUG, NULL, "A new ticket does not have its form.");
    hex_encode(hash, sizeof(hash), hex);
    kept = arena_strndup(a, hex, strlen(hex));
    if (!kept)
        return err_nomem(err);
    account->ticket = str_of(kept);
    account->ticket_until = time_now() + LIMIT_ENROL_HOURS * HOUR;
    return setting_put(app, SETTING_TICKET, account->ticket, account->key, err);
}

int account_drop_ticket(struct app *app, struct account *account, struct err *err)
{
    struct str old = account->ticket;

    account->ticket = (struct str){NULL, 0};
    account->ticket_until = 0;
    return old.p ? setting_put(app, SETTING_TICKET, old, (struct str){NULL, 0}, err)
                 : 0;
}

int account_by_ticket(struct app *app, struct arena *a, struct str ticket, utc_ms now,
    struct account *ret, struct err *err)
{
    uint8_t hash[CRYPTO_SECRET_HASH_BYTES];
    char hex[2 * CRYPTO_SECRET_HASH_BYTES + 1] = "";
    struct account found = {0};
    struct str key = {NULL, 0};
    int r = E_NOT_FOUND;

    if (crypto_secret_hash(TICKET_USE, ticket, hash)) {
        hex_encode(hash, sizeof(hash), hex);
        r = setting_get(app, a, SETTING_TICKET, str_of(hex), &key, NULL);
    }
    if (r == 0)
        r = account_load(app, a, key, &found, err);
    if (r == 0 &&
        (!str_is(found.ticket, hex) || found.ticket_until <= now || found.off))
        r = E_NOT_FOUND;
    if (r == E_NOT_FOUND)
        return err_set(err, E_UNAUTHORISED, "ticket",
            "This link was used already, is too old, or is not complete. Ask your "
            "administrator for a new one.");
    if (r == 0)
        *ret = found;
    return r;
}

/* ---- what an account may do ---- */

int account_needs_code(struct app *app, struct arena *a, const struct account *account,
    utc_ms now, bool *ret, struct err *err)
{
    struct person_posts posts = {0};
    /* as it is set now: where nobody was signed in, nobody has looked since */
    int r = code_rule_load(app, err);
    bool needs = account->code_asked || code_rule_asks(app, account->role);

    if (r == 0 && account->practitioner.p && !needs)
        r = person_posts(app->persons, a, account->practitioner, now, &posts, err);
    for (size_t i = 0; r == 0 && i < posts.count; i++)
        needs = needs || code_rule_asks(app, posts.list[i].role);
    if (r == 0)
        *ret = needs;
    return r;
}

/* What the person is called in the directory, for the rule about own names. */
static struct str name_of(struct app *app, struct arena *a, struct str practitioner)
{
    const struct fhir_type *type = fhir_resource_named(STR("Practitioner"));
    struct store_reader *reader = NULL;
    struct store_record rec = {0};
    const struct json *json = NULL;
    struct str id = practitioner;

    str_cut(&id, '/');
    if (!id.p || store_read_begin(app->store, &reader, NULL) < 0)
        return (struct str){NULL, 0};
    if (store_get(reader, a, type->number, id, &rec, NULL) == 0 && rec.body.len > 0)
        (void)json_read_trusted(a, rec.body, &json, NULL);
    store_read_end(reader);
    return json_get_text(json_at(json_get(json, "name"), 0), "text");
}

int account_set_password(struct app *app, struct arena *a, struct account *account,
    struct str typed, bool alone, struct err *err)
{
    struct str names[] = {account->name, name_of(app, a, account->practitioner)};
    struct password_rules rules = {.alone = alone, .names = names, .name_count = 2};
    char hash[CRYPTO_PASSWORD_HASH_MAX];
    struct buf normal;
    char *kept = NULL;
    int r;

    buf_init(&normal, (size_t)8 * LIMIT_PASSWORD_BYTES);
    r = password_normal(typed, &normal, err);
    if (r == 0)
        r = password_check((struct str){normal.data, normal.len}, &rules, err);
    if (r == 0)
        r = leaked_check(app, (struct str){normal.data, normal.len}, err);
    if (r == 0)
        r = crypto_password_hash((struct str){normal.data, normal.len}, hash, err);
    if (r == 0) {
        kept = arena_strndup(a, hash, strlen(hash));
        r = kept ? 0 : err_nomem(err);
    }
    if (r == 0)
        account->password = str_of(kept);
    if (normal.data)
        crypto_wipe(normal.data, normal.len);
    buf_done(&normal);
    return r;
}

/* ---- belay user ---- */

static int check_new(
    struct app *app, struct arena *a, const struct account_new *n, struct err *err)
{
    int r =
        session_check_reference(n->practitioner, "practitioner", "Practitioner", err);

    if (r == 0)
        r = session_check_reference(
            n->organization, "organization", "Organization", err);
    if (r < 0)
        return r;
    if (!n->practitioner.p && !person_role_known(n->role))
        return err_set(err, E_INVALID, "role",
            "Say who it is: a practitioner, whose posts are PractitionerRole records, "
            "or one of the roles for somebody who is none.");
    if (n->practitioner.p && n->role.p)
        return err_set(err, E_INVALID, "role",
            "The roles of a practitioner are PractitionerRole records, which begin and "
            "end by themselves; an account has none of its own beside them.");
    if (n->practitioner.p && !name_of(app, a, n->practitioner).p)
        return err_set(err, E_NOT_FOUND, "practitioner",
            "There is no %.*s with a name.", (int)n->practitioner.len,
            n->practitioner.p);
    return 0;
}

/* Password, where one is given, and ticket, where one is needed; then it is kept. */
static int finish(struct app *app, struct arena *a, struct account *account,
    struct str password, char ticket[ACCOUNT_TICKET_MAX], struct err *err)
{
    bool needs = false;
    int r = account_needs_code(app, a, account, time_now(), &needs, err);

    ticket[0] = '\0';
    if (r == 0 && password.p)
        r = account_set_password(app, a, account, password, !needs, err);
    if (r == 0 && (needs || !password.p))
        r = ticket_new(app, a, account, ticket, err);
    return r == 0 ? account_save(app, account, err) : r;
}

int account_add(struct app *app, const struct account_new *n,
    char ticket[ACCOUNT_TICKET_MAX], struct err *err)
{
    struct arena *a = arena_new();
    struct account account = {.name = n->name,
        .practitioner = n->practitioner,
        .role = n->role,
        .organization = n->organization,
        .provider = n->provider,
        .code_asked = n->code_asked};
    struct account old = {0};
    int r = a ? account_key(a, n->name, &account.key, err) : err_nomem(err);

    ticket[0] = '\0';
    if (r == 0)
        r = check_new(app, a, n, err);
    if (r == 0) {
        r = account_load(app, a, account.key, &old, NULL);
        if (r == 0)
            r = err_set(err, E_CONFLICT, "name",
                "There is an account of this name, or of one that reads the same.");
        else if (r == E_NOT_FOUND && n->provider.p)
            r = account_save(app, &account, err); /* needs neither password nor link */
        else if (r == E_NOT_FOUND)
            r = finish(app, a, &account, n->password, ticket, err);
    }
    arena_free(a);
    return r;
}

static int load_named(struct app *app, struct arena *a, struct str name,
    struct account *ret, struct err *err)
{
    struct str key = {NULL, 0};
    int r = account_key(a, name, &key, err);

    if (r == 0)
        r = account_load(app, a, key, ret, err);
    if (r == E_NOT_FOUND)
        return err_set(err, E_NOT_FOUND, "name", "There is no account of this name.");
    return r;
}

int account_disable(struct app *app, struct str name, bool off, struct err *err)
{
    struct arena *a = arena_new();
    struct account account = {0};
    size_t ended = 0;
    int r = a ? load_named(app, a, name, &account, err) : err_nomem(err);

    if (r == 0)
        r = setting_put(app, SETTING_OFF, account.key,
            off ? STR("off") : (struct str){NULL, 0}, err);
    if (r == 0 && off)
        r = visits_end_account(app, account.key, (struct str){NULL, 0}, err);
    if (r == 0 && off && account.practitioner.p)
        r = session_token_revoke_of(app, account.practitioner, &ended, err);
    arena_free(a);
    return r;
}

int account_reset(struct app *app, struct str name, struct str password,
    char ticket[ACCOUNT_TICKET_MAX], struct err *err)
{
    struct arena *a = arena_new();
    struct account account = {0};
    int r = a ? load_named(app, a, name, &account, err) : err_nomem(err);

    if (r == 0)
        r = account_drop_ticket(app, &account, err);
    if (r == 0) {
        account.password = (struct str){NULL, 0};
        account.secret = (struct str){NULL, 0};
        account.recovery = (struct str){NULL, 0};
        r = finish(app, a, &account, password, ticket, err);
    }
    if (r == 0)
        r = visits_end_account(app, account.key, (struct str){NULL, 0}, err);
    arena_free(a);
    return r;
}

int account_password_new(char out[ACCOUNT_PASSWORD_MAX], struct err *err)
{
    _Static_assert(
        ACCOUNT_PASSWORD_MAX > CRYPTO_RECOVERY_CHARS, "a recovery code fits");
    int r = crypto_recovery_new(out, err);

    out[r == 0 ? 19 : 0] = '\0'; /* four groups of four, with dashes */
    return r;
}

struct each {
    struct app *app;
    struct arena *a;
    int (*visit)(void *arg, const struct account_row *row, struct err *err);
    void *arg;
};

static int each_one(struct each *each, struct str key, struct err *err)
{
    struct account account = {0};
    struct account_row row = {0};
    int r = account_load(each->app, each->a, key, &account, err);

    if (r == 0)
        r = account_needs_code(
            each->app, each->a, &account, time_now(), &row.needs_code, err);
    if (r < 0)
        return r;
    row.name = account.name;
    row.practitioner = account.practitioner;
    row.role = account.role;
    row.organization = account.organization;
    row.provider = account.provider;
    row.off = account.off;
    row.has_password = account.password.p != NULL;
    row.has_code = account.secret.p != NULL;
    return each->visit(each->arg, &row, err);
}

int account_each(struct app *app,
    int (*visit)(void *arg, const struct account_row *row, struct err *err), void *arg,
    struct err *err)
{
    struct arena *a = arena_new();
    struct each each = {app, a, visit, arg};
    struct str *keys = NULL;
    size_t count = 0;
    int r =
        a ? setting_keys(app, a, SETTING_ACCOUNT, &keys, &count, err) : err_nomem(err);

    for (size_t i = 0; r == 0 && i < count; i++)
        r = each_one(&each, keys[i], err);
    arena_free(a);
    return r;
}
