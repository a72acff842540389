/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The operations of a watch: $watch puts the patient of an open case under it, or changes it;
 * $end-watch ends it; $acknowledge says that one's side has seen an alert. Either side does all
 * three. A case has one watch at a time.
 */
#include "app/access_internal.h"
#include "app/change.h"
#include "app/seek.h"
#include "app/vitals_internal.h"
#include "app/watch_internal.h"
#include "fhir/put.h"
#include "fhir/value.h"

#define MINUTE_MS ((utc_ms)60000)

/* ---- the watch that is there ---- */

static int find_active(struct beside *b, struct beside_record *ret, struct err *err)
{
    struct case_doing *d = &b->d;
    const struct seek s = {d->call->app, d->snapshot, d->call->arena};
    struct str about = beside_reference(b, "ServiceRequest", d->rest->id);
    const struct search_pair pairs[] = {{STR("activity-reference"), about},
        {STR("category"), STR(BESIDE_SYSTEM "|watch")}, {STR("status"), STR("active")}};
    struct seek_list found = {NULL, 0};
    int r = seek_all(&s, &(struct seek_for){"CarePlan", pairs, 3, 1}, &found, err);

    *ret = (struct beside_record){.type = case_type("CarePlan")};
    if (r == 0 && found.count > 0)
        r = seek_rid(&s, found.rids[0], &ret->rec, &ret->json, err);
    ret->id = ret->rec.id;
    return r;
}

/* ---- $watch ---- */

/* Why NEWS2 is refused for this patient whatever is measured; NULL: it is not. */
static int refusal_of(struct beside *b, const char **ret, struct err *err)
{
    struct app_call call = change_by_node(b->d.call->app, b->d.call->arena);
    struct vitals_set none = {.first = b->d.now, .last = b->d.now};
    struct vitals_judgement judged;
    struct vitals v;
    int r = vitals_of_case(&call, b->d.snapshot, b->d.rest->id, &v, err);

    *ret = NULL;
    if (r < 0)
        return r;
    vitals_judge(&v, &none, &judged);
    if (judged.score.refusal == NEWS2_CHILD)
        *ret = "child";
    else if (judged.score.refusal == NEWS2_PREGNANT)
        *ret = "pregnant";
    else if (judged.score.refusal == NEWS2_AGE_UNKNOWN)
        *ret = "age-unknown";
    return 0;
}

static void put_number(struct json_out *o, const char *name, int64_t value)
{
    beside_open_extension(o, name);
    json_name(o, "valuePositiveInt");
    json_put_int(o, value);
    json_close(o, '}');
}

static void put_terms(
    struct json_out *o, const struct watch_terms *terms, const char *refused)
{
    json_name(o, "extension");
    json_open(o, '[');
    beside_open_extension(o, WATCH_URL);
    json_name(o, "extension");
    json_open(o, '[');
    put_number(o, "every", terms->every);
    put_number(o, "rise", terms->rise);
    beside_put_extension_text(
        o, "band", "valueCode", str_of(watch_band_code(terms->band)));
    if (refused)
        beside_put_extension_text(o, "refused", "valueCode", str_of(refused));
    json_close(o, ']');
    json_close(o, '}');
    json_close(o, ']');
}

void watch_put(struct buf *out, const struct beside *b, struct str id,
    const struct watch_terms *terms, const char *refused)
{
    struct json_out o = json_out(out);

    beside_put_head(&o, "CarePlan", id);
    put_terms(&o, terms, refused);
    json_member(&o, "status", STR("active"));
    json_member(&o, "intent", STR("order"));
    beside_put_mark(&o, "category", "watch", true);
    beside_put_subject(&o, b);
    json_name(&o, "period");
    json_open(&o, '{');
    fhir_put_time(&o, "start", terms->from);
    fhir_put_time(&o, "end", terms->until);
    json_close(&o, '}');
    fhir_put_time(&o, "created", terms->from);
    beside_put_me(&o, "author", b);
    json_name(&o, "activity");
    json_open(&o, '[');
    json_open(&o, '{');
    json_name(&o, "reference");
    beside_put_case(&o, b);
    json_close(&o, '}');
    json_close(&o, ']');
    json_close(&o, '}');
}

