/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of courses and enrolments share (docs/LEARNING.md,
 * docs/adr/0067-courses-and-enrolments.md).
 *
 *   learn.c         what was posted, who somebody is to an enrolment, the way of a write
 *   learn_course.c  Course/$plan: what is taught
 *   learn_cancel.c  Course/ID/$cancel, and what was changed of a course since
 *   learn_enrol.c   Course/ID/$enrol: one person in it
 *   learn_step.c    Enrolment/ID/$accept ... $complete, $used: what came of it
 *   learn_keep.c    Enrolment/ID/$supervise, $seen: who looks after it, what is known of it
 *   learn_use.c     whether it is used after return
 *   learn_list.c    Enrolment/$learning: who learns what, what waits
 *   learn_write.c   its answer
 *   learn_figures.c Course/$figures: how many, for those who see nobody
 *   learn_taught.c  Course/$taught: how many each hospital taught, for the same
 *   learn_rows.c    what the two share
 */
#ifndef APP_LEARN_INTERNAL_H
#define APP_LEARN_INTERNAL_H

#include "app/procedure_internal.h"
#include "app/seek.h"
#include "fhir/put.h"
#include "fhir/value.h"

#define LEARN_DATE_CHARS 10

/* A call about courses. */
struct learn {
    struct app_call *call;
    struct seek seek;
    struct reader *reader; /* NULL: the caller is not limited */
    struct str me;         /* "Practitioner/ID"; p NULL: a program */
    utc_ms now;
};

/* Take a snapshot for ${call}; learn_end() gives it back, also after an error. */
int learn_begin(struct learn *l, struct app_call *call, struct err *err);
void learn_end(struct learn *l);

/* ---- what was posted ---- */

/* A date, "2026-01-31"; p NULL: it was not given. E_INVALID names ${name}. */
int learn_date(
    const struct json *body, const char *name, struct str *ret, struct err *err);

/* A number from ${least} to ${most}; 0: it was not given. */
struct learn_range {
    int64_t least, most;
};
int learn_int(const struct json *parameter, const char *name, struct learn_range range,
    int64_t *ret, struct err *err);

/* All parameters ${name}, each a reference to a record of ${type} that is here, as
 * "Type/ID", each once. */
struct learn_names {
    struct str list[LIMIT_COURSE_PEOPLE];
    size_t count;
};
struct learn_of {
    const char *name;
    const char *type;
};
int learn_names(struct learn *l, const struct json *body, struct learn_of of,
    struct learn_names *ret, struct err *err);
bool learn_has_name(const struct learn_names *names, struct str name);
/* Those of a list of references in a record. */
int learn_names_in(
    struct learn *l, const struct json *list, struct learn_names *ret, struct err *err);

/* ---- aims ---- */

struct learn_aim {
    struct str procedure; /* a code of the catalogue; p NULL: it is none */
    struct str text;
    int64_t target;
    int64_t operations;
};
struct learn_aims {
    struct learn_aim list[LIMIT_COURSE_AIMS];
    size_t count;
};
int learn_take_aims(const struct json *body, struct learn_aims *ret, struct err *err);
void learn_put_aims(struct json_out *o, const struct learn_aims *aims);
/* The code of an aim as it is stored; p NULL: it is no procedure. */
struct str learn_aim_procedure(const struct json *aim);
/* Is one of the aims of ${enrolment} a procedure? */
bool learn_aims_at_procedure(const struct json *enrolment);

/* ---- who somebody is ---- */

/* Is the caller head of ${unit}, an "Organization/ID"? */
bool learn_heads(const struct learn *l, struct str unit);

/* Does the caller work in the hospital of one of ${units} as somebody who teaches or leads,
 * or coordinate it? */
int learn_holds_any(
    struct learn *l, const struct learn_names *units, bool *ret, struct err *err);

/* What the caller is to an Enrolment. */
enum learn_tie {
    LEARN_SELF = 1,
    LEARN_SUPERVISOR = 2,
    LEARN_HEAD = 4,  /* of the department that the person works in */
    LEARN_GUIDE = 8, /* head of the department that teaches */
};
unsigned learn_ties(const struct learn *l, const struct json *enrolment);

/* ---- dates ---- */

/* From when to when ${enrolment} is: as it says, or where it does not as ${course} (may be
 * NULL), which may be moved. */
struct learn_dates {
    struct str start, end; /* p NULL: not known */
};
struct learn_dates learn_dates_of(
    const struct json *enrolment, const struct json *course);
void learn_put_dates(struct json_out *o, struct learn_dates dates);

/* ---- what was changed of a course ---- */

bool learn_is_cancelled(const struct json *course);

/* The member "change" of ${before} (NULL: none) with one more, ${what}, unless that is NULL. */
struct learn_change {
    const char *what;  /* "moved", "cancelled" */
    struct str reason; /* p NULL: none is given */
};
void learn_put_changes(struct json_out *o, const struct learn *l,
    const struct json *before, const struct learn_change *more);
/* E_TOO_LARGE: ${course} cannot be changed once more. */
int learn_room_for_change(const struct json *course, struct err *err);

/* The last change of ${course} that the person of ${enrolment} has to be told, since they were
 * put down or said that they have seen it; NULL: none. Who does not take part is told nothing. */
const struct json *learn_untold(
    const struct json *enrolment, const struct json *course);

/* ---- states ---- */

