/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The external sorter. A run in the file is a sequence of
 *
 *   size  meaning
 *      1  table
 *      1  kind (enum row_kind)
 *      2  length of the key
 *      4  length of the value
 *      8  delta of ROW_ADD
 *      4  order
 *      n  key, then value
 *
 * in the machine's own byte order, since it never leaves the process. Runs are merged all
 * at once: with 32 MB a run and 64 KB of buffer a run, a node of 100 GB is still one
 * pass.
 */
#include "store/sorter.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/limits.h"

#include "store/fault.h"

#define RUN_BUFFER (64u << 10)
#define RUN_HEADER 20

/* Reading one run. */
struct run {
    off_t at;
    off_t end;
    char *buffer; /* RUN_BUFFER bytes, or more for a large row */
    size_t cap;
    size_t start;
    size_t len;
    struct row_op op; /* the row at the front; points into buffer */
    bool ended;
};

struct sorter {
    struct rows rows;
    size_t memory;
    char *folder;
    int fd;
    off_t size;
    struct run *runs;
    size_t run_count;
    size_t *heap; /* indexes of runs, least row first */
    size_t heap_count;
    struct buf out;
    struct buf key;   /* of what was handed out */
    struct buf value; /* the same */
    size_t memory_at; /* next row in memory, when there is no run */
    uint32_t order;
};

int sorter_new(const char *folder, size_t memory, struct sorter **ret, struct err *err)
{
    struct sorter *s = base_malloc(sizeof(*s));

    if (!s)
        return err_nomem(err);
    *s = (struct sorter){.fd = -1, .memory = memory ? memory : LIMIT_SORT_MEMORY};
    buf_init(&s->out, 4u << 20);
    buf_init(&s->key, STORE_KEY_MAX);
    buf_init(&s->value, LIMIT_RECORD_BYTES);
    s->folder = strdup(folder ? folder : "/tmp");
    if (!s->folder || rows_init(&s->rows) < 0) {
        sorter_free(s);
        return err_nomem(err);
    }
    *ret = s;
    return 0;
}

void sorter_free(struct sorter *s)
{
    if (!s)
        return;
    for (size_t i = 0; i < s->run_count; i++)
        base_free(s->runs[i].buffer);
    base_free(s->runs);
    base_free(s->heap);
    if (s->rows.bytes)
        rows_done(&s->rows);
    if (s->fd >= 0)
        close(s->fd);
    buf_done(&s->out);
    buf_done(&s->key);
    buf_done(&s->value);
    free(s->folder);
    base_free(s);
}

static int file_make(struct sorter *s, struct err *err)
{
    char *path = NULL;

    if (s->fd >= 0)
        return 0;
    if (asprintf(&path, "%s/.sort-XXXXXX", s->folder) < 0)
        return err_nomem(err);
    s->fd = mkostemp(path, O_CLOEXEC);
    if (s->fd < 0) {
        int r = err_sys(err, errno, path, "The temporary file cannot be made");
        free(path);
        return r;
    }
    unlink(path);
    free(path);
    return 0;
}

static int out_write(struct sorter *s, struct err *err)
{
    size_t done = 0;
    int r = buf_error(&s->out, "The run", err);

    while (r == 0 && done < s->out.len) {
        int fault = fault_write_due();
        ssize_t n = -1;
        if (fault)
            errno = fault;
        else
            n = pwrite(s->fd, s->out.data + done, s->out.len - done, s->size);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return err_sys(
                err, errno, s->folder, "The temporary file cannot be written");
        done += (size_t)n;
        s->size += n;
    }
    buf_clear(&s->out);
    return r;
}

static void row_write(struct buf *b, const struct row_op *op)
{
    buf_add(b, &op->table, 1);
    buf_add(b, &op->kind, 1);
    buf_add(b, &op->key_len, 2);
    buf_add(b, &op->value_len, 4);
    buf_add(b, &op->delta, 8);
    buf_add(b, &op->order, 4);
    buf_add(b, op->key, op->key_len);
    buf_add(b, op->value, op->value_len);
}

/* Sort what is in memory and write it behind the other runs. */
static int run_spill(struct sorter *s, struct err *err)
{
    struct run *runs = NULL;
    off_t start = s->size;
    int r = file_make(s, err);

    if (r < 0)
        return r;
    qsort(s->rows.ops, s->rows.count, sizeof(*s->rows.ops), row_op_cmp);
    for (size_t i = 0; i < s->rows.count && r == 0; i++) {
        row_write(&s->out, &s->rows.ops[i]);
        if (s->out.len > RUN_BUFFER || s->out.error)
            r = out_write(s, err);
    }
    if (r == 0)
        r = out_write(s, err);
    if (r < 0)
        return r;
    runs = base_realloc(s->runs, (s->run_count + 1) * sizeof(*runs));
    if (!runs)
        return err_nomem(err);
    s->runs = runs;
    s->runs[s->run_count++] = (struct run){.at = start, .end = s->size};
    rows_clear(&s->rows);
    return 0;
}

int sorter_add(struct sorter *s, const struct row_op *op, struct err *err)
{
    int r = rows_add(&s->rows, op, err);

    if (r < 0)
        return r;
    /* the order of one key's changes holds across runs */
    s->rows.ops[s->rows.count - 1].order = s->order++;
    if (arena_used(s->rows.bytes) + s->rows.count * sizeof(struct row_op) > s->memory)
        return run_spill(s, err);
    return 0;
}

