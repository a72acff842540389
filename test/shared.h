/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The example data of the shared folder, for tests that can use it: BELAY_SHARED, or the
 * folder beside the project. Where it is absent such a test skips and says so.
 */
#ifndef TEST_SHARED_H
#define TEST_SHARED_H

#include "base/compress.h"
#include "base/limits.h"

#include "unit.h"

#define TAR_BLOCK 512

/* Open ${name} of shared/data; NULL after a word when it is not there. */
static inline struct unpacker *shared_open(const char *name)
{
    const char *folder = getenv("BELAY_SHARED");
    struct unpacker *unpacker = NULL;
    struct err err = {0};
    char path[4096];

    if (!folder)
        folder = getenv("BELAY_SHARED_DEFAULT");
    snprintf(path, sizeof(path), "%s/data/%s", folder ? folder : "../shared", name);
    if (unpacker_open(path, &unpacker, &err) < 0) {
        printf("skipped: %s is not there\n", path);
        return NULL;
    }
    return unpacker;
}

/* Fill ${out} with exactly ${size} bytes; false at the end of the file. */
static inline bool shared_read(struct unpacker *u, char *out, size_t size)
{
    struct err err = {0};
    while (size > 0) {
        long n = unpacker_read(u, out, size, &err);
        if (n < 0)
            fail_msg("%s", err.text);
        if (n == 0)
            return false;
        out += n;
        size -= (size_t)n;
    }
    return true;
}

/* The next ordinary file of a tar archive: its name into ${name} (TAR_BLOCK bytes), its
 * text into ${a}. False at the end. */
static inline bool shared_next(
    struct unpacker *u, struct arena *a, char *name, struct str *ret_text)
{
    char header[TAR_BLOCK];

    while (shared_read(u, header, sizeof(header)) && header[0] != '\0') {
        size_t size = (size_t)strtoull(header + 124, NULL, 8);
        size_t padded = (size + TAR_BLOCK - 1) / TAR_BLOCK * TAR_BLOCK;
        char *text = arena_alloc_raw(a, padded + 1);

        assert_true(size <= LIMIT_IMPORT_FILE);
        assert_non_null(text);
        assert_true(padded == 0 || shared_read(u, text, padded));
        if (header[156] != '0' && header[156] != '\0')
            continue;
        memcpy(name, header, 100);
        name[100] = '\0';
        *ret_text = (struct str){text, size};
        return true;
    }
    return false;
}

#endif
