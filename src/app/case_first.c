/* SPDX-License-Identifier: Apache-2.0 */
/* Who was first: which step brought a case to where it stands, and what who comes second is
 * told of it. */
#include <string.h>

#include "app/access_internal.h"
#include "app/case_internal.h"
#include "fhir/value.h"

#define STEP_URL "https://belay.health/StructureDefinition/case-step"

/* ---- the last step ---- */

struct case_last case_last_step(const struct json *task)
{
    struct json_each it = json_each(json_get(task, "extension"));
    struct case_last last = {.name = {NULL, 0}};

    while (json_next(&it)) {
        struct json_each part = json_each(json_get(it.value, "extension"));

        if (!str_is(json_get_text(it.value, "url"), STEP_URL))
            continue;
        while (json_next(&part)) {
            struct str url = json_get_text(part.value, "url");
            const struct json *by = json_get(part.value, "valueReference");

            if (str_is(url, "name"))
                last.name = json_get_text(part.value, "valueCode");
            else if (str_is(url, "at"))
                last.at = json_get_text(part.value, "valueInstant");
            else if (str_is(url, "digest"))
                last.digest = json_get_text(part.value, "valueString");
            else if (str_is(url, "by")) {
                last.by = json_get_text(by, "reference");
                last.program = json_get_text(by, "display");
            }
        }
    }
    return last;
}

/* ---- who was first ---- */

/* "Given Family" or the name as a text. */
static struct str join_name(struct arena *a, const struct json *name)
{
    struct str text = json_get_text(name, "text");
    struct str family = json_get_text(name, "family");
    struct str given = json_text(json_at(json_get(name, "given"), 0));
    char *joined = NULL;

    if (text.p || !family.p)
        return text;
    joined = arena_printf(a, "%.*s%s%.*s", (int)given.len, given.p ? given.p : "",
        given.p ? " " : "", (int)family.len, family.p);
    return str_of(joined);
}

struct str case_person_name(struct case_doing *d, struct str reference)
{
    struct fhir_reference ref =
        fhir_reference_parse(reference, d->call->app->base[APP_FHIR]);
    struct arena *a = d->call->arena;
    struct store_record rec = {0};
    const struct json *json = NULL;

    if (ref.form != FHIR_REF_LOCAL || ref.type != case_type("Practitioner")->number ||
        store_get(d->snapshot, a, ref.type, ref.id, &rec, NULL) < 0 ||
        rec.body.len == 0 || json_read_trusted(a, rec.body, &json, NULL) < 0)
        return (struct str){NULL, 0};
    return join_name(a, json_at(json_get(json, "name"), 0));
}

static const char *done_word(struct str name)
{
    for (size_t i = 0; i < case_step_count; i++) {
        if (str_is(name, case_steps[i].name))
            return case_steps[i].done;
    }
    return "moved";
}

/* "sent or allocated" */
static const char *from_words(struct arena *a, unsigned from)
{
    const char *text = NULL;

    for (int i = CASE_STATES - 1; i > CASE_UNKNOWN; i--) {
        const char *code = case_state_code((enum case_state)i);

        if (from & CASE_IN(i))
            text = text ? arena_printf(a, "%s%s%s", code,
                              strstr(text, " or ") ? ", " : " or ", text)
                        : code;
    }
    return text ? text : "";
}

int case_refuse_state(struct case_doing *d, struct err *err)
{
    struct case_last last = case_last_step(d->task);
    struct str who = last.by.p ? case_person_name(d, last.by) : last.program;
    const char *from = from_words(d->call->arena, d->step->from);

    if (d->state == CASE_UNKNOWN)
        return err_set(err, E_CONFLICT, NULL,
            "This ServiceRequest is no case that can be moved: it has the status %.*s, "
            "and "
            "no Task of its id that says where it stands. Cases begin as a draft, and "
            "are "
            "sent by $send.",
            (int)json_get_text(d->request, "status").len,
            json_get_text(d->request, "status").p
                ? json_get_text(d->request, "status").p
                : "");
    if (!last.name.p)
        return err_set(err, E_CONFLICT, NULL,
            "This case is a %s: $%s is for cases that are %s. Nothing was changed.",
            case_state_code(d->state), d->step->name, from);
    return err_set(err, E_CONFLICT, NULL,
        "This case was %s by %.*s at %.*s and is %s now: $%s is for cases that are %s. "
        "Nothing was changed.",
        done_word(last.name), (int)(who.p ? who.len : 8), who.p ? who.p : "somebody",
        (int)last.at.len, last.at.p ? last.at.p : "", case_state_code(d->state),
        d->step->name, from);
}

/* ---- whom it was taken from ---- */

/* Does the step ${name} take a case from those who were asked? */
static bool takes_away(struct str name)
{
    for (size_t i = 0; i < case_step_count; i++) {
        const struct case_step *step = &case_steps[i];

        if (str_is(name, step->name))
            return step->does == CASE_DOES_REROUTE ||
                   strcmp(case_request_status(step->to), "active") != 0;
    }
    return false;
}

int case_refuse_gone(struct case_doing *d, struct err *err)
{
    struct case_last last = case_last_step(d->task);
    const struct case_left_ask ask = {.snapshot = d->snapshot,
        .reader = d->reader,
        .arena = d->call->arena,
        .request = d->request_record.rid};
    struct str who = {NULL, 0};
    utc_ms lo = 0, hi = 0;
    bool left = false;
    int r = 0;

    if (!(d->step->who & CASE_ASKED) || d->state == CASE_UNKNOWN ||
        !takes_away(last.name) || !fhir_date_range(last.at, &lo, &hi) ||
        d->now - lo > (utc_ms)LIMIT_CASE_GONE_SECONDS * 1000)
        return 0;
    r = case_left(&ask, &left, err);
    if (r < 0 || !left)
        return r;
    who = last.by.p ? case_person_name(d, last.by) : last.program;
    return err_set(err, E_CONFLICT, NULL,
        "This case was %s by %.*s at %.*s and is not yours any more. Nothing was "
        "changed.",
        done_word(last.name), (int)(who.p ? who.len : 8), who.p ? who.p : "somebody",
        (int)last.at.len, last.at.p);
}
