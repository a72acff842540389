/* SPDX-License-Identifier: Apache-2.0 */
/* FHIRPath: what expressions give, where, and what is refused. */
#include "base/limits.h"

#include "fhir/path.h"
#include "unit.h"

static struct arena *arena;

static int set_up(void **state)
{
    (void)state;
    arena = arena_new();
    return arena ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

static const char PATIENT[] =
    "{\"resourceType\":\"Patient\",\"id\":\"p\",\"active\":true,"
    "\"contained\":[{\"resourceType\":\"Organization\",\"id\":\"o\",\"name\":\"Inner\"}"
    "],"
    "\"extension\":[{\"url\":\"u1\",\"valueString\":\"x\"},{\"url\":\"u2\","
    "\"valueInteger\":"
    "7}],"
    "\"name\":[{\"use\":\"official\",\"family\":\"Drolma\",\"given\":[\"Pema\","
    "\"Yangchen\"]"
    "},{\"use\":\"nickname\",\"given\":[\"Yangzom\"]}],"
    "\"telecom\":[{\"system\":\"phone\",\"value\":\"1\",\"rank\":1},{\"system\":"
    "\"email\","
    "\"value\":\"a@example.org\",\"rank\":2}],"
    "\"birthDate\":\"1985-03-10\",\"deceasedBoolean\":false,\"multipleBirthInteger\":2,"
    "\"managingOrganization\":{\"reference\":\"#o\"},"
    "\"generalPractitioner\":[{\"reference\":\"Practitioner/1\"},{\"reference\":"
    "\"Organization/2\"}]}";

static const char OBSERVATION[] =
    "{\"resourceType\":\"Observation\",\"status\":\"final\",\"code\":{\"coding\":[{"
    "\"code\":\"c\"}]},\"subject\":{\"reference\":\"Patient/1\"},\"effectiveDateTime\":"
    "\"2020-05\",\"valueQuantity\":{\"value\":1.50,\"unit\":\"kg\"},\"component\":[{"
    "\"code\":{\"text\":\"a\"},\"valueString\":\"s\"},{\"code\":{\"text\":\"b\"},"
    "\"valueQuantity\":{\"value\":2}}]}";

static const struct json *load(const char *text)
{
    const struct json *j = NULL;

    assert_int_equal(json_read(arena, str_of(text), 1u << 20, &j, NULL), 0);
    return j;
}

static int evaluate(const char *resource, const char *expression,
    struct fhir_path_result *found, struct err *err)
{
    const struct fhir_path *path = NULL;
    int r = fhir_path_parse(arena, str_of(expression), &path, err);

    return r < 0 ? r : fhir_path_evaluate(arena, path, load(resource), found, err);
}

struct row {
    const char *expression;
    const char *values;   /* JSON of each, then a space; types alone as <Type> */
    const char *pointers; /* NULL: not looked at */
};

static void run(const char *resource, const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct fhir_path_result found = {0};
        struct buf values, pointers;
        struct err err = {0};

        buf_init(&values, 10000);
        buf_init(&pointers, 10000);
        if (evaluate(resource, rows[i].expression, &found, &err) != 0)
            fail_msg("%s: %s", rows[i].expression, err.text);
        for (size_t k = 0; k < found.count; k++) {
            const struct fhir_path_item *item = &found.items[k];

            if (item->value)
                json_write(&values, item->value);
            else
                buf_addf(&values, "<%s>", fhir_types[item->type].name);
            buf_addc(&values, ' ');
            buf_adds(&pointers, item->pointer ? item->pointer : "-");
            buf_addc(&pointers, ' ');
        }
        if (strcmp(buf_cstr(&values), rows[i].values) != 0)
            fail_msg("%s gives %s", rows[i].expression, buf_cstr(&values));
        if (rows[i].pointers && strcmp(buf_cstr(&pointers), rows[i].pointers) != 0)
            fail_msg("%s is at %s", rows[i].expression, buf_cstr(&pointers));
        buf_done(&values);
        buf_done(&pointers);
    }
}

#define RUN(resource, rows) run(resource, rows, sizeof(rows) / sizeof((rows)[0]))

