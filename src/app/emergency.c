/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is open because the glass was broken. Almost always that is nothing, so the few
 * records that hold are remembered for the whole node; a generation that every change of
 * an EmergencyAccess moves makes them old. They are taken in under the generation that was
 * read before the records were.
 */
#include "app/emergency.h"

#include <stdatomic.h>

#include "app/app_internal.h"
#include "app/emergency_internal.h"
#include "fhir/extract.h"

struct held {
    struct str practitioner;
    struct str patient;
    struct str organization;
    store_rid rid;
    utc_ms from;
    utc_ms until;
};

struct emergencies {
    struct app *app;
    unsigned type;
    atomic_ullong generation;
    pthread_rwlock_t lock; /* guards all below */
    uint64_t known;        /* the generation of what is remembered; 0: nothing is */
    utc_ms since;          /* what had ended by then is not remembered */
    struct arena *arena;
    struct held *list;
    size_t count;
};

const struct fhir_type *emergency_type(void)
{
    return fhir_resource_named(STR("EmergencyAccess"));
}

bool emergency_clinical(struct str role)
{
    return str_is(role, "clinician") || str_is(role, "nurse") ||
           str_is(role, "head-of-department");
}

struct emergencies *emergencies_new(struct app *app)
{
    struct emergencies *e = base_malloc(sizeof(*e));

    if (!e)
        return NULL;
    memset(e, 0, sizeof(*e));
    e->app = app;
    e->type = emergency_type()->number;
    e->generation = 1;
    pthread_rwlock_init(&e->lock, NULL);
    return e;
}

void emergencies_free(struct emergencies *e)
{
    if (!e)
        return;
    arena_free(e->arena);
    pthread_rwlock_destroy(&e->lock);
    base_free(e);
}

void emergencies_changed(struct emergencies *e, unsigned type)
{
    if (type == e->type)
        atomic_fetch_add(&e->generation, 1);
}

/* ---- taking in ---- */

struct taking {
    struct arena *a; /* for what stays */
    struct arena *look;
    struct store_reader *reader;
    struct held *list;
    size_t count;
    utc_ms now;
};

static int keep(
    struct taking *t, const struct json *record, const char *name, struct str *ret)
{
    struct str text = json_get_text(json_get(record, name), "reference");
    char *copy = text.p ? arena_strndup(t->a, text.p, text.len) : NULL;

    *ret = (struct str){copy, copy ? text.len : 0};
    return text.p && !copy ? E_NOMEM : 0;
}

/* One that opens, and that has not ended. */
static int take_one(struct taking *t, store_rid rid, struct err *err)
{
    struct held *one = &t->list[t->count];
    const struct json *period = NULL;
    const struct json *json = NULL;
    struct store_record rec = {0};
    utc_ms ignored = 0;
    int r = store_get_rid(t->reader, t->look, rid, true, &rec, err);

    if (r == 0)
        r = json_read_trusted(t->look, rec.body, &json, err);
    if (r < 0 || !str_is(json_get_text(json, "kind"), "open"))
        return r;
    period = json_get(json, "period");
    *one = (struct held){.rid = rid, .from = UTC_MS_MAX};
    if (!fhir_date_range(json_get_text(period, "start"), &one->from, &ignored) ||
        !fhir_date_range(json_get_text(period, "end"), &one->until, &ignored) ||
        one->until <= t->now)
        return 0; /* both ends are there: nobody has leave for ever */
    if (keep(t, json, "practitioner", &one->practitioner) < 0 ||
        keep(t, json, "patient", &one->patient) < 0 ||
        keep(t, json, "organization", &one->organization) < 0)
        return err_nomem(err);
    t->count++;
    return 0;
}

/* The newest come first: were there ever more than can be held, the oldest are shut. */
static int take_all(struct taking *t, struct err *err)
{
    char since[TIME_ISO_MAX + 2] = "gt";
    char most[16];
    struct search_pair pairs[] = {
        {STR("period"), {NULL, 0}},
        {STR("_sort"), STR("-_lastUpdated")},
        {STR("_count"), {NULL, 0}},
        {STR("_total"), STR("none")},
    };
    struct search_request rq = {.type = emergency_type()->number,
        .pairs = pairs,
        .pair_count = sizeof(pairs) / sizeof(pairs[0]),
        .now = t->now};
    struct search_query *query = NULL;
    struct fhir_issues issues = {0};
    struct search_page page = {0};
    int r = 0;

    time_iso(t->now, since + 2);
    snprintf(most, sizeof(most), "%d", LIMIT_EMERGENCIES_HELD);
    pairs[0].value = str_of(since);
    pairs[2].value = str_of(most);
    r = search_parse(t->look, &rq, &issues, &query, err);
    if (r == 0)
        r = search_run(t->reader, t->look, query, &page, err);
    t->list = arena_array(t->a, page.count + 1, sizeof(*t->list));
    if (r == 0 && !t->list)
        r = err_nomem(err);
    for (size_t i = 0; r == 0 && i < page.count; i++)
        r = take_one(t, page.hits[i].rid, err);
    return r;
}

