/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The steps of an Enrolment, and what is said about use after return.
 *
 *   planned ─► accepted ─► attending ─► completed      $accept, $attend, $complete
 *      │           │            │
 *      └───────────┴─► refused  └─► left               $refuse, $leave
 *
 * Bedside teaching needs no agreement beforehand: from planned it may go to attending or
 * completed at once. A result can be corrected; nobody gives it to themselves.
 */
#include "app/learn_internal.h"

#define OPEN (1u << LEARN_PLANNED | 1u << LEARN_ACCEPTED | 1u << LEARN_ATTENDING)

const struct learn_step learn_steps[] = {
    {"$accept", 1u << LEARN_PLANNED | 1u << LEARN_ACCEPTED, LEARN_ACCEPTED,
        LEARN_SELF | LEARN_HEAD, false},
    {"$refuse", 1u << LEARN_PLANNED | 1u << LEARN_ACCEPTED | 1u << LEARN_REFUSED,
        LEARN_REFUSED, LEARN_SELF | LEARN_SUPERVISOR | LEARN_HEAD | LEARN_GUIDE, false},
    {"$attend", OPEN | 1u << LEARN_LEFT, LEARN_ATTENDING,
        LEARN_SUPERVISOR | LEARN_HEAD | LEARN_GUIDE, true},
    {"$leave", OPEN | 1u << LEARN_LEFT, LEARN_LEFT,
        LEARN_SELF | LEARN_SUPERVISOR | LEARN_HEAD | LEARN_GUIDE, false},
    {"$complete", OPEN | 1u << LEARN_LEFT | 1u << LEARN_COMPLETED, LEARN_COMPLETED,
        LEARN_SUPERVISOR | LEARN_HEAD | LEARN_GUIDE, true},
};
const size_t learn_step_count = sizeof(learn_steps) / sizeof(learn_steps[0]);

static const char *const codes[LEARN_STATUSES] = {
    "planned", "accepted", "attending", "completed", "left", "refused"};

const char *learn_status_code(enum learn_status status)
{
    return codes[status];
}

enum learn_status learn_status_of(const struct json *enrolment)
{
    struct str code = json_get_text(enrolment, "status");

    for (int i = 0; i < LEARN_STATUSES; i++) {
        if (str_is(code, codes[i]))
            return (enum learn_status)i;
    }
    return LEARN_PLANNED;
}

bool learn_fits(const struct learn_step *step, enum learn_status status, bool cancelled)
{
    bool ends = step->to == LEARN_REFUSED || step->to == LEARN_LEFT;

    return (step->from >> status & 1) != 0 &&
           (!cancelled || ends || status == LEARN_COMPLETED);
}

bool learn_may(const struct learn_step *step, unsigned ties)
{
    return (ties & step->who) != 0 && !(step->not_self && (ties & LEARN_SELF));
}

/* ---- one step ---- */

struct stepping {
    struct learn learn;
    const struct learn_step *step; /* NULL: $used */
    const struct json *before;
    const struct json *course; /* NULL: not here */
    unsigned ties;
    struct str day; /* p NULL: it was not given */
    struct str word;
    bool passed; /* or used */
    int aim, month;
    char today[LEARN_DATE_CHARS + 1];
};

static int take_truth(const struct json *body, const char *name, const char *what,
    bool *ret, struct err *err)
{
    const struct json *value = json_get(body_parameter(body, name), "valueBoolean");

    if (json_kind(value) != JSON_TRUE && json_kind(value) != JSON_FALSE)
        return err_set(err, E_INVALID, name, "%s", what);
    *ret = json_kind(value) == JSON_TRUE;
    return 0;
}

static int take_step(struct stepping *s, const struct json *body, struct err *err)
{
    bool begins = s->step->to == LEARN_ATTENDING;
    int r = learn_date(body, begins ? "start" : "end", &s->day, err);

    if (r == 0 && s->day.p && str_cmp(s->day, str_of(s->today)) > 0)
        r = err_set(err, E_INVALID, begins ? "start" : "end",
            "What has not happened yet cannot be said to have happened.");
    if (r == 0 && s->step->to == LEARN_COMPLETED)
        r = take_truth(body, "passed", "Say what came of it: passed, true or false.",
            &s->passed, err);
    return r == 0 ? procedure_word(body, "word", &s->word, err) : r;
}

