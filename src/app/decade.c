/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The walk from the first day to the last. What a day wrote is given to the load with the
 * moment of that day; the load checks it, stores it in the order given and fills the views
 * at the end.
 */
#include <stdio.h>
#include <string.h>

#include "base/limits.h"

#include "app/decade_internal.h"
#include "app/synthetic.h"

/* Minutes of the day in UTC: 19:00 in Lhasa, when what was written that day is there. */
#define EVENING ((utc_ms)660)
#define LINES_MAX ((size_t)64 << 20)

const struct decade_part *const decade_parts[] = {
    &decade_organisations,
    &decade_people,
    &decade_teams,
    &decade_pairings,
    &decade_courses,
    &decade_clinic,
    &decade_cases,
    &decade_volumes,
    &decade_population,
    &decade_abroad,
    &decade_money,
    &decade_equipment,
    &decade_gaps,
    &decade_services,
    &decade_lapses,
    &decade_handover,
    &decade_published,
    &decade_office,
    NULL,
};

static day_number first_day(void)
{
    return decade_day_of(2015, 1, 1);
}

utc_ms decade_evening(day_number day)
{
    return ((utc_ms)day * 1440 + EVENING) * 60000;
}

/* Nine in the morning in Lhasa, on the day after. */
static utc_ms next_morning(day_number day)
{
    return ((utc_ms)(day + 1) * 1440 + 60) * 60000;
}

utc_ms app_decade_begin(void)
{
    return decade_evening(first_day() - 1);
}

uint32_t decade_share(const struct decade *d, uint32_t count)
{
    uint32_t share = d->options.share;

    return count <= 1 || share <= 1 ? count : (count + share - 1) / share;
}

/* ---- memory ---- */

int decade_room(struct decade *d, void **array, uint32_t count, uint32_t *room,
    size_t size, struct err *err)
{
    uint32_t more = *room ? *room * 2 : 64;
    void *grown = NULL;

    if (count < *room)
        return 0;
    grown = arena_grow(d->arena, *array, *room * size, more * size);
    if (!grown)
        return err_nomem(err);
    *array = grown;
    *room = more;
    return 0;
}

int decade_list_add(
    struct decade *d, struct decade_list *list, uint32_t one, struct err *err)
{
    int r = decade_room(
        d, (void **)&list->at, list->count, &list->room, sizeof(*list->at), err);

    if (r == 0)
        list->at[list->count++] = one;
    return r;
}

void decade_list_remove(struct decade_list *list, uint32_t one)
{
    for (uint32_t i = 0; i < list->count; i++) {
        if (list->at[i] != one)
            continue;
        memmove(list->at + i, list->at + i + 1, (list->count - i - 1) * sizeof(one));
        list->count--;
        return;
    }
}

/* ---- a day ---- */

static int lines_give(struct decade *d, struct err *err)
{
    char name[DECADE_DATE_MAX + 8];
    char date[DECADE_DATE_MAX];
    int r = buf_error(&d->lines, "A day of the decade", err);

    if (r < 0 || d->lines.len == 0)
        return r;
    snprintf(name, sizeof(name), "%s.ndjson", decade_date(d->day, date));
    app_load_at(d->load, decade_evening(d->day));
    r = app_load_text(d->load, name, (struct str){d->lines.data, d->lines.len}, err);
    buf_clear(&d->lines);
    return r;
}

static int month_begin(struct decade *d, struct err *err)
{
    int r = 0;

    for (size_t i = 0; r == 0 && decade_parts[i]; i++) {
        if (decade_parts[i]->month)
            r = decade_parts[i]->month(d, d->parts[i], err);
    }
    return r;
}

static int day_walk(struct decade *d, struct err *err)
{
    unsigned month = 0;
    unsigned day = 0;
    int year = 0;
    int r = 0;

    decade_date_of(d->day, &year, &month, &day);
    if (day == 1)
        r = month_begin(d, err);
    if (r == 0)
        r = decade_do_due(d, err);
    for (size_t i = 0; r == 0 && decade_parts[i]; i++) {
        if (decade_parts[i]->evening)
            r = decade_parts[i]->evening(d, d->parts[i], err);
    }
    return r == 0 ? lines_give(d, err) : r;
}

static int walk(struct decade *d, struct err *err)
{
    int r = 0;

    for (size_t i = 0; r == 0 && decade_parts[i]; i++) {
        if (decade_parts[i]->begin)
            r = decade_parts[i]->begin(d, &d->parts[i], err);
    }
    for (; r == 0 && d->day <= d->last; d->day++)
        r = day_walk(d, err);
    d->day = d->last;
    for (size_t i = 0; r == 0 && decade_parts[i]; i++) {
        if (decade_parts[i]->end)
            r = decade_parts[i]->end(d, d->parts[i], err);
    }
    return r == 0 ? lines_give(d, err) : r;
}

/* ---- the whole ---- */

/* The first record that was refused; told by one thread at a time. */
static void note_fault(void *arg, const struct app_load_error *e)
{
    struct decade *d = arg;

    if (d->fault.code == 0)
        err_set(&d->fault, E_BUG, e->path, "A record of %s, line %lld, was refused: %s",
            e->file, (long long)e->entry, e->text);
}

static int loaded(struct decade *d, struct err *err)
{
    const struct app_load_options how = {
        .bulk = true, .actor = STR("demonstration"), .error = note_fault, .arg = d};
    struct app_load_result result = {0};
    struct err end = {0};
    int ended = 0;
    int r = app_load_new(d->app, &how, &d->load, err);

    if (r < 0)
        return r;
    r = walk(d, err);
    ended = app_load_end(d->load, &result, &end);
    d->load = NULL;
    if (r == 0 && ended < 0) {
        *err = end;
        r = ended;
    }
    if (r == 0 && d->fault.code != 0) {
        *err = d->fault;
        r = d->fault.code;
    }
    d->result.records = result.created;
    d->result.versions = result.created + result.updated;
    return r;
}

int app_decade_make(struct app *app, const struct app_decade_options *options,
    struct app_decade_result *ret, struct err *err)
{
    struct decade d = {.app = app, .options = *options, .day = first_day()};
    int r = 0;

    d.last = options->last_day           ? options->last_day
             : options->last_year < 2025 ? decade_day_of(options->last_year, 12, 31)
                                         : decade_day_of(2025, 8, 31);
    buf_init(&d.lines, LINES_MAX);
    d.arena = arena_new();
    d.scratch = arena_new();
    r = d.arena && d.scratch ? synthetic_say(app, err) : err_nomem(err);
    if (r == 0)
        r = loaded(&d, err);
    if (r == 0)
        r = synthetic_go_on(app, next_morning(d.last), err);
    buf_done(&d.lines);
    arena_free(d.scratch);
    arena_free(d.arena);
    if (r == 0)
        *ret = d.result;
    return r;
}
