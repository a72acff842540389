/* SPDX-License-Identifier: Apache-2.0 */
/* The facts of a version: worked out on the caller's thread, given rids and written here. */
#include "base/hash.h"

#include "engine/planning/acclimatisation.h"
#include "view/indicator_internal.h"

#define MINUTE ((utc_ms)60 * 1000)
#define DAY (MINUTE * 60 * 24)

unsigned indicator_first_table;

struct fact {
    uint8_t indicator;
    uint8_t part; /* of the record */
    uint8_t value_count;
    uint64_t things; /* of a first: the hash of what it is of; else 0 */
    utc_ms from, until;
    struct str values[INDICATOR_ROW_VALUES];
};

/* What prepare() makes. */
struct prepared {
    size_t count;
    size_t cap;
    struct fact *list;
};

/* A record being looked at. */
struct look {
    struct arena *scratch;
    struct arena *arena; /* of what is kept */
    const struct json *record;
    const struct fhir_path_item *part; /* what a fact is of; NULL: the record */
    struct prepared *made;
    struct err *err;
};

size_t indicator_value_count(const struct indicator_define *d)
{
    return d->thing_count + d->stratum_count + 6;
}

/* The value number ${at} of a fact, where it is read as it is written. */
static const struct indicator_value *value_at(
    const struct indicator_define *d, size_t at)
{
    if (at < d->thing_count)
        return &d->things[at];
    at -= d->thing_count;
    if (at < d->stratum_count)
        return &d->strata[at];
    at -= d->stratum_count;
    return at == 0   ? &d->amount
           : at == 1 ? &d->currency
           : at == 2 ? &d->only
           : at == 3 ? &d->apart
                     : &d->apart_from;
}

/* ---- on the caller's thread ---- */

/* What ${v} is here; p NULL: nothing. */
static int value_text(struct look *l, const struct indicator_value *v, struct str *ret)
{
    struct fhir_path_result found = {.count = 0};
    int r = 0;

    *ret = (struct str){NULL, 0};
    if (v->path)
        r = fhir_path_evaluate_on(
            l->scratch, v->path, l->record, l->part, &found, l->err);
    if (r == 0 && found.count > 0)
        *ret = json_text(found.items[0].value);
    return r;
}

static int moment_of(
    struct look *l, const struct indicator_value *v, bool begin, utc_ms *ret)
{
    struct str text = {NULL, 0};
    utc_ms lo = 0, hi = 0;
    int r = value_text(l, v, &text);

    *ret = begin ? UTC_MS_MIN : SPAN_OPEN;
    if (r == 0 && text.p && fhir_date_range(text, &lo, &hi))
        *ret = begin ? lo : hi;
    return r;
}

static struct fact *fact_new(struct look *l)
{
    struct prepared *p = l->made;

    if (p->count == p->cap) {
        size_t cap = p->cap ? p->cap * 2 : 4;
        struct fact *grown = arena_grow(
            l->arena, p->list, p->cap * sizeof(*grown), cap * sizeof(*grown));

        if (!grown)
            return NULL;
        p->list = grown;
        p->cap = cap;
    }
    return memset(&p->list[p->count], 0, sizeof(p->list[0]));
}

/* ---- of proportions and values ---- */

static int is_true(struct look *l, const struct fhir_path *path, bool *ret)
{
    struct fhir_path_result found = {.count = 0};
    int r = fhir_path_evaluate_on(l->scratch, path, l->record, l->part, &found, l->err);

    *ret = r == 0 && found.count == 1 && json_kind(found.items[0].value) == JSON_TRUE;
    return r;
}

/* How long ${time} is without ${seconds}, in ${unit} with ten-thousandths, rounded up; p NULL: it
 * ends before it begins. */
static int minutes_text(
    struct look *l, struct span time, int64_t seconds, utc_ms unit, struct str *ret)
{
    utc_ms took = 0;
    char *made = NULL;

    *ret = (struct str){NULL, 0};
    if (__builtin_sub_overflow(time.until, time.from, &took) || took < seconds * 1000 ||
        __builtin_mul_overflow(took - seconds * 1000, 10000, &took))
        return 0;
    took = took / unit + (took % unit > 0);
    made = arena_printf(l->scratch, "%lld.%04lld", (long long)(took / 10000),
        (long long)(took % 10000));
    *ret = str_of(made);
    return made ? 0 : err_nomem(l->err);
}

/* Is ${value} at most ${limit}, both moments or both numbers? p NULL: there is nothing to compare. */
static struct str within(struct str value, struct str limit)
{
    utc_ms at = 0, last = 0, hi = 0;
    double number = 0, most = 0;

