/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The milestones of a case: what of its course figures are made of, kept in its Task, since a figure reads
 * one record. Begun by $send and added to by the steps that follow; a case that was sent before
 * there were any has none, and counts in no figure of them.
 *
 *   of $send      kind, asked (the department), intent (what the asker would do without an answer),
 *                 complete (nothing that is asked for was missing), kilometres, way-minutes, distance;
 *                 specialty of the illness; of a transfer reason (why the patient cannot be treated at home)
 *   moments       sent, taken, asked-back, answered, declined, rerouted: of the first time;
 *                 informed, departed, arrived, returned, outcome, withdrawn, expired, closed
 *   of $accept-transfer, $arrive
 *                 to (the hospital of the bed), reach (is it of the same prefecture or region?)
 *   of $answer    here (can it be done where the patient is)
 *   of $outcome   outcome-days (since the first answer, a day that has begun is one), avoided (could the patient stay because of it)
 */
#include <math.h>

#include "app/case_internal.h"
#include "app/catalogue.h"
#include "app/distance.h"
#include "fhir/put.h"
#include "fhir/value.h"

#define MILESTONES_URL "https://belay.health/StructureDefinition/case-milestones"
#define INTENT_URL "https://belay.health/StructureDefinition/case-intent"
#define REASON_URL "https://belay.health/StructureDefinition/transfer-reason"
#define REASONS "no-equipment nobody-able no-capacity patient-wish other"
#define COMPLETENESS_URL "https://belay.health/StructureDefinition/case-completeness"

/* Which moment a step is. */
static const struct {
    const char *step;
    const char *moment;
    bool first; /* a later one changes nothing */
} moments[] = {
    {"send", "sent", true},
    {"accept", "taken", true},
    {"ask-back", "taken", true},
    {"ask-back", "asked-back", true},
    {"inform", "informed", false},
    {"answer", "taken", true},
    {"answer", "answered", true},
    {"accept-transfer", "taken", true},
    {"accept-transfer", "answered", true},
    {"decline", "declined", true},
    {"reroute", "rerouted", true},
    {"depart", "departed", false},
    {"arrive", "arrived", false},
    {"return", "returned", false},
    {"outcome", "outcome", false},
    {"withdraw", "withdrawn", false},
    {"expire", "expired", false},
    {"close", "closed", false},
};

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

#define DAY_MS ((utc_ms)24 * 60 * 60 * 1000)

static const struct json *extension_of(const struct json *of, const char *url)
{
    struct json_each it = json_each(json_get(of, "extension"));

    while (json_next(&it)) {
        if (str_is(json_get_text(it.value, "url"), url))
            return it.value;
    }
    return NULL;
}

static void open_part(struct json_out *o, const char *url)
{
    json_open(o, '{');
    json_member(o, "url", str_of(url));
}

static void put_code(struct json_out *o, const char *url, struct str code)
{
    if (!code.p)
        return;
    open_part(o, url);
    json_member(o, "valueCode", code);
    json_close(o, '}');
}

static void put_truth(struct json_out *o, const char *url, bool value)
{
    open_part(o, url);
    json_name(o, "valueBoolean");
    json_put_bool(o, value);
    json_close(o, '}');
}

static void put_whole(
    struct json_out *o, const char *url, const char *member, double value)
{
    open_part(o, url);
    json_name(o, member);
    json_put_int(o, llround(value));
    json_close(o, '}');
}

/* ---- what $send knows ---- */

static struct str kind_of(const struct json *request)
{
    struct json_each it = json_each(json_get(request, "category"));

    while (json_next(&it)) {
        const struct json *coding = json_at(json_get(it.value, "coding"), 0);

        if (str_is(json_get_text(coding, "system"), CASE_KIND_SYSTEM))
            return json_get_text(coding, "code");
    }
    return (struct str){NULL, 0};
}

/* What was counted before it was sent, where it was. */
static void put_complete(struct json_out *o, const struct json *request)
{
    const struct json *counted = extension_of(request, COMPLETENESS_URL);
    struct str have_text =
        json_text(json_get(extension_of(counted, "have"), "valueInteger"));
    struct str of_text =
        json_text(json_get(extension_of(counted, "of"), "valueInteger"));
    int64_t have = 0, of = 0;

    if (have_text.p && of_text.p && text_int(have_text, 0, INT32_MAX, &have) &&
        text_int(of_text, 0, INT32_MAX, &of))
        put_truth(o, "complete", have >= of);
}

static void put_way(struct json_out *o, const struct case_doing *d)
{
    if (d->way.minutes >= 0)
        put_whole(o, "way-minutes", "valueInteger", d->way.minutes);
    if (isnan(d->way.kilometres))
        return;
    put_whole(o, "kilometres", "valueDecimal", d->way.kilometres);
    put_code(o, "distance", str_of(distance_band(d->way.kilometres)));
}

/* The specialty of the first illness of the catalogue that the request names; p NULL: none. */
static struct str specialty_of(const struct json *request)
{
    struct json_each it = json_each(json_get(request, "reasonCode"));

    while (json_next(&it)) {
        struct json_each coding = json_each(json_get(it.value, "coding"));

        while (json_next(&coding)) {
            struct str code = json_get_text(coding.value, "code");
            uint32_t thing = 0;

            if (code.p && catalogue_find(STR(CATALOGUE_ILLNESS_SYSTEM), code, &thing) &&
                str_is(json_get_text(coding.value, "system"), CATALOGUE_ILLNESS_SYSTEM))
                return str_of(catalogue_thing(thing)->specialty);
        }
    }
    return (struct str){NULL, 0};
}

