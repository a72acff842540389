/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The keys of the search tables. All numbers are big-endian or order-preserving, so that
 * the byte order of keys is the order of values; a row holds nothing but its key, except
 * in `record`. "n" is the low STORE_RID_BITS of a rid: the slot tells the type. A
 * "varnum" is 1..9 bytes whose order is that of the numbers (search_put_number).
 *
 *   token     slot 2 | code hash 6 | system hash 3 | n varnum
 *   uri       slot 2 | uri hash 6 | n varnum
 *   date      slot 2 | class 1 | start, in the class's unit | length or nothing | n varnum
 *   number    slot 2 (top bit: a range) | [quantity: code hash 3 | system hash 2] |
 *             low 4 or 9 | [range: high 4 or 9] | n varnum
 *   string    slot 2 | folded text, cut at SEARCH_TEXT_MAX | 0, or 1 where cut | n varnum
 *   edge      slot 2 | target type varnum | target n varnum | n varnum
 *             and for references that spell out an address: see search_home.c
 *   position  slot 2 | Morton cell 8 | n varnum
 *   record    type varnum | n varnum  ->  what is asked of one record at a time
 *
 * What a key of `record` leads to is a list of entries: slot within the type 1 | length 1
 * | bytes. The bytes are those of the key without slot and n for dates; a byte that is 1
 * for a range and then the same for numbers; target type varnum | target n varnum for
 * references; latitude and longitude (8 each) for positions. So one point look-up decides every
 * date, number, reference or position about a candidate, sorts it and follows its
 * references: the forward half of each edge costs five bytes here instead of a row.
 *
 * Hashes: 48 bits of the code within one slot. Among a million different codes a query
 * meets a false one with probability 4e-9; we accept that rather than spend a second
 * look on each row. A system counts only among rows of the same code: 24 bits. Hash 0
 * means "none"; a row with neither code nor system says that there is something, for
 * :missing. An edge to type 0, n 0 says the same of a reference that names no record.
 */
#ifndef VIEW_SEARCH_ROWS_H
#define VIEW_SEARCH_ROWS_H

#include "fhir/extract.h"
#include "store/store.h"

enum search_table {
    SEARCH_TOKEN,
    SEARCH_DATE,
    SEARCH_NUMBER,
    SEARCH_STRING,
    SEARCH_URI,
    SEARCH_EDGE,
    SEARCH_POSITION,
    SEARCH_RECORD,
    SEARCH_TABLES
};

/* Number of the table SEARCH_TOKEN in the store; the others follow. */
extern unsigned search_first_table;

#define SEARCH_TEXT_MAX 96       /* bytes of folded text in a key */
#define SEARCH_KEY_MAX 128       /* bytes of any key of ours */
#define SEARCH_NUMBER_BYTES 9    /* the longest varnum */
#define SEARCH_RANGE_SLOT 0x8000 /* set in the slot of a number that is a range */
#define SEARCH_TOKEN_HASH 6
#define SEARCH_SYSTEM_HASH 3

/* Write ${v} order-preserving; how many bytes (at most SEARCH_NUMBER_BYTES). */
size_t search_put_number(uint8_t *out, uint64_t v);
/* Read one; how many bytes it took, 0: not one. */
size_t search_get_number(const uint8_t *in, size_t len, uint64_t *ret);

void search_put_be(uint8_t *out, uint64_t v, unsigned bytes);
uint64_t search_get_be(const uint8_t *in, unsigned bytes);

/* A double as 4 bytes (if the rest is zero) or 9, in order; read it back. */
size_t search_put_double(uint8_t *out, double v);
size_t search_get_double(const uint8_t *in, size_t len, double *ret);
/* Eight bytes whose order is that of doubles. */
void search_double_key(uint8_t out[8], double v);
double search_key_double(const uint8_t in[8]);

/* Fixed hashes; never 0. Codes are compared without regard to ASCII case. */
uint64_t search_code_hash(struct str code);     /* 48 bits */
uint64_t search_system_hash(struct str system); /* 24 bits */
uint64_t search_uri_hash(struct str uri);       /* 48 bits */
uint64_t search_unit_hash(struct str code);     /* 24 bits, case counts */

/* Key parts; each returns its length. */
size_t search_token_key(
    uint8_t *out, uint16_t slot, struct str system, struct str code);
