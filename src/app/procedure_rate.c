/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Procedure/ID/$rate: a master's word on what an apprentice did, straight after the case.
 *
 *   apprentice   Practitioner/ID, operator or assistant of this operation
 *   scale        zwisch or o-score; value: 1 to 4, or 1 to 5, on it
 *   performance  unprepared, inexperienced, intermediate, practice-ready or exceptional
 *   difficulty   easier, average or harder
 *   word         a word
 *   step         where it was recorded by steps, repeated: name (as recorded, one that the
 *                apprentice did) and value, on the same scale
 *   id           a random one: asked for twice with it, it is written once, also when another
 *                rating was given in between
 *
 * Who may: who supervised; who operated, of an assistant; who is master of the apprentice by an
 * Apprenticeship that is active. Nobody rates himself. To everybody else the Procedure is as
 * if it were not there, unless they may read it. There is one rating of an apprentice by an
 * assessor in an operation, whose id follows from the three: a second is its new version.
 *
 * Procedure/ID/$respond: the apprentice's word on it (assessor, word).
 */
#include "app/derived_id.h"
#include "app/procedure_internal.h"
#include "engine/competence/sign_off.h"

#define UUID_PREFIX "urn:uuid:"

struct rating_doing {
    struct app_call *call;
    struct store_reader *snapshot;
    struct procedure done;
    struct store_record record; /* the rating as it is */
    const struct json *before;  /* the same, read; NULL: none yet */
    struct str given;           /* by which it is known again; p NULL: by nothing */
    struct str apprentice;      /* ids */
    struct str assessor;
    enum rating_scale scale;
    int64_t value;
    struct str performance;
    struct str difficulty;
    struct str word;
    struct procedure_step_rating steps[LIMIT_OWN_STEPS];
    size_t step_count;
    char id[DERIVED_ID_CHARS + 1];
};

static struct str my_id(const struct app_call *call)
{
    struct str me = call->caller.practitioner;

    str_cut(&me, '/');
    return me;
}

/* ---- what was posted ---- */

static int take_scale(struct rating_doing *d, const struct json *body, struct err *err)
{
    struct str value =
        json_text(json_get(body_parameter(body, "value"), "valueInteger"));
    int most = 0;

    d->scale =
        rating_scale_of(json_get_text(body_parameter(body, "scale"), "valueCode"));
    if (d->scale == SCALE_NONE)
        return err_set(
            err, E_INVALID, "scale", "Say the scale: a valueCode zwisch or o-score.");
    most = rating_scale_most(d->scale);
    if (!value.p || !text_int(value, 1, most, &d->value))
        return err_set(err, E_INVALID, "value",
            "Say how independent: a valueInteger from 1 to %d.", most);
    return 0;
}

static int take(struct rating_doing *d, const struct json *body, struct err *err)
{
    int r = take_scale(d, body, err);

    d->performance = json_get_text(body_parameter(body, "performance"), "valueCode");
    d->difficulty = json_get_text(body_parameter(body, "difficulty"), "valueCode");
    d->given = json_get_text(body_parameter(body, "id"), "valueId");
    if (r == 0 && d->given.p && !id_is_random(d->given))
        r = err_set(err, E_INVALID, "id", "The id must be a random UUID.");
    if (r == 0 && !rating_performance_of(d->performance))
        return err_set(err, E_INVALID, "performance",
            "Say how well: a valueCode unprepared, inexperienced, intermediate, "
            "practice-ready or exceptional.");
    if (r == 0 && !rating_difficulty_of(d->difficulty))
        return err_set(err, E_INVALID, "difficulty",
            "Say how difficult the case was: a valueCode easier, average or harder.");
    if (r == 0)
        r = procedure_word(body, "word", &d->word, err);
    return r < 0 ? r
                 : procedure_person(d->call, d->snapshot,
                       json_get(body_parameter(body, "apprentice"), "valueReference"),
                       "apprentice", &d->apprentice, err);
}

/* ---- who may ---- */

static enum procedure_function function_of(const struct procedure *p, struct str who)
{
    for (size_t i = 0; i < p->part_count; i++) {
        if (str_eq(p->parts[i].who, who))
            return p->parts[i].function;
    }
    return FUNCTION_NONE;
}

/* Is the caller the master of ${d->apprentice}? */
static int is_master(struct rating_doing *d, bool *ret, struct err *err)
{
    store_rid apprentice = 0;
    int r = access_make(d->call->access_, err);

    *ret = false;
    if (r == 0)
        r = store_find(d->snapshot, fhir_resource_named(STR("Practitioner"))->number,
            d->apprentice, &apprentice, err);
    return r < 0 ? r : reader_teaches(d->call->access_->reader, apprentice, ret, err);
}

