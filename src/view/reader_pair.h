/* SPDX-License-Identifier: Apache-2.0 */
/* Which departments help the same department: for who is asked next. */
#ifndef VIEW_READER_PAIR_H
#define VIEW_READER_PAIR_H

#include "view/reader.h"

struct reader_seconds {
    struct str hospital;     /* that asks: "Organization/ID" */
    const struct str *asked; /* units that are asked already, the same */
    size_t asked_count;
    size_t most; /* of those that are wanted */
};

/*
 * The departments that stand beside those of ${ask->asked}: a pairing of departments
 * (OrganizationAffiliation with the code department-pair, in force) ties them to a department
 * of the hospital that asks, to which one of those asked is tied as well. As "Organization/ID"
 * into ${ret}, in the order of their age.
 */
int reader_second_units(struct reader *rd, const struct reader_seconds *ask,
    struct str *ret, size_t *ret_count, struct err *err);

/*
 * Call ${visit} for each pairing (OrganizationAffiliation) in force between ${unit}, or what it is
 * part of, and ${hospital} or a unit of it; ${distance}: how far above ${unit} its end lies, nearest first.
 * ${affiliation} is good within the call. What ${visit} gives other than 0 ends it, and is
 * given back.
 */
typedef int (*reader_pairing_visit)(
    void *arg, const struct json *affiliation, size_t distance, struct err *err);
int reader_pairings(struct reader *rd, struct str unit, struct str hospital,
    reader_pairing_visit visit, void *arg, struct err *err);

/* Is ${affiliation} a pairing of two sides, which agreed to it, and not the term of a team, which one
 * side writes and which opens nothing to anybody? */
bool reader_is_pairing(const struct json *affiliation);

#endif
