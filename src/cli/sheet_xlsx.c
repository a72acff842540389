/* SPDX-License-Identifier: Apache-2.0 */
/*
 * XLSX (ECMA-376): XML parts in a ZIP archive. xl/workbook.xml names the sheets, its relations tell the part of each;
 * xl/sharedStrings.xml has the texts that cells name by number, xl/styles.xml tells which styles show a day.
 */
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/time.h"
#include "base/unzip.h"

#include "cli/sheet_internal.h"
#include "cli/xml.h"

#define SERIALS 2958466 /* days up to the year 9999 */
#define FROM_1900 25569 /* the serial of 1970-01-01 */
#define FROM_1904 24107

struct book {
    struct sheet_maker *m;
    struct sheet_maker texts; /* a row each, its text in column 0 */
    bool *days;               /* of the styles */
    size_t style_count;
    bool from_1904;
};

static struct xml reader(const struct buf *part)
{
    return (struct xml){.rest = {part->data, part->len}};
}

static bool text_number(struct str s, double *ret)
{
    char digits[40] = "";
    char *end = NULL;

    if (s.len == 0 || s.len >= sizeof(digits))
        return false;
    memcpy(digits, s.p, s.len);
    *ret = strtod(digits, &end);
    return *end == '\0' && isfinite(*ret);
}

static size_t attribute_number(const struct xml *x, const char *name, size_t none)
{
    int64_t n = 0;
    struct str text = xml_attribute(x, name);

    return text.p && text_int(text, 0, INT32_MAX, &n) ? (size_t)n : none;
}

/* ---- texts that cells name by number ---- */

static void read_texts(struct book *b, const struct buf *part)
{
    struct xml x = reader(part);
    struct buf text;
    bool sounds = false; /* how it is to be pronounced is left out */
    size_t line = 0;

    buf_init(&text, SHEET_BYTES);
    while (!text.error && !b->texts.error && xml_next(&x)) {
        if (xml_begins(&x, "rPh"))
            sounds = true;
        if (x.ends && str_is(x.name, "t") && !sounds)
            xml_unescape(&text, x.text);
        if (xml_ends(&x, "rPh"))
            sounds = false;
        if (xml_ends(&x, "si")) {
            sheet_put_row(&b->texts, ++line);
            sheet_put_cell(&b->texts, 0, (struct str){text.data, text.len});
            buf_clear(&text);
        }
    }
    if (text.error)
        b->texts.error = text.error;
    buf_done(&text);
}

/* ---- which cells are days ---- */

/* Formats that every program knows as a day, by their number. */
static bool is_day_number(size_t id)
{
    return (id >= 14 && id <= 17) || id == 22 || (id >= 27 && id <= 36) ||
           (id >= 50 && id <= 58);
}

/* Does ${format} write a year? Words in it do not count, nor do colours. */
static bool writes_year(struct str format)
{
    char closing = '\0';

    for (size_t i = 0; i < format.len; i++) {
        char c = format.p[i];

        if (closing) {
            if (c == closing)
                closing = '\0';
        } else if (c == '"' || c == '[') {
            closing = c == '[' ? ']' : '"';
        } else if (tolower((unsigned char)c) == 'y') {
            return true;
        }
    }
    return false;
}

/* Does the format ${id} that the book made itself write a year? Else what every program knows. */
static bool is_day(struct book *b, const struct buf *part, size_t id)
{
    struct xml x = reader(part);
    bool day = is_day_number(id);
    struct buf format;

    buf_init(&format, 4096);
    while (xml_next(&x) && !xml_begins(&x, "cellXfs")) {
        if (!xml_begins(&x, "numFmt") || attribute_number(&x, "numFmtId", 0) != id)
            continue;
        buf_clear(&format);
        xml_unescape(&format, xml_attribute(&x, "formatCode"));
        day = writes_year((struct str){format.data, format.len});
    }
    if (format.error == E_NOMEM) /* a longer one is no day's */
        b->m->error = E_NOMEM;
    buf_done(&format);
    return day;
}

