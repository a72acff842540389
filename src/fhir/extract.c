/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Walking a resource for its search values. The whole of it is walked once by the type's
 * plan; what is met is noted (slot, reader, node), put in slot order by counting, and
 * only then read. A single slot is walked way by way.
 */
#include "fhir/extract.h"

#include "fhir/extract_internal.h"

#define STACK_FINDS 256 /* finds of one resource held without the arena */

/* True when ${j} passes the step's index and where; ${i}: its place in its array. */
static bool step_takes(const struct fhir_step *step, const struct json *j, size_t i)
{
    if (step->index >= 0 && (size_t)step->index != i)
        return false;
    return !step->where || str_is(json_get_text(j, step->where), step->equals);
}

/* ---- all slots at once ---- */

struct find {
    const struct json *value;
    uint16_t slot; /* counted from the type's first */
    enum fhir_reader reader;
};

struct walk {
    const struct plan *plan;
    struct arena *arena;
    struct find *finds;
    size_t count;
    size_t cap;
    bool no_memory;
};

static void add_find(struct walk *w, const struct plan_gift *gift, const struct json *j)
{
    if (w->count == w->cap) {
        size_t cap = w->cap * 4;
        struct find *grown = arena_array(w->arena, cap, sizeof(*grown));
        if (!grown) {
            w->no_memory = true;
            return;
        }
        memcpy(grown, w->finds, w->count * sizeof(*grown));
        w->finds = grown;
        w->cap = cap;
    }
    w->finds[w->count++] = (struct find){j, gift->slot, gift->reader};
}

static void walk_value(
    struct walk *w, const struct plan_node *node, const struct json *j);

static void walk_edge(
    struct walk *w, const struct plan_edge *edge, const struct json *j)
{
    const struct plan_node *child = &w->plan->nodes[edge->child];
    struct json_each it;
    if (!json_is_array(j)) {
        if (step_takes(edge->step, j, 0))
            walk_value(w, child, j);
        return;
    }
    it = json_each(j);
    while (json_next(&it))
        if (step_takes(edge->step, it.value, it.index))
            walk_value(w, child, it.value);
}

/* Depth: the longest way, a handful of steps. */
static void walk_value(
    struct walk *w, const struct plan_node *node, const struct json *j)
{
    struct json_each it;
    for (uint16_t i = node->gifts; i != PLAN_NONE; i = w->plan->gifts[i].next)
        add_find(w, &w->plan->gifts[i], j);
    if (!node->has_edges || !json_is_object(j))
        return;
    it = json_each(j);
    while (json_next(&it)) {
        uint16_t i = node->buckets[plan_bucket(it.name.p, it.name.len)];
        for (; i != PLAN_NONE; i = w->plan->edges[i].next) {
            const struct plan_edge *edge = &w->plan->edges[i];
            if (edge->step->name_len == it.name.len &&
                memcmp(edge->step->name, it.name.p, it.name.len) == 0)
                walk_edge(w, edge, it.value);
        }
    }
}

/* Finds in slot order, in the order met within a slot. ${ret_ends}: for each slot where
 * its finds end. NULL when memory is out. */
static const struct find *sort_finds(
    const struct walk *w, unsigned slots, size_t **ret_ends)
{
    size_t *ends = arena_array(w->arena, slots + 1, sizeof(*ends));
    struct find *sorted = arena_array(w->arena, w->count + 1, sizeof(*sorted));
    if (!ends || !sorted)
        return NULL;
    for (size_t i = 0; i < w->count; i++)
        ends[w->finds[i].slot + 1]++;
    for (unsigned s = 0; s < slots; s++)
        ends[s + 1] += ends[s];
    /* now ends[s] is where slot s begins; filling moves it to where s ends */
    for (size_t i = 0; i < w->count; i++)
        sorted[ends[w->finds[i].slot]++] = w->finds[i];
    *ret_ends = ends;
    return sorted;
}

/* A record says "deceased" by a date or by true. */
static bool is_deceased(const struct json *j)
{
    return json_kind(j) == JSON_TRUE || json_is_string(j);
}

static void read_finds(struct fhir_extraction *x, const struct find *finds,
    const size_t *ends, const struct fhir_type *type)
{
    uint16_t first = fhir_type_slots[type->number];
    size_t at = 0;
    for (unsigned s = 0; s < fhir_type_slot_counts[type->number]; s++) {
        bool deceased = false;
        x->slot = (uint16_t)(first + s);
        for (; at < ends[s]; at++) {
            if (fhir_slots[x->slot].special == FHIR_SLOT_DECEASED)
                deceased |= is_deceased(finds[at].value);
            else
                fhir_read_value(x, finds[at].reader, finds[at].value);
        }
        if (fhir_slots[x->slot].special == FHIR_SLOT_DECEASED)
            fhir_read_deceased(x, deceased);
    }
}

