/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which axes contain the one that is asked about: those that say the same of a record and make more of it, as
 * sending-province and sending-hospital of asked-department. Its small numbers are kept within theirs
 * (engine/numbers/guard_levels.h), so that two questions say no more than one.
 */
#include "app/indicator_internal.h"

/* How much of a place it is; 0: no place contains it, nor does it contain one. */
static int rank(enum indicator_as as)
{
    switch (as) {
    case INDICATOR_COUNTRY:
        return 1;
    case INDICATOR_PROVINCE:
        return 2;
    case INDICATOR_COUNTY:
        return 3;
    case INDICATOR_HOSPITAL:
        return 4;
    case INDICATOR_PLAIN:
        return 5;
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

    if (mine < rank(INDICATOR_HOSPITAL)) /* a word, of which nothing more can be made */
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

/* The number of what ${as} makes of the stratum ${at} of the run, of those that ${seen} has. */
static int number_in(struct indicator_run *run, enum indicator_as as, size_t at,
    struct text_map *seen, uint32_t *ret, struct err *err)
{
    struct arena *a = run->of_answer;
    struct indicator_cell cell = {.rid = 0};
    size_t n = seen->count;
    const char *key = NULL;
    int r = indicator_resolve(run, as, &run->strata[at], &cell, err);

    if (r < 0)
        return r;
    key = arena_printf(a, "%lld %.*s", (long long)cell.rid, (int)cell.text.len,
        cell.text.p ? cell.text.p : "");
    if (!key)
        return err_nomem(err);
    if (!text_map_get(seen, str_of(key), &n) &&
        text_map_put(a, seen, str_of(key), n, NULL) < 0)
        return err_nomem(err);
    *ret = (uint32_t)n;
    return 0;
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

static int number_level(struct indicator_run *run, enum indicator_as as,
    struct indicator_level *level, struct err *err)
{
    struct text_map seen = {0};
    int r = 0;

    level->of = arena_array(run->of_answer, run->stratum_count + 1, sizeof(*level->of));
    if (!level->of)
        return err_nomem(err);
    for (size_t i = 0; r == 0 && i < run->stratum_count; i++)
        r = number_in(run, as, i, &seen, &level->of[i], err);
    return r == 0 ? make_room(run, level, seen.count, err) : r;
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
        level->of[i] = (uint32_t)i;
    return make_room(run, level, run->stratum_count, err);
}

int indicator_levels(
    struct indicator_run *run, struct indicator_levels *ret, struct err *err)
{
    enum indicator_as as[INDICATOR_LEVELS];
    size_t n = run->ask.axis == INDICATOR_NO_AXIS ? 0 : find_axes(run, as);
    int r = 0;

    *ret = (struct indicator_levels){.count = 0};
    if (n == 0)
        return 0;
    for (size_t i = 0; r == 0 && i < n; i++)
        r = number_level(run, as[i], &ret->list[i], err);
    if (r == 0)
        r = take_asked(run, &ret->list[n], err);
    if (r < 0)
        return r;
    ret->count = n + 1;
    for (size_t i = 1; i <= n; i++)
        ret->apart = ret->apart || !nest(run, &ret->list[i - 1], &ret->list[i]);
    return 0;
}
