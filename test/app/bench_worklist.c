/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Not a test: how long a worklist takes, in process, with CASES cases on the node, half of
 * them open. The person who asks works in a department that CASES / 25 cases are sent to, of
 * a hospital that asks CASES / 20.
 *
 *     ninja test/app/bench_worklist && test/app/bench_worklist
 */
#include "bench_bundle.h"

#define CASES 100000
#define HOSPITALS 200
#define PATIENTS 20000
#define TIMES 101

static uint64_t began;

/* As in h3, or where ${b} is not negative h3-d1. */
static const char *text(char letter, int a, int b)
{
    static char texts[8][64];
    static int at;

    at = (at + 1) % 8;
    if (b < 0)
        snprintf(texts[at], sizeof(texts[at]), "%c%d", letter, a);
    else
        snprintf(texts[at], sizeof(texts[at]), "%c%d-d%d", letter, a, b);
    return texts[at];
}

static void put_places(void)
{
    for (int h = 0; h < HOSPITALS; h++) {
        put_named("Organization", text('h', h, -1),
            ",\"name\":\"Hospital %d\",\"address\":[{\"country\":\"CN\"}]", h);
        for (int d = 0; d < 5; d++)
            put_named("Organization", text('h', h, d),
                ",\"name\":\"Department %d\",\"partOf\":{\"reference\":"
                "\"Organization/h%d\"}",
                d, h);
    }
    put_named("Practitioner", "me", ",\"active\":true");
    put_named("PractitionerRole", "me",
        ",\"active\":true,\"practitioner\":{\"reference\":\"Practitioner/"
        "me\"},\"code\":"
        "[{\"coding\":[{\"system\":\"https://belay.health/CodeSystem/role\",\"code\":"
        "\"clinician\"}]}],\"organization\":{\"reference\":\"Organization/h1-d0\"}");
}

/* The hospital that asks case ${i}. */
static int hospital_of(int i)
{
    return i % 20 == 1 ? 1 : 2 + i % (HOSPITALS - 2);
}

static void put_patients(void)
{
    for (int i = 0; i < PATIENTS; i++)
        put_named("Patient", text('p', i, -1),
            ",\"name\":[{\"family\":\"Family %d\",\"given\":[\"Given\"]}],\"gender\":"
            "\"female\",\"birthDate\":\"1970-01-01\",\"managingOrganization\":{"
            "\"reference\":\"Organization/h%d\"}",
            i, hospital_of(i));
}

static void put_case(int i)
{
    static const char *const states[] = {"sent", "allocated", "information-asked",
        "answered", "acted-on", "closed", "closed", "closed", "closed", "declined"};
    static const char *const priorities[] = {"routine", "routine", "urgent", "stat"};
    char unit[32], due[TIME_ISO_MAX];
    int s = (i / 7) % 10;

    if (i % 25 == 0)
        snprintf(unit, sizeof(unit), "h1-d0");
    else
        snprintf(unit, sizeof(unit), "h%d-d%d", 2 + i * 7 % (HOSPITALS - 2), i % 5);
    time_iso(1767225600000LL + i * 60000LL, due);
    put_named("ServiceRequest", text('c', i, -1),
        ",\"status\":\"%s\",\"intent\":\"order\",\"priority\":\"%s\",\"category\":[{"
        "\"coding\":[{\"system\":\"https://belay.health/CodeSystem/case-kind\","
        "\"code\":\"advice\"}]}],\"subject\":{\"reference\":\"Patient/p%d\"},"
        "\"performer\":[{\"reference\":\"Organization/%s\"}],\"requester\":{"
        "\"reference\":\"Practitioner/d%d\"}",
        s < 5 ? "active" : "completed", priorities[i % 4], i % PATIENTS, unit, i % 500);
    put_named("Task", text('c', i, -1),
        ",\"status\":\"requested\",\"intent\":\"order\",\"code\":{\"coding\":[{"
        "\"system\":\"https://belay.health/CodeSystem/"
        "task\",\"code\":\"answer-case\"}]}"
        ",\"businessStatus\":{\"coding\":[{\"system\":"
        "\"https://belay.health/CodeSystem/"
        "case-state\",\"code\":\"%s\"}]},\"priority\":"
        "\"%s\",\"description\":\"Is this film normal? Patient %d has had pain for "
        "some "
        "days and cannot bend the knee.\",\"for\":{\"reference\":\"Patient/p%d\"},"
        "\"focus\":{\"reference\":\"ServiceRequest/c%d\"},\"lastModified\":\"%s\","
        "\"requester\":{\"reference\":\"Practitioner/d%d\"},\"owner\":{\"reference\":"
        "\"Organization/%s\"},\"extension\":[{\"url\":"
        "\"https://belay.health/StructureDefinition/case-clock\",\"extension\":[{"
        "\"url\":\"sent\",\"valueInstant\":\"%s\"},{\"url\":\"allocate-by\","
        "\"valueInstant\":\"%s\"},{\"url\":\"answer-by\",\"valueInstant\":\"%s\"}]},{"
        "\"url\":\"https://belay.health/StructureDefinition/"
        "case-sides\",\"extension\":["
        "{\"url\":\"asking\",\"valueReference\":{\"reference\":\"Organization/h%d\"}},{"
        "\"url\":\"asked\",\"valueReference\":{\"reference\":\"Organization/%s\"}}]}]",
        states[s], priorities[i % 4], i % PATIENTS, i % PATIENTS, i, due, i % 500, unit,
        due, due, due, hospital_of(i % PATIENTS), unit);
}

