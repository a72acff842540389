/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The records $vitals is made from. Of a patient: all Observations with a code that is taken,
 * from the newest back until there are sets enough. Of a case: those that the case shares,
 * and nothing else, so that both sides are told the same. Each is asked about before it is
 * read (a search asks by its filter), and goes to the trail.
 */
#include <string.h>

#include "app/vitals_internal.h"
#include "view/search.h"

/* ---- searching ---- */

/* One record was found; ${*go_on} false: enough. */
typedef int take_one(struct vitals *v, const struct json *resource, void *arg,
    bool *go_on, struct err *err);

struct wanted {
    const char *type;
    struct search_pair pairs[6];
    size_t pair_count;
    take_one *take;
    void *arg;
};

static void want(struct wanted *w, const char *name, struct str value)
{
    w->pairs[w->pair_count++] = (struct search_pair){str_of(name), value};
}

static int open_record(
    struct vitals *v, store_rid rid, const struct json **ret, struct err *err)
{
    struct store_record rec = {0};
    int r = store_get_rid(v->snapshot, v->a, rid, true, &rec, err);

    *ret = NULL;
    if (r < 0 || rec.operation == STORE_DELETE || rec.body.len == 0)
        return r;
    r = call_saw(v->call, &rec, err);
    return r < 0 ? r : json_read_trusted(v->a, rec.body, ret, err);
}

static int take_page(struct vitals *v, const struct wanted *w,
    const struct search_page *page, bool *go_on, struct err *err)
{
    int r = 0;

    for (size_t i = 0; r == 0 && *go_on && i < page->count; i++) {
        const struct json *resource = NULL;

        r = open_record(v, page->hits[i].rid, &resource, err);
        if (r == 0 && resource)
            r = w->take(v, resource, w->arg, go_on, err);
    }
    return r;
}

/* All that ${w} finds of what the caller may read, page by page. */
static int find(struct vitals *v, const struct wanted *w, struct err *err)
{
    struct search_request rq = {.type = fhir_resource_named(str_of(w->type))->number,
        .pairs = w->pairs,
        .pair_count = w->pair_count,
        .bases = v->bases,
        .filter = access_filter(v->call->access_),
        .now = time_now()};
    bool go_on = true;
    int r = 0;

    do {
        struct fhir_issues issues = {0};
        struct search_query *query = NULL;
        struct search_page page = {0};

        r = search_parse(v->a, &rq, &issues, &query, err);
        if (r == 0)
            r = search_run(v->snapshot, v->a, query, &page, err);
        if (r == 0)
            r = take_page(v, w, &page, &go_on, err);
        rq.cursor = page.next;
    } while (r == 0 && go_on && rq.cursor.p);
    return r;
}

/* ---- what is found ---- */

/* From the newest back: readings with no gap between them are a stretch, of a set at least. */
struct looking_back {
    utc_ms last;
    size_t stretches;
    size_t most; /* with more it is enough */
};

static int take_observation(struct vitals *v, const struct json *resource, void *arg,
    bool *go_on, struct err *err)
{
    struct looking_back *back = arg;
    size_t before = v->reading_count;
    int r = vitals_take(v, resource, true, err);

    v->looked_at++;
    if (r == 0 && v->reading_count > before) {
        utc_ms at = v->readings[before].at;

        if (back->stretches == 0 || back->last - at > VITALS_TOGETHER_MS)
            back->stretches++;
        back->last = at;
    }
    if (back->stretches > back->most || v->looked_at == LIMIT_VITALS_OBSERVATIONS) {
        *go_on = false;
        v->older = true;
    }
    return r;
}

static int take_fact(struct vitals *v, const struct json *resource, void *arg,
    bool *go_on, struct err *err)
{
    (void)arg;
    *go_on = true; /* all of them: they are few */
    return vitals_take(v, resource, false, err);
}

static const char *time_bound(struct vitals *v, const char *prefix, utc_ms at)
{
    char iso[TIME_ISO_MAX];

    time_iso(at, iso);
    return arena_printf(v->a, "%s%s", prefix, iso);
}

static int find_of_patient(struct vitals *v, struct err *err)
{
    struct looking_back back = {.most = v->count};
    struct wanted sets = {
        .type = "Observation", .take = take_observation, .arg = &back};
    struct wanted facts = {.type = "Observation", .take = take_fact};
    struct wanted conditions = {.type = "Condition", .take = take_fact};
    int r = 0;

    want(&sets, "patient", v->patient_name);
    want(&sets, "code", str_of(vitals_codes()));
    want(&sets, "_sort", STR("-date"));
    want(&sets, "_count", STR("500"));
    if (v->from > UTC_MS_MIN)
        want(&sets, "date", str_of(time_bound(v, "ge", v->from)));
    if (v->until < UTC_MS_MAX)
        want(&sets, "date", str_of(time_bound(v, "lt", v->until)));
    want(&facts, "patient", v->patient_name);
    want(&facts, "code", str_of(vitals_fact_codes()));
    want(&conditions, "patient", v->patient_name);
    want(&conditions, "code", str_of(vitals_condition_codes()));
    r = find(v, &sets, err);
    if (r == 0)
        r = find(v, &facts, err);
    return r < 0 ? r : find(v, &conditions, err);
}

/* ---- one record ---- */

/* The record that ${reference} names as JSON; NULL: it is not here, or not for this caller.
 * ${types}: what is wanted. */
