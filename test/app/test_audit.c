/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The audit trail as an auditor and a patient see it: what is told of and what is not, by
 * every way a record goes out.
 */
#include <sqlite3.h>

#include "app/audit.h"
#include "each_store.h"
#include "store/fault.h"

#define MINUTE ((utc_ms)60000)

static utc_ms now_held;

static void hold(utc_ms t)
{
    now_held = t;
    time_hold(t);
}

struct person {
    const char *name;
    const char *role;
};

static const struct person doctor = {"Dr Amala", "clinician"};
static const struct person expert = {"Prof Berg", "expert"};
static const struct person auditor = {"Ms Revi", "auditor"};

static struct said *as(struct person who, struct ask a)
{
    struct said *s = calloc(1, sizeof(*s));

    assert_non_null(s);
    s->call = (struct app_call){.app = node.app,
        .arena = arena_new(),
        .method = a.method,
        .query = str_of(a.path),
        .body = str_of(a.body),
        .if_none_exist = str_of(a.if_none_exist),
        .prefer = str_of(a.prefer),
        .caller = {.name = str_of(who.name),
            .role = str_of(who.role),
            .organization = STR("Organization/h1"),
            .address = STR("10.1.2.3")}};
    if (a.nobody)
        s->call.caller =
            (struct app_caller){.name = {NULL, 0}, .address = str_of(who.name)};
    s->call.path = str_cut(&s->call.query, '?');
    app_run(&s->call);
    s->status = s->call.status;
    if (s->call.answer.len > 0)
        assert_int_equal(json_read(s->call.arena,
                             (struct str){s->call.answer.data, s->call.answer.len},
                             LIMIT_RESPONSE_BYTES, &s->json, NULL),
            0);
    return s;
}

static void get(struct person who, const char *path, int status)
{
    said_free(
        said_status(as(who, (struct ask){.method = APP_GET, .path = path}), status));
}

static void put(struct person who, const char *path, const char *body)
{
    struct said *s =
        as(who, (struct ask){.method = APP_PUT, .path = path, .body = body});

    assert_true(s->status == 200 || s->status == 201);
    said_free(s);
}

/* How many AuditEvents there are for ${query}. */
static size_t events(const char *query)
{
    struct said *s =
        said_status(as(auditor, (struct ask){.method = APP_GET, .path = query}), 200);
    size_t n = said_count(s, "entry");

    said_free(s);
    return n;
}

/* Text at ${path} of the newest AuditEvent for ${query}; good until the next call. */
static const char *newest(const char *query, const char *path)
{
    static char text[500];
    struct said *s =
        said_status(as(auditor, (struct ask){.method = APP_GET, .path = query}), 200);

    snprintf(text, sizeof(text), "entry.0.resource.%s", path);
    snprintf(text, sizeof(text), "%s", said_text(s, text));
    said_free(s);
    return text;
}

#define PATIENT(id, name)                                                              \
    "{\"resourceType\":\"Patient\",\"id\":\"" id "\",\"name\":[{\"family\":\"" name    \
    "\"}]}"
#define OBSERVATION(id, patient)                                                       \
    "{\"resourceType\":\"Observation\",\"id\":\"" id "\",\"status\":\"final\","        \
    "\"code\":{\"text\":\"plantedcode\"},\"subject\":{\"reference\":"                  \
    "\"Patient/" patient "\"}}"

static int fill(void **state)
{
    (void)state;
    hold(1795000000000);
    put(doctor, "Patient/a", PATIENT("a", "Plantedname"));
    put(doctor, "Patient/b", PATIENT("b", "Other"));
    put(doctor, "Observation/o1", OBSERVATION("o1", "a"));
    put(doctor, "Observation/o2", OBSERVATION("o2", "a"));
    put(doctor, "Observation/o3", OBSERVATION("o3", "b"));
    put(doctor, "Organization/h1",
        "{\"resourceType\":\"Organization\",\"id\":\"h1\",\"name\":\"Hill Hospital\"}");
    return 0;
}

static int setup_memory(void **state)
{
    open_memory(state);
    return fill(state);
}

