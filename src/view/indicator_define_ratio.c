/* SPDX-License-Identifier: Apache-2.0 */
/* The definitions of ratios: two or three figures of other indicators (docs/INDICATORS.md). */
#include "view/indicator_define_internal.h"

#define PART_URL "https://belay.health/StructureDefinition/indicator-part"

static const struct json *member(const struct json *of, const char *url)
{
    struct json_each it = json_each(json_get(of, "extension"));

    while (json_next(&it)) {
        if (str_is(json_get_text(it.value, "url"), url))
            return it.value;
    }
    return NULL;
}

int indicator_part_read(struct indicator_define *define, const struct json *population,
    struct str code, struct err *err)
{
    static const char *const codes[INDICATOR_ROLES] = {
        [INDICATOR_NUMERATOR] = "numerator",
        [INDICATOR_TIMES] = "measure-observation",
        [INDICATOR_DENOMINATOR] = "denominator"};
    const struct json *said = member(population, PART_URL);
    struct str which = json_get_text(member(said, "population"), "valueCode");
    size_t role = 0;
    struct indicator_part *part = NULL;

    while (role < INDICATOR_ROLES && !str_is(code, codes[role]))
        role++;
    if (role == INDICATOR_ROLES || define->parts[role].url.p)
        return indicator_unusable(define, "population", err);
    part = &define->parts[role];
    part->url = json_get_text(member(said, "measure"), "valueCanonical");
    part->met = str_is(which, "numerator");
    part->grown =
        json_kind(json_get(member(said, "growth"), "valueBoolean")) == JSON_TRUE;
    if (!part->url.p || (which.p && !part->met && !str_is(which, "denominator")) ||
        (role == INDICATOR_TIMES && which.p))
        return indicator_unusable(define, "population", err);
    return 0;
}

static const struct indicator_define *find_url(
    const struct indicator_defines *all, struct str url)
{
    for (size_t i = 0; i < all->count; i++) {
        if (str_eq(all->list[i].url, url))
            return &all->list[i];
    }
    return NULL;
}

static bool has_stratum(const struct indicator_define *d, struct str name)
{
    for (size_t i = 0; i < d->stratum_count; i++) {
        if (str_eq(d->strata[i].name, name))
            return true;
    }
    return false;
}

/* A figure that is one number, told exactly or not at all; of a share one of its two populations. What
 * something grew by is told of what holds on a day, and of a day that is no whole year. */
static bool is_figure(const struct indicator_part *part)
{
    const struct indicator_define *of = part->define;

    return of->scoring != INDICATOR_RATIO && of->scoring != INDICATOR_VALUES &&
           of->disclosure != INDICATOR_STEPS &&
           (of->scoring == INDICATOR_PROPORTION || !part->met) &&
           (!part->grown ||
               (of->rule == INDICATOR_AT_END && of->disclosure <= INDICATOR_OWN));
}

/* What multiplies is the score of a share or of values: neither money nor a number of things. */
static bool is_factor(const struct indicator_part *part)
{
    const struct indicator_define *of = part->define;

    return (of->scoring == INDICATOR_PROPORTION || of->scoring == INDICATOR_VALUES) &&
           of->disclosure != INDICATOR_STEPS && !part->grown;
}

/* The numerator alone may be money, and is told apart by its currency alone. */
static bool has_strata(const struct indicator_define *d, enum indicator_role role)
{
    const struct indicator_define *of = d->parts[role].define;

    for (size_t i = 0; i < d->stratum_count; i++) {
        struct str name = d->strata[i].name;
        bool alone =
            d->currency.path && role != INDICATOR_NUMERATOR && str_is(name, "currency");

        if (!alone && !has_stratum(of, name))
            return false;
    }
    return true;
}

/* Can its parts be asked one question? */
static bool fits(const struct indicator_define *d)
{
    enum indicator_disclosure most = INDICATOR_TO_ALL;

    for (int i = 0; i < INDICATOR_ROLES; i++) {
        const struct indicator_define *of = d->parts[i].define;
        bool money = i == INDICATOR_NUMERATOR && d->currency.path;

        if (!of)
            continue;
        if (!has_strata(d, (enum indicator_role)i) ||
            of->year_begins != d->year_begins || money != (of->currency.path != NULL))
            return false;
        most = of->disclosure > most ? of->disclosure : most;
    }
    return d->disclosure == most;
}

int indicator_ratios_link(struct indicator_defines *all, struct err *err)
{
    for (size_t i = 0; i < all->count; i++) {
        struct indicator_define *d = &all->list[i];

        if (d->scoring != INDICATOR_RATIO)
            continue;
        for (int k = 0; k < INDICATOR_ROLES; k++) {
            struct indicator_part *part = &d->parts[k];

            if (!part->url.p)
                continue;
            part->define = find_url(all, part->url);
            if (!part->define ||
                !(k == INDICATOR_TIMES ? is_factor(part) : is_figure(part)))
                return indicator_unusable(d, "part", err);
        }
        if (!fits(d))
            return indicator_unusable(d, "parts together", err);
        d->rule = d->parts[INDICATOR_NUMERATOR].define->rule;
    }
    return 0;
}
