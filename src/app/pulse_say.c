/* SPDX-License-Identifier: Apache-2.0 */
/*
 * OrganizationAffiliation/ID/$answer: one side's word on the month that has ended.
 *
 *   month   "2026-10" (valueString): the month that is asked about, and no other
 *   score   1 to 5 (valueInteger): how the work together went
 *   words   a sentence (valueString), without anything of a patient; may be missing
 *   side    helped or helping (valueCode), for who speaks for both
 *
 * Said again, it takes the place of what that side said before, which stays in the history.
 *
 * OrganizationAffiliation/ID/$goals: the goals of a pairing and what it assists in, all of
 * them anew.
 *
 *   goal      kind, target, per, procedure, from, until
 *   assisted  what (a procedure's code) or text, since
 */
#include "app/catalogue.h"
#include "app/change.h"
#include "app/logbook_internal.h"
#include "app/pulse_internal.h"
#include "fhir/part.h"
#include "fhir/put.h"

#define PROCEDURE_NAMES CATALOGUE_PROCEDURE_SYSTEM

struct saying {
    struct pulse pulse;
    const struct rest *rest;
    const struct json *body;
    struct pulse_pairing pairing;
    enum pulse_side side;
    int64_t score;
    struct str words;
    size_t goals, assisted;
};

static size_t characters(struct str text)
{
    size_t count = 0;

    for (size_t i = 0; i < text.len; i++)
        count += ((unsigned char)text.p[i] & 0xC0) != 0x80;
    return count;
}

/* ---- an answer ---- */

static int check_side(struct saying *y, struct err *err)
{
    struct str side = json_get_text(body_parameter(y->body, "side"), "valueCode");
    const bool *may = y->pairing.tie.answers;

    y->side = may[PULSE_HELPED] ? PULSE_HELPED : PULSE_HELPING;
    for (int i = 0; side.p && i < PULSE_SIDES; i++) {
        if (str_is(side, pulse_side_code((enum pulse_side)i)))
            y->side = (enum pulse_side)i;
    }
    if (!may[y->side])
        return err_set(err, E_FORBIDDEN, NULL,
            "Heads of departments, directors and leaders of teams speak for their own "
            "side of a pairing.");
    return 0;
}

static int check_answer(struct saying *y, struct err *err)
{
    const struct pulse_month *asked = pulse_asked(&y->pairing);
    struct str month = json_get_text(body_parameter(y->body, "month"), "valueString");
    struct str score =
        json_text(json_get(body_parameter(y->body, "score"), "valueInteger"));

    y->words = json_get_text(body_parameter(y->body, "words"), "valueString");
    if (!asked)
        return err_set(err, E_INVALID, "month",
            "The pairing was not there last month, so nothing is asked of it yet.");
    if (!str_is(month, asked->text))
        return err_set(err, E_INVALID, "month",
            "The month that is asked about is %s, until the end of the month after it.",
            asked->text);
    if (!text_int(score, 1, 5, &y->score))
        return err_set(err, E_INVALID, "score",
            "How it went is a number from 1 to 5 (score, valueInteger).");
    if (characters(y->words) > LIMIT_PULSE_WORDS)
        return err_set(err, E_INVALID, "words",
            "A sentence is enough: %d characters at most.", LIMIT_PULSE_WORDS);
    return 0;
}

static void put_new_answer(struct json_out *o, const struct saying *y)
{
    json_open(o, '{');
    json_member(o, "month", str_of(pulse_asked(&y->pairing)->text));
    json_member(o, "side", str_of(pulse_side_code(y->side)));
    json_name(o, "score");
    json_put_int(o, (long long)y->score);
    if (y->words.len > 0)
        json_member(o, "words", y->words);
    fhir_put_reference(o, "by", y->pulse.call->caller.practitioner);
    fhir_put_time(o, "on", y->pulse.now);
    json_close(o, '}');
}

