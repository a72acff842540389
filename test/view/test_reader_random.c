/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Random networks: what the reader says of each record is what the plain rules say, and a
 * search through its filter gives what a search without it gives, less what the plain rules
 * refuse, whatever is asked for. BELAY_SEED repeats a run.
 */
#include "reader_network.h"
#include "unit.h"

#define ROUNDS 12
#define PEOPLE NETWORK_PEOPLE
#define EACH NETWORK_EACH

static struct world world;
static bool allowed[WORLD_MOST]; /* by the plain rules, of the person at hand */

static int pick(int count)
{
    return (int)unit_between(0, count - 1);
}

/* ---- one person ---- */

static bool may(const char *name)
{
    const struct json *record = world_find(&world, str_of(name));

    for (size_t i = 0; record && i < world.count; i++) {
        if (world.records[i] == record)
            return allowed[i];
    }
    return false;
}

/* Of a master's and a head's right to the same rating, either may be told. */
static bool same_word(const char *a, const char *b)
{
    bool teaches = strcmp(a, "master") == 0 || strcmp(a, "head") == 0;

    return strcmp(a, b) == 0 ||
           (teaches && (strcmp(b, "master") == 0 || strcmp(b, "head") == 0));
}

static void hold_verdicts(struct reader *rd, const struct reader_who *who)
{
    for (size_t i = 0; i < world.count; i++) {
        const char *name = world_name(&world, world.records[i]);
        const char *word = world_judge(&world, who, world.records[i]);
        struct reader_verdict v = {0};
        struct err err = {0};

        assert_int_equal(reader_allows(rd, world_rid(&world, name), &v, &err), 0);
        allowed[i] = strcmp(word, "no") != 0;
        if (!same_word(word, reader_reason_word(v.reason)))
            fail_msg("%.*s and %s: the reader says %s, the plain rules %s",
                (int)who->practitioner.len, who->practitioner.p, name,
                reader_reason_word(v.reason), word);
    }
}

static const char *rid_name(store_rid rid)
{
    struct str id = {NULL, 0};

    store_name(node_reader(&world.node), world.arena, rid, &id, NULL);
    return arena_printf(world.arena, "%s/%.*s",
        fhir_type_numbered(store_rid_type(rid))->name, (int)id.len, id.p);
}

struct answer {
    const char *names[WORLD_MOST];
    size_t matches, count; /* matches, then what is included on any page */
};

static void ask(const struct search_filter *filter, const char *query, size_t size,
    struct answer *ret)
{
    struct str cursor = {NULL, 0}, back = {NULL, 0};
    static const char *extra[WORLD_MOST];
    size_t extras = 0, left = 0;
    struct search_page page;

    ret->matches = ret->count = 0;
    do {
        struct search_request rq = node_request(
            &world.node, arena_printf(world.arena, "%s%s_count=%zu", query,
                             query[strlen(query) - 1] == '?' ? "" : "&", size));
        struct search_query *q = NULL;
        struct err err = {0};

        rq.filter = filter;
        rq.cursor = back.p ? back : cursor;
        if (search_parse(world.arena, &rq, NULL, &q, &err) < 0 ||
            search_run(node_reader(&world.node), world.arena, q, &page, &err) < 0)
            fail_msg("%s: %s", query, err.text);
        assert_false(filter && page.explain.p);
        for (size_t i = 0; !back.p && i < page.count; i++) {
            if (i < page.matches)
                ret->names[ret->count++] = rid_name(page.hits[i].rid);
            else
                extra[extras++] = rid_name(page.hits[i].rid);
        }
        if (back.p) { /* and the way back over the same records */
            assert_true(page.matches <= left);
            left -= page.matches;
            for (size_t i = 0; i < page.matches; i++)
                assert_string_equal(rid_name(page.hits[i].rid), ret->names[left + i]);
            back = page.previous;
            cursor = (struct str){NULL, 0};
        } else {
            if (strstr(query, "_total") && !cursor.p)
                ret->matches = (size_t)page.total;
            cursor = page.next;
            if (!cursor.p) {
                left = ret->count - page.matches;
                back = page.previous;
            }
        }
    } while (cursor.p || back.p);
    assert_int_equal(left, 0);
    if (strstr(query, "_total"))
        assert_int_equal(ret->matches, ret->count);
    ret->matches = ret->count;
    for (size_t i = 0; i < extras; i++)
        ret->names[ret->count++] = extra[i];
}

/* What the filter leaves is what is allowed of what there is, in the same order. */
static void hold_search(const struct search_filter *filter, const char *query)
{
    static struct answer all, some;
    size_t at = 0;

    ask(NULL, query, 1000, &all);
    ask(filter, query, (size_t)(1 + pick(7)), &some);
    for (size_t i = 0; i < all.matches; i++) {
        if (!may(all.names[i]))
            continue;
        if (at == some.matches || strcmp(all.names[i], some.names[at]) != 0)
            fail_msg("%s: misses %s", query, all.names[i]);
        at++;
    }
    if (at != some.matches)
        fail_msg("%s: wrongly gives %s", query, some.names[at]);
    for (size_t i = some.matches; i < some.count; i++) {
        if (!may(some.names[i]))
            fail_msg("%s: wrongly includes %s", query, some.names[i]);
    }
}

static struct str ref_of(const struct json *record, const char *name)
{
    return json_get_text(json_get(record, name), "reference");
}

static bool type_is(const struct json *record, const char *type)
{
    return str_is(json_get_text(record, "resourceType"), type);
}

static bool may_ref(struct str name)
{
    return name.p && may(arena_strndup(world.arena, name.p, name.len));
}

static bool given(const struct answer *answer, const char *name)
{
    for (size_t i = 0; i < answer->count; i++) {
        if (strcmp(answer->names[i], name) == 0)
            return true;
    }
    return false;
}