static int setup_sqlite(void **state)
{
    open_sqlite(state);
    return fill(state);
}

/* ---- reads ---- */

static void reads_within_five_minutes_are_one(void **state)
{
    (void)state;
    for (int i = 0; i < 3; i++)
        get(doctor, "Patient/a", 200);
    assert_int_equal(events("AuditEvent?patient=a&subtype=read"), 1);
    hold(now_held + 4 * MINUTE + 59000);
    get(doctor, "Patient/a", 200);
    assert_int_equal(events("AuditEvent?patient=a&subtype=read"), 1);
    hold(now_held + 1000);
    get(doctor, "Patient/a", 200);
    assert_int_equal(events("AuditEvent?patient=a&subtype=read"), 2);
    /* another person, another record */
    get(expert, "Patient/a", 200);
    get(doctor, "Observation/o1", 200);
    assert_int_equal(events("AuditEvent?patient=a&subtype=read"), 4);
    assert_int_equal(events("AuditEvent?patient=Patient/b&subtype=read"), 0);
    assert_int_equal(events("AuditEvent?patient=nobody"), 0);
    assert_string_equal(
        newest("AuditEvent?patient=a&subtype=read", "entity.1.what.reference") + 0,
        newest("AuditEvent?entity=Observation/o1&subtype=read",
            "entity.1.what.reference"));
    assert_int_equal(
        strncmp(newest("AuditEvent?patient=a&subtype=read", "entity.1.what.reference"),
            "Observation/o1/_history/", 24),
        0);
    assert_string_equal(
        newest("AuditEvent?agent-name=prof&patient=a", "agent.0.who.display"),
        "Prof Berg");
    assert_string_equal(
        newest("AuditEvent?patient=a", "agent.0.network.address"), "10.1.2.3");
    assert_string_equal(
        newest("AuditEvent?patient=a", "agent.1.who.reference"), "Organization/h1");
}

static void every_way_out_is_told(void **state)
{
    (void)state;
    get(expert, "Observation?subject=Patient/a", 200);
    assert_int_equal(events("AuditEvent?patient=a&subtype=search"), 1);
    /* patient, two observations */
    assert_string_equal(newest("AuditEvent?patient=a&subtype=search", "action"), "E");
    assert_string_not_equal(
        newest("AuditEvent?patient=a&subtype=search", "entity.2.what.reference"), "");
    get(expert, "Observation?subject=Patient/a", 200);
    assert_int_equal(events("AuditEvent?patient=a&subtype=search"), 1);
    /* what an include brings is told, too */
    get(expert, "Observation?_id=o3&_include=Observation:subject", 200);
    assert_int_equal(events("AuditEvent?entity=Patient/b&subtype=search"), 1);
    hold(now_held + 6 * MINUTE);
    get(expert, "Patient/a/$everything", 200);
    assert_int_equal(events("AuditEvent?patient=a&subtype=operation"), 1);
    hold(now_held + 6 * MINUTE);
    get(expert, "Observation/o1/_history", 200);
    assert_int_equal(events("AuditEvent?entity=Observation/o1&subtype=history"), 1);
    hold(now_held + 6 * MINUTE);
    {
        struct said *s = said_status(
            as(expert, (struct ask){.method = APP_GET, .path = "Observation/o2"}), 200);
        char path[200];

        snprintf(path, sizeof(path), "Observation/o2/_history/%.16s", s->call.etag + 3);
        said_free(s);
        hold(now_held + 6 * MINUTE);
        get(expert, path, 200);
        assert_int_equal(events("AuditEvent?entity=Observation/o2&subtype=vread"), 1);
    }
    hold(now_held + 6 * MINUTE);
    said_free(
        said_status(as(expert, (struct ask){.method = APP_POST,
                                   .path = "",
                                   .body = "{\"resourceType\":\"Bundle\",\"type\":"
                                           "\"batch\",\"entry\":[{\"request\":{"
                                           "\"method\":\"GET\",\"url\":"
                                           "\"Observation/o1\"}}]}"}),
            200));
    assert_int_equal(events("AuditEvent?entity=Observation/o1&subtype=read"), 1);
    hold(now_held + 6 * MINUTE);
    said_free(
        said_status(as(expert, (struct ask){.method = APP_POST,
                                   .path = "",
                                   .body = "{\"resourceType\":\"Bundle\",\"type\":"
                                           "\"transaction\",\"entry\":[{"
                                           "\"request\":{\"method\":\"GET\","
                                           "\"url\":\"Observation/o1\"}}]}"}),
            200));
    assert_int_equal(events("AuditEvent?entity=Observation/o1&subtype=read"), 2);
    hold(now_held + 6 * MINUTE);
    said_free(said_status(as(expert, (struct ask){.method = APP_POST,
                                         .path = "Observation",
                                         .body = OBSERVATION("o1", "a"),
                                         .if_none_exist = "_id=o1"}),
        200));
    assert_int_equal(events("AuditEvent?entity=Observation/o1&subtype=read"), 3);
    hold(now_held + 6 * MINUTE);
    /* a write that changes nothing shows what is there */
    put(expert, "Observation/o1", OBSERVATION("o1", "a"));
    assert_int_equal(events("AuditEvent?entity=Observation/o1&subtype=read"), 4);
}

