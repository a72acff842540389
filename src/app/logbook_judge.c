/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The lines of a logbook, one a procedure: how often in which part, and of the cases as
 * operator the learning curve and the conditions of a sign-off, by the rule of the procedure.
 */
#include "app/logbook_internal.h"

#define DAY_MS ((utc_ms)24 * 3600 * 1000)

/* The first of the ratings of ${procedure}; ratings are in order of procedures. */
static size_t first_rating(const struct logbook_ratings *r, store_rid procedure)
{
    size_t low = 0, high = r->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (r->list[middle].procedure < procedure)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

const struct logbook_rating *logbook_rating_of(
    const struct logbook_answer *l, const struct logbook_case *c)
{
    const struct logbook_ratings *r = &l->ratings;
    const struct logbook_rating *found = NULL;

    for (size_t i = first_rating(r, c->procedure);
         i < r->count && r->list[i].procedure == c->procedure; i++) {
        if (!found || r->list[i].level < found->level)
            found = &r->list[i];
    }
    return found;
}

/* ---- cases as operator ---- */

/* The Apprenticeship under which ${assessor} taught at ${when}; 0: none. */
static uint32_t rotation_of(
    const struct logbook_answer *l, store_rid assessor, utc_ms when)
{
    for (size_t i = 0; i < l->rotation_count; i++) {
        const struct logbook_rotation *one = &l->rotations[i];

        if (one->master == assessor && one->from <= when && when < one->until)
            return (uint32_t)one->record;
    }
    return 0;
}

static struct sign_off_case case_of(const struct logbook_answer *l,
    const struct logbook_line *line, const struct logbook_case *c)
{
    const struct logbook_rating *rating = logbook_rating_of(l, c);
    struct sign_off_case made = {.when = c->when,
        .outcome = procedure_outcome(line->rule, c->results),
        .serious_event_open = procedure_serious(c->results, c->reviewed)};

    if (rating) {
        made.level = (enum independence)rating->level;
        made.assessor = (uint32_t)rating->assessor;
        made.rotation = rotation_of(l, rating->assessor, c->when);
    }
    return made;
}

/* Append the case ${c} to ${cases} and to the curve of ${line}. */
static void add_case(const struct logbook_answer *l, struct logbook_line *line,
    const struct logbook_case *c, struct sign_off_case *ret)
{
    *ret = case_of(l, line, c);
    if (ret->level != INDEPENDENCE_NOT_RATED) {
        line->rated++;
        line->last_level = (int)ret->level;
    }
    if (l->now - c->when <= LOGBOOK_EXPECTED_DAYS * DAY_MS)
        line->expected++;
    if (ret->outcome == OUTCOME_NOT_KNOWN)
        return;
    line->known++;
    line->failures += ret->outcome == OUTCOME_FAILURE;
    line->when[line->score_count] = c->when;
    line->failed[line->score_count++] = ret->outcome == OUTCOME_FAILURE;
}

int logbook_judge_line(
    struct logbook_answer *l, struct logbook_line *line, struct err *err)
{
    struct arena *a = l->call->arena;
    size_t most = (size_t)line->by_function[FUNCTION_OPERATOR];
    struct sign_off_case *cases = arena_array(a, most + 1, sizeof(*cases));
    struct sign_off_question question = {
        .cases = cases, .place = l->place, .now = l->now};
    int r = procedure_rule_of(l->call->app->rules, line->code, &line->rule, err);

    line->failed = arena_array(a, most + 1, sizeof(*line->failed));
    line->when = arena_array(a, most + 1, sizeof(*line->when));
    line->scores = arena_array(a, most + 1, sizeof(*line->scores));
    line->rows = arena_array(a, most + 1, sizeof(*line->rows));
    if (r == 0 &&
        (!cases || !line->failed || !line->when || !line->scores || !line->rows))
        r = err_nomem(err);
    for (size_t i = l->cases.count; r == 0 && i > 0; i--) { /* the oldest first */
        const struct logbook_case *c = &l->cases.list[i - 1];

        if (c->imported || c->function != FUNCTION_OPERATOR ||
            !str_eq(c->code, line->code))
            continue;
        line->rows[question.count] = i - 1;
        add_case(l, line, c, &cases[question.count++]);
    }
    if (r < 0)
        return r;
    line->operated = question.count > 0;
    line->row_count = question.count;
    question.expected = line->expected;
    curve_scores(
        line->rule->sign_off.curve, line->failed, line->score_count, line->scores);
    return sign_off_list(&line->rule->sign_off, &question, &line->list, err);
}

/* ---- lines ---- */

static struct logbook_line *line_of(struct logbook_answer *l, struct str code)
{
    for (size_t i = 0; i < l->line_count; i++) {
        if (str_eq(l->lines[i].code, code))
            return &l->lines[i];
    }
    return NULL;
}

static int make_lines(struct logbook_answer *l, struct err *err)
{
    size_t cap = 0;

    for (size_t i = 0; i < l->cases.count; i++) {
        const struct logbook_case *c = &l->cases.list[i];
        struct logbook_line *line = line_of(l, c->code);

        if (l->code.p && !str_eq(c->code, l->code))
            continue;
        if (!line && l->line_count == cap) {
            size_t more = cap ? cap * 2 : 8;
            struct logbook_line *grown = arena_grow(
                l->call->arena, l->lines, cap * sizeof(*grown), more * sizeof(*grown));

            if (!grown)
                return err_nomem(err);
            l->lines = grown;
            cap = more;
        }
        if (!line) {
            line = &l->lines[l->line_count++];
            *line = (struct logbook_line){.code = c->code};
        }
        if (c->imported)
            line->imported++;
        else
            line->by_function[c->function]++;
    }
    return 0;
}

int logbook_judge(struct logbook_answer *l, struct err *err)
{
    int r = make_lines(l, err);

    for (size_t i = 0; r == 0 && i < l->line_count; i++)
        r = logbook_judge_line(l, &l->lines[i], err);
    return r;
}
