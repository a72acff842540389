/* SPDX-License-Identifier: Apache-2.0 */
/*
 * _text and _content: words in a record's narrative, or anywhere in it. There is no index
 * of words: each candidate that the other parameters leave is read and looked through,
 * one after the other, so that a search by text alone walks the whole type in the
 * memory of one record and stops at a full page.
 *
 *     value  = choice *( "," choice )         any of the choices
 *     choice = 1*( word / '"' phrase '"' )    all of the words, in any place and order
 *
 * Words are folded as strings are: case and accents do not count. A word is found where a
 * word of the text begins with it; in scripts that put no space between words (Tibetan,
 * Chinese ...) wherever it stands. A backslash takes its meaning from , " \ $ and |.
 */
#include "view/search_internal.h"

/* ---- parsing ---- */

/* Cut the text up to the first ${sep} outside of quotation marks off ${rest}. */
static struct str cut_outside(struct str *rest, char sep)
{
    struct str s = *rest;
    bool quoted = false;
    size_t i;

    for (i = 0; i < s.len; i++) {
        if (s.p[i] == '\\')
            i++;
        else if (s.p[i] == '"')
            quoted = !quoted;
        else if (s.p[i] == sep && !quoted)
            break;
    }
    if (i >= s.len) {
        *rest = (struct str){NULL, 0};
        return s;
    }
    *rest = (struct str){s.p + i + 1, s.len - i - 1};
    return (struct str){s.p, i};
}

/* The word or phrase at the start of ${rest}, taken off it, without escapes. */
static int cut_word(struct search_parser *p, struct str *rest, struct buf *out)
{
    struct str s = *rest;
    bool quoted = s.len > 0 && s.p[0] == '"', ended = !quoted;
    size_t i;

    buf_clear(out);
    for (i = quoted; i < s.len; i++) {
        char c = s.p[i];
        if (quoted ? c == '"' : c == ' ' || c == '"') {
            ended = true;
            break;
        }
        if (c == '\\' && i + 1 < s.len && strchr("\\,|$\"", s.p[i + 1]))
            c = s.p[++i];
        buf_addc(out, c);
    }
    if (!ended)
        return search_refuse(p, "A quotation mark has no partner.");
    i += quoted;
    *rest = i < s.len ? (struct str){s.p + i, s.len - i} : (struct str){NULL, 0};
    return buf_error(out, "words to search for", p->err);
}

static int add_word(
    struct search_parser *p, struct search_term *t, struct str word, struct buf *folded)
{
    struct str *grown;
    const char *copy;
    int r;

    buf_clear(folded);
    search_fold(folded, word);
    r = buf_error(folded, "words to search for", p->err);
    if (r < 0 || folded->len == 0)
        return r;
    copy = arena_strndup(p->a, folded->data, folded->len);
    grown = arena_grow(p->a, t->u.words.list, t->u.words.count * sizeof(*grown),
        (t->u.words.count + 1) * sizeof(*grown));
    if (!copy || !grown)
        return err_nomem(p->err);
    grown[t->u.words.count++] = (struct str){copy, folded->len};
    t->u.words.list = grown;
    return 0;
}

static int parse_choice(
    struct search_parser *p, struct search_term *t, struct str text, size_t *words)
{
    struct buf word, folded;
    int r = 0;

    buf_init(&word, LIMIT_URL_BYTES);
    buf_init(&folded, (size_t)LIMIT_URL_BYTES * 4);
    while (r == 0 && text.p) {
        while (text.len > 0 && text.p[0] == ' ')
            text = (struct str){text.p + 1, text.len - 1};
        if (text.len == 0)
            break;
        r = cut_word(p, &text, &word);
        if (r == 0)
            r = add_word(p, t, (struct str){word.data, word.len}, &folded);
    }
    buf_done(&word);
    buf_done(&folded);
    *words += t->u.words.count;
    if (r == 0 && t->u.words.count == 0)
        r = search_refuse(p, "There is no word to look for.");
    if (r == 0 && *words > LIMIT_TEXT_WORDS)
        r = err_set(p->err, E_TOO_LARGE, p->name, "More than %d words to look for.",
            LIMIT_TEXT_WORDS);
    return r;
}

