/* SPDX-License-Identifier: Apache-2.0 */
/* Courses and enrolments: what was posted, and who somebody is to them. */
#include "app/catalogue.h"
#include "app/learn_internal.h"

int learn_begin(struct learn *l, struct app_call *call, struct err *err)
{
    int r = 0;

    *l = (struct learn){
        .call = call, .me = call->caller.practitioner, .now = call_now(call)};
    l->seek = (struct seek){.app = call->app, .a = call->arena};
    r = call_read_begin(call, &l->seek.snapshot, err);
    if (r == 0 && call->access_ && !call->access_->whole)
        r = access_make(call->access_, err);
    if (r == 0 && call->access_)
        l->reader = call->access_->reader;
    return r;
}

void learn_end(struct learn *l)
{
    call_read_end(l->call, l->seek.snapshot);
}

void learn_today(utc_ms now, char ret[LEARN_DATE_CHARS + 1])
{
    char iso[TIME_ISO_MAX];

    time_iso(now, iso);
    memcpy(ret, iso, LEARN_DATE_CHARS);
    ret[LEARN_DATE_CHARS] = '\0';
}

/* ---- what was posted ---- */

int learn_date(
    const struct json *body, const char *name, struct str *ret, struct err *err)
{
    const struct json *given = body_parameter(body, name);
    struct str text = json_get_text(given, "valueDate");
    utc_ms from = 0;
    utc_ms until = 0;

    if (given &&
        (text.len != LEARN_DATE_CHARS || !fhir_date_range(text, &from, &until)))
        return err_set(err, E_INVALID, name,
            "The parameter %s is a day (valueDate), such as 2026-01-31.", name);
    *ret = text;
    return 0;
}

int learn_int(const struct json *parameter, const char *name, struct learn_range range,
    int64_t *ret, struct err *err)
{
    struct str text = json_text(json_get(parameter, "valueInteger"));

    *ret = 0;
    if (!parameter || text_int(text, range.least, range.most, ret))
        return 0;
    return err_set(err, E_INVALID, name,
        "The parameter %s is a number from %lld to %lld (valueInteger).", name,
        (long long)range.least, (long long)range.most);
}

bool learn_has_name(const struct learn_names *names, struct str name)
{
    for (size_t i = 0; i < names->count; i++) {
        if (str_eq(names->list[i], name))
            return true;
    }
    return false;
}

static int add_name(struct learn_names *names, struct str name, struct err *err)
{
    if (learn_has_name(names, name))
        return 0;
    if (names->count == LIMIT_COURSE_PEOPLE)
        return err_set(err, E_TOO_LARGE, NULL,
            "A course names %d departments, teachers or supervisors at most.",
            LIMIT_COURSE_PEOPLE);
    names->list[names->count++] = name;
    return 0;
}

static int add_reference(struct learn *l, const struct json *value, struct learn_of of,
    struct learn_names *ret, struct err *err)
{
    struct str text = json_get_text(value, "reference");
    struct str id = seek_id(&l->seek, text, of.type);
    const struct json *there = NULL;
    const char *name = NULL;
    int r = id.p ? seek_record(&l->seek, of.type, id, NULL, &there, err) : 0;

    if (r == 0 && !there)
        r = err_set(err, E_INVALID, of.name,
            "The parameter %s names one that is known here, as a reference to a %s.",
            of.name, of.type);
    if (r < 0)
        return r;
    name = arena_printf(l->call->arena, "%s/%.*s", of.type, (int)id.len, id.p);
    return name ? add_name(ret, str_of(name), err) : err_nomem(err);
}

int learn_names(struct learn *l, const struct json *body, struct learn_of of,
    struct learn_names *ret, struct err *err)
{
    struct json_each it = json_each(json_get(body, "parameter"));
    int r = 0;

    ret->count = 0;
    while (r == 0 && json_next(&it)) {
        if (str_is(json_get_text(it.value, "name"), of.name))
            r = add_reference(l, json_get(it.value, "valueReference"), of, ret, err);
    }
    return r;
}

int learn_names_in(
    struct learn *l, const struct json *list, struct learn_names *ret, struct err *err)
{
    struct json_each it = json_each(list);
    int r = 0;

