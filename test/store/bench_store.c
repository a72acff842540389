/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How fast the store alone is: single durable creates by many callers, reads by id, bulk
 * load, bytes on disk. Bodies are the resources of the bundles given, under new ids; a
 * view writes as many rows a record as search would.
 *
 *   bench_store FOLDER [--records N] [--callers N] [--rows N] [--bulk] [--no-sync] BUNDLE...
 *
 * FOLDER must not exist; it is left for looking at.
 */
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/id.h"
#include "base/limits.h"
#include "base/thread.h"
#include "base/time.h"

#include "store/store.h"

#define BODIES_MAX 40000
#define KEY_BYTES 18 /* slot, hash, rid: as a token row of search */

static unsigned rows_a_record = 15;
static unsigned first_table;

/* ---- a view like search: some slots repeat their values, others do not ---- */

static int bench_prepare(struct arena *a, const struct fhir_type *type,
    const struct json *resource, utc_ms updated, const void **ret, struct err *err)
{
    uint64_t *hashes = arena_array(a, rows_a_record, sizeof(*hashes));

    (void)type;
    (void)resource;
    (void)updated;
    if (!hashes)
        return err_nomem(err);
    for (unsigned i = 0; i < rows_a_record; i++) {
        id_random(&hashes[i], sizeof(hashes[i]));
        /* two thirds are codes of small sets, the rest are nearly unique */
        if (i % 3 != 0)
            hashes[i] = hash64(&(uint64_t){hashes[i] % 500}, 8, i);
    }
    *ret = hashes;
    return 0;
}

static int bench_apply(
    struct store_tx *tx, struct arena *a, const struct store_change *c, struct err *err)
{
    const uint64_t *hashes = c->prepared;
    uint8_t key[KEY_BYTES];
    int r = 0;

    (void)a;
    for (unsigned i = 0; hashes && i < rows_a_record && r == 0; i++) {
        key[0] = (uint8_t)c->type;
        key[1] = (uint8_t)i;
        for (unsigned k = 0; k < 8; k++) {
            key[2 + k] = (uint8_t)(hashes[i] >> (56 - 8 * k));
            key[10 + k] = (uint8_t)((uint64_t)c->rid >> (56 - 8 * k));
        }
        r = store_put(tx, first_table, key, sizeof(key), NULL, 0, err);
    }
    return r;
}

static const char *const bench_tables[] = {"bench"};
static const struct store_view bench_view = {.name = "bench",
    .digest = "1",
    .tables = bench_tables,
    .table_count = 1,
    .first_table = &first_table,
    .keys_only = 1,
    .prepare = bench_prepare,
    .apply = bench_apply};

/* ---- bodies ---- */

struct body {
    const struct fhir_type *type;
    struct str text; /* without its id, which is put in front */
};

static struct body bodies[BODIES_MAX];
static size_t body_count;
static size_t body_bytes;

static void die(const struct err *err)
{
    fprintf(stderr, "%s: %s\n", err->path, err->text);
    exit(1);
}

static void bodies_read(struct arena *a, const char *path)
{
    const struct json *bundle = NULL;
    struct err err = {0};
    struct json_each it;
    FILE *f = fopen(path, "rb");
    size_t size = 0;
    char *text = NULL;

    if (!f) {
        perror(path);
        exit(1);
    }
    fseek(f, 0, SEEK_END);
    size = (size_t)ftell(f);
    rewind(f);
    text = arena_alloc_raw(a, size);
    if (fread(text, 1, size, f) != size)
        exit(1);
    fclose(f);
    if (json_read_trusted(a, (struct str){text, size}, &bundle, &err) < 0)
        die(&err);
    it = json_each(json_get(bundle, "entry"));
    while (json_next(&it) && body_count < BODIES_MAX) {
        const struct json *resource = json_get(it.value, "resource");
        struct body *b = &bodies[body_count];
        struct buf out;
        b->type = fhir_resource_named(json_get_text(resource, "resourceType"));
        if (!b->type)
            continue;
        buf_init(&out, LIMIT_RECORD_BYTES);
        json_write(&out, resource);
        b->text = (struct str){arena_strndup(a, out.data, out.len), out.len};
        body_bytes += out.len;
        body_count++;
        buf_done(&out);
    }
}

/* ---- writing ---- */

struct work {
    struct store *store;
    atomic_long next;
    long records;
    size_t batch; /* writes in a transaction */
    char (*ids)[ID_UUID_CHARS + 1];
    unsigned *types;
};

static void *caller(void *arg)
{
    struct work *work = arg;
    struct arena *a = arena_new();
    struct err err = {0};

    for (;;) {
        long at = atomic_fetch_add(&work->next, (long)work->batch);
        size_t count = 0;
        struct store_write *w = arena_array(a, work->batch, sizeof(*w));
        for (; count < work->batch && at + (long)count < work->records; count++) {
            size_t i = (size_t)at + count;
            const struct body *b = &bodies[i % body_count];
            id_uuid7(time_now(), work->ids[i]);
            work->types[i] = b->type->number;
            w[count].type = b->type;
            w[count].id = str_of(work->ids[i]);
            w[count].operation = STORE_CREATE;
            w[count].body = b->text;
            if (store_prepare(work->store, a, &w[count], &err) < 0)
                die(&err);
        }
        struct store_transaction t = {
            .writes = w, .count = count, .actor = STR("bench")};
        if (count == 0)
            break;
        if (store_commit(work->store, &t, &err) < 0)
            die(&err);
        arena_reset(a);
    }
    arena_free(a);
    return NULL;
}

