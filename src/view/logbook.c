/* SPDX-License-Identifier: Apache-2.0 */
/* The rows of a Procedure or a rating: worked out on the caller's thread, given rids and
 * written here. */
#include "view/logbook.h"

#include "view/logbook_internal.h"

unsigned logbook_first_table;

/* What prepare() makes; ids follow it in one piece. */
struct prepared {
    bool rates;
    struct procedure done;
    struct procedure_rating said;
};

/* ---- on the caller's thread ---- */

/* Move the text of ${s} to ${at}; what is behind it. */
static char *keep_text(struct str *s, char *at)
{
    if (!s->p)
        return at;
    s->p = memcpy(at, s->p, s->len);
    return at + s->len;
}

/* A copy of ${from} in one piece that points into nothing but itself. */
static const struct prepared *keep(struct arena *a, const struct prepared *from)
{
    size_t bytes = from->done.code.len + from->done.department.len +
                   from->said.whom.len + from->said.by.len + from->said.procedure.len;
    struct prepared *made = NULL;
    char *at = NULL;

    for (size_t i = 0; i < from->done.part_count; i++)
        bytes += from->done.parts[i].who.len;
    for (size_t i = 0; i < from->done.step_count; i++)
        bytes += from->done.steps[i].step.len;
    for (size_t i = 0; i < from->said.step_count; i++)
        bytes += from->said.steps[i].step.len;
    made = arena_alloc_raw(a, sizeof(*made) + bytes);
    if (!made)
        return NULL;
    *made = *from;
    at = keep_text(&made->done.code, (char *)(made + 1));
    at = keep_text(&made->done.department, at);
    at = keep_text(&made->said.whom, at);
    at = keep_text(&made->said.by, at);
    at = keep_text(&made->said.procedure, at);
    for (size_t i = 0; i < made->done.part_count; i++)
        at = keep_text(&made->done.parts[i].who, at);
    for (size_t i = 0; i < made->done.step_count; i++)
        at = keep_text(&made->done.steps[i].step, at);
    for (size_t i = 0; i < made->said.step_count; i++)
        at = keep_text(&made->said.steps[i].step, at);
    return made;
}

static int logbook_prepare(struct arena *a, const struct fhir_type *type,
    const struct json *resource, utc_ms updated, const void **ret, struct err *err)
{
    struct prepared made = {.rates = strcmp(type->name, "Observation") == 0};

    (void)updated;
    *ret = NULL;
    if (made.rates ? !procedure_rating_read(resource, &made.said)
                   : strcmp(type->name, "Procedure") != 0 ||
                         !procedure_read(resource, &made.done))
        return 0;
    *ret = keep(a, &made);
    return *ret ? 0 : err_nomem(err);
}

/* ---- on the writer's thread ---- */

struct row {
    enum logbook_table table;
    uint8_t key[LOGBOOK_KEY_MAX];
    size_t key_len;
    uint8_t value[LOGBOOK_VALUE_MAX];
    size_t value_len;
};

struct rows {
    struct row list[LIMIT_PROCEDURE_PARTS + 2];
    size_t count;
};

static int intern(struct store_tx *tx, const char *type, struct str id, store_rid *ret,
    struct err *err)
{
    *ret = 0;
    return id.p ? store_intern(
                      tx, fhir_resource_named(str_of(type))->number, id, ret, err)
                : 0;
}

static void key_number(struct row *row, store_rid rid)
{
    row->key_len += search_put_number(row->key + row->key_len, LOGBOOK_N(rid));
}

static void key_instant(struct row *row, uint64_t instant)
{
    search_put_be(row->key + row->key_len, instant, 8);
    row->key_len += 8;
}

static void value_byte(struct row *row, unsigned byte)
{
    row->value[row->value_len++] = (uint8_t)byte;
}

static void value_number(struct row *row, store_rid rid)
{
    row->value_len += search_put_number(row->value + row->value_len, LOGBOOK_N(rid));
}

static struct row *add_row(struct rows *rows, enum logbook_table table)
{
    struct row *row = &rows->list[rows->count++];

    row->table = table;
    row->key_len = row->value_len = 0;
    return row;
}

/* One step and what is said of it in a byte. */
static void value_step(struct row *row, unsigned said, struct str step)
{
    value_byte(row, said);
    value_byte(row, (unsigned)step.len);
    memcpy(row->value + row->value_len, step.p, step.len);
    row->value_len += step.len;
}

static void value_steps(struct row *row, const struct procedure *p, size_t part)
{
    uint8_t *count = &row->value[row->value_len++];

    *count = 0;
    for (size_t i = 0; i < p->step_count && *count < LIMIT_OWN_STEPS; i++) {
        const struct procedure_step *step = &p->steps[i];

        if (step->part != part)
            continue;
        value_step(row, step->function, step->step);
        ++*count;
    }
}

/* What the logbook of part ${at} says of the operation. */
static void add_case(struct rows *rows, const struct procedure *p, store_rid procedure,
    const store_rid *who, size_t at)
{
    struct row *row = add_row(rows, LOGBOOK_CASES);

    key_number(row, who[at]);
    key_instant(row, ~((uint64_t)p->when ^ 1ull << 63)); /* before 1970 too */
    key_number(row, procedure);
    value_byte(row, p->parts[at].function);
    for (int i = 0; i < LOOKS; i++)
        value_byte(row, p->results[i]);
    value_byte(row,
        (p->reviewed ? LOGBOOK_REVIEWED : 0) | (p->imported ? LOGBOOK_IMPORTED : 0));
    value_number(row, who[p->part_count]);
    value_byte(row, (unsigned)p->part_count);
    for (size_t i = 0; i < p->part_count; i++) {
        value_number(row, who[i]);
        value_byte(row, p->parts[i].function);
    }
    value_steps(row, p, at);
    memcpy(row->value + row->value_len, p->code.p, p->code.len);
    row->value_len += p->code.len;
}

