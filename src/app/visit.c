/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The visits in memory: a hash table by the secret's hash behind a read-write lock. A
 * request takes it for reading and only moves ${seen}, which is atomic. Entries are freed
 * under the write lock, so what leaves the lock is a copy.
 */
#include "app/visit.h"

#include "app/session.h"
#include "app/visit_internal.h"
#include "crypto/crypto.h"

#define MINUTE ((utc_ms)60000)
#define HOUR (60 * MINUTE)
#define AGENT_MAX 200

static const char use_visit[] = "belay visit";
static const char use_token[] = "belay page token";

static const char *const text_names[VISIT_TEXTS] = {
    "account", "name", "practitioner", "role", "organization", "address", "agent"};

static struct str *text_of(struct visit *v, int which)
{
    struct str *const texts[VISIT_TEXTS] = {&v->account, &v->name, &v->practitioner,
        &v->role, &v->organization, &v->address, &v->agent};

    return texts[which];
}

/* ---- entries ---- */

static void entry_free(struct visit_entry *e)
{
    if (!e)
        return;
    crypto_wipe(e->pending, sizeof(e->pending));
    for (int i = 0; i < VISIT_TEXTS; i++)
        base_free(e->text[i]);
    base_free(e);
}

static char *copy_text(struct str s, size_t max)
{
    struct str cut = utf8_cut(s, max);
    char *copy = base_malloc(cut.len + 1);

    if (!copy)
        return NULL;
    if (cut.len > 0)
        memcpy(copy, cut.p, cut.len);
    copy[cut.len] = '\0';
    text_one_line(copy, cut.len + 1);
    return copy;
}

static struct visit_entry *entry_new(
    const struct visit *from, const uint8_t hash[VISIT_HASH])
{
    struct visit_entry *e = base_malloc(sizeof(*e));
    struct visit texts = *from;
    bool whole = true;

    if (!e)
        return NULL;
    memset(e, 0, sizeof(*e));
    memcpy(e->hash, hash, VISIT_HASH);
    for (int i = 0; i < VISIT_TEXTS; i++) {
        struct str text = *text_of(&texts, i);

        if (text.p)
            e->text[i] =
                copy_text(text, i == VISIT_TEXT_AGENT ? AGENT_MAX : LIMIT_NAME_BYTES);
        whole = whole && (e->text[i] || !text.p);
    }
    e->level = from->level;
    e->begun = from->begun;
    atomic_store(&e->seen, from->seen);
    if (whole && e->text[VISIT_TEXT_ACCOUNT])
        return e;
    entry_free(e);
    return NULL;
}

static struct visit_entry **bucket(struct visits *v, const uint8_t *hash)
{
    return &v->buckets[(hash[0] | (unsigned)hash[1] << 8) & (VISIT_BUCKETS - 1)];
}

static struct visit_entry *find(struct visits *v, const uint8_t *hash)
{
    struct visit_entry *e = *bucket(v, hash);

    while (e && !crypto_same(e->hash, hash, VISIT_HASH))
        e = e->next;
    return e;
}

static void insert(struct visits *v, struct visit_entry *e)
{
    struct visit_entry **at = bucket(v, e->hash);

    e->next = *at;
    *at = e;
}

bool visit_is_over(const struct visit_entry *e, utc_ms now)
{
    utc_ms seen = atomic_load_explicit(&e->seen, memory_order_relaxed);

    if (e->level < VISIT_PASSWORD)
        return now - e->begun >= LIMIT_SESSION_HALF_MINUTES * MINUTE;
    return now - e->begun >= LIMIT_SESSION_HOURS * HOUR ||
           now - seen >= LIMIT_SESSION_IDLE_MINUTES * MINUTE;
}

/* Take out what ${is_out} says; lock held for writing. Calls ${gone} before each goes. */
void visits_take_out(struct visits *v,
    bool (*is_out)(const struct visit_entry *, void *), void *arg,
    void (*gone)(struct visits *, const struct visit_entry *))
{
    for (size_t i = 0; i < VISIT_BUCKETS; i++) {
        struct visit_entry **at = &v->buckets[i];

        while (*at) {
            struct visit_entry *e = *at;

            if (is_out(e, arg)) {
                *at = e->next;
                if (gone)
                    gone(v, e);
                entry_free(e);
            } else {
                at = &e->next;
            }
        }
    }
}

