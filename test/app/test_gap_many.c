/* SPDX-License-Identifier: Apache-2.0 */
/* More technique gaps than one look writes, and than one answer tells. */
#include "app/app_internal.h"
#include "app/catalogue.h"
#include "app/gap.h"
#include "case.h"

static size_t run_now(void)
{
    struct err err = {0};
    size_t written = 99;

    time_hold(NOW);
    if (gap_run(node.app, NULL, NOW, &written, &err) < 0)
        fail_msg("gap_run: %s", err.text);
    return written;
}

/* Is the list of gaps told in part? */
static bool tells_more(void)
{
    static const char words[] = "{\"name\":\"more\",\"valueBoolean\":true}";
    struct said *s = said_status(get_as("chen", "Task/$gaps"), 200);
    bool more =
        memmem(s->call.answer.data, s->call.answer.len, words, strlen(words)) != NULL;

    said_free(s);
    return more;
}

static void operate(void)
{
    write_as(NULL, APP_PUT, "Procedure/op-one",
        "{\"resourceType\":\"Procedure\",\"id\":\"op-one\",\"extension\":[{\"url\":"
        "\"https://belay.health/StructureDefinition/operation-department\","
        "\"valueReference\":{\"reference\":\"Organization/"
        "county-surgery\"}}],\"status\":"
        "\"completed\",\"code\":{\"coding\":[{\"system\":"
        "\"" CATALOGUE_PROCEDURE_SYSTEM "\",\"code\":\"cholecystectomy\"}]},"
        "\"subject\":{\"reference\":\"Patient/pema\"},\"performedDateTime\":"
        "\"2025-12-11T08:00:00Z\",\"performer\":[{\"function\":{\"coding\":[{"
        "\"system\":"
        "\"https://belay.health/CodeSystem/"
        "operation-function\",\"code\":\"operator\"}]},"
        "\"actor\":{\"reference\":\"Practitioner/nima\"}}]}",
        201);
}

#define MANY 1203

/* A gap of the county in one of the procedures, promised for a day. */
static void put_gap(int n)
{
    write_as(NULL, APP_PUT, arena_printf(arena, "HealthcareService/s%d", n),
        arena_printf(arena,
            "{\"resourceType\":\"HealthcareService\",\"id\":\"s%d\",\"active\":false,"
            "\"providedBy\":{\"reference\":\"Organization/county\"},\"type\":[{"
            "\"coding\":[{\"system\":\"" CATALOGUE_PROCEDURE_SYSTEM
            "\",\"code\":\"%s\"}]}]}",
            n, catalogue_procedures[(size_t)n % catalogue_procedure_count].code),
        201);
    write_as(NULL, APP_PUT, arena_printf(arena, "Task/g%d", n),
        arena_printf(arena,
            "{\"resourceType\":\"Task\",\"id\":\"g%d\",\"status\":\"in-progress\","
            "\"intent\":\"plan\",\"code\":{\"coding\":[{\"system\":"
            "\"https://belay.health/CodeSystem/work\",\"code\":\"technique-gap\"}]},"
            "\"focus\":{\"reference\":\"HealthcareService/s%d\"},\"authoredOn\":"
            "\"2025-01-01T00:00:00Z\",\"restriction\":{\"period\":{\"end\":"
            "\"2026-10-01\"}}}",
            n, n),
        201);
    arena_reset(arena);
}

static int task_total(const char *query)
{
    return said_total(as(NULL, (struct ask){.path = query}));
}

/* More than one look writes: the next ones write the others, and none is left out. Afterwards those
 * alone that changed are written. */
static void none_of_many_is_left_out(void **state_)
{
    static const char waiting[] =
        "Task?_summary=count&business-status:missing=true&code=https://belay.health/"
        "CodeSystem/work|technique-gap";
    size_t left = MANY;

    (void)state_;
    for (int i = 0; i < MANY; i++)
        put_gap(i);
    while (left > 0) {
        size_t written = run_now();

        assert_int_equal(written, left < LIMIT_GAP_WRITES ? left : LIMIT_GAP_WRITES);
        left -= written;
        assert_int_equal(task_total(waiting), (int)left);
    }
    assert_int_equal(run_now(), 0);
    operate();
    for (int i = 0; i < MANY; i++) /* those of this procedure */
        left += strcmp(catalogue_procedures[(size_t)i % catalogue_procedure_count].code,
                    "cholecystectomy") == 0;
    assert_true(left > 1);
    assert_int_equal(run_now(), left);
    assert_int_equal(run_now(), 0);
}

/* A list that is too long says so; what a service no longer names is no gap to look at. */
static void many_are_told_in_part(void **state_)
{
    (void)state_;
    for (int i = 0; i <= LIMIT_GAPS_TOLD; i++)
        put_gap(i);
    assert_true(tells_more());
    while (run_now() > 0)
        continue;
    said_free(said_status(
        as(NULL, (struct ask){.method = APP_DELETE, .path = "Task/g0"}), 204));
    assert_false(tells_more());
    write_as(NULL, APP_PUT, "HealthcareService/s1",
        "{\"resourceType\":\"HealthcareService\",\"id\":\"s1\"}", 200);
    operate();
    assert_true(run_now() > 0);
    write_as(NULL, APP_PUT, "HealthcareService/s1",
        "{\"resourceType\":\"HealthcareService\",\"id\":\"s1\",\"providedBy\":{"
        "\"reference\":\"Organization/"
        "county\"},\"type\":[{\"coding\":[{\"system\":\"" CATALOGUE_PROCEDURE_SYSTEM
        "\",\"code\":\"cholecystectomy\"}]}]}",
        200);
    assert_int_equal(
        run_now(), 1); /* it was done there, and now is what this one is of */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            none_of_many_is_left_out, open_network, close_network),
        cmocka_unit_test_setup_teardown(
            many_are_told_in_part, open_network, close_network),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
