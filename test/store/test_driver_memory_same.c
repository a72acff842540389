/* SPDX-License-Identifier: Apache-2.0 */
/* The memory driver beside the SQLite one: the same random calls must give the same
 * answers, and a backup of what is in memory is a node on disk. */
#include "party.h"

#define TABLES 2 /* the second has keys only */
#define TYPES 3

/* ---- both drivers at once ---- */

struct both {
    char folder[32];
    struct party party[2]; /* SQLite, memory */
    int64_t seq;
    int64_t last_rid[TYPES];
    int64_t kept_seq; /* of the savepoint, of the transaction's begin */
    int64_t kept_rid[TYPES];
};

static void both_open(struct both *b)
{
    memset(b, 0, sizeof(*b));
    folder_make(b->folder);
    party_open(&b->party[0], &driver_sqlite, b->folder);
    party_open(&b->party[1], &driver_memory, NULL);
    for (unsigned i = 0; i < TYPES; i++)
        b->last_rid[i] = store_rid_first(i);
}

static void both_close(struct both *b)
{
    party_close(&b->party[0]);
    party_close(&b->party[1]);
    folder_remove(b->folder);
}

/* Call ${call} (of "p->d" and "c") on both; they must return the same. E_IO: a row that
 * must be new is there.
 * The err is static to keep frames small. */
#define EACH(b, who, call)                                                             \
    do {                                                                               \
        int each_r[2];                                                                 \
        for (unsigned each_i = 0; each_i < 2; each_i++) {                              \
            struct party *p = &(b)->party[each_i];                                     \
            struct driver_conn *c = p->who;                                            \
            static struct err err;                                                     \
            (void)c;                                                                   \
            each_r[each_i] = (call);                                                   \
            if (each_r[each_i] < 0 && each_r[each_i] != E_NOT_FOUND &&                 \
                each_r[each_i] != E_IO)                                                \
                fail_msg("%s: %s", p->d->name, err.text);                              \
        }                                                                              \
        assert_int_equal(each_r[0], each_r[1]);                                        \
    } while (0)

static void same_version(const struct driver_version *a, const struct driver_version *b)
{
    assert_int_equal(a->seq, b->seq);
    assert_int_equal(a->rid, b->rid);
    assert_memory_equal(a->hash, b->hash, sizeof(a->hash));
    assert_int_equal(a->origin, b->origin);
    assert_int_equal(a->origin_seq, b->origin_seq);
    assert_int_equal(a->hlc, b->hlc);
    assert_int_equal(a->actor, b->actor);
    assert_int_equal(a->operation, b->operation);
    assert_int_equal(a->parent_count, b->parent_count);
    for (unsigned i = 0; i < a->parent_count; i++)
        assert_int_equal(a->parents[i], b->parents[i]);
    assert_int_equal(a->dictionary, b->dictionary);
    assert_memory_equal(a->body_hash, b->body_hash, sizeof(a->body_hash));
    same_str(a->body, b->body);
}

static void same_record(const struct driver_record *a, const struct driver_record *b)
{
    assert_int_equal(a->rid, b->rid);
    same_str(a->id, b->id);
    assert_int_equal(a->head, b->head);
    assert_int_equal(a->live, b->live);
}

/* ---- random rows ---- */

struct bytes {
    char p[600];
    size_t len;
};

static struct str bytes_random(struct bytes *to, int64_t most)
{
    to->len = (size_t)unit_between(0, most);
    for (size_t i = 0; i < to->len; i++)
        to->p[i] = (char)unit_between(0, 3);
    return (struct str){to->p, to->len};
}

static store_rid rid_random(const struct both *b)
{
    unsigned type = (unsigned)unit_between(0, TYPES - 1);

    /* some are of nobody */
    return unit_between(store_rid_first(type), b->last_rid[type] + 1);
}

static struct str id_of(struct bytes *to, store_rid rid)
{
    int len = snprintf(to->p, sizeof(to->p), "00000000-0000-4000-8000-%012llx",
        (unsigned long long)rid);

    to->len = (size_t)len;
    /* UUIDs and others */
    if (rid % 3)
        return (struct str){to->p + 9, to->len - 9};
    return (struct str){to->p, to->len};
}

