/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Facts of proportions and of values: random histories of the Tasks of cases, answered in time or
 * late, told otherwise and deleted. At each position of the log, looked at afterwards, numerator,
 * denominator, median and limit are those that a list made here has; and a rebuild makes
 * the same rows.
 */
#include <stdlib.h>

#include "indicator_node.h"
#include "view/indicator.h"

#define CASES 12
#define STEPS 120
#define MINUTE ((utc_ms)60 * 1000)
#define DAYS 30

/* What a Task says. */
struct told {
    bool there, answered, withdrawn;
    int day;      /* sent, at midnight */
    int minutes;  /* until the answer */
    int paused;   /* seconds of these */
    int promised; /* minutes */
};

static struct told told[STEPS + 1][CASES];
static int64_t position[STEPS + 1];

/* ---- histories ---- */

static void put_moment(struct buf *b, const char *name, utc_ms at)
{
    char text[TIME_ISO_MAX];

    time_iso(at, text);
    buf_addf(b, "{\"url\":\"%s\",\"valueInstant\":\"%s\"},", name, text);
}

static void put_case(int id, const struct told *c)
{
    utc_ms sent = DAY_0 + c->day * DAY;
    char name[8];
    struct buf b;

    snprintf(name, sizeof(name), "c%d", id);
    if (!c->there) {
        node_delete(&node, "Task", name);
        return;
    }
    buf_init(&b, 4096);
    buf_addf(&b,
        "{\"resourceType\":\"Task\",\"id\":\"%s\",\"status\":\"%s\",\"intent\":"
        "\"order\",\"code\":{\"coding\":[{\"system\":\"https://belay.health/"
        "CodeSystem/task\",\"code\":\"answer-case\"}]},\"extension\":[{\"url\":"
        "\"https://belay.health/StructureDefinition/case-clock\",\"extension\":[",
        name, c->withdrawn ? "cancelled" : "in-progress");
    put_moment(&b, "sent", sent);
    put_moment(&b, "answer-by", sent + c->promised * MINUTE);
    if (c->answered)
        put_moment(&b, "answered", sent + c->minutes * MINUTE);
    buf_addf(&b, "{\"url\":\"paused-seconds\",\"valueInteger\":%d}]}]}", c->paused);
    node_put_json(&node, (struct str){buf_cstr(&b), b.len});
    buf_done(&b);
}

static struct told any_case(void)
{
    struct told c = {.there = any(6) > 0,
        .answered = any(4) > 0,
        .withdrawn = any(6) == 0,
        .day = any(DAYS),
        .minutes = any(200),
        .promised = 1 + any(200)};

    c.paused = any(c.minutes * 60 + 1);
    return c;
}

/* ---- what the list says ---- */

struct expected {
    int64_t all, met, limited, median, ninety;
};

static int value_cmp(const void *one, const void *other)
{
    const int64_t *a = one;
    const int64_t *b = other;

    return *a < *b ? -1 : *a > *b;
}

static bool is_sent(const struct told *c, int until)
{
    return c->there && c->day < until;
}

static struct expected proportion(const struct told *list, int until)
{
    struct expected e = {0};

    for (int i = 0; i < CASES; i++) {
        if (!is_sent(&list[i], until) || list[i].withdrawn)
            continue;
        e.all++;
        e.met += list[i].answered && list[i].minutes <= list[i].promised;
    }
    return e;
}

/* In ten-thousandths of minutes; ${worked}: without pauses. */
static struct expected values(const struct told *list, int until, bool worked)
{
    struct expected e = {0};
    int64_t took[CASES];

    for (int i = 0; i < CASES; i++) {
        const struct told *c = &list[i];
        int64_t off = worked ? c->paused : 0;

        if (!is_sent(c, until) || !c->answered)
            continue;
        took[e.all++] = (((int64_t)c->minutes * 60 - off) * 10000 + 59) / 60;
        e.limited++;
        e.met += c->minutes <= c->promised;
    }
    if (e.all == 0)
        return e;
    qsort(took, (size_t)e.all, sizeof(took[0]), value_cmp);
    e.median = (took[(e.all - 1) / 2] + took[e.all / 2]) / 2;
    for (int64_t i = e.all; i-- > 0;) {
        if ((i + 1) * 10 >= e.all * 9) /* the first that nine of ten do not pass */
            e.ninety = took[i];
    }
    return e;
}

