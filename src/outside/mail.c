/* SPDX-License-Identifier: Apache-2.0 */
/* SMTP by libcurl: one connection a letter. */
#include "outside/mail.h"

#include <string.h>
#include <strings.h>

#include "base/limits.h"

#include "outside/outside_internal.h"

#define REFUSED_FOR_GOOD 500 /* replies of SMTP from here on */

static const char *host_of(const char *server)
{
    if (strncasecmp(server, "smtps://", 8) == 0)
        return server + 8;
    return strncasecmp(server, "smtp://", 7) == 0 ? server + 7 : NULL;
}

int outside_mail_check_server(const char *server, const char *what, struct err *err)
{
    const char *host = server ? host_of(server) : NULL;

    if (host && *host && *host != ':' && strlen(server) <= LIMIT_NAME_BYTES &&
        strspn(host, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                     "0123456789.-:[]") == strlen(host))
        return 0;
    return err_set(err, E_INVALID, what,
        "This must be smtp://HOST[:PORT] or smtps://HOST[:PORT], and nothing behind.");
}

int outside_mail_check_address(struct str address, const char *what, struct err *err)
{
    const char *at = address.p ? memchr(address.p, '@', address.len) : NULL;
    size_t before = at ? (size_t)(at - address.p) : 0;
    bool good = at && before > 0 && before <= 64 && address.len <= 254 &&
                address.len > before + 1 &&
                !memchr(at + 1, '@', address.len - before - 1);

    for (size_t i = 0; good && i < address.len; i++) {
        char c = address.p[i];

        good = c > ' ' && c < 0x7f && !strchr("<>()[]\\,;:\"", c);
    }
    return good ? 0
                : err_set(err, E_INVALID, what,
                      "This is not an e-mail address such as name@hospital.example.");
}

static bool is_here(const char *server)
{
    const char *host = host_of(server);

    return strncmp(host, "127.", 4) == 0 || strncmp(host, "[::1]", 5) == 0 ||
           strcmp(host, "localhost") == 0 || strncmp(host, "localhost:", 10) == 0;
}

static size_t give(char *out, size_t size, size_t count, void *arg)
{
    struct str *rest = arg;
    size_t n = size * count < rest->len ? size * count : rest->len;

    memcpy(out, rest->p, n);
    rest->p += n;
    rest->len -= n;
    return n;
}

static void set_letter(CURL *curl, const struct outside_mail *mail,
    const struct curl_slist *to, struct str *rest)
{
    curl_easy_setopt(curl, CURLOPT_URL, mail->server);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(curl, CURLOPT_USE_SSL,
        (long)(is_here(mail->server) ? CURLUSESSL_TRY : CURLUSESSL_ALL));
    if (mail->user) {
        curl_easy_setopt(curl, CURLOPT_USERNAME, mail->user);
        curl_easy_setopt(curl, CURLOPT_PASSWORD, mail->password ? mail->password : "");
    }
    curl_easy_setopt(curl, CURLOPT_MAIL_FROM, mail->from);
    curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, to);
    curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(curl, CURLOPT_READFUNCTION, give);
    curl_easy_setopt(curl, CURLOPT_READDATA, rest);
}

static int perform(CURL *curl, struct err *err)
{
    CURLcode code = curl_easy_perform(curl);
    long reply = 0;

    if (code == CURLE_OK)
        return 0;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &reply);
    if (reply >= REFUSED_FOR_GOOD && code != CURLE_LOGIN_DENIED)
        return err_set(err, E_INVALID, NULL,
            "The mail server refused the letter for good (%ld).", reply);
    return err_set(
        err, E_IO, NULL, "The mail server: %s (%ld).", curl_easy_strerror(code), reply);
}

int outside_mail(const struct outside_mail *mail, struct err *err)
{
    struct str rest = mail->letter;
    struct curl_slist *to = NULL;
    CURL *curl = NULL;
    int r = outside_mail_check_server(mail->server, NULL, err);

    if (r == 0)
        r = outside_mail_check_address(str_of(mail->from), "from", err);
    if (r == 0)
        r = outside_mail_check_address(str_of(mail->to), "to", err);
    if (r < 0)
        return r;
    curl = outside_ready() ? curl_easy_init() : NULL;
    to = curl_slist_append(NULL, mail->to);
    if (!curl || !to) {
        r = err_nomem(err);
        goto out;
    }
    outside_set_limits(curl, mail->patience, mail->ca_file);
    set_letter(curl, mail, to, &rest);
    r = perform(curl, err);
out:
    curl_slist_free_all(to);
    curl_easy_cleanup(curl);
    return r;
}
