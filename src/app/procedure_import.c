/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Procedure/$import: lines of an older logbook, by whose it is, or by a head of department
 * who may read theirs (docs/adr/0068-an-older-logbook.md).
 *
 *   person   whose it is; the caller where it is not said
 *   file     what the file is called
 *   dry-run  true: only say what would be taken
 *   row      repeated: line (of the file), code, performed (valueDate), as; and where they
 *            are known step, with, place, number (of the line, of its own), result, note
 *
 * Each line is taken or refused by itself, and what is taken is written at once or not at all.
 * The id of a record follows from what its line says: the same line again finds it there. Two
 * lines that say the same, without a number, are two operations.
 */
#include "app/change.h"
#include "app/person.h"
#include "app/procedure_import_internal.h"

#define DAY_MS ((utc_ms)24 * 3600 * 1000)

static const char *const roles[] = {"clinician", "nurse", "technician", "therapist",
    "expert", "head-of-department", "apprentice"};

/* ---- who may ---- */

static bool counts(struct str role)
{
    for (size_t i = 0; i < sizeof(roles) / sizeof(roles[0]); i++) {
        if (str_is(role, roles[i]))
            return true;
    }
    return false;
}

/* Whose hospital keeps the records: that of the caller's first post of such a role. */
static int find_department(struct import *im, struct err *err)
{
    const struct app_caller *caller = &im->call->caller;
    store_rid hospital = 0;
    int r = 0;

    for (size_t i = 0; r == 0 && !hospital && i < caller->post_count; i++) {
        const struct app_post *post = &caller->posts[i];

        if (!counts(post->role) || !post->organization.p)
            continue;
        im->department = post->department.p ? post->department : post->organization;
        r = reader_hospital_of(
            im->call->access_->reader, im->department, &hospital, err);
    }
    if (r == 0 && !hospital)
        r = err_set(err, E_FORBIDDEN, NULL,
            "An older logbook is imported by who has a post as clinician, nurse, "
            "technician, therapist, expert, head of department or apprentice.");
    return r == 0 ? procedure_place(im->call, im->snapshot, hospital, &im->place, err)
                  : r;
}

static int find_person(struct import *im, const struct json *body, struct err *err)
{
    const struct json *given = body_parameter(body, "person");
    struct reader_verdict v = {.allowed = false};
    struct str id = {NULL, 0};
    int r = 0;

    im->person = im->call->caller.practitioner;
    if (given) {
        r = procedure_person(im->call, im->snapshot, json_get(given, "valueReference"),
            "person", &id, err);
        if (r < 0)
            return r;
        im->person = str_of(
            arena_printf(im->call->arena, "Practitioner/%.*s", (int)id.len, id.p));
    }
    id = im->person;
    str_cut(&id, '/');
    if (!str_eq(im->person, im->call->caller.practitioner)) {
        if (person_holds(&im->call->caller, "head-of-department"))
            r = reader_learner(im->call->access_->reader, im->person, &v, err);
        if (r == 0 && !v.allowed)
            r = err_set(err, E_FORBIDDEN, "person",
                "An older logbook is imported by whose it is, or by a head of "
                "department who may read theirs.");
    }
    if (r == 0)
        r = store_find(im->snapshot, fhir_resource_named(STR("Practitioner"))->number,
            id, &im->person_rid, err);
    return r == E_NOT_FOUND ? 0 : r;
}

/* ---- what was posted ---- */

static int take_head(struct import *im, const struct json *body, struct err *err)
{
    const struct json *dry = body_parameter(body, "dry-run");

    im->dry = json_kind(json_get(dry, "valueBoolean")) == JSON_TRUE;
    im->file = text_trim(json_get_text(body_parameter(body, "file"), "valueString"));
    if (im->file.len > LIMIT_IMPORT_TEXT)
        return err_set(err, E_TOO_LARGE, "file",
            "The name of a file may have %d bytes at most.", LIMIT_IMPORT_TEXT);
    if (im->file.len == 0)
        im->file = (struct str){NULL, 0};
    return 0;
}

static int take_rows(struct import *im, const struct json *body, struct err *err)
{
    struct json_each it = json_each(json_get(body, "parameter"));
    size_t most = 0;

    while (json_next(&it))
        most += str_is(json_get_text(it.value, "name"), "row");
    if (most == 0)
        return err_set(err, E_INVALID, "row", "There is no line to import.");
    if (most > LIMIT_IMPORT_ROWS)
        return err_set(err, E_TOO_LARGE, "row",
            "%d lines are imported at once, at most: part the file, by years.",
            LIMIT_IMPORT_ROWS);
    im->rows = arena_array(im->call->arena, most, sizeof(*im->rows));
    if (!im->rows)
        return err_nomem(err);
    im->count = 0;
    it = json_each(json_get(body, "parameter"));
    while (json_next(&it)) {
        if (str_is(json_get_text(it.value, "name"), "row"))
            import_row_read(im, it.value, &im->rows[im->count++]);
    }
    return 0;
}

/* ---- what is there ---- */

/* How many lines above ${at} say the same. */
static size_t same_above(const struct import *im, size_t at)
{
    size_t same = 0;

    for (size_t i = 0; i < at; i++)
        same += im->rows[i].state != IMPORT_REFUSED &&
                memcmp(im->rows[i].key, im->rows[at].key, CRYPTO_DIGEST_BYTES) == 0;
    return same;
}

