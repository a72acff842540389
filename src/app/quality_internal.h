/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of quality share.
 *
 *   quality.c       the facts in memory, and renewing them
 *   quality_take.c  a record becomes a fact
 *   quality_list.c  Organization/$quality, Organization/ID/$quality
 */
#ifndef APP_QUALITY_INTERNAL_H
#define APP_QUALITY_INTERNAL_H

#include "app/app_internal.h"
#include "app/quality.h"
#include "app/text_map.h"
#include "engine/quality/quality.h"

/* Who is to mend it, where no person is known. */
enum quality_role {
    QUALITY_CLINICIAN,
    QUALITY_HEAD,
    QUALITY_NURSE,
    QUALITY_ADMINISTRATOR,
};

/* Of one record; texts are the memory's. */
struct quality_row {
    struct quality_fact fact;
    store_rid rid;
    struct str
        unit; /* the id of the Organization it belongs to; p NULL: that of its patient */
    struct str person; /* the id of the Practitioner who can mend it; p NULL: ${role} */
    enum quality_role role;
    int64_t order; /* where in the log that stands */
    utc_ms first;  /* when its first version was written */
    bool undated;  /* which is no matter */
    bool taken;    /* in the renewal that is on its way */
    bool new;      /* it was not known before that */
};

/* All facts as of one moment. */
struct quality_memory {
    struct arena *arena;
    struct quality_row *rows;
    size_t count, cap;
    struct text_map at;    /* a rid's bytes -> row */
    struct text_map names; /* ids, each once -> ids */
    struct str *ids;
    size_t id_count, id_cap;
    int64_t seq;    /* the log up to here is in it */
    size_t changes; /* rows that were taken again */
};

/* Kept while it is read: no other thread changes it. */
int quality_take_hold(struct quality *q, struct store_reader *reader,
    const struct quality_memory **ret, struct err *err);
void quality_release(struct quality *q);

/* ---- quality_take.c ---- */

/* The types that are looked at: their number, and its name. */
#define QUALITY_TYPES 5
const char *quality_type(size_t i);

/* ${record} (NULL: deleted) of type ${i} into ${row}, whose rid and first stay; ids are slices of
 * ${record}. */
void quality_take(
    size_t i, const struct json *record, struct str base, struct quality_row *row);

#endif
