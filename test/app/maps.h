/* SPDX-License-Identifier: Apache-2.0 */
/* The capability map of a small network that has gone through a random history. */
#ifndef TEST_APP_MAPS_H
#define TEST_APP_MAPS_H

#include "app/app_internal.h"
#include "app/network_map.h"
#include "history.h"

static inline void apply(struct node *n, const struct change *c)
{
    struct said *s = node_ask(
        n, (struct ask){
               .method = APP_PUT, .space = c->space, .path = c->path, .body = c->body});

    if (s->status != 200)
        said_status(s, 201);
    said_free(s);
}

static inline void apply_all(struct node *n, const struct history *h)
{
    for (size_t i = 0; i < h->count; i++)
        apply(n, &h->list[i]);
}

/* ---- maps ---- */

/* Who only counts is told the same of each illness: ${answers} are of all things at ${hospital}. */
static inline void counts_the_same(const struct network *n,
    const struct network_map_asked *asked, uint32_t hospital,
    const struct capability_answer *answers)
{
    struct arena *scratch = arena_new();
    struct network_level *levels =
        arena_array(a, catalogue_illness_count, sizeof(*levels));

    assert_int_equal(network_levels(n, scratch, asked, hospital, levels), 0);
    for (size_t i = 0; i < catalogue_illness_count; i++) {
        const struct capability_answer *one = &answers[catalogue_procedure_count + i];

        assert_int_equal(levels[i].level, one->level);
        assert_int_equal(levels[i].listed, one->listed);
        assert_int_equal(levels[i].demonstrated, one->demonstrated);
        assert_int_equal(levels[i].sustained, one->sustained);
    }
    arena_free(scratch);
}

#define HOSPITALS 4

struct map {
    struct capability_answer *of[HOSPITALS];
    const char **by[HOSPITALS]; /* names: numbers of people are the network's own */
};

static inline struct map map_in(const struct network *n, int64_t at, bool without)
{
    static unsigned maps; /* of some hospitals: it takes as long as the map */
    struct network_map_asked asked = {.at = at, .without_experts = without};
    struct arena *scratch = arena_new();
    uint32_t count = catalogue_things();
    struct map m = {.of = {NULL}};

    assert_int_equal(network_hospital_count(n), HOSPITALS);
    for (uint32_t i = 0; i < HOSPITALS; i++) {
        m.of[i] = arena_array(a, count, sizeof(*m.of[i]));
        m.by[i] = arena_array(a, count, sizeof(*m.by[i]));
        assert_int_equal(network_capabilities(n, scratch, &asked, i, m.of[i]), 0);
        if (maps++ % 8 == 0)
            counts_the_same(n, &asked, i, m.of[i]);
        for (uint32_t k = 0; k < count; k++) {
            struct capability_answer *one = &m.of[i][k];
            struct network_name who = {.reference = {NULL, 0}};

            if (one->by != CAPABILITY_NOBODY)
                who = network_person_name(n, one->by);
            m.by[i][k] = who.reference.p
                             ? arena_strndup(a, who.reference.p, who.reference.len)
                             : "";
            one->by = 0;
        }
    }
    arena_free(scratch);
    return m;
}

static inline struct map map_of(struct networks *networks, int64_t at, bool without)
{
    const struct network *n = NULL;
    struct err err = {0};
    struct map m;

    assert_int_equal(networks_take(networks, &n, &err), 0);
    m = map_in(n, at, without);
    network_release(n);
    return m;
}

/* Is there anything in it at all? */
static inline int able(const struct map *m)
{
    int sum = 0;

    for (size_t i = 0; i < HOSPITALS; i++) {
        for (uint32_t k = 0; k < catalogue_things(); k++)
            sum += m->of[i][k].level > CAPABILITY_NONE;
    }
    return sum;
}

static inline void same(const struct map *one, const struct map *other)
{
    for (size_t i = 0; i < HOSPITALS; i++) {
        for (uint32_t k = 0; k < catalogue_things(); k++) {
            const struct capability_answer *x = &one->of[i][k], *y = &other->of[i][k];

            if (x->level != y->level || x->since != y->since || x->until != y->until ||
                x->carriers != y->carriers || x->cases != y->cases ||
                x->sustained_cases != y->sustained_cases || x->lasts != y->lasts ||
                x->listed != y->listed || x->demonstrated != y->demonstrated ||
                x->sustained != y->sustained || x->missing != y->missing ||
                strcmp(one->by[i][k], other->by[i][k]) != 0)
                fail_msg("%s at hospital %zu: %s by %s, and %s by %s",
                    catalogue_thing(k)->code, i, capability_level_name(x->level),
                    one->by[i][k], capability_level_name(y->level), other->by[i][k]);
        }
    }
}

static inline struct map read_anew(struct node *n, int64_t at)
{
    struct networks *fresh = networks_new(n->app);
    struct map m = map_of(fresh, at, false);

    networks_free(fresh);
    return m;
}

#endif
