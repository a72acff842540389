/* SPDX-License-Identifier: Apache-2.0 */
/*
 * POST SignOff/$propose: ask that a person be signed off in a procedure (docs/SIGNOFF.md).
 *
 *   person      Practitioner/ID
 *   procedure   a code of CodeSystem/procedure
 *   department  where apprenticeships in several departments aim at it: which
 *   word        a word
 *
 * By the person, a master whose Apprenticeship aims at it, the head of the department or a
 * quality officer of the hospital. Who is signed off already is proposed for a renewal. There
 * is one proposal of a person in a procedure at a hospital at a time.
 */
#include <string.h>

#include "app/catalogue.h"
#include "app/review_internal.h"
#include "app/sign_off_internal.h"
#include "crypto/digest.h"
#include "fhir/value.h"

/* ---- the way of all ---- */

int sign_off_written(struct signing *g, struct change *c, struct err *err)
{
    struct store_record rec;
    int r = change_commit(c, err);

    if (r < 0)
        return r;
    rec = record_of_write(&c->list[0]);
    g->call->status = rec.operation == STORE_CREATE ? 201 : 200;
    record_headers(g->call, &rec, false);
    record_write(&g->call->answer, &rec);
    return 0;
}

/* ---- $propose ---- */

struct proposing {
    struct signing *g;
    struct sign_off_aims aims; /* that aim at the procedure */
    struct str word;
};

static int take(struct signing *g, struct proposing *p, struct err *err)
{
    struct str id = {NULL, 0};
    struct str asked = json_get_text(
        json_get(body_parameter(g->body, "department"), "valueReference"), "reference");
    uint32_t thing = 0;
    int r = procedure_person(g->call, g->seek.snapshot,
        json_get(body_parameter(g->body, "person"), "valueReference"), "person", &id,
        err);

    if (r < 0)
        return r;
    g->s = (struct sign_off){.json = NULL};
    g->s.person =
        str_of(arena_printf(g->call->arena, "Practitioner/%.*s", (int)id.len, id.p));
    g->s.code = json_get_text(body_parameter(g->body, "procedure"), "valueCode");
    if (!g->s.code.p ||
        !catalogue_find(STR(CATALOGUE_PROCEDURE_SYSTEM), g->s.code, &thing))
        return err_set(err, E_INVALID, "procedure",
            "Say in what: a valueCode of CodeSystem/procedure.");
    if (asked.p)
        g->s.department = sign_off_named(&g->seek, asked, "Organization");
    return procedure_word(g->body, "word", &p->word, err);
}

/* The last SignOff of the person in it that was signed at this hospital is renewed; one that
 * still waits stands in the way. */
static int look_back(
    struct signing *g, struct str hospital, size_t *ret_count, struct err *err)
{
    struct sign_off_all all = {.count = 0};
    int r = sign_off_of_person(&g->seek, g->s.person, g->s.code, &all, err);
    utc_ms newest = 0;

    *ret_count = all.count;
    for (size_t i = 0; r == 0 && i < all.count; i++) {
        const struct sign_off *one = &all.list[i];
        utc_ms signed_on = 0, ignored = 0;

        if (!str_eq(one->hospital, hospital))
            continue;
        if (one->status == SIGN_PROPOSED)
            return err_set(err, E_CONFLICT, "procedure",
                "This is proposed already, as SignOff/%.*s.", (int)one->id.len,
                one->id.p);
        if (one->status != SIGN_SIGNED ||
            !fhir_date_range(json_get_text(one->json, "signed"), &signed_on, &ignored))
            continue;
        if (signed_on >= newest) {
            newest = signed_on;
            g->s.renews = str_of(arena_printf(
                g->call->arena, "SignOff/%.*s", (int)one->id.len, one->id.p));
            if (!g->s.department.p)
                g->s.department = one->department;
        }
    }
    return r;
}

/* The department of the apprenticeships that aim at it: the one that is asked for, or the one
 * there is. */