static struct driver_version version_random(
    const struct both *b, int64_t seq, struct bytes *body)
{
    struct driver_version v = {
        .seq = seq,
        .rid = rid_random(b),
        .origin = (unsigned)unit_between(0, 2),
        .origin_seq = unit_between(0, 1) ? seq : unit_between(1, 99),
        .hlc = unit_random() >> 1,
        .actor = (unsigned)unit_between(0, 9),
        .operation = (enum store_operation)unit_between(STORE_CREATE, STORE_DELETE),
        .parent_count = (unsigned)unit_between(0, DRIVER_PARENTS_MAX),
        .dictionary = (int)unit_between(DRIVER_BODY_ERASED, 2),
    };

    for (unsigned i = 0; i < v.parent_count; i++)
        v.parents[i] = unit_between(1, seq);
    for (unsigned i = 0; i < sizeof(v.hash); i++)
        v.hash[i] = (uint8_t)unit_random();
    if (v.dictionary == DRIVER_BODY_BLOB || v.dictionary == DRIVER_BODY_ERASED)
        memcpy(v.body_hash, v.hash, sizeof(v.body_hash));
    if (v.dictionary >= 0)
        v.body = bytes_random(body, 500);
    return v;
}

/* ---- the same changes ---- */

static void change_log(struct both *b)
{
    struct bytes body;
    struct driver_version v;

    if (b->seq == 0 || unit_between(0, 3)) {
        v = version_random(b, ++b->seq, &body);
        EACH(b, writer, p->d->version_add(c, &v, &err));
    } else {
        v = version_random(b, unit_between(1, b->seq + 1), &body);
        EACH(b, writer, p->d->version_body(c, &v, &err));
    }
}

static void change_record(struct both *b)
{
    unsigned type = (unsigned)unit_between(0, TYPES - 1);
    struct bytes id;
    struct driver_record record = {0};
    store_rid rid = rid_random(b);
    int64_t seq = unit_between(1, 1000000);

    switch (unit_between(0, 4)) {
    case 0:
        record.rid = ++b->last_rid[type];
        record.id = id_of(&id, record.rid);
        record.head = unit_between(0, b->seq);
        record.live = record.head && unit_between(0, 1);
        EACH(b, writer, p->d->record_add(c, &record, &err));
        break;
    case 1:
        EACH(b, writer,
            p->d->record_head(c, rid, b->seq ? b->seq : 1, seq % 2 == 0, &err));
        break;
    case 2:
        EACH(b, writer, p->d->past_add(c, rid, seq, &err));
        break;
    case 3:
        EACH(b, writer, p->d->head_add(c, rid, seq % 50, &err));
        break;
    default:
        EACH(b, writer, p->d->head_remove(c, rid, seq % 50, &err));
        break;
    }
}

static void change_value(struct both *b)
{
    static const char *const names[] = {"", "a", "a/1", "a/10", "a/2", "b", "zz"};
    const char *name = names[unit_between(0, 6)];
    enum driver_space space = unit_between(0, 1) ? DRIVER_OWN : DRIVER_SETTINGS;
    struct bytes bytes;
    struct str value = bytes_random(&bytes, 40);

    if (unit_between(0, 3) == 0)
        value = (struct str){NULL, 0};
    EACH(b, writer, p->d->value_put(c, space, name, value, &err));
}

static void change_rows(struct both *b)
{
    unsigned table = (unsigned)unit_between(0, TABLES - 1);
    struct bytes room[2];

    for (int i = 0; i < 10; i++) {
        struct str key = bytes_random(&room[0], 6);
        struct str value = bytes_random(&room[1], 20);
        if (unit_between(0, 2))
            EACH(b, writer, p->d->row_put(c, table, key, value, &err));
        else
            EACH(b, writer, p->d->row_del(c, table, key, &err));
    }
    if (unit_between(0, 300) == 0)
        EACH(b, writer, p->d->table_clear(c, table, &err));
}

/* ---- the same answers ---- */

static void ask_log(struct both *b, bool writer)
{
    int64_t last[2] = {-1, -2};
    int64_t seq = unit_between(0, b->seq + 1);
    bool body = unit_between(0, 1);
    struct driver_version v[2];

    memset(v, 0, sizeof(v));
    EACH(b, reader, p->d->last_seq(writer ? p->writer : c, &last[each_i], &err));
    assert_int_equal(last[0], last[1]);
    EACH(b, reader,
        p->d->version_get(writer ? p->writer : c, seq, body, &v[each_i], &err));
    same_version(&v[0], &v[1]);
}

static void ask_versions(struct both *b, bool writer)
{
    struct driver_version out[2][8];
    struct driver_versions q[2];
    struct arena *a = arena_new();
    int64_t before = unit_between(0, b->seq + 2);
    size_t limit = (size_t)unit_between(0, 8);

    assert_non_null(a);
    for (unsigned i = 0; i < 2; i++)
        q[i] = (struct driver_versions){
            .before = before, .a = a, .out = out[i], .limit = limit};
    EACH(b, reader, p->d->version_list(writer ? p->writer : c, &q[each_i], &err));
    assert_int_equal(q[0].count, q[1].count);
    for (size_t i = 0; i < q[0].count; i++)
        same_version(&out[0][i], &out[1][i]);
    arena_free(a);
}

