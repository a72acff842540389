/* SPDX-License-Identifier: Apache-2.0 */
/* ServiceRequest/$route: how it is asked, what it refuses, and what it does not tell. */
#include "app/answer_times.h"
#include "ways.h"

static void same_question_same_answer(void **state)
{
    struct said *one = NULL, *other = NULL;

    (void)state;
    put_jaundice("county");
    put_jaundice("sea");
    one = ask(JAUNDICE);
    /* read again, in another order */
    put_area("c", NULL);
    must(&node, 204,
        (struct ask){.method = APP_DELETE, .path = "Practitioner/dr-county"});
    put_doctor((struct doctor){
        .id = "dr-county", .unit = "county-surgery", .thing = "phototherapy"});
    other = ask(JAUNDICE);
    assert_int_equal(one->call.answer.len, other->call.answer.len);
    assert_memory_equal(
        one->call.answer.data, other->call.answer.data, one->call.answer.len);
    said_free(one);
    said_free(other);
}

#define PATIENT                                                                        \
    "{\"resourceType\":\"Patient\",\"id\":\"p\",\"name\":[{\"text\":\"Secret "         \
    "Name\"}],\"managingOrganization\":{\"reference\":\"Organization/county\"}}"
#define REQUEST                                                                        \
    "{\"resourceType\":\"ServiceRequest\",\"id\":\"r\",\"status\":\"draft\","          \
    "\"intent\":\"order\",\"priority\":\"stat\",\"subject\":{\"reference\":"           \
    "\"Patient/p\"},\"reasonCode\":[{\"coding\":[{\"system\":"                         \
    "\"http://hl7.org/fhir/sid/icd-10-cm\",\"code\":\"P59\"}]}]}"

static void from_a_patient_or_a_request(void **state)
{
    struct said *s = NULL;

    (void)state;
    put_jaundice("county");
    put_jaundice("sea");
    put("Patient/p", PATIENT);
    put("ServiceRequest/r", REQUEST);
    expect("code=P59&patient=Patient/p", "team-here county; outside sea");
    s = said_status(GET(&node, "ServiceRequest/r/$route"), 200);
    assert_string_equal(order_of(s), "team-here county; outside sea unsafe");
    assert_false(says(s, "Secret"));
    said_free(s);
    s = said_status(GET(&node, "ServiceRequest/r/$route?urgency=routine"), 200);
    assert_string_equal(order_of(s), "team-here county; outside sea");
    said_free(s);
}

static void by_parameters(void **state)
{
    struct said *s = NULL;

    (void)state;
    put_jaundice("county");
    s = said_status(
        POST(&node, "ServiceRequest/$route",
            "{\"resourceType\":\"Parameters\",\"parameter\":[{\"name\":\"code\","
            "\"valueCodeableConcept\":{\"coding\":[{\"system\":"
            "\"http://hl7.org/fhir/sid/icd-10-cm\",\"code\":\"P59.0\"}]}},{\"name\":"
            "\"hospital\",\"valueReference\":{\"reference\":"
            "\"Organization/county\"}},{\"name\":\"may-travel\",\"valueBoolean\":"
            "false},{\"name\":\"count\",\"valueInteger\":1}]}"),
        200);
    assert_string_equal(order_of(s), "team-here county");
    said_free(s);
}

static void the_answer_is_fhir(void **state)
{
    struct said *s = NULL, *checked = NULL;
    struct ask check = {.method = APP_POST, .path = "Parameters/$validate"};

    (void)state;
    put_jaundice("county");
    put_jaundice("sea");
    s = ask(JAUNDICE);
    check.body = s->call.answer.data;
    check.body_len = s->call.answer.len;
    checked = said_status(node_ask(&node, check), 200);
    assert_string_equal(said_text(checked, "issue.0.severity"), "information");
    said_free(checked);
    said_free(s);
}

static struct said *ask_as(const char *person, const char *path)
{
    struct said *s = calloc(1, sizeof(*s));
    struct app_call *call = &s->call;

    *call = (struct app_call){.app = node.app,
        .arena = arena_new(),
        .query = str_of(path),
        .caller = {.name = STR("somebody"),
            .role = STR("person"),
            .practitioner = str_of(arena_printf(a, "Practitioner/%s", person))}};
    call->path = str_cut(&call->query, '?');
    app_run(call);
    s->status = call->status;
    assert_int_equal(
        json_read(call->arena, (struct str){call->answer.data, call->answer.len},
            LIMIT_RESPONSE_BYTES, &s->json, NULL),
        0);
    return s;
}

/* Who learns what is between the two, their departments and nobody else; whose a patient is
 * cannot be found out by asking the way. */
