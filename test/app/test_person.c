/* SPDX-License-Identifier: Apache-2.0 */
/* Posts that are valid now: by role, period, state; and that nothing has to be forgotten. */
#include "app/app_internal.h"
#include "app/person.h"
#include "node.h"

static struct node node;

static int open_node(void **state)
{
    (void)state;
    node_open(&node, true);
    must(&node, 201,
        (struct ask){.method = APP_PUT,
            .path = "Organization/h",
            .body = "{\"resourceType\":\"Organization\",\"id\":\"h\",\"name\":\"H\"}"});
    must(&node, 201,
        (struct ask){.method = APP_PUT,
            .path = "Organization/d",
            .body = "{\"resourceType\":\"Organization\",\"id\":\"d\",\"name\":\"D\","
                    "\"partOf\":{\"reference\":\"Organization/h\"}}"});
    must(&node, 201,
        (struct ask){.method = APP_PUT,
            .path = "Practitioner/p",
            .body = "{\"resourceType\":\"Practitioner\",\"id\":\"p\"}"});
    return 0;
}

static int close_node(void **state)
{
    (void)state;
    time_hold(0);
    node_close(&node);
    return 0;
}

/* ${extra} begins with a comma, or is empty. */
static void put_post(
    const char *id, const char *role, const char *unit, const char *extra)
{
    char path[100];
    char body[1000];

    snprintf(path, sizeof(path), "PractitionerRole/%s", id);
    snprintf(body, sizeof(body),
        "{\"resourceType\":\"PractitionerRole\",\"id\":\"%s\",\"practitioner\":"
        "{\"reference\":\"Practitioner/p\"},\"organization\":{\"reference\":"
        "\"Organization/%s\"},\"code\":[{\"coding\":[{\"system\":\"" PERSON_ROLE_SYSTEM
        "\",\"code\":\"%s\"}]}]%s}",
        id, unit, role, extra);
    struct said *s = PUT(&node, path, body);

    assert_true(s->status == 200 || s->status == 201);
    said_free(s);
}

/* How many posts at ${now}; the first goes to ${ret}, in memory of ${a}. */
static size_t posts_at(struct arena *a, utc_ms now, struct app_post *ret)
{
    struct person_posts posts = {0};
    struct err err = {0};

    assert_int_equal(
        person_posts(node.app->persons, a, STR("Practitioner/p"), now, &posts, &err),
        0);
    if (posts.count > 0)
        *ret = posts.list[0];
    return posts.count;
}

static void test_role_and_place(void **state)
{
    struct arena *a = arena_new();
    struct app_post post = {0};

    (void)state;
    assert_int_equal(posts_at(a, time_now(), &post), 0);
    put_post("1", "clinician", "d", "");
    assert_int_equal(posts_at(a, time_now(), &post), 1);
    assert_true(str_is(post.role, "clinician"));
    assert_true(str_is(post.organization, "Organization/h"));
    assert_true(str_is(post.department, "Organization/d"));
    assert_int_equal(post.until, 0);
    put_post("1", "director", "h", "");
    assert_int_equal(posts_at(a, time_now(), &post), 1);
    assert_true(str_is(post.role, "director"));
    assert_null(post.department.p);
    put_post("2", "emperor", "h", "");
    assert_int_equal(posts_at(a, time_now(), &post), 1);
    arena_free(a);
}

