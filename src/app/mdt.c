/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A meeting that was called: who answers, and that it does not take place. It stands in its
 * Appointment alone; who is invited as one of a department becomes a participant by
 * answering. pending: somebody invited by name has not answered; booked: all have; fulfilled:
 * there are minutes.
 */
#include "app/access_internal.h"
#include "app/beside_internal.h"
#include "fhir/put.h"
#include "fhir/value.h"

/* ---- reading ---- */

int mdt_load(struct beside *b, struct beside_record *ret, struct err *err)
{
    struct str id = beside_text(b->given, "meeting");
    int r = beside_load(b, "Appointment", id, ret, err);

    if (r < 0)
        return r;
    if (!ret->json || !beside_has_mark(ret->json, "mdt") ||
        !beside_is_about(b, json_get(ret->json, "basedOn")))
        return err_set(err, E_NOT_FOUND, "meeting",
            "This case has no meeting with the id %.*s.", (int)id.len, id.p);
    return 0;
}

static bool is_person(const struct json *participant, struct str person)
{
    return str_eq(json_get_text(json_get(participant, "actor"), "reference"), person);
}

const struct json *mdt_participant(const struct json *meeting, struct str person)
{
    struct json_each it = json_each(json_get(meeting, "participant"));

    while (json_next(&it)) {
        if (is_person(it.value, person))
            return it.value;
    }
    return NULL;
}

bool mdt_is_caller(const struct beside *b, const struct json *meeting)
{
    const struct json *me = mdt_participant(meeting, b->d.call->caller.practitioner);

    return json_count(json_get(me, "type")) > 0;
}

bool mdt_was_present(const struct json *participant)
{
    struct json_each it = json_each(json_get(participant, "extension"));

    while (json_next(&it)) {
        if (str_is(json_get_text(it.value, "url"), MDT_PRESENT_URL))
            return true;
    }
    return false;
}

/* Does ${unit} have cases that are this caller's? */
static bool is_my_unit(const struct beside *b, struct str unit)
{
    struct reader_places places = reader_places(b->d.reader);
    store_rid rid = 0;

    if (store_find(b->d.snapshot, case_type("Organization")->number,
            beside_id_of(b, unit, "Organization"), &rid, NULL) < 0)
        return false;
    for (size_t i = 0; i < places.unit_count; i++) {
        if (places.units[i] == rid)
            return true;
    }
    return false;
}

static bool is_invited(const struct beside *b, const struct json *meeting)
{
    struct json_each it = json_each(json_get(meeting, "extension"));
    const struct access *a = b->d.call->access_;

    if (!a || a->whole || mdt_participant(meeting, b->d.call->caller.practitioner))
        return true;
    while (json_next(&it)) {
        if (str_is(json_get_text(it.value, "url"), MDT_DEPARTMENT_URL) &&
            is_my_unit(
                b, json_get_text(json_get(it.value, "valueReference"), "reference")))
            return true;
    }
    return false;
}

/* ---- changing ---- */

static bool waits(const struct json *participant)
{
    return str_is(json_get_text(participant, "status"), "needs-action");
}

/* The participant after the answer of who calls. */
static void put_answer(
    struct json_out *o, const struct beside *b, const struct json *participant)
{
    static const char *const but[] = {"status", "extension", "actor", NULL};

    json_open(o, '{');
    json_name(o, "extension");
    json_open(o, '[');
    beside_open_extension(o, MDT_REPLIED_URL);
    fhir_put_time(o, "valueInstant", b->d.now);
    json_close(o, '}');
    beside_put_extension_text(
        o, MDT_WORD_URL, "valueString", beside_text(b->given, "text"));
    json_close(o, ']');
    if (participant)
        fhir_put_but(o, participant, but);
    else
        json_member(o, "required", STR("optional"));
    beside_put_me(o, "actor", b);
    json_member(o, "status", beside_text(b->given, "answer"));
    json_close(o, '}');
}

static void put_answered(
    struct buf *out, const struct beside *b, const struct json *meeting)
{
    static const char *const but[] = {"status", "participant", NULL};
    struct str me = b->d.call->caller.practitioner;
    struct json_each it = json_each(json_get(meeting, "participant"));
    const struct json *mine = mdt_participant(meeting, me);
    struct json_out o = json_out(out);
    bool waiting = false;

    json_open(&o, '{');
    fhir_put_but(&o, meeting, but);
    json_name(&o, "participant");
    json_open(&o, '[');
    while (json_next(&it)) {
        if (it.value == mine) {
            put_answer(&o, b, mine);
            continue;
        }
        json_put_value(&o, it.value);
        waiting = waiting || waits(it.value);
    }
    if (!mine)
        put_answer(&o, b, NULL);
    json_close(&o, ']');
    json_member(&o, "status", waiting ? STR("pending") : STR("booked"));
    json_close(&o, '}');
}

