/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/sheet.h"

#include <errno.h>
#include <stdio.h>

#include "cli/sheet_internal.h"

/* Room for ${need} of ${size} bytes each in ${*list}, which has it for ${*room}. */
static int grow(struct arena *a, void **list, size_t size, size_t need, size_t *room)
{
    size_t more = *room ? *room : 8;
    void *grown = NULL;

    if (need <= *room)
        return 0;
    while (more < need)
        more *= 2;
    grown = arena_grow(a, *list, *room * size, more * size);
    if (!grown)
        return E_NOMEM;
    memset((char *)grown + *room * size, 0, (more - *room) * size);
    *list = grown;
    *room = more;
    return 0;
}

void sheet_put_row(struct sheet_maker *m, size_t line)
{
    void *rows = m->made.rows;

    if (m->error)
        return;
    if (m->made.count == SHEET_ROWS) {
        m->error = E_TOO_LARGE;
        return;
    }
    m->error =
        grow(m->arena, &rows, sizeof(*m->made.rows), m->made.count + 1, &m->room);
    if (m->error)
        return;
    m->made.rows = rows;
    m->made.rows[m->made.count++] = (struct sheet_row){.line = line};
    m->cell_room = 0;
}

void sheet_put_cell(struct sheet_maker *m, size_t column, struct str text)
{
    struct sheet_row *row = NULL;
    void *cells = NULL;
    char *copy = NULL;

    if (m->error || text.len == 0 || column >= SHEET_COLUMNS || m->made.count == 0)
        return;
    row = &m->made.rows[m->made.count - 1];
    cells = row->cells;
    m->error = grow(m->arena, &cells, sizeof(*row->cells), column + 1, &m->cell_room);
    copy = m->error ? NULL : arena_strndup(m->arena, text.p, text.len);
    if (!copy) {
        m->error = E_NOMEM;
        return;
    }
    row->cells = cells;
    row->cells[column] = (struct str){copy, text.len};
    if (row->count <= column)
        row->count = column + 1;
}

int sheet_error(const struct sheet_maker *m, struct err *err)
{
    if (m->error == E_TOO_LARGE)
        return err_set(
            err, E_TOO_LARGE, NULL, "A table may have %u lines.", SHEET_ROWS);
    return m->error ? err_nomem(err) : 0;
}

struct str sheet_cell(const struct sheet_row *row, size_t column)
{
    struct str s = {NULL, 0};

    if (column < row->count)
        s = row->cells[column];
    while (s.len > 0 && (unsigned char)s.p[0] <= ' ')
        s = (struct str){s.p + 1, s.len - 1};
    while (s.len > 0 && (unsigned char)s.p[s.len - 1] <= ' ')
        s.len--;
    return s;
}

static int read_bytes(const char *path, struct buf *ret, struct err *err)
{
    FILE *in = fopen(path, "rb");
    int r = 0;

    if (!in)
        return err_sys(err, errno, path, "Cannot open the table");
    for (;;) {
        char *to = buf_reserve(ret, (size_t)64 << 10);
        size_t got = to ? fread(to, 1, (size_t)64 << 10, in) : 0;

        ret->len += got;
        if (got == 0)
            break;
    }
    if (ferror(in))
        r = err_sys(err, errno, path, "Cannot read the table");
    (void)fclose(in);
    return r < 0 ? r : buf_error(ret, "The table", err);
}

int sheet_read(struct arena *a, const char *path, struct sheet *ret, struct err *err)
{
    struct sheet_maker m = {.arena = a};
    struct str all = {NULL, 0};
    struct buf bytes;
    int r = 0;

    buf_init(&bytes, SHEET_BYTES);
    r = read_bytes(path, &bytes, err);
    all = (struct str){bytes.data, bytes.len};
    if (r == 0 && str_starts(all, "PK\3\4"))
        r = sheet_read_xlsx(&m, all, err);
    else if (r == 0 && !utf8_valid(all.p, all.len))
        r = err_set(err, E_INVALID, path,
            "This is neither an XLSX file nor a CSV file in UTF-8: save it as one of "
            "these.");
    else if (r == 0)
        r = sheet_read_csv(&m, all, err);
    buf_done(&bytes);
    if (r == 0)
        *ret = m.made;
    return r;
}
