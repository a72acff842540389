/* SPDX-License-Identifier: Apache-2.0 */
#include "view/reader_pair.h"

#include "view/reader_internal.h"

static bool has_code(const struct json *affiliation, const char *code)
{
    struct json_each it = json_each(json_get(affiliation, "code"));

    while (json_next(&it)) {
        struct json_each coding = json_each(json_get(it.value, "coding"));

        while (json_next(&coding)) {
            if (str_is(json_get_text(coding.value, "code"), code))
                return true;
        }
    }
    return false;
}

bool reader_is_pairing(const struct json *affiliation)
{
    return !has_code(affiliation, "team-at-host");
}

static bool is_in_force(const struct reader *rd, const struct json *affiliation)
{
    return affiliation && json_kind(json_get(affiliation, "active")) != JSON_FALSE &&
           reader_is_pairing(affiliation) &&
           reader_period_holds(rd, json_get(affiliation, "period"));
}

/* The ends of ${content}, an OrganizationAffiliation, but for ${unit}. */
static int add_ends(struct reader *rd, const struct json *content, store_rid unit,
    struct reader_set *ret)
{
    static const char *const ends[] = {"organization", "participatingOrganization"};
    store_rid end = 0;
    int r = 0;

    for (size_t i = 0; r == 0 && i < 2; i++) {
        r = reader_find(
            rd, json_get_text(json_get(content, ends[i]), "reference"), &end);
        if (r == 0 && end && end != unit)
            r = reader_set_add(rd, ret, end);
    }
    return r;
}

/* The ends of a pairing of departments that holds now, but for ${unit}. */
static int add_other_end(
    struct reader *rd, store_rid affiliation, store_rid unit, struct reader_set *ret)
{
    const struct json *content = NULL;
    int r = reader_content(rd, affiliation, &content);

    if (r < 0 || !is_in_force(rd, content) || !has_code(content, "department-pair"))
        return r;
    return add_ends(rd, content, unit, ret);
}

static int add_partners(struct reader *rd, store_rid unit, struct reader_set *ret)
{
    const struct fhir_param *const ends[] = {
        rd->t->affiliation_one, rd->t->affiliation_other};
    int r = 0;

    for (size_t k = 0; r == 0 && k < 2; k++) {
        struct reader_set found = {0};

        r = reader_sources(rd, ends[k], unit, LIMIT_READER_SET, &found);
        for (size_t i = 0; r == 0 && i < found.count; i++)
            r = add_other_end(rd, found.list[i], unit, ret);
    }
    return r;
}

/* Of ${units}, those of ${hospital}, or all others. */
static int keep(struct reader *rd, const struct reader_set *units, store_rid hospital,
    bool of_it, struct reader_set *ret)
{
    int r = 0;

    for (size_t i = 0; r == 0 && i < units->count; i++) {
        store_rid at = 0;

        r = reader_hospital(rd, units->list[i], &at);
        if (r == 0 && at && (at == hospital) == of_it)
            r = reader_set_add(rd, ret, units->list[i]);
    }
    return r;
}

/* What is tied to what ${asked} is tied to at ${hospital}, into ${ret}. */
static int find(struct reader *rd, const struct reader_set *asked, store_rid hospital,
    struct reader_set *ret)
{
    struct reader_set partners = {0};
    struct reader_set helped = {0};
    struct reader_set all = {0};
    int r = 0;

    for (size_t i = 0; r == 0 && i < asked->count; i++)
        r = add_partners(rd, asked->list[i], &partners);
    if (r == 0)
        r = keep(rd, &partners, hospital, true, &helped);
    for (size_t i = 0; r == 0 && i < helped.count; i++)
        r = add_partners(rd, helped.list[i], &all);
    return r < 0 ? r : keep(rd, &all, hospital, false, ret);
}

int reader_second_units(struct reader *rd, const struct reader_seconds *ask,
    struct str *ret, size_t *ret_count, struct err *err)
{
    struct reader_set asked = {0};
    struct reader_set found = {0};
    store_rid hospital = 0;
    store_rid unit = 0;
    int r = 0;

    rd->run.err = err;
    *ret_count = 0;
    r = reader_find(rd, ask->hospital, &hospital);
    for (size_t i = 0; r == 0 && i < ask->asked_count; i++) {
        r = reader_find(rd, ask->asked[i], &unit);
        if (r == 0 && unit)
            r = reader_set_add(rd, &asked, unit);
    }
    if (r == 0 && hospital)
        r = find(rd, &asked, hospital, &found);
    for (size_t i = 0; r == 0 && i < found.count && *ret_count < ask->most; i++) {
        if (reader_set_has(&asked, found.list[i]) ||
            store_rid_type(found.list[i]) != rd->t->organization)
            continue;
        r = reader_name_unit(rd, found.list[i], &ret[*ret_count]);
        *ret_count += r == 0;
    }
    return r;
}

/* ---- pairings of a unit ---- */

struct visiting {
    struct reader *rd;
    store_rid hospital;
    store_rid end; /* of ours: the unit, or what it is part of */
    size_t distance;
    reader_pairing_visit visit;
    void *arg;
};

/* Visit ${affiliation}, if it holds and leads to the hospital. */
static int visit_one(struct visiting *v, store_rid affiliation)
{
    struct reader_set ends = {0};
    const struct json *content = NULL;
    bool leads = false;
    int r = reader_content(v->rd, affiliation, &content);

    if (r < 0 || !is_in_force(v->rd, content))
        return r;
    r = add_ends(v->rd, content, v->end, &ends);
    for (size_t i = 0; r == 0 && i < ends.count && !leads; i++) {
        store_rid at = 0;

        r = reader_hospital(v->rd, ends.list[i], &at);
        leads = r == 0 && at == v->hospital;
    }
    if (r < 0 || !leads)
        return r;
    r = reader_content(v->rd, affiliation, &content);
    return r < 0 || !content ? r
                             : v->visit(v->arg, content, v->distance, v->rd->run.err);
}

static int visit_end(struct visiting *v)
{
    const struct fhir_param *const ends[] = {
        v->rd->t->affiliation_one, v->rd->t->affiliation_other};
    int r = 0;

    for (size_t k = 0; r == 0 && k < 2; k++) {
        struct reader_set found = {0};

        r = reader_sources(v->rd, ends[k], v->end, LIMIT_READER_SET, &found);
        for (size_t i = 0; r == 0 && i < found.count; i++)
            r = visit_one(v, found.list[i]);
    }
    return r;
}

int reader_pairings(struct reader *rd, struct str unit, struct str hospital,
    reader_pairing_visit visit, void *arg, struct err *err)
{
    struct visiting v = {.rd = rd, .visit = visit, .arg = arg};
    struct reader_set ours = {0};
    store_rid at = 0;
    store_rid top = 0;
    int r = 0;

    rd->run.err = err;
    r = reader_find(rd, hospital, &v.hospital);
    if (r == 0)
        r = reader_find(rd, unit, &at);
    if (r < 0 || !at || !v.hospital)
        return r;
    r = reader_add_unit(rd, at, &ours);
    if (r == 0)
        r = reader_hospital(rd, at, &top);
    if (r == 0 && top)
        r = reader_set_add(rd, &ours, top);
    for (size_t i = 0; r == 0 && i < ours.count; i++) {
        v.end = ours.list[i];
        v.distance = i;
        r = visit_end(&v);
    }
    return r;
}