static void what_people_are_told(void **state)
{
    static const struct {
        const char *person, *named;
    } cases[] = {{"pupil", "Practitioner/pupil"}, {"adviser", "Practitioner/pupil"},
        {"stranger", ""}};
    struct said *s = NULL;

    (void)state;
    put_link("pair", "county-surgery", "sea-surgery", "department-pair");
    put_doctor((struct doctor){
        .id = "adviser", .unit = "sea-surgery", .thing = "chest-drainage"});
    put_doctor((struct doctor){.id = "pupil", .unit = "county-surgery"});
    put_doctor((struct doctor){.id = "stranger", .unit = "pref-surgery"});
    put_learning("pupil", "adviser", "chest-drainage");
    put("Patient/p", PATIENT);
    for (size_t i = 0; i < 3; i++) {
        s = said_status(
            ask_as(cases[i].person, "ServiceRequest/$route?code=J93&hospital=county"),
            200);
        assert_string_equal(order_of(s), "guided-here county; outside sea");
        assert_string_equal(told(s, 0, "person"), cases[i].named);
        assert_true(!cases[i].named[0] == !says(s, "Doctor pupil"));
        said_free(s);
    }
    /* one's own hospital is where one asks from, if nothing else is said */
    s = said_status(ask_as("pupil", "ServiceRequest/$route?code=J93"), 200);
    assert_string_equal(order_of(s), "guided-here county; outside sea");
    said_free(s);
    said_free(
        said_status(ask_as("pupil", "ServiceRequest/$route?code=J93&patient=p"), 200));
    s = said_status(
        ask_as("stranger", "ServiceRequest/$route?code=J93&patient=p"), 404);
    assert_false(says(s, "county"));
    said_free(s);
}

