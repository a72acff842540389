/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Operations: who led which procedure where, and how it ended, as the logbook reads it
 * (view/procedure.h). They say what was demonstrated; no level follows from them. One that
 * nobody led, or an older logbook tells, is a fact of network_history.c alone.
 */
#include <stddef.h>
#include <string.h>

#include "app/app_internal.h"
#include "app/network_internal.h"
#include "app/procedure_rule.h"

/* ---- a record ---- */

/* Who did it: the operators, the first of whom led. */
static int keep_operators(struct network_part *part, const struct procedure *p,
    struct network_case_fact *fact)
{
    int r = 0;

    fact->operators =
        arena_array(part->arena, p->part_count + 1, sizeof(*fact->operators));
    if (!fact->operators)
        return E_NOMEM;
    for (size_t i = 0; r == 0 && i < p->part_count; i++) {
        if (p->parts[i].function == FUNCTION_OPERATOR)
            r = network_keep_name(
                part, p->parts[i].who, &fact->operators[fact->operator_count++]);
    }
    fact->leader = fact->operators[0];
    return r;
}

static bool is_led(const struct procedure *p)
{
    for (size_t i = 0; i < p->part_count; i++) {
        if (p->parts[i].function == FUNCTION_OPERATOR)
            return true;
    }
    return false;
}

int network_take_case(struct network_taking *t)
{
    struct network_case_fact *fact = NULL;
    struct procedure p;
    uint32_t thing = 0;
    int r = 0;

    if (!procedure_read(t->record, &p) ||
        !((is_led(&p) && !p.imported) || p.department.p) ||
        !catalogue_find(STR(CATALOGUE_PROCEDURE_SYSTEM), p.code, &thing))
        return 0;
    fact = network_fact_new(t);
    if (!fact)
        return E_NOMEM;
    fact->thing = thing;
    fact->when = p.when;
    memcpy(fact->results, p.results, sizeof(fact->results));
    fact->imported = p.imported;
    fact->leader = NETWORK_NO_NAME;
    r = network_keep_name(t->part, p.department, &fact->department);
    return r == 0 && is_led(&p) && !p.imported ? keep_operators(t->part, &p, fact) : r;
}

/* ---- all of them ---- */

static int compare_cases(const void *one, const void *other)
{
    const struct network_case *a = one, *b = other;

    if (a->thing != b->thing)
        return a->thing < b->thing ? -1 : 1;
    if (a->hospital != b->hospital)
        return a->hospital < b->hospital ? -1 : 1;
    if (a->judged.when != b->judged.when)
        return a->judged.when < b->judged.when ? -1 : 1;
    return a->rid < b->rid ? -1 : a->rid > b->rid;
}

/* Did ${person} hold a local post at ${hospital} then? */
static bool was_local(
    const struct network_joining *j, uint32_t person, uint32_t hospital, int64_t when)
{
    const struct network *n = j->network;

    for (size_t i = n->first_post[person]; i < n->first_post[person + 1]; i++) {
        const struct network_post *post = &n->posts[i];

        if (post->hospital == hospital && !post->visiting && post->term.from <= when &&
            (post->term.until == 0 || when < post->term.until))
            return true;
    }
    return false;
}

/* What judges ${thing}; each is looked for once. */
static int find_rule(struct network_joining *j, const struct procedure_rule **rules,
    uint32_t thing, const struct procedure_rule **ret)
{
    const struct network *n = j->network;

    if (!rules[thing] &&
        procedure_rule_known(n->rules, n->known, str_of(catalogue_thing(thing)->code),
            &rules[thing], NULL) < 0)
        return E_NOMEM;
    *ret = rules[thing];
    return 0;
}

static int add_case(struct network_joining *j, const struct procedure_rule **rules,
    const struct network_case_fact *fact, store_rid rid)
{
    struct network *n = j->network;
    const struct procedure_rule *rule = NULL;
    enum sign_off_outcome outcome = OUTCOME_NOT_KNOWN;
    uint32_t hospital = NETWORK_NOBODY, person = NETWORK_NOBODY;

    if (fact->leader == NETWORK_NO_NAME || fact->department == NETWORK_NO_NAME)
        return 0;
    hospital = j->department_of[fact->department];
    person = j->person_of[fact->leader];
    if (hospital == NETWORK_NOBODY || person == NETWORK_NOBODY)
        return 0;
    if (find_rule(j, rules, fact->thing, &rule) < 0)
        return E_NOMEM;
    outcome = procedure_outcome(rule, fact->results);
    n->cases[n->case_count++] = (struct network_case){.thing = fact->thing,
        .hospital = hospital,
        .rid = rid,
        .judged = {.when = fact->when,
            .leader = person,
            .local = was_local(j, person, hospital, fact->when),
            .outcome_known = outcome != OUTCOME_NOT_KNOWN,
            .success = outcome == OUTCOME_GOOD}};
    return 0;
}

int network_join_names(struct network_joining *j)
{
    const struct network_names *names = &j->parts[NETWORK_CASES].names;
    const struct network *n = j->network;

    j->department_of =
        arena_array(j->scratch, names->count + 1, sizeof(*j->department_of));
    j->person_of = arena_array(j->scratch, names->count + 1, sizeof(*j->person_of));
    if (!j->department_of || !j->person_of)
        return E_NOMEM;
    for (size_t i = 0; i < names->count; i++) {
        size_t person = 0;

        j->department_of[i] = NETWORK_NOBODY;
        network_unit_hospital(n, names->list[i], &j->department_of[i]);
        j->person_of[i] = text_map_get(&n->people, names->list[i], &person)
                              ? (uint32_t)person
                              : NETWORK_NOBODY;
    }
    return 0;
}

int network_join_cases(struct network_joining *j)
{
    const struct network_part *part = &j->parts[NETWORK_CASES];
    const struct network_case_fact *facts = part->list;
    const struct procedure_rule **rules = arena_array(
        j->scratch, catalogue_things() + 1, sizeof(struct procedure_rule *));
    struct network *n = j->network;
    const struct network_order order = {
        .keys = {{offsetof(struct network_case, thing), catalogue_things()},
            {offsetof(struct network_case, hospital), n->hospital_count}},
        .size = sizeof(*n->cases),
        .compare = compare_cases};
    int r = 0;

    n->cases = arena_alloc_raw(j->scratch, (part->count + 1) * sizeof(*n->cases));
    if (!rules || !n->cases)
        return E_NOMEM;
    for (size_t i = 0; r == 0 && i < part->count; i++)
        r = add_case(j, rules, &facts[i], part->rids[i]);
    if (r < 0)
        return r;
    n->cases = network_sort(j->a, j->scratch, &order, n->cases, n->case_count);
    n->judged = arena_alloc_raw(j->a, (n->case_count + 1) * sizeof(*n->judged));
    if (!n->cases || !n->judged)
        return E_NOMEM;
    for (size_t i = 0; i < n->case_count; i++)
        n->judged[i] = n->cases[i].judged;
    return 0;
}
