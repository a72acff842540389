/* SPDX-License-Identifier: Apache-2.0 */
/* Keys and patients are put into tables once, so that each fact is looked at beside its like alone; and those that
 * may be found at all are few, so that each moment looks at these. */
#include "engine/quality/quality.h"

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

/* ---- who is alike ---- */

/* Of a key the fact that has it: of several the one that was there first. */
struct slot {
    uint64_t key; /* 0: free */
    uint32_t fact;
};

struct table {
    struct slot *slots;
    size_t cap; /* a power of two, more than twice what is in it */
};

struct looking {
    const struct quality_rules *rules;
    const struct quality_fact *facts;
    size_t count;
    struct table keys;
    struct table births; /* by patient: the fact of the patient */
};

static bool table_init(struct arena *a, struct table *t, size_t count)
{
    t->cap = 16;
    while (t->cap <= 2 * count)
        t->cap *= 2;
    t->slots = arena_array(a, t->cap, sizeof(*t->slots));
    return t->slots != NULL;
}

static struct slot *find(const struct table *t, uint64_t key)
{
    size_t at = (size_t)((key * 0x9e3779b97f4a7c15u) >> 32) & (t->cap - 1);

    while (t->slots[at].key && t->slots[at].key != key)
        at = (at + 1) & (t->cap - 1);
    return &t->slots[at];
}

static bool was_before(const struct looking *l, uint32_t one, uint32_t other)
{
    int64_t a = l->facts[one].order, b = l->facts[other].order;

    return a != b ? a < b : one < other;
}

static void put(const struct looking *l, struct table *t, uint64_t key, uint32_t fact)
{
    struct slot *slot = find(t, key);

    if (!slot->key || was_before(l, fact, slot->fact))
        *slot = (struct slot){key, fact};
}

static bool is_born(const struct quality_fact *f)
{
    return f->subject == QUALITY_PATIENT && f->patient &&
           f->earliest != QUALITY_UNKNOWN;
}

static int fill_tables(struct arena *a, struct looking *l)
{
    size_t keys = 0, births = 0;

    for (size_t i = 0; i < l->count; i++) {
        for (size_t k = 0; k < QUALITY_KEYS; k++)
            keys += l->facts[i].keys[k] != 0;
        births += is_born(&l->facts[i]);
    }
    if (!table_init(a, &l->keys, keys) || !table_init(a, &l->births, births))
        return E_NOMEM;
    for (size_t i = 0; i < l->count; i++) {
        const struct quality_fact *f = &l->facts[i];

        for (size_t k = 0; k < QUALITY_KEYS && f->subject; k++) {
            if (f->keys[k])
                put(l, &l->keys, f->keys[k], (uint32_t)i);
        }
        if (is_born(f))
            put(l, &l->births, f->patient, (uint32_t)i);
    }
    return 0;
}

/* The one that was there before; of several keys with such a one the largest decides, which is as good as any. */
static uint32_t twin_of(const struct looking *l, uint32_t at)
{
    const struct quality_fact *f = &l->facts[at];
    uint64_t largest = 0;
    uint32_t twin = QUALITY_NONE;

    for (size_t k = 0; k < QUALITY_KEYS && f->subject; k++) {
        uint32_t first = f->keys[k] > largest ? find(&l->keys, f->keys[k])->fact : at;

        if (first == at)
            continue;
        largest = f->keys[k];
        twin = first;
    }
    return twin;
}

/* ---- one fact ---- */

static bool is_late(const struct quality_rules *rules, const struct quality_fact *f)
{
    return f->recorded != QUALITY_UNKNOWN && f->latest != QUALITY_UNKNOWN &&
           f->subject != QUALITY_PATIENT && f->subject != QUALITY_POST &&
           f->recorded - f->latest > rules->late_days * DAY_MS;
}

static bool is_future(const struct quality_fact *f, int64_t now)
{
    return f->subject != QUALITY_POST && f->earliest != QUALITY_UNKNOWN &&
           f->earliest > now + QUALITY_SLACK_MS;
}

static bool is_backwards(const struct quality_fact *f)
{
    return f->subject == QUALITY_POST && f->earliest != QUALITY_UNKNOWN &&
           f->until <= f->earliest;
}

static bool is_before_birth(const struct looking *l, const struct quality_fact *f)
{
    const struct slot *birth = NULL;

    if (f->subject == QUALITY_PATIENT || !f->patient || f->latest == QUALITY_UNKNOWN)
        return false;
    birth = find(&l->births, f->patient);
    return birth->key && f->latest + QUALITY_SLACK_MS <= l->facts[birth->fact].earliest;
}

