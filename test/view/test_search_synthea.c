/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Search over the synthetic patients of the shared data: every query against brute force,
 * and every patient's $everything against the bundle it came from. Skips where the data
 * are absent.
 */
#include "base/limits.h"

#include "samples.h"
#include "search_node.h"
#include "shared.h"

#define PER_COMMIT 500
#define BUNDLES_MOST 200

static struct search_node node;
static size_t sizes[BUNDLES_MOST]; /* records of each bundle */
static char people[BUNDLES_MOST][64];
static size_t bundles;

static void store_all(struct samples *s)
{
    static struct store_write writes[PER_COMMIT];
    struct store_transaction t = {.writes = writes, .actor = STR("test")};
    struct arena *a = arena_new();
    struct err err = {0};
    size_t i;

    for (i = 0; i < s->count; i++) {
        struct store_write *w = &writes[t.count++];
        *w = (struct store_write){.type = s->list[i].type,
            .operation = STORE_UPDATE,
            .body = {s->list[i].text, s->list[i].len}};
        assert_int_equal(
            json_read(a, w->body, LIMIT_RECORD_BYTES, &w->resource, &err), 0);
        w->id = json_get_text(w->resource, "id");
        assert_int_equal(store_prepare(node.store, a, w, &err), 0);
        if (w->type == fhir_resource_named(STR("Patient")))
            snprintf(people[bundles], 64, "%.*s", (int)w->id.len, w->id.p);
        if (t.count < PER_COMMIT && i + 1 < s->count)
            continue;
        assert_int_equal(store_commit(node.store, &t, &err), 0);
        arena_reset(a);
        t.count = 0;
    }
    arena_free(a);
    sizes[bundles++] = s->count;
}

static bool load(void)
{
    struct unpacker *u = shared_open("synthea-64.tar.zst");
    struct arena *a = arena_new();
    struct samples samples;
    const struct json *bundle;
    char name[TAR_BLOCK];
    struct str text;
    bool there = u != NULL;

    while (u && bundles < BUNDLES_MOST && shared_next(u, a, name, &text)) {
        samples = (struct samples){NULL, 0};
        if (strstr(name, ".json") &&
            json_read(a, text, LIMIT_IMPORT_FILE, &bundle, NULL) == 0) {
            samples_add(&samples, bundle);
            store_all(&samples);
        }
        samples_done(&samples);
        arena_reset(a);
    }
    if (u)
        unpacker_close(u);
    arena_free(a);
    return there;
}

static const char *const queries[] = {
    "Observation?code=http://loinc.org|8302-2&date=ge2015&_count=200",
    "Observation?date=lt1990&_count=500",
    "Observation?value-quantity=gt180|http://unitsofmeasure.org|cm&_count=500",
    "Observation?code=8302-2,29463-7&value-quantity=lt60&_sort=-value-quantity",
    "Observation?code-value-quantity=8302-2$gt180&_sort=-date&_count=300",
    "Observation?patient.gender=female&code=4548-4&_count=300",
    "Observation?status:not=final",
    "Encounter?date=2015&_sort=-date&_count=100",
    "Condition?onset-date=ge2010&patient.birthdate=lt1960&_sort=onset-date",
    "Condition?code:text=diabetes&_count=100",
    "Patient?name:contains=son&_sort=family,given",
    "Patient?birthdate=ge1950&birthdate=lt1970&gender=male",
    "Patient?address-city:exact=Boston",
    "Immunization?date=ap2016-06&_count=300",
    "MedicationRequest?status=active&patient.deceased=false&_count=300",
    "Claim?use=claim&patient.name=a&_sort=-created&_count=1000",
};

static void searches(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(queries) / sizeof(queries[0]); i++) {
        const char *found = node_pages(&node, queries[i], 0, true);
        printf("%6zu bytes of ids  %s\n", strlen(found), queries[i]);
    }
}

static void everything(void **state)
{
    struct search_everything_request rq = {
        .type = fhir_resource_named(STR("Patient"))->number,
        .from = UTC_MS_MIN,
        .until = UTC_MS_MAX};
    struct search_members members;
    struct err err = {0};
    size_t i;

    (void)state;
    for (i = 0; i < bundles; i++) {
        arena_reset(node.arena);
        rq.id = str_of(people[i]);
        assert_int_equal(
            search_everything(node_reader(&node), node.arena, &rq, &members, &err), 0);
        assert_int_equal(members.count, sizes[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(searches), cmocka_unit_test(everything)};
    int failed = 0;

    node_open(&node, STORE_MEMORY);
    if (load())
        failed = cmocka_run_group_tests(tests, NULL, NULL);
    else
        failed = 77; /* meson: skipped */
    node_close(&node);
    return failed;
}
