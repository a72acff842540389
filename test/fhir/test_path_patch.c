/* SPDX-License-Identifier: Apache-2.0 */
/* FHIRPath Patch: every operation, on elements, lists, choices and companions. */
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

static const struct json *load(const char *text)
{
    const struct json *j = NULL;
    struct err err = {0};

    if (json_read(arena, str_of(text), 1u << 20, &j, &err) != 0)
        fail_msg("%s: %s", text, err.text);
    return j;
}

/* ---- writing operations shortly ---- */

#define P(rest) "{\"resourceType\":\"Patient\"" rest "}"
#define O(rest) "{\"resourceType\":\"Observation\"" rest "}"
#define OP(parts) "{\"name\":\"operation\",\"part\":[" parts "]}"
#define TYPE(type, path)                                                               \
    "{\"name\":\"type\",\"valueCode\":\"" type                                         \
    "\"},{\"name\":\"path\",\"valueString\":"                                          \
    "\"" path "\"}"
#define NAME(name) ",{\"name\":\"name\",\"valueString\":\"" name "\"}"
#define VALUE(value) ",{\"name\":\"value\"," value "}"
#define NUMBER(name, value) ",{\"name\":\"" name "\",\"valueInteger\":" value "}"

struct row {
    const char *target, *operations, *expected;
};

static int patch(const char *target, const char *operations, const struct json **ret,
    struct err *err)
{
    const char *text = arena_printf(
        arena, "{\"resourceType\":\"Parameters\",\"parameter\":[%s]}", operations);

    return fhir_path_patch(arena, load(target), load(text), ret, err);
}

static void run(const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct json *got = NULL;
        struct err err = {0};
        struct buf b;

        if (patch(rows[i].target, rows[i].operations, &got, &err) != 0)
            fail_msg("%s: %s", rows[i].operations, err.text);
        buf_init(&b, 100000);
        json_write(&b, got);
        if (strcmp(buf_cstr(&b), rows[i].expected) != 0)
            fail_msg("%s\n  gives    %s\n  expected %s", rows[i].operations,
                buf_cstr(&b), rows[i].expected);
        buf_done(&b);
    }
}

#define RUN(rows) run(rows, sizeof(rows) / sizeof((rows)[0]))

static void adds(void **state)
{
    static const struct row rows[] = {
        {P(""),
            OP(TYPE("add", "Patient") NAME("birthDate")
                    VALUE("\"valueDate\":\"1930-01-01\"")),
            P(",\"birthDate\":\"1930-01-01\"")},
        {P(""),
            OP(TYPE("add", "Patient") NAME("active") VALUE("\"valueBoolean\":true")),
            P(",\"active\":true")},
        /* the first of a list, and one more */
        {P(""),
            OP(TYPE("add", "Patient") NAME("name")
                    VALUE("\"valueHumanName\":{\"family\":\"A\"}")),
            P(",\"name\":[{\"family\":\"A\"}]")},
        {P(",\"name\":[{\"family\":\"A\"}]"),
            OP(TYPE("add", "Patient") NAME("name")
                    VALUE("\"valueHumanName\":{\"family\":\"B\"}")),
            P(",\"name\":[{\"family\":\"A\"},{\"family\":\"B\"}]")},
        {P(",\"name\":[{\"given\":[\"x\"]},{}]"),
            OP(TYPE("add", "Patient.name[0]") NAME("given")
                    VALUE("\"valueString\":\"y\"")),
            P(",\"name\":[{\"given\":[\"x\",\"y\"]},{}]")},
        {P(",\"name\":[{\"use\":\"old\"},{\"use\":\"usual\"}]"),
            OP(TYPE("add", "Patient.name.where(use='usual')") NAME("family")
                    VALUE("\"valueString\":\"Z\"")),
            P(",\"name\":[{\"use\":\"old\"},{\"use\":\"usual\",\"family\":\"Z\"}]")},
        /* choices take the type of the value */
        {P(""),
            OP(TYPE("add", "Patient") NAME("deceased") VALUE("\"valueBoolean\":true")),
            P(",\"deceasedBoolean\":true")},
        {O(""),
            OP(TYPE("add", "Observation") NAME("value")
                    VALUE("\"valueQuantity\":{\"value\":1.50}")),
            O(",\"valueQuantity\":{\"value\":1.50}")},
        /* structures without a name of their own are made of parts */
        {P(""),
            OP(TYPE("add", "Patient") NAME("contact") VALUE(
                "\"part\":[{\"name\":\"relationship\",\"valueCodeableConcept\":{"
                "\"text\":"
                "\"a\"}},{\"name\":\"name\",\"valueHumanName\":{\"text\":\"n\"}},{"
                "\"name\":"
                "\"relationship\",\"valueCodeableConcept\":{\"text\":\"b\"}}]")),
            P(",\"contact\":[{\"relationship\":[{\"text\":\"a\"},{\"text\":\"b\"}],"
              "\"name\":{\"text\":\"n\"}}]")},
        {O(""),
            OP(TYPE("add", "Observation") NAME("component")
                    VALUE("\"part\":[{\"name\":\"code\",\"part\":[{\"name\":\"text\","
                          "\"valueString\":"
                          "\"c\"}]},{\"name\":\"value\",\"valueInteger\":5}]")),
            O(",\"component\":[{\"code\":{\"text\":\"c\"},\"valueInteger\":5}]")},
        /* a list with companions grows beside them */
        {P(",\"name\":[{\"given\":[\"a\"],\"_given\":[{\"id\":\"1\"}]}]"),
            OP(TYPE("add", "Patient.name") NAME("given")
                    VALUE("\"valueString\":\"b\"")),
            P(",\"name\":[{\"given\":[\"a\",\"b\"],\"_given\":[{\"id\":\"1\"}]}]")},
    };

    (void)state;
    RUN(rows);
}

