/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Task/ID/$review: GET shows the case of a review to its reviewer, POST takes the ratings. To
 * everybody else it is as if there were no such task. What is shown goes to the trail as a
 * reading of the case.
 */
#include <string.h>

#include "app/person.h"
#include "app/review_internal.h"
#include "fhir/part.h"
#include "fhir/put.h"

struct rating {
    int marks[REVIEW_MARKS];
    struct str words[REVIEW_MARKS]; /* p NULL: none */
};

struct rate {
    struct app_call *call;
    const struct rest *rest;
    struct seek seek;
    struct store_record review_record;
    const struct json *review;
    struct store_record task_record;
    const struct json *task;
    const struct json *mine; /* the caller's rating in it */
    struct rating rating;
};

/* ---- what is there ---- */

static int no_such(const struct rate *r, bool there, struct err *err)
{
    access_missing(r->call->access_, r->rest->type->number, there);
    return access_no_such(r->rest->type, r->rest->id, false, err);
}

/* The caller's rating of ${review}, by the task; NULL: it is not theirs. */
static const struct json *find_mine(const struct rate *r, const char *task)
{
    struct json_each it = json_each(json_get(r->review, "rating"));

    while (json_next(&it)) {
        if (str_is(json_get_text(json_get(it.value, "task"), "reference"), task) &&
            str_eq(json_get_text(json_get(it.value, "reviewer"), "reference"),
                r->call->caller.practitioner))
            return it.value;
    }
    return NULL;
}

static bool may_rate(const struct app_caller *caller)
{
    return caller->practitioner.p && !caller->client.p &&
           (person_holds(caller, "expert") ||
               person_holds(caller, "head-of-department"));
}

/* Find the review that the task of this request asks for, if it asks the caller. */
static int look(struct rate *r, struct err *err)
{
    const char *task =
        arena_printf(r->seek.a, "Task/%.*s", (int)r->rest->id.len, r->rest->id.p);
    const struct search_pair pairs[] = {{STR("task"), str_of(task)}};
    struct seek_list found = {NULL, 0};
    int e = task ? 0 : err_nomem(err);

    if (e == 0 && may_rate(&r->call->caller))
        e = seek_all(
            &r->seek, &(struct seek_for){"CaseReview", pairs, 1, 1}, &found, err);
    if (e == 0 && found.count > 0)
        e = seek_rid(&r->seek, found.rids[0], &r->review_record, &r->review, err);
    if (e == 0 && r->review)
        r->mine = find_mine(r, task);
    if (e == 0 && r->mine)
        e = seek_record(&r->seek, "Task", r->rest->id, &r->task_record, &r->task, err);
    if (e == 0 && (!r->mine || !r->task))
        e = no_such(r, found.count > 0, err);
    return e;
}

/* ---- showing ---- */

static void put_given(struct json_out *o, const struct json *mine)
{
    struct str time = json_get_text(mine, "time");

    if (!time.p)
        return;
    fhir_part_put(o, "given", "valueDateTime", time);
    for (size_t i = 0; i < REVIEW_MARKS; i++) {
        int64_t mark = 0;

        if (text_int(json_text(json_get(mine, review_marks[i])), 1, 5, &mark))
            fhir_part_put_int(o, review_marks[i], mark);
        fhir_part_put(o, review_words[i], "valueString",
            json_get_text(mine, review_word_members[i]));
    }
}

