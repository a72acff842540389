/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GET Course/$figures?period=2026-Q3: how many were trained, for coordinators and directors, who
 * see nobody. Persons are counted once, however many courses they passed; person-courses stand
 * beside them and are never added. Each hospital's are its own staff's.
 *
 *   persons         with at least one course passed in the quarter
 *   person-courses  courses passed in it, each person in each
 *   sent            persons whose placement began in it
 *   looked          persons whose 3, 6 or 12 months after return ended in it, and something
 *                   is known
 *   used            those of them who use at least one thing that they learnt
 *
 * Small counts are hidden as docs/NUMBERS.md says: the persons by engine/numbers over all
 * hospitals of the node, the same publication for everybody. A hospital whose persons are hidden
 * shows nothing; another count of it is hidden where it is small, or its rest is. Totals of the
 * other counts are told only where nothing of them is hidden, so that none can be taken off.
 */
#include <stdlib.h>

#include "app/caseload_internal.h"
#include "app/learn_internal.h"
#include "app/logbook_internal.h"
#include "app/person.h"
#include "fhir/part.h"

#define WALK 256

enum figure { PERSONS, PERSON_COURSES, SENT, LOOKED, USED, FIGURES };

static const char *const names[FIGURES] = {
    "persons", "person-courses", "sent", "looked", "used"};

struct counts {
    uint32_t n[FIGURES];
};

struct figures {
    struct learn learn;
    struct caseload rows; /* its hospitals, and which are the caller's */
    struct counts *list;  /* a hospital each */
    size_t cap;
    struct text_map seen[FIGURES]; /* persons that are counted already */
};

static int add(struct figures *f, struct text_map *map, struct str text, size_t value,
    struct err *err)
{
    return text_map_put(f->learn.call->arena, map, text, value, NULL) < 0
               ? err_nomem(err)
               : 0;
}

/* ---- hospitals ---- */

static int add_hospital(
    struct figures *f, store_rid hospital, size_t *ret, struct err *err)
{
    struct caseload_axis *axis = &f->rows.axes[CASELOAD_HOSPITAL];
    struct arena *a = f->learn.call->arena;
    struct str id = {NULL, 0};
    const char *name = NULL;
    int r = store_name(f->learn.seek.snapshot, a, hospital, &id, err);

    if (r < 0)
        return r;
    name = arena_printf(a, "Organization/%.*s", (int)id.len, id.p);
    if (!name)
        return err_nomem(err);
    if (text_map_get(&axis->map, str_of(name), ret))
        return 0;
    if (axis->count == f->cap) {
        size_t more = f->cap ? f->cap * 2 : 16;

        axis->codes = arena_grow(
            a, axis->codes, f->cap * sizeof(*axis->codes), more * sizeof(*axis->codes));
        f->list =
            arena_grow(a, f->list, f->cap * sizeof(*f->list), more * sizeof(*f->list));
        if (!axis->codes || !f->list)
            return err_nomem(err);
        f->cap = more;
    }
    *ret = axis->count;
    axis->codes[axis->count] = str_of(name);
    f->list[axis->count++] = (struct counts){.n = {0}};
    return add(f, &axis->map, str_of(name), *ret, err);
}

/* ---- counting ---- */

/* One more of ${what} at ${row}, if ${person} is not counted in it yet. */
static int count_person(
    struct figures *f, enum figure what, size_t row, struct str person, struct err *err)
{
    size_t ignored = 0;
    const char *kept = NULL;

    if (text_map_get(&f->seen[what], person, &ignored))
        return 0;
    kept = arena_strndup(f->learn.call->arena, person.p, person.len);
    if (!kept)
        return err_nomem(err);
    f->list[row].n[what]++;
    return add(f, &f->seen[what], (struct str){kept, person.len}, row, err);
}

static bool in_quarter(const struct figures *f, struct str day)
{
    utc_ms from = 0;
    utc_ms until = 0;

    return day.p && fhir_date_range(day, &from, &until) &&
           f->rows.quarter.from <= from && from < f->rows.quarter.until;
}

/* What is known at the looks that ended in the quarter. Who never agreed is not looked at, whoever
 * asks: everybody is shown parts of the same publication. */
static int look_back(struct figures *f, const struct json *enrolment, bool *ret_looked,
    bool *ret_used, struct err *err)
{
    struct json_each it = json_each(json_get(enrolment, "aim"));
    struct learn_use uses[LEARN_LOOKS];
    struct learn_work work;
    int r = learn_read_work(&f->learn, enrolment, &work, err);

    while (r == 0 && json_next(&it)) {
        learn_judge(&f->learn, enrolment, it.value, &work, uses);
        for (int i = 0; i < LEARN_LOOKS; i++) {
            bool ended = f->rows.quarter.from <= uses[i].until &&
                         uses[i].until < f->rows.quarter.until;
            bool known = uses[i].state == LEARN_USE_USED ||
                         uses[i].state == LEARN_USE_NOT_USED ||
                         uses[i].state == LEARN_USE_UNCLEAR;

            *ret_looked |= ended && known;
            *ret_used |= ended && uses[i].state == LEARN_USE_USED;
        }
    }
    return r;
}

