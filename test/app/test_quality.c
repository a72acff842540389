/* SPDX-License-Identifier: Apache-2.0 */
/* Organization/$quality: what is counted, which records, and who is told. */
#include "app/quality_internal.h"
#include "logbook.h"

#define ORDINARY "\"birthDate\":\"1980-05-06\","

static void put(const char *path, const char *body, int status)
{
    write_as(NULL, APP_PUT, path, body, status);
}

static void put_patient(const char *id, const char *name, const char *more)
{
    put(arena_printf(arena, "Patient/%s", id),
        arena_printf(arena,
            "{\"resourceType\":\"Patient\",\"id\":\"%s\",%s\"name\":[{\"text\":\"%s\"}]"
            ","
            "\"managingOrganization\":{\"reference\":\"Organization/county\"}}",
            id, more, name),
        201);
}

static void put_pulse(const char *id, const char *patient, const char *value)
{
    put(arena_printf(arena, "Observation/%s", id),
        arena_printf(arena,
            "{\"resourceType\":\"Observation\",\"id\":\"%s\",\"status\":\"final\","
            "\"code\":{"
            "\"coding\":[{\"system\":\"http://loinc.org\",\"code\":\"8867-4\"}]},"
            "\"subject\":{\"reference\":\"Patient/%s\"},\"effectiveDateTime\":"
            "\"2026-01-01T00:00:00Z\",\"performer\":[{\"reference\":"
            "\"Practitioner/nima\"}],\"valueQuantity\":{\"value\":%s,\"system\":"
            "\"http://unitsofmeasure.org\",\"code\":\"/min\"}}",
            id, patient, value),
        201);
}

/* The part of ${kind} of the county, as ${person} is told; NULL: none. */
static const struct json *counted(struct said *s, const char *kind)
{
    for (int i = 0;; i++) {
        const struct json *hospital =
            parts_of(json_get(s->json, "parameter"), "hospital", i);

        if (!hospital)
            return NULL;
        if (strcmp(part(hospital, "hospital"), "Organization/county") != 0)
            continue;
        for (int k = 0;; k++) {
            const struct json *count = parts_of(hospital, "count", k);

            if (!count || strcmp(part(count, "kind"), kind) == 0)
                return count;
        }
    }
}

static void assert_count(const char *person, const char *kind, const char *records)
{
    struct said *s = said_status(get_as(person, "Organization/$quality"), 200);
    const struct json *count = counted(s, kind);
    const char *told = !count ? "0"
                       : strcmp(part(count, "few"), "true") == 0
                           ? "few"
                           : part(count, "records");

    if (strcmp(told, records) != 0)
        fail_msg("%s of %s: %s, not %s", kind, person ? person : "all", told, records);
    said_free(s);
}

/* The record that stands in row ${at} of ${kind} for ${person}; "": there is none. */
static const char *row(const char *person, const char *kind, int at, const char *name)
{
    struct said *s = said_status(
        get_as(
            person, arena_printf(arena, "Organization/county/$quality?kind=%s", kind)),
        200);
    const struct json *one = parts_of(json_get(s->json, "parameter"), "row", at);
    const char *text = one ? part(one, name) : "";

    said_free(s);
    return text;
}

static void test_found(void **state)
{
    (void)state;
    assert_count(NULL, "twice", "0");
    put_patient("first", "Tenzin Dolma", ORDINARY);
    put_patient("second", "tenzin  DOLMA", ORDINARY);
    put_patient("other", "Tenzin Dolma", "\"birthDate\":\"1990-05-06\",");
    put_patient("unborn", "Not Yet", "\"birthDate\":\"2027-01-01\",");
    put_pulse("fast", "first", "4000");
    put_pulse("slow", "first", "60");
    put_pulse("early", "unborn", "60");
    assert_count(NULL, "twice", "1");
    assert_count(NULL, "future", "1");
    assert_count(NULL, "impossible", "1");
    assert_count(NULL, "before-birth", "1");
    assert_string_equal(row(NULL, "twice", 0, "record"), "Patient/second");
    assert_string_equal(row(NULL, "twice", 0, "other"), "Patient/first");
    assert_string_equal(row(NULL, "twice", 0, "about"), "tenzin  DOLMA");
    assert_string_equal(row(NULL, "twice", 0, "role"), "clinician");
    assert_string_equal(row(NULL, "impossible", 0, "record"), "Observation/fast");
    assert_string_equal(row(NULL, "impossible", 0, "person"), "Practitioner/nima");
    assert_string_equal(row(NULL, "future", 0, "record"), "Patient/unborn");
    assert_string_equal(row(NULL, "twice", 1, "record"), "");
    /* mended, and only that is read again */
    write_as(NULL, APP_PUT, "Patient/second",
        "{\"resourceType\":\"Patient\",\"id\":\"second\",\"birthDate\":\"1981-05-06\","
        "\"name\":[{\"text\":\"Tenzin "
        "Dolma\"}],\"managingOrganization\":{\"reference\":"
        "\"Organization/county\"}}",
        200);
    assert_count(NULL, "twice", "0");
    write_as(NULL, APP_DELETE, "Observation/fast", NULL, 204);
    assert_count(NULL, "impossible", "0");
}

