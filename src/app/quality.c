/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Renewing reads the versions of each type from the newest back to where the memory stands. The
 * newest of a record becomes its fact; of a record that is new to the memory the oldest tells when it was
 * first written. What fails leaves nothing half made: the memory begins again from nothing, as it
 * does when so much was taken again that old texts fill it.
 */
#include <stdlib.h>
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
    size_t type;
};

static int find_row(
    struct renewing *g, store_rid rid, struct quality_row **ret, struct err *err)
{
    struct quality_memory *m = g->m;
    char *key = NULL;
    size_t at = 0;

    if (m->rows &&
        text_map_get(&m->at, (struct str){(const char *)&rid, sizeof(rid)}, &at)) {
        *ret = &m->rows[at];
        return 0;
    }
    if (m->count == m->cap) {
        size_t cap = m->cap ? m->cap * 2 : 1024;
        struct quality_row *grown = arena_grow(
            m->arena, m->rows, m->cap * sizeof(*grown), cap * sizeof(*grown));

        if (!grown)
            return err_nomem(err);
        m->rows = grown;
        m->cap = cap;
    }
    key = arena_alloc(m->arena, sizeof(rid));
    if (!key)
        return err_nomem(err);
    memcpy(key, &rid, sizeof(rid));
    if (text_map_put(m->arena, &m->at, (struct str){key, sizeof(rid)}, m->count, NULL) <
        0)
        return err_nomem(err);
    *ret = &m->rows[m->count++];
    **ret = (struct quality_row){.rid = rid, .new = true};
    return 0;
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

static int take(struct renewing *g, const struct store_record *rec,
    struct quality_row *row, struct err *err)
{
    const struct json *record = NULL;
    int r = 0;

    if (rec->operation != STORE_DELETE && rec->body.len > 0)
        r = json_read_trusted(g->look, rec->body, &record, err);
    if (r < 0)
        return r;
    quality_take(g->type, record, g->base, row);
    row->taken = true;
    g->m->changes++;
    r = keep(g->m, &row->unit, err);
    return r == 0 ? keep(g->m, &row->person, err) : r;
}

static int take_version(
    struct renewing *g, const struct store_record *rec, struct err *err)
{
    struct quality_row *row = NULL;
    int r = find_row(g, rec->rid, &row, err);

    if (r == 0 && !row->taken)
        r = take(g, rec, row, err);
    if (r == 0 && row->new) { /* the oldest is the last that is read */
        row->first = rec->updated;
        row->order = rec->seq;
    }
    return r;
}

static int take_type(struct renewing *g, struct err *err)
{
    struct store_history h = {
        .type = fhir_resource_named(str_of(quality_type(g->type)))->number,
        .limit = PAGE,
        .body = true};
    size_t count = PAGE;
    int r = 0;

    while (r == 0 && count == PAGE) {
        struct store_record *list = NULL;

        arena_reset(g->look);
        r = store_history(g->reader, g->look, &h, &list, &count, err);
        for (size_t i = 0; r == 0 && i < count; i++) {
            if (list[i].seq <= g->m->seq)
                return 0;
            r = take_version(g, &list[i], err);
            h.before = list[i].seq;
        }
    }
    return r;
}

static int renew(struct quality *q, struct store_reader *reader, struct err *err)
{
    struct quality_memory *m = &q->memory;
    struct renewing g = {
        .m = m, .reader = reader, .base = q->app->base[APP_FHIR], .look = NULL};
    int64_t seq = 0;
    int r = store_seq(reader, &seq, err);

    if (r < 0 || (m->arena && seq <= m->seq))
        return r;
    if (m->arena && m->changes > WORN * m->count + PAGE)
        forget(m);
    if (!m->arena)
        m->arena = arena_new();
    g.look = arena_new();
    if (!m->arena || !g.look)
        r = err_nomem(err);
    for (g.type = 0; r == 0 && g.type < QUALITY_TYPES; g.type++)
        r = take_type(&g, err);
    for (size_t i = 0; r == 0 && i < m->count; i++)
        m->rows[i].taken = m->rows[i].new = false;
    arena_free(g.look);
    if (r == 0)
        m->seq = seq;
    else
        forget(m);
    return r;
}

int quality_take_hold(struct quality *q, struct store_reader *reader,
    const struct quality_memory **ret, struct err *err)
{
    int r = 0;

    pthread_mutex_lock(&q->lock);
    r = renew(q, reader, err);
    if (r < 0) {
        pthread_mutex_unlock(&q->lock);
        return r;
    }
    *ret = &q->memory;
    return 0;
}

void quality_release(struct quality *q)
{
    pthread_mutex_unlock(&q->lock);
}
