/* SPDX-License-Identifier: Apache-2.0 */
/* Look-ups in the tables of code systems: binary search, and passes over the pairs until
 * nothing is added; the deepest system takes a dozen. */
#include "fhir/hierarchy.h"

const struct fhir_code_system *fhir_code_system_named(struct str url)
{
    size_t low = 0, high = fhir_code_system_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = str_cmp(url, str_of(fhir_code_systems[middle].url));
        if (order == 0)
            return &fhir_code_systems[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

/* The concept ${code}; count: none. */
static size_t find(const struct fhir_code_system *s, struct str code)
{
    size_t low = 0, high = s->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = str_cmp(code, str_of(fhir_concepts[s->first + middle]));
        if (order == 0)
            return middle;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return s->count;
}

size_t fhir_code_line(const struct fhir_code_system *system, struct str code,
    bool below, bool ret[FHIR_CONCEPTS_MOST])
{
    const struct fhir_kind_of *pairs = &fhir_kinds[system->first_pair];
    size_t at = find(system, code), count = 1, before = 0, i;

    if (at == system->count)
        return 0;
    for (i = 0; i < system->count; i++)
        ret[i] = i == at;
    while (count != before) {
        before = count;
        for (i = 0; i < system->pair_count; i++) {
            uint16_t from = below ? pairs[i].parent : pairs[i].child;
            uint16_t to = below ? pairs[i].child : pairs[i].parent;
            count += ret[from] && !ret[to];
            ret[to] |= ret[from];
        }
    }
    return count;
}
