/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Renewing reads the log from its newest version back to where the memory stands. What a record says now becomes its
 * fact: at first that is the newest of its versions, the only one that is unpacked, unless
 * they do not follow one on another; later on it is asked for. Of a record that is new to the memory the oldest version
 * tells when it was first written. What fails leaves nothing half made: the memory begins again from
 * nothing, as it does when so much was taken again that old texts fill it. Which facts may be
 * found at all is worked out when one has changed.
 */
#include <string.h>

#include "app/quality_internal.h"

#define PAGE 512
#define WORN 4 /* times as many changes as rows */

struct quality {
    struct app *app;
    pthread_mutex_t lock; /* guards the memory, also while it is read */
    struct quality_memory memory;
};

struct quality *quality_new(struct app *app)
{
    struct quality *q = base_malloc(sizeof(*q));

    if (!q)
        return NULL;
    *q = (struct quality){.app = app};
    pthread_mutex_init(&q->lock, NULL);
    return q;
}

static void forget(struct quality_memory *m)
{
    arena_free(m->arena);
    arena_free(m->of_suspects);
    *m = (struct quality_memory){.arena = NULL};
}

void quality_free(struct quality *q)
{
    if (!q)
        return;
    forget(&q->memory);
    pthread_mutex_destroy(&q->lock);
    base_free(q);
}

/* ---- rows ---- */

struct renewing {
    struct quality_memory *m;
    struct store_reader *reader;
    struct arena *look; /* emptied after each page */
    struct str base;
    unsigned types[QUALITY_TYPES]; /* their numbers */
    const atomic_bool *stop;       /* may be NULL */
    bool whole;                    /* nothing was known before */
};

static int grow_rows(struct quality_memory *m, size_t cap, struct err *err)
{
    struct quality_row *rows =
        arena_grow(m->arena, m->rows, m->cap * sizeof(*rows), cap * sizeof(*rows));
    struct quality_fact *facts = NULL;

    if (!rows)
        return err_nomem(err);
    m->rows = rows;
    facts =
        arena_grow(m->arena, m->facts, m->cap * sizeof(*facts), cap * sizeof(*facts));
    if (!facts)
        return err_nomem(err);
    m->facts = facts;
    m->cap = cap;
    return 0;
}

static int grow_index(
    struct quality_memory *m, struct quality_index *index, size_t cap, struct err *err)
{
    uint32_t *grown = arena_grow(
        m->arena, index->rows, index->cap * sizeof(*grown), cap * sizeof(*grown));

    if (!grown)
        return err_nomem(err);
    memset(grown + index->cap, 0, (cap - index->cap) * sizeof(*grown));
    index->rows = grown;
    index->cap = cap;
    return 0;
}

/* The row of ${rid}, made where there is none. */
static int find_row(
    struct renewing *g, size_t type, store_rid rid, size_t *ret, struct err *err)
{
    struct quality_memory *m = g->m;
    struct quality_index *index = &m->at[type];
    size_t number = (size_t)(rid - store_rid_first(g->types[type]));
    int r = 0;

    if (number >= index->cap)
        r = grow_index(m, index, number + number / 2 + 1024, err);
    if (r == 0 && index->rows[number]) {
        *ret = index->rows[number] - 1;
        return 0;
    }
    if (r == 0 && m->count == m->cap)
        r = grow_rows(m, m->cap + m->cap / 2 + 1024, err);
    if (r < 0)
        return r;
    *ret = m->count++;
    m->facts[*ret] = (struct quality_fact){.subject = QUALITY_NOTHING};
    m->rows[*ret] = (struct quality_row){.rid = rid, .known = m->turn};
    index->rows[number] = (uint32_t)m->count;
    return 0;
}

/* Room for what there is, so that little is copied while it grows. */
static int make_room(struct renewing *g, struct err *err)
{
    size_t rows = 1024;
    int r = 0;

    for (size_t i = 0; r == 0 && i < QUALITY_TYPES; i++) {
        store_rid last = 0;
        size_t found = 0, cap = 1024;

        r = store_rids_before(g->reader, g->types[i], 0, &last, 1, &found, err);
        if (r == 0 && found > 0)
            cap += (size_t)(last - store_rid_first(g->types[i]));
        rows += cap;
        if (r == 0)
            r = grow_index(g->m, &g->m->at[i], cap, err);
    }
    return r == 0 ? grow_rows(g->m, rows, err) : r;
}

