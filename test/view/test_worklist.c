/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Worklists: what waits for whom, by example; and random cases, filters and pages, held
 * against a list that is filtered and sorted here.
 */
#include "case_sample.h"
#include "each_store.h"
#include "store/fault.h"
#include "view/worklist.h"

#define T 1767225600000LL /* 2026-01-01 */
#define ALL_STATES ((1u << CASE_TASK_STATES) - 1)
#define ALL_URGENCIES 7u
#define WAITS (1u << WORKLIST_WAITS)
#define OPEN (1u << WORKLIST_OPEN)
#define ENDED (1u << WORKLIST_ENDED)

/* The rid of "oN" or "pN"; one that nobody named has none: 1 above all. */
static store_rid rid_of(const char *type, char letter, int n)
{
    unsigned number = fhir_resource_named(str_of(type))->number;
    store_rid rid = store_rid_first(number) + (1 << 20) + n;
    struct err err = {0};
    char id[16];

    snprintf(id, sizeof(id), "%c%d", letter, n);
    if (store_find(node_reader(&node), number, str_of(id), &rid, &err) < 0)
        rid = store_rid_first(number) + (1 << 20) + n;
    return rid;
}

static store_rid unit(int n)
{
    return rid_of("Organization", 'o', n);
}

/* A worklist, as a test asks for it. */
struct look {
    int asking[3]; /* units; 0 ends */
    int asked[3];
    unsigned groups, states, urgencies;
    int mine;
    const struct search_filter *filter;
};

static struct worklist_request request(const struct look *l)
{
    static store_rid asking[3], asked[3];
    struct worklist_request rq = {.asking = asking,
        .asked = asked,
        .groups = l->groups ? l->groups : WAITS | OPEN,
        .states = l->states ? l->states : ALL_STATES,
        .urgencies = l->urgencies ? l->urgencies : ALL_URGENCIES,
        .mine = l->mine ? rid_of("Practitioner", 'p', l->mine) : 0,
        .filter = l->filter,
        .most = 100};

    while (rq.asking_count < 3 && l->asking[rq.asking_count]) {
        asking[rq.asking_count] = unit(l->asking[rq.asking_count]);
        rq.asking_count++;
    }
    while (rq.asked_count < 3 && l->asked[rq.asked_count]) {
        asked[rq.asked_count] = unit(l->asked[rq.asked_count]);
        rq.asked_count++;
    }
    return rq;
}

static void add_names(char *text, size_t size, const struct worklist *w)
{
    struct err err = {0};

    for (size_t i = 0; i < w->count; i++) {
        struct str id = {0};

        assert_int_equal(
            store_name(node.reader, node.arena, w->rows[i].task, &id, &err), 0);
        snprintf(text + strlen(text), size - strlen(text), "%s%.*s%s",
            text[0] ? " " : "", (int)id.len, id.p,
            w->rows[i].group == WORKLIST_WAITS ? "!" : "");
    }
}

/* Ids in order with spaces between; "!" behind what waits for this side. Pages of ${most}. */
static const char *pages(const struct look *l, size_t most)
{
    static char text[20000];
    struct worklist_request rq = request(l);
    struct worklist w = {.count = 0};
    struct err err = {0};
    size_t rows = 0;

    text[0] = '\0';
    rq.most = most;
    do {
        w = (struct worklist){.count = 0};
        rq.count_most = 100000;
        assert_int_equal(
            worklist_read(node_reader(&node), node.arena, &rq, &w, &err), 0);
        add_names(text, sizeof(text), &w);
        rows += w.count;
        assert_true(w.count == most || !w.more);
        if (w.count > 0)
            rq.after = (struct str){
                (const char *)w.rows[w.count - 1].place, w.rows[w.count - 1].place_len};
    } while (w.more);
    assert_int_equal(w.total, rows);
    return text;
}

static const char *list(struct look l)
{
    return pages(&l, 100);
}

static struct case_sample sample(
    int id, enum case_task_state state, enum case_urgency urgency, int minutes)
{
    return (struct case_sample){.id = id,
        .state = state,
        .urgency = urgency,
        .due = T + minutes * 60000LL,
        .asking = 1,
        .asked = {2},
        .asked_count = 1,
        .requester = 1};
}

static void put(
    int id, enum case_task_state state, enum case_urgency urgency, int minutes)
{
    struct case_sample s = sample(id, state, urgency, minutes);

    sample_put(&node, &s);
}