/* All that was said, but for what this takes the place of. */
static void put_answers(struct json_out *o, const struct saying *y)
{
    const struct json *old =
        pulse_said(&y->pairing, pulse_asked(&y->pairing)->text, y->side);
    const struct json *all = json_get(y->pairing.said, "answer");
    struct json_each it = json_each(all);
    size_t count = json_count(all);

    json_name(o, "answer");
    json_open(o, '[');
    while (json_next(&it)) {
        if (it.value != old && count-- < LIMIT_PULSE_ANSWERS)
            json_put_value(o, it.value);
    }
    put_new_answer(o, y);
    json_close(o, ']');
}

static int write_answer(struct saying *y, struct err *err)
{
    struct change change = {.call = y->pulse.call};
    const char *name = arena_printf(y->pulse.seek.a, "OrganizationAffiliation/%.*s",
        (int)y->pairing.id.len, y->pairing.id.p);
    struct json_out o;
    struct buf b;
    int r = 0;

    if (!name)
        return err_nomem(err);
    buf_init(&b, LIMIT_RECORD_BYTES);
    o = json_out(&b);
    json_open(&o, '{');
    json_member(&o, "resourceType", STR("PairingPulse"));
    json_member(&o, "id", y->pairing.id);
    fhir_put_reference(&o, "pairing", str_of(name));
    put_answers(&o, y);
    json_close(&o, '}');
    r = change_put(&change, fhir_resource_named(STR("PairingPulse")), y->pairing.id,
        y->pairing.said ? &y->pairing.said_record : NULL, &b, err);
    buf_done(&b);
    return r == 0 ? change_commit(&change, err) : r;
}

/* ---- goals ---- */

static int refuse_goal(struct err *err)
{
    return err_set(err, E_INVALID, "goal",
        "A goal says kind (contacts, cases, operations, visits or procedure), target "
        "(1 "
        "to %d), per (month or year), for a procedure which, and from and until as "
        "days.",
        LIMIT_PULSE_MOST_TARGET);
}

/* The catalogue's procedure ${code}; false: there is none. */
static bool procedure_of(struct str code, uint32_t *ret)
{
    return code.p && catalogue_find(STR(PROCEDURE_NAMES), code, ret) &&
           catalogue_is_procedure(*ret);
}

static bool is_day(struct str text)
{
    utc_ms lo = 0;
    utc_ms hi = 0;

    return !text.p || (text.len == 10 && fhir_date_range(text, &lo, &hi));
}

static int check_goal(const struct json *goal, struct err *err)
{
    struct str kind = json_get_text(body_part(goal, "kind"), "valueCode");
    struct str per = json_get_text(body_part(goal, "per"), "valueCode");
    struct str procedure = json_get_text(body_part(goal, "procedure"), "valueCode");
    struct str from = json_get_text(body_part(goal, "from"), "valueDate");
    struct str until = json_get_text(body_part(goal, "until"), "valueDate");
    enum pulse_count what = kind.p ? pulse_count_of(kind.p, kind.len) : PULSE_COUNTS;
    uint32_t thing = 0;
    int64_t target = 0;

    if (what == PULSE_COUNTS || (!str_is(per, "month") && !str_is(per, "year")) ||
        !text_int(json_text(json_get(body_part(goal, "target"), "valueInteger")), 1,
            LIMIT_PULSE_MOST_TARGET, &target) ||
        (what == PULSE_PROCEDURE && !procedure_of(procedure, &thing)) ||
        !is_day(from) || !is_day(until) ||
        (from.p && until.p && str_cmp(from, until) > 0))
        return refuse_goal(err);
    return 0;
}

static int check_assisted(const struct json *one, struct err *err)
{
    struct str what = json_get_text(body_part(one, "what"), "valueCode");
    struct str text = json_get_text(body_part(one, "text"), "valueString");
    uint32_t thing = 0;

    if ((what.p ? procedure_of(what, &thing) : text.len > 0) &&
        characters(text) <= LIMIT_PULSE_WORDS &&
        is_day(json_get_text(body_part(one, "since"), "valueDate")))
        return 0;
    return err_set(err, E_INVALID, "assisted",
        "What is assisted in is a procedure of the catalogue (what) or a few words "
        "(text), and since when is a day.");
}

