/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GET Task/$worklist: the cases that a person has to do with, first those that wait for the
 * person's side, then by urgency and by what is due.
 *
 *   show     waiting, open (waiting too), ended, all; usually open, or all where states are named
 *   state    states as in Task.businessStatus, with commas between
 *   urgency  emergency, urgent, routine, with commas between
 *   side     asking or asked: only as whose people one is there
 *   unit     Organization/ID: only as one of its people
 *   mine     true: only what this person asked, or has to answer
 *   total    true: count them all, up to LIMIT_WORKLIST_TOTAL
 *   _count   rows of a page
 */
#include <string.h>

#include "app/worklist_internal.h"

/* What is asked for, before it is known who asks. */
struct question {
    unsigned groups;
    unsigned states;
    unsigned urgencies;
    unsigned sides; /* bits by enum case_task_side */
    struct str unit;
    bool mine;
    bool total;
    int64_t count;
};

/* ---- parameters ---- */

static int take_show(struct question *q, struct str value, struct err *err)
{
    static const struct {
        const char *word;
        unsigned groups;
    } words[] = {
        {"waiting", 1u << WORKLIST_WAITS},
        {"open", 1u << WORKLIST_WAITS | 1u << WORKLIST_OPEN},
        {"ended", 1u << WORKLIST_ENDED},
        {"all", 1u << WORKLIST_WAITS | 1u << WORKLIST_OPEN | 1u << WORKLIST_ENDED},
    };

    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (str_is(value, words[i].word)) {
            q->groups = words[i].groups;
            return 0;
        }
    }
    return err_set(err, E_INVALID, "show", "show must be waiting, open, ended or all.");
}

static int take_states(struct question *q, struct str value, struct err *err)
{
    q->states = 0;
    while (value.p) {
        enum case_task_state state =
            case_task_state_of(text_trim(str_cut(&value, ',')));

        if (state == CASE_TASK_NONE)
            return err_set(err, E_INVALID, "state",
                "state must be codes of the state of a case, such as sent,allocated.");
        q->states |= 1u << state;
    }
    return 0;
}

static int take_urgencies(struct question *q, struct str value, struct err *err)
{
    q->urgencies = 0;
    while (value.p) {
        struct str word = text_trim(str_cut(&value, ','));
        unsigned before = q->urgencies;

        for (int u = 0; u < CASE_URGENCIES; u++) {
            if (str_is(word, case_task_urgency_word((enum case_urgency)u)))
                q->urgencies |= 1u << u;
        }
        if (q->urgencies == before)
            return err_set(err, E_INVALID, "urgency",
                "urgency must be emergency, urgent or routine, each once, with commas "
                "between.");
    }
    return 0;
}

static int take_side(struct question *q, struct str value, struct err *err)
{
    if (str_is(value, "asking"))
        q->sides = 1u << CASE_TASK_ASKING;
    else if (str_is(value, "asked"))
        q->sides = 1u << CASE_TASK_ASKED;
    else
        return err_set(err, E_INVALID, "side", "side must be asking or asked.");
    return 0;
}

static int take_truth(const char *name, struct str value, bool *ret, struct err *err)
{
    *ret = str_is(value, "true");
    if (*ret || str_is(value, "false"))
        return 0;
    return err_set(err, E_INVALID, name, "%s must be true or false.", name);
}

static int take_one(struct question *q, const struct search_pair *pair, struct err *err)
{
    if (str_is(pair->name, "show"))
        return take_show(q, pair->value, err);
    if (str_is(pair->name, "state"))
        return take_states(q, pair->value, err);
    if (str_is(pair->name, "urgency"))
        return take_urgencies(q, pair->value, err);
    if (str_is(pair->name, "side"))
        return take_side(q, pair->value, err);
    if (str_is(pair->name, "mine"))
        return take_truth("mine", pair->value, &q->mine, err);
    if (str_is(pair->name, "total"))
        return take_truth("total", pair->value, &q->total, err);
    if (str_is(pair->name, "unit")) {
        q->unit = pair->value;
        return 0;
    }
    if (str_is(pair->name, "_count")) {
        if (text_int(pair->value, 0, LIMIT_PAGE, &q->count))
            return 0;
        return err_set(err, E_INVALID, "_count",
            "_count must be a number from 0 to %d.", LIMIT_PAGE);
    }
    return err_set(err, E_INVALID, pair->name.p,
        "$worklist takes show, state, urgency, side, unit, mine, total, _count and "
        "_page, and nothing else.");
}

