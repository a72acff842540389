/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Pages that stay what they are while records are added: whatever is sorted by, in either
 * direction, each record that was there all along comes once. Exclusions alone, with pages
 * and totals; how many fit on a page.
 */
#include <stdlib.h>

#include "base/limits.h"

#include "search_node.h"
#include "unit.h"

#define RECORDS 60

static struct search_node node;

/* Records whose sort values are few, so that many are equal and some have none. */
static void put_record(int i)
{
    static const char *const codes[] = {"b", "A", "c", "a"};
    struct buf b;

    buf_init(&b, 4096);
    buf_addf(&b, "{'resourceType':'Observation','id':'o%d','status':'final'", i);
    buf_addf(&b, ",'code':{'coding':[{'system':'urn:s','code':'%s'}]}", codes[i % 4]);
    if (i % 5)
        buf_addf(&b, ",'subject':{'reference':'%sPatient/p%d'}",
            i % 7 ? "" : "http://here.example/fhir/", i % 3);
    if (i % 6)
        buf_addf(&b, ",'effectiveDateTime':'2020-01-%02d'", 1 + i % 9);
    if (i % 4)
        buf_addf(&b, ",'instantiatesUri':'x','meta':{'profile':['urn:p%d']}", i % 2);
    buf_addc(&b, '}');
    node_put(&node, buf_cstr(&b));
    buf_done(&b);
}

static int open_node(void **state)
{
    int i;

    (void)state;
    node_open(&node, STORE_MEMORY);
    for (i = 0; i < RECORDS; i++)
        put_record(i);
    return 0;
}

static int close_node(void **state)
{
    (void)state;
    node_close(&node);
    return 0;
}

/* Note the hits that were there from the beginning, in ${seen} by number. */
static void note(const struct search_page *page, int *seen)
{
    struct str id;
    struct err err;
    int64_t number;
    size_t i;

    for (i = 0; i < page->matches; i++) {
        assert_int_equal(
            store_name(node_reader(&node), node.arena, page->hits[i].rid, &id, &err),
            0);
        assert_true(text_int((struct str){id.p + 1, id.len - 1}, 0, 1 << 20, &number));
        if (number < RECORDS)
            seen[number]++;
    }
}

/* All pages from one end to the other; a record more before each. ${cursor} is kept over
 * the searches in memory of our own. */
static void walk(const char *query, bool back, struct buf *cursor, int *seen, int *next)
{
    struct search_page page;
    struct str go;

    do {
        put_record((*next)++);
        arena_reset(node.arena);
        node_page(&node, query,
            cursor->len ? (struct str){cursor->data, cursor->len}
                        : (struct str){NULL, 0},
            &page);
        note(&page, seen);
        go = back ? page.previous : page.next;
        if (!go.p && !back)
            go = page.previous; /* where the way back begins */
        else if (!go.p)
            return;
        buf_clear(cursor);
        buf_add(cursor, go.p, go.len);
    } while (back || page.next.p);
}

static void stay(void **state)
{
    static const char *const sorts[] = {"code,-date", "-code,subject", "subject",
        "-subject,code,-_profile", "_profile,-code", "-_profile,subject,date",
        "date,code", "-date,-subject", "_id", "-_id", "_lastUpdated", "code,_profile"};
    int seen[RECORDS], next = RECORDS, back[RECORDS], i;
    char query[128];
    struct buf cursor;
    size_t s;

    (void)state;
    for (s = 0; s < sizeof(sorts) / sizeof(sorts[0]); s++) {
        memset(seen, 0, sizeof(seen));
        memset(back, 0, sizeof(back));
        snprintf(query, sizeof(query), "Observation?status=final&_count=9&_sort=%s",
            sorts[s]);
        buf_init(&cursor, 1u << 16);
        walk(query, false, &cursor, seen, &next);
        walk(query, true, &cursor, back, &next);
        buf_done(&cursor);
        for (i = 0; i < RECORDS; i++) {
            if (seen[i] != 1)
                fail_msg("%s: o%d came %d times", query, i, seen[i]);
            if (back[i] > 1)
                fail_msg("%s: o%d came %d times on the way back", query, i, back[i]);
        }
    }
}

