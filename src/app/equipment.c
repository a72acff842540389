/* SPDX-License-Identifier: Apache-2.0 */
/* The operations of equipment: looking, who may, writing all of it together, answering. */
#include "base/id.h"

#include "app/equipment_internal.h"
#include "app/funding.h"
#include "app/gap_internal.h"
#include "fhir/value.h"

/* ---- what was posted ---- */

int equipment_take_when(const struct equipment *e, const struct json *parameter,
    const char *name, struct equipment_when *ret, struct err *err)
{
    struct str text = json_get_text(parameter, "valueDate");
    utc_ms hi = 0;

    (void)e;
    if (!text.p)
        text = json_get_text(parameter, "valueDateTime");
    *ret = (struct equipment_when){{NULL, 0}, 0};
    if (!parameter)
        return 0;
    if (!text.p || text.len < 10 || !fhir_date_range(text, &ret->at, &hi))
        return err_set(err, E_INVALID, name,
            "Say the day of %s, as a valueDate such as 2026-05-01.", name);
    ret->text = text;
    return 0;
}

static int today_or_now(
    const struct equipment *e, bool day, struct equipment_when *ret, struct err *err)
{
    char iso[TIME_ISO_MAX];
    size_t len = time_iso(e->now, iso);

    ret->text.p = arena_strndup(e->call->arena, iso, day ? 10 : len);
    ret->text.len = day ? 10 : len;
    ret->at = day ? e->now - e->now % EQUIPMENT_DAY_MS : e->now;
    return ret->text.p ? 0 : err_nomem(err);
}

int equipment_take_past(const struct equipment *e, const char *name, bool day,
    struct equipment_when *ret, struct err *err)
{
    const struct json *parameter = body_parameter(e->body, name);
    int r = 0;

    if (!parameter)
        return today_or_now(e, day, ret, err);
    r = equipment_take_when(e, parameter, name, ret, err);
    /* clocks of places east of here have begun the day already */
    if (r == 0 && ret->at > e->now + EQUIPMENT_DAY_MS / 2)
        r = err_set(err, E_INVALID, name,
            "%s lies ahead: what has happened has a day that has come.", name);
    return r;
}

/* Is ${word} one of ${words}, with spaces between? */
static bool is_among(struct str word, const char *words)
{
    struct str left = str_of(words);

    while (left.p) {
        if (str_eq(str_cut(&left, ' '), word))
            return true;
    }
    return false;
}

int equipment_take_reference(struct equipment *e, const struct json *parameter,
    const char *types, const char *name, struct str *ret, struct err *err)
{
    struct str text = json_get_text(json_get(parameter, "valueReference"), "reference");
    struct fhir_reference ref = {.form = FHIR_REF_NONE};
    const struct fhir_type *type = NULL;
    const struct json *there = NULL;
    const char *local = NULL;
    int r = 0;

    *ret = (struct str){NULL, 0};
    if (!parameter)
        return 0;
    if (text.p)
        ref = fhir_reference_parse(text, e->call->app->base[APP_FHIR]);
    if (ref.form == FHIR_REF_LOCAL)
        type = fhir_type_numbered(ref.type);
    if (!type || !is_among(str_of(type->name), types))
        return err_set(err, E_INVALID, name,
            "%s must be a reference to one of these: %s.", name, types);
    r = seek_record(&e->seek, type->name, ref.id, NULL, &there, err);
    if (r == 0 && !there)
        r = err_set(err, E_INVALID, name, "%s/%.*s is not known here.", type->name,
            (int)ref.id.len, ref.id.p);
    if (r < 0)
        return r;
    local =
        arena_printf(e->call->arena, "%s/%.*s", type->name, (int)ref.id.len, ref.id.p);
    if (!local)
        return err_nomem(err);
    *ret = str_of(local);
    return 0;
}

int equipment_take_only(const struct equipment *e, const char *names, struct err *err)
{
    struct json_each it = json_each(json_get(e->body, "parameter"));

    while (json_next(&it)) {
        struct str name = json_get_text(it.value, "name");

        if (!is_among(name, names))
            return err_set(err, E_INVALID, "parameter",
                "%s takes these parameters, and nothing else: %s.", e->rest->word,
                names);
    }
    return 0;
}

int equipment_take_id(const struct equipment *e, struct str *ret, struct err *err)
{
    const struct json *parameter = body_parameter(e->body, "id");
    struct str id = json_get_text(parameter, "valueId");
    char *text = arena_alloc(e->call->arena, ID_UUID_CHARS + 1);

    if (!text)
        return err_nomem(err);
    if (parameter && !id_is_random(id))
        return err_set(err, E_INVALID, "id",
            "id must be a valueId: a random UUID, in lower case.");
    if (parameter)
        memcpy(text, id.p, ID_UUID_CHARS);
    else
        id_uuid7(e->now, text);
    text[ID_UUID_CHARS] = '\0';
    *ret = str_of(text);
    return 0;
}

/* ---- a second try ---- */

bool equipment_by_caller(const struct equipment *e, const struct json *reference)
{
    struct str who = json_get_text(reference, "reference");

    return who.p && str_eq(who, e->call->caller.practitioner);
}

