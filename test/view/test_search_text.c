/* SPDX-License-Identifier: Apache-2.0 */
/* _text and _content: words and phrases, what separates them, scripts, narratives. */
#include "base/limits.h"

#include "filled_node.h"
#include "unit.h"
#include "view/search_internal.h"

static void put_patient(const char *id, const char *div, const char *family)
{
    struct buf b;

    buf_init(&b, 1u << 20);
    buf_addf(&b, "{'resourceType':'Patient','id':'%s'", id);
    if (div)
        buf_addf(&b, ",'text':{'status':'generated','div':'<div>%s</div>'}", div);
    if (family)
        buf_addf(&b, ",'name':[{'family':'%s'}]", family);
    buf_addc(&b, '}');
    node_put(&node, buf_cstr(&b));
    buf_done(&b);
}

static void add_records(void)
{
    put_patient("a", "Heart failure, <b>dia</b>betes<br/>and knee pain", "Smith");
    put_patient("b", "<p>Failure of the kidney</p><p>heart</p>", "Müller");
    put_patient("c", "r&#233;nal &amp; h&#xE9;patique &lt;5", "Ödegård");
    put_patient("d", "病人王小明 ལྷ་ས་གྲོང་ཁྱེར", "Tashi");
    put_patient("e", NULL, "Heart");
    node_put(&node,
        "{'resourceType':'Observation','id':'o','status':'final','code':{'text':"
        "'Body weight'},'subject':{'reference':'Patient/a'},'valueQuantity':{'value':"
        "72.5,'unit':'kilogram'},'note':[{'text':'after a long walk, in boots'}]}");
    node_put(&node, "{'resourceType':'DocumentReference','id':'doc','status':'current',"
                    "'content':[{'attachment':{'title':'Letter','data':'aGVhcnQ='}}]}");
    node_put(&node, "{'resourceType':'List','id':'l','status':'current','mode':"
                    "'working','entry':[{'item':{'reference':'Patient/a'}},{'item':"
                    "{'reference':'Patient/d'}}]}");
}

static void narratives(void **state)
{
    (void)state;
    assert_search(&node, "Patient?_text=heart", "a b");
    assert_search(&node, "Patient?_text=HEART%20failure", "a b");
    assert_search(&node, "Patient?_text=\"heart failure\"", "a");
    assert_search(&node, "Patient?_text=\"failure heart\"", "");
    assert_search(&node, "Patient?_text=knee,kidney", "a b");
    assert_search(&node, "Patient?_text=heart&_text=knee", "a");
    assert_search(&node, "Patient?_text=heart%20\"of%20the\"", "b");
    assert_search(&node, "Patient?_text=\"failure%2C%20diabetes\",nothing", "a");
    assert_search(&node, "Patient?_text=failure\\%2C", "a");
    /* the beginning of a word, not its middle or its tags */
    assert_search(&node, "Patient?_text=kid", "b");
    assert_search(&node, "Patient?_text=idney", "");
    assert_search(&node, "Patient?_text=div", "");
    assert_search(&node, "Patient?_text=diabetes", "a");
    assert_search(&node, "Patient?_text=smith", "");
}

static void scripts(void **state)
{
    (void)state;
    assert_search(&node, "Patient?_text=renal", "c");
    assert_search(&node, "Patient?_text=H\xc3\x89PATIQUE", "c");
    assert_search(&node, "Patient?_text=%26%20%3C5", "c");
    assert_search(&node, "Patient?_text=王小明", "d");
    assert_search(&node, "Patient?_text=གྲོང་", "d");
    assert_search(&node, "Patient?_content=odegard", "c");
}

