/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How long a figure takes in a programme of ten years on disk: 8 hospitals of 10 departments helped
 * by 200, 2,500 postings, 6,000 enrolments, 100,000 operations of 100 procedures, each twentieth posting and
 * operation corrected once. Not a test; prints milliseconds by the clock.
 *
 *   ninja -C build test/app/bench_indicator && build/test/app/bench_indicator
 */
#include <time.h>

#include "indicator.h"

#define HOSTS 8
#define DEPARTMENTS 10
#define SENDING 200
#define POSTINGS 2500
#define ENROLMENTS 6000
#define OPERATIONS 100000
#define PROCEDURES 100
#define ENTRIES 500 /* of one Bundle */
#define ROUNDS 9

static struct arena *a;
static struct buf bundle;
static int entries;
static int records;

static double now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static void flush(enum app_space space)
{
    struct ask ask = {.method = APP_POST, .space = space, .path = ""};

    if (entries == 0)
        return;
    buf_adds(&bundle, "]}");
    ask.body = buf_cstr(&bundle);
    said_free(said_status(node_ask(&node, ask), 200));
    buf_clear(&bundle);
    entries = 0;
    arena_reset(a);
}

/* The record ${type}/${id} with ${rest}, in the next Bundle. */
static void add(
    enum app_space space, const char *type, const char *id, const char *rest)
{
    char *text = arena_printf(a,
        "%s{'resource':{'resourceType':'%s','id':'%s'%s%s},'request':{'method':'PUT','"
        "url':"
        "'%s/%s'}}",
        entries == 0 ? "{'resourceType':'Bundle','type':'transaction','entry':[" : ",",
        type, id, rest[0] ? "," : "", rest, type, id);

    for (char *at = text; *at; at++)
        *at = *at == '\'' ? '"' : *at;
    buf_adds(&bundle, text);
    records++;
    if (++entries == ENTRIES)
        flush(space);
}

static void add_directory(void)
{
    for (int i = 0; i < HOSTS; i++)
        add(APP_FHIR, "Organization", arena_printf(a, "h%d", i), "");
    for (int i = 0; i < HOSTS * DEPARTMENTS; i++)
        add(APP_FHIR, "Organization", arena_printf(a, "d%d", i),
            arena_printf(
                a, "'partOf':{'reference':'Organization/h%d'}", i / DEPARTMENTS));
    for (int i = 0; i < SENDING; i++) {
        add(APP_FHIR, "Organization", arena_printf(a, "s%d", i),
            arena_printf(a, "'address':[{'state':'Province %d'}]", i % 17));
        add(APP_FHIR, "Organization", arena_printf(a, "t%d", i),
            arena_printf(a, "'partOf':{'reference':'Organization/s%d'}", i));
    }
    flush(APP_FHIR);
}

static void add_posting(int n, int days)
{
    int year = 2015 + n % 10;

    add(APP_FHIR, "PractitionerRole", arena_printf(a, "p%d", n),
        arena_printf(a,
            TEAM("t%d") ",'practitioner':{'reference':'Practitioner/"
                        "e%d'},'organization':"
                        "{'reference':'Organization/d%d'}," ROLE(
                            "expert") ",'period':{"
                                      "'start':'%d-01-01','end':'%d-12-%02d'}",
            n % SENDING, n, n % (HOSTS * DEPARTMENTS), year, year, days));
}

static void add_operation(int n, int day)
{
    add(APP_FHIR, "Procedure", arena_printf(a, "o%d", n),
        arena_printf(a,
            "'status':'completed','subject':{'display':'Somebody'},'code':{'coding':[{"
            "'system':'https://belay.health/CodeSystem/procedure','code':'c%d'}]},"
            "'performedDateTime':'%d-%02d-%02d','performer':[{'actor':{'reference':"
            "'Practitioner/e%d'}}],'extension':[{'url':'https://belay.health/"
            "StructureDefinition/operation-department','valueReference':{'reference':"
            "'Organization/d%d'}}]",
            n % PROCEDURES, 2015 + n % 10, n % 12 + 1, day, n % POSTINGS,
            n / PROCEDURES % (HOSTS * DEPARTMENTS)));
}

