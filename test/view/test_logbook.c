/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Logbooks: what is read of operations and ratings; random histories of both in any order of
 * arrival, held against a list that is made here, and against what a rebuild makes; faults.
 */
#include <stdlib.h>

#include "case_sample.h"
#include "logbook_told.h"
#include "store/fault.h"

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

static void put_sample(const struct operation *s)
{
    struct buf b;

    buf_init(&b, 1 << 16);
    node_put_json(&node, operation_json(&b, s));
    buf_done(&b);
}

static void put_said(const struct said *s)
{
    struct buf b;

    buf_init(&b, 1 << 16);
    node_put_json(&node, said_json(&b, s));
    buf_done(&b);
}

/* ---- by example ---- */

static const struct operation first = {.id = 1,
    .counts = true,
    .day = 3,
    .code = 7,
    .department = 1,
    .parts = {{1, FUNCTION_OPERATOR}, {2, FUNCTION_SUPERVISOR}},
    .part_count = 2};

static void test_operation(void **state)
{
    struct operation s = first;

    (void)state;
    put_sample(&s);
    assert_string_equal(logbook_of(1), "c1:3:p7:operator:000:o1:p1op2s\n");
    assert_string_equal(logbook_of(2), "c1:3:p7:supervisor:000:o1:p1op2s\n");
    assert_string_equal(logbook_of(9), ""); /* without a function of ours */
    assert_string_equal(open_of(1), "c1 3 discharge\n");
    s.results[LOOK_DISCHARGE] = RESULT_WELL;
    put_sample(&s);
    assert_string_equal(logbook_of(1), "c1:3:p7:operator:100:o1:p1op2s\n");
    assert_string_equal(open_of(1), "c1 33 day-30\n");
    s.results[LOOK_DAY_30] = RESULT_SERIOUS;
    s.reviewed = true;
    put_sample(&s);
    assert_string_equal(logbook_of(1), "c1:3:p7:operator:131:o1:p1op2s\n");
    assert_string_equal(open_of(1), "");
    s.results[LOOK_DAY_30] = RESULT_NOT_ASKED; /* who died needs no second look */
    s.results[LOOK_DISCHARGE] = RESULT_DIED;
    put_sample(&s);
    assert_string_equal(open_of(1), "");
    s.results[LOOK_DISCHARGE] = RESULT_NOT_ASKED;
    s.part_count = 3; /* the same person again: the part that counts more */
    s.parts[2] = (struct part){2, FUNCTION_OPERATOR};
    s.department = 0;
    put_sample(&s);
    assert_string_equal(logbook_of(2), "c1:3:p7:operator:001:-:p1op2o\n");
    assert_string_equal(open_of(1), "");
    assert_string_equal(open_of(0), "c1 3 discharge\n");
    s.counts = false;
    put_sample(&s);
    assert_string_equal(logbook_of(1), "");
    assert_string_equal(open_of(0), "");
}

/* Something serious waits until a head has looked at it. */
static void test_event(void **state)
{
    struct operation s = first;

    (void)state;
    s.results[LOOK_DISCHARGE] = RESULT_COMPLICATION;
    put_sample(&s);
    assert_string_equal(events_of(1), "");
    s.results[LOOK_DAY_30] = RESULT_DIED;
    put_sample(&s);
    assert_string_equal(events_of(1), "c1 3\n");
    assert_string_equal(events_of(2), "");
    s.reviewed = true;
    put_sample(&s);
    assert_string_equal(events_of(1), "");
}

/* An older logbook's line is marked, and waits for nobody's word. */
static void test_imported(void **state)
{
    struct operation s = first;

    (void)state;
    s.imported = RESULT_SERIOUS;
    put_sample(&s);
    assert_string_equal(logbook_of(1), "c1:3:p7:operator:030:o1:p1op2s:imported\n");
    {
        struct logbook_request rq = {
            .person = rid_of("Practitioner", 'p', 1), .most = 1000};
        struct logbook_cases cases = {.count = 0};
        struct err err = {0};

        /* whoever does not ask for it does not get it */
        assert_int_equal(
            logbook_cases(node_reader(&node), node.arena, &rq, &cases, &err), 0);
        assert_int_equal(cases.count, 0);
    }
    assert_string_equal(open_of(1), "");
    assert_string_equal(events_of(1), "");
}

