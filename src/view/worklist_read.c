/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading worklists: one stream a unit and side, each in the order of places, merged. A
 * case that several streams hold is shown where it comes first; which that is follows from
 * the row alone, so that pages need to remember nothing but the last place.
 */
#include "view/worklist_internal.h"

/* What a row's value says. */
struct facts {
    enum case_task_state state;
    enum case_urgency urgency;
    uint64_t requester;
    uint64_t owner;
    uint64_t asking;
    uint64_t asked[CASE_TASK_UNITS];
    size_t asked_count;
};

struct stream {
    store_rid unit;
    enum case_task_side side;
    struct store_cursor *cursor;
    uint8_t key[WORKLIST_KEY_MAX]; /* the row it stands at; the prefix before it */
    size_t prefix_len;
    size_t key_len; /* 0: it has ended */
    struct facts facts;
};

struct reading {
    struct store_reader *r;
    const struct worklist_request *rq;
    struct stream *streams;
    size_t count;
    unsigned tasks; /* number of the type */
    struct err *err;
};

static const uint8_t *place_of(const struct stream *s)
{
    return s->key + s->prefix_len;
}

static size_t place_len(const struct stream *s)
{
    return s->key_len - s->prefix_len;
}

static int compare(const uint8_t *a, size_t a_len, const uint8_t *b, size_t b_len)
{
    int order = memcmp(a, b, a_len < b_len ? a_len : b_len);

    return order ? order : (int)a_len - (int)b_len;
}

/* ---- rows ---- */

static bool get_number(const uint8_t **at, const uint8_t *end, uint64_t *ret)
{
    size_t len = search_get_number(*at, (size_t)(end - *at), ret);

    *at += len;
    return len > 0;
}

static bool read_facts(const struct store_row *row, struct facts *ret)
{
    const uint8_t *at = row->value;
    const uint8_t *end = at + row->value_len;

    if (row->value_len < 2)
        return false;
    ret->state = (enum case_task_state) * at++;
    ret->urgency = (enum case_urgency) * at++;
    if (!get_number(&at, end, &ret->requester) || !get_number(&at, end, &ret->owner) ||
        !get_number(&at, end, &ret->asking) || at == end || *at > CASE_TASK_UNITS ||
        ret->state >= CASE_TASK_STATES)
        return false;
    ret->asked_count = *at++;
    for (size_t i = 0; i < ret->asked_count; i++) {
        if (!get_number(&at, end, &ret->asked[i]))
            return false;
    }
    return true;
}

/* ${s} stands at ${row}, the outcome of a step of its cursor was ${code}. */
static int arrive(
    struct reading *rd, struct stream *s, int code, const struct store_row *row)
{
    size_t prefix = s->prefix_len;

    s->key_len = 0;
    if (code <= 0)
        return code;
    if (row->key_len <= prefix + 10 || row->key_len > sizeof(s->key) ||
        memcmp(row->key, s->key, prefix) != 0)
        return 0;
    if (!read_facts(row, &s->facts))
        return err_set(
            rd->err, E_CORRUPT, NULL, "A row of the worklist cannot be read.");
    memcpy(s->key, row->key, row->key_len);
    s->key_len = row->key_len;
    return 0;
}

static int step(struct reading *rd, struct stream *s)
{
    struct store_row row;
    int code = store_cursor_next(s->cursor, &row, rd->err);

    return arrive(rd, s, code, &row);
}

static int seek(struct reading *rd, struct stream *s, const uint8_t *place, size_t len)
{
    uint8_t key[WORKLIST_KEY_MAX];
    struct store_row row;
    int code = 0;

    memcpy(key, s->key, s->prefix_len);
    if (len > 0)
        memcpy(key + s->prefix_len, place, len);
    code = store_cursor_seek(s->cursor, key, s->prefix_len + len, &row, rd->err);
    return arrive(rd, s, code, &row);
}

/* Go over groups that are not wanted. */
static int skip_groups(struct reading *rd, struct stream *s)
{
    int r = 0;

    while (r == 0 && s->key_len > 0 && !(rd->rq->groups >> place_of(s)[0] & 1)) {
        uint8_t next = (uint8_t)(place_of(s)[0] + 1);

        r = seek(rd, s, &next, 1);
    }
    return r;
}

static int advance(struct reading *rd, struct stream *s)
{
    int r = step(rd, s);

    return r < 0 ? r : skip_groups(rd, s);
}

/* ---- streams ---- */

static int add_stream(struct reading *rd, store_rid unit, enum case_task_side side)
{
    struct stream *s = &rd->streams[rd->count];
    int r = 0;

    *s = (struct stream){.unit = unit, .side = side};
    r = store_cursor_open(rd->r, worklist_first_table, &s->cursor, rd->err);
    if (r < 0)
        return r;
    rd->count++;
    s->prefix_len = worklist_prefix(s->key, unit, side);
    return 0;
}

static int open_streams(struct reading *rd, struct arena *a)
{
    const struct worklist_request *rq = rd->rq;
    int r = 0;

    rd->streams =
        arena_array(a, rq->asking_count + rq->asked_count + 1, sizeof(*rd->streams));
    if (!rd->streams)
        return err_nomem(rd->err);
    for (size_t i = 0; r == 0 && i < rq->asking_count; i++)
        r = add_stream(rd, rq->asking[i], CASE_TASK_ASKING);
    for (size_t i = 0; r == 0 && i < rq->asked_count; i++)
        r = add_stream(rd, rq->asked[i], CASE_TASK_ASKED);
    return r;
}

static void close_streams(struct reading *rd)
{
    for (size_t i = 0; i < rd->count; i++)
        store_cursor_close(rd->streams[i].cursor);
}

