/* SPDX-License-Identifier: Apache-2.0 */
#include "app/keeper.h"

#include <string.h>

#include "app/access_internal.h"
#include "app/app_internal.h"
#include "app/equipment_rule.h"
#include "view/reader_pair.h"

/* Roles of people who work at a hospital or answer for it. */
static const struct {
    const char *role;
    enum keeper keeper;
} roles[] = {
    {"clinician", KEEPER_KEEPS},
    {"nurse", KEEPER_KEEPS},
    {"technician", KEEPER_KEEPS},
    {"therapist", KEEPER_KEEPS},
    {"expert", KEEPER_KEEPS},
    {"apprentice", KEEPER_KEEPS},
    {"quality-officer", KEEPER_KEEPS},
    {"international-desk", KEEPER_KEEPS},
    {"head-of-department", KEEPER_LEADS},
    {"director", KEEPER_LEADS},
    {"coordinator", KEEPER_LEADS},
};

static enum keeper keeper_by_role(struct str role)
{
    for (size_t i = 0; i < sizeof(roles) / sizeof(roles[0]); i++) {
        if (str_is(role, roles[i].role))
            return roles[i].keeper;
    }
    return KEEPER_NONE;
}

static int see_pairing(
    void *arg, const struct json *affiliation, size_t distance, struct err *err)
{
    bool *found = arg;

    (void)affiliation;
    (void)distance;
    (void)err;
    *found = true;
    return 0;
}

/* Does a pairing tie the unit of ${post}, a coordinator's, to ${hospital} now? */
static int is_paired(struct access *a, const struct app_post *post, struct str hospital,
    bool *ret, struct err *err)
{
    struct str unit = post->department.p ? post->department : post->organization;

    return reader_pairings(a->reader, unit, hospital, see_pairing, ret, err);
}

/* What ${post} makes its holder to the hospital ${at}, which ${unit} is or belongs to. */
static int by_post(struct access *a, const struct app_post *post, struct str unit,
    store_rid at, enum keeper *ret, struct err *err)
{
    bool coordinates = str_is(post->role, "coordinator");
    store_rid mine = 0;
    bool reaches = false;
    int r = 0;

    *ret = KEEPER_NONE;
    if (!post->organization.p)
        reaches = coordinates;
    else
        r = reader_hospital_of(a->reader, post->organization, &mine, err);
    if (r == 0 && mine && mine == at)
        reaches = true;
    if (r == 0 && !reaches && coordinates && at && post->organization.p)
        r = is_paired(a, post, unit, &reaches, err);
    if (r == 0 && reaches)
        *ret = keeper_by_role(post->role);
    return r;
}

/* "Organization/ID" of the hospital of ${unit}, for pairings of any of its units. */
static int top_of(struct access *a, struct str unit, store_rid hospital,
    struct str *ret, struct err *err)
{
    struct str id = {NULL, 0};
    const char *text = NULL;
    int r = 0;

    *ret = unit;
    if (!hospital)
        return 0;
    r = store_name(a->snapshot, a->arena, hospital, &id, err);
    if (r < 0)
        return r;
    text = arena_printf(a->arena, "Organization/%.*s", (int)id.len, id.p);
    if (!text)
        return err_nomem(err);
    *ret = str_of(text);
    return 0;
}

int keeper_of(struct access *a, struct str unit, enum keeper *ret, struct err *err)
{
    const struct app_caller *caller = &a->call->caller;
    struct str top = {NULL, 0};
    store_rid at = 0;
    int r = access_make(a, err);

    *ret = KEEPER_NONE;
    if (r == 0 && unit.p)
        r = reader_hospital_of(a->reader, unit, &at, err);
    if (r == 0)
        r = top_of(a, unit, at, &top, err);
    for (size_t i = 0; r == 0 && i < caller->post_count; i++) {
        enum keeper one = KEEPER_NONE;

        r = by_post(a, &caller->posts[i], top, at, &one, err);
        *ret = one > *ret ? one : *ret;
    }
    return r;
}

