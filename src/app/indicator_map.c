/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Figures of the capability map (docs/CAPABILITY.md) as facts: an illness at a hospital, at the last
 * moment of the period and of each year in it, or now where that is to come; as known earlier, of the
 * network as it was known then, and no later than that. They are worked out by the rules that the map and routing
 * use, of the hospitals that the programme is for. The map of a moment is worked out once in an answer, whichever
 * figures and years ask for it: they are all of one network. As long as that is the network, it is kept for other
 * answers (map_days.h).
 */
#include "base/limits.h"

#include "app/indicator_internal.h"
#include "app/map_days.h"
#include "app/map_internal.h"

#define DAY ((utc_ms)24 * 60 * 60 * 1000)
#define YEARS_MOST 40

/* An illness at a hospital, in a byte: its level, and what else is so. */
#define LEVEL 7
#define LISTED 8
#define DEMONSTRATED 16
#define SUSTAINED 32

/* The map of a moment: illnesses of each hospital. */
struct day {
    struct day *next;
    utc_ms at;
    uint8_t cells[];
};

/* A hospital that the programme is for. */
struct site {
    uint32_t number;
    store_rid rid;
};

struct indicator_maps {
    const struct network *network;
    utc_ms last; /* now, or when it was known: nothing is told of later */
    struct site *sites;
    size_t count;
    bool all; /* no hospital of the network is left out */
    struct day *days;
};

struct mapping {
    struct indicator_run *run;
    struct indicator_maps *maps;
    int (*take)(void *arg, const struct indicator_row *row, struct err *err);
    void *arg;
    utc_ms moment; /* the last of the time that is asked about */
};

/* ---- the map of a moment ---- */

static uint8_t cell_of(const struct network_level *one)
{
    return (uint8_t)(one->level | (one->listed ? LISTED : 0) |
                     (one->demonstrated ? DEMONSTRATED : 0) |
                     (one->sustained ? SUSTAINED : 0));
}

static int fill_day(struct indicator_run *run, struct day *day, struct err *err)
{
    const struct indicator_maps *maps = run->maps;
    struct network_map_asked asked = {.at = day->at};
    struct network_level *levels =
        arena_array(run->call->arena, catalogue_illness_count + 1u, sizeof(*levels));
    uint8_t *to = day->cells;

    if (!levels)
        return err_nomem(err);
    for (size_t i = 0; i < maps->count; i++) {
        arena_reset(run->scratch);
        if (network_levels(
                maps->network, run->scratch, &asked, maps->sites[i].number, levels) < 0)
            return err_nomem(err);
        for (size_t k = 0; k < catalogue_illness_count; k++)
            *to++ = cell_of(&levels[k]);
    }
    return 0;
}

/* The same from what is kept between questions: of moments that are over, where all hospitals are in it. */
static int find_day(struct indicator_run *run, struct day *day, struct err *err)
{
    const struct indicator_maps *maps = run->maps;
    struct map_days *kept = run->call->app->map_days;
    const struct map_day which = {.network = network_serial(maps->network),
        .then = run->ask.known.at != UTC_MS_MAX,
        .size = maps->count * catalogue_illness_count,
        .at = day->at};
    bool keeps = maps->all && day->at < call_now(run->call);
    int r = 0;

    if (keeps && map_days_get(kept, &which, day->cells))
        return 0;
    r = fill_day(run, day, err);
    if (r == 0 && keeps)
        map_days_put(kept, &which, day->cells);
    return r;
}

/* The map at ${at}, worked out the first time that it is asked about. */
static int take_day(
    struct indicator_run *run, utc_ms at, const struct day **ret, struct err *err)
{
    struct indicator_maps *maps = run->maps;
    struct day *day = maps->days;
    int r = 0;

    while (day && day->at != at)
        day = day->next;
    if (!day) {
        day = arena_alloc(
            run->call->arena, sizeof(*day) + maps->count * catalogue_illness_count);
        if (!day)
            return err_nomem(err);
        day->at = at;
        r = find_day(run, day, err);
        if (r < 0)
            return r;
        day->next = maps->days;
        maps->days = day;
    }
    *ret = day;
    return 0;
}

/* Hospitals whose records are newer than what is remembered of them are left out. */
static int add_site(struct indicator_run *run, uint32_t hospital, struct err *err)
{
    struct indicator_maps *maps = run->maps;
    struct str name = network_hospital_name(maps->network, hospital).reference;
    struct fhir_reference ref = fhir_reference_parse(name, (struct str){NULL, 0});
    store_rid rid = 0;
    int r = store_find(run->snapshot, ref.type, ref.id, &rid, err);

    if (r == 0)
        maps->sites[maps->count++] = (struct site){hospital, rid};
    maps->all = maps->all && r == 0;
    return r == E_NOT_FOUND ? 0 : r;
}

