/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The XHTML of a narrative: a div, well-formed enough that a browser and an XML reader
 * see the same tree, of formatting elements only. Everything that could act (scripts,
 * forms, frames, event attributes, addresses that are programs) is refused: these bytes
 * reach other people's screens. One pass, no allocation. Control characters were refused
 * before.
 */
#include <strings.h>

#include "base/limits.h"

#include "fhir/validate_internal.h"

/* R4's formatting elements (txt-1). */
static const char *const ELEMENTS[] = {"a", "abbr", "acronym", "address", "area", "b",
    "bdo", "big", "blockquote", "br", "caption", "cite", "code", "col", "colgroup",
    "dd", "dfn", "div", "dl", "dt", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i",
    "img", "kbd", "li", "map", "ol", "p", "pre", "q", "samp", "small", "span", "strong",
    "sub", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "tt", "ul",
    "var"};
#define ELEMENT_COUNT (sizeof(ELEMENTS) / sizeof(ELEMENTS[0]))

/* Attributes whose value the browser would run or load as a page. */
static const char *const REFUSED_ATTRIBUTES[] = {
    "action", "background", "data", "formaction", "http-equiv", "srcdoc"};
#define REFUSED_COUNT (sizeof(REFUSED_ATTRIBUTES) / sizeof(REFUSED_ATTRIBUTES[0]))

struct reader {
    const char *p;
    const char *end;
    struct str open[LIMIT_NARRATIVE_DEPTH]; /* names of the elements not yet closed */
    size_t depth;
    bool content;      /* text that is seen, or an image */
    const char *fault; /* the first found */
};