    if (!value.p || !limit.p)
        return (struct str){NULL, 0};
    if (fhir_number(value, &number) && fhir_number(limit, &most))
        return number <= most ? STR("1") : STR("0");
    if (fhir_date_range(value, &at, &hi) && fhir_date_range(limit, &last, &hi))
        return at <= last ? STR("1") : STR("0");
    return (struct str){NULL, 0};
}

/* A value, and "1" or "0": within its limit or not. Both as they are written, or the value in
 * minutes since a moment, whose limit is a moment or so many minutes. A date is its first moment. */
static int measured_texts(struct look *l, const struct indicator_define *d,
    struct str *ret_value, struct str *ret_within)
{
    struct str value = {NULL, 0}, limit = {NULL, 0}, since = {NULL, 0};
    struct str seconds = {NULL, 0};
    utc_ms from = 0, at = 0, hi = 0;
    int64_t without = 0;
    int r = value_text(l, &d->value, &value);

    if (r == 0)
        r = value_text(l, &d->limit, &limit);
    if (r == 0)
        r = value_text(l, &d->since, &since);
    if (r == 0)
        r = value_text(l, &d->seconds, &seconds);
    if (r < 0)
        return r;
    *ret_within = within(value, limit);
    *ret_value = value;
    if (!d->since.path)
        return 0;
    *ret_value = (struct str){NULL, 0};
    if (!since.p || !fhir_date_range(since, &from, &hi) || !value.p ||
        !fhir_date_range(value, &at, &hi) ||
        (seconds.p && !text_int(seconds, 0, INT32_MAX, &without)))
        return 0;
    r = minutes_text(
        l, (struct span){from, at}, without, d->in_days ? DAY : MINUTE, ret_value);
    if (r == 0 && !ret_within->p)
        *ret_within = within(*ret_value, limit);
    return r;
}

/* What the value number ${at} of a fact is. */
static int row_text(
    struct look *l, const struct indicator_define *d, size_t at, struct str *ret)
{
    size_t amount = d->thing_count + d->stratum_count;
    struct str value = {NULL, 0}, is_within = {NULL, 0};
    bool met = false;
    int r = 0;

    *ret = (struct str){NULL, 0};
    if (d->scoring == INDICATOR_VALUES && (at == amount || at == amount + 5)) {
        r = measured_texts(l, d, &value, &is_within);
        *ret = at == amount ? value : is_within;
        return r;
    }
    if (at < amount + 5)
        return value_text(l, value_at(d, at), ret);
    if (d->scoring == INDICATOR_PROPORTION)
        r = is_true(l, d->numerator, &met);
    if (met)
        *ret = STR("1");
    return r;
}

/* Fill the values of ${f}; its count is 0 where it is a fact of nothing. */
static int take_values(struct look *l, const struct indicator_define *d, struct fact *f)
{
    size_t count = indicator_value_count(d);
    size_t amount = d->thing_count + d->stratum_count;
    int r = 0;

    for (size_t i = 0; r == 0 && i < count; i++) {
        struct str text = {NULL, 0};

        r = row_text(l, d, i, &text);
        text = utf8_cut(text, INDICATOR_TEXT_MAX);
        if (r == 0 && !text.p &&
            (i == 0 || (i == amount && d->scoring == INDICATOR_VALUES)))
            return 0;
        if (r < 0 || !text.p)
            continue;
        f->values[i] =
            (struct str){arena_strndup(l->arena, text.p, text.len), text.len};
        if (!f->values[i].p)
            r = err_nomem(l->err);
    }
    f->value_count = (uint8_t)count;
    return r;
}

/* ---- times in which a fact does not hold ---- */

struct pauses {
    struct span list[INDICATOR_PARTS_MAX];
    size_t count;
};

static void add_pause(struct pauses *p, struct span pause)
{
    size_t at = p->count;

    if (span_is_empty(pause) || at == INDICATOR_PARTS_MAX)
        return;
    for (; at > 0 && p->list[at - 1].from > pause.from; at--)
        p->list[at] = p->list[at - 1];
    p->list[at] = pause;
    p->count++;
}

static int find_pauses(
    struct look *l, const struct indicator_define *d, struct pauses *ret)
{
    struct fhir_path_result found = {.count = 0};
    struct str day = {NULL, 0};
    utc_ms from = 0, hi = 0;
    int r = value_text(l, &d->settling, &day);

    if (r == 0 && day.p && fhir_date_range(day, &from, &hi))
        add_pause(
            ret, (struct span){from, from + acclimatisation_rule_default.days * DAY});
    if (r == 0 && d->less.path)
        r = fhir_path_evaluate_on(
            l->scratch, d->less.path, l->record, l->part, &found, l->err);
    for (size_t i = 0; r == 0 && i < found.count; i++) {
        struct span pause = {UTC_MS_MIN, SPAN_OPEN};
        struct str start = json_get_text(found.items[i].value, "start");
        struct str end = json_get_text(found.items[i].value, "end");

        if ((!start.p || fhir_date_range(start, &pause.from, &hi)) &&
            (!end.p || fhir_date_range(end, &from, &pause.until)))
            add_pause(ret, pause);
    }
    return r;
}

