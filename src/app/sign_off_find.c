/* SPDX-License-Identifier: Apache-2.0 */
/* SignOffs and Apprenticeships as they are stored, and who can sign as what. */
#include <stdlib.h>
#include <string.h>

#include "app/catalogue.h"
#include "app/sign_off_internal.h"
#include "fhir/value.h"

#define MOST 200 /* sign-offs or apprenticeships of one person */

/* ---- words ---- */

const char *sign_off_role_code(enum sign_off_role role)
{
    static const char *const codes[] = {
        "master", "head-of-department", "quality-office"};

    return codes[role];
}

const char *sign_off_condition_code(enum sign_off_condition condition)
{
    static const char *const codes[] = {"volume", "ratings", "assessors", "rotations",
        "curve", "outcomes", "no-event", "recency", "place"};

    return codes[condition];
}

const char *sign_off_answer_code(enum sign_off_answer answer)
{
    static const char *const codes[] = {"not-known", "not-met", "met"};

    return codes[answer];
}

/* ---- a SignOff ---- */

static struct str reference_in(const struct json *json, const char *member)
{
    return json_get_text(json_get(json, member), "reference");
}

static struct str code_in(const struct json *concept)
{
    struct json_each it = json_each(json_get(concept, "coding"));

    while (json_next(&it)) {
        if (str_is(json_get_text(it.value, "system"), CATALOGUE_PROCEDURE_SYSTEM))
            return json_get_text(it.value, "code");
    }
    return (struct str){NULL, 0};
}

static enum sign_off_status status_of(struct str text)
{
    static const char *const words[] = {"proposed", "signed", "refused"};

    for (int i = SIGN_PROPOSED; i <= SIGN_REFUSED; i++) {
        if (str_is(text, words[i]))
            return (enum sign_off_status)i;
    }
    return SIGN_WITHDRAWN;
}

static void take_apart(const struct json *json, struct sign_off *ret)
{
    struct json_each it = json_each(json_get(json, "signature"));

    ret->json = json;
    ret->id = json_get_text(json, "id");
    ret->status = status_of(json_get_text(json, "status"));
    ret->person = reference_in(json, "person");
    ret->department = reference_in(json, "department");
    ret->hospital = reference_in(json, "organization");
    ret->renews = reference_in(json, "renews");
    ret->code = code_in(json_get(json, "procedure"));
    while (json_next(&it)) {
        for (int i = 0; i < SIGN_ROLES; i++) {
            if (str_is(json_get_text(it.value, "role"),
                    sign_off_role_code((enum sign_off_role)i)))
                ret->signers[i] = reference_in(it.value, "who");
        }
    }
}

int sign_off_load(
    const struct seek *s, store_rid rid, struct sign_off *ret, struct err *err)
{
    const struct json *json = NULL;
    int r = 0;

    *ret = (struct sign_off){.json = NULL};
    r = seek_rid(s, rid, &ret->rec, &json, err);
    if (r == 0 && json)
        take_apart(json, ret);
    return r;
}

struct str sign_off_named(const struct seek *s, struct str reference, const char *type)
{
    struct str id = reference.p ? seek_id(s, reference, type) : (struct str){NULL, 0};

    return id.p ? str_of(arena_printf(s->a, "%s/%.*s", type, (int)id.len, id.p)) : id;
}

int sign_off_of_person(const struct seek *s, struct str person, struct str code,
    struct sign_off_all *ret, struct err *err)
{
    const char *token = arena_printf(
        s->a, CATALOGUE_PROCEDURE_SYSTEM "|%.*s", (int)code.len, code.p ? code.p : "");
    const struct search_pair pairs[] = {{STR("person"), person},
        {STR("_count"), STR("200")}, {STR("_total"), STR("none")},
        {STR("procedure"), str_of(token)}};
    struct seek_list found = {NULL, 0};
    int r =
        token ? seek_all(s, &(struct seek_for){"SignOff", pairs, code.p ? 4 : 3, MOST},
                    &found, err)
              : err_nomem(err);

    *ret = (struct sign_off_all){.count = 0};
    if (r == 0)
        ret->list = arena_array(s->a, found.count + 1, sizeof(*ret->list));
    if (r == 0 && !ret->list)
        r = err_nomem(err);
    for (size_t i = 0; r == 0 && i < found.count; i++) {
        r = sign_off_load(s, found.rids[i], &ret->list[ret->count], err);
        ret->count += r == 0 && ret->list[ret->count].json;
    }
    return r;
}

