/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any text as a search, "Type?name=value&..." as in a URL, over a few records in memory
 * that never change. What the index gives over all pages must be what the brute force of
 * search_matches() gives, each record once. A '!' in front makes the search leave its
 * usual ways early, so that few records go all of them.
 */
#include "base/time.h"

#include "fuzz.h"
#include "view/search_internal.h"

#define NOW 1767225600000LL /* 2026-01-01 */
#define RIDS_MAX 64

/* "'" stands for '"'. */
static const char *const records[] = {
    "{'resourceType':'Organization','id':'a','name':'Lhasa','identifier':[{'value':"
    "'1'}]}",
    "{'resourceType':'Organization','id':'b','name':'Nagqu','partOf':{'reference':"
    "'Organization/a'}}",
    "{'resourceType':'Patient','id':'a','active':true,'gender':'female','birthDate':"
    "'1980-02-29','name':[{'family':'Tsering','given':['Karma','K\xc3\xa4the']}],"
    "'identifier':[{'system':'urn:s','value':'A1','type':{'coding':[{'system':"
    "'urn:ty','code':'MR'}]}}],'managingOrganization':{'reference':'Organization/b'}}",
    "{'resourceType':'Patient','id':'b','gender':'male','deceasedDateTime':'2024',"
    "'birthDate':'1980','telecom':[{'system':'phone','value':'12345'}],'link':[{"
    "'other':{'reference':'Patient/a'},'type':'seealso'}],'address':[{'city':'Lhasa',"
    "'use':'home'}]}",
    "{'resourceType':'Patient','id':'c','name':[{'text':'Tashi'}],'meta':{'tag':[{"
    "'system':'urn:s','code':'t'}],'profile':['http://x.example/p|1.2']}}",
    "{'resourceType':'Observation','id':'a','status':'final','code':{'coding':[{"
    "'system':'http://loinc.org','code':'8867-4','display':'Heart rate'}],'text':"
    "'pulse'},'subject':{'reference':'Patient/a'},'effectiveDateTime':'2024-01-10',"
    "'valueQuantity':{'value':60,'unit':'/min','system':'http://unitsofmeasure.org',"
    "'code':'/min'},'performer':[{'reference':'Organization/a'}]}",
    "{'resourceType':'Observation','id':'b','status':'amended','code':{'coding':[{"
    "'code':'bp'}]},'subject':{'reference':'Patient/b'},'effectivePeriod':{'start':"
    "'2024-01-10T10:00:00Z'},'component':[{'code':{'coding':[{'system':'urn:s',"
    "'code':'sys'}]},'valueQuantity':{'value':120.5,'unit':'mmHg'}},{'code':{'coding':"
    "[{'system':'urn:s','code':'dia'}]},'valueQuantity':{'value':80,'comparator':'<',"
    "'code':'mm[Hg]'}}]}",
    "{'resourceType':'Observation','id':'c','status':'final','code':{'text':'words'},"
    "'valueString':'quiet','subject':{'identifier':{'system':'urn:s','value':'A1'}},"
    "'hasMember':[{'reference':'Observation/a'}],'focus':[{'reference':"
    "'http://else.example/fhir/Device/7'}]}",
    "{'resourceType':'RiskAssessment','id':'a','status':'final','subject':{'reference':"
    "'Patient/a'},'prediction':[{'probabilityDecimal':0.3},{'probabilityRange':{'low':"
    "{'value':1e2}}}]}",
    "{'resourceType':'Location','id':'a','name':'Ward','position':{'latitude':29.65,"
    "'longitude':91.1}}",
    "{'resourceType':'Location','id':'b','partOf':{'reference':'Location/a'},"
    "'position':{'latitude':-1.5,'longitude':179.9}}",
    "{'resourceType':'ValueSet','id':'a','status':'active','url':'http://x.example/a/"
    "b','version':'2.1','title':'Codes','compose':{'include':[{'system':'urn:s','"
    "concept':"
    "[{'code':'sys'},{'code':'t'}]},{'system':'http://loinc.org'}]}}",
    "{'resourceType':'Questionnaire','id':'a','status':'active','url':"
    "'http://x.example/q','title':'Ask'}",
    "{'resourceType':'QuestionnaireResponse','id':'a','status':'completed',"
    "'questionnaire':'http://x.example/q|2.1.4','subject':{'reference':'Patient/a'}}",
    "{'resourceType':'Appointment','id':'a','status':'booked','start':"
    "'2025-03-01T09:00:00+08:00','participant':[{'actor':{'reference':'Patient/b'},"
    "'status':'accepted'},{'actor':{'reference':'Location/a'},'status':'declined'}]}",
    "{'resourceType':'Patient','id':'gone','gender':'male'}",
};

static struct store *store;
static struct store_reader *reader;
static struct arena *arena, *scratch;
static struct search_tuning usual;

/* ---- the records ---- */

static void write_one(struct store_write *w)
{
    struct store_transaction t = {.writes = w, .count = 1, .actor = STR("fuzz")};

    fuzz_must(store_prepare(store, arena, w, NULL) == 0);
    fuzz_must(store_commit(store, &t, NULL) == 0);
}

static void put(const char *text)
{
    struct store_write w = {.operation = STORE_UPDATE};
    char *copy = arena_strndup(arena, text, strlen(text));

    for (char *p = copy; *p; p++)
        if (*p == '\'')
            *p = '"';
    w.body = str_of(copy);
    fuzz_must(json_read(arena, w.body, LIMIT_RECORD_BYTES, &w.resource, NULL) == 0);
    w.type = fhir_resource_named(json_get_text(w.resource, "resourceType"));
    w.id = json_get_text(w.resource, "id");
    write_one(&w);
    if (str_is(w.id, "gone")) {
        struct store_write d = {.operation = STORE_DELETE, .type = w.type, .id = w.id};
        write_one(&d);
    }
}

