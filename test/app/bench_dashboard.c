/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Not a test: how long each figure takes, and the dashboard, of a programme that is there, such as
 * that of `belay demo --decade DIR` (the server is stopped; nothing is written).
 *
 *     ninja test/app/bench_dashboard && test/app/bench_dashboard DIR LAST_YEAR [PERSON [MEASURE]]
 *
 * Each figure of YEARS years that end with LAST_YEAR, year by year: the first question since the
 * node was opened, which pays for what is kept; now; of the years that ended EARLIER; and as it was
 * known where half of the log was written. PERSON: the id of a Practitioner who asks; - or none: a
 * program, which may read all. MEASURE: of this one alone. Milliseconds of the processor, which do not
 * hang on who else uses the machine; medians of ROUNDS, the worst first.
 */
#include <time.h>

#include "indicator.h"
#include "view/indicator_define.h"

#define YEARS 11
#define EARLIER 3
#define ROUNDS 3

/* What the page Programme asks first (web/src/pages/programme.tsx, ui/loop-picture.tsx). */
#define BRIEF                                                                          \
    "experts-deployed,independent-practitioners,techniques-introduced,"                \
    "departments-twinned,local-staff-trained,technique-gaps-filled,equipment,funding"
#define LOOP                                                                           \
    "answers-in-time,first-answer-time,joint-operation,new-technology-stock,retention"

enum { FIRST, NOW, PAST, KNOWN, WAYS };

struct timed {
    const char *id;
    double took[WAYS];
};

static struct arena *a;
static const char *person;
static long long year, position;

/* What all threads of the process have used. */
static double processor_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static double ask_once(const char *path)
{
    double begun = processor_ms();
    struct said *s = ask_as(person, path);
    double took = processor_ms() - begun;

    if (s->status != 200 && s->status != 400 && s->status != 403) /* it is not told */
        said_status(s, 200);
    said_free(s);
    return took;
}

static int compare(const void *one, const void *other)
{
    double x = *(const double *)one, y = *(const double *)other;

    return x < y ? -1 : x > y;
}

static double median(const char *path)
{
    double took[ROUNDS];

    for (int i = 0; i < ROUNDS; i++)
        took[i] = ask_once(path);
    qsort(took, ROUNDS, sizeof(*took), compare);
    return took[ROUNDS / 2];
}

static double worst(const struct timed *t)
{
    double most = 0;

    for (int i = 0; i < WAYS; i++)
        most = t->took[i] > most ? t->took[i] : most;
    return most;
}

static int compare_timed(const void *one, const void *other)
{
    double x = worst(one), y = worst(other);

    return x > y ? -1 : x < y;
}

static const char *years_path(long long last, long long years, const char *rest)
{
    return arena_printf(a, "Measure/$dashboard?periodStart=%lld&periodEnd=%lld%s",
        last - years + 1, last, rest);
}

static void measure(struct timed *t)
{
    const char *of = arena_printf(a, "&measure=%s", t->id);

    t->took[FIRST] = ask_once(years_path(year, YEARS, of));
    t->took[NOW] = median(years_path(year, YEARS, of));
    t->took[PAST] = median(years_path(year - EARLIER, YEARS, of));
    t->took[KNOWN] = median(arena_printf(a,
        "Measure/%s/$evaluate-measure?periodStart=%lld&periodEnd=%lld&knownAt="
        "position:%lld",
        t->id, year - YEARS + 1, year, position));
}

static void put_line(const struct timed *t)
{
    printf("%-44s", t->id);
    for (int i = 0; i < WAYS; i++)
        printf(" %8.1f", t->took[i]);
    printf("\n");
}

static void measure_whole(const char *what, long long years, const char *rest)
{
    struct timed t = {what, {0}};

    t.took[FIRST] = ask_once(years_path(year, years, rest));
    t.took[NOW] = median(years_path(year, years, rest));
    t.took[PAST] = median(years_path(year - EARLIER, years, rest));
    t.took[KNOWN] = median(years_path(
        year, years, arena_printf(a, "%s&knownAt=position:%lld", rest, position)));
    put_line(&t);
}

static void measure_pages(void)
{
    measure_whole("brief and loop, 20 years", 20, "&measure=" BRIEF "," LOOP);
    measure_whole("brief, 11 years", YEARS, "&measure=" BRIEF);
    measure_whole("all, 11 years", YEARS, "");
    measure_whole("all by hospital, 11 years", YEARS, "&stratifier=hospital");
}

static void measure_each(const struct indicator_defines *all, struct str only)
{
    struct timed *list = arena_array(a, all->count, sizeof(*list));
    size_t count = 0;

    assert_non_null(list);
    for (size_t i = 0; i < all->count; i++) {
        struct str id = all->list[i].id;

        if (only.p && !str_eq(only, id))
            continue;
        list[count] = (struct timed){.id = arena_strndup(a, id.p, id.len)};
        measure(&list[count++]);
    }
    qsort(list, count, sizeof(*list), compare_timed);
    for (size_t i = 0; i < count; i++)
        put_line(&list[i]);
}

/* The middle of the log. */
static void find_position(void)
{
    struct store_reader *reader = NULL;
    int64_t last = 0;

    assert_int_equal(store_read_begin(app_store(node.app), &reader, NULL), 0);
    assert_int_equal(store_seq(reader, &last, NULL), 0);
    store_read_end(reader);
    position = last / 2;
}

int main(int argc, char **argv)
{
    struct app_options options = {
        .path = argc > 2 ? argv[1] : NULL, .base_url = "http://test"};
    const struct indicator_defines *all = NULL;
    struct err err = {.path = ""};

    if (!options.path || app_open(&options, &node.app, &err) < 0) {
        fprintf(
            stderr, "bench_dashboard DIR LAST_YEAR [PERSON [MEASURE]]: %s\n", err.text);
        return 2;
    }
    a = arena_new();
    year = strtoll(argv[2], NULL, 10);
    person = argc > 3 && strcmp(argv[3], "-") != 0 ? argv[3] : NULL;
    find_position();
    assert_int_equal(indicator_defines(&all, &err), 0);
    printf("%-44s %8s %8s %8s %8s\n", "milliseconds", "first", "now", "past", "known");
    if (argc <= 4)
        measure_pages();
    measure_each(all, str_of(argc > 4 ? argv[4] : NULL));
    app_close(node.app);
    arena_free(a);
    return 0;
}
