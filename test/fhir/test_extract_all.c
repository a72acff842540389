/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Extraction as a whole: the order of values, memory that fails, and what 64 synthetic
 * patients and the published examples give, all slots at once and one by one.
 */
#include "fhir/extract.h"
#include "shared.h"
#include "unit.h"

#define BASE STR("http://h/fhir")

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

/* ---- many values, order, memory ---- */

static const struct json *wide_patient(unsigned names)
{
    struct buf b;
    const struct json *j = NULL;

    buf_init(&b, 1u << 20);
    buf_adds(&b, "{\"resourceType\":\"Patient\",\"name\":[");
    for (unsigned i = 0; i < names; i++)
        buf_addf(&b, "%s{\"family\":\"f%u\",\"given\":[\"g%u\"]}", i ? "," : "", i, i);
    buf_adds(&b, "],\"active\":true}");
    assert_int_equal(json_read(arena, (struct str){b.data, b.len}, b.len, &j, NULL), 0);
    buf_done(&b);
    return j;
}

static void values_are_in_slot_order(void **state)
{
    const struct json *j = wide_patient(1000);
    const struct fhir_type *type = fhir_resource_named(STR("Patient"));
    struct fhir_values all = {0}, one = {0};

    (void)state;
    assert_int_equal(fhir_extract(arena, j, type, BASE, &all, NULL), 0);
    for (size_t i = 1; i < all.count; i++)
        assert_true(all.list[i - 1].slot <= all.list[i].slot);
    for (unsigned s = 0; s < fhir_type_slot_counts[type->number]; s++)
        assert_int_equal(
            fhir_extract_slot(arena, j, (uint16_t)(fhir_type_slots[type->number] + s),
                BASE, &one, NULL),
            0);
    assert_int_equal(one.count, all.count);
    for (size_t i = 0; i < all.count; i++) {
        assert_int_equal(one.list[i].slot, all.list[i].slot);
        if (all.list[i].kind == FHIR_SEARCH_STRING)
            assert_true(str_eq(one.list[i].u.string, all.list[i].u.string));
    }
    /* names: family and given each thrice (name, its own, phonetic); active; deceased */
    assert_true(all.count >= 4002);
}

static int extract_once(void *arg)
{
    struct arena *a = arena_new();
    const struct json *j = arg;
    struct fhir_values values = {0};
    struct err err = {0};
    int r = E_NOMEM;

    if (a)
        r = fhir_extract(a, j, fhir_resource_named(json_get_text(j, "resourceType")),
            BASE, &values, &err);
    arena_free(a);
    return r;
}

static void memory_may_fail_anywhere(void **state)
{
    union {
        const struct json *c;
        void *v;
    } u = {.c = wide_patient(500)};

    (void)state;
    assert_true(unit_fault_loop(extract_once, u.v) > 2);
    assert_int_equal(json_read_trusted(arena,
                         STR("{\"resourceType\":\"Bundle\",\"entry\":[{\"resource\":{"
                             "\"resourceType\":\"Composition\",\"id\":\"c\"}}]}"),
                         &u.c, NULL),
        0);
    assert_true(unit_fault_loop(extract_once, u.v) > 1);
}

/* ---- real data ---- */

struct tally {
    size_t resources, values, kinds[FHIR_SEARCH_SPECIAL + 1];
};

static void tally_resource(const struct json *resource, struct tally *t)
{
    const struct fhir_type *type =
        fhir_resource_named(json_get_text(resource, "resourceType"));
    struct fhir_values all = {0}, one = {0};
    struct err err = {0};

    if (!type)
        return;
    assert_int_equal(fhir_extract(arena, resource, type, BASE, &all, &err), 0);
    for (unsigned s = 0; s < fhir_type_slot_counts[type->number]; s++)
        assert_int_equal(
            fhir_extract_slot(arena, resource,
                (uint16_t)(fhir_type_slots[type->number] + s), BASE, &one, &err),
            0);
    assert_int_equal(all.count, one.count);
    t->resources++;
    t->values += all.count;
    for (size_t i = 0; i < all.count; i++)
        t->kinds[all.list[i].kind]++;
}

static void tally_file(struct str file, struct tally *t)
{
    const struct json *j = NULL;
    struct json_each it;

    assert_int_equal(json_read(arena, file, 64u << 20, &j, NULL), 0);
    tally_resource(j, t);
    it = json_each(json_get(j, "entry"));
    while (json_next(&it))
        tally_resource(json_get(it.value, "resource"), t);
}

static bool tally_archive(const char *archive, struct tally *t)
{
    struct unpacker *unpacker = shared_open(archive);
    char name[TAR_BLOCK];
    struct str file = {0};

    if (!unpacker)
        return false;
    while (shared_next(unpacker, arena, name, &file)) {
        if (str_ends(str_of(name), ".json"))
            tally_file(file, t);
        arena_reset(arena);
    }
    unpacker_close(unpacker);
    return true;
}

static void synthetic_patients(void **state)
{
    struct tally t = {0};

    (void)state;
    if (!tally_archive("synthea-64.tar.zst", &t))
        skip();
    print_message("%zu resources, %zu values: %zu tokens, %zu dates, %zu strings, "
                  "%zu references, %zu quantities\n",
        t.resources, t.values, t.kinds[FHIR_SEARCH_TOKEN], t.kinds[FHIR_SEARCH_DATE],
        t.kinds[FHIR_SEARCH_STRING], t.kinds[FHIR_SEARCH_REFERENCE],
        t.kinds[FHIR_SEARCH_QUANTITY]);
    assert_true(t.resources > 15000);
    /* a code, a date and a reference each, at the least */
    assert_true(t.kinds[FHIR_SEARCH_TOKEN] > t.resources);
    assert_true(t.kinds[FHIR_SEARCH_DATE] > t.resources * 8 / 10);
    assert_true(t.kinds[FHIR_SEARCH_REFERENCE] > t.resources);
}

static void published_examples(void **state)
{
    struct tally t = {0};

    (void)state;
    if (!tally_archive("r4-examples.tar.zst", &t))
        skip();
    assert_true(t.resources > 400 && t.values > 4 * t.resources);
    for (int kind = 0; kind <= FHIR_SEARCH_SPECIAL; kind++)
        if (kind != FHIR_SEARCH_COMPOSITE)
            assert_true(t.kinds[kind] > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(memory_may_fail_anywhere, set_up, tear_down),
        cmocka_unit_test_setup_teardown(values_are_in_slot_order, set_up, tear_down),
        cmocka_unit_test_setup_teardown(synthetic_patients, set_up, tear_down),
        cmocka_unit_test_setup_teardown(published_examples, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