/* Have at least ${want} bytes at the front of the buffer, if the run has them. */
static int run_fill(struct sorter *s, struct run *run, size_t want, struct err *err)
{
    if (run->len >= want)
        return 0;
    if (run->cap < want || !run->buffer) {
        size_t cap = want > RUN_BUFFER ? want : RUN_BUFFER;
        char *buffer = base_realloc(run->buffer, cap);
        if (!buffer)
            return err_nomem(err);
        run->buffer = buffer;
        run->cap = cap;
    }
    memmove(run->buffer, run->buffer + run->start, run->len);
    run->start = 0;
    while (run->len < want && run->at < run->end) {
        size_t room = run->cap - run->len;
        ssize_t n = 0;
        if ((off_t)room > run->end - run->at)
            room = (size_t)(run->end - run->at);
        n = pread(s->fd, run->buffer + run->len, room, run->at);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return err_sys(err, n < 0 ? errno : EIO, s->folder,
                "The temporary file cannot be read");
        run->len += (size_t)n;
        run->at += n;
    }
    return 0;
}

/* Step to the next row of ${run}. */
static int run_next(struct sorter *s, struct run *run, struct err *err)
{
    struct row_op *op = &run->op;
    const char *p = NULL;
    size_t size = 0;
    int r = run_fill(s, run, RUN_HEADER, err);

    if (r < 0)
        return r;
    if (run->len < RUN_HEADER) {
        run->ended = true;
        return 0;
    }
    p = run->buffer + run->start;
    op->table = (uint8_t)p[0];
    op->kind = (uint8_t)p[1];
    memcpy(&op->key_len, p + 2, 2);
    memcpy(&op->value_len, p + 4, 4);
    memcpy(&op->delta, p + 8, 8);
    memcpy(&op->order, p + 16, 4);
    size = RUN_HEADER + op->key_len + (size_t)op->value_len;
    r = run_fill(s, run, size, err);
    if (r < 0)
        return r;
    p = run->buffer + run->start;
    op->key = p + RUN_HEADER;
    op->value = op->key + op->key_len;
    op->prefix = row_prefix(op->key, op->key_len);
    run->start += size;
    run->len -= size;
    return 0;
}

static bool heap_less(const struct sorter *s, size_t a, size_t b)
{
    return row_op_cmp(&s->runs[s->heap[a]].op, &s->runs[s->heap[b]].op) < 0;
}

static void heap_sink(struct sorter *s, size_t at)
{
    for (;;) {
        size_t least = at;
        size_t child = 2 * at + 1;
        size_t t = 0;
        if (child < s->heap_count && heap_less(s, child, least))
            least = child;
        if (child + 1 < s->heap_count && heap_less(s, child + 1, least))
            least = child + 1;
        if (least == at)
            return;
        t = s->heap[at];
        s->heap[at] = s->heap[least];
        s->heap[least] = t;
        at = least;
    }
}

int sorter_finish(struct sorter *s, struct err *err)
{
    int r = 0;

    if (s->run_count == 0) {
        if (s->rows.count > 0)
            qsort(s->rows.ops, s->rows.count, sizeof(*s->rows.ops), row_op_cmp);
        s->memory_at = 0;
        return 0;
    }
    if (s->rows.count > 0)
        r = run_spill(s, err);
    if (r < 0)
        return r;
    s->heap = base_malloc(s->run_count * sizeof(*s->heap));
    if (!s->heap)
        return err_nomem(err);
    for (size_t i = 0; i < s->run_count && r == 0; i++) {
        r = run_next(s, &s->runs[i], err);
        if (r == 0 && !s->runs[i].ended)
            s->heap[s->heap_count++] = i;
    }
    for (size_t i = s->heap_count; i-- > 0;)
        heap_sink(s, i);
    return r;
}

/* The least row that is left, or NULL. */
static const struct row_op *front(struct sorter *s)
{
    if (s->run_count == 0)
        return s->memory_at < s->rows.count ? &s->rows.ops[s->memory_at] : NULL;
    return s->heap_count > 0 ? &s->runs[s->heap[0]].op : NULL;
}

static int front_next(struct sorter *s, struct err *err)
{
    struct run *run = NULL;
    int r = 0;

    if (s->run_count == 0) {
        s->memory_at++;
        return 0;
    }
    run = &s->runs[s->heap[0]];
    r = run_next(s, run, err);
    if (r < 0)
        return r;
    if (run->ended)
        s->heap[0] = s->heap[--s->heap_count];
    heap_sink(s, 0);
    return 0;
}

int sorter_next(struct sorter *s, struct sorted *ret, struct err *err)
{
    const struct row_op *op = front(s);
    int r = 0;

    if (!op)
        return 0;
    *ret = (struct sorted){.table = op->table};
    buf_clear(&s->key);
    buf_add(&s->key, op->key, op->key_len);
    buf_clear(&s->value);
    while (op && op->table == ret->table && op->key_len == s->key.len &&
           memcmp(op->key, s->key.data, s->key.len) == 0) {
        row_net_add(&ret->net, op);
        if (op->kind == ROW_PUT) {
            /* the run's buffer moves on */
            buf_clear(&s->value);
            buf_add(&s->value, op->value, op->value_len);
            ret->net.value = (struct str){s->value.data, s->value.len};
        }
        r = front_next(s, err);
        if (r < 0)
            return r;
        op = front(s);
    }
    r = buf_error(&s->key, "A row's key", err);
    if (r == 0)
        r = buf_error(&s->value, "A row's value", err);
    ret->key = (struct str){s->key.data, s->key.len};
    return r < 0 ? r : 1;
}
