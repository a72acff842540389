/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Packed bodies too large for a row: files named by the hash of the unpacked body, in
 * blobs/ab/. Written to a temporary name, synced, renamed, and the folder synced, all
 * before the transaction that names them is queued; so a name in the log always finds its
 * file. A transaction that fails leaves a file nobody names: harmless, and used by
 * the next body that is the same.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/id.h"

#include "store/fault.h"
#include "store/folder.h"
#include "store/internal.h"

#define BLOB_NAME_MAX (2 * STORE_HASH_BYTES + 1)

static int blob_path(const char *node, const uint8_t hash[STORE_HASH_BYTES],
    char **folder, char **file, struct err *err)
{
    char name[BLOB_NAME_MAX];

    hex_encode(hash, STORE_HASH_BYTES, name);
    if (asprintf(folder, "%s/blobs/%.2s", node, name) < 0 || !*folder) {
        *folder = NULL;
        return err_nomem(err);
    }
    if (asprintf(file, "%s/%s", *folder, name) < 0 || !*file) {
        *file = NULL;
        return err_nomem(err);
    }
    return 0;
}

/* folder_sync that can fail on purpose. */
static int blobs_sync(const char *path, struct err *err)
{
    int fault = fault_write_due();

    if (fault)
        return err_sys(err, fault, path, "The folder cannot be made safe");
    return folder_sync(path, err);
}

/* The folder and those above it up to ${node}, each synced into its parent. */
static int folders_make(const char *node, const char *folder, struct err *err)
{
    char *blobs = NULL;
    int r = 0;

    if (mkdir(folder, 0700) == 0)
        goto made;
    if (errno == EEXIST)
        return 0;
    if (asprintf(&blobs, "%s/blobs", node) < 0 || !blobs)
        return err_nomem(err);
    if (mkdir(blobs, 0700) < 0 && errno != EEXIST)
        r = err_sys(err, errno, blobs, "The folder cannot be made");
    if (r == 0)
        r = blobs_sync(node, err);
    if (r == 0 && mkdir(folder, 0700) < 0 && errno != EEXIST)
        r = err_sys(err, errno, folder, "The folder cannot be made");
    free(blobs);
    if (r < 0)
        return r;
made:
    if (asprintf(&blobs, "%s/blobs", node) < 0 || !blobs)
        return err_nomem(err);
    r = blobs_sync(blobs, err);
    free(blobs);
    return r;
}

static int write_all(int fd, struct str bytes, const char *path, struct err *err)
{
    size_t done = 0;

    while (done < bytes.len) {
        int fault = fault_write_due();
        ssize_t n = -1;
        if (fault)
            errno = fault;
        else
            n = write(fd, bytes.p + done, bytes.len - done);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return err_sys(err, errno, path, "The file cannot be written");
        done += (size_t)n;
    }
    return 0;
}

/* ${bytes} in a new file ${file}, complete or not at all. */
static int file_write(
    const char *folder, const char *file, struct str bytes, struct err *err)
{
    char unique[ID_UUID_CHARS + 1];
    char *temporary = NULL;
    int fault = 0;
    int fd = -1;
    int r = 0;

    id_uuid7(time_now(), unique);
    if (asprintf(&temporary, "%s/.%s", folder, unique) < 0)
        return err_nomem(err);
    fd = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0) {
        r = err_sys(err, errno, temporary, "The file cannot be made");
        goto out;
    }
    r = write_all(fd, bytes, temporary, err);
    fault = r == 0 ? fault_write_due() : 0;
    if (fault)
        errno = fault;
    if (r == 0 && (fault || fsync(fd) < 0))
        r = err_sys(err, errno, temporary, "The file cannot be made safe");
    if (close(fd) < 0 && r == 0)
        r = err_sys(err, errno, temporary, "The file cannot be closed");
    if (r == 0 && rename(temporary, file) < 0)
        r = err_sys(err, errno, file, "The file cannot be named");
    if (r == 0)
        r = blobs_sync(folder, err);
    else
        unlink(temporary);
out:
    free(temporary);
    return r;
}

int blob_write(struct store *s, const uint8_t hash[STORE_HASH_BYTES], struct str packed,
    struct err *err)
{
    char *folder = NULL;
    char *file = NULL;
    struct stat st;
    int r = blob_path(s->path, hash, &folder, &file, err);

    if (r < 0)
        goto out;
    if (stat(file, &st) == 0) {
        /* perhaps from a transaction whose folder sync failed: sync it again */
        r = blobs_sync(folder, err);
        goto out;
    }
    r = folders_make(s->path, folder, err);
    if (r == 0)
        r = file_write(folder, file, packed, err);
out:
    free(folder);
    free(file);
    return r;
}

