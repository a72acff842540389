/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Facts of indicators: random histories of postings and of operations, changed, corrected and
 * deleted. At each
 * position of the log, looked at afterwards, the facts are those that a list made here holds;
 * and a rebuild makes the same rows.
 */
#include "indicator_node.h"
#include "view/indicator.h"

#define PEOPLE 5
#define UNITS 3
#define POSTINGS 12
#define STEPS 160
#define DAYS 60

/* What a posting says. */
struct posting {
    bool there, expert, active, team, until_known;
    unsigned who, unit;
    int from, until; /* days, both included */
};

/* What all postings said after each step. */
static struct posting told[STEPS + 1][POSTINGS];
static int64_t position[STEPS + 1];

/* ---- histories ---- */

static void put_day(struct buf *b, const char *name, int day)
{
    char text[TIME_ISO_MAX];

    time_iso(DAY_0 + day * DAY, text);
    buf_addf(b, "\"%s\":\"%.10s\"", name, text);
}

static void put_posting(int id, const struct posting *p)
{
    char name[8];
    struct buf b;

    snprintf(name, sizeof(name), "p%d", id);
    if (!p->there) {
        node_delete(&node, "PractitionerRole", name);
        return;
    }
    buf_init(&b, 4096);
    buf_addf(&b, "{\"resourceType\":\"PractitionerRole\",\"id\":\"%s\",\"active\":%s,",
        name, p->active ? "true" : "false");
    if (p->team)
        buf_adds(&b,
            "\"extension\":[{\"url\":\"https://belay.health/StructureDefinition/"
            "posting-team\",\"valueReference\":{\"reference\":\"Organization/"
            "team\"}}],");
    buf_addf(&b,
        "\"practitioner\":{\"reference\":\"Practitioner/w%u\"},\"organization\":{"
        "\"reference\":\"Organization/u%u\"},\"code\":[{\"coding\":[{\"system\":"
        "\"https://belay.health/CodeSystem/role\",\"code\":\"%s\"}]}],\"period\":{",
        p->who, p->unit, p->expert ? "expert" : "nurse");
    put_day(&b, "start", p->from);
    if (p->until_known) {
        buf_adds(&b, ",");
        put_day(&b, "end", p->until);
    }
    buf_adds(&b, "}}");
    node_put_json(&node, (struct str){buf_cstr(&b), b.len});
    buf_done(&b);
}

static struct posting any_posting(void)
{
    struct posting p = {.there = any(6) > 0,
        .expert = any(5) > 0,
        .active = any(7) > 0,
        .team = any(3) > 0,
        .until_known = any(3) > 0,
        .who = (unsigned)any(PEOPLE),
        .unit = (unsigned)any(UNITS),
        .from = any(DAYS)};

    p.until = p.from + any(20);
    return p;
}

/* One step: a posting is said otherwise; often only its end, or nothing at all. */
static void step(int n)
{
    int id = any(POSTINGS);
    struct posting *p = &told[n][id];

    memcpy(told[n], told[n - 1], sizeof(told[n]));
    if (p->there && any(3) == 0) {
        p->until_known = true;
        p->until = p->from + any(20);
    } else if (!p->there || any(8) > 0) {
        *p = any_posting();
    }
    put_posting(id, p);
    position[n] = position_now();
}

/* ---- what the list says ---- */

static bool counts(const struct posting *p)
{
    return p->there && p->expert && p->active && (p->team || p->until_known);
}

/* People posted on at least one of the days, at ${unit} (UNITS: anywhere). */
static int persons(const struct posting *list, int from, int until, unsigned unit)
{
    int n = 0;

    for (unsigned who = 0; who < PEOPLE; who++) {
        bool posted = false;

        for (int i = 0; i < POSTINGS; i++) {
            const struct posting *p = &list[i];

            posted =
                posted ||
                (counts(p) && p->who == who && (unit == UNITS || p->unit == unit) &&
                    p->from <= until && (!p->until_known || p->until >= from));
        }
        n += posted;
    }
    return n;
}

/* ---- what the view says ---- */

static const struct indicator_define *experts(size_t *ret_index)
{
    const struct indicator_defines *all = NULL;
    const struct indicator_define *d = NULL;
    struct err err = {0};

    if (indicator_defines(&all, &err) < 0)
        fail_msg("%s %s", err.path, err.text);
    d = indicator_find(all, STR("experts-deployed"));
    assert_non_null(d);
    *ret_index = (size_t)(d - all->list);
    return d;
}

