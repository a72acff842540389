/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The draw of a week: the cases that were closed in it and had been answered, parted by the
 * hospital that answered; of each hospital's one is drawn, and two people to rate it. The
 * record says from which cases and by which seed, so that the draw can be done again.
 */
#include "app/review.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"

#include "app/access_internal.h"
#include "app/case.h"
#include "app/review_internal.h"
#include "fhir/put.h"

/* One case that can be drawn. */
struct candidate {
    struct str hospital; /* that answered */
    struct str id;
};

struct week {
    struct app *app;
    struct seek seek;
    utc_ms begin;
    utc_ms now;
    struct candidate *list;
    size_t count;
    size_t made;
    size_t lacking; /* reviews for which there were not two people */
};

/* One review while it is made. */
struct draw {
    struct week *week;
    const struct candidate *from; /* the hospital's, by id */
    size_t count;
    struct review_seed seed;
    size_t place;
    struct review_case drawn;
    struct review_sides sides;
    size_t people;
    struct str raters[REVIEW_RATERS];
    char id[REVIEW_ID_CHARS + 1];
    char tasks[REVIEW_RATERS][REVIEW_ID_CHARS + 1];
};

/* ---- which cases ---- */

/* Was the case ${id} drawn before, in whichever week? */
static int was_drawn(const struct seek *s, struct str id, bool *ret, struct err *err)
{
    const char *name = arena_printf(s->a, "ServiceRequest/%.*s", (int)id.len, id.p);
    const struct search_pair pairs[] = {{STR("request"), str_of(name)}};
    struct seek_list found = {NULL, 0};
    int r =
        name ? seek_all(s, &(struct seek_for){"CaseReview", pairs, 1, 1}, &found, err)
             : err_nomem(err);

    if (r == 0)
        *ret = found.count > 0;
    return r;
}

/* The case of ${rid}, a Task, if it can be drawn. */
static int consider(struct week *w, store_rid rid, struct err *err)
{
    struct review_case c = {.id = {NULL, 0}};
    struct review_sides sides;
    struct store_record rec = {0};
    const struct json *task = NULL;
    bool there = false;
    bool drawn = false;
    int r = seek_rid(&w->seek, rid, &rec, &task, err);

    if (r < 0 || case_state_of(task) != CASE_CLOSED)
        return r;
    r = was_drawn(&w->seek, rec.id, &drawn, err);
    if (r == 0 && !drawn)
        r = review_case_gather(&w->seek, rec.id, &c, &there, err);
    if (r < 0 || drawn || !there || !c.opinion)
        return r;
    r = review_sides(&w->seek, &c, &sides, err);
    if (r == 0 && sides.asked.p)
        w->list[w->count++] = (struct candidate){sides.asked, rec.id};
    return r;
}

static int by_hospital_and_id(const void *a, const void *b)
{
    const struct candidate *one = a;
    const struct candidate *other = b;
    int order = str_cmp(one->hospital, other->hospital);

    return order ? order : str_cmp(one->id, other->id);
}

static int find_candidates(struct week *w, struct err *err)
{
    char from[TIME_ISO_MAX + 2] = "ge";
    char until[TIME_ISO_MAX + 2] = "lt";
    struct search_pair pairs[] = {
        {STR("code"), STR(CASE_TASK_SYSTEM "|" CASE_TASK_CODE)},
        {STR("business-status"), STR(CASE_STATE_SYSTEM "|closed")},
        {STR("modified"), {NULL, 0}},
        {STR("modified"), {NULL, 0}},
        {STR("_count"), STR("500")},
        {STR("_total"), STR("none")},
    };
    struct seek_list found = {NULL, 0};
    int r = 0;

    time_iso(w->begin, from + 2);
    time_iso(w->begin + REVIEW_WEEK_MS, until + 2);
    pairs[2].value = str_of(from);
    pairs[3].value = str_of(until);
    r = seek_all(&w->seek,
        &(struct seek_for){
            "Task", pairs, sizeof(pairs) / sizeof(pairs[0]), LIMIT_REVIEW_CASES},
        &found, err);
    w->list = arena_array(w->seek.a, found.count + 1, sizeof(*w->list));
    if (r == 0 && !w->list)
        r = err_nomem(err);
    for (size_t i = 0; r == 0 && i < found.count; i++)
        r = consider(w, found.rids[i], err);
    if (r == 0 && w->count > 1)
        qsort(w->list, w->count, sizeof(*w->list), by_hospital_and_id);
    return r;
}

/* ---- the records ---- */

static void put_reference(
    struct json_out *o, const char *name, const char *type, struct str id)
{
    json_name(o, name);
    json_open(o, '{');
    json_name(o, "reference");
    buf_addf(o->buf, "\"%s%.*s\"", type, (int)id.len, id.p);
    o->comma = true;
    json_close(o, '}');
}

static utc_ms due_of(const struct draw *d)
{
    return d->week->now + (utc_ms)LIMIT_REVIEW_DAYS * 24 * 60 * 60 * 1000;
}

