/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Numbers of cases: what a coordinator and a director are told, that it is the same tomorrow
 * and the same for everybody, and what they cannot ask.
 */
#include "node.h"

#define SUMMER 1784000000000LL /* 2026-07-14 */
#define AUTUMN 1791000000000LL /* 2026-10-03: the quarter has ended */

static struct node node;
static int made;

#define ROLE                                                                           \
    "\"code\":[{\"coding\":[{\"system\":\"https://belay.health/CodeSystem/role\","     \
    "\"code\":\"%s\"}]}]"

static void put(const char *path, const char *text)
{
    said_free(said_status(PUT(&node, path, text), 201));
}

static void put_person(
    struct arena *a, const char *id, const char *role, const char *unit)
{
    put(arena_printf(a, "Practitioner/%s", id),
        arena_printf(a, "{\"resourceType\":\"Practitioner\",\"id\":\"%s\"}", id));
    put(arena_printf(a, "PractitionerRole/%s", id),
        arena_printf(a,
            "{\"resourceType\":\"PractitionerRole\",\"id\":\"%s\",\"active\":true,"
            "\"practitioner\":{\"reference\":\"Practitioner/%s\"},%s" ROLE "}",
            id, id,
            unit ? arena_printf(
                       a, "\"organization\":{\"reference\":\"Organization/%s\"},", unit)
                 : "",
            role));
}

static void put_hospital(struct arena *a, const char *id, int departments)
{
    put(arena_printf(a, "Organization/%s", id),
        arena_printf(a,
            "{\"resourceType\":\"Organization\",\"id\":\"%s\",\"name\":\"Hospital "
            "%s\"}",
            id, id));
    for (int i = 0; i < departments; i++)
        put(arena_printf(a, "Organization/%s-%d", id, i),
            arena_printf(a,
                "{\"resourceType\":\"Organization\",\"id\":\"%s-%d\",\"name\":\"Ward "
                "%d\",\"partOf\":{\"reference\":\"Organization/%s\"}}",
                id, i, i, id));
    put(arena_printf(a, "Patient/of-%s", id),
        arena_printf(a,
            "{\"resourceType\":\"Patient\",\"id\":\"of-%s\",\"managingOrganization\":{"
            "\"reference\":\"Organization/%s\"}}",
            id, id));
}

/* ${count} cases of ${hospital}, each with its task. */
static void put_cases(
    struct arena *a, const char *hospital, const char *priority, int count)
{
    for (int i = 0; i < count; i++) {
        int n = made++;

        put(arena_printf(a, "ServiceRequest/c%d", n),
            arena_printf(a,
                "{\"resourceType\":\"ServiceRequest\",\"id\":\"c%d\",\"status\":"
                "\"active\",\"intent\":\"order\",\"category\":[{\"coding\":[{"
                "\"system\":\"https://belay.health/CodeSystem/case-kind\",\"code\":"
                "\"advice\"}]}],\"priority\":\"%s\",\"subject\":{\"reference\":"
                "\"Patient/of-%s\"},\"performer\":[{\"reference\":\"Organization/"
                "twin-0\"}],\"authoredOn\":\"2026-0%d-10T10:00:00+08:00\"}",
                n, priority, hospital, 7 + n % 3));
        put(arena_printf(a, "Task/c%d", n),
            arena_printf(a,
                "{\"resourceType\":\"Task\",\"id\":\"c%d\",\"status\":\"requested\","
                "\"intent\":\"order\",\"focus\":{\"reference\":\"ServiceRequest/"
                "c%d\"}}",
                n, n));
        arena_reset(a);
    }
}

static int open_node(void **state)
{
    struct arena *a = arena_new();

    (void)state;
    time_hold(SUMMER);
    node_open(&node, true);
    put_hospital(a, "big", 3);
    put_hospital(a, "mid", 2);
    put_hospital(a, "low", 1);
    put_hospital(a, "far", 0);
    put_hospital(a, "twin", 1);
    put("OrganizationAffiliation/pair",
        "{\"resourceType\":\"OrganizationAffiliation\",\"id\":\"pair\",\"active\":true,"
        "\"organization\":{\"reference\":\"Organization/mid-0\"},"
        "\"participatingOrganization\":{\"reference\":\"Organization/low\"}}");
    put_person(a, "all", "coordinator", NULL);
    put_person(a, "mid", "coordinator", "mid");
    put_person(a, "director", "director", "big");
    put_person(a, "doctor", "clinician", "big");
    put_cases(a, "big", "stat", 9);
    put_cases(a, "big", "routine", 20);
    put_cases(a, "mid", "stat", 6);
    put_cases(a, "mid", "urgent", 7);
    put_cases(a, "mid", "routine", 8);
    put_cases(a, "low", "stat", 3);
    put_cases(a, "low", "urgent", 6);
    put_cases(a, "far", "routine", 2);
    time_hold(AUTUMN);
    arena_free(a);
    return 0;
}

