/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The answer to $vitals as Parameters: one "set" each time, the newest first. Values stand
 * as they were written; NEWS2 and the context are parts of their own, and the context says
 * in each answer that it is not validated.
 */
#include <math.h>

#include "app/vitals_internal.h"
#include "fhir/part.h"

#define UCUM "http://unitsofmeasure.org"
#define LABEL "context, not validated"
#define NEWS2_SOURCE                                                                   \
    "Royal College of Physicians: National Early Warning Score (NEWS) 2, 2017, "       \
    "unchanged"
#define MODEL_SOURCE                                                                   \
    "Model: West's atmosphere, alveolar gas equation and Severinghaus' curve, fitted " \
    "to arrivals and residents at 3,658 m; lower end five points under the middle, "   \
    "as in children of Quito. Illustrative; a measured table is not loaded"
#define SICKNESS_SOURCE "Lake Louise acute mountain sickness score, 2018 consensus"

/* ---- parts ---- */

static void put_time(struct json_out *o, const char *name, struct str text, utc_ms at)
{
    char iso[TIME_ISO_MAX];

    time_iso(at, iso);
    fhir_part_put(o, name, "valueDateTime", text.p ? text : str_of(iso));
}

static void put_record(struct json_out *o, const char *name, struct str reference)
{
    if (reference.len == 0)
        return;
    fhir_part_open(o, name);
    json_name(o, "valueReference");
    json_open(o, '{');
    json_member(o, "reference", reference);
    json_close(o, '}');
    json_close(o, '}');
}

/* ${raw} or else ${value} with one decimal. */
static void put_quantity(struct json_out *o, const char *name, const struct json *raw,
    double value, const char *unit)
{
    fhir_part_open(o, name);
    json_name(o, "valueQuantity");
    json_open(o, '{');
    json_name(o, "value");
    if (raw) {
        json_put_value(o, raw);
    } else {
        double tenths = round(value * 10) / 10;

        buf_addf(o->buf, "%.1f", tenths == 0 ? 0.0 : tenths); /* no -0.0 */
        o->comma = true;
    }
    json_member(o, "unit", str_of(unit));
    json_member(o, "system", STR(UCUM));
    json_member(o, "code", str_of(unit));
    json_close(o, '}');
    json_close(o, '}');
}

/* ---- values ---- */

static void put_reading(struct json_out *o, const struct vitals_reading *r)
{
    fhir_parts_open(o, "value");
    fhir_part_put_code(o, "sign", vitals_sign_name(r->sign));
    fhir_part_put(o, "name", "valueString", r->display);
    if (r->value && str_starts(r->value_name, "value")) {
        fhir_part_open(o, "value");
        buf_addf(o->buf, ",\"%.*s\":", (int)r->value_name.len, r->value_name.p);
        o->comma = false;
        json_put_value(o, r->value);
        json_close(o, '}');
    } else if (r->value) {
        fhir_part_open(o, "absent");
        json_name(o, "valueCodeableConcept");
        json_put_value(o, r->value);
        json_close(o, '}');
    }
    fhir_part_put_code(o, "not-used", r->unused);
    put_time(o, "time", r->at_text, r->at);
    put_record(o, "record", r->record);
    fhir_parts_close(o);
}

/* ---- NEWS2 ---- */

static const char *const news2_names[NEWS2_SIGNS] = {
    [NEWS2_RESPIRATION] = "respiration",
    [NEWS2_SATURATION] = "saturation",
    [NEWS2_SUPPLY] = "oxygen",
    [NEWS2_SYSTOLIC] = "systolic",
    [NEWS2_PULSE] = "pulse",
    [NEWS2_CONSCIOUSNESS] = "consciousness",
    [NEWS2_TEMPERATURE] = "temperature",
};

static void put_refusal(struct json_out *o, const struct vitals_judgement *j)
{
    static const struct {
        const char *code, *text;
    } words[] = {
        [NEWS2_SCORED] = {NULL, NULL},
        [NEWS2_CHILD] = {"child",
            "NEWS2 is not for children under 16: their signs have other norms. Use a "
            "paediatric score."},
        [NEWS2_PREGNANT] = {"pregnant",
            "NEWS2 is not for pregnancy, in which the body works differently. Use an "
            "obstetric score."},
        [NEWS2_AGE_UNKNOWN] = {"age-unknown",
            "NEWS2 is for people of 16 and over, and the date of birth does not say "
            "whether this is one."},
    };

    fhir_part_put_code(o, "refused", words[j->score.refusal].code);
    fhir_part_put(o, "text", "valueString", str_of(words[j->score.refusal].text));
    if (j->pregnant)
        put_record(o, "record", j->pregnant->record);
}

