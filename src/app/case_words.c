/* SPDX-License-Identifier: Apache-2.0 */
/* What a step says: a Communication of the kind that the table gives, or of an answer the
 * opinion, a ClinicalImpression. */
#include "app/case_internal.h"
#include "fhir/put.h"

static void put_about(struct json_out *o, const struct case_doing *d, const char *name)
{
    char text[LIMIT_ID_CHARS + 32];

    snprintf(
        text, sizeof(text), "ServiceRequest/%.*s", (int)d->rest->id.len, d->rest->id.p);
    json_name(o, name);
    json_open(o, '[');
    json_open(o, '{');
    json_member(o, "reference", str_of(text));
    json_close(o, '}');
    json_close(o, ']');
}

static void put_value(struct json_out *o, const char *name, const struct json *value)
{
    if (!value)
        return;
    json_name(o, name);
    json_put_value(o, value);
}

static void put_now(struct json_out *o, const char *name, const struct case_doing *d)
{
    char iso[TIME_ISO_MAX];

    time_iso(d->now, iso);
    json_member(o, name, str_of(iso));
}

/* ---- messages ---- */

/* One that has a name of its own, so that pages can say what it is. */
static void put_part(struct json_out *o, const struct case_parameter *p,
    const struct case_doing *d, const struct json *value)
{
    json_open(o, '{');
    json_name(o, "extension");
    json_open(o, '[');
    json_open(o, '{');
    json_member(o, "url", STR("https://belay.health/StructureDefinition/message-part"));
    json_member(o, "valueCode", str_of(p->name));
    json_close(o, '}');
    json_close(o, ']');
    if (p->value == CASE_VALUE_LOCATION)
        fhir_put_reference_shown(o, "contentReference",
            json_get_text(value, "reference"), json_get_text(d->bed.json, "name"));
    else
        json_member(o, "contentString", text_trim(json_text(value)));
    json_close(o, '}');
}

static void put_parts(struct json_out *o, const struct case_doing *d)
{
    for (size_t i = 0; i < CASE_PARAMETERS_MAX && d->step->parameters[i].name; i++) {
        if (d->step->parameters[i].part && d->given.values[i])
            put_part(o, &d->step->parameters[i], d, d->given.values[i]);
    }
}

static void put_payload(struct json_out *o, const struct case_doing *d)
{
    static const char *const texts[] = {"text", "reason", "alternative"};

    json_name(o, "payload");
    json_open(o, '[');
    put_parts(o, d);
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        struct str text = case_given_text(d->step, &d->given, texts[i]);

        if (text.len == 0)
            continue;
        json_open(o, '{');
        json_member(o, "contentString", text);
        json_close(o, '}');
    }
    for (size_t i = 0; i < d->given.attachment_count; i++) {
        json_open(o, '{');
        put_value(o, "contentAttachment", d->given.attachments[i]);
        json_close(o, '}');
    }
    json_close(o, ']');
}

static bool has_payload(const struct case_doing *d)
{
    for (size_t i = 0; i < CASE_PARAMETERS_MAX && d->step->parameters[i].name; i++) {
        if (d->step->parameters[i].part && d->given.values[i])
            return true;
    }
    return d->given.attachment_count > 0 ||
           case_given_text(d->step, &d->given, "text").len > 0 ||
           case_given_text(d->step, &d->given, "reason").len > 0;
}

static void put_message(struct buf *b, const struct case_doing *d)
{
    const struct json *to = case_given_value(d->step, &d->given, "to");
    struct json_out o = json_out(b);

    json_open(&o, '{');
    json_member(&o, "resourceType", STR("Communication"));
    json_member(&o, "id", d->words_id);
    put_about(&o, d, "basedOn");
    json_member(&o, "status", STR("completed"));
    json_name(&o, "category");
    json_open(&o, '[');
    json_open(&o, '{');
    json_name(&o, "coding");
    json_open(&o, '[');
    json_open(&o, '{');
    json_member(&o, "system", STR(CASE_MESSAGE_SYSTEM));
    json_member(&o, "code", str_of(d->step->kind));
    json_close(&o, '}');
    json_close(&o, ']');
    json_close(&o, '}');
    json_close(&o, ']');
    put_value(&o, "subject", json_get(d->request, "subject"));
    put_about(&o, d, "about");
    put_now(&o, "sent", d);
    if (to) {
        json_name(&o, "recipient");
        json_open(&o, '[');
        json_put_value(&o, to);
        json_close(&o, ']');
    }
    fhir_put_reference_shown(&o, "sender", d->call->caller.practitioner, d->display);
    if (has_payload(d))
        put_payload(&o, d);
    json_close(&o, '}');
}

/* ---- opinions ---- */

static void put_opinion_parts(struct json_out *o, const struct case_doing *d)
{
    json_name(o, "extension");
    json_open(o, '[');
    json_open(o, '{');
    json_member(
        o, "url", STR("https://belay.health/StructureDefinition/opinion-urgency"));
    json_member(o, "valueCode", case_given_text(d->step, &d->given, "urgency"));
    json_close(o, '}');
    json_open(o, '{');
    json_member(o, "url", STR("https://belay.health/StructureDefinition/opinion-here"));
    json_member(
        o, "valueCode", case_given_text(d->step, &d->given, "can-be-done-here"));
    json_close(o, '}');
    for (size_t i = 0; i < d->given.attachment_count; i++) {
        json_open(o, '{');
        json_member(o, "url",
            STR("https://belay.health/StructureDefinition/opinion-attachment"));
        put_value(o, "valueAttachment", d->given.attachments[i]);
        json_close(o, '}');
    }
    json_close(o, ']');
}

static void put_opinion(struct buf *b, const struct case_doing *d)
{
    struct json_out o = json_out(b);

    json_open(&o, '{');
    json_member(&o, "resourceType", STR("ClinicalImpression"));
    json_member(&o, "id", d->words_id);
    put_opinion_parts(&o, d);
    json_member(&o, "status", STR("completed"));
    put_value(&o, "subject", json_get(d->request, "subject"));
    put_now(&o, "date", d);
    fhir_put_reference_shown(&o, "assessor", d->call->caller.practitioner, d->display);
    json_member(&o, "summary", case_given_text(d->step, &d->given, "assessment"));
    put_about(&o, d, "supportingInfo");
    json_name(&o, "note");
    json_open(&o, '[');
    json_open(&o, '{');
    json_member(&o, "text", case_given_text(d->step, &d->given, "advice"));
    json_close(&o, '}');
    json_close(&o, ']');
    json_close(&o, '}');
}

const struct fhir_type *case_words_put(struct buf *b, const struct case_doing *d)
{
    if (d->step->does == CASE_DOES_ANSWER) {
        put_opinion(b, d);
        return case_type("ClinicalImpression");
    }
    if (!d->step->kind || !has_payload(d))
        return NULL;
    put_message(b, d);
    return case_type("Communication");
}
