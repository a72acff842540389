/* SPDX-License-Identifier: Apache-2.0 */
/* Patients and their cases, in the form the pages write them. */
#include <stdio.h>
#include <string.h>

#include "app/demo_internal.h"

#define BELAY "https://belay.health/"
#define LOINC "http://loinc.org"
#define UCUM "http://unitsofmeasure.org"

struct vital {
    const char *loinc;
    const char *name;
    const char *unit;
    const char *ucum;
};

static const struct vital vital_breaths = {
    "9279-1", "Respiratory rate", "/min", "/min"};
static const struct vital vital_saturation = {"2708-6", "Oxygen saturation", "%", "%"};
static const struct vital vital_oxygen = {
    "3151-8", "Inhaled oxygen flow rate", "L/min", "L/min"};
static const struct vital vital_pulse = {"8867-4", "Heart rate", "/min", "/min"};
static const struct vital vital_temperature = {
    "8310-5", "Body temperature", "°C", "Cel"};
static const struct vital vital_systolic = {
    "8480-6", "Systolic blood pressure", "mmHg", "mm[Hg]"};
static const struct vital vital_diastolic = {
    "8462-4", "Diastolic blood pressure", "mmHg", "mm[Hg]"};

static void make_id(char out[128], const char *kind, const char *id)
{
    snprintf(out, 128, "demo-%s-%s", kind, id);
}

static void refer_doctor(struct demo *d, const char *name, const char *doctor_id)
{
    const struct demo_doctor *doctor = demo_doctor_find(doctor_id);
    char display[128];
    char id[128];

    if (!doctor)
        return;
    demo_doctor_name(doctor, display);
    snprintf(id, sizeof(id), "demo-%s", doctor->id);
    demo_refer(d, name, "Practitioner", id, display);
}

static void refer_patient(struct demo *d, const char *name, const struct demo_case *c)
{
    char id[128];

    make_id(id, "patient", c->id);
    demo_refer(d, name, "Patient", id, NULL);
}

static void refer_request(struct demo *d, const char *name, const struct demo_case *c)
{
    char id[128];

    make_id(id, "case", c->id);
    demo_refer(d, name, "ServiceRequest", id, NULL);
}

static void put_quantity(struct demo *d, const struct vital *v, const char *value)
{
    demo_open(d, "valueQuantity", '{');
    json_name(&d->out, "value");
    json_put_raw(&d->out, str_of(value));
    demo_put(d, "unit", v->unit);
    demo_put(d, "system", UCUM);
    demo_put(d, "code", v->ucum);
    demo_close(d, '}');
}

/* ---- the patient ---- */

static void put_birth_date(struct demo *d, const struct demo_case *c)
{
    char iso[TIME_ISO_MAX];

    if (c->birth_date) {
        demo_put(d, "birthDate", c->birth_date);
        return;
    }
    time_iso(d->now - (utc_ms)c->days * 24 * 3600 * 1000, iso);
    iso[10] = '\0';
    demo_put(d, "birthDate", iso);
}

static void put_address(struct demo *d, const struct demo_place *place)
{
    char town[128];

    demo_town(place, town);
    demo_open(d, "address", '[');
    json_open(&d->out, '{');
    demo_open(d, "extension", '[');
    json_open(&d->out, '{');
    demo_put(d, "url", BELAY "StructureDefinition/altitude");
    demo_open(d, "valueQuantity", '{');
    json_name(&d->out, "value");
    json_put_int(&d->out, place->altitude);
    demo_put(d, "unit", "m");
    demo_put(d, "system", UCUM);
    demo_put(d, "code", "m");
    demo_close(d, '}');
    json_close(&d->out, '}');
    demo_close(d, ']');
    demo_put(d, "city", town);
    json_close(&d->out, '}');
    demo_close(d, ']');
}

