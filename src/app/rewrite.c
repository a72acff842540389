/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writing a resource out with some of its references replaced: Reference.reference,
 * elements of the kinds of URI (not canonicals), and the links of narratives, as R4's rules
 * of transactions have it. Identifiers keep their text
 * even where it looks like a reference. The walk follows the definitions, so that a text
 * that only looks like a URI stays as it is.
 */
#include <string.h>

#include "app/app_internal.h"

static int write_object(struct buf *b, const struct json *json,
    const struct fhir_type *type, struct rewrite *rw, struct err *err);

/* Replace what the resolver knows, write the rest as it is. */
static int write_text(struct buf *b, const struct json *value, enum rewrite_kind kind,
    struct rewrite *rw, struct err *err)
{
    struct str text = json_text(value);
    struct str other = {0};
    int r = rw->resolve(rw, text, kind, &other, err);

    if (r < 0)
        return r;
    json_write_text(b, r ? other : text);
    return 0;
}

/* ---- narratives ---- */

struct narrative {
    struct str left;
    struct buf out;
    struct rewrite *rw;
    struct err *err;
};

/* Copy ${len} bytes. */
static void pass(struct narrative *n, size_t len)
{
    buf_add(&n->out, n->left.p, len);
    n->left = (struct str){n->left.p + len, n->left.len - len};
}

static size_t find(const struct narrative *n, const char *chars)
{
    size_t at = 0;

    while (at < n->left.len && !strchr(chars, n->left.p[at]))
        at++;
    return at;
}

/* The quoted value of an attribute: from behind the opening quote to the closing one. */
static int pass_value(struct narrative *n, bool address, char quote)
{
    const char stop[] = {quote, '\0'};
    struct str value = {n->left.p, find(n, stop)};
    struct str other = {0};
    int r = 0;

    if (address)
        r = n->rw->resolve(n->rw, value, REWRITE_LINK, &other, n->err);
    if (r > 0) {
        buf_add(&n->out, other.p, other.len);
        n->left = (struct str){n->left.p + value.len, n->left.len - value.len};
    } else {
        pass(n, value.len);
    }
    return r < 0 ? r : 0;
}

/* The attributes of a tag, up to its end. ${which}: the one that holds an address. */
static int pass_tag(struct narrative *n, const char *which)
{
    int r = 0;

    while (r == 0 && n->left.len > 0 && n->left.p[0] != '>') {
        struct str name = {0};
        char quote = 0;

        pass(n, strchr(" \t\r\n/=", n->left.p[0]) ? 1 : 0);
        name = (struct str){n->left.p, find(n, " \t\r\n/=\"'>")};
        pass(n, name.len);
        pass(n, find(n, "\"'> /\t\r\nabcdefghijklmnopqrstuvwxyz"));
        if (n->left.len == 0 || (n->left.p[0] != '"' && n->left.p[0] != '\''))
            continue;
        quote = n->left.p[0];
        pass(n, 1);
        r = pass_value(n, which && str_is(name, which), quote);
        pass(n, n->left.len > 0);
    }
    return r;
}

/* <a href="..."> and <img src="..."> are links; all else is text. */
static int write_narrative(
    struct buf *b, const struct json *value, struct rewrite *rw, struct err *err)
{
    struct narrative n = {.left = json_text(value), .rw = rw, .err = err};
    int r = 0;

    if (!memmem(n.left.p, n.left.len, "href", 4) &&
        !memmem(n.left.p, n.left.len, "src", 3)) {
        json_write(b, value);
        return 0;
    }
    buf_init(&n.out, LIMIT_RECORD_BYTES);
    while (r == 0 && n.left.len > 0) {
        struct str name = {0};

        pass(&n, find(&n, "<"));
        pass(&n, n.left.len > 0);
        name = (struct str){n.left.p, find(&n, " \t\r\n/>")};
        pass(&n, name.len);
        r = pass_tag(&n, str_is(name, "a")     ? "href"
                         : str_is(name, "img") ? "src"
                                               : NULL);
    }
    if (r == 0)
        r = buf_error(&n.out, "The narrative", err);
    if (r == 0)
        json_write_text(b, (struct str){n.out.data, n.out.len});
    buf_done(&n.out);
    return r;
}

/* Canonicals name what they name wherever it is kept: R4 leaves them alone. */
static bool is_address(enum fhir_primitive p)
{
    return p == FHIR_URI || p == FHIR_URL || p == FHIR_OID || p == FHIR_UUID;
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
            return write_text(b, value, REWRITE_URI, rw, err);
        if (of->primitive == FHIR_XHTML)
            return write_narrative(b, value, rw, err);
        if (str_is(name, "reference") && strcmp(type->name, "Reference") == 0)
            return write_text(b, value, REWRITE_REFERENCE, rw, err);
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
