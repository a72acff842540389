/* SPDX-License-Identifier: Apache-2.0 */
/* Organisations, places, links, devices and services: a record becomes a fact. */
#include <math.h>
#include <string.h>

#include "app/app_internal.h"
#include "app/equipment_rule.h"
#include "app/network_internal.h"

#define AFFILIATION "https://belay.health/CodeSystem/affiliation"
#define WAY "https://belay.health/StructureDefinition/way"
#define UTC_OFFSET "https://belay.health/StructureDefinition/utc-offset"
#define ORGANIZATION_KIND "http://terminology.hl7.org/CodeSystem/organization-type"
#define PLACE_KIND "http://terminology.hl7.org/CodeSystem/location-physical-type"
#define BED_STATE "http://terminology.hl7.org/CodeSystem/v2-0116"

size_t network_fact_size(enum network_kind kind)
{
    static const size_t sizes[NETWORK_KINDS] = {
        [NETWORK_UNITS] = sizeof(struct network_unit_fact),
        [NETWORK_PLACES] = sizeof(struct network_place_fact),
        [NETWORK_PEOPLE] = sizeof(struct network_person_fact),
        [NETWORK_POSTS] = sizeof(struct network_post_fact),
        [NETWORK_LINKS] = sizeof(struct network_link_fact),
        [NETWORK_DEVICES] = sizeof(struct network_device_fact),
        [NETWORK_SERVICES] = sizeof(struct network_service_fact),
        [NETWORK_LEARNINGS] = sizeof(struct network_learning_fact),
        [NETWORK_CASES] = sizeof(struct network_case_fact),
    };

    return sizes[kind];
}

/* ---- what all share ---- */

void *network_fact_new(struct network_taking *t)
{
    struct network_part *part = t->part;

    if (part->count == part->cap) {
        size_t cap = part->cap ? part->cap * 2 : 64;
        void *grown = arena_grow(
            part->arena, part->list, part->cap * part->size, cap * part->size);
        store_rid *rids = arena_grow(
            part->arena, part->rids, part->cap * sizeof(*rids), cap * sizeof(*rids));

        if (!grown || !rids)
            return NULL;
        part->list = grown;
        part->rids = rids;
        part->cap = cap;
    }
    part->rids[part->count] = t->rid;
    return memset((char *)part->list + part->count++ * part->size, 0, part->size);
}

int network_keep(struct network_part *part, struct str text, struct str *ret)
{
    char *copy = text.p ? arena_strndup(part->arena, text.p, text.len) : NULL;

    *ret = (struct str){copy, copy ? text.len : 0};
    return text.p && !copy ? E_NOMEM : 0;
}

/* The number of ${text}, which is kept once. */
int network_keep_name(struct network_part *part, struct str text, uint32_t *ret)
{
    struct network_names *names = &part->names;
    struct str kept = {NULL, 0};
    size_t at = 0;

    *ret = NETWORK_NO_NAME;
    if (!text.p)
        return 0;
    if (text_map_get(&names->numbers, text, &at)) {
        *ret = (uint32_t)at;
        return 0;
    }
    if (names->count == names->cap) {
        size_t cap = names->cap ? names->cap * 2 : 64;
        struct str *grown = arena_grow(part->arena, names->list,
            names->cap * sizeof(*grown), cap * sizeof(*grown));

        if (!grown)
            return E_NOMEM;
        names->list = grown;
        names->cap = cap;
    }
    if (network_keep(part, text, &kept) < 0 ||
        text_map_put(part->arena, &names->numbers, kept, names->count, NULL) < 0)
        return E_NOMEM;
    *ret = (uint32_t)names->count;
    names->list[names->count++] = kept;
    return 0;
}

/* A period that cannot be read holds never. Without a begin it always held. */
bool network_span(const struct json *period, struct capability_interval *ret)
{
    utc_ms lo = 0;
    utc_ms hi = 0;

    if (!fhir_period_range(period, &lo, &hi) || hi <= lo)
        return false;
    *ret = (struct capability_interval){
        lo == 0 || lo == UTC_MS_MIN ? 1 : lo, hi == UTC_MS_MAX ? 0 : hi};
    return true;
}

