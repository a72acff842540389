/* SPDX-License-Identifier: Apache-2.0 */
/* What was posted to an operation beside a case, read by its table. What the table does not
 * name is refused, within parts too. */
#include "base/id.h"

#include "app/beside_internal.h"
#include "fhir/value.h"

static const char *const members[] = {
    [BESIDE_TEXT] = "valueString",
    [BESIDE_CODE] = "valueCode",
    [BESIDE_BOOLEAN] = "valueBoolean",
    [BESIDE_NUMBER] = "valuePositiveInt",
    [BESIDE_INSTANT] = "valueInstant",
    [BESIDE_DATE] = "valueDate",
    [BESIDE_UNIT] = "valueReference",
    [BESIDE_PERSON] = "valueReference",
    [BESIDE_ATTACHMENT] = "valueAttachment",
    [BESIDE_ID] = "valueId",
    [BESIDE_PARTS] = "part",
};

/* The value of one parameter, whichever it has. */
static const struct json *value_of(const struct json *parameter)
{
    struct json_each it = json_each(parameter);

    while (json_next(&it)) {
        if (str_starts(it.name, "value") || str_is(it.name, "part"))
            return it.value;
    }
    return NULL;
}

struct beside_values beside_values(const struct json *list, const char *name)
{
    return (struct beside_values){.it = json_each(list), .name = name};
}

bool beside_next(struct beside_values *values)
{
    while (json_next(&values->it)) {
        if (!str_is(json_get_text(values->it.value, "name"), values->name))
            continue;
        values->value = value_of(values->it.value);
        return true;
    }
    return false;
}

const struct json *beside_value(const struct json *list, const char *name)
{
    struct beside_values values = beside_values(list, name);

    return beside_next(&values) ? values.value : NULL;
}

struct str beside_text(const struct json *list, const char *name)
{
    return text_trim(json_text(beside_value(list, name)));
}

bool beside_true(const struct json *list, const char *name)
{
    return json_kind(beside_value(list, name)) == JSON_TRUE;
}

/* A number as it is written; -1: it is no whole number of at most 9 digits. */
static int64_t number_of(const struct json *value)
{
    struct buf b;
    int64_t number = -1;

    buf_init(&b, 64);
    if (json_kind(value) == JSON_NUMBER)
        json_write(&b, value);
    if (!text_int((struct str){b.data, b.len}, 0, 999999999, &number))
        number = -1;
    buf_done(&b);
    return number;
}

int64_t beside_number(const struct json *list, const char *name)
{
    return number_of(beside_value(list, name));
}

/* ---- one value ---- */

static int check_text(
    const struct beside_parameter *p, const struct json *value, struct err *err)
{
    if (!json_is_string(value) || text_trim(json_text(value)).len == 0)
        return err_set(err, E_INVALID, p->name,
            "Say %s: the parameter %s must be a text.",
            p->what ? p->what : "what you have to say", p->name);
    if (json_text(value).len > LIMIT_CASE_TEXT_BYTES)
        return err_set(err, E_TOO_LARGE, p->name,
            "The parameter %s may have %d bytes at most.", p->name,
            LIMIT_CASE_TEXT_BYTES);
    return 0;
}

/* 'T' stands in an instant alone, and an instant says its zone. */
static bool is_time(const struct json *value, bool instant)
{
    struct str text = json_text(value);
    utc_ms lo = 0;
    utc_ms hi = 0;
    bool zone =
        text.len > 19 && (text.p[text.len - 1] == 'Z' || text.p[text.len - 6] == '+' ||
                             text.p[text.len - 6] == '-');

    return json_is_string(value) && fhir_date_range(text, &lo, &hi) &&
           (instant ? zone : text.len == 10);
}

static bool is_attachment(const struct json *value)
{
    return json_is_object(value) && json_get_text(value, "url").len > 0 &&
           !json_get(value, "data");
}

static bool fits(const struct beside_parameter *p, const struct json *value)
{
    int64_t number = 0;

    switch (p->value) {
    case BESIDE_CODE:
        return case_code_listed(json_text(value), p->codes);
    case BESIDE_BOOLEAN:
        return json_kind(value) == JSON_TRUE || json_kind(value) == JSON_FALSE;
    case BESIDE_NUMBER:
        number = number_of(value);
        return number >= 1 && number <= p->highest;
    case BESIDE_INSTANT:
        return is_time(value, true);
    case BESIDE_DATE:
        return is_time(value, false);
    case BESIDE_UNIT:
        return str_starts(json_get_text(value, "reference"), "Organization/");
    case BESIDE_PERSON:
        return str_starts(json_get_text(value, "reference"), "Practitioner/");
    case BESIDE_ATTACHMENT:
        return is_attachment(value);
    case BESIDE_ID:
        return id_valid(json_text(value));
    case BESIDE_TEXT:
    case BESIDE_PARTS:
        break;
    }
    return true;
}

