/* SPDX-License-Identifier: Apache-2.0 */
/* _filter: what each operator finds, how conditions combine, what is refused and where. */
#include "base/limits.h"

#include "filled_node.h"
#include "unit.h"
#include "view/search_internal.h"

static void add_records(void)
{
    node_put(
        &node, "{'resourceType':'Organization','id':'o1','name':'Lhasa Hospital'}");
    node_put(&node, "{'resourceType':'Organization','id':'o2','name':'Nagqu','partOf':{"
                    "'reference':'Organization/o1'}}");
    node_put(&node,
        "{'resourceType':'Patient','id':'p1','active':true,'gender':'male','birthDate':"
        "'1980-05-05','name':[{'family':'Tsering','given':['Karma','K\xc3\xa4the']},{"
        "'family':'Ma'}],'managingOrganization':{'reference':'Organization/o1'}}");
    node_put(&node,
        "{'resourceType':'Patient','id':'p2','gender':'female','birthDate':'1990',"
        "'name':[{'family':'Tse (ring)','given':['A \\\"b\\\", c|d$e\\\\f']}],"
        "'managingOrganization':{'reference':'Organization/o2'}}");
    node_put(&node, "{'resourceType':'Patient','id':'p3','birthDate':'2000-01-31'}");
    node_put(&node, "{'resourceType':'Patient','id':'gone','gender':'male'}");
    node_delete(&node, "Patient", "gone");
    node_put(&node,
        "{'resourceType':'Observation','id':'b1','status':'final','code':{'coding':[{"
        "'system':'http://loinc.org','code':'8867-4'},{'code':'hr'}]},'subject':{"
        "'reference':'Patient/p1'},'effectivePeriod':{'start':'2024-01-10','end':"
        "'2024-01-20'},'valueQuantity':{'value':60,'system':'urn:u','code':'bpm'}}");
    node_put(&node,
        "{'resourceType':'Observation','id':'b2','status':'amended','code':{'coding':[{"
        "'code':'hr'}]},'subject':{'reference':'Patient/p2'},'effectiveDateTime':"
        "'2024-01-15','valueQuantity':{'value':90,'system':'urn:u','code':'bpm'},"
        "'text':{'div':'<div>quiet night</div>'}}");
    node_put(&node, "{'resourceType':'Observation','id':'b3','status':'final','code':{"
                    "'text':'words'},'effectiveDateTime':'2025'}");
    node_put(&node, "{'resourceType':'List','id':'l1','status':'current','mode':"
                    "'working','entry':[{'item':{'reference':'Patient/p2'}}]}");
}

static void texts(void **state)
{
    (void)state;
    assert_search(&node, "Patient?_filter=family sw \"tse\"", "p1 p2");
    assert_search(&node, "Patient?_filter=family eq tsering", "p1");
    assert_search(&node, "Patient?_filter=family eq tse", "");
    assert_search(&node, "Patient?_filter=family ew ring", "p1");
    assert_search(&node, "Patient?_filter=family ew \"ring)\"", "p2");
    assert_search(&node, "Patient?_filter=family co ring", "p1 p2");
    assert_search(&node, "Patient?_filter=family ne tsering", "p1 p2"); /* Ma, too */
    assert_search(&node, "Patient?_filter=family ne \"tse (ring)\"", "p1");
    assert_search(&node, "Patient?_filter=given eq \"K\\u00e4the\"", "p1");
    assert_search(&node, "Patient?_filter=given eq kathe", "p1");
    assert_search(&node, "Patient?_filter=given eq \"a \\\"B\\\", c|d$e\\\\f\"", "p2");
    assert_search(&node, "Patient?_filter=given co \", c|\"", "p2");
    assert_search(&node, "Patient?_filter=given pr true", "p1 p2");
    assert_search(&node, "Patient?_filter=given pr false", "p3");
    assert_search(&node, "Observation?_filter=_text co \"night quiet\"", "b2");
}

