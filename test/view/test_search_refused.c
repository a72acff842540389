/* SPDX-License-Identifier: Apache-2.0 */
/* What a search is refused for, and that the error names the parameter. */
#include "search_node.h"
#include "unit.h"

static struct search_node node;

static void assert_refused(const char *query, int code, const char *path)
{
    char found[256];
    int r = node_refused(&node, query, found);

    if (r != code || strcmp(found, path) != 0)
        fail_msg(
            "%s: %d at \"%s\" instead of %d at \"%s\"", query, r, found, code, path);
}

static void refusals(void **state)
{
    (void)state;
    assert_refused("Patient?nonsense=1", E_INVALID, "nonsense");
    assert_refused("Patient?gender:nonsense=1", E_INVALID, "gender:nonsense");
    assert_refused("Patient?gender:exact=male", E_INVALID, "gender:exact");
    assert_refused("Patient?birthdate=yesterday", E_INVALID, "birthdate");
    assert_refused("Patient?birthdate=2020-02-30", E_INVALID, "birthdate");
    assert_refused("Patient?gender=", E_INVALID, "gender");
    assert_refused("Patient?gender:missing=perhaps", E_INVALID, "gender:missing");
    assert_refused("RiskAssessment?probability=much", E_INVALID, "probability");
    assert_refused(
        "Observation?code-value-quantity=8480-6", E_INVALID, "code-value-quantity");
    assert_refused("Observation?code:below=x", E_INVALID, "code:below");
    assert_refused("Observation?code:below=|x", E_INVALID, "code:below");
    assert_refused(
        "Observation?code:below=http://loinc.org|x", E_UNSUPPORTED, "code:below");
    assert_refused(
        "Observation?code:above=http://snomed.info/sct|", E_INVALID, "code:above");
    assert_refused("Patient?_query=x", E_UNSUPPORTED, "_query");
    assert_refused("Patient?_filter=x", E_INVALID, "_filter");
    assert_refused("Patient?_filter:not=x eq 1", E_UNSUPPORTED, "_filter:not");
    assert_refused("Patient?_list=$current-allergies", E_UNSUPPORTED, "_list");
    assert_refused("Patient?_contained=true", E_UNSUPPORTED, "_contained");
    assert_refused("Patient?_count=many", E_INVALID, "_count");
    assert_refused("Patient?_count=-1", E_INVALID, "_count");
    assert_refused("Patient?_sort=nonsense", E_INVALID, "_sort");
    assert_refused("Patient?_total=all", E_INVALID, "_total");
    assert_refused("Patient?_include=Patient:name", E_INVALID, "_include");
    assert_refused("Patient?_include=Nothing:x", E_INVALID, "_include");
    assert_refused("Patient?name.family=x", E_INVALID, "name.family");
    assert_refused("Patient?_has:Observation:code:status=x", E_INVALID,
        "_has:Observation:code:status");
    assert_refused("Patient?organization:Group=x", E_INVALID, "organization:Group");
    assert_refused("Location?near=100|200", E_INVALID, "near");
    assert_refused("?gender=male", E_INVALID, "gender");
    assert_refused("?_type=Nothing", E_INVALID, "_type");
    assert_refused(
        "Organization?partof.partof.partof.partof.partof.partof.partof.name=x",
        E_TOO_LARGE, "partof.partof.partof.partof.partof.partof.partof.name");
}

static void lenient(void **state)
{
    struct fhir_issues issues = {0};
    struct search_query *q;
    struct err err = {0};

    (void)state;
    arena_reset(node.arena);
    assert_int_equal(node_parse(&node, "Patient?nonsense=1&gender=male",
                         (struct str){NULL, 0}, &issues, &q, &err),
        0);
    assert_int_equal(issues.count, 1);
    assert_string_equal(issues.list[0].path, "nonsense");
    assert_int_equal(q->used_count, 1);
}

static void foreign_cursors(void **state)
{
    struct search_query *q;
    struct search_page page;
    struct err err = {0};

    (void)state;
    arena_reset(node.arena);
    node_page(&node, "Patient?_count=1&_sort=birthdate", (struct str){NULL, 0}, &page);
    assert_non_null(page.next.p);
    assert_int_equal(
        node_parse(&node, "Patient?_count=1", page.next, NULL, &q, &err), 0);
    assert_int_equal(
        search_run(node_reader(&node), node.arena, q, &page, &err), E_INVALID);
    assert_int_equal(
        node_parse(&node, "Patient?_count=1", STR("rubbish"), NULL, &q, &err), 0);
    assert_int_equal(
        search_run(node_reader(&node), node.arena, q, &page, &err), E_INVALID);
}