static void members(void **state)
{
    static const struct row rows[] = {
        {"Patient.birthDate", "\"1985-03-10\" ", "/birthDate "},
        {"birthDate", "\"1985-03-10\" ", "/birthDate "},
        {"Patient.name.given", "\"Pema\" \"Yangchen\" \"Yangzom\" ",
            "/name/0/given/0 /name/0/given/1 /name/1/given/0 "},
        {"Patient.name[0].given[1]", "\"Yangchen\" ", "/name/0/given/1 "},
        {"Patient.name[5].given", "", ""},
        {"Patient.name.given[2]", "\"Yangzom\" ", "/name/1/given/0 "},
        {"(Patient.name[1]).given", "\"Yangzom\" ", "/name/1/given/0 "},
        {"Patient.nothing", "", ""},
        {"Observation.status", "", ""},
        {"Resource.id", "\"p\" ", "/id "},
        {"DomainResource.id", "\"p\" ", NULL},
        {"%resource.id", "\"p\" ", "/id "},
        {"$this.id", "\"p\" ", "/id "},
        {"Patient.deceased", "false ", "/deceasedBoolean "},
        {"Patient.multipleBirth", "2 ", "/multipleBirthInteger "},
        {"Patient.resourceType", "", ""},
        {"Patient.contained.name", "\"Inner\" ", "/contained/0/name "},
        {"Patient.active.x", "", ""},
    };

    (void)state;
    RUN(PATIENT, rows);
}

static void functions(void **state)
{
    static const struct row rows[] = {
        {"Patient.name.where(use = 'official').family", "\"Drolma\" ",
            "/name/0/family "},
        {"Patient.name.where($this.use = 'nickname').given.first()", "\"Yangzom\" ",
            "/name/1/given/0 "},
        {"Patient.telecom.where(rank > 1 and system = 'email').value",
            "\"a@example.org\" ", "/telecom/1/value "},
        {"Patient.telecom.where(rank >= 1 or system = 'x').rank", "1 2 ", NULL},
        {"Patient.name.exists()", "true ", "- "},
        {"Patient.photo.exists()", "false ", NULL},
        {"Patient.name.exists(use = 'official')", "true ", NULL},
        {"Patient.name.exists(use = 'old')", "false ", NULL},
        {"Patient.photo.empty()", "true ", NULL},
        {"Patient.name.given.first()", "\"Pema\" ", NULL},
        {"Patient.name.given.last()", "\"Yangzom\" ", NULL},
        {"Patient.name.given.tail()", "\"Yangchen\" \"Yangzom\" ", NULL},
        {"Patient.photo.first()", "", NULL},
        {"Patient.photo.last()", "", NULL},
        {"Patient.name.given.count()", "3 ", NULL},
        {"Patient.photo.count()", "0 ", NULL},
        {"Patient.active.not()", "false ", NULL},
        {"Patient.photo.not()", "", NULL},
        {"Patient.extension('u1').value", "\"x\" ", "/extension/0/valueString "},
        {"Patient.extension('none')", "", NULL},
        {"exists()", "true ", NULL},
    };

    (void)state;
    RUN(PATIENT, rows);
}

static void types(void **state)
{
    static const struct row patient[] = {
        {"Patient is Patient", "true ", NULL},
        {"Patient is Resource", "true ", NULL},
        {"Patient.is(Group)", "false ", NULL},
        {"Patient.deceased is boolean", "true ", NULL},
        {"Patient.deceased is System.Boolean", "true ", NULL},
        {"Patient.deceased.ofType(dateTime)", "", NULL},
        {"Patient.extension.value.ofType(string)", "\"x\" ", NULL},
        {"Patient.extension.value as integer", "7 ", NULL},
        {"Patient.name is FHIR.HumanName", NULL, NULL},
        {"Patient.managingOrganization.resolve().name", "\"Inner\" ",
            "/contained/0/name "},
        {"Patient.generalPractitioner.where(resolve() is Practitioner).reference",
            "\"Practitioner/1\" ", NULL},
        {"Patient.generalPractitioner.resolve()", "<Practitioner> <Organization> ",
            "- - "},
        {"Patient.generalPractitioner.resolve().name", "", NULL},
    };
    static const struct row observation[] = {
        {"Observation.value", "{\"value\":1.50,\"unit\":\"kg\"} ", "/valueQuantity "},
        {"Observation.value as Quantity", "{\"value\":1.50,\"unit\":\"kg\"} ", NULL},
        {"(Observation.value as Quantity).value", "1.50 ", "/valueQuantity/value "},
        {"Observation.value.as(string)", "", NULL},
        {"Observation.component.value.ofType(Quantity).value", "2 ",
            "/component/1/valueQuantity/value "},
        {"Observation.subject.resolve() is Patient", "true ", NULL},
        {"Observation.subject.where(resolve() is Group)", "", NULL},
        {"Observation.status is string", "true ", NULL},
    };
    struct fhir_path_result found = {0};
    struct err err = {0};

    (void)state;
    run(PATIENT, patient, 8);
    run(PATIENT, patient + 9, 4);
    RUN(OBSERVATION, observation);
    /* two names at once */
    assert_int_equal(evaluate(PATIENT, patient[8].expression, &found, &err), E_INVALID);
}

