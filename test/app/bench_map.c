/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How long the capability map takes in a network of 500 hospitals, each with equipment of every
 * kind, eight people who share the procedures of the catalogue among them (every fifth
 * qualification is what a SignOff wrote), a link to the next, and twenty operations: the whole
 * map of today and of a past day, and how long after a sign-off was written the map shows it.
 * Not a test; prints milliseconds by the clock.
 *
 *   ninja -C build test/app/bench_map && build/test/app/bench_map
 */
#include <stdlib.h>
#include <time.h>

#include "app/app_internal.h"
#include "app/catalogue.h"
#include "app/network_map.h"
#include "node.h"

#define HOSPITALS 500
#define PEOPLE 8
#define SHARE 4 /* each is signed off in every fourth procedure */
#define OPERATIONS 20
#define ROUNDS 300
#define SIGNED "2020-01-01"

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

    if (s->status != 200)
        said_status(s, 201);
    said_free(s);
}

/* Too few cases never end it here: what is measured stays the same all the time. */
static const char *signing(const char *id, size_t i)
{
    if (i % 5 != 0)
        return "";
    return arena_printf(a,
        "\"extension\":[{\"url\":\"" SIGN_OFF_EXTENSION
        "\",\"valueReference\":{\"reference\":\"SignOff/"
        "%s-%zu\"}},{\"url\":\"" RECENCY_WAIVED_EXTENSION
        "\",\"valueDateTime\":\"2099-01-01\"}],",
        id, i);
}

static void put_signed(const char *id, size_t first)
{
    char *list = arena_printf(a, "%s", "");

    for (size_t i = first; i < catalogue_procedure_count; i += SHARE)
        list = arena_printf(a,
            "%s%s{%s\"code\":{\"coding\":[{\"system\":\"" CATALOGUE_PROCEDURE_SYSTEM
            "\",\"code\":\"%s\"}]},\"period\":{\"start\":\"" SIGNED "\"}}",
            list, list[0] ? "," : "", signing(id, i), catalogue_procedures[i].code);
    put("Practitioner", id,
        arena_printf(a,
            "{\"resourceType\":\"Practitioner\",\"id\":\"%s\",\"active\":true,"
            "\"qualification\":[%s]}",
            id, list));
}

static void put_person(int hospital, int n)
{
    char *id = arena_printf(a, "p%d-%d", hospital, n);

    put_signed(id, (size_t)n % SHARE);
    put("PractitionerRole", id,
        arena_printf(a,
            "{\"resourceType\":\"PractitionerRole\",\"id\":\"%s\",\"active\":true,"
            "\"practitioner\":{\"reference\":\"Practitioner/%s\"},\"organization\":{"
            "\"reference\":\"Organization/h%d\"},\"code\":[{\"coding\":[{\"system\":"
            "\"https://belay.health/CodeSystem/role\",\"code\":\"clinician\"}]}]}",
            id, id, hospital));
}

static void put_operation(int hospital, int n)
{
    char *id = arena_printf(a, "o%d-%d", hospital, n);

    put("Procedure", id,
        arena_printf(a,
            "{\"resourceType\":\"Procedure\",\"id\":\"%s\",\"status\":\"completed\","
            "\"subject\":{\"display\":\"Somebody\"},\"code\":{\"coding\":[{\"system\":"
            "\"" CATALOGUE_PROCEDURE_SYSTEM
            "\",\"code\":\"%s\"}]},\"performedDateTime\":\"2026-01-01\",\"performer\":"
            "[{\"function\":{\"coding\":[{\"system\":\"https://belay.health/CodeSystem/"
            "operation-function\",\"code\":\"operator\"}]},\"actor\":{\"reference\":"
            "\"Practitioner/p%d-0\"}}],\"extension\":[{\"url\":\"https://belay.health/"
            "StructureDefinition/operation-department\",\"valueReference\":{"
            "\"reference\":\"Organization/h%d\"}}]}",
            id, catalogue_procedures[n].code, hospital, hospital));
}

