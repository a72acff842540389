/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Records found and read by this program itself, which asks nobody: what leaves by them has to
 * be asked about by whoever shows it. Memory is the arena's. One thread at a time.
 */
#ifndef APP_SEEK_H
#define APP_SEEK_H

#include "app/app_internal.h"

struct seek {
    struct app *app;
    struct store_reader *snapshot;
    struct arena *a;
};

/* All records of ${type} that ${pairs} (as searches have them) find, at most ${most}. */
struct seek_for {
    const char *type;
    const struct search_pair *pairs;
    size_t pair_count;
    size_t most;
};
struct seek_list {
    store_rid *rids;
    size_t count;
};
int seek_all(const struct seek *s, const struct seek_for *what, struct seek_list *ret,
    struct err *err);

/* The record ${id} of ${type}; ${*ret} NULL: there is none now. ${ret_record} may be NULL. */
int seek_record(const struct seek *s, const char *type, struct str id,
    struct store_record *ret_record, const struct json **ret, struct err *err);

/* The same by its rid. */
int seek_rid(const struct seek *s, store_rid rid, struct store_record *ret_record,
    const struct json **ret, struct err *err);

/* The same of what ${reference} names, where it is one of ${type}. */
int seek_reference(const struct seek *s, struct str reference, const char *type,
    const struct json **ret, struct err *err);

/* The id in ${reference}, where it names a record of ${type} here; p NULL: it does not. */
struct str seek_id(const struct seek *s, struct str reference, const char *type);

#endif
