/* SPDX-License-Identifier: Apache-2.0 */
/* A ZIP archive in memory, its parts as they are: the smallest office file (base/unzip.h has its form). */
#ifndef TEST_ARCHIVE_H
#define TEST_ARCHIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#define ARCHIVE_BYTES 4096
#define ARCHIVE_PARTS 8

struct archive {
    unsigned char bytes[ARCHIVE_BYTES];
    size_t len;
};

static inline void archive_add(struct archive *a, const void *bytes, size_t len)
{
    memcpy(a->bytes + a->len, bytes, len);
    a->len += len;
}

static inline void archive_number(struct archive *a, size_t n, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++)
        a->bytes[a->len++] = i < sizeof(n) ? (unsigned char)(n >> (8 * i)) : 0;
}

/* The numbers of ${part} (its name, its text) that are the same in its head and in the directory. */
static inline void archive_sizes(struct archive *a, const char *const part[2])
{
    archive_number(a, 0, 2); /* flags */
    archive_number(a, 0, 2); /* stored */
    archive_number(a, 0, 8); /* time, checksum */
    archive_number(a, strlen(part[1]), 4);
    archive_number(a, strlen(part[1]), 4);
    archive_number(a, strlen(part[0]), 2);
    archive_number(a, 0, 2); /* extra */
}

static inline void archive_directory(
    struct archive *a, const char *const parts[][2], size_t count, const size_t *heads)
{
    size_t directory = a->len;

    for (size_t i = 0; i < count; i++) {
        archive_add(a, "PK\1\2", 4);
        archive_number(a, 20, 4);
        archive_sizes(a, parts[i]);
        archive_number(a, 0, 10);
        archive_number(a, heads[i], 4);
        archive_add(a, parts[i][0], strlen(parts[i][0]));
    }
    archive_add(a, "PK\5\6", 4);
    archive_number(a, 0, 4);
    archive_number(a, count, 2);
    archive_number(a, count, 2);
    archive_number(a, a->len - directory, 4);
    archive_number(a, directory, 4);
    archive_number(a, 0, 2);
}

/* Put the ${count} parts, each a name and a text, into ${a}; false: they have no room. */
static inline bool archive_make(
    struct archive *a, const char *const parts[][2], size_t count)
{
    size_t heads[ARCHIVE_PARTS] = {0};
    size_t room = 64;

    for (size_t i = 0; i < count; i++)
        room += 96 + 2 * strlen(parts[i][0]) + strlen(parts[i][1]);
    if (count > ARCHIVE_PARTS || room > ARCHIVE_BYTES)
        return false;
    a->len = 0;
    for (size_t i = 0; i < count; i++) {
        heads[i] = a->len;
        archive_add(a, "PK\3\4", 4);
        archive_number(a, 20, 2);
        archive_sizes(a, parts[i]);
        archive_add(a, parts[i][0], strlen(parts[i][0]));
        archive_add(a, parts[i][1], strlen(parts[i][1]));
    }
    archive_directory(a, parts, count, heads);
    return true;
}

#endif
