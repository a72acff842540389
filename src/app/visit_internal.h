/* SPDX-License-Identifier: Apache-2.0 */
/* The visits in memory, as visit.c and visit_more.c see them. */
#ifndef APP_VISIT_INTERNAL_H
#define APP_VISIT_INTERNAL_H

#include "app/app_internal.h"
#include "app/visit.h"

#define VISIT_PREFIX "visit/"
#define VISIT_HASH CRYPTO_SECRET_HASH_BYTES
#define VISIT_BUCKETS 1024u
#define VISIT_STAMP_BYTES 16

/* The texts of a visit. */
enum visit_text {
    VISIT_TEXT_ACCOUNT,
    VISIT_TEXT_NAME,
    VISIT_TEXT_PRACTITIONER,
    VISIT_TEXT_ROLE,
    VISIT_TEXT_ORGANIZATION,
    VISIT_TEXT_ADDRESS,
    VISIT_TEXT_AGENT,
    VISIT_TEXTS
};

struct visit_entry {
    struct visit_entry *next;
    uint8_t hash[VISIT_HASH];
    char *text[VISIT_TEXTS]; /* NULL: none */
    enum visit_level level;
    utc_ms begun;
    atomic_llong seen;
    utc_ms proved;
    bool has_pending;
    uint8_t pending[CRYPTO_CODE_SECRET_BYTES];
    unsigned wrong;
};

struct visits {
    struct app *app;
    pthread_rwlock_t lock; /* guards the buckets and all of an entry but seen */
    struct visit_entry *buckets[VISIT_BUCKETS];
    atomic_ullong next_look; /* monotonic ns */
    pthread_mutex_t looking; /* guards the stamp */
    char stamp[VISIT_STAMP_BYTES];
    size_t stamp_len;
};

/* Over by time at ${now}? */
bool visit_is_over(const struct visit_entry *e, utc_ms now);

/* Take out what ${is_out} says; lock held for writing. Calls ${gone} before each goes. */
void visits_take_out(struct visits *v,
    bool (*is_out)(const struct visit_entry *, void *), void *arg,
    void (*gone)(struct visits *, const struct visit_entry *));

/* A copy in ${a}; lock held. */
int visit_copy_out(
    struct arena *a, const struct visit_entry *e, struct visit *ret, struct err *err);

/* The setting of ${e} goes. */
void visit_remove_setting(struct visits *v, const struct visit_entry *e);

/* Once a second: has another process ended some? */
void visits_keep_up(struct visits *v);

#endif
