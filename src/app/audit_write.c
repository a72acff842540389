/* SPDX-License-Identifier: Apache-2.0 */
/* The trail's thread: notes become a block, with the patients they are about. */
#include <time.h>
#include <unistd.h>

#include "base/log.h"

#include "app/audit_internal.h"
#include "view/patients.h"
#include "view/reader.h"

#define COMPLAIN_MS 60000

/* A batch while it is made. */
struct making {
    struct arena *arena;
    struct store_reader *reader;
    struct search_bases bases; /* our own addresses, which records may spell out */
    const struct audit_notes *notes;
    const struct audit_note **firsts; /* of each of the batch's persons */
    struct audit_batch *batch;
};

/* ---- patients ---- */

/* The patients of a version whose record the index does not have any more. */
static int patients_of_gone(struct store_reader *r, int64_t seq,
    const struct search_bases *bases, struct patients *ret, struct err *err)
{
    struct arena *a = arena_new();
    struct store_record rec = {0};
    struct store_history h = {.limit = 1, .body = true};
    struct store_record *list = NULL;
    const struct json *json = NULL;
    size_t count = 0;
    int code = a ? store_get_seq(r, a, seq, true, &rec, err) : err_nomem(err);

    if (code == 0 && rec.body.len == 0) {
        h.rid = rec.rid;
        h.before = seq;
        code = store_history(r, a, &h, &list, &count, err);
        if (code == 0 && count == 1)
            rec = list[0];
    }
    if (code == 0 && rec.body.len > 0)
        code = json_read_trusted(a, rec.body, &json, err);
    if (code == 0 && json)
        code = patients_of_json(r, rec.type, json, bases, ret, err);
    arena_free(a);
    return code;
}

/* Items of ${seen}: one for each patient it is about, or one for none. */
static int items_add(struct making *m, const struct app_seen *seen,
    struct audit_entry *e, size_t *ret_room, struct err *err)
{
    struct patients patients = {.count = 0};
    int code = patients_of(m->reader, seen->rid, &m->bases, &patients, err);

    if (code == 0 && patients.count == 0)
        code = patients_of_gone(m->reader, seen->seq, &m->bases, &patients, err);
    if (code < 0 && code != E_NOT_FOUND)
        return code;
    if (patients.count == 0)
        patients.rids[patients.count++] = 0;
    for (size_t i = 0; i<patients.count && * ret_room> 0; i++, --*ret_room)
        e->items[e->item_count++] = (struct audit_item){patients.rids[i], seen->seq};
    return 0;
}

/* ---- why ---- */

/* "case ServiceRequest/ID": by which rule it was open, and by which record. */
static int why_text(struct store_reader *r, struct arena *a,
    const struct audit_note *note, struct str *ret, struct err *err)
{
    const char *word = reader_reason_word((enum reader_reason)note->reason);
    const struct fhir_type *type =
        note->by ? fhir_type_numbered(store_rid_type(note->by)) : NULL;
    struct str id = {NULL, 0};
    int code = type ? store_name(r, a, note->by, &id, err) : 0;
    const char *text = NULL;

    if (code < 0 && code != E_NOT_FOUND)
        return code;
    text = id.p ? arena_printf(a, "%s %s/%.*s", word, type->name, (int)id.len, id.p)
                : arena_printf(a, "%s", word);
    if (!text)
        return err_nomem(err);
    *ret = str_of(text);
    return 0;
}

/* One of the batch's persons is somebody who read for one reason. */
static int who_place(struct making *m, const struct audit_note *note, struct err *err)
{
    struct audit_batch *b = m->batch;
    struct audit_entry *e = &b->entries[b->entry_count - 1];

    for (size_t i = b->who_count; i-- > 0;) {
        if (m->firsts[i]->who == note->who && m->firsts[i]->reason == note->reason &&
            m->firsts[i]->by == note->by) {
            e->who = i;
            return 0;
        }
    }
    e->who = b->who_count++;
    m->firsts[e->who] = note;
    b->who[e->who] = m->notes->who[note->who];
    return note->reason == READER_NOBODY
               ? 0
               : why_text(m->reader, m->arena, note, &b->who[e->who].why, err);
}

