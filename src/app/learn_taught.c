/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GET Course/$taught?period=2026-Q3: how many a hospital taught, for coordinators and directors.
 *
 *   hospital        whose department taught (Enrolment.teachingDepartment)
 *   persons         with at least one course passed there in the quarter
 *   person-courses  courses passed there in it, each person in each
 *   kind            the same two by kind of course
 *   use             at 3, 6 and 12 months: persons of whom something is known of the look that
 *                   ended in the quarter, and those of them who use something they learnt there
 *
 * A person whom two hospitals taught counts at each of them: there is no total, and none can be
 * made. What is hidden: a hospital's persons where they are few, and one more beside it, by
 * engine/numbers, with all else of that hospital; all kinds of a hospital where the persons of one
 * of them are few; all its uses where the persons looked at, those who use it or the others are
 * few at one of the looks. So nothing hidden can be taken from what is shown.
 */
#include "app/learn_figures_internal.h"
#include "app/logbook_internal.h"
#include "fhir/part.h"

static const char *const kinds[] = {
    "bedside-teaching", "workshop", "degree", "placement", "online"};
#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

struct row {
    uint32_t persons, courses;
    uint32_t kind_persons[KINDS], kind_courses[KINDS];
    uint32_t looked[LEARN_LOOKS], used[LEARN_LOOKS];
};

struct taught {
    struct learn_figuring f; /* first: learn_figuring_go() */
    struct text_map seen;    /* "row/what/person": counted already */
};

/* ---- counting ---- */

/* One more in ${count}, if ${person} is not in it yet, which is ${what} of ${row}. */
static int count_person(struct taught *t, size_t row, const char *what,
    struct str person, uint32_t *count, struct err *err)
{
    struct arena *a = t->f.learn.call->arena;
    const char *key =
        arena_printf(a, "%zu/%s/%.*s", row, what, (int)person.len, person.p);
    size_t ignored = 0;

    if (!key)
        return err_nomem(err);
    if (text_map_get(&t->seen, str_of(key), &ignored))
        return 0;
    ++*count;
    return text_map_put(a, &t->seen, str_of(key), row, NULL) < 0 ? err_nomem(err) : 0;
}

static int count_passed(struct taught *t, const struct json *enrolment, size_t row,
    struct str person, struct err *err)
{
    struct row *counts = learn_row_at(&t->f.rows, row);
    const struct json *course = NULL;
    struct str kind = {NULL, 0};
    int r = seek_reference(&t->f.learn.seek,
        json_get_text(json_get(enrolment, "course"), "reference"), "Course", &course,
        err);

    kind = json_get_text(course, "kind");
    if (r == 0)
        r = count_person(t, row, "passed", person, &counts->persons, err);
    if (r == 0)
        counts->courses++;
    for (size_t i = 0; r == 0 && i < KINDS; i++) {
        if (!str_is(kind, kinds[i]))
            continue;
        counts->kind_courses[i]++;
        r = count_person(t, row, kinds[i], person, &counts->kind_persons[i], err);
    }
    return r;
}

static int count_uses(struct taught *t, const struct json *enrolment, size_t row,
    struct str person, struct err *err)
{
    static const char *const looked_at[] = {"looked-3", "looked-6", "looked-12"};
    static const char *const used_at[] = {"used-3", "used-6", "used-12"};
    struct row *counts = learn_row_at(&t->f.rows, row);
    unsigned looked = 0;
    unsigned used = 0;
    int r = learn_looks(&t->f, enrolment, &looked, &used, err);

    for (int i = 0; r == 0 && i < LEARN_LOOKS; i++) {
        if (looked >> i & 1)
            r = count_person(t, row, looked_at[i], person, &counts->looked[i], err);
        if (r == 0 && (used >> i & 1))
            r = count_person(t, row, used_at[i], person, &counts->used[i], err);
    }
    return r;
}

static int count_one(void *of, const struct json *enrolment, struct err *err)
{
    struct taught *t = of;
    struct str person = json_get_text(json_get(enrolment, "person"), "reference");
    const struct json *result = json_get(enrolment, "result");
    store_rid hospital = 0;
    size_t row = 0;
    int r = reader_hospital_of(t->f.by.reader,
        json_get_text(json_get(enrolment, "teachingDepartment"), "reference"),
        &hospital, err);

    if (r < 0 || !hospital || !person.p)
        return r;
    r = learn_row_of(&t->f.learn, &t->f.rows, hospital, &row, err);
    if (r == 0 && json_kind(json_get(result, "passed")) == JSON_TRUE &&
        learn_in_quarter(&t->f, json_get_text(result, "on")))
        r = count_passed(t, enrolment, row, person, err);
    return r == 0 ? count_uses(t, enrolment, row, person, err) : r;
}