static struct str word_of(const struct json *participant)
{
    struct json_each it = json_each(json_get(participant, "extension"));

    while (json_next(&it)) {
        if (str_is(json_get_text(it.value, "url"), MDT_WORD_URL))
            return json_get_text(it.value, "valueString");
    }
    return (struct str){NULL, 0};
}

/* What a meeting may not be for ${what}, "answered" or "called off". */
static int check_ahead(const struct json *meeting, const char *what, struct err *err)
{
    struct str status = json_get_text(meeting, "status");

    if (str_is(status, "cancelled"))
        return err_set(err, E_CONFLICT, NULL,
            "This meeting was called off: it cannot be %s. Nothing was changed.", what);
    if (str_is(status, "fulfilled"))
        return err_set(err, E_CONFLICT, NULL,
            "This meeting has taken place and has minutes: it cannot be %s. Nothing "
            "was changed.",
            what);
    return 0;
}

/* ---- operations ---- */

static int check_reply(
    const struct beside *b, const struct json *meeting, struct err *err)
{
    utc_ms end = 0;
    utc_ms ignored = 0;
    int r = check_ahead(meeting, "answered", err);

    (void)fhir_date_range(json_get_text(meeting, "end"), &end, &ignored);
    if (r == 0 && end <= b->d.now)
        return err_set(err, E_CONFLICT, NULL,
            "This meeting is over: it cannot be answered any more.");
    return r;
}

int mdt_reply(struct beside *b, struct err *err)
{
    struct str text = beside_text(b->given, "text");
    struct beside_record meeting;
    const struct json *mine = NULL;
    struct buf out;
    int r = mdt_load(b, &meeting, err);

    if (r == 0 && !is_invited(b, meeting.json))
        return err_set(err, E_FORBIDDEN, NULL,
            "$mdt-reply is for those who are invited, by name or with their "
            "department.");
    if (r < 0)
        return r;
    mine = mdt_participant(meeting.json, b->d.call->caller.practitioner);
    if (mine &&
        str_eq(json_get_text(mine, "status"), beside_text(b->given, "answer")) &&
        (text.len == 0 || str_eq(text, word_of(mine)))) {
        b->repeated = true;
        b->there = meeting.rec;
        return 0;
    }
    r = check_reply(b, meeting.json, err);
    if (r == 0 && !mine &&
        json_count(json_get(meeting.json, "participant")) >= LIMIT_MDT_PARTICIPANTS)
        return err_set(err, E_TOO_LARGE, NULL, "A meeting has at most %d participants.",
            LIMIT_MDT_PARTICIPANTS);
    if (r < 0)
        return r;
    buf_init(&out, LIMIT_RECORD_BYTES);
    put_answered(&out, b, meeting.json);
    r = beside_plan(b, "Appointment", meeting.id, &meeting, &out, err);
    buf_done(&out);
    return r;
}

static void put_cancelled(
    struct buf *out, const struct beside *b, const struct json *meeting)
{
    static const char *const but[] = {"status", "cancelationReason", NULL};
    struct json_out o = json_out(out);

    json_open(&o, '{');
    fhir_put_but(&o, meeting, but);
    json_member(&o, "status", STR("cancelled"));
    json_name(&o, "cancelationReason");
    json_open(&o, '{');
    json_member(&o, "text", beside_text(b->given, "reason"));
    json_close(&o, '}');
    json_close(&o, '}');
}

int mdt_cancel(struct beside *b, struct err *err)
{
    struct beside_record meeting;
    struct str reason;
    struct buf out;
    int r = mdt_load(b, &meeting, err);

    if (r < 0)
        return r;
    if (!mdt_is_caller(b, meeting.json))
        return err_set(err, E_FORBIDDEN, NULL,
            "A meeting is called off by who called it: decline it, if you cannot "
            "come.");
    reason = json_get_text(json_get(meeting.json, "cancelationReason"), "text");
    if (str_is(json_get_text(meeting.json, "status"), "cancelled") &&
        str_eq(reason, beside_text(b->given, "reason"))) {
        b->repeated = true;
        b->there = meeting.rec;
        return 0;
    }
    r = check_ahead(meeting.json, "called off", err);
    if (r < 0)
        return r;
    buf_init(&out, LIMIT_RECORD_BYTES);
    put_cancelled(&out, b, meeting.json);
    r = beside_plan(b, "Appointment", meeting.id, &meeting, &out, err);
    buf_done(&out);
    return r;
}
