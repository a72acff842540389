/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of the network share.
 *
 *   network.c         the current network, and when it is renewed
 *   network_read.c    a record becomes a fact; facts of a type are a part
 *   network_post.c    the same of people: posts, duties, sign-offs, apprenticeships
 *   network_join.c    parts become a network: hospitals, their places, beds, equipment
 *   network_ways.c    the same: ways that were told are put together
 *   network_people.c  the same: persons and their posts
 *   network_carry.c   the same: who carries what, at all hospitals or at those touched
 *   network_touch.c   what changed of people, and the network of before with just that
 *   network_duty.c    weekly times become the next duty
 *   network_parts.c   facts of a type, kept step by step as records change
 *   network_past.c    facts of all versions, and the network as known at a position
 *   network_cases.c   operations with their outcome
 *   network_sort.c    operations in their order
 *   network_signed.c  what three people signed, and when too few cases end it
 *   network_history.c where something was done first
 *   network_evidence.c  one procedure at one hospital: who and what bears on it
 *   network_map.c     the level of it and of illnesses, from that evidence
 *   network_route.c   a question: what can be done where at that moment, then routing
 *   network_rows.c    one hospital's rows of it, from the same evidence
 */
#ifndef APP_NETWORK_INTERNAL_H
#define APP_NETWORK_INTERNAL_H

#include <stdatomic.h>

#include "app/catalogue.h"
#include "app/network.h"
#include "app/procedure_rule.h"
#include "app/text_map.h"
#include "engine/capability/capability.h"
#include "engine/planning/acclimatisation.h"

/* ---- facts, as records tell them; texts in their part's arena ---- */

enum network_kind {
    NETWORK_UNITS,     /* Organization */
    NETWORK_PLACES,    /* Location */
    NETWORK_PEOPLE,    /* Practitioner */
    NETWORK_POSTS,     /* PractitionerRole */
    NETWORK_LINKS,     /* OrganizationAffiliation */
    NETWORK_DEVICES,   /* Device */
    NETWORK_SERVICES,  /* HealthcareService */
    NETWORK_LEARNINGS, /* Apprenticeship */
    NETWORK_CASES,     /* Procedure */
    NETWORK_KINDS
};

struct network_unit_fact {
    struct str id, name;
    struct str above; /* the unit it is part of; p NULL: none */
    bool hospital;    /* a provider, as far as its type tells */
};

struct network_way_fact {
    struct str to;
    int minutes[TRAVEL_SEASONS];
    double highest_m;
};

struct network_place_fact {
    struct str id, name, unit, above;
    bool jurisdiction, bed, free;
    double latitude, longitude, altitude_m; /* NAN: not known */
    int utc_offset;                         /* minutes, or NETWORK_NO_OFFSET */
    struct network_way_fact *ways;
    size_t way_count;
};
#define NETWORK_NO_OFFSET INT32_MAX

struct network_sign_off {
    uint32_t thing;
    struct capability_interval period;
    struct str record; /* the id of the SignOff that wrote it; p NULL: none did */
    struct str
        rule; /* the id of the ProcedureRule it was signed under; p NULL: none is told */
    int64_t waived; /* until then too few cases end nothing; 0: nothing was waived */
    int64_t told;   /* that it has lapsed then, it says itself; 0: it does not */
};

struct network_person_fact {
    struct str id, name;
    struct str *languages;
    size_t language_count;
    struct network_sign_off *sign_offs;
    size_t sign_off_count;
};

/* Hours of a week, in minutes of the place's day. */
struct network_hours {
    uint8_t days;         /* a bit each, 1: Monday */
    uint16_t from, until; /* until <= from: of the next day */
};

struct network_post_fact {
    struct str id, person, unit;
    int64_t arrived;  /* day, counted from 1970; NETWORK_NEVER: not told */
    bool posted;      /* it is of a team */
    bool works;       /* a role that treats */
    bool expert;      /* the role `expert` */
    bool interpreter; /* the role `interpreter` */
    struct capability_interval term;
    struct network_hours *hours;
    size_t hours_count;
    struct capability_interval *away;
    size_t away_count;
};

