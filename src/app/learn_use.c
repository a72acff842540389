/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether what was learnt is used after return. The year after it is looked at three times,
 * each time the months since the last look, so that a skill that was used once and then no
 * more is told from one that stays in use:
 *
 *   return ───── 3 ───── 6 ──────────── 12 months
 *      └─ look 1 ─┴ look 2 ┴─── look 3 ───┘
 *
 * Of a procedure the logbook tells: it is used where the person operated so often as the aim
 * says, once where it says nothing. Of another aim whoever was asked.
 */
#include "app/learn_internal.h"

#define DAY_MS ((utc_ms)24 * 3600 * 1000)

/* The month of look ${i}. */
static int month_of(int i)
{
    static const int months[LEARN_LOOKS] = {3, 6, 12};

    return months[i];
}

utc_ms learn_months_after(utc_ms day, int months)
{
    int64_t year = 0;
    unsigned month = 0;
    unsigned date = 0;
    unsigned longest = 0;
    unsigned at = 0;

    time_date(day / DAY_MS, &year, &month, &date);
    at = month - 1 + (unsigned)months;
    year += at / 12;
    month = at % 12 + 1;
    longest = time_month_days(year, month);
    return time_days(year, month, date < longest ? date : longest) * DAY_MS;
}

bool learn_returned(const struct json *enrolment, utc_ms *ret)
{
    struct str end = json_get_text(json_get(enrolment, "period"), "end");
    utc_ms until = 0;

    return learn_status_of(enrolment) == LEARN_COMPLETED && end.p &&
           fhir_date_range(end, ret, &until);
}

const struct json *learn_said(
    const struct json *enrolment, int number, int month, struct str by)
{
    struct json_each it = json_each(json_get(enrolment, "used"));

    while (json_next(&it)) {
        if (learn_number(it.value, "aim") == number &&
            learn_number(it.value, "month") == month &&
            str_eq(json_get_text(json_get(it.value, "by"), "reference"), by))
            return it.value;
    }
    return NULL;
}

const char *learn_answers_as(unsigned ties)
{
    return ties & LEARN_SELF ? "person" : ties & LEARN_HEAD ? "head" : "supervisor";
}

const struct json *learn_said_as(
    const struct json *enrolment, int number, int month, const char *as)
{
    struct json_each it = json_each(json_get(enrolment, "used"));

    while (json_next(&it)) {
        if (learn_number(it.value, "aim") == number &&
            learn_number(it.value, "month") == month &&
            str_is(json_get_text(it.value, "as"), as))
            return it.value;
    }
    return NULL;
}

/* Until when the look ${month} is asked about. */
static utc_ms asked_until(utc_ms back, int month)
{
    for (int i = 0; i < LEARN_LOOKS - 1; i++) {
        if (month_of(i) == month)
            return learn_months_after(back, month_of(i + 1));
    }
    return learn_months_after(back, month) + LIMIT_USED_ASK_DAYS * DAY_MS;
}

bool learn_is_late(const struct json *answer, utc_ms back, int month)
{
    utc_ms from = 0;
    utc_ms until = 0;

    return fhir_date_range(json_get_text(answer, "on"), &from, &until) &&
           from >= asked_until(back, month);
}

bool learn_aims_at_procedure(const struct json *enrolment)
{
    struct json_each it = json_each(json_get(enrolment, "aim"));

    while (json_next(&it)) {
        if (learn_aim_procedure(it.value).p)
            return true;
    }
    return false;
}

/* Who was only put down by others has agreed to nothing: their operations are told to
 * themselves and the head of their department alone. */
int learn_read_work(struct learn *l, const struct json *enrolment,
    struct learn_work *ret, struct err *err)
{
    struct str person = json_get_text(json_get(enrolment, "person"), "reference");
    struct str id = seek_id(&l->seek, person, "Practitioner");
    struct logbook_request rq = {.most = LIMIT_LOGBOOK_CASES};
    bool agreed = json_get(enrolment, "accepted") != NULL;
    int r = 0;

    *ret = (struct learn_work){.shown = false};
    if (!learn_returned(enrolment, &rq.since) || !learn_aims_at_procedure(enrolment) ||
        !id.p || (!agreed && !(learn_ties(l, enrolment) & (LEARN_SELF | LEARN_HEAD))))
        return 0;
    r = store_find(l->seek.snapshot, fhir_resource_named(STR("Practitioner"))->number,
        id, &rq.person, err);
    if (r == E_NOT_FOUND)
        return 0;
    if (r == 0)
        r = logbook_cases(l->seek.snapshot, l->call->arena, &rq, &ret->cases, err);
    ret->shown = r == 0;
    return r;
}

