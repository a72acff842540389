/* SPDX-License-Identifier: Apache-2.0 */
/* A reader for one call, made when it is first needed. */
#include "app/access_internal.h"
#include "app/app_internal.h"
#include "app/audit.h"
#include "app/emergency.h"
#include "app/person.h"

bool access_limited(const struct app_caller *caller)
{
    return caller->account.p || caller->practitioner.p || caller->client.p;
}

/* ---- a reader ---- */

static int make_reader(struct access *a, struct err *err)
{
    const struct app_caller *caller = &a->call->caller;
    struct reader_who who = {.practitioner = caller->practitioner,
        .now = call_now(a->call),
        .memory = a->call->app->memory};
    struct emergency_open open = {NULL, 0};
    struct reader_post *posts = NULL;
    int r = 0;

    if (!a->snapshot)
        return err_set(err, E_BUG, NULL, "Who may read was asked without a snapshot.");
    /* not by the name the client calls us: it would choose whose records are ours */
    who.bases = app_bases(a->call->arena, a->call->app, a->call->app->base[APP_FHIR]);
    if (!a->arena)
        a->arena = a->lent ? arena_new() : a->call->arena;
    a->lent = true;
    if (a->arena)
        posts = arena_array(a->arena, caller->post_count + 1, sizeof(*posts));
    if (!posts)
        return err_nomem(err);
    for (size_t i = 0; i < caller->post_count; i++) {
        const struct app_post *post = &caller->posts[i];

        posts[i] = (struct reader_post){.role = post->role,
            .unit = post->department.p ? post->department : post->organization};
    }
    who.posts = posts;
    who.post_count = caller->post_count;
    r = emergency_grants(a->call->app, a->arena, caller, who.now, &open, err);
    who.grants = open.list;
    who.grant_count = open.count;
    if (r == 0)
        r = reader_new(a->snapshot, a->arena, &who, &a->reader, err);
    if (r < 0)
        return r;
    a->own = reader_filter(a->reader);
    reader_expect(a->reader, a->made, a->made_count);
    reader_expect_consents(a->reader, a->consents, a->consent_count);
    return 0;
}

int access_make(struct access *a, struct err *err)
{
    return a->reader ? 0 : make_reader(a, err);
}

void access_begin(struct access *a, struct store_reader *snapshot)
{
    if (!a || a->snapshot == snapshot)
        return;
    access_end(a);
    a->snapshot = snapshot;
}

void access_end(struct access *a)
{
    if (!a)
        return;
    reader_free(a->reader);
    if (a->arena != a->call->arena)
        arena_free(a->arena);
    a->reader = NULL;
    a->arena = NULL;
    a->snapshot = NULL;
}

/* ---- the filter ---- */

static int filter_allows(void *arg, store_rid rid, bool *ret, struct err *err)
{
    struct access *a = arg;
    int r = access_scope_allows(a, rid, SCOPE_SEARCH, ret, err);

    if (r < 0 || !*ret || a->whole)
        return r;
    r = access_make(a, err);
    return r < 0 ? r : a->own.allows(a->own.arg, rid, ret, err);
}

static int filter_few(
    void *arg, unsigned type, const store_rid **ret, size_t *ret_count, struct err *err)
{
    static const store_rid none[1];
    struct access *a = arg;
    bool shut = access_scope_none(a, type);
    int r = 0;

    if (shut || a->whole) {
        *ret = shut ? none : NULL;
        *ret_count = 0;
        return 0;
    }
    r = access_make(a, err);
    return r < 0 ? r : a->own.few(a->own.arg, type, ret, ret_count, err);
}

static int filter_shortlist(void *arg, const struct search_order *order,
    const struct search_shortlist **ret, struct err *err)
{
    struct access *a = arg;
    int r = 0;

    *ret = NULL;
    if (a->whole)
        return 0;
    r = access_make(a, err);
    return r < 0 ? r : a->own.shortlist(a->own.arg, order, ret, err);
}

/* Whoever asks these was given a shortlist by the same reader. */
static int filter_ever(void *arg, store_rid rid, bool *ret, struct err *err)
{
    struct access *a = arg;

    return a->own.ever(a->own.arg, rid, ret, err);
}

static void filter_learned(
    void *arg, const struct search_order *order, const struct search_shortlist *longer)
{
    struct access *a = arg;

    a->own.learned(a->own.arg, order, longer);
}

const struct search_filter *access_filter(struct access *a)
{
    return a ? &a->filter : NULL;
}

/* ---- the access of a call ---- */

/* A program of a hospital sees what a clinician there does. */
static int client_post(struct app_call *call, struct access *a, struct err *err)
{
    struct app_caller *caller = &call->caller;
    struct app_post *post = NULL;

    a->whole = !caller->organization.p;
    if (a->whole)
        return 0;
    post = arena_alloc(call->arena, sizeof(*post));
    if (!post)
        return err_nomem(err);
    *post = (struct app_post){
        .role = STR("clinician"), .organization = caller->organization};
    caller->posts = post;
    caller->post_count = 1;
    return 0;
}

