/* SPDX-License-Identifier: Apache-2.0 */
#include "node.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"

unsigned sample_first;
unsigned past_first;
const struct fhir_type *patient_type;

/* ---- the view ---- */

struct sample {
    struct str *tags;
    size_t tag_count;
    struct str name;
    struct str ref;
    bool look;
    bool fail;
};

/* A copy: the resource goes before the rows are written. */
static struct str copy_text(struct arena *a, struct str s)
{
    return s.p ? (struct str){arena_strndup(a, s.p, s.len), s.len} : s;
}

static int sample_prepare(struct arena *a, const struct fhir_type *type,
    const struct json *resource, utc_ms updated, const void **ret, struct err *err)
{
    struct sample *s = arena_alloc(a, sizeof(*s));
    const struct json *tags = json_get(resource, "tags");
    struct json_each it = json_each(tags);

    (void)type;
    (void)updated;
    if (!s)
        return err_nomem(err);
    s->tags = arena_array(a, json_count(tags), sizeof(*s->tags));
    if (!s->tags)
        return err_nomem(err);
    while (json_next(&it))
        s->tags[s->tag_count++] = copy_text(a, json_text(it.value));
    s->name = copy_text(a, json_get_text(resource, "name"));
    s->ref = copy_text(a, json_get_text(resource, "ref"));
    s->look = json_kind(json_get(resource, "look")) == JSON_TRUE;
    s->fail = json_kind(json_get(resource, "fail")) == JSON_TRUE;
    for (size_t i = 0; i < s->tag_count; i++) {
        if (!s->tags[i].p && json_text(json_at(tags, i)).p)
            return err_nomem(err);
    }
    if ((!s->name.p && json_get_text(resource, "name").p) ||
        (!s->ref.p && json_get_text(resource, "ref").p))
        return err_nomem(err);
    *ret = s;
    return 0;
}

static size_t key_make(uint8_t *key, struct str text, store_rid rid)
{
    size_t n = 0;

    if (text.p) {
        memcpy(key, text.p, text.len);
        n = text.len;
        key[n++] = 0;
    }
    for (unsigned i = 0; i < 8; i++)
        key[n++] = (uint8_t)((uint64_t)rid >> (56 - 8 * i));
    return n;
}

static int sample_rows(struct store_tx *tx, const struct sample *s,
    const struct store_change *c, bool put, struct err *err)
{
    uint8_t key[STORE_KEY_MAX];
    store_rid target = 0;
    size_t n = 0;
    int r = 0;

    for (size_t i = 0; i < s->tag_count && r == 0; i++) {
        n = key_make(key, s->tags[i], c->rid);
        r = put ? store_put(tx, sample_first + SAMPLE_TAG, key, n, NULL, 0, err)
                : store_del(tx, sample_first + SAMPLE_TAG, key, n, err);
        if (r == 0)
            r = store_add(tx, sample_first + SAMPLE_COUNT, s->tags[i].p, s->tags[i].len,
                put ? 1 : -1, err);
    }
    n = key_make(key, (struct str){0}, c->rid);
    if (r == 0 && s->name.p)
        r = put ? store_put(tx, sample_first + SAMPLE_NAME, key, n, s->name.p,
                      s->name.len, err)
                : store_del(tx, sample_first + SAMPLE_NAME, key, n, err);
    if (r < 0 || !s->ref.p)
        return r;
    r = store_intern(tx, patient_type->number,
        (struct str){s->ref.p + 8, s->ref.len - 8}, &target, err);
    if (r < 0)
        return r;
    n = key_make(key, (struct str){0}, target);
    n += key_make(key + n, (struct str){0}, c->rid);
    return put ? store_put(tx, sample_first + SAMPLE_REF, key, n, NULL, 0, err)
               : store_del(tx, sample_first + SAMPLE_REF, key, n, err);
}

/* The row just put is seen by who reads within the transaction. */
static int sample_look(struct store_tx *tx, const struct sample *s,
    const struct store_change *c, struct err *err)
{
    struct store_reader *r = store_tx_reader(tx);
    uint8_t key[STORE_KEY_MAX];
    struct store_row row;
    size_t n = key_make(key, s->tags[0], c->rid);
    int found = r ? store_row_get(r, sample_first + SAMPLE_TAG, key, n, &row, err) : 1;

    if (found == 0)
        return err_set(err, E_BUG, NULL, "The row is not seen.");
    return found < 0 ? found : 0;
}

static int sample_apply(
    struct store_tx *tx, struct arena *a, const struct store_change *c, struct err *err)
{
    const struct sample *s = c->prepared;
    int r = 0;

