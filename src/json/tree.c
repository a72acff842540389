/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Values that can be changed, over yyjson's mutable values: a container points at its
 * last item, items form a ring; in an object a name's next is its value and the value's
 * next is the next name.
 */
#include "json/tree.h"

#include "json/json_internal.h"

/* struct json_tree is a yyjson_mut_doc, struct json_node a yyjson_mut_val. */
static yyjson_mut_doc *doc_of(struct json_tree *t)
{
    return (yyjson_mut_doc *)(void *)t;
}

static yyjson_mut_val *val_of(const struct json_node *n)
{
    union {
        const struct json_node *n;
        yyjson_mut_val *v;
    } u = {.n = n};
    return u.v;
}

static struct json_node *node_of(yyjson_mut_val *v)
{
    return (struct json_node *)(void *)v;
}

/* The common start of both kinds of value. */
static const struct json *as_json(const struct json_node *n)
{
    return (const struct json *)(const void *)n;
}

int json_tree_copy(
    struct arena *a, const struct json *j, struct json_tree **ret, struct err *err)
{
    yyjson_alc alc = json_alc(a);
    yyjson_mut_doc *doc = yyjson_mut_doc_new(&alc);
    yyjson_mut_val *root = NULL;
    if (!doc)
        return err_nomem(err);
    if (j) {
        root = yyjson_val_mut_copy(doc, json_mut_(j));
        if (!root)
            return err_nomem(err);
        yyjson_mut_doc_set_root(doc, root);
    }
    *ret = (struct json_tree *)(void *)doc;
    return 0;
}

struct json_node *json_tree_root(struct json_tree *t)
{
    return node_of(yyjson_mut_doc_get_root(doc_of(t)));
}

void json_tree_set_root(struct json_tree *t, struct json_node *n)
{
    yyjson_mut_doc_set_root(doc_of(t), val_of(n));
}

/* ---- new nodes ---- */

struct json_node *json_node_copy(struct json_tree *t, const struct json *j)
{
    return node_of(yyjson_val_mut_copy(doc_of(t), json_mut_(j)));
}

struct json_node *json_node_text(struct json_tree *t, struct str s)
{
    return node_of(yyjson_mut_strncpy(doc_of(t), s.p ? s.p : "", s.len));
}

struct json_node *json_node_number(struct json_tree *t, struct str digits)
{
    return node_of(yyjson_mut_rawncpy(doc_of(t), digits.p, digits.len));
}

struct json_node *json_node_bool(struct json_tree *t, bool v)
{
    return node_of(yyjson_mut_bool(doc_of(t), v));
}

struct json_node *json_node_object(struct json_tree *t)
{
    return node_of(yyjson_mut_obj(doc_of(t)));
}

struct json_node *json_node_array(struct json_tree *t)
{
    return node_of(yyjson_mut_arr(doc_of(t)));
}

struct json_node *json_node_clone(struct json_tree *t, const struct json_node *n)
{
    return node_of(yyjson_mut_val_mut_copy(doc_of(t), val_of(n)));
}

/* ---- reading ---- */

enum json_kind json_node_kind(const struct json_node *n)
{
    return json_kind(as_json(n));
}

struct str json_node_str(const struct json_node *n)
{
    return json_text(as_json(n));
}

size_t json_node_count(const struct json_node *n)
{
    return n ? json_count(as_json(n)) : 0;
}

struct json_node *json_node_get(const struct json_node *n, struct str name)
{
    return node_of(yyjson_mut_obj_getn(val_of(n), name.p ? name.p : "", name.len));
}

struct json_node *json_node_at(const struct json_node *n, size_t i)
{
    if (json_node_kind(n) == JSON_OBJECT) {
        yyjson_mut_val *name = NULL;
        if (i >= json_node_count(n))
            return NULL;
        name = ((yyjson_mut_val *)val_of(n)->uni.ptr)->next->next;
        while (i-- > 0)
            name = name->next->next;
        return node_of(name->next);
    }
    return node_of(yyjson_mut_arr_get(val_of(n), i));
}

