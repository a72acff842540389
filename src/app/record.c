/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The form a record is stored in:
 *
 *   {"resourceType":"T","id":"ID","meta":{REST},MEMBERS}
 *
 * REST is the client's meta without versionId and lastUpdated, MEMBERS the client's
 * members in the client's order. "meta" is always there, so that reading puts versionId
 * and lastUpdated behind its brace without looking at the rest:
 *
 *   {"resourceType":"T","id":"ID","meta":{ | "versionId":"V","lastUpdated":"L", | REST...
 */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "app/app_internal.h"

static bool is_server_meta(struct str name)
{
    return str_is(name, "versionId") || str_is(name, "lastUpdated") ||
           str_is(name, "_versionId") || str_is(name, "_lastUpdated");
}

static int write_member(struct buf *b, const struct fhir_type *type, struct str name,
    const struct json *value, struct rewrite *rw, struct err *err)
{
    json_write_text(b, name);
    buf_addc(b, ':');
    if (rw)
        return rewrite_member(b, type, name, value, rw, err);
    json_write(b, value);
    return 0;
}

static int write_meta(
    struct buf *b, const struct json *meta, struct rewrite *rw, struct err *err)
{
    const struct fhir_type *meta_type = rw ? fhir_type_named(STR("Meta")) : NULL;
    struct json_each it = json_each(meta);
    bool comma = false;
    int r = 0;

    while (r == 0 && json_next(&it)) {
        if (is_server_meta(it.name))
            continue;
        if (comma)
            buf_addc(b, ',');
        comma = true;
        r = write_member(b, meta_type, it.name, it.value, rw, err);
    }
    return r;
}

static int write_stored(struct buf *b, const struct fhir_type *type, struct str id,
    const struct json *resource, struct rewrite *rw, struct err *err)
{
    struct json_each it = json_each(resource);
    int r = 0;

    buf_adds(b, "{\"resourceType\":\"");
    buf_adds(b, type->name);
    buf_adds(b, "\",\"id\":\"");
    buf_add(b, id.p, id.len);
    buf_adds(b, "\",\"meta\":{");
    r = write_meta(b, json_get(resource, "meta"), rw, err);
    buf_addc(b, '}');
    while (r == 0 && json_next(&it)) {
        if (str_is(it.name, "resourceType") || str_is(it.name, "id") ||
            str_is(it.name, "_id") || str_is(it.name, "meta"))
            continue;
        buf_addc(b, ',');
        r = write_member(b, type, it.name, it.value, rw, err);
    }
    buf_addc(b, '}');
    return r;
}

/* The stored form of ${resource} under the type and id of ${w}, in ${a}. */
static int make_body(struct arena *a, const struct store_write *w,
    const struct json *resource, struct rewrite *rw, struct str *ret, struct err *err)
{
    struct buf b;
    int r = 0;

    buf_init(&b, LIMIT_RECORD_BYTES);
    r = write_stored(&b, w->type, w->id, resource, rw, err);
    if (r == 0)
        r = buf_keep(&b, a, "The record", ret, err);
    buf_done(&b);
    return r;
}

int record_prepare(const struct record_room *room, struct store_write *w,
    const struct json *resource, struct rewrite *rw, struct err *err)
{
    struct str body = {0};
    const struct json *stored = NULL;
    int r = make_body(room->scratch, w, resource, rw, &body, err);

    /* Views must see exactly what is stored: a rebuild reads the body and nothing else. */
    if (r == 0)
        r = json_read_trusted(room->scratch, body, &stored, err);
    if (r < 0)
        return r;
    w->body = body;
    w->resource = stored;
    if (w->operation == 0)
        w->operation = STORE_UPDATE;
    r = store_prepare(room->app->store, room->kept, w, err);
    w->resource = NULL;
    return r;
}

void record_expect(struct store_write *w, const struct store_record *before)
{
    bool there = before && before->rid && before->operation != STORE_DELETE;

    w->expect = there ? STORE_EXPECT_VID : STORE_EXPECT_ABSENT;
    w->expect_soft = true;
    if (there)
        memcpy(w->expect_vid, before->vid, sizeof(w->expect_vid));
}

/* ---- reading ---- */

/* Copy ${len} bytes to ${p}; the place behind them. */
static inline char *put(char *p, const char *bytes, size_t len)
{
    memcpy(p, bytes, len);
    return p + len;
}

/* Bytes up to and with the brace behind "meta": . */
static size_t prefix_len(const struct store_record *rec, size_t type_len)
{
    return sizeof("{\"resourceType\":\"\",\"id\":\"\",\"meta\":{") - 1 + type_len +
           rec->id.len;
}

void record_write(struct buf *b, const struct store_record *rec)
{
    const struct fhir_type *type = fhir_type_numbered(rec->type);
    size_t head = type ? prefix_len(rec, strlen(type->name)) : 0;
    char *start = NULL;
    char *p = NULL;

    assert(head > 0 && rec->body.len > head && rec->body.p[head - 1] == '{');
    if (head == 0 || rec->body.len <= head) {
        buf_adds(b, "{}");
        return;
    }
    start = buf_reserve(b, rec->body.len + 64 + STORE_VID_CHARS + TIME_ISO_MAX);
    if (!start)
        return;
    p = put(start, rec->body.p, head);
    p = put(p, "\"versionId\":\"", 13);
    p = put(p, rec->vid, STORE_VID_CHARS);
    p = put(p, "\",\"lastUpdated\":\"", 17);
    p += time_iso(rec->updated, p);
    *p++ = '"';
    if (rec->body.p[head] != '}')
        *p++ = ',';
    p = put(p, rec->body.p + head, rec->body.len - head);
    b->len += (size_t)(p - start);
}

int record_json(struct arena *a, const struct store_record *rec,
    const struct json **ret, struct err *err)
{
    struct buf b;
    int r = 0;

    buf_init(&b, (size_t)2 * LIMIT_RECORD_BYTES);
    record_write(&b, rec);
    r = buf_error(&b, "The record", err);
    if (r == 0)
        r = json_read_trusted(a, (struct str){b.data, b.len}, ret, err);
    buf_done(&b);
    return r;
}

int record_write_view(struct arena *a, struct buf *b, const struct store_record *rec,
    const struct rest_view *view, struct err *err)
{
    const struct json *json = NULL;
    int r = 0;

    if (rest_view_whole(view)) {
        record_write(b, rec);
        return 0;
    }
    r = record_json(a, rec, &json, err);
    if (r == 0)
        summary_write(b, json, fhir_type_numbered(rec->type), view);
    return r;
}

struct store_record record_of_write(const struct store_write *w)
{
    struct store_record rec = {
        .rid = w->rid,
        .seq = w->seq,
        .type = w->type->number,
        .id = w->id,
        .updated = w->updated,
        .operation = w->done,
        .body = w->body,
    };

    memcpy(rec.vid, w->vid, sizeof(rec.vid));
    return rec;
}

void record_headers(
    struct app_call *call, const struct store_record *rec, bool location)
{
    const struct fhir_type *type = fhir_type_numbered(rec->type);

    char *p = put(call->etag, "W/\"", 3);

    p = put(p, rec->vid, STORE_VID_CHARS);
    memcpy(p, "\"", 2);
    call->last_modified = rec->updated;
    if (location && type) {
        snprintf(call->location, sizeof(call->location), "%.*s/%s/%.*s/_history/%s",
            (int)call->base.len, call->base.p, type->name, (int)rec->id.len, rec->id.p,
            rec->vid);
    }
}
