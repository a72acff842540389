/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The clock as an extension of a Task:
 *
 *   sent, allocate-by, allocated, answer-by, answered, paused-since, next    valueInstant
 *   paused-seconds, level, allocate-seconds, answer-seconds                  valueInteger
 *
 * A time that is not set is left out; a number is always there.
 */
#include <stddef.h>

#include "engine/clock/clock.h"
#include "fhir/value.h"

struct part {
    const char *name;
    size_t offset;
};

static const struct part instants[] = {
    {"sent", offsetof(struct case_clock, sent)},
    {"allocate-by", offsetof(struct case_clock, allocate_by)},
    {"allocated", offsetof(struct case_clock, allocated)},
    {"answer-by", offsetof(struct case_clock, answer_by)},
    {"answered", offsetof(struct case_clock, answered)},
    {"paused-since", offsetof(struct case_clock, paused_since)},
    {"next", offsetof(struct case_clock, next)},
};

static const struct part numbers[] = {
    {"paused-seconds", offsetof(struct case_clock, paused_seconds)},
    {"level", offsetof(struct case_clock, level)},
    {"allocate-seconds", offsetof(struct case_clock, times.allocate_seconds)},
    {"answer-seconds", offsetof(struct case_clock, times.answer_seconds)},
};

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

static int64_t *value_at(struct case_clock *c, const struct part *part)
{
    return (int64_t *)(void *)((char *)c + part->offset);
}

static int64_t value_of(const struct case_clock *c, const struct part *part)
{
    return *(const int64_t *)(const void *)((const char *)c + part->offset);
}

static bool read_part(const struct json *extension, struct case_clock *c)
{
    struct str name = json_get_text(extension, "url");
    utc_ms lo = 0, hi = 0;

    for (size_t i = 0; i < COUNT(instants); i++) {
        if (!str_is(name, instants[i].name))
            continue;
        if (!fhir_date_range(json_get_text(extension, "valueInstant"), &lo, &hi))
            return false;
        *value_at(c, &instants[i]) = lo;
    }
    for (size_t i = 0; i < COUNT(numbers); i++) {
        if (str_is(name, numbers[i].name) &&
            !text_int(json_text(json_get(extension, "valueInteger")), 0, INT32_MAX,
                value_at(c, &numbers[i])))
            return false;
    }
    return true;
}

bool case_clock_read(const struct json *task, struct case_clock *ret)
{
    struct json_each it = json_each(json_get(task, "extension"));
    struct case_clock c = {0};

    while (json_next(&it)) {
        struct json_each parts = json_each(json_get(it.value, "extension"));

        if (!str_is(json_get_text(it.value, "url"), CASE_CLOCK_URL))
            continue;
        while (json_next(&parts)) {
            if (!read_part(parts.value, &c))
                return false;
        }
        if (!c.sent || !c.allocate_by || !c.answer_by)
            return false;
        *ret = c;
        return true;
    }
    return false;
}

void case_clock_write(struct json_out *o, const struct case_clock *c)
{
    char iso[TIME_ISO_MAX];

    json_open(o, '{');
    json_member(o, "url", STR(CASE_CLOCK_URL));
    json_name(o, "extension");
    json_open(o, '[');
    for (size_t i = 0; i < COUNT(instants); i++) {
        if (!value_of(c, &instants[i]))
            continue;
        time_iso(value_of(c, &instants[i]), iso);
        json_open(o, '{');
        json_member(o, "url", str_of(instants[i].name));
        json_member(o, "valueInstant", str_of(iso));
        json_close(o, '}');
    }
    for (size_t i = 0; i < COUNT(numbers); i++) {
        json_open(o, '{');
        json_member(o, "url", str_of(numbers[i].name));
        json_name(o, "valueInteger");
        json_put_int(o, value_of(c, &numbers[i]));
        json_close(o, '}');
    }
    json_close(o, ']');
    json_close(o, '}');
}
