/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What readers share changes no answer: records are changed and taken out at random, the
 * clock is moved to and fro, and a reader with the memory says of each record and each
 * search what one without it says of the same snapshot, an old one too. And the same with
 * many threads. BELAY_SEED repeats a run.
 */
#include <stdatomic.h>

#include "base/limits.h"
#include "base/thread.h"

#include "reader_network.h"
#include "unit.h"
#include "view/search_internal.h"

#define ROUNDS 4
#define STEPS 20 /* people asked for */
#define CHANGES_EACH 16
#define THREADS 3
#define CHANGES 300

static struct world world;
static struct reader_memory *memory;

static int pick(int count)
{
    return (int)unit_between(0, count - 1);
}

static void told(const struct store_event *e, void *arg)
{
    (void)arg;
    reader_memory_changed(memory, e);
}

static void follow(void)
{
    int64_t position = 0;

    assert_int_equal(store_position(node_reader(&world.node), &position, NULL), 0);
    reader_memory_start(memory, position);
}

static void open_world(enum store_kind kind)
{
    struct buf b;

    buf_init(&b, 1u << 16);
    world_open(&world, kind);
    network_put(&world, &b);
    buf_done(&b);
    memory = reader_memory_new();
    assert_non_null(memory);
    follow();
    store_listen(world.node.store, told, NULL);
}

static void close_world(void)
{
    world_close(&world);
    reader_memory_free(memory);
}

/* ---- two readers of one snapshot ---- */

struct pair {
    struct store_reader *snapshot;
    struct arena *arena;
    struct reader_who who;
    struct reader *with, *without;
};

static void pair_open(
    struct pair *p, struct store_reader *snapshot, const struct reader_who *who)
{
    struct err err = {0};

    *p = (struct pair){.snapshot = snapshot, .arena = arena_new(), .who = *who};
    assert_int_equal(reader_new(snapshot, p->arena, &p->who, &p->without, &err), 0);
    p->who.memory = memory;
    assert_int_equal(reader_new(snapshot, p->arena, &p->who, &p->with, &err), 0);
}

static void pair_close(struct pair *p)
{
    reader_free(p->with);
    reader_free(p->without);
    arena_free(p->arena);
}

static void hold_record(struct pair *p, store_rid rid)
{
    struct reader_verdict a = {0}, b = {0};
    struct err err = {0};

    assert_int_equal(reader_allows(p->without, rid, &a, &err), 0);
    assert_int_equal(reader_allows(p->with, rid, &b, &err), 0);
    if (a.allowed != b.allowed || a.reason != b.reason)
        fail_msg("%.*s, %s %lld: %s without, %s with", (int)p->who.practitioner.len,
            p->who.practitioner.p, fhir_type_numbered(store_rid_type(rid))->name,
            (long long)(rid & 0xffffffffff), reader_reason_word(a.reason),
            reader_reason_word(b.reason));
}

static void hold_search(
    struct pair *p, const char *type, const char *name, const char *value)
{
    const struct search_pair pairs[] = {
        {str_of(name), str_of(value)}, {STR("_count"), STR("1000")}};
    struct search_filter filters[2] = {
        reader_filter(p->without), reader_filter(p->with)};
    struct search_page pages[2] = {{0}};
    struct err err = {0};

    for (int i = 0; i < 2; i++) {
        struct search_request rq = {.type = fhir_resource_named(str_of(type))->number,
            .pairs = pairs,
            .pair_count = 2,
            .bases = p->who.bases,
            .filter = &filters[i],
            .now = p->who.now};
        struct search_query *q = NULL;

        if (search_parse(p->arena, &rq, NULL, &q, &err) < 0 ||
            search_run(p->snapshot, p->arena, q, &pages[i], &err) < 0)
            fail_msg("%s?%s=%s: %s", type, name, value, err.text);
    }
    assert_int_equal(pages[0].count, pages[1].count);
    for (size_t i = 0; i < pages[0].count; i++) {
        bool live = false;

        assert_int_equal(pages[0].hits[i].rid, pages[1].hits[i].rid);
        assert_int_equal(store_live(p->snapshot, pages[0].hits[i].rid, &live, &err), 0);
        assert_true(live);
    }
}

