/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which class a type is of, what a role may, and by which parameters a record names its
 * case: the tables of the rules. A type that is not named here is clinical.
 */
#include "base/thread.h"

#include "view/reader_internal.h"

struct named_class {
    enum reader_class class;
    const char *types; /* with spaces between */
};

static const struct named_class classes[] = {
    {READER_DIRECTORY,
        "Organization Location HealthcareService Practitioner PractitionerRole "
        "OrganizationAffiliation ProcedureRule Endpoint ActivityDefinition "
        "CapabilityStatement "
        "ChargeItemDefinition CodeSystem CompartmentDefinition ConceptMap "
        "DeviceDefinition EffectEvidenceSynthesis EventDefinition Evidence "
        "EvidenceVariable ExampleScenario GraphDefinition ImplementationGuide "
        "InsurancePlan Library Measure Medication MedicationKnowledge "
        "MedicinalProduct MedicinalProductAuthorization "
        "MedicinalProductContraindication MedicinalProductIndication "
        "MedicinalProductIngredient MedicinalProductInteraction "
        "MedicinalProductManufactured MedicinalProductPackaged "
        "MedicinalProductPharmaceutical MedicinalProductUndesirableEffect "
        "MessageDefinition NamingSystem ObservationDefinition OperationDefinition "
        "PlanDefinition Publication PublishedFigure Questionnaire ResearchDefinition "
        "ResearchElementDefinition "
        "RiskEvidenceSynthesis SearchParameter SpecimenDefinition "
        "StructureDefinition StructureMap Substance SubstanceNucleicAcid "
        "SubstancePolymer SubstanceProtein SubstanceReferenceInformation "
        "SubstanceSourceMaterial SubstanceSpecification TerminologyCapabilities "
        "TestScript ValueSet CatalogEntry"},
    {READER_PROGRAMME,
        "Contract Course Device DeviceMetric Funding MeasureReport Report "
        "ResearchStudy "
        "Schedule Slot "
        "SupplyDelivery SupplyRequest Task TestReport VerificationResult"},
    {READER_LEARNING, "Apprenticeship Enrolment SignOff"},
    {READER_AUDIT, "AuditEvent"},
    {READER_EMERGENCY, "EmergencyAccess"},
    {READER_REVIEW, "CaseReview Handover PairingPulse"},
    /* also here: records of money, which tell of whom; what may hold anything */
    {READER_CLINICAL,
        "Account AdverseEvent AllergyIntolerance Appointment AppointmentResponse "
        "Basic Binary BiologicallyDerivedProduct BodyStructure Bundle CarePlan "
        "CareTeam ChargeItem Claim ClaimResponse ClinicalImpression Communication "
        "CommunicationRequest Composition Condition Consent Coverage "
        "CoverageEligibilityRequest CoverageEligibilityResponse DetectedIssue "
        "DeviceRequest DeviceUseStatement DiagnosticReport DocumentManifest "
        "DocumentReference Encounter EnrollmentRequest EnrollmentResponse "
        "EpisodeOfCare ExplanationOfBenefit FamilyMemberHistory Flag Goal Group "
        "GuidanceResponse ImagingStudy Immunization ImmunizationEvaluation "
        "ImmunizationRecommendation Invoice Linkage List Media "
        "MedicationAdministration MedicationDispense MedicationRequest "
        "MedicationStatement MessageHeader MolecularSequence NutritionOrder "
        "Observation OperationOutcome Parameters Patient PaymentNotice "
        "PaymentReconciliation Person Procedure Provenance QuestionnaireResponse "
        "RelatedPerson RequestGroup ResearchSubject RiskAssessment ServiceRequest "
        "Specimen Subscription VisionPrescription"},
};

/* What a post gives. Rank gives nothing clinical: director, coordinator, administrator. */
static const struct reader_role roles[] = {
    {.role = "clinician", .clinical = true, .cases = true, .programme = true},
    {.role = "nurse", .clinical = true, .cases = true, .programme = true, .beds = true},
    {.role = "technician", .clinical = true, .programme = true},
    {.role = "therapist", .clinical = true, .cases = true, .programme = true},
    {.role = "expert", .cases = true, .programme = true},
    {.role = "head-of-department",
        .clinical = true,
        .cases = true,
        .programme = true,
        .head = true,
        .beds = true},
    {.role = "apprentice", .programme = true},
    {.role = "director", .programme = true, .directs = true},
    {.role = "coordinator", .programme = true, .everywhere = true, .beds = true},
    {.role = "international-desk", .programme = true},
    {.role = "interpreter"},
    {.role = "quality-officer", .programme = true, .quality = true},
    {.role = "auditor", .auditor = true},
    {.role = "administrator"},
};

static const struct {
    const char *type;
    const char *param;
} case_links[] = {
    {"Appointment", "based-on"},
    {"CarePlan", "activity-reference"},
    {"ClinicalImpression", "supporting-info"},
    {"Communication", "based-on"},
    {"Communication", "part-of"},
    {"CommunicationRequest", "based-on"},
    {"DeviceRequest", "based-on"},
    {"DiagnosticReport", "based-on"},
    {"DocumentManifest", "related-ref"},
    {"DocumentReference", "related"},
    {"Encounter", "based-on"},
    {"Goal", "addresses"},
    {"ImagingStudy", "basedon"},
    {"Media", "based-on"},
    {"Observation", "based-on"},
    {"Procedure", "based-on"},
    {"QuestionnaireResponse", "based-on"},
    {"ServiceRequest", "based-on"},
    {"Task", "based-on"},
    {"Task", "focus"},
};

static struct reader_terms terms;
static uint8_t class_of[FHIR_TYPE_NUMBER_MAX + 1]; /* class + 1; 0: not listed */
static pthread_once_t once = PTHREAD_ONCE_INIT;

