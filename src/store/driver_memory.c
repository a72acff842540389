/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The memory driver: opening, connections, snapshots, transactions. For tests, for trying
 * out, and for filling views again to compare them. A node is gone when it is closed.
 */
#include <errno.h>
#include <time.h>

#include "store/driver_memory_internal.h"
#include "store/fault.h"

#define BUSY_SECONDS 5 /* waiting for another's short transaction */

/* ---- states ---- */

static struct memory_state *state_ref(struct memory_state *s)
{
    atomic_fetch_add_explicit(&s->refs, 1, memory_order_relaxed);
    return s;
}

void memory_state_unref(struct memory_state *s)
{
    if (!s || atomic_fetch_sub_explicit(&s->refs, 1, memory_order_acq_rel) != 1)
        return;
    for (unsigned i = 0; i < MEMORY_TREES; i++)
        tree_clear(&s->trees[i]);
    base_free(s);
}

/* A state that shares all trees of ${from} (NULL: an empty one), or NULL. */
static struct memory_state *state_new(const struct memory_state *from)
{
    struct memory_state *s = base_malloc(sizeof(*s));

    if (!s)
        return NULL;
    memset(s, 0, sizeof(*s));
    atomic_init(&s->refs, 1);
    if (!from)
        return s;
    for (unsigned i = 0; i < MEMORY_TREES; i++)
        tree_share(&s->trees[i], &from->trees[i]);
    memcpy(s->names, from->names, sizeof(s->names));
    memcpy(s->keys_only, from->keys_only, sizeof(s->keys_only));
    return s;
}

struct memory_state *memory_committed(struct driver_node *n)
{
    struct memory_state *s = NULL;

    pthread_mutex_lock(&n->lock);
    s = state_ref(n->committed);
    pthread_mutex_unlock(&n->lock);
    return s;
}

int memory_step(struct err *err)
{
    if (fault_step_due())
        return err_set(err, E_IO, NULL, "A step of the database failed.");
    return 0;
}

int memory_read(struct driver_conn *c, const struct memory_state **ret, struct err *err)
{
    int r = memory_step(err);

    if (r < 0)
        return r;
    if (!c->state) {
        memory_state_unref(c->glance);
        c->glance = memory_committed(c->node);
    }
    *ret = c->state ? c->state : c->glance;
    return 0;
}

int memory_write(struct driver_conn *c, struct memory_state **ret, struct err *err)
{
    int r = memory_step(err);

    if (r < 0)
        return r;
    if (!c->in_transaction)
        return err_set(err, E_BUG, NULL, "Nothing is written outside a transaction.");
    *ret = c->state;
    return 0;
}

int memory_put(struct memory_state *s, enum memory_tree tree, struct tree_entry *e,
    struct err *err)
{
    return tree_put(&s->trees[tree], e) < 0 ? err_nomem(err) : 0;
}

int memory_add(struct memory_state *s, enum memory_tree tree, struct tree_entry *e,
    struct err *err)
{
    if (e && tree_get(&s->trees[tree], tree_key(e))) {
        tree_entry_free(e);
        return err_set(err, E_IO, NULL, "The database refused (the row is there).");
    }
    return memory_put(s, tree, e, err);
}

/* ---- node and connections ---- */

/* On the clock that nobody sets. */
static int condition_init(pthread_cond_t *cond)
{
    pthread_condattr_t attr;
    int r = pthread_condattr_init(&attr);

    if (r != 0)
        return r;
    r = pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    if (r == 0)
        r = pthread_cond_init(cond, &attr);
    pthread_condattr_destroy(&attr);
    return r;
}

