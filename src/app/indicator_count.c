/* SPDX-License-Identifier: Apache-2.0 */
/* Facts of the view become facts of the engine: what is counted gets numbers, strata too. */
#include "base/money.h"

#include "app/access.h"
#include "app/indicator_internal.h"

#define UNKNOWN STR("unknown")
#define STEP 5
#define DAY ((utc_ms)24 * 60 * 60 * 1000)

/* Numbers given to cells. */
struct numbers {
    struct text_map *map; /* NULL: they are found otherwise */
    struct indicator_cell **list;
    size_t *count, *cap;
};

/* The facts on their way. */
struct gathering {
    struct indicator_run *run;
    struct buf key;
};

/* ---- numbers ---- */

/* ${text} lives as long as the facts. */
static int keep_text(struct indicator_run *run, struct str *text, struct err *err)
{
    if (!text->p)
        return 0;
    text->p = arena_strndup(run->of_facts, text->p, text->len);
    return text->p ? 0 : err_nomem(err);
}

/* Give the next number to ${cell}. */
static int number_next(struct indicator_run *run, struct numbers *to,
    const struct indicator_cell *cell, struct err *err)
{
    if (*to->count == *to->cap) {
        size_t cap = *to->cap ? *to->cap * 2 : 64;
        struct indicator_cell *grown = arena_grow(
            run->of_facts, *to->list, *to->cap * sizeof(*grown), cap * sizeof(*grown));

        if (!grown)
            return err_nomem(err);
        *to->list = grown;
        *to->cap = cap;
    }
    (*to->list)[*to->count] = *cell;
    return keep_text(run, &(*to->list)[(*to->count)++].text, err);
}

static int number(struct indicator_run *run, struct numbers *to, struct str key,
    const struct indicator_cell *cell, uint32_t *ret, struct err *err)
{
    size_t at = *to->count;

    if (text_map_get(to->map, key, &at)) {
        *ret = (uint32_t)at;
        return 0;
    }
    *ret = (uint32_t)at;
    key.p = arena_strndup(run->of_facts, key.p, key.len);
    if (!key.p || text_map_put(run->of_facts, to->map, key, at, NULL) < 0)
        return err_nomem(err);
    return number_next(run, to, cell, err);
}

/* A cell as bytes that no other cell has. */
static void add_key(struct buf *b, const struct indicator_cell *cell)
{
    uint64_t len = cell->text.len;

    buf_add(b, &cell->rid, sizeof(cell->rid));
    buf_add(b, &len, sizeof(len));
    buf_add(b, cell->text.p ? cell->text.p : "", cell->text.len);
}

static bool is_empty(const struct indicator_cell *cell)
{
    return !cell->rid && !cell->text.p;
}

/* A thing that is one record needs no text to be found by. */
static int number_record(struct indicator_run *run, store_rid record,
    const struct indicator_cell *cell, uint32_t *ret, struct err *err)
{
    struct numbers to = {NULL, &run->things, &run->thing_count, &run->thing_cap};
    uint32_t next = (uint32_t)run->thing_count;

    if (!number_map_take(run->of_facts, &run->record_of, (uint64_t)record, next, ret))
        return err_nomem(err);
    return *ret == next ? number_next(run, &to, cell, err) : 0;
}

/* The number of what ${row} counts; ${*ret} UINT32_MAX: a part of it is not known. */
static int number_thing(struct indicator_run *run, const struct indicator_row *row,
    struct buf *key, uint32_t *ret, struct err *err)
{
    const struct indicator_define *d = run->ask.define;
    struct numbers to = {
        &run->thing_of, &run->things, &run->thing_count, &run->thing_cap};
    struct indicator_cell cells[INDICATOR_THINGS] = {{.rid = 0}};
    int r = 0;

    *ret = UINT32_MAX;
    for (size_t i = 0; r == 0 && i < d->thing_count; i++) {
        r = indicator_resolve(run, d->things[i].as, &row->cells[i], &cells[i], err);
        if (r < 0 || is_empty(&cells[i]))
            return r;
    }
    *ret = 0;
    if (d->count == INDICATOR_EVERY && !run->ask.subjects) /* each fact by itself */
        return 0;
    if (d->thing_count == 1 && (d->by_id || cells[0].rid))
        return number_record(
            run, cells[0].rid ? cells[0].rid : row->record, &cells[0], ret, err);
    buf_clear(key);
    for (size_t i = 0; i < d->thing_count; i++)
        add_key(key, &cells[i]);
    return number(run, &to, (struct str){buf_cstr(key), key->len}, &cells[0], ret, err);
}

