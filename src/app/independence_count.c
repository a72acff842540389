/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who learns what, from the apprenticeships that were agreed to, and how it ended by the end
 * of the quarter:
 *
 *   independent   the third signature of the first sign-off in the procedure
 *   left          every post of theirs has ended: the competing end
 *   under way     censored: at the end of the last apprenticeship, or of the quarter
 *
 * Nothing that happened after the quarter is looked at, so that what is told of it stands.
 */
#include <stdlib.h>

#include "app/apprentice_internal.h"
#include "app/independence_internal.h"
#include "app/sign_off_internal.h"
#include "fhir/value.h"

#define DAY_MS ((utc_ms)24 * 3600 * 1000)
#define WALK 256
#define MOST_POSTS 200

/* ---- who learns what ---- */

static int add_subject(struct independence_figures *in, struct err *err)
{
    if (in->count == LIMIT_INDEPENDENCE)
        return err_set(err, E_TOO_LARGE, NULL,
            "More than %d people learn a procedure: ask of one procedure.",
            LIMIT_INDEPENDENCE);
    if (in->count == in->cap) {
        size_t more = in->cap ? in->cap * 2 : 64;

        in->list = arena_grow(in->call->arena, in->list, in->cap * sizeof(*in->list),
            more * sizeof(*in->list));
        if (!in->list)
            return err_nomem(err);
        in->cap = more;
    }
    in->count++;
    return 0;
}

static struct str unit_of(
    struct independence_figures *in, const struct json *record, const char *member)
{
    return sign_off_named(&in->seek,
        json_get_text(json_get(record, member), "reference"), "Organization");
}

/* One apprenticeship's goal ${s}: a subject of its own, or more of one that is there. */
static int merge(struct independence_figures *in, const struct independence_subject *s,
    struct err *err)
{
    const char *key = arena_printf(in->call->arena, "%.*s %.*s", (int)s->person.len,
        s->person.p, (int)s->code.len, s->code.p);
    struct independence_subject *old = NULL;
    size_t at = 0;
    int r = 0;

    if (!key)
        return err_nomem(err);
    if (!text_map_get(&in->map, str_of(key), &at)) {
        r = add_subject(in, err);
        if (r == 0)
            in->list[in->count - 1] = *s;
        return r < 0 ? r
               : text_map_put(
                     in->call->arena, &in->map, str_of(key), in->count - 1, NULL) < 0
                   ? err_nomem(err)
                   : 0;
    }
    old = &in->list[at];
    if (s->until > old->until)
        old->until = s->until;
    if (s->from < old->from) {
        utc_ms until = old->until;

        *old = *s;
        old->until = until;
    }
    return 0;
}

static struct str procedure_in(const struct json *goal)
{
    struct json_each it = json_each(json_get(json_get(goal, "procedure"), "coding"));

    while (json_next(&it)) {
        struct str code = json_get_text(it.value, "code");

        if (code.p)
            return code;
    }
    return (struct str){NULL, 0};
}

static int add_apprenticeship(
    struct independence_figures *in, const struct json *record, struct err *err)
{
    struct json_each goal = json_each(json_get(record, "goal"));
    struct independence_subject s = {.counts = true};
    struct str learning = unit_of(in, record, "learningDepartment");
    int r = 0;

    if (!apprentice_was_agreed(record) ||
        !json_get_text(json_get(record, "period"), "start").p ||
        !fhir_period_range(json_get(record, "period"), &s.from, &s.until) ||
        s.from >= in->quarter.until)
        return 0;
    s.person = sign_off_named(&in->seek,
        json_get_text(json_get(record, "apprentice"), "reference"), "Practitioner");
    s.department = unit_of(in, record, "teachingDepartment");
    if (!s.department.p)
        s.department = learning; /* of one hospital's own */
    if (!s.person.p || !s.department.p)
        return 0;
    r = reader_hospital_of(in->reader, s.department, &s.hospitals[0], err);
    if (r == 0 && learning.p)
        r = reader_hospital_of(in->reader, learning, &s.hospitals[1], err);
    while (r == 0 && json_next(&goal)) {
        s.code = procedure_in(goal.value);
        if (s.code.p && (!in->code.p || str_eq(s.code, in->code)))
            r = merge(in, &s, err);
    }
    return r;
}

static int add_all(struct independence_figures *in, struct err *err)
{
    unsigned type = fhir_resource_named(STR("Apprenticeship"))->number;
    store_rid list[WALK];
    store_rid after = 0;
    size_t n = WALK;
    int r = 0;

    while (r == 0 && n == WALK) {
        r = store_rids(in->seek.snapshot, type, after, list, WALK, &n, err);
        for (size_t i = 0; r == 0 && i < n; i++) {
            const struct json *json = NULL;

            after = list[i];
            r = seek_rid(&in->seek, list[i], NULL, &json, err);
            if (r == 0 && json)
                r = add_apprenticeship(in, json, err);
        }
    }
    return r;
}

/* ---- how it ended ---- */

