/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Handover: the pack of a post that ends, who is named and takes over, what is refused, what
 * falls to the head of the department, what is left to the coordinators.
 */
#include "app/handover.h"
#include "app/handover_internal.h"
#include "case.h"

#define DAY (24 * 60 * 60000LL)
#define WHO(name, id)                                                                  \
    "{\"name\":\"" name "\",\"valueReference\":{\"reference\":\"Practitioner/" id "\"" \
    "}}"
#define ITEM(reference)                                                                \
    "{\"name\":\"item\",\"valueReference\":{\"reference\":\"" reference "\"}}"
#define CASE_ONE "5f0c2a0e-8f0b-4d39-9a4e-0c8d7d1f5b01"
#define CASE_TWO "5f0c2a0e-8f0b-4d39-9a4e-0c8d7d1f5b02"

/* ---- people ---- */

/* A post of ${who} in ${unit} from ${start} until ${end} (NULL: not said). */
static void put_post(const char *who, const char *role, const char *unit,
    const char *start, const char *end)
{
    const char *period =
        start || end ? arena_printf(arena, ",\"period\":{%s%s%s%s%s%s%s}",
                           start ? "\"start\":\"" : "", start ? start : "",
                           start ? "\"" : "", start && end ? "," : "",
                           end ? "\"end\":\"" : "", end ? end : "", end ? "\"" : "")
                     : "";
    struct said *s = as(NULL,
        (struct ask){.method = APP_PUT,
            .path = arena_printf(arena, "PractitionerRole/role-%s", who),
            .body = arena_printf(arena,
                "{\"resourceType\":\"PractitionerRole\",\"id\":\"role-%s\",\"active\":"
                "true,\"practitioner\":{\"reference\":\"Practitioner/%s\"},\"code\":[{"
                "\"coding\":[{\"system\":\"https://belay.health/CodeSystem/role\","
                "\"code\":\"%s\"}]}],\"organization\":{\"reference\":"
                "\"Organization/%s\"}%s}",
                who, who, role, unit, period)});

    assert_true(s->status == 200 || s->status == 201);
    said_free(s);
}

static void put_person(const char *who, const char *role, const char *unit,
    const char *start, const char *end)
{
    write_as(NULL, APP_PUT, arena_printf(arena, "Practitioner/%s", who),
        arena_printf(arena,
            "{\"resourceType\":\"Practitioner\",\"id\":\"%s\",\"active\":true,\"name\":"
            "[{\"text\":\"Doctor %s\"}]}",
            who, who),
        201);
    put_post(who, role, unit, start, end);
}

/* chen goes on 31 January; li comes on the 20th and stays. */
static int open_term(void **state)
{
    open_network(state);
    put_post("chen", "expert", "twin-surgery", "2025-01-01", "2026-01-31");
    put_person("li", "expert", "twin-surgery", "2026-01-20", NULL);
    put_person("far", "clinician", "ring-a", NULL, NULL);
    return 0;
}

#define AFTER (NOW + 31 * DAY + 60000) /* the first minute of February */

/* ---- asking ---- */

static struct said *pack_as(const char *person, const char *post, int status)
{
    return said_status(
        get_as(person, arena_printf(arena, "PractitionerRole/%s/$handover", post)),
        status);
}

static struct said *say(const char *person, const char *post, const char *operation,
    const char *parameters, int status)
{
    struct said *s = as(person,
        (struct ask){.method = APP_POST,
            .path = arena_printf(arena, "Handover/%s/$%s", post, operation),
            .body = arena_printf(arena,
                "{\"resourceType\":\"Parameters\",\"parameter\":[%s]}", parameters)});

    return said_status(s, status);
}

/* How many ${operation} did. */
static long done(
    const char *person, const char *post, const char *operation, const char *parameters)
{
    struct said *s = say(person, post, operation, parameters, 200);
    long n = strtol(said_text(s, "parameter.0.valueInteger"), NULL, 10);

    said_free(s);
    return n;
}

