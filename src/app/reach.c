/* SPDX-License-Identifier: Apache-2.0 */
/* Posts of administration, walked up the units they are held in. */
#include "app/reach.h"

#include "app/app_internal.h"
#include "app/person.h"

static enum reach reach_of(const struct app_post *post)
{
    bool administrator = str_is(post->role, "administrator");

    if (!post->organization.p)
        return administrator ? REACH_EVERYWHERE : REACH_NONE;
    if (administrator || str_is(post->role, "director"))
        return REACH_HOSPITAL;
    return str_is(post->role, "head-of-department") ? REACH_DEPARTMENT : REACH_NONE;
}

/* The farthest reach of a post over ${unit} itself. */
static enum reach reach_at(const struct app_caller *caller, struct str unit)
{
    enum reach best = REACH_NONE;

    for (size_t i = 0; i < caller->post_count; i++) {
        const struct app_post *post = &caller->posts[i];
        enum reach reach = reach_of(post);
        bool ward = reach == REACH_DEPARTMENT && post->department.p;
        struct str place = ward ? post->department : post->organization;

        if (reach > best && (!place.p || (unit.p && str_eq(unit, place))))
            best = reach;
    }
    return best;
}

const struct json *reach_unit(const struct reach_view *view, struct str unit)
{
    const struct str kind = STR("Organization/");
    unsigned type = fhir_resource_named(STR("Organization"))->number;
    struct store_record rec = {0};
    const struct json *json = NULL;
    struct str id = {NULL, 0};

    if (!unit.p || !str_starts(unit, kind.p))
        return NULL;
    id = (struct str){unit.p + kind.len, unit.len - kind.len};
    if (store_get(view->snapshot, view->arena, type, id, &rec, NULL) < 0 ||
        rec.body.len == 0 || json_read_trusted(view->arena, rec.body, &json, NULL) < 0)
        return NULL;
    return json;
}

enum reach reach_over(const struct reach_view *view, struct str unit)
{
    enum reach best = reach_at(view->caller, unit);

    for (int level = 0; level < LIMIT_READER_UNITS; level++) {
        const struct json *json = reach_unit(view, unit);
        enum reach here = REACH_NONE;

        if (!json)
            break;
        unit = json_get_text(json_get(json, "partOf"), "reference");
        here = unit.p ? reach_at(view->caller, unit) : REACH_NONE;
        if (here > best)
            best = here;
    }
    return best;
}

bool reach_any(const struct app_caller *caller)
{
    for (size_t i = 0; i < caller->post_count; i++) {
        if (reach_of(&caller->posts[i]) != REACH_NONE)
            return true;
    }
    return false;
}

bool reach_programme(const struct app_caller *caller)
{
    for (size_t i = 0; i < caller->post_count; i++) {
        if (reach_of(&caller->posts[i]) == REACH_EVERYWHERE)
            return true;
    }
    return false;
}

enum reach reach_need(struct str role)
{
    static const struct {
        const char *role;
        enum reach need;
    } needs[] = {
        {"clinician", REACH_DEPARTMENT},
        {"nurse", REACH_DEPARTMENT},
        {"technician", REACH_DEPARTMENT},
        {"therapist", REACH_DEPARTMENT},
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
