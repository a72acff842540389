/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The upper bound to measure writing against: SQLite alone, with the same durability,
 * taking the same number of rows of the same size, and nothing else done. For
 * `belay bench`.
 */
#ifndef STORE_LIMIT_H
#define STORE_LIMIT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct store_limit_load {
    int64_t records;
    int64_t body_bytes;     /* of one record, packed */
    double rows;            /* of indexes, a record */
    int64_t row_bytes;      /* of one of those: key and value */
    int64_t records_a_time; /* in one transaction */
    bool sorted;            /* index rows come in the order of their keys */
};

/* Fill the new database ${path} and tell the seconds it took. E_IO, E_FULL. */
int store_limit(const char *path, const struct store_limit_load *load,
    double *ret_seconds, struct err *err);

#endif
