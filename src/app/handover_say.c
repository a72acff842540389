/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Handover/ID/$name-successor: who is to take over what, by the person whose post ends, a
 * head of the department, or a coordinator.
 *
 *   successor   a Practitioner (valueReference)
 *   item        a record (valueReference), repeated; whom it would not be shown to is refused
 *   kind        instead: all of it that nobody has; without either, all that nobody has
 *
 * Handover/ID/$acknowledge: the one who was named takes it over, or says no.
 *
 *   item        a record, repeated; without: all that wait for the caller
 *   accept      false (valueBoolean): no
 *
 * Both answer with how many: done, and cannot (not shown to the one who was named).
 */
#include "app/handover_internal.h"
#include "app/logbook_internal.h"
#include "fhir/part.h"

struct saying {
    struct app_call *call;
    const struct rest *rest;
    struct seek s;
    struct handover_pack pack;
    bool naming;
    utc_ms now;

    /* what was posted */
    const struct json *body;
    struct str successor;
    struct str kind; /* p NULL: of all kinds */
    bool some;       /* single items are named */
    bool accept;

    unsigned done, cannot;
};

/* ---- what was posted ---- */

static bool is_known(const struct saying *y, struct str name)
{
    return str_is(name, "item") ||
           (y->naming ? str_is(name, "successor") || str_is(name, "kind")
                      : str_is(name, "accept"));
}

static int read_body(struct saying *y, struct err *err)
{
    struct json_each it;
    int r = body_read(y->call, &y->body, err);

    if (r == 0 && !str_is(json_get_text(y->body, "resourceType"), "Parameters"))
        r = err_set(err, E_INVALID, "resourceType",
            "What is posted to %s must be a Parameters resource.", y->rest->word);
    it = json_each(json_get(y->body, "parameter"));
    while (r == 0 && json_next(&it)) {
        struct str name = json_get_text(it.value, "name");

        if (!name.p || !is_known(y, name))
            r = err_set(err, E_INVALID, "parameter", "%s takes %s, and nothing else.",
                y->rest->word,
                y->naming ? "successor, item and kind" : "item and accept");
        else if (str_is(name, "item"))
            y->some = true;
        else if (str_is(name, "accept"))
            y->accept = json_kind(json_get(it.value, "valueBoolean")) != JSON_FALSE;
        else if (str_is(name, "kind"))
            y->kind = json_get_text(it.value, "valueCode");
        else
            y->successor =
                json_get_text(json_get(it.value, "valueReference"), "reference");
    }
    if (r == 0 && y->kind.p && handover_kind_of(y->kind) == HANDOVER_KINDS)
        r = err_set(err, E_INVALID, "kind", "There is no kind %.*s of open things.",
            (int)y->kind.len, y->kind.p);
    return r;
}

/* Is ${item} one of the items that were posted? */
static bool is_posted(const struct saying *y, const struct handover_item *item)
{
    struct json_each it = json_each(json_get(y->body, "parameter"));

    while (json_next(&it)) {
        if (str_is(json_get_text(it.value, "name"), "item") &&
            str_eq(json_get_text(json_get(it.value, "valueReference"), "reference"),
                item->reference))
            return true;
    }
    return false;
}

/* Each item that was posted must be open here, and one the caller knows of. */
static int check_posted(struct saying *y, struct err *err)
{
    struct json_each it = json_each(json_get(y->body, "parameter"));

    while (json_next(&it)) {
        struct str text =
            json_get_text(json_get(it.value, "valueReference"), "reference");
        bool found = false;

        if (!str_is(json_get_text(it.value, "name"), "item"))
            continue;
        for (size_t i = 0; i < y->pack.items.count; i++)
            found = found || (text.p && str_eq(y->pack.items.list[i].reference, text));
        if (!found)
            return err_set(err, E_INVALID, "item",
                "%.*s is not among what is handed over here: it may be done already.",
                (int)text.len, text.p ? text.p : "");
    }
    return 0;
}

/* ---- naming ---- */

static int check_successor(
    struct saying *y, struct handover_taker *ret, struct err *err)
{
    const struct json *person = NULL;
    int r = seek_reference(&y->s, y->successor, "Practitioner", &person, err);

    if (r == 0 && !person)
        r = err_set(err, E_INVALID, "successor",
            "Say who takes it over: successor (valueReference) is a Practitioner.");
    if (r == 0 && str_eq(y->successor, y->pack.post.person))
        r = err_set(err, E_INVALID, "successor",
            "Nobody takes over from themselves: name who is there after the end.");
    if (r == 0)
        r = handover_taker_init(&y->s, &y->pack.post, y->successor, ret, err);
    if (r == 0 && !ret->reader)
        r = err_set(err, E_INVALID, "successor",
            "They hold no post on the day after the end, and could take nothing over.");
    return r;
}

static int name_one(struct saying *y, struct handover_item *item,
    const struct handover_taker *taker, struct err *err)
{
    bool may = false;
    int r = handover_may_take(&y->s, &y->pack.post, item, taker, &may, err);

    if (r == 0 && !may && y->some)
        r = err_set(err, E_INVALID, "item", "%.*s could not be named for this %s: %s",
            (int)y->successor.len, y->successor.p, handover_rules[item->kind].code,
            handover_rules[item->kind].own
                ? "nobody else can do it, so it is to be done before the end."
                : "its record is not shown to them, or they do not work here.");
    y->cannot += !may;
    if (r < 0 || !may)
        return r;
    if (item->successor.p && str_eq(item->successor, y->successor))
        return 0;
    item->successor = y->successor;
    item->named_by = y->call->caller.practitioner;
    item->named_on = y->now;
    item->acknowledged_on = item->declined_on = item->fell_on = 0;
    y->done++;
    return 0;
}