static int check_goals(struct saying *y, struct err *err)
{
    struct json_each it = json_each(json_get(y->body, "parameter"));
    int r = 0;

    y->goals = y->assisted = 0;
    while (r == 0 && json_next(&it)) {
        struct str name = json_get_text(it.value, "name");

        if (str_is(name, "goal") && y->goals++ < LIMIT_PULSE_GOALS)
            r = check_goal(it.value, err);
        else if (str_is(name, "assisted") && y->assisted++ < LIMIT_PULSE_ASSISTED)
            r = check_assisted(it.value, err);
        else
            r = err_set(err, E_INVALID, "parameter",
                "$goals takes goal, %d at most, and assisted, %d at most, and nothing "
                "else.",
                LIMIT_PULSE_GOALS, LIMIT_PULSE_ASSISTED);
    }
    return r;
}

/* {"url":NAME,KIND:VALUE} where there is a value */
static void put_member(
    struct json_out *o, const char *name, const char *kind, struct str value)
{
    if (!value.p)
        return;
    json_open(o, '{');
    json_member(o, "url", str_of(name));
    json_member(o, kind, value);
    json_close(o, '}');
}

static void put_concept(
    struct json_out *o, const char *name, struct str code, struct str text)
{
    uint32_t thing = 0;

    if (!code.p && !text.p)
        return;
    json_open(o, '{');
    json_member(o, "url", str_of(name));
    json_name(o, "valueCodeableConcept");
    json_open(o, '{');
    if (procedure_of(code, &thing)) {
        json_name(o, "coding");
        json_open(o, '[');
        fhir_put_coding(o, PROCEDURE_NAMES, code, str_of(catalogue_thing(thing)->name));
        json_close(o, ']');
    } else {
        json_member(o, "text", text);
    }
    json_close(o, '}');
    json_close(o, '}');
}

static void put_goal(struct json_out *o, const struct json *goal)
{
    static const struct {
        const char *name, *kind;
    } members[] = {{"kind", "valueCode"}, {"per", "valueCode"}, {"from", "valueDate"},
        {"until", "valueDate"}};
    const struct str none = {NULL, 0};

    for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++)
        put_member(o, members[i].name, members[i].kind,
            json_get_text(body_part(goal, members[i].name), members[i].kind));
    json_open(o, '{');
    json_member(o, "url", STR("target"));
    json_name(o, "valueInteger");
    json_put_value(o, json_get(body_part(goal, "target"), "valueInteger"));
    json_close(o, '}');
    put_concept(
        o, "procedure", json_get_text(body_part(goal, "procedure"), "valueCode"), none);
}

static void put_aim(struct json_out *o, const struct json *parameter)
{
    bool goal = str_is(json_get_text(parameter, "name"), "goal");

    json_open(o, '{');
    json_member(o, "url", goal ? STR(PULSE_GOAL_URL) : STR(PULSE_ASSISTED_URL));
    json_name(o, "extension");
    json_open(o, '[');
    if (goal) {
        put_goal(o, parameter);
    } else {
        put_concept(o, "what", json_get_text(body_part(parameter, "what"), "valueCode"),
            json_get_text(body_part(parameter, "text"), "valueString"));
        put_member(o, "since", "valueDate",
            json_get_text(body_part(parameter, "since"), "valueDate"));
    }
    json_close(o, ']');
    json_close(o, '}');
}

static bool is_aim(const struct json *extension)
{
    struct str url = json_get_text(extension, "url");

    return str_is(url, PULSE_GOAL_URL) || str_is(url, PULSE_ASSISTED_URL);
}

static void put_extensions(struct json_out *o, const struct saying *y)
{
    struct json_each old = json_each(json_get(y->pairing.record, "extension"));
    struct json_each it = json_each(json_get(y->body, "parameter"));
    bool any = y->goals + y->assisted > 0;

    while (!any && json_next(&old))
        any = !is_aim(old.value);
    if (!any)
        return;
    json_name(o, "extension");
    json_open(o, '[');
    old = json_each(json_get(y->pairing.record, "extension"));
    while (json_next(&old)) {
        if (!is_aim(old.value))
            json_put_value(o, old.value);
    }
    while (json_next(&it))
        put_aim(o, it.value);
    json_close(o, ']');
}

