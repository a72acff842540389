/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GET Report/ID/$file: a frozen report as a file.
 *
 *   format    document (as it is, signed), csv, xlsx, or adx
 *   orgUnit   of adx: as what DHIS2 knows whom the figures are of
 *   dataSet   of adx: the data set's code there; the usual is "belay"
 *
 * ADX is IHE's Aggregate Data Exchange: a group for each period, a dataValue for each figure that is told exactly
 * and has a start. Its FHIR form, mADX, are the MeasureReports in the document.
 */
#include "app/report.h"
#include "fhir/value.h"

#define DAY_MS ((utc_ms)24 * 60 * 60 * 1000)

struct filing {
    struct app_call *call;
    const struct json *document;
    struct str format, org_unit, data_set;
};

/* ---- CSV ---- */

static const char *const columns[] = {"indicator", "asked", "stratum", "from", "until",
    "base-from", "base-until", "rule", "counts", "value", "at-most", "unit", "met",
    "of", "low", "high", "figure", "wording", "source", "scope", "published",
    "published-unit", "verdict", "by", "why"};
#define COLUMNS (sizeof(columns) / sizeof(columns[0]))

static void write_csv(struct filing *f)
{
    /* what came later stands behind the title */
    static const char *const more[] = {"kind", "years", "looked-from", "looked-until"};
    struct buf *b = &f->call->answer;
    struct json_each it =
        json_each(json_get(report_composition(f->document), "section"));

    for (size_t i = 0; i < COLUMNS; i++)
        buf_addf(b, "%s%s", i ? "," : "", columns[i]);
    buf_adds(b, ",title,kind,years,looked-from,looked-until\r\n");
    while (json_next(&it)) {
        const struct json *figure = report_extension(it.value, REPORT_FIGURE_URL);

        for (size_t i = 0; i < COLUMNS; i++) {
            csv_encode(b, report_part(figure, columns[i]));
            buf_addc(b, ',');
        }
        csv_encode(b, json_get_text(it.value, "title"));
        for (size_t i = 0; i < sizeof(more) / sizeof(more[0]); i++) {
            buf_addc(b, ',');
            csv_encode(b, report_part(figure, more[i]));
        }
        buf_adds(b, "\r\n");
    }
    f->call->media_type = STR("text/csv; charset=utf-8");
}

static int write_xlsx(struct filing *f, struct err *err)
{
    f->call->media_type = STR(REPORT_WORKBOOK_TYPE);
    return report_workbook(f->document, &f->call->answer, err);
}

/* ---- ADX ---- */

static void add_text(struct buf *b, struct str value)
{
    for (size_t i = 0; i < value.len; i++) {
        char c = value.p[i];

        if (c == '&')
            buf_adds(b, "&amp;");
        else if (c == '<')
            buf_adds(b, "&lt;");
        else if (c == '"')
            buf_adds(b, "&quot;");
        else
            buf_addc(b, c);
    }
}

static void add_attribute(struct buf *b, const char *name, struct str value)
{
    buf_addf(b, " %s=\"", name);
    add_text(b, value);
    buf_addc(b, '"');
}

/* A day and how long, as ISO 8601 has it: 2020-01-01/P1Y. False: it has no start. */
static bool period_of(const struct json *figure, char *out, size_t size)
{
    utc_ms from = 0, until = 0, unused = 0;
    int64_t years[2] = {0};
    unsigned months[2] = {0}, days[2] = {0};

    if (!fhir_date_range(report_part(figure, "from"), &from, &unused) ||
        !fhir_date_range(report_part(figure, "until"), &unused, &until))
        return false;
    time_date(from / DAY_MS, &years[0], &months[0], &days[0]);
    time_date(until / DAY_MS, &years[1], &months[1], &days[1]);
    if (days[0] == 1 && days[1] == 1) {
        int64_t length = (years[1] - years[0]) * 12 + (int64_t)months[1] - months[0];
        bool whole = length % 12 == 0;

        snprintf(out, size, "%04lld-%02u-01/P%lld%c", (long long)years[0], months[0],
            (long long)(whole ? length / 12 : length), whole ? 'Y' : 'M');
        return true;
    }
    snprintf(out, size, "%04lld-%02u-%02u/P%lldD", (long long)years[0], months[0],
        days[0], (long long)((until - from) / DAY_MS));
    return true;
}

