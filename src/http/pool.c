/* SPDX-License-Identifier: Apache-2.0 */
/* Requests with their arenas and buffers, kept for the next one. */
#include "http/http_internal.h"

static struct http_request *request_new(struct http_server *server)
{
    struct http_request *rq = base_malloc(sizeof(*rq));

    if (!rq)
        return NULL;
    *rq = (struct http_request){.server = server};
    rq->arena = arena_new();
    if (!rq->arena) {
        base_free(rq);
        return NULL;
    }
    buf_init(&rq->uri, LIMIT_URL_BYTES);
    buf_init(&rq->body, LIMIT_BODY_BYTES);
    buf_init(&rq->packed, LIMIT_RESPONSE_BYTES);
    buf_init(&rq->answer, LIMIT_RESPONSE_BYTES);
    return rq;
}

void http_request_free(struct http_request *rq)
{
    if (!rq)
        return;
    arena_free(rq->arena);
    buf_done(&rq->uri);
    buf_done(&rq->body);
    buf_done(&rq->packed);
    buf_done(&rq->answer);
    base_free(rq);
}

struct http_request *http_request_take(struct http_server *server)
{
    struct http_request *rq = NULL;

    pthread_mutex_lock(&server->pool_lock);
    rq = server->pool;
    if (rq) {
        server->pool = rq->next;
        server->pooled--;
    }
    pthread_mutex_unlock(&server->pool_lock);
    return rq ? rq : request_new(server);
}

/* A buffer for reuse; one that has grown large is not kept. */
static void keep(struct buf *b)
{
    if (b->cap > LIMIT_ANSWER_KEPT)
        buf_done(b);
    else
        buf_clear(b);
}

void http_request_give(struct http_request *rq)
{
    struct http_server *server = rq->server;
    bool kept = false;

    keep(&rq->uri);
    keep(&rq->body);
    keep(&rq->packed);
    keep(&rq->answer);
    pthread_mutex_lock(&server->pool_lock);
    if (server->pooled < LIMIT_REQUESTS_KEPT) {
        rq->next = server->pool;
        server->pool = rq;
        server->pooled++;
        kept = true;
    }
    pthread_mutex_unlock(&server->pool_lock);
    if (!kept)
        http_request_free(rq);
}