static void whole_records(void **state)
{
    (void)state;
    assert_search(&node, "Patient?_content=heart", "a b e");
    assert_search(&node, "Patient?_content=heart%20smith", "a");
    assert_search(&node, "Observation?_content=walk%20weight%2072.5", "o");
    assert_search(&node, "Observation?_content=\"long walk\"%20kilo", "o");
    assert_search(&node, "Observation?_content=valueQuantity", "");
    assert_search(&node, "DocumentReference?_content=letter", "doc");
    assert_search(&node, "DocumentReference?_content=aGVhcnQ", "");
    assert_search(&node, "?_type=Patient,Observation&_content=smith,boots",
        "Observation/o Patient/a");
}

static void with_others(void **state)
{
    struct search_page page;

    (void)state;
    assert_search(&node, "Patient?_text=heart&family=smith", "a");
    assert_search(&node, "Patient?_text=heart&_sort=-family", "a b");
    assert_search(&node, "Observation?patient._text=diabetes", "o");
    assert_search(&node, "Patient?_has:Observation:patient:_content=boots", "a");
    node_page(
        &node, "Patient?_text=heart&_summary=count", (struct str){NULL, 0}, &page);
    assert_int_equal(page.total, 2);
    node_page(&node, "Patient?_text=heart&_explain=true", (struct str){NULL, 0}, &page);
    assert_non_null(
        memmem(page.explain.p, page.explain.len, "text of each candidate", 22));
}

static void refused(void **state)
{
    struct buf b;
    char path[256];
    int i;

    (void)state;
    assert_int_equal(node_refused(&node, "Patient?_text=\"a", path), E_INVALID);
    assert_string_equal(path, "_text");
    assert_int_equal(node_refused(&node, "Patient?_text=a,", path), E_INVALID);
    assert_int_equal(node_refused(&node, "Patient?_text=\"\"", path), E_INVALID);
    assert_int_equal(node_refused(&node, "Patient?_text:exact=a", path), E_INVALID);
    assert_int_equal(node_refused(&node, "Patient?_content=a\\", path), 0);
    buf_init(&b, 4096);
    buf_adds(&b, "Patient?_content=a");
    for (i = 1; i < LIMIT_TEXT_WORDS; i++)
        buf_adds(&b, i % 2 ? "%20a" : ",a");
    assert_int_equal(node_refused(&node, buf_cstr(&b), path), 0);
    assert_string_equal(node_search(&node, buf_cstr(&b)), "a");
    buf_adds(&b, "%20a");
    assert_int_equal(node_refused(&node, buf_cstr(&b), path), E_TOO_LARGE);
    buf_done(&b);
}

static void lists(void **state)
{
    char path[256];

    (void)state;
    assert_search(&node, "Patient?_list=l", "a d");
    assert_search(&node, "Patient?_list=l&_text=heart", "a");
    assert_search(&node, "Observation?_list=l", "");
    assert_search(&node, "Patient?_list=none", "");
    assert_int_equal(
        node_refused(&node, "Patient?_list=$current-problems", path), E_UNSUPPORTED);
}

/* A search that reads records one by one comes to an end. */
static void patience(void **state)
{
    uint64_t usual = search_patience_ns;
    struct search_query *q = NULL;
    struct search_page page;
    struct err err = {0};
    char id[16];
    int i;

    (void)state;
    for (i = 0; i < 600; i++) {
        snprintf(id, sizeof(id), "many%d", i);
        put_patient(id, "nothing", NULL);
    }
    arena_reset(node.arena);
    assert_int_equal(node_parse(&node, "Patient?_text=nobody", (struct str){NULL, 0},
                         NULL, &q, &err),
        0);
    search_patience_ns = 0;
    assert_int_equal(
        search_run(node_reader(&node), node.arena, q, &page, &err), E_TOO_LARGE);
    search_patience_ns = usual;
    assert_int_equal(search_run(node_reader(&node), node.arena, q, &page, &err), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(narratives),
        cmocka_unit_test(scripts), cmocka_unit_test(whole_records),
        cmocka_unit_test(with_others), cmocka_unit_test(refused),
        cmocka_unit_test(lists), cmocka_unit_test(patience)};

    return cmocka_run_group_tests_name("words", tests, open_memory, close_node);
}
