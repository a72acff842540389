/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Months that a hospital wrote down for itself, and its departments too: the same visits stand in both. The hospital's
 * own number is the hospital's; nobody can say whether all of its departments wrote.
 */
#include <stdlib.h>

#include "app/indicator_internal.h"

struct own {
    store_rid hospital;
    utc_ms from;
};

static int own_cmp(const void *one, const void *other)
{
    const struct own *a = one;
    const struct own *b = other;

    if (a->hospital != b->hospital)
        return a->hospital < b->hospital ? -1 : 1;
    return a->from < b->from ? -1 : a->from > b->from;
}

/* Who says the fact ${at}, as it is written. */
static const struct indicator_cell *unit_of(const struct indicator_run *run, size_t at)
{
    return &run->said[at * INDICATOR_SAID];
}

/* Whose the fact ${at} is: the hospital, and since when. */
static int own_of(
    struct indicator_run *run, size_t at, struct own *ret, struct err *err)
{
    struct indicator_cell hospital = {.rid = 0};
    int r =
        indicator_resolve(run, INDICATOR_HOSPITAL, unit_of(run, at), &hospital, err);

    *ret = (struct own){hospital.rid, run->facts[at].from};
    return r;
}

/* The fact ${from} takes the place ${to}. */
static void move(struct indicator_run *run, size_t from, size_t to)
{
    run->facts[to] = run->facts[from];
    run->records[to] = run->records[from];
    memmove(&run->said[to * INDICATOR_SAID], &run->said[from * INDICATOR_SAID],
        INDICATOR_SAID * sizeof(*run->said));
    if (run->currencies)
        run->currencies[to] = run->currencies[from];
}

/* Are units told apart as they are named, and not by their hospital? */
static bool tells_departments(const struct indicator_run *run)
{
    size_t axis = run->ask.axis;

    return axis != INDICATOR_NO_AXIS &&
           run->ask.define->strata[axis].as == INDICATOR_PLAIN;
}

int indicator_whole_first(struct indicator_run *run, struct err *err)
{
    struct own *list = arena_array(run->call->arena, run->count + 1, sizeof(*list));
    bool beside = tells_departments(run);
    struct own one = {.hospital = 0};
    size_t n = 0, kept = 0;
    int r = 0;

    if (!list)
        return err_nomem(err);
    for (size_t i = 0; r == 0 && i < run->count; i++) {
        r = own_of(run, i, &one, err);
        if (r == 0 && one.hospital && one.hospital == unit_of(run, i)->rid)
            list[n++] = one;
    }
    qsort(list, n, sizeof(*list), own_cmp);
    for (size_t i = 0; r == 0 && i < run->count; i++) {
        bool of_department = false;

        r = own_of(run, i, &one, err);
        of_department = one.hospital != unit_of(run, i)->rid && n > 0 &&
                        bsearch(&one, list, n, sizeof(*list), own_cmp);
        if (of_department && !beside)
            continue;
        move(run, i, kept);
        run->facts[kept++].beside = of_department;
    }
    run->count = r == 0 ? kept : run->count;
    return r;
}
