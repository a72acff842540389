/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Real data against the validator: the published examples of R4 (each valid, or refused
 * for a reason that is true of it, told here by name) and 64 synthetic patients.
 */
#include "fhir/validate.h"
#include "shared.h"

/* Examples that break R4's own rules. */
static const struct {
    const char *name; /* how the file's name ends */
    const char *path; /* where, without indexes; "" for any */
    const char *text;
} REFUSED[] = {
    /* displays without linkId: 1..1 in R4 */
    {"-questionnaire.json", ".linkId", "Questionnaire.item requires linkId."},
    /* a div of white space: txt-2 */
    {"activitydefinition-supplyrequest-example.json", "ActivityDefinition.text.div",
        "empty narrative"},
    /* a Procedure as reason, which the definition does not list */
    {"deviceusestatement-example.json", "reference", "not to Procedure"},
    /* a description of a package, no resource */
    {"package-min-ver.json", "Resource.resourceType", "must say its type"},
};

static bool is_known(const char *name, const struct fhir_issue *issue)
{
    for (size_t i = 0; i < sizeof(REFUSED) / sizeof(REFUSED[0]); i++) {
        if (str_ends(str_of(name), REFUSED[i].name) &&
            str_ends(str_of(issue->path), REFUSED[i].path) &&
            strstr(issue->text, REFUSED[i].text))
            return true;
    }
    return false;
}

/* True when valid; a problem not in the list above fails the test. */
static bool check(struct arena *a, const char *name, struct str text)
{
    struct fhir_issues issues = {0};
    struct err err = {0};
    const struct json *resource = NULL;
    const struct fhir_type *type = NULL;
    int r = json_read(a, text, LIMIT_BODY_BYTES, &resource, &err);

    if (r < 0)
        fail_msg("%s: %s", name, err.text);
    r = fhir_validate(a, resource, NULL, &issues, &type, &err);
    for (size_t i = 0; i < issues.count; i++) {
        if (!is_known(name, &issues.list[i]))
            fail_msg("%s: %s: %s", name, issues.list[i].path, issues.list[i].text);
    }
    assert_int_equal(r, issues.errors ? E_INVALID : 0);
    return r == 0;
}

/* All files of an archive; how many there were, how many were refused. */
static bool check_all(const char *archive, unsigned *ret_files, unsigned *ret_refused)
{
    struct unpacker *unpacker = shared_open(archive);
    struct arena *a = arena_new();
    struct str text = {0};
    char name[TAR_BLOCK];

    *ret_files = *ret_refused = 0;
    while (unpacker && shared_next(unpacker, a, name, &text)) {
        if (str_ends(str_of(name), ".json")) {
            ++*ret_files;
            *ret_refused += check(a, name, text) ? 0 : 1;
        }
        arena_reset(a);
    }
    arena_free(a);
    unpacker_close(unpacker);
    return unpacker != NULL;
}

static void published_examples(void **state)
{
    unsigned files, refused;

    (void)state;
    if (!check_all("r4-examples.tar.zst", &files, &refused))
        skip();
    assert_int_equal(files, 438);
    assert_int_equal(refused, 98);
}

static void synthetic_patients(void **state)
{
    unsigned files, refused;

    (void)state;
    if (!check_all("synthea-64.tar.zst", &files, &refused))
        skip();
    assert_true(files > 0);
    assert_int_equal(refused, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(published_examples),
        cmocka_unit_test(synthetic_patients),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