/* ---- apprenticeships ---- */

static bool counts(const struct json *one, const struct sign_off_who *ask)
{
    struct str status = json_get_text(one, "status");
    utc_ms from = 0, until = 0;

    if (!fhir_period_range(json_get(one, "period"), &from, &until) || ask->now < from)
        return false;
    if (str_is(status, "active"))
        return ask->ended || ask->now < until;
    return ask->ended && str_is(status, "completed");
}

static int take_goals(const struct seek *s, const struct json *one,
    struct sign_off_aims *ret, size_t *cap, struct err *err)
{
    struct json_each it = json_each(json_get(one, "goal"));
    struct sign_off_aim aim = {.apprentice = sign_off_named(
                                   s, reference_in(one, "apprentice"), "Practitioner"),
        .master = sign_off_named(s, reference_in(one, "master"), "Practitioner"),
        .department =
            sign_off_named(s, reference_in(one, "learningDepartment"), "Organization"),
        .teaching =
            sign_off_named(s, reference_in(one, "teachingDepartment"), "Organization")};

    while (json_next(&it)) {
        aim.code = code_in(json_get(it.value, "procedure"));
        if (!aim.code.p)
            continue;
        if (ret->count == *cap) {
            size_t more = *cap ? *cap * 2 : 16;
            struct sign_off_aim *grown = arena_grow(
                s->a, ret->list, *cap * sizeof(*grown), more * sizeof(*grown));

            if (!grown)
                return err_nomem(err);
            ret->list = grown;
            *cap = more;
        }
        ret->list[ret->count++] = aim;
    }
    return 0;
}

int sign_off_aims(const struct seek *s, const struct sign_off_who *ask,
    struct sign_off_aims *ret, struct err *err)
{
    const struct search_pair pairs[] = {{str_of(ask->part), ask->who},
        {STR("_count"), STR("200")}, {STR("_total"), STR("none")}};
    struct seek_list found = {NULL, 0};
    size_t cap = 0;
    int r =
        seek_all(s, &(struct seek_for){"Apprenticeship", pairs, 3, MOST}, &found, err);

    *ret = (struct sign_off_aims){.count = 0};
    for (size_t i = 0; r == 0 && i < found.count; i++) {
        const struct json *one = NULL;

        r = seek_rid(s, found.rids[i], NULL, &one, err);
        if (r == 0 && one && counts(one, ask))
            r = take_goals(s, one, ret, &cap, err);
    }
    return r;
}

/* ---- who signs ---- */

/* Does the caller hold ${role} at ${unit}, a department or, of ${whole}, a hospital? */
static bool holds_at(
    const struct app_caller *caller, const char *role, struct str unit, bool whole)
{
    for (size_t i = 0; i < caller->post_count; i++) {
        const struct app_post *post = &caller->posts[i];
        struct str at =
            whole || !post->department.p ? post->organization : post->department;

        if (str_is(post->role, role) && at.p && str_eq(at, unit))
            return true;
    }
    return false;
}

static int is_master(
    struct signing *g, const struct sign_off *s, bool *ret, struct err *err)
{
    const struct sign_off_who ask = {"apprentice", s->person, s->renews.p, g->now};
    struct sign_off_aims aims = {.count = 0};
    int r = sign_off_aims(&g->seek, &ask, &aims, err);

    for (size_t i = 0; r == 0 && i < aims.count; i++) {
        const struct sign_off_aim *aim = &aims.list[i];

        if (aim->master.p && str_eq(aim->master, g->call->caller.practitioner) &&
            str_eq(aim->code, s->code))
            *ret = true;
    }
    return r;
}

int sign_off_roles(
    struct signing *g, const struct sign_off *s, unsigned *ret, struct err *err)
{
    const struct app_caller *caller = &g->call->caller;
    bool master = false;
    int r = 0;

    *ret = 0;
    if (!caller->practitioner.p || caller->client.p ||
        str_eq(caller->practitioner, s->person))
        return 0;
    r = is_master(g, s, &master, err);
    if (r < 0)
        return r;
    *ret |= master ? 1u << SIGN_MASTER : 0;
    if (holds_at(caller, "head-of-department", s->department, false))
        *ret |= 1u << SIGN_HEAD;
    if (holds_at(caller, "quality-officer", s->hospital, true))
        *ret |= 1u << SIGN_QUALITY;
    return 0;
}
