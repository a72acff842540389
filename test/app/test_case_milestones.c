/* SPDX-License-Identifier: Apache-2.0 */
/* What the Task of a case keeps of its course, for figures: after each step, and of none that it was not there for. */
#include "fhir/value.h"
#include "transfer.h"

#define MINUTE (60 * 1000LL)
#define NAME "case-milestones"

static const char *shown(const struct json *part)
{
    struct str value = json_get_text(part, "valueCode");
    struct str at = json_get_text(part, "valueInstant");
    const struct json *truth = json_get(part, "valueBoolean");
    utc_ms lo = 0, hi = 0;

    if (truth)
        return json_kind(truth) == JSON_TRUE ? "true" : "false";
    if (at.p) {
        assert_true(fhir_date_range(at, &lo, &hi));
        return arena_printf(arena, "%lld", (long long)((lo - NOW) / MINUTE));
    }
    if (!value.p)
        value = json_get_text(json_get(part, "valueReference"), "reference");
    if (!value.p)
        value = json_text(json_get(part, "valueDecimal"));
    if (!value.p)
        value = json_text(json_get(part, "valueInteger"));
    return arena_strndup(arena, value.p, value.len);
}

/* The milestones of the case ${id}, in their order: " sent=0 kind=advice ..."; moments in
 * minutes since NOW. */
static const char *milestones(const char *id)
{
    struct said *s = said_status(get_as(NULL, arena_printf(arena, "Task/%s", id)), 200);
    struct json_each it = json_each(json_get(s->json, "extension"));
    const char *text = "";

    while (json_next(&it)) {
        struct json_each parts = json_each(json_get(it.value, "extension"));

        if (!str_is(json_get_text(it.value, "url"),
                "https://belay.health/StructureDefinition/" NAME))
            continue;
        while (json_next(&parts)) {
            struct str name = json_get_text(parts.value, "url");

            text = arena_printf(
                arena, "%s %.*s=%s", text, (int)name.len, name.p, shown(parts.value));
        }
    }
    said_free(s);
    return text;
}

static const char *body_of(const char *path)
{
    struct said *s = said_status(get_as(NULL, path), 200);
    const char *body = arena_strndup(arena, s->call.answer.data, s->call.answer.len);

    said_free(s);
    return body;
}

/* The asker says it with the draft ${id}, or later. */
static void say(const char *id, const char *intent, int have, int of)
{
    const char *path = arena_printf(arena, "ServiceRequest/%s", id);
    const char *body = body_of(path);
    const char *end = strstr(body, "\"extension\":[");

    body = arena_printf(arena,
        "%.*s%s\"extension\":[{\"url\":\"https://belay.health/StructureDefinition/"
        "case-intent\",\"valueCode\":\"%s\"},{\"url\":\"https://belay.health/"
        "StructureDefinition/case-completeness\",\"extension\":[{\"url\":\"have\","
        "\"valueInteger\":%d},{\"url\":\"of\",\"valueInteger\":%d}]}]%s",
        (int)(end ? end - body : (long)strlen(body) - 1), body, end ? "" : ",", intent,
        have, of, end ? strstr(end, "]}]") + 3 : "}");
    write_as(NULL, APP_PUT, path, body, 200);
}

#define BEGUN " sent=0 kind=advice asked=Organization/twin-surgery"

static void a_case_keeps_its_course(void **state)
{
    (void)state;
    put_draft("one", "pema", "Organization/twin-surgery", "urgent");
    say("one", "transfer", 7, 7);
    step("nima", "one", "send", NULL);
    assert_string_equal(milestones("one"), BEGUN " intent=transfer complete=true");
    time_hold(NOW + 5 * MINUTE);
    step("chen", "one", "accept", NULL);
    time_hold(NOW + 6 * MINUTE);
    step("chen", "one", "ask-back", P_TEXT("text", "Can he move it?"));
    time_hold(NOW + 16 * MINUTE);
    step("nima", "one", "inform", P_TEXT("text", "A little"));
    step("nima", "one", "message", P_TEXT("text", "It is swollen"));
    time_hold(NOW + 20 * MINUTE);
    step("chen", "one", "answer", ANSWER);
    assert_string_equal(milestones("one"),
        BEGUN " intent=transfer complete=true taken=5 asked-back=6 informed=16 "
              "answered=20 here=yes");
    time_hold(NOW + 30 * MINUTE);
    step("nima", "one", "outcome", OUTCOME);
    time_hold(NOW + 40 * MINUTE);
    step("nima", "one", "close", NULL);
    assert_string_equal(milestones("one"),
        BEGUN " intent=transfer complete=true taken=5 asked-back=6 informed=16 "
              "answered=20 here=yes outcome=30 outcome-days=1 avoided=true closed=40");
    time_hold(NOW);
}