static void ask_record(struct both *b, bool writer)
{
    struct bytes id;
    store_rid rid = rid_random(b);
    unsigned type = store_rid_type(rid);
    struct driver_record record[2];
    struct driver_current q[2];
    store_rid last[2] = {-1, -2};

    memset(record, 0, sizeof(record));
    memset(q, 0, sizeof(q));
    EACH(b, reader,
        p->d->record_find(
            writer ? p->writer : c, type, id_of(&id, rid), &record[each_i], &err));
    same_record(&record[0], &record[1]);
    memset(record, 0, sizeof(record));
    EACH(b, reader,
        p->d->record_get(writer ? p->writer : c, rid, &record[each_i], &err));
    same_record(&record[0], &record[1]);
    memset(record, 0, sizeof(record));
    EACH(b, reader,
        p->d->record_next(writer ? p->writer : c, rid, &record[each_i], &err));
    same_record(&record[0], &record[1]);
    memset(record, 0, sizeof(record));
    EACH(b, reader,
        p->d->record_last(writer ? p->writer : c, type, &last[each_i], &err));
    assert_int_equal(last[0], last[1]);
    q[0].body = q[1].body = unit_between(0, 1);
    if (unit_between(0, 1)) {
        q[0].rid = q[1].rid = rid;
    } else {
        q[0].type = q[1].type = type;
        q[0].id = q[1].id = id_of(&id, rid);
    }
    EACH(b, reader, p->d->record_current(writer ? p->writer : c, &q[each_i], &err));
    same_record(&q[0].record, &q[1].record);
    same_version(&q[0].version, &q[1].version);
}

static void ask_lists(struct both *b, bool writer)
{
    int64_t out[2][20];
    struct driver_list q[2];
    store_rid rid = rid_random(b);
    int64_t which = unit_between(0, 3);
    size_t limit = (size_t)unit_between(0, 20);

    for (unsigned i = 0; i < 2; i++) {
        q[i] = (struct driver_list){
            .of = rid, .from = INT64_MAX, .down = true, .out = out[i], .limit = limit};
        if (which < 2)
            q[i].of = store_rid_type(rid);
        if (which == 0)
            q[i].from = rid;
        else if (rid % 2)
            q[i].from = b->seq / 2;
        if (which == 0)
            q[i].down = rid % 2;
    }
    EACH(b, reader,
        which == 0   ? p->d->record_list(writer ? p->writer : c, &q[each_i], &err)
        : which == 1 ? p->d->type_list(writer ? p->writer : c, &q[each_i], &err)
        : which == 2 ? p->d->past_list(writer ? p->writer : c, &q[each_i], &err)
                     : p->d->head_list(writer ? p->writer : c, &q[each_i], &err));
    assert_int_equal(q[0].count, q[1].count);
    assert_memory_equal(out[0], out[1], q[0].count * sizeof(out[0][0]));
}

struct scan {
    struct bytes all;
    int left;
};

static int scan_visit(void *arg, const char *name, struct str value, struct err *err)
{
    struct scan *s = arg;

    (void)err;
    s->all.len += (size_t)snprintf(s->all.p + s->all.len, sizeof(s->all.p) - s->all.len,
        "%s=%zu ", name, value.len);
    return --s->left == 0 ? 7 : 0;
}

static void ask_values(struct both *b, bool writer)
{
    static const char *const names[] = {"", "a", "a/1", "a/10", "a/", "b", "c"};
    const char *name = names[unit_between(0, 6)];
    enum driver_space space = unit_between(0, 1) ? DRIVER_OWN : DRIVER_SETTINGS;
    struct str value[2] = {{0}};
    struct scan scan[2];

    memset(scan, 0, sizeof(scan));
    scan[0].left = scan[1].left = (int)unit_between(1, 9);
    EACH(b, reader,
        p->d->value_get(writer ? p->writer : c, space, name, &value[each_i], &err));
    same_str(value[0], value[1]);
    EACH(b, reader,
        p->d->value_scan(
            writer ? p->writer : c, space, name, scan_visit, &scan[each_i], &err));
    assert_string_equal(scan[0].all.p, scan[1].all.p);
}

static void same_row(const struct store_row *a, const struct store_row *b)
{
    same_str((struct str){(const char *)a->key, a->key_len},
        (struct str){(const char *)b->key, b->key_len});
    same_str((struct str){(const char *)a->value, a->value_len},
        (struct str){(const char *)b->value, b->value_len});
}