static int count_uses(struct figures *f, const struct json *enrolment, size_t row,
    struct str person, struct err *err)
{
    bool looked = false;
    bool used = false;
    utc_ms back = 0;
    int r = learn_returned(enrolment, &back) && json_get(enrolment, "accepted")
                ? look_back(f, enrolment, &looked, &used, err)
                : 0;

    if (r == 0 && looked)
        r = count_person(f, LOOKED, row, person, err);
    return r == 0 && used ? count_person(f, USED, row, person, err) : r;
}

/* A person is of the hospital where they were first counted. */
static size_t home_of(const struct figures *f, struct str person, size_t row)
{
    size_t found = row;

    for (int i = 0; i < FIGURES; i++) {
        if (text_map_get(&f->seen[i], person, &found))
            return found;
    }
    return row;
}

static int count_one(struct figures *f, const struct json *enrolment, struct err *err)
{
    struct str person = json_get_text(json_get(enrolment, "person"), "reference");
    const struct json *result = json_get(enrolment, "result");
    const struct json *course = NULL;
    store_rid hospital = 0;
    size_t row = 0;
    bool passed = json_kind(json_get(result, "passed")) == JSON_TRUE &&
                  in_quarter(f, json_get_text(result, "on"));
    int r = reader_hospital_of(f->rows.reader,
        json_get_text(json_get(enrolment, "learningDepartment"), "reference"),
        &hospital, err);

    if (r < 0 || !hospital || !person.p)
        return r;
    r = add_hospital(f, hospital, &row, err);
    row = r == 0 ? home_of(f, person, row) : 0;
    if (r == 0 && passed)
        r = count_person(f, PERSONS, row, person, err);
    if (r == 0 && passed)
        f->list[row].n[PERSON_COURSES]++;
    if (r == 0 &&
        in_quarter(f, json_get_text(json_get(enrolment, "period"), "start")) &&
        learn_status_of(enrolment) >= LEARN_ATTENDING &&
        learn_status_of(enrolment) <= LEARN_LEFT) {
        r = seek_reference(&f->learn.seek,
            json_get_text(json_get(enrolment, "course"), "reference"), "Course",
            &course, err);
        if (r == 0 && str_is(json_get_text(course, "kind"), "placement"))
            r = count_person(f, SENT, row, person, err);
    }
    return r == 0 ? count_uses(f, enrolment, row, person, err) : r;
}

static int count_all(struct figures *f, struct err *err)
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
                r = count_one(f, json, err);
        }
    }
    return r;
}

/* ---- the publication ---- */

/* Which are hidden beside a small one follows the order of ids, which says nothing of counts. */
static int order(struct figures *f, struct err *err)
{
    struct caseload_axis *axis = &f->rows.axes[CASELOAD_HOSPITAL];
    int r = 0;

    for (size_t i = 1; i < axis->count; i++) {
        struct str code = axis->codes[i];
        struct counts counts = f->list[i];
        size_t k = i;

        for (; k > 0 && str_cmp(axis->codes[k - 1], code) > 0; k--) {
            axis->codes[k] = axis->codes[k - 1];
            f->list[k] = f->list[k - 1];
        }
        axis->codes[k] = code;
        f->list[k] = counts;
    }
    axis->map = (struct text_map){.slots = NULL};
    for (size_t i = 0; r == 0 && i < axis->count; i++) {
        r = add(f, &axis->map, axis->codes[i], i, err);
    }
    return r;
}

static int publish(struct figures *f, struct err *err)
{
    size_t rows = f->rows.axes[CASELOAD_HOSPITAL].count;
    uint32_t *persons = arena_array(f->learn.call->arena, rows + 1, sizeof(*persons));
    int r = persons ? order(f, err) : err_nomem(err);

    for (size_t i = 0; r == 0 && i < rows; i++)
        persons[i] = f->list[i].n[PERSONS];
    f->rows.tables[0] = (struct suppress_table){.columns = 1, .counts = persons};
    f->rows.shown =
        (struct suppress){.rows = rows, .tables = f->rows.tables, .table_count = 1};
    if (r == 0)
        r = suppress(f->learn.call->arena, &f->rows.shown, err);
    return r == 0 ? caseload_scope(&f->rows, err) : r;
}

