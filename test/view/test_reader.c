/* SPDX-License-Identifier: Apache-2.0 */
/* Who may read what: a table that a lawyer can read, over a network made by hand. */
#include "base/limits.h"

#include "reader_world.h"
#include "unit.h"
#include "view/reader_internal.h"

static struct world world;

/* The file beside this one. */
static char *file_text(const char *name)
{
    char path[512];
    FILE *f = NULL;
    char *text = calloc(1, 1 << 20);

    snprintf(path, sizeof(path), "%s/%s", getenv("BELAY_TEST_VIEW"), name);
    f = fopen(path, "rb");
    if (!f)
        fail_msg("%s cannot be read", path);
    assert_true(fread(text, 1, (1 << 20) - 1, f) > 0);
    fclose(f);
    return text;
}

static void open_network(enum store_kind kind)
{
    char *text = file_text("reader.network");
    struct str rest = str_of(text);

    world_open(&world, kind);
    while (rest.p && rest.len) {
        struct str line = str_cut(&rest, '\n');

        if (line.len)
            world_put(&world, arena_strndup(world.arena, line.p, line.len));
    }
    free(text);
}

static struct str trimmed(struct str s)
{
    while (s.len && s.p[s.len - 1] == ' ')
        s.len--;
    while (s.len && *s.p == ' ') {
        s.p++;
        s.len--;
    }
    return s;
}

static struct reader_who who_is(const char *person)
{
    bool lapsed = strcmp(person, "lapsed") == 0;
    bool granted = lapsed || strcmp(person, "emergency") == 0;

    return world_who(&world, arena_printf(world.arena, "Practitioner/%s", person),
        granted ? "Patient/pema" : NULL, NODE_NOW + (lapsed ? -3600000 : 3600000));
}

/* Of "Practitioner/ID/$logbook": its person; of a record: none. */
static struct str logbook_of(struct str name)
{
    static const char tail[] = "/$logbook";

    if (name.len < sizeof(tail) ||
        memcmp(name.p + name.len - (sizeof(tail) - 1), tail, sizeof(tail) - 1) != 0)
        return (struct str){NULL, 0};
    return (struct str){name.p, name.len - (sizeof(tail) - 1)};
}

static struct reader_verdict verdict_of(const struct reader_who *who, const char *name)
{
    struct str learner = logbook_of(str_of(name));
    struct reader_verdict verdict = {0};
    struct reader *rd = NULL;
    struct arena *a = arena_new();
    struct err err = {0};
    int r = reader_new(node_reader(&world.node), a, who, &rd, &err);

    if (r == 0 && learner.p)
        r = reader_learner(rd, learner, &verdict, &err);
    else if (r == 0)
        r = reader_allows(rd, world_rid(&world, name), &verdict, &err);
    if (r < 0)
        fail_msg("%s: %s", name, err.text);
    reader_free(rd);
    arena_free(a);
    return verdict;
}

/* One line; how many of its columns are not as they are found. */
static unsigned check_row(struct str line)
{
    struct str who = trimmed(str_cut(&line, '|'));
    struct str record = trimmed(str_cut(&line, '|'));
    struct str answer = trimmed(str_cut(&line, '|'));
    struct str because = trimmed(line);
    const char *person = arena_strndup(world.arena, who.p, who.len);
    const char *name = arena_strndup(world.arena, record.p, record.len);
    const struct reader_who rights = who_is(person);
    struct reader_verdict verdict = verdict_of(&rights, name);
    const char *word = reader_reason_word(verdict.reason);
    struct str learner = logbook_of(record);
    const char *brute = learner.p
                            ? world_judge_learner(&world, &rights, learner)
                            : world_judge(&world, &rights, world_find(&world, record));
    bool yes = str_is(answer, "yes");

    assert_true(because.len > 0 && (yes || str_is(answer, "no")));
    assert_int_equal(verdict.allowed, verdict.reason != READER_NOBODY);
    assert_int_equal(verdict.reason == READER_BY_CASE, verdict.by != 0);
    if (verdict.allowed == yes && (!yes || str_is(because, word)) &&
        strcmp(word, brute) == 0)
        return 0;
    printf("%s | %s: the table says %.*s (%.*s), the reader %s, the plain rules %s\n",
        person, name, (int)answer.len, answer.p, (int)because.len, because.p, word,
        brute);
    return 1;
}