static void put_begin(struct json_out *o, const struct case_doing *d)
{
    struct str intent =
        json_get_text(extension_of(d->request, INTENT_URL), "valueCode");
    struct str reason =
        json_get_text(extension_of(d->request, REASON_URL), "valueCode");

    put_code(o, "kind", kind_of(d->request));
    if (d->unit_count > 0) {
        open_part(o, "asked");
        fhir_put_reference(o, "valueReference", d->units[0]);
        json_close(o, '}');
    }
    if (case_code_listed(intent, "transfer stay"))
        put_code(o, "intent", intent);
    if (case_is_of(d->request, "transfer") && case_code_listed(reason, REASONS))
        put_code(o, "reason", reason);
    put_code(o, "specialty", specialty_of(d->request));
    put_complete(o, d->request);
    put_way(o, d);
}

int case_network_take(struct case_doing *d, struct err *err)
{
    int r = 0;

    d->network = NULL;
    if (d->step->does != CASE_DOES_SEND && d->step->does != CASE_DOES_PROMISE &&
        d->step->does != CASE_DOES_ARRIVE)
        return 0;
    r = networks_take(d->call->app->networks, &d->network, err);
    return r == E_TOO_LARGE ? 0 : r; /* then no way is known */
}

void case_network_release(struct case_doing *d)
{
    if (d->network)
        network_release(d->network);
    d->network = NULL;
}

void case_way_find(struct case_doing *d)
{
    d->way = (struct network_way){(double)NAN, -1};
    d->reach = NULL;
    if (d->network && d->hospital.p && d->bed_hospital.p)
        d->reach = network_reach(d->network, d->hospital, d->bed_hospital);
    if (d->step->does != CASE_DOES_SEND)
        return;
    if (d->network && d->hospital.p && d->unit_count > 0)
        d->way = network_way_between(d->network, d->hospital, d->units[0], d->now);
}

/* ---- after each step ---- */

/* Does this step say the part ${url} anew? */
static bool says(const struct case_doing *d, struct str url)
{
    for (size_t i = 0; i < COUNT(moments); i++) {
        if (!moments[i].first && strcmp(moments[i].step, d->step->name) == 0 &&
            str_is(url, moments[i].moment))
            return true;
    }
    return (d->step->does == CASE_DOES_OUTCOME &&
               (str_is(url, "avoided") || str_is(url, "outcome-days"))) ||
           (d->bed_hospital.p && (str_is(url, "to") || str_is(url, "reach"))) ||
           (d->step->does == CASE_DOES_ANSWER && str_is(url, "here"));
}

static void put_kept(
    struct json_out *o, const struct case_doing *d, const struct json *before)
{
    struct json_each it = json_each(json_get(before, "extension"));

    while (json_next(&it)) {
        if (!says(d, json_get_text(it.value, "url")))
            json_put_value(o, it.value);
    }
}

static void put_moments(
    struct json_out *o, const struct case_doing *d, const struct json *before)
{
    for (size_t i = 0; i < COUNT(moments); i++) {
        if (strcmp(moments[i].step, d->step->name) != 0 ||
            (moments[i].first && extension_of(before, moments[i].moment)))
            continue;
        open_part(o, moments[i].moment);
        fhir_put_time(o, "valueInstant", d->now);
        json_close(o, '}');
    }
}

/* Where the patient is taken. */
static void put_bed(struct json_out *o, const struct case_doing *d)
{
    open_part(o, "to");
    fhir_put_reference(o, "valueReference", d->bed_hospital);
    json_close(o, '}');
    put_code(o, "reach", str_of(d->reach));
}

static void put_outcome(
    struct json_out *o, const struct case_doing *d, const struct json *before)
{
    struct str answered =
        json_get_text(extension_of(before, "answered"), "valueInstant");
    utc_ms at = 0, hi = 0;

    if (answered.p && fhir_date_range(answered, &at, &hi) && at <= d->now) {
        utc_ms days = (d->now - at + DAY_MS - 1) / DAY_MS; /* begun ones count */

        put_whole(o, "outcome-days", "valueInteger", (double)days);
    }
    put_truth(o, "avoided", case_given_true(d->step, &d->given, "transfer-avoided"));
}

bool case_milestones_is(struct str url)
{
    return str_is(url, MILESTONES_URL);
}

void case_milestones_put(struct json_out *o, const struct case_doing *d)
{
    const struct json *before = extension_of(d->task, MILESTONES_URL);
    bool send = d->step->does == CASE_DOES_SEND;

    if (!before && !send)
        return;
    open_part(o, MILESTONES_URL);
    json_name(o, "extension");
    json_open(o, '[');
    put_kept(o, d, before);
    put_moments(o, d, before);
    if (send)
        put_begin(o, d);
    if (d->bed_hospital.p)
        put_bed(o, d);
    if (d->step->does == CASE_DOES_ANSWER)
        put_code(o, "here", case_given_text(d->step, &d->given, "can-be-done-here"));
    if (d->step->does == CASE_DOES_OUTCOME)
        put_outcome(o, d, before);
    json_close(o, ']');
    json_close(o, '}');
}
