/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a department loses with a post: procedures that the person is signed off in on the day
 * after, and nobody else who has a post there then. It is asked of sign-offs alone; what a
 * hospital can do in full is the capability map's to say.
 */
#include "app/handover_internal.h"
#include "fhir/value.h"
#include "view/procedure.h"

/* The procedure of ${qualification}, where it holds at ${at}; p NULL: none. */
static struct str procedure_of(const struct json *qualification, utc_ms at)
{
    struct json_each coding =
        json_each(json_get(json_get(qualification, "code"), "coding"));
    utc_ms lo = 0;
    utc_ms hi = 0;

    if (!fhir_period_range(json_get(qualification, "period"), &lo, &hi) || at < lo ||
        at >= hi)
        return (struct str){NULL, 0};
    while (json_next(&coding)) {
        if (str_is(json_get_text(coding.value, "system"), PROCEDURE_SYSTEM))
            return json_get_text(coding.value, "code");
    }
    return (struct str){NULL, 0};
}

static bool is_signed_off(const struct json *person, struct str code, utc_ms at)
{
    struct json_each it = json_each(json_get(person, "qualification"));

    while (json_next(&it)) {
        struct str one = procedure_of(it.value, at);

        if (one.p && str_eq(one, code))
            return true;
    }
    return false;
}

/* Is the holder of ${json}, a PractitionerRole, there after the end, and not the one who goes?
 * Then ${*ret} is the Practitioner. */
static int read_colleague(const struct seek *s, const struct handover_post *post,
    const struct json *json, const struct json **ret, struct err *err)
{
    struct str who = json_get_text(json_get(json, "practitioner"), "reference");
    struct person_posts posts = {NULL, 0};
    bool here = false;
    int r = 0;

    *ret = NULL;
    if (!who.p || str_eq(who, post->person))
        return 0;
    r = handover_posts_then(s, post, who, &posts, err);
    for (size_t i = 0; i < posts.count; i++) {
        struct str unit = posts.list[i].department.p ? posts.list[i].department
                                                     : posts.list[i].organization;

        here = here || (unit.p && str_eq(unit, post->unit));
    }
    return r == 0 && here ? seek_reference(s, who, "Practitioner", ret, err) : r;
}

/* Everybody who is there after the end; a person with two posts may be in it twice. */
struct colleagues {
    const struct json **list; /* Practitioners */
    size_t count;
};

static int find_colleagues(const struct seek *s, const struct handover_post *post,
    struct colleagues *ret, struct err *err)
{
    const struct search_pair pairs[] = {{STR("organization"), post->unit},
        {STR("active"), STR("true")}, {STR("_total"), STR("none")}};
    struct seek_list found = {NULL, 0};
    int r = seek_all(s,
        &(struct seek_for){"PractitionerRole", pairs, 3, LIMIT_HANDOVER_POSTS}, &found,
        err);

    if (r < 0)
        return r;
    ret->list = arena_array(s->a, found.count + 1, sizeof(const struct json *));
    if (!ret->list)
        return err_nomem(err);
    for (size_t i = 0; r == 0 && i < found.count; i++) {
        const struct json *json = NULL;
        const struct json *colleague = NULL;

        r = seek_rid(s, found.rids[i], NULL, &json, err);
        if (r == 0)
            r = read_colleague(s, post, json, &colleague, err);
        if (r == 0 && colleague)
            ret->list[ret->count++] = colleague;
    }
    return r;
}

static bool is_kept(const struct colleagues *there, struct str code, utc_ms at)
{
    for (size_t i = 0; i < there->count; i++) {
        if (is_signed_off(there->list[i], code, at))
            return true;
    }
    return false;
}

int handover_skills(const struct seek *s, const struct handover_post *post,
    unsigned *ret, struct err *err)
{
    const struct json *person = NULL;
    struct colleagues there = {NULL, 0};
    struct json_each it;
    unsigned lost = 0;
    int r = seek_reference(s, post->person, "Practitioner", &person, err);

    it = json_each(json_get(person, "qualification"));
    while (r == 0 && post->unit.p && json_next(&it)) {
        struct str code = procedure_of(it.value, post->then);

        if (code.p && !there.list)
            r = find_colleagues(s, post, &there, err);
        lost += r == 0 && code.p && !is_kept(&there, code, post->then);
    }
    if (r == 0)
        *ret = lost;
    return r;
}