static void fill(void)
{
    put_places();
    put_patients();
    for (int i = 0; i < CASES; i++)
        put_case(i);
    send();
}

/* ---- asking ---- */

static int by_size(const void *a, const void *b)
{
    const double *x = a, *y = b;

    return *x < *y ? -1 : *x > *y;
}

/* One answer to the person; milliseconds. ${page}: NULL, or its next place, in and out. */
static double ask(const char *query, char *page, size_t *ret_bytes, char *total)
{
    struct app_call call = {.app = node.app,
        .arena = arena_new(),
        .caller = {.name = STR("me"), .practitioner = STR("Practitioner/me")},
        .path = STR("Task/$worklist")};
    const struct json *json = NULL;
    struct json_each it;
    double took = 0;

    call.query = str_of(arena_printf(
        call.arena, "%s%s%s", query, page && *page ? "&_page=" : "", page ? page : ""));
    began = time_monotonic_ns();
    app_run(&call);
    took = (double)(time_monotonic_ns() - began) / 1e6;
    if (call.status != 200)
        printf("%.*s\n", (int)call.answer.len, call.answer.data);
    assert_int_equal(call.status, 200);
    *ret_bytes = call.answer.len;
    assert_int_equal(
        json_read(call.arena, (struct str){call.answer.data, call.answer.len}, 1 << 26,
            &json, NULL),
        0);
    it = json_each(json_get(json, "parameter"));
    while (json_next(&it)) {
        struct str name = json_get_text(it.value, "name");
        struct str next = json_get_text(it.value, "valueString");

        if (page && str_is(name, "next"))
            snprintf(page, 4096, "%.*s", (int)next.len, next.p);
        next = json_text(json_get(it.value, "valueInteger"));
        if (str_is(name, "total"))
            snprintf(total, 16, "%.*s", (int)next.len, next.p);
    }
    app_call_done(&call);
    arena_free(call.arena);
    return took;
}

/* ${writes}: another case changes before each question. */
static void measure(const char *query, bool writes)
{
    double took[TIMES];
    size_t bytes = 0;
    char total[16] = "";
    double first = 0;

    for (int i = 0; i < TIMES; i++) {
        if (writes) {
            put_case(i * 31);
            send();
        }
        took[i] = ask(query, NULL, &bytes, total);
        if (i == 0)
            first = took[0];
    }
    qsort(took, TIMES, sizeof(took[0]), by_size);
    printf("%-42s %-15s %6zu bytes %5s  first %7.2f  median %7.2f  p99 %7.2f ms\n",
        query, writes ? "beside writes" : "", bytes, total, first, took[TIMES / 2],
        took[TIMES - 2]);
}

/* From the first page to the last. */
static void walk(const char *query)
{
    char page[4096] = "";
    char before[4096] = "x";
    char total[16];
    double worst = 0;
    size_t bytes = 0;
    int pages = 0;

    while (strcmp(page, before) != 0) {
        double took = 0;

        snprintf(before, sizeof(before), "%s", page);
        took = ask(query, page, &bytes, total);
        worst = took > worst ? took : worst;
        pages++;
    }
    printf("%-42s all %d pages, the slowest %.2f ms\n", query, pages, worst);
}

int main(void)
{
    buf_init(&bundle, LIMIT_BODY_BYTES);
    node_open(&node, false);
    began = time_monotonic_ns();
    fill();
    printf("%d cases written in %.0f s\n", CASES,
        (double)(time_monotonic_ns() - began) / 1e9);
    for (int writes = 0; writes < 2; writes++) {
        measure("show=waiting", writes);
        measure("_count=50", writes);
        measure("_count=50&total=true", writes);
        measure("_count=50&show=all&total=true", writes);
        measure("state=closed&_count=50", writes);
        measure("mine=true", writes);
    }
    walk("_count=50&show=all");
    buf_done(&bundle);
    node_close(&node);
    return 0;
}
