/* SPDX-License-Identifier: Apache-2.0 */
/*
 * References that spell out an address of this node are references to its records: in
 * what was written and in what is asked, along them and against them, and whatever the
 * address of the node was when they were written.
 */
#include "filled_node.h"
#include "unit.h"
#include "view/search_internal.h"

#define HERE "http://here.example/fhir/"
#define ALSO "https://also.example:8443/x/fhir/"
#define ELSE "http://else.example/fhir/"

static void add_records(void)
{
    node_put(
        &node, "{'resourceType':'Organization','id':'o1','name':'Lhasa Hospital'}");
    node_put(&node, "{'resourceType':'Patient','id':'p1','gender':'male',"
                    "'managingOrganization':{'reference':'" HERE "Organization/o1'}}");
    node_put(&node, "{'resourceType':'Patient','id':'p2','gender':'female',"
                    "'managingOrganization':{'reference':'" ELSE "Organization/o1'}}");
    node_put(&node, "{'resourceType':'Condition','id':'c1','subject':{'reference':"
                    "'Patient/p1'}}");
    node_put(&node,
        "{'resourceType':'Condition','id':'c2','subject':{'reference':'" HERE
        "Patient/p1'}}");
    node_put(&node,
        "{'resourceType':'Condition','id':'c3','subject':{'reference':'" ALSO
        "Patient/p1/_history/3'}}");
    node_put(&node,
        "{'resourceType':'Condition','id':'c4','subject':{'reference':'" ELSE
        "Patient/p1'}}");
    node_put(&node,
        "{'resourceType':'Condition','id':'c5','subject':{'reference':'" HERE
        "Group/p1'}}");
    node_put(&node, "{'resourceType':'Questionnaire','id':'q1','status':'active',"
                    "'url':'" HERE "Questionnaire/q9','title':'Own'}");
    node_put(&node, "{'resourceType':'QuestionnaireResponse','id':'r1','status':"
                    "'completed','questionnaire':'" HERE "Questionnaire/q9'}");
}

static void values(void **state)
{
    (void)state;
    assert_search(&node, "Condition?subject=Patient/p1", "c1 c2 c3");
    assert_search(&node, "Condition?subject=p1", "c1 c2 c3 c5");
    assert_search(&node, "Condition?subject:Patient=p1", "c1 c2 c3");
    assert_search(&node, "Condition?patient=" HERE "Patient/p1", "c1 c2 c3");
    assert_search(&node, "Condition?patient=" ALSO "Patient/p1", "c1 c2 c3");
    assert_search(&node, "Condition?patient=" ELSE "Patient/p1", "c4");
    assert_search(&node, "Condition?subject=Group/p1", "c5");
    assert_search(&node, "Condition?subject=Patient/p1/_history/3", "c3");
}

static void presence(void **state)
{
    (void)state;
    assert_search(&node, "Condition?patient:missing=false", "c1 c2 c3 c4");
    assert_search(&node, "Condition?patient:missing=true", "c5");
    assert_search(&node, "Condition?subject:missing=true", "");
    assert_search(&node, "Condition?patient:missing=false&_id=c2,c4,c5", "c2 c4");
}

static void along(void **state)
{
    (void)state;
    assert_search(&node, "Condition?subject:Patient.gender=male", "c1 c2 c3");
    assert_search(&node, "Condition?patient.organization.name=lhasa", "c1 c2 c3");
    assert_search(&node, "Condition?_id=c2,c3,c4&patient.gender=male", "c2 c3");
    assert_search(
        &node, "Condition?_id=c2&_include=Condition:subject", "c2 + Patient/p1");
    assert_search(&node,
        "Condition?_id=c3&_include=Condition:subject&_include:iterate=Patient:*",
        "c3 + Patient/p1 Organization/o1");
    assert_search(&node, "Condition?_id=c4&_include=*", "c4");
    assert_search(
        &node, "Condition?patient:missing=false&_sort=patient", "c1 c2 c3 c4");
}

static void against(void **state)
{
    (void)state;
    assert_search(&node, "Patient?_has:Condition:patient:_id=c2", "p1");
    assert_search(&node, "Patient?_has:Condition:subject:_id=c3,c4", "p1");
    assert_search(&node, "Organization?_has:Patient:organization:gender=male", "o1");
    assert_search(&node, "Organization?_has:Patient:organization:gender=female", "");
    assert_search(&node, "Patient?_id=p1&_revinclude=Condition:subject",
        "p1 + Condition/c1 Condition/c2 Condition/c3");
}

