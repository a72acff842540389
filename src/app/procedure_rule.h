/* SPDX-License-Identifier: Apache-2.0 */
/*
 * By which rule a procedure's learning curve is judged, from data/procedure-rules.json: the
 * failure rates, what counts as a failure, the conditions of a sign-off; each with its source.
 * The limit of a curve is worked out once, when it is first asked for. Any thread.
 */
#ifndef APP_PROCEDURE_RULE_H
#define APP_PROCEDURE_RULE_H

#include "engine/competence/sign_off.h"
#include "engine/competence/watch.h"
#include "view/procedure.h"

struct procedure_rule {
    const char *code; /* "": of every other procedure */
    const char *source;
    unsigned failure; /* bits by enum procedure_result */
    struct curve_rule curve;
    struct sign_off_rule sign_off; /* with ${curve} once it is prepared */
    int valid_months;              /* how long a sign-off counts: 12 to 24 */
    struct watch_rule watch; /* of the same rates, once procedure_watch_of() made it */
};

extern const char *const procedure_rules_version;
extern struct procedure_rule procedure_rules[];
extern const size_t procedure_rule_count;

/* The rule for ${code}, ready to be used. E_NOMEM, E_BUG. */
int procedure_rule_of(
    struct str code, const struct procedure_rule **ret, struct err *err);

/* The chart by which results after a sign-off are watched: the adequate failure rate is
 * accepted, the inadequate one alarms, with the horizon and alpha of the curve. E_NOMEM, E_BUG. */
int procedure_watch_of(struct str code, const struct watch_rule **ret, struct err *err);

/* What the looks after an operation come to: a failure that anybody saw, else good once the
 * second look found none, else not known. */
enum sign_off_outcome procedure_outcome(
    const struct procedure_rule *rule, const enum procedure_result results[LOOKS]);

#endif
