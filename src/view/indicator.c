/* SPDX-License-Identifier: Apache-2.0 */
/* The facts of a version: worked out on the caller's thread, given rids and written here. */
#include "base/hash.h"
#include "base/log.h"
#include "base/money.h"

#include "view/indicator_internal.h"

#define MINUTE ((utc_ms)60 * 1000)
#define DAY (MINUTE * 60 * 24)

unsigned indicator_first_table;

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
           : at == 2 ? (d->part.path ? &d->part : &d->only)
           : at == 3 ? &d->apart
                     : &d->apart_from;
}

/* ---- on the caller's thread ---- */

/* What ${v} is here; p NULL: nothing. */
int indicator_value_text(
    struct indicator_look *l, const struct indicator_value *v, struct str *ret)
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

struct indicator_said *indicator_said_new(struct indicator_look *l)
{
    struct indicator_prepared *p = l->made;

    if (p->count == p->cap) {
        size_t cap = p->cap ? p->cap * 2 : 4;
        struct indicator_said *grown = arena_grow(
            l->arena, p->list, p->cap * sizeof(*grown), cap * sizeof(*grown));

        if (!grown)
            return NULL;
        p->list = grown;
        p->cap = cap;
    }
    return memset(&p->list[p->count], 0, sizeof(p->list[0]));
}

/* ---- of proportions and values ---- */

static int is_true(struct indicator_look *l, const struct fhir_path *path, bool *ret)
{
    struct fhir_path_result found = {.count = 0};
    int r = fhir_path_evaluate_on(l->scratch, path, l->record, l->part, &found, l->err);

    *ret = r == 0 && found.count == 1 && json_kind(found.items[0].value) == JSON_TRUE;
    return r;
}

/* How long ${time} is without ${seconds}, in ${unit} with ten-thousandths, rounded up; p NULL: it
 * ends before it begins. */
static int minutes_text(struct indicator_look *l, struct span time, int64_t seconds,
    utc_ms unit, struct str *ret)
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

/* In what is told how long something took. */
static utc_ms unit_of(const struct indicator_define *d)
{
    return d->in_days ? DAY : d->in_hours ? 60 * MINUTE : MINUTE;
}

/* The amount that is added up: as it is written, or how long it is since a moment; p NULL: nothing that can be told. */
static int amount_text(
    struct indicator_look *l, const struct indicator_define *d, struct str *ret)
{
    struct str amount = {NULL, 0}, since = {NULL, 0};
    utc_ms from = 0, at = 0, hi = 0;
    int r = indicator_value_text(l, &d->amount, &amount);

    if (r == 0 && d->since.path)
        r = indicator_value_text(l, &d->since, &since);
    *ret = d->since.path ? (struct str){NULL, 0} : amount;
    if (r < 0 || !since.p || !fhir_date_range(since, &from, &hi) || !amount.p ||
        !fhir_date_range(amount, &at, &hi))
        return r;
    return minutes_text(l, (struct span){from, at}, 0, unit_of(d), ret);
}

/* A value, and "1" or "0": within its limit or not. Both as they are written, or the value in
 * minutes since a moment, whose limit is a moment or so many minutes. A date is its first moment. */
static int measured_texts(struct indicator_look *l, const struct indicator_define *d,
    struct str *ret_value, struct str *ret_within)
{
    struct str value = {NULL, 0}, limit = {NULL, 0}, since = {NULL, 0};
    struct str seconds = {NULL, 0};
    utc_ms from = 0, at = 0, hi = 0;
    int64_t without = 0;
    int r = indicator_value_text(l, &d->value, &value);

    if (r == 0)
        r = indicator_value_text(l, &d->limit, &limit);
    if (r == 0)
        r = indicator_value_text(l, &d->since, &since);
    if (r == 0)
        r = indicator_value_text(l, &d->seconds, &seconds);
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
    r = minutes_text(l, (struct span){from, at}, without, unit_of(d), ret_value);
    if (r == 0 && !ret_within->p)
        *ret_within = within(*ret_value, limit);
    return r;
}

/* ---- of amounts that are told in another currency ---- */