/* A stratum is a dimension: hospital="Organization/x". That it is an estimate is an annotation, as who reads numbers skips it. */
static void add_value(struct buf *b, const struct json *figure)
{
    struct str value = report_part(figure, "stratum");
    struct str name = str_cut(&value, '|');

    buf_adds(b, "    <dataValue");
    add_attribute(b, "dataElement", report_part(figure, "asked"));
    if (value.p) {
        char dimension[64];

        snprintf(dimension, sizeof(dimension), "%.*s", (int)name.len, name.p);
        add_attribute(b, dimension, value);
    }
    add_attribute(b, "value", report_part(figure, "value"));
    if (report_part(figure, "kind").p) {
        buf_adds(b, "><annotation>");
        add_text(b, report_part(figure, "kind"));
        buf_adds(b, "</annotation></dataValue>\n");
    } else {
        buf_adds(b, "/>\n");
    }
}

/* Growth is no value of an element, nor is what is told in steps or in part. */
static bool is_value(const struct json *figure)
{
    return report_part(figure, "value").p && !report_part(figure, "at-most").p &&
           !report_part(figure, "base-until").p &&
           !str_is(report_part(figure, "why"), "partly-told");
}

/* Was the same said of the same by a section before ${at}? Two published figures ask one question. */
static bool was_said(const struct json *sections, size_t at, const struct json *figure)
{
    static const char *const names[] = {"asked", "stratum", "from", "until"};

    for (size_t i = 0; i < at; i++) {
        const struct json *other =
            report_extension(json_at(sections, i), REPORT_FIGURE_URL);
        bool same = is_value(other);

        for (size_t k = 0; k < sizeof(names) / sizeof(names[0]); k++)
            same = same &&
                   str_eq(report_part(other, names[k]), report_part(figure, names[k]));
        if (same)
            return true;
    }
    return false;
}

/* The figures of ${period}; ${*first}: the first of them, by which the period is told once. */
static void write_group(
    struct filing *f, const struct json *sections, size_t first, const char *period)
{
    struct buf *b = &f->call->answer;
    struct json_each it = json_each(sections);

    buf_adds(b, "  <group");
    add_attribute(b, "orgUnit", f->org_unit);
    add_attribute(b, "period", str_of(period));
    add_attribute(b, "dataSet", f->data_set);
    buf_adds(b, ">\n");
    while (json_next(&it)) {
        const struct json *figure = report_extension(it.value, REPORT_FIGURE_URL);
        char own[64];

        if (it.index >= first && is_value(figure) &&
            period_of(figure, own, sizeof(own)) && strcmp(own, period) == 0 &&
            !was_said(sections, it.index, figure))
            add_value(b, figure);
    }
    buf_adds(b, "  </group>\n");
}

/* Is ${at} the first section of its period? */
static bool is_first(const struct json *sections, size_t at, const char *period)
{
    for (size_t i = 0; i < at; i++) {
        const struct json *figure =
            report_extension(json_at(sections, i), REPORT_FIGURE_URL);
        char other[64];

        if (is_value(figure) && period_of(figure, other, sizeof(other)) &&
            strcmp(other, period) == 0)
            return false;
    }
    return true;
}

static int write_adx(struct filing *f, struct err *err)
{
    const struct json *composition = report_composition(f->document);
    const struct json *sections = json_get(composition, "section");
    struct json_each it = json_each(sections);
    struct buf *b = &f->call->answer;
    size_t groups = 0;

    buf_adds(b, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                "<adx xmlns=\"urn:ihe:qrph:adx:2015\"");
    add_attribute(b, "exported", json_get_text(composition, "date"));
    buf_adds(b, ">\n");
    while (json_next(&it)) {
        const struct json *figure = report_extension(it.value, REPORT_FIGURE_URL);
        char period[64];

        if (is_value(figure) && period_of(figure, period, sizeof(period)) &&
            is_first(sections, it.index, period)) {
            write_group(f, sections, it.index, period);
            groups++;
        }
    }
    buf_adds(b, "</adx>\n");
    if (groups == 0)
        return err_set(err, E_CONFLICT, "format",
            "No figure of this report was told exactly and has a start, so there is "
            "nothing to send as ADX.");
    f->call->media_type = STR("application/adx+xml");
    return 0;
}

