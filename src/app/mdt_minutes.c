/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What was decided in a meeting. The minutes are a Communication of the case, part of the
 * Appointment, so that they stand in its talk for whoever reads FHIR: text and decisions are
 * its payload. Each decision is there again as an extension, with a word for each person who
 * agreed or did not.
 */
#include "app/beside_internal.h"
#include "fhir/put.h"
#include "fhir/value.h"

/* ---- the minutes ---- */

static void put_decision(struct json_out *o, long long number, struct str text)
{
    beside_open_extension(o, MDT_DECISION_URL);
    json_name(o, "extension");
    json_open(o, '[');
    beside_open_extension(o, "number");
    json_name(o, "valuePositiveInt");
    json_put_int(o, number);
    json_close(o, '}');
    beside_put_extension_text(o, "text", "valueString", text);
    json_close(o, ']');
    json_close(o, '}');
}

static void put_decisions(struct json_out *o, const struct beside *b)
{
    struct beside_values it = beside_values(b->given, "decision");
    long long number = 0;

    if (!beside_value(b->given, "decision"))
        return;
    json_name(o, "extension");
    json_open(o, '[');
    while (beside_next(&it))
        put_decision(o, ++number, text_trim(json_text(it.value)));
    json_close(o, ']');
}

static void put_payload(struct json_out *o, const struct beside *b)
{
    struct beside_values it = beside_values(b->given, "decision");

    json_name(o, "payload");
    json_open(o, '[');
    json_open(o, '{');
    json_member(o, "contentString", beside_text(b->given, "text"));
    json_close(o, '}');
    while (beside_next(&it)) {
        json_open(o, '{');
        json_member(o, "contentString", text_trim(json_text(it.value)));
        json_close(o, '}');
    }
    json_close(o, ']');
}

static void put_category(struct json_out *o)
{
    static const char *const codes[][2] = {
        {CASE_MESSAGE_SYSTEM, "minutes"}, {BESIDE_SYSTEM, "minutes"}};

    json_name(o, "category");
    json_open(o, '[');
    for (size_t i = 0; i < 2; i++) {
        json_open(o, '{');
        json_name(o, "coding");
        json_open(o, '[');
        json_open(o, '{');
        json_member(o, "system", str_of(codes[i][0]));
        json_member(o, "code", str_of(codes[i][1]));
        json_close(o, '}');
        json_close(o, ']');
        json_close(o, '}');
    }
    json_close(o, ']');
}

/* Was ${person} there, as the minutes say? Who wrote them was. */
static bool is_present(const struct beside *b, struct str person)
{
    struct beside_values it = beside_values(b->given, "present");

    if (str_eq(person, b->d.call->caller.practitioner))
        return true;
    while (beside_next(&it)) {
        if (str_eq(person, json_get_text(it.value, "reference")))
            return true;
    }
    return false;
}

static void put_recipients(struct json_out *o, const struct beside *b)
{
    struct beside_values it = beside_values(b->given, "present");

    if (!beside_value(b->given, "present"))
        return;
    json_name(o, "recipient");
    json_open(o, '[');
    while (beside_next(&it))
        json_put_value(o, it.value);
    json_close(o, ']');
}

void mdt_minutes_put(
    struct buf *out, struct beside *b, const struct beside_record *meeting)
{
    struct json_out o = json_out(out);

    beside_put_head(&o, "Communication", beside_text(b->given, "id"));
    put_decisions(&o, b);
    json_name(&o, "basedOn");
    json_open(&o, '[');
    beside_put_case(&o, b);
    json_close(&o, ']');
    json_name(&o, "partOf");
    json_open(&o, '[');
    json_open(&o, '{');
    json_member(&o, "reference", beside_reference(b, "Appointment", meeting->id));
    json_close(&o, '}');
    json_close(&o, ']');
    json_member(&o, "status", STR("completed"));
    put_category(&o);
    beside_put_subject(&o, b);
    fhir_put_time(&o, "sent", b->d.now);
    put_recipients(&o, b);
    beside_put_me(&o, "sender", b);
    put_payload(&o, b);
    json_close(&o, '}');
}