/* The id of a reference to a record of this node. */
struct str network_id_in(const struct json *reference, struct str base)
{
    struct fhir_reference ref =
        fhir_reference_parse(json_get_text(reference, "reference"), base);

    return ref.form == FHIR_REF_LOCAL ? ref.id : (struct str){NULL, 0};
}

struct str network_code_in(const struct json *concept, const char *system)
{
    struct json_each it = json_each(json_get(concept, "coding"));

    while (json_next(&it)) {
        if (str_is(json_get_text(it.value, "system"), system))
            return json_get_text(it.value, "code");
    }
    return (struct str){NULL, 0};
}

static bool is_off(const struct json *record)
{
    return json_kind(json_get(record, "active")) == JSON_FALSE;
}

static double number_in(const struct json *value, const char *name)
{
    double number = (double)NAN;

    if (!fhir_number(json_text(json_get(value, name)), &number))
        return (double)NAN;
    return number;
}

/* ---- organisations ---- */

/* What its type says it is; who says nothing is taken for a hospital. */
static bool is_provider(const struct json *record)
{
    struct json_each type = json_each(json_get(record, "type"));
    bool told = false;

    while (json_next(&type)) {
        struct str code = network_code_in(type.value, ORGANIZATION_KIND);

        if (str_is(code, "prov"))
            return true;
        told = told || code.p;
    }
    return !told;
}

static int take_unit(struct network_taking *t)
{
    struct network_unit_fact *fact = NULL;
    int r = 0;

    if (is_off(t->record))
        return 0;
    fact = network_fact_new(t);
    if (!fact)
        return E_NOMEM;
    r = network_keep(t->part, json_get_text(t->record, "id"), &fact->id);
    if (r == 0)
        r = network_keep(t->part, json_get_text(t->record, "name"), &fact->name);
    if (r == 0)
        r = network_keep(t->part, network_id_in(json_get(t->record, "partOf"), t->base),
            &fact->above);
    fact->hospital = is_provider(t->record);
    return r;
}

/* ---- places ---- */

/* Minutes of a Duration; not known for one that is none. */
static int minutes_of(const struct json *extension)
{
    const struct json *value = json_get(extension, "valueDuration");
    struct str code = json_get_text(value, "code");
    double number = number_in(value, "value");
    double minutes = str_is(code, "h") ? number * 60 : number;

    if (!isfinite(minutes) || minutes < 0 || minutes > LIMIT_WAY_MINUTES ||
        (!str_is(code, "h") && !str_is(code, "min")))
        return TRAVEL_NOT_KNOWN;
    return (int)lround(minutes);
}

static void close_in(struct network_way_fact *way, struct str season)
{
    if (str_is(season, "summer"))
        way->minutes[TRAVEL_SUMMER] = TRAVEL_CLOSED;
    if (str_is(season, "winter"))
        way->minutes[TRAVEL_WINTER] = TRAVEL_CLOSED;
}

static int take_way(struct network_taking *t, const struct json *extension,
    struct network_place_fact *fact)
{
    struct network_way_fact way = {
        .minutes = {TRAVEL_NOT_KNOWN, TRAVEL_NOT_KNOWN}, .highest_m = (double)NAN};
    struct json_each it = json_each(json_get(extension, "extension"));
    int r = 0;

    while (r == 0 && json_next(&it)) {
        struct str url = json_get_text(it.value, "url");

        if (str_is(url, "to"))
            r = network_keep(t->part,
                network_id_in(json_get(it.value, "valueReference"), t->base), &way.to);
        else if (str_is(url, "summer"))
            way.minutes[TRAVEL_SUMMER] = minutes_of(it.value);
        else if (str_is(url, "winter"))
            way.minutes[TRAVEL_WINTER] = minutes_of(it.value);
        else if (str_is(url, "closed"))
            close_in(&way, json_get_text(it.value, "valueCode"));
        else if (str_is(url, "highest"))
            way.highest_m = number_in(json_get(it.value, "valueQuantity"), "value");
    }
    if (r == 0 && way.to.p)
        fact->ways[fact->way_count++] = way;
    return r;
}

