/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sorting more rows than memory holds: changes are gathered in memory, sorted and
 * written to a temporary file as a run whenever LIMIT_SORT_MEMORY is reached; at the end
 * the runs are merged, and what all changes of one key come to is handed out in key
 * order. The file has no name: it goes with the process. One thread.
 */
#ifndef STORE_SORTER_H
#define STORE_SORTER_H

#include "store/rows.h"

struct sorter;

/* ${folder} is where the temporary file goes; NULL: the system's. ${memory} 0:
 * LIMIT_SORT_MEMORY. */
int sorter_new(const char *folder, size_t memory, struct sorter **ret, struct err *err);
void sorter_free(struct sorter *s);

/* Key and value are copied. */
int sorter_add(struct sorter *s, const struct row_op *op, struct err *err);

/* No more is added: get ready to read. */
int sorter_finish(struct sorter *s, struct err *err);

/* The next key and what its changes come to, valid until the next call: 1, or 0 at the
 * end. */
struct sorted {
    unsigned table;
    struct str key;
    struct row_net net;
};
int sorter_next(struct sorter *s, struct sorted *ret, struct err *err);

#endif