static void inserts_and_moves(void **state)
{
    static const char three[] =
        P(",\"identifier\":[{\"value\":\"1\"},{\"value\":\"2\"},{\"value\":\"3\"}]");
    static const char given[] =
        P(",\"name\":[{\"given\":[\"a\",\"b\"],\"_given\":[null,{\"id\":\"2\"}]}]");
    static const struct row rows[] = {
        {three,
            OP(TYPE("insert", "Patient.identifier") NUMBER("index", "0")
                    VALUE("\"valueIdentifier\":{\"value\":\"0\"}")),
            P(",\"identifier\":[{\"value\":\"0\"},{\"value\":\"1\"},{\"value\":\"2\"},{"
              "\"value\":\"3\"}]")},
        {three,
            OP(TYPE("insert", "Patient.identifier") NUMBER("index", "3")
                    VALUE("\"valueIdentifier\":{\"value\":\"4\"}")),
            P(",\"identifier\":[{\"value\":\"1\"},{\"value\":\"2\"},{\"value\":\"3\"},{"
              "\"value\":\"4\"}]")},
        {P(""),
            OP(TYPE("insert", "Patient.identifier") NUMBER("index", "0")
                    VALUE("\"valueIdentifier\":{\"value\":\"0\"}")),
            P(",\"identifier\":[{\"value\":\"0\"}]")},
        {P(""),
            OP(TYPE("insert", "identifier") NUMBER("index", "0")
                    VALUE("\"valueIdentifier\":{\"value\":\"0\"}")),
            P(",\"identifier\":[{\"value\":\"0\"}]")},
        {given,
            OP(TYPE("insert", "Patient.name[0].given") NUMBER("index", "0")
                    VALUE("\"valueString\":\"x\"")),
            P(",\"name\":[{\"given\":[\"x\",\"a\",\"b\"],\"_given\":[null,null,{\"id\":"
              "\"2\"}]}]")},
        {three,
            OP(TYPE("move", "Patient.identifier") NUMBER("source", "2")
                    NUMBER("destination", "0")),
            P(",\"identifier\":[{\"value\":\"3\"},{\"value\":\"1\"},{\"value\":\"2\"}"
              "]")},
        {three,
            OP(TYPE("move", "Patient.identifier") NUMBER("source", "0")
                    NUMBER("destination", "2")),
            P(",\"identifier\":[{\"value\":\"2\"},{\"value\":\"3\"},{\"value\":\"1\"}"
              "]")},
        {three,
            OP(TYPE("move", "Patient.identifier") NUMBER("source", "1")
                    NUMBER("destination", "1")),
            P(",\"identifier\":[{\"value\":\"1\"},{\"value\":\"2\"},{\"value\":\"3\"}"
              "]")},
        {given,
            OP(TYPE("move", "Patient.name.given") NUMBER("source", "1")
                    NUMBER("destination", "0")),
            P(",\"name\":[{\"given\":[\"b\",\"a\"],\"_given\":[{\"id\":\"2\"},null]}"
              "]")},
    };

    (void)state;
    RUN(rows);
}