/* ---- settings ---- */

static void setting_name(
    const uint8_t *hash, char out[sizeof(VISIT_PREFIX) + (size_t)2 * VISIT_HASH])
{
    memcpy(out, VISIT_PREFIX, sizeof(VISIT_PREFIX) - 1);
    hex_encode(hash, VISIT_HASH, out + sizeof(VISIT_PREFIX) - 1);
}

static int entry_save(struct visits *v, const struct visit_entry *e, struct err *err)
{
    char name[sizeof(VISIT_PREFIX) + (size_t)2 * VISIT_HASH];
    struct buf value;
    struct json_out o;
    int r;

    if (e->level < VISIT_PASSWORD)
        return 0;
    buf_init(&value, LIMIT_SETTING_BYTES);
    o = json_out(&value);
    json_open(&o, '{');
    for (int i = 0; i < VISIT_TEXTS; i++)
        json_member(&o, text_names[i], str_of(e->text[i]));
    json_name(&o, "level");
    json_put_int(&o, e->level);
    json_name(&o, "begun");
    json_put_int(&o, e->begun);
    json_name(&o, "seen");
    json_put_int(&o, atomic_load(&e->seen));
    json_close(&o, '}');
    setting_name(e->hash, name);
    r = buf_error(&value, "The session", err);
    if (r == 0)
        r = store_setting_put(
            v->app->store, name, (struct str){value.data, value.len}, err);
    buf_done(&value);
    return r;
}

void visit_remove_setting(struct visits *v, const struct visit_entry *e)
{
    char name[sizeof(VISIT_PREFIX) + (size_t)2 * VISIT_HASH];

    setting_name(e->hash, name);
    if (e->level >= VISIT_PASSWORD)
        (void)store_setting_put(v->app->store, name, (struct str){NULL, 0}, NULL);
}

static int64_t number(const struct json *json, const char *name)
{
    int64_t n = 0;

    return text_int(json_text(json_get(json, name)), 0, INT64_MAX, &n) ? n : 0;
}

static int load_one(void *arg, const char *name, struct str value, struct err *err)
{
    struct visits *v = arg;
    struct arena *a = arena_new();
    const struct json *json = NULL;
    const char *hex = name + sizeof(VISIT_PREFIX) - 1;
    uint8_t hash[VISIT_HASH];
    struct visit from = {0};
    struct visit_entry *e = NULL;
    int r = a ? json_read_trusted(a, value, &json, err) : err_nomem(err);

    if (r == 0 && strlen(hex) == 2 * sizeof(hash) &&
        hex_decode(hex, hash, sizeof(hash))) {
        for (int i = 0; i < VISIT_TEXTS; i++)
            *text_of(&from, i) = json_get_text(json, text_names[i]);
        from.level = number(json, "level") == VISIT_CODE ? VISIT_CODE : VISIT_PASSWORD;
        from.begun = number(json, "begun");
        from.seen = number(json, "seen");
        e = entry_new(&from, hash);
        if (e)
            insert(v, e);
        else
            r = err_nomem(err);
    }
    arena_free(a);
    return r;
}

int visits_new(struct app *app, struct visits **ret, struct err *err)
{
    struct visits *v = base_malloc(sizeof(*v));
    struct arena *a = arena_new();
    int r = v && a ? 0 : err_nomem(err);

    if (v) {
        memset(v, 0, sizeof(*v));
        v->app = app;
        pthread_rwlock_init(&v->lock, NULL);
        pthread_mutex_init(&v->looking, NULL);
    }
    if (r == 0)
        r = store_setting_each(app->store, a, VISIT_PREFIX, load_one, v, err);
    arena_free(a);
    if (r < 0)
        visits_free(v);
    else
        *ret = v;
    return r;
}

static bool is_any(const struct visit_entry *e, void *arg)
{
    (void)e;
    (void)arg;
    return true;
}

void visits_free(struct visits *v)
{
    if (!v)
        return;
    visits_take_out(v, is_any, NULL, NULL);
    pthread_mutex_destroy(&v->looking);
    pthread_rwlock_destroy(&v->lock);
    base_free(v);
}

