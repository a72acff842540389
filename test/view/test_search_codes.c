/* SPDX-License-Identifier: Apache-2.0 */
/* :above and :below on codes of systems that are here in full. */
#include "filled_node.h"
#include "unit.h"

#define ROLE "http://terminology.hl7.org/CodeSystem/v3-RoleCode"
#define CLINICAL "http://terminology.hl7.org/CodeSystem/condition-clinical"

static void put_relative(const char *id, const char *system, const char *code)
{
    struct buf b;

    buf_init(&b, 4096);
    buf_addf(&b,
        "{'resourceType':'RelatedPerson','id':'%s','patient':{'reference':'Patient/p'},"
        "'relationship':[{'coding':[{'system':'%s','code':'%s'}]}]}",
        id, system, code);
    node_put(&node, buf_cstr(&b));
    buf_done(&b);
}

static void add_records(void)
{
    put_relative("mother", ROLE, "NMTH");
    put_relative("parent", ROLE, "PRN");
    put_relative("sister", ROLE, "SIS");
    put_relative("other", "urn:s", "NMTH");
    node_put(&node, "{'resourceType':'Observation','id':'b1','status':'amended'}");
    node_put(&node, "{'resourceType':'Observation','id':'b2','status':'corrected'}");
    node_put(&node, "{'resourceType':'Observation','id':'b3','status':'final'}");
}

static void below(void **state)
{
    (void)state;
    assert_search(
        &node, "RelatedPerson?relationship:below=" ROLE "|PRN", "mother parent");
    assert_search(&node, "RelatedPerson?relationship:below=" ROLE "|FAMMEMB",
        "mother parent sister");
    assert_search(&node, "RelatedPerson?relationship:below=" ROLE "|NMTH", "mother");
    assert_search(&node, "RelatedPerson?relationship:below=" ROLE "|PRN," ROLE "|SIS",
        "mother parent sister");
    assert_search(&node, "RelatedPerson?relationship:below=" ROLE "|nonsense", "");
    assert_search(&node, "RelatedPerson?relationship:below=" CLINICAL "|active", "");
}

static void above(void **state)
{
    (void)state;
    assert_search(
        &node, "RelatedPerson?relationship:above=" ROLE "|NMTH", "mother parent");
    assert_search(&node, "RelatedPerson?relationship:above=" ROLE "|FAMMEMB", "");
}

/* The system of a code is implied by its element. */
static void implied(void **state)
{
    (void)state;
    assert_search(&node, "Observation?status:below=amended", "b1 b2");
    assert_search(&node,
        "Observation?status:below=http://hl7.org/fhir/observation-status|amended",
        "b1 b2");
    assert_search(&node, "Observation?status:above=corrected", "b1 b2");
    assert_search(&node, "Observation?status:above=amended", "b1");
    assert_search(&node, "Observation?_filter=status ss amended", "b1 b2");
    assert_search(&node,
        "RelatedPerson?_filter=relationship ss " ROLE "|PRN and "
        "not(relationship eq PRN)",
        "mother");
    assert_search(
        &node, "RelatedPerson?_filter=relationship sb " ROLE "|NMTH", "mother parent");
}

static void assert_refused(const char *query, int code, const char *text)
{
    struct search_query *q = NULL;
    struct err err = {0};
    int r;

    arena_reset(node.arena);
    r = node_parse(&node, query, (struct str){NULL, 0}, NULL, &q, &err);
    if (r != code || !strstr(err.text, text))
        fail_msg("%s: %d: %s", query, r, err.text);
}

static void refused(void **state)
{
    (void)state;
    assert_refused("Condition?code:below=http://snomed.info/sct|1", E_UNSUPPORTED,
        "code of \"http://snomed.info/sct\" is a");
    assert_refused("Condition?code:below=x", E_INVALID, "write system|code");
    assert_refused("Condition?code:below=|x", E_INVALID, "write system|code");
    assert_refused("Condition?code:below=" ROLE "|", E_INVALID, "write system|code");
    /* its root has more kinds than values may be ORed */
    assert_refused("Observation?code:below=http://terminology.hl7.org/CodeSystem/"
                   "v3-ActCode|_ActCoverageTypeCode,http://terminology.hl7.org/"
                   "CodeSystem/v3-Race|1002-5,http://terminology.hl7.org/CodeSystem/"
                   "v3-TribalEntityUS|_NativeEntityContiguous",
        E_TOO_LARGE, "codes; name narrower ones");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(below), cmocka_unit_test(above),
        cmocka_unit_test(implied), cmocka_unit_test(refused)};

    return cmocka_run_group_tests_name(
        "hierarchies of codes", tests, open_memory, close_node);
}
