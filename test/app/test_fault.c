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
        .path = str_of(a.path),
        .body = str_of(a.body),
        .body_format = a.format,
    };
    int status = 0;

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
        cmocka_unit_test_setup_teardown(test_reads, open_sqlite, close_node),
    };

    return cmocka_run_group_tests_name("fault", tests, NULL, NULL);
}
