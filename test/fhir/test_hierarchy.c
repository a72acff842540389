/* SPDX-License-Identifier: Apache-2.0 */
/* Which code is a kind of which: order of the tables, lines up and down, rings. */
#include "fhir/hierarchy.h"
#include "unit.h"

static const char *const role = "http://terminology.hl7.org/CodeSystem/v3-RoleCode";

static const struct fhir_code_system *system_of(const char *url)
{
    const struct fhir_code_system *s = fhir_code_system_named(str_of(url));

    if (!s)
        fail_msg("no system %s", url);
    return s;
}

/* Is ${other} in the line of ${code}? */
static bool in_line(const char *url, const char *code, bool below, const char *other)
{
    const struct fhir_code_system *s = system_of(url);
    bool line[FHIR_CONCEPTS_MOST];
    size_t count = fhir_code_line(s, str_of(code), below, line), seen = 0, i;
    bool found = false;

    for (i = 0; count && i < s->count; i++) {
        seen += line[i];
        found |= line[i] && strcmp(fhir_concepts[s->first + i], other) == 0;
    }
    assert_int_equal(seen, count);
    return found;
}

static void tables_are_in_order(void **state)
{
    size_t i, j;

    (void)state;
    assert_true(fhir_code_system_count > 900);
    for (i = 0; i < fhir_code_system_count; i++) {
        const struct fhir_code_system *s = &fhir_code_systems[i];
        assert_ptr_equal(fhir_code_system_named(str_of(s->url)), s);
        assert_true(s->count <= FHIR_CONCEPTS_MOST);
        for (j = 1; j < s->count; j++)
            assert_true(strcmp(fhir_concepts[s->first + j - 1],
                            fhir_concepts[s->first + j]) < 0);
        for (j = 0; j < s->pair_count; j++) {
            assert_true(fhir_kinds[s->first_pair + j].child < s->count);
            assert_true(fhir_kinds[s->first_pair + j].parent < s->count);
        }
    }
    assert_null(fhir_code_system_named(STR("http://loinc.org")));
    assert_null(fhir_code_system_named(STR("")));
}

static void lines_go_up_and_down(void **state)
{
    (void)state;
    /* a natural mother is a mother, a parent and a family member */
    assert_true(in_line(role, "FAMMEMB", true, "NMTH"));
    assert_true(in_line(role, "PRN", true, "NMTH"));
    assert_true(in_line(role, "NMTH", false, "FAMMEMB"));
    assert_true(in_line(role, "NMTH", false, "NMTH"));
    assert_false(in_line(role, "NMTH", true, "FAMMEMB"));
    assert_false(in_line(role, "CHILD", true, "NMTH"));
    assert_true(in_line(
        "http://hl7.org/fhir/observation-status", "amended", true, "corrected"));
    assert_true(in_line("http://terminology.hl7.org/CodeSystem/condition-clinical",
        "relapse", false, "active"));
}

static void a_code_alone(void **state)
{
    bool line[FHIR_CONCEPTS_MOST];

    (void)state;
    assert_int_equal(fhir_code_line(system_of(role), STR("nonsense"), true, line), 0);
    assert_int_equal(
        fhir_code_line(system_of("http://hl7.org/fhir/administrative-gender"),
            STR("male"), true, line),
        0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(tables_are_in_order),
        cmocka_unit_test(lines_go_up_and_down), cmocka_unit_test(a_code_alone)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
