/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The node's folder: only its owner may enter it.
 *
 *     belay.db, belay.db-wal, belay.db-shm   the database
 *     lock                                   held by the process that writes; its number
 *     blobs/ab/HASH                          packed bodies too large for a row
 */
#include "store/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/internal.h"

static bool folder_empty(const char *path)
{
    DIR *d = opendir(path);
    struct dirent *e = NULL;
    bool empty = true;

    if (!d)
        return false;
    while (
        empty && (e = readdir(d))) /* NOLINT(concurrency-mt-unsafe): our own stream */
        empty = e->d_name[0] == '.' && (e->d_name[1] == '\0' || e->d_name[1] == '.');
    closedir(d);
    return empty;
}

int folder_sync(const char *path, struct err *err)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int r = 0;

    if (fd < 0 || fsync(fd) < 0)
        r = err_sys(err, errno, path, "The folder cannot be made safe");
    if (fd >= 0)
        close(fd);
    return r;
}

/* The folder that ${path} lies in, synced. */
static int parent_sync(const char *path, struct err *err)
{
    char *above = NULL;
    int r = 0;

    if (asprintf(&above, "%s/..", path) < 0)
        return err_nomem(err);
    r = folder_sync(above, err);
    free(above);
    return r;
}

int folder_make(const char *path, struct err *err)
{
    if (mkdir(path, 0700) < 0) {
        if (errno != EEXIST)
            return err_sys(err, errno, path, "The folder cannot be made");
        if (!folder_empty(path))
            return err_set(err, E_CONFLICT, path,
                "The folder is not empty; give a new or empty one.");
        if (chmod(path, 0700) < 0)
            return err_sys(err, errno, path, "The folder cannot be closed to others");
    }
    return parent_sync(path, err);
}

int folder_bytes(const char *path, int64_t *ret, struct err *err)
{
    DIR *d = opendir(path);
    struct dirent *e = NULL;
    struct stat st;
    int64_t below = 0;
    int r = 0;

    if (!d)
        return err_sys(err, errno, path, "The folder cannot be listed");
    *ret = 0;
    while (r == 0 && (e = readdir(d))) { /* NOLINT(concurrency-mt-unsafe): ours */
        char *file = NULL;
        if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
            continue;
        if (asprintf(&file, "%s/%s", path, e->d_name) < 0) {
            r = err_nomem(err);
        } else if (lstat(file, &st) == 0 && S_ISDIR(st.st_mode)) {
            r = folder_bytes(file, &below, err);
            *ret += r == 0 ? below : 0;
        } else if (S_ISREG(st.st_mode)) {
            *ret += st.st_size;
        }
        free(file);
    }
    closedir(d);
    return r;
}

/* Say in the lock file who holds it, for the sentence another process gives. */
static void lock_sign(int fd)
{
    char text[32];
    int len = snprintf(text, sizeof(text), "%ld\n", (long)getpid());

    /* only a courtesy: the lock itself is the kernel's */
    if (ftruncate(fd, 0) == 0 && pwrite(fd, text, (size_t)len, 0) < 0)
        errno = 0;
}

static int lock_take(struct store *s, struct err *err)
{
    char *path = NULL;
    char holder[32] = {0};
    int fd = -1;
    int r = 0;

    if (asprintf(&path, "%s/lock", s->path) < 0)
        return err_nomem(err);
    fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0) {
        r = err_sys(err, errno, path, "The lock cannot be opened");
    } else if (flock(fd, LOCK_EX | LOCK_NB) < 0) {
        if (errno != EWOULDBLOCK) {
            r = err_sys(err, errno, path, "The lock cannot be taken");
        } else {
            ssize_t n = pread(fd, holder, sizeof(holder) - 1, 0);
            holder[n > 0 ? n - 1 : 0] = '\0';
            r = err_set(err, E_BUSY, s->path,
                "Process %s has this node open for writing; stop it first, or use its "
                "address.",
                holder[0] ? holder : "(unknown)");
        }
    } else {
        lock_sign(fd);
        s->lock_fd = fd;
        fd = -1;
    }
    if (fd >= 0)
        close(fd);
    free(path);
    return r;
}

int folder_open(struct store *s, const struct store_options *o, struct err *err)
{
    int r = 0;

    if (!o->path)
        return err_set(err, E_BUG, NULL, "A node needs a folder.");
    s->path = strdup(o->path);
    if (!s->path)
        return err_nomem(err);
    if (o->create) {
        r = folder_make(s->path, err);
    } else {
        char *file = NULL;
        if (asprintf(&file, "%s/belay.db", s->path) < 0)
            return err_nomem(err);
        if (access(file, F_OK) < 0)
            r = err_set(err, E_NOT_FOUND, s->path,
                "There is no node here; make one with \"belay init\".");
        free(file);
    }
    if (r == 0 && !o->read_only)
        r = lock_take(s, err);
    return r;
}

void folder_close(struct store *s)
{
    if (s->lock_fd >= 0)
        close(s->lock_fd);
    s->lock_fd = -1;
    free(s->path);
    s->path = NULL;
}
