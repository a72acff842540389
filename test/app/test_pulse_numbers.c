/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The numbers of a pulse over a random history: as counted plainly while it is written, month by
 * month, and as $caseload tells the quarter. It is the 1st of January 2026; the county's clocks
 * are eight hours ahead, and what happens does so before 16:00 UTC, so that both have the same
 * months (the border between them is test_pulse.c's).
 */
#include "logbook.h"

#define EXTENSION "https://belay.health/StructureDefinition/"
#define HOUR 3600000LL
#define DAY (24 * HOUR)
#define MONTHS 12
#define WORK 240
#define OTHERS 6 /* pairings of the county's surgery */
#define MAY 4    /* the pairing began with it */

struct plain {
    uint32_t cases[MONTHS], meetings[MONTHS], operations[MONTHS];
};

static void put(const char *path, const char *body)
{
    write_as(NULL, APP_PUT, path, body, 201);
}

static void put_place(void)
{
    write_as(NULL, APP_PUT, "Location/county-site",
        "{\"resourceType\":\"Location\",\"id\":\"county-site\",\"status\":\"active\","
        "\"name\":\"County\",\"managingOrganization\":{\"reference\":"
        "\"Organization/county\"},\"extension\":[{\"url\":\"" EXTENSION
        "utc-offset\",\"valueInteger\":480}]}",
        200);
}

static void put_pairing(const char *id, const char *helping)
{
    put(arena_printf(arena, "OrganizationAffiliation/%s", id),
        arena_printf(arena,
            "{\"resourceType\":\"OrganizationAffiliation\",\"id\":\"%s\",\"active\":"
            "true,\"organization\":{\"reference\":\"Organization/county-surgery\"},"
            "\"participatingOrganization\":{\"reference\":\"Organization/%s\"},"
            "\"code\":[{\"coding\":[{\"system\":\"" SYSTEM
            "affiliation\",\"code\":\"department-pair\"}]}],\"period\":{\"start\":"
            "\"2025-05-01\"}}",
            id, helping));
}

/* ---- a history ---- */

/* Some hour of 2025 before 16:00 UTC; its month, 0 to 11. */
static int random_time(char iso[TIME_ISO_MAX])
{
    int month = 0;

    time_iso(NOW - (1 + unit_between(0, 364)) * DAY + unit_between(0, 15) * HOUR, iso);
    month = (iso[5] - '0') * 10 + iso[6] - '0' - 1;
    assert_true(month >= 0 && month < MONTHS);
    return month;
}

static void put_meeting(int i, const char *iso, int other)
{
    put(arena_printf(arena, "Appointment/random-%d", i),
        arena_printf(arena,
            "{\"resourceType\":\"Appointment\",\"id\":\"random-%d\",\"status\":"
            "\"fulfilled\",\"start\":\"%s\",\"end\":\"%s\",\"basedOn\":[{\"reference\":"
            "\"ServiceRequest/random-%d\"},{\"reference\":\"ServiceRequest/"
            "random-%d\"}],\"participant\":[{\"actor\":{\"reference\":"
            "\"Practitioner/chen\"},\"status\":\"accepted\"}]}",
            i, iso, iso, i, other));
}

/* The county's case to the twin's surgery or medicine, or the twin's own to its medicine; of every
 * third a meeting is held, about this and perhaps the case before. */
static void put_case(int i, struct plain *plain)
{
    static const char *const patients[] = {"pema", "pema", "lobsang", "sita"};
    static const char *const statuses[] = {"active", "completed", "revoked", "draft"};
    static bool before; /* the case before is between the two, too */
    const char *patient = patients[unit_between(0, 3)];
    bool away = strcmp(patient, "sita") != 0 && unit_between(0, 2) > 0;
    const char *status = statuses[unit_between(0, 3)];
    bool counts = strcmp(status, "draft") != 0;
    char iso[TIME_ISO_MAX];
    int month = random_time(iso);
    bool between = away && counts;

    put(arena_printf(arena, "ServiceRequest/random-%d", i),
        arena_printf(arena,
            "{\"resourceType\":\"ServiceRequest\",\"id\":\"random-%d\",\"status\":"
            "\"%s\",\"intent\":\"order\",\"category\":[{\"coding\":[{\"system\":"
            "\"" SYSTEM
            "case-kind\",\"code\":\"consult\"}]}],\"subject\":{\"reference\":"
            "\"Patient/%s\"},\"authoredOn\":\"%s\",\"performer\":[{\"reference\":"
            "\"Organization/%s\"}]}",
            i, status, patient, iso, away ? "twin-surgery" : "twin-medicine"));
    plain->cases[month] += between && month >= MAY;
    if (unit_between(0, 2) == 0) {
        bool both = i > 0 && unit_between(0, 1) == 0;

        put_meeting(i, iso, both ? i - 1 : i);
        plain->meetings[month] += month >= MAY && (between || (both && before));
    }
    before = between;
}

/* In the county's surgery, with one of the twin's surgery, of its medicine, or alone. */
static void put_operation(int i, struct plain *plain)
{
    static const char *const people[] = {"chen", "wang", "dawa"};
    const char *with = people[unit_between(0, 2)];
    char iso[TIME_ISO_MAX];
    int month = random_time(iso);

    put(arena_printf(arena, "Procedure/random-%d", i),
        arena_printf(arena,
            "{\"resourceType\":\"Procedure\",\"id\":\"random-%d\",\"status\":"
            "\"completed\",\"code\":{\"coding\":[{\"system\":\"" SYSTEM
            "procedure\",\"code\":\"appendectomy\"}]},\"subject\":{\"reference\":"
            "\"Patient/pema\"},\"performedDateTime\":\"%s\",\"extension\":[{\"url\":"
            "\"" EXTENSION "operation-department\",\"valueReference\":{\"reference\":"
            "\"Organization/county-surgery\"}}],\"performer\":[{\"function\":{"
            "\"coding\":[{\"system\":\"" SYSTEM
            "operation-function\",\"code\":\"operator\"}]},\"actor\":{\"reference\":"
            "\"Practitioner/nima\"}},{\"function\":{\"coding\":[{\"system\":\"" SYSTEM
            "operation-function\",\"code\":\"supervisor\"}]},\"actor\":{\"reference\":"
            "\"Practitioner/%s\"}}]}",
            i, iso, with));
    plain->operations[month] += month >= MAY && strcmp(with, "chen") == 0;
}

/* ---- what is told ---- */

static uint32_t number(const char *text)
{
    int64_t n = 0;

    assert_true(text_int(str_of(text), 0, 1 << 20, &n));
    return (uint32_t)n;
}

static const struct json *month_of(const struct json *pairing, int month)
{
    const char *text = arena_printf(arena, "2025-%02d", month + 1);

    for (int i = 0;; i++) {
        const struct json *parts = parts_of(pairing, "month", i);

        if (!parts || strcmp(part(parts, "month"), text) == 0)
            return parts;
    }
}

static void assert_months(const char *path, const struct plain *plain)
{
    struct said *s = said_status(get_as("nima", path), 200);
    const struct json *pairing = NULL;

    for (int i = 0; !pairing; i++) {
        pairing = parts_of(json_get(s->json, "parameter"), "pairing", i);
        assert_non_null(pairing);
        if (strcmp(part(pairing, "id"), "surgeons") != 0)
            pairing = NULL;
    }
    assert_null(month_of(pairing, MAY - 1));
    for (int i = MAY; i < MONTHS; i++) {
        const struct json *told = month_of(pairing, i);

        assert_non_null(told);
        assert_int_equal(number(part(told, "cases")), plain->cases[i]);
        assert_int_equal(number(part(told, "operations")), plain->operations[i]);
        assert_int_equal(number(part(told, "contacts")),
            plain->cases[i] + plain->operations[i] + plain->meetings[i]);
    }
    said_free(s);
}

/* How many cases $caseload tells for the twin's surgery, to which the county alone sends. */
static uint32_t caseload_of(const char *quarter)
{
    struct said *s = said_status(
        get_as(NULL, arena_printf(arena,
                         "ServiceRequest/$caseload?period=%s&by=department", quarter)),
        200);
    struct json_each it = json_each(json_get(
        json_at(json_get(json_at(json_get(s->json, "group"), 0), "stratifier"), 0),
        "stratum"));
    uint32_t found = UINT32_MAX;

    while (json_next(&it)) {
        const struct json *coding =
            json_at(json_get(json_get(it.value, "value"), "coding"), 0);
        struct str count =
            json_text(json_get(json_at(json_get(it.value, "population"), 0), "count"));

        if (str_is(json_get_text(coding, "code"), "Organization/twin-surgery"))
            found = number(arena_strndup(arena, count.p, count.len));
    }
    said_free(s);
    return found;
}

static void test_random_history(void **state)
{
    struct plain plain = {.cases = {0}};
    uint32_t cases = 0;

    (void)state;
    put_place();
    for (int i = 0; i < OTHERS; i++)
        put_pairing(arena_printf(arena, "other-%d", i), "twin-medicine");
    put_pairing("surgeons", "twin-surgery");
    for (int i = 0; i < WORK; i++) {
        put_case(i, &plain);
        if (i % 3 == 0)
            put_operation(i, &plain);
    }
    /* one pairing asks for its meetings by its cases, a list of many reads them all */
    assert_months("OrganizationAffiliation/surgeons/$pulse", &plain);
    assert_months("OrganizationAffiliation/$pulse", &plain);
    assert_int_equal(
        caseload_of("2025-Q3"), plain.cases[6] + plain.cases[7] + plain.cases[8]);
    assert_int_equal(
        caseload_of("2025-Q4"), plain.cases[9] + plain.cases[10] + plain.cases[11]);
    for (int i = MAY; i < MONTHS; i++)
        cases += plain.cases[i];
    assert_true(cases > 40);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            test_random_history, open_network, close_network),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
