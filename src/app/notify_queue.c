/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What waits to be told: in memory, and each item as a setting, so that a restart forgets
 * none. Settings and not records: that somebody must still be told is no fact of a case, must
 * not go to other nodes, and must not come back when views are filled again.
 */
#include <stdio.h>

#include "base/hash.h"
#include "base/log.h"

#include "app/notify_internal.h"
#include "app/setting.h"
#include "crypto/digest.h"

#define SETTING "notify/"
#define SETTING_FAILED "notify-failed"
#define HOUR_MS (3600 * 1000LL)
#define IDLE_MS (60 * 1000LL) /* a clock that jumped is noticed after so long */

const char *const notify_way_words[NOTIFY_WAYS] = {
    [NOTIFY_MAIL] = "mail", [NOTIFY_HOOK] = "hook"};

utc_ms notify_pause(enum case_urgency urgency, int64_t tries)
{
    utc_ms pause =
        urgency == CASE_EMERGENCY ? LIMIT_NOTIFY_PAUSE_STAT_MS : LIMIT_NOTIFY_PAUSE_MS;

    while (tries-- > 0 && pause < LIMIT_NOTIFY_PAUSE_MOST_MS)
        pause *= 2;
    return pause < LIMIT_NOTIFY_PAUSE_MOST_MS ? pause : LIMIT_NOTIFY_PAUSE_MOST_MS;
}

utc_ms notify_sleep(utc_ms now, utc_ms until)
{
    if (until <= now)
        return 0;
    return until - now > IDLE_MS ? IDLE_MS : until - now;
}

/* ---- an item as a setting ---- */

static void put_int(struct json_out *o, const char *name, int64_t value)
{
    json_name(o, name);
    json_put_int(o, value);
}

static int item_save(struct app *app, const struct notify_item *item, struct err *err)
{
    struct buf value;
    struct json_out o = json_out(&value);
    int r = 0;

    buf_init(&value, LIMIT_SETTING_BYTES);
    json_open(&o, '{');
    json_member(&o, "to", str_of(item->to));
    json_member(&o, "task", str_of(item->task));
    json_member(&o, "request", str_of(item->request));
    json_member(&o, "kind", str_of(choice_kind_word(item->kind)));
    put_int(&o, "way", item->way);
    put_int(&o, "urgency", item->urgency);
    put_int(&o, "state", item->state);
    put_int(&o, "level", item->level);
    put_int(&o, "made", item->made);
    put_int(&o, "next", item->next);
    put_int(&o, "tries", item->tries);
    json_close(&o, '}');
    r = buf_error(&value, "a message", err);
    if (r == 0)
        r = setting_put(
            app, SETTING, str_of(item->id), (struct str){value.data, value.len}, err);
    buf_done(&value);
    return r;
}

static int64_t get_int(const struct json *json, const char *name, int64_t max)
{
    int64_t value = 0;

    return text_int(json_text(json_get(json, name)), 0, max, &value) ? value : 0;
}

static void get_text(const struct json *json, const char *name, char *out, size_t size)
{
    struct str text = json_get_text(json, name);

    snprintf(out, size, "%.*s", (int)text.len, text.p ? text.p : "");
}

static int room_for_one(struct notify *n, struct err *err)
{
    size_t room = n->room ? 2 * n->room : 64;
    struct notify_item *more = NULL;

    if (n->count < n->room)
        return 0;
    more = base_realloc(n->items, room * sizeof(*more));
    if (!more)
        return err_nomem(err);
    n->items = more;
    n->room = room;
    return 0;
}

