/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A MeasureReport of what somebody is shown. A hidden count has no number but the extension
 * data-absent-reason, "masked". Who sees not all hospitals is told sums over those they see,
 * and only of what they see.
 */
#include "app/caseload_internal.h"

#define MASKED                                                                         \
    "{\"extension\":[{\"url\":\"http://hl7.org/fhir/StructureDefinition/"              \
    "data-absent-reason\",\"valueCode\":\"masked\"}]}"
#define AXIS_SYSTEM "https://belay.health/CodeSystem/caseload-axis"
#define POPULATION_SYSTEM "http://terminology.hl7.org/CodeSystem/measure-population"

struct shown {
    uint64_t count;
    bool hidden;
};

/* ---- what is shown ---- */

static struct shown cell(const struct caseload *c, int table, size_t row, size_t column)
{
    const struct suppress_table *t = &c->tables[table];
    size_t at = row * t->columns + column;

    return (struct shown){t->counts[at], t->cells[at]};
}

static struct shown row_total(const struct caseload *c, size_t row)
{
    struct shown sum = {.hidden = c->shown.totals[row]};

    for (size_t k = 0; k < c->tables[0].columns; k++)
        sum.count += c->tables[0].counts[row * c->tables[0].columns + k];
    return sum;
}

static struct shown column_total(const struct caseload *c, int table, size_t column)
{
    struct shown sum = {.hidden = c->all && c->tables[table].totals[column]};

    for (size_t i = 0; i < c->shown.rows; i++) {
        struct shown one = cell(c, table, i, column);

        sum.count += c->mine[i] ? one.count : 0;
        sum.hidden |= !c->all && ((c->mine[i] && one.hidden) || c->shown.withheld);
    }
    return sum;
}

static struct shown total(const struct caseload *c)
{
    struct shown sum = {.hidden = c->all && c->shown.total};

    for (size_t i = 0; i < c->shown.rows; i++) {
        struct shown one = row_total(c, i);

        sum.count += c->mine[i] ? one.count : 0;
        sum.hidden |= !c->all && ((c->mine[i] && one.hidden) || c->shown.withheld);
    }
    return sum;
}

/* Which hospitals have cases is itself told only where their totals can be. */
static bool row_named(const struct caseload *c, size_t row)
{
    return c->mine[row] && !c->shown.withheld;
}

/* The same for departments and kinds; what is always there is always named. */
static bool column_named(
    const struct caseload *c, enum caseload_axis_kind kind, size_t column)
{
    struct shown sum = column_total(c, (int)kind - 1, column);

    if (kind != CASELOAD_DEPARTMENT && kind != CASELOAD_KIND)
        return true;
    return !c->tables[kind - 1].withheld && (sum.hidden || sum.count > 0);
}

/* ---- how it is written ---- */

static void put_coding(struct json_out *o, const char *system, struct str code)
{
    json_name(o, "coding");
    json_open(o, '[');
    json_open(o, '{');
    if (system) {
        json_name(o, "system");
        json_put_str(o, system);
    }
    json_member(o, "code", code);
    json_close(o, '}');
    json_close(o, ']');
}

static void put_population(struct json_out *o, struct shown sum)
{
    json_name(o, "population");
    json_open(o, '[');
    json_open(o, '{');
    json_name(o, "code");
    json_open(o, '{');
    put_coding(o, POPULATION_SYSTEM, STR("initial-population"));
    json_close(o, '}');
    json_name(o, sum.hidden ? "_count" : "count");
    if (sum.hidden)
        json_put_raw(o, STR(MASKED));
    else
        json_put_int(o, (long long)sum.count);
    json_close(o, '}');
    json_close(o, ']');
}

static const char *value_system(enum caseload_axis_kind kind)
{
    if (kind == CASELOAD_KIND)
        return "https://belay.health/CodeSystem/case-kind";
    if (kind == CASELOAD_URGENCY)
        return "http://hl7.org/fhir/request-priority";
    if (kind == CASELOAD_STATUS)
        return "https://belay.health/CodeSystem/caseload-status";
    return NULL;
}

static void put_value(const struct caseload *c, struct json_out *o,
    enum caseload_axis_kind kind, size_t n)
{
    json_name(o, "value");
    json_open(o, '{');
    put_coding(o, value_system(kind), c->axes[kind].codes[n]);
    json_member(o, "text", c->axes[kind].texts[n]);
    json_close(o, '}');
}

static void put_axis_code(struct json_out *o, enum caseload_axis_kind kind)
{
    json_open(o, '{');
    put_coding(o, AXIS_SYSTEM, str_of(caseload_axis_name(kind)));
    json_close(o, '}');
}

