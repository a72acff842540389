/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The ways of a type folded into a tree. A type has up to some sixty ways, most of which
 * begin alike; walked one by one each would search the resource for the same members
 * again.
 *
 * Plans follow from the tables alone. They are made when a type is first met and kept
 * for the life of the process: two threads may make the same one, the first to publish
 * it wins.
 */
#include <stdatomic.h>

#include "fhir/extract_internal.h"

static _Atomic(struct plan *) plans[FHIR_TYPE_NUMBER_MAX + 1];

static const struct fhir_slot *slot_at(unsigned number, unsigned i)
{
    return &fhir_slots[fhir_type_slots[number] + i];
}

/* ---- making ---- */

static bool same_text(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

static bool same_step(const struct fhir_step *a, const struct fhir_step *b)
{
    return a->index == b->index && same_text(a->name, b->name) &&
           same_text(a->where, b->where) && same_text(a->equals, b->equals);
}

static uint16_t add_node(struct plan *p)
{
    struct plan_node *n = &p->nodes[p->node_count];
    for (unsigned i = 0; i < PLAN_BUCKETS; i++)
        n->buckets[i] = PLAN_NONE;
    n->gifts = PLAN_NONE;
    n->has_edges = false;
    return p->node_count++;
}

/* The child of ${node} by ${step}, made if need be. */
static uint16_t child_of(struct plan *p, uint16_t node, const struct fhir_step *step)
{
    unsigned bucket = plan_bucket(step->name, step->name_len);
    struct plan_edge *e = NULL;
    for (uint16_t i = p->nodes[node].buckets[bucket]; i != PLAN_NONE;
         i = p->edges[i].next)
        if (same_step(p->edges[i].step, step))
            return p->edges[i].child;
    e = &p->edges[p->edge_count];
    *e = (struct plan_edge){step, add_node(p), p->nodes[node].buckets[bucket]};
    p->nodes[node].buckets[bucket] = p->edge_count++;
    p->nodes[node].has_edges = true;
    return e->child;
}

static void add_way(struct plan *p, unsigned slot, const struct fhir_slot *of,
    const struct fhir_way *way)
{
    uint16_t node = 0;
    for (unsigned i = 0; i < way->count; i++)
        node = child_of(p, node, &fhir_steps[way->first + i]);
    p->gifts[p->gift_count] = (struct plan_gift){
        (uint16_t)slot, p->nodes[node].gifts, fhir_reader_of(of, way)};
    p->nodes[node].gifts = p->gift_count++;
}

/* Room for as many nodes, edges and gifts as there can be, in one piece. */
static struct plan *plan_new(size_t steps, size_t ways)
{
    size_t nodes_at = (sizeof(struct plan) + 15) / 16 * 16;
    size_t edges_at =
        nodes_at + ((steps + 1) * sizeof(struct plan_node) + 15) / 16 * 16;
    size_t gifts_at = edges_at + (steps * sizeof(struct plan_edge) + 15) / 16 * 16;
    char *memory = base_malloc(gifts_at + ways * sizeof(struct plan_gift));
    struct plan *p = (struct plan *)(void *)memory;
    if (!memory)
        return NULL;
    *p = (struct plan){
        .nodes = (struct plan_node *)(void *)(memory + nodes_at),
        .edges = (struct plan_edge *)(void *)(memory + edges_at),
        .gifts = (struct plan_gift *)(void *)(memory + gifts_at),
    };
    return p;
}

static struct plan *plan_make(unsigned number)
{
    unsigned slots = fhir_type_slot_counts[number];
    struct plan *p = NULL;
    size_t steps = 0;
    size_t ways = 0;
    for (unsigned i = 0; i < slots; i++) {
        const struct fhir_slot *slot = slot_at(number, i);
        ways += slot->count;
        for (unsigned w = 0; w < slot->count; w++)
            steps += fhir_ways[slot->first + w].count;
    }
    p = plan_new(steps, ways);
    if (!p)
        return NULL;
    add_node(p);
    for (unsigned i = 0; i < slots; i++) {
        const struct fhir_slot *slot = slot_at(number, i);
        for (unsigned w = 0; w < slot->count; w++)
            add_way(p, i, slot, &fhir_ways[slot->first + w]);
    }
    return p;
}

const struct plan *fhir_plan_of(unsigned number)
{
    struct plan *p = NULL;
    struct plan *made = NULL;
    if (number > FHIR_TYPE_NUMBER_MAX)
        return NULL;
    p = atomic_load_explicit(&plans[number], memory_order_acquire);
    if (p)
        return p;
    made = plan_make(number);
    if (!made)
        return NULL;
    if (atomic_compare_exchange_strong(&plans[number], &p, made))
        return made;
    base_free(made);
    return p;
}