int equipment_repeat(
    struct equipment *e, const struct equipment_again *again, struct err *err)
{
    if (!again->same)
        return err_set(err, E_CONFLICT, "id", "%s", again->otherwise);
    e->repeated = true;
    e->call->status = 200;
    record_headers(e->call, again->record, false);
    record_write(&e->call->answer, again->record);
    return call_saw(e->call, again->record, err);
}

/* ---- looking ---- */

static int no_such(const struct equipment *e, bool hidden, struct err *err)
{
    access_missing(e->call->access_, e->rest->type->number, hidden);
    return access_no_such(e->rest->type, e->rest->id, false, err);
}

/* The Device of this request, what it belongs to, and what the caller is to that. */
static int look(struct equipment *e, struct err *err)
{
    bool allowed = false;
    int r = seek_record(
        &e->seek, "Device", e->rest->id, &e->device_record, &e->device, err);

    if (r == 0 && e->device)
        r = access_allows(e->call->access_, e->device_record.rid, &allowed, err);
    if (r < 0)
        return r;
    if (!allowed || json_get(e->device, "patient"))
        return no_such(e, e->device != NULL, err);
    r = keeper_unit_of(e->call->access_, e->device, &e->unit, err);
    if (r == 0)
        r = keeper_of(e->call->access_, e->unit, &e->keeper, err);
    if (r == 0 && e->keeper == KEEPER_NONE)
        r = err_set(err, E_FORBIDDEN, NULL,
            "This is for the people of the hospital that owns the equipment, and for "
            "the coordinators of its pairings.");
    return r;
}

/* ---- the way ---- */

static const struct operation {
    const char *type;
    const char *word;
    bool of_one; /* of a record that is there */
    int (*look)(struct equipment *e, struct err *err);
    int (*plan)(struct equipment *e, struct err *err);
} operations[] = {
    {"Device", "$order", false, NULL, equipment_order},
    {"Device", "$step", true, look, equipment_step},
    {"Device", "$fault", true, look, equipment_fault},
    {"Device", "$repaired", true, look, equipment_repaired},
    {"Task", "$gap", false, NULL, gap_open},
    {"Task", "$gap", true, gap_load, gap_change},
    {"Funding", "$commit", false, NULL, funding_commit},
    {"Funding", "$pay", true, funding_load, funding_pay},
    {"Funding", "$close", true, funding_load, funding_close},
    {"Funding", "$cancel", true, funding_load, funding_cancel},
};

static int plan(struct equipment *e, struct err *err)
{
    int r = access_make(e->call->access_, err);

    for (size_t i = 0; r == 0 && i < sizeof(operations) / sizeof(operations[0]); i++) {
        const struct operation *one = &operations[i];

        if (strcmp(one->type, e->rest->type->name) != 0 ||
            strcmp(one->word, e->rest->word) != 0 ||
            one->of_one != (e->rest->id.p != NULL))
            continue;
        r = one->look ? one->look(e, err) : 0;
        return r == 0 ? one->plan(e, err) : r;
    }
    return r;
}

static int answer(struct equipment *e, struct err *err)
{
    struct store_record rec = record_of_write(&e->change.list[0]);

    (void)err;
    e->call->status = rec.operation == STORE_CREATE ? 201 : 200;
    record_headers(e->call, &rec, false);
    record_write(&e->call->answer, &rec);
    return 0;
}

/* One try; E_CONFLICT: something was changed meanwhile. */
static int try_once(struct equipment *e, struct err *err)
{
    struct store_reader *snapshot = NULL;
    int r = call_read_begin(e->call, &snapshot, err);

    e->seek = (struct seek){e->call->app, snapshot, e->call->arena};
    e->change = (struct change){.call = e->call};
    e->repeated = false;
    if (r == 0)
        r = plan(e, err);
    call_read_end(e->call, snapshot);
    if (r == 0 && e->repeated)
        return 0;
    if (r == 0)
        r = change_commit(&e->change, err);
    return r == 0 ? answer(e, err) : r;
}

static int run(struct app_call *call, const struct rest *rest, struct err *err)
{
    struct equipment *e = arena_alloc(call->arena, sizeof(*e));
    int r = e ? 0 : err_nomem(err);

    if (r < 0)
        return r;
    *e = (struct equipment){.call = call, .rest = rest, .now = call_now(call)};
    r = body_parameters(call, rest->word, &e->body, err);
    if (r < 0)
        return r;
    for (int i = 0; i < LIMIT_RACE_TRIES; i++) {
        r = try_once(e, err);
        if (r != E_CONFLICT)
            break;
    }
    return r;
}

int rest_equipment(struct app_call *call, const struct rest *rest, struct err *err)
{
    int r = 0;

    if (call->method != APP_POST)
        return call_pool(call, rest,
            strcmp(rest->word, "$gaps") == 0    ? gap_list
            : strcmp(rest->word, "$money") == 0 ? funding_list
                                                : equipment_list,
            err);
    r = call_alone(call, rest->word, err);
    if (r == 0 &&
        (!call->access_ || call->caller.client.p || !call->caller.practitioner.p))
        r = err_set(err, E_FORBIDDEN, NULL, "%s is done by a person, and no program.",
            rest->word);
    if (r < 0)
        return r;
    call->why_ = str_of(rest->word);
    return call_pool(call, rest, run, err);
}
