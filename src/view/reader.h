/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who may read a record. There is no table of pairs: it FOLLOWS from records that the
 * search view already holds as edges, so that nothing must be rewritten when a case
 * closes, a post ends or a consent is withdrawn. A reader is one person's rights over one
 * snapshot, for the length of one request; docs/adr/0010-who-may-read.md says why each
 * rule is as it is.
 *
 *   directory   any signed-in person
 *   programme   posts at either side of a pairing
 *   clinical    clinicians of the patient's hospital; the invited department while its
 *               case is open, and then only what the case shares; break-glass
 *   learning    the apprentice, the masters, the heads of the two departments; of an
 *               Enrolment the person, who supervises, the heads of the two departments;
 *               of a SignOff also the quality officers and the directors of its hospital
 *   emergency   who broke the glass, the head of department, the quality officers
 *   audit       the auditor
 *   review      nobody: a review is blind (docs/REVIEW.md), and of a handover, or of what
 *               both sides of a pairing say, each is told by operations what they may see
 *               of it (docs/HANDOVER.md, docs/TEAMS.md)
 *
 * What no rule allows is refused.
 */
#ifndef VIEW_READER_H
#define VIEW_READER_H

#include "view/reader_memory.h"
#include "view/search.h"

enum reader_class {
    READER_CLINICAL, /* also what no line of the table names */
    READER_DIRECTORY,
    READER_PROGRAMME, /* clinical where it refers to a patient or a clinical record */
    READER_LEARNING,
    READER_AUDIT,
    READER_EMERGENCY, /* EmergencyAccess */
    READER_REVIEW, /* CaseReview, Handover, PairingPulse: nobody, but by their operations */
};

/* The class of a resource type; ${ret_listed} (may be NULL): the table names it. */
enum reader_class reader_class_of(unsigned type, bool *ret_listed);

enum reader_reason {
    READER_NOBODY, /* refused */
    READER_BY_DIRECTORY,
    READER_BY_PROGRAMME,
    READER_BY_HOSPITAL,
    READER_BY_CASE,
    READER_BY_BREAK_GLASS,
    READER_BY_SELF,
    READER_BY_MASTER,
    READER_BY_HEAD,
    READER_BY_RATER,
    READER_BY_AUDITOR,
    READER_BY_QUALITY,
    READER_BY_DIRECTOR,
};

/* One word for audit, tests and pages: "own-hospital". */
const char *reader_reason_word(enum reader_reason reason);

/* A post that is valid now. Units are references as records write them. */
struct reader_post {
    struct str role; /* a code of https://belay.health/CodeSystem/role */
    struct str unit; /* the department, or the hospital; p NULL: everywhere */
};

/* Leave to see one patient in spite of all rules, given with a reason. */
struct reader_grant {
    struct str patient; /* "Patient/ID" */
    utc_ms until;
    store_rid record; /* what verdicts shall name; 0: nothing */
};

struct reader_who {
    struct str practitioner; /* "Practitioner/ID"; p NULL: a program */
    const struct reader_post *posts;
    size_t post_count;
    const struct reader_grant *grants;
    size_t grant_count;
    struct search_bases bases; /* as searches have them */
    utc_ms now;
    struct reader_memory
        *memory; /* what readers share; NULL: nothing. Outlives this one */
};

struct reader;

/* Work out the rights of ${who} in the snapshot of ${r}. Memory from ${a}; what ${who}
 * points to is not kept. To be given back before the snapshot is. One thread at a time. */
int reader_new(struct store_reader *r, struct arena *a, const struct reader_who *who,
    struct reader **ret, struct err *err);

/* NULL is fine. */
void reader_free(struct reader *rd);

struct reader_verdict {
    bool allowed;
    enum reader_reason reason;
    store_rid by; /* READER_BY_CASE: which; READER_BY_BREAK_GLASS: the grant's record */
};

/* May the current version of ${rid} be read? A record that was deleted, or never was, is
 * one without content: see reader_allows_version. */
int reader_allows(
    struct reader *rd, store_rid rid, struct reader_verdict *ret, struct err *err);

/* May ${resource}, a version of ${rid} that is not the current one or is not stored yet, be
 * read? ${rid} may be store_rid_first(type): of a new record. By what it says itself, and by what the current version says where there is one:
 * both must allow it. */
int reader_allows_version(struct reader *rd, store_rid rid, const struct json *resource,
    struct reader_verdict *ret, struct err *err);

/* ${ids} (kept by the caller) are those of patients that one transaction makes for a hospital
 * of this reader's. A version that names one of them is judged as if it were there. */
void reader_expect(struct reader *rd, const struct str *ids, size_t count);

/* Are all patients that ${resource}, a version of a record of ${type}, names (a Patient:
 * itself), and is there one, of hospitals where this reader is a clinician? */
int reader_treats(struct reader *rd, const struct json *resource, unsigned type,
    bool *ret, struct err *err);

