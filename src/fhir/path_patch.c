/* SPDX-License-Identifier: Apache-2.0 */
/*
 * FHIRPath Patch (R4, "FHIRPath Patch"): each operation is turned into JSON Patch
 * operations on the record as the operations before it left it. Two scratch arenas take
 * turns, so that a long patch of a large record needs the room of two, not of all.
 *
 * JSON keeps a primitive's id and extensions in a companion member, "_birthDate" beside
 * "birthDate": what is deleted, replaced or moved takes its companion along.
 */
#include "base/limits.h"

#include "fhir/path.h"
#include "fhir/path_patch_internal.h"
#include "json/patch.h"

/* ---- reading an operation ---- */

static struct str part_text(const struct json *part)
{
    struct json_each it = json_each(part);
    while (json_next(&it))
        if (str_starts(it.name, "value") && json_is_string(it.value))
            return json_text(it.value);
    return (struct str){NULL, 0};
}

static bool part_index(const struct json *part, size_t *ret)
{
    int64_t v;
    if (!text_int(json_text(json_get(part, "valueInteger")), 0, INT32_MAX, &v))
        return false;
    *ret = (size_t)v;
    return true;
}

static int fail_op(const struct path_patch *p, const char *what)
{
    return path_patch_fail(p, E_INVALID, "%s", what);
}

static int read_part(
    const struct path_patch *p, const struct json *part, struct path_operation *op)
{
    struct str name = json_get_text(part, "name");
    if (str_is(name, "type"))
        op->type = part_text(part);
    else if (str_is(name, "path"))
        op->path = part_text(part);
    else if (str_is(name, "name"))
        op->name = part_text(part);
    else if (str_is(name, "value"))
        op->value = part;
    else if (str_is(name, "index"))
        op->has_index = part_index(part, &op->index);
    else if (str_is(name, "source"))
        op->has_source = part_index(part, &op->source);
    else if (str_is(name, "destination"))
        op->has_destination = part_index(part, &op->destination);
    else
        return path_patch_fail(p, E_INVALID, "a part named \"%.*s\" is not known",
            (int)(name.len > 60 ? 60 : name.len), name.p ? name.p : "");
    return 0;
}

static int read_operation(const struct path_patch *p, const struct json *parameter,
    struct path_operation *ret)
{
    struct path_operation op = {0};
    struct json_each it = json_each(json_get(parameter, "part"));
    if (!str_is(json_get_text(parameter, "name"), "operation"))
        return fail_op(p, "the parameter must be named \"operation\"");
    while (json_next(&it)) {
        int r = read_part(p, it.value, &op);
        if (r < 0)
            return r;
    }
    if (!op.path.p)
        return fail_op(p, "a part \"path\" with a text is missing");
    *ret = op;
    return 0;
}

/* ---- places ---- */

static int evaluate_path(const struct path_patch *p, const struct fhir_path *path,
    struct fhir_path_result *ret)
{
    return fhir_path_evaluate(p->scratch, path, p->now, ret, p->err);
}

/* The one place of the record that the operation's path names. ${none_ok}: no place
 * gives a NULL pointer. */
static int find_place(const struct path_patch *p, const struct fhir_path *path,
    bool none_ok, struct fhir_path_item *ret)
{
    struct fhir_path_result found = {0};
    int r = evaluate_path(p, path, &found);
    if (r < 0)
        return r;
    if (found.count == 0 && none_ok) {
        *ret = (struct fhir_path_item){0};
        return 0;
    }
    if (found.count != 1)
        return path_patch_fail(
            p, E_INVALID, "the path gives %zu places where one is needed", found.count);
    if (!found.items[0].pointer)
        return fail_op(p, "the path gives a computed value, not a place of the record");
    *ret = found.items[0];
    return 0;
}

static bool is_root(const struct fhir_path_item *place)
{
    return !place->pointer || place->pointer[0] == '\0';
}

/* The array behind the items of ${found}: their common pointer without the index. */
static int list_of(
    const struct path_patch *p, const struct fhir_path_result *found, struct str *ret)
{
    struct str list = {NULL, 0};
    for (size_t i = 0; i < found->count; i++) {
        struct str at = path_patch_parent(str_of(found->items[i].pointer));
        if (!found->items[i].pointer || !json_is_array(path_patch_get(p->now, at)) ||
            (list.p && !str_eq(list, at)))
            return fail_op(p, "the path must give the items of one list");
        list = at;
    }
    if (json_count(path_patch_get(p->now, list)) != found->count)
        return fail_op(p, "the path must give all items of the list");
    *ret = list;
    return 0;
}

/* ---- operations ---- */

static int do_add(struct path_patch *p, const struct path_operation *op)
{
    struct fhir_path_item parent = {0};
    int r;
    if (!op->name.p || !op->value)
        return fail_op(p, "add needs a name and a value");
    r = find_place(p, op->parsed, false, &parent);
    if (r < 0)
        return r;
    if (!json_is_object(parent.value))
        return fail_op(p, "the path of add leads to a value without elements");
    return path_patch_add_element(p, &parent, op->name, op->value);
}

/* The first item of a list that is not there yet: its parent is what the path without
 * its last name gives. */