/* The network, and which hospitals of it. */
static int take_maps(struct indicator_run *run, struct err *err)
{
    struct indicator_maps *maps = NULL;
    size_t most = 0;
    int r = 0;

    if (run->maps)
        return 0;
    maps = arena_alloc(run->call->arena, sizeof(*maps));
    if (!maps)
        return err_nomem(err);
    run->maps = maps;
    maps->all = true;
    if (run->ask.known.at == UTC_MS_MAX)
        r = networks_take(run->call->app->networks, &maps->network, err);
    else
        r = networks_take_known(
            run->call->app->networks, run->position, &maps->network, err);
    if (r == 0)
        r = indicator_known_moment(run, &maps->last, err);
    if (r < 0)
        return r;
    most = network_hospital_count(maps->network);
    maps->sites = arena_array(run->call->arena, most + 1, sizeof(*maps->sites));
    if (!maps->sites)
        return err_nomem(err);
    for (uint32_t i = 0; r == 0 && i < most; i++) {
        if (network_is_assisted(maps->network, i))
            r = add_site(run, i, err);
    }
    return r;
}

void indicator_maps_done(struct indicator_run *run)
{
    if (run->maps)
        network_release(run->maps->network);
    run->maps = NULL;
}

/* ---- one illness at one hospital ---- */

static bool is_severe(const struct indicator_define *d, uint32_t illness)
{
    static const char *const names[] = {[CATALOGUE_MINOR] = "minor",
        [CATALOGUE_MODERATE] = "moderate",
        [CATALOGUE_SERIOUS] = "serious"};

    return !d->severity.p ||
           str_is(d->severity, names[catalogue_thing(illness)->level]);
}

static bool counts(enum indicator_map map, uint8_t cell)
{
    return map == INDICATOR_LISTED         ? cell & LISTED
           : map == INDICATOR_DEMONSTRATED ? cell & DEMONSTRATED
           : map == INDICATOR_SUSTAINED    ? cell & SUSTAINED
                                           : (cell & LEVEL) > CAPABILITY_NONE;
}

/* What the stratum ${axis} is for ${illness} here. */
static int fill_stratum(const struct mapping *m, const struct site *site, size_t axis,
    uint32_t illness, struct indicator_cell *ret)
{
    const struct network *n = m->maps->network;
    struct arena *a = m->run->of_facts;
    struct str name = {NULL, 0}, area = {NULL, 0};
    const char *made = NULL;

    if (axis == INDICATOR_NO_AXIS)
        return 0;
    name = m->run->ask.define->strata[axis].name;
    if (str_is(name, "hospital"))
        ret->rid = site->rid;
    else if (str_is(name, "specialty"))
        ret->text = str_of(catalogue_thing(illness)->specialty);
    else
        area = str_is(name, "prefecture") ? network_prefecture(n, site->number)
                                          : network_region(n, site->number);
    if (!area.p)
        return 0;
    made = arena_printf(a, "Location/%.*s", (int)area.len, area.p);
    ret->text = str_of(made);
    return made ? 0 : E_NOMEM;
}

static int tell_illness(const struct mapping *m, const struct site *site,
    uint32_t illness, uint8_t cell, struct err *err)
{
    const struct indicator_ask *ask = &m->run->ask;
    struct indicator_row row = {.record = site->rid,
        .from = m->moment,
        .until = m->moment + 1,
        .position = m->run->position};
    int r = 0;

    row.cells[0].text = str_of(catalogue_thing(illness)->code);
    if ((cell & LEVEL) >= CAPABILITY_INDEPENDENT)
        row.cells[INDICATOR_CELL_MET].text = STR("1");
    r = fill_stratum(m, site, ask->axis, illness, &row.cells[INDICATOR_CELL_STRATUM]);
    if (r == 0)
        r = fill_stratum(
            m, site, ask->filter, illness, &row.cells[INDICATOR_CELL_FILTER]);
    return r == 0 ? m->take(m->arg, &row, err) : err_nomem(err);
}

/* ---- all of them ---- */

/* Does nothing but how many illnesses there are tell hospitals apart? */
static bool is_one(const struct indicator_ask *ask)
{
    return ask->axis == INDICATOR_NO_AXIS && ask->filter == INDICATOR_NO_AXIS &&
           !ask->mix && !ask->rows && !ask->subjects;
}

