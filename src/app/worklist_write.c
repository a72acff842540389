/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A worklist as Parameters: "now" (this node's clock), "total" and "next" (a _page) where
 * there are such, and a "case" for each row, whose parts are what a line of a page shows.
 */
#include "app/worklist_internal.h"
#include "fhir/part.h"

/* ---- parts ---- */

/* {"name":N,  and the value follows */
static void put_value(
    struct json_out *o, const char *name, const char *kind, const struct json *value)
{
    if (!value)
        return;
    fhir_part_open(o, name);
    json_name(o, kind);
    json_put_value(o, value);
    json_close(o, '}');
}

static void put_instant(struct json_out *o, const char *name, utc_ms at)
{
    char iso[TIME_ISO_MAX];

    if (!at)
        return;
    time_iso(at, iso);
    fhir_part_put(o, name, "valueInstant", str_of(iso));
}

/* ---- records ---- */

/* What ${reference} names, as JSON, if this caller may read it; ${*ret} NULL: they may not,
 * or it is not there. */
static int look(struct worklist_answer *w, struct str reference, const char *type_name,
    const struct json **ret, struct err *err)
{
    unsigned type = fhir_resource_named(str_of(type_name))->number;
    struct fhir_reference ref =
        fhir_reference_parse(reference, w->call->app->base[APP_FHIR]);
    struct store_record rec = {0};
    bool allowed = false;
    int r = 0;

    *ret = NULL;
    if (ref.form != FHIR_REF_LOCAL || ref.type != type)
        return 0;
    r = store_get(w->snapshot, w->call->arena, type, ref.id, &rec, err);
    if (r == E_NOT_FOUND || (r == 0 && rec.body.len == 0))
        return 0;
    if (r == 0)
        r = access_allows_live(w->call->access_, rec.rid, &allowed, err);
    if (r < 0 || !allowed)
        return r;
    r = call_saw(w->call, &rec, err);
    return r < 0 ? r : json_read_trusted(w->call->arena, rec.body, ret, err);
}

static int put_patient(struct worklist_answer *w, struct json_out *o,
    const struct json *task, const struct case_task *t, struct err *err)
{
    const struct json *patient = NULL;
    int r = t->patient.p ? look(w, t->patient, "Patient", &patient, err) : 0;

    put_value(o, "patient", "valueReference", json_get(task, "for"));
    if (r < 0 || !patient)
        return r;
    put_value(
        o, "patient-name", "valueHumanName", json_at(json_get(patient, "name"), 0));
    fhir_part_put(o, "gender", "valueCode", json_get_text(patient, "gender"));
    fhir_part_put(o, "birth-date", "valueDate", json_get_text(patient, "birthDate"));
    return 0;
}

static int put_request(struct worklist_answer *w, struct json_out *o,
    const struct case_task *t, struct err *err)
{
    const struct json *request = NULL;
    const struct json *kind = NULL;
    int r = t->request.p ? look(w, t->request, "ServiceRequest", &request, err) : 0;

    if (r < 0 || !request)
        return r;
    kind = json_at(json_get(request, "category"), 0);
    put_value(o, "kind", "valueCoding", json_at(json_get(kind, "coding"), 0));
    return 0;
}

/* The hospital that asks, with its name: mostly that of the row before. */
static int put_hospital(struct worklist_answer *w, struct json_out *o,
    const struct case_task *t, struct err *err)
{
    const struct json *hospital = NULL;
    int r = 0;

    if (!t->asking.p)
        return 0;
    if (!w->hospital.p || !str_eq(w->hospital, t->asking)) {
        r = look(w, t->asking, "Organization", &hospital, err);
        w->hospital = t->asking;
        w->hospital_name = json_get_text(hospital, "name");
    }
    fhir_part_put_reference(o, "hospital", t->asking, w->hospital_name);
    return r;
}

/* ---- a row ---- */

/* Is the next word this person's own? What was sent to a unit is anybody's of it. */
static bool is_mine(struct worklist_answer *w, const struct worklist_row *row,
    const struct case_task *t)
{
    struct str who = row->side == CASE_TASK_ASKING ? t->requester : t->owner;
    struct str me = w->call->caller.practitioner;

    if (row->group != WORKLIST_WAITS)
        return false;
    if (row->side == CASE_TASK_ASKED && (!who.p || str_starts(who, "Organization/")))
        return true;
    return who.p && me.p && str_eq(who, me);
}

static void put_clock(struct json_out *o, const struct case_task *t)
{
    put_instant(o, "sent", t->clock.sent ? t->clock.sent : t->authored);
    put_instant(o, "allocate-by", t->clock.allocate_by);
    put_instant(o, "allocated", t->clock.allocated);
    put_instant(o, "answer-by", t->clock.answer_by);
    put_instant(o, "answered", t->clock.answered);
    put_instant(o, "paused-since", t->clock.paused_since);
    put_instant(o, "changed", t->modified);
    if (t->clock.level > 0)
        fhir_part_put_int(o, "level", t->clock.level);
}

static int put_case(struct worklist_answer *w, struct json_out *o,
    const struct worklist_row *row, const struct json *task, struct err *err)
{
    struct case_task t;
    int r = 0;

    if (!case_task_read(task, &t))
        return err_set(err, E_CORRUPT, NULL,
            "A Task of the worklist is that of no case: run `belay verify`.");
    fhir_part_open(o, "case");
    json_name(o, "part");
    json_open(o, '[');
    fhir_part_put(o, "id", "valueId", json_get_text(task, "id"));
    fhir_part_put(o, "state", "valueCode", str_of(case_task_state_code(t.state)));
    fhir_part_put(o, "urgency", "valueCode", str_of(case_task_urgency_word(t.urgency)));
    fhir_part_put(o, "side", "valueCode",
        row->side == CASE_TASK_ASKING ? STR("asking") : STR("asked"));
    fhir_part_put_flag(o, "waits", row->group == WORKLIST_WAITS);
    fhir_part_put_flag(o, "mine", is_mine(w, row, &t));
    fhir_part_put(o, "question", "valueString", json_get_text(task, "description"));
    r = put_request(w, o, &t, err);
    if (r == 0)
        r = put_patient(w, o, task, &t, err);
    if (r == 0)
        r = put_hospital(w, o, &t, err);
    put_value(o, "asker", "valueReference", json_get(task, "requester"));
    put_value(o, "owner", "valueReference", json_get(task, "owner"));
    put_clock(o, &t);
    json_close(o, ']');
    json_close(o, '}');
    return r;
}

static int put_row(struct worklist_answer *w, struct json_out *o,
    const struct worklist_row *row, struct err *err)
{
    struct arena *a = w->call->arena;
    const struct json *task = NULL;
    struct store_record rec = {0};
    int r = store_get_rid(w->snapshot, a, row->task, true, &rec, err);

    if (r == 0)
        r = call_saw(w->call, &rec, err);
    if (r == 0)
        r = json_read_trusted(a, rec.body, &task, err);
    return r < 0 ? r : put_case(w, o, row, task, err);
}

int worklist_write(struct worklist_answer *w, struct err *err)
{
    struct json_out out = json_out(&w->call->answer);
    int r = 0;

    fhir_parameters_open(&out);
    put_instant(&out, "now", w->now);
    if (w->total)
        fhir_part_put_int(&out, "total", (int64_t)w->list.total);
    fhir_part_put(&out, "next", "valueString", w->next);
    for (size_t i = 0; r == 0 && i < w->list.count; i++)
        r = put_row(w, &out, &w->list.rows[i], err);
    fhir_parameters_close(&out);
    return r;
}
