/* SPDX-License-Identifier: Apache-2.0 */
#include "app/volume.h"

#include <string.h>

#include "app/keeper.h"
#include "app/person.h"
#include "app/reach.h"
#include "fhir/value.h"

#define DAY ((utc_ms)24 * 60 * 60 * 1000)

const struct volume_kind volume_kinds[] = {
    {"outpatients", "volume-outpatients", false, false, false},
    {"inpatients", "volume-inpatients", false, false, false},
    {"surgeries", "volume-surgeries", false, false, false},
    {"life-expectancy", "context-life-expectancy", true, true, false},
    {"population", "context-population", true, false, true},
};
const size_t volume_kind_count = sizeof(volume_kinds) / sizeof(volume_kinds[0]);

const char *const volume_part_names[VOLUME_PARTS] = {
    [VOLUME_WHOLE] = "", [VOLUME_SEX] = "sex", [VOLUME_LANGUAGE] = "language"};
const char *const volume_part_systems[VOLUME_PARTS] = {[VOLUME_WHOLE] = "",
    [VOLUME_SEX] = "http://hl7.org/fhir/administrative-gender",
    [VOLUME_LANGUAGE] = "urn:ietf:bcp:47"};

/* Letters of the language in lower case, then what is behind each hyphen: nothing of it is empty. */
static bool is_language(struct str tag)
{
    size_t letters = 0, run = 0;

    for (size_t i = 0; i < tag.len; i++) {
        char c = tag.p[i];
        bool digit = c >= '0' && c <= '9';
        bool lower = c >= 'a' && c <= 'z', upper = c >= 'A' && c <= 'Z';

        if (c == '-' && run > 0) {
            letters = letters ? letters : run;
            run = 0;
        } else if (lower || (letters > 0 && (upper || digit))) {
            run++;
        } else {
            return false;
        }
    }
    letters = letters ? letters : run;
    return run > 0 && run <= 8 && letters >= 2 && letters <= 3;
}

bool volume_part_has(enum volume_part part, struct str code)
{
    if (code.len == 0 || code.len > VOLUME_CODE_MAX)
        return false;
    if (part == VOLUME_SEX)
        return str_is(code, "female") || str_is(code, "male") || str_is(code, "other");
    return part == VOLUME_LANGUAGE && is_language(code);
}

/* ---- what it says ---- */

static const struct volume_kind *volume_kind_of(const struct json *report)
{
    struct str url = json_get_text(report, "measure");

    url = str_cut(&url, '|');
    if (!url.p || !str_starts(url, VOLUME_MEASURE))
        return NULL;
    url.p += strlen(VOLUME_MEASURE);
    url.len -= strlen(VOLUME_MEASURE);
    for (size_t i = 0; i < volume_kind_count; i++) {
        if (str_is(url, volume_kinds[i].measure))
            return &volume_kinds[i];
    }
    return NULL;
}

static int read_of(const struct json *report, struct volume *ret, struct err *err)
{
    const char *member = ret->kind->place ? "subject" : "reporter";
    const char *type = ret->kind->place ? "Location" : "Organization";
    struct fhir_reference ref;

    ret->ref = json_get_text(json_get(report, member), "reference");
    ref = fhir_reference_parse(ret->ref, (struct str){NULL, 0});
    if (!ret->ref.p || ref.form != FHIR_REF_LOCAL || ref.version.p ||
        ref.type != fhir_resource_named(str_of(type))->number)
        return err_set(
            err, E_INVALID, member, "Say of what it is: %s is %s/ID.", member, type);
    ret->of = ref.id;
    return 0;
}

