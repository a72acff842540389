/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Random records, random queries: what the index finds is what brute force finds, pages
 * of any size in either direction give each record once and in the same order, and it
 * makes no difference which of its ways the search takes. Records change and go in
 * between. BELAY_SEED repeats a run.
 */
#include "search_node.h"
#include "unit.h"
#include "view/search_internal.h"

#define ROUNDS 6
#define CHANGES 40
#define QUERIES 60
#define IDS 24

static struct search_node node;
static struct search_tuning usual;

static int64_t pick(int64_t count)
{
    return unit_between(0, count - 1);
}

static bool maybe(void)
{
    return pick(2) == 0;
}

#define one_of(list) ((list)[pick((int64_t)(sizeof(list) / sizeof((list)[0])))])

/* ---- words ---- */

static const char *const words[] = {"Müller", "Muller", "MULLER", "Mu", "Tashi",
    "བཀྲ་ཤིས", "王小明", "Иванов", "tashi delek",
    "an uncommonly long name that goes on and on and on "
    "until it is cut by the index, ending in one",
    "an uncommonly long name that goes on "
    "and on and on until it is cut by the index, ending in two"};
static const char *const dates[] = {"1980", "1980-05", "1980-05-17", "1980-12-31",
    "1981-01-01", "1980-05-17T10:00:00Z", "1980-05-17T10:00:00+02:00",
    "1980-05-17T10:00:00.250Z", "2020", "2020-02", "2020-02-29", "9999-12-31", "0001"};
static const char *const numbers[] = {
    "0", "1", "1.0", "1.5", "-3", "72", "72.4", "100", "99.6", "1e2", "0.001", "-0.5"};
static const char *const codes[] = {"a", "A", "b", "c", "d", "e"};
static const char *const systems[] = {"urn:s", "urn:t"};
static const char *const units[] = {"kg", "mg", "mm[Hg]"};
static const char *const uris[] = {"http://x.example/a", "http://x.example/a/b",
    "http://x.example/ab", "http://x.example/a/b/c", "urn:oid:1.2"};

/* the node's own addresses: see search_node.c */
static const char *const homes[] = {
    "http://here.example/fhir", "https://also.example:8443/x/fhir"};

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

/* ---- queries ---- */

static const char *const prefixes[] = {
    "", "eq", "ne", "gt", "lt", "ge", "le", "sa", "eb", "ap"};

static void add_encoded(struct buf *b, const char *text)
{
    percent_encode(b, str_of(text));
}

static void value_token(struct buf *b)
{
    int64_t form = pick(4);

    if (form == 1)
        buf_addf(b, "%s|", one_of(systems));
    if (form == 2)
        buf_adds(b, "|");
    if (form == 3) {
        buf_addf(b, "%s|%s", one_of(systems), one_of(codes));
        return;
    }
    if (form != 1 || maybe())
        buf_adds(b, one_of(codes));
}

static void value_string(struct buf *b)
{
    const char *word = one_of(words);
    size_t len = strlen(word);

    /* a part of it, cut between characters */
    if (maybe() && (unsigned char)word[0] < 0x80)
        len = 1 + (size_t)pick((int64_t)len < 90 ? (int64_t)len : 90);
    while (len < strlen(word) && ((unsigned char)word[len] & 0xc0) == 0x80)
        len++;
    while (len > 0 && (word[len - 1] == ' ' || word[len - 1] == ','))
        len--;
    percent_encode(b, (struct str){word, len});
}

static void value_date(struct buf *b)
{
    buf_adds(b, one_of(prefixes));
    add_encoded(b, one_of(dates));
}

static void value_number(struct buf *b)
{
    buf_addf(b, "%s%s", one_of(prefixes), one_of(numbers));
}

static void value_quantity(struct buf *b)
{
    value_number(b);
    if (maybe())
        buf_addf(b, "|%s|%s", maybe() ? "urn:u" : "", one_of(units));
}

static void value_reference(struct buf *b)
{
    static const char *const forms[] = {"", "Patient/", "Location/", "Organization/",
        "http://else.example/Patient/", "http://here.example/fhir/Patient/",
        "https://also.example:8443/x/fhir/Location/"};

    buf_addf(b, "%s%lld", one_of(forms), (long long)pick(IDS));
}

static void value_uri(struct buf *b)
{
    buf_adds(b, one_of(uris));
}

static void value_canonical(struct buf *b)
{
    buf_adds(b, one_of(uris));
    if (maybe())
        buf_addf(b, "|%lld", (long long)pick(3));
    if (maybe())
        buf_adds(b, ".1");
}

static void value_missing(struct buf *b)
{
    buf_adds(b, maybe() ? "true" : "false");
}

static void value_gender(struct buf *b)
{
    static const char *const implied[] = {
        "", "", "|", "http://hl7.org/fhir/administrative-gender|", "urn:s|"};

    buf_adds(b, one_of(implied));
    buf_adds(b, maybe() ? "male" : "female");
}

static void value_id(struct buf *b)
{
    buf_addf(b, "%lld", (long long)pick(IDS));
}

static void value_of_type(struct buf *b)
{
    buf_addf(b, "urn:ty|MR|%s", one_of(codes));
}

static void value_composite(struct buf *b)
{
    value_token(b);
    buf_adds(b, "$");
    value_quantity(b);
}

static void value_near(struct buf *b)
{
    buf_addf(b, "%lld|%lld|%lld|km", (long long)unit_between(-90, 90),
        (long long)unit_between(-180, 180), (long long)pick(12000));
}

static void value_changed(struct buf *b)
{
    buf_addf(b, "%s2025-12-20T%02lld:%02lld", one_of(prefixes),
        (long long)10 + pick(10), (long long)pick(60));
}

