/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The thread that tells people. It follows the log by a cursor, turns each step of a case
 * into messages, and hands over what is due, one at a time. A message is told only while the
 * case still stands as it did: whoever took it meanwhile has it.
 */
#include "app/notify.h"

#include <stdio.h>
#include <time.h>

#include "base/log.h"

#include "app/notify_internal.h"

#define SETTING_CURSOR "notify-cursor"
#define PAGE 100
#define HOUR_MS ((utc_ms)3600 * 1000)

/* ---- the cursor ---- */

static int cursor_save(struct notify *n, int64_t seq, struct err *err)
{
    char text[24];
    int len = snprintf(text, sizeof(text), "%lld", (long long)seq);

    return store_setting_put(
        n->app->store, SETTING_CURSOR, (struct str){text, (size_t)len}, err);
}

/* Where the log ends: a node that never told anybody begins with what comes next. */
static int cursor_begin(struct notify *n, int64_t *ret, struct err *err)
{
    struct store_reader *reader = NULL;
    int r = store_read_begin(n->app->store, &reader, err);

    if (r == 0) {
        r = store_seq(reader, ret, err);
        store_read_end(reader);
    }
    return r == 0 ? cursor_save(n, *ret, err) : r;
}

static int cursor_load(struct notify *n, struct arena *a, int64_t *ret, struct err *err)
{
    struct str value = {NULL, 0};
    int r = store_setting_get(n->app->store, a, SETTING_CURSOR, &value, err);

    if (r == 0 && text_int(value, 0, INT64_MAX, ret))
        return 0;
    return r == 0 || r == E_NOT_FOUND ? cursor_begin(n, ret, err) : r;
}

/* ---- from a step to messages ---- */

static void copy(char *out, size_t size, struct str text, const char *prefix)
{
    if (text.p && str_starts(text, prefix)) {
        text.p += strlen(prefix);
        text.len -= strlen(prefix);
    }
    snprintf(out, size, "%.*s", (int)text.len, text.p ? text.p : "");
}

static int add_ways(struct notify *n, struct notify_item *item,
    const struct choice *choice, bool mail, unsigned *ret_ways, struct err *err)
{
    const bool has[NOTIFY_WAYS] = {
        [NOTIFY_MAIL] = mail && choice->email.p, [NOTIFY_HOOK] = choice->hook_url.p};
    utc_ms now = time_now();
    unsigned ways = 0;
    int r = 0;

    if (choice->off & 1u << item->kind)
        return 0;
    item->next = item->urgency == CASE_EMERGENCY || item->kind == CHOICE_TRY
                     ? now
                     : choice_quiet_until(choice, now);
    for (int way = 0; r == 0 && way < NOTIFY_WAYS; way++) {
        if (!has[way])
            continue;
        item->way = (enum notify_way)way;
        r = notify_queue_add(n, item, err);
        ways++;
    }
    if (r == 0)
        *ret_ways = ways;
    return r;
}

int notify_tell(struct notify *n, struct arena *a, struct notify_item *item,
    struct str key, struct err *err)
{
    struct notify_mail mail = {.server = {NULL, 0}};
    struct choice choice = {.off = 0};
    unsigned ways = 0;
    int r = 0;

    if (key.len >= sizeof(item->to))
        return 0;
    copy(item->to, sizeof(item->to), key, "");
    r = choice_load(n->app, a, key, &choice, err);
    if (r == 0)
        r = notify_mail_load(n->app, a, &mail, err);
    if (r == 0)
        r = add_ways(n, item, &choice, mail.server.p != NULL, &ways, err);
    return r;
}

/* The version before ${rec}; false: there was none, or it cannot be read. */
static bool read_before(struct store_reader *reader, struct arena *a,
    const struct store_record *rec, struct case_task *ret)
{
    struct store_history h = {
        .rid = rec->rid, .before = rec->seq, .limit = 1, .body = true};
    struct store_record *list = NULL;
    const struct json *json = NULL;
    size_t count = 0;

    return store_history(reader, a, &h, &list, &count, NULL) == 0 && count == 1 &&
           json_read_trusted(a, list[0].body, &json, NULL) == 0 &&
           case_task_read(json, ret);
}

