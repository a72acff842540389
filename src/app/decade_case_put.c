/* SPDX-License-Identifier: Apache-2.0 */
/* Cases of the decade in words: the patient, the draft, and what is posted to each step. */
#include <stdio.h>

#include "app/catalogue.h"
#include "app/decade_abroad_internal.h"
#include "app/decade_case_internal.h"
#include "fhir/part.h"

#define CORE_SET 9 /* what the page asks for with a question of this kind */

const char *case_id(uint32_t at, char out[CASE_ID_MAX])
{
    snprintf(out, CASE_ID_MAX, "d-k%u", at + 1);
    return out;
}

/* ---- the patient ---- */

void case_patient_write(struct cases *c, uint32_t at)
{
    const struct decade_case *one = &c->list[at];
    struct decade *d = c->d;
    const struct decade_country *country =
        one->country ? &decade_countries[one->country - 1] : NULL;
    struct decade_person like = {.female = one->female,
        .people = country        ? country->people
                  : one->tibetan ? NAMES_BO
                                 : NAMES_CN};
    char id[CASE_ID_MAX];
    char name[DECADE_NAME_MAX];
    char also[DECADE_NAME_MAX];
    struct json_out *o = NULL;

    decade_name_pick(&c->chance, like.people, like.name);
    decade_name_write(&like, name, also);
    snprintf(id, sizeof(id), "d-kp%u", at + 1);
    o = decade_open(d, "Patient", id);
    put_bool(o, "active", true);
    put_names(o, name, NULL);
    put_text(o, "gender", one->female ? "female" : "male");
    put_date(o, "birthDate", one->born);
    json_name(o, "communication");
    json_open(o, '[');
    json_open(o, '{');
    put_concept(o, "language", "urn:ietf:bcp:47",
        country        ? country->language
        : one->tibetan ? "bo"
                       : "zh",
        NULL);
    json_close(o, '}');
    json_close(o, ']');
    put_reference(o, "managingOrganization", "Organization",
        d->hospitals[d->departments[one->asking].hospital].id);
    decade_close(d);
}

/* ---- the draft ---- */

static const char *const questions[] = {
    "How would you go on with this patient here?",
    "Can this be treated here, and with what?",
    "Which of these findings matters, and what should be done first?",
    "May this patient wait, or does it have to be done at once?",
    "What would you change in the treatment of the last days?",
};
#define QUESTIONS (sizeof(questions) / sizeof(questions[0]))

static void put_count(struct json_out *o, const char *name, int value)
{
    open_part(o, name);
    put_int(o, "valueInteger", value);
    json_close(o, '}');
}

/* Why the patient cannot be treated at home. */
static const char *const whys[] = {
    "no-equipment", "nobody-able", "no-capacity", "patient-wish", "other"};
#define WHYS (sizeof(whys) / sizeof(whys[0]))

static void put_illness(struct json_out *o, uint32_t illness)
{
    if (illness == DECADE_NONE)
        return;
    json_name(o, "coding");
    json_open(o, '[');
    json_open(o, '{');
    put_text(o, "system", CATALOGUE_ILLNESS_SYSTEM);
    put_text(o, "code", catalogue_illnesses[illness].code);
    json_close(o, '}');
    json_close(o, ']');
}

static void put_extensions(struct json_out *o, const struct decade_case *one)
{
    json_name(o, "extension");
    json_open(o, '[');
    if (one->intent != INTENT_NOT_SAID) {
        open_extension(o, "case-intent");
        put_text(o, "valueCode", one->intent == INTENT_TRANSFER ? "transfer" : "stay");
        json_close(o, '}');
    }
    if (one->kind == KIND_TRANSFER && one->why < WHYS) {
        open_extension(o, "transfer-reason");
        put_text(o, "valueCode", whys[one->why]);
        json_close(o, '}');
    }
    open_extension(o, "case-completeness");
    json_name(o, "extension");
    json_open(o, '[');
    put_count(o, "have", CORE_SET - one->missing);
    put_count(o, "of", CORE_SET);
    json_close(o, ']');
    json_close(o, '}');
    json_close(o, ']');
}

