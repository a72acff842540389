/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Counters of tries in a table of fixed size: a key is a digest of what is counted under a
 * salt of this process, and has WAYS places to be in.
 */
#include "app/attempts.h"

#include "base/arena.h"
#include "base/id.h"
#include "base/limits.h"
#include "base/thread.h"

#include "crypto/digest.h"

#define WAYS 8u
#define SETS (LIMIT_TRIES_TRACKED / WAYS)
#define SECOND ((utc_ms)1000)
#define FORGET ((utc_ms)LIMIT_TRIES_HOURS * 3600 * SECOND)
#define KNOWN_DAYS 30 /* an address that signed in is known so long */
#define DOUBLINGS 20

enum counter_kind { COUNT_PAIR, COUNT_ACCOUNT, COUNT_CODE, COUNT_KNOWN };

struct counter {
    uint64_t key; /* 0: nobody */
    utc_ms last;
    uint32_t wrong;
};

struct attempts {
    pthread_mutex_t lock; /* guards the table */
    uint8_t salt[CRYPTO_DIGEST_BYTES];
    struct counter table[SETS][WAYS];
};

struct attempts *attempts_new(void)
{
    struct attempts *t = base_malloc(sizeof(*t));

    if (!t)
        return NULL;
    memset(t->table, 0, sizeof(t->table));
    id_random(t->salt, sizeof(t->salt));
    pthread_mutex_init(&t->lock, NULL);
    return t;
}

void attempts_free(struct attempts *t)
{
    if (!t)
        return;
    pthread_mutex_destroy(&t->lock);
    base_free(t);
}

static uint64_t key_of(
    const struct attempts *t, enum counter_kind kind, const struct attempt *try)
{
    const uint8_t which = (uint8_t)kind;
    uint8_t digest[CRYPTO_DIGEST_BYTES];
    struct crypto_digest d;
    uint64_t key = 0;

    crypto_digest_init(&d);
    crypto_digest_add(&d, t->salt, sizeof(t->salt));
    crypto_digest_add(&d, &which, 1);
    crypto_digest_add(&d, &try->account.len, sizeof(try->account.len));
    crypto_digest_add(&d, try->account.p, try->account.len);
    if (kind == COUNT_PAIR || kind == COUNT_KNOWN)
        crypto_digest_add(&d, try->address.p, try->address.len);
    crypto_digest_final(&d, digest);
    memcpy(&key, digest, sizeof(key));
    return key ? key : 1;
}

/* The counter of ${key}: found, or made where ${make}, else NULL. */
static struct counter *counter(struct attempts *t, uint64_t key, bool make)
{
    struct counter *set = t->table[key % SETS];
    struct counter *oldest = &set[0];

    for (unsigned i = 0; i < WAYS; i++) {
        if (set[i].key == key)
            return &set[i];
        if (set[i].key == 0 || (oldest->key != 0 && set[i].last < oldest->last))
            oldest = &set[i];
    }
    if (!make)
        return NULL;
    *oldest = (struct counter){.key = key};
    return oldest;
}

/* Milliseconds until the next try, after ${c->wrong} wrong ones of which ${free} cost
 * nothing. */
static utc_ms wait_of(
    const struct counter *c, uint32_t free, utc_ms longest, utc_ms now)
{
    utc_ms wait = SECOND;
    utc_ms since = c ? now - c->last : 0;

    if (!c || c->wrong < free || since >= FORGET)
        return 0;
    for (uint32_t n = free; n < c->wrong && n < free + DOUBLINGS; n++)
        wait *= 2;
    if (wait > longest * SECOND)
        wait = longest * SECOND;
    if (since < 0) /* the clock was set back */
        since = 0;
    return since < wait ? wait - since : 0;
}

static void count(struct counter *c, utc_ms now)
{
    if (now - c->last >= FORGET)
        c->wrong = 0;
    if (c->wrong < UINT32_MAX)
        c->wrong++;
    c->last = now;
}

static utc_ms begin_password(struct attempts *t, const struct attempt *try, utc_ms now)
{
    uint64_t pair_key = key_of(t, COUNT_PAIR, try);
    uint64_t account_key = key_of(t, COUNT_ACCOUNT, try);
    const struct counter *known = counter(t, key_of(t, COUNT_KNOWN, try), false);
    utc_ms wait = wait_of(
        counter(t, pair_key, false), LIMIT_TRIES_PAIR, LIMIT_TRIES_PAIR_SECONDS, now);

    if (known && now - known->last > (utc_ms)KNOWN_DAYS * 24 * 3600 * SECOND)
        known = NULL;
    if (wait == 0 && !known)
        wait = wait_of(counter(t, account_key, false), LIMIT_TRIES_ACCOUNT,
            LIMIT_TRIES_ACCOUNT_SECONDS, now);
    if (wait > 0)
        return wait;
    count(counter(t, pair_key, true), now);
    count(counter(t, account_key, true), now);
    return 0;
}

static utc_ms begin_code(struct attempts *t, const struct attempt *try, utc_ms now)
{
    uint64_t key = key_of(t, COUNT_CODE, try);
    utc_ms wait = wait_of(
        counter(t, key, false), LIMIT_TRIES_CODE, LIMIT_TRIES_CODE_SECONDS, now);

    if (wait == 0)
        count(counter(t, key, true), now);
    return wait;
}

utc_ms attempts_begin(struct attempts *t, const struct attempt *try, utc_ms now)
{
    utc_ms wait = 0;

    pthread_mutex_lock(&t->lock);
    wait = try->kind == ATTEMPT_CODE ? begin_code(t, try, now)
                                     : begin_password(t, try, now);
    pthread_mutex_unlock(&t->lock);
    return wait;
}

static void forget(struct attempts *t, uint64_t key)
{
    struct counter *c = counter(t, key, false);

    if (c)
        *c = (struct counter){0};
}

/* One wrong try fewer: the one that attempts_begin() counted ahead. */
static void take_back(struct attempts *t, uint64_t key)
{
    struct counter *c = counter(t, key, false);

    if (c && c->wrong > 0)
        c->wrong--;
}

void attempts_right(struct attempts *t, const struct attempt *try, utc_ms now)
{
    pthread_mutex_lock(&t->lock);
    if (try->kind == ATTEMPT_CODE) {
        forget(t, key_of(t, COUNT_CODE, try));
    } else {
        forget(t, key_of(t, COUNT_PAIR, try));
        take_back(t, key_of(t, COUNT_ACCOUNT, try));
        if (try->address.p)
            counter(t, key_of(t, COUNT_KNOWN, try), true)->last = now;
    }
    pthread_mutex_unlock(&t->lock);
}
