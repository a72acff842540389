/* SPDX-License-Identifier: Apache-2.0 */
/*
 * _filter: its text as a tree (search_where.c), the tree as clauses for records of a
 * type (search_where_plan.c). The grammar is R4's:
 *
 *     filter = test | filter ("and" | "or") filter | ["not"] "(" filter ")"
 *     test   = path operator value
 *     path   = name [":" Type] [ "[" filter "]" ] [ "." path ]
 *     value  = JSON string | what has no space, ")" or "]" in it
 *
 * "and" and "or" bind alike, from left to right.
 */
#ifndef VIEW_SEARCH_WHERE_INTERNAL_H
#define VIEW_SEARCH_WHERE_INTERNAL_H

#include "view/search_internal.h"

enum where_kind {
    WHERE_AND,
    WHERE_OR,
    WHERE_NOT,
    WHERE_TEST,
};

enum where_operator {
    WHERE_EQ,
    WHERE_NE,
    WHERE_CO,
    WHERE_SW,
    WHERE_EW,
    WHERE_GT,
    WHERE_LT,
    WHERE_GE,
    WHERE_LE,
    WHERE_AP,
    WHERE_SA,
    WHERE_EB,
    WHERE_PR,
    WHERE_PO,
    WHERE_SS,
    WHERE_SB,
    WHERE_IN,
    WHERE_NI,
    WHERE_RE,
};

/* One name on a path. */
struct where_step {
    struct str name;                  /* with ":Type", if one was given */
    const struct search_where *inner; /* in brackets; NULL: none */
};

struct search_where {
    enum where_kind kind;
    size_t at;      /* the character it begins with, the first being 1 */
    unsigned depth; /* levels of alternatives, lists and brackets within */
    unsigned links; /* of the longest chain, through brackets too */
    const struct search_where *left, *right; /* not: left alone */
    /* of a test */
    const struct where_step *steps;
    size_t step_count;
    enum where_operator operator_;
    struct str value;
    struct str text; /* as written */
};

/* The tree of a filter. E_INVALID with the place; E_TOO_LARGE: LIMIT_FILTER_BYTES,
 * LIMIT_FILTER_TESTS, LIMIT_FILTER_DEPTH. */
int search_where_read(
    struct search_parser *p, struct str text, const struct search_where **ret);

/* Add to ${ret} what must hold of records of ${type}. E_INVALID or E_UNSUPPORTED with the
 * place and what to do; E_TOO_LARGE: LIMIT_FILTER_CLAUSES. */
int search_where_clauses(struct search_parser *p, unsigned type,
    const struct search_where *where, struct search_branch *ret);

/* The operator's two letters. */
const char *search_where_operator(enum where_operator op);

#endif
