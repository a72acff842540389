/* SPDX-License-Identifier: Apache-2.0 */
/* The decade's gaps in small: where each stands is what the node would have written, so its own look
 * on the last evening finds nothing to write. */
#include "app/decade_internal.h"
#include "app/gap.h"
#include "app/learn_after.h"
#include "app/sign_off_lapse.h"
#include "decade.h"

#define GAPS                                                                           \
    "Task?_summary=count&code=https://belay.health/CodeSystem/work|technique-gap"
#define STATE "&business-status=" GAP_STATE_SYSTEM "|"

static struct node node;

static void open_until(int year, uint32_t share)
{
    const struct app_decade_options how = {
        .seed = APP_DECADE_SEED, .share = share, .last_year = year};

    open_decade(&node, true, &how);
}

static int total(const char *query)
{
    return said_total(GET(&node, query));
}

static size_t written_by(int (*run)(struct app *app, const atomic_bool *stop,
                             utc_ms now, size_t *ret, struct err *err),
    utc_ms at)
{
    struct err err = {0};
    size_t written = 0;

    time_hold(at);
    if (run(node.app, NULL, at, &written, &err) < 0)
        fail_msg("looking: %s", err.text);
    time_hold(0);
    return written;
}

/* Every state is there, and each is the node's. A year in which nothing is done moves them. */
static void the_node_has_nothing_to_add(void **state)
{
    static const char *const codes[] = {"equipped", "first-case", "lapsed", "filled"};
    utc_ms last = decade_evening(decade_day_of(2017, 12, 31));

    (void)state;
    open_until(2017, 8);
    for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
        char query[256];

        snprintf(query, sizeof(query), GAPS STATE "%s", codes[i]);
        printf("%s: %d\n", codes[i], total(query));
        assert_true(total(query) > 0);
    }
    assert_int_equal(written_by(gap_run, last), 0);
    /* nor of who has done too few operations, and of what was learnt away */
    assert_int_equal(written_by(sign_off_lapse_run, last), 0);
    assert_int_equal(written_by(learn_after_run, last), 0);
    assert_true(written_by(gap_run, last + (utc_ms)365 * 24 * 60 * 60000) > 0);
    assert_true(written_by(learn_after_run, last + (utc_ms)365 * 24 * 60 * 60000) > 0);
    node_close(&node);
}

/* Who went since August handed over: the end of each post was looked at, and some took something on before. */
static void check_handovers(void)
{
    struct said *s = NULL;
    struct json_each it;
    int ended = 0;
    int taken = 0;

    s = said_status(node_ask(&node, (struct ask){.method = APP_GET,
                                        .path = "Handover?_count=500",
                                        .space = APP_PROGRAMME}),
        200);
    it = json_each(json_get(s->json, "entry"));
    while (json_next(&it)) {
        const struct json *departure =
            json_get(json_get(it.value, "resource"), "departure");
        int64_t acknowledged = 0;

        ended += departure != NULL;
        taken += text_int(json_text(json_get(departure, "acknowledged")), 1, INT32_MAX,
            &acknowledged);
    }
    said_free(s);
    assert_true(ended > taken && taken > 0);
}

/* The same after two autumns. */
static void nor_at_another_end(void **state)
{
    (void)state;
    open_until(2016, 12);
    assert_true(total(GAPS) > 0);
    assert_int_equal(
        written_by(gap_run, decade_evening(decade_day_of(2016, 12, 31))), 0);
    check_handovers();
    node_close(&node);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_node_has_nothing_to_add),
        cmocka_unit_test(nor_at_another_end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