static void refused(const char *person, const char *post, const char *operation,
    const char *parameters, int status)
{
    struct said *s = say(person, post, operation, parameters, status);

    assert_true(strlen(said_text(s, "issue.0.diagnostics")) > 20);
    said_free(s);
}

/* The parts of the parameter ${name} number ${at}; NULL: there are fewer. */
static const struct json *parts_of(struct said *s, const char *name, int at)
{
    struct json_each it = json_each(json_get(s->json, "parameter"));

    while (json_next(&it)) {
        if (str_is(json_get_text(it.value, "name"), name) && at-- == 0)
            return json_get(it.value, "part");
    }
    return NULL;
}

static long number(struct said *s, const char *name)
{
    const char *text = part(json_get(s->json, "parameter"), name);

    return *text ? strtol(text, NULL, 10) : -1;
}

/* The parts of the item about ${reference}; NULL: it is not shown. */
static const struct json *item_of(struct said *s, const char *reference)
{
    const struct json *parts = NULL;

    for (int i = 0; (parts = parts_of(s, "item", i)); i++) {
        if (strcmp(part(parts, "record"), reference) == 0)
            return parts;
    }
    return NULL;
}

static const struct json *inner(const struct json *parts, const char *name)
{
    struct json_each it = json_each(parts);

    while (json_next(&it)) {
        if (str_is(json_get_text(it.value, "name"), name))
            return json_get(it.value, "part");
    }
    return NULL;
}

static size_t run_at(utc_ms at)
{
    struct err err = {0};
    size_t made = 99;

    time_hold(at);
    atomic_store(&node.app->handover_next, 0);
    if (handover_run(node.app, NULL, at, &made, &err) < 0)
        fail_msg("handover_run: %s", err.text);
    return made;
}

/* A case of pema's that chen has taken. */
static void open_case(const char *id)
{
    put_draft(id, "pema", "Organization/twin-surgery", "routine");
    step("nima", id, "send", NULL);
    step("chen", id, "accept", NULL);
}

/* ---- the pack ---- */

static void the_pack_writes_itself(void **state)
{
    struct said *s = NULL;

    (void)state;
    open_case(CASE_ONE);
    s = pack_as("chen", "role-chen", 200);
    assert_int_equal(number(s, "index"), 0);
    assert_string_equal(part(item_of(s, "Task/" CASE_ONE), "kind"), "case");
    assert_string_equal(
        part(item_of(s, "Task/" CASE_ONE), "title"), "Is it a fracture?");
    assert_string_equal(part(item_of(s, "Task/" CASE_ONE), "patient"), "Patient/pema");
    assert_string_equal(
        part(item_of(s, "Apprenticeship/tashi-chen"), "kind"), "apprentice");
    assert_string_equal(
        part(item_of(s, "Apprenticeship/tashi-chen"), "about"), "Practitioner/tashi");
    assert_int_equal(number(s, "orphaned-trainees"), 1);
    assert_int_equal(number(s, "overlap-days"), 12);
    said_free(s);
    /* what is done is gone from it by itself */
    step("chen", CASE_ONE, "decline", DECLINE);
    s = pack_as("chen", "role-chen", 200);
    assert_null(item_of(s, "Task/" CASE_ONE));
    said_free(s);
}

