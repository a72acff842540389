/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The decade's frame. It walks from day to day; each day the parts do what is due, in the
 * order of decade_parts, and what they write goes into the log at that day:
 *
 *   decade.c                the walk, the day's records into the load
 *   decade_chance.c         chance that falls the same each time
 *   decade_later.c          what is to be done on a later day
 *   decade_clinic*.c        operations, who learns, sign-offs: decade_clinic_internal.h
 *   decade_case*.c          cases over the wire: decade_case_internal.h
 *   decade_record.c         writing records
 *   decade_parameters.c     how many, how often, whence: the numbers, with their sources
 *   decade_names.c          names of invented people
 *   decade_organisations.c  hospitals and their departments
 *   decade_people.c         local staff
 *   decade_teams.c          batches, teams, postings, leave, replacements
 *   decade_pairings.c       who stands by whom
 *   decade_courses.c        courses, placements, degrees: decade_learning_internal.h
 *   decade_money.c          commitments, payments; decade_equipment.c: devices
 *   decade_gap*.c           what hospitals shall be able to do: decade_gap_internal.h
 *   decade_services.c       what departments say that they treat
 *   decade_lapse.c          who has done too few operations lately
 *   decade_volumes.c        months of hospitals; decade_population.c: inhabitants of counties
 *   decade_published.c      what was published, to be held against the records
 *   decade_office.c         who runs the programme
 *   decade_handover.c       the last change of teams, once all else is there
 *
 * Everything is of one thread. Memory lives in d->arena until the end. Numbers are whole
 * numbers throughout, so that every machine makes the same.
 *
 * What holds:
 *   1 a part takes chance from its own stream alone, so that a change in one part does not
 *     move another
 *   2 what stands in d->hospitals, d->departments, d->people and d->postings keeps its
 *     number; the arrays may move when one is added, so keep numbers, not pointers
 *   3 lists of who is at a department hold who is there on d->day
 */
#ifndef APP_DECADE_INTERNAL_H
#define APP_DECADE_INTERNAL_H

#include "app/decade.h"
#include "app/load.h"
#include "json/json.h"

#define BELAY "https://belay.health/"
#define DECADE_NONE UINT32_MAX
#define DECADE_PARTS_MAX 17
#define DECADE_PROVINCES 17
#define HOST_LHASA 1 /* of decade_hosts: where one town has two, the city's own */
#define DECADE_ID_MAX 48
#define DECADE_NAME_MAX 96

typedef int32_t day_number; /* days since 1970-01-01 */

/* ---- decade_chance.c ---- */

struct chance {
    uint64_t state[4];
};

/* A stream of its own for ${name}. */
struct chance chance_from(uint64_t seed, const char *name);
uint64_t chance_next(struct chance *c);
/* 0 to ${count} - 1; ${count} at least 1. */
uint32_t chance_below(struct chance *c, uint32_t count);
/* ${least} to ${most}, both included. */
int32_t chance_between(struct chance *c, int32_t least, int32_t most);
/* True in so many of a thousand, of a million. */
bool chance_permille(struct chance *c, uint32_t permille);
bool chance_millionth(struct chance *c, uint32_t parts);
/* A whole number that is ${thousandths} / 1000 on average: the whole part and sometimes one
 * more. */
uint32_t chance_about(struct chance *c, uint32_t thousandths);
/* An index, by ${weights}; their sum is over 0. */
uint32_t chance_weighted(struct chance *c, const uint16_t *weights, uint32_t count);

/* ---- who and what there is ---- */

enum decade_tier {
    TIER_SENDING,  /* lends experts */
    TIER_ASSISTED, /* of the first eight */
    TIER_COUNTY,   /* assisted from 2021 on */
    TIER_HUB,      /* treats patients from abroad, sends experts abroad */
    TIER_ABROAD,   /* linked by telemedicine */
};

struct decade_list {
    uint32_t *at;
    uint32_t count;
    uint32_t room;
};