int search_parse_words(
    struct search_parser *p, struct search_clause *c, struct str value)
{
    struct str rest = value;
    size_t count = 1, words = 0, i;
    int r = 0;

    for (i = 0; i < value.len; i++)
        count += value.p[i] == ',';
    c->terms = arena_array(p->a, count, sizeof(*c->terms));
    if (!c->terms)
        return err_nomem(p->err);
    while (r == 0 && rest.p)
        r = parse_choice(
            p, &c->terms[c->term_count++], cut_outside(&rest, ','), &words);
    return r;
}

/* ---- looking ---- */

/* Which words of a clause were found, in the order of its terms. */
struct finding {
    struct search_look *look;
    const struct search_clause *c;
    uint64_t found;
    struct buf plain; /* a narrative without its tags */
};

/* A letter or digit of a script whose words have spaces between them: those of one or two
 * bytes in UTF-8 (Latin, Greek, Cyrillic, Hebrew, Arabic). ${p}: any of its bytes. */
static bool is_spaced(const char *p)
{
    unsigned char c = (unsigned char)*p;

    if (c >= 0x80 && c < 0xc0) /* behind a lead byte; three and four byte ones differ */
        c = (unsigned char)p[-1];
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 0xc3 && c < 0xe0);
}

/* Does a word of ${text} begin with ${word}? Both are folded. */
static bool has_word(struct str text, struct str word)
{
    const char *at = text.p, *end = text.p + text.len;

    for (; (size_t)(end - at) >= word.len; at++) {
        at = memmem(at, (size_t)(end - at), word.p, word.len);
        if (!at)
            return false;
        if (at == text.p || !is_spaced(word.p) || !is_spaced(at - 1))
            return true;
    }
    return false;
}

static void look_at_text(struct finding *f, struct str text)
{
    struct search_folding *folding = &f->look->folding;
    uint64_t bit = 1;
    size_t i, j;

    buf_clear(&folding->text);
    search_fold(&folding->text, text);
    folding->failed |= folding->text.error != 0;
    if (folding->failed || folding->text.len == 0)
        return;
    text = (struct str){folding->text.data, folding->text.len};
    for (i = 0; i < f->c->term_count; i++)
        for (j = 0; j < f->c->terms[i].u.words.count; j++, bit <<= 1)
            if (!(f->found & bit) && has_word(text, f->c->terms[i].u.words.list[j]))
                f->found |= bit;
}

/* The character that "#233" or "#xe9" stands for. */
static void put_numbered(struct buf *b, struct str digits)
{
    bool hex = digits.len > 0 && (digits.p[0] | 32) == 'x';
    uint32_t point = 0;
    size_t i;

    for (i = hex; i < digits.len && point < 0x110000; i++) {
        char c = digits.p[i];
        uint32_t digit = (uint32_t)(c <= '9' ? c - '0' : (c | 32) - 'a' + 10);
        point = point * (hex ? 16 : 10) + digit;
    }
    if (point < 0x80) {
        buf_addc(b, (char)(point < 0x20 ? ' ' : point));
    } else if (point < 0x800) {
        buf_addc(b, (char)(0xc0 | point >> 6));
        buf_addc(b, (char)(0x80 | (point & 0x3f)));
    } else if (point >= 0xd800 && point < 0xe000) {
        buf_addc(b, ' '); /* half of a pair, no character */
    } else if (point < 0x10000) {
        buf_addc(b, (char)(0xe0 | point >> 12));
        buf_addc(b, (char)(0x80 | (point >> 6 & 0x3f)));
        buf_addc(b, (char)(0x80 | (point & 0x3f)));
    } else if (point < 0x110000) {
        buf_addc(b, (char)(0xf0 | point >> 18));
        buf_addc(b, (char)(0x80 | (point >> 12 & 0x3f)));
        buf_addc(b, (char)(0x80 | (point >> 6 & 0x3f)));
        buf_addc(b, (char)(0x80 | (point & 0x3f)));
    }
}

