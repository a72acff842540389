/* SPDX-License-Identifier: Apache-2.0 */
/* Figures of people trained: hospitals as rows, the way of a question. */
#include <stdlib.h>

#include "app/learn_figures_internal.h"
#include "app/logbook_internal.h"
#include "app/person.h"
#include "fhir/part.h"

#define WALK 256

/* ---- rows ---- */

void *learn_row_at(const struct learn_rows *rows, size_t row)
{
    return rows->list + row * rows->size;
}

static int grow(struct arena *a, struct learn_rows *rows, struct err *err)
{
    struct caseload_axis *axis = &rows->by->axes[CASELOAD_HOSPITAL];
    size_t more = rows->cap ? rows->cap * 2 : 16;

    axis->codes = arena_grow(
        a, axis->codes, rows->cap * sizeof(*axis->codes), more * sizeof(*axis->codes));
    rows->list = arena_grow(a, rows->list, rows->cap * rows->size, more * rows->size);
    if (!axis->codes || !rows->list)
        return err_nomem(err);
    rows->cap = more;
    return 0;
}

static int remember(
    struct arena *a, struct caseload_axis *axis, size_t row, struct err *err)
{
    return text_map_put(a, &axis->map, axis->codes[row], row, NULL) < 0 ? err_nomem(err)
                                                                        : 0;
}

int learn_row_of(struct learn *l, struct learn_rows *rows, store_rid hospital,
    size_t *ret, struct err *err)
{
    struct caseload_axis *axis = &rows->by->axes[CASELOAD_HOSPITAL];
    struct arena *a = l->call->arena;
    struct str id = {NULL, 0};
    const char *name = NULL;
    int r = store_name(l->seek.snapshot, a, hospital, &id, err);

    if (r < 0)
        return r;
    name = arena_printf(a, "Organization/%.*s", (int)id.len, id.p);
    if (!name)
        return err_nomem(err);
    if (text_map_get(&axis->map, str_of(name), ret))
        return 0;
    if (axis->count == rows->cap)
        r = grow(a, rows, err);
    if (r < 0)
        return r;
    *ret = axis->count;
    axis->codes[axis->count] = str_of(name);
    memset(learn_row_at(rows, axis->count++), 0, rows->size);
    return remember(a, axis, *ret, err);
}

struct named_row {
    struct str code;
    size_t row;
};

static int by_code(const void *a, const void *b)
{
    const struct named_row *one = a;
    const struct named_row *other = b;

    return str_cmp(one->code, other->code);
}

/* In the order of ids, which says nothing of counts: by it is decided which are hidden beside a
 * small one. */
static int order(struct arena *a, struct learn_rows *rows, struct err *err)
{
    struct caseload_axis *axis = &rows->by->axes[CASELOAD_HOSPITAL];
    struct named_row *named = arena_array(a, axis->count + 1, sizeof(*named));
    char *list = arena_array(a, axis->count + 1, rows->size);
    int r = 0;

    if (!named || !list)
        return err_nomem(err);
    for (size_t i = 0; i < axis->count; i++)
        named[i] = (struct named_row){axis->codes[i], i};
    qsort(named, axis->count, sizeof(*named), by_code);
    axis->map = (struct text_map){.slots = NULL};
    for (size_t i = 0; r == 0 && i < axis->count; i++) {
        axis->codes[i] = named[i].code;
        memcpy(list + i * rows->size, learn_row_at(rows, named[i].row), rows->size);
        r = remember(a, axis, i, err);
    }
    rows->list = list;
    rows->cap = axis->count;
    return r;
}

/* ---- what is counted ---- */

bool learn_in_quarter(const struct learn_figuring *f, struct str day)
{
    utc_ms from = 0;
    utc_ms until = 0;

    return day.p && fhir_date_range(day, &from, &until) && f->by.quarter.from <= from &&
           from < f->by.quarter.until;
}

int learn_looks(struct learn_figuring *f, const struct json *enrolment,
    unsigned *ret_looked, unsigned *ret_used, struct err *err)
{
    struct json_each it = json_each(json_get(enrolment, "aim"));
    struct learn_use uses[LEARN_LOOKS];
    struct learn_work work;
    utc_ms back = 0;
    int r = 0;

    *ret_looked = *ret_used = 0;
    if (!learn_returned(enrolment, &back) || !json_get(enrolment, "accepted"))
        return 0;
    r = learn_read_work(&f->learn, enrolment, &work, err);
    while (r == 0 && json_next(&it)) {
        learn_judge(&f->learn, enrolment, it.value, &work, uses);
        for (unsigned i = 0; i < LEARN_LOOKS; i++) {
            bool ended = f->by.quarter.from <= uses[i].until &&
                         uses[i].until < f->by.quarter.until;
            bool known = uses[i].state == LEARN_USE_USED ||
                         uses[i].state == LEARN_USE_NOT_USED ||
                         uses[i].state == LEARN_USE_UNCLEAR;

            *ret_looked |= (unsigned)(ended && known) << i;
            *ret_used |= (unsigned)(ended && uses[i].state == LEARN_USE_USED) << i;
        }
    }
    return r;
}

