/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Records again and again under new ids. The ids a server gives (UUID version 7) have four
 * digits overwritten with the number of the copy, wherever they stand, so that the
 * copies refer to each other as the originals did. All else is as it was.
 */
#include <stdio.h>

#include "app/export.h"
#include "app/load.h"
#include "cli/bench.h"
#include "cli/source.h"

#define TEXT_MAX ((size_t)1 << 31)
#define VARIED 24 /* where in a UUID the number of the copy goes */
#define ID_LENGTH 36

struct copy_template {
    struct buf text; /* NDJSON */
    size_t *places;  /* of the digits to overwrite */
    size_t count;
    int64_t records;
};

/* The template, read as often as there are copies. */
struct copy_stream {
    struct copy_template *template;
    int64_t copy;
    int64_t copies;
    size_t at;
};

static int add_line(void *arg, struct str record, struct err *err)
{
    struct copy_template *t = arg;

    buf_add(&t->text, record.p, record.len);
    buf_addc(&t->text, '\n');
    t->records++;
    return buf_error(&t->text, "The records to copy", err);
}

/* An id as the server gives them starts here. */
static bool is_given_id(const char *p, size_t left)
{
    static const char form[] = "xxxxxxxx-xxxx-7xxx-xxxx-xxxxxxxxxxxx";

    if (left < sizeof(form) - 1)
        return false;
    for (size_t i = 0; i < sizeof(form) - 1; i++) {
        bool digit = (p[i] >= '0' && p[i] <= '9') || (p[i] >= 'a' && p[i] <= 'f');

        if (form[i] == 'x' ? !digit : p[i] != form[i])
            return false;
    }
    return true;
}

static int find_places(struct copy_template *t, struct err *err)
{
    size_t room = 0;

    for (size_t at = 0; at < t->text.len; at++) {
        if (t->text.data[at] < '0' || !is_given_id(t->text.data + at, t->text.len - at))
            continue;
        if (t->count == room) {
            size_t *more = NULL;

            room = room ? 2 * room : 65536;
            more = base_realloc(t->places, room * sizeof(*more));
            if (!more)
                return err_nomem(err);
            t->places = more;
        }
        t->places[t->count++] = at + VARIED;
        at += ID_LENGTH - 1;
    }
    return 0;
}

static void number_copy(struct copy_template *t, int64_t copy)
{
    char digits[5];

    snprintf(digits, sizeof(digits), "%04x", (unsigned)copy & 0xffffu);
    for (size_t i = 0; i < t->count; i++)
        memcpy(t->text.data + t->places[i], digits, 4);
}

static long stream_read(void *arg, void *out, size_t cap, struct err *err)
{
    struct copy_stream *s = arg;
    size_t left = s->template->text.len - s->at;

    (void)err;
    if (left == 0) {
        if (++s->copy >= s->copies)
            return 0;
        number_copy(s->template, s->copy);
        s->at = 0;
        left = s->template->text.len;
    }
    if (cap > left)
        cap = left;
    memcpy(out, s->template->text.data + s->at, cap);
    s->at += cap;
    return (long)cap;
}

static void tell(void *arg, const struct app_load_error *e)
{
    (void)arg;
    fprintf(
        stderr, "copy: entry %lld: %s: %s\n", (long long)e->entry, e->path, e->text);
}

static int load_copies(
    struct app *to, struct copy_template *t, int64_t copies, struct err *err)
{
    struct copy_stream stream = {.template = t, .copies = copies};
    struct app_load_source source = {"copies", stream_read, &stream};
    struct app_load_options options = {
        .bulk = true, .actor = STR("belay bench"), .error = tell};
    struct app_load_result result = {0};
    struct app_load *load = NULL;
    struct err end = {0};
    int ended;
    int r = app_load_new(to, &options, &load, err);

    if (r < 0)
        return r;
    number_copy(t, 0);
    r = app_load_stream(load, &source, err);
    ended = app_load_end(load, &result, &end);
    if (r == 0 && ended < 0) {
        *err = end;
        r = ended;
    }
    if (r == 0 && result.created != t->records * copies)
        r = err_set(err, E_BUG, NULL, "%lld of %lld copies were made.",
            (long long)result.created, (long long)t->records * (long long)copies);
    return r;
}

static void add_table(
    void *arg, const char *view, const char *table, int64_t rows, int64_t bytes)
{
    struct bench_filled *filled = arg;

    (void)view;
    (void)table;
    filled->rows += rows;
    filled->row_bytes += bytes;
}

/* Close the node and look at what it holds. */
static int filled_look(
    struct app *app, const char *path, struct bench_filled *filled, struct err *err)
{
    struct store_stats stats = {0};
    int r;

    app_close(app); /* so that its files are as they stay */
    app = NULL;
    r = cli_node_open(path, CLI_OPEN_READ, &app, err);
    if (r == 0)
        r = store_stats(app_store(app), &stats, err);
    if (r == 0)
        r = store_table_stats(app_store(app), add_table, filled, err);
    app_close(app);
    if (r < 0)
        return r;
    for (unsigned number = 1; number <= FHIR_TYPE_NUMBER_MAX; number++)
        filled->records += stats.records[number];
    filled->patients = stats.records[fhir_type_named(STR("Patient"))->number];
    filled->file_bytes = stats.file_bytes;
    filled->body_bytes = stats.body_bytes;
    return 0;
}

int bench_copy(struct app *from, const char *to, int64_t copies,
    struct bench_filled *ret, struct err *err)
{
    struct app_options options = {.path = to, .create = true};
    struct bench_filled filled = {0};
    struct copy_template t = {0};
    struct app *app = NULL;
    uint64_t begun;
    int r;

    buf_init(&t.text, TEXT_MAX);
    r = app_export(from, NULL, add_line, &t, err);
    if (r == 0)
        r = find_places(&t, err);
    if (r == 0)
        r = app_open(&options, &app, err);
    begun = time_monotonic_ns();
    if (r == 0)
        r = load_copies(app, &t, copies, err);
    filled.seconds = (double)(time_monotonic_ns() - begun) / 1e9;
    base_free(t.places);
    buf_done(&t.text);
    if (r < 0) {
        app_close(app);
        return r;
    }
    r = filled_look(app, to, &filled, err);
    if (r == 0)
        *ret = filled;
    return r;
}

static int import_file(
    void *load, const struct app_load_source *source, struct err *err)
{
    return app_load_stream(load, source, err);
}

int bench_import(
    const char *input, const char *to, struct bench_filled *ret, struct err *err)
{
    struct app_options options = {.path = to, .create = true};
    struct app_load_options how = {.actor = STR("belay bench"), .error = tell};
    struct source_walk walk = {.file = import_file};
    struct app_load_result result = {0};
    struct bench_filled filled = {0};
    struct app *app = NULL;
    struct app_load *load = NULL;
    struct err end = {0};
    uint64_t begun;
    int ended;
    int r = app_open(&options, &app, err);

    begun = time_monotonic_ns();
    if (r == 0)
        r = app_load_new(app, &how, &load, err);
    if (r < 0) {
        app_close(app);
        return r;
    }
    walk.arg = load;
    r = source_each(&walk, input, err);
    ended = app_load_end(load, &result, &end);
    filled.seconds = (double)(time_monotonic_ns() - begun) / 1e9;
    if (r == 0 && ended < 0) {
        *err = end;
        r = ended;
    }
    if (r < 0) {
        app_close(app);
        return r;
    }
    r = filled_look(app, to, &filled, err);
    if (r == 0)
        *ret = filled;
    return r;
}
