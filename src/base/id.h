/* SPDX-License-Identifier: Apache-2.0 */
/* Identifiers: UUID version 7 (RFC 9562), FHIR ids. Any thread. */
#ifndef BASE_ID_H
#define BASE_ID_H

#include "base/text.h"
#include "base/time.h"

#define ID_UUID_CHARS 36

/* A new UUIDv7 as text (36 characters and NUL): 48 bits of ${now}, a counter that keeps
 * the order of ids made in one process within one millisecond, random bits. */
void id_uuid7(utc_ms now, char out[ID_UUID_CHARS + 1]);

/* True when ${s} is a FHIR id: 1 to 64 of A-Z a-z 0-9 - . */
bool id_valid(struct str s);

/* ${len} bytes from the kernel's generator. Aborts if it has none (it cannot fail after
 * boot). */
void id_random(void *out, size_t len);

/* Pack a lower-case UUID in 16 bytes; false when ${s} is not exactly one. */
bool id_uuid_pack(struct str s, uint8_t out[16]);

/* True of a lower-case UUID of version 4: 122 random bits, which nobody comes to by chance
 * or by a guess. Ids of ours are of version 7. */
bool id_is_random(struct str s);

/* The text of a packed UUID (36 characters and NUL). */
void id_uuid_unpack(const uint8_t in[16], char out[ID_UUID_CHARS + 1]);

#endif
