/* SPDX-License-Identifier: Apache-2.0 */
/* Scopes: what is read as one, what it gives, and when one is no more than another. */
#include "base/limits.h"

#include "app/scope.h"
#include "fhir/definition.h"
#include "unit.h"

static const struct scopes *parse(struct arena *a, const char *text)
{
    const struct scopes *s = NULL;
    struct err err = {0};

    if (scopes_parse(a, str_of(text), &s, &err) < 0)
        fail_msg("%s: %s", text, err.text);
    return s;
}

static void test_read(void **state)
{
    static const struct {
        const char *text;
        const char *again;
    } good[] = {
        {"system/Patient.rs", "system/Patient.rs"},
        {"system/*.cruds", "system/*.cruds"},
        {"system/Patient.c", "system/Patient.c"},
        {" system/Patient.r  system/Patient.s ", "system/Patient.rs"},
        {"system/Patient.r system/Observation.s",
            "system/Patient.r system/Observation.s"},
        {"system/Apprenticeship.r", "system/Apprenticeship.r"},
        {"system/Observation.rs?category=vital-signs",
            "system/Observation.rs?category=vital-signs"},
        {"system/Observation.r?code=a%7Cb&status=final",
            "system/Observation.r?code=a%7Cb&status=final"},
        {"system/Observation.r?category=a system/Observation.s?category=a",
            "system/Observation.rs?category=a"},
        {"system/Observation.r?category=a system/Observation.r",
            "system/Observation.r?category=a system/Observation.r"},
        {"system/Observation.r?status:not=final",
            "system/Observation.r?status:not=final"},
        {"system/Patient.r?_tag=x", "system/Patient.r?_tag=x"},
    };
    struct arena *a = arena_new();

    (void)state;
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        struct buf b;

        buf_init(&b, 1000);
        scopes_write(&b, parse(a, good[i].text));
        assert_string_equal(buf_cstr(&b), good[i].again);
        buf_done(&b);
    }
    arena_free(a);
}

static void test_refuse(void **state)
{
    static const char *const bad[] = {"", " ", "openid", "launch/patient",
        "patient/Patient.rs", "user/*.rs", "system/", "system", "system/Patient",
        "system/Patient.", "system/.rs", "system/patient.rs", "system/Person2.rs",
        "system/Resource.rs", "system/Patient.sr", "system/Patient.rr",
        "system/Patient.x", "system/Patient.read", "system/Patient.*", "system/**.rs",
        "system/Patient.rs,system/Observation.rs", "system/Patient.rs\tsystem/*.rs",
        "system/Patient.rs?", "system/Patient.rs?&", "system/*.rs?_tag=x",
        "system/Patient.rs?nothing=x", "system/Patient.rs?name",
        "system/Patient.rs?name=", "system/Observation.rs?subject.name=x",
        "system/Observation.rs?subject:Patient.name=x",
        "system/Patient.rs?_has:Observation:subject:code=x",
        "system/Patient.rs?_include=*", "system/Patient.rs?_sort=name",
        "system/Patient.rs?_count=5", "system/Patient.rs?_lastUpdated=gt2020",
        "system/Patient.rs?_content=x", "system/Patient.rs?_text=x",
        "system/Patient.rs?_list=x", "system/Patient.rs?_elements=id",
        "system/Patient.rs?name=%zz", "system/Patient.rs?birthdate=never",
        "system/Patient.r\"s", "system/Patient.rs system/Patient.q",
        "system/Patient.rs?name=\xc3\xa4"};
    struct arena *a = arena_new();

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        const struct scopes *s = NULL;
        struct err err = {0};

        if (scopes_parse(a, str_of(bad[i]), &s, &err) != E_INVALID)
            fail_msg("'%s' was taken", bad[i]);
        assert_string_equal(err.path, "scope");
        assert_null(s);
    }
    arena_free(a);
}

static void test_limits(void **state)
{
    struct arena *a = arena_new();
    const struct scopes *s = NULL;
    struct buf b;

    (void)state;
    buf_init(&b, (size_t)1 << 20);
    for (unsigned n = 1, count = 0; count < LIMIT_SCOPES; n++) {
        const struct fhir_type *type = fhir_type_numbered(n);

        if (!type)
            continue;
        buf_addf(&b, "system/%s.r ", type->name);
        count++;
    }
    assert_int_equal(scopes_parse(a, (struct str){b.data, b.len}, &s, NULL), 0);
    assert_int_equal(s->count, LIMIT_SCOPES);
    buf_adds(&b, "system/*.r");
    assert_int_equal(
        scopes_parse(a, (struct str){b.data, b.len}, &s, NULL), E_TOO_LARGE);
    buf_clear(&b);
    buf_adds(&b, "system/Patient.r");
    while (b.len < LIMIT_SCOPE_BYTES)
        buf_addc(&b, ' ');
    assert_int_equal(scopes_parse(a, (struct str){b.data, b.len}, &s, NULL), 0);
    buf_addc(&b, ' ');
    assert_int_equal(
        scopes_parse(a, (struct str){b.data, b.len}, &s, NULL), E_TOO_LARGE);
    buf_done(&b);
    arena_free(a);
}

static void test_verbs(void **state)
{
    struct arena *a = arena_new();
    const struct scopes *s =
        parse(a, "system/Patient.r system/*.s system/Observation.u?status=final");
    unsigned patient = fhir_resource_named(STR("Patient"))->number;
    unsigned observation = fhir_resource_named(STR("Observation"))->number;

    (void)state;
    assert_int_equal(scopes_verbs(s, patient), SCOPE_READ | SCOPE_SEARCH);
    assert_int_equal(scopes_verbs(s, observation), SCOPE_UPDATE | SCOPE_SEARCH);
    assert_int_equal(scopes_plain(s, observation), SCOPE_SEARCH);
    assert_true(scopes_any(s, SCOPE_UPDATE));
    assert_false(scopes_any(s, SCOPE_CREATE));
    arena_free(a);
}

static void test_within(void **state)
{
    static const struct {
        const char *asked;
        const char *granted;
        bool within;
    } pairs[] = {
        {"system/Patient.rs", "system/Patient.rs", true},
        {"system/Patient.r", "system/Patient.rs", true},
        {"system/Patient.rs", "system/Patient.r", false},
        {"system/Patient.rs", "system/Patient.r system/*.s", true},
        {"system/Patient.rs", "system/*.cruds", true},
        {"system/*.r", "system/Patient.cruds", false},
        {"system/*.rs", "system/*.r", false},
        {"system/Patient.r system/Encounter.r", "system/Patient.r", false},
        {"system/Observation.r?status=final", "system/Observation.r", true},
        {"system/Observation.r?status=final", "system/*.r", true},
        {"system/Observation.r", "system/Observation.r?status=final", false},
        {"system/Observation.r?status=final", "system/Observation.r?status=final",
            true},
        {"system/Observation.rs?status=final", "system/Observation.r?status=final",
            false},
        {"system/Observation.r?status=amended", "system/Observation.r?status=final",
            false},
        {"system/Observation.rs?status=final",
            "system/Observation.r?status=final system/*.s", true},
        {"system/*.r", "system/Observation.r?status=final", false},
    };
    struct arena *a = arena_new();

    (void)state;
    for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
        if (scopes_within(parse(a, pairs[i].asked), parse(a, pairs[i].granted)) !=
            pairs[i].within)
            fail_msg("%s within %s", pairs[i].asked, pairs[i].granted);
    }
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_read),
        cmocka_unit_test(test_refuse),
        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_verbs),
        cmocka_unit_test(test_within),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