static void directory_is_not_told(void **state)
{
    size_t before = 0;

    (void)state;
    before = events("AuditEvent?_count=1000");
    get(expert, "Organization/h1", 200);
    get(expert, "Organization?name=hill", 200);
    get(expert, "metadata", 200);
    get(expert, "Patient/nobody", 404);
    get(expert, "Patient?name=nobody", 200);
    get(expert, "Patient?name=plantedname&_summary=count", 200);
    assert_int_equal(events("AuditEvent?_count=1000"), before + 1); /* the look */
    assert_int_equal(events("AuditEvent?type=110101"), 1);
}

/* ---- changes ---- */

static void changes_are_told(void **state)
{
    (void)state;
    assert_int_equal(events("AuditEvent?action=C&_count=100"), 6);
    assert_int_equal(events("AuditEvent?action=C&patient=a"), 3);
    /* from one patient to the other: both are told */
    put(expert, "Observation/o1", OBSERVATION("o1", "b"));
    assert_int_equal(events("AuditEvent?action=U&patient=a"), 1);
    assert_int_equal(events("AuditEvent?action=U&patient=b"), 1);
    said_free(said_status(
        as(expert, (struct ask){.method = APP_DELETE, .path = "Observation/o1"}), 204));
    assert_int_equal(events("AuditEvent?action=D&patient=b"), 1);
    assert_int_equal(events("AuditEvent?action=D,U&agent-role=expert"), 2);
    assert_int_equal(events("AuditEvent?entity=Observation/o1"), 3);
    /* a refused change is none */
    said_free(said_status(as(expert, (struct ask){.method = APP_PUT,
                                         .path = "Observation/bad",
                                         .body = "{\"resourceType\":\"Observation\"}"}),
        422));
    assert_int_equal(events("AuditEvent?action=C&_count=100"), 6);
}

static void trail_verifies(void **state)
{
    struct err err = {0};

    (void)state;
    get(expert, "Patient/a/$everything", 200);
    assert_int_equal(audit_flush(node.app, &err), 0);
    assert_int_equal(store_verify(app_store(node.app), NULL, NULL, NULL, &err), 0);
}

/* ---- refusals and rights ---- */

static void refusals_are_bounded(void **state)
{
    const struct ask stranger = {
        .method = APP_GET, .path = "Patient/a", .nobody = true};
    size_t before = events("AuditEvent?_count=1000");
    size_t after = 0;

    (void)state;
    for (int i = 0; i < 1000; i++)
        said_free(said_status(as((struct person){"203.0.113.9", ""}, stranger), 401));
    assert_int_equal(events("AuditEvent?type=110113"), 1);
    assert_string_equal(
        newest("AuditEvent?type=110113", "outcomeDesc"), "401, 1000 times");
    assert_string_equal(
        newest("AuditEvent?type=110113", "agent.0.network.address"), "203.0.113.9");
    hold(now_held + MINUTE);
    for (int i = 0; i < 2000; i++) {
        char address[32];

        snprintf(address, sizeof(address), "203.0.%d.%d", i / 250, i % 250);
        said_free(said_status(as((struct person){address, ""}, stranger), 401));
    }
    after = events("AuditEvent?_count=1000");
    assert_true(after <= before + 2 * (LIMIT_TRAIL_REFUSALS + 2));
    assert_true(after >= before + LIMIT_TRAIL_REFUSALS);
}

