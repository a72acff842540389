/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Posts that end. At the end of one what nobody has taken over falls to the head of the
 * department, or else of the hospital: the head becomes the successor, is told so by
 * $waiting, and may take it over or name somebody else. Where there is no head it stays without
 * anybody, and on the list of the coordinators. How it stood at that moment is kept.
 *
 * A post that was made inactive has ended too, and so has one that was deleted. All follows from the records, so weeks in which
 * the node was off are made up for.
 */
#include "base/log.h"

#include "app/handover_internal.h"

/* ---- which posts ---- */

static int add_posts(const struct seek *s, const struct search_pair *pairs,
    size_t count, struct handover_posts *ret, struct err *err)
{
    struct seek_list found = {NULL, 0};
    store_rid *list = NULL;
    int r = seek_all(s,
        &(struct seek_for){"PractitionerRole", pairs, count, LIMIT_HANDOVER_POSTS},
        &found, err);

    if (r < 0 || found.count == 0)
        return r;
    list = arena_grow(s->a, ret->rids, ret->count * sizeof(*list),
        (ret->count + found.count) * sizeof(*list));
    if (!list)
        return err_nomem(err);
    ret->rids = list;
    for (size_t i = 0; i < found.count; i++) {
        bool there = false;

        for (size_t k = 0; k < ret->count; k++)
            there = there || ret->rids[k] == found.rids[i];
        if (!there)
            ret->rids[ret->count++] = found.rids[i];
    }
    return 0;
}

static struct str at_text(const struct seek *s, const char *prefix, utc_ms at)
{
    char iso[TIME_ISO_MAX];
    const char *text = NULL;

    time_iso(at, iso);
    text = arena_printf(s->a, "%s%s", prefix, iso);
    return text ? str_of(text) : (struct str){NULL, 0};
}

int handover_posts(const struct seek *s, utc_ms now, utc_ms until,
    struct handover_posts *ret, struct err *err)
{
    utc_ms since = now - LIMIT_HANDOVER_PAST_DAYS * HANDOVER_DAY_MS;
    struct search_pair ending[] = {
        {STR("date"), at_text(s, "eb", until)},
        {STR("date"), at_text(s, "ge", since)},
        {STR("_count"), STR("500")},
        {STR("_total"), STR("none")},
    };
    struct search_pair inactive[] = {
        {STR("active"), STR("false")},
        {STR("_lastUpdated"), at_text(s, "ge", since)},
        {STR("_count"), STR("500")},
        {STR("_total"), STR("none")},
    };
    int r = handover_deleted(s, since, ret, err);

    if (r < 0)
        return r;
    if (!ending[0].value.p || !ending[1].value.p || !inactive[1].value.p)
        return err_nomem(err);
    r = add_posts(s, ending, 4, ret, err);
    return r == 0 ? add_posts(s, inactive, 4, ret, err) : r;
}

/* ---- one post ---- */

/* What nobody who is there was named for, falls to ${head}. ${*ret_any}: something did. */
static int fall(const struct seek *s, struct handover_pack *pack, struct str head,
    utc_ms now, bool *ret_any, struct err *err)
{
    struct handover_taker taker = {.reader = NULL};
    int r = handover_taker_init(s, &pack->post, head, &taker, err);

    for (size_t i = 0; r == 0 && i < pack->items.count; i++) {
        struct handover_item *item = &pack->items.list[i];
        bool may = false;

        if (item->stays || item->holds)
            continue;
        r = handover_may_take(s, &pack->post, item, &taker, &may, err);
        if (r < 0 || !may)
            continue;
        item->successor = head;
        item->named_by = (struct str){NULL, 0};
        item->named_on = item->acknowledged_on = item->declined_on = 0;
        item->fell_on = now;
        *ret_any = true;
    }
    handover_taker_done(&taker);
    return r;
}

/* ${*ret}: something was written. Of a post whose departure is kept only what is open is asked for:
 * its figures stay what they were. */
