/* SPDX-License-Identifier: Apache-2.0 */
/* The generated tables: complete, in the order the look-ups need, and right in places
 * that can be checked by reading the specification. */
#include "fhir/definition.h"
#include "unit.h"

static const struct fhir_type *type(const char *name)
{
    const struct fhir_type *found = fhir_type_named(str_of(name));
    if (!found)
        fail_msg("no type %s", name);
    return found;
}

static const struct fhir_element *element(const char *type_name, const char *name)
{
    const struct fhir_element *found =
        fhir_element_named(type(type_name), str_of(name));
    if (!found)
        fail_msg("no element %s.%s", type_name, name);
    return found;
}

static const struct fhir_param *param(const char *type_name, const char *code)
{
    const struct fhir_param *found =
        fhir_param_named(type(type_name)->number, str_of(code));
    if (!found)
        fail_msg("no parameter %s of %s", code, type_name);
    return found;
}

static bool targets_hold(uint16_t list, const char *name)
{
    const uint16_t *targets = fhir_target_lists[list];
    for (unsigned i = 1; i <= targets[0]; i++) {
        if (targets[i] == type(name)->number)
            return true;
    }
    return false;
}

/* ---- types and elements ---- */

static void resource_types_are_all_there(void **state)
{
    unsigned published = 0;
    unsigned own = 0;

    (void)state;
    for (unsigned i = 0; i < fhir_type_count; i++) {
        const struct fhir_type *t = &fhir_types[i];
        if (t->kind != FHIR_RESOURCE) {
            assert_int_equal(t->number, 0);
            continue;
        }
        assert_ptr_equal(fhir_type_numbered(t->number), t);
        assert_ptr_equal(fhir_resource_named(str_of(t->name)), t);
        if (t->own) {
            assert_in_range(t->number, 301, FHIR_TYPE_NUMBER_MAX);
            own++;
        } else {
            assert_in_range(t->number, 1, 148);
            published++;
        }
    }
    /* R4's list of 148 less the abstract DomainResource and Resource */
    assert_int_equal(published, 146);
    assert_int_equal(own, 13);
}

static void numbers_are_those_of_the_log(void **state)
{
    (void)state;
    assert_int_equal(type("Account")->number, 1);
    assert_int_equal(type("Observation")->number, 97);
    assert_int_equal(type("Patient")->number, 104);
    assert_int_equal(type("VisionPrescription")->number, 148);
    assert_int_equal(type("Apprenticeship")->number, 301);
    assert_int_equal(type("EmergencyAccess")->number, 302);
    assert_int_equal(type("CaseReview")->number, 303);
    assert_int_equal(type("Course")->number, 304);
    assert_int_equal(type("Enrolment")->number, 305);
    assert_int_equal(type("Handover")->number, 306);
    assert_int_equal(type("SignOff")->number, 307);
    assert_int_equal(type("Funding")->number, 308);
    assert_int_equal(type("PairingPulse")->number, 309);
    assert_int_equal(type("ProcedureRule")->number, 311);
    assert_null(fhir_type_numbered(0));
    assert_null(fhir_type_numbered(149));
    assert_null(fhir_type_numbered(FHIR_TYPE_NUMBER_MAX + 1));
}

static void look_ups_find_every_name_and_no_other(void **state)
{
    (void)state;
    for (unsigned i = 0; i < fhir_type_count; i++) {
        const struct fhir_type *t = &fhir_types[i];
        unsigned required = 0;
        uint64_t choices = 0;
        assert_ptr_equal(fhir_type_named(str_of(t->name)), t);
        for (unsigned e = t->first; e < (unsigned)t->first + t->count; e++) {
            const struct fhir_element *part = &fhir_elements[e];
            assert_int_equal(part->name_len, strlen(part->name));
            assert_ptr_equal(fhir_element_named(t, str_of(part->name)), part);
            assert_in_range(part->type, 0, fhir_type_count - 1);
            assert_in_range(part->choice, 0, 63);
            assert_in_range(part->binding, 0, fhir_value_set_count - 1);
            if (part->min > 0 && !(choices >> part->choice & 1))
                required++;
            if (part->choice && part->min > 0)
                choices |= UINT64_C(1) << part->choice;
        }
        assert_int_equal(t->required, required);
    }
    assert_null(fhir_type_named(STR("Patien")));
    assert_null(fhir_type_named(STR("")));
    assert_null(fhir_resource_named(STR("HumanName")));
    assert_null(fhir_resource_named(STR("DomainResource")));
    assert_null(fhir_element_named(type("Patient"), STR("nmae")));
    assert_null(fhir_element_named(type("Patient"), STR("")));
}

