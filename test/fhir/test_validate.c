/* SPDX-License-Identifier: Apache-2.0 */
/* The validator, rule by rule: what passes, what does not, at which path and why. */
#include "base/limits.h"

#include "fhir/validate.h"
#include "unit.h"

struct rule {
    const char *json;
    const char *path; /* NULL: it is valid */
    const char *text; /* part of the sentence */
};

static int validate(
    struct arena *a, const char *text, struct fhir_issues *issues, struct err *err)
{
    const struct json *resource = NULL;
    const struct fhir_type *type = NULL;
    assert_int_equal(json_read(a, str_of(text), LIMIT_RECORD_BYTES, &resource, err), 0);
    return fhir_validate(a, resource, NULL, issues, &type, err);
}

static void check_rule(const struct rule *rule)
{
    struct arena *a = arena_new();
    struct fhir_issues issues = {0};
    struct err err = {0};
    int r = validate(a, rule->json, &issues, &err);

    if (!rule->path) {
        if (r != 0)
            fail_msg("%s\nrefused at %s: %s", rule->json, err.path, err.text);
    } else if (r != E_INVALID) {
        fail_msg("%s\nwas not refused", rule->json);
    } else if (strcmp(err.path, rule->path) != 0 || !strstr(err.text, rule->text)) {
        fail_msg("%s\nsays %s: %s", rule->json, err.path, err.text);
    } else {
        assert_int_equal(issues.errors, 1);
        assert_string_equal(issues.list[0].path, rule->path);
    }
    arena_free(a);
}

#define CHECK(rules)                                                                   \
    for (size_t i_ = 0; i_ < sizeof(rules) / sizeof((rules)[0]); i_++)                 \
    check_rule(&(rules)[i_])

#define PATIENT(members) "{\"resourceType\":\"Patient\"," members "}"
#define OBSERVATION(members)                                                           \
    "{\"resourceType\":\"Observation\",\"status\":\"final\",\"code\":{\"text\":\"x\"}" \
    "," members "}"
#define XHTML "xmlns='http://www.w3.org/1999/xhtml'"
#define DIV(content)                                                                   \
    PATIENT("\"text\":{\"status\":\"generated\",\"div\":\"<div " XHTML ">" content     \
            "</div>\"}")

static void resource_types(void **state)
{
    static const struct rule rules[] = {
        {"{\"resourceType\":\"Patient\"}", NULL, NULL},
        {"{\"id\":\"1\"}", "Resource.resourceType", "must say its type"},
        {"[]", "Resource", "is an object"},
        {"{\"resourceType\":1}", "Resource.resourceType", "must say its type"},
        {"{\"resourceType\":\"Patiens\"}", "Resource.resourceType",
            "no resource type \"Patiens\""},
        {"{\"resourceType\":\"DomainResource\"}", "Resource.resourceType",
            "no resource type"},
        {"{\"resourceType\":\"HumanName\"}", "Resource.resourceType",
            "no resource type"},
    };
    (void)state;
    CHECK(rules);
}

static void element_names(void **state)
{
    static const struct rule rules[] = {
        {PATIENT("\"nmae\":[{\"family\":\"A\"}]"), "Patient.nmae",
            "nmae is not an element of Patient; did you mean name?"},
        {PATIENT("\"birthdate\":\"2000\""), "Patient.birthdate",
            "did you mean birthDate?"},
        {PATIENT("\"contact\":[{\"gendre\":\"male\"}]"), "Patient.contact[0].gendre",
            "not an element of Patient.contact; did you mean gender?"},
        {PATIENT("\"zzz\":1"), "Patient.zzz", "zzz is not an element of Patient."},
        {PATIENT("\"fhir_comments\":[\"x\"]"), "Patient.fhir_comments",
            "not an element"},
        {PATIENT("\"name\":[{\"resourceType\":\"HumanName\",\"family\":\"A\"}]"),
            "Patient.name[0].resourceType", "not an element of HumanName"},
        {OBSERVATION("\"value\":1"), "Observation.value",
            "its name says the type too, such as value"},
        {OBSERVATION("\"valueMoney\":{\"value\":1}"), "Observation.valueMoney",
            "not an element of Observation"},
        {PATIENT("\"_name\":[{\"id\":\"a\"}]"), "Patient._name", "not an element"},
        {PATIENT("\"_\":1"), "Patient._", "not an element"},
    };
    (void)state;
    CHECK(rules);
}

