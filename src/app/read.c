/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Read and vread: the hottest path of all. A record's bytes go from the store to the
 * answer with two strings put in between; nothing is parsed.
 */
#include <stdio.h>
#include <string.h>

#include "app/app_internal.h"
#include "view/indicator_define.h"

/* True when the client has this version already. */
static bool not_modified(const struct app_call *call, const struct store_record *rec)
{
    utc_ms since = 0;

    if (call->if_none_match.p)
        return rest_etag_matches(call->if_none_match, rec->vid);
    /* HTTP dates know no fractions of a second */
    return call->if_modified_since.p &&
           time_http_parse(call->if_modified_since, &since) &&
           rec->updated / 1000 <= since / 1000;
}

/* A Binary as the bytes it holds. */
static int answer_bytes(
    struct app_call *call, const struct store_record *rec, struct err *err)
{
    const struct json *json = NULL;
    struct str data = {0};
    struct str type = {0};
    size_t len = 0;
    char *p = NULL;
    int r = json_read_trusted(call->arena, rec->body, &json, err);

    if (r < 0)
        return r;
    data = json_get_text(json, "data");
    type = json_get_text(json, "contentType");
    call->media_type = type.len > 0 ? type : STR("application/octet-stream");
    if (data.len == 0)
        return 0;
    p = buf_reserve(&call->answer, data.len);
    if (!p)
        return buf_error(&call->answer, "The content", err);
    if (!base64_decode(data, (uint8_t *)p, data.len, &len)) {
        call->media_type = (struct str){NULL, 0};
        return err_set(err, E_INVALID, "Binary.data",
            "The content of this Binary is not base64. Read it as JSON to see it.");
    }
    call->answer.len += len;
    return 0;
}

static int answer_record(struct app_call *call, const struct rest *rest,
    const struct store_record *rec, struct err *err)
{
    if (rec->operation == STORE_DELETE) {
        snprintf(call->etag, sizeof(call->etag), "W/\"%s\"", rec->vid);
        return err_set(err, E_GONE, NULL, "%s/%.*s was deleted.", rest->type->name,
            (int)rec->id.len, rec->id.p);
    }
    if (rec->erased) {
        return err_set(err, E_GONE, NULL,
            "The content of this version of %s/%.*s was erased for good.",
            rest->type->name, (int)rec->id.len, rec->id.p);
    }
    if (call_saw(call, rec, err) < 0)
        return E_NOMEM;
    record_headers(call, rec, false);
    if (not_modified(call, rec)) {
        call->status = 304;
        return 0;
    }
    if (call->raw && strcmp(rest->type->name, "Binary") == 0)
        return answer_bytes(call, rec, err);
    return record_write_view(call->arena, &call->answer, rec, &rest->view, err);
}

/* The version asked for, if it is there and for this caller: else E_NOT_FOUND. */
static int find(struct app_call *call, const struct rest *rest,
    struct store_reader *reader, struct store_record *ret, struct err *err)
{
    bool allowed = false;
    int r = 0;

    if (rest->vid.p)
        r = store_get_version(
            reader, call->arena, rest->type->number, rest->id, rest->vid, ret, err);
    else
        r = store_get(reader, call->arena, rest->type->number, rest->id, ret, err);
    if (!call->access_)
        return r;
    if (r == 0 && (rest->vid.p || ret->operation == STORE_DELETE))
        r = access_allows_record(call->access_, ret, &allowed, err);
    else if (r == 0)
        r = access_allows_live(call->access_, ret->rid, &allowed, err);
    if (r == E_NOT_FOUND || (r == 0 && !allowed)) {
        access_missing(call->access_, rest->type->number, r == 0);
        r = E_NOT_FOUND;
    }
    return r;
}

/* What is no record: the definition of an indicator, as the program reads it, which a record of another program that has its id does
 * not hide. ${*ret} NULL: it is none. */
static int find_definition(
    const struct rest *rest, const struct indicator_define **ret, struct err *err)
{
    const struct indicator_defines *all = NULL;
    int r = 0;

    *ret = NULL;
    if (rest->vid.p || strcmp(rest->type->name, "Measure") != 0)
        return 0;
    r = indicator_defines(&all, err);
    if (r == 0)
        *ret = indicator_find(all, rest->id);
    return r;
}

static int read_version(struct app_call *call, const struct rest *rest, struct err *err)
{
    struct store_reader *reader = NULL;
    struct store_record rec = {0};
    struct json_out o = json_out(&call->answer);
    const struct indicator_define *definition = NULL;
    int r = find_definition(rest, &definition, err);

    if (r == 0 && definition) {
        json_put_value(&o, definition->measure);
        return 0;
    }
    if (r == 0)
        r = call_read_begin(call, &reader, err);
    if (r == 0)
        r = find(call, rest, reader, &rec, err);
    call_read_end(call, reader);
    if (r == E_NOT_FOUND)
        return access_no_such(rest->type, rest->id, rest->vid.p != NULL, err);
    return r < 0 ? r : answer_record(call, rest, &rec, err);
}

int rest_read(struct app_call *call, const struct rest *rest, struct err *err)
{
    return read_version(call, rest, err);
}

int rest_vread(struct app_call *call, const struct rest *rest, struct err *err)
{
    return read_version(call, rest, err);
}