int watch_terms_given(const struct beside *b, struct watch_terms *ret, struct err *err)
{
    struct watch_terms terms = {
        .from = b->d.now, .rise = WATCH_RISE_UNLESS_SAID, .band = WATCH_5};
    struct str band = beside_text(b->given, "band");
    utc_ms ignored = 0;

    (void)fhir_date_range(beside_text(b->given, "until"), &terms.until, &ignored);
    terms.every = beside_number(b->given, "every");
    if (beside_value(b->given, "rise"))
        terms.rise = beside_number(b->given, "rise");
    for (int i = WATCH_SINGLE_3; band.p && i <= WATCH_7; i++) {
        if (str_is(band, watch_band_code((enum watch_band)i)))
            terms.band = (enum watch_band)i;
    }
    if (terms.every < LIMIT_WATCH_EVERY_LEAST)
        return err_set(err, E_INVALID, "every",
            "Vital signs are asked for every %d minutes at most.",
            LIMIT_WATCH_EVERY_LEAST);
    if (terms.until <= b->d.now ||
        terms.until > b->d.now + (utc_ms)LIMIT_WATCH_DAYS * 24 * 60 * MINUTE_MS)
        return err_set(err, E_INVALID, "until",
            "A watch ends in the future, and within %d days.", LIMIT_WATCH_DAYS);
    *ret = terms;
    return 0;
}

static bool same_terms(const struct watch_terms *a, const struct watch_terms *b)
{
    return a->until == b->until && a->every == b->every && a->rise == b->rise &&
           a->band == b->band;
}

/* Settle which record it is: the one that is there, where it has the same id. */
static int settle(struct beside *b, const struct beside_record *active,
    struct watch_terms *terms, struct err *err)
{
    struct str id = beside_text(b->given, "id");
    struct watch_terms before;

    if (!active->json)
        return beside_is_there(b, "CarePlan", id, err);
    if (!str_eq(active->id, id))
        return err_set(err, E_CONFLICT, "id",
            "This patient is under watch already, by %.*s: change that one under its "
            "id, or end it. Nothing was changed.",
            (int)active->id.len, active->id.p);
    if (!watch_terms_read(active->json, &before))
        return 0;
    terms->from = before.from;
    b->repeated = same_terms(&before, terms);
    b->there = active->rec;
    return 0;
}

int watch_begin(struct beside *b, struct err *err)
{
    struct str id = beside_text(b->given, "id");
    struct beside_record active;
    struct watch_terms terms = {.every = 0};
    const char *refused = NULL;
    struct buf out;
    int r = watch_terms_given(b, &terms, err);

    if (r == 0)
        r = find_active(b, &active, err);
    if (r == 0)
        r = settle(b, &active, &terms, err);
    if (r < 0 || b->repeated)
        return r;
    r = refusal_of(b, &refused, err);
    if (r < 0)
        return r;
    buf_init(&out, LIMIT_RECORD_BYTES);
    watch_put(&out, b, id, &terms, refused);
    r = beside_plan(b, "CarePlan", id, &active, &out, err);
    buf_done(&out);
    return r;
}

/* ---- $end-watch ---- */

void watch_ended_put(struct buf *out, const struct beside *b, const struct json *plan)
{
    static const char *const but[] = {"status", "period", NULL};
    struct json_out o = json_out(out);

    json_open(&o, '{');
    fhir_put_but(&o, plan, but);
    json_member(&o, "status", STR("completed"));
    json_name(&o, "period");
    json_open(&o, '{');
    json_member(&o, "start", json_get_text(json_get(plan, "period"), "start"));
    fhir_put_time(&o, "end", b->d.now);
    json_close(&o, '}');
    json_close(&o, '}');
}