static int close_node(void **state)
{
    (void)state;
    node_close(&node);
    time_hold(0);
    return 0;
}

static struct said *as(const char *person, enum app_method method, const char *path)
{
    return said_by(
        person, &(struct app_call){.app = node.app,
                    .method = method,
                    .query = str_of(path),
                    .caller = {.name = STR("somebody"), .role = STR("program")}});
}

static void add_count(struct buf *b, const struct json *of)
{
    const struct json *population = json_at(json_get(of, "population"), 0);
    struct str count = json_text(json_get(population, "count"));

    if (json_get(population, "_count"))
        buf_adds(b, "*");
    else
        buf_add(b, count.p, count.len);
}

static struct str code_of(const struct json *value)
{
    return json_get_text(json_at(json_get(value, "coding"), 0), "code");
}

/* What ${person} is told: "total; code=count ...; row/column=count ...". */
static const char *told(struct arena *a, const char *person, const char *tail)
{
    struct said *s = said_status(
        as(person, APP_GET, arena_printf(a, "ServiceRequest/$caseload?%s", tail)), 200);
    const struct json *group = json_at(json_get(s->json, "group"), 0);
    struct json_each lines = json_each(json_get(group, "stratifier"));
    const char *text = NULL;
    struct buf b;

    buf_init(&b, 1 << 16);
    add_count(&b, group);
    while (json_next(&lines)) {
        struct json_each it = json_each(json_get(lines.value, "stratum"));

        buf_adds(&b, ";");
        while (json_next(&it)) {
            struct str one = code_of(json_get(it.value, "value"));
            struct json_each parts = json_each(json_get(it.value, "component"));

            buf_adds(&b, " ");
            buf_add(&b, one.p, one.len);
            while (json_next(&parts)) {
                one = code_of(json_get(parts.value, "value"));
                if (b.data[b.len - 1] != ' ')
                    buf_adds(&b, "/");
                str_cut(&one, one.len > 13 ? '/' : '#');
                one = one.p ? one : code_of(json_get(parts.value, "value"));
                buf_add(&b, one.p, one.len);
            }
            buf_adds(&b, "=");
            add_count(&b, it.value);
        }
    }
    text = arena_strndup(a, b.data, b.len);
    buf_done(&b);
    said_free(s);
    return text;
}

#define Q "period=2026-Q3"

static void small_counts_and_what_would_tell_them_are_hidden(void **state)
{
    struct arena *a = arena_new();

    (void)state;
    assert_string_equal(told(a, "all", Q), "61");
    /* far has 2; low, next in the order of departments, goes with it */
    assert_string_equal(told(a, "all", Q "&by=hospital"),
        "61; Organization/far=* Organization/low=* Organization/mid=21 "
        "Organization/big=29");
    assert_string_equal(told(a, "all", Q "&by=urgency"), "61; stat=18 urgent=13 "
                                                         "routine=30");
    assert_string_equal(told(a, "all", Q "&by=urgency,hospital"),
        "61; Organization/far=* Organization/low=* Organization/mid=21 "
        "Organization/big=29; stat=18 urgent=13 routine=30; "
        "far/stat=* far/urgent=* far/routine=* low/stat=* low/urgent=* low/routine=* "
        "mid/stat=* mid/urgent=* mid/routine=* big/stat=9 big/urgent=0 big/routine=20");
    assert_string_equal(
        told(a, "all", Q "&by=department"), "61; Organization/twin-0=61");
    assert_string_equal(told(a, "all", Q "&by=kind"), "61; advice=61");
    assert_string_equal(
        told(a, "all", Q "&by=month"), "61; 2026-07=21 2026-08=20 2026-09=20");
    assert_string_equal(
        told(a, "all", "period=2026-Q2&by=urgency"), "0; stat=0 urgent=0 routine=0");
    assert_string_equal(told(a, "all", "period=2026-Q2&by=hospital"), "0");
    arena_free(a);
}

/* Whoever sees less sees a part of the same, and sums of that part alone. */
static void everybody_is_told_of_the_same_tables(void **state)
{
    struct arena *a = arena_new();

    (void)state;
    assert_string_equal(
        told(a, "director", Q "&by=hospital"), "29; Organization/big=29");
    assert_string_equal(told(a, "director", Q "&by=hospital,urgency"),
        "29; Organization/big=29; stat=9 urgent=0 routine=20; big/stat=9 big/urgent=0 "
        "big/routine=20");
    assert_string_equal(
        told(a, "mid", Q "&by=hospital"), "*; Organization/low=* Organization/mid=21");
    assert_string_equal(
        told(a, "mid", Q "&by=urgency"), "*; stat=* urgent=* routine=*");
    assert_string_equal(
        told(a, NULL, Q "&by=hospital"), told(a, "all", Q "&by=hospital"));
    arena_free(a);
}