/* Who asks back takes it; the first time counts, and what was not said is not there. */
static void first_moments_stay(void **state)
{
    (void)state;
    put_draft("two", "pema", "Organization/twin-surgery", "routine");
    step("nima", "two", "send", NULL);
    time_hold(NOW + 1 * MINUTE);
    step("chen", "two", "ask-back", P_TEXT("text", "How long?"));
    time_hold(NOW + 2 * MINUTE);
    step("nima", "two", "inform", P_TEXT("text", "A week"));
    time_hold(NOW + 3 * MINUTE);
    step("chen", "two", "ask-back", P_TEXT("text", "And before?"));
    time_hold(NOW + 4 * MINUTE);
    step("nima", "two", "inform", P_TEXT("text", "Never"));
    time_hold(NOW + 5 * MINUTE);
    step("chen", "two", "decline", DECLINE);
    assert_string_equal(
        milestones("two"), BEGUN " taken=1 asked-back=1 informed=4 declined=5");
    time_hold(NOW);
}

/* What the asker says after the case was sent changes nothing. */
static void what_was_said_before_counts(void **state)
{
    (void)state;
    put_draft("three", "pema", "Organization/twin-surgery", "routine");
    say("three", "stay", 5, 7);
    step("nima", "three", "send", NULL);
    say("three", "transfer", 7, 7);
    time_hold(NOW + 2 * MINUTE);
    step("nima", "three", "reroute",
        P_TO("twin") "," P_TEXT("reason", "It is no fracture"));
    assert_string_equal(
        milestones("three"), BEGUN " intent=stay complete=false rerouted=2");
    time_hold(NOW + 3 * MINUTE);
    step("nima", "three", "withdraw", P_TEXT("reason", "He walks again"));
    assert_string_equal(milestones("three"),
        BEGUN " intent=stay complete=false rerouted=2 withdrawn=3");
    time_hold(NOW);
}

/* ${id} as a transfer of a patient with a fracture of the forearm, for ${reason}. */
static void put_reasoned(const char *id, const char *patient, const char *reason)
{
    const char *path = arena_printf(arena, "ServiceRequest/%s", id);
    char *body = NULL, *end = NULL;

    put_transfer(id, patient);
    body = arena_printf(arena, "%s", body_of(path));
    end = strstr(body, "fracture?\"}]");
    assert_non_null(end);
    end += strlen("fracture?");
    write_as(NULL, APP_PUT, path,
        arena_printf(arena,
            "%.*s\"},{\"coding\":[{\"system\":\"http://hl7.org/fhir/sid/icd-10-cm\","
            "\"code\":\"S52.501A\"}]}%s",
            (int)(end - body), body, end + 2),
        200);
    body = arena_printf(arena, "%s", body_of(path));
    end = body + strlen(body) - 1;
    write_as(NULL, APP_PUT, path,
        arena_printf(arena,
            "%.*s,\"extension\":[{\"url\":\"https://belay.health/"
            "StructureDefinition/transfer-reason\",\"valueCode\":\"%s\"}]}",
            (int)(end - body), body, reason),
        200);
}

/* Why the patient cannot stay is what the asker said; where the bed is, and how far, is known from its promise on. */
static void a_transfer_keeps_why_and_where(void **state)
{
    (void)state;
    put_bed("m-bed", "twin-surgery", "U");
    put_reasoned("six", "pema", "nobody-able");
    step("nima", "six", "send", NULL);
    assert_string_equal(milestones("six"),
        " sent=0 kind=transfer asked=Organization/twin-surgery reason=nobody-able "
        "specialty=trauma");
    time_hold(NOW + 1 * MINUTE);
    step("chen", "six", "accept-transfer", P_BED("m-bed"));
    assert_string_equal(milestones("six"),
        " sent=0 kind=transfer asked=Organization/twin-surgery reason=nobody-able "
        "specialty=trauma taken=1 answered=1 to=Organization/twin");
    time_hold(NOW + 2 * MINUTE);
    step("chen", "six", "arrive", NULL);
    assert_string_equal(milestones("six"),
        " sent=0 kind=transfer asked=Organization/twin-surgery reason=nobody-able "
        "specialty=trauma taken=1 answered=1 to=Organization/twin "
        "arrived=2");
    time_hold(NOW);
}

/* A case of before there were milestones never gets some. */
static void an_older_case_has_none(void **state)
{
    struct said *s = NULL;
    char *body = NULL;
    char *at = NULL;

    (void)state;
    put_draft("four", "pema", "Organization/twin-surgery", "routine");
    step("nima", "four", "send", NULL);
    s = said_status(get_as(NULL, "Task/four"), 200);
    body = arena_strndup(arena, s->call.answer.data, s->call.answer.len);
    said_free(s);
    at = strstr(body, NAME);
    assert_non_null(at);
    memcpy(at, "case-something-", strlen(NAME));
    write_as(NULL, APP_PUT, "Task/four", body, 200);
    step("chen", "four", "accept", NULL);
    assert_string_equal(milestones("four"), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_case_keeps_its_course),
        cmocka_unit_test(first_moments_stay),
        cmocka_unit_test(what_was_said_before_counts),
        cmocka_unit_test(a_transfer_keeps_why_and_where),
        cmocka_unit_test(an_older_case_has_none),
    };

    return cmocka_run_group_tests(tests, open_network, close_network);
}
