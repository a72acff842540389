/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Scopes of programs, as SMART App Launch 2 writes those of a system:
 *
 *   system/Patient.rs                         records of a type, or of all types (*)
 *   system/Observation.rs?category=vital-signs  of these only that match a search
 *
 * The letters stand for create, read, update, delete and search, in this order. What a scope
 * does not name is refused. Pure, but for the arena; any thread.
 */
#ifndef APP_SCOPE_H
#define APP_SCOPE_H

#include "base/arena.h"
#include "base/text.h"

enum scope_verb {
    SCOPE_CREATE = 1,
    SCOPE_READ = 2,   /* one record, its versions, its history */
    SCOPE_UPDATE = 4, /* patches, too */
    SCOPE_DELETE = 8,
    SCOPE_SEARCH = 16, /* what answers a search, and what it passes through; history of
                          many records */
};

struct scope {
    unsigned type; /* number; 0: all types */
    unsigned verbs;
    struct str query; /* as it was written, percent-encoded; p NULL: none */
};

struct scopes {
    struct scope *list;
    size_t count;
};

/*
 * Read ${text}, scopes with spaces between. Two of the same type and query become one. A
 * query may hold plain search parameters of the type, and is checked by the search itself.
 * Memory from ${a}, ${text} is copied. E_INVALID with the path "scope": one that is not
 * understood; E_TOO_LARGE: over LIMIT_SCOPE_BYTES or LIMIT_SCOPES.
 */
int scopes_parse(
    struct arena *a, struct str text, const struct scopes **ret, struct err *err);

/* Append ${s} as text that scopes_parse() reads as the same. */
void scopes_write(struct buf *b, const struct scopes *s);

/* The verbs that ${s} gives for ${type} (number), with or without a query. */
unsigned scopes_verbs(const struct scopes *s, unsigned type);

/* The same without a query: for all records of the type. */
unsigned scopes_plain(const struct scopes *s, unsigned type);

/* Does some scope of ${s} give ${verb} for some type? */
bool scopes_any(const struct scopes *s, enum scope_verb verb);

/* Is all that ${asked} gives given by ${granted}? A query is no more than the same type
 * without one; of two queries only the same is known to be no more. */
bool scopes_within(const struct scopes *asked, const struct scopes *granted);

#endif
