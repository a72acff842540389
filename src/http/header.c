/* SPDX-License-Identifier: Apache-2.0 */
/* Reading header values: lists with parameters and weights, media types, addresses. */
#include "http/header.h"

#include <strings.h>

static bool is_space(char c)
{
    return c == ' ' || c == '\t';
}

static struct str trim(struct str s)
{
    while (s.len > 0 && is_space(s.p[0])) {
        s.p++;
        s.len--;
    }
    while (s.len > 0 && is_space(s.p[s.len - 1]))
        s.len--;
    return s;
}

/* Header words are compared without regard to case. */
static bool same(struct str s, const char *word)
{
    size_t len = strlen(word);

    return s.len == len && strncasecmp(s.p, word, len) == 0;
}

/* The value of parameter ${name} in "; a=b; c=d"; p NULL if there is none. */
static struct str parameter(struct str parameters, const char *name)
{
    while (parameters.p) {
        struct str value = str_cut(&parameters, ';');
        struct str key = trim(str_cut(&value, '='));

        if (same(key, name) && value.p) {
            value = trim(value);
            if (value.len >= 2 && value.p[0] == '"' && value.p[value.len - 1] == '"')
                value = (struct str){value.p + 1, value.len - 2};
            return value;
        }
    }
    return (struct str){NULL, 0};
}

/* A weight in thousandths: 1000 when none or an unreadable one is given. */
static int weight(struct str parameters)
{
    struct str q = parameter(parameters, "q");
    int value = 0;
    int scale = 100;

    if (!q.p || q.len == 0 || q.p[0] == '1')
        return 1000;
    if (q.p[0] != '0')
        return 1000;
    for (size_t i = 2; i < q.len && i < 5; i++, scale /= 10) {
        if (q.p[i] < '0' || q.p[i] > '9')
            return 1000;
        value += (q.p[i] - '0') * scale;
    }
    return value;
}

unsigned http_accept_codings(struct str accept_encoding)
{
    struct str rest = accept_encoding;
    int gzip = -1;
    int zstd = -1;
    int any = -1;

    while (rest.p) {
        struct str parameters = str_cut(&rest, ',');
        struct str name = trim(str_cut(&parameters, ';'));
        int q = weight(parameters);

        if (same(name, "gzip") || same(name, "x-gzip"))
            gzip = q;
        else if (same(name, "zstd"))
            zstd = q;
        else if (same(name, "*"))
            any = q;
    }
    if (gzip < 0)
        gzip = any;
    if (zstd < 0)
        zstd = any;
    return (gzip > 0 ? HTTP_GZIP : 0u) | (zstd > 0 ? HTTP_ZSTD : 0u);
}

int http_body_coding(
    struct str content_encoding, enum http_coding *ret, struct err *err)
{
    struct str name = trim(content_encoding);

    if (name.len == 0 || same(name, "identity"))
        *ret = HTTP_IDENTITY;
    else if (same(name, "gzip") || same(name, "x-gzip"))
        *ret = HTTP_GZIP;
    else if (same(name, "zstd"))
        *ret = HTTP_ZSTD;
    else
        return err_set(err, E_UNSUPPORTED, "Content-Encoding",
            "The body is packed as '%.*s'; send it plain, as gzip or as zstd.",
            (int)(name.len < 40 ? name.len : 40), name.p);
    return 0;
}

/* The media types under which FHIR JSON goes. */
static bool is_json_type(struct str type)
{
    return same(type, "application/fhir+json") || same(type, "application/json") ||
           same(type, "application/json+fhir") || same(type, "text/json") ||
           same(type, "json");
}

static bool is_ndjson_type(struct str type)
{
    return same(type, "application/fhir+ndjson") || same(type, "application/ndjson") ||
           same(type, "application/x-ndjson") || same(type, "ndjson");
}

