/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of search share: a query as clauses (made by search_parse*.c, read-only
 * from then on), and what runs them.
 *
 *     pairs ─parse─► plan: for each type a list of clauses, all of which must hold
 *                      │
 *     snapshot ────────┴─run─► one stream a clause ─► driver + tests ─► sort ─► page
 *
 * A clause is decided in one of four ways, cheapest first: its stream (rows of the index
 * that are in rid order), a set of rids collected from index rows, the record's row in
 * the table `record`, or a second look at the record itself.
 */
#ifndef VIEW_SEARCH_INTERNAL_H
#define VIEW_SEARCH_INTERNAL_H

#include "base/limits.h"

#include "fhir/value.h"
#include "view/search_plan_internal.h"
#include "view/search_rows.h"

#define SEARCH_N_MASK ((1ull << STORE_RID_BITS) - 1)
#define SEARCH_END UINT64_MAX /* no further n */

struct search_run; /* one search_run() call */

/* ---- matching: the definition of what a clause means ---- */

/* Where matchers fold texts. */
struct search_folding {
    struct buf text;
    bool failed; /* memory was out: the answers given are void */
};

/* Does value ${v} satisfy term ${t} of ${c}? */
bool search_value_matches(struct search_folding *f, const struct search_clause *c,
    const struct search_term *t, const struct fhir_value *v);
bool search_date_matches(const struct search_term *t, utc_ms lo, utc_ms hi);
bool search_number_matches(const struct search_term *t, double lo, double hi);
bool search_near_matches(
    const struct search_term *t, double latitude, double longitude);
bool search_uri_below(struct str uri, struct str above);
/* May ${c} mean a record of ${type}? Type 0, what is outside, always. */
bool search_is_target(const struct search_clause *c, unsigned type);

/* Memory of matchers; ${scratch} is emptied by its owner. */
struct search_look {
    struct store_reader *r;
    struct arena *scratch;
    const struct search_bases *bases;
    const struct search_filter
        *filter; /* of records that are passed through; or NULL */
    struct err *err;
    unsigned depth;
    struct search_folding folding; /* search_look_clause's own */
};

/* The values of ${slot}; references to our own addresses are local ones. */
int search_look_values(struct search_look *look, const struct json *resource,
    uint16_t slot, struct fhir_values *values);

/* Decide ${c} (without what it negates) on ${resource} by its own content.
 * 1 yes, 0 no, negative: an error. Not for chains and _has. */
int search_look_clause(struct search_look *look, const struct search_clause *c,
    const struct json *resource, utc_ms updated);

/* The same of a clause along a hierarchy (search_tree.c). */
int search_look_tree(struct search_look *look, const struct search_clause *c,
    const struct json *resource);

/* The same of a clause of words (search_text.c). */
int search_look_words(struct search_look *look, const struct search_clause *c,
    const struct json *resource);

/* Read the value sets that are records into the clauses that name them
 * (search_value_set.c). E_UNSUPPORTED: one cannot be listed; E_TOO_LARGE:
 * LIMIT_VALUE_SET_CODES. */
int search_value_sets(struct search_run *run);

/* ---- references that spell out an address (search_home.c) ---- */

/* An absolute reference to one of our addresses becomes a local one. */
void search_own_reference(const struct search_bases *bases, struct fhir_reference *ref);

/* The keys of rows of records that refer to ${target} by ${slot}, however it is written. */
struct search_edge_keys {
    uint8_t key[1 + SEARCH_BASES][4 * SEARCH_NUMBER_BYTES];
    uint8_t len[1 + SEARCH_BASES];
    size_t count;
};
int search_edge_keys(struct search_run *run, uint16_t slot, store_rid target,
    struct search_edge_keys *ret);

/* How many of our addresses occur in references of any record. */
int search_homes(struct search_run *run, size_t *ret);

/* The record that ${target}, which ${slot} names, is: itself, or the one here whose
 * address it spells out. */
