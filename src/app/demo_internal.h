/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What tools/demo/generate.mjs makes of data/demo when the program is built: a transaction
 * Bundle, and cases, with marks where a time belongs that follows the clock.
 *
 *   "@minutes-38"        the instant 38 minutes ago
 *   "@days-2"            the day two days ago
 *   "@in-90"             the instant in 90 minutes
 *   "@ahead-60"          the day in sixty days
 *   "@years-31-05-18"    born on a 18 May, 31 years old today
 *   "@years-58"          the year 58 years ago
 *   "@picture-wrist"     the bytes of that picture, in base64
 */
#ifndef APP_DEMO_INTERNAL_H
#define APP_DEMO_INTERNAL_H

#include "app/demo.h"

enum demo_kind {
    DEMO_RECORDS,   /* a transaction */
    DEMO_PROGRAMME, /* the same of our own types */
    DEMO_CASES,     /* a list of cases (demo_cases.c) */
    DEMO_STORIES,   /* a list of stories (demo_stories.c) */
};

struct demo_part {
    const unsigned char *packed; /* by gzip */
    size_t len;
    enum demo_kind kind;
    bool small; /* of the small demonstration too */
};
extern const struct demo_part demo_parts[];
extern const size_t demo_part_count;

struct demo_picture {
    const char *name;
    const unsigned char *bytes;
    size_t len;
};
extern const struct demo_picture demo_pictures[];
extern const size_t demo_picture_count;

/* Bring the cases of ${text}, a list, to where they shall stand at ${now}. */
int demo_load_cases(
    struct app *app, struct arena *a, struct str text, utc_ms now, struct err *err);

/* Draw the reviews that are due at ${now}, and rate those that are old (demo_reviews.c). */
int demo_load_reviews(struct app *app, utc_ms now, struct err *err);

/* The same of stories. */
int demo_load_stories(
    struct app *app, struct arena *a, struct str text, utc_ms now, struct err *err);

/* ---- demo_steps.c ---- */

struct demo_loading {
    struct app *app;
    struct arena *arena; /* of one call; emptied after it */
    utc_ms now;
};

/* A call of the demonstration's; ${path} begins with "programme/" where it is of our types, and
 * may have a query. */
struct app_call demo_call(
    const struct demo_loading *l, enum app_method method, struct str path);

/* Do ${call}: a status of ${good} or ${also} is well. The call stays to be looked at. */
int demo_run(struct app_call *call, int good, int also, struct err *err);

/* The record of ${path} in l->arena; NULL: there is none. */
const struct json *demo_read(const struct demo_loading *l, struct str path);

/* Take a record away, there or not; put one. Both empty l->arena. */
int demo_remove(const struct demo_loading *l, struct str path, struct err *err);
int demo_put(const struct demo_loading *l, const struct json *record, struct err *err);

/* Make ${*ret} the call of ${step}: "path", "body" (written into ${body}), "by" whom, "at". */
int demo_step_call(const struct demo_loading *l, const struct json *step,
    struct buf *body, struct app_call *ret, struct err *err);

/* Do ${one} with each of ${list}, two at a time. The first error ends it. */
int demo_each(const struct demo_loading *l, const struct json *list,
    int (*one)(struct demo_loading *, const struct json *, struct err *),
    struct err *err);

/* What the OperationOutcome of ${call} says, as our error. */
int demo_refused(const struct app_call *call, struct err *err);

/* Append ${text} to ${b}, each mark replaced by what it stands for, as of ${now}. E_BUG: a
 * mark that is none of those above. */
int demo_put_marks(struct buf *b, struct str text, utc_ms now, struct err *err);

#endif
