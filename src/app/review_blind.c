/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A case as a reviewer sees it: what was asked, known, said and done, and how long it took; no
 * reference, id or name, no date and no picture. Times are minutes since it was sent, the
 * altitude is told to the next 500 m.
 */
#include <math.h>
#include <string.h>

#include "app/case.h"
#include "app/person.h"
#include "app/review_internal.h"
#include "app/vitals_internal.h"
#include "fhir/part.h"
#include "fhir/value.h"

#define MINUTE_MS ((utc_ms)60000)
#define ALTITUDE_STEP 500.0

struct blind {
    struct json_out *o;
    const struct seek *s;
    const struct review_case *c;
    const struct review_sides *sides;
    const struct review_strings *names;
};

/* ---- parameters ---- */

/* A text that somebody wrote. */
static void put_text(const struct blind *b, const char *name, struct str text)
{
    if (!text.p || text.len == 0)
        return;
    fhir_part_put(b->o, name, "valueString", review_hide(b->s->a, b->names, text));
}

static void put_code(const struct blind *b, const char *name, struct str code)
{
    fhir_part_put(b->o, name, "valueCode", code);
}

static void put_minutes(const struct blind *b, const char *name, struct str at)
{
    utc_ms low = 0;
    utc_ms high = 0;

    if (at.p && fhir_date_range(at, &low, &high) && b->c->read.clock.sent)
        fhir_part_put_int(b->o, name, (low - b->c->read.clock.sent) / MINUTE_MS);
}

/* ---- the question ---- */

static struct str coding_text(const struct json *concept)
{
    struct str text = json_get_text(concept, "text");
    const struct json *coding = json_at(json_get(concept, "coding"), 0);

    if (!text.p)
        text = json_get_text(coding, "display");
    return text.p ? text : json_get_text(coding, "code");
}

static struct str kind_of(const struct json *concepts, const char *system)
{
    struct json_each it = json_each(json_get(json_at(concepts, 0), "coding"));

    while (json_next(&it)) {
        if (str_is(json_get_text(it.value, "system"), system))
            return json_get_text(it.value, "code");
    }
    return (struct str){NULL, 0};
}

/* Years, and of small children months: a date of birth would be a name. */
static void put_age(const struct blind *b)
{
    utc_ms born = 0;
    utc_ms high = 0;
    int64_t months = 0;

    if (!fhir_date_range(json_get_text(b->c->patient, "birthDate"), &born, &high))
        return;
    months = (b->c->read.clock.sent - born) / ((utc_ms)2629746 * 1000);
    if (months >= 0 && months < 24)
        fhir_part_put_int(b->o, "age-months", months);
    else if (months >= 0)
        fhir_part_put_int(b->o, "age-years", months / 12);
}

static void put_question(const struct blind *b)
{
    struct json_each reasons = json_each(json_get(b->c->request, "reasonCode"));
    struct json_each notes = json_each(json_get(b->c->request, "note"));

    put_code(b, "kind", kind_of(json_get(b->c->request, "category"), CASE_KIND_SYSTEM));
    put_code(b, "urgency", str_of(case_task_urgency_word(b->c->read.urgency)));
    put_age(b);
    put_code(b, "gender", json_get_text(b->c->patient, "gender"));
    while (json_next(&reasons))
        put_text(b, "question", coding_text(reasons.value));
    while (json_next(&notes))
        put_text(b, "story", json_get_text(notes.value, "text"));
}

/* ---- what was known ---- */

static struct str truth_text(const struct json *truth)
{
    return json_kind(truth) == JSON_TRUE ? STR("true") : STR("false");
}

static struct str quantity_text(const struct blind *b, const struct json *quantity)
{
    struct str number = json_text(json_get(quantity, "value"));
    struct str unit = json_get_text(quantity, "unit");

    if (!unit.p)
        unit = json_get_text(quantity, "code");
    return str_of(arena_printf(b->s->a, "%.*s %.*s", (int)number.len,
        number.p ? number.p : "", (int)unit.len, unit.p ? unit.p : ""));
}

/* "12.5 mmol/L", or what stands for it; p NULL: nothing that is shown. */
static struct str value_text(const struct blind *b, const struct json *holder)
{
    static const char *const plain[] = {
        "valueString", "valueInteger", "valueDecimal", "valueBoolean"};

    if (json_get(holder, "valueQuantity"))
        return quantity_text(b, json_get(holder, "valueQuantity"));
    for (size_t i = 0; i < sizeof(plain) / sizeof(plain[0]); i++) {
        const struct json *value = json_get(holder, plain[i]);

        if (value)
            return strcmp(plain[i], "valueBoolean") == 0 ? truth_text(value)
                                                         : json_text(value);
    }
    if (json_get(holder, "valueCoding"))
        return json_get_text(json_get(holder, "valueCoding"),
            json_get(json_get(holder, "valueCoding"), "display") ? "display" : "code");
    return coding_text(json_get(holder, "valueCodeableConcept"));
}

