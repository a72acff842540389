/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The current network. Facts of each type are kept with the generation under which they were
 * read; the generation is taken before the records are, so that a change in between makes
 * them old and never too young. Who needs the network while it is renewed waits for it: an
 * answer is never older than the last change that its asker could know of. Networks under
 * way stay with those who hold them.
 */
#include "app/app_internal.h"
#include "app/network_internal.h"
#include "app/network_past.h"

/* Records of one type that have changed since its part was read. */
struct pending {
    store_rid rids[LIMIT_NETWORK_PENDING];
    size_t count;
    bool all; /* more than there is room for */
};

struct networks {
    struct app *app;
    unsigned types[NETWORK_KINDS];
    unsigned rule_type; /* rules are no part, and what is put together goes by them */
    atomic_ullong generations[NETWORK_KINDS];
    pthread_mutex_t noting; /* guards pending; the last to be taken */
    struct pending pending[NETWORK_KINDS];
    pthread_rwlock_t
        lock; /* guards current and known; never held with reading records */
    pthread_mutex_t making; /* guards parts; taken before lock */
    struct network *current;
    uint64_t known[NETWORK_KINDS]; /* of current */
    struct network_part parts[NETWORK_KINDS];
    bool torn; /* guarded by making: the parts are younger than current tells */
    struct network_past *past;
};

struct networks *networks_new(struct app *app)
{
    static const char *const types[NETWORK_KINDS] = {[NETWORK_UNITS] = "Organization",
        [NETWORK_PLACES] = "Location",
        [NETWORK_PEOPLE] = "Practitioner",
        [NETWORK_POSTS] = "PractitionerRole",
        [NETWORK_LINKS] = "OrganizationAffiliation",
        [NETWORK_DEVICES] = "Device",
        [NETWORK_SERVICES] = "HealthcareService",
        [NETWORK_LEARNINGS] = "Apprenticeship",
        [NETWORK_CASES] = "Procedure"};
    struct networks *n = base_malloc(sizeof(*n));

    if (!n)
        return NULL;
    memset(n, 0, sizeof(*n));
    n->app = app;
    n->rule_type = fhir_resource_named(STR("ProcedureRule"))->number;
    for (int i = 0; i < NETWORK_KINDS; i++) {
        n->types[i] = fhir_resource_named(str_of(types[i]))->number;
        n->generations[i] = 1;
        n->parts[i].size = network_fact_size((enum network_kind)i);
    }
    n->past = network_past_new(app, n->types);
    if (!n->past) {
        base_free(n);
        return NULL;
    }
    pthread_rwlock_init(&n->lock, NULL);
    pthread_mutex_init(&n->making, NULL);
    pthread_mutex_init(&n->noting, NULL);
    return n;
}

void networks_free(struct networks *n)
{
    if (!n)
        return;
    network_past_free(n->past);
    network_release(n->current);
    for (int i = 0; i < NETWORK_KINDS; i++)
        arena_free(n->parts[i].arena);
    pthread_rwlock_destroy(&n->lock);
    pthread_mutex_destroy(&n->making);
    pthread_mutex_destroy(&n->noting);
    base_free(n);
}

static void note(struct pending *p, store_rid rid)
{
    if (p->count == LIMIT_NETWORK_PENDING)
        p->all = true;
    else if (p->count == 0 || p->rids[p->count - 1] != rid)
        p->rids[p->count++] = rid;
}

void networks_changed(struct networks *n, unsigned type, store_rid rid)
{
    if (type == n->rule_type) { /* whatever was judged is judged anew */
        pthread_mutex_lock(&n->noting);
        n->pending[NETWORK_CASES].all = true;
        atomic_fetch_add(&n->generations[NETWORK_CASES], 1);
        pthread_mutex_unlock(&n->noting);
    }
    for (int i = 0; i < NETWORK_KINDS; i++) {
        if (n->types[i] != type)
            continue;
        pthread_mutex_lock(&n->noting);
        note(&n->pending[i], rid);
        atomic_fetch_add(&n->generations[i], 1);
        pthread_mutex_unlock(&n->noting);
    }
}

void network_release(const struct network *network)
{
    while (network && atomic_fetch_sub(network->holders, 1) == 1) {
        const struct network *whole = network->whole;

        network_carriers_release(network);
        arena_free(network->arena);
        network = whole;
    }
}

/* ---- reading ---- */

/* What is new of a type, and its generation: a change that comes later makes it old. */
static uint64_t take_pending(
    struct networks *n, enum network_kind kind, struct pending *ret)
{
    uint64_t generation = 0;

    pthread_mutex_lock(&n->noting);
    *ret = n->pending[kind];
    n->pending[kind].count = 0;
    n->pending[kind].all = false;
    generation = atomic_load(&n->generations[kind]);
    pthread_mutex_unlock(&n->noting);
    return generation;
}

/* Read all of ${part} anew. */
static int read_anew(
    struct network_part *part, const struct network_reading *g, struct err *err)
{
    struct network_part made = {.arena = arena_new(), .size = part->size};
    int r = made.arena ? network_part_read(&made, g, err) : err_nomem(err);

    g->touched->whole = true;
    if (r < 0) {
        arena_free(made.arena);
        return r;
    }
    arena_free(part->arena);
    *part = made;
    return 0;
}

/* With making held. Read what has changed of one type. */
static int renew_part(struct networks *n, struct network_reading *g,
    enum network_kind kind, struct err *err)
{
    struct network_part *part = &n->parts[kind];
    struct pending *pending = NULL;
    uint64_t generation = 0;
    int r = 0;

