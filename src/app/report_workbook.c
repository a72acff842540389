/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A frozen report as a workbook of four sheets:
 *
 *   Figures       a row a figure: number, unit, interval, what was published, and the verdict
 *   Definitions   what each figure counts, as it was counted by
 *   Provenance    of which time, when and by whom; the position of the log, its hash there, key and signature
 *   Text          what whoever made it wrote for the reader (report_workbook_text.c)
 *
 * Numbers are numbers as they were signed. What is in it follows from the document alone, so the same report gives the same bytes.
 */
#include "base/sheets.h"

#include "app/report.h"
#include "fhir/value.h"

#define INDICATOR_URL "https://belay.health/StructureDefinition/indicator"

/* ---- figures ---- */

/* In the order of the sheet; a part without a name is the section's title. */
static const struct figure_column {
    const char *part;
    bool number;
    struct sheets_column column;
} figures[] = {
    {"indicator", false, {"Indicator", 24}},
    {NULL, false, {"What", 36}},
    {"value", true, {"Figure", 14}},
    {"at-most", true, {"At most", 10}},
    {"unit", false, {"Unit", 14}},
    {"kind", false, {"Kind of figure", 12}},
    {"met", true, {"Of a share: how many", 12}},
    {"of", true, {"Of how many", 12}},
    {"low", true, {"Interval (95 %) from, %", 12}},
    {"high", true, {"Interval (95 %) to, %", 12}},
    {"rule", false, {"Counted in the time, or at its end", 12}},
    {"from", false, {"From", 11}},
    {"until", false, {"Until", 11}},
    {"base-from", false, {"Against, from", 11}},
    {"base-until", false, {"Against, until", 11}},
    {"stratum", false, {"Only", 22}},
    {"wording", false, {"Was published", 40}},
    {"source", false, {"By whom", 24}},
    {"scope", false, {"Whose figure", 20}},
    {"published", true, {"Published number", 14}},
    {"published-unit", false, {"Published unit", 14}},
    {"verdict", false, {"Verdict", 11}},
    {"by", true, {"Differs by", 12}},
    {"why", false, {"Why no figure, or no verdict", 44}},
    {"years", false, {"Published without a time: years that fit", 14}},
};
#define FIGURES (sizeof(figures) / sizeof(figures[0]))

/* The number, or a word in its place: an empty cell could be nought, or forgotten. Why there is none stands in a column of its own. */
static void put_value(struct sheets *s, const struct json *figure)
{
    struct str value = report_part(figure, "value");

    if (value.p)
        sheets_number(s, value);
    else
        sheets_text(s, str_is(report_part(figure, "why"), "not-told") ? STR("not told")
                                                                      : STR("none"));
}

static void put_figures(struct sheets *s, const struct json *composition)
{
    struct json_each it = json_each(json_get(composition, "section"));
    struct sheets_column columns[FIGURES];

    for (size_t i = 0; i < FIGURES; i++)
        columns[i] = figures[i].column;
    sheets_begin(s, "Figures", columns, FIGURES);
    while (json_next(&it)) {
        const struct json *figure = report_extension(it.value, REPORT_FIGURE_URL);

        for (size_t i = 0; i < FIGURES; i++) {
            if (!figures[i].part)
                sheets_text(s, json_get_text(it.value, "title"));
            else if (strcmp(figures[i].part, "value") == 0)
                put_value(s, figure);
            else if (strcmp(figures[i].part, "why") == 0)
                sheets_text(s, str_of(figure_why_text(report_part(figure, "why"))));
            else if (figures[i].number)
                sheets_number(s, report_part(figure, figures[i].part));
            else
                sheets_text(s, report_part(figure, figures[i].part));
        }
        sheets_row(s);
    }
}

/* ---- definitions ---- */

/* The digest that the sections of ${composition} say of the definition ${id}; p NULL: none. */
static struct str digest_of(const struct json *composition, struct str id)
{
    struct json_each it = json_each(json_get(composition, "section"));

