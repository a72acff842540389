/* SPDX-License-Identifier: Apache-2.0 */
#include "base/sheets.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <xlsxwriter.h>

#define PLACES 5 /* formats for none to four places behind the point */
#define PATH_CHARS 32

struct sheets {
    lxw_workbook *book;
    lxw_worksheet *sheet;
    lxw_format *head, *text, *numbers[PLACES];
    lxw_row_t row;
    lxw_col_t column, columns;
    int fd; /* of the file in memory that the library writes into; -1: none */
    enum lxw_error failed;
};

/* The library asks the C library for times and chance by calls that share their state. */
static pthread_mutex_t library_lock = PTHREAD_MUTEX_INITIALIZER;

static void note(struct sheets *w, enum lxw_error failed)
{
    if (w->failed == LXW_NO_ERROR)
        w->failed = failed;
}

/* ---- begin ---- */

static int make_formats(struct sheets *w)
{
    static const char *const numbers[PLACES] = {
        "#,##0", "#,##0.0", "#,##0.00", "#,##0.000", "#,##0.0000"};

    w->head = workbook_add_format(w->book);
    w->text = workbook_add_format(w->book);
    if (!w->head || !w->text)
        return -1;
    format_set_bold(w->head);
    format_set_text_wrap(w->head);
    format_set_align(w->head, LXW_ALIGN_VERTICAL_TOP);
    format_set_text_wrap(w->text);
    format_set_align(w->text, LXW_ALIGN_VERTICAL_TOP);
    for (size_t i = 0; i < PLACES; i++) {
        w->numbers[i] = workbook_add_format(w->book);
        if (!w->numbers[i])
            return -1;
        format_set_num_format(w->numbers[i], numbers[i]);
        format_set_align(w->numbers[i], LXW_ALIGN_VERTICAL_TOP);
    }
    return 0;
}

static int set_properties(struct sheets *w, utc_ms created, struct str title)
{
    char *text = strndup(title.p ? title.p : "", title.len);
    lxw_doc_properties properties = {
        .title = text, .created = (time_t)(created / 1000)};
    enum lxw_error r = LXW_ERROR_MEMORY_MALLOC_FAILED;

    if (text)
        r = workbook_set_properties(w->book, &properties);
    free(text);
    return r == LXW_NO_ERROR ? 0 : -1;
}

static int open_book(struct sheets *w, struct err *err)
{
    char path[PATH_CHARS];

    w->fd = memfd_create("belay-workbook", MFD_CLOEXEC);
    if (w->fd < 0)
        return err_sys(err, errno, NULL, "Cannot make a file in memory for a workbook");
    snprintf(path, sizeof(path), "/proc/self/fd/%d", w->fd);
    w->book = workbook_new_opt(path, NULL);
    return w->book ? 0 : err_nomem(err);
}

int sheets_new(utc_ms created, struct str title, struct sheets **ret, struct err *err)
{
    struct sheets *w = calloc(1, sizeof(*w));
    int r = 0;

    if (!w)
        return err_nomem(err);
    w->fd = -1;
    r = open_book(w, err);
    if (r == 0 && (make_formats(w) < 0 || set_properties(w, created, title) < 0))
        r = err_nomem(err);
    if (r < 0) {
        sheets_free(w);
        return r;
    }
    *ret = w;
    return 0;
}

void sheets_free(struct sheets *w)
{
    if (!w)
        return;
    if (w->book)
        lxw_workbook_free(w->book);
    if (w->fd >= 0)
        (void)close(w->fd);
    free(w);
}

/* ---- write ---- */

void sheets_begin(struct sheets *w, const char *name,
    const struct sheets_column *columns, size_t count)
{
    if (w->failed != LXW_NO_ERROR)
        return;
    w->sheet = workbook_add_worksheet(w->book, name);
    if (!w->sheet || count > SHEETS_COLUMNS) {
        note(w, LXW_ERROR_MEMORY_MALLOC_FAILED);
        return;
    }
    w->columns = (lxw_col_t)count;
    for (lxw_col_t i = 0; i < w->columns; i++) {
        note(w, worksheet_set_column(w->sheet, i, i, columns[i].width, NULL));
        note(w, worksheet_write_string(w->sheet, 0, i, columns[i].name, w->head));
    }
    worksheet_freeze_panes(w->sheet, 1, 0);
    worksheet_set_landscape(w->sheet);
    worksheet_set_paper(w->sheet, 9); /* A4 */
    worksheet_fit_to_pages(w->sheet, 1, 0);
    note(w, worksheet_repeat_rows(w->sheet, 0, 0));
    w->row = 1;
    w->column = 0;
}

