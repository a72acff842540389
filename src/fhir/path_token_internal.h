/* SPDX-License-Identifier: Apache-2.0 */
/* The words of a FHIRPath expression, one at a time. */
#ifndef FHIR_PATH_TOKEN_INTERNAL_H
#define FHIR_PATH_TOKEN_INTERNAL_H

#include "base/arena.h"
#include "base/text.h"

enum token_kind {
    TOKEN_END,
    TOKEN_NAME,
    TOKEN_STRING, /* with its quotes */
    TOKEN_NUMBER,
    TOKEN_DATE,  /* with its @ */
    TOKEN_THIS,  /* $name */
    TOKEN_OUTER, /* %name */
    TOKEN_SIGN,
    TOKEN_BAD,
};

struct path_token {
    enum token_kind kind;
    struct str text;
};

struct path_parser {
    struct arena *arena;
    struct str text;
    size_t at; /* behind the token */
    struct path_token token;
    unsigned depth;
    struct err *err;
};

/* Go to the next token. */
void path_advance(struct path_parser *p);

/* E_INVALID, with the column of ${where} (a part of the text) and what is wrong there. */
int path_fail_at(const struct path_parser *p, struct str where, const char *what);

/* The same at the present token. */
int path_fail(const struct path_parser *p, const char *what);

#endif
