/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tokens in the store, and what this process remembers of them.
 *
 *   setting               value
 *   token/HASH            {"name","role","practitioner","organization","expires"}
 *   token-change          something new after each change of the above
 *
 * Memory is a hash table behind a read-write lock; a request only reads it. Once a second
 * one of the requests looks whether token-change has changed, and only then reads all
 * tokens again: so another process may make and revoke them. A token not in memory is
 * looked up in the store at once, but not more than LIMIT_TOKEN_LOOKUPS times in a second,
 * so that guessing tokens does not become work for the disk.
 */
#include "app/session.h"

#include <assert.h>
#include <stdatomic.h>
#include <string.h>

#include "base/hash.h"
#include "base/id.h"

#include "app/app_internal.h"
#include "app/client_internal.h"
#include "crypto/crypto.h"
#include "crypto/token.h"

#define SETTING_PREFIX "token/"
#define SETTING_CHANGE "token-change"
#define SETTING_NAME_MAX (sizeof(SETTING_PREFIX) + (size_t)2 * CRYPTO_TOKEN_HASH_BYTES)
#define STAMP_BYTES 16
#define SECOND_NS 1000000000u
#define NAME_MAX_CHARS 100
#define BUCKETS_FIRST 64

struct session_entry {
    struct session_entry *next;
    uint8_t hash[CRYPTO_TOKEN_HASH_BYTES];
    uint64_t value_hash; /* of the setting's value: tells a change */
    struct app_caller caller;
    utc_ms expires;
    bool seen; /* by the reload under way */
};

struct sessions {
    struct app *app;
    pthread_rwlock_t lock; /* guards all down to reloads; entries are never freed */
    struct arena *arena;
    struct session_entry **buckets;
    size_t bucket_count; /* a power of two */
    size_t count;
    uint64_t reloads;
    atomic_ullong next_look; /* monotonic ns; 0: at once, whoever asks waits for it */
    pthread_mutex_t looking; /* held by the one who reloads; guards the two below */
    char stamp[STAMP_BYTES];
    size_t stamp_len;
    atomic_ullong lookup_second; /* which second lookups counts */
    atomic_uint lookups;
};

int sessions_new(struct app *app, struct sessions **ret, struct err *err)
{
    struct sessions *s = base_malloc(sizeof(*s));

    if (!s)
        return err_nomem(err);
    memset(s, 0, sizeof(*s));
    s->app = app;
    s->arena = arena_new();
    s->bucket_count = BUCKETS_FIRST;
    s->buckets = s->arena ? arena_array(s->arena, s->bucket_count,
                                sizeof(struct session_entry *))
                          : NULL;
    if (!s->buckets) {
        arena_free(s->arena);
        base_free(s);
        return err_nomem(err);
    }
    pthread_rwlock_init(&s->lock, NULL);
    pthread_mutex_init(&s->looking, NULL);
    *ret = s;
    return 0;
}

void sessions_free(struct sessions *s)
{
    if (!s)
        return;
    pthread_mutex_destroy(&s->looking);
    pthread_rwlock_destroy(&s->lock);
    arena_free(s->arena);
    base_free(s);
}

/* ---- the table; callers hold the lock ---- */

static struct session_entry **bucket(struct sessions *s, const uint8_t *hash)
{
    uint64_t h = 0;

    memcpy(&h, hash, sizeof(h)); /* it is a digest: as good as any */
    return &s->buckets[h & (s->bucket_count - 1)];
}

static struct session_entry *find(struct sessions *s, const uint8_t *hash)
{
    struct session_entry *e = *bucket(s, hash);

    while (e && !crypto_same(e->hash, hash, sizeof(e->hash)))
        e = e->next;
    return e;
}

static void grow(struct sessions *s)
{
    struct session_entry **old = s->buckets;
    size_t old_count = s->bucket_count;
    struct session_entry **more =
        arena_array(s->arena, old_count * 2, sizeof(struct session_entry *));

    if (!more)
        return; /* longer chains will do */
    s->buckets = more;
    s->bucket_count = old_count * 2;
    for (size_t i = 0; i < old_count; i++) {
        while (old[i]) {
            struct session_entry *e = old[i];
            struct session_entry **to = bucket(s, e->hash);

            old[i] = e->next;
            e->next = *to;
            *to = e;
        }
    }
}

static void insert(struct sessions *s, struct session_entry *e)
{
    struct session_entry **at = NULL;

    if (s->count >= 2 * s->bucket_count)
        grow(s);
    at = bucket(s, e->hash);
    e->next = *at;
    *at = e;
    s->count++;
}

static void remove_entry(struct sessions *s, struct session_entry *e)
{
    struct session_entry **at = bucket(s, e->hash);

    while (*at != e)
        at = &(*at)->next;
    *at = e->next;
    s->count--;
}