static void begin(void)
{
    static const struct store_view *const views[] = {&search_view};
    struct store_options options = {.kind = STORE_MEMORY, .create = true};
    size_t i;

    if (store)
        return;
    usual = search_tuning;
    arena = arena_new();
    scratch = arena_new();
    fuzz_must(store_open(&options, views, 1, &store, NULL) == 0);
    for (i = 0; i < sizeof(records) / sizeof(records[0]); i++) {
        time_hold(NOW - 1000000000 + 60000 * (utc_ms)i);
        put(records[i]);
    }
    fuzz_must(store_read_begin(store, &reader, NULL) == 0);
}

/* ---- the query ---- */

static bool decode(struct str in, struct str *ret)
{
    struct buf b;
    bool good;

    buf_init(&b, LIMIT_URL_BYTES);
    good = percent_decode(&b, in, true);
    *ret = (struct str){arena_strndup(arena, b.len ? b.data : "", b.len), b.len};
    buf_done(&b);
    return good;
}

/* False: not a query that gets as far as search. */
static bool read_query(struct str text, struct search_request *rq)
{
    struct search_pair *pairs = arena_array(arena, LIMIT_QUERY_PARAMS, sizeof(*pairs));
    struct str type = str_cut(&text, '?');

    if (type.len) {
        const struct fhir_type *found = fhir_resource_named(type);
        if (!found)
            return false;
        rq->type = found->number;
    }
    rq->pairs = pairs;
    while (text.p) {
        struct str value = str_cut(&text, '&'), name = str_cut(&value, '=');
        struct search_pair *pair = &pairs[rq->pair_count];

        if (rq->pair_count == LIMIT_QUERY_PARAMS || !decode(name, &pair->name) ||
            !decode(value, &pair->value))
            return false;
        rq->pair_count++;
    }
    return true;
}

/* ---- both answers ---- */

struct rids {
    store_rid list[RIDS_MAX];
    size_t count;
};

/* False: the search was refused. */
static bool by_index(
    struct search_request rq, struct rids *ret, bool *ret_counting, int64_t *ret_total)
{
    struct search_query *q = NULL;
    struct search_page page = {0};

    do {
        rq.cursor = page.next;
        page = (struct search_page){0};
        fuzz_must(search_parse(arena, &rq, NULL, &q, NULL) == 0);
        if (search_run(reader, arena, q, &page, NULL) < 0)
            return false;
        if (!rq.cursor.p)
            *ret_total = q->total == SEARCH_TOTAL_ESTIMATE ? -1 : page.total;
        for (size_t i = 0; i < page.matches; i++) {
            fuzz_must(ret->count < RIDS_MAX);
            ret->list[ret->count++] = page.hits[i].rid;
        }
        fuzz_must(page.matches <= q->count);
    } while (page.next.p);
    *ret_counting = q->plan_->counting;
    return true;
}

static bool by_force(const struct search_query *q, struct rids *ret)
{
    store_rid rids[RIDS_MAX];
    size_t count = 0;

    for (unsigned type = 1; type <= FHIR_TYPE_NUMBER_MAX; type++) {
        if (!fhir_type_numbered(type))
            continue;
        fuzz_must(store_rids(reader, type, 0, rids, RIDS_MAX, &count, NULL) == 0);
        for (size_t i = 0; i < count; i++) {
            struct store_record record;
            const struct json *json = NULL;
            bool found = false;

            arena_reset(scratch);
            fuzz_must(
                store_get_rid(reader, scratch, rids[i], true, &record, NULL) == 0);
            fuzz_must(json_read_trusted(scratch, record.body, &json, NULL) == 0);
            if (search_matches(reader, scratch, q, json, &found, NULL) < 0)
                return false;
            if (found)
                ret->list[ret->count++] = rids[i];
        }
    }
    return true;
}

static int rid_order(const void *x, const void *y)
{
    const store_rid *a = x, *b = y;

    return *a < *b ? -1 : *a > *b;
}

static void compare(const struct search_request *rq, const struct search_query *q)
{
    struct rids index = {0}, force = {0};
    bool counting = false;
    int64_t total = -1;

    if (!by_index(*rq, &index, &counting, &total) || !by_force(q, &force))
        return;
    fuzz_must(total < 0 || (size_t)total == force.count);
    if (counting)
        return;
    qsort(index.list, index.count, sizeof(index.list[0]), rid_order);
    fuzz_must(index.count == force.count);
    for (size_t i = 0; i < index.count; i++)
        fuzz_must(index.list[i] == force.list[i]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct search_tuning hasty = {.leap_leaves = 2,
        .leap_ratio = 2,
        .leaves_merged = 1,
        .rows_collected = 2,
        .leaves_tested = 1,
        .rows_tested = 2,
        .far_leaves = 1,
        .far_tried = 2,
        .tried_first = 1,
        .range_budget = 1,
        .tried_most = 2};
    struct str text = {(const char *)data, size};
    struct search_request rq = {
        .now = NOW, .bases = {{STR("http://here.example/fhir")}, 1}};
    struct search_query *q = NULL;
    struct err err = {0};

    begin();
    arena_reset(arena);
    text = str_cut(&text, '\n');
    if (size > 2000)
        return 0;
    search_tuning = str_starts(text, "!") ? hasty : usual;
    if (str_starts(text, "!"))
        text = (struct str){text.p + 1, text.len - 1};
    if (!read_query(text, &rq))
        return 0;
    if (search_parse(arena, &rq, NULL, &q, &err) == 0)
        compare(&rq, q);
    else
        fuzz_must(err.text[0] != '\0');
    return 0;
}