/* ---- a block ---- */

static int note_entry(struct making *m, const struct audit_note *note,
    struct audit_entry *e, struct err *err)
{
    const struct audit_notes *n = m->notes;
    size_t room = (size_t)note->count * PATIENTS_MAX;
    int code = 0;

    *e = (struct audit_entry){.kind = (enum audit_kind)note->kind,
        .who = note->who,
        .time = note->time,
        .items = arena_array(m->arena, room, sizeof(*e->items))};
    if (!e->items)
        return err_nomem(err);
    /* audit_look() noted a patient, or nobody, turned about so that it is no read */
    if (note->kind == AUDIT_LOOK) {
        const struct app_seen *seen = &n->seen[note->first];

        e->items[0] = (struct audit_item){-seen->rid - 1, seen->seq};
        e->item_count = seen->rid != -1;
        return 0;
    }
    for (size_t i = 0; code == 0 && i < note->count; i++)
        code = items_add(m, &n->seen[note->first + i], e, &room, err);
    return code;
}

/* The entries of what was read. */
static int reads_make(
    struct audit *t, struct arena *a, struct audit_batch *ret, struct err *err)
{
    const struct audit_notes *n = &t->writing;
    struct making m = {.arena = a,
        .bases = app_bases(a, t->app, t->app->base[APP_FHIR]),
        .notes = n,
        .batch = ret};
    int code = 0;

    if (n->note_count == 0)
        return 0;
    m.firsts = arena_array(a, n->note_count, sizeof(const struct audit_note *));
    code = m.firsts ? store_read_begin(t->app->store, &m.reader, err) : err_nomem(err);
    for (size_t i = 0; code == 0 && i < n->note_count; i++) {
        const struct audit_note *note = &n->notes[i];

        code = note_entry(&m, note, &ret->entries[ret->entry_count++], err);
        if (code == 0)
            code = who_place(&m, note, err);
    }
    if (m.reader)
        store_read_end(m.reader);
    return code;
}

static int batch_make(
    struct audit *t, struct arena *a, struct audit_batch *ret, struct err *err)
{
    const struct audit_notes *n = &t->writing;
    size_t count = n->note_count + n->refusal_count;
    int code = 0;

    ret->who = arena_array(a, count, sizeof(*ret->who));
    ret->entries = arena_array(a, count, sizeof(*ret->entries));
    if (!ret->who || !ret->entries)
        return err_nomem(err);
    code = reads_make(t, a, ret, err);
    for (size_t i = 0; code == 0 && i < n->refusal_count; i++) {
        const struct audit_refusal *f = &n->refusals[i];

        ret->entries[ret->entry_count++] = (struct audit_entry){.kind = f->kind,
            .who = ret->who_count,
            .time = f->time,
            .times = f->times,
            .status = (unsigned)f->status};
        ret->who[ret->who_count++] = f->who;
    }
    return code;
}

static int block_write(struct audit *t, struct err *err)
{
    struct arena *a = arena_new();
    struct audit_batch batch = {0};
    struct store_block block = {0};
    int r = a ? batch_make(t, a, &batch, err) : err_nomem(err);

    if (r == 0)
        r = audit_encode(a, &batch, &block, err);
    if (r == 0)
        r = store_trail_add(t->app->store, &block, err);
    arena_free(a);
    return r;
}

/* ---- an export ---- */

