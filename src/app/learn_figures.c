/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GET Course/$figures?period=2026-Q3: how many were trained, for coordinators and directors, who
 * see nobody. Persons are counted once, however many courses they passed; person-courses stand
 * beside them and are never added. Each hospital's are its own staff's.
 *
 *   persons         with at least one course passed in the quarter
 *   person-courses  courses passed in it, each person in each
 *   persons-sent    persons whose placement began in it
 *   persons-looked  persons whose 3, 6 or 12 months after return ended in it, and something
 *                   is known
 *   persons-used    those of them who use at least one thing that they learnt
 *
 * Small counts are hidden as docs/NUMBERS.md says: the persons by engine/numbers over all
 * hospitals of the node, the same publication for everybody. A hospital whose persons are hidden
 * shows nothing; another count of it is hidden where it is small, or its rest is. Totals of the
 * other counts are told only where nothing of them is hidden, so that none can be taken off.
 */
#include "app/learn_figures_internal.h"
#include "app/logbook_internal.h"
#include "fhir/part.h"

enum figure { PERSONS, PERSON_COURSES, SENT, LOOKED, USED, FIGURES };

static const char *const names[FIGURES] = {
    "persons", "person-courses", "persons-sent", "persons-looked", "persons-used"};

struct counts {
    uint32_t n[FIGURES];
};

struct figures {
    struct learn_figuring f;       /* first: learn_figuring_go() */
    struct text_map seen[FIGURES]; /* persons that are counted already */
};

static struct counts *counts_of(const struct figures *f, size_t row)
{
    return learn_row_at(&f->f.rows, row);
}

/* ---- counting ---- */

/* One more of ${what} at ${row}, if ${person} is not counted in it yet. */
static int count_person(
    struct figures *f, enum figure what, size_t row, struct str person, struct err *err)
{
    struct arena *a = f->f.learn.call->arena;
    size_t ignored = 0;
    const char *kept = NULL;

    if (text_map_get(&f->seen[what], person, &ignored))
        return 0;
    kept = arena_strndup(a, person.p, person.len);
    if (!kept)
        return err_nomem(err);
    counts_of(f, row)->n[what]++;
    return text_map_put(a, &f->seen[what], (struct str){kept, person.len}, row, NULL) <
                   0
               ? err_nomem(err)
               : 0;
}

static int count_uses(struct figures *f, const struct json *enrolment, size_t row,
    struct str person, struct err *err)
{
    unsigned looked = 0;
    unsigned used = 0;
    int r = learn_looks(&f->f, enrolment, &looked, &used, err);

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

static int count_one(void *of, const struct json *enrolment, struct err *err)
{
    struct figures *f = of;
    struct str person = json_get_text(json_get(enrolment, "person"), "reference");
    const struct json *result = json_get(enrolment, "result");
    const struct json *course = NULL;
    store_rid hospital = 0;
    size_t row = 0;
    bool passed = json_kind(json_get(result, "passed")) == JSON_TRUE &&
                  learn_in_quarter(&f->f, json_get_text(result, "on"));
    int r = reader_hospital_of(f->f.by.reader,
        json_get_text(json_get(enrolment, "learningDepartment"), "reference"),
        &hospital, err);

    if (r < 0 || !hospital || !person.p)
        return r;
    r = learn_row_of(&f->f.learn, &f->f.rows, hospital, &row, err);
    row = r == 0 ? home_of(f, person, row) : 0;
    if (r == 0 && passed)
        r = count_person(f, PERSONS, row, person, err);
    if (r == 0 && passed)
        counts_of(f, row)->n[PERSON_COURSES]++;
    if (r == 0 &&
        learn_in_quarter(
            &f->f, json_get_text(json_get(enrolment, "period"), "start")) &&
        learn_status_of(enrolment) >= LEARN_ATTENDING &&
        learn_status_of(enrolment) <= LEARN_LEFT) {
        r = seek_reference(&f->f.learn.seek,
            json_get_text(json_get(enrolment, "course"), "reference"), "Course",
            &course, err);
        if (r == 0 && str_is(json_get_text(course, "kind"), "placement"))
            r = count_person(f, SENT, row, person, err);
    }
    return r == 0 ? count_uses(f, enrolment, row, person, err) : r;
}

/* ---- the publication ---- */

static int publish(void *of, struct err *err)
{
    struct figures *f = of;
    size_t rows = f->f.by.axes[CASELOAD_HOSPITAL].count;
    uint32_t *persons = arena_array(f->f.learn.call->arena, rows + 1, sizeof(*persons));

    if (!persons)
        return err_nomem(err);
    for (size_t i = 0; i < rows; i++)
        persons[i] = counts_of(f, i)->n[PERSONS];
    return learn_hide(&f->f, persons, err);
}

static bool is_hidden(const struct figures *f, size_t row, enum figure what)
{
    const uint32_t *n = counts_of(f, row)->n;
    const struct suppress *shown = &f->f.by.shown;

    if (shown->withheld || shown->total || shown->totals[row])
        return true;
    if (what == USED)
        return learn_is_small(n[LOOKED]) || learn_is_small(n[USED]) ||
               learn_is_small(n[LOOKED] - n[USED]);
    return (what == SENT || what == LOOKED) && learn_is_small(n[what]);
}

/* ---- the answer ---- */

static void put_total(const struct figures *f, struct json_out *o)
{
    fhir_parts_open(o, "total");
    for (int what = 0; what < FIGURES; what++) {
        uint64_t sum = 0;
        bool hidden = false;

        for (size_t i = 0; i < f->f.by.shown.rows; i++) {
            sum += f->f.by.mine[i] ? counts_of(f, i)->n[what] : 0;
            hidden |= f->f.by.mine[i] && is_hidden(f, i, (enum figure)what);
        }
        if (what == PERSONS && f->f.by.all)
            hidden = f->f.by.shown.total;
        learn_put_count(o, names[what], sum, hidden);
    }
    fhir_parts_close(o);
}

static void write_all(void *of, struct str period)
{
    struct figures *f = of;
    const struct caseload_axis *axis = &f->f.by.axes[CASELOAD_HOSPITAL];
    struct json_out o = json_out(&f->f.learn.call->answer);

    fhir_parameters_open(&o);
    fhir_part_put(&o, "period", "valueString", period);
    for (size_t i = 0; i < axis->count; i++) {
        if (!f->f.by.mine[i] || f->f.by.shown.withheld)
            continue;
        fhir_parts_open(&o, "hospital");
        fhir_part_put_reference(&o, "hospital", axis->codes[i],
            procedure_name(f->f.learn.call, f->f.learn.seek.snapshot, axis->codes[i]));
        for (int what = 0; what < FIGURES; what++)
            learn_put_count(&o, names[what], counts_of(f, i)->n[what],
                is_hidden(f, i, (enum figure)what));
        fhir_parts_close(&o);
    }
    put_total(f, &o);
    fhir_parameters_close(&o);
}

/* ---- the way ---- */

static int run(struct app_call *call, const struct rest *rest, struct err *err)
{
    static const struct learn_figuring_steps steps = {count_one, publish, write_all};
    struct figures *f = arena_alloc(call->arena, sizeof(*f));
    int r = f ? learn_figuring_take(&f->f, rest, err) : err_nomem(err);

    if (r < 0)
        return r;
    f->f.rows.size = sizeof(struct counts);
    return learn_figuring_go(&f->f, call, rest, &steps, err);
}

int learn_figures(struct app_call *call, const struct rest *rest, struct err *err)
{
    int r = learn_figuring_may(call, err);

    return r < 0 ? r : call_pool(call, rest, run, err);
}