    (void)l;
    ret->count = 0;
    while (r == 0 && json_next(&it)) {
        struct str name = json_get_text(it.value, "reference");

        if (name.p)
            r = add_name(ret, name, err);
    }
    return r;
}

/* ---- aims ---- */

static int take_aim(
    const struct json *parameter, struct learn_aim *ret, struct err *err)
{
    uint32_t thing = 0;
    int r = 0;

    ret->procedure = json_get_text(body_part(parameter, "procedure"), "valueCode");
    ret->text = text_trim(json_get_text(body_part(parameter, "text"), "valueString"));
    if (ret->procedure.p &&
        !catalogue_find(STR(CATALOGUE_PROCEDURE_SYSTEM), ret->procedure, &thing))
        return err_set(err, E_INVALID, "aim",
            "An aim's procedure is a code of " CATALOGUE_PROCEDURE_SYSTEM
            ", such as appendectomy.");
    if (!ret->procedure.p && ret->text.len == 0)
        return err_set(err, E_INVALID, "aim",
            "Say what shall be learnt: each aim is a procedure or a text.");
    if (ret->text.len > LIMIT_WORD_BYTES)
        return err_set(err, E_TOO_LARGE, "aim", "An aim may have %d bytes at most.",
            LIMIT_WORD_BYTES);
    r = learn_int(body_part(parameter, "target"), "target", (struct learn_range){1, 6},
        &ret->target, err);
    return r < 0 ? r
                 : learn_int(body_part(parameter, "operations"), "operations",
                       (struct learn_range){1, 1000}, &ret->operations, err);
}

int learn_take_aims(const struct json *body, struct learn_aims *ret, struct err *err)
{
    struct json_each it = json_each(json_get(body, "parameter"));
    int r = 0;

    ret->count = 0;
    while (r == 0 && json_next(&it)) {
        if (!str_is(json_get_text(it.value, "name"), "aim"))
            continue;
        if (ret->count == LIMIT_COURSE_AIMS)
            return err_set(err, E_TOO_LARGE, "aim", "There are %d aims at most.",
                LIMIT_COURSE_AIMS);
        r = take_aim(it.value, &ret->list[ret->count++], err);
    }
    return r;
}

static void put_int(struct json_out *o, const char *name, long long value)
{
    if (value == 0)
        return;
    json_name(o, name);
    json_put_int(o, value);
}

void learn_put_aims(struct json_out *o, const struct learn_aims *aims)
{
    if (aims->count == 0)
        return;
    json_name(o, "aim");
    json_open(o, '[');
    for (size_t i = 0; i < aims->count; i++) {
        const struct learn_aim *aim = &aims->list[i];

        json_open(o, '{');
        put_int(o, "number", (long long)i + 1);
        if (aim->procedure.p)
            fhir_put_concept(
                o, "procedure", CATALOGUE_PROCEDURE_SYSTEM, aim->procedure);
        put_int(o, "targetLevel", aim->target);
        put_int(o, "operations", aim->operations);
        if (aim->text.len > 0)
            json_member(o, "text", aim->text);
        json_close(o, '}');
    }
    json_close(o, ']');
}

struct str learn_aim_procedure(const struct json *aim)
{
    struct json_each it = json_each(json_get(json_get(aim, "procedure"), "coding"));

    while (json_next(&it)) {
        if (str_is(json_get_text(it.value, "system"), CATALOGUE_PROCEDURE_SYSTEM))
            return json_get_text(it.value, "code");
    }
    return (struct str){NULL, 0};
}

int learn_number(const struct json *of, const char *name)
{
    int64_t number = 0;

    if (!text_int(json_text(json_get(of, name)), 1, INT32_MAX, &number))
        return 0;
    return (int)number;
}

/* ---- who somebody is ---- */

bool learn_heads(const struct learn *l, struct str unit)
{
    for (size_t i = 0; unit.p && i < l->call->caller.post_count; i++) {
        const struct app_post *post = &l->call->caller.posts[i];
        struct str at = post->department.p ? post->department : post->organization;

        if (str_is(post->role, "head-of-department") && at.p && str_eq(at, unit))
            return true;
    }
    return false;
}

