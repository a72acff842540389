/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The case as it stands, and whether its caller may do the step. What is asked, in this
 * order, so that nothing is told of a case to whom it is not shown:
 *
 *   was this very step done last, by the same person?   then it is answered again
 *   may the caller see the request?                     else 404, as of one that is not there;
 *                                                       409, where the last step took it away
 *   is the caller of the side whose step it is?         else 403
 *   does the case stand where the step begins?          else 409, with who was first and when
 */
#include <string.h>

#include "app/access_internal.h"
#include "app/case_internal.h"
#include "fhir/value.h"

const struct fhir_type *case_type(const char *name)
{
    return fhir_resource_named(str_of(name));
}

/* ---- what is there ---- */

static int load(struct case_doing *d, const char *type, struct store_record *ret,
    const struct json **ret_json, struct err *err)
{
    int r = store_get(
        d->snapshot, d->call->arena, case_type(type)->number, d->rest->id, ret, err);

    *ret_json = NULL;
    if (r == 0 && ret->body.len > 0)
        r = json_read_trusted(d->call->arena, ret->body, ret_json, err);
    if (r == E_NOT_FOUND)
        *ret = (struct store_record){0};
    return r == E_NOT_FOUND ? 0 : r;
}

static bool has_code(const struct json *concept, const char *system, const char *code)
{
    struct json_each it = json_each(json_get(concept, "coding"));

    while (json_next(&it)) {
        if (str_is(json_get_text(it.value, "system"), system) &&
            str_is(json_get_text(it.value, "code"), code))
            return true;
    }
    return false;
}

/* Is the Task of the request's id the one that says where the case stands? */
static bool is_its_task(const struct case_doing *d)
{
    struct fhir_reference focus =
        fhir_reference_parse(json_get_text(json_get(d->task, "focus"), "reference"),
            d->call->app->base[APP_FHIR]);

    return has_code(json_get(d->task, "code"), CASE_TASK_SYSTEM, "answer-case") &&
           focus.form == FHIR_REF_LOCAL &&
           focus.type == case_type("ServiceRequest")->number &&
           str_eq(focus.id, d->rest->id);
}

static int load_both(struct case_doing *d, struct err *err)
{
    int r = load(d, "ServiceRequest", &d->request_record, &d->request, err);

    if (r == 0)
        r = load(d, "Task", &d->task_record, &d->task, err);
    d->state = CASE_UNKNOWN;
    if (r == 0 && d->task && is_its_task(d))
        d->state = case_state_of(d->task);
    else if (r == 0 && !d->task && str_is(json_get_text(d->request, "status"), "draft"))
        d->state = CASE_DRAFT;
    d->clock = (struct case_clock){0};
    (void)case_clock_read(d->task, &d->clock);
    return r;
}

/* ---- the last step ---- */

static bool is_mine(const struct case_doing *d, const struct case_last *last)
{
    const struct app_caller *caller = &d->call->caller;

    if (caller->practitioner.p)
        return last->by.p && str_eq(last->by, caller->practitioner);
    return !last->by.p && last->program.p && str_eq(last->program, caller->name);
}

/* The step that brought the case here, asked for again. The node asks for none twice: its next
 * escalation is another one. */
static bool is_repeated(const struct case_doing *d)
{
    struct case_last last = case_last_step(d->task);

    bool there = d->state == d->step->to ||
                 (d->step->does == CASE_DOES_RETURN && d->state == CASE_OUTCOME_KNOWN);

    return !d->call->node_ && d->step->to != CASE_UNKNOWN && there &&
           str_is(last.name, d->step->name) && is_mine(d, &last) &&
           str_is(last.digest, d->given.digest);
}

/* The words of this id were written already: by this person, in this case. */
static int look_for_words(struct case_doing *d, struct err *err)
{
    struct str id = case_given_text(d->step, &d->given, "id");
    const char *name =
        d->step->does == CASE_DOES_ANSWER ? "ClinicalImpression" : "Communication";
    const struct json *json = NULL;
    const struct json *list = NULL;
    struct store_record rec = {0};
    struct fhir_reference about;
    int r = 0;

    if (!id.p)
        return 0;
    r = store_get(d->snapshot, d->call->arena, case_type(name)->number, id, &rec, err);
    if (r == E_NOT_FOUND || (r == 0 && rec.body.len == 0))
        return 0;
    if (r == 0)
        r = json_read_trusted(d->call->arena, rec.body, &json, err);
    if (r < 0)
        return r;
    list = json_get(json, d->step->kind ? "basedOn" : "supportingInfo");
    about = fhir_reference_parse(
        json_get_text(json_at(list, 0), "reference"), d->call->app->base[APP_FHIR]);
    if (!str_eq(rec.actor, call_actor(d->call)) || !str_eq(about.id, d->rest->id) ||
        about.form != FHIR_REF_LOCAL)
        return err_set(err, E_CONFLICT, "id",
            "There is another %s with this id: give each message one of its own, such "
            "as "
            "a UUID.",
            name);
    d->repeated = true;
    return 0;
}

/* ---- who may ---- */

