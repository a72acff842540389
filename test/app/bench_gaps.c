/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How long Task/$gaps takes in a network of 50 hospitals of one region with 20,000 operations of ten
 * procedures, and 100 gaps in these: the first answer, which reads the network, and those
 * that follow; and how long the node's own look takes at these and at 10,000. Not a test; prints milliseconds by the clock.
 *
 *   ninja -C build test/app/bench_gaps && build/test/app/bench_gaps
 */
#include <stdlib.h>
#include <time.h>

#include "app/app_internal.h"
#include "app/catalogue.h"
#include "app/gap.h"
#include "node.h"

#define HOSPITALS 50
#define PROCEDURES 10
#define OPERATIONS 20000
#define GAPS 100
#define MANY 10000
#define ROUNDS 9

static struct node node;
static struct arena *a;

static double now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static void put(const char *type, const char *id, const char *text)
{
    struct said *s = PUT(&node, arena_printf(a, "%s/%s", type, id), text);

    said_free(said_status(s, 201));
}

static void put_hospital(int n)
{
    char *id = arena_printf(a, "h%d", n);

    put("Organization", id,
        arena_printf(a, "{\"resourceType\":\"Organization\",\"id\":\"%s\"}", id));
    put("Practitioner", arena_printf(a, "p%d", n),
        arena_printf(a, "{\"resourceType\":\"Practitioner\",\"id\":\"p%d\"}", n));
    put("PractitionerRole", arena_printf(a, "p%d", n),
        arena_printf(a,
            "{\"resourceType\":\"PractitionerRole\",\"id\":\"p%d\",\"active\":true,"
            "\"practitioner\":{\"reference\":\"Practitioner/p%d\"},\"organization\":{"
            "\"reference\":\"Organization/%s\"},\"code\":[{\"coding\":[{\"system\":"
            "\"https://belay.health/CodeSystem/role\",\"code\":\"clinician\"}]}]}",
            n, n, id));
    put("Location", arena_printf(a, "l%d", n),
        arena_printf(a,
            "{\"resourceType\":\"Location\",\"id\":\"l%d\",\"managingOrganization\":{"
            "\"reference\":\"Organization/%s\"},\"partOf\":{\"reference\":"
            "\"Location/region\"}}",
            n, id));
}

static void put_operation(int n)
{
    char *id = arena_printf(a, "o%d", n);
    int hospital = n / PROCEDURES % HOSPITALS;

    put("Procedure", id,
        arena_printf(a,
            "{\"resourceType\":\"Procedure\",\"id\":\"%s\",\"status\":\"completed\","
            "\"subject\":{\"display\":\"Somebody\"},\"code\":{\"coding\":[{\"system\":"
            "\"" CATALOGUE_PROCEDURE_SYSTEM
            "\",\"code\":\"%s\"}]},\"performedDateTime\":\"2025-%02d-%02d\","
            "\"performer\":"
            "[{\"function\":{\"coding\":[{\"system\":\"https://belay.health/CodeSystem/"
            "operation-function\",\"code\":\"operator\"}]},\"actor\":{\"reference\":"
            "\"Practitioner/p%d\"}}],\"extension\":[{\"url\":\"https://belay.health/"
            "StructureDefinition/operation-department\",\"valueReference\":{"
            "\"reference\":\"Organization/h%d\"}}]}",
            id, catalogue_procedures[n % PROCEDURES].code, n % 12 + 1, n % 28 + 1,
            hospital, hospital));
}

static void put_gap(int n)
{
    put("HealthcareService", arena_printf(a, "s%d", n),
        arena_printf(a,
            "{\"resourceType\":\"HealthcareService\",\"id\":\"s%d\",\"active\":false,"
            "\"providedBy\":{\"reference\":\"Organization/h%d\"},\"type\":[{\"coding\":"
            "[{\"system\":\"" CATALOGUE_PROCEDURE_SYSTEM "\",\"code\":\"%s\"}]}]}",
            n, n % HOSPITALS, catalogue_procedures[n % PROCEDURES].code));
    put("Task", arena_printf(a, "g%d", n),
        arena_printf(a,
            "{\"resourceType\":\"Task\",\"id\":\"g%d\",\"status\":\"in-progress\","
            "\"intent\":\"plan\",\"code\":{\"coding\":[{\"system\":"
            "\"https://belay.health/CodeSystem/work\",\"code\":\"technique-gap\"}]},"
            "\"focus\":{\"reference\":\"HealthcareService/s%d\"},\"authoredOn\":"
            "\"2025-01-01T00:00:00Z\"}",
            n, n));
}

static double ask(void)
{
    double begun = now_ms();
    struct said *s = GET(&node, "Task/$gaps");
    double took = now_ms() - begun;

    said_free(said_status(s, 200));
    return took;
}

static int compare(const void *one, const void *other)
{
    double x = *(const double *)one, y = *(const double *)other;

    return x < y ? -1 : x > y;
}

static double look(size_t *ret)
{
    double begun = now_ms();
    struct err err = {0};

    assert_int_equal(gap_run(node.app, NULL, time_now(), ret, &err), 0);
    return now_ms() - begun;
}

/* The looks that write ${count} gaps of which nothing was written, then those that find nothing. */
static void tell_looks(int count)
{
    double took[ROUNDS], all = 0;
    size_t written = 0, sum = 0;
    int looks = 0;

    for (; sum < (size_t)count; looks++) {
        all += look(&written);
        assert_true(written > 0);
        sum += written;
    }
    for (int i = 0; i < ROUNDS; i++)
        took[i] = look(&written);
    qsort(took, ROUNDS, sizeof(*took), compare);
    printf("the node's look: %zu written in %d looks of %.0f ms; nothing new: median "
           "%.1f ms, "
           "most %.1f ms\n",
        sum, looks, all / looks, took[ROUNDS / 2], took[ROUNDS - 1]);
}

int main(void)
{
    double took[ROUNDS];
    double first = 0;

    a = arena_new();
    node_open(&node, true);
    put("Location", "region",
        "{\"resourceType\":\"Location\",\"id\":\"region\",\"physicalType\":{\"coding\":"
        "[{\"system\":\"http://terminology.hl7.org/CodeSystem/location-physical-type\","
        "\"code\":\"jdn\"}]}}");
    for (int i = 0; i < HOSPITALS; i++)
        put_hospital(i);
    for (int i = 0; i < OPERATIONS; i++) {
        put_operation(i);
        arena_reset(a);
    }
    for (int i = 0; i < GAPS; i++)
        put_gap(i);
    first = ask();
    for (int i = 0; i < ROUNDS; i++)
        took[i] = ask();
    qsort(took, ROUNDS, sizeof(*took), compare);
    printf("%d hospitals, %d operations, %d gaps: first answer %.0f ms, then median "
           "%.1f ms, most %.1f ms\n",
        HOSPITALS, OPERATIONS, GAPS, first, took[ROUNDS / 2], took[ROUNDS - 1]);
    tell_looks(GAPS);
    for (int i = GAPS; i < MANY; i++) {
        put_gap(i);
        arena_reset(a);
    }
    tell_looks(MANY - GAPS);
    node_close(&node);
    arena_free(a);
    return 0;
}
