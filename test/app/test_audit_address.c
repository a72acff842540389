/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A record may name its patient by an address of this node. The trail of that patient then
 * tells of it as of any other: when it is made, read, changed and taken out. An
 * address elsewhere is nobody's here.
 */
#include "app/audit.h"
#include "each_store.h"

#define OBSERVATION(id, subject)                                                       \
    "{\"resourceType\":\"Observation\",\"id\":\"" id "\",\"status\":\"final\","        \
    "\"code\":{\"text\":\"x\"},\"subject\":{\"reference\":\"" subject "\"}}"
#define PATIENT(id) "{\"resourceType\":\"Patient\",\"id\":\"" id "\"}"

/* How many events of ${subtype} the trail of ${patient} has. */
static size_t told(const char *patient, const char *subtype)
{
    struct app_call call = {.app = node.app,
        .arena = arena_new(),
        .method = APP_GET,
        .path = STR("AuditEvent"),
        .caller = {.name = STR("Ms Revi"), .role = STR("auditor")}};
    const struct json *json = NULL;
    char query[100];
    size_t count = 0;

    snprintf(query, sizeof(query), "patient=%s&subtype=%s", patient, subtype);
    call.query = str_of(query);
    app_run(&call);
    assert_int_equal(call.status, 200);
    assert_int_equal(
        json_read(call.arena, (struct str){call.answer.data, call.answer.len},
            LIMIT_RESPONSE_BYTES, &json, NULL),
        0);
    count = json_count(json_get(json, "entry"));
    app_call_done(&call);
    arena_free(call.arena);
    return count;
}

static void hold_counts(size_t made, size_t read, size_t changed, size_t gone)
{
    /* the patient's own making is one more */
    assert_int_equal(told("a", "create"), 1 + made);
    assert_int_equal(told("a", "read"), read);
    assert_int_equal(told("a", "update"), changed);
    assert_int_equal(told("a", "delete"), gone);
}

static void addresses(void **state)
{
    (void)state;
    said_free(PUT(&node, "Patient/a", PATIENT("a")));
    said_free(PUT(&node, "Patient/b", PATIENT("b")));
    hold_counts(0, 0, 0, 0);
    said_free(
        PUT(&node, "Observation/o", OBSERVATION("o", "http://test/fhir/Patient/a")));
    hold_counts(1, 0, 0, 0);
    said_free(GET(&node, "Observation/o"));
    hold_counts(1, 1, 0, 0);
    /* it is about somebody else now; the trail of both tells of that */
    said_free(
        PUT(&node, "Observation/o", OBSERVATION("o", "http://test/fhir/Patient/b")));
    hold_counts(1, 1, 1, 0);
    assert_int_equal(told("b", "update"), 1);
    said_free(DELETE(&node, "Observation/o"));
    assert_int_equal(told("b", "delete"), 1);
    hold_counts(1, 1, 1, 0);
    said_free(PUT(&node, "Observation/far",
        OBSERVATION("far", "http://elsewhere.example/fhir/Patient/a")));
    said_free(GET(&node, "Observation/far"));
    hold_counts(1, 1, 1, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(addresses, open_memory, close_node),
        cmocka_unit_test_setup_teardown(addresses, open_sqlite, close_node),
    };

    return cmocka_run_group_tests_name("audit_address", tests, NULL, NULL);
}
