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

static int put(struct run *run, const struct store_record *rec, const struct json *task,
    const struct gap_look *l, struct err *err)
{
    static const char *const but[] = {
        "meta", "status", "businessStatus", "lastModified", "output", NULL};
    bool outputs = json_get(task, "output") || l->history.first_here ||
                   l->state == GAP_FILLED || l->state == GAP_LAPSED;
    struct json_out o;
    struct buf b;
    int r = 0;

    buf_init(&b, LIMIT_RECORD_BYTES);
    o = json_out(&b);
    json_open(&o, '{');
    fhir_put_but(&o, task, but);
    json_member(
        &o, "status", l->state == GAP_FILLED ? STR("completed") : STR("in-progress"));
    fhir_put_concept(
        &o, "businessStatus", GAP_STATE_SYSTEM, str_of(gap_state_code(l->state)));
    fhir_put_time(&o, "lastModified", run->looking.now);
    if (outputs)
        put_outputs(&o, task, l, run->looking.now);
    json_close(&o, '}');
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

static int run_all(
    struct run *run, const atomic_bool *stop, size_t *written, struct err *err)
{
    struct seek_list found = {NULL, 0};
    int r = gap_all(&run->seek, &found, err);

    for (size_t i = 0; r == 0 && i < found.count && !(stop && atomic_load(stop)); i++)
        r = look_at(run, found.rids[i], written, err);
    return r;
}

int gap_run(
    struct app *app, const atomic_bool *stop, utc_ms now, size_t *ret, struct err *err)
{
    struct arena *a = arena_new();
    struct store_reader *snapshot = NULL;
    const struct network *network = NULL;
    struct run *run = a ? arena_alloc(a, sizeof(*run)) : NULL;
    size_t written = 0;
    int r = run ? networks_take(app->networks, &network, err) : err_nomem(err);

    if (r == 0)
        r = store_read_begin(app->store, &snapshot, err);
    if (r == 0) {
        run->call = change_by_node(app, a);
        run->change = (struct change){.call = &run->call};
        run->seek = (struct seek){app, snapshot, a};
        run->looking = (struct gap_looking){&run->seek, network, now};
        r = run_all(run, stop, &written, err);
    }
    if (snapshot)
        store_read_end(snapshot);
    network_release(network);
    arena_free(a);
    if (r == 0 && ret)
        *ret = written;
    return r;
}
