/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Telling people that a case, or a sign-off, waits for them, by e-mail and by webhook
 * (docs/adr/0042-notifications.md). A message says that, how urgent it is and where to look; it
 * never says whose case it is or what it is about.
 *
 *   log ─► notify_event.c ─► notify_people.c ─► notify_queue.c ─► notify_send.c
 *          what a step means  who is told        settings: what    text, letter, POST
 *                                                waits, a cursor
 *
 * Results after a sign-off are in no log: notify_chart.c looks at their charts, and who is told
 * of an alarm says app/sign_off_alarm.h (docs/adr/0087-alarms-are-told.md).
 *
 * A thread of the served node follows the log and works off the queue. Both the cursor and the
 * queue are settings: a restart sends what waited, and sends nothing twice that was sent.
 */
#ifndef APP_NOTIFY_H
#define APP_NOTIFY_H

#include "app/app.h"

struct notify;

/* Begin; ${base} is where people find the pages ("https://belay.hospital.example"), copied. For
 * `belay serve` alone. */
int notify_start(struct app *app, const char *base, struct err *err);

/* End its thread, before the store closes; and free it afterwards, for until then the writer
 * may tell of changes. No matter whether it was begun. */
void notify_stop(struct app *app);
void notify_free(struct notify *n);

/* A record has changed (writer's thread; cheap). ${n} NULL: nobody is told. */
void notify_changed(struct notify *n, const struct store_event *e);

/* Send a test to ${key} (app/choice.h) by each way they chose; ${ret_ways} of them. */
int notify_try(struct app *app, struct str key, unsigned *ret_ways, struct err *err);

/* ---- what the operator set ---- */

struct notify_mail {
    struct str server; /* p NULL: no mail is sent; outside/mail.h */
    struct str user;
    struct str password;
    struct str from;
    struct str ca_file;
    bool hook_private; /* webhooks may lead into private networks */
};

/* All in ${a}, each text with its NUL; nothing was set: all of it empty. */
int notify_mail_load(
    struct app *app, struct arena *a, struct notify_mail *ret, struct err *err);

/* E_INVALID: a field. Works beside a running server. */
int notify_mail_save(struct app *app, const struct notify_mail *mail, struct err *err);

struct notify_status {
    size_t waiting;
    int64_t failed;       /* given up since the node was made */
    struct str failed_at; /* the last of them, p NULL: none */
    struct str failed_to;
    struct str failed_by; /* mail or hook */
    struct str failed_why;
};

/* How it stands, texts in ${a}. */
int notify_status(
    struct app *app, struct arena *a, struct notify_status *ret, struct err *err);

/* Tell both sides of the case ${id}, whose Task is ${task}, that something came about ${at}
 * which they agreed to be told of. Nothing is told where nobody is. */
int notify_alert(struct app *app, struct str id, const struct json *task, utc_ms at,
    struct err *err);

#endif