/* An illness that can be treated anywhere is a fact: at the first hospital, with the highest level of all. */
static int tell_once(const struct mapping *m, const struct day *day, struct err *err)
{
    enum indicator_map map = m->run->ask.define->map;
    size_t illnesses = catalogue_illness_count;
    int r = 0;

    for (size_t k = 0; r == 0 && k < illnesses && m->maps->count > 0; k++) {
        uint32_t illness = (uint32_t)(catalogue_procedure_count + k);
        uint8_t best = 0;
        bool any = false;

        if (!is_severe(m->run->ask.define, illness))
            continue;
        for (size_t i = 0; i < m->maps->count; i++) {
            uint8_t cell = day->cells[i * illnesses + k];

            any = any || counts(map, cell);
            if (counts(map, cell) && (cell & LEVEL) > best)
                best = cell & LEVEL;
        }
        if (any)
            r = tell_illness(m, &m->maps->sites[0], illness, best, err);
    }
    return r;
}

static int tell_rows(struct mapping *m, const struct day *day, struct err *err)
{
    const struct indicator_define *d = m->run->ask.define;
    const uint8_t *cell = day->cells;
    int r = 0;

    if (is_one(&m->run->ask))
        return tell_once(m, day, err);
    for (size_t i = 0; i < m->maps->count; i++) {
        for (uint32_t k = (uint32_t)catalogue_procedure_count;
             r == 0 && k < catalogue_things(); k++, cell++) {
            if (counts(d->map, *cell) && is_severe(d, k))
                r = tell_illness(m, &m->maps->sites[i], k, *cell, err);
        }
    }
    return r;
}

/* ---- facts without rows ---- */

/* Most questions are how many illnesses there are, as a whole or by hospital: then the number of an illness is that of the thing, and nobody needs a
 * row of texts for each illness, hospital and year. */
struct telling {
    struct mapping m;
    bool *severe;      /* of each illness: it is asked about */
    uint32_t *stratum; /* of each site, once it has a fact */
};

static bool is_plain(const struct indicator_ask *ask)
{
    const struct indicator_define *d = ask->define;

    return ask->filter == INDICATOR_NO_AXIS && !ask->mix && !ask->rows &&
           !ask->subjects && d->count == INDICATOR_DISTINCT && d->thing_count == 1 &&
           d->disclosure < INDICATOR_YEARS && !d->only_value.p && !d->apart.path &&
           !d->part.path && !d->whole_first && !d->currency.path &&
           (ask->axis == INDICATOR_NO_AXIS ||
               str_is(d->strata[ask->axis].name, "hospital"));
}

static bool is_same(
    const struct indicator_cell *one, const struct indicator_cell *other)
{
    return one->rid == other->rid &&
           str_eq(indicator_cell_text(one), indicator_cell_text(other));
}

/* The stratum of ${site}, numbered when it is first met. */
static int find_stratum(struct telling *t, size_t site, uint32_t *ret, struct err *err)
{
    struct indicator_run *run = t->m.run;
    struct indicator_cell cell = {.rid = t->m.maps->sites[site].rid}, made = {.rid = 0};
    size_t at = 0;
    int r = 0;

    *ret = t->stratum[site];
    if (run->ask.axis == INDICATOR_NO_AXIS || *ret != INDICATOR_NO_STRATUM)
        return 0;
    r = indicator_resolve(
        run, run->ask.define->strata[run->ask.axis].as, &cell, &made, err);
    if (r < 0)
        return r;
    if (!made.rid && !made.text.p)
        made.text = STR("unknown");
    while (at < run->stratum_count && !is_same(&run->strata[at], &made))
        at++;
    if (at == run->stratum_count)
        run->strata[run->stratum_count++] = made;
    *ret = t->stratum[site] = (uint32_t)at;
    return 0;
}

/* Room for one more at a time is asked for a hospital's worth at once. */
static int make_room(struct indicator_run *run, struct err *err)
{
    size_t need = run->count + catalogue_illness_count;
    size_t cap = run->cap * 2 > need ? run->cap * 2 : need;
    struct indicator_fact *grown = NULL;

    if (need <= run->cap)
        return 0;
    grown = arena_grow(
        run->of_facts, run->facts, run->cap * sizeof(*grown), cap * sizeof(*grown));
    if (!grown)
        return err_nomem(err);
    run->facts = grown;
    run->cap = cap;
    return 0;
}

static int tell_site(
    struct telling *t, size_t site, const struct day *day, struct err *err)
{
    struct indicator_run *run = t->m.run;
    enum indicator_map map = run->ask.define->map;
    const uint8_t *cells = &day->cells[site * catalogue_illness_count];
    uint32_t stratum = INDICATOR_NO_STRATUM;
    bool met_any = false;
    int r = make_room(run, err);

