/* SPDX-License-Identifier: Apache-2.0 */
/* Codes to entries of the catalogue. */
#include "app/catalogue.h"

#define ICD_10 "http://hl7.org/fhir/sid/icd-10"
#define ICD_LEAST 3 /* characters of the shortest code */

void catalogue_use(const struct catalogue *c)
{
    catalogue_version = c->version;
    catalogue_devices = c->devices;
    catalogue_device_count = c->device_count;
    catalogue_procedures = c->procedures;
    catalogue_procedure_count = c->procedure_count;
    catalogue_illnesses = c->illnesses;
    catalogue_illness_count = c->illness_count;
}

static bool find(
    const struct catalogue_entry *table, size_t count, struct str code, uint32_t *ret)
{
    size_t low = 0, high = count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = str_cmp(str_of(table[middle].code), code);

        if (order == 0) {
            *ret = (uint32_t)middle;
            return true;
        }
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

/* The longest code of the catalogue that ${code} begins with. */
static bool find_illness(struct str code, uint32_t *ret)
{
    for (; code.len >= ICD_LEAST; code.len--) {
        if (find(catalogue_illnesses, catalogue_illness_count, code, ret)) {
            *ret += (uint32_t)catalogue_procedure_count;
            return true;
        }
    }
    return false;
}

bool catalogue_find(struct str system, struct str code, uint32_t *ret)
{
    bool any = !system.p;

    if (!code.p)
        return false;
    if ((any || str_is(system, CATALOGUE_PROCEDURE_SYSTEM)) &&
        find(catalogue_procedures, catalogue_procedure_count, code, ret))
        return true;
    return (any || str_is(system, CATALOGUE_ILLNESS_SYSTEM) ||
               str_is(system, ICD_10)) &&
           find_illness(code, ret);
}

bool catalogue_find_device(struct str code, uint32_t *ret)
{
    return code.p && find(catalogue_devices, catalogue_device_count, code, ret);
}

uint32_t catalogue_things(void)
{
    return (uint32_t)(catalogue_procedure_count + catalogue_illness_count);
}

bool catalogue_is_procedure(uint32_t thing)
{
    return thing < catalogue_procedure_count;
}

const struct catalogue_entry *catalogue_thing(uint32_t thing)
{
    return catalogue_is_procedure(thing)
               ? &catalogue_procedures[thing]
               : &catalogue_illnesses[thing - catalogue_procedure_count];
}
