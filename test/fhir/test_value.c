/* SPDX-License-Identifier: Apache-2.0 */
/* Dates and numbers as ranges, references taken apart. */
#include <math.h>
#include <time.h>

#include "fhir/definition.h"
#include "fhir/value.h"
#include "unit.h"

/* ---- dates ---- */

#define SECOND 1000ll
#define DAY (86400 * SECOND)

static void dates(void **state)
{
    static const struct {
        const char *text;
        long long lo, hi;
    } rows[] = {
        {"1970", 0, 365 * DAY},
        {"1972", 730 * DAY, 1096 * DAY},
        {"1970-02", 31 * DAY, 59 * DAY},
        {"1972-02", 761 * DAY, 790 * DAY},
        {"1970-12", 334 * DAY, 365 * DAY},
        {"1970-01-02", DAY, 2 * DAY},
        {"1969-12-31", -DAY, 0},
        {"0001-01-01", -719162 * DAY, -719161 * DAY},
        {"9999-12-31", 2932896 * DAY, 2932897 * DAY},
        {"1970-01-01T00:00:01Z", SECOND, 2 * SECOND},
        {"1970-01-01T00:00:01", SECOND, 2 * SECOND},
        {"1970-01-01T00:01", 60 * SECOND, 120 * SECOND},
        {"1970-01-01T00:01Z", 60 * SECOND, 120 * SECOND},
        {"1970-01-01T00:00:01.5Z", 1500, 1600},
        {"1970-01-01T00:00:01.25Z", 1250, 1260},
        {"1970-01-01T00:00:01.250Z", 1250, 1251},
        {"1970-01-01T00:00:01.2509999Z", 1250, 1251},
        {"1970-01-01T08:00:00+08:00", 0, SECOND},
        {"1970-01-01T00:00:00-05:30", 19800 * SECOND, 19801 * SECOND},
        {"1970-01-01T14:00:00+14:00", 0, SECOND},
        {"2016-12-31T23:59:60Z", 1483228800000, 1483228801000},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        utc_ms lo = 1, hi = 1;

        if (!fhir_date_range(str_of(rows[i].text), &lo, &hi) || lo != rows[i].lo ||
            hi != rows[i].hi)
            fail_msg("%s: %lld to %lld", rows[i].text, (long long)lo, (long long)hi);
    }
}

static void no_dates(void **state)
{
    static const char *const texts[] = {"", "1", "197", "19700", "0000", "1970-",
        "1970-1", "1970-00", "1970-13", "1970-01-", "1970-01-00", "1970-01-32",
        "1970-02-29", "1900-02-29", "1970-04-31", "1970-1-1", "1970-01-01T",
        "1970-01-01T1", "1970-01-01T24:00:00Z", "1970-01-01T00:60:00Z",
        "1970-01-01T00:00:61Z", "1970-01-01T00:00:00.Z", "1970-01-01T00:00:00z",
        "1970-01-01 00:00:00Z", "1970-01-01T00:00:00+15:00",
        "1970-01-01T00:00:00+14:01", "1970-01-01T00:00:00+1:00",
        "1970-01-01T00:00:00+01", "1970-01-01T00:00:00Zx", "1970-01-01Z", " 1970",
        "1970 ", "-1970", "abcd", "19 0"};

    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        utc_ms lo = 7, hi = 7;

        if (fhir_date_range(str_of(texts[i]), &lo, &hi))
            fail_msg("%s is taken for a date", texts[i]);
        assert_int_equal(lo, 7);
        assert_int_equal(hi, 7);
    }
}

/* Random instants against the C library. */
static void dates_as_libc_says(void **state)
{
    (void)state;
    for (int i = 0; i < 20000; i++) {
        struct tm tm = {.tm_year = (int)unit_between(-1899, 8099),
            .tm_mon = (int)unit_between(0, 11),
            .tm_mday = (int)unit_between(1, 28),
            .tm_hour = (int)unit_between(0, 23),
            .tm_min = (int)unit_between(0, 59),
            .tm_sec = (int)unit_between(0, 59)};
        char text[64];
        utc_ms lo = 0, hi = 0;

        snprintf(text, sizeof(text), "%04d-%02d-%02dT%02d:%02d:%02dZ",
            tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min,
            tm.tm_sec);
        assert_true(fhir_date_range(str_of(text), &lo, &hi));
        assert_int_equal(lo, (long long)timegm(&tm) * SECOND);
        assert_int_equal(hi, lo + SECOND);
    }
}

