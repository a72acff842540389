/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The node's look at all watches. What changed since the last look is remembered as a few ids
 * of Observations, or "all" where there are too many, and at first; that only spares work. What
 * counts follows from the records: the newest set of vital signs that the case shares, the one
 * before it, and the time.
 */
#include <stdio.h>
#include <string.h>

#include "base/id.h"
#include "base/log.h"

#include "app/case.h"
#include "app/change.h"
#include "app/notify.h"
#include "app/seek.h"
#include "app/vitals_internal.h"
#include "app/watch_internal.h"
#include "crypto/digest.h"
#include "fhir/put.h"

#define CHANGED 64

struct watches {
    pthread_mutex_t lock; /* guards all below */
    store_rid changed[CHANGED];
    size_t count;
    bool all;
};

struct watches *watches_new(void)
{
    struct watches *w = base_malloc(sizeof(*w));

    if (!w)
        return NULL;
    memset(w, 0, sizeof(*w));
    w->all = true;
    pthread_mutex_init(&w->lock, NULL);
    return w;
}

void watches_free(struct watches *w)
{
    if (!w)
        return;
    pthread_mutex_destroy(&w->lock);
    base_free(w);
}

bool watches_changed(struct watches *w, const struct store_event *e)
{
    const char *type = fhir_type_numbered(e->type)->name;

    if (!w || (strcmp(type, "Observation") != 0 && strcmp(type, "CarePlan") != 0))
        return false;
    pthread_mutex_lock(&w->lock);
    if (strcmp(type, "CarePlan") == 0 || w->count == CHANGED)
        w->all = true;
    else
        w->changed[w->count++] = e->rid;
    pthread_mutex_unlock(&w->lock);
    return true;
}

/* ---- one look ---- */

struct look {
    struct app *app;
    struct seek seek;
    utc_ms now;
    bool all;
    store_rid changed[CHANGED];
    size_t changed_count;
    struct str *cases; /* ids of those whose vital signs changed */
    size_t case_count;
    struct watch_result *result;
};

/* One watch in it. */
struct watched {
    struct look *look;
    struct store_record rec;
    const struct json *plan;
    struct watch_terms terms;
    struct str id; /* of the case */
    const struct json *task;
};

static void take_changes(struct look *l)
{
    struct watches *w = l->app->watches;

    pthread_mutex_lock(&w->lock);
    l->all = w->all;
    l->changed_count = w->count;
    memcpy(l->changed, w->changed, w->count * sizeof(w->changed[0]));
    w->all = false;
    w->count = 0;
    pthread_mutex_unlock(&w->lock);
}

/* It failed: look at everything the next time. */
static void forget_nothing(struct look *l)
{
    pthread_mutex_lock(&l->app->watches->lock);
    l->app->watches->all = true;
    pthread_mutex_unlock(&l->app->watches->lock);
}

static int find_cases(struct look *l, struct err *err)
{
    int r = 0;

    l->cases = arena_array(l->seek.a, l->changed_count + 1, sizeof(*l->cases));
    if (!l->cases)
        return err_nomem(err);
    for (size_t i = 0; r == 0 && i < l->changed_count; i++) {
        const struct json *observation = NULL;
        const struct json *about = NULL;
        struct str id = {NULL, 0};

        r = seek_rid(&l->seek, l->changed[i], NULL, &observation, err);
        about = json_at(json_get(observation, "basedOn"), 0);
        id = seek_id(&l->seek, json_get_text(about, "reference"), "ServiceRequest");
        if (r == 0 && id.p)
            l->cases[l->case_count++] = id;
    }
    return r;
}

static bool has_changed(const struct watched *w)
{
    for (size_t i = 0; i < w->look->case_count; i++) {
        if (str_eq(w->look->cases[i], w->id))
            return true;
    }
    return w->look->all;
}

/* ---- an alert ---- */

struct alert {
    enum watch_reason reason;
    utc_ms at; /* of the set; overdue: since when */
    const struct news2_score *before;
    const struct news2_score *now;
};

/* A UUID of version 8 of what is told: asked again it is the same. */
static void alert_id(
    const struct watched *w, const struct alert *alert, char out[ID_UUID_CHARS + 1])
{
    uint8_t digest[CRYPTO_DIGEST_BYTES];
    char text[LIMIT_ID_CHARS * 2];
    int len =
        snprintf(text, sizeof(text), "watch-alert|%.*s|%s|%lld", (int)w->rec.id.len,
            w->rec.id.p, watch_reason_code(alert->reason), (long long)alert->at);

    crypto_digest_once(digest, text, (size_t)len);
    digest[6] = (uint8_t)((digest[6] & 0x0fu) | 0x80u);
    digest[8] = (uint8_t)((digest[8] & 0x3fu) | 0x80u);
    id_uuid_unpack(digest, out);
}

