/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A pairing as parts of Parameters. A count that is hidden is the code "masked"; where
 * "exact" is false, a count n from 5 on means n to n + 4, and the running month is not told.
 */
#include "app/logbook_internal.h"
#include "app/pulse_internal.h"
#include "fhir/part.h"
#include "fhir/put.h"

/* ---- parts ---- */

static void put_instant(struct json_out *o, const char *name, int64_t at)
{
    char iso[TIME_ISO_MAX];

    if (at == INT64_MIN || at == SPAN_OPEN)
        return;
    time_iso(at, iso);
    fhir_part_put(o, name, "valueInstant", str_of(iso));
}

static void put_reference(
    struct pulse *p, struct json_out *o, const char *name, struct str reference)
{
    if (!reference.p)
        return;
    fhir_part_put_reference(
        o, name, reference, procedure_name(p->call, p->seek.snapshot, reference));
}

static void put_count(struct json_out *o, const char *name, struct pulse_shown shown)
{
    if (shown.least == 1 && shown.most > 1)
        fhir_part_put(o, name, "valueCode", STR("masked"));
    else
        fhir_part_put_int(o, name, shown.least);
}

/* Visits are in the directory, where everybody reads them. */
static struct pulse_shown show(
    const struct pulse_pairing *pairing, enum pulse_count what, uint32_t count)
{
    return pulse_show(count, pairing->tie.exact || what == PULSE_VISITS);
}

/* ---- goals ---- */

/* Of a year the twelve months that have ended; of a month the last of them. */
static struct span goal_span(
    const struct pulse_pairing *pairing, const struct pulse_goal *goal)
{
    const struct pulse_month *last = &pairing->months[PULSE_MONTHS - 2];

    return (struct span){goal->yearly ? pairing->months[0].when.from : last->when.from,
        last->when.until};
}

static void put_stand(struct json_out *o, const struct pulse_pairing *pairing,
    const struct pulse_goal *goal)
{
    static const char *const verdicts[] = {"met", "not-met", "not-told"};
    struct span when = goal_span(pairing, goal);
    struct pulse_shown shown = show(pairing, goal->what,
        pulse_count(
            pairing->events, pairing->event_count, when, goal->what, goal->procedure));
    /* what began later is not behind */
    bool judged = goal->when.from <= when.from && pairing->term.from <= when.from;

    put_count(o, "count", shown);
    fhir_part_put(o, "verdict", "valueCode",
        judged ? str_of(verdicts[pulse_judge(shown, goal->target)]) : STR("not-yet"));
}

static void put_goal(struct json_out *o, const struct pulse_pairing *pairing,
    const struct pulse_goal_row *row)
{
    fhir_parts_open(o, "goal");
    fhir_part_put(o, "kind", "valueCode", str_of(pulse_count_code(row->goal.what)));
    fhir_part_put_int(o, "target", row->goal.target);
    fhir_part_put(o, "per", "valueCode", row->goal.yearly ? STR("year") : STR("month"));
    fhir_part_put(o, "procedure", "valueCode", row->procedure);
    fhir_part_put(o, "title", "valueString", row->display);
    fhir_part_put(o, "from", "valueDate", row->from);
    fhir_part_put(o, "until", "valueDate", row->until);
    if (pairing->counted)
        put_stand(o, pairing, &row->goal);
    fhir_parts_close(o);
}

static void put_assisted(struct json_out *o, const struct json *extension)
{
    struct json_each it = json_each(json_get(extension, "extension"));

    fhir_parts_open(o, "assisted");
    while (json_next(&it)) {
        struct str url = json_get_text(it.value, "url");

        if (str_is(url, "what")) {
            const struct json *concept = json_get(it.value, "valueCodeableConcept");
            const struct json *coding = json_at(json_get(concept, "coding"), 0);

            fhir_part_put(o, "what", "valueCode", json_get_text(coding, "code"));
            fhir_part_put(o, "title", "valueString",
                coding ? json_get_text(coding, "display")
                       : json_get_text(concept, "text"));
        }
        if (str_is(url, "since"))
            fhir_part_put(
                o, "since", "valueDate", json_get_text(it.value, "valueDate"));
    }
    fhir_parts_close(o);
}

static void put_aims(struct json_out *o, const struct pulse_pairing *pairing)
{
    struct json_each it = json_each(json_get(pairing->record, "extension"));

    for (size_t i = 0; i < pairing->goal_count; i++)
        put_goal(o, pairing, &pairing->goals[i]);
    while (json_next(&it)) {
        if (str_is(json_get_text(it.value, "url"), PULSE_ASSISTED_URL))
            put_assisted(o, it.value);
    }
}

