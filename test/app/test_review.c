/* SPDX-License-Identifier: Apache-2.0 */
/* The weekly review: the draw, who is asked, what they are shown and what they cannot see,
 * the ratings, and who is told what came of it. */
#include "app/review.h"
#include "app/review_internal.h"
#include "case.h"

#define DAY (24 * 60 * 60000LL)

/* The network without the review that it holds for other tests. */
static int open_clean(void **state)
{
    open_network(state);
    write_as(NULL, APP_DELETE, "CaseReview/blind", "", 204);
    write_as(NULL, APP_DELETE, "Task/blind-one", "", 204);
    return 0;
}

/* Two experts at a third hospital, and one at the patient's with a clinical post too. */
static void put_outsiders(void)
{
    static const char *const people[][4] = {
        {"far-one", "expert", "far", "Zenhua Wuming"},
        {"far-two", "head-of-department", "far", "Ada Okoro"},
        {"both", "expert", "far", "Somebody Else"},
    };

    write_as(NULL, APP_PUT, "Organization/far",
        "{\"resourceType\":\"Organization\",\"id\":\"far\",\"name\":\"Far Hospital\","
        "\"address\":[{\"country\":\"CN\"}]}",
        201);
    for (size_t i = 0; i < 3; i++) {
        write_as(NULL, APP_PUT, arena_printf(arena, "Practitioner/%s", people[i][0]),
            arena_printf(arena,
                "{\"resourceType\":\"Practitioner\",\"id\":\"%s\",\"active\":true,"
                "\"name\":[{\"text\":\"%s\"}]}",
                people[i][0], people[i][3]),
            201);
        write_as(NULL, APP_PUT,
            arena_printf(arena, "PractitionerRole/role-%s", people[i][0]),
            arena_printf(arena,
                "{\"resourceType\":\"PractitionerRole\",\"id\":\"role-%s\",\"active\":"
                "true,\"practitioner\":{\"reference\":\"Practitioner/%s\"},\"code\":[{"
                "\"coding\":[{\"system\":\"https://belay.health/CodeSystem/role\","
                "\"code\":\"%s\"}]}],\"organization\":{\"reference\":"
                "\"Organization/%s\"}}",
                people[i][0], people[i][0], people[i][1], people[i][2]),
            201);
    }
    write_as(NULL, APP_PUT, "PractitionerRole/role-both-too",
        "{\"resourceType\":\"PractitionerRole\",\"id\":\"role-both-too\",\"active\":"
        "true,\"practitioner\":{\"reference\":\"Practitioner/both\"},\"code\":[{"
        "\"coding\":[{\"system\":\"https://belay.health/CodeSystem/role\","
        "\"code\":\"clinician\"}]}],\"organization\":{\"reference\":"
        "\"Organization/county\"}}",
        201);
}

/* Names that are in no other test's network. */
static void put_names(void)
{
    write_as(NULL, APP_PUT, "Patient/pema",
        "{\"resourceType\":\"Patient\",\"id\":\"pema\",\"gender\":\"female\","
        "\"birthDate\":\"1990-05-05\",\"name\":[{\"family\":\"Dolkarwa\",\"given\":["
        "\"Pemala\"]}],\"address\":[{\"city\":\"Nyalamdo\"}],"
        "\"managingOrganization\":{\"reference\":\"Organization/county\"}}",
        200);
    write_as(NULL, APP_PUT, "Practitioner/nima",
        "{\"resourceType\":\"Practitioner\",\"id\":\"nima\",\"active\":true,\"name\":[{"
        "\"text\":\"Nimatse Gyurme\"}]}",
        200);
    write_as(NULL, APP_PUT, "Practitioner/chen",
        "{\"resourceType\":\"Practitioner\",\"id\":\"chen\",\"active\":true,\"name\":[{"
        "\"family\":\"Chenbaker\",\"given\":[\"Lili\"]}]}",
        200);
}

/* From the question to the end, at ${at}. */
static void close_case(const char *id, utc_ms at)
{
    time_hold(at);
    put_draft(id, "pema", "Organization/twin-surgery", "routine");
    step("nima", id, "send", NULL);
    time_hold(at + 60000);
    step("chen", id, "accept", NULL);
    step("nima", id, "message",
        P_TEXT("text", "Pemala Dolkarwa of Nyalamdo came to the County Hospital"));
    step("chen", id, "answer", ANSWER);
    time_hold(at + 120000);
    step("nima", id, "outcome", OUTCOME);
    step("nima", id, "close", NULL);
}

