/* SPDX-License-Identifier: Apache-2.0 */
/* The node's look at technique gaps: where one stands becomes its businessStatus, with the day of
 * its first case and of each time that it was filled or lapsed as its output. */
#include "base/log.h"

#include "app/gap_internal.h"
#include "fhir/put.h"

struct run {
    struct app_call call;
    struct seek seek;
    struct gap_looking looking;
    struct change change;
};

static void put_output(struct json_out *o, enum gap_state state, utc_ms at)
{
    char iso[TIME_ISO_MAX];

    time_iso(at, iso);
    json_open(o, '{');
    fhir_put_concept(o, "type", GAP_STATE_SYSTEM, str_of(gap_state_code(state)));
    json_member(o, "valueDate", (struct str){iso, 10});
    json_close(o, '}');
}

/* What it came to is kept: the first case once, filled and lapsed each time. */
static void put_outputs(
    struct json_out *o, const struct json *task, const struct gap_look *l, utc_ms now)
{
    struct json_each it = json_each(json_get(task, "output"));
    bool told = false;

    json_name(o, "output");
    json_open(o, '[');
    while (json_next(&it)) {
        told = told || equipment_has_code(
                           json_get(it.value, "type"), GAP_STATE_SYSTEM, "first-case");
        json_put_value(o, it.value);
    }
    if (!told && l->history.first_here)
        put_output(o, GAP_FIRST_CASE, l->history.first_here);
    if (l->state == GAP_FILLED || l->state == GAP_LAPSED)
        put_output(o, l->state, now);
    json_close(o, ']');
}

void gap_put(
    struct json_out *o, const struct json *task, const struct gap_look *l, utc_ms now)
{
    static const char *const but[] = {
        "meta", "status", "businessStatus", "lastModified", "output", NULL};
    bool outputs = json_get(task, "output") || l->history.first_here ||
                   l->state == GAP_FILLED || l->state == GAP_LAPSED;

    json_open(o, '{');
    fhir_put_but(o, task, but);
    json_member(
        o, "status", l->state == GAP_FILLED ? STR("completed") : STR("in-progress"));
    fhir_put_concept(
        o, "businessStatus", GAP_STATE_SYSTEM, str_of(gap_state_code(l->state)));
    fhir_put_time(o, "lastModified", now);
    if (outputs)
        put_outputs(o, task, l, now);
    json_close(o, '}');
}

static int put(struct run *run, const struct store_record *rec, const struct json *task,
    const struct gap_look *l, struct err *err)
{
    struct json_out o;
    struct buf b;
    int r = 0;

    buf_init(&b, LIMIT_RECORD_BYTES);
    o = json_out(&b);
    gap_put(&o, task, l, run->looking.now);
    r = change_put(
        &run->change, fhir_resource_named(STR("Task")), rec->id, rec, &b, err);
    buf_done(&b);
    return r == 0 ? change_commit(&run->change, err) : r;
}

static int look_at(struct run *run, store_rid rid, size_t *written, struct err *err)
{
    struct store_record rec = {0};
    const struct json *task = NULL;
    struct gap_look l;
    int r = seek_rid(&run->seek, rid, &rec, &task, err);

    if (r < 0 || !task || str_is(json_get_text(task, "status"), "cancelled"))
        return r;
    r = gap_look(&run->looking, task, &l, err);
    if (r < 0 || !l.known ||
        equipment_has_code(json_get(task, "businessStatus"), GAP_STATE_SYSTEM,
            gap_state_code(l.state)))
        return r;
    run->change.count = 0;
    r = put(run, &rec, task, &l, err);
    *written += r == 0;
    return r == E_CONFLICT ? 0 : r; /* somebody was quicker: at the next look */
}

/* Does ${known} stand elsewhere than its record says? From memory alone. */
static int has_moved(
    const struct run *run, const struct gap_known *known, bool *ret, struct err *err)
{
    struct gap_look l = {.unit = str_of(known->unit),
        .thing = known->thing,
        .known = known->known,
        .facts = {.planned = known->planned, .was_filled = known->filled}};
    int r = 0;

    *ret = false;
    if (!known->known)
        return 0;
    r = gap_stand(&run->looking, &l, err);
    *ret = r == 0 && l.state != known->written;
    return r;
}

/* All that are known, from where the last look ended; what is written changes nothing here: it is
 * read again at the next look, as anybody's change is. */
static int run_all(struct run *run, struct gaps *gaps, const atomic_bool *stop,
    size_t *written, struct err *err)
{
    size_t first = gaps->next < gaps->count ? gaps->next : 0;
    int r = 0;

    for (size_t i = 0; r == 0 && i < gaps->count && *written < LIMIT_GAP_WRITES; i++) {
        const struct gap_known *known = &gaps->list[(first + i) % gaps->count];
        bool moved = false;

        if (stop && atomic_load(stop))
            break;
        r = has_moved(run, known, &moved, err);
        if (r == 0 && moved)
            r = look_at(run, known->rid, written, err);
        gaps->next = (first + i + 1) % gaps->count;
        arena_reset(run->seek.a);
    }
    return r;
}

static int look(struct run *run, struct app *app, const atomic_bool *stop,
    size_t *written, struct err *err)
{
    int r = 0;

    pthread_mutex_lock(&app->gaps->looking);
    r = gaps_renew(app->gaps, &run->seek, err);
    if (r == 0)
        r = run_all(run, app->gaps, stop, written, err);
    pthread_mutex_unlock(&app->gaps->looking);
    return r;
}

int gap_run(
    struct app *app, const atomic_bool *stop, utc_ms now, size_t *ret, struct err *err)
{
    struct arena *a = arena_new();
    struct run run = {.seek = {.app = app, .a = a}};
    const struct network *network = NULL;
    size_t written = 0;
    int r = a ? networks_take(app->networks, &network, err) : err_nomem(err);

    if (r == 0) {
        run.call = change_by_node(app, a);
        run.change = (struct change){.call = &run.call};
        run.looking = (struct gap_looking){&run.seek, network, now};
        r = look(&run, app, stop, &written, err);
    }
    if (run.seek.snapshot)
        store_read_end(run.seek.snapshot);
    network_release(network);
    arena_free(a);
    if (r == 0 && ret)
        *ret = written;
    return r;
}
