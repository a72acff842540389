/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What every user of the room needs first. The only room that sees libsodium, whose
 * own functions are called crypto_* too: names here are chosen not to meet them.
 */
#ifndef CRYPTO_CRYPTO_H
#define CRYPTO_CRYPTO_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/* Make the library ready. Call once before threads start; more calls do no harm.
 * E_BUG: the machine cannot give what the library needs. */
int crypto_init(struct err *err);

/* True when ${len} bytes are the same, in a time that does not tell where they differ.
 * For tokens, tags and hashes of secrets. Any thread. */
bool crypto_same(const void *a, const void *b, size_t len);

/* Overwrite ${len} bytes with zeros in a way the compiler does not take out. */
void crypto_wipe(void *p, size_t len);

#endif