/* Of a step one is the operator, of the whole its assistant. */
static void test_steps(void **state)
{
    struct operation s = first;

    (void)state;
    s.parts[0].step = 4;
    s.parts[2] = (struct part){1, FUNCTION_ASSISTANT, 5};
    s.part_count = 3;
    put_sample(&s);
    assert_string_equal(logbook_of(1), "c1:3:p7:assistant:000:o1:p1ap2s:s4o:s5a\n");
    assert_string_equal(logbook_of(2), "c1:3:p7:supervisor:000:o1:p1ap2s\n");
    s.parts[2].step = 0; /* and the whole */
    s.parts[2].function = FUNCTION_OPERATOR;
    put_sample(&s);
    assert_string_equal(logbook_of(1), "c1:3:p7:operator:000:o1:p1op2s:s4o\n");
}

static void test_rating(void **state)
{
    struct said g = {.id = 1, .procedure = 1, .whom = 1, .by = 2, .zwisch = 3};

    (void)state;
    put_said(&g); /* before the operation arrives */
    put_sample(&first);
    assert_string_equal(ratings_of(1, 0), "r1 c1 p2 3 3 0\n");
    assert_string_equal(ratings_of(1, 1), "r1 c1 p2 3 3 0\n");
    assert_string_equal(ratings_of(1, 2), "");
    assert_string_equal(ratings_of(2, 0), "");
    g.zwisch = 4;
    put_said(&g); /* a second replaces the first */
    assert_string_equal(ratings_of(1, 0), "r1 c1 p2 4 4 0\n");
    g.by = 1; /* nobody rates himself */
    put_said(&g);
    assert_string_equal(ratings_of(1, 0), "");
    g.by = 2;
    g.zwisch = 5; /* there is no such level */
    put_said(&g);
    assert_string_equal(ratings_of(1, 0), "");
    g.zwisch = 2;
    put_said(&g);
    assert_string_equal(ratings_of(1, 0), "r1 c1 p2 2 2 0\n");
    g.step = 3; /* of a step */
    put_said(&g);
    assert_string_equal(ratings_of(1, 1), "r1 c1 p2 2 2 0 cut 3\n");
    node_delete(&node, "Observation", "r1");
    assert_string_equal(ratings_of(1, 0), "");
}

/* ---- any history ---- */

#define OPERATIONS 40
#define RATINGS 40
#define PEOPLE 4

static struct operation done[OPERATIONS];
static struct said told[RATINGS];
static bool done_there[OPERATIONS], told_there[RATINGS];

static struct operation random_sample(int id)
{
    struct operation s = {.id = id,
        .counts = unit_between(0, 5) > 0,
        .day = (int)unit_between(-5, 5),
        .code = (int)unit_between(1, 3),
        .department = (int)unit_between(0, 2),
        .part_count = (int)unit_between(0, 3),
        .results = {(enum procedure_result)unit_between(0, RESULTS - 1),
            (enum procedure_result)unit_between(0, RESULTS - 1)},
        .reviewed = unit_between(0, 1),
        .imported = unit_between(0, 3) > 0 ? RESULT_NOT_ASKED : RESULT_SERIOUS};

    for (int i = 0; i < s.part_count; i++)
        s.parts[i] = (struct part){(int)unit_between(1, PEOPLE),
            (enum procedure_function)unit_between(0, FUNCTION_OBSERVER),
            unit_between(0, 2) > 0 ? 0 : (int)unit_between(1, 9)};
    if (s.imported != RESULT_NOT_ASKED)
        s.results[LOOK_DAY_30] = s.imported;
    return s;
}

