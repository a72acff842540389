/* SPDX-License-Identifier: Apache-2.0 */
/* Figures of the node: what the writer counts as it goes, and what files take. */
#include "store/driver.h"
#include "store/folder.h"
#include "store/internal.h"
#include "store/writer.h"

static int counts_read(struct store_reader *r, struct store_stats *out, struct err *err)
{
    struct store *s = r->store;
    int code = s->driver->last_seq(r->conn, &out->versions, err);

    for (unsigned i = 0; i <= FHIR_TYPE_NUMBER_MAX && code == 0; i++)
        code = count_get(s, r->conn, i, &out->records[i], err);
    if (code == 0)
        code = count_get(s, r->conn, COUNT_DELETED, &out->deleted, err);
    if (code == 0)
        code = count_get(s, r->conn, COUNT_BODY_BYTES, &out->body_bytes, err);
    if (code == 0)
        code = count_get(s, r->conn, COUNT_BLOB_BYTES, &out->blob_bytes, err);
    return code;
}

int store_stats(struct store *s, struct store_stats *ret, struct err *err)
{
    struct store_stats out = {0};
    struct store_reader *r = NULL;
    int code = reader_take(s, true, true, &r, err);

    if (code < 0)
        return code;
    code = counts_read(r, &out, err);
    store_read_end(r);
    if (code == 0 && s->path)
        code = folder_bytes(s->path, &out.file_bytes, err);
    if (code < 0)
        return code;
    out.commits = atomic_load(&s->commits);
    out.transactions = atomic_load(&s->transactions);
    *ret = out;
    return 0;
}

int store_table_stats(struct store *s,
    void (*visit)(
        void *arg, const char *view, const char *table, int64_t rows, int64_t bytes),
    void *arg, struct err *err)
{
    struct store_reader *r = NULL;
    int64_t rows = 0;
    int64_t bytes = 0;
    int code = reader_take(s, true, true, &r, err);

    if (code < 0)
        return code;
    for (unsigned i = 0; i < s->table_count && code == 0; i++) {
        code = s->driver->table_size(r->conn, i, &rows, &bytes, err);
        if (code == 0)
            visit(
                arg, s->views[s->tables[i].view]->name, s->tables[i].name, rows, bytes);
    }
    store_read_end(r);
    return code;
}