static void codes(void **state)
{
    (void)state;
    assert_search(&node, "Observation?_filter=code eq http://loinc.org|8867-4", "b1");
    assert_search(&node, "Observation?_filter=code eq hr", "b1 b2");
    assert_search(&node, "Observation?_filter=code ne hr", "b1 b3"); /* another */
    assert_search(&node, "Observation?_filter=not(code eq hr)", "b3");
    assert_search(&node, "Observation?_filter=status ne final", "b2");
    assert_search(&node,
        "Observation?_filter=status in "
        "\"http://hl7.org/fhir/ValueSet/observation-status\"",
        "b1 b2 b3");
    assert_search(&node,
        "Observation?_filter=status ni http://hl7.org/fhir/ValueSet/observation-status",
        "");
    assert_search(&node, "Patient?_filter=gender ne male", "p2");
    assert_search(&node, "Patient?_filter=_id eq p2 or _id eq p3", "p2 p3");
    assert_search(&node, "Patient?_filter=_id ne p2", "p1 p3");
    assert_search(&node, "Patient?_filter=_list eq l1", "p2");
}

static void ranges(void **state)
{
    (void)state;
    assert_search(&node, "Patient?_filter=birthdate ge 1990-01-01", "p2 p3");
    assert_search(&node, "Patient?_filter=birthdate eq 1990", "p2");
    assert_search(&node, "Patient?_filter=birthdate ne 1990", "p1 p3");
    assert_search(&node, "Observation?_filter=date po 2024-01-18", "b1");
    assert_search(&node, "Observation?_filter=date po 2024-01-15", "b1 b2");
    assert_search(&node, "Observation?_filter=date po 2024-01-21", "");
    assert_search(&node, "Observation?_filter=date sa 2024-01-14", "b2 b3");
    assert_search(&node, "Observation?_filter=date eb 2024-01-16", "b2");
    assert_search(&node, "Observation?_filter=value-quantity gt 60", "b2");
    assert_search(&node, "Observation?_filter=value-quantity ge 60|urn:u|bpm", "b1 b2");
    assert_search(&node, "Observation?_filter=value-quantity le 60|urn:u|kg", "");
    assert_search(&node, "Observation?_filter=value-quantity ap 65", "b1");
    assert_search(&node, "Observation?_filter=code-value-quantity eq hr$gt80", "b2");
    assert_search(&node, "Patient?_filter=_lastUpdated gt 2000", "p1 p2 p3");
}

static void references(void **state)
{
    (void)state;
    assert_search(&node, "Observation?_filter=subject re Patient/p1", "b1");
    assert_search(&node, "Observation?_filter=subject eq p2", "b2");
    assert_search(&node, "Observation?_filter=subject:Patient re p2", "b2");
    assert_search(&node, "Observation?_filter=subject ne Patient/p1", "b2");
    assert_search(&node, "Observation?_filter=subject pr false", "b3");
    assert_search(&node, "Observation?_filter=subject.name co ring", "b1 b2");
    assert_search(&node, "Observation?_filter=subject:Patient.name eq ma", "b1");
    assert_search(&node, "Patient?_filter=organization.partof.name sw lhasa", "p2");
    assert_search(
        &node, "Patient?_filter=organization[name sw nag].partof pr true", "p2");
    assert_search(&node, "Patient?_filter=organization[name sw nag] pr true", "p2");
    assert_search(&node, "Patient?_filter=organization[name sw nag] pr false", "p1 p3");
    assert_search(&node,
        "Observation?_filter=patient[gender eq male or birthdate lt 1991]"
        ".organization[not(partof pr true)].name co hosp",
        "b1");
    assert_search(&node, "Organization?_filter=partof ss Organization/o1", "o2");
}

