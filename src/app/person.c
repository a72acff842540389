/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Posts out of the log. Remembered by practitioner in a table behind a read-write lock; a
 * generation that every change of the directory moves makes all of it old at once. An
 * entry is stored under the generation that was read before the records were, so that a
 * change in between makes it old and never too young.
 */
#include "app/person.h"

#include <stdatomic.h>

#include "base/hash.h"

#include "app/app_internal.h"
#include "fhir/extract.h"

#define BUCKETS 1024u /* a power of two */
#define UNIT_DEPTH 4  /* department, maybe a clinic of it, hospital, group */

struct person {
    struct person *next;
    struct arena *arena; /* holds all of it but the struct */
    struct str practitioner;
    uint64_t generation;
    utc_ms from; /* the posts hold for [from, until) */
    utc_ms until;
    const struct app_post *posts;
    size_t count;
};

struct persons {
    struct app *app;
    atomic_ullong generation;
    unsigned types[3];     /* whose changes count */
    pthread_rwlock_t lock; /* guards the two below */
    struct person *buckets[BUCKETS];
    size_t count;
};

struct persons *persons_new(struct app *app)
{
    static const char *const types[3] = {
        "PractitionerRole", "Practitioner", "Organization"};
    struct persons *p = base_malloc(sizeof(*p));

    if (!p)
        return NULL;
    memset(p, 0, sizeof(*p));
    p->app = app;
    for (size_t i = 0; i < 3; i++)
        p->types[i] = fhir_resource_named(str_of(types[i]))->number;
    pthread_rwlock_init(&p->lock, NULL);
    return p;
}

static void person_free(struct person *one)
{
    if (!one)
        return;
    arena_free(one->arena);
    base_free(one);
}

static void forget_all(struct persons *p)
{
    for (size_t i = 0; i < BUCKETS; i++) {
        while (p->buckets[i]) {
            struct person *one = p->buckets[i];

            p->buckets[i] = one->next;
            person_free(one);
        }
    }
    p->count = 0;
}

void persons_free(struct persons *p)
{
    if (!p)
        return;
    forget_all(p);
    pthread_rwlock_destroy(&p->lock);
    base_free(p);
}

void persons_changed(struct persons *p, unsigned type)
{
    for (size_t i = 0; i < 3; i++) {
        if (p->types[i] == type)
            atomic_fetch_add(&p->generation, 1);
    }
}

/* ---- roles ---- */

static const struct {
    const char *role;
    bool needs_code;
    bool clinical;
} roles[PERSON_ROLES] = {
    {"clinician", false, true},
    {"nurse", false, true},
    {"technician", false, true},
    {"therapist", false, true},
    {"expert", false, false},
    {"apprentice", false, false},
    {"head-of-department", false, true},
    {"director", false, false},
    {"coordinator", true, false},
    {"international-desk", false, false},
    {"interpreter", false, false},
    {"quality-officer", false, false},
    {"auditor", false, false},
    {"administrator", true, false},
};

const char *person_role_at(size_t index)
{
    return roles[index].role;
}

bool person_role_known(struct str role)
{
    for (size_t i = 0; i < sizeof(roles) / sizeof(roles[0]); i++) {
        if (str_is(role, roles[i].role))
            return true;
    }
    return false;
}

bool person_role_needs_code(struct str role)
{
    for (size_t i = 0; i < sizeof(roles) / sizeof(roles[0]); i++) {
        if (str_is(role, roles[i].role))
            return roles[i].needs_code;
    }
    return false;
}

bool person_clinical(struct str role)
{
    for (size_t i = 0; i < sizeof(roles) / sizeof(roles[0]); i++) {
        if (str_is(role, roles[i].role))
            return roles[i].clinical;
    }
    return false;
}

bool person_holds(const struct app_caller *caller, const char *role)
{
    for (size_t i = 0; i < caller->post_count; i++) {
        if (str_is(caller->posts[i].role, role))
            return true;
    }
    return false;
}

/* ---- working out ---- */

struct working {
    struct persons *p;
    struct arena *a;     /* for what is read */
    struct person *into; /* and its arena for what stays */
    struct store_reader *reader;
    struct app_post *posts;
    utc_ms now;
};

static int keep_text(struct working *w, struct str text, struct str *ret)
{
    char *copy = text.p ? arena_strndup(w->into->arena, text.p, text.len) : NULL;

    if (text.p && !copy)
        return E_NOMEM;
    *ret = (struct str){copy, copy ? text.len : 0};
    return 0;
}

/* The answer changes at ${at}, if that is still to come. */
static void boundary(struct working *w, utc_ms at)
{
    if (at > w->now && at < w->into->until)
        w->into->until = at;
}

/* Does ${period} hold now? Its end goes to ${ret_end}. A period that cannot be read holds
 * never. */
