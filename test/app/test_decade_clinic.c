/* SPDX-License-Identifier: Apache-2.0 */
/* The decade's clinic in small: what it writes is read as operations, ratings and curves are. */
#include "decade.h"
#include "fhir/value.h"

static struct node node;

static int open_years(void **state)
{
    const struct app_decade_options how = {
        .seed = APP_DECADE_SEED, .share = 8, .last_year = 2017};

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

static int figure(const char *query)
{
    struct said *s = said_status(GET(&node, query), 200);
    struct str score = json_text(json_get(
        json_get(json_at(json_get(s->json, "group"), 0), "measureScore"), "value"));
    int64_t value = -1;

    assert_true(text_int(score, 0, INT32_MAX, &value));
    said_free(s);
    return (int)value;
}

static int total(const char *query)
{
    return said_total(GET(&node, query));
}

/* Nothing is recorded before the first autumn; each year brings techniques. */
static void test_techniques(void **state)
{
    (void)state;
    assert_int_equal(figure("Measure/techniques-introduced/$evaluate-measure?"
                            "periodStart=2015&periodEnd=2015-08"),
        0);
    assert_true(figure("Measure/techniques-introduced/$evaluate-measure?"
                       "periodStart=2015&periodEnd=2015") > 0);
    assert_true(figure("Measure/techniques-introduced/$evaluate-measure?"
                       "periodStart=2016&periodEnd=2017") > 0);
}

/* What nobody has asked after and is due waits; of most it is known. */
static void test_outcomes(void **state)
{
    static const char with_code[] =
        "Procedure?_summary=count&code=https://belay.health/"
        "CodeSystem/procedure|";
    int all = total(with_code);
    int early = total("Procedure?_summary=count&date=lt2017-09-01");

    (void)state;
    assert_true(all > early && early > 0);
}

#define USED                                                                           \
    "Measure/device-procedures/$evaluate-measure?periodStart=2016&periodEnd=2016"

/* Some operations name the device that they used, which is one of their hospital; theatres are named by none. */
static void test_devices(void **state)
{
    int named = figure(USED);

    (void)state;
    assert_true(named > 0);
    assert_true(named < total("Procedure?_summary=count&date=2016"));
    assert_true(figure(USED "&stratum=kind%7Cultrasound") > 0);
    assert_int_equal(figure(USED "&stratum=kind%7Coperating-theatre"), 0);
}

/* Who was rated has it in the logbook, with the curve of the procedure. */
static void test_logbook(void **state)
{
    struct said *s =
        said_status(GET(&node, "Observation?code=https://belay.health/CodeSystem/"
                               "rating|operation&_count=1"),
            200);
    const struct json *rating =
        json_get(json_at(json_get(s->json, "entry"), 0), "resource");
    struct str who = json_get_text(json_at(json_get(rating, "focus"), 0), "reference");
    char query[128];
    struct said *book = NULL;
    bool rated = false;

    (void)state;
    assert_non_null(who.p);
    snprintf(query, sizeof(query), "%.*s/$logbook", (int)who.len, who.p);
    book = said_status(GET(&node, query), 200);
    for (struct json_each it = json_each(json_get(book->json, "parameter"));
         json_next(&it);) {
        struct json_each part = json_each(json_get(it.value, "part"));

        while (json_next(&part)) {
            int64_t count = 0;

            if (str_is(json_get_text(part.value, "name"), "rated") &&
                text_int(json_text(json_get(part.value, "valueInteger")), 0, INT32_MAX,
                    &count))
                rated = rated || count > 0;
        }
    }
    assert_true(rated);
    said_free(book);
    said_free(s);
}

/* ---- cases ---- */

#define CASES "Task?code=https://belay.health/CodeSystem/task|answer-case"
#define IN_STATE "&business-status=https://belay.health/CodeSystem/case-state|"

static const char *extension_value(
    const struct json *of, const char *url, const char *part, const char *member)
{
    struct json_each it = json_each(json_get(of, "extension"));

    while (json_next(&it)) {
        struct json_each parts = json_each(json_get(it.value, "extension"));

        if (!str_is(json_get_text(it.value, "url"), url))
            continue;
        while (json_next(&parts)) {
            if (str_is(json_get_text(parts.value, "url"), part))
                return json_get_text(parts.value, member).p;
        }
    }
    return NULL;
}

/* They were asked, answered and closed, with what figures are made of; some wait. */
static void test_cases(void **state)
{
    static const char milestones[] =
        "https://belay.health/StructureDefinition/case-milestones";
    struct said *s = said_status(GET(&node, CASES IN_STATE "closed&_count=1"), 200);
    const struct json *task =
        json_get(json_at(json_get(s->json, "entry"), 0), "resource");

    (void)state;
    assert_non_null(extension_value(task, milestones, "sent", "valueInstant"));
    assert_non_null(extension_value(task, milestones, "answered", "valueInstant"));
    assert_non_null(extension_value(task, milestones, "closed", "valueInstant"));
    assert_non_null(extension_value(task, milestones, "distance", "valueCode"));
    said_free(s);
    assert_true(
        total(CASES "&_summary=count") > total(CASES IN_STATE "closed&_summary=count"));
    assert_true(total(CASES "&_summary=count&focus:ServiceRequest.category=https://"
                            "belay.health/CodeSystem/case-kind|transfer") > 0);
    assert_true(
        total("CarePlan?_summary=count&category=https://belay.health/CodeSystem/"
              "case-record|rehabilitation-plan") > 0);
    assert_true(figure("Measure/case-discussion/$evaluate-measure?"
                       "periodStart=2016&periodEnd=2016") > 0);
    assert_true(figure("Measure/equity/$evaluate-measure?"
                       "periodStart=2016&periodEnd=2016") > 0);
}

/* ---- cases of hospitals abroad ---- */

/* The status of ${path} for ${person} ("Practitioner/ID") at ${at}. */
static int status_for(struct str person, const char *path, utc_ms at)
{
    const struct app_call call = {.app = node.app,
        .method = APP_GET,
        .query = str_of(path),
        .caller = {
            .name = STR("tester"), .role = STR("program"), .practitioner = person}};
    struct said *s = NULL;
    int status = 0;

    time_hold(at);
    s = said_by(NULL, &call);
    status = s->status;
    time_hold(0);
    said_free(s);
    return status;
}

/* ${request}, which the clinic ended, asks again: what has ended is open to nobody. */
static void ask_again(const struct json *request)
{
    static const char ended[] = "\"status\":\"completed\"";
    static const char asks[] = "\"status\":\"active\"   ";
    char path[96];
    char *at = NULL;
    struct buf b;

    buf_init(&b, LIMIT_RECORD_BYTES);
    json_write(&b, request);
    assert_non_null(buf_cstr(&b));
    at = strstr(b.data, ended);
    assert_non_null(at);
    memcpy(at, asks, sizeof(asks) - 1);
    snprintf(path, sizeof(path), "ServiceRequest/%.*s",
        (int)json_get_text(request, "id").len, json_get_text(request, "id").p);
    must(&node, 200,
        (struct ask){.method = APP_PUT, .path = path, .body = buf_cstr(&b)});
    buf_done(&b);
}

/* Whoever is asked from abroad reads the case by the patient's consent, and not without. */
static void test_abroad(void **state)
{
    struct said *consents = said_status(GET(&node, "Consent?_count=1"), 200);
    const char *patient = said_text(consents, "entry.0.resource.patient.reference");
    const char *id = said_text(consents, "entry.0.resource.id");
    const char *unit =
        said_text(consents, "entry.0.resource.provision.actor.0.reference.reference");
    char query[256];
    struct said *asked = NULL;
    struct said *posts = NULL;
    struct str who = {NULL, 0};
    utc_ms lo = 0, hi = 0;

    (void)state;
    assert_true(fhir_date_range(
        str_of(said_text(consents, "entry.0.resource.dateTime")), &lo, &hi));
    assert_int_equal(total("Consent?_summary=count"),
        total("ServiceRequest?_summary=count&performer:Organization.partof="
              "Organization/d-hub"));
    snprintf(query, sizeof(query), "ServiceRequest?subject=%s", patient);
    asked = said_status(GET(&node, query), 200);
    assert_string_equal(
        said_text(asked, "entry.0.resource.performer.0.reference"), unit);
    snprintf(query, sizeof(query),
        "PractitionerRole?organization=%s&role=https://belay.health/CodeSystem/"
        "role|clinician",
        unit);
    posts = said_status(GET(&node, query), 200);
    who = str_of(said_text(posts, "entry.0.resource.practitioner.reference"));
    ask_again(json_walk(asked->json, "entry.0.resource"));
    assert_int_equal(status_for(who, patient, hi), 200);
    snprintf(query, sizeof(query), "Consent/%s", id);
    must(&node, 204, (struct ask){.method = APP_DELETE, .path = query});
    assert_int_equal(status_for(who, patient, hi), 404);
    said_free(posts);
    said_free(asked);
    said_free(consents);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_techniques),
        cmocka_unit_test(test_outcomes),
        cmocka_unit_test(test_devices),
        cmocka_unit_test(test_logbook),
        cmocka_unit_test(test_cases),
        cmocka_unit_test(test_abroad),
    };

    return cmocka_run_group_tests(tests, open_years, close_node);
}
