/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Search values: each FHIR data type read as each kind of search parameter, composites,
 * references wherever they stand.
 */
#include "fhir/extract.h"
#include "unit.h"

#define BASE STR("http://h/fhir")

static struct arena *arena;
static struct buf text;

static int set_up(void **state)
{
    (void)state;
    arena = arena_new();
    buf_init(&text, 1u << 20);
    return arena ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    buf_done(&text);
    arena_free(arena);
    return 0;
}

/* ---- values as text ---- */

static void put(const char *before, struct str s)
{
    if (!s.p)
        return;
    buf_adds(&text, before);
    buf_add(&text, s.p, s.len);
}

static void put_date(utc_ms ms)
{
    char out[TIME_ISO_MAX];

    if (ms == UTC_MS_MIN || ms == UTC_MS_MAX)
        buf_adds(&text, "open");
    else
        buf_add(&text, out, time_iso(ms, out));
}

static void put_reference(const struct fhir_value *v)
{
    static const char *const forms[] = {
        "none", "local", "contained", "urn", "absolute", "search", "bad"};

    buf_adds(&text, forms[v->u.reference.ref.form]);
    if (v->u.reference.ref.type)
        put(" ", str_of(fhir_type_numbered(v->u.reference.ref.type)->name));
    put("/", v->u.reference.ref.id);
    if (v->u.reference.ref.form == FHIR_REF_ABSOLUTE)
        put(" ", v->u.reference.ref.text);
    put(" v", v->u.reference.canonical_version);
    put(" is ", v->u.reference.identifier_system);
    put("|", v->u.reference.identifier_value);
}

static void put_value(const struct fhir_value *v)
{
    switch (v->kind) {
    case FHIR_SEARCH_TOKEN:
        put("", v->u.token.system);
        put("|", v->u.token.code);
        put(" '", v->u.token.text);
        put(" of ", v->u.token.type_system);
        put("|", v->u.token.type_code);
        buf_adds(&text, v->u.token.text_only ? " only" : "");
        break;
    case FHIR_SEARCH_DATE:
        put_date(v->u.date.lo);
        buf_addc(&text, ' ');
        put_date(v->u.date.hi);
        break;
    case FHIR_SEARCH_NUMBER:
    case FHIR_SEARCH_QUANTITY:
        buf_addf(&text, "%.9g %.9g", v->u.number.lo, v->u.number.hi);
        put(" ", v->u.number.system);
        put("|", v->u.number.code);
        put(" '", v->u.number.unit);
        break;
    case FHIR_SEARCH_STRING:
        put("", v->u.string);
        break;
    case FHIR_SEARCH_URI:
        put("", v->u.uri);
        break;
    case FHIR_SEARCH_REFERENCE:
        put_reference(v);
        break;
    case FHIR_SEARCH_SPECIAL:
        buf_addf(&text, "%.9g %.9g", v->u.position.latitude, v->u.position.longitude);
        break;
    case FHIR_SEARCH_COMPOSITE:
        buf_adds(&text, "composite");
        break;
    }
    buf_addc(&text, ';');
}

static const struct json *load(const char *json)
{
    const struct json *j = NULL;
    struct err err = {0};

    if (json_read(arena, str_of(json), 1u << 20, &j, &err) != 0)
        fail_msg("%s: %s", json, err.text);
    return j;
}

/* The resource's values under the parameter ${code}. */
static const char *values_of(const struct json *resource, const char *code)
{
    const struct fhir_type *type =
        fhir_resource_named(json_get_text(resource, "resourceType"));
    const struct fhir_param *param = fhir_param_named(type->number, str_of(code));
    struct fhir_values all = {0};
    struct err err = {0};

    if (!param)
        fail_msg("%s has no parameter %s", type->name, code);
    assert_int_equal(fhir_extract(arena, resource, type, BASE, &all, &err), 0);
    buf_clear(&text);
    for (unsigned s = 0; s < param->slot_count; s++) {
        struct fhir_values one = {0};
        size_t found = 0;

        assert_int_equal(
            fhir_extract_slot(arena, resource, param->slots[s], BASE, &one, &err), 0);
        for (size_t i = 0; i < all.count; i++) {
            if (all.list[i].slot != param->slots[s])
                continue;
            put_value(&all.list[i]);
            found++;
        }
        assert_int_equal(found, one.count);
    }
    return buf_cstr(&text);
}