/* One page of ${text}; ${cursor} and ${*ret_next} lie in the pair's arena. */
static void one_page(struct pair *p, const struct search_filter *filter,
    const char *type, const struct search_pair pairs[3], struct str cursor,
    struct search_page *ret)
{
    struct search_request rq = {.type = fhir_resource_named(str_of(type))->number,
        .pairs = pairs,
        .pair_count = 3,
        .bases = p->who.bases,
        .filter = filter,
        .cursor = cursor,
        .now = p->who.now};
    struct search_query *q = NULL;
    struct err err = {0};

    if (search_parse(p->arena, &rq, NULL, &q, &err) < 0 ||
        search_run(p->snapshot, p->arena, q, ret, &err) < 0)
        fail_msg("%s by %.*s: %s", type, (int)pairs[0].value.len, pairs[0].value.p,
            err.text);
}

static bool same_text(struct str a, struct str b)
{
    return (!a.p && !b.p) || (a.p && b.p && str_eq(a, b));
}

static struct search_pair third_pair(const char *type)
{
    int which = pick(strcmp(type, "Observation") == 0 ? 3 : 2);

    if (which == 2)
        return (struct search_pair){STR("status"), STR("final")};
    return (struct search_pair){
        which ? STR("_id:not") : STR("_total"), STR("accurate")};
}

/* Page by page there and back, ${sort} perhaps narrowed: both give the same pages, with the
 * same cursors and totals; but one that was not asked for may be left out. */
static void hold_pages(struct pair *p, const char *type, const char *sort)
{
    const struct search_pair pairs[] = {{STR("_sort"), str_of(sort)},
        {STR("_count"), str_of(arena_printf(p->arena, "%d", 1 + pick(6)))},
        third_pair(type)};
    struct search_filter filters[2] = {
        reader_filter(p->without), reader_filter(p->with)};
    struct str cursor = {NULL, 0};
    bool back = false;

    for (int left = pick(12); left >= 0; left--) {
        struct search_page pages[2] = {{0}};

        for (int i = 0; i < 2; i++)
            one_page(p, &filters[i], type, pairs, cursor, &pages[i]);
        if (pages[0].count != pages[1].count ||
            (pages[0].total != pages[1].total &&
                (pages[1].total != -1 || str_is(pairs[2].name, "_total"))))
            fail_msg("%.*s, %s by %s: %zu of %lld without, %zu of %lld with",
                (int)p->who.practitioner.len, p->who.practitioner.p, type, sort,
                pages[0].count, (long long)pages[0].total, pages[1].count,
                (long long)pages[1].total);
        for (size_t i = 0; i < pages[0].count; i++)
            if (pages[0].hits[i].rid != pages[1].hits[i].rid)
                fail_msg("%.*s, %s by %s, %zu of %zu: %lld without, %lld with",
                    (int)p->who.practitioner.len, p->who.practitioner.p, type, sort, i,
                    pages[0].count, (long long)pages[0].hits[i].rid & 0xffffff,
                    (long long)pages[1].hits[i].rid & 0xffffff);
        assert_true(same_text(pages[0].next, pages[1].next));
        assert_true(same_text(pages[0].previous, pages[1].previous));
        back = pick(4) == 0 ? !back : back;
        cursor = back ? pages[0].previous : pages[0].next;
        if (!cursor.p)
            cursor = back ? pages[0].next : pages[0].previous;
        if (!cursor.p)
            return;
    }
}

static void hold_orders(struct pair *p)
{
    static const char *const orders[][2] = {{"Observation", "-date"},
        {"Observation", "date"}, {"Observation", "-_lastUpdated"},
        {"ServiceRequest", "-_lastUpdated"}, {"Patient", "_lastUpdated"},
        {"Communication", "-_lastUpdated"}, {"Encounter", "-_lastUpdated"},
        {"Task", "_lastUpdated"}, {"CareTeam", "-_lastUpdated"},
        {"Observation", "-date,_id"}};

    for (int i = 0; i < 4; i++) {
        size_t at = (size_t)pick((int)(sizeof(orders) / sizeof(orders[0])));

        hold_pages(p, orders[at][0], orders[at][1]);
    }
}

