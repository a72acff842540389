/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The sample data that stands beside the source tree: archives of JSON files. A test that
 * wants them skips, and says so, where they are not.
 */
#ifndef TEST_SHARED_H
#define TEST_SHARED_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/compress.h"
#include "base/text.h"

/* Read exactly ${len} bytes; false at the end. */
static inline bool shared_read(struct unpacker *u, void *out, size_t len)
{
    size_t got = 0;

    while (got < len) {
        long n = unpacker_read(u, (char *)out + got, len - got, NULL);

        if (n <= 0)
            return false;
        got += (size_t)n;
    }
    return true;
}

/*
 * Call ${fn} with the name and content of each regular file in the tar archive ${name}
 * under data/ of the folder BELAY_SHARED. Returns how many there were, or -1 when there
 * is no such archive.
 */
static inline int shared_each(const char *name,
    void (*fn)(const char *file, struct str text, void *arg), void *arg)
{
    const char *folder = getenv("BELAY_SHARED");
    struct unpacker *u = NULL;
    char path[1024];
    char head[512];
    int count = 0;

    snprintf(path, sizeof(path), "%s/data/%s", folder ? folder : "../shared", name);
    if (unpacker_open(path, &u, NULL) < 0) {
        printf("skipped: %s is not here\n", path);
        return -1;
    }
    while (shared_read(u, head, sizeof(head)) && head[0] != '\0') {
        size_t size = (size_t)strtoull(head + 124, NULL, 8);
        size_t padded = (size + 511) / 512 * 512;
        char *text = malloc(padded + 1);

        if (!text || !shared_read(u, text, padded)) {
            free(text);
            break;
        }
        if (head[156] == '0' || head[156] == '\0') {
            head[99] = '\0';
            fn(head, (struct str){text, size}, arg);
            count++;
        }
        free(text);
    }
    unpacker_close(u);
    return count;
}

#endif
