/* SPDX-License-Identifier: Apache-2.0 */
/* Reading logbooks: rows behind a prefix, in the order of their keys. */
#include "view/logbook_internal.h"

/* Rows of one table behind one prefix, on the way. */
struct scan {
    struct store_cursor *cursor;
    uint8_t prefix[LOGBOOK_KEY_MAX];
    size_t prefix_len;
    struct store_row row;
    int code; /* 1: it stands at a row */
};

static void put(struct scan *s, store_rid rid)
{
    s->prefix_len += search_put_number(s->prefix + s->prefix_len, LOGBOOK_N(rid));
}

static void settle(struct scan *s)
{
    if (s->code == 1 && (s->row.key_len <= s->prefix_len ||
                            memcmp(s->row.key, s->prefix, s->prefix_len) != 0))
        s->code = 0;
}

static int begin(
    struct store_reader *r, enum logbook_table table, struct scan *s, struct err *err)
{
    s->code = store_cursor_open(r, logbook_first_table + table, &s->cursor, err);
    if (s->code == 0)
        s->code = store_cursor_seek(s->cursor, s->prefix, s->prefix_len, &s->row, err);
    settle(s);
    return s->code < 0 ? s->code : 0;
}

static void step(struct scan *s, struct err *err)
{
    s->code = store_cursor_next(s->cursor, &s->row, err);
    settle(s);
}

static int end(struct scan *s)
{
    if (s->cursor)
        store_cursor_close(s->cursor);
    return s->code < 0 ? s->code : 0;
}

static int unreadable(struct err *err)
{
    return err_set(err, E_CORRUPT, NULL, "A row of a logbook cannot be read.");
}

/* A list in ${a} with room for one more than ${count}. */
static int room(struct arena *a, void **list, size_t count, size_t size, size_t *cap,
    struct err *err)
{
    size_t more = *cap ? *cap * 2 : 32;
    void *grown = NULL;

    if (count < *cap)
        return 0;
    grown = arena_grow(a, *list, *cap * size, more * size);
    if (!grown)
        return err_nomem(err);
    *list = grown;
    *cap = more;
    return 0;
}

/* ---- parts of rows ---- */

struct bytes {
    const uint8_t *at;
    const uint8_t *end;
    bool bad;
};

static unsigned take_byte(struct bytes *b)
{
    b->bad = b->bad || b->at == b->end;
    return b->bad ? 0 : *b->at++;
}

static store_rid take_rid(struct bytes *b, const char *type)
{
    uint64_t n = 0;
    size_t len = search_get_number(b->at, (size_t)(b->end - b->at), &n);

    b->bad = b->bad || len == 0;
    b->at += len;
    return n ? store_rid_first(fhir_resource_named(str_of(type))->number) | (store_rid)n
             : 0;
}

static uint64_t take_be(struct bytes *b)
{
    uint64_t v = 0;

    b->bad = b->bad || b->end - b->at < 8;
    if (!b->bad) {
        v = search_get_be(b->at, 8);
        b->at += 8;
    }
    return v;
}

static struct bytes key_bytes(const struct scan *s)
{
    return (struct bytes){
        s->row.key + s->prefix_len, s->row.key + s->row.key_len, false};
}

static struct bytes value_bytes(const struct scan *s)
{
    return (struct bytes){s->row.value, s->row.value + s->row.value_len, false};
}

/* ---- operations ---- */

static int read_parts(
    struct arena *a, struct bytes *v, struct logbook_case *c, struct err *err)
{
    struct logbook_part *parts = NULL;

    c->part_count = take_byte(v);
    if (c->part_count > LIMIT_PROCEDURE_PARTS)
        return unreadable(err);
    parts = arena_array(a, c->part_count + 1, sizeof(*parts));
    if (!parts)
        return err_nomem(err);
    for (size_t i = 0; i < c->part_count; i++) {
        parts[i].who = take_rid(v, "Practitioner");
        parts[i].function = (enum procedure_function)take_byte(v);
    }
    c->parts = parts;
    return 0;
}

/* A byte, and the text of a step. */
static int read_step(struct arena *a, struct bytes *v, unsigned *ret_said,
    struct str *ret, struct err *err)
{
    size_t len = 0;