static void operators(void **state)
{
    static const struct row rows[] = {
        {"1 = 1.0", "true ", NULL},
        {"1 != 2", "true ", NULL},
        {"'a' = 'b'", "false ", NULL},
        {"1 < 2", "true ", NULL},
        {"2 <= 2", "true ", NULL},
        {"'b' > 'a'", "true ", NULL},
        {"1.5 >= 1.50", "true ", NULL},
        {"true and false", "false ", NULL},
        {"true or false", "true ", NULL},
        {"{} and false", "false ", NULL},
        {"{} and true", "", NULL},
        {"{} or true", "true ", NULL},
        {"{} = 1", "", NULL},
        {"'a' & 'b' & name[1].given", "\"abYangzom\" ", NULL},
        {"{} & '|' & name[0].family", "\"|Drolma\" ", NULL},
        {"'it\\'s' & '\"'", "\"it's\\\"\" ", NULL},
        {"'a' | 'b' & 'c'", "\"a\" \"bc\" ", NULL},
        {"'ab' = 'a' & 'b'", "true ", NULL},
        {"1 | 2 | 1", "1 2 ", NULL},
        {"'x' in ('y' | 'x')", "true ", NULL},
        {"'z' in ('y' | 'x')", "false ", NULL},
        {"{} in (1 | 2)", "", NULL},
        {"name.given | name.family", "\"Pema\" \"Yangchen\" \"Yangzom\" \"Drolma\" ",
            NULL},
        {"name[0].given = name[0].given", "true ", NULL},
        {"name[0].given = name[1].given", "false ", NULL},
        {"name[0] = name[0]", "true ", NULL},
        {"birthDate = @1985-03-10", "true ", NULL},
        {"birthDate < @1986", "true ", NULL},
        {"birthDate > @1985", "", NULL},
        {"birthDate = @1985", "", NULL},
        {"birthDate = @1984", "false ", NULL},
        {"@2020-01-01T00:00:00Z <= @2020-01-01T08:00:00+08:00", "true ", NULL},
        {"1 < 2 and 2 < 3 or false", "true ", NULL},
        {"(1 = 1) = (2 = 2)", "true ", NULL},
        {"'it\\'s' = 'it\\'s'", "true ", NULL},
        {"'a\\n' | 'b'", "\"a\\n\" \"b\" ", NULL},
    };

    (void)state;
    RUN(PATIENT, rows);
}

static void refused_words(void **state)
{
    static const struct {
        const char *expression, *column;
    } rows[] = {{"", "column 1"}, {"Patient.", "column 9"},
        {"Patient..name", "column 9"}, {"Patient.name[", "column 14"},
        {"Patient.name[0", "column 15"}, {"Patient.name)", "column 13"},
        {"(Patient.name", "column 14"}, {"Patient.name.iif(true)", "column 14"},
        {"name.matches('x')", "column 6"}, {"name.where()", "column 12"},
        {"name.first(1)", "column 12"}, {"name.ofType(Nothing)", "column 13"},
        {"name is Nothing", "column 9"}, {"name is", "column 8"}, {"a + b", "column 3"},
        {"a ~ b", "column 3"}, {"a xor b", "column 3"}, {"a implies b", "column 3"},
        {"a contains b", "column 3"}, {"%context", "column 1"}, {"$total", "column 1"},
        {"'open", "column 1"}, {"'\\q'", "column 1"}, {"@x", "column 1"},
        {"@2020-13", "column 1"}, {"a = b = c", "column 7"}, {"a < b < c", "column 7"},
        {"name.`x`", "column 6"}, {"a b", "column 3"}, {"-1", "column 1"},
        {"name #", "column 6"}, {"\x01", "column 1"}, {"'\xff'", "column 1"}};

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const struct fhir_path *path = NULL;
        struct err err = {0};
        char column[32];

        if (fhir_path_parse(arena, str_of(rows[i].expression), &path, &err) !=
            E_INVALID)
            fail_msg("accepted: %s", rows[i].expression);
        snprintf(column, sizeof(column), "%s", rows[i].column);
        if (!strstr(err.text, column))
            fail_msg("%s: %s", rows[i].expression, err.text);
        assert_null(path);
    }
}

