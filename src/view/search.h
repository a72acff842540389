/* SPDX-License-Identifier: Apache-2.0 */
/*
 * FHIR R4 search. The view `search` keeps one narrow table for each kind of value, whose
 * key (slot, value, rid) is the index; see view/search_rows.h for the keys as
 * offset/size/meaning tables. A query becomes ordered streams of rids, the smallest
 * first, merged here; what an index cannot decide is decided by a second look at
 * the record itself with the same extraction that made the index.
 */
#ifndef VIEW_SEARCH_H
#define VIEW_SEARCH_H

#include <stdatomic.h>

#include "fhir/extract.h"
#include "fhir/validate.h"
#include "store/store.h"

/* The view, to be given to store_open. */
extern const struct store_view search_view;

/* One "name=value" of a query, percent-decoded, in the order given. */
struct search_pair {
    struct str name;
    struct str value;
};

/* The addresses under which this node is known, such as "http://host/fhir": a reference
 * to something below one of them is a reference to our own record. */
#define SEARCH_BASES 4
struct search_bases {
    struct str list[SEARCH_BASES];
    size_t count;
    /* What searches learned of one open store, which nobody else writes to: true once
     * it was seen to have no reference by address at all. It spares each search a
     * seek. Begins false; NULL: nothing is kept. */
    atomic_bool *none;
};

/* An order in which the records of a type can be walked: by the one date in ${slot}, equal
 * ones by rid. */
struct search_order {
    unsigned type;
    uint16_t slot;
    bool updated; /* the slot is the time of change */
    bool down;    /* latest first */
};

/*
 * All records up to an edge that may be allowed to one who asks, in such an order; those
 * that are not in it need not be asked about. A record in it may be refused all the same.
 */
struct search_shortlist {
    const int64_t *values; /* dates, in ms */
    const store_rid *rids;
    size_t count;
    bool begun;         /* false: nothing is known yet */
    bool whole;         /* no other record with a value comes behind these */
    int64_t edge_value; /* else: up to this record all are known */
    store_rid edge;
};

/*
 * Which records a search may know of. Each that matches is asked about before it is
 * counted, sorted, paged, included, or passed through by a chain or _has: what is not
 * allowed might as well not be there. Totals are then counted and never estimated, one
 * that was not asked for is told only where it costs nothing, and _explain is silent.
 */
struct search_filter {
    void *arg;
    int (*allows)(void *arg, store_rid rid, bool *ret, struct err *err);
    /* All records of ${type} that may be allowed, ascending, none twice, good until the
     * search ends; ${*ret} NULL: too many to list, ask one by one. May be NULL. */
    int (*few)(void *arg, unsigned type, const store_rid **ret, size_t *ret_count,
        struct err *err);
    /* What may be allowed, along ${order}, as far as it is known, good until it is asked for
     * again. ${*ret} NULL: nothing is kept of it. May be NULL, and then the two below. */
    int (*shortlist)(void *arg, const struct search_order *order,
        const struct search_shortlist **ret, struct err *err);
    /* ${*ret} false: ${rid} belongs in no shortlist. */
    int (*ever)(void *arg, store_rid rid, bool *ret, struct err *err);
    /* A walk went on behind the edge of what shortlist() gave: ${longer} is all of it. */
    void (*learned)(void *arg, const struct search_order *order,
        const struct search_shortlist *longer);
};

struct search_request {
    unsigned type;        /* number; 0: system level (then _type may say which) */
    unsigned compartment; /* number of the compartment's type; 0: none */
    struct str compartment_id;
    const struct search_pair *pairs;
    size_t pair_count;
    struct search_bases bases;
    bool lenient;                       /* unknown parameters become warnings */
    const struct search_filter *filter; /* NULL: all may be seen */
    struct str cursor; /* opened cursor of an earlier page; p NULL: first */
    utc_ms now;
};