/* The hospital of ${reference}, a patient or an organisation; 0: none is known. */
int reader_hospital_of(
    struct reader *rd, struct str reference, store_rid *ret, struct err *err);

/* ---- what rules for writing ask (reader_write.c, reader.c) ---- */

/* May the record that ${reference} names be read? Of one that is not here: as if it were
 * hidden, but for the directory's types. */
int reader_allows_reference(struct reader *rd, struct str reference,
    struct reader_verdict *ret, struct err *err);

/* Are all patients that ${resource}, of ${type}, names open to this reader, by whichever
 * rule? One that is not here is open to nobody. */
int reader_knows_patients(struct reader *rd, const struct json *resource, unsigned type,
    bool *ret, struct err *err);

/* Is ${resource}, of ${type}, a rating (of a colleague), and is it this person's own? */
struct reader_rating {
    bool is_rating;
    bool mine;
};
int reader_rating_of(struct reader *rd, const struct json *resource, unsigned type,
    struct reader_rating *ret, struct err *err);

/* May what somebody learns be read: which operations ${practitioner} ("Practitioner/ID") did
 * when and in which part, what was said of it and how it ended, without the patient? By the
 * person itself, and by the masters and heads of an Apprenticeship that was agreed to. */
int reader_learner(struct reader *rd, struct str practitioner,
    struct reader_verdict *ret, struct err *err);

/* Is ${practitioner} the apprentice of any Apprenticeship, and is this reader master of one
 * of theirs that is under way now? */
int reader_is_apprentice(
    struct reader *rd, store_rid practitioner, bool *ret, struct err *err);
int reader_teaches(
    struct reader *rd, store_rid practitioner, bool *ret, struct err *err);

/* Does this reader hold a post by which one takes part in the programme in the hospital of
 * ${unit} ("Organization/ID"; p NULL: none), or one that is held everywhere? */
int reader_is_side(struct reader *rd, struct str unit, bool *ret, struct err *err);

/* The units of all posts of ${practitioner} ("Practitioner/ID"), ended ones too, as
 * "Organization/ID" in ${ret}, which holds ${most}. ${*ret_count} over ${most}: there are
 * more. */
int reader_units_of(struct reader *rd, struct str practitioner, struct str *ret,
    size_t most, size_t *ret_count, struct err *err);

/*
 * Does a hospital where this reader has a clinical post treat ${patient} now? It does, if it
 * is the patient's own; if a case that is open asks a unit, a service, a post or a team of
 * it; or if an Encounter that is under way is there and belongs to no case (one that does is
 * written by whom the case was sent to, and counts for no more than the case). A consent
 * across a border is not asked for: this is asked in emergencies.
 */
struct reader_treating {
    bool treats;
    bool own;           /* all records are open already */
    store_rid hospital; /* whose post treats */
    store_rid basis;    /* the case or the Encounter; 0: it is the patient's own */
};
int reader_treating(
    struct reader *rd, store_rid patient, struct reader_treating *ret, struct err *err);

/*
 * Where would ${resource}, a ServiceRequest or Task as it shall be written, cross a border
 * without a consent? ${ret_to}: the unit that it is sent to and that may not see it; 0: it
 * asks for nothing yet, or it may go where it is sent.
 */
int reader_crosses(struct reader *rd, unsigned type, const struct json *resource,
    store_rid *ret_to, struct err *err);

/* Does this reader hold a post in the hospital of ${unit} ("Organization/ID") that says which
 * of its beds are free: nurses, heads of department, coordinators? */
int reader_keeps_beds(struct reader *rd, struct str unit, bool *ret, struct err *err);

/* Is ${request}, a ServiceRequest that is stored, sent to this person: do they hold a post that
 * is given cases in a unit that its performer stands for? Neither its state nor a consent is
 * asked about: reader_allows() does. */
int reader_is_asked(struct reader *rd, store_rid request, bool *ret, struct err *err);

/* The units that the performers of ${request}, which need not be stored, stand for, each once,
 * as "Organization/ID" into ${ret}, which holds ${most}; those beyond are left out. */
int reader_units_asked(struct reader *rd, const struct json *request, struct str *ret,
    size_t most, size_t *ret_count, struct err *err);

/* ${consents} (kept by the caller) are written by the same transaction; each was checked. */
void reader_expect_consents(
    struct reader *rd, const struct json *const *consents, size_t count);

/* Where this reader has to do with cases: the hospitals whose patients are open, and the units
 * whose cases are. Good as long as ${rd}. */
struct reader_places {
    const store_rid *hospitals;
    size_t hospital_count;
    const store_rid *units;
    size_t unit_count;
    store_rid person; /* 0: none that is known here */
};
struct reader_places reader_places(const struct reader *rd);

/* The filter that makes a search see what this reader may see. Good as long as ${rd}. */
struct search_filter reader_filter(struct reader *rd);

#endif
