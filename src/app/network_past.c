/* SPDX-License-Identifier: Apache-2.0 */
/* What records said earlier, and networks made of it (network_past.h). */
#include "app/network_past.h"

#include <stdlib.h>
#include <string.h>

#include "app/app_internal.h"
#include "app/network_internal.h"

#define AT_ONCE 250

/* A version of a record, and what the record says from it on: mostly what it says itself; where
 * several nodes wrote, perhaps what another one does. */
struct told {
    store_rid rid;
    int64_t position;
    int64_t parent;                        /* as struct store_version has it */
    uint32_t own, own_count, first, count; /* facts of the archive, of either */
};

/* Everything that records of one type ever said. */
struct archive {
    unsigned type;
    struct network_part
        taken;   /* the facts of one version, while it is read; their texts stay */
    char *facts; /* of all versions, those of each beside each other */
    struct told *told; /* by record, then position */
    size_t fact_count, fact_cap, count, cap;
};

/* A network, and from which position on it is what was known. */
struct kept {
    int64_t position;
    struct network *network; /* NULL: none */
    uint64_t used;
};

struct network_past {
    struct app *app;
    pthread_mutex_t making; /* guards the rest; held while records are read */
    struct archive of[NETWORK_KINDS];
    int64_t read; /* everything up to this position is in it; 0: nothing is */
    uint64_t erasures;
    struct kept kept[LIMIT_NETWORK_THEN];
    uint64_t uses;
};

struct catching {
    struct network_past *past;
    struct store_reader *reader;
    enum network_kind kind;
    struct arena *page; /* of some versions */
    struct arena *look; /* of one record */
};

struct network_past *network_past_new(struct app *app, const unsigned *types)
{
    struct network_past *p = base_malloc(sizeof(*p));

    if (!p)
        return NULL;
    memset(p, 0, sizeof(*p));
    p->app = app;
    for (int i = 0; i < NETWORK_KINDS; i++) {
        p->of[i].type = types[i];
        p->of[i].taken.size = network_fact_size((enum network_kind)i);
    }
    pthread_mutex_init(&p->making, NULL);
    return p;
}

/* With making held, as all that follows. */
static void forget(struct network_past *p)
{
    for (int i = 0; i < LIMIT_NETWORK_THEN; i++) {
        network_release(p->kept[i].network);
        p->kept[i] = (struct kept){.network = NULL};
    }
    for (int i = 0; i < NETWORK_KINDS; i++) {
        struct archive *one = &p->of[i];

        arena_free(one->taken.arena);
        base_free(one->facts);
        base_free(one->told);
        *one = (struct archive){.type = one->type, .taken = {.size = one->taken.size}};
    }
    p->read = 0;
}

void network_past_free(struct network_past *p)
{
    if (!p)
        return;
    forget(p);
    pthread_mutex_destroy(&p->making);
    base_free(p);
}

/* ---- a version becomes facts ---- */

/* ${list} with room for one more; NULL: no memory. */
static void *grown(void *list, size_t count, size_t *cap, size_t size)
{
    size_t wanted = *cap ? *cap * 2 : 64;
    void *made = NULL;

    if (count < *cap)
        return list;
    made = base_realloc(list, wanted * size);
    if (made)
        *cap = wanted;
    return made;
}

static int keep_facts(struct archive *to, struct err *err)
{
    size_t size = to->taken.size;

    if (to->fact_count + to->taken.count > LIMIT_NETWORK_PAST)
        return err_set(err, E_TOO_LARGE, NULL,
            "There are more than %d versions of records of one kind in the network.",
            LIMIT_NETWORK_PAST);
    for (size_t i = 0; i < to->taken.count; i++) {
        char *facts = grown(to->facts, to->fact_count, &to->fact_cap, size);

        if (!facts)
            return err_nomem(err);
        to->facts = facts;
        memcpy(facts + to->fact_count++ * size, (const char *)to->taken.list + i * size,
            size);
    }
    return 0;
}

static int take_facts(
    struct catching *c, const struct store_version *v, struct err *err)
{
    struct archive *to = &c->past->of[c->kind];
    struct network_taking t = {
        .part = &to->taken, .rid = v->rid, .base = c->past->app->base[APP_FHIR]};
    int r = json_read_trusted(c->look, v->body, &t.record, err);

    to->taken.count = 0;
    if (r == 0 && network_take_record(c->kind, &t) < 0)
        r = err_nomem(err);
    arena_reset(c->look);
    return r == 0 ? keep_facts(to, err) : r;
}

static int take_version(
    struct catching *c, const struct store_version *v, struct err *err)
{
    struct archive *to = &c->past->of[c->kind];
    struct told *told = grown(to->told, to->count, &to->cap, sizeof(*told));
    uint32_t first = (uint32_t)to->fact_count, count = 0;
    int r = 0;

