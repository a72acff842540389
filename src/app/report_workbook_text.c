/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The sheet Text of a report's workbook: what whoever made the report wrote for its reader, above all figures or at one of them.
 * It is read from the narratives that were signed (report_document.c), a title and a paragraph below it, and from nothing else.
 */
#include "base/sheets.h"

#include "app/report.h"

static const struct sheets_column columns[] = {
    {"Of", 36}, {"Indicator", 24}, {"Text", 100}};

/* Up to ${end}, of which nothing is left where it is missing; ${rest} is what follows it. */
static struct str cut(struct str *rest, const char *end)
{
    const char *at =
        rest->len > 0 ? memmem(rest->p, rest->len, end, strlen(end)) : NULL;
    struct str all = *rest;

    if (!at) {
        *rest = (struct str){NULL, 0};
        return *rest;
    }
    rest->p = at + strlen(end);
    rest->len = all.len - (size_t)(rest->p - all.p);
    return (struct str){all.p, (size_t)(at - all.p)};
}

/* The next paragraph of the narrative ${rest}; p NULL: there is none. */
static struct str next_paragraph(struct str *rest)
{
    struct str before = cut(rest, "<p>");

    return before.p ? cut(rest, "</p>") : before;
}

/* ${xml} as it was before report_document.c wrote it as XML. */
static void add_plain(struct buf *b, struct str xml)
{
    static const struct {
        const char *name;
        char sign;
    } names[] = {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}};

    while (xml.len > 0) {
        size_t taken = 1;
        char sign = xml.p[0];

        for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
            if (str_starts(xml, names[i].name)) {
                taken = strlen(names[i].name);
                sign = names[i].sign;
            }
        }
        buf_addc(b, sign);
        xml.p += taken;
        xml.len -= taken;
    }
}

/* As much of ${text} as a cell holds: its bytes are no fewer than its characters. Never a part of a character. */
static size_t of_a_cell(struct str text)
{
    size_t len = SHEETS_TEXT_CHARS;

    if (text.len <= len)
        return text.len;
    while (len > 1 && ((unsigned char)text.p[len] & 0xC0) == 0x80)
        len--;
    return len;
}

/* A row of each paragraph but the title, more where one is longer than a cell: a report is as long as its writer wants. */
static int put_texts(
    struct sheets *s, const struct json *of, struct str indicator, struct err *err)
{
    struct str rest = json_get_text(json_get(of, "text"), "div");
    struct str title = json_get_text(of, "title");
    struct str paragraph = next_paragraph(&rest);
    bool first = true;
    struct buf plain;
    int r = 0;

    buf_init(&plain, REPORT_DOCUMENT_BYTES);
    for (; r == 0 && paragraph.p; paragraph = next_paragraph(&rest), first = false) {
        struct str left = {NULL, 0};

        buf_clear(&plain);
        add_plain(&plain, paragraph);
        r = buf_error(&plain, "A text of the report", err);
        left = (struct str){plain.data, plain.len};
        if (first && str_eq(left, title))
            continue;
        while (r == 0 && left.len > 0) {
            size_t len = of_a_cell(left);

            sheets_text(s, title);
            sheets_text(s, indicator);
            sheets_text(s, (struct str){left.p, len});
            sheets_row(s);
            left.p += len;
            left.len -= len;
        }
    }
    buf_done(&plain);
    return r;
}

int report_workbook_text(
    struct sheets *s, const struct json *composition, struct err *err)
{
    struct json_each it = json_each(json_get(composition, "section"));
    int r = 0;

    sheets_begin(s, "Text", columns, sizeof(columns) / sizeof(columns[0]));
    r = put_texts(s, composition, (struct str){NULL, 0}, err);
    while (r == 0 && json_next(&it)) {
        const struct json *figure = report_extension(it.value, REPORT_FIGURE_URL);

        r = put_texts(s, it.value, report_part(figure, "indicator"), err);
    }
    return r;
}