static void check_table(enum store_kind kind)
{
    char *text = file_text("reader.table");
    struct str rest = str_of(text);
    unsigned rows = 0, wrong = 0;

    open_network(kind);
    while (rest.p) {
        struct str line = str_cut(&rest, '\n');

        if (line.len == 0 || line.p[0] == '#')
            continue;
        wrong += check_row(line);
        rows++;
    }
    printf("%u rows\n", rows);
    assert_int_equal(wrong, 0);
    assert_true(rows >= 200);
    world_close(&world);
    free(text);
}

static void the_table_holds_in_memory(void **state)
{
    (void)state;
    check_table(STORE_MEMORY);
}

static void the_table_holds_on_disk(void **state)
{
    (void)state;
    check_table(STORE_SQLITE);
}

/* A new type must be thought about: R4's and ours are all in the table of classes. */
static void every_type_has_a_class(void **state)
{
    unsigned count = 0;

    (void)state;
    for (unsigned n = 0; n <= FHIR_TYPE_NUMBER_MAX; n++) {
        bool listed = false;

        if (!fhir_type_numbered(n))
            continue;
        reader_class_of(n, &listed);
        if (!listed)
            fail_msg("%s has no class", fhir_type_numbered(n)->name);
        count++;
    }
    assert_true(count > 140);
    assert_int_equal(reader_class_of(FHIR_TYPE_NUMBER_MAX + 1, NULL), READER_CLINICAL);
}

/* What the rules look up is there: a parameter that was renamed would shut or open. */
static void every_term_is_defined(void **state)
{
    const struct reader_terms *t = reader_terms();
    const struct fhir_param *const *first = &t->org_part_of;

    (void)state;
    for (const struct fhir_param *const *p = first; p <= &t->affiliation_other; p++)
        assert_non_null(*p);
    for (size_t i = 0; i < t->link_count; i++)
        assert_non_null(t->links[i].param);
}

/* ---- what happens at once ---- */

static const char *word(const char *person, const char *name)
{
    struct reader_who who = who_is(person);
    const char *found = reader_reason_word(verdict_of(&who, name).reason);

    assert_string_equal(
        found, world_judge(&world, &who, world_find(&world, str_of(name))));
    return found;
}

static void closing_and_withdrawing_shut_at_once(void **state)
{
    (void)state;
    open_network(STORE_MEMORY);
    assert_string_equal(word("chen", "Observation/pema-ct"), "case");
    world_put(&world,
        "{'resourceType':'ServiceRequest','id':'open','status':'completed',"
        "'intent':'order','subject':{'reference':'Patient/pema'},"
        "'performer':[{'reference':'Organization/twin-surgery'}],"
        "'supportingInfo':[{'reference':'Observation/pema-ct'}]}");
    assert_string_equal(word("chen", "Observation/pema-ct"), "no");
    assert_string_equal(word("chen", "Patient/pema"), "no");
    assert_string_equal(word("azamat", "Observation/pema-ct"), "case");
    world_put(&world,
        "{'resourceType':'Consent','id':'pema-yes','status':'inactive',"
        "'scope':{'coding':[{'code':'patient-privacy'}]},'category':[{'text':'x'}],"
        "'patient':{'reference':'Patient/pema'},'policyRule':{'text':'x'}}");
    assert_string_equal(word("azamat", "Observation/pema-ct"), "no");
    world_put(&world, "{'resourceType':'PractitionerRole','id':'role-nima',"
                      "'practitioner':{'reference':'Practitioner/nima'},"
                      "'period':{'end':'2025-12-31'},"
                      "'organization':{'reference':'Organization/county'},'code':[{"
                      "'coding':[{'code':'clinician'}]}]}");
    assert_string_equal(word("nima", "Observation/pema-ct"), "no");
    world_close(&world);
}

