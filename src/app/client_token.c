/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The tokens of programs, in memory: a hash table behind a read-write lock. What a token is
 * for is a grant, made once for a client and a set of scopes and kept until the app
 * closes, so that requests under way need no copy of it; a client may have so many, and
 * only its changes by the operator begin that count anew.
 */
#include <stdatomic.h>

#include "app/client_internal.h"
#include "crypto/crypto.h"
#include "crypto/digest.h"

#define BUCKETS 1024u /* a power of two */

struct grant {
    struct grant *next;
    uint64_t stamp;  /* of the client */
    struct str text; /* the scopes */
    struct app_caller caller;
};

struct token {
    struct token *next;
    uint8_t hash[CRYPTO_TOKEN_HASH_BYTES];
    const struct grant *grant;
    utc_ms given;
    utc_ms expires;
};

/* An assertion that was used. */
struct used {
    uint64_t hash[2];
    utc_ms until;
};

struct client_tokens {
    struct app *app;
    atomic_size_t count;   /* of tokens: spares the lock where there are none */
    pthread_rwlock_t lock; /* guards all below */
    struct arena *arena;   /* of grants */
    struct grant *grants;
    struct token *buckets[BUCKETS];
    struct used *used; /* LIMIT_ASSERTIONS places; made when first needed */
    size_t used_count;
};

int client_tokens_new(struct app *app, struct client_tokens **ret, struct err *err)
{
    struct client_tokens *t = base_malloc(sizeof(*t));

    if (!t)
        return err_nomem(err);
    memset(t, 0, sizeof(*t));
    t->app = app;
    t->arena = arena_new();
    if (!t->arena) {
        base_free(t);
        return err_nomem(err);
    }
    pthread_rwlock_init(&t->lock, NULL);
    *ret = t;
    return 0;
}

/* ---- the table; callers hold the lock ---- */

static struct token **bucket(struct client_tokens *t, const uint8_t *hash)
{
    uint64_t h = 0;

    memcpy(&h, hash, sizeof(h)); /* it is a digest: as good as any */
    return &t->buckets[h & (BUCKETS - 1)];
}

static void drop(struct client_tokens *t, struct token **at)
{
    struct token *gone = *at;

    *at = gone->next;
    base_free(gone);
    atomic_fetch_sub(&t->count, 1);
}

/* Drop the tokens that ${which} says; ${arg} is its. */
static void drop_all(struct client_tokens *t,
    bool (*which)(const struct token *token, const void *arg), const void *arg)
{
    for (size_t i = 0; i < BUCKETS; i++) {
        struct token **at = &t->buckets[i];

        while (*at) {
            if (which(*at, arg))
                drop(t, at);
            else
                at = &(*at)->next;
        }
    }
}

static bool any(const struct token *token, const void *arg)
{
    (void)token;
    (void)arg;
    return true;
}

static bool has_expired(const struct token *token, const void *now)
{
    return token->expires <= *(const utc_ms *)now;
}

void client_tokens_free(struct client_tokens *t)
{
    if (!t)
        return;
    drop_all(t, any, NULL);
    pthread_rwlock_destroy(&t->lock);
    base_free(t->used);
    arena_free(t->arena);
    base_free(t);
}

/* End the oldest token of ${name} where it has as many as it may. */
static void make_room(struct client_tokens *t, struct str name)
{
    struct token **oldest = NULL;
    size_t count = 0;

    for (size_t i = 0; i < BUCKETS; i++) {
        for (struct token **at = &t->buckets[i]; *at; at = &(*at)->next) {
            if (!str_eq((*at)->grant->caller.client, name))
                continue;
            count++;
            if (!oldest || (*at)->given < (*oldest)->given)
                oldest = at;
        }
    }
    if (oldest && count >= LIMIT_CLIENT_TOKENS)
        drop(t, oldest);
}

/* ---- grants ---- */

static bool copy_text(struct arena *a, struct str text, struct str *ret)
{
    char *copy = text.p ? arena_strndup(a, text.p, text.len) : NULL;

    *ret = (struct str){copy, copy ? text.len : 0};
    return copy || !text.p;
}

static int grant_make(struct client_tokens *t, const struct client *client,
    struct str text, const struct grant **ret, struct err *err)
{
    struct grant *g = arena_alloc(t->arena, sizeof(*g));
    int r = g ? 0 : err_nomem(err);

    if (r == 0) {
        *g = (struct grant){
            .stamp = client->stamp, .caller = {.role = STR(CLIENT_ROLE)}};
        if (!copy_text(t->arena, client->name, &g->caller.client) ||
            !copy_text(t->arena, client->organization, &g->caller.organization) ||
            !copy_text(t->arena, text, &g->text))
            r = err_nomem(err);
    }
    if (r == 0)
        r = scopes_parse(t->arena, g->text, &g->caller.scopes, err);
    if (r < 0)
        return r;
    g->caller.name = g->caller.client;
    g->next = t->grants;
    t->grants = g;
    *ret = g;
    return 0;
}

static int grant_find(struct client_tokens *t, const struct client *client,
    struct str text, const struct grant **ret, struct err *err)
{
    size_t count = 0;

    for (const struct grant *g = t->grants; g; g = g->next) {
        if (g->stamp != client->stamp || !str_eq(g->caller.client, client->name))
            continue;
        if (str_eq(g->text, text)) {
            *ret = g;
            return 0;
        }
        count++;
    }
    if (count >= LIMIT_CLIENT_GRANTS)
        return err_set(err, E_TOO_LARGE, "scope",
            "This program has asked for %d different sets of scopes; it must keep to "
            "one of those.",
            LIMIT_CLIENT_GRANTS);
    return grant_make(t, client, text, ret, err);
}

/* ---- use ---- */

