/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Alternatives of a filter: "a and b, or c". Each is an intersection of its own. Where
 * each of them can be walked in order they are merged, and so are a stream as any; where
 * one cannot, each candidate is asked about, or all are collected.
 */
#include "view/search_internal.h"

/* One alternative, and what it gave last: nothing of it lies between the two. */
struct any_part {
    struct search_and *and;
    bool asked;
    uint64_t from;
    uint64_t n; /* SEARCH_END: none */
};

struct search_any {
    struct any_part *parts;
    struct search_and **ands; /* the same, for explain */
    bool drives;
};

int search_any_open(struct search_and *and, struct search_stream *s)
{
    const struct search_clause *c = s->clause;
    struct search_run *run = and->run;
    struct search_any *any = arena_alloc(run->a, sizeof(*any));
    uint64_t rows = 0, sum = 0;
    size_t i;
    int r = 0;

    if (!any)
        return err_nomem(run->err);
    any->parts = arena_array(run->a, c->branch_count, sizeof(*any->parts));
    any->ands = arena_array(run->a, c->branch_count, sizeof(struct search_and *));
    if (!any->parts || !any->ands)
        return err_nomem(run->err);
    any->drives = true;
    for (i = 0; r == 0 && i < c->branch_count; i++) {
        r = search_and_new(run,
            &(struct search_and_of){.type = and->type,
                .all = &c->branches[i],
                .down = and->down,
                .thorough = and->thorough,
                .inner = true},
            &any->ands[i]);
        if (r == 0)
            r = search_and_rows(any->ands[i], &rows);
        if (r < 0)
            return r;
        any->parts[i].and = any->ands[i];
        any->drives &= any->ands[i]->has_driver;
        sum += rows;
    }
    s->any = any;
    s->estimate = any->drives ? sum : and->top;
    return r;
}

bool search_any_drives(const struct search_stream *s)
{
    return s->any && s->any->drives;
}

struct search_and *const *search_any_branches(const struct search_stream *s)
{
    return s->any->ands;
}

/* What a part gave last answers for all from where it was asked to there. */
static bool still_good(const struct any_part *part, uint64_t from, bool down)
{
    if (!part->asked)
        return false;
    if (down)
        return from <= part->from && (part->n == SEARCH_END || part->n <= from);
    return from >= part->from && part->n >= from;
}

int search_any_next(
    struct search_and *and, struct search_stream *s, uint64_t from, uint64_t *ret)
{
    uint64_t best = SEARCH_END;
    size_t i;
    int r;

    for (i = 0; i < s->clause->branch_count; i++) {
        struct any_part *part = &s->any->parts[i];
        if (!still_good(part, from, and->down)) {
            r = search_and_next(part->and, from, &part->n);
            if (r < 0)
                return r;
            part->asked = true;
            part->from = from;
        }
        if (part->n != SEARCH_END &&
            (best == SEARCH_END || (and->down ? part->n > best : part->n < best)))
            best = part->n;
        if (best == from)
            break;
    }
    *ret = best;
    return 0;
}

int search_any_test(struct search_stream *s, uint64_t n, bool *ret)
{
    size_t i;
    int r = 0;

    for (i = 0; r == 0 && !*ret && i < s->clause->branch_count; i++)
        r = search_and_test(s->any->parts[i].and, n, ret);
    return r;
}

/* All of one alternative. */
static int collect_part(struct search_and *part, struct search_collector *c)
{
    uint64_t n, rows = 0;
    int r = search_and_rows(part, &rows);

    if (r < 0)
        return r;
    if (rows > c->budget) {
        c->stopped = true; /* it would be given up half way */
        return 0;
    }
    for (n = search_and_first(part);; n = part->down ? n - 1 : n + 1) {
        r = search_and_next(part, n, &n);
        if (r < 0 || n == SEARCH_END)
            return r;
        if (search_collector_spent(c))
            return 0;
        r = rid_set_add(c->set, n, part->run->err);
        if (r < 0 || (part->down && n == 1))
            return r;
    }
}

int search_any_collect(
    struct search_and *and, struct search_stream *s, struct search_collector *c)
{
    size_t i;
    int r = 0;

    if (!s->any)
        r = search_any_open(and, s);
    for (i = 0; r == 0 && !c->stopped && i < s->clause->branch_count; i++)
        r = collect_part(s->any->parts[i].and, c);
    for (i = 0; s->any && i < s->clause->branch_count; i++)
        s->any->parts[i].asked = false;
    return r;
}
