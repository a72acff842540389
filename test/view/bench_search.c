/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How fast search is, in process, on copies of the Synthea sample with new ids:
 *
 *     bench_search FOLDER COPIES [memory|sqlite] [NODE]
 *
 * FOLDER has the unpacked bundles. A node is made (NODE, or a new folder in TMPDIR), or
 * taken as it is when it is there. Prints for each kind of query the median, the 99th
 * percentile and the rate of one thread, in its processor time, each query with a
 * snapshot of its own. BENCH_ONLY: kinds with this text; BENCH_BODIES: hits are read too.
 */
#include <dirent.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/time.h"

#include "samples.h"
#include "unit.h"
#include "view/search.h"

#define BATCH 500
#define RUNS 300

static struct store *store;
static atomic_bool no_addresses;
static struct arena *arena;
static struct err err;

static void must(int r)
{
    if (r < 0) {
        fprintf(stderr, "%s: %s\n", err.path, err.text);
        exit(1);
    }
}

/* ---- the sample ---- */

static struct samples samples;

static void add_file(const char *path, struct arena *a)
{
    FILE *f = fopen(path, "rb");
    struct stat st;
    const struct json *bundle;
    char *text;

    if (!f || fstat(fileno(f), &st) < 0)
        exit(1);
    text = malloc((size_t)st.st_size);
    if (fread(text, 1, (size_t)st.st_size, f) != (size_t)st.st_size)
        exit(1);
    fclose(f);
    must(json_read(
        a, (struct str){text, (size_t)st.st_size}, LIMIT_IMPORT_FILE, &bundle, &err));
    samples_add(&samples, bundle);
    free(text);
}

static void read_samples(const char *folder)
{
    struct arena *a = arena_new();
    DIR *d = opendir(folder);
    struct dirent *e;
    char path[4096];

    while (d && (e = readdir(d)) != NULL) {
        if (!strstr(e->d_name, ".json"))
            continue;
        snprintf(path, sizeof(path), "%s/%s", folder, e->d_name);
        add_file(path, a);
        arena_reset(a);
    }
    if (d)
        closedir(d);
    arena_free(a);
}

static void load(unsigned copies)
{
    static struct store_write writes[BATCH];
    struct store_transaction t = {.writes = writes, .actor = STR("bench")};
    uint64_t start = time_monotonic_ns();
    size_t total = 0, i;
    unsigned copy;

    for (copy = 0; copy < copies; copy++) {
        for (i = 0; i <= samples.count; i++) {
            if (t.count == BATCH || (i == samples.count && t.count)) {
                must(store_commit(store, &t, &err));
                total += t.count;
                t.count = 0;
                arena_reset(arena);
            }
            if (i == samples.count)
                break;
            struct store_write *w = &writes[t.count++];
            const char *text;
            sample_renumber(&samples.list[i], copy);
            text = arena_strndup(arena, samples.list[i].text, samples.list[i].len);
            *w = (struct store_write){.type = samples.list[i].type,
                .operation = STORE_UPDATE,
                .body = {text, samples.list[i].len}};
            must(json_read_trusted(arena, w->body, &w->resource, &err));
            w->id = json_get_text(w->resource, "id");
            must(store_prepare(store, arena, w, &err));
        }
    }
    printf("%zu records in %.1f s, %.0f a second\n", total,
        (double)(time_monotonic_ns() - start) / 1e9,
        (double)total * 1e9 / (double)(time_monotonic_ns() - start));
}

static void print_table(
    void *arg, const char *view, const char *table, int64_t rows, int64_t bytes)
{
    (void)arg;
    printf("  %-6s %-16s %10lld rows %12lld bytes\n", view, table, (long long)rows,
        (long long)bytes);
}

/* ---- queries ---- */

#define VALUES 4000
static char patients[VALUES][64];
static size_t patient_count;
static const char *const codes[] = {"72514-3", "8302-2", "29463-7", "55284-4",
    "39156-5", "2093-3", "18262-6", "2339-0", "4548-4", "38483-4"};