/* Operations: late, the same twice, and what became of them. */
static void test_operations(void **state)
{
    const char *first = NULL;
    const char *again = NULL;

    (void)state;
    first = record(APPENDIX "," PATIENT "," BOTH);
    assert_count(NULL, "late", "0");
    assert_count(NULL, "twice", "0");
    assert_count(NULL, "no-outcome", "0");
    again = record(APPENDIX "," PATIENT "," BOTH);
    assert_string_equal(
        row(NULL, "twice", 0, "record"), arena_printf(arena, "Procedure/%s", again));
    assert_string_equal(
        row(NULL, "twice", 0, "other"), arena_printf(arena, "Procedure/%s", first));
    assert_string_equal(row(NULL, "twice", 0, "person"), "Practitioner/nima");
    (void)record(APPENDIX ",{\"name\":\"performed\",\"valueDateTime\":"
                          "\"2025-12-20T08:00:00Z\"}," BOTH);
    assert_count(NULL, "late", "1");
    time_hold(NOW + 31LL * 24 * 3600 * 1000);
    assert_count(NULL, "no-outcome", "3");
    said_free(post_status("nima", arena_printf(arena, "Procedure/%s/$follow-up", first),
        CODE("at", "day-30") "," CODE("result", "well"), 200));
    assert_count(NULL, "no-outcome", "2");
}

static void test_who(void **state)
{
    static const char *const nobody[] = {"nima", "tashi", "dawa"};

    (void)state;
    put_patient("first", "Tenzin Dolma", ORDINARY);
    put_patient("second", "Tenzin Dolma", ORDINARY);
    assert_count("head-county", "twice", "1");
    assert_count("coordinator", "twice", "few"); /* no patient of theirs */
    for (size_t i = 0; i < sizeof(nobody) / sizeof(nobody[0]); i++)
        said_free(said_status(get_as(nobody[i], "Organization/$quality"), 403));
    assert_string_equal(row("head-county", "twice", 0, "record"), "Patient/second");
    assert_string_equal(row("coordinator", "twice", 0, "record"), "");
    said_free(said_status(get_as("head-county", "Organization/twin/$quality"), 403));
    said_free(said_status(get_as("head-county", "Organization/none/$quality"), 404));
    said_free(
        said_status(get_as("coordinator", "Organization/$quality?kind=late"), 400));
    said_free(said_status(
        get_as("coordinator", "Organization/county/$quality?kind=worse"), 400));
}

/* ---- what is kept is what a look from nothing finds ---- */

/* Written, made, or deleted as it was before. */
static void done(struct said *s)
{
    if (s->status >= 300)
        said_status(s, 404);
    said_free(s);
}

static void change_patient(const char *id)
{
    static const char *const born[] = {"1980-05-06", "1980-05-07", "2027-01-01"};

    done(as(NULL,
        (struct ask){.method = APP_PUT,
            .path = arena_printf(arena, "Patient/%s", id),
            .body = arena_printf(arena,
                "{\"resourceType\":\"Patient\",\"id\":\"%s\",\"active\":%s,"
                "\"birthDate\":\"%s\",\"name\":[{\"text\":\"Tenzin %d\"}],"
                "\"managingOrganization\":{\"reference\":\"Organization/%s\"}}",
                id, unit_between(0, 4) ? "true" : "false", born[unit_between(0, 2)],
                (int)unit_between(0, 2), unit_between(0, 1) ? "county" : "twin")}));
}

static void change_pulse(const char *id)
{
    done(as(NULL,
        (struct ask){.method = APP_PUT,
            .path = arena_printf(arena, "Observation/%s", id),
            .body = arena_printf(arena,
                "{\"resourceType\":\"Observation\",\"id\":\"%s\",\"status\":"
                "\"final\",\"code\":{\"coding\":[{\"system\":\"http://loinc.org\","
                "\"code\":\"8867-4\"}]},\"subject\":{\"reference\":\"Patient/p%d\"},"
                "\"effectiveDateTime\":\"20%d-01-01T00:00:00Z\",\"valueQuantity\":{"
                "\"value\":%d,\"system\":\"http://unitsofmeasure.org\",\"code\":"
                "\"/min\"}}",
                id, (int)unit_between(0, 5), (int)unit_between(24, 27),
                unit_between(0, 2) ? 60 : 4000)}));
}

