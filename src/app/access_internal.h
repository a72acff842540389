/* SPDX-License-Identifier: Apache-2.0 */
/* What access.c and access_write.c share. */
#ifndef APP_ACCESS_INTERNAL_H
#define APP_ACCESS_INTERNAL_H

#include "app/access.h"

struct access {
    struct app_call *call;
    struct store_reader *snapshot; /* NULL: none now */
    struct arena *arena;           /* of the reader; new for each snapshot */
    struct reader *reader;         /* NULL: nothing was asked yet */
    struct search_filter own;      /* the reader's */
    struct search_filter filter;
    const struct str *made; /* access_expect() */
    size_t made_count;
};

/* Make the reader, if there is none yet. */
int access_make(struct access *a, struct err *err);

#endif
