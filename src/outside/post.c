/* SPDX-License-Identifier: Apache-2.0 */
/* A POST whose answer is thrown away. */
#include "outside/post.h"

#include <strings.h>
#include <unistd.h>

#include "base/limits.h"

#include "outside/address.h"
#include "outside/fetch.h"
#include "outside/outside_internal.h"

int outside_post_check(
    const char *url, bool anywhere, const char *what, struct err *err)
{
    int r = outside_url_check(url, what, err);

    if (r == 0 && !anywhere && strncasecmp(url, "https:", 6) != 0)
        r = err_set(err, E_INVALID, what, "The address must begin with https://.");
    return r;
}

/* Sockets to public addresses alone; ${refused} becomes true where one was not. It sees the
 * address that is really asked, so that no name can be made to mean another afterwards. */
static curl_socket_t open_public(
    void *refused, curlsocktype purpose, struct curl_sockaddr *address)
{
    (void)purpose;
    if (outside_address_private(&address->addr)) {
        *(bool *)refused = true;
        return CURL_SOCKET_BAD;
    }
    return socket(address->family, address->socktype, address->protocol);
}

/* What comes back is counted and forgotten. */
/* NOLINTNEXTLINE(readability-non-const-parameter): libcurl says its type */
static size_t forget(char *data, size_t size, size_t count, void *arg)
{
    size_t *total = arg;

    (void)data;
    *total += size * count;
    return *total > LIMIT_OUTSIDE_BYTES ? 0 : size * count;
}

static int add_headers(const struct outside_post *rq, struct curl_slist **list)
{
    struct curl_slist *more = curl_slist_append(NULL, "Content-Type: application/json");

    for (size_t i = 0; more && i < OUTSIDE_POST_HEADERS && rq->headers[i]; i++) {
        struct curl_slist *longer = curl_slist_append(more, rq->headers[i]);

        if (!longer)
            curl_slist_free_all(more);
        more = longer;
    }
    *list = more;
    return more ? 0 : E_NOMEM;
}

static int perform(CURL *curl, const bool *refused, int *ret_status, struct err *err)
{
    long status = 0;
    CURLcode code = curl_easy_perform(curl);

    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    if (*refused)
        return err_set(err, E_FORBIDDEN, NULL,
            "The address leads into a private network; the operator can allow that.");
    if (code != CURLE_OK && !(code == CURLE_WRITE_ERROR && status > 0))
        return err_set(err, E_IO, NULL, "The other server gave no answer: %s.",
            curl_easy_strerror(code));
    *ret_status = (int)status;
    return 0;
}

int outside_post(const struct outside_post *rq, int *ret_status, struct err *err)
{
    struct curl_slist *headers = NULL;
    CURL *curl = NULL;
    bool refused = false;
    size_t total = 0;
    int r = outside_post_check(rq->url, rq->anywhere, NULL, err);

    if (r < 0)
        return r;
    curl = outside_ready() ? curl_easy_init() : NULL;
    if (!curl || add_headers(rq, &headers) < 0) {
        r = err_nomem(err);
        goto out;
    }
    outside_set_limits(curl, rq->patience, NULL);
    curl_easy_setopt(curl, CURLOPT_URL, rq->url);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, (long)rq->body.len);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, rq->body.p);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, forget);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &total);
    if (!rq->anywhere) {
        curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, open_public);
        curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, &refused);
    }
    r = perform(curl, &refused, ret_status, err);
out:
    curl_slist_free_all(headers);
    curl_easy_cleanup(curl);
    return r;
}
