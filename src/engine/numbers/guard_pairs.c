/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/numbers/guard_pairs.h"

#include <string.h>

/* One half with what is told of it. */
struct told {
    const struct guard_half *half;
    struct guard sums;
};

struct work {
    struct guard *pairs;
    struct guard few; /* the pairs of one half, */
    size_t *few_of;   /* which they are */
    bool changed;
};

static int room(struct arena *a, struct guard *g, size_t strata, struct err *err)
{
    *g = (struct guard){.strata = strata,
        .counts = arena_array(a, strata + 1, sizeof(*g->counts)),
        .hidden = arena_array(a, strata + 1, sizeof(*g->hidden))};
    return g->counts && g->hidden ? 0 : err_nomem(err);
}

/* What is told of a half by itself, and what of the pairs is hidden with it. */
static int guard_half(struct arena *a, struct guard *g, const struct guard_half *half,
    struct told *ret, struct err *err)
{
    int r = room(a, &ret->sums, half->count, err);

    if (r < 0)
        return r;
    ret->half = half;
    memcpy(ret->sums.all, g->all, sizeof(g->all));
    for (size_t i = 0; i < g->strata; i++) {
        for (size_t k = 0; k < GUARD_COUNTS; k++)
            ret->sums.counts[half->of[i]][k] += g->counts[i][k];
    }
    guard(&ret->sums);
    for (size_t i = 0; i < g->strata; i++)
        g->hidden[i] = g->hidden[i] || ret->sums.hidden[half->of[i]];
    return 0;
}

/* The pairs of ${which} of ${half}, beside its sum. */
static void guard_within(struct work *w, const struct told *half, size_t which)
{
    struct guard *few = &w->few;

    few->strata = 0;
    memcpy(few->all, half->sums.counts[which], sizeof(few->all));
    for (size_t i = 0; i < w->pairs->strata; i++) {
        if (half->half->of[i] != which)
            continue;
        memcpy(few->counts[few->strata], w->pairs->counts[i], sizeof(few->counts[0]));
        few->hidden[few->strata] = w->pairs->hidden[i];
        w->few_of[few->strata++] = i;
    }
    guard(few);
    for (size_t i = 0; i < few->strata; i++) {
        bool *hidden = &w->pairs->hidden[w->few_of[i]];

        w->changed = w->changed || (few->hidden[i] && !*hidden);
        *hidden = *hidden || few->hidden[i];
    }
}

static size_t count_hidden(const struct guard *g)
{
    size_t count = 0;

    for (size_t i = 0; i < g->strata; i++)
        count += g->hidden[i];
    return count;
}

/* All pairs, beside the sum of all. */
static void guard_whole(struct work *w)
{
    size_t before = count_hidden(w->pairs);

    guard(w->pairs);
    w->changed = count_hidden(w->pairs) != before;
}

int guard_pairs(struct arena *a, struct guard *g,
    const struct guard_half halves[GUARD_HALVES], struct err *err)
{
    struct told told[GUARD_HALVES];
    struct work w = {.pairs = g,
        .few_of = arena_array(a, g->strata + 1, sizeof(*w.few_of)),
        .changed = true};
    int r = w.few_of ? room(a, &w.few, g->strata, err) : err_nomem(err);

    for (size_t h = 0; r == 0 && h < GUARD_HALVES; h++)
        r = guard_half(a, g, &halves[h], &told[h], err);
    if (r < 0)
        return r;
    while (w.changed) { /* each time more is hidden */
        w.changed = false;
        for (size_t h = 0; h < GUARD_HALVES; h++) {
            for (size_t i = 0; i < halves[h].count; i++) {
                if (!told[h].sums.hidden[i])
                    guard_within(&w, &told[h], i);
            }
        }
        if (!w.changed) /* last, since what is hidden within halves may be enough */
            guard_whole(&w);
    }
    return 0;
}