static void put_entity(struct buf *b, struct str name)
{
    static const struct {
        const char *name;
        char c;
    } known[] = {{"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}};
    size_t i;

    if (name.len > 1 && name.p[0] == '#') {
        put_numbered(b, (struct str){name.p + 1, name.len - 1});
        return;
    }
    for (i = 0; i < sizeof(known) / sizeof(known[0]); i++)
        if (str_is(name, known[i].name))
            break;
    buf_addc(b, (char)(i < sizeof(known) / sizeof(known[0]) ? known[i].c : ' '));
}

/* Does what stands between < and > leave a word whole? */
static bool is_inline(struct str tag)
{
    static const char *const names[] = {
        "b", "i", "u", "em", "strong", "span", "a", "sub", "sup", "small", "big"};
    size_t i, len = 0;

    if (tag.len > 0 && tag.p[0] == '/')
        tag = (struct str){tag.p + 1, tag.len - 1};
    while (len < tag.len && tag.p[len] >= 'a' && tag.p[len] <= 'z')
        len++;
    for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (str_is((struct str){tag.p, len}, names[i]))
            return true;
    return false;
}

/* What a reader sees of a narrative. It was found well-formed when it was written. */
static void look_at_narrative(struct finding *f, struct str div)
{
    const char *p = div.p, *end = div.p + div.len, *stop;

    buf_clear(&f->plain);
    while (p < end) {
        stop = *p == '<'   ? memchr(p, '>', (size_t)(end - p))
               : *p == '&' ? memchr(p, ';', (size_t)(end - p))
                           : NULL;
        if (stop && *p == '<') {
            if (!is_inline((struct str){p + 1, (size_t)(stop - p - 1)}))
                buf_addc(&f->plain, ' ');
            p = stop;
        } else if (stop) {
            put_entity(&f->plain, (struct str){p + 1, (size_t)(stop - p - 1)});
            p = stop;
        } else {
            buf_addc(&f->plain, *p);
        }
        p++;
    }
    f->look->folding.failed |= f->plain.error != 0;
    look_at_text(f, (struct str){f->plain.data, f->plain.len});
}

/* Every text and number of ${json}; but `data`, which is bytes written in base64. */
static void look_at_all(struct finding *f, struct str name, const struct json *json)
{
    struct json_each it;

    if (json_is_string(json)) {
        if (str_is(name, "div"))
            look_at_narrative(f, json_text(json));
        else if (!str_is(name, "data"))
            look_at_text(f, json_text(json));
        return;
    }
    if (json_kind(json) == JSON_NUMBER)
        look_at_text(f, json_text(json));
    it = json_each(json);
    while (json_next(&it))
        look_at_all(f, json_is_array(json) ? name : it.name, it.value);
}

int search_look_words(struct search_look *look, const struct search_clause *c,
    const struct json *resource)
{
    struct finding f = {.look = look, .c = c};
    struct str div;
    uint64_t words;
    unsigned at = 0;
    size_t i;

    buf_init(&f.plain, LIMIT_RECORD_BYTES);
    if (c->whole) {
        look_at_all(&f, (struct str){NULL, 0}, resource);
    } else {
        div = json_get_text(json_get(resource, "text"), "div");
        if (div.len)
            look_at_narrative(&f, div);
    }
    buf_done(&f.plain);
    for (i = 0; i < c->term_count; i++) {
        words = UINT64_MAX >> (64 - c->terms[i].u.words.count) << at;
        if ((f.found & words) == words)
            return 1;
        at += (unsigned)c->terms[i].u.words.count;
    }
    return 0;
}
