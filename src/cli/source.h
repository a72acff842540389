/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What `belay import` is given: files and folders (gone through in the order of names);
 * plain, .gz or .zst, told by their first bytes; .tar, .tar.gz, .tar.zst and .tgz by
 * their names. In a folder or an archive only .json and .ndjson files (packed or not)
 * are looked at.
 */
#ifndef CLI_SOURCE_H
#define CLI_SOURCE_H

#include "app/load.h"

struct source_walk {
    /* One file's bytes; negative ends the walk. */
    int (*file)(void *arg, const struct app_load_source *source, struct err *err);
    /* Packed bytes read so far of all there are; may be NULL. Called now and then. */
    void (*progress)(void *arg, int64_t done, int64_t total);
    /* A file that cannot be read. 0: go on. May be NULL: ends the walk. */
    int (*unreadable)(void *arg, const char *path, struct err *err);
    void *arg;
    int64_t done;
    int64_t total;
};

/* Go through ${path}. The caller sums sizes up first with source_size(). */
int source_each(struct source_walk *walk, const char *path, struct err *err);

/* The bytes of all files that source_each() would open. */
int source_size(const char *path, int64_t *ret, struct err *err);

#endif