static void json_kinds(void **state)
{
    static const struct rule rules[] = {
        {PATIENT("\"active\":true,\"multipleBirthInteger\":2"), NULL, NULL},
        {PATIENT("\"active\":\"true\""), "Patient.active",
            "A value of type boolean is true or false in JSON, not a string."},
        {PATIENT("\"multipleBirthInteger\":\"2\""), "Patient.multipleBirthInteger",
            "A value of type integer is a number in JSON, not a string."},
        {PATIENT("\"birthDate\":2000"), "Patient.birthDate",
            "A value of type date is a string in JSON, not a number."},
        {PATIENT("\"birthDate\":{\"a\":1}"), "Patient.birthDate", "not an object"},
        {PATIENT("\"birthDate\":null"), "Patient.birthDate", "null is no value"},
        {PATIENT("\"maritalStatus\":\"M\""), "Patient.maritalStatus",
            "type CodeableConcept is an object"},
        {PATIENT("\"maritalStatus\":{}"), "Patient.maritalStatus", "not be empty"},
        {PATIENT("\"name\":{\"family\":\"A\"}"), "Patient.name",
            "name may be repeated"},
        {PATIENT("\"name\":[]"), "Patient.name", "An array must not be empty"},
        {PATIENT("\"name\":[null]"), "Patient.name[0]", "null is allowed only"},
        {PATIENT("\"name\":[[{\"family\":\"A\"}]]"), "Patient.name[0]",
            "type HumanName is an object"},
        {PATIENT("\"birthDate\":[\"2000\"]"), "Patient.birthDate",
            "birthDate is a single value"},
        {PATIENT("\"contained\":[1]"), "Patient.contained[0]", "is an object"},
    };
    (void)state;
    CHECK(rules);
}

static void cardinality(void **state)
{
    static const struct rule rules[] = {
        {"{\"resourceType\":\"Observation\",\"code\":{\"text\":\"x\"}}",
            "Observation.status", "Observation requires status."},
        {"{\"resourceType\":\"Observation\",\"status\":\"final\"}", "Observation.code",
            "requires code"},
        {PATIENT("\"link\":[{\"type\":\"seealso\"}]"), "Patient.link[0].other",
            "Patient.link requires other."},
        {PATIENT("\"communication\":[{\"preferred\":true}]"),
            "Patient.communication[0].language", "requires language"},
        /* a choice that is required */
        {"{\"resourceType\":\"MedicationRequest\",\"status\":\"active\","
         "\"intent\":\"order\",\"subject\":{\"reference\":\"Patient/1\"}}",
            "MedicationRequest.medication",
            "MedicationRequest requires medication with a type, such as "
            "medicationReference."},
        {"{\"resourceType\":\"MedicationRequest\",\"status\":\"active\","
         "\"intent\":\"order\",\"subject\":{\"reference\":\"Patient/1\"},"
         "\"medicationCodeableConcept\":{\"text\":\"x\"}}",
            NULL, NULL},
        /* the value may be only an extension */
        {"{\"resourceType\":\"Observation\",\"code\":{\"text\":\"x\"},"
         "\"_status\":{\"extension\":[{\"url\":\"u\",\"valueCode\":\"x\"}]}}",
            NULL, NULL},
        {"{\"resourceType\":\"Observation\",\"code\":{\"text\":\"x\"},"
         "\"status\":\"final\",\"_status\":{\"id\":\"a\"}}",
            NULL, NULL},
    };
    (void)state;
    CHECK(rules);
}

