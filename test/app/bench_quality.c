/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Not a test: what Organization/$quality costs, in process: HOSPITALS with PATIENTS and four
 * records of each, RECORDS in all; or of a programme that is there, such as that of
 * `belay demo --decade DIR` (the server is stopped; one patient is written to it). Asked first, again,
 * after another record has changed, and after one that is looked at. Milliseconds of the
 * processor, which do not hang on who else uses the machine, medians of TIMES.
 *
 *     ninja test/app/bench_quality && test/app/bench_quality [DIR]
 */
#include <time.h>

#include "app/network_internal.h"
#include "bench_bundle.h"

#define HOSPITALS 40
#define PATIENTS 20000
#define EACH 4 /* vital signs and operations of a patient */
#define RECORDS (PATIENTS * (EACH + 1))
#define TIMES 11

static void put_patient(int i)
{
    put("Patient", 'p', i,
        ",\"birthDate\":\"19%02d-%02d-%02d\",\"name\":[{\"text\":\"Somebody %d\"}],"
        "\"managingOrganization\":{\"reference\":\"Organization/h%d\"}",
        40 + i % 60, 1 + i % 12, 1 + i % 28, i % (PATIENTS - 50), i % HOSPITALS);
    for (int k = 0; k < EACH; k++)
        put("Observation", 'o', i * EACH + k,
            ",\"status\":\"final\",\"code\":{\"coding\":[{\"system\":\"http://"
            "loinc.org\","
            "\"code\":\"8867-4\"}]},\"subject\":{\"reference\":\"Patient/p%d\"},"
            "\"effectiveDateTime\":\"2026-01-0%dT08:00:00Z\",\"valueQuantity\":{"
            "\"value\":"
            "%d,\"unit\":\"/min\",\"system\":\"http://unitsofmeasure.org\",\"code\":\"/"
            "min\"}",
            i, 1 + k, i % 997 == 0 ? 900 : 70);
}

static int compare(const void *one, const void *other)
{
    const double *a = one, *b = other;

    return *a < *b ? -1 : *a > *b;
}

/* What all threads of the process have used. */
static double processor_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static double ask(void)
{
    double begun = processor_ms();
    struct said *s = said_status(GET(&node, "Organization/$quality"), 200);
    double ms = processor_ms() - begun;

    said_free(s);
    return ms;
}

/* ${type} "other" is written, with another name each time. */
static void change(const char *type, int turn)
{
    char path[64], body[128];
    struct said *s = NULL;

    snprintf(path, sizeof(path), "%s/other", type);
    snprintf(body, sizeof(body),
        strcmp(type, "Patient") == 0
            ? "{\"resourceType\":\"%s\",\"id\":\"other\",\"name\":[{\"text\":\"%d\"}]}"
            : "{\"resourceType\":\"%s\",\"id\":\"other\",\"name\":\"%d\"}",
        type, turn);
    s = PUT(&node, path, body);
    if (s->status != 201)
        said_status(s, 200);
    said_free(s);
}

/* The median of asking, where ${type} is not NULL with a change of it before each time. */
static double median(const char *type)
{
    double took[TIMES];

    for (int i = 0; i < TIMES; i++) {
        if (type)
            change(type, i);
        took[i] = ask();
    }
    qsort(took, TIMES, sizeof(*took), compare);
    return took[TIMES / 2];
}

/* What other questions need too. */
static double put_network_together(void)
{
    double begun = processor_ms();
    const struct network *network = NULL;
    struct err err = {0};

    if (networks_take(node.app->networks, &network, &err) < 0)
        fprintf(stderr, "bench_quality: %s\n", err.text);
    network_release(network);
    return processor_ms() - begun;
}

static void measure(void)
{
    printf("the network                 %8.1f ms\n", put_network_together());
    printf("first                       %8.1f ms\n", ask());
    printf("again                       %8.1f ms\n", median(NULL));
    printf("after one of another type   %8.1f ms\n", median("Organization"));
    printf("after a patient             %8.1f ms\n", median("Patient"));
}

/* A programme that is there. */
static int measure_folder(const char *path)
{
    struct app_options options = {.path = path, .base_url = "http://test"};
    struct err err = {.path = ""};

    if (app_open(&options, &node.app, &err) < 0) {
        fprintf(stderr, "bench_quality [DIR]: %s\n", err.text);
        return 2;
    }
    measure();
    app_close(node.app);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc > 1)
        return measure_folder(argv[1]);
    node_open(&node, false);
    buf_init(&bundle, LIMIT_BODY_BYTES);
    for (int i = 0; i < HOSPITALS; i++)
        put("Organization", 'h', i, ",\"name\":\"Hospital %d\"", i);
    for (int i = 0; i < PATIENTS; i++)
        put_patient(i);
    send();
    printf("%d records of %d hospitals\n", RECORDS, HOSPITALS);
    measure();
    buf_done(&bundle);
    node_close(&node);
    return 0;
}