static int show(struct rate *r, struct err *err)
{
    struct str request = seek_id(&r->seek,
        json_get_text(json_get(r->review, "request"), "reference"), "ServiceRequest");
    struct json_out o = json_out(&r->call->answer);
    struct review_strings names = {NULL, 0, 0};
    struct review_case c = {.id = {NULL, 0}};
    struct review_sides sides = {.asking = {NULL, 0}};
    struct store_record rec = {0};
    const struct json *ignored = NULL;
    bool there = false;
    int e = review_case_gather(&r->seek, request, &c, &there, err);

    if (e == 0 && !there)
        return err_set(err, E_GONE, NULL, "The case of this review was deleted.");
    if (e == 0)
        e = review_sides(&r->seek, &c, &sides, err);
    if (e == 0)
        e = review_names(&r->seek, &c, &sides, &names, err);
    if (e == 0)
        e = seek_record(&r->seek, "ServiceRequest", request, &rec, &ignored, err);
    if (e == 0)
        e = call_saw(r->call, &rec, err);
    if (e < 0)
        return e;
    fhir_parameters_open(&o);
    fhir_part_put(&o, "task", "valueString", r->rest->id);
    fhir_part_put(&o, "due", "valueDateTime", json_get_text(r->review, "due"));
    put_given(&o, r->mine);
    e = review_blind_put(&o, &r->seek, &c, &sides, &names, err);
    fhir_parameters_close(&o);
    return e;
}

/* ---- what is posted ---- */

static int read_mark(
    const struct json *body, size_t which, struct rating *ret, struct err *err)
{
    const char *name = review_marks[which];
    const char *word = review_words[which];
    int64_t mark = 0;

    if (!text_int(json_text(json_get(body_parameter(body, name), "valueInteger")), 1, 5,
            &mark))
        return err_set(err, E_INVALID, name,
            "Rate %s by a valueInteger from 1 (little) to 5 (much).", name);
    ret->marks[which] = (int)mark;
    ret->words[which] =
        text_trim(json_get_text(body_parameter(body, word), "valueString"));
    if (ret->words[which].len > LIMIT_REASON_BYTES)
        return err_set(err, E_TOO_LARGE, word,
            "The parameter %s may have %d bytes at most.", word, LIMIT_REASON_BYTES);
    return 0;
}

static bool is_known(struct str name)
{
    for (size_t i = 0; i < REVIEW_MARKS; i++) {
        if (str_is(name, review_marks[i]) || str_is(name, review_words[i]))
            return true;
    }
    return false;
}

static int read_body(struct rate *r, struct err *err)
{
    const struct json *body = NULL;
    struct json_each it;
    int e = body_read(r->call, &body, err);

    if (e == 0 && !str_is(json_get_text(body, "resourceType"), "Parameters"))
        e = err_set(err, E_INVALID, "resourceType",
            "What is posted to $review must be a Parameters resource.");
    it = json_each(json_get(body, "parameter"));
    while (e == 0 && json_next(&it)) {
        struct str name = json_get_text(it.value, "name");

        if (!is_known(name))
            e = err_set(err, E_INVALID, "parameter",
                "$review takes process, value and difficulty, and a word on each "
                "(process-word ...), and nothing else.");
    }
    for (size_t i = 0; e == 0 && i < REVIEW_MARKS; i++)
        e = read_mark(body, i, &r->rating, err);
    return e;
}

/* ---- writing ---- */

/* Is what is posted what was given before? */
static bool is_same(const struct rate *r)
{
    for (size_t i = 0; i < REVIEW_MARKS; i++) {
        struct str before = json_get_text(r->mine, review_word_members[i]);
        int64_t mark = 0;

        if (!text_int(json_text(json_get(r->mine, review_marks[i])), 1, 5, &mark) ||
            mark != r->rating.marks[i] || before.len != r->rating.words[i].len ||
            (before.len > 0 && !str_eq(before, r->rating.words[i])))
            return false;
    }
    return true;
}

static void put_rating(struct json_out *o, const struct rate *r, utc_ms now)
{
    json_open(o, '{');
    json_name(o, "task");
    json_put_value(o, json_get(r->mine, "task"));
    json_name(o, "reviewer");
    json_put_value(o, json_get(r->mine, "reviewer"));
    fhir_put_time(o, "time", now);
    for (size_t i = 0; i < REVIEW_MARKS; i++) {
        json_name(o, review_marks[i]);
        json_put_int(o, r->rating.marks[i]);
        if (r->rating.words[i].len > 0)
            json_member(o, review_word_members[i], r->rating.words[i]);
    }
    json_close(o, '}');
}

/* Are all ratings but the caller's there? */
static bool others_are_in(const struct rate *r)
{
    struct json_each it = json_each(json_get(r->review, "rating"));

    while (json_next(&it)) {
        if (it.value != r->mine && !json_get(it.value, "time"))
            return false;
    }
    return true;
}