static int load_one(void *arg, const char *name, struct str value, struct err *err)
{
    struct notify *n = arg;
    struct notify_item item = {.id = ""};
    struct arena *a = arena_new();
    const struct json *json = NULL;
    int r = a ? json_read_trusted(a, value, &json, err) : err_nomem(err);

    if (r == 0)
        r = room_for_one(n, err);
    if (r == 0) {
        snprintf(item.id, sizeof(item.id), "%s", name + strlen(SETTING));
        get_text(json, "to", item.to, sizeof(item.to));
        get_text(json, "task", item.task, sizeof(item.task));
        get_text(json, "request", item.request, sizeof(item.request));
        item.kind = choice_kind_of(json_get_text(json, "kind"));
        item.way = (enum notify_way)get_int(json, "way", NOTIFY_WAYS - 1);
        item.urgency = (enum case_urgency)get_int(json, "urgency", CASE_URGENCIES - 1);
        item.state = (enum case_task_state)get_int(json, "state", CASE_TASK_STATES - 1);
        item.level = get_int(json, "level", INT64_MAX);
        item.made = get_int(json, "made", INT64_MAX);
        item.next = get_int(json, "next", INT64_MAX);
        item.tries = get_int(json, "tries", INT64_MAX);
        n->items[n->count++] = item;
    }
    arena_free(a);
    return r;
}

int notify_queue_load(struct notify *n, struct err *err)
{
    struct arena *a = arena_new();
    int r = a ? store_setting_each(n->app->store, a, SETTING, load_one, n, err)
              : err_nomem(err);

    arena_free(a);
    return r;
}

/* ---- the items in memory ---- */

static void make_id(struct notify_item *item)
{
    uint8_t digest[CRYPTO_DIGEST_BYTES];
    char text[400];
    int n = snprintf(text, sizeof(text), "%s|%s|%d|%d|%d|%lld|%lld", item->to,
        item->task, (int)item->way, (int)item->kind, (int)item->state,
        (long long)item->level, (long long)item->made);

    if (item->kind == CHOICE_SIGN_OFF) /* an alarm has no time but its operation's */
        n += snprintf(text + n, sizeof(text) - (size_t)n, "|%s", item->request);

    crypto_digest_once(digest, text, (size_t)n);
    hex_encode(digest, NOTIFY_ID_CHARS / 2, item->id);
}

/* With the lock held. */
static struct notify_item *find(struct notify *n, const char *id)
{
    for (size_t i = 0; i < n->count; i++) {
        if (strcmp(n->items[i].id, id) == 0)
            return &n->items[i];
    }
    return NULL;
}

int notify_queue_add(struct notify *n, struct notify_item *item, struct err *err)
{
    bool known = false;
    int r = 0;

    make_id(item);
    pthread_mutex_lock(&n->lock);
    known = find(n, item->id) != NULL;
    if (!known && n->count >= LIMIT_NOTIFY_QUEUE && item->urgency != CASE_EMERGENCY)
        r = err_set(err, E_BUSY, NULL, "Too many messages wait already.");
    if (r == 0 && !known)
        r = room_for_one(n, err);
    if (r == 0 && !known)
        n->items[n->count++] = *item;
    pthread_mutex_unlock(&n->lock);
    return r < 0 || known ? r : item_save(n->app, item, err);
}

bool notify_queue_due(
    struct notify *n, utc_ms now, struct notify_item *ret, utc_ms *ret_next)
{
    const struct notify_item *best = NULL;

    *ret_next = UTC_MS_MAX;
    for (size_t i = 0; i < n->count; i++) {
        const struct notify_item *item = &n->items[i];

        if (item->next > now) {
            if (item->next < *ret_next)
                *ret_next = item->next;
        } else if (!best || item->urgency < best->urgency ||
                   (item->urgency == best->urgency && item->next < best->next)) {
            best = item;
        }
    }
    if (best)
        *ret = *best;
    return best != NULL;
}

void notify_queue_remove(struct notify *n, const struct notify_item *item)
{
    struct notify_item *found = NULL;
    struct err err = {0};

    pthread_mutex_lock(&n->lock);
    found = find(n, item->id);
    if (found)
        *found = n->items[--n->count];
    pthread_mutex_unlock(&n->lock);
    if (setting_put(n->app, SETTING, str_of(item->id), (struct str){NULL, 0}, &err) < 0)
        log_err("forgetting a message that was sent", &err);
}

