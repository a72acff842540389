/* SPDX-License-Identifier: Apache-2.0 */
/* One-time codes against the table of RFC 6238, their window, and once only; recovery
 * codes. */
#include "crypto/code.h"
#include "crypto/crypto.h"
#include "unit.h"

static const uint8_t *rfc_secret(void)
{
    return (const uint8_t *)"12345678901234567890";
}

/* RFC 6238, appendix B, the rows of SHA-1. */
static void rfc_table(void **state)
{
    static const struct {
        int64_t seconds;
        const char *code;
    } rows[] = {
        {59, "94287082"},
        {1111111109, "07081804"},
        {1111111111, "14050471"},
        {1234567890, "89005924"},
        {2000000000, "69279037"},
        {20000000000, "65353130"},
    };
    char code[CRYPTO_CODE_DIGITS_MAX + 1];
    int64_t step = 0;

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        assert_int_equal(
            crypto_code_make(rfc_secret(), rows[i].seconds / 30, 8, code, NULL), 0);
        assert_string_equal(code, rows[i].code);
        /* six digits are the last six of eight */
        assert_true(crypto_code_check(
            rfc_secret(), str_of(rows[i].code + 2), rows[i].seconds * 1000, -1, &step));
        assert_int_equal(step, rows[i].seconds / 30);
    }
    assert_int_equal(crypto_code_make(rfc_secret(), 1, 5, code, NULL), E_BUG);
    assert_int_equal(crypto_code_make(rfc_secret(), 1, 9, code, NULL), E_BUG);
}

static void window_and_once(void **state)
{
    const utc_ms now = 1700000000000;
    const int64_t step = now / CRYPTO_CODE_STEP_MS;
    char code[CRYPTO_CODE_DIGITS_MAX + 1];
    int64_t found = 0;

    (void)state;
    for (int64_t off = -3; off <= 3; off++) {
        bool near = off >= -1 && off <= 1;

        assert_int_equal(crypto_code_make(rfc_secret(), step + off, 6, code, NULL), 0);
        found = -7;
        assert_int_equal(
            crypto_code_check(rfc_secret(), str_of(code), now, 0, &found), near);
        assert_int_equal(found, near ? step + off : -7);
        /* used already, or older than one that was used */
        assert_false(
            crypto_code_check(rfc_secret(), str_of(code), now, step + off, &found));
        assert_false(
            crypto_code_check(rfc_secret(), str_of(code), now, step + off + 1, &found));
    }
}

static void forms(void **state)
{
    const utc_ms now = 59000; /* 287082 */
    int64_t step = 0;

    (void)state;
    assert_true(crypto_code_check(rfc_secret(), STR("287 082"), now, 0, &step));
    assert_false(crypto_code_check(rfc_secret(), STR("28708"), now, 0, &step));
    assert_false(crypto_code_check(rfc_secret(), STR("2870822"), now, 0, &step));
    assert_false(crypto_code_check(rfc_secret(), STR("28708a"), now, 0, &step));
    assert_false(crypto_code_check(rfc_secret(), STR(""), now, 0, &step));
    assert_false(crypto_code_check(rfc_secret(), STR("287083"), now, 0, &step));
}

static void secret_text(void **state)
{
    uint8_t one[CRYPTO_CODE_SECRET_BYTES];
    uint8_t two[CRYPTO_CODE_SECRET_BYTES];
    char text[CRYPTO_CODE_SECRET_CHARS + 1];

    (void)state;
    assert_int_equal(crypto_code_text(rfc_secret(), text, NULL), 0);
    assert_string_equal(text, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
    crypto_code_secret(one);
    crypto_code_secret(two);
    assert_memory_not_equal(one, two, sizeof(one));
}

static void recovery(void **state)
{
    char code[CRYPTO_RECOVERY_CHARS + 1];
    char typed[CRYPTO_RECOVERY_CHARS + 1];
    uint8_t hash[CRYPTO_RECOVERY_HASH_BYTES];
    uint8_t same[CRYPTO_RECOVERY_HASH_BYTES];
    size_t n = 0;

    (void)state;
    assert_int_equal(crypto_recovery_new(code, NULL), 0);
    assert_int_equal(strlen(code), CRYPTO_RECOVERY_CHARS);
    assert_true(crypto_recovery_hash(str_of(code), hash));
    for (const char *p = code; *p; p++) {
        if (*p != '-')
            typed[n++] = (char)(*p >= 'A' && *p <= 'Z' ? *p - 'A' + 'a' : *p);
    }
    assert_true(crypto_recovery_hash((struct str){typed, n}, same));
    assert_memory_equal(hash, same, sizeof(hash));
    typed[3] = typed[3] == 'q' ? 'r' : 'q';
    assert_true(crypto_recovery_hash((struct str){typed, n}, same));
    assert_memory_not_equal(hash, same, sizeof(hash));
    assert_false(crypto_recovery_hash((struct str){typed, n - 1}, same));
    assert_false(crypto_recovery_hash(STR("287082"), same));
    assert_false(crypto_recovery_hash(STR(""), same));
    typed[0] = '1'; /* not in base32 */
    assert_false(crypto_recovery_hash((struct str){typed, n}, same));
}

static int start(void **state)
{
    (void)state;
    return crypto_init(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rfc_table),
        cmocka_unit_test(window_and_once),
        cmocka_unit_test(forms),
        cmocka_unit_test(secret_text),
        cmocka_unit_test(recovery),
    };

    return cmocka_run_group_tests(tests, start, NULL);
}
