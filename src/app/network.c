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

#define AT_ONCE 1000

struct networks {
    struct app *app;
    unsigned types[NETWORK_KINDS];
    atomic_ullong generations[NETWORK_KINDS];
    pthread_rwlock_t
        lock; /* guards current and known; never held with reading records */
    pthread_mutex_t making; /* guards parts; taken before lock */
    struct network *current;
    uint64_t known[NETWORK_KINDS]; /* of current */
    struct network_part parts[NETWORK_KINDS];
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
        [NETWORK_LEARNINGS] = "Apprenticeship"};
    struct networks *n = base_malloc(sizeof(*n));

    if (!n)
        return NULL;
    memset(n, 0, sizeof(*n));
    n->app = app;
    for (int i = 0; i < NETWORK_KINDS; i++) {
        n->types[i] = fhir_resource_named(str_of(types[i]))->number;
        n->generations[i] = 1;
        n->parts[i].size = network_fact_size((enum network_kind)i);
    }
    pthread_rwlock_init(&n->lock, NULL);
    pthread_mutex_init(&n->making, NULL);
    return n;
}

void networks_free(struct networks *n)
{
    if (!n)
        return;
    network_release(n->current);
    for (int i = 0; i < NETWORK_KINDS; i++)
        arena_free(n->parts[i].arena);
    pthread_rwlock_destroy(&n->lock);
    pthread_mutex_destroy(&n->making);
    base_free(n);
}

void networks_changed(struct networks *n, unsigned type)
{
    for (int i = 0; i < NETWORK_KINDS; i++) {
        if (n->types[i] == type)
            atomic_fetch_add(&n->generations[i], 1);
    }
}

void network_release(const struct network *network)
{
    if (network && atomic_fetch_sub(network->holders, 1) == 1)
        arena_free(network->arena);
}

/* ---- reading ---- */

struct reading {
    struct networks *n;
    struct store_reader *reader;
    struct arena *look; /* emptied after each record */
    struct network_part part;
    enum network_kind kind;
};

static int read_one(struct reading *g, store_rid rid, struct err *err)
{
    struct network_taking t = {
        .part = &g->part, .rid = rid, .base = g->n->app->base[APP_FHIR]};
    struct store_record rec = {0};
    int r = store_get_rid(g->reader, g->look, rid, true, &rec, err);

    if (r == 0 && (rec.operation == STORE_DELETE || rec.body.len == 0))
        return 0;
    if (r == 0)
        r = json_read_trusted(g->look, rec.body, &t.record, err);
    if (r == 0 && network_take_record(g->kind, &t) < 0)
        r = err_nomem(err);
    arena_reset(g->look);
    return r;
}

static int read_all(struct reading *g, struct err *err)
{
    store_rid rids[AT_ONCE];
    store_rid after = 0;
    size_t count = 0, sum = 0;
    int r = 0;

    do {
        r = store_rids(
            g->reader, g->n->types[g->kind], after, rids, AT_ONCE, &count, err);
        sum += count;
        if (r == 0 && sum > LIMIT_NETWORK_RECORDS)
            r = err_set(err, E_TOO_LARGE, NULL,
                "There are more than %d records of one kind in the network.",
                LIMIT_NETWORK_RECORDS);
        for (size_t i = 0; r == 0 && i < count; i++)
            r = read_one(g, rids[i], err);
        if (count > 0)
            after = rids[count - 1];
    } while (r == 0 && count == AT_ONCE);
    return r;
}

/* With making held. Read what has changed of one type. */
static int renew_part(struct reading *g, enum network_kind kind, struct err *err)
{
    struct networks *n = g->n;
    uint64_t generation = atomic_load(&n->generations[kind]);
    struct network_part *part = &n->parts[kind];
    int r = 0;

    if (part->known == generation)
        return 0;
    g->kind = kind;
    g->part = (struct network_part){
        .arena = arena_new(), .size = part->size, .known = generation};
    if (!g->part.arena)
        return err_nomem(err);
    if (g->reader)
        store_read_end(g->reader);
    g->reader = NULL; /* each with a snapshot that is younger than its generation */
    r = store_read_begin(n->app->store, &g->reader, err);
    if (r == 0)
        r = read_all(g, err);
    if (r < 0) {
        arena_free(g->part.arena);
        return r;
    }
    arena_free(part->arena);
    *part = g->part;
    return 0;
}

static int renew_parts(struct networks *n, struct err *err)
{
    struct reading g = {.n = n, .look = arena_new()};
    int r = g.look ? 0 : err_nomem(err);

    for (int i = 0; r == 0 && i < NETWORK_KINDS; i++)
        r = renew_part(&g, (enum network_kind)i, err);
    if (g.reader)
        store_read_end(g.reader);
    arena_free(g.look);
    return r;
}

/* ---- the current one ---- */

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

static int join(struct networks *n, struct network **ret, struct err *err)
{
    struct arena *a = arena_new();
    int r = a ? network_join(n->parts, a, ret, err) : err_nomem(err);

    if (r == 0) {
        (*ret)->holders = arena_alloc(a, sizeof(*(*ret)->holders));
        r = (*ret)->holders ? 0 : err_nomem(err);
    }
    if (r < 0)
        arena_free(a);
    else
        atomic_store((*ret)->holders, 2); /* ours and the asker's */
    return r;
}

/* With making held. */
static int make(struct networks *n, const struct network **ret, struct err *err)
{
    struct network *made = NULL;
    struct network *old = NULL;
    int r = renew_parts(n, err);

    if (r == 0)
        r = join(n, &made, err);
    if (r < 0)
        return r;
    pthread_rwlock_wrlock(&n->lock);
    old = n->current;
    n->current = made;
    for (int i = 0; i < NETWORK_KINDS; i++)
        n->known[i] = n->parts[i].known;
    pthread_rwlock_unlock(&n->lock);
    network_release(old);
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