static void elements_are_those_of_the_specification(void **state)
{
    (void)state;
    assert_int_equal(element("Patient", "name")->max, FHIR_MANY);
    assert_int_equal(element("Patient", "birthDate")->max, 1);
    assert_string_equal(fhir_types[element("Patient", "birthDate")->type].name, "date");
    assert_int_equal(element("Observation", "status")->min, 1);
    assert_true(element("Observation", "status")->modifier);
    assert_true(element("Observation", "status")->summary);
    assert_false(element("Observation", "note")->summary);
    /* the anonymous structures, and one that is used in a second place */
    assert_string_equal(
        fhir_types[element("Patient", "contact")->type].name, "Patient.contact");
    assert_string_equal(
        fhir_types[element("Observation.component", "referenceRange")->type].name,
        "Observation.referenceRange");
    /* ids: of a resource an id, inside of one any string */
    assert_int_equal(fhir_types[element("Patient", "id")->type].primitive, FHIR_ID);
    assert_int_equal(
        fhir_types[element("Patient.contact", "id")->type].primitive, FHIR_STRING);
    assert_int_equal(fhir_types[element("Extension", "url")->type].primitive, FHIR_URI);
    /* a choice: one element a type, of one group */
    assert_true(element("Observation", "valueQuantity")->choice > 0);
    assert_int_equal(element("Observation", "valueQuantity")->choice,
        element("Observation", "valueString")->choice);
    assert_int_not_equal(element("Observation", "valueQuantity")->choice,
        element("Observation", "effectivePeriod")->choice);
    assert_int_equal(element("Extension", "valueBase64Binary")->min, 0);
    /* targets */
    assert_true(targets_hold(element("Observation", "subject")->targets, "Patient"));
    assert_false(
        targets_hold(element("Observation", "subject")->targets, "Organization"));
    assert_int_equal(element("Observation", "focus")->targets, 0);
    assert_int_equal(
        fhir_types[element("Bundle.entry", "resource")->type].kind, FHIR_ABSTRACT);
}

/* The package of definitions carries elements of later versions and its maker's own. */
static void nothing_beyond_r4_is_there(void **state)
{
    (void)state;
    assert_null(fhir_type_named(STR("SubscriptionStatus")));
    assert_null(fhir_element_named(type("Meta"), STR("project")));
    assert_null(fhir_element_named(type("Binary"), STR("url")));
    assert_null(fhir_element_named(type("ResearchStudy"), STR("result")));
    assert_null(fhir_type_named(STR("ResearchStudy.label")));
    assert_null(fhir_type_named(STR("DeviceDefinition.classification")));
    assert_int_equal(element("Quantity", "comparator")->max, 1);
    assert_int_equal(element("EvidenceVariable", "characteristic")->min, 1);
    assert_true(element("EvidenceVariable.characteristic", "definitionCodeableConcept")
                    ->choice);
    assert_null(
        fhir_element_named(type("EvidenceVariable.characteristic"), STR("linkId")));
    assert_int_equal(fhir_types[element("Bundle.entry.response", "outcome")->type].kind,
        FHIR_ABSTRACT);
}

/* ---- value sets ---- */

static const struct fhir_value_set *set_of(const char *type_name, const char *name)
{
    return &fhir_value_sets[element(type_name, name)->binding];
}

