/* SPDX-License-Identifier: Apache-2.0 */
/* Writing JSON: values that were read, and values built piece by piece. */
#include "json/json.h"
#include "json/json_internal.h"

/* ---- text ---- */

#define ONES 0x0101010101010101ull
#define HIGH 0x8080808080808080ull

/* Eight bytes at once: does one need an escape (below 0x20, '"' or '\')? A byte is
 * below n when subtracting n borrows into its high bit; bytes from 0x80 up are masked. */
static bool word_needs_escape(uint64_t w)
{
    uint64_t quote = w ^ (ONES * '"');
    uint64_t slash = w ^ (ONES * '\\');
    uint64_t low = (w - ONES * 0x20) & ~w;
    quote = (quote - ONES) & ~quote;
    slash = (slash - ONES) & ~slash;
    return ((low | quote | slash) & HIGH) != 0;
}

static bool byte_needs_escape(unsigned char c)
{
    return c < 0x20 || c == '"' || c == '\\';
}

/* Length of the part of ${s} from ${at} on that can be copied as it is. */
static size_t plain_run(struct str s, size_t at)
{
    size_t i = at;
    while (i + 8 <= s.len) {
        uint64_t w;
        memcpy(&w, s.p + i, 8);
        if (word_needs_escape(w))
            break;
        i += 8;
    }
    while (i < s.len && !byte_needs_escape((unsigned char)s.p[i]))
        i++;
    return i - at;
}

static void write_escape(struct buf *b, unsigned char c)
{
    static const char short_forms[] = "\b\t\n\f\r\"\\";
    static const char letters[] = "btnfr\"\\";
    const char *found = c ? strchr(short_forms, c) : NULL;
    char out[2] = {'\\', 0};
    if (found) {
        out[1] = letters[found - short_forms];
        buf_add(b, out, 2);
    } else {
        buf_addf(b, "\\u%04x", c);
    }
}

void json_write_text(struct buf *b, struct str s)
{
    size_t at = plain_run(s, 0);
    if (at == s.len) {
        char *p = buf_reserve(b, s.len + 2);
        if (!p)
            return;
        p[0] = '"';
        if (s.len > 0)
            memcpy(p + 1, s.p, s.len);
        p[s.len + 1] = '"';
        b->len += s.len + 2;
        return;
    }
    buf_addc(b, '"');
    buf_add(b, s.p, at);
    while (at < s.len) {
        size_t run;
        write_escape(b, (unsigned char)s.p[at++]);
        run = plain_run(s, at);
        buf_add(b, s.p + at, run);
        at += run;
    }
    buf_addc(b, '"');
}

/* ---- values ---- */

void json_write_scalar(struct buf *b, const yyjson_val *v)
{
    switch (json_kind(json_of_(v))) {
    case JSON_STRING:
        json_write_text(b, json_text(json_of_(v)));
        break;
    case JSON_NUMBER:
        buf_add(b, v->uni.str, (size_t)(v->tag >> YYJSON_TAG_BIT));
        break;
    case JSON_TRUE:
        buf_add(b, "true", 4);
        break;
    case JSON_FALSE:
        buf_add(b, "false", 5);
        break;
    case JSON_NULL:
    case JSON_ARRAY:
    case JSON_OBJECT:
        buf_add(b, "null", 4);
        break;
    }
}

/* Line break and indentation, or nothing in compact form (indent < 0). */
static void break_line(struct buf *b, int indent)
{
    static const char spaces[] = "                                ";
    if (indent < 0)
        return;
    buf_addc(b, '\n');
    for (size_t left = (size_t)indent * 2; left > 0;) {
        size_t n = left < sizeof(spaces) - 1 ? left : sizeof(spaces) - 1;
        buf_add(b, spaces, n);
        left -= n;
    }
}

/* ${indent}: of the value itself; -1 for compact. Depth is at most LIMIT_JSON_DEPTH. */
static void write_value(struct buf *b, const struct json *j, int indent)
{
    struct json_each it = json_each(j);
    bool object = json_is_object(j);
    int inner = indent < 0 ? -1 : indent + 1;
    if (!object && !json_is_array(j)) {
        json_write_scalar(b, json_val_(j));
        return;
    }
    buf_addc(b, object ? '{' : '[');
    while (json_next(&it)) {
        if (it.index > 0)
            buf_addc(b, ',');
        break_line(b, inner);
        if (object) {
            json_write_text(b, it.name);
            buf_add(b, ": ", indent < 0 ? 1 : 2);
        }
        write_value(b, it.value, inner);
    }
    if (json_count(j) > 0)
        break_line(b, indent);
    buf_addc(b, object ? '}' : ']');
}

void json_write(struct buf *b, const struct json *j)
{
    write_value(b, j, -1);
}

void json_write_pretty(struct buf *b, const struct json *j)
{
    write_value(b, j, 0);
}

/* ---- building ---- */

static void put_comma(struct json_out *o)
{
    if (o->comma)
        buf_addc(o->buf, ',');
    o->comma = true;
}

void json_open(struct json_out *o, char bracket)
{
    put_comma(o);
    buf_addc(o->buf, bracket);
    o->comma = false;
}

void json_close(struct json_out *o, char bracket)
{
    buf_addc(o->buf, bracket);
    o->comma = true;
}

void json_name(struct json_out *o, const char *name)
{
    put_comma(o);
    json_write_text(o->buf, str_of(name));
    buf_addc(o->buf, ':');
    o->comma = false;
}

void json_put_text(struct json_out *o, struct str s)
{
    put_comma(o);
    json_write_text(o->buf, s);
}

void json_put_str(struct json_out *o, const char *s)
{
    json_put_text(o, str_of(s));
}

void json_put_int(struct json_out *o, long long v)
{
    put_comma(o);
    if (v < 0)
        buf_addc(o->buf, '-');
    buf_add_u64(o->buf, v < 0 ? 0ull - (unsigned long long)v : (unsigned long long)v);
}

void json_put_bool(struct json_out *o, bool v)
{
    put_comma(o);
    buf_adds(o->buf, v ? "true" : "false");
}

void json_put_value(struct json_out *o, const struct json *j)
{
    put_comma(o);
    json_write(o->buf, j);
}

void json_put_raw(struct json_out *o, struct str raw)
{
    put_comma(o);
    buf_add(o->buf, raw.p, raw.len);
}

void json_member(struct json_out *o, const char *name, struct str s)
{
    if (!s.p)
        return;
    json_name(o, name);
    json_put_text(o, s);
}
