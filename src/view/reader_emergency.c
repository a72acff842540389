/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Emergencies: who may read an EmergencyAccess, whether a hospital treats a patient of
 * another one, and whether a case was let across a border without a consent.
 */
#include "view/reader_internal.h"

/* ---- who reads of it ---- */

/* Is one of ${set} named by ${param}? */
static bool names(const struct reader_refs *refs, const struct fhir_param *param,
    const struct reader_set *set)
{
    for (size_t i = 0; i < refs->count; i++) {
        if (reader_slot_in(refs->list[i].slot, param) &&
            reader_set_has(set, refs->list[i].target))
            return true;
    }
    return false;
}

/* Is the patient of ${refs} one of a hospital whose quality officer this person is? */
static int is_my_patient(struct reader *rd, const struct reader_refs *refs, bool *ret)
{
    store_rid hospital = 0;
    int r = 0;

    for (size_t i = 0; r == 0 && !*ret && i < refs->count; i++) {
        if (!reader_slot_in(refs->list[i].slot, rd->t->emergency_patient))
            continue;
        r = reader_patient_hospital(rd, refs->list[i].target, &hospital);
        *ret = r == 0 && hospital && reader_set_has(&rd->quality, hospital);
    }
    return r;
}

int reader_emergency(
    struct reader *rd, const struct reader_refs *refs, struct reader_verdict *ret)
{
    store_rid person = rd->person;
    const struct reader_set me = {.list = &person, .count = person != 0};
    enum reader_reason reason = READER_NOBODY;
    bool quality = names(refs, rd->t->emergency_hospital, &rd->quality);
    int r = 0;

    if (names(refs, rd->t->emergency_person, &me))
        reason = READER_BY_SELF;
    else if (names(refs, rd->t->emergency_department, &rd->heads) ||
             names(refs, rd->t->emergency_hospital, &rd->heads))
        reason = READER_BY_HEAD;
    else if (!quality && rd->quality.count)
        r = is_my_patient(rd, refs, &quality);
    if (reason == READER_NOBODY && quality)
        reason = READER_BY_QUALITY;
    if (r == 0 && reason != READER_NOBODY)
        *ret = (struct reader_verdict){.allowed = true, .reason = reason};
    return r;
}

/* ---- treating ---- */

/* One of this person's hospitals that ${units} belong to; 0: none. */
static int mine_of(struct reader *rd, const struct reader_set *units, store_rid *ret)
{
    store_rid hospital = 0;
    int r = 0;

    for (size_t i = 0; r == 0 && *ret == 0 && i < units->count; i++) {
        r = reader_hospital(rd, units->list[i], &hospital);
        if (r == 0 && hospital && reader_set_has(&rd->hospitals, hospital))
            *ret = hospital;
    }
    return r;
}

static int by_request(struct reader *rd, store_rid request, store_rid *ret)
{
    struct reader_set asked = {0};
    struct reader_set units = {0};
    bool open = false;
    int r = reader_request_open(rd, request, &open);

    if (r < 0 || !open)
        return r;
    r = reader_targets(rd, request, rd->t->request_performer, &asked);
    for (size_t i = 0; r == 0 && i < asked.count; i++)
        r = reader_add_asked_units(rd, asked.list[i], false, &units);
    return r == 0 ? mine_of(rd, &units, ret) : r;
}

static int by_encounter(struct reader *rd, store_rid encounter, store_rid *ret)
{
    static const char *const states[] = {
        "arrived", "triaged", "in-progress", "onleave", NULL};
    struct reader_set of_case = {0};
    struct reader_set units = {0};
    bool here = false;
    int r = reader_targets(rd, encounter, rd->t->encounter_case, &of_case);

    if (r < 0 || of_case.count)
        return r;
    for (size_t i = 0; r == 0 && !here && states[i]; i++)
        r = reader_has_code(rd, encounter, rd->t->encounter_status, states[i], &here);
    if (r < 0 || !here)
        return r;
    r = reader_targets(rd, encounter, rd->t->encounter_at, &units);
    return r == 0 ? mine_of(rd, &units, ret) : r;
}

/* The records that name ${patient} by ${param}, until one of them says it. */
static int by_sources(struct reader *rd, store_rid patient,
    const struct fhir_param *param, struct reader_treating *ret)
{
    bool request = param == rd->t->request_subject;
    struct reader_set found = {0};
    int r = reader_sources(rd, param, patient, LIMIT_READER_SET, &found);

    for (size_t i = 0; r == 0 && ret->hospital == 0 && i < found.count; i++) {
        r = request ? by_request(rd, found.list[i], &ret->hospital)
                    : by_encounter(rd, found.list[i], &ret->hospital);
        ret->basis = ret->hospital ? found.list[i] : 0;
    }
    return r;
}

int reader_treating(
    struct reader *rd, store_rid patient, struct reader_treating *ret, struct err *err)
{
    struct reader_treating found = {.treats = false};
    store_rid home = 0;
    int r = 0;

    rd->run.err = err;
    r = reader_patient_hospital(rd, patient, &home);
    if (r == 0 && home && reader_set_has(&rd->hospitals, home)) {
        found = (struct reader_treating){.own = true, .hospital = home};
    } else if (r == 0 && rd->hospitals.count) {
        r = by_sources(rd, patient, rd->t->request_subject, &found);
        if (r == 0 && found.hospital == 0)
            r = by_sources(rd, patient, rd->t->encounter_patient, &found);
    }
    found.treats = found.hospital != 0;
    if (r == 0)
        *ret = found;
    return r;
}

/* ---- across a border ---- */

int reader_sent(
    struct reader *rd, store_rid patient, const struct reader_set *units, bool *ret)
{
    struct reader_set found = {0};
    int r = reader_sources(
        rd, rd->t->emergency_patient, patient, LIMIT_READER_CONSENTS, &found);

    for (size_t i = 0; r == 0 && !*ret && i < found.count; i++) {
        const struct json *content = NULL;
        struct str to = {NULL, 0};
        store_rid unit = 0;
        bool holds = false;

        r = reader_content(rd, found.list[i], &content);
        to = json_get_text(json_get(content, "recipient"), "reference");
        holds = content && str_is(json_get_text(content, "kind"), "send") &&
                reader_period_holds(rd, json_get(content, "period"));
        if (r == 0 && holds)
            r = reader_find(rd, to, &unit);
        *ret = r == 0 && unit != 0 && reader_set_has(units, unit);
    }
    return r;
}