void visits_keep(struct app *app)
{
    struct visits *v = app->visits;

    if (!v)
        return;
    /* what another process has ended a moment ago must not come back */
    atomic_store(&v->next_look, 0);
    visits_keep_up(v);
    for (size_t i = 0; i < VISIT_BUCKETS; i++) {
        for (struct visit_entry *e = v->buckets[i]; e; e = e->next)
            (void)entry_save(v, e, NULL);
    }
}

/* ---- use ---- */

static int ended(struct err *err)
{
    return err_set(err, E_UNAUTHORISED, "session",
        "You are not signed in, or your session has ended. Sign in again.");
}

static bool is_over_now(const struct visit_entry *e, void *now)
{
    return visit_is_over(e, *(utc_ms *)now);
}

struct oldest {
    struct str account;
    const struct visit_entry *entry;
    size_t count;
};

static void find_oldest(struct visits *v, struct oldest *o)
{
    for (size_t i = 0; i < VISIT_BUCKETS; i++) {
        for (const struct visit_entry *e = v->buckets[i]; e; e = e->next) {
            if (!str_is(o->account, e->text[VISIT_TEXT_ACCOUNT]))
                continue;
            o->count++;
            if (!o->entry || e->begun < o->entry->begun)
                o->entry = e;
        }
    }
}

static bool is_this(const struct visit_entry *e, void *arg)
{
    return e == *(const struct visit_entry **)arg;
}

int visit_begin(struct app *app, const struct visit *from, utc_ms now,
    char secret[CRYPTO_SECRET_CHARS + 1], struct err *err)
{
    struct visits *v = app->visits;
    struct visit made = *from;
    struct oldest oldest = {.account = from->account};
    uint8_t hash[VISIT_HASH];
    struct visit_entry *e = NULL;
    int r = 0;

    crypto_secret_new(secret);
    if (!crypto_secret_hash(use_visit, str_of(secret), hash))
        return err_set(err, E_BUG, NULL, "A new session does not have its form.");
    made.begun = from->begun ? from->begun : now;
    made.seen = now;
    e = entry_new(&made, hash);
    if (!e)
        return err_nomem(err);
    e->proved = now;
    pthread_rwlock_wrlock(&v->lock);
    visits_take_out(v, is_over_now, &now, visit_remove_setting);
    find_oldest(v, &oldest);
    if (oldest.count >= LIMIT_SESSIONS_PERSON)
        visits_take_out(v, is_this, (void *)&oldest.entry, visit_remove_setting);
    r = entry_save(v, e, err);
    if (r == 0)
        insert(v, e);
    else
        entry_free(e);
    pthread_rwlock_unlock(&v->lock);
    return r;
}

int visit_copy_out(
    struct arena *a, const struct visit_entry *e, struct visit *ret, struct err *err)
{
    *ret = (struct visit){.level = e->level,
        .begun = e->begun,
        .seen = atomic_load(&e->seen),
        .proved = e->proved,
        .has_pending = e->has_pending,
        .wrong = e->wrong};
    for (int i = 0; i < VISIT_TEXTS; i++) {
        char *text =
            e->text[i] ? arena_strndup(a, e->text[i], strlen(e->text[i])) : NULL;

        if (e->text[i] && !text)
            return err_nomem(err);
        *text_of(ret, i) = str_of(text);
    }
    memcpy(ret->pending, e->pending, sizeof(ret->pending));
    hex_encode(e->hash, VISIT_HASH, ret->id);
    return 0;
}

struct visit_asked {
    struct str secret;
    utc_ms now;
    bool keeps; /* it counts as being used */
};

static int find_visit(struct app *app, struct arena *a, const struct visit_asked *asked,
    struct visit *ret, struct err *err)
{
    struct visits *v = app->visits;
    uint8_t hash[VISIT_HASH];
    struct visit_entry *e = NULL;
    int r = 0;

    if (!crypto_secret_hash(use_visit, asked->secret, hash))
        return ended(err);
    visits_keep_up(v);
    pthread_rwlock_rdlock(&v->lock);
    e = find(v, hash);
    if (!e || visit_is_over(e, asked->now)) {
        r = ended(err);
    } else {
        if (asked->keeps)
            atomic_store_explicit(&e->seen, asked->now, memory_order_relaxed);
        r = visit_copy_out(a, e, ret, err);
    }
    pthread_rwlock_unlock(&v->lock);
    return r;
}