/* What a value that does not fit should have been. */
static const char *form_of(struct arena *a, const struct beside_parameter *p)
{
    switch (p->value) {
    case BESIDE_CODE:
        return arena_printf(a, "a valueCode of: %s", p->codes);
    case BESIDE_NUMBER:
        return arena_printf(
            a, "a valuePositiveInt of at most %lld", (long long)p->highest);
    case BESIDE_BOOLEAN:
        return "a valueBoolean, true or false";
    case BESIDE_INSTANT:
        return "a valueInstant with its zone, such as 2026-03-02T15:00:00+08:00";
    case BESIDE_DATE:
        return "a valueDate, such as 2026-03-02";
    case BESIDE_UNIT:
        return "a valueReference to an Organization";
    case BESIDE_PERSON:
        return "a valueReference to a Practitioner";
    case BESIDE_ATTACHMENT:
        return "a valueAttachment with the url of a Binary that was stored before, and "
               "no data";
    case BESIDE_ID:
        return "a valueId of 1 to 64 of the characters A-Z, a-z, 0-9, - and .";
    case BESIDE_TEXT:
    case BESIDE_PARTS:
        break;
    }
    return members[p->value];
}

/* ---- all of them ---- */

static int check_list(struct arena *a, const struct beside_parameter *table,
    const struct json *list, struct err *err);

static int check_one(struct arena *a, const struct beside_parameter *p,
    const struct json *parameter, struct err *err)
{
    const struct json *value = json_get(parameter, members[p->value]);

    if (!value || !fits(p, value))
        return err_set(err, E_INVALID, p->name, "The parameter %s must be %s.", p->name,
            form_of(a, p));
    if (p->value == BESIDE_TEXT)
        return check_text(p, value, err);
    return p->value == BESIDE_PARTS /* NOLINTNEXTLINE(misc-no-recursion): once */
               ? check_list(a, p->parts, value, err)
               : 0;
}

static int check_count(
    const struct beside_parameter *p, const struct json *list, struct err *err)
{
    struct beside_values values = beside_values(list, p->name);
    unsigned count = 0;

    while (beside_next(&values))
        count++;
    if (p->required && count == 0)
        return err_set(err, E_INVALID, p->name,
            "Say %s: the parameter %s (%s%s%s) is needed.", p->what, p->name,
            members[p->value], p->codes ? " of: " : "", p->codes ? p->codes : "");
    if (count > (p->most ? p->most : 1))
        return err_set(err, p->most ? E_TOO_LARGE : E_INVALID, p->name,
            "The parameter %s may be there %u times at most.", p->name,
            p->most ? p->most : 1);
    return 0;
}

/* NOLINTNEXTLINE(misc-no-recursion): parts have no parts */
static int check_list(struct arena *a, const struct beside_parameter *table,
    const struct json *list, struct err *err)
{
    struct json_each it = json_each(list);
    int r = 0;

    while (r == 0 && json_next(&it)) {
        struct str name = json_get_text(it.value, "name");
        const struct beside_parameter *p = table;

        while (p->name && !str_is(name, p->name))
            p++;
        if (!p->name)
            return err_set(err, E_INVALID, "Parameters.parameter",
                "There is no parameter named %.*s here.",
                (int)(name.len > 60 ? 60 : name.len), name.p ? name.p : "");
        r = check_one(a, p, it.value, err);
    }
    for (; r == 0 && table->name; table++)
        r = check_count(table, list, err);
    return r;
}

int beside_given_read(struct beside *b, struct err *err)
{
    struct app_call *call = b->d.call;
    const struct json *body = NULL;
    int r = call->body.len > 0 ? body_read(call, &body, err) : 0;

    if (r == 0 && body && !str_is(json_get_text(body, "resourceType"), "Parameters"))
        r = err_set(err, E_INVALID, "resourceType",
            "What is posted to $%s must be a Parameters resource.", b->step->step.name);
    if (r == 0)
        r = check_list(
            call->arena, b->step->parameters, json_get(body, "parameter"), err);
    if (r == 0)
        b->given = json_get(body, "parameter");
    return r;
}
