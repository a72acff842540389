/* SPDX-License-Identifier: Apache-2.0 */
/* The text of a _filter as a tree, and where it is wrong. */
#include <stdarg.h>
#include <stdio.h>

#include "view/search_where_internal.h"

struct reader {
    struct search_parser *p;
    struct str text;
    size_t at;       /* next byte */
    size_t tests;    /* so far */
    unsigned inside; /* open parentheses and brackets */
};

static const char operators[][3] = {"eq", "ne", "co", "sw", "ew", "gt", "lt", "ge",
    "le", "ap", "sa", "eb", "pr", "po", "ss", "sb", "in", "ni", "re"};

const char *search_where_operator(enum where_operator op)
{
    return operators[op];
}

/* The place of byte ${at} in characters, the first being 1. */
static size_t place(const struct reader *in, size_t at)
{
    size_t count = 1, i;

    for (i = 0; i < at; i++)
        count += ((unsigned char)in->text.p[i] & 0xc0) != 0x80;
    return count;
}

static int refuse(struct reader *in, size_t at, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

static int refuse(struct reader *in, size_t at, const char *fmt, ...)
{
    char text[ERR_TEXT_MAX];
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(text, sizeof(text), fmt, ap);
    va_end(ap);
    return search_refuse(
        in->p, "At character %zu of the filter: %s", place(in, at), text);
}

static int too_deep(struct reader *in)
{
    return err_set(in->p->err, E_TOO_LARGE, in->p->name,
        "The filter is nested more than %d levels deep.", LIMIT_FILTER_DEPTH);
}

/* ---- pieces ---- */

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static void skip_space(struct reader *in)
{
    while (in->at < in->text.len && is_space(in->text.p[in->at]))
        in->at++;
}

/* The next byte; 0 at the end. */
static char peek(const struct reader *in)
{
    return (char)(in->at < in->text.len ? in->text.p[in->at] : '\0');
}

static bool is_name(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           c == '_' || c == '-' || c == ':';
}

/* Characters of a name; len 0: there are none. */
static struct str take_name(struct reader *in)
{
    size_t from = in->at;

    while (in->at < in->text.len && is_name(in->text.p[in->at]))
        in->at++;
    return (struct str){in->text.p + from, in->at - from};
}

/* A word that stands alone is taken. */
static bool take_word(struct reader *in, const char *word)
{
    size_t from = in->at;

    if (str_is(take_name(in), word))
        return true;
    in->at = from;
    return false;
}

static int read_filter(struct reader *in, struct search_where **ret);

/* What stands between ${open}, which is next, and ${close}. */
static int read_inner(struct reader *in, char close, struct search_where **ret)
{
    size_t open = in->at++;
    int r;

    if (++in->inside > LIMIT_FILTER_DEPTH)
        return too_deep(in);
    r = read_filter(in, ret);
    if (r < 0)
        return r;
    in->inside--;
    if (peek(in) != close)
        return refuse(in, in->at,
            "\"%c\" is missing, for the \"%c\" at character %zu; behind a condition "
            "comes \"and\", \"or\" or the end.",
            close, in->text.p[open], place(in, open));
    in->at++;
    return 0;
}

static struct search_where *new_node(struct reader *in, enum where_kind kind, size_t at)
{
    struct search_where *w = arena_alloc(in->p->a, sizeof(*w));

    if (w) {
        w->kind = kind;
        w->at = place(in, at);
    }
    return w;
}

/* ---- values ---- */

/* The bytes of a JSON string that begins here; 0: it does not end. */
static size_t string_length(const struct reader *in)
{
    size_t i;

    for (i = in->at + 1; i < in->text.len; i++) {
        if (in->text.p[i] == '\\')
            i++;
        else if (in->text.p[i] == '"')
            return i + 1 - in->at;
    }
    return 0;
}

static int read_string(struct reader *in, struct str *ret)
{
    const struct json *json = NULL;
    struct str text = {NULL, 0};
    size_t len = string_length(in);
    int r;

    if (len == 0)
        return refuse(in, in->at, "This text has no closing quote.");
    r = json_read(in->p->a, (struct str){in->text.p + in->at, len}, LIMIT_FILTER_BYTES,
        &json, NULL);
    if (r == E_NOMEM)
        return err_nomem(in->p->err);
    if (r == 0 && json_is_string(json))
        text = json_text(json);
    if (!text.p || memchr(text.p, '\0', text.len))
        return refuse(in, in->at,
            "This is not a text as JSON writes it; \\ is written \\\\ and a quote "
            "\\\".");
    *ret = text;
    in->at += len;
    return 0;
}

static int read_value(struct reader *in, struct str *ret)
{
    size_t from;
    int r;

    skip_space(in);
    from = in->at;
    if (peek(in) == '"') {
        r = read_string(in, ret);
        if (r < 0)
            return r;
    } else {
        while (in->at < in->text.len && !is_space(peek(in)) && peek(in) != ')' &&
               peek(in) != ']')
            in->at++;
        *ret = (struct str){in->text.p + from, in->at - from};
    }
    if (ret->len == 0)
        return refuse(in, from, "Here a value is missing.");
    if (in->at < in->text.len && !is_space(peek(in)) && peek(in) != ')' &&
        peek(in) != ']')
        return refuse(in, in->at, "Behind a text in quotes comes a space.");
    return 0;
}

/* ---- a test ---- */

static int read_operator(struct reader *in, enum where_operator *ret)
{
    size_t from, i;
    struct str word;

    skip_space(in);
    from = in->at;
    word = take_name(in);
    for (i = 0; i < sizeof(operators) / sizeof(operators[0]); i++) {
        if (str_is(word, operators[i])) {
            *ret = (enum where_operator)i;
            return 0;
        }
    }
    return refuse(in, from,
        "Here one of eq ne co sw ew gt lt ge le ap sa eb pr po ss sb in ni re is "
        "missing.");
}

static int read_step(struct reader *in, struct where_step *step, struct search_where *w)
{
    struct search_where *inner = NULL;
    size_t from = in->at;
    int r;

    step->name = take_name(in);
    if (step->name.len == 0 || step->name.p[0] == ':' || step->name.p[0] == '-')
        return refuse(in, from, "Here the name of a search parameter is missing.");
    if (str_starts(step->name, "_has:"))
        return refuse(in, from,
            "_has cannot stand in a filter; write it as a parameter of its own.");
    if (peek(in) != '[')
        return 0;
    r = read_inner(in, ']', &inner);
    step->inner = inner;
    if (r < 0 || !inner)
        return r;
    if (inner->depth > w->depth)
        w->depth = inner->depth;
    if (w->step_count + 1 + inner->links > w->links)
        w->links = (unsigned)w->step_count + 1 + inner->links;
    return 0;
}

static int read_path(struct reader *in, struct search_where *w)
{
    struct where_step *steps =
        arena_array(in->p->a, LIMIT_CHAIN_DEPTH + 2, sizeof(*steps));
    int r;

    if (!steps)
        return err_nomem(in->p->err);
    for (;; in->at++) {
        r = read_step(in, &steps[w->step_count], w);
        if (r < 0)
            return r;
        if (w->step_count > w->links)
            w->links = (unsigned)w->step_count;
        if (w->links > LIMIT_CHAIN_DEPTH)
            return err_set(in->p->err, E_TOO_LARGE, in->p->name,
                "The chain has more than %d links.", LIMIT_CHAIN_DEPTH);
        w->step_count++;
        if (peek(in) != '.')
            break;
    }
    w->steps = steps;
    w->depth++;
    return w->depth > LIMIT_FILTER_DEPTH ? too_deep(in) : 0;
}

static int read_test(struct reader *in, struct search_where **ret)
{
    struct search_where *w = new_node(in, WHERE_TEST, in->at);
    size_t from = in->at;
    int r;

    if (!w)
        return err_nomem(in->p->err);
    if (++in->tests > LIMIT_FILTER_TESTS)
        return err_set(in->p->err, E_TOO_LARGE, in->p->name,
            "The filter has more than %d conditions.", LIMIT_FILTER_TESTS);
    r = read_path(in, w);
    if (r == 0)
        r = read_operator(in, &w->operator_);
    if (r == 0)
        r = read_value(in, &w->value);
    w->text = (struct str){in->text.p + from, in->at - from};
    if (r == 0)
        *ret = w;
    return r;
}

/* ---- the whole ---- */

/* A test, or something in parentheses, perhaps with "not" before it. */
static int read_part(struct reader *in, struct search_where **ret)
{
    size_t from;
    struct search_where *w;
    bool not ;
    int r;

    skip_space(in);
    from = in->at;
    not = take_word(in, "not");
    skip_space(in);
    if (peek(in) == '(') {
        r = read_inner(in, ')', ret);
        if (r < 0 || !not )
            return r;
        w = new_node(in, WHERE_NOT, from);
        if (!w)
            return err_nomem(in->p->err);
        w->left = *ret;
        w->depth = w->left->depth;
        w->links = w->left->links;
        *ret = w;
        return 0;
    }
    if (not )
        return refuse(in, in->at, "Behind \"not\" comes a filter in parentheses.");
    return read_test(in, ret);
}

/* Lists of one kind in a row are one level. */
static int join(struct reader *in, enum where_kind kind, struct search_where *right,
    struct search_where **left)
{
    struct search_where *w = arena_alloc(in->p->a, sizeof(*w));
    unsigned a, b;

    if (!w)
        return err_nomem(in->p->err);
    a = (*left)->depth + ((*left)->kind != kind);
    b = right->depth + (right->kind != kind);
    w->kind = kind;
    w->at = (*left)->at;
    w->left = *left;
    w->right = right;
    w->depth = a > b ? a : b;
    w->links = (*left)->links > right->links ? (*left)->links : right->links;
    *left = w;
    return w->depth > LIMIT_FILTER_DEPTH ? too_deep(in) : 0;
}

static int read_filter(struct reader *in, struct search_where **ret)
{
    struct search_where *left = NULL, *right = NULL;
    enum where_kind kind;
    int r = read_part(in, &left);

    while (r == 0) {
        skip_space(in);
        if (take_word(in, "and")) {
            kind = WHERE_AND;
        } else if (take_word(in, "or")) {
            kind = WHERE_OR;
        } else {
            *ret = left;
            return 0;
        }
        r = read_part(in, &right);
        if (r == 0)
            r = join(in, kind, right, &left);
    }
    return r;
}

int search_where_read(
    struct search_parser *p, struct str text, const struct search_where **ret)
{
    struct reader in = {.p = p, .text = text};
    struct search_where *w = NULL;
    int r;

    if (text.len > LIMIT_FILTER_BYTES)
        return err_set(p->err, E_TOO_LARGE, p->name,
            "The filter has more than %d bytes.", LIMIT_FILTER_BYTES);
    if (text.len && memchr(text.p, '\0', text.len))
        return search_refuse(p, "The filter has a character NUL.");
    r = read_filter(&in, &w);
    if (r == 0 && in.at < text.len)
        r = refuse(&in, in.at, "Behind a condition comes \"and\", \"or\" or the end.");
    if (r == 0)
        *ret = w;
    return r;
}
