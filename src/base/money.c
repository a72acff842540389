/* SPDX-License-Identifier: Apache-2.0 */
#include "base/money.h"

#include <inttypes.h>
#include <stdio.h>

__extension__ typedef __int128 wide;

#define MOST ((int64_t)1000000000000000000) /* 10^18: 10^14 units */
#define RATE_UNIT ((int64_t)100000000)

/* Digits with ${places} behind the point, as a whole number. */
static bool decimal(struct str text, int places, int64_t *ret)
{
    int64_t value = 0;
    int behind = -1;
    bool digits = false;

    if (text.len > 1 && text.p[0] == '0' && text.p[1] != '.')
        return false; /* no number of JSON */
    for (size_t i = 0; i < text.len; i++) {
        char c = text.p[i];

        if (c == '.' && behind < 0 && digits && i + 1 < text.len) {
            behind = 0;
            continue;
        }
        if (c < '0' || c > '9' || behind == places || value > MOST / 10)
            return false;
        value = value * 10 + (c - '0');
        behind += behind >= 0;
        digits = true;
    }
    for (int i = behind < 0 ? 0 : behind; i < places; i++) {
        if (value > MOST / 10)
            return false;
        value *= 10;
    }
    *ret = value;
    return digits && value <= MOST;
}

bool money_read(struct str text, money *ret)
{
    return decimal(text, 4, ret);
}

bool money_rate_read(struct str text, int64_t *ret)
{
    return decimal(text, 8, ret) && *ret > 0;
}

bool money_add(money a, money b, money *ret)
{
    if (a > MOST - b)
        return false;
    *ret = a + b;
    return true;
}

bool money_change(money amount, int64_t rate, money *ret)
{
    const wide unit = (wide)RATE_UNIT * 100; /* to hundredths */
    wide product = (wide)amount * rate;
    wide whole = product / unit;
    wide rest = product % unit;

    if (rest * 2 > unit || (rest * 2 == unit && whole % 2 != 0))
        whole++;
    if (whole > MOST / 100)
        return false;
    *ret = (money)whole * 100;
    return true;
}

void money_text(money amount, char out[MONEY_CHARS])
{
    int64_t behind = amount % 10000;

    if (behind % 100 == 0)
        snprintf(
            out, MONEY_CHARS, "%" PRId64 ".%02" PRId64, amount / 10000, behind / 100);
    else
        snprintf(out, MONEY_CHARS, "%" PRId64 ".%04" PRId64, amount / 10000, behind);
}