static int find_department(struct proposing *p, struct err *err)
{
    struct signing *g = p->g;
    struct str found = {NULL, 0};

    for (size_t i = 0; i < p->aims.count; i++) {
        struct str one = p->aims.list[i].department;

        if (!one.p || !str_eq(p->aims.list[i].code, g->s.code) ||
            (g->s.department.p && !str_eq(one, g->s.department)))
            continue;
        if (found.p && !str_eq(found, one))
            return err_set(err, E_INVALID, "department",
                "Apprenticeships in several departments aim at this: say in which, by "
                "the parameter department.");
        found = one;
    }
    if (!found.p)
        return err_set(err, E_CONFLICT, "procedure",
            "No apprenticeship of this person that is under way aims at this "
            "procedure%s.",
            g->s.department.p ? " in that department" : "");
    g->s.department = found;
    return 0;
}

static int find_place(struct proposing *p, struct err *err)
{
    struct signing *g = p->g;
    const struct sign_off_who who = {"apprentice", g->s.person, false, g->now};
    const struct sign_off_who ever = {"apprentice", g->s.person, true, g->now};
    struct sign_off_all all = {.count = 0};
    bool signed_once = false;
    int r = sign_off_of_person(&g->seek, g->s.person, g->s.code, &all, err);

    for (size_t i = 0; r == 0 && i < all.count; i++)
        signed_once = signed_once || all.list[i].status == SIGN_SIGNED;
    if (r == 0)
        r = sign_off_aims(&g->seek, signed_once ? &ever : &who, &p->aims, err);
    if (r == 0)
        r = find_department(p, err);
    return r == 0 ? review_hospital(&g->seek, g->s.department, &g->s.hospital, err) : r;
}

/* The id follows from what is proposed and how often it was, so that of two who propose it at
 * once one is told that it is there. */
static int name_proposal(struct signing *g, size_t count, struct err *err)
{
    const char *text = arena_printf(g->call->arena, "%.*s|%.*s|%.*s|%zu",
        (int)g->s.person.len, g->s.person.p, (int)g->s.code.len, g->s.code.p,
        (int)g->s.hospital.len, g->s.hospital.p, count);
    uint8_t bytes[CRYPTO_DIGEST_BYTES];
    struct crypto_digest digest;
    char *id = arena_alloc(g->call->arena, 2 * sizeof(bytes) + 1);

    if (!text || !id)
        return err_nomem(err);
    crypto_digest_init(&digest);
    crypto_digest_add(&digest, text, strlen(text));
    crypto_digest_final(&digest, bytes);
    hex_encode(bytes, sizeof(bytes), id);
    g->s.id = str_of(id);
    return 0;
}

static int check_proposer(struct signing *g, struct err *err)
{
    unsigned roles = 0;
    int r = sign_off_roles(g, &g->s, &roles, err);

    if (r < 0 || roles || str_eq(g->s.person, g->call->caller.practitioner))
        return r;
    return err_set(err, E_FORBIDDEN, NULL,
        "A sign-off is asked for by the person, by a master of theirs, by the head of "
        "the department or by the quality office.");
}

static int propose(struct signing *g, struct err *err)
{
    struct change change = {.call = g->call};
    struct proposing p = {.g = g};
    size_t count = 0;
    struct buf b;
    int r = take(g, &p, err);

    buf_init(&b, LIMIT_RECORD_BYTES);
    if (r == 0)
        r = find_place(&p, err);
    if (r == 0)
        r = check_proposer(g, err);
    if (r == 0)
        r = look_back(g, g->s.hospital, &count, err);
    if (r == 0)
        r = name_proposal(g, count, err);
    if (r == 0)
        r = sign_off_judge(g, err);
    if (r == 0)
        r = sign_off_put_proposal(&b, g, p.word, err);
    if (r == 0)
        r = change_put(
            &change, fhir_resource_named(STR("SignOff")), g->s.id, NULL, &b, err);
    buf_done(&b);
    return r == 0 ? sign_off_written(g, &change, err) : r;
}