static uint32_t number_of(const struct indicator_cell *cell)
{
    struct str name = {NULL, 0};
    struct err err = {0};

    assert_true(cell->rid != 0);
    assert_int_equal(
        store_name(node_reader(&node), node.arena, cell->rid, &name, &err), 0);
    return (uint32_t)(name.p[1] - '0');
}

static void compare(int step, int from, int until)
{
    struct indicator_request rq = {.from = UTC_MS_MIN,
        .until = DAY_0 + (until + 1) * DAY,
        .known = position[step],
        .stratum = 1, /* department */
        .filter = INDICATOR_NO_AXIS};
    struct indicator_question q = {.count = INDICATOR_DISTINCT,
        .rule = INDICATOR_OVERLAPS,
        .period = {DAY_0 + from * DAY, DAY_0 + (until + 1) * DAY},
        .stratum_count = UNITS};
    struct indicator_answer answer;
    struct indicator_rows rows;
    struct indicator_fact *facts = NULL;
    struct err err = {0};

    rq.define = experts(&rq.index);
    assert_int_equal(
        indicator_rows(node_reader(&node), node.arena, &rq, &rows, &err), 0);
    facts = arena_array(node.arena, rows.count + 1, sizeof(*facts));
    assert_non_null(facts);
    for (size_t i = 0; i < rows.count; i++)
        facts[i] = (struct indicator_fact){.from = rows.list[i].from,
            .until = rows.list[i].until,
            .thing = number_of(&rows.list[i].cells[0]),
            .stratum = number_of(&rows.list[i].cells[INDICATOR_CELL_STRATUM])};
    assert_int_equal(
        indicator_compute(node.arena, &q, facts, rows.count, &answer, &err), 0);
    assert_int_equal(answer.figure, persons(told[step], from, until, UNITS));
    for (unsigned u = 0; u < UNITS; u++)
        assert_int_equal(answer.strata[u], persons(told[step], from, until, u));
}

static void compare_all(void)
{
    for (int n = 0; n <= STEPS; n++) {
        int from = any(DAYS);

        compare(n, from, from);
        compare(n, from, from + any(30));
        compare(n, 0, DAYS + 30);
        arena_reset(node.arena);
    }
}

static void test_histories(void **state)
{
    (void)state;
    memset(told, 0, sizeof(told));
    position[0] = position_now();
    for (int n = 1; n <= STEPS; n++)
        step(n);
    compare_rebuilt(compare_all);
}

/* ---- firsts ---- */

#define OPERATIONS 14
#define CODES 3

struct operation {
    bool there;
    unsigned code, unit;
    int day;
};

static struct operation done[STEPS + 1][OPERATIONS];

static void put_operation(int id, const struct operation *o)
{
    char name[8];
    struct buf b;

    snprintf(name, sizeof(name), "x%d", id);
    if (!o->there) {
        node_delete(&node, "Procedure", name);
        return;
    }
    buf_init(&b, 4096);
    buf_addf(&b,
        "{\"resourceType\":\"Procedure\",\"id\":\"%s\",\"status\":\"completed\","
        "\"subject\":{\"reference\":\"Patient/p\"},\"code\":{\"coding\":[{\"system\":"
        "\"https://belay.health/CodeSystem/procedure\",\"code\":\"c%u\"}]},"
        "\"performer\":[{\"actor\":{\"reference\":\"Practitioner/w1\"}}],"
        "\"extension\":[{\"url\":\"https://belay.health/StructureDefinition/"
        "operation-department\",\"valueReference\":{\"reference\":\"Organization/"
        "u%u\"}}"
        "],",
        name, o->code, o->unit);
    put_day(&b, "performedDateTime", o->day);
    buf_adds(&b, "}");
    node_put_json(&node, (struct str){buf_cstr(&b), b.len});
    buf_done(&b);
}

/* The day of the first; INT32_MAX: there is none. */
static int first_of(const struct operation *list, unsigned code, unsigned unit)
{
    int day = INT32_MAX;

    for (int i = 0; i < OPERATIONS; i++) {
        if (list[i].there && list[i].code == code && list[i].unit == unit &&
            list[i].day < day)
            day = list[i].day;
    }
    return day;
}

