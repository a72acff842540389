/* SPDX-License-Identifier: Apache-2.0 */
/* A driver's node with its writer and one reader, for tests of drivers. */
#ifndef TEST_STORE_PARTY_H
#define TEST_STORE_PARTY_H

#include <ftw.h>
#include <unistd.h>

#include "store/driver.h"
#include "unit.h"

struct party {
    const struct driver *d;
    struct driver_node *node;
    struct driver_conn *writer;
    struct driver_conn *reader;
};

static inline void good(int r, const struct err *err)
{
    if (r < 0)
        fail_msg("%d: %s", r, err->text);
}

static inline int remove_one(
    const char *path, const struct stat *st, int flag, struct FTW *place)
{
    (void)st;
    (void)flag;
    (void)place;
    return remove(path);
}

static inline void folder_make(char folder[32])
{
    snprintf(folder, 32, "/tmp/belay-XXXXXX");
    assert_non_null(mkdtemp(folder));
}

static inline void folder_remove(const char *folder)
{
    nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static inline void party_open(
    struct party *p, const struct driver *d, const char *folder)
{
    struct driver_options options = {.path = folder,
        .create = true,
        .no_sync = true,
        .cache_bytes = 1 << 20,
        .reader_cache_bytes = 1 << 20};
    struct err err = {0};

    p->d = d;
    good(d->open(&options, &p->node, &err), &err);
    good(d->connect(p->node, true, &p->writer, &err), &err);
    good(d->connect(p->node, false, &p->reader, &err), &err);
    good(d->begin(p->writer, &err), &err);
    good(d->table_open(p->writer, 0, "one", false, &err), &err);
    good(d->table_open(p->writer, 1, "keys", true, &err), &err);
    good(d->commit(p->writer, &err), &err);
    /* a table that is there is opened again without a word */
    good(d->table_open(p->reader, 0, "one", false, &err), &err);
}

static inline void party_close(struct party *p)
{
    p->d->disconnect(p->reader);
    p->d->disconnect(p->writer);
    p->d->close(p->node);
}

static inline void same_str(struct str a, struct str b)
{
    assert_int_equal(a.len, b.len);
    if (a.len)
        assert_memory_equal(a.p, b.p, a.len);
}

#endif