/* ${text} as the memory keeps it: each id once. */
static int keep(struct quality_memory *m, struct str *text, struct err *err)
{
    const char *copy = NULL;
    size_t at = 0;

    if (!text->p)
        return 0;
    if (!text_map_get(&m->names, *text, &at)) {
        at = m->id_count;
        if (m->id_count == m->id_cap) {
            size_t cap = m->id_cap ? m->id_cap * 2 : 64;
            struct str *grown = arena_grow(
                m->arena, m->ids, m->id_cap * sizeof(*grown), cap * sizeof(*grown));

            if (!grown)
                return err_nomem(err);
            m->ids = grown;
            m->id_cap = cap;
        }
        copy = arena_strndup(m->arena, text->p, text->len);
        if (!copy)
            return err_nomem(err);
        m->ids[m->id_count++] = (struct str){copy, text->len};
        if (text_map_put(m->arena, &m->names, m->ids[at], at, NULL) < 0)
            return err_nomem(err);
    }
    *text = m->ids[at];
    return 0;
}

/* When and where its first version was written. */
static void place(struct quality_memory *m, size_t at)
{
    const struct quality_row *row = &m->rows[at];

    m->facts[at].order = row->order;
    m->facts[at].recorded = row->undated ? QUALITY_UNKNOWN : row->first;
}

/* What a record says: ${body}, where that is not empty. */
static int take(
    struct renewing *g, size_t type, size_t at, struct str body, struct err *err)
{
    struct quality_memory *m = g->m;
    struct quality_row *row = &m->rows[at];
    const struct json *record = NULL;
    uint32_t home = 0;
    int r = body.len > 0 ? json_read_trusted(g->look, body, &record, err) : 0;

    if (r < 0)
        return r;
    quality_take(type, record, g->base, &m->facts[at], row);
    row->taken = m->turn;
    m->changes++;
    place(m, at);
    if (m->facts[at].subject == QUALITY_PATIENT && m->facts[at].patient &&
        !number_map_take(
            m->arena, &m->homes, m->facts[at].patient, (uint32_t)at, &home))
        return err_nomem(err);
    r = keep(m, &row->unit, err);
    return r == 0 ? keep(m, &row->person, err) : r;
}

/* What is current, whichever of its versions came last. */
static int take_current(struct renewing *g, size_t type, size_t at, struct err *err)
{
    struct store_record rec = {0};
    int r = store_get_rid(g->reader, g->look, g->m->rows[at].rid, true, &rec, err);

    if (r < 0)
        return r;
    return take(g, type, at,
        rec.operation == STORE_DELETE ? (struct str){NULL, 0} : rec.body, err);
}

static int take_newest(struct renewing *g, size_t type, size_t at,
    const struct store_entry *entry, struct err *err)
{
    struct str body = {NULL, 0};
    int r = 0;

    if (entry->operation != STORE_DELETE)
        r = store_log_body(g->reader, g->look, entry, &body, err);
    return r == 0 ? take(g, type, at, body, err) : r;
}

static int take_entry(
    struct renewing *g, const struct store_entry *entry, struct err *err)
{
    struct quality_row *row = NULL;
    size_t type = 0, at = 0;
    int r = 0;

    while (type < QUALITY_TYPES && g->types[type] != store_rid_type(entry->rid))
        type++;
    if (type == QUALITY_TYPES)
        return 0;
    r = find_row(g, type, entry->rid, &at, err);
    if (r < 0)
        return r;
    row = &g->m->rows[at];
    if (row->taken != g->m->turn)
        r = g->whole ? take_newest(g, type, at, entry, err)
                     : take_current(g, type, at, err);
    else if (g->whole && row->follows != entry->seq)
        r = take_current(g, type, at, err);
    row->follows = entry->parent;
    if (row->known == g->m->turn) { /* the oldest is the last that is read */
        row->first = entry->updated;
        row->order = entry->seq;
        place(g->m, at);
    }
    return r;
}

