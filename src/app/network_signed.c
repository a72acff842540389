/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What three people signed, and what its holder did: from these follows when too few cases end
 * it (engine/competence/recency.h), for the router, the map and the page of sign-offs alike.
 * A qualification that no SignOff wrote was decided elsewhere, where the cases are: nothing
 * here ends it before its last day.
 */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "app/network_internal.h"
#include "app/procedure_rule.h"
#include "engine/competence/recency.h"

struct signings {
    struct network_joining *j;
    struct network *n;
    size_t cap; /* of doings */
};

/* ---- what was signed ---- */

static int compare_signed(const void *one, const void *other)
{
    const struct network_signed *a = one, *b = other;
    int order = str_cmp(a->id, b->id);

    if (order != 0)
        return order;
    if (a->person != b->person)
        return a->person < b->person ? -1 : 1;
    return a->thing < b->thing ? -1 : a->thing > b->thing;
}

static int add_signed(struct signings *s)
{
    struct network *n = s->n;
    size_t most = 0;

    for (size_t i = 0; i < n->person_count; i++) {
        for (size_t k = 0; k < s->j->facts[i]->sign_off_count; k++)
            most += s->j->facts[i]->sign_offs[k].record.p != NULL;
    }
    n->signing_count = 0;
    n->signings = arena_array(s->j->a, most + 1, sizeof(*n->signings));
    if (!n->signings)
        return E_NOMEM;
    for (size_t i = 0; i < n->person_count; i++) {
        for (size_t k = 0; k < s->j->facts[i]->sign_off_count; k++) {
            const struct network_sign_off *one = &s->j->facts[i]->sign_offs[k];
            struct network_signed made = {.person = (uint32_t)i,
                .thing = one->thing,
                .period = one->period,
                .lapses = one->waived,
                .told = one->told};

            if (!one->record.p)
                continue;
            made.id =
                (struct str){arena_strndup(s->j->a, one->record.p, one->record.len),
                    one->record.len};
            if (!made.id.p ||
                procedure_rule_signed(n->rules, n->known, one->rule,
                    str_of(catalogue_thing(one->thing)->code), &made.rule, NULL) < 0)
                return E_NOMEM;
            n->signings[n->signing_count++] = made;
        }
    }
    return 0;
}

/* ---- what was done ---- */

static int compare_doings(const void *one, const void *other)
{
    const struct network_doing *a = one, *b = other;

    if (a->person != b->person)
        return a->person < b->person ? -1 : 1;
    if (a->thing != b->thing)
        return a->thing < b->thing ? -1 : 1;
    if (a->when != b->when)
        return a->when < b->when ? -1 : 1;
    return a->rid < b->rid ? -1 : a->rid > b->rid;
}

/* Did a SignOff sign ${person} off in ${thing}? */
static bool is_signed(const struct signings *s, size_t person, uint32_t thing)
{
    const struct network_person_fact *fact = s->j->facts[person];

    for (size_t i = 0; i < fact->sign_off_count; i++) {
        if (fact->sign_offs[i].thing == thing && fact->sign_offs[i].record.p)
            return true;
    }
    return false;
}

/* For the map alone, which a network of earlier is for, it says only when too few cases end what
 * was signed. */
static int add_doing(struct signings *s, const struct network_case_fact *fact,
    store_rid rid, uint32_t who)
{
    struct network *n = s->n;
    uint32_t person = who == NETWORK_NO_NAME ? NETWORK_NOBODY : s->j->person_of[who];

    if (person == NETWORK_NOBODY ||
        (n->known != PROCEDURE_RULES_NOW && !is_signed(s, person, fact->thing)))
        return 0;
    if (n->doing_count == s->cap) {
        size_t cap = s->cap ? s->cap * 2 : 64;
        struct network_doing *grown = arena_grow(
            s->j->scratch, n->doings, s->cap * sizeof(*grown), cap * sizeof(*grown));

        if (!grown)
            return E_NOMEM;
        n->doings = grown;
        s->cap = cap;
    }
    n->doings[n->doing_count++] = (struct network_doing){
        .person = person, .thing = fact->thing, .when = fact->when, .rid = rid};
    memcpy(n->doings[n->doing_count - 1].results, fact->results, sizeof(fact->results));
    return 0;
}