static void put_whole(struct json_out *o, const char *name, int value)
{
    beside_open_extension(o, name);
    json_name(o, "valueInteger");
    json_put_int(o, value);
    json_close(o, '}');
}

static void put_facts(struct json_out *o, const struct alert *alert)
{
    json_name(o, "extension");
    json_open(o, '[');
    beside_open_extension(o, WATCH_ALERT_URL);
    json_name(o, "extension");
    json_open(o, '[');
    beside_put_extension_text(
        o, "reason", "valueCode", str_of(watch_reason_code(alert->reason)));
    beside_open_extension(o, "at");
    fhir_put_time(o, "valueInstant", alert->at);
    json_close(o, '}');
    if (alert->before)
        put_whole(o, "before", alert->before->total);
    if (alert->now)
        put_whole(o, "total", alert->now->total);
    json_close(o, ']');
    json_close(o, '}');
    json_close(o, ']');
}

static void put_words(struct json_out *o, const struct alert *alert)
{
    char text[160];

    if (alert->reason == WATCH_OVERDUE)
        snprintf(
            text, sizeof(text), "No vital signs were measured in the time agreed.");
    else if (alert->reason == WATCH_REACHED)
        snprintf(text, sizeof(text), "NEWS2 is %d and has reached what was agreed.",
            alert->now->total);
    else
        snprintf(text, sizeof(text), "NEWS2 rose from %d to %d.", alert->before->total,
            alert->now->total);
    json_name(o, "payload");
    json_open(o, '[');
    json_open(o, '{');
    json_member(o, "contentString", str_of(text));
    json_close(o, '}');
    json_close(o, ']');
}

static void put_alert(
    struct buf *b, const struct watched *w, const char *id, const struct alert *alert)
{
    struct json_out o = json_out(b);

    beside_put_head(&o, "Communication", str_of(id));
    put_facts(&o, alert);
    json_name(&o, "basedOn");
    json_open(&o, '[');
    json_open(&o, '{');
    json_name(&o, "reference");
    buf_addf(b, "\"ServiceRequest/%.*s\"", (int)w->id.len, w->id.p);
    o.comma = true;
    json_close(&o, '}');
    json_close(&o, ']');
    json_member(&o, "status", STR("completed"));
    json_name(&o, "category");
    json_open(&o, '[');
    fhir_put_concept(&o, NULL, CASE_MESSAGE_SYSTEM, STR("alert"));
    fhir_put_concept(&o, NULL, BESIDE_SYSTEM, STR("alert"));
    json_close(&o, ']');
    json_member(&o, "priority", STR("urgent"));
    json_name(&o, "subject");
    json_put_value(&o, json_get(w->plan, "subject"));
    fhir_put_time(&o, "sent", w->look->now);
    put_words(&o, alert);
    json_close(&o, '}');
}

/* Write it, unless it is there; people are told first, so that a power cut between the two
 * tells twice and never not. */
static int raise_alert(struct watched *w, const struct alert *alert, struct err *err)
{
    struct look *l = w->look;
    struct app_call call = change_by_node(l->app, l->seek.a);
    struct change change = {.call = &call};
    char id[ID_UUID_CHARS + 1];
    const struct json *there = NULL;
    struct buf b;
    int r = 0;

    alert_id(w, alert, id);
    r = seek_record(&l->seek, "Communication", str_of(id), NULL, &there, err);
    if (r < 0 || there)
        return r;
    buf_init(&b, LIMIT_RECORD_BYTES);
    put_alert(&b, w, id, alert);
    r = change_put(&change, case_type("Communication"), str_of(id), NULL, &b, err);
    buf_done(&b);
    if (r == 0)
        r = notify_alert(l->app, w->id, w->task, alert->at, err);
    if (r == 0)
        r = change_commit(&change, err);
    l->result->alerts += r == 0;
    return r == E_CONFLICT ? 0 : r;
}

/* ---- one watch ---- */

static int end_watch(struct watched *w, struct err *err)
{
    struct look *l = w->look;
    struct app_call call = change_by_node(l->app, l->seek.a);
    struct change change = {.call = &call};
    struct buf b;
    int r = 0;

    buf_init(&b, LIMIT_RECORD_BYTES);
    watch_over_put(&b, w->plan);
    r = change_put(&change, case_type("CarePlan"), w->rec.id, &w->rec, &b, err);
    buf_done(&b);
    if (r == 0)
        r = change_commit(&change, err);
    l->result->ended += r == 0;
    return r == E_CONFLICT ? 0 : r;
}