void watch_over_put(struct buf *out, const struct json *plan)
{
    static const char *const but[] = {"status", NULL};
    struct json_out o = json_out(out);

    json_open(&o, '{');
    fhir_put_but(&o, plan, but);
    json_member(&o, "status", STR("completed"));
    json_close(&o, '}');
}

int watch_end(struct beside *b, struct err *err)
{
    struct str id = beside_text(b->given, "id");
    struct beside_record plan;
    struct buf out;
    int r = beside_load(b, "CarePlan", id, &plan, err);

    if (r < 0)
        return r;
    if (!plan.json || !beside_has_mark(plan.json, "watch") ||
        !beside_is_about(b, json_get(plan.json, "activity")))
        return err_set(err, E_NOT_FOUND, "id",
            "This case has no watch with the id %.*s.", (int)id.len, id.p);
    if (!str_is(json_get_text(plan.json, "status"), "active")) {
        b->repeated = true;
        b->there = plan.rec;
        return 0;
    }
    buf_init(&out, LIMIT_RECORD_BYTES);
    watch_ended_put(&out, b, plan.json);
    r = beside_plan(b, "CarePlan", id, &plan, &out, err);
    buf_done(&out);
    return r;
}

/* ---- $acknowledge ---- */

static const char *side_of(const struct beside *b)
{
    return b->d.asking ? "asking" : "asked";
}

/* Has ${side} seen ${alert}? */
static bool has_seen(const struct json *alert, const char *side)
{
    struct json_each it = json_each(json_get(alert, "extension"));

    while (json_next(&it)) {
        struct json_each part = json_each(json_get(it.value, "extension"));

        while (str_is(json_get_text(it.value, "url"), WATCH_SEEN_URL) &&
               json_next(&part)) {
            if (str_is(json_get_text(part.value, "url"), "side") &&
                str_is(json_get_text(part.value, "valueCode"), side))
                return true;
        }
    }
    return false;
}

static void put_seen(struct json_out *o, const struct beside *b)
{
    beside_open_extension(o, WATCH_SEEN_URL);
    json_name(o, "extension");
    json_open(o, '[');
    beside_put_extension_text(o, "side", "valueCode", str_of(side_of(b)));
    beside_open_extension(o, "by");
    beside_put_me(o, "valueReference", b);
    json_close(o, '}');
    beside_open_extension(o, "at");
    fhir_put_time(o, "valueInstant", b->d.now);
    json_close(o, '}');
    json_close(o, ']');
    json_close(o, '}');
}

static void put_alert_seen(
    struct buf *out, const struct beside *b, const struct json *alert)
{
    static const char *const but[] = {"extension", NULL};
    struct json_each it = json_each(json_get(alert, "extension"));
    struct json_out o = json_out(out);

    json_open(&o, '{');
    fhir_put_but(&o, alert, but);
    json_name(&o, "extension");
    json_open(&o, '[');
    while (json_next(&it))
        json_put_value(&o, it.value);
    put_seen(&o, b);
    json_close(&o, ']');
    json_close(&o, '}');
}

int watch_seen(struct beside *b, struct err *err)
{
    struct str id = beside_text(b->given, "alert");
    struct beside_record alert;
    struct buf out;
    int r = beside_load(b, "Communication", id, &alert, err);

    if (r < 0)
        return r;
    if (!alert.json || !beside_has_mark(alert.json, "alert") ||
        !beside_is_about(b, json_get(alert.json, "basedOn")))
        return err_set(err, E_NOT_FOUND, "alert",
            "This case has no alert with the id %.*s.", (int)id.len, id.p);
    if (has_seen(alert.json, side_of(b))) {
        b->repeated = true;
        b->there = alert.rec;
        return 0;
    }
    buf_init(&out, LIMIT_RECORD_BYTES);
    put_alert_seen(&out, b, alert.json);
    r = beside_plan(b, "Communication", id, &alert, &out, err);
    buf_done(&out);
    return r;
}