static void put_draw(struct json_out *o, const struct draw *d)
{
    char hex[2 * CRYPTO_MAC_BYTES + 1];

    hex_encode(d->seed.bytes, sizeof(d->seed.bytes), hex);
    json_name(o, "draw");
    json_open(o, '{');
    fhir_put_time(o, "time", d->week->now);
    json_member(o, "seed", str_of(hex));
    json_name(o, "candidate");
    json_open(o, '[');
    for (size_t i = 0; i < d->count; i++)
        json_put_text(o, d->from[i].id);
    json_close(o, ']');
    json_name(o, "place");
    json_put_int(o, (long long)d->place);
    json_name(o, "people");
    json_put_int(o, (long long)d->people);
    json_close(o, '}');
}

static void put_ratings(struct json_out *o, const struct draw *d)
{
    json_name(o, "rating");
    json_open(o, '[');
    for (size_t i = 0; i < REVIEW_RATERS; i++) {
        json_open(o, '{');
        put_reference(o, "task", "Task/", str_of(d->tasks[i]));
        fhir_put_reference(o, "reviewer", d->raters[i]);
        json_close(o, '}');
    }
    json_close(o, ']');
}

static void put_review(struct buf *b, const struct draw *d)
{
    struct json_out o = json_out(b);

    json_open(&o, '{');
    json_member(&o, "resourceType", STR("CaseReview"));
    json_member(&o, "id", str_of(d->id));
    json_member(&o, "status", STR("waiting"));
    put_reference(&o, "request", "ServiceRequest/", d->drawn.id);
    json_name(&o, "period");
    json_open(&o, '{');
    fhir_put_time(&o, "start", d->week->begin);
    fhir_put_time(&o, "end", d->week->begin + REVIEW_WEEK_MS);
    json_close(&o, '}');
    if (d->sides.asking.p)
        fhir_put_reference(&o, "asking", d->sides.asking);
    fhir_put_reference(&o, "asked", d->sides.asked);
    fhir_put_references(&o, "askingDepartment", d->sides.asking_units.list,
        d->sides.asking_units.count);
    fhir_put_references(
        &o, "askedDepartment", d->sides.asked_units.list, d->sides.asked_units.count);
    fhir_put_time(&o, "due", due_of(d));
    put_draw(&o, d);
    put_ratings(&o, d);
    json_close(&o, '}');
}

/* What asks the reviewer. It names nothing of the case. */
static void put_task(struct buf *b, const struct draw *d, size_t n)
{
    struct json_out o = json_out(b);

    json_open(&o, '{');
    json_member(&o, "resourceType", STR("Task"));
    json_member(&o, "id", str_of(d->tasks[n]));
    json_member(&o, "status", STR("requested"));
    json_member(&o, "intent", STR("order"));
    json_name(&o, "code");
    json_open(&o, '{');
    json_name(&o, "coding");
    json_open(&o, '[');
    json_open(&o, '{');
    json_member(&o, "system", STR(CASE_TASK_SYSTEM));
    json_member(&o, "code", STR("review-case"));
    json_close(&o, '}');
    json_close(&o, ']');
    json_close(&o, '}');
    fhir_put_time(&o, "authoredOn", d->week->now);
    fhir_put_time(&o, "lastModified", d->week->now);
    fhir_put_reference(&o, "owner", d->raters[n]);
    json_name(&o, "restriction");
    json_open(&o, '{');
    json_name(&o, "period");
    json_open(&o, '{');
    fhir_put_time(&o, "end", due_of(d));
    json_close(&o, '}');
    json_close(&o, '}');
    json_close(&o, '}');
}

static int write_records(struct draw *d, struct err *err)
{
    struct app_call call = change_by_node(d->week->app, d->week->seek.a);
    struct change change = {.call = &call};
    struct buf b;
    int r = 0;

    buf_init(&b, LIMIT_RECORD_BYTES);
    put_review(&b, d);
    r = change_put(
        &change, fhir_resource_named(STR("CaseReview")), str_of(d->id), NULL, &b, err);
    for (size_t i = 0; r == 0 && i < REVIEW_RATERS; i++) {
        buf_clear(&b);
        put_task(&b, d, i);
        r = change_put(&change, fhir_resource_named(STR("Task")), str_of(d->tasks[i]),
            NULL, &b, err);
    }
    buf_done(&b);
    return r == 0 ? change_commit(&change, err) : r;
}

/* ---- one draw ---- */

/* Could ${who} open the case's patient by another way, as by another case? */
static int reads_patient(
    const struct draw *d, struct str who, bool *ret, struct err *err)
{
    const struct week *w = d->week;
    struct str patient =
        json_get_text(json_get(d->drawn.request, "subject"), "reference");
    struct app_call call = change_by_node(w->app, w->seek.a);
    struct access *access = NULL;
    struct reader_verdict verdict = {.allowed = false};
    int r = 0;

    call.caller = (struct app_caller){
        .name = STR("belay"), .role = STR("program"), .practitioner = who};
    r = access_new(&call, &access, err);
    access_begin(access, w->seek.snapshot);
    if (r == 0 && access)
        r = access_make(access, err);
    if (r == 0 && access)
        r = reader_allows_reference(access->reader, patient, &verdict, err);
    access_end(access);
    *ret = verdict.allowed;
    return r;
}