static void choices(void **state)
{
    static const struct rule rules[] = {
        {OBSERVATION("\"valueString\":\"x\",\"effectiveDateTime\":\"2020\""), NULL,
            NULL},
        {OBSERVATION("\"valueString\":\"x\",\"valueInteger\":1"),
            "Observation.valueInteger", "Only one of its types"},
        {OBSERVATION("\"valueInteger\":1,\"_valueString\":{\"id\":\"a\"}"),
            "Observation._valueString", "Only one of its types"},
        {OBSERVATION("\"valueString\":\"x\",\"_valueString\":{\"id\":\"a\"}"), NULL,
            NULL},
    };
    (void)state;
    CHECK(rules);
}

static void companions(void **state)
{
    static const struct rule rules[] = {
        {PATIENT("\"birthDate\":\"2000\",\"_birthDate\":{\"id\":\"a\"}"), NULL, NULL},
        {PATIENT("\"_birthDate\":{}"), "Patient._birthDate", "not be empty"},
        {PATIENT("\"_birthDate\":\"2000\""), "Patient._birthDate", "is an object"},
        {PATIENT("\"_birthDate\":{\"value\":1}"), "Patient._birthDate.value",
            "not an element of Element"},
        {PATIENT("\"_birthDate\":{\"extension\":[{\"url\":\"u\"}]}"),
            "Patient._birthDate.extension[0]", "must have a value"},
        {PATIENT("\"name\":[{\"given\":[\"A\",null],"
                 "\"_given\":[null,{\"id\":\"a\"}]}]"),
            NULL, NULL},
        {PATIENT("\"name\":[{\"_given\":[{\"id\":\"a\"}]}]"), NULL, NULL},
        {PATIENT("\"name\":[{\"given\":[\"A\",null]}]"), "Patient.name[0].given[1]",
            "only where _given has extensions"},
        {PATIENT("\"name\":[{\"given\":[null,\"A\"],"
                 "\"_given\":[null,{\"id\":\"a\"}]}]"),
            "Patient.name[0].given[0]", "only where _given"},
        {PATIENT("\"name\":[{\"given\":[\"A\"],"
                 "\"_given\":[null,{\"id\":\"a\"}]}]"),
            "Patient.name[0]._given", "as long as"},
        {PATIENT("\"name\":[{\"_given\":[null]}]"), "Patient.name[0]._given[0]",
            "only where there is a value"},
        {PATIENT("\"name\":[{\"given\":[\"A\"],\"_given\":{\"id\":\"a\"}}]"),
            "Patient.name[0]._given", "is an array"},
        {PATIENT("\"name\":[{\"given\":[\"A\"],\"_given\":[1]}]"),
            "Patient.name[0]._given[0]", "is an object"},
    };
    (void)state;
    CHECK(rules);
}

static void extensions(void **state)
{
    static const struct rule rules[] = {
        {PATIENT("\"extension\":[{\"url\":\"http://x\",\"valueString\":\"y\"}]"), NULL,
            NULL},
        {PATIENT("\"extension\":[{\"url\":\"http://x\",\"extension\":"
                 "[{\"url\":\"a\",\"valueBoolean\":false}]}]"),
            NULL, NULL},
        {PATIENT("\"extension\":[{\"valueString\":\"y\"}]"), "Patient.extension[0].url",
            "Extension requires url."},
        {PATIENT("\"extension\":[{\"url\":\"http://x\"}]"), "Patient.extension[0]",
            "must have a value or extensions"},
        {PATIENT("\"extension\":[{\"url\":\"http://x\",\"valueString\":\"y\","
                 "\"extension\":[{\"url\":\"a\",\"valueCode\":\"b\"}]}]"),
            "Patient.extension[0]", "not both"},
        {PATIENT("\"name\":[{\"extension\":[{\"url\":\"u\","
                 "\"valuePeriod\":{\"start\":\"20\"}}]}]"),
            "Patient.name[0].extension[0].valuePeriod.start", "is not a dateTime"},
        {PATIENT("\"extension\":[{\"url\":\"u\",\"valuePatient\":1}]"),
            "Patient.extension[0].valuePatient", "not an element of Extension"},
    };
    (void)state;
    CHECK(rules);
}