static int number_stratum(struct indicator_run *run, const struct indicator_row *row,
    struct buf *key, uint32_t *ret, struct err *err)
{
    const struct indicator_define *d = run->ask.define;
    struct numbers to = {
        &run->stratum_of, &run->strata, &run->stratum_count, &run->stratum_cap};
    struct indicator_cell cell = {.rid = 0};
    int r = 0;

    *ret = INDICATOR_NO_STRATUM;
    if (run->ask.axis == INDICATOR_NO_AXIS ||
        (indicator_is_divided(run) && !row->cells[INDICATOR_CELL_ONLY].text.p))
        return 0;
    r = indicator_resolve(run, d->strata[run->ask.axis].as,
        &row->cells[INDICATOR_CELL_STRATUM], &cell, err);
    if (r < 0)
        return r;
    if (is_empty(&cell))
        cell.text = UNKNOWN;
    buf_clear(key);
    add_key(key, &cell);
    return number(run, &to, (struct str){buf_cstr(key), key->len}, &cell, ret, err);
}

/* Of which stratum ${row} is that the mix is of. */
static int number_mix(struct indicator_run *run, const struct indicator_row *row,
    struct buf *key, struct err *err)
{
    struct numbers to = {&run->mix_of, &run->mix, &run->mix_count, &run->mix_cap};
    struct indicator_cell cell = {.rid = 0};
    int r = indicator_resolve(run, run->ask.define->strata[run->ask.mix - 1].as,
        &row->cells[INDICATOR_CELL_FILTER], &cell, err);

    buf_clear(key);
    add_key(key, &cell);
    return r < 0 ? r
                 : number(run, &to, (struct str){buf_cstr(key), key->len}, &cell,
                       &run->mixes[run->count], err);
}

/* Is ${text} one of ${list}, which has commas between? */
static bool is_among(struct str text, struct str list)
{
    bool found = false;

    while (text.p && !found && list.p)
        found = str_eq(text, str_cut(&list, ','));
    return found;
}

/* Are the two values of ${row} that must differ both known, and do they? */
static int is_apart(struct indicator_run *run, const struct indicator_row *row,
    bool *ret, struct err *err)
{
    const struct indicator_define *d = run->ask.define;
    struct indicator_cell one = {.rid = 0}, other = {.rid = 0};
    int r = 0;

    if (!d->apart.path)
        return 0;
    r = indicator_resolve(
        run, d->apart.as, &row->cells[INDICATOR_CELL_APART], &one, err);
    if (r == 0)
        r = indicator_resolve(
            run, d->apart_from.as, &row->cells[INDICATOR_CELL_APART_FROM], &other, err);
    *ret = r == 0 && !is_empty(&one) && !is_empty(&other) &&
           (one.rid != other.rid || !str_eq(one.text, other.text));
    return r;
}

/* Is it one of those that count? */
static int is_counted(struct indicator_run *run, const struct indicator_row *row,
    bool *ret, struct err *err)
{
    const struct indicator_define *d = run->ask.define;
    struct indicator_cell cell = {.rid = 0};
    int r = 0;

    if (d->only_value.p)
        r = indicator_resolve(
            run, d->only.as, &row->cells[INDICATOR_CELL_ONLY], &cell, err);
    *ret = r == 0 && (!d->only_value.p || is_among(cell.text, d->only_value));
    return r == 0 && *ret ? is_apart(run, row, ret, err) : r;
}

/* Which record the stratum that is asked for is, as it is written; 0: it is none. */
static int find_filtered(struct indicator_run *run, struct err *err)
{
    struct fhir_reference ref =
        fhir_reference_parse(run->ask.value, (struct str){NULL, 0});
    struct str text = {NULL, 0};
    store_rid found = 0;
    int r = E_NOT_FOUND;

    run->filtered = 0;
    if (ref.form == FHIR_REF_LOCAL)
        r = store_find(run->snapshot, ref.type, ref.id, &found, err);
    if (r == E_NOT_FOUND)
        return 0;
    if (r == 0)
        r = indicator_reference(run, found, &text, err);
    if (r == 0 && str_eq(text, run->ask.value))
        run->filtered = found;
    return r;
}

/* Is ${row} of the stratum that is asked about? */
static int passes(struct indicator_run *run, const struct indicator_row *row, bool *ret,
    struct err *err)
{
    const struct indicator_define *d = run->ask.define;
    struct indicator_cell cell = {.rid = 0};
    int r = is_counted(run, row, ret, err);

