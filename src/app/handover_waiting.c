/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Handover/$waiting:
 *
 *   mine   each post of the caller's that ends within LIMIT_HANDOVER_DAYS days
 *   take   what the caller was named for and has not answered; and what fell to the caller
 *   held   what the caller took over and is still open
 *   term   for heads, coordinators and directors: each post of their department, hospital or
 *          programme that ends soon, or has ended and left something without anybody
 */
#include "app/handover_internal.h"
#include "app/logbook_internal.h"
#include "fhir/part.h"

struct waiting {
    struct app_call *call;
    struct seek s;
    struct json_out o;
    utc_ms now;
};

/* ---- what I am asked to take over ---- */

/* The parts of ${post}, as they stand before each of its items; in ${b}. */
static int post_parts(struct waiting *w, const struct handover_post *post,
    struct buf *b, struct str *ret, struct err *err)
{
    struct json_out o = json_out(b);
    int r = 0;

    json_open(&o, '[');
    handover_put_post(w->call, &w->s, &o, post);
    json_close(&o, ']');
    r = buf_error(b, "a post", err);
    if (r == 0)
        *ret = (struct str){b->data + 1, b->len - 2}; /* without the brackets */
    return r;
}

static int put_taken(
    struct waiting *w, const struct handover_pack *pack, struct err *err)
{
    struct buf b;
    struct str post = {NULL, 0};
    int r = 0;

    buf_init(&b, LIMIT_RECORD_BYTES);
    for (size_t i = 0; r == 0 && i < pack->items.count; i++) {
        const struct handover_item *item = &pack->items.list[i];

        if (!item->successor.p ||
            !str_eq(item->successor, w->call->caller.practitioner))
            continue;
        if (!post.p)
            r = post_parts(w, &pack->post, &b, &post, err);
        if (r < 0)
            break;
        fhir_parts_open(&w->o, item->acknowledged_on ? "held" : "take");
        json_put_raw(&w->o, post);
        r = handover_put_item(w->call, &w->s, &w->o, "item", item, err);
        fhir_parts_close(&w->o);
    }
    buf_done(&b);
    return r;
}

static int list_taken(struct waiting *w, struct err *err)
{
    const struct search_pair pairs[] = {
        {STR("successor"), w->call->caller.practitioner}, {STR("_total"), STR("none")}};
    struct seek_list found = {NULL, 0};
    int r = seek_all(&w->s,
        &(struct seek_for){"Handover", pairs, 2, LIMIT_HANDOVER_POSTS}, &found, err);

    for (size_t i = 0; r == 0 && i < found.count; i++) {
        struct store_record rec = {0};
        const struct json *json = NULL;
        struct handover_pack pack;
        bool there = false;

        r = seek_rid(&w->s, found.rids[i], &rec, &json, err);
        if (r == 0 && json)
            r = handover_pack_items(&w->s, rec.id, w->now, &pack, &there, err);
        if (r == 0 && there)
            r = put_taken(w, &pack, err);
    }
    return r;
}

/* ---- posts that end ---- */

static int put_term(
    struct waiting *w, const char *name, struct str id, bool all, struct err *err)
{
    struct handover_pack pack;
    bool there = false;
    int r = handover_pack_items(&w->s, id, w->now, &pack, &there, err);

    if (r < 0 || !there || (!all && pack.total.orphans == 0))
        return r;
    r = handover_pack_figures(&w->s, &pack, err);
    if (r < 0)
        return r;
    fhir_parts_open(&w->o, name);
    handover_put_post(w->call, &w->s, &w->o, &pack.post);
    handover_put_figures(w->call, &w->o, &pack);
    fhir_parts_close(&w->o);
    return 0;
}

static bool ends_soon(const struct waiting *w, const struct handover_post *post)
{
    return !post->ended && post->end &&
           post->end - w->now <= LIMIT_HANDOVER_DAYS * HANDOVER_DAY_MS;
}

static int list_post(struct waiting *w, store_rid rid, struct err *err)
{
    struct store_record rec = {0};
    struct handover_post post;
    enum handover_part part = HANDOVER_NO_PART;
    bool there = false;
    int r = store_get_rid(w->s.snapshot, w->s.a, rid, false, &rec, err);

    if (r == 0)
        r = handover_post(&w->s, rec.id, w->now, &post, &there, err);
    if (r < 0 || !there)
        return r;
    part = handover_part_of(&w->call->caller, &post);
    if (part == HANDOVER_PERSON)
        return ends_soon(w, &post) ? put_term(w, "mine", rec.id, true, err) : 0;
    if (part == HANDOVER_NO_PART)
        return 0;
    return put_term(w, "term", rec.id, ends_soon(w, &post), err);
}

/* Posts that end within days, or have ended within the last year, in force or not. */
static int list_posts(struct waiting *w, struct err *err)
{
    struct handover_posts posts = {NULL, 0};
    int r = handover_posts(
        &w->s, w->now, w->now + LIMIT_HANDOVER_DAYS * HANDOVER_DAY_MS, &posts, err);

    for (size_t i = 0; r == 0 && i < posts.count; i++)
        r = list_post(w, posts.rids[i], err);
    return r;
}

/* ---- the way ---- */

int handover_waiting(struct app_call *call, const struct rest *rest, struct err *err)
{
    struct waiting w = {
        .call = call, .o = json_out(&call->answer), .now = call_now(call)};
    struct store_reader *snapshot = NULL;
    int r = call_read_begin(call, &snapshot, err);

    (void)rest;
    w.s = (struct seek){call->app, snapshot, call->arena};
    fhir_parameters_open(&w.o);
    if (r == 0)
        r = list_posts(&w, err);
    if (r == 0)
        r = list_taken(&w, err);
    fhir_parameters_close(&w.o);
    call_read_end(call, snapshot);
    return r;
}