/* At what rate, of which day and according to whom. */
static int rate_text(struct indicator_look *l, struct str *ret)
{
    struct str value = json_text(json_get(l->rate, "value"));
    struct str on = json_get_text(l->rate, "on");
    struct str source = json_get_text(l->rate, "source");
    char *made = NULL;

    *ret = STR("as-paid");
    if (!l->rate)
        return 0;
    made = arena_printf(l->scratch, "%.*s, %.*s%s%.*s", (int)value.len, value.p,
        (int)on.len, on.p ? on.p : "", source.p ? ", " : "", (int)source.len,
        source.p ? source.p : "");
    *ret = str_of(made);
    return made ? 0 : err_nomem(l->err);
}

/* The amount in the other currency; p NULL: it is none that can be changed. */
static int changed_text(
    struct indicator_look *l, const struct indicator_define *d, struct str *ret)
{
    struct str amount = {NULL, 0};
    char text[MONEY_CHARS];
    money value = 0;
    int64_t rate = 0;
    int r = indicator_value_text(l, &d->amount, &amount);

    *ret = (struct str){NULL, 0};
    if (r < 0 || !money_read(amount, &value) ||
        !money_rate_read(json_text(json_get(l->rate, "value")), &rate) ||
        !money_change(value, rate, &value))
        return r;
    money_text(value, text);
    *ret = str_of(arena_strndup(l->scratch, text, strlen(text)));
    return ret->p ? 0 : err_nomem(l->err);
}

/* What the value number ${at} of a fact is. */
static int row_text(struct indicator_look *l, const struct indicator_define *d,
    size_t at, struct str *ret)
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
    if (at < amount && value_at(d, at)->as == INDICATOR_RATE)
        return rate_text(l, ret);
    if (l->rate && at == amount)
        return changed_text(l, d, ret);
    if (at == amount && d->scoring != INDICATOR_VALUES)
        return amount_text(l, d, ret);
    if (l->rate && (at == amount + 1 ||
                       (at < amount && str_is(value_at(d, at)->name, "currency")))) {
        *ret = json_get_text(l->rate, "currency");
        return 0;
    }
    if (at < amount + 5)
        return indicator_value_text(l, value_at(d, at), ret);
    if (d->scoring == INDICATOR_PROPORTION && !indicator_is_share_of_days(d))
        r = is_true(l, d->numerator, &met);
    if (met)
        *ret = STR("1");
    return r;
}

/* Fill the values of ${f}; its count is 0 where it is a fact of nothing. */
static int take_values(struct indicator_look *l, const struct indicator_define *d,
    struct indicator_said *f)
{
    size_t count = indicator_value_count(d);
    size_t amount = d->thing_count + d->stratum_count;
    int r = 0;

