/* SPDX-License-Identifier: Apache-2.0 */
#include "view/case_task.h"

#include <string.h>

#include "fhir/value.h"

/* ---- words ---- */

struct state {
    const char *code;
    enum case_task_side waits_for;
};

static const struct state states[CASE_TASK_STATES] = {
    [CASE_TASK_NONE] = {"", CASE_TASK_NOBODY},
    [CASE_TASK_SENT] = {"sent", CASE_TASK_ASKED},
    [CASE_TASK_ALLOCATED] = {"allocated", CASE_TASK_ASKED},
    [CASE_TASK_INFORMATION_ASKED] = {"information-asked", CASE_TASK_ASKING},
    [CASE_TASK_ANSWERED] = {"answered", CASE_TASK_ASKING},
    [CASE_TASK_ACTED_ON] = {"acted-on", CASE_TASK_ASKING},
    [CASE_TASK_OUTCOME_KNOWN] = {"outcome-known", CASE_TASK_ASKING},
    [CASE_TASK_CLOSED] = {"closed", CASE_TASK_NOBODY},
    [CASE_TASK_DECLINED] = {"declined", CASE_TASK_NOBODY},
    [CASE_TASK_WITHDRAWN] = {"withdrawn", CASE_TASK_NOBODY},
    [CASE_TASK_EXPIRED] = {"expired", CASE_TASK_NOBODY},
    [CASE_TASK_BED_ACCEPTED] = {"bed-accepted", CASE_TASK_ASKING},
    [CASE_TASK_ON_THE_WAY] = {"on-the-way", CASE_TASK_ASKED},
    [CASE_TASK_ARRIVED] = {"arrived", CASE_TASK_ASKED},
    [CASE_TASK_BACK_HOME] = {"back-home", CASE_TASK_ASKING},
};

const char *case_task_state_code(enum case_task_state state)
{
    return states[state].code;
}

enum case_task_state case_task_state_of(struct str code)
{
    for (int i = CASE_TASK_SENT; code.p && i < CASE_TASK_STATES; i++) {
        if (str_is(code, states[i].code))
            return (enum case_task_state)i;
    }
    return CASE_TASK_NONE;
}

enum case_task_side case_task_waits_for(enum case_task_state state)
{
    return states[state].waits_for;
}

const char *case_task_urgency_word(enum case_urgency urgency)
{
    static const char *const words[CASE_URGENCIES] = {[CASE_EMERGENCY] = "emergency",
        [CASE_URGENT] = "urgent",
        [CASE_ROUTINE] = "routine"};

    return words[urgency];
}

/* ---- extensions ---- */

/* Is ${url} the one that ends with ${name}? */
static bool is_named(const struct json *extension, const char *base, const char *name)
{
    struct str url = json_get_text(extension, "url");
    size_t len = strlen(base);

    return url.p && url.len > len && memcmp(url.p, base, len) == 0 &&
           str_is((struct str){url.p + len, url.len - len}, name);
}

/* The extension ${name} of ${resource}; NULL: none. */
static const struct json *extension_of(const struct json *resource, const char *name)
{
    struct json_each it = json_each(json_get(resource, "extension"));

    while (json_next(&it)) {
        if (is_named(it.value, CASE_TASK_URL, name))
            return it.value;
    }
    return NULL;
}

static utc_ms instant_of(struct str text)
{
    utc_ms low = 0;
    utc_ms high = 0;

    return text.p && fhir_date_range(text, &low, &high) ? low : 0;
}

static struct str reference_of(const struct json *holder, const char *name)
{
    return json_get_text(json_get(holder, name), "reference");
}

static void read_sides(const struct json *task, struct case_task *ret)
{
    struct json_each it =
        json_each(json_get(extension_of(task, "case-sides"), "extension"));

    while (json_next(&it)) {
        struct str name = json_get_text(it.value, "url");
        struct str unit = reference_of(it.value, "valueReference");

        if (!name.p || !unit.p)
            continue;
        if (str_is(name, "asking"))
            ret->asking = unit;
        else if (str_is(name, "asked") && ret->asked_count < CASE_TASK_UNITS)
            ret->asked[ret->asked_count++] = unit;
    }
}

/* One step: its own parts are extensions too. */
static struct case_task_step read_step(const struct json *step)
{
    struct json_each it = json_each(json_get(step, "extension"));
    struct case_task_step ret = {{NULL, 0}, {NULL, 0}};

    while (json_next(&it)) {
        struct str name = json_get_text(it.value, "url");

        if (name.p && str_is(name, "who"))
            ret.who = reference_of(it.value, "valueReference");
        else if (name.p && str_is(name, "as"))
            ret.as = json_get_text(it.value, "valueCode");
    }
    return ret;
}

static void read_ladder(const struct json *task, struct case_task *ret)
{
    struct json_each it =
        json_each(json_get(extension_of(task, "case-ladder"), "extension"));

    while (json_next(&it) && ret->ladder_count < CASE_TASK_UNITS) {
        struct str name = json_get_text(it.value, "url");

        if (name.p && str_is(name, "step"))
            ret->ladder[ret->ladder_count++] = read_step(it.value);
    }
}

/* ---- the Task ---- */

static bool has_code(const struct json *concept, const char *code)
{
    struct json_each it = json_each(json_get(concept, "coding"));

    while (json_next(&it)) {
        struct str text = json_get_text(it.value, "code");

        if (text.p && str_is(text, code))
            return true;
    }
    return false;
}

static enum case_task_state read_state(const struct json *task)
{
    struct json_each it =
        json_each(json_get(json_get(task, "businessStatus"), "coding"));
    enum case_task_state state = CASE_TASK_NONE;

    while (state == CASE_TASK_NONE && json_next(&it))
        state = case_task_state_of(json_get_text(it.value, "code"));
    return state;
}

bool case_task_read(const struct json *task, struct case_task *ret)
{
    if (!has_code(json_get(task, "code"), CASE_TASK_CODE))
        return false;
    *ret = (struct case_task){
        .state = read_state(task),
        .urgency = case_urgency_of(json_get_text(task, "priority")),
        .authored = instant_of(json_get_text(task, "authoredOn")),
        .modified = instant_of(json_get_text(task, "lastModified")),
        .patient = reference_of(task, "for"),
        .request = reference_of(task, "focus"),
        .requester = reference_of(task, "requester"),
        .owner = reference_of(task, "owner"),
    };
    (void)case_clock_read(task, &ret->clock); /* without a clock: none runs */
    read_sides(task, ret);
    read_ladder(task, ret);
    return true;
}

utc_ms case_task_due(const struct case_task *task)
{
    const struct case_clock *clock = &task->clock;
    utc_ms waits = task->modified ? task->modified : task->authored;
    utc_ms due = 0;

    if (task->state == CASE_TASK_SENT)
        due = clock->allocate_by;
    else if (task->state == CASE_TASK_ALLOCATED)
        due = clock->answer_by;
    else if (task->state == CASE_TASK_INFORMATION_ASKED)
        due = clock->paused_since;
    else if (task->state == CASE_TASK_ANSWERED)
        due = clock->answered;
    return due ? due : waits;
}
