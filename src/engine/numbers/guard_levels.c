/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/numbers/guard_levels.h"

#include <string.h>

/* Those of a level that lie within one stratum, or all of the first. */
struct part {
    struct guard guard;
    size_t *of; /* where each stands in the level */
};

static int part_new(struct arena *a, size_t most, struct part *ret, struct err *err)
{
    *ret = (struct part){
        .guard = {.counts = arena_array(a, most + 1, sizeof(*ret->guard.counts)),
            .hidden = arena_array(a, most + 1, sizeof(*ret->guard.hidden))},
        .of = arena_array(a, most + 1, sizeof(*ret->of))};
    return ret->guard.counts && ret->guard.hidden && ret->of ? 0 : err_nomem(err);
}

/* Those of ${level} within ${above}; of the first level all. */
static void take(struct part *p, const struct guard_level *level, size_t above)
{
    size_t n = 0;

    for (size_t i = 0; i < level->strata; i++) {
        if (level->within && level->within[i] != above)
            continue;
        memcpy(p->guard.counts[n], level->counts[i], sizeof(level->counts[i]));
        p->guard.hidden[n] = level->hidden[i];
        p->of[n++] = i;
    }
    p->guard.strata = n;
}

/* Decide on them; where ${nothing} of them may be told, they are all hidden. */
static void decide(struct part *p, struct guard_level *level, bool nothing)
{
    if (!nothing)
        guard(&p->guard);
    nothing = nothing || p->guard.withheld || p->guard.total;
    for (size_t i = 0; i < p->guard.strata; i++)
        level->hidden[p->of[i]] = nothing || p->guard.hidden[i];
}

int guard_levels(struct arena *a, struct guard_level *list, size_t count,
    const int64_t all[GUARD_COUNTS], bool *ret_total, struct err *err)
{
    *ret_total = false;
    for (size_t l = 0; l < count; l++) {
        struct guard_level *level = &list[l];
        const struct guard_level *above = l ? &list[l - 1] : NULL;
        struct part p;
        int r = part_new(a, level->strata, &p, err);

        if (r < 0)
            return r;
        for (size_t i = 0; i < (above ? above->strata : 1); i++) {
            memcpy(p.guard.all, above ? above->counts[i] : all, sizeof(p.guard.all));
            p.guard.total = p.guard.withheld = false;
            take(&p, level, i);
            decide(&p, level, above && above->hidden[i]);
            *ret_total = *ret_total || (!above && p.guard.total);
        }
    }
    return 0;
}
