/* SPDX-License-Identifier: Apache-2.0 */
/* Whose account somebody looks after: by the posts of both, and the units above them. */
#include "app/administration.h"

#include <string.h>

#include "app/app_internal.h"
#include "app/person.h"
#include "fhir/value.h"

/* How far a post of administration reaches, and what a post needs of who gives it. */
enum reach {
    REACH_NONE,
    REACH_DEPARTMENT,
    REACH_HOSPITAL,
    REACH_EVERYWHERE,
};

static enum reach reach_of(const struct app_post *post)
{
    if (str_is(post->role, "head-of-department"))
        return REACH_DEPARTMENT;
    if (!str_is(post->role, "administrator") && !str_is(post->role, "director"))
        return REACH_NONE;
    return post->organization.p ? REACH_HOSPITAL : REACH_EVERYWHERE;
}

/* What giving ${role} needs; REACH_NONE: it is no role, and gives nothing. */
static enum reach need_of(struct str role)
{
    static const struct {
        const char *role;
        enum reach need;
    } needs[] = {
        {"clinician", REACH_DEPARTMENT},
        {"nurse", REACH_DEPARTMENT},
        {"expert", REACH_DEPARTMENT},
        {"apprentice", REACH_DEPARTMENT},
        {"interpreter", REACH_DEPARTMENT},
        {"head-of-department", REACH_HOSPITAL},
        {"director", REACH_HOSPITAL},
        {"international-desk", REACH_HOSPITAL},
        {"quality-officer", REACH_HOSPITAL},
        {"administrator", REACH_HOSPITAL},
    };

    for (size_t i = 0; i < sizeof(needs) / sizeof(needs[0]); i++) {
        if (str_is(role, needs[i].role))
            return needs[i].need;
    }
    /* a role that is new and not in the table above is given by the fewest */
    return person_role_known(role) ? REACH_EVERYWHERE : REACH_NONE;
}

/* The place of ${post} where its holder administers; p NULL: everywhere. */
static struct str place_of(const struct app_post *post)
{
    bool head = str_is(post->role, "head-of-department");

    return head && post->department.p ? post->department : post->organization;
}

/* The farthest reach of a post of ${caller} over ${unit} itself. */
static enum reach reach_at(const struct app_caller *caller, struct str unit)
{
    enum reach best = REACH_NONE;

    for (size_t i = 0; i < caller->post_count; i++) {
        enum reach reach = reach_of(&caller->posts[i]);
        struct str place = place_of(&caller->posts[i]);

        if (reach > best && (!place.p || (unit.p && str_eq(unit, place))))
            best = reach;
    }
    return best;
}

/* The same over ${unit} and what it is part of. */
static enum reach reach_over(const struct administration *a, struct str unit)
{
    const struct str kind = STR("Organization/");
    unsigned type = fhir_resource_named(STR("Organization"))->number;
    enum reach best = reach_at(a->caller, unit);

    for (int level = 0; level < LIMIT_READER_UNITS; level++) {
        struct store_record rec = {0};
        const struct json *json = NULL;
        struct str id = {NULL, 0};
        enum reach here = REACH_NONE;

        if (!unit.p || !str_starts(unit, kind.p))
            break;
        id = (struct str){unit.p + kind.len, unit.len - kind.len};
        if (store_get(a->snapshot, a->arena, type, id, &rec, NULL) < 0 ||
            json_read_trusted(a->arena, rec.body, &json, NULL) < 0)
            break;
        unit = json_get_text(json_get(json, "partOf"), "reference");
        here = unit.p ? reach_at(a->caller, unit) : REACH_NONE;
        if (here > best)
            best = here;
    }
    return best;
}

bool administration_any(const struct app_caller *caller)
{
    for (size_t i = 0; i < caller->post_count; i++) {
        if (reach_of(&caller->posts[i]) != REACH_NONE)
            return true;
    }
    return false;
}

/* ---- posts ---- */

/* What giving ${post} needs: the most that one of its roles does. */
static enum reach need_of_post(const struct json *post)
{
    struct json_each code = json_each(json_get(post, "code"));
    enum reach most = REACH_NONE;

    while (json_next(&code)) {
        struct json_each coding = json_each(json_get(code.value, "coding"));

        while (json_next(&coding)) {
            enum reach need = need_of(json_get_text(coding.value, "code"));

            if (str_is(json_get_text(coding.value, "system"), PERSON_ROLE_SYSTEM) &&
                need > most)
                most = need;
        }
    }
    return most;
}

/* ---- people ---- */

/* Has ${post} ended by ${now}, or was it taken back? */
static bool is_over(const struct json *post, utc_ms now)
{
    struct str end = json_get_text(json_get(post, "period"), "end");
    utc_ms lo = 0;
    utc_ms hi = UTC_MS_MAX;

    if (json_kind(json_get(post, "active")) == JSON_FALSE)
        return true;
    return end.p && fhir_date_range(end, &lo, &hi) && hi <= now;
}

static int search_posts(const struct administration *a, struct str practitioner,
    utc_ms now, struct search_page *ret, struct err *err)
{
    const struct search_pair pairs[] = {
        {STR("practitioner"), practitioner},
        {STR("_count"), STR("1000")},
        {STR("_total"), STR("none")},
    };
    struct search_request rq = {
        .type = fhir_resource_named(STR("PractitionerRole"))->number,
        .pairs = pairs,
        .pair_count = sizeof(pairs) / sizeof(pairs[0]),
        .now = now};
    struct fhir_issues issues = {0};
    struct search_query *query = NULL;
    int r = search_parse(a->arena, &rq, &issues, &query, err);

    return r == 0 ? search_run(a->snapshot, a->arena, query, ret, err) : r;
}

int administration_whose(const struct administration *a, struct str practitioner,
    utc_ms now, enum administration_whose *ret, struct err *err)
{
    struct search_page page = {0};
    size_t ours[2] = {0, 0}; /* over, not over */
    size_t all[2] = {0, 0};
    int r = search_posts(a, practitioner, now, &page, err);

    for (size_t i = 0; r == 0 && i < page.count; i++) {
        struct store_record rec = {0};
        const struct json *post = NULL;
        bool lasts = false;
        enum reach need = REACH_NONE;

        r = store_get_rid(a->snapshot, a->arena, page.hits[i].rid, true, &rec, err);
        if (r == 0)
            r = json_read_trusted(a->arena, rec.body, &post, err);
        need = r == 0 ? need_of_post(post) : REACH_NONE;
        if (need == REACH_NONE)
            continue; /* gives nothing, so it says nothing */
        lasts = !is_over(post, now);
        all[lasts]++;
        ours[lasts] +=
            need <=
            reach_over(a, json_get_text(json_get(post, "organization"), "reference"));
    }
    if (r < 0)
        return r;
    if (page.next.p ||
        (a->caller->practitioner.p && str_eq(practitioner, a->caller->practitioner)))
        *ret = ADMINISTRATION_OTHERS;
    else if (all[true] > 0)
        *ret = ours[true] == all[true] ? ADMINISTRATION_OURS : ADMINISTRATION_OTHERS;
    else if (all[false] > 0)
        *ret = ours[false] > 0 ? ADMINISTRATION_OURS : ADMINISTRATION_OTHERS;
    else
        *ret = ADMINISTRATION_NOBODY;
    return 0;
}