static void ask_rows(struct both *b, bool writer)
{
    unsigned table = (unsigned)unit_between(0, TABLES - 1);
    enum driver_step step = unit_between(0, 1) ? DRIVER_GE : DRIVER_LT;
    struct bytes room;
    struct str key = bytes_random(&room, 6);
    struct driver_cursor *cur[2] = {NULL, NULL};
    struct store_row row[2] = {{0}};
    int64_t size[2][2] = {{0}};

    EACH(b, reader,
        p->d->row_get(writer ? p->writer : c, table, key, &row[each_i], &err));
    same_row(&row[0], &row[1]);
    memset(row, 0, sizeof(row));
    EACH(b, reader,
        p->d->table_size(
            writer ? p->writer : c, table, &size[each_i][0], &size[each_i][1], &err));
    assert_memory_equal(size[0], size[1], sizeof(size[0]));
    EACH(b, reader,
        p->d->cursor_open(writer ? p->writer : c, table, &cur[each_i], &err));
    EACH(b, reader, p->d->cursor_seek(cur[each_i], key, step, &row[each_i], &err));
    for (int i = 0; i < 30; i++) {
        same_row(&row[0], &row[1]);
        memset(row, 0, sizeof(row));
        if (i == 20)
            EACH(b, reader,
                p->d->cursor_seek(cur[each_i], key, DRIVER_LT, &row[each_i], &err));
        else
            EACH(b, reader, p->d->cursor_next(cur[each_i], &row[each_i], &err));
    }
    for (unsigned i = 0; i < 2; i++)
        b->party[i].d->cursor_close(cur[i]);
}

static void ask(struct both *b, bool writer)
{
    ask_log(b, writer);
    ask_versions(b, writer);
    ask_record(b, writer);
    ask_lists(b, writer);
    ask_values(b, writer);
    ask_rows(b, writer);
}

/* Some changes within a transaction, part of them undone. */
static void group(struct both *b)
{
    int64_t seq[2] = {b->seq};
    int64_t rid[2][TYPES];
    bool undo = unit_between(0, 2) == 0;
    bool lose = unit_between(0, 4) == 0;

    memcpy(rid[0], b->last_rid, sizeof(rid[0]));
    EACH(b, writer, p->d->begin(c, &err));
    for (int64_t i = unit_between(0, 4); i >= 0; i--) {
        seq[1] = b->seq;
        memcpy(rid[1], b->last_rid, sizeof(rid[1]));
        EACH(b, writer, p->d->savepoint(c, &err));
        for (int64_t k = unit_between(0, 6); k >= 0; k--) {
            change_log(b);
            change_record(b);
            change_value(b);
            change_rows(b);
        }
        if (undo) {
            ask(b, true);
            EACH(b, writer, p->d->rollback_to(c, &err));
            b->seq = seq[1];
            memcpy(b->last_rid, rid[1], sizeof(rid[1]));
        } else {
            EACH(b, writer, p->d->release(c, &err));
        }
        ask(b, true);
        ask(b, false); /* a reader sees nothing of it */
    }
    if (lose) {
        EACH(b, writer, (p->d->rollback(c), 0));
        b->seq = seq[0];
        memcpy(b->last_rid, rid[0], sizeof(rid[0]));
    } else {
        EACH(b, writer, p->d->commit(c, &err));
    }
}

static void test_same_as_sqlite(void **state)
{
    struct both b;
    bool snapshot = false;

    (void)state;
    both_open(&b);
    for (int i = 0; i < 300; i++) {
        /* with a snapshot that lasts over several transactions, or with none */
        if (unit_between(0, 3) == 0) {
            if (snapshot)
                EACH(&b, reader, (p->d->read_end(c), 0));
            else
                EACH(&b, reader, p->d->read_begin(c, &err));
            snapshot = !snapshot;
        }
        group(&b);
        for (int k = 0; k < 5; k++)
            ask(&b, k == 4);
    }
    both_close(&b);
}

/* ---- backup ---- */

/* A copy of the memory node, opened by SQLite, answers as the SQLite node that was told
 * the same. */
static void test_backup(void **state)
{
    struct both b;
    char folder[32];
    struct driver_options options = {.path = folder};
    struct party *p = &b.party[1];
    struct err err = {0};

    (void)state;
    both_open(&b);
    for (int i = 0; i < 60; i++)
        group(&b);
    folder_make(folder);
    good(p->d->backup(p->node, folder, &err), &err);
    /* once more into the same folder: what is there stays */
    assert_int_equal(p->d->backup(p->node, folder, &err), E_CONFLICT);
    party_close(p);
    p->d = &driver_sqlite;
    good(p->d->open(&options, &p->node, &err), &err);
    good(p->d->connect(p->node, true, &p->writer, &err), &err);
    good(p->d->connect(p->node, false, &p->reader, &err), &err);
    good(p->d->begin(p->writer, &err), &err);
    good(p->d->table_open(p->writer, 0, "one", false, &err), &err);
    good(p->d->table_open(p->writer, 1, "keys", true, &err), &err);
    good(p->d->commit(p->writer, &err), &err);
    for (int i = 0; i < 500; i++)
        ask(&b, i % 2);
    both_close(&b);
    folder_remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same_as_sqlite),
        cmocka_unit_test(test_backup),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