struct decade_hospital {
    char id[DECADE_ID_MAX - 8];
    char name[DECADE_NAME_MAX];
    const struct decade_place *place;
    enum decade_tier tier;
    uint32_t
        province;     /* of TIER_SENDING: index in decade_provinces; else DECADE_NONE */
    day_number since; /* in the programme, and written; DECADE_NEVER: not yet */
    bool written;
    uint32_t first_department; /* index; its departments stand in a row */
    uint32_t department_count;
    uint32_t director; /* person */
    uint32_t coordinator;
    uint32_t quality;         /* quality officer */
    struct decade_list twins; /* of an assisted or county hospital: who sends to it */
};

struct decade_department {
    char id[DECADE_ID_MAX];
    uint32_t hospital;
    uint32_t specialty; /* index in decade_specialties */
    day_number since;
    bool written;
    uint32_t twin;            /* department of a sending hospital paired with it now */
    uint32_t head;            /* person; DECADE_NONE */
    uint32_t coming;          /* posts of a batch that is being put together */
    struct decade_list staff; /* people employed here today: doctors and others */
    struct decade_list experts; /* postings here today */
};

enum decade_role {
    ROLE_DOCTOR,
    ROLE_NURSE,
    ROLE_TECHNICIAN,
    ROLE_EXPERT,
    ROLE_STUDENT, /* from abroad */
    ROLE_DIRECTOR,
    ROLE_COORDINATOR,
    ROLE_QUALITY
};

struct decade_person {
    uint32_t number; /* the id is "d-p" and this */
    enum decade_role role;
    bool female;
    uint32_t department; /* where employed; DECADE_NONE: an expert, who has postings */
    uint32_t hospital;   /* of an expert: the sending one */
    uint32_t specialty;
    day_number from;       /* employed, or known to the programme */
    day_number until;      /* left; DECADE_NEVER */
    uint16_t name[3];      /* decade_names.c */
    uint8_t people;        /* whose names */
    uint32_t trained;      /* courses passed */
    bool sent;             /* to the twin hospital, once at least */
    bool studied;          /* for a degree, or does now */
    day_number away_until; /* at the twin hospital; 0: never was */
    bool apprenticed;      /* to somebody, once at least */
};

/* An expert's stay. */
struct decade_posting {
    uint32_t person;
    uint32_t department; /* of the host */
    uint32_t team;
    uint32_t replaces; /* posting; DECADE_NONE */
    uint32_t
        checker; /* who looked at licence, privileges, altitude; DECADE_NONE: not yet */
    bool conditions; /* fit for the altitude under conditions */
    day_number from, until;
    day_number leave_from, leave_until; /* 0: none */
};

struct decade_team {
    uint32_t sender; /* hospital */
    uint32_t host;   /* hospital */
    uint16_t batch;  /* 1 to 11 */
    uint32_t leader; /* person */
    day_number from, until;
};

#define DECADE_NEVER INT32_MAX

struct decade;
struct decade_staffing;
struct decade_sending;
struct decade_pairing;
struct decade_learning;
struct decade_volumes;
struct decade_abroad;
struct decade_money;
struct decade_equipment;
struct decade_gaps;

/* What is to be done on a later day; ${of} is what the caller likes: numbers, no pointers. */
typedef int (*decade_deed)(struct decade *d, const uint32_t of[4], struct err *err);

struct decade_later {
    day_number day;
    uint32_t serial; /* first asked, first done */
    decade_deed deed;
    uint32_t of[4];
};

struct decade {
    struct app *app;
    struct app_load *load;
    struct app_decade_options options;
    struct arena *arena;
    struct arena *scratch; /* emptied by who uses it */
    day_number day;        /* today */
    day_number last;       /* the last day of the walk */
    struct buf lines;      /* today's records, one a line */
    struct json_out out;
    struct app_decade_result result;
    struct err fault; /* the first record that was refused; code 0: none */

