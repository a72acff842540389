/* SPDX-License-Identifier: Apache-2.0 */
/* What a claim allows, and what it says against others. */
#include "engine/claim/claim.h"

#include <math.h>

#include "base/time.h"

#define DAY_MS (24LL * 3600 * 1000)

static const char *const bounds[] = {"exact", "over", "nearly", "about"};
static const char *const trends[] = {"none", "rose", "fell"};
static const char *const faults[] = {"more-is-less", "two-values", "verb-is-wrong",
    "own-verb-is-wrong", "two-units", "rate-impossible"};

static int code_of(const char *const *codes, int count, struct str code)
{
    for (int i = 0; i < count; i++) {
        if (str_is(code, codes[i]))
            return i;
    }
    return count;
}

const char *claim_bound_code(enum claim_bound bound)
{
    return bound < CLAIM_BOUNDS ? bounds[bound] : NULL;
}

enum claim_bound claim_bound_of(struct str code)
{
    return (enum claim_bound)code_of(bounds, CLAIM_BOUNDS, code);
}

const char *claim_trend_code(enum claim_trend trend)
{
    return trend < CLAIM_TRENDS ? trends[trend] : NULL;
}

enum claim_trend claim_trend_of(struct str code)
{
    return (enum claim_trend)code_of(trends, CLAIM_TRENDS, code);
}

const char *claim_fault_code(enum claim_fault fault)
{
    return fault < CLAIM_FAULTS ? faults[fault] : NULL;
}

/* ---- what a claim allows ---- */

/* The values that ${claim} allows: from ${lo} to ${hi}, infinite where it has no end. The floor
 * of "over" is not allowed itself. */
static void allows(const struct claim *claim, double *lo, double *hi)
{
    double width = 0;

    *lo = *hi = claim->value;
    switch (claim->bound) {
    case CLAIM_OVER:
        *hi = HUGE_VAL;
        break;
    case CLAIM_NEAR:
        *lo -= fabs(claim->value) * CLAIM_NEARLY;
        break;
    case CLAIM_ROUND:
        width = fabs(claim->value) * CLAIM_ABOUT;
        *lo -= width;
        *hi += width;
        break;
    case CLAIM_EXACT:
    case CLAIM_BOUNDS:
        break;
    }
}

enum claim_verdict claim_judge(const struct claim *claim, double value, double *by)
{
    double lo = 0, hi = 0;

    allows(claim, &lo, &hi);
    *by = value < lo ? value - lo : value > hi ? value - hi : 0;
    if (claim->bound == CLAIM_OVER)
        return value > lo ? CLAIM_MATCHES : CLAIM_DIFFERS;
    return value >= lo && value <= hi ? CLAIM_MATCHES : CLAIM_DIFFERS;
}

/* Whether every value that ${less} allows is at most every one that ${more} does. */
static bool at_most(const struct claim *less, const struct claim *more)
{
    double lo = 0, hi = 0, unused = 0;

    allows(less, &unused, &hi);
    allows(more, &lo, &unused);
    return hi <= lo;
}

/* The same, and never equal: the floor of "over" is not allowed itself. */
static bool below(const struct claim *less, const struct claim *more)
{
    double lo = 0, hi = 0, unused = 0;

    allows(less, &unused, &hi);
    allows(more, &lo, &unused);
    return hi < lo || (hi == lo && more->bound == CLAIM_OVER);
}

/* ---- two claims ---- */

struct search {
    const struct claim *claims;
    size_t count;
    const struct claim_rate *rates;
    size_t rate_count;
    struct claim_contradictions *found;
    struct arena *arena;
    size_t room;
    bool failed;
};

static void add(struct search *s, struct claim_contradiction c)
{
    struct claim_contradictions *f = s->found;
    size_t room = s->room ? 2 * s->room : 8;
    void *grown = NULL;

    if (f->count == s->room) {
        grown = arena_grow(
            s->arena, f->list, f->count * sizeof(*f->list), room * sizeof(*f->list));
        if (!grown) {
            s->failed = true;
            return;
        }
        f->list = grown;
        s->room = room;
    }
    f->list[f->count++] = c;
}

static bool same_thing(const struct claim *a, const struct claim *b)
{
    return str_eq(a->measure, b->measure) && str_eq(a->scope, b->scope);
}

static bool comparable(const struct claim *a, const struct claim *b)
{
    return same_thing(a, b) && str_eq(a->unit, b->unit);
}

static bool same_period(const struct claim *a, const struct claim *b)
{
    return a->from == b->from && a->until == b->until && a->total == b->total;
}

