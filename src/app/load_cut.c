/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bytes into units. A source is NDJSON when its name says so, or when its first line is
 * a whole JSON value and another follows; then lines are gathered into units. All else
 * is one value.
 */
#include <string.h>

#include "app/load_internal.h"

#define READ_BYTES ((size_t)256 << 10)

struct cutter {
    struct app_load *load;
    const struct app_load_source *source;
    struct buf text; /* read, not yet given away */
    bool end;        /* of the source */
    bool lines;
    int64_t line; /* of the first byte of text, from 1 */
};

static int read_more(struct cutter *c, struct err *err)
{
    char *p = buf_reserve(&c->text, READ_BYTES);
    long n = 0;

    if (!p)
        return buf_error(&c->text, "The file", err);
    n = c->source->read(c->source->arg, p, READ_BYTES, err);
    if (n < 0)
        return (int)n;
    c->text.len += (size_t)n;
    c->end = n == 0;
    pthread_mutex_lock(&c->load->lock);
    c->load->result.bytes += n;
    pthread_mutex_unlock(&c->load->lock);
    return 0;
}

/* Does ${line} hold one whole object? Brackets outside strings are counted. */
static bool is_whole(struct str line)
{
    size_t depth = 0;
    bool text = false;

    if (line.len == 0 || line.p[0] != '{')
        return false;
    for (size_t i = 0; i < line.len; i++) {
        char ch = line.p[i];

        if (text) {
            if (ch == '\\')
                i++;
            else if (ch == '"')
                text = false;
        } else if (ch == '"') {
            text = true;
        } else if (ch == '{' || ch == '[') {
            depth++;
        } else if ((ch == '}' || ch == ']') && depth-- == 0) {
            return false;
        }
    }
    return depth == 0 && !text;
}

static bool name_says_lines(const char *name)
{
    return strstr(name, ".ndjson") != NULL || strstr(name, ".jsonl") != NULL;
}

/* Read until it can be told what the source is. */
static int tell_kind(struct cutter *c, struct err *err)
{
    int r = 0;

    c->lines = name_says_lines(c->source->name);
    while (r == 0 && !c->lines && !c->end) {
        const char *newline = NULL;

        r = read_more(c, err);
        if (r < 0)
            break;
        newline = c->text.len ? memchr(c->text.data, '\n', c->text.len) : NULL;
        if (newline) {
            struct str first = {c->text.data, (size_t)(newline - c->text.data)};

            if (first.len > 0 && first.p[first.len - 1] == '\r')
                first.len--;
            c->lines = is_whole(first);
            break;
        }
        if (c->text.len > LIMIT_IMPORT_LINE)
            break;
    }
    return r;
}

/* Give the first ${len} bytes of the text to the workers. */
static int give(struct cutter *c, size_t len, struct err *err)
{
    struct load_piece piece = {
        .file = c->source->name, .len = len, .lines = c->lines, .first_line = c->line};

    piece.text = base_malloc(len ? len : 1);
    if (!piece.text)
        return err_nomem(err);
    if (len > 0)
        memcpy(piece.text, c->text.data, len);
    for (size_t i = 0; c->lines && i < len; i++)
        c->line += piece.text[i] == '\n';
    memmove(c->text.data, c->text.data + len, c->text.len - len);
    c->text.len -= len;
    return load_push(c->load, &piece, err);
}

static int line_too_long(struct cutter *c)
{
    struct app_load_error e = {.file = c->source->name,
        .entry = c->line,
        .path = "",
        .text = "The line is longer than a record may be; what follows was not read.",
        .code = E_TOO_LARGE};

    load_fault(c->load, &e, false);
    c->end = true;
    c->text.len = 0;
    return 0;
}

static int cut_lines(struct cutter *c, struct err *err)
{
    int r = 0;

    while (r == 0 && !(c->end && c->text.len == 0)) {
        const char *last = NULL;

        if (!c->end && c->text.len < LOAD_UNIT_BYTES) {
            r = read_more(c, err);
            continue;
        }
        last = memrchr(c->text.data, '\n', c->text.len);
        if (c->end)
            r = give(c, c->text.len, err);
        else if (last)
            r = give(c, (size_t)(last - c->text.data) + 1, err);
        else if (c->text.len > LIMIT_IMPORT_LINE)
            r = line_too_long(c);
        else
            r = read_more(c, err);
    }
    return r;
}

static int cut_whole(struct cutter *c, struct err *err)
{
    int r = 0;

    while (r == 0 && !c->end)
        r = read_more(c, err);
    if (r == E_TOO_LARGE) {
        struct app_load_error e = {.file = c->source->name,
            .path = "",
            .text = "The file is larger than one JSON value may be.",
            .code = E_TOO_LARGE};

        load_fault(c->load, &e, false);
        return 0;
    }
    return r < 0 || c->text.len == 0 ? r : give(c, c->text.len, err);
}

int app_load_stream(
    struct app_load *l, const struct app_load_source *source, struct err *err)
{
    struct cutter c = {.load = l, .source = source, .line = 1};
    int r = 0;

    buf_init(&c.text, LIMIT_IMPORT_FILE);
    r = tell_kind(&c, err);
    if (r == 0)
        r = c.lines ? cut_lines(&c, err) : cut_whole(&c, err);
    buf_done(&c.text);
    return r;
}

/* ---- from memory ---- */

static long read_text(void *arg, void *out, size_t cap, struct err *err)
{
    struct str *left = arg;
    size_t n = left->len < cap ? left->len : cap;

    (void)err;
    if (n > 0)
        memcpy(out, left->p, n);
    *left = (struct str){left->p + n, left->len - n};
    return (long)n;
}

int app_load_text(
    struct app_load *l, const char *name, struct str text, struct err *err)
{
    struct app_load_source source = {.name = name, .read = read_text, .arg = &text};

    return app_load_stream(l, &source, err);
}