static void test_sides(void **state)
{
    (void)state;
    assert_string_equal(list((struct look){.asking = {1}, .asked = {1}}), "");
    put(1, CASE_TASK_SENT, CASE_ROUTINE, 10);
    put(2, CASE_TASK_ALLOCATED, CASE_URGENT, 20);
    put(3, CASE_TASK_SENT, CASE_EMERGENCY, 30);
    put(4, CASE_TASK_ANSWERED, CASE_ROUTINE, 5);
    put(5, CASE_TASK_INFORMATION_ASKED, CASE_ROUTINE, 4);
    put(6, CASE_TASK_CLOSED, CASE_EMERGENCY, 1);
    put(7, CASE_TASK_DECLINED, CASE_ROUTINE, 2);
    put(8, CASE_TASK_NONE, CASE_ROUTINE, 2);
    /* what waits for a side comes first, then by urgency, then by time */
    assert_string_equal(list((struct look){.asked = {2}}), "c3! c2! c1! c5 c4");
    assert_string_equal(list((struct look){.asking = {1}}), "c5! c4! c3 c2 c1");
    assert_string_equal(
        list((struct look){.asked = {2}, .groups = WAITS}), "c3! c2! c1!");
    /* what has ended: the newest first, and for who asked alone */
    assert_string_equal(list((struct look){.asking = {1}, .groups = ENDED}), "c7 c6");
    assert_string_equal(list((struct look){.asked = {2}, .groups = ENDED}), "");
    assert_string_equal(
        list((struct look){.asking = {1}, .groups = WAITS | ENDED}), "c5! c4! c7 c6");
    assert_string_equal(list((struct look){.asking = {2}, .asked = {1}}), "");
    sample_verify(&node);
}

static void test_steps(void **state)
{
    struct case_sample s = sample(1, CASE_TASK_SENT, CASE_URGENT, 10);

    (void)state;
    sample_put(&node, &s);
    assert_string_equal(list((struct look){.asked = {2}}), "c1!");
    s.asked[1] = 3; /* up the ladder */
    s.asked_count = 2;
    sample_put(&node, &s);
    assert_string_equal(list((struct look){.asked = {2}}), "c1!");
    assert_string_equal(list((struct look){.asked = {3}}), "c1!");
    s.asked[0] = 3; /* elsewhere */
    s.asked_count = 1;
    sample_put(&node, &s);
    assert_string_equal(list((struct look){.asked = {2}}), "");
    assert_string_equal(list((struct look){.asked = {3}}), "c1!");
    s.state = CASE_TASK_ANSWERED;
    sample_put(&node, &s);
    assert_string_equal(list((struct look){.asked = {3}}), "c1");
    assert_string_equal(list((struct look){.asking = {1}}), "c1!");
    s.state = CASE_TASK_CLOSED;
    sample_put(&node, &s);
    assert_string_equal(list((struct look){.asked = {3}}), "");
    assert_string_equal(list((struct look){.asking = {1}}), "");
    assert_string_equal(list((struct look){.asking = {1}, .groups = ENDED}), "c1");
    node_delete(&node, "Task", "c1");
    assert_string_equal(list((struct look){.asking = {1}, .groups = ENDED}), "");
    sample_put(&node, &s);
    sample_verify(&node);
    sample_rebuild(&node, &worklist_view);
}

/* Who asks and is asked meets a case once, at its better place. */
static void test_once(void **state)
{
    struct case_sample s = sample(1, CASE_TASK_SENT, CASE_ROUTINE, 10);

    (void)state;
    s.asked[1] = 3;
    s.asked_count = 2;
    sample_put(&node, &s);
    put(2, CASE_TASK_ANSWERED, CASE_ROUTINE, 11);
    put(3, CASE_TASK_CLOSED, CASE_ROUTINE, 11);
    assert_string_equal(list((struct look){.asking = {1}, .asked = {2, 3}}), "c1! c2!");
    assert_string_equal(
        list((struct look){.asking = {1}, .asked = {2, 3}, .groups = OPEN}), "c1 c2");
    assert_string_equal(
        list((struct look){.asked = {3, 2}, .groups = WAITS | OPEN | ENDED}), "c1! c2");
}

