/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The CapabilityStatement: made from the tables once, when the node is opened, so that it
 * can never say other than what the code does.
 */
#include <string.h>

#include "app/app_internal.h"
#include "app/case_internal.h"

/* The day the list of interactions below last changed. */
#define CAPABILITY_DATE "2026-01-01"

static const char *const search_kinds[] = {
    [FHIR_SEARCH_NUMBER] = "number",
    [FHIR_SEARCH_DATE] = "date",
    [FHIR_SEARCH_STRING] = "string",
    [FHIR_SEARCH_TOKEN] = "token",
    [FHIR_SEARCH_REFERENCE] = "reference",
    [FHIR_SEARCH_COMPOSITE] = "composite",
    [FHIR_SEARCH_QUANTITY] = "quantity",
    [FHIR_SEARCH_URI] = "uri",
    [FHIR_SEARCH_SPECIAL] = "special",
};

static void put(struct json_out *o, const char *name, const char *value)
{
    json_name(o, name);
    json_put_str(o, value);
}

static void put_flag(struct json_out *o, const char *name)
{
    json_name(o, name);
    json_put_bool(o, true);
}

static void put_codes(
    struct json_out *o, const char *name, const char *const *codes, size_t count)
{
    json_name(o, name);
    json_open(o, '[');
    for (size_t i = 0; i < count; i++) {
        json_open(o, '{');
        put(o, "code", codes[i]);
        json_close(o, '}');
    }
    json_close(o, ']');
}

/* Parameters that every type has are told once, for the server. */
static bool is_common(const struct fhir_param *p)
{
    return p->code[0] == '_';
}

static void put_parameters(struct json_out *o, unsigned type)
{
    size_t count = 0;
    const struct fhir_param *params = fhir_params_of(type, &count);
    bool any = false;

    for (size_t i = 0; i < count; i++) {
        if (is_common(&params[i]))
            continue;
        if (!any) {
            json_name(o, "searchParam");
            json_open(o, '[');
        }
        any = true;
        json_open(o, '{');
        put(o, "name", params[i].code);
        if (params[i].url && params[i].url[0])
            put(o, "definition", params[i].url);
        put(o, "type", search_kinds[params[i].kind]);
        json_close(o, '}');
    }
    if (any)
        json_close(o, ']');
}

/* type:parameter for each reference: what _include and _revinclude take. */
static void put_includes(struct json_out *o, unsigned type)
{
    size_t count = 0;
    const struct fhir_param *params = fhir_params_of(type, &count);
    const struct fhir_type *t = fhir_type_numbered(type);

    json_name(o, "searchInclude");
    json_open(o, '[');
    json_put_str(o, "*");
    for (size_t i = 0; t && i < count; i++) {
        char text[128];
        size_t len = strlen(t->name);
        size_t code = strlen(params[i].code);

        if (params[i].kind != FHIR_SEARCH_REFERENCE || len + code + 2 > sizeof(text))
            continue;
        memcpy(text, t->name, len);
        text[len] = ':';
        memcpy(text + len + 1, params[i].code, code);
        json_put_text(o, (struct str){text, len + code + 1});
    }
    json_close(o, ']');
}

static void put_operation(struct json_out *o, const char *name, const char *definition)
{
    json_open(o, '{');
    put(o, "name", name);
    put(o, "definition", definition);
    json_close(o, '}');
}

/* The steps of a case, but for those that the node does itself. */
static void put_case_steps(struct json_out *o)
{
    char url[128];

    for (size_t i = 0; i < case_step_count; i++) {
        if (case_steps[i].who & CASE_NODE)
            continue;
        snprintf(url, sizeof(url), "https://belay.health/OperationDefinition/%s-%s",
            "ServiceRequest", case_steps[i].name);
        put_operation(o, case_steps[i].name, url);
    }
}

/* Operations on a type, beside the steps of a case; the definition of most is
 * ours, called as type and operation with a hyphen between. */
