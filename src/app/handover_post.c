/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A post that ends: whose it is, where, until when; who holds which post after it, and what
 * they may read then. All of this is asked about the first moment after the end, so that who
 * arrives before it counts, and who leaves before it does not.
 */
#include "app/handover_internal.h"
#include "app/review_internal.h"
#include "app/roster_internal.h"
#include "fhir/value.h"

static struct str reference_of(const struct json *holder, const char *name)
{
    return json_get_text(json_get(holder, name), "reference");
}

static struct str role_of(const struct json *post)
{
    struct json_each code = json_each(json_get(post, "code"));

    while (json_next(&code)) {
        struct json_each coding = json_each(json_get(code.value, "coding"));

        while (json_next(&coding)) {
            struct str role = json_get_text(coding.value, "code");

            if (str_is(json_get_text(coding.value, "system"), PERSON_ROLE_SYSTEM) &&
                person_role_known(role))
                return role;
        }
    }
    return (struct str){NULL, 0};
}

/* The record of the post, or what it said last: then ${*ret_gone} is when it was deleted. */
static int load(const struct seek *s, struct str id, const struct json **ret,
    utc_ms *ret_gone, struct err *err)
{
    struct store_record rec = {0};
    int r = seek_record(s, "PractitionerRole", id, &rec, ret, err);

    *ret_gone = 0;
    if (r < 0 || *ret || rec.rid == 0)
        return r;
    *ret_gone = rec.updated;
    return handover_last(s, &rec, ret, err);
}

/* The team that ${json} is a posting of, and who leads it. */
static int read_team(const struct seek *s, const struct json *json,
    struct handover_post *post, struct err *err)
{
    const struct json *team = NULL;
    int r = 0;

    post->team = reference_of(roster_extension(json, POSTING_TEAM), "valueReference");
    if (post->team.p)
        r = seek_reference(s, post->team, "Organization", &team, err);
    post->leader = reference_of(roster_extension(team, TEAM_LEADER), "valueReference");
    return r;
}

int handover_post(const struct seek *s, struct str id, utc_ms now,
    struct handover_post *ret, bool *ret_there, struct err *err)
{
    struct handover_post post = {.id = id};
    const struct json *json = NULL;
    utc_ms gone = 0;
    utc_ms hi = 0;
    int r = load(s, id, &json, &gone, err);

    post.person = reference_of(json, "practitioner");
    post.unit = reference_of(json, "organization");
    post.role = role_of(json);
    post.active = gone == 0 && json_kind(json_get(json, "active")) != JSON_FALSE;
    *ret_there = json && post.person.p && post.role.p;
    if (r == 0 && *ret_there && post.unit.p)
        r = review_hospital(s, post.unit, &post.hospital, err);
    if (r == 0 && *ret_there)
        r = read_team(s, json, &post, err);
    if (r < 0)
        return r;
    if (fhir_period_range(json_get(json, "period"), &post.begin, &hi) &&
        hi < UTC_MS_MAX)
        post.end = hi;
    if (gone && (post.end == 0 || gone < post.end))
        post.end = gone;
    post.ended = !post.active || (post.end && post.end <= now);
    post.then = post.active && post.end > now ? post.end : now;
    *ret = post;
    return 0;
}

/* ---- after the end ---- */

static bool is_same(const struct handover_post *post, const struct app_post *one)
{
    struct str unit = one->department.p ? one->department : one->organization;

    return str_eq(one->role, post->role) && str_eq(unit, post->unit);
}

int handover_posts_then(const struct seek *s, const struct handover_post *post,
    struct str who, struct person_posts *ret, struct err *err)
{
    struct person_ask ask = {s->app->persons, s->snapshot, s->a, post->then};
    struct person_posts all = {NULL, 0};
    struct app_post *rest = NULL;
    size_t count = 0;
    bool left_out = false;
    int r = person_posts_in(&ask, who, &all, err);