int network_join_doings(struct network_joining *j)
{
    const struct network_part *part = &j->parts[NETWORK_CASES];
    const struct network_case_fact *facts = part->list;
    struct signings s = {.j = j, .n = j->network};
    const struct network_order order = {
        .keys = {{offsetof(struct network_doing, person), s.n->person_count},
            {offsetof(struct network_doing, thing), catalogue_things()}},
        .size = sizeof(*s.n->doings),
        .compare = compare_doings};
    int r = 0;

    for (size_t i = 0; r == 0 && i < part->count; i++) {
        for (size_t k = 0; r == 0 && k < facts[i].operator_count; k++)
            r = add_doing(&s, &facts[i], part->rids[i], facts[i].operators[k]);
    }
    if (r < 0)
        return r;
    s.n->doings = network_sort(j->a, j->scratch, &order, s.n->doings, s.n->doing_count);
    return s.n->doings ? 0 : E_NOMEM;
}

/* The first doing of ${person} in ${thing}, or what would stand behind it. */
static size_t first_doing(const struct network *n, uint32_t person, uint32_t thing)
{
    size_t low = 0, high = n->doing_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct network_doing *one = &n->doings[middle];

        if (one->person < person || (one->person == person && one->thing < thing))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* ---- the two together ---- */

static int judge(struct signings *s, struct network_signed *one)
{
    const struct network *n = s->n;
    struct recency_rule recency = {0, 0};
    int64_t from = one->period.from;
    int64_t *when = NULL;

    one->first = first_doing(n, one->person, one->thing);
    while (one->first + one->count < n->doing_count &&
           n->doings[one->first + one->count].person == one->person &&
           n->doings[one->first + one->count].thing == one->thing)
        one->count++;
    when = arena_array(s->j->scratch, one->count + 1, sizeof(*when));
    if (!when)
        return E_NOMEM;
    for (size_t i = 0; i < one->count; i++)
        when[i] = n->doings[one->first + i].when;
    recency.cases = one->rule->sign_off.recent_cases;
    recency.days = (int)one->rule->sign_off.recent_days;
    if (one->lapses > from) /* what was waived */
        from = one->lapses;
    one->lapses = recency_lapses(&recency, when, one->count, from);
    return 0;
}

int network_join_signed(struct network_joining *j)
{
    struct signings s = {.j = j, .n = j->network};
    int r = add_signed(&s);

    for (size_t i = 0; r == 0 && i < s.n->signing_count; i++)
        r = judge(&s, &s.n->signings[i]);
    if (r == 0 && s.n->signing_count > 0)
        qsort(
            s.n->signings, s.n->signing_count, sizeof(*s.n->signings), compare_signed);
    return r;
}

size_t network_first_signed(const struct network *n, struct str id)
{
    size_t low = 0, high = n->signing_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (str_cmp(n->signings[middle].id, id) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

bool network_sign_off_lapses(const struct network *network, struct str id, int64_t *ret)
{
    size_t at = network_first_signed(network, id);
    const struct network_signed *one = &network->signings[at];

    if (at == network->signing_count || !str_eq(one->id, id) ||
        one->lapses == RECENCY_NEVER ||
        (one->period.until != 0 && one->lapses >= one->period.until))
        return false;
    *ret = one->lapses;
    return true;
}

int64_t network_sign_off_lapsed(
    const struct network *network, struct str id, int64_t now)
{
    int64_t lapses = 0;

    return network_sign_off_lapses(network, id, &lapses) && lapses <= now ? lapses : 0;
}

bool network_lapse_untold(
    const struct network *network, size_t from, int64_t now, struct network_untold *ret)
{
    for (size_t i = from; i < network->signing_count; i++) {
        const struct network_signed *one = &network->signings[i];

        if (network_sign_off_lapsed(network, one->id, now) == one->told)
            continue;
        ret->next = i + 1;
        ret->person = network->persons[one->person].name.reference;
        return true;
    }
    return false;
}
