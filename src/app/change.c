/* SPDX-License-Identifier: Apache-2.0 */
#include "app/change.h"

#include <string.h>

int change_put(struct change *c, const struct fhir_type *type, struct str id,
    const struct store_record *before, const struct buf *b, struct err *err)
{
    struct arena *a = c->call->arena;
    struct record_room room = {c->call->app, a, a};
    struct store_write *w = &c->list[c->count];
    const struct json *resource = NULL;
    int r = 0;

    if (c->count == CHANGE_RECORDS)
        return err_set(err, E_BUG, NULL, "A change holds too many records.");
    r = body_made(a, b, type, &resource, err);
    if (r < 0)
        return r;
    *w = (struct store_write){.type = type, .id = id, .operation = STORE_UPDATE};
    record_expect(w, before);
    r = record_prepare(&room, w, resource, NULL, err);
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