static bool holds(const struct claim *outer, const struct claim *inner)
{
    return outer->total && inner->total && outer->from <= inner->from &&
           outer->until >= inner->until && !same_period(outer, inner);
}

static void compare_values(struct search *s, size_t one, size_t other)
{
    const struct claim *a = &s->claims[one], *b = &s->claims[other];

    if (!comparable(a, b) || a->dateless || b->dateless)
        return;
    if (holds(b, a) && below(b, a))
        add(s, (struct claim_contradiction){CLAIM_MORE_IS_LESS, one, other, 0, 0, 0});
    if (same_period(a, b) && str_cmp(a->id, b->id) < 0 && (below(a, b) || below(b, a)))
        add(s, (struct claim_contradiction){CLAIM_TWO_VALUES, one, other, 0, 0, 0});
}

/* Whether ${one} is among the last comparable claims before ${other}. */
static bool just_before(const struct search *s, size_t one, size_t other)
{
    const struct claim *a = &s->claims[one], *b = &s->claims[other];

    if (!comparable(a, b) || a->dateless || b->dateless || a->until >= b->until)
        return false;
    for (size_t i = 0; i < s->count; i++) {
        const struct claim *c = &s->claims[i];

        if (comparable(c, b) && !c->dateless && c->until > a->until &&
            c->until < b->until)
            return false;
    }
    return true;
}

static void compare_verb(struct search *s, size_t one, size_t other)
{
    const struct claim *a = &s->claims[one], *b = &s->claims[other];
    bool wrong = b->trend == CLAIM_ROSE ? at_most(b, a) : at_most(a, b);

    if (b->trend != CLAIM_NO_TREND && !b->has_before && wrong &&
        just_before(s, one, other))
        add(s, (struct claim_contradiction){CLAIM_VERB_IS_WRONG, one, other, 0, 0, 0});
}

/* Whether no claim of the same thing and unit has a smaller id. */
static bool first_of_unit(const struct search *s, size_t which)
{
    const struct claim *a = &s->claims[which];

    for (size_t i = 0; i < s->count; i++) {
        if (comparable(&s->claims[i], a) && str_cmp(s->claims[i].id, a->id) < 0)
            return false;
    }
    return true;
}

static void compare_units(struct search *s, size_t one, size_t other)
{
    const struct claim *a = &s->claims[one], *b = &s->claims[other];

    if (same_thing(a, b) && !str_eq(a->unit, b->unit) && str_cmp(a->id, b->id) < 0 &&
        first_of_unit(s, one) && first_of_unit(s, other))
        add(s, (struct claim_contradiction){CLAIM_TWO_UNITS, one, other, 0, 0, 0});
}

/* ---- a claim alone ---- */

static void judge_verb(struct search *s, size_t one)
{
    const struct claim *a = &s->claims[one];

    if (!a->has_before || a->trend == CLAIM_NO_TREND)
        return;
    if (a->trend == CLAIM_ROSE ? a->value <= a->before : a->value >= a->before)
        add(s, (struct claim_contradiction){CLAIM_OWN_VERB_WRONG, one, one, 0, 0, 0});
}

static int year_of(int64_t ms)
{
    int64_t days = ms / DAY_MS - (ms % DAY_MS < 0 ? 1 : 0);
    int64_t year = 0;
    unsigned month = 0, day = 0;

    time_date(days, &year, &month, &day);
    return (int)year;
}

/* How much of ${claim}'s unit ${rate} gives for one of its other unit; 0: of other currencies. */
static double rate_for(const struct claim *claim, const struct claim_rate *rate)
{
    if (str_eq(rate->currency, claim->unit) && str_eq(rate->base, claim->other_unit))
        return rate->rate;
    if (rate->rate > 0 && str_eq(rate->base, claim->unit) &&
        str_eq(rate->currency, claim->other_unit))
        return 1 / rate->rate;
    return 0;
}

/* The lowest and the highest rate of the years of ${claim}; false: not every year is known. */
static bool rates_of(
    const struct search *s, const struct claim *claim, struct claim_contradiction *c)
{
    int last = year_of(claim->until > claim->from ? claim->until - 1 : claim->until);

    c->lowest = HUGE_VAL;
    for (int year = year_of(claim->from); year <= last; year++) {
        bool known = false;

        for (size_t i = 0; i < s->rate_count; i++) {
            double rate = rate_for(claim, &s->rates[i]);

            if (rate <= 0 || s->rates[i].year != year)
                continue;
            c->lowest = fmin(c->lowest, rate);
            c->highest = fmax(c->highest, rate);
            known = true;
        }
        if (!known)
            return false;
    }
    return true;
}