struct row {
    const char *resource, *code, *expected;
};

static void run(const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const char *got = values_of(load(rows[i].resource), rows[i].code);

        if (strcmp(got, rows[i].expected) != 0)
            fail_msg("%s of %s\n  gives    %s\n  expected %s", rows[i].code,
                rows[i].resource, got, rows[i].expected);
    }
}

#define RUN(rows) run((rows), sizeof(rows) / sizeof((rows)[0]))

/* ---- each kind ---- */

#define PATIENT(rest) "{\"resourceType\":\"Patient\"," rest "}"
#define OBSERVATION(rest) "{\"resourceType\":\"Observation\"," rest "}"

static void tokens(void **state)
{
    static const struct row rows[] = {
        {PATIENT("\"active\":true"), "active", "|true;"},
        {PATIENT("\"active\":false"), "active", "|false;"},
        {PATIENT("\"gender\":\"female\""), "gender", "|female;"},
        {PATIENT("\"id\":\"1\""), "gender", ""},
        {PATIENT(
             "\"meta\":{\"tag\":[{\"system\":\"s\",\"code\":\"c\",\"display\":\"d\"},"
             "{\"code\":\"x\"},{\"system\":\"y\"},{}]}"),
            "_tag", "s|c 'd;|x;y;"},
        {OBSERVATION(
             "\"code\":{\"coding\":[{\"system\":\"s\",\"code\":\"c\"},{\"system\":"
             "\"t\",\"code\":\"e\",\"display\":\"d\"}],\"text\":\"words\"}"),
            "code", "s|c 'words;t|e 'd;"},
        {OBSERVATION("\"code\":{\"coding\":[{\"code\":\"c\",\"display\":\"d\"}],"
                     "\"text\":\"words\"}"),
            "code", "|c 'd; 'words only;"},
        {OBSERVATION("\"code\":{\"coding\":[{\"code\":\"c\",\"display\":\"words\"}],"
                     "\"text\":\"words\"}"),
            "code", "|c 'words;"},
        {OBSERVATION("\"code\":{\"text\":\"words\"}"), "code", " 'words only;"},
        {PATIENT(
             "\"identifier\":[{\"system\":\"s\",\"value\":\"1\"},{\"value\":\"2\"},{"
             "\"system\":\"s\",\"value\":\"3\",\"type\":{\"coding\":[{\"system\":\"t\","
             "\"code\":\"MR\"},{\"code\":\"X\"}],\"text\":\"number\"}}]"),
            "identifier", "s|1;|2;s|3 'number of t|MR;s|3 'number|X;"},
        {PATIENT("\"telecom\":[{\"system\":\"phone\",\"value\":\"1\"},{\"system\":"
                 "\"email\",\"value\":\"a@example.org\"},{\"system\":\"phone\"}]"),
            "telecom", "|1;|a@example.org;"},
        {PATIENT("\"telecom\":[{\"system\":\"phone\",\"value\":\"1\"},{\"system\":"
                 "\"email\",\"value\":\"a@example.org\"},{\"value\":\"2\"}]"),
            "phone", "|1;"},
        {PATIENT("\"telecom\":[{\"system\":\"phone\",\"value\":\"1\"},{\"system\":"
                 "\"email\",\"value\":\"a@example.org\"}]"),
            "email", "|a@example.org;"},
        {"{\"resourceType\":\"ActivityDefinition\",\"version\":\"1.0\"}", "version",
            "|1.0;"},
        {PATIENT("\"id\":\"1\""), "deceased", "|false;"},
        {PATIENT("\"deceasedBoolean\":false"), "deceased", "|false;"},
        {PATIENT("\"deceasedBoolean\":true"), "deceased", "|true;"},
        {PATIENT("\"deceasedDateTime\":\"2020-01-01\""), "deceased", "|true;"},
    };

    (void)state;
    RUN(rows);
}

