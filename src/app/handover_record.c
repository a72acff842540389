/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The Handover of a post, written: lines of open things of which something was said. A line of
 * what is not open any more is left out; history keeps it.
 */
#include "app/handover_internal.h"
#include "fhir/put.h"

static void put_line(struct json_out *o, const struct handover_item *item)
{
    json_open(o, '{');
    json_member(o, "kind", str_of(handover_rules[item->kind].code));
    fhir_put_reference(o, "reference", item->reference);
    if (item->successor.p)
        fhir_put_reference(o, "successor", item->successor);
    if (item->named_by.p)
        fhir_put_reference(o, "namedBy", item->named_by);
    if (item->named_on)
        fhir_put_time(o, "namedOn", item->named_on);
    if (item->acknowledged_on)
        fhir_put_time(o, "acknowledgedOn", item->acknowledged_on);
    if (item->declined_on)
        fhir_put_time(o, "declinedOn", item->declined_on);
    if (item->fell_on)
        fhir_put_time(o, "fellOn", item->fell_on);
    json_close(o, '}');
}

static bool was_said(const struct handover_item *item)
{
    return item->successor.p || item->declined_on;
}

static void put_lines(struct json_out *o, const struct handover_pack *pack)
{
    bool any = false;

    for (size_t i = 0; i < pack->items.count; i++) {
        if (!was_said(&pack->items.list[i]))
            continue;
        if (!any) {
            json_name(o, "item");
            json_open(o, '[');
        }
        any = true;
        put_line(o, &pack->items.list[i]);
    }
    if (any)
        json_close(o, ']');
}

static void put_number(struct json_out *o, const char *name, long long value)
{
    json_name(o, name);
    json_put_int(o, value);
}

static void put_departure(
    struct json_out *o, const struct handover_pack *pack, utc_ms now)
{
    const struct json *before = json_get(pack->json, "departure");

    json_name(o, "departure");
    if (before) { /* how it stood at the end stays so */
        json_put_value(o, before);
        return;
    }
    json_open(o, '{');
    fhir_put_time(o, "time", now);
    put_number(o, "items", pack->total.all);
    put_number(o, "acknowledged", pack->total.acknowledged);
    put_number(o, "orphans", pack->total.orphans);
    if (pack->index >= 0)
        put_number(o, "index", pack->index);
    if (pack->overlap_days >= 0)
        put_number(o, "overlapDays", pack->overlap_days);
    json_close(o, '}');
}

void handover_put(
    struct buf *b, const struct handover_pack *pack, bool ended, utc_ms now)
{
    const struct handover_post *post = &pack->post;
    const char *reference = NULL;
    char text[LIMIT_ID_CHARS + 32];
    struct json_out o = json_out(b);

    snprintf(
        text, sizeof(text), "PractitionerRole/%.*s", (int)post->id.len, post->id.p);
    reference = text;
    ended = ended || json_get(pack->json, "departure");
    json_open(&o, '{');
    json_member(&o, "resourceType", STR("Handover"));
    json_member(&o, "id", post->id);
    json_member(&o, "status", ended ? STR("ended") : STR("open"));
    fhir_put_reference(&o, "posting", str_of(reference));
    fhir_put_reference(&o, "person", post->person);
    if (post->unit.p)
        fhir_put_reference(&o, "department", post->unit);
    if (post->end)
        fhir_put_time(&o, "end", post->end);
    put_lines(&o, pack);
    if (ended)
        put_departure(&o, pack, now);
    json_close(&o, '}');
}

int handover_write(struct app_call *call, const struct handover_pack *pack, bool ended,
    utc_ms now, struct err *err)
{
    struct change change = {.call = call};
    struct buf b;
    int r = 0;

    buf_init(&b, LIMIT_RECORD_BYTES);
    handover_put(&b, pack, ended, now);
    r = change_put(&change, fhir_resource_named(STR("Handover")), pack->post.id,
        pack->json ? &pack->record : NULL, &b, err);
    buf_done(&b);
    return r == 0 ? change_commit(&change, err) : r;
}
