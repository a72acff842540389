/* SPDX-License-Identifier: Apache-2.0 */
/* What becomes of a sign-off after it was signed: too few cases end it, bad ones call people. */
#include "app/sign_off_lapse.h"
#include "sign_off.h"

/* Too few cases end it on that day, at the router, on the map and on the page alike, though
 * nobody wrote that yet: not by whom it was signed, nor by its last day. */
static void test_recency(void **state)
{
    const char *id = propose("tashi");
    struct said *s = NULL;

    (void)state;
    put_theatre();
    all_sign(id);
    s = said_status(get_as("nima", "Practitioner/tashi"), 200);
    assert_int_equal(said_count(s, "qualification.0.extension"), 3);
    said_free(s);
    assert_string_equal(lapses(id), "2027-01-01"); /* signed without any: a year */
    put_operations("2026-12-01");
    assert_string_equal(lapses(id), "2027-12-01");
    time_hold(1796083200000LL + 364 * DAY); /* of 2026-12-01 */
    assert_string_equal(level(), "independent");
    time_hold(1796083200000LL + 365 * DAY);
    assert_string_equal(level(), "independent"); /* its last moment */
    time_hold(1796083200000LL + 365 * DAY + 1);
    assert_string_not_equal(level(), "independent");
    put_operations("2027-12-02"); /* under somebody's eyes: that brings nothing back */
    time_hold(1796083200000LL + 368 * DAY);
    assert_string_not_equal(level(), "independent");
    assert_string_equal(lapses(id), "2027-12-01");
    put_operations("2027-11-30"); /* what was told late was done all the same */
    assert_string_equal(level(), "independent");
    assert_string_equal(lapses(id), ""); /* its last day comes first */
    write_as(NULL, APP_DELETE, "Procedure/2027-11-30-3", NULL, 204);
    assert_string_not_equal(level(), "independent");
}

/* ---- what the figure counts ---- */

/* The node looks, at ${at}: of how many people it writes something. */
static size_t look(utc_ms at)
{
    size_t written = 99;
    struct err err;

    time_hold(at);
    if (sign_off_lapse_run(node.app, NULL, at, &written, &err) < 0)
        fail_msg("sign_off_lapse_run: %s", err.text);
    return written;
}

/* How many are independent at the end of ${day}. */
static const char *independent(const char *day)
{
    struct said *s = said_status(
        get_as(
            NULL, arena_printf(arena,
                      "Measure/independent-practitioners/$evaluate-measure?"
                      "periodStart=%s&periodEnd=%s&stratum=procedure%%7Cappendectomy",
                      day, day)),
        200);
    struct str value = json_text(json_get(
        json_get(json_at(json_get(s->json, "group"), 0), "measureScore"), "value"));
    const char *kept = arena_strndup(arena, value.p ? value.p : "*", value.len);

    said_free(s);
    return kept;
}

/* Six operations on 2026-12-01, then none: that counts until 2027-12-01, and as soon as the node knows that it does not, it is
 * known of that day, and of no day before. One that is told late takes it back. */
static void test_who_lapsed_is_not_counted(void **state)
{
    const utc_ms done = 1796083200000LL; /* 2026-12-01 */

    (void)state;
    put_theatre();
    all_sign(propose("tashi"));
    put_operations("2026-12-01");
    assert_int_equal(look(done + 365 * DAY), 0);
    assert_string_equal(independent("2027-11-30"), "1");
    assert_int_equal(look(done + 366 * DAY), 1);
    assert_int_equal(look(done + 366 * DAY), 0);
    assert_string_equal(independent("2027-11-30"), "1");
    assert_string_equal(independent("2027-12-01"), "0");
    put_operations("2027-11-30");
    assert_int_equal(look(done + 367 * DAY), 1);
    assert_string_equal(independent("2027-12-01"), "1");
    assert_int_equal(look(done + 368 * DAY), 0);
}