static void test_ends_by_itself(void **state)
{
    struct arena *a = arena_new();
    struct app_post post = {0};
    utc_ms first = 0;
    utc_ms last = 0;
    utc_ms none = 0;

    (void)state;
    assert_true(fhir_date_range(STR("2026-03-01"), &first, &none));
    assert_true(fhir_date_range(STR("2026-03-31"), &none, &last));
    put_post("1", "expert", "d",
        ",\"period\":{\"start\":\"2026-03-01\",\"end\":\"2026-03-31\"}");
    assert_int_equal(posts_at(a, first - 1, &post), 0);
    assert_int_equal(posts_at(a, first, &post), 1);
    assert_int_equal(post.until, last);
    assert_int_equal(posts_at(a, last - 1, &post), 1);
    assert_int_equal(posts_at(a, last, &post), 0);
    assert_int_equal(posts_at(a, first, &post), 1); /* a clock set back */
    /* an instant that is written to the second lasts that second */
    put_post("2", "nurse", "d", ",\"period\":{\"end\":\"2026-03-31T18:00:00+08:00\"}");
    assert_int_equal(posts_at(a, last - 14 * (utc_ms)3600000 + 999, &post), 2);
    assert_int_equal(posts_at(a, last - 14 * (utc_ms)3600000 + 1000, &post), 1);
    arena_free(a);
}

static void test_taken_away(void **state)
{
    struct arena *a = arena_new();
    struct app_post post = {0};
    utc_ms now = time_now();

    (void)state;
    put_post("1", "clinician", "d", "");
    assert_int_equal(posts_at(a, now, &post), 1);
    put_post("1", "clinician", "d", ",\"active\":false");
    assert_int_equal(posts_at(a, now, &post), 0);
    put_post("1", "clinician", "d", "");
    assert_int_equal(posts_at(a, now, &post), 1);
    must(&node, 204, (struct ask){.method = APP_DELETE, .path = "PractitionerRole/1"});
    assert_int_equal(posts_at(a, now, &post), 0);
    put_post("1", "clinician", "d", "");
    assert_int_equal(posts_at(a, now, &post), 1);
    must(&node, 200,
        (struct ask){.method = APP_PUT,
            .path = "Practitioner/p",
            .body =
                "{\"resourceType\":\"Practitioner\",\"id\":\"p\",\"active\":false}"});
    assert_int_equal(posts_at(a, now, &post), 0);
    arena_free(a);
}

/* More people than are remembered at once. */
static void test_many_people(void **state)
{
    struct arena *a = arena_new();
    struct app_post post = {0};
    char name[64];

    (void)state;
    put_post("1", "clinician", "d", "");
    for (int i = 0; i < LIMIT_PEOPLE_CACHED + 10; i++) {
        struct person_posts posts = {NULL, 1};

        snprintf(name, sizeof(name), "Practitioner/nobody-%d", i);
        assert_int_equal(
            person_posts(node.app->persons, a, str_of(name), time_now(), &posts, NULL),
            0);
        assert_int_equal(posts.count, 0);
        arena_reset(a);
    }
    assert_int_equal(posts_at(a, time_now(), &post), 1);
    arena_free(a);
}

static void test_roles(void **state)
{
    const struct app_post posts[] = {{.role = STR("nurse")}, {.role = STR("auditor")}};
    struct app_caller caller = {.posts = posts, .post_count = 2};

    (void)state;
    assert_true(person_role_known(STR("international-desk")));
    assert_false(person_role_known(STR("")));
    assert_false(person_role_known(STR("Nurse")));
    assert_true(person_role_needs_code(STR("administrator")));
    assert_true(person_role_needs_code(STR("coordinator")));
    assert_false(person_role_needs_code(STR("clinician")));
    assert_true(person_role_known(STR("technician")));
    assert_true(
        person_clinical(STR("technician")) && person_clinical(STR("therapist")));
    assert_true(person_clinical(STR("nurse")) && !person_clinical(STR("expert")));
    assert_false(person_clinical(STR("director")) || person_clinical(STR("")));
    assert_true(person_holds(&caller, "auditor"));
    assert_false(person_holds(&caller, "director"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_role_and_place, open_node, close_node),
        cmocka_unit_test_setup_teardown(test_ends_by_itself, open_node, close_node),
        cmocka_unit_test_setup_teardown(test_taken_away, open_node, close_node),
        cmocka_unit_test_setup_teardown(test_many_people, open_node, close_node),
        cmocka_unit_test(test_roles),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
