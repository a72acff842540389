/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tables of spreadsheets. What begins with '<' is the texts, the styles and the sheet of an XLSX file, with lines of "%" between
 * them; "PK" is an XLSX file whole; anything else is CSV. What is read has cells that can be read, in lines that go up.
 */
#include "base/arena.h"

#include "../archive.h"
#include "cli/sheet_internal.h"
#include "fuzz.h"

#define OWN_PARTS 3

static int read_parts(struct sheet_maker *m, char *text, struct err *err)
{
    const char *parts[][2] = {
        {"xl/workbook.xml",
            "<workbook xmlns:r='r'><sheets><sheet r:id='1'/></sheets></workbook>"},
        {"xl/_rels/workbook.xml.rels",
            "<Relationships><Relationship Id='1' Target='s.xml'/></Relationships>"},
        {"xl/sharedStrings.xml", ""},
        {"xl/styles.xml", ""},
        {"xl/s.xml", ""},
    };
    struct archive archive;

    for (size_t i = 0; text && i < OWN_PARTS; i++) {
        char *next = strstr(text, "\n%\n");

        if (next)
            *next = '\0';
        parts[2 + i][1] = text;
        text = next ? next + 3 : NULL;
    }
    if (!archive_make(&archive, (const char *const(*)[2])parts, 2 + OWN_PARTS))
        return 0;
    return sheet_read_xlsx(
        m, (struct str){(const char *)archive.bytes, archive.len}, err);
}

static void must_be_sound(const struct sheet *sheet)
{
    size_t seen = 0;

    fuzz_must(sheet->count <= SHEET_ROWS);
    for (size_t i = 0; i < sheet->count; i++) {
        fuzz_must(sheet->rows[i].count <= SHEET_COLUMNS);
        for (size_t c = 0; c < sheet->rows[i].count; c++) {
            struct str cell = sheet_cell(&sheet->rows[i], c);

            for (size_t k = 0; k < cell.len; k++)
                seen += (unsigned char)cell.p[k];
        }
    }
    fuzz_must(sheet->count > 0 || seen == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new();
    struct sheet_maker m = {.arena = a};
    struct err err = {0};
    struct str all = {(const char *)data, size};
    int r = 0;

    if (!a || size > ARCHIVE_BYTES) {
        arena_free(a);
        return 0;
    }
    if (size > 0 && data[0] == '<') {
        char *text = arena_strndup(a, (const char *)data, size);

        r = text ? read_parts(&m, text, &err) : 0;
    } else if (size > 1 && data[0] == 'P' && data[1] == 'K') {
        r = sheet_read_xlsx(&m, all, &err);
    } else {
        r = sheet_read_csv(&m, all, &err);
    }
    fuzz_must(r == 0 || err.text[0]);
    if (r == 0)
        must_be_sound(&m.made);
    arena_free(a);
    return 0;
}
