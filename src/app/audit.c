/* SPDX-License-Identifier: Apache-2.0 */
/* Noting reads and refusals, on whatever thread they happen. */
#include "app/audit.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/id.h"

#include "app/audit_internal.h"
#include "app/audit_read_internal.h"
#include "view/patients.h"

#define WAYS 4 /* places of a pair */
#define SECOND ((utc_ms)1000)

/* ---- notes ---- */

static int notes_init(struct audit_notes *n)
{
    *n = (struct audit_notes){.arena = arena_new(),
        .who = base_malloc(LIMIT_TRAIL_AGENTS * sizeof(*n->who)),
        .who_hash = base_malloc(LIMIT_TRAIL_AGENTS * sizeof(*n->who_hash)),
        .notes = base_malloc(LIMIT_TRAIL_PENDING * sizeof(*n->notes)),
        .seen = base_malloc(LIMIT_TRAIL_PENDING * sizeof(*n->seen)),
        .refusals = base_malloc((LIMIT_TRAIL_REFUSALS + 1) * sizeof(*n->refusals))};
    return n->arena && n->who && n->who_hash && n->notes && n->seen && n->refusals
               ? 0
               : E_NOMEM;
}

static void notes_done(struct audit_notes *n)
{
    arena_free(n->arena);
    base_free(n->who);
    base_free(n->who_hash);
    base_free(n->notes);
    base_free(n->seen);
    base_free(n->refusals);
}

void audit_notes_clear(struct audit_notes *n)
{
    arena_reset(n->arena);
    n->who_count = 0;
    n->note_count = 0;
    n->seen_count = 0;
    n->refusal_count = 0;
}

/* ---- who ---- */

static struct audit_who who_of(const struct app_caller *caller)
{
    return (struct audit_who){.name = caller->name,
        .role = caller->role,
        .practitioner = caller->practitioner,
        .organization = caller->organization,
        .address = caller->address};
}

static uint64_t who_hash(const struct audit *t, const struct audit_who *w)
{
    uint64_t h = t->seed;

    h = hash64(w->name.p, w->name.len, h);
    h = hash64(w->role.p, w->role.len, h);
    h = hash64(w->practitioner.p, w->practitioner.len, h);
    h = hash64(w->organization.p, w->organization.len, h);
    h = hash64(w->address.p, w->address.len, h);
    return hash64(w->why.p, w->why.len, h);
}

static int text_keep(struct arena *a, struct str *s)
{
    size_t len = s->len < LIMIT_TRAIL_TEXT ? s->len : LIMIT_TRAIL_TEXT;
    char *copy = s->p ? arena_strndup(a, s->p, len) : NULL;

    if (s->p && !copy)
        return E_NOMEM;
    *s = (struct str){copy, copy ? len : 0};
    return 0;
}

static int who_keep(struct arena *a, struct audit_who *w)
{
    return text_keep(a, &w->name) < 0 || text_keep(a, &w->role) < 0 ||
                   text_keep(a, &w->practitioner) < 0 ||
                   text_keep(a, &w->organization) < 0 ||
                   text_keep(a, &w->address) < 0 || text_keep(a, &w->why) < 0
               ? E_NOMEM
               : 0;
}

/* The place of ${who} in ${n}; negative: no room or no memory. Newest first: who reads
 * now read lately. */
static int64_t who_place(
    struct audit_notes *n, const struct audit_who *who, uint64_t hash)
{
    for (size_t i = n->who_count; i-- > 0;) {
        if (n->who_hash[i] == hash)
            return (int64_t)i;
    }
    if (n->who_count == LIMIT_TRAIL_AGENTS)
        return E_FULL;
    n->who[n->who_count] = *who;
    if (who_keep(n->arena, &n->who[n->who_count]) < 0)
        return E_NOMEM;
    n->who_hash[n->who_count] = hash;
    return (int64_t)n->who_count++;
}

/* ---- pairs ---- */

/* The place of the pair, or the oldest of its set. */
static struct audit_pair *pair_place(
    struct audit *t, uint64_t who, store_rid rid, bool *ret_found)
{
    uint64_t key[2] = {who, (uint64_t)rid};
    uint64_t set = hash64(key, sizeof(key), t->seed) % (LIMIT_TRAIL_SEEN / WAYS);
    struct audit_pair *pairs = t->pairs + set * WAYS;
    struct audit_pair *oldest_of = pairs;

    *ret_found = true;
    for (size_t i = 0; i < WAYS; i++) {
        if (pairs[i].who == who && pairs[i].rid == rid)
            return &pairs[i];
        if (pairs[i].second < oldest_of->second)
            oldest_of = &pairs[i];
    }
    *ret_found = false;
    return oldest_of;
}

