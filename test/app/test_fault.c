/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every allocation fails in turn, for each kind of write: the answer says 503 (or the
 * write went through) and what is stored is the old state or the new one, never half.
 * The store's writer allocates on a thread of its own; its allocations are counted too.
 */
#include "node.h"

static struct node node;

static int open_sqlite(void **state)
{
    (void)state;
    node_open(&node, false);
    return 0;
}

static int close_node(void **state)
{
    (void)state;
    node_close(&node);
    return 0;
}

static char *text_of(const char *path)
{
    struct said *s = GET(&node, path);
    char *text = strndup(said_text(s, "code.text"), 100);

    said_free(s);
    return text;
}

/* Ask with the ${n}th allocation failing; the status. Answers need not be JSON then. */
static int ask_failing(unsigned long n, struct ask a, unsigned long *counted)
{
    struct app_call call = {
        .app = node.app,
        .arena = arena_new(),
        .caller = {.name = STR("tester")},
        .method = a.method,
        .query = str_of(a.path),
        .body = str_of(a.body),
        .body_format = a.format,
        .if_none_exist = str_of(a.if_none_exist),
    };
    int status = 0;

    call.path = str_cut(&call.query, '?');
    base_fail_alloc(n);
    app_run(&call);
    *counted = base_fail_alloc(0);
    status = call.status;
    app_call_done(&call);
    arena_free(call.arena);
    return status;
}

struct step {
    const char *name;
    struct ask ask; /* @ in the body: a number that is new each time */
    int ok;
};

/* ${text} with ${number} for each @. */
static void fill(char *out, size_t size, const char *text, const char *number)
{
    size_t len = 0;

    for (; *text && len + 32 < size; text++) {
        if (*text == '@')
            len += (size_t)snprintf(out + len, size - len, "%s", number);
        else
            out[len++] = *text;
    }
    out[len] = '\0';
}

static void run_step(const struct step *step)
{
    unsigned long n = 1;
    int refused = 0;

    for (;; n++) {
        char body[2000];
        char number[32];
        struct ask a = step->ask;
        unsigned long counted = 0;
        char *before = text_of("Basic/f");
        char *after = NULL;
        int status = 0;

        snprintf(number, sizeof(number), "%lu", n);
        fill(body, sizeof(body), a.body, number);
        a.body = body;
        status = ask_failing(n, a, &counted);
        after = text_of("Basic/f");
        if (status != 503 && status != step->ok && status != 201)
            fail_msg("%s: allocation %lu: status %d", step->name, n, status);
        if (status == 503) {
            refused++;
            assert_true(strcmp(after, before) == 0 || strcmp(after, number) == 0);
        } else {
            assert_string_equal(after, number);
        }
        free(before);
        free(after);
        if (counted < n)
            break;
        assert_true(n < 5000);
    }
    printf("%s: %lu allocations, %d refused\n", step->name, n - 1, refused);
    assert_true(refused > 5);
}

static void test_writes(void **state)
{
    static const struct step steps[] = {
        {"update",
            {.method = APP_PUT,
                .path = "Basic/f",
                .body = "{\"resourceType\":\"Basic\",\"id\":\"f\",\"code\":{\"text\":"
                        "\"@\"}}"},
            200},
        {"patch",
            {.method = APP_PATCH,
                .path = "Basic/f",
                .format = APP_JSON_PATCH,
                .body =
                    "[{\"op\":\"replace\",\"path\":\"/code/text\",\"value\":\"@\"}]"},
            200},
        {"transaction",
            {.method = APP_POST,
                .path = "",
                .body =
                    "{\"resourceType\":\"Bundle\",\"type\":\"transaction\",\"entry\":["
                    "{\"resource\":{\"resourceType\":\"Basic\",\"id\":\"f\",\"code\":"
                    "{\"text\":\"@\"}},\"request\":{\"method\":\"PUT\",\"url\":"
                    "\"Basic/f\"}},"
                    "{\"resource\":{\"resourceType\":\"Basic\",\"id\":\"g\",\"code\":"
                    "{\"text\":\"@\"}},\"request\":{\"method\":\"PUT\",\"url\":"
                    "\"Basic/g\"}}]}"},
            200},
    };

    (void)state;
    must(&node, 201,
        (struct ask){.method = APP_PUT,
            .path = "Basic/f",
            .body =
                "{\"resourceType\":\"Basic\",\"id\":\"f\",\"code\":{\"text\":\"0\"}}"});
    must(&node, 201,
        (struct ask){.method = APP_PUT,
            .path = "Basic/g",
            .body =
                "{\"resourceType\":\"Basic\",\"id\":\"g\",\"code\":{\"text\":\"0\"}}"});
    for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
        run_step(&steps[i]);
    {
        /* the two records of the transaction are of the same moment */
        char *f = text_of("Basic/f");
        char *g = text_of("Basic/g");

        assert_string_equal(f, g);
        free(f);
        free(g);
    }
}

/* How many records the search ${path} finds. */
static int found(const char *path)
{
    struct said *s = said_status(GET(&node, path), 200);
    int count = atoi(said_text(s, "total"));

    said_free(s);
    return count;
}

/* A write asked again and again, each time with another allocation failing, until the
 * one that was to fail is never reached. ${before} (with a path) makes the old state; the
 * number of the try stands for each @. ${check} finds ${old} records before, ${made}
 * after. */
struct coming {
    const char *name;
    struct ask before;
    struct ask ask;
    const char *check;
    int ok;
    int old, made;
};

