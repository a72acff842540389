/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Not a test: what it costs to ask who may read. A node with PATIENTS patients, each with
 * OBSERVATIONS observations and a case; half of the cases are open to one department.
 *
 *     ninja test/view/bench_reader && test/view/bench_reader [memory]
 */
#include <time.h>

#include "search_node.h"
#include "unit.h"
#include "view/reader.h"

#define PATIENTS 20000
#define OBSERVATIONS 5
#define TIMES 60

static struct search_node node;

static double now_ns(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static void put(struct arena *a, char *text)
{
    node_put(&node, text);
    arena_reset(a);
}

static void load(void)
{
    struct arena *a = arena_new();

    put(a, arena_printf(a, "{'resourceType':'Organization','id':'h'}"));
    put(a, arena_printf(a, "{'resourceType':'Organization','id':'e',"
                           "'partOf':{'reference':'Organization/g'}}"));
    put(a, arena_printf(a, "{'resourceType':'Organization','id':'g'}"));
    for (int i = 0; i < PATIENTS; i++) {
        put(a, arena_printf(a,
                   "{'resourceType':'Patient','id':'%d','managingOrganization':{"
                   "'reference':'Organization/g'}}",
                   i));
        for (int k = 0; k < OBSERVATIONS; k++)
            put(a, arena_printf(a,
                       "{'resourceType':'Observation','id':'%d-%d','status':'final',"
                       "'effectiveDateTime':'20%02d-0%d-11','code':{'coding':[{'code':'"
                       "c%d'}]},'subject':{'reference':'Patient/%d'}}",
                       i, k, i % 25, 1 + k, k, i));
        put(a, arena_printf(a,
                   "{'resourceType':'ServiceRequest','id':'%d','status':'%s','intent':"
                   "'order','subject':{'reference':'Patient/%d'},'performer':[{"
                   "'reference':'Organization/e'}],'supportingInfo':[{'reference':"
                   "'Observation/%d-1'}]}",
                   i, i < PATIENTS / 2 ? "completed" : "active", i, i));
    }
    arena_free(a);
}

static struct reader *reader_of(struct arena *a, const char *role, const char *unit)
{
    struct reader_post post = {str_of(role), str_of(unit)};
    struct reader_who who = {.posts = &post, .post_count = 1, .now = NODE_NOW};
    struct reader *rd = NULL;
    struct err err = {0};

    assert_int_equal(reader_new(node_reader(&node), a, &who, &rd, &err), 0);
    return rd;
}

static int double_order(const void *x, const void *y)
{
    const double *a = x, *b = y;

    return *a < *b ? -1 : *a > *b;
}

static void search(const char *role, const char *unit, const char *query)
{
    double took[TIMES];
    struct search_page page = {0};

    for (int i = 0; i < TIMES; i++) {
        struct arena *a = arena_new();
        double from = now_ns();
        struct reader *rd = role ? reader_of(a, role, unit) : NULL;
        struct search_filter filter = {0};
        struct search_request rq = node_request(&node, query);
        struct search_query *q = NULL;
        struct err err = {0};

        if (rd)
            filter = reader_filter(rd);
        rq.filter = rd ? &filter : NULL;
        assert_int_equal(search_parse(a, &rq, NULL, &q, &err), 0);
        assert_int_equal(search_run(node_reader(&node), a, q, &page, &err), 0);
        took[i] = now_ns() - from;
        reader_free(rd);
        arena_free(a);
    }
    qsort(took, TIMES, sizeof(took[0]), double_order);
    printf("%-10s %-48s %2zu matches, median %8.3f ms, largest of %d %8.3f ms\n",
        role ? role : "open", query, page.matches, took[TIMES / 2] / 1e6, TIMES,
        took[TIMES - 1] / 1e6);
}

/* Each of ${count} observations, once, in one request. */
static void ask(const char *role, const char *unit, int first, int count)
{
    struct arena *a = arena_new();
    struct reader *rd = reader_of(a, role, unit);
    store_rid rids[1000];
    size_t got = 0;
    store_rid at =
        store_rid_first(fhir_resource_named(STR("Observation"))->number) + first;
    struct err err = {0};
    double total = 0;
    int yes = 0;

    for (int done = 0; done < count; done += 1000, at += 1000) {
        double from = 0;

        store_rids(node_reader(&node), store_rid_type(at), at, rids, 1000, &got, &err);
        from = now_ns();
        for (size_t i = 0; i < got; i++) {
            struct reader_verdict v;

            assert_int_equal(reader_allows(rd, rids[i], &v, &err), 0);
            yes += v.allowed;
        }
        total += now_ns() - from;
    }
    printf(
        "%-10s %d of %d allowed, %.0f ns a record\n", role, yes, count, total / count);
    reader_free(rd);
    arena_free(a);
}

int main(int argc, char **argv)
{
    static const char *const queries[] = {"Observation", "Observation?_sort=-date",
        "Observation?code=c1", "Patient", "ServiceRequest?status=active",
        "Observation?subject:Patient.organization=Organization/g"};

    (void)argv;
    node_open(&node, argc > 1 ? STORE_MEMORY : STORE_SQLITE);
    load();
    ask("clinician", "Organization/g", 0, 50000);
    ask("expert", "Organization/e", PATIENTS * OBSERVATIONS / 2, 50000);
    for (size_t i = 0; i < sizeof(queries) / sizeof(queries[0]); i++) {
        search(NULL, NULL, queries[i]);
        search("clinician", "Organization/g", queries[i]);
        search("expert", "Organization/e", queries[i]);
    }
    node_close(&node);
    return 0;
}