static int give(struct client_tokens *t, const struct client_token_new *n,
    struct str text, struct token *made, struct err *err)
{
    struct token **at = bucket(t, made->hash);
    int r = 0;

    pthread_rwlock_wrlock(&t->lock);
    r = grant_find(t, n->client, text, &made->grant, err);
    if (r == 0) {
        drop_all(t, has_expired, &n->now);
        make_room(t, n->client->name);
        made->next = *at;
        *at = made;
        atomic_fetch_add(&t->count, 1);
    }
    pthread_rwlock_unlock(&t->lock);
    return r;
}

int client_token_give(struct client_tokens *t, const struct client_token_new *n,
    char token[CRYPTO_TOKEN_CHARS + 1], struct err *err)
{
    struct token *made = base_malloc(sizeof(*made));
    char text[CRYPTO_TOKEN_CHARS + 1];
    struct buf scopes;
    int r = 0;

    if (!made)
        return err_nomem(err);
    *made = (struct token){.given = n->now, .expires = n->expires};
    crypto_token_new(text);
    if (!crypto_token_hash(str_of(text), made->hash))
        r = err_set(err, E_BUG, NULL, "A new token does not have a token's form.");
    buf_init(&scopes, (size_t)2 * LIMIT_SCOPE_BYTES);
    scopes_write(&scopes, n->scopes);
    if (r == 0)
        r = buf_error(&scopes, "The scopes", err);
    if (r == 0)
        r = give(t, n, (struct str){scopes.data, scopes.len}, made, err);
    if (r == 0)
        memcpy(token, text, sizeof(text));
    else
        base_free(made);
    buf_done(&scopes);
    crypto_wipe(text, sizeof(text));
    return r;
}

bool client_token_check(
    struct client_tokens *t, const uint8_t *hash, utc_ms now, struct app_caller *ret)
{
    bool found = false;

    if (atomic_load_explicit(&t->count, memory_order_acquire) == 0)
        return false;
    pthread_rwlock_rdlock(&t->lock);
    for (const struct token *one = *bucket(t, hash); one; one = one->next) {
        if (!crypto_same(one->hash, hash, sizeof(one->hash)))
            continue;
        found = one->expires > now;
        if (found)
            *ret = one->grant->caller;
        break;
    }
    pthread_rwlock_unlock(&t->lock);
    return found;
}

bool client_token_end(struct client_tokens *t, const uint8_t *hash, struct str name)
{
    bool found = false;

    pthread_rwlock_wrlock(&t->lock);
    for (struct token **at = bucket(t, hash); *at && !found; at = &(*at)->next) {
        found = crypto_same((*at)->hash, hash, CRYPTO_TOKEN_HASH_BYTES) &&
                str_eq((*at)->grant->caller.client, name);
        if (found) {
            drop(t, at);
            break;
        }
    }
    pthread_rwlock_unlock(&t->lock);
    return found;
}

/* ---- assertions ---- */

/* Lock held. Forget those that nobody would believe any more. */
static void forget_used(struct client_tokens *t, utc_ms now)
{
    size_t kept = 0;

    for (size_t i = 0; i < t->used_count; i++) {
        if (t->used[i].until > now)
            t->used[kept++] = t->used[i];
    }
    t->used_count = kept;
}

static int remember(struct client_tokens *t, const struct used *one, struct err *err)
{
    if (!t->used)
        t->used = base_malloc(LIMIT_ASSERTIONS * sizeof(*t->used));
    if (!t->used)
        return err_nomem(err);
    for (size_t i = 0; i < t->used_count; i++) {
        if (memcmp(t->used[i].hash, one->hash, sizeof(one->hash)) == 0)
            return E_CONFLICT;
    }
    if (t->used_count == LIMIT_ASSERTIONS)
        return err_set(err, E_BUSY, NULL, "Too many assertions were used lately.");
    t->used[t->used_count++] = *one;
    return 0;
}

int client_assertion_use(
    struct client_tokens *t, const struct client_assertion *used, struct err *err)
{
    struct used one = {.until = used->until};
    uint8_t digest[CRYPTO_DIGEST_BYTES];
    struct crypto_digest d;
    int r = 0;

    crypto_digest_init(&d);
    crypto_digest_add(&d, &used->name.len, sizeof(used->name.len));
    crypto_digest_add(&d, used->name.p, used->name.len);
    crypto_digest_add(&d, used->id.p, used->id.len);
    crypto_digest_final(&d, digest);
    memcpy(one.hash, digest, sizeof(one.hash));
    pthread_rwlock_wrlock(&t->lock);
    forget_used(t, used->now);
    r = remember(t, &one, err);
    pthread_rwlock_unlock(&t->lock);
    return r;
}

/* ---- keeping up with the operator ---- */

static bool is_of(const struct token *token, const void *grant)
{
    return token->grant == grant;
}

/* Is the client of ${g} as it was when that was made? When in doubt it is not. */
static bool holds(struct client_tokens *t, const struct grant *g)
{
    struct arena *a = arena_new();
    struct client now = {0};
    bool same = a && client_load(t->app, a, g->caller.client, &now, NULL) == 0 &&
                !now.off && now.stamp == g->stamp;

    arena_free(a);
    return same;
}

void client_tokens_look(struct client_tokens *t)
{
    const struct grant *first = NULL;

    if (atomic_load(&t->count) == 0)
        return;
    pthread_rwlock_rdlock(&t->lock);
    first = t->grants; /* grants stay, and new ones go before this */
    pthread_rwlock_unlock(&t->lock);
    for (const struct grant *g = first; g; g = g->next) {
        if (holds(t, g))
            continue;
        pthread_rwlock_wrlock(&t->lock);
        drop_all(t, is_of, g);
        pthread_rwlock_unlock(&t->lock);
    }
}
