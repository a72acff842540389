/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The body of a request: collected up to a ceiling for one and a ceiling for all
 * together, then unpacked. What is over a ceiling is refused before it is sent where the
 * client says how long it will be, else dropped as it comes and refused at its end
 * (MHD takes no answer in between).
 */
#include "base/compress.h"

#include "http/http_internal.h"

/* How much of a body that will be refused is still read before the connection is cut. */
#define DROPPED_MAX LIMIT_BODY_BYTES

static int too_large(struct err *err)
{
    return err_set(err, E_TOO_LARGE, NULL,
        "The body is over %u bytes; send it in several requests, or use 'belay "
        "import'.",
        LIMIT_BODY_BYTES);
}

static int too_many(struct err *err)
{
    return err_set(err, E_BUSY, NULL,
        "Too many large requests are under way; try again in a moment.");
}

int http_body_begin(struct http_request *rq, bool *ret_expected, struct err *err)
{
    bool expected = rq->head.transfer_encoding.p != NULL;
    int64_t length = 0;
    int r;

    if (rq->head.content_length.p) {
        if (!text_int(rq->head.content_length, 0, INT64_MAX, &length))
            return err_set(err, E_INVALID, "Content-Length",
                "Content-Length is not a number of bytes.");
        if (length > LIMIT_BODY_BYTES)
            return too_large(err);
        expected = expected || length > 0;
    }
    if (expected) {
        r = http_body_coding(rq->head.content_encoding, &rq->body_coding, err);
        if (r < 0)
            return r;
        if (atomic_load(&rq->server->bodies) + (size_t)length > LIMIT_BODIES_BYTES)
            return too_many(err);
    }
    *ret_expected = expected;
    return 0;
}

void http_body_drop(struct http_request *rq)
{
    atomic_fetch_sub(&rq->server->bodies, rq->body_counted);
    rq->body_counted = 0;
    if (rq->body.cap > LIMIT_ANSWER_KEPT)
        buf_done(&rq->body);
    rq->body.len = 0; /* the error stays, for http_body_end */
}

/* Count ${size} more bytes as held; false when all requests together hold too much. */
static bool count(struct http_request *rq, size_t size)
{
    size_t all = atomic_fetch_add(&rq->server->bodies, size) + size;

    rq->body_counted += size;
    return all <= LIMIT_BODIES_BYTES;
}

bool http_body_add(struct http_request *rq, const char *data, size_t size)
{
    int error = rq->body.error;

    if (error == 0) {
        buf_add(&rq->body, data, size);
        error = rq->body.error;
        if (error == 0 && !count(rq, size))
            error = E_BUSY;
    }
    if (error == 0) {
        http_link_allow(rq->link, rq->begun, rq->body.len);
        return true;
    }
    http_body_drop(rq);
    rq->body.error = error;
    rq->body_dropped += size;
    return rq->body_dropped <= DROPPED_MAX;
}

/* Replace the packed body by what it unpacks to. */
static int unpack(struct http_request *rq, struct err *err)
{
    struct str in = {rq->body.data, rq->body.len};
    struct buf plain;
    int r;

    buf_init(&plain, LIMIT_BODY_BYTES);
    if (rq->body_coding == HTTP_GZIP)
        r = decompress_gzip(in, &plain, err);
    else
        r = decompress_zstd(in, &plain, err);
    if (r < 0) {
        buf_done(&plain);
        return r == E_TOO_LARGE ? too_large(err) : r;
    }
    buf_done(&rq->body);
    rq->body = plain;
    if (!count(rq, plain.len))
        return too_many(err);
    return 0;
}

int http_body_end(struct http_request *rq, struct err *err)
{
    if (rq->body.error == E_TOO_LARGE)
        return too_large(err);
    if (rq->body.error == E_BUSY)
        return too_many(err);
    if (rq->body.error < 0)
        return err_nomem(err);
    if (rq->body_coding == HTTP_IDENTITY || rq->body.len == 0)
        return 0;
    return unpack(rq, err);
}