static void test_filters(void **state)
{
    struct case_sample s = sample(1, CASE_TASK_SENT, CASE_ROUTINE, 10);

    (void)state;
    sample_put(&node, &s);
    s = sample(2, CASE_TASK_ALLOCATED, CASE_URGENT, 20);
    s.owner = 7;
    s.requester = 2;
    sample_put(&node, &s);
    s = sample(3, CASE_TASK_ALLOCATED, CASE_URGENT, 30);
    s.owner = 8;
    sample_put(&node, &s);
    assert_string_equal(list((struct look){.asked = {2}, .mine = 7}), "c2!");
    assert_string_equal(list((struct look){.asked = {2}, .mine = 1}), "");
    assert_string_equal(list((struct look){.asking = {1}, .mine = 1}), "c3 c1");
    assert_string_equal(list((struct look){.asking = {1}, .mine = 9}), "");
    assert_string_equal(
        list((struct look){.asked = {2}, .states = 1u << CASE_TASK_SENT}), "c1!");
    assert_string_equal(
        list((struct look){.asked = {2}, .urgencies = 1u << CASE_URGENT}), "c2! c3!");
}

static int odd_only(void *arg, store_rid rid, bool *ret, struct err *err)
{
    struct str id = {0};
    int r = store_name(node.reader, node.arena, rid, &id, err);

    ++*(int *)arg;
    *ret = r == 0 && (id.p[id.len - 1] & 1);
    return r;
}

static int refuses(void *arg, store_rid rid, bool *ret, struct err *err)
{
    (void)arg;
    (void)rid;
    *ret = false;
    return err_set(err, E_IO, NULL, "No.");
}

/* The reader is asked about each row before it counts, and of no other. */
static void test_asks(void **state)
{
    int asked = 0;
    struct search_filter odd = {.arg = &asked, .allows = odd_only};
    struct search_filter bad = {.allows = refuses};
    struct look l = {.asked = {2}, .filter = &odd};
    struct worklist_request rq = {.most = 0};
    struct worklist w = {.count = 7};
    struct err err = {0};

    (void)state;
    for (int i = 1; i <= 9; i++)
        put(i, CASE_TASK_SENT, CASE_ROUTINE, i);
    put(11, CASE_TASK_SENT, CASE_URGENT, 1);
    assert_string_equal(list(l), "c11! c1! c3! c5! c7! c9!");
    asked = 0;
    l.urgencies = 1u << CASE_URGENT;
    assert_string_equal(list(l), "c11!");
    assert_int_equal(asked, 2); /* once for the page, once for the count */
    l.filter = &bad;
    rq = request(&l);
    assert_int_equal(worklist_read(node.reader, node.arena, &rq, &w, &err), E_IO);
    assert_int_equal(w.count, 7);
}

/* What changes between two pages moves nothing else: none is shown twice or left out. */
static void test_stable(void **state)
{
    struct look l = {.asked = {2}};
    struct worklist_request rq;
    struct worklist w = {.count = 0};
    struct err err = {0};
    char text[200] = "";

    (void)state;
    for (int i = 1; i <= 6; i++)
        put(i, CASE_TASK_SENT, CASE_ROUTINE, i);
    rq = request(&l);
    rq.most = 3;
    assert_int_equal(worklist_read(node_reader(&node), node.arena, &rq, &w, &err), 0);
    add_names(text, sizeof(text), &w);
    assert_string_equal(text, "c1! c2! c3!");
    put(3, CASE_TASK_CLOSED, CASE_ROUTINE, 3); /* the edge of the page goes */
    put(7, CASE_TASK_SENT, CASE_EMERGENCY, 0); /* and one comes before it */
    node_delete(&node, "Task", "c5");
    rq.after = (struct str){(const char *)w.rows[2].place, w.rows[2].place_len};
    assert_int_equal(worklist_read(node_reader(&node), node.arena, &rq, &w, &err), 0);
    text[0] = '\0';
    add_names(text, sizeof(text), &w);
    assert_string_equal(text, "c4! c6!");
    assert_false(w.more);
}

/* ---- brute force ---- */

#define CASES 120

static struct case_sample cases[CASES];
static bool there[CASES];

static struct case_sample random_case(int id)
{
    struct case_sample s = {.id = id,
        .state = (enum case_task_state)unit_between(0, CASE_TASK_STATES - 1),
        .urgency = (enum case_urgency)unit_between(0, 2),
        .due = T + unit_between(0, 5) * 60000,
        .asking = (int)unit_between(1, 4),
        .asked_count = (int)unit_between(0, 3),
        .requester = (int)unit_between(0, 3),
        .owner = (int)unit_between(0, 3)};

    for (int i = 0; i < s.asked_count; i++)
        s.asked[i] = (int)unit_between(1, 4);
    return s;
}