static void refused_values(void **state)
{
    static const char *const rows[] = {"name.given & 'x'", "1 & 'x'",
        "name.given and true", "name < 5", "active < true", "'x' < 1",
        "name.given in 'x'", "name['x']", "name[name]", "name.given.not()",
        "name.extension(5)", "Nothing.name", "name.given.is(string)", "name[1.5]"};

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct fhir_path_result found = {0};
        struct err err = {0};

        if (evaluate(PATIENT, rows[i], &found, &err) != E_INVALID)
            fail_msg("accepted: %s", rows[i]);
        assert_true(strlen(err.text) > 10);
    }
}

static char *repeated(const char *what, size_t times)
{
    char *p = arena_alloc(arena, strlen(what) * times + 1);

    assert_non_null(p);
    for (size_t i = 0; i < times; i++)
        memcpy(p + i * strlen(what), what, strlen(what));
    return p;
}

static void ceilings(void **state)
{
    const struct fhir_path *path = NULL;
    struct fhir_path_result found = {0};
    struct err err = {0};
    struct buf b;

    (void)state;
    assert_int_equal(fhir_path_parse(arena, str_of(repeated("(", LIMIT_PATH_DEPTH + 1)),
                         &path, &err),
        E_TOO_LARGE);
    assert_int_equal(fhir_path_parse(arena, str_of(repeated("a", LIMIT_PATH_CHARS + 1)),
                         &path, &err),
        E_TOO_LARGE);
    assert_int_equal(
        fhir_path_parse(arena, str_of(repeated("a", LIMIT_PATH_CHARS)), &path, &err),
        0);
    /* many operands and long chains are no nesting */
    assert_int_equal(evaluate(PATIENT, arena_printf(arena, "a%s", repeated("|a", 900)),
                         &found, &err),
        0);
    assert_int_equal(evaluate(PATIENT, arena_printf(arena, "a%s", repeated(".a", 900)),
                         &found, &err),
        0);
    /* an expression that asks each item about all items */
    buf_init(&b, 1u << 20);
    buf_adds(&b, "{\"resourceType\":\"Patient\",\"name\":[{\"family\":\"0\"}");
    for (int i = 1; i < 2000; i++)
        buf_addf(&b, ",{\"family\":\"%d\"}", i);
    buf_adds(&b, "]}");
    assert_int_equal(
        evaluate(buf_cstr(&b), "name.where(%resource.name.family = 'x')", &found, &err),
        E_TOO_LARGE);
    assert_non_null(strstr(err.text, "more than 100000 values"));
    assert_int_equal(
        evaluate(buf_cstr(&b), "name.family | name.family", &found, &err), E_TOO_LARGE);
    assert_non_null(strstr(err.text, "more than 1000000 steps"));
    assert_int_equal(evaluate(buf_cstr(&b), "name.family", &found, &err), 0);
    assert_int_equal(found.count, 2000);
    buf_done(&b);
}

static int evaluate_once(void *arg)
{
    struct arena *a = arena_new();
    const struct fhir_path *path = NULL;
    struct fhir_path_result found = {0};
    struct err err = {0};
    int r = E_NOMEM;

    if (a)
        r = fhir_path_parse(a,
            STR("Patient.name.where(use = 'official' and given.count() > 1).given | "
                "extension('u1').value | name.given.first() | @2020 | 1.5"),
            &path, &err);
    if (r == 0)
        r = fhir_path_evaluate(a, path, arg, &found, &err);
    arena_free(a);
    return r;
}

static void memory_may_fail_anywhere(void **state)
{
    union {
        const struct json *c;
        void *v;
    } u = {.c = load(PATIENT)};

    (void)state;
    assert_true(unit_fault_loop(evaluate_once, u.v) > 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(members, set_up, tear_down),
        cmocka_unit_test_setup_teardown(functions, set_up, tear_down),
        cmocka_unit_test_setup_teardown(types, set_up, tear_down),
        cmocka_unit_test_setup_teardown(operators, set_up, tear_down),
        cmocka_unit_test_setup_teardown(refused_words, set_up, tear_down),
        cmocka_unit_test_setup_teardown(refused_values, set_up, tear_down),
        cmocka_unit_test_setup_teardown(ceilings, set_up, tear_down),
        cmocka_unit_test_setup_teardown(memory_may_fail_anywhere, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
