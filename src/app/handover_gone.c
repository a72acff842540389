/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Posts whose record was deleted. What their holders had is open all the same, and is asked
 * about by what the record said last: a deleted post has ended, at the latest when it was deleted.
 */
#include "app/handover_internal.h"

#define BLOCK 256 /* versions looked at together */

int handover_last(const struct seek *s, const struct store_record *gone,
    const struct json **ret, struct err *err)
{
    const struct store_history before = {
        .rid = gone->rid, .before = gone->seq, .limit = 1, .body = true};
    struct store_record *found = NULL;
    size_t count = 0;
    int r = store_history(s->snapshot, s->a, &before, &found, &count, err);

    *ret = NULL;
    if (r < 0 || count == 0 || found[0].body.len == 0)
        return r;
    return json_read_trusted(s->a, found[0].body, ret, err);
}

/* Is the version ${rec} the last of its record? */
static int is_current(
    const struct seek *s, const struct store_record *rec, bool *ret, struct err *err)
{
    struct store_record now = {0};
    int r = store_get_rid(s->snapshot, s->a, rec->rid, false, &now, err);

    *ret = r == 0 && now.seq == rec->seq;
    return r;
}

static int push(
    const struct seek *s, store_rid rid, struct handover_posts *posts, struct err *err)
{
    store_rid *list = arena_grow(s->a, posts->rids, posts->count * sizeof(*list),
        (posts->count + 1) * sizeof(*list));

    if (!list)
        return err_nomem(err);
    posts->rids = list;
    posts->rids[posts->count++] = rid;
    return 0;
}

int handover_deleted(
    const struct seek *s, utc_ms since, struct handover_posts *ret, struct err *err)
{
    struct store_history h = {
        .type = fhir_resource_named(STR("PractitionerRole"))->number,
        .since = since,
        .limit = BLOCK};
    size_t count = BLOCK;
    int r = 0;

    *ret = (struct handover_posts){NULL, 0};
    while (r == 0 && count == BLOCK && ret->count < LIMIT_HANDOVER_POSTS) {
        struct store_record *list = NULL;

        r = store_history(s->snapshot, s->a, &h, &list, &count, err);
        for (size_t i = 0; r == 0 && i < count; i++) {
            bool current = false;

            h.before = list[i].seq;
            if (list[i].operation == STORE_DELETE)
                r = is_current(s, &list[i], &current, err);
            if (r == 0 && current)
                r = push(s, list[i].rid, ret, err);
        }
    }
    return r;
}