static size_t run_at(utc_ms at)
{
    struct err err = {0};
    size_t made = 99;

    time_hold(at);
    if (review_run(node.app, NULL, at, &made, &err) < 0)
        fail_msg("review_run: %s", err.text);
    return made;
}

/* The week after the network's posts begin to hold. */
#define WEEK (review_monday(NOW) + 7 * DAY)

/* ---- the draw ---- */

static void weeks_begin_on_mondays(void **state)
{
    (void)state;
    assert_int_equal(review_monday(NOW), 1766966400000LL); /* 2025-12-29 */
    assert_int_equal(review_monday(1766966400000LL), 1766966400000LL);
    assert_int_equal(review_monday(1766966400000LL - 1), 1766966400000LL - 7 * DAY);
    assert_int_equal(review_monday(0), -3 * DAY);
}

static void the_same_draws_the_same(void **state)
{
    uint8_t key[32] = {7};
    uint8_t other_key[32] = {8};
    struct review_seed one, again, other;
    struct err err = {0};
    size_t a = 99;
    size_t b = 98;

    (void)state;
    assert_int_equal(review_seed(key, WEEK, STR("Organization/x"), &one, &err), 0);
    assert_int_equal(review_seed(key, WEEK, STR("Organization/x"), &again, &err), 0);
    assert_memory_equal(&one, &again, sizeof(one));
    assert_int_equal(review_pick(&one, "case", 1000, &a, &err), 0);
    assert_int_equal(review_pick(&again, "case", 1000, &b, &err), 0);
    assert_int_equal(a, b);
    assert_int_equal(
        review_seed(key, WEEK + 7 * DAY, STR("Organization/x"), &other, &err), 0);
    assert_memory_not_equal(&one, &other, sizeof(one));
    assert_int_equal(review_seed(key, WEEK, STR("Organization/y"), &other, &err), 0);
    assert_memory_not_equal(&one, &other, sizeof(one));
    assert_int_equal(
        review_seed(other_key, WEEK, STR("Organization/x"), &other, &err), 0);
    assert_memory_not_equal(&one, &other, sizeof(one));
}

/* Over 7,000 weeks each of seven cases is drawn about 1,000 times: chi-square with six degrees
 * of freedom is over 22.5 once in a thousand. The key is fixed, so is the outcome. */
static void the_draw_is_fair(void **state)
{
    uint8_t key[32] = {1, 2, 3};
    unsigned drawn[7] = {0};
    double chi = 0;
    struct err err = {0};

    (void)state;
    for (int week = 0; week < 7000; week++) {
        struct review_seed seed;
        size_t at = 99;

        assert_int_equal(
            review_seed(key, WEEK + week * 7 * DAY, STR("Organization/x"), &seed, &err),
            0);
        assert_int_equal(review_pick(&seed, "case", 7, &at, &err), 0);
        assert_in_range(at, 0, 6);
        drawn[at]++;
    }
    for (int i = 0; i < 7; i++)
        chi += ((double)drawn[i] - 1000) * ((double)drawn[i] - 1000) / 1000;
    if (chi > 22.5)
        fail_msg("chi-square %f", chi);
}

/* ---- what is made ---- */

static const char *hidden(const char *type, const char *query)
{
    struct said *s =
        said_status(get_as(NULL, arena_printf(arena, "%s?%s", type, query)), 200);
    const char *text = arena_strndup(arena, s->call.answer.data, s->call.answer.len);

    said_free(s);
    return text;
}

static const struct json *reviews(void)
{
    const struct json *json = NULL;

    assert_int_equal(json_read(arena, str_of(hidden("CaseReview", "_sort=period")),
                         LIMIT_RESPONSE_BYTES, &json, NULL),
        0);
    return json;
}

static struct str at_path(const struct json *j, const char *path)
{
    return json_text(json_walk(j, path));
}