    struct decade_hospital *hospitals;
    uint32_t hospital_count, hospital_room;
    uint32_t first_sender[DECADE_PROVINCES]; /* hospital */
    struct decade_department *departments;
    uint32_t department_count, department_room;
    struct decade_person *people;
    uint32_t person_count, person_room;
    struct decade_posting *postings;
    uint32_t posting_count, posting_room;
    struct decade_team *teams;
    uint32_t team_count, team_room;
    struct decade_later *later; /* a heap by day and serial */
    uint32_t later_count, later_room, later_serial;
    void *parts[DECADE_PARTS_MAX];      /* what each part keeps, as in decade_parts */
    struct decade_staffing *staffing;   /* of decade_people.c */
    struct decade_sending *sending;     /* of decade_teams.c */
    struct decade_pairing *pairing;     /* of decade_pairings.c */
    struct decade_learning *learning;   /* of decade_courses.c */
    struct decade_volumes *volumes;     /* of decade_volumes.c */
    struct decade_abroad *abroad;       /* of decade_abroad.c */
    struct decade_money *money;         /* of decade_money.c */
    struct decade_equipment *equipment; /* of decade_equipment.c */
    struct decade_gaps *gaps;           /* of decade_gap.c; NULL: not begun */
};

/* ---- parts ---- */

struct decade_part {
    const char *name;
    /* Before the first day; what it keeps goes into *keep, from d->arena. */
    int (*begin)(struct decade *d, void **keep, struct err *err);
    /* The first day of each month; NULL: nothing. Later days by decade_do_later(). */
    int (*month)(struct decade *d, void *keep, struct err *err);
    /* After the last day. */
    int (*end)(struct decade *d, void *keep, struct err *err);
    /* Each evening, when all of the day is done; NULL: nothing. */
    int (*evening)(struct decade *d, void *keep, struct err *err);
};
extern const struct decade_part *const decade_parts[]; /* decade.c; NULL ends it */

extern const struct decade_part decade_organisations;
extern const struct decade_part decade_people;
extern const struct decade_part decade_teams;
extern const struct decade_part decade_pairings;
extern const struct decade_part decade_courses;
extern const struct decade_part decade_clinic;
extern const struct decade_part decade_cases;
extern const struct decade_part decade_volumes;
extern const struct decade_part decade_population;
extern const struct decade_part decade_abroad;
extern const struct decade_part decade_money;
extern const struct decade_part decade_equipment;
extern const struct decade_part decade_gaps;
extern const struct decade_part decade_services;
extern const struct decade_part decade_lapses;
extern const struct decade_part decade_handover;
extern const struct decade_part decade_published;
extern const struct decade_part decade_office;
#define DECADE_OFFICE "d-office-1" /* its coordinator, and the post */

/* ---- days ---- */

day_number decade_day_of(int year, unsigned month, unsigned day);
void decade_date_of(
    day_number day, int *ret_year, unsigned *ret_month, unsigned *ret_day);
/* Today's year, from 2015 on. */
uint32_t decade_year(const struct decade *d);
#define DECADE_DATE_MAX 12
/* "2019-03-31" into ${out}; returns it. */
const char *decade_date(day_number day, char out[DECADE_DATE_MAX]);

/* Do ${deed} on ${day}, or today if that is over; never, where it lies behind the walk's end. */
int decade_do_later(struct decade *d, day_number day, decade_deed deed,
    const uint32_t of[4], struct err *err);
/* Do what is due today, first asked first. */
int decade_do_due(struct decade *d, struct err *err);

/* So much of ${count} as options.share leaves; at least 1 of 1. */
uint32_t decade_share(const struct decade *d, uint32_t count);

/* ---- lists ---- */

int decade_list_add(
    struct decade *d, struct decade_list *list, uint32_t one, struct err *err);
void decade_list_remove(struct decade_list *list, uint32_t one);

/* Room for one more in an array of d->arena. */
int decade_room(struct decade *d, void **array, uint32_t count, uint32_t *room,
    size_t size, struct err *err);

/* ---- decade_record.c: one record a line ---- */