static void dates(void **state)
{
    static const struct row rows[] = {
        {PATIENT("\"birthDate\":\"1970-02\""), "birthdate",
            "1970-02-01T00:00:00.000Z 1970-03-01T00:00:00.000Z;"},
        {PATIENT("\"birthDate\":\"soon\""), "birthdate", ""},
        {PATIENT("\"deceasedDateTime\":\"2020-01-01T01:00:00+01:00\""), "death-date",
            "2020-01-01T00:00:00.000Z 2020-01-01T00:00:01.000Z;"},
        {OBSERVATION("\"effectiveDateTime\":\"2020\""), "date",
            "2020-01-01T00:00:00.000Z 2021-01-01T00:00:00.000Z;"},
        {OBSERVATION("\"effectiveInstant\":\"2020-01-01T00:00:00.25Z\""), "date",
            "2020-01-01T00:00:00.250Z 2020-01-01T00:00:00.260Z;"},
        {OBSERVATION("\"effectivePeriod\":{\"start\":\"2020-01\",\"end\":\"2020-02\"}"),
            "date", "2020-01-01T00:00:00.000Z 2020-03-01T00:00:00.000Z;"},
        {OBSERVATION("\"effectivePeriod\":{\"start\":\"2020-01-05\"}"), "date",
            "2020-01-05T00:00:00.000Z open;"},
        {OBSERVATION("\"effectivePeriod\":{\"end\":\"2020-01-05\"}"), "date",
            "open 2020-01-06T00:00:00.000Z;"},
        {OBSERVATION("\"effectivePeriod\":{\"start\":\"2021\",\"end\":\"2019\"}"),
            "date", ""},
        {OBSERVATION("\"effectivePeriod\":{}"), "date", ""},
        {OBSERVATION("\"effectiveTiming\":{\"event\":[\"2020-03-01\",\"2020-01-01\"],"
                     "\"repeat\":{\"boundsPeriod\":{\"start\":\"2020-02-01\",\"end\":"
                     "\"2020-04-01\"}}}"),
            "date", "2020-01-01T00:00:00.000Z 2020-04-02T00:00:00.000Z;"},
        {OBSERVATION("\"effectiveTiming\":{\"event\":[\"2020-03-01\"]}"), "date",
            "2020-03-01T00:00:00.000Z 2020-03-02T00:00:00.000Z;"},
        {OBSERVATION("\"effectiveTiming\":{\"code\":{\"text\":\"daily\"}}"), "date",
            ""},
        {PATIENT("\"meta\":{\"lastUpdated\":\"2020-01-01T00:00:00Z\"}"), "_lastUpdated",
            "2020-01-01T00:00:00.000Z 2020-01-01T00:00:01.000Z;"},
    };

    (void)state;
    RUN(rows);
}

