/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What figures need to know of organisations and people beside the facts: to which hospital a
 * department or a team belongs, in which province that is, which batch a team is. It is read
 * as it stands now, whatever the figure is of: hospitals do not move, and where one was entered
 * wrongly, its mending mends the past too.
 */
#include "app/distance.h"
#include "app/indicator_internal.h"

#define BATCH_URL "https://belay.health/StructureDefinition/team-batch"

static int load(
    struct indicator_run *run, store_rid rid, const struct json **ret, struct err *err)
{
    struct store_record rec = {.operation = STORE_DELETE};
    int r = store_get_rid(run->snapshot, run->call->arena, rid, true, &rec, err);

    *ret = NULL;
    if (r == E_NOT_FOUND)
        return 0;
    if (r < 0 || rec.body.len == 0)
        return r;
    return json_read_trusted(run->call->arena, rec.body, ret, err);
}

static struct str batch_of(const struct json *organization)
{
    struct json_each it = json_each(json_get(organization, "extension"));

    while (json_next(&it)) {
        if (str_is(json_get_text(it.value, "url"), BATCH_URL))
            return json_text(json_get(it.value, "valuePositiveInt"));
    }
    return (struct str){NULL, 0};
}

/* Of a Patient, which has it in parts; else the first of a list of concepts. */
static struct str language_of(const struct json *person)
{
    const struct json *first = json_at(json_get(person, "communication"), 0);
    const struct json *concept =
        json_get(first, "language") ? json_get(first, "language") : first;

    return json_get_text(json_at(json_get(concept, "coding"), 0), "code");
}

/* Of a Course its kind, of a Device the first code of its type. */
static struct str kind_of(const struct json *record)
{
    struct str kind = json_get_text(record, "kind");

    if (kind.p)
        return kind;
    return json_get_text(
        json_at(json_get(json_get(record, "type"), "coding"), 0), "code");
}

/* What ${record} names as its ${member}; 0: nothing, -1: nothing of ours. */
static int named(struct indicator_run *run, const struct json *record,
    const char *member, store_rid *ret, struct err *err)
{
    struct str text = json_get_text(json_get(record, member), "reference");
    struct fhir_reference ref =
        fhir_reference_parse(text, run->call->app->base[APP_FHIR]);
    int r = 0;

    *ret = json_get(record, member) ? -1 : 0;
    if (!text.p || ref.form != FHIR_REF_LOCAL)
        return 0;
    r = store_find(run->snapshot, ref.type, ref.id, ret, err);
    if (r == E_NOT_FOUND) {
        *ret = -1;
        r = 0;
    }
    return r;
}

/* The district of ${address}, else its city. */
static struct str county_of(const struct json *address)
{
    struct str district = json_get_text(address, "district");

    return district.p ? district : json_get_text(address, "city");
}

/* Go up to the hospital, and read its address. */
static int climb(struct indicator_run *run, store_rid rid,
    const struct json *organization, struct indicator_place *ret, struct err *err)
{
    store_rid at = rid, next = 0;
    int r = 0;

    for (int depth = 0; r == 0 && organization && depth <= LIMIT_READER_UNITS;
         depth++) {
        const struct json *address = json_at(json_get(organization, "address"), 0);

        r = named(run, organization, "partOf", &next, err);
        if (r == 0 && next == 0) {
            ret->hospital = at;
            ret->state = json_get_text(address, "state");
            ret->country = json_get_text(address, "country");
            if (!ret->county.p)
                ret->county = county_of(address);
            return 0;
        }
        at = next;
        organization = NULL;
        if (r == 0 && next > 0)
            r = load(run, next, &organization, err);
    }
    return r;
}

/* The member of ${record} that says whose it is: of a Device its owner. NULL: it says none. */
static const char *whose(const struct json *record)
{
    static const char *const members[] = {
        "providedBy", "managingOrganization", "owner"};

    for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
        if (json_get(record, members[i]))
            return members[i];
    }
    return NULL;
}

static int read_place(struct indicator_run *run, store_rid rid,
    struct indicator_place *ret, struct err *err)
{
    const struct json *record = NULL;
    int r = load(run, rid, &record, err);

    *ret = (struct indicator_place){.rid = rid,
        .gender = json_get_text(record, "gender"),
        .kind = kind_of(record),
        .batch = batch_of(record),
        .language = language_of(record)};
    if (store_rid_type(rid) == fhir_resource_named(STR("Location"))->number)
        ret->county = county_of(json_get(record, "address"));
    if (r < 0 || !record)
        return r;
    if (whose(record)) {
        r = named(run, record, whose(record), &rid, err);
        if (r == 0)
            r = rid > 0 ? load(run, rid, &record, err) : 0;
    }
    if (r == 0 && rid > 0 &&
        store_rid_type(rid) == fhir_resource_named(STR("Organization"))->number)
        r = climb(run, rid, record, ret, err);
    return r;
}

/* The place ${rid}, read the first time that it is asked about. */
static int place(struct indicator_run *run, store_rid rid, struct indicator_place **ret,
    struct err *err)
{
    struct arena *a = run->call->arena;
    uint32_t at = 0;
    int r = 0;

