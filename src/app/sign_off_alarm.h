/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The alarms of the charts after sign-offs (docs/SIGNOFF.md) that nobody has looked at, for
 * who tells people of them: which there are, and whose they are to look at.
 */
#ifndef APP_SIGN_OFF_ALARM_H
#define APP_SIGN_OFF_ALARM_H

#include "app/app.h"

/* One SignOff whose chart rose above its limit. */
struct sign_off_alarm {
    struct str id;     /* of the SignOff */
    struct str *cases; /* "Procedure/ID" on which it rose, oldest first; one at least */
    size_t count;
};

struct sign_off_alarms {
    struct sign_off_alarm *list;
    size_t count;
};

/* All that stand now, in ${a}. Any thread that holds no reader. */
int sign_off_alarms(
    struct app *app, struct arena *a, struct sign_off_alarms *ret, struct err *err);

/* Does the alarm of the SignOff ${id} on ${procedure} ("Procedure/ID") stand? */
int sign_off_alarm_stands(
    struct app *app, struct str id, struct str procedure, bool *ret, struct err *err);

/* Whose page Today tells of an alarm of the SignOff ${id}: heads of department and quality
 * officers who may acknowledge it. "Practitioner/ID", none twice, in ${a}. */
struct sign_off_lookers {
    struct str *list;
    size_t count;
};
int sign_off_lookers(struct app *app, struct arena *a, struct str id,
    struct sign_off_lookers *ret, struct err *err);

#endif
