/* SPDX-License-Identifier: Apache-2.0 */
#include "app/indicator_ratio_internal.h"

#define DAY ((utc_ms)24 * 60 * 60 * 1000)
#define WHOLE 10000 /* ten-thousandths */

/* ---- the same question ---- */

/* Which part of the ratio it is a figure of. */
static enum indicator_role role_of(enum ratio_of of)
{
    static const enum indicator_role roles[RATIO_OFS] = {
        [RATIO_NUMERATOR] = INDICATOR_NUMERATOR,
        [RATIO_TIMES] = INDICATOR_TIMES,
        [RATIO_DENOMINATOR] = INDICATOR_DENOMINATOR,
        [RATIO_BEFORE] = INDICATOR_DENOMINATOR};

    return roles[of];
}

static const struct indicator_part *part_of(
    const struct indicator_run *run, enum ratio_of of)
{
    return &run->ask.define->parts[role_of(of)];
}

static bool is_of(const struct indicator_run *run, enum ratio_of of)
{
    const struct indicator_part *part = part_of(run, of);

    return part->define && (of != RATIO_BEFORE || part->grown);
}

/* The stratum of ${d} that is ${axis} of ${ratio}; INDICATOR_NO_AXIS: it is not told apart by that. */
static size_t axis_of(
    const struct indicator_define *ratio, size_t axis, const struct indicator_define *d)
{
    for (size_t i = 0; axis != INDICATOR_NO_AXIS && i < d->stratum_count; i++) {
        if (str_eq(d->strata[i].name, ratio->strata[axis].name))
            return i;
    }
    return INDICATOR_NO_AXIS;
}

static bool begins_year(utc_ms at)
{
    int64_t year = 0;
    unsigned month = 0, day = 0;

    time_date(at / DAY, &year, &month, &day);
    return at % DAY == 0 && month == 1 && day == 1;
}

/* ${period} of the ratio, as the figure ${of} is asked about it. */
static struct span period_of(struct span period, enum ratio_of of)
{
    return of == RATIO_BEFORE ? (struct span){period.from - DAY, period.from} : period;
}

/* What ${run} asks, asked of one of its figures. */
static struct indicator_ask ask_of(const struct indicator_run *run, enum ratio_of of)
{
    const struct indicator_define *d = part_of(run, of)->define;
    struct indicator_ask ask = run->ask;

    ask.define = d;
    ask.index = (size_t)(d - run->all->list);
    ask.axis = axis_of(run->ask.define, run->ask.axis, d);
    ask.filter = axis_of(run->ask.define, run->ask.filter, d);
    ask.period = period_of(run->ask.period, of);
    return ask;
}

int indicator_ratio_disclose(struct indicator_run *run, struct err *err)
{
    int r = 0;

    for (int i = 0; r == 0 && i < RATIO_BEFORE; i++) {
        struct indicator_run asked = {.call = run->call};

        if (!is_of(run, (enum ratio_of)i))
            continue;
        asked.ask = ask_of(run, (enum ratio_of)i);
        r = indicator_disclose(&asked, err);
    }
    return r;
}

/* ---- facts ---- */

static int begin(struct indicator_run *run, enum ratio_of of, struct err *err)
{
    struct indicator_run *asked = &run->ratio->of[of].run;

    *asked = (struct indicator_run){.call = run->call,
        .of_facts = arena_new(),
        .of_answer = arena_new(),
        .scratch = arena_new(),
        .snapshot = run->snapshot,
        .all = run->all,
        .ask = ask_of(run, of)};
    return asked->of_facts && asked->of_answer && asked->scratch ? 0 : err_nomem(err);
}

/* Of whole years the days before each of them too. */
static int gather(struct indicator_run *run, enum ratio_of of, struct err *err)
{
    struct indicator_run *asked = &run->ratio->of[of].run;
    int r = begin(run, of, err);

    if (r < 0)
        return r;
    if (of == RATIO_BEFORE && begins_year(run->ask.period.from))
        asked->ask.period.until = run->ask.period.until;
    indicator_lend(run, asked);
    r = indicator_gather(asked, err);
    indicator_lend(asked, run);
    return r;
}

void indicator_ratio_done(struct indicator_run *run)
{
    for (int i = 0; run->ratio && i < RATIO_OFS; i++) {
        struct indicator_run *asked = &run->ratio->of[i].run;

        indicator_recall_done(asked);
        arena_free(asked->of_facts);
        arena_free(asked->of_answer);
        arena_free(asked->scratch);
    }
    run->ratio = NULL;
}

/* ---- strata ---- */

static uint32_t find_stratum(
    const struct indicator_run *asked, const struct indicator_cell *cell)
{
    for (uint32_t i = 0; i < asked->stratum_count; i++) {
        const struct indicator_cell *one = &asked->strata[i];

        if (one->rid == cell->rid && str_eq(one->text, cell->text))
            return i;
    }
    return RATIO_NOWHERE;
}

