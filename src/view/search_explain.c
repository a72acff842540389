/* SPDX-License-Identifier: Apache-2.0 */
/*
 * _explain: how a query was run, as JSON. For each type that was searched its clauses in
 * the order they were asked, the first being the driver; how each is decided; how many
 * rows it was thought to have; and what reading it all took.
 */
#include "view/search_internal.h"

static const char *way_of(const struct search_stream *s)
{
    if (s->set)
        return s->set_exact ? "collected from the index"
                            : "candidates collected, then second look";
    if (s->leaves_known)
        return s->clause->look ? "index rows, then second look" : "index rows";
    switch (s->clause->kind) {
    case CLAUSE_DATE:
    case CLAUSE_NUMBER:
    case CLAUSE_POSITION:
        return "record row";
    case CLAUSE_CHAIN:
        return "target of each candidate";
    case CLAUSE_HAS:
        return "referrers of each candidate";
    case CLAUSE_TEXT:
        return "text of each candidate";
    case CLAUSE_ANY:
        return search_any_drives(s) ? "merge of its alternatives"
                                    : "alternatives, asked of each candidate";
    case CLAUSE_COMPOSITE:
        return "parts, then second look";
    case CLAUSE_TOKEN:
    case CLAUSE_STRING:
    case CLAUSE_URI:
    case CLAUSE_REFERENCE:
    case CLAUSE_PRESENT:
    case CLAUSE_ID:
    case CLAUSE_COMPARTMENT:
        break;
    }
    return "record row or second look";
}

static void put_and(struct json_out *o, const struct search_and *and);

static void put_stream(struct json_out *o, const struct search_and *and, size_t i)
{
    const struct search_stream *s = and->order[i];
    size_t j;

    json_open(o, '{');
    json_member(o, "parameter", str_of(s->clause->name));
    json_name(o, "role");
    json_put_str(o, i == 0 && and->has_driver ? "driver" : "test");
    json_name(o, "by");
    json_put_str(o, way_of(s));
    json_name(o, "excluded");
    json_put_bool(o, s->clause->negate);
    json_name(o, "rows");
    json_put_int(o, (long long)s->estimate);
    json_name(o, "counted");
    json_put_bool(o, s->counted);
    if (s->leaf_count) {
        json_name(o, "merged");
        json_put_int(o, (long long)s->leaf_count);
    }
    if (s->far) {
        json_name(o, "far");
        json_open(o, '[');
        for (j = 0; j < s->clause->far_count; j++)
            put_and(o, s->far[j]);
        json_close(o, ']');
    }
    if (s->any) {
        json_name(o, "alternatives");
        json_open(o, '[');
        for (j = 0; j < s->clause->branch_count; j++)
            put_and(o, search_any_branches(s)[j]);
        json_close(o, ']');
    }
    json_close(o, '}');
}

static void put_and(struct json_out *o, const struct search_and *and)
{
    size_t i;

    json_open(o, '{');
    json_name(o, "type");
    json_put_str(o, fhir_type_numbered(and->type)->name);
    json_name(o, "driver");
    json_put_str(o, and->has_driver ? "a parameter" : "all records");
    json_name(o, "candidates");
    json_put_int(o, (long long)and->tried);
    json_name(o, "parameters");
    json_open(o, '[');
    for (i = 0; i < and->count; i++)
        put_stream(o, and, i);
    json_close(o, ']');
    json_close(o, '}');
}

int search_explain(struct search_run *run, struct search_and *const *ands, size_t count,
    const char *order, struct str *ret)
{
    struct buf b;
    struct json_out o = json_out(&b);
    const char *copy = NULL;
    size_t i;
    int r;

    buf_init(&b, LIMIT_RESPONSE_BYTES);
    json_open(&o, '{');
    json_name(&o, "order");
    json_put_str(&o, order);
    json_name(&o, "seeks");
    json_put_int(&o, (long long)run->seeks);
    json_name(&o, "secondLooks");
    json_put_int(&o, (long long)run->looks);
    json_name(&o, "types");
    json_open(&o, '[');
    for (i = 0; i < count; i++)
        if (ands[i])
            put_and(&o, ands[i]);
    json_close(&o, ']');
    json_close(&o, '}');
    r = buf_error(&b, "explanation", run->err);
    if (r == 0)
        copy = arena_strndup(run->a, b.data, b.len);
    if (r == 0 && !copy)
        r = err_nomem(run->err);
    if (r == 0)
        *ret = (struct str){copy, b.len};
    buf_done(&b);
    return r;
}