static int read_styles(struct book *b, const struct buf *part, struct err *err)
{
    struct xml x = reader(part);
    bool inside = false;

    while (xml_next(&x)) {
        if (str_is(x.name, "cellXfs"))
            inside = !x.ends;
        if (!inside || !xml_begins(&x, "xf"))
            continue;
        b->days = arena_grow(b->m->arena, b->days, b->style_count * sizeof(*b->days),
            (b->style_count + 1) * sizeof(*b->days));
        if (!b->days)
            return err_nomem(err);
        b->days[b->style_count++] =
            is_day(b, part, attribute_number(&x, "numFmtId", 0));
    }
    return sheet_error(b->m, err);
}

/* ---- cells ---- */

/* "C7" is in column 2; ${none} where it does not say. */
static size_t column_of(struct str reference, size_t none)
{
    size_t column = 0;

    for (size_t i = 0; i < reference.len && isupper((unsigned char)reference.p[i]) &&
                       column < SHEET_COLUMNS;
         i++)
        column = column * 26 + (size_t)(reference.p[i] - 'A') + 1;
    return column > 0 ? column - 1 : none;
}

/* A number as it is shown: a day, or without what binary fractions add. */
static void put_number(struct book *b, size_t column, size_t style, struct str value)
{
    char text[40] = "";
    double n = 0;

    if (!text_number(value, &n)) {
        sheet_put_cell(b->m, column, value);
        return;
    }
    if (style < b->style_count && b->days[style] && n >= 1 && n < SERIALS) {
        int64_t year = 0;
        unsigned month = 0, day = 0;

        time_date(
            (int64_t)n - (b->from_1904 ? FROM_1904 : FROM_1900), &year, &month, &day);
        snprintf(text, sizeof(text), "%04d-%02u-%02u", (int)year, month, day);
    } else {
        snprintf(text, sizeof(text), "%.15g", n);
    }
    sheet_put_cell(b->m, column, str_of(text));
}

struct cell {
    size_t column, style;
    struct str kind;
};

static void put_value(
    struct book *b, const struct cell *cell, struct str value, struct buf *text)
{
    int64_t at = 0;

    if (str_is(cell->kind, "s")) {
        if (text_int(value, 0, INT32_MAX, &at) && (size_t)at < b->texts.made.count)
            sheet_put_cell(b->m, cell->column, sheet_cell(&b->texts.made.rows[at], 0));
    } else if (cell->kind.p && !str_is(cell->kind, "n")) {
        buf_clear(text);
        xml_unescape(text, value);
        sheet_put_cell(b->m, cell->column, (struct str){text->data, text->len});
    } else {
        put_number(b, cell->column, cell->style, value);
    }
}

static int read_rows(struct book *b, const struct buf *part, struct err *err)
{
    struct xml x = reader(part);
    struct cell cell = {.column = SIZE_MAX};
    struct buf text;
    struct buf inlined;
    size_t line = 0;

    buf_init(&text, SHEET_BYTES);
    buf_init(&inlined, SHEET_BYTES);
    while (!b->m->error && !text.error && !inlined.error && xml_next(&x)) {
        if (xml_begins(&x, "row")) {
            line = attribute_number(&x, "r", line + 1);
            sheet_put_row(b->m, line);
            cell.column = SIZE_MAX;
        } else if (xml_begins(&x, "c")) {
            cell = (struct cell){column_of(xml_attribute(&x, "r"), cell.column + 1),
                attribute_number(&x, "s", 0), xml_attribute(&x, "t")};
            buf_clear(&inlined);
        } else if (x.ends && str_is(x.name, "v")) {
            put_value(b, &cell, x.text, &text);
        } else if (x.ends && str_is(x.name, "t")) {
            xml_unescape(&inlined, x.text);
            sheet_put_cell(b->m, cell.column, (struct str){inlined.data, inlined.len});
        }
    }
    if (text.error || inlined.error)
        b->m->error = text.error ? text.error : inlined.error;
    buf_done(&text);
    buf_done(&inlined);
    return sheet_error(b->m, err);
}

