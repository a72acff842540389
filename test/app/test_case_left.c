/* SPDX-License-Identifier: Apache-2.0 */
/* What people hear when a case is taken from them: that something is gone, once, and only those
 * whose it was. */
#include "app/access.h"
#include "app/person.h"
#include "case.h"

/* The change that wrote the current version of ${type}/${id}. */
static struct access_change last_change(const char *type, const char *id)
{
    unsigned number = fhir_resource_named(str_of(type))->number;
    struct store_reader *r = NULL;
    struct store_record rec = {0};

    assert_int_equal(store_read_begin(app_store(node.app), &r, NULL), 0);
    assert_int_equal(store_get(r, arena, number, str_of(id), &rec, NULL), 0);
    store_read_end(r);
    return (struct access_change){number, str_of(id), rec.seq};
}

/* What ${person} hears of ${change}: "nothing", "change" or "gone". */
static const char *hears(const char *person, struct access_change change)
{
    static const char *const words[] = {[ACCESS_HEARS_NOTHING] = "nothing",
        [ACCESS_HEARS] = "change",
        [ACCESS_HEARS_GONE] = "gone"};
    struct app_caller caller = {.name = STR("somebody"), .role = STR("program")};
    enum access_hearing ret = ACCESS_HEARS_NOTHING;

    caller.practitioner = str_of(arena_printf(arena, "Practitioner/%s", person));
    assert_int_equal(access_hears(node.app, &caller, &change, 1, &ret, NULL), 0);
    return words[ret];
}

static void sent(const char *id)
{
    put_draft(id, "pema", "Organization/twin-surgery", "routine");
    step("nima", id, "send", NULL);
    assert_string_equal(hears("chen", last_change("ServiceRequest", id)), "change");
    assert_string_equal(hears("wang", last_change("ServiceRequest", id)), "nothing");
}

static void who_had_it_hears_that_it_is_gone(void **state)
{
    static const char *const ends[] = {"withdraw", "decline", "close"};

    (void)state;
    for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
        const char *id = arena_printf(arena, "case-%zu", i);
        struct access_change change;

        sent(id);
        if (strcmp(ends[i], "close") == 0)
            step("chen", id, "answer", ANSWER);
        step(strcmp(ends[i], "decline") == 0 ? "chen" : "nima", id, ends[i],
            strcmp(ends[i], "decline") == 0    ? DECLINE
            : strcmp(ends[i], "withdraw") == 0 ? P_TEXT("reason", "She went home")
                                               : P_TRUE("lost-to-follow-up"));
        change = last_change("ServiceRequest", id);
        assert_string_equal(hears("chen", change), "gone");
        assert_string_equal(hears("head-twin", change), "gone");
        assert_string_equal(hears("nima", change), "change");
        assert_string_equal(hears("wang", change), "nothing");
        assert_string_equal(hears("azamat", change), "nothing");
        assert_string_equal(hears("director", change), "nothing");
        assert_string_equal(hears("past", change), "nothing");
        assert_string_equal(hears("chen", last_change("Task", id)), "nothing");
        /* what happens to it afterwards is not theirs to hear of */
        write_as(
            NULL, APP_DELETE, arena_printf(arena, "ServiceRequest/%s", id), NULL, 204);
        assert_string_equal(
            hears("chen", last_change("ServiceRequest", id)), "nothing");
    }
}

static void sent_elsewhere(void **state)
{
    struct access_change change;
    struct access_change again;

    (void)state;
    sent("one");
    step("chen", "one", "reroute",
        P_TO("twin-medicine") "," P_TEXT("reason", "It is the heart"));
    change = last_change("ServiceRequest", "one");
    assert_string_equal(hears("chen", change), "gone");
    assert_string_equal(hears("wang", change), "change");
    /* told of that change whenever it is asked about, and of none that follows */
    step("nima", "one", "withdraw", P_TEXT("reason", "She went home"));
    again = last_change("ServiceRequest", "one");
    assert_string_equal(hears("chen", change), "gone");
    assert_string_equal(hears("chen", again), "nothing");
    assert_string_equal(hears("wang", again), "gone");
}

/* Nobody hears that a draft is gone, nor a case that may not leave the country. */
static void what_was_not_theirs(void **state)
{
    (void)state;
    put_draft("a-draft", "pema", "Organization/twin-surgery", "routine");
    step("nima", "a-draft", "withdraw", P_TEXT("reason", "It was a mistake"));
    assert_string_equal(
        hears("chen", last_change("ServiceRequest", "a-draft")), "nothing");
    put_draft("abroad", "tenzin", "Organization/abroad-surgery", "routine");
    step(NULL, "abroad", "send", NULL); /* a program of the operator: no consent */
    assert_string_equal(
        hears("azamat", last_change("ServiceRequest", "abroad")), "nothing");
    step(NULL, "abroad", "withdraw", P_TEXT("reason", "It was a mistake"));
    assert_string_equal(
        hears("azamat", last_change("ServiceRequest", "abroad")), "nothing");
}

/* The post of ${person} at ${unit} ended a day ago. */
static void leaves(const char *person, const char *role, const char *unit)
{
    write_as(NULL, APP_PUT, arena_printf(arena, "PractitionerRole/role-%s", person),
        arena_printf(arena,
            "{\"resourceType\":\"PractitionerRole\",\"id\":\"role-%s\",\"active\":true,"
            "\"practitioner\":{\"reference\":\"Practitioner/%s\"},\"code\":[{"
            "\"coding\":[{\"system\":\"https://belay.health/CodeSystem/role\","
            "\"code\":\"%s\"}]}],\"organization\":{\"reference\":\"Organization/%s\"},"
            "\"period\":{\"end\":\"2025-12-30\"}}",
            person, person, role, unit),
        200);
}

/* Who asked has left, and who was answering: their colleagues go on with it, they do not. */
static void colleagues_go_on_with_it(void **state)
{
    (void)state;
    sent("on");
    step("chen", "on", "accept", NULL);
    leaves("chen", "expert", "twin-surgery");
    said_free(step_status("chen", "on", "answer", ANSWER, 404));
    step("head-twin", "on", "answer", ANSWER);
    leaves("nima", "clinician", "county-surgery");
    said_free(step_status("nima", "on", "act", P_TEXT("text", "Done"), 404));
    said_free(step_status("wang", "on", "act", P_TEXT("text", "Done"), 404));
    said_free(step_status("head-twin", "on", "act", P_TEXT("text", "Done"), 403));
    step("head-county", "on", "act", P_TEXT("text", "Done"));
    step("dawa", "on", "outcome", OUTCOME);
    step("head-county", "on", "close", NULL);
    assert_string_equal(state_of("on"), "closed");
}

int main(void)
{
#define IN_NETWORK(test)                                                               \
    cmocka_unit_test_setup_teardown(test, open_network, close_network)
    const struct CMUnitTest tests[] = {
        IN_NETWORK(who_had_it_hears_that_it_is_gone),
        IN_NETWORK(sent_elsewhere),
        IN_NETWORK(what_was_not_theirs),
        IN_NETWORK(colleagues_go_on_with_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