static void value_sets_hold_their_codes(void **state)
{
    const struct fhir_value_set *gender = set_of("Patient", "gender");
    const struct fhir_value_set *clinical = set_of("Condition", "clinicalStatus");
    struct str any = {0};

    (void)state;
    assert_string_equal(
        gender->url, "http://hl7.org/fhir/ValueSet/administrative-gender");
    assert_true(gender->complete);
    assert_int_equal(gender->count, 4);
    assert_true(fhir_value_set_has(gender, any, STR("female")));
    assert_true(fhir_value_set_has(
        gender, STR("http://hl7.org/fhir/administrative-gender"), STR("female")));
    assert_false(fhir_value_set_has(gender, STR("urn:x"), STR("female")));
    assert_false(fhir_value_set_has(gender, any, STR("femal")));
    assert_false(fhir_value_set_has(gender, any, STR("")));
    /* a hierarchy: relapse stands below active */
    assert_true(fhir_value_set_has(clinical,
        STR("http://terminology.hl7.org/CodeSystem/condition-clinical"),
        STR("relapse")));
    /* of a set of sets */
    assert_true(fhir_value_set_has(
        set_of("OperationDefinition.parameter", "type"), any, STR("Patient")));
    assert_true(fhir_value_set_has(
        set_of("OperationDefinition.parameter", "type"), any, STR("Quantity")));
    /* media types are endless */
    assert_false(set_of("Attachment", "contentType")->complete);
    assert_true(
        fhir_value_set_has(set_of("Apprenticeship", "status"), any, STR("planned")));
}

static void codes_are_sorted(void **state)
{
    unsigned incomplete = 0;

    (void)state;
    for (unsigned s = 1; s < fhir_value_set_count; s++) {
        const struct fhir_value_set *set = &fhir_value_sets[s];
        incomplete += set->complete ? 0 : 1;
        for (uint32_t i = set->first; i < set->first + set->count; i++) {
            const struct fhir_code *code = &fhir_codes[i];
            assert_true(
                fhir_value_set_has(set, str_of(code->system), str_of(code->code)));
            if (i > set->first)
                assert_true(str_cmp(str_of(code[-1].code), str_of(code->code)) <= 0);
        }
    }
    /* currencies, media types, units, and a LOINC list */
    assert_int_equal(incomplete, 4);
}

/* ---- search ---- */

/* The one way of a slot as text: "telecom(system=email)". */
static const char *way_text(const struct fhir_way *way, char *out, size_t cap)
{
    size_t len = 0;
    out[0] = '\0';
    for (unsigned i = 0; i < way->count; i++) {
        const struct fhir_step *s = &fhir_steps[way->first + i];
        assert_int_equal(s->name_len, strlen(s->name));
        len += (size_t)snprintf(out + len, cap - len, "%s%s", i ? "." : "", s->name);
        if (s->index >= 0)
            len += (size_t)snprintf(out + len, cap - len, "[%d]", s->index);
        if (s->where)
            len +=
                (size_t)snprintf(out + len, cap - len, "(%s=%s)", s->where, s->equals);
    }
    snprintf(out + len, cap - len, ":%s", fhir_types[way->type].name);
    return out;
}

static void has_way(const struct fhir_slot *slot, const char *wanted)
{
    char text[256];
    for (unsigned i = 0; i < slot->count; i++) {
        if (strcmp(way_text(&fhir_ways[slot->first + i], text, sizeof(text)), wanted) ==
            0)
            return;
    }
    fail_msg("%s has no way %s", slot->expression, wanted);
}

static const struct fhir_slot *only_slot(const char *type_name, const char *code)
{
    const struct fhir_param *p = param(type_name, code);
    assert_int_equal(p->slot_count, 1);
    return &fhir_slots[p->slots[0]];
}

static void params_are_found_and_sorted(void **state)
{
    unsigned counted = 0;

    (void)state;
    for (unsigned n = 0; n <= FHIR_TYPE_NUMBER_MAX; n++) {
        size_t count = 0;
        const struct fhir_param *params = fhir_params_of(n, &count);
        for (size_t i = 0; i < count; i++) {
            const struct fhir_param *p = &params[i];
            assert_int_equal(p->type, n);
            assert_ptr_equal(fhir_param_named(n, str_of(p->code)), p);
            if (strcmp(p->code, "_id") == 0)
                assert_int_equal(p->slot_count, 0);
            else
                assert_in_range(p->slot_count, 1, FHIR_PARAM_SLOTS);
            counted++;
        }
    }
    assert_int_equal(counted, fhir_param_count);
    assert_null(fhir_param_named(type("Patient")->number, STR("birthdat")));
    assert_null(fhir_param_named(4000, STR("name")));
}