static void one_case_is_drawn_each_week(void **state)
{
    const struct json *found = NULL;

    (void)state;
    put_outsiders();
    put_names();
    for (int i = 0; i < 4; i++)
        close_case(arena_printf(arena, "c%d", i), WEEK + i * DAY);
    assert_int_equal(run_at(WEEK + 6 * DAY), 0); /* the week has not ended */
    assert_int_equal(run_at(WEEK + 7 * DAY), 1);
    assert_int_equal(run_at(WEEK + 7 * DAY), 0);
    atomic_store(&node.app->review_next, 0); /* as after a restart */
    assert_int_equal(run_at(WEEK + 8 * DAY), 0);
    found = reviews();
    assert_int_equal(json_count(json_get(found, "entry")), 1);
    assert_int_equal(
        json_count(json_walk(found, "entry.0.resource.draw.candidate")), 4);
    assert_true(str_is(at_path(found, "entry.0.resource.draw.people"), "4"));
    assert_true(str_is(
        at_path(found, "entry.0.resource.asked.reference"), "Organization/twin"));
    assert_true(str_is(
        at_path(found, "entry.0.resource.asking.reference"), "Organization/county"));
    assert_true(str_is(at_path(found, "entry.0.resource.askedDepartment.0.reference"),
        "Organization/twin-surgery"));
    assert_true(str_is(at_path(found, "entry.0.resource.askingDepartment.0.reference"),
        "Organization/county-surgery"));
    for (int i = 0; i < 2; i++) {
        struct str who = at_path(found,
            arena_printf(arena, "entry.0.resource.rating.%d.reviewer.reference", i));

        /* azamat is asked about pema by another case, and is passed over */
        assert_true(str_is(who, "Practitioner/far-one") ||
                    str_is(who, "Practitioner/far-two") ||
                    str_is(who, "Practitioner/head-medicine"));
    }
    assert_false(str_eq(at_path(found, "entry.0.resource.rating.0.reviewer.reference"),
        at_path(found, "entry.0.resource.rating.1.reviewer.reference")));
}

/* The record says all that the draw followed from. */
static void the_draw_can_be_done_again(void **state)
{
    const struct json *found = NULL;
    struct review_seed seed;
    struct err err = {0};
    struct str hex = {NULL, 0};
    struct str drawn = {NULL, 0};
    size_t place = 99;

    (void)state;
    put_outsiders();
    for (int i = 0; i < 5; i++)
        close_case(arena_printf(arena, "c%d", i), WEEK + i * DAY);
    assert_int_equal(run_at(WEEK + 7 * DAY), 1);
    found = reviews();
    hex = at_path(found, "entry.0.resource.draw.seed");
    assert_int_equal(hex.len, 64);
    assert_true(hex_decode(hex.p, seed.bytes, 32));
    assert_int_equal(review_pick(&seed, "case", 5, &place, &err), 0);
    drawn = at_path(
        found, arena_printf(arena, "entry.0.resource.draw.candidate.%zu", place));
    assert_true(str_is(at_path(found, "entry.0.resource.request.reference"),
        arena_printf(arena, "ServiceRequest/%.*s", (int)drawn.len, drawn.p)));
    assert_int_equal(
        review_seed(node.app->seal_key, WEEK, STR("Organization/twin"), &seed, &err),
        0);
    {
        char text[65];

        hex_encode(seed.bytes, 32, text);
        assert_true(str_is(hex, text));
    }
}

static void missed_weeks_are_made_up_for(void **state)
{
    const struct json *found = NULL;

    (void)state;
    put_outsiders();
    for (int i = 0; i < 3; i++)
        close_case(arena_printf(arena, "c%d", i), WEEK + i * 7 * DAY);
    assert_int_equal(run_at(WEEK + 22 * DAY), 3);
    found = reviews();
    assert_int_equal(json_count(json_get(found, "entry")), 3);
    for (int i = 0; i < 3; i++) {
        struct str request = at_path(
            found, arena_printf(arena, "entry.%d.resource.request.reference", i));

        assert_true(str_is(request, arena_printf(arena, "ServiceRequest/c%d", i)));
    }
}

static void what_was_not_answered_is_not_drawn(void **state)
{
    (void)state;
    put_outsiders();
    time_hold(WEEK + DAY);
    put_draft("d", "pema", "Organization/twin-surgery", "routine");
    step("nima", "d", "send", NULL);
    step("chen", "d", "decline", DECLINE);
    put_draft("o", "pema", "Organization/twin-surgery", "routine");
    step("nima", "o", "send", NULL);
    step("chen", "o", "answer", ANSWER); /* and is open still */
    assert_int_equal(run_at(WEEK + 7 * DAY), 0);
}