static void periods(void **state)
{
    static const struct {
        const char *json;
        bool good;
        utc_ms lo, hi;
    } rows[] = {
        {"{}", true, UTC_MS_MIN, UTC_MS_MAX},
        {"{\"start\":\"1970-01-02\"}", true, 86400 * SECOND, UTC_MS_MAX},
        {"{\"end\":\"1970-01-01\"}", true, UTC_MS_MIN, 86400 * SECOND},
        {"{\"start\":\"1970\",\"end\":\"1970\"}", true, 0, 365LL * 86400 * SECOND},
        {"{\"start\":\"soon\"}", false, 0, 0},
        {"{\"start\":\"1970\",\"end\":\"\"}", false, 0, 0},
    };
    struct arena *a = arena_new();
    utc_ms lo = 0, hi = 0;

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const struct json *period = NULL;

        assert_int_equal(json_read(a, str_of(rows[i].json), 100, &period, NULL), 0);
        assert_int_equal(fhir_period_range(period, &lo, &hi), rows[i].good);
        if (rows[i].good && (lo != rows[i].lo || hi != rows[i].hi))
            fail_msg("%s: %lld to %lld", rows[i].json, (long long)lo, (long long)hi);
    }
    assert_true(fhir_period_range(NULL, &lo, &hi));
    assert_true(lo == UTC_MS_MIN && hi == UTC_MS_MAX);
    arena_free(a);
}

/* ---- numbers ---- */

static void numbers(void **state)
{
    static const struct {
        const char *text;
        double value, lo, hi;
    } rows[] = {
        {"100", 100, 99.5, 100.5},
        {"100.00", 100, 99.995, 100.005},
        {"1.50", 1.5, 1.495, 1.505},
        {"1e2", 100, 95, 105},
        {"0", 0, -0.5, 0.5},
        {"-0", 0, -0.5, 0.5},
        {"0.0", 0, -0.05, 0.05},
        {"-1", -1, -1.5, -0.5},
        {"-2.5", -2.5, -2.55, -2.45},
        {"5.4", 5.4, 5.35, 5.45},
        {"0.001", 0.001, 0.0005, 0.0015},
        {"1234567890.123", 1234567890.123, 1234567890.1225, 1234567890.1235},
        {"1E-3", 0.001, 0.00095, 0.00105},
        {"1e300", 1e300, 0.95e300, 1.05e300},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        double value = 7, lo = 7, hi = 7;

        if (!fhir_number_range(str_of(rows[i].text), &value, &lo, &hi) ||
            value < rows[i].value || value > rows[i].value || lo < rows[i].lo ||
            lo > rows[i].lo || hi < rows[i].hi || hi > rows[i].hi)
            fail_msg("%s: %.17g in %.17g to %.17g", rows[i].text, value, lo, hi);
        assert_false(signbit(value) && value >= 0);
    }
}

static void no_numbers(void **state)
{
    static const char *const texts[] = {"", "-", "+1", ".5", "5.", "1.e1", "01", "00",
        "1e", "1e+", "1 ", " 1", "0x1", "NaN", "inf", "1e999", "-1e999", "1,5",
        "1.5.2"};

    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        double value = 7, lo = 7, hi = 7;

        if (fhir_number_range(str_of(texts[i]), &value, &lo, &hi))
            fail_msg("%s is taken for a number", texts[i]);
    }
}

/* Values are correctly rounded, and in their ranges, whatever the length. */
static void numbers_as_libc_says(void **state)
{
    (void)state;
    for (int i = 0; i < 50000; i++) {
        char text[64];
        double value = 0, lo = 0, hi = 0, expected;
        int digits = (int)unit_between(1, 17);
        int64_t most = 1;

        for (int k = 0; k < digits; k++)
            most *= 10;
        snprintf(text, sizeof(text), "%lld.%0*lld",
            (long long)unit_between(-99999, 99999), (int)unit_between(1, 12),
            (long long)unit_between(0, most / 100000 + 9));
        expected = strtod(text, NULL);
        assert_true(fhir_number_range(str_of(text), &value, &lo, &hi));
        assert_true(lo <= value && value < hi);
        if (strlen(text) <= 17 && (value < expected || value > expected))
            fail_msg("%s: %.17g, not %.17g", text, value, expected);
        assert_true(fabs(value - expected) <= fabs(expected) * 1e-15);
    }
}

/* Numbers of as many digits as a mantissa holds, at every size. */
static void wide_numbers_as_libc_says(void **state)
{
    (void)state;
    for (int i = 0; i < 300000; i++) {
        char text[64];
        double value = 0, expected;

        snprintf(text, sizeof(text), "%lld.%lldE%d",
            (long long)unit_between(1, 99999999), (long long)unit_between(1, 999999999),
            (int)unit_between(-40, 40));
        expected = strtod(text, NULL);
        assert_true(fhir_number(str_of(text), &value));
        if (value < expected || value > expected)
            fail_msg("%s: %.17g, not %.17g", text, value, expected);
    }
}

