/* SPDX-License-Identifier: Apache-2.0 */
#include "app/catalogue_node.h"

#include "base/log.h"

#include "app/app_internal.h"
#include "app/setting.h"

#define USED "catalogue-used"
#define TEXTS "catalogue/"

int catalogue_node_used(
    struct app *app, struct arena *a, struct str *ret, struct err *err)
{
    int r = store_setting_get(app->store, a, USED, ret, err);

    if (r == E_NOT_FOUND) {
        *ret = (struct str){NULL, 0};
        return 0;
    }
    return r;
}

int catalogue_node_text(
    struct app *app, struct arena *a, struct str *ret, struct err *err)
{
    struct str version = {NULL, 0};
    int r = catalogue_node_used(app, a, &version, err);

    if (r == 0 && version.p)
        return setting_get(app, a, TEXTS, version, ret, err);
    if (r == 0)
        *ret = catalogue_built_in_text();
    return r;
}

int catalogue_node_versions(struct app *app, struct arena *a, struct str **ret,
    size_t *ret_count, struct err *err)
{
    return setting_keys(app, a, TEXTS, ret, ret_count, err);
}

static int load(struct app *app, struct arena *a, struct str version, struct err *err)
{
    struct catalogue *own = arena_alloc(app->arena, sizeof(*own));
    struct catalogue_faults *faults = arena_alloc(a, sizeof(*faults));
    struct str text = {NULL, 0};
    const char *kept = NULL;
    int r = own && faults ? setting_get(app, a, TEXTS, version, &text, err)
                          : err_nomem(err);

    if (r == 0)
        r = catalogue_read(app->arena, text, own, faults, err);
    if (r == 0)
        kept = arena_strndup(app->arena, text.p, text.len);
    if (r == 0 && !kept)
        r = err_nomem(err);
    if (r == E_NOT_FOUND || r == E_INVALID) {
        log_line(LOG_ERROR,
            "catalogue %.*s cannot be read: the one that came with Belay is used",
            (int)version.len, version.p);
        return 0;
    }
    if (r == 0) {
        app->catalogue = own;
        app->catalogue_text = (struct str){kept, text.len};
        catalogue_use(own);
    }
    return r;
}

int catalogue_node_load(struct app *app, struct err *err)
{
    struct arena *a = arena_new();
    struct str version = {NULL, 0};
    int r = a ? catalogue_node_used(app, a, &version, err) : err_nomem(err);

    if (r == 0 && version.p)
        r = load(app, a, version, err);
    arena_free(a);
    return r;
}

void catalogue_node_leave(struct app *app)
{
    if (app->catalogue && catalogue_procedures == app->catalogue->procedures)
        catalogue_use(&catalogue_built_in);
    app->catalogue = NULL;
    app->catalogue_text = (struct str){NULL, 0};
}

/* A name means one text for ever. */
static int check_version(struct app *app, struct arena *a, struct str version,
    struct str text, struct err *err)
{
    struct str before = {NULL, 0};
    int r = 0;

    if (str_is(version, catalogue_built_in.version)) {
        before = catalogue_built_in_text();
    } else {
        r = setting_get(app, a, TEXTS, version, &before, err);
        if (r == E_NOT_FOUND)
            return 0;
    }
    if (r == 0 && !str_eq(before, text))
        r = err_set(err, E_INVALID, "catalogue",
            "There is a catalogue %.*s already, which says something else: give this "
            "one another version.",
            (int)version.len, version.p);
    return r;
}

int catalogue_node_import(struct app *app, struct arena *a, struct str text,
    struct catalogue *ret, struct catalogue_faults *faults, struct err *err)
{
    struct catalogue made = {NULL};
    struct str version = {NULL, 0};
    int r = catalogue_read(a, text, &made, faults, err);

    if (r < 0)
        return r;
    version = str_of(made.version);
    r = check_version(app, a, version, text, err);
    if (r == 0 && str_is(version, catalogue_built_in.version))
        version = (struct str){NULL, 0};
    else if (r == 0)
        r = setting_put(app, TEXTS, version, text, err);
    if (r == 0)
        r = store_setting_put(app->store, USED, version, err);
    if (r == 0)
        *ret = made;
    return r;
}

int catalogue_node_choose(struct app *app, struct str version, struct err *err)
{
    struct arena *a = arena_new();
    bool there = false;
    int r = a ? 0 : err_nomem(err);

    if (r == 0 && str_is(version, catalogue_built_in.version))
        version = (struct str){NULL, 0};
    if (r == 0 && version.p)
        r = setting_has(app, a, TEXTS, version, &there, err);
    if (r == 0 && version.p && !there)
        r = err_set(err, E_NOT_FOUND, "catalogue", "This node has no catalogue %.*s.",
            (int)version.len, version.p);
    if (r == 0)
        r = store_setting_put(app->store, USED, version, err);
    arena_free(a);
    return r;
}
