/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Weekly hours in the time of a place become the duty that is on or comes next. The place's
 * distance from UTC is a fact of its record; a place that moves its clocks in summer has to
 * say so by a change of that fact.
 */
#include "app/network_internal.h"

#define MINUTE_MS ((int64_t)60 * 1000)
#define DAY_MS ((int64_t)24 * 60 * MINUTE_MS)
#define DAYS_AHEAD 14
#define AWAY_DAYS_MOST 366 /* a leave without an end is told as so long */
#define EPOCH_WEEKDAY 3    /* 1970-01-01 was a Thursday; Monday is 0 */

/* ${duty} without what lies in a time away at its begin. */
static void leave_out(
    const struct network_post *post, struct capability_interval *duty, int64_t at)
{
    for (size_t i = 0; i < post->away_count; i++) {
        const struct capability_interval *away = &post->away[i];
        int64_t begin = duty->from > at ? duty->from : at;
        int64_t end = away->until ? away->until : INT64_MAX;

        if (away->from <= begin && begin < end)
            duty->from = end;
        else if (away->from > begin && away->from < duty->until)
            duty->until = away->from;
    }
}

/* The duty that begins on day ${day}, counted from 1970 in the place's time. */
static bool duty_of_day(const struct network_hours *h, int64_t day, int64_t offset_ms,
    struct capability_interval *ret)
{
    int64_t weekday = (day + EPOCH_WEEKDAY) % 7;
    int64_t until = h->until > h->from ? h->until : h->until + DAY_MS / MINUTE_MS;

    if (!(h->days & 1u << (weekday < 0 ? weekday + 7 : weekday)))
        return false;
    ret->from = day * DAY_MS + h->from * MINUTE_MS - offset_ms;
    ret->until = day * DAY_MS + until * MINUTE_MS - offset_ms;
    return true;
}

/* ---- first days at a height ---- */

static bool holds_over(const struct capability_interval *i, struct span duty)
{
    return i->from != 0 && i->from <= duty.from &&
           (i->until == 0 || duty.until <= i->until);
}

/* Has ${post} hours that meet ${duty}? One without any is taken to be there. */
static bool is_there(const struct network_post *post, struct span duty, int64_t offset)
{
    for (size_t i = 0; i < post->away_count; i++) {
        const struct capability_interval *away = &post->away[i];

        if (away->from < duty.until && (away->until == 0 || duty.from < away->until))
            return false;
    }
    for (size_t i = 0; i < post->hours_count; i++) {
        int64_t first = (duty.from + offset) / DAY_MS - 1;

        for (int64_t day = first; day <= first + 2; day++) {
            struct capability_interval one = {0, 0};

            if (duty_of_day(&post->hours[i], day, offset, &one) &&
                one.from < duty.until && duty.from < one.until)
                return true;
        }
    }
    return post->hours_count == 0;
}

/* Is nobody else of the department there during ${duty}? */
static bool is_alone(
    const struct network *n, const struct network_post *post, struct span duty)
{
    int64_t offset = n->hospitals[post->hospital].utc_offset * MINUTE_MS;

    for (size_t i = 0; i < n->post_count; i++) {
        const struct network_post *other = &n->posts[i];

        if (other->hospital == post->hospital && other->person != post->person &&
            str_eq(other->unit.reference, post->unit.reference) &&
            holds_over(&other->term, duty) && is_there(other, duty, offset))
            return false;
    }
    return true;
}

static enum acclimatisation_word judge(const struct network *n,
    const struct network_post *post, const struct capability_interval *duty)
{
    struct span when = {duty->from, duty->until};

    if (span_is_empty(span_meet(post->fresh, when)))
        return ACCLIMATISATION_COUNTS;
    return acclimatisation_judge(&acclimatisation_rule_default, post->fresh, when,
        n->hospitals[post->hospital].utc_offset, is_alone(n, post, when));
}

static int each_uncounted(
    const struct network *n, const struct network_post *post, struct network_fresh *ret)
{
    int64_t offset = n->hospitals[post->hospital].utc_offset * MINUTE_MS;
    int64_t first = (post->fresh.from + offset) / DAY_MS - 1;
    int64_t last = (post->fresh.until + offset) / DAY_MS;

    for (int64_t day = first; day <= last; day++) {
        for (size_t i = 0; i < post->hours_count; i++) {
            struct capability_interval duty = {0, 0};
            enum acclimatisation_word why = ACCLIMATISATION_COUNTS;

            if (duty_of_day(&post->hours[i], day, offset, &duty)) {
                leave_out(post, &duty, duty.from);
                why = judge(n, post, &duty);
            }
            if (why != ACCLIMATISATION_COUNTS && duty.from < duty.until)
                ret->duties[ret->count++] =
                    (struct network_uncounted){duty.from, duty.until, why};
        }
    }
    return 0;
}

