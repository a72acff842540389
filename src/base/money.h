/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Amounts of money as they are written: decimals, summed and changed into another currency
 * exactly, and never as binary fractions. Pure; any thread.
 */
#ifndef BASE_MONEY_H
#define BASE_MONEY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

#define MONEY_CHARS 40

/* An amount in ten-thousandths of its currency. */
typedef int64_t money;

/* Read ${text}: digits, perhaps a point and at most four more; no sign, no exponent, at most
 * 10^14. False: it is no such amount. */
bool money_read(struct str text, money *ret);

/* A rate: the same with at most eight digits behind the point, in 10^-8, more than zero. */
bool money_rate_read(struct str text, int64_t *ret);

/* ${a} + ${b}; false: too large. */
bool money_add(money a, money b, money *ret);

/* ${amount} times ${rate}, to two decimals, a half to the even one; false: too large. */
bool money_change(money amount, int64_t rate, money *ret);

/* As text with two decimals, or four where it has more. */
void money_text(money amount, char out[MONEY_CHARS]);

#endif
