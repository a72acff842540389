/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GET PractitionerRole/$waiting: of whom a doctor has still to say whether they are fit for the
 * height, as far as the caller is one who may (app/fitness.c): people posted to a host from 2,500 m on
 * who are there or come within LIMIT_FITNESS_AHEAD_DAYS, and of whom nobody has decided it. Who comes
 * first stands first.
 *
 *   posting   id, person, department, hospital, altitude, first-day, arrived (they are there)
 */
#include <math.h>
#include <stdlib.h>

#include "app/fitness.h"
#include "app/network_internal.h"
#include "app/person.h"
#include "app/roster_internal.h"
#include "fhir/part.h"
#include "fhir/put.h"

#define DAY_MS (24LL * 3600 * 1000)

struct fitness_list {
    struct app_call *call;
    struct seek s;
    const struct network *network;
    const struct network_post **posts; /* that wait, by the day of arrival */
    size_t count;
    utc_ms now;
};

/* Is somebody posted there who comes soon or is there? */
static bool is_due(const struct fitness_list *l, const struct network_post *post)
{
    return !span_is_empty(post->fresh) &&
           post->fresh.from < l->now + LIMIT_FITNESS_AHEAD_DAYS * DAY_MS &&
           (post->term.until == 0 || post->term.until > l->now);
}

static bool is_decided(const struct json *post)
{
    struct json_each it = json_each(json_get(post, "extension"));

    while (json_next(&it)) {
        if (fitness_is(it.value))
            return true;
    }
    return false;
}

static int look(
    struct fitness_list *l, const struct network_post *post, struct err *err)
{
    const struct json *record = NULL;
    bool may = false;
    int r = seek_rid(&l->s, post->rid, NULL, &record, err);

    if (r < 0 || !record || is_decided(record))
        return r;
    r = fitness_may(l->call, &l->s, record, &may, err);
    if (r == 0 && may)
        l->posts[l->count++] = post;
    return r;
}

static int compare(const void *one, const void *other)
{
    const struct network_post *const *a = one, *const *b = other;

    if ((*a)->fresh.from != (*b)->fresh.from)
        return (*a)->fresh.from < (*b)->fresh.from ? -1 : 1;
    return str_cmp((*a)->id, (*b)->id);
}

static int find(struct fitness_list *l, struct err *err)
{
    const struct network *n = l->network;
    int r = 0;

    l->posts =
        arena_array(l->call->arena, n->post_count + 1, sizeof(struct network_post *));
    if (!l->posts)
        return err_nomem(err);
    for (size_t i = 0; r == 0 && i < n->post_count; i++) {
        if (is_due(l, &n->posts[i]))
            r = look(l, &n->posts[i], err);
    }
    if (l->count > 0)
        qsort(l->posts, l->count, sizeof(struct network_post *), compare);
    return r;
}

static void put_name(
    struct json_out *o, const char *name, const struct network_name *of)
{
    fhir_part_put_reference(o, name, of->reference, of->display);
}

static void put(
    const struct fitness_list *l, struct json_out *o, const struct network_post *post)
{
    const struct network_hospital *h = &l->network->hospitals[post->hospital];
    int offset = h->utc_offset == NETWORK_NO_OFFSET ? 0 : h->utc_offset;

    fhir_parts_open(o, "posting");
    fhir_part_put(o, "id", "valueId", post->id);
    put_name(o, "person", &l->network->persons[post->person].name);
    put_name(o, "department", &post->unit);
    put_name(o, "hospital", &h->name);
    fhir_part_put_int(o, "altitude", lround(l->network->places[h->place].altitude_m));
    fhir_part_put_day(o, "first-day", post->fresh.from + offset * 60000LL);
    fhir_part_put_flag(o, "arrived", post->fresh.from <= l->now);
    fhir_parts_close(o);
}

static int answer(struct fitness_list *l, struct err *err)
{
    struct json_out o;
    int r = networks_take(l->call->app->networks, &l->network, err);

    if (r == 0)
        r = find(l, err);
    if (r < 0)
        return r;
    o = json_out(&l->call->answer);
    fhir_parameters_open(&o);
    for (size_t i = 0; i < l->count; i++)
        put(l, &o, l->posts[i]);
    fhir_parameters_close(&o);
    return 0;
}

int fitness_waiting(struct app_call *call, const struct rest *rest, struct err *err)
{
    struct fitness_list l = {
        .call = call, .s = {.app = call->app, .a = call->arena}, .now = call_now(call)};
    int r = 0;

    if (rest->pair_count > 0)
        return err_set(err, E_INVALID, rest->pairs[0].name.p,
            "$waiting of postings takes no parameters.");
    r = call_read_begin(call, &l.s.snapshot, err);
    if (r == 0)
        r = answer(&l, err);
    network_release(l.network);
    call_read_end(call, l.s.snapshot);
    return r;
}
