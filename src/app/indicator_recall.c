/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which questions are answered from facts that are kept (app/indicator_kept.h). Those are of a figure as a whole and as known now, over
 * records of which nobody is told less than others, and told apart, where of which stratum each is has been kept beside them
 * (docs/adr/0109-facts-kept-between-questions.md); of what is listed or of one stratum the rows are read. A figure
 * whose facts are found by one look each, firsts, needs none of it, and those of the map keep the map itself
 * (app/map_days.h).
 */
#include "app/indicator_internal.h"

#define DAY ((utc_ms)24 * 60 * 60 * 1000)
#define YEAR_MOST (366 * DAY)

/* Told apart by parts other facts count than of the whole; and of counties the places are looked for that were met on the way
 * (indicator_levels.c). */
static bool is_axis_kept(const struct indicator_run *run)
{
    const struct indicator_define *d = run->ask.define;

    return run->ask.axis == INDICATOR_NO_AXIS ||
           (!d->part.path && d->strata[run->ask.axis].as != INDICATOR_COUNTY);
}

static bool is_whole(const struct indicator_run *run)
{
    const struct indicator_define *d = run->ask.define;
    const struct indicator_ask *ask = &run->ask;

    return is_axis_kept(run) && ask->filter == INDICATOR_NO_AXIS && !ask->mix &&
           !ask->rows && !ask->subjects && !ask->known.by_position &&
           ask->known.at == UTC_MS_MAX && d->map == INDICATOR_NO_MAP &&
           d->count != INDICATOR_FIRST && d->disclosure != INDICATOR_OWN &&
           !d->whole_first && !d->currency.path;
}

/* A question about one year looks through one year. */
static bool is_long(const struct indicator_run *run)
{
    return run->ask.period.until - run->ask.period.from > YEAR_MOST;
}

/* In memory that holds where ${run} looks; -1: none does. */
static int64_t position_of(const struct indicator_run *run)
{
    int64_t position = -1;

    if (!is_whole(run) || store_position(run->snapshot, &position, NULL) < 0)
        return -1;
    return position;
}

/* The facts that are kept, with the strata that they are of. False: those are not kept, or there is no memory for it. */
static bool recall_part(struct indicator_run *run, int64_t position)
{
    struct indicator_kept_part *part = NULL;
    struct indicator_fact *facts = NULL;

    if (run->ask.axis == INDICATOR_NO_AXIS)
        return true;
    part = indicator_kept_part_get(
        run->call->app->indicators, run->ask.index, run->ask.axis, position);
    if (!part)
        return false;
    if (part->count == run->count)
        facts = arena_alloc_raw(run->of_facts, (run->count + 1) * sizeof(*facts));
    if (!facts) {
        indicator_kept_part_release(part);
        return false;
    }
    for (size_t i = 0; i < run->count; i++) {
        facts[i] = run->facts[i];
        facts[i].stratum = part->of[i];
    }
    run->facts = facts;
    run->recalled_part = part;
    run->strata = part->cells;
    run->stratum_count = run->stratum_cap = part->cell_count;
    return true;
}

bool indicator_recall(struct indicator_run *run)
{
    int64_t position = position_of(run);
    struct indicator_kept *kept = NULL;

    indicator_recall_done(run);
    run->type_count = 0;
    /* strata come in the order in which they are met: of one year that is another, and it does not hang on what is kept */
    if (run->ask.axis != INDICATOR_NO_AXIS && !is_long(run))
        return false;
    if (position >= 0)
        kept = indicator_kept_get(run->call->app->indicators, run->ask.index, position);
    if (!kept)
        return false;
    run->recalled = kept;
    run->facts = kept->facts;
    run->count = kept->count;
    run->thing_count = kept->thing_count;
    run->unordered = !kept->ordered;
    if (recall_part(run, position))
        return true;
    indicator_recall_done(run);
    run->thing_count = 0;
    run->unordered = false;
    return false;
}

void indicator_recall_done(struct indicator_run *run)
{
    if (run->recalled_part) {
        indicator_kept_part_release(run->recalled_part);
        run->recalled_part = NULL;
        run->strata = NULL;
        run->stratum_count = run->stratum_cap = 0;
    }
    if (!run->recalled)
        return;
    indicator_kept_release(run->recalled);
    run->recalled = NULL;
    run->facts = NULL;
    run->count = run->cap = 0;
}

bool indicator_keeps(const struct indicator_run *run)
{
    return is_long(run) && position_of(run) >= 0;
}

void indicator_note_type(struct indicator_run *run, store_rid record)
{
    unsigned type = store_rid_type(record);

    for (size_t i = 0; i < run->type_count && i < READER_CHANGES_TYPES; i++) {
        if (run->types[i] == type)
            return;
    }
    if (run->type_count < READER_CHANGES_TYPES)
        run->types[run->type_count] = type;
    if (run->type_count <= READER_CHANGES_TYPES)
        run->type_count++;
}

static void keep_whole(struct indicator_run *run)
{
    struct indicator_kept kept = {.facts = run->facts,
        .count = run->count,
        .thing_count = run->thing_count,
        .ordered = !run->unordered,
        .type_count = run->type_count,
        .position = position_of(run)};

    memcpy(kept.types, run->types, sizeof(kept.types));
    indicator_kept_put(run->call->app->indicators, run->ask.index, &kept);
}

/* Without memory for it nothing is kept. */
static void keep_part(struct indicator_run *run)
{
    struct indicator_kept_part part = {
        .of = arena_alloc_raw(run->of_facts, (run->count + 1) * sizeof(*part.of)),
        .count = run->count,
        .cells = run->strata,
        .cell_count = run->stratum_count,
        .type_count = run->type_count,
        .position = position_of(run)};

    if (!part.of)
        return;
    for (size_t i = 0; i < run->count; i++)
        part.of[i] = run->facts[i].stratum;
    memcpy(part.types, run->types, sizeof(part.types));
    indicator_kept_part_put(
        run->call->app->indicators, run->ask.index, run->ask.axis, &part);
}

void indicator_keep(struct indicator_run *run)
{
    if (run->type_count > 0) /* a place is followed up to its hospital */
        indicator_note_type(
            run, store_rid_first(fhir_resource_named(STR("Organization"))->number));
    indicator_note_type(run, store_rid_first(run->ask.define->type->number));
    if (run->type_count > READER_CHANGES_TYPES)
        return;
    if (run->ask.axis == INDICATOR_NO_AXIS)
        keep_whole(run);
    else
        keep_part(run);
}

void indicator_forget(struct indicator_run *run)
{
    run->facts = NULL;
    run->records = NULL;
    run->count = run->cap = 0;
    run->unordered = false;
    run->thing_of = (struct text_map){0};
    run->record_of = (struct number_map){0};
    run->stratum_of = (struct text_map){0};
    run->strata = NULL;
    run->stratum_count = run->stratum_cap = 0;
    run->things = NULL;
    run->thing_count = run->thing_cap = 0;
    run->left_out = 0;
}