int search_own_rid(
    struct search_run *run, uint16_t slot, store_rid target, store_rid *ret);

/* ---- sets of n ---- */

struct rid_set {
    struct arena *a;
    uint64_t *list; /* until it would be larger than the bits */
    size_t count;
    size_t cap;
    uint64_t *bits;
    uint64_t top; /* the largest n that may come */
    bool sorted;
    const store_rid *lent; /* instead of the list: the caller's, of one type */
};

void rid_set_init(struct rid_set *s, struct arena *a, uint64_t top);
/* One that is ${list}, ascending, none twice, and nothing can be added to. */
void rid_set_lend(struct rid_set *s, uint64_t top, const store_rid *list, size_t count);
int rid_set_add(struct rid_set *s, uint64_t n, struct err *err);
/* Sort and count; to be called before the two below. */
void rid_set_finish(struct rid_set *s);
bool rid_set_has(const struct rid_set *s, uint64_t n);
/* The smallest n >= ${from} (${down}: the largest <= it) that is not in it; may be over
 * the top. */
uint64_t rid_set_absent(const struct rid_set *s, uint64_t from, bool down);
/* The smallest n >= ${from} (or, ${down}, the largest <= it); SEARCH_END: none. */
uint64_t rid_set_next(const struct rid_set *s, uint64_t from, bool down);

/* ---- running ---- */

/* Where one way of answering is left for another. Only speed hangs on these; tests
 * make them tiny, so that few records go all the ways. Not changed while searches run. */
struct search_tuning {
    uint64_t few_rows;          /* a driver this short makes other estimates needless */
    uint64_t first_budget;      /* rows of a range read before anything is tried */
    uint64_t tried_first;       /* candidates tried before more of a range is read: */
    uint64_t range_budget;      /* so many rows, to learn whether it is short */
    uint64_t tried_most;        /* live records tried before a range is collected */
    uint64_t leap_leaves;       /* a stream of more leaves does not leap, it is asked */
    uint64_t leap_ratio;        /* nor one so many times longer than the driver */
    uint64_t leaves_merged;     /* more leaves than this are collected, if few rows: */
    uint64_t rows_collected;    /* at most so many */
    uint64_t leaves_tested;     /* more than this are collected before they are asked */
    uint64_t rows_tested;       /* unless they have more rows than this */
    uint64_t rows_a_test;       /* rows read in order that cost as much as one test */
    uint64_t far_leaves;        /* far records of a chain whose edges are merged */
    uint64_t far_tried;         /* far candidates read to find so many */
    uint64_t sorted_by_looking; /* a result with more is sorted by walking the index */
};

extern struct search_tuning search_tuning;

/* How long one search may read records one by one. Tests make it short. */
extern uint64_t search_patience_ns;

/* Rows with one prefix, in rid order, read in batches through a shared cursor. */
struct search_leaf {
    uint8_t key[48];
    uint8_t key_len;
    uint8_t table;
    bool down;
    bool done;          /* the group ends with the last n of the buffer */
    uint16_t at, count; /* in buffer */
    uint16_t batch;     /* how many to read next */
    uint64_t from;      /* where the last question began */
    uint64_t buffer[64];
};

/* One clause at work. */
struct search_stream {
    const struct search_clause *clause;
    struct search_leaf *leaves; /* with more than one: a merge */
    size_t leaf_count;
    bool leaves_known; /* the leaves are all of it */
    bool leaves_tried;
    struct rid_set *set; /* collected: all of it */
    bool set_exact;      /* members need no further test */
    uint64_t estimate;
    bool counted;                /* ${estimate} is exact */
    struct search_stream *parts; /* composite: of each term, each component */
    struct search_and **far;     /* chain, has */
    struct search_any *any;      /* any */
    store_rid memo_rid[16];      /* chain: what was found of far records lately */
    bool memo_found[16];
};