static void bindings(void **state)
{
    static const struct rule rules[] = {
        {PATIENT("\"gender\":\"unknown\""), NULL, NULL},
        {PATIENT("\"gender\":\"m\""), "Patient.gender",
            "\"m\" is not a code of "
            "http://hl7.org/fhir/ValueSet/administrative-gender."},
        {"{\"resourceType\":\"Condition\",\"subject\":{\"reference\":\"Patient/1\"},"
         "\"clinicalStatus\":{\"coding\":[{\"system\":"
         "\"http://terminology.hl7.org/CodeSystem/condition-clinical\","
         "\"code\":\"active\"}]}}",
            NULL, NULL},
        {"{\"resourceType\":\"Condition\",\"subject\":{\"reference\":\"Patient/1\"},"
         "\"clinicalStatus\":{\"coding\":[{\"system\":\"urn:other\","
         "\"code\":\"active\"}]}}",
            "Condition.clinicalStatus.coding", "is not a code of"},
        {"{\"resourceType\":\"Condition\",\"subject\":{\"reference\":\"Patient/1\"},"
         "\"clinicalStatus\":{\"text\":\"active\"}}",
            "Condition.clinicalStatus", "is required"},
        /* a set that cannot be listed is not checked */
        {PATIENT("\"photo\":[{\"contentType\":\"image/x-strange\"}]"), NULL, NULL},
        {"{\"resourceType\":\"Apprenticeship\",\"status\":\"paused\","
         "\"apprentice\":{\"reference\":\"Practitioner/1\"},"
         "\"master\":{\"reference\":\"Practitioner/2\"}}",
            "Apprenticeship.status",
            "https://belay.health/ValueSet/apprenticeship-status"},
    };
    (void)state;
    CHECK(rules);
}

static void references(void **state)
{
    static const struct rule rules[] = {
        {OBSERVATION("\"subject\":{\"reference\":\"Patient/1\"}"), NULL, NULL},
        {OBSERVATION("\"subject\":{\"reference\":\"Patient/1/_history/2\"}"), NULL,
            NULL},
        {OBSERVATION("\"subject\":{\"reference\":"
                     "\"urn:uuid:c757873d-ec9a-4326-a141-556f43239520\"}"),
            NULL, NULL},
        {OBSERVATION("\"subject\":{\"reference\":\"https://elsewhere/fhir/Foo/1\"}"),
            NULL, NULL},
        {OBSERVATION("\"subject\":{\"display\":\"somebody\"}"), NULL, NULL},
        {OBSERVATION("\"subject\":{\"reference\":\"Patient?identifier=1\"}"), NULL,
            NULL},
        {OBSERVATION("\"focus\":[{\"reference\":\"Schedule/1\"}]"), NULL, NULL},
        {OBSERVATION("\"subject\":{\"reference\":\"Practitioner/1\"}"),
            "Observation.subject.reference",
            "must be to Device, Group, Location or Patient, not to Practitioner."},
        {OBSERVATION("\"subject\":{\"reference\":\"Organization?name=x\"}"),
            "Observation.subject.reference", "not to Organization"},
        {OBSERVATION("\"subject\":{\"reference\":\"1\"}"),
            "Observation.subject.reference", "\"1\" is not a reference"},
        {OBSERVATION("\"subject\":{\"reference\":\"Patients/1\"}"),
            "Observation.subject.reference", "is not a reference"},
        {OBSERVATION("\"subject\":{\"reference\":\"Patient/1\",\"type\":\"Group\"}"),
            "Observation.subject.type", "The type says Group"},
        {OBSERVATION("\"subject\":{\"type\":\"Practitioner\",\"display\":\"x\"}"),
            "Observation.subject.type", "not to Practitioner"},
        {"{\"resourceType\":\"Apprenticeship\",\"status\":\"active\","
         "\"apprentice\":{\"reference\":\"Patient/1\"},"
         "\"master\":{\"reference\":\"Practitioner/2\"}}",
            "Apprenticeship.apprentice.reference", "must be to Practitioner"},
    };
    (void)state;
    CHECK(rules);
}

#define CONTAINED(resource, subject)                                                   \
    OBSERVATION(                                                                       \
        "\"contained\":[" resource "],\"subject\":{\"reference\":\"" subject "\"}")