static void put_component(const struct caseload *c, struct json_out *o,
    enum caseload_axis_kind kind, size_t n)
{
    json_open(o, '{');
    json_name(o, "code");
    put_axis_code(o, kind);
    put_value(c, o, kind, n);
    json_close(o, '}');
}

static void put_line(
    const struct caseload *c, struct json_out *o, enum caseload_axis_kind kind)
{
    for (size_t i = 0; i < c->axes[kind].count; i++) {
        bool rows = kind == CASELOAD_HOSPITAL;

        if (!(rows ? row_named(c, i) : column_named(c, kind, i)))
            continue;
        json_open(o, '{');
        put_value(c, o, kind, i);
        put_population(o, rows ? row_total(c, i) : column_total(c, (int)kind - 1, i));
        json_close(o, '}');
    }
}

static void put_cells(
    const struct caseload *c, struct json_out *o, enum caseload_axis_kind kind)
{
    for (size_t i = 0; i < c->shown.rows; i++) {
        for (size_t k = 0; row_named(c, i) && k < c->axes[kind].count; k++) {
            if (!column_named(c, kind, k))
                continue;
            json_open(o, '{');
            json_name(o, "component");
            json_open(o, '[');
            put_component(c, o, CASELOAD_HOSPITAL, i);
            put_component(c, o, kind, k);
            json_close(o, ']');
            put_population(o, cell(c, (int)kind - 1, i, k));
            json_close(o, '}');
        }
    }
}

/* One stratifier: one axis, or a table of two. */
static void put_stratifier(const struct caseload *c, struct json_out *o,
    const enum caseload_axis_kind *axes, size_t count)
{
    json_open(o, '{');
    json_name(o, "code");
    json_open(o, '[');
    for (size_t i = 0; i < count; i++)
        put_axis_code(o, axes[i]);
    json_close(o, ']');
    json_name(o, "stratum");
    json_open(o, '[');
    if (count == 1)
        put_line(c, o, axes[0]);
    else
        put_cells(c, o, axes[1]);
    json_close(o, ']');
    json_close(o, '}');
}

static void put_period(const struct caseload *c, struct json_out *o)
{
    unsigned last = c->quarter.first_month + 2;
    char text[32];

    json_name(o, "period");
    json_open(o, '{');
    json_name(o, "start");
    snprintf(text, sizeof(text), "%04d-%02u-01", (int)c->quarter.year,
        c->quarter.first_month);
    json_put_str(o, text);
    json_name(o, "end");
    snprintf(text, sizeof(text), "%04d-%02u-%02u", (int)c->quarter.year, last,
        time_month_days(c->quarter.year, last));
    json_put_str(o, text);
    json_close(o, '}');
}

/* An empty array is no FHIR: what has no row at all is left out. */
static bool has_line(
    const struct caseload *c, const enum caseload_axis_kind *axes, size_t count)
{
    bool rows = false, columns = false;
    enum caseload_axis_kind last = axes[count - 1];

    for (size_t i = 0; i < c->shown.rows; i++)
        rows |= row_named(c, i);
    for (size_t k = 0; last != CASELOAD_HOSPITAL && k < c->axes[last].count; k++)
        columns |= column_named(c, last, k);
    if (count == 2)
        return rows && columns;
    return last == CASELOAD_HOSPITAL ? rows : columns;
}

void caseload_write(
    struct caseload *c, const enum caseload_axis_kind *axes, size_t count)
{
    struct json_out out = json_out(&c->call->answer);
    struct json_out *o = &out;
    bool lines[3] = {count > 0 && has_line(c, axes, 1),
        count > 1 && has_line(c, axes + 1, 1), count > 1 && has_line(c, axes, 2)};

    json_open(o, '{');
    json_name(o, "resourceType");
    json_put_str(o, "MeasureReport");
    json_name(o, "status");
    json_put_str(o, "complete");
    json_name(o, "type");
    json_put_str(o, "summary");
    json_name(o, "measure");
    json_put_str(o, "https://belay.health/Measure/caseload");
    put_period(c, o);
    json_name(o, "group");
    json_open(o, '[');
    json_open(o, '{');
    put_population(o, total(c));
    if (lines[0] || lines[1] || lines[2]) {
        json_name(o, "stratifier");
        json_open(o, '[');
        if (lines[0])
            put_stratifier(c, o, axes, 1);
        if (lines[1])
            put_stratifier(c, o, axes + 1, 1);
        if (lines[2])
            put_stratifier(c, o, axes, 2);
        json_close(o, ']');
    }
    json_close(o, '}');
    json_close(o, ']');
    json_close(o, '}');
}
