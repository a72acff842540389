/* SPDX-License-Identifier: Apache-2.0 */
/* The catalogue: its codes are codes of ICD-10, it is in order, and codes are found. */
#include <ctype.h>

#include "app/catalogue.h"
#include "shared.h"
#include "unit.h"

static void tables_are_in_order(void **state)
{
    (void)state;
    for (size_t i = 1; i < catalogue_procedure_count; i++)
        assert_true(
            strcmp(catalogue_procedures[i - 1].code, catalogue_procedures[i].code) < 0);
    for (size_t i = 1; i < catalogue_illness_count; i++)
        assert_true(
            strcmp(catalogue_illnesses[i - 1].code, catalogue_illnesses[i].code) < 0);
    assert_true(catalogue_illness_count >= 3000);
    assert_true(catalogue_procedure_count >= 150);
    for (uint32_t i = 0; i < catalogue_things(); i++) {
        uint32_t found = UINT32_MAX;
        const struct catalogue_entry *one = catalogue_thing(i);

        assert_true(catalogue_find((struct str){NULL, 0}, str_of(one->code), &found));
        assert_int_equal(found, i);
        assert_true(
            catalogue_is_procedure(i) || (one->need_count > 0 && one->specialty));
    }
}

static void codes_are_found(void **state)
{
    static const struct {
        const char *system, *code, *means; /* NULL: none */
    } cases[] = {
        {CATALOGUE_ILLNESS_SYSTEM, "S52", "S52"},
        {CATALOGUE_ILLNESS_SYSTEM, "S52.501A", "S52.5"},
        {"http://hl7.org/fhir/sid/icd-10", "K35.8", "K35"},
        {CATALOGUE_ILLNESS_SYSTEM, "B67.5", "B67.5"},
        {CATALOGUE_ILLNESS_SYSTEM, "B67.9", "B67"},
        {CATALOGUE_ILLNESS_SYSTEM, "T70", "T70"}, /* wider than altitude */
        {CATALOGUE_ILLNESS_SYSTEM, "W54", NULL},  /* a dog is no illness */
        {CATALOGUE_ILLNESS_SYSTEM, "appendectomy", NULL},
        {CATALOGUE_PROCEDURE_SYSTEM, "appendectomy", "appendectomy"},
        {CATALOGUE_PROCEDURE_SYSTEM, "appendectomies", NULL},
        {CATALOGUE_PROCEDURE_SYSTEM, "K35", NULL},
        {"http://snomed.info/sct", "K35", NULL},
        {NULL, "K35", "K35"},
        {NULL, "", NULL},
        {NULL, NULL, NULL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        uint32_t found = 0;

        assert_int_equal(
            catalogue_find(str_of(cases[i].system), str_of(cases[i].code), &found),
            cases[i].means != NULL);
        if (cases[i].means)
            assert_string_equal(catalogue_thing(found)->code, cases[i].means);
    }
}

/* "T702" of the list as "T70.2". */
static void dot(struct str line, char out[16])
{
    size_t at = 0;

    for (size_t i = 0; i < line.len && i < 8; i++) {
        if (!isalnum((unsigned char)line.p[i]))
            break;
        if (i == 3)
            out[at++] = '.';
        out[at++] = line.p[i];
    }
    out[at] = '\0';
}

static void illnesses_are_of_icd_10(void **state)
{
    static char text[2 << 20];
    struct unpacker *unpacker = shared_open("icd10cm-3-4.csv");
    struct str rest = {text, 0};
    struct err err = {0};
    size_t found = 0;
    long n = 0;

    (void)state;
    if (!unpacker)
        skip();
    while ((n = unpacker_read(
                unpacker, text + rest.len, sizeof(text) - rest.len, &err)) > 0)
        rest.len += (size_t)n;
    unpacker_close(unpacker);
    assert_int_equal(n, 0);
    while (rest.p) {
        struct str line = str_cut(&rest, '\n');
        char code[16];

        dot(line, code);
        for (size_t i = 0; i < catalogue_illness_count; i++)
            found += strcmp(code, catalogue_illnesses[i].code) == 0;
    }
    assert_int_equal(found, catalogue_illness_count);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tables_are_in_order),
        cmocka_unit_test(codes_are_found),
        cmocka_unit_test(illnesses_are_of_icd_10),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
