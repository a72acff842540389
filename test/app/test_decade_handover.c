/* SPDX-License-Identifier: Apache-2.0 */
/* The decade's handovers in small: what each is said to have left open, and to have handed over, is
 * what the node finds in the records that evening; and whom they name, the node would let them name. */
#include "app/decade_internal.h"
#include "app/handover_internal.h"
#include "decade.h"

static struct node node;

/* A day on which posts of the second batch have ended, when the third is arriving. */
static day_number last_day(void)
{
    return decade_day_of(2017, 8, 13);
}

static int open_until_then(void **state)
{
    const struct app_decade_options how = {
        .seed = APP_DECADE_SEED, .share = 2, .last_day = last_day()};

    (void)state;
    open_decade(&node, true, &how);
    return 0;
}

static int close_node(void **state)
{
    (void)state;
    node_close(&node);
    return 0;
}

static int64_t number(const struct json *holder, const char *name)
{
    int64_t value = -1;

    if (json_get(holder, name))
        assert_true(text_int(json_text(json_get(holder, name)), 0, INT32_MAX, &value));
    return value;
}

static struct said *all_handovers(void)
{
    return said_status(node_ask(&node, (struct ask){.method = APP_GET,
                                           .path = "Handover?_count=1000",
                                           .space = APP_PROGRAMME}),
        200);
}

/* What nobody held when it ended: what fell to the head that evening is held since. */
static int64_t orphans_of(const struct handover_pack *pack, utc_ms now)
{
    int64_t count = 0;

    for (size_t i = 0; i < pack->items.count; i++) {
        const struct handover_item *item = &pack->items.list[i];

        count += !item->stays && (!item->holds || item->fell_on == now);
    }
    return count;
}

/* Whoever was named for ${item} may go on with it. */
static void check_taker(const struct seek *s, const struct handover_post *post,
    const struct handover_item *item)
{
    struct handover_taker taker;
    struct err err = {0};
    bool may = false;

    assert_int_equal(handover_taker_init(s, post, item->successor, &taker, &err), 0);
    assert_int_equal(handover_may_take(s, post, item, &taker, &may, &err), 0);
    handover_taker_done(&taker);
    if (!may)
        fail_msg("%.*s may not take over %.*s", (int)item->successor.len,
            item->successor.p, (int)item->reference.len, item->reference.p);
}

/* Returns how many things of it were given to somebody. */
static int check_pack(struct str id, const struct json *departure, utc_ms now)
{
    struct store_reader *snapshot = NULL;
    struct seek s = {node.app, NULL, arena_new()};
    struct handover_pack pack;
    struct err err = {0};
    bool there = false;
    int given = 0;

    assert_int_equal(store_read_begin(app_store(node.app), &snapshot, &err), 0);
    s.snapshot = snapshot;
    assert_int_equal(handover_pack(&s, id, now, &pack, &there, &err), 0);
    assert_true(there);
    assert_int_equal(pack.total.all, number(departure, "items"));
    assert_int_equal(pack.total.acknowledged, number(departure, "acknowledged"));
    assert_int_equal(pack.index, number(departure, "index"));
    assert_int_equal(pack.overlap_days, number(departure, "overlapDays"));
    assert_int_equal(orphans_of(&pack, now), number(departure, "orphans"));
    for (size_t i = 0; i < pack.items.count; i++) {
        if (!pack.items.list[i].successor.p)
            continue;
        check_taker(&s, &pack.post, &pack.items.list[i]);
        given++;
    }
    store_read_end(snapshot);
    arena_free(s.a);
    return given;
}

/* Of those whose posts ended by the last evening. */
static void the_node_finds_the_same(void **state)
{
    utc_ms now = decade_evening(last_day());
    struct said *s = all_handovers();
    struct json_each it = json_each(json_get(s->json, "entry"));
    char evening[TIME_ISO_MAX];
    int ended = 0, given = 0;

    (void)state;
    time_iso(now, evening);
    while (json_next(&it)) {
        const struct json *one = json_get(it.value, "resource");
        const struct json *departure = json_get(one, "departure");

        if (!str_is(json_get_text(departure, "time"), evening))
            continue;
        given += check_pack(json_get_text(one, "id"), departure, now);
        ended++;
    }
    said_free(s);
    printf("%d posts ended with %d things given to somebody\n", ended, given);
    assert_true(ended > 2 && given > 2);
}

static double figure(const char *measure, int year)
{
    char query[128];
    struct said *s = NULL;
    double value = 0;

    snprintf(query, sizeof(query),
        "Measure/%s/$evaluate-measure?periodStart=%d&periodEnd=%d", measure, year,
        year);
    s = said_status(GET(&node, query), 200);
    value = strtod(said_text(s, "group.0.measureScore.value"), NULL);
    said_free(s);
    return value;
}

/* Of each year's departures more is handed over than not, and not all. */
static void each_year_has_a_figure(void **state)
{
    (void)state;
    for (int year = 2016; year <= 2017; year++) {
        printf("%d: %.1f %%, %.0f orphans\n", year, figure("handover", year),
            figure("handover-orphans", year));
        assert_true(figure("handover", year) >= 30);
        assert_true(figure("handover-orphans", year) > 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_year_has_a_figure),
        cmocka_unit_test(the_node_finds_the_same),
    };

    return cmocka_run_group_tests(tests, open_until_then, close_node);
}