static void put_fact(const struct blind *b, struct str name, struct str value)
{
    if (!name.p)
        return;
    fhir_parts_open(b->o, "fact");
    put_text(b, "name", name);
    put_text(b, "value", value);
    fhir_parts_close(b->o);
}

static void put_record(const struct blind *b, const struct json *record)
{
    struct json_each it = json_each(json_get(record, "component"));
    struct str name = coding_text(json_get(record, "code"));

    if (!name.p)
        name = coding_text(json_get(record, "medicationCodeableConcept"));
    put_fact(b, name, value_text(b, record));
    while (json_next(&it))
        put_fact(b, coding_text(json_get(it.value, "code")), value_text(b, it.value));
}

static void put_items(const struct blind *b, const struct json *items)
{
    struct json_each it = json_each(items);

    while (json_next(&it)) {
        struct json_each answers = json_each(json_get(it.value, "answer"));
        struct str name = json_get_text(it.value, "text");

        if (!name.p)
            name = json_get_text(it.value, "linkId");
        while (json_next(&answers))
            put_fact(b, name, value_text(b, answers.value));
        put_items(b, json_get(it.value, "item")); /* NOLINT(misc-no-recursion) */
    }
}

static int put_responses(const struct blind *b, struct err *err)
{
    const char *about =
        arena_printf(b->s->a, "ServiceRequest/%.*s", (int)b->c->id.len, b->c->id.p);
    const struct search_pair pairs[] = {{STR("based-on"), str_of(about)}};
    struct seek_list found = {NULL, 0};
    int r = about ? seek_all(b->s,
                        &(struct seek_for){
                            "QuestionnaireResponse", pairs, 1, LIMIT_REVIEW_MESSAGES},
                        &found, err)
                  : err_nomem(err);

    for (size_t i = 0; r == 0 && i < found.count; i++) {
        const struct json *response = NULL;

        r = seek_rid(b->s, found.rids[i], NULL, &response, err);
        if (r == 0)
            put_items(b, json_get(response, "item"));
    }
    return r;
}

/* ---- vital signs ---- */

static void put_reading(const struct blind *b, const struct vitals_reading *reading)
{
    const char *name = arena_strndup(b->s->a,
        reading->value_name.p ? reading->value_name.p : "", reading->value_name.len);
    struct str text = {NULL, 0};

    if (!name || reading->unused || !reading->value)
        return;
    text = strcmp(name, "valueQuantity") == 0 ? quantity_text(b, reading->value)
                                              : coding_text(reading->value);
    fhir_parts_open(b->o, "value");
    put_code(b, "sign", str_of(vitals_sign_name(reading->sign)));
    put_text(b, "text", text);
    fhir_parts_close(b->o);
}

static void put_score(const struct blind *b, const struct news2_score *score)
{
    static const char *const bands[] = {[NEWS2_NONE] = "none",
        [NEWS2_LOW] = "low",
        [NEWS2_LOW_MEDIUM] = "low-medium",
        [NEWS2_MEDIUM] = "medium",
        [NEWS2_HIGH] = "high"};

    if (score->refusal != NEWS2_SCORED)
        return;
    fhir_part_put_int(b->o, "news2", score->total);
    put_code(b, "response", str_of(bands[score->band]));
}

static void put_set(const struct blind *b, const struct vitals *v, size_t at)
{
    struct vitals_judgement judged;

    vitals_judge(v, &v->sets[at], &judged);
    fhir_parts_open(b->o, "vitals");
    if (b->c->read.clock.sent)
        fhir_part_put_int(
            b->o, "minutes", (v->sets[at].first - b->c->read.clock.sent) / MINUTE_MS);
    for (int i = 0; i < VITALS_SIGNS; i++) {
        if (v->sets[at].signs[i])
            put_reading(b, v->sets[at].signs[i]);
    }
    put_score(b, &judged.score);
    fhir_parts_close(b->o);
}

static int put_vitals(const struct blind *b, struct err *err)
{
    struct app_call inner = change_by_node(b->s->app, b->s->a);
    struct vitals v;
    const struct vitals_place *place = &v.address;
    int r = vitals_of_case(&inner, b->s->snapshot, b->c->id, &v, err);

    if (r < 0)
        return r;
    if (v.hospital.from)
        place = &v.hospital;
    if (place->from)
        fhir_part_put_int(b->o, "altitude-about",
            (long long)(round(place->metres / ALTITUDE_STEP) * ALTITUDE_STEP));
    for (size_t i = 0; i < v.set_count; i++)
        put_set(b, &v, i);
    return 0;
}

/* ---- what was said ---- */

