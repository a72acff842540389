/* SPDX-License-Identifier: Apache-2.0 */
/* All rules, kept in memory: the file's, and every version that is a record. */
#include "app/procedure_rule.h"

#include <stdatomic.h>
#include <string.h>

#include "app/app_internal.h"

#define AT_ONCE 100

struct held {
    struct held *next;
    struct procedure_rule rule;
    bool filed; /* it is the file's, and counts while its procedure has no record */
    int64_t position; /* of the log, where it was recorded; 0: it is no record */
};

struct procedure_rules {
    struct app *app;
    unsigned type;
    atomic_ullong generation;
    pthread_mutex_t lock; /* guards the rest; held while records are read */
    uint64_t known;       /* the generation that was read; 0: never */
    struct arena *arena;
    struct held *first;
};

struct procedure_rules *procedure_rules_new(struct app *app)
{
    struct procedure_rules *all = base_malloc(sizeof(*all));

    if (!all)
        return NULL;
    memset(all, 0, sizeof(*all));
    all->app = app;
    all->type = fhir_resource_named(STR("ProcedureRule"))->number;
    all->generation = 1;
    all->arena = arena_new();
    if (!all->arena) {
        base_free(all);
        return NULL;
    }
    pthread_mutex_init(&all->lock, NULL);
    return all;
}

void procedure_rules_free(struct procedure_rules *all)
{
    if (!all)
        return;
    pthread_mutex_destroy(&all->lock);
    arena_free(all->arena);
    base_free(all);
}

void procedure_rules_changed(struct procedure_rules *all, unsigned type)
{
    if (type == all->type)
        atomic_fetch_add(&all->generation, 1);
}

/* ---- reading; with lock held ---- */

/* Was it a record when the log ended at ${known}? */
static bool is_recorded(const struct held *h, int64_t known)
{
    return h->position > 0 && h->position <= known;
}

static struct held *held_of(
    const struct procedure_rules *all, int64_t known, struct str id)
{
    for (struct held *h = all->first; h; h = h->next) {
        if (str_eq(h->rule.id, id) && (h->filed || is_recorded(h, known)))
            return h;
    }
    return NULL;
}

static bool keep(struct arena *a, struct str *text)
{
    const char *copy = arena_strndup(a, text->p, text->len);

    *text = (struct str){copy, text->len};
    return copy != NULL;
}

/* ${position}: of the record; 0: the file says so. */
static int add(struct procedure_rules *all, const struct json *json, int64_t position,
    struct err *err)
{
    struct procedure_rule rule;
    struct held *h = NULL;

    if (!procedure_rule_read(json, &rule))
        return 0;
    h = held_of(all, PROCEDURE_RULES_NOW, rule.id);
    if (h) {
        if (h->position == 0)
            h->position = position;
        return 0;
    }
    h = arena_alloc(all->arena, sizeof(*h));
    if (!h || !keep(all->arena, &rule.id) || !keep(all->arena, &rule.code) ||
        !keep(all->arena, &rule.source))
        return err_nomem(err);
    *h = (struct held){all->first, rule, position == 0, position};
    all->first = h;
    return 0;
}

static int add_file(struct procedure_rules *all, struct arena *look, struct err *err)
{
    int r = 0;

    for (size_t i = 0; r == 0 && i < procedure_rule_text_count; i++) {
        const struct json *json = NULL;

        r = json_read_trusted(look, str_of(procedure_rule_texts[i]), &json, err);
        if (r == 0)
            r = add(all, json, 0, err);
    }
    return r;
}

static int add_record(struct procedure_rules *all, struct store_reader *reader,
    struct arena *look, store_rid rid, struct err *err)
{
    struct store_record rec = {0};
    const struct json *json = NULL;
    int r = store_get_rid(reader, look, rid, true, &rec, err);

    if (r == E_NOT_FOUND ||
        (r == 0 && (rec.operation == STORE_DELETE || rec.body.len == 0)))
        return 0;
    if (r == 0)
        r = json_read_trusted(look, rec.body, &json, err);
    if (r == 0)
        r = add(all, json, rec.seq, err);
    arena_reset(look);
    return r;
}

static int add_records(struct procedure_rules *all, struct arena *look, struct err *err)
{
    struct store_reader *reader = NULL;
    store_rid rids[AT_ONCE];
    store_rid after = 0;
    size_t count = AT_ONCE;
    int r = store_read_begin(all->app->store, &reader, err);

    if (r < 0)
        return r;
    while (r == 0 && count == AT_ONCE) {
        r = store_rids(reader, all->type, after, rids, AT_ONCE, &count, err);
        for (size_t i = 0; r == 0 && i < count; i++)
            r = add_record(all, reader, look, rids[i], err);
        after = count > 0 ? rids[count - 1] : 0;
    }
    store_read_end(reader);
    return r;
}

static int renew(struct procedure_rules *all, struct err *err)
{
    uint64_t generation = atomic_load(&all->generation);
    struct arena *look = NULL;
    int r = 0;

    if (all->known == generation)
        return 0;
    look = arena_new();
    if (!look)
        return err_nomem(err);
    if (!all->first)
        r = add_file(all, look, err);
    if (r == 0)
        r = add_records(all, look, err);
    arena_free(look);
    if (r == 0)
        all->known = generation;
    return r;
}

/* ---- finding; with lock held ---- */