int access_new(struct app_call *call, struct access **ret, struct err *err)
{
    struct app_caller *caller = &call->caller;
    struct person_posts posts = {0};
    struct access *a = NULL;
    int r = 0;

    if (!access_limited(caller) || atomic_load(&call->app->open)) {
        *ret = NULL;
        return 0;
    }
    a = arena_alloc(call->arena, sizeof(*a));
    if (!a)
        return err_nomem(err);
    *a = (struct access){.begun = time_monotonic_ns(),

        .call = call,
        .filter = {.arg = a,
            .allows = filter_allows,
            .few = filter_few,
            .shortlist = filter_shortlist,
            .ever = filter_ever,
            .learned = filter_learned}};
    if (caller->client.p) {
        r = client_post(call, a, err);
    } else if (!caller->account.p && !caller->posts && call->app->persons) {
        r = person_posts(call->app->persons, call->arena, caller->practitioner,
            call_now(call), &posts, err);
        caller->posts = posts.list;
        caller->post_count = posts.count;
    }
    if (r == 0)
        *ret = a;
    return r;
}

/* ---- questions ---- */

static void remember(
    struct access *a, store_rid rid, const struct reader_verdict *verdict)
{
    a->asked = rid;
    a->why = (struct access_why){(uint8_t)verdict->reason, verdict->by};
}

struct access_why access_why(struct access *a, store_rid rid)
{
    struct reader_verdict verdict = {.allowed = false};

    if (!a)
        return (struct access_why){0};
    if (a->asked != rid && a->snapshot && a->reader) {
        (void)reader_allows(a->reader, rid, &verdict, NULL);
        remember(a, rid, &verdict);
    }
    return a->asked == rid ? a->why : (struct access_why){0};
}

/* A version with content. */
static int judge_content(struct access *a, const struct store_record *rec,
    struct reader_verdict *ret, struct err *err)
{
    const struct json *resource = NULL;
    int r = access_make(a, err);

    if (r == 0)
        r = json_read_trusted(a->arena, rec->body, &resource, err);
    if (r == 0)
        r = reader_allows_version(a->reader, rec->rid, resource, ret, err);
    return r;
}

/* The newest version with content before ${seq}; none: nobody may know of it. */
static int judge_before(struct access *a, store_rid rid, int64_t seq,
    struct reader_verdict *ret, struct err *err)
{
    struct store_history h = {.rid = rid, .before = seq, .limit = 2, .body = true};
    struct store_record *list = NULL;
    size_t n = 0;
    int r = access_make(a, err);

    *ret = (struct reader_verdict){.allowed = false};
    if (r == 0)
        r = store_history(a->snapshot, a->arena, &h, &list, &n, err);
    for (size_t i = 0; r == 0 && i < n; i++) {
        if (list[i].body.len > 0)
            return judge_content(a, &list[i], ret, err);
    }
    return r;
}

static int judge_live(
    struct access *a, store_rid rid, struct reader_verdict *ret, struct err *err)
{
    int r = access_make(a, err);

    return r < 0 ? r : reader_allows(a->reader, rid, ret, err);
}

/* The current version of ${rid}. */
static int judge(
    struct access *a, store_rid rid, struct reader_verdict *ret, struct err *err)
{
    bool live = true;
    int r = access_make(a, err);

    if (r == 0)
        r = store_live(a->snapshot, rid, &live, err);
    if (r == 0 && !live)
        return judge_before(a, rid, 0, ret, err);
    return r < 0 ? r : reader_allows(a->reader, rid, ret, err);
}

int access_judge(struct access *a, const struct store_record *rec,
    struct reader_verdict *ret, struct err *err)
{
    return judge(a, rec->rid, ret, err);
}

/* By the scopes, then by ${judges}. */
static int allows(struct access *a, store_rid rid,
    int (*judges)(struct access *, store_rid, struct reader_verdict *, struct err *),
    bool *ret, struct err *err)
{
    struct reader_verdict verdict = {.allowed = false};
    int r = 0;

    *ret = true;
    if (a)
        r = access_scope_allows(a, rid, a->looks ? a->looks : SCOPE_READ, ret, err);
    if (!a || r < 0 || !*ret || a->whole)
        return r;
    r = judges(a, rid, &verdict, err);
    if (r < 0)
        return r;
    remember(a, rid, &verdict);
    *ret = verdict.allowed;
    return 0;
}

int access_allows_live(struct access *a, store_rid rid, bool *ret, struct err *err)
{
    return allows(a, rid, judge_live, ret, err);
}

int access_allows(struct access *a, store_rid rid, bool *ret, struct err *err)
{
    return allows(a, rid, judge, ret, err);
}

int access_allows_record(
    struct access *a, const struct store_record *rec, bool *ret, struct err *err)
{
    struct reader_verdict verdict = {.allowed = false};
    int r = 0;