static void hold_searches(struct pair *p)
{
    hold_orders(p);

    hold_search(p, "Observation", "_total", "accurate");
    hold_search(p, "Observation", "_sort", "-date");
    hold_search(p, "Observation", "status", "final");
    hold_search(p, "ServiceRequest", "status", "active,on-hold");
    hold_search(p, "Patient", "_total", "accurate");
    hold_search(p, "Patient", "_revinclude", "Observation:subject");
    hold_search(p, "Communication", "_include", "Communication:based-on");
    hold_search(p, "Task", "_total", "accurate");
    hold_search(p, "Binary", "_total", "accurate");
    hold_search(p, "Observation", "subject:Patient.organization", "Organization/h0");
}

/* Every record of the world, of the person at hand, in ${snapshot}. */
static void hold_person(struct store_reader *snapshot, const struct reader_who *who,
    const store_rid *rids, size_t count)
{
    struct pair p;

    pair_open(&p, snapshot, who);
    if (pick(2))
        hold_searches(&p);
    for (size_t i = 0; i < count; i++)
        hold_record(&p, rids[(i * 7 + count / 3) % count]);
    if (pick(2))
        hold_searches(&p);
    pair_close(&p);
}

static void move_clock(void)
{
    static const int64_t days[] = {-800, -2, -1, 0, 0, 0, 1, 500};

    world.now = NODE_NOW + days[pick((int)(sizeof(days) / sizeof(days[0])))] * 86400000;
}

static struct reader_who somebody(void)
{
    return world_who(&world,
        arena_printf(world.arena, "Practitioner/%d", pick(NETWORK_PEOPLE)),
        pick(5) ? NULL : arena_printf(world.arena, "Patient/%d", pick(NETWORK_EACH)),
        NODE_NOW + 1000);
}

/* A snapshot of some time ago, held against the memory of now. */
static void hold_old(struct store_reader **old, const struct reader_who *who,
    const store_rid *rids, size_t count)
{
    struct err err = {0};

    if (*old && pick(3) == 0)
        hold_person(*old, who, rids, count);
    if (*old && pick(4) == 0) {
        store_read_end(*old);
        *old = NULL;
    }
    if (!*old)
        assert_int_equal(store_read_begin(world.node.store, old, &err), 0);
}

/* The same person before and after each of a few changes. */
static void hold_changes(
    struct buf *b, struct store_reader **old, const store_rid *rids, size_t count)
{
    struct reader_who who = {.now = 0};
    int person = pick(NETWORK_PEOPLE);

    move_clock();
    if (pick(10) == 0) { /* as around a bulk load */
        reader_memory_stop(memory);
        if (pick(2))
            network_change(&world, b);
        follow();
    }
    for (int i = 0; i < CHANGES_EACH; i++) {
        search_tuning.sorted_by_looking = pick(3) ? 1000 : (uint64_t)pick(4);
        who = world_who(&world, arena_printf(world.arena, "Practitioner/%d", person),
            pick(5) ? NULL
                    : arena_printf(world.arena, "Patient/%d", pick(NETWORK_EACH)),
            NODE_NOW + 1000);
        hold_person(node_reader(&world.node), &who, rids, count);
        hold_old(old, &who, rids, count);
        for (int k = pick(3); k >= 0; k--)
            network_change(&world, b);
        if (pick(8) == 0)
            move_clock();
    }
    search_tuning.sorted_by_looking = 1000;
}

