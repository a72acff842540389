/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The pack of a post: what its holder has, joined with what was said of it, and the figures
 * (docs/HANDOVER.md). The index is what was acknowledged by who is still there after the end,
 * by all there is, each by its weight.
 */
#include <stdlib.h>

#include "app/handover_internal.h"
#include "fhir/value.h"

static struct str reference_of(const struct json *holder, const char *name)
{
    return json_get_text(json_get(holder, name), "reference");
}

static utc_ms instant_of(const struct json *holder, const char *name)
{
    struct str text = json_get_text(holder, name);
    utc_ms lo = 0;
    utc_ms hi = 0;

    return text.p && fhir_date_range(text, &lo, &hi) ? lo : 0;
}

/* ---- what was said ---- */

/* The line of ${json}, a Handover, about ${item}; NULL: none. */
static const struct json *said_of(
    const struct json *json, const struct handover_item *item)
{
    struct json_each it = json_each(json_get(json, "item"));

    while (json_next(&it)) {
        if (str_is(json_get_text(it.value, "kind"), handover_rules[item->kind].code) &&
            str_eq(reference_of(it.value, "reference"), item->reference))
            return it.value;
    }
    return NULL;
}

static void read_said(struct handover_item *item, const struct json *said)
{
    item->successor = reference_of(said, "successor");
    item->named_by = reference_of(said, "namedBy");
    item->named_on = instant_of(said, "namedOn");
    item->acknowledged_on = instant_of(said, "acknowledgedOn");
    item->declined_on = instant_of(said, "declinedOn");
    item->fell_on = instant_of(said, "fellOn");
}

/* The lines of a Handover in the order of what they are about: a pack has up to
 * LIMIT_HANDOVER_ITEMS of them, and each is asked for once. */
struct said_line {
    struct str reference;
    const struct json *json;
};

struct joining {
    const struct seek *s;
    struct handover_pack *pack;
    struct handover_taker person; /* whose post it was, after the end */
    struct said_line *lines;
    size_t line_count;
    struct str
        in_post; /* who was found to be there last: most have the same successor */
};

static int compare_lines(const void *one, const void *other)
{
    return str_cmp(((const struct said_line *)one)->reference,
        ((const struct said_line *)other)->reference);
}

static int read_lines(struct joining *j, struct err *err)
{
    const struct json *list = json_get(j->pack->json, "item");
    struct json_each it = json_each(list);

    j->lines = arena_array(j->s->a, json_count(list) + 1, sizeof(*j->lines));
    if (!j->lines)
        return err_nomem(err);
    while (json_next(&it))
        j->lines[j->line_count++] =
            (struct said_line){reference_of(it.value, "reference"), it.value};
    qsort(j->lines, j->line_count, sizeof(*j->lines), compare_lines);
    return 0;
}

/* What was said about ${item}; NULL: nothing. One record may be two things. */
static const struct json *find_line(
    const struct joining *j, const struct handover_item *item)
{
    size_t low = 0, high = j->line_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (str_cmp(j->lines[middle].reference, item->reference) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < j->line_count && str_eq(j->lines[low].reference, item->reference);
         low++) {
        if (str_is(json_get_text(j->lines[low].json, "kind"),
                handover_rules[item->kind].code))
            return j->lines[low].json;
    }
    return NULL;
}

/* Has the one who took ${item} over handed it on to somebody who is there? */
static int was_handed_on(const struct joining *j, const struct handover_item *item,
    struct str who, int depth, bool *ret, struct err *err);

static int is_in_post(
    const struct joining *j, struct str who, bool *ret, struct err *err)
{
    struct person_posts posts = {NULL, 0};
    int r = handover_posts_then(j->s, &j->pack->post, who, &posts, err);

    *ret = posts.count > 0;
    return r;
}

static int is_held_by(const struct joining *j, const struct handover_item *item,
    struct str who, int depth, bool *ret, struct err *err)
{
    int r = is_in_post(j, who, ret, err);

    if (r < 0 || *ret || depth == 0)
        return r;
    return was_handed_on(j, item, who, depth - 1, ret, err);
}

static int was_handed_on(const struct joining *j, const struct handover_item *item,
    struct str who, int depth, bool *ret, struct err *err)
{
    const struct search_pair pairs[] = {
        {STR("person"), who}, {STR("_total"), STR("none")}};
    struct seek_list found = {NULL, 0};
    int r = seek_all(j->s,
        &(struct seek_for){"Handover", pairs, 2, LIMIT_HANDOVER_POSTS}, &found, err);

    for (size_t i = 0; r == 0 && !*ret && i < found.count; i++) {
        const struct json *json = NULL;
        const struct json *said = NULL;
        struct str next = {NULL, 0};

        r = seek_rid(j->s, found.rids[i], NULL, &json, err);
        said = said_of(json, item);
        next = reference_of(said, "successor");
        if (r == 0 && next.p && !str_eq(next, who) &&
            (json_get(said, "acknowledgedOn") || json_get(said, "fellOn")))
            r = is_held_by(j, item, next, depth, ret, err);
    }
    return r;
}

/* ---- one item ---- */

