/* SPDX-License-Identifier: Apache-2.0 */
#include "app/change.h"

#include <string.h>

int change_prepare(struct app_call *call, const struct change_of *of,
    const struct buf *b, struct store_write *w, struct err *err)
{
    struct arena *a = call->arena;
    struct record_room room = {call->app, a, a};
    const struct json *resource = NULL;
    int r = body_made(a, b, of->type, &resource, err);

    if (r < 0)
        return r;
    *w =
        (struct store_write){.type = of->type, .id = of->id, .operation = STORE_UPDATE};
    record_expect(w, of->before);
    return record_prepare(&room, w, resource, NULL, err);
}

int change_put(struct change *c, const struct fhir_type *type, struct str id,
    const struct store_record *before, const struct buf *b, struct err *err)
{
    const struct change_of of = {type, id, before};
    int r = 0;

    if (c->count == CHANGE_RECORDS)
        return err_set(err, E_BUG, NULL, "A change holds too many records.");
    r = change_prepare(c->call, &of, b, &c->list[c->count], err);
    c->count += r == 0;
    return r;
}

int change_commit(struct change *c, struct err *err)
{
    struct store_transaction t = {.writes = c->list,
        .count = c->count,
        .actor = call_actor(c->call),
        .who = call_who(c->call)};
    int r = store_commit(c->call->app->store, &t, err);

    return r;
}

struct app_call change_by_node(struct app *app, struct arena *a)
{
    return (struct app_call){.app = app,
        .arena = a,
        .caller = {.name = STR("belay"), .role = STR("program")},
        .base = app->base[APP_FHIR],
        .node_ = true};
}
