/* SPDX-License-Identifier: Apache-2.0 */
/* The definitions of ratios: two figures of other indicators (docs/INDICATORS.md). */
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

int indicator_half_read(struct indicator_define *define, const struct json *population,
    struct str code, struct err *err)
{
    const struct json *said = member(population, PART_URL);
    struct str which = json_get_text(member(said, "population"), "valueCode");
    enum indicator_half half =
        str_is(code, "numerator") ? INDICATOR_NUMERATOR : INDICATOR_DENOMINATOR;
    struct indicator_part *part = &define->halves[half];

    if ((half == INDICATOR_DENOMINATOR && !str_is(code, "denominator")) || part->url.p)
        return indicator_unusable(define, "population", err);
    part->url = json_get_text(member(said, "measure"), "valueCanonical");
    part->met = str_is(which, "numerator");
    part->grown =
        json_kind(json_get(member(said, "growth"), "valueBoolean")) == JSON_TRUE;
    if (!part->url.p || (which.p && !part->met && !str_is(which, "denominator")))
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

/* The numerator alone may be money, and is told apart by its currency alone. */
static bool fits(const struct indicator_define *d)
{
    const struct indicator_define *over = d->halves[INDICATOR_NUMERATOR].define;
    const struct indicator_define *under = d->halves[INDICATOR_DENOMINATOR].define;
    bool money = over->currency.path != NULL;

    for (size_t i = 0; i < d->stratum_count; i++) {
        struct str name = d->strata[i].name;
        bool alone = money && str_is(name, "currency");

        if (!has_stratum(over, name) || (!alone && !has_stratum(under, name)))
            return false;
    }
    return over->year_begins == under->year_begins &&
           over->year_begins == d->year_begins && !under->currency.path &&
           money == (d->currency.path != NULL) &&
           d->disclosure == (over->disclosure > under->disclosure ? over->disclosure
                                                                  : under->disclosure);
}

int indicator_ratios_link(struct indicator_defines *all, struct err *err)
{
    for (size_t i = 0; i < all->count; i++) {
        struct indicator_define *d = &all->list[i];

        if (d->scoring != INDICATOR_RATIO)
            continue;
        for (size_t k = 0; k < INDICATOR_HALVES; k++) {
            struct indicator_part *part = &d->halves[k];

            part->define = find_url(all, part->url);
            if (!part->define || !is_figure(part))
                return indicator_unusable(d, "part", err);
        }
        if (!fits(d))
            return indicator_unusable(d, "parts together", err);
        d->rule = d->halves[INDICATOR_NUMERATOR].define->rule;
    }
    return 0;
}
