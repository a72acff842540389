/* SPDX-License-Identifier: Apache-2.0 */
/* The rows of a Task: worked out on the caller's thread, given rids and written here. */
#include "view/worklist.h"

#include "fhir/value.h"
#include "view/worklist_internal.h"

unsigned worklist_first_table;

/* What prepare() makes; ids follow it in one piece. An id without p: none. */
struct prepared {
    enum case_task_state state;
    enum case_urgency urgency;
    utc_ms due;
    struct str requester;
    struct str owner; /* where it is a person */
    struct str asking;
    struct str asked[CASE_TASK_UNITS];
    size_t asked_count;
};

/* ---- on the caller's thread ---- */

/* The id that ${reference} names, if it is of ${type}; else p NULL. */
static struct str id_of(struct str reference, const char *type)
{
    struct fhir_reference ref = {.form = FHIR_REF_NONE};

    if (reference.p)
        ref = fhir_reference_parse(reference, (struct str){NULL, 0});
    if (ref.form == FHIR_REF_LOCAL &&
        ref.type == fhir_resource_named(str_of(type))->number)
        return ref.id;
    return (struct str){NULL, 0};
}

static bool is_among(const struct str *list, size_t count, struct str id)
{
    for (size_t i = 0; i < count; i++) {
        if (str_eq(list[i], id))
            return true;
    }
    return false;
}

static struct prepared work_out(const struct case_task *task)
{
    struct prepared made = {.state = task->state,
        .urgency = task->urgency,
        .due = case_task_due(task),
        .requester = id_of(task->requester, "Practitioner"),
        .owner = id_of(task->owner, "Practitioner"),
        .asking = id_of(task->asking, "Organization")};

    for (size_t i = 0; case_task_is_open(task->state) && i < task->asked_count; i++) {
        struct str id = id_of(task->asked[i], "Organization");

        if (id.p && !is_among(made.asked, made.asked_count, id))
            made.asked[made.asked_count++] = id;
    }
    return made;
}

/* Move the text of ${id} to ${at}; what is behind it. */
static char *keep_id(struct str *id, char *at)
{
    if (!id->p)
        return at;
    id->p = memcpy(at, id->p, id->len);
    return at + id->len;
}

/* A copy of ${from} in one piece that points into nothing but itself. */
static const struct prepared *keep(struct arena *a, const struct prepared *from)
{
    size_t bytes = from->requester.len + from->owner.len + from->asking.len;
    struct prepared *made = NULL;
    char *at = NULL;

    for (size_t i = 0; i < from->asked_count; i++)
        bytes += from->asked[i].len;
    made = arena_alloc_raw(a, sizeof(*made) + bytes);
    if (!made)
        return NULL;
    *made = *from;
    at = keep_id(&made->requester, (char *)(made + 1));
    at = keep_id(&made->owner, at);
    at = keep_id(&made->asking, at);
    for (size_t i = 0; i < made->asked_count; i++)
        at = keep_id(&made->asked[i], at);
    return made;
}

static int worklist_prepare(struct arena *a, const struct fhir_type *type,
    const struct json *resource, utc_ms updated, const void **ret, struct err *err)
{
    struct case_task task;
    struct prepared made;

    (void)updated;
    *ret = NULL;
    if (strcmp(type->name, "Task") != 0 || !case_task_read(resource, &task) ||
        task.state == CASE_TASK_NONE)
        return 0;
    made = work_out(&task);
    *ret = keep(a, &made);
    return *ret ? 0 : err_nomem(err);
}

/* ---- on the writer's thread ---- */

struct row {
    uint8_t key[WORKLIST_KEY_MAX];
    size_t key_len;
};

/* The rows of one version: their value is the same. */
struct rows {
    struct row list[1 + CASE_TASK_UNITS];
    size_t count;
    uint8_t value[3 + (3 + CASE_TASK_UNITS) * SEARCH_NUMBER_BYTES];
    size_t value_len;
};

size_t worklist_prefix(uint8_t *out, store_rid unit, enum case_task_side side)
{
    size_t len = search_put_number(out, (uint64_t)unit & WORKLIST_N_MASK);

    out[len] = (uint8_t)side;
    return len + 1;
}