/* ---- grants as JSON ---- */

static int copy_member(
    struct arena *a, const struct json *json, const char *name, struct str *ret)
{
    struct str text = json_get_text(json, name);
    char *p = NULL;

    if (!text.p)
        return 0;
    p = arena_strndup(a, text.p, text.len);
    if (!p)
        return E_NOMEM;
    *ret = (struct str){p, text.len};
    return 0;
}

/* An entry from a setting; NULL: no memory, or not a grant. */
static struct session_entry *entry_read(
    struct sessions *s, const uint8_t *hash, struct str value)
{
    struct session_entry *e = arena_alloc(s->arena, sizeof(*e));
    struct arena *scratch = arena_new();
    const struct json *json = NULL;
    int64_t expires = 0;
    bool good = false;

    if (e && scratch && json_read_trusted(scratch, value, &json, NULL) == 0 &&
        text_int(json_text(json_get(json, "expires")), 0, INT64_MAX, &expires) &&
        copy_member(s->arena, json, "name", &e->caller.name) == 0 &&
        copy_member(s->arena, json, "role", &e->caller.role) == 0 &&
        copy_member(s->arena, json, "practitioner", &e->caller.practitioner) == 0 &&
        copy_member(s->arena, json, "organization", &e->caller.organization) == 0)
        good = true;
    arena_free(scratch);
    if (!good)
        return NULL;
    memcpy(e->hash, hash, sizeof(e->hash));
    e->value_hash = hash64(value.p, value.len, 0);
    e->expires = expires;
    return e;
}

static void grant_write(struct buf *b, const struct session_grant *g)
{
    struct json_out o = json_out(b);

    json_open(&o, '{');
    json_member(&o, "name", g->name);
    json_member(&o, "role", g->role);
    json_member(&o, "practitioner", g->practitioner);
    json_member(&o, "organization", g->organization);
    json_name(&o, "expires");
    json_put_int(&o, g->expires);
    json_close(&o, '}');
}

static void setting_name(const uint8_t *hash, char out[SETTING_NAME_MAX])
{
    memcpy(out, SETTING_PREFIX, sizeof(SETTING_PREFIX) - 1);
    hex_encode(hash, CRYPTO_TOKEN_HASH_BYTES, out + sizeof(SETTING_PREFIX) - 1);
}

/* ---- keeping up with the store ---- */

static int merge_one(void *arg, const char *name, struct str value, struct err *err)
{
    struct sessions *s = arg;
    const char *hex = name + sizeof(SETTING_PREFIX) - 1;
    uint8_t hash[CRYPTO_TOKEN_HASH_BYTES];
    struct session_entry *e = NULL;

    (void)err;
    if (strlen(hex) != 2 * sizeof(hash) || !hex_decode(hex, hash, sizeof(hash)))
        return 0;
    e = find(s, hash);
    if (e && e->value_hash != hash64(value.p, value.len, 0)) {
        remove_entry(s, e);
        e = NULL;
    }
    if (!e) {
        e = entry_read(s, hash, value);
        if (!e)
            return 0;
        insert(s, e);
    }
    e->seen = true;
    return 0;
}

/* Forget what the reload did not meet. */
static void sweep(struct sessions *s)
{
    for (size_t i = 0; i < s->bucket_count; i++) {
        struct session_entry **at = &s->buckets[i];

        while (*at) {
            struct session_entry *e = *at;

            if (e->seen) {
                e->seen = false;
                at = &e->next;
            } else {
                *at = e->next;
                s->count--;
            }
        }
    }
}

static int reload(struct sessions *s, struct arena *scratch, struct err *err)
{
    int r = 0;

    pthread_rwlock_wrlock(&s->lock);
    r = store_setting_each(s->app->store, scratch, SETTING_PREFIX, merge_one, s, err);
    if (r == 0) {
        sweep(s);
        s->reloads++;
    }
    pthread_rwlock_unlock(&s->lock);
    return r;
}

/* Has anybody changed tokens since the last look? Failing to look changes nothing: the
 * next second tries again. */
static void look(struct sessions *s)
{
    struct arena *scratch = arena_new();
    struct str stamp = {0};
    int r = 0;

    if (!scratch)
        return;
    r = store_setting_get(s->app->store, scratch, SETTING_CHANGE, &stamp, NULL);
    if (r == 0 && stamp.len == STAMP_BYTES &&
        (s->stamp_len != stamp.len || memcmp(s->stamp, stamp.p, stamp.len) != 0) &&
        reload(s, scratch, NULL) == 0) {
        client_tokens_look(s->app->clients);
        memcpy(s->stamp, stamp.p, stamp.len);
        s->stamp_len = stamp.len;
    }
    arena_free(scratch);
}

