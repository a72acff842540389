/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Parsing FHIRPath by recursive descent, one function a level of precedence:
 *
 *   or  >  and  >  in  >  = !=  >  < <= > >=  >  |  >  is as  >  &  >  chain  >  term
 */
#include "base/limits.h"

#include "fhir/path_internal.h"
#include "fhir/path_token_internal.h"
#include "fhir/value.h"

static bool at_sign(const struct path_parser *p, const char *sign)
{
    return p->token.kind == TOKEN_SIGN && str_is(p->token.text, sign);
}

static bool at_word(const struct path_parser *p, const char *word)
{
    return p->token.kind == TOKEN_NAME && str_is(p->token.text, word);
}

static int expect(struct path_parser *p, const char *sign)
{
    char what[16];
    if (at_sign(p, sign)) {
        path_advance(p);
        return 0;
    }
    snprintf(what, sizeof(what), "%s is missing", sign);
    return path_fail(p, what);
}

/* ---- the tree ---- */

static struct fhir_path *new_node(const struct path_parser *p, enum path_op op)
{
    struct fhir_path *n = arena_alloc(p->arena, sizeof(*n));
    if (!n)
        err_nomem(p->err);
    else
        n->op = op;
    return n;
}

static int parse_or(struct path_parser *p, struct fhir_path **ret);

/* One level deeper: parentheses, arguments, indexes. */
static int parse_inner(struct path_parser *p, struct fhir_path **ret)
{
    int r;
    if (p->depth == LIMIT_PATH_DEPTH)
        return err_set(p->err, E_TOO_LARGE, NULL,
            "The FHIRPath expression is nested deeper than %d levels.",
            LIMIT_PATH_DEPTH);
    p->depth++;
    r = parse_or(p, ret);
    p->depth--;
    return r;
}

/* ---- literals ---- */

/* Keep ${json} (JSON text) as the literal of a new node. */
static int literal(
    struct path_parser *p, struct str json, const char *type, struct fhir_path **ret)
{
    struct fhir_path *n = new_node(p, PATH_LITERAL);
    int r;
    if (!n)
        return E_NOMEM;
    n->type = fhir_path_type(str_of(type));
    r = json_read_trusted(p->arena, json, &n->literal, p->err);
    if (r < 0)
        return r;
    path_advance(p);
    *ret = n;
    return 0;
}

/* FHIRPath's escapes are JSON's, and \' and \` beside. */
static int unquote(const struct path_parser *p, struct str quoted, struct buf *out)
{
    static const char names[] = "'`\"\\/fnrt";
    static const char meant[] = "'`\"\\/\f\n\r\t";
    for (size_t i = 1; i + 1 < quoted.len; i++) {
        const char *found;
        if (quoted.p[i] != '\\') {
            buf_addc(out, quoted.p[i]);
            continue;
        }
        found = strchr(names, quoted.p[++i]);
        if (!found || !*found)
            return path_fail(p, "an escape in the text is not known");
        buf_addc(out, meant[found - names]);
    }
    return 0;
}

static int literal_string(struct path_parser *p, struct fhir_path **ret)
{
    struct buf plain, json;
    int r;
    buf_init(&plain, LIMIT_PATH_CHARS);
    buf_init(&json, (size_t)LIMIT_PATH_CHARS * 6 + 2);
    r = unquote(p, p->token.text, &plain);
    if (r == 0)
        r = buf_error(&plain, "a text in the expression", p->err);
    if (r == 0 && !utf8_valid(plain.data ? plain.data : "", plain.len))
        r = path_fail(p, "the text is not UTF-8");
    if (r == 0) {
        json_write_text(&json, (struct str){plain.data, plain.len});
        r = buf_error(&json, "a text in the expression", p->err);
    }
    if (r == 0)
        r = literal(p, (struct str){json.data, json.len}, "string", ret);
    buf_done(&plain);
    buf_done(&json);
    return r;
}

