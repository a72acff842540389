/* SPDX-License-Identifier: Apache-2.0 */
/* A step of a case without looking anything up: the operation's own rules and builders, given
 * what its looking up (case_look.c, case_ladder.c, case_times.c) would have found. */
#include "app/case_make.h"

#include "app/bed.h"
#include "app/case_internal.h"

struct making {
    const struct case_make *m;
    struct app_call call;
    struct rest rest;
    struct case_doing d;
};

/* ---- what is there ---- */

int case_made_read(
    struct arena *a, struct str text, const struct json **ret, struct err *err)
{
    *ret = NULL;
    return text.p ? json_read_trusted(a, text, ret, err) : 0;
}

static int look(struct making *k, struct err *err)
{
    const struct case_make *m = k->m;
    struct case_doing *d = &k->d;
    int r = case_made_read(m->arena, m->request, &d->request, err);

    if (r == 0)
        r = case_made_read(m->arena, m->task, &d->task, err);
    if (r == 0)
        r = case_made_read(m->arena, m->bed, &d->bed.json, err);
    if (r < 0)
        return r;
    d->state = d->task ? case_state_of(d->task) : CASE_DRAFT;
    (void)case_clock_read(d->task, &d->clock);
    if (!(d->step->from & CASE_IN(d->state)) ||
        (m->node && (!d->clock.next || d->clock.next > d->now)))
        return err_set(err, E_CONFLICT, NULL, "%s does not begin at the state %s.",
            m->step, case_state_code(d->state));
    d->to = case_leads_to(d);
    d->hospital = m->hospital;
    d->bed_hospital = m->bed_hospital;
    d->reach = m->reach;
    d->display = m->display;
    return case_given_check(d, err);
}

/* ---- what comes of it ---- */

/* The text of ${b}, in the arena; ${b} is empty again. */
static int take(struct making *k, struct buf *b, struct str *ret, struct err *err)
{
    int r = buf_keep(b, k->m->arena, "A step of a case", ret, err);

    buf_clear(b);
    return r;
}

/* Who is asked from here on: of a step that sends it somewhere. */
static void ask(struct making *k)
{
    const struct case_make *m = k->m;
    struct case_doing *d = &k->d;

    if (d->step->does != CASE_DOES_SEND && d->step->does != CASE_DOES_REROUTE)
        return;
    d->units[0] = m->unit;
    d->unit_count = 1;
    case_ladder_make(d);
    for (size_t i = 0; i < m->rung_count; i++)
        case_ladder_add(d, m->rungs[i], "coordinator");
    if (d->step->does == CASE_DOES_SEND) {
        case_clock_send(&d->clock, m->times, d->now);
        d->way = m->way;
    }
}

static int make_request(
    struct making *k, struct buf *b, struct case_made *made, struct err *err)
{
    int r = 0;

    if (case_request_put(b, &k->d)) {
        r = take(k, b, &made->request, err);
        if (r == 0)
            r = case_made_read(k->m->arena, made->request, &k->d.request_after, err);
    }
    buf_clear(b);
    return r;
}

static int make_bed(
    struct making *k, struct buf *b, struct case_made *made, struct err *err)
{
    const struct bed_state taken = {
        .code = "O", .transfer = k->m->id, .promised = k->d.to == CASE_BED_ACCEPTED};
    const struct bed_state left = {.code = "U"};
    bool takes = k->d.to == CASE_BED_ACCEPTED || k->d.to == CASE_ARRIVED;

    if (!k->d.bed.json || k->d.to == k->d.state || k->d.to == CASE_ON_THE_WAY)
        return 0;
    bed_put(b, k->d.bed.json, takes ? &taken : &left);
    return take(k, b, &made->bed, err);
}

static int make_all(
    struct making *k, struct buf *b, struct case_made *made, struct err *err)
{
    int r = 0;

    case_clock_run(&k->d);
    r = make_request(k, b, made, err);
    if (r < 0)
        return r;
    ask(k);
    k->d.words_id = case_given_text(k->d.step, &k->d.given, "id");
    case_task_put(b, &k->d);
    r = take(k, b, &made->task, err);
    if (r == 0 && case_words_put(b, &k->d))
        r = take(k, b, &made->words, err);
    if (r == 0)
        r = make_bed(k, b, made, err);
    made->state = k->d.to;
    made->next = k->d.clock.next;
    return r;
}

int case_make(const struct case_make *m, struct case_made *ret, struct err *err)
{
    struct making *k = arena_alloc(m->arena, sizeof(*k));
    struct case_made made = {.next = 0};
    struct buf b;
    int r = 0;

    if (!k)
        return err_nomem(err);
    k->m = m;
    k->call = (struct app_call){.app = m->app,
        .arena = m->arena,
        .caller = {.name = STR("belay")},
        .node_ = m->node,
        .body = m->parameters};
    k->rest = (struct rest){.type = case_type("ServiceRequest"), .id = m->id};
    k->d = (struct case_doing){.call = &k->call, .rest = &k->rest, .now = m->at};
    k->d.step = case_step_named(str_of(m->step), m->node);
    if (!k->d.step)
        return err_set(err, E_BUG, NULL, "%s is no step of a case.", m->step);
    if (!m->node)
        k->call.caller.practitioner = m->by;
    buf_init(&b, LIMIT_RECORD_BYTES);
    r = case_parameters_read(&k->call, k->d.step, &k->d.given, err);
    if (r == 0)
        r = look(k, err);
    if (r == 0)
        r = make_all(k, &b, &made, err);
    buf_done(&b);
    if (r == 0)
        *ret = made;
    return r;
}