static void what_is_refused(void **state)
{
    static const struct {
        const char *query, *place;
    } cases[] = {
        {"", "hospital"},
        {"hospital=county", "code"},
        {"code=P59", "hospital"},
        {"code=nothing&hospital=county", "code"},
        {"code=http://loinc.org%7CP59&hospital=county", "code"},
        {"code=P59&hospital=nowhere", ""},
        {"code=P59&hospital=county&hospital=sea", "hospital"},
        {"code=P59&hospital=county&urgency=soon", "urgency"},
        {"code=P59&hospital=county&state=tired", "state"},
        {"code=P59&hospital=county&at=noon", "at"},
        {"code=P59&hospital=county&limit=0", "limit"},
        {"code=P59&hospital=county&longest=99999", "longest"},
        {"code=P59&hospital=county&season=spring", "season"},
        {"code=P59&hospital=county&colour=red", "colour"},
        {"code=P59&hospital=county&may-travel=maybe", "may-travel"},
        {"code=P59&code=K35&code=S52&code=S72&code=S82&code=J93&code=O14&code=O15&"
         "code=O72&hospital=county",
            "code"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct said *s =
            GET(&node, arena_printf(a, "ServiceRequest/$route?%s", cases[i].query));

        if (s->status != 413)
            said_status(s, 400);
        assert_string_equal(said_text(s, "issue.0.expression.0"), cases[i].place);
        said_free(s);
    }
    must(&node, 404, (struct ask){.path = "Patient/$route?code=P59"});
    must(&node, 404, (struct ask){.path = "ServiceRequest/none/$route"});
    must(&node, 404, (struct ask){.path = "ServiceRequest/$route?code=P59&patient=no"});
    must(&node, 405,
        (struct ask){.method = APP_PUT, .path = "ServiceRequest/$route", .body = "{}"});
}

/* ---- how soon a twin answers ---- */

struct answered {
    const char *id, *unit, *priority;
    utc_ms sent;
    int minutes; /* until the first answer; -1: there is none */
    int paused;
};

/* A case that was asked, as its two records tell it. */
static void put_case(struct answered c)
{
    char sent[TIME_ISO_MAX];
    char *path = arena_printf(a, "ServiceRequest/%s", c.id);
    struct buf clock;
    struct json_out o = json_out(&clock);
    struct case_clock value;

    buf_init(&clock, 1 << 16);
    case_clock_send(&value, &case_rules_usual.by[CASE_ROUTINE], c.sent);
    value.paused_seconds = (int64_t)c.paused * 60;
    if (c.minutes >= 0)
        case_clock_answer(&value, c.sent + (utc_ms)c.minutes * 60 * 1000);
    case_clock_write(&o, &value);
    time_iso(c.sent, sent);
    PUTF(path,
        "{\"resourceType\":\"ServiceRequest\",\"id\":\"%s\",\"status\":\"completed\","
        "\"intent\":\"order\",\"subject\":{\"reference\":\"Patient/p\"},"
        "\"authoredOn\":\"%s\",\"performer\":[{\"reference\":"
        "\"Organization/%s\"}]}",
        c.id, sent, c.unit);
    PUTF(arena_printf(a, "Task/%s", c.id),
        "{\"resourceType\":\"Task\",\"id\":\"%s\",\"status\":\"completed\","
        "\"intent\":\"order\",\"priority\":\"%s\",\"code\":{\"coding\":[{\"system\":"
        "\"https://belay.health/CodeSystem/task\",\"code\":\"answer-case\"}]},"
        "\"focus\":{\"reference\":\"ServiceRequest/%s\"},\"extension\":[%.*s]}",
        c.id, c.priority, c.id, (int)clock.len, clock.data);
    buf_done(&clock);
}

static const char *pace_of(struct said *s, const char *name)
{
    const struct json *option = nth(json_get(s->json, "parameter"), "option", 0);
    const struct json *times = nth(json_get(option, "part"), "answer", 0);
    struct str text =
        json_text(json_get(nth(json_get(times, "part"), name, 0), "valueInteger"));

    return text.p ? arena_strndup(a, text.p, text.len) : "";
}

static void put_answers(const char *priority, const int *minutes, size_t count)
{
    for (size_t i = 0; i < count; i++)
        put_case((struct answered){.id = arena_printf(a, "%s-%zu", priority, i),
            .unit = "sea-surgery",
            .priority = priority,
            .sent = MONDAY_NOON - DAY_MS * (int64_t)(1 + i),
            .minutes = minutes[i]});
}

/* Half of them took 40 minutes or less, nine of ten 200; an unanswered case and those that do
 * not count change nothing. */
static void how_soon_the_twin_answers(void **state)
{
    static const int minutes[] = {10, 20, 30, 40, 50, 60, 200, -1};
    const char *query = "code=J93&hospital=county&urgency=urgent";
    struct said *s = NULL;

    (void)state;
    put("Patient/p", PATIENT);
    put_link("pair", "county-surgery", "sea-surgery", "department-pair");
    put_doctor((struct doctor){
        .id = "adviser", .unit = "sea-surgery", .thing = "chest-drainage"});
    put_doctor((struct doctor){.id = "pupil", .unit = "county-surgery"});
    put_learning("pupil", "adviser", "chest-drainage");
    s = ask(query);
    assert_string_equal(told(s, 0, "kind"), "guided-here");
    assert_non_null(reason(s, 0, "answer-unknown"));
    assert_string_equal(pace_of(s, "count"), "");
    said_free(s);
    put_answers("urgent", minutes, 8);
    put_case((struct answered){.id = "old",
        .unit = "sea-surgery",
        .priority = "urgent",
        .sent = MONDAY_NOON - 91 * DAY_MS,
        .minutes = 1});
    put_case((struct answered){.id = "other",
        .unit = "pref-surgery",
        .priority = "urgent",
        .sent = MONDAY_NOON - DAY_MS,
        .minutes = 1});
    put_case((struct answered){.id = "calm",
        .unit = "sea-surgery",
        .priority = "routine",
        .sent = MONDAY_NOON - DAY_MS,
        .minutes = 1});
    /* what was counted holds for ten minutes */
    s = ask(query);
    assert_non_null(reason(s, 0, "answer-unknown"));
    said_free(s);
    time_hold(MONDAY_NOON + ANSWER_RENEWED_MS);
    s = ask(query);
    assert_string_equal(
        reason_text(s, 0, "answer"), "The twin answers after 40 min (median of 7).");
    assert_string_equal(pace_of(s, "median"), "40");
    assert_string_equal(pace_of(s, "ninety"), "200");
    assert_string_equal(pace_of(s, "count"), "7");
    assert_string_equal(told(s, 0, "minutes"), "40");
    said_free(s);
    /* of routine cases there is one: nothing is told of it */
    s = ask("code=J93&hospital=county&urgency=routine");
    assert_string_equal(pace_of(s, "count"), "");
    said_free(s);
}

static void waiting_for_information_is_not_answering(void **state)
{
    (void)state;
    put("Patient/p", PATIENT);
    put_jaundice("sea");
    for (int i = 0; i < 5; i++)
        put_case((struct answered){.id = arena_printf(a, "case-%d", i),
            .unit = "sea-surgery",
            .priority = "routine",
            .sent = MONDAY_NOON - DAY_MS,
            .minutes = 100,
            .paused = 70});
    struct said *s = ask(JAUNDICE);

    assert_string_equal(told(s, 0, "unit"), "Organization/sea-surgery");
    assert_string_equal(pace_of(s, "median"), "30");
    said_free(s);
}

/* Who is signed off needs no case of it, whatever the apprenticeship says. */
static void who_is_able_needs_no_case(void **state)
{
    struct said *s = NULL;

    (void)state;
    put_doctor((struct doctor){
        .id = "master", .unit = "county-surgery", .thing = "chest-drainage"});
    put_doctor((struct doctor){.id = "pupil", .unit = "county-surgery"});
    put_learning("pupil", "master", "chest-drainage");
    s = ask("code=J93&hospital=county");
    assert_non_null(reason(s, 0, "teaching"));
    said_free(s);
    put_doctor((struct doctor){
        .id = "pupil", .unit = "county-surgery", .thing = "chest-drainage"});
    s = ask("code=J93&hospital=county");
    assert_null(reason(s, 0, "teaching"));
    said_free(s);
}

#define EACH(test) cmocka_unit_test_setup_teardown(test, open_node, close_node)

int main(void)
{
    const struct CMUnitTest tests[] = {
        EACH(same_question_same_answer),
        EACH(from_a_patient_or_a_request),
        EACH(by_parameters),
        EACH(the_answer_is_fhir),
        EACH(what_people_are_told),
        EACH(what_is_refused),
        EACH(how_soon_the_twin_answers),
        EACH(waiting_for_information_is_not_answering),
        EACH(who_is_able_needs_no_case),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