/* May ${f} be found by itself, as of ${since} or later? */
static bool is_suspect(
    const struct looking *l, const struct quality_fact *f, int64_t since)
{
    return is_late(l->rules, f) || (f->open && f->latest != QUALITY_UNKNOWN) ||
           is_future(f, since) || f->impossible || is_backwards(f);
}

static size_t suspect_each(
    const struct looking *l, int64_t since, struct quality_suspect *list)
{
    size_t count = 0;

    for (size_t i = 0; i < l->count; i++) {
        const struct quality_fact *f = &l->facts[i];
        struct quality_suspect one = {.fact = (uint32_t)i};

        if (!f->subject)
            continue;
        one.other = twin_of(l, one.fact);
        one.before_birth = is_before_birth(l, f);
        if (one.other == QUALITY_NONE && !one.before_birth && !is_suspect(l, f, since))
            continue;
        list[count++] = one;
    }
    return count;
}

int quality_suspect(struct arena *a, struct arena *scratch,
    const struct quality_rules *rules, const struct quality_facts *facts, int64_t since,
    struct quality_suspects *ret)
{
    struct looking l = {.rules = rules, .facts = facts->list, .count = facts->count};
    struct quality_suspect *list =
        arena_array(scratch, facts->count + 1, sizeof(*list));
    size_t count = 0;
    int r = list ? fill_tables(scratch, &l) : E_NOMEM;

    if (r < 0)
        return r;
    count = suspect_each(&l, since, list);
    ret->list = arena_array(a, count + 1, sizeof(*list));
    if (!ret->list)
        return E_NOMEM;
    memcpy(ret->list, list, count * sizeof(*list));
    ret->count = count;
    ret->since = since;
    return 0;
}

/* ---- what is found ---- */

/* Those of one moment. */
struct judging {
    const struct quality_rules *rules;
    const struct quality_fact *facts;
    int64_t now;
};

static bool holds(
    const struct judging *j, const struct quality_suspect *s, enum quality_kind kind)
{
    const struct quality_fact *f = &j->facts[s->fact];

    switch (kind) {
    case QUALITY_LATE:
        return is_late(j->rules, f);
    case QUALITY_NO_OUTCOME:
        return f->open && f->latest != QUALITY_UNKNOWN &&
               j->now - f->latest > j->rules->outcome_days * DAY_MS;
    case QUALITY_TWICE:
        return s->other != QUALITY_NONE;
    case QUALITY_FUTURE:
        return is_future(f, j->now);
    case QUALITY_BEFORE_BIRTH:
        return s->before_birth;
    case QUALITY_IMPOSSIBLE:
        return f->impossible;
    case QUALITY_BACKWARDS:
        return is_backwards(f);
    case QUALITY_KINDS:
        break;
    }
    return false;
}

/* With ${list} NULL they are only counted. */
static size_t judge_each(const struct judging *j,
    const struct quality_suspects *suspects, struct quality_finding *list)
{
    size_t count = 0;

    for (size_t i = 0; i < suspects->count; i++) {
        const struct quality_suspect *s = &suspects->list[i];

        for (int k = 0; k < QUALITY_KINDS; k++) {
            if (!holds(j, s, (enum quality_kind)k))
                continue;
            if (list)
                list[count] = (struct quality_finding){s->fact,
                    k == QUALITY_TWICE ? s->other : QUALITY_NONE, (enum quality_kind)k};
            count++;
        }
    }
    return count;
}

int quality_judge(struct arena *a, const struct quality_rules *rules,
    const struct quality_facts *facts, const struct quality_suspects *suspects,
    int64_t now, struct quality_findings *ret)
{
    struct judging j = {rules, facts->list, now};

    ret->count = judge_each(&j, suspects, NULL);
    ret->list = arena_array(a, ret->count + 1, sizeof(*ret->list));
    if (!ret->list)
        return E_NOMEM;
    judge_each(&j, suspects, ret->list);
    return 0;
}

int quality_find(struct arena *a, const struct quality_rules *rules,
    const struct quality_facts *facts, int64_t now, struct quality_findings *ret)
{
    struct quality_suspects suspects = {NULL, 0, now};
    int r = quality_suspect(a, a, rules, facts, now, &suspects);

    return r < 0 ? r : quality_judge(a, rules, facts, &suspects, now, ret);
}
