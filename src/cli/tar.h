/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The files in a tar archive, one after another, from a stream (base/compress.h): ustar
 * with the long names of pax and GNU. Links, devices and folders are passed over. Names
 * are only told, never used to write anything. For one thread.
 */
#ifndef CLI_TAR_H
#define CLI_TAR_H

#include "base/compress.h"

struct tar;

/* Read ${from}, which outlives it; NULL: no memory. */
struct tar *tar_new(struct unpacker *from);
void tar_free(struct tar *t);

/* Go to the next file: 1 and its name (valid until the next call), 0 at the end. E_INVALID:
 * not a tar archive, or damaged. */
int tar_next(struct tar *t, const char **ret_name, struct err *err);

/* Bytes of the file tar_next() went to; as unpacker_read(). */
long tar_read(struct tar *t, void *out, size_t cap, struct err *err);

#endif