#define NETWORK_NEVER INT64_MIN

struct network_link_fact {
    struct str helped, helper;
    bool whole; /* all of the helping hospital, not one unit */
    bool hosts; /* people are posted, and no advice is given */
    bool off;   /* not active: who was sent by it is still no local */
    struct capability_interval term;
};

struct network_device_fact {
    struct str unit, place;
    uint32_t kind;
    struct capability_interval service;
};

struct network_service_fact {
    struct str unit;
    uint32_t thing;
};

struct network_learning_fact {
    store_rid rid;
    struct str apprentice, master;
    uint32_t thing;
    struct capability_interval term;
};

/* An operation. Its texts are names of its part: few are said of many. */
struct network_case_fact {
    int64_t when;
    uint32_t *operators; /* who all did it, the leader first */
    uint32_t operator_count;
    uint32_t department; /* or NETWORK_NO_NAME: not said */
    uint32_t
        leader; /* or NETWORK_NO_NAME: nobody led it, or an older logbook says so */
    uint32_t thing;
    enum procedure_result
        results[LOOKS]; /* as a rule reads them: app/procedure_rule.h */
    bool imported;
};

#define NETWORK_NO_NAME UINT32_MAX

/* Texts that facts of a part share, by number. */
struct network_names {
    struct text_map numbers;
    struct str *list;
    size_t count, cap;
};

/* All facts of one type, in the order of the records they are of. */
struct network_part {
    struct arena *arena;
    void *list;
    store_rid *rids;         /* of the record of each */
    size_t count, cap, size; /* size of one */
    struct network_names names;
    size_t stale;   /* facts whose texts only fill the arena */
    uint64_t known; /* the generation it was read under; 0: never */
};

struct network_taking {
    struct network_part *part;
    const struct json *record;
    store_rid rid;
    struct str base;
};

/* Read one record of ${kind} into its part. A record that tells nothing leaves nothing.
 * E_NOMEM. */
int network_take_record(enum network_kind kind, struct network_taking *t);

/* What readers of records share (network_read.c). */
void *network_fact_new(struct network_taking *t);
int network_keep(struct network_part *part, struct str text, struct str *ret);
int network_keep_name(struct network_part *part, struct str text, uint32_t *ret);
bool network_span(const struct json *period, struct capability_interval *ret);
struct str network_id_in(const struct json *reference, struct str base);
struct str network_code_in(const struct json *concept, const char *system);
size_t network_fact_size(enum network_kind kind);

int network_take_person(struct network_taking *t);
int network_take_post(struct network_taking *t);
int network_take_learning(struct network_taking *t);
int network_take_case(struct network_taking *t);

/* ---- parts (network_parts.c) ---- */

/* What records that were read again mean for a network that is there (network_touch.c). */
struct network_touched {
    struct arena *a;
    struct str
        *persons; /* Practitioner ids, in their part's arena: what they are signed
                          * off in, learn or teach may be another */
    size_t count, cap;
    bool whole; /* more than that changed: it is put together anew */
};

struct network_reading {
    struct store_reader *reader; /* a snapshot younger than the generation */
    unsigned type;
    enum network_kind kind;
    struct str base;
    struct arena *look; /* emptied after each record */
    struct network_touched *touched;
};

/* The facts of one record, as they were before it is read again. In ${a}. */
struct network_before {
    const void *facts;
    size_t count;
};

/* Note what became of ${before}, which stood from ${at} on; ${count} facts stand there now.
 * Without memory: all of it. */
void network_touch(struct network_touched *t, enum network_kind kind,
    const struct network_before *before, const struct network_part *part, size_t at,
    size_t count);

/* Fill ${part}, which is empty, from all records. E_TOO_LARGE, the store's errors. */
int network_part_read(
    struct network_part *part, const struct network_reading *g, struct err *err);

/* Read ${rids} again: the facts of each take the place of those that it had. After a failure
 * the part is neither old nor new. */
int network_part_change(struct network_part *part, const struct network_reading *g,
    const store_rid *rids, size_t count, struct err *err);

