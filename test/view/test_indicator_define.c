/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What each definition of an indicator says of itself, to whoever reads it: its scope, its source, which way is better, what it is
 * about. Of what it counts test_indicator.c and the tests of figures tell.
 */
#include "unit.h"
#include "view/indicator_define.h"

#define R4_TYPES "http://hl7.org/fhir/resource-types"
#define OWN_TYPES "https://belay.health/CodeSystem/record-type"

static const struct indicator_defines *definitions(void)
{
    const struct indicator_defines *all = NULL;
    struct err err = {0};

    if (indicator_defines(&all, &err) < 0)
        fail_msg("%s %s", err.path, err.text);
    return all;
}

static void lacks(const struct indicator_define *d, const char *what)
{
    fail_msg("%.*s %s", (int)d->id.len, d->id.p, what);
}

/* Every figure that a programme publishes has a definition. The list is that of what such
 * programmes publish, and never shrinks. */
static void test_published_figures_are_defined(void **state)
{
    static const char *const ids[] = {"sending-hospitals", "experts-deployed",
        "local-staff-trained", "outbound-training", "departments-twinned",
        "hospital-pairs", "apprenticeships", "independent-practitioners",
        "techniques-introduced", "technique-gaps-filled",
        "serious-illnesses-treatable-in-region", "moderate-illnesses-treatable-locally",
        "outpatients", "inpatients", "surgeries", "life-expectancy", "funding",
        "equipment", "degrees", "case-discussion", "joint-operation", "monitoring",
        "rehabilitation", "emergency", "handover", "self-sufficiency", "language",
        "telemedicine-links", "agreements", "international-patients",
        "international-beds", "protocols", "mdt", "research", "students",
        "experts-abroad"};
    const struct indicator_defines *all = definitions();

    (void)state;
    for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
        if (!indicator_find(all, str_of(ids[i])))
            fail_msg("%s has no definition", ids[i]);
    }
}

/* "1.0.0" */
static bool is_version(struct str text)
{
    for (int part = 0; part < 3; part++) {
        int64_t number = 0;

        if (!text.p || !text_int(str_cut(&text, '.'), 0, 999, &number))
            return false;
    }
    return !text.p;
}

static void each_says_what_it_is(void **state)
{
    const struct indicator_defines *all = definitions();

    (void)state;
    for (size_t i = 0; i < all->count; i++) {
        const struct indicator_define *d = &all->list[i];
        const struct json *direction = json_get(d->measure, "improvementNotation");
        struct str none = json_get_text(d->measure, "guidance");

        if (!is_version(d->version))
            lacks(d, "has no version");
        if (d->unit.len == 0)
            lacks(d, "says not what is counted");
        if (!str_starts(json_get_text(d->measure, "usage"), "Scope: "))
            lacks(d, "says no scope");
        if (json_get_text(d->measure, "description").len == 0 ||
            json_get_text(d->measure, "purpose").len == 0)
            lacks(d, "says not what it is or what for");
        if (!direction == !str_starts(none, "No direction: "))
            lacks(d, "says neither which way is better nor why none is, or both");
    }
}

/* Who says so: a published figure, what others have told, the methods, or nobody but us. */
static bool is_source(const struct json *artifact)
{
    static const char *const kinds[] = {
        "Published: ", "Others have told: ", "Methods: ", "Belay's own: "};
    struct str display = json_get_text(artifact, "display");
    bool known = false;

    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        known =
            known || (str_starts(display, kinds[i]) && display.len > strlen(kinds[i]));
    if (str_is(json_get_text(artifact, "type"), "citation"))
        return known &&
               str_starts(json_get_text(artifact, "url"), "https://doi.org/10.");
    return known && str_is(json_get_text(artifact, "type"), "documentation");
}

static void each_says_where_it_is_from(void **state)
{
    const struct indicator_defines *all = definitions();

    (void)state;
    for (size_t i = 0; i < all->count; i++) {
        const struct indicator_define *d = &all->list[i];
        struct json_each it = json_each(json_get(d->measure, "relatedArtifact"));

        if (json_count(json_get(d->measure, "relatedArtifact")) == 0)
            lacks(d, "has no source");
        while (json_next(&it)) {
            if (!is_source(it.value))
                lacks(d, "has a source that is none");
        }
    }
}

/* Are the records that tell of it what is counted, and not something that they name? */
static bool is_of_records(const struct indicator_define *d)
{
    return d->of_records || d->by_id || d->count == INDICATOR_EVERY ||
           d->thing_count > 1;
}

/* What a row of records of ${d} leads to: of a handover the post that ended (docs/HANDOVER.md). */
static const char *row_of(const struct indicator_define *d)
{
    return strcmp(d->type->name, "Handover") == 0 ? "PractitionerRole" : d->type->name;
}

/* What ${d} is about is R4's Patient where nothing is said: so each says it. Where it counts records it is about these, where it
 * is a ratio about what its numerator is about; what else is counted is held against every list of a figure that a test asks
 * for (test/app/indicator.h). */
static struct str subject_of(const struct indicator_define *d)
{
    const struct json *concept = json_get(d->measure, "subjectCodeableConcept");
    const struct json *coding = json_at(json_get(concept, "coding"), 0);
    struct str code = json_get_text(coding, "code");
    const struct fhir_type *type = fhir_resource_named(code);

    if (!type || json_count(json_get(concept, "coding")) != 1)
        lacks(d, "says not what it is about");
    else if (!str_is(json_get_text(coding, "system"), type->own ? OWN_TYPES : R4_TYPES))
        lacks(d, "is about a type of another system");
    return code;
}

static void each_says_what_it_is_about(void **state)
{
    const struct indicator_defines *all = definitions();

    (void)state;
    for (size_t i = 0; i < all->count; i++) {
        const struct indicator_define *d = &all->list[i];
        const struct indicator_define *of = d->parts[INDICATOR_NUMERATOR].define;
        struct str about = subject_of(d);

        if (d->scoring == INDICATOR_RATIO && !str_eq(about, subject_of(of)))
            lacks(d, "is not about what its numerator is about");
        if (d->scoring != INDICATOR_RATIO && is_of_records(d) &&
            !str_is(about, row_of(d)))
            lacks(d, "is not about the records that it counts");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_published_figures_are_defined),
        cmocka_unit_test(each_says_what_it_is),
        cmocka_unit_test(each_says_where_it_is_from),
        cmocka_unit_test(each_says_what_it_is_about),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
