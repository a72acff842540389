/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Units and hospitals. A hospital is where partOf ends; a chain that goes round, or on for
 * more than LIMIT_READER_UNITS steps, ends nowhere and belongs to nobody.
 */
#include "view/reader_internal.h"
#include "view/reader_pair.h"

/* What ${unit} is part of; 0: nothing. */
static int above(struct reader *rd, store_rid unit, store_rid *ret)
{
    struct reader_set found = {0};
    int r = reader_targets(rd, unit, rd->t->org_part_of, &found);

    *ret = r == 0 && found.count ? found.list[0] : 0;
    return r;
}

int reader_hospital(struct reader *rd, store_rid unit, store_rid *ret)
{
    store_rid at = unit;
    store_rid next = 0;
    int64_t known = 0;
    int r = 0;

    *ret = 0;
    if (store_rid_type(unit) != rd->t->organization)
        return 0;
    if (reader_memo_get(&rd->units, (uint64_t)unit, &known, NULL)) {
        *ret = known;
        return 0;
    }
    for (int depth = 0; depth <= LIMIT_READER_UNITS && *ret == 0; depth++) {
        r = above(rd, at, &next);
        if (r < 0)
            return r;
        if (next == 0)
            *ret = at;
        else if (store_rid_type(next) != rd->t->organization)
            break; /* it goes on where we cannot see */
        at = next;
    }
    return reader_memo_put(rd, &rd->units, (uint64_t)unit, *ret, 0);
}

int reader_add_unit(struct reader *rd, store_rid unit, struct reader_set *ret)
{
    store_rid hospital = 0;
    store_rid at = unit;
    int r = reader_hospital(rd, unit, &hospital);

    if (r < 0 || hospital == 0)
        return r;
    r = reader_set_add(rd, ret, unit);
    for (int depth = 0; r == 0 && depth <= LIMIT_READER_UNITS; depth++) {
        r = above(rd, at, &at);
        if (r < 0 || at == 0 || at == hospital)
            break;
        r = reader_set_add(rd, ret, at);
    }
    return r;
}

int reader_add_hospital(struct reader *rd, store_rid ref, struct reader_set *ret)
{
    const struct reader_terms *t = rd->t;
    unsigned type = store_rid_type(ref);
    const struct fhir_param *by = type == t->practitioner_role ? t->role_org
                                  : type == t->location        ? t->location_org
                                  : type == t->service         ? t->service_org
                                  : type == t->device          ? t->device_org
                                                               : NULL;
    struct reader_set units = {0};
    store_rid hospital = 0;
    int r = 0;

    if (type == t->organization)
        r = reader_set_add(rd, &units, ref);
    else if (by)
        r = reader_targets(rd, ref, by, &units);
    for (size_t i = 0; r == 0 && i < units.count; i++) {
        r = reader_hospital(rd, units.list[i], &hospital);
        if (r == 0)
            r = reader_set_add(rd, ret, hospital);
    }
    return r;
}

/* ---- countries ---- */

uint64_t reader_country_number(struct str code)
{
    uint64_t number = 0;

    while (code.len && *code.p == ' ') {
        code.p++;
        code.len--;
    }
    while (code.len && code.p[code.len - 1] == ' ')
        code.len--;
    if (code.len == 0)
        return 0;
    number = search_code_hash(code); /* without regard to case */
    return number;
}

/* The country in an address; 0: none. */
static uint64_t address_country(const struct json *address)
{
    return reader_country_number(json_get_text(address, "country"));
}

static int organization_country(struct reader *rd, store_rid hospital, uint64_t *ret)
{
    const struct json *content = NULL;
    struct json_each it;
    int r = reader_content(rd, hospital, &content);

    *ret = 0;
    it = json_each(json_get(content, "address"));
    while (r == 0 && json_next(&it)) {
        uint64_t country = address_country(it.value);

        if (country && *ret && country != *ret) { /* two countries: not known */
            *ret = 0;
            return 0;
        }
        if (country)
            *ret = country;
    }
    return r;
}

static int location_country(struct reader *rd, store_rid hospital, uint64_t *ret)
{
    const struct json *content = NULL;
    struct reader_set places = {0};
    uint64_t found = 0;
    int r =
        reader_sources(rd, rd->t->location_org, hospital, LIMIT_READER_PLACES, &places);

    for (size_t i = 0; r == 0 && i < places.count; i++) {
        uint64_t country = 0;

        r = reader_content(rd, places.list[i], &content);
        country = r == 0 ? address_country(json_get(content, "address")) : 0;
        if (country && found && country != found)
            return 0;
        if (country)
            found = country;
    }
    *ret = found;
    return r;
}

int reader_country(struct reader *rd, store_rid hospital, int64_t *ret)
{
    uint64_t country = 0;
    int r = 0;

    *ret = 0;
    if (hospital == 0 || reader_memo_get(&rd->countries, (uint64_t)hospital, ret, NULL))
        return 0;
    r = organization_country(rd, hospital, &country);
    if (r == 0 && country == 0)
        r = location_country(rd, hospital, &country);
    if (r < 0)
        return r;
    *ret = (int64_t)country;
    return reader_memo_put(rd, &rd->countries, (uint64_t)hospital, *ret, 0);
}

/* ---- pairings ---- */

/* The two ends of an affiliation that holds now. */
static int add_ends(struct reader *rd, store_rid affiliation)
{
    static const char *const ends[] = {"organization", "participatingOrganization"};
    struct reader_set found = {0};
    const struct json *content = NULL;
    store_rid unit = 0;
    int r = reader_content(rd, affiliation, &content);

    if (r < 0 || !content || json_kind(json_get(content, "active")) == JSON_FALSE ||
        !reader_is_pairing(content) ||
        !reader_period_holds(rd, json_get(content, "period")))
        return r;
    for (size_t i = 0; r == 0 && i < 2; i++) {
        r = reader_find(
            rd, json_get_text(json_get(content, ends[i]), "reference"), &unit);
        if (r == 0)
            r = reader_set_add(rd, &found, unit);
    }
    for (size_t i = 0; r == 0 && i < found.count; i++)
        r = reader_add_hospital(rd, found.list[i], &rd->sides);
    return r;
}

/* What is paired with ${unit}, a department or a hospital of this person. */
static int add_paired(struct reader *rd, store_rid unit)
{
    const struct fhir_param *const ends[] = {
        rd->t->affiliation_one, rd->t->affiliation_other};
    int r = reader_add_hospital(rd, unit, &rd->sides);

    for (size_t k = 0; r == 0 && k < 2; k++) {
        struct reader_set found = {0};

        r = reader_sources(rd, ends[k], unit, LIMIT_READER_SET, &found);
        for (size_t j = 0; r == 0 && j < found.count; j++)
            r = add_ends(rd, found.list[j]);
    }
    return r;
}

int reader_know_sides(struct reader *rd)
{
    int r = 0;

    if (rd->sides_known)
        return 0;
    for (size_t i = 0; r == 0 && i < rd->homes.count; i++)
        r = add_paired(rd, rd->homes.list[i]);
    rd->sides_known = r == 0;
    return r;
}
