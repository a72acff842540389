/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What readers of one store share between requests, so that not every request finds out
 * again whose patient a record is about, to which hospital the patient belongs, and which
 * cases are open to a person. It holds nothing that does not follow from the log, and a
 * reader gives the same answers with it as without (docs/adr/0022-what-readers-share.md).
 *
 *     writer ─► commit ─► changed(): forgets what depends on the record, moves on to the
 *                                    change's position
 *     reader: its snapshot is of the very position the memory is at? ─ yes ─► look, note
 *                                                                    └ no ──► find out
 *
 * Nothing in it depends on the time, so that nothing in it can be late.
 */
#ifndef VIEW_READER_MEMORY_H
#define VIEW_READER_MEMORY_H

#include "store/store.h"

struct reader_memory;

/* An empty one, not in use until reader_memory_start(). NULL: no memory. At most
 * LIMIT_READER_PAGES and LIMIT_READER_KEPT. */
struct reader_memory *reader_memory_new(void);

/* NULL is fine. No reader may use it any more. */
void reader_memory_free(struct reader_memory *m);

/* Forget all, and from now on follow the changes after ${position}, at which the store
 * was a moment ago. */
void reader_memory_start(struct reader_memory *m, int64_t position);

/* Be of no use until it is started again: before a bulk load. */
void reader_memory_stop(struct reader_memory *m);

/* ${e} was committed. Each change, in order, after the commit and before whoever made it is
 * told; the writer's thread. */
void reader_memory_changed(struct reader_memory *m, const struct store_event *e);

/* The records of ${types} (numbers, ${type_count}) that changed after ${after} and not after
 * ${until}, some perhaps twice, into ${ret}. False: there are more than ${most}, it is too
 * long ago, or not all of them have been told yet. Any thread. */
#define READER_CHANGES_TYPES 8
struct reader_changes {
    int64_t after, until;
    unsigned types[READER_CHANGES_TYPES];
    size_t type_count;
};
bool reader_memory_changes(struct reader_memory *m, const struct reader_changes *which,
    store_rid *ret, size_t most, size_t *ret_count);

#endif
