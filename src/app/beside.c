/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An operation beside a case from start to finish. All it writes is written in one
 * transaction, under the condition that the case, and each record that is changed, is still
 * what was looked at: of two who come at once the second looks again.
 */
#include <string.h>

#include "base/id.h"

#include "app/access_internal.h"
#include "app/beside_internal.h"
#include "fhir/value.h"

#define READY 2 /* decided: to be given to the writer */

/* ---- records ---- */

int beside_load(struct beside *b, const char *type, struct str id,
    struct beside_record *ret, struct err *err)
{
    struct case_doing *d = &b->d;
    int r = 0;

    *ret = (struct beside_record){.type = case_type(type), .id = id};
    r = store_get(d->snapshot, d->call->arena, ret->type->number, id, &ret->rec, err);
    if (r == E_NOT_FOUND) {
        ret->rec = (struct store_record){0};
        return 0;
    }
    if (r == 0 && ret->rec.body.len > 0)
        r = json_read_trusted(d->call->arena, ret->rec.body, &ret->json, err);
    return r;
}

/* Was ${rec}'s first version written by who calls now? */
static int is_mine(
    struct beside *b, const struct store_record *rec, bool *ret, struct err *err)
{
    struct store_history h = {.rid = rec->rid, .limit = LIMIT_BESIDE_VERSIONS};
    struct store_record *list = NULL;
    size_t n = 0;
    int r = store_history(b->d.snapshot, b->d.call->arena, &h, &list, &n, err);

    if (r == 0)
        *ret = n > 0 && str_eq(list[n - 1].actor, call_actor(b->d.call));
    return r;
}

int beside_is_there(struct beside *b, const char *type, struct str id, struct err *err)
{
    static const char *const cases[] = {"basedOn", "addresses", NULL};
    struct beside_record found;
    bool about = false;
    bool mine = false;
    int r = beside_load(b, type, id, &found, err);

    if (r < 0 || found.rec.rid == 0)
        return r;
    for (const char *const *name = cases; *name; name++)
        about = about || beside_is_about(b, json_get(found.json, *name));
    if (str_is(str_of(type), "CarePlan"))
        about = beside_is_about(b, json_get(found.json, "activity"));
    r = is_mine(b, &found.rec, &mine, err);
    if (r == 0 && (!about || !mine))
        return err_set(err, E_CONFLICT, "id",
            "There is another %s with this id: give each one of its own, such as a "
            "UUID.",
            type);
    if (r == 0) {
        b->repeated = true;
        b->there = found.rec;
    }
    return r;
}

int beside_plan(struct beside *b, const char *type, struct str id,
    const struct beside_record *before, const struct buf *text, struct err *err)
{
    struct store_write *w = &b->writes[b->write_count];
    bool new = !before || !before->json;
    const struct json *resource = NULL;
    struct access_write write;
    int r = 0;

    *w = (struct store_write){.type = case_type(type),
        .id = id,
        .operation = STORE_UPDATE,
        .expect = STORE_EXPECT_ABSENT,
        .expect_soft = true};
    if (!new)
        record_expect(w, &before->rec);
    r = case_write_prepare(&b->d, w, text, &resource, err);
    write = (struct access_write){.type = w->type,
        .id = new ? (struct str){NULL, 0} : id,
        .resource = resource,
        .by_operation = true};
    if (r == 0)
        r = access_check_write(b->d.call->access_, &write, NULL, err);
    b->write_count += r == 0;
    return r;
}

/* Refuse whoever is no person, since what is written is theirs. */
static int check_person(const struct beside *b, struct err *err)
{
    return b->d.call->caller.practitioner.p
               ? 0
               : err_set(err, E_FORBIDDEN, NULL,
                     "$%s is done by a person: what is written is theirs.",
                     b->step->step.name);
}

/* ---- the way ---- */

static int decide(struct beside *b, struct err *err)
{
    struct case_doing *d = &b->d;
    int r = call_read_begin(d->call, &d->snapshot, err);

    b->write_count = 0;
    b->repeated = false;
    if (r == 0)
        r = case_look(d, err);
    if (r == 0)
        r = check_person(b, err);
    if (r == 0)
        r = b->step->plan(b, err);
    if (r == 0 && b->repeated) {
        r = call_saw(d->call, &b->there, err);
        if (r == 0)
            case_answer(d, &b->there);
    } else if (r == 0) {
        r = READY;
    }
    case_look_end(d);
    return r;
}

/* Is the case still the one that was looked at? */
static int guard(struct store_reader *r, void *arg, struct err *err)
{
    const struct beside *b = arg;
    const struct store_record *both[] = {&b->d.request_record, &b->d.task_record};

    for (size_t i = 0; i < 2; i++) {
        struct store_record now = {0};
        int e = store_get_rid(r, b->d.call->arena, both[i]->rid, false, &now, err);

        if (e < 0)
            return e;
        if (strcmp(now.vid, both[i]->vid) != 0)
            return err_set(
                err, E_CONFLICT, NULL, "The case was changed at this moment.");
    }
    return 0;
}

static int go(struct beside *b, struct err *err)
{
    int r = decide(b, err);

    if (r != READY)
        return r;
    b->tx = (struct store_transaction){
        .writes = b->writes, .count = b->write_count, .guard = guard, .guard_arg = b};
    return call_submit(b->d.call, &b->tx, err);
}

static int finish(struct app_call *call, const struct rest *rest, struct err *err)
{
    struct beside *b = call->job_->beside;
    struct store_record rec;

    (void)rest;
    if (b->tx.result == E_CONFLICT && ++b->d.tries < LIMIT_RACE_TRIES)
        return go(b, err);
    if (b->tx.result < 0) {
        *err = b->tx.err;
        return b->tx.result;
    }
    rec = record_of_write(&b->writes[0]);
    case_answer(&b->d, &rec);
    return 0;
}

int rest_beside(struct app_call *call, const struct rest *rest, struct err *err)
{
    struct app_job *job = call_job(call, rest);
    struct beside *b = arena_alloc(call->arena, sizeof(*b));
    const char *name = arena_printf(call->arena, "$%s", rest->beside->step.name);
    int r = call_alone(call, name, err);

    if (!job || !b)
        return err_nomem(err);
    if (r < 0)
        return r;
    b->step = rest->beside;
    b->d = (struct case_doing){.call = call,
        .rest = &job->rest,
        .step = &rest->beside->step,
        .now = call_now(call)};
    job->beside = b;
    job->finish = finish;
    r = beside_given_read(b, err);
    if (r < 0)
        return r;
    call->why_ = str_of(arena_printf(call->arena, "$%s", b->step->step.name));
    return go(b, err);
}
