/* SPDX-License-Identifier: Apache-2.0 */
/* What definitions/ declares is FHIR itself, and complete: each file is valid by R4. */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"

#include "fhir/validate.h"
#include "unit.h"

static unsigned systems;
static unsigned sets;
static unsigned structures;

static const struct json *load(struct arena *a, const char *folder, const char *name)
{
    const char *path = arena_printf(a, "%s/%s", folder, name);
    FILE *f = fopen(path, "rb");
    char *text = arena_alloc(a, 1 << 20);
    const struct json *json = NULL;
    struct err err = {0};
    size_t len = 0;

    assert_non_null(f);
    assert_non_null(text);
    len = fread(text, 1, 1 << 20, f);
    assert_int_equal(fclose(f), 0);
    if (json_read(a, (struct str){text, len}, 1 << 20, &json, &err) < 0)
        fail_msg("%s: %s", name, err.text);
    return json;
}

/* A code system lists what it says it has, each code with what it means; or it says that its
 * codes are elsewhere (in data/), and lists none. */
static void check_codes(const char *name, const struct json *system)
{
    const struct json *concepts = json_get(system, "concept");
    struct json_each it = json_each(concepts);
    char count[32];

    if (str_is(json_get_text(system, "content"), "not-present")) {
        assert_int_equal(json_count(concepts), 0);
        systems++;
        return;
    }
    snprintf(count, sizeof(count), "%zu", json_count(concepts));
    assert_true(str_is(json_text(json_get(system, "count")), count));
    while (json_next(&it)) {
        if (json_get_text(it.value, "definition").len == 0)
            fail_msg("%s: a code of %s has no definition", name,
                json_get_text(system, "name").p);
    }
    systems++;
}

/* Its codes are our own types, all of them. */
static void check_own_types(const struct json *system)
{
    struct json_each it = json_each(json_get(system, "concept"));
    size_t own = 0;

    for (uint16_t i = 0; i < fhir_type_count; i++)
        own += fhir_types[i].own && fhir_types[i].number > 0;
    assert_int_equal(json_count(json_get(system, "concept")), own);
    while (json_next(&it)) {
        const struct fhir_type *type =
            fhir_resource_named(json_get_text(it.value, "code"));

        assert_true(type && type->own);
    }
}

/* Is what ${path} says of ${resource} that a type of our own is no code of R4? That is what
 * makes it ours. */
static bool is_own_type(const struct json *resource, const char *path)
{
    static const char start[] = "OperationDefinition.parameter[";
    const struct fhir_type *type = NULL;
    unsigned at = 0;

    if (str_starts(str_of(path), "SearchParameter.base[") ||
        str_starts(str_of(path), "SearchParameter.target[") ||
        str_starts(str_of(path), "OperationDefinition.resource["))
        return true;
    if (!str_starts(str_of(path), start) || !strstr(path, "].type"))
        return false;
    at = (unsigned)strtoul(path + sizeof(start) - 1, NULL, 10);
    type = fhir_resource_named(
        json_get_text(json_at(json_get(resource, "parameter"), at), "type"));
    return type && type->number > 300;
}

static void check_one(struct arena *a, const char *name, const struct json *resource)
{
    struct fhir_issues issues = {0};
    struct err err = {0};
    struct str type = json_get_text(resource, "resourceType");
    struct str url = json_get_text(resource, "url");

    fhir_validate(a, resource, NULL, &issues, NULL, &err);
    for (size_t i = 0; i < issues.count; i++) {
        if (!is_own_type(resource, issues.list[i].path))
            fail_msg("%s: %s: %s", name, issues.list[i].path, issues.list[i].text);
    }
    assert_true(str_starts(url, "https://belay.health/"));
    if (str_is(type, "CodeSystem"))
        check_codes(name, resource);
    if (str_is(url, "https://belay.health/CodeSystem/record-type"))
        check_own_types(resource);
    sets += str_is(type, "ValueSet");
    structures += str_is(type, "StructureDefinition");
}

static void check_file(const char *folder, const char *name)
{
    struct arena *a = arena_new();
    const struct json *json = load(a, folder, name);
    struct json_each it = json_each(json_get(json, "entry"));

    if (!str_is(json_get_text(json, "resourceType"), "Bundle"))
        check_one(a, name, json);
    while (json_next(&it)) {
        const struct json *resource = json_get(it.value, "resource");

        check_one(a, name, resource);
        assert_true(
            str_eq(json_get_text(it.value, "fullUrl"), json_get_text(resource, "url")));
    }
    arena_free(a);
}

static void all(void **state)
{
    const char *folder = getenv("BELAY_DEFINITIONS");
    DIR *d = folder ? opendir(folder) : NULL;
    struct dirent *e = NULL;

    (void)state;
    if (!d)
        skip();
    while ((e = readdir(d)) != NULL) {
        if (str_ends(str_of(e->d_name), ".json"))
            check_file(folder, e->d_name);
    }
    closedir(d);
    assert_true(systems >= 8 && sets >= 8 && structures >= 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(all)};

    return cmocka_run_group_tests_name("own definitions", tests, NULL, NULL);
}