static double cpu_seconds(void)
{
    struct rusage u;

    getrusage(RUSAGE_SELF, &u);
    return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
           (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

static void resident(const char *when)
{
    char line[256];
    FILE *f = fopen("/proc/self/status", "r");

    while (f && fgets(line, sizeof(line), f)) {
        if (strncmp(line, "VmRSS:", 6) == 0 || strncmp(line, "VmHWM:", 6) == 0)
            printf("  %s %s", when, line);
    }
    if (f)
        fclose(f);
}

static void write_all(struct work *work, unsigned callers)
{
    pthread_t threads[256];
    uint64_t start = time_monotonic_ns();
    double cpu = cpu_seconds();
    double seconds = 0;
    struct store_stats s;
    struct err err = {0};

    for (unsigned i = 0; i < callers; i++) {
        if (thread_start(&threads[i], "caller", caller, work, &err) < 0)
            die(&err);
    }
    for (unsigned i = 0; i < callers; i++)
        pthread_join(threads[i], NULL);
    seconds = (double)(time_monotonic_ns() - start) / 1e9;
    cpu = cpu_seconds() - cpu;
    store_stats(work->store, &s, &err);
    printf("write: %ld records, %u callers, batch %zu: %.0f/s, %.2f s, cpu %.1f us a "
           "record, %lld commits of %.1f transactions\n",
        work->records, callers, work->batch, (double)work->records / seconds, seconds,
        cpu * 1e6 / (double)work->records, (long long)s.commits,
        (double)s.transactions / (double)s.commits);
    resident("after writing");
}

static void read_random(struct work *work, long reads)
{
    struct arena *a = arena_new();
    struct store_reader *r = NULL;
    struct store_record record;
    struct err err = {0};
    uint64_t start = time_monotonic_ns();
    double cpu = cpu_seconds();
    uint64_t x = 1;
    size_t bytes = 0;

    for (long i = 0; i < reads; i++) {
        x = x * 6364136223846793005u + 1442695040888963407u;
        size_t at = (size_t)((x >> 33) % (uint64_t)work->records);
        if (store_read_begin(work->store, &r, &err) < 0 ||
            store_get(r, a, work->types[at], str_of(work->ids[at]), &record, &err) < 0)
            die(&err);
        bytes += record.body.len;
        store_read_end(r);
        arena_reset(a);
    }
    printf("read: %ld random of %ld: %.2f us each, cpu %.2f us, %.0f bytes\n", reads,
        work->records, (double)(time_monotonic_ns() - start) / 1e3 / (double)reads,
        (cpu_seconds() - cpu) * 1e6 / (double)reads, (double)bytes / (double)reads);
    resident("after reading");
    arena_free(a);
}

int main(int argc, char **argv)
{
    const struct store_view *views[] = {&bench_view};
    struct store_options o = {.create = true};
    struct work work = {.records = 50000, .batch = 1};
    struct arena *a = arena_new();
    struct store_stats s;
    unsigned callers = 64;
    bool bulk = false;
    struct err err = {0};
    uint64_t start = 0;

    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--records") == 0)
            work.records = strtol(argv[++i], NULL, 10);
        else if (strcmp(argv[i], "--callers") == 0)
            callers = (unsigned)strtoul(argv[++i], NULL, 10);
        else if (strcmp(argv[i], "--rows") == 0)
            rows_a_record = (unsigned)strtoul(argv[++i], NULL, 10);
        else if (strcmp(argv[i], "--batch") == 0)
            work.batch = strtoul(argv[++i], NULL, 10);
        else if (strcmp(argv[i], "--bulk") == 0)
            bulk = true;
        else if (strcmp(argv[i], "--no-sync") == 0)
            o.no_sync = true;
        else if (!o.path)
            o.path = argv[i];
        else
            bodies_read(a, argv[i]);
    }
    if (!o.path || body_count == 0) {
        fprintf(stderr, "usage: bench_store FOLDER [--records N] [--callers N] "
                        "[--rows N] [--batch N] [--bulk] [--no-sync] BUNDLE...\n");
        return 2;
    }
    printf("%zu bodies of %.0f bytes\n", body_count,
        (double)body_bytes / (double)body_count);
    work.ids = calloc((size_t)work.records, sizeof(*work.ids));
    work.types = calloc((size_t)work.records, sizeof(*work.types));
    resident("at the start");
    if (store_open(&o, views, 1, &work.store, &err) < 0)
        die(&err);
    if (bulk && store_bulk_begin(work.store, &err) < 0)
        die(&err);
    start = time_monotonic_ns();
    write_all(&work, callers);
    if (bulk) {
        if (store_bulk_end(work.store, &err) < 0)
            die(&err);
        printf("bulk: %.0f records/s in all\n",
            (double)work.records / ((double)(time_monotonic_ns() - start) / 1e9));
    }
    read_random(&work, 200000);
    store_close(work.store);
    o.create = false;
    start = time_monotonic_ns();
    if (store_open(&o, views, 1, &work.store, &err) < 0 ||
        store_stats(work.store, &s, &err) < 0)
        die(&err);
    printf("open: %.1f ms\ndisk: %.0f bytes a record, %.0f of them bodies\n",
        (double)(time_monotonic_ns() - start) / 1e6,
        (double)s.file_bytes / (double)work.records,
        (double)s.body_bytes / (double)work.records);
    store_close(work.store);
    return 0;
}