static void trail_is_for_auditors(void **state)
{
    struct said *s = NULL;

    (void)state;
    get(doctor, "AuditEvent", 403);
    get(doctor, "AuditEvent/trail-1", 403);
    get(doctor, "Patient/a/$accesses", 403);
    get(doctor, "Patient/a/AuditEvent", 403);
    get(auditor, "AuditEvent/trail-1", 200);
    get(auditor, "AuditEvent/trail-99999", 404);
    get(auditor, "AuditEvent?nonsense=1", 400);
    get(auditor, "Practitioner/x/$accesses", 404);
    assert_int_equal(events("AuditEvent?type=110113&outcome=8"), 1);
    assert_string_equal(
        newest("AuditEvent?type=110113&outcome=8", "outcomeDesc"), "403, 4 times");
    s = as(auditor, (struct ask){.method = APP_PUT,
                        .path = "AuditEvent/trail-1",
                        .body = "{\"resourceType\":\"AuditEvent\"}"});
    said_free(said_status(s, 405));
    s = as(auditor, (struct ask){.method = APP_DELETE, .path = "AuditEvent/trail-1"});
    said_free(said_status(s, 405));
}

static void signing_in_is_told(void **state)
{
    const struct app_caller who = {.name = STR("Dr Amala"), .address = STR("::1")};
    struct err err = {0};

    (void)state;
    assert_int_equal(audit_sign(node.app, &who, AUDIT_SIGN_IN, &err), 0);
    assert_int_equal(audit_sign(node.app, &who, AUDIT_SIGN_OUT, &err), 0);
    audit_refused(node.app, &who, AUDIT_SIGN_IN_FAILED, 401);
    assert_int_equal(events("AuditEvent?subtype=110122&outcome=0"), 1);
    assert_int_equal(events("AuditEvent?subtype=110122&outcome=4"), 1);
    assert_int_equal(events("AuditEvent?subtype=110123&address=::1"), 1);
}

/* ---- what is in it ---- */

static void events_are_valid(void **state)
{
    struct said *s = NULL;
    size_t n = 0;

    (void)state;
    get(doctor, "Observation?subject=Patient/a", 200);
    get(doctor, "AuditEvent", 403);
    s = said_status(
        as(auditor, (struct ask){.method = APP_GET, .path = "AuditEvent?_count=1000"}),
        200);
    n = said_count(s, "entry");
    assert_true(n >= 8);
    for (size_t i = 0; i < n; i++) {
        struct said *valid = NULL;
        struct buf b;
        char path[64];

        snprintf(path, sizeof(path), "entry.%zu.resource", i);
        buf_init(&b, LIMIT_RECORD_BYTES);
        json_write(&b, json_walk(s->json, path));
        valid = as(auditor, (struct ask){.method = APP_POST,
                                .path = "AuditEvent/$validate",
                                .body = buf_cstr(&b)});
        said_status(valid, 200);
        assert_string_not_equal(said_text(valid, "issue.0.severity"), "error");
        said_free(valid);
        buf_done(&b);
    }
    said_free(s);
}

static void nothing_of_a_record_is_in_it(void **state)
{
    struct said *s = NULL;
    const char *text = NULL;

    (void)state;
    get(expert, "Patient?family=Plantedname", 200);
    get(expert, "Observation?code:text=plantedcode", 200);
    get(expert, "Patient/a/$everything", 200);
    s = said_status(
        as(auditor, (struct ask){.method = APP_GET, .path = "AuditEvent?_count=1000"}),
        200);
    text = arena_strndup(s->call.arena, s->call.answer.data, s->call.answer.len);
    assert_non_null(strstr(text, "Patient/a"));
    assert_null(strcasestr(text, "plantedname"));
    assert_null(strcasestr(text, "plantedcode"));
    said_free(s);
}