static int find_holder(struct joining *j, struct handover_item *item, struct err *err)
{
    int r = 0;

    item->holds = j->in_post.p && str_eq(item->successor, j->in_post);
    if (item->holds)
        return 0;
    r = is_in_post(j, item->successor, &item->holds, err);
    if (r == 0 && item->holds)
        j->in_post = item->successor;
    if (r == 0 && !item->holds)
        r = was_handed_on(
            j, item, item->successor, LIMIT_HANDOVER_STEPS - 1, &item->holds, err);
    return r;
}

static int join(struct joining *j, struct handover_item *item, struct err *err)
{
    const struct json *said = find_line(j, item);
    int r = handover_stays(j->s, &j->pack->post, item, &j->person, &item->stays, err);

    if (said)
        read_said(item, said);
    if (r == 0 && item->successor.p)
        r = find_holder(j, item, err);
    item->settled = item->holds && item->acknowledged_on;
    return r;
}

static void count(
    struct handover_pack *pack, const struct handover_item *item, unsigned weights[2])
{
    struct handover_count *counts[] = {&pack->counts[item->kind], &pack->total};
    bool orphan = !item->holds;
    /* who reviews a case is told to nobody, so reviews are in no figure of others */
    size_t of = item->kind == HANDOVER_REVIEW ? 1 : 2;

    if (item->stays)
        return;
    for (size_t i = 0; i < of; i++) {
        counts[i]->all++;
        counts[i]->acknowledged += item->settled;
        counts[i]->orphans += orphan;
    }
    if (of == 1)
        return;
    weights[0] += item->weight;
    weights[1] += item->settled ? item->weight : 0;
    pack->orphaned_trainees += orphan && item->kind == HANDOVER_APPRENTICE;
}

void handover_tally(struct handover_pack *pack)
{
    unsigned weights[2] = {0, 0}; /* all, settled */

    for (size_t i = 0; i < pack->items.count; i++)
        count(pack, &pack->items.list[i], weights);
    pack->index = weights[0] ? (int)(100 * weights[1] / weights[0]) : -1;
}

static int join_all(struct joining *j, struct err *err)
{
    struct handover_pack *pack = j->pack;
    int r = handover_taker_init(j->s, &pack->post, pack->post.person, &j->person, err);

    if (r == 0)
        r = read_lines(j, err);

    for (size_t i = 0; r == 0 && i < pack->items.count; i++)
        r = join(j, &pack->items.list[i], err);
    handover_taker_done(&j->person);
    if (r == 0)
        handover_tally(pack);
    return r;
}

/* ---- who comes after ---- */

/* For how many days before the end somebody who goes on beyond it holds the same role in the
 * same department, having come after the one who leaves. */
static int read_overlap(
    const struct seek *s, struct handover_pack *pack, struct err *err)
{
    const struct handover_post *post = &pack->post;
    const struct search_pair pairs[] = {
        {STR("organization"), post->unit},
        {STR("active"), STR("true")},
        {STR("_total"), STR("none")},
    };
    struct seek_list found = {NULL, 0};
    int r = post->unit.p ? seek_all(s,
                               &(struct seek_for){
                                   "PractitionerRole", pairs, 3, LIMIT_HANDOVER_POSTS},
                               &found, err)
                         : 0;

    pack->overlap_days = -1;
    for (size_t i = 0; r == 0 && i < found.count; i++) {
        struct handover_post other;
        struct store_record rec = {0};
        const struct json *json = NULL;
        bool there = false;
        utc_ms days = 0;

        r = seek_rid(s, found.rids[i], &rec, &json, err);
        if (r == 0)
            r = handover_post(s, rec.id, post->then, &other, &there, err);
        if (r < 0 || !there || !str_eq(other.role, post->role) ||
            str_eq(other.person, post->person) || other.begin <= post->begin ||
            other.begin > post->then || (other.end && other.end <= post->then))
            continue;
        days = (post->then - other.begin) / HANDOVER_DAY_MS;
        if (days > pack->overlap_days)
            pack->overlap_days = (int)days;
    }
    return r;
}

int handover_pack_items(const struct seek *s, struct str id, utc_ms now,
    struct handover_pack *ret, bool *ret_there, struct err *err)
{
    struct joining j = {.s = s, .pack = ret};
    int r = 0;

    *ret = (struct handover_pack){.index = -1, .overlap_days = -1};
    r = handover_post(s, id, now, &ret->post, ret_there, err);
    if (r < 0 || !*ret_there)
        return r;
    r = seek_record(s, "Handover", id, &ret->record, &ret->json, err);
    if (r == 0)
        r = handover_find(
            s, ret->post.person, handover_pairs_of(&ret->post), now, &ret->items, err);
    return r == 0 ? join_all(&j, err) : r;
}

int handover_pack_figures(
    const struct seek *s, struct handover_pack *pack, struct err *err)
{
    int r = handover_skills(s, &pack->post, &pack->orphaned_skills, err);

    return r == 0 ? read_overlap(s, pack, err) : r;
}

int handover_pack(const struct seek *s, struct str id, utc_ms now,
    struct handover_pack *ret, bool *ret_there, struct err *err)
{
    int r = handover_pack_items(s, id, now, ret, ret_there, err);

    return r == 0 && *ret_there ? handover_pack_figures(s, ret, err) : r;
}
