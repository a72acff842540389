/* SPDX-License-Identifier: Apache-2.0 */
/* The JSON Patch operations that do what a FHIRPath Patch operation asks. */
#include <stdio.h>

#include "base/limits.h"

#include "fhir/path_patch_internal.h"

int path_patch_fail(const struct path_patch *p, int code, const char *fmt, ...)
{
    char what[256];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(what, sizeof(what), fmt, ap);
    va_end(ap);
    return err_set(
        p->err, code, NULL, "Operation %zu of the FHIRPath patch: %s.", p->at, what);
}

/* ---- pointers ---- */

static const struct json *child(const struct json *j, struct str name)
{
    int64_t i;
    if (!json_is_array(j))
        return json_getn(j, name);
    return text_int(name, 0, INT32_MAX, &i) ? json_at(j, (size_t)i) : NULL;
}

const struct json *path_patch_get(const struct json *j, struct str pointer)
{
    struct str rest = pointer;
    str_cut(&rest, '/');
    while (j && rest.p)
        j = child(j, str_cut(&rest, '/'));
    return j;
}

struct str path_patch_parent(struct str pointer)
{
    while (pointer.len > 0 && pointer.p[--pointer.len] != '/')
        ;
    return pointer;
}

static struct str last_name(struct str pointer)
{
    size_t parent = path_patch_parent(pointer).len;
    if (pointer.len == 0)
        return pointer;
    return (struct str){pointer.p + parent + 1, pointer.len - parent - 1};
}

/* The type of what is at ${pointer}; 0 if not known. */
static uint16_t type_at(const struct path_patch *p, struct str pointer)
{
    const struct json *j = p->now;
    uint16_t type = fhir_path_actual_type(fhir_path_type(STR("Resource")), j);
    struct str rest = pointer;
    str_cut(&rest, '/');
    while (rest.p) {
        struct str name = str_cut(&rest, '/');
        bool item = json_is_array(j);
        j = child(j, name);
        if (!item) {
            const struct fhir_element *element = fhir_path_element(type, name);
            type = element ? element->type : 0;
        }
        type = fhir_path_actual_type(type, j);
    }
    return type;
}

static struct str join(
    const struct path_patch *p, struct str parent, const char *before, struct str name)
{
    char *text = arena_printf(p->scratch, "%.*s/%s%.*s", (int)parent.len,
        parent.p ? parent.p : "", before, (int)name.len, name.p);
    return (struct str){text, text ? strlen(text) : 0};
}

static struct str join_index(
    const struct path_patch *p, struct str parent, size_t index)
{
    char *text = arena_printf(
        p->scratch, "%.*s/%zu", (int)parent.len, parent.p ? parent.p : "", index);
    return (struct str){text, text ? strlen(text) : 0};
}

static int add_op(struct path_patch *p, enum json_patch_verb verb, struct str path,
    const struct json *value)
{
    if (!path.p)
        return err_nomem(p->err);
    if (p->count == PATH_PATCH_OPS)
        return E_BUG;
    p->ops[p->count++] =
        (struct json_patch_op){.verb = verb, .path = path, .value = value};
    return 0;
}

/* ${ret}: the place of the companion of what is at ${pointer}; p NULL if there is no
 * such companion. The companion of /given/1 is /_given/1. */
static int companion(const struct path_patch *p, struct str pointer, struct str *ret)
{
    struct str parent = path_patch_parent(pointer);
    struct str at = {NULL, 0};
    if (json_is_array(path_patch_get(p->now, parent))) {
        struct str list = join(p, path_patch_parent(parent), "_", last_name(parent));
        at = list.p ? join(p, list, "", last_name(pointer)) : list;
    } else {
        at = join(p, parent, "_", last_name(pointer));
    }
    if (!at.p)
        return err_nomem(p->err);
    *ret = path_patch_get(p->now, at) ? at : (struct str){NULL, 0};
    return 0;
}

static int json_null(const struct path_patch *p, const struct json **ret)
{
    return json_read_trusted(p->scratch, STR("null"), ret, p->err);
}

/* ---- values ---- */

