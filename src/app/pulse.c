/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GET OrganizationAffiliation/$pulse: the pairings one may see, with their numbers; ID/$pulse:
 * one of them; organization=Organization/ID: those of one hospital.
 *
 * GET OrganizationAffiliation/$waiting: pairings whose question of the month waits for the
 * caller's word; and, for who speaks for a side or coordinates, those that have gone quiet.
 */
#include "app/logbook_internal.h"
#include "app/pulse_internal.h"
#include "fhir/part.h"

struct listing {
    struct pulse pulse;
    struct json_out o;
    struct str hospital; /* only of this one; p NULL: of all */
    bool waiting;
    size_t told, left_out;
};

/* ---- one ---- */

static bool waits(const struct pulse_pairing *pairing)
{
    const struct pulse_month *asked = pulse_asked(pairing);
    bool found = false;

    for (int side = 0; asked && side < PULSE_SIDES; side++)
        found = found || (pairing->tie.answers[side] &&
                             !pulse_said(pairing, asked->text, (enum pulse_side)side));
    return found;
}

/* Is it somebody's to wake when it has gone quiet? */
static bool concerns(const struct pulse_tie *tie)
{
    return tie->coordinates || tie->answers[PULSE_HELPED] ||
           tie->answers[PULSE_HELPING];
}

static bool is_of(const struct listing *l, const struct pulse_pairing *pairing)
{
    return !l->hospital.p || str_eq(l->hospital, pairing->hospital[PULSE_HELPED]) ||
           str_eq(l->hospital, pairing->hospital[PULSE_HELPING]);
}

static int put_one(struct listing *l, struct pulse_pairing *pairing, struct err *err)
{
    bool mine = waits(pairing);
    int r = 0;

    if (l->waiting && !concerns(&pairing->tie))
        return 0;
    if (l->told == LIMIT_PULSE_PAIRINGS) {
        l->left_out++;
        return 0;
    }
    r = pulse_find(&l->pulse, pairing, err);
    if (r < 0 || (l->waiting && !mine && !pairing->quiet))
        return r;
    if (pairing->said)
        r = call_saw(l->pulse.call, &pairing->said_record, err);
    l->told++;
    pulse_put(&l->pulse, &l->o, pairing);
    return r;
}

static int list_one(struct listing *l, store_rid rid, struct err *err)
{
    struct pulse_pairing *pairing = arena_alloc(l->pulse.seek.a, sizeof(*pairing));
    struct store_record stored = {0};
    const struct json *record = NULL;
    bool is = false;
    int r =
        pairing ? seek_rid(&l->pulse.seek, rid, &stored, &record, err) : err_nomem(err);

    if (r == 0 && record)
        r = pulse_read(&l->pulse, record, &stored, pairing, &is, err);
    if (r < 0 || !is || !is_of(l, pairing) || !span_holds(pairing->term, l->pulse.now))
        return r;
    r = pulse_tie(&l->pulse, pairing, err);
    return r == 0 && pairing->tie.sees ? put_one(l, pairing, err) : r;
}

/* ---- lists ---- */

static int list_all(struct listing *l, struct err *err)
{
    const struct search_pair pairs[] = {{STR("_total"), STR("none")}};
    struct seek_list found = {NULL, 0};
    int r = seek_all(&l->pulse.seek,
        &(struct seek_for){"OrganizationAffiliation", pairs, 1, LIMIT_PULSE_RECORDS},
        &found, err);

    for (size_t i = 0; r == 0 && i < found.count; i++)
        r = list_one(l, found.rids[i], err);
    return r;
}

static int show(struct listing *l, const struct rest *rest, struct err *err)
{
    struct store_record stored = {0};
    const struct json *record = NULL;
    struct pulse_pairing *pairing = arena_alloc(l->pulse.seek.a, sizeof(*pairing));
    bool is = false;
    int r = pairing ? seek_record(&l->pulse.seek, "OrganizationAffiliation", rest->id,
                          &stored, &record, err)
                    : err_nomem(err);

    if (r == 0 && !record)
        return access_no_such(rest->type, rest->id, false, err);
    if (r == 0)
        r = pulse_read(&l->pulse, record, &stored, pairing, &is, err);
    if (r == 0 && !is)
        return err_set(err, E_INVALID, NULL,
            "%.*s is no pairing of two organisations that holds, and has no pulse.",
            (int)rest->id.len, rest->id.p);
    if (r == 0)
        r = pulse_tie(&l->pulse, pairing, err);
    if (r == 0 && !pairing->tie.sees)
        return err_set(err, E_FORBIDDEN, NULL,
            "The pulse of a pairing is shown to who works at either side, and to its "
            "coordinators.");
    return r == 0 ? put_one(l, pairing, err) : r;
}

/* ---- the way ---- */

static int take(struct listing *l, const struct rest *rest, struct err *err)
{
    for (size_t i = 0; i < rest->pair_count; i++) {
        if (rest->id.p || l->waiting || !str_is(rest->pairs[i].name, "organization"))
            return err_set(err, E_INVALID, NULL,
                "OrganizationAffiliation/$pulse takes organization, a hospital, and "
                "nothing else; of one pairing, and $waiting, nothing.");
        l->hospital = rest->pairs[i].value;
    }
    return 0;
}

static int answer(struct app_call *call, const struct rest *rest, struct err *err)
{
    struct listing *l = arena_alloc(call->arena, sizeof(*l));
    int r = l ? 0 : err_nomem(err);

    if (r < 0)
        return r;
    *l = (struct listing){.waiting = str_is(str_of(rest->word), "$waiting")};
    r = take(l, rest, err);
    if (r < 0)
        return r;
    r = pulse_begin(&l->pulse, call, err);
    l->o = json_out(&call->answer);
    if (r == 0) {
        fhir_parameters_open(&l->o);
        r = rest->id.p ? show(l, rest, err) : list_all(l, err);
        if (l->left_out > 0) {
            fhir_part_open(&l->o, "left-out");
            json_name(&l->o, "valueInteger");
            json_put_int(&l->o, (long long)l->left_out);
            json_close(&l->o, '}');
        }
        fhir_parameters_close(&l->o);
    }
    pulse_end(&l->pulse);
    return r;
}

int rest_pulse(struct app_call *call, const struct rest *rest, struct err *err)
{
    if (call->inner_)
        return err_set(err, E_UNSUPPORTED, NULL,
            "%s is asked for by itself and not within a Bundle.", rest->word);
    return call_pool(call, rest, answer, err);
}
