/* SPDX-License-Identifier: Apache-2.0 */
/* All options of a question, in their order. */
#include <stdlib.h>

#include "engine/routing/routing_internal.h"

const struct routing_rules routing_rules_default = {
    .version = "1",
    .limit_minutes = {[ROUTING_URGENT] = 24 * 60, [ROUTING_EMERGENCY] = 120},
    .teaching_minutes = 60,
    .rise_m = 300,
    .oxygen_rise_m = 500,
    .leaves_days = 14,
    .travel = {.road_factor = 1.5, .km_per_hour = {40, 30}},
};

static int compare_rows(const void *one, const void *other)
{
    const struct routing_capability *a = one, *b = other;

    if (a->illness != b->illness)
        return a->illness < b->illness ? -1 : 1;
    if (a->hospital != b->hospital)
        return a->hospital < b->hospital ? -1 : 1;
    if (a->level != b->level)
        return a->level > b->level ? -1 : 1;
    return a->person < b->person ? -1 : a->person > b->person;
}

void routing_sort(struct routing_capability *capabilities, size_t count)
{
    if (count > 0)
        qsort(capabilities, count, sizeof(*capabilities), compare_rows);
}

/* The first row of ${illness} or what would stand behind it. */
static size_t first_row(const struct routing_network *network, uint32_t illness)
{
    size_t low = 0, high = network->capability_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (network->capabilities[middle].illness < illness)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool same_known(unsigned one, unsigned other)
{
    return one != 0 && one == other;
}

/* How near the care of ${row} is; false: it is no option. Guidance over the wire and
 * supervision are for the hospital that has the patient: nobody is sent to another one to be
 * treated from a third. */
static bool kind_of(const struct routing_network *network,
    const struct routing_question *question, const struct routing_capability *row,
    enum routing_kind *ret)
{
    const struct routing_hospital *home = &network->hospitals[question->hospital];
    const struct routing_hospital *there = &network->hospitals[row->hospital];
    bool guided = row->level == ROUTING_BY_ADVICE || row->level == ROUTING_SUPERVISED;

    if (row->level == ROUTING_CANNOT)
        return false;
    if (row->hospital == question->hospital) {
        *ret = guided                              ? ROUTING_GUIDED_HERE
               : row->level == ROUTING_WITH_EXPERT ? ROUTING_EXPERT_HERE
                                                   : ROUTING_TEAM_HERE;
        return !guided || there->twin != ROUTING_NOBODY;
    }
    *ret = same_known(home->prefecture, there->prefecture) ? ROUTING_IN_PREFECTURE
           : same_known(home->region, there->region)       ? ROUTING_IN_REGION
                                                           : ROUTING_OUTSIDE;
    return !guided;
}

/* What puts ${b} behind ${a}, or ${a} behind ${b} (*${ret} 1); ROUTING_FIRST: nothing. */
static enum routing_decided_by decide(
    const struct routing_option *a, const struct routing_option *b, int *ret)
{
    *ret = a->safe ? -1 : 1;
    if (a->safe != b->safe)
        return ROUTING_BY_SAFETY;
    *ret = a->kind < b->kind ? -1 : 1;
    if (a->kind != b->kind)
        return ROUTING_BY_NEARNESS;
    *ret = a->counted < b->counted ? -1 : 1;
    if (a->counted != b->counted)
        return ROUTING_BY_TIME;
    *ret = a->hospital < b->hospital ? -1 : 1;
    if (a->hospital != b->hospital)
        return ROUTING_BY_POSITION;
    *ret = 0;
    return ROUTING_FIRST;
}

static int compare_options(const void *one, const void *other)
{
    int order;

    decide(one, other, &order);
    return order;
}

/* Several persons may carry what a hospital can do: the best of them stands for it, of equal
 * ones the one whose row comes first. ${option}'s hospital is the last one's or a new one. */
static size_t keep(
    struct routing_option *options, size_t count, const struct routing_option *option)
{
    for (size_t i = count; i > 0 && options[i - 1].hospital == option->hospital; i--) {
        if (options[i - 1].kind != option->kind)
            continue;
        if (compare_options(option, &options[i - 1]) < 0)
            options[i - 1] = *option;
        return count;
    }
    options[count] = *option;
    return count + 1;
}

size_t routing_options(const struct routing_network *network,
    const struct routing_rules *rules, const struct routing_question *question,
    struct routing_option *ret)
{
    struct routing_option option;
    struct routing_weighing w = {
        .network = network, .rules = rules, .question = question, .option = &option};
    size_t count = 0;

    for (size_t i = first_row(network, question->illness);
         i < network->capability_count &&
         network->capabilities[i].illness == question->illness;
         i++) {
        enum routing_kind kind;

        w.row = &network->capabilities[i];
        if (!kind_of(network, question, w.row, &kind))
            continue;
        routing_weigh(&w, kind);
        count = keep(ret, count, &option);
    }
    if (count > 0)
        qsort(ret, count, sizeof(*ret), compare_options);
    for (size_t i = 1; i < count; i++) {
        int order;

        ret[i].decided_by = decide(&ret[i - 1], &ret[i], &order);
    }
    return count;
}