static int insert_first(struct path_patch *p, const struct path_operation *op)
{
    struct fhir_path_item parent = {0};
    const struct fhir_path *before = NULL;
    struct str name = {NULL, 0};
    int r = path_patch_split(p, op->parsed, &before, &name);
    if (r == 0)
        r = find_place(p, before, false, &parent);
    if (r < 0)
        return r;
    return path_patch_add_element(p, &parent, name, op->value);
}

static int do_insert(struct path_patch *p, const struct path_operation *op)
{
    struct fhir_path_result found = {0};
    struct str list = {NULL, 0};
    const struct json *value = NULL;
    int r;
    if (!op->has_index || !op->value)
        return fail_op(p, "insert needs an index and a value");
    r = evaluate_path(p, op->parsed, &found);
    if (r < 0)
        return r;
    if (op->index > found.count)
        return fail_op(p, "the index is behind the end of the list");
    if (found.count == 0)
        return insert_first(p, op);
    r = list_of(p, &found, &list);
    if (r == 0)
        r = path_patch_value(p, op->value, found.items[0].type, &value);
    return r < 0 ? r : path_patch_list_insert(p, list, op->index, value);
}

static int do_delete(struct path_patch *p, const struct path_operation *op)
{
    struct fhir_path_item place = {0};
    int r = find_place(p, op->parsed, true, &place);
    if (r < 0 || !place.pointer)
        return r;
    if (is_root(&place))
        return fail_op(p, "the whole record cannot be deleted by a patch");
    return path_patch_delete(p, str_of(place.pointer));
}

static int do_replace(struct path_patch *p, const struct path_operation *op)
{
    struct fhir_path_item place = {0};
    int r;
    if (!op->value)
        return fail_op(p, "replace needs a value");
    r = find_place(p, op->parsed, false, &place);
    if (r < 0)
        return r;
    if (is_root(&place))
        return fail_op(p, "the whole record cannot be replaced by a patch");
    return path_patch_replace(p, &place, op->value);
}

static int do_move(struct path_patch *p, const struct path_operation *op)
{
    struct fhir_path_result found = {0};
    struct str list = {NULL, 0};
    int r;
    if (!op->has_source || !op->has_destination)
        return fail_op(p, "move needs a source and a destination");
    r = evaluate_path(p, op->parsed, &found);
    if (r == 0)
        r = list_of(p, &found, &list);
    if (r < 0)
        return r;
    if (op->source >= found.count || op->destination >= found.count)
        return fail_op(
            p, "the source or the destination is behind the end of the list");
    return path_patch_list_move(p, list, op->source, op->destination);
}

static int make_ops(struct path_patch *p, const struct json *parameter)
{
    static const struct {
        const char *name;
        int (*run)(struct path_patch *p, const struct path_operation *op);
    } types[] = {{"add", do_add}, {"insert", do_insert}, {"delete", do_delete},
        {"replace", do_replace}, {"move", do_move}};
    struct path_operation op = {0};
    int r = read_operation(p, parameter, &op);
    if (r == 0)
        r = fhir_path_parse(p->scratch, op.path, &op.parsed, p->err);
    if (r < 0)
        return r;
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
        if (str_is(op.type, types[i].name))
            return types[i].run(p, &op);
    return fail_op(p, "the part \"type\" must be add, insert, delete, replace or move");
}

/* Fill in where it went wrong, unless a path is there already. */
static int fail_where(struct path_patch *p, int r)
{
    if (p->err && p->err->path[0] == '\0')
        snprintf(
            p->err->path, sizeof(p->err->path), "Parameters.parameter[%zu]", p->at);
    return r;
}

static int run_all(
    struct path_patch *p, const struct json *list, struct arena *scratch[2])
{
    struct json_each it = json_each(list);
    while (json_next(&it)) {
        const struct json *next = NULL;
        int r;
        p->at = it.index;
        p->count = 0;
        p->scratch = scratch[it.index % 2];
        arena_reset(p->scratch);
        r = make_ops(p, it.value);
        if (r == 0)
            r = json_patch_apply(p->scratch, p->now, p->ops, p->count, &next, p->err);
        if (r < 0)
            return fail_where(p, r);
        p->now = next;
    }
    return 0;
}

int fhir_path_patch(struct arena *a, const struct json *target,
    const struct json *parameters, const struct json **ret, struct err *err)
{
    struct path_patch p = {.now = target, .err = err};
    const struct json *list = json_get(parameters, "parameter");
    struct arena *scratch[2] = {NULL, NULL};
    int r = 0;
    if (!str_is(json_get_text(parameters, "resourceType"), "Parameters"))
        return err_set(err, E_INVALID, NULL,
            "A FHIRPath Patch is a Parameters resource; this is not.");
    if (json_count(list) > LIMIT_PATCH_OPS)
        return err_set(err, E_TOO_LARGE, NULL,
            "The patch has %zu operations; at most %d are allowed.", json_count(list),
            LIMIT_PATCH_OPS);
    scratch[0] = arena_new();
    scratch[1] = arena_new();
    if (!scratch[0] || !scratch[1])
        r = err_nomem(err);
    if (r == 0)
        r = run_all(&p, list, scratch);
    if (r == 0)
        r = json_patch_apply(a, p.now, NULL, 0, ret, err);
    arena_free(scratch[0]);
    arena_free(scratch[1]);
    return r;
}
