/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Stories of the demonstration: what people of a growing hospital did, one step after the
 * other, each by who would have done it and at the time at which it would have been done. Where
 * all of them stand as they shall they are left alone; else all that they wrote is taken away,
 * what they begin with is put, and they are told anew.
 *
 *   stands   paths, each with the members that its answer must have: "period.start"
 *   words    what the steps write, to be taken away first: records, and searches
 *   records  what it begins with
 *   calls    the steps (demo_steps.c); "as" names the record that a step answers with, and
 *            "$(NAME)" in the path or the body of a later one is its id. The path "$look" is
 *            what the node does by itself each minute: it looks where the gaps stand
 */
#include <string.h>

#include "base/limits.h"

#include "app/demo_internal.h"
#include "app/gap.h"

static const struct json *member_named(const struct json *json, struct str name)
{
    struct json_each it = json_each(json);

    while (json_next(&it)) {
        if (str_eq(it.name, name))
            return it.value;
    }
    return NULL;
}

/* The member of ${json} at ${path}, of names and numbers between dots. */
static const struct json *member_at(const struct json *json, struct str path)
{
    while (json && path.p) {
        struct str name = str_cut(&path, '.');
        int64_t at = 0;

        if (json_kind(json) == JSON_ARRAY)
            json = text_int(name, 0, INT32_MAX, &at) ? json_at(json, (size_t)at) : NULL;
        else
            json = member_named(json, name);
    }
    return json;
}

static bool has_all(const struct json *record, const struct json *members)
{
    struct json_each it = json_each(members);

    while (json_next(&it)) {
        struct str found = json_text(member_at(record, it.name));

        if (!found.p || !str_eq(found, json_text(it.value)))
            return false;
    }
    return true;
}

static bool stands(struct demo_loading *l, const struct json *story)
{
    struct json_each it = json_each(json_get(story, "stands"));
    bool there = true;

    while (there && json_next(&it)) {
        const struct json *record = demo_read(l, json_get_text(it.value, "path"));

        there = record && has_all(record, json_get(it.value, "has"));
        arena_reset(l->arena);
    }
    return there;
}

/* ---- beginning ---- */

/* Take away what the search ${path} finds. */
static int remove_found(struct demo_loading *l, struct str path, struct err *err)
{
    struct demo_loading each = {l->app, arena_new(), l->now};
    bool own = memchr(path.p, '/', path.len) != NULL;
    struct json_each it = json_each(json_get(demo_read(l, path), "entry"));
    int r = each.arena ? 0 : err_nomem(err);

    while (r == 0 && json_next(&it)) {
        const struct json *record = json_get(it.value, "resource");
        struct str type = json_get_text(record, "resourceType");
        struct str id = json_get_text(record, "id");
        const char *one = arena_printf(l->arena, "%s%.*s/%.*s", own ? "programme/" : "",
            (int)type.len, type.p, (int)id.len, id.p);

        r = one ? demo_remove(&each, str_of(one), err) : err_nomem(err);
    }
    arena_free(each.arena);
    arena_reset(l->arena);
    return r;
}

static int begin(struct demo_loading *l, const struct json *story, struct err *err)
{
    struct json_each words = json_each(json_get(story, "words"));
    struct json_each records = json_each(json_get(story, "records"));
    int r = 0;

    while (r == 0 && json_next(&words)) {
        struct str path = json_text(words.value);

        r = memchr(path.p, '?', path.len) ? remove_found(l, path, err)
                                          : demo_remove(l, path, err);
    }
    while (r == 0 && json_next(&records))
        r = demo_put(l, records.value, err);
    return r;
}

/* ---- telling ---- */

#define NAMES 64

/* Ids that the steps of a story so far were answered with. */
struct telling {
    struct demo_loading *l;
    struct arena *kept;
    struct {
        struct str name, id;
    } names[NAMES];
    size_t count;
};