static int end_one(struct app_call *call, const struct seek *s, struct str id,
    bool *ret, struct err *err)
{
    utc_ms now = call->at;
    struct handover_pack pack;
    struct str head = {NULL, 0};
    bool there = false;
    bool fell = false;
    int r = handover_pack_items(s, id, now, &pack, &there, err);

    *ret = false;
    if (r < 0 || !there || !pack.post.ended)
        return r;
    if (pack.total.orphans > 0)
        r = handover_head(s, &pack.post, &head, err);
    if (r == 0 && head.p)
        r = fall(s, &pack, head, now, &fell, err);
    if (r < 0 || (!fell && (json_get(pack.json, "departure") || pack.total.all == 0)))
        return r;
    if (!json_get(pack.json, "departure"))
        r = handover_pack_figures(s, &pack, err);
    if (r == 0)
        r = handover_write(call, &pack, true, now, err);
    *ret = r == 0;
    return r == E_CONFLICT ? 0 : r;
}

/* ---- when ---- */

/* What is remembered of the last look only spares the next one. */
static bool is_due(struct app *app, utc_ms now)
{
    utc_ms next = atomic_load(&app->handover_next);

    return next == 0 || now >= next ||
           next - now > LIMIT_HANDOVER_LOOK_MINUTES * (utc_ms)60000;
}

/* What the node does once the post ${id} has ended, as of ${now}: what nobody has taken over falls to the
 * head, and how it stood is kept. ${*ret_written}: something was. A post that has not ended, or of which all
 * is kept, is left alone. */
static int end_post(
    struct app *app, struct str id, utc_ms now, bool *ret_written, struct err *err)
{
    struct store_reader *snapshot = NULL;
    struct seek s = {app, NULL, arena_new()};
    struct app_call call = change_by_node(app, s.a);
    int r = s.a ? store_read_begin(app->store, &snapshot, err) : err_nomem(err);

    *ret_written = false;
    call.at = now;
    s.snapshot = snapshot;
    if (r == 0)
        r = end_one(&call, &s, id, ret_written, err);
    store_read_end(snapshot);
    arena_free(s.a);
    return r;
}

/* The post that has the number ${rid}. */
static int run_post(
    struct app *app, store_rid rid, utc_ms now, size_t *made, struct err *err)
{
    struct store_reader *snapshot = NULL;
    struct store_record rec = {0};
    struct arena *a = arena_new();
    bool written = false;
    int r = a ? store_read_begin(app->store, &snapshot, err) : err_nomem(err);

    if (r == 0)
        r = store_get_rid(snapshot, a, rid, false, &rec, err);
    store_read_end(snapshot);
    if (r == 0)
        r = end_post(app, rec.id, now, &written, err);
    *made += written;
    arena_free(a);
    return r;
}

static int find_posts(struct app *app, struct arena *a, utc_ms now,
    struct handover_posts *ret, struct err *err)
{
    struct store_reader *snapshot = NULL;
    int r = store_read_begin(app->store, &snapshot, err);
    struct seek s = {app, snapshot, a};

    if (r == 0)
        r = handover_posts(&s, now, now, ret, err);
    store_read_end(snapshot);
    return r;
}

int handover_run(
    struct app *app, const atomic_bool *stop, utc_ms now, size_t *ret, struct err *err)
{
    struct handover_posts posts = {NULL, 0};
    struct arena *a = NULL;
    size_t made = 0;
    int r = 0;

    if (ret)
        *ret = 0;
    if (!is_due(app, now))
        return 0;
    a = arena_new();
    r = a ? find_posts(app, a, now, &posts, err) : err_nomem(err);
    for (size_t i = 0; r == 0 && i < posts.count && !(stop && atomic_load(stop)); i++) {
        if (run_post(app, posts.rids[i], now, &made, err) < 0)
            log_err("ending a post", err);
    }
    arena_free(a);
    if (r == 0)
        atomic_store(
            &app->handover_next, now + LIMIT_HANDOVER_LOOK_MINUTES * (utc_ms)60000);
    if (r == 0 && ret)
        *ret = made;
    return r;
}