enum search_total {
    SEARCH_TOTAL_UNSET,
    SEARCH_TOTAL_NONE,
    SEARCH_TOTAL_ESTIMATE,
    SEARCH_TOTAL_ACCURATE
};
enum search_summary {
    SEARCH_SUMMARY_FALSE,
    SEARCH_SUMMARY_TRUE,
    SEARCH_SUMMARY_TEXT,
    SEARCH_SUMMARY_DATA,
    SEARCH_SUMMARY_COUNT,
};

/* A checked query. Fields are what the caller may need to answer; the rest is private. */
struct search_query {
    size_t count; /* per page, 0..LIMIT_PAGE */
    enum search_total total;
    enum search_summary summary;
    struct str *elements; /* _elements */
    size_t element_count;
    bool explain;
    struct search_pair *used; /* the pairs that were understood: for the self link */
    size_t used_count;
    struct search_plan *plan_;
};

/*
 * Check and plan ${rq}. Unknown or malformed parameters: E_INVALID with the parameter's
 * name as path; with lenient they are left out and told in ${issues}. E_TOO_LARGE: over a
 * limit. Memory from ${a}. Any thread.
 */
int search_parse(struct arena *a, const struct search_request *rq,
    struct fhir_issues *issues, struct search_query **ret, struct err *err);

struct search_hit {
    store_rid rid;
    bool included; /* search.mode include; else match */
};

struct search_page {
    struct search_hit *hits; /* matches in order, then includes, no rid twice */
    size_t count;
    size_t matches;
    int64_t total;   /* -1: not told */
    struct str next; /* cursor payloads to be signed by the caller; p NULL: none */
    struct str previous;
    struct str explain; /* JSON, where asked for */
};

/* Run it on a snapshot. E_TOO_LARGE: LIMIT_INCLUDES. Memory from ${a}. */
int search_run(struct store_reader *r, struct arena *a, const struct search_query *q,
    struct search_page *ret, struct err *err);

/* How many records ${q} asks about by id, reference, compartment or identifier, through chains too; 0: it asks
 * by other things alone. Pure. */
size_t search_named(const struct search_query *q);

/*
 * For conditional interactions: the first two rids that match, without paging or
 * includes. ${*ret_count} is 0, 1 or 2 (meaning several).
 */
int search_match_few(struct store_reader *r, struct arena *a,
    const struct search_query *q, store_rid ret[2], size_t *ret_count, struct err *err);

/* Does ${resource} match ${q} (compartment and includes left aside)? By second look only:
 * the definition the index must agree with; ${r} serves chained parameters and the time of
 * change. ${r} NULL, for a query that asks of nothing but the record itself: pure. */
int search_matches(struct store_reader *r, struct arena *a,
    const struct search_query *q, const struct json *resource, bool *ret,
    struct err *err);

/*
 * All records of a compartment (Patient/$everything) in the order of rids: the focal
 * record, what refers to it by the compartment's parameters, and what those refer to
 * directly that is of no type the compartment has (practitioners, organisations, places
 * ...).
 *
 * With ${from} or ${until} only care that overlaps [from, until): of each record the time
 * from the first to the last of its dates counts, taken from all its date parameters but
 * those that tell of no care (dates of birth and death, a date that is a measured value,
 * the version's own). A record without such a date stays, and what supports the records
 * that are left out goes with them.
 *
 * Memory from ${a}. E_NOT_FOUND: no such record; E_TOO_LARGE: LIMIT_EVERYTHING.
 */
struct search_everything_request {
    unsigned type; /* number */
    struct str id;
    utc_ms from;  /* UTC_MS_MIN: no bound */
    utc_ms until; /* UTC_MS_MAX: no bound */
    struct search_bases bases;
    const struct search_filter *filter; /* NULL: all may be seen */
};
struct search_members {
    store_rid *rids;
    size_t count;
};
int search_everything(struct store_reader *r, struct arena *a,
    const struct search_everything_request *rq, struct search_members *ret,
    struct err *err);

#endif
