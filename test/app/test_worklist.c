/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Task/$worklist: what each person of the network sees of the same cases, what it leaves in
 * the trail, its parameters and their refusals, its pages.
 */
#include "network.h"

/* A case as a test writes it. */
struct sample {
    const char *id;
    const char *patient;
    const char *state;
    const char *priority;
    int minutes; /* its clock: after NOW */
    const char *asking;
    const char *asked; /* the unit */
    const char *requester;
    const char *owner; /* a reference */
};

static const char *time_text(int minutes)
{
    char *iso = arena_alloc(arena, TIME_ISO_MAX);

    time_iso(NOW + minutes * 60000LL, iso);
    return iso;
}

static void put_sample(const struct sample *s)
{
    bool ended = strcmp(s->state, "closed") == 0 || strcmp(s->state, "declined") == 0;
    const char *due = time_text(s->minutes);
    char *request = arena_printf(arena,
        "{\"resourceType\":\"ServiceRequest\",\"id\":\"%s\",\"status\":\"%s\","
        "\"intent\":\"order\",\"priority\":\"%s\",\"category\":[{\"coding\":[{"
        "\"system\":\"https://belay.health/CodeSystem/case-kind\",\"code\":\"advice\"}]"
        "}],\"subject\":{\"reference\":\"Patient/%s\"},\"performer\":[{\"reference\":"
        "\"Organization/%s\"}]}",
        s->id, ended ? "completed" : "active", s->priority, s->patient, s->asked);
    char *task = arena_printf(arena,
        "{\"resourceType\":\"Task\",\"id\":\"%s\",\"status\":\"requested\",\"intent\":"
        "\"order\",\"code\":{\"coding\":[{\"system\":"
        "\"https://belay.health/CodeSystem/task\",\"code\":\"answer-case\"}]},"
        "\"businessStatus\":{\"coding\":[{\"system\":"
        "\"https://belay.health/CodeSystem/case-state\",\"code\":\"%s\"}]},"
        "\"priority\":\"%s\",\"description\":\"Question of %s\",\"for\":{\"reference\":"
        "\"Patient/%s\"},\"focus\":{\"reference\":\"ServiceRequest/%s\"},"
        "\"lastModified\":\"%s\",\"requester\":{\"reference\":\"Practitioner/%s\","
        "\"display\":\"Somebody\"},\"owner\":{\"reference\":\"%s\"},\"extension\":[{"
        "\"url\":\"https://belay.health/StructureDefinition/"
        "case-clock\",\"extension\":["
        "{\"url\":\"sent\",\"valueInstant\":\"%s\"},{\"url\":\"allocate-by\","
        "\"valueInstant\":\"%s\"},{\"url\":\"answer-by\",\"valueInstant\":\"%s\"}]},{"
        "\"url\":\"https://belay.health/StructureDefinition/"
        "case-sides\",\"extension\":["
        "{\"url\":\"asking\",\"valueReference\":{\"reference\":\"Organization/%s\"}},"
        "{\"url\":\"asked\",\"valueReference\":{\"reference\":\"Organization/"
        "%s\"}}]}]}",
        s->id, s->state, s->priority, s->id, s->patient, s->id, due, s->requester,
        s->owner, time_text(0), due, due, s->asking, s->asked);

    said_free(as(NULL, (struct ask){.method = APP_PUT,
                           .path = arena_printf(arena, "ServiceRequest/%s", s->id),
                           .body = request}));
    said_free(as(NULL, (struct ask){.method = APP_PUT,
                           .path = arena_printf(arena, "Task/%s", s->id),
                           .body = task}));
}

static const struct sample samples[] = {
    {"w-one", "pema", "sent", "routine", 30, "county", "twin-surgery", "nima",
        "Organization/twin-surgery"},
    {"w-two", "lobsang", "sent", "stat", 5, "county", "twin-medicine", "dawa",
        "Organization/twin-medicine"},
    {"w-three", "pema", "answered", "urgent", 10, "county", "twin-surgery", "nima",
        "Practitioner/chen"},
    {"w-four", "pema", "closed", "routine", 1, "county", "twin-surgery", "nima",
        "Practitioner/chen"},
    {"w-five", "sita", "allocated", "routine", 9, "twin", "county-surgery", "wang",
        "Practitioner/nima"},
    {"w-six", "tenzin", "sent", "routine", 20, "county", "abroad-surgery", "nima",
        "Organization/abroad-surgery"},
    {"w-seven", "sita", "allocated", "routine", 8, "twin", "county-surgery", "wang",
        "Practitioner/dawa"},
};

static int open_cases(void **state)
{
    int r = open_network(state);

    for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++)
        put_sample(&samples[i]);
    return r;
}

static const struct json *next_case(struct json_each *it)
{
    while (json_next(it)) {
        if (str_is(json_get_text(it->value, "name"), "case"))
            return json_get(it->value, "part");
    }
    return NULL;
}

