/* SPDX-License-Identifier: Apache-2.0 */
/* What comes in pages: searches, histories, $everything; and their links. */
#include "each_store.h"

#define PATH_ROOM 2000

static void put(const char *path, const char *body)
{
    struct said *s = PUT(&node, path, body);

    assert_true(s->status == 200 || s->status == 201);
    said_free(s);
}

static void put_people(int count)
{
    for (int i = 0; i < count; i++) {
        char path[64];
        char body[256];

        snprintf(path, sizeof(path), "Patient/p%d", i);
        snprintf(body, sizeof(body),
            "{\"resourceType\":\"Patient\",\"id\":\"p%d\",\"name\":[{\"family\":\"F%"
            "d\"}]}",
            i, i % 3);
        put(path, body);
    }
}

/* The path behind the space of the link ${relation}; "" if there is none. */
static void link_of(struct said *s, const char *relation, char out[PATH_ROOM])
{
    struct json_each it = json_each(json_get(s->json, "link"));

    out[0] = '\0';
    while (json_next(&it)) {
        struct str url = json_get_text(it.value, "url");

        if (!str_is(json_get_text(it.value, "relation"), relation))
            continue;
        assert_true(str_starts(url, "http://test/fhir"));
        url = (struct str){url.p + 16, url.len - 16};
        if (url.p[0] == '/')
            url = (struct str){url.p + 1, url.len - 1};
        snprintf(out, PATH_ROOM, "%.*s", (int)url.len, url.p);
    }
}

/* Follow next links; how many entries there were, and that none came twice (by fullUrl
 * and version). */
static int walk(const char *first)
{
    static char seen[512][160];
    char path[PATH_ROOM];
    int count = 0;

    snprintf(path, sizeof(path), "%s", first);
    while (path[0]) {
        struct said *s = said_status(GET(&node, path), 200);
        struct json_each it = json_each(json_get(s->json, "entry"));

        while (json_next(&it)) {
            struct str etag = json_get_text(json_get(it.value, "response"), "etag");

            assert_true(count < 512);
            snprintf(seen[count], sizeof(seen[count]), "%.*s %.*s",
                (int)json_get_text(it.value, "fullUrl").len,
                json_get_text(it.value, "fullUrl").p, (int)etag.len,
                etag.p ? etag.p : "");
            for (int i = 0; i < count; i++)
                assert_string_not_equal(seen[i], seen[count]);
            count++;
        }
        link_of(s, "next", path);
        said_free(s);
    }
    return count;
}

static void test_search(void **state)
{
    struct said *s = NULL;
    char next[PATH_ROOM];
    char back[PATH_ROOM];

    (void)state;
    put_people(50);
    assert_int_equal(walk("Patient?_count=7"), 50);
    assert_int_equal(walk("Patient?_count=7&family=F1&_sort=-_id"), 17);
    assert_int_equal(walk("?_type=Patient&_count=9"), 50);
    assert_int_equal(walk("Patient?_count=1000"), 50);
    s = said_status(GET(&node, "Patient?_count=7&_sort=_id"), 200);
    link_of(s, "next", next);
    said_free(s);
    /* a cursor is for its own query alone */
    {
        char other[PATH_ROOM];
        char *page = strstr(next, "_page=");

        snprintf(other, sizeof(other), "Patient?_count=8&%s", page);
        must(&node, 400, (struct ask){.path = other});
        snprintf(other, sizeof(other), "Observation?_count=7&_sort=_id&%s", page);
        must(&node, 400, (struct ask){.path = other});
    }
    s = said_status(GET(&node, next), 200);
    link_of(s, "previous", back);
    said_free(s);
    assert_true(back[0] != '\0');
    s = said_status(GET(&node, back), 200);
    assert_int_equal(said_count(s, "entry"), 7);
    assert_string_equal(said_text(s, "entry.0.resource.id"), "p0");
    said_free(s);
    s = said_status(GET(&node, "Patient?_count=0&_total=accurate"), 200);
    assert_string_equal(said_text(s, "total"), "50");
    assert_int_equal(said_count(s, "entry"), 0);
    said_free(s);
    s = said_status(node_ask(&node, (struct ask){.method = APP_POST,
                                        .path = "Patient/_search?_count=3",
                                        .format = APP_FORM,
                                        .body = "family=F2"}),
        200);
    assert_int_equal(said_count(s, "entry"), 3);
    link_of(s, "next", next);
    assert_int_equal(walk(next), 13);
    said_free(s);
}

