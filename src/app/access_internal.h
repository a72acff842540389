/* SPDX-License-Identifier: Apache-2.0 */
/* What access.c and access_write.c share. */
#ifndef APP_ACCESS_INTERNAL_H
#define APP_ACCESS_INTERNAL_H

#include "app/access.h"
#include "app/scope.h"

struct access {
    struct app_call *call;
    struct store_reader *snapshot; /* NULL: none now */
    struct arena *arena;           /* of the reader; new for each snapshot */
    struct reader *reader;         /* NULL: nothing was asked yet */
    struct search_filter own;      /* the reader's */
    struct search_filter filter;
    const struct str *made; /* access_expect() */
    size_t made_count;
    bool
        whole; /* a program bound to no hospital: what its scopes name, and no reader */
    enum scope_verb looks;         /* for single records; 0: SCOPE_READ */
    struct search_query **queries; /* by scope; NULL: not planned yet */
};

/* Make the reader, if there is none yet. */
int access_make(struct access *a, struct err *err);

/* As access_allows(), whatever the scopes say. */
int access_reads(struct access *a, store_rid rid, bool *ret, struct err *err);

/* ---- scopes of programs (access_scope.c); who has none is let through ---- */

/* Do the scopes give ${verb} for ${rid}? */
int access_scope_allows(
    struct access *a, store_rid rid, enum scope_verb verb, bool *ret, struct err *err);

/* The same for any version of a record, to be shown. */
int access_scope_allows_record(
    struct access *a, const struct store_record *rec, bool *ret, struct err *err);

/* Can nothing of ${type} be found by a search? */
bool access_scope_none(const struct access *a, unsigned type);

/* As access_check_write(), by scopes alone. */
int access_scope_check_write(struct access *a, const struct access_write *write,
    char ret_vid[STORE_VID_CHARS + 1], struct err *err);

#endif