static void patient_gets_a_list(void **state)
{
    struct said *s = NULL;
    const char *text = NULL;

    (void)state;
    get(expert, "Observation?subject=Patient/a", 200);
    s = said_status(
        as(auditor, (struct ask){.method = APP_GET, .path = "Patient/a/$accesses"}),
        200);
    assert_int_equal(said_count(s, "parameter"), 4);
    assert_string_equal(said_text(s, "parameter.0.part.1.valueString"), "Prof Berg");
    assert_string_equal(said_text(s, "parameter.0.part.2.valueString"), "expert");
    assert_string_equal(
        said_text(s, "parameter.0.part.3.valueString"), "Hill Hospital");
    assert_string_equal(
        said_text(s, "parameter.0.part.4.valueString"), "found by a search");
    assert_string_equal(said_text(s, "parameter.0.part.5.valueString"), "Observation");
    assert_string_equal(said_text(s, "parameter.0.part.6.valueInteger"), "2");
    text = arena_strndup(s->call.arena, s->call.answer.data, s->call.answer.len);
    assert_null(strstr(text, "10.1.2.3"));
    said_free(s);
    /* the look itself, and in pages */
    s = said_status(as(auditor, (struct ask){.method = APP_GET,
                                    .path = "Patient/a/$accesses?_count=2"}),
        200);
    assert_int_equal(said_count(s, "parameter"), 3);
    assert_string_equal(
        said_text(s, "parameter.0.part.4.valueString"), "looked who had access");
    text = said_text(s, "parameter.2.valueUrl");
    assert_non_null(strstr(text, "/Patient/a/$accesses?_count=2&_page="));
    get(auditor, strstr(text, "Patient/a"), 200);
    said_free(s);
}

static void pages_lead_to_all(void **state)
{
    struct said *s = NULL;
    char path[2000] = "AuditEvent?_count=2&action=C";
    size_t n = 0;

    (void)state;
    for (int pages = 0; path[0]; pages++) {
        const char *url = NULL;

        assert_true(pages < 10);
        s = said_status(
            as(auditor, (struct ask){.method = APP_GET, .path = path}), 200);
        n += said_count(s, "entry");
        url = strstr(said_text(s, "link.1.url"), "AuditEvent");
        snprintf(path, sizeof(path), "%s", url ? url : "");
        said_free(s);
    }
    assert_int_equal(n, 6);
    assert_int_equal(events("AuditEvent?date=ge2026-11-18&action=C"), 6);
    assert_int_equal(events("AuditEvent?date=lt2026-11-18&action=C"), 0);
    assert_int_equal(events("AuditEvent?date=gt2027"), 0);
}

/* ---- when it cannot be written ---- */

/* Another process holds the database; the trail fills up in memory, then reads of
 * clinical records are refused, and afterwards everything is there. */