static void put_review(struct buf *b, const struct rate *r, utc_ms now)
{
    static const char *const but[] = {"status", "rating", NULL};
    struct json_each it = json_each(json_get(r->review, "rating"));
    struct json_out o = json_out(b);

    json_open(&o, '{');
    fhir_put_but(&o, r->review, but);
    json_member(&o, "status", others_are_in(r) ? STR("done") : STR("waiting"));
    json_name(&o, "rating");
    json_open(&o, '[');
    while (json_next(&it)) {
        if (it.value == r->mine)
            put_rating(&o, r, now);
        else
            json_put_value(&o, it.value);
    }
    json_close(&o, ']');
    json_close(&o, '}');
}

static void put_task(struct buf *b, const struct rate *r, utc_ms now)
{
    static const char *const but[] = {"status", "lastModified", NULL};
    struct json_out o = json_out(b);

    json_open(&o, '{');
    fhir_put_but(&o, r->task, but);
    json_member(&o, "status", STR("completed"));
    fhir_put_time(&o, "lastModified", now);
    json_close(&o, '}');
}

static int write_rating(struct rate *r, struct err *err)
{
    struct change change = {.call = r->call};
    utc_ms now = call_now(r->call);
    struct store_record rec;
    struct buf b;
    int e = 0;

    buf_init(&b, LIMIT_RECORD_BYTES);
    put_task(&b, r, now);
    e = change_put(&change, r->rest->type, r->rest->id, &r->task_record, &b, err);
    buf_clear(&b);
    if (e == 0) {
        put_review(&b, r, now);
        e = change_put(&change, fhir_resource_named(STR("CaseReview")),
            r->review_record.id, &r->review_record, &b, err);
    }
    buf_done(&b);
    if (e == 0)
        e = change_commit(&change, err);
    if (e < 0)
        return e;
    rec = record_of_write(&change.list[0]);
    record_write(&r->call->answer, &rec);
    return 0;
}

/* ---- the way ---- */

static int answer_task(struct rate *r)
{
    record_write(&r->call->answer, &r->task_record);
    return 0;
}

/* One try: E_CONFLICT where the other reviewer was quicker by a moment. */
static int try_once(struct rate *r, bool *ret_again, struct err *err)
{
    bool post = r->call->method == APP_POST;
    struct store_reader *snapshot = NULL;
    int e = call_read_begin(r->call, &snapshot, err);

    *ret_again = false;
    r->seek = (struct seek){r->call->app, snapshot, r->call->arena};
    r->review = NULL;
    r->mine = NULL;
    r->task = NULL;
    if (e == 0)
        e = look(r, err);
    if (e == 0 && !post)
        e = show(r, err);
    call_read_end(r->call, snapshot);
    if (e < 0 || !post)
        return e;
    if (json_get(r->mine, "time"))
        return is_same(r) ? answer_task(r)
                          : err_set(err, E_CONFLICT, NULL,
                                "You have rated this case already: a rating is given "
                                "once.");
    e = write_rating(r, err);
    *ret_again = e == E_CONFLICT;
    return e;
}

static int run(struct app_call *call, const struct rest *rest, struct err *err)
{
    struct rate r = {.call = call, .rest = rest};
    bool again = false;
    int e = call->method == APP_POST ? read_body(&r, err) : 0;

    for (int i = 0; e == 0 && (i == 0 || again) && i < LIMIT_RACE_TRIES; i++) {
        e = try_once(&r, &again, err);
        if (again && i + 1 < LIMIT_RACE_TRIES)
            e = 0;
    }
    return e;
}

int rest_case_review(struct app_call *call, const struct rest *rest, struct err *err)
{
    int r = call_alone(call, "$review", err);

    if (r < 0)
        return r;
    if (!call->caller.practitioner.p || call->caller.client.p)
        return err_set(
            err, E_FORBIDDEN, NULL, "A person reviews a case, and no program.");
    call->why_ = STR("$review");
    return call_pool(call, rest, run, err);
}