/* Ids of ${person}'s worklist in order: "!" behind what waits for their side, "*" behind what
 * waits for them. */
static const char *list_of(struct said *s)
{
    struct json_each it = json_each(json_get(s->json, "parameter"));
    const struct json *parts = NULL;
    const char *text = "";

    while ((parts = next_case(&it)) != NULL)
        text =
            arena_printf(arena, "%s%s%s%s%s", text, *text ? " " : "", part(parts, "id"),
                *part(parts, "waits") ? "!" : "", *part(parts, "mine") ? "*" : "");
    return text;
}

static const char *list(const char *person, const char *query)
{
    struct said *s = said_status(
        get_as(person, arena_printf(arena, "Task/$worklist%s", query)), 200);
    const char *text = list_of(s);

    said_free(s);
    return text;
}

/* Only those of these tests: the network has Tasks of its own, which are no cases. */
static void test_people(void **state)
{
    (void)state;
    assert_string_equal(
        list("nima", ""), "w-three!* w-seven! w-five!* w-two w-six w-one");
    assert_string_equal(
        list("dawa", ""), "w-three! w-two w-six w-one"); /* of the hospital, no unit */
    assert_string_equal(list("chen", ""), "w-one!* w-three");
    assert_string_equal(list("wang", ""), "w-two!* w-seven w-five");
    /* across a border without a consent: it is in the rows, and the reader refuses it */
    assert_string_equal(list("azamat", ""), "");
    assert_string_equal(list("director", ""), "");
    assert_string_equal(list("coordinator", ""), "");
    assert_string_equal(list("nobody", ""), "");
    assert_string_equal(list("stranger", ""), "");
}

static void test_parameters(void **state)
{
    (void)state;
    assert_string_equal(list("nima", "?show=waiting"), "w-three!* w-seven! w-five!*");
    assert_string_equal(list("nima", "?show=ended"), "w-four");
    assert_string_equal(
        list("nima", "?show=all&side=asking"), "w-three!* w-two w-six w-one w-four");
    assert_string_equal(list("nima", "?state=closed,answered"), "w-three!* w-four");
    assert_string_equal(list("nima", "?state=closed,answered&show=open"), "w-three!*");
    assert_string_equal(list("nima", "?urgency=emergency"), "w-two");
    assert_string_equal(list("nima", "?urgency=emergency,urgent"), "w-three!* w-two");
    assert_string_equal(list("nima", "?side=asked"), "w-seven! w-five!*");
    assert_string_equal(list("nima", "?mine=true"), "w-three!* w-five!* w-six w-one");
    assert_string_equal(list("nima", "?mine=true&side=asking&show=all"),
        "w-three!* w-six w-one w-four");
    assert_string_equal(
        list("nima", "?unit=Organization/county-surgery"), "w-seven! w-five!*");
    assert_string_equal(
        list("nima", "?unit=Organization/county"), "w-three!* w-two w-six w-one");
    assert_string_equal(list("nima", "?unit=Organization/twin-surgery"), "");
    assert_string_equal(list("nima", "?unit=Organization/not-there"), "");
    assert_string_equal(list("nima", "?_count=0"), "");
    assert_string_equal(list("nima", "?_count=2"), "w-three!* w-seven!");
}

static void refused(const char *person, const char *query, int status)
{
    said_free(said_status(
        get_as(person, arena_printf(arena, "Task/$worklist%s", query)), status));
}

static void test_refusals(void **state)
{
    (void)state;
    refused("nima", "?show=everything", 400);
    refused("nima", "?state=sent,lost", 400);
    refused("nima", "?state=", 400);
    refused("nima", "?urgency=stat", 400);
    refused("nima", "?urgency=urgent,urgent", 400);
    refused("nima", "?side=both", 400);
    refused("nima", "?mine=yes", 400);
    refused("nima", "?total=1", 400);
    refused("nima", "?unit=county", 400);
    refused("nima", "?unit=Patient/pema", 400);
    refused("nima", "?_count=1001", 400);
    refused("nima", "?_count=-1", 400);
    refused("nima", "?_sort=x", 400);
    refused("nima", "?_page=xyz", 400);
    refused(NULL, "", 403);
    said_free(said_status(
        as("nima", (struct ask){.method = APP_POST, .path = "Task/$worklist"}), 405));
    said_free(said_status(get_as("nima", "Patient/$worklist"), 404));
}

static const char *parameter(struct said *s, const char *name)
{
    return part(json_get(s->json, "parameter"), name);
}