static bool is_meant(const struct saying *y, const struct handover_item *item)
{
    if (y->some)
        return is_posted(y, item);
    return !item->holds && !item->stays &&
           (!y->kind.p || str_is(y->kind, handover_rules[item->kind].code));
}

static int check_part(struct saying *y, struct err *err)
{
    enum handover_part part = handover_part_of(&y->call->caller, &y->pack.post);

    if (part == HANDOVER_NO_PART)
        return err_set(err, E_FORBIDDEN, NULL,
            "Who takes over is named by who holds the post, a head of the department, "
            "or a coordinator.");
    if (part == HANDOVER_COORDINATOR && y->some)
        return err_set(err, E_FORBIDDEN, "item",
            "Coordinators see no patients: they name somebody for a kind, or for all "
            "that has nobody.");
    return 0;
}

static int name_all(struct saying *y, struct err *err)
{
    struct handover_taker taker = {.reader = NULL};
    int r = check_part(y, err);

    if (r == 0)
        r = check_posted(y, err);
    if (r == 0)
        r = check_successor(y, &taker, err);
    for (size_t i = 0; r == 0 && i < y->pack.items.count; i++) {
        if (is_meant(y, &y->pack.items.list[i]))
            r = name_one(y, &y->pack.items.list[i], &taker, err);
    }
    handover_taker_done(&taker);
    return r;
}

/* ---- taking over ---- */

static void take_one(struct saying *y, struct handover_item *item)
{
    if (y->accept && item->acknowledged_on)
        return;
    if (y->accept) {
        item->acknowledged_on = y->now;
        item->declined_on = 0;
    } else {
        item->successor = item->named_by = (struct str){NULL, 0};
        item->named_on = item->acknowledged_on = item->fell_on = 0;
        item->declined_on = y->now;
    }
    y->done++;
}

static int take_all(struct saying *y, struct err *err)
{
    bool any = false;

    for (size_t i = 0; i < y->pack.items.count; i++) {
        struct handover_item *item = &y->pack.items.list[i];
        bool mine =
            item->successor.p && str_eq(item->successor, y->call->caller.practitioner);

        any = any || mine;
        if (!mine || (y->some && !is_posted(y, item)))
            continue;
        /* a "no" to all means what waits, and not what was taken over */
        if (y->some || !item->acknowledged_on)
            take_one(y, item);
    }
    if (!any)
        return err_set(err, E_FORBIDDEN, NULL,
            "Nothing of this handover waits for you: it may be done, or somebody else "
            "was "
            "named.");
    return 0;
}

/* ---- the way ---- */

static void answer(struct saying *y)
{
    const char *names[] = {"done", "cannot"};
    unsigned values[] = {y->done, y->cannot};
    struct json_out o = json_out(&y->call->answer);

    fhir_parameters_open(&o);
    for (size_t i = 0; i < 2; i++) {
        fhir_part_open(&o, names[i]);
        json_name(&o, "valueInteger");
        json_put_int(&o, values[i]);
        json_close(&o, '}');
    }
    fhir_parameters_close(&o);
}

/* One try: E_CONFLICT where somebody was quicker by a moment. */
static int try_once(struct saying *y, bool *ret_again, struct err *err)
{
    struct store_reader *snapshot = NULL;
    bool there = false;
    int r = call_read_begin(y->call, &snapshot, err);

    *ret_again = false;
    y->s = (struct seek){y->call->app, snapshot, y->call->arena};
    y->done = y->cannot = 0;
    if (r == 0)
        r = handover_pack(&y->s, y->rest->id, y->now, &y->pack, &there, err);
    if (r == 0 && !there)
        r = access_no_such(y->rest->type, y->rest->id, false, err);
    if (r == 0)
        r = y->naming ? name_all(y, err) : take_all(y, err);
    call_read_end(y->call, snapshot);
    if (r == 0 && y->done > 0) {
        r = handover_write(y->call, &y->pack, false, y->now, err);
        *ret_again = r == E_CONFLICT;
    }
    return r;
}

static int run(struct app_call *call, const struct rest *rest, struct err *err)
{
    struct saying y = {.call = call,
        .rest = rest,
        .naming = str_is(str_of(rest->word), "$name-successor"),
        .accept = true,
        .now = call_now(call)};
    bool again = false;
    int r = read_body(&y, err);

    for (int i = 0; r == 0 && (i == 0 || again) && i < LIMIT_RACE_TRIES; i++) {
        r = try_once(&y, &again, err);
        if (again && i + 1 < LIMIT_RACE_TRIES)
            r = 0;
    }
    if (r == 0)
        answer(&y);
    return r;
}

int rest_handover_say(struct app_call *call, const struct rest *rest, struct err *err)
{
    if (call->inner_)
        return err_set(err, E_UNSUPPORTED, NULL,
            "%s is asked for by itself and not within a Bundle.", rest->word);
    if (!call->caller.practitioner.p || call->caller.client.p)
        return err_set(
            err, E_FORBIDDEN, NULL, "A person says who takes over, and no program.");
    return call_pool(call, rest, run, err);
}