static void keep_up(struct sessions *s)
{
    uint64_t now = time_monotonic_ns();
    uint64_t next = atomic_load(&s->next_look);

    if (now < next)
        return;
    if (next == 0)
        pthread_mutex_lock(&s->looking);
    else if (pthread_mutex_trylock(&s->looking) != 0)
        return;
    if (now >= atomic_load(&s->next_look)) {
        /* first this: a change that is made during the look is looked at once more */
        atomic_store(&s->next_look, now + SECOND_NS);
        look(s);
    }
    pthread_mutex_unlock(&s->looking);
}

/* One more look-up of an unknown token in this second? */
static bool lookup_allowed(struct sessions *s)
{
    uint64_t second = time_monotonic_ns() / SECOND_NS;

    if (atomic_exchange(&s->lookup_second, second) != second)
        atomic_store(&s->lookups, 0);
    return atomic_fetch_add(&s->lookups, 1) < LIMIT_TOKEN_LOOKUPS;
}

/* Take up what was read when there had been ${reloads}. false: there was another since, which
 * may know that it was revoked, and nothing is taken up. */
static bool take_up(struct sessions *s, const uint8_t *hash, struct str value,
    uint64_t reloads, int *r, struct err *err)
{
    struct session_entry *e = NULL;
    bool current = false;

    pthread_rwlock_wrlock(&s->lock);
    current = s->reloads == reloads;
    if (current && !find(s, hash)) {
        e = entry_read(s, hash, value);
        if (e)
            insert(s, e);
        else
            *r = err_nomem(err);
    }
    pthread_rwlock_unlock(&s->lock);
    return current;
}

static int look_up(struct sessions *s, const uint8_t *hash, struct err *err)
{
    struct arena *scratch = arena_new();
    char name[SETTING_NAME_MAX];
    struct str value = {0};
    uint64_t reloads = 0;
    int r = scratch ? 0 : err_nomem(err);

    setting_name(hash, name);
    while (r == 0) {
        pthread_rwlock_rdlock(&s->lock);
        reloads = s->reloads;
        pthread_rwlock_unlock(&s->lock);
        r = store_setting_get(s->app->store, scratch, name, &value, err);
        if (r == 0 && take_up(s, hash, value, reloads, &r, err))
            break;
    }
    arena_free(scratch);
    return r;
}

/* ---- use ---- */

static bool known(
    struct sessions *s, const uint8_t *hash, struct app_caller *ret, utc_ms *expires)
{
    struct session_entry *e = NULL;

    pthread_rwlock_rdlock(&s->lock);
    e = find(s, hash);
    if (e) {
        *ret = e->caller;
        *expires = e->expires;
    }
    pthread_rwlock_unlock(&s->lock);
    return e != NULL;
}

static int refuse(struct err *err)
{
    return err_set(err, E_UNAUTHORISED, NULL,
        "This token is not known here, or it has ended. Programs ask for a new one at "
        "/oauth/token; an operator makes one with: belay token.");
}

int session_token_check(struct app *app, struct str token, utc_ms now,
    struct app_caller *ret, struct err *err)
{
    struct sessions *s = app->sessions;
    uint8_t hash[CRYPTO_TOKEN_HASH_BYTES];
    struct app_caller caller = {0};
    utc_ms expires = 0;
    int r = 0;

    if (!crypto_token_hash(token, hash))
        return refuse(err);
    keep_up(s);
    if (client_token_check(app->clients, hash, now, ret))
        return 0;
    if (!known(s, hash, &caller, &expires)) {
        if (!lookup_allowed(s))
            return refuse(err);
        r = look_up(s, hash, err);
        if (r == E_NOT_FOUND || (r == 0 && !known(s, hash, &caller, &expires)))
            return refuse(err);
        if (r < 0)
            return r;
    }
    if (expires <= now)
        return err_set(err, E_UNAUTHORISED, NULL,
            "This token has expired. Ask for a new one; it is made with: belay token.");
    *ret = caller;
    return 0;
}

/* Tell every process, this one too, that tokens have changed. */
int session_token_changed(struct app *app, struct err *err)
{
    char text[STAMP_BYTES];
    int r = 0;

    id_random(text, sizeof(text));
    r = store_setting_put(
        app->store, SETTING_CHANGE, (struct str){text, sizeof(text)}, err);
    atomic_store(&app->sessions->next_look, 0);
    return r;
}

static int check_text(
    struct str s, const char *what, size_t min, size_t max, struct err *err)
{
    size_t chars = 0;