void notify_queue_later(struct notify *n, const struct notify_item *item)
{
    struct notify_item *found = NULL;
    struct err err = {0};

    pthread_mutex_lock(&n->lock);
    found = find(n, item->id);
    if (found)
        *found = *item;
    pthread_mutex_unlock(&n->lock);
    if (item_save(n->app, item, &err) < 0)
        log_err("keeping a message for later", &err);
}

/* ---- not too many ---- */

bool notify_queue_rate(struct notify *n, const struct notify_item *item, utc_ms now)
{
    char who[NOTIFY_KEY_MAX + 16];
    int len = snprintf(who, sizeof(who), "%s|%d|%d", item->to, (int)item->way,
        item->urgency == CASE_EMERGENCY);
    uint64_t hash = hash64(who, (size_t)len, 0);
    struct notify_rate *rate = &n->rates[hash % (sizeof(n->rates) / sizeof(*n->rates))];
    unsigned most =
        item->urgency == CASE_EMERGENCY ? LIMIT_NOTIFY_HOUR_STAT : LIMIT_NOTIFY_HOUR;

    if (rate->who != hash || now - rate->since >= HOUR_MS || now < rate->since)
        *rate = (struct notify_rate){.who = hash, .since = now};
    if (rate->sent >= most)
        return false;
    rate->sent++;
    return true;
}

/* ---- what could not be told ---- */

static int64_t failed_before(struct app *app, struct arena *a)
{
    struct notify_status status = {0};

    return notify_status(app, a, &status, NULL) == 0 ? status.failed : 0;
}

void notify_queue_failed(
    struct notify *n, const struct notify_item *item, const char *why)
{
    struct arena *a = arena_new();
    struct buf value;
    struct json_out o = json_out(&value);
    char at[TIME_ISO_MAX];
    struct err err = {0};

    log_line(LOG_WARN, "a message was given up to=%s by=%s tries=%lld why=\"%s\"",
        item->to, notify_way_words[item->way], (long long)item->tries, why);
    buf_init(&value, LIMIT_SETTING_BYTES);
    json_open(&o, '{');
    put_int(&o, "count", (a ? failed_before(n->app, a) : 0) + 1);
    json_member(&o, "at", (struct str){at, time_iso(time_now(), at)});
    json_member(&o, "to", str_of(item->to));
    json_member(&o, "by", str_of(notify_way_words[item->way]));
    json_member(&o, "why", str_of(why));
    json_close(&o, '}');
    if (buf_error(&value, "a failure", &err) < 0 ||
        store_setting_put(n->app->store, SETTING_FAILED,
            (struct str){value.data, value.len}, &err) < 0)
        log_err("noting a message that was given up", &err);
    buf_done(&value);
    arena_free(a);
}

static int count_one(void *arg, const char *name, struct str value, struct err *err)
{
    size_t *count = arg;

    (void)name;
    (void)value;
    (void)err;
    ++*count;
    return 0;
}

int notify_status(
    struct app *app, struct arena *a, struct notify_status *ret, struct err *err)
{
    struct notify_status s = {0};
    const struct json *json = NULL;
    struct str value = {NULL, 0};
    int r = store_setting_get(app->store, a, SETTING_FAILED, &value, err);

    if (r == 0)
        r = json_read_trusted(a, value, &json, err);
    if (r < 0 && r != E_NOT_FOUND)
        return r;
    s.failed = get_int(json, "count", INT64_MAX);
    s.failed_at = json_get_text(json, "at");
    s.failed_to = json_get_text(json, "to");
    s.failed_by = json_get_text(json, "by");
    s.failed_why = json_get_text(json, "why");
    r = store_setting_each(app->store, a, SETTING, count_one, &s.waiting, err);
    if (r == 0)
        *ret = s;
    return r;
}