static void write_patient(struct demo *d, const struct demo_case *c, size_t number)
{
    const struct demo_place *place = demo_place_find(c->place);
    char id[128];
    char value[32];

    make_id(id, "patient", c->id);
    snprintf(value, sizeof(value), "D-%04zu", number + 1);
    demo_begin(d, "Patient", id);
    demo_open(d, "identifier", '[');
    json_open(&d->out, '{');
    demo_put(d, "system", BELAY "demonstration/patient");
    demo_put(d, "value", value);
    json_close(&d->out, '}');
    demo_close(d, ']');
    demo_open(d, "name", '[');
    json_open(&d->out, '{');
    demo_put(d, "text", c->name);
    json_close(&d->out, '}');
    demo_close(d, ']');
    demo_put(d, "gender", c->gender);
    put_birth_date(d, c);
    if (place)
        put_address(d, place);
    demo_end(d, "Patient", id);
}

/* ---- vital signs ---- */

static void begin_observation(struct demo *d, const struct demo_case *c,
    const char *code, const char *name, char id[128])
{
    char kind[64];

    snprintf(kind, sizeof(kind), "vital-%s", code);
    make_id(id, kind, c->id);
    demo_begin(d, "Observation", id);
    demo_open(d, "basedOn", '[');
    refer_request(d, NULL, c);
    demo_close(d, ']');
    demo_put(d, "status", "final");
    demo_open(d, "category", '[');
    demo_concept(d, NULL, "http://terminology.hl7.org/CodeSystem/observation-category",
        "vital-signs", NULL);
    demo_close(d, ']');
    demo_concept(d, "code", LOINC, code, name);
    refer_patient(d, "subject", c);
    demo_time(d, "effectiveDateTime", c->age);
    demo_open(d, "performer", '[');
    refer_doctor(d, NULL, c->asker);
    demo_close(d, ']');
}

static void write_number(
    struct demo *d, const struct demo_case *c, const struct vital *v, const char *value)
{
    char id[128];

    if (!value)
        return;
    begin_observation(d, c, v->loinc, v->name, id);
    put_quantity(d, v, value);
    demo_end(d, "Observation", id);
}

static void put_component(struct demo *d, const struct vital *v, const char *value)
{
    json_open(&d->out, '{');
    demo_concept(d, "code", LOINC, v->loinc, v->name);
    put_quantity(d, v, value);
    json_close(&d->out, '}');
}

static void write_pressure(struct demo *d, const struct demo_case *c)
{
    char id[128];

    if (!c->vitals.systolic)
        return;
    begin_observation(d, c, "85354-9", "Blood pressure", id);
    demo_open(d, "component", '[');
    put_component(d, &vital_systolic, c->vitals.systolic);
    put_component(d, &vital_diastolic, c->vitals.diastolic);
    demo_close(d, ']');
    demo_end(d, "Observation", id);
}

static void write_consciousness(struct demo *d, const struct demo_case *c)
{
    char id[128];

    begin_observation(d, c, "80288-4", "Level of consciousness", id);
    demo_concept(d, "valueCodeableConcept", BELAY "CodeSystem/consciousness",
        c->vitals.consciousness, c->vitals.consciousness);
    demo_end(d, "Observation", id);
}

static void write_vitals(struct demo *d, const struct demo_case *c)
{
    write_number(d, c, &vital_breaths, c->vitals.breaths);
    write_number(d, c, &vital_saturation, c->vitals.saturation);
    write_number(d, c, &vital_pulse, c->vitals.pulse);
    write_number(d, c, &vital_temperature, c->vitals.temperature);
    write_pressure(d, c);
    write_number(d, c, &vital_oxygen, c->vitals.oxygen);
    write_consciousness(d, c);
}

/* ---- the case ---- */

static void write_request(struct demo *d, const struct demo_case *c)
{
    char id[128];

    make_id(id, "case", c->id);
    demo_begin(d, "ServiceRequest", id);
    demo_put(d, "status", "active");
    demo_put(d, "intent", "order");
    demo_open(d, "category", '[');
    demo_concept(d, NULL, BELAY "CodeSystem/case-kind", "advice", NULL);
    demo_close(d, ']');
    demo_put(d, "priority", c->urgency);
    refer_patient(d, "subject", c);
    demo_time(d, "authoredOn", c->age);
    refer_doctor(d, "requester", c->asker);
    demo_open(d, "reasonCode", '[');
    json_open(&d->out, '{');
    demo_put(d, "text", c->question);
    json_close(&d->out, '}');
    demo_close(d, ']');
    demo_open(d, "note", '[');
    json_open(&d->out, '{');
    demo_put(d, "text", c->story);
    json_close(&d->out, '}');
    demo_close(d, ']');
    demo_end(d, "ServiceRequest", id);
}

