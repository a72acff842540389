/* SPDX-License-Identifier: Apache-2.0 */
/* Checking records: found by name, heads and past as the log says, counters right. */
#include <stdio.h>

#include "store/verify.h"

static const char *verify_type(unsigned number)
{
    const struct fhir_type *type = fhir_type_numbered(number);

    return type ? type->name : "(outside)";
}

/* What the records add up to, against what the writer counted. */
struct tally {
    int64_t live[FHIR_TYPE_NUMBER_MAX + 1];
    uint8_t *named; /* a bit a version: its record knows it, as a head or as past */
};

static void head_check(struct verify *v, struct tally *t, const char *where,
    store_rid rid, int64_t seq, struct driver_version *ret)
{
    int r = v->store->driver->version_get(v->reader->conn, seq, false, ret, NULL);

    if (r < 0 || seq > v->seq || seq < 1) {
        verify_fault(
            v, where, "Its head, version %lld, is not in the log.", (long long)seq);
        *ret = (struct driver_version){0};
        return;
    }
    if (ret->rid != rid)
        verify_fault(
            v, where, "Its head, version %lld, is of another record.", (long long)seq);
    if (verify_is_superseded(v, seq))
        verify_fault(
            v, where, "Its head, version %lld, has a successor.", (long long)seq);
    t->named[seq / 8] |= (uint8_t)(1u << (seq % 8));
}

/* Past versions of a record: each must be one of its own that has a successor. */
static int past_check(struct verify *v, struct tally *t, const char *where,
    store_rid rid, struct err *err)
{
    int64_t seqs[LIMIT_HEADS];
    struct driver_list q = {
        .of = rid, .from = INT64_MAX, .down = true, .out = seqs, .limit = LIMIT_HEADS};
    int r = 0;

    do {
        r = v->store->driver->past_list(v->reader->conn, &q, err);
        for (size_t i = 0; i < q.count && r == 0; i++) {
            q.from = seqs[i];
            if (seqs[i] < 1 || seqs[i] > v->seq || !verify_is_superseded(v, seqs[i]))
                verify_fault(v, where, "Version %lld is no past version of it.",
                    (long long)seqs[i]);
            else
                t->named[seqs[i] / 8] |= (uint8_t)(1u << (seqs[i] % 8));
        }
    } while (r == 0 && q.count == q.limit);
    return r;
}

static int record_check(
    struct verify *v, struct tally *t, const struct driver_record *row, struct err *err)
{
    const struct driver *d = v->store->driver;
    struct driver_record record = *row;
    struct driver_record found;
    struct driver_version head = {0};
    int64_t seqs[LIMIT_HEADS];
    struct driver_list q = {.of = record.rid,
        .from = INT64_MAX,
        .down = true,
        .out = seqs,
        .limit = LIMIT_HEADS};
    unsigned type = store_rid_type(record.rid);
    char where[ERR_PATH_MAX];
    char *id = arena_strndup(v->arena, record.id.p, record.id.len);
    int r = 0;

    if (!id)
        return err_nomem(err);
    record.id.p = id;
    snprintf(where, sizeof(where), "record %s/%.100s", verify_type(type), id);
    r = d->record_find(v->reader->conn, type, record.id, &found, err);
    if (r < 0 && r != E_NOT_FOUND)
        return r;
    if (r == E_NOT_FOUND || found.rid != record.rid)
        verify_fault(v, where, "It is not found by its name.");
    r = d->head_list(v->reader->conn, &q, err);
    if (r < 0 || record.head == 0)
        return r;
    head_check(v, t, where, record.rid, record.head, &head);
    if (head.seq != 0 && record.live != (head.operation != STORE_DELETE))
        verify_fault(v, where,
            "It counts as %s, but its current version says otherwise.",
            record.live ? "live" : "deleted");
    for (size_t i = 0; i < q.count; i++)
        head_check(v, t, where, record.rid, seqs[i], &head);
    if (record.live && type <= FHIR_TYPE_NUMBER_MAX)
        t->live[type]++;
    return past_check(v, t, where, record.rid, err);
}

static int tally_check(struct verify *v, const struct tally *t, struct err *err)
{
    char where[64];
    int64_t count = 0;
    int r = 0;

    for (int64_t seq = 1; seq <= v->seq; seq++) {
        if (t->named[seq / 8] >> (seq % 8) & 1)
            continue;
        snprintf(where, sizeof(where), "version %lld", (long long)seq);
        verify_fault(v, where, "Its record knows it neither as a head nor as past.");
    }
    for (unsigned type = 0; type <= FHIR_TYPE_NUMBER_MAX && r == 0; type++) {
        r = count_get(v->store, v->reader->conn, type, &count, err);
        snprintf(where, sizeof(where), "type %s", verify_type(type));
        if (r == 0 && count != t->live[type])
            verify_fault(v, where, "%lld records are live, but %lld were counted.",
                (long long)t->live[type], (long long)count);
    }
    return r;
}

int verify_records(struct verify *v, struct err *err)
{
    struct tally *t = base_malloc(sizeof(*t));
    struct driver_record record;
    store_rid rid = 0;
    int r = 0;

    if (!t)
        return err_nomem(err);
    memset(t, 0, sizeof(*t));
    t->named = base_malloc((size_t)v->seq / 8 + 1);
    if (!t->named) {
        r = err_nomem(err);
        goto out;
    }
    memset(t->named, 0, (size_t)v->seq / 8 + 1);
    while (r == 0) {
        r = v->store->driver->record_next(v->reader->conn, rid, &record, err);
        if (r < 0)
            break;
        rid = record.rid;
        r = record_check(v, t, &record, err);
        arena_reset(v->arena);
    }
    if (r == E_NOT_FOUND)
        r = tally_check(v, t, err);
out:
    base_free(t->named);
    base_free(t);
    return r;
}
