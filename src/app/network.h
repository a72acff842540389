/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the records say hospitals can do, kept in memory for ServiceRequest/$route. What is
 * remembered are facts with their times, and no decision: levels, duties and ways are
 * worked out for the moment that is asked about, so that a post that ends tonight ends
 * tonight, and a question about next week is answered as of next week.
 *
 * There is no table of a view behind it: one that kept, for each hospital and illness, what
 * can be done would have to be written anew whenever a period begins or ends, which no change
 * of a record tells. Records that have changed are read again, each by itself; of a type of
 * which many have changed at once, all are.
 *
 *   Practitioner.qualification   signed off in a procedure or an illness, for a period
 *   PractitionerRole             the post: period, availableTime (duty, in the place's time),
 *                                notAvailable; `expert` at a hospital that is helped: a visit
 *   OrganizationAffiliation      who advises whom
 *   Device                       equipment, by owner or location; active: in service
 *   Location                     places (position, partOf a jurisdiction, `way`s,
 *                                `utc-offset`) and beds (operationalStatus)
 *   HealthcareService            listed: somebody says that it is offered
 *   Apprenticeship               who learns what
 *   Procedure                    that somebody did something on a day, and what became of it
 *
 * Nothing here tells who a patient was.
 */
#ifndef APP_NETWORK_H
#define APP_NETWORK_H

#include "app/app.h"
#include "engine/planning/acclimatisation.h"
#include "engine/routing/routing.h"

struct network;
struct networks;

/* NULL: no memory. */
struct networks *networks_new(struct app *app);
void networks_free(struct networks *n);

/* The record ${rid} of ${type} has changed (writer's thread; cheap). */
void networks_changed(struct networks *n, unsigned type, store_rid rid);

/* The network as the records are now, to be given back with network_release(). Any thread;
 * reads records if some have changed. E_TOO_LARGE: LIMIT_NETWORK_RECORDS. */
int networks_take(struct networks *n, const struct network **ret, struct err *err);
/* The same as it was known when the log ended at ${position}, for the map: records and rules as
 * they were then, but no ways put together and no history. Given back likewise. Any thread; the first reads every version of the network's
 * records. E_TOO_LARGE: LIMIT_NETWORK_PAST. */
int networks_take_known(
    struct networks *n, int64_t position, const struct network **ret, struct err *err);

/* Read what records of the network said since it was read last, so that nobody who asks of earlier waits for that. Any thread. */
int networks_read_past(struct networks *n, struct err *err);

void network_release(const struct network *network);

/* The hospital of "Organization/ID", a hospital or a unit of one, or of "Location/ID", a
 * place of one; as an index. False: there is none. */
bool network_hospital(
    const struct network *network, struct str reference, uint32_t *ret);

/* From April to October the passes are open: a decision of ours. */
enum travel_season network_season(utc_ms at);

/* From one hospital or place to another, each as network_hospital() takes it, in the season of ${now}. */
struct network_way {
    double kilometres; /* over the sphere, one way; NAN: not known */
    int minutes;       /* as told, else estimated; -1: no way, or not known */
};
struct network_way network_way_between(
    const struct network *network, struct str from, struct str to, utc_ms now);

/* Kilometres over the sphere from ${home}, a hospital as network_hospital() takes it or any "Location/ID", to the nearest of the
 * hospitals that a prefecture or region names as its own, in the region of the hospital at home; 0: it is one itself. NAN: not known. */
double network_remoteness(const struct network *network, struct str home);

/* How far from home the second hospital lies: "prefecture" (of the same one, or the same hospital), "region"
 * (of the same region), "beyond" (also where one of them lies in a region and the other in none); NULL: neither does. Each as network_hospital() takes it. */
const char *network_reach(
    const struct network *network, struct str home, struct str to);

/* The bit of a language such as "bo" or "zh-CN". One that nobody speaks has a bit too. */
uint64_t network_language(const struct network *network, struct str tag);

/* ---- first days at a height ---- */

/* A duty that does not count, so that nobody is sent to whoever would do it. */
struct network_uncounted {
    int64_t from, until;
    enum acclimatisation_word why;
};

struct network_fresh {
    int64_t from, until;         /* both 0: none */
    int64_t first_day, last_day; /* the same in the host's days, from 1970 */
    double altitude_m;
    struct str hospital; /* its name; p NULL: none */
    int utc_offset;      /* of its clocks, in minutes */
    struct network_uncounted *duties;
    size_t count;
};

/* Those of the post "PractitionerRole/${id}". E_NOMEM. */
int network_fresh(const struct network *network, struct arena *a, struct str id,
    struct network_fresh *ret);

/* Those of a post as ${record}, a PractitionerRole, would have it; who else is there is as the
 * network knows it. E_NOMEM. */
int network_fresh_planned(const struct network *network, struct arena *a,
    const struct json *record, struct network_fresh *ret);

/* ---- sign-offs ---- */

/* Of a qualification that a SignOff wrote: which, under which ProcedureRule, and, where it was signed although there were too
 * few cases lately, until when that ends nothing. */
#define SIGN_OFF_EXTENSION "https://belay.health/StructureDefinition/sign-off"
#define SIGNED_UNDER_EXTENSION "https://belay.health/StructureDefinition/signed-under"
#define RECENCY_WAIVED_EXTENSION                                                       \
    "https://belay.health/StructureDefinition/recency-waived"
/* When too few cases ended it, as the node found (sign_off_lapse.h). */
#define RECENCY_LAPSED_EXTENSION                                                       \
    "https://belay.health/StructureDefinition/recency-lapsed"

/* Too few cases end what "SignOff/${id}" signed, at ${*ret} or did so then, if nobody adds
 * any. False: nothing but its last day ends it, or it counts no more. */
bool network_sign_off_lapses(
    const struct network *network, struct str id, int64_t *ret);

/* The same of what has ended it by ${now}; 0: nothing has. */
int64_t network_sign_off_lapsed(
    const struct network *network, struct str id, int64_t now);

/* The signing number ${from} or one behind it of which its Practitioner does not say that it has lapsed by ${now}, or
 * says so wrongly. False: there is none. */
struct network_untold {
    size_t next;       /* where to go on */
    struct str person; /* "Practitioner/ID" */
};
bool network_lapse_untold(const struct network *network, size_t from, int64_t now,
    struct network_untold *ret);

/* ---- a question ---- */

#define NETWORK_NOBODY UINT32_MAX

/* Somebody or something as answers name it. */
struct network_name {
    struct str reference; /* "Practitioner/ID"; p NULL: nobody */
    struct str display;   /* p NULL: none */
};

/* How soon a department answers, from so many answers; -1: not known. */
struct network_pace {
    int minutes;
    unsigned count;
};

struct network_question {
    const uint32_t *things; /* of the catalogue: all of them are needed */
    size_t thing_count;
    struct routing_question asked; /* illness is not looked at */
    /* how soon ${unit} answers; NULL: not asked */
    int (*pace)(void *arg, struct str unit, struct network_pace *ret, struct err *err);
    void *pace_arg;
};

struct network_option {
    struct routing_option routed;
    struct network_name hospital, place;
    struct network_name unit; /* whom to ask: the person's department, or the twin's */
    struct network_name unit_hospital;      /* and whose it is */
    bool listed;                            /* the hospital says that it offers it */
    bool demonstrated, sustained;           /* all that is asked, as the map has it */
    double latitude, longitude, altitude_m; /* NAN: not known */
};

/* All persons of the answer: routed.person and the reasons' are indexes of it. */
struct network_actor {
    struct network_name name;
    store_rid learns; /* an Apprenticeship says so, which not everybody may see; or 0 */
};

struct network_answer {
    const struct network_option *options; /* in their order */
    const struct network_actor *actors;
    size_t count, actor_count;
    struct network_name from, from_place; /* the hospital that has the patient */
    double latitude, longitude, altitude_m;
};

/* Decide, in ${a}; names live as long as ${network}. E_NOMEM, and what ${question->pace} says. Same
 * network, question and pace: same answer. */
int network_route(const struct network *network, struct arena *a,
    const struct network_question *question, const struct routing_rules *rules,
    struct network_answer *ret, struct err *err);

#endif
