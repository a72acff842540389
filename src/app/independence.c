/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GET Apprenticeship/$independence
 *
 *   period     a calendar quarter that has ended; needed: it stands as at its end
 *   procedure  a code of the catalogue; else all
 *   clock      cases (as operator; without it) or days, both from the apprenticeship's begin
 *   pooled     true: all groups that are told as one curve too
 *
 * For heads of department, quality officers, directors and coordinators: of departments where
 * their hospital teaches or learns; for a coordinator of the whole programme of all.
 */
#include "app/apprentice_internal.h"
#include "app/catalogue.h"
#include "app/independence_internal.h"
#include "app/person.h"

static const char *const roles[] = {
    "head-of-department", "quality-officer", "director", "coordinator"};

static bool is_reader(struct str role)
{
    for (size_t i = 0; i < sizeof(roles) / sizeof(roles[0]); i++) {
        if (str_is(role, roles[i]))
            return true;
    }
    return false;
}

/* ---- what is asked ---- */

static int take_code(struct independence_figures *in, struct str value, struct err *err)
{
    uint32_t thing = 0;

    in->code = value;
    if (catalogue_find(STR(CATALOGUE_PROCEDURE_SYSTEM), value, &thing))
        return 0;
    return err_set(err, E_INVALID, "procedure",
        "procedure must be a code of " CATALOGUE_PROCEDURE_SYSTEM ".");
}

static int take_clock(
    struct independence_figures *in, struct str value, struct err *err)
{
    in->days = str_is(value, "days");
    if (in->days || str_is(value, "cases"))
        return 0;
    return err_set(err, E_INVALID, "clock", "clock must be cases or days.");
}

static int take_pooled(
    struct independence_figures *in, struct str value, struct err *err)
{
    in->pooled = str_is(value, "true");
    if (in->pooled || str_is(value, "false"))
        return 0;
    return err_set(err, E_INVALID, "pooled", "pooled must be true or false.");
}

static int take(
    struct independence_figures *in, const struct rest *rest, struct err *err)
{
    int r = 0;

    for (size_t i = 0; r == 0 && i < rest->pair_count; i++) {
        const struct search_pair *pair = &rest->pairs[i];

        if (str_is(pair->name, "period")) {
            in->period = pair->value;
            r = caseload_period(pair->value, time_now(), &in->quarter, err);
        } else if (str_is(pair->name, "procedure")) {
            r = take_code(in, pair->value, err);
        } else if (str_is(pair->name, "clock")) {
            r = take_clock(in, pair->value, err);
        } else if (str_is(pair->name, "pooled")) {
            r = take_pooled(in, pair->value, err);
        } else {
            r = err_set(err, E_INVALID, pair->name.p,
                "$independence takes period, procedure, clock and pooled, and nothing "
                "else.");
        }
    }
    if (r == 0 && !in->period.p)
        r = err_set(err, E_INVALID, "period",
            "Say of when: period=2026-Q3, a quarter that has ended.");
    return r;
}

/* ---- whose ---- */

static int take_posts(struct independence_figures *in, struct err *err)
{
    const struct app_caller *caller = &in->call->caller;
    int r = 0;

    in->all = !access_limited(caller);
    in->mine = arena_array(in->call->arena, caller->post_count + 1, sizeof(*in->mine));
    if (!in->mine)
        return err_nomem(err);
    for (size_t i = 0; r == 0 && i < caller->post_count; i++) {
        const struct app_post *post = &caller->posts[i];
        store_rid hospital = 0;

        if (!is_reader(post->role))
            continue;
        in->all |= str_is(post->role, "coordinator") && !post->organization.p;
        if (post->organization.p)
            r = reader_hospital_of(in->reader, post->organization, &hospital, err);
        if (r == 0 && hospital)
            in->mine[in->mine_count++] = hospital;
    }
    return r;
}

/* ---- the way ---- */

static int count_and_write(struct independence_figures *in, struct err *err)
{
    int r = take_posts(in, err);

    if (r == 0)
        r = independence_facts(in, err);
    if (r == 0)
        r = independence_count(in, err);
    return r == 0 ? independence_write(in, err) : r;
}

static int run(struct app_call *call, const struct rest *rest, struct err *err)
{
    struct reader_who nobody = {
        .bases = app_bases(call->arena, call->app, call->base), .now = time_now()};
    struct independence_figures in = {.call = call};
    int r = take(&in, rest, err);

    in.seek = (struct seek){.app = call->app, .a = call->arena};
    if (r == 0)
        r = call_read_begin(call, &in.seek.snapshot, err);
    if (r == 0)
        r = reader_new(in.seek.snapshot, call->arena, &nobody, &in.reader, err);
    if (r == 0)
        r = count_and_write(&in, err);
    kept_release(in.held);
    reader_free(in.reader);
    call_read_end(call, in.seek.snapshot);
    return r;
}

int rest_independence(struct app_call *call, const struct rest *rest, struct err *err)
{
    const struct app_caller *caller = &call->caller;
    bool may = !access_limited(caller);

    for (size_t i = 0; i < caller->post_count; i++)
        may |= is_reader(caller->posts[i].role);
    if (!may)
        return err_set(err, E_FORBIDDEN, NULL,
            "How long independence takes is told to heads of department, quality "
            "officers, directors and coordinators.");
    return call_pool(call, rest, run, err);
}