/* ---- the way ---- */

static int start(struct signing *g, struct err *err)
{
    struct app_call *call = g->call;
    int r = call_alone(call, g->rest->word, err);

    if (r == 0 &&
        (!call->access_ || call->caller.client.p || !call->caller.practitioner.p))
        r = err_set(err, E_FORBIDDEN, NULL, "%s is done by a person, and no program.",
            g->rest->word);
    if (r == 0 && g->rest->kind == REST_SIGN_OFF)
        r = body_parameters(call, g->rest->word, &g->body, err);
    call->why_ = str_of(g->rest->word);
    return r;
}

/* The SignOff that is asked about; to who could neither sign nor read it as if not there. */
static int load(struct signing *g, struct err *err)
{
    const struct rest *rest = g->rest;
    struct access *access = g->call->access_;
    store_rid rid = 0;
    struct sign_off_stand stands[SIGN_ROLES];
    unsigned roles = 0;
    bool may = false;
    int r = store_find(g->seek.snapshot, rest->type->number, rest->id, &rid, err);

    if (r == 0)
        r = sign_off_load(&g->seek, rid, &g->s, err);
    if (r == E_NOT_FOUND || (r == 0 && !g->s.json)) {
        access_missing(access, rest->type->number, false);
        return access_no_such(rest->type, rest->id, false, err);
    }
    if (r == 0)
        r = sign_off_may(g, &g->s, &roles, stands, err);
    if (r == 0 && !roles)
        r = access_allows(access, rid, &may, err);
    if (r < 0 || roles || may)
        return r;
    access_missing(access, rest->type->number, true);
    return access_no_such(rest->type, rest->id, false, err);
}

static int run_once(struct signing *g, struct err *err)
{
    static const struct {
        const char *word;
        bool of_one;
        int (*run)(struct signing *g, struct err *err);
    } operations[] = {
        {"$propose", false, propose},
        {"$sign", true, sign_off_sign},
        {"$refuse", true, sign_off_refuse},
        {"$withdraw", true, sign_off_withdraw},
        {"$acknowledge", true, sign_off_acknowledge},
        {"$waiting", false, sign_off_waiting},
        {"$conditions", true, sign_off_conditions},
    };
    struct store_reader *snapshot = NULL;
    int r = call_read_begin(g->call, &snapshot, err);

    if (r < 0)
        return r;
    g->seek = (struct seek){g->call->app, snapshot, g->call->arena};
    g->now = call_now(g->call);
    for (size_t i = 0; i < sizeof(operations) / sizeof(operations[0]); i++) {
        if (strcmp(operations[i].word, g->rest->word) != 0)
            continue;
        r = operations[i].of_one ? load(g, err) : 0;
        if (r == 0 && (g->rest->kind == REST_SIGN_OFF_LOOK ||
                          operations[i].run == sign_off_acknowledge))
            r = networks_take(g->call->app->networks, &g->network, err);
        r = r == 0 ? operations[i].run(g, err) : r;
    }
    network_release(g->network);
    g->network = NULL;
    call_read_end(g->call, snapshot);
    return r;
}

/* Again where somebody else was quicker by a moment. */
static int run(struct app_call *call, const struct rest *rest, struct err *err)
{
    struct signing *g = arena_alloc(call->arena, sizeof(*g));
    int r = 0;

    if (!g)
        return err_nomem(err);
    *g = (struct signing){.call = call, .rest = rest};
    r = start(g, err);
    for (int i = 0; r == 0 && i < LIMIT_RACE_TRIES; i++) {
        g->raced = false;
        r = run_once(g, err);
        if (!g->raced)
            break;
        if (i + 1 < LIMIT_RACE_TRIES)
            r = 0;
    }
    return r;
}

int rest_sign_off(struct app_call *call, const struct rest *rest, struct err *err)
{
    return call_pool(call, rest, run, err);
}

int rest_sign_off_look(struct app_call *call, const struct rest *rest, struct err *err)
{
    return call_pool(call, rest, run, err);
}