static void lists(void **state)
{
    (void)state;
    assert_search(&node, "Patient?_filter=gender eq male or gender eq female", "p1 p2");
    assert_search(
        &node, "Patient?_filter=gender pr false or birthdate lt 1985", "p1 p3");
    assert_search(&node, "Patient?_filter=not (gender eq male)", "p2 p3");
    assert_search(
        &node, "Patient?_filter=not(gender eq male and birthdate lt 1985)", "p2 p3");
    assert_search(
        &node, "Patient?_filter=not(gender eq male or birthdate lt 1995)", "p3");
    assert_search(&node, "Patient?_filter=not(not(not(gender eq male)))", "p2 p3");
    /* from left to right, whatever they are */
    assert_search(
        &node, "Patient?_filter=_id eq p1 or _id eq p2 and gender eq female", "p2");
    assert_search(&node,
        "Patient?_filter=_id eq p1 or (_id eq p2 and gender eq female)", "p1 p2");
    assert_search(&node,
        "Patient?_filter=(birthdate lt 1985 or birthdate gt 1995) and "
        "(gender pr true or _id eq p3)&_sort=-birthdate",
        "p3 p1");
    assert_search(&node,
        "Patient?_filter=family sw tse&_filter=gender eq male&birthdate=lt1985", "p1");
    assert_search(&node,
        "Patient?_filter=gender eq male or gender eq female&_include=Patient:"
        "organization&_total=accurate",
        "p1 p2 + Organization/o1 Organization/o2");
    assert_search(&node,
        "?_type=Patient,Organization&_filter=name co ring or name sw l",
        "Organization/o1 Patient/p1 Patient/p2");
    assert_search(&node, "Patient?_filter=\t( gender  eq\tmale )", "p1");
    assert_string_equal(
        node_pages(&node, "Patient/p1/Observation?_filter=code eq hr", 0, false), "b1");
}

/* ---- plans ---- */

static void assert_explained(const char *query, const char *part)
{
    struct search_page page;

    arena_reset(node.arena);
    node_page(&node, query, (struct str){NULL, 0}, &page);
    if (!strstr(page.explain.p, part))
        fail_msg("%s: no %s in %s", query, part, page.explain.p);
}

static void plans(void **state)
{
    (void)state;
    assert_explained("Patient?_filter=gender eq male or gender eq female&_explain=true",
        "\"parameter\":\"_filter: several values\",\"role\":\"driver\",\"by\":\"index");
    assert_explained(
        "Patient?_filter=gender eq male and birthdate lt 1985&_explain=true",
        "\"parameter\":\"_filter: gender eq male\",\"role\":\"driver\"");
    assert_explained("Patient?_filter=gender eq male or _id eq p3&_explain=true",
        "\"by\":\"merge of its alternatives\"");
    assert_explained(
        "Patient?_filter=gender eq male or birthdate lt 1990&_explain=true",
        "\"parameter\":\"_filter: birthdate lt 1990\"");
}

/* ---- refusals ---- */

static void assert_refused(const char *filter, int code, const char *text)
{
    struct search_query *q = NULL;
    struct err err = {0};
    int r;

    arena_reset(node.arena);
    r = node_parse(&node, arena_printf(node.arena, "Patient?_filter=%s", filter),
        (struct str){NULL, 0}, NULL, &q, &err);
    if (r != code || strcmp(err.path, "_filter") != 0 || !strstr(err.text, text))
        fail_msg("%s: %d at %s: %s", filter, r, err.path, err.text);
}

static void refusals(void **state)
{
    (void)state;
    assert_refused("x", E_INVALID, "character 2 of the filter: Here one of eq ne");
    assert_refused("gender", E_INVALID, "character 7 of");
    assert_refused("gender is male", E_INVALID, "character 8 of");
    assert_refused("gender eq ", E_INVALID, "character 11 of the filter: Here a value");
    assert_refused("gender eq male birthdate", E_INVALID, "character 16 of");
    assert_refused("gender eq male and", E_INVALID, "character 19 of");
    assert_refused("(gender eq male", E_INVALID, "\")\" is missing, for the \"(\" at");
    assert_refused("gender eq male)", E_INVALID, "character 15 of");
    assert_refused("not gender eq male", E_INVALID, "character 5 of");
    assert_refused(
        "name eq \"a", E_INVALID, "character 9 of the filter: This text has");
    assert_refused("name eq \"\\x\"", E_INVALID, "character 9 of");
    assert_refused("name eq \"a\"b", E_INVALID, "character 12 of");
    assert_refused("name eq \xe7\xb4\xa2 or nonsense eq 1", E_INVALID,
        "character 14 of the filter: Patient has no search parameter \"nonsense\"");
    assert_refused(
        "name gt a", E_INVALID, "character 1 of the filter: \"gt\" does not fit");
    assert_refused("gender co a", E_INVALID, "use eq, ne, in, ni, ss, sb or pr");
    assert_refused("birthdate co 19", E_INVALID, "use eq, ne, gt");
    assert_refused("birthdate ge x", E_INVALID, "is not a date");
    assert_refused("birthdate eq ge1980", E_INVALID, "is not a date");
    assert_refused("name pr maybe", E_INVALID, "true or false");
    assert_refused("gender re Patient/1", E_INVALID, "does not fit gender");
    assert_refused("name.family eq x", E_INVALID, "is not a reference");
    assert_refused("name[family eq x].given eq y", E_INVALID, "is not a reference");
    assert_refused("gender eq male or organization[nonsense eq x].name eq y", E_INVALID,
        "character 32 of the filter: Organization has no search parameter");
    assert_refused(
        "organization[name eq x] re Organization/1", E_INVALID, "Behind \"]\"");
    assert_refused("organization[name eq x", E_INVALID, "\"]\" is missing");
    assert_refused("gender:not eq male", E_INVALID, "only a type may stand behind");
    assert_refused(
        "_has:Observation:patient:code eq x", E_INVALID, "_has cannot stand");
    assert_refused("_filter eq x", E_UNSUPPORTED, "_filter");
    assert_refused("_text eq x", E_INVALID, "use co");
}

