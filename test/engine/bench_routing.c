/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How long one question takes among 203 hospitals and 2,800 illnesses, each hospital with a
 * person for each illness: more than any network has. Not a test; prints microseconds.
 *
 *   ninja -C build test/engine/bench_routing && build/test/engine/bench_routing
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "engine/routing/routing.h"

#define HOSPITALS 203
#define ILLNESSES 2800
#define QUESTIONS 20000
#define NOW ((int64_t)1767225600000)

static struct travel_place places[HOSPITALS];
static struct routing_hospital hospitals[HOSPITALS];
static struct routing_person persons[HOSPITALS];
static struct travel_way ways[HOSPITALS * 8];
static struct routing_option options[ROUTING_OPTIONS(HOSPITALS)];
static double micros[QUESTIONS];

static int compare(const void *one, const void *other)
{
    double a = *(const double *)one, b = *(const double *)other;

    return a < b ? -1 : a > b;
}

static double now_micros(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

int main(void)
{
    size_t rows = (size_t)HOSPITALS * ILLNESSES, found = 0;
    struct routing_capability *capabilities = malloc(rows * sizeof(*capabilities));
    struct routing_network network = {{places, HOSPITALS, ways, (size_t)HOSPITALS * 8},
        hospitals, persons, capabilities, HOSPITALS, HOSPITALS, rows};
    unsigned seed = 1;

    if (!capabilities)
        return 1;
    for (unsigned i = 0; i < HOSPITALS; i++) {
        places[i] = (struct travel_place){28 + rand_r(&seed) % 80 / 10.0,
            80 + rand_r(&seed) % 180 / 10.0, rand_r(&seed) % 5000};
        hospitals[i] = (struct routing_hospital){i, i / 20 + 1, i / 100 + 1,
            rand_r(&seed) % 4 - 1, (i + 7) % HOSPITALS, 40, 9, 0};
        persons[i] =
            (struct routing_person){0, 0, NOW - 1, NOW + 3600000, 3, (int)(i % 4)};
        for (unsigned k = 0; k < 8; k++)
            ways[i * 8 + k] =
                (struct travel_way){i, (i + k + 1) % HOSPITALS, {60, 90}, 4000};
    }
    for (size_t i = 0; i < rows; i++)
        capabilities[i] = (struct routing_capability){(uint32_t)(i / HOSPITALS),
            (uint32_t)(i % HOSPITALS), (uint32_t)(i % HOSPITALS),
            (enum routing_level)(1 + rand_r(&seed) % 5), NOW - 86400000, 0, false};
    travel_sort(ways, network.ways.way_count);
    routing_sort(capabilities, rows);
    for (int i = 0; i < QUESTIONS; i++) {
        struct routing_question question = {
            .illness = (uint32_t)rand_r(&seed) % ILLNESSES,
            .hospital = (uint32_t)rand_r(&seed) % HOSPITALS,
            .urgency = (enum routing_urgency)(rand_r(&seed) % 3),
            .now = NOW};
        double begun = now_micros();

        found += routing_options(&network, &routing_rules_default, &question, options);
        micros[i] = now_micros() - begun;
    }
    qsort(micros, QUESTIONS, sizeof(*micros), compare);
    printf(
        "%d questions, %.0f options each: median %.0f us, p99 %.0f us, most %.0f us\n",
        QUESTIONS, (double)found / QUESTIONS, micros[QUESTIONS / 2],
        micros[(size_t)QUESTIONS / 100 * 99], micros[QUESTIONS - 1]);
    free(capabilities);
    return 0;
}
