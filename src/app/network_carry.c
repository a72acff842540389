/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who is signed off in what, learns it or teaches it at which hospital. The carriers of a
 * hospital are a piece of memory of their own: one way makes those of all hospitals and those
 * of a few, so that a network in which a few were made anew is the one that would be made whole.
 */
#include <stdlib.h>
#include <string.h>

#include "app/network_internal.h"
#include "engine/competence/recency.h"

/* An apprenticeship, its people as numbers. */
struct learning {
    const struct network_learning_fact *fact;
    uint32_t apprentice, master; /* or NETWORK_NOBODY */
};

struct carrying {
    struct network_joining *j;
    struct network *n;
    struct learning *learnings;
    size_t learning_count;
};

static bool is_touched(const struct carrying *c, uint32_t hospital)
{
    return !c->j->touched || c->j->touched[hospital];
}

/* ---- apprenticeships ---- */

static uint32_t person_of(const struct network *n, struct str id)
{
    size_t at = 0;

    return text_map_get(&n->people, id, &at) ? (uint32_t)at : NETWORK_NOBODY;
}

static int find_learnings(struct carrying *c)
{
    const struct network_part *part = &c->j->parts[NETWORK_LEARNINGS];
    const struct network_learning_fact *facts = part->list;

    c->learnings = arena_array(c->j->scratch, part->count + 1, sizeof(*c->learnings));
    if (!c->learnings)
        return E_NOMEM;
    for (size_t i = 0; i < part->count; i++)
        c->learnings[i] = (struct learning){&facts[i],
            person_of(c->n, facts[i].apprentice), person_of(c->n, facts[i].master)};
    c->learning_count = part->count;
    return 0;
}

/* ---- room ---- */

static void count_learnings(const struct carrying *c, size_t *counts)
{
    const struct network *n = c->n;

    for (size_t i = 0; i < c->learning_count; i++) {
        uint32_t person = c->learnings[i].apprentice;

        if (person == NETWORK_NOBODY)
            continue;
        for (size_t post = n->first_post[person]; post < n->first_post[person + 1];
             post++)
            counts[n->posts[post].hospital]++;
    }
}

/* A piece for each hospital that is touched, as large as it will be. */
static int make_room(struct carrying *c)
{
    struct network *n = c->n;
    size_t *counts = arena_array(c->j->scratch, n->hospital_count + 1, sizeof(*counts));

    if (!counts)
        return E_NOMEM;
    for (size_t i = 0; i < n->post_count; i++)
        counts[n->posts[i].hospital] += c->j->facts[n->posts[i].person]->sign_off_count;
    count_learnings(c, counts);
    for (uint32_t i = 0; i < n->hospital_count; i++) {
        struct network_carriers *made = NULL;

        if (!is_touched(c, i))
            continue;
        made = counts[i] < (SIZE_MAX - sizeof(*made)) / sizeof(made->list[0])
                   ? base_malloc(sizeof(*made) + counts[i] * sizeof(made->list[0]))
                   : NULL;
        if (!made)
            return E_NOMEM;
        atomic_store(&made->holders, 1);
        made->count = 0;
        n->carriers[i] = made;
    }
    return 0;
}

void network_carriers_release(const struct network *n)
{
    for (size_t i = 0; n->carriers && i < n->hospital_count; i++) {
        if (n->carriers[i] && atomic_fetch_sub(&n->carriers[i]->holders, 1) == 1)
            base_free(n->carriers[i]);
    }
}

/* ---- who ---- */

static int compare(const void *one, const void *other)
{
    const struct network_carrier *a = one, *b = other;

    if (a->thing != b->thing)
        return a->thing < b->thing ? -1 : 1;
    if (a->post != b->post)
        return a->post < b->post ? -1 : 1;
    if (a->sign_off.from != b->sign_off.from)
        return a->sign_off.from < b->sign_off.from ? -1 : 1;
    return a->learning.from < b->learning.from ? -1
                                               : a->learning.from > b->learning.from;
}

static struct network_carrier *carrier_new(
    struct carrying *c, uint32_t thing, size_t post)
{
    struct network_carriers *all = c->n->carriers[c->n->posts[post].hospital];
    struct network_carrier *one = &all->list[all->count++];

    *one = (struct network_carrier){.thing = thing, .post = (uint32_t)post};
    return one;
}

/* As long as it counts: to the end of its period, or until too few cases end it. */
static struct capability_interval held(
    const struct network *n, uint32_t person, const struct network_sign_off *one)
{
    struct capability_interval term = one->period;

    if (!one->record.p)
        return term;
    for (size_t i = network_first_signed(n, one->record);
         i < n->signing_count && str_eq(n->signings[i].id, one->record); i++) {
        const struct network_signed *s = &n->signings[i];

        if (s->person == person && s->thing == one->thing &&
            s->lapses != RECENCY_NEVER && (term.until == 0 || s->lapses < term.until))
            term.until = s->lapses;
    }
    return term;
}