static void run_coming(const struct coming *c)
{
    unsigned long n = 1;
    int refused = 0;

    for (;; n++) {
        char number[32];
        char texts[6][400];
        struct ask before = c->before;
        struct ask a = c->ask;
        unsigned long counted = 0;
        int status = 0;
        int there = 0;

        snprintf(number, sizeof(number), "%s-%lu", c->name, n);
        fill(texts[0], 400, a.path, number);
        fill(texts[1], 400, a.body ? a.body : "", number);
        fill(texts[2], 400, a.if_none_exist ? a.if_none_exist : "", number);
        fill(texts[3], 400, before.path ? before.path : "", number);
        fill(texts[4], 400, before.body ? before.body : "", number);
        fill(texts[5], 400, c->check, number);
        a.path = texts[0];
        a.body = a.body ? texts[1] : NULL;
        a.if_none_exist = a.if_none_exist ? texts[2] : NULL;
        if (before.path) {
            before.path = texts[3];
            before.body = texts[4];
            must(&node, 201, before);
        }
        assert_int_equal(found(texts[5]), c->old);
        status = ask_failing(n, a, &counted);
        if (status != 503 && status != c->ok)
            fail_msg("%s: allocation %lu: status %d", c->name, n, status);
        there = found(texts[5]);
        if (status == 503) {
            refused++;
            assert_true(there == c->old || there == c->made);
        } else {
            assert_int_equal(there, c->made);
        }
        /* and the next try works: where it is conditional, it makes no second */
        if (a.if_none_exist || a.method == APP_DELETE) {
            must(&node, there == c->old ? c->ok : a.if_none_exist ? 200 : 204, a);
            assert_int_equal(found(texts[5]), c->made);
        }
        if (counted < n)
            break;
        assert_true(n < 5000);
    }
    printf("%s: %lu allocations, %d refused\n", c->name, n - 1, refused);
    assert_true(refused > 3);
}

#define BASIC                                                                          \
    "{\"resourceType\":\"Basic\",\"code\":{\"text\":\"x\"},\"identifier\":[{"          \
    "\"system\":\"urn:f\",\"value\":\"@\"}]}"
#define BASIC_NAMED                                                                    \
    "{\"resourceType\":\"Basic\",\"id\":\"@\",\"code\":{\"text\":\"x\"},"              \
    "\"identifier\":["                                                                 \
    "{\"system\":\"urn:f\",\"value\":\"@\"}]}"
#define COUNT "Basic?identifier=urn:f|@&_total=accurate&_count=0"

static void test_coming_and_going(void **state)
{
    static const struct coming list[] = {
        {"create", {.method = APP_GET},
            {.method = APP_POST, .path = "Basic", .body = BASIC}, COUNT, 201, 0, 1},
        {"conditional-create", {.method = APP_GET},
            {.method = APP_POST,
                .path = "Basic",
                .body = BASIC,
                .if_none_exist = "identifier=urn:f|@"},
            COUNT, 201, 0, 1},
        {"delete", {.method = APP_PUT, .path = "Basic/@", .body = BASIC_NAMED},
            {.method = APP_DELETE, .path = "Basic/@"}, COUNT, 204, 1, 0},
        {"conditional-delete",
            {.method = APP_PUT, .path = "Basic/@", .body = BASIC_NAMED},
            {.method = APP_DELETE, .path = "Basic?identifier=urn:f|@"}, COUNT, 204, 1,
            0},
        {"conditional-update", {.method = APP_GET},
            {.method = APP_PUT, .path = "Basic?identifier=urn:f|@", .body = BASIC},
            COUNT, 201, 0, 1},
        {"transaction-delete",
            {.method = APP_PUT, .path = "Basic/@", .body = BASIC_NAMED},
            {.method = APP_POST,
                .path = "",
                .body = "{\"resourceType\":\"Bundle\",\"type\":\"transaction\","
                        "\"entry\":[{\"request\":{\"method\":\"DELETE\",\"url\":"
                        "\"Basic/@\"}},{\"request\":{\"method\":\"GET\",\"url\":"
                        "\"Basic/@\"}}]}"},
            COUNT, 200, 1, 0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++)
        run_coming(&list[i]);
}

static void test_reads(void **state)
{
    static const char *const paths[] = {"Basic/f", "Basic?code=x", "Basic/f/_history"};

    (void)state;
    must(&node, 201,
        (struct ask){.method = APP_PUT,
            .path = "Basic/f",
            .body =
                "{\"resourceType\":\"Basic\",\"id\":\"f\",\"code\":{\"text\":\"0\"}}"});
    for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
        for (unsigned long n = 1;; n++) {
            unsigned long counted = 0;
            struct ask a = {.path = paths[i]};
            struct str path = str_of(a.path);
            struct app_call call = {.app = node.app,
                .arena = arena_new(),
                .caller = {.name = STR("tester")}};

            call.query = path;
            call.path = str_cut(&call.query, '?');
            base_fail_alloc(n);
            app_run(&call);
            counted = base_fail_alloc(0);
            assert_true(call.status == 200 || call.status == 503);
            app_call_done(&call);
            arena_free(call.arena);
            if (counted < n)
                break;
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_writes, open_sqlite, close_node),
        cmocka_unit_test_setup_teardown(test_coming_and_going, open_sqlite, close_node),
        cmocka_unit_test_setup_teardown(test_reads, open_sqlite, close_node),
    };

    return cmocka_run_group_tests_name("fault", tests, NULL, NULL);
}
