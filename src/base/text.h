/* SPDX-License-Identifier: Apache-2.0 */
/* Slices of text, UTF-8, hexadecimal, base64url, percent-encoding. Pure. */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/buf.h"

/* A view of bytes that somebody else owns. p may be NULL when len is 0. */
struct str {
    const char *p;
    size_t len;
};

#define STR(literal) ((struct str){(literal), sizeof(literal) - 1})

static inline struct str str_of(const char *s)
{
    return (struct str){s, s ? strlen(s) : 0};
}

static inline bool str_eq(struct str a, struct str b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.p, b.p, a.len) == 0);
}

static inline bool str_is(struct str a, const char *s)
{
    return str_eq(a, str_of(s));
}

/* Byte order, shorter first on a tie: <0, 0, >0. */
int str_cmp(struct str a, struct str b);

bool str_starts(struct str s, const char *prefix);
bool str_ends(struct str s, const char *suffix);

/* Split ${*rest} at the first ${sep}: returns what is before, ${*rest} becomes what is
 * behind. Without ${sep}, returns all and ${*rest} becomes empty with p NULL. */
struct str str_cut(struct str *rest, char sep);

/* True when ${s} is well-formed UTF-8 (no surrogates, nothing overlong). */
bool utf8_valid(const char *s, size_t len);

/* The longest beginning of ${s} of at most ${max} bytes that ends between characters. */
struct str utf8_cut(struct str s, size_t max);

/* Make a text of ${size} bytes with its NUL, which printf may have cut, one line of
 * UTF-8 in place: an unfinished character at the end of a full array goes, a control
 * byte becomes a space, any other byte that belongs to no character a '?'. */
void text_one_line(char *s, size_t size);

/* Lower-case hexadecimal of ${len} bytes to ${out} (2 * len + 1 bytes, NUL added). */
void hex_encode(const uint8_t *in, size_t len, char *out);

/* Read 2 * ${len} hexadecimal digits; false if one is not. */
bool hex_decode(const char *in, uint8_t *out, size_t len);

/* base64url without padding; appended to ${b}. */
void base64url_encode(struct buf *b, const uint8_t *in, size_t len);

/* Decode base64url or base64, padding optional, into ${out} (${cap} bytes).
 * False when a character is wrong or it does not fit. */
bool base64_decode(struct str in, uint8_t *out, size_t cap, size_t *ret_len);

/* Percent-decode ${in} (and '+' as space if ${plus}) to the end of ${b}. False: a bad
 * escape, a NUL byte or text that is not UTF-8. */
bool percent_decode(struct buf *b, struct str in, bool plus);

/* Append ${in} percent-encoded so that it can stand as a query value. */
void percent_encode(struct buf *b, struct str in);

/* Append ${in} as a cell of CSV: quoted where it must be, and what a spreadsheet would take for a formula is made a
 * text. */
void csv_encode(struct buf *b, struct str in);

/* A whole number in [${min}, ${max}], decimal digits only with an optional '-'. */
bool text_int(struct str s, int64_t min, int64_t max, int64_t *ret);

#endif