/* Each of the package's 1,378 search parameters, by URL, or told as not supported. */
static void every_published_parameter_is_accounted_for(void **state)
{
    static const char *seen[4096];
    unsigned count = 0;
    unsigned own = 0;

    (void)state;
    for (unsigned i = 0; i < fhir_param_count; i++) {
        bool known = false;
        for (unsigned k = 0; k < count && !known; k++)
            known = strcmp(seen[k], fhir_params[i].url) == 0;
        if (!known) {
            assert_true(count < sizeof(seen) / sizeof(seen[0]));
            seen[count++] = fhir_params[i].url;
            own += str_starts(str_of(fhir_params[i].url), "https://belay.health/");
        }
    }
    for (unsigned i = 0; fhir_params_not_supported[i]; i++)
        count++;
    assert_int_equal(count - own, 1378);
    assert_int_equal(own, 66);
}

static void slots_of_a_type_are_in_one_row(void **state)
{
    unsigned indexed = 0;

    (void)state;
    for (unsigned n = 0; n <= FHIR_TYPE_NUMBER_MAX; n++) {
        for (unsigned i = 0; i < fhir_type_slot_counts[n]; i++) {
            const struct fhir_slot *slot = &fhir_slots[fhir_type_slots[n] + i];
            assert_int_equal(slot->type, n);
            assert_int_not_equal(slot->kind, FHIR_SEARCH_COMPOSITE);
            assert_true(slot->count > 0);
            indexed++;
        }
    }
    assert_true(indexed < fhir_slot_count);
    for (unsigned i = 1; i < fhir_slot_count; i++)
        assert_non_null(fhir_type_numbered(fhir_slots[i].type));
}

static void expressions_become_ways(void **state)
{
    const struct fhir_slot *slot = only_slot("Observation", "date");

    (void)state;
    assert_int_equal(slot->count, 4);
    has_way(slot, "effectiveDateTime:dateTime");
    has_way(slot, "effectivePeriod:Period");
    has_way(slot, "effectiveTiming:Timing");
    has_way(slot, "effectiveInstant:instant");
    has_way(only_slot("Patient", "email"), "telecom(system=email):ContactPoint");
    has_way(only_slot("Patient", "given"), "name.given:string");
    has_way(only_slot("Patient", "birthdate"), "birthDate:date");
    has_way(only_slot("Patient", "_lastUpdated"), "meta.lastUpdated:instant");
    has_way(only_slot("Bundle", "composition"), "entry[0].resource:Resource");
    has_way(only_slot("InsurancePlan", "phonetic"), "name:string");
    has_way(only_slot("Goal", "target-date"), "target.dueDate:date");
    has_way(only_slot("Evidence", "successor"),
        "relatedArtifact(type=successor).resource:canonical");
    assert_int_equal(only_slot("Patient", "death-date")->count, 1);
    has_way(only_slot("Patient", "death-date"), "deceasedDateTime:dateTime");
    assert_int_equal(only_slot("Patient", "deceased")->special, FHIR_SLOT_DECEASED);
    assert_int_equal(only_slot("Patient", "deceased")->count, 2);
    assert_int_equal(only_slot("Location", "near")->special, FHIR_SLOT_POSITION);
    assert_int_equal(only_slot("Location", "near")->kind, FHIR_SEARCH_SPECIAL);
    has_way(only_slot("Apprenticeship", "procedure"), "goal.procedure:CodeableConcept");
    assert_int_equal(param("Apprenticeship", "department")->slot_count, 2);
}

static void expressions_are_shared(void **state)
{
    const struct fhir_param *combo = param("Observation", "combo-code");
    const struct fhir_param *subject = param("Observation", "subject");
    const struct fhir_param *patient = param("Observation", "patient");

    (void)state;
    assert_int_equal(combo->slot_count, 2);
    assert_int_equal(combo->slots[0], param("Observation", "code")->slots[0]);
    assert_int_equal(combo->slots[1], param("Observation", "component-code")->slots[0]);
    /* patient is subject, asked for one type only */
    assert_int_equal(subject->slots[0], patient->slots[0]);
    assert_int_equal(fhir_target_lists[patient->targets][0], 1);
    assert_true(targets_hold(patient->targets, "Patient"));
    assert_true(targets_hold(subject->targets, "Group"));
}

