/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The map as Parameters: a "hospital" each, with a "cell" for each specialty of which it can do
 * something, in numbers of illnesses; of one hospital and one specialty, or of one thing, a
 * "thing" with its answer.
 */
#include "app/catalogue_put.h"
#include "app/map_internal.h"
#include "fhir/part.h"

/* Illnesses of one specialty, or all, at one hospital. */
struct map_counts {
    int at[CAPABILITY_TEACHES + 1]; /* a level each */
    int listed, demonstrated, sustained;
    int one_person; /* independent, and one person alone carries it */
    int lost;       /* can be done now, and not without the experts */
};

static void count(struct map_counts *c, const struct capability_answer *now,
    const struct capability_answer *with)
{
    c->at[now->level]++;
    c->listed += now->listed;
    c->demonstrated += now->demonstrated;
    c->sustained += now->sustained;
    c->one_person += now->level >= CAPABILITY_INDEPENDENT && now->carriers == 1;
    c->lost += with->level > CAPABILITY_NONE && now->level == CAPABILITY_NONE;
}

static bool is_empty(const struct map_counts *c)
{
    int sum = c->listed + c->lost;

    for (int i = CAPABILITY_NONE + 1; i <= CAPABILITY_TEACHES; i++)
        sum += c->at[i];
    return sum == 0;
}

static void put_counts(struct json_out *o, const struct map_counts *c)
{
    for (int i = CAPABILITY_NONE + 1; i <= CAPABILITY_TEACHES; i++)
        map_put_count(o, capability_level_name((enum capability_level)i), c->at[i]);
    map_put_count(o, "listed", c->listed);
    map_put_count(o, "demonstrated", c->demonstrated);
    map_put_count(o, "sustained", c->sustained);
    map_put_count(o, "one-person", c->one_person);
    map_put_count(o, "lost", c->lost);
}

/* ---- what was asked ---- */

static void put_question(struct map_answer *m)
{
    const struct capability_rules *rules = &capability_rules_default;
    struct json_out *o = &m->out;

    fhir_part_put_instant(o, "date", m->asked.at);
    fhir_part_put_flag(o, "without-experts", m->asked.without_experts);
    fhir_part_put_code(o, "catalogue", catalogue_version);
    fhir_parts_open(o, "rules");
    fhir_part_put_int(o, "cases", rules->cases);
    fhir_part_put_int(o, "within-days", rules->within_days);
    fhir_part_put_int(o, "leaving-days", rules->leaving_days);
    fhir_parts_close(o);
    for (size_t i = 0; i < m->specialty_count; i++) {
        fhir_parts_open(o, "specialty");
        fhir_part_put_code(o, "code", m->specialties[i].code);
        fhir_part_put_int(o, "illnesses", m->specialties[i].illnesses);
        fhir_parts_close(o);
    }
}

/* ---- one hospital ---- */

static int fill(struct map_answer *m, uint32_t hospital, struct err *err)
{
    struct network_map_asked with = m->asked;
    int r = network_capabilities(m->network, m->scratch, &m->asked, hospital, m->now);

    with.without_experts = false;
    if (r == 0 && m->asked.without_experts)
        r = network_capabilities(m->network, m->scratch, &with, hospital, m->with);
    else if (r == 0)
        memcpy(m->with, m->now, catalogue_things() * sizeof(*m->with));
    return r < 0 ? err_nomem(err) : 0;
}

/* Whom how many illnesses hang on. */
static int put_people(struct map_answer *m, struct err *err)
{
    size_t count_all = m->network->person_count;
    int *hang = arena_array(m->call->arena, count_all + 1, sizeof(*hang));

    if (!hang)
        return err_nomem(err);
    for (uint32_t i = (uint32_t)catalogue_procedure_count; i < catalogue_things();
         i++) {
        const struct capability_answer *a = &m->now[i];

        if (a->carriers == 1 && a->by != CAPABILITY_NOBODY &&
            a->level != CAPABILITY_SUPERVISED)
            hang[a->by]++;
    }
    for (uint32_t i = 0; i < count_all; i++) {
        struct network_name name = network_person_name(m->network, i);

        if (hang[i] == 0)
            continue;
        fhir_parts_open(&m->out, "person");
        map_put_name(&m->out, "who", &name);
        fhir_part_put_int(&m->out, "illnesses", hang[i]);
        fhir_parts_close(&m->out);
    }
    return 0;
}

