/* SPDX-License-Identifier: Apache-2.0 */
/* Keys and patients are sorted once, so that each fact is looked at beside its like alone. */
#include "engine/quality/quality.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"

#define DAY_MS (24LL * 3600 * 1000)

const struct quality_rules quality_rules_default = {
    .version = "quality/1", .late_days = 7, .outcome_days = 30};

static const char *const codes[QUALITY_KINDS] = {[QUALITY_LATE] = "late",
    [QUALITY_NO_OUTCOME] = "no-outcome",
    [QUALITY_TWICE] = "twice",
    [QUALITY_FUTURE] = "future",
    [QUALITY_BEFORE_BIRTH] = "before-birth",
    [QUALITY_IMPOSSIBLE] = "impossible",
    [QUALITY_BACKWARDS] = "backwards"};

const char *quality_kind_code(enum quality_kind kind)
{
    return codes[kind];
}

enum quality_kind quality_kind_of(const char *code, size_t length)
{
    for (int i = 0; i < QUALITY_KINDS; i++) {
        if (strlen(codes[i]) == length && memcmp(codes[i], code, length) == 0)
            return (enum quality_kind)i;
    }
    return QUALITY_KINDS;
}

/* ---- what is sorted ---- */

struct key {
    uint64_t key;
    int64_t order;
    uint32_t fact;
};

struct birth {
    uint64_t patient;
    int64_t earliest;
};

struct looking {
    const struct quality_rules *rules;
    const struct quality_fact *facts;
    size_t count;
    int64_t now;
    struct birth *births;
    size_t birth_count;
    uint32_t *twin; /* a fact each: the one that was there before */
    struct quality_findings *found;
};

static int compare_keys(const void *one, const void *other)
{
    const struct key *a = one, *b = other;

    if (a->key != b->key)
        return a->key < b->key ? -1 : 1;
    if (a->order != b->order)
        return a->order < b->order ? -1 : 1;
    return a->fact < b->fact ? -1 : a->fact > b->fact;
}

static int compare_births(const void *one, const void *other)
{
    const struct birth *a = one, *b = other;

    return a->patient < b->patient ? -1 : a->patient > b->patient;
}

static int find_twins(struct arena *a, struct looking *l)
{
    struct key *keys = arena_array(a, l->count * QUALITY_KEYS + 1, sizeof(*keys));
    size_t count = 0;
    size_t first = 0;

    l->twin = arena_array(a, l->count + 1, sizeof(*l->twin));
    if (!keys || !l->twin)
        return E_NOMEM;
    for (size_t i = 0; i < l->count; i++) {
        l->twin[i] = QUALITY_NONE;
        for (size_t k = 0; k < QUALITY_KEYS && l->facts[i].subject; k++) {
            if (l->facts[i].keys[k])
                keys[count++] =
                    (struct key){l->facts[i].keys[k], l->facts[i].order, (uint32_t)i};
        }
    }
    if (count > 0)
        qsort(keys, count, sizeof(*keys), compare_keys);
    for (size_t i = 1; i < count; i++) {
        if (keys[i].key != keys[first].key)
            first = i;
        else if (keys[i].fact != keys[first].fact)
            l->twin[keys[i].fact] = keys[first].fact;
    }
    return 0;
}

static int find_births(struct arena *a, struct looking *l)
{
    l->births = arena_array(a, l->count + 1, sizeof(*l->births));
    if (!l->births)
        return E_NOMEM;
    for (size_t i = 0; i < l->count; i++) {
        const struct quality_fact *fact = &l->facts[i];

        if (fact->subject == QUALITY_PATIENT && fact->earliest != QUALITY_UNKNOWN)
            l->births[l->birth_count++] = (struct birth){fact->patient, fact->earliest};
    }
    if (l->birth_count > 0)
        qsort(l->births, l->birth_count, sizeof(*l->births), compare_births);
    return 0;
}

/* ---- one fact ---- */

static bool is_late(const struct looking *l, const struct quality_fact *f)
{
    return f->recorded != QUALITY_UNKNOWN && f->latest != QUALITY_UNKNOWN &&
           f->subject != QUALITY_PATIENT && f->subject != QUALITY_POST &&
           f->recorded - f->latest > l->rules->late_days * DAY_MS;
}

static bool is_future(const struct looking *l, const struct quality_fact *f)
{
    return f->subject != QUALITY_POST && f->earliest != QUALITY_UNKNOWN &&
           f->earliest > l->now + QUALITY_SLACK_MS;
}

static bool is_before_birth(const struct looking *l, const struct quality_fact *f)
{
    const struct birth wanted = {.patient = f->patient};
    const struct birth *birth = NULL;

    if (f->subject == QUALITY_PATIENT || !f->patient || f->latest == QUALITY_UNKNOWN ||
        l->birth_count == 0)
        return false;
    birth =
        bsearch(&wanted, l->births, l->birth_count, sizeof(*l->births), compare_births);
    return birth && f->latest + QUALITY_SLACK_MS <= birth->earliest;
}

static bool holds(const struct looking *l, size_t at, enum quality_kind kind)
{
    const struct quality_fact *f = &l->facts[at];

    switch (kind) {
    case QUALITY_LATE:
        return is_late(l, f);
    case QUALITY_NO_OUTCOME:
        return f->open && f->latest != QUALITY_UNKNOWN &&
               l->now - f->latest > l->rules->outcome_days * DAY_MS;
    case QUALITY_TWICE:
        return l->twin[at] != QUALITY_NONE;
    case QUALITY_FUTURE:
        return is_future(l, f);
    case QUALITY_BEFORE_BIRTH:
        return is_before_birth(l, f);
    case QUALITY_IMPOSSIBLE:
        return f->impossible;
    case QUALITY_BACKWARDS:
        return f->subject == QUALITY_POST && f->earliest != QUALITY_UNKNOWN &&
               f->until <= f->earliest;
    case QUALITY_KINDS:
        break;
    }
    return false;
}

/* With ${list} NULL they are only counted. */
static size_t each(const struct looking *l, struct quality_finding *list)
{
    size_t count = 0;

    for (size_t i = 0; i < l->count; i++) {
        for (int k = 0; k < QUALITY_KINDS && l->facts[i].subject; k++) {
            if (!holds(l, i, (enum quality_kind)k))
                continue;
            if (list)
                list[count] = (struct quality_finding){(uint32_t)i,
                    k == QUALITY_TWICE ? l->twin[i] : QUALITY_NONE,
                    (enum quality_kind)k};
            count++;
        }
    }
    return count;
}

int quality_find(struct arena *a, const struct quality_rules *rules,
    const struct quality_fact *facts, size_t count, int64_t now,
    struct quality_findings *ret)
{
    struct looking l = {.rules = rules, .facts = facts, .count = count, .now = now};
    int r = find_twins(a, &l);

    if (r == 0)
        r = find_births(a, &l);
    if (r < 0)
        return r;
    ret->count = each(&l, NULL);
    ret->list = arena_array(a, ret->count + 1, sizeof(*ret->list));
    if (!ret->list)
        return E_NOMEM;
    each(&l, ret->list);
    return 0;
}
