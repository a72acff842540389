/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GET Organization/$capability-map: what hospitals can do.
 *
 *   date             as of when; else now. A past day is read from what records say of it
 *   hospital         Organization/ID, of a hospital or a unit of one; several. Of one alone
 *                    more is told: whom it hangs on, and how much on the twins
 *   region           Location/ID of a prefecture or a region: the hospitals that lie in it
 *   specialty        of the catalogue; with one hospital each illness of it is told
 *   code             one illness or procedure: each hospital's level
 *   without-experts  true: as if every visit and link ended at that moment
 *
 * GET Organization/ID/$capability: one cell, explained; code, date, without-experts.
 *
 * Made of the directory and the programme, as $route is; how often something was done is
 * told exactly only to those who may read the operations.
 */
#include <string.h>

#include "app/access_internal.h"
#include "app/map_internal.h"

/* ---- what is asked ---- */

static int take_date(struct map_answer *m, struct str value, struct err *err)
{
    utc_ms lo = 0, hi = 0;

    if (!fhir_date_range(value, &lo, &hi))
        return err_set(
            err, E_INVALID, "date", "date must be a day or a time such as 2026-09-01.");
    m->asked.at = lo;
    return 0;
}

static int take_experts(struct map_answer *m, struct str value, struct err *err)
{
    if (!str_is(value, "true") && !str_is(value, "false"))
        return err_set(err, E_INVALID, "without-experts",
            "without-experts must be true or false.");
    m->asked.without_experts = str_is(value, "true");
    return 0;
}

static int add_hospital(struct map_answer *m, uint32_t hospital, struct err *err)
{
    for (size_t i = 0; i < m->hospital_count; i++) {
        if (m->hospitals[i] == hospital)
            return 0;
    }
    if (m->hospital_count == network_hospital_count(m->network))
        return err_set(err, E_BUG, NULL, "There are more hospitals than there are.");
    m->hospitals[m->hospital_count++] = hospital;
    return 0;
}

static int take_hospital(struct map_answer *m, struct str value, struct err *err)
{
    const char *whole = arena_printf(m->call->arena, "%s%.*s",
        value.p && memchr(value.p, '/', value.len) ? "" : "Organization/",
        (int)value.len, value.p ? value.p : "");
    uint32_t hospital = NETWORK_NOBODY;

    if (!whole)
        return err_nomem(err);
    if (!network_hospital(m->network, str_of(whole), &hospital))
        return err_set(err, E_INVALID, "hospital",
            "%.80s is no hospital that this node knows, nor a unit of one.", whole);
    return add_hospital(m, hospital, err);
}

static int take_region(struct map_answer *m, struct str value, struct err *err)
{
    struct str id = value;

    (void)err;
    if (str_starts(value, "Location/"))
        str_cut(&id, '/');
    m->area = id;
    return 0;
}

static int take_specialty(struct map_answer *m, struct str value, struct err *err)
{
    for (size_t i = 0; i < m->specialty_count; i++) {
        if (str_is(value, m->specialties[i].code)) {
            m->specialty = value;
            return 0;
        }
    }
    return err_set(err, E_INVALID, "specialty",
        "%.*s is no specialty of the catalogue.",
        (int)(value.len > 80 ? 80 : value.len), value.p ? value.p : "");
}

static int take_code(struct map_answer *m, struct str value, struct err *err)
{
    struct str rest = value;
    struct str first = str_cut(&rest, '|');
    struct str system = rest.p && first.len > 0 ? first : (struct str){NULL, 0};

    if (!catalogue_find(system, rest.p ? rest : value, &m->thing))
        return err_set(err, E_INVALID, "code",
            "%.*s is no illness or procedure of the catalogue.",
            (int)(value.len > 80 ? 80 : value.len), value.p ? value.p : "");
    return 0;
}

static const struct {
    const char *name;
    bool of_cell; /* of both operations */
    int (*take)(struct map_answer *m, struct str value, struct err *err);
} parameters[] = {
    {"code", true, take_code},
    {"date", true, take_date},
    {"hospital", false, take_hospital},
    {"region", false, take_region},
    {"specialty", false, take_specialty},
    {"without-experts", true, take_experts},
};
#define PARAMETERS (sizeof(parameters) / sizeof(parameters[0]))

static int take_all(struct map_answer *m, struct err *err)
{
    bool cell = m->rest->id.p != NULL;
    int r = 0;

    for (size_t i = 0; r == 0 && i < m->rest->pair_count; i++) {
        const struct search_pair *pair = &m->rest->pairs[i];
        size_t at = 0;

        while (at < PARAMETERS && (!str_is(pair->name, parameters[at].name) ||
                                      (cell && !parameters[at].of_cell)))
            at++;
        if (at == PARAMETERS)
            return err_set(err, E_INVALID, pair->name.p, "%s knows no parameter %.*s.",
                m->rest->word, (int)(pair->name.len > 40 ? 40 : pair->name.len),
                pair->name.p ? pair->name.p : "");
        r = parameters[at].take(m, pair->value, err);
    }
    return r;
}