static int keep_name(
    struct telling *t, struct str name, const struct app_call *call, struct err *err)
{
    const struct json *json = NULL;
    struct str id = {NULL, 0};
    int r = name.p ? json_read_trusted(t->kept,
                         (struct str){call->answer.data, call->answer.len}, &json, err)
                   : 0;

    if (r < 0 || !name.p)
        return r;
    id = json_get_text(json, "id");
    if (!id.p || t->count == NAMES)
        return err_set(err, E_BUG, NULL, "A step of the demonstration gave no id.");
    t->names[t->count].name = name;
    t->names[t->count++].id = str_of(arena_printf(t->kept, "%.*s", (int)id.len, id.p));
    return 0;
}

static struct str id_of(const struct telling *t, struct str name)
{
    for (size_t i = t->count; i > 0; i--) {
        if (str_eq(t->names[i - 1].name, name))
            return t->names[i - 1].id;
    }
    return (struct str){NULL, 0};
}

/* Append ${text}, each "$(NAME)" in it replaced. */
static int put_names(
    struct buf *b, const struct telling *t, struct str text, struct err *err)
{
    while (text.len > 0) {
        const char *found = memmem(text.p, text.len, "$(", 2);
        size_t before = found ? (size_t)(found - text.p) : text.len;
        struct str name = {NULL, 0};
        struct str id = {NULL, 0};

        buf_add(b, text.p, before);
        if (!found)
            break;
        text = (struct str){found + 2, text.len - before - 2};
        name = str_cut(&text, ')');
        id = id_of(t, name);
        if (!id.p)
            return err_set(err, E_BUG, NULL, "No step was named %.*s before.",
                (int)(name.len > 40 ? 40 : name.len), name.p);
        buf_add(b, id.p, id.len);
    }
    return buf_error(b, "The demonstration", err);
}

static int do_step(struct telling *t, const struct json *step, struct err *err)
{
    struct app_call call = {.app = NULL};
    struct buf plain, path, body;
    int r = 0;

    buf_init(&plain, LIMIT_RECORD_BYTES);
    buf_init(&path, LIMIT_RECORD_BYTES);
    buf_init(&body, LIMIT_RECORD_BYTES);
    r = demo_step_call(t->l, step, &plain, &call, err);
    if (r == 0)
        r = put_names(&path, t, call.path, err);
    if (r == 0)
        r = put_names(&body, t, call.body, err);
    call.path = (struct str){path.data, path.len};
    call.body = (struct str){body.data, body.len};
    if (r == 0 && str_is(call.path, "$look"))
        r = gap_run(t->l->app, NULL, call.at, NULL, err);
    else if (r == 0)
        r = demo_run(&call, 200, 201, err);
    if (r == 0)
        r = keep_name(t, json_get_text(step, "as"), &call, err);
    app_call_done(&call);
    buf_done(&plain);
    buf_done(&path);
    buf_done(&body);
    arena_reset(t->l->arena);
    return r;
}

static int tell(struct demo_loading *l, const struct json *story, struct err *err)
{
    struct json_each it = json_each(json_get(story, "calls"));
    struct telling t = {.l = l, .kept = arena_new()};
    int r = t.kept ? 0 : err_nomem(err);

    while (r == 0 && json_next(&it))
        r = do_step(&t, it.value, err);
    arena_free(t.kept);
    return r;
}

/* ---- all ---- */

int demo_load_stories(
    struct app *app, struct arena *a, struct str text, utc_ms now, struct err *err)
{
    struct demo_loading l = {.app = app, .arena = arena_new(), .now = now};
    const struct json *list = NULL;
    struct json_each it;
    bool all = true;
    int r = l.arena ? json_read_trusted(a, text, &list, err) : err_nomem(err);

    it = json_each(list);
    while (r == 0 && all && json_next(&it))
        all = stands(&l, it.value);
    /* one stands in another's way, and on it: all of them, or none */
    it = json_each(list);
    while (r == 0 && !all && json_next(&it))
        r = begin(&l, it.value, err);
    arena_free(l.arena);
    if (r < 0 || all)
        return r;
    l.arena = a;
    return demo_each(&l, list, tell, err);
}