static int judge(struct watched *w, struct err *err)
{
    struct look *l = w->look;
    struct app_call call = change_by_node(l->app, l->seek.a);
    struct vitals_judgement now;
    struct vitals_judgement before;
    const struct vitals_set *newest = NULL;
    struct alert alert = {.reason = WATCH_NOTHING};
    struct vitals v;
    utc_ms last = 0;
    int r = vitals_of_case(&call, l->seek.snapshot, w->id, &v, err);

    if (r < 0)
        return r;
    newest = v.set_count > 0 ? &v.sets[v.set_count - 1] : NULL;
    last = newest ? newest->last : 0;
    if (newest && last >= w->terms.from) {
        vitals_judge(&v, newest, &now);
        if (v.set_count > 1)
            vitals_judge(&v, newest - 1, &before);
        alert = (struct alert){.at = newest->first,
            .now = &now.score,
            .before = v.set_count > 1 && before.score.refusal == NEWS2_SCORED
                          ? &before.score
                          : NULL};
        alert.reason = watch_judge(&w->terms, alert.before, alert.now);
    }
    if (alert.reason != WATCH_NOTHING)
        r = raise_alert(w, &alert, err);
    if (r == 0 && l->now >= watch_overdue_at(&w->terms, last)) {
        alert = (struct alert){
            .reason = WATCH_OVERDUE, .at = last > w->terms.from ? last : w->terms.from};
        r = raise_alert(w, &alert, err);
    }
    return r;
}

/* Is the case of ${w} open? */
static int find_case(struct watched *w, bool *ret, struct err *err)
{
    const struct json *activity = json_at(json_get(w->plan, "activity"), 0);
    struct case_task read;
    int r = 0;

    w->id = seek_id(&w->look->seek,
        json_get_text(json_get(activity, "reference"), "reference"), "ServiceRequest");
    *ret = false;
    if (!w->id.p)
        return 0;
    r = seek_record(&w->look->seek, "Task", w->id, NULL, &w->task, err);
    if (r == 0 && w->task && case_task_read(w->task, &read))
        *ret = case_task_is_open(read.state);
    return r;
}

static int look_at(struct look *l, store_rid rid, struct err *err)
{
    struct watched w = {.look = l};
    bool open = false;
    int r = seek_rid(&l->seek, rid, &w.rec, &w.plan, err);

    if (r < 0 || !w.plan || !watch_terms_read(w.plan, &w.terms))
        return r;
    r = find_case(&w, &open, err);
    if (r < 0)
        return r;
    if (!open || l->now >= w.terms.until)
        return end_watch(&w, err);
    /* without news only the time can make something of it */
    if (!has_changed(&w) && l->now < watch_overdue_at(&w.terms, 0))
        return 0;
    return judge(&w, err);
}

static int look_all(struct look *l, const atomic_bool *stop, struct err *err)
{
    const struct search_pair pairs[] = {{STR("category"), STR(BESIDE_SYSTEM "|watch")},
        {STR("status"), STR("active")}, {STR("_count"), STR("500")},
        {STR("_total"), STR("none")}};
    struct seek_list found = {NULL, 0};
    int r = seek_all(
        &l->seek, &(struct seek_for){"CarePlan", pairs, 4, LIMIT_WATCHES}, &found, err);

    if (r == 0 && found.count > 0)
        r = find_cases(l, err);
    for (size_t i = 0; r == 0 && i < found.count && !(stop && atomic_load(stop)); i++) {
        struct err one = {0};

        if (look_at(l, found.rids[i], &one) < 0) {
            log_err("looking at a watch", &one);
            forget_nothing(l);
        }
    }
    return r;
}

int watch_run(struct app *app, const atomic_bool *stop, utc_ms now,
    struct watch_result *ret, struct err *err)
{
    struct watch_result result = {0, 0};
    struct look l = {.app = app, .now = now, .result = &result};
    struct store_reader *snapshot = NULL;
    int r = 0;

    if (!app->watches)
        return 0;
    take_changes(&l);
    r = store_read_begin(app->store, &snapshot, err);
    l.seek = (struct seek){app, snapshot, r == 0 ? arena_new() : NULL};
    if (r == 0)
        r = l.seek.a ? look_all(&l, stop, err) : err_nomem(err);
    if (snapshot)
        store_read_end(snapshot);
    arena_free(l.seek.a);
    if (r < 0)
        forget_nothing(&l);
    else if (ret)
        *ret = result;
    return r;
}