int fhir_extract(struct arena *a, const struct json *resource,
    const struct fhir_type *type, struct str base, struct fhir_values *values,
    struct err *err)
{
    struct fhir_extraction x = {.arena = a, .base = base, .values = values};
    struct find stack[STACK_FINDS];
    struct walk w = {.plan = fhir_plan_of(type->number),
        .arena = a,
        .finds = stack,
        .cap = STACK_FINDS};
    const struct find *sorted = NULL;
    size_t *ends = NULL;
    if (!w.plan)
        return err_nomem(err);
    walk_value(&w, &w.plan->nodes[0], resource);
    if (w.no_memory)
        return err_nomem(err);
    sorted = sort_finds(&w, fhir_type_slot_counts[type->number], &ends);
    if (!sorted)
        return err_nomem(err);
    read_finds(&x, sorted, ends, type);
    return x.no_memory ? err_nomem(err) : 0;
}

/* ---- one slot ---- */

struct way_visit {
    int (*visit)(const struct json *j, const struct fhir_way *way, void *arg);
    const struct fhir_way *way;
    void *arg;
};

static int follow_way(const struct way_visit *v, unsigned step, const struct json *j)
{
    const struct fhir_step *s = NULL;
    const struct json *member = NULL;
    struct json_each it;
    int r = 0;
    if (step == v->way->count)
        return v->visit(j, v->way, v->arg);
    s = &fhir_steps[v->way->first + step];
    member = json_getn(j, (struct str){s->name, s->name_len});
    if (!member)
        return 0;
    if (!json_is_array(member))
        return step_takes(s, member, 0) ? follow_way(v, step + 1, member) : 0;
    it = json_each(member);
    while (r >= 0 && json_next(&it))
        if (step_takes(s, it.value, it.index))
            r = follow_way(v, step + 1, it.value);
    return r;
}

static int follow_slot(const struct json *root, const struct fhir_slot *slot,
    int (*visit)(const struct json *j, const struct fhir_way *way, void *arg),
    void *arg)
{
    int r = 0;
    for (unsigned i = 0; r >= 0 && i < slot->count; i++) {
        struct way_visit v = {visit, &fhir_ways[slot->first + i], arg};
        r = follow_way(&v, 0, root);
    }
    return r < 0 ? r : 0;
}

static int read_one(const struct json *j, const struct fhir_way *way, void *arg)
{
    struct fhir_extraction *x = arg;
    fhir_read_value(x, fhir_reader_of(&fhir_slots[x->slot], way), j);
    return 0;
}

static int note_deceased(const struct json *j, const struct fhir_way *way, void *arg)
{
    bool *deceased = arg;
    (void)way;
    *deceased |= is_deceased(j);
    return 0;
}

int fhir_extract_at(struct arena *a, const struct json *root, uint16_t slot,
    struct str base, struct fhir_values *values, struct err *err)
{
    struct fhir_extraction x = {
        .arena = a, .base = base, .values = values, .slot = slot};
    if (fhir_slots[slot].special == FHIR_SLOT_DECEASED) {
        bool deceased = false;
        follow_slot(root, &fhir_slots[slot], note_deceased, &deceased);
        fhir_read_deceased(&x, deceased);
    } else {
        follow_slot(root, &fhir_slots[slot], read_one, &x);
    }
    return x.no_memory ? err_nomem(err) : 0;
}

int fhir_extract_slot(struct arena *a, const struct json *resource, uint16_t slot,
    struct str base, struct fhir_values *values, struct err *err)
{
    return fhir_extract_at(a, resource, slot, base, values, err);
}

struct root_visit {
    int (*visit)(const struct json *root, void *arg);
    void *arg;
};

static int visit_root(const struct json *j, const struct fhir_way *way, void *arg)
{
    struct root_visit *v = arg;
    (void)way;
    return v->visit(j, v->arg);
}

int fhir_extract_roots(const struct json *resource, uint16_t slot,
    int (*visit)(const struct json *root, void *arg), void *arg)
{
    struct root_visit v = {visit, arg};
    return follow_slot(resource, &fhir_slots[slot], visit_root, &v);
}

/* ---- references ---- */

int fhir_references(const struct json *resource,
    int (*visit)(struct str text, const struct json *node, void *arg), void *arg)
{
    struct json_each it = json_each(resource);
    int r = 0;
    while (r >= 0 && json_next(&it)) {
        if (json_is_string(it.value)) {
            if (json_is_object(resource) && str_eq(it.name, STR("reference")))
                r = visit(json_text(it.value), it.value, arg);
        } else {
            r = fhir_references(it.value, visit, arg);
        }
    }
    return r < 0 ? r : 0;
}