static unsigned number_of(const char *name)
{
    const struct fhir_type *type = fhir_resource_named(str_of(name));

    return type ? type->number : 0;
}

static const struct fhir_param *param_of(unsigned type, const char *code)
{
    return fhir_param_named(type, str_of(code));
}

static void make_classes(void)
{
    for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++) {
        struct str rest = str_of(classes[i].types);

        while (rest.p) {
            const struct fhir_type *type = fhir_resource_named(str_cut(&rest, ' '));

            if (type)
                class_of[type->number] = (uint8_t)(classes[i].class + 1);
        }
    }
}

static void make_types(struct reader_terms *t)
{
    t->organization = number_of("Organization");
    t->patient = number_of("Patient");
    t->practitioner = number_of("Practitioner");
    t->practitioner_role = number_of("PractitionerRole");
    t->location = number_of("Location");
    t->service = number_of("HealthcareService");
    t->device = number_of("Device");
    t->observation = number_of("Observation");
    t->request = number_of("ServiceRequest");
    t->care_team = number_of("CareTeam");
    t->consent = number_of("Consent");
    t->apprenticeship = number_of("Apprenticeship");
    t->binary = number_of("Binary");
    t->document = number_of("DocumentReference");
    t->affiliation = number_of("OrganizationAffiliation");
    t->encounter = number_of("Encounter");
    t->emergency = number_of("EmergencyAccess");
    t->task = number_of("Task");
    t->enrolment = number_of("Enrolment");
    t->sign_off = number_of("SignOff");
}

static void make_params(struct reader_terms *t)
{
    t->org_part_of = param_of(t->organization, "partof");
    t->patient_org = param_of(t->patient, "organization");
    t->role_org = param_of(t->practitioner_role, "organization");
    t->role_person = param_of(t->practitioner_role, "practitioner");
    t->location_org = param_of(t->location, "organization");
    t->service_org = param_of(t->service, "organization");
    t->device_org = param_of(t->device, "organization");
    t->request_subject = param_of(t->request, "subject");
    t->request_performer = param_of(t->request, "performer");
    t->request_shared = param_of(t->request, "supporting-info");
    t->request_status = param_of(t->request, "status");
    t->request_intent = param_of(t->request, "intent");
    t->team_member = param_of(t->care_team, "participant");
    t->consent_patient = param_of(t->consent, "patient");
    t->focus = param_of(t->observation, "focus");
    t->rater = param_of(t->observation, "performer");
    t->apprentice = param_of(t->apprenticeship, "apprentice");
    t->master = param_of(t->apprenticeship, "master");
    t->department = param_of(t->apprenticeship, "department");
    t->enrolled = param_of(t->enrolment, "person");
    t->enrolled_under = param_of(t->enrolment, "supervisor");
    t->enrolled_at = param_of(t->enrolment, "department");
    t->attachment = param_of(t->document, "location");
    t->task_owner = param_of(t->task, "owner");
    t->task_patient = param_of(t->task, "patient");
    t->encounter_patient = param_of(t->encounter, "patient");
    t->encounter_at = param_of(t->encounter, "service-provider");
    t->encounter_case = param_of(t->encounter, "based-on");
    t->encounter_status = param_of(t->encounter, "status");
    t->emergency_patient = param_of(t->emergency, "patient");
    t->emergency_person = param_of(t->emergency, "practitioner");
    t->emergency_hospital = param_of(t->emergency, "organization");
    t->emergency_department = param_of(t->emergency, "department");
    t->signed_person = param_of(t->sign_off, "person");
    t->signed_department = param_of(t->sign_off, "department");
    t->signed_hospital = param_of(t->sign_off, "organization");
    t->affiliation_one = param_of(t->affiliation, "primary-organization");
    t->affiliation_other = param_of(t->affiliation, "participating-organization");
    for (size_t i = 0; i < sizeof(case_links) / sizeof(case_links[0]); i++) {
        struct reader_case_link *link = &t->links[t->link_count++];

        link->type = number_of(case_links[i].type);
        link->param = param_of(link->type, case_links[i].param);
    }
}

static void make(void)
{
    make_classes();
    make_types(&terms);
    make_params(&terms);
}

const struct reader_terms *reader_terms(void)
{
    pthread_once(&once, make);
    return &terms;
}

enum reader_class reader_class_of(unsigned type, bool *ret_listed)
{
    uint8_t class = 0;

    pthread_once(&once, make);
    if (type <= FHIR_TYPE_NUMBER_MAX)
        class = class_of[type];
    if (ret_listed)
        *ret_listed = class != 0;
    return class ? (enum reader_class)(class - 1) : READER_CLINICAL;
}

const struct reader_role *reader_role_named(struct str role)
{
    for (size_t i = 0; i < sizeof(roles) / sizeof(roles[0]); i++) {
        if (str_is(role, roles[i].role))
            return &roles[i];
    }
    return NULL;
}

const char *reader_reason_word(enum reader_reason reason)
{
    static const char *const words[] = {
        [READER_NOBODY] = "no",
        [READER_BY_DIRECTORY] = "directory",
        [READER_BY_PROGRAMME] = "programme",
        [READER_BY_HOSPITAL] = "own-hospital",
        [READER_BY_CASE] = "case",
        [READER_BY_BREAK_GLASS] = "break-glass",
        [READER_BY_SELF] = "self",
        [READER_BY_MASTER] = "master",
        [READER_BY_HEAD] = "head",
        [READER_BY_RATER] = "rater",
        [READER_BY_AUDITOR] = "auditor",
        [READER_BY_QUALITY] = "quality",
        [READER_BY_DIRECTOR] = "director",
    };

    return words[reason];
}