static int take_all(const struct rest *rest, struct question *q, struct err *err)
{
    bool shown = false;
    bool named = false;
    int r = 0;

    *q = (struct question){.groups = 1u << WORKLIST_WAITS | 1u << WORKLIST_OPEN,
        .states = (1u << CASE_TASK_STATES) - 1,
        .urgencies = (1u << CASE_URGENCIES) - 1,
        .sides = 1u << CASE_TASK_ASKING | 1u << CASE_TASK_ASKED,
        .count = LIMIT_PAGE_DEFAULT};
    for (size_t i = 0; r == 0 && i < rest->pair_count; i++) {
        shown |= str_is(rest->pairs[i].name, "show");
        named |= str_is(rest->pairs[i].name, "state");
        r = take_one(q, &rest->pairs[i], err);
    }
    if (named && !shown)
        q->groups = (1u << WORKLIST_GROUPS) - 1;
    return r;
}

/* ---- whose ---- */

/* Of ${list} only ${unit}, which is among them or not. */
static void only(store_rid unit, const store_rid **list, size_t *count)
{
    for (size_t i = 0; i < *count; i++) {
        if ((*list)[i] == unit) {
            *list += i;
            *count = 1;
            return;
        }
    }
    *count = 0;
}

static int take_unit(
    struct worklist_answer *w, const struct question *q, struct err *err)
{
    struct fhir_reference ref =
        fhir_reference_parse(q->unit, w->call->app->base[APP_FHIR]);
    unsigned type = fhir_resource_named(STR("Organization"))->number;
    store_rid unit = 0;
    int r = 0;

    if (ref.form != FHIR_REF_LOCAL || ref.type != type)
        return err_set(err, E_INVALID, "unit",
            "unit must be a reference to an Organization, such as Organization/ID.");
    r = store_find(w->snapshot, type, ref.id, &unit, err);
    if (r < 0 && r != E_NOT_FOUND)
        return r;
    only(unit, &w->rq.asking, &w->rq.asking_count);
    only(unit, &w->rq.asked, &w->rq.asked_count);
    return 0;
}

/* The person's units, and what the question leaves of them. */
static int take_places(
    struct worklist_answer *w, const struct question *q, struct err *err)
{
    struct access *access = w->call->access_;
    struct reader_places places;
    int r = access_make(access, err);

    if (r < 0)
        return r;
    places = reader_places(access->reader);
    w->me = places.person;
    if (q->sides & 1u << CASE_TASK_ASKING) {
        w->rq.asking = places.hospitals;
        w->rq.asking_count = places.hospital_count;
    }
    if (q->sides & 1u << CASE_TASK_ASKED) {
        w->rq.asked = places.units;
        w->rq.asked_count = places.unit_count;
    }
    w->rq.mine = q->mine ? w->me : 0;
    if (q->mine && !w->me) { /* nobody's */
        w->rq.asking_count = 0;
        w->rq.asked_count = 0;
    }
    return q->unit.p ? take_unit(w, q, err) : 0;
}

/* ---- answering ---- */

static int take_page(
    struct worklist_answer *w, const struct rest *rest, struct err *err)
{
    uint64_t identity = page_identity(rest, rest->pairs, rest->pair_count);

    return rest->page.p ? page_open(w->call->app, w->call->arena, identity, rest->page,
                              &w->rq.after, err)
                        : 0;
}

static int seal_next(
    struct worklist_answer *w, const struct rest *rest, struct err *err)
{
    uint64_t identity = page_identity(rest, rest->pairs, rest->pair_count);
    const struct worklist_row *last = NULL;

    if (!w->list.more || w->list.count == 0)
        return 0;
    last = &w->list.rows[w->list.count - 1];
    return page_seal(w->call->app, w->call->arena, identity,
        (struct str){(const char *)last->place, last->place_len}, &w->next, err);
}

static int read_and_write(struct worklist_answer *w, const struct rest *rest,
    const struct question *q, struct err *err)
{
    int r = take_places(w, q, err);

    w->rq.groups = q->groups;
    w->rq.states = q->states;
    w->rq.urgencies = q->urgencies;
    w->rq.filter = access_filter(w->call->access_);
    w->rq.most = (size_t)q->count;
    w->rq.count_most = q->total ? LIMIT_WORKLIST_TOTAL : 0;
    w->total = q->total;
    if (r == 0)
        r = take_page(w, rest, err);
    if (r == 0)
        r = worklist_read(w->snapshot, w->call->arena, &w->rq, &w->list, err);
    if (r == 0)
        r = seal_next(w, rest, err);
    return r < 0 ? r : worklist_write(w, err);
}

int rest_worklist(struct app_call *call, const struct rest *rest, struct err *err)
{
    struct worklist_answer w = {.call = call, .now = time_now()};
    struct question q;
    int r = 0;

    if (!call->access_ || call->access_->whole)
        return err_set(err, E_FORBIDDEN, NULL,
            "A worklist is that of a person, or of a hospital's program: a token that "
            "is nobody's has none. Search Task instead.");
    r = take_all(rest, &q, err);
    if (r == 0)
        r = call_read_begin(call, &w.snapshot, err);
    if (r == 0)
        r = read_and_write(&w, rest, &q, err);
    call_read_end(call, w.snapshot);
    return r;
}
