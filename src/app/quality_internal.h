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
#include "app/number_map.h"
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

/* What is known of one record beside its fact; texts are the memory's. */
struct quality_row {
    store_rid rid;
    struct str
        unit; /* the id of the Organization it belongs to; p NULL: that of its patient */
    struct str person; /* the id of the Practitioner who can mend it; p NULL: ${role} */
    enum quality_role role;
    int64_t order;   /* where in the log its first version stands */
    utc_ms first;    /* when that was written */
    bool undated;    /* which is no matter */
    uint32_t taken;  /* in which renewal it was taken last */
    uint32_t known;  /* since which renewal it is known */
    int64_t follows; /* then: which version the one that was seen last follows */
};

/* The types that are looked at. */
#define QUALITY_TYPES 5

/* The rows of one type by the number of their rid within it, which is counted up from 0. */
struct quality_index {
    uint32_t *rows; /* one more than the row; 0: there is none */
    size_t cap;
};

/* All facts as of one moment. */
struct quality_memory {
    struct arena *arena;
    struct quality_row *rows;
    struct quality_fact *facts; /* a row each */
    size_t count, cap;
    struct quality_index at[QUALITY_TYPES];
    struct number_map homes; /* by quality_fact.patient: the row of the patient */
    struct text_map names;   /* ids, each once -> ids */
    struct str *ids;
    size_t id_count, id_cap;
    int64_t seq;    /* the log up to here is in it */
    size_t changes; /* rows that were taken, the same one again counted too */
    uint32_t turn;  /* renewals */

    struct arena *of_suspects;
    struct quality_suspects suspects;
    size_t suspected; /* of so many changes; 0: not yet */
};

/* As of the snapshot ${reader} and of ${now}. Kept while it is read: no other thread changes it. */
int quality_take_hold(struct quality *q, struct store_reader *reader, utc_ms now,
    const struct quality_memory **ret, struct err *err);
void quality_release(struct quality *q);

/* ---- quality_take.c ---- */

/* The name of a type. */
const char *quality_type(size_t i);

/* ${record} (NULL: deleted) of type ${i} into ${fact}, but for when and where in the log it was written, and into
 * ${row}, whose rid and first stay; ids are slices of ${record}. */
void quality_take(size_t i, const struct json *record, struct str base,
    struct quality_fact *fact, struct quality_row *row);

#endif
