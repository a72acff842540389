/* SPDX-License-Identifier: Apache-2.0 */
#include "search_node.h"

#include <ftw.h>
#include <unistd.h>

#include "base/limits.h"

#include "unit.h"
#include "view/views.h"

#define check(r, err)                                                                  \
    do {                                                                               \
        if ((r) < 0)                                                                   \
            fail_msg("%s: %s", (err)->path, (err)->text);                              \
    } while (0)

/* ---- life ---- */

void node_open(struct search_node *n, enum store_kind kind)
{
    struct store_options options = {.kind = kind, .create = true, .no_sync = true};
    struct err err = {0};
    const char *tmp = getenv("TMPDIR");

    *n = (struct search_node){.kind = kind, .arena = arena_new()};
    if (kind == STORE_SQLITE) {
        snprintf(
            n->path, sizeof(n->path), "%s/belay-search-XXXXXX", tmp ? tmp : "/tmp");
        assert_non_null(mkdtemp(n->path));
        options.path = n->path;
    }
    check(store_open(&options, views_all, VIEWS_COUNT, &n->store, &err), &err);
}

static int remove_one(
    const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
    (void)st;
    (void)kind;
    (void)ftw;
    return remove(path);
}

void node_close(struct search_node *n)
{
    if (n->reader)
        store_read_end(n->reader);
    store_close(n->store);
    arena_free(n->arena);
    if (n->path[0])
        nftw(n->path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

struct store_reader *node_reader(struct search_node *n)
{
    struct err err = {0};

    if (!n->reader)
        check(store_read_begin(n->store, &n->reader, &err), &err);
    return n->reader;
}

/* ---- writing ---- */

struct str node_json(struct arena *a, const char *text)
{
    char *copy = arena_strndup(a, text, strlen(text)), *p;

    assert_non_null(copy);
    for (p = copy; *p; p++)
        if (*p == '\'')
            *p = '"';
    return str_of(copy);
}

static void commit(struct search_node *n, struct arena *a, struct store_write *w)
{
    struct store_transaction t = {.writes = w, .count = 1, .actor = STR("test")};
    struct err err = {0};

    if (n->reader)
        store_read_end(n->reader);
    n->reader = NULL;
    time_hold(NODE_NOW - 1000000000 + 1000 * ++n->writes);
    check(store_prepare(n->store, a, w, &err), &err);
    check(store_commit(n->store, &t, &err), &err);
}

void node_put_json(struct search_node *n, struct str json)
{
    struct arena *a = arena_new();
    struct store_write w = {.operation = STORE_UPDATE, .body = json};
    struct err err = {0};

    check(json_read(a, json, LIMIT_RECORD_BYTES, &w.resource, &err), &err);
    w.type = fhir_resource_named(json_get_text(w.resource, "resourceType"));
    assert_non_null(w.type);
    w.id = json_get_text(w.resource, "id");
    commit(n, a, &w);
    arena_free(a);
}

void node_put(struct search_node *n, const char *text)
{
    struct arena *a = arena_new();

    node_put_json(n, node_json(a, text));
    arena_free(a);
}

void node_delete(struct search_node *n, const char *type, const char *id)
{
    struct arena *a = arena_new();
    struct store_write w = {.operation = STORE_DELETE, .id = str_of(id)};

    w.type = fhir_resource_named(str_of(type));
    commit(n, a, &w);
    arena_free(a);
}

/* ---- queries ---- */

static struct str decoded(struct arena *a, struct str s)
{
    struct buf b;
    const char *copy;

    buf_init(&b, LIMIT_URL_BYTES);
    assert_true(percent_decode(&b, s, true));
    copy = arena_strndup(a, b.len ? b.data : "", b.len);
    s = (struct str){copy, b.len};
    buf_done(&b);
    return s;
}

/* "Patient", "", or "Patient/1/Observation". */
static void read_path(struct search_request *rq, struct str path)
{
    struct str first = str_cut(&path, '/');

    if (path.p) {
        rq->compartment = fhir_resource_named(first)->number;
        rq->compartment_id = str_cut(&path, '/');
        first = path;
    }
    if (first.len && !str_is(first, "*"))
        rq->type = fhir_resource_named(first)->number;
}

struct search_request node_request(struct search_node *n, const char *query)
{
    struct search_request rq = {.now = NODE_NOW,
        .bases = {
            {STR("http://here.example/fhir"), STR("https://also.example:8443/x/fhir")},
            2}};
    struct search_pair *pairs =
        arena_array(n->arena, LIMIT_QUERY_PARAMS + 8, sizeof(*pairs));
    struct str rest = str_of(query);

    read_path(&rq, str_cut(&rest, '?'));
    while (rest.p && rest.len) {
        struct str value = str_cut(&rest, '&'), name = str_cut(&value, '=');
        pairs[rq.pair_count].name = decoded(n->arena, name);
        pairs[rq.pair_count++].value = decoded(n->arena, value);
    }
    rq.pairs = pairs;
    return rq;
}

int node_parse(struct search_node *n, const char *query, struct str cursor,
    struct fhir_issues *lenient, struct search_query **ret, struct err *err)
{
    struct search_request rq = node_request(n, query);

    rq.cursor = cursor;
    rq.lenient = lenient != NULL;
    return search_parse(n->arena, &rq, lenient, ret, err);
}

static struct search_query *parsed(
    struct search_node *n, const char *query, struct str cursor)
{
    struct search_query *q = NULL;
    struct err err = {0};

    if (node_parse(n, query, cursor, NULL, &q, &err) < 0)
        fail_msg("%s: %s: %s", query, err.path, err.text);
    return q;
}

int node_refused(struct search_node *n, const char *query, char ret_path[256])
{
    struct search_query *q = NULL;
    struct err err = {0};
    int r;

    arena_reset(n->arena);
    r = node_parse(n, query, (struct str){NULL, 0}, NULL, &q, &err);
    snprintf(ret_path, 256, "%s", err.path);
    return r;
}

void node_page(struct search_node *n, const char *query, struct str cursor,
    struct search_page *ret)
{
    struct search_query *q = parsed(n, query, cursor);
    struct err err = {0};

    if (search_run(node_reader(n), n->arena, q, ret, &err) < 0)
        fail_msg("%s: %s: %s", query, err.path, err.text);
}

/* ---- brute force ---- */

static bool matches(
    struct search_node *n, const struct search_query *q, store_rid rid, struct arena *a)
{
    struct store_record record;
    const struct json *json;
    struct err err = {0};
    bool found = false;

    check(store_get_rid(node_reader(n), a, rid, true, &record, &err), &err);
    check(json_read_trusted(a, record.body, &json, &err), &err);
    check(search_matches(node_reader(n), a, q, json, &found, &err), &err);
    return found;
}

/* All rids of all types that match, in rid order, into ${out}; how many. */
static size_t brute(
    struct search_node *n, const struct search_query *q, store_rid *out, size_t cap)
{
    struct arena *a = arena_new();
    store_rid batch[64], after;
    size_t count = 0, got, i;
    struct err err = {0};
    unsigned type;

    for (type = 1; type <= FHIR_TYPE_NUMBER_MAX; type++) {
        if (!fhir_type_numbered(type))
            continue;
        for (after = 0;; after = batch[got - 1]) {
            check(store_rids(node_reader(n), type, after, batch, 64, &got, &err), &err);
            for (i = 0; i < got; i++) {
                arena_reset(a);
                if (matches(n, q, batch[i], a)) {
                    assert_true(count < cap);
                    out[count++] = batch[i];
                }
            }
            if (got < 64)
                break;
        }
    }
    arena_free(a);
    return count;
}

static int rid_order(const void *x, const void *y)
{
    const store_rid *a = x, *b = y;

    return *a < *b ? -1 : *a > *b;
}

static void hold_against_brute(
    struct search_node *n, const char *query, const store_rid *found, size_t count)
{
    store_rid *right = calloc(20000, sizeof(*right)), *ours;
    struct search_query *q = parsed(n, query, (struct str){NULL, 0});
    size_t want, i;

    ours = malloc((count + 1) * sizeof(*ours));
    memcpy(ours, found, count * sizeof(*ours));
    qsort(ours, count, sizeof(*ours), rid_order);
    want = brute(n, q, right, 20000);
    for (i = 0; i < want || i < count; i++) {
        bool missing = i >= count || (i < want && right[i] < ours[i]);
        if (i < want && i < count && right[i] == ours[i])
            continue;
        store_rid rid = missing ? right[i] : ours[i];
        struct str id = {NULL, 0};
        store_name(node_reader(n), n->arena, rid, &id, NULL);
        fail_msg("%s: %s %s/%.*s (%zu found, %zu match)", query,
            missing ? "misses" : "wrongly gives",
            fhir_type_numbered(store_rid_type(rid))->name, (int)id.len, id.p, count,
            want);
    }
    free(right);
    free(ours);
}

/* ---- all pages ---- */

struct pages {
    store_rid list[20000];
    size_t count;
};

static const char *with_count(struct search_node *n, const char *query, size_t size)
{
    if (size == 0)
        return query;
    return arena_printf(
        n->arena, "%s%s_count=%zu", query, strchr(query, '?') ? "&" : "?", size);
}

/* Forward over all pages, then backward from the last: the same records. */
static void walk_pages(struct search_node *n, const char *query, struct pages *p,
    struct search_page *first)
{
    struct str cursor = {NULL, 0}, back = {NULL, 0};
    struct search_page page;
    size_t i, left;

    p->count = 0;
    do {
        node_page(n, query, cursor, &page);
        if (!cursor.p)
            *first = page;
        for (i = 0; i < page.matches; i++)
            p->list[p->count++] = page.hits[i].rid;
        cursor = page.next;
        back = page.previous;
        left = p->count - page.matches;
    } while (cursor.p);
    while (back.p) {
        node_page(n, query, back, &page);
        if (page.matches > left)
            fail_msg("%s: a page before has records of pages behind it", query);
        left -= page.matches;
        for (i = 0; i < page.matches; i++)
            if (page.hits[i].rid != p->list[left + i])
                fail_msg("%s: pages differ backwards at %zu", query, left + i);
        back = page.previous;
    }
    if (left != 0)
        fail_msg("%s: pages backwards leave out %zu", query, left);
}

static void add_name(struct search_node *n, struct buf *b, store_rid rid, bool type)
{
    struct str id;
    struct err err = {0};

    check(store_name(node_reader(n), n->arena, rid, &id, &err), &err);
    if (b->len)
        buf_addc(b, ' ');
    if (type)
        buf_addf(b, "%s/", fhir_type_numbered(store_rid_type(rid))->name);
    buf_add(b, id.p, id.len);
}

const char *node_pages(
    struct search_node *n, const char *query, size_t size, bool compare)
{
    static struct pages pages;
    struct search_page first = {0};
    const char *text, *sized;
    struct buf b;
    size_t i;

    arena_reset(n->arena);
    sized = with_count(n, query, size);
    walk_pages(n, sized, &pages, &first);
    if (compare)
        hold_against_brute(n, query, pages.list, pages.count);
    if (first.total >= 0 && (size_t)first.total != pages.count &&
        !strstr(query, "_total=estimate"))
        fail_msg("%s: total %lld, but %zu are given", query, (long long)first.total,
            pages.count);
    buf_init(&b, 1u << 20);
    for (i = 0; i < pages.count; i++)
        add_name(n, &b, pages.list[i], query[0] == '?');
    if (first.matches < first.count)
        buf_adds(&b, " +");
    for (i = first.matches; i < first.count; i++)
        add_name(n, &b, first.hits[i].rid, true);
    text = arena_strndup(n->arena, b.len ? b.data : "", b.len);
    buf_done(&b);
    return text;
}

const char *node_search(struct search_node *n, const char *query)
{
    const char *all, *copy;

    node_pages(n, query, 1, false);
    node_pages(n, query, 3, false);
    all = node_pages(n, query, 0, true);
    copy = arena_strndup(n->arena, all, strlen(all));
    return copy;
}