/* The member of a part that holds its value: value[x] or resource. */
static const struct json *part_value(const struct json *part, struct str *ret_suffix)
{
    struct json_each it = json_each(part);
    while (json_next(&it)) {
        if (it.name.len > 5 && str_starts(it.name, "value")) {
            *ret_suffix = (struct str){it.name.p + 5, it.name.len - 5};
            return it.value;
        }
        if (str_is(it.name, "resource")) {
            *ret_suffix = (struct str){NULL, 0};
            return it.value;
        }
    }
    return NULL;
}

/* The JSON name and element of ${name} in ${type}: itself, or as a choice with the type
 * of the value behind it. An unknown type takes any name. */
static int element_name(const struct path_patch *p, uint16_t type, struct str name,
    const struct json *part, struct str *ret_name, const struct fhir_element **ret)
{
    struct str suffix = {NULL, 0};
    struct str full = {NULL, 0};
    const struct fhir_element *element = fhir_path_element(type, name);
    if (name.len == 0 || memchr(name.p, '/', name.len) || memchr(name.p, '~', name.len))
        return path_patch_fail(p, E_INVALID, "the name of an element is not usable");
    if (type == 0 || element) {
        *ret_name = name;
        *ret = element;
        return 0;
    }
    if (part_value(part, &suffix) && suffix.p) {
        full.p = arena_printf(
            p->scratch, "%.*s%.*s", (int)name.len, name.p, (int)suffix.len, suffix.p);
        if (!full.p)
            return err_nomem(p->err);
        full.len = strlen(full.p);
        element = fhir_path_element(type, full);
    }
    if (!element || element->choice == 0)
        return path_patch_fail(p, E_INVALID, "%s has no element %.*s of that type",
            fhir_types[type].name, (int)(name.len > 60 ? 60 : name.len), name.p);
    *ret_name = full;
    *ret = element;
    return 0;
}

static int write_value(const struct path_patch *p, struct json_out *o,
    const struct json *part, uint16_t type);

static bool named_before(const struct json *parts, size_t at, struct str name)
{
    struct json_each it = json_each(parts);
    while (json_next(&it) && it.index < at)
        if (str_eq(json_get_text(it.value, "name"), name))
            return true;
    return false;
}

/* One member of an object of parts, with all parts of its name if it is a list. */
static int write_member(const struct path_patch *p, struct json_out *o,
    const struct json *parts, size_t at, uint16_t type)
{
    const struct json *part = json_at(parts, at);
    struct str name = json_get_text(part, "name");
    struct str full = {NULL, 0};
    const struct fhir_element *element = NULL;
    struct json_each it = json_each(parts);
    int r;
    if (named_before(parts, at, name))
        return 0;
    r = element_name(p, type, name, part, &full, &element);
    if (r < 0)
        return r;
    json_put_text(o, full);
    buf_addc(o->buf, ':');
    o->comma = false;
    if (!element || element->max == 1)
        return write_value(p, o, part, element ? element->type : 0);
    json_open(o, '[');
    while (r == 0 && json_next(&it))
        if (str_eq(json_get_text(it.value, "name"), name))
            r = write_value(p, o, it.value, element->type);
    json_close(o, ']');
    return r;
}

/* Depth: that of the Parameters resource, at most LIMIT_JSON_DEPTH. */
static int write_value(const struct path_patch *p, struct json_out *o,
    const struct json *part, uint16_t type)
{
    struct str suffix = {NULL, 0};
    const struct json *value = part_value(part, &suffix);
    const struct json *parts = json_get(part, "part");
    int r = 0;
    if (value) {
        json_put_value(o, value);
        return 0;
    }
    if (json_count(parts) == 0)
        return path_patch_fail(p, E_INVALID, "a part has neither a value nor parts");
    if (json_count(parts) > LIMIT_PATCH_OPS)
        return path_patch_fail(
            p, E_TOO_LARGE, "a value has more than %d parts", LIMIT_PATCH_OPS);
    json_open(o, '{');
    for (size_t i = 0; r == 0 && i < json_count(parts); i++)
        r = write_member(p, o, parts, i, type);
    json_close(o, '}');
    return r;
}

