/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which axes contain the one that is asked about: those that say the same of a record and make more of it, as
 * sending-province and sending-hospital of asked-department. Its small numbers are kept within theirs
 * (engine/numbers/guard_levels.h), so that two questions say no more than one.
 */
#include <stdlib.h>

#include "app/indicator_internal.h"

/* How much of a place it is; 0: no place contains it, nor does it contain one. */
static int rank(enum indicator_as as)
{
    switch (as) {
    case INDICATOR_COUNTRY:
        return 1;
    case INDICATOR_PROVINCE:
        return 2;
    case INDICATOR_REMOTENESS:
        return 3;
    case INDICATOR_COUNTY:
        return 4;
    case INDICATOR_HOSPITAL:
        return 5;
    case INDICATOR_PLAIN:
        return 6;
    case INDICATOR_BATCH:
    case INDICATOR_SEX:
    case INDICATOR_KIND:
    case INDICATOR_LANGUAGE:
    case INDICATOR_RATE:
    case INDICATOR_PART:
    case INDICATOR_ASES:
        break;
    }
    return 0;
}

/* What the stratum ${at} says, as it is written. */
static struct str expression(const struct indicator_define *d, size_t at)
{
    const struct json *group = json_at(json_get(d->measure, "group"), 0);
    const struct json *stratifier = json_at(json_get(group, "stratifier"), at);

    return json_get_text(json_get(stratifier, "criteria"), "expression");
}

/* The axes that contain ${run->ask.axis}, the largest first, to ${ret}; how many. */
static size_t find_axes(
    const struct indicator_run *run, enum indicator_as ret[INDICATOR_LEVELS])
{
    const struct indicator_define *d = run->ask.define;
    struct str says = expression(d, run->ask.axis);
    int mine = rank(d->strata[run->ask.axis].as);
    size_t n = 0;

    if (mine < rank(INDICATOR_COUNTY)) /* a word, of which nothing more is made */
        return 0;
    for (int wanted = 1; wanted < mine && n < INDICATOR_LEVELS; wanted++) {
        for (size_t i = 0; i < d->stratum_count; i++) {
            if (rank(d->strata[i].as) == wanted && str_eq(expression(d, i), says)) {
                ret[n++] = d->strata[i].as;
                break;
            }
        }
    }
    return n;
}

struct larger {
    enum indicator_as as;
    size_t at;
};

/* What ${what->as} makes of the stratum ${what->at} of the run; of a word, as a county is, what it makes of the places in it. Places
 * without a county lie wherever they do, and are told by nothing larger. */
static int make_of(struct indicator_run *run, const struct larger *what,
    struct indicator_cell *ret, bool *ret_several, struct err *err)
{
    const struct indicator_cell *stratum = &run->strata[what->at];
    enum indicator_as is = run->ask.define->strata[run->ask.axis].as;
    int r = 0;

    if (stratum->rid || is != INDICATOR_COUNTY)
        return indicator_resolve(run, what->as, stratum, ret, err);
    if (str_is(stratum->text, "unknown"))
        *ret = (struct indicator_cell){.text = STR("?")};
    else
        r = indicator_resolve_word(run, stratum->text, what->as, ret, ret_several, err);
    return r;
}

static bool is_word(const struct indicator_run *run)
{
    return rank(run->ask.define->strata[run->ask.axis].as) < rank(INDICATOR_HOSPITAL);
}

static int by_name(const void *one, const void *other)
{
    const struct indicator_name *a = one, *b = other;
    int r = (a->rid > b->rid) - (a->rid < b->rid);

    return r ? r : str_cmp(a->text, b->text);
}

size_t indicator_number_names(struct indicator_name *names, size_t count, uint32_t *ret)
{
    size_t numbers = 0;

    qsort(names, count, sizeof(*names), by_name);
    for (size_t i = 0; i < count; i++) {
        numbers += i == 0 || by_name(&names[i - 1], &names[i]) != 0;
        ret[names[i].at] = (uint32_t)numbers - 1;
    }
    return numbers;
}

/* Room for ${level}, of ${strata}. */
static int make_room(struct indicator_run *run, struct indicator_level *level,
    size_t strata, struct err *err)
{
    struct arena *a = run->of_answer;

    level->strata = strata;
    level->within = arena_array(a, strata + 1, sizeof(*level->within));
    level->hidden = arena_array(a, strata + 1, sizeof(*level->hidden));
    return level->within && level->hidden ? 0 : err_nomem(err);
}

/* In the order of their names, which is the same in every period. */
static int number_level(struct indicator_run *run, enum indicator_as as,
    struct indicator_level *level, bool *ret_apart, struct err *err)
{
    size_t n = run->stratum_count;
    struct indicator_name *names = arena_array(run->of_answer, n + 1, sizeof(*names));
    int r = 0;

    level->of = arena_array(run->of_answer, n + 1, sizeof(*level->of));
    if (!level->of || !names)
        return err_nomem(err);
    for (size_t i = 0; r == 0 && i < n; i++) {
        struct indicator_cell cell = {.rid = 0};
        bool several = false;

        r = make_of(run, &(struct larger){as, i}, &cell, &several, err);
        names[i] =
            (struct indicator_name){indicator_cell_text(&cell), cell.rid, (uint32_t)i};
        *ret_apart = *ret_apart || several;
    }
    if (r < 0)
        return r;
    return make_room(run, level, indicator_number_names(names, n, level->of), err);
}

/* Find what each stratum of ${fine} lies within; false: one lies within several. */
static bool nest(const struct indicator_run *run, const struct indicator_level *coarse,
    struct indicator_level *fine)
{
    for (size_t i = 0; i < fine->strata; i++)
        fine->within[i] = UINT32_MAX;
    for (size_t i = 0; i < run->stratum_count; i++) {
        uint32_t *within = &fine->within[fine->of[i]];

        if (*within != UINT32_MAX && *within != coarse->of[i])
            return false;
        *within = coarse->of[i];
    }
    return true;
}

/* The level that is asked about itself: its strata are those of the run. */
static int take_asked(
    struct indicator_run *run, struct indicator_level *level, struct err *err)
{
    level->of = arena_array(run->of_answer, run->stratum_count + 1, sizeof(*level->of));
    if (!level->of)
        return err_nomem(err);
    for (size_t i = 0; i < run->stratum_count; i++)
        level->of[i] = run->rank[i];
    return make_room(run, level, run->stratum_count, err);
}

int indicator_levels(
    struct indicator_run *run, struct indicator_levels *ret, struct err *err)
{
    enum indicator_as as[INDICATOR_LEVELS];
    size_t n = run->ask.axis == INDICATOR_NO_AXIS ? 0 : find_axes(run, as);
    size_t made = 0;
    int r = 0;

    *ret = (struct indicator_levels){.count = 0};
    if (n == 0)
        return 0;
    for (size_t i = 0; r == 0 && i < n; i++) {
        struct indicator_level *level = &ret->list[made];

        r = number_level(run, as[i], level, &ret->apart, err);
        /* of words one that contains all of them is the whole, and contains nothing more */
        made += !(is_word(run) && level->strata <= 1);
    }
    if (r < 0 || made == 0)
        return r;
    r = take_asked(run, &ret->list[made], err);
    if (r < 0)
        return r;
    ret->count = made + 1;
    for (size_t i = 1; i <= made; i++)
        ret->apart = ret->apart || !nest(run, &ret->list[i - 1], &ret->list[i]);
    return 0;
}
