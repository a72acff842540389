/* SPDX-License-Identifier: Apache-2.0 */
/* An alarm of the chart after a sign-off goes to those whose page Today shows it: once, while
 * nobody has said what they found, and not in their quiet hours. */
#include "app/notify_internal.h"
#include "app/sign_off_alarm.h"
#include "sign_off.h"

#define HOOK "https://chat.example.org/hook"

/* What waits, as a node that was just started finds it. */
static struct notify *started(void)
{
    struct notify *n = base_malloc(sizeof(*n));
    struct err err = {0};

    assert_non_null(n);
    memset(n, 0, sizeof(*n));
    n->app = node.app;
    pthread_mutex_init(&n->lock, NULL);
    if (notify_queue_load(n, &err) < 0)
        fail_msg("%s", err.text);
    return n;
}

static void ended(struct notify *n)
{
    pthread_mutex_destroy(&n->lock);
    base_free(n->items);
    base_free(n);
}

/* Look at the charts; so many messages wait then. */
static size_t look(struct notify *n)
{
    struct err err = {0};

    if (notify_charts(n, &err) < 0)
        fail_msg("%s", err.text);
    return n->count;
}

static const struct notify_item *item_to(const struct notify *n, const char *person)
{
    const char *key = arena_printf(arena, "Practitioner/%s", person);

    for (size_t i = 0; i < n->count; i++) {
        if (strcmp(n->items[i].to, key) == 0)
            return &n->items[i];
    }
    return NULL;
}

static void choose(const char *person, const struct choice *choice)
{
    struct err err = {0};

    if (choice_save(node.app, str_of(arena_printf(arena, "Practitioner/%s", person)),
            choice, true, &err) < 0)
        fail_msg("%s", err.text);
}

/* Everybody could be told; who is, is what the tests ask. */
static int open_told(void **state)
{
    static const char *const people[] = {
        "chen", "tashi", "head-county", "quality", "head-twin", "nima", "director"};
    const struct choice hook = {.hook_url = STR(HOOK)};

    open_signing(state);
    put_theatre();
    for (size_t i = 0; i < sizeof(people) / sizeof(people[0]); i++)
        choose(people[i], &hook);
    return 0;
}

/* Tashi is signed off, and then did badly: the chart rises on the way. */
static const char *signed_and_failed(void)
{
    const char *id = propose("tashi");

    all_sign(id);
    time_hold(NOW + 60 * DAY);
    for (int i = 0; i < 6; i++)
        put_operation("2026-02-02", i, "serious");
    return id;
}

/* Would Today of ${person} tell of ${id}? As web/src/ui/today-logbook.tsx asks. */
static bool today_tells(const char *person, const char *id)
{
    struct person_posts posts = {NULL, 0};
    struct app_caller caller = {.name = {NULL, 0}};
    struct said *s = NULL;
    bool tells = false;
    struct json_each it;

    assert_int_equal(person_posts(node.app->persons, arena,
                         str_of(arena_printf(arena, "Practitioner/%s", person)),
                         time_now(), &posts, NULL),
        0);
    caller.posts = posts.list;
    caller.post_count = posts.count;
    if (!person_holds(&caller, "head-of-department") &&
        !person_holds(&caller, "quality-officer"))
        return false;
    s = said_status(signed_in(person, APP_GET, "SignOff/$waiting", NULL), 200);
    it = json_each(json_get(s->json, "parameter"));
    while (json_next(&it)) {
        const struct json *parts = json_get(it.value, "part");

        if (str_is(json_get_text(it.value, "name"), "sign-off") &&
            strcmp(part(parts, "id"), id) == 0)
            tells = strcmp(part(parts, "alarm"), "true") == 0 && part(parts, "role")[0];
    }
    said_free(s);
    return tells;
}

/* Whoever Today tells is told, and nobody else: by each of those the question is asked. */
static void test_whom(void **state)
{
    static const char *const people[] = {
        "chen", "tashi", "head-county", "quality", "head-twin", "nima", "director"};
    const char *id = NULL;
    struct notify *n = started();
    size_t told = 0;

    (void)state;
    assert_int_equal(look(n), 0);
    id = signed_and_failed();
    look(n);
    for (size_t i = 0; i < sizeof(people) / sizeof(people[0]); i++) {
        bool tells = today_tells(people[i], id);

        if (tells != (item_to(n, people[i]) != NULL))
            fail_msg("%s: Today %s", people[i], tells ? "tells" : "does not tell");
        told += tells;
    }
    assert_true(today_tells("head-county", id) && today_tells("quality", id));
    assert_false(today_tells("tashi", id));
    assert_int_equal(n->count, told);
    ended(n);
}

