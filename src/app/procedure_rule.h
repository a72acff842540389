/* SPDX-License-Identifier: Apache-2.0 */
/*
 * By which rule a procedure's learning curve is judged: the failure rates, what counts as a
 * failure, the conditions of a sign-off. Each version of each rule is a record, a ProcedureRule,
 * which is never changed; the highest version of a procedure counts, and what was signed under
 * an older one goes on by that (docs/adr/0083-rules-are-records.md). A new node is loaded with
 * data/procedure-rules.json, and where a node has no record that file's rules count.
 *
 * Invariants:
 *   1 rules are read once and never moved or freed before rules_free(), so that a pointer to one
 *     stays good however many versions follow
 *   2 no two have the same id, "CODE-VERSION"
 */
#ifndef APP_PROCEDURE_RULE_H
#define APP_PROCEDURE_RULE_H

#include "engine/competence/sign_off.h"
#include "engine/competence/watch.h"
#include "view/procedure.h"

struct app;
struct json;
struct json_out;

#define PROCEDURE_RULE_USUAL "usual" /* of every procedure without a rule of its own */

/* The figures of a rule, in the order of its record. */
enum rule_figure {
    FIGURE_INADEQUATE,
    FIGURE_ADEQUATE,
    FIGURE_HORIZON,
    FIGURE_ALPHA,
    FIGURE_HIGHEST_RATE,
    FIGURE_CONFIDENCE,
    FIGURE_VOLUME,
    FIGURE_RATINGS,
    FIGURE_LEVEL,
    FIGURE_ASSESSORS,
    FIGURE_ROTATIONS,
    FIGURE_OUTCOME_SHARE,
    FIGURE_RECENT_CASES,
    FIGURE_RECENT_DAYS,
    FIGURE_VALID_MONTHS,
    RULE_FIGURES
};

struct procedure_rule {
    struct str id;   /* of the record: "ercp-2" */
    struct str code; /* or PROCEDURE_RULE_USUAL */
    int version;
    struct str source;
    bool shipped; /* it came with software, and nobody changed it */
    double figures[RULE_FIGURES];
    unsigned failure; /* bits by enum procedure_result */
    /* of the figures */
    struct curve_rule curve;
    struct sign_off_rule sign_off; /* with ${curve} once it is prepared */
    int valid_months;              /* how long a sign-off counts: 12 to 24 */
    struct watch_rule watch; /* of the same rates, once procedure_watch_of() made it */
};

/* ---- all of them; any thread ---- */

struct procedure_rules;

/* NULL: no memory. */
struct procedure_rules *procedure_rules_new(struct app *app);
void procedure_rules_free(struct procedure_rules *all);

/* A record of ${type} has changed (writer's thread; cheap). */
void procedure_rules_changed(struct procedure_rules *all, unsigned type);

/* The rule that counts for ${code} now, its curve prepared. Reads records if some are new.
 * E_NOMEM, what the store says. */
int procedure_rule_of(struct procedure_rules *all, struct str code,
    const struct procedure_rule **ret, struct err *err);

/* The same as it counted when the log ended at the position ${known}. */
#define PROCEDURE_RULES_NOW INT64_MAX
int procedure_rule_known(struct procedure_rules *all, int64_t known, struct str code,
    const struct procedure_rule **ret, struct err *err);

/* The same of the version ${id}, by which something was signed; p NULL: it was signed before
 * rules were records, by the first that came with the software. One that is not there: the one
 * that counts then. */
int procedure_rule_signed(struct procedure_rules *all, int64_t known, struct str id,
    struct str code, const struct procedure_rule **ret, struct err *err);

/* The last position of the log at or before ${known} at which a rule was recorded; 0: none was. */
int procedure_rules_last(
    struct procedure_rules *all, int64_t known, int64_t *ret, struct err *err);

/* ${code}'s own rule that counts now; ${*ret} NULL: it has none. Not prepared. */
int procedure_rule_own(struct procedure_rules *all, struct str code,
    const struct procedure_rule **ret, struct err *err);

/* The chart by which results after a sign-off are watched: the adequate failure rate is
 * accepted, the inadequate one alarms, with the horizon and alpha of the curve. E_NOMEM, E_BUG. */
int procedure_watch_of(struct procedure_rules *all, const struct procedure_rule *rule,
    const struct watch_rule **ret, struct err *err);

/* What the looks after an operation come to: a failure that anybody saw, else good once the
 * second look found none, else not known. */
enum sign_off_outcome procedure_outcome(
    const struct procedure_rule *rule, const enum procedure_result results[LOOKS]);

/* ---- as records (procedure_rule_read.c) ---- */

/* Fill ${ret} from the record ${json}; texts are ${json}'s. False: it is no rule. */
bool procedure_rule_read(const struct json *json, struct procedure_rule *ret);

/* Make the curve, conditions and period of ${rule}'s figures. E_INVALID, with the figure's name
 * as path, where they make no rule. */
int procedure_rule_make(struct procedure_rule *rule, struct err *err);

/* "highestRate", and so on; and how many digits it has behind the point at most: 0 is a count. */
const char *procedure_figure_name(enum rule_figure figure);
bool procedure_figure_is_count(enum rule_figure figure);

/* Append the figures and failures of ${rule} as members of a record. */
void procedure_rule_put_figures(struct json_out *o, const struct procedure_rule *rule);

/* "0.15" of 0.15: the shortest text that is that number again. ${ret}: 32 bytes. */
void procedure_figure_text(double value, char ret[32]);

/* ---- a new node ---- */

/* The records of data/procedure-rules.json, as JSON (made by tools/procedure-rules.mjs). */
extern const char *const procedure_rule_texts[];
extern const size_t procedure_rule_text_count;

/* Write those of them whose procedure has no rule in ${app} yet. */
int procedure_rules_load(struct app *app, struct err *err);

#endif