static void add_sign_offs(struct carrying *c)
{
    const struct network *n = c->n;

    for (size_t i = 0; i < n->post_count; i++) {
        const struct network_person_fact *person = c->j->facts[n->posts[i].person];

        if (!is_touched(c, n->posts[i].hospital))
            continue;
        for (size_t k = 0; k < person->sign_off_count; k++)
            carrier_new(c, person->sign_offs[k].thing, i)->sign_off =
                held(n, n->posts[i].person, &person->sign_offs[k]);
    }
}

static void add_learnings(struct carrying *c)
{
    const struct network *n = c->n;

    for (size_t i = 0; i < c->learning_count; i++) {
        const struct learning *l = &c->learnings[i];

        if (l->apprentice == NETWORK_NOBODY)
            continue;
        for (size_t post = n->first_post[l->apprentice];
             post < n->first_post[l->apprentice + 1]; post++) {
            struct network_carrier *one = NULL;

            if (!is_touched(c, n->posts[post].hospital))
                continue;
            one = carrier_new(c, l->fact->thing, post);
            one->learning = l->fact->term;
            one->learns = l->fact->rid;
        }
    }
}

struct network_carrier *network_carriers_of(
    const struct network *n, uint32_t thing, uint32_t hospital, size_t *ret_count)
{
    struct network_carriers *all = n->carriers[hospital];
    size_t low = 0, high = all->count, end = 0;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (all->list[middle].thing < thing)
            low = middle + 1;
        else
            high = middle;
    }
    for (end = low; end < all->count && all->list[end].thing == thing; end++) {
    }
    *ret_count = end - low;
    return all->list + low;
}

/* ---- masters ---- */

static bool ends_later(
    const struct capability_interval *one, const struct capability_interval *other)
{
    return one->until == 0 ? other->until != 0
                           : other->until != 0 && one->until > other->until;
}

/* One time of teaching of several that follow each other; of two with a pause between them
 * the one that ends later. */
static void add_teaching(
    struct capability_interval *all, const struct capability_interval *term)
{
    bool later = ends_later(term, all);
    const struct capability_interval *first = later ? all : term,
                                     *last = later ? term : all;
    int64_t from = first->from < last->from ? first->from : last->from;

    if (all->from == 0)
        *all = *term;
    else
        *all = first->until == 0 || last->from <= first->until
                   ? (struct capability_interval){from, last->until}
                   : *last;
}

/* The master's own sign-offs in what is taught, in the post ${post}. */
static void mark_post(
    struct network *n, const struct network_learning_fact *fact, size_t post)
{
    size_t count = 0;
    struct network_carrier *list =
        network_carriers_of(n, fact->thing, n->posts[post].hospital, &count);

    for (size_t i = 0; i < count; i++) {
        if (list[i].post == post && list[i].sign_off.from != 0)
            add_teaching(&list[i].teaching, &fact->term);
    }
}

static void mark_masters(struct carrying *c)
{
    struct network *n = c->n;

    for (size_t i = 0; i < c->learning_count; i++) {
        uint32_t master = c->learnings[i].master;

        if (master == NETWORK_NOBODY)
            continue;
        for (size_t post = n->first_post[master]; post < n->first_post[master + 1];
             post++) {
            if (is_touched(c, n->posts[post].hospital))
                mark_post(n, c->learnings[i].fact, post);
        }
    }
}

/* ---- all of it ---- */

static void count_carried(struct carrying *c)
{
    struct network *n = c->n;

    for (uint32_t i = 0; i < n->hospital_count; i++) {
        const struct network_carriers *all = n->carriers[i];

        for (size_t k = 0; is_touched(c, i) && k < all->count; k++)
            n->carried[all->list[k].thing]++;
    }
}

int network_join_carriers(struct network_joining *j)
{
    struct carrying c = {.j = j, .n = j->network};
    int r = find_learnings(&c);

    if (r == 0)
        r = make_room(&c);
    if (r < 0)
        return r;
    add_sign_offs(&c);
    add_learnings(&c);
    for (uint32_t i = 0; i < c.n->hospital_count; i++) {
        struct network_carriers *all = c.n->carriers[i];

        if (is_touched(&c, i) && all->count > 0)
            qsort(all->list, all->count, sizeof(*all->list), compare);
    }
    mark_masters(&c);
    count_carried(&c);
    return 0;
}
