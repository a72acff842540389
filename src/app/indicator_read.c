/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which records behind a figure the caller may read. A Handover is read by nobody, since it joins people and patients: whoever
 * is told the figures of a post (docs/HANDOVER.md) is told of what its handover came to, and is led to the post.
 */
#include "app/access.h"
#include "app/handover_internal.h"
#include "app/indicator_internal.h"

/* Of which posts the caller is told: each is looked at once. */
struct indicator_posts {
    struct number_map of; /* by the Handover's rid */
    bool *told;
    size_t count, cap;
};

static bool is_handover(store_rid record)
{
    const struct fhir_type *type = fhir_type_numbered(store_rid_type(record));

    return type && strcmp(type->name, "Handover") == 0;
}

static int look(
    struct indicator_run *run, store_rid handover, bool *ret, struct err *err)
{
    struct seek s = {run->call->app, run->snapshot, run->scratch};
    struct handover_post post = {.begin = 0};
    struct str id = {NULL, 0};
    bool there = false;
    int r = 0;

    arena_reset(run->scratch);
    r = store_name(run->snapshot, run->scratch, handover, &id, err);
    if (r == 0)
        r = handover_post(&s, id, call_now(run->call), &post, &there, err);
    *ret = r == 0 && there &&
           handover_part_of(&run->call->caller, &post) != HANDOVER_NO_PART;
    return r;
}

/* Room for one more. */
static int make_room(struct indicator_run *run, struct err *err)
{
    struct arena *a = run->call->arena;
    struct indicator_posts *p = run->posts;
    size_t cap = p ? p->cap * 2 : 256;
    bool *grown = NULL;

    if (!p)
        p = run->posts = arena_array(a, 1, sizeof(*p));
    if (!p)
        return err_nomem(err);
    if (p->count < p->cap)
        return 0;
    grown = arena_grow(a, p->told, p->cap * sizeof(*grown), cap * sizeof(*grown));
    if (!grown)
        return err_nomem(err);
    p->told = grown;
    p->cap = cap;
    return 0;
}

static int is_told(
    struct indicator_run *run, store_rid handover, bool *ret, struct err *err)
{
    const struct handover_post anywhere = {.begin = 0};
    struct indicator_posts *p = NULL;
    uint32_t at = 0;
    int r = 0;

    *ret = handover_part_of(&run->call->caller, &anywhere) != HANDOVER_NO_PART;
    if (*ret) /* a coordinator of all hospitals */
        return 0;
    r = make_room(run, err);
    if (r < 0)
        return r;
    p = run->posts;
    if (!number_map_take(
            run->call->arena, &p->of, (uint64_t)handover, (uint32_t)p->count, &at))
        return err_nomem(err);
    if (at == p->count)
        r = look(run, handover, &p->told[p->count++], err);
    *ret = r == 0 && p->told[at];
    return r;
}

int indicator_may_read(
    struct indicator_run *run, store_rid record, bool *ret, struct err *err)
{
    *ret = true;
    if (!run->call->access_)
        return 0;
    return is_handover(record) ? is_told(run, record, ret, err)
                               : access_allows(run->call->access_, record, ret, err);
}

int indicator_record(
    struct indicator_run *run, store_rid record, struct str *ret, struct err *err)
{
    int r = indicator_reference(run, record, ret, err);
    struct str id = *ret;

    if (r < 0 || !run->call->access_ || !is_handover(record))
        return r;
    str_cut(&id, '/');
    ret->p = arena_printf(run->call->arena, "PractitionerRole/%.*s", (int)id.len, id.p);
    ret->len = ret->p ? strlen(ret->p) : 0;
    return ret->p ? 0 : err_nomem(err);
}
