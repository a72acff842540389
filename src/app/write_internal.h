/* SPDX-License-Identifier: Apache-2.0 */
/* What write.c and patch.c share: one write on its way to the store and back. */
#ifndef APP_WRITE_INTERNAL_H
#define APP_WRITE_INTERNAL_H

#include "base/id.h"

#include "app/app_internal.h"

/* decide(): the write is prepared; give it to the writer. */
#define WRITING_READY 2

struct writing {
    const struct json *resource; /* as the client sent it; a patch for a patch */
    struct condition *condition; /* NULL: none */
    struct store_write write;
    struct store_transaction tx;
    unsigned tries;
    /* Look, and prepare the write: WRITING_READY, 0 (answered) or an error. Repeated
     * after a lost race. */
    int (*decide)(struct app_call *call, const struct rest *rest, struct writing *w,
        struct err *err);
    /* Answer by the transaction's result; ${err} holds its error. */
    int (*answer)(struct app_call *call, const struct rest *rest, struct writing *w,
        struct err *err);
};

/* A writing for ${call}, in its arena, that answers as writes usually do. */
int writing_start(struct app_call *call, const struct rest *rest, struct writing **ret,
    struct err *err);

/* Decide and submit: 0, APP_WAITING or an error. */
int writing_go(struct app_call *call, struct err *err);

/* Give ${w} a condition: ${text}, or the request's query when ${text} is NULL. */
int writing_condition(struct app_call *call, const struct rest *rest, struct writing *w,
    const char *header, struct str text, struct err *err);

/* Look what the condition gives now; E_MULTIPLE. */
int writing_look(struct app_call *call, struct writing *w, struct err *err);

/* Fill w->write (type and id are set) with ${resource}. */
int writing_prepare(struct app_call *call, struct writing *w,
    const struct json *resource, struct err *err);

/* w->answer: with the record that was made or changed, whatever the caller prefers. */
int writing_answer_made(
    struct app_call *call, const struct rest *rest, struct writing *w, struct err *err);

/* May the caller do w->write, which makes ${resource} (NULL: deletes)? E_NOT_FOUND,
 * E_FORBIDDEN. */
int writing_check(struct app_call *call, struct writing *w, const struct json *resource,
    struct err *err);

#endif
