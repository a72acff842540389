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

#endif
