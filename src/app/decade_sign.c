/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sign-offs: once a month it is looked who could be signed off, by the rule of the procedure and
 * the engine that works the conditions out for everybody (engine/competence/sign_off.h), over the
 * cases as they are known on that day. Somebody proposes, and master, head of department and
 * quality office sign one after the other, or refuse. What is signed lapses, is renewed, or is
 * withdrawn.
 */
#include "app/app_internal.h"
#include "app/catalogue.h"
#include "app/decade_sign_internal.h"
#include "app/sign_off_internal.h"

/* Chosen, permille. */
#define PROPOSED 450 /* a month, of those who meet the conditions */
#define AGAINST 60   /* of those it is talked about who miss one of them */
#define REFUSED 35   /* at each signature */
#define RENEWED 860
#define WITHDRAWN 1 /* a month, of those who are signed off */
#define LATEST_MONTHS 240

/* ---- the conditions ---- */

utc_ms clinic_moment(day_number day, int32_t minute)
{
    return ((utc_ms)day * 1440 + minute) * (utc_ms)60000;
}

static size_t gather(const struct clinic *c, const struct clinic_learner *l,
    const struct procedure_rule *rule, struct sign_off_case *ret)
{
    for (uint32_t i = 0; i < l->cases; i++) {
        const struct clinic_case *one = &l->list[i];
        const struct clinic_operation *o = &c->operations[one->operation];
        enum procedure_result results[LOOKS];

        for (int k = 0; k < LOOKS; k++)
            results[k] = (enum procedure_result)o->results[k];
        ret[i] = (struct sign_off_case){.when = clinic_moment(o->day, o->minute),
            .level = (enum independence)one->level,
            .assessor = one->assessor == DECADE_NONE ? 0 : one->assessor + 1,
            .rotation = one->rotation,
            .outcome = procedure_outcome(rule, results),
            .serious_event_open =
                procedure_serious(results, (o->flags & CLINIC_REVIEWED) != 0)};
    }
    return l->cases;
}

/* Has the hospital what the procedure needs, as sign_off_place.c tells it? */
static enum sign_off_answer place_of(
    const struct clinic *c, uint32_t line, struct clinic_judged *ret)
{
    const struct catalogue_entry *entry = catalogue_thing(ret->thing);
    uint32_t hospital = c->d->departments[c->lines[line].department].hospital;
    utc_ms now = clinic_moment(c->d->day, SIGN_MINUTE);
    enum sign_off_answer answer =
        entry->need_count == 0 ? SIGN_OFF_NOT_KNOWN : SIGN_OFF_MET;

    ret->present = 0;
    for (size_t i = 0; i < entry->need_count && i < SIGN_OFF_KINDS; i++) {
        if (decade_serves(c->d, hospital, entry->needs[i], now))
            ret->present |= 1u << i;
        else
            answer = SIGN_OFF_NOT_MET;
    }
    return answer;
}

/* How ${learner} stands today, by the rule that counts. */
static int clinic_judge(
    struct clinic *c, uint32_t learner, struct clinic_judged *ret, struct err *err)
{
    const struct clinic_learner *l = &c->learners[learner];
    const struct decade_technique *t = &decade_techniques[c->lines[l->line].technique];
    struct arena *a = arena_new();
    struct sign_off_case *cases =
        a ? arena_array(a, l->cases + 1, sizeof(*cases)) : NULL;
    struct sign_off_question question = {
        .cases = cases, .now = clinic_moment(c->d->day, SIGN_MINUTE)};
    int r = cases
                ? procedure_rule_of(c->d->app->rules, str_of(t->code), &ret->rule, err)
                : err_nomem(err);

    if (r == 0 &&
        !catalogue_find(STR(CATALOGUE_PROCEDURE_SYSTEM), str_of(t->code), &ret->thing))
        r = err_set(err, E_BUG, NULL, "%s is no procedure of the catalogue.", t->code);
    if (r == 0) {
        question.place = place_of(c, l->line, ret);
        question.count = gather(c, l, ret->rule, cases);
        r = sign_off_list(&ret->rule->sign_off, &question, &ret->list, err);
    }
    ret->day = c->d->day;
    arena_free(a);
    return r;
}

/* So many conditions are not met. Equipment is not among them: what is missing is lent, and who signs
 * says so. */