/* Was so much of ${part} replaced that it should be read anew? */
bool network_part_worn(const struct network_part *part);

/* ---- the network ---- */

struct network_hospital {
    struct network_name name;
    uint32_t place;                 /* its own in travel's table */
    struct routing_hospital routed; /* twin and answers are the question's */
    int utc_offset;
    bool heads; /* a prefecture or a region says that this hospital is its own */
};

struct network_post {
    uint32_t hospital, person;
    store_rid rid; /* of the PractitionerRole */
    struct network_name unit;
    struct str id;
    struct span fresh; /* first days at a height; empty: none */
    bool visiting;
    struct capability_interval term;
    const struct network_hours *hours;
    size_t hours_count;
    const struct capability_interval *away;
    size_t away_count;
};

struct network_person {
    struct network_name name;
    uint64_t languages;
};

/* Somebody who holds ${post} and is signed off in, learns or teaches ${thing}. */
struct network_carrier {
    uint32_t thing, post;
    struct capability_interval sign_off, learning, teaching;
    store_rid learns;
};

/* All of one hospital, sorted by thing, post. Shared by the networks in which they are the
 * same: a sign-off makes those of the hospitals of its holder anew, and no others. */
struct network_carriers {
    atomic_uint holders;
    size_t count;
    struct network_carrier list[];
};

struct network_link {
    uint32_t helped, helper;  /* hospitals; sorted by the first */
    store_rid rid;            /* of the OrganizationAffiliation */
    struct network_name unit; /* of the helper, that is asked */
    bool whole;
    struct capability_interval term;
};

struct network_device {
    uint32_t hospital, kind; /* sorted by these */
    store_rid rid;           /* of the Device */
    struct capability_interval service;
};

struct network_listed {
    uint32_t hospital, thing; /* sorted by these */
};

/* An operation; sorted by thing, hospital, when. */
struct network_case {
    uint32_t thing, hospital;
    store_rid rid; /* of the Procedure */
    struct capability_case judged;
};

/* Somebody did ${thing} once, wherever; sorted by person, thing, when. */
struct network_doing {
    uint32_t person, thing;
    int64_t when;
    store_rid rid; /* of the Procedure */
    enum procedure_result results[LOOKS];
};

/* A qualification that a SignOff wrote; sorted by its id. */
struct network_signed {
    struct str id; /* of the SignOff */
    uint32_t person, thing;
    struct capability_interval period; /* as it was signed */
    const struct procedure_rule *rule; /* by which it was signed */
    int64_t lapses;      /* too few cases end it then; RECENCY_NEVER: nothing does */
    int64_t told;        /* its record says that they ended it then; 0: it does not */
    size_t first, count; /* of the doings: all of the person in it */
};

/* Something was done there: also what was led by nobody who is known, and what older logbooks
 * say. Sorted by thing, hospital, when. */
struct network_done {
    uint32_t thing, hospital;
    int64_t when;
    bool imported; /* from an older logbook */
};

#define NETWORK_LANGUAGES                                                              \
    63 /* bits of a number; the last is for those that nobody speaks */

struct network {
    struct arena *arena;
    atomic_uint *holders;        /* freed with the last */
    uint64_t serial;             /* network_serial() */
    const struct network *whole; /* held: what all but carriers, carried and signings is
                                  * of; NULL: nothing is another's */
    struct procedure_rules *rules; /* by which what is in it was judged, */
    int64_t known;                 /* as they were known at this position of the log */
    struct network_hospital *hospitals;
    struct network_post *posts;
    struct network_person *persons;
    struct network_carriers **carriers; /* a hospital each */
    struct network_link *links;
    struct network_device *devices;
    struct network_listed *listed;
    struct network_case *cases;
    struct capability_case *judged; /* of the cases, in their order */
    struct network_doing *doings;
    struct network_signed *signings;
    struct network_done *done;
    uint32_t *carried;      /* a thing each: so many carry it somewhere */
    uint32_t *first_post;   /* a person each, and one more */
    struct text_map people; /* Practitioner id -> person */
    size_t hospital_count, post_count, person_count, link_count, device_count,
        listed_count, case_count, doing_count, signing_count, done_count;
    struct travel_place *places;
    struct network_name *place_names;
    struct travel_way *ways;
    size_t place_count, way_count;
    struct str languages[NETWORK_LANGUAGES];
    size_t language_count;
    struct text_map units;     /* Organization id -> hospital */
    struct text_map place_ids; /* Location id -> place */
    struct text_map area_ids;  /* Location id of a jurisdiction -> its number */
    struct str *areas;         /* and back; p NULL: it is none */
    uint32_t *place_hospitals; /* of a place; or NETWORK_NOBODY */
};

