/* SPDX-License-Identifier: Apache-2.0 */
/* The catalogue: its codes are codes of ICD-10, it is in order, and codes are found. */
#include <ctype.h>

#include "app/app_internal.h"
#include "app/catalogue_node.h"
#include "app/setting.h"
#include "node.h"
#include "shared.h"

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

/* The list ends at the fourth character ("S52.5"); of a fifth nobody can say here but that it
   is one. */
static bool is_listed_as(const char *listed, const char *code)
{
    size_t len = strlen(code);

    if (len <= 5)
        return strcmp(listed, code) == 0;
    return len == 6 && strncmp(listed, code, 5) == 0 && listed[5] == '\0' &&
           isalnum((unsigned char)code[5]);
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
        for (size_t i = 0; code[0] && i < catalogue_illness_count; i++)
            found += is_listed_as(code, catalogue_illnesses[i].code);
    }
    assert_int_equal(found, catalogue_illness_count);
}

/* ---- a catalogue as text ---- */

static struct catalogue_faults faults;

static int read_text(struct arena *a, const char *text, struct catalogue *ret)
{
    struct err err = {0};

    return catalogue_read(a, str_of(text), ret, &faults, &err);
}

static void same_entries(const struct catalogue_entry *one,
    const struct catalogue_entry *other, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        assert_string_equal(one[i].code, other[i].code);
        assert_string_equal(one[i].name, other[i].name);
        assert_int_equal(one[i].need_count, other[i].need_count);
        for (size_t k = 0; k < one[i].need_count; k++)
            assert_int_equal(one[i].needs[k], other[i].needs[k]);
        assert_int_equal(one[i].hands, other[i].hands);
        assert_int_equal(one[i].level, other[i].level);
        assert_int_equal(one[i].specialty != NULL, other[i].specialty != NULL);
        if (one[i].specialty)
            assert_string_equal(one[i].specialty, other[i].specialty);
    }
}

/* What the build wrote as tables, and as text, is one catalogue. */
static void the_text_is_the_tables(void **state)
{
    const struct catalogue *built = &catalogue_built_in;
    struct arena *a = arena_new();
    struct catalogue made = {NULL};
    struct err err = {0};

    (void)state;
    assert_int_equal(
        catalogue_read(a, catalogue_built_in_text(), &made, &faults, &err), 0);
    assert_string_equal(made.version, built->version);
    assert_int_equal(made.device_count, built->device_count);
    assert_int_equal(made.procedure_count, built->procedure_count);
    assert_int_equal(made.illness_count, built->illness_count);
    same_entries(made.devices, built->devices, made.device_count);
    same_entries(made.procedures, built->procedures, made.procedure_count);
    same_entries(made.illnesses, built->illnesses, made.illness_count);
    arena_free(a);
}

#define HEAD "catalogue\tours-1\n"
#define SPECIALTY "specialty\tsurgery\tSurgery\t外科\n"
#define DEVICE "device\tlamp\tLamp\t灯\n"
#define PROCEDURE "procedure\tcutting\tCutting\t切开\tlamp\thands\t86.04\n"
#define ILLNESS "illness\tL02\tBoil\t疖\tsurgery\tminor\tcutting\tAbscess\n"
#define SMALL HEAD SPECIALTY DEVICE PROCEDURE ILLNESS

/* Each fault is told with its line and its column, and nothing is taken. */
static void faults_are_named(void **state)
{
    static const struct {
        const char *text;
        size_t line, column;
        const char *says;
    } cases[] = {
        {SPECIALTY, 1, 1, "first line"},
        {"", 1, 1, "a procedure and an illness"},
        {"catalogue\ttwo words\n" SPECIALTY DEVICE PROCEDURE ILLNESS, 1, 11, "version"},
        {SMALL HEAD, 6, 1, "Only the first"},
        {SMALL "# all\n\nsickness\tL03\n", 8, 1, "\"sickness\" must be"},
        {SMALL "device\tBig Lamp\tLamp\t灯\n", 6, 8, "\"Big Lamp\" is no code"},
        {SMALL "device\tlight\t\t灯\n", 6, 14, "name is missing"},
        {SMALL "device\tlight\tLight\t 灯\n", 6, 20, "name is missing"},
        {SMALL "device\tlamp\tLamp\t灯\n", 6, 8, "\"lamp\" stands there twice"},
        {SMALL "device\tlight\tLight\n", 6, 1, "4 columns"},
        {SMALL "illness\tL3\tX\t疖\tsurgery\tminor\tcutting\t\n", 6, 9, "\"L3\" is no"},
        {SMALL "illness\tL03\tX\t疖疖\tderma\tminor\tcutting\t\n", 6, 18,
            "\"derma\" is no specialty"},
        {SMALL "illness\tL03\tX\t疖疖\tsurgery\tbad\tcutting\t\n", 6, 26,
            "\"bad\" must be minor"},
        {SMALL "illness\tL03\tX\t疖\tsurgery\tminor\tcutting sewing\t\n", 6, 39,
            "\"sewing\" is no procedure"},
        {SMALL "illness\tL03\tX\t疖\tsurgery\tminor\t\t\n", 6, 31, "at least one"},
        {SMALL "procedure\tsewing\tX\t缝\tlamp lens\t\t\n", 6, 27,
            "\"lens\" is no device"},
        {SMALL "procedure\tsewing\tX\t缝\tlamp\tfeet\t\n", 6, 27, "must be hands"},
        {SMALL "procedure\tsewing\tX\t缝\tlamp\thands\t86.04 8604\n", 6, 39,
            "\"8604\" is no code of ICD-9"},
        {SMALL "device\tlight\t\xFF\t灯\n", 6, 1, "UTF-8"},
    };
    struct arena *a = arena_new();
    struct catalogue made = {NULL};

    (void)state;
    assert_int_equal(read_text(a, SMALL, &made), 0);
    assert_int_equal(made.illness_count, 1);
    assert_true(made.procedures[0].hands);
    assert_int_equal(read_text(a, SMALL "device\tlight\tLight\t\n", &made), 0);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct catalogue none = {NULL};
        const struct catalogue_fault *first = &faults.list[0];

        assert_int_equal(read_text(a, cases[i].text, &none), E_INVALID);
        assert_null(none.version);
        assert_true(faults.count > 0);
        if (first->line != cases[i].line || first->column != cases[i].column ||
            !strstr(first->text, cases[i].says))
            fail_msg(
                "case %zu: %zu:%zu: %s", i, first->line, first->column, first->text);
    }
    arena_free(a);
}