/* True when the pair was not noted within the window; then it is now. */
static bool pair_new(struct audit *t, uint64_t who, store_rid rid, uint32_t second)
{
    bool found = false;
    struct audit_pair *p = pair_place(t, who, rid, &found);

    if (found && second >= p->second && second - p->second < LIMIT_TRAIL_WINDOW_S)
        return false;
    *p = (struct audit_pair){who, rid, second};
    return true;
}

/* ---- noting ---- */

/* Room for ${count} more, waiting while the thread makes some. With the lock held. */
static int room_make(struct audit *t, size_t count, struct err *err)
{
    while (t->filling.seen_count + count > LIMIT_TRAIL_PENDING ||
           t->filling.note_count + LIMIT_TRAIL_WHYS > LIMIT_TRAIL_PENDING ||
           t->filling.who_count == LIMIT_TRAIL_AGENTS) {
        uint64_t wanted = 0;

        if (t->stuck || t->closing || count > LIMIT_TRAIL_PENDING)
            return err_set(err, E_FULL, NULL,
                "The audit trail cannot be written now, so that no more records are "
                "shown. Free space on the disk of the node and try again.");
        wanted = t->asked + 1;
        t->asked = wanted;
        pthread_cond_signal(&t->work);
        while (t->ended < wanted && !t->closing)
            pthread_cond_wait(&t->done, &t->lock);
    }
    return 0;
}

/* The reasons of ${seen}. A page of many cases is one entry with the word "case". */
static size_t whys_of(
    const struct app_seen *seen, size_t count, bool named, struct access_why *ret)
{
    size_t found = 0;

    for (size_t i = 0; i < count; i++) {
        struct access_why one = {seen[i].reason, named ? seen[i].by : 0};
        size_t k = 0;

        while (k < found && (ret[k].by != one.by || ret[k].reason != one.reason))
            k++;
        if (k == LIMIT_TRAIL_WHYS)
            return 0;
        if (k == found)
            ret[found++] = one;
    }
    return found;
}

/* What ${seen} has of ${why}; with the lock held, and room. */
static void note_why(struct audit *t, struct audit_note *note, uint64_t who,
    const struct app_seen *seen, size_t count)
{
    struct audit_notes *n = &t->filling;
    uint64_t key[3] = {who, note->reason, (uint64_t)note->by};
    uint64_t hash = note->reason ? hash64(key, sizeof(key), t->seed) : who;

    note->first = (uint32_t)n->seen_count;
    for (size_t i = 0; i < count; i++) {
        if (seen[i].reason == note->reason && (!note->by || seen[i].by == note->by) &&
            pair_new(t, hash, seen[i].rid, (uint32_t)(note->time / SECOND)))
            n->seen[n->seen_count++] = seen[i];
    }
    note->count = (uint32_t)n->seen_count - note->first;
    if (note->count > 0)
        n->notes[n->note_count++] = *note;
}

/* With the lock held, and room. */
static int note_add(struct audit *t, const struct audit_who *who, enum audit_kind kind,
    const struct app_seen *seen, size_t count)
{
    struct audit_notes *n = &t->filling;
    struct access_why whys[LIMIT_TRAIL_WHYS];
    uint64_t hash = who_hash(t, who);
    utc_ms now = time_now();
    int64_t place = who_place(n, who, hash);
    size_t why_count = whys_of(seen, count, true, whys);

    if (place < 0)
        return (int)place;
    if (why_count == 0)
        why_count = whys_of(seen, count, false, whys);
    for (size_t i = 0; i < why_count; i++) {
        struct audit_note one = {.time = now,
            .who = (uint32_t)place,
            .kind = kind,
            .reason = whys[i].reason,
            .by = whys[i].by};

        note_why(t, &one, hash, seen, count);
    }
    if (n->seen_count > LIMIT_TRAIL_PENDING / 2 && t->asked == t->ended && !t->stuck) {
        t->asked++;
        pthread_cond_signal(&t->work);
    }
    return 0;
}

static int note(struct audit *t, const struct audit_who *who, enum audit_kind kind,
    const struct app_call *call, struct err *err)
{
    int r = 0;

    pthread_mutex_lock(&t->lock);
    r = room_make(t, call->seen_count_, err);
    if (r == 0) {
        r = note_add(t, who, kind, call->seen_, call->seen_count_);
        if (r == E_NOMEM)
            err_nomem(err);
    }
    pthread_mutex_unlock(&t->lock);
    return r;
}

