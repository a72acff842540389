/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Ids that follow from what a record is about: who writes it twice writes the same one, and of
 * two who write it at once one is told so. Stored for ever, so never changed. Any thread.
 */
#ifndef APP_DERIVED_ID_H
#define APP_DERIVED_ID_H

#include "base/text.h"

#include "crypto/digest.h"

#define DERIVED_ID_CHARS (2 * CRYPTO_DIGEST_BYTES)

/* The digest of ${count} parts, a slash behind each, in hexadecimal digits. Parts may be empty,
 * but hold no slash: two different lists would have one id. */
void derived_id(const struct str *parts, size_t count, char ret[DERIVED_ID_CHARS + 1]);

#endif