/* May a cell be written where the next one is? */
static bool has_place(struct sheets *w)
{
    if (w->failed == LXW_NO_ERROR && w->sheet && w->column < w->columns &&
        w->row <= SHEETS_ROWS)
        return true;
    note(w, LXW_ERROR_WORKSHEET_INDEX_OUT_OF_RANGE);
    return false;
}

void sheets_text(struct sheets *w, struct str text)
{
    char *copy = NULL;

    if (!has_place(w))
        return;
    if (text.len > 0) {
        copy = malloc(text.len + 1);
        if (copy) {
            memcpy(copy, text.p, text.len);
            copy[text.len] = '\0';
        }
        note(w, copy
                    ? worksheet_write_string(w->sheet, w->row, w->column, copy, w->text)
                    : LXW_ERROR_MEMORY_MALLOC_FAILED);
        free(copy);
    }
    w->column++;
}

/* Is ${text} digits with at most one point, perhaps behind a sign? Then ${*ret_places} are behind the point. */
static bool is_decimal(struct str text, size_t *ret_places)
{
    size_t digits = 0, point = SIZE_MAX;

    for (size_t i = 0; i < text.len; i++) {
        if (text.p[i] >= '0' && text.p[i] <= '9')
            digits++;
        else if (text.p[i] == '.' && point == SIZE_MAX && i > 0)
            point = i;
        else if (text.p[i] != '-' || i > 0)
            return false;
    }
    *ret_places = point == SIZE_MAX ? 0 : text.len - point - 1;
    return digits > 0 && text.len < 32;
}

void sheets_number(struct sheets *w, struct str decimal)
{
    char copy[32];
    size_t places = 0;

    if (!is_decimal(decimal, &places)) {
        sheets_text(w, decimal);
        return;
    }
    if (!has_place(w))
        return;
    memcpy(copy, decimal.p, decimal.len);
    copy[decimal.len] = '\0';
    note(w, worksheet_write_number(w->sheet, w->row, w->column, strtod(copy, NULL),
                w->numbers[places < PLACES ? places : PLACES - 1]));
    w->column++;
}

void sheets_none(struct sheets *w)
{
    if (has_place(w))
        w->column++;
}

void sheets_row(struct sheets *w)
{
    w->row++;
    w->column = 0;
}

/* ---- end ---- */

static int failure(enum lxw_error failed, struct err *err)
{
    if (failed == LXW_ERROR_MEMORY_MALLOC_FAILED)
        return err_nomem(err);
    if (failed == LXW_ERROR_MAX_STRING_LENGTH_EXCEEDED)
        return err_set(err, E_TOO_LARGE, NULL,
            "A text is longer than a cell of a workbook may be: %d characters.",
            SHEETS_TEXT_CHARS);
    if (failed == LXW_ERROR_WORKSHEET_INDEX_OUT_OF_RANGE)
        return err_set(err, E_TOO_LARGE, NULL,
            "A sheet of a workbook has at most %d rows.", SHEETS_ROWS);
    return err_set(
        err, E_IO, NULL, "The workbook could not be written: %s", lxw_strerror(failed));
}

/* All of the file in memory, appended to ${out}. */
static int copy_file(int fd, struct buf *out, struct err *err)
{
    char piece[8192];
    off_t at = 0;
    ssize_t n = 0;

    while ((n = pread(fd, piece, sizeof(piece), at)) > 0) {
        buf_add(out, piece, (size_t)n);
        at += n;
    }
    if (n < 0)
        return err_sys(err, errno, NULL, "Cannot read the workbook again");
    return buf_error(out, "The workbook", err);
}

int sheets_take(struct sheets *w, struct buf *out, struct err *err)
{
    int r = 0;

    if (w->failed == LXW_NO_ERROR) {
        pthread_mutex_lock(&library_lock);
        w->failed = workbook_close(w->book);
        pthread_mutex_unlock(&library_lock);
        w->book = NULL; /* it is freed, whether it was written or not */
    }
    r = w->failed == LXW_NO_ERROR ? copy_file(w->fd, out, err)
                                  : failure(w->failed, err);
    sheets_free(w);
    return r;
}