/* A longer text than a mantissa holds still gives its number. */
static void long_numbers(void **state)
{
    double value = 0, lo = 0, hi = 0;

    (void)state;
    assert_true(fhir_number_range(
        STR("3.14159265358979323846264338327950288419716939937510"), &value, &lo, &hi));
    assert_true(fabs(value - 3.14159265358979323846) < 1e-15);
    assert_true(lo <= value && value < hi);
    assert_true(
        fhir_number_range(STR("123456789012345678901234567890"), &value, &lo, &hi));
    assert_true(fabs(value / 123456789012345678901234567890.0 - 1) < 1e-15);
    assert_true(
        fhir_number_range(STR("0.00000000000000000000000000000123"), &value, &lo, &hi));
    assert_true(value < 1.23e-30 + 1e-44 && value > 1.23e-30 - 1e-44);
    assert_true(fhir_number_range(STR("-99999999999999999999999.5"), &value, &lo, &hi));
    assert_true(value < 0 && lo <= value && value < hi);
}

/* ---- references ---- */

static void references(void **state)
{
    static const struct {
        const char *text, *base;
        enum fhir_reference_form form;
        const char *type, *id, *version;
    } rows[] = {
        {"Patient/1", NULL, FHIR_REF_LOCAL, "Patient", "1", NULL},
        {"Patient/a.b-C/_history/v2", NULL, FHIR_REF_LOCAL, "Patient", "a.b-C", "v2"},
        {"http://h/fhir/Patient/1", "http://h/fhir", FHIR_REF_LOCAL, "Patient", "1",
            NULL},
        {"http://h/fhir/Patient/1", NULL, FHIR_REF_ABSOLUTE, NULL, NULL, NULL},
        {"http://h/fhirx/Patient/1", "http://h/fhir", FHIR_REF_ABSOLUTE, NULL, NULL,
            NULL},
        {"http://h/fhir/Nothing/1", "http://h/fhir", FHIR_REF_ABSOLUTE, NULL, NULL,
            NULL},
        {"http://h/fhir", "http://h/fhir", FHIR_REF_ABSOLUTE, NULL, NULL, NULL},
        {"#p1", NULL, FHIR_REF_CONTAINED, NULL, "p1", NULL},
        {"#", NULL, FHIR_REF_CONTAINED, NULL, "", NULL},
        {"urn:uuid:c757873d-ec9a-4326-a141-556f43239520", NULL, FHIR_REF_URN, NULL,
            NULL, NULL},
        {"urn:oid:1.2.3", NULL, FHIR_REF_URN, NULL, NULL, NULL},
        {"mailto:a@example.org", NULL, FHIR_REF_ABSOLUTE, NULL, NULL, NULL},
        {"Patient?identifier=a|b", NULL, FHIR_REF_SEARCH, "Patient", NULL, NULL},
        {"", NULL, FHIR_REF_NONE, NULL, NULL, NULL},
        {"Patient", NULL, FHIR_REF_BAD, NULL, NULL, NULL},
        {"Patient/", NULL, FHIR_REF_BAD, NULL, NULL, NULL},
        {"patient/1", NULL, FHIR_REF_BAD, NULL, NULL, NULL},
        {"DomainResource/1", NULL, FHIR_REF_BAD, NULL, NULL, NULL},
        {"HumanName/1", NULL, FHIR_REF_BAD, NULL, NULL, NULL},
        {"Patient/a b", NULL, FHIR_REF_BAD, NULL, NULL, NULL},
        {"Patient/1/x", NULL, FHIR_REF_BAD, NULL, NULL, NULL},
        {"Patient/1/_history", NULL, FHIR_REF_BAD, NULL, NULL, NULL},
        {"Patient/1/_history/", NULL, FHIR_REF_BAD, NULL, NULL, NULL},
        {"Patient/1/_history/1/2", NULL, FHIR_REF_BAD, NULL, NULL, NULL},
        {"/Patient/1", NULL, FHIR_REF_BAD, NULL, NULL, NULL},
        {"Nothing?x=y", NULL, FHIR_REF_BAD, NULL, NULL, NULL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct fhir_reference ref =
            fhir_reference_parse(str_of(rows[i].text), str_of(rows[i].base));

        if (ref.form != rows[i].form)
            fail_msg("%s has form %d", rows[i].text, ref.form);
        if (rows[i].type)
            assert_string_equal(fhir_type_numbered(ref.type)->name, rows[i].type);
        else
            assert_int_equal(ref.type, 0);
        assert_true(str_eq(ref.id, str_of(rows[i].id)));
        assert_true(str_eq(ref.version, str_of(rows[i].version)));
        if (ref.form == FHIR_REF_SEARCH)
            assert_true(str_is(ref.text, "identifier=a|b"));
        else
            assert_true(str_is(ref.text, rows[i].text));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dates),
        cmocka_unit_test(no_dates),
        cmocka_unit_test(dates_as_libc_says),
        cmocka_unit_test(periods),
        cmocka_unit_test(numbers),
        cmocka_unit_test(no_numbers),
        cmocka_unit_test(numbers_as_libc_says),
        cmocka_unit_test(wide_numbers_as_libc_says),
        cmocka_unit_test(long_numbers),
        cmocka_unit_test(references),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