int keeper_unit_of(
    struct access *a, const struct json *device, struct str *ret, struct err *err)
{
    struct str place = json_get_text(json_get(device, "location"), "reference");
    struct fhir_reference ref =
        fhir_reference_parse(place, a->call->app->base[APP_FHIR]);
    struct store_record rec = {0};
    const struct json *location = NULL;
    int r = 0;

    *ret = json_get_text(json_get(device, "owner"), "reference");
    if (ret->p || !place.p || ref.form != FHIR_REF_LOCAL)
        return 0;
    r = store_get(a->snapshot, a->arena, ref.type, ref.id, &rec, err);
    if (r == E_NOT_FOUND || (r == 0 && rec.body.len == 0))
        return 0;
    if (r == 0)
        r = json_read_trusted(a->arena, rec.body, &location, err);
    if (r == 0)
        *ret = json_get_text(json_get(location, "managingOrganization"), "reference");
    return r;
}

/* ---- rules for writing ---- */

static bool has_times(const struct json *device)
{
    struct equipment_span span;

    return equipment_span_at(device, 0, &span);
}

static bool same_times(const struct json *one, const struct json *other)
{
    struct equipment_span a, b;
    size_t at = 0;

    while (equipment_span_at(one, at, &a)) {
        if (!equipment_span_at(other, at, &b) || a.from != b.from || a.until != b.until)
            return false;
        at++;
    }
    return !equipment_span_at(other, at, &b);
}

/* Times in service come from $step, $fault and $repaired, with who said so and when. */
static int check_times(
    const struct json *before, const struct json *after, struct err *err)
{
    if (!after || (!has_times(before) && !has_times(after)) ||
        (same_times(before, after) && access_same(before, after, STR("status"))))
        return 0;
    return err_set(err, E_FORBIDDEN, "Device.status",
        "When this Device was in service is written by $step, $fault and $repaired, so "
        "that what the hospital could do on a past day stays true.");
}

int keeper_check_device(struct access *a, const struct access_write *write,
    const struct json *before, struct err *err)
{
    const struct json *versions[] = {before, write->resource};
    int r = 0;

    /* one in a patient is clinical */
    if (strcmp(write->type->name, "Device") != 0 || json_get(before, "patient") ||
        json_get(write->resource, "patient"))
        return 0;
    for (size_t i = 0; r == 0 && i < 2; i++) {
        enum keeper keeper = KEEPER_NONE;
        struct str unit = {NULL, 0};

        if (!versions[i])
            continue;
        r = keeper_unit_of(a, versions[i], &unit, err);
        if (r == 0)
            r = keeper_of(a, unit, &keeper, err);
        if (r == 0 && keeper == KEEPER_NONE)
            r = err_set(err, E_FORBIDDEN, NULL,
                "A Device is written by the people of the hospital that owns it, and "
                "by "
                "the coordinators of its pairings.");
    }
    return r == 0 && !write->by_operation ? check_times(before, write->resource, err)
                                          : r;
}

int keeper_check_operation(
    const struct access_write *write, const struct json *resource, struct err *err)
{
    static const char *const kinds[] = {
        "technique-gap", "equipment-step", "equipment-fault"};

    if (write->by_operation)
        return 0;
    if (strcmp(write->type->name, "Funding") == 0)
        return err_set(err, E_FORBIDDEN, NULL,
            "A Funding is written by Funding/$commit, $pay, $close and $cancel, so "
            "that "
            "its sums stay right, and not otherwise.");
    if (strcmp(write->type->name, "Task") != 0)
        return 0;
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        if (equipment_has_code(
                json_get(resource, "code"), EQUIPMENT_WORK_SYSTEM, kinds[i]))
            return err_set(err, E_FORBIDDEN, "Task.code",
                "This Task is written by the operations of equipment and of gaps, such "
                "as Device/ID/$step or Task/$gap, and not otherwise.");
    }
    return 0;
}