/* ---- who was there ---- */

static void put_there(
    struct json_out *o, const struct json *participant, const struct json *actor)
{
    static const char *const but[] = {"extension", NULL};
    struct json_each it = json_each(json_get(participant, "extension"));

    json_open(o, '{');
    json_name(o, "extension");
    json_open(o, '[');
    while (json_next(&it))
        json_put_value(o, it.value);
    beside_open_extension(o, MDT_PRESENT_URL);
    json_name(o, "valueBoolean");
    json_put_bool(o, true);
    json_close(o, '}');
    json_close(o, ']');
    if (participant) {
        fhir_put_but(o, participant, but);
    } else {
        json_name(o, "actor");
        json_put_value(o, actor);
        json_member(o, "required", STR("optional"));
        json_member(o, "status", STR("accepted"));
    }
    json_close(o, '}');
}

/* Those who came and were no participants yet. */
static void put_newcomers(
    struct json_out *o, const struct beside *b, const struct json *meeting)
{
    struct beside_values it = beside_values(b->given, "present");

    while (beside_next(&it)) {
        if (!mdt_participant(meeting, json_get_text(it.value, "reference")))
            put_there(o, NULL, it.value);
    }
}

/* The meeting names its minutes, so that they are found without a search. */
static void put_extensions(
    struct json_out *o, struct beside *b, const struct json *meeting)
{
    struct json_each it = json_each(json_get(meeting, "extension"));

    json_name(o, "extension");
    json_open(o, '[');
    while (json_next(&it))
        json_put_value(o, it.value);
    beside_open_extension(o, MDT_MINUTES_URL);
    fhir_put_reference_shown(o, "valueReference",
        beside_reference(b, "Communication", beside_text(b->given, "id")),
        (struct str){NULL, 0});
    json_close(o, '}');
    json_close(o, ']');
}

void mdt_held_put(struct buf *out, struct beside *b, const struct json *meeting)
{
    static const char *const but[] = {"extension", "status", "participant", NULL};
    struct json_each it = json_each(json_get(meeting, "participant"));
    struct json_out o = json_out(out);

    json_open(&o, '{');
    fhir_put_but(&o, meeting, but);
    put_extensions(&o, b, meeting);
    json_name(&o, "participant");
    json_open(&o, '[');
    while (json_next(&it)) {
        struct str who = json_get_text(json_get(it.value, "actor"), "reference");

        if (is_present(b, who))
            put_there(&o, it.value, NULL);
        else
            json_put_value(&o, it.value);
    }
    put_newcomers(&o, b, meeting);
    json_close(&o, ']');
    json_member(&o, "status", STR("fulfilled"));
    json_close(&o, '}');
}

static int check_present(const struct beside *b, struct err *err)
{
    struct beside_values it = beside_values(b->given, "present");

    while (beside_next(&it)) {
        struct str who = json_get_text(it.value, "reference");
        struct beside_values before = beside_values(b->given, "present");
        store_rid rid = 0;
        int r = store_find(b->d.snapshot, case_type("Practitioner")->number,
            beside_id_of(b, who, "Practitioner"), &rid, NULL);

        if (r == E_NOT_FOUND)
            return err_set(err, E_INVALID, "present",
                "%.*s is nobody who is known here.",
                (int)(who.len > 100 ? 100 : who.len), who.p);
        while (beside_next(&before) && before.value != it.value) {
            if (str_eq(json_get_text(before.value, "reference"), who))
                return err_set(err, E_INVALID, "present", "%.*s is named twice.",
                    (int)(who.len > 100 ? 100 : who.len), who.p);
        }
    }
    return 0;
}