    if (r < 0 || !*ret || run->ask.filter == INDICATOR_NO_AXIS)
        return r;
    r = indicator_resolve(run, d->strata[run->ask.filter].as,
        &row->cells[INDICATOR_CELL_FILTER], &cell, err);
    if (cell.rid)
        *ret = r == 0 && cell.rid == run->filtered;
    else
        *ret = r == 0 && str_eq(cell.text.p ? cell.text : UNKNOWN, run->ask.value);
    return r;
}

/* ---- who may read what ---- */

/* Which facts are the caller's, where the figure is over those; else ${*ret} is true. */
static int is_own(struct indicator_run *run, const struct indicator_row *row, bool *ret,
    struct err *err)
{
    *ret = true;
    if (run->ask.define->disclosure != INDICATOR_OWN)
        return 0;
    return indicator_may_read(run, row->record, ret, err);
}

/* Whole years of the definition that are over: whoever is told steps learns nothing from two
 * periods that differ by less. */
static bool is_years(const struct indicator_run *run)
{
    const struct indicator_ask *ask = &run->ask;
    int64_t year = 0;
    unsigned month = 0, day = 0;
    bool fits = ask->period.until <= call_now(run->call);

    time_date(ask->period.from / DAY, &year, &month, &day);
    fits = fits && month == ask->define->year_begins && day == 1;
    time_date(ask->period.until / DAY, &year, &month, &day);
    return fits && month == ask->define->year_begins && day == 1;
}

/* What people may ask of what follows from records that most of them may not read. It hangs
 * on the question alone: a refusal tells nothing of what there is. */
int indicator_disclose(struct indicator_run *run, struct err *err)
{
    enum indicator_disclosure rule = run->ask.define->disclosure;

    if (indicator_is_ratio(run))
        return indicator_ratio_disclose(run, err);
    if (rule < INDICATOR_YEARS || !run->call->access_)
        return 0;
    run->guarded = rule == INDICATOR_GUARDED || indicator_is_amount(run) ||
                   run->ask.define->scoring != INDICATOR_COHORT;
    run->stepped = rule == INDICATOR_STEPS && !run->guarded;
    if (!is_years(run) || run->ask.known.at != UTC_MS_MAX)
        return err_set(err, E_FORBIDDEN, NULL,
            run->ask.define->year_begins == 1
                ? "This figure is told of whole calendar years that are over, as known "
                  "now."
                : "This figure is told of whole academic years that are over, from "
                  "September to August, as known now.");
    if (run->guarded && run->ask.filter != INDICATOR_NO_AXIS && !run->ask.rows)
        return err_set(err, E_FORBIDDEN, NULL,
            "This figure is told by all strata at once, with stratifier: of one by "
            "itself small numbers could be worked out.");
    if (rule == INDICATOR_STEPS &&
        (run->ask.axis != INDICATOR_NO_AXIS || run->ask.filter != INDICATOR_NO_AXIS))
        return err_set(err, E_FORBIDDEN, NULL,
            "This figure is told as a whole and not by strata: small numbers of people "
            "would show.");
    return 0;
}

int64_t indicator_told(const struct indicator_run *run, int64_t figure, bool *masked)
{
    *masked = run->kept || (run->stepped && figure > 0 && figure < STEP);
    return run->stepped ? figure - figure % STEP : figure;
}

static bool is_small(int64_t figure)
{
    return figure > 0 && figure < STEP;
}

bool indicator_is_told(const struct indicator_run *run, int64_t part, int64_t all)
{
    return !run->guarded || !(is_small(part) || is_small(all) || is_small(all - part));
}

/* Amounts are of one currency, or told apart by it. */
static int one_currency(struct indicator_run *run, struct err *err)
{
    struct str first = {NULL, 0};

    run->mixed = false;
    for (size_t i = 0; run->ask.define->currency.path && i < run->count; i++) {
        struct str currency = run->currencies[i];

        if (!run->answer.behind[i])
            continue;
        if (!first.p)
            first = currency;
        run->mixed = run->mixed || !str_eq(first, currency);
    }
    run->currency = first;
    if (run->mixed &&
        (run->ask.axis == INDICATOR_NO_AXIS ||
            !str_is(run->ask.define->strata[run->ask.axis].name, "currency")))
        return err_set(err, E_INVALID, "stratum",
            "There are several currencies, which are never added: ask with "
            "stratifier=currency, or of one, as in stratum=currency|CNY.");
    return 0;
}

