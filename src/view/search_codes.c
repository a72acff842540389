/* SPDX-License-Identifier: Apache-2.0 */
/*
 * :above and :below on codes: "code:below=system|code" becomes the codes of the system that
 * are that code or a kind of it, ":above" those that it is a kind of, as if they had been
 * written with commas. That can be said of code systems whose definition is here in full
 * (fhir/hierarchy.h); of others it is refused, since leaving codes out would be a wrong
 * answer.
 */
#include "fhir/hierarchy.h"
#include "view/search_internal.h"

struct spread {
    struct search_parser *p;
    bool below;
    struct search_term *terms;
    size_t count, cap;
};

static int add_code(struct spread *s, const char *system, struct str code)
{
    size_t cap = s->cap ? s->cap * 2 : 16;
    struct search_term *grown;

    if (s->count == LIMIT_QUERY_VALUES)
        return err_set(s->p->err, E_TOO_LARGE, s->p->name,
            "These are more than %d codes; name narrower ones.", LIMIT_QUERY_VALUES);
    if (s->count == s->cap) {
        grown = arena_grow(
            s->p->a, s->terms, s->cap * sizeof(*grown), cap * sizeof(*grown));
        if (!grown)
            return err_nomem(s->p->err);
        s->terms = grown;
        s->cap = cap;
    }
    s->terms[s->count] = (struct search_term){0};
    s->terms[s->count].u.token.system = str_of(system);
    s->terms[s->count++].u.token.code = code;
    return 0;
}

static int add_line(struct spread *s, struct str url, struct str code)
{
    const struct fhir_code_system *system = fhir_code_system_named(url);
    bool line[FHIR_CONCEPTS_MOST];
    size_t i;
    int r = 0;

    if (!system)
        return err_set(s->p->err, E_UNSUPPORTED, s->p->name,
            ":above and :below do not know which code of \"%.*s\" is a kind of which, "
            "as the system is not bundled. List the codes with commas instead.",
            (int)url.len, url.p);
    if (fhir_code_line(system, code, s->below, line) == 0)
        return add_code(s, system->url, code);
    for (i = 0; r == 0 && i < system->count; i++)
        if (line[i])
            r = add_code(s, system->url, str_of(fhir_concepts[system->first + i]));
    return r;
}

/* A code without its system, on an element that implies it: in each system that the
 * element's value set takes it from. */
static int add_implied(
    struct spread *s, const struct search_clause *c, struct str code, bool *ret_any)
{
    size_t i;
    unsigned j;
    uint32_t k;
    int r = 0;

    for (i = 0; i < c->slot_count; i++) {
        const struct fhir_slot *slot = &fhir_slots[c->slots[i]];
        for (j = 0; j < slot->count; j++) {
            const struct fhir_value_set *set =
                &fhir_value_sets[fhir_ways[slot->first + j].binding];
            for (k = 0; r == 0 && k < set->count; k++) {
                const struct fhir_code *entry = &fhir_codes[set->first + k];
                if (!str_is(code, entry->code))
                    continue;
                r = add_line(s, str_of(entry->system), code);
                *ret_any = true;
            }
        }
    }
    return r;
}

static int spread_term(
    struct spread *s, const struct search_clause *c, const struct search_term *t)
{
    struct str system = t->u.token.system, code = t->u.token.code;
    bool any = false;
    int r = 0;

    if (!code.p || code.len == 0)
        return search_refuse(
            s->p, "A code is missing: with :above and :below write system|code.");
    if (system.len > 0)
        return add_line(s, system, code);
    if (!system.p)
        r = add_implied(s, c, code, &any);
    if (r < 0 || any)
        return r;
    return search_refuse(s->p,
        "Which system is \"%.*s\" of? With :above and :below write system|code.",
        (int)code.len, code.p);
}

int search_spread_codes(struct search_parser *p, struct search_clause *c)
{
    struct spread s = {.p = p, .below = c->modifier == MOD_BELOW};
    size_t i;
    int r = 0;

    if (c->kind != CLAUSE_TOKEN ||
        (c->modifier != MOD_ABOVE && c->modifier != MOD_BELOW))
        return 0;
    for (i = 0; r == 0 && i < c->term_count; i++)
        r = spread_term(&s, c, &c->terms[i]);
    if (r < 0)
        return r;
    c->terms = s.terms;
    c->term_count = s.count;
    return 0;
}
