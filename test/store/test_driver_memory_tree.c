/* SPDX-License-Identifier: Apache-2.0 */
/* The memory driver's trees against a model, a sorted array: random changes, trees that
 * were shared and must stay as they were, memory that runs out at every place. */
#include "store/driver_memory_tree.h"
#include "unit.h"

#define MODEL_MAX 4096
#define KEY_MAX 12

struct row {
    uint8_t key[KEY_MAX];
    size_t key_len;
    uint64_t value;
};

struct model {
    struct row rows[MODEL_MAX];
    size_t count;
};

static struct str row_key(const struct row *row)
{
    return (struct str){(const char *)row->key, row->key_len};
}

static size_t model_place(const struct model *m, struct str key)
{
    size_t low = 0;
    size_t high = m->count;

    while (low < high) {
        size_t middle = (low + high) / 2;
        if (str_cmp(row_key(&m->rows[middle]), key) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool model_has(const struct model *m, size_t at, struct str key)
{
    return at < m->count && str_eq(row_key(&m->rows[at]), key);
}

static void model_put(struct model *m, const struct row *row)
{
    size_t at = model_place(m, row_key(row));

    if (!model_has(m, at, row_key(row))) {
        assert_true(m->count < MODEL_MAX);
        memmove(&m->rows[at + 1], &m->rows[at], (m->count - at) * sizeof(*row));
        m->count++;
    }
    m->rows[at] = *row;
}

static bool model_del(struct model *m, struct str key)
{
    size_t at = model_place(m, key);

    if (!model_has(m, at, key))
        return false;
    m->count--;
    memmove(&m->rows[at], &m->rows[at + 1], (m->count - at) * sizeof(m->rows[0]));
    return true;
}

/* Keys share beginnings, and some are the beginning of others; one is empty. */
static struct row row_random(void)
{
    struct row row = {.value = unit_random()};

    row.key_len = (size_t)unit_between(0, unit_between(0, 3) ? 4 : KEY_MAX);
    for (size_t i = 0; i < row.key_len; i++)
        row.key[i] = (uint8_t)(unit_between(0, 5) * 51);
    return row;
}

static int tree_put_row(struct tree *t, const struct row *row)
{
    struct tree_entry *e = tree_entry_new(row_key(row), sizeof(row->value));

    if (e)
        memcpy(tree_entry_room(e), &row->value, sizeof(row->value));
    return tree_put(t, e);
}

static void same_row(const struct tree_entry *e, const struct row *row)
{
    assert_non_null(e);
    assert_true(str_eq(tree_key(e), row_key(row)));
    assert_int_equal(e->value_len, sizeof(row->value));
    assert_memory_equal(tree_value(e).p, &row->value, sizeof(row->value));
}

/* The whole of ${t}, both ways. */
static void same(const struct tree *t, const struct model *m)
{
    struct tree_walk walk;
    const struct tree_entry *e = tree_walk_from(&walk, t, (struct str){NULL, 0});

    assert_true(tree_check(t));
    assert_int_equal(t->rows, m->count);
    for (size_t i = 0; i < m->count; i++) {
        same_row(e, &m->rows[i]);
        e = tree_walk_next(&walk);
    }
    assert_null(e);
    assert_null(tree_walk_next(&walk));
    e = tree_walk_last(&walk, t);
    for (size_t i = m->count; i-- > 0;) {
        same_row(e, &m->rows[i]);
        e = tree_walk_prev(&walk);
    }
    assert_null(e);
    assert_null(tree_walk_prev(&walk));
}

/* From the place of a random key, some steps up and some down. */
static void same_walk(const struct tree *t, const struct model *m)
{
    struct row row = row_random();
    size_t at = model_place(m, row_key(&row));
    const struct tree_entry *e = tree_get(t, row_key(&row));
    struct tree_walk walk;

    assert_true((e != NULL) == model_has(m, at, row_key(&row)));
    if (e)
        same_row(e, &m->rows[at]);
    e = tree_walk_from(&walk, t, row_key(&row));
    for (size_t i = at; i < at + 40 && i < m->count; i++) {
        same_row(e, &m->rows[i]);
        e = tree_walk_next(&walk);
    }
    assert_true((e == NULL) == (at + 40 >= m->count));
    e = tree_walk_below(&walk, t, row_key(&row));
    for (size_t i = at; i > 0 && i + 40 > at; i--) {
        same_row(e, &m->rows[i - 1]);
        e = tree_walk_prev(&walk);
    }
    assert_true((e == NULL) == (at <= 40));
}

static void change_random(struct tree *t, struct model *m, int64_t dels)
{
    struct row row = row_random();

    if (unit_between(1, 100) <= dels) {
        /* half of them of a key that is there, which is given as the tree's own */
        if (m->count && unit_between(0, 1)) {
            row = m->rows[unit_between(0, (int64_t)m->count - 1)];
            assert_int_equal(tree_del(t, tree_key(tree_get(t, row_key(&row)))), 1);
            assert_true(model_del(m, row_key(&row)));
        } else {
            assert_int_equal(tree_del(t, row_key(&row)), model_del(m, row_key(&row)));
        }
    } else {
        assert_int_equal(tree_put_row(t, &row), 0);
        model_put(m, &row);
    }
}

static void test_model(void **state)
{
    enum { SHARED = 4 };
    struct tree t = {0};
    struct tree shared[SHARED] = {{0}};
    struct model *m = calloc(1 + SHARED, sizeof(*m));

    (void)state;
    assert_non_null(m);
    for (int i = 0; i < 40000; i++) {
        /* grow, shrink, grow, ... */
        change_random(&t, m, i / 5000 % 2 ? 75 : 25);
        if (i % 16 == 0)
            same_walk(&t, m);
        if (i % 500 == 0) {
            int64_t which = unit_between(0, SHARED - 1);
            same(&t, m);
            same(&shared[which], &m[1 + which]);
            tree_clear(&shared[which]);
            tree_share(&shared[which], &t);
            m[1 + which] = m[0];
        }
    }
    same(&t, m);
    for (size_t i = 0; i < SHARED; i++) {
        same(&shared[i], &m[1 + i]);
        tree_clear(&shared[i]);
    }
    tree_clear(&t);
    assert_int_equal(t.rows, 0);
    assert_int_equal(t.bytes, 0);
    free(m);
}

/* Two trees that begin as one and go apart, each changed. */
static void test_apart(void **state)
{
    struct model *m = calloc(2, sizeof(*m));
    struct tree t[2] = {{0}};

    (void)state;
    assert_non_null(m);
    for (int i = 0; i < 1000; i++)
        change_random(&t[0], &m[0], 10);
    tree_share(&t[1], &t[0]);
    m[1] = m[0];
    for (int i = 0; i < 4000; i++)
        change_random(&t[i % 2], &m[i % 2], 60);
    same(&t[0], &m[0]);
    same(&t[1], &m[1]);
    tree_clear(&t[0]);
    same(&t[1], &m[1]);
    tree_clear(&t[1]);
    free(m);
}

static struct row numbered(uint32_t number)
{
    struct row row = {.key_len = 4, .value = number};

    for (unsigned i = 0; i < 4; i++)
        row.key[i] = (uint8_t)(number >> (24 - 8 * i));
    return row;
}

/* Many keys in order, and out again in order: the order that splits and joins at the
 * edges. */
static void in_order(bool put_up, bool del_up)
{
    enum { MANY = 20000 };
    struct tree t = {0};
    struct row row;

    for (uint32_t i = 0; i < MANY; i++) {
        row = numbered(put_up ? i : MANY - 1 - i);
        assert_int_equal(tree_put_row(&t, &row), 0);
    }
    assert_true(tree_check(&t));
    assert_int_equal(t.rows, MANY);
    assert_int_equal(t.bytes, MANY * 12);
    for (uint32_t i = 0; i < MANY; i++) {
        row = numbered(del_up ? i : MANY - 1 - i);
        assert_int_equal(tree_del(&t, row_key(&row)), 1);
        if (i % 1000 == 0)
            assert_true(tree_check(&t));
    }
    assert_null(t.root);
    assert_int_equal(t.rows, 0);
}

static void test_in_order(void **state)
{
    (void)state;
    in_order(true, true);
    in_order(true, false);
    in_order(false, true);
    in_order(false, false);
}

/* A key out of a tree that was long full of others: what stays must stay reachable. */
static void test_thin(void **state)
{
    enum { MANY = 5000, KEPT = 97 };
    struct tree t = {0};
    struct tree_walk walk;
    const struct tree_entry *e = NULL;
    struct row row;

    (void)state;
    for (uint32_t i = 0; i < MANY; i++) {
        row = numbered(i);
        assert_int_equal(tree_put_row(&t, &row), 0);
    }
    for (uint32_t i = 0; i < MANY; i++) {
        row = numbered(i);
        if (i % KEPT)
            assert_int_equal(tree_del(&t, row_key(&row)), 1);
    }
    assert_true(tree_check(&t));
    e = tree_walk_from(&walk, &t, (struct str){NULL, 0});
    for (uint32_t i = 0; i < MANY; i += KEPT) {
        row = numbered(i);
        same_row(e, &row);
        e = tree_walk_next(&walk);
    }
    assert_null(e);
    tree_clear(&t);
}

/* ---- memory that runs out ---- */

struct faulty {
    struct tree base; /* shared, so that each change has to copy */
    const struct model *model;
    struct model *now;
    bool del;
    uint32_t changes;
    uint32_t first;
    uint32_t stride; /* 1: in order */
};

/* Whatever failed changed nothing, and ${t} can go on from there until it is empty. */
static void faulty_rest(struct tree *t, struct model *m)
{
    same(t, m);
    while (m->count > 0) {
        struct row row = m->rows[m->count / 2];
        assert_int_equal(tree_del(t, row_key(&row)), 1);
        assert_true(model_del(m, row_key(&row)));
        if (m->count % 64 == 0)
            assert_true(tree_check(t));
    }
    assert_null(t->root);
}

static int faulty_step(void *arg)
{
    struct faulty *f = arg;
    struct tree t = {0};
    int r = 0;

    tree_share(&t, &f->base);
    *f->now = *f->model;
    for (uint32_t i = 0; i < f->changes && r >= 0; i++) {
        /* every third row that is put is new */
        struct row row = numbered(f->first + i * f->stride % 400 * (f->del ? 1 : 3));
        if (f->del)
            r = tree_del(&t, row_key(&row));
        else
            r = tree_put_row(&t, &row);
        if (r >= 0 && f->del)
            assert_int_equal(r, model_del(f->now, row_key(&row)));
        else if (r >= 0)
            model_put(f->now, &row);
    }
    same(&f->base, f->model);
    if (r < 0)
        faulty_rest(&t, f->now);
    same(&f->base, f->model);
    tree_clear(&t);
    return r < 0 ? r : 0;
}

static void test_no_memory(void **state)
{
    struct model *m = calloc(2, sizeof(*m));
    struct faulty f = {.model = m, .now = m + 1, .changes = 400, .stride = 37};

    (void)state;
    assert_non_null(m);
    /* into an empty one: 400 entries, and the nodes */
    assert_true(unit_fault_loop(faulty_step, &f) > 400);
    for (uint32_t i = 0; i < 400; i++) {
        struct row row = numbered(i);
        assert_int_equal(tree_put_row(&f.base, &row), 0);
        model_put(m, &row);
    }
    assert_true(unit_fault_loop(faulty_step, &f) > 400);
    f.del = true;
    assert_true(unit_fault_loop(faulty_step, &f) > 13); /* its leaves, copied */
    f.stride = 1;
    assert_true(unit_fault_loop(faulty_step, &f) > 13);
    f.stride = 399;
    assert_true(unit_fault_loop(faulty_step, &f) > 13);
    tree_clear(&f.base);
    free(m);
}

/* The same for a single del, at each size of a tree that empties from one end: so every
 * kind of join is met, and fails after it was done. */
static void test_no_memory_thin(void **state)
{
    struct model *m = calloc(2, sizeof(*m));
    struct faulty f = {
        .model = m, .now = m + 1, .changes = 1, .del = true, .stride = 1};

    (void)state;
    assert_non_null(m);
    for (uint32_t i = 0; i < 600; i++) {
        struct row row = numbered(599 - i);
        assert_int_equal(tree_put_row(&f.base, &row), 0);
        model_put(m, &row);
    }
    for (uint32_t i = 0; i < 600; i++) {
        struct row row = numbered(i);
        f.first = i;
        unit_fault_loop(faulty_step, &f);
        assert_int_equal(tree_del(&f.base, row_key(&row)), 1);
        assert_true(model_del(m, row_key(&row)));
    }
    assert_null(f.base.root);
    free(m);
}

/* The checker finds what it is for. */
static void test_check(void **state)
{
    struct tree t = {0};
    struct row row = numbered(1);

    (void)state;
    assert_true(tree_check(&t));
    assert_int_equal(tree_put_row(&t, &row), 0);
    assert_true(tree_check(&t));
    t.rows++;
    assert_false(tree_check(&t));
    t.rows--;
    t.bytes--;
    assert_false(tree_check(&t));
    t.bytes++;
    tree_clear(&t);
    assert_null(tree_get(&t, row_key(&row)));
    assert_int_equal(tree_del(&t, row_key(&row)), 0);
    assert_int_equal(tree_put(&t, NULL), E_NOMEM);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_model),
        cmocka_unit_test(test_apart),
        cmocka_unit_test(test_in_order),
        cmocka_unit_test(test_thin),
        cmocka_unit_test(test_no_memory),
        cmocka_unit_test(test_no_memory_thin),
        cmocka_unit_test(test_check),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