/* The JSON of ${part}, in an array of one if ${many}. */
static int make_value(const struct path_patch *p, const struct json *part,
    uint16_t type, bool many, const struct json **ret)
{
    struct buf b;
    struct json_out o = json_out(&b);
    int r;
    buf_init(&b, LIMIT_RECORD_BYTES);
    if (many)
        json_open(&o, '[');
    r = write_value(p, &o, part, type);
    if (many)
        json_close(&o, ']');
    if (r == 0)
        r = buf_error(&b, "the value of a patch", p->err);
    if (r == 0)
        r = json_read(
            p->scratch, (struct str){b.data, b.len}, LIMIT_RECORD_BYTES, ret, p->err);
    buf_done(&b);
    return r;
}

int path_patch_value(const struct path_patch *p, const struct json *part, uint16_t type,
    const struct json **ret)
{
    return make_value(p, part, type, false, ret);
}

/* ---- elements ---- */

/* Is another type of the same choice there already? */
static bool choice_taken(const struct fhir_path_item *parent, uint16_t choice)
{
    struct json_each it = json_each(parent->value);
    while (json_next(&it)) {
        const struct fhir_element *e = fhir_path_element(parent->type, it.name);
        if (e && e->choice == choice)
            return true;
    }
    return false;
}

int path_patch_add_element(struct path_patch *p, const struct fhir_path_item *parent,
    struct str name, const struct json *part)
{
    struct str full = {NULL, 0};
    const struct fhir_element *element = NULL;
    const struct json *present = NULL;
    const struct json *value = NULL;
    struct str at = str_of(parent->pointer);
    bool many;
    int r = element_name(p, parent->type, name, part, &full, &element);
    if (r < 0)
        return r;
    present = json_getn(parent->value, full);
    many = element ? element->max != 1 : json_is_array(present);
    at = join(p, at, "", full);
    if (!at.p)
        return err_nomem(p->err);
    if ((present && !json_is_array(present)) ||
        (element && element->choice && choice_taken(parent, element->choice)))
        return path_patch_fail(p, E_INVALID,
            "the element %.*s is there already and no list; use replace",
            (int)(name.len > 60 ? 60 : name.len), name.p);
    r = make_value(p, part, element ? element->type : 0, many && !present, &value);
    if (r < 0)
        return r;
    if (present)
        return path_patch_list_insert(p, at, json_count(present), value);
    return add_op(p, JSON_PATCH_ADD, at, value);
}

/* Give the element at ${pointer} of ${parent_type} the choice's other type, if the new
 * value asks for it: ${ret} is its new place, else p NULL. */
static int other_choice(const struct path_patch *p, struct str pointer,
    const struct json *part, const struct fhir_element **ret_element, struct str *ret)
{
    uint16_t parent_type = type_at(p, path_patch_parent(pointer));
    struct str name = last_name(pointer);
    const struct fhir_element *element = fhir_path_element(parent_type, name);
    struct str full = {NULL, 0};
    size_t type_len;
    int r;
    if (!element || element->choice == 0)
        return 0;
    type_len = strlen(fhir_types[element->type].name);
    if (type_len >= name.len)
        return 0;
    name.len -= type_len;
    r = element_name(p, parent_type, name, part, &full, ret_element);
    if (r < 0 || str_eq(full, last_name(pointer)))
        return r;
    *ret = join(p, path_patch_parent(pointer), "", full);
    return ret->p ? 0 : err_nomem(p->err);
}

/* What a replaced primitive carried in its companion belonged to the old value. */
static int drop_companion(struct path_patch *p, struct str pointer)
{
    struct str at = {NULL, 0};
    const struct json *nothing = NULL;
    int r = companion(p, pointer, &at);
    if (r < 0 || !at.p)
        return r;
    if (!json_is_array(path_patch_get(p->now, path_patch_parent(at))))
        return add_op(p, JSON_PATCH_REMOVE, at, NULL);
    r = json_null(p, &nothing);
    return r < 0 ? r : add_op(p, JSON_PATCH_REPLACE, at, nothing);
}