/* Let all streams stand at their first row at or behind ${place}. */
static int begin(struct reading *rd, const uint8_t *place, size_t len)
{
    int r = 0;

    for (size_t i = 0; r == 0 && i < rd->count; i++) {
        r = seek(rd, &rd->streams[i], place, len);
        if (r == 0)
            r = skip_groups(rd, &rd->streams[i]);
    }
    return r;
}

/* The stream with the row that comes first; NULL: all have ended. */
static struct stream *first(struct reading *rd)
{
    struct stream *found = NULL;

    for (size_t i = 0; i < rd->count; i++) {
        struct stream *s = &rd->streams[i];

        if (s->key_len > 0 && (!found || compare(place_of(s), place_len(s),
                                             place_of(found), place_len(found)) < 0))
            found = s;
    }
    return found;
}

/* ---- which rows ---- */

static bool holds_unit(const struct facts *facts, const struct stream *s)
{
    uint64_t n = (uint64_t)s->unit & WORKLIST_N_MASK;

    if (s->side == CASE_TASK_ASKING)
        return facts->asking == n;
    for (size_t i = 0; i < facts->asked_count; i++) {
        if (facts->asked[i] == n)
            return true;
    }
    return false;
}

static bool is_mine(const struct facts *facts, enum case_task_side side, store_rid me)
{
    uint64_t n = (uint64_t)me & WORKLIST_N_MASK;

    return (side == CASE_TASK_ASKING ? facts->requester : facts->owner) == n;
}

static bool wanted(const struct worklist_request *rq, const struct facts *facts,
    enum case_task_side side)
{
    return rq->states >> facts->state & 1 && rq->urgencies >> facts->urgency & 1 &&
           rq->groups >> worklist_group_of(facts->state, side) & 1 &&
           (rq->mine == 0 || is_mine(facts, side, rq->mine));
}

/* Is the row of ${s} the one at which its case is shown: is there none in another stream
 * that comes before? */
static bool is_first_place(const struct reading *rd, const struct stream *s)
{
    enum worklist_group here = worklist_group_of(s->facts.state, s->side);

    for (const struct stream *o = rd->streams; o < rd->streams + rd->count; o++) {
        enum worklist_group there = worklist_group_of(s->facts.state, o->side);

        if (o == s || there > here || !holds_unit(&s->facts, o) ||
            !wanted(rd->rq, &s->facts, o->side))
            continue;
        if (there < here || o < s)
            return false;
    }
    return true;
}

static store_rid task_of(const struct reading *rd, const struct stream *s)
{
    uint64_t n = 0;

    search_get_number(place_of(s) + 10, place_len(s) - 10, &n);
    return store_rid_first(rd->tasks) | (store_rid)n;
}

static int allows(const struct reading *rd, const struct stream *s, bool *ret)
{
    const struct search_filter *filter = rd->rq->filter;

    *ret = wanted(rd->rq, &s->facts, s->side) && is_first_place(rd, s);
    if (!*ret || !filter)
        return 0;
    return filter->allows(filter->arg, task_of(rd, s), ret, rd->err);
}

/* ---- all of it ---- */

static void take(
    const struct reading *rd, const struct stream *s, struct worklist_row *ret)
{
    ret->task = task_of(rd, s);
    ret->group = (enum worklist_group)place_of(s)[0];
    ret->side = s->side;
    ret->place_len = place_len(s);
    memcpy(ret->place, place_of(s), ret->place_len);
}

/* One page behind rq->after. */
static int read_page(struct reading *rd, struct worklist *ret)
{
    const struct worklist_request *rq = rd->rq;
    const uint8_t *after = (const uint8_t *)rq->after.p;
    struct stream *s = NULL;
    int r = begin(rd, after, rq->after.p ? rq->after.len : 0);

    while (r == 0 && !ret->more && (s = first(rd)) != NULL) {
        bool ok = false;

        if (!after || compare(place_of(s), place_len(s), after, rq->after.len) > 0)
            r = allows(rd, s, &ok);
        if (r == 0 && ok && ret->count == rq->most)
            ret->more = true;
        else if (r == 0 && ok)
            take(rd, s, &ret->rows[ret->count++]);
        if (r == 0 && !ret->more)
            r = advance(rd, s);
    }
    return r;
}

/* All rows, without order: stream by stream. */
static int count_rows(struct reading *rd, struct worklist *ret)
{
    int r = begin(rd, NULL, 0);

    for (size_t i = 0; r == 0 && i < rd->count; i++) {
        struct stream *s = &rd->streams[i];

        while (r == 0 && s->key_len > 0 && ret->total < rd->rq->count_most) {
            bool ok = false;

            r = allows(rd, s, &ok);
            ret->total += ok;
            if (r == 0)
                r = advance(rd, s);
        }
    }
    return r;
}

int worklist_read(struct store_reader *r, struct arena *a,
    const struct worklist_request *rq, struct worklist *ret, struct err *err)
{
    struct reading rd = {.r = r,
        .rq = rq,
        .tasks = fhir_resource_named(STR("Task"))->number,
        .err = err};
    struct worklist made = {.count = 0};
    int code = 0;

    if (rq->after.len > WORKLIST_PLACE_MAX)
        return err_set(err, E_INVALID, "_page", "This is no place in a worklist.");
    made.rows = arena_array(a, rq->most + 1, sizeof(*made.rows));
    if (!made.rows)
        return err_nomem(err);
    code = open_streams(&rd, a);
    if (code == 0)
        code = read_page(&rd, &made);
    if (code == 0 && rq->count_most > 0)
        code = count_rows(&rd, &made);
    close_streams(&rd);
    if (code == 0)
        *ret = made;
    return code;
}