/* "asking", "asked" or "node", by what is said, by who says it, by where they work. */
static int side_of(const struct blind *b, const struct json *word, struct str kind,
    const char **ret, struct err *err)
{
    static const char *const asking[] = {
        "information", "action", "outcome", "withdrawal"};
    static const char *const asked[] = {"question", "decline"};
    struct str who = json_get_text(json_get(word, "sender"), "reference");
    struct person_posts posts = {0};
    int r = 0;

    *ret = who.p ? "asked" : "node";
    for (size_t i = 0; i < sizeof(asking) / sizeof(asking[0]); i++) {
        if (str_is(kind, asking[i]))
            *ret = "asking";
    }
    for (size_t i = 0; i < sizeof(asked) / sizeof(asked[0]); i++) {
        if (str_is(kind, asked[i]))
            return 0;
    }
    if (!who.p || strcmp(*ret, "asking") == 0)
        return 0;
    if (b->c->read.requester.p && str_eq(who, b->c->read.requester)) {
        *ret = "asking";
        return 0;
    }
    r = person_posts_in(
        &(struct person_ask){b->s->app->persons, b->s->snapshot, b->s->a, time_now()},
        who, &posts, err);
    for (size_t i = 0; r == 0 && i < posts.count; i++) {
        if (posts.list[i].organization.p && b->sides->asking.p &&
            str_eq(posts.list[i].organization, b->sides->asking))
            *ret = "asking";
    }
    return r;
}

static int put_word(const struct blind *b, const struct json *word, struct err *err)
{
    struct json_each it = json_each(json_get(word, "payload"));
    struct str kind = kind_of(json_get(word, "category"), CASE_MESSAGE_SYSTEM);
    const char *side = NULL;
    long long files = 0;
    int r = side_of(b, word, kind, &side, err);

    if (r < 0)
        return r;
    fhir_parts_open(b->o, "message");
    put_code(b, "side", str_of(side));
    put_code(b, "kind", kind);
    put_minutes(b, "minutes", json_get_text(word, "sent"));
    while (json_next(&it)) {
        put_text(b, "text", json_get_text(it.value, "contentString"));
        files += json_get(it.value, "contentAttachment") != NULL;
    }
    if (files)
        fhir_part_put_int(b->o, "files", files);
    fhir_parts_close(b->o);
    return 0;
}

static struct str extension_code(const struct json *record, const char *url)
{
    struct json_each it = json_each(json_get(record, "extension"));

    while (json_next(&it)) {
        if (str_is(json_get_text(it.value, "url"), url))
            return json_get_text(it.value, "valueCode");
    }
    return (struct str){NULL, 0};
}

static void put_opinion(const struct blind *b)
{
    struct json_each notes = json_each(json_get(b->c->opinion, "note"));

    if (!b->c->opinion)
        return;
    fhir_parts_open(b->o, "opinion");
    put_minutes(b, "minutes", json_get_text(b->c->opinion, "date"));
    put_text(b, "assessment", json_get_text(b->c->opinion, "summary"));
    while (json_next(&notes))
        put_text(b, "advice", json_get_text(notes.value, "text"));
    put_code(b, "urgency",
        extension_code(
            b->c->opinion, "https://belay.health/StructureDefinition/opinion-urgency"));
    put_code(b, "can-be-done-here",
        extension_code(
            b->c->opinion, "https://belay.health/StructureDefinition/opinion-here"));
    fhir_parts_close(b->o);
}

/* ---- what came of it ---- */

static void put_outcome(const struct blind *b)
{
    struct json_each it = json_each(json_get(b->c->task, "output"));

    fhir_parts_open(b->o, "outcome");
    while (json_next(&it)) {
        const struct json *coding =
            json_at(json_get(json_get(it.value, "type"), "coding"), 0);
        struct str name = json_get_text(coding, "code");
        const char *copy = name.p ? arena_strndup(b->s->a, name.p, name.len) : NULL;
        const struct json *truth = json_get(it.value, "valueBoolean");

        if (copy && json_get(it.value, "valueCode"))
            put_code(b, copy, json_get_text(it.value, "valueCode"));
        else if (copy && truth)
            put_code(b, copy, truth_text(truth));
    }
    fhir_parts_close(b->o);
}

static void put_clock(const struct blind *b)
{
    const struct case_clock *c = &b->c->read.clock;

    fhir_parts_open(b->o, "clock");
    if (c->sent && c->allocated)
        fhir_part_put_int(b->o, "taken", (c->allocated - c->sent) / MINUTE_MS);
    if (c->sent && c->answered)
        fhir_part_put_int(b->o, "answered", (c->answered - c->sent) / MINUTE_MS);
    fhir_part_put_int(b->o, "promised", c->times.answer_seconds / 60);
    fhir_part_put_int(b->o, "escalated", c->level);
    fhir_parts_close(b->o);
}

int review_blind_put(struct json_out *o, const struct seek *s,
    const struct review_case *c, const struct review_sides *sides,
    const struct review_strings *names, struct err *err)
{
    const struct blind b = {o, s, c, sides, names};
    int r = 0;

    put_question(&b);
    for (size_t i = 0; i < c->fact_count; i++)
        put_record(&b, c->facts[i]);
    r = put_responses(&b, err);
    if (r == 0)
        r = put_vitals(&b, err);
    for (size_t i = 0; r == 0 && i < c->word_count; i++)
        r = put_word(&b, c->words[i], err);
    put_opinion(&b);
    put_outcome(&b);
    put_clock(&b);
    if (c->files)
        fhir_part_put_int(o, "files-left-out", (long long)c->files);
    return r;
}
