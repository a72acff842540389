/* SPDX-License-Identifier: Apache-2.0 */
/*
 * _summary and _elements: a record cut down to some of its elements and marked with the
 * tag SUBSETTED, so that nobody takes it for the whole. What R4 demands always stays:
 * id, meta, elements that must be there and elements that change the meaning.
 */
#include <ctype.h>
#include <string.h>

#include "app/app_internal.h"

#define SUBSETTED_SYSTEM "http://terminology.hl7.org/CodeSystem/v3-ObservationValue"

struct cut {
    struct buf *b;
    const struct rest_view *view;
};

/* "name", "Patient.name" or "name.family" ask for element name; "value" for valueQuantity. */
static bool element_asked(const struct fhir_type *type, struct str asked,
    struct str name, const struct fhir_element *element)
{
    struct str first = str_cut(&asked, '.');

    if (asked.p && str_is(first, type->name))
        first = str_cut(&asked, '.');
    if (str_eq(first, name))
        return true;
    return element && element->choice && name.len > first.len && first.len > 0 &&
           memcmp(name.p, first.p, first.len) == 0 &&
           isupper((unsigned char)name.p[first.len]);
}

static bool in_elements(const struct rest_view *view, const struct fhir_type *type,
    struct str name, const struct fhir_element *element)
{
    for (size_t i = 0; i < view->element_count; i++) {
        if (element_asked(type, view->elements[i], name, element))
            return true;
    }
    return false;
}

static bool keep_top(
    const struct rest_view *view, const struct fhir_type *type, struct str name)
{
    struct str plain = name;
    const struct fhir_element *element = NULL;

    if (plain.len > 0 && plain.p[0] == '_')
        plain = (struct str){plain.p + 1, plain.len - 1};
    element = fhir_element_named(type, plain);
    if (str_is(plain, "resourceType") || str_is(plain, "id"))
        return true;
    if (view->summary == SEARCH_SUMMARY_DATA && str_is(plain, "text"))
        return false;
    if (view->element_count > 0 && in_elements(view, type, plain, element))
        return true;
    if (view->summary == SEARCH_SUMMARY_DATA)
        return view->element_count == 0 ||
               (element && (element->min > 0 || element->modifier));
    if (element && (element->min > 0 || element->modifier))
        return true;
    if (view->summary == SEARCH_SUMMARY_TEXT)
        return str_is(plain, "text");
    if (view->summary == SEARCH_SUMMARY_TRUE)
        return element && element->summary;
    return false;
}

static void cut_value(
    struct cut *c, const struct json *value, const struct fhir_type *of);

static void cut_array(
    struct cut *c, const struct json *array, const struct fhir_type *of)
{
    struct json_each it = json_each(array);

    buf_addc(c->b, '[');
    while (json_next(&it)) {
        if (it.index > 0)
            buf_addc(c->b, ',');
        cut_value(c, it.value, of);
    }
    buf_addc(c->b, ']');
}

/* Below the top only structures of the type itself are cut: data types are whole. */
static void cut_value(
    struct cut *c, const struct json *value, const struct fhir_type *of)
{
    struct json_each it = json_each(value);
    bool comma = false;

    if (json_is_array(value)) {
        cut_array(c, value, of);
        return;
    }
    if (!json_is_object(value) || !of || of->kind != FHIR_BACKBONE) {
        json_write(c->b, value);
        return;
    }
    buf_addc(c->b, '{');
    while (json_next(&it)) {
        struct str plain = it.name;
        const struct fhir_element *element = NULL;

        if (plain.len > 0 && plain.p[0] == '_')
            plain = (struct str){plain.p + 1, plain.len - 1};
        element = fhir_element_named(of, plain);
        if (!element || !(element->summary || element->min > 0 || element->modifier))
            continue;
        if (comma)
            buf_addc(c->b, ',');
        comma = true;
        json_write_text(c->b, it.name);
        buf_addc(c->b, ':');
        cut_value(c, it.value, &fhir_types[element->type]);
    }
    buf_addc(c->b, '}');
}

/* meta with one more tag. */
static void write_meta(struct buf *b, const struct json *meta)
{
    struct json_out o = json_out(b);
    struct json_each it = json_each(meta);
    struct json_each tags = json_each(json_get(meta, "tag"));

    json_open(&o, '{');
    while (json_next(&it)) {
        if (str_is(it.name, "tag"))
            continue;
        json_name(&o, it.name.p);
        json_put_value(&o, it.value);
    }
    json_name(&o, "tag");
    json_open(&o, '[');
    while (json_next(&tags))
        json_put_value(&o, tags.value);
    json_put_raw(
        &o, STR("{\"system\":\"" SUBSETTED_SYSTEM "\",\"code\":\"SUBSETTED\"}"));
    json_close(&o, ']');
    json_close(&o, '}');
}

void summary_write(struct buf *b, const struct json *resource,
    const struct fhir_type *type, const struct rest_view *view)
{
    struct cut cut = {b, view};
    struct json_each it = json_each(resource);
    bool nested = view->summary == SEARCH_SUMMARY_TRUE;

    if (!json_get(resource, "meta") && json_count(resource) == 0) {
        json_write(b, resource);
        return;
    }
    buf_addc(b, '{');
    while (json_next(&it)) {
        const struct fhir_element *element = NULL;
        bool meta = str_is(it.name, "meta");

        if (!meta && !keep_top(view, type, it.name))
            continue;
        if (b->data[b->len - 1] != '{')
            buf_addc(b, ',');
        json_write_text(b, it.name);
        buf_addc(b, ':');
        element = fhir_element_named(type, it.name);
        if (meta)
            write_meta(b, it.value);
        else if (nested && element)
            cut_value(&cut, it.value, &fhir_types[element->type]);
        else
            json_write(b, it.value);
        if (b->error)
            return;
    }
    buf_addc(b, '}');
}
