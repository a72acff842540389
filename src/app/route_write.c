/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The answer as Parameters: what was asked, as it was understood, and one `option` for each
 * way of treating the patient, in their order.
 */
#include <math.h>

#include "app/catalogue_put.h"
#include "app/route_internal.h"
#include "fhir/part.h"

/* ---- single values ---- */

static void put_text(struct json_out *o, const char *name, struct str text)
{
    fhir_part_open(o, name);
    json_name(o, "valueString");
    json_put_text(o, text);
    json_close(o, '}');
}

static void put_name(
    struct json_out *o, const char *name, const struct network_name *value)
{
    if (!value->reference.p)
        return;
    fhir_part_put_reference(o, name, value->reference, value->display);
}

/* Nothing at all where it is not known. */
static void put_decimal(struct json_out *o, const char *name, double value)
{
    if (isnan(value))
        return;
    fhir_part_open(o, name);
    json_name(o, "valueDecimal");
    buf_addf(o->buf, "%.6g", value);
    o->comma = true;
    json_close(o, '}');
}

static void open_parts(struct json_out *o, const char *name)
{
    fhir_part_open(o, name);
    json_name(o, "part");
    json_open(o, '[');
}

static void close_parts(struct json_out *o)
{
    json_close(o, ']');
    json_close(o, '}');
}

/* ---- one option ---- */

static bool value_is_told(const struct routing_reason *reason)
{
    switch ((int)reason->code) {
    case ROUTING_TEACHING: /* how many cases is between apprentice and master */
    case ROUTING_NO_BED:
    case ROUTING_MAY_NOT_TRAVEL:
    case ROUTING_ROAD_CLOSED:
    case ROUTING_WAY_UNKNOWN:
    case ROUTING_EQUIPMENT_OFF:
    case ROUTING_BY:
    case ROUTING_ON_DUTY:
    case ROUTING_DUTY_UNKNOWN:
    case ROUTING_BEDS_UNKNOWN:
    case ROUTING_ALTITUDE_UNKNOWN:
    case ROUTING_ANSWER_UNKNOWN:
    case ROUTING_LANGUAGE:
    case ROUTING_INTERPRETER:
    case ROUTING_NO_LANGUAGE:
    case ROUTING_COMPANY:
    case ROUTING_SUSTAINED:
    case ROUTING_DEMONSTRATED:
    case ROUTING_NOT_DEMONSTRATED:
    case ROUTING_LISTED:
        return false;
    default:
        return reason->value >= 0;
    }
}

static void put_reason(struct json_out *o, const struct route *rt,
    const struct routing_reason *reason, struct buf *text)
{
    const struct network_actor *actor = route_actor(rt, reason->person);

    buf_clear(text);
    route_sentence(text, rt, reason);
    open_parts(o, "reason");
    fhir_part_put_code(o, "code", routing_reason_name(reason->code));
    fhir_part_put_flag(o, "against", reason->code < ROUTING_UNSAFE);
    if (value_is_told(reason))
        fhir_part_put_int(o, "value", reason->value);
    if (reason->limit > 0)
        fhir_part_put_int(o, "limit", reason->limit);
    if (actor)
        put_name(o, "person", &actor->name);
    put_text(o, "text", (struct str){text->data, text->len});
    close_parts(o);
}

static void put_time(struct json_out *o, const struct answer_time *time)
{
    if (time->count == 0)
        return;
    open_parts(o, "answer");
    fhir_part_put_int(o, "median", time->median);
    fhir_part_put_int(o, "ninety", time->ninety);
    fhir_part_put_int(o, "count", time->count);
    close_parts(o);
}

static void put_option(
    struct json_out *o, const struct route *rt, size_t at, struct buf *text)
{
    const struct network_option *option = &rt->answer.options[at];
    const struct routing_option *routed = &option->routed;
    const struct network_actor *actor = route_actor(rt, routed->person);
    double rise = option->altitude_m - rt->answer.altitude_m;

    open_parts(o, "option");
    fhir_part_put_code(o, "kind", routing_kind_name(routed->kind));
    put_name(o, "hospital", &option->hospital);
    put_name(o, "place", &option->place);
    put_name(o, "unit", &option->unit);
    put_name(o, "unit-hospital", &option->unit_hospital);
    if (actor)
        put_name(o, "person", &actor->name);
    fhir_part_put_flag(o, "safe", routed->safe);
    fhir_part_put_int(o, "minutes", routed->minutes);
    fhir_part_put_code(o, "decided-by", routing_decided_name(routed->decided_by));
    fhir_part_put_flag(o, "listed", option->listed);
    fhir_part_put_flag(o, "demonstrated", option->demonstrated);
    fhir_part_put_flag(o, "sustained", option->sustained);
    put_decimal(o, "latitude", option->latitude);
    put_decimal(o, "longitude", option->longitude);
    put_decimal(o, "altitude", option->altitude_m);
    if (!isnan(rise))
        fhir_part_put_int(o, "rise", lround(rise));
    put_time(o, &rt->times[at]);
    for (unsigned i = 0; i < routed->reason_count; i++)
        put_reason(o, rt, &routed->reasons[i], text);
    close_parts(o);
}

/* ---- all of it ---- */

static void put_question(struct json_out *o, const struct route *rt)
{
    static const char *const urgencies[] = {"routine", "urgent", "emergency"};
    const struct routing_question *asked = &rt->question.asked;
    char at[TIME_ISO_MAX];

    time_iso(asked->now, at);
    for (size_t i = 0; i < rt->question.thing_count; i++)
        catalogue_put_thing(o, "code", rt->things[i]);
    fhir_part_put_code(o, "urgency", urgencies[asked->urgency]);
    fhir_part_put_code(
        o, "season", asked->season == TRAVEL_SUMMER ? "summer" : "winter");
    fhir_part_open(o, "at");
    json_name(o, "valueInstant");
    json_put_str(o, at);
    json_close(o, '}');
    put_text(o, "rules", str_of(routing_rules_default.version));
    put_text(o, "catalogue", str_of(catalogue_version));
    open_parts(o, "from");
    put_name(o, "hospital", &rt->answer.from);
    put_name(o, "place", &rt->answer.from_place);
    put_decimal(o, "latitude", rt->answer.latitude);
    put_decimal(o, "longitude", rt->answer.longitude);
    put_decimal(o, "altitude", rt->answer.altitude_m);
    close_parts(o);
}

int route_write(struct route *rt, struct err *err)
{
    struct json_out o = json_out(&rt->call->answer);
    struct buf text;
    int r = 0;

    buf_init(&text, LIMIT_REASON_TEXT);
    fhir_parameters_open(&o);
    put_question(&o, rt);
    fhir_part_put_int(&o, "total", (long long)rt->answer.count);
    for (size_t i = 0; i < rt->answer.count && i < rt->most; i++)
        put_option(&o, rt, i, &text);
    fhir_parameters_close(&o);
    r = buf_error(&text, "A sentence", err);
    buf_done(&text);
    return r;
}