static void each_sees_what_they_may(void **state)
{
    struct said *s = NULL;

    (void)state;
    open_case(CASE_ONE);
    s = pack_as("coordinator", "role-chen", 200);
    assert_int_equal(number(s, "all"), number(s, "orphans"));
    assert_true(number(s, "orphans") >= 2);
    assert_null(item_of(s, "Task/" CASE_ONE));
    assert_null(memmem(s->call.answer.data, s->call.answer.len, "pema", 4));
    assert_null(memmem(s->call.answer.data, s->call.answer.len, "fracture", 8));
    said_free(s);
    s = pack_as("head-twin", "role-chen", 200);
    assert_non_null(item_of(s, "Task/" CASE_ONE));
    said_free(s);
    said_free(pack_as("wang", "role-chen", 403));
    said_free(pack_as("head-medicine", "role-chen", 403));
    said_free(pack_as("director", "role-chen", 403)); /* of the county */
    said_free(pack_as(NULL, "role-chen", 403));
    said_free(pack_as("coordinator", "not-there", 404));
    /* nobody reads or writes the record itself */
    assert_int_equal(
        done("chen", "role-chen", "name-successor", WHO("successor", "li")), 2);
    said_free(said_status(get_as("chen", "Handover/role-chen"), 404));
    said_free(said_status(get_as("coordinator", "Handover/role-chen"), 404));
    write_as("chen", APP_PUT, "Handover/role-chen",
        "{\"resourceType\":\"Handover\",\"id\":\"role-chen\",\"status\":\"open\","
        "\"posting\":{\"reference\":\"PractitionerRole/role-chen\"},\"person\":{"
        "\"reference\":\"Practitioner/chen\"}}",
        403);
}

/* ---- successors ---- */

static void who_cannot_read_it_is_told_at_once(void **state)
{
    (void)state;
    open_case(CASE_ONE);
    refused("chen", "role-chen", "name-successor",
        WHO("successor", "wang") "," ITEM("Task/" CASE_ONE),
        400); /* another department */
    refused("chen", "role-chen", "name-successor",
        WHO("successor", "chen") "," ITEM("Task/" CASE_ONE), 400);
    refused("chen", "role-chen", "name-successor",
        WHO("successor", "past") "," ITEM("Task/" CASE_ONE), 400); /* no post then */
    refused("chen", "role-chen", "name-successor",
        WHO("successor", "far") "," ITEM("Apprenticeship/tashi-chen"), 400);
    refused("chen", "role-chen", "name-successor",
        WHO("successor", "li") "," ITEM("Task/not-there"), 400);
    refused("chen", "role-chen", "name-successor", ITEM("Task/" CASE_ONE), 400);
    refused("wang", "role-chen", "name-successor",
        WHO("successor", "li") "," ITEM("Task/" CASE_ONE), 403);
    refused("coordinator", "role-chen", "name-successor",
        WHO("successor", "li") "," ITEM("Task/" CASE_ONE), 403);
    refused("chen", "role-chen", "acknowledge", "", 403);
    /* who comes before the end may be named before they are there */
    assert_int_equal(done("chen", "role-chen", "name-successor",
                         WHO("successor", "li") "," ITEM("Task/" CASE_ONE)),
        1);
    assert_int_equal(done("chen", "role-chen", "name-successor",
                         WHO("successor", "li") "," ITEM("Task/" CASE_ONE)),
        0);
}

static void it_is_taken_over_or_declined(void **state)
{
    struct said *s = NULL;

    (void)state;
    open_case(CASE_ONE);
    done("chen", "role-chen", "name-successor",
        WHO("successor", "li") "," ITEM("Task/" CASE_ONE));
    done("head-twin", "role-chen", "name-successor",
        WHO("successor", "li") "," ITEM("Apprenticeship/tashi-chen"));
    time_hold(NOW + 20 * DAY); /* li has come */
    s = said_status(get_as("li", "Handover/$waiting"), 200);
    assert_string_equal(
        part(inner(parts_of(s, "take", 0), "item"), "record"), "Task/" CASE_ONE);
    assert_string_equal(
        part(inner(parts_of(s, "take", 1), "item"), "about"), "Practitioner/tashi");
    assert_string_equal(part(parts_of(s, "take", 0), "person"), "Practitioner/chen");
    said_free(s);
    assert_int_equal(done("li", "role-chen", "acknowledge", ITEM("Task/" CASE_ONE)), 1);
    assert_int_equal(done("li", "role-chen", "acknowledge",
                         ITEM("Apprenticeship/tashi-chen") ",{\"name\":\"accept\","
                                                           "\"valueBoolean\":false}"),
        1);
    s = pack_as("chen", "role-chen", 200);
    assert_string_not_equal(part(item_of(s, "Task/" CASE_ONE), "acknowledged"), "");
    assert_string_equal(part(item_of(s, "Apprenticeship/tashi-chen"), "successor"), "");
    assert_string_not_equal(
        part(item_of(s, "Apprenticeship/tashi-chen"), "declined"), "");
    /* a case of 5 by it and an apprentice of 5 */
    assert_int_equal(number(s, "index"), 50);
    said_free(s);
    s = said_status(get_as("li", "Handover/$waiting"), 200);
    assert_null(parts_of(s, "take", 0));
    assert_non_null(parts_of(s, "held", 0));
    said_free(s);
}

