/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Facts of the whole, and of parts of it: how many live somewhere, and how many of them are women. A part is in its whole
 * already. So a figure is of what is said of the whole; told apart by what divides it, the parts stand beside, each in
 * its stratum alone; and of one part by itself it is what is said of that.
 */
#include "app/indicator_internal.h"

/* By which stratum parts are asked about; p NULL: the whole is. */
static struct str part_asked(const struct indicator_run *run)
{
    const struct indicator_define *d = run->ask.define;
    const size_t axes[] = {run->ask.filter, run->ask.axis};

    for (size_t i = 0; i < 2; i++) {
        if (axes[i] != INDICATOR_NO_AXIS && d->strata[axes[i]].as == INDICATOR_PART)
            return d->strata[axes[i]].name;
    }
    return (struct str){NULL, 0};
}

bool indicator_is_divided(const struct indicator_run *run)
{
    const struct indicator_define *d = run->ask.define;
    size_t axis = run->ask.axis, filter = run->ask.filter;

    return axis != INDICATOR_NO_AXIS && d->strata[axis].as == INDICATOR_PART &&
           (filter == INDICATOR_NO_AXIS || d->strata[filter].as != INDICATOR_PART);
}

bool indicator_part_counts(
    const struct indicator_run *run, const struct indicator_row *row, bool *ret_beside)
{
    struct str asked = part_asked(run);
    struct str part = row->cells[INDICATOR_CELL_ONLY].text;

    *ret_beside = false;
    if (!run->ask.define->part.path)
        return true;
    if (indicator_is_divided(run) && !part.p)
        return true;
    *ret_beside = indicator_is_divided(run);
    return asked.p ? part.p && str_eq(part, asked) : !part.p;
}

int indicator_part_missing(struct indicator_run *run, bool *ret, struct err *err)
{
    bool *divided = arena_array(run->of_answer, run->thing_count + 1, sizeof(*divided));

    *ret = false;
    if (!divided)
        return err_nomem(err);
    for (size_t i = 0; i < run->count; i++) {
        if (run->answer.behind[i] && run->facts[i].beside)
            divided[run->facts[i].thing] = true;
    }
    for (size_t i = 0; i < run->count && indicator_is_divided(run); i++)
        *ret = *ret || (run->answer.behind[i] && !divided[run->facts[i].thing]);
    return 0;
}