    if (r < 0 || post->end || post->ended || !str_eq(who, post->person)) {
        *ret = all;
        return r;
    }
    /* a post without an end: as if it ended now */
    rest = arena_array(s->a, all.count + 1, sizeof(*rest));
    if (!rest)
        return err_nomem(err);
    for (size_t i = 0; i < all.count; i++) {
        if (!left_out && is_same(post, &all.list[i]))
            left_out = true;
        else
            rest[count++] = all.list[i];
    }
    *ret = (struct person_posts){rest, count};
    return 0;
}

int handover_taker_init(const struct seek *s, const struct handover_post *post,
    struct str who, struct handover_taker *ret, struct err *err)
{
    struct person_posts posts = {NULL, 0};
    struct reader_post *list = NULL;
    struct reader_who reading = {.practitioner = who,
        .bases = app_bases(s->a, s->app, s->app->base[APP_FHIR]),
        .now = post->then};
    int r = handover_posts_then(s, post, who, &posts, err);

    *ret = (struct handover_taker){posts, NULL};
    if (r < 0 || posts.count == 0)
        return r;
    list = arena_array(s->a, posts.count, sizeof(*list));
    if (!list)
        return err_nomem(err);
    for (size_t i = 0; i < posts.count; i++)
        list[i] = (struct reader_post){posts.list[i].role,
            posts.list[i].department.p ? posts.list[i].department
                                       : posts.list[i].organization};
    reading.posts = list;
    reading.post_count = posts.count;
    return reader_new(s->snapshot, s->a, &reading, &ret->reader, err);
}

void handover_taker_done(struct handover_taker *taker)
{
    reader_free(taker->reader);
    taker->reader = NULL;
}

/* Is one of ${posts} at the hospital of ${unit}? */
static int is_at(const struct seek *s, const struct person_posts *posts,
    struct str unit, bool *ret, struct err *err)
{
    struct str hospital = {NULL, 0};
    int r = unit.p ? review_hospital(s, unit, &hospital, err) : 0;

    *ret = false;
    for (size_t i = 0; r == 0 && hospital.p && i < posts->count; i++)
        *ret = *ret || (posts->list[i].organization.p &&
                           str_eq(posts->list[i].organization, hospital));
    return r;
}

/* Does ${taker} work where ${item} is, or coordinate? */
static int may_keep(const struct seek *s, const struct handover_post *post,
    const struct handover_item *item, const struct handover_taker *taker, bool *ret,
    struct err *err)
{
    struct str unit = item->kind == HANDOVER_FUNDING
                          ? reference_of(item->json, "recipient")
                          : post->unit;
    int r = is_at(s, &taker->posts, unit, ret, err);

    for (size_t i = 0; r == 0 && i < taker->posts.count; i++)
        *ret = *ret || str_is(taker->posts.list[i].role, "coordinator");
    return r;
}

/* Who teaches somebody works where they learn, or where it is taught from. */
static int may_teach(const struct seek *s, const struct handover_item *item,
    const struct person_posts *posts, bool *ret, struct err *err)
{
    int r = is_at(s, posts, reference_of(item->json, "learningDepartment"), ret, err);

    if (r == 0 && !*ret)
        r = is_at(s, posts, reference_of(item->json, "teachingDepartment"), ret, err);
    return r;
}

int handover_may_take(const struct seek *s, const struct handover_post *post,
    const struct handover_item *item, const struct handover_taker *taker, bool *ret,
    struct err *err)
{
    const struct handover_rule *rule = &handover_rules[item->kind];
    struct reader_verdict verdict = {.allowed = false};
    int r = 0;

    *ret = false;
    if (!taker->reader || rule->own)
        return 0;
    if (item->kind == HANDOVER_APPRENTICE || item->kind == HANDOVER_PLACEMENT)
        return may_teach(s, item, &taker->posts, ret, err);
    r = reader_allows(taker->reader, item->rid, &verdict, err);
    *ret = verdict.allowed;
    if (r == 0 && *ret && !rule->by_reading)
        r = may_keep(s, post, item, taker, ret, err);
    return r;
}