/* What joining works with. */
struct network_joining {
    const struct network_part *parts;
    struct network *network;
    struct arena *a;                          /* the network's */
    struct arena *scratch;                    /* until it is joined */
    bool *helped, *helps;                     /* a hospital each */
    struct text_map unit_ids;                 /* Organization id -> fact */
    const struct network_person_fact **facts; /* a person each, in their order */
    /* a name of the operations' part each: whose department, and who it is; or NETWORK_NOBODY */
    uint32_t *department_of, *person_of;
    const bool *touched; /* a hospital each: its carriers are made; NULL: all are */
};

/* By which rules, and as these were known at which position of the log. A network of earlier
 * is for the map alone: no ways are put together in it, no history is sorted, and of doings it
 * has those that bear on what was signed. */
struct network_judging {
    struct procedure_rules *rules;
    int64_t known; /* PROCEDURE_RULES_NOW */
};

/* Make a network of ${parts}, in ${a}, as ${judging} has it. E_NOMEM. */
int network_join(const struct network_judging *judging,
    const struct network_part parts[NETWORK_KINDS], struct arena *a,
    struct network **ret, struct err *err);

/* For one that was made. */
uint64_t network_serial_next(void);

/* Put its ways together (network_ways.c). E_NOMEM. */
int network_join_ways(struct network_joining *j);

/* ${old} with what ${touched} says of people, made of ${parts}, in ${a}; the network has its
 * ${holders} still to come. E_NOMEM. */
int network_join_again(const struct network *old, const struct network_part *parts,
    const struct network_touched *touched, struct arena *a, struct network **ret,
    struct err *err);

/* Its people (network_people.c). E_NOMEM. */
int network_join_people(struct network_joining *j);

/* Who carries what at the hospitals that are touched (network_carry.c); persons, posts and
 * what was signed are known. E_NOMEM: those that were made are to be given back. */
int network_join_carriers(struct network_joining *j);
void network_carriers_release(const struct network *n);

/* Who and where the names of operations are, when hospitals and persons are known; then the
 * operations themselves, when posts are (network_cases.c). E_NOMEM. */
int network_join_names(struct network_joining *j);
int network_join_cases(struct network_joining *j);

/* What who did, when persons are known; and what was signed, when that is known too
 * (network_signed.c). E_NOMEM. */
int network_join_doings(struct network_joining *j);
int network_join_signed(struct network_joining *j);

/* The first of the qualifications that say of themselves that "SignOff/${id}" wrote them, or
 * what would stand behind it. */
size_t network_first_signed(const struct network *n, struct str id);

/* What was done where (network_history.c). E_NOMEM. */
int network_join_history(struct network_joining *j);

/* By the uint32_t at the first offset, then that at the second, each less than so many, then as compare() has it, by which what has
 * two other numbers is in that order too. */
struct network_order {
    struct {
        size_t offset, values;
    } keys[2];
    size_t size; /* of one */
    int (*compare)(const void *one, const void *other);
};

/* ${list}, of fewer than 2^32, in ${order}, in ${a}; NULL: no memory (network_sort.c). */
void *network_sort(struct arena *a, struct arena *scratch,
    const struct network_order *order, const void *list, size_t count);

/* Fill ${ret} with "TYPE/ID" and its display, in the network's arena. E_NOMEM. */
int network_name_make(struct network_joining *j, const char *type, struct str id,
    struct str display, struct network_name *ret);

