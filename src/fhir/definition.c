/* SPDX-License-Identifier: Apache-2.0 */
/* Look-ups in the generated tables: binary search, no state. */
#include "fhir/definition.h"

/* The tables are sorted by length first: it is a cheaper test than the bytes. */
static int compare_name(struct str name, const char *other, size_t other_len)
{
    if (name.len != other_len)
        return name.len < other_len ? -1 : 1;
    return memcmp(name.p, other, name.len);
}

const struct fhir_type *fhir_type_named(struct str name)
{
    size_t low = 1;
    size_t high = fhir_type_count;

    if (str_is(name, fhir_types[0].name))
        return &fhir_types[0];
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct fhir_type *type = &fhir_types[middle];
        int order = compare_name(name, type->name, strlen(type->name));
        if (order == 0)
            return type;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

const struct fhir_type *fhir_resource_named(struct str name)
{
    const struct fhir_type *type = fhir_type_named(name);
    return type && type->kind == FHIR_RESOURCE ? type : NULL;
}

const struct fhir_type *fhir_type_numbered(unsigned number)
{
    uint16_t index = number <= FHIR_TYPE_NUMBER_MAX ? fhir_type_of_number[number] : 0;
    return index > 0 ? &fhir_types[index] : NULL;
}

const struct fhir_element *fhir_element_named(
    const struct fhir_type *type, struct str name)
{
    size_t low = type->first;
    size_t high = low + type->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct fhir_element *element = &fhir_elements[middle];
        int order = compare_name(name, element->name, element->name_len);
        if (order == 0)
            return element;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

const struct fhir_param *fhir_param_named(unsigned number, struct str code)
{
    size_t count = 0;
    const struct fhir_param *params = fhir_params_of(number, &count);
    size_t low = 0;
    size_t high = count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = str_cmp(code, str_of(params[middle].code));
        if (order == 0)
            return &params[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

const struct fhir_param *fhir_params_of(unsigned number, size_t *ret_count)
{
    if (number > FHIR_TYPE_NUMBER_MAX) {
        *ret_count = 0;
        return fhir_params;
    }
    *ret_count = fhir_type_param_counts[number];
    return &fhir_params[fhir_type_params[number]];
}

/* The first entry whose code is not less than ${code}. */
static size_t first_code(const struct fhir_value_set *vs, struct str code)
{
    size_t low = vs->first;
    size_t high = low + vs->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (str_cmp(str_of(fhir_codes[middle].code), code) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

bool fhir_value_set_has(
    const struct fhir_value_set *vs, struct str system, struct str code)
{
    size_t end = vs->first + vs->count;

    for (size_t i = first_code(vs, code); i < end; i++) {
        if (!str_is(code, fhir_codes[i].code))
            return false;
        if (!system.p || str_is(system, fhir_codes[i].system))
            return true;
    }
    return false;
}
