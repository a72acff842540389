/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who may write. People write what they see and what they will go on seeing; and records
 * that the rules of reading lean on are written by those whose they are:
 *
 *   posts and places    administration of the hospital: administrators, directors, heads
 *   Consent             clinicians of the patient's hospital
 *   ServiceRequest      the same, where it is made or changes whom it is about, whom it
 *                       was sent to or what it shares
 */
#include <string.h>

#include "app/access_internal.h"
#include "app/administration.h"
#include "app/app_internal.h"
#include "app/person.h"

/* ---- administration ---- */

static bool is_of_administration(const char *type)
{
    static const char *const types[] = {"PractitionerRole", "Practitioner",
        "Organization", "OrganizationAffiliation", "HealthcareService", "Location",
        "Endpoint"};

    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
        if (strcmp(type, types[i]) == 0)
            return true;
    }
    return false;
}

/* The place of ${post} where its holder administers; p NULL: everywhere, or nowhere. */
static struct str place_of(const struct app_post *post)
{
    bool head = str_is(post->role, "head-of-department");

    return head && post->department.p ? post->department : post->organization;
}

/* Does a post of ${caller} administer ${unit} itself? */
static bool administers_unit(const struct app_caller *caller, struct str unit)
{
    static const char *const roles[] = {
        "administrator", "director", "head-of-department"};

    for (size_t i = 0; i < caller->post_count; i++) {
        const struct app_post *post = &caller->posts[i];
        struct str place = place_of(post);

        for (size_t k = 0; k < sizeof(roles) / sizeof(roles[0]); k++) {
            if (str_is(post->role, roles[k]) &&
                (!place.p || (unit.p && str_eq(unit, place))))
                return true;
        }
    }
    return false;
}

/* Does a post administer ${unit} (p NULL: not known) or what it is part of? */
static bool administers(struct access *a, struct str unit)
{
    const struct str kind = STR("Organization/");
    unsigned type = fhir_resource_named(STR("Organization"))->number;

    for (int level = 0; level < LIMIT_READER_UNITS; level++) {
        struct store_record rec = {0};
        const struct json *json = NULL;
        struct str id = {NULL, 0};

        if (administers_unit(&a->call->caller, unit))
            return true;
        if (!unit.p || !str_starts(unit, kind.p))
            return false;
        id = (struct str){unit.p + kind.len, unit.len - kind.len};
        if (store_get(a->snapshot, a->arena, type, id, &rec, NULL) < 0 ||
            json_read_trusted(a->arena, rec.body, &json, NULL) < 0)
            return false;
        unit = json_get_text(json_get(json, "partOf"), "reference");
    }
    return false;
}

/* The unit that a record of the directory belongs to, as it says itself. */
static struct str unit_of(const struct json *resource)
{
    static const char *const members[] = {
        "partOf", "organization", "providedBy", "managingOrganization"};
    bool location = str_is(json_get_text(resource, "resourceType"), "Location");

    for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
        struct str unit = json_get_text(json_get(resource, members[i]), "reference");

        if (unit.p && !(location && i == 0))
            return unit;
    }
    return (struct str){NULL, 0};
}

static int check_administration(struct access *a, const struct access_write *write,
    const struct json *before, struct err *err)
{
    const struct app_caller *caller = &a->call->caller;
    const struct json *versions[] = {before, write->resource};
    bool person = strcmp(write->type->name, "Practitioner") == 0;

    /* somebody new is nobody's before the first post */
    if (person && !write->id.p && administration_any(caller))
        return 0;
    for (size_t i = 0; i < 2; i++) {
        struct str unit = unit_of(versions[i]);
        const char *own = NULL;

        if (!versions[i])
            continue;
        if (!unit.p && strcmp(write->type->name, "Organization") == 0 && write->id.p) {
            own = arena_printf(
                a->call->arena, "Organization/%.*s", (int)write->id.len, write->id.p);
            unit = str_of(own);
        }
        if (person && caller->organization.p)
            unit = caller->organization; /* people are nobody's: their posts are */
        if (!administers(a, unit))
            return err_set(err, E_FORBIDDEN, NULL,
                "A %s is written by the administration of the hospital it belongs to.",
                write->type->name);
    }
    return 0;
}

