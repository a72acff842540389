/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Not a test: what Organization/$quality costs, in process: HOSPITALS with PATIENTS and four
 * records of each, RECORDS in all; asked first, again, and after one record has changed.
 *
 *     ninja test/app/bench_quality && test/app/bench_quality
 */
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
    const uint64_t *a = one, *b = other;

    return *a < *b ? -1 : *a > *b;
}

static double ask(void)
{
    uint64_t begun = time_monotonic_ns();
    struct said *s = said_status(GET(&node, "Organization/$quality"), 200);
    double ms = (double)(time_monotonic_ns() - begun) / 1e6;

    said_free(s);
    return ms;
}

/* The median of asking, with a change before each time where ${changes}. */
static double median(bool changes)
{
    uint64_t took[TIMES];
    uint64_t middle = 0;

    for (int i = 0; i < TIMES; i++) {
        if (changes)
            said_free(said_status(PUT(&node, "Organization/other",
                                      i % 2 ? "{\"resourceType\":\"Organization\","
                                              "\"id\":\"other\",\"name\":\"A\"}"
                                            : "{\"resourceType\":\"Organization\","
                                              "\"id\":\"other\",\"name\":\"B\"}"),
                i == 0 ? 201 : 200));
        took[i] = (uint64_t)(ask() * 1e6);
    }
    qsort(took, TIMES, sizeof(*took), compare);
    middle = took[TIMES / 2];
    return (double)middle / 1e6;
}

int main(void)
{
    node_open(&node, false);
    buf_init(&bundle, LIMIT_BODY_BYTES);
    for (int i = 0; i < HOSPITALS; i++)
        put("Organization", 'h', i, ",\"name\":\"Hospital %d\"", i);
    for (int i = 0; i < PATIENTS; i++)
        put_patient(i);
    send();
    printf("%d records of %d hospitals\n", RECORDS, HOSPITALS);
    printf("first             %8.1f ms\n", ask());
    printf("again             %8.1f ms (median of %d)\n", median(false), TIMES);
    printf("after one change  %8.1f ms (median of %d)\n", median(true), TIMES);
    buf_done(&bundle);
    node_close(&node);
    return 0;
}