static struct reader_verdict version_of(
    const char *person, const char *name, const char *text)
{
    struct reader_who who = who_is(person);
    struct reader_verdict verdict = {0};
    struct arena *a = arena_new();
    const struct json *json = NULL;
    struct reader *rd = NULL;
    struct err err = {0};

    assert_int_equal(
        json_read(a, node_json(a, text), LIMIT_RECORD_BYTES, &json, &err), 0);
    assert_int_equal(reader_new(node_reader(&world.node), a, &who, &rd, &err), 0);
    assert_int_equal(
        reader_allows_version(rd, world_rid(&world, name), json, &verdict, &err), 0);
    reader_free(rd);
    arena_free(a);
    return verdict;
}

/* A version must be allowed by what it says and by what the record says today. */
static void versions_are_judged_twice(void **state)
{
    static const char *const of_sita =
        "{'resourceType':'Observation','id':'pema-plain','status':'final',"
        "'code':{'text':'x'},'subject':{'reference':'Patient/sita'}}";
    static const char *const of_pema =
        "{'resourceType':'Observation','id':'pema-plain','status':'final',"
        "'code':{'text':'x'},'subject':{'reference':'Patient/pema'}}";

    (void)state;
    open_network(STORE_MEMORY);
    assert_true(version_of("nima", "Observation/pema-plain", of_pema).allowed);
    assert_false(version_of("nima", "Observation/pema-plain", of_sita).allowed);
    assert_false(version_of("wang", "Observation/pema-plain", of_sita).allowed);
    assert_false(version_of("wang", "Observation/pema-plain", of_pema).allowed);
    node_delete(&world.node, "Observation", "pema-plain");
    assert_true(version_of("nima", "Observation/pema-plain", of_pema).allowed);
    assert_false(version_of("wang", "Observation/pema-plain", of_pema).allowed);
    world_close(&world);
}

/* How many of ${type} a search of everything gives ${person}. */
static size_t seen(const char *person, const char *type)
{
    struct reader_who who = who_is(person);
    struct arena *a = arena_new();
    struct reader *rd = NULL;
    struct search_filter filter;
    struct search_request rq;
    struct search_query *q = NULL;
    struct search_page page = {0};
    struct err err = {0};
    size_t count = 0;

    assert_int_equal(reader_new(node_reader(&world.node), a, &who, &rd, &err), 0);
    filter = reader_filter(rd);
    rq = node_request(
        &world.node, arena_printf(a, "%s?_count=1000&_total=accurate", type));
    rq.filter = &filter;
    assert_int_equal(search_parse(a, &rq, NULL, &q, &err), 0);
    assert_int_equal(search_run(node_reader(&world.node), a, q, &page, &err), 0);
    assert_int_equal(page.total, page.matches);
    for (size_t i = 0; i < world.count; i++) {
        const char *word = str_is(json_get_text(world.records[i], "resourceType"), type)
                               ? world_judge(&world, &who, world.records[i])
                               : "no";

        count += strcmp(word, "no") != 0;
    }
    assert_int_equal(page.matches, count);
    reader_free(rd);
    arena_free(a);
    return count;
}

static void a_search_counts_what_its_reader_may_see(void **state)
{
    static const char *const people[] = {
        "nima", "chen", "azamat", "tashi", "coordinator", "auditor", "nobody"};

    (void)state;
    open_network(STORE_SQLITE);
    for (size_t i = 0; i < sizeof(people) / sizeof(people[0]); i++) {
        for (unsigned n = 1; n <= FHIR_TYPE_NUMBER_MAX; n++) {
            if (fhir_type_numbered(n))
                seen(people[i], fhir_type_numbered(n)->name);
        }
    }
    assert_int_equal(seen("chen", "ServiceRequest"), 3);
    assert_int_equal(seen("nobody", "Observation"), 0);
    assert_int_equal(seen("auditor", "AuditEvent"), 1);
    world_close(&world);
}