static bool refuse(struct reader *r, const char *fault)
{
    if (!r->fault)
        r->fault = fault;
    return false;
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_name_char(char c)
{
    return is_letter(c) || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == ':' ||
           c == '.';
}

static void skip_space(struct reader *r)
{
    while (r->p < r->end && is_space(*r->p))
        r->p++;
}

static struct str take_name(struct reader *r)
{
    const char *start = r->p;
    if (r->p < r->end && is_letter(*r->p)) {
        while (r->p < r->end && is_name_char(*r->p))
            r->p++;
    }
    return (struct str){start, (size_t)(r->p - start)};
}

static bool starts(const struct reader *r, const char *text)
{
    return str_starts((struct str){r->p, (size_t)(r->end - r->p)}, text);
}

/* &name; or &#123; or &#x1f; */
static bool take_entity(struct reader *r)
{
    const char *start = ++r->p;
    if (r->p < r->end && *r->p == '#')
        r->p++;
    while (r->p < r->end && (is_letter(*r->p) || (*r->p >= '0' && *r->p <= '9')))
        r->p++;
    if (r->p == start || r->p == r->end || *r->p != ';')
        return refuse(r, "is not well-formed: & must begin an entity such as &amp;");
    r->p++;
    return true;
}

/* True when ${text} holds ${word}, whatever the case. */
static bool holds(struct str text, const char *word)
{
    size_t len = strlen(word);
    for (size_t i = 0; i + len <= text.len; i++) {
        if (strncasecmp(text.p + i, word, len) == 0)
            return true;
    }
    return false;
}

/* An address that is a program. Its scheme must be in plain sight: entities, spaces and
 * control characters in it serve only to hide it. */
static bool address_acts(struct str name, struct str value)
{
    size_t scheme = 0;
    for (; scheme < value.len && !strchr(":/?#", value.p[scheme]); scheme++) {
        if (value.p[scheme] == '&' || (unsigned char)value.p[scheme] <= ' ')
            return true;
    }
    if (scheme == value.len || value.p[scheme] != ':')
        return false;
    value.len = scheme;
    if (holds(value, "javascript") || holds(value, "vbscript"))
        return true;
    return holds(value, "data") && !str_is(name, "src");
}

static bool check_attribute(struct reader *r, struct str name, struct str value)
{
    if (name.len > 2 && strncasecmp(name.p, "on", 2) == 0)
        return refuse(r, "holds an event attribute, which is active content");
    for (size_t i = 0; i < REFUSED_COUNT; i++) {
        if (name.len == strlen(REFUSED_ATTRIBUTES[i]) &&
            strncasecmp(name.p, REFUSED_ATTRIBUTES[i], name.len) == 0)
            return refuse(r, "holds an attribute that is active content");
    }
    if ((holds(name, "href") || holds(name, "src")) && address_acts(name, value))
        return refuse(r, "holds an address that is active content");
    if (holds(name, "style") && (holds(value, "javascript:") ||
                                    holds(value, "expression(") || holds(value, "\\")))
        return refuse(r, "holds a style that is active content");
    return true;
}

static bool take_attribute(struct reader *r)
{
    struct str name = take_name(r);
    struct str value;
    char quote;

    if (name.len == 0)
        return refuse(r, "is not well-formed: a tag is not ended by >");
    skip_space(r);
    if (r->p == r->end || *r->p++ != '=')
        return refuse(r, "is not well-formed: an attribute has no value");
    skip_space(r);
    if (r->p == r->end || (*r->p != '"' && *r->p != '\''))
        return refuse(r, "is not well-formed: an attribute's value has no quotes");
    quote = *r->p++;
    value = (struct str){r->p, 0};
    while (r->p < r->end && *r->p != quote) {
        if (*r->p == '<')
            return refuse(r, "is not well-formed: < stands inside an attribute");
        if (*r->p == '&') {
            if (!take_entity(r))
                return false;
        } else {
            r->p++;
        }
    }
    if (r->p == r->end)
        return refuse(r, "is not well-formed: an attribute's quotes are not closed");
    value.len = (size_t)(r->p - value.p);
    r->p++;
    return check_attribute(r, name, value);
}

static bool known_element(struct str name)
{
    for (size_t i = 0; i < ELEMENT_COUNT; i++) {
        if (str_is(name, ELEMENTS[i]))
            return true;
    }
    return false;
}

/* Behind "<": a start tag. */
static bool take_start(struct reader *r)
{
    struct str name = take_name(r);
    bool empty = false;

    if (!known_element(name))
        return refuse(r,
            "holds an element that is not for formatting (allowed are those of XHTML "
            "without scripts, forms, frames and objects)");
    for (;;) {
        const char *before = r->p;
        skip_space(r);
        if (r->p == r->end)
            return refuse(r, "is not well-formed: a tag is not ended by >");
        if (*r->p == '>' || starts(r, "/>"))
            break;
        if (r->p == before)
            return refuse(r, "is not well-formed: a tag is not ended by >");
        if (!take_attribute(r))
            return false;
    }
    empty = *r->p == '/';
    r->p += empty ? 2 : 1;
    if (str_is(name, "img"))
        r->content = true;
    if (empty)
        return true;
    if (r->depth == LIMIT_NARRATIVE_DEPTH)
        return refuse(r, "is nested too deeply");
    r->open[r->depth++] = name;
    return true;
}

/* Behind "</": an end tag. */
static bool take_end(struct reader *r)
{
    struct str name = take_name(r);
    skip_space(r);
    if (r->p == r->end || *r->p++ != '>')
        return refuse(r, "is not well-formed: a tag is not ended by >");
    if (r->depth == 0 || !str_eq(r->open[r->depth - 1], name))
        return refuse(r, "is not well-formed: an end tag does not match its start tag");
    r->depth--;
    return true;
}

static bool take_comment(struct reader *r)
{
    for (r->p += 4; r->end - r->p >= 3; r->p++) {
        if (starts(r, "-->")) {
            r->p += 3;
            return true;
        }
    }
    return refuse(r, "is not well-formed: a comment is not closed");
}

static bool take_markup(struct reader *r)
{
    if (starts(r, "<!--"))
        return take_comment(r);
    if (starts(r, "<!") || starts(r, "<?"))
        return refuse(r, "holds a declaration or instruction, which a div may not");
    r->p++;
    if (r->p < r->end && *r->p == '/') {
        r->p++;
        return take_end(r);
    }
    return take_start(r);
}

static bool take_one(struct reader *r)
{
    if (*r->p == '<')
        return take_markup(r);
    if (*r->p == '&') {
        r->content = true;
        return take_entity(r);
    }
    if (!is_space(*r->p))
        r->content = true;
    r->p++;
    return true;
}

const char *narrative_fault(struct str text)
{
    struct reader r;

    /* not zeroed: the list of open names is large, and written before it is read */
    r.p = text.p;
    r.end = text.p + text.len;
    r.depth = 0;
    r.content = false;
    r.fault = NULL;
    skip_space(&r);
    if (!starts(&r, "<div") || r.end - r.p < 5 || is_name_char(r.p[4]))
        return "is not a narrative: it must begin with <div";
    do {
        if (!take_one(&r))
            return r.fault;
    } while (r.depth > 0 && r.p < r.end);
    if (r.depth > 0)
        return "is not well-formed: an element is not closed";
    skip_space(&r);
    if (r.p < r.end)
        return "is not a narrative: text follows behind the div";
    return r.content ? NULL : "is an empty narrative; leave text out";
}