static void contained_resources(void **state)
{
    static const struct rule rules[] = {
        {CONTAINED("{\"resourceType\":\"Patient\",\"id\":\"p\"}", "#p"), NULL, NULL},
        {CONTAINED("{\"resourceType\":\"Patient\",\"id\":\"p\"}", "Patient/1"),
            "Observation.contained[0]",
            "Nothing refers to the contained resource \"#p\"."},
        {CONTAINED("{\"resourceType\":\"Patient\"}", "Patient/1"),
            "Observation.contained[0]", "must have an id"},
        {CONTAINED("{\"resourceType\":\"Patient\",\"id\":\"p\"},"
                   "{\"resourceType\":\"Patient\",\"id\":\"p\"}",
             "#p"),
            "Observation.contained[1]", "Two contained resources have the id"},
        {OBSERVATION("\"subject\":{\"reference\":\"#p\"}"),
            "Observation.subject.reference", "no contained resource with the id \"p\""},
        {CONTAINED("{\"resourceType\":\"Organization\",\"id\":\"p\"}", "#p"),
            "Observation.subject.reference", "not to Organization"},
        {CONTAINED(
             "{\"resourceType\":\"Patient\",\"id\":\"p\",\"gender\":\"m\"}", "#p"),
            "Observation.contained[0].gender", "is not a code"},
        {CONTAINED("{\"resourceType\":\"Patient\",\"id\":\"p\",\"contained\":"
                   "[{\"resourceType\":\"Patient\",\"id\":\"q\"}]}",
             "#p"),
            "Observation.contained[0].contained[0]", "must not contain others"},
        {CONTAINED("{\"id\":\"p\"}", "#p"), "Observation.contained[0].resourceType",
            "must say its type"},
        /* a use by its own words: it refers to what contains it */
        {CONTAINED("{\"resourceType\":\"Provenance\",\"id\":\"v\",\"target\":"
                   "[{\"reference\":\"#\"}],\"recorded\":\"2020-01-01T00:00:00Z\","
                   "\"agent\":[{\"who\":{\"display\":\"x\"}}]}",
             "Patient/1"),
            NULL, NULL},
        /* a canonical may lead there too */
        {"{\"resourceType\":\"PlanDefinition\",\"status\":\"draft\",\"contained\":["
         "{\"resourceType\":\"Library\",\"id\":\"l\",\"status\":\"draft\","
         "\"type\":{\"text\":\"x\"}}],\"library\":[\"#l\"]}",
            NULL, NULL},
    };
    (void)state;
    CHECK(rules);
}

#define BUNDLE(resource)                                                               \
    "{\"resourceType\":\"Bundle\",\"type\":\"collection\",\"entry\":[{"                \
    "\"resource\":" resource "}]}"

static void nested_resources(void **state)
{
    static const struct rule rules[] = {
        {BUNDLE("{\"resourceType\":\"Patient\"}"), NULL, NULL},
        {BUNDLE("{\"resourceType\":\"Patient\",\"gender\":\"m\"}"),
            "Bundle.entry[0].resource.gender", "is not a code"},
        {BUNDLE("{\"resourceType\":\"Nothing\"}"),
            "Bundle.entry[0].resource.resourceType", "no resource type"},
        {BUNDLE("{}"), "Bundle.entry[0].resource.resourceType", "must say its type"},
        /* each resource has contained ones of its own */
        {BUNDLE(CONTAINED("{\"resourceType\":\"Patient\",\"id\":\"p\"}", "#p")), NULL,
            NULL},
        {BUNDLE(OBSERVATION("\"subject\":{\"reference\":\"#p\"}")),
            "Bundle.entry[0].resource.subject.reference", "no contained resource"},
        {"{\"resourceType\":\"Parameters\",\"parameter\":[{\"name\":\"a\",\"resource\":"
         "{\"resourceType\":\"Patient\",\"active\":1}}]}",
            "Parameters.parameter[0].resource.active", "not a number"},
    };
    (void)state;
    CHECK(rules);
}