static int count_work(
    const struct learn_work *work, struct str code, const struct learn_use *use)
{
    int count = 0;

    for (size_t i = 0; i < work->cases.count; i++) {
        const struct logbook_case *c = &work->cases.list[i];

        if (c->function == FUNCTION_OPERATOR && str_eq(c->code, code) &&
            use->from <= c->when && c->when < use->until)
            count++;
    }
    return count;
}

/* What was answered of the aim ${number}. */
static enum learn_use_state answered(
    const struct json *enrolment, int number, int month)
{
    struct json_each it = json_each(json_get(enrolment, "used"));
    int yes = 0;
    int no = 0;

    while (json_next(&it)) {
        if (learn_number(it.value, "aim") != number ||
            learn_number(it.value, "month") != month)
            continue;
        if (json_kind(json_get(it.value, "used")) == JSON_TRUE)
            yes++;
        else
            no++;
    }
    if (yes && no)
        return LEARN_USE_UNCLEAR;
    return yes ? LEARN_USE_USED : no ? LEARN_USE_NOT_USED : LEARN_USE_UNKNOWN;
}

/* What is known of ${aim} at a look whose time is over. */
static enum learn_use_state judged(
    const struct json *enrolment, const struct json *aim, const struct learn_use *use)
{
    int needed = learn_number(aim, "operations");

    if (!learn_aim_procedure(aim).p)
        return answered(enrolment, learn_number(aim, "number"), use->month);
    if (use->count < 0)
        return LEARN_USE_UNKNOWN;
    return use->count >= (needed ? needed : 1) ? LEARN_USE_USED : LEARN_USE_NOT_USED;
}

void learn_judge(const struct learn *l, const struct json *enrolment,
    const struct json *aim, const struct learn_work *work,
    struct learn_use ret[LEARN_LOOKS])
{
    struct str code = learn_aim_procedure(aim);
    utc_ms back = 0;
    bool returned = learn_returned(enrolment, &back);

    for (int i = 0; i < LEARN_LOOKS; i++) {
        struct learn_use *use = &ret[i];

        *use = (struct learn_use){
            .month = month_of(i), .state = LEARN_USE_NOT_YET, .count = -1};
        if (!returned)
            continue;
        use->from = i ? ret[i - 1].until : back;
        use->until = learn_months_after(back, use->month);
        if (code.p && work->shown && l->now >= use->from)
            use->count = count_work(work, code, use);
        if (l->now >= use->until)
            use->state = judged(enrolment, aim, use);
    }
}

/* ---- what waits ---- */

unsigned learn_waits(const struct learn *l, const struct learn_row *row)
{
    enum learn_status status = learn_status_of(row->json);
    struct str end = learn_dates_of(row->json, row->course).end;
    unsigned ties = row->ties;
    utc_ms from = 0;
    utc_ms until = 0;
    unsigned waits = 0;

    if ((ties & LEARN_SELF) && learn_untold(row->json, row->course))
        waits |= LEARN_WAIT_CHANGE;
    if (learn_is_cancelled(row->course))
        return waits;
    if (status == LEARN_PLANNED && (ties & (LEARN_SELF | LEARN_HEAD)))
        waits |= LEARN_WAIT_ACCEPT;
    if ((status == LEARN_PLANNED || status == LEARN_ACCEPTED ||
            status == LEARN_ATTENDING) &&
        (ties & LEARN_SUPERVISOR) && end.p && fhir_date_range(end, &from, &until) &&
        l->now >= until)
        waits |= LEARN_WAIT_RESULT;
    return waits;
}

int learn_asked(const struct learn *l, const struct json *enrolment,
    const struct json *aim, unsigned ties)
{
    utc_ms back = 0;

    if (!(ties & (LEARN_SELF | LEARN_HEAD)) || learn_aim_procedure(aim).p ||
        !learn_returned(enrolment, &back))
        return 0;
    for (int i = LEARN_LOOKS - 1; i >= 0; i--) { /* the newest look alone */
        int month = month_of(i);

        if (l->now < learn_months_after(back, month))
            continue;
        if (l->now >= asked_until(back, month))
            return 0;
        return learn_said_as(enrolment, learn_number(aim, "number"), month,
                   learn_answers_as(ties))
                   ? 0
                   : month;
    }
    return 0;
}