int visit_find(struct app *app, struct arena *a, struct str secret, utc_ms now,
    struct visit *ret, struct err *err)
{
    const struct visit_asked asked = {secret, now, true};

    return find_visit(app, a, &asked, ret, err);
}

int visit_look(struct app *app, struct arena *a, struct str secret, utc_ms now,
    struct visit *ret, struct err *err)
{
    const struct visit_asked asked = {secret, now, false};

    return find_visit(app, a, &asked, ret, err);
}

/* ---- changes ---- */

/* The entry named ${id}; lock held. */
static struct visit_entry *find_id(struct visits *v, struct str id)
{
    uint8_t hash[VISIT_HASH];

    if (id.len != 2 * sizeof(hash) || !hex_decode(id.p, hash, sizeof(hash)))
        return NULL;
    return find(v, hash);
}

int visit_end(struct app *app, struct str account, struct str id, struct err *err)
{
    struct visits *v = app->visits;
    struct visit_entry *e = NULL;

    pthread_rwlock_wrlock(&v->lock);
    e = find_id(v, id);
    if (e && str_is(account, e->text[VISIT_TEXT_ACCOUNT]))
        visits_take_out(v, is_this, &e, visit_remove_setting);
    else
        e = NULL;
    pthread_rwlock_unlock(&v->lock);
    return e ? 0 : err_set(err, E_NOT_FOUND, "session", "There is no such session.");
}

int visit_raise(struct app *app, const struct visit *visit, enum visit_level level,
    utc_ms now, char secret[CRYPTO_SECRET_CHARS + 1], struct err *err)
{
    struct visit raised = *visit;
    int r = visit_end(app, visit->account, str_of(visit->id), err);

    raised.level = level;
    if (visit->level < VISIT_PASSWORD)
        raised.begun = 0; /* only now is signing in complete */
    return r == 0 ? visit_begin(app, &raised, now, secret, err) : ended(err);
}

void visit_proved(struct app *app, const struct visit *visit, utc_ms now)
{
    struct visit_entry *e = NULL;

    pthread_rwlock_wrlock(&app->visits->lock);
    e = find_id(app->visits, str_of(visit->id));
    if (e)
        e->proved = now;
    pthread_rwlock_unlock(&app->visits->lock);
}

void visit_pending(struct app *app, const struct visit *visit, const uint8_t *secret)
{
    struct visit_entry *e = NULL;

    pthread_rwlock_wrlock(&app->visits->lock);
    e = find_id(app->visits, str_of(visit->id));
    if (e) {
        memcpy(e->pending, secret, sizeof(e->pending));
        e->has_pending = true;
    }
    pthread_rwlock_unlock(&app->visits->lock);
}

int visit_wrong_code(struct app *app, const struct visit *visit, struct err *err)
{
    struct visit_entry *e = NULL;
    bool out = false;

    pthread_rwlock_wrlock(&app->visits->lock);
    e = find_id(app->visits, str_of(visit->id));
    out = e && ++e->wrong >= LIMIT_SESSION_CODES && e->level < VISIT_PASSWORD;
    if (out)
        visits_take_out(app->visits, is_this, &e, visit_remove_setting);
    pthread_rwlock_unlock(&app->visits->lock);
    if (out)
        return ended(err);
    return err_set(err, E_UNAUTHORISED, "code",
        "This code is not right, or was used already. Wait for the next one.");
}

/* ---- pages ---- */

bool session_visit_lives(struct app *app, struct str secret, utc_ms now)
{
    const struct visit_entry *e = NULL;
    uint8_t hash[VISIT_HASH];
    bool lives = false;

    if (!crypto_secret_hash(use_visit, secret, hash))
        return false;
    visits_keep_up(app->visits);
    pthread_rwlock_rdlock(&app->visits->lock);
    e = find(app->visits, hash);
    lives = e && e->level >= VISIT_PASSWORD && !visit_is_over(e, now);
    pthread_rwlock_unlock(&app->visits->lock);
    return lives;
}

bool visit_token(struct str secret, char out[VISIT_TOKEN_CHARS + 1])
{
    uint8_t hash[VISIT_HASH];

    if (!crypto_secret_hash(use_token, secret, hash))
        return false;
    hex_encode(hash, sizeof(hash), out);
    return true;
}
