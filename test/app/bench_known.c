/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Not a test: how long figures take as they were known then, of a programme that is there, such as that of `belay demo --decade DIR`
 * (the server is stopped; nothing is written).
 *
 *     ninja test/app/bench_known && test/app/bench_known DIR LAST_YEAR
 *
 * What it takes to know of the past at all, once since the node was opened, and how much memory; then at POSITIONS of the log, each
 * asked about for the first time: the map of a year, of all YEARS, again, the dashboard of all figures, and the slowest of the
 * figures of the last year that was over. Milliseconds of the processor.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "app/app_internal.h"
#include "app/network.h"
#include "indicator.h"
#include "view/indicator_define.h"

#define YEARS 11
#define POSITIONS 12
#define OF_THE_MAP "self-sufficiency"

static struct arena *a;

/* What all threads of the process have used. */
static double processor_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* The second number of the line: pages. */
static double resident_mb(void)
{
    char line[128] = "";
    char *behind = line;
    FILE *f = fopen("/proc/self/statm", "r");

    if (f && !fgets(line, sizeof(line), f))
        line[0] = 0;
    if (f)
        fclose(f);
    strtol(line, &behind, 10);
    return (double)strtol(behind, NULL, 10) * 4096 / 1e6;
}

static double ask_once(const char *path)
{
    double begun = processor_ms();
    struct said *s = ask_as(NULL, path);
    double took = processor_ms() - begun;

    if (s->status != 200 && s->status != 400 && s->status != 403) /* it is not told */
        said_status(s, 200);
    said_free(s);
    return took;
}

static const char *figure_path(
    struct str id, long long first, long long last, long long position)
{
    return arena_printf(a,
        "Measure/%.*s/$evaluate-measure?periodStart=%lld&periodEnd=%lld&knownAt="
        "position:%lld",
        (int)id.len, id.p, first, last, position);
}

static int64_t last_position(void)
{
    struct store_reader *reader = NULL;
    int64_t last = 0;

    assert_int_equal(store_read_begin(app_store(node.app), &reader, NULL), 0);
    assert_int_equal(store_seq(reader, &last, NULL), 0);
    store_read_end(reader);
    return last;
}

static void measure_first(int64_t position)
{
    const struct network *n = NULL;
    double begun = processor_ms(), before = resident_mb();

    assert_int_equal(networks_take_known(node.app->networks, position, &n, NULL), 0);
    network_release(n);
    printf("the past is read: %.0f ms, %.0f MB\n", processor_ms() - begun,
        resident_mb() - before);
}

static void measure(
    const struct indicator_defines *all, long long year, int64_t position)
{
    struct str slowest = {"", 0};
    double most = 0;

    printf("%9lld", (long long)position);
    printf(" %8.1f", ask_once(figure_path(STR(OF_THE_MAP), year, year, position)));
    for (int i = 0; i < 2; i++)
        printf(" %8.1f",
            ask_once(figure_path(STR(OF_THE_MAP), year - YEARS + 1, year, position)));
    printf(" %8.1f",
        ask_once(arena_printf(a,
            "Measure/$dashboard?periodStart=%lld&periodEnd=%lld&knownAt=position:%lld",
            year - YEARS + 1, year, (long long)position)));
    for (size_t i = 0; i < all->count; i++) {
        double took =
            ask_once(figure_path(all->list[i].id, year - 1, year - 1, position));

        if (took > most) {
            most = took;
            slowest = all->list[i].id;
        }
    }
    printf(" %8.1f %.*s\n", most, (int)slowest.len, slowest.p);
}

int main(int argc, char **argv)
{
    struct app_options options = {
        .path = argc > 2 ? argv[1] : NULL, .base_url = "http://test"};
    const struct indicator_defines *all = NULL;
    struct err err = {.path = ""};
    int64_t last = 0;

    if (!options.path || app_open(&options, &node.app, &err) < 0) {
        fprintf(stderr, "bench_known DIR LAST_YEAR: %s\n", err.text);
        return 2;
    }
    a = arena_new();
    last = last_position();
    assert_int_equal(indicator_defines(&all, &err), 0);
    measure_first(last / POSITIONS);
    printf("%9s %8s %8s %8s %8s %8s\n", "position", "map", "11 years", "again", "all",
        "slowest");
    for (int i = 1; i <= POSITIONS; i++)
        measure(all, strtoll(argv[2], NULL, 10), last * i / POSITIONS - 1);
    printf("%.0f MB in all\n", resident_mb());
    app_close(node.app);
    arena_free(a);
    return 0;
}