static int find_sides(struct case_doing *d, struct err *err)
{
    const struct access *a = d->call->access_;
    int r = 0;

    d->asking = d->asked = !d->call->node_ && (!a || a->whole);
    if (d->call->node_ || !a || a->whole)
        return 0;
    r = reader_treats(d->reader, d->request, d->request_record.type, &d->asking, err);
    if (r == 0)
        r = reader_is_asked(d->reader, d->request_record.rid, &d->asked, err);
    return r;
}

static int check_side(struct case_doing *d, struct err *err)
{
    unsigned sides = (d->asking ? CASE_ASKING : 0u) | (d->asked ? CASE_ASKED : 0u) |
                     (d->call->node_ ? CASE_NODE : 0u);

    if (sides & d->step->who)
        return 0;
    if (d->step->who == CASE_ASKING)
        return err_set(err, E_FORBIDDEN, NULL,
            "$%s is for the side that asks: clinicians of the patient's hospital.",
            d->step->name);
    if (d->step->who == CASE_ASKED)
        return err_set(err, E_FORBIDDEN, NULL,
            "$%s is for the side that is asked: those with a post in a department that "
            "this case was sent to.",
            d->step->name);
    return err_set(err, E_FORBIDDEN, NULL,
        "$%s is for clinicians of the patient's hospital and for those whom the case "
        "was "
        "sent to.",
        d->step->name);
}

static int check_visible(struct case_doing *d, struct err *err)
{
    struct app_call *call = d->call;
    bool there = d->request != NULL;
    bool allowed = false;
    int r = 0;

    if (there)
        r = access_allows(call->access_, d->request_record.rid, &allowed, err);
    if (r < 0 || allowed)
        return r;
    if (there)
        r = case_refuse_gone(d, err);
    if (r < 0)
        return r;
    access_missing(call->access_, d->rest->type->number, there);
    return access_no_such(d->rest->type, d->rest->id, false, err);
}

/* A program's scopes must give the Task too. */
static int check_scopes(struct case_doing *d, struct err *err)
{
    const struct access_write task = {.type = case_type("Task"),
        .id = d->task ? d->rest->id : (struct str){NULL, 0},
        .resource = d->task};

    if (!d->call->access_ || !d->call->caller.scopes || !d->task)
        return 0;
    return access_scope_check_write(d->call->access_, &task, NULL, err);
}

static int check_due(const struct case_doing *d, struct err *err)
{
    if (!d->call->node_ || (d->clock.next && d->clock.next <= d->now))
        return 0;
    return err_set(err, E_CONFLICT, NULL, "The clock of this case has not run out.");
}

/* ---- all of it ---- */

static int make_reader(struct case_doing *d, struct err *err)
{
    struct app_call *call = d->call;
    struct reader_who who = {
        .bases = app_bases(call->arena, call->app, call->app->base[APP_FHIR]),
        .now = d->now,
        .memory = call->app->memory};
    int r = 0;

    if (call->access_ && !call->access_->whole) {
        r = access_make(call->access_, err);
        d->reader = call->access_->reader;
        return r;
    }
    r = reader_new(d->snapshot, call->arena, &who, &d->own_reader, err);
    d->reader = d->own_reader;
    return r;
}

/* "Organization/ID" of the patient's hospital. */
static int find_hospital(struct case_doing *d, struct err *err)
{
    struct str subject = json_get_text(json_get(d->request, "subject"), "reference");
    struct str id = {NULL, 0};
    const char *text = NULL;
    store_rid hospital = 0;
    int r = reader_hospital_of(d->reader, subject, &hospital, err);

    d->hospital = (struct str){NULL, 0};
    if (r == 0 && hospital)
        r = store_name(d->snapshot, d->call->arena, hospital, &id, err);
    if (r < 0 || !id.p)
        return r;
    text = arena_printf(d->call->arena, "Organization/%.*s", (int)id.len, id.p);
    d->hospital = str_of(text);
    return text ? 0 : err_nomem(err);
}

static int check_kind(const struct case_doing *d, struct err *err)
{
    if (!d->step->of_kind || case_is_of(d->request, d->step->of_kind))
        return 0;
    return err_set(err, E_CONFLICT, NULL,
        "$%s is for cases of the kind %s, which this one is not. Nothing was changed.",
        d->step->name, d->step->of_kind);
}

int case_look(struct case_doing *d, struct err *err)
{
    int r = make_reader(d, err);

    d->repeated = false;
    d->to = d->step->to;
    if (r == 0)
        r = load_both(d, err);
    if (r < 0)
        return r;
    d->repeated = is_repeated(d);
    if (d->repeated)
        return 0;
    r = check_visible(d, err);
    if (r == 0)
        r = find_sides(d, err);
    if (r == 0)
        r = check_side(d, err);
    if (r == 0)
        r = check_scopes(d, err);
    if (r == 0)
        r = look_for_words(d, err);
    if (r < 0 || d->repeated)
        return r;
    r = check_kind(d, err);
    if (r < 0)
        return r;
    if (!(d->step->from & CASE_IN(d->state)) || d->state == CASE_UNKNOWN)
        return case_refuse_state(d, err);
    r = check_due(d, err);
    d->to = case_leads_to(d);
    d->display = d->call->caller.practitioner.p
                     ? case_person_name(d, d->call->caller.practitioner)
                     : d->call->caller.name;
    return r < 0 ? r : find_hospital(d, err);
}