static int no_such(
    struct app_call *call, const struct rest *rest, bool hidden, struct err *err)
{
    access_missing(call->access_, rest->type->number, hidden);
    return access_no_such(rest->type, rest->id, false, err);
}

/* Refuse: as an operation that is not there, to who may not read it. */
static int refuse(struct rating_doing *d, const struct rest *rest, store_rid rid,
    const char *text, struct err *err)
{
    bool allowed = false;
    int r = access_allows(d->call->access_, rid, &allowed, err);

    if (r < 0)
        return r;
    return allowed ? err_set(err, E_FORBIDDEN, NULL, "%s", text)
                   : no_such(d->call, rest, true, err);
}

static int check_rater(
    struct rating_doing *d, const struct rest *rest, store_rid rid, struct err *err)
{
    enum procedure_function mine = function_of(&d->done, d->assessor);
    enum procedure_function theirs = function_of(&d->done, d->apprentice);
    bool may = mine == FUNCTION_SUPERVISOR ||
               (mine == FUNCTION_OPERATOR && theirs == FUNCTION_ASSISTANT);
    int r = may ? 0 : is_master(d, &may, err);

    if (r < 0)
        return r;
    if (!may || str_eq(d->assessor, d->apprentice))
        return refuse(d, rest, rid,
            "What somebody did is rated by who supervised it, by who operated of who "
            "assisted, or by their master: and nobody rates himself.",
            err);
    if (theirs != FUNCTION_OPERATOR && theirs != FUNCTION_ASSISTANT)
        return err_set(err, E_INVALID, "apprentice",
            "Who is rated operated or assisted in this operation: Practitioner/%.*s "
            "did neither.",
            (int)d->apprentice.len, d->apprentice.p);
    return 0;
}

/* ---- what is there ---- */

/* The id of the rating by ${d->assessor} of ${d->apprentice} in ${procedure}. */
static void name_rating(struct rating_doing *d, struct str procedure)
{
    const struct str parts[] = {procedure, d->assessor, d->apprentice};

    derived_id(parts, 3, d->id);
}

static int load_procedure(
    struct rating_doing *d, const struct rest *rest, store_rid *ret, struct err *err)
{
    struct procedure_found found;
    int r = procedure_load(d->call, d->snapshot, rest->type, rest->id, &found, err);

    if (r == E_NOT_FOUND)
        return no_such(d->call, rest, false, err);
    if (r == 0 && !procedure_read(found.json, &d->done))
        return refuse(d, rest, found.rec.rid,
            "This Procedure is no operation of a logbook: it is not completed, or "
            "nobody has a part of ours in it.",
            err);
    if (r == 0 && d->done.imported)
        return refuse(d, rest, found.rec.rid,
            "This operation is of an older logbook: what nobody here saw is not rated.",
            err);
    *ret = found.rec.rid;
    return r;
}

static int load_rating(
    struct rating_doing *d, const struct rest *rest, struct writing *w, struct err *err)
{
    struct procedure_found found;
    int r = 0;

    name_rating(d, rest->id);
    w->write.id = str_of(arena_strndup(d->call->arena, d->id, sizeof(d->id) - 1));
    if (!w->write.id.p)
        return err_nomem(err);
    r = procedure_load(d->call, d->snapshot, w->write.type, w->write.id, &found, err);
    d->before = found.json;
    d->record = found.rec;
    record_expect(&w->write, &found.rec);
    return r == E_NOT_FOUND ? 0 : r;
}

/* Was it written already under the id that was given? */
static bool is_repeated(const struct rating_doing *d)
{
    struct json_each it = json_each(json_get(d->before, "identifier"));

    while (d->given.p && json_next(&it)) {
        struct str value = json_get_text(it.value, "value");

        if (!str_starts(value, UUID_PREFIX))
            continue;
        value.p += sizeof(UUID_PREFIX) - 1;
        value.len -= sizeof(UUID_PREFIX) - 1;
        if (str_eq(value, d->given))
            return true;
    }
    return false;
}

static int answer_again(const struct rating_doing *d, struct err *err)
{
    record_headers(d->call, &d->record, false);
    record_write(&d->call->answer, &d->record);
    return call_saw(d->call, &d->record, err);
}

/* ---- the record ---- */