static int take_extensions(struct network_taking *t, struct network_place_fact *fact)
{
    const struct json *all = json_get(t->record, "extension");
    struct json_each it = json_each(all);
    int r = 0;

    fact->ways = arena_array(t->part->arena, json_count(all) + 1, sizeof(*fact->ways));
    if (!fact->ways)
        return E_NOMEM;
    while (r == 0 && json_next(&it)) {
        struct str url = json_get_text(it.value, "url");
        int64_t offset = 0;

        if (str_is(url, WAY) && fact->way_count < LIMIT_NETWORK_WAYS)
            r = take_way(t, it.value, fact);
        else if (str_is(url, UTC_OFFSET) &&
                 text_int(
                     json_text(json_get(it.value, "valueInteger")), -840, 840, &offset))
            fact->utc_offset = (int)offset;
    }
    return r;
}

static int take_place(struct network_taking *t)
{
    const struct json *record = t->record;
    const struct json *position = json_get(record, "position");
    struct str kind = network_code_in(json_get(record, "physicalType"), PLACE_KIND);
    struct str status = json_get_text(record, "status");
    struct network_place_fact *fact = NULL;
    int r = 0;

    if (status.p && !str_is(status, "active"))
        return 0;
    fact = network_fact_new(t);
    if (!fact)
        return E_NOMEM;
    fact->jurisdiction = str_is(kind, "jdn");
    fact->bed = str_is(kind, "bd");
    fact->free =
        str_is(json_get_text(json_get(record, "operationalStatus"), "code"), "U") &&
        str_is(
            json_get_text(json_get(record, "operationalStatus"), "system"), BED_STATE);
    fact->latitude = number_in(position, "latitude");
    fact->longitude = number_in(position, "longitude");
    fact->altitude_m = number_in(position, "altitude");
    fact->utc_offset = NETWORK_NO_OFFSET;
    r = network_keep(t->part, json_get_text(record, "id"), &fact->id);
    if (r == 0)
        r = network_keep(t->part, json_get_text(record, "name"), &fact->name);
    if (r == 0)
        r = network_keep(t->part,
            network_id_in(json_get(record, "managingOrganization"), t->base),
            &fact->unit);
    if (r == 0)
        r = network_keep(
            t->part, network_id_in(json_get(record, "partOf"), t->base), &fact->above);
    return r == 0 ? take_extensions(t, fact) : r;
}

/* ---- links ---- */

static struct str link_code(const struct json *record)
{
    struct json_each it = json_each(json_get(record, "code"));

    while (json_next(&it)) {
        struct str code = network_code_in(it.value, AFFILIATION);

        if (code.p)
            return code;
    }
    return (struct str){NULL, 0};
}

static int take_link(struct network_taking *t)
{
    struct str code = link_code(t->record);
    bool whole = str_is(code, "hospital-pair") || str_is(code, "telemedicine-link");
    bool hosts = str_is(code, "team-at-host");
    struct capability_interval term = {1, 0};
    struct network_link_fact *fact = NULL;
    int r = 0;

    if ((!whole && !hosts && !str_is(code, "department-pair")) ||
        !network_span(json_get(t->record, "period"), &term))
        return 0;
    fact = network_fact_new(t);
    if (!fact)
        return E_NOMEM;
    fact->whole = whole;
    fact->hosts = hosts;
    fact->off = is_off(t->record);
    fact->term = term;
    r = network_keep(t->part,
        network_id_in(json_get(t->record, "organization"), t->base), &fact->helped);
    if (r == 0)
        r = network_keep(t->part,
            network_id_in(json_get(t->record, "participatingOrganization"), t->base),
            &fact->helper);
    return r;
}

/* ---- devices ---- */

