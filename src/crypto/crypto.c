/* SPDX-License-Identifier: Apache-2.0 */
/* Start of the libraries, comparing and wiping secrets. */
#include "crypto/crypto.h"

#include <liboath/oath.h>

#include <sodium.h>

int crypto_init(struct err *err)
{
    if (sodium_init() < 0 || oath_init() != OATH_OK)
        return err_set(err, E_BUG, NULL, "A cryptographic library cannot start.");
    return 0;
}

bool crypto_same(const void *a, const void *b, size_t len)
{
    return sodium_memcmp(a, b, len) == 0;
}

void crypto_wipe(void *p, size_t len)
{
    sodium_memzero(p, len);
}