static const struct {
    const char *type;
    const char *name;
    const char *definition; /* NULL: as that */
} operations[] = {
    {"Patient", "everything",
        "http://hl7.org/fhir/OperationDefinition/Patient-everything"},
    {"Encounter", "everything",
        "http://hl7.org/fhir/OperationDefinition/Encounter-everything"},
    {"Patient", "accesses", NULL},
    {"Patient", "vitals", NULL},
    {"ServiceRequest", "vitals",
        "https://belay.health/OperationDefinition/Patient-vitals"},
    {"Patient", "break-glass", NULL},
    {"ServiceRequest", "break-glass",
        "https://belay.health/OperationDefinition/Patient-break-glass"},
    {"EmergencyAccess", "review", NULL},
    {"AuditEvent", "chain", NULL},
    {"ServiceRequest", "caseload", NULL},
    {"Measure", "evaluate-measure",
        "http://hl7.org/fhir/OperationDefinition/Measure-evaluate-measure"},
    {"Measure", "indicators", NULL},
    {"Measure", "dashboard", NULL},
    {"Measure", "explain", NULL},
    {"Measure", "effect", NULL},
    {"Measure", "funnel", NULL},
    {"ServiceRequest", "route", NULL},
    {"Task", "worklist", NULL},
    {"Task", "review", NULL},
    {"Task", "reviews", NULL},
    {"Task", "gap", NULL},
    {"Task", "gaps", NULL},
    {"CodeSystem", "catalogue", NULL},
    {"Organization", "quality", NULL},
    {"Organization", "capability-map", NULL},
    {"Organization", "capability", NULL},
    {"Organization", "roster", NULL},
    {"PractitionerRole", "waiting", NULL},
    {"Procedure", "record", NULL},
    {"Procedure", "import", NULL},
    {"Procedure", "follow-up", NULL},
    {"Procedure", "rate", NULL},
    {"Procedure", "respond", NULL},
    {"Procedure", "waiting", NULL},
    {"Practitioner", "logbook", NULL},
    {"Practitioner", "lineage", NULL},
    {"Apprenticeship", "propose", NULL},
    {"Apprenticeship", "agree", NULL},
    {"Apprenticeship", "extend", NULL},
    {"Apprenticeship", "stop", NULL},
    {"Apprenticeship", "independence", NULL},
    {"SignOff", "propose", NULL},
    {"SignOff", "sign", NULL},
    {"SignOff", "refuse", NULL},
    {"SignOff", "withdraw", NULL},
    {"SignOff", "waiting", NULL},
    {"SignOff", "conditions", NULL},
    {"Course", "plan", NULL},
    {"Course", "cancel", NULL},
    {"Course", "enrol", NULL},
    {"Course", "figures", NULL},
    {"Course", "taught", NULL},
    {"Enrolment", "accept", NULL},
    {"Enrolment", "refuse", NULL},
    {"Enrolment", "attend", NULL},
    {"Enrolment", "leave", NULL},
    {"Enrolment", "complete", NULL},
    {"Enrolment", "used", NULL},
    {"Enrolment", "supervise", NULL},
    {"Enrolment", "seen", NULL},
    {"Enrolment", "learning", NULL},
    {"PractitionerRole", "handover", NULL},
    {"Handover", "name-successor", NULL},
    {"Handover", "acknowledge", NULL},
    {"Handover", "waiting", NULL},
    {"Device", "equipment", NULL},
    {"Device", "order", NULL},
    {"Device", "step", NULL},
    {"Device", "fault", NULL},
    {"Device", "repaired", NULL},
    {"ProcedureRule", "change", NULL},
    {"ProcedureRule", "rules", NULL},
    {"Report", "freeze", NULL},
    {"Report", "file", NULL},
    {"Report", "publish", NULL},
    {"Report", "withdraw", NULL},
    {"Report", "public", NULL},
    {"Funding", "money", NULL},
    {"Funding", "commit", NULL},
    {"Funding", "pay", NULL},
    {"Funding", "close", NULL},
    {"Funding", "cancel", NULL},
};

