/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Numbers in few bytes: seven bits a byte, the lowest first, the top bit set in all but
 * the last. Stored for ever. Any thread.
 */
#ifndef BASE_VARINT_H
#define BASE_VARINT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/text.h"

/* Append ${v}: 1 to 10 bytes. */
void varint_add(struct buf *b, uint64_t v);

/* Take a number from the front of ${s}; false (and nothing taken): there is none, or it
 * does not fit in 64 bits. */
bool varint_take(struct str *s, uint64_t *ret);

#endif