/* The note whose author is ${who}; NULL: none. */
static const struct json *note_of(const struct json *rating, struct str who)
{
    struct json_each it = json_each(json_get(rating, "note"));

    while (json_next(&it)) {
        struct str author =
            json_get_text(json_get(it.value, "authorReference"), "reference");

        str_cut(&author, '/');
        if (author.p && str_eq(author, who))
            return it.value;
    }
    return NULL;
}

static void put_note(
    struct json_out *o, const struct rating_doing *d, struct str who, struct str word)
{
    const char *text = arena_printf(
        d->call->arena, "Practitioner/%.*s", (int)who.len, who.p ? who.p : "");

    json_open(o, '{');
    fhir_put_reference(o, "authorReference", str_of(text));
    fhir_put_time(o, "time", call_now(d->call));
    json_member(o, "text", word);
    json_close(o, '}');
}

static void put_component(
    struct json_out *o, const char *code, struct str concept, int64_t value)
{
    json_open(o, '{');
    fhir_put_concept(o, "code", RATING_SYSTEM, str_of(code));
    if (concept.p) {
        fhir_put_concept(o, "valueCodeableConcept", RATING_SYSTEM, concept);
    } else {
        json_name(o, "valueInteger");
        json_put_int(o, value);
    }
    json_close(o, '}');
}

static void put_code(struct json_out *o, const struct rating_doing *d)
{
    const struct str codes[][2] = {
        {STR(RATING_SYSTEM), STR(RATING_CODE)}, {STR(PROCEDURE_SYSTEM), d->done.code}};

    json_name(o, "code");
    json_open(o, '{');
    json_name(o, "coding");
    json_open(o, '[');
    for (size_t i = 0; i < 2; i++) {
        json_open(o, '{');
        json_member(o, "system", codes[i][0]);
        json_member(o, "code", codes[i][1]);
        json_close(o, '}');
    }
    json_close(o, ']');
    json_close(o, '}');
}

static void put_one(struct json_out *o, const struct rating_doing *d, const char *name,
    const char *type, struct str id)
{
    const char *text =
        arena_printf(d->call->arena, "%s/%.*s", type, (int)id.len, id.p ? id.p : "");

    json_name(o, name);
    json_open(o, '[');
    fhir_put_reference(o, NULL, str_of(text));
    json_close(o, ']');
}

static void put_components(struct json_out *o, const struct rating_doing *d)
{
    struct str none = {NULL, 0};

    json_name(o, "component");
    json_open(o, '[');
    put_component(o, rating_scale_code(d->scale), none, d->value);
    put_component(o, "performance", d->performance, 0);
    put_component(o, "difficulty", d->difficulty, 0);
    procedure_steps_put(o, d->steps, d->step_count);
    json_close(o, ']');
}

static void put_notes(struct json_out *o, const struct rating_doing *d)
{
    const struct json *answer = note_of(d->before, d->apprentice);

    if (!d->word.p && !answer)
        return;
    json_name(o, "note");
    json_open(o, '[');
    if (d->word.p)
        put_note(o, d, d->assessor, d->word);
    if (answer)
        json_put_value(o, answer);
    json_close(o, ']');
}

/* Those of earlier versions too: a try whose answer was lost may come after another. */
static void put_identifiers(struct json_out *o, const struct rating_doing *d)
{
    const struct json *before = json_get(d->before, "identifier");
    struct json_each it = json_each(before);

    if (!before && !d->given.p)
        return;
    json_name(o, "identifier");
    json_open(o, '[');
    while (json_next(&it))
        json_put_value(o, it.value);
    if (d->given.p) {
        const char *value = arena_printf(
            d->call->arena, UUID_PREFIX "%.*s", (int)d->given.len, d->given.p);

        json_open(o, '{');
        json_member(o, "system", STR("urn:ietf:rfc:3986"));
        json_member(o, "value", str_of(value ? value : ""));
        json_close(o, '}');
    }
    json_close(o, ']');
}

/* No patient stands in it: it is about a colleague, and read by other people. */
static void put_rating(
    struct buf *b, const struct rating_doing *d, const struct rest *rest)
{
    struct json_out o = json_out(b);

    json_open(&o, '{');
    json_member(&o, "resourceType", STR("Observation"));
    json_member(&o, "id", str_of(d->id));
    put_identifiers(&o, d);
    put_one(&o, d, "partOf", "Procedure", rest->id);
    json_member(&o, "status", STR("final"));
    put_code(&o, d);
    put_one(&o, d, "focus", "Practitioner", d->apprentice);
    fhir_put_time(&o, "effectiveDateTime", d->done.when);
    fhir_put_time(&o, "issued", call_now(d->call));
    put_one(&o, d, "performer", "Practitioner", d->assessor);
    json_name(&o, "valueInteger");
    json_put_int(&o, rating_level_of(d->scale, (int)d->value));
    put_notes(&o, d);
    put_components(&o, d);
    json_close(&o, '}');
}

