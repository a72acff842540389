/* SPDX-License-Identifier: Apache-2.0 */
/* A question becomes what routing is asked, and its options become names. */
#include <math.h>

#include "app/network_internal.h"

/* ${procedure} is needed, if it is not yet. */
static void add_need(struct network_asking *q, uint32_t procedure)
{
    for (size_t i = 0; i < q->need_count; i++) {
        if (q->needs[i] == procedure)
            return;
    }
    q->needs[q->need_count++] = procedure;
}

static int find_needs(struct network_asking *q)
{
    const struct network_question *question = q->question;
    size_t most = 0;

    for (size_t i = 0; i < question->thing_count; i++)
        most += 1 + (size_t)catalogue_thing(question->things[i])->need_count;
    q->needs = arena_array(q->a, most + 1, sizeof(*q->needs));
    if (!q->needs)
        return E_NOMEM;
    for (size_t i = 0; i < question->thing_count; i++) {
        const struct catalogue_entry *one = catalogue_thing(question->things[i]);

        if (catalogue_is_procedure(question->things[i]))
            add_need(q, question->things[i]);
        else
            for (size_t k = 0; k < one->need_count; k++)
                add_need(q, one->needs[k]);
    }
    return 0;
}

static bool is_listed(
    const struct network *n, const struct network_question *q, uint32_t hospital)
{
    for (size_t k = 0; k < q->thing_count; k++) {
        if (network_is_listed(n, hospital, q->things[k]))
            return true;
    }
    return false;
}

static int copy_hospitals(struct network_asking *q)
{
    const struct network *n = q->network;

    q->hospitals = arena_array(q->a, n->hospital_count + 1, sizeof(*q->hospitals));
    q->twins = arena_array(q->a, n->hospital_count + 1, sizeof(*q->twins));
    if (!q->hospitals || !q->twins)
        return E_NOMEM;
    for (uint32_t i = 0; i < n->hospital_count; i++) {
        q->hospitals[i] = n->hospitals[i].routed;
        q->hospitals[i].listed = is_listed(n, q->question, i);
    }
    return 0;
}

static void name_option(const struct network_asking *q,
    const struct routing_option *routed, struct network_option *ret)
{
    const struct network *n = q->network;
    const struct network_hospital *hospital = &n->hospitals[routed->hospital];
    const struct travel_place *place = &n->places[hospital->place];
    const struct routing_hospital *there = &q->hospitals[routed->hospital];
    uint32_t home = 0;

    *ret = (struct network_option){.routed = *routed,
        .hospital = hospital->name,
        .place = n->place_names[hospital->place],
        .listed = there->listed,
        .demonstrated = there->proof >= ROUTING_PROOF_DEMONSTRATED,
        .sustained = there->proof == ROUTING_PROOF_SUSTAINED,
        .latitude = place->latitude,
        .longitude = place->longitude,
        .altitude_m = place->altitude_m};
    if (routed->kind == ROUTING_GUIDED_HERE)
        ret->unit = q->twins[routed->hospital];
    else if (q->units && routed->person != ROUTING_NOBODY)
        ret->unit = q->units[routed->person];
    if (!ret->unit.reference.p)
        ret->unit = hospital->name;
    ret->unit_hospital = network_hospital(n, ret->unit.reference, &home)
                             ? n->hospitals[home].name
                             : hospital->name;
}

/* Only the hospital that has the patient is guided there. */
static int pace_of_twin(struct network_asking *q, struct err *err)
{
    const struct network_question *question = q->question;
    uint32_t home = question->asked.hospital;
    uint32_t twin = q->hospitals[home].twin;
    struct network_pace pace = {ROUTING_NOT_KNOWN, 0};
    int r = 0;

    if (!question->pace || twin == ROUTING_NOBODY || !q->twins[home].reference.p)
        return 0;
    r = question->pace(question->pace_arg, q->twins[home].reference, &pace, err);
    if (r == 0 && pace.count > 0) {
        q->hospitals[twin].answer_minutes = pace.minutes;
        q->hospitals[twin].answers = pace.count;
    }
    return r;
}

static int decide(struct network_asking *q, const struct routing_rules *rules,
    struct network_answer *ret, struct err *err)
{
    const struct network *n = q->network;
    struct routing_question asked = q->question->asked;
    struct routing_network network = {
        .ways = {n->places, n->place_count, n->ways, n->way_count},
        .hospitals = q->hospitals,
        .persons = q->persons,
        .capabilities = q->rows,
        .hospital_count = n->hospital_count,
        .person_count = q->count,
        .capability_count = q->count};
    struct routing_option *options =
        arena_array(q->a, ROUTING_OPTIONS(n->hospital_count), sizeof(*options));
    struct network_option *named =
        arena_array(q->a, ROUTING_OPTIONS(n->hospital_count), sizeof(*named));
    int r = 0;

    if (!options || !named)
        return err_nomem(err);
    r = pace_of_twin(q, err);
    if (r < 0)
        return r;
    asked.illness = 0; /* rows are of what is asked, and of nothing else */
    routing_sort(q->rows, q->count);
    ret->count = routing_options(&network, rules, &asked, options);
    for (size_t i = 0; i < ret->count; i++)
        name_option(q, &options[i], &named[i]);
    ret->options = named;
    ret->actors = q->actors;
    ret->actor_count = q->count;
    return 0;
}

static void name_home(
    const struct network *n, uint32_t hospital, struct network_answer *ret)
{
    const struct network_hospital *home = &n->hospitals[hospital];
    const struct travel_place *place = &n->places[home->place];

    ret->from = home->name;
    ret->from_place = n->place_names[home->place];
    ret->latitude = place->latitude;
    ret->longitude = place->longitude;
    ret->altitude_m = place->altitude_m;
}

int network_route(const struct network *network, struct arena *a,
    const struct network_question *question, const struct routing_rules *rules,
    struct network_answer *ret, struct err *err)
{
    struct network_asking q = {
        .network = network, .a = a, .question = question, .now = question->asked.now};
    struct network_answer answer = {.count = 0};
    int r = find_needs(&q);

    if (r == 0)
        r = copy_hospitals(&q);
    for (uint32_t i = 0; r == 0 && i < network->hospital_count; i++)
        r = network_rows(&q, i);
    if (r < 0)
        return err_nomem(err);
    r = decide(&q, rules, &answer, err);
    if (r < 0)
        return r;
    name_home(network, question->asked.hospital, &answer);
    *ret = answer;
    return 0;
}
