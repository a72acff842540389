/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Course/ID/$cancel: it does not take place, and why. By whoever may plan it. And what was
 * changed of a course, which those who are enrolled are told on Today until they say that they
 * have seen it (Enrolment/ID/$seen). What is cancelled stays so: people made other plans.
 */
#include "app/learn_internal.h"

struct cancelling {
    struct learn learn;
    const struct json *before;
    struct str reason;
};

/* ---- what was changed ---- */

bool learn_is_cancelled(const struct json *course)
{
    return str_is(json_get_text(course, "status"), "cancelled");
}

int learn_room_for_change(const struct json *course, struct err *err)
{
    size_t most =
        LIMIT_COURSE_CHANGES - 1; /* that one can be cancelled stays possible */

    if (json_count(json_get(course, "change")) < most)
        return 0;
    return err_set(err, E_TOO_LARGE, NULL,
        "This course was moved %d times, and cannot be once more: cancel it and plan "
        "another one.",
        (int)most);
}

void learn_put_changes(struct json_out *o, const struct learn *l,
    const struct json *before, const struct learn_change *more)
{
    struct json_each it = json_each(json_get(before, "change"));

    if (!more && !json_get(before, "change"))
        return;
    json_name(o, "change");
    json_open(o, '[');
    while (json_next(&it))
        json_put_value(o, it.value);
    if (more) {
        json_open(o, '{');
        fhir_put_time(o, "on", l->now);
        fhir_put_reference(o, "by", l->me);
        json_member(o, "what", str_of(more->what));
        json_member(o, "reason", more->reason);
        json_close(o, '}');
    }
    json_close(o, ']');
}

static utc_ms time_in(const struct json *record, const char *name)
{
    struct str text = json_get_text(record, name);
    utc_ms from = INT64_MIN;
    utc_ms until = 0;

    return text.p && fhir_date_range(text, &from, &until) ? from : INT64_MIN;
}

const struct json *learn_untold(const struct json *enrolment, const struct json *course)
{
    struct json_each it = json_each(json_get(course, "change"));
    enum learn_status status = learn_status_of(enrolment);
    utc_ms since = time_in(enrolment, "enrolledOn");
    utc_ms seen = time_in(enrolment, "seen");
    const struct json *last = NULL;

    if (status != LEARN_PLANNED && status != LEARN_ACCEPTED &&
        status != LEARN_ATTENDING)
        return NULL;
    while (json_next(&it)) {
        if (time_in(it.value, "on") > (seen > since ? seen : since))
            last = it.value;
    }
    return last;
}

/* ---- the way ---- */

static int check(struct cancelling *c, struct err *err)
{
    struct learn_names organisers;
    struct str status = json_get_text(c->before, "status");
    bool may = false;
    int r =
        learn_names_in(&c->learn, json_get(c->before, "organiser"), &organisers, err);

    if (r == 0)
        r = learn_holds_any(&c->learn, &organisers, &may, err);
    if (r == 0 && !may)
        r = err_set(err, E_FORBIDDEN, NULL,
            "A course is cancelled by somebody who works in a hospital that holds it, "
            "or "
            "by a coordinator.");
    if (r == 0 && !str_is(status, "planned") && !str_is(status, "under-way"))
        r = err_set(err, E_CONFLICT, NULL, "This course is %s: it cannot be cancelled.",
            str_is(status, "held") ? "over" : "cancelled already");
    return r;
}

static void put_cancelled(struct buf *b, const struct cancelling *c)
{
    static const char *const but[] = {"status", "change", NULL};
    struct json_out o = json_out(b);

    json_open(&o, '{');
    fhir_put_but(&o, c->before, but);
    json_member(&o, "status", STR("cancelled"));
    learn_put_changes(&o, &c->learn, c->before,
        &(struct learn_change){.what = "cancelled", .reason = c->reason});
    json_close(&o, '}');
}

static int look(struct cancelling *c, const struct rest *rest, struct writing *w,
    const struct json *body, struct err *err)
{
    struct procedure_found found = {.json = NULL};
    int r = learn_load(&c->learn, rest->type, rest->id, &found, err);

    c->before = found.json;
    if (r == 0)
        r = check(c, err);
    if (r == 0)
        r = procedure_word(body, "reason", &c->reason, err);
    if (r == 0 && !c->reason.p)
        r = err_set(err, E_INVALID, "reason",
            "Say why it does not take place, to those who are enrolled: the parameter "
            "reason.");
    if (r == 0)
        record_expect(&w->write, &found.rec);
    return r;
}

static int decide(
    struct app_call *call, const struct rest *rest, struct writing *w, struct err *err)
{
    struct cancelling c = {.before = NULL};
    const struct json *body = w->resource;
    struct buf b;
    int r = learn_begin(&c.learn, call, err);

    buf_init(&b, LIMIT_RECORD_BYTES);
    if (r == 0)
        r = look(&c, rest, w, body, err);
    if (r == 0) {
        put_cancelled(&b, &c);
        r = procedure_take(call, w, &b, false, err);
    }
    learn_end(&c.learn);
    buf_done(&b);
    w->resource = body; /* again, after a lost race */
    return r < 0 ? r : WRITING_READY;
}

int learn_cancel(struct app_call *call, const struct rest *rest, struct err *err)
{
    return procedure_change(call, rest, decide, err);
}