/* ---- what is hidden ---- */

static int publish(void *of, struct err *err)
{
    struct taught *t = of;
    size_t count = t->f.by.axes[CASELOAD_HOSPITAL].count;
    uint32_t *persons =
        arena_array(t->f.learn.call->arena, count + 1, sizeof(*persons));

    if (!persons)
        return err_nomem(err);
    for (size_t i = 0; i < count; i++)
        persons[i] = ((const struct row *)learn_row_at(&t->f.rows, i))->persons;
    return learn_hide(&t->f, persons, err);
}

static bool kinds_are_hidden(const struct row *row)
{
    for (size_t i = 0; i < KINDS; i++) {
        if (learn_is_small(row->kind_persons[i]))
            return true;
    }
    return false;
}

static bool uses_are_hidden(const struct row *row)
{
    for (size_t i = 0; i < LEARN_LOOKS; i++) {
        if (learn_is_small(row->looked[i]) || learn_is_small(row->used[i]) ||
            learn_is_small(row->looked[i] - row->used[i]))
            return true;
    }
    return false;
}

/* ---- the answer ---- */

static void write_row(struct taught *t, struct json_out *o, size_t i)
{
    static const int months[LEARN_LOOKS] = {3, 6, 12};
    const struct suppress *shown = &t->f.by.shown;
    const struct row *row = learn_row_at(&t->f.rows, i);
    bool hidden = shown->total || shown->totals[i];
    bool no_kinds = hidden || kinds_are_hidden(row);
    bool no_uses = hidden || uses_are_hidden(row);
    struct str hospital = t->f.by.axes[CASELOAD_HOSPITAL].codes[i];

    fhir_parts_open(o, "hospital");
    fhir_part_put_reference(o, "hospital", hospital,
        procedure_name(t->f.learn.call, t->f.learn.seek.snapshot, hospital));
    learn_put_count(o, "persons", row->persons, hidden);
    learn_put_count(o, "person-courses", row->courses, hidden);
    for (size_t k = 0; k < KINDS; k++) {
        fhir_parts_open(o, "kind");
        fhir_part_put(o, "kind", "valueCode", str_of(kinds[k]));
        learn_put_count(o, "persons", row->kind_persons[k], no_kinds);
        learn_put_count(o, "person-courses", row->kind_courses[k], no_kinds);
        fhir_parts_close(o);
    }
    for (size_t k = 0; k < LEARN_LOOKS; k++) {
        fhir_parts_open(o, "use");
        fhir_part_put_int(o, "month", months[k]);
        learn_put_count(o, "persons-looked", row->looked[k], no_uses);
        learn_put_count(o, "persons-used", row->used[k], no_uses);
        fhir_parts_close(o);
    }
    fhir_parts_close(o);
}

static void write_all(void *of, struct str period)
{
    struct taught *t = of;
    struct json_out o = json_out(&t->f.learn.call->answer);

    json_open(&o, '{');
    json_member(&o, "resourceType", STR("Parameters"));
    json_name(&o, "parameter");
    json_open(&o, '[');
    fhir_part_put(&o, "period", "valueString", period);
    for (size_t i = 0; i < t->f.by.axes[CASELOAD_HOSPITAL].count; i++) {
        if (t->f.by.mine[i] && !t->f.by.shown.withheld)
            write_row(t, &o, i);
    }
    json_close(&o, ']');
    json_close(&o, '}');
}

static int run(struct app_call *call, const struct rest *rest, struct err *err)
{
    static const struct learn_figuring_steps steps = {count_one, publish, write_all};
    struct taught *t = arena_alloc(call->arena, sizeof(*t));
    int r = t ? learn_figuring_take(&t->f, rest, err) : err_nomem(err);

    if (r < 0)
        return r;
    t->f.rows.size = sizeof(struct row);
    return learn_figuring_go(&t->f, call, rest, &steps, err);
}

int learn_taught(struct app_call *call, const struct rest *rest, struct err *err)
{
    int r = learn_figuring_may(call, err);

    return r < 0 ? r : call_pool(call, rest, run, err);
}
