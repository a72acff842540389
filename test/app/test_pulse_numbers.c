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
    /* one pairing is looked for by itself, of many each kind of record once */
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

/* ---- one by itself, and all from facts ---- */

/* In place of what was there perhaps. */
static void put_again(const char *path, const char *body)
{
    struct said *s =
        as(NULL, (struct ask){.method = APP_PUT, .path = path, .body = body});

    assert_true(s->status == 200 || s->status == 201);
    said_free(s);
}

/* The pairing ${id} as its own question tells it: from what is kept, else from its records. */
static const char *told(const char *id)
{
    struct said *s = said_status(
        get_as("nima", arena_printf(arena, "OrganizationAffiliation/%s/$pulse", id)),
        200);
    const char *text = strstr(buf_cstr(&s->call.answer), "{\"name\":\"pairing\"");
    char *ret = NULL;

    assert_non_null(text);
    ret = arena_strndup(arena, text, strlen(text) - 2); /* the end of the answer */
    said_free(s);
    return ret;
}

static const char *pairing_at(int i)
{
    return i < OTHERS ? arena_printf(arena, "other-%d", i) : "surgeons";
}

/* From what is kept, if it was rightly; from the records of each, once nothing is; and from new facts of all. */
static void all_say_the_same(void)
{
    static int touched;
    const char *kept[OTHERS + 1], *alone[OTHERS + 1];
    struct said *s = NULL;

    for (int i = 0; i <= OTHERS; i++)
        kept[i] = told(pairing_at(i));
    put_again("Practitioner/nobody-else", /* another each time: what is kept goes */
        arena_printf(arena,
            "{\"resourceType\":\"Practitioner\",\"id\":\"nobody-else\",\"name\":[{"
            "\"text\":\"%d\"}]}",
            ++touched));
    for (int i = 0; i <= OTHERS; i++) {
        alone[i] = told(pairing_at(i));
        assert_string_equal(kept[i], alone[i]);
    }
    s = said_status(get_as("nima", "OrganizationAffiliation/$pulse"), 200);
    for (int i = 0; i <= OTHERS; i++) {
        if (!strstr(buf_cstr(&s->call.answer), alone[i]))
            fail_msg("%s is not told in\n%s", alone[i], buf_cstr(&s->call.answer));
    }
    said_free(s);
}

static void put_post(
    const char *id, const char *person, const char *unit, const char *role)
{
    char from[TIME_ISO_MAX], until[TIME_ISO_MAX];
    int begin = (int)unit_between(10, 360);

    time_iso(NOW - begin * DAY, from);
    time_iso(NOW - unit_between(0, begin - 1) * DAY, until);
    put_again(arena_printf(arena, "PractitionerRole/%s", id),
        arena_printf(arena,
            "{\"resourceType\":\"PractitionerRole\",\"id\":\"%s\",\"active\":true,"
            "\"practitioner\":{\"reference\":\"Practitioner/%s\"},\"organization\":{"
            "\"reference\":\"Organization/%s\"},\"code\":[{\"coding\":[{\"system\":"
            "\"" SYSTEM "role\",\"code\":\"%s\"}]}],\"period\":{\"start\":\"%s\","
            "\"end\":\"%s\"}}",
            id, person, unit, role, from, until));
}

/* Something that the pulse follows from is another now. */
static void change(int round, struct plain *plain)
{
    static const char *const people[] = {"chen", "wang", "dawa"};
    static const char *const units[] = {
        "county-surgery", "twin-surgery", "twin-medicine"};
    const char *who = people[unit_between(0, 2)];
    const char *unit = units[unit_between(0, 2)];
    bool visit = unit_between(0, 1) == 0;

    switch (unit_between(0, 3)) {
    case 0:
        put_case(1000 + round, plain);
        break;
    case 1:
        put_operation(1000 + round, plain);
        break;
    case 2: /* a patient is of another hospital now */
        put_again("Patient/lobsang",
            arena_printf(arena,
                "{\"resourceType\":\"Patient\",\"id\":\"lobsang\","
                "\"managingOrganization\":{\"reference\":\"Organization/%s\"}}",
                visit ? "county" : "twin"));
        break;
    default:
        put_post(arena_printf(arena, "changing-%d", (int)unit_between(0, 3)), who,
            visit ? "county-surgery" : unit, visit ? "expert" : "clinician");
        break;
    }
}

/* Whatever changes, what is kept of all pairings says what the records of each say. */
static void test_facts_and_records_agree(void **state)
{
    struct plain plain = {.cases = {0}};

    (void)state;
    put_place();
    for (int i = 0; i < OTHERS; i++)
        put_pairing(arena_printf(arena, "other-%d", i), "twin-medicine");
    put_pairing("surgeons", "twin-surgery");
    for (int i = 0; i < 60; i++)
        put_case(i, &plain);
    for (int i = 0; i < 60; i++) {
        change(i, &plain);
        all_say_the_same();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            test_random_history, open_network, close_network),
        cmocka_unit_test_setup_teardown(
            test_facts_and_records_agree, open_network, close_network),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