struct question {
    const char *type;
    const char *name;
    void (*value)(struct buf *);
};

static const struct question questions[] = {
    {"Patient", "gender", value_gender},
    {"Patient", "gender:not", value_gender},
    {"Patient", "gender:missing", value_missing},
    {"Patient", "birthdate", value_date},
    {"Patient", "name", value_string},
    {"Patient", "family:exact", value_string},
    {"Patient", "given:contains", value_string},
    {"Patient", "name:missing", value_missing},
    {"Patient", "identifier", value_token},
    {"Patient", "identifier:of-type", value_of_type},
    {"Patient", "identifier:text", value_string},
    {"Patient", "identifier:missing", value_missing},
    {"Patient", "organization", value_reference},
    {"Patient", "organization.name", value_string},
    {"Patient", "organization.partof.name", value_string},
    {"Patient", "organization.name:missing", value_missing},
    {"Patient", "_has:Observation:patient:code", value_token},
    {"Patient", "_has:Observation:patient:date", value_date},
    {"Patient", "_has:RiskAssessment:patient:probability", value_number},
    {"Patient", "_id", value_id},
    {"Patient", "_id:not", value_id},
    {"Patient", "_tag", value_token},
    {"Patient", "_tag:not", value_token},
    {"Patient", "_profile", value_uri},
    {"Patient", "_profile:below", value_uri},
    {"Patient", "_lastUpdated", value_changed},
    {"Observation", "code", value_token},
    {"Observation", "code:not", value_token},
    {"Observation", "code:text", value_string},
    {"Observation", "status", value_token},
    {"Observation", "date", value_date},
    {"Observation", "date:missing", value_missing},
    {"Observation", "value-quantity", value_quantity},
    {"Observation", "value-quantity:missing", value_missing},
    {"Observation", "value-string", value_string},
    {"Observation", "combo-code-value-quantity", value_composite},
    {"Observation", "code-value-quantity", value_composite},
    {"Observation", "component-value-quantity", value_quantity},
    {"Observation", "subject", value_reference},
    {"Observation", "subject:Patient", value_id},
    {"Observation", "subject:identifier", value_token},
    {"Observation", "patient:missing", value_missing},
    {"Observation", "subject:missing", value_missing},
    {"Observation", "subject:Patient.gender", value_gender},
    {"Observation", "subject:Patient.gender:not", value_gender},
    {"Observation", "subject.name", value_string},
    {"Observation", "patient.organization.name", value_string},
    {"Observation", "patient.birthdate", value_date},
    {"Observation", "_lastUpdated", value_changed},
    {"Observation", "_tag", value_token},
    {"RiskAssessment", "probability", value_number},
    {"RiskAssessment", "patient.family", value_string},
    {"RiskAssessment", "patient", value_reference},
    {"Patient", "organization:missing", value_missing},
    {"Location", "partof", value_reference},
    {"Location", "_has:Observation:subject:status", value_token},
    {"Organization", "_has:Patient:organization:gender", value_gender},
    {"Organization", "partof.name", value_string},
    {"Location", "near", value_near},
    {"Location", "name", value_string},
    {"Location", "partof.name", value_string},
    {"Location", "near:missing", value_missing},
    {"ValueSet", "url", value_uri},
    {"ValueSet", "url:below", value_uri},
    {"ValueSet", "url:above", value_uri},
    {"ValueSet", "url:missing", value_missing},
    {"QuestionnaireResponse", "questionnaire", value_canonical},
    {"QuestionnaireResponse", "questionnaire:below", value_canonical},
    {"QuestionnaireResponse", "questionnaire:above", value_canonical},
    {"QuestionnaireResponse", "questionnaire.title", value_string},
    {"Questionnaire", "_has:QuestionnaireResponse:questionnaire:status", value_token},
};

static const char *const sorts[] = {"Patient birthdate", "Patient -birthdate",
    "Patient family,-birthdate", "Patient -name", "Patient gender,_id",
    "Patient -_lastUpdated", "Patient organization,-family", "Patient identifier",
    "Observation date", "Observation -date,code", "Observation value-quantity",
    "Observation -value-quantity,date", "Observation subject,-date", "Observation code",
    "Observation _lastUpdated", "RiskAssessment -probability", "Location name",
    "ValueSet -url,_id"};

static void random_query(struct buf *b)
{
    const struct question *q = &one_of(questions);
    const char *type = q->type;
    int64_t wanted = 1 + pick(3), tries;

    buf_addf(b, "%s?", type);
    for (tries = 0; wanted > 0 && tries < 200; tries++) {
        int64_t ored = pick(4) == 0 ? 1 + pick(12) : 1;
        buf_addf(b, "%s=", q->name);
        if (strstr(q->name, "missing"))
            ored = 1;
        while (ored-- > 0) {
            q->value(b);
            buf_adds(b, ored ? "," : "&");
        }
        if (--wanted == 0)
            break;
        do
            q = &one_of(questions);
        while (strcmp(q->type, type) != 0);
    }
    for (tries = 0; maybe() && tries < 6; tries++) {
        const char *sort = one_of(sorts);
        size_t len = strlen(type);
        if (strncmp(sort, type, len) == 0 && sort[len] == ' ') {
            buf_addf(b, "_sort=%s&", sort + len + 1);
            break;
        }
    }
    b->len--;
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

static int open_memory(void **state)
{
    (void)state;
    node_open(&node, STORE_MEMORY);
    return 0;
}

static int open_sqlite(void **state)
{
    (void)state;
    node_open(&node, STORE_SQLITE);
    return 0;
}

static int close_node(void **state)
{
    (void)state;
    node_close(&node);
    return 0;
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
