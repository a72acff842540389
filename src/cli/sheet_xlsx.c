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

static struct str whole(const struct buf *b)
{
    return (struct str){b->data, b->len};
}

/* No more of ${x}; what failed in it is told. A part that breaks off is no sheet. */
static int close_part(struct xml *x, struct err *err)
{
    int r = x->error;

    xml_close(x);
    if (r == E_NOMEM)
        return err_nomem(err);
    if (r < 0)
        return err_set(err, r, NULL,
            "The XLSX file is damaged: save it again, or as CSV in UTF-8.");
    return 0;
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

static int read_texts(struct book *b, const struct buf *part, struct err *err)
{
    struct xml x;
    struct buf text;
    bool sounds = false; /* how it is to be pronounced is left out */
    size_t line = 0;

    xml_open(&x, whole(part));
    buf_init(&text, SHEET_BYTES);
    while (!text.error && !b->texts.error && xml_next(&x)) {
        if (xml_begins(&x, "rPh"))
            sounds = true;
        if (x.ends && str_is(x.name, "t") && !sounds)
            buf_add(&text, x.text.data, x.text.len);
        if (xml_ends(&x, "rPh"))
            sounds = false;
        if (xml_ends(&x, "si")) {
            sheet_put_row(&b->texts, ++line);
            sheet_put_cell(&b->texts, 0, whole(&text));
            buf_clear(&text);
        }
    }
    if (text.error)
        b->texts.error = text.error;
    buf_done(&text);
    if (b->texts.error) {
        xml_close(&x);
        return sheet_error(&b->texts, err);
    }
    return close_part(&x, err);
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
    char closing = '\0'; /* of the words or the colour that we are in */
    bool year = false;

    for (size_t i = 0; i < format.len; i++) {
        char c = format.p[i];

        if (closing && c == closing)
            closing = '\0';
        else if (closing)
            continue;
        else if (c == '"')
            closing = '"';
        else if (c == '[')
            closing = ']';
        else
            year = year || c == 'y' || c == 'Y';
    }
    return year;
}

/* Days of the formats that the book made itself, by their numbers: what every program knows may be told anew. */
struct formats {
    struct arena *arena;
    struct own_format {
        size_t id;
        bool day;
    } * own;
    size_t count;
};

static int keep_format(struct formats *f, const struct xml *x)
{
    size_t id = attribute_number(x, "numFmtId", SIZE_MAX);
    struct own_format *own = arena_grow(
        f->arena, f->own, f->count * sizeof(*own), (f->count + 1) * sizeof(*own));

    if (!own)
        return E_NOMEM;
    f->own = own;
    f->own[f->count++] =
        (struct own_format){id, writes_year(xml_attribute(x, "formatCode"))};
    return 0;
}

static bool is_day(const struct formats *f, size_t id)
{
    for (size_t i = f->count; i > 0; i--) {
        if (f->own[i - 1].id == id)
            return f->own[i - 1].day;
    }
    return is_day_number(id);
}

static int keep_style(struct book *b, const struct formats *f, const struct xml *x)
{
    bool *days = arena_grow(b->m->arena, b->days, b->style_count * sizeof(*days),
        (b->style_count + 1) * sizeof(*days));

    if (!days)
        return E_NOMEM;
    b->days = days;
    b->days[b->style_count++] = is_day(f, attribute_number(x, "numFmtId", 0));
    return 0;
}

static int read_styles(struct book *b, const struct buf *part, struct err *err)
{
    struct formats formats = {.arena = b->m->arena};
    struct xml x;
    bool inside = false;

    xml_open(&x, whole(part));
    while (xml_next(&x)) {
        if (str_is(x.name, "cellXfs"))
            inside = !x.ends;
        if (xml_begins(&x, "numFmt"))
            x.error = keep_format(&formats, &x);
        else if (inside && xml_begins(&x, "xf"))
            x.error = keep_style(b, &formats, &x);
    }
    return close_part(&x, err);
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
    enum { CELL_NUMBER, CELL_SHARED, CELL_TEXT } kind;
};

static void begin_cell(struct cell *cell, const struct xml *x)
{
    struct str kind = xml_attribute(x, "t");

    cell->kind = str_is(kind, "s")              ? CELL_SHARED
                 : !kind.p || str_is(kind, "n") ? CELL_NUMBER
                                                : CELL_TEXT;
    cell->style = attribute_number(x, "s", 0);
    cell->column = column_of(xml_attribute(x, "r"), cell->column + 1);
}

static void put_value(struct book *b, const struct cell *cell, struct str value)
{
    int64_t at = 0;

    if (cell->kind == CELL_NUMBER)
        put_number(b, cell->column, cell->style, value);
    else if (cell->kind == CELL_TEXT)
        sheet_put_cell(b->m, cell->column, value);
    else if (text_int(value, 0, INT32_MAX, &at) && (size_t)at < b->texts.made.count)
        sheet_put_cell(b->m, cell->column, sheet_cell(&b->texts.made.rows[at], 0));
}

static int read_rows(struct book *b, const struct buf *part, struct err *err)
{
    struct xml x;
    struct cell cell = {.column = SIZE_MAX};
    struct buf text; /* of a cell that has its own, perhaps in several pieces */
    size_t line = 0;

    xml_open(&x, whole(part));
    buf_init(&text, SHEET_BYTES);
    while (!b->m->error && !text.error && xml_next(&x)) {
        if (xml_begins(&x, "row")) {
            line = attribute_number(&x, "r", line + 1);
            sheet_put_row(b->m, line);
            cell.column = SIZE_MAX;
        } else if (xml_begins(&x, "c")) {
            begin_cell(&cell, &x);
            buf_clear(&text);
        } else if (x.ends && str_is(x.name, "v")) {
            put_value(b, &cell, whole(&x.text));
        } else if (x.ends && str_is(x.name, "t")) {
            buf_add(&text, x.text.data, x.text.len);
            sheet_put_cell(b->m, cell.column, whole(&text));
        }
    }
    if (text.error)
        b->m->error = text.error;
    buf_done(&text);
    if (b->m->error) {
        xml_close(&x);
        return sheet_error(b->m, err);
    }
    return close_part(&x, err);
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

/* ${text} for as long as the sheet is made; p NULL: no memory. */
static struct str kept(struct book *b, struct str text, int *error)
{
    struct str copy = {arena_strndup(b->m->arena, text.p, text.len), text.len};

    if (!copy.p)
        *error = E_NOMEM;
    return copy;
}

/* The relation of the first sheet that is not hidden; p NULL: there is none. */
static int first_sheet(
    struct book *b, const struct buf *part, struct str *id, struct err *err)
{
    struct xml x;

    xml_open(&x, whole(part));
    while (xml_next(&x)) {
        if (xml_begins(&x, "workbookPr")) {
            struct str from = xml_attribute(&x, "date1904");

            b->from_1904 = str_is(from, "1") || str_is(from, "true");
        }
        if (!id->p && xml_begins(&x, "sheet")) {
            struct str state = xml_attribute(&x, "state");
            bool shown = !state.p || str_is(state, "visible");
            struct str own = xml_attribute(&x, "id");

            if (shown && own.p)
                *id = kept(b, own, &x.error);
        }
    }
    return close_part(&x, err);
}

/* The name of the part that ${id} is of; NULL: none. */
static int target_of(struct book *b, const struct buf *part, struct str id,
    const char **ret, struct err *err)
{
    struct xml x;

    xml_open(&x, whole(part));
    while (!*ret && xml_next(&x)) {
        struct str target = {NULL, 0};

        if (!xml_begins(&x, "Relationship") || !str_eq(xml_attribute(&x, "Id"), id))
            continue;
        target = xml_attribute(&x, "Target");
        if (!target.p)
            continue;
        *ret = str_starts(target, "/")
                   ? arena_strndup(b->m->arena, target.p + 1, target.len - 1)
                   : arena_printf(b->m->arena, "xl/%.*s", (int)target.len, target.p);
        if (!*ret)
            x.error = E_NOMEM;
    }
    return close_part(&x, err);
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
        r = first_sheet(b, part, &id, err);
    if (r == 0 && id.p)
        r = take_part(bytes, "xl/_rels/workbook.xml.rels", part, &there, err);
    if (r == 0 && id.p && there)
        r = target_of(b, part, id, &sheet, err);
    if (r == 0 && !sheet)
        return no_sheet(err);
    if (r == 0)
        r = take_part(bytes, "xl/sharedStrings.xml", part, &there, err);
    if (r == 0 && there)
        r = read_texts(b, part, err);
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
