/* SPDX-License-Identifier: Apache-2.0 */
#include "view/reader_pair.h"

#include "view/reader_internal.h"

static bool is_department_pair(const struct json *affiliation)
{
    struct json_each it = json_each(json_get(affiliation, "code"));

    while (json_next(&it)) {
        struct json_each coding = json_each(json_get(it.value, "coding"));

        while (json_next(&coding)) {
            if (str_is(json_get_text(coding.value, "code"), "department-pair"))
                return true;
        }
    }
    return false;
}

/* The ends of a pairing of departments that holds now, but for ${unit}. */
static int add_other_end(
    struct reader *rd, store_rid affiliation, store_rid unit, struct reader_set *ret)
{
    static const char *const ends[] = {"organization", "participatingOrganization"};
    const struct json *content = NULL;
    store_rid end = 0;
    int r = reader_content(rd, affiliation, &content);

    if (r < 0 || !content || !is_department_pair(content) ||
        json_kind(json_get(content, "active")) == JSON_FALSE ||
        !reader_period_holds(rd, json_get(content, "period")))
        return r;
    for (size_t i = 0; r == 0 && i < 2; i++) {
        r = reader_find(
            rd, json_get_text(json_get(content, ends[i]), "reference"), &end);
        if (r == 0 && end && end != unit)
            r = reader_set_add(rd, ret, end);
    }
    return r;
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
