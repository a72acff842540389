/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The records that make up a figure, the latest first: which one, what it counts, from when
 * until when. Only those that the caller may read; of the others it is said how many, but for one stratum of a
 * figure whose small numbers are kept.
 */
#include "app/indicator_internal.h"
#include "app/logbook_internal.h"
#include "app/procedure_internal.h"
#include "fhir/part.h"

#define PAGE 200 /* rows of one answer */

static int put_cell(struct indicator_run *run, struct json_out *o, const char *name,
    const struct indicator_cell *cell, struct err *err)
{
    struct str reference = {NULL, 0};
    int r = 0;

    if (cell->rid) {
        r = indicator_reference(run, cell->rid, &reference, err);
        if (r == 0)
            fhir_part_put_reference(o, name, reference,
                procedure_name(run->call, run->snapshot, reference));
    } else if (cell->text.p) {
        fhir_part_put(o, name, "valueString", cell->text);
    }
    return r;
}

static int put_record(
    struct indicator_run *run, struct json_out *o, store_rid record, struct err *err)
{
    struct str reference = {NULL, 0};
    int r = indicator_record(run, record, &reference, err);

    if (r == 0)
        fhir_part_put_reference(o, "record", reference,
            procedure_name(run->call, run->snapshot, reference));
    return r;
}

static void put_moment(struct json_out *o, const char *name, utc_ms at)
{
    if (at != UTC_MS_MIN && at != SPAN_OPEN)
        fhir_part_put_instant(o, name, at);
}

static int put_row(
    struct indicator_run *run, struct json_out *o, size_t at, struct err *err)
{
    const struct indicator_define *d = run->ask.define;
    const struct indicator_cell *said = &run->said[at * INDICATOR_SAID];
    struct store_record seen = {.operation = STORE_DELETE};
    int r = store_get_rid(
        run->snapshot, run->call->arena, run->records[at], false, &seen, err);

    if (r == 0)
        r = call_saw(run->call, &seen, err);
    if (r < 0)
        return r;
    fhir_parts_open(o, "row");
    r = put_record(run, o, run->records[at], err);
    for (size_t i = 0; r == 0 && !d->of_records && i < d->thing_count; i++)
        r = put_cell(run, o, "counted", &said[i], err);
    if (r == 0 && run->ask.axis != INDICATOR_NO_AXIS &&
        run->facts[at].stratum < run->stratum_count)
        r = put_cell(run, o, "stratum", &run->strata[run->facts[at].stratum], err);
    if (r == 0)
        r = put_cell(run, o, "amount", &said[INDICATOR_THINGS], err);
    if (d->scoring == INDICATOR_PROPORTION || run->facts[at].limited)
        fhir_part_put_flag(o, "met", run->facts[at].met);
    put_moment(o, "from", run->facts[at].from);
    put_moment(o, "until", run->facts[at].until);
    fhir_parts_close(o);
    return r;
}

/* Of which figures the ratio is whose rows these are, of one part of it. */
static void put_parts(const struct indicator_run *run, struct json_out *o)
{
    static const char *const names[INDICATOR_ROLES] = {
        [INDICATOR_NUMERATOR] = "numerator",
        [INDICATOR_TIMES] = "times",
        [INDICATOR_DENOMINATOR] = "denominator"};

    for (size_t i = 0; run->ratio_of && i < INDICATOR_ROLES; i++) {
        if (run->ratio_of->parts[i].url.p)
            fhir_part_put(o, names[i], "valueCanonical", run->ratio_of->parts[i].url);
    }
}

int indicator_write_rows(struct indicator_run *run, struct err *err)
{
    struct json_out out = json_out(&run->call->answer);
    struct json_out *o = &out;
    size_t shown = 0, others = 0;
    bool masked = false;
    int64_t told = 0;
    int r = 0;

    json_open(o, '{');
    json_name(o, "resourceType");
    json_put_str(o, "Parameters");
    json_name(o, "parameter");
    json_open(o, '[');
    put_parts(run, o);
    for (size_t i = run->count; r == 0 && i-- > 0;) {
        bool may = false;

        if (!run->answer.behind[i])
            continue;
        r = indicator_may_read(run, run->records[i], &may, err);
        others += r == 0 && !may;
        if (r < 0 || !may)
            continue;
        shown++;
        if (shown > run->ask.skip && shown <= run->ask.skip + PAGE)
            r = put_row(run, o, i, err);
    }
    told = indicator_told(run, (int64_t)others, &masked);
    fhir_part_put_int(o, "rows", (int64_t)shown);
    if (run->guarded && run->ask.filter != INDICATOR_NO_AXIS)
        fhir_part_put(o, "others", "valueCode", STR("not-permitted"));
    else if (masked)
        fhir_part_put(o, "others", "valueCode", STR("masked"));
    else
        fhir_part_put_int(o, "others", told);
    json_close(o, ']');
    json_close(o, '}');
    return r;
}
