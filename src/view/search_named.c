/* SPDX-License-Identifier: Apache-2.0 */
/* How many records a query asks about by what names them: ids, references, identifiers. An answer
 * with fewer matches leaves open whether one of them is hidden or not there. */
#include "view/search_plan_internal.h"

/* How deep chains go is limited by the parser. */
/* NOLINTNEXTLINE(misc-no-recursion) */
static size_t named_by(const struct search_branch *all)
{
    size_t count = 0;

    for (size_t i = 0; i < all->count; i++) {
        const struct search_clause *c = all->clauses[i];
        bool identifier = c->modifier == MOD_IDENTIFIER ||
                          (c->kind == CLAUSE_TOKEN && c->param &&
                              strcmp(c->param->code, "identifier") == 0);

        if (c->negate || c->modifier == MOD_MISSING)
            continue;
        if (c->kind == CLAUSE_ID || c->kind == CLAUSE_REFERENCE || identifier)
            count += c->term_count;
        else if (c->kind == CLAUSE_COMPARTMENT)
            count += 1;
        for (size_t k = 0; k < c->far_count; k++)
            count += named_by(&c->far[k].all);
    }
    return count;
}

size_t search_named(const struct search_query *q)
{
    const struct search_plan *plan = q->plan_;
    size_t most = 0;

    for (size_t i = 0; i < plan->type_count; i++) {
        size_t count = named_by(&plan->types[i].all);

        most = count > most ? count : most;
    }
    return most;
}