static int check_step(const struct stepping *s, struct err *err)
{
    enum learn_status status = learn_status_of(s->before);

    if (!learn_may(s->step, s->ties))
        return err_set(err, E_FORBIDDEN, NULL, "%s",
            s->step->to == LEARN_ACCEPTED
                ? "To an enrolment agrees the person, or the head of the department "
                  "that the person works in."
                : "This is said by a supervisor or the head of a department, and by "
                  "nobody of themselves.");
    if (!learn_fits(s->step, status, false))
        return err_set(err, E_CONFLICT, NULL, "This enrolment is %s: %s does not fit.",
            learn_status_code(status), s->step->word);
    if (!learn_fits(s->step, status, learn_is_cancelled(s->course)))
        return err_set(err, E_CONFLICT, NULL,
            "The course was cancelled: nobody takes part in it, or passes it.");
    return 0;
}

/* ---- $used ---- */

static int take_used(struct stepping *s, const struct json *body, struct err *err)
{
    int64_t aim = 0;
    int64_t month = 0;
    int r = learn_int(body_parameter(body, "aim"), "aim",
        (struct learn_range){1, LIMIT_COURSE_AIMS}, &aim, err);

    if (r == 0)
        r = learn_int(body_parameter(body, "month"), "month",
            (struct learn_range){3, 12}, &month, err);
    s->aim = (int)aim;
    s->month = (int)month;
    if (r == 0 && (!aim || (month != 3 && month != 6 && month != 12)))
        r = err_set(err, E_INVALID, "month",
            "Say which aim by its number, and the month: 3, 6 or 12.");
    if (r == 0)
        r = take_truth(
            body, "used", "Say whether it is used: true or false.", &s->passed, err);
    return r == 0 ? procedure_word(body, "word", &s->word, err) : r;
}

static const struct json *aim_numbered(const struct json *enrolment, int number)
{
    struct json_each it = json_each(json_get(enrolment, "aim"));

    while (json_next(&it)) {
        if (learn_number(it.value, "number") == number)
            return it.value;
    }
    return NULL;
}

static int check_used(const struct stepping *s, struct err *err)
{
    const struct json *aim = aim_numbered(s->before, s->aim);
    utc_ms back = 0;

    if (!(s->ties & (LEARN_SELF | LEARN_SUPERVISOR | LEARN_HEAD)))
        return err_set(err, E_FORBIDDEN, NULL,
            "Whether it is used is said by the person, a supervisor or the head of the "
            "department that the person works in.");
    if (!aim)
        return err_set(err, E_INVALID, "aim", "There is no aim %d.", s->aim);
    if (learn_aim_procedure(aim).p)
        return err_set(err, E_INVALID, "aim",
            "Whether a procedure is used is told by the logbook: it is not asked.");
    if (!learn_returned(s->before, &back))
        return err_set(err, E_CONFLICT, NULL,
            "It is asked after return: this enrolment is not completed.");
    if (s->learn.now < learn_months_after(back, s->month))
        return err_set(err, E_CONFLICT, "month",
            "It is not %d months after return yet.", s->month);
    return 0;
}

/* ---- the record ---- */

/* Who is there, or was, has dates of their own from then on: the course no more moves them. */
static void put_period(struct json_out *o, const struct stepping *s)
{
    struct learn_dates own = learn_dates_of(s->before, NULL);
    struct learn_dates dates = learn_dates_of(s->before, s->course);
    struct str today = str_of(s->today);
    bool begins = s->step->to == LEARN_ATTENDING;
    bool ends = s->step->to == LEARN_COMPLETED || s->step->to == LEARN_LEFT;

    if (!begins && !ends) {
        learn_put_dates(o, own);
        return;
    }
    if (begins && s->day.p)
        dates.start = s->day;
    if (begins)
        dates.end = own.end; /* when it ends, the course may say anew */
    if (ends && (s->day.p || !dates.end.p || str_cmp(dates.end, today) > 0))
        dates.end = s->day.p ? s->day : today;
    if (ends && dates.start.p && str_cmp(dates.end, dates.start) < 0)
        dates.start = dates.end; /* it ended before it was to begin */
    learn_put_dates(o, dates);
}