/* The clauses of one type: their intersection, as a stream. */
struct search_and {
    struct search_run *run;
    unsigned type;
    bool down;
    bool thorough; /* all of it will be read: collect rather than try one by one */
    bool inner;    /* an alternative: the whole asks who may read */
    struct search_stream *streams;
    size_t count;
    struct search_stream **order; /* driver first, then tests by price */
    bool has_driver;              /* order[0] drives; else all live records do */
    uint64_t top;
    uint64_t tried;               /* candidates since the driver was chosen */
    bool settled;                 /* ranges were given their full budget */
    struct search_stream *absent; /* an exclusion that was collected: what is not in it
                                     is tried, instead of all live records */
    uint64_t all[64];             /* live records, a batch */
    size_t all_at, all_count;
    bool all_done;
    uint64_t all_from; /* where the last question began */
    bool opened;
    bool
        dead; /* the streams may give deleted records: only the filter's list gives any */
};

struct search_run {
    struct store_reader *r;
    struct arena *a;
    struct err *err;
    const struct search_query *q;
    const struct search_plan *plan;
    struct store_cursor *cursors[SEARCH_TABLES];
    const void *owner[SEARCH_TABLES]; /* the leaf that moved the cursor last */
    /* the record row at hand */
    store_rid row_rid;
    uint8_t *row;
    size_t row_len, row_cap;
    /* the record at hand */
    struct arena *scratch;
    store_rid look_rid;
    const struct json *look_json;
    utc_ms look_updated;
    uint64_t looks, seeks; /* for explain */
    uint64_t look_began;   /* when the first record was read, of the steady clock */
    unsigned depth;
    /* our own addresses (search_home.c) */
    struct search_bases bases;
    bool addressed; /* a reference by an address was met: what it means hangs on them */
    bool homes_known;
    uint64_t homes[SEARCH_BASES]; /* hashes of those that occur in references */
    size_t home_count;
    struct arena *names; /* made when first needed */
};

static inline store_rid search_rid(unsigned type, uint64_t n)
{
    return (store_rid)((uint64_t)store_rid_first(type) | n);
}

int search_run_init(struct search_run *run, struct store_reader *r, struct arena *a,
    const struct search_query *q, struct err *err);
void search_run_done(struct search_run *run);

/* The shared cursor of a table; ${who} becomes its owner. */
int search_cursor(struct search_run *run, enum search_table table, const void *who,
    struct store_cursor **ret);
/* The largest n of live records of a type. */
int search_top(struct search_run *run, unsigned type, uint64_t *ret);
/* Fetch the row of ${rid} in `record` into run->row; empty if it has none. */
int search_record_row(struct search_run *run, store_rid rid);
/* Step through a record row: slot (of fhir_slots) and bytes. */
bool search_entry_next(const uint8_t **at, const uint8_t *end, unsigned type,
    uint16_t *ret_slot, const uint8_t **ret, size_t *ret_len);
bool search_entry_rid(const uint8_t *bytes, size_t len, store_rid *ret);
/* References that were followed. */
struct search_targets {
    store_rid few[64];
    store_rid *list; /* few, or more in the arena */
    size_t count;
};
/* Targets of ${rid}'s references in ${slots} (count 0: all). */
int search_targets_of(struct search_run *run, store_rid rid, const uint16_t *slots,
    size_t slot_count, struct search_targets *ret);
/* Read and parse the record ${rid} into the scratch arena, unless it is there already.
 * look_json NULL: it is deleted. */
int search_look_at(struct search_run *run, store_rid rid);

/* Leaves. */
void search_leaf_init(struct search_leaf *leaf, enum search_table table,
    const uint8_t *key, size_t len, bool down);
/* The next n from ${from} on, in the leaf's direction; SEARCH_END. Negative: error. */
int search_leaf_next(
    struct search_run *run, struct search_leaf *leaf, uint64_t from, uint64_t *ret);
struct search_estimate {
    uint64_t rows;
    bool counted; /* it is no estimate */
};
/* How many rows there are about, from ${from} on; with ${bands} two looks more make it
 * much better where rows lie in bands. */