static const char *const names[] = {"smi", "jo", "an", "mar", "ka", "wi", "br", "da"};

static void read_patients(void)
{
    struct store_reader *r;
    static store_rid rids[VALUES];
    unsigned type = fhir_resource_named(STR("Patient"))->number;
    struct str id;
    size_t i;

    must(store_read_begin(store, &r, &err));
    must(store_rids(r, type, 0, rids, VALUES, &patient_count, &err));
    for (i = 0; i < patient_count; i++) {
        must(store_name(r, arena, rids[i], &id, &err));
        snprintf(patients[i], sizeof(patients[i]), "%.*s", (int)id.len, id.p);
    }
    store_read_end(r);
}

struct kind {
    const char *type;
    const char *query; /* %P a patient, %C a code, %N a name, %D a date, %T 100 codes */
};

static const struct kind kinds[] = {
    {"Observation", "code=http://loinc.org|%C&date=ge%D&patient=%P"},
    {"Observation", "code=%C&date=ge%D&patient=%P"},
    {"Observation", "patient=%P"},
    {"Observation", "patient=%P&_sort=-date"},
    {"Observation", "patient=%P&_total=accurate"},
    {"Observation", "code=%C"},
    {"Observation", "code=%C&_sort=-date"},
    {"Observation", "code=%C&_total=accurate"},
    {"Observation", "date=ge%D"},
    {"Observation", "date=ge%D&code=%C"},
    {"Observation", "date=%D"},
    {"Observation", "_sort=-date"},
    {"Observation", "_sort=-_lastUpdated"},
    {"Observation", "code=%T"},
    {"Observation", "code=%T&patient=%P"},
    {"Observation", "code=%T&_total=accurate"},
    {"Observation", "value-quantity=gt150"},
    {"Observation", "code-value-quantity=%C$gt100"},
    {"Observation", "status=final"},
    {"Observation", "status:not=final"},
    {"Observation", "subject:missing=true"},
    {"Observation", "patient.name=%N"},
    {"Observation", "patient.gender=male&code=%C"},
    {"Observation", "patient.gender=male"},
    {"Observation", "patient.birthdate=lt1950&date=ge%D"},
    {"Observation", "encounter.type=162673000&patient.name=%N"},
    {"Condition", "patient.name=%N&_sort=-onset-date"},
    {"Patient", "_has:Observation:patient:code=%C"},
    {"Patient", "_has:Observation:patient:code=2514-8"},
    {"Patient", "_has:Observation:patient:value-quantity=gt300"},
    {"Patient", "_has:Observation:patient:code=%C&gender=male"},
    {"Patient", "_has:Encounter:patient:date=ge%D&name=%N"},
    {"Patient", "name=%N"},
    {"Patient", "name:contains=%N&_sort=birthdate"},
    {"Patient", "_id=%P"},
    {"Patient", "gender=female&birthdate=ge1990"},
    {"Patient", "_sort=-birthdate"},
    {"Encounter", "date=ge%D&_sort=date"},
    {"Encounter", "patient=%P&_include=Encounter:service-provider"},
    {"Patient", "_id=%P&_revinclude=Encounter:patient"},
};

static void add_value(struct buf *b, char what)
{
    size_t i;

    switch (what) {
    case 'P':
        buf_adds(b, patients[unit_random() % patient_count]);
        break;
    case 'C':
        buf_adds(b, codes[unit_random() % (sizeof(codes) / sizeof(codes[0]))]);
        break;
    case 'N':
        buf_adds(b, names[unit_random() % (sizeof(names) / sizeof(names[0]))]);
        break;
    case 'D':
        buf_addf(b, "20%02d-%02d", (int)(5 + unit_random() % 13),
            1 + (int)(unit_random() % 12));
        break;
    default:
        for (i = 0; i < 95; i++)
            buf_addf(b, "%05d-%d,", (int)(unit_random() % 100000), (int)i % 10);
        for (i = 0; i < 5; i++)
            buf_addf(b, "%s%s", i ? "," : "", codes[(unit_random() + i) % 10]);
    }
}

