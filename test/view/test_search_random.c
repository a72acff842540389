/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Random records, random queries: what the index finds is what brute force finds, pages
 * of any size in either direction give each record once and in the same order, and it
 * makes no difference which of its ways the search takes. Records change and go in
 * between. BELAY_SEED repeats a run.
 */
#include "each_store.h"
#include "random_filter.h"
#include "random_words.h"
#include "unit.h"
#include "view/search_internal.h"

#define ROUNDS 6
#define CHANGES 40
#define QUERIES 60
#define FILTERS 40

static struct search_tuning usual;

/* ---- records ---- */

static void put_coding(struct buf *b, const char *name)
{
    buf_addf(b, ",'%s':{'coding':[{", name);
    if (maybe())
        buf_addf(b, "'system':'%s',", one_of(systems));
    buf_addf(b, "'code':'%s','display':'%s'}", one_of(codes), one_of(words));
    if (maybe())
        buf_addf(b, ",{'system':'%s','code':'%s'}", one_of(systems), one_of(codes));
    buf_adds(b, "]}");
}

static void put_when(struct buf *b, const char *point, const char *period)
{
    if (pick(4) == 0)
        return;
    if (maybe()) {
        buf_addf(b, ",'%s':'%s'", point, one_of(dates));
    } else if (maybe()) {
        buf_addf(b, ",'%s':{'start':'%s'}", period, one_of(dates));
    } else if (maybe()) {
        buf_addf(b, ",'%s':{'end':'%s'}", period, one_of(dates));
    } else {
        buf_addf(
            b, ",'%s':{'start':'%s','end':'%s'}", period, one_of(dates), one_of(dates));
    }
}

static void put_quantity(struct buf *b, const char *name)
{
    static const char *const comparators[] = {"<", ">", "<=", ">="};

    buf_addf(b, ",'%s':{'value':%s", name, one_of(numbers));
    if (maybe())
        buf_addf(b, ",'system':'urn:u','code':'%s'", one_of(units));
    if (maybe())
        buf_addf(b, ",'unit':'%s'", one_of(units));
    if (pick(5) == 0)
        buf_addf(b, ",'comparator':'%s'", one_of(comparators));
    buf_addc(b, '}');
}

static void put_reference(struct buf *b, const char *name, const char *type)
{
    switch (pick(8)) {
    case 0:
        return;
    case 1:
        buf_addf(b, ",'%s':{'identifier':{'system':'%s','value':'%s'}}", name,
            one_of(systems), one_of(codes));
        return;
    case 2:
        buf_addf(b, ",'%s':{'reference':'http://else.example/%s/%lld'}", name, type,
            (long long)pick(3));
        return;
    case 3:
        buf_addf(b, ",'%s':{'reference':'%s/%s/%lld%s'}", name, one_of(homes), type,
            (long long)pick(IDS), pick(4) ? "" : "/_history/1");
        return;
    default:
        buf_addf(b, ",'%s':{'reference':'%s/%lld'}", name, type, (long long)pick(IDS));
    }
}

static void patient(struct buf *b)
{
    int64_t names = pick(3), i;

    if (maybe())
        buf_addf(b, ",'gender':'%s'", maybe() ? "male" : "female");
    if (maybe())
        buf_addf(b, ",'birthDate':'%s'", dates[pick(5)]);
    for (i = 0; i < names; i++)
        buf_addf(b, "%s{'family':'%s','given':['%s']}", i ? "," : ",'name':[",
            one_of(words), one_of(words));
    buf_adds(b, names ? "]" : "");
    if (maybe())
        buf_addf(b,
            ",'identifier':[{'system':'%s','value':'%s','type':{'coding':[{"
            "'system':'urn:ty','code':'MR'}],'text':'%s'}}]",
            one_of(systems), one_of(codes), one_of(words));
    put_reference(b, "managingOrganization", "Organization");
}

static void observation(struct buf *b)
{
    buf_addf(b, ",'status':'%s'", maybe() ? "final" : "amended");
    put_coding(b, "code");
    put_reference(b, "subject", maybe() ? "Patient" : "Location");
    put_when(b, "effectiveDateTime", "effectivePeriod");
    if (maybe())
        put_quantity(b, "valueQuantity");
    else if (maybe())
        buf_addf(b, ",'valueString':'%s'", one_of(words));
    if (maybe()) {
        buf_adds(b, ",'component':[{'id':'x'");
        put_coding(b, "code");
        put_quantity(b, "valueQuantity");
        buf_adds(b, "}]");
    }
}

static void risk(struct buf *b)
{
    buf_adds(b, ",'status':'final'");
    put_reference(b, "subject", "Patient");
    if (maybe())
        buf_addf(b, ",'prediction':[{'probabilityDecimal':%s}]", one_of(numbers));
    else
        buf_addf(b,
            ",'prediction':[{'probabilityRange':{'low':{'value':%s},'high':{"
            "'value':%s}}}]",
            one_of(numbers), one_of(numbers));
}

static void location(struct buf *b)
{
    buf_addf(b, ",'name':'%s'", one_of(words));
    if (maybe())
        buf_addf(b, ",'position':{'latitude':%lld.%lld,'longitude':%lld.5}",
            (long long)unit_between(-89, 89), (long long)pick(10),
            (long long)unit_between(-179, 179));
    put_reference(b, "partOf", "Location");
}

