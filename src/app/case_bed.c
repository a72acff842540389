/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The bed of a transfer. It is a Location of the hospital that is asked, and the very one that
 * routing counts (network_join.c): a promise makes it occupied in the same transaction that
 * moves the case, under the condition that it is still the free bed that was looked at. So of
 * two who promise one bed the second looks again, and is told.
 *
 *   bed-accepted, on-the-way   O, promised: nobody may say otherwise (access_bed.c)
 *   arrived                    O: the ward may move the patient on and say so
 *   after that                 U, where the bed still is this transfer's
 */
#include <string.h>

#include "app/access_internal.h"
#include "app/bed.h"
#include "app/case_internal.h"
#include "fhir/put.h"
#include "fhir/value.h"
#include "view/case_task.h"

/* ---- what is there ---- */

static bool holds(enum case_state state)
{
    return state == CASE_BED_ACCEPTED || state == CASE_ON_THE_WAY ||
           state == CASE_ARRIVED;
}

static int load(
    struct case_doing *d, struct str reference, struct case_bed *ret, struct err *err)
{
    struct fhir_reference ref =
        fhir_reference_parse(reference, d->call->app->base[APP_FHIR]);
    int r = E_NOT_FOUND;

    *ret = (struct case_bed){.json = NULL};
    if (ref.form == FHIR_REF_LOCAL && ref.type == case_type("Location")->number)
        r = store_get(d->snapshot, d->call->arena, ref.type, ref.id, &ret->record, err);
    if (r == 0 && ret->record.body.len > 0)
        r = json_read_trusted(d->call->arena, ret->record.body, &ret->json, err);
    return r == E_NOT_FOUND ? 0 : r;
}

static struct str reference_of(const struct json *holder, const char *name)
{
    return json_get_text(json_get(holder, name), "reference");
}

/* ---- whose it is ---- */

/* Is ${hospital} that of a unit which is asked? */
static int is_asked(
    struct case_doing *d, store_rid hospital, bool *ret, struct err *err)
{
    struct case_task task;
    store_rid one = 0;
    int r = 0;

    *ret = false;
    if (!hospital || !case_task_read(d->task, &task))
        return 0;
    for (size_t i = 0; r == 0 && !*ret && i < task.asked_count; i++) {
        r = reader_hospital_of(d->reader, task.asked[i], &one, err);
        *ret = r == 0 && one == hospital;
    }
    return r;
}

/* Does the caller hold a post there? Who is bound to no hospital need not. */
static int is_mine(struct case_doing *d, store_rid hospital, bool *ret, struct err *err)
{
    const struct app_caller *caller = &d->call->caller;
    store_rid one = 0;
    int r = 0;

    *ret = !d->call->access_ || d->call->access_->whole;
    for (size_t i = 0; r == 0 && !*ret && i < caller->post_count; i++) {
        if (!caller->posts[i].organization.p)
            continue;
        r = reader_hospital_of(d->reader, caller->posts[i].organization, &one, err);
        *ret = r == 0 && one == hospital;
    }
    return r;
}

/* ${hospital} as a reference, to ${d->bed_hospital}. */
static int name_hospital(struct case_doing *d, store_rid hospital, struct err *err)
{
    struct str id = {NULL, 0};
    const char *made = NULL;
    int r = store_name(d->snapshot, d->call->arena, hospital, &id, err);

    if (r < 0)
        return r;
    made = arena_printf(d->call->arena, "Organization/%.*s", (int)id.len, id.p);
    d->bed_hospital = str_of(made);
    return made ? 0 : err_nomem(err);
}

static int check_whose(struct case_doing *d, struct err *err)
{
    struct str unit = reference_of(d->bed.json, "managingOrganization");
    store_rid hospital = 0;
    bool asked = false;
    bool mine = false;
    int r = 0;

    if (!d->bed.json || !bed_is(d->bed.json))
        return err_set(err, E_INVALID, "bed",
            "There is no such bed here: a bed is an active Location of the "
            "physicalType bd.");
    if (unit.p)
        r = reader_hospital_of(d->reader, unit, &hospital, err);
    if (r == 0)
        r = is_asked(d, hospital, &asked, err);
    if (r == 0)
        r = is_mine(d, hospital, &mine, err);
    if (r < 0)
        return r;
    if (asked && mine)
        return name_hospital(d, hospital, err);
    return err_set(err, E_INVALID, "bed",
        "%.*s is not a bed of your hospital, which is asked to take the patient.",
        (int)json_get_text(d->bed.json, "name").len,
        json_get_text(d->bed.json, "name").p ? json_get_text(d->bed.json, "name").p
                                             : "This");
}

