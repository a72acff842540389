/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which figures of a frozen report everybody may be told. A report holds what a coordinator may be told; the public is
 * told less, and what it is told cannot be taken apart:
 *
 *   of the directory (disclosure all)     all of it, and its strata
 *   told people in years, steps or cells  as a person was told them; not what was told to a program, which is exact; no strata
 *   over records (own)                    counts, shares and money, of all hospitals together
 *   money                                 all that was paid, in each currency: a sum of payments is nobody; not what for, or to whom
 *   counts from 1 to 4, and shares with one among their numbers    never
 */
#include "app/publication.h"
#include "fhir/value.h"

#define INDICATOR_URL "https://belay.health/StructureDefinition/indicator"
#define SMALL 5         /* fewer could be recognised */
#define GROWTH_FROM 100 /* of a growth in percent: the least that it is of */

static const struct json *resource_of(
    const struct json *document, const char *type, const char *member, struct str value)
{
    struct json_each it = json_each(json_get(document, "entry"));

    while (json_next(&it)) {
        const struct json *resource = json_get(it.value, "resource");
        const struct json *of = strcmp(member, "fullUrl") == 0 ? it.value : resource;

        if (str_is(json_get_text(resource, "resourceType"), type) &&
            str_eq(json_get_text(of, member), value))
            return resource;
    }
    return NULL;
}

static const struct json *measure_of(
    const struct json *document, const struct json *figure)
{
    return resource_of(document, "Measure", "id", report_part(figure, "asked"));
}

/* Is ${text} a number from 1 to 4? */
static bool is_small(struct str text)
{
    double value = 0;

    return text.p && fhir_number(text, &value) && value > 0 && value < SMALL;
}

/* Has a share a number in it by which somebody could be recognised? */
static bool is_small_share(const struct json *figure)
{
    double met = 0, of = 0;

    if (!fhir_number(report_part(figure, "met"), &met) ||
        !fhir_number(report_part(figure, "of"), &of))
        return true;
    return of < SMALL || (met > 0 && met < SMALL) || (of - met > 0 && of - met < SMALL);
}

/* The group of the MeasureReport of ${section}. */
static const struct json *group_of(
    const struct json *document, const struct json *section)
{
    struct str url = json_get_text(json_at(json_get(section, "entry"), 0), "reference");

    return json_at(
        json_get(resource_of(document, "MeasureReport", "fullUrl", url), "group"), 0);
}

/* Is the growth of ${section} of so little that one more or less shows? */
static bool is_small_growth(const struct json *document, const struct json *section)
{
    const struct json *score = json_get(group_of(document, section), "measureScore");
    double value = 0;

    return !fhir_number(json_text(json_get(score, "value")), &value) ||
           value < GROWTH_FROM;
}

/* Is the middle of ${section} one of few values? */
static bool is_small_middle(const struct json *document, const struct json *section)
{
    const struct json *first =
        json_at(json_get(group_of(document, section), "population"), 0);
    double count = 0;

    return !fhir_number(json_text(json_get(first, "count")), &count) || count < SMALL;
}

/* Does ${measure} tell money? It is told in each currency for itself, since currencies are never added. */
static bool is_money(const struct json *measure)
{
    return report_extension(report_extension(measure, INDICATOR_URL), "currency") !=
           NULL;
}

static bool is_currency(struct str stratum)
{
    return str_starts(stratum, "currency|");
}

/* Is a half of the ratio of ${section}, of ${measure}, of so few that one more or less shows? The money of one is of
 * commitments, which are nobody. */
static bool is_small_ratio(
    const struct json *document, const struct json *section, const struct json *measure)
{
    struct json_each it =
        json_each(json_get(group_of(document, section), "population"));
    bool small = false;

    while (json_next(&it)) {
        struct str code = json_get_text(
            json_at(json_get(json_get(it.value, "code"), "coding"), 0), "code");
        double count = 0;

        if (is_money(measure) && str_is(code, "numerator"))
            continue;
        small = small || !fhir_number(json_text(json_get(it.value, "count")), &count) ||
                count < SMALL;
    }
    return small;
}

