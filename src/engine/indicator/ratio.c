/* SPDX-License-Identifier: Apache-2.0 */
/* One figure for each of another, or times another, in decimals and never as binary fractions. */
#include "engine/indicator/indicator.h"

#define DECIMALS 4

bool indicator_ratio(int64_t numerator, int64_t denominator, int64_t per, int64_t *ret)
{
    int64_t all = 0, made = 0, rest = 0;

    if (denominator <= 0 || denominator > INT64_MAX / 10 || per <= 0 ||
        numerator < -INT64_MAX ||
        __builtin_mul_overflow(numerator < 0 ? -numerator : numerator, per, &all))
        return false;
    made = all / denominator;
    rest = all % denominator;
    for (int i = 0; i < DECIMALS; i++) { /* by hand, digit for digit */
        if (__builtin_mul_overflow(made, 10, &made))
            return false;
        made += rest * 10 / denominator;
        rest = rest * 10 % denominator;
    }
    if (made == INT64_MAX)
        return false;
    if (2 * rest > denominator || (2 * rest == denominator && made % 2 != 0))
        made++;
    *ret = numerator < 0 ? -made : made;
    return true;
}

/* Divide both by what divides both. */
static void reduce(int64_t *one, int64_t *other)
{
    int64_t a = *one < 0 ? -*one : *one, b = *other;

    while (b != 0) {
        int64_t rest = a % b;

        a = b;
        b = rest;
    }
    *one /= a;
    *other /= a;
}

bool indicator_times(
    int64_t *numerator, int64_t *denominator, int64_t times, int64_t of)
{
    int64_t over = *numerator, under = *denominator;

    if (under <= 0 || of <= 0 || over < -INT64_MAX || times < -INT64_MAX)
        return false;
    reduce(&over, &under);
    reduce(&over, &of);
    reduce(&times, &under);
    reduce(&times, &of);
    if (__builtin_mul_overflow(over, times, &over) ||
        __builtin_mul_overflow(under, of, &under))
        return false;
    *numerator = over;
    *denominator = under;
    return true;
}