static bool period_holds(struct working *w, const struct json *period, utc_ms *ret_end)
{
    utc_ms lo = 0;
    utc_ms hi = 0;

    if (!fhir_period_range(period, &lo, &hi))
        return false;
    boundary(w, lo);
    boundary(w, hi);
    *ret_end = hi;
    return lo <= w->now && w->now < hi;
}

static int read_json(struct working *w, unsigned type, struct str id,
    const struct json **ret, struct err *err)
{
    struct store_record rec = {0};
    int r = store_get(w->reader, w->a, type, id, &rec, err);

    if (r == 0 && (rec.operation == STORE_DELETE || rec.body.len == 0))
        r = E_NOT_FOUND;
    return r == 0 ? json_read_trusted(w->a, rec.body, ret, err) : r;
}

/* The hospital a unit belongs to: the end of partOf. */
static int hospital_of(
    struct working *w, struct str unit, struct str *ret, struct err *err)
{
    struct str at = unit;

    for (int depth = 0; depth < UNIT_DEPTH && at.p; depth++) {
        struct fhir_reference ref = fhir_reference_parse(at, w->p->app->base[APP_FHIR]);
        const struct json *organization = NULL;
        struct str above = {NULL, 0};
        int r = 0;

        if (ref.form != FHIR_REF_LOCAL || ref.type != w->p->types[2])
            break;
        r = read_json(w, ref.type, ref.id, &organization, err);
        if (r == E_NOT_FOUND)
            break;
        if (r < 0)
            return r;
        above = json_get_text(json_get(organization, "partOf"), "reference");
        if (!above.p)
            break;
        at = above;
    }
    *ret = at;
    return 0;
}

static int post_add(
    struct working *w, struct str role, struct str unit, utc_ms end, struct err *err)
{
    struct app_post *post = &w->posts[w->into->count];
    struct str hospital = unit;
    int r = 0;

    if (w->into->count == LIMIT_POSTS || !person_role_known(role))
        return 0;
    if (unit.p)
        r = hospital_of(w, unit, &hospital, err);
    if (r < 0)
        return r;
    *post = (struct app_post){.until = end == UTC_MS_MAX ? 0 : end};
    if (keep_text(w, role, &post->role) < 0 ||
        keep_text(w, hospital, &post->organization) < 0 ||
        (unit.p && hospital.p && !str_eq(unit, hospital) &&
            keep_text(w, unit, &post->department) < 0))
        return err_nomem(err);
    w->into->count++;
    return 0;
}

/* One PractitionerRole: each of its roles is a post. */
static int read_post(struct working *w, const struct json *post, struct err *err)
{
    struct str unit = json_get_text(json_get(post, "organization"), "reference");
    struct json_each code = json_each(json_get(post, "code"));
    utc_ms end = UTC_MS_MAX;
    int r = 0;

    if (json_kind(json_get(post, "active")) == JSON_FALSE ||
        !period_holds(w, json_get(post, "period"), &end))
        return 0;
    while (r == 0 && json_next(&code)) {
        struct json_each coding = json_each(json_get(code.value, "coding"));

        while (r == 0 && json_next(&coding)) {
            if (str_is(json_get_text(coding.value, "system"), PERSON_ROLE_SYSTEM))
                r = post_add(w, json_get_text(coding.value, "code"), unit, end, err);
        }
    }
    return r;
}

static int search_posts(struct working *w, struct search_page *page, struct err *err)
{
    const struct search_pair pairs[] = {
        {STR("practitioner"), w->into->practitioner},
        {STR("_count"), STR("64")},
        {STR("_total"), STR("none")},
    };
    struct search_request rq = {.type = w->p->types[0],
        .pairs = pairs,
        .pair_count = sizeof(pairs) / sizeof(pairs[0]),
        .now = w->now};
    struct fhir_issues issues = {0};
    struct search_query *query = NULL;
    int r = search_parse(w->a, &rq, &issues, &query, err);

    return r == 0 ? search_run(w->reader, w->a, query, page, err) : r;
}

/* Someone whose own record is not active, or is gone, holds nothing. */
static int is_active(struct working *w, bool *ret, struct err *err)
{
    struct str id = w->into->practitioner;
    const struct json *practitioner = NULL;
    int r = 0;

    str_cut(&id, '/');
    r = read_json(w, w->p->types[1], id, &practitioner, err);
    *ret = r == 0 && json_kind(json_get(practitioner, "active")) != JSON_FALSE;
    return r == E_NOT_FOUND ? 0 : r;
}