/* A figure over records of people, or of what they did. */
static const char *of_people(const struct json *document, const struct json *section,
    const struct json *figure, struct str scoring)
{
    const struct json *measure = measure_of(document, figure);
    struct str stratum = report_part(figure, "stratum");

    if (stratum.p && !(is_money(measure) && is_currency(stratum)))
        return "part";
    if (report_part(figure, "base-until").p)
        return is_small_growth(document, section) ? "small" : NULL;
    if (str_is(scoring, "ratio"))
        return is_small_ratio(document, section, measure) ? "small" : NULL;
    if (str_is(scoring, "proportion"))
        return is_small_share(figure) ? "small" : NULL;
    if (str_is(scoring, "continuous-variable") && is_money(measure))
        return NULL;
    if (str_is(scoring, "continuous-variable"))
        return is_small_middle(document, section) ? "small" : NULL;
    return is_small(report_part(figure, "value")) ? "small" : NULL;
}

/* Two published figures may ask one question; it is told once. */
static bool was_told(const struct json *document, const struct json *section)
{
    static const char *const question[] = {
        "asked", "stratum", "from", "until", "base-from", "base-until"};
    const struct json *figure = report_extension(section, REPORT_FIGURE_URL);
    struct json_each it = json_each(json_get(report_composition(document), "section"));

    while (json_next(&it) && it.value != section) {
        const struct json *other = report_extension(it.value, REPORT_FIGURE_URL);
        bool same = true;

        for (size_t i = 0; i < sizeof(question) / sizeof(question[0]); i++)
            same = same && str_eq(report_part(other, question[i]),
                               report_part(figure, question[i]));
        if (same)
            return true;
    }
    return false;
}

const char *publication_withheld(
    const struct json *document, const struct json *section)
{
    const struct json *figure = report_extension(section, REPORT_FIGURE_URL);
    const struct json *measure = measure_of(document, figure);
    const struct json *author =
        json_at(json_get(report_composition(document), "author"), 0);
    struct str disclosure =
        report_part(report_extension(measure, INDICATOR_URL), "disclosure");
    struct str scoring = json_get_text(
        json_at(json_get(json_get(measure, "scoring"), "coding"), 0), "code");

    if (!report_part(figure, "value").p)
        return "no-figure";
    if (!measure)
        return "no-definition";
    if (was_told(document, section))
        return "twice";
    if (str_is(report_part(figure, "why"), "partly-told"))
        return "partly-told";
    if (str_is(disclosure, "all"))
        return NULL;
    if (!str_is(disclosure, "own") && !json_get_text(author, "reference").p)
        return "told-to-program";
    return of_people(document, section, figure, scoring);
}

static void put_text(struct json_out *o, const char *name, struct str text)
{
    if (text.p)
        json_member(o, name, text);
}

static void put_figure(
    struct json_out *o, const struct json *document, const struct json *section)
{
    static const struct {
        const char *member, *part;
    } parts[] = {
        {"stratum", "stratum"},
        {"from", "from"},
        {"until", "until"},
        {"baseFrom", "base-from"},
        {"baseUntil", "base-until"},
        {"rule", "rule"},
        {"value", "value"},
        {"atMost", "at-most"},
        {"unit", "unit"},
        {"kind", "kind"},
        {"met", "met"},
        {"of", "of"},
        {"low", "low"},
        {"high", "high"},
    };
    const struct json *figure = report_extension(section, REPORT_FIGURE_URL);
    const struct json *measure = measure_of(document, figure);

    json_open(o, '{');
    put_text(o, "indicator", json_get_text(measure, "id"));
    put_text(o, "title", json_get_text(section, "title"));
    put_text(o, "definition", json_get_text(measure, "description"));
    put_text(o, "version", json_get_text(measure, "version"));
    put_text(o, "digest", report_part(section, REPORT_DEFINITION_URL));
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
        put_text(o, parts[i].member, report_part(figure, parts[i].part));
    json_close(o, '}');
}

void publication_put_figures(
    struct json_out *o, const struct json *document, const char *const *whys)
{
    struct json_each it = json_each(json_get(report_composition(document), "section"));

    while (json_next(&it)) {
        if (!whys[it.index])
            put_figure(o, document, it.value);
    }
}
