/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writing a resource out with some of its references replaced: Reference.reference,
 * elements of the kinds of URI, and addresses in narratives. Identifiers keep their text
 * even where it looks like a reference. The walk follows the definitions, so that a text
 * that only looks like a URI stays as it is.
 */
#include <string.h>

#include "app/app_internal.h"

static int write_object(struct buf *b, const struct json *json,
    const struct fhir_type *type, struct rewrite *rw, struct err *err);

/* Replace what the resolver knows, write the rest as it is. */
static int write_text(struct buf *b, const struct json *value, bool reference,
    struct rewrite *rw, struct err *err)
{
    struct str text = json_text(value);
    struct str other = {0};
    int r = rw->resolve(rw, text, reference, &other, err);

    if (r < 0)
        return r;
    json_write_text(b, r ? other : text);
    return 0;
}

/* In a narrative each href="..." and src="..." is an address. */
static int write_narrative(
    struct buf *b, const struct json *value, struct rewrite *rw, struct err *err)
{
    struct str left = json_text(value);
    struct buf out;
    int r = 0;

    if (!memmem(left.p, left.len, "\"urn:", 5) &&
        !memmem(left.p, left.len, "'urn:", 5)) {
        json_write(b, value);
        return 0;
    }
    buf_init(&out, LIMIT_RECORD_BYTES);
    while (left.len > 0 && r >= 0) {
        const char *at = memmem(left.p, left.len, "urn:", 4);
        size_t before = at ? (size_t)(at - left.p) : left.len;
        size_t len = 0;
        struct str other = {0};

        buf_add(&out, left.p, before);
        left = (struct str){left.p + before, left.len - before};
        while (len < left.len && !strchr("\"'<> ", left.p[len]))
            len++;
        if (len == 0)
            break;
        r = rw->resolve(rw, (struct str){left.p, len}, false, &other, err);
        if (r > 0)
            buf_add(&out, other.p, other.len);
        else
            buf_add(&out, left.p, len);
        left = (struct str){left.p + len, left.len - len};
    }
    if (r >= 0)
        r = buf_error(&out, "The narrative", err);
    if (r == 0)
        json_write_text(b, (struct str){out.data, out.len});
    buf_done(&out);
    return r < 0 ? r : 0;
}

static bool is_address(enum fhir_primitive p)
{
    return p == FHIR_URI || p == FHIR_URL || p == FHIR_CANONICAL || p == FHIR_OID ||
           p == FHIR_UUID;
}

static int write_array(struct buf *b, const struct fhir_type *type, struct str name,
    const struct json *array, struct rewrite *rw, struct err *err)
{
    struct json_each it = json_each(array);
    int r = 0;

    buf_addc(b, '[');
    while (r == 0 && json_next(&it)) {
        if (it.index > 0)
            buf_addc(b, ',');
        r = rewrite_member(b, type, name, it.value, rw, err);
    }
    buf_addc(b, ']');
    return r;
}

int rewrite_member(struct buf *b, const struct fhir_type *type, struct str name,
    const struct json *value, struct rewrite *rw, struct err *err)
{
    const struct fhir_element *element = NULL;
    const struct fhir_type *of = NULL;

    if (json_is_array(value))
        return write_array(b, type, name, value, rw, err);
    element = fhir_element_named(type, name);
    of = element ? &fhir_types[element->type] : NULL;
    if (of && json_is_string(value)) {
        if (is_address(of->primitive))
            return write_text(b, value, false, rw, err);
        if (of->primitive == FHIR_XHTML)
            return write_narrative(b, value, rw, err);
        if (str_is(name, "reference") && strcmp(type->name, "Reference") == 0)
            return write_text(b, value, true, rw, err);
    }
    if (of && json_is_object(value) && of->kind != FHIR_PRIMITIVE)
        return write_object(b, value, of, rw, err);
    json_write(b, value);
    return 0;
}

static int write_object(struct buf *b, const struct json *json,
    const struct fhir_type *type, struct rewrite *rw, struct err *err)
{
    struct json_each it = json_each(json);
    int r = 0;

    if (type->kind == FHIR_ABSTRACT) {
        type = fhir_resource_named(json_get_text(json, "resourceType"));
        if (!type) {
            json_write(b, json);
            return 0;
        }
    }
    buf_addc(b, '{');
    while (r == 0 && json_next(&it)) {
        if (it.index > 0)
            buf_addc(b, ',');
        json_write_text(b, it.name);
        buf_addc(b, ':');
        r = rewrite_member(b, type, it.name, it.value, rw, err);
    }
    buf_addc(b, '}');
    return r;
}
