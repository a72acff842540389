/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Course/ID/$enrol: put one person down for a course. There is one Enrolment of a person in a
 * course, whose id follows from the two: who is put down twice is there once, and a person is
 * never counted twice for one course.
 *
 * Who may: whoever works in a hospital that holds the course, who teaches it, the head of the
 * department that the person works in, and the person. It is accepted at once where the head
 * or the person does it; else one of them agrees by $accept. Days that are not given for the
 * person are those of the course, also when it is moved.
 */
#include "app/derived_id.h"
#include "app/learn_internal.h"
#include "app/person.h"

struct enrolling {
    struct learn learn;
    const struct json *course;
    const struct json *before; /* the Enrolment as it is; NULL: none yet */
    struct str person;         /* "Practitioner/ID", as all others */
    struct learn_names supervisors;
    struct learn_names organisers;
    struct str learning;
    struct str teaching;      /* p NULL: none is named */
    struct learn_dates dates; /* of the person alone */
    struct learn_aims aims;
    bool agreed; /* by the person, or their head, now */
    char id[DERIVED_ID_CHARS + 1];
};

/* ---- who, and where they work ---- */

static int take_person(struct enrolling *e, const struct json *body, struct err *err)
{
    struct learn_names found;
    int r = learn_names(
        &e->learn, body, (struct learn_of){"person", "Practitioner"}, &found, err);

    if (r == 0 && found.count != 1)
        r = err_set(err, E_INVALID, "person",
            "Say who takes part: one person, as a reference to a Practitioner.");
    if (r == 0)
        e->person = found.list[0];
    return r;
}

static int take_supervisors(
    struct enrolling *e, const struct json *body, struct err *err)
{
    struct learn_names *named = &e->supervisors;
    bool given = false;
    int r = learn_names(
        &e->learn, body, (struct learn_of){"supervisor", "Practitioner"}, named, err);

    given = named->count > 0;
    if (r == 0 && given && learn_has_name(named, e->person))
        return err_set(err, E_INVALID, "supervisor", "Nobody is their own supervisor.");
    if (r == 0 && !given)
        r = learn_names_in(&e->learn, json_get(e->course, "teacher"), named, err);
    for (size_t i = 0; r == 0 && !given && i < named->count; i++) {
        if (str_eq(named->list[i], e->person))
            named->list[i--] = named->list[--named->count];
    }
    return r;
}

/* The unit of the first post of the person that holds now; p NULL: there is none. */
static int first_unit(struct enrolling *e, struct str *ret, struct err *err)
{
    struct app *app = e->learn.call->app;
    struct person_ask ask = {.persons = app->persons,
        .held = e->learn.seek.snapshot,
        .arena = e->learn.call->arena,
        .now = e->learn.now};
    struct person_posts posts = {.count = 0};
    int r = person_posts_in(&ask, e->person, &posts, err);

    *ret = (struct str){NULL, 0};
    for (size_t i = 0; r == 0 && !ret->p && i < posts.count; i++)
        *ret = posts.list[i].department.p ? posts.list[i].department
                                          : posts.list[i].organization;
    return r;
}

/* Which of several the parameter ${name} names; p NULL: it was not given. */
static int take_unit(struct enrolling *e, const struct json *body, const char *name,
    struct str *ret, struct err *err)
{
    struct learn_names found;
    int r = learn_names(
        &e->learn, body, (struct learn_of){name, "Organization"}, &found, err);

    if (r == 0 && found.count > 1)
        r = err_set(err, E_INVALID, name, "The parameter %s is given once.", name);
    *ret = r == 0 && found.count ? found.list[0] : (struct str){NULL, 0};
    return r;
}

static int take_learning(struct enrolling *e, const struct json *body, struct err *err)
{
    struct str units[LIMIT_POSTS];
    size_t count = 0;
    bool theirs = false;
    int r = take_unit(e, body, "learning-department", &e->learning, err);

    if (r == 0 && !e->learning.p)
        return first_unit(e, &e->learning, err);
    if (r == 0)
        r = reader_units_of(
            e->learn.reader, e->person, units, LIMIT_POSTS, &count, err);
    for (size_t i = 0; r == 0 && i < count && i < LIMIT_POSTS; i++)
        theirs = theirs || str_eq(units[i], e->learning);
    if (r == 0 && !theirs)
        r = err_set(err, E_INVALID, "learning-department",
            "The department that a person works in is one where they hold a post.");
    return r;
}