/* One time in service, from 0: never. */
static int add_device(
    struct network_taking *t, uint32_t kind, struct capability_interval service)
{
    struct network_device_fact *fact = network_fact_new(t);
    int r = 0;

    if (!fact)
        return E_NOMEM;
    fact->kind = kind;
    fact->service = service;
    r = network_keep(
        t->part, network_id_in(json_get(t->record, "owner"), t->base), &fact->unit);
    if (r == 0)
        r = network_keep(t->part,
            network_id_in(json_get(t->record, "location"), t->base), &fact->place);
    return r;
}

/* The status, which says nothing of the past, cut off by ${end} (0: it has none). */
static struct capability_interval service_by_status(bool active, utc_ms end)
{
    return (struct capability_interval){active ? 1 : 0, end};
}

/* The times that its operations have kept. The status has the last word on now: what is
 * not active serves no more, whatever time is open. */
static int take_times(struct network_taking *t, uint32_t kind, bool active, utc_ms end)
{
    struct equipment_span span;
    int r = 0;

    for (size_t i = 0; r == 0 && equipment_span_at(t->record, i, &span); i++) {
        struct capability_interval service = {span.from, span.until};

        if (span.until == 0 && !active)
            service.from = 0;
        if (end && (service.until == 0 || service.until > end))
            service.until = end;
        r = add_device(t, kind, service);
    }
    return r;
}

/* In service, or there and out of it; one in a patient, or entered in error, is neither. */
static int take_device(struct network_taking *t)
{
    struct str kind =
        network_code_in(json_get(t->record, "type"), CATALOGUE_DEVICE_SYSTEM);
    struct str status = json_get_text(t->record, "status");
    struct str expires = json_get_text(t->record, "expirationDate");
    bool active = str_is(status, "active");
    struct equipment_span first;
    utc_ms lo = 0, end = 0;
    uint32_t number = 0;

    if (!catalogue_find_device(kind, &number) || json_get(t->record, "patient") ||
        str_is(status, "entered-in-error"))
        return 0;
    if (!expires.p || !fhir_date_range(expires, &lo, &end))
        end = 0;
    if (equipment_span_at(t->record, 0, &first))
        return take_times(t, number, active, end);
    return add_device(t, number, service_by_status(active, end));
}

/* ---- services ---- */

static int take_service_codes(
    struct network_taking *t, const char *member, struct str unit)
{
    struct json_each concept = json_each(json_get(t->record, member));
    int r = 0;

    while (r == 0 && json_next(&concept)) {
        struct json_each it = json_each(json_get(concept.value, "coding"));

        while (r == 0 && json_next(&it)) {
            struct network_service_fact *fact = NULL;
            uint32_t thing = 0;
            struct str system = json_get_text(it.value, "system");

            if (!system.p ||
                !catalogue_find(system, json_get_text(it.value, "code"), &thing))
                continue;
            fact = network_fact_new(t);
            if (!fact)
                return E_NOMEM;
            fact->thing = thing;
            r = network_keep(t->part, unit, &fact->unit);
        }
    }
    return r;
}

static int take_service(struct network_taking *t)
{
    struct str unit = network_id_in(json_get(t->record, "providedBy"), t->base);
    int r = 0;

    if (is_off(t->record) || !unit.p)
        return 0;
    r = take_service_codes(t, "type", unit);
    return r == 0 ? take_service_codes(t, "specialty", unit) : r;
}

int network_take_record(enum network_kind kind, struct network_taking *t)
{
    static int (*const takers[NETWORK_KINDS])(struct network_taking *) = {
        [NETWORK_UNITS] = take_unit,
        [NETWORK_PLACES] = take_place,
        [NETWORK_PEOPLE] = network_take_person,
        [NETWORK_POSTS] = network_take_post,
        [NETWORK_LINKS] = take_link,
        [NETWORK_DEVICES] = take_device,
        [NETWORK_SERVICES] = take_service,
        [NETWORK_LEARNINGS] = network_take_learning,
        [NETWORK_CASES] = network_take_case,
    };

    return takers[kind](t);
}
