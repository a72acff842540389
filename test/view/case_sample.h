/* SPDX-License-Identifier: Apache-2.0 */
/* Tasks of cases for tests of views: a case in a few numbers, and its Task as JSON. */
#ifndef TEST_VIEW_CASE_SAMPLE_H
#define TEST_VIEW_CASE_SAMPLE_H

#include "base/time.h"

#include "search_node.h"
#include "unit.h"
#include "view/case_task.h"

struct case_sample {
    int id;
    enum case_task_state state; /* CASE_TASK_NONE: a Task of another kind */
    enum case_urgency urgency;
    utc_ms due;  /* allocate-by and answer-by; also when it was changed last */
    utc_ms next; /* 0: none */
    int asking;  /* Organization/oN */
    int asked[3];
    int asked_count;
    int requester;         /* Practitioner/pN */
    int owner;             /* the same; 0: the first unit that is asked */
    const char *next_text; /* instead of next: as it is written */
};

static inline void sample_instant(struct buf *b, const char *name, utc_ms ms)
{
    char iso[TIME_ISO_MAX];

    if (!ms)
        return;
    time_iso(ms, iso);
    buf_addf(b, "{\"url\":\"%s\",\"valueInstant\":\"%s\"},", name, iso);
}

/* The Task of ${s} in ${b}, which is emptied first. */
static inline struct str sample_task(struct buf *b, const struct case_sample *s)
{
    static const char *const priorities[] = {"stat", "urgent", "routine"};
    char iso[TIME_ISO_MAX];

    buf_clear(b);
    time_iso(s->due, iso);
    buf_addf(b,
        "{\"resourceType\":\"Task\",\"id\":\"c%d\",\"status\":\"requested\","
        "\"intent\":\"order\",\"code\":{\"coding\":[{\"code\":\"%s\"}]},"
        "\"businessStatus\":{\"coding\":[{\"code\":\"%s\"}]},\"priority\":\"%s\","
        "\"lastModified\":\"%s\",\"for\":{\"reference\":\"Patient/x\"},",
        s->id, s->state == CASE_TASK_NONE ? "fulfill" : CASE_TASK_CODE,
        case_task_state_code(s->state), priorities[s->urgency], iso);
    if (s->requester)
        buf_addf(
            b, "\"requester\":{\"reference\":\"Practitioner/p%d\"},", s->requester);
    if (s->owner)
        buf_addf(b, "\"owner\":{\"reference\":\"Practitioner/p%d\"},", s->owner);
    else if (s->asked_count)
        buf_addf(b, "\"owner\":{\"reference\":\"Organization/o%d\"},", s->asked[0]);
    buf_addf(
        b, "\"extension\":[{\"url\":\"%scase-clock\",\"extension\":[", CASE_TASK_URL);
    sample_instant(b, "sent", s->due);
    sample_instant(b, "allocate-by", s->due);
    sample_instant(
        b, "paused-since", s->state == CASE_TASK_INFORMATION_ASKED ? s->due : 0);
    sample_instant(b, "answered", s->state == CASE_TASK_ANSWERED ? s->due : 0);
    sample_instant(b, "next", s->next);
    if (s->next_text)
        buf_addf(b, "{\"url\":\"next\",\"valueInstant\":\"%s\"},", s->next_text);
    buf_addf(b, "{\"url\":\"answer-by\",\"valueInstant\":\"%s\"}]},", iso);
    buf_addf(b, "{\"url\":\"%scase-sides\",\"extension\":[", CASE_TASK_URL);
    for (int i = 0; i < s->asked_count; i++)
        buf_addf(b,
            "{\"url\":\"asked\",\"valueReference\":{\"reference\":\"Organization/"
            "o%d\"}},",
            s->asked[i]);
    buf_addf(b,
        "{\"url\":\"asking\",\"valueReference\":{\"reference\":\"Organization/"
        "o%d\"}}]}]}",
        s->asking);
    assert_int_equal(b->error, 0);
    return (struct str){b->data, b->len};
}

static inline void sample_put(struct search_node *n, const struct case_sample *s)
{
    struct buf b;

    buf_init(&b, 1 << 16);
    node_put_json(n, sample_task(&b, s));
    buf_done(&b);
}

/* How many faults store_verify finds; told. */
static inline void sample_fault(void *arg, const char *where, const char *what)
{
    int *faults = arg;

    printf("%s: %s\n", where, what);
    ++*faults;
}

static inline void sample_verify(struct search_node *n)
{
    struct err err = {0};
    int faults = 0;

    (void)store_verify(n->store, sample_fault, &faults, NULL, &err);
    assert_int_equal(faults, 0);
}

/* Every row of ${view}'s only table, as text in ${b}. */
static inline void sample_rows(
    struct search_node *n, const struct store_view *view, struct buf *b)
{
    struct store_cursor *c = NULL;
    struct store_row row;
    struct err err = {0};
    int r = 0;

    buf_clear(b);
    assert_int_equal(
        store_cursor_open(node_reader(n), *view->first_table, &c, &err), 0);
    r = store_cursor_seek(c, "", 0, &row, &err);
    for (; r == 1; r = store_cursor_next(c, &row, &err)) {
        for (size_t i = 0; i < row.key_len; i++)
            buf_addf(b, "%02x", row.key[i]);
        buf_addc(b, '=');
        for (size_t i = 0; i < row.value_len; i++)
            buf_addf(b, "%02x", row.value[i]);
        buf_addc(b, '\n');
    }
    assert_int_equal(r, 0);
    store_cursor_close(c);
}

/* A rebuild of all views leaves the rows of ${view} as they were. */
static inline void sample_rebuild(struct search_node *n, const struct store_view *view)
{
    struct err err = {0};
    struct buf before;
    struct buf after;

    buf_init(&before, 64 << 20);
    buf_init(&after, 64 << 20);
    sample_rows(n, view, &before);
    store_read_end(n->reader);
    n->reader = NULL;
    assert_int_equal(store_rebuild(n->store, view->name, NULL, NULL, &err), 0);
    sample_rows(n, view, &after);
    assert_int_equal(before.len, after.len);
    assert_true(before.len > 0);
    assert_memory_equal(before.data, after.data, before.len);
    buf_done(&before);
    buf_done(&after);
}

#endif