    *ret_said = take_byte(v);
    len = take_byte(v);
    v->bad = v->bad || (size_t)(v->end - v->at) < len;
    if (v->bad)
        return unreadable(err);
    *ret = (struct str){arena_strndup(a, (const char *)v->at, len), len};
    v->at += len;
    return ret->p ? 0 : err_nomem(err);
}

static int read_steps(
    struct arena *a, struct bytes *v, struct logbook_case *c, struct err *err)
{
    struct logbook_step *steps = NULL;

    c->step_count = take_byte(v);
    if (c->step_count > LIMIT_OWN_STEPS)
        return unreadable(err);
    steps = arena_array(a, c->step_count + 1, sizeof(*steps));
    if (!steps)
        return err_nomem(err);
    for (size_t i = 0; i < c->step_count; i++) {
        unsigned function = 0;
        int r = read_step(a, v, &function, &steps[i].step, err);

        if (r < 0)
            return r;
        if (function >= FUNCTION_NONE)
            return unreadable(err);
        steps[i].function = (enum procedure_function)function;
    }
    c->steps = steps;
    return 0;
}

static int read_case(
    struct arena *a, const struct scan *s, struct logbook_case *ret, struct err *err)
{
    struct bytes k = key_bytes(s);
    struct bytes v = value_bytes(s);
    struct logbook_case c = {.when = (utc_ms)(~take_be(&k) ^ 1ull << 63)};
    const char *code = NULL;
    unsigned flags = 0;
    int r = 0;

    c.procedure = take_rid(&k, "Procedure");
    c.function = (enum procedure_function)take_byte(&v);
    for (int i = 0; i < LOOKS; i++)
        c.results[i] = (enum procedure_result)take_byte(&v);
    flags = take_byte(&v);
    c.reviewed = (flags & LOGBOOK_REVIEWED) != 0;
    c.imported = (flags & LOGBOOK_IMPORTED) != 0;
    c.department = take_rid(&v, "Organization");
    r = read_parts(a, &v, &c, err);
    if (r == 0)
        r = read_steps(a, &v, &c, err);
    if (r == 0 && (k.bad || v.bad || c.function >= FUNCTION_NONE))
        return unreadable(err);
    code = r == 0 ? arena_strndup(a, (const char *)v.at, (size_t)(v.end - v.at)) : NULL;
    if (r == 0 && !code)
        r = err_nomem(err);
    c.code = (struct str){code, (size_t)(v.end - v.at)};
    *ret = c;
    return r;
}

int logbook_cases(struct store_reader *r, struct arena *a,
    const struct logbook_request *rq, struct logbook_cases *ret, struct err *err)
{
    struct logbook_cases found = {.count = 0};
    struct scan s = {.cursor = NULL};
    size_t cap = 0;
    int code = 0;

    put(&s, rq->person);
    code = begin(r, LOGBOOK_CASES, &s, err);
    while (code == 0 && s.code == 1 && !found.more) {
        found.more = found.count == rq->most;
        if (found.more)
            break;
        code =
            room(a, (void **)&found.list, found.count, sizeof(*found.list), &cap, err);
        if (code == 0)
            code = read_case(a, &s, &found.list[found.count], err);
        if (code < 0 || (rq->since && found.list[found.count].when < rq->since))
            break;
        found.count += rq->imported || !found.list[found.count].imported;
        step(&s, err);
    }
    if (end(&s) < 0)
        code = s.code;
    if (code == 0)
        *ret = found;
    return code;
}

/* ---- ratings ---- */

static int read_rated_steps(
    struct arena *a, struct bytes *v, struct logbook_rating *g, struct err *err)
{
    struct procedure_step_rating *steps = NULL;
    int r = 0;

    g->step_count = take_byte(v);
    if (v->bad || g->step_count > LIMIT_OWN_STEPS)
        return unreadable(err);
    steps = arena_array(a, g->step_count + 1, sizeof(*steps));
    if (!steps)
        return err_nomem(err);
    for (size_t i = 0; r == 0 && i < g->step_count; i++) {
        unsigned original = 0;

        r = read_step(a, v, &original, &steps[i].step, err);
        steps[i].original = (int)original;
    }
    g->steps = steps;
    return r;
}