static int check_free(const struct case_doing *d, struct err *err)
{
    struct str name = json_get_text(d->bed.json, "name");
    char since[TIME_ISO_MAX];

    if (bed_is_free(d->bed.json))
        return 0;
    time_iso(d->bed.record.updated, since);
    return err_set(err, E_CONFLICT, "bed",
        "%.*s is not free: it is %s since %s. Choose another bed. Nothing was changed.",
        (int)(name.p ? name.len : 8), name.p ? name.p : "This bed",
        bed_word(d->bed.json), since);
}

/* A program's scopes must give the bed too. */
static int check_scopes(struct case_doing *d, struct err *err)
{
    const struct access_write write = {.type = case_type("Location"),
        .id = json_get_text(d->bed.json, "id"),
        .resource = d->bed.json};

    if (!d->call->access_ || !d->call->caller.scopes)
        return 0;
    return access_scope_check_write(d->call->access_, &write, NULL, err);
}

/* ---- which ---- */

int case_beds_find(struct case_doing *d, struct err *err)
{
    const struct json *wanted = case_given_value(d->step, &d->given, "bed");
    struct str had = reference_of(d->task, "location");
    struct str next = json_get_text(wanted, "reference");
    bool another = wanted && !(holds(d->state) && str_eq(had, next));
    int r = 0;

    d->bed = d->old_bed = (struct case_bed){.json = NULL};
    d->bed_hospital = (struct str){NULL, 0};
    if (wanted)
        r = load(d, next, &d->bed, err);
    if (r == 0 && another)
        r = check_whose(d, err);
    if (r == 0 && another)
        r = check_free(d, err);
    if (r == 0 && another)
        r = check_scopes(d, err);
    if (r < 0 || !holds(d->state))
        return r;
    if (!wanted && holds(d->to)) /* the same goes on */
        return d->to == d->state ? 0 : load(d, had, &d->bed, err);
    if (!holds(d->to) || another)
        r = load(d, had, &d->old_bed, err);
    if (r == 0 && !bed_is_of(d->old_bed.json, d->rest->id))
        d->old_bed = (struct case_bed){.json = NULL}; /* somebody else's by now */
    return r;
}

void case_bed_put(struct json_out *o, const struct case_doing *d)
{
    const struct json *before = json_get(d->task, "location");
    const struct json *wanted = case_given_value(d->step, &d->given, "bed");

    if (wanted && d->bed.json) {
        fhir_put_reference_shown(o, "location", json_get_text(wanted, "reference"),
            json_get_text(d->bed.json, "name"));
    } else if (before) {
        json_name(o, "location");
        json_put_value(o, before);
    }
}

/* ---- writing ---- */

static int write_bed(struct case_doing *d, const struct case_bed *bed,
    const struct bed_state *state, struct err *err)
{
    struct store_write *w = &d->writes[d->write_count];
    struct buf b;
    int r = 0;

    *w = (struct store_write){.type = case_type("Location"),
        .id = json_get_text(bed->json, "id"),
        .operation = STORE_UPDATE,
        .expect = STORE_EXPECT_VID,
        .expect_soft = true};
    memcpy(w->expect_vid, bed->record.vid, sizeof(w->expect_vid));
    buf_init(&b, LIMIT_RECORD_BYTES);
    bed_put(&b, bed->json, state);
    r = case_write_prepare(d, w, &b, NULL, err);
    buf_done(&b);
    d->write_count += r == 0;
    return r;
}

int case_beds_write(struct case_doing *d, struct err *err)
{
    const struct bed_state taken = {.code = "O",
        .transfer = d->rest->id,
        .promised = d->to == CASE_BED_ACCEPTED || d->to == CASE_ON_THE_WAY};
    const struct bed_state left = {.code = "U"};
    bool changes = d->step->does == CASE_DOES_PROMISE || d->to == CASE_ARRIVED;
    int r = 0;

    /* on the way nothing changes; and an arrival changes no bed that is gone */
    if (d->bed.json && changes && d->to != d->state)
        r = write_bed(d, &d->bed, &taken, err);
    if (r == 0 && d->old_bed.json)
        r = write_bed(d, &d->old_bed, &left, err);
    return r;
}
