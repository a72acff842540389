/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who has done too few operations lately: when that ends what three people signed, it becomes part of the qualification on the
 * evening of that day, as the node's daily look writes it (sign_off_lapse.h), and an operation that is told late takes it off
 * again. When it lapses the engine says, of what was told until that evening.
 *
 * An operation more never makes that moment earlier. So it is reckoned again when it has come, and where an operation was told
 * late of what has lapsed, or stands under another procedure now.
 */
#include "app/decade_gap_internal.h"
#include "app/decade_sign_internal.h"
#include "engine/competence/recency.h"

/* Must it be reckoned again when ${s} lapses? */
static bool may_move(
    const struct clinic_sign_off *s, const struct gap_line *line, utc_ms now)
{
    return !s->reckoned || line->mended || (line->late && s->told) ||
           (!s->told && s->lapses != RECENCY_NEVER && s->lapses <= now);
}

/* Since when ${s} has lapsed at ${now}; 0: it has not, or its last day came first. */
static utc_ms lapsed(const struct clinic_sign_off *s, utc_ms now)
{
    utc_ms until = (utc_ms)(s->stops + 1) * GAP_DAY_MS;

    return s->lapses != RECENCY_NEVER && s->lapses <= now && s->lapses < until
               ? s->lapses
               : 0;
}

static int look_at(struct decade *d, struct clinic_sign_off *s, struct err *err)
{
    const struct clinic_learner *l = &clinic_of(d)->learners[s->learner];
    utc_ms now = decade_evening(d->day);
    utc_ms since = 0;

    if (may_move(s, &d->gaps->lines[l->line], now)) {
        int r = gap_lapses(d->gaps, l, s, &s->lapses);

        arena_reset(d->gaps->scratch);
        if (r < 0)
            return err_nomem(err);
        s->reckoned = true;
    }
    since = lapsed(s, now);
    if (since == s->told)
        return 0;
    s->told = since;
    decade_person_write(d, l->person);
    return 0;
}

static int evening(struct decade *d, void *keep, struct err *err)
{
    struct clinic *c = clinic_of(d);
    int r = 0;

    (void)keep;
    for (uint32_t i = 0; r == 0 && i < c->sign_off_count; i++) {
        if (c->sign_offs[i].from != 0)
            r = look_at(d, &c->sign_offs[i], err);
    }
    for (uint32_t i = 0; i < d->gaps->line_count; i++) {
        d->gaps->lines[i].late = false;
        d->gaps->lines[i].mended = false;
    }
    return r;
}

const struct decade_part decade_lapses = {.name = "lapses", .evening = evening};