    (void)a;
    if (c->old_prepared)
        r = sample_rows(tx, c->old_prepared, c, false, err);
    if (r == 0 && s)
        r = sample_rows(tx, s, c, true, err);
    if (r == 0 && s && s->look)
        r = sample_look(tx, s, c, err);
    if (r == 0 && s && s->fail)
        return err_set(err, E_INVALID, NULL, "The view was told to fail.");
    return r;
}

static const char *const sample_tables[] = {
    "sample_tag", "sample_name", "sample_count", "sample_ref"};

struct store_view sample_view = {
    .name = "sample",
    .digest = "1",
    .tables = sample_tables,
    .table_count = 4,
    .first_table = &sample_first,
    .keys_only = 1u << SAMPLE_TAG | 1u << SAMPLE_REF,
    .prepare = sample_prepare,
    .apply = sample_apply,
};

/* ---- the view of the past ---- */

/* What it keeps of a change: the name before and after, at its position. */
static int past_apply(
    struct store_tx *tx, struct arena *a, const struct store_change *c, struct err *err)
{
    const struct sample *old = c->old_prepared;
    const struct sample *new = c->prepared;
    struct str before = old ? old->name : (struct str){NULL, 0};
    struct str after = new ? new->name : (struct str){NULL, 0};
    uint8_t key[16];
    char *value = arena_printf(a, "%d%.*s>%d%.*s", old != NULL, (int)before.len,
        before.p ? before.p : "", new != NULL, (int)after.len, after.p ? after.p : "");

    if (!value)
        return err_nomem(err);
    key_make(key, (struct str){0}, c->rid);
    key_make(key + 8, (struct str){0}, c->position);
    if (c->undo)
        return store_del(tx, past_first, key, sizeof(key), err);
    return store_put(tx, past_first, key, sizeof(key), value, strlen(value), err);
}

static bool past_of(unsigned type)
{
    return type == patient_type->number;
}

static const char *const past_tables[] = {"past_name"};

const struct store_view past_view = {
    .name = "past",
    .digest = "1",
    .tables = past_tables,
    .table_count = 1,
    .first_table = &past_first,
    .prepare = sample_prepare,
    .apply = past_apply,
    .past = past_of,
};

/* ---- nodes ---- */

static void node_open(struct node *n, bool create)
{
    const struct store_view *views[] = {&sample_view, &past_view};
    struct store_options o = {
        .kind = n->kind, .path = n->path[0] ? n->path : NULL, .create = create};
    struct err err = {0};

    if (store_open(&o, views, 2, &n->store, &err) < 0)
        fail_msg("store_open: %s", err.text);
}

void node_make(struct node *n, enum store_kind kind)
{
    *n = (struct node){.kind = kind};
    patient_type = fhir_resource_named(STR("Patient"));
    assert_non_null(patient_type);
    n->arena = arena_new();
    if (kind == STORE_SQLITE) {
        snprintf(n->path, sizeof(n->path), "/tmp/belay-test-XXXXXX");
        assert_non_null(mkdtemp(n->path));
    }
    node_open(n, true);
}

void node_reopen(struct node *n)
{
    store_close(n->store);
    n->store = NULL;
    node_open(n, false);
}

void folder_remove(const char *path)
{
    DIR *d = opendir(path);
    struct dirent *e = NULL;
    char file[512];

    if (!d)
        return;
    while ((e = readdir(d))) {
        struct stat st;
        if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
            continue;
        snprintf(file, sizeof(file), "%s/%s", path, e->d_name);
        if (lstat(file, &st) == 0 && S_ISDIR(st.st_mode))
            folder_remove(file);
        else
            unlink(file);
    }
    closedir(d);
    rmdir(path);
}

void node_remove(struct node *n)
{
    store_close(n->store);
    arena_free(n->arena);
    if (n->path[0])
        folder_remove(n->path);
}

struct str patient(struct arena *a, const char *id, const char *rest)
{
    return str_of(arena_printf(
        a, "{\"resourceType\":\"Patient\",\"id\":\"%s\",\"meta\":{}%s}", id, rest));
}

int node_write(struct node *n, struct store_write *w, const char *id, struct str body,
    struct err *err)
{
    const struct json *resource = NULL;

    w->type = patient_type;
    w->id = str_of(arena_strndup(n->arena, id, strlen(id)));
    w->operation = body.p ? STORE_UPDATE : STORE_DELETE;
    w->body = body;
    if (body.p)
        MUST(json_read_trusted(n->arena, body, &resource, err));
    w->resource = resource;
    return store_prepare(n->store, n->arena, w, err);
}