/* ---- the call ---- */

/* Can ${text} stand in an attribute as it is? Blanks are made one there, and XML has no control characters. */
static bool is_code(struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        if ((unsigned char)text.p[i] < ' ')
            return false;
    }
    return text.len > 0 && text.p[0] != ' ' && text.p[text.len - 1] != ' ';
}

static int take(struct filing *f, const struct rest *rest, struct err *err)
{
    static const char *const formats[] = {"document", "csv", "xlsx", "adx"};

    f->format = STR("document");
    f->data_set = STR("belay");
    for (size_t i = 0; i < rest->pair_count; i++) {
        const struct search_pair *pair = &rest->pairs[i];

        if (str_is(pair->name, "format"))
            f->format = pair->value;
        else if (str_is(pair->name, "orgUnit"))
            f->org_unit = pair->value;
        else if (str_is(pair->name, "dataSet"))
            f->data_set = pair->value;
        else
            return err_set(err, E_INVALID, pair->name.p,
                "$file takes format (document, csv, xlsx or adx), orgUnit and "
                "dataSet.");
    }
    if (str_is(f->format, "adx") && f->org_unit.len == 0)
        return err_set(err, E_INVALID, "orgUnit",
            "Say as what the other system knows whom the figures are of: orgUnit.");
    if (str_is(f->format, "adx") && (!is_code(f->org_unit) || !is_code(f->data_set)))
        return err_set(err, E_INVALID, "orgUnit",
            "orgUnit and dataSet are codes of the other system, without blanks around "
            "them.");
    for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
        if (str_is(f->format, formats[i]))
            return 0;
    }
    return err_set(
        err, E_INVALID, "format", "The format is document, csv, xlsx or adx.");
}

static int find(struct filing *f, const struct rest *rest,
    struct store_reader *snapshot, struct str *ret_text, struct err *err)
{
    struct seek seek = {f->call->app, snapshot, f->call->arena};
    struct store_record stored = {0};
    const struct json *record = NULL;
    bool allowed = false;
    int r = seek_record(&seek, "Report", rest->id, &stored, &record, err);

    if (r == 0 && record)
        r = access_allows_live(f->call->access_, stored.rid, &allowed, err);
    if (r == 0 && !allowed)
        return err_set(err, E_NOT_FOUND, NULL, "There is no such Report.");
    if (r == 0)
        r = call_saw(f->call, &stored, err);
    *ret_text = json_get_text(record, "document");
    return r == 0 ? json_read_trusted(f->call->arena, *ret_text, &f->document, err) : r;
}

static int run(struct app_call *call, const struct rest *rest, struct err *err)
{
    struct filing f = {.call = call};
    struct store_reader *snapshot = NULL;
    struct str text = {NULL, 0};
    int r = take(&f, rest, err);

    if (r == 0)
        r = call_read_begin(call, &snapshot, err);
    if (r < 0)
        return r;
    r = find(&f, rest, snapshot, &text, err);
    if (r == 0 && str_is(f.format, "csv"))
        write_csv(&f);
    else if (r == 0 && str_is(f.format, "adx"))
        r = write_adx(&f, err);
    else if (r == 0 && str_is(f.format, "xlsx"))
        r = write_xlsx(&f, err);
    else if (r == 0)
        buf_add(&call->answer, text.p, text.len);
    call_read_end(call, snapshot);
    return r;
}

int report_file(struct app_call *call, const struct rest *rest, struct err *err)
{
    return call_pool(call, rest, run, err);
}
