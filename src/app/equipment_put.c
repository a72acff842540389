/* SPDX-License-Identifier: Apache-2.0 */
/* The records of equipment: a Task for each step and each fault, the times on its Device. */
#include "app/equipment_internal.h"
#include "fhir/put.h"

/* ---- reading ---- */

bool equipment_is_open(const struct json *task)
{
    struct str status = json_get_text(task, "status");

    return !str_is(status, "completed") && !str_is(status, "cancelled");
}

bool equipment_stops(const struct json *fault)
{
    return equipment_has_code(json_get(fault, "code"), EQUIPMENT_FAULT_SYSTEM, "stops");
}

bool equipment_serves(const struct json *device)
{
    struct equipment_span span = {0, 1};
    bool open = true; /* without times the status alone tells */

    for (size_t i = 0; equipment_span_at(device, i, &span); i++)
        open = span.until == 0;
    return open && str_is(json_get_text(device, "status"), "active");
}

int equipment_tasks(const struct seek *s, struct str device, const char *kind,
    struct seek_list *ret, struct err *err)
{
    const char *code = arena_printf(s->a, "%s|%s", EQUIPMENT_WORK_SYSTEM, kind);
    const struct search_pair pairs[] = {{STR("focus"), device},
        {STR("code"), str_of(code)}, {STR("_sort"), STR("-authored-on")},
        {STR("_total"), STR("none")}};

    if (!code)
        return err_nomem(err);
    return seek_all(
        s, &(struct seek_for){"Task", pairs, 4, LIMIT_EQUIPMENT_TASKS}, ret, err);
}

/* ---- a Task ---- */

void equipment_step_id(
    struct str device, enum equipment_step step, char out[EQUIPMENT_ID_CHARS + 1])
{
    uint8_t bytes[CRYPTO_DIGEST_BYTES];
    struct crypto_digest digest;
    const char *code = equipment_step_code(step);

    crypto_digest_init(&digest);
    crypto_digest_add(&digest, device.p, device.len);
    crypto_digest_add(&digest, "/", 1);
    crypto_digest_add(&digest, code, strlen(code));
    crypto_digest_final(&digest, bytes);
    hex_encode(bytes, sizeof(bytes), out);
}

static const struct json *extension_of(const struct json *record, const char *url)
{
    struct json_each it = json_each(json_get(record, "extension"));

    while (json_next(&it)) {
        if (str_is(json_get_text(it.value, "url"), url))
            return it.value;
    }
    return NULL;
}

void equipment_task_from(struct equipment_task *t, const struct json *before)
{
    const struct json *done = json_get(before, "executionPeriod");

    t->owner = json_get_text(json_get(before, "owner"), "reference");
    t->due = json_get_text(json_get(json_get(before, "restriction"), "period"), "end");
    t->expected =
        json_get_text(extension_of(before, EQUIPMENT_EXPECTED_URL), "valueDate");
    t->from = json_get_text(done, "start");
    t->done = json_get_text(done, "end");
    t->description = json_get_text(before, "description");
    t->notes = json_get(before, "note");
    t->outputs = json_get(before, "output");
    t->requester = json_get(before, "requester");
    t->authored = json_get(before, "authoredOn");
}

static void put_code(struct json_out *o, const struct equipment_task *t)
{
    json_name(o, "code");
    json_open(o, '{');
    json_name(o, "coding");
    json_open(o, '[');
    fhir_put_coding(o, EQUIPMENT_WORK_SYSTEM, str_of(t->kind), (struct str){NULL, 0});
    fhir_put_coding(o, t->what_system, str_of(t->what), (struct str){NULL, 0});
    json_close(o, ']');
    json_close(o, '}');
}

static void put_period(
    struct json_out *o, const char *name, struct str from, struct str until)
{
    if (!from.p && !until.p)
        return;
    json_name(o, name);
    json_open(o, '{');
    json_member(o, "start", from);
    json_member(o, "end", until);
    json_close(o, '}');
}

/* Did the caller say ${word} last? Then it is a second try. */
static bool is_said(
    const struct equipment *e, const struct json *notes, struct str word)
{
    size_t count = json_count(notes);
    const struct json *last = count ? json_at(notes, count - 1) : NULL;
    struct str text = json_get_text(last, "text");

    return text.p && str_eq(text, word) &&
           equipment_by_caller(e, json_get(last, "authorReference"));
}

void equipment_put_notes(struct json_out *o, const struct equipment *e,
    const struct json *before, struct str word)
{
    struct json_each it = json_each(before);

    if (!word.p && json_count(before) == 0)
        return;
    json_name(o, "note");
    json_open(o, '[');
    while (json_next(&it))
        json_put_value(o, it.value);
    if (word.p && !is_said(e, before, word)) {
        json_open(o, '{');
        fhir_put_reference(o, "authorReference", e->call->caller.practitioner);
        fhir_put_time(o, "time", e->now);
        json_member(o, "text", word);
        json_close(o, '}');
    }
    json_close(o, ']');
}

