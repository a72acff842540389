/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Not a test: how long the pulse of pairings takes, in process: PAIRINGS departments of as many
 * hospitals, each helped by one of a sending hospital, with CASES cases, a fifth as many
 * meetings and operations, and two visits each over the last thirteen months.
 *
 *     ninja test/app/bench_pulse && test/app/bench_pulse
 */
#include "bench_bundle.h"

#define NOW_MS 1767225600000LL /* 2026-01-01 */
#define DAY_MS 86400000LL
#define PAIRINGS 200
#define SENDERS 10
#define CASES 10000
#define DAYS 390
#define TIMES 11
#define SYSTEM "https://belay.health/CodeSystem/"

/* h: hospitals, d: their departments; s: senders, t: their departments, one for each pairing. */
static void put_places(void)
{
    for (int i = 0; i < SENDERS; i++)
        put("Organization", 's', i, ",\"name\":\"Sender %d\"", i);
    for (int i = 0; i < PAIRINGS; i++) {
        put("Organization", 'h', i, ",\"name\":\"Hospital %d\"", i);
        put("Organization", 'd', i,
            ",\"name\":\"Surgery\",\"partOf\":{\"reference\":\"Organization/h%d\"}", i);
        put("Organization", 't', i,
            ",\"name\":\"Surgery %d\",\"partOf\":{\"reference\":\"Organization/s%d\"}",
            i, i % SENDERS);
        put("OrganizationAffiliation", 'a', i,
            ",\"active\":true,\"organization\":{\"reference\":\"Organization/d%d\"},"
            "\"participatingOrganization\":{\"reference\":\"Organization/t%d\"},"
            "\"code\":[{\"coding\":[{\"system\":\"" SYSTEM
            "affiliation\",\"code\":\"department-pair\"}]}],\"period\":{\"start\":"
            "\"2024-01-01\"}",
            i, i);
        put("Patient", 'p', i,
            ",\"managingOrganization\":{\"reference\":\"Organization/h%d\"}", i);
    }
}

static void put_post(
    int number, int person, const char *role, char letter, int unit, const char *period)
{
    put("PractitionerRole", 'r', number,
        ",\"active\":true,\"practitioner\":{\"reference\":\"Practitioner/e%d\"},"
        "\"organization\":{\"reference\":\"Organization/%c%d\"},\"code\":[{\"coding\":["
        "{\"system\":\"" SYSTEM "role\",\"code\":\"%s\"}]}]%s",
        person, letter, unit, role, period);
}

/* An expert for each pairing, at home and twice away; a head of each side; a coordinator. */
static void put_people(void)
{
    for (int i = 0; i < PAIRINGS; i++) {
        put("Practitioner", 'e', i, ",\"active\":true");
        put_post(4 * i, i, "expert", 't', i, "");
        put_post(4 * i + 1, i, "expert", 'd', i,
            ",\"period\":{\"start\":\"2025-03-01\",\"end\":\"2025-03-31\"}");
        put_post(4 * i + 2, i, "expert", 'd', i,
            ",\"period\":{\"start\":\"2025-09-01\",\"end\":\"2025-09-30\"}");
    }
    put("Practitioner", 'c', 0, ",\"active\":true");
    put("PractitionerRole", 'c', 0,
        ",\"active\":true,\"practitioner\":{\"reference\":\"Practitioner/"
        "c0\"},\"code\":"
        "[{\"coding\":[{\"system\":\"" SYSTEM "role\",\"code\":\"coordinator\"}]}]");
    put("Practitioner", 'c', 1, ",\"active\":true");
    put("PractitionerRole", 'c', 1,
        ",\"active\":true,\"practitioner\":{\"reference\":\"Practitioner/c1\"},"
        "\"organization\":{\"reference\":\"Organization/d1\"},\"code\":[{\"coding\":[{"
        "\"system\":\"" SYSTEM "role\",\"code\":\"head-of-department\"}]}]");
}