static void deletes_and_replaces(void **state)
{
    static const struct row rows[] = {
        {P(",\"active\":true,\"birthDate\":\"1920\""),
            OP(TYPE("delete", "Patient.birthDate")), P(",\"active\":true")},
        /* nothing there is no error */
        {P(",\"active\":true"), OP(TYPE("delete", "Patient.birthDate")),
            P(",\"active\":true")},
        {P(",\"birthDate\":\"1920\",\"_birthDate\":{\"id\":\"x\"}"),
            OP(TYPE("delete", "Patient.birthDate")), P("")},
        {P(",\"identifier\":[{\"value\":\"1\"},{\"value\":\"2\"}]"),
            OP(TYPE("delete", "Patient.identifier[0]")),
            P(",\"identifier\":[{\"value\":\"2\"}]")},
        /* empty lists and objects are not left */
        {P(",\"identifier\":[{\"value\":\"1\"}]"),
            OP(TYPE("delete", "Patient.identifier[0]")), P("")},
        {P(",\"name\":[{\"given\":[\"a\"]}],\"active\":true"),
            OP(TYPE("delete", "Patient.name.given")), P(",\"active\":true")},
        {P(",\"name\":[{\"given\":[\"a\"],\"_given\":[{\"id\":\"1\"}]},{\"text\":\"t\"}"
           "]"),
            OP(TYPE("delete", "Patient.name[0].given[0]")),
            P(",\"name\":[{\"text\":\"t\"}]")},
        {P(",\"name\":[{\"given\":[\"a\",\"b\"],\"_given\":[{\"id\":\"1\"},null]}]"),
            OP(TYPE("delete", "Patient.name[0].given[0]")),
            P(",\"name\":[{\"given\":[\"b\"],\"_given\":[null]}]")},
        {P(",\"birthDate\":\"1920\",\"active\":true"),
            OP(TYPE("replace", "Patient.birthDate") VALUE("\"valueDate\":\"1930\"")),
            P(",\"birthDate\":\"1930\",\"active\":true")},
        {P(",\"birthDate\":\"1920\",\"_birthDate\":{\"id\":\"x\"}"),
            OP(TYPE("replace", "Patient.birthDate") VALUE("\"valueDate\":\"1930\"")),
            P(",\"birthDate\":\"1930\"")},
        {P(",\"name\":[{\"given\":[\"a\",\"b\"],\"_given\":[null,{\"id\":\"2\"}]}]"),
            OP(TYPE("replace", "Patient.name[0].given[1]")
                    VALUE("\"valueString\":\"c\"")),
            P(",\"name\":[{\"given\":[\"a\",\"c\"],\"_given\":[null,null]}]")},
        {P(",\"contact\":[{\"name\":{\"text\":\"a\"},\"gender\":\"unknown\"}]"),
            OP(TYPE("replace", "Patient.contact[0]") VALUE(
                "\"part\":[{\"name\":\"name\",\"valueHumanName\":{\"text\":\"b\""
                "}}]")),
            P(",\"contact\":[{\"name\":{\"text\":\"b\"}}]")},
        /* a choice changes its type */
        {P(",\"deceasedBoolean\":true,\"active\":true"),
            OP(TYPE("replace", "Patient.deceased") VALUE("\"valueDateTime\":\"2020\"")),
            P(",\"active\":true,\"deceasedDateTime\":\"2020\"")},
        {O(",\"valueQuantity\":{\"value\":1}"),
            OP(TYPE("replace", "Observation.value")
                    VALUE("\"valueQuantity\":{\"value\":2.0}")),
            O(",\"valueQuantity\":{\"value\":2.0}")},
        {O(",\"component\":[{\"valueString\":\"a\"}]"),
            OP(TYPE("replace", "Observation.component[0].value")
                    VALUE("\"valueInteger\":2")),
            O(",\"component\":[{\"valueInteger\":2}]")},
        {P(",\"contained\":[{\"resourceType\":\"Organization\",\"id\":\"o\",\"name\":"
           "\"a\"}]"),
            OP(TYPE("replace", "Patient.contained[0].name")
                    VALUE("\"valueString\":\"b\"")),
            P(",\"contained\":[{\"resourceType\":\"Organization\",\"id\":\"o\","
              "\"name\":"
              "\"b\"}]")},
    };

    (void)state;
    RUN(rows);
}