/* ---- the parts ---- */

/* The part ${name} into ${ret}; false: there is none, which is no error. */
static int take_part(
    struct str bytes, const char *name, struct buf *ret, bool *there, struct err *err)
{
    int r = 0;

    buf_clear(ret);
    r = unzip_part(bytes, name, ret, err);
    *there = r == 0;
    return r == E_NOT_FOUND ? 0 : r;
}

/* The relation of the first sheet that is not hidden; p NULL: there is none. */
static struct str first_sheet(struct book *b, const struct buf *part)
{
    struct xml x = reader(part);
    struct str id = {NULL, 0};

    while (xml_next(&x)) {
        struct str from = xml_attribute(&x, "date1904");

        if (xml_begins(&x, "workbookPr"))
            b->from_1904 = str_is(from, "1") || str_is(from, "true");
        if (!id.p && xml_begins(&x, "sheet") &&
            (!xml_attribute(&x, "state").p ||
                str_is(xml_attribute(&x, "state"), "visible")))
            id = xml_attribute(&x, "id");
    }
    if (id.p)
        id.p = arena_strndup(b->m->arena, id.p, id.len);
    if (!id.p && id.len > 0)
        b->m->error = E_NOMEM;
    return id;
}

/* The name of the part that ${id} is of; NULL: none, or no memory. */
static const char *target_of(struct book *b, const struct buf *part, struct str id)
{
    struct xml x = reader(part);
    const char *name = NULL;

    while (xml_next(&x)) {
        struct str target = xml_attribute(&x, "Target");

        if (!xml_begins(&x, "Relationship") || !str_eq(xml_attribute(&x, "Id"), id))
            continue;
        if (str_starts(target, "/"))
            name = arena_strndup(b->m->arena, target.p + 1, target.len - 1);
        else
            name = arena_printf(
                b->m->arena, "xl/%.*s", (int)target.len, target.p ? target.p : "");
        if (!name)
            b->m->error = E_NOMEM;
        break;
    }
    return name;
}

static int no_sheet(struct err *err)
{
    return err_set(err, E_INVALID, NULL,
        "This is no XLSX file with a sheet: save it again, or as CSV in UTF-8.");
}

static int read_parts(
    struct book *b, struct str bytes, struct buf *part, struct err *err)
{
    const char *sheet = NULL;
    struct str id = {NULL, 0};
    bool there = false;
    int r = take_part(bytes, "xl/workbook.xml", part, &there, err);

    if (r == 0 && there)
        id = first_sheet(b, part);
    if (r == 0 && id.p)
        r = take_part(bytes, "xl/_rels/workbook.xml.rels", part, &there, err);
    if (r == 0 && id.p && there)
        sheet = target_of(b, part, id);
    if (r == 0 && !sheet)
        return b->m->error ? err_nomem(err) : no_sheet(err);
    if (r == 0)
        r = take_part(bytes, "xl/sharedStrings.xml", part, &there, err);
    if (r == 0 && there) {
        read_texts(b, part);
        r = sheet_error(&b->texts, err);
    }
    if (r == 0)
        r = take_part(bytes, "xl/styles.xml", part, &there, err);
    if (r == 0 && there)
        r = read_styles(b, part, err);
    if (r == 0)
        r = take_part(bytes, sheet, part, &there, err);
    if (r < 0)
        return r;
    return there ? read_rows(b, part, err) : no_sheet(err);
}

int sheet_read_xlsx(struct sheet_maker *m, struct str bytes, struct err *err)
{
    struct book b = {.m = m, .texts = {.arena = m->arena}};
    struct buf part;
    int r = 0;

    buf_init(&part, SHEET_BYTES);
    r = read_parts(&b, bytes, &part, err);
    buf_done(&part);
    return r;
}
