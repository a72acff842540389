/* SPDX-License-Identifier: Apache-2.0 */
/* What apply.c and foreign.c share: one write under way. Writer's thread. */
#ifndef STORE_APPLY_H
#define STORE_APPLY_H

#include "store/foreign.h"
#include "store/writer.h"

/* What is current under a name. */
struct apply_now {
    bool known; /* there is a row; record is set */
    struct driver_record record;
    struct driver_version version; /* header, where record.head is not 0 */
    char vid[STORE_VID_CHARS + 1];
};

struct apply_write {
    struct store_write *write;
    unsigned actor;
    struct str actor_name;
    utc_ms at; /* 0: now */
    struct apply_now now;
};

/* The row of a name. E_NOT_FOUND. */
int apply_find(struct writer *w, unsigned type, struct str id,
    struct driver_record *ret, struct err *err);

int apply_intern(
    struct writer *w, unsigned type, struct str id, store_rid *ret, struct err *err);

/* Where the body of ${w} goes. */
void apply_body(
    const struct store *s, const struct store_write *w, struct driver_version *v);

/* Counters after a record of ${type} went from ${was_live} to ${is_live} by ${w}. */
int apply_count(struct writer *writer, const struct store_write *w, unsigned type,
    bool was_live, bool is_live, struct err *err);

int foreign_apply(struct writer *writer, struct apply_write *aw, struct err *err);

#endif