static int check_held(
    const struct beside *b, const struct json *meeting, struct err *err)
{
    struct str status = json_get_text(meeting, "status");
    utc_ms start = 0;
    utc_ms ignored = 0;

    (void)fhir_date_range(json_get_text(meeting, "start"), &start, &ignored);
    if (!mdt_is_caller(b, meeting))
        return err_set(err, E_FORBIDDEN, NULL,
            "The minutes of a meeting are written by who called it.");
    if (str_is(status, "cancelled"))
        return err_set(err, E_CONFLICT, NULL,
            "This meeting was called off: there is nothing to write down.");
    if (str_is(status, "fulfilled"))
        return err_set(err, E_CONFLICT, NULL,
            "This meeting has its minutes already. Nothing was changed.");
    if (start > b->d.now)
        return err_set(err, E_CONFLICT, NULL,
            "This meeting has not begun: its minutes are written when it has.");
    return check_present(b, err);
}

int mdt_minutes(struct beside *b, struct err *err)
{
    struct str id = beside_text(b->given, "id");
    struct beside_record meeting;
    struct buf out;
    int r = mdt_load(b, &meeting, err);

    if (r == 0)
        r = beside_is_there(b, "Communication", id, err);
    if (r < 0 || b->repeated)
        return r;
    r = check_held(b, meeting.json, err);
    if (r < 0)
        return r;
    buf_init(&out, LIMIT_RECORD_BYTES);
    mdt_minutes_put(&out, b, &meeting);
    r = beside_plan(b, "Communication", id, NULL, &out, err);
    buf_clear(&out);
    if (r == 0) {
        mdt_held_put(&out, b, meeting.json);
        r = beside_plan(b, "Appointment", meeting.id, &meeting, &out, err);
    }
    buf_done(&out);
    return r;
}

/* ---- who agrees ---- */

static const struct json *part_of(const struct json *extension, const char *url)
{
    struct json_each it = json_each(json_get(extension, "extension"));

    while (json_next(&it)) {
        if (str_is(json_get_text(it.value, "url"), url))
            return it.value;
    }
    return NULL;
}

static bool is_decision(const struct json *extension, int64_t number)
{
    struct buf b;
    int64_t found = 0;
    bool same = false;

    if (!str_is(json_get_text(extension, "url"), MDT_DECISION_URL))
        return false;
    buf_init(&b, 64);
    json_write(&b, json_get(part_of(extension, "number"), "valuePositiveInt"));
    same = text_int((struct str){b.data, b.len}, 0, LIMIT_MDT_DECISIONS, &found) &&
           found == number;
    buf_done(&b);
    return same;
}

static const struct json *find_decision(const struct json *minutes, int64_t number)
{
    struct json_each it = json_each(json_get(minutes, "extension"));

    while (json_next(&it)) {
        if (is_decision(it.value, number))
            return it.value;
    }
    return NULL;
}

/* The word of ${person} on ${decision}; NULL: none yet. */
static const struct json *word_on(const struct json *decision, struct str person)
{
    struct json_each it = json_each(json_get(decision, "extension"));

    while (json_next(&it)) {
        const struct json *by = json_get(part_of(it.value, "by"), "valueReference");

        if (str_is(json_get_text(it.value, "url"), "word") &&
            str_eq(json_get_text(by, "reference"), person))
            return it.value;
    }
    return NULL;
}

static void put_word(struct json_out *o, const struct beside *b)
{
    beside_open_extension(o, "word");
    json_name(o, "extension");
    json_open(o, '[');
    beside_open_extension(o, "by");
    beside_put_me(o, "valueReference", b);
    json_close(o, '}');
    beside_open_extension(o, "agrees");
    json_name(o, "valueBoolean");
    json_put_bool(o, beside_true(b->given, "agrees"));
    json_close(o, '}');
    beside_open_extension(o, "at");
    fhir_put_time(o, "valueInstant", b->d.now);
    json_close(o, '}');
    beside_put_extension_text(o, "text", "valueString", beside_text(b->given, "text"));
    json_close(o, ']');
    json_close(o, '}');
}

