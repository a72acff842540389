/* SPDX-License-Identifier: Apache-2.0 */
/* One line of an older logbook: what it says, and what is wrong with it. The first thing that
 * is wrong is told, by the name of its column, so that it can be put right in the file. */
#include "app/catalogue.h"
#include "app/procedure_import_internal.h"

#define DATE_CHARS 10
#define EARLIEST (-20LL * 365 * 24 * 3600 * 1000) /* about 1950: before it is a slip */
#define EARLIEST_ZONE (14LL * 3600 * 1000)

static void refuse(struct import_row *row, const char *column, const char *problem)
{
    if (row->state == IMPORT_REFUSED)
        return;
    row->state = IMPORT_REFUSED;
    row->column = column;
    row->problem = problem;
}

static struct str text_of(
    struct import_row *row, const struct json *parameter, const char *name, size_t most)
{
    struct str text =
        text_trim(json_get_text(body_part(parameter, name), "valueString"));

    if (text.len > most)
        refuse(row, name, "too-long");
    return text.len ? text : (struct str){NULL, 0};
}

static void read_day(
    const struct import *im, const struct json *parameter, struct import_row *row)
{
    utc_ms end = 0;

    row->performed = json_get_text(body_part(parameter, "performed"), "valueDate");
    if (!row->performed.p)
        refuse(row, "performed", "needed");
    else if (row->performed.len != DATE_CHARS ||
             !fhir_date_range(row->performed, &row->when, &end))
        refuse(row, "performed", "no-date");
    else if (row->when > im->now + EARLIEST_ZONE)
        refuse(row, "performed", "future");
    else if (row->when < EARLIEST)
        refuse(row, "performed", "too-early");
}

static void read_codes(const struct json *parameter, struct import_row *row)
{
    uint32_t thing = 0;

    row->code = json_get_text(body_part(parameter, "code"), "valueCode");
    row->function = json_get_text(body_part(parameter, "as"), "valueCode");
    row->as = procedure_function_of(row->function);
    row->result = json_get_text(body_part(parameter, "result"), "valueCode");
    if (!row->code.p)
        refuse(row, "code", "needed");
    else if (row->code.len > LIMIT_PROCEDURE_CODE ||
             !catalogue_find(STR(CATALOGUE_PROCEDURE_SYSTEM), row->code, &thing))
        refuse(row, "code", "unknown");
    if (!row->function.p)
        refuse(row, "as", "needed");
    else if (row->as == FUNCTION_NONE)
        refuse(row, "as", "unknown");
    if (row->result.p && procedure_result_of(row->result) == RESULTS)
        refuse(row, "result", "unknown");
}

/* Lines with a number of their own are the same by it; others by what they say. */
static void make_key(const struct import *im, struct import_row *row)
{
    const struct str parts[] = {im->person, row->code, row->performed, row->function,
        row->number, row->number.p ? (struct str){NULL, 0} : row->place};
    struct crypto_digest digest;

    crypto_digest_init(&digest);
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        if (parts[i].p)
            crypto_digest_add(&digest, parts[i].p, parts[i].len);
        crypto_digest_add(&digest, "", 1); /* the end of each */
    }
    crypto_digest_final(&digest, row->key);
}

void import_row_read(
    const struct import *im, const struct json *parameter, struct import_row *row)
{
    struct str line = json_text(json_get(body_part(parameter, "line"), "valueInteger"));

    *row = (struct import_row){.state = IMPORT_NEW, .as = FUNCTION_NONE};
    if (!line.p || !text_int(line, 1, INT32_MAX, &row->line))
        refuse(row, "line", "needed");
    read_day(im, parameter, row);
    read_codes(parameter, row);
    row->step = text_of(row, parameter, "step", LIMIT_STEP_BYTES);
    row->with = text_of(row, parameter, "with", LIMIT_IMPORT_TEXT);
    row->place = text_of(row, parameter, "place", LIMIT_IMPORT_TEXT);
    row->number = text_of(row, parameter, "number", LIMIT_IMPORT_TEXT);
    row->note = text_of(row, parameter, "note", LIMIT_WORD_BYTES);
    if (row->state != IMPORT_REFUSED)
        make_key(im, row);
}

const char *import_row_sentence(const struct import_row *row)
{
    static const struct {
        const char *problem;
        const char *sentence;
    } list[] = {
        {"needed", "Nothing stands here. Write it into the file, and import it again."},
        {"unknown", "This is no code that is known here. Choose one of the list."},
        {"no-date", "This is no day of the calendar. Write year, month and day."},
        {"future", "This day has not come yet. Put the date right."},
        {"too-early", "This day is before 1950. Put the date right."},
        {"too-long", "This is too long. Shorten it."},
        {"twice", "The same number, day, procedure and part stand in a line above. "
                  "Leave one of the two out, or put its number right."},
    };

    for (size_t i = 0; row->problem && i < sizeof(list) / sizeof(list[0]); i++) {
        if (strcmp(row->problem, list[i].problem) == 0)
            return list[i].sentence;
    }
    return "";
}