    while (json_next(&it)) {
        const struct json *figure = report_extension(it.value, REPORT_FIGURE_URL);

        if (str_eq(report_part(figure, "asked"), id))
            return report_part(it.value, REPORT_DEFINITION_URL);
    }
    return (struct str){NULL, 0};
}

static void put_definitions(
    struct sheets *s, const struct json *document, const struct json *composition)
{
    static const char *const texts[] = {
        "id", "title", "version", "description", "usage", "purpose"};
    static const struct sheets_column columns[] = {{"Indicator", 24}, {"Title", 30},
        {"Version", 9}, {"What is counted", 60}, {"What counts, what does not", 60},
        {"What it is for", 40}, {"Unit", 14}, {"Address", 44}, {"SHA-256", 66}};
    struct json_each it = json_each(json_get(document, "entry"));

    sheets_begin(s, "Definitions", columns, sizeof(columns) / sizeof(columns[0]));
    while (json_next(&it)) {
        const struct json *measure = json_get(it.value, "resource");

        if (!str_is(json_get_text(measure, "resourceType"), "Measure"))
            continue;
        for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
            sheets_text(s, json_get_text(measure, texts[i]));
        sheets_text(s, report_part(report_extension(measure, INDICATOR_URL), "unit"));
        sheets_text(s, json_get_text(measure, "url"));
        sheets_text(s, digest_of(composition, json_get_text(measure, "id")));
        sheets_row(s);
    }
}

/* ---- provenance ---- */

static void put_pair(struct sheets *s, const char *name, struct str value)
{
    if (!value.p)
        return;
    sheets_text(s, str_of(name));
    sheets_text(s, value);
    sheets_row(s);
}

static void put_provenance(
    struct sheets *s, const struct json *document, const struct json *composition)
{
    static const struct sheets_column columns[] = {
        {"What", 28}, {"As it was told", 100}};
    const struct json *log = report_extension(composition, REPORT_LOG_URL);
    const struct json *author = json_at(json_get(composition, "author"), 0);
    const struct json *period =
        json_get(json_at(json_get(composition, "event"), 0), "period");
    struct str by = json_get_text(author, "reference");
    bool frozen = report_part(log, "key").p != NULL;

    sheets_begin(s, "Provenance", columns, 2);
    put_pair(s, "Report", json_get_text(composition, "title"));
    put_pair(s, "Number", json_get_text(json_get(document, "identifier"), "value"));
    put_pair(s, frozen ? "Frozen at" : "Told at", json_get_text(composition, "date"));
    put_pair(s, frozen ? "Frozen by" : "Told to",
        by.p ? by : json_get_text(author, "display"));
    put_pair(s, "Time from", json_get_text(period, "start"));
    put_pair(s, "Time until", json_get_text(period, "end"));
    if (!period)
        put_pair(s, "Time", STR("Each published figure for its own"));
    put_pair(s, "Position of the log", report_part(log, "position"));
    put_pair(s, "Hash of its version there", report_part(log, "hash"));
    put_pair(s, "Public key (Ed25519)", report_part(log, "key"));
    put_pair(s, "Signature of the document",
        json_get_text(json_get(document, "signature"), "data"));
    if (!frozen)
        put_pair(s, "Signature of the document",
            STR("None: nobody has frozen this, it is what was told then."));
    else
        put_pair(s, "What is signed",
            STR("The FHIR document that this workbook was made of, not the workbook: "
                "save "
                "that too, and ask `belay report verify FILE`."));
}

int report_workbook(const struct json *document, struct buf *out, struct err *err)
{
    const struct json *composition = report_composition(document);
    struct sheets *s = NULL;
    utc_ms at = 0, unused = 0;
    int r = 0;

    if (!composition ||
        !fhir_date_range(json_get_text(composition, "date"), &at, &unused))
        return err_set(err, E_INVALID, NULL, "This is no frozen report.");
    r = sheets_new(at, json_get_text(composition, "title"), &s, err);
    if (r < 0)
        return r;
    put_figures(s, composition);
    put_definitions(s, document, composition);
    put_provenance(s, document, composition);
    r = report_workbook_text(s, composition, err);
    if (r < 0) {
        sheets_free(s);
        return r;
    }
    return sheets_take(s, out, err);
}
