/* SPDX-License-Identifier: Apache-2.0 */
/* A record becomes a fact: when it happened, whose it is, what makes it like another, who can mend it. */
#include <string.h>

#include "base/hash.h"

#include "app/network_internal.h"
#include "app/quality_internal.h"
#include "app/vitals_internal.h"
#include "fhir/value.h"
#include "view/case_task.h"
#include "view/procedure.h"

#define DAY_MS (24LL * 3600 * 1000)

struct taking {
    const struct json *record;
    struct str base;
    struct quality_fact *fact;
    struct quality_row *row;
};

static uint64_t mix(uint64_t seed, struct str text)
{
    return hash64(text.p ? text.p : "", text.p ? text.len : 0, seed + 1);
}

static uint64_t patient_key(struct str id)
{
    return id.p ? mix('P', id) : 0;
}

/* Letters alone, small ones: "Pema  LHAMO" is "pema lhamo". Bytes of other scripts stay. */
static uint64_t mix_name(uint64_t seed, struct str name)
{
    for (size_t i = 0; i < name.len; i++) {
        unsigned char c = (unsigned char)name.p[i];

        if (c > ' ' && c != '.' && c != ',') {
            char small = (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);

            seed = hash64(&small, 1, seed);
        }
    }
    return seed;
}

static void take_time(struct quality_fact *fact, struct str text)
{
    utc_ms lo = 0, hi = 0;

    if (text.p && fhir_date_range(text, &lo, &hi)) {
        fact->earliest = lo;
        fact->latest = hi;
    }
}

static void take_patient_of(struct taking *t, const struct json *reference)
{
    t->fact->patient = patient_key(network_id_in(reference, t->base));
}

/* ---- a patient ---- */

static uint64_t name_key(const struct json *patient, struct str born)
{
    const struct json *name = json_at(json_get(patient, "name"), 0);
    struct json_each given = json_each(json_get(name, "given"));
    struct str text = json_get_text(name, "text");
    uint64_t key = mix('N', born);
    uint64_t bare = key;

    if (!text.p) {
        while (json_next(&given))
            key = mix_name(key, json_text(given.value));
        text = json_get_text(name, "family");
    }
    key = mix_name(key, text.p ? text : STR(""));
    return born.p && key != bare ? key : 0;
}

static void take_patient(struct taking *t)
{
    struct quality_fact *fact = t->fact;
    struct json_each it = json_each(json_get(t->record, "identifier"));
    struct str born = json_get_text(t->record, "birthDate");

    if (json_kind(json_get(t->record, "active")) == JSON_FALSE ||
        json_count(json_get(t->record, "link")) > 0)
        return; /* merged into another, or not in use */
    fact->subject = QUALITY_PATIENT;
    fact->patient = patient_key(json_get_text(t->record, "id"));
    take_time(fact, born);
    fact->keys[0] = born.len == 10 ? name_key(t->record, born) : 0;
    for (size_t k = 1; k < QUALITY_KEYS && json_next(&it);) {
        struct str system = json_get_text(it.value, "system");
        struct str value = json_get_text(it.value, "value");

        if (system.p && value.p)
            fact->keys[k++] = mix(mix('I', system), value);
    }
    t->row->unit = network_id_in(json_get(t->record, "managingOrganization"), t->base);
    t->row->role = QUALITY_CLINICIAN;
}

/* ---- an operation ---- */

static void take_operation(struct taking *t)
{
    struct quality_fact *fact = t->fact;
    struct procedure p = {.when = 0};

    if (!procedure_read(t->record, &p))
        return;
    fact->subject = QUALITY_OPERATION;
    take_time(fact, json_get_text(t->record, "performedDateTime"));
    if (fact->earliest == QUALITY_UNKNOWN)
        fact->earliest = fact->latest = p.when;
    take_patient_of(t, json_get(t->record, "subject"));
    fact->open = !p.imported && procedure_missing(p.results) != LOOKS;
    if (p.imported) /* an older logbook is entered when it is */
        t->row->undated = true;
    if (fact->patient) {
        int64_t day = p.when / DAY_MS;
        struct str bytes = {(const char *)&day, sizeof(day)};

        fact->keys[0] = mix(mix(fact->patient, p.code), bytes);
    }
    t->row->unit = p.department;
    t->row->person = network_id_in(json_get(t->record, "recorder"), t->base);
    t->row->role = QUALITY_HEAD;
}

/* ---- a case ---- */

static void take_case(struct taking *t)
{
    struct quality_fact *fact = t->fact;
    struct case_task task = {.state = CASE_TASK_NONE};

    if (!case_task_read(t->record, &task))
        return;
    fact->subject = QUALITY_CASE;
    t->row->undated = true; /* a case is written while it happens */
    fact->earliest = fact->latest = task.clock.sent ? task.clock.sent : task.authored;
    if (!fact->earliest)
        fact->earliest = fact->latest = QUALITY_UNKNOWN;
    fact->open = task.clock.sent && case_task_is_open(task.state);
    take_patient_of(t, json_get(t->record, "for"));
    t->row->person = network_id_in(json_get(t->record, "owner"), t->base);
    if (!str_starts(task.owner, "Practitioner/"))
        t->row->person = (struct str){NULL, 0};
    t->row->role = QUALITY_HEAD;
}

/* ---- vital signs ---- */

static void take_vitals(struct taking *t)
{
    struct quality_fact *fact = t->fact;
    struct str text = json_get_text(t->record, "effectiveDateTime");
    struct str status = json_get_text(t->record, "status");

    if (!vitals_is(t->record) || str_is(status, "entered-in-error"))
        return;
    fact->subject = QUALITY_VITALS;
    if (!text.p)
        text = json_get_text(t->record, "effectiveInstant");
    if (!text.p)
        text = json_get_text(json_get(t->record, "effectivePeriod"), "start");
    take_time(fact, text);
    take_patient_of(t, json_get(t->record, "subject"));
    fact->impossible = vitals_impossible(t->record);
    t->row->person =
        network_id_in(json_at(json_get(t->record, "performer"), 0), t->base);
    t->row->role = QUALITY_NURSE;
}

/* ---- a post ---- */

static void take_post(struct taking *t)
{
    struct quality_fact *fact = t->fact;
    const struct json *period = json_get(t->record, "period");
    struct quality_fact end = {.latest = INT64_MAX};

    fact->subject = QUALITY_POST;
    take_time(fact, json_get_text(period, "start"));
    take_time(&end, json_get_text(period, "end"));
    fact->until = end.latest;
    t->row->unit = network_id_in(json_get(t->record, "organization"), t->base);
    t->row->role = QUALITY_ADMINISTRATOR;
}

static const struct {
    const char *type;
    void (*take)(struct taking *t);
} types[QUALITY_TYPES] = {{"Patient", take_patient}, {"Procedure", take_operation},
    {"Task", take_case}, {"Observation", take_vitals}, {"PractitionerRole", take_post}};

const char *quality_type(size_t i)
{
    return types[i].type;
}

void quality_take(size_t i, const struct json *record, struct str base,
    struct quality_fact *fact, struct quality_row *row)
{
    struct taking t = {record, base, fact, row};

    *fact = (struct quality_fact){.recorded = QUALITY_UNKNOWN,
        .earliest = QUALITY_UNKNOWN,
        .latest = QUALITY_UNKNOWN,
        .until = INT64_MAX};
    row->unit = row->person = (struct str){NULL, 0};
    row->undated = false;
    if (record)
        types[i].take(&t);
}
