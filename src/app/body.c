/* SPDX-License-Identifier: Apache-2.0 */
/* A request's body as JSON. Bytes of any other type become a Binary. */

#include "app/app_internal.h"

static void base64_write(struct buf *b, struct str in)
{
    static const char digits[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const uint8_t *p = (const uint8_t *)in.p;
    size_t i = 0;

    for (; i + 3 <= in.len; i += 3) {
        uint32_t v = (uint32_t)p[i] << 16 | (uint32_t)p[i + 1] << 8 | p[i + 2];
        char four[4] = {
            digits[v >> 18], digits[v >> 12 & 63], digits[v >> 6 & 63], digits[v & 63]};

        buf_add(b, four, 4);
    }
    if (i < in.len) {
        bool two = in.len - i == 2;
        uint32_t v = (uint32_t)p[i] << 16 | (two ? (uint32_t)p[i + 1] << 8 : 0);
        char four[4] = {digits[v >> 18], digits[v >> 12 & 63], '=', '='};

        if (two)
            four[2] = digits[v >> 6 & 63];
        buf_add(b, four, 4);
    }
}

/* {"resourceType":"Binary","id":...,"contentType":...,"data":...} */
static int read_raw(struct app_call *call, const struct json **ret, struct err *err)
{
    struct str last = call->path;
    struct str first = str_cut(&last, '/');
    struct json_out o;
    struct buf b;
    int r = 0;

    if (!str_is(first, "Binary") || call->method == APP_PATCH) {
        return err_set(err, E_UNSUPPORTED, NULL,
            "This server takes records as JSON (Content-Type application/fhir+json). "
            "Other content can be stored as a Binary.");
    }
    buf_init(&b, LIMIT_RECORD_BYTES);
    o = json_out(&b);
    json_open(&o, '{');
    json_member(&o, "resourceType", STR("Binary"));
    json_member(&o, "id", last);
    json_member(&o, "contentType",
        call->body_type.len > 0 ? call->body_type : STR("application/octet-stream"));
    if (call->body.len > 0) {
        json_name(&o, "data");
        buf_addc(&b, '"');
        base64_write(&b, call->body);
        buf_addc(&b, '"');
    }
    json_close(&o, '}');
    r = buf_error(&b, "The Binary", err);
    if (r == 0)
        r = json_read_trusted(call->arena, (struct str){b.data, b.len}, ret, err);
    buf_done(&b);
    return r;
}

int body_read(struct app_call *call, const struct json **ret, struct err *err)
{
    if (call->resource_) {
        *ret = call->resource_;
        return 0;
    }
    switch (call->body_format) {
    case APP_JSON:
    case APP_JSON_PATCH:
        break;
    case APP_RAW:
        return read_raw(call, ret, err);
    case APP_FORM:
    case APP_NDJSON:
        return err_set(err, E_UNSUPPORTED, NULL,
            "This server takes records as JSON: Content-Type application/fhir+json.");
    }
    if (call->body_format == APP_JSON_PATCH && call->method != APP_PATCH) {
        return err_set(err, E_UNSUPPORTED, NULL,
            "A JSON Patch is sent with the method PATCH to the record it changes.");
    }
    if (call->body.len == 0)
        return err_set(err, E_INVALID, NULL, "The request has no body.");
    return json_read(call->arena, call->body, LIMIT_RECORD_BYTES, ret, err);
}
