/* SPDX-License-Identifier: Apache-2.0 */
/* Reading the definitions of indicators. */
#include <stdatomic.h>

#include "view/indicator_define_internal.h"

#define SHAPE_URL "https://belay.health/StructureDefinition/indicator"
#define AS_URL "https://belay.health/StructureDefinition/indicator-as"

static const char *const count_codes[INDICATOR_COUNTS] = {
    [INDICATOR_DISTINCT] = "distinct",
    [INDICATOR_EVERY] = "every",
    [INDICATOR_FIRST] = "first",
    [INDICATOR_SUM] = "sum",
    [INDICATOR_MEAN] = "mean",
    [INDICATOR_DAYS] = "days"};
static const char *const scoring_codes[INDICATOR_SCORINGS] = {
    [INDICATOR_COHORT] = "cohort",
    [INDICATOR_PROPORTION] = "proportion",
    [INDICATOR_VALUES] = "continuous-variable",
    [INDICATOR_RATIO] = "ratio"};
static const char *const rule_codes[INDICATOR_RULES] = {[INDICATOR_BEGINS] = "begins",
    [INDICATOR_OVERLAPS] = "overlaps",
    [INDICATOR_AT_END] = "at-end"};
static const char *const as_codes[INDICATOR_ASES] = {[INDICATOR_PLAIN] = "plain",
    [INDICATOR_HOSPITAL] = "hospital",
    [INDICATOR_PROVINCE] = "province",
    [INDICATOR_COUNTRY] = "country",
    [INDICATOR_BATCH] = "batch",
    [INDICATOR_SEX] = "sex",
    [INDICATOR_KIND] = "kind",
    [INDICATOR_COUNTY] = "county",
    [INDICATOR_LANGUAGE] = "language",
    [INDICATOR_RATE] = "rate",
    [INDICATOR_REMOTENESS] = "remoteness",
    [INDICATOR_PART] = "part"};
static const char *const disclosure_codes[] = {[INDICATOR_TO_ALL] = "all",
    [INDICATOR_OWN] = "own",
    [INDICATOR_YEARS] = "years",
    [INDICATOR_STEPS] = "steps",
    [INDICATOR_GUARDED] = "cells"};

#define RECORD_ID "%resource.id"

/* One being read. */
struct reading {
    struct arena *arena;
    struct indicator_define *define;
    struct err *err;
};

int indicator_unusable(
    const struct indicator_define *define, const char *what, struct err *err)
{
    struct str id = define->id;

    return err_set(err, E_BUG, what, "The indicator %.*s cannot be used: its %s.",
        (int)id.len, id.p ? id.p : "", what);
}

static int unusable(struct reading *rd, const char *what)
{
    return indicator_unusable(rd->define, what, rd->err);
}

/* The place of ${code} in ${codes}; ${count}: it is none of them. */
static size_t code_of(struct str code, const char *const *codes, size_t count)
{
    size_t i = 0;

    while (i < count && !str_is(code, codes[i]))
        i++;
    return i;
}

static const struct json *extension(const struct json *of, const char *url)
{
    struct json_each it = json_each(json_get(of, "extension"));

    while (json_next(&it)) {
        if (str_is(json_get_text(it.value, "url"), url))
            return it.value;
    }
    return NULL;
}

static int read_path(
    struct reading *rd, const struct json *criteria, struct indicator_value *ret)
{
    struct str text = json_get_text(criteria, "expression");

    if (!text.p || !str_is(json_get_text(criteria, "language"), "text/fhirpath"))
        return unusable(rd, "expression");
    return fhir_path_parse(rd->arena, text, &ret->path, rd->err);
}

/* A value that is written as an extension of ours. */
static int read_named(struct reading *rd, const struct json *shape, const char *name,
    struct indicator_value *ret)
{
    const struct json *found = extension(shape, name);

    return found ? read_path(rd, json_get(found, "valueExpression"), ret) : 0;
}