static int take_log(struct renewing *g, struct err *err)
{
    struct store_page page = {.before = INT64_MAX, .limit = PAGE};
    struct store_entries found = {.count = PAGE};
    int r = 0;

    for (size_t i = 0; i < QUALITY_TYPES; i++)
        g->types[i] = fhir_resource_named(str_of(quality_type(i)))->number;
    if (g->whole)
        r = make_room(g, err);
    while (r == 0 && found.count == PAGE) {
        arena_reset(g->look);
        if (g->stop && atomic_load(g->stop))
            return E_CANCELLED;
        r = store_log(g->reader, g->look, &page, &found, err);
        for (size_t i = 0; r == 0 && i < found.count; i++) {
            if (found.list[i].seq <= g->m->seq)
                return 0;
            r = take_entry(g, &found.list[i], err);
            page.before = found.list[i].seq;
        }
    }
    return r;
}

static int renew(struct quality *q, struct store_reader *reader,
    const atomic_bool *stop, struct err *err)
{
    struct quality_memory *m = &q->memory;
    struct renewing g = {
        .m = m, .reader = reader, .base = q->app->base[APP_FHIR], .stop = stop};
    int64_t seq = 0;
    int r = store_seq(reader, &seq, err);

    if (r < 0 || (m->arena && seq <= m->seq))
        return r;
    if (m->arena && m->changes > WORN * m->count + PAGE)
        forget(m);
    g.whole = !m->arena;
    if (!m->arena)
        m->arena = arena_new();
    g.look = arena_new();
    m->turn++;
    r = m->arena && g.look ? take_log(&g, err) : err_nomem(err);
    arena_free(g.look);
    if (r == 0)
        m->seq = seq;
    else
        forget(m);
    return r;
}

/* Whom to look at as of ${now} or later. */
static int suspect(struct quality_memory *m, utc_ms now, struct err *err)
{
    const struct quality_facts facts = {m->facts, m->count};
    struct arena *scratch = NULL;
    int r = 0;

    if (m->of_suspects && m->suspected == m->changes && now >= m->suspects.since)
        return 0;
    arena_free(m->of_suspects);
    m->of_suspects = arena_new();
    scratch = arena_new();
    if (m->of_suspects && scratch)
        r = quality_suspect(
            m->of_suspects, scratch, &quality_rules_default, &facts, now, &m->suspects);
    else
        r = E_NOMEM;
    m->suspected = m->changes;
    arena_free(scratch);
    if (r == 0)
        return 0;
    forget(m);
    return err_nomem(err);
}

static int take_hold(struct quality *q, struct store_reader *reader, utc_ms now,
    const atomic_bool *stop, struct err *err)
{
    int r = 0;

    pthread_mutex_lock(&q->lock);
    r = renew(q, reader, stop, err);
    if (r == 0)
        r = suspect(&q->memory, now, err);
    if (r < 0)
        pthread_mutex_unlock(&q->lock);
    return r;
}

int quality_take_hold(struct quality *q, struct store_reader *reader, utc_ms now,
    const struct quality_memory **ret, struct err *err)
{
    int r = take_hold(q, reader, now, NULL, err);

    if (r == 0)
        *ret = &q->memory;
    return r;
}

void quality_release(struct quality *q)
{
    pthread_mutex_unlock(&q->lock);
}

int quality_warm_run(
    struct app *app, const atomic_bool *stop, utc_ms now, size_t *ret, struct err *err)
{
    struct store_reader *reader = NULL;
    int r = store_read_begin(app->store, &reader, err);

    if (r < 0)
        return r;
    r = take_hold(app->quality, reader, now, stop, err);
    if (r == 0 && ret)
        *ret = app->quality->memory.count;
    if (r == 0)
        quality_release(app->quality);
    store_read_end(reader);
    return r == E_CANCELLED ? 0 : r;
}
