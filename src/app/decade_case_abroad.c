/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Cases of hospitals abroad: a doctor of one that is linked asks a department of the hospital that
 * treats their patients. Each has the patient's consent, without which no case crosses a border
 * (docs/SECURITY.md): written on the day of the question, for that department, for a year.
 */
#include <stdio.h>

#include "app/decade_abroad_internal.h"
#include "app/decade_case_internal.h"

/* Chosen, by year from 2015 on (docs/DEMONSTRATION.md): cases a month of each linked hospital, in
 * thousandths: more when nobody could travel. */
static const uint16_t a_month[] = {150, 130, 110, 100, 95, 120, 110, 90, 88, 90, 92};

#define CONSENT_DAYS 365

/* ---- the consent ---- */

static void put_code(struct json_out *o, const char *system, const char *code)
{
    json_open(o, '{');
    put_text(o, "system", system);
    put_text(o, "code", code);
    json_close(o, '}');
}

static void put_provision(struct cases *c, struct json_out *o, uint32_t department)
{
    struct decade *d = c->d;

    json_name(o, "provision");
    json_open(o, '{');
    put_text(o, "type", "permit");
    put_period(o, "period", d->day, d->day + CONSENT_DAYS);
    json_name(o, "actor");
    json_open(o, '[');
    json_open(o, '{');
    put_concept(o, "role", "http://terminology.hl7.org/CodeSystem/v3-ParticipationType",
        "IRCP", NULL);
    put_reference(o, "reference", "Organization", d->departments[department].id);
    json_close(o, '}');
    json_close(o, ']');
    json_name(o, "purpose");
    json_open(o, '[');
    put_code(o, "http://terminology.hl7.org/CodeSystem/v3-ActReason", "TREAT");
    json_close(o, ']');
    json_close(o, '}');
}

void case_consent_write(struct cases *c, uint32_t at)
{
    const struct decade_case *one = &c->list[at];
    struct decade *d = c->d;
    char id[CASE_ID_MAX];
    char patient[CASE_ID_MAX];
    struct json_out *o = NULL;

    snprintf(id, sizeof(id), "d-kc%u", at + 1);
    snprintf(patient, sizeof(patient), "d-kp%u", one->patient_of + 1);
    o = decade_open(d, "Consent", id);
    json_name(o, "extension");
    json_open(o, '[');
    open_extension(o, "consent-explained-in");
    put_text(o, "valueCode", decade_countries[one->country - 1].language);
    json_close(o, '}');
    json_close(o, ']');
    put_text(o, "status", "active");
    put_concept(o, "scope", "http://terminology.hl7.org/CodeSystem/consentscope",
        "patient-privacy", NULL);
    json_name(o, "category");
    json_open(o, '[');
    put_concept_value(o, "http://loinc.org", "59284-0", NULL);
    json_close(o, ']');
    put_reference(o, "patient", "Patient", patient);
    put_date(o, "dateTime", d->day);
    json_name(o, "policyRule");
    json_open(o, '{');
    put_text(o, "text", "Until it is taken back.");
    json_close(o, '}');
    put_provision(c, o, one->asked);
    decade_close(d);
}

/* ---- who asks ---- */

/* A deed: the linked hospital of[0] asks today. */
static int ask_from_abroad(struct decade *d, const uint32_t of[4], struct err *err)
{
    struct cases *c = cases_of(d);
    const struct decade_hospital *h = &d->hospitals[of[0]];
    struct decade_case one = {.patient_of = DECADE_NONE,
        .asking = h->first_department,
        .asked = decade_department_visited(d, &c->chance),
        .country = (uint8_t)(decade_country_of(h->place) + 1),
        .day = d->day};

    one.asker = case_answerer_of(c, one.asking, err);
    return one.asker == DECADE_NONE ? E_NOMEM : case_ask(c, &one, decade_year(d), err);
}

int cases_abroad_month(struct cases *c, uint32_t year, struct err *err)
{
    struct decade *d = c->d;
    const struct decade_abroad *a = d->abroad;
    uint32_t share = d->options.share ? d->options.share : 1;
    int r = 0;

    for (uint32_t i = 0; r == 0 && i < a->count; i++) {
        uint32_t count = 0;

        if (!d->hospitals[a->first + i].written)
            continue;
        count = chance_about(&c->chance, a_month[year] / share);
        for (; r == 0 && count > 0; count--)
            r = decade_do_later(d, d->day + chance_between(&c->chance, 1, 27),
                ask_from_abroad, (const uint32_t[4]){a->first + i}, err);
    }
    return r;
}
