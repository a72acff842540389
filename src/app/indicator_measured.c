/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Proportions and values in a MeasureReport. A proportion has both of its populations, and as score the
 * share with the interval in which it lies; values have how many they are, and as score their median
 * with what nine of ten are at most and how many are within their limit. Where people are not
 * told small numbers, the whole of it is masked.
 */
#include "base/money.h"

#include "app/indicator_internal.h"

#define INTERVAL_URL "https://belay.health/StructureDefinition/indicator-interval"
#define SPREAD_URL "https://belay.health/StructureDefinition/indicator-spread"

/* ${share}, from 0 to 1, to four digits. */
static void put_share(struct json_out *o, double share)
{
    char text[MONEY_CHARS];

    snprintf(text, sizeof(text), "%.4f", share);
    json_put_raw(o, str_of(text));
}

static void put_amount(struct json_out *o, int64_t amount)
{
    char text[MONEY_CHARS];

    money_text(amount, text);
    json_put_raw(o, str_of(text));
}

static void open_part(struct json_out *o, const char *url, const char *value)
{
    json_open(o, '{');
    json_name(o, "url");
    json_put_str(o, url);
    json_name(o, value);
}

static void put_int_part(struct json_out *o, const char *url, int64_t value)
{
    open_part(o, url, "valueInteger");
    json_put_int(o, value);
    json_close(o, '}');
}

static void put_share_part(struct json_out *o, const char *url, double share)
{
    open_part(o, url, "valueDecimal");
    put_share(o, share);
    json_close(o, '}');
}

/* Begin a score that has an extension with parts. */
static void open_score(struct json_out *o, const char *url)
{
    json_name(o, "measureScore");
    json_open(o, '{');
    json_name(o, "extension");
    json_open(o, '[');
    open_part(o, url, "extension");
    json_open(o, '[');
}

static void close_parts(struct json_out *o)
{
    json_close(o, ']');
    json_close(o, '}');
    json_close(o, ']');
    json_name(o, "value");
}

/* Days of one thing hang together, as draws do not: their share has no interval. */
static void put_proportion(
    const struct indicator_run *run, struct json_out *o, int64_t all, int64_t met)
{
    struct indicator_interval between = indicator_wilson(met, all);

    if (run->ask.define->count == INDICATOR_DAYS) {
        json_name(o, "measureScore");
        json_open(o, '{');
        json_name(o, "value");
    } else {
        open_score(o, INTERVAL_URL);
        put_share_part(o, "low", between.low);
        put_share_part(o, "high", between.high);
        close_parts(o);
    }
    put_share(o, (double)met / (double)all);
    json_close(o, '}');
}

/* Is it told how many of ${all} values are within their limit? Of strata and of many years it could be
 * subtracted. */
static bool tells_within(const struct indicator_run *run, uint32_t stratum, int64_t all,
    const struct indicator_measured *of)
{
    if (of->limited == 0)
        return false;
    return !run->guarded ||
           (stratum == INDICATOR_NO_STRATUM && indicator_is_one_year(run) &&
               indicator_is_told(run, of->met, of->limited) &&
               indicator_is_told(run, of->limited, all));
}

static void put_values(const struct indicator_run *run, struct json_out *o,
    const struct indicator_measured *of, bool within)
{
    open_score(o, SPREAD_URL);
    open_part(o, "p90", "valueDecimal");
    put_amount(o, of->ninety);
    json_close(o, '}');
    if (within) {
        put_int_part(o, "within", of->met);
        put_int_part(o, "limited", of->limited);
        put_share_part(o, "share", (double)of->met / (double)of->limited);
    }
    close_parts(o);
    put_amount(o, of->median);
    json_member(o, "unit", run->ask.define->unit);
    json_close(o, '}');
}

void indicator_put_measured(
    const struct indicator_run *run, struct json_out *o, uint32_t stratum, bool counted)
{
    bool whole = stratum == INDICATOR_NO_STRATUM;
    bool proportion = run->ask.define->scoring == INDICATOR_PROPORTION;
    bool masked = indicator_is_kept(run, stratum);
    int64_t all = whole ? run->answer.figure : run->answer.strata[stratum];
    const struct indicator_measured *of =
        &run->answer.measured[whole ? run->stratum_count : stratum];

    json_name(o, "population");
    json_open(o, '[');
    indicator_put_population(o, proportion ? "denominator" : "measure-population", all,
        masked, counted ? "#" INDICATOR_COUNTED : NULL);
    if (proportion)
        indicator_put_population(
            o, "numerator", of->met, masked, counted ? "#" INDICATOR_MET : NULL);
    json_close(o, ']');
    if (masked || all == 0)
        return;
    if (proportion)
        put_proportion(run, o, all, of->met);
    else
        put_values(run, o, of, tells_within(run, stratum, all, of));
}
