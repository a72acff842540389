/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the reader share. */
#ifndef VIEW_READER_INTERNAL_H
#define VIEW_READER_INTERNAL_H

#include "view/reader.h"
#include "view/reader_memory_internal.h"
#include "view/search_internal.h"

/* ---- tables (reader_class.c) ---- */

struct reader_role {
    const char *role;
    bool clinical;   /* reads the patients of the hospital of the post */
    bool cases;      /* and what is sent to its department */
    bool programme;  /* reads what both sides of its hospital's pairings share */
    bool everywhere; /* a post without a unit gives that of all programmes */
    bool head;       /* of the unit of the post */
    bool auditor;
    bool quality; /* reviews the emergencies of its hospital */
    bool beds;    /* says which beds of its hospital are free */
    bool directs; /* its hospital: who is signed off in what */
};
const struct reader_role *reader_role_named(struct str role);

/* A parameter by which a record names the case it belongs to. */
struct reader_case_link {
    unsigned type;
    const struct fhir_param *param;
};

/* Types and parameters that the rules speak of; looked up once. */
struct reader_terms {
    unsigned organization, patient, practitioner, practitioner_role, location, service,
        device, observation, request, care_team, consent, apprenticeship, binary,
        document, affiliation, encounter, emergency, task, enrolment, sign_off;
    const struct fhir_param *org_part_of, *patient_org, *role_org, *role_person,
        *location_org, *service_org, *device_org;
    const struct fhir_param *request_subject, *request_performer, *request_shared,
        *request_status, *request_intent, *team_member, *consent_patient;
    const struct fhir_param *focus, *rater, *apprentice, *master, *department,
        *attachment, *enrolled, *enrolled_under, *enrolled_at;
    const struct fhir_param *task_owner, *task_patient;
    const struct fhir_param *encounter_patient, *encounter_at, *encounter_case,
        *encounter_status;
    const struct fhir_param *emergency_patient, *emergency_person, *emergency_hospital,
        *emergency_department;
    const struct fhir_param *affiliation_one, *affiliation_other;
    const struct fhir_param *signed_person, *signed_department, *signed_hospital;
    struct reader_case_link links[32];
    size_t link_count;
};
const struct reader_terms *reader_terms(void);

/* ---- memory of one request ---- */

/* A table of what was found out lately, one place a key: a newer key takes the place of
 * an older one, so it never holds more than LIMIT_READER_MEMO entries. */
struct reader_known {
    uint64_t key; /* 0: nothing */
    int64_t value;
    int64_t more;
};
struct reader_memo {
    struct reader_known *places;
    size_t size; /* a power of two, or 0 */
    size_t filled;
};
bool reader_memo_get(
    const struct reader_memo *m, uint64_t key, int64_t *ret, int64_t *ret_more);
int reader_memo_put(struct reader *rd, struct reader_memo *m, uint64_t key,
    int64_t value, int64_t more);

/* A short list of rids; over the ceiling it says so. */
struct reader_set {
    store_rid *list;
    size_t count, cap;
    bool full;
};
bool reader_set_has(const struct reader_set *s, store_rid rid);
int reader_set_add(struct reader *rd, struct reader_set *s, store_rid rid);

struct reader {
    struct search_run run; /* reading of the index; its err is that of the call */
    const struct reader_terms *t;
    utc_ms now;
    store_rid person; /* 0: none, or none that holds a post */
    bool auditor;
    bool everywhere; /* all programmes */
    bool sides_known;
    struct reader_set hospitals;   /* where the posts are clinical */
    struct reader_set departments; /* whose cases are open to this person */
    struct reader_set heads;       /* units this person leads */
    struct reader_set homes;    /* units and hospitals of posts that share programmes */
    struct reader_set sides;    /* those and what they are paired with */
    struct reader_set granted;  /* patients by break-glass */
    store_rid *grant_records;   /* of each of these, by which record; 0: not told */
    struct reader_set quality;  /* hospitals whose quality officer this person is */
    struct reader_set beds;     /* hospitals whose beds this person looks after */
    struct reader_set directed; /* hospitals that this person directs */
    const struct str *made;     /* ids of patients that are made together */
    size_t made_count;
    const struct json *const *expected; /* made by the same transaction */
    size_t expected_count;
    struct str said_subject; /* of the request that is judged, as it is written */
    store_rid said;          /* the patient whose hospital is told by what is judged: */
    store_rid said_hospital;
    struct reader_memo records, patients, cases, units, countries, consents, members;
    /* shared with others; NULL memory: nothing is */
    struct reader_memory *memory;
    int64_t position; /* of the snapshot; -1: it has none */
    struct str who;   /* the person with the posts, as text */
    struct reader_kept *rights, *circle, *lists[16];
    size_t list_count;
    struct reader_kept *order; /* the shortlist at hand, or NULL */
    struct search_shortlist shown;
    bool circle_sought;
    unsigned cases_asked; /* records for which all cases were gone through */
};

