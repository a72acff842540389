/* SPDX-License-Identifier: Apache-2.0 */
/* What FHIRPath asks of single values: their types, equality and order. */
#include "base/limits.h"

#include "fhir/path_internal.h"
#include "fhir/value.h"

/* ---- types ---- */

uint16_t fhir_path_type(struct str name)
{
    const struct fhir_type *type = fhir_type_named(name);
    return type ? (uint16_t)(type - fhir_types) : 0;
}

/* The primitive or data type that ${type} is a special case of; NULL if none. */
static const char *parent_of(const struct fhir_type *type)
{
    static const char *const parents[][2] = {{"code", "string"}, {"id", "string"},
        {"markdown", "string"}, {"url", "uri"}, {"canonical", "uri"}, {"oid", "uri"},
        {"uuid", "uri"}, {"unsignedInt", "integer"}, {"positiveInt", "integer"},
        {"Age", "Quantity"}, {"Count", "Quantity"}, {"Distance", "Quantity"},
        {"Duration", "Quantity"}, {"Bundle", "Resource"}, {"Binary", "Resource"},
        {"Parameters", "Resource"}, {"DomainResource", "Resource"}};
    for (size_t i = 0; i < sizeof(parents) / sizeof(parents[0]); i++)
        if (strcmp(type->name, parents[i][0]) == 0)
            return parents[i][1];
    return type->kind == FHIR_RESOURCE ? "DomainResource" : NULL;
}

bool fhir_path_is(uint16_t type, uint16_t wanted)
{
    const char *name = type ? fhir_types[type].name : NULL;
    while (name) {
        const struct fhir_type *t = NULL;
        if (strcmp(name, fhir_types[wanted].name) == 0)
            return true;
        t = fhir_type_named(str_of(name));
        name = t ? parent_of(t) : NULL;
    }
    return false;
}

const struct fhir_element *fhir_path_element(uint16_t type, struct str name)
{
    return type ? fhir_element_named(&fhir_types[type], name) : NULL;
}

uint16_t fhir_path_actual_type(uint16_t type, const struct json *j)
{
    const struct fhir_type *said = NULL;
    if (type == 0 || fhir_types[type].kind != FHIR_ABSTRACT)
        return type;
    said = fhir_resource_named(json_get_text(j, "resourceType"));
    return said ? (uint16_t)(said - fhir_types) : type;
}

/* ---- texts ---- */

int fhir_path_join(struct arena *a, struct fhir_path_item *to,
    const struct fhir_path_item *list, size_t count, struct err *err)
{
    struct str text = json_text(to->value);
    struct str more = count == 1 ? json_text(list->value) : (struct str){NULL, 0};
    struct buf plain, json;
    int r = 0;

    if (count > 1 || (count == 1 && !json_is_string(list->value)))
        return err_set(err, E_INVALID, NULL,
            "The FHIRPath expression puts together what is no text.");
    buf_init(&plain, LIMIT_PATH_CHARS);
    buf_init(&json, (size_t)LIMIT_PATH_CHARS * 6 + 2);
    buf_add(&plain, text.p ? text.p : "", text.len);
    buf_add(&plain, more.p ? more.p : "", more.len);
    json_write_text(&json, (struct str){buf_cstr(&plain), plain.len});
    r = plain.error ? buf_error(&plain, "a text that is put together", err)
                    : buf_error(&json, "a text that is put together", err);
    if (r == 0)
        r = json_read_trusted(a, (struct str){json.data, json.len}, &to->value, err);
    to->type = fhir_path_type(STR("string"));
    buf_done(&plain);
    buf_done(&json);
    return r;
}

/* ---- order ---- */

static bool is_date(const struct fhir_path_item *item)
{
    enum fhir_primitive p =
        item->type ? fhir_types[item->type].primitive : FHIR_NOT_PRIMITIVE;
    return p == FHIR_DATE || p == FHIR_DATE_TIME || p == FHIR_INSTANT;
}

static enum path_order order_dates(struct str a, struct str b)
{
    utc_ms a_lo, a_hi, b_lo, b_hi;
    if (!fhir_date_range(a, &a_lo, &a_hi) || !fhir_date_range(b, &b_lo, &b_hi))
        return PATH_UNLIKE;
    if (a_hi <= b_lo)
        return PATH_BEFORE;
    if (b_hi <= a_lo)
        return PATH_AFTER;
    return a_lo == b_lo && a_hi == b_hi ? PATH_SAME : PATH_UNCLEAR;
}

static enum path_order order_numbers(struct str a, struct str b)
{
    double x, y;
    if (!fhir_number(a, &x) || !fhir_number(b, &y))
        return PATH_UNLIKE;
    return x < y ? PATH_BEFORE : x > y ? PATH_AFTER : PATH_SAME;
}

enum path_order fhir_path_compare(
    const struct fhir_path_item *a, const struct fhir_path_item *b)
{
    struct str x = json_text(a->value);
    struct str y = json_text(b->value);
    enum json_kind kind = json_kind(a->value);
    int order;
    if (kind != json_kind(b->value))
        return PATH_UNLIKE;
    if (kind == JSON_NUMBER)
        return order_numbers(x, y);
    if (kind != JSON_STRING)
        return PATH_UNLIKE;
    if (is_date(a) || is_date(b))
        return order_dates(x, y);
    order = str_cmp(x, y);
    return order < 0 ? PATH_BEFORE : order > 0 ? PATH_AFTER : PATH_SAME;
}

enum path_order fhir_path_equal(
    const struct fhir_path_item *a, const struct fhir_path_item *b)
{
    enum path_order order;
    if (a->value && a->value == b->value)
        return PATH_SAME;
    if (!a->value || !b->value)
        return PATH_UNLIKE;
    order = fhir_path_compare(a, b);
    if (order == PATH_UNCLEAR || order == PATH_SAME)
        return order;
    return order == PATH_UNLIKE && json_equal(a->value, b->value) ? PATH_SAME
                                                                  : PATH_UNLIKE;
}
