/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How it went with those who learn: the first sign-off in each procedure, the end of their last post, and their cases as operator. Posts,
 * sign-offs and the logbook are read once for each person, however many procedures they learn.
 */
#include <stdlib.h>

#include "app/catalogue.h"
#include "app/independence_internal.h"
#include "fhir/value.h"

#define MOST_POSTS 200
#define MOST_SIGNED 1000

/* The procedures that one person learns. */
struct person {
    struct independence_learner **learns;
    size_t count;
};

/* All of ${type} that name ${person} as their ${part}. */
static int seek_of(struct independence_figures *in, const struct seek_for *of,
    struct seek_list *ret, struct err *err)
{
    struct search_pair pairs[] = {
        of->pairs[0], {STR("_count"), STR("200")}, {STR("_total"), STR("none")}};

    return seek_all(
        &in->seek, &(struct seek_for){of->type, pairs, 3, of->most}, ret, err);
}

/* ---- signed off ---- */

static bool is_in(const struct json *procedure, struct str code)
{
    struct json_each it = json_each(json_get(procedure, "coding"));

    while (json_next(&it)) {
        if (str_is(json_get_text(it.value, "system"), CATALOGUE_PROCEDURE_SYSTEM) &&
            str_eq(json_get_text(it.value, "code"), code))
            return true;
    }
    return false;
}

static void take_signed(const struct person *p, const struct json *sign_off)
{
    const struct json *procedure = json_get(sign_off, "procedure");
    utc_ms at = 0;
    utc_ms ignored = 0;

    if (!fhir_date_range(json_get_text(sign_off, "signed"), &at, &ignored))
        return;
    for (size_t i = 0; i < p->count; i++) {
        if (at < p->learns[i]->signed_at && is_in(procedure, p->learns[i]->code))
            p->learns[i]->signed_at = at;
    }
}

static int find_signed(
    struct independence_figures *in, const struct person *p, struct err *err)
{
    struct search_pair who = {STR("person"), p->learns[0]->person};
    struct seek_list found = {NULL, 0};
    int r =
        seek_of(in, &(struct seek_for){"SignOff", &who, 1, MOST_SIGNED}, &found, err);

    for (size_t i = 0; i < p->count; i++)
        p->learns[i]->signed_at = UTC_MS_MAX;
    for (size_t i = 0; r == 0 && i < found.count; i++) {
        const struct json *json = NULL;

        r = seek_rid(&in->seek, found.rids[i], NULL, &json, err);
        if (r == 0 && json)
            take_signed(p, json);
    }
    return r;
}

/* ---- left ---- */

static int find_left(
    struct independence_figures *in, const struct person *p, struct err *err)
{
    struct search_pair who = {STR("practitioner"), p->learns[0]->person};
    struct seek_list found = {NULL, 0};
    utc_ms last = UTC_MS_MIN;
    int r = seek_of(
        in, &(struct seek_for){"PractitionerRole", &who, 1, MOST_POSTS}, &found, err);

    for (size_t i = 0; r == 0 && i < found.count; i++) {
        const struct json *json = NULL;
        utc_ms from = 0;
        utc_ms until = 0;

        r = seek_rid(&in->seek, found.rids[i], NULL, &json, err);
        if (r == 0 && json &&
            fhir_period_range(json_get(json, "period"), &from, &until) && until > last)
            last = until;
    }
    for (size_t i = 0; i < p->count; i++)
        p->learns[i]->left_at = last == UTC_MS_MIN ? UTC_MS_MAX : last;
    return r;
}

/* ---- cases ---- */

/* Of ${all} those in the procedure that ${l} learns: counted, and where there is room for them taken. */
static void take_cases(struct independence_learner *l, const struct logbook_cases *all)
{
    l->case_count = 0;
    for (size_t i = 0; i < all->count; i++) {
        const struct logbook_case *c = &all->list[i];

        if (c->imported || c->function != FUNCTION_OPERATOR || c->when < l->from ||
            !str_eq(c->code, l->code))
            continue;
        if (l->cases)
            l->cases[l->case_count] = c->when;
        l->case_count++;
    }
}

static int find_cases(
    struct independence_figures *in, const struct person *p, struct err *err)
{
    struct arena *a = in->call->arena;
    struct logbook_request rq = {
        .since = p->learns[0]->from, .most = LIMIT_LOGBOOK_CASES};
    struct logbook_cases cases = {.count = 0};
    struct str id = p->learns[0]->person;
    int r = 0;

    for (size_t i = 1; i < p->count; i++) {
        if (p->learns[i]->from < rq.since)
            rq.since = p->learns[i]->from;
    }
    str_cut(&id, '/');
    r = store_find(in->seek.snapshot, fhir_resource_named(STR("Practitioner"))->number,
        id, &rq.person, err);
    if (r == E_NOT_FOUND)
        return 0;
    if (r == 0)
        r = logbook_cases(in->seek.snapshot, a, &rq, &cases, err);
    for (size_t i = 0; r == 0 && i < p->count; i++) {
        struct independence_learner *l = p->learns[i];

        take_cases(l, &cases);
        l->cases = arena_array(a, l->case_count + 1, sizeof(*l->cases));
        if (!l->cases)
            return err_nomem(err);
        take_cases(l, &cases);
    }
    return r;
}

/* ---- person by person ---- */

static int by_person(const void *one, const void *other)
{
    const struct independence_learner *const *a = one, *const *b = other;

    return str_cmp((*a)->person, (*b)->person);
}

int independence_cases(
    struct independence_figures *in, struct independence_facts *facts, struct err *err)
{
    size_t count = facts->learner_count;
    struct independence_learner **all =
        arena_array(in->call->arena, count + 1, sizeof(struct independence_learner *));
    int r = all ? 0 : err_nomem(err);

    for (size_t i = 0; r == 0 && i < count; i++)
        all[i] = &facts->learners[i];
    if (r == 0 && count > 0)
        qsort(all, count, sizeof(struct independence_learner *), by_person);
    for (size_t at = 0; r == 0 && at < count;) {
        struct person p = {&all[at], 1};

        while (at + p.count < count && by_person(&all[at], &all[at + p.count]) == 0)
            p.count++;
        at += p.count;
        r = find_signed(in, &p, err);
        if (r == 0)
            r = find_left(in, &p, err);
        if (r == 0)
            r = find_cases(in, &p, err);
    }
    return r;
}