static void test_search_forms(void **state)
{
    struct said *s = NULL;

    (void)state;
    put_people(3);
    put("Observation/o1",
        "{\"resourceType\":\"Observation\",\"id\":\"o1\",\"status\":\"final\",\"code\":"
        "{\"text\":\"x\"},\"subject\":{\"reference\":\"Patient/p1\"}}");
    s = said_status(GET(&node, "Observation?_include=Observation:subject"), 200);
    assert_string_equal(said_text(s, "entry.0.search.mode"), "match");
    assert_string_equal(said_text(s, "entry.1.search.mode"), "include");
    assert_string_equal(said_text(s, "entry.1.fullUrl"), "http://test/fhir/Patient/p1");
    said_free(s);
    s = said_status(GET(&node, "Patient/p1/Observation"), 200);
    assert_int_equal(said_count(s, "entry"), 1);
    said_free(s);
    s = said_status(GET(&node, "Patient/p2/Observation"), 200);
    assert_int_equal(said_count(s, "entry"), 0);
    said_free(s);
    s = said_status(GET(&node, "Patient?_summary=count"), 200);
    assert_string_equal(said_text(s, "total"), "3");
    assert_int_equal(said_count(s, "entry"), 0);
    said_free(s);
    s = said_status(GET(&node, "Patient?_elements=id&_id=p1"), 200);
    assert_null(json_walk(s->json, "entry.0.resource.name"));
    assert_string_equal(said_text(s, "entry.0.resource.meta.tag.0.code"), "SUBSETTED");
    said_free(s);
    s = said_status(node_ask(&node, (struct ask){.path = "Patient?colour=red&_id=p1",
                                        .prefer = "handling=lenient"}),
        200);
    assert_int_equal(said_count(s, "entry"), 2);
    assert_string_equal(said_text(s, "entry.1.search.mode"), "outcome");
    assert_non_null(
        strstr(said_text(s, "entry.1.resource.issue.0.diagnostics"), "colour"));
    said_free(s);
    s = said_status(GET(&node, "Patient?_id=p1&_explain=true"), 200);
    assert_string_equal(said_text(s, "entry.1.search.mode"), "outcome");
    said_free(s);
}

static void test_history(void **state)
{
    struct said *s = NULL;
    char path[512];
    const utc_ms base = 1767225600000; /* 2026-01-01 */

    (void)state;
    for (int i = 0; i < 30; i++) {
        char body[128];

        time_hold(base + (utc_ms)i * 60000);
        snprintf(body, sizeof(body),
            "{\"resourceType\":\"Basic\",\"id\":\"h%d\",\"code\":{\"text\":\"%d\"}}",
            i % 3, i);
        snprintf(path, sizeof(path), "Basic/h%d", i % 3);
        put(path, body);
    }
    time_hold(base + (utc_ms)30 * 60000);
    must(&node, 204, (struct ask){.method = APP_DELETE, .path = "Basic/h0"});
    put("Patient/x", "{\"resourceType\":\"Patient\",\"id\":\"x\"}");
    assert_int_equal(walk("Basic/h1/_history?_count=3"), 10);
    assert_int_equal(walk("Basic/_history?_count=4"), 31);
    assert_int_equal(walk("_history?_count=6"), 32);
    s = said_status(GET(&node, "Basic/h0/_history"), 200);
    assert_string_equal(said_text(s, "total"), "11");
    assert_string_equal(said_text(s, "entry.0.request.method"), "DELETE");
    assert_string_equal(said_text(s, "entry.1.resource.code.text"), "27");
    assert_string_equal(said_text(s, "entry.10.response.status"), "201");
    said_free(s);
    assert_int_equal(walk("Basic/_history?_since=2026-01-01T00:25:00Z"), 6);
    assert_int_equal(walk("Basic/_history?_before=2026-01-01T00:05:00Z"), 5);
    /* current in that minute: what was written in it, and what stood when it began */
    assert_int_equal(walk("Basic/_history?_at=2026-01-01T00:10:00Z&_count=2"), 3);
    assert_int_equal(walk("Basic/h1/_history?_at=2026-01-01T00:11:30Z"), 1);
    must(&node, 400, (struct ask){.path = "Basic/_history?colour=red"});
    /* a cursor is for its own request alone */
    s = said_status(GET(&node, "Basic/_history?_count=2&_since=2026-01-01"), 200);
    {
        char next[PATH_ROOM];
        char other[PATH_ROOM + 64];

        link_of(s, "next", next);
        must(&node, 200, (struct ask){.path = next});
        snprintf(other, sizeof(other), "Basic/_history?_count=2&_since=2026-01-02&%s",
            strstr(next, "_page="));
        must(&node, 400, (struct ask){.path = other});
    }
    said_free(s);
}