/* Who had enough when it was signed is asked for them from the first day. */
static void test_recency_of_the_signing(void **state)
{
    const char *id = NULL;
    struct said *s = NULL;

    (void)state;
    put_theatre();
    put_operations("2025-03-01");
    id = propose("tashi");
    all_sign(id);
    s = said_status(get_as("nima", "Practitioner/tashi"), 200);
    assert_int_equal(said_count(s, "qualification.0.extension"), 2);
    said_free(s);
    assert_string_equal(lapses(id), "2026-03-01");
    time_hold(NOW + 50 * DAY);
    assert_string_equal(level(), "independent");
    time_hold(NOW + 60 * DAY);
    assert_string_not_equal(level(), "independent");
}

/* The value of the Boolean ${name}; false where there is none. */
static bool alarms(const char *person, const char *id)
{
    struct said *s = said_status(
        get_as(person, arena_printf(arena, "SignOff/%s/$conditions", id)), 200);
    bool found = strcmp(part(json_get(s->json, "parameter"), "alarm"), "true") == 0;

    said_free(s);
    return found;
}

/* Failures after the signing raise the chart above its limit; people say what they found, and
 * nothing ends by it. */
static void test_alarm(void **state)
{
    const char *id = NULL;
    struct said *s = NULL;

    (void)state;
    put_theatre();
    for (int i = 0; i < 6; i++)
        put_operation("2025-12-01", i, "died"); /* before it: not in this chart */
    id = propose("tashi");
    refused_in("chen", of(id, "acknowledge"), TEXT("reason", "Looked"), 409);
    all_sign(id);
    assert_false(alarms("head-county", id));
    time_hold(NOW + 60 * DAY);
    for (int i = 0; i < 3; i++)
        put_operation("2026-02-01", i, "well");
    put_operation("2026-02-02", 0, "serious");
    assert_false(alarms("head-county", id));
    for (int i = 1; i < 6; i++)
        put_operation("2026-02-02", i, "serious");
    assert_true(alarms("head-county", id));
    s = said_status(get_as("head-county", "SignOff/$waiting"), 200);
    assert_string_equal(part(first_part(s, "sign-off"), "alarm"), "true");
    said_free(s);
    assert_string_equal(level(), "independent");
    refused_in("chen", of(id, "acknowledge"), CODE("role", "master"), 400);
    refused_in("tashi", of(id, "acknowledge"), TEXT("reason", "Bad luck"), 403);
    refused_in("nima", of(id, "acknowledge"), TEXT("reason", "Looked"), 404);
    s = said_in("head-county", of(id, "acknowledge"),
        TEXT("reason", "Six very ill patients; two will be watched"), 200);
    assert_string_equal(said_text(s, "acknowledged.0.role"), "head-of-department");
    assert_string_equal(said_text(s, "status"), "signed");
    said_free(s);
    assert_false(alarms("head-county", id));
    assert_string_equal(level(), "independent");
    for (int i = 0; i < 6; i++)
        put_operation(
            "2026-02-20", i, "died"); /* the chart begins anew, and rises again */
    assert_true(alarms("head-county", id));
}

/* Two alarms before anybody looked are looked at together, and each is in the record. */
static void test_two_alarms(void **state)
{
    const char *id = propose("tashi");
    struct said *s = NULL;

    (void)state;
    all_sign(id);
    time_hold(NOW + 60 * DAY);
    for (int i = 0; i < 6; i++)
        put_operation("2026-02-02", i, "serious");
    for (int i = 0; i < 6; i++)
        put_operation("2026-02-03", i, "serious");
    assert_true(alarms("quality", id));
    s = said_in("quality", of(id, "acknowledge"), TEXT("reason", "Looked at all"), 200);
    assert_true(said_count(s, "acknowledged") > 1);
    assert_string_not_equal(said_text(s, "acknowledged.0.case.reference"),
        said_text(s, "acknowledged.1.case.reference"));
    said_free(s);
    assert_false(alarms("quality", id));
    refused_in("quality", of(id, "acknowledge"), TEXT("reason", "Again"), 409);
}

#define CASE(name)                                                                     \
    cmocka_unit_test_setup_teardown(test_##name, open_signing, close_network)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(recency),
        CASE(who_lapsed_is_not_counted),
        CASE(recency_of_the_signing),
        CASE(alarm),
        CASE(two_alarms),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