    *ret = true;
    if (a)
        r = access_scope_allows_record(a, rec, ret, err);
    if (!a || r < 0 || !*ret || a->whole)
        return r;
    if (rec->operation == STORE_DELETE || rec->body.len == 0)
        r = judge_before(a, rec->rid, rec->seq, &verdict, err);
    else
        r = judge_content(a, rec, &verdict, err);
    if (r < 0)
        return r;
    remember(a, rec->rid, &verdict);
    *ret = verdict.allowed;
    return 0;
}

int access_no_such(
    const struct fhir_type *type, struct str id, bool version, struct err *err)
{
    return err_set(err, E_NOT_FOUND, NULL, "There is no %s with the id %.*s%s.",
        type->name, (int)id.len, id.p, version ? " in this version" : "");
}

/* Whether a record is hidden or not there shows in some microseconds. Both are answered at
 * the end of the same step of time, unless one of them crosses into the next. */
static void wait_alike(const struct access *a)
{
    uint64_t spent = time_monotonic_ns() - a->begun;
    uint64_t left = LIMIT_REFUSAL_NS - spent % LIMIT_REFUSAL_NS;

    nanosleep(&(struct timespec){.tv_nsec = (long)left}, NULL);
}

void access_wait(const struct access *a)
{
    if (a && !a->whole)
        wait_alike(a);
}

void access_missing(struct access *a, unsigned type, bool hidden)
{
    bool allowed = false;
    struct err err = {0};

    if (!a)
        return;
    if (hidden)
        audit_refused(a->call->app, &a->call->caller, AUDIT_REFUSED, 404);
    else if (!a->whole && access_make(a, &err) == 0)
        (void)filter_allows(a, store_rid_first(type), &allowed, &err);
    wait_alike(a);
}

void access_expect(struct access *a, const struct str *ids, size_t count)
{
    if (!a)
        return;
    a->made = ids;
    a->made_count = count;
    if (!ids) {
        a->consents = NULL;
        a->consent_count = 0;
    }
    if (!a->reader)
        return;
    reader_expect(a->reader, ids, count);
    reader_expect_consents(a->reader, a->consents, a->consent_count);
}

void access_together(struct access *a, bool together)
{
    if (a)
        a->together = together;
}

void access_makes(
    struct access *a, bool (*makes)(void *arg, struct str reference), void *arg)
{
    if (!a)
        return;
    a->makes = makes;
    a->makes_arg = arg;
}

/* ---- events ---- */

int access_event_id(struct app *app, int64_t seq, char out[ACCESS_EVENT_ID_MAX])
{
    struct str payload = {(const char *)&seq, sizeof(seq)};
    struct buf b;
    int r = 0;

    buf_init(&b, ACCESS_EVENT_ID_MAX - 1);
    r = crypto_seal_hide(app->seal_key, payload, &b, NULL);
    if (r == 0) {
        memcpy(out, b.data, b.len);
        out[b.len] = '\0';
    }
    buf_done(&b);
    return r;
}

bool access_event_seq(struct app *app, struct str id, int64_t *ret)
{
    struct buf b;
    bool ours = false;

    buf_init(&b, (size_t)2 * LIMIT_SEAL_BYTES);
    ours = crypto_seal_show(app->seal_key, id, &b, NULL) == 0 && b.len == sizeof(*ret);
    if (ours)
        memcpy(ret, b.data, sizeof(*ret));
    buf_done(&b);
    return ours;
}

static int hears(struct access *a, const struct access_change *change,
    enum access_hearing *ret, struct err *err)
{
    struct case_left_ask ask = {
        .snapshot = a->snapshot, .arena = a->call->arena, .seq = change->seq};
    bool allowed = false;
    bool left = false;
    int r = store_find(a->snapshot, change->type, change->id, &ask.request, err);

    if (r == 0)
        r = access_allows(a, ask.request, &allowed, err);
    if (r == 0 && !allowed && !a->whole &&
        change->type == fhir_resource_named(STR("ServiceRequest"))->number) {
        r = access_make(a, err);
        ask.reader = a->reader;
        if (r == 0)
            r = case_left(&ask, &left, err);
    }
    *ret = allowed ? ACCESS_HEARS : left ? ACCESS_HEARS_GONE : ACCESS_HEARS_NOTHING;
    return r;
}

int access_hears(struct app *app, struct app_caller *caller,
    const struct access_change *changes, size_t count, enum access_hearing *ret,
    struct err *err)
{
    struct app_call call = {.app = app, .arena = arena_new(), .caller = *caller};
    struct store_reader *snapshot = NULL;
    struct access *a = NULL;
    int r = call.arena ? 0 : err_nomem(err);

    call.base = app->base[APP_FHIR];
    if (r == 0)
        r = access_new(&call, &a, err);
    if (r == 0 && a)
        r = store_read_begin(app->store, &snapshot, err);
    if (r == 0)
        access_begin(a, snapshot);
    for (size_t i = 0; r == 0 && i < count; i++) {
        ret[i] = ACCESS_HEARS;
        if (a)
            r = hears(a, &changes[i], &ret[i], err);
    }
    access_end(a);
    if (snapshot)
        store_read_end(snapshot);
    arena_free(call.arena);
    return r;
}