/* ${whole} from ${from} until ${until}, where that is any time at all. */
static int add_piece(
    struct look *l, const struct fact *whole, utc_ms from, utc_ms until)
{
    struct fact *f = NULL;

    if (until > whole->until)
        until = whole->until;
    if (from >= until)
        return 0;
    f = fact_new(l);
    if (!f)
        return err_nomem(l->err);
    *f = *whole;
    f->from = from;
    f->until = until;
    l->made->count++;
    return 0;
}

/* The fact that was added last becomes one for each time between its pauses. */
static int cut_fact(struct look *l, const struct indicator_define *d)
{
    struct fact whole = l->made->list[--l->made->count];
    struct pauses pauses = {.count = 0};
    utc_ms at = whole.from;
    int r = find_pauses(l, d, &pauses);

    for (size_t i = 0; r == 0 && i < pauses.count; i++) {
        r = add_piece(l, &whole, at, pauses.list[i].from);
        if (pauses.list[i].until > at)
            at = pauses.list[i].until;
    }
    return r == 0 ? add_piece(l, &whole, at, whole.until) : r;
}

static int add_fact(
    struct look *l, const struct indicator_define *d, size_t indicator, size_t part)
{
    struct fact *f = fact_new(l);
    int r = f ? moment_of(l, &d->from, true, &f->from) : err_nomem(l->err);

    if (r == 0)
        r = moment_of(l, &d->until, false, &f->until);
    if (r == 0)
        r = take_values(l, d, f);
    if (r < 0 || f->value_count == 0)
        return r;
    if (!d->until.path) /* a moment, or so many days */
        f->until = d->lasts && f->from != UTC_MS_MIN ? f->from + (utc_ms)d->lasts * DAY
                                                     : f->from;
    f->indicator = (uint8_t)indicator;
    f->part = (uint8_t)part;
    if (d->count == INDICATOR_FIRST && f->from == UTC_MS_MIN) /* it is before nothing */
        return 0;
    for (size_t i = 0; d->count == INDICATOR_FIRST && i < d->thing_count; i++)
        f->things =
            hash64(f->values[i].p ? f->values[i].p : "", f->values[i].len, f->things);
    l->made->count++;
    return d->less.path || d->settling.path ? cut_fact(l, d) : 0;
}

static int is_of(struct look *l, const struct indicator_define *d, bool *ret)
{
    struct fhir_path_result found = {.count = 0};
    int r = search_matches(NULL, l->scratch, d->query, l->record, ret, l->err);

    if (r < 0 || !*ret || !d->where)
        return r;
    r = fhir_path_evaluate(l->scratch, d->where, l->record, &found, l->err);
    *ret = r == 0 && found.count == 1 && json_kind(found.items[0].value) == JSON_TRUE;
    return r;
}

/* Every fact that the record holds for the indicator ${d}. */
static int look_for(struct look *l, const struct indicator_define *d, size_t indicator)
{
    struct fhir_path_result parts = {.count = 0};
    bool fits = false;
    int r = is_of(l, d, &fits);

    l->part = NULL;
    if (r < 0 || !fits)
        return r;
    if (!d->each.path)
        return add_fact(l, d, indicator, 0);
    r = fhir_path_evaluate(l->scratch, d->each.path, l->record, &parts, l->err);
    for (size_t i = 0; r == 0 && i < parts.count && i < INDICATOR_PARTS_MAX; i++) {
        l->part = &parts.items[i];
        r = add_fact(l, d, indicator, i);
    }
    return r;
}

static int prepare_all(
    struct look *l, const struct indicator_defines *all, const struct fhir_type *type)
{
    int r = 0;

    for (size_t i = 0; r == 0 && i < all->count; i++) {
        if (all->list[i].type == type && all->list[i].map == INDICATOR_NO_MAP)
            r = look_for(l, &all->list[i], i);
    }
    /* an expression met what it cannot take: the record holds no such fact */
    if (r == E_INVALID || r == E_TOO_LARGE) {
        l->made->count = 0;
        r = 0;
    }
    return r;
}

static bool any_of(const struct indicator_defines *all, unsigned type)
{
    for (size_t i = 0; i < all->count; i++) {
        if (all->list[i].type->number == type && all->list[i].map == INDICATOR_NO_MAP)
            return true;
    }
    return false;
}

