/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What one US dollar bought on the average of a year, by the central parity rates of the State
 * Administration of Foreign Exchange of China, rounded to four digits. They serve to see that
 * two amounts cannot both be right, not to change money.
 */
#include "app/figure.h"

#define USD_IN_CNY(year, rate)                                                         \
    {                                                                                  \
        {"USD", 3}, {"CNY", 3}, year, rate                                             \
    }

const struct claim_rate figure_rates[] = {
    USD_IN_CNY(2015, 6.2284),
    USD_IN_CNY(2016, 6.6423),
    USD_IN_CNY(2017, 6.7518),
    USD_IN_CNY(2018, 6.6174),
    USD_IN_CNY(2019, 6.8985),
    USD_IN_CNY(2020, 6.8976),
};

const size_t figure_rate_count = sizeof(figure_rates) / sizeof(figure_rates[0]);
