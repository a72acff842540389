/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of notifications share. */
#ifndef APP_NOTIFY_INTERNAL_H
#define APP_NOTIFY_INTERNAL_H

#include "app/app_internal.h"
#include "app/choice.h"
#include "app/notify.h"
#include "view/case_task.h"

/* ---- what a step means (notify_event.c) ---- */

struct notify_event {
    enum choice_kind kind; /* CHOICE_KINDS: it is nobody's news */
    bool broadcast;        /* all units that are asked, and not the owner alone */
};

/* Compare the Task of a case before (NULL: there was none) and after a step. Pure. */
struct notify_event notify_event_of(
    const struct case_task *before, const struct case_task *after);

/* ---- who is told (notify_people.c) ---- */

struct notify_people {
    struct str *keys; /* as of choices */
    size_t count;
};

/* Whom ${event} of ${task} is for now, none twice, in ${a}. */
int notify_people(struct app *app, struct arena *a, const struct notify_event *event,
    const struct case_task *task, struct notify_people *ret, struct err *err);

/* ---- what waits (notify_queue.c) ---- */

enum notify_way { NOTIFY_MAIL, NOTIFY_HOOK, NOTIFY_WAYS };

extern const char *const notify_way_words[NOTIFY_WAYS];

#define NOTIFY_ID_CHARS 32
#define NOTIFY_KEY_MAX 120

struct notify_item {
    char id[NOTIFY_ID_CHARS +
            1]; /* follows from what and whom: made again it is the same */
    char to[NOTIFY_KEY_MAX];
    char task[72];    /* id of the Task, or of the SignOff; "" of a test */
    char request[72]; /* id of the ServiceRequest, or of the Procedure that alarmed */
    enum choice_kind kind;
    enum notify_way way;
    enum case_urgency urgency;
    enum case_task_state state; /* it is told while the case stands like this */
    int64_t level;
    utc_ms made;
    utc_ms next;
    int64_t tries;
};

struct notify {
    struct app *app;
    char *base;
    unsigned task_type;
    unsigned chart_types[3]; /* what charts after sign-offs follow from */
    pthread_t thread;
    pthread_mutex_t lock; /* guards all below */
    pthread_cond_t news;
    bool ending;
    bool dirty;         /* the log has grown */
    bool charts;        /* by something that charts after sign-offs follow from */
    utc_ms charts_last; /* when they were looked at */
    struct notify_item *items;
    size_t count, room;
    struct notify_rate {
        uint64_t who;
        utc_ms since;
        unsigned sent;
    } rates[256]; /* by hash; who is pushed out begins anew */
};

/* The items of before. */
int notify_queue_load(struct notify *n, struct err *err);

/* Add ${item}, whose id is made here; one that waits already stays as it is. E_BUSY: full. */
int notify_queue_add(struct notify *n, struct notify_item *item, struct err *err);

/* The item to be handed over at ${now}; false: none, and ${ret_next} is when there may be one
 * (UTC_MS_MAX: never). Emergencies come first. */
bool notify_queue_due(
    struct notify *n, utc_ms now, struct notify_item *ret, utc_ms *ret_next);

/* It was handed over, or is told no more. */
void notify_queue_remove(struct notify *n, const struct notify_item *item);

/* It goes later: ${item} with its new next and tries. */
void notify_queue_later(struct notify *n, const struct notify_item *item);

/* May one more go to whom ${item} is for? false: not within this hour. */
bool notify_queue_rate(struct notify *n, const struct notify_item *item, utc_ms now);

/* ${item} is given up because of ${why}: told to the administrator. */
void notify_queue_failed(
    struct notify *n, const struct notify_item *item, const char *why);

/* The pause before try number ${tries} + 1. Pure. */
utc_ms notify_pause(enum case_urgency urgency, int64_t tries);

/* How long the thread sleeps at ${now} that found nothing to be due before ${until}. Not at all
 * where that has passed since: it looked a moment before. Pure. */
utc_ms notify_sleep(utc_ms now, utc_ms until);

/* Add messages to ${key} from ${item} by each way they chose. E_BUSY: the queue is full. */
int notify_tell(struct notify *n, struct arena *a, struct notify_item *item,
    struct str key, struct err *err);

/* ---- results after a sign-off (notify_chart.c) ---- */

/* Tell of each alarm that stands and was not told before. */
int notify_charts(struct notify *n, struct err *err);

/* Is what ${item} tells of still so? */
bool notify_chart_stands(struct notify *n, const struct notify_item *item);

/* Could a change of a record of ${type} make an alarm? */
bool notify_is_of_charts(const struct notify *n, unsigned type);

/* When they may be looked at at ${now}: not before a pause since the last time. Pure. */
utc_ms notify_charts_at(utc_ms last, utc_ms now);

/* ---- handing over (notify_send.c) ---- */

struct notify_sending {
    struct notify *notify;
    struct arena *arena;
    const struct notify_item *item;
    const struct choice *choice; /* of whom it is for */
    const struct notify_mail *mail;
    utc_ms now;
};

/* Hand it over by its way. E_INVALID, E_FORBIDDEN: never; E_IO: not now. */
int notify_send(const struct notify_sending *s, struct err *err);

/* ---- words (notify_text.c) ---- */

struct notify_words {
    const char *subject;
    const char *urgency;
    const char *text; /* without the link */
    const char *open; /* stands before the link */
    const char *foot;
};

/* What ${item} says in ${language}; English for one that is not known. */
struct notify_words notify_words(
    struct str language, enum choice_kind kind, enum case_urgency urgency);

#endif
