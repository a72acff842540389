/* SPDX-License-Identifier: Apache-2.0 */
/* The SQLite driver's checkpoints and backup: work beside the writer, on connections of
 * their own. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"

#include "store/driver_sqlite_internal.h"

#define BACKUP_PAGES 2048 /* copied a step */

int64_t sqlite_tidy(struct driver_node *n, enum driver_tidy how, struct err *err)
{
    static const int modes[] = {SQLITE_CHECKPOINT_PASSIVE, SQLITE_CHECKPOINT_RESTART,
        SQLITE_CHECKPOINT_TRUNCATE};
    bool all = how != DRIVER_TIDY_SOME;
    int in_log = 0;
    int moved = 0;
    int rc = SQLITE_OK;
    int r = 0;

    pthread_mutex_lock(&n->tidy_lock);
    if (!n->tidier)
        r = sqlite_connect(n, true, &n->tidier, err);
    if (r == 0) {
        sqlite_patience(n->tidier, all ? &sqlite_looks_short : &sqlite_looks_long);
        rc =
            sqlite3_wal_checkpoint_v2(n->tidier->db, NULL, modes[how], &in_log, &moved);
        if (rc != SQLITE_OK && rc != SQLITE_BUSY && rc != SQLITE_LOCKED)
            r = sqlite_error(n->tidier, rc, err);
    }
    pthread_mutex_unlock(&n->tidy_lock);
    if (r < 0)
        return r;
    if (all && rc == SQLITE_OK)
        atomic_store_explicit(&n->wal_pages, 0, memory_order_relaxed);
    return (int64_t)(in_log - moved) * DATABASE_PAGE;
}

int64_t sqlite_untidy(struct driver_node *n)
{
    return (int64_t)atomic_load_explicit(&n->wal_pages, memory_order_relaxed) *
           DATABASE_PAGE;
}

/* Copy ${from} into ${to} a piece at a time. The snapshot that ${from} holds keeps what
 * is copied the same, however many commits come meanwhile. */
static int copy_pages(struct driver_conn *from, sqlite3 *to, struct err *err)
{
    sqlite3_backup *copy = sqlite3_backup_init(to, "main", from->db, "main");
    int rc = SQLITE_OK;
    int done = SQLITE_OK;

    if (!copy)
        return err_set(err, E_IO, from->node->path, "The copy cannot begin (%s).",
            sqlite3_errmsg(to));
    do {
        rc = sqlite3_backup_step(copy, BACKUP_PAGES);
    } while (rc == SQLITE_OK || rc == SQLITE_BUSY || rc == SQLITE_LOCKED);
    done = sqlite3_backup_finish(copy);
    if (rc != SQLITE_DONE)
        return sqlite_error(from, rc, err);
    return done == SQLITE_OK ? 0 : sqlite_error(from, done, err);
}

static int sync_file(const char *path, struct err *err)
{
    int fd = open(path, O_RDWR | O_CLOEXEC);
    int r = 0;

    if (fd < 0 || fsync(fd) < 0)
        r = err_sys(err, errno, path, "The copy cannot be made safe");
    if (fd >= 0)
        close(fd);
    return r;
}

int sqlite_backup(struct driver_node *n, const char *to, struct err *err)
{
    struct driver_conn *from = NULL;
    sqlite3 *db = NULL;
    char *path = NULL;
    int fd = -1;
    int r = 0;

    if (asprintf(&path, "%s/%s", to, DATABASE_FILE) < 0)
        return err_nomem(err);
    fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0) {
        r = err_sys(err, errno, path, "The copy cannot be made");
        goto out;
    }
    r = sqlite_connect(n, false, &from, err);
    if (r == 0)
        r = driver_sqlite.read_begin(from, err);
    if (r < 0)
        goto out;
    if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) !=
        SQLITE_OK) {
        r = err_set(err, E_IO, path, "The copy cannot be opened.");
        goto out;
    }
    r = copy_pages(from, db, err);
out:
    sqlite3_close(db);
    sqlite_disconnect(from);
    if (fd >= 0)
        close(fd);
    if (r == 0)
        r = sync_file(path, err);
    free(path);
    return r;
}