static void test_content(void **state)
{
    struct said *s = said_status(get_as("chen", "Task/$worklist?total=true"), 200);
    struct json_each it = json_each(json_get(s->json, "parameter"));
    const struct json *parts = next_case(&it);

    (void)state;
    assert_string_equal(parameter(s, "total"), "2");
    assert_string_equal(parameter(s, "next"), "");
    assert_string_equal(parameter(s, "now"), time_text(0));
    assert_string_equal(part(parts, "id"), "w-one");
    assert_string_equal(part(parts, "state"), "sent");
    assert_string_equal(part(parts, "urgency"), "routine");
    assert_string_equal(part(parts, "side"), "asked");
    assert_string_equal(part(parts, "question"), "Question of w-one");
    assert_string_equal(part(parts, "patient"), "Patient/pema");
    assert_string_equal(part(parts, "hospital"), "Organization/county");
    assert_string_equal(part(parts, "asker"), "Practitioner/nima");
    assert_string_equal(part(parts, "owner"), "Organization/twin-surgery");
    assert_string_equal(part(parts, "allocate-by"), time_text(30));
    assert_string_equal(part(parts, "changed"), time_text(30));
    said_free(s);
    s = said_status(get_as("azamat", "Task/$worklist?total=true"), 200);
    assert_string_equal(parameter(s, "total"), "0");
    said_free(s);
}

/* All of it page by page; what comes before the place meanwhile is not shown again. */
static void test_pages(void **state)
{
    const char *all = "";
    const char *page = "";

    (void)state;
    do {
        struct said *s = said_status(
            get_as("nima", arena_printf(arena, "Task/$worklist?_count=2%s%s",
                               *page ? "&_page=" : "", page)),
            200);

        all = arena_printf(arena, "%s%s%s", all, *all ? " " : "", list_of(s));
        page = parameter(s, "next");
        said_free(s);
    } while (*page);
    assert_string_equal(all, "w-three!* w-seven! w-five!* w-two w-six w-one");
    /* a page belongs to its question; a place opens nothing to who may not see it */
    {
        struct said *s = said_status(get_as("nima", "Task/$worklist?_count=2"), 200);
        const char *next = parameter(s, "next");

        refused("nima", arena_printf(arena, "?_count=2&show=all&_page=%s", next), 400);
        assert_string_equal(
            list("chen", arena_printf(arena, "?_count=2&_page=%s", next)),
            "w-one!* w-three");
        said_free(s);
    }
}

/* Whom the trail says that ${person} looked at: entries of a search. */
static int looks_of(const char *person, const char *patient)
{
    struct app_call call = {.app = node.app,
        .arena = arena_new(),
        .path = STR("AuditEvent"),
        .caller = {.name = STR("Ms Revi"), .role = STR("auditor")}};
    const struct json *answer = NULL;
    int entries = 0;

    call.query = str_of(arena_printf(
        call.arena, "agent=Practitioner/%s&patient=Patient/%s", person, patient));
    app_run(&call); /* what was noted so far is written first */
    assert_int_equal(call.status, 200);
    assert_int_equal(
        json_read(call.arena, (struct str){call.answer.data, call.answer.len},
            LIMIT_RESPONSE_BYTES, &answer, NULL),
        0);
    entries = (int)json_count(json_get(answer, "entry"));
    app_call_done(&call);
    arena_free(call.arena);
    return entries;
}

static void test_trail(void **state)
{
    (void)state;
    assert_int_equal(looks_of("chen", "pema"), 0);
    assert_string_equal(list("chen", ""), "w-one!* w-three");
    assert_true(looks_of("chen", "pema") > 0);
    assert_int_equal(looks_of("chen", "lobsang"), 0);
    assert_string_equal(list("azamat", ""), "");
    assert_int_equal(looks_of("azamat", "tenzin"), 0);
}

/* A case moves: both lists show it at once. */
static void test_moves(void **state)
{
    struct sample s = samples[0];

    (void)state;
    s.state = "allocated";
    s.owner = "Practitioner/chen";
    put_sample(&s);
    assert_string_equal(list("chen", ""), "w-one!* w-three");
    assert_string_equal(list("head-twin", ""), "w-one! w-three w-seven w-five");
    s.state = "information-asked";
    put_sample(&s);
    assert_string_equal(list("chen", ""), "w-three w-one");
    assert_string_equal(list("dawa", "?show=waiting"), "w-three! w-one!");
    s.asked = "twin-medicine";
    put_sample(&s);
    assert_string_equal(list("chen", ""), "w-three");
    s.state = "closed";
    put_sample(&s);
    assert_string_equal(list("wang", "?show=all&side=asked"), "w-two!*");
    assert_string_equal(list("dawa", "?show=ended"), "w-one w-four");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_people, open_cases, close_network),
        cmocka_unit_test_setup_teardown(test_parameters, open_cases, close_network),
        cmocka_unit_test_setup_teardown(test_refusals, open_cases, close_network),
        cmocka_unit_test_setup_teardown(test_content, open_cases, close_network),
        cmocka_unit_test_setup_teardown(test_pages, open_cases, close_network),
        cmocka_unit_test_setup_teardown(test_trail, open_cases, close_network),
        cmocka_unit_test_setup_teardown(test_moves, open_cases, close_network),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
