/* SPDX-License-Identifier: Apache-2.0 */
/*
 * All gaps in memory, so that a look reads no record of those that stand as they did. The first
 * look reads all, page by page; after it Tasks and services that changed are read singly. What is
 * noted is taken before the snapshot is: a change in between is read twice and never missed.
 */
#include <stdlib.h>
#include <string.h>

#include "app/gap_internal.h"

#define PAGE "500"

struct gaps *gaps_new(void)
{
    struct gaps *g = base_malloc(sizeof(*g));

    if (!g)
        return NULL;
    memset(g, 0, sizeof(*g));
    g->all = true;
    g->task_type = fhir_resource_named(STR("Task"))->number;
    g->service_type = fhir_resource_named(STR("HealthcareService"))->number;
    pthread_mutex_init(&g->noting, NULL);
    pthread_mutex_init(&g->looking, NULL);
    return g;
}

void gaps_free(struct gaps *g)
{
    if (!g)
        return;
    pthread_mutex_destroy(&g->noting);
    pthread_mutex_destroy(&g->looking);
    base_free(g->list);
    base_free(g);
}

void gaps_changed(struct gaps *g, unsigned type, store_rid rid)
{
    if (!g || (type != g->task_type && type != g->service_type))
        return;
    pthread_mutex_lock(&g->noting);
    if (g->pending_count == LIMIT_GAPS_PENDING)
        g->all = true;
    else if (g->pending_count == 0 || g->pending[g->pending_count - 1] != rid)
        g->pending[g->pending_count++] = rid;
    pthread_mutex_unlock(&g->noting);
}

/* ---- one gap ---- */

struct taking {
    struct gaps *g;
    struct seek *s;
    bool fresh; /* each comes once: none is looked for among those that are there */
};

/* ${known} NULL: it is forgotten, and the last one takes its place. */
static int keep(
    struct taking *t, store_rid rid, const struct gap_known *known, struct err *err)
{
    struct gaps *g = t->g;
    size_t at = t->fresh ? g->count : 0;

    while (at < g->count && g->list[at].rid != rid)
        at++;
    if (!known) {
        if (at < g->count)
            g->list[at] = g->list[--g->count];
        return 0;
    }
    if (at == LIMIT_GAPS)
        return err_set(err, E_TOO_LARGE, NULL,
            "There are more than %d technique gaps, and the node looks at none of "
            "them.",
            LIMIT_GAPS);
    if (at == g->room) {
        size_t room = g->room ? g->room * 2 : 256;
        struct gap_known *grown = base_realloc(g->list, room * sizeof(*grown));

        if (!grown)
            return err_nomem(err);
        g->list = grown;
        g->room = room;
    }
    g->list[at] = *known;
    g->count += at == g->count;
    return 0;
}

/* A reference that is too long names nothing of this node. */
static void copy_reference(char to[GAP_REFERENCE_MAX], struct str reference)
{
    bool fits = reference.p && reference.len < GAP_REFERENCE_MAX;

    if (fits)
        memcpy(to, reference.p, reference.len);
    to[fits ? reference.len : 0] = '\0';
}

static enum gap_state state_of(const struct json *task)
{
    int state = GAP_OPENED;

    while (state < GAP_STATES &&
           !equipment_has_code(json_get(task, "businessStatus"), GAP_STATE_SYSTEM,
               gap_state_code((enum gap_state)state)))
        state++;
    return (enum gap_state)state;
}

/* Read the Task ${rid}: a gap that stands is kept, anything else is not. */
static int read_task(struct taking *t, store_rid rid, struct err *err)
{
    struct store_record rec = {0};
    const struct json *task = NULL;
    struct gap_known known = {.rid = rid};
    struct gap_look l;
    int r = seek_rid(t->s, rid, &rec, &task, err);

    if (r < 0)
        return r;
    if (!task || str_is(json_get_text(task, "status"), "cancelled") ||
        !equipment_has_code(
            json_get(task, "code"), EQUIPMENT_WORK_SYSTEM, "technique-gap"))
        return keep(t, rid, NULL, err);
    r = gap_read(t->s, task, &l, err);
    if (r < 0)
        return r;
    copy_reference(known.service, l.service);
    copy_reference(known.unit, l.unit);
    known.thing = l.thing;
    known.known = l.known;
    known.planned = l.facts.planned;
    known.filled = l.facts.was_filled;
    known.written = state_of(task);
    return keep(t, rid, &known, err);
}