int audit_export(struct app *app, struct store_reader *r,
    const struct audit_exported *exported, struct err *err)
{
    struct making m = {.reader = r, .bases = app_bases(NULL, app, app->base[APP_FHIR])};
    size_t room = exported->count * PATIENTS_MAX;
    struct audit_entry e = {.kind = AUDIT_EXPORT, .time = time_now()};
    struct audit_who who = {.role = STR("operator")};
    struct audit_batch batch = {&who, 1, &e, 1};
    struct arena *a = NULL;
    struct store_block block = {0};
    int code = 0;

    if (!patients_in_type(exported->type))
        return 0;
    a = arena_new();
    e.items = a ? arena_array(a, room, sizeof(*e.items)) : NULL;
    who.name = str_of(a ? arena_printf(a, "belay export, user %u", getuid()) : NULL);
    if (!e.items || !who.name.p)
        code = err_nomem(err);
    for (size_t i = 0; code == 0 && i < exported->count; i++) {
        struct store_record rec = {0};
        struct app_seen seen = {.rid = exported->rids[i]};

        code = store_get_rid(r, a, seen.rid, false, &rec, err);
        seen.seq = rec.seq;
        if (code == 0)
            code = items_add(&m, &seen, &e, &room, err);
    }
    if (code == 0)
        code = audit_encode(a, &batch, &block, err);
    if (code == 0)
        code = store_trail_add(app->store, &block, err);
    arena_free(a);
    return code;
}

/* ---- the thread ---- */

/* Take the refusals that are due; with the lock held. */
static void refusals_take(struct audit *t, struct audit_notes *n)
{
    int64_t minute = time_now() / 60000 + 1;

    for (size_t i = 0; i <= LIMIT_TRAIL_REFUSALS; i++) {
        struct audit_refusal *f = &t->refusals[i];
        bool over = f->minute != 0 && (f->minute != minute || t->closing);

        if (f->minute == 0)
            continue;
        if (f->times > 0 && (over || !f->told)) {
            struct audit_refusal *copy = &n->refusals[n->refusal_count++];
            ptrdiff_t moved = copy->text - f->text;

            *copy = *f;
            copy->who.name.p += moved;
            copy->who.role.p += moved;
            copy->who.practitioner.p += moved;
            copy->who.organization.p += moved;
            copy->who.address.p += moved;
            f->times = 0;
            f->told = true;
        }
        if (over)
            f->minute = 0;
    }
}

/* With the lock held: what was filled is the thread's, if it has nothing left. */
static bool notes_take(struct audit *t)
{
    struct audit_notes n = t->writing;

    if (t->writing.note_count == 0 && t->writing.refusal_count == 0) {
        t->writing = t->filling;
        t->filling = n;
        refusals_take(t, &t->writing);
    }
    return t->writing.note_count > 0 || t->writing.refusal_count > 0;
}

static void complain(struct audit *t, const struct err *err)
{
    utc_ms now = time_now();

    if (t->complained != 0 && now - t->complained < COMPLAIN_MS)
        return;
    t->complained = now;
    log_err("writing the audit trail", err);
}

/* One flush; with the lock held, and without it while it writes. */
static void flush(struct audit *t)
{
    struct err err = {0};
    uint64_t began = t->asked;
    int r = 0;

    if (notes_take(t)) {
        pthread_mutex_unlock(&t->lock);
        r = block_write(t, &err);
        if (r < 0)
            complain(t, &err);
        else
            audit_notes_clear(&t->writing);
        pthread_mutex_lock(&t->lock);
    }
    t->stuck = r < 0;
    t->result = r;
    t->err = err;
    /* who waits for a later one is served by the next round */
    t->ended = t->ended < began ? t->ended + 1 : t->ended;
    pthread_cond_broadcast(&t->done);
}

void *audit_main(void *arg)
{
    struct audit *t = arg;
    struct timespec until;

    pthread_mutex_lock(&t->lock);
    while (!t->closing) {
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_sec += LIMIT_TRAIL_WAIT_MS / 1000;
        while (t->asked == t->ended && !t->closing &&
               pthread_cond_timedwait(&t->work, &t->lock, &until) == 0)
            continue;
        flush(t);
    }
    flush(t);
    flush(t);
    pthread_mutex_unlock(&t->lock);
    return NULL;
}