/* What is behind the slash of a name's reference. */
struct str network_id_of(const struct network_name *name);

/* What the organisation ${id} is called; p NULL: not known. */
struct str network_unit_name(const struct network_joining *j, struct str id);

/* The carriers of ${thing} at ${hospital}: the first of ${*ret_count}. */
struct network_carrier *network_carriers_of(
    const struct network *n, uint32_t thing, uint32_t hospital, size_t *ret_count);

/* The hospital that ${unit} (an id) is or belongs to. */
bool network_unit_hospital(const struct network *n, struct str unit, uint32_t *ret);

/* ---- evidence (network_evidence.c) ---- */

/* What is looked at. */
struct network_look {
    const struct network *network;
    struct arena *a;
    const uint32_t *things; /* who is signed off in one of these illnesses can do each
                             * procedure that it needs */
    size_t thing_count;
    int64_t at;
    int64_t
        recent; /* of operations those of so long before, which are all that count; 0: all */
};

/* All that bears on one procedure at one hospital. */
struct network_evidence {
    uint32_t procedure, hospital;
    const struct network_carrier **carriers; /* of the network's, as many as people */
    struct capability_person *people;        /* of the same */
    size_t count;
    const struct network_link **links;     /* to twins who can do it at that moment */
    const struct network_device **devices; /* of the kinds it needs */
    const struct network_case *cases;
    struct capability_evidence evidence; /* of all this */
};

/* Gather it, in ${look->a}. E_NOMEM. */
int network_evidence_gather(const struct network_look *look, uint32_t hospital,
    uint32_t procedure, struct network_evidence *ret);

/* What needs all of ${needs}, of a hospital that says (${listed}) that it offers it. */
struct capability_answer network_all_of(
    const struct capability_answer *needs, size_t count, bool listed);

bool network_is_listed(const struct network *n, uint32_t hospital, uint32_t thing);

/* ---- history (network_history.c) ---- */

/* When ${thing} was done in the region of a hospital, as far as this network knows. */
struct network_history {
    int64_t first_here;      /* 0: never */
    int64_t first_elsewhere; /* in the region; 0: never */
    size_t operations;       /* that were counted, in the region */
    size_t hospitals;        /* of the region */
};

/* As it was known at ${at}. An illness was first treated on the day on which the last of all
 * that it needs was done there for the first time. What an older logbook of the hospital says
 * proves no first there; what one of another says takes a first away. Pure. */
void network_history(const struct network *n, uint32_t hospital, uint32_t thing,
    int64_t at, struct network_history *ret);

/* Its first_here alone: of one hospital, and so without looking at all others. Pure. */
int64_t network_first_here(
    const struct network *n, uint32_t hospital, uint32_t thing, int64_t at);

/* ---- duty ---- */

/* The duty that is on at ${at} or comes next within two weeks, of those that count
 * (engine/planning/acclimatisation.h). Of who is on leave and has no such duty: the moment of
 * coming back, whatever is known of hours. False: none is known. */
bool network_duty(const struct network *n, const struct network_post *post, int64_t at,
    struct capability_interval *ret);

/* The first days of who was posted to ${hospital}: from the day of arrival, or where that is not
 * told and a team sent them from the first of the posting. Who lives there has none. */
struct span network_first_days(
    const struct network *n, const struct network_post_fact *fact, uint32_t hospital);

/* ---- rows of a question ---- */

struct network_asking {
    const struct network *network;
    struct arena *a;
    const struct network_question *question;
    uint32_t *needs; /* procedures, the one that is asked about first */
    size_t need_count;
    int64_t now;
    struct routing_capability *rows;
    struct routing_person *persons; /* one a row */
    struct network_actor *actors;   /* of the same */
    struct network_name *units;     /* of the same */
    size_t count, cap;
    struct routing_hospital *hospitals;
    struct network_name *twins; /* a hospital each: the unit that advises */
};

/* Add the rows of ${hospital}. E_NOMEM. */
int network_rows(struct network_asking *q, uint32_t hospital);

#endif
