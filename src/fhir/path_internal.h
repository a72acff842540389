/* SPDX-License-Identifier: Apache-2.0 */
/* What parsing, evaluating and patching by FHIRPath share: the tree of an expression. */
#ifndef FHIR_PATH_INTERNAL_H
#define FHIR_PATH_INTERNAL_H

#include "fhir/path.h"

enum path_op {
    PATH_LITERAL,
    PATH_EMPTY,    /* {} */
    PATH_THIS,     /* $this */
    PATH_RESOURCE, /* %resource */
    PATH_NAME,     /* a leading name: a member of $this, or the name of its type */
    PATH_CHAIN,    /* operands: a term, then steps */
    /* steps of a chain */
    PATH_MEMBER,
    PATH_INDEX, /* operand: the index */
    PATH_CALL,  /* operands: the arguments */
    /* operators; &, union, and, or take two operands and more */
    PATH_CONCATENATE,
    PATH_UNION,
    PATH_AND,
    PATH_OR,
    PATH_EQUAL,
    PATH_NOT_EQUAL,
    PATH_LESS,
    PATH_LESS_EQUAL,
    PATH_GREATER,
    PATH_GREATER_EQUAL,
    PATH_IN,
    PATH_IS, /* operand and type */
    PATH_AS,
};

enum path_function {
    PATH_F_WHERE,
    PATH_F_EXISTS,
    PATH_F_EMPTY,
    PATH_F_FIRST,
    PATH_F_LAST,
    PATH_F_TAIL,
    PATH_F_COUNT,
    PATH_F_NOT,
    PATH_F_OF_TYPE,
    PATH_F_AS,
    PATH_F_IS,
    PATH_F_RESOLVE,
    PATH_F_EXTENSION,
};

struct fhir_path {
    enum path_op op;
    enum path_function function; /* PATH_CALL */
    struct str name;             /* PATH_NAME, PATH_MEMBER */
    uint16_t type;               /* IS, AS, OF_TYPE; of a literal its own */
    const struct json *literal;
    const struct fhir_path *operands; /* the first; the others by next */
    const struct fhir_path *next;
};

/* Index in fhir_types of the type named ${name}; 0 when there is none. */
uint16_t fhir_path_type(struct str name);

/* True when a value of type ${type} is one of ${wanted} or of what derives from it. */
bool fhir_path_is(uint16_t type, uint16_t wanted);

/* How two values compare. */
enum path_order { PATH_BEFORE, PATH_SAME, PATH_AFTER, PATH_UNCLEAR, PATH_UNLIKE };

/* Order of two single values; UNCLEAR: dates of different precision that overlap;
 * UNLIKE: values of kinds that have no order. */
enum path_order fhir_path_compare(
    const struct fhir_path_item *a, const struct fhir_path_item *b);

/* Equality of two single values: SAME, UNLIKE (different) or UNCLEAR. */
enum path_order fhir_path_equal(
    const struct fhir_path_item *a, const struct fhir_path_item *b);

/* Put the text of ${list} (none, or one) behind that of ${to}, whose value may be NULL. E_INVALID: it is no text, or
 * several; E_TOO_LARGE; E_NOMEM. */
int fhir_path_join(struct arena *a, struct fhir_path_item *to,
    const struct fhir_path_item *list, size_t count, struct err *err);

/* The JSON pointer of ${parent}'s member ${name}, of its element ${index} (negative: it is no list), in ${a}; NULL: no memory,
 * or ${parent} is NULL, which has none. */
const char *fhir_path_below(
    struct arena *a, const char *parent, struct str name, long index);

/* The element of ${type} that JSON name ${name} is; NULL for an unknown type or name. */
const struct fhir_element *fhir_path_element(uint16_t type, struct str name);

/* ${type}, or for a Resource the type that ${j} says it is. */
uint16_t fhir_path_actual_type(uint16_t type, const struct json *j);

#endif