static int work_out(struct working *w, struct err *err)
{
    struct search_page page = {0};
    bool active = false;
    int r = is_active(w, &active, err);

    if (r == 0 && active)
        r = search_posts(w, &page, err);
    for (size_t i = 0; r == 0 && i < page.count; i++) {
        struct store_record rec = {0};
        const struct json *post = NULL;

        r = store_get_rid(w->reader, w->a, page.hits[i].rid, true, &rec, err);
        if (r == 0)
            r = json_read_trusted(w->a, rec.body, &post, err);
        if (r == 0)
            r = read_post(w, post, err);
    }
    w->into->posts = w->posts;
    return r;
}

static int person_make(const struct person_ask *ask, struct str practitioner,
    struct person **ret, struct err *err)
{
    struct persons *p = ask->persons;
    struct person *one = base_malloc(sizeof(*one));
    struct working w = {
        .p = p, .into = one, .now = ask->now, .a = arena_new(), .reader = ask->held};
    int r = 0;

    if (one)
        *one = (struct person){
            .arena = arena_new(), .from = ask->now, .until = UTC_MS_MAX};
    if (!one || !one->arena || !w.a)
        r = err_nomem(err);
    if (r == 0) {
        one->generation = atomic_load(&p->generation);
        w.posts = arena_array(one->arena, LIMIT_POSTS + 1, sizeof(*w.posts));
        if (!w.posts || keep_text(&w, practitioner, &one->practitioner) < 0)
            r = err_nomem(err);
        else if (!ask->held)
            r = store_read_begin(p->app->store, &w.reader, err);
    }
    if (r == 0) {
        r = work_out(&w, err);
        if (!ask->held)
            store_read_end(w.reader);
    }
    arena_free(w.a);
    if (r < 0)
        person_free(one);
    else
        *ret = one;
    return r;
}

/* ---- remembering ---- */

static struct person **bucket(struct persons *p, struct str practitioner)
{
    return &p->buckets[hash64(practitioner.p, practitioner.len, 0) & (BUCKETS - 1)];
}

static bool is_current(const struct person *one, struct persons *p, utc_ms now)
{
    return one->generation == atomic_load(&p->generation) && now >= one->from &&
           now < one->until;
}

static int copy_posts(struct arena *a, const struct person *one,
    struct person_posts *ret, struct err *err)
{
    struct app_post *posts = arena_array(a, one->count + 1, sizeof(*posts));

    if (!posts)
        return err_nomem(err);
    for (size_t i = 0; i < one->count; i++) {
        const struct str *from[3] = {&one->posts[i].role, &one->posts[i].organization,
            &one->posts[i].department};
        struct str *to[3] = {
            &posts[i].role, &posts[i].organization, &posts[i].department};

        posts[i].until = one->posts[i].until;
        for (int k = 0; k < 3; k++) {
            char *text = from[k]->p ? arena_strndup(a, from[k]->p, from[k]->len) : NULL;

            if (from[k]->p && !text)
                return err_nomem(err);
            *to[k] = (struct str){text, text ? from[k]->len : 0};
        }
    }
    *ret = (struct person_posts){posts, one->count};
    return 0;
}

static void remember(struct persons *p, struct person *one)
{
    struct person **at = NULL;

    pthread_rwlock_wrlock(&p->lock);
    if (p->count >= LIMIT_PEOPLE_CACHED)
        forget_all(p);
    at = bucket(p, one->practitioner);
    one->next = *at;
    *at = one;
    p->count++;
    at = &one->next;
    while (*at) { /* the one it takes the place of */
        struct person *old = *at;

        if (str_eq(old->practitioner, one->practitioner)) {
            *at = old->next;
            person_free(old);
            p->count--;
        } else {
            at = &old->next;
        }
    }
    pthread_rwlock_unlock(&p->lock);
}

int person_posts_in(const struct person_ask *ask, struct str practitioner,
    struct person_posts *ret, struct err *err)
{
    struct persons *p = ask->persons;
    struct person *one = NULL;
    bool found = false;
    int r = 0;

    pthread_rwlock_rdlock(&p->lock);
    for (one = *bucket(p, practitioner); one && !found; one = one->next) {
        found = str_eq(one->practitioner, practitioner) && is_current(one, p, ask->now);
        if (found)
            r = copy_posts(ask->arena, one, ret, err);
    }
    pthread_rwlock_unlock(&p->lock);
    if (found)
        return r;
    r = person_make(ask, practitioner, &one, err);
    if (r < 0)
        return r;
    r = copy_posts(ask->arena, one, ret, err);
    if (ask->held) /* a snapshot of before is not remembered as what is now */
        person_free(one);
    else
        remember(p, one);
    return r;
}

int person_posts(struct persons *p, struct arena *a, struct str practitioner,
    utc_ms now, struct person_posts *ret, struct err *err)
{
    const struct person_ask ask = {.persons = p, .arena = a, .now = now};

    return person_posts_in(&ask, practitioner, ret, err);
}