/* ---- the end ---- */

static void what_nobody_took_falls_to_the_head(void **state)
{
    struct said *s = NULL;

    (void)state;
    open_case(CASE_ONE);
    open_case(CASE_TWO);
    done("chen", "role-chen", "name-successor",
        WHO("successor", "li") "," ITEM("Task/" CASE_ONE));
    run_at(NOW + 30 * DAY); /* of others, whose posts ended before */
    assert_int_equal(run_at(AFTER), 1);
    assert_int_equal(run_at(AFTER), 0);
    s = said_status(get_as("head-twin", "Handover/$waiting"), 200);
    assert_string_not_equal(part(inner(parts_of(s, "take", 0), "item"), "fell"), "");
    said_free(s);
    s = pack_as("head-twin", "role-chen", 200);
    assert_string_equal(
        part(item_of(s, "Task/" CASE_TWO), "successor"), "Practitioner/head-twin");
    assert_string_equal(
        part(item_of(s, "Task/" CASE_ONE), "successor"), "Practitioner/li");
    assert_int_equal(number(s, "orphans"), 0);
    said_free(s);
    /* and goes on from there */
    assert_int_equal(done("head-twin", "role-chen", "name-successor",
                         WHO("successor", "li") "," ITEM("Task/" CASE_TWO)),
        1);
    assert_int_equal(done("li", "role-chen", "acknowledge", ""), 2);
}

/* ---- a whole team ---- */

#define CASE_GUIDED "5f0c2a0e-8f0b-4d39-9a4e-0c8d7d1f5b03"
#define CASE_MOVED "5f0c2a0e-8f0b-4d39-9a4e-0c8d7d1f5b04"
#define CASE_ASKED "5f0c2a0e-8f0b-4d39-9a4e-0c8d7d1f5b05"
#define PLAN_ID "9d6f5b1e-2f3a-4c55-9d0e-1a2b3c4d5e01"
#define WATCH_ID "9d6f5b1e-2f3a-4c55-9d0e-1a2b3c4d5e02"
#define MEETING_ID "9d6f5b1e-2f3a-4c55-9d0e-1a2b3c4d5e03"
#define SLOT_ID "9d6f5b1e-2f3a-4c55-9d0e-1a2b3c4d5e04"
#define P_ID(id) "{\"name\":\"id\",\"valueId\":\"" id "\"}"
#define P_AT(name, at) "{\"name\":\"" name "\",\"valueInstant\":\"" at "\"}"
#define TEAM_AFTER (NOW + 3 * DAY + 60000) /* the team's last day is 3 January */

static void put_record(const char *type, const char *id, const char *members)
{
    write_as(NULL, APP_PUT, arena_printf(arena, "%s/%s", type, id),
        arena_printf(
            arena, "{\"resourceType\":\"%s\",\"id\":\"%s\",%s}", type, id, members),
        201);
}

static void put_work(const char *id, const char *code)
{
    put_record("Task", id,
        arena_printf(arena,
            "\"status\":\"in-progress\",\"intent\":\"order\",\"description\":\"%s\","
            "\"code\":{\"coding\":[{\"system\":\"https://belay.health/CodeSystem/"
            "work\","
            "\"code\":\"%s\"}]},\"focus\":{\"reference\":\"HealthcareService/"
            "county-theatre\"},\"owner\":{\"reference\":\"Practitioner/chen\"}",
            id, code));
}

