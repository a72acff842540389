/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether a gap is filled: demonstrated, by engine/capability over the operations that the
 * network holds, as the map and routing have it. Whoever answers for a gap is never asked.
 */
#include "app/gap_internal.h"
#include "app/network_map.h"

int gap_prove(const struct gap_looking *g, struct gap_look *l, struct err *err)
{
    const struct network_map_asked asked = {.at = g->now};
    struct capability_answer answer = {.level = CAPABILITY_NONE};

    if (network_capability(
            g->network, g->seek->a, &asked, l->hospital, l->thing, &answer) < 0)
        return err_nomem(err);
    l->needed = capability_rules_default.cases;
    l->cases = answer.cases;
    l->facts.demonstrated = answer.demonstrated;
    return 0;
}