static int write_goals(struct saying *y, struct err *err)
{
    static const char *const but[] = {"extension", NULL};
    struct change change = {.call = y->pulse.call};
    struct json_out o;
    struct buf b;
    int r = 0;

    buf_init(&b, LIMIT_RECORD_BYTES);
    o = json_out(&b);
    json_open(&o, '{');
    fhir_put_but(&o, y->pairing.record, but);
    put_extensions(&o, y);
    json_close(&o, '}');
    r = change_put(&change, fhir_resource_named(STR("OrganizationAffiliation")),
        y->pairing.id, &y->pairing.stored, &b, err);
    buf_done(&b);
    return r == 0 ? change_commit(&change, err) : r;
}

/* ---- the way ---- */

static int look(struct saying *y, bool answering, struct err *err)
{
    struct store_record stored = {0};
    const struct json *record = NULL;
    bool is = false;
    int r = seek_record(
        &y->pulse.seek, "OrganizationAffiliation", y->rest->id, &stored, &record, err);

    if (r == 0 && !record)
        return access_no_such(y->rest->type, y->rest->id, false, err);
    if (r == 0)
        r = pulse_read(&y->pulse, record, &stored, &y->pairing, &is, err);
    if (r == 0 && !is)
        return err_set(err, E_INVALID, NULL,
            "%.*s is no pairing of two organisations that holds.", (int)y->rest->id.len,
            y->rest->id.p);
    if (r == 0)
        r = pulse_tie(&y->pulse, &y->pairing, err);
    if (r < 0)
        return r;
    if (answering) {
        r = check_side(y, err);
        return r == 0 ? check_answer(y, err) : r;
    }
    if (!y->pairing.tie.sets)
        return err_set(err, E_FORBIDDEN, NULL,
            "Goals of a pairing are set by heads of either side, directors of either "
            "hospital and coordinators.");
    return check_goals(y, err);
}

static int try_once(struct saying *y, struct app_call *call, struct err *err)
{
    bool answering = str_is(str_of(y->rest->word), "$answer");
    int r = pulse_begin(&y->pulse, call, err);

    if (r == 0)
        r = look(y, answering, err);
    pulse_end(&y->pulse);
    if (r < 0)
        return r;
    return answering ? write_answer(y, err) : write_goals(y, err);
}

static void put_done(struct app_call *call)
{
    struct json_out o = json_out(&call->answer);

    fhir_parameters_open(&o);
    fhir_part_open(&o, "done");
    json_name(&o, "valueBoolean");
    json_put_bool(&o, true);
    json_close(&o, '}');
    fhir_parameters_close(&o);
}

static int run(struct app_call *call, const struct rest *rest, struct err *err)
{
    struct saying *y = arena_alloc(call->arena, sizeof(*y));
    int r = y ? 0 : err_nomem(err);

    if (r < 0)
        return r;
    *y = (struct saying){.rest = rest};
    r = body_parameters(call, rest->word, &y->body, err);
    if (r < 0)
        return r;
    r = E_CONFLICT;
    for (int i = 0; r == E_CONFLICT && i < LIMIT_RACE_TRIES; i++)
        r = try_once(y, call, err);
    if (r == 0)
        put_done(call);
    return r;
}

int rest_pulse_say(struct app_call *call, const struct rest *rest, struct err *err)
{
    if (call->inner_)
        return err_set(err, E_UNSUPPORTED, NULL,
            "%s is asked for by itself and not within a Bundle.", rest->word);
    if (!call->caller.practitioner.p || call->caller.client.p || !call->access_)
        return err_set(
            err, E_FORBIDDEN, NULL, "People speak for a pairing, and no program.");
    return call_pool(call, rest, run, err);
}