static void put_operations(struct json_out *o, const char *type)
{
    char url[128];

    json_name(o, "operation");
    json_open(o, '[');
    put_operation(
        o, "validate", "http://hl7.org/fhir/OperationDefinition/Resource-validate");
    for (size_t i = 0; i < sizeof(operations) / sizeof(operations[0]); i++) {
        if (strcmp(operations[i].type, type) != 0)
            continue;
        snprintf(url, sizeof(url), "https://belay.health/OperationDefinition/%s-%s",
            type, operations[i].name);
        put_operation(o, operations[i].name,
            operations[i].definition ? operations[i].definition : url);
    }
    if (strcmp(type, "ServiceRequest") == 0)
        put_case_steps(o);
    json_close(o, ']');
}

static void put_type(struct json_out *o, const struct fhir_type *type)
{
    static const char *const interactions[] = {"read", "vread", "update", "patch",
        "delete", "history-instance", "history-type", "create", "search-type"};
    static const char *const policies[] = {"literal", "logical", "local"};

    json_open(o, '{');
    put(o, "type", type->name);
    if (type->url && type->url[0])
        put(o, "profile", type->url);
    put_codes(
        o, "interaction", interactions, sizeof(interactions) / sizeof(interactions[0]));
    put(o, "versioning", "versioned-update");
    put_flag(o, "readHistory");
    put_flag(o, "updateCreate");
    put_flag(o, "conditionalCreate");
    put(o, "conditionalRead", "full-support");
    put_flag(o, "conditionalUpdate");
    put(o, "conditionalDelete", "single");
    json_name(o, "referencePolicy");
    json_open(o, '[');
    for (size_t i = 0; i < sizeof(policies) / sizeof(policies[0]); i++)
        json_put_str(o, policies[i]);
    json_close(o, ']');
    put_includes(o, type->number);
    put_parameters(o, type->number);
    put_operations(o, type->name);
    json_close(o, '}');
}

/* Parameters of every type, and those of a search's result. */
static void put_common_parameters(struct json_out *o)
{
    static const struct {
        const char *name;
        const char *type;
    } common[] = {{"_id", "token"}, {"_lastUpdated", "date"}, {"_tag", "token"},
        {"_profile", "uri"}, {"_security", "token"}, {"_source", "uri"},
        {"_text", "string"}, {"_content", "string"}, {"_list", "string"},
        {"_filter", "special"}, {"_has", "special"}, {"_type", "special"},
        {"_sort", "special"}, {"_count", "number"}, {"_total", "token"},
        {"_include", "special"}, {"_revinclude", "special"}, {"_summary", "token"},
        {"_elements", "string"}, {"_explain", "token"}};

    json_name(o, "searchParam");
    json_open(o, '[');
    for (size_t i = 0; i < sizeof(common) / sizeof(common[0]); i++) {
        json_open(o, '{');
        put(o, "name", common[i].name);
        put(o, "type", common[i].type);
        json_close(o, '}');
    }
    json_close(o, ']');
}

/* Where programs get tokens, as SMART has told it here since before it had a file. */
static void put_oauth(struct json_out *o, struct str base)
{
    size_t root = base.len;

    while (root > 0 && base.p[root - 1] != '/')
        root--;
    json_name(o, "service");
    json_put_raw(
        o, STR("[{\"coding\":[{\"system\":\"http://terminology.hl7.org/CodeSystem/"
               "restful-security-service\",\"code\":\"SMART-on-FHIR\"}]}]"));
    json_name(o, "extension");
    json_open(o, '[');
    json_open(o, '{');
    put(o, "url",
        "http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris");
    json_name(o, "extension");
    json_open(o, '[');
    json_open(o, '{');
    put(o, "url", "token");
    json_name(o, "valueUri");
    buf_addf(o->buf, "\"%.*soauth/token\"", (int)root, base.p);
    o->comma = true;
    json_close(o, '}');
    json_open(o, '{');
    put(o, "url", "revoke");
    json_name(o, "valueUri");
    buf_addf(o->buf, "\"%.*soauth/revoke\"", (int)root, base.p);
    o->comma = true;
    json_close(o, '}');
    json_close(o, ']');
    json_close(o, '}');
    json_close(o, ']');
}