/* An operation that ${operator} did, and ${supervisor} saw. */
static void put_operation(const char *id, const char *operator, const char * supervisor)
{
    put_record("Procedure", id,
        arena_printf(arena,
            "\"status\":\"completed\",\"code\":{\"coding\":[{\"system\":"
            "\"https://belay.health/CodeSystem/"
            "procedure\",\"code\":\"appendectomy\"}]},"
            "\"subject\":{\"reference\":\"Patient/pema\"},\"performedDateTime\":"
            "\"2025-12-20T08:00:00Z\",\"performer\":[{\"function\":{\"coding\":[{"
            "\"system\":\"https://belay.health/CodeSystem/"
            "operation-function\",\"code\":"
            "\"operator\"}]},\"actor\":{\"reference\":\"Practitioner/%s\"}},{"
            "\"function\":{\"coding\":[{\"system\":"
            "\"https://belay.health/CodeSystem/operation-function\",\"code\":"
            "\"supervisor\"}]},\"actor\":{\"reference\":\"Practitioner/%s\"}}]",
            operator, supervisor));
}

static void open_kind(const char *id, const char *kind)
{
    put_draft_of(kind, id, "pema", "Organization/twin-surgery", "routine");
    step("nima", id, "send", NULL);
    step("chen", id, "accept", NULL);
}

/* chen of the twin and nima of the county have one open thing of each kind between them, and
 * both go on 3 January; nobody is named for anything. */
static void fill_team(void)
{
    put_record("OrganizationAffiliation", "departments",
        "\"active\":true,\"organization\":{\"reference\":\"Organization/"
        "county-surgery\"},"
        "\"participatingOrganization\":{\"reference\":\"Organization/twin-surgery\"}");
    open_kind(CASE_ONE, CASE_KIND);
    open_kind(CASE_GUIDED, CASE_KIND_OF("guided-procedure"));
    open_kind(CASE_MOVED, CASE_KIND_OF("transfer"));
    put_draft(CASE_ASKED, "tenzin", "Organization/twin-medicine", "stat");
    step("nima", CASE_ASKED, "send", NULL);
    step("chen", CASE_ONE, "plan",
        P_ID(PLAN_ID) "," P_TEXT("text",
            "Knee after the operation") ",{\"name\":\"goal\",\"part\":[" P_TEXT("text",
            "Walks to the well") ",{\"name\":\"due\",\"valueDate\":\"2026-03-01\"}]},{"
                                 "\"name\":\"session\",\"part\":[" P_TEXT("text",
                                     "Walk") ",{\"name\":\"times\","
                                             "\"valuePositiveInt\":2}," P_CODE("per",
                                                 "day") ",{\"name\":\"weeks\","
                                                        "\"valuePositiveInt\":2}]}");
    step("chen", CASE_ONE, "watch",
        P_ID(WATCH_ID) "," P_AT("until",
            "2026-01-10T00:00:00Z") ",{\"name\":\"every\",\"valuePositiveInt\":60}");
    step("chen", CASE_ONE, "call-mdt",
        P_ID(MEETING_ID) "," P_TEXT("subject", "Operate or wait?") "," P_AT(
            "start", "2026-01-08T08:00:00Z") "," P_AT("end",
            "2026-01-08T09:00:00Z") ","
                                    "{\"name\":\"department\",\"valueReference\":{"
                                    "\"reference\":"
                                    "\"Organization/twin-medicine\"}}");
    step("chen", CASE_GUIDED, "agree-slot",
        P_ID(SLOT_ID) "," P_TEXT("text", "Chest drain") "," P_AT(
            "start", "2026-01-09T08:00:00Z") "," P_AT("end",
            "2026-01-09T09:00:00Z") "," WHO("guide", "chen") "," WHO("operator",
            "nima"));
    put_operation("seen", "tashi", "chen"); /* a rating is owed */
    put_operation("done", "nima", "dawa");  /* an outcome is not known */
    put_work("open-gap", "technique-gap");
    put_work("open-fault", "equipment-fault");
    put_record("CaseReview", "owed",
        "\"status\":\"waiting\",\"request\":{\"reference\":\"ServiceRequest/closed\"},"
        "\"period\":{\"start\":\"2025-12-22\",\"end\":\"2025-12-29\"},\"asking\":{"
        "\"reference\":\"Organization/county\"},\"asked\":{\"reference\":"
        "\"Organization/twin\"},\"due\":\"2026-01-05T00:00:00Z\",\"draw\":{\"time\":"
        "\"2025-12-29T00:00:00Z\",\"seed\":\"00\",\"candidate\":[\"closed\"],\"place\":"
        "0,"
        "\"people\":2},\"rating\":[{\"task\":{\"reference\":\"Task/blind-one\"},"
        "\"reviewer\":{\"reference\":\"Practitioner/chen\"}},{\"task\":{\"reference\":"
        "\"Task/blind-two\"},\"reviewer\":{\"reference\":\"Practitioner/azamat\"}}]");
    put_post("chen", "expert", "twin-surgery", "2025-01-01", "2026-01-03");
    put_post("nima", "clinician", "county-surgery", "2025-01-01", "2026-01-03");
}

