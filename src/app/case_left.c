/* SPDX-License-Identifier: Apache-2.0 */
/* A case that leaves somebody's circle: told from two versions of its request. */
#include "app/access_internal.h"
#include "app/app_internal.h"

/* Is ${unit} ("Organization/ID") one whose cases are open to the reader? */
static bool is_of(const struct case_left_ask *ask, struct str unit)
{
    struct reader_places places = reader_places(ask->reader);
    unsigned type = fhir_resource_named(STR("Organization"))->number;
    store_rid rid = 0;

    str_cut(&unit, '/');
    if (store_find(ask->snapshot, type, unit, &rid, NULL) < 0)
        return false;
    for (size_t i = 0; i < places.unit_count; i++) {
        if (places.units[i] == rid)
            return true;
    }
    return false;
}

/* Did ${version} of the request ask the reader, and might it go where they are? */
static int asks(const struct case_left_ask *ask, const struct store_record *version,
    bool *ret, struct err *err)
{
    unsigned type = fhir_resource_named(STR("ServiceRequest"))->number;
    struct str units[LIMIT_CASE_UNITS];
    const struct json *json = NULL;
    store_rid abroad = 0;
    size_t count = 0;
    int r = 0;

    *ret = false;
    if (version->body.len == 0)
        return 0;
    r = json_read_trusted(ask->arena, version->body, &json, err);
    if (r < 0 || !str_is(json_get_text(json, "status"), "active"))
        return r;
    r = reader_crosses(ask->reader, type, json, &abroad, err);
    if (r == 0 && !abroad)
        r = reader_units_asked(ask->reader, json, units, LIMIT_CASE_UNITS, &count, err);
    for (size_t i = 0; r == 0 && i < count && !*ret; i++)
        *ret = is_of(ask, units[i]);
    return r;
}

int case_left(const struct case_left_ask *ask, bool *ret, struct err *err)
{
    const struct store_history h = {.rid = ask->request,
        .before = ask->seq ? ask->seq + 1 : 0,
        .limit = 2,
        .body = true};
    struct store_record *list = NULL;
    size_t n = 0;
    bool before = false;
    bool after = false;
    int r = store_history(ask->snapshot, ask->arena, &h, &list, &n, err);

    *ret = false;
    if (r < 0 || n < 2)
        return r;
    r = asks(ask, &list[1], &before, err);
    if (r == 0 && before)
        r = asks(ask, &list[0], &after, err);
    *ret = r == 0 && before && !after;
    return r;
}