/* ---- what the view says ---- */

/* "12.5" in ten-thousandths. */
static int64_t amount_of(struct str text)
{
    double value = 0;

    assert_non_null(text.p);
    assert_int_equal(
        sscanf(arena_strndup(node.arena, text.p, text.len), "%lf", &value), 1);
    return (int64_t)(value * 10000 + 0.5);
}

static void take(const struct indicator_define *d, const struct indicator_row *row,
    struct indicator_fact *f)
{
    struct str met = row->cells[INDICATOR_CELL_MET].text;

    *f = (struct indicator_fact){.from = row->from,
        .until = row->until,
        .stratum = INDICATOR_NO_STRATUM,
        .met = str_is(met, "1")};
    if (d->scoring == INDICATOR_PROPORTION)
        return;
    f->amount = amount_of(row->cells[INDICATOR_CELL_AMOUNT].text);
    f->limited = met.p != NULL;
}

static void compare(int step, int until, const char *id, const struct expected *e)
{
    const struct indicator_defines *all = NULL;
    struct indicator_request rq = {.from = DAY_0,
        .until = DAY_0 + until * DAY,
        .known = position[step],
        .stratum = INDICATOR_NO_AXIS,
        .filter = INDICATOR_NO_AXIS};
    struct indicator_question q = {.count = INDICATOR_EVERY,
        .rule = INDICATOR_BEGINS,
        .period = {DAY_0, DAY_0 + until * DAY}};
    struct indicator_answer answer = {0};
    struct indicator_rows rows = {0};
    struct indicator_fact *facts = NULL;
    struct err err = {0};

    assert_int_equal(indicator_defines(&all, &err), 0);
    rq.define = indicator_find(all, str_of(id));
    assert_non_null(rq.define);
    rq.index = (size_t)(rq.define - all->list);
    q.scoring = rq.define->scoring;
    assert_int_equal(
        indicator_rows(node_reader(&node), node.arena, &rq, &rows, &err), 0);
    facts = arena_array(node.arena, rows.count + 1, sizeof(*facts));
    assert_non_null(facts);
    for (size_t i = 0; i < rows.count; i++)
        take(rq.define, &rows.list[i], &facts[i]);
    assert_int_equal(
        indicator_compute(node.arena, &q, facts, rows.count, &answer, &err), 0);
    assert_int_equal(answer.figure, e->all);
    assert_int_equal(answer.measured[0].met, e->met);
    assert_int_equal(answer.measured[0].limited, e->limited);
    assert_int_equal(answer.measured[0].median, e->median);
    assert_int_equal(answer.measured[0].ninety, e->ninety);
}

static void compare_all(void)
{
    for (int n = 0; n <= STEPS; n++) {
        int until = 1 + any(DAYS);
        struct expected e = proportion(told[n], until);

        compare(n, until, "answers-in-time", &e);
        e = values(told[n], until, false);
        compare(n, until, "first-answer-time", &e);
        e = values(told[n], until, true);
        compare(n, until, "first-answer-time-worked", &e);
        arena_reset(node.arena);
    }
}

static void test_histories(void **state)
{
    (void)state;
    memset(told, 0, sizeof(told));
    position[0] = position_now();
    for (int n = 1; n <= STEPS; n++) {
        int id = any(CASES);

        memcpy(told[n], told[n - 1], sizeof(told[n]));
        told[n][id] = any_case();
        put_case(id, &told[n][id]);
        position[n] = position_now();
    }
    compare_rebuilt(compare_all);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_histories, open_memory, close_node),
        cmocka_unit_test_setup_teardown(test_histories, open_sqlite, close_node),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