    for (uint32_t k = 0; r == 0 && k < catalogue_illness_count; k++) {
        if (!t->severe[k] || !counts(map, cells[k]))
            continue;
        if (!met_any)
            r = find_stratum(t, site, &stratum, err);
        met_any = true;
        run->facts[run->count++] = (struct indicator_fact){.from = t->m.moment,
            .until = t->m.moment + 1,
            .thing = k,
            .stratum = stratum,
            .met = (cells[k] & LEVEL) >= CAPABILITY_INDEPENDENT};
    }
    return r;
}

/* As tell_once(). */
static int tell_best(struct telling *t, const struct day *day, struct err *err)
{
    struct indicator_run *run = t->m.run;
    enum indicator_map map = run->ask.define->map;
    size_t illnesses = catalogue_illness_count;
    int r = make_room(run, err);

    for (uint32_t k = 0; r == 0 && k < illnesses; k++) {
        uint8_t best = 0;
        bool any = false;

        for (size_t i = 0; t->severe[k] && i < t->m.maps->count; i++) {
            uint8_t cell = day->cells[i * illnesses + k];
            bool is = counts(map, cell);

            any = any || is;
            if (is && (cell & LEVEL) > best)
                best = cell & LEVEL;
        }
        if (any)
            run->facts[run->count++] = (struct indicator_fact){.from = t->m.moment,
                .until = t->m.moment + 1,
                .thing = k,
                .stratum = INDICATOR_NO_STRATUM,
                .met = best >= CAPABILITY_INDEPENDENT};
    }
    return r;
}

static int tell_plainly(struct telling *t, const struct day *day, struct err *err)
{
    int r = 0;

    if (is_one(&t->m.run->ask))
        return tell_best(t, day, err);
    for (size_t i = 0; r == 0 && i < t->m.maps->count; i++)
        r = tell_site(t, i, day, err);
    return r;
}

/* Room for what ${t} needs, which goes with the facts. */
static int start_plainly(struct telling *t, struct err *err)
{
    struct indicator_run *run = t->m.run;
    size_t sites = t->m.maps->count;

    t->severe =
        arena_array(run->of_facts, catalogue_illness_count + 1u, sizeof(*t->severe));
    t->stratum = arena_array(run->of_facts, sites + 1, sizeof(*t->stratum));
    run->strata = arena_array(run->of_facts, sites + 1, sizeof(*run->strata));
    if (!t->severe || !t->stratum || !run->strata)
        return err_nomem(err);
    run->stratum_cap = sites + 1;
    run->thing_count = catalogue_illness_count;
    for (size_t i = 0; i < sites; i++)
        t->stratum[i] = INDICATOR_NO_STRATUM;
    for (uint32_t k = 0; k < catalogue_illness_count; k++)
        t->severe[k] =
            is_severe(run->ask.define, (uint32_t)catalogue_procedure_count + k);
    return 0;
}

/* ---- all moments ---- */

static int tell_moment(struct telling *t, utc_ms end, struct err *err)
{
    struct mapping *m = &t->m;
    utc_ms last = m->maps->last;
    const struct day *day = NULL;
    int r = 0;

    m->moment = end - 1;
    r = take_day(m->run, m->moment < last ? m->moment : last, &day, err);
    if (r < 0)
        return r;
    return t->severe ? tell_plainly(t, day, err) : tell_rows(m, day, err);
}

/* The ends of years within the period, in their order, then its own. */
static int tell_moments(struct telling *t, struct err *err)
{
    struct span period = t->m.run->ask.period;
    int64_t year = 0;
    unsigned month = 0, day = 0;
    int r = 0;

    time_date(period.from / DAY, &year, &month, &day);
    for (int i = 1; r == 0 && i <= YEARS_MOST; i++) {
        utc_ms end = time_days(year + i, 1, 1) * DAY;

        if (end >= period.until)
            break;
        r = tell_moment(t, end, err);
    }
    return r == 0 ? tell_moment(t, period.until, err) : r;
}

int indicator_map_each(struct indicator_run *run,
    int (*take)(void *arg, const struct indicator_row *row, struct err *err), void *arg,
    struct err *err)
{
    struct telling t = {.m = {.run = run, .take = take, .arg = arg}};
    int r = map_check_program(run->call, err);

    if (r == 0)
        r = take_maps(run, err);
    t.m.maps = run->maps;
    if (r == 0 && is_plain(&run->ask))
        r = start_plainly(&t, err);
    return r == 0 ? tell_moments(&t, err) : r;
}