/* All that is open in the team, and as what; a review is nobody's to be told of. */
static const struct {
    const char *post;
    const char *kind;
    const char *reference;
} team_things[] = {
    {"role-chen", "case", "Task/" CASE_ONE},
    {"role-chen", "case", "Task/" CASE_GUIDED},
    {"role-chen", "transfer", "Task/" CASE_MOVED},
    {"role-chen", "watch", "CarePlan/" WATCH_ID},
    {"role-chen", "plan", "CarePlan/" PLAN_ID},
    {"role-chen", "promise", NULL}, /* the goal, whose id the node gave */
    {"role-chen", "promise", "Appointment/" SLOT_ID},
    {"role-chen", "meeting", "Appointment/" MEETING_ID},
    {"role-chen", "apprentice", "Apprenticeship/tashi-chen"},
    {"role-chen", "rating", "Procedure/seen"},
    {"role-chen", "gap", "Task/open-gap"},
    {"role-chen", "equipment", "Task/open-fault"},
    {"role-chen", "review", "CaseReview/owed"},
    {"role-chen", "contact", "OrganizationAffiliation/departments"},
    {"role-nima", "case", "Task/" CASE_ONE},
    {"role-nima", "case", "Task/" CASE_ASKED},
    {"role-nima", "transfer", "Task/" CASE_MOVED},
    {"role-nima", "promise", "Appointment/" SLOT_ID},
    {"role-nima", "follow-up", "Procedure/done"},
    {"role-nima", "contact", "OrganizationAffiliation/departments"},
};

struct packs {
    struct seek seek;
    struct store_reader *snapshot;
    struct handover_pack pack;
};

static void packs_open(struct packs *p, const char *post)
{
    struct err err = {0};
    bool there = false;

    assert_int_equal(store_read_begin(app_store(node.app), &p->snapshot, NULL), 0);
    p->seek = (struct seek){node.app, p->snapshot, arena};
    if (handover_pack(&p->seek, str_of(post), time_now(), &p->pack, &there, &err) < 0)
        fail_msg("handover_pack: %s", err.text);
    assert_true(there);
}

static const struct handover_item *thing_in(
    const struct packs *p, const char *kind, const char *reference)
{
    for (size_t i = 0; i < p->pack.items.count; i++) {
        const struct handover_item *item = &p->pack.items.list[i];

        if (strcmp(handover_rules[item->kind].code, kind) == 0 &&
            (reference ? str_is(item->reference, reference)
                       : str_starts(item->reference, "Goal/")))
            return item;
    }
    fail_msg("no %s %s in %.*s", kind, reference ? reference : "",
        (int)p->pack.post.id.len, p->pack.post.id.p);
    return NULL;
}