/* ---- proportions and values ---- */

/* Take what ${row} says beside what it is of. */
static int take_measured(const struct indicator_define *d,
    const struct indicator_row *row, struct indicator_fact *f, struct err *err)
{
    struct str amount = row->cells[INDICATOR_CELL_AMOUNT].text;
    struct str met = row->cells[INDICATOR_CELL_MET].text;

    if ((d->count == INDICATOR_SUM || d->count == INDICATOR_MEAN ||
            d->scoring == INDICATOR_VALUES) &&
        !money_read(amount, &f->amount))
        return err_set(err, E_INVALID, NULL,
            "An amount among these cannot be read, and nothing is made of the others "
            "without it.");
    f->limited = d->scoring == INDICATOR_VALUES && met.p;
    f->met = str_is(met, "1");
    return 0;
}

/* ---- all of it ---- */

/* ${list} with room for ${cap} where it had ${run->cap}; NULL: no memory. */
static void *grown(struct indicator_run *run, void *list, size_t cap, size_t size)
{
    return arena_grow(run->of_facts, list, run->cap * size, cap * size);
}

static bool keeps_said(const struct indicator_run *run)
{
    return run->ask.rows || run->ask.define->whole_first;
}

/* Room for the next fact. */
static int make_room(struct indicator_run *run, struct err *err)
{
    size_t cap = run->cap ? run->cap * 2 : 256;

    if (run->count < run->cap)
        return 0;
    run->facts = grown(run, run->facts, cap, sizeof(*run->facts));
    run->records = grown(run, run->records, cap, sizeof(*run->records));
    if (!run->facts || !run->records)
        return err_nomem(err);
    if (run->ask.define->currency.path)
        run->currencies = grown(run, run->currencies, cap, sizeof(*run->currencies));
    if (run->ask.mix)
        run->mixes = grown(run, run->mixes, cap, sizeof(*run->mixes));
    if (keeps_said(run))
        run->said = grown(run, run->said, cap, INDICATOR_SAID * sizeof(*run->said));
    if ((run->ask.define->currency.path && !run->currencies) ||
        (run->ask.mix && !run->mixes) || (keeps_said(run) && !run->said))
        return err_nomem(err);
    run->cap = cap;
    return 0;
}

/* What of ${row} is told later on, beside the fact. */
static int keep_row(
    struct indicator_run *run, const struct indicator_row *row, struct err *err)
{
    size_t at = run->count;
    int r = 0;

    run->records[at] = row->record;
    if (run->ask.define->currency.path) {
        struct str *currency = &run->currencies[at];

        *currency = row->cells[INDICATOR_CELL_CURRENCY].text;
        if (at > 0 && str_eq(*currency, currency[-1]))
            *currency = currency[-1];
        else
            r = keep_text(run, currency, err);
    }
    for (size_t i = 0; r == 0 && keeps_said(run) && i < INDICATOR_SAID; i++) {
        struct indicator_cell *cell = &run->said[at * INDICATOR_SAID + i];

        *cell = row->cells[i < INDICATOR_THINGS ? i : INDICATOR_CELL_AMOUNT];
        r = keep_text(run, &cell->text, err);
    }
    return r;
}

/* Could ${row} belong to the period that is asked about? */
static bool is_of_period(
    const struct indicator_run *run, const struct indicator_row *row)
{
    const struct indicator_question q = {.count = run->ask.define->count,
        .rule = run->ask.define->rule,
        .period = run->ask.period};
    const struct indicator_fact f = {.from = row->from, .until = row->until};

    return indicator_belongs(&q, &f);
}

/* Make ${row} the next fact, where it is of the question. */
static int take(void *arg, const struct indicator_row *row, struct err *err)
{
    struct gathering *g = arg;
    struct indicator_run *run = g->run;
    struct indicator_fact f = {.from = row->from, .until = row->until};
    bool fits = false, own = false;
    int r = passes(run, row, &fits, err);

    fits = fits && indicator_part_counts(run, row, &f.beside);
    if (r == 0 && fits)
        r = is_own(run, row, &own, err);
    run->left_out += r == 0 && fits && !own && is_of_period(run, row);
    if (r < 0 || !fits || !own)
        return r;
    r = number_thing(run, row, &g->key, &f.thing, err);
    if (r == 0)
        r = number_stratum(run, row, &g->key, &f.stratum, err);
    if (r == 0 && g->key.error)
        r = err_nomem(err);
    if (r < 0 || f.thing == UINT32_MAX)
        return r;
    r = take_measured(run->ask.define, row, &f, err);
    if (r == 0)
        r = make_room(run, err);
    if (r == 0)
        r = keep_row(run, row, err);
    if (r == 0 && run->ask.mix)
        r = number_mix(run, row, &g->key, err);
    if (r < 0)
        return r;
    run->unordered =
        run->unordered || (run->count > 0 && run->facts[run->count - 1].from > f.from);
    run->facts[run->count++] = f;
    return 0;
}