/* How ${person} takes part in ${s}. */
static enum procedure_function function_of(const struct operation *s, int person)
{
    enum procedure_function best = FUNCTION_NONE;

    for (int i = 0; i < s->part_count; i++) {
        enum procedure_function one = s->parts[i].function;

        if (s->parts[i].step && one == FUNCTION_OPERATOR)
            one = FUNCTION_ASSISTANT;
        if (s->parts[i].who == person && one < best)
            best = one;
    }
    return best;
}

static size_t expected_cases(int person)
{
    size_t count = 0;

    for (int i = 0; i < OPERATIONS; i++)
        count += done_there[i] && done[i].counts &&
                 function_of(&done[i], person) != FUNCTION_NONE;
    return count;
}

static bool rating_counts(int i)
{
    return told_there[i] && told[i].whom != told[i].by && told[i].zwisch >= 1 &&
           told[i].zwisch <= 4;
}

static void check_person(int person)
{
    struct logbook_request rq = {
        .person = rid_of("Practitioner", 'p', person), .imported = true, .most = 1000};
    struct logbook_cases cases = {.count = 0};
    struct logbook_ratings ratings = {.count = 0};
    struct err err = {0};
    size_t expected = 0;

    assert_int_equal(
        logbook_cases(node_reader(&node), node.arena, &rq, &cases, &err), 0);
    assert_int_equal(cases.count, expected_cases(person));
    for (size_t i = 0; i < cases.count; i++) {
        const struct logbook_case *c = &cases.list[i];
        int id = (int)strtol(name_of(c->procedure).p + 1, NULL, 10);
        const struct operation *s = &done[id - 1];

        assert_true(i == 0 || c->when <= cases.list[i - 1].when);
        assert_int_equal(c->when, T + s->day * DAY);
        assert_int_equal(c->function, function_of(s, person));
        assert_int_equal(c->results[0], s->results[0]);
        assert_int_equal(c->results[1], s->results[1]);
        assert_int_equal(c->reviewed, s->reviewed);
        assert_int_equal(c->imported, s->imported != RESULT_NOT_ASKED);
    }
    assert_int_equal(logbook_ratings(node.reader, node.arena, &rq, &ratings, &err), 0);
    for (int i = 0; i < RATINGS; i++)
        expected += rating_counts(i) && told[i].whom == person;
    assert_int_equal(ratings.count, expected);
    for (size_t i = 0; i < ratings.count; i++) {
        int id = (int)strtol(name_of(ratings.list[i].observation).p + 1, NULL, 10);

        assert_int_equal(ratings.list[i].step_count, told[id - 1].step > 0);
        if (told[id - 1].step > 0)
            assert_int_equal(ratings.list[i].steps[0].original, told[id - 1].step);
    }
}

static void check_events(int department)
{
    store_rid at = department ? rid_of("Organization", 'o', department) : 0;
    struct logbook_events found = {.count = 0};
    size_t expected = 0;
    struct err err = {0};

    assert_int_equal(
        logbook_events(node_reader(&node), node.arena, at, 1000, &found, &err), 0);
    for (int i = 0; i < OPERATIONS; i++)
        expected += done_there[i] && done[i].counts && done[i].part_count > 0 &&
                    done[i].department == department &&
                    done[i].imported == RESULT_NOT_ASKED &&
                    procedure_serious(done[i].results, done[i].reviewed);
    assert_int_equal(found.count, expected);
}

static void check_open(int department)
{
    store_rid at = department ? rid_of("Organization", 'o', department) : 0;
    struct logbook_opens found = {.count = 0};
    size_t expected = 0;
    struct err err = {0};

    assert_int_equal(
        logbook_open(node_reader(&node), node.arena, at, 1000, &found, &err), 0);
    for (int i = 0; i < OPERATIONS; i++)
        expected += done_there[i] && done[i].counts && done[i].part_count > 0 &&
                    done[i].department == department &&
                    done[i].imported == RESULT_NOT_ASKED &&
                    procedure_missing(done[i].results) != LOOKS;
    assert_int_equal(found.count, expected);
    for (size_t i = 1; i < found.count; i++)
        assert_true(found.list[i - 1].due <= found.list[i].due);
}