static void full_memory_refuses_reads(void **state)
{
    const size_t persons = LIMIT_TRAIL_AGENTS - 10;
    char path[128];
    sqlite3 *db = NULL;
    struct err err = {0};
    size_t refused = 0;

    (void)state;
    assert_int_equal(audit_flush(node.app, &err), 0);
    snprintf(path, sizeof(path), "%s/belay.db", node.folder);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
    get(doctor, "Observation/o1", 200);
    assert_int_equal(audit_flush(node.app, &err), E_BUSY);
    get(expert, "Observation/o1", 200);
    for (size_t i = 0; i < persons + 20 && refused == 0; i++) {
        struct said *s = NULL;
        char name[32];

        snprintf(name, sizeof(name), "person %zu", i);
        s = as((struct person){name, "clinician"},
            (struct ask){.method = APP_GET, .path = "Observation/o1"});
        assert_true(s->status == 200 || s->status == 507);
        refused += s->status == 507;
        said_free(s);
    }
    assert_int_equal(refused, 1);
    /* what is not clinical is still read */
    get(doctor, "Organization/h1", 200);
    assert_int_equal(sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
    assert_int_equal(audit_flush(node.app, &err), 0);
    get((struct person){"person 99999", "clinician"}, "Observation/o1", 200);
    assert_int_equal(events("AuditEvent?agent-name=person 1&_count=1000"), 1000);
    assert_int_equal(events("AuditEvent?agent-name=Dr Amala&subtype=read"), 1);
    assert_int_equal(store_verify(app_store(node.app), NULL, NULL, NULL, &err), 0);
}

/* Whatever step or allocation fails, the flush after it writes what was noted. */
/* $chain says that the trail is whole, and where it is not. */
static struct said *chain(size_t count, bool sound)
{
    struct said *s = said_status(
        as(auditor, (struct ask){.method = APP_GET, .path = "AuditEvent/$chain"}), 200);
    const struct json *last = json_at(json_get(s->json, "parameter"), count - 1);

    assert_int_equal(said_count(s, "parameter"), count);
    assert_int_equal(
        json_kind(json_get(last, "valueBoolean")), sound ? JSON_TRUE : JSON_FALSE);
    return s;
}

static void the_state_of_the_chain_is_told(void **state)
{
    char path[128];
    sqlite3 *db = NULL;
    struct said *s = chain(4, true);

    (void)state;
    get(doctor, "AuditEvent/$chain", 403);
    assert_string_equal(said_text(s, "parameter.1.name"), "entries");
    assert_int_equal(atoll(said_text(s, "parameter.1.valueDecimal")),
        atoll(said_text(s, "parameter.2.valueString")));
    said_free(s);
    snprintf(path, sizeof(path), "%s/belay.db", node.folder);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db,
                         "DROP TRIGGER trail_keep; DROP TRIGGER trail_same;"
                         "UPDATE trail SET time = time - 1 WHERE seq = 1",
                         NULL, NULL, NULL),
        SQLITE_OK);
    sqlite3_close(db);
    s = chain(3, false);
    assert_string_equal(said_text(s, "parameter.1.part.0.valueString"), "trail 1");
    said_free(s);
}

static void failing_flush_is_made_good(void **state)
{
    struct err err = {0};
    unsigned long counted = 0;
    unsigned long k = 0;
    size_t read = 0;

    (void)state;
    assert_int_equal(audit_flush(node.app, &err), 0);
    do {
        char name[32];

        snprintf(name, sizeof(name), "person %lu", k++);
        get((struct person){name, "clinician"}, "Observation/o1", 200);
        read++;
        store_fail_step(k);
        (void)audit_flush(node.app, &err);
        counted = store_fail_step(0);
    } while (counted >= k && k < 500);
    assert_true(k > 5 && k < 500);
    assert_int_equal(audit_flush(node.app, &err), 0);
    assert_int_equal(
        events("AuditEvent?agent-name=person&subtype=read&_count=1000"), read);
    assert_int_equal(store_verify(app_store(node.app), NULL, NULL, NULL, &err), 0);
}

#define BOTH(name)                                                                     \
    cmocka_unit_test_setup_teardown(name, setup_memory, close_node),                   \
        cmocka_unit_test_setup_teardown(name, setup_sqlite, close_node)

int main(void)
{
    const struct CMUnitTest tests[] = {
        BOTH(reads_within_five_minutes_are_one),
        BOTH(every_way_out_is_told),
        BOTH(directory_is_not_told),
        BOTH(changes_are_told),
        BOTH(trail_verifies),
        BOTH(refusals_are_bounded),
        BOTH(trail_is_for_auditors),
        BOTH(signing_in_is_told),
        BOTH(events_are_valid),
        BOTH(nothing_of_a_record_is_in_it),
        BOTH(patient_gets_a_list),
        BOTH(pages_lead_to_all),
        BOTH(failing_flush_is_made_good),
        cmocka_unit_test_setup_teardown(
            the_state_of_the_chain_is_told, setup_sqlite, close_node),
        cmocka_unit_test_setup_teardown(
            full_memory_refuses_reads, setup_sqlite, close_node),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
