/* SPDX-License-Identifier: Apache-2.0 */
/* Entries of changes, made on the writer's thread inside their transaction. */
#include "app/audit_internal.h"
#include "view/patients.h"

static enum audit_kind kind_of(enum store_operation operation)
{
    switch (operation) {
    case STORE_CREATE:
        return AUDIT_CREATE;
    case STORE_UPDATE:
        return AUDIT_UPDATE;
    case STORE_DELETE:
        break;
    }
    return AUDIT_DELETE;
}

struct telling {
    struct store_tx *tx;
    struct arena *arena;
    struct search_bases bases; /* our own addresses, which records may spell out */
    struct audit_batch *batch;
    size_t place; /* of the transaction's author */
    utc_ms now;
};

/* The version before ${w} was not looked at by its caller: look now. */
static int patients_before(struct telling *tell, const struct store_write *w,
    struct patients *ret, struct err *err)
{
    struct store_reader *r = store_tx_reader(tell->tx);
    struct store_history h = {
        .rid = w->rid, .before = w->seq, .limit = 1, .body = true};
    struct store_record *list = NULL;
    const struct json *json = NULL;
    size_t count = 0;
    int code = r ? store_history(r, tell->arena, &h, &list, &count, err) : 0;

    if (code == 0 && count == 1 && list[0].body.len > 0)
        code = json_read_trusted(tell->arena, list[0].body, &json, err);
    if (code == 0 && json)
        code = patients_of_json(r, w->type->number, json, &tell->bases, ret, err);
    return code;
}

/* Those it is about now and those it was about before. */
static int patients_of_change(struct telling *tell, const struct store_write *w,
    struct patients *ret, struct err *err)
{
    unsigned type = w->type->number;
    int r = 0;

    if (!patients_in_type(type))
        return 0;
    if (strcmp(w->type->name, "Patient") == 0)
        patients_add(ret, w->rid);
    if (w->done != STORE_DELETE && w->prepared[0])
        r = patients_of_prepared(
            tell->tx, type, w->prepared[0], &tell->bases, ret, err);
    if (r < 0 || w->done == STORE_CREATE)
        return r;
    if (w->old_seq_ != 0 && w->old_prepared_[0])
        return patients_of_prepared(
            tell->tx, type, w->old_prepared_[0], &tell->bases, ret, err);
    return patients_before(tell, w, ret, err);
}

/* One entry for all writes of ${t} of one kind. */
static int tell_kind(struct telling *tell, const struct store_transaction *t,
    enum audit_kind kind, struct err *err)
{
    struct audit_entry e = {.kind = kind, .who = tell->place, .time = tell->now};
    size_t cap = 0;
    int r = 0;

    for (size_t i = 0; r == 0 && i < t->count; i++) {
        const struct store_write *w = &t->writes[i];
        struct patients patients = {.count = 0};

        if (w->unchanged || kind_of(w->done) != kind)
            continue;
        r = patients_of_change(tell, w, &patients, err);
        if (patients.count == 0)
            patients.rids[patients.count++] = 0;
        if (r == 0 && e.item_count + PATIENTS_MAX > cap) {
            size_t more = 2 * cap + PATIENTS_MAX;

            e.items = arena_grow(
                tell->arena, e.items, cap * sizeof(*e.items), more * sizeof(*e.items));
            if (!e.items)
                return err_nomem(err);
            cap = more;
        }
        for (size_t k = 0; r == 0 && k < patients.count; k++)
            e.items[e.item_count++] = (struct audit_item){patients.rids[k], w->seq};
    }
    if (r == 0 && e.item_count > 0)
        tell->batch->entries[tell->batch->entry_count++] = e;
    return r;
}

static int tell_transaction(
    struct telling *tell, const struct store_transaction *t, struct err *err)
{
    static const enum audit_kind kinds[] = {AUDIT_CREATE, AUDIT_UPDATE, AUDIT_DELETE};
    size_t before = tell->batch->entry_count;
    const struct audit_who *who = t->who;
    int r = 0;

    tell->place = tell->batch->who_count;
    for (size_t i = 0; r == 0 && i < sizeof(kinds) / sizeof(kinds[0]); i++)
        r = tell_kind(tell, t, kinds[i], err);
    if (r == 0 && tell->batch->entry_count > before)
        tell->batch->who[tell->batch->who_count++] =
            who ? *who : (struct audit_who){.name = t->actor};
    return r;
}

int audit_changes(void *arg, struct store_tx *tx, struct arena *a,
    const struct store_transaction *first, struct store_block *ret, struct err *err)
{
    struct audit_batch batch = {0};
    const struct audit *trail = arg;
    struct app *app = trail->app;
    struct telling tell = {.tx = tx,
        .arena = a,
        .bases = app_bases(a, app, app->base[APP_FHIR]),
        .batch = &batch,
        .now = time_now()};
    size_t count = 0;
    int r = 0;

    for (const struct store_transaction *t = first; t; t = t->next_)
        count++;
    batch.who = arena_array(a, count, sizeof(*batch.who));
    batch.entries = arena_array(a, 3 * count, sizeof(*batch.entries));
    if (!batch.who || !batch.entries)
        return err_nomem(err);
    for (const struct store_transaction *t = first; r == 0 && t; t = t->next_) {
        if (t->result == 0)
            r = tell_transaction(&tell, t, err);
    }
    if (r < 0 || batch.entry_count == 0)
        return r;
    return audit_encode(a, &batch, ret, err);
}
