/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of sign-offs share (docs/adr/0063-sign-off.md).
 *
 *   sign_off.c          SignOff/$propose, and the way of every operation
 *   sign_off_sign.c     SignOff/ID/$sign, $refuse and $withdraw
 *   sign_off_watch.c    the chart of the cases since, its alarms; SignOff/ID/$acknowledge
 *   sign_off_alarm.c    the alarms that nobody has looked at, and who is told of them
 *   sign_off_show.c     SignOff/$waiting and SignOff/ID/$conditions
 *   sign_off_find.c     records read; who can sign as what
 *   sign_off_stand.c    who stands in where nobody of the hospital can sign
 *   sign_off_judge.c    the conditions as they stand
 *   sign_off_evidence.c which operations and ratings a condition was read from
 *   sign_off_place.c    what the procedure needs at the hospital
 *   sign_off_put.c      SignOff and Practitioner.qualification as they are written
 */
#ifndef APP_SIGN_OFF_INTERNAL_H
#define APP_SIGN_OFF_INTERNAL_H

#include "app/change.h"
#include "app/logbook_internal.h"
#include "app/network.h"
#include "app/seek.h"
#include "engine/competence/watch.h"

enum sign_off_status { SIGN_PROPOSED, SIGN_SIGNED, SIGN_REFUSED, SIGN_WITHDRAWN };
enum sign_off_role { SIGN_MASTER, SIGN_HEAD, SIGN_QUALITY, SIGN_ROLES };

/* One SignOff, as it is stored. References are "Type/ID". */
struct sign_off {
    struct store_record rec;
    const struct json *json;
    struct str id;
    enum sign_off_status status;
    struct str person, department, hospital, renews; /* renews p NULL: nothing */
    struct str code;
    struct str signers[SIGN_ROLES]; /* p NULL: has not signed */
};

/* An operation under way. */
struct signing {
    struct app_call *call;
    const struct rest *rest;
    const struct json *body;
    struct seek seek;
    struct sign_off s;
    struct logbook_answer logbook;
    const struct logbook_line *line; /* of the procedure; in logbook */
    struct sign_off_equipment *equipment;
    const struct network *network; /* of what only shows */
    utc_ms now;
    bool raced;  /* somebody else was quicker: it is worth another try */
    bool proved; /* the one-time code was right and is used up */
};

/* ---- records ---- */

/* The SignOff ${rid}; ${ret->json} NULL: it is not there now. */
int sign_off_load(
    const struct seek *s, store_rid rid, struct sign_off *ret, struct err *err);

/* "TYPE/ID" of what ${reference} names, in this node's short form; p NULL: it is no such. */
struct str sign_off_named(const struct seek *s, struct str reference, const char *type);

/* All SignOffs of ${person} in ${code} (p NULL: in whatever), oldest first. */
struct sign_off_all {
    struct sign_off *list;
    size_t count;
};
int sign_off_of_person(const struct seek *s, struct str person, struct str code,
    struct sign_off_all *ret, struct err *err);

/* ---- who ---- */

/* An Apprenticeship that aims at a procedure. */
struct sign_off_aim {
    struct str apprentice, master;
    struct str department, teaching; /* that learns, that teaches; p NULL: not said */
    struct str code;
};
struct sign_off_aims {
    struct sign_off_aim *list;
    size_t count;
};

/* Those that ${who} takes part in as ${part} ("apprentice", "master" or "department"), one for
 * each goal. ${ended}: also those that are completed or whose time is over. */
struct sign_off_who {
    const char *part;
    struct str who;
    bool ended;
    utc_ms now;
};
int sign_off_aims(const struct seek *s, const struct sign_off_who *ask,
    struct sign_off_aims *ret, struct err *err);

/* As what the caller could sign ${s} by their own office: a bit for each enum sign_off_role;
 * none for themselves. */
int sign_off_roles(
    struct signing *g, const struct sign_off *s, unsigned *ret, struct err *err);

/* Somebody who holds the office at the hospital. */
struct sign_off_holder {
    struct str who;
    const char
        *why; /* they cannot sign as such: is-the-person, is-the-master, is-the-head,
                        has-signed; NULL: they can */
};
/* The caller in the place of the office of ${unit}. */
struct sign_off_stand {
    bool may;        /* nobody of the hospital can, and the caller may */
    struct str unit; /* the department, or the hospital */
    struct str from; /* where the caller holds that office; p NULL: at no hospital */
    struct sign_off_holder *holders; /* none: nobody holds it */
    size_t holder_count;
};
/* In which offices of ${s} the caller may stand in. */
int sign_off_stands(struct signing *g, const struct sign_off *s,
    struct sign_off_stand ret[SIGN_ROLES], struct err *err);

/* As sign_off_roles(), with those in which the caller stands in: ${stands[ROLE].may}. */
int sign_off_may(struct signing *g, const struct sign_off *s, unsigned *ret,
    struct sign_off_stand stands[SIGN_ROLES], struct err *err);

/* Does ${affiliation} pair two sides at ${now}? */
bool sign_off_is_live(const struct json *affiliation, utc_ms now);

/* "inPlaceOf":{...; NULL: nothing. */
void sign_off_put_stand(struct json_out *o, const struct sign_off_stand *stand);

