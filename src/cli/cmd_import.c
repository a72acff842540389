/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "base/thread.h"
#include "base/time.h"

#include "cli/cli_internal.h"
#include "cli/source.h"

static const char usage[] =
    "usage: belay import DIR PATH... [--strict] [--bulk] [--threads N]\n"
    "\n"
    "Load records into the node in DIR, which must not be served meanwhile. A PATH is "
    "a\n"
    "file or a folder: Bundles, single records, NDJSON; packed or not (.gz, .zst), or\n"
    "archives (.tar, .tar.gz, .tar.zst). What cannot be loaded is told with its file,\n"
    "entry and path; the rest goes on.\n"
    "  --strict   the first fault ends it and nothing is stored; transactions cannot\n"
    "             search for what another file of the same import brings\n"
    "  --bulk     for much at once: the indexes are built at the end, by sorting\n"
    "  --threads  that check and prepare; one a processor unless said otherwise\n";

struct import_run {
    struct app_load *load;
    struct cli_progress progress;
    pthread_mutex_t lock; /* guards the terminal: faults come from any thread */
    bool strict;
    int64_t files;
    int64_t unreadable;
};

static void tell_fault(void *arg, const struct app_load_error *e)
{
    struct import_run *import = arg;

    pthread_mutex_lock(&import->lock);
    cli_progress_end(&import->progress);
    fprintf(stderr, "%s:", e->file);
    if (e->entry > 0)
        fprintf(stderr, " entry %lld:", (long long)e->entry);
    if (e->path && e->path[0])
        fprintf(stderr, " %s:", e->path);
    fprintf(stderr, " %s\n", e->text);
    pthread_mutex_unlock(&import->lock);
}

static int load_file(void *arg, const struct app_load_source *source, struct err *err)
{
    struct import_run *import = arg;

    import->files++;
    return app_load_stream(import->load, source, err);
}

static int skip_unreadable(void *arg, const char *path, struct err *err)
{
    struct import_run *import = arg;

    if (import->strict)
        return err->code;
    import->unreadable++;
    tell_fault(
        arg, &(struct app_load_error){.file = path, .path = "", .text = err->text});
    return 0;
}

static int64_t loaded(const struct app_load_result *result)
{
    return result->created + result->updated + result->unchanged + result->deleted;
}

static void show_progress(void *arg, int64_t done, int64_t total)
{
    struct import_run *import = arg;
    struct app_load_result result = {0};
    char number[CLI_NUMBER_MAX];
    char rate[CLI_NUMBER_MAX];
    char note[120];
    uint64_t ns = time_monotonic_ns() - import->progress.begun + 1;

    if (!import->progress.shown)
        return;
    app_load_progress(import->load, &result);
    snprintf(note, sizeof(note), "%s records, %s/s",
        cli_number(loaded(&result), number),
        cli_number((int64_t)((double)loaded(&result) * 1e9 / (double)ns), rate));
    pthread_mutex_lock(&import->lock);
    cli_progress_show(&import->progress, done, total, note);
    pthread_mutex_unlock(&import->lock);
}

static void print_summary(
    const struct import_run *import, const struct app_load_result *result)
{
    double seconds = (double)(time_monotonic_ns() - import->progress.begun) / 1e9;
    char text[5][CLI_NUMBER_MAX];

    printf("%s records from %s files: %s created, %s updated, %s unchanged",
        cli_number(loaded(result), text[0]), cli_number(import->files, text[1]),
        cli_number(result->created, text[2]), cli_number(result->updated, text[3]),
        cli_number(result->unchanged, text[4]));
    if (result->deleted > 0)
        printf(", %s deleted", cli_number(result->deleted, text[0]));
    printf("; %s refused; %.1f s, %s records/s\n",
        cli_number(result->failed + import->unreadable, text[1]), seconds,
        cli_number((int64_t)((double)loaded(result) / seconds), text[2]));
}

/* Load every path of ${call}; always ends the load. */
static int import_paths(
    struct cli_call *call, struct import_run *import, struct err *err)
{
    struct source_walk walk = {.file = load_file,
        .progress = show_progress,
        .unreadable = skip_unreadable,
        .arg = import};
    struct app_load_result result = {0};
    struct err end = {0};
    int ended;
    int r = 0;

    for (size_t i = 1; r == 0 && i < call->word_count; i++)
        r = source_size(call->words[i], &walk.total, err);
    for (size_t i = 1; r == 0 && i < call->word_count; i++)
        r = source_each(&walk, call->words[i], err);
    ended = app_load_end(import->load, &result, &end);
    cli_progress_end(&import->progress);
    if (r == 0 && ended < 0) {
        *err = end;
        r = ended;
    }
    if (r < 0 && import->strict)
        return r;
    print_summary(import, &result);
    if (r == 0 && result.failed + import->unreadable > 0)
        r = err_set(err, E_INVALID, NULL, "Not everything could be loaded: see above.");
    return r;
}

static int run(struct cli_call *call, struct err *err)
{
    struct import_run import = {.lock = PTHREAD_MUTEX_INITIALIZER};
    struct app_load_options options = {
        .actor = STR("belay import"), .error = tell_fault, .arg = &import};
    struct app *app = NULL;
    int64_t threads = 0;
    const struct cli_option known[] = {
        {"--strict", CLI_FLAG, &options.strict, 0, 0},
        {"--bulk", CLI_FLAG, &options.bulk, 0, 0},
        {"--threads", CLI_NUMBER, &threads, 1, 256},
        {0},
    };
    int r = cli_options(call, known, 2, CLI_WORDS_MAX, err);

    if (r == 0)
        r = cli_node_open(call->words[0], CLI_OPEN_WRITE, &app, err);
    if (r < 0)
        return r;
    options.threads = (unsigned)threads;
    import.strict = options.strict;
    cli_progress_begin(&import.progress, "Importing");
    r = app_load_new(app, &options, &import.load, err);
    if (r == 0)
        r = import_paths(call, &import, err);
    app_close(app);
    return r;
}

const struct cli_command cmd_import = {
    "import", "load Bundles, records and NDJSON", usage, run};