static const char *const types[] = {"Patient", "Observation", "Organization",
    "RiskAssessment", "Location", "ValueSet", "Questionnaire", "QuestionnaireResponse"};

static void change_one(void)
{
    const char *type = one_of(types);
    char id[24];
    struct buf b;
    struct arena *a = arena_new();

    snprintf(id, sizeof(id), "%lld", (long long)pick(IDS));
    if (pick(5) == 0) {
        node_delete(&node, type, id);
        arena_free(a);
        return;
    }
    buf_init(&b, 1u << 20);
    buf_addf(&b, "{'resourceType':'%s','id':'%s'", type, id);
    if (pick(3) == 0)
        buf_addf(&b, ",'meta':{'tag':[{'system':'%s','code':'%s'}],'profile':['%s']}",
            one_of(systems), one_of(codes), one_of(uris));
    if (pick(4) == 0)
        buf_addf(&b, ",'text':{'div':'<div><p>%s</p><b>%s</b></div>'}", one_of(words),
            one_of(words));
    if (type == types[0])
        patient(&b);
    else if (type == types[1])
        observation(&b);
    else if (type == types[2]) {
        buf_addf(&b, ",'name':'%s'", one_of(words));
        put_reference(&b, "partOf", type);
    } else if (type == types[3])
        risk(&b);
    else if (type == types[4])
        location(&b);
    else if (type == types[7])
        buf_addf(&b, ",'status':'completed','questionnaire':'%s|%lld.1'", one_of(uris),
            (long long)pick(3));
    else
        buf_addf(&b, ",'status':'active','url':'%s','title':'%s'", one_of(uris),
            one_of(words));
    buf_addc(&b, '}');
    node_put(&node, buf_cstr(&b));
    buf_done(&b);
    arena_free(a);
}

/* Numbers so small that even these few records go every way. */
static void random_tuning(void)
{
    uint64_t *n = (uint64_t *)&search_tuning;
    size_t i;

    search_tuning = usual;
    for (i = 0; i < sizeof(search_tuning) / sizeof(*n); i++)
        if (maybe())
            n[i] = 1 + (uint64_t)pick(6);
}

static bool valid(const char *query)
{
    char path[256];

    return node_refused(&node, query, path) == 0;
}

static void try_query(void)
{
    struct buf b;
    char *first;
    int i;

    buf_init(&b, 1u << 16);
    random_query(&b);
    buf_cstr(&b);
    if (!valid(b.data)) { /* such as a code that is empty */
        buf_done(&b);
        return;
    }
    search_tuning = usual;
    first = strdup(node_pages(&node, b.data, 0, true));
    for (i = 0; i < 3; i++) {
        random_tuning();
        const char *again = node_pages(&node, b.data, 1 + (size_t)pick(9), false);
        if (strcmp(first, again) != 0)
            fail_msg("%s: \"%s\" is \"%s\" on another way", b.data, first, again);
    }
    free(first);
    buf_done(&b);
}

/* A filter finds what its conditions find one by one. */
static void try_filter(void)
{
    const char *type = random_filter_type();
    struct buf filter, b;
    uint64_t wanted, found;
    int i;

    buf_init(&filter, 1u << 14);
    buf_init(&b, 1u << 16);
    search_tuning = usual;
    wanted = random_filter(&node, &filter, type, (unsigned)pick(4));
    buf_addf(&b, "%s?_filter=", type);
    percent_encode(&b, (struct str){filter.data, filter.len});
    if (pick(4) == 0)
        buf_adds(&b, "&_sort=-_lastUpdated");
    if (pick(4) == 0)
        buf_adds(&b, "&_total=accurate");
    found = filter_ids(&node, buf_cstr(&b));
    node_pages(&node, b.data, 0, true);
    for (i = 0; i < 4; i++) {
        if (found != wanted)
            fail_msg("%s?_filter=%s: %llx instead of %llx", type, buf_cstr(&filter),
                (unsigned long long)found, (unsigned long long)wanted);
        random_tuning();
        node_pages(&node, b.data, 1 + (size_t)pick(9), false);
        found = filter_ids(&node, b.data);
    }
    buf_done(&b);
    buf_done(&filter);
}

static void random_search(void **state)
{
    int round, i;

    (void)state;
    usual = search_tuning;
    for (round = 0; round < ROUNDS; round++) {
        for (i = 0; i < CHANGES; i++)
            change_one();
        for (i = 0; i < QUERIES; i++)
            try_query();
        for (i = 0; i < FILTERS; i++)
            try_filter();
    }
    search_tuning = usual;
}

/* What the tables hold after all that is what filling them again gives. */
static void rebuilt(void **state)
{
    struct err err = {0};
    char *before;

    (void)state;
    before = strdup(node_search(&node, "Observation?_sort=-date&status=final"));
    assert_int_equal(store_verify(node.store, NULL, NULL, NULL, &err), 0);
    if (node.reader)
        store_read_end(node.reader);
    node.reader = NULL;
    if (store_rebuild(node.store, "search", NULL, NULL, &err) < 0)
        fail_msg("%s", err.text);
    assert_int_equal(store_verify(node.store, NULL, NULL, NULL, &err), 0);
    assert_search(&node, "Observation?_sort=-date&status=final", before);
    free(before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_search), cmocka_unit_test(rebuilt)};
    int failed =
        cmocka_run_group_tests_name("random in memory", tests, open_memory, close_node);

    return failed + cmocka_run_group_tests_name(
                        "random on disk", tests, open_sqlite, close_node);
}
