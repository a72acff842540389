/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GET ServiceRequest/$caseload?period=2026-Q3&by=hospital,urgency
 *
 *   period  a calendar quarter that has ended; needed
 *   by      hospital, department, kind, urgency, status or month; or hospital and one other
 */
#include <string.h>

#include "app/caseload_internal.h"
#include "app/person.h"

#define DAY ((utc_ms)24 * 60 * 60 * 1000)

struct question {
    struct caseload_quarter quarter;
    enum caseload_axis_kind by[2];
    size_t by_count;
};

const char *caseload_axis_name(enum caseload_axis_kind kind)
{
    static const char *const names[CASELOAD_AXES] = {[CASELOAD_HOSPITAL] = "hospital",
        [CASELOAD_DEPARTMENT] = "department",
        [CASELOAD_KIND] = "kind",
        [CASELOAD_URGENCY] = "urgency",
        [CASELOAD_STATUS] = "status",
        [CASELOAD_MONTH] = "month"};

    return names[kind];
}

/* ---- what is asked ---- */

int caseload_period(
    struct str value, utc_ms now, struct caseload_quarter *ret, struct err *err)
{
    struct str year = {value.p, value.len > 4 ? 4 : 0};
    struct str tail = {value.p + year.len, value.len - year.len};
    int64_t number = 0;

    if (!text_int(year, 1900, 2999, &ret->year) || tail.len != 3 ||
        !str_starts(tail, "-Q") ||
        !text_int((struct str){tail.p + 2, 1}, 1, 4, &number))
        return err_set(err, E_INVALID, "period",
            "period must be a calendar quarter such as 2026-Q3.");
    ret->first_month = (unsigned)number * 3 - 2;
    ret->from = time_days(ret->year, ret->first_month, 1) * DAY;
    ret->until = number == 4 ? time_days(ret->year + 1, 1, 1) * DAY
                             : time_days(ret->year, ret->first_month + 3, 1) * DAY;
    if (ret->until > now)
        return err_set(err, E_INVALID, "period",
            "Numbers of a quarter stand when it has ended (UTC); this one has not.");
    return 0;
}

static int take_axis(struct str name, enum caseload_axis_kind *ret, struct err *err)
{
    for (int i = 0; i < CASELOAD_AXES; i++) {
        if (str_is(name, caseload_axis_name((enum caseload_axis_kind)i))) {
            *ret = (enum caseload_axis_kind)i;
            return 0;
        }
    }
    return err_set(err, E_INVALID, "by",
        "by knows hospital, department, kind, urgency, status and month.");
}

/* Of two, hospital comes first in what follows. */
static int take_by(struct str value, struct question *q, struct err *err)
{
    enum caseload_axis_kind first = CASELOAD_HOSPITAL;
    int r = 0;

    while (r == 0 && value.p && value.len > 0) {
        if (q->by_count == 2)
            return err_set(
                err, E_INVALID, "by", "Numbers are told by one or two of them.");
        r = take_axis(text_trim(str_cut(&value, ',')), &q->by[q->by_count++], err);
    }
    if (r < 0 || q->by_count < 2)
        return r;
    if (q->by[0] == q->by[1] ||
        (q->by[0] != CASELOAD_HOSPITAL && q->by[1] != CASELOAD_HOSPITAL))
        return err_set(err, E_INVALID, "by",
            "Of two, one must be hospital: tables of two others would together tell "
            "more than each alone.");
    first = q->by[0];
    if (first != CASELOAD_HOSPITAL) {
        q->by[0] = CASELOAD_HOSPITAL;
        q->by[1] = first;
    }
    return 0;
}

static int take_all(const struct rest *rest, struct question *q, struct err *err)
{
    bool period = false;
    bool by = false;
    int r = 0;

    for (size_t i = 0; r == 0 && i < rest->pair_count; i++) {
        const struct search_pair *pair = &rest->pairs[i];
        bool *had = str_is(pair->name, "period") ? &period
                    : str_is(pair->name, "by")   ? &by
                                                 : NULL;

        if (!had || *had)
            return err_set(err, E_INVALID, pair->name.p,
                "$caseload takes period and by, each once, and nothing else.");
        *had = true;
        if (had == &period)
            r = caseload_period(pair->value, time_now(), &q->quarter, err);
        else
            r = take_by(pair->value, q, err);
    }
    if (r == 0 && !period)
        r = err_set(err, E_INVALID, "period",
            "Say of when: period=2026-Q3, a quarter that has ended.");
    return r;
}

/* ---- answering ---- */

static int count_and_write(
    struct caseload *c, const struct question *q, struct err *err)
{
    int r = caseload_count(c, err);

    if (r == 0)
        r = caseload_publish(c, err);
    if (r == 0)
        r = caseload_scope(c, err);
    if (r == 0)
        caseload_write(c, q->by, q->by_count);
    return r;
}

static int run(struct app_call *call, const struct rest *rest, struct err *err)
{
    struct reader_who nobody = {
        .bases = app_bases(call->arena, call->app, call->base), .now = time_now()};
    struct caseload c = {.call = call, .scratch = arena_new()};
    struct question q = {.by_count = 0};
    int r = c.scratch ? take_all(rest, &q, err) : err_nomem(err);

    c.quarter = q.quarter;
    if (r == 0)
        r = call_read_begin(call, &c.snapshot, err);
    if (r == 0)
        r = reader_new(c.snapshot, call->arena, &nobody, &c.reader, err);
    if (r == 0)
        r = count_and_write(&c, &q, err);
    reader_free(c.reader);
    call_read_end(call, c.snapshot);
    arena_free(c.scratch);
    return r;
}

int rest_caseload(struct app_call *call, const struct rest *rest, struct err *err)
{
    const struct app_caller *caller = &call->caller;

    if (strcmp(rest->type->name, "ServiceRequest") != 0)
        return err_set(err, E_NOT_FOUND, NULL,
            "$caseload is offered for ServiceRequest, not %s.", rest->type->name);
    if (access_limited(caller) && !person_holds(caller, "coordinator") &&
        !person_holds(caller, "director"))
        return err_set(err, E_FORBIDDEN, NULL,
            "Numbers of cases are for coordinators of programmes and directors of "
            "hospitals.");
    return call_pool(call, rest, run, err);
}
