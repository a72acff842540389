/* SPDX-License-Identifier: Apache-2.0 */
/* Parameters, written: each kind of part, and what is left out; and read. */
#include "fhir/part.h"
#include "unit.h"

#define AT 1772694489123 /* 2026-03-05T07:08:09.123Z */

static struct buf out;

static int set_up(void **state)
{
    (void)state;
    buf_init(&out, 1u << 16);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    buf_done(&out);
    return 0;
}

static void every_kind(void **state)
{
    struct json_out o = {.buf = &out};

    (void)state;
    json_open(&o, '[');
    fhir_part_put(&o, "a", "valueString", STR("x\"y"));
    fhir_part_put_code(&o, "b", "open");
    fhir_part_put_int(&o, "c", -7);
    fhir_part_put_real(&o, "d", 0.5);
    fhir_part_put_flag(&o, "e", false);
    fhir_part_put_day(&o, "f", AT);
    fhir_part_put_instant(&o, "g", AT);
    fhir_part_put_reference(&o, "h", STR("Device/1"), STR("Pump"));
    fhir_part_put_reference(&o, "i", STR("Device/2"), (struct str){NULL, 0});
    json_close(&o, ']');
    assert_string_equal(buf_cstr(&out),
        "[{\"name\":\"a\",\"valueString\":\"x\\\"y\"},"
        "{\"name\":\"b\",\"valueCode\":\"open\"},"
        "{\"name\":\"c\",\"valueInteger\":-7},"
        "{\"name\":\"d\",\"valueDecimal\":0.5000},"
        "{\"name\":\"e\",\"valueBoolean\":false},"
        "{\"name\":\"f\",\"valueDate\":\"2026-03-05\"},"
        "{\"name\":\"g\",\"valueInstant\":\"2026-03-05T07:08:09.123Z\"},"
        "{\"name\":\"h\",\"valueReference\":{\"reference\":\"Device/1\","
        "\"display\":\"Pump\"}},"
        "{\"name\":\"i\",\"valueReference\":{\"reference\":\"Device/2\"}}]");
}

static void parts_and_nothing(void **state)
{
    struct json_out o = {.buf = &out};

    (void)state;
    json_open(&o, '[');
    fhir_parts_open(&o, "case");
    fhir_part_put(&o, "none", "valueString", (struct str){NULL, 0});
    fhir_part_put(&o, "empty", "valueString", STR(""));
    fhir_part_put_reference(&o, "nobody", (struct str){NULL, 0}, STR("Nobody"));
    fhir_part_put_int(&o, "n", 1);
    fhir_parts_close(&o);
    fhir_parts_open(&o, "bare");
    fhir_parts_close(&o);
    json_close(&o, ']');
    assert_string_equal(buf_cstr(&out),
        "[{\"name\":\"case\",\"part\":[{\"name\":\"n\",\"valueInteger\":1}]},"
        "{\"name\":\"bare\",\"part\":[]}]");
}

static void read_again(void **state)
{
    static const char text[] =
        "[{\"name\":\"case\",\"part\":[{\"name\":\"n\",\"valueInteger\":1}]},"
        "{\"name\":\"b\",\"valueCode\":\"open\"},{\"name\":\"b\",\"valueCode\":"
        "\"shut\"},"
        "{\"valueString\":\"first\",\"name\":\"late\"}]";
    struct arena *a = arena_new();
    const struct json *list = NULL;
    const struct json *parts = NULL;

    (void)state;
    assert_int_equal(json_read(a, str_of(text), sizeof(text), &list, NULL), 0);
    parts = json_get(fhir_part_find(list, "case"), "part");
    assert_true(str_is(fhir_part_value(fhir_part_find(parts, "n")), "1"));
    assert_true(str_is(fhir_part_value(fhir_part_find(list, "b")), "open"));
    assert_true(str_is(fhir_part_value(fhir_part_find(list, "late")), "first"));
    assert_null(fhir_part_value(fhir_part_find(list, "case")).p);
    assert_null(fhir_part_find(list, "n"));
    assert_null(fhir_part_value(NULL).p);
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_kind, set_up, tear_down),
        cmocka_unit_test_setup_teardown(parts_and_nothing, set_up, tear_down),
        cmocka_unit_test(read_again),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
