/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How much of what a hospital can do hangs on its twins (in illnesses), and until when, by
 * the procedures that became independent in the two years before (docs/CAPABILITY.md).
 */
#include "app/map_internal.h"
#include "engine/capability/forecast.h"
#include "fhir/part.h"

#define DAY_MS ((int64_t)24 * 3600 * 1000)
#define LOOK_BACK_DAYS 730

static void put_forecast(struct json_out *o, int64_t at, const struct forecast *f)
{
    fhir_part_put_flag(o, "known", f->known);
    if (!f->known)
        return;
    fhir_part_put_instant(o, "soonest", at + (int64_t)(f->soonest * (double)DAY_MS));
    if (f->middle <= FORECAST_MOST_DAYS)
        fhir_part_put_instant(o, "middle", at + (int64_t)(f->middle * (double)DAY_MS));
    if (f->latest >= 0)
        fhir_part_put_instant(o, "latest", at + (int64_t)(f->latest * (double)DAY_MS));
}

int map_forecast_write(struct map_answer *m, uint32_t hospital, struct err *err)
{
    struct network_map_asked before = {.at = m->asked.at - LOOK_BACK_DAYS * DAY_MS};
    struct forecast_counts counts = {.days = LOOK_BACK_DAYS};
    struct forecast f;
    int reached = 0, independent = 0;
    double index = 0;

    for (uint32_t i = 0; i < catalogue_things(); i++) {
        const struct capability_answer *with = &m->with[i];
        bool able = with->level >= CAPABILITY_INDEPENDENT;
        struct capability_answer was;

        if (!catalogue_is_procedure(i)) {
            reached += with->level > CAPABILITY_NONE;
            independent += able;
            continue;
        }
        if (network_capability(m->network, m->scratch, &before, hospital, i, &was) < 0)
            return err_nomem(err);
        arena_reset(m->scratch);
        counts.remaining += with->level > CAPABILITY_NONE && !able;
        counts.gained += able && was.level < CAPABILITY_INDEPENDENT;
        counts.lost += !able && was.level >= CAPABILITY_INDEPENDENT;
    }
    f = forecast_independence(&counts);
    index = forecast_dependence(reached, independent);
    fhir_parts_open(&m->out, "dependence");
    if (index >= 0)
        fhir_part_put_real(&m->out, "index", index);
    fhir_part_put_int(&m->out, "reached", reached);
    fhir_part_put_int(&m->out, "independent", independent);
    fhir_part_put_int(&m->out, "gained", counts.gained);
    fhir_part_put_int(&m->out, "lost", counts.lost);
    fhir_part_put_int(&m->out, "remaining", counts.remaining);
    fhir_part_put_int(&m->out, "days", counts.days);
    put_forecast(&m->out, m->asked.at, &f);
    fhir_parts_close(&m->out);
    return 0;
}
