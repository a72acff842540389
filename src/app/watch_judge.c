/* SPDX-License-Identifier: Apache-2.0 */
/* What a watch agreed on, and what a set of vital signs is worth by it. */
#include "app/watch_internal.h"
#include "fhir/value.h"

#define MINUTE_MS ((utc_ms)60000)

static const char *const bands[] = {
    [WATCH_SINGLE_3] = "single-3", [WATCH_5] = "5", [WATCH_7] = "7"};

const char *watch_band_code(enum watch_band band)
{
    return bands[band];
}

const char *watch_reason_code(enum watch_reason reason)
{
    static const char *const codes[] = {[WATCH_NOTHING] = "nothing",
        [WATCH_ROSE] = "rose",
        [WATCH_REACHED] = "reached",
        [WATCH_OVERDUE] = "overdue"};

    return codes[reason];
}

/* ---- the terms ---- */

static int64_t number_of(const struct json *part)
{
    int64_t number = 0;

    return text_int(json_text(json_get(part, "valuePositiveInt")), 0, 1000000, &number)
               ? number
               : 0;
}

static void read_part(const struct json *part, struct watch_terms *terms)
{
    struct str name = json_get_text(part, "url");
    struct str code = json_get_text(part, "valueCode");

    if (str_is(name, "every"))
        terms->every = number_of(part);
    else if (str_is(name, "rise"))
        terms->rise = number_of(part);
    for (int i = WATCH_SINGLE_3; str_is(name, "band") && i <= WATCH_7; i++) {
        if (str_is(code, bands[i]))
            terms->band = (enum watch_band)i;
    }
}

bool watch_terms_read(const struct json *plan, struct watch_terms *ret)
{
    const struct json *period = json_get(plan, "period");
    struct json_each it = json_each(json_get(plan, "extension"));
    struct watch_terms terms = {.rise = WATCH_RISE_UNLESS_SAID, .band = WATCH_5};
    utc_ms ignored = 0;

    while (json_next(&it)) {
        struct json_each part = json_each(json_get(it.value, "extension"));

        while (str_is(json_get_text(it.value, "url"), WATCH_URL) && json_next(&part))
            read_part(part.value, &terms);
    }
    if (terms.every == 0 ||
        !fhir_date_range(json_get_text(period, "start"), &terms.from, &ignored) ||
        !fhir_date_range(json_get_text(period, "end"), &terms.until, &ignored))
        return false;
    *ret = terms;
    return true;
}

/* ---- scores ---- */

static bool is_in(enum watch_band band, const struct news2_score *score)
{
    if (band == WATCH_SINGLE_3 && score->single)
        return true;
    return score->total >= (band == WATCH_7 ? 7 : 5);
}

/* By how many points the signs known both times have risen. */
static int rise_of(const struct news2_score *before, const struct news2_score *now)
{
    int rise = 0;

    for (int i = 0; i < NEWS2_SIGNS; i++) {
        if (before->points[i] >= 0 && now->points[i] >= 0)
            rise += now->points[i] - before->points[i];
    }
    return rise;
}

enum watch_reason watch_judge(const struct watch_terms *terms,
    const struct news2_score *before, const struct news2_score *now)
{
    bool compares = before && before->refusal == NEWS2_SCORED;

    if (now->refusal != NEWS2_SCORED)
        return WATCH_NOTHING;
    if (is_in(terms->band, now) && !(compares && is_in(terms->band, before)))
        return WATCH_REACHED;
    if (compares && rise_of(before, now) >= terms->rise)
        return WATCH_ROSE;
    return WATCH_NOTHING;
}

utc_ms watch_overdue_at(const struct watch_terms *terms, utc_ms last)
{
    utc_ms since = last > terms->from ? last : terms->from;

    return since + (terms->every + LIMIT_WATCH_GRACE_MINUTES) * MINUTE_MS;
}