static void test_everything(void **state)
{
    struct said *s = NULL;

    (void)state;
    put("Organization/org",
        "{\"resourceType\":\"Organization\",\"id\":\"org\",\"name\":\"O\"}");
    put("Patient/e", "{\"resourceType\":\"Patient\",\"id\":\"e\","
                     "\"managingOrganization\":{\"reference\":"
                     "\"Organization/org\"}}");
    put("Patient/other", "{\"resourceType\":\"Patient\",\"id\":\"other\"}");
    for (int i = 0; i < 20; i++) {
        char path[64];
        char body[256];

        snprintf(path, sizeof(path), "Observation/e%d", i);
        snprintf(body, sizeof(body),
            "{\"resourceType\":\"Observation\",\"id\":\"e%d\",\"status\":\"final\","
            "\"code\":"
            "{\"text\":\"x\"},\"subject\":{\"reference\":\"Patient/%s\"}}",
            i, i < 15 ? "e" : "other");
        put(path, body);
    }
    s = said_status(GET(&node, "Patient/e/$everything"), 200);
    assert_int_equal(said_count(s, "entry"), 17);
    assert_string_equal(said_text(s, "entry.0.resource.id"), "e");
    assert_string_equal(said_text(s, "total"), "17");
    said_free(s);
    assert_int_equal(walk("Patient/e/$everything?_count=1"), 17);
    assert_int_equal(walk("Patient/e/$everything?_count=5"), 17);
    assert_int_equal(walk("Patient/e/$everything?_type=Observation,Organization"), 16);
    must(&node, 204, (struct ask){.method = APP_DELETE, .path = "Patient/e"});
    must(&node, 410, (struct ask){.path = "Patient/e/$everything"});
}

/* A patient with an observation a year from 2001 to 2010, each by a doctor of its own, and
 * records that tell no date of care, or several. */
static void put_years(void)
{
    put("Patient/y", "{\"resourceType\":\"Patient\",\"id\":\"y\",\"birthDate\":"
                     "\"1950-05-05\"}");
    for (int i = 1; i <= 10; i++) {
        char path[64];
        char body[400];

        snprintf(path, sizeof(path), "Practitioner/y%d", i);
        snprintf(body, sizeof(body),
            "{\"resourceType\":\"Practitioner\",\"id\":\"y%d\"}", i);
        put(path, body);
        snprintf(path, sizeof(path), "Observation/y%d", i);
        snprintf(body, sizeof(body),
            "{\"resourceType\":\"Observation\",\"id\":\"y%d\",\"status\":\"final\","
            "\"code\":{\"text\":\"x\"},\"subject\":{\"reference\":\"Patient/y\"},"
            "\"effectiveDateTime\":\"%d-06-01\",\"valueDateTime\":\"1999\","
            "\"performer\":[{\"reference\":\"Practitioner/y%d\"}]}",
            i, 2000 + i, i);
        put(path, body);
    }
    put("Condition/y", "{\"resourceType\":\"Condition\",\"id\":\"y\",\"subject\":{"
                       "\"reference\":\"Patient/y\"},\"onsetDateTime\":\"2003\","
                       "\"recordedDate\":\"2006-01-01\"}");
    put("Encounter/y",
        "{\"resourceType\":\"Encounter\",\"id\":\"y\",\"status\":\"in-progress\","
        "\"class\":{\"code\":\"AMB\"},\"subject\":{\"reference\":\"Patient/y\"},"
        "\"period\":{\"start\":\"2008-01-01\"}}");
    put("BodyStructure/y", "{\"resourceType\":\"BodyStructure\",\"id\":\"y\","
                           "\"patient\":{\"reference\":\"Patient/y\"}}");
}

static void test_everything_dates(void **state)
{
    (void)state;
    put_years();
    /* patient, 10 observations, 10 doctors, condition, encounter, body structure */
    assert_int_equal(walk("Patient/y/$everything"), 24);
    /* a year: one observation with its doctor, and what has no date; the condition lasts */
    assert_int_equal(walk("Patient/y/$everything?start=2002-01-01&end=2002-12-31"), 4);
    assert_int_equal(walk("Patient/y/$everything?start=2004&end=2004"), 5);
    /* what is not ended goes on */
    assert_int_equal(walk("Patient/y/$everything?start=2010-07-01"), 3);
    assert_int_equal(walk("Patient/y/$everything?start=2010-06-01"), 5);
    assert_int_equal(walk("Patient/y/$everything?end=2001-06-01"), 4);
    assert_int_equal(walk("Patient/y/$everything?end=2001-05-31"), 2);
    /* a date that is a result, or of birth, is no date of care */
    assert_int_equal(walk("Patient/y/$everything?end=1999"), 2);
    /* with the others, in pages */
    assert_int_equal(
        walk("Patient/y/$everything?start=2002&end=2005&_count=1&_type=Observation"),
        4);
    assert_int_equal(walk("Patient/y/$everything?start=2002&end=2005&_count=3&"
                          "_type=Observation,Practitioner&_type=Patient"),
        9);
    must(&node, 400, (struct ask){.path = "Patient/y/$everything?start=soon"});
    must(&node, 400, (struct ask){.path = "Encounter/y/$everything?start=2002"});
    must(&node, 200, (struct ask){.path = "Encounter/y/$everything"});
}