static int unmet(const struct sign_off_list *list)
{
    int count = 0;

    for (int i = 0; i < SIGN_OFF_CONDITIONS; i++)
        count += i != SIGN_OFF_PLACE && list->lines[i].answer != SIGN_OFF_MET;
    return count;
}

/* ---- the way of one ---- */

static uint32_t last_master(const struct clinic *c, const struct clinic_learner *l)
{
    for (uint32_t i = l->cases; i-- > 0;) {
        if (l->list[i].assessor != DECADE_NONE && l->list[i].rotation != 0)
            return l->list[i].assessor;
    }
    (void)c;
    return DECADE_NONE;
}

static bool signers_find(
    const struct clinic *c, const struct clinic_learner *l, struct clinic_sign_off *s)
{
    const struct decade_department *at =
        &c->d->departments[c->lines[l->line].department];

    s->signers[0] = last_master(c, l);
    s->signers[1] = at->head;
    s->signers[2] = c->d->hospitals[at->hospital].quality;
    for (int i = 0; i < 3; i++) {
        if (s->signers[i] == DECADE_NONE || s->signers[i] == l->person)
            return false;
    }
    return s->signers[0] != s->signers[1];
}

static int sign_due(struct decade *d, const uint32_t of[4], struct err *err);

static int propose(struct clinic *c, uint32_t learner,
    const struct clinic_judged *judged, bool renews, struct err *err)
{
    struct clinic_learner *l = &c->learners[learner];
    struct clinic_sign_off s = {.learner = learner,
        .renews = renews ? l->sign_off : 0,
        .proposed = c->d->day,
        .status = CLINIC_PROPOSED,
        .judged = *judged};
    uint32_t at = c->sign_off_count;
    day_number day = c->d->day;
    int r = 0;

    if (!signers_find(c, l, &s))
        return 0;
    s.proposer = chance_permille(&c->sign, 700) ? l->person : s.signers[1];
    r = decade_room(c->d, (void **)&c->sign_offs, c->sign_off_count, &c->sign_off_room,
        sizeof(*c->sign_offs), err);
    if (r < 0)
        return r;
    c->sign_offs[c->sign_off_count++] = s;
    l->waiting = true;
    clinic_sign_off_write(c, at);
    for (uint32_t i = 0; r == 0 && i < 3; i++) {
        day += chance_between(&c->sign, 1, 11);
        r = decade_do_later(c->d, day, sign_due, (const uint32_t[4]){at, i}, err);
    }
    return r;
}

/* The third signature: from now on it counts. */
static void count_from_now(struct clinic *c, uint32_t at)
{
    struct clinic_sign_off *s = &c->sign_offs[at];
    struct clinic_learner *l = &c->learners[s->learner];
    unsigned month = 0, day = 0;
    int year = 0;
    int months = s->judged.rule->valid_months;

    decade_date_of(c->d->day, &year, &month, &day);
    months = months > 0 && months < LATEST_MONTHS ? months : 24;
    year += (int)(month - 1 + (unsigned)months) / 12;
    month = (month - 1 + (unsigned)months) % 12 + 1;
    if (day > time_month_days(year, month))
        day = time_month_days(year, month);
    if (l->signed_from != 0 && c->sign_offs[l->sign_off - 1].stops >= c->d->day)
        c->sign_offs[l->sign_off - 1].stops = c->d->day - 1;
    s->status = CLINIC_SIGNED;
    s->from = c->d->day;
    s->until = decade_day_of(year, month, day) - 1;
    s->stops = s->until;
    l->signed_from = c->d->day;
    l->signed_until = s->until;
    l->lapsed = false;
    l->sign_off = at + 1;
    decade_person_write(c->d, l->person);
}

