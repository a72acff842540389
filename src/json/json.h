/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JSON as Belay reads and writes it, over yyjson: numbers keep the characters they came
 * with (1.10 stays 1.10), objects refuse a name twice, depth and size have ceilings, an
 * error names line and column.
 *
 * A `const struct json *` is a node of a document that was read; it lives in the arena
 * it was read into. Nodes are immutable and may be read by any number of threads.
 */
#ifndef JSON_JSON_H
#define JSON_JSON_H

#include <yyjson.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/text.h"

enum json_kind {
    JSON_NULL,
    JSON_FALSE,
    JSON_TRUE,
    JSON_NUMBER,
    JSON_STRING,
    JSON_ARRAY,
    JSON_OBJECT,
};

struct json; /* a yyjson_val; only this header knows */

/*
 * Read the one JSON value in ${text} (copied; need not be NUL-terminated) into ${a}.
 * E_INVALID: not JSON (RFC 8259, strict), not UTF-8, a name twice in an object, nested
 * deeper than LIMIT_JSON_DEPTH, text behind the value; the sentence gives line and
 * column. E_TOO_LARGE: more than ${max} bytes. E_NOMEM.
 */
int json_read(struct arena *a, struct str text, size_t max, const struct json **ret,
    struct err *err);

/* As json_read, without the look for names given twice: for text this program wrote and
 * stored itself. */
int json_read_trusted(
    struct arena *a, struct str text, const struct json **ret, struct err *err);

static inline const yyjson_val *json_val_(const struct json *j)
{
    return (const yyjson_val *)(const void *)j;
}

/* yyjson's readers take a non-const pointer but never write through it. */
static inline yyjson_val *json_mut_(const struct json *j)
{
    union {
        const struct json *c;
        yyjson_val *v;
    } u = {.c = j};
    return u.v;
}

static inline const struct json *json_of_(const yyjson_val *v)
{
    return (const struct json *)(const void *)v;
}

/* The kind of ${j}; NULL counts as JSON_NULL. */
static inline enum json_kind json_kind(const struct json *j)
{
    switch (yyjson_get_type(json_mut_(j))) {
    case YYJSON_TYPE_BOOL:
        return yyjson_is_true(json_mut_(j)) ? JSON_TRUE : JSON_FALSE;
    case YYJSON_TYPE_RAW:
    case YYJSON_TYPE_NUM:
        return JSON_NUMBER;
    case YYJSON_TYPE_STR:
        return JSON_STRING;
    case YYJSON_TYPE_ARR:
        return JSON_ARRAY;
    case YYJSON_TYPE_OBJ:
        return JSON_OBJECT;
    default:
        return JSON_NULL;
    }
}

static inline bool json_is_object(const struct json *j)
{
    return yyjson_is_obj(json_mut_(j));
}

static inline bool json_is_array(const struct json *j)
{
    return yyjson_is_arr(json_mut_(j));
}

static inline bool json_is_string(const struct json *j)
{
    return yyjson_is_str(json_mut_(j));
}

/* The characters of a string (unescaped) or of a number (as written); empty slice with
 * p NULL for any other kind. The bytes are followed by a NUL only for strings. */
static inline struct str json_text(const struct json *j)
{
    const yyjson_val *v = json_val_(j);
    if (v && (yyjson_is_str(json_mut_(j)) || yyjson_is_raw(json_mut_(j))))
        return (struct str){v->uni.str, (size_t)(v->tag >> YYJSON_TAG_BIT)};
    return (struct str){NULL, 0};
}

/* The member ${name} of an object; NULL if absent or ${j} is no object. */
static inline const struct json *json_get(const struct json *j, const char *name)
{
    return json_of_(yyjson_obj_get(json_mut_(j), name));
}

/* The same with a slice for the name. */
static inline const struct json *json_getn(const struct json *j, struct str name)
{
    return json_of_(yyjson_obj_getn(json_mut_(j), name.p, name.len));
}

/* Text of the string member ${name}; p NULL if absent or no string. */
struct str json_get_text(const struct json *j, const char *name);

/* Items of an array or members of an object; 0 for all else. */
static inline size_t json_count(const struct json *j)
{
    return yyjson_is_ctn(json_mut_(j)) ? unsafe_yyjson_get_len(json_mut_(j)) : 0;
}

/* The item at ${i} of an array, or NULL. */
static inline const struct json *json_at(const struct json *j, size_t i)
{
    return json_of_(yyjson_arr_get(json_mut_(j), i));
}

/*
 * Walk an array or object in the order written:
 *     struct json_each it = json_each(value);
 *     while (json_next(&it))
 *         ... it.value, and it.name for an object ...
 * Anything that is neither gives no step.
 */
struct json_each {
    const struct json *value;
    struct str name;
    size_t index; /* of value: 0, 1, ... */
    size_t left_;
    const yyjson_val *at_;
    bool object_;
    bool started_;
};

static inline struct json_each json_each(const struct json *j)
{
    struct json_each it = {0};
    if (json_count(j) > 0) {
        it.left_ = json_count(j);
        it.object_ = json_is_object(j);
        it.at_ = unsafe_yyjson_get_first(json_mut_(j));
    }
    return it;
}

static inline bool json_next(struct json_each *it)
{
    if (it->left_ == 0)
        return false;
    if (it->started_) {
        it->index++;
        it->at_ = unsafe_yyjson_get_next(json_mut_(it->value));
    }
    it->started_ = true;
    it->left_--;
    if (it->object_) {
        it->name = json_text(json_of_(it->at_));
        it->value = json_of_(it->at_ + 1);
    } else {
        it->value = json_of_(it->at_);
    }
    return true;
}

/* True when both are the same value: object members in any order, numbers by their
 * characters. */
bool json_equal(const struct json *a, const struct json *b);

/* Append ${j} as compact JSON: members in their order, numbers as they came, text
 * escaped only where RFC 8259 demands it. */
void json_write(struct buf *b, const struct json *j);

/* The same with two spaces of indentation. */
void json_write_pretty(struct buf *b, const struct json *j);

/* Append the one spelling of ${j}: compact, members by the bytes of their names, numbers as they came, text escaped
 * only where RFC 8259 demands it. Memory from ${a}. E_NOMEM; else failures are the buffer's. */
int json_write_canonical(
    struct arena *a, struct buf *b, const struct json *j, struct err *err);

/* Append ${s} as a JSON string with its quotes. */
void json_write_text(struct buf *b, struct str s);

/*
 * Building: a writer puts commas and quotes so that callers cannot forget them.
 *     struct json_out o = json_out(&buf);
 *     json_open(&o, '{'); json_name(&o, "resourceType"); json_put_str(&o, "Bundle");
 *     json_close(&o, '}');
 * Failures are the buffer's: buf_error() at the end.
 */
struct json_out {
    struct buf *buf;
    bool comma; /* a comma is due before the next name or value */
};

static inline struct json_out json_out(struct buf *b)
{
    return (struct json_out){.buf = b};
}

void json_open(struct json_out *o, char bracket);
void json_close(struct json_out *o, char bracket);
void json_name(struct json_out *o, const char *name);
void json_put_text(struct json_out *o, struct str s);
void json_put_str(struct json_out *o, const char *s);
void json_put_int(struct json_out *o, long long v);
void json_put_bool(struct json_out *o, bool v);
void json_put_value(struct json_out *o, const struct json *j);
/* ${raw} is JSON already. */
void json_put_raw(struct json_out *o, struct str raw);
/* name and text in one; nothing at all when s.p is NULL. */
void json_member(struct json_out *o, const char *name, struct str s);

#endif