/* How an answer to ${kind} is told of. */
static enum audit_kind kind_of(enum rest_kind kind)
{
    switch (kind) {
    case REST_VREAD:
        return AUDIT_VREAD;
    case REST_SEARCH:
    case REST_VITALS:
    case REST_WORKLIST:
    case REST_LOGBOOK:
    case REST_LINEAGE:
    case REST_LEARNING:
    case REST_INDICATOR:
    case REST_HANDOVER:
    case REST_EQUIPMENT:
    case REST_TEAM:
    case REST_QUALITY:
    case REST_PULSE:
    case REST_FIGURES:
    case REST_REPORT:
    case REST_SIGN_OFF_LOOK:
        return AUDIT_SEARCH;
    case REST_HISTORY:
        return AUDIT_HISTORY;
    case REST_EVERYTHING:
        return AUDIT_EVERYTHING;
    case REST_ACCESSES:
    case REST_AUDIT_READ:
    case REST_AUDIT_SEARCH:
    case REST_AUDIT_CHAIN:
        return AUDIT_LOOK;
    case REST_ROUTE:
    case REST_MAP:
    case REST_CATALOGUE:
    case REST_READ:
    case REST_CREATE:
    case REST_UPDATE:
    case REST_PATCH:
    case REST_DELETE:
    case REST_BREAK_GLASS:
    case REST_REVIEW:
    case REST_CASE_REVIEW:
    case REST_CASE_REVIEWS:
    case REST_HANDOVER_SAY:
    case REST_PULSE_SAY:
    case REST_FITNESS:
    case REST_CASE:
    case REST_PROCEDURE:
    case REST_APPRENTICE:
    case REST_ENROLMENT:
    case REST_RULE_CHANGE:
    case REST_RULES:
    case REST_SIGN_OFF:
    case REST_BUNDLE:
    case REST_METADATA:
    case REST_VALIDATE:
    case REST_CASELOAD: /* shows no record */
        break;
    }
    return AUDIT_READ;
}

int call_audit(struct app_call *call, struct err *err)
{
    struct audit_who who;

    if (!call->app->audit || atomic_load(&call->app->open))
        return 0;
    who = who_of(&call->caller);
    return note(
        call->app->audit, &who, kind_of((enum rest_kind)call->kind_), call, err);
}

const struct audit_who *call_who(const struct app_call *call)
{
    struct audit_who *who = arena_alloc(call->arena, sizeof(*who));

    if (who) {
        *who = who_of(&call->caller);
        who->why = call->why_;
    }
    return who;
}

int call_saw(struct app_call *call, const struct store_record *rec, struct err *err)
{
    struct access_why why;

    if (!patients_in_type(rec->type))
        return 0;
    if (call->seen_count_ == call->seen_cap_) {
        size_t cap = call->seen_cap_ ? 4 * call->seen_cap_ : 8;
        struct app_seen *more = arena_grow(call->arena, call->seen_,
            call->seen_cap_ * sizeof(*more), cap * sizeof(*more));

        if (!more)
            return err_nomem(err);
        call->seen_ = more;
        call->seen_cap_ = cap;
    }
    why = access_why(call->access_, rec->rid);
    call->seen_[call->seen_count_++] =
        (struct app_seen){rec->rid, rec->seq, why.by, why.reason};
    return 0;
}

int audit_look(struct app_call *call, store_rid patient, int64_t seq, struct err *err)
{
    /* one look of a person within the window, at the trail or at one patient's list */
    struct app_seen seen = {.rid = -patient - 1, .seq = seq};
    struct app_call look = {
        .app = call->app, .caller = call->caller, .seen_ = &seen, .seen_count_ = 1};
    struct audit_who who = who_of(&call->caller);

    return call->app->audit ? note(call->app->audit, &who, AUDIT_LOOK, &look, err) : 0;
}

/* ---- refusals ---- */

static size_t text_copy(char *to, struct str *s)
{
    size_t len = s->len < LIMIT_TRAIL_TEXT ? s->len : LIMIT_TRAIL_TEXT;

    if (len > 0)
        memcpy(to, s->p, len);
    *s = (struct str){to, len};
    return len;
}

static void refusal_fill(struct audit_refusal *f, const struct audit_who *who)
{
    char *to = f->text;

    f->who = *who;
    to += text_copy(to, &f->who.name);
    to += text_copy(to, &f->who.role);
    to += text_copy(to, &f->who.practitioner);
    to += text_copy(to, &f->who.organization);
    text_copy(to, &f->who.address);
}

/* The place for refusals like this one; with the lock held. */
static struct audit_refusal *refusal_place(struct audit *t, uint64_t hash)
{
    struct audit_refusal *free_one = NULL;

    for (size_t i = 0; i < LIMIT_TRAIL_REFUSALS; i++) {
        struct audit_refusal *f = &t->refusals[i];

        if (f->minute != 0 && f->hash == hash)
            return f;
        if (f->minute == 0 && !free_one)
            free_one = f;
    }
    return free_one ? free_one : &t->refusals[LIMIT_TRAIL_REFUSALS];
}

void audit_refused(
    struct app *app, const struct app_caller *caller, enum audit_kind kind, int status)
{
    struct audit *t = app->audit;
    struct audit_who who = who_of(caller);
    struct audit_refusal *f = NULL;
    utc_ms now = time_now();
    uint64_t hash = 0;