/* Firsts do not come by begin. */
static int take_firsts(
    struct gathering *g, const struct indicator_request *rq, struct err *err)
{
    struct indicator_rows found = {.count = 0};
    int r = indicator_rows(g->run->snapshot, g->run->of_facts, rq, &found, err);

    for (size_t i = 0; r == 0 && i < found.count; i++)
        r = take(g, &found.list[i], err);
    return r;
}

/* All facts of the question that can belong to ${period}. */
static int gather(struct indicator_run *run, struct span period, struct err *err)
{
    const struct indicator_define *d = run->ask.define;
    struct indicator_request rq = {.define = d,
        .index = run->ask.index,
        .from = UTC_MS_MIN,
        .until = period.until,
        .known = run->position,
        .stratum = run->ask.axis,
        .filter = run->ask.mix ? run->ask.mix - 1 : run->ask.filter};
    struct gathering g = {.run = run};
    int r = 0;

    if (d->rule == INDICATOR_BEGINS && d->count != INDICATOR_FIRST)
        rq.from = period.from;
    else if (d->lasts && period.from != UTC_MS_MIN) /* what began earlier is over */
        rq.from = period.from - d->lasts * DAY;
    if (run->ask.filter != INDICATOR_NO_AXIS)
        r = find_filtered(run, err);
    if (r < 0)
        return r;
    buf_init(&g.key, (size_t)INDICATOR_THINGS * 1024);
    if (d->map != INDICATOR_NO_MAP)
        r = indicator_map_each(run, take, &g, err);
    else if (d->count == INDICATOR_FIRST)
        r = take_firsts(&g, &rq, err);
    else
        r = indicator_each(run->snapshot, &rq, take, &g, err);
    buf_done(&g.key);
    return r == 0 && d->whole_first ? indicator_whole_first(run, err) : r;
}

int indicator_gather(struct indicator_run *run, struct err *err)
{
    static const struct span always = {UTC_MS_MIN, UTC_MS_MAX};
    struct err why = {.path = ""};
    int r = 0;

    if (indicator_is_ratio(run))
        return indicator_ratio_gather(run, err);
    r = indicator_find_position(run, err);
    if (r < 0 || indicator_recall(run))
        return r;
    if (indicator_keeps(run)) {
        if (gather(run, always, &why) == 0) {
            indicator_keep(run);
            return 0;
        }
        indicator_forget(run); /* what cannot be counted may be of another time */
    }
    return gather(run, run->ask.period, err);
}

/* Of a share of days those alone that were over when it was known. */
static int days_over(struct indicator_run *run, struct span *period, struct err *err)
{
    const struct indicator_define *d = run->ask.define;
    utc_ms at = 0;
    int r = 0;

    if (d->scoring != INDICATOR_PROPORTION || d->count != INDICATOR_DAYS)
        return 0;
    r = indicator_known_moment(run, &at, err);
    if (r == 0 && period->until > at - at % DAY)
        period->until = at - at % DAY;
    return r;
}

int indicator_settle(struct indicator_run *run, struct err *err)
{
    const struct indicator_define *d = run->ask.define;
    struct indicator_question q = {.count = d->count,
        .rule = d->rule,
        .period = run->ask.period,
        .scoring = d->scoring,
        .stratum_count = (uint32_t)run->stratum_count,
        .ordered = !run->unordered};
    int r = 0;

    if (indicator_is_ratio(run))
        return indicator_ratio_settle(run, err);
    r = days_over(run, &q.period, err);
    arena_reset(run->of_answer); /* of another period */
    if (r == 0)
        r = indicator_compute(
            run->of_answer, &q, run->facts, run->count, &run->answer, err);
    if (r == 0 && run->guarded)
        r = indicator_guard(run, err);
    return r == 0 ? one_currency(run, err) : r;
}

int indicator_figure(struct indicator_run *run, struct err *err)
{
    int r = indicator_disclose(run, err);

    if (r == 0)
        r = indicator_gather(run, err);
    return r == 0 ? indicator_settle(run, err) : r;
}
