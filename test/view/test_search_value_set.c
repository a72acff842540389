/* SPDX-License-Identifier: Apache-2.0 */
/* :in and :not-in with ValueSets that are records: what is listed, what is refused. */
#include "base/limits.h"

#include "filled_node.h"
#include "unit.h"

#define SET "{'resourceType':'ValueSet','status':'active',"

static void put_condition(const char *id, const char *system, const char *code)
{
    struct buf b;

    buf_init(&b, 4096);
    buf_addf(&b,
        "{'resourceType':'Condition','id':'%s','subject':{'reference':'Patient/p'},"
        "'code':{'coding':[{'system':'%s','code':'%s'}]}}",
        id, system, code);
    node_put(&node, buf_cstr(&b));
    buf_done(&b);
}

static void add_records(void)
{
    put_condition("c1", "urn:s", "a");
    put_condition("c2", "urn:s", "b");
    put_condition("c3", "urn:t", "a");
    put_condition("c4", "urn:t", "d");
    node_put(&node, "{'resourceType':'Patient','id':'p','gender':'male'}");
    node_put(&node, SET "'id':'listed','url':'http://x.example/listed','compose':{"
                        "'include':[{'system':'urn:s','concept':[{'code':'a'},{'code':"
                        "'b'}]},{'system':'urn:t','concept':[{'code':'a'}]}],"
                        "'exclude':[{'system':'urn:s','concept':[{'code':'b'}]}]}}");
    node_put(&node, SET "'id':'whole','url':'http://x.example/whole','compose':{"
                        "'include':[{'system':'urn:t'}]}}");
    node_put(&node,
        SET "'id':'expanded','url':'http://x.example/expanded','compose':{'include':[{"
            "'system':'urn:s','filter':[{'property':'p','op':'=','value':'v'}]}]},"
            "'expansion':{'timestamp':'2024','total':3,'contains':[{'system':'urn:s',"
            "'code':'x','abstract':true,'contains':[{'system':'urn:s','code':'b'},{"
            "'system':'urn:t','code':'d'}]}]}}");
    node_put(&node, SET "'id':'gender','url':'http://x.example/gender','compose':{"
                        "'include':[{'system':'http://hl7.org/fhir/"
                        "administrative-gender','concept':[{'code':'male'}]}]}}");
    node_put(&node, SET "'id':'v1','url':'http://x.example/v','version':'1','compose':{"
                        "'include':[{'system':'urn:s','concept':[{'code':'a'}]}]}}");
    node_put(&node, SET "'id':'v2','url':'http://x.example/v','version':'2','compose':{"
                        "'include':[{'system':'urn:s','concept':[{'code':'b'}]}]}}");
}

static void found(void **state)
{
    (void)state;
    assert_search(&node, "Condition?code:in=http://x.example/listed", "c1 c3");
    assert_search(&node, "Condition?code:not-in=http://x.example/listed", "c2 c4");
    assert_search(&node, "Condition?code:in=ValueSet/listed", "c1 c3");
    assert_search(
        &node, "Condition?code:in=http://here.example/fhir/ValueSet/listed", "c1 c3");
    assert_search(&node, "Condition?code:in=http://x.example/whole", "c3 c4");
    assert_search(&node, "Condition?code:in=http://x.example/expanded", "c2 c4");
    assert_search(&node, "Condition?code:in=http://x.example/v|2", "c2");
    assert_search(&node, "Patient?gender:in=http://x.example/gender", "p");
    assert_search(
        &node, "Condition?patient.gender:in=http://x.example/gender&code=b", "c2");
    assert_search(&node,
        "Condition?subject:Patient.gender:in=ValueSet/gender&code:in=ValueSet/v1",
        "c1");
    assert_search(&node,
        "Condition?_filter=code in http://x.example/whole and not(code in "
        "http://x.example/listed)",
        "c4");
    assert_search(&node, "Condition?_filter=code ni http://x.example/whole", "c1 c2");
}

