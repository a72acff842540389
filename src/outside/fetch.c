/* SPDX-License-Identifier: Apache-2.0 */
/* HTTPS by libcurl. A handle a question: they are few, and nothing of one is left for the
 * next. */
#include "outside/fetch.h"

#include <string.h>
#include <strings.h>

#include "base/limits.h"
#include "base/thread.h"

#include "outside/outside_internal.h"

static pthread_once_t once = PTHREAD_ONCE_INIT;
static bool ready;

static void start(void)
{
    ready = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
}

bool outside_ready(void)
{
    pthread_once(&once, start);
    return ready;
}

/* ---- which addresses ---- */

static bool is_loopback(const char *host)
{
    return strcmp(host, "localhost") == 0 || strcmp(host, "[::1]") == 0 ||
           (strncmp(host, "127.", 4) == 0 &&
               strspn(host, "0123456789.") == strlen(host));
}

/* Is ${part} of ${url} there? */
static bool has(CURLU *url, CURLUPart part)
{
    char *text = NULL;
    bool found = curl_url_get(url, part, &text, 0) == CURLUE_OK;

    curl_free(text);
    return found;
}

static bool is_allowed(CURLU *url)
{
    char *scheme = NULL;
    char *host = NULL;
    bool good = curl_url_get(url, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK &&
                curl_url_get(url, CURLUPART_HOST, &host, 0) == CURLUE_OK && *host &&
                (strcmp(scheme, "https") == 0 ||
                    (strcmp(scheme, "http") == 0 && is_loopback(host))) &&
                !has(url, CURLUPART_USER) && !has(url, CURLUPART_PASSWORD);

    curl_free(scheme);
    curl_free(host);
    return good;
}

/* Visible characters of ASCII alone, and no fragment: of an empty one libcurl says that
 * there is none. */
static bool is_plain(const char *s)
{
    while (*s > ' ' && *s < 0x7f && *s != '#')
        s++;
    return *s == '\0';
}

/* libcurl takes one slash or three for two; others would not. */
static bool is_spelt_out(const char *url)
{
    const char *host = strncasecmp(url, "https://", 8) == 0  ? url + 8
                       : strncasecmp(url, "http://", 7) == 0 ? url + 7
                                                             : "/";

    return *host != '/';
}

int outside_url_check(const char *url, const char *what, struct err *err)
{
    CURLU *parts = curl_url();
    bool good =
        parts && url && strlen(url) <= LIMIT_NAME_BYTES &&
        curl_url_set(parts, CURLUPART_URL, url, CURLU_DISALLOW_USER) == CURLUE_OK &&
        is_plain(url) && is_spelt_out(url) && is_allowed(parts);

    curl_url_cleanup(parts);
    return good ? 0
                : err_set(err, E_INVALID, what,
                      "This must be a whole address that begins with https:// (http:// "
                      "for this machine alone), without name, password or #.");
}

/* ---- asking ---- */

static size_t take(char *data, size_t size, size_t count, void *arg)
{
    struct buf *body = arg;

    buf_add(body, data, size * count);
    return body->error ? 0 : size * count;
}

/* libcurl dictates that its options come one by one; what cannot be set shows as no
 * answer. */
void outside_set_limits(CURL *curl, utc_ms given, const char *ca_file)
{
    long patience = given < 1 ? 1 : (long)given;
    long connect = patience < LIMIT_OUTSIDE_CONNECT_SECONDS * 1000L
                       ? patience
                       : LIMIT_OUTSIDE_CONNECT_SECONDS * 1000L;

    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, patience);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, connect);
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    curl_easy_setopt(curl, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L);
    if (ca_file)
        curl_easy_setopt(curl, CURLOPT_CAINFO, ca_file);
}

static void set_question(CURL *curl, const struct outside_request *rq)
{
    curl_easy_setopt(curl, CURLOPT_URL, rq->url);
    if (rq->form) {
        curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, (long)strlen(rq->form));
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, rq->form);
    }
    if (rq->user) {
        curl_easy_setopt(curl, CURLOPT_HTTPAUTH, (long)CURLAUTH_BASIC);
        curl_easy_setopt(curl, CURLOPT_USERNAME, rq->user);
        curl_easy_setopt(curl, CURLOPT_PASSWORD, rq->password ? rq->password : "");
    } else if (rq->bearer) {
        curl_easy_setopt(curl, CURLOPT_HTTPAUTH, (long)CURLAUTH_BEARER);
        curl_easy_setopt(curl, CURLOPT_XOAUTH2_BEARER, rq->bearer);
    }
}

static int perform(CURL *curl, struct buf *body, long *status, struct err *err)
{
    CURLcode code = curl_easy_perform(curl);

    if (body->error == E_TOO_LARGE || code == CURLE_FILESIZE_EXCEEDED)
        return err_set(err, E_TOO_LARGE, NULL,
            "The other server's answer is larger than %u KB.",
            LIMIT_OUTSIDE_BYTES >> 10);
    if (body->error)
        return err_nomem(err);
    if (code != CURLE_OK)
        return err_set(err, E_IO, NULL, "The other server gave no answer: %s.",
            curl_easy_strerror(code));
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, status);
    return 0;
}

int outside_fetch(const struct outside_request *rq, int *ret_status, struct buf *body,
    struct err *err)
{
    struct curl_slist *headers = NULL;
    CURL *curl = NULL;
    long status = 0;
    int r = outside_url_check(rq->url, NULL, err);

    if (r == 0 && rq->bearer && !is_plain(rq->bearer))
        r = err_set(
            err, E_INVALID, NULL, "The token has characters no header may hold.");
    if (r < 0)
        return r;
    curl = outside_ready() ? curl_easy_init() : NULL;
    headers = curl_slist_append(NULL, "Accept: application/json");
    if (!curl || !headers) {
        r = err_nomem(err);
        goto out;
    }
    buf_clear(body);
    outside_set_limits(curl, rq->patience, rq->ca_file);
    curl_easy_setopt(curl, CURLOPT_MAXFILESIZE, (long)LIMIT_OUTSIDE_BYTES);
    set_question(curl, rq);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, body);
    r = perform(curl, body, &status, err);
    if (r == 0)
        *ret_status = (int)status;
out:
    curl_slist_free_all(headers);
    curl_easy_cleanup(curl);
    return r;
}
