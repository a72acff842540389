/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What proportions and values have beside their number. The median of an even number of values lies
 * halfway between the two in the middle; that below which nine of ten lie is a value that occurs
 * (the nearest rank), so that no time is told which nobody took.
 */
#include <math.h>
#include <stdlib.h>

#include "engine/indicator/indicator_internal.h"

#define Z 1.959963984540054 /* of the normal distribution: 95 % lie within */

struct value {
    uint32_t stratum;
    int64_t amount;
    const struct indicator_fact *fact;
};

/* By stratum, then from the least. */
static int value_cmp(const void *one, const void *other)
{
    const struct value *a = one;
    const struct value *b = other;

    if (a->stratum != b->stratum)
        return a->stratum < b->stratum ? -1 : 1;
    return a->amount < b->amount ? -1 : a->amount > b->amount;
}

/* Halfway from ${a} to ${b}, which is not less; never over. */
static int64_t halfway(int64_t a, int64_t b)
{
    return a + (int64_t)(((uint64_t)b - (uint64_t)a) / 2);
}

/* Of the ${n} (more than 0) values at ${list}, from the least. */
static struct indicator_measured measure(const struct value *list, size_t n)
{
    struct indicator_measured made = {
        .median = halfway(list[(n - 1) / 2].amount, list[n / 2].amount),
        .ninety = list[n - n / 10 - 1].amount};

    for (size_t i = 0; i < n; i++) {
        made.limited += list[i].fact->limited;
        made.met += list[i].fact->limited && list[i].fact->met;
    }
    return made;
}

int indicator_spread(struct arena *a, const struct indicator_question *q,
    const struct indicator_fact *facts, size_t count, struct indicator_answer *made,
    struct err *err)
{
    struct value *list = arena_array(a, count + 1, sizeof(*list));
    size_t n = 0;

    if (!list)
        return err_nomem(err);
    for (size_t i = 0; i < count; i++) {
        if (indicator_belongs(q, &facts[i]))
            list[n++] = (struct value){0, facts[i].amount, &facts[i]};
    }
    qsort(list, n, sizeof(*list), value_cmp);
    if (n > 0)
        made->measured[q->stratum_count] = measure(list, n);
    for (size_t i = 0; i < n; i++)
        list[i].stratum = list[i].fact->stratum;
    qsort(list, n, sizeof(*list), value_cmp);
    for (size_t i = 0, next = 0; i < n; i = next) {
        while (next < n && list[next].stratum == list[i].stratum)
            next++;
        if (list[i].stratum < q->stratum_count)
            made->measured[list[i].stratum] = measure(list + i, next - i);
    }
    return 0;
}

struct indicator_interval indicator_wilson(int64_t met, int64_t all)
{
    double n = (double)all;
    double share = (double)met / n;
    double scale = 1 + Z * Z / n;
    double middle = (share + Z * Z / (2 * n)) / scale;
    double half = Z * sqrt(share * (1 - share) / n + Z * Z / (4 * n * n)) / scale;

    return (struct indicator_interval){
        met == 0 ? 0 : middle - half, met == all ? 1 : middle + half};
}
