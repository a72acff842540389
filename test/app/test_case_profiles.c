/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the operations of a case write, held against its profiles (definitions/case-profiles.json):
 * a case is led from asking to closing, and after each step its request, its Task, its messages and
 * its opinion have what the profiles ask for.
 */
#include "case.h"

static const struct json *profiles; /* Bundle */
static size_t checked;              /* elements that were looked at */

static void read_profiles(void)
{
    static char text[1 << 18];
    char path[512];
    FILE *f = NULL;
    size_t n = 0;

    /* NOLINTNEXTLINE(concurrency-mt-unsafe): one thread */
    snprintf(path, sizeof(path), "%s", getenv("BELAY_PROFILES"));
    f = fopen(path, "rb");
    if (!f)
        fail_msg("%s cannot be read", path);
    n = fread(text, 1, sizeof(text), f);
    fclose(f);
    assert_int_equal(
        json_read(arena, (struct str){text, n}, sizeof(text), &profiles, NULL), 0);
}

static const struct json *profile_named(const char *id)
{
    struct json_each it = json_each(json_get(profiles, "entry"));

    while (json_next(&it)) {
        const struct json *one = json_get(it.value, "resource");

        if (str_is(json_get_text(one, "id"), id))
            return one;
    }
    fail_msg("there is no profile %s", id);
    return NULL;
}

/* ---- one element ---- */

static bool has_url(const struct json *extensions, struct str url)
{
    struct json_each it = json_each(extensions);

    while (json_next(&it)) {
        if (str_eq(json_get_text(it.value, "url"), url))
            return true;
    }
    return false;
}

/* Does ${concept} have the one coding of ${pattern}? */
static bool has_coding(const struct json *concept, const struct json *pattern)
{
    const struct json *wanted = json_at(json_get(pattern, "coding"), 0);
    struct str code = json_get_text(wanted, "code");
    struct json_each it = json_each(json_get(concept, "coding"));

    while (json_next(&it)) {
        if (str_eq(
                json_get_text(it.value, "system"), json_get_text(wanted, "system")) &&
            (!code.p || str_eq(json_get_text(it.value, "code"), code)))
            return true;
    }
    return false;
}

/* Is the type that ${reference} names one of ${type}'s targets? */
static bool may_name(const struct json *reference, const struct json *type)
{
    struct str name = json_get_text(reference, "reference");
    struct str of = str_cut(&name, '/');
    struct json_each it = json_each(json_get(type, "targetProfile"));

    while (json_next(&it)) {
        struct str target = json_text(it.value);

        if (target.len > of.len && target.p[target.len - of.len - 1] == '/' &&
            memcmp(target.p + target.len - of.len, of.p, of.len) == 0)
            return true;
    }
    return false;
}

static bool value_fits(const struct json *element, const struct json *value)
{
    const struct json *pattern = json_get(element, "patternCodeableConcept");
    const struct json *type = json_at(json_get(element, "type"), 0);
    struct str fixed = json_get_text(element, "fixedCode");

    if (fixed.p && !str_eq(json_text(value), fixed))
        return false;
    if (pattern && !has_coding(value, pattern))
        return false;
    return !str_is(json_get_text(type, "code"), "Reference") || may_name(value, type);
}

static void check_element(const struct json *element, const struct json *record)
{
    struct str path = json_get_text(element, "path");
    struct str name = path;
    struct str slice = json_get_text(element, "sliceName");
    const struct json *value = NULL;
    bool needed = !str_is(json_text(json_get(element, "min")), "0");
    bool there = false;

    str_cut(&name, '.');
    value = json_getn(record, name);
    if (slice.p) {
        const struct json *type = json_at(json_get(element, "type"), 0);

        there = has_url(value, json_text(json_at(json_get(type, "profile"), 0)));
    } else {
        there = value != NULL;
    }
    if (needed && !there)
        fail_msg("%.*s:%.*s is not there", (int)path.len, path.p, (int)slice.len,
            slice.p ? slice.p : "");
    if (!slice.p && value) {
        const struct json *first = json_is_array(value) ? json_at(value, 0) : value;

        if (!value_fits(element, first))
            fail_msg("%.*s is not what the profile says", (int)path.len, path.p);
    }
    checked++;
}

static void check_record(const char *profile, const struct json *record)
{
    struct json_each it = json_each(
        json_get(json_get(profile_named(profile), "differential"), "element"));

    assert_true(str_eq(json_get_text(record, "resourceType"),
        json_get_text(profile_named(profile), "type")));
    while (json_next(&it))
        check_element(it.value, record);
}

static void check_path(const char *profile, const char *path)
{
    struct said *s = said_status(get_as(NULL, path), 200);

    check_record(profile, s->json);
    said_free(s);
}

/* All that a search finds. */
static size_t check_found(const char *profile, const char *query)
{
    struct said *s = said_status(get_as(NULL, query), 200);
    struct json_each it = json_each(json_get(s->json, "entry"));
    size_t count = 0;

    while (json_next(&it)) {
        check_record(profile, json_get(it.value, "resource"));
        count++;
    }
    said_free(s);
    return count;
}

/* ---- a case ---- */

static void each_step_leaves_what_the_profiles_say(void **state)
{
    static const struct {
        const char *person, *name, *parameters;
    } steps[] = {
        {"nima", "send", NULL},
        {"chen", "accept", NULL},
        {"chen", "ask-back", P_TEXT("text", "Which side?")},
        {"nima", "inform", P_TEXT("text", "The left")},
        {"chen", "answer", ANSWER},
        {"nima", "message", P_TEXT("text", "Thank you")},
        {"nima", "act", P_TEXT("text", "Set in plaster")},
        {"nima", "outcome", OUTCOME "," P_TEXT("text", "Well again")},
        {"nima", "close", NULL},
    };

    (void)state;
    read_profiles();
    put_draft("one", "pema", "Organization/twin-surgery", "urgent");
    for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
        time_hold(NOW + (utc_ms)(i + 1) * 60000);
        step(steps[i].person, "one", steps[i].name, steps[i].parameters);
        check_path("case-request", "ServiceRequest/one");
        check_path("case-task", "Task/one");
    }
    assert_int_equal(check_found("case-message",
                         "Communication?based-on=ServiceRequest/one&_count=50"),
        5);
    assert_int_equal(check_found("case-opinion",
                         "ClinicalImpression?supporting-info=ServiceRequest/one"),
        1);
    assert_true(checked > 225); /* a request and a Task after each step */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_step_leaves_what_the_profiles_say)};

    return cmocka_run_group_tests(tests, open_network, close_network);
}