static int sign_due(struct decade *d, const uint32_t of[4], struct err *err)
{
    struct clinic *c = clinic_of(d);
    struct clinic_sign_off *s = &c->sign_offs[of[0]];
    struct clinic_learner *l = &c->learners[s->learner];
    int r = 0;

    if (s->status != CLINIC_PROPOSED ||
        !clinic_is_there(c, l->person, c->lines[l->line].department))
        return 0;
    r = clinic_judge(c, s->learner, &s->judged, err);
    if (r < 0)
        return r;
    if (chance_permille(&c->sign, REFUSED)) {
        s->status = CLINIC_REFUSED;
        s->ended = d->day;
        s->ender = of[1];
        l->waiting = false;
    } else {
        s->days[of[1]] = d->day;
        s->unmet[of[1]] = 0;
        s->lent[of[1]] =
            s->judged.list.lines[SIGN_OFF_PLACE].answer == SIGN_OFF_NOT_MET;
        for (int i = 0; i < SIGN_OFF_CONDITIONS; i++) {
            if (s->judged.list.lines[i].answer != SIGN_OFF_MET)
                s->unmet[of[1]] |= 1u << i;
        }
        s->signatures++;
    }
    if (s->signatures == 3) {
        l->waiting = false;
        count_from_now(c, of[0]);
    }
    clinic_sign_off_write(c, of[0]);
    return 0;
}

static void withdraw(struct clinic *c, uint32_t learner)
{
    struct clinic_learner *l = &c->learners[learner];
    struct clinic_sign_off *s = &c->sign_offs[l->sign_off - 1];

    s->status = CLINIC_WITHDRAWN;
    s->ended = c->d->day;
    s->ender = 2;
    l->signed_until = c->d->day - 1;
    s->stops = l->signed_until;
    clinic_sign_off_write(c, l->sign_off - 1);
    decade_person_write(c->d, l->person);
}

/* ---- a month ---- */

static bool is_recent(const struct clinic *c, const struct clinic_learner *l, int days)
{
    const uint32_t enough = 6;
    uint32_t i = l->cases;

    while (i > 0 && c->operations[l->list[i - 1].operation].day >= c->d->day - days)
        i--;
    return l->cases - i >= enough;
}

static int look_at_signed(struct clinic *c, uint32_t at, struct err *err)
{
    struct clinic_learner *l = &c->learners[at];
    struct clinic_judged judged = {0};
    int r = 0;

    if (chance_permille(&c->sign, WITHDRAWN)) {
        withdraw(c, at);
        return 0;
    }
    l->lapsed = l->lapsed || !is_recent(c, l, 365);
    if (l->signed_until - c->d->day > 45 && !l->lapsed)
        return 0;
    if (!chance_permille(&c->sign, l->lapsed ? 60 : RENEWED) || !is_recent(c, l, 365))
        return 0;
    r = clinic_judge(c, at, &judged, err);
    return r < 0 || unmet(&judged.list) > 1 ? r : propose(c, at, &judged, true, err);
}

/* Are there as many cases, and as many of the last ratings as high, as the rule asks for? To work
 * the whole list out takes longer. */
static bool is_near(const struct clinic_learner *l, const struct sign_off_rule *rule)
{
    int good = 0;

    for (uint32_t i = l->cases; i-- > 0 && good < rule->ratings;) {
        if (l->list[i].level == INDEPENDENCE_NOT_RATED)
            continue;
        if (l->list[i].level < rule->level)
            break;
        good++;
    }
    return (int)l->cases >= rule->volume && good >= rule->ratings - 1;
}

static int look_at_other(struct clinic *c, uint32_t at, struct err *err)
{
    const struct clinic_learner *l = &c->learners[at];
    const char *code = decade_techniques[c->lines[l->line].technique].code;
    const struct procedure_rule *rule = NULL;
    struct clinic_judged judged = {0};
    int missing = 0;
    int r = procedure_rule_of(c->d->app->rules, str_of(code), &rule, err);

    if (r < 0 || !is_near(l, &rule->sign_off) || !chance_permille(&c->sign, PROPOSED))
        return r;
    r = clinic_judge(c, at, &judged, err);
    if (r < 0)
        return r;
    missing = unmet(&judged.list);
    if (missing > 1 || (missing == 1 && !chance_permille(&c->sign, AGAINST)))
        return 0;
    return propose(c, at, &judged, false, err);
}

int clinic_sign_month(struct clinic *c, struct err *err)
{
    int r = 0;

    for (uint32_t i = 0; r == 0 && i < c->learner_count; i++) {
        const struct clinic_learner *l = &c->learners[i];
        bool counts = l->signed_from != 0 && c->d->day <= l->signed_until;

        if (l->waiting || !clinic_is_there(c, l->person, c->lines[l->line].department))
            continue;
        r = counts ? look_at_signed(c, i, err) : look_at_other(c, i, err);
    }
    return r;
}