static bool is_small(uint32_t n)
{
    return n > 0 && n < SUPPRESS_SMALL;
}

static bool is_hidden(const struct figures *f, size_t row, enum figure what)
{
    const uint32_t *n = f->list[row].n;

    if (f->rows.shown.withheld || f->rows.shown.total || f->rows.shown.totals[row])
        return true;
    if (what == USED)
        return is_small(n[LOOKED]) || is_small(n[USED]) ||
               is_small(n[LOOKED] - n[USED]);
    return (what == SENT || what == LOOKED) && is_small(n[what]);
}

/* ---- the answer ---- */

static void put_count(struct json_out *o, enum figure what, uint64_t count, bool hidden)
{
    fhir_part_open(o, names[what]);
    if (hidden) {
        json_member(o, "valueCode", STR("masked"));
    } else {
        json_name(o, "valueInteger");
        json_put_int(o, (long long)count);
    }
    json_close(o, '}');
}

static void put_total(const struct figures *f, struct json_out *o)
{
    fhir_parts_open(o, "total");
    for (int what = 0; what < FIGURES; what++) {
        uint64_t sum = 0;
        bool hidden = false;

        for (size_t i = 0; i < f->rows.shown.rows; i++) {
            sum += f->rows.mine[i] ? f->list[i].n[what] : 0;
            hidden |= f->rows.mine[i] && is_hidden(f, i, (enum figure)what);
        }
        if (what == PERSONS && f->rows.all)
            hidden = f->rows.shown.total;
        put_count(o, (enum figure)what, sum, hidden);
    }
    fhir_parts_close(o);
}

static void write_all(struct figures *f, struct str period)
{
    const struct caseload_axis *axis = &f->rows.axes[CASELOAD_HOSPITAL];
    struct json_out o = json_out(&f->learn.call->answer);

    fhir_parameters_open(&o);
    fhir_part_put(&o, "period", "valueString", period);
    for (size_t i = 0; i < axis->count; i++) {
        if (!f->rows.mine[i] || f->rows.shown.withheld)
            continue;
        fhir_parts_open(&o, "hospital");
        fhir_part_put_reference(&o, "hospital", axis->codes[i],
            procedure_name(f->learn.call, f->learn.seek.snapshot, axis->codes[i]));
        for (int what = 0; what < FIGURES; what++)
            put_count(&o, (enum figure)what, f->list[i].n[what],
                is_hidden(f, i, (enum figure)what));
        fhir_parts_close(&o);
    }
    put_total(f, &o);
    fhir_parameters_close(&o);
}

/* ---- the way ---- */

static int take(struct figures *f, const struct rest *rest, struct err *err)
{
    if (rest->pair_count != 1 || !str_is(rest->pairs[0].name, "period"))
        return err_set(err, E_INVALID, "period",
            "$figures takes period, such as 2026-Q3, and nothing else.");
    return caseload_period(rest->pairs[0].value, time_now(), &f->rows.quarter, err);
}

static int count_and_write(struct figures *f, const struct rest *rest, struct err *err)
{
    struct app_call *call = f->learn.call;
    struct reader_who nobody = {
        .bases = app_bases(call->arena, call->app, call->base), .now = time_now()};
    int r = 0;

    f->rows.call = call;
    f->rows.snapshot = f->learn.seek.snapshot;
    f->rows.scratch = arena_new();
    if (!f->rows.scratch)
        return err_nomem(err);
    r = reader_new(f->learn.seek.snapshot, call->arena, &nobody, &f->rows.reader, err);
    if (r == 0)
        r = count_all(f, err);
    if (r == 0)
        r = publish(f, err);
    if (r == 0)
        write_all(f, rest->pairs[0].value);
    reader_free(f->rows.reader);
    arena_free(f->rows.scratch);
    return r;
}

static int run(struct app_call *call, const struct rest *rest, struct err *err)
{
    struct figures *f = arena_alloc(call->arena, sizeof(*f));
    int r = f ? take(f, rest, err) : err_nomem(err);

    if (r < 0)
        return r;
    r = learn_begin(&f->learn, call, err);
    if (r == 0)
        r = count_and_write(f, rest, err);
    learn_end(&f->learn);
    return r;
}

int learn_figures(struct app_call *call, const struct rest *rest, struct err *err)
{
    const struct app_caller *caller = &call->caller;

    if (access_limited(caller) && !person_holds(caller, "coordinator") &&
        !person_holds(caller, "director"))
        return err_set(err, E_FORBIDDEN, NULL,
            "Numbers of people trained are for coordinators of programmes and "
            "directors of hospitals.");
    return call_pool(call, rest, run, err);
}