/* ---- records (reader_record.c) ---- */

struct reader_ref {
    uint16_t slot;
    store_rid target;
};
struct reader_refs {
    struct reader_ref few[48];
    struct reader_ref *list;
    size_t count;
    bool stranger;  /* it refers to a patient of another server */
    bool addressed; /* it refers to something by an address */
};
/* The references of a record: as indexed, or as ${resource} has them. */
int reader_refs_of(struct reader *rd, store_rid rid, struct reader_refs *ret);
int reader_refs_of_json(struct reader *rd, unsigned type, const struct json *resource,
    struct reader_refs *ret);
bool reader_slot_in(uint16_t slot, const struct fhir_param *param);

/* The targets of ${param} of ${rid}, into ${ret}. */
int reader_targets(struct reader *rd, store_rid rid, const struct fhir_param *param,
    struct reader_set *ret);
/* The records that refer to ${target} by ${param}, into ${ret}, at most ${most}. */
int reader_sources(struct reader *rd, const struct fhir_param *param, store_rid target,
    size_t most, struct reader_set *ret);
/* Read a record's content; NULL: there is none. Good until the next call. */
int reader_content(struct reader *rd, store_rid rid, const struct json **ret);
/* Has ${rid} the code ${code} by ${param}? */
int reader_has_code(struct reader *rd, store_rid rid, const struct fhir_param *param,
    const char *code, bool *ret);
/* The record that a reference names; 0: none here. */
int reader_find(struct reader *rd, struct str reference, store_rid *ret);
/* Does a Period hold now? One that cannot be read never does. */
bool reader_period_holds(const struct reader *rd, const struct json *period);

/* ---- units (reader_unit.c) ---- */

/* The end of partOf; 0: there is no such place, or no end. */
int reader_hospital(struct reader *rd, store_rid unit, store_rid *ret);
/* Add ${unit} and what it is part of, but not the hospital itself unless it is the unit. */
int reader_add_unit(struct reader *rd, store_rid unit, struct reader_set *ret);
/* A number that stands for the country of ${hospital}; 0: not known. */
int reader_country(struct reader *rd, store_rid hospital, int64_t *ret);
uint64_t reader_country_number(struct str code);
/* Hospitals that ${ref} speaks of: itself, or whom it belongs to. */
int reader_add_hospital(struct reader *rd, store_rid ref, struct reader_set *ret);
/* Fill rd->sides. */
int reader_know_sides(struct reader *rd);

/* ---- cases (reader_case.c, reader_consent.c) ---- */

/* An open case that shares a record with ${refs}, all of whose ${patients} it is about
 * (those that are open otherwise left out); 0: none. */
int reader_find_case(struct reader *rd, store_rid rid, const struct reader_refs *refs,
    const struct reader_set *patients, store_rid *ret);
/* Has ${patient} agreed that ${department}, of ${hospital}, sees a case? */
int reader_consented(struct reader *rd, store_rid patient, store_rid department,
    store_rid hospital, bool *ret);
/* Does ${request} ask for something now: is it under way, and more than a plan? */
int reader_request_open(struct reader *rd, store_rid request, bool *ret);
/* The same of a ServiceRequest or Task that is not stored yet. */
bool reader_asks(const struct json *resource);
/* May what is known of ${patient} go to ${department}? */
int reader_may_go(
    struct reader *rd, store_rid patient, store_rid department, bool *ret);
