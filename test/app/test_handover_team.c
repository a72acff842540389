/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A whole team ends, with an open thing of every kind: each is somebody's who is in post, or
 * the coordinator is told of it; also where posts ended long ago, were taken back, or their records
 * were deleted.
 */
#include "handover.h"

/* ---- what is open ---- */

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
    put_work("open-step", "equipment-step");
    put_record("Course", "half-a-year",
        "\"status\":\"under-way\",\"kind\":\"placement\",\"title\":\"Half a year of "
        "surgery\",\"organiser\":[{\"reference\":\"Organization/twin-surgery\"}],"
        "\"period\":{\"start\":\"2025-10-01\",\"end\":\"2026-03-31\"}");
    put_record("Enrolment", "placed",
        "\"status\":\"attending\",\"course\":{\"reference\":\"Course/half-a-year\"},"
        "\"person\":{\"reference\":\"Practitioner/tashi\"},\"supervisor\":[{"
        "\"reference\":\"Practitioner/chen\"}],\"learningDepartment\":{\"reference\":"
        "\"Organization/county-surgery\"},\"teachingDepartment\":{\"reference\":"
        "\"Organization/twin-surgery\"},\"period\":{\"start\":\"2025-10-01\",\"end\":"
        "\"2026-03-31\"},\"enrolledOn\":\"2025-09-01T00:00:00Z\",\"enrolledBy\":{"
        "\"reference\":\"Practitioner/head-county\"}");
    put_record("Funding", "promised",
        "\"status\":\"committed\",\"title\":\"A theatre lamp\",\"recipient\":{"
        "\"reference\":\"Organization/county\"},\"committedOn\":\"2025-12-01\","
        "\"amount\":{\"value\":1000,\"currency\":\"CNY\"},\"by\":{\"reference\":"
        "\"Practitioner/nima\"}");
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
    {"role-chen", "placement", "Enrolment/placed"},
    {"role-chen", "rating", "Procedure/seen"},
    {"role-chen", "gap", "Task/open-gap"},
    {"role-chen", "equipment", "Task/open-fault"},
    {"role-chen", "equipment", "Task/open-step"},
    {"role-chen", "review", "CaseReview/owed"},
    {"role-chen", "contact", "OrganizationAffiliation/departments"},
    {"role-nima", "case", "Task/" CASE_ONE},
    {"role-nima", "case", "Task/" CASE_ASKED},
    {"role-nima", "transfer", "Task/" CASE_MOVED},
    {"role-nima", "promise", "Appointment/" SLOT_ID},
    {"role-nima", "follow-up", "Procedure/done"},
    {"role-nima", "funding", "Funding/promised"},
};

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
        if (item->kind == HANDOVER_PLACEMENT)
            assert_true(str_is(item->title, "Half a year of surgery"));
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
        orphans, 21); /* before the end nobody has anything, and it is told */
    run_at(TEAM_AFTER);
    assert_nothing_fell_off(&orphans);
    assert_int_equal(orphans, 1); /* the rating, which nobody else can give */
    assert_int_equal(told_of("role-chen", "rating"), 1);
    /* the heads are told what came to them */
    s = said_status(get_as("head-county", "Handover/$waiting"), 200);
    assert_string_equal(part(parts_of(s, "take", 0), "person"), "Practitioner/nima");
    said_free(s);
}

/* A word that nobody else can give is not lost with whoever is still there to give it. */
static void who_stays_in_another_post_keeps_the_words_owed(void **state)
{
    struct packs p = {.snapshot = NULL};

    (void)state;
    fill_team();
    write_as(NULL, APP_PUT, "PractitionerRole/role-chen-too",
        "{\"resourceType\":\"PractitionerRole\",\"id\":\"role-chen-too\",\"active\":"
        "true,\"practitioner\":{\"reference\":\"Practitioner/chen\"},\"code\":[{"
        "\"coding\":[{\"system\":\"https://belay.health/CodeSystem/role\",\"code\":"
        "\"expert\"}]}],\"organization\":{\"reference\":\"Organization/"
        "twin-surgery\"}}",
        201);
    packs_open(&p, "role-chen");
    assert_true(thing_in(&p, "rating", "Procedure/seen")->stays);
    assert_int_equal(p.pack.counts[HANDOVER_RATING].all, 0);
    store_read_end(p.snapshot);
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
    assert_int_equal(orphans, 21);
    /* and names somebody for all of it */
    put_post("li", "expert", "twin-surgery", "2026-01-03", NULL);
    assert_true(done("coordinator", "role-chen", "name-successor",
                    WHO("successor", "li")) >= 13);
    assert_nothing_fell_off(&orphans);
    assert_int_equal(orphans, 7); /* nima's six, and the rating */
}

