/* SPDX-License-Identifier: Apache-2.0 */
#include "app/indicator_kept.h"

#include <stddef.h>
#include <string.h>

#include "base/arena.h"
#include "base/limits.h"

#include "app/kept.h"

#define INDICATORS 256 /* their numbers are bytes (view/indicator.h) */

/* The memory's position of it moves on, that of the facts stays as it was put. */
struct holder {
    struct kept_value value; /* the first member */
    struct indicator_kept kept;
};

struct indicator_memory {
    struct kept_memory
        *kept; /* a place for each indicator, and behind them for each of its axes */
};

struct indicator_memory *indicator_memory_new(struct reader_memory *changes)
{
    struct indicator_memory *m = base_malloc(sizeof(*m));

    if (!m)
        return NULL;
    m->kept = kept_memory_new(
        changes, INDICATORS * (1 + (size_t)INDICATOR_STRATA), LIMIT_INDICATOR_KEPT);
    if (m->kept)
        return m;
    base_free(m);
    return NULL;
}

void indicator_memory_free(struct indicator_memory *m)
{
    if (!m)
        return;
    kept_memory_free(m->kept);
    base_free(m);
}

struct indicator_kept *indicator_kept_get(
    struct indicator_memory *m, size_t index, int64_t position)
{
    struct kept_value *v = kept_get(m->kept, index, position);

    return v ? &((struct holder *)v)->kept : NULL;
}

void indicator_kept_release(struct indicator_kept *k)
{
    if (k)
        kept_release((struct kept_value *)((char *)k - offsetof(struct holder, kept)));
}

static void done(struct kept_value *v)
{
    struct holder *h = (struct holder *)v;

    base_free(h->kept.facts);
    base_free(h);
}

static struct holder *copy(const struct indicator_kept *k)
{
    struct holder *h = base_malloc(sizeof(*h));
    size_t bytes = k->count * sizeof(*k->facts);

    if (!h)
        return NULL;
    *h = (struct holder){.kept = *k,
        .value = {.type_count = k->type_count,
            .position = k->position,
            .bytes = bytes + sizeof(*h),
            .done = done}};
    memcpy(h->value.types, k->types, sizeof(k->types));
    h->kept.facts = base_malloc(bytes ? bytes : 1);
    if (!h->kept.facts) {
        base_free(h);
        return NULL;
    }
    if (bytes)
        memcpy(h->kept.facts, k->facts, bytes);
    return h;
}

void indicator_kept_put(
    struct indicator_memory *m, size_t index, const struct indicator_kept *k)
{
    struct holder *h = NULL;

    if (k->position >= 0 && k->count <= LIMIT_INDICATOR_KEPT / sizeof(*k->facts))
        h = copy(k);
    if (h)
        kept_put(m->kept, index, &h->value);
}

/* ---- strata ---- */

struct part_holder {
    struct kept_value value; /* the first member */
    struct indicator_kept_part part;
    struct indicator_cell cells[]; /* then their texts */
};

static size_t part_place(size_t index, size_t axis)
{
    return index < INDICATORS && axis < INDICATOR_STRATA
               ? INDICATORS * (1 + axis) + index
               : SIZE_MAX;
}

struct indicator_kept_part *indicator_kept_part_get(
    struct indicator_memory *m, size_t index, size_t axis, int64_t position)
{
    struct kept_value *v = kept_get(m->kept, part_place(index, axis), position);

    return v ? &((struct part_holder *)v)->part : NULL;
}

void indicator_kept_part_release(struct indicator_kept_part *p)
{
    if (p)
        kept_release(
            (struct kept_value *)((char *)p - offsetof(struct part_holder, part)));
}

static void part_done(struct kept_value *v)
{
    struct part_holder *h = (struct part_holder *)v;

    base_free(h->part.of);
    base_free(h);
}

static size_t text_bytes(const struct indicator_kept_part *p)
{
    size_t bytes = 0;

    for (size_t i = 0; i < p->cell_count; i++)
        bytes += p->cells[i].text.p ? p->cells[i].text.len : 0;
    return bytes;
}

static void copy_cells(struct part_holder *h, const struct indicator_kept_part *p)
{
    char *text = (char *)&h->cells[p->cell_count];

    for (size_t i = 0; i < p->cell_count; i++) {
        struct indicator_cell *cell = &h->cells[i];

        *cell = p->cells[i];
        if (!cell->text.p)
            continue;
        if (cell->text.len > 0)
            memcpy(text, cell->text.p, cell->text.len);
        cell->text.p = text;
        text += cell->text.len;
    }
    h->part.cells = h->cells;
}

static struct part_holder *copy_part(const struct indicator_kept_part *p)
{
    size_t head =
        sizeof(struct part_holder) + p->cell_count * sizeof(*p->cells) + text_bytes(p);
    size_t numbers = p->count * sizeof(*p->of);
    struct part_holder *h = base_malloc(head);

    if (!h)
        return NULL;
    *h = (struct part_holder){.part = *p,
        .value = {.type_count = p->type_count,
            .position = p->position,
            .bytes = head + numbers,
            .done = part_done}};
    memcpy(h->value.types, p->types, sizeof(p->types));
    copy_cells(h, p);
    h->part.of = base_malloc(numbers ? numbers : 1);
    if (!h->part.of) {
        base_free(h);
        return NULL;
    }
    if (numbers)
        memcpy(h->part.of, p->of, numbers);
    return h;
}

void indicator_kept_part_put(struct indicator_memory *m, size_t index, size_t axis,
    const struct indicator_kept_part *p)
{
    struct part_holder *h = p->position >= 0 ? copy_part(p) : NULL;

    if (h)
        kept_put(m->kept, part_place(index, axis), &h->value);
}
