/* SPDX-License-Identifier: Apache-2.0 */
/* An element R4 does not know: what its writer may have meant. Only on errors, so
 * plain rather than fast. */
#include <strings.h>

#include "fhir/validate_internal.h"

#define TYPO_CHARS 40 /* longer names are not compared */
#define TYPO_DISTANCE 2

static size_t least(size_t a, size_t b, size_t c)
{
    size_t m = a < b ? a : b;
    return m < c ? m : c;
}

/* Letters to insert, drop, change or swap with the next to make ${b} of ${a}. */
static size_t edit_distance(struct str a, struct str b)
{
    size_t row[3][TYPO_CHARS + 1]; /* two before, one before, this */

    for (size_t j = 0; j <= b.len; j++)
        row[1][j] = j;
    for (size_t i = 1; i <= a.len; i++) {
        row[2][0] = i;
        for (size_t j = 1; j <= b.len; j++) {
            size_t change = a.p[i - 1] == b.p[j - 1] ? 0 : 1;
            row[2][j] = least(row[1][j] + 1, row[2][j - 1] + 1, row[1][j - 1] + change);
            if (i > 1 && j > 1 && a.p[i - 1] == b.p[j - 2] &&
                a.p[i - 2] == b.p[j - 1] && row[0][j - 2] + 1 < row[2][j])
                row[2][j] = row[0][j - 2] + 1;
        }
        memcpy(row[0], row[1], sizeof(row[0]));
        memcpy(row[1], row[2], sizeof(row[1]));
    }
    return row[1][b.len];
}

/* The element whose name is nearest to ${name}; NULL if none is near. */
static const struct fhir_element *nearest(const struct fhir_type *type, struct str name)
{
    const struct fhir_element *best = NULL;
    size_t best_distance = TYPO_DISTANCE + 1;

    if (name.len < 2 || name.len > TYPO_CHARS)
        return NULL;
    for (size_t i = type->first; i < (size_t)type->first + type->count; i++) {
        const struct fhir_element *e = &fhir_elements[i];
        size_t distance;
        if (e->name_len > TYPO_CHARS)
            continue;
        if (e->name_len == name.len && strncasecmp(e->name, name.p, name.len) == 0)
            return e;
        distance = edit_distance(name, (struct str){e->name, e->name_len});
        /* half of a short name changed is another name */
        if (distance < best_distance && distance * 2 < name.len) {
            best = e;
            best_distance = distance;
        }
    }
    return best;
}

/* "value" where valueQuantity is meant: the first element of a choice of that name. */
static const struct fhir_element *choice_of(
    const struct fhir_type *type, struct str name)
{
    for (size_t i = type->first; i < (size_t)type->first + type->count; i++) {
        const struct fhir_element *e = &fhir_elements[i];
        if (e->choice && e->name_len > name.len && name.len > 0 &&
            memcmp(e->name, name.p, name.len) == 0 && e->name[name.len] >= 'A' &&
            e->name[name.len] <= 'Z')
            return e;
    }
    return NULL;
}

void check_unknown(struct check *c, const struct fhir_type *type, struct str name,
    const struct place *place)
{
    const struct fhir_element *choice = choice_of(type, name);
    const struct fhir_element *near = choice ? NULL : nearest(type, name);

    if (choice)
        check_problem(c, place, "structure",
            "%.*s is not an element of %s; its name says the type too, such as %s.",
            SHOWN(name), type->name, choice->name);
    else if (near)
        check_problem(c, place, "structure",
            "%.*s is not an element of %s; did you mean %s?", SHOWN(name), type->name,
            near->name);
    else
        check_problem(c, place, "structure", "%.*s is not an element of %s.",
            SHOWN(name), type->name);
}
