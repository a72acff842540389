/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Some records changed together, in one transaction, by this program: each is checked and
 * stored as any other, under the condition that it still is what was looked at. Whoever
 * makes a change asks before whether it may be made; here nothing is asked.
 */
#ifndef APP_CHANGE_H
#define APP_CHANGE_H

#include "app/app_internal.h"

#define CHANGE_RECORDS 12

struct change {
    struct app_call *call;
    struct store_write list[CHANGE_RECORDS];
    size_t count;
};

/* Make ${b} what ${w} writes as the record ${id} of ${type}, in ${call}'s arena; ${before} and
 * errors as with change_put(). */
struct change_of {
    const struct fhir_type *type;
    struct str id;
    const struct store_record *before;
};
int change_prepare(struct app_call *call, const struct change_of *of,
    const struct buf *b, struct store_write *w, struct err *err);

/* ${b} becomes the record ${id} of ${type}, in ${c}'s arena. ${before}: the version that was
 * looked at; NULL: there must be none. E_INVALID: it is no such record. */
int change_put(struct change *c, const struct fhir_type *type, struct str id,
    const struct store_record *before, const struct buf *b, struct err *err);

/* Write all of it; waits until it is on the disk, so never on the writer's thread.
 * E_CONFLICT: one of them was changed meanwhile, and nothing was written. */
int change_commit(struct change *c, struct err *err);

/* A call in the name of the node itself, with memory from ${a}. */
struct app_call change_by_node(struct app *app, struct arena *a);

#endif
