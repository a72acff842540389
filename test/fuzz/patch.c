/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any JSON array [record, patch]: an array patches by JSON Patch, an object by FHIRPath
 * Patch; a third value makes it a merge. What comes out must be JSON that can be read
 * again, and what went in must be as it was.
 */
#include "json/patch.h"

#include "base/limits.h"

#include "fhir/path.h"
#include "fuzz.h"

static void must_be_readable(struct arena *a, const struct json *j)
{
    const struct json *again = NULL;
    struct buf b;

    buf_init(&b, LIMIT_RESPONSE_BYTES);
    json_write(&b, j);
    fuzz_must(b.error == 0);
    fuzz_must(json_read(a, (struct str){b.data, b.len}, b.len, &again, NULL) == 0);
    fuzz_must(json_equal(j, again));
    buf_done(&b);
}

static int merge(struct arena *a, const struct json *all, const struct json **ret)
{
    struct json_sides sides = {json_at(all, 0), json_at(all, 1), json_at(all, 2)};
    struct buf conflicts;
    int r;

    buf_init(&conflicts, LIMIT_RESPONSE_BYTES);
    r = json_merge3(a, &sides, ret, &conflicts, NULL);
    fuzz_must(r == 0 && conflicts.error == 0);
    buf_done(&conflicts);
    return r;
}

static int apply(
    struct arena *a, const struct json *all, const struct json **ret, struct err *err)
{
    const struct json *target = json_at(all, 0);
    const struct json *patch = json_at(all, 1);

    if (json_count(all) == 3)
        return merge(a, all, ret);
    if (json_is_array(patch))
        return json_patch(a, target, patch, ret, err);
    return fhir_path_patch(a, target, patch, ret, err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new();
    struct str text = {(const char *)data, size};
    const struct json *all = NULL, *same = NULL, *got = NULL;
    struct err err = {0};

    if (json_read(a, text, LIMIT_RECORD_BYTES, &all, NULL) == 0 && json_is_array(all) &&
        (json_count(all) == 2 || json_count(all) == 3)) {
        int r = apply(a, all, &got, &err);

        fuzz_must(r == 0 || err.text[0] != '\0');
        if (r == 0)
            must_be_readable(a, got);
        fuzz_must(json_read(a, text, LIMIT_RECORD_BYTES, &same, NULL) == 0);
        fuzz_must(json_equal(all, same));
    }
    arena_free(a);
    return 0;
}