/* A calendar month or year, whole, in days. */
static int read_period(const struct json *report, struct volume *ret, struct err *err)
{
    const struct json *period = json_get(report, "period");
    utc_ms from = 0, until = 0;
    int64_t last = 0;
    unsigned month = 0, day = 0, last_month = 0, last_day = 0;
    bool fits = json_get_text(period, "start").len <= 10 &&
                json_get_text(period, "end").len <= 10 &&
                fhir_period_range(period, &from, &until) && from != UTC_MS_MIN &&
                until != UTC_MS_MAX && until > from;

    if (fits) {
        time_date(from / DAY, &ret->year, &month, &day);
        time_date(until / DAY - 1, &last, &last_month, &last_day);
        fits =
            from >= 0 && ret->year == last && day == 1 &&
            last_day == time_month_days(last, last_month) &&
            (ret->kind->place ? month == 1 && last_month == 12 : month == last_month);
    }
    if (!fits)
        return err_set(err, E_INVALID, "period",
            ret->kind->place
                ? "It is of a whole calendar year: period.start and period.end are its "
                  "first and its last day."
                : "It is of a whole calendar month: period.start and period.end are "
                  "its "
                  "first and its last day.");
    ret->month = ret->kind->place ? 0 : month;
    return 0;
}

/* The first coding of ${concept}, where it is of ${system}; else NULL. */
static const struct json *coding_of(const struct json *concept, const char *system)
{
    const struct json *coding = json_at(json_get(concept, "coding"), 0);

    return str_is(json_get_text(coding, "system"), system) ? coding : NULL;
}

/* Of whom ${group} is, into ${ret}; and what holds the number, into ${*of}. */
static int read_part(const struct json *group, struct volume *ret,
    const struct json **of, struct err *err)
{
    const struct json *all = json_get(group, "stratifier");
    const struct json *stratifier = json_at(all, 0);
    const struct json *stratum = json_at(json_get(stratifier, "stratum"), 0);
    struct str name = json_get_text(
        coding_of(json_at(json_get(stratifier, "code"), 0), VOLUME_STRATUM_SYSTEM),
        "code");

    *of = group;
    if (!all)
        return 0;
    for (int i = VOLUME_SEX; ret->kind->parts && i < VOLUME_PARTS; i++) {
        if (str_is(name, volume_part_names[i]))
            ret->part = (enum volume_part)i;
    }
    ret->code = json_get_text(
        coding_of(json_get(stratum, "value"), volume_part_systems[ret->part]), "code");
    *of = stratum;
    if (json_count(all) == 1 && json_count(json_get(stratifier, "stratum")) == 1 &&
        !json_get(group, "population") && volume_part_has(ret->part, ret->code))
        return 0;
    return err_set(err, E_INVALID, "group.stratifier",
        "Inhabitants alone are told by a part of them, and each part by itself: one "
        "stratifier, sex (female, male, other) or language (as bo or zh-CN), with one "
        "stratum that has the number, and no group.population beside it.");
}

static int read_value(const struct json *report, struct volume *ret, struct err *err)
{
    const struct json *groups = json_get(report, "group");
    const struct json *group = NULL;
    const struct json *populations = NULL;
    bool score = ret->kind->score;
    const char *path = score ? "group.measureScore.value" : "group.population.count";
    struct str text = {NULL, 0};
    int r = read_part(json_at(groups, 0), ret, &group, err);

    if (r < 0)
        return r;
    populations = json_get(group, "population");
    text = json_text(score ? json_get(json_get(group, "measureScore"), "value")
                           : json_get(json_at(populations, 0), "count"));
    if (json_count(groups) == 1 && (score || json_count(populations) == 1) && text.p &&
        fhir_number(text, &ret->value) && ret->value >= 0 &&
        (!score || (ret->value > 0 && ret->value <= 150)))
        return 0;
    return err_set(err, E_INVALID, path,
        score ? "One group has its figure: group.measureScore.value, in years, above 0."
              : "One group with one population has its figure: group.population.count, "
                "0 or more.");
}

static int read_kind(const struct json *report, struct err *err)
{
    struct str status = json_get_text(report, "status");

    if (memchr(json_get_text(report, "measure").p, '|',
            json_get_text(report, "measure").len))
        return err_set(
            err, E_INVALID, "measure", "measure is written without a version.");
    if (!str_is(json_get_text(report, "type"), "summary"))
        return err_set(err, E_INVALID, "type", "A volume is a summary: type.");
    if (!str_is(status, "complete") && !str_is(status, "error"))
        return err_set(err, E_INVALID, "status",
            "A volume is complete, or an error where it was taken back: status.");
    return 0;
}