/* ---- order ---- */

/* The sort value of record ${i} by ${key}, as put_record made it; "" is none. */
static const char *value_of(char key, int i, char out[32])
{
    static const char *const codes[] = {"b", "a", "c", "a"};

    out[0] = '\0';
    if (key == 'c')
        return codes[i % 4];
    if (key == 's' && i % 5)
        snprintf(out, 32, "Patient/p%d", i % 3);
    if (key == 'p' && i % 4)
        snprintf(out, 32, "urn:p%d", i % 2);
    return out;
}

/* ${keys}: the first letter of each key, a capital one for downwards. */
static bool in_order(const char *keys, int i, int j)
{
    char left[32], right[32];

    for (; *keys; keys++) {
        const char *a = value_of((char)(*keys | 32), i, left);
        const char *b = value_of((char)(*keys | 32), j, right);
        int order = strcmp(a, b);
        if (order == 0)
            continue;
        if (!*a || !*b)
            return *a != '\0';
        return *keys < 'a' ? order > 0 : order < 0;
    }
    return i < j;
}

static void order(void **state)
{
    static const struct {
        const char *sort, *keys;
    } cases[] = {{"code", "c"}, {"-code", "C"}, {"subject", "s"}, {"-subject", "S"},
        {"_profile", "p"}, {"-_profile", "P"}, {"code,subject,_profile", "csp"},
        {"-code,subject,-_profile", "CsP"}, {"_profile,-code,-subject", "pCS"},
        {"-subject,_profile,code", "Spc"}};
    char query[160];
    const char *ids;
    size_t c;

    (void)state;
    for (c = 0; c < sizeof(cases) / sizeof(cases[0]); c++) {
        int before = -1, count = 0;
        snprintf(query, sizeof(query), "Observation?_sort=%s", cases[c].sort);
        ids = node_search(&node, query);
        for (; *ids; ids += strcspn(ids, " ") + (strchr(ids, ' ') != NULL)) {
            int at = (int)strtol(ids + 1, NULL, 10);
            if (before >= 0 && !in_order(cases[c].keys, before, at))
                fail_msg("%s: o%d comes before o%d", query, before, at);
            before = at;
            count++;
        }
        assert_int_equal(count, RECORDS);
    }
}

/* What is not so: sets as large as the type, in bits. */
static void exclusions(void **state)
{
    static const char *const queries[] = {"Observation?subject:missing=true",
        "Observation?date:missing=true", "Observation?code:not=a",
        "Observation?code:not=urn:s|b,c&date:missing=false",
        "Observation?_profile:missing=true&_sort=-code", "Observation?_id:not=o1,o2",
        "Observation?subject:missing=true&_sort=date,-_id"};
    char query[160];
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(queries) / sizeof(queries[0]); i++) {
        snprintf(query, sizeof(query), "%s&_total=accurate", queries[i]);
        node_search(&node, query); /* all pages, the total, brute force */
    }
}

static const char *self_count(const char *query)
{
    struct search_query *q = NULL;
    struct err err;

    arena_reset(node.arena);
    assert_int_equal(
        node_parse(&node, query, (struct str){NULL, 0}, NULL, &q, &err), 0);
    assert_int_equal(q->used_count, 1);
    return arena_strndup(node.arena, q->used[0].value.p, q->used[0].value.len);
}

static void sizes(void **state)
{
    struct search_page page;

    (void)state;
    assert_string_equal(self_count("Observation?_count=1001"), "1000");
    assert_string_equal(self_count("Observation?_count=99999999999"), "1000");
    assert_string_equal(self_count("Observation?_count=1000"), "1000");
    assert_string_equal(self_count("Observation?_count=7"), "7");
    assert_int_equal(LIMIT_PAGE, 1000);
    node_page(&node, "Observation?code=a&_count=0", (struct str){NULL, 0}, &page);
    assert_int_equal(page.count, 0);
    assert_true(page.total > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(order),
        cmocka_unit_test(exclusions), cmocka_unit_test(sizes), cmocka_unit_test(stay)};

    return cmocka_run_group_tests_name("pages", tests, open_node, close_node);
}