/* Those that were named; else all, or those of the region. */
static int choose_hospitals(struct map_answer *m, struct err *err)
{
    size_t count = network_hospital_count(m->network), kept = 0;

    m->single = m->hospital_count == 1;
    for (uint32_t i = 0; m->hospital_count == 0 && i < count; i++)
        m->hospitals[kept++] = i;
    m->hospital_count = m->hospital_count ? m->hospital_count : kept;
    if (!m->area.p)
        return 0;
    kept = 0;
    for (size_t i = 0; i < m->hospital_count; i++) {
        if (network_is_in(m->network, m->hospitals[i], m->area))
            m->hospitals[kept++] = m->hospitals[i];
    }
    m->hospital_count = kept;
    if (kept == 0)
        return err_set(err, E_INVALID, "region",
            "No hospital that was asked about lies in Location/%.*s.",
            (int)(m->area.len > 80 ? 80 : m->area.len), m->area.p);
    return 0;
}

/* ---- specialties ---- */

static size_t specialty_of(struct map_answer *m, const char *code)
{
    size_t at = 0;

    while (at < m->specialty_count && strcmp(m->specialties[at].code, code) != 0)
        at++;
    if (at == m->specialty_count)
        m->specialties[m->specialty_count++] = (struct map_specialty){.code = code};
    return at;
}

static int make_room(struct map_answer *m, struct err *err)
{
    struct arena *a = m->call->arena;
    uint32_t things = catalogue_things();

    m->scratch = arena_new();
    m->hospitals =
        arena_array(a, network_hospital_count(m->network) + 1, sizeof(*m->hospitals));
    m->specialties = arena_array(a, UINT8_MAX, sizeof(*m->specialties));
    m->specialty_of = arena_array(a, things, sizeof(*m->specialty_of));
    m->now = arena_array(a, things, sizeof(*m->now));
    m->with = arena_array(a, things, sizeof(*m->with));
    if (!m->scratch || !m->hospitals || !m->specialties || !m->specialty_of ||
        !m->now || !m->with)
        return err_nomem(err);
    for (uint32_t i = (uint32_t)catalogue_procedure_count; i < things; i++) {
        m->specialty_of[i] = (uint8_t)specialty_of(m, catalogue_thing(i)->specialty);
        m->specialties[m->specialty_of[i]].illnesses++;
    }
    return 0;
}

/* ---- the way ---- */

static int answer_cell(struct map_answer *m, struct err *err)
{
    const char *reference = arena_printf(
        m->call->arena, "Organization/%.*s", (int)m->rest->id.len, m->rest->id.p);
    uint32_t hospital = NETWORK_NOBODY;

    if (!reference)
        return err_nomem(err);
    if (!network_hospital(m->network, str_of(reference), &hospital))
        return access_no_such(m->rest->type, m->rest->id, false, err);
    if (m->thing == NETWORK_NOBODY)
        return err_set(err, E_INVALID, "code",
            "Say what is asked about: code, with an illness or a procedure of the "
            "catalogue.");
    return map_cell_write(m, hospital, err);
}

static int answer(struct map_answer *m, struct err *err)
{
    int r = make_room(m, err);

    if (r == 0)
        r = take_all(m, err);
    if (r == 0 && m->rest->id.p)
        return answer_cell(m, err);
    if (r == 0)
        r = choose_hospitals(m, err);
    return r == 0 ? map_write(m, err) : r;
}

static int run(struct app_call *call, const struct rest *rest, struct err *err)
{
    struct map_answer m = {.call = call,
        .rest = rest,
        .asked = {.at = time_now()},
        .thing = NETWORK_NOBODY,
        .out = json_out(&call->answer)};
    int r = networks_take(call->app->networks, &m.network, err);

    if (r == 0)
        r = call_read_begin(call, &m.snapshot, err);
    if (r == 0)
        r = answer(&m, err);
    call_read_end(call, m.snapshot);
    network_release(m.network);
    arena_free(m.scratch);
    return r;
}

int map_check_program(const struct app_call *call, struct err *err)
{
    static const char *const types[] = {
        "Organization", "Practitioner", "PractitionerRole"};

    for (size_t i = 0; call->caller.scopes && i < 3; i++) {
        if (access_scope_none(
                call->access_, fhir_resource_named(str_of(types[i]))->number))
            return err_set(err, E_FORBIDDEN, "scope",
                "The capability map tells of Organization, Practitioner and "
                "PractitionerRole: the token needs scopes to search them.");
    }
    return 0;
}

int rest_map(struct app_call *call, const struct rest *rest, struct err *err)
{
    int r = map_check_program(call, err);

    return r == 0 ? call_pool(call, rest, run, err) : r;
}