static void compartment(void **state)
{
    struct search_page page;
    struct search_members members;
    struct search_everything_request rq = {
        .id = STR("p1"), .from = UTC_MS_MIN, .until = UTC_MS_MAX};
    struct err err = {0};

    (void)state;
    assert_string_equal(
        node_pages(&node, "Patient/p1/Condition", 2, false), "c1 c2 c3");
    node_page(&node, "Patient/p1/*", (struct str){NULL, 0}, &page);
    assert_int_equal(page.count, 4); /* and itself */
    rq.type = fhir_resource_named(STR("Patient"))->number;
    rq.bases = (struct search_bases){
        {STR("http://here.example/fhir"), STR("https://also.example:8443/x/fhir")}, 2};
    assert_int_equal(
        search_everything(node_reader(&node), node.arena, &rq, &members, &err), 0);
    assert_int_equal(members.count, 5); /* and its organisation */
    rq.bases.count = 0;
    assert_int_equal(
        search_everything(node_reader(&node), node.arena, &rq, &members, &err), 0);
    assert_int_equal(members.count, 2);
}

/* A canonical is a name: it is not taken for the address that it looks like. */
static void names(void **state)
{
    (void)state;
    assert_search(
        &node, "QuestionnaireResponse?questionnaire=" HERE "Questionnaire/q9", "r1");
    assert_search(&node, "QuestionnaireResponse?questionnaire=Questionnaire/q9", "");
    assert_search(&node, "QuestionnaireResponse?questionnaire.title=own", "r1");
}

/* What was learned of a store holds until the first such reference is written. (First of
 * all tests: the program must not have made one yet.) */
static void learning(void **state)
{
    static atomic_bool none;
    struct search_query *q = NULL;
    struct search_page page;
    struct err err = {0};
    int round;

    (void)state;
    node_open(&node, STORE_MEMORY);
    node_put(&node, "{'resourceType':'Condition','id':'c1','subject':{'reference':"
                    "'Patient/p1'}}");
    for (round = 0; round < 3; round++) {
        arena_reset(node.arena);
        assert_int_equal(node_parse(&node, "Condition?subject=Patient/p1",
                             (struct str){NULL, 0}, NULL, &q, &err),
            0);
        q->plan_->request.bases.none = &none;
        assert_int_equal(search_run(node_reader(&node), node.arena, q, &page, &err), 0);
        assert_int_equal(page.count, round < 2 ? 1 : 2);
        assert_true(atomic_load(&none));
        if (round == 1)
            node_put(&node, "{'resourceType':'Condition','id':'c2','subject':{"
                            "'reference':'" HERE "Patient/p1'}}");
    }
    node_close(&node);
}

/* Rows go with what made them. */
static void changes(void **state)
{
    struct err err = {0};

    (void)state;
    node_put(&node,
        "{'resourceType':'Condition','id':'c2','subject':{'reference':'" ELSE
        "Patient/p1'}}");
    assert_search(&node, "Condition?subject=Patient/p1", "c1 c3");
    node_delete(&node, "Condition", "c3");
    assert_search(&node, "Condition?subject=Patient/p1", "c1");
    node_put(&node,
        "{'resourceType':'Condition','id':'c2','subject':{'reference':'" HERE
        "Patient/p7'}}");
    assert_search(&node, "Condition?subject=Patient/p7", "c2");
    assert_search(&node, "Condition?_id=c2&_include=*", "c2");
    if (node.reader)
        store_read_end(node.reader);
    node.reader = NULL;
    assert_int_equal(store_verify(node.store, NULL, NULL, NULL, &err), 0);
    assert_int_equal(store_rebuild(node.store, "search", NULL, NULL, &err), 0);
    assert_search(&node, "Condition?subject=Patient/p7", "c2");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(values),
        cmocka_unit_test(presence), cmocka_unit_test(along), cmocka_unit_test(against),
        cmocka_unit_test(compartment), cmocka_unit_test(names),
        cmocka_unit_test(changes)};
    const struct CMUnitTest first[] = {cmocka_unit_test(learning)};
    int failed = cmocka_run_group_tests_name("home learned", first, NULL, NULL);

    failed +=
        cmocka_run_group_tests_name("home in memory", tests, open_memory, close_node);

    return failed +
           cmocka_run_group_tests_name("home on disk", tests, open_sqlite, close_node);
}
