/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as a FHIRPath expression, evaluated on one Patient. Where a result says it
 * stands in the record, there it must stand.
 */
#include "fhir/path.h"
#include "fuzz.h"

static const char RECORD[] =
    "{\"resourceType\":\"Patient\",\"id\":\"p\",\"active\":true,"
    "\"contained\":[{\"resourceType\":\"Organization\",\"id\":\"o\",\"name\":\"Inner\"}"
    "],"
    "\"extension\":[{\"url\":\"u1\",\"valueString\":\"x\"}],"
    "\"name\":[{\"use\":\"official\",\"family\":\"Drolma\",\"given\":[\"Pema\",\"A\"]},"
    "{\"use\":\"old\",\"given\":[\"B\"]}],"
    "\"telecom\":[{\"system\":\"phone\",\"value\":\"1\",\"rank\":1}],"
    "\"birthDate\":\"1985-03-10\",\"deceasedBoolean\":false,\"multipleBirthInteger\":2,"
    "\"managingOrganization\":{\"reference\":\"#o\"},"
    "\"generalPractitioner\":[{\"reference\":\"Practitioner/1\"}]}";

static const struct json *at_pointer(const struct json *j, struct str pointer)
{
    int64_t i = 0;

    str_cut(&pointer, '/');
    while (j && pointer.p) {
        struct str name = str_cut(&pointer, '/');

        if (!json_is_array(j))
            j = json_getn(j, name);
        else
            j = text_int(name, 0, INT32_MAX, &i) ? json_at(j, (size_t)i) : NULL;
    }
    return j;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new();
    const struct json *record = NULL;
    const struct fhir_path *path = NULL;
    struct fhir_path_result found = {0};
    struct err err = {0};
    int r = fhir_path_parse(a, (struct str){(const char *)data, size}, &path, &err);

    fuzz_must(json_read_trusted(a, str_of(RECORD), &record, NULL) == 0);
    if (r == 0)
        r = fhir_path_evaluate(a, path, record, &found, &err);
    fuzz_must(r == 0 || err.text[0] != '\0');
    for (size_t i = 0; r == 0 && i < found.count; i++) {
        const struct fhir_path_item *item = &found.items[i];

        if (item->pointer)
            fuzz_must(at_pointer(record, str_of(item->pointer)) == item->value);
    }
    arena_free(a);
    return 0;
}