/* Two of ${people}, one after the other; who could open the patient's records is passed over.
 * ${*ret} false: there are not so many. */
static int draw_people(
    struct draw *d, struct review_strings *people, bool *ret, struct err *err)
{
    size_t found = 0;
    int r = 0;

    d->people = people->count;
    for (unsigned turn = 1; r == 0 && found < REVIEW_RATERS && people->count; turn++) {
        char what[32];
        bool reads = false;
        size_t at = 0;

        snprintf(what, sizeof(what), "reviewer-%u", turn);
        r = review_pick(&d->seed, what, people->count, &at, err);
        if (r == 0)
            r = reads_patient(d, people->list[at], &reads, err);
        if (r == 0 && !reads)
            d->raters[found++] = people->list[at];
        people->count--;
        memmove(&people->list[at], &people->list[at + 1],
            (people->count - at) * sizeof(*people->list));
    }
    *ret = found == REVIEW_RATERS;
    return r;
}

static int draw_one(struct draw *d, struct err *err)
{
    struct week *w = d->week;
    struct str hospital = d->from[0].hospital;
    struct review_strings people = {NULL, 0, 0};
    const struct json *made = NULL;
    bool enough = false;
    bool there = false;
    int r = 0;

    review_id(w->begin, hospital, d->id);
    for (unsigned i = 0; i < REVIEW_RATERS; i++)
        review_task_id(str_of(d->id), i, d->tasks[i]);
    r = seek_record(&w->seek, "CaseReview", str_of(d->id), NULL, &made, err);
    if (r < 0 || made)
        return r;
    r = review_seed(w->app->seal_key, w->begin, hospital, &d->seed, err);
    if (r == 0)
        r = review_pick(&d->seed, "case", d->count, &d->place, err);
    if (r == 0)
        r = review_case_gather(&w->seek, d->from[d->place].id, &d->drawn, &there, err);
    if (r == 0)
        r = review_sides(&w->seek, &d->drawn, &d->sides, err);
    if (r == 0)
        r = review_people(&w->seek, &d->drawn, &d->sides, w->now, &people, err);
    if (r == 0)
        r = draw_people(d, &people, &enough, err);
    if (r == 0 && !enough) {
        w->lacking++;
        log_line(LOG_DEBUG, "no two people can review a case of %.*s",
            (int)hospital.len, hospital.p);
        return 0;
    }
    if (r == 0)
        r = write_records(d, err);
    w->made += r == 0;
    return r == E_CONFLICT ? 0 : r; /* somebody was quicker */
}

static int draw_all(struct week *w, const atomic_bool *stop, struct err *err)
{
    size_t at = 0;
    int r = 0;

    while (r == 0 && at < w->count && !(stop && atomic_load(stop))) {
        struct draw d = {.week = w, .from = &w->list[at]};

        while (at < w->count && str_eq(w->list[at].hospital, d.from[0].hospital)) {
            d.count++;
            at++;
        }
        r = draw_one(&d, err);
    }
    return r;
}

/* The week that begins at ${begin}. */
static int run_week(struct week *w, const atomic_bool *stop, struct err *err)
{
    struct store_reader *snapshot = NULL;
    int r = store_read_begin(w->app->store, &snapshot, err);

    if (r < 0)
        return r;
    w->seek = (struct seek){w->app, snapshot, arena_new()};
    w->list = NULL;
    w->count = 0;
    r = w->seek.a ? find_candidates(w, err) : err_nomem(err);
    if (r == 0)
        r = draw_all(w, stop, err);
    store_read_end(snapshot);
    arena_free(w->seek.a);
    return r;
}

/* ---- when ---- */

/* What is remembered of the last look only spares the next one: it is forgotten by a restart,
 * and a clock that was set back is noticed. */
static bool is_due(struct app *app, utc_ms now)
{
    utc_ms next = atomic_load(&app->review_next);

    return next == 0 || now >= next || next - now > REVIEW_WEEK_MS;
}

int review_run(
    struct app *app, const atomic_bool *stop, utc_ms now, size_t *ret, struct err *err)
{
    utc_ms monday = review_monday(now);
    utc_ms next = monday + REVIEW_WEEK_MS;
    struct week w = {.app = app, .now = now};
    int r = 0;

    if (ret)
        *ret = 0;
    if (!is_due(app, now))
        return 0;
    for (int back = LIMIT_REVIEW_WEEKS; r == 0 && back > 0; back--) {
        w.begin = monday - back * REVIEW_WEEK_MS;
        r = run_week(&w, stop, err);
    }
    if (r < 0)
        return r;
    if (w.lacking || (stop && atomic_load(stop)))
        next = now + LIMIT_REVIEW_AGAIN_MINUTES * (utc_ms)60000;
    atomic_store(&app->review_next, next);
    if (ret)
        *ret = w.made;
    return 0;
}
