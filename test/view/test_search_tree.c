/* SPDX-License-Identifier: Apache-2.0 */
/* :above and :below on references: trees, rings, several parents, depth. */
#include "base/limits.h"

#include "filled_node.h"
#include "unit.h"

static void put_location(const char *id, const char *part_of)
{
    struct buf b;

    buf_init(&b, 4096);
    buf_addf(&b, "{'resourceType':'Location','id':'%s','name':'Place %s'", id, id);
    if (part_of)
        buf_addf(&b, ",'partOf':{'reference':'%s'}", part_of);
    buf_addc(&b, '}');
    node_put(&node, buf_cstr(&b));
    buf_done(&b);
}

static void put_procedure(const char *id, const char *location, const char *part_of)
{
    struct buf b;

    buf_init(&b, 4096);
    buf_addf(&b,
        "{'resourceType':'Procedure','id':'%s','status':'completed','subject':{"
        "'reference':'Patient/p'}",
        id);
    if (location)
        buf_addf(&b, ",'location':{'reference':'%s'}", location);
    if (part_of)
        buf_addf(&b, ",'partOf':[%s]", part_of);
    buf_addc(&b, '}');
    node_put(&node, buf_cstr(&b));
    buf_done(&b);
}

/* A hospital with two wards, one with a room; and two places in a ring. */
static void add_records(void)
{
    put_location("h", NULL);
    put_location("w1", "Location/h");
    put_location("w2", "http://here.example/fhir/Location/h");
    put_location("r", "Location/w1");
    put_location("x", "Location/y");
    put_location("y", "Location/x");
    put_procedure("in-h", "Location/h", NULL);
    put_procedure("in-w1", "Location/w1", NULL);
    put_procedure("in-w2", "Location/w2", NULL);
    put_procedure("in-r", "Location/r", NULL);
    put_procedure("in-x", "Location/x", NULL);
    put_procedure(
        "both", NULL, "{'reference':'Procedure/in-r'},{'reference':'Procedure/in-x'}");
    put_procedure("deep", NULL, "{'reference':'Procedure/both'}");
}

static void below(void **state)
{
    (void)state;
    assert_search(
        &node, "Procedure?location:below=Location/h", "in-h in-w1 in-w2 in-r");
    assert_search(&node, "Procedure?location:below=w1", "in-w1 in-r");
    assert_search(&node, "Procedure?location:below=r", "in-r");
    assert_search(&node, "Procedure?location:below=w2,r", "in-w2 in-r");
    assert_search(&node, "Procedure?location:below=nowhere", "");
    assert_search(&node, "Location?partof:below=h", "w1 w2 r");
    assert_search(&node, "Procedure?part-of:below=in-x", "both deep");
    assert_search(&node, "Procedure?location:below=x", "in-x");
    assert_search(&node,
        "Procedure?location:below=http://here.example/fhir/Location/w1", "in-w1 in-r");
    assert_search(&node, "Procedure?location.partof:below=h", "in-w1 in-w2 in-r");
}

static void above(void **state)
{
    (void)state;
    assert_search(&node, "Procedure?location:above=r", "in-h in-w1 in-r");
    assert_search(&node, "Procedure?location:above=h", "in-h");
    assert_search(&node, "Procedure?location:above=w2", "in-h in-w2");
    assert_search(&node, "Procedure?location:above=y", "in-x");
    assert_search(&node, "Location?partof:above=r", "w1 w2 r");
    assert_search(&node, "Procedure?part-of:above=deep", "both deep");
}

static void changes(void **state)
{
    (void)state;
    node_delete(&node, "Location", "w1");
    assert_search(&node, "Procedure?location:below=h", "in-h in-w2");
    assert_search(&node, "Procedure?location:below=w1", "in-w1 in-r");
    put_location("w1", "Location/w2");
    assert_search(&node, "Procedure?location:below=w2", "in-w1 in-w2 in-r");
}

static void refused(void **state)
{
    char path[256];

    (void)state;
    assert_int_equal(node_refused(&node, "Procedure?patient:below=p", path), E_INVALID);
    assert_string_equal(path, "patient:below");
    assert_int_equal(
        node_refused(&node, "Procedure?subject:above=Patient/p", path), E_INVALID);
    assert_int_equal(
        node_refused(&node, "Procedure?location:below=http://else.example/1", path),
        E_INVALID);
    assert_int_equal(
        node_refused(&node, "Procedure?location:below=Location/h/_history/1", path),
        E_INVALID);
}

/* As deep as may be, and a level more. */
static void depth(void **state)
{
    struct search_query *q = NULL;
    struct search_page page;
    struct err err = {0};
    char id[16], whole[32];
    int i;

    (void)state;
    for (i = 0; i <= LIMIT_TREE_DEPTH; i++) {
        snprintf(id, sizeof(id), "d%d", i);
        snprintf(whole, sizeof(whole), "Location/d%d", i - 1);
        put_location(id, i ? whole : NULL);
    }
    put_procedure("bottom", whole, NULL);
    snprintf(whole, sizeof(whole), "Location/%s", id);
    put_procedure("bottom", whole, NULL);
    assert_search(&node, "Procedure?location:below=d0", "bottom");
    assert_search(&node, "Procedure?location:above=d64", "bottom");
    put_location("d65", whole);
    arena_reset(node.arena);
    assert_int_equal(node_parse(&node, "Procedure?location:below=d0",
                         (struct str){NULL, 0}, NULL, &q, &err),
        0);
    assert_int_equal(
        search_run(node_reader(&node), node.arena, q, &page, &err), E_TOO_LARGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(below), cmocka_unit_test(above),
        cmocka_unit_test(changes), cmocka_unit_test(refused), cmocka_unit_test(depth)};

    return cmocka_run_group_tests_name("hierarchies", tests, open_memory, close_node);
}
