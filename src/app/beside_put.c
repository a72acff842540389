/* SPDX-License-Identifier: Apache-2.0 */
/* What the records of meetings and plans have in common. */
#include "base/id.h"

#include "app/beside_internal.h"
#include "fhir/put.h"
#include "fhir/value.h"

/* ---- reading ---- */

struct str beside_id_of(const struct beside *b, struct str reference, const char *type)
{
    struct fhir_reference ref =
        fhir_reference_parse(reference, b->d.call->app->base[APP_FHIR]);

    if (ref.form != FHIR_REF_LOCAL || ref.type != case_type(type)->number)
        return (struct str){NULL, 0};
    return ref.id;
}

/* A list of References, or of objects that hold one as "reference". */
bool beside_is_about(const struct beside *b, const struct json *references)
{
    struct json_each it = json_each(references);

    while (json_next(&it)) {
        const struct json *one = json_get(it.value, "reference");
        struct str text =
            json_is_object(one) ? json_get_text(one, "reference") : json_text(one);
        struct str id = beside_id_of(b, text, "ServiceRequest");

        if (id.p && str_eq(id, b->d.rest->id))
            return true;
    }
    return false;
}

static bool concept_has(const struct json *concept, const char *code)
{
    struct json_each it = json_each(json_get(concept, "coding"));

    while (json_next(&it)) {
        if (str_is(json_get_text(it.value, "system"), BESIDE_SYSTEM) &&
            (!code || str_is(json_get_text(it.value, "code"), code)))
            return true;
    }
    return false;
}

bool beside_has_mark(const struct json *resource, const char *code)
{
    const struct json *category = json_get(resource, "category");
    struct json_each it = json_each(category);

    if (concept_has(json_get(resource, "appointmentType"), code) ||
        concept_has(category, code))
        return true;
    while (json_is_array(category) && json_next(&it)) {
        if (concept_has(it.value, code))
            return true;
    }
    return false;
}

/* ---- names ---- */

struct str beside_reference(struct beside *b, const char *type, struct str id)
{
    return str_of(arena_printf(b->d.call->arena, "%s/%.*s", type, (int)id.len, id.p));
}

struct str beside_new_id(struct beside *b)
{
    char *id = arena_alloc_raw(b->d.call->arena, ID_UUID_CHARS + 1);

    if (!id)
        return (struct str){NULL, 0};
    id_uuid7(time_now(), id);
    return (struct str){id, ID_UUID_CHARS};
}

/* ---- writing ---- */

void beside_put_head(struct json_out *o, const char *type, struct str id)
{
    json_open(o, '{');
    json_member(o, "resourceType", str_of(type));
    json_member(o, "id", id);
}

void beside_put_mark(struct json_out *o, const char *name, const char *code, bool list)
{
    if (!list) {
        fhir_put_concept(o, name, BESIDE_SYSTEM, str_of(code));
        return;
    }
    json_name(o, name);
    json_open(o, '[');
    json_open(o, '{');
    json_name(o, "coding");
    json_open(o, '[');
    json_open(o, '{');
    json_member(o, "system", STR(BESIDE_SYSTEM));
    json_member(o, "code", str_of(code));
    json_close(o, '}');
    json_close(o, ']');
    json_close(o, '}');
    json_close(o, ']');
}

void beside_put_case(struct json_out *o, const struct beside *b)
{
    char text[LIMIT_ID_CHARS + 32];

    snprintf(text, sizeof(text), "ServiceRequest/%.*s", (int)b->d.rest->id.len,
        b->d.rest->id.p);
    json_open(o, '{');
    json_member(o, "reference", str_of(text));
    json_close(o, '}');
}

void beside_put_me(struct json_out *o, const char *name, const struct beside *b)
{
    fhir_put_reference_shown(o, name, b->d.call->caller.practitioner, b->d.display);
}

void beside_put_subject(struct json_out *o, const struct beside *b)
{
    json_name(o, "subject");
    json_put_value(o, json_get(b->d.request, "subject"));
}

void beside_open_extension(struct json_out *o, const char *url)
{
    json_open(o, '{');
    json_member(o, "url", str_of(url));
}

void beside_put_extension_text(
    struct json_out *o, const char *url, const char *member, struct str text)
{
    if (text.len == 0)
        return;
    beside_open_extension(o, url);
    json_member(o, member, text);
    json_close(o, '}');
}
