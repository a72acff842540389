/* SPDX-License-Identifier: Apache-2.0 */
#include "app/answer_times.h"

#include <stdlib.h>

#include "app/app_internal.h"
#include "app/text_map.h"
#include "engine/numbers/suppress.h"
#include "view/case_task.h"

#define MINUTE_MS 60000

struct unit_times {
    utc_ms counted;
    struct answer_time by[CASE_URGENCIES];
};

struct answer_times {
    struct app *app;
    pthread_mutex_t lock; /* guards the rest; not held while cases are read */
    struct arena *arena;
    struct text_map map; /* reference of a department -> unit */
    struct unit_times *units;
    size_t count, cap;
};

struct answer_times *answer_times_new(struct app *app)
{
    struct answer_times *t = base_malloc(sizeof(*t));

    if (!t)
        return NULL;
    *t = (struct answer_times){.app = app, .arena = arena_new()};
    if (!t->arena) {
        base_free(t);
        return NULL;
    }
    pthread_mutex_init(&t->lock, NULL);
    return t;
}

void answer_times_free(struct answer_times *t)
{
    if (!t)
        return;
    pthread_mutex_destroy(&t->lock);
    arena_free(t->arena);
    base_free(t);
}

/* ---- counting ---- */

struct counting {
    struct app *app;
    struct store_reader *r;
    struct arena *a;
    struct arena *look; /* emptied after each Task */
    utc_ms since;
    int minutes[CASE_URGENCIES][LIMIT_ANSWER_CASES];
    size_t count[CASE_URGENCIES];
};

static void add_answer(struct counting *c, const struct case_task *task)
{
    const struct case_clock *clock = &task->clock;
    utc_ms took = clock->answered - clock->sent - clock->paused_seconds * 1000;
    int minutes = 0;

    if (!clock->sent || !clock->answered || clock->answered < c->since ||
        c->count[task->urgency] == LIMIT_ANSWER_CASES)
        return;
    if (took > 0)
        minutes = (int)((took + MINUTE_MS - 1) / MINUTE_MS);
    c->minutes[task->urgency][c->count[task->urgency]++] = minutes;
}

static int look_at(struct counting *c, store_rid rid, struct err *err)
{
    struct store_record rec = {0};
    const struct json *json = NULL;
    struct case_task task;
    int r = store_get_rid(c->r, c->look, rid, true, &rec, err);

    if (r == 0 && rec.body.len > 0)
        r = json_read_trusted(c->look, rec.body, &json, err);
    if (r == 0 && json && case_task_read(json, &task))
        add_answer(c, &task);
    arena_reset(c->look);
    return r;
}

/* The newest cases that ${unit} was asked, each with its Task. */
static int find_cases(
    struct counting *c, struct str unit, struct search_page *ret, struct err *err)
{
    char since[TIME_ISO_MAX];
    struct search_query *query = NULL;
    struct search_request rq = {
        .type = fhir_resource_named(STR("ServiceRequest"))->number,
        .bases = app_bases(c->a, c->app, c->app->base[APP_FHIR]),
        .now = time_now()};
    char *from = NULL, *most = NULL;
    int r = 0;

    time_iso(c->since, since);
    from = arena_printf(c->a, "ge%s", since);
    most = arena_printf(c->a, "%d", LIMIT_ANSWER_CASES);
    if (!from || !most)
        return err_nomem(err);
    rq.pairs = (struct search_pair[]){{STR("performer"), unit},
        {STR("authored"), str_of(from)}, {STR("_sort"), STR("-authored")},
        {STR("_revinclude"), STR("Task:focus")}, {STR("_count"), str_of(most)}};
    rq.pair_count = 5;
    r = search_parse(c->a, &rq, NULL, &query, err);
    return r == 0 ? search_run(c->r, c->a, query, ret, err) : r;
}

static int compare(const void *one, const void *other)
{
    int a = *(const int *)one, b = *(const int *)other;

    return a < b ? -1 : a > b;
}

/* The smallest that ${percent} of them do not exceed. */
static int reached(const int *sorted, size_t count, size_t percent)
{
    return sorted[(count * percent + 99) / 100 - 1];
}

static struct answer_time summed(int *minutes, size_t count)
{
    if (count < SUPPRESS_SMALL)
        return (struct answer_time){0};
    qsort(minutes, count, sizeof(*minutes), compare);
    return (struct answer_time){
        reached(minutes, count, 50), reached(minutes, count, 90), (unsigned)count};
}

static int count_unit(
    struct counting *c, struct str unit, struct unit_times *ret, struct err *err)
{
    struct search_page page = {.hits = NULL};
    int r = find_cases(c, unit, &page, err);

    for (size_t i = 0; r == 0 && i < page.count; i++) {
        if (page.hits[i].included)
            r = look_at(c, page.hits[i].rid, err);
    }
    for (int i = 0; r == 0 && i < CASE_URGENCIES; i++)
        ret->by[i] = summed(c->minutes[i], c->count[i]);
    return r;
}

/* ---- keeping ---- */

static bool known(struct answer_times *t, struct str unit, struct unit_times *ret)
{
    size_t at = 0;
    bool found = false;
    utc_ms now = time_now();

    pthread_mutex_lock(&t->lock);
    if (text_map_get(&t->map, unit, &at)) {
        *ret = t->units[at];
        found = ret->counted <= now && now - ret->counted < ANSWER_RENEWED_MS;
    }
    pthread_mutex_unlock(&t->lock);
    return found;
}

/* Without memory it is counted again the next time. */
static void keep(struct answer_times *t, struct str unit, const struct unit_times *got)
{
    size_t at = 0;

    pthread_mutex_lock(&t->lock);
    if (text_map_get(&t->map, unit, &at)) {
        t->units[at] = *got;
    } else if (t->count < LIMIT_ANSWER_UNITS) {
        const char *name = arena_strndup(t->arena, unit.p, unit.len);

        if (t->count == t->cap) {
            size_t cap = t->cap ? t->cap * 2 : 64;
            struct unit_times *grown = arena_grow(
                t->arena, t->units, t->cap * sizeof(*grown), cap * sizeof(*grown));

            if (grown) {
                t->units = grown;
                t->cap = cap;
            }
        }
        if (name && t->count < t->cap &&
            text_map_put(
                t->arena, &t->map, (struct str){name, unit.len}, t->count, NULL) == 1)
            t->units[t->count++] = *got;
    }
    pthread_mutex_unlock(&t->lock);
}

static int count_anew(struct answer_times *t, const struct answer_question *q,
    struct unit_times *ret, struct err *err)
{
    struct counting *c = arena_alloc(q->arena, sizeof(*c));
    int r = 0;

    if (!c)
        return err_nomem(err);
    *c = (struct counting){
        .app = t->app, .r = q->reader, .a = q->arena, .look = arena_new()};
    if (!c->look)
        return err_nomem(err);
    ret->counted = time_now();
    c->since = ret->counted - (utc_ms)ANSWER_DAYS * 24 * 60 * 60 * 1000;
    r = count_unit(c, q->unit, ret, err);
    arena_free(c->look);
    if (r == 0)
        keep(t, q->unit, ret);
    return r;
}

int answer_times_of(struct answer_times *t, const struct answer_question *q,
    struct answer_time *ret, struct err *err)
{
    struct unit_times got = {0};
    int r = known(t, q->unit, &got) ? 0 : count_anew(t, q, &got, err);

    if (r == 0)
        *ret = got.by[q->urgency];
    return r;
}