static void put_rest(struct json_out *o, enum app_space space, struct str base)
{
    static const char *const system[] = {
        "transaction", "batch", "history-system", "search-system"};

    json_name(o, "rest");
    json_open(o, '[');
    json_open(o, '{');
    put(o, "mode", "server");
    json_name(o, "security");
    json_open(o, '{');
    put(o, "description",
        "Every request carries a bearer token. Programs get theirs at /oauth/token by "
        "client credentials, with scopes such as system/Patient.rs; see "
        "/fhir/.well-known/smart-configuration.");
    put_oauth(o, base);
    json_close(o, '}');
    json_name(o, "resource");
    json_open(o, '[');
    for (unsigned n = 1; n <= FHIR_TYPE_NUMBER_MAX; n++) {
        const struct fhir_type *type = fhir_type_numbered(n);

        if (type && type->own == (space == APP_PROGRAMME))
            put_type(o, type);
    }
    json_close(o, ']');
    put_codes(o, "interaction", system, sizeof(system) / sizeof(system[0]));
    put_common_parameters(o);
    json_close(o, '}');
    json_close(o, ']');
}

static void put_statement(struct json_out *o, enum app_space space, struct str base)
{
    static const char *const formats[] = {"json", "application/fhir+json"};
    char made[TIME_ISO_MAX];

    time_iso(time_now(), made);
    json_open(o, '{');
    put(o, "resourceType", "CapabilityStatement");
    put(o, "id", space == APP_FHIR ? "belay-fhir" : "belay-programme");
    json_name(o, "meta");
    json_open(o, '{');
    put(o, "lastUpdated", made);
    json_close(o, '}');
    put(o, "name", space == APP_FHIR ? "BelayFhir" : "BelayProgramme");
    put(o, "title",
        space == APP_FHIR ? "Belay: FHIR R4"
                          : "Belay: records of the programme itself");
    put(o, "status", "active");
    put(o, "date", CAPABILITY_DATE);
    put(o, "kind", "instance");
    json_name(o, "software");
    json_open(o, '{');
    put(o, "name", "Belay");
    json_close(o, '}');
    json_name(o, "implementation");
    json_open(o, '{');
    put(o, "description", "A node of Belay.");
    json_member(o, "url", base);
    json_close(o, '}');
    put(o, "fhirVersion", "4.0.1");
    json_name(o, "format");
    json_open(o, '[');
    for (size_t i = 0; i < 2; i++)
        json_put_str(o, formats[i]);
    json_close(o, ']');
    json_name(o, "patchFormat");
    json_open(o, '[');
    json_put_str(o, "application/json-patch+json");
    json_put_str(o, "application/fhir+json");
    json_close(o, ']');
    put_rest(o, space, base);
    json_close(o, '}');
}

int capability_build(struct arena *a, enum app_space space, struct str base,
    struct str *ret, struct err *err)
{
    struct json_out o;
    struct buf b;
    int r = 0;

    buf_init(&b, LIMIT_RECORD_BYTES);
    o = json_out(&b);
    put_statement(&o, space, base);
    r = buf_keep(&b, a, "The CapabilityStatement", ret, err);
    buf_done(&b);
    return r;
}

int rest_metadata(struct app_call *call, const struct rest *rest, struct err *err)
{
    const struct json *json = NULL;
    struct str body = call->app->capability[call->space];
    int r = 0;

    if (rest_view_whole(&rest->view)) {
        buf_add(&call->answer, body.p, body.len);
        return 0;
    }
    r = json_read_trusted(call->arena, body, &json, err);
    if (r == 0)
        summary_write(&call->answer, json, fhir_type_named(STR("CapabilityStatement")),
            &rest->view);
    return r;
}