/* Begin a record; its resourceType and id are there. */
struct json_out *decade_open(struct decade *d, const char *type, const char *id);
/* End it. It is written at the end of the day; nothing can fail here, memory is looked at then. */
void decade_close(struct decade *d);

void put_reference(
    struct json_out *o, const char *name, const char *type, const char *id);
/* {"reference":"Type/id"} as a value. */
void put_reference_value(struct json_out *o, const char *type, const char *id);
/* {"coding":[{"system","code"}],"text"}; ${text} may be NULL. ${system} without the head
 * "https://belay.health/CodeSystem/" where it has no colon. */
void put_concept(struct json_out *o, const char *name, const char *system,
    const char *code, const char *text);
void put_concept_value(
    struct json_out *o, const char *system, const char *code, const char *text);
/* "name", in Latin letters, and ${also} where it is neither NULL nor "": in their own. */
void put_names(struct json_out *o, const char *name, const char *also);
/* "period": open where ${until} is DECADE_NEVER. */
void put_period(
    struct json_out *o, const char *name, day_number from, day_number until);
void put_date(struct json_out *o, const char *name, day_number day);
/* So many minutes after midnight in UTC, which may be more than a day's or negative. */
void put_instant(struct json_out *o, const char *name, day_number day, int32_t minute);
void put_text(struct json_out *o, const char *name, const char *text);
void put_int(struct json_out *o, const char *name, int64_t value);
void put_bool(struct json_out *o, const char *name, bool value);
/* Begin one of our extensions within a list: {"url": ...; the caller puts the value and closes. */
void open_extension(struct json_out *o, const char *name);
/* The same by the whole ${url}: of another's, or of a part of one, which has a bare name. */
void open_part(struct json_out *o, const char *url);

/* ---- ids ---- */

#define PERSON_ID_MAX 16
const char *person_id(const struct decade *d, uint32_t person, char out[PERSON_ID_MAX]);
const char *posting_id(
    const struct decade *d, uint32_t posting, char out[PERSON_ID_MAX]);
const char *team_id(const struct decade *d, uint32_t team, char out[PERSON_ID_MAX]);
void put_person(
    const struct decade *d, struct json_out *o, const char *name, uint32_t person);

/* ---- decade_organisations.c ---- */

/* The department of ${hospital} for ${specialty}; DECADE_NONE. */
uint32_t decade_department_of(
    const struct decade *d, uint32_t hospital, uint32_t specialty);
/* One more hospital, known from now on and not written; it gets departments by its tier. */
int decade_hospital_new(
    struct decade *d, const struct decade_hospital *like, struct err *err);
/* Write a hospital with its departments, if that was not done. */
int decade_hospital_write(struct decade *d, uint32_t hospital, struct err *err);
/* The same of one department, on the day from which it is there. */
int decade_department_write(struct decade *d, uint32_t department, struct err *err);

/* ---- decade_people.c ---- */

/* One more person, written as a Practitioner; DECADE_NONE on failure. Not employed yet. */
uint32_t decade_person_new(struct decade *d, struct chance *c,
    const struct decade_person *like, struct err *err);
/* Write the Practitioner as they are today. */
void decade_person_write(struct decade *d, uint32_t person);
/* A doctor who works at ${department} today; DECADE_NONE: nobody does. */
uint32_t decade_doctor_at(struct decade *d, struct chance *c, uint32_t department);
/* A posting at ${department} of today, not on leave; DECADE_NONE. */
uint32_t decade_expert_at(struct decade *d, struct chance *c, uint32_t department);

/* ---- decade_volumes.c: a MeasureReport that somebody writes down ---- */

/* Begin it: ${measure} without its head; the caller says of what and of when it is. */
void decade_report_open(struct decade *d, const char *id, const char *measure);
/* End it with its one figure, a count. */
void decade_report_close(struct decade *d, uint32_t count);
/* "population": that count alone. */
void decade_report_put_count(struct decade *d, uint32_t count);

/* ---- decade_population.c ---- */