static size_t put_place(
    uint8_t *out, const struct prepared *p, enum case_task_side side, store_rid task)
{
    enum worklist_group group = worklist_group_of(p->state, side);
    bool ended = group == WORKLIST_ENDED;

    out[0] = (uint8_t)group;
    out[1] = ended ? 0 : (uint8_t)p->urgency;
    search_put_be(out + 2, ended ? ~(uint64_t)p->due : (uint64_t)p->due, 8);
    return 10 + search_put_number(out + 10, (uint64_t)task & WORKLIST_N_MASK);
}

static void add_row(struct rows *rows, const struct prepared *p, store_rid unit,
    enum case_task_side side, store_rid task)
{
    struct row *row = &rows->list[rows->count++];

    row->key_len = worklist_prefix(row->key, unit, side);
    row->key_len += put_place(row->key + row->key_len, p, side, task);
}

/* The n of the record ${id} of ${type}, given now if there is none yet; 0 without an id. */
static int intern(struct store_tx *tx, const char *type, struct str id, store_rid *ret,
    struct err *err)
{
    *ret = 0;
    return id.p ? store_intern(
                      tx, fhir_resource_named(str_of(type))->number, id, ret, err)
                : 0;
}

static void put_number(struct rows *rows, store_rid rid)
{
    rows->value_len += search_put_number(
        rows->value + rows->value_len, (uint64_t)rid & WORKLIST_N_MASK);
}

/* The rows that ${p} (NULL: nothing) means, into ${rows}. */
static int make_rows(struct store_tx *tx, const struct prepared *p, store_rid task,
    struct rows *rows, struct err *err)
{
    store_rid requester = 0;
    store_rid owner = 0;
    store_rid unit = 0;
    int r = 0;

    rows->count = 0;
    rows->value_len = 0;
    if (!p)
        return 0;
    r = intern(tx, "Practitioner", p->requester, &requester, err);
    if (r == 0)
        r = intern(tx, "Practitioner", p->owner, &owner, err);
    if (r == 0)
        r = intern(tx, "Organization", p->asking, &unit, err);
    if (r < 0)
        return r;
    if (unit)
        add_row(rows, p, unit, CASE_TASK_ASKING, task);
    rows->value[rows->value_len++] = (uint8_t)p->state;
    rows->value[rows->value_len++] = (uint8_t)p->urgency;
    put_number(rows, requester);
    put_number(rows, owner);
    put_number(rows, unit);
    rows->value[rows->value_len++] = (uint8_t)p->asked_count;
    for (size_t i = 0; r == 0 && i < p->asked_count; i++) {
        r = intern(tx, "Organization", p->asked[i], &unit, err);
        if (r == 0)
            add_row(rows, p, unit, CASE_TASK_ASKED, task);
        put_number(rows, unit);
    }
    return r;
}

static bool has_key(const struct rows *rows, const struct row *row)
{
    for (size_t i = 0; i < rows->count; i++) {
        if (rows->list[i].key_len == row->key_len &&
            memcmp(rows->list[i].key, row->key, row->key_len) == 0)
            return true;
    }
    return false;
}

static int worklist_apply(struct store_tx *tx, struct arena *a,
    const struct store_change *change, struct err *err)
{
    struct rows *old = NULL;
    struct rows *new = NULL;
    bool same = false;
    int r = 0;

    if (!change->old_prepared && !change->prepared)
        return 0;
    old = arena_alloc_raw(a, sizeof(*old));
    new = arena_alloc_raw(a, sizeof(*new));
    if (!old || !new)
        return err_nomem(err);
    r = make_rows(tx, change->old_prepared, change->rid, old, err);
    if (r == 0)
        r = make_rows(tx, change->prepared, change->rid, new, err);
    if (r < 0)
        return r;
    same = old->value_len ==
           new->value_len &&memcmp(old->value, new->value, old->value_len) == 0;
    for (size_t i = 0; r == 0 && i < old->count; i++) {
        const struct row *row = &old->list[i];

        if (!has_key(new, row))
            r = store_del(tx, worklist_first_table, row->key, row->key_len, err);
    }
    for (size_t i = 0; r == 0 && i < new->count; i++) {
        const struct row *row = &new->list[i];

        if (!same || !has_key(old, row))
            r = store_put(tx, worklist_first_table, row->key, row->key_len, new->value,
                new->value_len, err);
    }
    return r;
}

static const char *const tables[] = {"worklist"};

const struct store_view worklist_view = {
    .name = "worklist",
    .digest = "1", /* raise it when rows change: nodes then fill the view again */
    .tables = tables,
    .table_count = 1,
    .first_table = &worklist_first_table,
    .prepare = worklist_prepare,
    .apply = worklist_apply,
};