static void put_work(int i)
{
    char at[TIME_ISO_MAX];
    int pair = i * 7 % PAIRINGS;

    time_iso(NOW_MS - (long long)i * DAYS * DAY_MS / CASES, at);
    put("ServiceRequest", 'q', i,
        ",\"status\":\"completed\",\"intent\":\"order\",\"category\":[{\"coding\":[{"
        "\"system\":\"" SYSTEM "case-kind\",\"code\":\"advice\"}]}],\"subject\":{"
        "\"reference\":\"Patient/p%d\"}"
        ",\"authoredOn\":\"%s\",\"performer\":[{\"reference\":\"Organization/t%d\"}]",
        pair, at, pair);
    if (i % 5 != 0)
        return;
    put("Appointment", 'm', i,
        ",\"status\":\"fulfilled\",\"start\":\"%s\",\"end\":\"%s\",\"basedOn\":[{"
        "\"reference\":\"ServiceRequest/q%d\"}],\"participant\":[{\"actor\":{"
        "\"reference\":\"Practitioner/e%d\"},\"status\":\"accepted\"}]",
        at, at, i, pair);
    put("Procedure", 'o', i,
        ",\"status\":\"completed\",\"code\":{\"coding\":[{\"system\":\"" SYSTEM
        "procedure\",\"code\":\"appendectomy\"}]},\"subject\":{\"reference\":"
        "\"Patient/p%d\"},\"performedDateTime\":\"%s\",\"extension\":[{\"url\":"
        "\"https://belay.health/StructureDefinition/operation-department\","
        "\"valueReference\":{\"reference\":\"Organization/d%d\"}}],\"performer\":[{"
        "\"function\":{\"coding\":[{\"system\":\"" SYSTEM
        "operation-function\",\"code\":\"supervisor\"}]},\"actor\":{\"reference\":"
        "\"Practitioner/e%d\"}}]",
        pair, at, pair, pair);
}

/* ---- asking ---- */

static int by_size(const void *a, const void *b)
{
    const double *x = a, *y = b;

    return *x < *y ? -1 : *x > *y;
}

static double ask(const char *who, const char *path, size_t *ret_bytes)
{
    struct app_call call = {.app = node.app,
        .arena = arena_new(),
        .caller = {.name = STR("me"), .practitioner = str_of(who)},
        .path = str_of(path)};
    uint64_t began = time_monotonic_ns();
    double took = 0;
    char *mark = memchr(path, '?', strlen(path));

    if (mark) {
        call.path.len = (size_t)(mark - path);
        call.query = str_of(mark + 1);
    }
    app_run(&call);
    took = (double)(time_monotonic_ns() - began) / 1e6;
    if (call.status != 200)
        printf("%.*s\n", (int)call.answer.len, call.answer.data);
    assert_int_equal(call.status, 200);
    *ret_bytes = call.answer.len;
    app_call_done(&call);
    arena_free(call.arena);
    return took;
}

/* ${writes}: another case is written before each question. */
static void measure(const char *who, const char *path, bool writes)
{
    double took[TIMES];
    double first = 0;
    size_t bytes = 0;

    for (int i = 0; i < TIMES; i++) {
        if (writes) {
            put_work(i * 31 + 1);
            send();
        }
        took[i] = ask(who, path, &bytes);
        if (i == 0)
            first = took[0];
    }
    qsort(took, TIMES, sizeof(took[0]), by_size);
    printf("%-16s %-58s %-13s %8zu bytes  first %8.2f  median %8.2f  worst %8.2f ms\n",
        who, path, writes ? "beside writes" : "", bytes, first, took[TIMES / 2],
        took[TIMES - 1]);
}

static void bench(void **state)
{
    static const struct {
        const char *who, *path;
    } asked[] = {{"Practitioner/c0", "OrganizationAffiliation/$pulse"},
        {"Practitioner/c0", "OrganizationAffiliation/$waiting"},
        {"Practitioner/c0",
            "OrganizationAffiliation/$pulse?organization=Organization/h1"},
        {"Practitioner/c1", "OrganizationAffiliation/$pulse"},
        {"Practitioner/c1", "OrganizationAffiliation/$waiting"},
        {"Practitioner/c1", "OrganizationAffiliation/a1/$pulse"}};

    (void)state;
    time_hold(NOW_MS);
    put_places();
    put_people();
    for (int i = 0; i < CASES; i++)
        put_work(i);
    send();
    for (size_t i = 0; i < sizeof(asked) / sizeof(asked[0]); i++) {
        measure(asked[i].who, asked[i].path, false);
        measure(asked[i].who, asked[i].path, true);
    }
}

static int open_node(void **state)
{
    (void)state;
    buf_init(&bundle, LIMIT_BODY_BYTES);
    node_open(&node, false);
    return 0;
}

static int close_node(void **state)
{
    (void)state;
    node_close(&node);
    buf_done(&bundle);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(bench)};

    return cmocka_run_group_tests(tests, open_node, close_node);
}
