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

/*
 * Courses of 2022, a case each: what its milestones say ("!" before a code), and whose it is.
 *
 *         intent    complete  what came of it
 *   m1    transfer  yes       outcome after 5 days: the patient could stay, 310 km, 400 minutes
 *   m2    transfer  no        outcome after 8 days: could stay, 120 km
 *   m3    transfer  yes       sent elsewhere, answered
 *   m4    stay      yes       outcome after 31 days
 *   m5              yes       declined
 *   m6              not told  outcome after 30 days
 *   m7              yes       a transfer that arrived
 *   m8                        one of before there were milestones
 */
static const struct {
    const char *id, *patient, *course;
} courses[] = {
    {"m1", "p1",
        "sent=03-01 kind=!advice distance=!200-400-km intent=!transfer complete=true "
        "kilometres=310 way-minutes=400 answered=03-02 outcome=03-07 outcome-days=5 "
        "avoided=true"},
    {"m2", "p1",
        "sent=03-02 kind=!advice distance=!100-200-km intent=!transfer complete=false "
        "kilometres=120 answered=03-03 outcome=03-11 outcome-days=8 avoided=true"},
    {"m3", "p1",
        "sent=03-03 kind=!advice intent=!transfer complete=true rerouted=03-04 "
        "answered=03-05"},
    {"m4", "p1",
        "sent=03-04 kind=!advice intent=!stay complete=true answered=03-05 "
        "outcome=04-05 outcome-days=31 avoided=true"},
    {"m5", "p2", "sent=03-05 kind=!advice complete=true declined=03-06"},
    {"m6", "p2",
        "sent=03-06 kind=!advice answered=03-07 outcome=04-06 outcome-days=30 "
        "avoided=false"},
    {"m7", "p2",
        "sent=03-07 kind=!transfer complete=true answered=03-08 departed=03-08 "
        "arrived=03-09"},
    {"m8", "p2", ""},
};

/* One part of a course, as it stands in the extension. */
static const char *part_of(struct arena *a, struct str name, struct str value)
{
    bool moment = value.len == 5 && value.p[2] == '-';
    bool number = !moment && value.p[0] >= '0' && value.p[0] <= '9';
    const char *type = moment                                 ? "Instant':'2022-"
                       : value.p[0] == '!'                    ? "Code':'"
                       : number && str_is(name, "kilometres") ? "Decimal':"
                       : number                               ? "Integer':"
                                                              : "Boolean':";

    if (value.p[0] == '!')
        value = (struct str){value.p + 1, value.len - 1};
    return arena_printf(a, "{'url':'%.*s','value%s%.*s%s}", (int)name.len, name.p, type,
        (int)value.len, value.p,
        moment                        ? "T08:00:00Z'"
        : strchr(type, 0)[-1] == '\'' ? "'"
                                      : "");
}

static void put_course(const char *id, const char *patient, const char *course)
{
    struct arena *a = arena_new();
    struct str rest = str_of(course);
    const char *parts = "";

    while (rest.p && rest.len > 0) {
        struct str value = str_cut(&rest, ' ');
        struct str name = str_cut(&value, '=');

        parts = arena_printf(
            a, "%s%s%s", parts, *parts ? "," : "", part_of(a, name, value));
    }
    put(arena_printf(a, "Task/%s", id),
        arena_printf(a,
            "'status':'in-progress','intent':'order','priority':'routine','code':{"
            "'coding':[{'system':'https://belay.health/CodeSystem/task','code':"
            "'answer-case'}]},'for':{'reference':'Patient/%s'},'extension':[{'url':"
            "'https://belay.health/StructureDefinition/case-sides','extension':[{"
            "'url':'asking','valueReference':{'reference':'Organization/county'}}]}%s%s"
            "%s]",
            patient,
            *parts ? ",{'url':'https://belay.health/StructureDefinition/"
                     "case-milestones','extension':["
                   : "",
            parts, *parts ? "]}" : ""));
    arena_free(a);
}

#define MARK(code)                                                                     \
    "'coding':[{'system':'https://belay.health/CodeSystem/case-record','code':'" code  \
    "'}]"
#define PLAN(code, patient, period)                                                    \
    "'status':'active','intent':'plan','subject':{'reference':'Patient/" patient       \
    "'},'category':[{" MARK(code) "}],'period':{" period "}"
#define MEETING(status, day)                                                           \
    "'status':'" status "','appointmentType':{" MARK(                                  \
        "mdt") "},'start':'" day "T08:00:00Z','end':'" day                             \
               "T09:00:00Z','participant':[{'status':'accepted','actor':{'reference':" \
               "'Practitioner/coordinator'}}]"