static int literal_date(struct path_parser *p, struct fhir_path **ret)
{
    struct str text = {p->token.text.p + 1, p->token.text.len - 1};
    char json[64];
    utc_ms lo, hi;
    if (text.len > 0 && text.p[text.len - 1] == 'T')
        text.len--;
    if (text.len > sizeof(json) - 3 || !fhir_date_range(text, &lo, &hi))
        return path_fail(p, "this is no date");
    json[0] = '"';
    memcpy(json + 1, text.p, text.len);
    json[text.len + 1] = '"';
    return literal(p, (struct str){json, text.len + 2}, "dateTime", ret);
}

static int literal_number(struct path_parser *p, struct fhir_path **ret)
{
    struct str text = p->token.text;
    bool whole = !memchr(text.p, '.', text.len);
    double value, lo, hi;
    if (!fhir_number_range(text, &value, &lo, &hi))
        return path_fail(p, "this is no number");
    return literal(p, text, whole ? "integer" : "decimal", ret);
}

/* ---- types ---- */

static int parse_type(struct path_parser *p, uint16_t *ret)
{
    static const struct {
        const char *system, *fhir;
    } names[] = {{"Boolean", "boolean"}, {"String", "string"}, {"Integer", "integer"},
        {"Decimal", "decimal"}, {"Date", "date"}, {"DateTime", "dateTime"},
        {"Time", "time"}};
    struct str name = p->token.text;
    uint16_t type;
    if (p->token.kind != TOKEN_NAME)
        return path_fail(p, "the name of a type is missing");
    if (at_word(p, "FHIR") || at_word(p, "System")) {
        path_advance(p);
        if (!at_sign(p, "."))
            return path_fail(p, ". is missing");
        path_advance(p);
        name = p->token.text;
    }
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (str_is(name, names[i].system))
            name = str_of(names[i].fhir);
    type = fhir_path_type(name);
    if (type == 0)
        return path_fail(p, "there is no such type");
    path_advance(p);
    *ret = type;
    return 0;
}

/* ---- calls ---- */

static const struct function {
    const char *name;
    enum path_function function;
    uint8_t min, max; /* arguments */
    bool type;        /* its argument is a type */
} FUNCTIONS[] = {
    {"where", PATH_F_WHERE, 1, 1, false},
    {"exists", PATH_F_EXISTS, 0, 1, false},
    {"empty", PATH_F_EMPTY, 0, 0, false},
    {"first", PATH_F_FIRST, 0, 0, false},
    {"last", PATH_F_LAST, 0, 0, false},
    {"tail", PATH_F_TAIL, 0, 0, false},
    {"count", PATH_F_COUNT, 0, 0, false},
    {"not", PATH_F_NOT, 0, 0, false},
    {"ofType", PATH_F_OF_TYPE, 1, 1, true},
    {"as", PATH_F_AS, 1, 1, true},
    {"is", PATH_F_IS, 1, 1, true},
    {"resolve", PATH_F_RESOLVE, 0, 0, false},
    {"extension", PATH_F_EXTENSION, 1, 1, false},
};

static const struct function *function_named(struct str name)
{
    for (size_t i = 0; i < sizeof(FUNCTIONS) / sizeof(FUNCTIONS[0]); i++)
        if (str_is(name, FUNCTIONS[i].name))
            return &FUNCTIONS[i];
    return NULL;
}

/* ${name} was read and the token is "(". */
static int parse_call(struct path_parser *p, struct str name, struct fhir_path **ret)
{
    const struct function *f = function_named(name);
    struct fhir_path *n = NULL;
    struct fhir_path *argument = NULL;
    int r = 0;
    if (!f)
        return path_fail_at(p, name, "this function is not supported");
    n = new_node(p, PATH_CALL);
    if (!n)
        return E_NOMEM;
    n->function = f->function;
    path_advance(p);
    if (at_sign(p, ")") && f->min > 0)
        return path_fail(p, "an argument is missing");
    if (!at_sign(p, ")") && f->max > 0) {
        if (f->type)
            r = parse_type(p, &n->type);
        else
            r = parse_inner(p, &argument);
        n->operands = argument;
    }
    if (r == 0)
        r = expect(p, ")");
    if (r == 0)
        *ret = n;
    return r;
}

/* ---- terms and chains ---- */