    if (!told)
        return err_nomem(err);
    to->told = told;
    if (v->body.len > 0)
        r = take_facts(c, v, err);
    count = (uint32_t)to->fact_count - first;
    told[to->count++] =
        (struct told){v->rid, v->seq, v->parent, first, count, first, count};
    return r;
}

/* All versions of the type that came since it was read. */
static int take_versions(struct catching *c, struct err *err)
{
    const struct archive *to = &c->past->of[c->kind];
    struct store_version list[AT_ONCE];
    struct store_page page = {.type = to->type, .before = INT64_MAX, .limit = AT_ONCE};
    size_t count = AT_ONCE;
    int r = 0;

    while (r == 0 && count == AT_ONCE && page.before > c->past->read + 1) {
        r = store_versions(c->reader, c->page, &page, list, &count, err);
        for (size_t i = 0; r == 0 && i < count; i++) {
            page.before = list[i].seq;
            if (page.before > c->past->read)
                r = take_version(c, &list[i], err);
        }
        arena_reset(c->page);
    }
    return r;
}

/* ---- what a record said when ---- */

/* Do the versions of a record follow one on another, so that each was what is said? */
static bool is_chain(const struct told *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (list[i].parent != (i == 0 ? 0 : list[i - 1].position))
            return false;
    }
    return true;
}

/* From ${one} on its record says what the version at ${seq} does, one of ${list}. */
static void say(struct told *one, const struct told *list, size_t count, int64_t seq)
{
    for (size_t i = 0; i < count; i++) {
        if (list[i].position == seq) {
            one->first = list[i].own;
            one->count = list[i].own_count;
        }
    }
}

/* Several nodes wrote it: the store says what was current when. */
static int settle(struct catching *c, struct told *list, size_t count, struct err *err)
{
    struct store_moment *moments = NULL;
    size_t moment_count = 0, at = 0;
    int r =
        store_moments(c->reader, c->look, list[0].rid, &moments, &moment_count, err);

    for (size_t i = 0; r == 0 && i < count; i++) {
        while (at < moment_count && moments[at].position <= list[i].position)
            at++;
        if (at > 0)
            say(&list[i], list, count, moments[at - 1].seq);
    }
    arena_reset(c->look);
    return r;
}

static int compare_told(const void *one, const void *other)
{
    const struct told *a = one, *b = other;

    if (a->rid != b->rid)
        return a->rid < b->rid ? -1 : 1;
    return a->position < b->position ? -1 : a->position > b->position;
}

/* Those behind the first ${before}, which are in their order, to their places. */
static int put_in_order(struct archive *to, size_t before)
{
    size_t count = to->count - before, at = to->count;
    struct told *come = base_malloc(count * sizeof(*come));

    if (!come)
        return E_NOMEM;
    memcpy(come, to->told + before, count * sizeof(*come));
    qsort(come, count, sizeof(*come), compare_told);
    while (count > 0) {
        bool old =
            before > 0 && compare_told(&to->told[before - 1], &come[count - 1]) > 0;

        to->told[--at] = old ? to->told[--before] : come[--count];
    }
    base_free(come);
    return 0;
}

static int catch_up_kind(struct catching *c, struct err *err)
{
    struct archive *to = &c->past->of[c->kind];
    size_t before = to->count;
    int r = 0;

    if (!to->taken.arena)
        to->taken.arena = arena_new();
    if (!to->taken.arena)
        return err_nomem(err);
    r = take_versions(c, err);
    if (r < 0 || to->count == before)
        return r;
    if (put_in_order(to, before) < 0)
        return err_nomem(err);
    for (size_t i = 0, end = 0; r == 0 && i < to->count; i = end) {
        while (end < to->count && to->told[end].rid == to->told[i].rid)
            end++;
        if (to->told[end - 1].position > c->past->read &&
            !is_chain(&to->told[i], end - i))
            r = settle(c, &to->told[i], end - i, err);
    }
    return r;
}

/* Read what came since, at least up to ${position}. */
static int catch_up(struct network_past *p, int64_t position, struct err *err)
{
    struct catching c = {.past = p};
    uint64_t erasures = store_erasures(p->app->store); /* before the snapshot */
    int64_t last = 0;
    int r = 0;

    if (erasures != p->erasures)
        forget(p);
    p->erasures = erasures;
    if (p->read >= position)
        return 0;
    c.page = arena_new();
    c.look = arena_new();
    r = c.page && c.look ? store_read_begin(p->app->store, &c.reader, err)
                         : err_nomem(err);
    if (r == 0)
        r = store_seq(c.reader, &last, err);
    for (int i = 0; r == 0 && i < NETWORK_KINDS; i++) {
        c.kind = (enum network_kind)i;
        r = catch_up_kind(&c, err);
    }
    if (c.reader)
        store_read_end(c.reader);
    arena_free(c.page);
    arena_free(c.look);
    if (r == 0)
        p->read = last;
    else
        forget(p);
    return r;
}