static int put_cells(struct map_answer *m)
{
    struct map_counts *counts =
        arena_array(m->scratch, m->specialty_count + 1, sizeof(*counts));
    struct map_counts *all = counts + m->specialty_count;

    if (!counts)
        return E_NOMEM;
    for (uint32_t i = (uint32_t)catalogue_procedure_count; i < catalogue_things();
         i++) {
        const char *code = m->specialties[m->specialty_of[i]].code;

        if (m->specialty.p && !str_is(m->specialty, code))
            continue;
        count(&counts[m->specialty_of[i]], &m->now[i], &m->with[i]);
        count(all, &m->now[i], &m->with[i]);
    }
    put_counts(&m->out, all);
    for (size_t i = 0; i < m->specialty_count; i++) {
        if (is_empty(&counts[i]))
            continue;
        fhir_parts_open(&m->out, "cell");
        fhir_part_put_code(&m->out, "specialty", m->specialties[i].code);
        put_counts(&m->out, &counts[i]);
        fhir_parts_close(&m->out);
    }
    arena_reset(m->scratch);
    return 0;
}

static void put_thing(struct map_answer *m, uint32_t thing,
    const struct capability_answer *now, const struct capability_answer *with)
{
    fhir_parts_open(&m->out, "thing");
    catalogue_put_thing(&m->out, "code", thing);
    map_put_answer(&m->out, m->network, now);
    if (with->level != now->level)
        fhir_part_put_code(&m->out, "with-experts", capability_level_name(with->level));
    fhir_parts_close(&m->out);
}

static bool is_wanted(const struct map_answer *m, uint32_t thing)
{
    return !catalogue_is_procedure(thing) &&
           str_is(m->specialty, m->specialties[m->specialty_of[thing]].code);
}

/* Each illness of the specialty, and each procedure that one of them needs. */
static int put_things(struct map_answer *m, struct err *err)
{
    bool *needed =
        arena_array(m->call->arena, catalogue_procedure_count + 1, sizeof(*needed));

    if (!needed)
        return err_nomem(err);
    for (uint32_t i = (uint32_t)catalogue_procedure_count; i < catalogue_things();
         i++) {
        const struct catalogue_entry *entry = catalogue_thing(i);

        if (!is_wanted(m, i))
            continue;
        put_thing(m, i, &m->now[i], &m->with[i]);
        for (size_t k = 0; k < entry->need_count; k++)
            needed[entry->needs[k]] = true;
    }
    for (uint32_t i = 0; i < catalogue_procedure_count; i++) {
        if (needed[i])
            put_thing(m, i, &m->now[i], &m->with[i]);
    }
    return 0;
}

static int put_hospital(struct map_answer *m, uint32_t hospital, struct err *err)
{
    struct network_name name = network_hospital_name(m->network, hospital);
    int r = fill(m, hospital, err);

    if (r < 0)
        return r;
    fhir_parts_open(&m->out, "hospital");
    map_put_name(&m->out, "hospital", &name);
    if (put_cells(m) < 0)
        return err_nomem(err);
    if (m->single)
        r = put_people(m, err);
    if (r == 0 && m->single)
        r = map_forecast_write(m, hospital, err);
    if (r == 0 && m->single && m->specialty.p)
        r = put_things(m, err);
    fhir_parts_close(&m->out);
    return r;
}

/* ---- one thing ---- */

static int put_level(struct map_answer *m, uint32_t hospital, struct err *err)
{
    struct network_name name = network_hospital_name(m->network, hospital);
    struct network_map_asked asked = m->asked;
    struct capability_answer now = {0};
    struct capability_answer with = {0};
    int r =
        network_capability(m->network, m->scratch, &asked, hospital, m->thing, &now);

    asked.without_experts = false;
    if (r == 0)
        r = network_capability(
            m->network, m->scratch, &asked, hospital, m->thing, &with);
    arena_reset(m->scratch);
    if (r < 0)
        return err_nomem(err);
    if (with.level == CAPABILITY_NONE && !now.listed)
        return 0;
    fhir_parts_open(&m->out, "hospital");
    map_put_name(&m->out, "hospital", &name);
    put_thing(m, m->thing, &now, &with);
    fhir_parts_close(&m->out);
    return 0;
}

int map_write(struct map_answer *m, struct err *err)
{
    struct json_out *o = &m->out;
    int r = 0;

    fhir_parameters_open(o);
    put_question(m);
    for (size_t i = 0; r == 0 && i < m->hospital_count; i++)
        r = m->thing == NETWORK_NOBODY ? put_hospital(m, m->hospitals[i], err)
                                       : put_level(m, m->hospitals[i], err);
    fhir_parameters_close(o);
    return r;
}