/* Without two people who may nothing is made, and it is tried again within the hour. */
static void two_people_are_needed(void **state)
{
    (void)state;
    close_case("c", WEEK + DAY);
    assert_int_equal(
        run_at(WEEK + 7 * DAY), 0); /* head-medicine alone; azamat knows her */
    put_outsiders();
    assert_int_equal(run_at(WEEK + 7 * DAY + 60000), 0);
    assert_int_equal(run_at(WEEK + 7 * DAY + 3600000), 1);
}

/* lobsang's consent was withdrawn: nobody abroad is asked, though nobody else is left. */
static void nothing_crosses_a_border(void **state)
{
    (void)state;
    write_as(NULL, APP_DELETE, "PractitionerRole/role-head-medicine", "", 204);
    write_as(NULL, APP_PUT, "PractitionerRole/role-gulnara",
        "{\"resourceType\":\"PractitionerRole\",\"id\":\"role-gulnara\",\"active\":"
        "true,"
        "\"practitioner\":{\"reference\":\"Practitioner/gulnara\"},\"code\":[{"
        "\"coding\":[{\"system\":\"https://belay.health/CodeSystem/role\",\"code\":"
        "\"expert\"}]}],\"organization\":{\"reference\":\"Organization/"
        "abroad-clinic\"}}",
        200);
    time_hold(WEEK + DAY);
    put_draft("c", "lobsang", "Organization/twin-surgery", "routine");
    step("nima", "c", "send", NULL);
    step("chen", "c", "answer", ANSWER);
    step("nima", "c", "outcome", OUTCOME);
    step("nima", "c", "close", NULL);
    assert_int_equal(run_at(WEEK + 7 * DAY), 0);
    put_outsiders();
    assert_int_equal(run_at(WEEK + 8 * DAY), 1);
    assert_true(str_is(at_path(reviews(), "entry.0.resource.draw.people"), "2"));
}

/* ---- what a reviewer sees ---- */

struct drawn {
    const char *reviewer[2]; /* "far-one" */
    const char *task[2];
    const char *request;
};

static const char *tail(struct str reference)
{
    str_cut(&reference, '/');
    return arena_strndup(arena, reference.p, reference.len);
}

static struct drawn draw_one(void)
{
    struct drawn d = {.request = NULL};
    const struct json *found = NULL;

    put_outsiders();
    put_names();
    close_case("c", WEEK + DAY);
    assert_int_equal(run_at(WEEK + 7 * DAY), 1);
    found = reviews();
    for (int i = 0; i < 2; i++) {
        d.reviewer[i] = tail(at_path(found,
            arena_printf(arena, "entry.0.resource.rating.%d.reviewer.reference", i)));
        d.task[i] = tail(at_path(found,
            arena_printf(arena, "entry.0.resource.rating.%d.task.reference", i)));
    }
    d.request = "c";
    return d;
}

static const char *review_path(const char *task)
{
    return arena_printf(arena, "Task/%s/$review", task);
}

static void a_reviewer_sees_the_case_and_no_name(void **state)
{
    static const char *const names[] = {"Dolkarwa", "Pemala", "pema", "Nyalamdo",
        "County", "county", "Twin", "twin", "Nimatse", "Gyurme", "nima", "chen",
        "Chenbaker", "Lili", "1990", "Practitioner", "Organization", "Patient/",
        "ServiceRequest/", "far-one", "far-two"};
    struct drawn d = draw_one();
    struct said *s = said_status(get_as(d.reviewer[0], review_path(d.task[0])), 200);
    char *text = arena_strndup(arena, s->call.answer.data, s->call.answer.len);

    (void)state;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (strstr(text, names[i]))
            fail_msg("%s is told: %s", names[i], text);
    }
    assert_non_null(strstr(text, "Is it a fracture?"));
    assert_non_null(strstr(text, "A greenstick fracture"));
    assert_non_null(strstr(text, "[...]"));
    assert_non_null(strstr(text, "\"age-years\""));
    assert_non_null(
        strstr(text, "{\"name\":\"transfer-avoided\",\"valueCode\":\"true\"}"));
    said_free(s);
}

/* The patient's list says who was shown the case. */
static void what_a_reviewer_saw_is_in_the_trail(void **state)
{
    struct drawn d = draw_one();
    struct said *s = NULL;

    (void)state;
    said_free(said_status(get_as(d.reviewer[0], review_path(d.task[0])), 200));
    s = said_status(get_as("quality", "Patient/pema/$accesses?_count=100"), 200);
    assert_string_equal(said_text(s, "parameter.0.part.3.valueString"), "read");
    assert_string_equal(
        said_text(s, "parameter.0.part.4.valueString"), "ServiceRequest");
    said_free(s);
}