/* A value that is written as ${criteria} of ${of}. */
static int read_value(
    struct reading *rd, const struct json *of, struct indicator_value *ret)
{
    struct str as = json_get_text(extension(of, AS_URL), "valueCode");
    size_t at = as.p ? code_of(as, as_codes, INDICATOR_ASES) : INDICATOR_PLAIN;

    if (at == INDICATOR_ASES)
        return unusable(rd, "indicator-as");
    ret->as = (enum indicator_as)at;
    return read_path(rd, json_get(of, "criteria"), ret);
}

/* ---- which records ---- */

/* Both decoded: no escape is needed in what stands here. */
static int add_pair(struct reading *rd, struct str text, struct search_pair *ret)
{
    ret->name = str_cut(&text, '=');
    ret->value = text;
    return text.p ? 0 : unusable(rd, "query");
}

static int read_query(struct reading *rd, struct str text)
{
    struct indicator_define *d = rd->define;
    struct str type = str_cut(&text, '?');
    struct search_request rq = {.now = 0};
    struct search_pair *pairs = arena_array(rd->arena, 8, sizeof(*pairs));
    struct search_query *query = NULL;
    int r = 0;

    if (!pairs)
        return err_nomem(rd->err);
    d->type = fhir_resource_named(type);
    if (!d->type)
        return unusable(rd, "type");
    rq.pairs = pairs;
    while (r == 0 && text.p && text.len > 0) {
        if (rq.pair_count == 8)
            return unusable(rd, "query");
        r = add_pair(rd, str_cut(&text, '&'), &pairs[rq.pair_count++]);
    }
    rq.type = d->type->number;
    if (r == 0)
        r = search_parse(rd->arena, &rq, NULL, &query, rd->err);
    d->query = query;
    return r;
}

/* The code of the first coding of ${concept}. */
static struct str first_code(const struct json *concept)
{
    return json_get_text(json_at(json_get(concept, "coding"), 0), "code");
}

static int read_condition(
    struct reading *rd, const struct json *criteria, const struct fhir_path **ret)
{
    struct indicator_value read = {.path = NULL};
    int r = *ret ? unusable(rd, "population") : read_path(rd, criteria, &read);

    if (r == 0)
        *ret = read.path;
    return r;
}

static int read_population(struct reading *rd, const struct json *population)
{
    struct indicator_define *d = rd->define;
    const struct json *criteria = json_get(population, "criteria");
    struct str code = first_code(json_get(population, "code"));
    bool proportion = d->scoring == INDICATOR_PROPORTION;

    if (d->scoring == INDICATOR_RATIO)
        return indicator_part_read(d, population, code, rd->err);
    if (str_is(code, "initial-population"))
        return read_query(rd, json_get_text(criteria, "expression"));
    if (str_is(code, proportion ? "denominator" : "measure-population"))
        return read_condition(rd, criteria, &d->where);
    if (proportion && str_is(code, "numerator"))
        return read_condition(rd, criteria, &d->numerator);
    if (!str_is(code, "measure-observation") || d->thing_count == INDICATOR_THINGS)
        return unusable(rd, "population");
    if (d->scoring == INDICATOR_VALUES)
        return read_path(rd, criteria, &d->value);
    d->by_id =
        d->thing_count == 0 && str_is(json_get_text(criteria, "expression"), RECORD_ID);
    return read_value(rd, population, &d->things[d->thing_count++]);
}

static int read_stratifier(struct reading *rd, const struct json *stratifier)
{
    struct indicator_define *d = rd->define;
    struct indicator_value *stratum = &d->strata[d->stratum_count];

    if (d->stratum_count == INDICATOR_STRATA)
        return unusable(rd, "stratifier");
    d->stratum_count++;
    stratum->name = first_code(json_get(stratifier, "code"));
    return read_value(rd, stratifier, stratum);
}