/* ---- ceilings ---- */

static void a_long_chain_of_units_ends_nowhere(void **state)
{
    (void)state;
    open_network(STORE_MEMORY);
    for (int i = 0; i <= LIMIT_READER_UNITS + 1; i++) {
        world_put(&world,
            arena_printf(world.arena,
                "{'resourceType':'Organization','id':'u%d','partOf':{'reference':"
                "'Organization/%s%.0d'}}",
                i, i ? "u" : "county", i ? i - 1 : 0));
    }
    world_put(&world, "{'resourceType':'Organization','id':'u1','partOf':{'reference':"
                      "'Organization/u0'}}");
    for (int i = LIMIT_READER_UNITS - 1; i <= LIMIT_READER_UNITS; i++)
        world_put(
            &world, arena_printf(world.arena,
                        "{'resourceType':'Patient','id':'p%d',"
                        "'managingOrganization':{'reference':'Organization/u%d'}}",
                        i, i));
    assert_string_equal(
        word("nima", arena_printf(world.arena, "Patient/p%d", LIMIT_READER_UNITS - 1)),
        "own-hospital");
    assert_string_equal(
        word("nima", arena_printf(world.arena, "Patient/p%d", LIMIT_READER_UNITS)),
        "no");
    world_close(&world);
}

static void too_many_consents_hold_none(void **state)
{
    (void)state;
    open_network(STORE_MEMORY);
    assert_string_equal(word("azamat", "Patient/yangchen"), "case");
    for (int i = 0; i < LIMIT_READER_CONSENTS; i++)
        world_put(&world,
            arena_printf(world.arena,
                "{'resourceType':'Consent','id':'c%d','status':'draft','scope':{'text':"
                "'x'},'category':[{'text':'x'}],'patient':{'reference':"
                "'Patient/yangchen'},'policyRule':{'text':'x'}}",
                i));
    assert_string_equal(word("azamat", "Patient/yangchen"), "no");
    world_close(&world);
}

static int fault_step(void *arg)
{
    struct reader_who who = *(struct reader_who *)arg;
    struct reader_verdict verdict = {0};
    struct arena *a = arena_new();
    struct reader *rd = NULL;
    struct err err = {0};
    int r = a ? reader_new(node_reader(&world.node), a, &who, &rd, &err) : E_NOMEM;

    if (r == 0)
        r = reader_allows(rd, (store_rid)0, &verdict, &err);
    for (size_t i = 0; r == 0 && i < world.count; i += 7)
        r = reader_allows(rd, store_rid_first(1) + (store_rid)i, &verdict, &err);
    reader_free(rd);
    arena_free(a);
    return r;
}

static void memory_may_run_out(void **state)
{
    struct reader_who who;

    (void)state;
    open_network(STORE_MEMORY);
    who = who_is("emergency");
    node_reader(&world.node);
    assert_true(unit_fault_loop(fault_step, &who) > 0);
    world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_table_holds_in_memory),
        cmocka_unit_test(the_table_holds_on_disk),
        cmocka_unit_test(every_type_has_a_class),
        cmocka_unit_test(every_term_is_defined),
        cmocka_unit_test(closing_and_withdrawing_shut_at_once),
        cmocka_unit_test(versions_are_judged_twice),
        cmocka_unit_test(a_search_counts_what_its_reader_may_see),
        cmocka_unit_test(a_long_chain_of_units_ends_nowhere),
        cmocka_unit_test(too_many_consents_hold_none),
        cmocka_unit_test(memory_may_run_out),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