/* The decision with the word of who calls, in place of an earlier one. */
static void put_judged(
    struct json_out *o, const struct beside *b, const struct json *decision)
{
    const struct json *old = word_on(decision, b->d.call->caller.practitioner);
    struct json_each it = json_each(json_get(decision, "extension"));

    beside_open_extension(o, MDT_DECISION_URL);
    json_name(o, "extension");
    json_open(o, '[');
    while (json_next(&it)) {
        if (it.value != old)
            json_put_value(o, it.value);
    }
    put_word(o, b);
    json_close(o, ']');
    json_close(o, '}');
}

static void put_agreed(struct buf *out, const struct beside *b,
    const struct json *minutes, const struct json *decision)
{
    static const char *const but[] = {"extension", NULL};
    struct json_each it = json_each(json_get(minutes, "extension"));
    struct json_out o = json_out(out);

    json_open(&o, '{');
    fhir_put_but(&o, minutes, but);
    json_name(&o, "extension");
    json_open(&o, '[');
    while (json_next(&it)) {
        if (it.value == decision)
            put_judged(&o, b, decision);
        else
            json_put_value(&o, it.value);
    }
    json_close(&o, ']');
    json_close(&o, '}');
}

/* The minutes of ${meeting}: who wrote them named it, and the meeting has one of them. */
static int load_minutes(struct beside *b, const struct beside_record *meeting,
    struct beside_record *ret, struct err *err)
{
    struct json_each it = json_each(json_get(meeting->json, "extension"));

    while (json_next(&it)) {
        struct str text =
            json_get_text(json_get(it.value, "valueReference"), "reference");

        if (str_is(json_get_text(it.value, "url"), MDT_MINUTES_URL))
            return beside_load(
                b, "Communication", beside_id_of(b, text, "Communication"), ret, err);
    }
    return err_set(err, E_CONFLICT, NULL,
        "This meeting has no minutes yet: there is nothing to agree to.");
}

static bool said_the_same(const struct beside *b, const struct json *word)
{
    const struct json *agrees = json_get(part_of(word, "agrees"), "valueBoolean");

    return word &&
           (json_kind(agrees) == JSON_TRUE) == beside_true(b->given, "agrees") &&
           str_eq(json_get_text(part_of(word, "text"), "valueString"),
               beside_text(b->given, "text"));
}

static int check_takes_part(
    const struct beside *b, const struct json *meeting, struct err *err)
{
    const struct json *me = mdt_participant(meeting, b->d.call->caller.practitioner);

    if (me && (mdt_was_present(me) || !str_is(json_get_text(me, "status"), "declined")))
        return 0;
    return err_set(err, E_FORBIDDEN, NULL,
        "$mdt-agree is for those who take part in the meeting.");
}

int mdt_agree(struct beside *b, struct err *err)
{
    int64_t number = beside_number(b->given, "decision");
    const struct json *decision = NULL;
    struct beside_record meeting;
    struct beside_record minutes;
    struct buf out;
    int r = mdt_load(b, &meeting, err);

    if (r == 0)
        r = check_takes_part(b, meeting.json, err);
    if (r == 0)
        r = load_minutes(b, &meeting, &minutes, err);
    if (r == 0)
        decision = find_decision(minutes.json, number);
    if (r == 0 && !decision)
        r = err_set(err, E_INVALID, "decision",
            "These minutes have no decision with the number %lld.", (long long)number);
    if (r < 0)
        return r;
    if (said_the_same(b, word_on(decision, b->d.call->caller.practitioner))) {
        b->repeated = true;
        b->there = minutes.rec;
        return 0;
    }
    buf_init(&out, LIMIT_RECORD_BYTES);
    put_agreed(&out, b, minutes.json, decision);
    r = beside_plan(b, "Communication", minutes.id, &minutes, &out, err);
    buf_done(&out);
    return r;
}