/* Where it is not said: the first organiser of another hospital, or the first. */
static int take_teaching(struct enrolling *e, const struct json *body, struct err *err)
{
    const struct learn_names *units = &e->organisers;
    store_rid home = 0;
    int r = take_unit(e, body, "teaching-department", &e->teaching, err);

    if (r == 0 && e->teaching.p && !learn_has_name(units, e->teaching))
        return err_set(err, E_INVALID, "teaching-department",
            "The department that teaches is one of those that hold the course.");
    if (r < 0 || e->teaching.p || units->count == 0)
        return r;
    if (e->learning.p)
        r = reader_hospital_of(e->learn.reader, e->learning, &home, err);
    for (size_t i = 0; r == 0 && !e->teaching.p && i < units->count; i++) {
        store_rid at = 0;

        r = reader_hospital_of(e->learn.reader, units->list[i], &at, err);
        if (r == 0 && at != home)
            e->teaching = units->list[i];
    }
    if (r == 0 && !e->teaching.p)
        e->teaching = units->list[0];
    return r;
}

static int take_dates(struct enrolling *e, const struct json *body, struct err *err)
{
    struct learn_dates common = learn_dates_of(NULL, e->course);
    struct learn_dates *own = &e->dates;
    struct str start = {NULL, 0};
    struct str end = {NULL, 0};
    int r = learn_date(body, "start", &own->start, err);

    if (r == 0)
        r = learn_date(body, "end", &own->end, err);
    start = own->start.p ? own->start : common.start;
    end = own->end.p ? own->end : common.end;
    if (r == 0 && start.p && end.p && str_cmp(end, start) < 0)
        r = err_set(err, E_INVALID, "end", "The return is before the start.");
    return r;
}

static int take(struct enrolling *e, const struct json *body, struct err *err)
{
    int r = take_person(e, body, err);

    if (r == 0)
        r = take_supervisors(e, body, err);
    if (r == 0)
        r = learn_names_in(
            &e->learn, json_get(e->course, "organiser"), &e->organisers, err);
    if (r == 0)
        r = take_learning(e, body, err);
    if (r == 0)
        r = take_teaching(e, body, err);
    if (r == 0)
        r = take_dates(e, body, err);
    return r == 0 ? learn_take_aims(body, &e->aims, err) : r;
}

/* ---- whether ---- */

static int check(struct enrolling *e, struct err *err)
{
    struct learn_names teachers;
    bool may = str_eq(e->person, e->learn.me) || learn_heads(&e->learn, e->learning);
    int r = 0;

    e->agreed = may;
    if (!may)
        r = learn_names_in(&e->learn, json_get(e->course, "teacher"), &teachers, err);
    may = may || (r == 0 && learn_has_name(&teachers, e->learn.me));
    if (r == 0 && !may)
        r = learn_holds_any(&e->learn, &e->organisers, &may, err);
    if (r == 0 && !may)
        r = err_set(err, E_FORBIDDEN, NULL,
            "Who takes part is put down by those who hold or teach the course, by the "
            "head of the department that the person works in, or by the person.");
    if (r == 0 && (str_is(json_get_text(e->course, "status"), "cancelled") ||
                      str_is(json_get_text(e->course, "status"), "held")))
        r = err_set(err, E_CONFLICT, NULL,
            "This course is over or does not take place: nobody can be put down.");
    return r;
}

/* Who has refused, or left, takes no seat. */
static int check_room(struct enrolling *e, struct str course, struct err *err)
{
    struct search_pair pairs[] = {
        {STR("course"), {NULL, 0}},
        {STR("status"), STR("planned,accepted,attending,completed")},
        {STR("_count"), STR("1000")},
        {STR("_total"), STR("none")},
    };
    int capacity = learn_number(e->course, "capacity");
    enum learn_status status = learn_status_of(e->before);
    struct seek_list found = {NULL, 0};
    const char *name =
        arena_printf(e->learn.call->arena, "Course/%.*s", (int)course.len, course.p);
    int r = 0;

    if (!name)
        return err_nomem(err);
    if (capacity == 0 || (e->before && status != LEARN_LEFT && status != LEARN_REFUSED))
        return 0;
    pairs[0].value = str_of(name);
    r = seek_all(&e->learn.seek,
        &(struct seek_for){
            "Enrolment", pairs, sizeof(pairs) / sizeof(pairs[0]), (size_t)capacity},
        &found, err);
    if (r == 0 && found.count >= (size_t)capacity)
        r = err_set(err, E_CONFLICT, NULL,
            "The course is full: it has room for %d, and all are taken.", capacity);
    return r;
}

static int check_before(const struct enrolling *e, struct err *err)
{
    enum learn_status status = learn_status_of(e->before);

    if (!e->before || (status != LEARN_ATTENDING && status != LEARN_COMPLETED))
        return 0;
    return err_set(err, E_CONFLICT, NULL,
        "This person is there already, or has completed the course.");
}

/* ---- the record ---- */

/* What was agreed stays agreed when dates or supervisors change. */
static const struct json *agreement(const struct enrolling *e)
{
    enum learn_status status = learn_status_of(e->before);

    return e->before && status == LEARN_ACCEPTED ? json_get(e->before, "accepted")
                                                 : NULL;
}

