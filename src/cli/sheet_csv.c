/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/sheet_internal.h"

/* What parts the cells of the first line most often, outside of quotes. */
static char separator_of(struct str text)
{
    static const char separators[] = ",;\t|";
    size_t counts[sizeof(separators)] = {0};
    bool quoted = false;
    size_t best = 0;

    for (size_t i = 0; i < text.len && (quoted || text.p[i] != '\n'); i++) {
        const char *found = text.p[i] ? strchr(separators, text.p[i]) : NULL;

        quoted ^= text.p[i] == '"';
        if (found && !quoted)
            counts[found - separators]++;
    }
    for (size_t i = 1; i + 1 < sizeof(separators); i++) {
        if (counts[i] > counts[best])
            best = i;
    }
    return separators[best];
}

/* The cell at the beginning of ${*rest}, appended to ${cell}; ${*rest} begins with what ended it. */
static void take_cell(struct str *rest, char separator, struct buf *cell)
{
    bool quoted = rest->len > 0 && rest->p[0] == '"';
    size_t i = quoted ? 1 : 0;

    for (; i < rest->len; i++) {
        char c = rest->p[i];

        if (quoted && c == '"' && i + 1 < rest->len && rest->p[i + 1] == '"')
            i++;
        else if (quoted && c == '"') {
            quoted = false;
            continue;
        } else if (!quoted && (c == separator || c == '\n' || c == '\r'))
            break;
        buf_addc(cell, c);
    }
    *rest = (struct str){rest->p + i, rest->len - i};
}

static void take_row(
    struct sheet_maker *m, struct str *rest, char separator, struct buf *cell)
{
    for (size_t column = 0;; column++) {
        char end = '\n';

        buf_clear(cell);
        take_cell(rest, separator, cell);
        sheet_put_cell(m, column, (struct str){cell->data, cell->len});
        if (rest->len == 0)
            return;
        end = rest->p[0];
        *rest = (struct str){rest->p + 1, rest->len - 1};
        if (end == '\r' && str_starts(*rest, "\n"))
            *rest = (struct str){rest->p + 1, rest->len - 1};
        if (end != separator)
            return;
    }
}

int sheet_read_csv(struct sheet_maker *m, struct str text, struct err *err)
{
    struct buf cell;
    char separator = ',';
    int r = 0;

    if (str_starts(text, "\xef\xbb\xbf"))
        text = (struct str){text.p + 3, text.len - 3};
    separator = separator_of(text);
    buf_init(&cell, SHEET_BYTES);
    for (size_t line = 1; text.len > 0 && !m->error && !cell.error; line++) {
        sheet_put_row(m, line);
        take_row(m, &text, separator, &cell);
    }
    r = buf_error(&cell, "A cell", err);
    buf_done(&cell);
    return r < 0 ? r : sheet_error(m, err);
}
