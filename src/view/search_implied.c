/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tokens on elements of type `code`: a record does not say their system, R4 implies it by
 * the value set the element is bound to. So the system in a query is compared here, once,
 * with that value set, and rows need not repeat it: what is left of the term is the code
 * alone, or a system that no row has, where it is another. A term "system|" becomes the
 * codes of that system. "|code" asks for no system, and a `code` carries none: it
 * matches.
 */
#include "view/search_internal.h"

static const struct fhir_way *way_of(
    const struct search_clause *c, size_t slot, unsigned i)
{
    return &fhir_ways[fhir_slots[c->slots[slot]].first + i];
}

/* All ways lead to `code` elements. */
static bool all_codes(const struct search_clause *c)
{
    size_t i;
    unsigned j;

    for (i = 0; i < c->slot_count; i++)
        for (j = 0; j < fhir_slots[c->slots[i]].count; j++)
            if (fhir_types[way_of(c, i, j)->type].primitive != FHIR_CODE)
                return false;
    return c->slot_count > 0;
}

/* May a value that ${way} finds be of ${system}, with ${code} (p NULL: any)? A binding
 * that cannot be listed, or none, leaves it open: then every system may be meant. */
static bool way_has(const struct fhir_way *way, struct str system, struct str code)
{
    const struct fhir_value_set *set = &fhir_value_sets[way->binding];

    if (way->binding == 0 || !set->complete)
        return code.p != NULL;
    return fhir_value_set_has(set, system, code);
}

static void settle_code(const struct search_clause *c, struct search_term *t)
{
    size_t i;
    unsigned j;

    for (i = 0; i < c->slot_count; i++) {
        for (j = 0; j < fhir_slots[c->slots[i]].count; j++) {
            if (way_has(way_of(c, i, j), t->u.token.system, t->u.token.code)) {
                t->u.token.system = (struct str){NULL, 0};
                return;
            }
        }
    }
}

/* ---- "system|" ---- */

/* The codes of ${system} in the sets of all ways; told to ${out} if that is not NULL. */
static size_t codes_of(
    const struct search_clause *c, struct str system, struct search_term *out)
{
    size_t i, count = 0;
    unsigned j;
    uint32_t k;

    for (i = 0; i < c->slot_count; i++) {
        for (j = 0; j < fhir_slots[c->slots[i]].count; j++) {
            const struct fhir_value_set *set =
                &fhir_value_sets[way_of(c, i, j)->binding];
            for (k = 0; way_of(c, i, j)->binding && k < set->count; k++) {
                const struct fhir_code *code = &fhir_codes[set->first + k];
                if (!str_is(system, code->system))
                    continue;
                if (out)
                    out[count].u.token.code = str_of(code->code);
                count++;
            }
        }
    }
    return count;
}

static bool is_system(const struct search_term *t)
{
    return t->u.token.system.len > 0 && !t->u.token.code.p;
}

/* Terms with each "system|" replaced by the codes it stands for. */
static int spread_systems(struct search_parser *p, struct search_clause *c)
{
    struct search_term *terms;
    size_t i, count = 0, total = 0;

    for (i = 0; i < c->term_count; i++)
        if (is_system(&c->terms[i]))
            total += codes_of(c, c->terms[i].u.token.system, NULL);
    if (total == 0)
        return 0;
    if (total + c->term_count > LIMIT_QUERY_VALUES)
        return search_refuse(
            p, "That system has too many codes here; name the ones you mean.");
    terms = arena_array(p->a, total + c->term_count, sizeof(*terms));
    if (!terms)
        return err_nomem(p->err);
    for (i = 0; i < c->term_count; i++) {
        size_t codes = is_system(&c->terms[i])
                           ? codes_of(c, c->terms[i].u.token.system, terms + count)
                           : 0;
        if (codes == 0)
            terms[count++] = c->terms[i];
        count += codes;
    }
    c->terms = terms;
    c->term_count = count;
    return 0;
}

int search_imply_systems(struct search_parser *p, struct search_clause *c)
{
    size_t i;

    if (c->kind != CLAUSE_TOKEN || c->modifier == MOD_TEXT ||
        c->modifier == MOD_OF_TYPE || !all_codes(c))
        return 0;
    for (i = 0; i < c->term_count; i++) {
        struct search_term *t = &c->terms[i];
        if (t->u.token.code.p && t->u.token.system.len == 0)
            t->u.token.system = (struct str){NULL, 0};
        else if (t->u.token.code.p)
            settle_code(c, t);
    }
    return spread_systems(p, c);
}
