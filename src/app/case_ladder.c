/* SPDX-License-Identifier: Apache-2.0 */
/* Who is asked one after the other, and what a case must say before it is sent. */
#include "app/access_internal.h"
#include "app/case_internal.h"
#include "fhir/value.h"

/* ---- the ladder ---- */

static bool has_rung(const struct case_doing *d, struct str who)
{
    for (size_t i = 0; i < d->ladder_count; i++) {
        if (str_eq(d->ladder[i].who, who))
            return true;
    }
    return false;
}

void case_ladder_add(struct case_doing *d, struct str who, const char *as)
{
    if (who.p && d->ladder_count < LIMIT_CASE_LADDER && !has_rung(d, who))
        d->ladder[d->ladder_count++] = (struct case_rung){who, as};
}

/* First whom the request names from here on, then the departments that these stand for. */
void case_ladder_make(struct case_doing *d)
{
    const struct json *request = d->request_after ? d->request_after : d->request;
    struct json_each it = json_each(json_get(request, "performer"));

    d->ladder_count = 0;
    while (json_next(&it))
        case_ladder_add(d, json_get_text(it.value, "reference"), "expert");
    for (size_t i = 0; i < d->unit_count; i++)
        case_ladder_add(d, d->units[i], "backup");
}

/* ---- what is sent ---- */

static bool has_question(const struct json *request)
{
    struct json_each it = json_each(json_get(request, "reasonCode"));

    while (json_next(&it)) {
        if (json_get_text(it.value, "text").len > 0 || json_get(it.value, "coding"))
            return true;
    }
    return json_get(request, "code") != NULL || json_get(request, "reasonReference");
}

static bool has_kind(const struct json *request)
{
    struct json_each it = json_each(json_get(request, "category"));

    while (json_next(&it)) {
        struct json_each coding = json_each(json_get(it.value, "coding"));

        while (json_next(&coding)) {
            if (str_is(json_get_text(coding.value, "system"), CASE_KIND_SYSTEM))
                return true;
        }
    }
    return false;
}

static int check_draft(const struct case_doing *d, struct err *err)
{
    struct fhir_reference subject = fhir_reference_parse(
        json_get_text(json_get(d->request, "subject"), "reference"),
        d->call->app->base[APP_FHIR]);

    if (subject.form != FHIR_REF_LOCAL || subject.type != case_type("Patient")->number)
        return err_set(err, E_INVALID, "ServiceRequest.subject",
            "Say who it is about: the subject of a case must be a Patient of this "
            "server.");
    if (!has_question(d->request))
        return err_set(err, E_INVALID, "ServiceRequest.reasonCode",
            "Say what you ask: a case needs a question, in reasonCode.text.");
    if (!has_kind(d->request))
        return err_set(err, E_INVALID, "ServiceRequest.category",
            "Say what kind of case it is: a category of " CASE_KIND_SYSTEM ".");
    if (json_count(json_get(d->request, "performer")) == 0)
        return err_set(err, E_INVALID, "ServiceRequest.performer",
            "Say who is asked: a case needs a performer, such as a department.");
    return 0;
}

static int find_units(struct case_doing *d, struct err *err)
{
    int r = reader_units_asked(
        d->reader, d->request_after, d->units, LIMIT_CASE_UNITS, &d->unit_count, err);

    if (r == 0 && d->unit_count == 0)
        r = err_set(err, E_INVALID,
            d->step->does == CASE_DOES_REROUTE ? "to" : "ServiceRequest.performer",
            "Nobody would get this case: who is asked stands for no department that is "
            "known here.");
    return r;
}

/* Does the request, as it shall be, stay in the country, or has the patient agreed? */
static int check_border(struct case_doing *d, struct err *err)
{
    const struct access_write write = {
        .type = d->rest->type, .id = d->rest->id, .resource = d->request_after};

    if (!d->call->access_ || d->call->access_->whole)
        return 0;
    return access_check_consent(d->call->access_, &write, d->request, err);
}

int case_sending_check(struct case_doing *d, struct err *err)
{
    int r = 0;

    d->unit_count = 0;
    if (d->step->does == CASE_DOES_SEND)
        r = check_draft(d, err);
    else if (d->step->does != CASE_DOES_REROUTE && d->step->does != CASE_DOES_ESCALATE)
        return 0;
    if (r == 0 && d->request_after)
        r = find_units(d, err);
    if (r == 0 && d->request_after)
        r = check_border(d, err);
    if (r < 0 || d->step->does == CASE_DOES_ESCALATE)
        return r;
    case_ladder_make(d);
    return case_rungs_add(d, err);
}

/* ---- the next of it ---- */

struct str case_ladder_rung(const struct json *task, int64_t level)
{
    struct json_each it = json_each(json_get(task, "extension"));
    int64_t at = 0;

    while (json_next(&it)) {
        struct json_each rungs = json_each(json_get(it.value, "extension"));

        if (!str_is(json_get_text(it.value, "url"), CASE_LADDER_URL))
            continue;
        while (json_next(&rungs)) {
            struct json_each part = json_each(json_get(rungs.value, "extension"));

            while (at == level && json_next(&part)) {
                if (str_is(json_get_text(part.value, "url"), "who"))
                    return json_get_text(
                        json_get(part.value, "valueReference"), "reference");
            }
            at++;
        }
    }
    return (struct str){NULL, 0};
}