static const char *response_text(const struct news2_score *s)
{
    switch (s->band) {
    case NEWS2_NONE:
        return "Too little is known for a response: take the signs that are missing.";
    case NEWS2_LOW:
        return "Low: a registered nurse assesses.";
    case NEWS2_LOW_MEDIUM:
        return "A single sign gives 3 points: urgent review by a ward doctor, signs "
               "every hour.";
    case NEWS2_MEDIUM:
        return "Medium: urgent review by a clinician or team with competence in acute "
               "illness, signs every hour.";
    case NEWS2_HIGH:
        break;
    }
    return "High: emergency assessment by a team with critical care competence, signs "
           "monitored continuously.";
}

static void put_score(struct json_out *o, const struct vitals_judgement *j)
{
    static const char *const bands[] = {[NEWS2_NONE] = "none",
        [NEWS2_LOW] = "low",
        [NEWS2_LOW_MEDIUM] = "low-medium",
        [NEWS2_MEDIUM] = "medium",
        [NEWS2_HIGH] = "high"};
    const struct news2_score *s = &j->score;

    fhir_part_put_int(o, "total", s->total);
    fhir_part_put_flag(o, "complete", s->complete);
    for (int i = 0; i < NEWS2_SIGNS; i++) {
        if (s->points[i] < 0) {
            fhir_part_put_code(o, "missing", news2_names[i]);
            continue;
        }
        fhir_parts_open(o, "points");
        fhir_part_put_code(o, "sign", news2_names[i]);
        fhir_part_put_int(o, "points", s->points[i]);
        fhir_parts_close(o);
    }
    fhir_part_put_int(o, "scale", j->scale_2 ? 2 : 1);
    if (j->scale_2)
        put_record(o, "scale-record", j->scale_2->record);
    fhir_part_put_flag(o, "single-3", s->single);
    fhir_part_put_code(o, "response", bands[s->band]);
    if (s->hours_between >= 0)
        fhir_part_put_int(o, "again-within-hours", s->hours_between);
    fhir_part_put(o, "text", "valueString", str_of(response_text(s)));
}

static void put_news2(struct json_out *o, const struct vitals_judgement *j,
    const struct vitals_judgement *before)
{
    fhir_parts_open(o, "news2");
    if (j->score.refusal == NEWS2_SCORED)
        put_score(o, j);
    else
        put_refusal(o, j);
    if (before && j->score.refusal == NEWS2_SCORED &&
        before->score.refusal == NEWS2_SCORED)
        fhir_part_put_flag(o, "worse", news2_worse(&before->score, &j->score));
    fhir_part_put(o, "source", "valueString", STR(NEWS2_SOURCE));
    fhir_parts_close(o);
}

/* ---- the context ---- */

static void put_expected(struct json_out *o, const struct altitude_answer *a)
{
    static const char *const stays[] = {[ALTITUDE_ARRIVED] = "just-arrived",
        [ALTITUDE_BETWEEN] = "between",
        [ALTITUDE_SETTLED] = "settled"};

    fhir_part_put_code(o, "stay", stays[a->stay]);
    put_quantity(o, "expected-low", NULL, a->low, "%");
    put_quantity(o, "expected-middle-low", NULL, a->middle_low, "%");
    put_quantity(o, "expected-middle-high", NULL, a->middle_high, "%");
    if (isnan(a->deviation))
        return;
    put_quantity(o, "deviation", NULL, a->deviation, "%");
    fhir_part_put_flag(o, "below-expected", a->below);
}

