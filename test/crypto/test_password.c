/* SPDX-License-Identifier: Apache-2.0 */
/* Passwords: their form, right and wrong ones, hashes that are out of date. */
#include <sodium.h>

#include "crypto/crypto.h"
#include "crypto/password.h"
#include "unit.h"

static void right_and_wrong(void **state)
{
    char hash[CRYPTO_PASSWORD_HASH_MAX];
    char again[CRYPTO_PASSWORD_HASH_MAX];
    const struct str password = STR("four yaks cross the pass");

    (void)state;
    assert_int_equal(crypto_password_hash(password, hash, NULL), 0);
    assert_non_null(strstr(hash, "$argon2id$v=19$m=65536,t=3,p=1$"));
    assert_true(crypto_password_matches(hash, password));
    assert_false(crypto_password_matches(hash, STR("four yaks cross the pas")));
    assert_false(crypto_password_matches(hash, STR("four yaks cross the pass ")));
    assert_false(crypto_password_matches(hash, STR("")));
    assert_false(crypto_password_stale(hash));
    assert_int_equal(crypto_password_hash(password, again, NULL), 0);
    assert_string_not_equal(hash, again); /* another salt */
}

static void no_hash(void **state)
{
    char longer[400];

    (void)state;
    memset(longer, '$', sizeof(longer));
    longer[sizeof(longer) - 1] = '\0';
    assert_false(crypto_password_matches("", STR("x")));
    assert_false(crypto_password_matches("$argon2id$v=19$m=", STR("x")));
    assert_false(crypto_password_matches(longer, STR("x")));
    assert_true(crypto_password_stale("nonsense"));
}

/* A hash of an older program still opens, and is told to be out of date. */
static void old_parameters(void **state)
{
    char hash[crypto_pwhash_STRBYTES];
    const char *password = "an older hash";

    (void)state;
    assert_int_equal(crypto_pwhash_str_alg(hash, password, strlen(password), 2,
                         (size_t)19 << 20, crypto_pwhash_ALG_ARGON2ID13),
        0);
    assert_true(crypto_password_matches(hash, str_of(password)));
    assert_true(crypto_password_stale(hash));
}

static int start(void **state)
{
    (void)state;
    return crypto_init(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(right_and_wrong),
        cmocka_unit_test(no_hash),
        cmocka_unit_test(old_parameters),
    };

    return cmocka_run_group_tests(tests, start, NULL);
}
