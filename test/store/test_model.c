/* SPDX-License-Identifier: Apache-2.0 */
/* Random histories against a simple model. The first argument names the driver. */
#include <stdio.h>
#include <string.h>

#include "node.h"

/* ---- random histories against a model ---- */

#define MODEL_RECORDS 12

struct model {
    const char *body[MODEL_RECORDS]; /* NULL: never; "": deleted */
    int64_t versions;
};

static uint32_t next_random(uint64_t *x)
{
    *x = *x * 6364136223846793005ull + 1442695040888963407ull;
    return (uint32_t)(*x >> 33);
}

static void one_history(struct node *n, uint64_t seed)
{
    struct model m = {0};
    uint64_t x = seed;

    for (unsigned step = 0; step < 60; step++) {
        struct store_write w[4] = {0};
        struct model after = m;
        unsigned count = 1 + next_random(&x) % 4;
        bool fails = next_random(&x) % 8 == 0;
        struct err err = {0};
        int r = 0;
        for (unsigned i = 0; i < count; i++) {
            unsigned which = next_random(&x) % MODEL_RECORDS;
            const char *id = arena_printf(n->arena, "r%u", which);
            struct str body = {0};
            if (next_random(&x) % 4 != 0)
                body = patient(n->arena, id,
                    arena_printf(n->arena,
                        ",\"tags\":[\"t%u\",\"u%u\"],\"ref\":\"Patient/r%u\"%s%s",
                        next_random(&x) % 3, next_random(&x) % 3,
                        next_random(&x) % (2 * MODEL_RECORDS),
                        next_random(&x) % 5 == 0 ? ",\"look\":true" : "",
                        fails && i == count - 1 ? ",\"fail\":true" : ""));
            MUST(node_write(n, &w[i], id, body, &err));
            const char *old = after.body[which];
            if (body.p && (!old || strcmp(old, body.p) != 0)) {
                after.body[which] = body.p;
                after.versions++;
            } else if (!body.p && old && old[0]) {
                after.body[which] = "";
                after.versions++;
            }
            if (body.p && fails && i == count - 1)
                r = E_INVALID;
        }
        assert_int_equal(node_commit(n, w, count, &err), r);
        if (r == 0)
            m = after;
    }
    for (unsigned i = 0; i < MODEL_RECORDS; i++) {
        const char *is = node_body(n, arena_printf(n->arena, "r%u", i));
        if (!m.body[i])
            assert_null(is);
        else
            assert_string_equal(is, m.body[i]);
    }
    struct store_stats s;
    struct err err = {0};
    MUST(store_stats(n->store, &s, &err));
    assert_int_equal(s.versions, m.versions);
    const char *rows = node_rows(n);
    assert_int_equal(node_verify(n, true), 0);
    MUST(store_rebuild(n->store, NULL, NULL, NULL, &err));
    assert_string_equal(node_rows(n), rows);
}

static void random_histories_agree(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 12; seed++) {
        struct node n;
        node_make(&n, node_kind);
        one_history(&n, seed);
        node_remove(&n);
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_histories_agree),
    };

    node_arguments(argc, argv);
    return cmocka_run_group_tests_name("store, random histories", tests, NULL, NULL);
}