/* Proportions and values are of records, where nothing else is said to be counted. */
static int of_records(struct reading *rd)
{
    struct indicator_define *d = rd->define;

    if (d->scoring == INDICATOR_COHORT || d->scoring == INDICATOR_RATIO ||
        d->thing_count > 0)
        return 0;
    d->of_records = d->by_id = true;
    d->thing_count = 1;
    return fhir_path_parse(rd->arena, STR(RECORD_ID), &d->things[0].path, rd->err);
}

/* Is what is added up how long something took? */
static bool is_lasting(const struct indicator_define *d)
{
    return d->count == INDICATOR_SUM && d->amount.path && d->since.path &&
           !d->currency.path && !d->rate.path;
}

/* What the scoring needs, and what it has no place for. */
static bool is_whole(const struct indicator_define *d)
{
    bool counts = d->count == INDICATOR_EVERY ||
                  (d->scoring == INDICATOR_PROPORTION &&
                      (d->count == INDICATOR_DISTINCT || d->count == INDICATOR_DAYS));

    if (d->scoring == INDICATOR_RATIO)
        return d->parts[INDICATOR_NUMERATOR].url.p &&
               (d->parts[INDICATOR_DENOMINATOR].url.p ||
                   d->parts[INDICATOR_TIMES].url.p);
    return d->query && d->thing_count > 0 &&
           (d->scoring == INDICATOR_COHORT || counts) &&
           (d->scoring == INDICATOR_PROPORTION) == (d->numerator != NULL) &&
           (d->scoring == INDICATOR_VALUES) == (d->value.path != NULL) &&
           (d->value.path || !d->limit.path) &&
           (d->value.path || is_lasting(d) || !d->since.path) &&
           !(d->in_days && d->in_hours) && (d->since.path || !d->seconds.path);
}

static int read_group(struct reading *rd, const struct json *group)
{
    struct json_each it = json_each(json_get(group, "population"));
    int r = 0;

    while (r == 0 && json_next(&it))
        r = read_population(rd, it.value);
    it = json_each(json_get(group, "stratifier"));
    while (r == 0 && json_next(&it))
        r = read_stratifier(rd, it.value);
    if (r == 0)
        r = of_records(rd);
    if (r == 0 && !is_whole(rd->define))
        r = unusable(rd, "group");
    return r;
}

/* ---- how it counts ---- */

/* That of the facts only some count hangs on another record. */
static int read_only(struct reading *rd, const struct json *shape)
{
    struct indicator_define *d = rd->define;
    struct str as = json_get_text(extension(shape, "only-as"), "valueCode");
    size_t at = as.p ? code_of(as, as_codes, INDICATOR_ASES) : INDICATOR_PLAIN;
    int r = 0;

    if (at == INDICATOR_ASES)
        return unusable(rd, "only-as");
    d->only.as = (enum indicator_as)at;
    d->only_value = json_get_text(extension(shape, "only-value"), "valueString");
    r = read_named(rd, shape, "only", &d->only);
    if (r == 0)
        r = read_named(rd, shape, "part", &d->part);
    return r == 0 && d->part.path && d->only.path ? unusable(rd, "part") : r;
}

/* That of the facts only those count of which two values differ. */
static int read_apart(struct reading *rd, const struct json *shape)
{
    static const char *const names[] = {"apart", "apart-from"};
    static const char *const ases[] = {"apart-as", "apart-from-as"};
    struct indicator_value *values[] = {&rd->define->apart, &rd->define->apart_from};
    int r = 0;

    for (size_t i = 0; r == 0 && i < 2; i++) {
        struct str as = json_get_text(extension(shape, ases[i]), "valueCode");
        size_t at = as.p ? code_of(as, as_codes, INDICATOR_ASES) : INDICATOR_PLAIN;

        if (at == INDICATOR_ASES)
            return unusable(rd, ases[i]);
        values[i]->as = (enum indicator_as)at;
        r = read_named(rd, shape, names[i], values[i]);
    }
    if (r == 0 && !values[0]->path != !values[1]->path)
        r = unusable(rd, names[1]);
    return r;
}

