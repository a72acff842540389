/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The times that a pairing agreed on, as extensions of its OrganizationAffiliation, one for
 * each urgency:
 *
 *   urgency                             valueCode: stat, urgent or routine
 *   allocate-minutes, answer-minutes    valuePositiveInt
 */
#include "base/limits.h"

#include "engine/clock/clock.h"

#define PLACE "OrganizationAffiliation.extension"

struct said {
    struct str urgency;
    int64_t allocate;
    int64_t answer;
};

static int wrong(struct err *err, const char *what)
{
    return err_set(err, E_INVALID, PLACE,
        "The times of a pairing (case-times) are not well said: %s", what);
}

static int read_part(const struct json *part, struct said *said, struct err *err)
{
    struct str name = json_get_text(part, "url");
    struct str minutes = json_text(json_get(part, "valuePositiveInt"));
    int64_t *number = str_is(name, "allocate-minutes") ? &said->allocate
                      : str_is(name, "answer-minutes") ? &said->answer
                                                       : NULL;

    if (str_is(name, "urgency") && !said->urgency.p) {
        said->urgency = json_get_text(part, "valueCode");
        return said->urgency.p ? 0 : wrong(err, "urgency must be a valueCode.");
    }
    if (!number || *number)
        return wrong(err, "they have one urgency, one allocate-minutes and one "
                          "answer-minutes, and nothing else.");
    if (!text_int(minutes, 1, LIMIT_CASE_MINUTES, number))
        return wrong(err, "minutes must be a valuePositiveInt, and no more than thirty "
                          "days.");
    return 0;
}

static int keep(const struct said *said, struct case_agreed *agreed, struct err *err)
{
    static const char *const codes[CASE_URGENCIES] = {[CASE_EMERGENCY] = "stat",
        [CASE_URGENT] = "urgent",
        [CASE_ROUTINE] = "routine"};

    if (!said->urgency.p || !said->allocate || !said->answer)
        return wrong(err, "they need urgency, allocate-minutes and answer-minutes.");
    if (said->answer < said->allocate)
        return wrong(err, "nobody can answer a case before they have taken it: "
                          "answer-minutes must not be less than allocate-minutes.");
    for (int i = 0; i < CASE_URGENCIES; i++) {
        if (!str_is(said->urgency, codes[i]))
            continue;
        if (agreed->is_said[i])
            return wrong(err, "an urgency is there twice.");
        agreed->is_said[i] = true;
        agreed->rules.by[i] =
            (struct case_times){said->allocate * 60, said->answer * 60};
        return 0;
    }
    return wrong(err, "urgency must be stat, urgent or routine.");
}

int case_agreed_read(
    const struct json *affiliation, struct case_agreed *ret, struct err *err)
{
    struct json_each it = json_each(json_get(affiliation, "extension"));
    struct case_agreed agreed = {.rules = case_rules_usual};
    int r = 0;

    while (r == 0 && json_next(&it)) {
        struct json_each parts = json_each(json_get(it.value, "extension"));
        struct said said = {.allocate = 0};

        if (!str_is(json_get_text(it.value, "url"), CASE_TIMES_URL))
            continue;
        while (r == 0 && json_next(&parts))
            r = read_part(parts.value, &said, err);
        if (r == 0)
            r = keep(&said, &agreed, err);
    }
    if (r == 0)
        *ret = agreed;
    return r;
}
