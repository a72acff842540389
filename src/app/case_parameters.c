/* SPDX-License-Identifier: Apache-2.0 */
/* What was posted to a step, read by the table. What the table does not name is refused: a
 * parameter that nobody reads is a mistake better told than ignored. */
#include <string.h>

#include "base/id.h"

#include "app/case_internal.h"
#include "crypto/digest.h"
#include "fhir/value.h"

static const char *const members[] = {
    [CASE_VALUE_TEXT] = "valueString",
    [CASE_VALUE_CODE] = "valueCode",
    [CASE_VALUE_BOOLEAN] = "valueBoolean",
    [CASE_VALUE_ORGANIZATION] = "valueReference",
    [CASE_VALUE_LOCATION] = "valueReference",
    [CASE_VALUE_TIME] = "valueDateTime",
    [CASE_VALUE_ATTACHMENT] = "valueAttachment",
    [CASE_VALUE_ID] = "valueId",
};

/* The place of ${name} in the table; CASE_PARAMETERS_MAX: it is not there. */
static size_t place_of(const struct case_step *step, struct str name)
{
    size_t i = 0;

    while (i < CASE_PARAMETERS_MAX && step->parameters[i].name &&
           !str_is(name, step->parameters[i].name))
        i++;
    return i < CASE_PARAMETERS_MAX && step->parameters[i].name ? i
                                                               : CASE_PARAMETERS_MAX;
}

const struct json *case_given_value(
    const struct case_step *step, const struct case_given *given, const char *name)
{
    size_t at = place_of(step, str_of(name));

    return at < CASE_PARAMETERS_MAX ? given->values[at] : NULL;
}

struct str case_given_text(
    const struct case_step *step, const struct case_given *given, const char *name)
{
    return text_trim(json_text(case_given_value(step, given, name)));
}

bool case_given_true(
    const struct case_step *step, const struct case_given *given, const char *name)
{
    return json_kind(case_given_value(step, given, name)) == JSON_TRUE;
}

/* ---- one value ---- */

bool case_code_listed(struct str code, const char *codes)
{
    struct str rest = str_of(codes);

    while (code.len > 0 && rest.p) {
        if (str_eq(str_cut(&rest, ' '), code))
            return true;
    }
    return false;
}

static int check_text(
    const struct case_parameter *p, const struct json *value, struct err *err)
{
    struct str text = text_trim(json_text(value));

    if (json_kind(value) != JSON_STRING || text.len == 0)
        return err_set(err, E_INVALID, p->name,
            "Say %s: the parameter %s must be a text.", p->what, p->name);
    if (text.len > LIMIT_CASE_TEXT_BYTES)
        return err_set(err, E_TOO_LARGE, p->name,
            "The parameter %s may have %d bytes at most.", p->name,
            LIMIT_CASE_TEXT_BYTES);
    return 0;
}

static int check_attachment(const struct json *value, struct err *err)
{
    if (json_is_object(value) && json_get_text(value, "url").len > 0 &&
        !json_get(value, "data"))
        return 0;
    return err_set(err, E_INVALID, "attachment",
        "An attachment names a Binary that was stored before: valueAttachment with a "
        "url "
        "such as Binary/ID, and no data.");
}

static int check_location(
    const struct case_parameter *p, const struct json *value, struct err *err)
{
    if (str_starts(json_get_text(value, "reference"), "Location/"))
        return 0;
    return err_set(err, E_INVALID, p->name,
        "Say which bed: the parameter %s must be a valueReference to a Location.",
        p->name);
}

static int check_value(
    const struct case_parameter *p, const struct json *value, struct err *err)
{
    enum json_kind kind = json_kind(value);
    utc_ms from = 0;
    utc_ms until = 0;

    switch (p->value) {
    case CASE_VALUE_TEXT:
        return check_text(p, value, err);
    case CASE_VALUE_ATTACHMENT:
        return check_attachment(value, err);
    case CASE_VALUE_CODE:
        if (case_code_listed(json_text(value), p->codes))
            return 0;
        return err_set(err, E_INVALID, p->name,
            "Say %s: the parameter %s must be a valueCode of: %s.", p->what, p->name,
            p->codes);
    case CASE_VALUE_BOOLEAN:
        if (kind == JSON_TRUE || kind == JSON_FALSE)
            return 0;
        return err_set(err, E_INVALID, p->name,
            "The parameter %s must be a valueBoolean, true or false.", p->name);
    case CASE_VALUE_ORGANIZATION:
        if (str_starts(json_get_text(value, "reference"), "Organization/"))
            return 0;
        return err_set(err, E_INVALID, p->name,
            "Say %s: the parameter %s must be a valueReference to an Organization.",
            p->what, p->name);
    case CASE_VALUE_LOCATION:
        return check_location(p, value, err);
    case CASE_VALUE_TIME:
        if (fhir_date_range(json_text(value), &from, &until))
            return 0;
        return err_set(err, E_INVALID, p->name,
            "The parameter %s must be a valueDateTime, such as "
            "2026-01-31T18:30:00+08:00.",
            p->name);
    case CASE_VALUE_ID:
        break;
    }
    if (id_valid(json_text(value)))
        return 0;
    return err_set(err, E_INVALID, p->name,
        "The parameter %s must be a valueId of 1 to 64 of the characters A-Z, a-z, "
        "0-9, - "
        "and .",
        p->name);
}

