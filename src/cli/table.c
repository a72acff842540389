/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/table.h"

struct range {
    uint32_t from, to;
};

/* Two columns wide: Hangul, kana, ideographs and full forms. */
static const struct range wide[] = {{0x1100, 0x115f}, {0x2e80, 0x303e},
    {0x3041, 0xa4cf}, {0xac00, 0xd7a3}, {0xf900, 0xfaff}, {0xfe30, 0xfe6f},
    {0xff00, 0xff60}, {0xffe0, 0xffe6}, {0x20000, 0x3fffd}};

/* None: marks above and below, among them vowels and stacked letters of Tibetan. */
static const struct range none[] = {{0x0300, 0x036f}, {0x0f18, 0x0f19},
    {0x0f35, 0x0f35}, {0x0f37, 0x0f37}, {0x0f39, 0x0f39}, {0x0f71, 0x0f7e},
    {0x0f80, 0x0f84}, {0x0f86, 0x0f87}, {0x0f8d, 0x0fbc}, {0x200b, 0x200f},
    {0xfe00, 0xfe0f}};

static bool is_in(const struct range *list, size_t count, uint32_t c)
{
    for (size_t i = 0; i < count; i++) {
        if (c >= list[i].from && c <= list[i].to)
            return true;
    }
    return false;
}

/* The character at the begin of ${s}, which is UTF-8 and not empty, and its bytes. */
static uint32_t character(struct str s, size_t *bytes)
{
    unsigned char first = (unsigned char)s.p[0];
    size_t n = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    uint32_t c = n == 1 ? first : first & (0x7fu >> n);

    for (size_t i = 1; i < n && i < s.len; i++)
        c = c << 6 | ((unsigned char)s.p[i] & 0x3fu);
    *bytes = n < s.len ? n : s.len;
    return c;
}

static size_t columns_of(uint32_t c)
{
    if (is_in(none, sizeof(none) / sizeof(none[0]), c))
        return 0;
    return is_in(wide, sizeof(wide) / sizeof(wide[0]), c) ? 2 : 1;
}

size_t table_width(struct str text)
{
    size_t width = 0, bytes = 0;

    while (text.len > 0) {
        width += columns_of(character(text, &bytes));
        text = (struct str){text.p + bytes, text.len - bytes};
    }
    return width;
}

/* The next line of ${*rest} that fits in ${width} columns; ${*rest} becomes what is behind it. */
static struct str next_line(struct str *rest, size_t width)
{
    struct str s = *rest;
    size_t at = 0, used = 0, blank = 0, end = 0, bytes = 0;

    while (at < s.len && s.p[at] != '\n') {
        uint32_t c = character((struct str){s.p + at, s.len - at}, &bytes);

        used += columns_of(c);
        if (used > width && at > 0)
            break;
        if (c == ' ' && at > 0)
            blank = at;
        at += bytes;
        if (c == '-' && at < s.len)
            blank = at;
    }
    end = at;
    if (at < s.len && s.p[at] != '\n' && s.p[at] != ' ' && blank > 0)
        at = end = blank;
    while (at < s.len && s.p[at] == ' ')
        at++;
    if (at < s.len && s.p[at] == '\n')
        at++;
    *rest = at < s.len ? (struct str){s.p + at, s.len - at} : (struct str){NULL, 0};
    return (struct str){s.p, end};
}

static void add_blanks(struct buf *b, size_t count)
{
    for (size_t i = 0; i < count; i++)
        buf_addc(b, ' ');
}

/* One line of a row; ${rest} becomes what is left. */
static void add_line(struct buf *b, const struct table *t, struct str *rest)
{
    size_t missing = 0; /* blanks that only stand before something */

    for (size_t i = 0; i < t->count; i++) {
        struct str line = next_line(&rest[i], t->widths[i]);
        size_t width = table_width(line);

        if (line.len > 0) {
            add_blanks(b, missing);
            buf_add(b, line.p, line.len);
            missing = 0;
        }
        missing += (t->widths[i] > width ? t->widths[i] - width : 0) + TABLE_GAP;
    }
    buf_addc(b, '\n');
}

void table_row(struct buf *b, const struct table *t, const struct str *cells)
{
    struct str rest[TABLE_COLUMNS];
    bool more = true;

    for (size_t i = 0; i < t->count; i++)
        rest[i] = cells[i];
    while (more) {
        add_line(b, t, rest);
        more = false;
        for (size_t i = 0; i < t->count; i++)
            more = more || rest[i].len > 0;
    }
}

void table_rule(struct buf *b, const struct table *t)
{
    size_t whole = (t->count - 1) * TABLE_GAP;

    for (size_t i = 0; i < t->count; i++)
        whole += t->widths[i];
    for (size_t i = 0; i < whole; i++)
        buf_addc(b, '-');
    buf_addc(b, '\n');
}
