/* SPDX-License-Identifier: Apache-2.0 */
/* A query as clauses, for each type a list of which all must hold; and what the files
 * that make it share. Read-only once it is made. */
#ifndef VIEW_SEARCH_PLAN_INTERNAL_H
#define VIEW_SEARCH_PLAN_INTERNAL_H

#include "base/limits.h"

#include "view/search.h"

/* ---- the plan ---- */

enum clause_kind {
    CLAUSE_TOKEN,
    CLAUSE_DATE,
    CLAUSE_NUMBER, /* and quantity */
    CLAUSE_STRING,
    CLAUSE_URI,
    CLAUSE_REFERENCE,
    CLAUSE_POSITION,
    CLAUSE_COMPOSITE,
    CLAUSE_PRESENT, /* :missing */
    CLAUSE_ID,
    CLAUSE_CHAIN,
    CLAUSE_HAS,
    CLAUSE_COMPARTMENT,
    CLAUSE_TEXT, /* _text and _content */
    CLAUSE_ANY,  /* of _filter: one of several lists of clauses holds as a whole */
};

enum search_modifier {
    MOD_NONE,
    MOD_EXACT,
    MOD_CONTAINS,
    MOD_MISSING,
    MOD_NOT,
    MOD_TEXT,
    MOD_ABOVE,
    MOD_BELOW,
    MOD_IN,
    MOD_NOT_IN,
    MOD_OF_TYPE,
    MOD_IDENTIFIER,
    MOD_TYPE,
    /* of _filter only */
    MOD_EQUAL, /* a text: all of it, folded */
    MOD_ENDS,  /* a text: its end, folded */
};

enum search_prefix {
    PREFIX_EQ,
    PREFIX_NE,
    PREFIX_GT,
    PREFIX_LT,
    PREFIX_GE,
    PREFIX_LE,
    PREFIX_SA,
    PREFIX_EB,
    PREFIX_AP,
};

struct search_clause;

/* One of a clause's ORed values. */
struct search_term {
    enum search_prefix prefix;
    union {
        struct {
            struct str system; /* p NULL: any; len 0: none */
            struct str code;   /* p NULL: any */
            struct str value;  /* of-type: the identifier's value */
        } token;
        struct {
            utc_ms lo, hi;
        } date;
        struct {
            double value, lo, hi;
            bool unit;         /* one was given */
            struct str system; /* p NULL: any */
            struct str code;
        } number;
        struct {
            struct str folded; /* for :exact and :text too */
            struct str text;
        } string;
        struct {
            struct str text;
            struct str
                *above; /* MOD_ABOVE: the texts that are above it, itself first */
            size_t above_count;
        } uri;
        struct {
            bool any_type; /* a bare id: any type the parameter may point to */
            unsigned type; /* 0: outside; then id is the URL */
            struct str id;
            struct str version; /* of a canonical or a version of a record */
        } reference;
        struct {
            double latitude, longitude, km;
        } position;
        struct {
            struct str *list; /* words and phrases, folded: all must be there */
            size_t count;
        } words;
        struct {
            struct search_clause **parts; /* one for each component */
            size_t count;
        } composite;
    } u;
};

/* A list of clauses that must all hold. */
struct search_branch {
    struct search_clause **clauses;
    size_t count;
    size_t cap;
};

/* The far side of a chain or of _has: what must all hold of a record of ${type}. */
struct search_far {
    unsigned type;
    struct search_branch all;
};

struct search_clause {
    enum clause_kind kind;
    enum search_modifier modifier;
    bool negate;  /* what is not in it matches */
    bool look;    /* index rows are candidates; a second look decides */
    bool updated; /* of _lastUpdated, which is the version's, not the resource's */
    unsigned type;
    const char *name; /* as asked, with modifiers */
    const struct fhir_param *param;
    uint16_t *slots;
    size_t slot_count;
    struct search_term *terms;
    size_t term_count;
    const uint16_t
        *targets; /* reference, chain: count, then type numbers; count 0: any */
    const struct fhir_value_set *value_set;
    struct str stored; /* :in a ValueSet that is a record: its URL or reference. The
                          terms are its codes, read anew by each run */
    struct search_far *far; /* chain: an entry a target type; has: one */
    size_t far_count;
    struct search_branch *branches; /* any: at least two */
    size_t branch_count;
    uint16_t *roots; /* composite: root slots */
    size_t root_count;
    bool self;    /* compartment: the focal record is of this very type */
    bool tree;    /* reference: :above or :below along a hierarchy */
    bool whole;   /* text: of the whole record, not of its narrative alone */
    bool unequal; /* a value that is none of the terms is what matches */
    bool overlap; /* date: `ap` means overlaps, without a margin */
};