/* ---- all of them ---- */

static int keep(const struct case_parameter *p, const struct json *value,
    struct case_given *ret, size_t at, struct err *err)
{
    if (p->value == CASE_VALUE_ATTACHMENT) {
        if (ret->attachment_count == LIMIT_CASE_ATTACHMENTS)
            return err_set(err, E_TOO_LARGE, p->name,
                "At most %d files go with one message.", LIMIT_CASE_ATTACHMENTS);
        ret->attachments[ret->attachment_count++] = value;
    } else if (ret->values[at]) {
        return err_set(
            err, E_INVALID, p->name, "The parameter %s is there twice.", p->name);
    }
    ret->values[at] = value;
    return 0;
}

static int take(const struct case_step *step, const struct json *parameter,
    struct case_given *ret, struct err *err)
{
    struct str name = json_get_text(parameter, "name");
    size_t at = place_of(step, name);
    const struct case_parameter *p = NULL;
    const struct json *value = NULL;
    int r = 0;

    if (at == CASE_PARAMETERS_MAX)
        return err_set(err, E_INVALID, "Parameters.parameter",
            "$%s has no parameter named %.*s.", step->name,
            (int)(name.len > 60 ? 60 : name.len), name.p ? name.p : "");
    p = &step->parameters[at];
    value = json_get(parameter, members[p->value]);
    if (!value)
        return err_set(err, E_INVALID, p->name, "The parameter %s must have a %s.",
            p->name, members[p->value]);
    r = check_value(p, value, err);
    return r < 0 ? r : keep(p, value, ret, at, err);
}

static int check_all(
    const struct case_step *step, const struct case_given *given, struct err *err)
{
    for (size_t i = 0; i < CASE_PARAMETERS_MAX && step->parameters[i].name; i++) {
        const struct case_parameter *p = &step->parameters[i];

        if (p->required && !given->values[i])
            return err_set(err, E_INVALID, p->name,
                "Say %s: $%s needs the parameter %s (%s%s%s).", p->what, step->name,
                p->name, members[p->value], p->codes ? " of: " : "",
                p->codes ? p->codes : "");
    }
    if (step->says && !given->attachment_count &&
        !case_given_value(step, given, "text"))
        return err_set(err, E_INVALID, "text",
            "Say %s: $%s needs the parameter text (valueString) or attachment.",
            step->parameters[0].what, step->name);
    return 0;
}

static int digest(const struct json *body, struct case_given *ret, struct err *err)
{
    uint8_t bytes[CRYPTO_DIGEST_BYTES];
    struct buf b;
    int r = 0;

    buf_init(&b, LIMIT_BODY_BYTES);
    if (body)
        json_write(&b, json_get(body, "parameter"));
    r = buf_error(&b, "The request", err);
    if (r == 0) {
        crypto_digest_once(bytes, b.data, b.len);
        hex_encode(bytes, 8, ret->digest);
    }
    buf_done(&b);
    return r;
}

int case_parameters_read(struct app_call *call, const struct case_step *step,
    struct case_given *ret, struct err *err)
{
    struct case_given given = {.attachment_count = 0};
    const struct json *body = NULL;
    struct json_each it;
    int r = call->body.len > 0 ? body_read(call, &body, err) : 0;

    if (r == 0 && body && !str_is(json_get_text(body, "resourceType"), "Parameters"))
        r = err_set(err, E_INVALID, "resourceType",
            "What is posted to $%s must be a Parameters resource.", step->name);
    it = json_each(json_get(body, "parameter"));
    while (r == 0 && json_next(&it))
        r = take(step, it.value, &given, err);
    if (r == 0)
        r = check_all(step, &given, err);
    if (r == 0)
        r = digest(body, &given, err);
    if (r == 0)
        *ret = given;
    return r;
}
