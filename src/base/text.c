/* SPDX-License-Identifier: Apache-2.0 */
/* Slices of text, UTF-8, whole numbers. The encodings are in encode.c. */
#include "base/text.h"

int str_cmp(struct str a, struct str b)
{
    size_t len = a.len < b.len ? a.len : b.len;
    int r = len ? memcmp(a.p, b.p, len) : 0;

    return r ? r : (a.len > b.len) - (a.len < b.len);
}

bool str_starts(struct str s, const char *prefix)
{
    size_t len = strlen(prefix);

    return s.len >= len && (len == 0 || memcmp(s.p, prefix, len) == 0);
}

bool str_ends(struct str s, const char *suffix)
{
    size_t len = strlen(suffix);

    return s.len >= len && (len == 0 || memcmp(s.p + s.len - len, suffix, len) == 0);
}

struct str str_cut(struct str *rest, char sep)
{
    struct str all = *rest;
    const char *at = all.len ? memchr(all.p, sep, all.len) : NULL;

    if (!at) {
        *rest = (struct str){0};
        return all;
    }
    *rest = (struct str){at + 1, all.len - (size_t)(at + 1 - all.p)};
    return (struct str){all.p, (size_t)(at - all.p)};
}

/* Bytes of the character that starts at ${p}, of which ${left} bytes are there; 0 when
 * it is not well formed. */
static size_t utf8_character(const unsigned char *p, size_t left)
{
    size_t more = p[0] < 0xE0 ? 1 : p[0] < 0xF0 ? 2 : 3;
    unsigned char low = 0x80; /* bounds of the second byte */
    unsigned char high = 0xBF;

    if (p[0] < 0xC2 || p[0] > 0xF4 || left <= more)
        return 0;
    if (p[0] == 0xE0)
        low = 0xA0; /* else overlong */
    else if (p[0] == 0xED)
        high = 0x9F; /* else a surrogate */
    else if (p[0] == 0xF0)
        low = 0x90; /* else overlong */
    else if (p[0] == 0xF4)
        high = 0x8F; /* else over U+10FFFF */
    if (p[1] < low || p[1] > high)
        return 0;
    for (size_t i = 2; i <= more; i++) {
        if ((p[i] & 0xC0) != 0x80)
            return 0;
    }
    return more + 1;
}

bool utf8_valid(const char *s, size_t len)
{
    const unsigned char *p = (const unsigned char *)s;

    while (len > 0) {
        uint64_t word = 0;
        size_t step = 1;

        if (len >= sizeof(word)) {
            memcpy(&word, p, sizeof(word));
            if ((word & 0x8080808080808080ull) == 0) {
                p += sizeof(word);
                len -= sizeof(word);
                continue;
            }
        }
        if (*p >= 0x80)
            step = utf8_character(p, len);
        if (step == 0)
            return false;
        p += step;
        len -= step;
    }
    return true;
}

struct str utf8_cut(struct str s, size_t max)
{
    size_t len = s.len;

    if (len <= max)
        return s;
    for (len = max; len > 0 && ((unsigned char)s.p[len] & 0xC0) == 0x80; len--)
        ;
    return (struct str){s.p, len};
}

void text_one_line(char *s, size_t size)
{
    char *end = s + strlen(s);

    if ((size_t)(end - s) + 1 >= size) { /* full, so it may have been cut */
        char *last = end;

        while (last > s && end - last < 3 && ((unsigned char)last[-1] & 0xC0) == 0x80)
            last--;
        if (last > s && (unsigned char)last[-1] >= 0xC0 &&
            utf8_character((unsigned char *)last - 1, (size_t)(end - last) + 1) == 0) {
            end = last - 1;
            *end = '\0';
        }
    }
    while (s < end) {
        size_t len = 1;

        if ((unsigned char)*s >= 0x80)
            len = utf8_character((unsigned char *)s, (size_t)(end - s));
        else if ((unsigned char)*s < 0x20 || *s == 0x7f)
            *s = ' ';
        if (len == 0)
            *s = '?';
        s += len > 0 ? len : 1;
    }
}

bool text_int(struct str s, int64_t min, int64_t max, int64_t *ret)
{
    bool minus = s.len > 0 && s.p[0] == '-';
    int64_t v = 0;

    if (s.len == (size_t)minus)
        return false;
    for (size_t i = minus; i < s.len; i++) {
        int digit = s.p[i] - '0';

        if (digit < 0 || digit > 9 || __builtin_mul_overflow(v, 10, &v) ||
            __builtin_add_overflow(v, minus ? -digit : digit, &v))
            return false;
    }
    if (v < min || v > max)
        return false;
    *ret = v;
    return true;
}