/* Each thing's first before ${until}, and nothing else. */
static void compare_firsts(int step, int until)
{
    const struct indicator_defines *all = NULL;
    struct indicator_request rq = {.from = UTC_MS_MIN,
        .until = DAY_0 + until * DAY,
        .known = position[step],
        .stratum = INDICATOR_NO_AXIS,
        .filter = INDICATOR_NO_AXIS};
    struct indicator_rows rows;
    struct err err = {0};
    size_t expected = 0;

    assert_int_equal(indicator_defines(&all, &err), 0);
    rq.define = indicator_find(all, STR("techniques-introduced"));
    assert_non_null(rq.define);
    rq.index = (size_t)(rq.define - all->list);
    assert_int_equal(
        indicator_rows(node_reader(&node), node.arena, &rq, &rows, &err), 0);
    for (unsigned c = 0; c < CODES; c++) {
        for (unsigned u = 0; u < UNITS; u++)
            expected += first_of(done[step], c, u) < until;
    }
    assert_int_equal(rows.count, expected);
    for (size_t i = 0; i < rows.count; i++) {
        const struct indicator_row *row = &rows.list[i];

        assert_int_equal(
            row->from, DAY_0 + DAY * first_of(done[step],
                                         (unsigned)(row->cells[0].text.p[1] - '0'),
                                         number_of(&row->cells[1])));
        assert_true(i == 0 || rows.list[i - 1].from <= row->from);
    }
}

static void compare_all_firsts(void)
{
    for (int n = 0; n <= STEPS; n++) {
        compare_firsts(n, any(DAYS));
        compare_firsts(n, DAYS);
        arena_reset(node.arena);
    }
}

static void test_firsts(void **state)
{
    (void)state;
    memset(done, 0, sizeof(done));
    position[0] = position_now();
    for (int n = 1; n <= STEPS; n++) {
        int id = any(OPERATIONS);

        memcpy(done[n], done[n - 1], sizeof(done[n]));
        done[n][id] = (struct operation){
            any(4) > 0, (unsigned)any(CODES), (unsigned)any(UNITS), any(DAYS)};
        put_operation(id, &done[n][id]);
        position[n] = position_now();
    }
    compare_rebuilt(compare_all_firsts);
}

/* ---- how much one record may say ---- */

/* May a record of ${type} be written that has ${part} so many times in its list ${list}? */
static bool may_say(
    const char *type, const char *head, const char *list, const char *part, int count)
{
    struct arena *a = arena_new();
    const struct json *record = NULL;
    struct err err = {0};
    struct buf b;
    int r = 0;

    assert_non_null(a);
    buf_init(&b, 1 << 20);
    buf_addf(&b, "{\"resourceType\":\"%s\",%s,\"%s\":[", type, head, list);
    for (int i = 0; i < count; i++)
        buf_addf(&b, "%s%s", i ? "," : "", part);
    buf_adds(&b, "]}");
    assert_int_equal(
        json_read(a, (struct str){b.data, b.len}, 1 << 20, &record, &err), 0);
    r = indicator_check(a, fhir_resource_named(str_of(type)), record, &err);
    if (r < 0) {
        assert_int_equal(r, E_TOO_LARGE);
        assert_non_null(strstr(err.text, "at most 500 facts"));
    }
    buf_done(&b);
    arena_free(a);
    return r == 0;
}

#define POSTED                                                                         \
    "\"code\":[{\"coding\":[{\"system\":\"https://belay.health/CodeSystem/role\","     \
    "\"code\":\"expert\"}]}],\"practitioner\":{\"reference\":\"Practitioner/x\"},"     \
    "\"period\":{\"start\":\"2020-01-01\",\"end\":\"2020-12-31\"}"
#define LEAVE                                                                          \
    "{\"description\":\"Leave\",\"during\":{\"start\":\"2020-03-01\",\"end\":"         \
    "\"2020-03-02\"}}"
#define COMMITTED                                                                      \
    "\"status\":\"committed\",\"title\":\"x\",\"amount\":{\"value\":1,\"currency\":"   \
    "\"CNY\"}"
#define PAID "{\"on\":\"2020-03-01\",\"amount\":1,\"use\":\"training\"}"

static void test_what_would_not_be_counted_is_refused(void **state)
{
    (void)state;
    assert_true(may_say("PractitionerRole", POSTED, "notAvailable", LEAVE, 256));
    assert_false(may_say("PractitionerRole", POSTED, "notAvailable", LEAVE, 257));
    assert_true(may_say("Funding", COMMITTED, "payment", PAID, 500));
    assert_false(may_say("Funding", COMMITTED, "payment", PAID, 501));
    assert_true(may_say("Funding", COMMITTED, "note", PAID, 501)); /* no figure's */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_would_not_be_counted_is_refused),
        cmocka_unit_test_setup_teardown(test_histories, open_memory, close_node),
        cmocka_unit_test_setup_teardown(test_histories, open_sqlite, close_node),
        cmocka_unit_test_setup_teardown(test_firsts, open_memory, close_node),
        cmocka_unit_test_setup_teardown(test_firsts, open_sqlite, close_node),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