int path_patch_replace(
    struct path_patch *p, const struct fhir_path_item *place, const struct json *part)
{
    struct str pointer = str_of(place->pointer);
    struct str other = {NULL, 0};
    const struct fhir_element *element = NULL;
    const struct json *value = NULL;
    int r = other_choice(p, pointer, part, &element, &other);
    if (r == 0)
        r = drop_companion(p, pointer);
    if (r == 0)
        r = make_value(
            p, part, other.p && element ? element->type : place->type, false, &value);
    if (r < 0)
        return r;
    if (!other.p)
        return add_op(p, JSON_PATCH_REPLACE, pointer, value);
    r = add_op(p, JSON_PATCH_REMOVE, pointer, NULL);
    return r < 0 ? r : add_op(p, JSON_PATCH_ADD, other, value);
}

/* FHIR knows no empty lists and objects: what would be left empty goes too. */
int path_patch_delete(struct path_patch *p, struct str pointer)
{
    struct str beside = {NULL, 0};
    int r;
    for (;;) {
        struct str parent = path_patch_parent(pointer);
        size_t others = json_count(path_patch_get(p->now, parent)) - 1;
        r = companion(p, pointer, &beside);
        if (r < 0)
            return r;
        if (beside.p && str_eq(path_patch_parent(beside), parent))
            others--;
        if (others > 0 || parent.len == 0)
            break;
        pointer = parent;
    }
    if (beside.p)
        r = add_op(p, JSON_PATCH_REMOVE, beside, NULL);
    return r < 0 ? r : add_op(p, JSON_PATCH_REMOVE, pointer, NULL);
}

/* ---- lists ---- */

int path_patch_list_insert(
    struct path_patch *p, struct str list, size_t index, const struct json *value)
{
    struct str beside = {NULL, 0};
    const struct json *nothing = NULL;
    int r = companion(p, list, &beside);
    if (r == 0)
        r = add_op(p, JSON_PATCH_ADD, join_index(p, list, index), value);
    if (r < 0 || !beside.p || index >= json_count(path_patch_get(p->now, beside)))
        return r;
    r = json_null(p, &nothing);
    if (r < 0)
        return r;
    return add_op(p, JSON_PATCH_ADD, join_index(p, beside, index), nothing);
}

static int move_item(struct path_patch *p, struct str list, size_t from, size_t to)
{
    struct str source = join_index(p, list, from);
    int r = add_op(p, JSON_PATCH_MOVE, join_index(p, list, to), NULL);
    if (r < 0)
        return r;
    if (!source.p)
        return err_nomem(p->err);
    p->ops[p->count - 1].from = source;
    return 0;
}

int path_patch_list_move(struct path_patch *p, struct str list, size_t from, size_t to)
{
    struct str beside = {NULL, 0};
    int r = companion(p, list, &beside);
    if (r == 0)
        r = move_item(p, list, from, to);
    if (r < 0 || !beside.p)
        return r;
    return move_item(p, beside, from, to);
}

/* ---- splitting a path ---- */

int path_patch_split(const struct path_patch *p, const struct fhir_path *path,
    const struct fhir_path **ret_before, struct str *ret_name)
{
    struct fhir_path *before = arena_alloc(p->scratch, sizeof(*before));
    struct fhir_path *last = before;
    if (!before)
        return err_nomem(p->err);
    if (path->op == PATH_NAME) {
        before->op = PATH_THIS;
        *ret_before = before;
        *ret_name = path->name;
        return 0;
    }
    *before = (struct fhir_path){.op = PATH_CHAIN};
    for (const struct fhir_path *step = path->operands; step; step = step->next) {
        struct fhir_path *copy = NULL;
        if (path->op == PATH_CHAIN && !step->next && step->op == PATH_MEMBER &&
            before->operands) {
            *ret_before = before;
            *ret_name = step->name;
            return 0;
        }
        copy = arena_alloc(p->scratch, sizeof(*copy));
        if (!copy)
            return err_nomem(p->err);
        *copy = *step;
        copy->next = NULL;
        if (last == before)
            before->operands = copy;
        else
            last->next = copy;
        last = copy;
    }
    return path_patch_fail(
        p, E_INVALID, "the path gives nothing, and does not end in the name of a list");
}