void case_draft_put(struct cases *c, uint32_t at, struct buf *b)
{
    static const char *const priorities[] = {"routine", "urgent", "stat"};
    static const char *const kinds[] = {[KIND_ADVICE] = "advice",
        [KIND_SECOND] = "second-opinion",
        [KIND_TRANSFER] = "transfer"};
    const struct decade_case *one = &c->list[at];
    struct json_out o = json_out(b);
    char id[CASE_ID_MAX];
    char patient[CASE_ID_MAX];

    snprintf(patient, sizeof(patient), "d-kp%u", one->patient_of + 1);
    json_open(&o, '{');
    put_text(&o, "resourceType", "ServiceRequest");
    put_text(&o, "id", case_id(at, id));
    put_extensions(&o, one);
    put_text(&o, "status", "draft");
    put_text(&o, "intent", "order");
    json_name(&o, "category");
    json_open(&o, '[');
    put_concept_value(&o, "case-kind", kinds[one->kind], NULL);
    json_close(&o, ']');
    put_text(&o, "priority", priorities[one->urgency]);
    put_reference(&o, "subject", "Patient", patient);
    json_name(&o, "performer");
    json_open(&o, '[');
    put_reference_value(&o, "Organization", c->d->departments[one->asked].id);
    json_close(&o, ']');
    json_name(&o, "reasonCode");
    json_open(&o, '[');
    json_open(&o, '{');
    put_illness(&o, one->illness);
    put_text(&o, "text",
        one->kind == KIND_TRANSFER ? "Can you take this patient?"
                                   : questions[at % QUESTIONS]);
    json_close(&o, '}');
    json_close(&o, ']');
    json_close(&o, '}');
}

/* ---- what is posted ---- */

void put_part(struct json_out *o, const char *name, const char *kind, const char *value)
{
    fhir_part_put(o, name, kind, str_of(value));
}

void put_part_reference(
    struct json_out *o, const char *name, const char *type, const char *id)
{
    fhir_part_open(o, name);
    put_reference(o, "valueReference", type, id);
    json_close(o, '}');
}

static void put_answer(struct json_out *o, const struct decade_case *one)
{
    static const char *const here[] = {"yes", "with-help", "no"};
    static const char *const urgency[] = {"routine", "urgent", "stat"};
    static const char *const advice[] = {
        "Treat it with you as you began; ask again in two days.",
        "It can be done with you: I stay at the wire while you do it.",
        "This needs what you do not have: send the patient when it is safe."};

    put_part(
        o, "assessment", "valueString", "The findings and the course fit together.");
    put_part(o, "advice", "valueString", advice[one->here]);
    put_part(o, "urgency", "valueCode", urgency[one->urgency]);
    put_part(o, "can-be-done-here", "valueCode", here[one->here]);
}

static void put_outcome(struct json_out *o, const struct decade_case *one)
{
    static const char *const helpful[] = {"yes", "partly", "no"};
    static const char *const patient[] = {"better", "same", "worse", "died", "unknown"};

    put_part(o, "helpful", "valueCode", helpful[one->helpful]);
    fhir_part_put_flag(o, "plan-changed", one->plan_changed);
    fhir_part_put_flag(o, "transfer-avoided", one->avoided);
    put_part(o, "patient", "valueCode", patient[one->patient]);
}

static void put_elsewhere(struct cases *c, struct json_out *o, uint32_t department)
{
    put_part_reference(o, "to", "Organization", c->d->departments[department].id);
    put_part(o, "reason", "valueString", "It is more of their field than of ours.");
}

static void put_bed(struct json_out *o, uint32_t bed)
{
    char id[PERSON_ID_MAX];

    put_part_reference(o, "bed", "Location", transfer_bed_id(bed, id));
}

static void put_departure(struct json_out *o, const struct decade_case *one)
{
    static const char *const means[] = {"ambulance", "car", "plane"};
    static const char *const escorts[] = {"doctor", "nurse", "family"};
    char expected[TIME_ISO_MAX];

    time_iso(one->expected, expected);
    put_part(o, "means", "valueCode", means[one->means]);
    put_part(o, "escort", "valueCode", escorts[2 - one->urgency]);
    put_part(o, "expected", "valueDateTime", expected);
}

