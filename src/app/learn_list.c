/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GET Enrolment/$learning: enrolments that the caller may read, the newest first.
 *
 *   course  Course/ID: those in this course, and what the caller may do with it
 *   person  Practitioner/ID: those of this person; the caller where nothing is said
 *   scope   supervised: whom the caller looks after, or whose department they lead;
 *           waiting: those of them, and the caller's own, of which something waits
 */
#include <stdlib.h>

#include "app/learn_internal.h"

struct listing {
    struct learn learn;
    struct str course;
    struct str person;
    bool supervised;
    bool waiting;
    store_rid *rids;
    size_t count;
    struct learn_row *rows;
    size_t row_count;
    struct learn_course_may may;
};

static int take(struct listing *l, const struct rest *rest, struct err *err)
{
    for (size_t i = 0; i < rest->pair_count; i++) {
        const struct search_pair *pair = &rest->pairs[i];

        if (str_is(pair->name, "course"))
            l->course = pair->value;
        else if (str_is(pair->name, "person"))
            l->person = pair->value;
        else if (str_is(pair->name, "scope") && str_is(pair->value, "supervised"))
            l->supervised = true;
        else if (str_is(pair->name, "scope") && str_is(pair->value, "waiting"))
            l->waiting = true;
        else
            return err_set(err, E_INVALID, pair->name.p,
                "$learning takes course (Course/ID), person (Practitioner/ID) and "
                "scope (supervised or waiting), and nothing else.");
    }
    if (!l->course.p && !l->person.p && !l->learn.me.p)
        return err_set(
            err, E_INVALID, "person", "Say of whom: the parameter person, or course.");
    return 0;
}

/* ---- which ---- */

static int add(struct listing *l, const char *name, struct str value, struct err *err)
{
    const struct search_pair pairs[] = {
        {str_of(name), value},
        {STR("_sort"), STR("-date")},
        {STR("_count"), STR("500")},
        {STR("_total"), STR("none")},
    };
    struct seek_list found = {NULL, 0};
    store_rid *longer = NULL;
    int r = seek_all(&l->learn.seek,
        &(struct seek_for){
            "Enrolment", pairs, sizeof(pairs) / sizeof(pairs[0]), LIMIT_LEARNING_LIST},
        &found, err);

    if (r < 0)
        return r;
    longer = arena_grow(l->learn.call->arena, l->rids, l->count * sizeof(*longer),
        (l->count + found.count + 1) * sizeof(*longer));
    if (!longer)
        return err_nomem(err);
    l->rids = longer;
    for (size_t i = 0; i < found.count; i++) {
        bool there = false;

        for (size_t k = 0; k < l->count && !there; k++)
            there = l->rids[k] == found.rids[i];
        if (!there)
            l->rids[l->count++] = found.rids[i];
    }
    return 0;
}

static int add_departments(struct listing *l, struct err *err)
{
    const struct app_caller *caller = &l->learn.call->caller;
    int r = 0;

    for (size_t i = 0; r == 0 && i < caller->post_count; i++) {
        const struct app_post *post = &caller->posts[i];

        if (str_is(post->role, "head-of-department") && post->organization.p)
            r = add(l, "department",
                post->department.p ? post->department : post->organization, err);
    }
    return r;
}

static int add_all(struct listing *l, struct err *err)
{
    bool others = l->supervised || l->waiting;
    int r = 0;

    if (l->course.p)
        return add(l, "course", l->course, err);
    if (l->person.p)
        return add(l, "person", l->person, err);
    if (!l->learn.me.p)
        return 0;
    if (!l->supervised)
        r = add(l, "person", l->learn.me, err);
    if (r == 0 && others)
        r = add(l, "supervisor", l->learn.me, err);
    return r == 0 && others ? add_departments(l, err) : r;
}

