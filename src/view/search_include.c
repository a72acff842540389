/* SPDX-License-Identifier: Apache-2.0 */
/* _include and _revinclude: along the references of the hits, and against them. */
#include "view/search_filter_internal.h"

struct includer {
    struct search_run *run;
    struct rid_list list; /* hits, then what is included */
    size_t matches;
    size_t from, to; /* the records of this round */
};

static int add(struct includer *in, store_rid rid)
{
    bool live;
    int r = store_live(in->run->r, rid, &live, in->run->err);

    if (r == 0 && live)
        r = search_allows(in->run, rid, &live);
    if (r < 0 || !live)
        return r;
    r = rid_list_add(&in->list, rid, in->run->err);
    if (r == 1 && in->list.count - in->matches > LIMIT_INCLUDES)
        return err_set(in->run->err, E_TOO_LARGE, "_include",
            "More than %d records would be included; ask for a smaller page.",
            LIMIT_INCLUDES);
    return r < 0 ? r : 0;
}

static bool wanted(const struct search_include *include, unsigned type)
{
    const uint16_t *targets;
    unsigned i;

    if (include->target)
        return include->target == type;
    if (!include->param)
        return true;
    targets = fhir_target_lists[include->param->targets];
    for (i = 1; i <= targets[0]; i++)
        if (targets[i] == type)
            return true;
    return targets[0] == 0;
}

/* A canonical: the records with that url among the types wanted. */
static int add_by_url(
    struct includer *in, const struct search_include *include, store_rid target)
{
    store_rid found[16];
    struct str url;
    size_t count, i;
    unsigned type;
    int r = store_name(in->run->r, in->run->a, target, &url, in->run->err);

    for (type = 1; r == 0 && type <= FHIR_TYPE_NUMBER_MAX; type++) {
        if (!fhir_type_numbered(type) || !wanted(include, type))
            continue;
        r = search_by_url(in->run, type, url, found, 16, &count);
        for (i = 0; r == 0 && i < count; i++)
            r = add(in, found[i]);
    }
    return r;
}

static int include_from(
    struct includer *in, const struct search_include *include, store_rid rid)
{
    struct search_targets targets = {.count = 0};
    size_t i;
    int r;

    if (include->source && include->source != store_rid_type(rid))
        return 0;
    r = search_targets_of(in->run, rid, include->param ? include->param->slots : NULL,
        include->param ? include->param->slot_count : 0, &targets);
    for (i = 0; r == 0 && i < targets.count; i++) {
        if (store_rid_type(targets.list[i]) == 0)
            r = add_by_url(in, include, targets.list[i]);
        else if (wanted(include, store_rid_type(targets.list[i])))
            r = add(in, targets.list[i]);
    }
    return r;
}

/* ---- against the references ---- */

static int add_rows(struct includer *in, uint16_t slot, const uint8_t *key, size_t len)
{
    struct search_leaf leaf;
    uint64_t n;
    int r;

    search_leaf_init(&leaf, SEARCH_EDGE, key, len, false);
    for (n = 0;; n++) {
        r = search_leaf_next(in->run, &leaf, n, &n);
        if (r < 0 || n == SEARCH_END)
            return r;
        r = add(in, search_rid(fhir_slots[slot].type, n));
        if (r < 0)
            return r;
    }
}

static int add_sources(struct includer *in, uint16_t slot, store_rid target)
{
    struct search_edge_keys keys;
    size_t i;
    int r = search_edge_keys(in->run, slot, target, &keys);

    for (i = 0; r == 0 && i < keys.count; i++)
        r = add_rows(in, slot, keys.key[i], keys.len[i]);
    return r;
}

static int add_sources_by(struct includer *in, uint16_t slot, store_rid target)
{
    store_rid url = 0;
    int r = add_sources(in, slot, target);

    if (r == 0 && search_slot_by_url(slot))
        r = search_url_rid(in->run, target, &url);
    return r == 0 && url ? add_sources(in, slot, url) : r;
}

static int include_to(
    struct includer *in, const struct search_include *include, store_rid rid)
{
    unsigned slot, first = 1, last = fhir_slot_count;
    size_t i;
    int r = 0;

    if (include->target && include->target != store_rid_type(rid))
        return 0;
    for (i = 0; r == 0 && include->param && i < include->param->slot_count; i++)
        r = add_sources_by(in, include->param->slots[i], rid);
    if (r < 0 || include->param)
        return r;
    if (include->source) {
        first = fhir_type_slots[include->source];
        last = first + fhir_type_slot_counts[include->source];
    }
    for (slot = first; r == 0 && slot < last; slot++)
        if (fhir_slots[slot].kind == FHIR_SEARCH_REFERENCE)
            r = add_sources_by(in, (uint16_t)slot, rid);
    return r;
}

static int one_round(struct includer *in, bool first)
{
    const struct search_plan *plan = in->run->plan;
    size_t i, j;
    int r = 0;

    for (j = 0; r == 0 && j < plan->include_count; j++) {
        const struct search_include *include = &plan->includes[j];
        if (!first && !include->iterate)
            continue;
        for (i = in->from; r == 0 && i < in->to; i++)
            r = include->reverse ? include_to(in, include, in->list.list[i])
                                 : include_from(in, include, in->list.list[i]);
    }
    return r;
}

int search_includes(struct search_run *run, struct search_page *page)
{
    struct includer in = {.run = run, .list = {.a = run->a}};
    struct search_hit *hits;
    unsigned round;
    size_t i;
    int r = 0;

    for (i = 0; r >= 0 && i < page->matches; i++)
        r = rid_list_add(&in.list, page->hits[i].rid, run->err);
    in.matches = in.to = in.list.count;
    for (round = 0; r >= 0 && in.from < in.to && round < LIMIT_INCLUDE_ROUNDS;
         round++) {
        r = one_round(&in, round == 0);
        in.from = in.to;
        in.to = in.list.count;
    }
    if (r < 0)
        return r;
    hits = arena_array(run->a, in.list.count + 1, sizeof(*hits));
    if (!hits)
        return err_nomem(run->err);
    for (i = 0; i < in.list.count; i++)
        hits[i] = (struct search_hit){in.list.list[i], i >= in.matches};
    page->hits = hits;
    page->count = in.list.count;
    return 0;
}
