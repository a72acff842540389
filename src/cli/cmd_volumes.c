/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "app/volume_file.h"
#include "cli/cli_internal.h"
#include "cli/sheet.h"

static const char usage[] =
    "usage: belay volumes import DIR FILE [--go]\n"
    "\n"
    "Write down how many outpatients, inpatients and operations hospitals have, and "
    "how "
    "long\n"
    "people of a place live (docs/VOLUMES.md), from a CSV or XLSX file. Its first line "
    "names\n"
    "the columns kind, hospital, department, place, month, value, and sex or language "
    "where\n"
    "inhabitants are told by these, in any order. Each line that cannot be written "
    "down is named with its column and what to do. Nothing is "
    "written\n"
    "before you say so; until then it works while the node is served.\n"
    "  --go   write the others down, all of them or none; the node must not be served\n"
    "         meanwhile\n";

#define SHOWN 20

struct import {
    const char *path;
    struct volume_line *lines;
    size_t count;
    size_t states[VOLUME_BAD + 1];
};

/* ---- the file ---- */

/* Where each column stands in ${head}. */
static int find_columns(const struct sheet_row *head, const char *path,
    size_t columns[VOLUME_COLUMNS], struct err *err)
{
    static const int needed[] = {VOLUME_KIND, VOLUME_MONTH, VOLUME_VALUE};

    for (int i = 0; i < VOLUME_COLUMNS; i++) {
        columns[i] = SIZE_MAX;
        for (size_t k = head->count; k > 0; k--) {
            struct str name = sheet_cell(head, k - 1);

            if (name.len == strlen(volume_columns[i]) &&
                strncasecmp(name.p, volume_columns[i], name.len) == 0)
                columns[i] = k - 1;
        }
    }
    for (size_t i = 0; i < 3; i++) {
        if (columns[needed[i]] == SIZE_MAX)
            return err_set(err, E_INVALID, path,
                "The column %s is missing, so nothing can be taken.",
                volume_columns[needed[i]]);
    }
    return 0;
}

static bool is_empty(const struct sheet_row *row)
{
    for (size_t i = 0; i < row->count; i++) {
        if (sheet_cell(row, i).len > 0)
            return false;
    }
    return true;
}

/* A title above the head, of one cell, is left out. */
static size_t head_of(const struct sheet *sheet)
{
    size_t i = 0;

    for (; i < sheet->count; i++) {
        size_t filled = 0;

        for (size_t k = 0; k < sheet->rows[i].count; k++)
            filled += sheet_cell(&sheet->rows[i], k).len > 0;
        if (filled > 1)
            break;
    }
    return i;
}

static int take_lines(struct arena *a, struct import *import, struct err *err)
{
    struct sheet sheet = {.count = 0};
    size_t columns[VOLUME_COLUMNS] = {0};
    size_t head = 0;
    int r = sheet_read(a, import->path, &sheet, err);

    if (r < 0)
        return r;
    head = head_of(&sheet);
    if (head == sheet.count)
        return err_set(err, E_INVALID, import->path, "There is no table in this file.");
    r = find_columns(&sheet.rows[head], import->path, columns, err);
    if (r < 0)
        return r;
    import->lines = arena_array(a, sheet.count, sizeof(*import->lines));
    if (!import->lines)
        return err_nomem(err);
    for (size_t i = head + 1; i < sheet.count; i++) {
        struct volume_line *line = &import->lines[import->count];

        if (is_empty(&sheet.rows[i]))
            continue;
        line->line = sheet.rows[i].line;
        for (int k = 0; k < VOLUME_COLUMNS; k++)
            line->cells[k] = sheet_cell(&sheet.rows[i], columns[k]);
        import->count++;
    }
    return 0;
}

/* ---- telling ---- */

static void tell_bad(const struct import *import)
{
    for (size_t i = 0; i < import->count; i++) {
        const struct volume_line *line = &import->lines[i];

        for (int k = 0; line->state == VOLUME_BAD && k < VOLUME_COLUMNS; k++) {
            struct str cell = line->cells[k];

            if (line->faults[k] != VOLUME_RIGHT)
                fprintf(stderr, "%s:%zu: %s: %s%.*s%s%s\n", import->path, line->line,
                    volume_columns[k], cell.len ? "'" : "", (int)cell.len,
                    cell.p ? cell.p : "", cell.len ? "': " : "",
                    volume_fault_text(line->faults[k]));
        }
    }
}