struct str json_node_name_at(const struct json_node *n, size_t i)
{
    yyjson_mut_val *name = NULL;
    if (json_node_kind(n) != JSON_OBJECT || i >= json_node_count(n))
        return (struct str){NULL, 0};
    name = ((yyjson_mut_val *)val_of(n)->uni.ptr)->next->next;
    while (i-- > 0)
        name = name->next->next;
    return json_node_str(node_of(name));
}

struct json_node_each json_node_each(const struct json_node *n)
{
    struct json_node_each it = {.left_ = json_node_count(n)};
    yyjson_mut_val *last = NULL;
    it.object_ = json_node_kind(n) == JSON_OBJECT;
    if (it.left_ > 0) {
        last = (yyjson_mut_val *)val_of(n)->uni.ptr;
        it.next_ = node_of(it.object_ ? last->next->next : last->next);
    }
    return it;
}

bool json_node_next(struct json_node_each *it)
{
    yyjson_mut_val *at = val_of(it->next_);
    if (it->left_ == 0)
        return false;
    it->index = it->value ? it->index + 1 : 0;
    it->left_--;
    if (it->object_) {
        it->name = json_node_str(it->next_);
        at = at->next;
    }
    it->value = node_of(at);
    it->next_ = node_of(at->next);
    return true;
}

/* ---- changing ---- */

bool json_node_set_text(struct json_tree *t, struct json_node *n, struct str s)
{
    struct json_node *text = json_node_text(t, s);
    if (!text)
        return false;
    val_of(n)->tag = val_of(text)->tag;
    val_of(n)->uni = val_of(text)->uni;
    return true;
}

/* The name node of a member, or NULL. */
static yyjson_mut_val *find_name(struct json_node *object, struct str name)
{
    size_t left = json_node_count(object);
    yyjson_mut_val *at = left > 0 ? (yyjson_mut_val *)val_of(object)->uni.ptr : NULL;
    for (; left > 0; left--) {
        at = at->next->next;
        if (str_eq(json_node_str(node_of(at)), name))
            return at;
    }
    return NULL;
}

bool json_node_set(
    struct json_tree *t, struct json_node *object, struct str name, struct json_node *v)
{
    yyjson_mut_val *at = NULL;
    if (json_node_kind(object) != JSON_OBJECT || !v)
        return false;
    at = find_name(object, name);
    if (at) {
        val_of(v)->next = at->next->next;
        at->next = val_of(v);
        return true;
    }
    at = val_of(json_node_text(t, name));
    return at && yyjson_mut_obj_add(val_of(object), at, val_of(v));
}

bool json_node_remove(struct json_node *object, struct str name)
{
    if (json_node_kind(object) != JSON_OBJECT)
        return false;
    return yyjson_mut_obj_remove_keyn(val_of(object), name.p ? name.p : "", name.len) !=
           NULL;
}

bool json_node_insert(struct json_node *array, size_t i, struct json_node *v)
{
    return yyjson_mut_arr_insert(val_of(array), val_of(v), i);
}

bool json_node_replace(struct json_node *array, size_t i, struct json_node *v)
{
    return yyjson_mut_arr_replace(val_of(array), i, val_of(v)) != NULL;
}

bool json_node_remove_at(struct json_node *array, size_t i)
{
    return yyjson_mut_arr_remove(val_of(array), i) != NULL;
}

/* ---- out ---- */

void json_node_write(struct buf *b, const struct json_node *n)
{
    struct json_node_each it = json_node_each(n);
    if (!it.object_ && json_node_kind(n) != JSON_ARRAY) {
        json_write_scalar(b, json_val_(as_json(n)));
        return;
    }
    buf_addc(b, it.object_ ? '{' : '[');
    while (json_node_next(&it)) {
        if (it.index > 0)
            buf_addc(b, ',');
        if (it.object_) {
            json_write_text(b, it.name);
            buf_addc(b, ':');
        }
        json_node_write(b, it.value);
    }
    buf_addc(b, it.object_ ? '}' : ']');
}

int json_node_freeze(struct arena *a, const struct json_node *n,
    const struct json **ret, struct err *err)
{
    yyjson_alc alc = json_alc(a);
    yyjson_doc *doc = yyjson_mut_val_imut_copy(val_of(n), &alc);
    if (!doc)
        return err_nomem(err);
    *ret = json_of_(doc->root);
    return 0;
}