static int read_reference(struct vitals *v, struct str reference,
    const char *const types[2], const struct json **ret, struct err *err)
{
    struct fhir_reference ref = {.form = FHIR_REF_NONE};
    const struct fhir_type *type = NULL;
    store_rid rid = 0;
    bool allowed = false;
    int r = 0;

    *ret = NULL;
    for (size_t i = 0; ref.form != FHIR_REF_LOCAL && i < v->bases.count; i++)
        ref = fhir_reference_parse(reference, v->bases.list[i]);
    type = ref.form == FHIR_REF_LOCAL ? fhir_type_numbered(ref.type) : NULL;
    if (!type || (strcmp(type->name, types[0]) != 0 &&
                     (!types[1] || strcmp(type->name, types[1]) != 0)))
        return 0;
    r = store_find(v->snapshot, ref.type, ref.id, &rid, err);
    if (r == 0)
        r = access_allows(v->call->access_, rid, &allowed, err);
    if (r == 0 && allowed)
        r = open_record(v, rid, ret, err);
    return r == E_NOT_FOUND ? 0 : r;
}

/* ---- of a case ---- */

static int find_of_case(struct vitals *v, const struct json *request, struct err *err)
{
    static const char *const types[2] = {"Observation", "Condition"};
    struct looking_back back = {.most = SIZE_MAX};
    struct wanted sets = {
        .type = "Observation", .take = take_observation, .arg = &back};
    struct json_each it = json_each(json_get(request, "supportingInfo"));
    const char *name =
        arena_printf(v->a, "ServiceRequest/%.*s", (int)v->rest->id.len, v->rest->id.p);
    int r = name ? 0 : err_nomem(err);

    want(&sets, "based-on", str_of(name));
    want(&sets, "_sort", STR("-date"));
    want(&sets, "_count", STR("500"));
    if (r == 0)
        r = find(v, &sets, err);
    while (r == 0 && json_next(&it)) {
        struct str reference = json_get_text(it.value, "reference");
        const struct json *resource = NULL;

        r = read_reference(v, reference, types, &resource, err);
        if (r == 0 && resource)
            r = vitals_take(v, resource, true, err);
    }
    return r;
}

/* ---- the patient ---- */

/* The record of the request's own address; E_NOT_FOUND in the words of a read. */
static int open_asked(struct vitals *v, const struct json **ret, struct err *err)
{
    const struct rest *rest = v->rest;
    struct store_record rec = {0};
    bool allowed = false;
    int r = store_get(v->snapshot, v->a, rest->type->number, rest->id, &rec, err);

    if (r == 0)
        r = access_allows(v->call->access_, rec.rid, &allowed, err);
    if (r == E_NOT_FOUND || (r == 0 && !allowed)) {
        access_missing(v->call->access_, rest->type->number, r == 0);
        return access_no_such(rest->type, rest->id, false, err);
    }
    if (r == 0 && (rec.operation == STORE_DELETE || rec.body.len == 0))
        return err_set(err, E_GONE, NULL, "%s/%.*s was deleted.", rest->type->name,
            (int)rest->id.len, rest->id.p);
    return r < 0 ? r : open_record(v, rec.rid, ret, err);
}

/* An address whose height is known: the one lived at now, so not an old one. */
static void find_address(struct vitals *v)
{
    struct json_each it = json_each(json_get(v->patient, "address"));

    while (!v->address.from && json_next(&it)) {
        if (!str_is(json_get_text(it.value, "use"), "old") &&
            vitals_metres(
                vitals_height(it.value), &v->address.metres, &v->address.value)) {
            v->address.from = "address";
            v->address.record = v->patient_name;
        }
    }
}

static int take_location(struct vitals *v, const struct json *resource, void *arg,
    bool *go_on, struct err *err)
{
    const struct json *value = json_get(json_get(resource, "position"), "altitude");
    struct str id = json_get_text(resource, "id");

    (void)arg;
    if (!fhir_number(json_text(value), &v->hospital.metres))
        return 0;
    *go_on = false;
    v->hospital.from = "hospital";
    v->hospital.value = value;
    v->hospital.record = str_of(arena_printf(v->a, "Location/%.*s", (int)id.len, id.p));
    return v->hospital.record.p ? 0 : err_nomem(err);
}

int vitals_find_hospital(struct vitals *v, struct err *err)
{
    struct str hospital =
        json_get_text(json_get(v->patient, "managingOrganization"), "reference");
    struct wanted places = {.type = "Location", .take = take_location};

    find_address(v);
    if (!hospital.p || hospital.len == 0)
        return 0;
    want(&places, "organization", hospital);
    want(&places, "_sort", STR("_id"));
    return find(v, &places, err);
}

int vitals_find(struct vitals *v, struct err *err)
{
    static const char *const patient[2] = {"Patient", NULL};
    const struct json *asked = NULL;
    int r = open_asked(v, &asked, err);

    if (r < 0)
        return r;
    if (v->of_case) {
        v->patient_name = json_get_text(json_get(asked, "subject"), "reference");
        r = read_reference(v, v->patient_name, patient, &v->patient, err);
        if (r == 0)
            r = find_of_case(v, asked, err);
    } else {
        v->patient = asked;
        v->patient_name = str_of(
            arena_printf(v->a, "Patient/%.*s", (int)v->rest->id.len, v->rest->id.p));
        r = v->patient_name.p ? find_of_patient(v, err) : err_nomem(err);
    }
    return r < 0 ? r : vitals_find_hospital(v, err);
}