static int tell_step(struct notify *n, struct arena *a, const struct store_record *rec,
    const struct notify_event *event, const struct case_task *task, struct err *err)
{
    struct notify_item item = {.kind = event->kind,
        .urgency = task->urgency,
        .state = task->state,
        .level = task->clock.level,
        .made = rec->updated};
    struct notify_people people = {0};
    int r = notify_people(n->app, a, event, task, &people, err);

    copy(item.task, sizeof(item.task), rec->id, "");
    copy(item.request, sizeof(item.request), task->request, "ServiceRequest/");
    for (size_t i = 0; r == 0 && i < people.count; i++) {
        r = notify_tell(n, a, &item, people.keys[i], err);
        if (r == E_BUSY)
            r = 0; /* the rest may be emergencies */
    }
    return r;
}

static int take_step(struct notify *n, struct store_reader *reader, struct arena *a,
    const struct store_record *rec, struct err *err)
{
    struct case_task before = {.state = CASE_TASK_NONE};
    struct case_task after = {.state = CASE_TASK_NONE};
    struct notify_event event = {.kind = CHOICE_KINDS};
    const struct json *json = NULL;

    if (rec->operation == STORE_DELETE || rec->erased ||
        time_now() - rec->updated > LIMIT_NOTIFY_OLD_HOURS * HOUR_MS)
        return 0;
    if (json_read_trusted(a, rec->body, &json, NULL) < 0 ||
        !case_task_read(json, &after) ||
        time_now() - after.modified > LIMIT_NOTIFY_OLD_HOURS * HOUR_MS)
        return 0;
    event =
        notify_event_of(read_before(reader, a, rec, &before) ? &before : NULL, &after);
    return event.kind == CHOICE_KINDS ? 0 : tell_step(n, a, rec, &event, &after, err);
}

int notify_alert(
    struct app *app, struct str id, const struct json *task, utc_ms at, struct err *err)
{
    const struct notify_event event = {.kind = CHOICE_ALERT};
    const struct store_record rec = {.id = id, .updated = at};
    struct notify *n = atomic_load(&app->notify);
    struct case_task read = {.state = CASE_TASK_NONE};
    struct arena *a = NULL;
    int r = 0;

    if (!n || !case_task_read(task, &read) ||
        time_now() - at > LIMIT_NOTIFY_OLD_HOURS * HOUR_MS)
        return 0;
    a = arena_new();
    r = a ? tell_step(n, a, &rec, &event, &read, err) : err_nomem(err);
    arena_free(a);
    pthread_mutex_lock(&n->lock);
    pthread_cond_signal(&n->news);
    pthread_mutex_unlock(&n->lock);
    return r;
}

/* ---- following the log ---- */

struct following {
    struct notify *n;
    struct arena *arena; /* of all of it */
    struct arena *step;  /* of one step */
    struct store_reader *reader;
    struct store_record *list; /* steps behind the cursor, newest first */
    size_t count;
};

static int read_steps(struct following *f, int64_t cursor, struct err *err)
{
    struct store_history h = {.type = f->n->task_type, .limit = PAGE, .body = true};
    int r = 0;

    for (;;) {
        struct store_record *page = NULL;
        size_t got = 0;
        size_t i = 0;

        r = store_history(f->reader, f->arena, &h, &page, &got, err);
        while (
            r == 0 && i < got && page[i].seq > cursor && f->count < LIMIT_NOTIFY_BEHIND)
            f->list[f->count++] = page[i++];
        if (r < 0 || i < got || got < PAGE)
            return r;
        h.before = page[got - 1].seq;
    }
}

static int follow_from(struct following *f, struct err *err)
{
    int64_t cursor = 0;
    int64_t end = 0;
    int r = 0;

    f->list = arena_array(f->arena, LIMIT_NOTIFY_BEHIND, sizeof(*f->list));
    r = f->list ? cursor_load(f->n, f->arena, &cursor, err) : err_nomem(err);
    if (r == 0)
        r = store_seq(f->reader, &end, err);
    if (r == 0 && end > cursor)
        r = read_steps(f, cursor, err);
    for (size_t i = f->count; r == 0 && i > 0; i--) {
        arena_reset(f->step);
        r = take_step(f->n, f->reader, f->step, &f->list[i - 1], err);
    }
    return r == 0 && f->count > 0 ? cursor_save(f->n, end, err) : r;
}

static void follow(struct notify *n)
{
    struct following f = {.n = n, .arena = arena_new(), .step = arena_new()};
    struct err err = {0};
    int r = f.arena && f.step ? store_read_begin(n->app->store, &f.reader, &err)
                              : err_nomem(&err);

    if (r == 0)
        r = follow_from(&f, &err);
    if (f.reader)
        store_read_end(f.reader);
    if (r < 0)
        log_err("telling people of the steps of cases", &err);
    arena_free(f.step);
    arena_free(f.arena);
}

/* ---- handing over ---- */