static void put_agreement(struct json_out *o, const struct enrolling *e)
{
    char today[LEARN_DATE_CHARS + 1];

    if (agreement(e)) {
        json_name(o, "accepted");
        json_put_value(o, agreement(e));
    } else if (e->agreed) {
        learn_today(e->learn.now, today);
        json_name(o, "accepted");
        json_open(o, '{');
        fhir_put_reference(o, "by", e->learn.me);
        json_member(o, "on", str_of(today));
        json_close(o, '}');
    }
}

/* Who put the person down, and what they have seen since, stays while it is only changed. */
static void put_begin(struct json_out *o, const struct enrolling *e)
{
    static const char *const members[] = {"enrolledOn", "enrolledBy", "seen"};
    enum learn_status status = learn_status_of(e->before);

    if (!e->before || (status != LEARN_PLANNED && status != LEARN_ACCEPTED)) {
        fhir_put_time(o, "enrolledOn", e->learn.now);
        fhir_put_reference(o, "enrolledBy", e->learn.me);
        return;
    }
    for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
        const struct json *value = json_get(e->before, members[i]);

        if (!value)
            continue;
        json_name(o, members[i]);
        json_put_value(o, value);
    }
}

static void put_enrolment(
    struct buf *b, const struct enrolling *e, const struct rest *rest)
{
    bool accepted = e->agreed || agreement(e);
    struct json_out o = json_out(b);

    json_open(&o, '{');
    json_member(&o, "resourceType", STR("Enrolment"));
    json_member(&o, "id", str_of(e->id));
    json_member(&o, "status",
        str_of(learn_status_code(accepted ? LEARN_ACCEPTED : LEARN_PLANNED)));
    fhir_put_reference(&o, "course",
        str_of(arena_printf(
            e->learn.call->arena, "Course/%.*s", (int)rest->id.len, rest->id.p)));
    fhir_put_reference(&o, "person", e->person);
    fhir_put_references(&o, "supervisor", e->supervisors.list, e->supervisors.count);
    if (e->learning.p)
        fhir_put_reference(&o, "learningDepartment", e->learning);
    if (e->teaching.p)
        fhir_put_reference(&o, "teachingDepartment", e->teaching);
    learn_put_dates(&o, e->dates);
    put_begin(&o, e);
    put_agreement(&o, e);
    if (e->aims.count == 0 && json_get(e->course, "aim")) {
        json_name(&o, "aim");
        json_put_value(&o, json_get(e->course, "aim"));
    } else {
        learn_put_aims(&o, &e->aims);
    }
    json_close(&o, '}');
}

/* ---- the way ---- */

/* The id of the Enrolment of ${person} in ${course}. */
static void name_it(struct enrolling *e, struct str course)
{
    const struct str parts[] = {STR("Enrolment"), course, e->person};

    derived_id(parts, 3, e->id);
}

static int look(struct enrolling *e, const struct rest *rest, struct writing *w,
    const struct json *body, struct err *err)
{
    struct procedure_found found = {.json = NULL};
    int r = learn_load(&e->learn, rest->type, rest->id, &found, err);

    e->course = found.json;
    if (r == 0)
        r = take(e, body, err);
    if (r == 0)
        r = check(e, err);
    if (r < 0)
        return r;
    name_it(e, rest->id);
    w->write.id = str_of(e->id);
    r = procedure_load(
        e->learn.call, e->learn.seek.snapshot, w->write.type, w->write.id, &found, err);
    e->before = found.json;
    record_expect(&w->write, &found.rec);
    if (r == 0)
        r = check_before(e, err);
    return r < 0 && r != E_NOT_FOUND ? r : check_room(e, rest->id, err);
}

static int decide(
    struct app_call *call, const struct rest *rest, struct writing *w, struct err *err)
{
    struct enrolling *e = arena_alloc(call->arena, sizeof(*e));
    const struct json *body = w->resource;
    struct buf b;
    int r = e ? learn_begin(&e->learn, call, err) : err_nomem(err);

    if (!e)
        return r;
    buf_init(&b, LIMIT_RECORD_BYTES);
    if (r == 0)
        r = look(e, rest, w, body, err);
    if (r == 0) {
        put_enrolment(&b, e, rest);
        r = procedure_take(call, w, &b, false, err);
    }
    learn_end(&e->learn);
    buf_done(&b);
    w->resource = body; /* again, after a lost race */
    return r < 0 ? r : WRITING_READY;
}

int learn_enrol(struct app_call *call, const struct rest *rest, struct err *err)
{
    struct writing *w = NULL;
    int r = procedure_start(call, rest, "$enrol", &w, err);

    if (r < 0)
        return r;
    w->decide = decide;
    w->write = (struct store_write){
        .type = fhir_resource_named(STR("Enrolment")), .operation = STORE_UPDATE};
    return writing_go(call, err);
}
