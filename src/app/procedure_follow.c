/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Procedure/ID/$follow-up: what became of it, by whoever may change the record: clinicians of
 * the hospital.
 *
 *   at      discharge or day-30; or review: a head of department has looked at what happened
 *   result  well, complication, serious, died or unknown; not with a review
 *   text    a word: needed of what did not go well, and of a review
 *
 * A second word about one look replaces the first, as a new version. After a death at
 * discharge there is nothing more to ask.
 */
#include "app/person.h"
#include "app/procedure_internal.h"

struct follow_up {
    struct app_call *call;
    const struct json *before;
    struct procedure procedure;
    struct str at;
    struct str result; /* p NULL: a review */
    struct str text;
};

/* ---- what was posted ---- */

static int take(struct follow_up *f, const struct json *body, struct err *err)
{
    enum procedure_result result = RESULTS;
    bool review = false;
    int r = procedure_word(body, "text", &f->text, err);

    f->at = json_get_text(body_parameter(body, "at"), "valueCode");
    f->result = json_get_text(body_parameter(body, "result"), "valueCode");
    review = str_is(f->at, "review");
    if (r < 0)
        return r;
    if (!review && !str_is(f->at, "discharge") && !str_is(f->at, "day-30"))
        return err_set(err, E_INVALID, "at",
            "Say which look this is: at (valueCode) is discharge, day-30 or review.");
    result = procedure_result_of(f->result);
    if (review != !f->result.p || (!review && result == RESULTS))
        return err_set(err, E_INVALID, "result",
            "Say how the patient is: result (valueCode) is well, complication, "
            "serious, died or unknown. A review has none.");
    if (!f->text.p && (review || (result != RESULT_WELL && result != RESULT_UNKNOWN)))
        return err_set(
            err, E_INVALID, "text", "Say what happened: the parameter text.");
    return 0;
}

static bool took_part(const struct follow_up *f)
{
    for (size_t i = 0; i < f->procedure.part_count; i++) {
        struct str me = f->call->caller.practitioner;

        str_cut(&me, '/');
        if (str_eq(f->procedure.parts[i].who, me))
            return true;
    }
    return false;
}

static bool is_bad(enum procedure_result result)
{
    return result == RESULT_SERIOUS || result == RESULT_DIED;
}

static int check(const struct follow_up *f, struct err *err)
{
    const enum procedure_result *results = f->procedure.results;

    if (str_is(f->at, "day-30") && results[LOOK_DISCHARGE] == RESULT_DIED)
        return err_set(err, E_CONFLICT, "at",
            "The patient died before discharge: there is nothing more to ask.");
    if (f->result.p)
        return 0;
    if (!is_bad(results[LOOK_DISCHARGE]) && !is_bad(results[LOOK_DAY_30]))
        return err_set(err, E_CONFLICT, "at",
            "Nothing serious is known of this operation: there is nothing to review.");
    if (!person_holds(&f->call->caller, "head-of-department") || took_part(f))
        return err_set(err, E_FORBIDDEN, "at",
            "What happened is reviewed by a head of department who had no part in it.");
    return 0;
}

/* ---- the record ---- */

static bool is_same_look(const struct json *extension, struct str at)
{
    struct json_each part = json_each(json_get(extension, "extension"));

    if (!str_is(json_get_text(extension, "url"), PROCEDURE_FOLLOW_UP_URL))
        return false;
    while (json_next(&part)) {
        if (str_is(json_get_text(part.value, "url"), "at"))
            return str_eq(json_get_text(part.value, "valueCode"), at);
    }
    return false;
}

static void put_part(
    struct json_out *o, const char *url, const char *value, struct str text)
{
    if (!text.p)
        return;
    json_open(o, '{');
    json_member(o, "url", str_of(url));
    json_member(o, value, text);
    json_close(o, '}');
}