/* For how long a fact holds, and when in between it does not. */
static int read_while(struct reading *rd, const struct json *shape)
{
    struct indicator_define *d = rd->define;
    struct str days =
        json_text(json_get(extension(shape, "lasts"), "valuePositiveInt"));
    int64_t lasts = 0;
    int r = 0;

    if (days.p && (!text_int(days, 1, INDICATOR_LASTS_MAX, &lasts) || d->until.path))
        return unusable(rd, "lasts");
    d->lasts = (int)lasts;
    r = read_named(rd, shape, "less", &d->less);
    return r == 0 ? read_named(rd, shape, "settling", &d->settling) : r;
}

static int read_map(struct reading *rd, const struct json *shape)
{
    static const char *const codes[INDICATOR_MAPS] = {[INDICATOR_NO_MAP] = "none",
        [INDICATOR_LISTED] = "listed",
        [INDICATOR_DEMONSTRATED] = "demonstrated",
        [INDICATOR_SUSTAINED] = "sustained",
        [INDICATOR_ABLE] = "able"};
    struct str code = json_get_text(extension(shape, "map"), "valueCode");
    size_t at = code.p ? code_of(code, codes, INDICATOR_MAPS) : INDICATOR_NO_MAP;

    if (at == INDICATOR_MAPS)
        return unusable(rd, "map");
    rd->define->map = (enum indicator_map)at;
    rd->define->severity = json_get_text(extension(shape, "severity"), "valueCode");
    return 0;
}

/* With which month a year of it begins. */
static int read_year(struct reading *rd, const struct json *shape)
{
    struct str year = json_get_text(extension(shape, "year"), "valueCode");

    if (year.p && !str_is(year, "academic") && !str_is(year, "calendar"))
        return unusable(rd, "year");
    rd->define->year_begins = str_is(year, "academic") ? 9 : 1;
    return 0;
}

/* What counts and when is what the parts of a ratio say. */
static int read_counts(struct reading *rd, const struct json *shape)
{
    struct indicator_define *d = rd->define;
    struct str per = json_text(json_get(extension(shape, "per"), "valuePositiveInt"));
    size_t count = code_of(json_get_text(extension(shape, "counts"), "valueCode"),
        count_codes, INDICATOR_COUNTS);
    size_t rule = code_of(json_get_text(extension(shape, "rule"), "valueCode"),
        rule_codes, INDICATOR_RULES);

    d->per = 1;
    if (d->scoring == INDICATOR_RATIO) {
        d->count = INDICATOR_EVERY;
        return per.p && !text_int(per, 1, INDICATOR_PER_MAX, &d->per)
                   ? unusable(rd, "per")
                   : 0;
    }
    if (count == INDICATOR_COUNTS || rule == INDICATOR_RULES)
        return unusable(rd, "extension");
    d->count = (enum indicator_count)count;
    d->rule = (enum indicator_rule)rule;
    return 0;
}

static int read_shape(struct reading *rd, const struct json *shape)
{
    struct indicator_define *d = rd->define;
    size_t disclosure =
        code_of(json_get_text(extension(shape, "disclosure"), "valueCode"),
            disclosure_codes, INDICATOR_GUARDED + 1);
    int r = disclosure > INDICATOR_GUARDED ? unusable(rd, "extension")
                                           : read_counts(rd, shape);

    if (r < 0)
        return r;
    d->disclosure = (enum indicator_disclosure)disclosure;
    d->unit = json_get_text(extension(shape, "unit"), "valueString");
    r = read_named(rd, shape, "each", &d->each);
    if (r == 0)
        r = read_named(rd, shape, "from", &d->from);
    if (r == 0)
        r = read_named(rd, shape, "until", &d->until);
    if (r == 0)
        r = read_named(rd, shape, "amount", &d->amount);
    if (r == 0)
        r = read_named(rd, shape, "currency", &d->currency);
    if (r == 0)
        r = read_named(rd, shape, "rate", &d->rate);
    if (r == 0)
        r = read_named(rd, shape, "since", &d->since);
    if (r == 0)
        r = read_named(rd, shape, "without-seconds", &d->seconds);
    if (r == 0)
        r = read_named(rd, shape, "limit", &d->limit);
    d->in_days =
        json_kind(json_get(extension(shape, "in-days"), "valueBoolean")) == JSON_TRUE;
    d->in_hours =
        json_kind(json_get(extension(shape, "in-hours"), "valueBoolean")) == JSON_TRUE;
    d->whole_first = json_kind(json_get(
                         extension(shape, "whole-first"), "valueBoolean")) == JSON_TRUE;
    d->estimate =
        json_kind(json_get(extension(shape, "estimate"), "valueBoolean")) == JSON_TRUE;
    if (r == 0)
        r = read_only(rd, shape);
    if (r == 0)
        r = read_apart(rd, shape);
    if (r == 0)
        r = read_while(rd, shape);
    if (r == 0)
        r = read_map(rd, shape);
    return r == 0 ? read_year(rd, shape) : r;
}