static void a_reviewer_reads_nothing_else(void **state)
{
    struct drawn d = draw_one();
    static const char *const paths[] = {"ServiceRequest/c", "Task/c", "Patient/pema",
        "ServiceRequest/c/$vitals", "Patient/pema/$vitals"};

    (void)state;
    for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
        said_free(said_status(get_as(d.reviewer[0], paths[i]), 404));
    for (size_t i = 0; i < 2; i++) {
        const struct json *found = NULL;
        struct said *s =
            said_status(get_as(d.reviewer[i], i ? "CaseReview" : "Communication"), 200);

        (void)found;
        assert_int_equal(said_count(s, "entry"), 0);
        said_free(s);
    }
    said_free(said_status(get_as(d.reviewer[0], review_path(d.task[1])), 404));
    said_free(said_status(get_as("nima", review_path(d.task[0])), 404));
    said_free(said_status(get_as("head-twin", review_path(d.task[0])), 404));
    said_free(said_status(get_as("coordinator", review_path(d.task[0])), 404));
    said_free(said_status(get_as(NULL, review_path(d.task[0])), 403));
}

#define MARKS(p, v, d)                                                                 \
    "{\"resourceType\":\"Parameters\",\"parameter\":["                                 \
    "{\"name\":\"process\",\"valueInteger\":" #p "},"                                  \
    "{\"name\":\"value\",\"valueInteger\":" #v "},"                                    \
    "{\"name\":\"difficulty\",\"valueInteger\":" #d "},"                               \
    "{\"name\":\"process-word\",\"valueString\":\"Asked at once\"}]}"

static void a_rating_is_given_once(void **state)
{
    struct drawn d = draw_one();
    const char *path = review_path(d.task[0]);

    (void)state;
    write_as(d.reviewer[0], APP_POST, path, MARKS(6, 1, 1), 400);
    write_as(d.reviewer[0], APP_POST, path, MARKS(0, 1, 1), 400);
    write_as(d.reviewer[0], APP_POST, path, "{\"resourceType\":\"Parameters\"}", 400);
    write_as(d.reviewer[0], APP_POST, path,
        "{\"resourceType\":\"Parameters\",\"parameter\":[{\"name\":\"helpful\"}]}",
        400);
    write_as(d.reviewer[1], APP_POST, path, MARKS(4, 5, 2), 404);
    write_as("nima", APP_POST, path, MARKS(4, 5, 2), 404);
    write_as(NULL, APP_POST, path, MARKS(4, 5, 2), 403);
    write_as(d.reviewer[0], APP_POST, path, MARKS(4, 5, 2), 200);
    write_as(d.reviewer[0], APP_POST, path, MARKS(4, 5, 2), 200); /* a lost answer */
    write_as(d.reviewer[0], APP_POST, path, MARKS(1, 5, 2), 409);
    assert_non_null(strstr(hidden("CaseReview", ""), "\"status\":\"waiting\""));
    assert_non_null(strstr(hidden("Task", arena_printf(arena, "_id=%s", d.task[0])),
        "\"status\":\"completed\""));
}

static void nobody_writes_a_review_otherwise(void **state)
{
    struct drawn d = draw_one();
    struct said *s = said_status(get_as(NULL, "CaseReview"), 200);
    const char *id = said_text(s, "entry.0.resource.id");
    const char *path = arena_printf(arena, "CaseReview/%s", id);

    (void)state;
    said_free(said_status(get_as(d.reviewer[0], path), 404));
    said_free(said_status(get_as("quality", path), 404));
    said_free(said_status(get_as("coordinator", path), 404));
    said_free(said_status(get_as("auditor", path), 404));
    write_as("quality", APP_PUT, path, "{\"resourceType\":\"CaseReview\"}", 422);
    said_free(said_status(
        as("quality", (struct ask){.method = APP_DELETE, .path = path}), 403));
    said_free(s);
}

/* ---- what comes of it ---- */

static const char *list_of(const char *person)
{
    struct said *s = said_status(get_as(person, "Task/$reviews"), 200);
    const char *text = arena_strndup(arena, s->call.answer.data, s->call.answer.len);

    said_free(s);
    return text;
}

