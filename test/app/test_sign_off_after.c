/* SPDX-License-Identifier: Apache-2.0 */
/* What becomes of a sign-off after it was signed: too few cases end it. */
#include "sign_off.h"

/* Too few cases end it on that day, at the router, on the map and on the page alike, and
 * nothing is written: not by whom it was signed, nor by its last day. */
static void test_recency(void **state)
{
    const char *id = propose("tashi");
    struct said *s = NULL;

    (void)state;
    put_theatre();
    all_sign(id);
    s = said_status(get_as("nima", "Practitioner/tashi"), 200);
    assert_int_equal(said_count(s, "qualification.0.extension"), 2);
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
    assert_int_equal(said_count(s, "qualification.0.extension"), 1);
    said_free(s);
    assert_string_equal(lapses(id), "2026-03-01");
    time_hold(NOW + 50 * DAY);
    assert_string_equal(level(), "independent");
    time_hold(NOW + 60 * DAY);
    assert_string_not_equal(level(), "independent");
}

#define CASE(name)                                                                     \
    cmocka_unit_test_setup_teardown(test_##name, open_signing, close_network)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(recency),
        CASE(recency_of_the_signing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