static int indicator_prepare(struct arena *a, const struct fhir_type *type,
    const struct json *resource, utc_ms updated, const void **ret, struct err *err)
{
    const struct indicator_defines *all = NULL;
    struct look l = {.arena = a, .record = resource, .err = err};
    int r = indicator_defines(&all, err);

    (void)updated;
    *ret = NULL;
    if (r < 0 || !any_of(all, type->number))
        return r;
    l.made = arena_alloc(a, sizeof(*l.made));
    l.scratch = arena_new();
    r = l.made && l.scratch ? prepare_all(&l, all, type) : err_nomem(err);
    arena_free(l.scratch);
    if (r == 0 && l.made->count > 0)
        *ret = l.made;
    return r;
}

/* ---- on the writer's thread ---- */

static size_t put_key(uint8_t *key, const struct fact *f, const struct store_change *c)
{
    size_t n = 0;

    key[n++] = f->indicator;
    search_put_be(key + n, f->things, 8);
    n += 8;
    search_put_be(key + n, INDICATOR_MOMENT(f->from), 8);
    n += 8;
    n += search_put_number(key + n, INDICATOR_N(c->rid));
    key[n++] = f->part;
    search_put_be(key + n, (uint64_t)c->position, 8);
    return n + 8;
}

static int put_value(
    struct store_tx *tx, struct str text, uint8_t *to, size_t *n, struct err *err)
{
    struct fhir_reference ref;
    store_rid rid = 0;
    int r = 0;

    if (!text.p) {
        to[(*n)++] = INDICATOR_TAG_NONE;
        return 0;
    }
    ref = fhir_reference_parse(text, (struct str){NULL, 0});
    if (ref.form == FHIR_REF_LOCAL) {
        r = store_intern(tx, ref.type, ref.id, &rid, err);
        to[(*n)++] = INDICATOR_TAG_RID;
        search_put_be(to + *n, (uint64_t)rid, 8);
        *n += 8;
        return r;
    }
    to[(*n)++] = INDICATOR_TAG_TEXT;
    to[(*n)++] = (uint8_t)text.len;
    memcpy(to + *n, text.p, text.len);
    *n += text.len;
    return 0;
}

/* ${f} is said from this change on, or (${holds} false) it is said no more. */
static int put_fact(struct store_tx *tx, const struct store_change *c,
    const struct fact *f, bool holds, struct err *err)
{
    uint8_t key[INDICATOR_KEY_MAX];
    uint8_t value[INDICATOR_VALUE_MAX];
    size_t key_len = put_key(key, f, c);
    size_t n = 0;
    int r = 0;

    value[n++] = holds;
    if (holds) {
        search_put_be(value + n, INDICATOR_MOMENT(f->until), 8);
        n += 8;
        value[n++] = f->value_count;
    }
    for (size_t i = 0; r == 0 && holds && i < f->value_count; i++)
        r = put_value(tx, f->values[i], value, &n, err);
    if (r < 0)
        return r;
    return c->undo ? store_del(tx, indicator_first_table, key, key_len, err)
                   : store_put(tx, indicator_first_table, key, key_len, value, n, err);
}

/* The fact of ${p} with the key of ${f}; NULL: none. */
static const struct fact *find(const struct prepared *p, const struct fact *f)
{
    for (size_t i = 0; p && i < p->count; i++) {
        const struct fact *other = &p->list[i];

        if (other->indicator == f->indicator && other->part == f->part &&
            other->things == f->things && other->from == f->from)
            return other;
    }
    return NULL;
}

static bool same(const struct fact *one, const struct fact *other)
{
    if (!one || one->until != other->until || one->value_count != other->value_count)
        return false;
    for (size_t i = 0; i < one->value_count; i++) {
        if (!str_eq(one->values[i], other->values[i]))
            return false;
    }
    return true;
}

static int indicator_apply(struct store_tx *tx, struct arena *a,
    const struct store_change *change, struct err *err)
{
    const struct prepared *old = change->old_prepared;
    const struct prepared *new = change->prepared;
    int r = 0;

    (void)a;
    for (size_t i = 0; r == 0 && old && i < old->count; i++) {
        if (!find(new, &old->list[i]))
            r = put_fact(tx, change, &old->list[i], false, err);
    }
    for (size_t i = 0; r == 0 && new &&i < new->count; i++) {
        if (!same(find(old, &new->list[i]), &new->list[i]))
            r = put_fact(tx, change, &new->list[i], true, err);
    }
    return r;
}

/* Definitions that cannot be read are told by prepare(). */
static bool indicator_past(unsigned type)
{
    const struct indicator_defines *all = NULL;

    return indicator_defines(&all, NULL) == 0 && any_of(all, type);
}

static const char *const tables[] = {"indicator"};

const struct store_view indicator_view = {
    .name = "indicator",
    .digest = indicator_digest,
    .tables = tables,
    .table_count = 1,
    .first_table = &indicator_first_table,
    .prepare = indicator_prepare,
    .apply = indicator_apply,
    .past = indicator_past,
};