/* When the first sign-off was signed; UTC_MS_MAX: none was. */
static int signed_at(struct independence_figures *in,
    const struct independence_subject *s, utc_ms *ret, struct err *err)
{
    struct sign_off_all all = {.count = 0};
    int r = sign_off_of_person(&in->seek, s->person, s->code, &all, err);

    *ret = UTC_MS_MAX;
    for (size_t i = 0; r == 0 && i < all.count; i++) {
        utc_ms at = 0;
        utc_ms ignored = 0;

        if (fhir_date_range(json_get_text(all.list[i].json, "signed"), &at, &ignored) &&
            at < *ret)
            *ret = at;
    }
    return r;
}

/* When the last of their posts ended; UTC_MS_MAX: one runs, or none is known. */
static int left_at(struct independence_figures *in,
    const struct independence_subject *s, utc_ms *ret, struct err *err)
{
    const struct search_pair pairs[] = {{STR("practitioner"), s->person},
        {STR("_count"), STR("200")}, {STR("_total"), STR("none")}};
    struct seek_list found = {NULL, 0};
    utc_ms last = UTC_MS_MIN;
    int r = seek_all(&in->seek,
        &(struct seek_for){"PractitionerRole", pairs, 3, MOST_POSTS}, &found, err);

    for (size_t i = 0; r == 0 && i < found.count; i++) {
        const struct json *json = NULL;
        utc_ms from = 0;
        utc_ms until = 0;

        r = seek_rid(&in->seek, found.rids[i], NULL, &json, err);
        if (r == 0 && json &&
            fhir_period_range(json_get(json, "period"), &from, &until) && until > last)
            last = until;
    }
    *ret = last == UTC_MS_MIN ? UTC_MS_MAX : last;
    return r;
}

/* Cases as operator from ${s->from} up to and with ${end}. */
static int cases_until(struct independence_figures *in,
    const struct independence_subject *s, utc_ms end, double *ret, struct err *err)
{
    struct logbook_request rq = {.since = s->from, .most = LIMIT_LOGBOOK_CASES};
    struct logbook_cases cases = {.count = 0};
    struct str id = s->person;
    int r = 0;

    str_cut(&id, '/');
    *ret = 0;
    r = store_find(in->seek.snapshot, fhir_resource_named(STR("Practitioner"))->number,
        id, &rq.person, err);
    if (r == E_NOT_FOUND)
        return 0;
    if (r == 0)
        r = logbook_cases(in->seek.snapshot, in->call->arena, &rq, &cases, err);
    for (size_t i = 0; r == 0 && i < cases.count; i++) {
        const struct logbook_case *c = &cases.list[i];

        *ret += !c->imported && c->function == FUNCTION_OPERATOR && c->when <= end &&
                str_eq(c->code, s->code);
    }
    return r;
}

static double rounded_up(double value, int step)
{
    long long whole = (long long)value;

    whole = (whole + step - 1) / step * step;
    return (double)whole;
}

static int settle(
    struct independence_figures *in, struct independence_subject *s, struct err *err)
{
    utc_ms last = s->until < in->quarter.until ? s->until : in->quarter.until;
    utc_ms by_sign = UTC_MS_MAX;
    utc_ms by_leaving = UTC_MS_MAX;
    double time = 0;
    int r = signed_at(in, s, &by_sign, err);

    if (r == 0)
        r = left_at(in, s, &by_leaving, err);
    if (r < 0)
        return r;
    s->counts = by_sign >= s->from;
    s->ended = s->until <= in->quarter.until;
    s->dependent = s->ended && by_sign > s->until;
    s->survival.end = SURVIVAL_CENSORED;
    if (by_sign < in->quarter.until) {
        s->survival.end = SURVIVAL_EVENT;
        last = by_sign;
    } else if (by_leaving <= last) {
        s->survival.end = SURVIVAL_COMPETING;
        last = by_leaving > s->from ? by_leaving : s->from;
    }
    if (in->days) {
        utc_ms days = (last - s->from + DAY_MS - 1) / DAY_MS;

        time = (double)days;
    } else {
        r = cases_until(in, s, last, &time, err);
    }
    s->survival.time =
        rounded_up(time, in->days ? INDEPENDENCE_DAYS : INDEPENDENCE_CASES);
    return r;
}

static int compare(const void *one, const void *other)
{
    const struct independence_subject *a = one, *b = other;
    int by_code = str_cmp(a->code, b->code);

    return by_code != 0 ? by_code : str_cmp(a->department, b->department);
}

int independence_count(struct independence_figures *in, struct err *err)
{
    size_t kept = 0;
    int r = add_all(in, err);

    for (size_t i = 0; r == 0 && i < in->count; i++)
        r = settle(in, &in->list[i], err);
    for (size_t i = 0; r == 0 && i < in->count; i++) {
        if (in->list[i].counts)
            in->list[kept++] = in->list[i];
    }
    in->count = kept;
    if (r == 0 && kept > 0)
        qsort(in->list, kept, sizeof(*in->list), compare);
    return r;
}