struct search_sort_key {
    enum { SORT_SLOTS, SORT_ID, SORT_UPDATED } what;
    bool down;
    enum fhir_search_kind kind;
    uint16_t slots[FHIR_PARAM_SLOTS];
    size_t slot_count;
};

struct search_type_plan {
    unsigned type;
    struct search_branch all;
    struct search_sort_key *sort;
};

struct search_include {
    bool reverse;
    bool iterate;
    bool all;        /* every reference parameter */
    unsigned source; /* type that holds the reference; 0: any */
    unsigned target; /* 0: any */
    const struct fhir_param *param;
};

struct search_plan {
    struct search_request request;
    struct search_type_plan *types;
    size_t type_count;
    size_t sort_count;
    bool sort_given;
    struct search_include *includes;
    size_t include_count;
    struct search_branch stored; /* all clauses with a stored value set */
    bool counting;               /* _summary=count or _count=0 */
};

/* ---- parsing ---- */

struct search_parser {
    struct arena *a;
    const struct search_request *rq;
    struct search_plan *plan;
    struct err *err;
    const char *name;   /* of the parameter, for messages */
    size_t where_tests; /* conditions of _filter made so far, for all types */
};

/* A clause from "name[:modifier]..." and its value, on records of ${type}. */
int search_parse_clause(struct search_parser *p, unsigned type, struct str name,
    struct str value, unsigned depth, struct search_clause **ret);

/* The parts that search_parse_clause is made of. */
int search_parse_chain(struct search_parser *p, unsigned type, struct str name,
    struct str value, unsigned depth, struct search_clause **ret);
int search_parse_has(struct search_parser *p, unsigned type, struct str name,
    struct str value, unsigned depth, struct search_clause **ret);
struct search_clause *search_clause_new(struct search_parser *p, unsigned type,
    enum clause_kind kind, const struct fhir_param *param);
/* NULL: refused. */
const struct fhir_param *search_find_param(
    struct search_parser *p, unsigned type, struct str name);
/* Let ${c} mean records of ${type} alone. */
int search_set_target(struct search_parser *p, struct search_clause *c, unsigned type);
/* A clause of a parameter without modifier and value; then its value, with the modifier
 * set between the two. */
int search_clause_begin(struct search_parser *p, unsigned type, struct str code,
    struct search_clause **ret);
int search_clause_fill(
    struct search_parser *p, struct search_clause *c, struct str value);

/* A chain from "name[:Type]", its far sides missing; then a far side for each target type
 * for which ${make} can make one. That it can for none is an error: the first. */
typedef int (*search_far_make)(
    struct search_parser *p, void *arg, unsigned type, struct search_far *ret);
int search_chain_begin(struct search_parser *p, unsigned type, struct str head,
    struct search_clause **ret);
int search_chain_fars(
    struct search_parser *p, struct search_clause *c, search_far_make make, void *arg);

/* Add ${c} to ${b}. */
int search_branch_add(
    struct search_parser *p, struct search_branch *b, struct search_clause *c);

/* Fill ${c}->terms from a comma-separated value. */
int search_parse_terms(
    struct search_parser *p, struct search_clause *c, struct str value);

/* Fill ${c}->terms from the words to look for (search_text.c). */
int search_parse_words(
    struct search_parser *p, struct search_clause *c, struct str value);

/* :above and :below on references: does what they mean have a hierarchy (search_tree.c)? */
int search_check_tree(struct search_parser *p, struct search_clause *c);

/* The clause of one component of a composite. */
int search_parse_part(struct search_parser *p, const struct search_clause *whole,
    const struct fhir_component *component, struct str value,
    struct search_clause **ret);

/* :above and :below on codes: the codes they stand for (search_codes.c). */
int search_spread_codes(struct search_parser *p, struct search_clause *c);

/* Settle the systems of tokens where R4 implies them (search_implied.c). */
int search_imply_systems(struct search_parser *p, struct search_clause *c);

/* Undo \, \$ \| \\; into the arena only if needed. p NULL: no memory. */
struct str search_unescape(struct arena *a, struct str s);

int search_parse_sort(struct search_parser *p, struct str value);
int search_parse_include(struct search_parser *p, struct str name, struct str value);

/* E_INVALID for the parameter being parsed. */
int search_refuse(struct search_parser *p, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

#endif