bool http_accepts_json(struct str accept)
{
    struct str rest = trim(accept);

    if (rest.len == 0)
        return true;
    while (rest.p) {
        struct str parameters = str_cut(&rest, ',');
        struct str type = trim(str_cut(&parameters, ';'));
        bool fits = is_json_type(type) || is_ndjson_type(type) || same(type, "*/*") ||
                    same(type, "application/*") || same(type, "*") ||
                    same(type, "application/json-patch+json");

        if (fits && weight(parameters) > 0)
            return true;
    }
    return false;
}

bool http_format_is_json(struct str format)
{
    char text[64];
    struct buf decoded;
    struct str type;
    bool json = false;

    if (format.len >= sizeof(text))
        return false;
    buf_init(&decoded, sizeof(text));
    /* '+' is left alone: "application/fhir+json" is often sent unencoded */
    if (percent_decode(&decoded, format, false)) {
        struct str parameters = {decoded.data, decoded.len};

        type = trim(str_cut(&parameters, ';'));
        json = is_json_type(type) || is_ndjson_type(type) ||
               same(type, "application/fhir json");
    }
    buf_done(&decoded);
    return json;
}

int http_body_format(struct str content_type, enum app_format *ret, struct err *err)
{
    struct str parameters = content_type;
    struct str type = trim(str_cut(&parameters, ';'));
    struct str charset = parameter(parameters, "charset");

    if (charset.p && !same(charset, "utf-8") && !same(charset, "utf8"))
        return err_set(err, E_UNSUPPORTED, "Content-Type",
            "The charset '%.*s' is not taken; send UTF-8.",
            (int)(charset.len < 40 ? charset.len : 40), charset.p);
    if (type.len == 0 || is_json_type(type))
        *ret = APP_JSON;
    else if (same(type, "application/json-patch+json"))
        *ret = APP_JSON_PATCH;
    else if (same(type, "application/x-www-form-urlencoded"))
        *ret = APP_FORM;
    else if (is_ndjson_type(type))
        *ret = APP_NDJSON;
    else
        return err_set(err, E_UNSUPPORTED, "Content-Type",
            "A body of type '%.*s' is not taken; send application/fhir+json.",
            (int)(type.len < 60 ? type.len : 60), type.p);
    return 0;
}

struct str http_bearer(struct str authorization)
{
    struct str rest = trim(authorization);
    struct str scheme = str_cut(&rest, ' ');

    if (!same(scheme, "Bearer") || !rest.p)
        return (struct str){NULL, 0};
    return trim(rest);
}

struct str http_cookie(struct str header, const char *name)
{
    struct str found = {NULL, 0};

    while (header.p) {
        struct str value = str_cut(&header, ';');
        struct str key = trim(str_cut(&value, '='));

        if (!str_is(key, name))
            continue;
        if (found.p)
            return (struct str){NULL, 0};
        found = value.p ? trim(value) : STR("");
    }
    return found;
}

bool http_origin_is(struct str origin, struct str host)
{
    size_t at = 0;

    if (str_starts(origin, "https://"))
        at = 8;
    else if (str_starts(origin, "http://"))
        at = 7;
    return at > 0 && host.p && origin.len - at == host.len &&
           strncasecmp(origin.p + at, host.p, host.len) == 0;
}

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           c == '.' || c == '_' || c == '-';
}

bool http_request_id_valid(struct str s)
{
    if (s.len == 0 || s.len > 64)
        return false;
    for (size_t i = 0; i < s.len; i++) {
        if (!is_word(s.p[i]))
            return false;
    }
    return true;
}

bool http_host_valid(struct str host)
{
    if (host.len == 0 || host.len > 255)
        return false;
    for (size_t i = 0; i < host.len; i++) {
        char c = host.p[i];

        if (!is_word(c) && c != ':' && c != '[' && c != ']')
            return false;
    }
    return true;
}

struct str http_query_value(struct str query, const char *name)
{
    while (query.p) {
        struct str value = str_cut(&query, '&');
        struct str key = str_cut(&value, '=');

        if (str_is(key, name))
            return value.p ? value : STR("");
    }
    return (struct str){NULL, 0};
}