/* Chains and _has go through what may be read, and includes bring all of it. */
static void hold_far(const struct search_filter *filter)
{
    static struct answer chain, filtered, has, include, reverse;
    const char *unit = network_unit();

    ask(filter,
        arena_printf(world.arena,
            "Observation?subject:Patient.organization=Organization/%s", unit),
        3, &chain);
    ask(filter,
        arena_printf(world.arena,
            "Observation?_filter=subject:Patient[organization re Organization/%s] pr "
            "true or (_id eq nobody and date pr true)",
            unit),
        3, &filtered);
    ask(filter, "Patient?_has:Observation:subject:status=final", 3, &has);
    ask(filter, "Observation?_include=Observation:subject", 1000, &include);
    ask(filter, "Patient?_revinclude=Observation:subject", 1000, &reverse);
    for (size_t i = 0; i < world.count; i++) {
        const struct json *o = world.records[i];
        struct str patient = ref_of(o, "subject");
        bool both = type_is(o, "Observation") && allowed[i] && may_ref(patient);
        bool through =
            both && str_is(ref_of(world_find(&world, patient), "managingOrganization"),
                        arena_printf(world.arena, "Organization/%s", unit));
        const char *name = world_name(&world, o);
        const char *whose =
            patient.p ? arena_strndup(world.arena, patient.p, patient.len) : "";

        if (type_is(o, "Observation"))
            assert_int_equal(given(&chain, name), through);
        if (type_is(o, "Observation"))
            assert_int_equal(given(&filtered, name), through);
        if (both && str_is(json_get_text(o, "status"), "final"))
            assert_true(given(&has, whose));
        if (both) {
            assert_true(given(&include, whose));
            assert_true(given(&reverse, name));
        }
    }
    for (size_t i = 0; i < has.count; i++) {
        bool reason = false;

        for (size_t k = 0; k < world.count; k++)
            reason |= allowed[k] && type_is(world.records[k], "Observation") &&
                      str_is(json_get_text(world.records[k], "status"), "final") &&
                      str_is(ref_of(world.records[k], "subject"), has.names[i]);
        assert_true(reason && may(has.names[i]));
    }
    for (size_t i = 0; i < include.count; i++)
        assert_true(may(include.names[i]));
    for (size_t i = 0; i < reverse.count; i++)
        assert_true(may(reverse.names[i]));
}

static void hold_everything(
    const struct search_filter *filter, const struct reader_who *who, int patient)
{
    struct search_everything_request rq = {
        .type = fhir_resource_named(STR("Patient"))->number,
        .id = str_of(arena_printf(world.arena, "%d", patient)),
        .from = UTC_MS_MIN,
        .until = UTC_MS_MAX,
        .bases = who->bases,
        .filter = filter};
    struct search_members members = {0};
    struct err err = {0};
    int r =
        search_everything(node_reader(&world.node), world.arena, &rq, &members, &err);

    if (!may(arena_printf(world.arena, "Patient/%d", patient))) {
        assert_int_equal(r, E_NOT_FOUND);
        assert_string_equal(err.text, "There is no such record.");
        return;
    }
    assert_int_equal(r, 0);
    for (size_t i = 0; i < members.count; i++)
        assert_true(may(rid_name(members.rids[i])));
}

static void hold_person(int person)
{
    static const char *const queries[] = {"Observation?", "Patient?_total=accurate",
        "Observation?_sort=-date&_total=accurate", "Observation?_sort=date",
        "Observation?status=final&_total=estimate", "Observation?date=ge2025-06",
        "ServiceRequest?status=active,on-hold&_total=accurate",
        "ServiceRequest?_sort=-_lastUpdated", "Task?", "Communication?_total=accurate",
        "DocumentReference?", "Binary?", "List?", "Provenance?", "Procedure?",
        "Apprenticeship?", "Enrolment?", "Course?", "Device?", "MeasureReport?",
        "AuditEvent?", "ClinicalImpression?", "Encounter?", "CareTeam?", "Consent?",
        "Observation?_filter=date ge 2025-06 or not(status eq final)&_total=accurate",
        "Observation?_filter=status eq final or status eq amended&_sort=-date",
        "Patient?_filter=_id eq 1 or gender pr true or name pr false",
        "Observation?status:not=final&_explain=true", "Patient/3/Observation?",
        "?_type=Patient,Observation"};
    struct reader_who who =
        world_who(&world, arena_printf(world.arena, "Practitioner/%d", person),
            pick(4) ? NULL : "Patient/1", NODE_NOW + 1000);
    struct reader *rd = NULL;
    struct search_filter filter;
    struct err err = {0};

    assert_int_equal(
        reader_new(node_reader(&world.node), world.arena, &who, &rd, &err), 0);
    hold_verdicts(rd, &who);
    filter = reader_filter(rd);
    for (size_t i = 0; i < sizeof(queries) / sizeof(queries[0]); i++)
        hold_search(&filter, queries[i]);
    hold_far(&filter);
    hold_everything(&filter, &who, pick(EACH));
    reader_free(rd);
}

static void run_rounds(enum store_kind kind, int rounds)
{
    struct buf b;

    buf_init(&b, 1u << 16);
    for (int round = 0; round < rounds; round++) {
        world_open(&world, kind);
        network_put(&world, &b);
        for (int i = 0; i < PEOPLE; i++)
            hold_person(i);
        world_close(&world);
    }
    buf_done(&b);
}

static void in_memory(void **state)
{
    (void)state;
    run_rounds(STORE_MEMORY, ROUNDS);
}

static void on_disk(void **state)
{
    (void)state;
    run_rounds(STORE_SQLITE, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(in_memory),
        cmocka_unit_test(on_disk),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
