/* SPDX-License-Identifier: Apache-2.0 */
/* ServiceRequest/$route: how it is asked, what it refuses, and what it does not tell. */
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
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