    if (!t)
        return;
    hash = who_hash(t, &who) + (uint64_t)kind * 1000 + (uint64_t)status;
    pthread_mutex_lock(&t->lock);
    f = refusal_place(t, hash);
    if (f->minute == 0) {
        bool others = f == &t->refusals[LIMIT_TRAIL_REFUSALS];
        const struct audit_who many = {.name = STR("(many)")};

        f->hash = hash;
        f->minute = now / (60 * SECOND) + 1;
        f->times = 0;
        f->told = false;
        f->kind = others ? AUDIT_REFUSED : kind;
        f->status = others ? 0 : status;
        refusal_fill(f, others ? &many : &who);
    }
    if (f->times++ == 0)
        f->time = now;
    pthread_mutex_unlock(&t->lock);
}

/* ---- sign-ins ---- */

/* An entry without records, on the disk when this returns. */
static int add_now(
    struct app *app, const struct audit_who *who, enum audit_kind kind, struct err *err)
{
    struct arena *a = arena_new();
    struct audit_who one = *who;
    struct audit_entry entry = {.kind = kind, .time = time_now(), .times = 1};
    struct audit_batch batch = {&one, 1, &entry, 1};
    struct store_block block;
    int r = a ? audit_encode(a, &batch, &block, err) : err_nomem(err);

    if (r == 0)
        r = store_trail_add(app->store, &block, err);
    arena_free(a);
    return r;
}

int audit_sign(struct app *app, const struct app_caller *caller, enum audit_kind kind,
    struct err *err)
{
    struct audit_who who = who_of(caller);

    return add_now(app, &who, kind, err);
}

int audit_account(struct app *app, const struct app_caller *caller,
    enum audit_kind kind, struct str whose, struct err *err)
{
    struct audit_who who = who_of(caller);

    who.why = whose;
    return add_now(app, &who, kind, err);
}

int audit_operator(struct app *app, const char *command, enum audit_kind kind,
    struct str whose, struct err *err)
{
    char name[LIMIT_TRAIL_TEXT];
    struct audit_who who = {.role = STR("operator"), .why = whose};

    snprintf(name, sizeof(name), "belay %s, user %u", command, getuid());
    who.name = str_of(name);
    return add_now(app, &who, kind, err);
}

/* ---- life ---- */

int audit_flush(struct app *app, struct err *err)
{
    struct audit *t = app->audit;
    uint64_t wanted = 0;
    int r = 0;

    if (!t)
        return 0;
    pthread_mutex_lock(&t->lock);
    /* one that is under way may have begun before what is to be written */
    wanted = t->asked + 2;
    while (t->ended < wanted && !t->closing) {
        t->asked = wanted;
        pthread_cond_signal(&t->work);
        pthread_cond_wait(&t->done, &t->lock);
    }
    r = t->result;
    if (r < 0 && err)
        *err = t->err;
    pthread_mutex_unlock(&t->lock);
    return r;
}

int audit_new(struct app *app, struct err *err)
{
    struct audit *t = base_malloc(sizeof(*t));
    int r = 0;

    if (!t)
        return err_nomem(err);
    memset(t, 0, sizeof(*t));
    app->audit = t;
    t->app = app;
    id_random(&t->seed, sizeof(t->seed));
    t->pairs = base_malloc(LIMIT_TRAIL_SEEN * sizeof(*t->pairs));
    if (!t->pairs || notes_init(&t->filling) < 0 || notes_init(&t->writing) < 0)
        return err_nomem(err);
    memset(t->pairs, 0, LIMIT_TRAIL_SEEN * sizeof(*t->pairs));
    pthread_mutex_init(&t->lock, NULL);
    pthread_cond_init(&t->work, NULL);
    pthread_cond_init(&t->done, NULL);
    t->conds_made = true;
    t->source = (struct store_trail_source){audit_changes, t};
    store_trail_source(app->store, &t->source);
    r = thread_start(&t->thread, "trail", audit_main, t, err);
    t->started = r == 0;
    return r;
}

void audit_free(struct app *app)
{
    struct audit *t = app->audit;

    if (!t)
        return;
    if (t->started) {
        pthread_mutex_lock(&t->lock);
        t->closing = true;
        pthread_cond_broadcast(&t->work);
        pthread_cond_broadcast(&t->done);
        pthread_mutex_unlock(&t->lock);
        pthread_join(t->thread, NULL);
    }
    store_trail_source(app->store, NULL);
    if (t->conds_made) {
        pthread_mutex_destroy(&t->lock);
        pthread_cond_destroy(&t->work);
        pthread_cond_destroy(&t->done);
    }
    notes_done(&t->filling);
    notes_done(&t->writing);
    base_free(t->pairs);
    base_free(t);
    app->audit = NULL;
}