size_t search_uri_key(uint8_t *out, uint16_t slot, struct str uri);
size_t search_edge_key(uint8_t *out, uint16_t slot, store_rid target);
size_t search_record_key(uint8_t *out, store_rid rid);
size_t search_rid_part(uint8_t *out, store_rid target);

/* ---- dates ---- */

/*
 * Classes keep equal lengths together, so that "contains" and "overlaps" are one scan
 * over starts in each class that occurs: a slot mostly has one or two.
 */
enum search_date_class {
    DATE_YEAR = 1,   /* start: year, 2 bytes */
    DATE_MONTH,      /* year * 12 + month - 1, 3 bytes */
    DATE_DAY,        /* days since year 1, 3 bytes */
    DATE_SECOND,     /* seconds since year 1, 5 bytes */
    DATE_MILLI,      /* milliseconds since year 1, 7 bytes */
    DATE_SPAN_DAY,   /* seconds, then length in seconds as varnum; up to one day */
    DATE_SPAN_MONTH, /* up to 32 days */
    DATE_SPAN_YEAR,  /* up to 366 days */
    DATE_SPAN_LONG,  /* any length */
    DATE_FINE_DAY,   /* milliseconds, then length in milliseconds; up to one day */
    DATE_FINE_LONG,  /* any length */
    DATE_FROM,       /* no end: start in milliseconds, 7 bytes */
    DATE_UNTIL,      /* no start: end in milliseconds, 7 bytes */
    DATE_ALWAYS,     /* neither */
    DATE_CLASSES
};

/* Years below 1 or above 9999 are read as no end or no start; both the index and the
 * matcher compare what this leaves. */
void search_date_clamp(utc_ms *lo, utc_ms *hi);
/* [lo, hi) as class and start; the length in bytes. */
size_t search_put_date(uint8_t *out, utc_ms lo, utc_ms hi);
size_t search_get_date(const uint8_t *in, size_t len, utc_ms *ret_lo, utc_ms *ret_hi);
/* The longest interval of a class in ms; INT64_MAX: none. */
int64_t search_class_length(unsigned date_class);
/* Class and start of the first row of ${date_class} that can start at or after ${lo}
 * (rounded down to the unit): where a scan begins. */
size_t search_date_start(uint8_t *out, unsigned date_class, utc_ms lo);

/* ---- text and places ---- */

/* fhir_fold with control bytes as spaces, appended to ${b}. */
void search_fold(struct buf *b, struct str text);

/* Interleaved 32 bits each of latitude and longitude. */
uint64_t search_cell(double latitude, double longitude);

/* ---- what prepare() makes ---- */

struct search_row {
    uint8_t table;
    uint8_t len;
    const uint8_t *key; /* without n */
};

struct search_link {
    uint64_t home; /* hash of the address before Type/id, in a row of its own; else 0 */
    uint16_t slot;
    uint16_t type;
    bool known; /* false: something is there, but it names no record */
    struct str id;
};

/* The order of two struct search_link, as of qsort(). */
int search_link_order(const void *x, const void *y);

/* References that spell out an address: see search_home.c. */
uint64_t search_home_hash(struct str base); /* 48 bits, never 0 */
/* Told when such a row is made, before anybody can see it. Any thread. */
void search_home_note(void);
size_t search_home_key(uint8_t *out, uint64_t home, uint16_t slot, store_rid target);
/* "http://host/fhir/Patient/1", with or without a version behind it, in its parts. */
bool search_home_split(
    struct str url, struct str *ret_base, unsigned *ret_type, struct str *ret_id);

/* The slot holds canonicals, which are names: a target is then found by its url. */
bool search_slot_by_url(uint16_t slot);

struct search_prepared {
    struct search_row *rows; /* sorted, no two alike */
    size_t row_count;
    struct search_link *links; /* sorted, no two alike */
    size_t link_count;
    struct str entries;    /* of `record`, but for the references */
    uint16_t updated_slot; /* of _lastUpdated; 0: none */
    utc_ms updated; /* as told to prepare(); a date of the version for an old one */
};

/* Is the slot the time of change, which is the version's and not the resource's? */
bool search_slot_is_updated(uint16_t slot);

/* Work out the rows of ${values} (which it may reorder). */
int search_rows_make(struct arena *a, const struct fhir_type *type,
    const struct fhir_values *values, struct search_prepared *ret, struct err *err);

#endif