static void add_dated(struct rows *rows, enum logbook_table table, store_rid department,
    utc_ms when, store_rid procedure)
{
    struct row *row = add_row(rows, table);

    key_number(row, department);
    key_instant(row, (uint64_t)when ^ 1ull << 63);
    key_number(row, procedure);
}

/* What somebody has still to say about it. */
static void add_waiting(struct rows *rows, const struct procedure *p,
    store_rid procedure, store_rid department)
{
    enum procedure_look missing = procedure_missing(p->results);

    if (missing != LOOKS) {
        add_dated(
            rows, LOGBOOK_OPEN, department, procedure_due(missing, p->when), procedure);
        value_byte(&rows->list[rows->count - 1], missing);
    }
    if (procedure_serious(p->results, p->reviewed)) {
        add_dated(rows, LOGBOOK_EVENTS, department, p->when, procedure);
        value_byte(&rows->list[rows->count - 1], 0);
    }
}

static int make_cases(struct store_tx *tx, const struct procedure *p,
    store_rid procedure, struct rows *rows, struct err *err)
{
    store_rid who[LIMIT_PROCEDURE_PARTS + 1]; /* the department behind them */
    int r = 0;

    for (size_t i = 0; r == 0 && i < p->part_count; i++)
        r = intern(tx, "Practitioner", p->parts[i].who, &who[i], err);
    if (r == 0)
        r = intern(tx, "Organization", p->department, &who[p->part_count], err);
    for (size_t i = 0; r == 0 && i < p->part_count; i++)
        add_case(rows, p, procedure, who, i);
    if (r == 0 && !p->imported)
        add_waiting(rows, p, procedure, who[p->part_count]);
    return r;
}

static int make_rating(struct store_tx *tx, const struct procedure_rating *said,
    store_rid observation, struct rows *rows, struct err *err)
{
    struct row *row = add_row(rows, LOGBOOK_RATINGS);
    store_rid whom = 0, by = 0, procedure = 0;
    int r = intern(tx, "Practitioner", said->whom, &whom, err);

    if (r == 0)
        r = intern(tx, "Practitioner", said->by, &by, err);
    if (r == 0)
        r = intern(tx, "Procedure", said->procedure, &procedure, err);
    key_number(row, whom);
    key_number(row, procedure);
    key_number(row, by);
    key_number(row, observation);
    value_byte(row, (unsigned)said->level);
    value_byte(row, said->scale);
    value_byte(row, (unsigned)said->original);
    value_byte(row, (unsigned)said->performance);
    value_byte(row, (unsigned)said->difficulty);
    value_byte(row, said->answered);
    search_put_be(row->value + row->value_len, (uint64_t)said->when, 8);
    row->value_len += 8;
    value_byte(row, (unsigned)said->step_count);
    for (size_t i = 0; i < said->step_count; i++)
        value_step(row, (unsigned)said->steps[i].original, said->steps[i].step);
    return r;
}

/* The rows that ${p} (NULL: nothing) means, into ${rows}. */
static int make_rows(struct store_tx *tx, const struct prepared *p, store_rid rid,
    struct rows *rows, struct err *err)
{
    rows->count = 0;
    if (!p)
        return 0;
    return p->rates ? make_rating(tx, &p->said, rid, rows, err)
                    : make_cases(tx, &p->done, rid, rows, err);
}

/* The row of ${rows} with the key of ${row}; NULL: none. */
static const struct row *find_row(const struct rows *rows, const struct row *row)
{
    for (size_t i = 0; i < rows->count; i++) {
        const struct row *other = &rows->list[i];

        if (other->table == row->table && other->key_len == row->key_len &&
            memcmp(other->key, row->key, row->key_len) == 0)
            return other;
    }
    return NULL;
}

static bool same_value(const struct row *one, const struct row *other)
{
    return one && one->value_len == other->value_len &&
           memcmp(one->value, other->value, one->value_len) == 0;
}

static int logbook_apply(struct store_tx *tx, struct arena *a,
    const struct store_change *change, struct err *err)
{
    struct rows *old = NULL;
    struct rows *new = NULL;
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
    for (size_t i = 0; r == 0 && i < old->count; i++) {
        const struct row *row = &old->list[i];

        if (!find_row(new, row))
            r = store_del(
                tx, logbook_first_table + row->table, row->key, row->key_len, err);
    }
    for (size_t i = 0; r == 0 && i < new->count; i++) {
        const struct row *row = &new->list[i];

        if (!same_value(find_row(old, row), row))
            r = store_put(tx, logbook_first_table + row->table, row->key, row->key_len,
                row->value, row->value_len, err);
    }
    return r;
}

static const char *const tables[] = {
    "logbook", "logbook_rating", "logbook_open", "logbook_event"};

const struct store_view logbook_view = {
    .name = "logbook",
    .digest = "3", /* raise it when rows change: nodes then fill the view again */
    .tables = tables,
    .table_count = LOGBOOK_TABLES,
    .first_table = &logbook_first_table,
    .prepare = logbook_prepare,
    .apply = logbook_apply,
};