enum learn_status {
    LEARN_PLANNED,
    LEARN_ACCEPTED,
    LEARN_ATTENDING,
    LEARN_COMPLETED,
    LEARN_LEFT,
    LEARN_REFUSED,
    LEARN_STATUSES
};
const char *learn_status_code(enum learn_status status);
enum learn_status learn_status_of(const struct json *enrolment);

/* A step of an Enrolment: from which states to which, and who may. */
struct learn_step {
    const char *word; /* "$accept" */
    unsigned from;    /* a bit a state */
    enum learn_status to;
    unsigned who;  /* enum learn_tie */
    bool not_self; /* and nobody of themselves, whatever else they are */
};
extern const struct learn_step learn_steps[];
extern const size_t learn_step_count;
/* May somebody with ${ties} do ${step}, were the state right? */
bool learn_may(const struct learn_step *step, unsigned ties);
/* Does ${step} fit an Enrolment of ${status}? Of a course that is cancelled nobody agrees to
 * take part, is there or passes; a result that stands can be corrected. */
bool learn_fits(
    const struct learn_step *step, enum learn_status status, bool cancelled);
/* Who may name the supervisors of an Enrolment of ${status}. */
bool learn_names_supervisors(unsigned ties, enum learn_status status);

/* ---- use after return (learn_use.c) ---- */

#define LEARN_LOOKS 3 /* at 3, 6 and 12 months */

enum learn_use_state {
    LEARN_USE_NOT_YET,
    LEARN_USE_UNKNOWN, /* nobody has answered, or it is not for the caller to see */
    LEARN_USE_USED,
    LEARN_USE_NOT_USED,
    LEARN_USE_UNCLEAR, /* answers differ */
};
struct learn_use {
    int month;          /* 3, 6 or 12 */
    utc_ms from, until; /* the time that is looked at */
    enum learn_use_state state;
    int count; /* operations as operator; -1: not counted */
};

/* ${day} and ${months} more; of a month that has no such day its last. */
utc_ms learn_months_after(utc_ms day, int months);

/* When the person of ${enrolment} came back, 00:00 UTC of the day; false: it has no end, or
 * is not completed. */
bool learn_returned(const struct json *enrolment, utc_ms *ret);

/* The operations that tell of the aims of ${enrolment}, as far as the caller may know. */
struct learn_work {
    struct logbook_cases cases;
    bool shown;
};
int learn_read_work(struct learn *l, const struct json *enrolment,
    struct learn_work *ret, struct err *err);

/* Judge ${aim} of ${enrolment} at each of the looks. */
void learn_judge(const struct learn *l, const struct json *enrolment,
    const struct json *aim, const struct learn_work *work,
    struct learn_use ret[LEARN_LOOKS]);

/* The number of an aim or the like; 0: none. */
int learn_number(const struct json *of, const char *name);

/* What ${by} said of the aim ${number} at ${month}; NULL: nothing. */
const struct json *learn_said(
    const struct json *enrolment, int number, int month, struct str by);

/* As what somebody with ${ties} answers: "person", "head" or "supervisor". */
const char *learn_answers_as(unsigned ties);
/* What was said as ${as}, "person" or "head"; NULL: nothing. */
const struct json *learn_said_as(
    const struct json *enrolment, int number, int month, const char *as);
/* Was ${answer} given when ${look} was no more asked about: after the next look's day, or of
 * the last one after LIMIT_USED_ASK_DAYS? */
bool learn_is_late(const struct json *answer, utc_ms back, int month);

/* ---- what waits ---- */

enum learn_wait {
    LEARN_WAIT_ACCEPT = 1,
    LEARN_WAIT_RESULT = 2,
    LEARN_WAIT_CHANGE =
        4, /* the course was moved or cancelled, and the person not told */
};
/* An Enrolment, its course (NULL: not here), and what the caller is to it. */
struct learn_row {
    const struct json *json;
    const struct json *course;
    struct str id;
    unsigned ties;
};
/* Bits of enum learn_wait for the caller. */
unsigned learn_waits(const struct learn *l, const struct learn_row *row);
/* The month that somebody with ${ties} is asked about ${aim} now; 0: none. */
int learn_asked(const struct learn *l, const struct json *enrolment,
    const struct json *aim, unsigned ties);

/* ---- the answer of $learning (learn_write.c) ---- */

/* What the caller may do with the course that was asked about. */
struct learn_course_may {
    bool plan, cancel;
};
int learn_write(struct learn *l, const struct learn_course_may *may,
    const struct learn_row *rows, size_t count, struct err *err);

/* ---- writing ---- */

/* Load ${type}/${id}. E_NOT_FOUND with a sentence, also where the caller may not read it. */
int learn_load(struct learn *l, const struct fhir_type *type, struct str id,
    struct procedure_found *ret, struct err *err);

/* Today in UTC, as a date. */
void learn_today(utc_ms now, char ret[LEARN_DATE_CHARS + 1]);

/* Course/$figures, Course/$taught. */
int learn_figures(struct app_call *call, const struct rest *rest, struct err *err);
int learn_taught(struct app_call *call, const struct rest *rest, struct err *err);

int learn_plan(struct app_call *call, const struct rest *rest, struct err *err);
int learn_cancel(struct app_call *call, const struct rest *rest, struct err *err);
int learn_keep(struct app_call *call, const struct rest *rest, struct err *err);
int learn_enrol(struct app_call *call, const struct rest *rest, struct err *err);
int learn_go(struct app_call *call, const struct rest *rest, struct err *err);

#endif
