/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A node for tests, in memory or in a folder that goes away, and calls to it in process.
 */
#ifndef TEST_APP_NODE_H
#define TEST_APP_NODE_H

#include <ftw.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/time.h"

#include "app/app.h"
#include "unit.h"

struct node {
    struct app *app;
    char folder[64]; /* "": in memory */
};

/* ${base}: how it is known, as in "http://test". */
static inline void node_open_at(struct node *n, bool memory, const char *base)
{
    struct err err = {0};
    struct app_options options = {.memory = memory, .create = true, .base_url = base};
    int r = 0;

    n->folder[0] = '\0';
    if (!memory) {
        snprintf(n->folder, sizeof(n->folder), "/tmp/belay-app-XXXXXX");
        assert_non_null(mkdtemp(n->folder));
        options.path = n->folder;
    }
    r = app_open(&options, &n->app, &err);
    if (r < 0)
        printf("app_open: %s %s\n", err.path, err.text);
    assert_int_equal(r, 0);
}

static inline void node_open(struct node *n, bool memory)
{
    node_open_at(n, memory, "http://test");
}

static inline int node_remove_one(
    const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
    (void)st;
    (void)flag;
    (void)ftw;
    return remove(path);
}

static inline void node_close(struct node *n)
{
    app_close(n->app);
    if (n->folder[0])
        nftw(n->folder, node_remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* A request; what is left out is not sent. */
struct ask {
    enum app_method method;
    enum app_space space;
    const char *path; /* with the query, as in Patient?name=x */
    const char *body;
    size_t body_len; /* 0: strlen */
    enum app_format format;
    const char *if_match;
    const char *if_none_match;
    const char *if_none_exist;
    const char *if_modified_since;
    const char *prefer;
    const char *body_type;
    bool raw;
    bool nobody; /* no caller */
};

/* The answer, until said_free(). */
struct said {
    struct app_call call;
    int status;
    const struct json *json; /* NULL: no body, or no JSON */
};

/* Run ${given}, whose query holds the path too, in an arena of its own, as ${person}, the id of
 * a Practitioner; NULL: as its caller says. */
static inline struct said *said_by(const char *person, const struct app_call *given)
{
    struct said *s = calloc(1, sizeof(*s));
    struct app_call *call = &s->call;

    assert_non_null(s);
    *call = *given;
    call->arena = arena_new();
    if (person)
        call->caller.practitioner =
            str_of(arena_printf(call->arena, "Practitioner/%s", person));
    call->path = str_cut(&call->query, '?');
    app_run(call);
    s->status = call->status;
    if (call->answer.len > 0 && !call->media_type.p)
        assert_int_equal(
            json_read(call->arena, (struct str){call->answer.data, call->answer.len},
                LIMIT_RESPONSE_BYTES, &s->json, NULL),
            0);
    return s;
}

static inline struct said *node_ask(struct node *n, struct ask a)
{
    struct app_call call = {
        .app = n->app,
        .method = a.method,
        .space = a.space,
        .query = str_of(a.path),
        .body = a.body_len ? (struct str){a.body, a.body_len} : str_of(a.body),
        .body_format = a.format,
        .if_match = str_of(a.if_match),
        .if_none_match = str_of(a.if_none_match),
        .if_none_exist = str_of(a.if_none_exist),
        .if_modified_since = str_of(a.if_modified_since),
        .prefer = str_of(a.prefer),
        .body_type = str_of(a.body_type),
        .raw = a.raw,
    };

    if (!a.nobody)
        call.caller =
            (struct app_caller){.name = STR("tester"), .role = STR("program")};
    return said_by(NULL, &call);
}

static inline void said_free(struct said *s)
{
    app_call_done(&s->call);
    arena_free(s->call.arena);
    free(s);
}

/* The node's answer, which must have ${status}; what it said instead is printed. */
static inline struct said *said_status(struct said *s, int status)
{
    if (s->status != status)
        printf("status %d, not %d: %.*s\n", s->status, status,
            (int)(s->call.answer.len > 2000 ? 2000 : s->call.answer.len),
            s->call.answer.data ? s->call.answer.data : "");
    assert_int_equal(s->status, status);
    return s;
}

static inline const char *method_name(enum app_method m)
{
    static const char *const names[] = {
        "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"};

    return names[m];
}

#define GET(n, p) node_ask((n), (struct ask){.method = APP_GET, .path = (p)})
#define POST(n, p, b)                                                                  \
    node_ask((n), (struct ask){.method = APP_POST, .path = (p), .body = (b)})
#define PUT(n, p, b)                                                                   \
    node_ask((n), (struct ask){.method = APP_PUT, .path = (p), .body = (b)})
#define DELETE(n, p) node_ask((n), (struct ask){.method = APP_DELETE, .path = (p)})

/* Text at a path of member names and numbers, as in "entry.0.resource.id"; "" if it is
 * not there. Numbers and literals are given as text too. */
static inline const struct json *json_walk(const struct json *j, const char *path)
{
    struct str left = str_of(path);

    while (left.p && j) {
        struct str name = str_cut(&left, '.');
        int64_t at = 0;

        if (json_is_array(j) && text_int(name, 0, 1 << 30, &at))
            j = json_at(j, (size_t)at);
        else
            j = json_getn(j, name);
    }
    return j;
}

static inline const char *said_text(struct said *s, const char *path)
{
    const struct json *j = json_walk(s->json, path);
    struct str t = json_text(j);

    if (!j || !t.p)
        return "";
    return arena_strndup(s->call.arena, t.p, t.len);
}

static inline size_t said_count(struct said *s, const char *path)
{
    return json_count(json_walk(s->json, path));
}

/* How many ${s}, a searchset, says there are; it is freed. */
static inline int said_total(struct said *s)
{
    int64_t value = -1;

    said_status(s, 200);
    assert_true(text_int(json_text(json_get(s->json, "total")), 0, INT32_MAX, &value));
    said_free(s);
    return (int)value;
}

/* How many versions the log of ${n} holds: the position of the last. */
static inline int64_t node_position(struct node *n)
{
    struct store_reader *r = NULL;
    int64_t seq = 0;

    assert_int_equal(store_read_begin(app_store(n->app), &r, NULL), 0);
    assert_int_equal(store_seq(r, &seq, NULL), 0);
    store_read_end(r);
    return seq;
}

/* Ask, check the status, forget the answer. */
static inline void must(struct node *n, int status, struct ask a)
{
    said_free(said_status(node_ask(n, a), status));
}

#endif