static void repeat(struct buf *b, const char *text, int count)
{
    while (count-- > 0)
        buf_adds(b, text);
}

static void limits(void **state)
{
    struct search_query *q = NULL;
    struct err err = {0};
    struct buf b;

    (void)state;
    buf_init(&b, 1u << 20);
    repeat(&b, "gender eq male or ", LIMIT_FILTER_TESTS - 1);
    buf_adds(&b, "gender eq male");
    arena_reset(node.arena);
    assert_int_equal(
        node_parse(&node, arena_printf(node.arena, "Patient?_filter=%s", buf_cstr(&b)),
            (struct str){NULL, 0}, NULL, &q, &err),
        0);
    buf_adds(&b, " or gender eq male");
    assert_refused(buf_cstr(&b), E_TOO_LARGE, "conditions");
    buf_clear(&b);
    buf_adds(&b, "Patient?_filter=");
    repeat(&b, "(", LIMIT_FILTER_DEPTH);
    buf_adds(&b, "gender eq male");
    repeat(&b, ")", LIMIT_FILTER_DEPTH);
    assert_search(&node, buf_cstr(&b), "p1");
    buf_clear(&b);
    repeat(&b, "(", LIMIT_FILTER_DEPTH + 1);
    assert_refused(buf_cstr(&b), E_TOO_LARGE, "nested");
    buf_clear(&b);
    buf_adds(&b, "gender eq male");
    repeat(&b, " or gender eq a and _id eq p1", LIMIT_FILTER_DEPTH);
    assert_refused(buf_cstr(&b), E_TOO_LARGE, "nested");
    buf_clear(&b);
    repeat(&b, "link[", LIMIT_CHAIN_DEPTH);
    buf_adds(&b, "link.gender eq male");
    repeat(&b, "] pr true", LIMIT_CHAIN_DEPTH);
    assert_refused(buf_cstr(&b), E_TOO_LARGE, "chain");
    buf_clear(&b);
    buf_adds(&b, "name eq ");
    repeat(&b, "x", LIMIT_FILTER_BYTES);
    assert_refused(buf_cstr(&b), E_TOO_LARGE, "bytes");
    buf_clear(&b);
    repeat(&b, "_id eq a and ", 100);
    buf_adds(&b, "_id eq a");
    arena_reset(node.arena);
    assert_int_equal(
        node_parse(&node, arena_printf(node.arena, "?_filter=%s", buf_cstr(&b)),
            (struct str){NULL, 0}, NULL, &q, &err),
        E_TOO_LARGE);
    buf_done(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(texts), cmocka_unit_test(codes),
        cmocka_unit_test(ranges), cmocka_unit_test(references), cmocka_unit_test(lists),
        cmocka_unit_test(plans), cmocka_unit_test(refusals), cmocka_unit_test(limits)};

    return cmocka_run_group_tests_name("filters", tests, open_memory, close_node);
}
