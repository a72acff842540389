/* SPDX-License-Identifier: Apache-2.0 */
/* The encodings of text.h: hexadecimal, base64, percent, CSV. */
#include "base/text.h"

static const char hex_digits[] = "0123456789abcdef";

/* The value of a hexadecimal digit of either case, or -1. */
static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

void hex_encode(const uint8_t *in, size_t len, char *out)
{
    for (size_t i = 0; i < len; i++) {
        *out++ = hex_digits[in[i] >> 4];
        *out++ = hex_digits[in[i] & 15];
    }
    *out = '\0';
}

bool hex_decode(const char *in, uint8_t *out, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        int high = hex_value(in[2 * i]);
        int low = high < 0 ? -1 : hex_value(in[2 * i + 1]);

        if (low < 0)
            return false;
        out[i] = (uint8_t)(high << 4 | low);
    }
    return true;
}

void base64url_encode(struct buf *b, const uint8_t *in, size_t len)
{
    static const char digits[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    char *p = NULL;
    char *start = NULL;
    uint32_t bits = 0;
    unsigned count = 0;

    start = buf_reserve(b, len / 3 * 4 + (len % 3 ? len % 3 + 1 : 0));
    if (!start)
        return;
    p = start;
    for (size_t i = 0; i < len; i++) {
        bits = bits << 8 | in[i];
        for (count += 8; count >= 6; count -= 6)
            *p++ = digits[bits >> (count - 6) & 63];
    }
    if (count > 0)
        *p++ = digits[bits << (6 - count) & 63];
    b->len += (size_t)(p - start);
}

static int base64_value(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    if (c == '-' || c == '+')
        return 62;
    if (c == '_' || c == '/')
        return 63;
    return -1;
}

bool base64_decode(struct str in, uint8_t *out, size_t cap, size_t *ret_len)
{
    size_t digits = in.len;
    uint32_t bits = 0;
    unsigned count = 0;
    size_t len = 0;

    while (digits > 0 && in.len - digits < 2 && in.p[digits - 1] == '=')
        digits--;
    if (digits % 4 == 1 || (digits != in.len && in.len % 4 != 0) ||
        digits / 4 * 3 + (digits % 4 ? digits % 4 - 1 : 0) > cap)
        return false;
    for (size_t i = 0; i < digits; i++) {
        int v = base64_value(in.p[i]);

        if (v < 0)
            return false;
        bits = bits << 6 | (uint32_t)v;
        count += 6;
        if (count >= 8) {
            count -= 8;
            out[len++] = (uint8_t)(bits >> count);
        }
    }
    /* one value has one spelling: no stray bits behind the last byte */
    if ((bits & ((1u << count) - 1)) != 0)
        return false;
    *ret_len = len;
    return true;
}

bool percent_decode(struct buf *b, struct str in, bool plus)
{
    size_t before = b->len;

    for (size_t i = 0; i < in.len; i++) {
        char c = in.p[i];

        if (c == '%') {
            uint8_t byte = 0;

            if (in.len - i < 3 || !hex_decode(in.p + i + 1, &byte, 1))
                goto bad;
            c = (char)byte;
            i += 2;
        } else if (c == '+' && plus) {
            c = ' ';
        }
        if (c == '\0')
            goto bad;
        buf_addc(b, c);
    }
    if (b->len == before || utf8_valid(b->data + before, b->len - before))
        return true;
bad:
    b->len = before;
    return false;
}

void percent_encode(struct buf *b, struct str in)
{
    for (size_t i = 0; i < in.len; i++) {
        unsigned char c = (unsigned char)in.p[i];

        if ((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
            (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == '~') {
            buf_addc(b, (char)c);
        } else {
            const char escape[3] = {
                '%', "0123456789ABCDEF"[c >> 4], "0123456789ABCDEF"[c & 15]};

            buf_add(b, escape, sizeof(escape));
        }
    }
}

void csv_encode(struct buf *b, struct str in)
{
    bool number = in.len > 1 && in.p[0] == '-' && in.p[1] >= '0' && in.p[1] <= '9';
    bool formula = in.len > 0 && in.p[0] && strchr("=+-@", in.p[0]) && !number;
    bool quoted = formula;

    for (size_t i = 0; i < in.len; i++)
        quoted = quoted || (in.p[i] && strchr(",\"\r\n", in.p[i]));
    if (quoted)
        buf_addc(b, '"');
    if (formula)
        buf_addc(b, '\'');
    for (size_t i = 0; i < in.len; i++) {
        if (in.p[i] == '"')
            buf_addc(b, '"');
        buf_addc(b, in.p[i]);
    }
    if (quoted)
        buf_addc(b, '"');
}
