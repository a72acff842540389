/* SPDX-License-Identifier: Apache-2.0 */
/* Cutting a FHIRPath expression into words. */
#include <ctype.h>

#include "fhir/path_token_internal.h"

static bool is_name_start(char c)
{
    return isalpha((unsigned char)c) || c == '_';
}

static bool is_name(char c)
{
    return is_name_start(c) || isdigit((unsigned char)c);
}

static size_t run_while(const struct path_parser *p, size_t at, bool (*test)(char))
{
    while (at < p->text.len && test(p->text.p[at]))
        at++;
    return at;
}

static bool is_date_char(char c)
{
    return isdigit((unsigned char)c) || (c && strchr("-:TZ+.", c));
}

static bool is_digit(char c)
{
    return isdigit((unsigned char)c) != 0;
}

static size_t string_end(const struct path_parser *p, size_t at)
{
    for (at++; at < p->text.len; at++) {
        if (p->text.p[at] == '\\')
            at++;
        else if (p->text.p[at] == '\'')
            return at + 1;
    }
    return 0;
}

static size_t number_end(const struct path_parser *p, size_t at)
{
    at = run_while(p, at, is_digit);
    if (at + 1 < p->text.len && p->text.p[at] == '.' && is_digit(p->text.p[at + 1]))
        at = run_while(p, at + 1, is_digit);
    return at;
}

static size_t sign_end(const struct path_parser *p, size_t at)
{
    char c = p->text.p[at];
    bool equals = at + 1 < p->text.len && p->text.p[at + 1] == '=';
    if ((c == '<' || c == '>' || c == '!') && equals)
        return at + 2;
    return strchr(".[](){},|&=<>", c) ? at + 1 : 0;
}

/* Where the token that starts at ${at} ends; 0 if none can start there. */
static size_t token_end(
    const struct path_parser *p, size_t at, enum token_kind *ret_kind)
{
    char c = p->text.p[at];
    if (c == '\0')
        return 0;
    if (is_name_start(c)) {
        *ret_kind = TOKEN_NAME;
        return run_while(p, at, is_name);
    }
    if (is_digit(c)) {
        *ret_kind = TOKEN_NUMBER;
        return number_end(p, at);
    }
    if (c == '\'') {
        *ret_kind = TOKEN_STRING;
        return string_end(p, at);
    }
    if (c == '@') {
        *ret_kind = TOKEN_DATE;
        return run_while(p, at + 1, is_date_char);
    }
    if (c == '$' || c == '%') {
        *ret_kind = c == '$' ? TOKEN_THIS : TOKEN_OUTER;
        return run_while(p, at + 1, is_name);
    }
    *ret_kind = TOKEN_SIGN;
    return sign_end(p, at);
}

void path_advance(struct path_parser *p)
{
    size_t start = p->at;
    size_t end;
    enum token_kind kind = TOKEN_BAD;
    while (start < p->text.len && isspace((unsigned char)p->text.p[start]))
        start++;
    if (start == p->text.len) {
        p->token = (struct path_token){TOKEN_END, {p->text.p + start, 0}};
        p->at = start;
        return;
    }
    end = token_end(p, start, &kind);
    if (end == 0) {
        kind = TOKEN_BAD;
        end = start + 1;
    }
    p->token = (struct path_token){kind, {p->text.p + start, end - start}};
    p->at = end;
}

int path_fail_at(const struct path_parser *p, struct str where, const char *what)
{
    size_t column = (size_t)(where.p - p->text.p) + 1;
    if (p->token.kind == TOKEN_END && where.len == 0)
        return err_set(p->err, E_INVALID, NULL,
            "The FHIRPath expression ends too early, at column %zu: %s.", column, what);
    return err_set(p->err, E_INVALID, NULL,
        "The FHIRPath expression is not understood at column %zu, \"%.*s\": %s.",
        column, (int)(where.len > 60 ? 60 : where.len), where.p, what);
}

int path_fail(const struct path_parser *p, const char *what)
{
    return path_fail_at(p, p->token.text, what);
}