static void what_happens_later_changes_nothing(void **state)
{
    struct arena *a = arena_new();
    const char *before = told(a, "all", Q "&by=hospital,status");

    (void)state;
    for (int i = 0; i < 8; i++)
        said_free(said_status(
            PUT(&node, arena_printf(a, "Task/c%d", i),
                arena_printf(a,
                    "{\"resourceType\":\"Task\",\"id\":\"c%d\",\"status\":"
                    "\"completed\","
                    "\"intent\":\"order\",\"focus\":{\"reference\":\"ServiceRequest/"
                    "c%d\"}}",
                    i, i)),
            200));
    said_free(
        said_status(PUT(&node, "ServiceRequest/c9",
                        "{\"resourceType\":\"ServiceRequest\",\"id\":\"c9\","
                        "\"status\":\"entered-in-error\",\"intent\":\"order\","
                        "\"authoredOn\":\"2026-07-10\",\"category\":[{\"coding\":["
                        "{\"system\":\"https://belay.health/CodeSystem/case-kind\","
                        "\"code\":\"advice\"}]}],"
                        "\"subject\":{\"reference\":\"Patient/of-big\"}}"),
            200));
    assert_string_equal(told(a, "all", Q "&by=hospital,status"), before);
    arena_free(a);
}

static void nothing_else_can_be_asked(void **state)
{
    static const struct {
        const char *person, *tail;
        int status;
    } asked[] = {{"doctor", Q, 403}, {"all", "", 400}, {"all", "period=2026-Q4", 400},
        {"all", "period=2026-08", 400}, {"all", "period=2026-07-01", 400},
        {"all", "period=2026-Q5", 400}, {"all", Q "&" Q, 400},
        {"all", Q "&by=kind,urgency", 400}, {"all", Q "&by=hospital,hospital", 400},
        {"all", Q "&by=hospital,kind,urgency", 400}, {"all", Q "&by=patient", 400},
        {"all", Q "&subject=Patient/of-far", 400}, {"all", Q "&by=month&by=kind", 400},
        {NULL, Q "&by=hospital", 200}};
    struct arena *a = arena_new();

    (void)state;
    for (size_t i = 0; i < sizeof(asked) / sizeof(asked[0]); i++) {
        const char *path =
            arena_printf(a, "ServiceRequest/$caseload?%s", asked[i].tail);

        said_free(said_status(as(asked[i].person, APP_GET, path), asked[i].status));
    }
    said_free(said_status(as("all", APP_GET, "Patient/$caseload?" Q), 404));
    said_free(said_status(as("all", APP_DELETE, "ServiceRequest/$caseload?" Q), 405));
    arena_free(a);
}

/* Totals of searches count what is seen, and a coordinator sees no case. */
static void totals_of_searches_tell_nothing(void **state)
{
    static const char *const paths[] = {"ServiceRequest?_summary=count",
        "ServiceRequest?_total=accurate&_count=0", "Patient?_total=estimate",
        "Task?_summary=count",
        "Patient?_has:ServiceRequest:subject:_id=c1&_summary=count"};

    (void)state;
    for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
        struct said *s = said_status(as("all", APP_GET, paths[i]), 200);

        assert_string_equal(said_text(s, "total"), "0");
        said_free(s);
    }
}

static void the_answer_is_fhir(void **state)
{
    struct said *s = said_status(
        as("all", APP_GET, "ServiceRequest/$caseload?" Q "&by=hospital,urgency"), 200);
    struct said *checked = NULL;
    struct ask a = {.method = APP_POST,
        .path = "MeasureReport/$validate",
        .body = s->call.answer.data,
        .body_len = s->call.answer.len};

    (void)state;
    checked = said_status(node_ask(&node, a), 200);
    assert_string_equal(said_text(checked, "issue.0.severity"), "information");
    said_free(checked);
    said_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(small_counts_and_what_would_tell_them_are_hidden),
        cmocka_unit_test(everybody_is_told_of_the_same_tables),
        cmocka_unit_test(what_happens_later_changes_nothing),
        cmocka_unit_test(nothing_else_can_be_asked),
        cmocka_unit_test(totals_of_searches_tell_nothing),
        cmocka_unit_test(the_answer_is_fhir),
    };

    return cmocka_run_group_tests(tests, open_node, close_node);
}
