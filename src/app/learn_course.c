/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Course/$plan makes a course, Course/ID/$plan says anew what it is: all of it, as it shall
 * be. By somebody who works in the hospital of a department that holds it, or coordinates it.
 * Where its days or its place change, that is written down, for those who are enrolled; what is
 * cancelled (learn_cancel.c) is planned no more.
 */
#include "app/learn_internal.h"

struct plan {
    struct learn learn;
    const struct json *before; /* NULL: it is new */
    struct str id;
    struct str kind, status, title, description, place;
    struct str start, end;
    int64_t capacity;
    struct learn_names organisers;
    struct learn_names teachers;
    struct learn_aims aims;
};

/* ---- what was posted ---- */

static bool is_one_of(struct str code, const char *const *codes)
{
    for (; *codes; codes++) {
        if (str_is(code, *codes))
            return true;
    }
    return false;
}

static int take_codes(struct plan *p, const struct json *body, struct err *err)
{
    static const char *const kinds[] = {
        "bedside-teaching", "workshop", "degree", "placement", "online", NULL};
    static const char *const states[] = {"planned", "under-way", "held", NULL};

    p->kind = json_get_text(body_parameter(body, "kind"), "valueCode");
    p->status = json_get_text(body_parameter(body, "status"), "valueCode");
    if (!p->status.p)
        p->status = STR("planned");
    if (!is_one_of(p->kind, kinds))
        return err_set(err, E_INVALID, "kind",
            "Say what kind of course it is: a valueCode bedside-teaching, workshop, "
            "degree, placement or online.");
    if (!is_one_of(p->status, states))
        return err_set(err, E_INVALID, "status",
            "Say where it stands: a valueCode planned, under-way or held. It is "
            "cancelled by $cancel, with a reason.");
    return 0;
}

static int take_dates(struct plan *p, const struct json *body, struct err *err)
{
    int r = learn_date(body, "start", &p->start, err);

    if (r == 0)
        r = learn_date(body, "end", &p->end, err);
    if (r == 0 && !p->start.p)
        r = err_set(
            err, E_INVALID, "start", "Say from when: the parameter start, a day.");
    if (r == 0 && p->end.p && str_cmp(p->end, p->start) < 0)
        r = err_set(err, E_INVALID, "end", "It ends before it begins.");
    return r;
}

static int take_words(struct plan *p, const struct json *body, struct err *err)
{
    int r = procedure_word(body, "title", &p->title, err);

    if (r == 0 && !p->title.p)
        r = err_set(
            err, E_INVALID, "title", "Say what it is called: the parameter title.");
    if (r == 0)
        r = procedure_word(body, "description", &p->description, err);
    if (r == 0)
        r = procedure_word(body, "place", &p->place, err);
    return r < 0 ? r
                 : learn_int(body_parameter(body, "capacity"), "capacity",
                       (struct learn_range){1, LIMIT_COURSE_SEATS}, &p->capacity, err);
}

static int take(struct plan *p, const struct json *body, struct err *err)
{
    int r = take_codes(p, body, err);

    if (r == 0)
        r = take_words(p, body, err);
    if (r == 0)
        r = take_dates(p, body, err);
    if (r == 0)
        r = learn_take_aims(body, &p->aims, err);
    if (r == 0)
        r = learn_names(&p->learn, body, (struct learn_of){"organiser", "Organization"},
            &p->organisers, err);
    if (r == 0 && p->organisers.count == 0)
        r = err_set(err, E_INVALID, "organiser",
            "Say who holds it: at least one organiser, a department or a hospital.");
    return r < 0 ? r
                 : learn_names(&p->learn, body,
                       (struct learn_of){"teacher", "Practitioner"}, &p->teachers, err);
}

/* ---- who may ---- */

static int check(struct plan *p, const struct learn_names *organisers, struct err *err)
{
    bool may = false;
    int r = learn_holds_any(&p->learn, organisers, &may, err);

    if (r == 0 && !may)
        r = err_set(err, E_FORBIDDEN, "organiser",
            "A course is planned by somebody who works in a hospital that holds it, or "
            "by a coordinator.");
    return r;
}

/* ---- the record ---- */

/* Are the days or the place others than before? */
static bool moved(const struct plan *p)
{
    struct learn_dates before = learn_dates_of(NULL, p->before);

    return p->before &&
           !(str_eq(before.start, p->start) && str_eq(before.end, p->end) &&
               str_eq(json_get_text(p->before, "place"), p->place));
}

