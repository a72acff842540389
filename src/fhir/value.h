/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading FHIR's primitive texts as values that can be compared. Pure; any thread.
 */
#ifndef FHIR_VALUE_H
#define FHIR_VALUE_H

#include "base/arena.h"
#include "base/text.h"
#include "base/time.h"

#include "json/json.h"

/*
 * The interval [lo, hi) of instants that a date, dateTime or instant covers: "2026" is a
 * year, "2026-01-31T10:00:00.5Z" 100 ms... A text without an offset is read as UTC.
 * Seconds may be missing, as in a search. False: not a date of R4's form or one that does
 * not exist.
 */
bool fhir_date_range(struct str text, utc_ms *ret_lo, utc_ms *ret_hi);

/*
 * The interval [lo, hi) that a Period covers, its last day or second included; an end that is
 * missing is open, UTC_MS_MIN or UTC_MS_MAX. NULL is open on both. False: an end that cannot
 * be read.
 */
bool fhir_period_range(const struct json *period, utc_ms *ret_lo, utc_ms *ret_hi);

/*
 * The number ${text} and the range [lo, hi) its written precision means (R4 search,
 * number): 100 is [99.5, 100.5), 1.50 is [1.495, 1.505), 1e2 is [95, 105). Equal decimals
 * give equal doubles. False: not a decimal of R4's form, or too large for a double.
 */
bool fhir_number_range(
    struct str text, double *ret_value, double *ret_lo, double *ret_hi);

/* The number alone. */
bool fhir_number(struct str text, double *ret_value);

/*
 * Fold text for string search: Unicode NFKD, marks removed, case folded, white space
 * runs as one space, ends trimmed. Tibetan vowel signs and Indic signs are not accents
 * and stay (only combining marks of class 230 and the like that Latin, Greek and
 * Cyrillic use are removed). Letters with a stroke that Unicode does not take apart
 * (d h l o) and the dotless i become plain ones; invisible characters go. Appended to
 * ${b}. Text that is not UTF-8 gives nothing. Folding twice is folding once.
 */
void fhir_fold(struct buf *b, struct str text);

/*
 * The one spelling of ${text} (Unicode NFKC), appended to ${b}: for a secret that is typed
 * on one keyboard today and on another tomorrow. False: not UTF-8, or no memory.
 */
bool fhir_compose(struct buf *b, struct str text);

/* A literal reference taken apart. */
enum fhir_reference_form {
    FHIR_REF_NONE,      /* no reference text */
    FHIR_REF_LOCAL,     /* Type/id, maybe /_history/vid; or our own base + that */
    FHIR_REF_CONTAINED, /* #id, and "#" alone */
    FHIR_REF_URN,       /* urn:uuid:... urn:oid:... */
    FHIR_REF_ABSOLUTE,  /* http(s)://... that is not ours; any other URI */
    FHIR_REF_SEARCH,    /* Type?query: a conditional reference, in transactions */
    FHIR_REF_BAD,
};

struct fhir_reference {
    enum fhir_reference_form form;
    unsigned type;      /* number of the resource type (LOCAL, SEARCH), else 0 */
    struct str id;      /* LOCAL: the id; CONTAINED: without '#' */
    struct str version; /* LOCAL with _history */
    struct str text;    /* all of it; SEARCH: what is behind '?' */
};

/* ${base}: our own base URL such as "http://host/fhir" (p NULL: none). Slices point into
 * ${text}. */
struct fhir_reference fhir_reference_parse(struct str text, struct str base);

/* Does the list of References ${list} name ${reference}, letter by letter? Not if p is NULL. */
bool fhir_reference_in(const struct json *list, struct str reference);

#endif