static int read_measure(struct reading *rd, const struct json *measure)
{
    struct indicator_define *d = rd->define;
    size_t scoring = code_of(
        first_code(json_get(measure, "scoring")), scoring_codes, INDICATOR_SCORINGS);
    int r = 0;

    if (scoring == INDICATOR_SCORINGS)
        return unusable(rd, "scoring");
    d->scoring = (enum indicator_scoring)scoring;
    d->measure = measure;
    d->id = json_get_text(measure, "id");
    d->url = json_get_text(measure, "url");
    d->version = json_get_text(measure, "version");
    d->title = json_get_text(measure, "title");
    r = read_shape(rd, extension(measure, SHAPE_URL));
    if (d->count == INDICATOR_SUM || d->count == INDICATOR_MEAN ||
        (d->count == INDICATOR_DAYS && d->scoring != INDICATOR_PROPORTION))
        d->scoring = INDICATOR_COHORT; /* its number is what they come to */
    return r == 0 ? read_group(rd, json_at(json_get(measure, "group"), 0)) : r;
}

static int read_all(
    struct arena *a, const struct indicator_defines **ret, struct err *err)
{
    struct indicator_defines *all = arena_alloc(a, sizeof(*all));
    struct str text = {(const char *)indicator_text.bytes, indicator_text.len};
    const struct json *entries = NULL;
    struct json_each it;
    int r = 0;

    if (!all)
        return err_nomem(err);
    r = json_read_trusted(a, text, &all->bundle, err);
    if (r < 0)
        return r;
    entries = json_get(all->bundle, "entry");
    all->list = arena_array(a, json_count(entries), sizeof(*all->list));
    if (!all->list)
        return err_nomem(err);
    it = json_each(entries);
    while (r == 0 && json_next(&it)) {
        struct reading rd = {a, &all->list[all->count++], err};

        r = read_measure(&rd, json_get(it.value, "resource"));
    }
    if (r == 0)
        r = indicator_ratios_link(all, err);
    *ret = all;
    return r;
}

/* Whoever is first makes them; two at once make them twice, and one is thrown away. */
int indicator_defines(const struct indicator_defines **ret, struct err *err)
{
    static _Atomic(const struct indicator_defines *) made;
    static _Atomic(struct arena *) kept; /* whose they are, for ever */
    const struct indicator_defines *mine = atomic_load(&made);
    const struct indicator_defines *none = NULL;
    struct arena *a = NULL;
    int r = 0;

    if (!mine) {
        a = arena_new();
        r = a ? read_all(a, &mine, err) : err_nomem(err);
        if (r < 0) {
            arena_free(a);
            return r;
        }
        if (!atomic_compare_exchange_strong(&made, &none, mine)) {
            arena_free(a);
            mine = none;
        } else {
            atomic_store(&kept, a);
        }
    }
    *ret = mine;
    return 0;
}

const struct indicator_define *indicator_find(
    const struct indicator_defines *all, struct str id)
{
    for (size_t i = 0; i < all->count; i++) {
        if (str_eq(all->list[i].id, id))
            return &all->list[i];
    }
    return NULL;
}
