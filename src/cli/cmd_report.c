/* SPDX-License-Identifier: Apache-2.0 */
/* Asks the node what its page asks, as its operator, and lays the answer out. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/limits.h"

#include "app/report_verify.h"
#include "cli/cli_internal.h"
#include "cli/report_between.h"
#include "cli/report_text.h"

static const char usage[] =
    "usage: belay report DIR [--from DAY --to DAY] [--all] [--format FORMAT]\n"
    "                    [--columns N] [--xlsx FILE]\n"
    "       belay report verify FILE [DIR] [--xlsx FILE]\n"
    "\n"
    "Print what the programme is for, in figures: each with what the events say, what "
    "was\n"
    "published, and whether both agree; then which published figures contradict each\n"
    "other, or only seem to (docs/REPORTS.md). Each published figure is "
    "asked\n"
    "for its own time; what has none, for the last calendar year that is over. Works\n"
    "while the node is served.\n"
    "  --from, --to  for this time instead: days, months or years, both of it\n"
    "  --all         also the indicators that are no row of the report\n"
    "  --format      table (as it is), csv or json\n"
    "  --xlsx        into this file, as a workbook with definitions and provenance\n"
    "  --columns     how wide the table is, from 60 to 300; as wide as the terminal\n"
    "\n"
    "verify tells whether FILE is a frozen report as it was signed, with the "
    "definitions\n"
    "that it was counted by; and, of the node in DIR, whether the key is its own, "
    "whether\n"
    "its log at that position is still the same, and whether it gives the same "
    "figures\n"
    "again, as they were known then. What cannot be checked is said. --xlsx writes it "
    "as a\n"
    "workbook, unless a check fails.\n";

#define COLUMNS_LEAST 60
#define COLUMNS_MOST 300
#define COLUMNS_USUAL 80

static int64_t terminal_columns(void)
{
    struct winsize size = {0};

    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) < 0 || size.ws_col == 0)
        return COLUMNS_USUAL;
    if (size.ws_col < COLUMNS_LEAST)
        return COLUMNS_LEAST;
    return size.ws_col > COLUMNS_MOST ? COLUMNS_MOST : size.ws_col;
}

struct asked {
    const char *from, *to, *format, *xlsx;
    bool all;
    int64_t columns;
};

/* ---- the report now ---- */

/* The sentence of the refusal ${answer}. */
static int refusal(int status, const struct json *answer, struct err *err)
{
    struct str text = app_sentence(answer);

    return err_set(err, status < 500 ? E_INVALID : E_IO, NULL, "%.*s", (int)text.len,
        text.p ? text.p : "");
}

static int write_file(const char *path, const struct buf *bytes, struct err *err)
{
    FILE *out = fopen(path, "wb");
    int r = 0;

    if (!out)
        return err_sys(err, errno, path, "Cannot write the workbook");
    if (fwrite(bytes->data, 1, bytes->len, out) != bytes->len)
        r = err_sys(err, errno, path, "Cannot write the workbook");
    if (fclose(out) != 0 && r == 0)
        r = err_sys(err, errno, path, "Cannot write the workbook");
    return r;
}

struct question {
    const char *path, *query;
    const char *file; /* the answer goes there as it is; NULL: it is read as JSON */
};

static int ask_node(struct app *app, struct arena *a, const struct question *q,
    const struct json **ret, struct err *err)
{
    struct app_call call = {.app = app,
        .arena = a,
        .caller = {.name = STR("belay report"), .role = STR("program")},
        .space = APP_PROGRAMME,
        .path = str_of(q->path),
        .query = str_of(q->query)};
    int r = 0;

    app_run(&call);
    if (call.status == 200 && q->file)
        r = write_file(q->file, &call.answer, err);
    else
        r = json_read(a, (struct str){call.answer.data, call.answer.len},
            LIMIT_RESPONSE_BYTES, ret, err);
    if (r == 0 && call.status != 200)
        r = refusal(call.status, *ret, err);
    app_call_done(&call);
    return r;
}

/* The rows into ${ret}, or a workbook into the file that was named; for the table, what is noticed between them into ${ret_compared}. */
static int ask(struct app *app, struct arena *a, const struct asked *asked,
    const struct json **ret, const struct json **ret_compared, struct err *err)
{
    struct question q = {"PublishedFigure/$report", NULL, asked->xlsx};
    const char *time =
        asked->from ? arena_printf(a, "from=%s&until=%s&", asked->from, asked->to) : "";
    int r = 0;

    if (time)
        q.query = arena_printf(a, "%sall=%s%s", time, asked->all ? "true" : "false",
            asked->xlsx ? "&format=xlsx" : "");
    r = q.query ? ask_node(app, a, &q, ret, err) : err_nomem(err);
    if (r < 0 || asked->xlsx || strcmp(asked->format, "table") != 0)
        return r;
    q = (struct question){"PublishedFigure/$compare", "", NULL};
    return ask_node(app, a, &q, ret_compared, err);
}

static int print(struct arena *a, const struct json *answer,
    const struct json *compared, const struct asked *asked, struct err *err)
{
    struct buf b;
    int r = 0;

    buf_init(&b, LIMIT_RESPONSE_BYTES);
    if (strcmp(asked->format, "json") == 0)
        report_text_json(&b, answer);
    else if (strcmp(asked->format, "csv") == 0)
        report_text_csv(&b, answer);
    else
        r = report_text_table(a, &b, answer, (size_t)asked->columns, err);
    if (r == 0 && compared)
        r = report_between(a, &b, answer, compared, (size_t)asked->columns, err);
    if (r == 0)
        r = buf_error(&b, "The report", err);
    if (r == 0)
        fputs(buf_cstr(&b), stdout);
    buf_done(&b);
    return r;
}