static int name_row(struct import *im, size_t at, struct err *err)
{
    struct import_row *row = &im->rows[at];
    size_t same = same_above(im, at);
    uint8_t bytes[CRYPTO_DIGEST_BYTES];
    struct crypto_digest digest;
    char text[32];
    char *id = arena_alloc_raw(im->call->arena, 2 * CRYPTO_DIGEST_BYTES + 1);

    if (!id)
        return err_nomem(err);
    if (row->number.p && same > 0) {
        row->state = IMPORT_REFUSED;
        row->column = "number";
        row->problem = "twice";
        return 0;
    }
    snprintf(text, sizeof(text), "%zu", same);
    crypto_digest_init(&digest);
    crypto_digest_add(&digest, row->key, sizeof(row->key));
    crypto_digest_add(&digest, text, strlen(text));
    crypto_digest_final(&digest, bytes);
    hex_encode(bytes, sizeof(bytes), id);
    row->id = (struct str){id, (size_t)2 * CRYPTO_DIGEST_BYTES};
    return 0;
}

static int find_row(struct import *im, struct import_row *row, struct err *err)
{
    unsigned type = fhir_resource_named(STR("Procedure"))->number;
    store_rid rid = 0;
    int r = store_find(im->snapshot, type, row->id, &rid, err);

    if (r == E_NOT_FOUND)
        return 0;
    if (r == 0)
        row->state = IMPORT_THERE; /* deleted too: somebody took it out */
    return r;
}

static bool is_like(const struct import_row *row, const struct logbook_case *c)
{
    return c->function == row->as && str_eq(c->code, row->code) &&
           c->when >= row->when && c->when < row->when + DAY_MS;
}

static bool are_like(const struct import_row *one, const struct import_row *other)
{
    return one->as == other->as && one->when == other->when &&
           str_eq(one->code, other->code);
}

/* Of lines like what was recorded here on that day, the first so many are just that. */
static void match_recorded(struct import *im, const struct logbook_cases *cases)
{
    for (size_t i = 0; i < im->count; i++) {
        size_t here = 0, above = 0;

        if (im->rows[i].state != IMPORT_NEW)
            continue;
        for (size_t k = 0; k < cases->count; k++)
            here += is_like(&im->rows[i], &cases->list[k]);
        for (size_t k = 0; here > 0 && k < i; k++)
            above += im->rows[k].state == IMPORT_RECORDED &&
                     are_like(&im->rows[k], &im->rows[i]);
        if (above < here)
            im->rows[i].state = IMPORT_RECORDED;
    }
}

static int look(struct import *im, struct err *err)
{
    struct logbook_request rq = {.person = im->person_rid, .most = LIMIT_LOGBOOK_CASES};
    struct logbook_cases cases = {.count = 0};
    int r = 0;

    for (size_t i = 0; r == 0 && i < im->count; i++) {
        if (im->rows[i].state != IMPORT_REFUSED)
            r = name_row(im, i, err);
        if (r == 0 && im->rows[i].state != IMPORT_REFUSED)
            r = find_row(im, &im->rows[i], err);
    }
    if (r == 0 && im->person_rid)
        r = logbook_cases(im->snapshot, im->call->arena, &rq, &cases, err);
    if (r == 0)
        match_recorded(im, &cases);
    return r;
}

/* ---- writing ---- */

static int write_rows(struct import *im, struct err *err)
{
    struct store_transaction t = {
        .actor = call_actor(im->call), .who = call_who(im->call)};
    struct change_of of = {.type = fhir_resource_named(STR("Procedure"))};
    struct buf b;
    int r = 0;

    t.writes = arena_array(im->call->arena, im->count, sizeof(*t.writes));
    if (!t.writes)
        return err_nomem(err);
    buf_init(&b, LIMIT_RECORD_BYTES);
    for (size_t i = 0; r == 0 && i < im->count; i++) {
        if (im->rows[i].state != IMPORT_NEW)
            continue;
        buf_clear(&b);
        import_row_put(&b, im, &im->rows[i]);
        of.id = im->rows[i].id;
        r = change_prepare(im->call, &of, &b, &t.writes[t.count], err);
        t.count += r == 0;
    }
    buf_done(&b);
    return r < 0 || t.count == 0 ? r : store_commit(im->call->app->store, &t, err);
}

/* ---- the way ---- */

static int try_once(struct import *im, const struct json *body, struct err *err)
{
    int r = call_read_begin(im->call, &im->snapshot, err);

    if (r == 0)
        r = access_make(im->call->access_, err);
    if (r == 0)
        r = find_department(im, err);
    if (r == 0)
        r = find_person(im, body, err);
    if (r == 0)
        r = take_head(im, body, err);
    if (r == 0)
        r = take_rows(im, body, err);
    if (r == 0)
        r = look(im, err);
    if (r == 0 && !im->dry)
        r = write_rows(im, err);
    call_read_end(im->call, im->snapshot);
    return r;
}

static int run(struct app_call *call, const struct rest *rest, struct err *err)
{
    struct import im = {.call = call, .now = time_now()};
    const struct json *body = NULL;
    int r = body_parameters(call, "$import", &body, err);
    int tries = 0;

    (void)rest;
    if (r < 0)
        return r;
    do
        r = try_once(&im, body, err);
    while (r == E_CONFLICT && ++tries < LIMIT_RACE_TRIES); /* the same, at once */
    if (r == 0)
        import_answer(&im);
    return r;
}

int rest_procedure_import(
    struct app_call *call, const struct rest *rest, struct err *err)
{
    int r = procedure_check(call, "$import", err);

    if (r < 0)
        return r;
    call->why_ = STR("$import");
    return call_pool(call, rest, run, err);
}
