/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Figures of cases, each computed by hand in its comment: how soon they were taken and answered,
 * and what people are told of few of them.
 */
#include "fhir/value.h"
#include "indicator.h"

#define ENTERED 1700000000000LL /* 2023-11-14 */
#define MINUTE ((utc_ms)60 * 1000)

/* A case as the node that took it writes it; minutes since it was sent, 0: not. */
struct told {
    const char *id, *sent, *asked, *priority, *status;
    int taken, answered, paused;
};

/*
 * county asks surgery and medicine of twin. Promised: taken within 5, 30, 30, answered within 15,
 * 240, 1440 minutes, and pauses (in minutes) on top.
 *
 *   of 2021    taken  answered   in time
 *   c1 stat        3        10   both
 *   c2 stat        6        20   neither
 *   c3 urgent     20       200   both          60 of it waiting for information
 *   c4 urgent     40       300   the answer    60 of it waiting: 240 + 60 were promised
 *   c5 routine    10       100   both
 *   c6 routine    30      1440   both          at the last moment
 *   c7 routine   100      1500   neither
 *   c8 routine                   declined
 *   c9 routine                   withdrawn
 */
static const struct told cases[] = {
    {"c1", "2021-02-01T08:00:00Z", "surgery", "stat", "completed", 3, 10, 0},
    {"c2", "2021-02-02T08:00:00Z", "surgery", "stat", "completed", 6, 20, 0},
    {"c3", "2021-02-03T08:00:00Z", "surgery", "urgent", "completed", 20, 200, 60},
    {"c4", "2021-02-04T08:00:00Z", "medicine", "urgent", "completed", 40, 300, 60},
    {"c5", "2021-02-05T08:00:00Z", "medicine", "routine", "in-progress", 10, 100, 0},
    {"c6", "2021-02-06T08:00:00Z", "medicine", "routine", "completed", 30, 1440, 0},
    {"c7", "2021-02-07T08:00:00Z", "medicine", "routine", "completed", 100, 1500, 0},
    {"c8", "2021-02-08T08:00:00Z", "surgery", "routine", "rejected", 0, 0, 0},
    {"c9", "2021-02-09T08:00:00Z", "surgery", "routine", "cancelled", 0, 0, 0},
};

static const char *after(struct arena *a, utc_ms sent, const char *name, int minutes)
{
    char iso[TIME_ISO_MAX];

    time_iso(sent + minutes * MINUTE, iso);
    return arena_printf(a, "{'url':'%s','valueInstant':'%s'},", name, iso);
}

static void put_case(const struct told *c)
{
    struct arena *a = arena_new();
    bool stat = strcmp(c->priority, "stat") == 0;
    int promised = stat ? 15 : strcmp(c->priority, "urgent") == 0 ? 240 : 1440;
    utc_ms sent = 0, hi = 0;

    assert_true(fhir_date_range(str_of(c->sent), &sent, &hi));
    put(arena_printf(a, "Task/%s", c->id),
        arena_printf(a,
            "'status':'%s','intent':'order','priority':'%s','code':{'coding':[{"
            "'system':'https://belay.health/CodeSystem/task','code':'answer-case'}]},"
            "'for':{'reference':'Patient/p1'},'extension':[{'url':"
            "'https://belay.health/StructureDefinition/case-clock','extension':["
            "%s%s%s%s%s{'url':'paused-seconds','valueInteger':%d}]},{'url':"
            "'https://belay.health/StructureDefinition/case-sides','extension':[{"
            "'url':'asking','valueReference':{'reference':'Organization/county'}},{"
            "'url':'asked','valueReference':{'reference':'Organization/%s'}}]}]",
            c->status, c->priority, after(a, sent, "sent", 0),
            after(a, sent, "allocate-by", stat ? 5 : 30),
            after(a, sent, "answer-by", promised + c->paused),
            c->taken ? after(a, sent, "allocated", c->taken) : "",
            c->answered ? after(a, sent, "answered", c->answered) : "", c->paused * 60,
            c->asked));
    arena_free(a);
}

static int open_node(void **state)
{
    (void)state;
    time_hold(ENTERED);
    node_open(&node, true);
    put("Organization/county", "'name':'County'");
    put("Organization/twin", "'name':'Twin','address':[{'state':'Beijing'}]");
    put("Organization/surgery", "'name':'Surgery'," PART_OF("twin"));
    put("Organization/medicine", "'name':'Medicine'," PART_OF("twin"));
    put("Patient/p1", "'gender':'female'");
    put_person("coordinator", "coordinator", NULL);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        put_case(&cases[i]);
    /* of 2020: ten routine cases, of which five were answered late */
    for (int i = 0; i < 10; i++) {
        char id[8];

        snprintf(id, sizeof(id), "d%d", i);
        put_case(&(struct told){id, "2020-03-01T08:00:00Z", "surgery", "routine",
            "completed", 10 + i, i < 5 ? 60 : 2000, 0});
    }
    return 0;
}

static int close_node(void **state)
{
    (void)state;
    node_close(&node);
    time_hold(0);
    return 0;
}