static int read_all(int fd, char *out, size_t size, const char *path, struct err *err)
{
    size_t done = 0;

    while (done < size) {
        ssize_t n = read(fd, out + done, size - done);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return err_sys(err, errno, path, "The file cannot be read");
        if (n == 0)
            return err_set(err, E_CORRUPT, path, "The file is shorter than it was.");
        done += (size_t)n;
    }
    return 0;
}

int blob_read(struct store *s, struct arena *a, const uint8_t hash[STORE_HASH_BYTES],
    struct str *ret, struct err *err)
{
    char *folder = NULL;
    char *file = NULL;
    char *out = NULL;
    struct stat st;
    int fd = -1;
    int r = 0;

    if (!s->path)
        return err_set(err, E_CORRUPT, NULL, "A body is said to be in a file.");
    r = blob_path(s->path, hash, &folder, &file, err);
    if (r < 0)
        goto out;
    fd = open(file, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &st) < 0) {
        r = errno == ENOENT
                ? err_set(err, E_CORRUPT, file, "The file of a body is missing.")
                : err_sys(err, errno, file, "The file of a body cannot be opened");
        goto out;
    }
    out = arena_alloc_raw(a, (size_t)st.st_size + 1);
    r = out ? read_all(fd, out, (size_t)st.st_size, file, err) : err_nomem(err);
    if (r == 0)
        *ret = (struct str){out, (size_t)st.st_size};
out:
    if (fd >= 0)
        close(fd);
    free(folder);
    free(file);
    return r;
}

int blob_size(struct store *s, const uint8_t hash[STORE_HASH_BYTES], int64_t *ret,
    struct err *err)
{
    char *folder = NULL;
    char *file = NULL;
    struct stat st;
    int r = blob_path(s->path, hash, &folder, &file, err);

    if (r == 0 && stat(file, &st) < 0)
        r = err_set(err, E_CORRUPT, file, "The file of a body is missing.");
    if (r == 0)
        *ret = st.st_size;
    free(folder);
    free(file);
    return r;
}

int blob_remove(struct store *s, const uint8_t hash[STORE_HASH_BYTES], struct err *err)
{
    char *folder = NULL;
    char *file = NULL;
    int r = blob_path(s->path, hash, &folder, &file, err);

    if (r == 0 && unlink(file) < 0 && errno != ENOENT)
        r = err_sys(err, errno, file, "The file of a body cannot be removed");
    if (r == 0)
        r = blobs_sync(folder, err);
    free(folder);
    free(file);
    return r;
}

static int copy_one(struct store *s, const char *to, const char *name, struct err *err)
{
    uint8_t hash[STORE_HASH_BYTES];
    struct arena *a = NULL;
    struct str bytes = {0};
    char *folder = NULL;
    char *file = NULL;
    int r = 0;

    /* a temporary file of a body being written is not yet named by anybody */
    if (strlen(name) != (size_t)2 * STORE_HASH_BYTES ||
        !hex_decode(name, hash, sizeof(hash)))
        return 0;
    a = arena_new();
    if (!a)
        return err_nomem(err);
    r = blob_read(s, a, hash, &bytes, err);
    if (r == 0)
        r = blob_path(to, hash, &folder, &file, err);
    if (r == 0)
        r = folders_make(to, folder, err);
    if (r == 0)
        r = file_write(folder, file, bytes, err);
    free(folder);
    free(file);
    arena_free(a);
    return r;
}

static int copy_folder(
    struct store *s, const char *to, const char *folder, struct err *err)
{
    DIR *d = opendir(folder);
    struct dirent *e = NULL;
    int r = 0;

    if (!d)
        return errno == ENOENT ? 0 : err_sys(err, errno, folder, "It cannot be listed");
    while (
        r == 0 && (e = readdir(d))) /* NOLINT(concurrency-mt-unsafe): our own stream */
        r = copy_one(s, to, e->d_name, err);
    closedir(d);
    return r;
}

int blob_copy_all(struct store *s, const char *to, struct err *err)
{
    int r = 0;

    for (unsigned i = 0; i < 256 && r == 0; i++) {
        char *folder = NULL;
        if (asprintf(&folder, "%s/blobs/%02x", s->path, i) < 0)
            return err_nomem(err);
        r = copy_folder(s, to, folder, err);
        free(folder);
    }
    return r;
}