static void put_course(struct buf *b, const struct plan *p)
{
    struct json_out o = json_out(b);

    json_open(&o, '{');
    json_member(&o, "resourceType", STR("Course"));
    json_member(&o, "id", p->id);
    json_member(&o, "status", p->status);
    json_member(&o, "kind", p->kind);
    json_member(&o, "title", p->title);
    json_member(&o, "description", p->description);
    fhir_put_references(&o, "organiser", p->organisers.list, p->organisers.count);
    learn_put_dates(&o, (struct learn_dates){p->start, p->end});
    json_member(&o, "place", p->place);
    if (p->capacity) {
        json_name(&o, "capacity");
        json_put_int(&o, p->capacity);
    }
    learn_put_aims(&o, &p->aims);
    fhir_put_references(&o, "teacher", p->teachers.list, p->teachers.count);
    learn_put_changes(
        &o, &p->learn, p->before, moved(p) ? &(struct learn_change){"moved"} : NULL);
    json_close(&o, '}');
}

/* ---- the way ---- */

/* What is there, to be changed by who holds it. */
static int look_before(struct plan *p, const struct store_record *rec, struct err *err)
{
    struct learn_names organisers;
    int r =
        learn_names_in(&p->learn, json_get(p->before, "organiser"), &organisers, err);

    if (r == 0)
        r = check(p, &organisers, err);
    if (r == 0 && learn_is_cancelled(p->before))
        r = err_set(err, E_CONFLICT, NULL,
            "This course was cancelled, and those who were enrolled were told so: plan "
            "another one.");
    if (r == 0 && p->learn.call->if_match.p &&
        !rest_etag_matches(p->learn.call->if_match, rec->vid))
        r = err_set(err, E_PRECONDITION, NULL,
            "The course was changed in the meantime: look at it again.");
    return r == 0 ? learn_room_for_change(p->before, err) : r;
}

/* What is there: to be changed, or made already by the same person. */
static int look(struct plan *p, const struct rest *rest, struct writing *w,
    bool *ret_repeated, struct err *err)
{
    struct procedure_found found = {.json = NULL};
    int r = 0;

    *ret_repeated = false;
    if (rest->id.p) {
        r = learn_load(&p->learn, rest->type, rest->id, &found, err);
        p->before = found.json;
        if (r == 0)
            r = look_before(p, &found.rec, err);
    } else {
        r = procedure_load(
            p->learn.call, p->learn.seek.snapshot, rest->type, p->id, &found, err);
        *ret_repeated = r == 0 && str_eq(found.rec.actor, call_actor(p->learn.call));
        if (r == 0 && !*ret_repeated)
            r = err_set(err, E_CONFLICT, "id",
                "There is another course with this id: give each a random one.");
        r = r == E_NOT_FOUND ? 0 : r;
    }
    if (r < 0)
        return r;
    if (*ret_repeated) {
        record_headers(p->learn.call, &found.rec, false);
        record_write(&p->learn.call->answer, &found.rec);
        return call_saw(p->learn.call, &found.rec, err);
    }
    record_expect(&w->write, &found.rec);
    return 0;
}

static int decide(
    struct app_call *call, const struct rest *rest, struct writing *w, struct err *err)
{
    struct plan *p = arena_alloc(call->arena, sizeof(*p));
    const struct json *body = w->resource;
    bool repeated = false;
    struct buf b;
    int r = p ? learn_begin(&p->learn, call, err) : err_nomem(err);

    if (!p)
        return r;
    buf_init(&b, LIMIT_RECORD_BYTES);
    p->id = w->write.id;
    if (r == 0)
        r = look(p, rest, w, &repeated, err);
    if (r == 0 && !repeated)
        r = take(p, body, err);
    if (r == 0 && !repeated)
        r = check(p, &p->organisers, err);
    if (r == 0 && !repeated) {
        put_course(&b, p);
        r = procedure_take(call, w, &b, false, err);
    }
    learn_end(&p->learn);
    buf_done(&b);
    w->resource = body; /* again, after a lost race */
    return r < 0 ? r : repeated ? 0 : WRITING_READY;
}

int learn_plan(struct app_call *call, const struct rest *rest, struct err *err)
{
    struct writing *w = NULL;
    int r = procedure_new(call, rest, "$plan", decide, &w, err);

    if (r < 0)
        return r;
    if (rest->id.p)
        w->write.id = rest->id;
    return writing_go(call, err);
}