#define YEAR(y) "periodStart=" y "&periodEnd=" y

static void answers_take_time(void **state)
{
    struct arena *a = arena_new();

    (void)state;
    /* 10 20 100 200 300 1440 1500; nine of ten of seven are all seven; 5 in time */
    assert_string_equal(measured_for(a, NULL, "first-answer-time", YEAR("2021")),
        "7 200.00 p90=1500.00 within=5 limited=7");
    /* without an hour of c3 and of c4: 10 20 100 140 240 1440 1500 */
    assert_string_equal(measured_for(a, NULL, "first-answer-time-worked", YEAR("2021")),
        "7 140.00 p90=1500.00 within=5 limited=7");
    assert_string_equal(
        measured_for(a, NULL, "first-answer-time", YEAR("2021") "&stratifier=urgency"),
        "7 200.00 p90=1500.00 within=5 limited=7; "
        "routine: 3 1440.00 p90=1500.00 within=2 limited=3; "
        "stat: 2 15.00 p90=20.00 within=1 limited=2; "
        "urgent: 2 250.00 p90=300.00 within=2 limited=2");
    /* c1, c2, c3 were sent to the surgery: 10 20 200 */
    assert_string_equal(
        measured_for(a, NULL, "first-answer-time",
            YEAR("2021") "&stratum=asked-department%7COrganization/surgery"),
        "3 20.00 p90=200.00 within=2 limited=3");
    /* 3 6 10 20 30 40 100 */
    assert_string_equal(measured_for(a, NULL, "allocation-time", YEAR("2021")),
        "7 20.00 p90=100.00 within=4 limited=7");
    assert_string_equal(measured_for(a, NULL, "allocation-time", YEAR("2019")), "0");
    arena_free(a);
}

static void answers_come_in_time(void **state)
{
    struct arena *a = arena_new();

    (void)state;
    /* c1, c3, c4, c5, c6 of all but c9 */
    assert_string_equal(measured_for(a, NULL, "answers-in-time", YEAR("2021")),
        "5/8 0.6250 low=0.3057 high=0.8632");
    assert_string_equal(
        measured_for(a, NULL, "answers-in-time", YEAR("2021") "&stratifier=urgency"),
        "5/8 0.6250 low=0.3057 high=0.8632; "
        "routine: 2/4 0.5000 low=0.1500 high=0.8500; "
        "stat: 1/2 0.5000 low=0.0945 high=0.9055; "
        "urgent: 2/2 1.0000 low=0.3424 high=1.0000");
    arena_free(a);
}

/* People are told no few: not of all, not of a part, not of its rest. */
static void few_are_not_told(void **state)
{
    struct arena *a = arena_new();

    (void)state;
    /* 5 of 10 */
    assert_string_equal(measured_for(a, "coordinator", "answers-in-time", YEAR("2020")),
        "5/10 0.5000 low=0.2366 high=0.7634");
    /* 5 of 8: three were not */
    assert_string_equal(
        measured_for(a, "coordinator", "answers-in-time", YEAR("2021")), "*/*");
    /* seven values, of which two are over */
    assert_string_equal(
        measured_for(a, "coordinator", "first-answer-time", YEAR("2021")),
        "7 200.00 p90=1500.00");
    assert_string_equal(
        measured_for(a, "coordinator", "first-answer-time", YEAR("2020")),
        "10 1030.00 p90=2000.00 within=5 limited=10");
    /* only years that are over */
    assert_string_equal(measured_for(a, "coordinator", "first-answer-time",
                            "periodStart=2021-02&periodEnd=2021-02"),
        "403");
    arena_free(a);
}

static bool is_met(struct said *s, size_t row)
{
    const struct json *parameter = json_at(json_get(s->json, "parameter"), row);
    const struct json *part = json_at(json_get(parameter, "part"), 1);

    assert_true(str_is(json_get_text(part, "name"), "met"));
    return json_kind(json_get(part, "valueBoolean")) == JSON_TRUE;
}

/* Who reads the Tasks sees which were met; of the others a coordinator learns how many. */
static void rows_say_what_was_met(void **state)
{
    struct said *s = said_status(
        node_ask(&node, (struct ask){.method = APP_GET,
                            .path = "Measure/answers-in-time/$explain?" YEAR(
                                "2021") "&stratum=urgency%7Cstat"}),
        200);
    struct arena *a = arena_new();

    (void)state;
    assert_string_equal(
        said_text(s, "parameter.0.part.0.valueReference.reference"), "Task/c2");
    assert_false(is_met(s, 0));
    assert_string_equal(
        said_text(s, "parameter.1.part.0.valueReference.reference"), "Task/c1");
    assert_true(is_met(s, 1));
    said_free(s);
    assert_string_equal(
        rows_for(a, "coordinator", "answers-in-time", YEAR("2020")), "others=10");
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers_take_time),
        cmocka_unit_test(answers_come_in_time),
        cmocka_unit_test(few_are_not_told),
        cmocka_unit_test(rows_say_what_was_met),
    };

    return cmocka_run_group_tests(tests, open_node, close_node);
}
