/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A sign-off, or an apprenticeship, that changed moves no hospital, no post and no operation:
 * the network of before stands, and only who carries what is made anew, at the hospitals where
 * the people have posts that it is about. Everything else is shared with the network that was
 * put together whole, which lives as long as one that leans on it.
 *
 *      whole network ◄── held by ── network after a sign-off ── another sign-off …
 *      hospitals, posts,            carriers of each hospital: those of before, held,
 *      places, operations           or made anew; what was signed
 */
#include <string.h>

#include "app/network_internal.h"

/* ---- what changed ---- */

static void add_person(struct network_touched *t, struct str id)
{
    if (!id.p || t->whole)
        return;
    if (t->count == t->cap) {
        size_t cap = t->cap ? t->cap * 2 : 16;
        struct str *grown =
            arena_grow(t->a, t->persons, t->cap * sizeof(*grown), cap * sizeof(*grown));

        if (!grown) {
            t->whole = true;
            return;
        }
        t->persons = grown;
        t->cap = cap;
    }
    t->persons[t->count++] = id;
}

/* Is it the same person to everybody who does not ask what was signed? */
static bool is_same(
    const struct network_person_fact *one, const struct network_person_fact *other)
{
    if (!str_eq(one->id, other->id) || !str_eq(one->name, other->name) ||
        !one->name.p != !other->name.p || one->language_count != other->language_count)
        return false;
    for (size_t i = 0; i < one->language_count; i++) {
        if (!str_eq(one->languages[i], other->languages[i]))
            return false;
    }
    return true;
}

static void touch_learnings(
    struct network_touched *t, const struct network_learning_fact *facts, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        add_person(t, facts[i].apprentice);
        add_person(t, facts[i].master);
    }
}

void network_touch(struct network_touched *t, enum network_kind kind,
    const struct network_before *before, const struct network_part *part, size_t at,
    size_t count)
{
    const void *now = (const char *)part->list + at * part->size;

    if (before->count == 0 && count == 0)
        return;
    if (kind == NETWORK_LEARNINGS) {
        touch_learnings(t, before->facts, before->count);
        touch_learnings(t, now, count);
    } else if (kind == NETWORK_PEOPLE && before->count == 1 && count == 1 &&
               is_same(before->facts, now)) {
        add_person(t, ((const struct network_person_fact *)now)->id);
    } else {
        t->whole = true;
    }
}

/* ---- the network after it ---- */

static int find_facts(struct network_joining *j)
{
    const struct network_part *part = &j->parts[NETWORK_PEOPLE];
    const struct network_person_fact *facts = part->list;
    struct network *n = j->network;

    j->facts = arena_array(
        j->scratch, n->person_count + 1, sizeof(struct network_person_fact *));
    if (!j->facts)
        return E_NOMEM;
    for (size_t i = 0; i < part->count; i++) {
        size_t person = 0;

        if (text_map_get(&n->people, facts[i].id, &person))
            j->facts[person] = &facts[i];
    }
    return 0;
}

static bool *touched_hospitals(
    const struct network_joining *j, const struct network_touched *touched)
{
    const struct network *n = j->network;
    bool *list = arena_array(j->scratch, n->hospital_count + 1, sizeof(*list));

    for (size_t i = 0; list && i < touched->count; i++) {
        size_t person = 0;

        if (!text_map_get(&n->people, touched->persons[i], &person))
            continue;
        for (size_t post = n->first_post[person]; post < n->first_post[person + 1];
             post++)
            list[n->posts[post].hospital] = true;
    }
    return list;
}

/* The carriers of before: held where nothing changed, taken out of what is carried elsewhere. */
static int keep_carriers(struct network_joining *j, const struct network *old)
{
    struct network *n = j->network;

    n->carriers =
        arena_array(j->a, n->hospital_count + 1, sizeof(struct network_carriers *));
    n->carried = arena_array(j->a, catalogue_things() + 1, sizeof(*n->carried));
    if (!n->carriers || !n->carried)
        return E_NOMEM;
    memcpy(n->carried, old->carried, catalogue_things() * sizeof(*n->carried));
    for (size_t i = 0; i < n->hospital_count; i++) {
        struct network_carriers *all = old->carriers[i];

        for (size_t k = 0; j->touched[i] && k < all->count; k++)
            n->carried[all->list[k].thing]--;
        if (j->touched[i])
            continue;
        atomic_fetch_add(&all->holders, 1);
        n->carriers[i] = all;
    }
    return 0;
}

static int join_again(struct network_joining *j, const struct network *old,
    const struct network_touched *touched)
{
    int r = find_facts(j);

    j->touched = touched_hospitals(j, touched);
    if (r == 0 && !j->touched)
        r = E_NOMEM;
    if (r == 0)
        r = keep_carriers(j, old);
    if (r == 0)
        r = network_join_signed(j);
    return r == 0 ? network_join_carriers(j) : r;
}

int network_join_again(const struct network *old, const struct network_part *parts,
    const struct network_touched *touched, struct arena *a, struct network **ret,
    struct err *err)
{
    struct network_joining j = {.parts = parts, .a = a, .scratch = arena_new()};
    int r = E_NOMEM;

    j.network = arena_alloc(a, sizeof(*j.network));
    if (j.network && j.scratch) {
        *j.network = *old;
        j.network->arena = a;
        j.network->holders = NULL;
        j.network->carriers = NULL;
        j.network->whole = old->whole ? old->whole : old;
        r = join_again(&j, old, touched);
        if (r < 0)
            network_carriers_release(j.network);
    }
    arena_free(j.scratch);
    if (r < 0)
        return err_nomem(err);
    atomic_fetch_add(j.network->whole->holders, 1);
    *ret = j.network;
    return 0;
}