/* How many of ${kind} that ${post} left the coordinator is told to be without anybody. */
static long told_of(const char *post, const char *kind)
{
    struct said *s = said_status(get_as("coordinator", "Handover/$waiting"), 200);
    const struct json *term = NULL;
    long n = 0;

    for (int i = 0; (term = parts_of(s, "term", i)); i++) {
        struct json_each it = json_each(term);

        while (strcmp(part(term, "post"), post) == 0 && json_next(&it)) {
            const struct json *counts = json_get(it.value, "part");

            if (str_is(json_get_text(it.value, "name"), "count") &&
                strcmp(part(counts, "kind"), kind) == 0)
                n = strtol(part(counts, "orphans"), NULL, 10);
        }
    }
    assert_null(memmem(s->call.answer.data, s->call.answer.len, "Patient/", 8));
    said_free(s);
    return n;
}

/* Each open thing is somebody's who is in post, or the coordinator is told of it. */
static void assert_nothing_fell_off(size_t *ret_orphans)
{
    size_t orphans = 0;

    for (size_t i = 0; i < sizeof(team_things) / sizeof(team_things[0]); i++) {
        struct packs p;
        const struct handover_item *item = NULL;

        packs_open(&p, team_things[i].post);
        item = thing_in(&p, team_things[i].kind, team_things[i].reference);
        assert_false(item->stays);
        if (item->holds) {
            struct person_posts posts = {NULL, 0};
            const struct person_ask ask = {
                node.app->persons, p.snapshot, arena, time_now()};

            assert_int_equal(person_posts_in(&ask, item->successor, &posts, NULL), 0);
            assert_true(posts.count > 0);
        } else if (item->kind != HANDOVER_REVIEW) {
            assert_true(told_of(team_things[i].post, team_things[i].kind) > 0);
            orphans++;
        }
        store_read_end(p.snapshot);
    }
    *ret_orphans = orphans;
}

static void nothing_falls_off_when_a_team_ends(void **state)
{
    bool kinds[HANDOVER_KINDS] = {false};
    size_t orphans = 0;
    struct said *s = NULL;

    (void)state;
    fill_team();
    for (size_t i = 0; i < sizeof(team_things) / sizeof(team_things[0]); i++)
        kinds[handover_kind_of(str_of(team_things[i].kind))] = true;
    for (int i = 0; i < HANDOVER_KINDS; i++)
        assert_true(kinds[i]); /* one of each is open */
    assert_nothing_fell_off(&orphans);
    assert_int_equal(
        orphans, 19); /* before the end nobody has anything, and it is told */
    run_at(TEAM_AFTER);
    assert_nothing_fell_off(&orphans);
    assert_int_equal(orphans, 1); /* the rating, which nobody else can give */
    assert_int_equal(told_of("role-chen", "rating"), 1);
    /* the heads are told what came to them */
    s = said_status(get_as("head-county", "Handover/$waiting"), 200);
    assert_string_equal(part(parts_of(s, "take", 0), "person"), "Practitioner/nima");
    said_free(s);
}

static void without_a_head_the_coordinator_is_told(void **state)
{
    size_t orphans = 0;

    (void)state;
    fill_team();
    put_post("head-twin", "head-of-department", "twin-surgery", NULL, "2026-01-02");
    put_post("head-county", "head-of-department", "county-surgery", NULL, "2026-01-02");
    run_at(TEAM_AFTER);
    assert_nothing_fell_off(&orphans);
    assert_int_equal(orphans, 19);
    /* and names somebody for all of it */
    put_post("li", "expert", "twin-surgery", "2026-01-03", NULL);
    assert_true(done("coordinator", "role-chen", "name-successor",
                    WHO("successor", "li")) >= 11);
    assert_nothing_fell_off(&orphans);
    assert_int_equal(orphans, 7); /* nima's six, and the rating */
}

