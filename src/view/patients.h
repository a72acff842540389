/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which patients a record is about: those it is tied to by the parameters of R4's Patient
 * compartment, read from the rows of the search view. A Patient is about itself. A
 * patient's address is that patient where it begins with one of ${bases}, the addresses of
 * this node (NULL: none); any other is a patient elsewhere.
 */
#ifndef VIEW_PATIENTS_H
#define VIEW_PATIENTS_H

#include "store/store.h"
#include "view/search.h"

/* More are left out; R4 has no record that is usually about more than two. */
#define PATIENTS_MAX 8

struct patients {
    store_rid rids[PATIENTS_MAX]; /* ascending, none twice */
    size_t count;
};

/*
 * Does a record of type ${number} tell of patients? Patient, what has a link to the
 * compartment, and what carries such content without a link: Binary, Bundle, Task and
 * GuidanceResponse. Any thread; a look at a table.
 */
bool patients_in_type(unsigned number);

/* Add the patients of ${rid} as the index knows it now: none for a record that was
 * deleted. */
int patients_of(struct store_reader *r, store_rid rid, const struct search_bases *bases,
    struct patients *ret, struct err *err);

/* Add the patients that ${resource}, a record of the type ${type}, names. */
int patients_of_json(struct store_reader *r, unsigned type, const struct json *resource,
    const struct search_bases *bases, struct patients *ret, struct err *err);

/* Add the patients that a version names: ${prepared} is what the search view prepared of
 * it, ${type} its type's number. Inside the writer's transaction. */
int patients_of_prepared(struct store_tx *tx, unsigned type, const void *prepared,
    const struct search_bases *bases, struct patients *ret, struct err *err);

void patients_add(struct patients *p, store_rid patient);

#endif
