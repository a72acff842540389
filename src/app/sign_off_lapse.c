/* SPDX-License-Identifier: Apache-2.0 */
#include "app/sign_off_lapse.h"

#include "app/change.h"
#include "app/network.h"
#include "app/seek.h"
#include "fhir/put.h"

struct run {
    struct app_call call;
    struct seek seek;
    const struct network *network;
    utc_ms now;
    struct change change;
};

/* The id of the SignOff that wrote ${qualification}; p NULL: none did. */
static struct str written_by(const struct json *qualification)
{
    struct json_each it = json_each(json_get(qualification, "extension"));

    while (json_next(&it)) {
        struct str id =
            json_get_text(json_get(it.value, "valueReference"), "reference");

        if (str_is(json_get_text(it.value, "url"), SIGN_OFF_EXTENSION) &&
            str_is(str_cut(&id, '/'), "SignOff"))
            return id;
    }
    return (struct str){NULL, 0};
}

void sign_off_lapse_put(struct json_out *o, utc_ms lapsed)
{
    json_open(o, '{');
    json_member(o, "url", STR(RECENCY_LAPSED_EXTENSION));
    fhir_put_time(o, "valueDateTime", lapsed);
    json_close(o, '}');
}

static void put_extensions(
    struct json_out *o, const struct json *qualification, int64_t lapsed)
{
    struct json_each it = json_each(json_get(qualification, "extension"));

    json_name(o, "extension");
    json_open(o, '[');
    while (json_next(&it)) {
        if (!str_is(json_get_text(it.value, "url"), RECENCY_LAPSED_EXTENSION))
            json_put_value(o, it.value);
    }
    if (lapsed)
        sign_off_lapse_put(o, lapsed);
    json_close(o, ']');
}

static void put_qualification(
    const struct run *run, struct json_out *o, const struct json *qualification)
{
    static const char *const but[] = {"extension", NULL};
    struct str id = written_by(qualification);

    if (!id.p) {
        json_put_value(o, qualification);
        return;
    }
    json_open(o, '{');
    put_extensions(
        o, qualification, network_sign_off_lapsed(run->network, id, run->now));
    fhir_put_but(o, qualification, but);
    json_close(o, '}');
}

/* Say it of all that ${person} ("Practitioner/ID") is signed off in. */
static int tell(struct run *run, struct str person, size_t *written, struct err *err)
{
    static const char *const but[] = {"meta", "qualification", NULL};
    struct str id = seek_id(&run->seek, person, "Practitioner");
    struct store_record before = {0};
    const struct json *there = NULL;
    struct json_each it;
    struct json_out o;
    struct buf b;
    int r = seek_record(&run->seek, "Practitioner", id, &before, &there, err);

    if (r < 0 || !there)
        return r;
    it = json_each(json_get(there, "qualification"));
    buf_init(&b, LIMIT_RECORD_BYTES);
    o = json_out(&b);
    json_open(&o, '{');
    fhir_put_but(&o, there, but);
    json_name(&o, "qualification");
    json_open(&o, '[');
    while (json_next(&it))
        put_qualification(run, &o, it.value);
    json_close(&o, ']');
    json_close(&o, '}');
    run->change.count = 0;
    r = change_put(
        &run->change, fhir_resource_named(STR("Practitioner")), id, &before, &b, err);
    buf_done(&b);
    if (r == 0)
        r = change_commit(&run->change, err);
    *written += r == 0;
    return r == E_CONFLICT ? 0 : r; /* somebody was quicker: at the next look */
}

/* Who has two of them is written once: what is read is what was there before, and the second conflicts. */
static int run_all(
    struct run *run, const atomic_bool *stop, size_t *written, struct err *err)
{
    struct network_untold at = {.next = 0};
    int r = 0;

    while (r == 0 && !(stop && atomic_load(stop)) &&
           network_lapse_untold(run->network, at.next, run->now, &at))
        r = tell(run, at.person, written, err);
    return r;
}

int sign_off_lapse_run(
    struct app *app, const atomic_bool *stop, utc_ms now, size_t *ret, struct err *err)
{
    struct arena *a = arena_new();
    struct run run = {.now = now};
    size_t written = 0;
    int r = a ? networks_take(app->networks, &run.network, err) : err_nomem(err);

    if (r == 0)
        r = store_read_begin(app->store, &run.seek.snapshot, err);
    if (r == 0) {
        run.call = change_by_node(app, a);
        run.change.call = &run.call;
        run.seek.app = app;
        run.seek.a = a;
        r = run_all(&run, stop, &written, err);
    }
    if (run.seek.snapshot)
        store_read_end(run.seek.snapshot);
    network_release(run.network);
    arena_free(a);
    if (r == 0 && ret)
        *ret = written;
    return r;
}