static void put_context(struct json_out *o, const struct vitals_judgement *j)
{
    static const char *const refusals[] = {[ALTITUDE_ANSWERED] = NULL,
        [ALTITUDE_OUT_OF_RANGE] = "altitude-out-of-range",
        [ALTITUDE_ON_OXYGEN] = "on-oxygen",
        [ALTITUDE_INFANT] = "infant"};

    fhir_parts_open(o, "context");
    fhir_part_put(o, "label", "valueString", STR(LABEL));
    fhir_part_put_flag(o, "validated", false);
    fhir_part_put_code(o, "age-group", j->age_group);
    if (j->place.from) {
        put_quantity(o, "altitude", j->place.value, 0, "m");
        fhir_part_put_code(o, "altitude-from", j->place.from);
        put_record(o, "altitude-record", j->place.record);
    }
    if (j->ascent) {
        fhir_part_put(o, "ascended", "valueDateTime", j->ascent->text);
        fhir_part_put_int(o, "days-since-ascent", j->days);
        put_record(o, "ascended-record", j->ascent->record);
    }
    fhir_part_put_code(o, "stay-from", j->stay_from ? j->stay_from : "not-known");
    if (j->altitude.refusal == ALTITUDE_ANSWERED)
        put_expected(o, &j->altitude);
    else
        fhir_part_put_code(o, "refused",
            j->place.from ? refusals[j->altitude.refusal] : "altitude-not-known");
    fhir_part_put(o, "source", "valueString", STR(MODEL_SOURCE));
    fhir_parts_close(o);
}

/* ---- Lake Louise ---- */

static void put_flags(struct json_out *o, const struct vitals_judgement *j)
{
    if (!j->sickness.brain && !j->sickness.lung)
        return;
    fhir_part_put_flag(o, "red-flag-brain", j->sickness.brain);
    fhir_part_put_flag(o, "red-flag-lung", j->sickness.lung);
    fhir_part_put(o, "text", "valueString",
        STR("Red flag: oxygen, go down now, tell somebody. No score is needed for "
            "it."));
}

static void put_sickness(struct json_out *o, const struct vitals_judgement *j)
{
    static const char *const verdicts[] = {[LAKE_LOUISE_INCOMPLETE] = "incomplete",
        [LAKE_LOUISE_NOT_RECENT] = "not-recent",
        [LAKE_LOUISE_NO_SICKNESS] = "no-sickness",
        [LAKE_LOUISE_MILD] = "mild",
        [LAKE_LOUISE_MODERATE] = "moderate",
        [LAKE_LOUISE_SEVERE] = "severe"};
    const int points[] = {
        j->signs.headache, j->signs.stomach, j->signs.fatigue, j->signs.dizziness};

    if (!j->sickness_asked)
        return;
    fhir_parts_open(o, "lake-louise");
    fhir_part_put_int(o, "total", j->sickness.total);
    fhir_part_put_flag(o, "complete", j->sickness.complete);
    for (int i = 0; i < 4; i++) {
        const char *name = vitals_sign_name((enum vitals_sign)(VITALS_HEADACHE + i));

        if (points[i] < 0)
            fhir_part_put_code(o, "missing", name);
    }
    if (!j->stay_from)
        fhir_part_put_code(o, "missing", "ascended");
    fhir_part_put_code(o, "verdict", verdicts[j->sickness.verdict]);
    fhir_part_put_flag(o, "without-headache", j->sickness.without_headache);
    put_flags(o, j);
    fhir_part_put(o, "source", "valueString", STR(SICKNESS_SOURCE));
    fhir_parts_close(o);
}

/* ---- all of it ---- */

static struct str time_of(const struct vitals_set *set)
{
    for (int i = 0; i < VITALS_SIGNS; i++) {
        if (set->signs[i] && set->signs[i]->at == set->first)
            return set->signs[i]->at_text;
    }
    return (struct str){NULL, 0};
}

static void put_set(struct json_out *o, const struct vitals *v, size_t i)
{
    const struct vitals_set *set = &v->sets[i];
    struct vitals_judgement now, before;

    vitals_judge(v, set, &now);
    if (i > 0)
        vitals_judge(v, set - 1, &before);
    fhir_parts_open(o, "set");
    put_time(o, "time", time_of(set), set->first);
    for (int s = 0; s < VITALS_SIGNS; s++) {
        if (set->signs[s])
            put_reading(o, set->signs[s]);
    }
    put_news2(o, &now, i > 0 ? &before : NULL);
    put_context(o, &now);
    put_sickness(o, &now);
    fhir_parts_close(o);
}

void vitals_write(const struct vitals *v)
{
    struct json_out o = json_out(&v->call->answer);

    fhir_parameters_open(&o);
    put_record(&o, "patient", v->patient_name);
    fhir_part_put_flag(&o, "older", v->older);
    for (size_t i = v->set_count; i > 0; i--)
        put_set(&o, v, i - 1);
    for (size_t i = 0; i < v->left_out_count; i++) {
        fhir_parts_open(&o, "left-out");
        fhir_part_put_code(&o, "why", v->left_out[i].why);
        put_record(&o, "record", v->left_out[i].record);
        fhir_parts_close(&o);
    }
    fhir_parameters_close(&o);
}