int node_commit(
    struct node *n, struct store_write *writes, size_t count, struct err *err)
{
    struct store_transaction t = {
        .writes = writes, .count = count, .actor = STR("Practitioner/tester")};

    return store_commit(n->store, &t, err);
}

int node_put(struct node *n, const char *id, const char *rest, struct store_write *ret)
{
    struct store_write w = {0};
    struct err err = {0};
    int r = node_write(n, &w, id, patient(n->arena, id, rest), &err);

    if (r == 0)
        r = node_commit(n, &w, 1, &err);
    if (ret)
        *ret = w;
    return r;
}

int node_delete(struct node *n, const char *id, struct store_write *ret)
{
    struct store_write w = {0};
    struct err err = {0};
    int r = node_write(n, &w, id, (struct str){0}, &err);

    if (r == 0)
        r = node_commit(n, &w, 1, &err);
    if (ret)
        *ret = w;
    return r;
}

const char *node_body(struct node *n, const char *id)
{
    struct store_reader *r = NULL;
    struct store_record record;
    struct err err = {0};
    int code = 0;

    MUST(store_read_begin(n->store, &r, &err));
    code = store_get(r, n->arena, patient_type->number, str_of(id), &record, &err);
    store_read_end(r);
    if (code == E_NOT_FOUND)
        return NULL;
    if (code < 0)
        fail_msg("store_get: %s", err.text);
    return record.body.p ? record.body.p : "";
}

struct loud {
    bool on;
    int faults;
};

static void told(void *arg, const char *where, const char *what)
{
    struct loud *l = arg;

    l->faults++;
    if (l->on)
        print_message("%s: %s\n", where, what);
}

int node_verify(struct node *n, bool loud)
{
    struct loud l = {.on = loud};
    struct err err = {0};
    int r = store_verify(n->store, told, &l, NULL, &err);

    if (r < 0 && r != E_CORRUPT)
        fail_msg("store_verify: %s", err.text);
    assert_int_equal(r == E_CORRUPT, l.faults > 0);
    return l.faults;
}

static void add_table(
    struct store_reader *r, struct buf *b, const char *name, unsigned table)
{
    struct store_cursor *c = NULL;
    struct store_row row;
    struct err err = {0};
    int more = 0;

    MUST(store_cursor_open(r, table, &c, &err));
    more = store_cursor_seek(c, "", 0, &row, &err);
    for (; more == 1; more = store_cursor_next(c, &row, &err)) {
        buf_addf(b, "%s ", name);
        for (size_t i = 0; i < row.key_len; i++)
            buf_addf(b, "%02x", row.key[i]);
        buf_adds(b, " ");
        for (size_t i = 0; i < row.value_len; i++)
            buf_addf(b, "%02x", row.value[i]);
        buf_adds(b, "\n");
    }
    assert_int_equal(more, 0);
    store_cursor_close(c);
}

char *node_rows(struct node *n)
{
    struct store_reader *r = NULL;
    struct err err = {0};
    struct buf b;
    char *out = NULL;

    buf_init(&b, 64u << 20);
    MUST(store_read_begin(n->store, &r, &err));
    for (unsigned t = 0; t < 4; t++)
        add_table(r, &b, sample_tables[t], sample_first + t);
    store_read_end(r);
    out = arena_strndup(n->arena, buf_cstr(&b), b.len);
    buf_done(&b);
    return out;
}

char *node_past(struct node *n)
{
    struct store_reader *r = NULL;
    struct store_cursor *c = NULL;
    struct store_row row;
    struct err err = {0};
    struct buf b;
    char *out = NULL;
    int more = 0;

    buf_init(&b, 64u << 20);
    MUST(store_read_begin(n->store, &r, &err));
    MUST(store_cursor_open(r, past_first, &c, &err));
    more = store_cursor_seek(c, "", 0, &row, &err);
    for (; more == 1; more = store_cursor_next(c, &row, &err))
        buf_addf(&b, "%u:%.*s ", row.key[15], (int)row.value_len, row.value);
    assert_int_equal(more, 0);
    store_cursor_close(c);
    store_read_end(r);
    out = arena_strndup(n->arena, buf_cstr(&b), b.len);
    buf_done(&b);
    return out;
}

enum store_kind node_kind;

void node_arguments(int argc, char **argv)
{
    node_kind =
        argc > 1 && strcmp(argv[1], "memory") == 0 ? STORE_MEMORY : STORE_SQLITE;
}

int node_setup(void **state)
{
    static struct node n;

    node_make(&n, node_kind);
    *state = &n;
    return 0;
}

int node_teardown(void **state)
{
    node_remove(*state);
    return 0;
}
