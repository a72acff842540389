/* SPDX-License-Identifier: Apache-2.0 */
/* The node's folder on disk. */
#ifndef STORE_FOLDER_H
#define STORE_FOLDER_H

#include <stdint.h>

#include "base/err.h"

/* A new folder that only its owner may enter, or an empty one closed to others.
 * E_CONFLICT: it is not empty. */
int folder_make(const char *path, struct err *err);

/* Make what ${path} lists survive a power cut. */
int folder_sync(const char *path, struct err *err);

/* Bytes of all files in ${path} and below. */
int folder_bytes(const char *path, int64_t *ret, struct err *err);

#endif
