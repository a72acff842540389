/* SPDX-License-Identifier: Apache-2.0 */
/* Datatypes, written. */
#include "fhir/put.h"

static void open_member(struct json_out *o, const char *name, char bracket)
{
    if (name)
        json_name(o, name);
    json_open(o, bracket);
}

void fhir_put_coding(
    struct json_out *o, const char *system, struct str code, struct str display)
{
    json_open(o, '{');
    json_member(o, "system", str_of(system));
    json_member(o, "code", code);
    json_member(o, "display", display);
    json_close(o, '}');
}

void fhir_put_concept(
    struct json_out *o, const char *name, const char *system, struct str code)
{
    open_member(o, name, '{');
    open_member(o, "coding", '[');
    fhir_put_coding(o, system, code, (struct str){NULL, 0});
    json_close(o, ']');
    json_close(o, '}');
}

void fhir_put_reference(struct json_out *o, const char *name, struct str reference)
{
    fhir_put_reference_shown(o, name, reference, (struct str){NULL, 0});
}

void fhir_put_reference_shown(
    struct json_out *o, const char *name, struct str reference, struct str display)
{
    open_member(o, name, '{');
    json_member(o, "reference", reference);
    json_member(o, "display", display);
    json_close(o, '}');
}

void fhir_put_references(
    struct json_out *o, const char *name, const struct str *list, size_t count)
{
    if (count == 0)
        return;
    open_member(o, name, '[');
    for (size_t i = 0; i < count; i++)
        fhir_put_reference(o, NULL, list[i]);
    json_close(o, ']');
}

void fhir_put_time(struct json_out *o, const char *name, utc_ms at)
{
    char iso[TIME_ISO_MAX];

    json_member(o, name, (struct str){iso, time_iso(at, iso)});
}

void fhir_put_but(struct json_out *o, const struct json *record, const char *const *but)
{
    struct json_each it = json_each(record);

    while (json_next(&it)) {
        bool skip = str_is(it.name, "meta") && json_count(it.value) == 0;

        for (const char *const *name = but; *name; name++)
            skip = skip || str_is(it.name, *name);
        if (skip)
            continue;
        if (o->comma)
            buf_addc(o->buf, ',');
        json_write_text(o->buf, it.name);
        buf_addc(o->buf, ':');
        json_write(o->buf, it.value);
        o->comma = true;
    }
}