static void narratives(void **state)
{
    static const struct rule rules[] = {
        {DIV("<p class='a'>A &amp; B &#233;<br/></p><!-- c -->"), NULL, NULL},
        {DIV("<img src='data:image/png;base64,AA==' alt='x'/>"), NULL, NULL},
        {DIV("<a href='https://x/?a=1&amp;b=2#c'>x</a>"), NULL, NULL},
        {DIV("<a href='#note:1'>x</a>"), NULL, NULL},
        {PATIENT("\"text\":{\"status\":\"generated\",\"div\":\"<p>x</p>\"}"),
            "Patient.text.div", "must begin with <div"},
        {PATIENT("\"text\":{\"status\":\"generated\",\"div\":\"<div>x\"}"),
            "Patient.text.div", "an element is not closed"},
        {PATIENT("\"text\":{\"status\":\"generated\",\"div\":\"<div>x</div>y\"}"),
            "Patient.text.div", "text follows"},
        {PATIENT("\"text\":{\"status\":\"generated\"}"), "Patient.text.div",
            "Narrative requires div."},
        {DIV(" "), "Patient.text.div", "empty narrative"},
        {DIV("<p>x</b>"), "Patient.text.div", "does not match"},
        {DIV("a & b"), "Patient.text.div", "must begin an entity"},
        {DIV("a < b"), "Patient.text.div", "not for formatting"},
        {DIV("<p class=a>x</p>"), "Patient.text.div", "no quotes"},
        {DIV("<p hidden>x</p>"), "Patient.text.div", "has no value"},
        {DIV("<!DOCTYPE x>"), "Patient.text.div", "declaration"},
        {DIV("<script>x</script>"), "Patient.text.div", "not for formatting"},
        {DIV("<iframe src='x'/>"), "Patient.text.div", "not for formatting"},
        {DIV("<svg/>"), "Patient.text.div", "not for formatting"},
        {DIV("<p onclick='x()'>x</p>"), "Patient.text.div", "event attribute"},
        {DIV("<p ONCLICK='x()'>x</p>"), "Patient.text.div", "event attribute"},
        {DIV("<a href='javascript:x()'>x</a>"), "Patient.text.div", "address"},
        {DIV("<a href='JavaScript:x()'>x</a>"), "Patient.text.div", "address"},
        {DIV("<a href=' java\\nscript:x()'>x</a>"), "Patient.text.div", "address"},
        {DIV("<a href='java&#115;cript:x()'>x</a>"), "Patient.text.div", "address"},
        {DIV("<a href='java\\u0000script:x()'>x</a>"), "Patient.text.div",
            "control character"},
        {DIV("<a href='data:text/html,x'>x</a>"), "Patient.text.div", "address"},
        {DIV("<p style='width: expression(x)'>x</p>"), "Patient.text.div", "style"},
    };
    (void)state;
    CHECK(rules);
}

/* ---- the call ---- */

static void a_type_can_be_demanded(void **state)
{
    struct arena *a = arena_new();
    struct fhir_issues issues = {0};
    struct err err = {0};
    const struct json *resource = NULL;
    const struct fhir_type *found = NULL;
    const struct fhir_type *patient = fhir_resource_named(STR("Patient"));

    (void)state;
    json_read(a,
        STR("{\"resourceType\":\"Group\",\"type\":\"person\","
            "\"actual\":true}"),
        100, &resource, &err);
    assert_int_equal(
        fhir_validate(a, resource, patient, &issues, &found, &err), E_INVALID);
    assert_string_equal(err.path, "Group.resourceType");
    assert_string_equal(err.text, "The resource must be a Patient, it is a Group.");
    assert_ptr_equal(found, fhir_resource_named(STR("Group")));
    arena_free(a);
}

static void all_problems_are_told_up_to_the_limit(void **state)
{
    struct arena *a = arena_new();
    struct fhir_issues issues = {0};
    struct err err = {0};
    char text[4096] = "{\"resourceType\":\"Patient\",\"name\":[";

    (void)state;
    for (int i = 0; i < LIMIT_ISSUES + 20; i++)
        strcat(text, i ? ",{\"x\":1}" : "{\"x\":1}");
    strcat(text, "]}");
    assert_int_equal(validate(a, text, &issues, &err), E_INVALID);
    assert_int_equal(issues.count, LIMIT_ISSUES);
    assert_int_equal(issues.errors, LIMIT_ISSUES + 20);
    assert_string_equal(issues.list[99].path, "Patient.name[99].x");
    assert_string_equal(err.path, "Patient.name[0].x");
    assert_int_equal(err.code, E_INVALID);
    arena_free(a);
}