static void test_everything_parameters(void **state)
{
    static const char body[] =
        "{\"resourceType\":\"Parameters\",\"parameter\":[{\"name\":\"start\","
        "\"valueDate\":\"2002-01-01\"},{\"name\":\"end\",\"valueDate\":"
        "\"2005-12-31\"},{\"name\":\"_type\",\"valueCode\":\"Observation\"},"
        "{\"name\":\"_count\",\"valueInteger\":3}]}";
    char next[PATH_ROOM];
    struct said *s = NULL;

    (void)state;
    time_hold(1767225600000); /* 2026-01-01 */
    put_years();
    time_hold(1767225600000 + 86400000);
    put("Observation/later",
        "{\"resourceType\":\"Observation\",\"id\":\"later\",\"status\":\"final\","
        "\"code\":{\"text\":\"x\"},\"subject\":{\"reference\":\"Patient/y\"}}");
    assert_int_equal(walk("Patient/y/$everything?_since=2026-01-02"), 1);
    assert_int_equal(walk("Patient/y/$everything?_since=2026-01-01"), 25);
    /* only how many */
    s = said_status(GET(&node, "Patient/y/$everything?_count=0"), 200);
    assert_string_equal(said_text(s, "total"), "25");
    assert_int_equal(said_count(s, "entry"), 0);
    said_free(s);
    s = said_status(GET(&node, "Patient/y/$everything?_offset=20&_count=3"), 200);
    assert_int_equal(said_count(s, "entry"), 3);
    assert_string_equal(said_text(s, "total"), "25");
    link_of(s, "next", next);
    said_free(s);
    assert_int_equal(walk(next), 2);
    /* asked for by POST; the pages behind it by GET */
    s = said_status(POST(&node, "Patient/y/$everything", body), 200);
    assert_int_equal(said_count(s, "entry"), 3);
    /* four in range and one that tells no date */
    assert_string_equal(said_text(s, "total"), "5");
    link_of(s, "next", next);
    said_free(s);
    assert_int_equal(walk(next), 2);
    must(&node, 400,
        (struct ask){
            .method = APP_POST, .path = "Patient/y/$everything", .body = "[1]"});
    must(&node, 400, (struct ask){.path = "Patient/y/$everything?_type=Unicorn"});
    must(&node, 400, (struct ask){.path = "Patient/y/$everything?_count=-1"});
    must(&node, 400, (struct ask){.path = "Patient/y/$everything?colour=red"});
}

/* Records that come and go between pages repeat and hide no other. */
static void test_everything_stable(void **state)
{
    char next[PATH_ROOM];
    struct said *s = NULL;

    (void)state;
    put_years();
    s = said_status(
        GET(&node, "Patient/y/$everything?_type=Observation&_count=4&_elements=status"),
        200);
    assert_string_equal(said_text(s, "entry.3.resource.id"), "y4");
    link_of(s, "next", next);
    said_free(s);
    must(&node, 204, (struct ask){.method = APP_DELETE, .path = "Observation/y2"});
    must(&node, 204, (struct ask){.method = APP_DELETE, .path = "Observation/y6"});
    put("Observation/new",
        "{\"resourceType\":\"Observation\",\"id\":\"new\",\"status\":\"final\","
        "\"code\":{\"text\":\"x\"},\"subject\":{\"reference\":\"Patient/y\"}}");
    s = said_status(GET(&node, next), 200);
    assert_string_equal(said_text(s, "entry.0.resource.id"), "y5");
    assert_string_equal(said_text(s, "entry.1.resource.id"), "y7");
    /* and what a record is cut down to holds for all pages */
    assert_string_equal(said_text(s, "entry.0.resource.status"), "final");
    assert_string_equal(said_text(s, "entry.0.resource.effectiveDateTime"), "");
    said_free(s);
    assert_int_equal(walk(next), 6);
}

#define TESTS(open)                                                                    \
    cmocka_unit_test_setup_teardown(test_search, open, close_node),                    \
        cmocka_unit_test_setup_teardown(test_search_forms, open, close_node),          \
        cmocka_unit_test_setup_teardown(test_history, open, close_node),               \
        cmocka_unit_test_setup_teardown(test_everything, open, close_node),            \
        cmocka_unit_test_setup_teardown(test_everything_dates, open, close_node),      \
        cmocka_unit_test_setup_teardown(test_everything_parameters, open, close_node), \
        cmocka_unit_test_setup_teardown(test_everything_stable, open, close_node)

MAIN_OVER_EACH_STORE("pages")