/* Does ${task} stand as ${item} says? An alert is true while the case is open. */
static bool stands(const struct notify_item *item, const struct case_task *task)
{
    if (item->kind == CHOICE_ALERT)
        return case_task_is_open(task->state);
    return task->state == item->state && task->clock.level == item->level;
}

/* Does the case still stand as ${item} says? */
static bool still_true(
    struct notify *n, struct arena *a, const struct notify_item *item)
{
    struct store_reader *reader = NULL;
    struct store_record rec = {0};
    struct case_task task = {.state = CASE_TASK_NONE};
    const struct json *json = NULL;
    bool same = true; /* who cannot look tells rather than not */

    if (item->kind == CHOICE_TRY)
        return true;
    if (item->kind == CHOICE_SIGN_OFF)
        return notify_chart_stands(n, item);
    if (store_read_begin(n->app->store, &reader, NULL) < 0)
        return true;
    if (store_get(reader, a, n->task_type, str_of(item->task), &rec, NULL) == 0)
        same = rec.operation != STORE_DELETE &&
               json_read_trusted(a, rec.body, &json, NULL) == 0 &&
               case_task_read(json, &task) && stands(item, &task);
    store_read_end(reader);
    return same;
}

static void give_up_or_wait(
    struct notify *n, struct notify_item *item, int code, const struct err *why)
{
    item->next = time_now() + notify_pause(item->urgency, item->tries);
    item->tries++;
    if (code == E_IO && item->tries < LIMIT_NOTIFY_TRIES) {
        log_line(LOG_INFO, "a message waits for another try to=%s by=%s tries=%lld",
            item->to, notify_way_words[item->way], (long long)item->tries);
        notify_queue_later(n, item);
        return;
    }
    notify_queue_failed(n, item, why->text);
    notify_queue_remove(n, item);
}

static void hand_over(struct notify *n, struct notify_item *item)
{
    struct arena *a = arena_new();
    struct notify_mail mail = {.server = {NULL, 0}};
    struct choice choice = {.off = 0};
    struct err err = {0};
    utc_ms now = time_now();
    int r =
        a ? choice_load(n->app, a, str_of(item->to), &choice, &err) : err_nomem(&err);
    bool wanted = false;

    if (r == 0)
        r = notify_mail_load(n->app, a, &mail, &err);
    wanted = r == 0 && !(choice.off & 1u << item->kind) &&
             (item->way == NOTIFY_MAIL ? mail.server.p && choice.email.p
                                       : choice.hook_url.p != NULL) &&
             still_true(n, a, item);
    if (r == 0 && !wanted) {
        notify_queue_remove(n, item);
    } else if (r == 0 && !notify_queue_rate(n, item, now)) {
        item->next = now + HOUR_MS / 4;
        notify_queue_later(n, item);
    } else {
        if (r == 0)
            r = notify_send(
                &(struct notify_sending){n, a, item, &choice, &mail, now}, &err);
        if (r == 0)
            notify_queue_remove(n, item);
        else
            give_up_or_wait(n, item, r, &err);
    }
    arena_free(a);
}

/* ---- the thread ---- */

/* With the lock held: until there is news, or ${until}. */
static void wait_for(struct notify *n, utc_ms until)
{
    utc_ms wait = notify_sleep(time_now(), until);
    struct timespec at;

    clock_gettime(CLOCK_MONOTONIC, &at);
    at.tv_sec += wait / 1000;
    at.tv_nsec += wait % 1000 * 1000000;
    if (at.tv_nsec >= 1000000000) {
        at.tv_sec++;
        at.tv_nsec -= 1000000000;
    }
    pthread_cond_timedwait(&n->news, &n->lock, &at);
}

/* What is done next. Charts come last: nobody's emergency waits for them. */
enum work { WORK_NONE, WORK_FOLLOW, WORK_HAND_OVER, WORK_CHARTS };

/* With the lock held. ${ret_next} is when there may be more. */
static enum work choose(struct notify *n, struct notify_item *ret, utc_ms *ret_next)
{
    utc_ms now = time_now();
    utc_ms charts = n->charts ? notify_charts_at(n->charts_last, now) : UTC_MS_MAX;

    if (n->dirty) {
        n->dirty = false;
        return WORK_FOLLOW;
    }
    if (notify_queue_due(n, now, ret, ret_next))
        return WORK_HAND_OVER;
    if (charts <= now) {
        n->charts = false;
        n->charts_last = now;
        return WORK_CHARTS;
    }
    if (charts < *ret_next)
        *ret_next = charts;
    return WORK_NONE;
}

