/* SPDX-License-Identifier: Apache-2.0 */
/* What is wrong with a plan of postings. */
#include "engine/planning/roster.h"

#include <stdlib.h>

struct finding {
    struct arena *a;
    const struct roster *plan;
    struct roster_finding *ret;
    size_t cap;
    struct span *room, *left; /* for the longest list there can be */
    struct err *err;
};

const char *roster_kind_code(enum roster_kind kind)
{
    static const char *const codes[ROSTER_KINDS] = {[ROSTER_CLASH] = "clash",
        [ROSTER_OUTSIDE_TERM] = "outside-term",
        [ROSTER_BEYOND_TERM] = "beyond-term",
        [ROSTER_NO_TERM] = "no-term",
        [ROSTER_NO_HEAD] = "no-head",
        [ROSTER_GAP] = "gap",
        [ROSTER_UNCHECKED] = "unchecked"};

    return codes[kind];
}

static int tell(struct finding *f, struct roster_problem problem)
{
    struct roster_finding *ret = f->ret;
    struct span when = problem.when;

    if (when.until != SPAN_OPEN && when.until - when.from < ROSTER_SHORTEST_MS)
        return 0;
    if (ret->count == f->cap) {
        size_t cap = f->cap ? f->cap * 2 : 16;
        struct roster_problem *grown = arena_grow(
            f->a, ret->problems, f->cap * sizeof(*grown), cap * sizeof(*grown));

        if (!grown)
            return err_nomem(f->err);
        ret->problems = grown;
        f->cap = cap;
    }
    ret->problems[ret->count++] = problem;
    return 0;
}

static struct roster_problem about(enum roster_kind kind, struct span when)
{
    return (struct roster_problem){.kind = kind,
        .posting = ROSTER_NONE,
        .other = ROSTER_NONE,
        .department = ROSTER_NONE,
        .team = ROSTER_NONE,
        .when = when};
}

/* ---- one person in two places ---- */

/* The first time at which both are there, leave left out; empty: none. */
static struct span both_there(struct finding *f, const struct roster_posting *one,
    const struct roster_posting *other)
{
    struct span both = span_meet(span_meet(one->term, other->term), f->plan->window);
    size_t count = 0;

    for (size_t i = 0; i < one->away_count; i++)
        f->room[count++] = one->away[i];
    for (size_t i = 0; i < other->away_count; i++)
        f->room[count++] = other->away[i];
    span_sort(f->room, count);
    return span_left(both, f->room, count, f->left) > 0 ? f->left[0]
                                                        : (struct span){0, 0};
}

struct held {
    uint32_t person, posting;
};

static int compare_held(const void *one, const void *other)
{
    const struct held *a = one, *b = other;

    if (a->person != b->person)
        return a->person < b->person ? -1 : 1;
    return (a->posting > b->posting) - (a->posting < b->posting);
}

static int find_clashes(struct finding *f)
{
    const struct roster *plan = f->plan;
    struct held *held = arena_array(f->a, plan->posting_count + 1, sizeof(*held));
    int r = held ? 0 : err_nomem(f->err);

    for (size_t i = 0; r == 0 && i < plan->posting_count; i++)
        held[i] = (struct held){plan->postings[i].person, (uint32_t)i};
    if (r == 0 && plan->posting_count > 1)
        qsort(held, plan->posting_count, sizeof(*held), compare_held);
    for (size_t i = 0; r == 0 && i < plan->posting_count; i++) {
        for (size_t k = i + 1;
             r == 0 && k < plan->posting_count && held[k].person == held[i].person;
             k++) {
            struct span when = both_there(
                f, &plan->postings[held[i].posting], &plan->postings[held[k].posting]);
            struct roster_problem problem = about(ROSTER_CLASH, when);

            problem.posting = held[i].posting;
            problem.other = held[k].posting;
            if (!span_is_empty(when))
                r = tell(f, problem);
        }
    }
    return r;
}

/* ---- teams and their terms ---- */

static int look_at_term(struct finding *f, size_t at)
{
    const struct roster_posting *posting = &f->plan->postings[at];
    const struct roster_team *team = NULL;
    struct roster_problem problem = about(ROSTER_OUTSIDE_TERM, posting->term);
    struct span when = span_meet(posting->term, f->plan->window);
    size_t count = 0;
    int r = 0;

    if (posting->team == ROSTER_NONE || span_is_empty(when))
        return 0;
    team = &f->plan->teams[posting->team];
    if (!team->has_term)
        return 0;
    problem.posting = (uint32_t)at;
    problem.team = posting->team;
    count = span_left(when, &team->term, 1, f->left);
    for (size_t i = 0; r == 0 && i < count; i++) {
        problem.when = f->left[i];
        r = tell(f, problem);
    }
    return r;
}

/* How far the postings of a team reach that hold at ${from} or later. */
static struct span still_there(const struct roster *plan, size_t team, int64_t from)
{
    struct span found = {SPAN_OPEN, 0};

    for (size_t i = 0; i < plan->posting_count; i++) {
        const struct roster_posting *one = &plan->postings[i];

        if (one->team != team || one->term.until <= from)
            continue;
        found.from = one->term.from < found.from ? one->term.from : found.from;
        found.until = one->term.until > found.until ? one->term.until : found.until;
    }
    return found;
}

