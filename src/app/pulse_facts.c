/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is kept of the facts behind the pulse (app/kept.h). Who asks about one pairing, or a few of their own, is not made to wait for those of all:
 * where nothing is kept each of these is looked for by itself.
 */
#include "app/pulse_facts.h"

#include <assert.h>

#define FEW_PAIRINGS 4 /* of so many each is looked for by itself */
/* A month begins within a day of the same elsewhere, and meetings count from two days before the first. */
#define EARLIER (4 * PULSE_DAY_MS)
#define NEEDED (2 * PULSE_DAY_MS)

/* What the facts follow from. */
static const char *const types[] = {"Organization", "PractitionerRole", "Practitioner",
    "ServiceRequest", "Patient", "Appointment", "Procedure", "OrganizationAffiliation"};
#define TYPES (sizeof(types) / sizeof(types[0]))

static_assert(TYPES <= READER_CHANGES_TYPES, "room for each of them");

static void release(struct pulse_facts *f)
{
    if (f && atomic_fetch_sub(&f->shares, 1) == 1)
        arena_free(f->arena);
}

static void done(struct kept_value *v)
{
    release((struct pulse_facts *)v);
}

static struct pulse_facts *facts_new(utc_ms since)
{
    struct arena *a = arena_new();
    struct pulse_facts *f = a ? arena_alloc(a, sizeof(*f)) : NULL;

    if (!f) {
        arena_free(a);
        return NULL;
    }
    f->arena = a;
    f->since = since;
    atomic_init(&f->shares, 1);
    return f;
}

static void keep(struct pulse *p, struct pulse_facts *f, int64_t position)
{
    f->value.position = position;
    f->value.bytes = arena_used(f->arena);
    f->value.done = done;
    f->value.type_count = TYPES;
    for (size_t i = 0; i < TYPES; i++)
        f->value.types[i] = fhir_resource_named(str_of(types[i]))->number;
    atomic_fetch_add(&f->shares, 1);
    kept_put(p->call->app->pulses, 0, &f->value);
}

static int64_t position_of(const struct pulse *p)
{
    int64_t position = -1;

    return store_position(p->seek.snapshot, &position, NULL) < 0 ? -1 : position;
}

void pulse_facts_recall(struct pulse *p, const struct pulse_pairing *pairing)
{
    utc_ms first = pairing->months[0].when.from;
    struct kept_value *v = NULL;

    if (p->facts || p->recalled)
        return;
    p->recalled = true; /* a snapshot's answer is the same for all of a call */
    v = kept_get(p->call->app->pulses, 0, position_of(p));
    if (v && ((struct pulse_facts *)v)->since > first - NEEDED) {
        kept_release(v); /* a clock was set back */
        v = NULL;
    }
    p->held = v;
    p->facts = (const struct pulse_facts *)v;
}

int pulse_facts_find(
    struct pulse *p, const struct pulse_pairing *pairing, struct err *err)
{
    struct pulse_facts *f = NULL;
    int64_t position = position_of(p);
    int r = 0;

    pulse_facts_recall(p, pairing);
    if (p->facts || p->pairings_found++ < FEW_PAIRINGS)
        return 0;
    f = facts_new(pairing->months[0].when.from - EARLIER);
    if (!f)
        return err_nomem(err);
    r = pulse_take(p, f, err);
    if (r < 0) {
        release(f);
        return r;
    }
    p->own = f;
    p->facts = f;
    if (position >= 0)
        keep(p, f, position);
    return 0;
}

void pulse_facts_done(struct pulse *p)
{
    kept_release(p->held);
    release(p->own);
    p->held = NULL;
    p->own = NULL;
    p->facts = NULL;
}