/* A stratum of the ratio: ${cell}. */
static void add_stratum(struct indicator_run *run, const struct indicator_cell *cell)
{
    uint32_t at = (uint32_t)run->stratum_count++;

    run->strata[at] = *cell;
    for (int i = 0; i < RATIO_OFS; i++) {
        struct ratio_figure *f = &run->ratio->of[i];

        f->strata[at] = f->run.ask.axis == INDICATOR_NO_AXIS
                            ? INDICATOR_NO_STRATUM
                            : find_stratum(&f->run, cell);
    }
}

static bool has_stratum(
    const struct indicator_run *run, const struct indicator_cell *cell)
{
    for (size_t i = 0; i < run->stratum_count; i++) {
        if (run->strata[i].rid == cell->rid && str_eq(run->strata[i].text, cell->text))
            return true;
    }
    return false;
}

/* Those of the numerator, then what the others have more; not what there was before alone. */
static int join_strata(struct indicator_run *run, struct err *err)
{
    size_t room = 1;

    for (int i = 0; i < RATIO_BEFORE; i++)
        room += run->ratio->of[i].run.stratum_count;
    run->stratum_count = 0;
    run->strata = arena_array(run->of_facts, room, sizeof(*run->strata));
    if (!run->strata)
        return err_nomem(err);
    for (int i = 0; i < RATIO_OFS; i++) {
        struct ratio_figure *f = &run->ratio->of[i];

        f->strata = arena_array(run->of_facts, room, sizeof(*f->strata));
        if (!f->strata)
            return err_nomem(err);
    }
    for (int i = 0; i < RATIO_BEFORE; i++) {
        const struct indicator_run *asked = &run->ratio->of[i].run;

        for (size_t k = 0; k < asked->stratum_count; k++) {
            if (!has_stratum(run, &asked->strata[k]))
                add_stratum(run, &asked->strata[k]);
        }
    }
    return 0;
}

int indicator_ratio_gather(struct indicator_run *run, struct err *err)
{
    int r = 0;

    indicator_ratio_done(run);
    run->ratio = arena_alloc(run->of_facts, sizeof(*run->ratio));
    if (!run->ratio)
        return err_nomem(err);
    for (int i = 0; i < RATIO_OFS; i++)
        run->ratio->of[i] = (struct ratio_figure){.strata = NULL};
    run->left_out = 0;
    for (int i = 0; r == 0 && i < RATIO_OFS; i++) {
        if (!is_of(run, (enum ratio_of)i))
            continue;
        r = gather(run, (enum ratio_of)i, err);
        run->left_out += run->ratio->of[i].run.left_out;
    }
    return r == 0 ? join_strata(run, err) : r;
}

/* ---- figures ---- */

/* The figure ${of} of the period that is asked about now. */
static int settle(struct indicator_run *run, enum ratio_of of, struct err *err)
{
    struct ratio_figure *f = &run->ratio->of[of];
    struct indicator_run *asked = &f->run;
    int r = 0;

    asked->ask = ask_of(run, of);
    if (of != RATIO_BEFORE) /* of a day: it is told to whoever is told the figure */
        r = indicator_disclose(asked, err);
    indicator_lend(run, asked);
    if (r == 0)
        r = indicator_settle(asked, err);
    if (r == 0)
        r = indicator_part_missing(asked, &f->parts_missing, err);
    indicator_lend(asked, run);
    return r;
}

/* How much of ${part} the answer of ${asked} has in ${stratum}, or in all. */
static int64_t count_of(const struct indicator_run *asked,
    const struct indicator_part *part, uint32_t stratum)
{
    size_t at = stratum == INDICATOR_NO_STRATUM ? asked->stratum_count : stratum;

    if (part->met)
        return asked->answer.measured[at].met;
    return stratum == INDICATOR_NO_STRATUM ? asked->answer.figure
                                           : asked->answer.strata[stratum];
}

/* What the score of ${asked} is, of so many as its answer has: the middle of values, or a share. */
static void tell_score(
    const struct indicator_run *asked, uint32_t stratum, struct ratio_told *ret)
{
    size_t at = stratum == INDICATOR_NO_STRATUM ? asked->stratum_count : stratum;
    const struct indicator_measured *of = &asked->answer.measured[at];
    bool values = asked->ask.define->scoring == INDICATOR_VALUES;
    int64_t all = stratum == INDICATOR_NO_STRATUM ? asked->answer.figure
                                                  : asked->answer.strata[stratum];

    ret->amount = values ? of->median : of->met;
    ret->of = values ? WHOLE : all;
    ret->known = all > 0;
}

/* The figure ${of} of ${run}, in ${stratum} of the ratio. What is not named there may be something that is hidden. */
static int tell_figure(struct indicator_run *run, enum ratio_of of, uint32_t stratum,
    struct ratio_told *ret, struct err *err)
{
    struct ratio_figure *f = &run->ratio->of[of];
    struct indicator_run *asked = &f->run;
    uint32_t at = stratum == INDICATOR_NO_STRATUM ? stratum : f->strata[stratum];
    bool amount = indicator_is_amount(asked), factor = of == RATIO_TIMES;
    int64_t count = 0;
    int r = 0;