/* "Organization/ID" of ${unit}. */
int reader_name_unit(struct reader *rd, store_rid unit, struct str *ret);
/* All units that ${asked}, whom a case is sent to, stands for, into ${ret}. */
int reader_add_asked_units(
    struct reader *rd, store_rid asked, bool in_team, struct reader_set *ret);

/* All records of ${type} that open cases share, for search_filter.few. */
int reader_few(void *arg, unsigned type, const store_rid **ret, size_t *ret_count,
    struct err *err);

/* Does ${refs}, of a record of ${type}, name a request as the case it belongs to? */
bool reader_names_case(
    const struct reader *rd, unsigned type, const struct reader_refs *refs);

/* ---- circles (reader_circle.c) ---- */

enum reader_circle_set { READER_CASES, READER_NAMED };

/*
 * Fill rd->circle: the requests that may be cases open to this person, and these with all
 * that they name, each ascending. It may hold too much, never too little. It stays NULL where
 * that cannot be told in a list. ${making}: work it out, if it is not there already.
 */
int reader_know_circle(struct reader *rd, bool making);
bool reader_circle_names(const struct reader *rd, store_rid rid);
/* The first row at or behind ${key}, from where the cursor stands; as a seek. */
int reader_reach(struct reader *rd, struct store_cursor *c, const uint8_t *key,
    size_t len, struct store_row *row);
void reader_put_in_order(struct rid_list *l);
/* The types on which rd->circle depends, into ${key}; how many. */
size_t reader_circle_types(const struct reader *rd, struct reader_kept_key *key);

/* ---- shortlists (reader_order.c), for search_filter ---- */

int reader_shortlist(void *arg, const struct search_order *order,
    const struct search_shortlist **ret, struct err *err);
int reader_ever(void *arg, store_rid rid, bool *ret, struct err *err);
void reader_learned(
    void *arg, const struct search_order *order, const struct search_shortlist *longer);

/* ---- facts (reader_fact.c) ---- */

/* Judge ${rid} by what is known of single records: ${*ret_decided} false: that is not
 * enough. */
int reader_by_fact(
    struct reader *rd, store_rid rid, bool *ret_decided, struct reader_verdict *ret);
/* The hospital of ${patient}, if it is known; false: it is not. */
bool reader_known_hospital(struct reader *rd, store_rid patient, store_rid *ret);
void reader_note_hospital(struct reader *rd, store_rid patient, store_rid hospital);

/* ---- rights (reader_rights.c) ---- */

/* The sets that follow from the posts of ${who}. */
int reader_fill(struct reader *rd, const struct reader_who *who);

/* ---- emergencies (reader_emergency.c) ---- */

/* The record by which ${patient} was opened; 0: not told. */
store_rid reader_grant_record(const struct reader *rd, store_rid patient);
/* Is an EmergencyAccess with ${refs} for this person? */
int reader_emergency(
    struct reader *rd, const struct reader_refs *refs, struct reader_verdict *ret);
/* Has somebody sent ${patient}'s cases to one of ${units} in an emergency, and does it still
 * hold? */
int reader_sent(
    struct reader *rd, store_rid patient, const struct reader_set *units, bool *ret);

/* ---- rules (reader.c) ---- */

/* The patients that ${refs}, a record of ${rid}, names; a Patient is its own. */
int reader_add_patients(struct reader *rd, store_rid rid,
    const struct reader_refs *refs, struct reader_set *ret);

/* The hospital of ${patient}; 0: none. */
int reader_patient_hospital(struct reader *rd, store_rid patient, store_rid *ret);
/* Is ${rid}, a rating, an Apprenticeship or an Enrolment, for this person?
 * (reader_learning.c) */
int reader_learning(struct reader *rd, store_rid rid, const struct reader_refs *refs,
    struct reader_verdict *ret);
bool reader_is_rating(
    const struct reader *rd, unsigned type, const struct reader_refs *refs);

#endif
