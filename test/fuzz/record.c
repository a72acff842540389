/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as a record: read, checked, its search values and references taken out. What
 * was read must come back the same when written and read again.
 */
#include "base/limits.h"

#include "fhir/extract.h"
#include "fhir/validate.h"
#include "fuzz.h"

static void round_trip(struct arena *a, const struct json *j)
{
    const struct json *again = NULL;
    struct buf b;

    for (int pretty = 0; pretty < 2; pretty++) {
        buf_init(&b, LIMIT_RESPONSE_BYTES);
        if (pretty)
            json_write_pretty(&b, j);
        else
            json_write(&b, j);
        fuzz_must(b.error == 0);
        fuzz_must(json_read(a, (struct str){b.data, b.len}, b.len, &again, NULL) == 0);
        fuzz_must(json_equal(j, again));
        buf_done(&b);
    }
}

static int on_reference(struct str text, const struct json *node, void *arg)
{
    struct fhir_reference ref = fhir_reference_parse(text, STR("http://h/fhir"));

    (void)arg;
    fuzz_must(json_is_string(node));
    fuzz_must(ref.form != FHIR_REF_LOCAL || (ref.type != 0 && ref.id.len > 0));
    return 0;
}

static void extract(struct arena *a, const struct json *j, const struct fhir_type *type)
{
    struct fhir_values all = {0}, one = {0};
    uint16_t first = fhir_type_slots[type->number];

    fuzz_must(fhir_extract(a, j, type, STR("http://h/fhir"), &all, NULL) == 0);
    for (unsigned s = 0; s < fhir_type_slot_counts[type->number]; s++)
        fuzz_must(fhir_extract_slot(a, j, (uint16_t)(first + s), STR("http://h/fhir"),
                      &one, NULL) == 0);
    fuzz_must(all.count == one.count);
    for (size_t i = 0; i < all.count; i++) {
        struct buf b;

        if (all.list[i].kind != FHIR_SEARCH_STRING)
            continue;
        buf_init(&b, LIMIT_RESPONSE_BYTES);
        fhir_fold(&b, all.list[i].u.string);
        fuzz_must(b.error == 0);
        fuzz_must(utf8_valid(b.data ? b.data : "", b.len));
        buf_done(&b);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new();
    struct str text = {(const char *)data, size};
    const struct json *j = NULL;
    const struct fhir_type *type = NULL;
    struct fhir_issues issues = {0};
    struct err err = {0};
    int r = json_read(a, text, LIMIT_RECORD_BYTES, &j, &err);

    fuzz_must(r == 0 || err.text[0] != '\0');
    if (r == 0) {
        round_trip(a, j);
        r = fhir_validate(a, j, NULL, &issues, &type, &err);
        fuzz_must((r == 0) == (issues.errors == 0));
        fuzz_must(fhir_references(j, on_reference, NULL) == 0);
        type = fhir_resource_named(json_get_text(j, "resourceType"));
        if (type)
            extract(a, j, type);
    }
    arena_free(a);
    return 0;
}
