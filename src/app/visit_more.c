/* SPDX-License-Identifier: Apache-2.0 */
/* All visits of an account: listed, ended, ended by another process. */
#include "base/id.h"

#include "app/code_rule.h"
#include "app/visit_internal.h"

#define SETTING_CHANGE "visit-change"
#define SECOND_NS 1000000000ull

/* ---- ended by another process ---- */

struct presence {
    struct arena *a;
    struct str *ids;
    size_t count;
};

static int note_present(void *arg, const char *name, struct str value, struct err *err)
{
    struct presence *p = arg;
    struct str *more = arena_grow(
        p->a, p->ids, p->count * sizeof(*more), (p->count + 1) * sizeof(*more));

    (void)value;
    if (!more)
        return err_nomem(err);
    p->ids = more;
    p->ids[p->count++] = str_of(name + sizeof(VISIT_PREFIX) - 1);
    return 0;
}

static bool is_absent(const struct visit_entry *e, void *arg)
{
    const struct presence *p = arg;
    char hex[(size_t)2 * VISIT_HASH + 1];

    if (e->level < VISIT_PASSWORD)
        return false; /* never kept; its account is looked at again with the code */
    hex_encode(e->hash, VISIT_HASH, hex);
    for (size_t i = 0; i < p->count; i++) {
        if (str_is(p->ids[i], hex))
            return false;
    }
    return true;
}

/* Failing to look changes nothing: the next second tries again. */
static void look(struct visits *v)
{
    struct presence p = {.a = arena_new()};
    struct str stamp = {NULL, 0};

    if (!p.a)
        return;
    (void)code_rule_load(v->app, NULL);
    if (store_setting_get(v->app->store, p.a, SETTING_CHANGE, &stamp, NULL) == 0 &&
        stamp.len == VISIT_STAMP_BYTES &&
        (v->stamp_len != stamp.len || memcmp(v->stamp, stamp.p, stamp.len) != 0)) {
        /* the lock first: none begun meanwhile may be taken for one that was ended */
        pthread_rwlock_wrlock(&v->lock);
        if (store_setting_each(
                v->app->store, p.a, VISIT_PREFIX, note_present, &p, NULL) == 0) {
            visits_take_out(v, is_absent, &p, NULL);
            memcpy(v->stamp, stamp.p, stamp.len);
            v->stamp_len = stamp.len;
        }
        pthread_rwlock_unlock(&v->lock);
    }
    arena_free(p.a);
}

void visits_keep_up(struct visits *v)
{
    uint64_t now = time_monotonic_ns();

    if (now < atomic_load_explicit(&v->next_look, memory_order_relaxed) ||
        pthread_mutex_trylock(&v->looking) != 0)
        return;
    if (now >= atomic_load(&v->next_look)) {
        look(v);
        atomic_store(&v->next_look, now + SECOND_NS);
    }
    pthread_mutex_unlock(&v->looking);
}

/* ---- of an account ---- */

struct ending {
    struct app *app;
    struct arena *a;
    struct str account;
    struct str but;
    struct presence names;
};

static int collect_of(void *arg, const char *name, struct str value, struct err *err)
{
    struct ending *ending = arg;
    const struct json *json = NULL;
    int r = json_read_trusted(ending->a, value, &json, err);

    if (r == 0 && str_eq(json_get_text(json, "account"), ending->account) &&
        !str_is(ending->but, name + sizeof(VISIT_PREFIX) - 1))
        r = note_present(&ending->names, name, value, err);
    return r;
}

static bool is_of(const struct visit_entry *e, void *arg)
{
    const struct ending *ending = arg;
    char hex[(size_t)2 * VISIT_HASH + 1];

    hex_encode(e->hash, VISIT_HASH, hex);
    return str_is(ending->account, e->text[VISIT_TEXT_ACCOUNT]) &&
           !str_is(ending->but, hex);
}

int visits_end_account(
    struct app *app, struct str account, struct str but, struct err *err)
{
    struct arena *a = arena_new();
    struct ending ending = {app, a, account, but, {.a = a}};
    char stamp[VISIT_STAMP_BYTES];
    int r = a ? 0 : err_nomem(err);

    if (r == 0) {
        pthread_rwlock_wrlock(&app->visits->lock);
        visits_take_out(app->visits, is_of, &ending, visit_remove_setting);
        pthread_rwlock_unlock(&app->visits->lock);
        r = store_setting_each(app->store, a, VISIT_PREFIX, collect_of, &ending, err);
    }
    for (size_t i = 0; r == 0 && i < ending.names.count; i++) {
        const char *name = arena_printf(a, VISIT_PREFIX "%.*s",
            (int)ending.names.ids[i].len, ending.names.ids[i].p);

        r = name ? store_setting_put(app->store, name, (struct str){NULL, 0}, err)
                 : err_nomem(err);
    }
    /* this process looks for it too: its stamp may come over one of another process that it
     * has not seen yet */
    id_random(stamp, sizeof(stamp));
    if (r == 0)
        r = store_setting_put(
            app->store, SETTING_CHANGE, (struct str){stamp, sizeof(stamp)}, err);
    arena_free(a);
    return r;
}

int visits_list(struct app *app, struct arena *a, struct str account, utc_ms now,
    struct visit_list *ret, struct err *err)
{
    struct visit *list = arena_array(a, LIMIT_SESSIONS_PERSON, sizeof(*list));
    size_t count = 0;
    int r = list ? 0 : err_nomem(err);

    pthread_rwlock_rdlock(&app->visits->lock);
    for (size_t i = 0; r == 0 && i < VISIT_BUCKETS; i++) {
        for (const struct visit_entry *e = app->visits->buckets[i]; e && r == 0;
             e = e->next) {
            size_t at = count;

            if (!str_is(account, e->text[VISIT_TEXT_ACCOUNT]) ||
                e->level < VISIT_PASSWORD || visit_is_over(e, now) ||
                count == LIMIT_SESSIONS_PERSON)
                continue;
            for (; at > 0 && list[at - 1].begun < e->begun; at--)
                list[at] = list[at - 1];
            r = visit_copy_out(a, e, &list[at], err);
            count++;
        }
    }
    pthread_rwlock_unlock(&app->visits->lock);
    if (r < 0)
        return r;
    *ret = (struct visit_list){list, count};
    return 0;
}
