/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Most clinical records are about one patient and nothing else decides who reads them:
 * that patient's number is remembered of each, and of each patient the hospital. Neither
 * has to do with who asks, nor when. So most questions are answered by two looks into
 * memory; the others in full.
 *
 * What is read as the request came in (an address), and a rating, a Binary, a record of two
 * patients or none, is always answered in full.
 */
#include "view/reader_internal.h"

enum record_kind {
    RECORD_PLAIN = 1, /* of one patient, the number */
    RECORD_TIED,      /* the same, and it names a request as its case */
    RECORD_OTHER,     /* to be judged in full */
};

enum patient_kind { PATIENT_OF = 1, PATIENT_OF_NOBODY };

#define CASES_ASKED                                                                    \
    8 /* records that are asked about one by one before a list is made */

/* ---- hospitals of patients ---- */

bool reader_known_hospital(struct reader *rd, store_rid patient, store_rid *ret)
{
    reader_fact fact = 0;

    if (rd->memory)
        fact = reader_memory_look(rd->memory, rd->position, READER_OF_PATIENT, patient);
    *ret = reader_fact_kind(fact) == PATIENT_OF
               ? search_rid(rd->t->organization, reader_fact_number(fact))
               : 0;
    return fact != 0;
}

void reader_note_hospital(struct reader *rd, store_rid patient, store_rid hospital)
{
    if (rd->memory && !rd->run.addressed)
        reader_memory_note(rd->memory, rd->position, READER_OF_PATIENT, patient,
            READER_FACT(hospital ? PATIENT_OF : PATIENT_OF_NOBODY, hospital));
}

/* ---- patients of records ---- */

/* Not within fact_of(), for the reason that current_in_full() tells. */
static __attribute__((noinline)) int find_fact(
    struct reader *rd, store_rid rid, reader_fact *ret)
{
    unsigned type = store_rid_type(rid);
    struct reader_set patients = {0};
    struct reader_refs refs;
    int r = reader_refs_of(rd, rid, &refs);

    if (r == 0)
        r = reader_add_patients(rd, rid, &refs, &patients);
    if (r < 0)
        return r;
    *ret = READER_FACT(RECORD_OTHER, 0);
    if (!refs.stranger && !refs.addressed && patients.count == 1 &&
        !reader_is_rating(rd, type, &refs))
        *ret =
            READER_FACT(reader_names_case(rd, type, &refs) ? RECORD_TIED : RECORD_PLAIN,
                patients.list[0]);
    return 0;
}

static int fact_of(struct reader *rd, store_rid rid, reader_fact *ret)
{
    int r = 0;

    *ret = reader_memory_look(rd->memory, rd->position, READER_OF_RECORD, rid);
    if (*ret)
        return 0;
    r = find_fact(rd, rid, ret);
    if (r == 0)
        reader_memory_note(rd->memory, rd->position, READER_OF_RECORD, rid, *ret);
    return r;
}

/* ---- judging ---- */

/* Can no case open the record, of one patient who is not of this person's hospitals? */
static int no_case(struct reader *rd, store_rid rid, bool tied, bool *ret)
{
    int r = 0;

    *ret = rd->departments.count == 0;
    if (*ret)
        return 0;
    if (!rd->circle)
        r = reader_know_circle(rd, ++rd->cases_asked == CASES_ASKED);
    *ret = r == 0 && !tied && rd->circle && !reader_circle_names(rd, rid);
    return r;
}

int reader_by_fact(
    struct reader *rd, store_rid rid, bool *ret_decided, struct reader_verdict *ret)
{
    unsigned type = store_rid_type(rid);
    enum reader_class class = reader_class_of(type, NULL);
    store_rid patient = 0;
    store_rid hospital = 0;
    reader_fact fact = 0;
    int r = 0;

    *ret_decided = false;
    if (class == READER_LEARNING || class == READER_AUDIT ||
        class == READER_EMERGENCY || class == READER_REVIEW || type == rd->t->binary)
        return 0;
    r = fact_of(rd, rid, &fact);
    if (r < 0 || reader_fact_kind(fact) == RECORD_OTHER)
        return r;
    patient = search_rid(rd->t->patient, reader_fact_number(fact));
    r = reader_patient_hospital(rd, patient, &hospital);
    *ret = (struct reader_verdict){.allowed = false};
    if (r == 0 && hospital && reader_set_has(&rd->hospitals, hospital))
        *ret = (struct reader_verdict){.allowed = true, .reason = READER_BY_HOSPITAL};
    else if (r == 0 && reader_set_has(&rd->granted, patient))
        *ret = (struct reader_verdict){.allowed = true,
            .reason = READER_BY_BREAK_GLASS,
            .by = reader_grant_record(rd, patient)};
    *ret_decided = ret->allowed;
    if (r == 0 && !ret->allowed)
        r = no_case(rd, rid, reader_fact_kind(fact) == RECORD_TIED, ret_decided);
    return r;
}