static void random_change(int i)
{
    char id[16];

    if (unit_between(0, 1)) {
        done_there[i] = unit_between(0, 4) > 0;
        done[i] = random_sample(i + 1);
        snprintf(id, sizeof(id), "c%d", i + 1);
        if (done_there[i])
            put_sample(&done[i]);
        else
            node_delete(&node, "Procedure", id);
        return;
    }
    told_there[i] = unit_between(0, 4) > 0;
    told[i] = (struct said){.id = i + 1,
        .procedure = (int)unit_between(1, OPERATIONS),
        .whom = (int)unit_between(1, PEOPLE),
        .by = (int)unit_between(1, PEOPLE),
        .zwisch = (int)unit_between(0, 5),
        .answered = unit_between(0, 1),
        .step = (int)unit_between(0, 2)};
    snprintf(id, sizeof(id), "r%d", i + 1);
    if (told_there[i])
        put_said(&told[i]);
    else
        node_delete(&node, "Observation", id);
}

/* Every row of the view's tables, as text in ${b}. */
static void all_rows(struct buf *b)
{
    for (unsigned table = 0; table < logbook_view.table_count; table++) {
        struct store_cursor *c = NULL;
        struct store_row row;
        struct err err = {0};
        int r = store_cursor_open(
            node_reader(&node), *logbook_view.first_table + table, &c, &err);

        assert_int_equal(r, 0);
        r = store_cursor_seek(c, "", 0, &row, &err);
        for (; r == 1; r = store_cursor_next(c, &row, &err)) {
            for (size_t i = 0; i < row.key_len; i++)
                buf_addf(b, "%02x", row.key[i]);
            buf_addc(b, '=');
            for (size_t i = 0; i < row.value_len; i++)
                buf_addf(b, "%02x", row.value[i]);
            buf_addc(b, '\n');
        }
        assert_int_equal(r, 0);
        store_cursor_close(c);
    }
}

/* The view filled again is the view that was kept step by step. */
static void check_rebuild(void)
{
    struct err err = {0};
    struct buf before;
    struct buf after;

    buf_init(&before, 16 << 20);
    buf_init(&after, 16 << 20);
    all_rows(&before);
    store_read_end(node.reader);
    node.reader = NULL;
    assert_int_equal(store_rebuild(node.store, "logbook", NULL, NULL, &err), 0);
    all_rows(&after);
    assert_true(before.len > 0);
    assert_int_equal(before.len, after.len);
    assert_memory_equal(before.data, after.data, before.len);
    buf_done(&before);
    buf_done(&after);
}

static void test_random(void **state)
{
    (void)state;
    memset(done_there, 0, sizeof(done_there));
    memset(told_there, 0, sizeof(told_there));
    for (int step = 0; step < 600; step++) {
        random_change((int)unit_between(0, OPERATIONS - 1));
        if (step % 20 != 19)
            continue;
        for (int person = 1; person <= PEOPLE; person++)
            check_person(person);
        for (int department = 0; department <= 2; department++) {
            check_open(department);
            check_events(department);
        }
    }
    sample_verify(&node);
    check_rebuild();
}

/* ---- limits and faults ---- */

static void test_most(void **state)
{
    struct logbook_request rq = {.most = 3};
    struct logbook_cases cases = {.count = 0};
    struct err err = {0};

    (void)state;
    for (int i = 1; i <= 5; i++) {
        struct operation s = first;

        s.id = i;
        s.day = i;
        put_sample(&s);
    }
    rq.person = rid_of("Practitioner", 'p', 1);
    assert_int_equal(
        logbook_cases(node_reader(&node), node.arena, &rq, &cases, &err), 0);
    assert_int_equal(cases.count, 3);
    assert_true(cases.more);
    assert_int_equal(cases.list[0].when, T + 5 * DAY);
    rq.most = 10;
    rq.since = T + 4 * DAY;
    assert_int_equal(logbook_cases(node.reader, node.arena, &rq, &cases, &err), 0);
    assert_int_equal(cases.count, 2);
    assert_false(cases.more);
}