static void add_all(void)
{
    add_directory();
    for (int i = 0; i < POSTINGS; i++)
        add_posting(i, 31);
    for (int i = 0; i < OPERATIONS; i++)
        add_operation(i, i % 28 + 1);
    flush(APP_FHIR);
    for (int i = 0; i < POSTINGS; i += 20)
        add_posting(i, 30);
    for (int i = 0; i < OPERATIONS; i += 20)
        add_operation(i, 1);
    flush(APP_FHIR);
    for (int i = 0; i < ENROLMENTS; i++)
        add(APP_PROGRAMME, "Enrolment", arena_printf(a, "n%d", i),
            arena_printf(a,
                "'status':'completed','course':{'reference':'Course/c'},'person':{"
                "'reference':'Practitioner/w%d'},'learningDepartment':{'reference':"
                "'Organization/d%d'},'result':{'passed':true,'by':{'reference':"
                "'Practitioner/e1'},'on':'%d-06-%02d'}",
                i * 2 / 3, i % (HOSTS * DEPARTMENTS), 2015 + i % 10, i % 28 + 1));
    flush(APP_PROGRAMME);
}

static int compare(const void *one, const void *other)
{
    double x = *(const double *)one, y = *(const double *)other;

    return x < y ? -1 : x > y;
}

static void measure(const char *id, const char *query)
{
    double took[ROUNDS];
    const char *told = NULL;

    for (int i = 0; i < ROUNDS; i++) {
        double begun = now_ms();

        arena_reset(a);
        told = figure_for(a, NULL, id, query);
        took[i] = now_ms() - begun;
    }
    qsort(took, ROUNDS, sizeof(*took), compare);
    printf("%-22s %-70s median %6.1f ms, most %6.1f ms (%.12s)\n", id, query,
        took[ROUNDS / 2], took[ROUNDS - 1], told);
}

/* All indicators, each of ten years and by ${axis}. */
static void measure_dashboard(const char *axis)
{
    double took[ROUNDS];
    size_t bytes = 0;

    for (int i = 0; i < ROUNDS; i++) {
        double begun = now_ms();
        struct said *s = NULL;

        arena_reset(a);
        s = said_status(
            ask_as(NULL,
                arena_printf(
                    a, "Measure/$dashboard?periodStart=2015&periodEnd=2024%s", axis)),
            200);
        took[i] = now_ms() - begun;
        bytes = s->call.answer.len;
        said_free(s);
    }
    qsort(took, ROUNDS, sizeof(*took), compare);
    printf("%-22s %-70s median %6.1f ms, most %6.1f ms (%zu bytes)\n", "$dashboard",
        axis, took[ROUNDS / 2], took[ROUNDS - 1], bytes);
}

int main(void)
{
    double begun = 0;

    a = arena_new();
    buf_init(&bundle, 64u << 20);
    node_open(&node, false);
    begun = now_ms();
    add_all();
    printf("%d records in %.1f s\n", records, (now_ms() - begun) / 1e3);
    measure("experts-deployed", "periodStart=2015&periodEnd=2024");
    measure("experts-deployed",
        "periodStart=2019&periodEnd=2019&stratifier=sending-province");
    measure("expert-days", "periodStart=2015&periodEnd=2024&stratifier=hospital");
    measure("sending-hospitals",
        "periodStart=2015&periodEnd=2024&stratifier=sending-province");
    measure(
        "local-staff-trained", "periodStart=2015&periodEnd=2024&stratifier=hospital");
    measure("techniques-introduced", "periodStart=2015&periodEnd=2024");
    measure(
        "techniques-introduced", "periodStart=2019&periodEnd=2019&stratifier=hospital");
    measure("techniques-introduced",
        "periodStart=2015&periodEnd=2024&knownAt=2020-01-01T00:00:00Z");
    measure_dashboard("");
    measure_dashboard("&stratifier=hospital");
    node_close(&node);
    buf_done(&bundle);
    arena_free(a);
    return 0;
}
