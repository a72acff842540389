/* SPDX-License-Identifier: Apache-2.0 */
/* Records out of one snapshot, one after another. */
#include "app/export.h"

#include "app/app_internal.h"
#include "app/audit_internal.h"

#define AT_ONCE 1000

/* What stays the same from record to record. */
struct export_run {
    struct app *app;
    struct store_reader *reader;
    struct arena *arena; /* emptied after each record */
    struct buf text;
    int (*line)(void *arg, struct str record, struct err *err);
    void *arg;
};

static int export_record(struct export_run *run, store_rid rid, struct err *err)
{
    struct store_record record = {0};
    int r = store_get_rid(run->reader, run->arena, rid, true, &record, err);

    if (r < 0)
        return r;
    if (record.operation == STORE_DELETE || record.erased)
        return 0;
    buf_clear(&run->text);
    record_write(&run->text, &record);
    r = buf_error(&run->text, "The record", err);
    if (r == 0)
        r = run->line(run->arg, (struct str){run->text.data, run->text.len}, err);
    arena_reset(run->arena);
    return r;
}

static int export_type(struct export_run *run, unsigned type, struct err *err)
{
    store_rid rids[AT_ONCE];
    store_rid after = 0;
    size_t count = 0;
    int r;

    do {
        r = store_rids(run->reader, type, after, rids, AT_ONCE, &count, err);
        /* told before they leave */
        if (r == 0 && count > 0)
            r = audit_export(run->app, run->reader,
                &(struct audit_exported){type, rids, count}, err);
        for (size_t i = 0; r == 0 && i < count; i++)
            r = export_record(run, rids[i], err);
        if (count > 0)
            after = rids[count - 1];
    } while (r == 0 && count == AT_ONCE);
    return r;
}

int app_export(struct app *app, const struct fhir_type *type,
    int (*line)(void *arg, struct str record, struct err *err), void *arg,
    struct err *err)
{
    struct export_run run = {.app = app, .line = line, .arg = arg};
    int r;

    buf_init(&run.text, LIMIT_RESPONSE_BYTES);
    run.arena = arena_new();
    if (!run.arena)
        return err_nomem(err);
    r = store_read_begin(app->store, &run.reader, err);
    for (unsigned number = 1; r == 0 && number <= FHIR_TYPE_NUMBER_MAX; number++) {
        const struct fhir_type *each = fhir_type_numbered(number);

        if (each && (!type || each == type))
            r = export_type(&run, number, err);
    }
    store_read_end(run.reader);
    arena_free(run.arena);
    buf_done(&run.text);
    return r;
}