/* There is never a node to be found in memory: opening makes one, whatever is asked. */
static int memory_open(
    const struct driver_options *options, struct driver_node **ret, struct err *err)
{
    struct driver_node *n = base_malloc(sizeof(*n));

    (void)options;
    if (!n)
        return err_nomem(err);
    memset(n, 0, sizeof(*n));
    n->committed = state_new(NULL);
    if (!n->committed)
        goto no_state;
    if (pthread_mutex_init(&n->lock, NULL) != 0)
        goto no_lock;
    if (condition_init(&n->written) != 0)
        goto no_condition;
    *ret = n;
    return 0;

no_condition:
    pthread_mutex_destroy(&n->lock);
no_lock:
    memory_state_unref(n->committed);
no_state:
    base_free(n);
    return err_nomem(err);
}

static void memory_close(struct driver_node *n)
{
    if (!n)
        return;
    memory_state_unref(n->committed);
    for (unsigned i = 0; i < STORE_TABLES_MAX; i++)
        base_free(n->names[i]);
    pthread_cond_destroy(&n->written);
    pthread_mutex_destroy(&n->lock);
    base_free(n);
}

static int memory_connect(
    struct driver_node *n, bool write, struct driver_conn **ret, struct err *err)
{
    struct driver_conn *c = base_malloc(sizeof(*c));

    if (!c)
        return err_nomem(err);
    *c = (struct driver_conn){.node = n, .write = write};
    *ret = c;
    return 0;
}

static void memory_disconnect(struct driver_conn *c)
{
    if (!c)
        return;
    memory_rollback(c);
    memory_state_unref(c->state);
    memory_state_unref(c->glance);
    base_free(c);
}

/* Nothing lies beside the main file. */
static int64_t memory_tidy(struct driver_node *n, enum driver_tidy how, struct err *err)
{
    (void)n;
    (void)how;
    (void)err;
    return 0;
}

static int64_t memory_untidy(struct driver_node *n)
{
    (void)n;
    return 0;
}

/* ---- snapshots and transactions ---- */

/* A connection has one snapshot or transaction at a time. */
static int unoccupied(struct driver_conn *c, struct err *err)
{
    int r = memory_step(err);

    if (r < 0)
        return r;
    if (c->state)
        return err_set(err, E_BUG, NULL, "The connection has a snapshot already.");
    memory_state_unref(c->glance);
    c->glance = NULL;
    return 0;
}

static int memory_read_begin(struct driver_conn *c, struct err *err)
{
    int r = unoccupied(c, err);

    if (r == 0)
        c->state = memory_committed(c->node);
    return r;
}

static void memory_read_end(struct driver_conn *c)
{
    if (c->in_transaction)
        return;
    memory_state_unref(c->state);
    c->state = NULL;
}

/* Wait for the right to write; false: in vain. */
static bool write_take(struct driver_node *n)
{
    struct timespec until;
    bool taken = false;
    int r = 0;

    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += BUSY_SECONDS;
    pthread_mutex_lock(&n->lock);
    while (n->writing && r != ETIMEDOUT)
        r = pthread_cond_timedwait(&n->written, &n->lock, &until);
    taken = !n->writing;
    n->writing = true;
    pthread_mutex_unlock(&n->lock);
    return taken;
}

/* Give it back, with the new state (NULL: the old one stays). */
static void write_give(struct driver_node *n, struct memory_state *s)
{
    struct memory_state *old = NULL;

    pthread_mutex_lock(&n->lock);
    if (s) {
        old = n->committed;
        n->committed = s;
    }
    n->writing = false;
    pthread_cond_signal(&n->written);
    pthread_mutex_unlock(&n->lock);
    memory_state_unref(old);
}

int memory_begin(struct driver_conn *c, struct err *err)
{
    struct memory_state *committed = NULL;
    int r = unoccupied(c, err);

    if (r < 0)
        return r;
    if (!write_take(c->node))
        return err_set(
            err, E_BUSY, NULL, "Another transaction takes long; try again later.");
    committed = memory_committed(c->node);
    c->state = state_new(committed);
    memory_state_unref(committed);
    if (!c->state) {
        write_give(c->node, NULL);
        return err_nomem(err);
    }
    c->in_transaction = true;
    return 0;
}

