/* SPDX-License-Identifier: Apache-2.0 */
/* When a fact holds: from when until when, without the times in which it does not, and in a proportion of days
 * which of its time is met. */
#include "engine/planning/acclimatisation.h"
#include "view/indicator_internal.h"

#define DAY ((utc_ms)24 * 60 * 60 * 1000)

int indicator_moment(
    struct indicator_look *l, const struct indicator_value *v, bool begin, utc_ms *ret)
{
    struct str text = {NULL, 0};
    utc_ms lo = 0, hi = 0;
    int r = indicator_value_text(l, v, &text);

    *ret = begin ? UTC_MS_MIN : SPAN_OPEN;
    if (r == 0 && text.p && fhir_date_range(text, &lo, &hi))
        *ret = begin ? lo : hi;
    return r;
}

/* ---- times in which a fact does not hold ---- */

struct pauses {
    struct span list[INDICATOR_PAUSES_MAX];
    size_t count;
    bool full; /* there are more */
};

static void add_pause(struct pauses *p, struct span pause)
{
    size_t at = p->count;

    if (span_is_empty(pause))
        return;
    if (at == INDICATOR_PAUSES_MAX) {
        p->full = true;
        return;
    }
    for (; at > 0 && p->list[at - 1].from > pause.from; at--)
        p->list[at] = p->list[at - 1];
    p->list[at] = pause;
    p->count++;
}

/* The Periods that ${path} gives. */
static int find_periods(
    struct indicator_look *l, const struct fhir_path *path, struct pauses *ret)
{
    struct fhir_path_result found = {.count = 0};
    utc_ms from = 0, hi = 0;
    int r = 0;

    if (path)
        r = fhir_path_evaluate_on(l->scratch, path, l->record, l->part, &found, l->err);
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

static int find_pauses(
    struct indicator_look *l, const struct indicator_define *d, struct pauses *ret)
{
    struct str day = {NULL, 0};
    utc_ms from = 0, hi = 0;
    int r = indicator_value_text(l, &d->settling, &day);

    if (r == 0 && day.p && fhir_date_range(day, &from, &hi))
        add_pause(
            ret, (struct span){from, from + acclimatisation_rule_default.days * DAY});
    return r == 0 ? find_periods(l, d->less.path, ret) : r;
}

/* ${whole} in ${time}, where that is any time of it at all. */
static int add_piece(struct indicator_look *l, const struct indicator_said *whole,
    struct span time, bool met)
{
    struct indicator_said *f = NULL;

    if (time.until > whole->until)
        time.until = whole->until;
    if (time.from >= time.until)
        return 0;
    f = indicator_said_new(l);
    if (!f)
        return err_nomem(l->err);
    *f = *whole;
    f->from = time.from;
    f->until = time.until;
    if (met)
        f->values[f->value_count - 1] = STR("1");
    l->made->count++;
    return 0;
}

int indicator_cut(struct indicator_look *l, const struct indicator_define *d)
{
    struct indicator_said whole = l->made->list[--l->made->count];
    struct pauses pauses = {.count = 0};
    utc_ms at = whole.from;
    int r = find_pauses(l, d, &pauses);

    if (pauses.full)
        l->cut_short = d;
    for (size_t i = 0; r == 0 && i < pauses.count; i++) {
        r = add_piece(l, &whole, (struct span){at, pauses.list[i].from}, false);
        if (pauses.list[i].until > at)
            at = pauses.list[i].until;
    }
    return r == 0 ? add_piece(l, &whole, (struct span){at, whole.until}, false) : r;
}

int indicator_cut_met(struct indicator_look *l, const struct indicator_define *d)
{
    struct indicator_said whole = l->made->list[--l->made->count];
    struct pauses met = {.count = 0};
    utc_ms at = whole.from;
    int r = find_periods(l, d->numerator, &met);

    if (met.full)
        l->cut_short = d;
    if (at == UTC_MS_MIN)
        at = met.count > 0 ? met.list[0].from : SPAN_OPEN;
    for (size_t i = 0; r == 0 && i < met.count; i++) {
        struct span one = met.list[i];

        r = add_piece(l, &whole, (struct span){at, one.from}, false);
        if (one.from > at)
            at = one.from;
        if (r == 0)
            r = add_piece(l, &whole, (struct span){at, one.until}, true);
        if (one.until > at)
            at = one.until;
    }
    return r == 0 ? add_piece(l, &whole, (struct span){at, whole.until}, false) : r;
}
