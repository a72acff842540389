/* SPDX-License-Identifier: Apache-2.0 */
/* The record of a line of an older logbook, marked as such; and the answer of $import. */
#include "app/catalogue.h"
#include "app/logbook_internal.h"
#include "app/procedure_import_internal.h"
#include "fhir/part.h"

/* ---- the record ---- */

static void put_part(
    struct json_out *o, const char *url, const char *member, struct str value)
{
    if (!value.p)
        return;
    json_open(o, '{');
    json_member(o, "url", str_of(url));
    json_member(o, member, value);
    json_close(o, '}');
}

static void put_mark(
    struct json_out *o, const struct import *im, const struct import_row *row)
{
    json_open(o, '{');
    json_member(o, "url", STR(PROCEDURE_IMPORTED_URL));
    json_name(o, "extension");
    json_open(o, '[');
    json_open(o, '{');
    json_member(o, "url", STR("by"));
    fhir_put_reference(o, "valueReference", im->call->caller.practitioner);
    json_close(o, '}');
    json_open(o, '{');
    json_member(o, "url", STR("on"));
    fhir_put_time(o, "valueInstant", im->now);
    json_close(o, '}');
    put_part(o, "file", "valueString", im->file);
    json_open(o, '{');
    json_member(o, "url", STR("line"));
    json_name(o, "valueInteger");
    json_put_int(o, row->line);
    json_close(o, '}');
    put_part(o, "number", "valueString", row->number);
    put_part(o, "with", "valueString", row->with);
    put_part(o, "place", "valueString", row->place);
    put_part(o, "result", "valueCode", row->result);
    json_close(o, ']');
    json_close(o, '}');
}

static void put_performer(
    struct json_out *o, const struct import *im, const struct import_row *row)
{
    json_name(o, "performer");
    json_open(o, '[');
    json_open(o, '{');
    if (row->step.p) {
        json_name(o, "extension");
        json_open(o, '[');
        put_part(o, PROCEDURE_STEP_URL, "valueString", row->step);
        json_close(o, ']');
    }
    fhir_put_concept(o, "function", PROCEDURE_FUNCTION_SYSTEM, row->function);
    fhir_put_reference_shown(
        o, "actor", im->person, procedure_name(im->call, im->snapshot, im->person));
    json_close(o, '}');
    json_close(o, ']');
}

void import_row_put(
    struct buf *b, const struct import *im, const struct import_row *row)
{
    struct json_out o = json_out(b);

    json_open(&o, '{');
    json_member(&o, "resourceType", STR("Procedure"));
    json_member(&o, "id", row->id);
    json_name(&o, "extension");
    json_open(&o, '[');
    json_open(&o, '{');
    json_member(&o, "url", STR(PROCEDURE_DEPARTMENT_URL));
    fhir_put_reference(&o, "valueReference", im->department);
    json_close(&o, '}');
    put_mark(&o, im, row);
    json_close(&o, ']');
    json_member(&o, "status", STR("completed"));
    fhir_put_concept(&o, "code", CATALOGUE_PROCEDURE_SYSTEM, row->code);
    json_name(&o, "subject");
    json_open(&o, '{');
    json_member(&o, "display", STR("No patient is named"));
    json_close(&o, '}');
    json_member(&o, "performedDateTime", row->performed);
    fhir_put_reference(&o, "recorder", im->call->caller.practitioner);
    put_performer(&o, im, row);
    if (im->place.p)
        fhir_put_reference(&o, "location", im->place);
    if (row->note.p) {
        json_name(&o, "note");
        json_open(&o, '[');
        json_open(&o, '{');
        json_member(&o, "text", row->note);
        json_close(&o, '}');
        json_close(&o, ']');
    }
    json_close(&o, '}');
}

/* ---- the answer ---- */

static void put_row(struct json_out *o, const struct import_row *row)
{
    static const char *const states[] = {"new", "there", "recorded", "refused"};

    fhir_parts_open(o, "row");
    fhir_part_put_int(o, "line", row->line);
    fhir_part_put(o, "state", "valueCode", str_of(states[row->state]));
    if (row->state == IMPORT_REFUSED) {
        fhir_part_put(o, "column", "valueCode", str_of(row->column));
        fhir_part_put(o, "problem", "valueCode", str_of(row->problem));
        fhir_part_put(o, "text", "valueString", str_of(import_row_sentence(row)));
    } else if (row->state != IMPORT_RECORDED) {
        fhir_part_put(o, "id", "valueId", row->id);
    }
    fhir_parts_close(o);
}

void import_answer(const struct import *im)
{
    static const char *const names[] = {"new", "there", "recorded", "refused"};
    struct json_out o = json_out(&im->call->answer);
    long long counts[IMPORT_REFUSED + 1] = {0};

    for (size_t i = 0; i < im->count; i++)
        counts[im->rows[i].state]++;
    fhir_parameters_open(&o);
    fhir_part_open(&o, "dry-run");
    json_name(&o, "valueBoolean");
    json_put_bool(&o, im->dry);
    json_close(&o, '}');
    for (int i = 0; i <= IMPORT_REFUSED; i++)
        fhir_part_put_int(&o, names[i], counts[i]);
    for (size_t i = 0; i < im->count; i++)
        put_row(&o, &im->rows[i]);
    fhir_parameters_close(&o);
}