/* ---- cases and consents ---- */

static bool same(const struct json *one, const struct json *other, const char *name)
{
    return json_equal(json_get(one, name), json_get(other, name));
}

/* Does ${write} decide on what others come to see? */
static bool decides_on_reading(
    const struct access_write *write, const struct json *before)
{
    static const char *const members[] = {
        "subject", "performer", "supportingInfo", "status", "intent"};

    if (strcmp(write->type->name, "Consent") == 0)
        return true;
    if (strcmp(write->type->name, "ServiceRequest") != 0)
        return false;
    for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
        if (!before || !write->resource || !same(before, write->resource, members[i]))
            return true;
    }
    return false;
}

static int check_treats(struct access *a, const struct access_write *write,
    const struct json *before, struct err *err)
{
    const struct json *versions[] = {before, write->resource};
    int r = 0;

    if (!decides_on_reading(write, before))
        return 0;
    for (size_t i = 0; r == 0 && i < 2; i++) {
        bool treats = true;

        if (versions[i])
            r = reader_treats(
                a->reader, versions[i], write->type->number, &treats, err);
        if (r == 0 && !treats)
            r = err_set(err, E_FORBIDDEN, NULL,
                "Only a clinician of the patient's hospital decides who sees a case: "
                "this %s is theirs to write.",
                write->type->name);
    }
    return r;
}

/* ---- what is seen ---- */

/* The version that is there, if it is for this caller. */
static int look(struct access *a, const struct access_write *write,
    struct store_record *ret, const struct json **ret_json, struct err *err)
{
    bool allowed = false;
    int r = store_get(a->snapshot, a->arena, write->type->number, write->id, ret, err);

    if (r == 0)
        r = access_reads(a, ret->rid, &allowed, err);
    if (r == E_NOT_FOUND || (r == 0 && !allowed)) {
        access_missing(a, write->type->number, r == 0);
        return access_no_such(write->type, write->id, false, err);
    }
    if (r == 0 && ret->body.len > 0)
        r = json_read_trusted(a->arena, ret->body, ret_json, err);
    return r;
}

static int check_readable(
    struct access *a, const struct access_write *write, store_rid rid, struct err *err)
{
    struct reader_verdict verdict = {0};
    int r = 0;

    /* whose bytes are is told by what will name them */
    if (!write->resource || (!write->id.p && strcmp(write->type->name, "Binary") == 0))
        return 0;
    r = reader_allows_version(a->reader, rid, write->resource, &verdict, err);
    if (r == 0 && !verdict.allowed)
        r = err_set(err, E_FORBIDDEN, NULL,
            "You could not read this %s yourself once it is written: it is about a "
            "patient of another hospital, or it does not say whose it is.",
            write->type->name);
    return r;
}

int access_check_write(struct access *a, const struct access_write *write,
    char ret_vid[STORE_VID_CHARS + 1], struct err *err)
{
    struct store_record rec = {.rid = store_rid_first(write->type->number)};
    const struct json *before = NULL;
    int r = a ? access_scope_check_write(a, write, ret_vid, err) : 0;

    if (!a || r < 0 || a->whole)
        return r;
    r = access_make(a, err);
    if (r < 0)
        return r;
    if (write->id.p)
        r = look(a, write, &rec, &before, err);
    if (r == 0)
        r = check_readable(a, write, rec.rid, err);
    if (r == 0 && is_of_administration(write->type->name))
        r = check_administration(a, write, before, err);
    if (r == 0)
        r = check_treats(a, write, before, err);
    if (r == 0 && ret_vid)
        memcpy(ret_vid, write->id.p ? rec.vid : "", write->id.p ? sizeof(rec.vid) : 1);
    return r;
}