    *ret = (struct ratio_told){.known = !amount && !factor,
        .parts_missing = f->parts_missing && at != INDICATOR_NO_STRATUM,
        .of = WHOLE};
    if (at == RATIO_NOWHERE ||
        (at != INDICATOR_NO_STRATUM && asked->answer.strata[at] == 0)) {
        ret->hidden =
            asked->guarded && (asked->withheld || asked->paired || asked->kept);
        return 0;
    }
    if (at != INDICATOR_NO_STRATUM && !indicator_is_named(asked, at)) {
        ret->hidden = true;
        return 0;
    }
    ret->any = true;
    ret->masked = indicator_is_kept(asked, at);
    if (ret->masked)
        return 0;
    count = count_of(asked, part_of(run, of), at);
    ret->population = count;
    if (!asked->answer.measured) /* of a share of days its report has the days */
        r = indicator_population(asked, count, at, &ret->population, err);
    if (factor) {
        tell_score(asked, at, ret);
        return r;
    }
    ret->known = !amount || ret->population > 0;
    if (__builtin_mul_overflow(count, amount ? 1 : WHOLE, &ret->amount))
        ret->known = false;
    return r;
}

/* What ${ret} grew by since ${before}. */
static void grow(struct ratio_told *ret, const struct ratio_told *before)
{
    ret->hidden = ret->hidden || before->hidden;
    ret->masked = ret->masked || before->masked;
    ret->any = ret->any || before->any;
    ret->known = ret->known && before->known &&
                 !__builtin_sub_overflow(ret->amount, before->amount, &ret->amount);
    ret->population -= before->population;
}

int ratio_tell(struct indicator_run *run, uint32_t stratum,
    struct ratio_told ret[INDICATOR_ROLES], struct err *err)
{
    struct ratio_told before = {.hidden = false};
    int r = 0;

    for (int i = 0; i < INDICATOR_ROLES; i++)
        ret[i] = (struct ratio_told){.known = true, .amount = WHOLE, .of = WHOLE};
    for (int i = 0; r == 0 && i < RATIO_OFS; i++) {
        if (is_of(run, (enum ratio_of)i))
            r = tell_figure(run, (enum ratio_of)i, stratum,
                i == RATIO_BEFORE ? &before : &ret[role_of((enum ratio_of)i)], err);
    }
    if (r == 0 && is_of(run, RATIO_BEFORE))
        grow(&ret[INDICATOR_DENOMINATOR], &before);
    return r;
}

/* Those strata are named of which something may be known of each part, and there is something of one; where it is money,
 * of the numerator. */
static int name_strata(struct indicator_run *run, struct err *err)
{
    int r = 0;

    run->answer.strata = arena_array(
        run->of_answer, run->stratum_count + 1, sizeof(*run->answer.strata));
    if (!run->answer.strata)
        return err_nomem(err);
    for (uint32_t i = 0; r == 0 && i < run->stratum_count; i++) {
        struct ratio_told told[INDICATOR_ROLES];
        bool hidden = false, any = false;

        r = ratio_tell(run, i, told, err);
        for (int k = 0; k < INDICATOR_ROLES; k++) {
            hidden = hidden || told[k].hidden;
            any = any || (told[k].any && (k == INDICATOR_NUMERATOR ||
                                             !run->ask.define->currency.path));
        }
        run->answer.strata[i] = r == 0 && !hidden && any;
    }
    return r;
}

int indicator_ratio_settle(struct indicator_run *run, struct err *err)
{
    const struct indicator_run *over = &run->ratio->of[RATIO_NUMERATOR].run;
    int r = 0;

    arena_reset(run->of_answer);
    run->answer = (struct indicator_answer){.figure = 0};
    for (int i = 0; r == 0 && i < RATIO_OFS; i++) {
        if (is_of(run, (enum ratio_of)i))
            r = settle(run, (enum ratio_of)i, err);
    }
    if (r < 0)
        return r;
    run->currency = over->currency;
    run->mixed = over->mixed;
    return name_strata(run, err);
}

struct indicator_run *indicator_ratio_numerator(
    const struct indicator_run *run, bool *ret_met)
{
    *ret_met = part_of(run, RATIO_NUMERATOR)->met;
    return &run->ratio->of[RATIO_NUMERATOR].run;
}

int indicator_ratio_rows(struct indicator_run *run, struct err *err)
{
    static const enum ratio_of of[INDICATOR_ROLES] = {
        [INDICATOR_NUMERATOR] = RATIO_NUMERATOR,
        [INDICATOR_TIMES] = RATIO_TIMES,
        [INDICATOR_DENOMINATOR] = RATIO_DENOMINATOR};
    struct indicator_run *asked = NULL;
    int r = 0;

    run->ratio = arena_alloc(run->of_facts, sizeof(*run->ratio));
    if (!run->ratio)
        return err_nomem(err);
    asked = &run->ratio->of[of[run->ask.part]].run;
    r = begin(run, of[run->ask.part], err);
    asked->ratio_of = run->ask.define;
    indicator_lend(run, asked);
    if (r == 0)
        r = indicator_figure(asked, err);
    if (r == 0)
        r = indicator_write_rows(asked, err);
    indicator_lend(asked, run);
    return r;
}