static void tell_corrections(const struct import *import)
{
    size_t shown = 0;

    for (size_t i = 0; i < import->count; i++) {
        const struct volume_line *line = &import->lines[i];

        if (line->state != VOLUME_CORRECTS || shown++ >= SHOWN)
            continue;
        printf("Line %zu: %s %.*s of %.*s%s%.*s: %.10g instead of %.*s\n", line->line,
            line->kind, str_starts(line->of, "Location/") ? 4 : 7,
            line->id + strlen(line->kind) + 1, (int)line->name.len, line->name.p,
            line->part[0] ? ", " : "", line->part[0] ? (int)line->code.len : 0,
            line->part[0] ? line->code.p : "", line->value, (int)line->before.len,
            line->before.p);
    }
    if (shown > SHOWN)
        printf("and %zu more\n", shown - SHOWN);
}

static void tell_counts(const struct import *import, bool go)
{
    printf("%zu figures %s written down, %zu of them instead of others; %zu %s there "
           "already; %zu lines are left out\n",
        import->states[VOLUME_NEW] + import->states[VOLUME_CORRECTS],
        go ? "were" : "would be", import->states[VOLUME_CORRECTS],
        import->states[VOLUME_THERE], go ? "were" : "are", import->states[VOLUME_BAD]);
}

static bool is_same_series(
    const struct volume_line *one, const struct volume_line *other)
{
    return one->kind && other->kind && strcmp(one->kind, other->kind) == 0 &&
           str_eq(one->of, other->of);
}

static void tell_baseline(
    const struct volume_line *line, const struct volume_baseline *b)
{
    printf("Baseline of %s, %.*s: ", line->kind, (int)line->name.len, line->name.p);
    if (b->year)
        printf("%.0f in %lld (95 %%: %.0f to %.0f), fixed: assistance began %.*s\n",
            b->value, (long long)b->year, b->low, b->high, (int)b->began.len,
            b->began.p);
    else if (b->began.p)
        printf("none, a month of the year before assistance began %.*s is missing\n",
            (int)b->began.len, b->began.p);
    else
        puts("none, no pairing says when assistance began");
}

/* Of each unit and kind in the file, in its order. */
static int tell_baselines(
    struct app *app, struct arena *a, const struct import *import, struct err *err)
{
    size_t shown = 0;
    int r = 0;

    for (size_t i = 0; r == 0 && i < import->count && shown < SHOWN; i++) {
        const struct volume_line *line = &import->lines[i];
        struct volume_baseline baseline = {.year = 0};
        bool told = line->state == VOLUME_BAD || str_starts(line->of, "Location/");

        for (size_t k = 0; k < i && !told; k++)
            told = import->lines[k].state != VOLUME_BAD &&
                   is_same_series(&import->lines[k], line);
        if (told)
            continue;
        r = volume_file_baseline(app, a, line, &baseline, err);
        if (r == 0)
            tell_baseline(line, &baseline);
        shown++;
    }
    return r;
}

/* ---- the command ---- */

static int import_file(
    struct app *app, struct arena *a, const char *path, bool go, struct err *err)
{
    struct import import = {.path = path};
    int r = take_lines(a, &import, err);

    if (r == 0)
        r = volume_file_judge(app, a, import.lines, import.count, err);
    if (r < 0)
        return r;
    for (size_t i = 0; i < import.count; i++)
        import.states[import.lines[i].state]++;
    tell_bad(&import);
    tell_corrections(&import);
    if (go)
        r = volume_file_write(app, a, import.lines, import.count, err);
    if (r < 0)
        return r;
    tell_counts(&import, go);
    r = tell_baselines(app, a, &import, err);
    if (r == 0 && !go)
        puts("Nothing was written: say --go.");
    if (r == 0 && import.states[VOLUME_BAD] > 0)
        r = err_set(err, E_INVALID, NULL, "Not every line can be taken: see above.");
    return r;
}

static int run(struct cli_call *call, struct err *err)
{
    bool go = false;
    const struct cli_option known[] = {{"--go", CLI_FLAG, &go, 0, 0}, {0}};
    struct arena *a = NULL;
    struct app *app = NULL;
    int r = cli_options(call, known, 3, 3, err);

    if (r == 0 && strcmp(call->words[0], "import") != 0)
        r = err_set(err, E_USAGE, NULL, "'%s' is not what it does.", call->words[0]);
    if (r == 0)
        r = cli_node_open(
            call->words[1], go ? CLI_OPEN_WRITE : CLI_OPEN_READ, &app, err);
    if (r < 0)
        return r;
    a = arena_new();
    r = a ? import_file(app, a, call->words[2], go, err) : err_nomem(err);
    app_close(app);
    arena_free(a);
    return r;
}

const struct cli_command cmd_volumes = {
    "volumes", "volumes of hospitals from a CSV or XLSX file", usage, run};