static void put_hospital(int n)
{
    char *id = arena_printf(a, "h%d", n);

    put("Organization", id,
        arena_printf(a, "{\"resourceType\":\"Organization\",\"id\":\"%s\"}", id));
    for (size_t i = 0; i < catalogue_device_count; i++)
        put("Device", arena_printf(a, "d%d-%zu", n, i),
            arena_printf(a,
                "{\"resourceType\":\"Device\",\"id\":\"d%d-%zu\",\"status\":\"active\","
                "\"type\":{\"coding\":[{\"system\":\"" CATALOGUE_DEVICE_SYSTEM
                "\",\"code\":\"%s\"}]},\"owner\":{\"reference\":\"Organization/%s\"}}",
                n, i, catalogue_devices[i].code, id));
    for (int i = 0; i < PEOPLE; i++)
        put_person(n, i);
    for (int i = 0; i < OPERATIONS; i++)
        put_operation(n, i);
    if (n > 0)
        put("OrganizationAffiliation", id,
            arena_printf(a,
                "{\"resourceType\":\"OrganizationAffiliation\",\"id\":\"%s\","
                "\"active\":"
                "true,\"organization\":{\"reference\":\"Organization/%s\"},"
                "\"participatingOrganization\":{\"reference\":\"Organization/h%d\"},"
                "\"code\":[{\"coding\":[{\"system\":\"https://belay.health/CodeSystem/"
                "affiliation\",\"code\":\"hospital-pair\"}]}]}",
                id, id, n - 1));
    arena_reset(a);
}

/* One call; its milliseconds. */
static double ask(const char *query)
{
    double begun = now_ms();
    struct said *s =
        GET(&node, arena_printf(a, "Organization/$capability-map?%s", query));
    double took = now_ms() - begun;

    said_free(said_status(s, 200));
    return took;
}

/* Everything at every hospital, without JSON. */
static double decide(int64_t at)
{
    struct network_map_asked asked = {.at = at};
    struct arena *scratch = arena_new();
    struct capability_answer *answers =
        arena_array(a, catalogue_things(), sizeof(*answers));
    const struct network *n = NULL;
    struct err err = {0};
    double begun = now_ms();
    double took = 0;

    assert_int_equal(networks_take(node.app->networks, &n, &err), 0);
    for (uint32_t i = 0; i < network_hospital_count(n); i++)
        assert_int_equal(network_capabilities(n, scratch, &asked, i, answers), 0);
    took = now_ms() - begun;
    network_release(n);
    arena_free(scratch);
    return took;
}

static int compare(const void *one, const void *other)
{
    double x = *(const double *)one, y = *(const double *)other;

    return x < y ? -1 : x > y;
}

static void print_times(const char *what, double *took)
{
    qsort(took, ROUNDS, sizeof(*took), compare);
    printf("%s: p50 %.1f ms, p99 %.1f ms, most %.1f ms (%d times)\n", what,
        took[ROUNDS / 2], took[ROUNDS * 99 / 100], took[ROUNDS - 1], ROUNDS);
}

/* From the acknowledged write of a sign-off to the answer that tells it, and the part of it
 * after which the node knows: a network that is current. */
static void sign_off(void)
{
    static double took[ROUNDS], known[ROUNDS];

    for (int i = 0; i < ROUNDS; i++) {
        const struct network *n = NULL;
        struct err err = {0};
        double begun = 0;

        put_signed("p7-0", (size_t)i % SHARE);
        begun = now_ms();
        assert_int_equal(networks_take(node.app->networks, &n, &err), 0);
        known[i] = now_ms() - begun;
        network_release(n);
        (void)ask("hospital=h7");
        took[i] = now_ms() - begun;
        arena_reset(a);
    }
    print_times("a sign-off is known to the node", known);
    print_times("a sign-off is on the hospital's map", took);
}

int main(void)
{
    int64_t day = (int64_t)24 * 3600 * 1000;

    a = arena_new();
    node_open(&node, true);
    for (int i = 0; i < HOSPITALS; i++)
        put_hospital(i);
    printf("%d hospitals, %zu illnesses, %d people, %d operations: first question %.0f "
           "ms\n",
        HOSPITALS, catalogue_illness_count, HOSPITALS * PEOPLE, HOSPITALS * OPERATIONS,
        ask("hospital=h0"));
    printf("all levels of today %.0f ms, of a day a year ago %.0f ms\n",
        decide(time_now()), decide(time_now() - 365 * day));
    printf("the whole map as an answer %.0f ms, of a past day without the experts "
           "%.0f ms\n",
        ask(""), ask("date=2026-01-01&without-experts=true"));
    sign_off();
    node_close(&node);
    arena_free(a);
    return 0;
}