static void strings(void **state)
{
    static const struct row rows[] = {
        {PATIENT(
             "\"name\":[{\"use\":\"official\",\"text\":\"Dr A B C\",\"family\":\"C\","
             "\"given\":[\"A\",\"B\"],\"prefix\":[\"Dr\"],\"suffix\":[\"II\"]},"
             "{\"family\":\"D\"}]"),
            "name", "Dr A B C;C;A;B;Dr;II;D;"},
        {PATIENT("\"name\":[{\"given\":[\"A\",null,\"B\"]}]"), "given", "A;B;"},
        {PATIENT("\"name\":[{\"family\":\"C\",\"given\":[\"A\"]}]"), "family", "C;"},
        {PATIENT(
             "\"address\":[{\"use\":\"home\",\"text\":\"all\",\"line\":[\"1\",\"2\"],"
             "\"city\":\"Lhasa\",\"district\":\"d\",\"state\":\"s\",\"postalCode\":"
             "\"850000\",\"country\":\"CN\"}]"),
            "address", "all;1;2;Lhasa;d;s;850000;CN;"},
        {PATIENT("\"address\":[{\"city\":\"Lhasa\"},{\"city\":\"Nagqu\"}]"),
            "address-city", "Lhasa;Nagqu;"},
        {"{\"resourceType\":\"Organization\",\"name\":\"a\",\"alias\":[\"b\",\"c\"]}",
            "name", "a;b;c;"},
        {"{\"resourceType\":\"ActivityDefinition\",\"description\":\"*m*\"}",
            "description", "*m*;"},
        {"{\"resourceType\":\"Condition\",\"onsetString\":\"long ago\"}", "onset-info",
            "long ago;"},
        {OBSERVATION(
             "\"valueCodeableConcept\":{\"coding\":[{\"display\":\"d\"}],\"text\":"
             "\"t\"}"),
            "value-string", "t;"},
        {OBSERVATION("\"valueString\":\"plain\""), "value-string", "plain;"},
    };

    (void)state;
    RUN(rows);
}

static void numbers_and_quantities(void **state)
{
    static const struct row rows[] = {
        {"{\"resourceType\":\"ChargeItem\",\"factorOverride\":0.80}", "factor-override",
            "0.8 0.8;"},
        {"{\"resourceType\":\"RiskAssessment\",\"prediction\":[{\"probabilityDecimal\":"
         "0.5},{\"probabilityRange\":{\"low\":{\"value\":1},\"high\":{\"value\":2}}},"
         "{\"probabilityRange\":{\"low\":{\"value\":3}}},{\"probabilityRange\":{"
         "\"high\":"
         "{\"value\":4}}},{\"probabilityRange\":{}}]}",
            "probability", "0.5 0.5;1 2;3 inf;-inf 4;"},
        {"{\"resourceType\":\"MolecularSequence\",\"variant\":[{\"start\":22125503}]}",
            "variant-start", "22125503 22125503;"},
        {OBSERVATION(
             "\"valueQuantity\":{\"value\":1.50,\"system\":\"s\",\"code\":\"kg\","
             "\"unit\":\"kilo\"}"),
            "value-quantity", "1.5 1.5 s|kg 'kilo;"},
        {OBSERVATION(
             "\"valueQuantity\":{\"value\":5,\"comparator\":\"<\",\"unit\":\"x\"}"),
            "value-quantity", "-inf 5 'x;"},
        {OBSERVATION("\"valueQuantity\":{\"value\":5,\"comparator\":\">=\"}"),
            "value-quantity", "5 inf;"},
        {OBSERVATION("\"valueQuantity\":{\"unit\":\"x\"}"), "value-quantity", ""},
        {OBSERVATION("\"valueQuantity\":{\"value\":1e999}"), "value-quantity", ""},
        {OBSERVATION("\"valueSampledData\":{\"origin\":{\"value\":0}}"),
            "value-quantity", ""},
        {"{\"resourceType\":\"Invoice\",\"totalGross\":{\"value\":48,\"currency\":"
         "\"EUR\"}}",
            "totalgross", "48 48 urn:iso:std:iso:4217|EUR;"},
        {"{\"resourceType\":\"Condition\",\"onsetAge\":{\"value\":52,\"code\":\"a\","
         "\"system\":\"http://unitsofmeasure.org\"}}",
            "onset-age", "52 52 http://unitsofmeasure.org|a;"},
        {"{\"resourceType\":\"Condition\",\"onsetRange\":{\"low\":{\"value\":40,"
         "\"code\":"
         "\"a\"},\"high\":{\"value\":50}}}",
            "onset-age", "40 50|a;"},
    };

    (void)state;
    RUN(rows);
}