/* Two meetings took place; p1 was watched over New Year, p2 in March; p1 had two plans. */
static void put_beside(void)
{
    put("Appointment/a1", MEETING("fulfilled", "2022-04-01"));
    put("Appointment/a2", MEETING("fulfilled", "2022-04-02"));
    put("Appointment/a3", MEETING("cancelled", "2022-04-03"));
    put("Appointment/a4", MEETING("booked", "2022-04-04"));
    put("CarePlan/w1", PLAN("watch", "p1", "'start':'2021-12-30','end':'2022-01-02'"));
    put("CarePlan/w2", PLAN("watch", "p1", "'start':'2022-02-01','end':'2022-02-03'"));
    put("CarePlan/w3", PLAN("watch", "p2", "'start':'2022-03-01','end':'2022-03-03'"));
    put("CarePlan/r1", PLAN("rehabilitation-plan", "p1", "'start':'2022-05-01'"));
    put("CarePlan/r2", PLAN("rehabilitation-plan", "p1", "'start':'2022-06-01'"));
}

static int open_node(void **state)
{
    (void)state;
    time_hold(ENTERED);
    node_open(&node, true);
    put("Organization/county",
        "'name':'County','address':[{'district':'Damxung','city':'Lhasa'}]");
    put("Organization/twin", "'name':'Twin','address':[{'state':'Beijing'}]");
    put("Organization/surgery", "'name':'Surgery'," PART_OF("twin"));
    put("Organization/medicine", "'name':'Medicine'," PART_OF("twin"));
    put("Patient/p1",
        "'gender':'female','managingOrganization':{'reference':'Organization/county'}");
    put("Patient/p2",
        "'gender':'male','communication':[{'language':{'coding':[{'system':"
        "'urn:ietf:bcp:47','code':'bo'}]}}]");
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
    for (size_t i = 0; i < sizeof(courses) / sizeof(courses[0]); i++)
        put_course(courses[i].id, courses[i].patient, courses[i].course);
    put_beside();
    return 0;
}

static void answers_take_time(void **state)
{
    (void)state;
    /* 10 20 100 200 300 1440 1500; nine of ten of seven are all seven; 5 in time */
    assert_measured(PROGRAM, "first-answer-time", YEAR("2021"),
        "7 200.00 p90=1500.00 within=5 limited=7");
    /* without an hour of c3 and of c4: 10 20 100 140 240 1440 1500 */
    assert_measured(PROGRAM, "first-answer-time-worked", YEAR("2021"),
        "7 140.00 p90=1500.00 within=5 limited=7");
    assert_measured(PROGRAM, "first-answer-time", YEAR("2021") "&stratifier=urgency",
        "7 200.00 p90=1500.00 within=5 limited=7; "
        "routine: 3 1440.00 p90=1500.00 within=2 limited=3; "
        "stat: 2 15.00 p90=20.00 within=1 limited=2; "
        "urgent: 2 250.00 p90=300.00 within=2 limited=2");
    /* c1, c2, c3 were sent to the surgery: 10 20 200 */
    assert_measured(PROGRAM, "first-answer-time",
        YEAR("2021") "&stratum=asked-department%7COrganization/surgery",
        "3 20.00 p90=200.00 within=2 limited=3");
    /* 3 6 10 20 30 40 100 */
    assert_measured(PROGRAM, "allocation-time", YEAR("2021"),
        "7 20.00 p90=100.00 within=4 limited=7");
    assert_measured(PROGRAM, "allocation-time", YEAR("2019"), "0");
}

static void answers_come_in_time(void **state)
{
    (void)state;
    /* c1, c3, c4, c5, c6 of all but c9 */
    assert_measured(
        PROGRAM, "answers-in-time", YEAR("2021"), "5/8 0.6250 low=0.3057 high=0.8632");
    assert_measured(PROGRAM, "answers-in-time", YEAR("2021") "&stratifier=urgency",
        "5/8 0.6250 low=0.3057 high=0.8632; "
        "routine: 2/4 0.5000 low=0.1500 high=0.8500; "
        "stat: 1/2 0.5000 low=0.0945 high=0.9055; "
        "urgent: 2/2 1.0000 low=0.3424 high=1.0000");
}

/* People are told no few: not of all, not of a part, not of its rest. */
static void few_are_not_told(void **state)
{
    (void)state;
    /* 5 of 10 */
    assert_measured("coordinator", "answers-in-time", YEAR("2020"),
        "5/10 0.5000 low=0.2366 high=0.7634");
    /* 5 of 8: three were not */
    assert_measured("coordinator", "answers-in-time", YEAR("2021"), "*/*");
    /* seven values, of which two are over */
    assert_measured(
        "coordinator", "first-answer-time", YEAR("2021"), "7 200.00 p90=1500.00");
    assert_measured("coordinator", "first-answer-time", YEAR("2020"),
        "10 1030.00 p90=2000.00 within=5 limited=10");
    /* only years that are over */
    assert_measured("coordinator", "first-answer-time",
        "periodStart=2021-02&periodEnd=2021-02", "403");
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
    (void)state;
    assert_string_equal(
        said_text(s, "parameter.0.part.0.valueReference.reference"), "Task/c2");
    assert_false(is_met(s, 0));
    assert_string_equal(
        said_text(s, "parameter.1.part.0.valueReference.reference"), "Task/c1");
    assert_true(is_met(s, 1));
    said_free(s);
    assert_rows("coordinator", "answers-in-time", YEAR("2020"), "others=10");
}

