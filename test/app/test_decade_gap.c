/* SPDX-License-Identifier: Apache-2.0 */
/* The decade's gaps in small: where each stands is what the node would have written, so its own look
 * on the last evening finds nothing to write. */
#include "app/decade_internal.h"
#include "app/gap.h"
#include "app/learn_after.h"
#include "app/network.h"
#include "app/sign_off_lapse.h"
#include "decade.h"
#include "fhir/value.h"

#define GAPS                                                                           \
    "Task?_summary=count&code=https://belay.health/CodeSystem/work|technique-gap"
#define STATE "&business-status=" GAP_STATE_SYSTEM "|"

static struct node node;

/* A rule by which people are signed off after a few cases, and must do two in six weeks: in so small a decade nobody would be. */
static const char quick_rule[] =
    "{\"resourceType\":\"ProcedureRule\",\"id\":\"usual-2\",\"version\":2,"
    "\"source\":\"Of this test\",\"inadequate\":0.6,\"adequate\":0.3,\"horizon\":50,"
    "\"alpha\":0.5,\"highestRate\":0.8,\"confidence\":0.5,\"volume\":2,\"ratings\":1,"
    "\"level\":3,\"assessors\":1,\"rotations\":1,\"outcomeShare\":0.5,"
    "\"recentCases\":3,\"recentDays\":42,\"validMonths\":24,\"failure\":[\"died\"]}";

static void rule_load(void)
{
    const struct app_load_options how = {.actor = STR("test")};
    struct app_load_result result = {0};
    struct app_load *load = NULL;
    struct err err = {0};

    assert_int_equal(app_load_new(node.app, &how, &load, &err), 0);
    assert_int_equal(app_load_text(load, "rule.json", STR(quick_rule), &err), 0);
    assert_int_equal(app_load_end(load, &result, &err), 0);
    assert_int_equal(result.created, 1);
}

static void open_until(int year, uint32_t share, bool quick)
{
    const struct app_decade_options how = {
        .seed = APP_DECADE_SEED, .share = share, .last_year = year};

    time_hold(app_decade_begin());
    node_open(&node, true);
    if (quick)
        rule_load();
    decade_make(&node, &how);
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

/* ---- as it was known then ---- */

/* The indicator's figure of the times that ${asked} says; 0: none. */
static double figure(const char *indicator, const char *asked)
{
    char query[256];
    struct said *s = NULL;
    double value = 0;

    snprintf(query, sizeof(query), "Measure/%s/$evaluate-measure?%s", indicator, asked);
    s = said_status(GET(&node, query), 200);
    value = strtod(said_text(s, "group.0.measureScore.value"), NULL);
    said_free(s);
    return value;
}

/* When a qualification of ${practitioner} lapsed, the first that did; p NULL: none. */
static struct str lapsed(const struct json *practitioner)
{
    struct json_each q = json_each(json_get(practitioner, "qualification"));

    while (json_next(&q)) {
        struct json_each it = json_each(json_get(q.value, "extension"));

        while (json_next(&it)) {
            if (str_is(json_get_text(it.value, "url"), RECENCY_LAPSED_EXTENSION))
                return json_get_text(it.value, "valueDateTime");
        }
    }
    return (struct str){NULL, 0};
}

static utc_ms moment(struct str of)
{
    utc_ms from = 0;
    utc_ms until = 0;

    assert_true(fhir_date_range(of, &from, &until));
    return from;
}

/* What says so was written when it came to pass, or when that was known: what was told late or wrongly moves it by some weeks. */
static void check_lapse(const struct json *practitioner)
{
    struct str when = lapsed(practitioner);
    char query[128];
    struct said *s = NULL;
    struct json_each it;
    utc_ms written = 0;

    snprintf(query, sizeof(query), "Practitioner/%.*s/_history?_count=500",
        (int)json_get_text(practitioner, "id").len,
        json_get_text(practitioner, "id").p);
    s = said_status(GET(&node, query), 200);
    it = json_each(json_get(s->json, "entry")); /* the newest first */
    while (json_next(&it)) {
        const struct json *one = json_get(it.value, "resource");
        struct str then = lapsed(one);

        if (then.p && str_eq(then, when))
            written = moment(json_get_text(json_get(one, "meta"), "lastUpdated"));
    }
    assert_true(written >= moment(when));
    assert_true(written - moment(when) < (utc_ms)40 * 24 * 60 * 60000);
    said_free(s);
}

/* Who has done too few operations, and what was used after return, were known when they came to pass. */
static void check_known_then(void)
{
    struct said *s = said_status(GET(&node, "Practitioner?_count=1000"), 200);
    struct json_each it = json_each(json_get(s->json, "entry"));
    int count = 0;

    while (json_next(&it)) {
        const struct json *one = json_get(it.value, "resource");

        if (!lapsed(one).p)
            continue;
        count++;
        check_lapse(one);
    }
    printf("lapsed: %d\n", count);
    assert_true(count > 0);
    said_free(s);
    assert_true(
        figure("skill-used-within-3-months", "periodStart=2016&periodEnd=2017-06"
                                             "&knownAt=2017-07-01T00:00:00Z") > 0);
}

/* Who began in the first autumn has a degree in the second summer after it, and what departments say that they treat
 * stands in the map from the first January on. */
static void check_degrees_and_lists(void)
{
    static const char listed[] = "moderate-illnesses-listed-locally";

    assert_true(figure("degrees", "periodStart=2017&periodEnd=2017") > 0);
    assert_true(figure("degrees", "periodStart=2015&periodEnd=2016") == 0);
    assert_true(figure(listed, "periodStart=2017&periodEnd=2017") > 0);
    assert_true(
        figure(listed,
            "periodStart=2015&periodEnd=2015&knownAt=2016-01-01T00:00:00Z") == 0);
}

/* Every state is there, and each is the node's. A year in which nothing is done moves them. */
static void the_node_has_nothing_to_add(void **state)
{
    static const char *const codes[] = {"equipped", "first-case", "lapsed", "filled"};
    utc_ms last = decade_evening(decade_day_of(2017, 12, 31));

    (void)state;
    open_until(2017, 5, true);
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
    check_known_then();
    check_degrees_and_lists();
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
    open_until(2016, 12, false);
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