static void put_return(struct json_out *o, const struct decade_case *one)
{
    static const char *const patient[] = {"better", "same", "worse", "died"};

    put_part(o, "patient", "valueCode", patient[one->patient]);
    put_part(o, "done", "valueString", "Treated as it was asked for.");
    if (one->patient == 3)
        return;
    put_part(o, "at-home", "valueString", "Rest for two weeks, then as before.");
    put_part(o, "medicines", "valueString", "As on the sheet that goes along.");
    put_part(o, "seen-again", "valueString", "At home, in two weeks.");
}

/* False: the step has no words of its own, and so no id for them. */
static bool put_given(struct cases *c, struct json_out *o,
    const struct decade_case *one, enum case_deed deed)
{
    switch (deed) {
    case DEED_ASK_BACK:
        put_part(o, "text", "valueString", "What did the last days bring?");
        return true;
    case DEED_INFORM:
        put_part(o, "text", "valueString", "No fever any more; the rest is as it was.");
        return true;
    case DEED_REROUTE:
        put_elsewhere(c, o, one->elsewhere);
        return true;
    case DEED_ANSWER:
        put_answer(o, one);
        return true;
    case DEED_OUTCOME:
        put_outcome(o, one);
        return false;
    case DEED_CLOSE:
        if (!one->told)
            fhir_part_put_flag(o, "lost-to-follow-up", true);
        return false;
    case DEED_DECLINE:
        put_part(o, "reason", "valueString", "Not our field.");
        put_part(o, "alternative", "valueString", "Ask the department that has it.");
        return true;
    case DEED_WITHDRAW:
        put_part(o, "reason", "valueString",
            one->kind == KIND_TRANSFER
                ? "No journey is needed any more."
                : "Answered on the spot by the visiting expert.");
        return true;
    case DEED_PROMISE:
        put_bed(o, one->bed);
        return true;
    case DEED_DEPART:
        put_departure(o, one);
        return true;
    case DEED_RETURN:
        put_return(o, one);
        return true;
    case DEED_SEND:
    case DEED_ACCEPT:
    case DEED_ACT:
    case DEED_ARRIVE:
    case DEED_ESCALATE:
    case DEED_EXPIRE:
        break;
    }
    return false;
}

static bool is_bare(const struct decade_case *one, enum case_deed deed)
{
    return deed == DEED_SEND || deed == DEED_ACCEPT || deed == DEED_ACT ||
           deed == DEED_ARRIVE || deed == DEED_ESCALATE || deed == DEED_EXPIRE ||
           (deed == DEED_CLOSE && one->told);
}

void case_parameters_put(
    struct cases *c, uint32_t at, enum case_deed deed, struct buf *b)
{
    struct decade_case *one = &c->list[at];
    struct json_out o = json_out(b);
    char id[2 * CASE_ID_MAX];

    if (is_bare(one, deed))
        return;
    fhir_parameters_open(&o);
    if (put_given(c, &o, one, deed)) {
        snprintf(id, sizeof(id), "d-kw%u-%u", at + 1, ++one->said);
        put_part(&o, "id", "valueId", id);
    }
    fhir_parameters_close(&o);
}

const char *case_deed_name(enum case_deed deed)
{
    static const char *const names[] = {
        [DEED_SEND] = "$send",
        [DEED_ACCEPT] = "$accept",
        [DEED_ASK_BACK] = "$ask-back",
        [DEED_INFORM] = "$inform",
        [DEED_REROUTE] = "$reroute",
        [DEED_ANSWER] = "$answer",
        [DEED_ACT] = "$act",
        [DEED_OUTCOME] = "$outcome",
        [DEED_CLOSE] = "$close",
        [DEED_DECLINE] = "$decline",
        [DEED_WITHDRAW] = "$withdraw",
        [DEED_PROMISE] = "$accept-transfer",
        [DEED_DEPART] = "$depart",
        [DEED_ARRIVE] = "$arrive",
        [DEED_RETURN] = "$return",
        [DEED_ESCALATE] = "$escalate",
        [DEED_EXPIRE] = "$expire",
    };

    return names[deed];
}