static void run_rounds(enum store_kind kind, int rounds)
{
    static store_rid rids[WORLD_MOST];
    struct store_reader *old = NULL;
    struct buf b;

    buf_init(&b, 1u << 16);
    for (int round = 0; round < rounds; round++) {
        open_world(kind);
        for (size_t i = 0; i < world.count; i++)
            rids[i] = world_rid(&world, world_name(&world, world.records[i]));
        for (int step = 0; step < STEPS; step++)
            hold_changes(&b, &old, rids, world.count);
        store_read_end(old);
        old = NULL;
        close_world();
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
    run_rounds(STORE_SQLITE, 1);
}

/* ---- shortlists spare what they are for ---- */

static size_t asked;

struct counting {
    struct search_filter own;
};

static int count_ever(void *arg, store_rid rid, bool *ret, struct err *err)
{
    const struct counting *c = arg;

    asked++;
    return c->own.ever(c->own.arg, rid, ret, err);
}

static int count_allows(void *arg, store_rid rid, bool *ret, struct err *err)
{
    const struct counting *c = arg;

    return c->own.allows(c->own.arg, rid, ret, err);
}

static int give_list(void *arg, const struct search_order *order,
    const struct search_shortlist **ret, struct err *err)
{
    const struct counting *c = arg;

    return c->own.shortlist(c->own.arg, order, ret, err);
}

static void give_learned(
    void *arg, const struct search_order *order, const struct search_shortlist *longer)
{
    const struct counting *c = arg;

    c->own.learned(c->own.arg, order, longer);
}

/* How many records of others a first page is looked for among. */
static size_t looked_at(const struct reader_who *who, size_t *ret_count)
{
    const struct search_pair pairs[] = {{STR("_sort"), STR("-date")},
        {STR("_count"), STR("2")}, {STR("_total"), STR("none")}};
    struct counting c;
    const struct search_filter filter = {.arg = &c,
        .allows = count_allows,
        .shortlist = give_list,
        .ever = count_ever,
        .learned = give_learned};
    struct search_page page = {0};
    struct pair p;

    asked = 0;
    pair_open(&p, node_reader(&world.node), who);
    c.own = reader_filter(p.with);
    one_page(&p, &filter, "Observation", pairs, (struct str){NULL, 0}, &page);
    *ret_count = page.count;
    pair_close(&p);
    return asked;
}

/* Two hospitals; the newer half of the observations is the other's. */
static void spares(void **state)
{
    struct reader_who who;
    size_t count = 0;

    (void)state;
    open_world(STORE_MEMORY);
    world_put(&world, "{'resourceType':'Organization','id':'own'}");
    world_put(&world, "{'resourceType':'Organization','id':'other'}");
    world_put(&world, "{'resourceType':'Practitioner','id':'doctor'}");
    world_put(&world,
        "{'resourceType':'PractitionerRole','id':'doctor','practitioner':{"
        "'reference':'Practitioner/doctor'},'organization':{'reference':"
        "'Organization/own'},'code':[{'coding':[{'code':'clinician'}]}]}");
    for (int i = 0; i < 2; i++)
        world_put(
            &world, arena_printf(world.arena,
                        "{'resourceType':'Patient','id':'p%d','managingOrganization':"
                        "{'reference':'Organization/%s'}}",
                        i, i ? "other" : "own"));
    for (int i = 0; i < 200; i++)
        world_put(
            &world, arena_printf(world.arena,
                        "{'resourceType':'Observation','id':'o%d','effectiveDateTime':"
                        "'2030-%02d-%02d','subject':{'reference':'Patient/p%d'}}",
                        i, 1 + i / 20, 1 + i % 20, i / 100));
    who = world_who(&world, "Practitioner/doctor", NULL, 0);
    assert_true(looked_at(&who, &count) >= 100);
    assert_int_equal(count, 2);
    assert_int_equal(looked_at(&who, &count), 0);
    assert_int_equal(count, 2);
    world_put(&world, "{'resourceType':'Observation','id':'new','effectiveDateTime':"
                      "'2031','subject':{'reference':'Patient/p0'}}");
    world_put(&world, "{'resourceType':'Communication','id':'aside','status':'final'}");
    assert_int_equal(looked_at(&who, &count), 0);
    assert_int_equal(count, 2);
    close_world();
}

/* A team that a case was sent to takes a department in: what the case lists comes. */
static void teams(void **state)
{
    static const char team[] =
        "{'resourceType':'CareTeam','id':'team','participant':[{'member':{"
        "'reference':'Organization/%s'}}]}";
    struct reader_who who;
    size_t count = 0;

    (void)state;
    open_world(STORE_MEMORY);
    world_put(&world, "{'resourceType':'Organization','id':'own','address':[{'country':"
                      "'CN'}]}");
    world_put(&world, "{'resourceType':'Organization','id':'other','address':[{"
                      "'country':'CN'}]}");
    world_put(&world, "{'resourceType':'Practitioner','id':'expert'}");
    world_put(&world,
        "{'resourceType':'PractitionerRole','id':'expert','practitioner':{"
        "'reference':'Practitioner/expert'},'organization':{'reference':"
        "'Organization/own'},'code':[{'coding':[{'code':'expert'}]}]}");
    world_put(&world, "{'resourceType':'Patient','id':'p','managingOrganization':{"
                      "'reference':'Organization/other'}}");
    world_put(&world,
        "{'resourceType':'Observation','id':'o','effectiveDateTime':'2030',"
        "'subject':{'reference':'Patient/p'}}");
    world_put(&world, "{'resourceType':'ServiceRequest','id':'c','status':'active',"
                      "'intent':'order','subject':{'reference':'Patient/p'},"
                      "'performer':[{'reference':'CareTeam/team'}],"
                      "'supportingInfo':[{'reference':'Observation/o'}]}");
    world_put(&world, arena_printf(world.arena, team, "other"));
    who = world_who(&world, "Practitioner/expert", NULL, 0);
    looked_at(&who, &count);
    assert_int_equal(count, 0);
    world_put(&world, arena_printf(world.arena, team, "own"));
    looked_at(&who, &count);
    assert_int_equal(count, 1);
    close_world();
}

/* ---- many threads ---- */

static atomic_bool over;

struct asker {
    pthread_t thread;
    struct reader_who who;
    const store_rid *rids;
    size_t count;
    uint64_t random;
    size_t asked; /* how many snapshots */
};

static void *ask_on(void *arg)
{
    struct asker *a = arg;

    while (!atomic_load(&over) || a->asked < 3) {
        struct store_reader *snapshot = NULL;
        struct err err = {0};
        struct pair p;

        assert_int_equal(store_read_begin(world.node.store, &snapshot, &err), 0);
        pair_open(&p, snapshot, &a->who);
        for (size_t i = 0; i < 100; i++) {
            a->random = a->random * 6364136223846793005u + 1442695040888963407u;
            hold_record(&p, a->rids[(a->random >> 33) % a->count]);
        }
        hold_search(&p, "Observation", "_sort", "-date");
        hold_orders(&p);
        hold_search(&p, "ServiceRequest", "status", "active");
        pair_close(&p);
        store_read_end(snapshot);
        a->asked++;
    }
    return NULL;
}

static void with_threads(enum store_kind kind)
{
    static store_rid rids[WORLD_MOST];
    struct asker askers[THREADS];
    struct err err = {0};
    struct buf b;

    buf_init(&b, 1u << 16);
    open_world(kind);
    atomic_store(&over, false);
    for (size_t i = 0; i < world.count; i++)
        rids[i] = world_rid(&world, world_name(&world, world.records[i]));
    for (int i = 0; i < THREADS; i++) {
        askers[i] = (struct asker){.who = somebody(),
            .rids = rids,
            .count = world.count,
            .random = (uint64_t)pick(1 << 30)};
        assert_int_equal(
            thread_start(&askers[i].thread, "asker", ask_on, &askers[i], &err), 0);
    }
    for (int i = 0; i < CHANGES; i++)
        network_change(&world, &b);
    atomic_store(&over, true);
    for (int i = 0; i < THREADS; i++)
        pthread_join(askers[i].thread, NULL);
    close_world();
    buf_done(&b);
}

static void threads_in_memory(void **state)
{
    (void)state;
    for (int i = 0; i < 3; i++)
        with_threads(STORE_MEMORY);
}

static void threads_on_disk(void **state)
{
    (void)state;
    with_threads(STORE_SQLITE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(in_memory),
        cmocka_unit_test(on_disk),
        cmocka_unit_test(spares),
        cmocka_unit_test(teams),
        cmocka_unit_test(threads_in_memory),
        cmocka_unit_test(threads_on_disk),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