/* Whose word on what is taught counts. Apprentices learn; a desk and an auditor do neither. */
static bool teaches(struct str role)
{
    static const char *const roles[] = {"clinician", "nurse", "technician", "therapist",
        "expert", "head-of-department", "director", "coordinator"};

    for (size_t i = 0; i < sizeof(roles) / sizeof(roles[0]); i++) {
        if (str_is(role, roles[i]))
            return true;
    }
    return false;
}

static int holds(struct learn *l, struct str unit, bool *ret, struct err *err)
{
    const struct app_caller *caller = &l->call->caller;
    store_rid hospital = 0;
    int r = l->reader ? reader_hospital_of(l->reader, unit, &hospital, err) : 0;

    *ret = false;
    for (size_t i = 0; r == 0 && hospital && !*ret && i < caller->post_count; i++) {
        const struct app_post *post = &caller->posts[i];
        store_rid at = 0;

        if (!teaches(post->role))
            continue;
        if (post->organization.p)
            r = reader_hospital_of(l->reader, post->organization, &at, err);
        *ret =
            post->organization.p ? at == hospital : str_is(post->role, "coordinator");
    }
    return r;
}

int learn_holds_any(
    struct learn *l, const struct learn_names *units, bool *ret, struct err *err)
{
    int r = 0;

    *ret = false;
    for (size_t i = 0; r == 0 && !*ret && i < units->count; i++)
        r = holds(l, units->list[i], ret, err);
    return r;
}

unsigned learn_ties(const struct learn *l, const struct json *enrolment)
{
    struct json_each it = json_each(json_get(enrolment, "supervisor"));
    struct str person = json_get_text(json_get(enrolment, "person"), "reference");
    unsigned ties = 0;

    if (l->me.p && str_eq(person, l->me))
        ties |= LEARN_SELF;
    while (l->me.p && json_next(&it)) {
        if (str_eq(json_get_text(it.value, "reference"), l->me))
            ties |= LEARN_SUPERVISOR;
    }
    if (learn_heads(
            l, json_get_text(json_get(enrolment, "learningDepartment"), "reference")))
        ties |= LEARN_HEAD;
    if (learn_heads(
            l, json_get_text(json_get(enrolment, "teachingDepartment"), "reference")))
        ties |= LEARN_GUIDE;
    return ties;
}

/* ---- dates ---- */

struct learn_dates learn_dates_of(
    const struct json *enrolment, const struct json *course)
{
    const struct json *own = json_get(enrolment, "period");
    const struct json *common = json_get(course, "period");
    struct learn_dates dates = {json_get_text(own, "start"), json_get_text(own, "end")};

    if (!dates.start.p)
        dates.start = json_get_text(common, "start");
    if (!dates.end.p)
        dates.end = json_get_text(common, "end");
    return dates;
}

void learn_put_dates(struct json_out *o, struct learn_dates dates)
{
    if (!dates.start.p && !dates.end.p)
        return;
    json_name(o, "period");
    json_open(o, '{');
    json_member(o, "start", dates.start);
    json_member(o, "end", dates.end);
    json_close(o, '}');
}

/* ---- records ---- */

int learn_load(struct learn *l, const struct fhir_type *type, struct str id,
    struct procedure_found *ret, struct err *err)
{
    bool allowed = false;
    int r = procedure_load(l->call, l->seek.snapshot, type, id, ret, err);

    if (r == 0)
        r = access_allows(l->call->access_, ret->rec.rid, &allowed, err);
    if (r == E_NOT_FOUND || (r == 0 && !allowed)) {
        access_missing(l->call->access_, type->number, r == 0);
        return access_no_such(type, id, false, err);
    }
    return r;
}

/* ---- which operation ---- */

int rest_enrolment(struct app_call *call, const struct rest *rest, struct err *err)
{
    if (strcmp(rest->word, "$plan") == 0)
        return learn_plan(call, rest, err);
    if (strcmp(rest->word, "$cancel") == 0)
        return learn_cancel(call, rest, err);
    if (strcmp(rest->word, "$enrol") == 0)
        return learn_enrol(call, rest, err);
    if (strcmp(rest->word, "$supervise") == 0 || strcmp(rest->word, "$seen") == 0)
        return learn_keep(call, rest, err);
    return learn_go(call, rest, err);
}