static int look_at_team(struct finding *f, size_t at)
{
    const struct roster_team *team = &f->plan->teams[at];
    bool over = team->has_term && team->term.until <= f->plan->now;
    struct span there =
        still_there(f->plan, at, team->has_term ? f->plan->now : f->plan->window.from);
    struct roster_problem problem =
        about(over ? ROSTER_BEYOND_TERM : ROSTER_NO_TERM, there);

    if (span_is_empty(there) || (team->has_term && !over) ||
        (over && there.from > f->plan->now))
        return 0;
    problem.team = (uint32_t)at;
    if (over)
        problem.when.from = team->term.until;
    return tell(f, problem);
}

/* ---- departments ---- */

static int find_headless(struct finding *f, size_t department)
{
    const struct roster *plan = f->plan;
    struct span ahead = plan->window;
    size_t count = 0;
    size_t gaps = 0;
    int r = 0;

    /* who headed it a year ago is nobody's problem now */
    if (ahead.from < plan->now && plan->now < ahead.until)
        ahead.from = plan->now;
    for (size_t i = 0; i < plan->head_count; i++) {
        if (plan->heads[i].department == department)
            f->room[count++] = plan->heads[i].term;
    }
    span_sort(f->room, count);
    gaps = span_left(ahead, f->room, count, f->left);
    for (size_t i = 0; r == 0 && i < gaps; i++) {
        struct roster_problem problem = about(ROSTER_NO_HEAD, f->left[i]);

        problem.department = (uint32_t)department;
        r = tell(f, problem);
    }
    return r;
}

/* From the first posting in ${department} to the end of the last team that has had one
 * there; of who is in no team, to the end of the last posting. */
static struct span expected(const struct roster *plan, size_t department)
{
    struct span all = {SPAN_OPEN, 0};

    for (size_t i = 0; i < plan->posting_count; i++) {
        const struct roster_posting *one = &plan->postings[i];
        int64_t until = one->term.until;

        if (one->department != department)
            continue;
        if (one->team != ROSTER_NONE && plan->teams[one->team].has_term)
            until = plan->teams[one->team].term.until;
        all.from = one->term.from < all.from ? one->term.from : all.from;
        all.until = until > all.until ? until : all.until;
    }
    return span_is_empty(all) ? (struct span){0, 0} : span_meet(all, plan->window);
}

/* When somebody posted to ${department} is there, into f->room. */
static size_t presence(struct finding *f, size_t department, struct span *pieces)
{
    size_t count = 0;

    for (size_t i = 0; i < f->plan->posting_count; i++) {
        const struct roster_posting *one = &f->plan->postings[i];
        size_t left = 0;

        if (one->department != department)
            continue;
        for (size_t k = 0; k < one->away_count; k++)
            f->room[k] = one->away[k];
        span_sort(f->room, one->away_count);
        left = span_left(one->term, f->room, one->away_count, f->left);
        for (size_t k = 0; k < left; k++)
            pieces[count++] = f->left[k];
    }
    span_sort(pieces, count);
    return count;
}

static int find_gaps(struct finding *f, size_t department, struct span *pieces)
{
    struct span whole = expected(f->plan, department);
    size_t count = presence(f, department, pieces);
    size_t gaps = 0;
    int r = 0;

    if (span_is_empty(whole))
        return 0;
    gaps = span_left(whole, pieces, count, f->left);
    for (size_t i = 0; r == 0 && i < gaps; i++) {
        struct roster_problem problem = about(ROSTER_GAP, f->left[i]);

        problem.department = (uint32_t)department;
        r = tell(f, problem);
    }
    return r;
}

/* ---- arrival ---- */

static int look_at_arrival(struct finding *f, size_t i)
{
    const struct roster_posting *one = &f->plan->postings[i];
    struct roster_problem problem = about(ROSTER_UNCHECKED, one->term);

    if (!one->unchecked || one->team == ROSTER_NONE ||
        !span_holds(one->term, f->plan->now))
        return 0;
    problem.posting = (uint32_t)i;
    problem.team = one->team;
    return tell(f, problem);
}

/* ---- all ---- */

static size_t most_pieces(const struct roster *plan)
{
    size_t most = plan->posting_count + plan->head_count + 2;

    for (size_t i = 0; i < plan->posting_count; i++)
        most += plan->postings[i].away_count;
    return most;
}

int roster_find(struct arena *a, const struct roster *plan, struct roster_finding *ret,
    struct err *err)
{
    struct roster_finding found = {NULL, 0};
    struct finding f = {.a = a, .plan = plan, .ret = &found, .err = err};
    size_t most = most_pieces(plan);
    struct span *pieces = arena_array(a, most, sizeof(*pieces));
    int r = 0;

    f.room = arena_array(a, most, sizeof(*f.room));
    f.left = arena_array(a, most + 1, sizeof(*f.left));
    if (!pieces || !f.room || !f.left)
        return err_nomem(err);
    r = find_clashes(&f);
    for (size_t i = 0; r == 0 && i < plan->posting_count; i++)
        r = look_at_term(&f, i);
    for (size_t i = 0; r == 0 && i < plan->team_count; i++)
        r = look_at_team(&f, i);
    for (size_t i = 0; r == 0 && i < plan->department_count; i++)
        r = find_headless(&f, i);
    for (size_t i = 0; r == 0 && i < plan->department_count; i++)
        r = find_gaps(&f, i, pieces);
    for (size_t i = 0; r == 0 && i < plan->posting_count; i++)
        r = look_at_arrival(&f, i);
    if (r == 0)
        *ret = found;
    return r;
}