static void results_are_told_without_who(void **state)
{
    static const char *const see[] = {"head-county", "head-twin", "quality"};
    static const char *const see_not[] = {
        "head-medicine", "nima", "chen", "coordinator"};
    struct drawn d = draw_one();

    (void)state;
    write_as(d.reviewer[0], APP_POST, review_path(d.task[0]), MARKS(2, 5, 2), 200);
    for (size_t i = 0; i < 3; i++) {
        assert_non_null(strstr(list_of(see[i]), "\"result\""));
        assert_null(strstr(list_of(see[i]), "\"rating\"")); /* one is not in yet */
    }
    write_as(d.reviewer[1], APP_POST, review_path(d.task[1]), MARKS(4, 4, 2), 200);
    for (size_t i = 0; i < 3; i++) {
        const char *text = list_of(see[i]);

        assert_non_null(strstr(text, "\"rating\""));
        assert_non_null(
            strstr(text, "{\"name\":\"disagreement\",\"valueCode\":\"process\"}"));
        assert_null(strstr(text, "\"valueCode\":\"value\""));
        assert_non_null(strstr(text, "Asked at once"));
        assert_null(strstr(text, "far-"));
        assert_null(strstr(text, "Wuming"));
        assert_null(strstr(text, "Okoro"));
    }
    for (size_t i = 0; i < 4; i++)
        assert_null(strstr(list_of(see_not[i]), "\"result\""));
    /* who may open the case anyway is told which it is; a quality officer is not */
    assert_non_null(strstr(list_of("head-county"), "{\"name\":\"case\""));
    assert_null(strstr(list_of("head-twin"), "{\"name\":\"case\""));
    assert_null(strstr(list_of("quality"), "{\"name\":\"case\""));
}

static void a_reviewer_is_told_what_waits(void **state)
{
    struct drawn d = draw_one();
    const char *text = list_of(d.reviewer[0]);

    (void)state;
    assert_non_null(strstr(text, d.task[0]));
    assert_null(strstr(text, d.task[1]));
    assert_null(strstr(text, "\"result\""));
    assert_null(strstr(text, "Hospital"));
    assert_null(strstr(text, "ServiceRequest"));
    assert_null(strstr(list_of("nima"), "\"review\""));
}

/* ---- names in texts ---- */

static void names_are_hidden_as_words(void **state)
{
    struct str list[] = {
        STR("An"), STR("Ana Li"), STR("\xe6\x9d\x8e\xe6\x98\x8e"), STR("Ana")};
    const struct review_strings names = {list, 4, 4};
    struct arena *a = arena_new();

    (void)state;
    assert_true(str_is(review_hide(a, &names, STR("Angina of Ana Li, says an ANA.")),
        "Angina of [...], says [...] [...]."));
    assert_true(
        str_is(review_hide(a, &names,
                   STR("\xe6\x82\xa3\xe8\x80\x85\xe6\x9d\x8e\xe6\x98\x8e\xe4\xbb\x8a")),
            "\xe6\x82\xa3\xe8\x80\x85[...]\xe4\xbb\x8a"));
    assert_true(str_is(review_hide(a, &names, STR("Banana")), "Banana"));
    assert_true(str_is(review_hide(a, &names, STR("")), ""));
    arena_free(a);
}

int main(void)
{
#define IN_NETWORK(f) cmocka_unit_test_setup_teardown(f, open_clean, close_network)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(weeks_begin_on_mondays),
        cmocka_unit_test(the_same_draws_the_same),
        cmocka_unit_test(the_draw_is_fair),
        cmocka_unit_test(names_are_hidden_as_words),
        IN_NETWORK(one_case_is_drawn_each_week),
        IN_NETWORK(the_draw_can_be_done_again),
        IN_NETWORK(missed_weeks_are_made_up_for),
        IN_NETWORK(what_was_not_answered_is_not_drawn),
        IN_NETWORK(two_people_are_needed),
        IN_NETWORK(nothing_crosses_a_border),
        IN_NETWORK(a_reviewer_sees_the_case_and_no_name),
        IN_NETWORK(what_a_reviewer_saw_is_in_the_trail),
        IN_NETWORK(a_reviewer_reads_nothing_else),
        IN_NETWORK(a_rating_is_given_once),
        IN_NETWORK(nobody_writes_a_review_otherwise),
        IN_NETWORK(results_are_told_without_who),
        IN_NETWORK(a_reviewer_is_told_what_waits),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