/* What was taken over is in the pack of who took it, when they go in turn. */
static void it_is_handed_on(void **state)
{
    struct said *s = NULL;

    (void)state;
    open_case(CASE_ONE);
    done("chen", "role-chen", "name-successor",
        WHO("successor", "li") "," ITEM("Task/" CASE_ONE));
    time_hold(NOW + 20 * DAY);
    done("li", "role-chen", "acknowledge", "");
    put_post("li", "expert", "twin-surgery", "2026-01-20", "2026-02-20");
    run_at(AFTER);
    s = pack_as("li", "role-li", 200);
    assert_string_equal(part(item_of(s, "Task/" CASE_ONE), "kind"), "case");
    said_free(s);
    /* li hands it on and goes: in chen's pack too it is somebody's */
    done("li", "role-li", "name-successor",
        WHO("successor", "head-twin") "," ITEM("Task/" CASE_ONE));
    assert_int_equal(
        done("head-twin", "role-li", "acknowledge", ITEM("Task/" CASE_ONE)), 1);
    run_at(NOW + 60 * DAY);
    s = pack_as("head-twin", "role-chen", 200);
    assert_string_equal(
        part(item_of(s, "Task/" CASE_ONE), "successor"), "Practitioner/li");
    assert_string_equal(part(item_of(s, "Task/" CASE_ONE), "in-post"), "true");
    assert_string_equal(part(item_of(s, "Task/" CASE_ONE), "fell"), "");
    said_free(s);
    /* the head goes too, and there is no other: now it is nobody's */
    put_post("head-twin", "head-of-department", "twin-surgery", NULL, "2026-03-05");
    run_at(NOW + 70 * DAY);
    assert_int_equal(told_of("role-chen", "case"), 1);
    assert_int_equal(told_of("role-head-twin", "case"), 1);
}

/* A post that is made inactive has ended; so has one whose holder stays at the hospital, but what
 * they may go on with stays with them. */
static void a_local_doctor_leaves_or_moves(void **state)
{
    struct said *s = NULL;

    (void)state;
    open_case(CASE_ONE);
    write_as(NULL, APP_PUT, "PractitionerRole/role-nima",
        "{\"resourceType\":\"PractitionerRole\",\"id\":\"role-nima\",\"active\":false,"
        "\"practitioner\":{\"reference\":\"Practitioner/"
        "nima\"},\"code\":[{\"coding\":[{"
        "\"system\":\"https://belay.health/CodeSystem/"
        "role\",\"code\":\"clinician\"}]}],"
        "\"organization\":{\"reference\":\"Organization/county-surgery\"}}",
        200);
    run_at(NOW + 60000);
    s = pack_as("head-county", "role-nima", 200);
    assert_string_equal(
        part(item_of(s, "Task/" CASE_ONE), "successor"), "Practitioner/head-county");
    said_free(s);
    put_post("chen", "expert", "twin-surgery", "2025-01-01", "2026-01-31");
    write_as(NULL, APP_PUT, "PractitionerRole/role-chen-too",
        "{\"resourceType\":\"PractitionerRole\",\"id\":\"role-chen-too\",\"active\":"
        "true,"
        "\"practitioner\":{\"reference\":\"Practitioner/"
        "chen\"},\"code\":[{\"coding\":[{"
        "\"system\":\"https://belay.health/CodeSystem/"
        "role\",\"code\":\"clinician\"}]}],"
        "\"organization\":{\"reference\":\"Organization/twin-surgery\"}}",
        201);
    s = pack_as("chen", "role-chen", 200);
    assert_string_equal(part(item_of(s, "Task/" CASE_ONE), "stays"), "true");
    assert_int_equal(number(s, "all"), 0);
    said_free(s);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_term, close_network)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_pack_writes_itself),
        TEST(each_sees_what_they_may),
        TEST(who_cannot_read_it_is_told_at_once),
        TEST(it_is_taken_over_or_declined),
        TEST(what_nobody_took_falls_to_the_head),
        TEST(nothing_falls_off_when_a_team_ends),
        TEST(without_a_head_the_coordinator_is_told),
        TEST(it_is_handed_on),
        TEST(a_local_doctor_leaves_or_moves),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