static bool is_named(const struct json *outputs, struct str person)
{
    struct json_each it = json_each(outputs);

    while (json_next(&it)) {
        if (str_eq(json_get_text(json_get(it.value, "valueReference"), "reference"),
                person))
            return true;
    }
    return false;
}

/* Who was trained: each once. */
static void put_people(struct json_out *o, const struct equipment_task *t)
{
    struct json_each it = json_each(t->outputs);

    if (t->people_count == 0 && json_count(t->outputs) == 0)
        return;
    json_name(o, "output");
    json_open(o, '[');
    while (json_next(&it))
        json_put_value(o, it.value);
    for (size_t i = 0; i < t->people_count; i++) {
        if (is_named(t->outputs, t->people[i]))
            continue;
        json_open(o, '{');
        fhir_put_concept(o, "type", EQUIPMENT_STEP_SYSTEM, STR("trained"));
        fhir_put_reference(o, "valueReference", t->people[i]);
        json_close(o, '}');
    }
    json_close(o, ']');
}

static void put_head(
    struct json_out *o, const struct equipment *e, const struct equipment_task *t)
{
    json_open(o, '{');
    json_member(o, "resourceType", STR("Task"));
    json_member(o, "id", t->id);
    if (t->expected.p) {
        json_name(o, "extension");
        json_open(o, '[');
        json_open(o, '{');
        json_member(o, "url", STR(EQUIPMENT_EXPECTED_URL));
        json_member(o, "valueDate", t->expected);
        json_close(o, '}');
        json_close(o, ']');
    }
    json_member(o, "status", t->done.p ? STR("completed") : STR("requested"));
    json_member(o, "intent", STR("order"));
    put_code(o, t);
    json_member(o, "description", t->description);
    fhir_put_reference(o, "focus", t->device);
    put_period(o, "executionPeriod", t->from, t->done);
    json_name(o, "authoredOn");
    if (t->authored) {
        json_put_value(o, t->authored);
    } else {
        char iso[TIME_ISO_MAX];

        time_iso(e->now, iso);
        json_put_str(o, iso);
    }
    fhir_put_time(o, "lastModified", e->now);
}

int equipment_put_task(struct equipment *e, const struct equipment_task *t,
    const struct store_record *before, struct err *err)
{
    struct json_out o;
    struct buf b;
    int r = 0;

    buf_init(&b, LIMIT_RECORD_BYTES);
    o = json_out(&b);
    put_head(&o, e, t);
    if (t->requester) {
        json_name(&o, "requester");
        json_put_value(&o, t->requester);
    } else {
        fhir_put_reference(&o, "requester", e->call->caller.practitioner);
    }
    if (t->owner.p)
        fhir_put_reference(&o, "owner", t->owner);
    equipment_put_notes(&o, e, t->notes, t->word);
    if (t->due.p) {
        json_name(&o, "restriction");
        json_open(&o, '{');
        put_period(&o, "period", (struct str){NULL, 0}, t->due);
        json_close(&o, '}');
    }
    put_people(&o, t);
    json_close(&o, '}');
    r = change_put(
        &e->change, fhir_resource_named(STR("Task")), t->id, before, &b, err);
    buf_done(&b);
    return r;
}

/* ---- times on a Device ---- */

static void put_span(struct json_out *o, struct str from, struct str until)
{
    json_open(o, '{');
    json_member(o, "url", STR(EQUIPMENT_SERVICE_URL));
    put_period(o, "valuePeriod", from, until);
    json_close(o, '}');
}

/* The extensions with one more time, or with the open one ended. A Device that was in
 * service without any times was so since nobody knows when. */
static void put_times(
    struct json_out *o, const struct json *device, struct str from, struct str until)
{
    struct json_each it = json_each(json_get(device, "extension"));
    bool ended = !until.p;

    json_name(o, "extension");
    json_open(o, '[');
    while (json_next(&it)) {
        const struct json *period = json_get(it.value, "valuePeriod");

        if (ended || !str_is(json_get_text(it.value, "url"), EQUIPMENT_SERVICE_URL) ||
            json_get(period, "end")) {
            json_put_value(o, it.value);
            continue;
        }
        put_span(o, json_get_text(period, "start"), until);
        ended = true;
    }
    if (!ended || from.p)
        put_span(o, from, until);
    json_close(o, ']');
}

int equipment_put_service(
    struct equipment *e, struct str from, struct str until, struct err *err)
{
    static const char *const but[] = {"meta", "status", "extension", NULL};
    struct json_out o;
    struct buf b;
    int r = 0;

    buf_init(&b, LIMIT_RECORD_BYTES);
    o = json_out(&b);
    json_open(&o, '{');
    fhir_put_but(&o, e->device, but);
    json_member(&o, "status", from.p ? STR("active") : STR("inactive"));
    put_times(&o, e->device, from, until);
    json_close(&o, '}');
    r = change_put(&e->change, fhir_resource_named(STR("Device")), e->device_record.id,
        &e->device_record, &b, err);
    buf_done(&b);
    return r;
}