/* With the lock held for writing. */
static int take(struct emergencies *e, utc_ms now, struct err *err)
{
    uint64_t generation = atomic_load(&e->generation);
    struct taking t = {.a = arena_new(), .look = arena_new(), .now = now};
    int r = t.a && t.look ? 0 : err_nomem(err);

    if (r == 0)
        r = store_read_begin(e->app->store, &t.reader, err);
    if (r == 0)
        r = take_all(&t, err);
    if (t.reader)
        store_read_end(t.reader);
    arena_free(t.look);
    if (r < 0) {
        arena_free(t.a);
        return r;
    }
    arena_free(e->arena);
    e->arena = t.a;
    e->list = t.list;
    e->count = t.count;
    e->since = now;
    e->known = generation;
    return 0;
}

/* ---- asking ---- */

static bool is_current(const struct emergencies *e, utc_ms now)
{
    return e->known == atomic_load(&e->generation) && e->since <= now;
}

static bool works_at(const struct app_caller *caller, struct str hospital)
{
    for (size_t i = 0; i < caller->post_count; i++) {
        const struct app_post *post = &caller->posts[i];

        if (post->organization.p && str_eq(post->organization, hospital) &&
            emergency_clinical(post->role))
            return true;
    }
    return false;
}

/* With the lock held. */
static int copy(const struct emergencies *e, struct arena *a,
    const struct app_caller *caller, utc_ms now, struct emergency_open *ret)
{
    struct reader_grant *list = arena_array(a, e->count + 1, sizeof(*list));
    size_t count = 0;

    if (!list)
        return E_NOMEM;
    for (size_t i = 0; i < e->count; i++) {
        const struct held *one = &e->list[i];
        char *patient = NULL;

        if (!str_eq(one->practitioner, caller->practitioner) || now < one->from ||
            now >= one->until || !works_at(caller, one->organization))
            continue;
        patient = arena_strndup(a, one->patient.p, one->patient.len);
        if (!patient)
            return E_NOMEM;
        list[count++] =
            (struct reader_grant){{patient, one->patient.len}, one->until, one->rid};
    }
    *ret = (struct emergency_open){list, count};
    return 0;
}

int emergency_grants(struct app *app, struct arena *a, const struct app_caller *caller,
    utc_ms now, struct emergency_open *ret, struct err *err)
{
    struct emergencies *e = app->emergencies;
    struct emergency_open open = {NULL, 0};
    int r = 0;

    *ret = open;
    if (!e || !caller->practitioner.p)
        return 0;
    pthread_rwlock_rdlock(&e->lock);
    if (!is_current(e, now)) {
        pthread_rwlock_unlock(&e->lock);
        pthread_rwlock_wrlock(&e->lock);
        r = is_current(e, now) ? 0 : take(e, now, err);
    }
    if (r == 0 && e->count > 0 && copy(e, a, caller, now, &open) < 0)
        r = err_nomem(err);
    pthread_rwlock_unlock(&e->lock);
    if (r == 0)
        *ret = open;
    return r;
}

/* ---- what is asked and answered ---- */

int emergency_text(const struct json *body, const char *name, const char *what,
    struct str *ret, struct err *err)
{
    struct str text =
        text_trim(json_get_text(body_parameter(body, name), "valueString"));

    if (!text.p || text.len < LIMIT_REASON_LEAST)
        return err_set(err, E_INVALID, name,
            "Say %s, in words that a colleague understands: the parameter %s with a "
            "valueString of at least %d letters.",
            what, name, LIMIT_REASON_LEAST);
    if (text.len > LIMIT_REASON_BYTES)
        return err_set(err, E_TOO_LARGE, name,
            "The parameter %s may have %d bytes at most.", name, LIMIT_REASON_BYTES);
    *ret = text;
    return 0;
}

int emergency_take(
    struct app_call *call, struct writing *w, const struct buf *b, struct err *err)
{
    int r = body_made(call->arena, b, emergency_type(), &w->resource, err);

    return r == 0 ? writing_prepare(call, w, w->resource, err) : r;
}
