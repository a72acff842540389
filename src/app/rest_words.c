/* SPDX-License-Identifier: Apache-2.0 */
/* The operations by the last word of their path. To add one: a line in words[]. */
#include <string.h>

#include "app/app_internal.h"

static const struct rest_word words[] = {
    {"_search", true, false, NULL, REST_SEARCH},
    {"_history", true, true, NULL, REST_HISTORY},
    {"$validate", true, true, NULL, REST_VALIDATE},
    {"$everything", false, true, NULL, REST_EVERYTHING},
    {"$caseload", true, false, NULL, REST_CASELOAD},
    {"$worklist", true, false, "Task", REST_WORKLIST},
    {"$waiting", true, false, "Procedure", REST_LOGBOOK},
    {"$logbook", false, true, "Practitioner", REST_LOGBOOK},
    {"$record", true, false, "Procedure", REST_PROCEDURE},
    {"$follow-up", false, true, "Procedure", REST_PROCEDURE},
    {"$rate", false, true, "Procedure", REST_PROCEDURE},
    {"$respond", false, true, "Procedure", REST_PROCEDURE},
    {"$propose", true, false, "Apprenticeship", REST_APPRENTICE},
    {"$agree", false, true, "Apprenticeship", REST_APPRENTICE},
    {"$extend", false, true, "Apprenticeship", REST_APPRENTICE},
    {"$stop", false, true, "Apprenticeship", REST_APPRENTICE},
    {"$lineage", false, true, "Practitioner", REST_LINEAGE},
    {"$independence", true, false, "Apprenticeship", REST_LINEAGE},
    {"$plan", true, true, "Course", REST_ENROLMENT},
    {"$cancel", false, true, "Course", REST_ENROLMENT},
    {"$enrol", false, true, "Course", REST_ENROLMENT},
    {"$accept", false, true, "Enrolment", REST_ENROLMENT},
    {"$refuse", false, true, "Enrolment", REST_ENROLMENT},
    {"$attend", false, true, "Enrolment", REST_ENROLMENT},
    {"$leave", false, true, "Enrolment", REST_ENROLMENT},
    {"$complete", false, true, "Enrolment", REST_ENROLMENT},
    {"$used", false, true, "Enrolment", REST_ENROLMENT},
    {"$supervise", false, true, "Enrolment", REST_ENROLMENT},
    {"$seen", false, true, "Enrolment", REST_ENROLMENT},
    {"$learning", true, false, "Enrolment", REST_LEARNING},
    {"$figures", true, false, "Course", REST_LEARNING},
    {"$taught", true, false, "Course", REST_LEARNING},
    {"$accesses", true, true, NULL, REST_ACCESSES},
    {"$vitals", true, true, NULL, REST_VITALS},
    {"$route", true, true, NULL, REST_ROUTE},
    {"$chain", true, false, "AuditEvent", REST_AUDIT_CHAIN},
    {"$break-glass", false, true, "Patient", REST_BREAK_GLASS},
    {"$break-glass", false, true, "ServiceRequest", REST_BREAK_GLASS},
    {"$review", false, true, "EmergencyAccess", REST_REVIEW},
    {"$review", false, true, "Task", REST_CASE_REVIEW},
    {"$reviews", true, false, "Task", REST_CASE_REVIEWS},
    {"$handover", false, true, "PractitionerRole", REST_HANDOVER},
    {"$handover", false, true, "Organization", REST_HANDOVER},
    {"$waiting", true, false, "Handover", REST_HANDOVER},
    {"$name-successor", false, true, "Handover", REST_HANDOVER_SAY},
    {"$acknowledge", false, true, "Handover", REST_HANDOVER_SAY},
    {"$equipment", true, false, "Device", REST_EQUIPMENT},
    {"$order", true, false, "Device", REST_EQUIPMENT},
    {"$step", false, true, "Device", REST_EQUIPMENT},
    {"$fault", false, true, "Device", REST_EQUIPMENT},
    {"$repaired", false, true, "Device", REST_EQUIPMENT},
    {"$gaps", true, false, "Task", REST_EQUIPMENT},
    {"$gap", true, true, "Task", REST_EQUIPMENT},
    {"$money", true, false, "Funding", REST_EQUIPMENT},
    {"$commit", true, false, "Funding", REST_EQUIPMENT},
    {"$pay", false, true, "Funding", REST_EQUIPMENT},
    {"$close", false, true, "Funding", REST_EQUIPMENT},
    {"$cancel", false, true, "Funding", REST_EQUIPMENT},
    {"$roster", false, true, "Organization", REST_TEAM},
    {"$fitness", false, true, "PractitionerRole", REST_FITNESS},
    {"$waiting", true, false, "PractitionerRole", REST_FITNESS},
    {"$compare", true, false, "PublishedFigure", REST_FIGURES},
    {"$report", true, false, "PublishedFigure", REST_FIGURES},
    {"$pulse", true, true, "OrganizationAffiliation", REST_PULSE},
    {"$waiting", true, false, "OrganizationAffiliation", REST_PULSE},
    {"$answer", false, true, "OrganizationAffiliation", REST_PULSE_SAY},
    {"$goals", false, true, "OrganizationAffiliation", REST_PULSE_SAY},
    {"$import", true, false, "Procedure", REST_PROCEDURE},
    {"$catalogue", true, false, "CodeSystem", REST_CATALOGUE},
    {"$capability-map", true, false, "Organization", REST_MAP},
    {"$capability", false, true, "Organization", REST_MAP},
    {"$change", true, false, "ProcedureRule", REST_RULE_CHANGE},
    {"$rules", true, false, "ProcedureRule", REST_RULES},
    {"$propose", true, false, "SignOff", REST_SIGN_OFF},
    {"$indicators", true, false, "Measure", REST_INDICATOR},
    {"$dashboard", true, false, "Measure", REST_INDICATOR},
    {"$evaluate-measure", true, true, "Measure", REST_INDICATOR},
    {"$explain", false, true, "Measure", REST_INDICATOR},
    {"$sign", false, true, "SignOff", REST_SIGN_OFF},
    {"$refuse", false, true, "SignOff", REST_SIGN_OFF},
    {"$withdraw", false, true, "SignOff", REST_SIGN_OFF},
    {"$acknowledge", false, true, "SignOff", REST_SIGN_OFF},
    {"$waiting", true, false, "SignOff", REST_SIGN_OFF_LOOK},
    {"$conditions", false, true, "SignOff", REST_SIGN_OFF_LOOK},
};

const struct rest_word *rest_word_find(const struct rest *rest, struct str word)
{
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        const struct rest_word *w = &words[i];

        if (str_is(word, w->word) && (rest->id.p ? w->of_instances : w->of_types) &&
            (!w->type || strcmp(rest->type->name, w->type) == 0))
            return w;
    }
    return NULL;
}