    if (run->place_count == run->place_cap) {
        size_t cap = run->place_cap ? run->place_cap * 2 : 64;
        struct indicator_place *grown = arena_grow(
            a, run->places, run->place_cap * sizeof(*grown), cap * sizeof(*grown));

        if (!grown)
            return err_nomem(err);
        run->places = grown;
        run->place_cap = cap;
    }
    if (!number_map_take(
            a, &run->place_of, (uint64_t)rid, (uint32_t)run->place_count, &at))
        return err_nomem(err);
    if (at == run->place_count) {
        r = read_place(run, rid, &run->places[at], err);
        run->place_count++;
    }
    *ret = &run->places[at];
    return r;
}

/* ---- what outlasts a question ---- */

void indicator_lend(const struct indicator_run *from, struct indicator_run *to)
{
    to->place_of = from->place_of;
    to->places = from->places;
    to->place_count = from->place_count;
    to->place_cap = from->place_cap;
    to->network = from->network;
    to->posts = from->posts;
    to->maps = from->maps;
    to->position = from->position;
    to->position_found = from->position_found;
}

void indicator_places_done(struct indicator_run *run)
{
    if (run->network)
        network_release(run->network);
    run->network = NULL;
}

/* ---- how far it is ---- */

/* Fill how far ${at} is from a hospital of a prefecture, the first time that it is asked about. */
static int find_remoteness(
    struct indicator_run *run, struct indicator_place *at, struct err *err)
{
    struct str reference = {NULL, 0};
    int r = 0;

    if (at->looked)
        return 0;
    if (!run->network)
        r = networks_take(run->call->app->networks, &run->network, err);
    if (r == E_TOO_LARGE) /* then no way is known */
        return 0;
    if (r == 0)
        r = indicator_reference(
            run, at->hospital ? at->hospital : at->rid, &reference, err);
    if (r < 0)
        return r;
    at->remoteness = distance_band(network_remoteness(run->network, reference));
    at->looked = true;
    return 0;
}

/* What ${as} means of the place ${at}, where that is a word. */
static struct str word_of(const struct indicator_place *at, enum indicator_as as)
{
    switch (as) {
    case INDICATOR_PROVINCE:
        return at->state;
    case INDICATOR_COUNTRY:
        return at->country;
    case INDICATOR_BATCH:
        return at->batch;
    case INDICATOR_KIND:
        return at->kind;
    case INDICATOR_COUNTY:
        return at->county;
    case INDICATOR_LANGUAGE:
        return at->language;
    case INDICATOR_SEX:
        return at->gender;
    case INDICATOR_REMOTENESS:
        return str_of(at->remoteness);
    case INDICATOR_PLAIN:
    case INDICATOR_RATE:
    case INDICATOR_PART:
    case INDICATOR_HOSPITAL:
    case INDICATOR_ASES:
        break; /* no word */
    }
    return (struct str){NULL, 0};
}

int indicator_resolve(struct indicator_run *run, enum indicator_as as,
    const struct indicator_cell *cell, struct indicator_cell *ret, struct err *err)
{
    struct indicator_place *at = NULL;
    struct indicator_cell made = {.rid = 0};
    int r = 0;

    if (as == INDICATOR_PLAIN || as == INDICATOR_RATE || as == INDICATOR_PART) {
        *ret = *cell;
        return 0;
    }
    if (cell->rid) {
        indicator_note_type(run, cell->rid);
        r = place(run, cell->rid, &at, err);
    }
    if (r == 0 && at && as == INDICATOR_REMOTENESS)
        r = find_remoteness(run, at, err);
    if (at && as == INDICATOR_HOSPITAL)
        made.rid = at->hospital;
    else if (at)
        made.text = word_of(at, as);
    *ret = made;
    return r;
}

int indicator_resolve_word(struct indicator_run *run, struct str word,
    enum indicator_as as, struct indicator_cell *ret, bool *ret_several,
    struct err *err)
{
    enum indicator_as is = run->ask.define->strata[run->ask.axis].as;
    bool found = false;
    int r = 0;

    *ret = (struct indicator_cell){.rid = 0};
    *ret_several = false;
    for (size_t i = 0; r == 0 && i < run->place_count; i++) {
        struct indicator_place *at = &run->places[i];
        struct str said = word_of(at, is), made = {NULL, 0};

        if (!str_eq(said.p ? said : STR("unknown"), word))
            continue;
        if (as == INDICATOR_REMOTENESS)
            r = find_remoteness(run, at, err);
        made = word_of(at, as);
        *ret_several = *ret_several || (found && !str_eq(made, ret->text));
        ret->text = made;
        found = true;
    }
    return r;
}

int indicator_reference(
    struct indicator_run *run, store_rid rid, struct str *ret, struct err *err)
{
    const struct fhir_type *type = fhir_type_numbered(store_rid_type(rid));
    struct str id = {NULL, 0};
    const char *made = NULL;
    int r = store_name(run->snapshot, run->call->arena, rid, &id, err);

    if (r < 0)
        return r;
    made = arena_printf(
        run->call->arena, "%s/%.*s", type ? type->name : "Resource", (int)id.len, id.p);
    *ret = str_of(made);
    return made ? 0 : err_nomem(err);
}
