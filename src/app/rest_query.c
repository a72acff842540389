/* SPDX-License-Identifier: Apache-2.0 */
/* The parameters of a query, or of a form: names and values out of their percent signs. */
#include "app/app_internal.h"

static int decode(struct buf *b, struct str in, const char *what, struct err *err)
{
    if (percent_decode(b, in, true))
        return 0;
    if (b->error)
        return err_nomem(err);
    return err_set(err, E_INVALID, NULL,
        "The %s of a query parameter is not percent-encoded UTF-8.", what);
}

static size_t count_pairs(struct str query)
{
    size_t n = 0;

    while (query.p)
        n += str_cut(&query, '&').len > 0;
    return n;
}

int rest_query_parse(struct arena *a, struct str query, struct search_pair **pairs,
    size_t *count, struct err *err)
{
    size_t more = count_pairs(query);
    struct search_pair *list = NULL;
    struct buf text;
    int r = 0;

    if (more == 0)
        return 0;
    if (*count + more > LIMIT_QUERY_PARAMS) {
        return err_set(err, E_TOO_LARGE, NULL,
            "A query may have at most %d parameters, and this one has %zu.",
            LIMIT_QUERY_PARAMS, *count + more);
    }
    list =
        arena_grow(a, *pairs, *count * sizeof(*list), (*count + more) * sizeof(*list));
    if (!list)
        return err_nomem(err);
    *pairs = list;
    buf_init(&text, LIMIT_BODY_BYTES);
    while (query.p && r == 0) {
        struct str value = str_cut(&query, '&');
        struct str name = str_cut(&value, '=');
        size_t name_len = 0;
        char *p = NULL;

        if (name.len == 0 && !value.p)
            continue;
        buf_clear(&text);
        r = decode(&text, name, "name", err);
        name_len = text.len;
        buf_addc(&text, '\0');
        if (r == 0)
            r = decode(&text, value, "value", err);
        if (r < 0)
            break;
        p = text.error ? NULL : arena_strndup(a, text.data, text.len);
        if (!p) {
            r = err_nomem(err);
            break;
        }
        list[(*count)++] = (struct search_pair){
            {p, name_len}, {p + name_len + 1, text.len - name_len - 1}};
    }
    buf_done(&text);
    return r;
}
