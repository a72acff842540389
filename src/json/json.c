/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading: yyjson parses into the arena, then one pass over the values (they lie one
 * behind the other in the order written) checks what yyjson does not: the depth, and
 * names given twice.
 *
 * yyjson needs 16 bytes a value, so a text of nothing but "[" would cost sixteen times
 * its size before that pass sees it. A document with so many values that yyjson's first
 * guess (a value in six bytes of text) was too small is therefore looked at before it
 * may have more memory.
 */
#include "json/json.h"

#include <stdlib.h>

#include "base/limits.h"

#include "json/json_internal.h"

#define SMALL_OBJECT 32 /* members checked without sorting */

/* ---- memory ---- */

struct read_memory {
    struct arena *arena;
    struct str text;
    bool looked;   /* the text was scanned for its depth */
    bool too_deep; /* and is nested deeper than LIMIT_JSON_DEPTH */
    bool too_many; /* more than LIMIT_JSON_VALUES values */
};

static void *arena_malloc_cb(void *ctx, size_t size)
{
    return arena_alloc_raw(ctx, size);
}

static void *arena_realloc_cb(void *ctx, void *p, size_t old_size, size_t size)
{
    return arena_grow(ctx, p, old_size, size);
}

static void free_cb(void *ctx, void *p)
{
    (void)ctx;
    (void)p;
}

yyjson_alc json_alc(struct arena *a)
{
    return (yyjson_alc){arena_malloc_cb, arena_realloc_cb, free_cb, a};
}

/* Deeper than allowed? Counts brackets outside strings; never stops early on text that
 * is not JSON, the parser will say that. */
static bool nested_too_deep(struct str text)
{
    size_t depth = 0;
    bool in_string = false;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.p[i];
        if (in_string) {
            if (c == '\\')
                i++;
            else if (c == '"')
                in_string = false;
        } else if (c == '"') {
            in_string = true;
        } else if (c == '[' || c == '{') {
            if (++depth > LIMIT_JSON_DEPTH)
                return true;
        } else if ((c == ']' || c == '}') && depth > 0) {
            depth--;
        }
    }
    return false;
}

static void *read_malloc_cb(void *ctx, size_t size)
{
    struct read_memory *m = ctx;
    return arena_alloc_raw(m->arena, size);
}

static void *read_realloc_cb(void *ctx, void *p, size_t old_size, size_t size)
{
    struct read_memory *m = ctx;
    if (!m->looked) {
        m->looked = true;
        m->too_deep = nested_too_deep(m->text);
    }
    m->too_many = size / sizeof(yyjson_val) > LIMIT_JSON_VALUES;
    if (m->too_deep || m->too_many)
        return NULL;
    return arena_grow(m->arena, p, old_size, size);
}

/* ---- errors ---- */

struct place {
    size_t line;
    size_t column; /* in characters */
};

static struct place place_of(struct str text, size_t pos)
{
    struct place at = {1, 1};
    if (pos > text.len)
        pos = text.len;
    for (size_t i = 0; i < pos; i++) {
        unsigned char c = (unsigned char)text.p[i];
        if (c == '\n') {
            at.line++;
            at.column = 1;
        } else if ((c & 0xc0) != 0x80) {
            at.column++;
        }
    }
    return at;
}

static int fail_depth(struct err *err)
{
    return err_set(err, E_INVALID, NULL,
        "The JSON is nested deeper than %d levels of arrays and objects.",
        LIMIT_JSON_DEPTH);
}

static int fail_read(
    const struct read_memory *m, const yyjson_read_err *why, struct err *err)
{
    struct place at;
    if (m->too_deep)
        return fail_depth(err);
    if (m->too_many)
        return err_set(err, E_TOO_LARGE, NULL, "The JSON has more than %u values.",
            LIMIT_JSON_VALUES);
    if (why->code == YYJSON_READ_ERROR_MEMORY_ALLOCATION)
        return err_nomem(err);
    if (why->code == YYJSON_READ_ERROR_INVALID_PARAMETER ||
        why->code == YYJSON_READ_ERROR_EMPTY_CONTENT)
        return err_set(err, E_INVALID, NULL, "The JSON text is empty.");
    at = place_of(m->text, why->pos);
    return err_set(err, E_INVALID, NULL,
        "This is not JSON: %s at line %zu, column %zu.", why->msg, at.line, at.column);
}

/* ---- names given twice ---- */

struct check {
    struct arena *arena;
    struct str text;
    const char *copy; /* yyjson's copy of the text, in which all strings lie */
    struct err *err;
};

static int fail_twice(const struct check *c, const yyjson_val *name)
{
    size_t pos = (size_t)(name->uni.str - c->copy);
    struct place at = place_of(c->text, pos > 0 ? pos - 1 : 0);
    struct str s = json_text(json_of_(name));
    return err_set(c->err, E_INVALID, NULL,
        "The name \"%.*s\" stands twice in one object, again at line %zu, column %zu.",
        (int)(s.len > 80 ? 80 : s.len), s.p, at.line, at.column);
}