/* How many live in ${place} in ${year}, 2015 to 2025: a county, or a town with what of its prefecture is in no county
 * of decade_places; 0: not in the region, or another year. */
uint32_t decade_inhabitants(const struct decade_place *place, int year);
/* The same of women. */
uint32_t decade_women(const struct decade_place *place, int year);

/* ---- decade.c ---- */

/* The moment at which all of ${day} is in the log, and at which the node looks. */
utc_ms decade_evening(day_number day);

/* ---- decade_pairings.c ---- */

/* The id of what pairs the two whose ids are given. */
const char *pairing_id(
    const char *helped, const char *helper, char out[2 * DECADE_ID_MAX]);

/* ---- decade_equipment.c ---- */

/* Is a device of ${kind} (of the catalogue) in service at ${hospital} at ${at}, as its record says
 * today? */
bool decade_serves(const struct decade *d, uint32_t hospital, uint32_t kind, utc_ms at);

/* A device of ${kind} that serves at ${hospital} today, by ${turn} one or another of several; DECADE_NONE. Its id. */
uint32_t decade_device_at(
    const struct decade *d, uint32_t hospital, uint32_t kind, uint32_t turn);
const char *decade_device_id(uint32_t device, char out[PERSON_ID_MAX]);

/* ---- decade_gap.c: what was written may move a gap ---- */

void decade_gap_person(struct decade *d, uint32_t person);
void decade_gap_posting(struct decade *d, uint32_t posting);
void decade_gap_device(struct decade *d, uint32_t hospital);

/* ---- decade_sign_put.c ---- */

/* Practitioner.qualification of ${person}: what an expert brings, what somebody local is signed
 * off in. */
void decade_qualifications_put(struct decade *d, struct json_out *o, uint32_t person);

/* ---- decade_names.c ---- */

enum decade_names { NAMES_CN, NAMES_BO, NAMES_TJ, NAMES_KZ };
void decade_name_pick(struct chance *c, uint8_t people, uint16_t ret[3]);
/* The name in Latin letters, and in the people's own where ${also} is not NULL ("": none). */
void decade_name_write(const struct decade_person *p, char name[DECADE_NAME_MAX],
    char also[DECADE_NAME_MAX]);

/* ---- decade_parameters.c ---- */

struct decade_place {
    const char *id, *name, *chinese, *country, *tier, *parent, *twin;
    int32_t latitude, longitude; /* hundredths of a degree */
    int32_t altitude;
};
extern const struct decade_place decade_places[];
extern const size_t decade_place_count;
const struct decade_place *decade_place_named(const char *id);

struct decade_province {
    const char *place; /* the sending city, of decade_places */
    const char *name;
    uint16_t hospitals; /* that send over the ten years: 203 in all */
    uint16_t joins;     /* the batch with which it begins */
    const char *host;   /* where it sends to: this town, and from 2021 its counties */
};
extern const struct decade_province decade_provinces[DECADE_PROVINCES];

struct decade_host {
    const char *place;
    const char *name;
    uint16_t posts; /* its share of a batch's posts */
    uint16_t staff; /* people who treat and nurse in 2015 */
};
#define DECADE_HOSTS 8
extern const struct decade_host decade_hosts[DECADE_HOSTS];

struct decade_specialty {
    const char *name;
    const char *doctor; /* what its doctors are called */
    uint16_t weight;    /* of posts of experts */
    uint8_t assisted; /* year (20yy) from which an assisted hospital has it; 0: never */
    uint8_t county;
    uint8_t share; /* staff of it, of a thousand of the hospital's */
};
#define DECADE_SPECIALTIES 24
extern const struct decade_specialty decade_specialties[DECADE_SPECIALTIES];

#define DECADE_BATCHES 11
struct decade_batch {
    int year;          /* comes in its August */
    uint16_t assisted; /* posts at the eight together */
    uint16_t county;   /* posts at all counties together */
};
extern const struct decade_batch decade_batches[DECADE_BATCHES];

#endif
