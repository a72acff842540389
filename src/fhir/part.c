/* SPDX-License-Identifier: Apache-2.0 */
/* Parameters, written and read. */
#include "fhir/part.h"

#include "fhir/put.h"

void fhir_parameters_open(struct json_out *o)
{
    json_open(o, '{');
    json_member(o, "resourceType", STR("Parameters"));
    json_name(o, "parameter");
    json_open(o, '[');
}

void fhir_parameters_close(struct json_out *o)
{
    json_close(o, ']');
    json_close(o, '}');
}

void fhir_part_open(struct json_out *o, const char *name)
{
    json_open(o, '{');
    json_member(o, "name", str_of(name));
}

void fhir_parts_open(struct json_out *o, const char *name)
{
    fhir_part_open(o, name);
    json_name(o, "part");
    json_open(o, '[');
}

void fhir_parts_close(struct json_out *o)
{
    json_close(o, ']');
    json_close(o, '}');
}

void fhir_part_put(
    struct json_out *o, const char *name, const char *kind, struct str value)
{
    if (value.len == 0)
        return;
    fhir_part_open(o, name);
    json_member(o, kind, value);
    json_close(o, '}');
}

void fhir_part_put_code(struct json_out *o, const char *name, const char *code)
{
    fhir_part_put(o, name, "valueCode", str_of(code));
}

void fhir_part_put_int(struct json_out *o, const char *name, long long value)
{
    fhir_part_open(o, name);
    json_name(o, "valueInteger");
    json_put_int(o, value);
    json_close(o, '}');
}

void fhir_part_put_real(struct json_out *o, const char *name, double value)
{
    char text[40];
    int len = snprintf(text, sizeof(text), "%.4f", value);

    fhir_part_put_decimal(o, name, (struct str){text, (size_t)len});
}

void fhir_part_put_decimal(struct json_out *o, const char *name, struct str text)
{
    fhir_part_open(o, name);
    json_name(o, "valueDecimal");
    json_put_raw(o, text);
    json_close(o, '}');
}

void fhir_part_put_flag(struct json_out *o, const char *name, bool value)
{
    fhir_part_open(o, name);
    json_name(o, "valueBoolean");
    json_put_bool(o, value);
    json_close(o, '}');
}

void fhir_part_put_day(struct json_out *o, const char *name, utc_ms at)
{
    char iso[TIME_ISO_MAX];

    time_iso(at, iso);
    fhir_part_put(o, name, "valueDate", (struct str){iso, 10});
}

void fhir_part_put_instant(struct json_out *o, const char *name, utc_ms at)
{
    char iso[TIME_ISO_MAX];

    time_iso(at, iso);
    fhir_part_put(o, name, "valueInstant", str_of(iso));
}

void fhir_part_put_reference(
    struct json_out *o, const char *name, struct str reference, struct str display)
{
    if (!reference.p)
        return;
    fhir_part_open(o, name);
    fhir_put_reference_shown(o, "valueReference", reference, display);
    json_close(o, '}');
}

const struct json *fhir_part_find(const struct json *list, const char *name)
{
    struct json_each it = json_each(list);

    while (json_next(&it)) {
        if (str_is(json_get_text(it.value, "name"), name))
            return it.value;
    }
    return NULL;
}

struct str fhir_part_value(const struct json *part)
{
    struct json_each it = json_each(part);

    while (json_next(&it)) {
        if (str_starts(it.name, "value"))
            return json_text(it.value);
    }
    return (struct str){NULL, 0};
}
