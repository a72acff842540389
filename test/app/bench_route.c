/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How long ServiceRequest/$route takes in a network of 203 hospitals, each with equipment of
 * every kind and twelve people who share the procedures of the catalogue among them; and how
 * long the first question after a change takes. Not a test; prints microseconds of
 * processor time, which other work on the machine changes least.
 *
 *   ninja -C build test/app/bench_route && build/test/app/bench_route
 */
#include <stdlib.h>
#include <time.h>

#include "app/catalogue.h"
#include "app/network.h"
#include "node.h"

#define HOSPITALS 203
#define PEOPLE 12 /* of a hospital */
#define SHARE 3   /* each is signed off in every third of their hospital's procedures */
#define QUESTIONS 4000

static struct node node;
static struct arena *a;
static double micros[QUESTIONS];

static double now_micros(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static int compare(const void *one, const void *other)
{
    double x = *(const double *)one, y = *(const double *)other;

    return x < y ? -1 : x > y;
}

static void put(const char *type, const char *id, const char *text)
{
    struct said *s = PUT(&node, arena_printf(a, "%s/%s", type, id), text);

    if (s->status != 200)
        said_status(s, 201);
    said_free(s);
}

static void put_person(int hospital, int n)
{
    char *id = arena_printf(a, "p%d-%d", hospital, n);
    char *list = arena_printf(a, "%s", "");

    for (size_t i = (size_t)n % SHARE; i < catalogue_procedure_count; i += SHARE)
        list = arena_printf(a,
            "%s%s{\"code\":{\"coding\":[{\"system\":\"" CATALOGUE_PROCEDURE_SYSTEM
            "\",\"code\":\"%s\"}]},\"period\":{\"start\":\"2020-01-01\"}}",
            list, list[0] ? "," : "", catalogue_procedures[i].code);
    put("Practitioner", id,
        arena_printf(a,
            "{\"resourceType\":\"Practitioner\",\"id\":\"%s\",\"active\":true,\"name\":"
            "[{\"text\":\"Somebody\"}],\"qualification\":[%s]}",
            id, list));
    put("PractitionerRole", id,
        arena_printf(a,
            "{\"resourceType\":\"PractitionerRole\",\"id\":\"%s\",\"active\":true,"
            "\"practitioner\":{\"reference\":\"Practitioner/%s\"},\"organization\":{"
            "\"reference\":\"Organization/h%d\"},\"code\":[{\"coding\":[{\"system\":"
            "\"https://belay.health/CodeSystem/role\",\"code\":\"clinician\"}]}],"
            "\"availableTime\":[{\"availableStartTime\":\"08:00:00\","
            "\"availableEndTime\":\"18:00:00\"}]}",
            id, id, hospital));
}

static void put_device(int hospital, size_t kind)
{
    char *id = arena_printf(a, "d%d-%zu", hospital, kind);

    put("Device", id,
        arena_printf(a,
            "{\"resourceType\":\"Device\",\"id\":\"%s\",\"status\":\"active\",\"type\":"
            "{\"coding\":[{\"system\":\"" CATALOGUE_DEVICE_SYSTEM
            "\",\"code\":\"%s\"}]},\"owner\":{\"reference\":\"Organization/h%d\"}}",
            id, catalogue_devices[kind].code, hospital));
}

static void put_hospital(int n)
{
    char *id = arena_printf(a, "h%d", n);

    put("Organization", id,
        arena_printf(a,
            "{\"resourceType\":\"Organization\",\"id\":\"%s\",\"name\":\"Hospital\"}",
            id));
    put("Location", id,
        arena_printf(a,
            "{\"resourceType\":\"Location\",\"id\":\"%s\",\"status\":\"active\","
            "\"managingOrganization\":{\"reference\":\"Organization/%s\"},\"position\":"
            "{\"latitude\":%d.5,\"longitude\":%d.5,\"altitude\":%d},\"extension\":[{"
            "\"url\":\"https://belay.health/StructureDefinition/utc-offset\","
            "\"valueInteger\":480}]}",
            id, id, 28 + n % 9, 80 + n % 20, n * 20));
    for (size_t i = 0; i < catalogue_device_count; i++)
        put_device(n, i);
    for (int i = 0; i < PEOPLE; i++)
        put_person(n, i);
    arena_reset(a);
}

static void print(const char *what, size_t count)
{
    qsort(micros, count, sizeof(*micros), compare);
    printf("%s: median %.0f us, p99 %.0f us, most %.0f us\n", what, micros[count / 2],
        micros[count * 99 / 100], micros[count - 1]);
}

/* The network alone: no JSON, no call. */
static void decide(void)
{
    struct networks *networks = networks_new(node.app);
    const struct network *network = NULL;
    struct arena *room = arena_new();
    struct err err = {0};
    unsigned seed = 1;

    assert_int_equal(networks_take(networks, &network, &err), 0);
    for (int i = 0; i < QUESTIONS; i++) {
        uint32_t thing = (uint32_t)rand_r(&seed) % catalogue_things();
        struct network_question q = {.things = &thing,
            .thing_count = 1,
            .asked = {.hospital = (uint32_t)rand_r(&seed) % HOSPITALS,
                .urgency = (enum routing_urgency)(rand_r(&seed) % 3),
                .now = time_now()}};
        struct network_answer answer;
        double begun = now_micros();

        assert_int_equal(
            network_route(network, room, &q, &routing_rules_default, &answer, &err), 0);
        micros[i] = now_micros() - begun;
        arena_reset(room);
    }
    print("decided", QUESTIONS);
    network_release(network);
    networks_free(networks);
    arena_free(room);
}

static double ask(const char *code, int hospital)
{
    double begun = now_micros();
    struct said *s = GET(&node,
        arena_printf(a, "ServiceRequest/$route?code=%s&hospital=h%d", code, hospital));
    double took = now_micros() - begun;

    said_free(said_status(s, 200));
    arena_reset(a);
    return took;
}

/* The first question after one device changed. */
static void renew(int rounds)
{
    for (int i = 0; i < rounds; i++) {
        put("Device", "d0-0",
            arena_printf(a,
                "{\"resourceType\":\"Device\",\"id\":\"d0-0\",\"status\":"
                "\"%s\",\"type\":{\"coding\":[{\"system\":"
                "\"" CATALOGUE_DEVICE_SYSTEM "\",\"code\":\"%s\"}]},\"owner\":{"
                "\"reference\":\"Organization/h0\"}}",
                i % 2 ? "active" : "inactive", catalogue_devices[0].code));
        micros[i] = ask("K35", i);
    }
    print("first after a device changed", (size_t)rounds);
}

int main(void)
{
    unsigned seed = 1;

    a = arena_new();
    node_open(&node, true);
    for (int i = 0; i < HOSPITALS; i++)
        put_hospital(i);
    printf("%d hospitals, %d people, %zu devices: first question %.0f us\n", HOSPITALS,
        HOSPITALS * PEOPLE, HOSPITALS * catalogue_device_count, ask("K35", 0));
    decide();
    for (int i = 0; i < QUESTIONS; i++) {
        uint32_t thing = (uint32_t)rand_r(&seed) % catalogue_things();

        micros[i] = ask(
            catalogue_thing(thing)->code, (int)((unsigned)rand_r(&seed) % HOSPITALS));
    }
    print("asked and answered, 20 options told", QUESTIONS);
    renew(20);
    node_close(&node);
    arena_free(a);
    return 0;
}