/* Equal names have equal marks; different ones mostly not. */
static uint64_t mark_of(const yyjson_val *name)
{
    size_t len = (size_t)(name->tag >> YYJSON_TAG_BIT);
    const unsigned char *p = (const unsigned char *)name->uni.str;
    unsigned mix = (unsigned)len;
    if (len > 0)
        mix = mix * 29u + p[0] * 5u + p[len / 2] * 3u + p[len - 1];
    return 1ull << (mix & 63);
}

static const yyjson_val *next_name(const yyjson_val *name)
{
    return unsafe_yyjson_get_next(json_mut_(json_of_(name + 1)));
}

/* Not by their tags: those also say whether there was an escape. */
static bool same_name(const yyjson_val *a, const yyjson_val *b)
{
    return str_eq(json_text(json_of_(a)), json_text(json_of_(b)));
}

static int check_small(const struct check *c, const yyjson_val *object, size_t count)
{
    const yyjson_val *name = object + 1;
    uint64_t marks = 0;
    for (size_t i = 0; i < count; i++, name = next_name(name)) {
        uint64_t mark = mark_of(name);
        if (marks & mark) {
            for (const yyjson_val *other = object + 1; other != name;
                 other = next_name(other))
                if (same_name(name, other))
                    return fail_twice(c, name);
        }
        marks |= mark;
    }
    return 0;
}

struct name {
    const yyjson_val *val;
};

static int compare_names(const void *a, const void *b)
{
    const struct name *x = a, *y = b;
    int order = str_cmp(json_text(json_of_(x->val)), json_text(json_of_(y->val)));
    if (order == 0)
        order = (x->val > y->val) - (x->val < y->val);
    return order;
}

/* Sorting, because a hash table can be made slow by whoever chooses the names. */
static int check_large(const struct check *c, const yyjson_val *object, size_t count)
{
    struct name *names = arena_array(c->arena, count, sizeof(*names));
    const yyjson_val *name = object + 1;
    if (!names)
        return err_nomem(c->err);
    for (size_t i = 0; i < count; i++, name = next_name(name))
        names[i].val = name;
    qsort(names, count, sizeof(names[0]), compare_names);
    for (size_t i = 1; i < count; i++)
        if (same_name(names[i - 1].val, names[i].val))
            return fail_twice(c, names[i].val);
    return 0;
}

static int check_object(const struct check *c, const yyjson_val *object)
{
    size_t count = (size_t)(object->tag >> YYJSON_TAG_BIT);
    if (count < 2)
        return 0;
    return count <= SMALL_OBJECT ? check_small(c, object, count)
                                 : check_large(c, object, count);
}

static int check_values(const struct check *c, const yyjson_doc *doc)
{
    const yyjson_val *ends[LIMIT_JSON_DEPTH];
    const yyjson_val *end = doc->root + doc->val_read;
    size_t depth = 0;
    for (yyjson_val *v = doc->root; v < end; v++) {
        int r = 0;
        while (depth > 0 && v == ends[depth - 1])
            depth--;
        if (!unsafe_yyjson_is_ctn(v))
            continue;
        if (depth == LIMIT_JSON_DEPTH)
            return fail_depth(c->err);
        ends[depth++] = unsafe_yyjson_get_next(v);
        if (unsafe_yyjson_is_obj(v))
            r = check_object(c, v);
        if (r < 0)
            return r;
    }
    return 0;
}

/* ---- reading ---- */

/* The document, or NULL and why not in ${ret_code}. */
static const yyjson_doc *read_doc(
    struct arena *a, struct str text, int *ret_code, struct err *err)
{
    struct read_memory memory = {.arena = a, .text = text};
    yyjson_alc alc = {read_malloc_cb, read_realloc_cb, free_cb, &memory};
    yyjson_read_err why = {.code = YYJSON_READ_ERROR_EMPTY_CONTENT};
    const yyjson_doc *doc = NULL;
    if (text.len > 0)
        doc = yyjson_read_opts(
            json_unconst(text.p), text.len, YYJSON_READ_NUMBER_AS_RAW, &alc, &why);
    *ret_code = doc ? 0 : fail_read(&memory, &why, err);
    return doc;
}

int json_read(struct arena *a, struct str text, size_t max, const struct json **ret,
    struct err *err)
{
    const yyjson_doc *doc = NULL;
    struct check check;
    int r;
    if (text.len > max)
        return err_set(err, E_TOO_LARGE, NULL,
            "The JSON is %zu bytes long; at most %zu are allowed.", text.len, max);
    doc = read_doc(a, text, &r, err);
    if (!doc)
        return r;
    check = (struct check){a, text, doc->str_pool, err};
    r = check_values(&check, doc);
    if (r < 0)
        return r;
    *ret = json_of_(doc->root);
    return 0;
}

int json_read_trusted(
    struct arena *a, struct str text, const struct json **ret, struct err *err)
{
    int r;
    const yyjson_doc *doc = read_doc(a, text, &r, err);
    if (!doc)
        return r;
    *ret = json_of_(doc->root);
    return 0;
}

struct str json_get_text(const struct json *j, const char *name)
{
    const struct json *v = json_get(j, name);
    if (!json_is_string(v))
        return (struct str){NULL, 0};
    return json_text(v);
}

bool json_equal(const struct json *a, const struct json *b)
{
    return yyjson_equals(json_mut_(a), json_mut_(b));
}
