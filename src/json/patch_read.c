/* SPDX-License-Identifier: Apache-2.0 */
/* Reading a JSON Patch document into operations. */
#include "base/limits.h"

#include "json/patch.h"

/* What each operation is called and must bring along. */
static const struct verb {
    const char *name;
    bool value;
    bool from;
} VERBS[] = {
    [JSON_PATCH_ADD] = {"add", true, false},
    [JSON_PATCH_REMOVE] = {"remove", false, false},
    [JSON_PATCH_REPLACE] = {"replace", true, false},
    [JSON_PATCH_MOVE] = {"move", false, true},
    [JSON_PATCH_COPY] = {"copy", false, true},
    [JSON_PATCH_TEST] = {"test", true, false},
};
#define VERB_COUNT (sizeof(VERBS) / sizeof(VERBS[0]))

static int fail(struct err *err, size_t at, const char *member, const char *what)
{
    char path[64];
    snprintf(path, sizeof(path), "[%zu].%s", at, member);
    return err_set(
        err, E_INVALID, path, "Operation %zu of the patch needs %s.", at, what);
}

static int read_op(
    const struct json *j, size_t at, struct json_patch_op *ret, struct err *err)
{
    struct json_patch_op op = {0};
    struct str name = json_get_text(j, "op");
    size_t i;
    for (i = 0; i < VERB_COUNT; i++)
        if (str_is(name, VERBS[i].name))
            break;
    if (i == VERB_COUNT)
        return fail(
            err, at, "op", "\"op\" to be add, remove, replace, move, copy or test");
    op.verb = (enum json_patch_verb)i;
    op.path = json_get_text(j, "path");
    op.from = json_get_text(j, "from");
    op.value = json_get(j, "value");
    if (!op.path.p)
        return fail(err, at, "path", "a \"path\"");
    if (VERBS[i].from && !op.from.p)
        return fail(err, at, "from", "a \"from\"");
    if (VERBS[i].value && !op.value)
        return fail(err, at, "value", "a \"value\"");
    *ret = op;
    return 0;
}

int json_patch(struct arena *a, const struct json *target, const struct json *patch,
    const struct json **ret, struct err *err)
{
    struct json_each it = json_each(patch);
    struct json_patch_op *ops = NULL;
    if (!json_is_array(patch))
        return err_set(err, E_INVALID, NULL,
            "A JSON Patch is an array of operations; this is not.");
    if (json_count(patch) > LIMIT_PATCH_OPS)
        return err_set(err, E_TOO_LARGE, NULL,
            "The patch has %zu operations; at most %d are allowed.", json_count(patch),
            LIMIT_PATCH_OPS);
    ops = arena_array(a, json_count(patch), sizeof(*ops));
    if (!ops)
        return err_nomem(err);
    while (json_next(&it)) {
        int r = read_op(it.value, it.index, &ops[it.index], err);
        if (r < 0)
            return r;
    }
    return json_patch_apply(a, target, ops, json_count(patch), ret, err);
}