/* ---- $rate ---- */

static int decide_rating(
    struct app_call *call, const struct rest *rest, struct writing *w, struct err *err)
{
    struct rating_doing d = {.call = call, .assessor = my_id(call)};
    const struct json *body = w->resource;
    bool repeated = false;
    store_rid rid = 0;
    struct buf b;
    int r = call_read_begin(call, &d.snapshot, err);

    buf_init(&b, LIMIT_RECORD_BYTES);
    if (r == 0)
        r = load_procedure(&d, rest, &rid, err);
    if (r == 0)
        r = take(&d, body, err);
    if (r == 0)
        r = check_rater(&d, rest, rid, err);
    if (r == 0)
        r = procedure_steps_take(body, &d.done,
            &(struct procedure_rating){.whom = d.apprentice, .scale = d.scale}, d.steps,
            &d.step_count, err);
    if (r == 0)
        r = load_rating(&d, rest, w, err);
    repeated = r == 0 && is_repeated(&d);
    if (repeated)
        r = answer_again(&d, err);
    else if (r == 0) {
        put_rating(&b, &d, rest);
        r = procedure_take(call, w, &b, false, err);
    }
    call_read_end(call, d.snapshot);
    buf_done(&b);
    w->resource = body; /* again, after a lost race */
    return r < 0 ? r : repeated ? 0 : WRITING_READY;
}

/* ---- $respond ---- */

/* The rating with the apprentice's word in it. */
static void put_answer(struct buf *b, const struct rating_doing *d)
{
    struct json_out o = json_out(b);
    struct json_each it = json_each(d->before);
    const struct json *word = note_of(d->before, d->assessor);

    json_open(&o, '{');
    while (json_next(&it)) {
        if (str_is(it.name, "note") || str_is(it.name, "meta"))
            continue;
        json_write_text(b, it.name);
        buf_addc(b, ':');
        json_write(b, it.value);
        buf_addc(b, ',');
    }
    json_name(&o, "note");
    json_open(&o, '[');
    if (word)
        json_put_value(&o, word);
    put_note(&o, d, d->apprentice, d->word);
    json_close(&o, ']');
    json_close(&o, '}');
}

static int decide_answer(
    struct app_call *call, const struct rest *rest, struct writing *w, struct err *err)
{
    struct rating_doing d = {.call = call, .apprentice = my_id(call)};
    const struct json *body = w->resource;
    struct buf b;
    int r = procedure_word(body, "word", &d.word, err);

    if (r == 0 && !d.word.p)
        r = err_set(
            err, E_INVALID, "word", "Say what you think of it: the parameter word.");
    if (r == 0)
        r = call_read_begin(call, &d.snapshot, err);
    buf_init(&b, LIMIT_RECORD_BYTES);
    if (r == 0)
        r = procedure_person(call, d.snapshot,
            json_get(body_parameter(body, "assessor"), "valueReference"), "assessor",
            &d.assessor, err);
    if (r == 0)
        r = load_rating(&d, rest, w, err);
    if (r == 0 && !d.before)
        r = err_set(err, E_NOT_FOUND, NULL,
            "Practitioner/%.*s has not rated what you did in this operation.",
            (int)d.assessor.len, d.assessor.p);
    if (r == 0) {
        put_answer(&b, &d);
        r = procedure_take(call, w, &b, false, err);
    }
    call_read_end(call, d.snapshot);
    buf_done(&b);
    w->resource = body; /* again, after a lost race */
    return r < 0 ? r : WRITING_READY;
}

/* ---- the way ---- */

static int start(struct app_call *call, const struct rest *rest, const char *operation,
    int (*decide)(
        struct app_call *, const struct rest *, struct writing *, struct err *),
    struct err *err)
{
    struct writing *w = NULL;
    int r = procedure_start(call, rest, operation, &w, err);

    if (r < 0)
        return r;
    w->decide = decide;
    w->write = (struct store_write){
        .type = fhir_resource_named(STR("Observation")), .operation = STORE_UPDATE};
    return writing_go(call, err);
}

int rest_procedure_rate(struct app_call *call, const struct rest *rest, struct err *err)
{
    return start(call, rest, "$rate", decide_rating, err);
}

int rest_procedure_respond(
    struct app_call *call, const struct rest *rest, struct err *err)
{
    return start(call, rest, "$respond", decide_answer, err);
}