static void change_one(void)
{
    const char *patient = arena_printf(arena, "p%d", (int)unit_between(0, 5));
    const char *pulse = arena_printf(arena, "o%d", (int)unit_between(0, 5));

    switch (unit_between(0, 5)) {
    case 0:
        (void)record(APPENDIX "," PATIENT "," BOTH);
        break;
    case 1:
        done(as(NULL, (struct ask){.method = APP_DELETE,
                          .path = arena_printf(arena, "Observation/%s", pulse)}));
        break;
    case 2:
        change_pulse(pulse);
        break;
    case 3: /* of no type that is looked at */
        done(as(NULL, (struct ask){.method = APP_PUT,
                          .path = "Organization/own",
                          .body = "{\"resourceType\":\"Organization\",\"id\":\"own\","
                                  "\"name\":\"o\"}"}));
        break;
    default:
        change_patient(patient);
        break;
    }
}

static const struct quality_row *row_of(
    const struct quality_memory *m, store_rid rid, size_t *ret)
{
    for (size_t i = 0; i < m->count; i++) {
        *ret = i;
        if (m->rows[i].rid == rid)
            return &m->rows[i];
    }
    fail_msg("a record is not known");
    return NULL;
}

static bool is_same_text(struct str one, struct str other)
{
    return !one.p == !other.p && (!one.p || str_eq(one, other));
}

static void assert_same_row(
    const struct quality_memory *kept, const struct quality_memory *fresh, size_t at)
{
    const struct quality_row *expected = &fresh->rows[at];
    size_t here = 0;
    const struct quality_row *row = row_of(kept, expected->rid, &here);
    const struct quality_fact *one = &kept->facts[here], *other = &fresh->facts[at];

    assert_int_equal(one->subject, other->subject);
    assert_int_equal(one->order, other->order);
    assert_int_equal(one->recorded, other->recorded);
    assert_int_equal(one->earliest, other->earliest);
    assert_int_equal(one->latest, other->latest);
    assert_int_equal(one->until, other->until);
    assert_int_equal(one->patient, other->patient);
    assert_memory_equal(one->keys, other->keys, sizeof(one->keys));
    assert_int_equal(one->open, other->open);
    assert_int_equal(one->impossible, other->impossible);
    assert_true(is_same_text(row->unit, expected->unit));
    assert_true(is_same_text(row->person, expected->person));
}

static bool suspects(const struct quality_memory *m, store_rid rid)
{
    for (size_t i = 0; i < m->suspects.count; i++) {
        if (m->rows[m->suspects.list[i].fact].rid == rid)
            return true;
    }
    return false;
}

static void kept_is_fresh(void)
{
    struct app *app = node.app;
    struct quality *anew = quality_new(app);
    const struct quality_memory *kept = NULL, *fresh = NULL;
    struct store_reader *reader = NULL;
    struct err err = {0};

    assert_non_null(anew);
    assert_int_equal(store_read_begin(app->store, &reader, &err), 0);
    assert_int_equal(
        quality_take_hold(app->quality, reader, time_now(), &kept, &err), 0);
    assert_int_equal(quality_take_hold(anew, reader, time_now(), &fresh, &err), 0);
    assert_int_equal(kept->count, fresh->count);
    assert_int_equal(kept->suspects.count, fresh->suspects.count);
    for (size_t i = 0; i < fresh->count; i++)
        assert_same_row(kept, fresh, i);
    for (size_t i = 0; i < fresh->suspects.count; i++)
        assert_true(suspects(kept, fresh->rows[fresh->suspects.list[i].fact].rid));
    quality_release(anew);
    quality_release(app->quality);
    store_read_end(reader);
    quality_free(anew);
}

static void test_kept(void **state)
{
    size_t known = 0;

    (void)state;
    for (int round = 0; round < 60; round++) {
        for (int64_t left = unit_between(0, 3); left >= 0; left--)
            change_one();
        if (unit_between(0, 3) == 0)
            time_hold(time_now() + 24LL * 3600 * 1000);
        if (unit_between(0, 2)) /* somebody asks, or the node itself does */
            said_free(said_status(get_as(NULL, "Organization/$quality"), 200));
        else
            assert_int_equal(
                quality_warm_run(node.app, NULL, time_now(), &known, NULL), 0);
        kept_is_fresh();
    }
    assert_true(known > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_found, open_network, close_network),
        cmocka_unit_test_setup_teardown(test_operations, open_network, close_network),
        cmocka_unit_test_setup_teardown(test_who, open_network, close_network),
        cmocka_unit_test_setup_teardown(test_kept, open_network, close_network),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
