/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The publication of a quarter. Its rows and columns stand in an order that says nothing
 * about how many cases they have, since that order decides which are hidden beside a small
 * one: hospitals with few departments first, by the directory, then by their ids.
 */
#include <stdlib.h>

#include "app/caseload_internal.h"
#include "app/person.h"
#include "view/reader_pair.h"

#define WALK 256

/* ---- walking the directory ---- */

/* Call ${each} with the content of every record of ${type}. */
static int walk(struct caseload *c, const char *type,
    int (*each)(
        struct caseload *c, const struct json *json, void *arg, struct err *err),
    void *arg, struct err *err)
{
    unsigned number = fhir_resource_named(str_of(type))->number;
    store_rid list[WALK];
    store_rid after = 0;
    size_t n = WALK;
    int r = 0;

    while (r == 0 && n == WALK) {
        r = store_rids(c->snapshot, number, after, list, WALK, &n, err);
        for (size_t i = 0; r == 0 && i < n; i++) {
            struct store_record rec = {0};
            const struct json *json = NULL;

            after = list[i];
            arena_reset(c->scratch);
            r = store_get_rid(c->snapshot, c->scratch, list[i], true, &rec, err);
            if (r == 0 && rec.body.len > 0)
                r = json_read_trusted(c->scratch, rec.body, &json, err);
            if (r == 0 && json)
                r = each(c, json, arg, err);
        }
    }
    return r;
}

/* The row of the hospital of ${reference}; false: none of this publication. */
static int row_of(struct caseload *c, struct str reference, size_t *ret, bool *ret_is,
    struct err *err)
{
    store_rid hospital = 0;
    struct str id = {NULL, 0};
    char *name = NULL;
    int r = reader_hospital_of(c->reader, reference, &hospital, err);

    *ret_is = false;
    if (r < 0 || hospital == 0)
        return r;
    r = store_name(c->snapshot, c->scratch, hospital, &id, err);
    if (r < 0)
        return r;
    name = arena_printf(c->scratch, "Organization/%.*s", (int)id.len, id.p);
    if (!name)
        return err_nomem(err);
    *ret_is = text_map_get(&c->axes[CASELOAD_HOSPITAL].map, str_of(name), ret);
    return 0;
}

/* ---- order and names ---- */

struct place {
    struct str code, text;
    size_t units, number;
};

static int place_order(const void *one, const void *other)
{
    const struct place *a = one;
    const struct place *b = other;

    if (a->units != b->units)
        return a->units < b->units ? -1 : 1;
    return str_cmp(a->code, b->code);
}

static int count_unit(
    struct caseload *c, const struct json *json, void *arg, struct err *err)
{
    struct place *places = arg;
    struct str id = json_get_text(json, "id");
    char *name = arena_printf(c->scratch, "Organization/%.*s", (int)id.len, id.p);
    size_t row = 0;
    bool is = false;
    int r = name ? row_of(c, str_of(name), &row, &is, err) : err_nomem(err);

    if (r == 0 && is)
        places[row].units++;
    return r;
}

/* What an Organization is called; its reference where it has no name. */
static int name_of(
    struct caseload *c, struct str reference, struct str *ret, struct err *err)
{
    unsigned type = fhir_resource_named(STR("Organization"))->number;
    struct store_record rec = {0};
    const struct json *json = NULL;
    struct str id = reference;
    struct str name = {NULL, 0};
    int r = 0;

    *ret = reference;
    str_cut(&id, '/');
    if (!id.p)
        return 0;
    r = store_get(c->snapshot, c->call->arena, type, id, &rec, err);
    if (r == E_NOT_FOUND || (r == 0 && rec.body.len == 0))
        return 0;
    if (r == 0)
        r = json_read_trusted(c->call->arena, rec.body, &json, err);
    name = json_get_text(json, "name");
    if (r == 0 && name.len > 0)
        *ret = name;
    return r;
}

/* A department with its hospital: "Emergency, Dalian General Hospital". */
static int department_name(
    struct caseload *c, struct str reference, struct str *ret, struct err *err)
{
    struct str hospital = {NULL, 0}, id = {NULL, 0}, above = {NULL, 0};
    store_rid rid = 0;
    char *text = NULL;
    int r = reader_hospital_of(c->reader, reference, &rid, err);

    if (r == 0 && rid)
        r = store_name(c->snapshot, c->call->arena, rid, &id, err);
    text = arena_printf(c->call->arena, "Organization/%.*s", (int)id.len, id.p);
    above = str_of(text);
    if (r == 0)
        r = text ? name_of(c, reference, ret, err) : err_nomem(err);
    if (r < 0 || !id.p || str_eq(above, reference))
        return r;
    r = name_of(c, above, &hospital, err);
    text = arena_printf(c->call->arena, "%.*s, %.*s", (int)ret->len, ret->p,
        (int)hospital.len, hospital.p);
    *ret = str_of(text);
    return r < 0 || text ? r : err_nomem(err);
}

static int name_place(struct caseload *c, enum caseload_axis_kind kind,
    struct place *place, struct err *err)
{
    place->text = place->code;
    if (!str_starts(place->code, "Organization/"))
        return 0;
    return kind == CASELOAD_HOSPITAL
               ? name_of(c, place->code, &place->text, err)
               : department_name(c, place->code, &place->text, err);
}

