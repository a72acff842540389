/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/xml.h"

#include <stdlib.h>

#define SPACE " \t\r\n"

static struct str behind(struct str s, size_t n)
{
    return (struct str){s.p + n, s.len - n};
}

/* Where ${what} begins in ${s}, or its length. */
static size_t find(struct str s, const char *what)
{
    size_t len = strlen(what);

    for (size_t i = 0; i + len <= s.len; i++) {
        if (memcmp(s.p + i, what, len) == 0)
            return i;
    }
    return s.len;
}

static bool is_in(char c, const char *list)
{
    return c != '\0' && strchr(list, c);
}

/* What is before the first of ${stops}; ${*s} begins there. */
static struct str upto(struct str *s, const char *stops)
{
    size_t n = 0;
    struct str found = {s->p, 0};

    while (n < s->len && !is_in(s->p[n], stops))
        n++;
    found.len = n;
    *s = behind(*s, n);
    return found;
}

static struct str without_prefix(struct str name)
{
    size_t colon = find(name, ":");

    return colon < name.len ? behind(name, colon + 1) : name;
}

bool xml_next(struct xml *x)
{
    size_t at = find(x->rest, "<");
    struct str tag = {NULL, 0};

    x->text = (struct str){x->rest.p, at};
    if (at == x->rest.len)
        return false;
    x->rest = behind(x->rest, at + 1);
    at = str_starts(x->rest, "!--") ? find(x->rest, "-->") : find(x->rest, ">");
    if (at == x->rest.len)
        return false;
    tag = (struct str){x->rest.p, at};
    x->rest = behind(x->rest, at + (str_starts(tag, "!--") ? 3 : 1));
    x->ends = str_starts(tag, "/");
    x->empty = str_ends(tag, "/");
    if (x->ends)
        tag = behind(tag, 1);
    if (x->empty)
        tag.len--;
    x->name = without_prefix(upto(&tag, SPACE));
    x->inside = tag;
    return true;
}

bool xml_begins(const struct xml *x, const char *name)
{
    return !x->ends && str_is(x->name, name);
}

bool xml_ends(const struct xml *x, const char *name)
{
    return (x->ends || x->empty) && str_is(x->name, name);
}

struct str xml_attribute(const struct xml *x, const char *name)
{
    struct str rest = x->inside;

    for (;;) {
        struct str own = {NULL, 0};
        struct str value = {NULL, 0};
        char quote = '\0';

        while (rest.len > 0 && is_in(rest.p[0], SPACE))
            rest = behind(rest, 1);
        own = without_prefix(upto(&rest, SPACE "="));
        (void)upto(&rest, "\"'");
        if (rest.len == 0)
            return value;
        quote = rest.p[0];
        rest = behind(rest, 1);
        value = upto(&rest, quote == '"' ? "\"" : "'");
        if (rest.len == 0)
            return (struct str){NULL, 0};
        rest = behind(rest, 1);
        if (str_is(own, name))
            return value;
    }
}

static void add_character(struct buf *b, unsigned long c)
{
    if (c == 0 || c > 0x10ffff || (c >= 0xd800 && c < 0xe000)) {
        buf_addc(b, '?');
    } else if (c < 0x80) {
        buf_addc(b, (char)c);
    } else if (c < 0x800) {
        buf_addc(b, (char)(0xc0 | c >> 6));
        buf_addc(b, (char)(0x80 | (c & 0x3f)));
    } else {
        if (c < 0x10000) {
            buf_addc(b, (char)(0xe0 | c >> 12));
        } else {
            buf_addc(b, (char)(0xf0 | c >> 18));
            buf_addc(b, (char)(0x80 | (c >> 12 & 0x3f)));
        }
        buf_addc(b, (char)(0x80 | (c >> 6 & 0x3f)));
        buf_addc(b, (char)(0x80 | (c & 0x3f)));
    }
}

/* "#65" or "#x41"; 0: it is no number. */
static unsigned long numbered(struct str name)
{
    char digits[12] = "";
    bool hex = str_starts(name, "#x");
    size_t from = hex ? 2 : 1;

    if (!str_starts(name, "#") || name.len <= from || name.len - from >= sizeof(digits))
        return 0;
    memcpy(digits, name.p + from, name.len - from);
    return strtoul(digits, NULL, hex ? 16 : 10);
}

void xml_unescape(struct buf *b, struct str text)
{
    static const struct {
        const char *name;
        char c;
    } named[] = {{"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}};

    while (text.len > 0) {
        struct str plain = upto(&text, "&");
        struct str name = {NULL, 0};
        size_t i = 0;

        buf_add(b, plain.p, plain.len);
        if (text.len == 0)
            return;
        text = behind(text, 1);
        name = upto(&text, ";");
        if (text.len > 0)
            text = behind(text, 1);
        while (i < 5 && !str_is(name, named[i].name))
            i++;
        if (i < 5)
            buf_addc(b, named[i].c);
        else
            add_character(b, numbered(name));
    }
}