/* A word of their own is asked of whoever took part, whatever else they are shown. */
int handover_stays(const struct seek *s, const struct handover_post *post,
    const struct handover_item *item, const struct handover_taker *person, bool *ret,
    struct err *err)
{
    *ret = false;
    if (!person->reader || !handover_rules[item->kind].own)
        return handover_may_take(s, post, item, person, ret, err);
    return may_keep(s, post, item, person, ret, err);
}

struct str handover_pairs_of(const struct handover_post *post)
{
    bool speaks =
        str_is(post->role, "expert") || str_is(post->role, "head-of-department");
    bool whole =
        !post->unit.p || (post->hospital.p && str_eq(post->unit, post->hospital));

    return speaks && !whole ? post->unit : (struct str){NULL, 0};
}

/* ---- who answers for it ---- */

static int is_in_post(const struct seek *s, const struct handover_post *post,
    struct str who, bool *ret, struct err *err)
{
    struct person_posts posts = {NULL, 0};
    int r = handover_posts_then(s, post, who, &posts, err);

    *ret = false;
    for (size_t i = 0; i < posts.count; i++) {
        struct str unit = posts.list[i].department.p ? posts.list[i].department
                                                     : posts.list[i].organization;

        *ret = *ret || (str_is(posts.list[i].role, "head-of-department") &&
                           (str_eq(unit, post->unit) || str_eq(unit, post->hospital)));
    }
    return r;
}

static int head_of(const struct seek *s, const struct handover_post *post,
    struct str unit, struct str *ret, struct err *err)
{
    const struct search_pair pairs[] = {
        {STR("organization"), unit},
        {STR("role"), STR(PERSON_ROLE_SYSTEM "|head-of-department")},
        {STR("active"), STR("true")},
        {STR("_total"), STR("none")},
    };
    struct seek_list found = {NULL, 0};
    int r = seek_all(s,
        &(struct seek_for){
            "PractitionerRole", pairs, sizeof(pairs) / sizeof(pairs[0]), LIMIT_POSTS},
        &found, err);

    for (size_t i = 0; r == 0 && !ret->p && i < found.count; i++) {
        const struct json *json = NULL;
        struct str who = {NULL, 0};
        bool in_post = false;

        r = seek_rid(s, found.rids[i], NULL, &json, err);
        who = reference_of(json, "practitioner");
        if (r == 0 && who.p)
            r = is_in_post(s, post, who, &in_post, err);
        if (r == 0 && in_post && !str_eq(who, post->person))
            *ret = who;
    }
    return r;
}

int handover_head(const struct seek *s, const struct handover_post *post,
    struct str *ret, struct err *err)
{
    int r = 0;

    *ret = (struct str){NULL, 0};
    if (post->unit.p)
        r = head_of(s, post, post->unit, ret, err);
    if (r == 0 && !ret->p && post->unit.p && post->hospital.p &&
        !str_eq(post->hospital, post->unit))
        r = head_of(s, post, post->hospital, ret, err);
    return r;
}

enum handover_part handover_part_of(
    const struct app_caller *caller, const struct handover_post *post)
{
    enum handover_part part = HANDOVER_NO_PART;

    if (caller->practitioner.p && str_eq(caller->practitioner, post->person))
        return HANDOVER_PERSON;
    if (caller->practitioner.p && post->leader.p && caller->post_count > 0 &&
        str_eq(caller->practitioner, post->leader))
        return HANDOVER_HEAD;
    for (size_t i = 0; i < caller->post_count; i++) {
        const struct app_post *one = &caller->posts[i];
        struct str unit = one->department.p ? one->department : one->organization;
        bool here = !unit.p || (post->unit.p && str_eq(unit, post->unit)) ||
                    (post->hospital.p && str_eq(unit, post->hospital));

        if (!here)
            continue;
        if (str_is(one->role, "head-of-department") && unit.p)
            return HANDOVER_HEAD;
        if (str_is(one->role, "coordinator") || str_is(one->role, "director"))
            part = HANDOVER_COORDINATOR;
    }
    return part;
}