static void operations_follow_each_other(void **state)
{
    static const struct row rows[] = {
        {P(""), "", P("")},
        {P(""),
            OP(TYPE("add", "Patient") NAME("name")
                    VALUE("\"valueHumanName\":{\"family\":\"A\"}")) "," OP(TYPE("add",
                "Patient.name[0]") NAME("given")
                    VALUE("\"valueString\":\"B\"")) "," OP(TYPE("replace",
                "Patient.name[0].family")
                    VALUE("\"valueString\":\"C\"")) "," OP(TYPE("delete",
                "Patient.name.where(family='C').given")),
            P(",\"name\":[{\"family\":\"C\"}]")},
    };

    (void)state;
    RUN(rows);
}

static const char *const REFUSED[] = {
    "{\"name\":\"other\"}",
    OP(""),
    OP("{\"name\":\"type\",\"valueCode\":\"add\"}"),
    OP(TYPE("rename", "Patient.active")),
    OP(TYPE("delete", "Patient.identifier")),
    OP(TYPE("delete", "Patient")),
    OP(TYPE("delete", "Patient.active and true")),
    OP(TYPE("delete", "Patient.nam(")),
    OP(TYPE("replace", "Patient.active")),
    OP(TYPE("replace", "Patient.birthDate") VALUE("\"valueDate\":\"2020\"")),
    OP(TYPE("replace", "Patient") VALUE("\"valueDate\":\"2020\"")),
    OP(TYPE("replace", "Patient.identifier") VALUE("\"valueDate\":\"2020\"")),
    OP(TYPE("replace", "Patient.deceased") VALUE("\"valueQuantity\":{\"value\":1}")),
    OP(TYPE("replace", "Patient.active") ",{\"name\":\"value\"}"),
    OP(TYPE("add", "Patient") NAME("active") VALUE("\"valueBoolean\":true")),
    OP(TYPE("add", "Patient") NAME("deceased") VALUE("\"valueDateTime\":\"2020\"")),
    OP(TYPE("add", "Patient") NAME("nothing") VALUE("\"valueString\":\"x\"")),
    OP(TYPE("add", "Patient") NAME("a/b") VALUE("\"valueString\":\"x\"")),
    OP(TYPE("add", "Patient") NAME("value") VALUE("\"valueString\":\"x\"")),
    OP(TYPE("add", "Patient") NAME("birthDate")),
    OP(TYPE("add", "Patient") VALUE("\"valueDate\":\"2020\"")),
    OP(TYPE("add", "Patient.active") NAME("x") VALUE("\"valueDate\":\"2020\"")),
    OP(TYPE("add", "Patient.identifier") NAME("value") VALUE("\"valueString\":\"x\"")),
    OP(TYPE("add", "Patient") NAME("contact") VALUE("\"part\":[]")),
    OP(TYPE("add", "Patient") NAME("contact")
            VALUE("\"part\":[{\"name\":\"none\",\"valueString\":\"x\"}]")),
    OP(TYPE("insert", "Patient.identifier")
            VALUE("\"valueIdentifier\":{\"value\":\"0\"}")),
    OP(TYPE("insert", "Patient.identifier") NUMBER("index", "0")),
    OP(TYPE("insert", "Patient.identifier") NUMBER("index", "3")
            VALUE("\"valueIdentifier\":{\"value\":\"0\"}")),
    OP(TYPE("insert", "Patient.identifier") NUMBER("index", "-1")
            VALUE("\"valueIdentifier\":{\"value\":\"0\"}")),
    OP(TYPE("insert", "Patient.identifier[0]") NUMBER("index", "0")
            VALUE("\"valueIdentifier\":{\"value\":\"0\"}")),
    OP(TYPE("insert", "Patient.name.given") NUMBER("index", "0")
            VALUE("\"valueString\":\"0\"")),
    OP(TYPE("insert", "Patient.active") NUMBER("index", "0")
            VALUE("\"valueString\":\"0\"")),
    OP(TYPE("insert", "Patient.photo.first()") NUMBER("index", "0")
            VALUE("\"valueString\":\"0\"")),
    OP(TYPE("move", "Patient.identifier") NUMBER("source", "0")),
    OP(TYPE("move", "Patient.identifier") NUMBER("source", "0")
            NUMBER("destination", "2")),
    OP(TYPE("move", "Patient.identifier") NUMBER("source", "2")
            NUMBER("destination", "0")),
    OP(TYPE("move", "Patient.photo") NUMBER("source", "0") NUMBER("destination", "0")),
    OP(TYPE("delete", "Patient.active") ",{\"name\":\"odd\",\"valueString\":\"x\"}"),
    /* none at all, when the last fails */
    OP(TYPE("delete", "Patient.active")) "," OP(
        TYPE("replace", "Patient.active") VALUE("\"valueBoolean\":false")),
};