static void uris_and_references(void **state)
{
    static const struct row rows[] = {
        {"{\"resourceType\":\"ValueSet\",\"url\":\"http://x/vs\"}", "url",
            "http://x/vs;"},
        {PATIENT("\"meta\":{\"source\":\"urn:x\"}"), "_source", "urn:x;"},
        {PATIENT("\"meta\":{\"profile\":[\"http://x/p|1\"]}"), "_profile",
            "http://x/p|1;"},
        {OBSERVATION("\"subject\":{\"reference\":\"Patient/1\"}"), "subject",
            "local Patient/1;"},
        {OBSERVATION("\"subject\":{\"reference\":\"Patient/1\"}"), "patient",
            "local Patient/1;"},
        {OBSERVATION("\"subject\":{\"reference\":\"http://h/fhir/Device/d\"}"),
            "subject", "local Device/d;"},
        {OBSERVATION("\"subject\":{\"reference\":\"http://other/Patient/1\"}"),
            "subject", "absolute http://other/Patient/1;"},
        {OBSERVATION("\"performer\":[{\"reference\":\"#p\"},{\"reference\":"
                     "\"urn:uuid:x\"},{\"display\":\"somebody\"},{\"reference\":"
                     "\"nowhere\"}]"),
            "performer", "contained/p;urn;"},
        {OBSERVATION("\"subject\":{\"identifier\":{\"system\":\"s\",\"value\":\"v\"}}"),
            "subject", "none is s|v;"},
        {OBSERVATION(
             "\"subject\":{\"reference\":\"Patient/1\",\"identifier\":{\"value\":"
             "\"v\"}}"),
            "subject", "local Patient/1|v;"},
        {"{\"resourceType\":\"QuestionnaireResponse\",\"questionnaire\":"
         "\"http://x/q|2.0\"}",
            "questionnaire", "absolute http://x/q v2.0;"},
        {"{\"resourceType\":\"QuestionnaireResponse\",\"questionnaire\":"
         "\"Questionnaire/q\"}",
            "questionnaire", "local Questionnaire/q;"},
        {"{\"resourceType\":\"Bundle\",\"entry\":[{\"resource\":{\"resourceType\":"
         "\"Composition\",\"id\":\"c\"}},{\"resource\":{\"resourceType\":\"Patient\","
         "\"id\":\"p\"}}]}",
            "composition", "local Composition/c;"},
        {"{\"resourceType\":\"Location\",\"position\":{\"latitude\":29.65,"
         "\"longitude\":"
         "91.1,\"altitude\":3650}}",
            "near", "29.65 91.1;"},
        {"{\"resourceType\":\"Location\",\"position\":{\"latitude\":29.65}}", "near",
            ""},
    };

    (void)state;
    RUN(rows);
}

/* JSON of the wrong kind gives nothing and breaks nothing. */
static void odd_json(void **state)
{
    static const char *const resources[] = {PATIENT("\"name\":5,\"birthDate\":{}"),
        PATIENT("\"name\":[[{\"family\":\"x\"}]],\"telecom\":\"x\""),
        PATIENT("\"identifier\":[null,5,\"x\",[]],\"active\":\"yes\",\"gender\":[1]"),
        OBSERVATION(
            "\"code\":[],\"subject\":[\"x\"],\"valueQuantity\":{\"value\":\"5\"}"),
        OBSERVATION("\"code\":{\"coding\":{\"code\":5}},\"effectivePeriod\":\"2020\""),
        "{\"resourceType\":\"Location\",\"position\":{\"latitude\":\"x\"}}"};

    (void)state;
    for (size_t i = 0; i < sizeof(resources) / sizeof(resources[0]); i++) {
        const struct json *j = load(resources[i]);
        struct fhir_values values = {0};

        assert_int_equal(fhir_extract(arena, j,
                             fhir_resource_named(json_get_text(j, "resourceType")),
                             BASE, &values, NULL),
            0);
    }
}

/* ---- composites ---- */

struct composite {
    const struct fhir_param *param;
};

