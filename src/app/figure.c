/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A PublishedFigure as it is compared, and who writes one: coordinators, since it is they who
 * answer for what a programme has published. It is kept whether it is right or not.
 */
#include "app/figure_ask.h"
#include "app/reach.h"
#include "fhir/value.h"

#define TYPE "PublishedFigure"

static int read_number(
    const struct json *figure, const char *name, double *ret, struct err *err)
{
    struct str text = json_text(json_get(figure, name));

    if (text.p && fhir_number(text, ret))
        return 0;
    return err_set(err, E_INVALID, name, "The number in %s cannot be read.", name);
}

static int read_period(const struct json *figure, struct claim *ret, struct err *err)
{
    bool state = str_is(json_get_text(figure, "counting"), "state");
    const struct json *period = json_get(figure, "period");

    ret->total = !state;
    ret->dateless = !period;
    if (ret->dateless) {
        ret->from = ret->until = UTC_MS_MAX; /* behind the others */
        return 0;
    }
    if (!fhir_period_range(period, &ret->from, &ret->until) ||
        ret->until == UTC_MS_MAX || (!state && ret->from == UTC_MS_MIN))
        return err_set(err, E_INVALID, "period",
            "Say of which time it is: a state has the end of a period, and a total its "
            "start and its end.");
    if (state)
        ret->from = ret->until;
    if (!state && ret->from >= ret->until)
        return err_set(err, E_INVALID, "period", "The period ends before it starts.");
    return 0;
}

static int read_other(const struct json *figure, struct claim *ret, struct err *err)
{
    const struct json *other = json_get(figure, "other");

    if (!other)
        return 0;
    ret->other_unit = json_get_text(other, "currency");
    if (!ret->other_unit.p)
        return err_set(
            err, E_INVALID, "other.currency", "The other amount has no currency.");
    return read_number(other, "value", &ret->other, err);
}

int figure_read(
    const struct json *figure, struct str id, struct claim *ret, struct err *err)
{
    struct str trend = json_get_text(figure, "trend");
    int r = 0;

    *ret = (struct claim){.id = id,
        .measure = json_get_text(figure, "measure"),
        .unit = json_get_text(figure, "unit"),
        .scope = json_get_text(figure, "scope"),
        .bound = claim_bound_of(json_get_text(figure, "bound")),
        .trend = trend.p ? claim_trend_of(trend) : CLAIM_NO_TREND,
        .has_before = json_get(figure, "before") != NULL};
    if (ret->bound == CLAIM_BOUNDS || ret->trend == CLAIM_TRENDS)
        return err_set(err, E_INVALID, "bound",
            "How exact the figure is, or its trend, is said by a code that is not "
            "known.");
    r = read_number(figure, "value", &ret->value, err);
    if (r == 0 && ret->has_before)
        r = read_number(figure, "before", &ret->before, err);
    if (r == 0)
        r = read_period(figure, ret, err);
    return r == 0 ? read_other(figure, ret, err) : r;
}

static bool may_write(const struct app_caller *caller)
{
    for (size_t i = 0; i < caller->post_count; i++) {
        if (str_is(caller->posts[i].role, "coordinator"))
            return true;
    }
    return reach_programme(caller);
}

int figure_check(struct access *a, const struct access_write *write, struct err *err)
{
    struct claim unused;
    int r = 0;

    if (strcmp(write->type->name, TYPE) != 0)
        return 0;
    if (!may_write(&a->call->caller))
        return err_set(err, E_FORBIDDEN, NULL,
            "Published figures are written down by coordinators and by the programme.");
    if (!write->resource)
        return 0;
    r = figure_read(write->resource, write->id, &unused, err);
    return r == 0 ? figure_asked_check(write->resource, err) : r;
}