    for (size_t i = 0; i < s.len; i++)
        chars += ((unsigned char)s.p[i] & 0xc0) != 0x80;
    if (chars < min || chars > max || !utf8_valid(s.p ? s.p : "", s.len))
        return err_set(err, E_INVALID, what,
            "The %s must have %zu to %zu characters of UTF-8.", what, min, max);
    return 0;
}

int session_check_reference(
    struct str s, const char *what, const char *type, struct err *err)
{
    struct str id = s;

    if (!s.p || (str_is(str_cut(&id, '/'), type) && id_valid(id)))
        return 0;
    return err_set(
        err, E_INVALID, what, "The %s must be written as %s/ID.", what, type);
}

static int check_grant(const struct session_grant *g, struct err *err)
{
    utc_ms now = time_now();
    int r = check_text(g->name, "name", 1, NAME_MAX_CHARS, err);

    if (r == 0)
        r = check_text(g->role, "role", 1, NAME_MAX_CHARS, err);
    if (r == 0 && str_is(g->role, CLIENT_ROLE))
        r = err_set(err, E_INVALID, "role",
            "A program that asks for its own tokens is made with: belay client add.");
    if (r == 0)
        r = session_check_reference(
            g->practitioner, "practitioner", "Practitioner", err);
    if (r == 0)
        r = session_check_reference(
            g->organization, "organization", "Organization", err);
    if (r == 0 && (g->expires <= now ||
                      g->expires > now + (utc_ms)LIMIT_TOKEN_HOURS * 3600 * 1000))
        r = err_set(err, E_INVALID, "hours", "A token may be good for 1 to %d hours.",
            LIMIT_TOKEN_HOURS);
    return r;
}

int session_token_make(struct app *app, const struct session_grant *grant,
    char token[SESSION_TOKEN_MAX], struct err *err)
{
    char made[CRYPTO_TOKEN_CHARS + 1];
    char name[SETTING_NAME_MAX];
    uint8_t hash[CRYPTO_TOKEN_HASH_BYTES];
    struct buf value;
    int r = check_grant(grant, err);

    if (r < 0)
        return r;
    crypto_token_new(made);
    if (!crypto_token_hash(str_of(made), hash))
        return err_set(err, E_BUG, NULL, "A new token does not have a token's form.");
    setting_name(hash, name);
    buf_init(&value, LIMIT_SEAL_BYTES);
    grant_write(&value, grant);
    r = buf_error(&value, "The grant", err);
    if (r == 0)
        r = store_setting_put(
            app->store, name, (struct str){value.data, value.len}, err);
    if (r == 0)
        r = session_token_changed(app, err);
    buf_done(&value);
    if (r == 0)
        memcpy(token, made, sizeof(made));
    crypto_wipe(made, sizeof(made));
    return r;
}

struct revoking {
    struct arena *a;
    const char *member; /* of a grant: "name" or "practitioner" */
    struct str name;
    const char **settings;
    size_t count;
};

static int collect_tokens(
    void *arg, const char *name, struct str value, struct err *err)
{
    struct revoking *rv = arg;
    const struct json *json = NULL;
    const char **more = NULL;
    int r = json_read_trusted(rv->a, value, &json, err);

    if (r < 0)
        return r;
    if (!str_eq(json_get_text(json, rv->member), rv->name))
        return 0;
    more = arena_grow(rv->a, rv->settings, rv->count * sizeof(*more),
        (rv->count + 1) * sizeof(*more));
    if (!more)
        return err_nomem(err);
    rv->settings = more;
    rv->settings[rv->count] = arena_strndup(rv->a, name, strlen(name));
    if (!rv->settings[rv->count])
        return err_nomem(err);
    rv->count++;
    return 0;
}

static int revoke(
    struct app *app, const char *member, struct str name, size_t *ret, struct err *err)
{
    struct revoking rv = {.a = arena_new(), .member = member, .name = name};
    struct arena *scratch = arena_new();
    int r = rv.a && scratch ? 0 : err_nomem(err);

    if (r == 0)
        r = store_setting_each(
            app->store, scratch, SETTING_PREFIX, collect_tokens, &rv, err);
    for (size_t i = 0; r == 0 && i < rv.count; i++)
        r = store_setting_put(app->store, rv.settings[i], (struct str){NULL, 0}, err);
    if (r == 0 && rv.count > 0)
        r = session_token_changed(app, err);
    if (r == 0)
        *ret = rv.count;
    arena_free(scratch);
    arena_free(rv.a);
    return r;
}

int session_token_revoke(struct app *app, struct str name, size_t *ret, struct err *err)
{
    return revoke(app, "name", name, ret, err);
}

int session_token_revoke_of(
    struct app *app, struct str practitioner, size_t *ret, struct err *err)
{
    return revoke(app, "practitioner", practitioner, ret, err);
}