static void a_long_name_is_cut_in_the_message(void **state)
{
    struct arena *a = arena_new();
    struct fhir_issues issues = {0};
    struct err err = {0};
    char text[2048] = "{\"resourceType\":\"Patient\",\"";

    (void)state;
    memset(text + strlen(text), 'z', 1000);
    strcat(text, "\":1}");
    assert_int_equal(validate(a, text, &issues, &err), E_INVALID);
    assert_true(strlen(issues.list[0].path) < 100);
    assert_true(strlen(issues.list[0].text) < 200);
    arena_free(a);
}

static void what_is_cut_stays_utf8(void **state)
{
    struct arena *a = arena_new();

    (void)state;
    for (size_t shift = 0; shift < 3; shift++) {
        struct fhir_issues issues = {0};
        char text[2048] = "{\"resourceType\":\"Patient\",\"";

        for (size_t i = 0; i < shift; i++)
            strcat(text, "a");
        for (int i = 0; i < 400; i++)
            strcat(text, "\xe3\x9c\x9a");
        strcat(text, "\":1}");
        assert_int_equal(validate(a, text, &issues, NULL), E_INVALID);
        for (size_t i = 0; i < issues.count; i++) {
            const struct fhir_issue *issue = &issues.list[i];

            assert_true(utf8_valid(issue->text, strlen(issue->text)));
            assert_true(utf8_valid(issue->path, strlen(issue->path)));
        }
    }
    arena_free(a);
}

static void a_valid_resource_allocates_nothing(void **state)
{
    struct arena *a = arena_new();
    struct fhir_issues issues = {0};
    struct err err = {0};
    const struct json *resource = NULL;
    const struct fhir_type *type = NULL;
    size_t used = 0;

    (void)state;
    json_read(a, STR(CONTAINED("{\"resourceType\":\"Patient\",\"id\":\"p\"}", "#p")),
        1000, &resource, &err);
    used = arena_used(a);
    assert_int_equal(fhir_validate(a, resource, NULL, &issues, &type, &err), 0);
    assert_int_equal(arena_used(a), used);
    assert_int_equal(issues.count, 0);
    arena_free(a);
}

static int validate_wrong(void *arg)
{
    struct arena *a = arena_new();
    struct fhir_issues issues = {0};
    struct err err = {0};
    const struct json *resource = NULL;
    const struct fhir_type *type = NULL;
    int r = E_NOMEM;

    (void)arg;
    if (!a)
        return E_NOMEM;
    r = json_read(a, STR(PATIENT("\"nmae\":1,\"gender\":\"m\"")), 100, &resource, &err);
    if (r == 0) {
        r = fhir_validate(a, resource, NULL, &issues, &type, &err);
        r = r == E_INVALID ? 0 : r;
    }
    arena_free(a);
    return r;
}

static void lack_of_memory_is_told(void **state)
{
    (void)state;
    assert_true(unit_fault_loop(validate_wrong, NULL) > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(resource_types),
        cmocka_unit_test(element_names),
        cmocka_unit_test(json_kinds),
        cmocka_unit_test(cardinality),
        cmocka_unit_test(choices),
        cmocka_unit_test(companions),
        cmocka_unit_test(extensions),
        cmocka_unit_test(bindings),
        cmocka_unit_test(references),
        cmocka_unit_test(contained_resources),
        cmocka_unit_test(nested_resources),
        cmocka_unit_test(narratives),
        cmocka_unit_test(a_type_can_be_demanded),
        cmocka_unit_test(all_problems_are_told_up_to_the_limit),
        cmocka_unit_test(a_long_name_is_cut_in_the_message),
        cmocka_unit_test(what_is_cut_stays_utf8),
        cmocka_unit_test(a_valid_resource_allocates_nothing),
        cmocka_unit_test(lack_of_memory_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
