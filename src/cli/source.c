/* SPDX-License-Identifier: Apache-2.0 */
/* Files, folders and archives as sources of an import. */
#include "cli/source.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/limits.h"

#include "cli/tar.h"

/* A file being read, and the walk that is told how far it is. */
struct source_file {
    struct source_walk *walk;
    struct unpacker *packed;
    struct tar *tar; /* NULL: no archive */
    int64_t begun;   /* walk->done before this file */
};

static bool is_archive(const char *path)
{
    static const char *const endings[] = {".tar", ".tar.gz", ".tgz", ".tar.zst"};

    for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
        if (str_ends(str_of(path), endings[i]))
            return true;
    }
    return false;
}

static bool is_records(const char *path)
{
    static const char *const endings[] = {
        ".json", ".ndjson", ".json.gz", ".ndjson.gz", ".json.zst", ".ndjson.zst"};

    for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
        if (str_ends(str_of(path), endings[i]))
            return true;
    }
    return false;
}

static long file_read(void *arg, void *out, size_t cap, struct err *err)
{
    struct source_file *file = arg;
    struct source_walk *walk = file->walk;
    unsigned long long done = 0;
    unsigned long long size = 0;
    long n = file->tar ? tar_read(file->tar, out, cap, err)
                       : unpacker_read(file->packed, out, cap, err);

    unpacker_progress(file->packed, &done, &size);
    walk->done = file->begun + (int64_t)done;
    if (walk->progress)
        walk->progress(walk->arg, walk->done, walk->total);
    return n;
}

static int archive_each(struct source_file *file, const char *path, struct err *err)
{
    const char *name = NULL;
    char full[8192];
    int r;

    while ((r = tar_next(file->tar, &name, err)) == 1) {
        struct app_load_source source = {full, file_read, file};

        if (!is_records(name))
            continue;
        snprintf(full, sizeof(full), "%s:%s", path, name);
        r = file->walk->file(file->walk->arg, &source, err);
        if (r < 0)
            return r;
    }
    return r;
}

static int file_open_and_read(
    struct source_walk *walk, const char *path, struct err *err)
{
    struct source_file file = {.walk = walk, .begun = walk->done};
    struct app_load_source source = {path, file_read, &file};
    unsigned long long done = 0;
    unsigned long long size = 0;
    int r = unpacker_open(path, &file.packed, err);

    if (r < 0)
        return walk->unreadable ? walk->unreadable(walk->arg, path, err) : r;
    if (is_archive(path)) {
        file.tar = tar_new(file.packed);
        r = file.tar ? archive_each(&file, path, err) : err_nomem(err);
    } else {
        r = walk->file(walk->arg, &source, err);
    }
    unpacker_progress(file.packed, &done, &size);
    walk->done = file.begun + (int64_t)size;
    tar_free(file.tar);
    unpacker_close(file.packed);
    return r;
}

/* Called for every file of records under a path, sorted by name. */
struct visitor {
    int (*visit)(void *arg, const char *path, const struct stat *st, struct err *err);
    void *arg;
};

static int folder_each(
    const struct visitor *v, const char *path, int depth, struct err *err);

static int path_each(
    const struct visitor *v, const char *path, int depth, struct err *err)
{
    struct stat st;

    if (stat(path, &st) < 0) {
        if (errno == ENOENT)
            return err_set(err, E_NOT_FOUND, path, "There is no such file or folder.");
        return err_sys(err, errno, path, "Cannot look at it");
    }
    if (S_ISDIR(st.st_mode))
        return folder_each(v, path, depth, err);
    /* a file that was named is read whatever its name; in a folder its ending decides */
    if (depth > 0 && !is_records(path) && !is_archive(path))
        return 0;
    return v->visit(v->arg, path, &st, err);
}

static int folder_each(
    const struct visitor *v, const char *path, int depth, struct err *err)
{
    struct dirent **names = NULL;
    int count;
    int r = 0;

    if (depth >= LIMIT_IMPORT_FOLDERS)
        return err_set(err, E_TOO_LARGE, path, "Folders are nested deeper than %d.",
            LIMIT_IMPORT_FOLDERS);
    count = scandir(path, &names, NULL, alphasort);
    if (count < 0)
        return err_sys(err, errno, path, "Cannot look into the folder");
    for (int i = 0; i < count; i++) {
        const char *name = names[i]->d_name;
        char full[4096];

        if (r == 0 && name[0] != '.') {
            if (snprintf(full, sizeof(full), "%s/%s", path, name) >= (int)sizeof(full))
                r = err_set(err, E_TOO_LARGE, path, "The name %s is too long.", name);
            else
                r = path_each(v, full, depth + 1, err);
        }
        free(names[i]);
    }
    free(names);
    return r;
}

static int visit_read(
    void *arg, const char *path, const struct stat *st, struct err *err)
{
    (void)st;
    return file_open_and_read(arg, path, err);
}

int source_each(struct source_walk *walk, const char *path, struct err *err)
{
    const struct visitor reader = {visit_read, walk};

    return path_each(&reader, path, 0, err);
}

static int visit_size(
    void *arg, const char *path, const struct stat *st, struct err *err)
{
    int64_t *sum = arg;

    (void)path;
    (void)err;
    *sum += st->st_size;
    return 0;
}

int source_size(const char *path, int64_t *ret, struct err *err)
{
    int64_t sum = 0;
    const struct visitor adder = {visit_size, &sum};
    int r = path_each(&adder, path, 0, err);

    if (r == 0)
        *ret += sum;
    return r;
}