static size_t build(struct buf *b, const char *query, struct search_pair *pairs)
{
    struct str rest;
    size_t count = 0;

    buf_clear(b);
    for (; *query; query++) {
        if (*query == '%')
            add_value(b, *++query);
        else
            buf_addc(b, *query);
    }
    rest = (struct str){b->data, b->len};
    while (rest.p) {
        struct str value = str_cut(&rest, '&'), name = str_cut(&value, '=');
        pairs[count++] = (struct search_pair){name, value};
    }
    return count;
}

static int time_order(const void *x, const void *y)
{
    const uint64_t *a = x, *b = y;

    return *a < *b ? -1 : *a > *b;
}

/* Of this thread: on a machine that others use, their share is not ours. */
static uint64_t cpu_ns(void)
{
    struct timespec t;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static uint64_t run_one(
    const struct kind *k, struct buf *text, size_t *hits, bool bodies)
{
    struct search_pair pairs[16];
    struct search_request rq = {.type = fhir_resource_named(str_of(k->type))->number,
        .pairs = pairs,
        .bases = {.list = {STR("http://127.0.0.1:8080/fhir"),
                      STR("http://127.0.0.1:8080/programme")},
            .count = 2,
            .none = &no_addresses},
        .now = time_now()};
    struct search_query *q;
    struct search_page page;
    struct store_reader *r;
    uint64_t start;
    size_t i;

    rq.pair_count = build(text, k->query, pairs);
    start = cpu_ns();
    must(search_parse(arena, &rq, NULL, &q, &err));
    must(store_read_begin(store, &r, &err));
    must(search_run(r, arena, q, &page, &err));
    for (i = 0; bodies && i < page.count; i++) {
        struct store_record record;
        must(store_get_rid(r, arena, page.hits[i].rid, true, &record, &err));
    }
    store_read_end(r);
    *hits += page.count;
    arena_reset(arena);
    return cpu_ns() - start;
}

static void run_kind(const struct kind *k, bool bodies)
{
    static uint64_t times[RUNS];
    uint64_t sum = 0, start = time_monotonic_ns();
    struct buf text;
    size_t hits = 0, i;

    buf_init(&text, 1u << 16);
    for (i = 0; i < RUNS && time_monotonic_ns() - start < 3000000000u; i++) {
        times[i] = run_one(k, &text, &hits, bodies);
        sum += times[i];
    }
    buf_done(&text);
    qsort(times, i, sizeof(*times), time_order);
    printf("%8.0f /s  p50 %9.1f us  p99 %9.1f us  %5.1f hits  %s?%s\n",
        (double)i * 1e9 / (double)sum, (double)times[i / 2] / 1e3,
        (double)times[i * 99 / 100] / 1e3, (double)hits / (double)i, k->type, k->query);
    fflush(stdout);
}

int main(int argc, char **argv)
{
    static const struct store_view *const views[] = {&search_view};
    struct store_options options = {.kind = STORE_SQLITE, .no_sync = true};
    char path[64] = "/tmp/belay-bench-XXXXXX";
    const char *only = getenv("BENCH_ONLY");
    struct stat st;
    size_t i;

    if (argc < 3)
        return 2;
    if (argc > 3 && strcmp(argv[3], "memory") == 0)
        options.kind = STORE_MEMORY;
    options.path = argc > 4 ? argv[4] : mkdtemp(path);
    options.create =
        options.kind == STORE_MEMORY || argc <= 4 || stat(argv[4], &st) < 0;
    arena = arena_new();
    must(store_open(&options, views, 1, &store, &err));
    if (options.create) {
        read_samples(argv[1]);
        load((unsigned)atoi(argv[2]));
    }
    must(store_table_stats(store, print_table, NULL, &err));
    read_patients();
    arena_reset(arena);
    for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        if (!only || strstr(kinds[i].query, only))
            run_kind(&kinds[i], getenv("BENCH_BODIES") != NULL);
    store_close(store);
    arena_free(arena);
    return 0;
}