static bool among(int n, const int *units, int count)
{
    for (int i = 0; i < count && units[i]; i++) {
        if (units[i] == n)
            return true;
    }
    return false;
}

/* The group in which ${l} shows ${s}; WORKLIST_GROUPS: it does not. */
static unsigned shown(const struct look *l, const struct case_sample *s)
{
    unsigned best = WORKLIST_GROUPS;
    enum case_task_side waits = case_task_waits_for(s->state);

    for (int side = CASE_TASK_ASKING; side <= CASE_TASK_ASKED; side++) {
        unsigned group = waits == CASE_TASK_NOBODY            ? WORKLIST_ENDED
                         : waits == (enum case_task_side)side ? WORKLIST_WAITS
                                                              : WORKLIST_OPEN;
        bool here = false;

        if (side == CASE_TASK_ASKING)
            here = among(s->asking, l->asking, 3);
        for (int i = 0; side == CASE_TASK_ASKED && i < s->asked_count; i++)
            here |= waits != CASE_TASK_NOBODY && among(s->asked[i], l->asked, 3);
        if (l->mine)
            here &= (side == CASE_TASK_ASKING ? s->requester : s->owner) == l->mine;
        if (here && l->groups >> group & 1 && group < best)
            best = group;
    }
    return s->state != CASE_TASK_NONE && l->states >> s->state & 1 &&
                   l->urgencies >> s->urgency & 1
               ? best
               : WORKLIST_GROUPS;
}

static const struct look *sorting;

static int by_place(const void *a, const void *b)
{
    const struct case_sample *x = &cases[*(const int *)a];
    const struct case_sample *y = &cases[*(const int *)b];
    int gx = (int)shown(sorting, x), gy = (int)shown(sorting, y);

    if (gx != gy)
        return gx - gy;
    if (gx != WORKLIST_ENDED && x->urgency != y->urgency)
        return (int)x->urgency - (int)y->urgency;
    if (x->due != y->due)
        return (x->due < y->due ? -1 : 1) * (gx == WORKLIST_ENDED ? -1 : 1);
    return x->id - y->id; /* records are made in order of their ids */
}

static void check_random(const struct look *l)
{
    int order[CASES];
    int count = 0;
    static char text[20000];

    text[0] = '\0';
    for (int i = 0; i < CASES; i++) {
        if (there[i] && shown(l, &cases[i]) != WORKLIST_GROUPS)
            order[count++] = i;
    }
    sorting = l;
    qsort(order, (size_t)count, sizeof(order[0]), by_place);
    for (int i = 0; i < count; i++)
        snprintf(text + strlen(text), sizeof(text) - strlen(text), "%sc%d%s",
            i ? " " : "", cases[order[i]].id,
            shown(l, &cases[order[i]]) == WORKLIST_WAITS ? "!" : "");
    assert_string_equal(pages(l, (size_t)unit_between(1, 12)), text);
    assert_string_equal(pages(l, 200), text);
}

static void random_units(int units[3])
{
    int count = (int)unit_between(0, 3);
    int first = (int)unit_between(1, 4);

    for (int i = 0; i < count; i++)
        units[i] = (first + i - 1) % 4 + 1;
}

static void test_random(void **state)
{
    (void)state;
    for (int i = 0; i < CASES; i++) {
        cases[i] = random_case(i + 1);
        there[i] = true;
        sample_put(&node, &cases[i]);
    }
    for (int round = 0; round < 150; round++) {
        struct look l = {.groups = (unsigned)unit_between(1, 7),
            .states = round % 3 ? ALL_STATES : (unsigned)unit_between(1, ALL_STATES),
            .urgencies = round % 2 ? 7 : (unsigned)unit_between(1, 7),
            .mine = round % 4 ? 0 : (int)unit_between(1, 3)};
        int i = (int)unit_between(0, CASES - 1);

        random_units(l.asking);
        random_units(l.asked);
        check_random(&l);
        there[i] = unit_between(0, 4) > 0;
        if (there[i]) {
            cases[i] = random_case(i + 1);
            sample_put(&node, &cases[i]);
        } else {
            char id[16];

            snprintf(id, sizeof(id), "c%d", i + 1);
            node_delete(&node, "Task", id);
        }
    }
    sample_verify(&node);
    sample_rebuild(&node, &worklist_view);
}

/* ---- faults ---- */