static void look_at_charts(struct notify *n)
{
    struct err err = {0};

    if (notify_charts(n, &err) == 0)
        return;
    log_err("telling people of results after a sign-off", &err);
    pthread_mutex_lock(&n->lock);
    n->charts = true;
    pthread_mutex_unlock(&n->lock);
}

static void *work(void *arg)
{
    struct notify *n = arg;
    struct notify_item item;
    utc_ms next = UTC_MS_MAX;

    pthread_mutex_lock(&n->lock);
    while (!n->ending) {
        enum work what = choose(n, &item, &next);

        if (what == WORK_NONE) {
            wait_for(n, next);
            continue;
        }
        pthread_mutex_unlock(&n->lock);
        if (what == WORK_FOLLOW)
            follow(n);
        else if (what == WORK_HAND_OVER)
            hand_over(n, &item);
        else
            look_at_charts(n);
        pthread_mutex_lock(&n->lock);
    }
    pthread_mutex_unlock(&n->lock);
    return NULL;
}

void notify_changed(struct notify *n, const struct store_event *e)
{
    bool task = n && e->type == n->task_type;
    bool chart = n && notify_is_of_charts(n, e->type);

    if (!task && !chart)
        return;
    pthread_mutex_lock(&n->lock);
    n->dirty = n->dirty || task;
    n->charts = n->charts || chart;
    pthread_cond_signal(&n->news);
    pthread_mutex_unlock(&n->lock);
}

void notify_free(struct notify *n)
{
    if (!n)
        return;
    pthread_cond_destroy(&n->news);
    pthread_mutex_destroy(&n->lock);
    base_free(n->items);
    base_free(n->base);
    base_free(n);
}

static struct notify *notify_new(struct app *app, const char *base)
{
    struct notify *n = base_malloc(sizeof(*n));
    pthread_condattr_t clock;

    if (!n)
        return NULL;
    memset(n, 0, sizeof(*n));
    n->app = app;
    n->dirty = n->charts = true; /* what happened while nobody was looking */
    n->task_type = fhir_resource_named(STR("Task"))->number;
    n->chart_types[0] = fhir_resource_named(STR("Procedure"))->number;
    n->chart_types[1] = fhir_resource_named(STR("Practitioner"))->number;
    n->chart_types[2] = fhir_resource_named(STR("SignOff"))->number;
    pthread_mutex_init(&n->lock, NULL);
    pthread_condattr_init(&clock);
    pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
    pthread_cond_init(&n->news, &clock);
    pthread_condattr_destroy(&clock);
    n->base = base_malloc(strlen(base) + 1);
    if (!n->base) {
        notify_free(n);
        return NULL;
    }
    memcpy(n->base, base, strlen(base) + 1);
    return n;
}

int notify_start(struct app *app, const char *base, struct err *err)
{
    struct notify *n = notify_new(app, base);
    int r = n ? notify_queue_load(n, err) : err_nomem(err);

    if (r == 0)
        r = thread_start(&n->thread, "notify", work, n, err);
    if (r < 0) {
        notify_free(n);
        return r;
    }
    atomic_store(&app->notify, n);
    return 0;
}

void notify_stop(struct app *app)
{
    struct notify *n = atomic_load(&app->notify);

    if (!n)
        return;
    pthread_mutex_lock(&n->lock);
    n->ending = true;
    pthread_cond_signal(&n->news);
    pthread_mutex_unlock(&n->lock);
    pthread_join(n->thread, NULL);
}

int notify_try(struct app *app, struct str key, unsigned *ret_ways, struct err *err)
{
    struct notify *n = atomic_load(&app->notify);
    struct arena *a = arena_new();
    struct notify_mail mail = {.server = {NULL, 0}};
    struct notify_item item = {
        .kind = CHOICE_TRY, .urgency = CASE_ROUTINE, .made = time_now()};
    struct choice choice = {.off = 0};
    int r = a ? 0 : err_nomem(err);

    if (r == 0 && (!n || key.len >= sizeof(item.to)))
        r = err_set(err, E_UNSUPPORTED, NULL, "This server sends no messages.");
    if (r == 0)
        r = choice_load(app, a, key, &choice, err);
    if (r == 0)
        r = notify_mail_load(app, a, &mail, err);
    if (r == 0) {
        copy(item.to, sizeof(item.to), key, "");
        r = add_ways(n, &item, &choice, mail.server.p != NULL, ret_ways, err);
    }
    if (r == 0) {
        pthread_mutex_lock(&n->lock);
        pthread_cond_signal(&n->news);
        pthread_mutex_unlock(&n->lock);
    }
    arena_free(a);
    return r;
}