static int parse_name(struct path_parser *p, enum path_op op, struct fhir_path **ret)
{
    struct str name = p->token.text;
    struct fhir_path *n = NULL;
    if (p->token.kind != TOKEN_NAME)
        return path_fail(p, "a name is missing");
    path_advance(p);
    if (at_sign(p, "("))
        return parse_call(p, name, ret);
    n = new_node(p, op);
    if (!n)
        return E_NOMEM;
    n->name = name;
    *ret = n;
    return 0;
}

static int parse_simple(struct path_parser *p, enum path_op op, struct fhir_path **ret)
{
    struct fhir_path *n = new_node(p, op);
    if (!n)
        return E_NOMEM;
    path_advance(p);
    *ret = n;
    return 0;
}

static int parse_sign_term(struct path_parser *p, struct fhir_path **ret)
{
    int r;
    if (at_sign(p, "(")) {
        path_advance(p);
        r = parse_inner(p, ret);
        return r < 0 ? r : expect(p, ")");
    }
    if (at_sign(p, "{")) {
        r = parse_simple(p, PATH_EMPTY, ret);
        return r < 0 ? r : expect(p, "}");
    }
    return path_fail(p, "this cannot stand here");
}

static int parse_term(struct path_parser *p, struct fhir_path **ret)
{
    switch (p->token.kind) {
    case TOKEN_STRING:
        return literal_string(p, ret);
    case TOKEN_NUMBER:
        return literal_number(p, ret);
    case TOKEN_DATE:
        return literal_date(p, ret);
    case TOKEN_THIS:
        if (!str_is(p->token.text, "$this"))
            return path_fail(p, "only $this is supported");
        return parse_simple(p, PATH_THIS, ret);
    case TOKEN_OUTER:
        if (!str_is(p->token.text, "%resource"))
            return path_fail(p, "only %resource is supported");
        return parse_simple(p, PATH_RESOURCE, ret);
    case TOKEN_NAME:
        if (at_word(p, "true") || at_word(p, "false"))
            return literal(p, p->token.text, "boolean", ret);
        return parse_name(p, PATH_NAME, ret);
    case TOKEN_SIGN:
        return parse_sign_term(p, ret);
    case TOKEN_END:
    case TOKEN_BAD:
        break;
    }
    return path_fail(p, "a value is missing here");
}

static int parse_step(struct path_parser *p, struct fhir_path **ret)
{
    struct fhir_path *n = NULL;
    struct fhir_path *index = NULL;
    int r;
    if (at_sign(p, ".")) {
        path_advance(p);
        return parse_name(p, PATH_MEMBER, ret);
    }
    n = new_node(p, PATH_INDEX);
    if (!n)
        return E_NOMEM;
    path_advance(p);
    r = parse_inner(p, &index);
    if (r == 0)
        r = expect(p, "]");
    if (r < 0)
        return r;
    n->operands = index;
    *ret = n;
    return 0;
}

static int parse_chain(struct path_parser *p, struct fhir_path **ret)
{
    struct fhir_path *chain = NULL;
    struct fhir_path *first = NULL;
    struct fhir_path *last = NULL;
    int r = parse_term(p, &first);
    if (r < 0 || !first)
        return r;
    last = first;
    while (at_sign(p, ".") || at_sign(p, "[")) {
        struct fhir_path *step = NULL;
        r = parse_step(p, &step);
        if (r < 0)
            return r;
        last->next = step;
        last = step;
    }
    /* a call that leads is a step too, on $this */
    if (first == last && first->op != PATH_CALL) {
        *ret = first;
        return 0;
    }
    chain = new_node(p, PATH_CHAIN);
    if (!chain)
        return E_NOMEM;
    chain->operands = first;
    *ret = chain;
    return 0;
}

/* ---- operators ---- */

struct level {
    int (*higher)(struct path_parser *p, struct fhir_path **ret);
    bool many; /* operands in one list: as many as there are; else at most two */
    struct {
        const char *text; /* sign or word */
        enum path_op op;
    } operators[4];
};

static bool at_operator(const struct path_parser *p, const char *text)
{
    return text && (at_sign(p, text) || at_word(p, text));
}

