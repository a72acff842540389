/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Searches that decide what a write does. They are looked at twice: on a snapshot, to
 * prepare the write without a lock, and by the writer inside its transaction, so that
 * what was prepared still fits. A difference is a lost race: the call begins again.
 */
#include <string.h>

#include "app/app_internal.h"

/* Parameters of a result's form decide nothing; and words (_text, _content) would have the
 * writer read records one by one. */
static bool is_criterion(struct str name)
{
    static const char *const names[] = {"_id", "_lastUpdated", "_tag", "_profile",
        "_security", "_source", "_list", "_has", "_type"};
    struct str bare = name;

    if (name.len == 0 || name.p[0] != '_')
        return true;
    bare = str_cut(&bare, ':');
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (str_is(bare, names[i]))
            return true;
    }
    return false;
}

int condition_parse(struct arena *a, const struct condition_request *rq,
    struct condition *ret, struct err *err)
{
    struct search_request search = {.type = rq->type->number,
        .bases = rq->bases,
        .filter = rq->filter,
        .now = time_now()};
    struct search_pair *pairs = NULL;
    struct fhir_issues issues = {0};
    size_t count = 0;
    int r = 0;

    *ret = (struct condition){.type = rq->type, .text = rq->text};
    search.pairs = rq->pairs;
    search.pair_count = rq->pair_count;
    if (rq->text.p) {
        struct str text = rq->text;

        if (text.len > 0 && text.p[0] == '?')
            text = (struct str){text.p + 1, text.len - 1};
        r = rest_query_parse(a, text, &pairs, &count, err);
        search.pairs = pairs;
        search.pair_count = count;
    }
    for (size_t i = 0; i < search.pair_count && r == 0; i++) {
        if (!is_criterion(search.pairs[i].name)) {
            r = err_set(err, E_INVALID, rq->path ? rq->path : search.pairs[i].name.p,
                "%s cannot be part of the condition that decides on a write.",
                search.pairs[i].name.p);
        }
    }
    if (r == 0 && search.pair_count == 0) {
        r = err_set(err, E_INVALID, rq->path,
            "The condition names no search parameter, so it would choose any %s.",
            rq->type->name);
    }
    if (r == 0)
        r = search_parse(a, &search, &issues, &ret->query, err);
    if (r < 0 && rq->path && err)
        memccpy(err->path, rq->path, '\0', sizeof(err->path) - 1);
    return r;
}

/* ${rids} of the first matches, ${count} of them, live on ${r}. */
int condition_look(
    struct store_reader *r, struct arena *a, struct condition *c, struct err *err)
{
    store_rid rids[2] = {0};
    size_t count = 0;
    int e = search_match_few(r, a, c->query, rids, &count, err);

    if (e < 0)
        return e;
    c->count = count;
    c->rid = count == 1 ? rids[0] : 0;
    c->id = (struct str){NULL, 0};
    if (count == 1)
        e = store_name(r, a, c->rid, &c->id, err);
    return e;
}

int condition_hold(
    struct store_reader *r, struct arena *a, const struct condition *c, struct err *err)
{
    store_rid rids[2] = {0};
    size_t count = 0;
    int e = search_match_few(r, a, c->query, rids, &count, err);

    if (e < 0)
        return e;
    if (count == c->count && (count != 1 || rids[0] == c->rid))
        return 0;
    return err_set(err, E_CONFLICT, NULL,
        "Other changes keep coming first to the records this request's condition is "
        "about. Nothing was changed; try again.");
}

int condition_single(const struct condition *c, const char *path, struct err *err)
{
    if (c->count < 2)
        return 0;
    return err_set(err, E_MULTIPLE, path,
        "The condition matches more than one %s, so it does not say which is meant. "
        "Nothing was changed.",
        c->type->name);
}

/* ---- entity tags ---- */

struct str rest_etag(struct str tag)
{
    tag = text_trim(tag);
    if (str_starts(tag, "W/"))
        tag = (struct str){tag.p + 2, tag.len - 2};
    if (tag.len >= 2 && tag.p[0] == '"' && tag.p[tag.len - 1] == '"')
        tag = (struct str){tag.p + 1, tag.len - 2};
    return tag;
}

bool rest_etag_matches(struct str header, const char *vid)
{
    while (header.p) {
        struct str tag = rest_etag(str_cut(&header, ','));

        if (str_is(tag, "*") || str_is(tag, vid))
            return true;
    }
    return false;
}