/* ---- months ---- */

static void put_answer(
    struct pulse *p, struct json_out *o, const struct json *said, enum pulse_side side)
{
    struct str score = json_text(json_get(said, "score"));

    fhir_parts_open(o, "answer");
    fhir_part_put(o, "side", "valueCode", str_of(pulse_side_code(side)));
    if (said) {
        fhir_part_open(o, "score");
        json_name(o, "valueInteger");
        json_put_raw(o, score);
        json_close(o, '}');
        fhir_part_put(o, "words", "valueString", json_get_text(said, "words"));
        put_reference(p, o, "by", json_get_text(json_get(said, "by"), "reference"));
        fhir_part_put(o, "on", "valueInstant", json_get_text(said, "on"));
    }
    fhir_parts_close(o);
}

static void put_month(
    struct pulse *p, struct json_out *o, const struct pulse_pairing *pairing, size_t at)
{
    static const enum pulse_count counts[] = {
        PULSE_CONTACTS, PULSE_CASES, PULSE_OPERATIONS, PULSE_VISITS};
    const struct pulse_month *month = &pairing->months[at];
    bool running = at == PULSE_MONTHS - 1;

    if (span_is_empty(span_meet(month->when, pairing->term)))
        return;
    fhir_parts_open(o, "month");
    fhir_part_put(o, "month", "valueString", str_of(month->text));
    put_instant(o, "from", month->when.from);
    put_instant(o, "until", month->when.until);
    for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
        if (pairing->counted && (pairing->tie.exact || !running))
            put_count(o, pulse_count_code(counts[i]),
                show(pairing, counts[i],
                    pulse_count(pairing->events, pairing->event_count, month->when,
                        counts[i], PULSE_NOTHING)));
    }
    for (int side = 0; side < PULSE_SIDES && !running; side++)
        put_answer(p, o, pulse_said(pairing, month->text, (enum pulse_side)side),
            (enum pulse_side)side);
    fhir_parts_close(o);
}

/* ---- quiet ---- */

/* Since when is told to the day only to who sees what was done then. */
static void put_quiet(struct json_out *o, const struct pulse_pairing *pairing)
{
    char iso[TIME_ISO_MAX];

    fhir_parts_open(o, "quiet");
    fhir_part_put_flag(o, "is", pairing->quiet);
    fhir_part_put(o, "rule", "valueString", STR(PULSE_RULE));
    fhir_part_put_int(o, "days", pairing->quiet_days);
    if (pairing->quiet && pairing->quiet_since != INT64_MIN) {
        time_iso(pairing->quiet_since + pairing->utc_offset * 60000LL, iso);
        fhir_part_put(
            o, "since", "valueDate", (struct str){iso, pairing->tie.exact ? 10 : 7});
    }
    fhir_parts_close(o);
}

/* ---- all ---- */

static void put_tie(struct json_out *o, const struct pulse_pairing *pairing)
{
    const struct pulse_month *asked = pulse_asked(pairing);

    fhir_part_put_flag(o, "exact", pairing->tie.exact);
    fhir_part_put_flag(o, "may-set", pairing->tie.sets);
    if (!asked)
        return;
    fhir_part_put(o, "asked", "valueString", str_of(asked->text));
    for (int side = 0; side < PULSE_SIDES; side++) {
        if (pairing->tie.answers[side])
            fhir_part_put(o, "speaks", "valueCode",
                str_of(pulse_side_code((enum pulse_side)side)));
    }
}

void pulse_put(struct pulse *p, struct json_out *o, const struct pulse_pairing *pairing)
{
    fhir_parts_open(o, "pairing");
    fhir_part_put(o, "id", "valueId", pairing->id);
    fhir_part_put(o, "code", "valueCode", pairing->code);
    put_reference(p, o, "helped", pairing->side[PULSE_HELPED]);
    put_reference(p, o, "helping", pairing->side[PULSE_HELPING]);
    put_reference(p, o, "helped-hospital", pairing->hospital[PULSE_HELPED]);
    put_reference(p, o, "helping-hospital", pairing->hospital[PULSE_HELPING]);
    put_instant(o, "from", pairing->term.from);
    put_instant(o, "until", pairing->term.until);
    fhir_part_put_int(o, "utc-offset", pairing->utc_offset);
    put_tie(o, pairing);
    put_aims(o, pairing);
    if (pairing->counted)
        put_quiet(o, pairing);
    for (size_t i = PULSE_MONTHS; i-- > 0;)
        put_month(p, o, pairing, i);
    fhir_parts_close(o);
}