int search_leaf_estimate(struct search_run *run, struct search_leaf *leaf,
    uint64_t from, uint64_t top, bool bands, struct search_estimate *ret);
/* Is the row of ${n} there? */
int search_leaf_has(
    struct search_run *run, const struct search_leaf *leaf, uint64_t n, bool *ret);

/* Streams. */
/* Find the stream's leaves (if its clause has any) and the estimate. */
int search_stream_open(struct search_and *and, struct search_stream *s, uint64_t from);
/* Collect all n into s->set; ${budget} rows at most (0: no end): then ${*ret_done} tells. */
int search_stream_collect(
    struct search_and *and, struct search_stream *s, uint64_t budget, bool *ret_done);
int search_stream_next(
    struct search_and *and, struct search_stream *s, uint64_t from, uint64_t *ret);
/* Does the clause hold of ${n}? Negation is taken into account. */
int search_stream_test(
    struct search_and *and, struct search_stream *s, uint64_t n, bool *ret);
bool search_stream_drives(const struct search_stream *s);

/* Collecting rows of the several tables (search_collect.c). */
struct search_collector {
    struct search_and *and;
    const struct search_clause *clause;
    struct rid_set *set;
    uint64_t budget; /* rows that may still be read; UINT64_MAX: no end */
    bool stopped;    /* the budget was too small */
};
int search_collect_dates(struct search_collector *c);
/* Where starts must lie, [lo, hi), for any term of a date clause to match in a class. */
void search_date_bounds(
    const struct search_clause *c, unsigned date_class, utc_ms *ret_lo, utc_ms *ret_hi);
int search_collect_numbers(struct search_collector *c);
int search_collect_strings(struct search_collector *c);
int search_collect_uris(struct search_collector *c);
int search_collect_tokens(struct search_collector *c);
int search_collect_places(struct search_collector *c);
int search_collect_present(struct search_collector *c);
int search_collect_ids(struct search_collector *c);
/* Count one row read; true: stop. */
static inline bool search_collector_spent(struct search_collector *c)
{
    if (c->budget == 0) {
        c->stopped = true;
        return true;
    }
    c->budget -= c->budget != UINT64_MAX;
    return false;
}

/* Chains and _has (search_chain.c). */
int search_chain_leaves(struct search_and *and, struct search_stream *s);
int search_chain_collect(
    struct search_and *and, struct search_stream *s, struct search_collector *c);
int search_chain_test(
    struct search_and *and, struct search_stream *s, uint64_t n, bool *ret);
int search_has_collect(
    struct search_and *and, struct search_stream *s, struct search_collector *c);
int search_has_test(
    struct search_and *and, struct search_stream *s, uint64_t n, bool *ret);

/* Alternatives (search_any.c). Open them, and learn whether they can drive: each must. */
int search_any_open(struct search_and *and, struct search_stream *s);
int search_any_next(
    struct search_and *and, struct search_stream *s, uint64_t from, uint64_t *ret);
int search_any_test(struct search_stream *s, uint64_t n, bool *ret);
int search_any_collect(
    struct search_and *and, struct search_stream *s, struct search_collector *c);
/* Each alternative gives its records in order. */
bool search_any_drives(const struct search_stream *s);
/* The branches, for explain. */
struct search_and *const *search_any_branches(const struct search_stream *s);

/* Any slot of ${c} does. */
bool search_by_name(const struct search_clause *c);
/* The rid under which others refer to ${rid} by its url; 0: none do. */
int search_url_rid(struct search_run *run, store_rid rid, store_rid *ret);

/* Intersections. */
struct search_and_of {
    unsigned type;
    const struct search_branch *all;
    bool down;
    bool thorough;
    bool inner; /* within another, which asks who may read */
};
int search_and_new(
    struct search_run *run, const struct search_and_of *of, struct search_and **ret);
