/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a funnel for the mix of cases tells of hospitals is kept between questions (docs/adr/0115-apprenticeships-and-funnels-kept.md): their
 * numbers, what is expected of them, and how many are left out. It follows from the question, from the records, and from whether small
 * numbers are guarded, and from nothing else of who asks: a figure over the caller's own records is not kept. What the limits are, and
 * how hospitals are called, is found anew each time. What hangs on the ways follows from the whole network, and is not
 * kept either.
 */
#include "base/hash.h"

#include "app/indicator_internal.h"
#include "app/kept.h"

/* Which question, so that no two have one. */
struct key {
    uint64_t index, mix, guarded;
    utc_ms from, until;
};

struct holder {
    struct kept_value value; /* the first member */
    struct key key;
    size_t count, left_out;
    struct indicator_hospital list[];
};

static struct key key_of(const struct indicator_run *run)
{
    return (struct key){.index = run->ask.index,
        .mix = run->ask.mix,
        .guarded = run->guarded,
        .from = run->ask.period.from,
        .until = run->ask.period.until};
}

/* Another question of the same place is forgotten for this one. */
static size_t place_of(const struct key *key)
{
    return hash64(key, sizeof(*key), 0) % LIMIT_INDICATOR_TOLD;
}

/* The position at which it may be kept; -1: it may not. */
static int64_t position_of(const struct indicator_run *run)
{
    const struct indicator_define *d = run->ask.define;
    const struct indicator_ask *ask = &run->ask;
    int64_t position = -1;

    if (!ask->mix || ask->filter != INDICATOR_NO_AXIS || ask->known.by_position ||
        ask->known.at != UTC_MS_MAX || d->map != INDICATOR_NO_MAP ||
        d->count == INDICATOR_DAYS || d->disclosure == INDICATOR_OWN ||
        d->strata[ask->mix - 1].as == INDICATOR_REMOTENESS ||
        store_position(run->snapshot, &position, NULL) < 0)
        return -1;
    return position;
}

bool indicator_told_get(struct indicator_run *run, struct indicator_hospitals *ret)
{
    struct key key = key_of(run);
    struct kept_value *v =
        kept_get(run->call->app->told, place_of(&key), position_of(run));
    const struct holder *h = (const struct holder *)v;
    bool found = h && memcmp(&h->key, &key, sizeof(key)) == 0;

    if (found) {
        ret->list = arena_array(run->call->arena, h->count + 1, sizeof(*ret->list));
        found = ret->list != NULL;
    }
    if (found) {
        memcpy(ret->list, h->list, h->count * sizeof(*ret->list));
        ret->count = h->count;
        ret->left_out = h->left_out;
    }
    kept_release(v);
    return found;
}

static void done(struct kept_value *v)
{
    base_free(v);
}

void indicator_told_put(
    struct indicator_run *run, const struct indicator_hospitals *told)
{
    int64_t position = position_of(run);
    size_t size = sizeof(struct holder) + told->count * sizeof(*told->list);
    struct holder *h = NULL;

    if (position < 0 || run->recalled || run->network)
        return;
    indicator_note_type(
        run, store_rid_first(fhir_resource_named(STR("Organization"))->number));
    indicator_note_type(run, store_rid_first(run->ask.define->type->number));
    h = base_malloc(size);
    if (!h)
        return;
    memset(h, 0, size);
    h->key = key_of(run);
    h->count = told->count;
    h->left_out = told->left_out;
    memcpy(h->list, told->list, told->count * sizeof(*told->list));
    memcpy(h->value.types, run->types, sizeof(h->value.types));
    h->value.type_count = run->type_count;
    h->value.position = position;
    h->value.bytes = size;
    h->value.done = done;
    kept_put(run->call->app->told, place_of(&h->key), &h->value);
}