static void composites_have_parts(void **state)
{
    const struct fhir_param *p = param("Observation", "code-value-quantity");
    const struct fhir_component *parts = &fhir_components[p->components];
    char text[256];

    (void)state;
    assert_int_equal(p->kind, FHIR_SEARCH_COMPOSITE);
    assert_int_equal(p->component_count, 2);
    assert_int_equal(fhir_slots[p->slots[0]].kind, FHIR_SEARCH_COMPOSITE);
    assert_int_equal(fhir_ways[fhir_slots[p->slots[0]].first].count, 0);
    assert_string_equal(parts[0].code, "code");
    assert_int_equal(parts[0].kind, FHIR_SEARCH_TOKEN);
    assert_string_equal(parts[1].code, "value-quantity");
    assert_int_equal(parts[1].kind, FHIR_SEARCH_QUANTITY);
    assert_ptr_equal(
        &fhir_params[parts[1].param], param("Observation", "value-quantity"));
    assert_string_equal(
        way_text(&fhir_ways[fhir_slots[parts[1].slot].first], text, sizeof(text)),
        "valueQuantity:Quantity");
    /* two roots; the parts are the same from either */
    p = param("Observation", "combo-code-value-quantity");
    assert_int_equal(fhir_slots[p->slots[0]].count, 2);
    has_way(&fhir_slots[p->slots[0]], "component:Observation.component");
    assert_int_equal(fhir_slots[fhir_components[p->components].slot].count, 1);
    /* one part stands outside of the root */
    p = param("MolecularSequence", "chromosome-variant-coordinate");
    parts = &fhir_components[p->components];
    has_way(&fhir_slots[p->slots[0]], "variant:MolecularSequence.variant");
    assert_true(parts[0].outside);
    has_way(&fhir_slots[parts[0].slot], "referenceSeq.chromosome:CodeableConcept");
    assert_false(parts[1].outside);
    has_way(&fhir_slots[parts[1].slot], "start:integer");
    /* published with its parts the wrong way round */
    p = param("DocumentReference", "relationship");
    assert_string_equal(fhir_components[p->components].code, "relation");
    assert_string_equal(fhir_components[p->components + 1].code, "relatesto");
}

static void compartments_tie_types_to_parameters(void **state)
{
    bool found = false;

    (void)state;
    assert_true(fhir_compartment_link_count > 200);
    for (unsigned i = 0; i < fhir_compartment_link_count; i++) {
        const struct fhir_compartment_link *link = &fhir_compartment_links[i];
        const struct fhir_param *p = &fhir_params[link->param];
        assert_int_equal(p->type, link->type);
        assert_int_equal(p->kind, FHIR_SEARCH_REFERENCE);
        if (link->compartment == type("Patient")->number &&
            link->type == type("Observation")->number &&
            strcmp(p->code, "subject") == 0)
            found = true;
        if (i > 0)
            assert_true(link[-1].compartment < link->compartment ||
                        (link[-1].compartment == link->compartment &&
                            link[-1].type <= link->type));
    }
    assert_true(found);
}

static void the_digest_is_there(void **state)
{
    (void)state;
    assert_int_equal(strlen(fhir_tables_digest), 16);
    assert_int_equal(strspn(fhir_tables_digest, "0123456789abcdef"), 16);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(resource_types_are_all_there),
        cmocka_unit_test(numbers_are_those_of_the_log),
        cmocka_unit_test(look_ups_find_every_name_and_no_other),
        cmocka_unit_test(elements_are_those_of_the_specification),
        cmocka_unit_test(nothing_beyond_r4_is_there),
        cmocka_unit_test(value_sets_hold_their_codes),
        cmocka_unit_test(codes_are_sorted),
        cmocka_unit_test(params_are_found_and_sorted),
        cmocka_unit_test(every_published_parameter_is_accounted_for),
        cmocka_unit_test(slots_of_a_type_are_in_one_row),
        cmocka_unit_test(expressions_become_ways),
        cmocka_unit_test(expressions_are_shared),
        cmocka_unit_test(composites_have_parts),
        cmocka_unit_test(compartments_tie_types_to_parameters),
        cmocka_unit_test(the_digest_is_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