/* Once: not by another look, not by one more bad case in the same chart's run, not by the node
 * that starts anew, and no more when it was handed over. A new alarm is told again. */
static void test_once(void **state)
{
    const char *id = signed_and_failed();
    struct notify *n = started();
    size_t first = look(n);

    (void)state;
    assert_true(first > 0);
    assert_int_equal(look(n), first);
    put_operation("2026-02-03", 0, "well");
    assert_int_equal(look(n), first);
    while (n->count > 0) {
        struct notify_item sent = n->items[0];

        notify_queue_remove(n, &sent);
    }
    assert_int_equal(look(n), 0);
    ended(n);
    n = started();
    assert_int_equal(look(n), 0);
    refused_in("head-county", of(id, "acknowledge"), TEXT("reason", "Looked"), 200);
    assert_int_equal(look(n), 0);
    for (int i = 0; i < 6; i++)
        put_operation("2026-02-20", i, "died");
    assert_int_equal(look(n), first);
    ended(n);
}

/* Two alarms that stand at once are one message, and neither is told later. */
static void test_together(void **state)
{
    struct notify *n = started();
    struct sign_off_alarms alarms = {NULL, 0};
    size_t first = 0;

    (void)state;
    signed_and_failed();
    for (int i = 0; i < 6; i++)
        put_operation("2026-02-03", i, "serious");
    assert_int_equal(sign_off_alarms(node.app, arena, &alarms, NULL), 0);
    assert_int_equal(alarms.count, 1);
    assert_true(alarms.list[0].count > 1);
    first = look(n);
    for (size_t i = 0; i < n->count; i++) {
        for (size_t k = 0; k < i; k++)
            assert_string_not_equal(n->items[i].to, n->items[k].to);
    }
    assert_true(first > 0);
    assert_int_equal(look(n), first);
    ended(n);
}

/* What waits is kept by the node that goes off, and is told no more once somebody looked. */
static void test_while_it_stands(void **state)
{
    const char *id = signed_and_failed();
    struct notify *n = started();
    size_t first = look(n);
    struct notify_item item;

    (void)state;
    ended(n);
    n = started();
    assert_int_equal(n->count, first);
    assert_non_null(item_to(n, "quality"));
    item = *item_to(n, "quality");
    assert_int_equal(item.kind, CHOICE_SIGN_OFF);
    assert_true(notify_chart_stands(n, &item));
    refused_in("head-county", of(id, "acknowledge"), TEXT("reason", "Looked"), 200);
    assert_false(notify_chart_stands(n, &item));
    for (int i = 0; i < 6; i++)
        put_operation("2026-02-20", i, "died");
    look(n);
    assert_false(notify_chart_stands(n, &item)); /* the other alarm has its own */
    ended(n);
}

/* In quiet hours it waits for their end; who turned it off hears nothing. */
static void test_choices(void **state)
{
    const struct choice quiet = {.hook_url = STR(HOOK),
        .quiet = true,
        .quiet_from = 0,
        .quiet_until = 23 * 60 + 59};
    const struct choice off = {.hook_url = STR(HOOK), .off = 1u << CHOICE_SIGN_OFF};
    struct notify *n = started();
    utc_ms now = 0;

    (void)state;
    choose("head-county", &quiet);
    choose("quality", &off);
    signed_and_failed();
    look(n);
    assert_null(item_to(n, "quality"));
    assert_non_null(item_to(n, "head-county"));
    now = time_now();
    assert_int_equal(item_to(n, "head-county")->next, choice_quiet_until(&quiet, now));
    assert_true(item_to(n, "head-county")->next > now);
    ended(n);
}

/* Looks have a pause between them, and a clock that was set back does not stop them. */
static void test_pauses(void **state)
{
    (void)state;
    assert_int_equal(notify_charts_at(0, NOW), NOW);
    assert_int_equal(notify_charts_at(NOW, NOW), NOW + LIMIT_NOTIFY_CHARTS_MS);
    assert_int_equal(notify_charts_at(NOW - 1, NOW), NOW - 1 + LIMIT_NOTIFY_CHARTS_MS);
    assert_int_equal(notify_charts_at(NOW - LIMIT_NOTIFY_CHARTS_MS, NOW), NOW);
    assert_int_equal(notify_charts_at(NOW + DAY, NOW), NOW);
}

#define CASE(name)                                                                     \
    cmocka_unit_test_setup_teardown(test_##name, open_told, close_network)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(whom),
        CASE(once),
        CASE(together),
        CASE(while_it_stands),
        CASE(choices),
        cmocka_unit_test(test_pauses),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