/* What came of the team's things once the node has looked: all but the rating fell to heads. */
static void assert_heads_have_it(utc_ms at)
{
    size_t orphans = 0;

    assert_nothing_fell_off(&orphans);
    assert_int_equal(
        orphans, 21); /* before the node has looked, the coordinator is told */
    run_at(at);
    assert_nothing_fell_off(&orphans);
    assert_int_equal(orphans, 1);
    assert_int_equal(told_of("role-chen", "rating"), 1);
}

static void a_post_that_expired_long_ago_has_ended(void **state)
{
    (void)state;
    fill_team();
    put_post("chen", "expert", "twin-surgery", "2025-01-01", "2025-06-30");
    put_post("nima", "clinician", "county-surgery", "2025-01-01", "2025-06-30");
    assert_heads_have_it(NOW + 60000);
}

/* ${post} as it is, but not active. */
static void take_back(const char *post)
{
    said_free(said_status(
        as(NULL,
            (struct ask){.method = APP_PATCH,
                .format = APP_JSON_PATCH,
                .path = arena_printf(arena, "PractitionerRole/%s", post),
                .body = "[{\"op\":\"replace\",\"path\":\"/active\",\"value\":false}]"}),
        200));
}

static void a_post_that_was_taken_back_has_ended(void **state)
{
    (void)state;
    fill_team();
    take_back("role-chen");
    take_back("role-nima");
    assert_heads_have_it(NOW + 60000);
}

static void remove_post(const char *post)
{
    said_free(said_status(
        as(NULL, (struct ask){.method = APP_DELETE,
                     .path = arena_printf(arena, "PractitionerRole/%s", post)}),
        204));
}

static void a_post_that_was_deleted_has_ended(void **state)
{
    struct said *s = NULL;

    (void)state;
    fill_team();
    remove_post("role-chen");
    remove_post("role-nima");
    assert_heads_have_it(NOW + 60000);
    /* the pack is asked for, and gone on with, as of any post that has ended */
    s = pack_as("head-twin", "role-chen", 200);
    assert_string_equal(part(json_get(s->json, "parameter"), "ended"), "true");
    assert_string_equal(
        part(item_of(s, "Task/" CASE_ONE), "successor"), "Practitioner/head-twin");
    said_free(s);
    assert_true(
        done("head-twin", "role-chen", "acknowledge", ITEM("Task/" CASE_ONE)) == 1);
    /* it was deleted by mistake: what was said of it stands, and nothing else falls */
    put_post("chen", "expert", "twin-surgery", "2025-01-01", "2026-12-31");
    s = pack_as("head-twin", "role-chen", 200);
    assert_string_equal(part(json_get(s->json, "parameter"), "ended"), "");
    assert_true(*part(item_of(s, "Task/" CASE_ONE), "acknowledged"));
    said_free(s);
    said_free(pack_as("head-twin", "role-nobody", 404));
}

static void deleted_with_its_person(void **state)
{
    (void)state;
    fill_team();
    remove_post("role-chen");
    said_free(said_status(
        as(NULL, (struct ask){.method = APP_DELETE, .path = "Practitioner/chen"}),
        204));
    assert_true(told_of("role-chen", "case") == 2);
    run_at(NOW + 60000);
    assert_int_equal(told_of("role-chen", "case"), 0);
    assert_int_equal(told_of("role-chen", "rating"), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(nothing_falls_off_when_a_team_ends),
        TEST(who_stays_in_another_post_keeps_the_words_owed),
        TEST(without_a_head_the_coordinator_is_told),
        TEST(a_post_that_expired_long_ago_has_ended),
        TEST(a_post_that_was_taken_back_has_ended),
        TEST(a_post_that_was_deleted_has_ended),
        TEST(deleted_with_its_person),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
