/* SPDX-License-Identifier: Apache-2.0 */
#include "app/equipment_rule.h"

#include "fhir/value.h"

static const char *const steps[EQUIPMENT_STEPS] = {
    [EQUIPMENT_FUNDED] = "funded",
    [EQUIPMENT_ORDERED] = "ordered",
    [EQUIPMENT_ARRIVED] = "arrived",
    [EQUIPMENT_SITE_READY] = "site-ready",
    [EQUIPMENT_INSTALLED] = "installed",
    [EQUIPMENT_ACCEPTED] = "accepted",
    [EQUIPMENT_TRAINED] = "trained",
    [EQUIPMENT_IN_SERVICE] = "in-service",
    [EQUIPMENT_FIRST_PATIENT] = "first-patient",
};

const char *equipment_step_code(enum equipment_step step)
{
    return step < EQUIPMENT_STEPS ? steps[step] : NULL;
}

enum equipment_step equipment_step_of(struct str code)
{
    for (int i = 0; i < EQUIPMENT_STEPS; i++) {
        if (str_is(code, steps[i]))
            return (enum equipment_step)i;
    }
    return EQUIPMENT_STEPS;
}

int64_t equipment_days_late(utc_ms due, utc_ms done, utc_ms now)
{
    utc_ms until = done ? done : now;

    if (due == 0 || until < due + EQUIPMENT_DAY_MS)
        return 0;
    return (until - due) / EQUIPMENT_DAY_MS;
}

int64_t equipment_days_between(utc_ms from, utc_ms until, utc_ms now)
{
    utc_ms end = until ? until : now;

    return end <= from ? 0 : (end - from + EQUIPMENT_DAY_MS - 1) / EQUIPMENT_DAY_MS;
}

/* The first that is known; 0: there is none. */
static utc_ms first_of(const struct equipment_span *spans, size_t count, utc_ms oldest)
{
    utc_ms first = 0;

    for (size_t i = 0; i < count; i++) {
        utc_ms from = spans[i].from > oldest ? spans[i].from : oldest;

        if (first == 0 || from < first)
            first = from;
    }
    return first;
}

int equipment_uptime(const struct equipment_span *spans, size_t count, utc_ms now,
    int64_t window, int64_t *ret_days)
{
    utc_ms begin = first_of(spans, count, now - window);
    int64_t up = 0;

    if (begin == 0 || begin >= now)
        return -1;
    for (size_t i = 0; i < count; i++) {
        utc_ms from = spans[i].from > begin ? spans[i].from : begin;
        utc_ms until = spans[i].until && spans[i].until < now ? spans[i].until : now;

        up += until > from ? until - from : 0;
    }
    *ret_days = equipment_days_between(begin, now, now);
    return (int)(up * 1000 / (now - begin));
}

bool equipment_span_at(const struct json *device, size_t at, struct equipment_span *ret)
{
    struct json_each it = json_each(json_get(device, "extension"));

    while (json_next(&it)) {
        const struct json *period = json_get(it.value, "valuePeriod");
        utc_ms lo = 0, hi = 0;

        if (!str_is(json_get_text(it.value, "url"), EQUIPMENT_SERVICE_URL) || at-- > 0)
            continue;
        *ret = (struct equipment_span){1, 1};
        if (period && fhir_period_range(period, &lo, &hi) && hi > lo)
            *ret = (struct equipment_span){lo <= 0 ? 1 : lo, hi == UTC_MS_MAX ? 0 : hi};
        return true;
    }
    return false;
}

bool equipment_has_code(
    const struct json *concept, const char *system, const char *code)
{
    struct json_each it = json_each(json_get(concept, "coding"));

    while (json_next(&it)) {
        if (str_is(json_get_text(it.value, "system"), system) &&
            str_is(json_get_text(it.value, "code"), code))
            return true;
    }
    return false;
}