static int volume_read(const struct json *report, struct volume *ret, struct err *err)
{
    struct volume v = {.kind = volume_kind_of(report)};
    int r = 0;

    if (!v.kind)
        return err_set(err, E_INVALID, "measure", "That is no volume.");
    r = read_kind(report, err);
    if (r == 0)
        r = read_of(report, &v, err);
    if (r == 0)
        r = read_period(report, &v, err);
    if (r == 0)
        r = read_value(report, &v, err);
    if (r == 0)
        *ret = v;
    return r;
}

/* Where all of it has no room, ${v->of} loses its front. */
void volume_id(const struct volume *v, char out[VOLUME_ID_MAX + 1])
{
    char within[16 + VOLUME_CODE_MAX] = "-"; /* the month, or the part */
    size_t n = 0;
    size_t lost = 0;

    if (v->month)
        snprintf(within, sizeof(within), "-%02u-", v->month % 100);
    if (v->part != VOLUME_WHOLE)
        snprintf(within, sizeof(within), ".%s-%.*s.", volume_part_names[v->part],
            (int)v->code.len, v->code.p);
    snprintf(out, VOLUME_ID_MAX + 1, "%s-%04u%s", v->kind->name,
        (unsigned)v->year % 10000, within);
    n = strlen(out);
    lost = v->of.len > VOLUME_ID_MAX - n ? v->of.len - (VOLUME_ID_MAX - n) : 0;
    memcpy(out + n, v->of.p + lost, v->of.len - lost);
    out[n + v->of.len - lost] = '\0';
}

/* ---- who writes it ---- */

static bool is_report(const struct access_write *write)
{
    return strcmp(write->type->name, "MeasureReport") == 0;
}

bool volume_has_own_id(const struct access_write *write)
{
    struct volume v = {.kind = NULL};
    char id[VOLUME_ID_MAX + 1];

    if (!is_report(write) || !volume_kind_of(write->resource) ||
        volume_read(write->resource, &v, NULL) < 0 || !v.kind)
        return false;
    volume_id(&v, id);
    return str_is(write->id, id);
}

int volume_check_form(const struct access_write *write, struct err *err)
{
    struct volume v = {.kind = NULL};
    char id[VOLUME_ID_MAX + 1];
    int r = 0;

    if (!is_report(write) || !volume_kind_of(write->resource))
        return 0;
    r = volume_read(write->resource, &v, err);
    if (r < 0 || !v.kind)
        return r;
    volume_id(&v, id);
    if (write->id.p && str_is(write->id, id))
        return 0;
    return err_set(err, E_INVALID, "id",
        "What a volume is of is its id, so that nothing is counted twice: PUT it as "
        "MeasureReport/%s.",
        id);
}

static bool may_say_of_places(const struct app_caller *caller)
{
    return person_holds(caller, "coordinator") || reach_programme(caller);
}

static int may_say_of_unit(
    struct access *a, struct str unit, bool *ret, struct err *err)
{
    const struct app_caller *caller = &a->call->caller;
    enum keeper keeper = KEEPER_NONE;
    int r = keeper_of(a, unit, &keeper, err);

    *ret = keeper == KEEPER_LEADS || (keeper == KEEPER_KEEPS && caller->scopes) ||
           reach_programme(caller);
    return r;
}

int volume_check(struct access *a, const struct access_write *write,
    const struct json *before, struct err *err)
{
    const struct json *versions[] = {before, write->resource};
    int r = 0;

    for (size_t i = 0; r == 0 && is_report(write) && i < 2; i++) {
        const struct volume_kind *kind = volume_kind_of(versions[i]);
        bool may = true;

        if (!kind)
            continue;
        if (kind->place)
            may = may_say_of_places(&a->call->caller);
        else
            r = may_say_of_unit(a,
                json_get_text(json_get(versions[i], "reporter"), "reference"), &may,
                err);
        if (r == 0 && !may)
            r = err_set(err, E_FORBIDDEN, NULL,
                kind->place
                    ? "Figures of a place are written by coordinators and by the "
                      "programme."
                    : "Volumes are written by the directors, heads of departments "
                      "and programs of the hospital, and by the coordinators of "
                      "its pairings.");
    }
    return r;
}