/* ---- memory runs out ---- */

static const char *const wanted[] = {
    "Patient?birthdate=ge1980&name=m&_sort=-family,birthdate&_count=1",
    "Patient?organization.name=l&_has:Observation:patient:code=x",
    "Patient?name:contains=a&_include=Patient:organization&_revinclude=*&_explain=true",
    "Observation?code-value-quantity=x$gt1&code:text=e&_total=accurate&_count=1",
    "Patient?gender:not=male&identifier:of-type=a|b|c",
};

/* With an arena of its own, since blocks that one keeps would hide faults. */
static int search_once(void *arg)
{
    const struct search_request *rq = arg;
    struct search_query *q = NULL;
    struct search_page page;
    struct err err = {0};
    struct arena *a = arena_new();
    int r = a ? 0 : E_NOMEM;

    if (r == 0)
        r = search_parse(a, rq, NULL, &q, &err);
    if (r == 0)
        r = search_run(node_reader(&node), a, q, &page, &err);
    arena_free(a);
    return r;
}

static void no_memory(void **state)
{
    struct search_request rq;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
        arena_reset(node.arena);
        rq = node_request(&node, wanted[i]);
        node_reader(&node);
        assert_true(unit_fault_loop(search_once, &rq) > 0);
    }
}

static int open_memory(void **state)
{
    (void)state;
    node_open(&node, STORE_MEMORY);
    node_put(&node, "{'resourceType':'Patient','id':'p1','birthDate':'1980'}");
    node_put(&node, "{'resourceType':'Patient','id':'p2','birthDate':'1981','name':[{"
                    "'family':'Ma'}],'managingOrganization':{'reference':"
                    "'Organization/o1'}}");
    node_put(&node, "{'resourceType':'Organization','id':'o1','name':'Lhasa'}");
    node_put(&node,
        "{'resourceType':'Observation','id':'b1','status':'final','code':{'coding':[{"
        "'code':'x','display':'Ex'}]},'subject':{'reference':'Patient/p2'},"
        "'valueQuantity':{'value':5}}");
    return 0;
}

static int close_node(void **state)
{
    (void)state;
    node_close(&node);
    return 0;
}

/* How many records a query names: an answer with fewer comes at the end of a step. */
static void named(void **state)
{
    static const struct {
        const char *query;
        size_t count;
    } rows[] = {
        {"Patient?_id=p1", 1},
        {"Patient?_id=p1,p2,p3", 3},
        {"Patient?_id:not=p1", 0},
        {"Patient?family=Ma", 0},
        {"Patient?gender=male&_sort=birthdate", 0},
        {"Observation?patient=p1", 1},
        {"Observation?subject=Patient/p1,Patient/p2&code=x", 2},
        {"Observation?subject:missing=true", 0},
        {"Observation?patient=p1&_id=b1", 2},
        {"Patient?identifier=urn:x|7", 1},
        {"Observation?patient:identifier=urn:x|7", 1},
        {"Observation?subject:Patient.identifier=urn:x|7", 1},
        {"Observation?subject:Patient.family=Ma", 0},
        {"Patient?_has:Observation:patient:_id=b1", 1},
        {"Patient?_has:Observation:patient:code=x", 0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct arena *a = arena_new();
        struct search_request rq = node_request(&node, rows[i].query);
        struct search_query *q = NULL;
        struct err err = {0};

        if (search_parse(a, &rq, NULL, &q, &err) < 0)
            fail_msg("%s: %s", rows[i].query, err.text);
        if (search_named(q) != rows[i].count)
            fail_msg("%s names %zu", rows[i].query, search_named(q));
        arena_free(a);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(refusals),
        cmocka_unit_test(lenient), cmocka_unit_test(foreign_cursors),
        cmocka_unit_test(no_memory), cmocka_unit_test(named)};

    return cmocka_run_group_tests(tests, open_memory, close_node);
}