static unsigned long try_put(unsigned long (*arm)(unsigned long), unsigned long n,
    const struct operation *s, int *ret)
{
    struct arena *a = arena_new();
    struct buf b;
    struct store_write w = {.operation = STORE_UPDATE, .id = STR("c1")};
    struct store_transaction t = {.writes = &w, .count = 1, .actor = STR("test")};
    struct err err = {0};
    unsigned long counted = 0;

    buf_init(&b, 1 << 16);
    w.body = operation_json(&b, s);
    w.type = fhir_resource_named(STR("Procedure"));
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

/* Each step, or allocation, fails in turn while an operation goes from one operator to
 * another: it is in the logbook of the one or of the other. */
static void faults(unsigned long (*arm)(unsigned long))
{
    unsigned long counted = 0;
    unsigned long refused = 0;
    unsigned long k = 0;
    int at = 1;

    put_sample(&first);
    do {
        struct operation s = first;
        int to = at == 1 ? 3 : 1;
        int r = 0;

        s.parts[0].who = to;
        if (node.reader)
            store_read_end(node.reader);
        node.reader = NULL;
        counted = try_put(arm, ++k, &s, &r);
        refused += r < 0;
        if (*logbook_of(to))
            at = to;
        else
            assert_true(r < 0);
        assert_int_equal(*logbook_of(1) != '\0', at == 1);
        assert_int_equal(*logbook_of(3) != '\0', at == 3);
        assert_true(*logbook_of(2) != '\0');
    } while (counted >= k && k < 5000);
    printf("%lu tries, %lu refused\n", k, refused);
    assert_true(refused > 3);
    sample_verify(&node);
    check_rebuild();
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
    struct logbook_request rq = {.person = *(store_rid *)arg, .most = 10};
    struct logbook_cases cases = {.count = 0};
    struct logbook_ratings ratings = {.count = 0};
    struct logbook_opens found = {.count = 0};
    struct arena *a = arena_new();
    struct err err = {0};
    int r = 0;

    if (!a)
        return E_NOMEM;
    r = logbook_cases(node.reader, a, &rq, &cases, &err);
    if (r == 0)
        r = logbook_ratings(node.reader, a, &rq, &ratings, &err);
    if (r == 0)
        r = logbook_open(node.reader, a, 0, 10, &found, &err);
    arena_free(a);
    return r;
}

static void test_reading_fails(void **state)
{
    struct said g = {.id = 1, .procedure = 1, .whom = 1, .by = 2, .zwisch = 3};
    store_rid person = 0;

    (void)state;
    put_sample(&first);
    put_said(&g);
    person = rid_of("Practitioner", 'p', 1);
    assert_true(unit_fault_loop(read_failing, &person) > 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_operation, open_memory, close_node),
        cmocka_unit_test_setup_teardown(test_operation, open_sqlite, close_node),
        cmocka_unit_test_setup_teardown(test_event, open_memory, close_node),
        cmocka_unit_test_setup_teardown(test_imported, open_memory, close_node),
        cmocka_unit_test_setup_teardown(test_steps, open_memory, close_node),
        cmocka_unit_test_setup_teardown(test_rating, open_memory, close_node),
        cmocka_unit_test_setup_teardown(test_random, open_memory, close_node),
        cmocka_unit_test_setup_teardown(test_random, open_sqlite, close_node),
        cmocka_unit_test_setup_teardown(test_most, open_memory, close_node),
        cmocka_unit_test_setup_teardown(test_steps_fail, open_sqlite, close_node),
        cmocka_unit_test_setup_teardown(test_memory_out, open_sqlite, close_node),
        cmocka_unit_test_setup_teardown(test_reading_fails, open_sqlite, close_node),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
