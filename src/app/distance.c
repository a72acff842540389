/* SPDX-License-Identifier: Apache-2.0 */
#include "app/distance.h"

#include <math.h>
#include <stddef.h>

static const struct {
    double least_km;
    const char *code;
} bands[] = {{400, "400-km-or-more"}, {200, "200-400-km"}, {100, "100-200-km"},
    {50, "50-100-km"}, {0, "under-50-km"}};

const char *distance_band(double kilometres)
{
    size_t band = 0;

    if (isnan(kilometres))
        return NULL;
    while (kilometres < bands[band].least_km)
        band++;
    return bands[band].code;
}
