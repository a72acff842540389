/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of the review share.
 *
 *   review_draw.c    the draw: pure, so that anybody can do it again
 *   review.c         each week: which cases, which hospital, and the records
 *   review_people.c  who may review a case
 *   review_case.c    the records of a case, gathered
 *   review_names.c   names that must not be told, and texts without them
 *   review_blind.c   the case as a reviewer sees it
 *   review_rate.c    Task/ID/$review
 *   review_list.c    Task/$reviews
 */
#ifndef APP_REVIEW_INTERNAL_H
#define APP_REVIEW_INTERNAL_H

#include "app/change.h"
#include "app/review.h"
#include "app/seek.h"
#include "crypto/signature.h"
#include "view/case_task.h"

#define REVIEW_WEEK_MS ((utc_ms)7 * 24 * 60 * 60 * 1000)
#define REVIEW_RATERS 2
#define REVIEW_MARKS 3
#define REVIEW_APART 2 /* ratings so far from each other are a disagreement */

/* process, value, difficulty; the parameters and the members of the words on them */
extern const char *const review_marks[REVIEW_MARKS];
extern const char *const review_words[REVIEW_MARKS];
extern const char *const review_word_members[REVIEW_MARKS];

/* ---- the draw (review_draw.c); pure ---- */

/* The Monday, 00:00 UTC, at or before ${at}. */
utc_ms review_monday(utc_ms at);

struct review_seed {
    uint8_t bytes[CRYPTO_MAC_BYTES];
};

/* The seed of the week that begins at ${week}, for ${hospital} ("Organization/ID"), under a
 * key that follows from ${key}, the node's. */
int review_seed(const uint8_t *key, utc_ms week, struct str hospital,
    struct review_seed *ret, struct err *err);

/* Which of ${count} (at least 1) ${seed} draws for ${what}: each as likely as the others. */
int review_pick(const struct review_seed *seed, const char *what, size_t count,
    size_t *ret, struct err *err);

/* The id of the review of ${week} and ${hospital}, and of its Task number ${n}: nobody else
 * makes such an id (version 8). */
#define REVIEW_ID_CHARS 36
void review_id(utc_ms week, struct str hospital, char out[REVIEW_ID_CHARS + 1]);
void review_task_id(struct str review, unsigned n, char out[REVIEW_ID_CHARS + 1]);

/* ---- a case, gathered (review_case.c) ---- */

struct review_case {
    struct str id; /* of request and Task */
    const struct json *request;
    const struct json *task;
    const struct json *patient;      /* NULL: not here */
    const struct json *opinion;      /* NULL: it was not answered */
    const struct json *const *words; /* Communications, the oldest first */
    size_t word_count;
    const struct json *const *facts; /* what the case shares, but documents */
    size_t fact_count;
    size_t files; /* that are not shown */
    struct case_task read;
};

/* Gather the case ${id}. ${*ret_there} false: there is none. */
int review_case_gather(const struct seek *s, struct str id, struct review_case *ret,
    bool *ret_there, struct err *err);

/* All references to people in it, as "Practitioner/ID", none twice. */
struct review_strings {
    struct str *list;
    size_t count, cap;
};
bool review_strings_have(const struct review_strings *s, struct str one);
int review_strings_add(
    struct arena *a, struct review_strings *s, struct str one, struct err *err);
int review_case_people(const struct seek *s, const struct review_case *c,
    struct review_strings *ret, struct err *err);

/* The hospital of ${unit} ("Organization/ID"), by partOf; ${unit} itself where it is part of
 * nothing. */
int review_hospital(
    const struct seek *s, struct str unit, struct str *ret, struct err *err);

/* ---- who may review (review_people.c) ---- */

/* The units of both sides. */
struct review_sides {
    struct str asking; /* the patient's hospital; p NULL: none is known */
    struct str asked;
    struct review_strings asking_units;
    struct review_strings asked_units;
};

int review_sides(const struct seek *s, const struct review_case *c,
    struct review_sides *ret, struct err *err);

/* Everybody who may review ${c}, in the order of their references. */
int review_people(const struct seek *s, const struct review_case *c,
    const struct review_sides *sides, utc_ms now, struct review_strings *ret,
    struct err *err);

/* ---- names (review_names.c) ---- */

/* The names of the people, hospitals and towns of ${c}. */
int review_names(const struct seek *s, const struct review_case *c,
    const struct review_sides *sides, struct review_strings *ret, struct err *err);

/* ${text} with each of ${names} as "[...]", in ${a}; p NULL: no memory. Pure. */
struct str review_hide(
    struct arena *a, const struct review_strings *names, struct str text);

/* ---- the blinded case (review_blind.c) ---- */

/* Put the parameters that show ${c} without ${names}. */
int review_blind_put(struct json_out *o, const struct seek *s,
    const struct review_case *c, const struct review_sides *sides,
    const struct review_strings *names, struct err *err);

#endif