    if (part->known == atomic_load(&n->generations[kind]))
        return 0;
    pending = arena_alloc_raw(g->look, sizeof(*pending));
    if (!pending)
        return err_nomem(err);
    generation = take_pending(n, kind, pending);
    g->kind = kind;
    g->type = n->types[kind];
    if (g->reader)
        store_read_end(g->reader);
    g->reader = NULL; /* each with a snapshot that is younger than its generation */
    r = store_read_begin(n->app->store, &g->reader, err);
    if (r == 0 && part->known != 0 && !pending->all && !network_part_worn(part))
        r = network_part_change(part, g, pending->rids, pending->count, err);
    else if (r == 0)
        r = read_anew(part, g, err);
    part->known =
        r == 0 ? generation : 0; /* what was pending is lost: all of it, then */
    return r;
}

static int renew_parts(
    struct networks *n, struct network_touched *touched, struct err *err)
{
    struct network_reading g = {
        .base = n->app->base[APP_FHIR], .look = arena_new(), .touched = touched};
    int r = g.look ? 0 : err_nomem(err);

    for (int i = 0; r == 0 && i < NETWORK_KINDS; i++) {
        r = renew_part(n, &g, (enum network_kind)i, err);
        arena_reset(g.look);
    }
    if (g.reader)
        store_read_end(g.reader);
    arena_free(g.look);
    return r;
}

/* ---- the current one ---- */

uint64_t network_serial_next(void)
{
    static atomic_ullong serials; /* so many networks were made */

    return atomic_fetch_add(&serials, 1) + 1;
}

/* With lock held. */
static bool is_current(const struct networks *n)
{
    for (int i = 0; n->current && i < NETWORK_KINDS; i++) {
        if (n->known[i] != atomic_load(&n->generations[i]))
            return false;
    }
    return n->current != NULL;
}

static const struct network *hold(struct networks *n)
{
    const struct network *network = NULL;

    pthread_rwlock_rdlock(&n->lock);
    if (is_current(n)) {
        network = n->current;
        atomic_fetch_add(network->holders, 1);
    }
    pthread_rwlock_unlock(&n->lock);
    return network;
}

/* With making held. Of the parts, and of the network of before where that still stands. */
static int join(struct networks *n, const struct network_touched *touched,
    struct network **ret, struct err *err)
{
    struct network_judging judging = {n->app->rules, PROCEDURE_RULES_NOW};
    struct arena *a = arena_new();
    atomic_uint *holders = a ? arena_alloc(a, sizeof(*holders)) : NULL;
    int r = holders ? 0 : err_nomem(err);

    if (r == 0 && (touched->whole || !n->current))
        r = network_join(&judging, n->parts, a, ret, err);
    else if (r == 0)
        r = network_join_again(n->current, n->parts, touched, a, ret, err);
    if (r < 0) {
        arena_free(a);
        return r;
    }
    atomic_store(holders, 2); /* ours and the asker's */
    (*ret)->holders = holders;
    (*ret)->serial = network_serial_next();
    return 0;
}

static void replace(struct networks *n, struct network *made)
{
    struct network *old = NULL;

    pthread_rwlock_wrlock(&n->lock);
    old = n->current;
    n->current = made;
    for (int i = 0; i < NETWORK_KINDS; i++)
        n->known[i] = n->parts[i].known;
    pthread_rwlock_unlock(&n->lock);
    network_release(old);
}

/* With making held. */
static int make(struct networks *n, const struct network **ret, struct err *err)
{
    struct network_touched touched = {.a = arena_new(), .whole = n->torn};
    const struct procedure_rule *rule = NULL;
    struct network *made = NULL;
    int r = touched.a ? 0 : err_nomem(err);

    n->torn = true; /* whatever fails from here on: what was touched is forgotten */
    if (r == 0)
        r = renew_parts(n, &touched, err);
    if (r == 0) /* all of them are read by this, and none while it is put together */
        r = procedure_rule_of(n->app->rules, STR(PROCEDURE_RULE_USUAL), &rule, err);
    if (r == 0)
        r = join(n, &touched, &made, err);
    arena_free(touched.a);
    if (r < 0)
        return r;
    n->torn = false;
    replace(n, made);
    *ret = made;
    return 0;
}

int networks_take(struct networks *n, const struct network **ret, struct err *err)
{
    const struct network *network = hold(n);
    int r = 0;

    if (!network) {
        pthread_mutex_lock(&n->making);
        network = hold(n); /* another has renewed it meanwhile */
        if (!network)
            r = make(n, &network, err);
        pthread_mutex_unlock(&n->making);
    }
    if (r == 0)
        *ret = network;
    return r;
}

int networks_take_known(
    struct networks *n, int64_t position, const struct network **ret, struct err *err)
{
    return network_past_take(n->past, position, ret, err);
}

int networks_read_past(struct networks *n, struct err *err)
{
    return network_past_read(n->past, err);
}

/* ---- names ---- */

bool network_hospital(
    const struct network *network, struct str reference, uint32_t *ret)
{
    struct str id = reference;
    struct str type = str_cut(&id, '/');
    size_t place = 0;

    if (!id.p)
        return false;
    if (str_is(type, "Organization"))
        return network_unit_hospital(network, id, ret);
    if (!str_is(type, "Location") || !text_map_get(&network->place_ids, id, &place) ||
        network->place_hospitals[place] == NETWORK_NOBODY)
        return false;
    *ret = network->place_hospitals[place];
    return true;
}

uint64_t network_language(const struct network *network, struct str tag)
{
    struct str main = str_cut(&tag, '-');

    for (size_t i = 0; i < network->language_count; i++) {
        if (str_eq(network->languages[i], main))
            return (uint64_t)1 << i;
    }
    return (uint64_t)1 << NETWORK_LANGUAGES;
}