/* The next n from ${from} on that satisfies all. */
int search_and_next(struct search_and *and, uint64_t from, uint64_t *ret);
/* How many candidates it will try, about. */
int search_and_rows(struct search_and *and, uint64_t *ret);
/* Is it one stream, so long that walking a sort index finds ${want} of it sooner than
 * reading it all would? */
int search_and_dense(struct search_and *and, uint64_t want, bool *ret);
/* Of ${list} records that the filter may allow: does it satisfy so many, about, that it is
 * better to go through them in the order of the page? */
int search_and_lists(struct search_and *and, uint64_t list, bool *ret);
/* Does ${n} satisfy all? In any order of n. */
int search_and_test(struct search_and *and, uint64_t n, bool *ret);
/* The same of a record that is known not to be deleted: a row of the index names it. */
int search_and_test_live(struct search_and *and, uint64_t n, bool *ret);
/* Where a walk begins. */
uint64_t search_and_first(const struct search_and *and);

/* ---- sorting ---- */

#define SEARCH_SORT_BYTES SEARCH_TEXT_MAX

/* One sort value: bytes in order; missing sorts last, up or down. */
struct search_sort_value {
    bool missing;
    uint8_t len;
    uint8_t bytes[SEARCH_SORT_BYTES];
};

/* A record with its sort values. */
struct search_item {
    store_rid rid;
    struct search_sort_value *values; /* one a key */
};

/* Where a page begins or ends. */
struct search_boundary {
    bool given;
    bool back; /* the page before it */
    struct search_item item;
};

int search_cursor_read(struct search_run *run, struct search_boundary *ret);
int search_cursor_write(
    struct search_run *run, const struct search_item *item, bool back, struct str *ret);

/* The sort values of a record by ${keys}. */
int search_sort_values(struct search_run *run, const struct search_sort_key *keys,
    size_t count, struct search_item *item);
/* The best ${want} items beyond ${boundary} in order. */
struct search_found {
    struct search_item *items;
    size_t count;
    size_t want;      /* one more than the page */
    uint64_t matches; /* seen in all */
    bool complete;    /* ${matches} is all there are */
};

/* Keep ${item} in ${f} if it is among the best. ${item}'s values are copied. */
int search_found_offer(struct search_run *run, struct search_found *f,
    const struct search_boundary *b, const struct search_item *item);

/* Walk a sort slot's rows in order (search_walk.c). ${*ret_walked} false: the key has no
 * table in that order. */
bool search_walk_possible(const struct search_plan *plan);
/* The clause that bounds the very slot that is sorted by, each record having at most one
 * value there: the walk then begins and ends with the range. NULL: none. */
const struct search_clause *search_walk_range(const struct search_plan *plan);
/* How many records the filter's shortlist along the order has, if it has all of them; else
 * 0 (search_walk_list.c). */
int search_walk_whole(struct search_run *run, size_t *ret);
int search_walk(struct search_run *run, struct search_and *and,
    const struct search_boundary *b, struct search_found *f);

/* ---- includes, explain ---- */

int search_includes(struct search_run *run, struct search_page *page);
int search_explain(struct search_run *run, struct search_and *const *ands, size_t count,
    const char *order, struct str *ret);

/* A growing list of rids without doubles. */
struct rid_list {
    struct arena *a;
    store_rid *list;
    size_t count, cap;
    uint32_t *slots; /* open addressing: index + 1 */
    size_t slot_cap;
};
/* 1: added, 0: was there; negative: error. */
int rid_list_add(struct rid_list *l, store_rid rid, struct err *err);

/* ${root} and all that is part of it (or, not ${below}, all that it is part of).
 * E_TOO_LARGE: LIMIT_TREE_DEPTH, LIMIT_TREE_RECORDS. */
int search_tree_members(
    struct search_run *run, store_rid root, bool below, struct rid_list *ret);

/* Records (type numbers ${type}) whose url is ${url}: how canonicals resolve. */
int search_by_url(struct search_run *run, unsigned type, struct str url, store_rid *ret,
    size_t cap, size_t *ret_count);

#endif