static unsigned long try_put(unsigned long (*arm)(unsigned long), unsigned long n,
    const struct case_sample *s, int *ret)
{
    struct arena *a = arena_new();
    struct buf b;
    struct store_write w = {.operation = STORE_UPDATE, .id = STR("c1")};
    struct store_transaction t = {.writes = &w, .count = 1, .actor = STR("test")};
    struct err err = {0};
    unsigned long counted = 0;

    buf_init(&b, 1 << 16);
    w.body = sample_task(&b, s);
    w.type = fhir_resource_named(STR("Task"));
    assert_int_equal(json_read(a, w.body, 1 << 16, &w.resource, &err), 0);
    arm(n);
    *ret = store_prepare(node.store, a, &w, &err);
    if (*ret == 0)
        *ret = store_commit(node.store, &t, &err);
    counted = arm(0);
    buf_done(&b);
    arena_free(a);
    return counted;
}

/* Each step, or allocation, fails in turn while a case goes from one unit to two others:
 * it is at the old ones or at the new ones. */
static void faults(unsigned long (*arm)(unsigned long))
{
    struct look all = {.asked = {2, 3, 4}};
    unsigned long counted = 0;
    unsigned long refused = 0;
    unsigned long k = 0;
    int at = 2;

    put(1, CASE_TASK_SENT, CASE_ROUTINE, 1);
    do {
        struct case_sample s = sample(1, CASE_TASK_SENT, CASE_ROUTINE, 1);
        int to = at == 2 ? 3 : 2;
        int r = 0;

        s.asked[0] = to;
        s.asked[1] = to == 2 ? 2 : 4;
        s.asked_count = 2;
        if (node.reader)
            store_read_end(node.reader);
        node.reader = NULL;
        counted = try_put(arm, ++k, &s, &r);
        refused += r < 0;
        if (list((struct look){.asked = {to}})[0])
            at = to;
        else
            assert_true(r < 0);
        assert_string_equal(list((struct look){.asked = {2}}), at == 2 ? "c1!" : "");
        assert_string_equal(list((struct look){.asked = {3}}), at == 3 ? "c1!" : "");
        assert_string_equal(list((struct look){.asked = {4}}), at == 3 ? "c1!" : "");
        assert_string_equal(list(all), "c1!");
    } while (counted >= k && k < 5000);
    printf("%lu tries, %lu refused\n", k, refused);
    assert_true(refused > 3);
    sample_verify(&node);
    sample_rebuild(&node, &worklist_view);
}

static void test_steps_fail(void **state)
{
    (void)state;
    faults(store_fail_step);
}

static void test_memory_out(void **state)
{
    (void)state;
    faults(base_fail_alloc);
}

static int read_failing(void *arg)
{
    struct look l = {.asking = {1}, .asked = {2}};
    struct worklist_request rq = request(&l);
    struct worklist w = {.count = 0};
    struct arena *a = arena_new();
    struct err err = {0};
    int r = 0;

    (void)arg;
    if (!a)
        return E_NOMEM;
    rq.count_most = 10;
    r = worklist_read(node.reader, a, &rq, &w, &err);
    arena_free(a);
    return r;
}

static void test_reading_fails(void **state)
{
    (void)state;
    put(1, CASE_TASK_SENT, CASE_ROUTINE, 1);
    put(2, CASE_TASK_ANSWERED, CASE_ROUTINE, 1);
    assert_int_equal(unit(1) > 0, 1);
    assert_true(unit_fault_loop(read_failing, NULL) > 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_sides, open_memory, close_node),
        cmocka_unit_test_setup_teardown(test_sides, open_sqlite, close_node),
        cmocka_unit_test_setup_teardown(test_steps, open_memory, close_node),
        cmocka_unit_test_setup_teardown(test_steps, open_sqlite, close_node),
        cmocka_unit_test_setup_teardown(test_once, open_memory, close_node),
        cmocka_unit_test_setup_teardown(test_filters, open_memory, close_node),
        cmocka_unit_test_setup_teardown(test_asks, open_memory, close_node),
        cmocka_unit_test_setup_teardown(test_stable, open_memory, close_node),
        cmocka_unit_test_setup_teardown(test_random, open_memory, close_node),
        cmocka_unit_test_setup_teardown(test_random, open_sqlite, close_node),
        cmocka_unit_test_setup_teardown(test_steps_fail, open_sqlite, close_node),
        cmocka_unit_test_setup_teardown(test_memory_out, open_sqlite, close_node),
        cmocka_unit_test_setup_teardown(test_reading_fails, open_sqlite, close_node),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