const char *sign_off_role_code(enum sign_off_role role);
const char *sign_off_condition_code(enum sign_off_condition condition);
const char *sign_off_answer_code(enum sign_off_answer answer);

/* ---- conditions ---- */

#define SIGN_OFF_KINDS 16
#define SIGN_OFF_EVIDENCE 50 /* references that one condition names */
/* What the catalogue says that the procedure needs, at the hospital, now. */
struct sign_off_equipment {
    const char *kinds[SIGN_OFF_KINDS];
    bool serves[SIGN_OFF_KINDS];
    size_t count;
};
/* Met: all of it is in service; not known: the catalogue names nothing. */
int sign_off_place(struct app_call *call, struct str hospital, struct str code,
    struct sign_off_equipment *ret, enum sign_off_answer *ret_answer, struct err *err);

/* Work out the conditions of ${g->s} into ${g->logbook}, ${g->line} and ${g->equipment}. */
int sign_off_judge(struct signing *g, struct err *err);

/* What ${condition} was read from, the newest first: "Procedure/ID", "Observation/ID". */
struct sign_off_evidence {
    struct str list[SIGN_OFF_EVIDENCE];
    size_t count;
};
int sign_off_evidence(struct signing *g, enum sign_off_condition condition,
    struct sign_off_evidence *ret, struct err *err);

/* ---- afterwards ---- */

/* The cases of a SignOff's holder since it was signed whose outcome is known, oldest first, and
 * the chart over them (engine/competence/watch.h). */
struct sign_off_chart {
    const struct procedure_rule *judged; /* the rule by which it was signed */
    const struct watch_rule *rule;
    utc_ms *when;
    bool *failed;
    double *scores;
    struct str *procedures; /* "Procedure/ID" */
    size_t count;
    struct str *open; /* of procedures: it rose on them, and nobody acknowledged that */
    size_t open_count;
};

/* ${g->network} is there; what is not signed has no cases. */
int sign_off_chart(struct signing *g, const struct sign_off *s,
    struct sign_off_chart *ret, struct err *err);

int sign_off_put_chart(struct json_out *o, struct signing *g, const struct sign_off *s,
    bool whole, struct err *err);

/* ---- what is written ---- */

/* A SignOff that is proposed, with its conditions. */
int sign_off_put_proposal(
    struct buf *b, struct signing *g, struct str word, struct err *err);

struct sign_off_act {
    enum sign_off_role role;
    struct str reason; /* p NULL: none */
    bool against;
    const struct sign_off_stand *stand; /* NULL: by the own office */
};
/* The same SignOff with one signature more; with the third it is signed until the day
 * ${until} ("2027-11-30"). */
int sign_off_put_signature(struct buf *b, struct signing *g,
    const struct sign_off_act *act, const char *until, struct err *err);

/* The same SignOff, with ${status} and, under that name, who ended it. */
int sign_off_put_end(struct buf *b, struct signing *g, const struct sign_off_act *act,
    const char *status, struct err *err);

/* The same SignOff, with each alarm of ${chart} that was open as one that somebody has looked
 * at: who looks at the last sees those before it. */
void sign_off_put_acknowledged(struct buf *b, struct signing *g,
    const struct sign_off_act *act, const struct sign_off_chart *chart);

/* The Practitioner ${before} with the qualification of ${g->s}, until the day ${until}; the one
 * that it renews ends now and stays, so that what held in the past can still be told. What is
 * over stands behind what holds. */
int sign_off_put_qualified(struct buf *b, struct signing *g, const struct json *before,
    const char *until, struct err *err);

/* The Practitioner ${before}, whose qualification by ${g->s}, and those in the same procedure
 * that no SignOff wrote, have ended now. ${*ret_found}: there was one by ${g->s}. */
int sign_off_put_ended(struct buf *b, struct signing *g, const struct json *before,
    bool *ret_found, struct err *err);

/* Until when what is signed ${now} on ${list} is waived to have been done often enough lately; 0: it was. */
utc_ms sign_off_waived(
    const struct sign_off_list *list, const struct sign_off_rule *rule, utc_ms now);
/* One of the extensions of the qualification; nothing of 0. */
void sign_off_put_waived(struct json_out *o, utc_ms until);

/* {"name":"condition","part":[... for each, as Parameters. */
void sign_off_put_count(struct json_out *o, const char *name, int value);
int sign_off_put_parameters(struct json_out *o, struct signing *g, struct err *err);

/* ---- the operations ---- */

int sign_off_sign(struct signing *g, struct err *err);
int sign_off_refuse(struct signing *g, struct err *err);
int sign_off_withdraw(struct signing *g, struct err *err);
int sign_off_acknowledge(struct signing *g, struct err *err);
int sign_off_waiting(struct signing *g, struct err *err);
int sign_off_conditions(struct signing *g, struct err *err);

/* As what the caller acts, and why. E_FORBIDDEN. */
int sign_off_take(struct signing *g, struct sign_off_act *ret, struct err *err);

/* Answer with the record that ${c} wrote first. */
int sign_off_written(struct signing *g, struct change *c, struct err *err);

#endif