/* ---- what changed ---- */

/* Is ${rid} a service? Then the gaps on it are read again. */
static int read_service(struct taking *t, store_rid rid, struct err *err)
{
    struct gaps *g = t->g;
    char reference[GAP_REFERENCE_MAX];
    struct store_record rec = {0};
    int r = store_get_rid(t->s->snapshot, t->s->a, rid, false, &rec, err);

    if (r == E_NOT_FOUND)
        return 0;
    if (r < 0 || rec.type != g->service_type)
        return r;
    snprintf(reference, sizeof(reference), "HealthcareService/%.*s", (int)rec.id.len,
        rec.id.p);
    for (size_t i = g->count; r == 0 && i-- > 0;) { /* the last may take its place */
        if (strcmp(g->list[i].service, reference) == 0)
            r = read_task(t, g->list[i].rid, err);
    }
    return r;
}

static int read_changed(
    struct taking *t, const store_rid *rids, size_t count, struct err *err)
{
    int r = 0;

    for (size_t i = 0; r == 0 && i < count; i++) {
        r = read_service(t, rids[i], err);
        if (r == 0)
            r = read_task(t, rids[i], err);
        arena_reset(t->s->a);
    }
    return r;
}

/* ---- all of them ---- */

static int read_page(struct taking *t, const struct search_page *page, struct err *err)
{
    int r = 0;

    for (size_t i = 0; r == 0 && i < page->count; i++) {
        r = read_task(t, page->hits[i].rid, err);
        arena_reset(t->s->a);
    }
    return r;
}

/* ${a}: of the pages, until the last is read. */
static int read_all(struct taking *t, struct arena *a, struct err *err)
{
    const struct search_pair pairs[] = {
        {STR("code"), STR(EQUIPMENT_WORK_SYSTEM "|technique-gap")},
        {STR("_count"), STR(PAGE)}, {STR("_total"), STR("none")}};
    struct search_request rq = {.type = t->g->task_type,
        .pairs = pairs,
        .pair_count = sizeof(pairs) / sizeof(pairs[0]),
        .bases = app_bases(a, t->s->app, t->s->app->base[APP_FHIR]),
        .now = time_now()};
    int r = 0;

    t->g->count = 0;
    t->fresh = true;
    do {
        struct search_query *query = NULL;
        struct search_page page = {0};

        r = search_parse(a, &rq, NULL, &query, err);
        if (r == 0)
            r = search_run(t->s->snapshot, a, query, &page, err);
        if (r == 0)
            r = read_page(t, &page, err);
        rq.cursor = page.next;
    } while (r == 0 && rq.cursor.p);
    return r;
}

int gaps_renew(struct gaps *g, struct seek *s, struct err *err)
{
    struct taking t = {g, s, false};
    struct arena *a = arena_new();
    store_rid *rids = a ? arena_alloc_raw(a, sizeof(g->pending)) : NULL;
    size_t count = 0;
    bool all = true;
    int r = rids ? 0 : err_nomem(err);

    if (r == 0) {
        pthread_mutex_lock(&g->noting);
        count = g->pending_count;
        memcpy(rids, g->pending, count * sizeof(*rids));
        all = g->all;
        g->pending_count = 0;
        g->all = false;
        pthread_mutex_unlock(&g->noting);
        r = store_read_begin(s->app->store, &s->snapshot, err);
    }
    if (r == 0)
        r = all ? read_all(&t, a, err) : read_changed(&t, rids, count, err);
    if (r < 0) { /* what was pending is lost: all of it, then */
        pthread_mutex_lock(&g->noting);
        g->all = true;
        pthread_mutex_unlock(&g->noting);
    }
    arena_free(a);
    return r;
}