static int read_rating(struct arena *a, const struct scan *s, store_rid procedure,
    struct logbook_rating *ret, struct err *err)
{
    struct bytes k = key_bytes(s);
    struct bytes v = value_bytes(s);
    struct logbook_rating g = {.procedure = procedure};
    int r = 0;

    if (!procedure)
        g.procedure = take_rid(&k, "Procedure");
    g.assessor = take_rid(&k, "Practitioner");
    g.observation = take_rid(&k, "Observation");
    g.level = (int)take_byte(&v);
    g.scale = (enum rating_scale)take_byte(&v);
    g.original = (int)take_byte(&v);
    g.performance = (int)take_byte(&v);
    g.difficulty = (int)take_byte(&v);
    g.answered = take_byte(&v) != 0;
    g.when = (utc_ms)take_be(&v);
    if (k.bad || v.bad || g.scale > SCALE_O_SCORE)
        return unreadable(err);
    r = read_rated_steps(a, &v, &g, err);
    if (r == 0)
        *ret = g;
    return r;
}

int logbook_ratings(struct store_reader *r, struct arena *a,
    const struct logbook_request *rq, struct logbook_ratings *ret, struct err *err)
{
    struct logbook_ratings found = {.count = 0};
    struct scan s = {.cursor = NULL};
    size_t cap = 0;
    int code = 0;

    put(&s, rq->person);
    if (rq->procedure)
        put(&s, rq->procedure);
    code = begin(r, LOGBOOK_RATINGS, &s, err);
    while (code == 0 && s.code == 1 && found.count < rq->most) {
        code =
            room(a, (void **)&found.list, found.count, sizeof(*found.list), &cap, err);
        if (code == 0)
            code = read_rating(a, &s, rq->procedure, &found.list[found.count], err);
        if (code < 0)
            break;
        found.count++;
        step(&s, err);
    }
    if (end(&s) < 0)
        code = s.code;
    if (code == 0)
        *ret = found;
    return code;
}

/* ---- what nobody has asked after ---- */

static int read_open(const struct scan *s, struct logbook_open *ret, struct err *err)
{
    struct bytes k = key_bytes(s);
    struct bytes v = value_bytes(s);

    ret->due = (utc_ms)(take_be(&k) ^ 1ull << 63);
    ret->procedure = take_rid(&k, "Procedure");
    ret->missing = (enum procedure_look)take_byte(&v);
    return k.bad || v.bad || ret->missing >= LOOKS ? unreadable(err) : 0;
}

int logbook_open(struct store_reader *r, struct arena *a, store_rid department,
    size_t most, struct logbook_opens *ret, struct err *err)
{
    struct logbook_opens found = {.count = 0};
    struct scan s = {.cursor = NULL};
    size_t cap = 0;
    int code = 0;

    put(&s, department);
    code = begin(r, LOGBOOK_OPEN, &s, err);
    while (code == 0 && s.code == 1 && found.count < most) {
        code =
            room(a, (void **)&found.list, found.count, sizeof(*found.list), &cap, err);
        if (code == 0)
            code = read_open(&s, &found.list[found.count], err);
        found.count++;
        step(&s, err);
    }
    if (end(&s) < 0)
        code = s.code;
    if (code == 0)
        *ret = found;
    return code;
}

/* ---- what waits for a review ---- */

int logbook_events(struct store_reader *r, struct arena *a, store_rid department,
    size_t most, struct logbook_events *ret, struct err *err)
{
    struct logbook_events found = {.count = 0};
    struct scan s = {.cursor = NULL};
    size_t cap = 0;
    int code = 0;

    put(&s, department);
    code = begin(r, LOGBOOK_EVENTS, &s, err);
    while (code == 0 && s.code == 1 && found.count < most) {
        struct bytes k = key_bytes(&s);

        code =
            room(a, (void **)&found.list, found.count, sizeof(*found.list), &cap, err);
        if (code == 0) {
            struct logbook_event *one = &found.list[found.count++];

            one->when = (utc_ms)(take_be(&k) ^ 1ull << 63);
            one->procedure = take_rid(&k, "Procedure");
            code = k.bad ? unreadable(err) : 0;
        }
        if (code == 0)
            step(&s, err);
    }
    if (end(&s) < 0)
        code = s.code;
    if (code == 0)
        *ret = found;
    return code;
}
