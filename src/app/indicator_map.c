/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Figures of the capability map (docs/CAPABILITY.md) as facts: an illness at a hospital, at the last
 * moment of the period and of each year in it, or now where that is to come. They are worked out
 * by the rules that the map and routing use, of the hospitals that the programme is for. Nothing
 * is kept: a hospital takes a fifth of a millisecond.
 */
#include "base/limits.h"

#include "app/indicator_internal.h"
#include "app/map_internal.h"

#define DAY ((utc_ms)24 * 60 * 60 * 1000)
#define YEARS_MOST 40

struct mapping {
    struct indicator_run *run;
    const struct network *network;
    struct arena *scratch;
    struct capability_answer *answers;
    struct indicator_rows rows;
    size_t cap;
    uint32_t hospital;
    store_rid rid; /* of the hospital */
    utc_ms moment; /* the last of the time that is asked about */
};

/* ---- one illness at one hospital ---- */

static bool is_severe(const struct indicator_define *d, uint32_t illness)
{
    static const char *const names[] = {[CATALOGUE_MINOR] = "minor",
        [CATALOGUE_MODERATE] = "moderate",
        [CATALOGUE_SERIOUS] = "serious"};

    return !d->severity.p ||
           str_is(d->severity, names[catalogue_thing(illness)->level]);
}

static bool counts(enum indicator_map map, const struct capability_answer *a)
{
    return map == INDICATOR_LISTED         ? a->listed
           : map == INDICATOR_DEMONSTRATED ? a->demonstrated
           : map == INDICATOR_SUSTAINED    ? a->sustained
                                           : a->level > CAPABILITY_NONE;
}

/* What the stratum ${axis} is for ${illness} here. */
static int fill_stratum(const struct mapping *m, size_t axis, uint32_t illness,
    struct indicator_cell *ret, struct err *err)
{
    struct arena *a = m->run->call->arena;
    struct str name = {NULL, 0}, area = {NULL, 0};
    const char *made = NULL;

    if (axis == INDICATOR_NO_AXIS)
        return 0;
    name = m->run->ask.define->strata[axis].name;
    if (str_is(name, "hospital"))
        ret->rid = m->rid;
    else if (str_is(name, "specialty"))
        ret->text = str_of(catalogue_thing(illness)->specialty);
    else
        area = str_is(name, "prefecture") ? network_prefecture(m->network, m->hospital)
                                          : network_region(m->network, m->hospital);
    if (!area.p)
        return 0;
    made = arena_printf(a, "Location/%.*s", (int)area.len, area.p);
    ret->text = str_of(made);
    return made ? 0 : err_nomem(err);
}

static struct indicator_row *row_new(struct mapping *m, struct err *err)
{
    struct indicator_rows *rows = &m->rows;

    if (rows->count == LIMIT_INDICATOR_FACTS) {
        err_set(err, E_TOO_LARGE, NULL, "There are more than %d facts in this figure.",
            LIMIT_INDICATOR_FACTS);
        return NULL;
    }
    if (rows->count == m->cap) {
        size_t cap = m->cap ? m->cap * 2 : 256;
        struct indicator_row *grown = arena_grow(m->run->call->arena, rows->list,
            m->cap * sizeof(*grown), cap * sizeof(*grown));

        if (!grown) {
            err_nomem(err);
            return NULL;
        }
        rows->list = grown;
        m->cap = cap;
    }
    return memset(&rows->list[rows->count++], 0, sizeof(rows->list[0]));
}

static int add_illness(struct mapping *m, uint32_t illness, struct err *err)
{
    const struct indicator_ask *ask = &m->run->ask;
    const struct capability_answer *a = &m->answers[illness];
    struct indicator_row *row = NULL;
    int r = 0;

    if (!counts(ask->define->map, a) || !is_severe(ask->define, illness))
        return 0;
    row = row_new(m, err);
    if (!row)
        return err->code;
    row->record = m->rid;
    row->from = m->moment;
    row->until = m->moment + 1;
    row->position = m->run->position;
    row->cells[0].text = str_of(catalogue_thing(illness)->code);
    if (a->level >= CAPABILITY_INDEPENDENT)
        row->cells[INDICATOR_CELL_MET].text = STR("1");
    r = fill_stratum(m, ask->axis, illness, &row->cells[INDICATOR_CELL_STRATUM], err);
    return r == 0 ? fill_stratum(m, ask->filter, illness,
                        &row->cells[INDICATOR_CELL_FILTER], err)
                  : r;
}

/* ---- all of them ---- */

static int add_hospital(struct mapping *m, struct err *err)
{
    utc_ms now = call_now(m->run->call);
    struct network_map_asked asked = {.at = m->moment < now ? m->moment : now};
    struct str name = network_hospital_name(m->network, m->hospital).reference;
    struct fhir_reference ref = fhir_reference_parse(name, (struct str){NULL, 0});
    int r = store_find(m->run->snapshot, ref.type, ref.id, &m->rid, err);

    if (r == E_NOT_FOUND) /* the records are newer than what is remembered of them */
        return 0;
    if (r == 0 && network_capabilities(
                      m->network, m->scratch, &asked, m->hospital, m->answers) < 0)
        r = err_nomem(err);
    for (uint32_t i = (uint32_t)catalogue_procedure_count;
         r == 0 && i < catalogue_things(); i++)
        r = add_illness(m, i, err);
    return r;
}

static int add_moment(struct mapping *m, utc_ms end, struct err *err)
{
    int r = 0;

    m->moment = end - 1;
    for (uint32_t i = 0; r == 0 && i < network_hospital_count(m->network); i++) {
        m->hospital = i;
        if (network_is_assisted(m->network, i))
            r = add_hospital(m, err);
    }
    return r;
}

/* The ends of years within the period, in their order, then its own. */
static int add_moments(struct mapping *m, struct err *err)
{
    struct span period = m->run->ask.period;
    int64_t year = 0;
    unsigned month = 0, day = 0;
    int r = 0;

    time_date(period.from / DAY, &year, &month, &day);
    for (int i = 1; r == 0 && i <= YEARS_MOST; i++) {
        utc_ms end = time_days(year + i, 1, 1) * DAY;

        if (end >= period.until)
            break;
        r = add_moment(m, end, err);
    }
    return r == 0 ? add_moment(m, period.until, err) : r;
}

int indicator_map_rows(
    struct indicator_run *run, struct indicator_rows *ret, struct err *err)
{
    struct mapping m = {.run = run, .scratch = arena_new()};
    int r = map_check_program(run->call, err);

    if (r == 0 && run->ask.known_at != UTC_MS_MAX)
        r = err_set(err, E_INVALID, "knownAt",
            "This figure is worked out from what the records say today: what was known "
            "of it earlier is not kept.");
    m.answers = arena_array(run->call->arena, catalogue_things(), sizeof(*m.answers));
    if (r == 0 && (!m.scratch || !m.answers))
        r = err_nomem(err);
    if (r == 0)
        r = networks_take(run->call->app->networks, &m.network, err);
    if (r == 0)
        r = add_moments(&m, err);
    network_release(m.network);
    arena_free(m.scratch);
    if (r == 0)
        *ret = m.rows;
    return r;
}
