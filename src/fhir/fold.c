/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Folding text for string search, by utf8proc's Unicode tables. ASCII, which most text
 * is, is folded without them.
 *
 * The marks removed are named by block, not by combining class: class 230 also holds
 * vowels of Tibetan and Indic scripts' neighbours, and without a vowel a name is another.
 */
#include <stdlib.h>

#include <utf8proc.h>

#include "fhir/value.h"

#define STACK_POINTS 256 /* code points folded without taking memory */

/* Appends words, with one space between two. */
struct folder {
    struct buf *out;
    bool space; /* white space since the last word */
    bool any;   /* a word was written */
};

static void put_bytes(struct folder *f, const void *p, size_t len)
{
    if (f->space && f->any)
        buf_addc(f->out, ' ');
    f->space = false;
    f->any = true;
    buf_add(f->out, p, len);
}

static bool ascii_space(unsigned char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* ---- ASCII ---- */

static size_t ascii_prefix(struct str text)
{
    size_t i = 0;
    uint64_t w;
    for (; i + 8 <= text.len; i += 8) {
        memcpy(&w, text.p + i, 8);
        if (w & 0x8080808080808080ull)
            break;
    }
    while (i < text.len && (unsigned char)text.p[i] < 0x80)
        i++;
    return i;
}

static void fold_ascii(struct buf *b, struct str text)
{
    char *out = buf_reserve(b, text.len);
    size_t n = 0;
    bool space = false;
    if (!out)
        return;
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.p[i];
        if (ascii_space(c)) {
            space = n > 0;
            continue;
        }
        if (space)
            out[n++] = ' ';
        space = false;
        out[n++] = (char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
    }
    b->len += n;
}

/* ---- Unicode ---- */

/* A mark that Latin, Greek or Cyrillic letters carry. */
static bool is_accent(utf8proc_int32_t c)
{
    return (c >= 0x0300 && c <= 0x036f) || (c >= 0x0483 && c <= 0x0487) ||
           (c >= 0x1ab0 && c <= 0x1aff) || (c >= 0x1dc0 && c <= 0x1dff) ||
           (c >= 0x20d0 && c <= 0x20ff) || (c >= 0xfe20 && c <= 0xfe2f);
}

static bool is_space(utf8proc_int32_t c)
{
    return (c < 0x80 && ascii_space((unsigned char)c)) || c == 0x85 || c == 0x1680 ||
           c == 0x2028 || c == 0x2029 ||
           (c >= 0x80 && utf8proc_category(c) == UTF8PROC_CATEGORY_ZS);
}

/* Letters that Unicode does not take apart, but people leave out when they type. */
static utf8proc_int32_t plain_letter(utf8proc_int32_t c)
{
    switch (c) {
    case 0x0111: /* d with stroke */
        return 'd';
    case 0x0127: /* h with stroke */
        return 'h';
    case 0x0131: /* dotless i: Turkish small letter of I */
        return 'i';
    case 0x0142: /* l with stroke */
        return 'l';
    case 0x00f8: /* o with stroke */
        return 'o';
    default:
        return c;
    }
}

static void put_points(struct buf *b, const utf8proc_int32_t *points, size_t count)
{
    struct folder f = {.out = b};
    for (size_t i = 0; i < count; i++) {
        utf8proc_uint8_t bytes[4];
        if (is_space(points[i])) {
            f.space = true;
        } else if (!is_accent(points[i])) {
            utf8proc_ssize_t n = utf8proc_encode_char(plain_letter(points[i]), bytes);
            put_bytes(&f, bytes, (size_t)n);
        }
    }
}

static void fold_unicode(struct buf *b, struct str text)
{
    const utf8proc_option_t how = UTF8PROC_STABLE | UTF8PROC_COMPAT |
                                  UTF8PROC_DECOMPOSE | UTF8PROC_CASEFOLD |
                                  UTF8PROC_IGNORE;
    const utf8proc_uint8_t *in = (const utf8proc_uint8_t *)text.p;
    utf8proc_ssize_t len = (utf8proc_ssize_t)text.len;
    utf8proc_int32_t stack[STACK_POINTS];
    utf8proc_int32_t *points = stack;
    utf8proc_ssize_t n = utf8proc_decompose(in, len, stack, STACK_POINTS, how);
    if (n > STACK_POINTS) {
        utf8proc_ssize_t room = n;
        points = base_malloc((size_t)room * sizeof(*points));
        if (!points) {
            b->error = E_NOMEM;
            return;
        }
        n = utf8proc_decompose(in, len, points, room, how);
    }
    if (n > 0)
        put_points(b, points, (size_t)n);
    if (points != stack)
        base_free(points);
}

void fhir_fold(struct buf *b, struct str text)
{
    if (ascii_prefix(text) == text.len)
        fold_ascii(b, text);
    else
        fold_unicode(b, text);
}

bool fhir_compose(struct buf *b, struct str text)
{
    utf8proc_uint8_t *made = NULL;
    utf8proc_ssize_t len = 0;

    if (!utf8_valid(text.p ? text.p : "", text.len))
        return false;
    if (text.len == 0)
        return true;
    len = utf8proc_map((const utf8proc_uint8_t *)text.p, (utf8proc_ssize_t)text.len,
        &made, UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT);
    if (len >= 0)
        buf_add(b, made, (size_t)len);
    free(made); /* utf8proc's own memory */
    return len >= 0 && !b->error;
}