    for (size_t i = 0; r == 0 && i < count; i++) {
        struct str text = {NULL, 0};

        r = row_text(l, d, i, &text);
        text = utf8_cut(text, INDICATOR_TEXT_MAX);
        if (r == 0 && !text.p &&
            (i == 0 || (i == amount && (d->scoring == INDICATOR_VALUES || l->rate))))
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

static int add_fact(struct indicator_look *l, const struct indicator_define *d,
    size_t indicator, size_t part)
{
    struct indicator_said *f = indicator_said_new(l);
    int r = f ? indicator_moment(l, &d->from, true, &f->from) : err_nomem(l->err);

    if (r == 0)
        r = indicator_moment(l, &d->until, false, &f->until);
    if (r == 0)
        r = take_values(l, d, f);
    if (r < 0 || f->value_count == 0)
        return r;
    if (indicator_is_share_of_days(d) && !d->until.path)
        f->until = SPAN_OPEN;
    else if (!d->until.path) /* a moment, or so many days */
        f->until = d->lasts && f->from != UTC_MS_MIN ? f->from + (utc_ms)d->lasts * DAY
                                                     : f->from;
    f->indicator = (uint8_t)indicator;
    f->part = (uint16_t)part;
    if (d->count == INDICATOR_FIRST && f->from == UTC_MS_MIN) /* it is before nothing */
        return 0;
    for (size_t i = 0; d->count == INDICATOR_FIRST && i < d->thing_count; i++)
        f->things =
            hash64(f->values[i].p ? f->values[i].p : "", f->values[i].len, f->things);
    l->made->count++;
    if (indicator_is_share_of_days(d))
        return indicator_cut_met(l, d);
    return d->less.path || d->settling.path ? indicator_cut(l, d) : 0;
}

/* The same in the currency of its rate, where there is one. */
static int add_changed(struct indicator_look *l, const struct indicator_define *d,
    size_t indicator, size_t part)
{
    struct fhir_path_result found = {.count = 0};
    int r = fhir_path_evaluate_on(
        l->scratch, d->rate.path, l->record, l->part, &found, l->err);

    if (r < 0 || found.count == 0)
        return r;
    l->rate = found.items[0].value;
    r = add_fact(l, d, indicator, part);
    l->rate = NULL;
    return r;
}

static int is_of(struct indicator_look *l, const struct indicator_define *d, bool *ret)
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
static int look_for(
    struct indicator_look *l, const struct indicator_define *d, size_t indicator)
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
    if (r == 0 && parts.count > INDICATOR_PARTS_MAX / 2)
        l->cut_short = d;
    for (size_t i = 0; r == 0 && i < parts.count && i < INDICATOR_PARTS_MAX / 2; i++) {
        l->part = &parts.items[i];
        r = add_fact(l, d, indicator, 2 * i);
        if (r == 0 && d->rate.path)
            r = add_changed(l, d, indicator, 2 * i + 1);
    }
    return r;
}

static int prepare_all(struct indicator_look *l, const struct indicator_defines *all,
    const struct fhir_type *type)
{
    int r = 0;

    for (size_t i = 0; r == 0 && i < all->count; i++) {
        if (all->list[i].type == type && all->list[i].map == INDICATOR_NO_MAP)
            r = look_for(l, &all->list[i], i);
        if (r == E_TOO_LARGE)
            l->cut_short = &all->list[i];
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
        const struct indicator_define *d = &all->list[i];

        if (d->type && d->type->number == type && d->map == INDICATOR_NO_MAP)
            return true;
    }
    return false;
}

int indicator_look_at(struct indicator_look *l, const struct indicator_defines *all,
    const struct fhir_type *type)
{
    int r = 0;

    l->made = arena_alloc(l->arena, sizeof(*l->made));
    l->scratch = arena_new();
    r = l->made && l->scratch ? prepare_all(l, all, type) : err_nomem(l->err);
    arena_free(l->scratch);
    l->scratch = NULL;
    return r;
}

static int indicator_prepare(struct arena *a, const struct fhir_type *type,
    const struct json *resource, utc_ms updated, const void **ret, struct err *err)
{
    const struct indicator_defines *all = NULL;
    struct indicator_look l = {.arena = a, .record = resource, .err = err};
    int r = indicator_defines(&all, err);

    (void)updated;
    *ret = NULL;
    if (r < 0 || !any_of(all, type->number))
        return r;
    r = indicator_look_at(&l, all, type);
    if (r == 0 && l.cut_short) { /* indicator_check() refuses what is written here */
        struct str id = json_get_text(resource, "id");

        log_line(LOG_WARN, "%s/%.*s says more than the figure %.*s counts of it",
            type->name, (int)id.len, id.p ? id.p : "", (int)l.cut_short->id.len,
            l.cut_short->id.p);
    }
    if (r == 0 && l.made->count > 0)
        *ret = l.made;
    return r;
}

/* ---- on the writer's thread ---- */

static size_t put_key(
    uint8_t *key, const struct indicator_said *f, const struct store_change *c)
{
    size_t n = 0;

    key[n++] = f->indicator;
    search_put_be(key + n, f->things, 8);
    n += 8;
    search_put_be(key + n, INDICATOR_MOMENT(f->from), 8);
    n += 8;
    n += search_put_number(key + n, INDICATOR_N(c->rid));
    search_put_be(key + n, f->part, INDICATOR_PART_BYTES);
    n += INDICATOR_PART_BYTES;
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
    const struct indicator_said *f, bool holds, struct err *err)
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
static const struct indicator_said *find(
    const struct indicator_prepared *p, const struct indicator_said *f)
{
    for (size_t i = 0; p && i < p->count; i++) {
        const struct indicator_said *other = &p->list[i];

        if (other->indicator == f->indicator && other->part == f->part &&
            other->things == f->things && other->from == f->from)
            return other;
    }
    return NULL;
}

static bool same(const struct indicator_said *one, const struct indicator_said *other)
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
    const struct indicator_prepared *old = change->old_prepared;
    const struct indicator_prepared *new = change->prepared;
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
