/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a search knows from the definitions alone: the system of an element of type
 * `code`, and the part of a composite that stands outside of its root.
 */
#include "search_node.h"
#include "unit.h"

static struct search_node node;

static int open_node(void **state)
{
    (void)state;
    node_open(&node, STORE_MEMORY);
    return 0;
}

static int close_node(void **state)
{
    (void)state;
    node_close(&node);
    return 0;
}

static void implied_systems(void **state)
{
    (void)state;
    node_put(&node, "{'resourceType':'Patient','id':'a','gender':'female'}");
    node_put(&node, "{'resourceType':'Patient','id':'b','gender':'male'}");
    node_put(&node, "{'resourceType':'Patient','id':'c','gender':'male'}");
    node_put(&node, "{'resourceType':'Patient','id':'d'}");
    assert_search(
        &node, "Patient?gender=http://hl7.org/fhir/administrative-gender|male", "b c");
    /* in a chain, and where the codes cannot be listed */
    node_put(&node, "{'resourceType':'Observation','id':'o','status':'final','code':{"
                    "'text':'x'},'subject':{'reference':'Patient/b'}}");
    assert_search(&node,
        "Observation?patient.gender=http://hl7.org/fhir/administrative-gender|male",
        "o");
    assert_search(&node, "Observation?patient.gender=urn:other|male", "");
    node_put(&node, "{'resourceType':'DocumentReference','id':'f','status':'current',"
                    "'content':[{'attachment':{'contentType':'text/plain'}}]}");
    assert_search(
        &node, "DocumentReference?contenttype=urn:ietf:bcp:13|text/plain", "f");
}

static void outside_parts(void **state)
{
    (void)state;
    /* start and end of one variant; the chromosome is the whole record's */
    node_put(&node,
        "{'resourceType':'MolecularSequence','id':'m1','coordinateSystem':0,"
        "'referenceSeq':{'chromosome':{'coding':[{'code':'1'}]},'referenceSeqId':{"
        "'coding':[{'code':'NC_000001.11'}]}},'variant':[{'start':10,'end':20},{"
        "'start':100,'end':200}]}");
    assert_search(
        &node, "MolecularSequence?chromosome-variant-coordinate=1$lt50$gt15", "m1");
    assert_search(
        &node, "MolecularSequence?chromosome-variant-coordinate=1$lt50$gt150", "");
    assert_search(
        &node, "MolecularSequence?chromosome-variant-coordinate=2$lt50$gt15", "");
    assert_search(&node,
        "MolecularSequence?referenceseqid-variant-coordinate=NC_000001.11$100$200",
        "m1");
    assert_search(&node,
        "MolecularSequence?referenceseqid-variant-coordinate=NC_000001.11$10$200", "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(implied_systems, open_node, close_node),
        cmocka_unit_test_setup_teardown(outside_parts, open_node, close_node),
    };

    return cmocka_run_group_tests_name("search_implied", tests, NULL, NULL);
}
