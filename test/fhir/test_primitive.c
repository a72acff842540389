/* SPDX-License-Identifier: Apache-2.0 */
/* The lexical forms of R4's primitive types: what is one, and what only looks like it. */
#include "base/limits.h"

#include "fhir/validate.h"
#include "unit.h"

static void lexical(enum fhir_primitive primitive, const char *const *texts, bool valid)
{
    for (; *texts; texts++) {
        if (fhir_primitive_valid(primitive, str_of(*texts)) != valid)
            fail_msg("primitive %d, \"%s\" should be %s", (int)primitive, *texts,
                valid ? "valid" : "refused");
    }
}

#define VALID(primitive, ...)                                                          \
    lexical(primitive, (const char *const[]){__VA_ARGS__, NULL}, true)
#define REFUSED(primitive, ...)                                                        \
    lexical(primitive, (const char *const[]){__VA_ARGS__, NULL}, false)

static void dates(void **state)
{
    (void)state;
    VALID(
        FHIR_DATE, "2026", "2026-01", "2026-01-31", "2024-02-29", "0001", "9999-12-31");
    REFUSED(FHIR_DATE, "", "26", "0000", "2026-00", "2026-13", "2026-1", "2026-01-00",
        "2026-01-32", "2026-02-29", "1900-02-29", "2026-04-31", "2026-01-31T12:00:00Z",
        "2026-01-", "2026/01/31", "2026-01-3 ", " 2026");
    VALID(FHIR_DATE_TIME, "2026", "2026-01", "2026-01-31", "2026-01-31T12:00:00Z",
        "2026-01-31T12:00:00+08:00", "2026-01-31T23:59:60.123456789-14:00");
    REFUSED(FHIR_DATE_TIME, "", "2026-01-31T", "2026-01-31T12:00", "2026-01-31T12:00Z",
        "2026-01-31T12:00:00", "2026-01-31T24:00:00Z", "2026-01-31T12:60:00Z",
        "2026-01-31T12:00:61Z", "2026-01-31T12:00:00.Z", "2026-01-31T12:00:00+14:01",
        "2026-01-31T12:00:00+8:00", "2026-02-30T12:00:00Z", "2026-01T12:00:00Z",
        "2026-01-31 12:00:00Z", "2026-01-31T12:00:00z", "2026-01-31T12:00:00ZZ");
    VALID(FHIR_INSTANT, "2026-01-31T12:00:00Z", "2026-01-31T12:00:00.5+05:30");
    REFUSED(FHIR_INSTANT, "", "2026", "2026-01-31", "2026-01-31T12:00:00",
        "2026-01-31T12:00Z");
    VALID(FHIR_TIME, "00:00:00", "23:59:60", "12:00:00.001");
    REFUSED(FHIR_TIME, "", "24:00:00", "12:00", "12:00:00Z", "1:00:00", "12:00:00.",
        "12:00:0a");
}

static void numbers(void **state)
{
    (void)state;
    VALID(FHIR_INTEGER, "0", "-1", "2147483647", "-2147483648");
    REFUSED(FHIR_INTEGER, "", "-", "01", "1.0", "1e2", "2147483648", "-2147483649",
        "99999999999999999999", "+1");
    VALID(FHIR_UNSIGNED_INT, "0", "2147483647");
    REFUSED(FHIR_UNSIGNED_INT, "-1", "2147483648", "00");
    VALID(FHIR_POSITIVE_INT, "1", "2147483647");
    REFUSED(FHIR_POSITIVE_INT, "0", "-1", "2147483648");
    VALID(FHIR_DECIMAL, "0", "-0", "1.10", "0.00", "1e2", "1.5E-10", "-12.5e+3");
    REFUSED(FHIR_DECIMAL, "", ".5", "1.", "01", "1e", "1e+", "+1", "NaN", "1 ", "--1");
    VALID(FHIR_BOOLEAN, "true", "false");
    REFUSED(FHIR_BOOLEAN, "True", "1", "");
}

static void texts(void **state)
{
    static char large[LIMIT_STRING_BYTES + 2];

    (void)state;
    memset(large, 'a', sizeof(large) - 1);
    REFUSED(FHIR_STRING, large, "", "a\x01", "\x1f");
    REFUSED(FHIR_MARKDOWN, large, "");
    large[LIMIT_STRING_BYTES] = '\0';
    VALID(FHIR_STRING, large, " ", "a\tb\r\nc", "བོད", "\x7f");
    VALID(FHIR_CODE, "a", "a b", "final", "<");
    REFUSED(FHIR_CODE, "", " a", "a ", "a  b", "a\t b", "\n");
    VALID(FHIR_ID, "a", "A-1.b",
        "0123456789012345678901234567890123456789012345678901234567890123");
    REFUSED(FHIR_ID, "", "a b", "a_b", "a/b", "é",
        "01234567890123456789012345678901234567890123456789012345678901234");
    VALID(FHIR_URI, "urn:x", "http://x/y?z#w", "a");
    REFUSED(FHIR_URI, "", "a b", " a", "a\n");
    REFUSED(FHIR_URL, "a b");
    REFUSED(FHIR_CANONICAL, "http://x|1 2");
    VALID(FHIR_OID, "urn:oid:1.2.3", "urn:oid:2.16.840.0");
    REFUSED(FHIR_OID, "1.2.3", "urn:oid:3.1", "urn:oid:1", "urn:oid:1.", "urn:oid:1.02",
        "urn:oid:1..2", "urn:oid:1.a", "urn:oid:");
    VALID(FHIR_UUID, "urn:uuid:c757873d-ec9a-4326-a141-556f43239520");
    REFUSED(FHIR_UUID, "c757873d-ec9a-4326-a141-556f43239520",
        "urn:uuid:", "urn:uuid:c757873d-ec9a-4326-a141-556f4323952", "");
    VALID(FHIR_BASE64, "YQ==", "YWI=", "YWJj", "YWJj YWJj", "\nYWJj\n");
    REFUSED(FHIR_BASE64, "", "YQ", "YQ=", "YQ===", "Y===", "YQ==YQ==", "Y-_j", " ");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dates),
        cmocka_unit_test(numbers),
        cmocka_unit_test(texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