static int count_all(
    struct learn_figuring *f, const struct learn_figuring_steps *steps, struct err *err)
{
    unsigned type = fhir_resource_named(STR("Enrolment"))->number;
    store_rid list[WALK];
    store_rid after = 0;
    size_t n = WALK;
    int r = 0;

    while (r == 0 && n == WALK) {
        r = store_rids(f->learn.seek.snapshot, type, after, list, WALK, &n, err);
        for (size_t i = 0; r == 0 && i < n; i++) {
            const struct json *json = NULL;

            after = list[i];
            r = seek_rid(&f->learn.seek, list[i], NULL, &json, err);
            if (r == 0 && json)
                r = steps->count(f, json, err);
        }
    }
    return r;
}

/* ---- what is hidden ---- */

int learn_hide(struct learn_figuring *f, const uint32_t *persons, struct err *err)
{
    int r = 0;

    f->by.tables[0] = (struct suppress_table){.columns = 1, .counts = persons};
    f->by.shown = (struct suppress){.rows = f->by.axes[CASELOAD_HOSPITAL].count,
        .tables = f->by.tables,
        .table_count = 1};
    r = suppress(f->learn.call->arena, &f->by.shown, err);
    return r == 0 ? caseload_scope(&f->by, err) : r;
}

bool learn_is_small(uint32_t n)
{
    return n > 0 && n < SUPPRESS_SMALL;
}

void learn_put_count(struct json_out *o, const char *name, uint64_t count, bool hidden)
{
    fhir_part_open(o, name);
    if (hidden) {
        json_member(o, "valueCode", STR("masked"));
    } else {
        json_name(o, "valueInteger");
        json_put_int(o, (long long)count);
    }
    json_close(o, '}');
}

/* ---- the way ---- */

int learn_figuring_may(struct app_call *call, struct err *err)
{
    const struct app_caller *caller = &call->caller;

    if (access_limited(caller) && !person_holds(caller, "coordinator") &&
        !person_holds(caller, "director"))
        return err_set(err, E_FORBIDDEN, NULL,
            "Numbers of people trained are for coordinators of programmes and "
            "directors of hospitals.");
    return 0;
}

int learn_figuring_take(
    struct learn_figuring *f, const struct rest *rest, struct err *err)
{
    if (rest->pair_count != 1 || !str_is(rest->pairs[0].name, "period"))
        return err_set(err, E_INVALID, "period",
            "%s takes period, such as 2026-Q3, and nothing else.", rest->word);
    return caseload_period(rest->pairs[0].value, time_now(), &f->by.quarter, err);
}

static int make(struct learn_figuring *f, const struct rest *rest,
    const struct learn_figuring_steps *steps, struct err *err)
{
    struct app_call *call = f->learn.call;
    struct reader_who nobody = {
        .bases = app_bases(call->arena, call->app, call->base), .now = time_now()};
    int r = 0;

    f->by.call = call;
    f->by.snapshot = f->learn.seek.snapshot;
    f->by.scratch = arena_new();
    f->rows.by = &f->by;
    if (!f->by.scratch)
        return err_nomem(err);
    r = reader_new(f->learn.seek.snapshot, call->arena, &nobody, &f->by.reader, err);
    if (r == 0)
        r = count_all(f, steps, err);
    if (r == 0)
        r = order(call->arena, &f->rows, err);
    if (r == 0)
        r = steps->publish(f, err);
    if (r == 0)
        steps->write(f, rest->pairs[0].value);
    reader_free(f->by.reader);
    arena_free(f->by.scratch);
    return r;
}

int learn_figuring_go(struct learn_figuring *f, struct app_call *call,
    const struct rest *rest, const struct learn_figuring_steps *steps, struct err *err)
{
    int r = learn_begin(&f->learn, call, err);

    if (r == 0)
        r = make(f, rest, steps, err);
    learn_end(&f->learn);
    return r;
}