static int parse_level(
    struct path_parser *p, const struct level *level, struct fhir_path **ret)
{
    struct fhir_path *first = NULL;
    struct fhir_path *last = NULL;
    struct fhir_path *n = NULL;
    int r = level->higher(p, &first);
    if (r < 0)
        return r;
    last = first;
    for (;;) {
        struct fhir_path *right = NULL;
        size_t i = 0;
        while (i < 4 && !at_operator(p, level->operators[i].text))
            i++;
        if (i == 4)
            break;
        if (n && !level->many)
            return path_fail(p, "two such operators in a row need parentheses");
        if (!n)
            n = new_node(p, level->operators[i].op);
        if (!n)
            return E_NOMEM;
        n->operands = first;
        path_advance(p);
        r = level->higher(p, &right);
        if (r < 0)
            return r;
        last->next = right;
        last = right;
    }
    *ret = n ? n : first;
    return 0;
}

static int parse_concatenation(struct path_parser *p, struct fhir_path **ret)
{
    static const struct level level = {parse_chain, true, {{"&", PATH_CONCATENATE}}};
    return parse_level(p, &level, ret);
}

static int parse_type_test(struct path_parser *p, struct fhir_path **ret)
{
    struct fhir_path *left = NULL;
    struct fhir_path *n = NULL;
    int r = parse_concatenation(p, &left);
    if (r < 0)
        return r;
    if (!at_word(p, "is") && !at_word(p, "as")) {
        *ret = left;
        return 0;
    }
    n = new_node(p, at_word(p, "is") ? PATH_IS : PATH_AS);
    if (!n)
        return E_NOMEM;
    path_advance(p);
    r = parse_type(p, &n->type);
    if (r < 0)
        return r;
    n->operands = left;
    *ret = n;
    return 0;
}

static int parse_union(struct path_parser *p, struct fhir_path **ret)
{
    static const struct level level = {parse_type_test, true, {{"|", PATH_UNION}}};
    return parse_level(p, &level, ret);
}

static int parse_inequality(struct path_parser *p, struct fhir_path **ret)
{
    static const struct level level = {parse_union, false,
        {{"<", PATH_LESS}, {"<=", PATH_LESS_EQUAL}, {">", PATH_GREATER},
            {">=", PATH_GREATER_EQUAL}}};
    return parse_level(p, &level, ret);
}

static int parse_equality(struct path_parser *p, struct fhir_path **ret)
{
    static const struct level level = {
        parse_inequality, false, {{"=", PATH_EQUAL}, {"!=", PATH_NOT_EQUAL}}};
    return parse_level(p, &level, ret);
}

static int parse_membership(struct path_parser *p, struct fhir_path **ret)
{
    static const struct level level = {parse_equality, false, {{"in", PATH_IN}}};
    return parse_level(p, &level, ret);
}

static int parse_and(struct path_parser *p, struct fhir_path **ret)
{
    static const struct level level = {parse_membership, true, {{"and", PATH_AND}}};
    return parse_level(p, &level, ret);
}

static int parse_or(struct path_parser *p, struct fhir_path **ret)
{
    static const struct level level = {parse_and, true, {{"or", PATH_OR}}};
    return parse_level(p, &level, ret);
}

int fhir_path_parse(
    struct arena *a, struct str text, const struct fhir_path **ret, struct err *err)
{
    struct path_parser p = {.arena = a, .text = text, .err = err};
    struct fhir_path *n = NULL;
    int r;
    if (text.len > LIMIT_PATH_CHARS)
        return err_set(err, E_TOO_LARGE, NULL,
            "The FHIRPath expression is %zu characters long; at most %d are allowed.",
            text.len, LIMIT_PATH_CHARS);
    p.text.p = arena_strndup(a, text.p ? text.p : "", text.len);
    if (!p.text.p)
        return err_nomem(err);
    path_advance(&p);
    r = parse_or(&p, &n);
    if (r < 0)
        return r;
    if (p.token.kind != TOKEN_END)
        return path_fail(&p, "this cannot stand here");
    *ret = n;
    return 0;
}
