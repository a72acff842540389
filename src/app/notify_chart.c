/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Results after a sign-off: each alarm of a chart is told once to those whose page Today shows
 * it, and while nobody has said what they found. It is no step of a case and follows from many
 * records, so it is not found in the log: the charts are looked at when one of these changed.
 * What was told is a setting for each alarm, written after the messages are in the queue.
 */
#include <stdio.h>

#include "app/notify_internal.h"
#include "app/setting.h"
#include "app/sign_off_alarm.h"
#include "crypto/digest.h"

#define SETTING_TOLD "notify-told/"
#define PROCEDURE "Procedure/"

bool notify_is_of_charts(const struct notify *n, unsigned type)
{
    for (size_t i = 0; i < sizeof(n->chart_types) / sizeof(n->chart_types[0]); i++) {
        if (n->chart_types[i] == type)
            return true;
    }
    return false;
}

utc_ms notify_charts_at(utc_ms last, utc_ms now)
{
    if (last > now || now - last >= LIMIT_NOTIFY_CHARTS_MS)
        return now;
    return last + LIMIT_NOTIFY_CHARTS_MS;
}

/* ---- what was told ---- */

/* The alarm of ${sign_off} on ${procedure}, as settings name it. */
static void name_alarm(
    struct str sign_off, struct str procedure, char out[2 * CRYPTO_DIGEST_BYTES + 1])
{
    uint8_t bytes[CRYPTO_DIGEST_BYTES];
    struct crypto_digest digest;

    crypto_digest_init(&digest);
    crypto_digest_add(&digest, sign_off.p, sign_off.len);
    crypto_digest_add(&digest, "|", 1);
    crypto_digest_add(&digest, procedure.p, procedure.len);
    crypto_digest_final(&digest, bytes);
    hex_encode(bytes, sizeof(bytes), out);
}

/* Is any of ${alarm} not told yet? */
static int is_new(struct notify *n, struct arena *a, const struct sign_off_alarm *alarm,
    bool *ret, struct err *err)
{
    char name[2 * CRYPTO_DIGEST_BYTES + 1];
    int r = 0;

    *ret = false;
    for (size_t i = 0; r == 0 && !*ret && i < alarm->count; i++) {
        bool told = false;

        name_alarm(alarm->id, alarm->cases[i], name);
        r = setting_has(n->app, a, SETTING_TOLD, str_of(name), &told, err);
        *ret = !told;
    }
    return r;
}

static int note_told(
    struct notify *n, const struct sign_off_alarm *alarm, struct err *err)
{
    char name[2 * CRYPTO_DIGEST_BYTES + 1];
    int r = 0;

    for (size_t i = 0; r == 0 && i < alarm->count; i++) {
        name_alarm(alarm->id, alarm->cases[i], name);
        r = setting_put(n->app, SETTING_TOLD, str_of(name), STR("{}"), err);
    }
    return r;
}

/* ---- telling ---- */

/* One message for all that ${alarm} is of: who looks at the last has seen those before. */
static int tell(struct notify *n, struct arena *a, const struct sign_off_alarm *alarm,
    struct err *err)
{
    struct str last = alarm->cases[alarm->count - 1];
    struct notify_item item = {.kind = CHOICE_SIGN_OFF, .urgency = CASE_ROUTINE};
    struct sign_off_lookers who = {NULL, 0};
    int r = sign_off_lookers(n->app, a, alarm->id, &who, err);

    snprintf(item.task, sizeof(item.task), "%.*s", (int)alarm->id.len, alarm->id.p);
    snprintf(item.request, sizeof(item.request), "%.*s",
        (int)(last.len - strlen(PROCEDURE)), last.p + strlen(PROCEDURE));
    for (size_t i = 0; r == 0 && i < who.count; i++)
        r = notify_tell(n, a, &item, who.list[i], err);
    return r == 0 ? note_told(n, alarm, err) : r;
}

int notify_charts(struct notify *n, struct err *err)
{
    struct arena *a = arena_new();
    struct arena *one = arena_new();
    struct sign_off_alarms alarms = {NULL, 0};
    int r = a && one ? sign_off_alarms(n->app, a, &alarms, err) : err_nomem(err);

    for (size_t i = 0; r == 0 && i < alarms.count; i++) {
        bool fresh = false;

        arena_reset(one);
        r = is_new(n, one, &alarms.list[i], &fresh, err);
        if (r == 0 && fresh)
            r = tell(n, one, &alarms.list[i], err);
    }
    arena_free(one);
    arena_free(a);
    return r;
}

bool notify_chart_stands(struct notify *n, const struct notify_item *item)
{
    char procedure[sizeof(PROCEDURE) + sizeof(item->request)];
    int len = snprintf(procedure, sizeof(procedure), PROCEDURE "%s", item->request);
    bool stands = true; /* who cannot look tells rather than not */

    if (sign_off_alarm_stands(n->app, str_of(item->task),
            (struct str){procedure, (size_t)len}, &stands, NULL) < 0)
        return true;
    return stands;
}