static void refusals(void **state)
{
    static const char target[] = P(
        ",\"active\":true,\"deceasedBoolean\":true,\"identifier\":[{\"value\":\"1\"},{"
        "\"value\":\"2\"}],\"name\":[{\"given\":[\"a\"]},{\"given\":[\"b\"]}]");
    const struct json *before = load(target);

    (void)state;
    for (size_t i = 0; i < sizeof(REFUSED) / sizeof(REFUSED[0]); i++) {
        const struct json *got = NULL;
        struct err err = {0};

        if (patch(target, REFUSED[i], &got, &err) != E_INVALID)
            fail_msg("not refused: %s", REFUSED[i]);
        assert_null(got);
        assert_true(strlen(err.text) > 10);
        assert_int_equal(strncmp(err.path, "Parameters.parameter[", 21), 0);
        assert_true(json_equal(before, load(target)));
    }
}

static void the_rest(void **state)
{
    const struct json *got = NULL;
    struct err err = {0};
    struct buf b;

    (void)state;
    assert_int_equal(
        fhir_path_patch(arena, load(P("")), load(P("")), &got, &err), E_INVALID);
    assert_int_equal(fhir_path_patch(arena, load(P("")),
                         load("{\"resourceType\":\"Parameters\"}"), &got, &err),
        0);
    assert_true(json_equal(got, load(P(""))));
    assert_int_equal(
        patch(P(""), OP(TYPE("delete", "Patient.a")) "," OP(""), &got, &err),
        E_INVALID);
    assert_string_equal(err.path, "Parameters.parameter[1]");
    buf_init(&b, 1u << 20);
    for (int i = 0; i <= LIMIT_PATCH_OPS; i++)
        buf_addf(&b, "%s1", i ? "," : "");
    assert_int_equal(patch(P(""), buf_cstr(&b), &got, &err), E_TOO_LARGE);
    buf_done(&b);
}

static int patch_once(void *arg)
{
    struct arena *a = arena_new();
    const struct json *const *both = arg;
    const struct json *got = NULL;
    struct err err = {0};
    int r = a ? fhir_path_patch(a, both[0], both[1], &got, &err) : E_NOMEM;

    arena_free(a);
    return r;
}

static void memory_may_fail_anywhere(void **state)
{
    const struct json *both[2];

    (void)state;
    both[0] = load(P(",\"deceasedBoolean\":true,\"name\":[{\"given\":[\"a\",\"b\"],"
                     "\"_given\":[null,{\"id\":\"2\"}]}]"));
    both[1] = load("{\"resourceType\":\"Parameters\",\"parameter\":[" OP(TYPE("replace",
        "Patient.deceased") VALUE("\"valueDateTime\":\"2020\"")) "," OP(TYPE("move",
        "Patient.name.given") NUMBER("source", "1")
            NUMBER("destination", "0")) "," OP(TYPE("add", "Patient") NAME("contact")
            VALUE("\"part\":[{\"name\":\"name\",\"valueHumanName\":{\"text\":\"b\"}"
                  "}]")) "," OP(TYPE("delete", "Patient.name[0].given[0]")) "]}");
    assert_true(unit_fault_loop(patch_once, both) > 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(adds, set_up, tear_down),
        cmocka_unit_test_setup_teardown(inserts_and_moves, set_up, tear_down),
        cmocka_unit_test_setup_teardown(deletes_and_replaces, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            operations_follow_each_other, set_up, tear_down),
        cmocka_unit_test_setup_teardown(refusals, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_rest, set_up, tear_down),
        cmocka_unit_test_setup_teardown(memory_may_fail_anywhere, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