/* What the caller may do with the course that is asked about, if they may read it. */
static int look_at_course(struct listing *l, struct err *err)
{
    struct str id = seek_id(&l->learn.seek, l->course, "Course");
    struct store_record rec = {0};
    const struct json *course = NULL;
    struct learn_names organisers;
    bool allowed = false;
    bool holds = false;
    int r = id.p ? seek_record(&l->learn.seek, "Course", id, &rec, &course, err) : 0;

    if (r == 0 && course)
        r = access_allows_live(l->learn.call->access_, rec.rid, &allowed, err);
    if (r < 0 || !allowed)
        return r;
    r = learn_names_in(&l->learn, json_get(course, "organiser"), &organisers, err);
    if (r == 0)
        r = learn_holds_any(&l->learn, &organisers, &holds, err);
    l->may.plan = holds && !learn_is_cancelled(course);
    l->may.cancel = l->may.plan && !str_is(json_get_text(course, "status"), "held");
    return r;
}

/* ---- what of it ---- */

static bool waits(const struct listing *l, const struct learn_row *row)
{
    struct json_each it = json_each(json_get(row->json, "aim"));

    if (learn_waits(&l->learn, row))
        return true;
    while (json_next(&it)) {
        if (learn_asked(&l->learn, row->json, it.value, row->ties))
            return true;
    }
    return false;
}

static int read_one(struct listing *l, store_rid rid, struct err *err)
{
    struct learn_row *row = &l->rows[l->row_count];
    struct store_record rec = {0};
    bool allowed = false;
    int r = access_allows_live(l->learn.call->access_, rid, &allowed, err);

    if (r < 0 || !allowed)
        return r;
    r = seek_rid(&l->learn.seek, rid, &rec, &row->json, err);
    if (r == 0 && row->json)
        r = seek_reference(&l->learn.seek,
            json_get_text(json_get(row->json, "course"), "reference"), "Course",
            &row->course, err);
    if (r < 0 || !row->json)
        return r;
    row->id = rec.id;
    row->ties = learn_ties(&l->learn, row->json);
    if (l->supervised && (row->ties & LEARN_SELF))
        return 0;
    if (l->waiting && !waits(l, row))
        return 0;
    l->row_count++;
    return call_saw(l->learn.call, &rec, err);
}

static struct str begin_of(const struct learn_row *row)
{
    return learn_dates_of(row->json, row->course).start;
}

static int newest_first(const void *a, const void *b)
{
    const struct learn_row *one = a;
    const struct learn_row *other = b;
    int order = str_cmp(begin_of(other), begin_of(one));

    return order ? order : str_cmp(one->id, other->id);
}

static int read_all(struct listing *l, struct err *err)
{
    size_t most = l->count < LIMIT_LEARNING_LIST ? l->count : LIMIT_LEARNING_LIST;
    int r = 0;

    l->rows = arena_array(l->learn.call->arena, most + 1, sizeof(*l->rows));
    if (!l->rows)
        return err_nomem(err);
    for (size_t i = 0; r == 0 && i < l->count && l->row_count < most; i++)
        r = read_one(l, l->rids[i], err);
    if (r == 0 && l->row_count > 1)
        qsort(l->rows, l->row_count, sizeof(*l->rows), newest_first);
    return r;
}

int rest_learning(struct app_call *call, const struct rest *rest, struct err *err)
{
    struct listing l = {.count = 0};
    int r = 0;

    if (strcmp(rest->word, "$figures") == 0)
        return learn_figures(call, rest, err);
    if (strcmp(rest->word, "$taught") == 0)
        return learn_taught(call, rest, err);
    r = learn_begin(&l.learn, call, err);
    if (r == 0)
        r = take(&l, rest, err);
    if (r == 0)
        r = add_all(&l, err);
    if (r == 0)
        r = read_all(&l, err);
    if (r == 0 && l.course.p)
        r = look_at_course(&l, err);
    if (r == 0)
        r = learn_write(&l.learn, &l.may, l.rows, l.row_count, err);
    learn_end(&l.learn);
    return r;
}