static void transaction_end(struct driver_conn *c, struct memory_state *committed)
{
    memory_state_unref(c->saved);
    c->saved = NULL;
    c->state = NULL;
    c->in_transaction = false;
    write_give(c->node, committed);
}

int memory_commit(struct driver_conn *c, struct err *err)
{
    int r = memory_step(err);

    if (!c->in_transaction)
        return err_set(err, E_BUG, NULL, "There is no transaction to commit.");
    if (r < 0)
        memory_rollback(c);
    else
        transaction_end(c, c->state);
    return r;
}

void memory_rollback(struct driver_conn *c)
{
    struct memory_state *lost = c->state;

    if (!c->in_transaction)
        return;
    transaction_end(c, NULL);
    memory_state_unref(lost);
}

static int memory_savepoint(struct driver_conn *c, struct err *err)
{
    int r = memory_step(err);

    if (r < 0)
        return r;
    if (!c->in_transaction || c->saved)
        return err_set(
            err, E_BUG, NULL, "A savepoint needs a transaction without one.");
    c->saved = state_new(c->state);
    return c->saved ? 0 : err_nomem(err);
}

static int savepoint_check(struct driver_conn *c, struct err *err)
{
    int r = memory_step(err);

    if (r == 0 && !c->saved)
        r = err_set(err, E_BUG, NULL, "There is no savepoint.");
    return r;
}

static int memory_release(struct driver_conn *c, struct err *err)
{
    int r = savepoint_check(c, err);

    if (r < 0)
        return r;
    memory_state_unref(c->saved);
    c->saved = NULL;
    return 0;
}

static int memory_rollback_to(struct driver_conn *c, struct err *err)
{
    int r = savepoint_check(c, err);

    if (r < 0)
        return r;
    memory_state_unref(c->state);
    c->state = c->saved;
    c->saved = NULL;
    return 0;
}

const struct driver driver_memory = {
    .name = "memory",
    .open = memory_open,
    .close = memory_close,
    .connect = memory_connect,
    .disconnect = memory_disconnect,
    .tidy = memory_tidy,
    .untidy = memory_untidy,
    .backup = memory_backup,
    .read_begin = memory_read_begin,
    .read_end = memory_read_end,
    .begin = memory_begin,
    .commit = memory_commit,
    .rollback = memory_rollback,
    .savepoint = memory_savepoint,
    .release = memory_release,
    .rollback_to = memory_rollback_to,
    .last_seq = memory_last_seq,
    .version_add = memory_version_add,
    .version_get = memory_version_get,
    .version_list = memory_version_list,
    .version_body = memory_version_body,
    .record_find = memory_record_find,
    .record_get = memory_record_get,
    .record_current = memory_record_current,
    .record_add = memory_record_add,
    .record_head = memory_record_head,
    .record_last = memory_record_last,
    .record_list = memory_record_list,
    .record_next = memory_record_next,
    .past_add = memory_past_add,
    .past_list = memory_past_list,
    .head_add = memory_head_add,
    .head_remove = memory_head_remove,
    .head_list = memory_head_list,
    .type_list = memory_type_list,
    .trail_add = memory_trail_add,
    .trail_step = memory_trail_step,
    .trail_of_add = memory_trail_of_add,
    .trail_of_list = memory_trail_of_list,
    .trail_of_count = memory_trail_of_count,
    .value_get = memory_value_get,
    .value_put = memory_value_put,
    .value_scan = memory_value_scan,
    .value_put_now = memory_value_put_now,
    .write_now = memory_write_now,
    .table_open = memory_table_open,
    .table_clear = memory_table_clear,
    .row_put = memory_row_put,
    .row_del = memory_row_del,
    .row_get = memory_row_get,
    .table_size = memory_table_size,
    .cursor_open = memory_cursor_open,
    .cursor_seek = memory_cursor_seek,
    .cursor_next = memory_cursor_next,
    .cursor_close = memory_cursor_close,
};