static int64_t local_day(const struct network_hospital *h, int64_t at)
{
    int offset = h->utc_offset == NETWORK_NO_OFFSET ? 0 : h->utc_offset;

    return (at + offset * MINUTE_MS) / DAY_MS;
}

static int tell_fresh(const struct network *n, struct arena *a,
    const struct network_post *post, struct network_fresh *ret)
{
    const struct network_hospital *h = &n->hospitals[post->hospital];
    size_t days = (size_t)acclimatisation_rule_default.days + 3;

    if (span_is_empty(post->fresh))
        return 0;
    ret->hospital = h->name.display;
    ret->utc_offset = h->utc_offset == NETWORK_NO_OFFSET ? 0 : h->utc_offset;
    ret->from = post->fresh.from;
    ret->until = post->fresh.until;
    ret->altitude_m = n->places[h->place].altitude_m;
    ret->first_day = local_day(h, ret->from);
    ret->last_day = local_day(h, ret->until) - 1;
    ret->duties = arena_array(a, days * post->hours_count + 1, sizeof(*ret->duties));
    if (!ret->duties)
        return E_NOMEM;
    return h->utc_offset == NETWORK_NO_OFFSET ? 0 : each_uncounted(n, post, ret);
}

int network_fresh(
    const struct network *n, struct arena *a, struct str id, struct network_fresh *ret)
{
    const struct network_post *post = NULL;

    *ret = (struct network_fresh){.from = 0};
    for (size_t i = 0; i < n->post_count && !post; i++)
        post = str_eq(n->posts[i].id, id) ? &n->posts[i] : NULL;
    return post ? tell_fresh(n, a, post, ret) : 0;
}

int network_fresh_planned(const struct network *n, struct arena *a,
    const struct json *record, struct network_fresh *ret)
{
    struct network_part part = {.arena = a, .size = network_fact_size(NETWORK_POSTS)};
    struct network_taking taking = {.part = &part, .record = record};
    const struct network_post_fact *fact = NULL;
    struct network_post post = {.person = NETWORK_NOBODY};
    const char *unit = NULL;
    size_t person = 0;

    *ret = (struct network_fresh){.from = 0};
    if (network_take_post(&taking) < 0)
        return E_NOMEM;
    fact = part.list;
    if (part.count == 0 || !fact->works ||
        !network_unit_hospital(n, fact->unit, &post.hospital))
        return 0;
    if (fact->person.p && text_map_get(&n->people, fact->person, &person))
        post.person = (uint32_t)person;
    unit = arena_printf(a, "Organization/%.*s", (int)fact->unit.len, fact->unit.p);
    if (!unit)
        return E_NOMEM;
    post.unit.reference = str_of(unit);
    post.fresh = network_first_days(n, fact, post.hospital);
    post.term = fact->term;
    post.hours = fact->hours;
    post.hours_count = fact->hours_count;
    post.away = fact->away;
    post.away_count = fact->away_count;
    return tell_fresh(n, a, &post, ret);
}

/* ---- the next duty ---- */

/* The end of the time away that ${at} lies in; ${at} where it lies in none. */
static int64_t back_from(const struct network_post *post, int64_t at)
{
    int64_t most = at + AWAY_DAYS_MOST * DAY_MS;
    int64_t back = at;

    for (size_t i = 0; i < post->away_count; i++) {
        const struct capability_interval *away = &post->away[i];

        if (away->from <= back && (away->until == 0 || away->until > back)) {
            back = away->until && away->until < most ? away->until : most;
            i = (size_t)-1; /* one may go on where another ends */
        }
        if (back == most)
            break;
    }
    return back;
}

static bool next_duty(const struct network *n, const struct network_post *post,
    int64_t at, struct capability_interval *ret)
{
    int64_t offset_ms = n->hospitals[post->hospital].utc_offset * MINUTE_MS;
    int64_t today = (at + offset_ms) / DAY_MS;
    bool found = false;

    for (int64_t day = today - 1; day <= today + DAYS_AHEAD && !found; day++) {
        for (size_t i = 0; i < post->hours_count; i++) {
            struct capability_interval duty = {0, 0};

            if (!duty_of_day(&post->hours[i], day, offset_ms, &duty))
                continue;
            leave_out(post, &duty, at);
            if (duty.until <= at || duty.from >= duty.until ||
                (found && duty.from >= ret->from) ||
                judge(n, post, &duty) != ACCLIMATISATION_COUNTS)
                continue;
            *ret = duty;
            found = true;
        }
    }
    return found;
}

bool network_duty(const struct network *n, const struct network_post *post, int64_t at,
    struct capability_interval *ret)
{
    int64_t back = back_from(post, at);

    if (n->hospitals[post->hospital].utc_offset != NETWORK_NO_OFFSET &&
        next_duty(n, post, at, ret))
        return true;
    if (back == at)
        return false;
    *ret = (struct capability_interval){back, back + 1};
    return true;
}
