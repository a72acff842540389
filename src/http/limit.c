/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The upper bound to measure against: the same library with the same threads, answering
 * every request with the same prepared bytes.
 */
#include "http/http_internal.h"

struct http_limit {
    struct http_door *door;
    struct MHD_Response *response;
    char *body;
};

/* libmicrohttpd dictates the parameters */
/* NOLINTNEXTLINE(readability-function-size) */
static enum MHD_Result limit_handle(void *cls, struct MHD_Connection *connection,
    const char *url, const char *method, const char *version, const char *upload,
    size_t *upload_size, void **context)
{
    struct http_limit *limit = cls;

    (void)url;
    (void)method;
    (void)version;
    (void)upload;
    if (!*context) {
        *context = limit; /* an answer to the first call would close the connection */
        return MHD_YES;
    }
    if (*upload_size > 0) {
        *upload_size = 0;
        return MHD_YES;
    }
    return MHD_queue_response(connection, 200, limit->response);
}

static struct MHD_Daemon *limit_worker(void *cls, struct http_door *door)
{
    return MHD_start_daemon(HTTP_WORKER_FLAGS, 0, NULL, NULL, limit_handle, cls,
        MHD_OPTION_CONNECTION_LIMIT, 2u * LIMIT_CONNECTIONS,
        MHD_OPTION_NOTIFY_CONNECTION, http_door_notify, door, MHD_OPTION_END);
}

int http_limit_start(unsigned threads, size_t size, struct http_limit **ret,
    unsigned short *ret_port, struct err *err)
{
    struct http_limit *limit = base_malloc(sizeof(*limit));
    int listener = -1;
    int r = 0;

    if (!limit)
        return err_nomem(err);
    *limit = (struct http_limit){0};
    limit->body = base_malloc(size);
    if (!limit->body) {
        r = err_nomem(err);
        goto out;
    }
    memset(limit->body, 'x', size);
    limit->response =
        MHD_create_response_from_buffer(size, limit->body, MHD_RESPMEM_PERSISTENT);
    if (!limit->response) {
        r = err_nomem(err);
        goto out;
    }
    r = http_listen(STR("127.0.0.1"), 0, &listener, err);
    if (r < 0)
        goto out;
    *ret_port = http_bound_port(listener);
    r = http_door_open(&(struct http_door_options){.listener = listener,
                           .threads = threads,
                           .most = LIMIT_CONNECTIONS,
                           .worker = limit_worker,
                           .cls = limit},
        &limit->door, err);
    if (r < 0)
        goto out;
    *ret = limit;
    return 0;
out:
    http_limit_stop(limit);
    return r;
}

void http_limit_stop(struct http_limit *limit)
{
    if (!limit)
        return;
    http_door_free(limit->door);
    if (limit->response)
        MHD_destroy_response(limit->response);
    base_free(limit->body);
    base_free(limit);
}