/* The set as it is now, in each search. */
static void changes(void **state)
{
    (void)state;
    node_put(&node, SET "'id':'v1','url':'http://x.example/v','version':'1','compose':{"
                        "'include':[{'system':'urn:t','concept':[{'code':'d'}]}]}}");
    assert_search(&node, "Condition?code:in=http://x.example/v|1", "c4");
}

static void assert_refused(const char *query, int code, const char *text)
{
    struct search_query *q = NULL;
    struct search_page page;
    struct err err = {0};
    int r;

    arena_reset(node.arena);
    r = node_parse(&node, query, (struct str){NULL, 0}, NULL, &q, &err);
    if (r == 0)
        r = search_run(node_reader(&node), node.arena, q, &page, &err);
    if (r != code || strncmp(err.path, "code:in", 7) != 0 || !strstr(err.text, text))
        fail_msg("%s: %d at %s: %s", query, r, err.path, err.text);
}

static void refused(void **state)
{
    (void)state;
    assert_refused("Condition?code:in=http://nowhere.example", E_UNSUPPORTED,
        "neither bundled nor a ValueSet here");
    assert_refused("Condition?code:in=ValueSet/nowhere", E_UNSUPPORTED, "neither");
    assert_refused("Condition?code:in=http://x.example/v", E_INVALID, "add |version");
    assert_refused("Condition?code:in=http://x.example/v|3", E_UNSUPPORTED, "neither");
    node_put(&node,
        SET "'id':'odd','url':'http://x.example/odd','compose':{'include':[{"
            "'system':'urn:s','filter':[{'property':'p','op':'=','value':"
            "'v'}]}]}}");
    assert_refused("Condition?code:in=ValueSet/odd", E_UNSUPPORTED, "by filters");
    node_put(&node,
        SET "'id':'odd','url':'http://x.example/odd','compose':{'include':[{"
            "'valueSet':['http://x.example/v']}]}}");
    assert_refused("Condition?code:in=ValueSet/odd", E_UNSUPPORTED, "other value sets");
    node_put(&node,
        SET "'id':'odd','compose':{'include':[{'system':'urn:s'}],'exclude':"
            "[{'system':'urn:s','concept':[{'code':'a'}]}]}}");
    assert_refused(
        "Condition?code:in=ValueSet/odd", E_UNSUPPORTED, "of a whole system");
    node_put(&node,
        SET "'id':'odd','expansion':{'timestamp':'2024','total':7,'contains':"
            "[{'system':'urn:s','code':'a'}]}}");
    assert_refused(
        "Condition?code:in=ValueSet/odd", E_UNSUPPORTED, "a part of its exp");
    node_put(&node, SET "'id':'odd'}");
    assert_refused("Condition?code:in=ValueSet/odd", E_UNSUPPORTED, "lists no codes");
    node_delete(&node, "ValueSet", "odd");
    assert_refused("Condition?code:in=ValueSet/odd", E_UNSUPPORTED, "neither");
}

/* As many codes as may be, and one more. */
static void limit(void **state)
{
    struct buf b;
    int i;

    (void)state;
    buf_init(&b, 4u << 20);
    buf_adds(
        &b, SET "'id':'large','compose':{'include':[{'system':'urn:s','concept':[");
    for (i = 1; i < LIMIT_VALUE_SET_CODES; i++)
        buf_addf(&b, "{'code':'k%d'},", i);
    buf_adds(&b, "{'code':'a'}");
    node_put(&node, arena_printf(node.arena, "%s]}]}}", buf_cstr(&b)));
    assert_search(&node, "Condition?code:in=ValueSet/large", "c1");
    arena_reset(node.arena);
    node_put(&node, arena_printf(node.arena, "%s,{'code':'b'}]}]}}", buf_cstr(&b)));
    assert_refused("Condition?code:in=ValueSet/large", E_TOO_LARGE, "more than");
    buf_done(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(found),
        cmocka_unit_test(changes), cmocka_unit_test(refused), cmocka_unit_test(limit)};

    return cmocka_run_group_tests_name(
        "stored value sets", tests, open_memory, close_node);
}