static void questions_are_usable_and_answers_come_back(void **state)
{
    (void)state;
    /* m1, m4, m7 of m1 to m5 and m7 */
    assert_measured(
        PROGRAM, "usable-requests", YEAR("2022"), "3/6 0.5000 low=0.1876 high=0.8124");
    /* m1, m2, m6 of those and m3, m4, m7: m4 after 31 days */
    assert_measured(
        PROGRAM, "loop-closure", YEAR("2022"), "3/6 0.5000 low=0.1876 high=0.8124");
    assert_measured("coordinator", "loop-closure", YEAR("2022"), "*/*");
}

static void journeys_are_spared(void **state)
{
    (void)state;
    /* m1 of m1, m2, m3: of m2 the outcome came a day late, m4 would have stayed anyway */
    assert_measured(PROGRAM, "avoided-transfers", YEAR("2022"),
        "1/3 0.3333 low=0.0615 high=0.7923");
    assert_measured(PROGRAM, "avoided-kilometres", YEAR("2022"), "1 310");
    assert_measured(PROGRAM, "avoided-minutes", YEAR("2022"), "1 400");
    /* one journey is few */
    assert_measured("coordinator", "avoided-kilometres", YEAR("2022"), "*");
    /* m1, m2, m4, m6 of these and m7, who was moved */
    assert_measured(
        PROGRAM, "retention", YEAR("2022"), "4/5 0.8000 low=0.3755 high=0.9638");
}

static void cases_are_of_somebody(void **state)
{
    (void)state;
    assert_measured(
        PROGRAM, "equity", YEAR("2022") "&stratifier=county", "7 7; Damxung: 7 7");
    assert_measured(PROGRAM, "equity", YEAR("2022") "&stratifier=sex",
        "7 7; female: 4 4; male: 3 3");
    assert_measured(PROGRAM, "equity", YEAR("2022") "&stratifier=language",
        "7 7; bo: 3 3; unknown: 4 4");
    assert_measured(PROGRAM, "equity", YEAR("2022") "&stratifier=distance",
        "7 7; 100-200-km: 1 1; 200-400-km: 1 1; unknown: 5 5");
}

/* By sex four and three, by distance one, one and five: the sum is told, and nothing to take off it. */
static void few_cannot_be_worked_out(void **state)
{
    (void)state;
    assert_measured("coordinator", "equity", YEAR("2022") "&stratifier=sex",
        "7 7; female: *; male: *");
    assert_measured("coordinator", "equity", YEAR("2022") "&stratifier=distance",
        "7 7; 100-200-km: *; 200-400-km: *; unknown: *");
    assert_measured("coordinator", "equity", YEAR("2022") "&stratifier=county",
        "7 7; Damxung: 7 7");
    /* the first two strata by urgency are as small as the third */
    assert_measured("coordinator", "case-discussion",
        YEAR("2021") "&stratifier=urgency", "7 7; routine: *; stat: *; urgent: *");
    /* 5 of 10 in 2020 are told; of 2021 nothing is, and so nothing of both */
    assert_measured(
        "coordinator", "answers-in-time", "periodStart=2020&periodEnd=2021", "*/*");
    assert_measured("coordinator", "first-answer-time",
        "periodStart=2020&periodEnd=2021", "17 200.00 p90=2000.00");
    /* of one stratum by itself: it could be of two kinds at once */
    assert_measured("coordinator", "answers-in-time",
        YEAR("2020") "&stratum=urgency%7Croutine", "403");
}

static void what_stands_beside_cases_counts(void **state)
{
    (void)state;
    /* c1 and c2 */
    assert_measured(
        PROGRAM, "emergency", YEAR("2021"), "2 4.50 p90=6.00 within=1 limited=2");
    assert_measured(PROGRAM, "case-discussion", YEAR("2021"), "7 7");
    assert_measured(PROGRAM, "mdt", YEAR("2022"), "2 2");
    assert_measured(PROGRAM, "monitoring", YEAR("2021"), "1 1");
    assert_measured(PROGRAM, "monitoring", YEAR("2022") "&stratifier=hospital",
        "2 2; Organization/county: 1 1; unknown: 1 1");
    assert_measured(PROGRAM, "rehabilitation", YEAR("2022"), "1 1");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers_take_time),
        cmocka_unit_test(answers_come_in_time),
        cmocka_unit_test(few_are_not_told),
        cmocka_unit_test(rows_say_what_was_met),
        cmocka_unit_test(questions_are_usable_and_answers_come_back),
        cmocka_unit_test(journeys_are_spared),
        cmocka_unit_test(cases_are_of_somebody),
        cmocka_unit_test(few_cannot_be_worked_out),
        cmocka_unit_test(what_stands_beside_cases_counts),
    };

    return cmocka_run_group_tests(tests, open_node, close_node);
}