/* Of ${code} the newest; ${first}: the oldest that came with software. */
static struct held *one_of(const struct procedure_rules *all, int64_t known,
    struct str code, bool recorded, bool first)
{
    struct held *found = NULL;

    for (struct held *h = all->first; h; h = h->next) {
        if (!str_eq(h->rule.code, code) || is_recorded(h, known) != recorded ||
            (!recorded && !h->filed) || (first && !h->rule.shipped))
            continue;
        if (!found || (found->rule.version < h->rule.version) != first)
            found = h;
    }
    return found;
}

static struct held *own_of(
    const struct procedure_rules *all, int64_t known, struct str code, bool first)
{
    struct held *own = one_of(all, known, code, true, first);

    return own ? own : one_of(all, known, code, false, first);
}

static struct held *that_counts(
    const struct procedure_rules *all, int64_t known, struct str code, bool first)
{
    struct held *own = own_of(all, known, code, first);

    return own ? own : own_of(all, known, STR(PROCEDURE_RULE_USUAL), first);
}

/* Once: whoever has the rule reads it without the lock. */
static int prepare(struct procedure_rule *rule, struct err *err)
{
    int r = 0;

    if (rule->sign_off.curve)
        return 0;
    r = curve_prepare(&rule->curve, err);
    if (r == 0)
        rule->sign_off.curve = &rule->curve;
    return r;
}

/* ---- for others ---- */

int procedure_rule_known(struct procedure_rules *all, int64_t known, struct str code,
    const struct procedure_rule **ret, struct err *err)
{
    struct held *h = NULL;
    int r = 0;

    pthread_mutex_lock(&all->lock);
    r = renew(all, err);
    if (r == 0) {
        h = that_counts(all, known, code, false);
        r = h ? prepare(&h->rule, err)
              : err_set(err, E_BUG, NULL, "There is no usual rule of procedures.");
    }
    pthread_mutex_unlock(&all->lock);
    if (r == 0)
        *ret = &h->rule;
    return r;
}

int procedure_rule_of(struct procedure_rules *all, struct str code,
    const struct procedure_rule **ret, struct err *err)
{
    return procedure_rule_known(all, PROCEDURE_RULES_NOW, code, ret, err);
}

/* NOLINTNEXTLINE(readability-function-size): the contract */
int procedure_rule_signed(struct procedure_rules *all, int64_t known, struct str id,
    struct str code, const struct procedure_rule **ret, struct err *err)
{
    struct held *h = NULL;
    int r = 0;

    pthread_mutex_lock(&all->lock);
    r = renew(all, err);
    if (r == 0) {
        h = id.p ? held_of(all, known, id) : that_counts(all, known, code, true);
        r = h ? prepare(&h->rule, err) : 0;
    }
    pthread_mutex_unlock(&all->lock);
    if (r == 0 && !h)
        return procedure_rule_known(all, known, code, ret, err);
    if (r == 0)
        *ret = &h->rule;
    return r;
}

int procedure_rules_last(
    struct procedure_rules *all, int64_t known, int64_t *ret, struct err *err)
{
    int r = 0;

    *ret = 0;
    pthread_mutex_lock(&all->lock);
    r = renew(all, err);
    for (const struct held *h = all->first; r == 0 && h; h = h->next) {
        if (is_recorded(h, known) && h->position > *ret)
            *ret = h->position;
    }
    pthread_mutex_unlock(&all->lock);
    return r;
}

int procedure_rule_own(struct procedure_rules *all, struct str code,
    const struct procedure_rule **ret, struct err *err)
{
    struct held *h = NULL;
    int r = 0;

    pthread_mutex_lock(&all->lock);
    r = renew(all, err);
    if (r == 0)
        h = own_of(all, PROCEDURE_RULES_NOW, code, false);
    pthread_mutex_unlock(&all->lock);
    if (r == 0)
        *ret = h ? &h->rule : NULL;
    return r;
}

int procedure_watch_of(struct procedure_rules *all, const struct procedure_rule *rule,
    const struct watch_rule **ret, struct err *err)
{
    struct held *h = NULL;
    int r = 0;

    pthread_mutex_lock(&all->lock);
    h = held_of(all, PROCEDURE_RULES_NOW, rule->id);
    if (!h)
        r = err_set(err, E_BUG, NULL, "A rule that is not held was asked about.");
    else if (h->rule.watch.limit <= 0) {
        struct watch_rule made = {.accepted = rule->curve.adequate,
            .alarming = rule->curve.inadequate,
            .horizon = rule->curve.horizon,
            .alpha = rule->curve.alpha};

        r = watch_prepare(&made, err);
        if (r == 0)
            h->rule.watch = made;
    }
    pthread_mutex_unlock(&all->lock);
    if (r == 0)
        *ret = &h->rule.watch;
    return r;
}

enum sign_off_outcome procedure_outcome(
    const struct procedure_rule *rule, const enum procedure_result results[LOOKS])
{
    for (int i = 0; i < LOOKS; i++) {
        if (rule->failure >> results[i] & 1)
            return OUTCOME_FAILURE;
    }
    return results[LOOK_DAY_30] == RESULT_NOT_ASKED ||
                   results[LOOK_DAY_30] == RESULT_UNKNOWN
               ? OUTCOME_NOT_KNOWN
               : OUTCOME_GOOD;
}