static int check(const struct asked *asked, struct err *err)
{
    static const char *const formats[] = {"table", "csv", "json"};

    if ((asked->from != NULL) != (asked->to != NULL))
        return err_set(err, E_USAGE, asked->from ? "--to" : "--from",
            "Say both from when and until when, or neither.");
    for (size_t i = 0; i < 3; i++) {
        if (strcmp(asked->format, formats[i]) == 0)
            return 0;
    }
    return err_set(err, E_USAGE, "--format", "The format is table, csv or json.");
}

/* ---- verify ---- */

static int read_file(
    struct arena *a, const char *path, struct str *ret, struct err *err)
{
    char *bytes = arena_alloc_raw(a, LIMIT_RECORD_BYTES + 1);
    FILE *in = bytes ? fopen(path, "rb") : NULL;
    size_t len = 0;
    int r = 0;

    if (!bytes)
        return err_nomem(err);
    if (!in)
        return err_sys(err, errno, path, "Cannot open the report");
    len = fread(bytes, 1, LIMIT_RECORD_BYTES + 1, in);
    if (ferror(in))
        r = err_sys(err, errno, path, "Cannot read the report");
    else if (len > LIMIT_RECORD_BYTES)
        r = err_set(err, E_TOO_LARGE, path, "This is larger than any report.");
    (void)fclose(in);
    if (r == 0)
        *ret = (struct str){bytes, len};
    return r;
}

static int print_checks(
    const struct report_check *checks, const char *path, struct err *err)
{
    static const char *const words[] = {
        [REPORT_HOLDS] = "holds",
        [REPORT_FAILS] = "FAILS",
        [REPORT_NOT_CHECKED] = "not checked",
    };
    int faults = 0;

    for (int i = 0; i < REPORT_CHECKS; i++) {
        printf("%-12s %-12s %s\n", checks[i].what, words[checks[i].state],
            checks[i].sentence);
        faults += checks[i].state == REPORT_FAILS;
    }
    if (faults > 0)
        return err_set(err, E_INVALID, path, "This is not the report that was frozen.");
    return 0;
}

/* ${text}, a report that holds, as a workbook. */
static int save(struct arena *a, struct str text, const char *path, struct err *err)
{
    const struct json *document = NULL;
    struct buf out;
    int r = json_read(a, text, LIMIT_RECORD_BYTES, &document, err);

    buf_init(&out, LIMIT_RESPONSE_BYTES);
    if (r == 0)
        r = report_workbook(document, &out, err);
    if (r == 0)
        r = write_file(path, &out, err);
    buf_done(&out);
    return r;
}

static int verify(struct cli_call *call, const char *xlsx, struct err *err)
{
    struct report_check checks[REPORT_CHECKS];
    struct str text = {NULL, 0};
    struct arena *a = NULL;
    struct app *app = NULL;
    int r = call->word_count < 2
                ? err_set(err, E_USAGE, NULL, "Name the file of the report.")
                : 0;

    if (r == 0 && call->word_count == 3)
        r = cli_node_open(call->words[2], CLI_OPEN_READ, &app, err);
    if (r < 0)
        return r;
    a = arena_new();
    r = a ? read_file(a, call->words[1], &text, err) : err_nomem(err);
    if (r == 0)
        r = report_verify(app, a, text, checks, err);
    if (r == 0)
        r = print_checks(checks, call->words[1], err);
    if (r == 0 && xlsx)
        r = save(a, text, xlsx, err);
    app_close(app);
    arena_free(a);
    return r;
}

static int run(struct cli_call *call, struct err *err)
{
    struct asked asked = {.format = "table", .columns = terminal_columns()};
    const struct cli_option known[] = {
        {"--from", CLI_TEXT, &asked.from, 0, 0},
        {"--to", CLI_TEXT, &asked.to, 0, 0},
        {"--all", CLI_FLAG, &asked.all, 0, 0},
        {"--format", CLI_TEXT, &asked.format, 0, 0},
        {"--xlsx", CLI_TEXT, &asked.xlsx, 0, 0},
        {"--columns", CLI_NUMBER, &asked.columns, COLUMNS_LEAST, COLUMNS_MOST},
        {0},
    };
    const struct json *answer = NULL, *compared = NULL;
    struct arena *a = NULL;
    struct app *app = NULL;
    int r = cli_options(call, known, 1, 3, err);

    if (r == 0 && strcmp(call->words[0], "verify") == 0)
        return verify(call, asked.xlsx, err);
    if (r == 0 && call->word_count > 1)
        r = err_set(err, E_USAGE, NULL, "Name one node.");
    if (r == 0)
        r = check(&asked, err);
    if (r == 0)
        r = cli_node_open(call->words[0], CLI_OPEN_READ, &app, err);
    if (r < 0)
        return r;
    a = arena_new();
    r = a ? ask(app, a, &asked, &answer, &compared, err) : err_nomem(err);
    if (r == 0 && !asked.xlsx)
        r = print(a, answer, compared, &asked, err);
    app_close(app);
    arena_free(a);
    return r;
}

const struct cli_command cmd_report = {
    "report", "figures of the programme beside what was published", usage, run};
