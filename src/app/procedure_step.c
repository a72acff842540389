/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where an operation was recorded by steps, its rating may say of each step that the apprentice
 * did how independent they were. It is said beside the rating of the whole and changes nothing
 * in it: conditions and curves are of whole operations.
 */
#include "app/procedure_internal.h"

/* Has ${who} a part of their own in ${step}? */
static bool did_step(const struct procedure *done, struct str who, struct str step)
{
    for (size_t i = 0; i < done->step_count; i++) {
        const struct procedure_step *one = &done->steps[i];

        if (str_eq(done->parts[one->part].who, who) && str_eq(one->step, step) &&
            (one->function == FUNCTION_OPERATOR || one->function == FUNCTION_ASSISTANT))
            return true;
    }
    return false;
}

static int take_step(const struct json *given, const struct procedure *done,
    const struct procedure_rating *of, struct procedure_step_rating *ret,
    struct err *err)
{
    struct str step = json_get_text(body_part(given, "name"), "valueString");
    struct str value = json_text(json_get(body_part(given, "value"), "valueInteger"));
    int64_t original = 0;

    if (!step.p || !did_step(done, of->whom, step))
        return err_set(err, E_INVALID, "step",
            "Name a step that Practitioner/%.*s did in this operation, as it was "
            "recorded: name, a valueString.",
            (int)of->whom.len, of->whom.p);
    if (!value.p || !text_int(value, 1, rating_scale_most(of->scale), &original))
        return err_set(err, E_INVALID, "step",
            "Say of the step how independent: value, a valueInteger from 1 to %d.",
            rating_scale_most(of->scale));
    *ret = (struct procedure_step_rating){step, (int)original};
    return 0;
}

int procedure_steps_take(const struct json *body, const struct procedure *done,
    const struct procedure_rating *of, struct procedure_step_rating *ret,
    size_t *ret_count, struct err *err)
{
    struct json_each it = json_each(json_get(body, "parameter"));
    size_t count = 0;
    int r = 0;

    while (r == 0 && json_next(&it)) {
        if (!str_is(json_get_text(it.value, "name"), "step"))
            continue;
        if (count == LIMIT_OWN_STEPS)
            return err_set(err, E_TOO_LARGE, "step", "%d steps can be rated at most.",
                LIMIT_OWN_STEPS);
        r = take_step(it.value, done, of, &ret[count], err);
        for (size_t i = 0; r == 0 && i < count; i++) {
            if (str_eq(ret[i].step, ret[count].step))
                r = err_set(err, E_INVALID, "step", "Rate each step once.");
        }
        count++;
    }
    if (r == 0)
        *ret_count = count;
    return r;
}

void procedure_steps_put(
    struct json_out *o, const struct procedure_step_rating *steps, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        json_open(o, '{');
        json_name(o, "code");
        json_open(o, '{');
        json_name(o, "coding");
        json_open(o, '[');
        json_open(o, '{');
        json_member(o, "system", STR(RATING_SYSTEM));
        json_member(o, "code", STR("step"));
        json_close(o, '}');
        json_close(o, ']');
        json_member(o, "text", steps[i].step);
        json_close(o, '}');
        json_name(o, "valueInteger");
        json_put_int(o, steps[i].original);
        json_close(o, '}');
    }
}
