/* SPDX-License-Identifier: Apache-2.0 */
/* One figure for each of another, in decimals and never as binary fractions. */
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
