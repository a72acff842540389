/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "cli/cli_internal.h"
#include "store/store.h"

static const char usage[] =
    "usage: belay stats DIR [--json]\n"
    "\n"
    "Count what the node in DIR holds: records by type, versions, sizes on disk, rows "
    "and\n"
    "bytes of each view's tables. Works while the node is served.\n"
    "  --json  for programs\n";

static void table_text(
    void *arg, const char *view, const char *table, int64_t rows, int64_t bytes)
{
    char row_text[CLI_NUMBER_MAX];
    char byte_text[CLI_NUMBER_MAX];

    (void)arg;
    printf("  %-10s %-24s %14s rows %12s\n", view, table, cli_number(rows, row_text),
        cli_bytes(bytes, byte_text));
}

static void table_json(
    void *arg, const char *view, const char *table, int64_t rows, int64_t bytes)
{
    struct json_out *o = arg;

    json_open(o, '{');
    json_member(o, "view", str_of(view));
    json_member(o, "table", str_of(table));
    json_name(o, "rows");
    json_put_int(o, rows);
    json_name(o, "bytes");
    json_put_int(o, bytes);
    json_close(o, '}');
}

static int64_t live_records(const struct store_stats *stats)
{
    int64_t sum = 0;

    for (unsigned number = 1; number <= FHIR_TYPE_NUMBER_MAX; number++)
        sum += stats->records[number];
    return sum;
}

static const char *type_name(unsigned number)
{
    const struct fhir_type *type = fhir_type_numbered(number);

    return type ? type->name : "?";
}

static int print_text(
    struct store *store, const struct store_stats *stats, struct err *err)
{
    int64_t live = live_records(stats);
    char text[CLI_NUMBER_MAX];

    printf("records    %14s\n", cli_number(live, text));
    printf("deleted    %14s\n", cli_number(stats->deleted, text));
    printf("versions   %14s\n", cli_number(stats->versions, text));
    printf("bodies     %14s packed, in the log\n", cli_bytes(stats->body_bytes, text));
    printf("blobs      %14s packed, in files\n", cli_bytes(stats->blob_bytes, text));
    printf("on disk    %14s", cli_bytes(stats->file_bytes, text));
    if (live > 0)
        printf("  (%.0f bytes a record)", (double)stats->file_bytes / (double)live);
    puts("\n\nby type");
    for (unsigned number = 1; number <= FHIR_TYPE_NUMBER_MAX; number++) {
        if (stats->records[number] > 0)
            printf("  %-35s %14s\n", type_name(number),
                cli_number(stats->records[number], text));
    }
    puts("\nviews");
    return store_table_stats(store, table_text, NULL, err);
}

static int print_json(
    struct store *store, const struct store_stats *stats, struct err *err)
{
    const struct {
        const char *name;
        int64_t value;
    } numbers[] = {
        {"records", live_records(stats)},
        {"deleted", stats->deleted},
        {"versions", stats->versions},
        {"bodyBytes", stats->body_bytes},
        {"blobBytes", stats->blob_bytes},
        {"fileBytes", stats->file_bytes},
    };
    struct buf text;
    struct json_out o = json_out(&text);
    int r;

    buf_init(&text, (size_t)1 << 20);
    json_open(&o, '{');
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        json_name(&o, numbers[i].name);
        json_put_int(&o, numbers[i].value);
    }
    json_name(&o, "types");
    json_open(&o, '{');
    for (unsigned number = 1; number <= FHIR_TYPE_NUMBER_MAX; number++) {
        if (stats->records[number] > 0) {
            json_name(&o, type_name(number));
            json_put_int(&o, stats->records[number]);
        }
    }
    json_close(&o, '}');
    json_name(&o, "tables");
    json_open(&o, '[');
    r = store_table_stats(store, table_json, &o, err);
    json_close(&o, ']');
    json_close(&o, '}');
    if (r == 0)
        r = buf_error(&text, "The answer", err);
    if (r == 0)
        puts(buf_cstr(&text));
    buf_done(&text);
    return r;
}

static int run(struct cli_call *call, struct err *err)
{
    struct store_stats stats = {0};
    struct app *app = NULL;
    bool json = false;
    const struct cli_option known[] = {{"--json", CLI_FLAG, &json, 0, 0}, {0}};
    int r = cli_options(call, known, 1, 1, err);

    if (r == 0)
        r = cli_node_open(call->words[0], CLI_OPEN_READ, &app, err);
    if (r < 0)
        return r;
    r = store_stats(app_store(app), &stats, err);
    if (r == 0 && json)
        r = print_json(app_store(app), &stats, err);
    else if (r == 0)
        r = print_text(app_store(app), &stats, err);
    app_close(app);
    return r;
}

const struct cli_command cmd_stats = {
    "stats", "count records, versions, bytes and rows", usage, run};