static void judge_rate(struct search *s, size_t one)
{
    const struct claim *a = &s->claims[one];
    struct claim_contradiction c = {CLAIM_RATE_IMPOSSIBLE, one, one, 0, 0, 0};

    if (!a->other_unit.p || a->other <= 0 || a->dateless || !rates_of(s, a, &c))
        return;
    c.rate = a->value / a->other;
    if (c.rate < c.lowest * (1 - CLAIM_RATE_SLACK) ||
        c.rate > c.highest * (1 + CLAIM_RATE_SLACK))
        add(s, c);
}

/* ---- all ---- */

static int by_fault_and_id(
    const struct search *s, const struct claim_contradiction *a, size_t b_place)
{
    const struct claim_contradiction *b = &s->found->list[b_place];
    int r = (int)a->fault - (int)b->fault;

    if (r == 0)
        r = str_cmp(s->claims[a->one].id, s->claims[b->one].id);
    return r ? r : str_cmp(s->claims[a->other].id, s->claims[b->other].id);
}

/* By insertion: there are few. */
static void sort(struct search *s)
{
    struct claim_contradiction *list = s->found->list;

    for (size_t i = 1; i < s->found->count; i++) {
        struct claim_contradiction c = list[i];
        size_t k = i;

        for (; k > 0 && by_fault_and_id(s, &c, k - 1) < 0; k--)
            list[k] = list[k - 1];
        list[k] = c;
    }
}

int claim_contradictions(struct arena *a, const struct claim_set *set,
    struct claim_contradictions *ret, struct err *err)
{
    struct search s = {
        set->claims, set->count, set->rates, set->rate_count, ret, a, 0, false};

    *ret = (struct claim_contradictions){NULL, 0};
    for (size_t i = 0; i < set->count; i++) {
        judge_verb(&s, i);
        judge_rate(&s, i);
        for (size_t k = 0; k < set->count; k++) {
            if (k == i)
                continue;
            compare_values(&s, i, k);
            compare_verb(&s, i, k);
            compare_units(&s, i, k);
        }
    }
    if (s.failed)
        return err_nomem(err);
    sort(&s);
    return 0;
}

/* ---- what only looks like it ---- */

/* Is what ${later} says below all that ${earlier} allows? "Over 2,400" is read as its number. */
static bool reads_as_less(const struct claim *later, const struct claim *earlier)
{
    double lo = 0, hi = 0, unused = 0;

    allows(later, &unused, &hi);
    allows(earlier, &lo, &unused);
    return (later->bound == CLAIM_OVER ? later->value : hi) < lo;
}

static bool goes_on_from(const struct claim *later, const struct claim *earlier)
{
    return !earlier->dateless && !later->dateless && earlier->until < later->until &&
           (!later->total || later->from <= earlier->from);
}

static bool looks_wrong(const struct claim *one, const struct claim *other)
{
    return str_eq(one->measure, other->measure) && str_eq(one->unit, other->unit) &&
           !str_eq(one->scope, other->scope) && goes_on_from(other, one) &&
           reads_as_less(other, one);
}

/* Does ${a} stand before ${b} in the answer? */
static bool stands_before(const struct claim_set *set, const struct claim_notice *a,
    const struct claim_notice *b)
{
    int r = str_cmp(set->claims[a->one].id, set->claims[b->one].id);

    if (r == 0)
        r = str_cmp(set->claims[a->other].id, set->claims[b->other].id);
    return r < 0;
}

int claim_notices(struct arena *a, const struct claim_set *set,
    struct claim_notices *ret, struct err *err)
{
    size_t most = 0, at = 0;

    *ret = (struct claim_notices){NULL, 0};
    for (size_t i = 0; i < set->count; i++) {
        for (size_t k = 0; k < set->count; k++)
            most += looks_wrong(&set->claims[i], &set->claims[k]);
    }
    ret->list = arena_array(a, most + 1, sizeof(*ret->list));
    if (!ret->list)
        return err_nomem(err);
    for (size_t i = 0; i < set->count; i++) {
        for (size_t k = 0; k < set->count; k++) {
            const struct claim_notice one = {i, k};

            if (!looks_wrong(&set->claims[i], &set->claims[k]))
                continue;
            for (at = ret->count++;
                 at > 0 && stands_before(set, &one, &ret->list[at - 1]); at--)
                ret->list[at] = ret->list[at - 1];
            ret->list[at] = one;
        }
    }
    return 0;
}
