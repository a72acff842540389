/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Links between pages. A cursor is what the reader behind a page needs to go on, sealed
 * with the node's key and tied to the request it was made for: a client can send it
 * back, nothing else. It is hidden too: numbers of records and versions, the distance between
 * two that one sees, would tell how many others there are.
 *
 *   offset  size  meaning
 *        0     8  identity: hash of type, id and parameters (native byte order: the seal's
 *                 key never leaves the node)
 *        8     n  payload of search, history or $everything
 */
#include <string.h>

#include "base/hash.h"
#include "base/id.h"

#include "app/app_internal.h"

static uint64_t hash_str(struct str s, uint64_t seed)
{
    return hash64(s.p ? s.p : "", s.len, seed ^ s.len);
}

uint64_t page_identity(
    const struct rest *rest, const struct search_pair *pairs, size_t count)
{
    uint64_t h = (uint64_t)rest->kind;

    h = hash_str(str_of(rest->type ? rest->type->name : ""), h);
    h = hash_str(rest->id, h);
    h = hash_str(str_of(rest->compartment ? rest->compartment->name : ""), h);
    h = hash_str(rest->compartment_id, h);
    for (size_t i = 0; i < count; i++) {
        h = hash_str(pairs[i].name, h);
        h = hash_str(pairs[i].value, h);
    }
    return h;
}

int page_seal(struct app *app, struct arena *a, uint64_t identity, struct str payload,
    struct str *ret, struct err *err)
{
    struct buf plain;
    struct buf sealed;
    char *p = NULL;
    int r = 0;

    buf_init(&plain, LIMIT_SEAL_BYTES);
    buf_init(&sealed, (size_t)2 * LIMIT_SEAL_BYTES);
    buf_add(&plain, &identity, sizeof(identity));
    buf_add(&plain, payload.p, payload.len);
    r = buf_error(&plain, "The cursor", err);
    if (r == 0)
        r = crypto_seal_hide(
            app->seal_key, (struct str){plain.data, plain.len}, &sealed, err);
    if (r == 0) {
        p = arena_strndup(a, sealed.data, sealed.len);
        r = p ? 0 : err_nomem(err);
    }
    if (r == 0)
        *ret = (struct str){p, sealed.len};
    buf_done(&sealed);
    buf_done(&plain);
    return r;
}

int page_open(struct app *app, struct arena *a, uint64_t identity, struct str sealed,
    struct str *ret, struct err *err)
{
    struct buf plain;
    char *p = NULL;
    int r = 0;

    buf_init(&plain, (size_t)2 * LIMIT_SEAL_BYTES);
    r = crypto_seal_show(app->seal_key, sealed, &plain, err);
    if (r == E_INVALID || (r == 0 && (plain.len < sizeof(identity) ||
                                         memcmp(plain.data, &identity, 8) != 0))) {
        r = err_set(err, E_INVALID, "_page",
            "This _page was not given out by this server for this request. Follow the "
            "links of a Bundle as they are, or leave _page out to begin again.");
    }
    if (r == 0) {
        p = arena_strndup(
            a, plain.data + sizeof(identity), plain.len - sizeof(identity));
        r = p ? 0 : err_nomem(err);
    }
    if (r == 0)
        *ret = (struct str){p, plain.len - sizeof(identity)};
    buf_done(&plain);
    return r;
}

void bundle_open(struct json_out *o, const char *type)
{
    char id[ID_UUID_CHARS + 1];

    id_uuid7(time_now(), id);
    json_open(o, '{');
    json_member(o, "resourceType", STR("Bundle"));
    json_member(o, "id", (struct str){id, ID_UUID_CHARS});
    json_member(o, "type", str_of(type));
}

static void add_parameter(struct buf *url, char *sep, struct str name, struct str value)
{
    buf_addc(url, *sep);
    *sep = '&';
    percent_encode(url, name);
    buf_addc(url, '=');
    percent_encode(url, value);
}

/* What shapes the records of other pages too; a search has it among its pairs. */
static void add_view(struct buf *url, char *sep, const struct rest_view *view)
{
    static const char *const names[] = {[SEARCH_SUMMARY_TRUE] = "true",
        [SEARCH_SUMMARY_TEXT] = "text",
        [SEARCH_SUMMARY_DATA] = "data",
        [SEARCH_SUMMARY_COUNT] = "count"};

    if (view->summary != SEARCH_SUMMARY_FALSE)
        add_parameter(url, sep, STR("_summary"), str_of(names[view->summary]));
    for (size_t i = 0; i < view->element_count; i++)
        add_parameter(url, sep, STR("_elements"), view->elements[i]);
}

static void write_url(struct buf *url, const struct page_link *link, struct str page)
{
    const struct rest *rest = link->rest;
    char sep = '?';

    buf_add(url, link->base.p, link->base.len);
    if (rest->compartment) {
        buf_addc(url, '/');
        buf_adds(url, rest->compartment->name);
        buf_addc(url, '/');
        buf_add(url, rest->compartment_id.p, rest->compartment_id.len);
        if (!rest->type)
            buf_adds(url, "/*");
    }
    if (rest->type) {
        buf_addc(url, '/');
        buf_adds(url, rest->type->name);
    }
    if (rest->id.len > 0) {
        buf_addc(url, '/');
        buf_add(url, rest->id.p, rest->id.len);
    }
    if (link->tail) {
        buf_addc(url, '/');
        buf_adds(url, link->tail);
    }
    for (size_t i = 0; i < link->pair_count; i++)
        add_parameter(url, &sep, link->pairs[i].name, link->pairs[i].value);
    if (rest->kind != REST_SEARCH)
        add_view(url, &sep, &rest->view);
    if (rest->pretty)
        add_parameter(url, &sep, STR("_pretty"), STR("true"));
    if (page.p)
        add_parameter(url, &sep, STR("_page"), page);
}

void page_link_write(struct json_out *o, const struct page_link *link,
    const char *relation, struct str page)
{
    struct buf url;

    buf_init(&url, (size_t)4 * LIMIT_URL_BYTES);
    write_url(&url, link, page);
    json_open(o, '{');
    json_name(o, "relation");
    json_put_str(o, relation);
    json_name(o, "url");
    if (url.error)
        o->buf->error = url.error;
    else
        json_put_text(o, (struct str){url.data ? url.data : "", url.len});
    json_close(o, '}');
    buf_done(&url);
}