struct stand {
    const char *state;
    const char *status;
    const char *words;
};

static const struct stand *stand_of(const char *state)
{
    static const struct stand stands[] = {
        {"waiting", "requested", "Waiting for an answer"},
        {"taken", "in-progress", "Being looked at"},
        {"question-back", "in-progress", "Waiting for the asker"},
        {"answered", "completed", "Answered"},
    };

    for (size_t i = 1; i < sizeof(stands) / sizeof(stands[0]); i++) {
        if (strcmp(state, stands[i].state) == 0)
            return &stands[i];
    }
    return &stands[0];
}

/* The Task in ${state}, last changed ${changed} minutes ago. */
static void write_task(
    struct demo *d, const struct demo_case *c, const char *state, int changed)
{
    const struct stand *stand = stand_of(state);
    char id[128];

    make_id(id, "task", c->id);
    demo_begin(d, "Task", id);
    demo_put(d, "status", stand->status);
    demo_concept(
        d, "businessStatus", BELAY "CodeSystem/case-state", stand->state, stand->words);
    demo_put(d, "intent", "order");
    demo_put(d, "priority", c->urgency);
    demo_concept(d, "code", BELAY "CodeSystem/task", "answer-case", NULL);
    refer_request(d, "focus", c);
    refer_patient(d, "for", c);
    demo_time(d, "authoredOn", c->age);
    demo_time(d, "lastModified", changed);
    refer_doctor(d, "requester", c->asker);
    if (strcmp(state, "waiting") != 0 && c->expert)
        refer_doctor(d, "owner", c->expert);
    demo_end(d, "Task", id);
}

static void write_message(struct demo *d, const struct demo_case *c, size_t i)
{
    const struct demo_message *m = &c->messages[i];
    char kind[32];
    char id[128];

    snprintf(kind, sizeof(kind), "message-%zu", i + 1);
    make_id(id, kind, c->id);
    demo_begin(d, "Communication", id);
    demo_open(d, "basedOn", '[');
    refer_request(d, NULL, c);
    demo_close(d, ']');
    demo_put(d, "status", "completed");
    demo_open(d, "category", '[');
    demo_concept(d, NULL, BELAY "CodeSystem/message-kind", m->kind, NULL);
    demo_close(d, ']');
    refer_patient(d, "subject", c);
    demo_open(d, "about", '[');
    refer_request(d, NULL, c);
    demo_close(d, ']');
    demo_time(d, "sent", c->age - m->after);
    refer_doctor(d, "sender", m->from);
    demo_open(d, "payload", '[');
    json_open(&d->out, '{');
    demo_put(d, "contentString", m->text);
    json_close(&d->out, '}');
    demo_close(d, ']');
    demo_end(d, "Communication", id);
}

void demo_write_cases(struct demo *d)
{
    for (size_t i = 0; i < demo_case_count; i++) {
        const struct demo_case *c = &demo_cases[i];

        write_patient(d, c, i);
        write_request(d, c);
        write_task(d, c, "waiting", c->age);
        write_vitals(d, c);
        for (size_t m = 0; m < DEMO_MESSAGES && c->messages[m].kind; m++)
            write_message(d, c, m);
    }
}

/* When the last message was sent, or some minutes after the opening. */
static int last_change(const struct demo_case *c)
{
    int after = c->age / 4;

    for (size_t m = 0; m < DEMO_MESSAGES && c->messages[m].kind; m++)
        after = c->messages[m].after;
    return c->age - after;
}

void demo_write_progress(struct demo *d)
{
    for (size_t i = 0; i < demo_case_count; i++) {
        const struct demo_case *c = &demo_cases[i];

        if (strcmp(c->state, "waiting") != 0)
            write_task(d, c, c->state, last_change(c));
    }
}