/* More faults than are told are counted. */
static void many_faults_are_counted(void **state)
{
    struct arena *a = arena_new();
    char *text = arena_printf(a, SMALL);
    struct catalogue none = {NULL};

    (void)state;
    for (int i = 0; i < 3; i++) {
        char *twice = arena_printf(a, "%s%s", text, text);

        text = twice;
    }
    for (size_t i = 0; i < 4; i++)
        text = arena_printf(a, "%s%s", text, text);
    assert_int_equal(read_text(a, text, &none), E_INVALID);
    assert_int_equal(faults.count, 127 * 5);
    arena_free(a);
}

/* The node gives ${text} to who is signed in, and once: who has it already is told so. */
static void serves(struct node *node, struct str text)
{
    struct said *said = said_status(GET(node, "CodeSystem/$catalogue"), 200);
    char tag[32];

    assert_int_equal(said->call.answer.len, text.len);
    assert_memory_equal(said->call.answer.data, text.p, text.len);
    snprintf(tag, sizeof(tag), "%s", said->call.etag);
    said_free(said);
    said = node_ask(node,
        (struct ask){
            .method = APP_GET, .path = "CodeSystem/$catalogue", .if_none_match = tag});
    assert_int_equal(said_status(said, 304)->call.answer.len, 0);
    said_free(said);
    said = node_ask(node, (struct ask){.method = APP_GET,
                              .path = "CodeSystem/$catalogue",
                              .if_none_match = "W/\"0123456789abcdef\""});
    said_free(said_status(said, 200));
    said = node_ask(
        node, (struct ask){
                  .method = APP_GET, .path = "CodeSystem/$catalogue", .nobody = true});
    said_free(said_status(said, 401));
    said_free(said_status(GET(node, "CodeSystem/$catalogue?x=y"), 400));
}

/* Taken over, chosen again, refused under a name that means something else. */
static void a_node_takes_one_over(void **state)
{
    struct arena *a = arena_new();
    struct catalogue made = {NULL};
    struct str *versions = NULL;
    struct str used = {NULL, 0};
    struct err err = {0};
    size_t count = 0;
    uint32_t thing = 0;
    struct node node;

    (void)state;
    node_open(&node, true);
    serves(&node, catalogue_built_in_text());
    assert_int_equal(
        catalogue_node_import(node.app, a, STR(SMALL), &made, &faults, &err), 0);
    assert_true(catalogue_illness_count > 3000); /* not before the next start */
    assert_int_equal(catalogue_node_load(node.app, &err), 0);
    assert_int_equal(catalogue_illness_count, 1);
    assert_string_equal(catalogue_version, "ours-1");
    assert_true(catalogue_find((struct str){NULL, 0}, STR("L02.4"), &thing));
    assert_false(catalogue_find((struct str){NULL, 0}, STR("K35"), &thing));
    said_free(said_status(GET(&node, "Organization/$capability-map"), 200));
    serves(&node, STR(SMALL));

    assert_int_equal(catalogue_node_import(
                         node.app, a, STR(SMALL "device\tbad\n"), &made, &faults, &err),
        E_INVALID);
    assert_int_equal(catalogue_node_import(node.app, a,
                         STR(SMALL "device\tsaw\tSaw\t锯\n"), &made, &faults, &err),
        E_INVALID);
    assert_int_equal(catalogue_node_used(node.app, a, &used, &err), 0);
    assert_true(str_is(used, "ours-1"));
    assert_int_equal(catalogue_node_choose(node.app, STR("ours-2"), &err), E_NOT_FOUND);
    assert_int_equal(catalogue_node_choose(node.app, (struct str){NULL, 0}, &err), 0);
    assert_int_equal(catalogue_node_versions(node.app, a, &versions, &count, &err), 0);
    assert_int_equal(count, 1);
    assert_int_equal(catalogue_node_choose(node.app, STR("ours-1"), &err), 0);
    node_close(&node);
    assert_true(catalogue_illness_count > 3000);
    arena_free(a);
}

/* What cannot be read any more does not keep a node from starting. */
static void an_unreadable_one_is_left(void **state)
{
    struct err err = {0};
    struct node node;

    (void)state;
    node_open(&node, true);
    assert_int_equal(
        setting_put(node.app, "catalogue/", STR("old"), STR("catalogue"), &err), 0);
    assert_int_equal(
        setting_put(node.app, "catalogue-", STR("used"), STR("old"), &err), 0);
    assert_int_equal(catalogue_node_load(node.app, &err), 0);
    assert_true(catalogue_illness_count > 3000);
    node_close(&node);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tables_are_in_order),
        cmocka_unit_test(codes_are_found),
        cmocka_unit_test(illnesses_are_of_icd_10),
        cmocka_unit_test(the_text_is_the_tables),
        cmocka_unit_test(faults_are_named),
        cmocka_unit_test(many_faults_are_counted),
        cmocka_unit_test(a_node_takes_one_over),
        cmocka_unit_test(an_unreadable_one_is_left),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