static void put_step(struct json_out *o, const struct stepping *s)
{
    static const char *const but[] = {"status", "period", "accepted", "result", NULL};
    bool completes = s->step->to == LEARN_COMPLETED;
    const struct json *accepted = json_get(s->before, "accepted");

    fhir_put_but(o, s->before, but);
    json_member(o, "status", str_of(learn_status_code(s->step->to)));
    put_period(o, s);
    if (accepted || s->step->to == LEARN_ACCEPTED)
        json_name(o, "accepted");
    if (accepted) {
        json_put_value(o, accepted);
    } else if (s->step->to == LEARN_ACCEPTED) {
        json_open(o, '{');
        fhir_put_reference(o, "by", s->learn.me);
        json_member(o, "on", str_of(s->today));
        json_close(o, '}');
    }
    if (!completes)
        return;
    json_name(o, "result");
    json_open(o, '{');
    json_name(o, "passed");
    json_put_bool(o, s->passed);
    fhir_put_reference(o, "by", s->learn.me);
    json_member(o, "on", str_of(s->today));
    json_member(o, "word", s->word);
    json_close(o, '}');
}

static void put_used(struct json_out *o, const struct stepping *s)
{
    static const char *const but[] = {"used", NULL};
    const struct json *old = learn_said(s->before, s->aim, s->month, s->learn.me);
    struct json_each it = json_each(json_get(s->before, "used"));

    fhir_put_but(o, s->before, but);
    json_name(o, "used");
    json_open(o, '[');
    while (json_next(&it)) {
        if (it.value != old)
            json_put_value(o, it.value);
    }
    json_open(o, '{');
    json_name(o, "aim");
    json_put_int(o, s->aim);
    json_name(o, "month");
    json_put_int(o, s->month);
    json_name(o, "used");
    json_put_bool(o, s->passed);
    fhir_put_reference(o, "by", s->learn.me);
    json_member(o, "as", str_of(learn_answers_as(s->ties)));
    json_member(o, "on", str_of(s->today));
    json_member(o, "word", s->word);
    json_close(o, '}');
    json_close(o, ']');
}

/* ---- the way ---- */

static int look(struct stepping *s, const struct rest *rest, struct writing *w,
    const struct json *body, struct err *err)
{
    struct procedure_found found = {.json = NULL};
    int r = learn_load(&s->learn, rest->type, rest->id, &found, err);

    s->before = found.json;
    learn_today(s->learn.now, s->today);
    if (r < 0)
        return r;
    s->ties = learn_ties(&s->learn, s->before);
    record_expect(&w->write, &found.rec);
    r = seek_reference(&s->learn.seek,
        json_get_text(json_get(s->before, "course"), "reference"), "Course", &s->course,
        err);
    if (r < 0)
        return r;
    r = s->step ? take_step(s, body, err) : take_used(s, body, err);
    if (r < 0)
        return r;
    return s->step ? check_step(s, err) : check_used(s, err);
}

static const struct learn_step *step_of(const char *word)
{
    for (size_t i = 0; i < learn_step_count; i++) {
        if (strcmp(learn_steps[i].word, word) == 0)
            return &learn_steps[i];
    }
    return NULL;
}

static int decide(
    struct app_call *call, const struct rest *rest, struct writing *w, struct err *err)
{
    struct stepping s = {.step = step_of(rest->word)};
    const struct json *body = w->resource;
    struct json_out o;
    struct buf b;
    int r = learn_begin(&s.learn, call, err);

    buf_init(&b, LIMIT_RECORD_BYTES);
    o = json_out(&b);
    if (r == 0)
        r = look(&s, rest, w, body, err);
    if (r == 0) {
        json_open(&o, '{');
        if (s.step)
            put_step(&o, &s);
        else
            put_used(&o, &s);
        json_close(&o, '}');
        r = procedure_take(call, w, &b, false, err);
    }
    learn_end(&s.learn);
    buf_done(&b);
    w->resource = body; /* again, after a lost race */
    return r < 0 ? r : WRITING_READY;
}

int learn_go(struct app_call *call, const struct rest *rest, struct err *err)
{
    return procedure_change(call, rest, decide, err);
}
