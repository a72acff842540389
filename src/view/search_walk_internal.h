/* SPDX-License-Identifier: Apache-2.0 */
/* A walk along the rows of a sort slot: what its files share. */
#ifndef VIEW_SEARCH_WALK_INTERNAL_H
#define VIEW_SEARCH_WALK_INTERNAL_H

#include "view/search_internal.h"

#define SEARCH_WALKERS_MOST 64

/* The rows of one slot and class, or unit, in order. */
struct search_walker {
    struct store_cursor *cursor;
    uint8_t prefix[8];
    size_t prefix_len;
    bool more;
    utc_ms lo, hi;     /* dates: starts that can match */
    uint8_t group[16]; /* the row's key up to n: dates alone */
    size_t group_len;
    struct search_sort_value value;
    uint64_t n;
};

struct search_walk {
    struct search_run *run;
    struct search_and *and;
    const struct search_boundary *b;
    struct search_found *f;
    const struct search_sort_key *key; /* the first */
    enum search_table table;
    const struct search_clause *range; /* of the same slot, or NULL */
    bool down;   /* direction of the walk: the key's, or the other on a page before */
    bool single; /* one key, and the row tells each record's one value of it */
    struct search_walker *walkers;
    size_t count;
    /* where rows begin to count: the page's boundary, or an edge behind it */
    bool started;
    struct search_item start;
    struct search_sort_value start_value;
    /* for somebody who may not see everything (search_walk_list.c) */
    struct search_order order;
    const struct search_shortlist *known; /* NULL: nothing is kept */
    struct search_learning *learning;     /* NULL: nothing is learned */
    bool done;                            /* no rows need to be walked */
};

/* Offer the next record in the order of the page. */
int search_walk_pass(
    struct search_walk *w, uint64_t n, const struct search_sort_value *value);

/* Look for the page in what is known along the order, if anything is. */
int search_walk_list(struct search_walk *w);
/* A row beyond the start was met: ${*ret} false: its record need not be asked about. */
int search_walk_met(struct search_walk *w, uint64_t n,
    const struct search_sort_value *value, bool *ret);
/* The walk is over; ${whole}: there were no more rows. */
void search_walk_learned(struct search_walk *w, bool whole);

/* Does a row of the slot tell all that the order hangs on? */
bool search_walk_single(const struct search_plan *plan);

/* Go on to the walker's next row, or take what a seek gave (${r}). */
int search_walker_advance(struct search_walk *w, struct search_walker *x);
int search_walker_at(
    struct search_walk *w, struct search_walker *x, const struct store_row *row, int r);

/* Offer the record of a row with ${value} (NULL: it has none), if it matches. */
int search_walk_offer(
    struct search_walk *w, uint64_t n, const struct search_sort_value *value);

/* Go through the rows until the page is full (search_walk_rows.c). */
int search_walk_rows(struct search_walk *w);

#endif