/* Put an axis of places or kinds in order; its cases follow. */
static int order(struct caseload *c, enum caseload_axis_kind kind, struct err *err)
{
    struct caseload_axis *axis = &c->axes[kind];
    struct place *places =
        arena_array(c->call->arena, axis->count + 1, sizeof(*places));
    uint32_t *to = arena_array(c->call->arena, axis->count + 1, sizeof(*to));
    int r = places && to ? 0 : err_nomem(err);

    for (size_t i = 0; r == 0 && i < axis->count; i++) {
        places[i].code = axis->codes[i];
        places[i].number = i;
        r = name_place(c, kind, &places[i], err);
    }
    if (r == 0 && kind == CASELOAD_HOSPITAL)
        r = walk(c, "Organization", count_unit, places, err);
    if (r < 0)
        return r;
    if (kind == CASELOAD_HOSPITAL || kind == CASELOAD_DEPARTMENT ||
        kind == CASELOAD_KIND)
        qsort(places, axis->count, sizeof(*places), place_order);
    axis->texts = arena_array(c->call->arena, axis->count + 1, sizeof(*axis->texts));
    axis->map = (struct text_map){.slots = NULL};
    for (size_t i = 0; i < axis->count; i++) {
        to[places[i].number] = (uint32_t)i;
        axis->codes[i] = places[i].code;
        if (!axis->texts ||
            text_map_put(c->call->arena, &axis->map, places[i].code, i, NULL) < 0)
            return err_nomem(err);
        axis->texts[i] = places[i].text;
    }
    for (size_t i = 0; i < c->count; i++)
        c->cases[i].on[kind] = to[c->cases[i].on[kind]];
    return 0;
}

/* ---- tables ---- */

static int fill_table(struct caseload *c, int n, struct err *err)
{
    size_t rows = c->axes[CASELOAD_HOSPITAL].count;
    size_t columns = c->axes[n + 1].count;
    uint32_t *counts = NULL;

    if (rows * columns > LIMIT_CASELOAD_CELLS)
        return err_set(err, E_TOO_LARGE, "by",
            "The table by hospital and %s would have more than %d cells.",
            caseload_axis_name((enum caseload_axis_kind)(n + 1)), LIMIT_CASELOAD_CELLS);
    counts = arena_array(c->call->arena, rows * columns, sizeof(*counts));
    if (!counts)
        return err_nomem(err);
    for (size_t i = 0; i < c->count; i++) {
        const uint32_t *on = c->cases[i].on;

        counts[on[CASELOAD_HOSPITAL] * columns + on[n + 1]]++;
    }
    c->tables[n] = (struct suppress_table){.columns = columns, .counts = counts};
    return 0;
}

int caseload_publish(struct caseload *c, struct err *err)
{
    int r = 0;

    for (int i = 0; r == 0 && i < CASELOAD_AXES; i++)
        r = order(c, (enum caseload_axis_kind)i, err);
    for (int n = 0; r == 0 && n < CASELOAD_TABLES; n++)
        r = fill_table(c, n, err);
    c->shown = (struct suppress){.rows = c->axes[CASELOAD_HOSPITAL].count,
        .tables = c->tables,
        .table_count = CASELOAD_TABLES};
    return r < 0 ? r : suppress(c->call->arena, &c->shown, err);
}

/* ---- whose rows ---- */

struct pairing {
    struct str hospital; /* a coordinator's */
};

static bool holds_now(const struct json *json)
{
    utc_ms lo = 0;
    utc_ms hi = 0;

    if (json_kind(json_get(json, "active")) == JSON_FALSE || !reader_is_pairing(json) ||
        !fhir_period_range(json_get(json, "period"), &lo, &hi))
        return false;
    return lo <= time_now() && time_now() < hi;
}

/* An affiliation of the coordinator's hospital, or between their departments: both. */
static int add_pairing(
    struct caseload *c, const struct json *json, void *arg, struct err *err)
{
    static const char *const ends[] = {"organization", "participatingOrganization"};
    const struct pairing *p = arg;
    store_rid mine = 0, found[2] = {0, 0};
    int r =
        holds_now(json) ? reader_hospital_of(c->reader, p->hospital, &mine, err) : 0;

    for (size_t i = 0; r == 0 && mine && i < 2; i++)
        r = reader_hospital_of(c->reader,
            json_get_text(json_get(json, ends[i]), "reference"), &found[i], err);
    if (r < 0 || !mine || (found[0] != mine && found[1] != mine))
        return r;
    for (size_t i = 0; r == 0 && i < 2; i++) {
        bool is = false;
        size_t row = 0;

        r = row_of(
            c, json_get_text(json_get(json, ends[i]), "reference"), &row, &is, err);
        if (r == 0 && is)
            c->mine[row] = true;
    }
    return r;
}

static int add_post(struct caseload *c, const struct app_post *post, struct err *err)
{
    bool coordinator = str_is(post->role, "coordinator");
    struct pairing p = {.hospital = post->organization};
    bool is = false;
    size_t row = 0;
    int r = 0;

    if (!coordinator && !str_is(post->role, "director"))
        return 0;
    if (!post->organization.p) {
        c->all |= coordinator;
        return 0;
    }
    arena_reset(c->scratch);
    r = row_of(c, post->organization, &row, &is, err);
    if (r == 0 && is)
        c->mine[row] = true;
    if (r == 0 && coordinator)
        r = walk(c, "OrganizationAffiliation", add_pairing, &p, err);
    return r;
}

int caseload_scope(struct caseload *c, struct err *err)
{
    const struct app_caller *caller = &c->call->caller;
    int r = 0;

    c->mine = arena_array(c->call->arena, c->shown.rows + 1, sizeof(*c->mine));
    if (!c->mine)
        return err_nomem(err);
    c->all = !access_limited(caller);
    for (size_t i = 0; r == 0 && i < caller->post_count; i++)
        r = add_post(c, &caller->posts[i], err);
    for (size_t i = 0; i < c->shown.rows; i++)
        c->mine[i] = c->mine[i] || c->all;
    return r;
}