static void put_look(struct json_out *o, const struct follow_up *f)
{
    json_open(o, '{');
    json_member(o, "url", STR(PROCEDURE_FOLLOW_UP_URL));
    json_name(o, "extension");
    json_open(o, '[');
    put_part(o, "at", "valueCode", f->at);
    put_part(o, "result", "valueCode", f->result);
    put_part(o, "text", "valueString", f->text);
    json_open(o, '{');
    json_member(o, "url", STR("on"));
    fhir_put_time(o, "valueInstant", call_now(f->call));
    json_close(o, '}');
    json_open(o, '{');
    json_member(o, "url", STR("by"));
    fhir_put_reference(o, "valueReference", f->call->caller.practitioner);
    json_close(o, '}');
    json_close(o, ']');
    json_close(o, '}');
}

static void put_extensions(struct json_out *o, const struct follow_up *f)
{
    struct json_each it = json_each(json_get(f->before, "extension"));

    json_name(o, "extension");
    json_open(o, '[');
    while (json_next(&it)) {
        if (!is_same_look(it.value, f->at))
            json_put_value(o, it.value);
    }
    put_look(o, f);
    json_close(o, ']');
}

/* The last look is what FHIR calls the outcome. */
static void put_outcome(struct json_out *o, const struct follow_up *f)
{
    bool later = f->procedure.results[LOOK_DAY_30] != RESULT_NOT_ASKED &&
                 str_is(f->at, "discharge");

    if (f->result.p && !later)
        fhir_put_concept(o, "outcome", PROCEDURE_RESULT_SYSTEM, f->result);
    else if (json_get(f->before, "outcome")) {
        json_name(o, "outcome");
        json_put_value(o, json_get(f->before, "outcome"));
    }
}

static void put_record(struct buf *b, const struct follow_up *f)
{
    struct json_out o = json_out(b);
    struct json_each it = json_each(f->before);

    json_open(&o, '{');
    while (json_next(&it)) {
        if (str_is(it.name, "extension") || str_is(it.name, "outcome") ||
            str_is(it.name, "meta"))
            continue;
        json_write_text(b, it.name);
        buf_addc(b, ':');
        json_write(b, it.value);
        buf_addc(b, ',');
    }
    put_extensions(&o, f);
    put_outcome(&o, f);
    json_close(&o, '}');
}

/* ---- the way ---- */

static int no_such(
    struct app_call *call, const struct rest *rest, bool hidden, struct err *err)
{
    access_missing(call->access_, rest->type->number, hidden);
    return access_no_such(rest->type, rest->id, false, err);
}

static int look(struct follow_up *f, struct store_reader *snapshot,
    const struct rest *rest, struct writing *w, struct err *err)
{
    struct procedure_found found;
    bool allowed = false;
    int r = procedure_load(f->call, snapshot, rest->type, rest->id, &found, err);

    f->before = found.json;
    if (r == 0)
        r = access_allows(f->call->access_, found.rec.rid, &allowed, err);
    if (r == E_NOT_FOUND || (r == 0 && !allowed))
        return no_such(f->call, rest, r == 0, err);
    if (r == 0 && !procedure_read(f->before, &f->procedure))
        r = err_set(err, E_CONFLICT, NULL,
            "This Procedure is no operation of a logbook: it is not completed, or "
            "nobody has a part of ours in it.");
    if (r == 0 && f->procedure.imported)
        r = err_set(err, E_CONFLICT, NULL,
            "This operation is of an older logbook: it says what became of it by "
            "itself, and counts for nothing.");
    if (r == 0)
        r = check(f, err);
    record_expect(&w->write, &found.rec);
    return r;
}

static int decide(
    struct app_call *call, const struct rest *rest, struct writing *w, struct err *err)
{
    struct follow_up f = {.call = call};
    const struct json *body = w->resource;
    struct store_reader *snapshot = NULL;
    struct buf b;
    int r = take(&f, body, err);

    buf_init(&b, LIMIT_RECORD_BYTES);
    if (r == 0)
        r = call_read_begin(call, &snapshot, err);
    if (r == 0)
        r = look(&f, snapshot, rest, w, err);
    if (r == 0) {
        put_record(&b, &f);
        r = procedure_take(call, w, &b, true, err);
    }
    call_read_end(call, snapshot);
    buf_done(&b);
    w->resource = body; /* again, after a lost race */
    return r < 0 ? r : WRITING_READY;
}

int rest_procedure_follow(
    struct app_call *call, const struct rest *rest, struct err *err)
{
    return procedure_change(call, rest, decide, err);
}