static int visit_root(const struct json *root, void *arg)
{
    const struct composite *c = arg;

    for (unsigned i = 0; i < c->param->component_count; i++) {
        const struct fhir_component *part = &fhir_components[c->param->components + i];
        struct fhir_values values = {0};

        assert_int_equal(
            fhir_extract_at(arena, root, part->slot, BASE, &values, NULL), 0);
        for (size_t k = 0; k < values.count; k++)
            put_value(&values.list[k]);
        buf_addc(&text, '/');
    }
    buf_addc(&text, '\n');
    return 0;
}

static int stop_at_once(const struct json *root, void *arg)
{
    (void)root;
    ++*(int *)arg;
    return E_CANCELLED;
}

static void composites(void **state)
{
    const struct json *j =
        load(OBSERVATION("\"code\":{\"coding\":[{\"code\":\"bp\"}]},\"component\":["
                         "{\"code\":{\"coding\":[{\"code\":\"sys\"}]},"
                         "\"valueQuantity\":{\"value\":120}},"
                         "{\"code\":{\"coding\":[{\"code\":\"dia\"}]},"
                         "\"valueQuantity\":{\"value\":80}}]"));
    unsigned number = fhir_resource_named(STR("Observation"))->number;
    struct composite c = {
        fhir_param_named(number, STR("component-code-value-quantity"))};
    int calls = 0;

    (void)state;
    assert_non_null(c.param);
    buf_clear(&text);
    assert_int_equal(fhir_extract_roots(j, c.param->slots[0], visit_root, &c), 0);
    assert_string_equal(buf_cstr(&text), "|sys;/120 120;/\n|dia;/80 80;/\n");
    c.param = fhir_param_named(number, STR("code-value-quantity"));
    buf_clear(&text);
    assert_int_equal(fhir_extract_roots(j, c.param->slots[0], visit_root, &c), 0);
    assert_string_equal(buf_cstr(&text), "|bp;//\n");
    c.param = fhir_param_named(number, STR("component-code-value-quantity"));
    assert_int_equal(
        fhir_extract_roots(j, c.param->slots[0], stop_at_once, &calls), E_CANCELLED);
    assert_int_equal(calls, 1);
}

/* ---- references anywhere ---- */

static int note_reference(struct str reference, const struct json *node, void *arg)
{
    (void)arg;
    assert_true(str_eq(json_text(node), reference));
    put("", reference);
    buf_addc(&text, ';');
    return 0;
}

static int stop_at_reference(struct str reference, const struct json *node, void *arg)
{
    (void)reference;
    (void)node;
    ++*(int *)arg;
    return E_CANCELLED;
}

static void references(void **state)
{
    const struct json *j = load(OBSERVATION(
        "\"contained\":[{\"resourceType\":\"Patient\",\"managingOrganization\":{"
        "\"reference\":\"urn:uuid:1\"}}],\"subject\":{\"reference\":\"#p\"},"
        "\"extension\":"
        "[{\"url\":\"x\",\"valueReference\":{\"reference\":\"Patient/"
        "2\"}}],\"performer\":"
        "[{\"reference\":\"A/3\"},{\"reference\":5},{\"display\":\"reference\"}],"
        "\"note\":[{\"text\":\"reference\"}]"));
    int calls = 0;

    (void)state;
    buf_clear(&text);
    assert_int_equal(fhir_references(j, note_reference, NULL), 0);
    assert_string_equal(buf_cstr(&text), "urn:uuid:1;#p;Patient/2;A/3;");
    assert_int_equal(fhir_references(j, stop_at_reference, &calls), E_CANCELLED);
    assert_int_equal(calls, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(tokens, set_up, tear_down),
        cmocka_unit_test_setup_teardown(dates, set_up, tear_down),
        cmocka_unit_test_setup_teardown(strings, set_up, tear_down),
        cmocka_unit_test_setup_teardown(numbers_and_quantities, set_up, tear_down),
        cmocka_unit_test_setup_teardown(uris_and_references, set_up, tear_down),
        cmocka_unit_test_setup_teardown(odd_json, set_up, tear_down),
        cmocka_unit_test_setup_teardown(composites, set_up, tear_down),
        cmocka_unit_test_setup_teardown(references, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
