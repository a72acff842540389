/* SPDX-License-Identifier: Apache-2.0 */
/* Tables as spreadsheets make them: CSV parted in each way, XLSX, cut short and damaged. */
#include <unistd.h>

#include "../archive.h"
#include "cli/sheet.h"
#include "unit.h"

#define PARTS 5

static const char *const parts[PARTS][2] = {
    {"xl/workbook.xml",
        "<workbook xmlns:r=\"r\"><sheets><sheet name=\"S\" sheetId='1' r:id=\"r1\"/>"
        "</sheets></workbook>"},
    {"xl/_rels/workbook.xml.rels", "<x:Relationships xmlns:x=\"x\"><x:Relationship "
                                   "Id=\"r1\" Target=\"worksheets/s.xml\"/>"
                                   "</x:Relationships>"},
    {"xl/sharedStrings.xml", "<sst><si><t>a &amp; b&#x4e2d;</t></si></sst>"},
    {"xl/styles.xml",
        "<s><numFmts><numFmt numFmtId=\"170\" formatCode=\"yyyy&quot;d&"
        "quot;\"/><numFmt numFmtId=\"171\" formatCode=\"0&quot;y&quot;\"/>"
        "</numFmts><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"170\"/><xf "
        "numFmtId=\"171\"/></cellXfs></s>"},
    {"xl/worksheets/s.xml",
        "<worksheet><!-- <row> --><sheetData><row r=\"2\"><c r=\"A2\" t=\"s\"><v>0</v>"
        "</c><c r=\"C2\" s=\"1\"><v>44256</v></c><c s=\"2\"><v>44256.10</v></c><c "
        "t=\"inlineStr\"><is><t>in</t><t>line</t></is></c></row></sheetData>"
        "</worksheet>"},
};

static void make(struct archive *a)
{
    assert_true(archive_make(a, parts, PARTS));
}

static int read_bytes(struct arena *a, const void *bytes, size_t len, struct sheet *ret)
{
    char path[] = "/tmp/belay-sheet-XXXXXX";
    struct err err = {0};
    int fd = mkstemp(path);
    int r = 0;

    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes, len), (long)len);
    close(fd);
    r = sheet_read(a, path, ret, &err);
    unlink(path);
    return r;
}

/* "2:a|b/3:c" of lines 2 and 3 of ${text}. */
static void reads(const char *text, size_t len, const char *expected)
{
    struct arena *a = arena_new();
    struct sheet sheet = {.count = 0};
    char out[512] = "";
    size_t n = 0;

    assert_int_equal(read_bytes(a, text, len, &sheet), 0);
    for (size_t i = 0; i < sheet.count; i++) {
        n += (size_t)snprintf(
            out + n, sizeof(out) - n, "%s%zu:", i ? "/" : "", sheet.rows[i].line);
        for (size_t k = 0; k < sheet.rows[i].count; k++) {
            struct str cell = sheet_cell(&sheet.rows[i], k);

            n += (size_t)snprintf(out + n, sizeof(out) - n, "%s%.*s", k ? "|" : "",
                (int)cell.len, cell.p ? cell.p : "");
        }
    }
    assert_string_equal(out, expected);
    arena_free(a);
}

static void csv(void **state)
{
    static const char *const texts[][2] = {
        {"a,b\n1,2\n", "1:a|b/2:1|2"},
        /* a line break within quotes is of the cell */
        {"\xef\xbb\xbf"
         "a;b\r\n\"x;\"\"y\"\"\r\nz\"; 2 \r\n",
            "1:a|b/2:x;\"y\"\r\nz|2"},
        {"a\tb\r\r\nc\t", "1:a|b/2:/3:c"},
        {"\"a,b\"|c|d", "1:a,b|c|d"},
        {"", ""},
        {"\"a", "1:a"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        reads(texts[i][0], strlen(texts[i][0]), texts[i][1]);
}

static void xlsx(void **state)
{
    struct archive a = {.len = 0};

    (void)state;
    make(&a);
    reads(
        (const char *)a.bytes, a.len, "2:a & b\xe4\xb8\xad||2021-03-01|44256.1|inline");
}

/* Whatever is cut off or turned over, it is read or refused. */
static void damaged(void **state)
{
    struct archive a = {.len = 0};

    (void)state;
    make(&a);
    for (size_t i = 0; i < a.len; i++) {
        struct arena *memory = arena_new();
        struct archive b = a;
        struct sheet sheet = {.count = 0};

        if (i >= 4)
            assert_true(read_bytes(memory, a.bytes, i, &sheet) < 0);
        b.bytes[i] ^= 0x55;
        (void)read_bytes(memory, b.bytes, b.len, &sheet);
        arena_free(memory);
    }
}

static int read_once(void *arg)
{
    const struct archive *a = arg;
    struct arena *memory = arena_new();
    struct sheet sheet = {.count = 0};
    int r = memory ? read_bytes(memory, a->bytes, a->len, &sheet) : E_NOMEM;

    arena_free(memory);
    return r;
}

static void without_memory(void **state)
{
    struct archive a = {.len = 0};

    (void)state;
    make(&a);
    assert_true(unit_fault_loop(read_once, &a) > 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(csv),
        cmocka_unit_test(xlsx),
        cmocka_unit_test(damaged),
        cmocka_unit_test(without_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