/* ---- a network of it ---- */

/* Of one record what was said at ${position}, of those told from ${*at} on; NULL: nothing yet.
 * ${*at} goes to the next record. */
static const struct told *said_at(
    const struct archive *of, int64_t position, size_t *at)
{
    const struct told *found = NULL;
    store_rid rid = of->told[*at].rid;

    for (; *at < of->count && of->told[*at].rid == rid; (*at)++) {
        if (of->told[*at].position <= position)
            found = &of->told[*at];
    }
    return found;
}

/* The facts of ${position}, in the order of their records; their texts stay the archive's. */
static int select_part(const struct archive *of, int64_t position, struct arena *a,
    struct network_part *ret)
{
    size_t size = of->taken.size;
    char *to = NULL;

    *ret = (struct network_part){.arena = a, .size = size, .names = of->taken.names};
    to = arena_alloc_raw(a, (of->fact_count + 1) * size);
    ret->rids = arena_alloc_raw(a, (of->fact_count + 1) * sizeof(*ret->rids));
    if (!to || !ret->rids)
        return E_NOMEM;
    ret->list = to;
    for (size_t at = 0; at < of->count;) {
        const struct told *one = said_at(of, position, &at);

        if (!one || one->count == 0)
            continue;
        memcpy(
            to + ret->count * size, of->facts + one->first * size, one->count * size);
        for (size_t i = 0; i < one->count; i++)
            ret->rids[ret->count++] = one->rid;
    }
    return 0;
}

static int select_parts(struct network_past *p, int64_t position, struct arena *a,
    struct network_part parts[NETWORK_KINDS])
{
    int r = 0;

    for (int i = 0; r == 0 && i < NETWORK_KINDS; i++)
        r = select_part(&p->of[i], position, a, &parts[i]);
    return r;
}

static int make(
    struct network_past *p, int64_t position, struct network **ret, struct err *err)
{
    struct network_judging judging = {.rules = p->app->rules, .known = position};
    struct network_part parts[NETWORK_KINDS];
    struct arena *a = arena_new(), *chosen = arena_new();
    atomic_uint *holders = a ? arena_alloc(a, sizeof(*holders)) : NULL;
    int r = holders && chosen ? 0 : err_nomem(err);

    if (r == 0 && select_parts(p, position, chosen, parts) < 0)
        r = err_nomem(err);
    if (r == 0)
        r = network_join(&judging, parts, a, ret, err);
    arena_free(chosen);
    if (r < 0) {
        arena_free(a);
        return r;
    }
    atomic_store(holders, 1);
    (*ret)->holders = holders;
    (*ret)->serial = network_serial_next();
    return 0;
}

/* The last position at or before ${position} at which anything of it changed: all that are asked
 * about between two changes share one network. */
static int last_change(
    struct network_past *p, int64_t position, int64_t *ret, struct err *err)
{
    int r = procedure_rules_last(p->app->rules, position, ret, err);

    for (int i = 0; r == 0 && i < NETWORK_KINDS; i++) {
        const struct archive *one = &p->of[i];

        for (size_t k = 0; k < one->count; k++) {
            if (one->told[k].position <= position && one->told[k].position > *ret)
                *ret = one->told[k].position;
        }
    }
    return r;
}

/* The network of ${position}, which is one of a change. */
static int find(
    struct network_past *p, int64_t position, struct network **ret, struct err *err)
{
    struct kept *oldest = &p->kept[0];
    struct network *made = NULL;
    int r = 0;

    for (int i = 0; i < LIMIT_NETWORK_THEN; i++) {
        struct kept *one = &p->kept[i];

        if (one->network && one->position == position) {
            one->used = ++p->uses;
            *ret = one->network;
            return 0;
        }
        if (one->used < oldest->used)
            oldest = one;
    }
    r = make(p, position, &made, err);
    if (r < 0)
        return r;
    network_release(oldest->network);
    *oldest = (struct kept){position, made, ++p->uses};
    *ret = made;
    return 0;
}

int network_past_read(struct network_past *p, struct err *err)
{
    int r = 0;

    pthread_mutex_lock(&p->making);
    r = catch_up(p, INT64_MAX, err);
    pthread_mutex_unlock(&p->making);
    return r;
}

int network_past_take(struct network_past *p, int64_t position,
    const struct network **ret, struct err *err)
{
    struct network *network = NULL;
    int64_t change = 0;
    int r = 0;

    pthread_mutex_lock(&p->making);
    r = catch_up(p, position, err);
    if (r == 0)
        r = last_change(p, position, &change, err);
    if (r == 0)
        r = find(p, change, &network, err);
    if (r == 0) {
        atomic_fetch_add(network->holders, 1);
        *ret = network;
    }
    pthread_mutex_unlock(&p->making);
    return r;
}
