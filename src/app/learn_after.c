/* SPDX-License-Identifier: Apache-2.0 */
/*
 *   Enrolment.looked     a part for each time that is over
 *     month              3, 6 or 12
 *     until              the day on which it was over
 *     used               at least one aim was used since the return: of a procedure so many
 *                        operations as operator as the aim says, of another aim an answer
 *   Enrolment.firstUsed  the day of the first operation since the return that was an aim
 */
#include "app/learn_after.h"

#include "app/change.h"
#include "app/learn_internal.h"
#include "fhir/put.h"

#define WALK 200

struct run {
    struct learn learn;
    struct app_call call;
    struct arena *record; /* of one record; reset after it */
    struct change change;
};

/* What is to be said of an enrolment. */
struct after {
    size_t count; /* looks that are over */
    utc_ms until[LEARN_LOOKS];
    int month[LEARN_LOOKS];
    bool used[LEARN_LOOKS];
    utc_ms first; /* 0: no operation yet */
};

/* Was ${aim} used by the end of each look? */
static void judge(const struct run *run, const struct json *enrolment,
    const struct json *aim, const struct learn_work *work, struct after *ret)
{
    struct learn_use uses[LEARN_LOOKS];
    bool procedure = learn_aim_procedure(aim).p != NULL;
    int needed = learn_number(aim, "operations");
    int operations = 0;
    bool answered = false;

    learn_judge(&run->learn, enrolment, aim, work, uses);
    for (size_t i = 0; i < ret->count; i++) {
        operations += uses[i].count > 0 ? uses[i].count : 0;
        answered = answered || uses[i].state == LEARN_USE_USED;
        ret->used[i] = ret->used[i] ||
                       (procedure ? operations >= (needed ? needed : 1) : answered);
    }
}

/* The first operation of ${work} that ${aim} is. */
static void find_first(
    const struct json *aim, const struct learn_work *work, struct after *ret)
{
    struct str code = learn_aim_procedure(aim);

    for (size_t i = 0; code.p && i < work->cases.count; i++) {
        const struct logbook_case *c = &work->cases.list[i];

        if (c->function == FUNCTION_OPERATOR && str_eq(c->code, code) &&
            (ret->first == 0 || c->when < ret->first))
            ret->first = c->when;
    }
}

/* Nothing where nobody is back, agreed, or aimed at anything. */
static int look(
    struct run *run, const struct json *enrolment, struct after *ret, struct err *err)
{
    static const int months[LEARN_LOOKS] = {3, 6, 12};
    const struct json *aims = json_get(enrolment, "aim");
    struct json_each it = json_each(aims);
    struct learn_work work = {.shown = false};
    utc_ms back = 0;
    int r = 0;

    *ret = (struct after){.count = 0};
    if (json_count(aims) == 0 || !json_get(enrolment, "accepted") ||
        !learn_returned(enrolment, &back))
        return 0;
    for (size_t i = 0; i < LEARN_LOOKS; i++) {
        utc_ms until = learn_months_after(back, months[i]);

        if (until > run->learn.now)
            break;
        ret->month[i] = months[i];
        ret->until[i] = until;
        ret->count++;
    }
    r = learn_read_work(&run->learn, enrolment, &work, err);
    while (r == 0 && json_next(&it)) {
        judge(run, enrolment, it.value, &work, ret);
        find_first(it.value, &work, ret);
    }
    return r;
}

/* ---- what is said ---- */

static void put_looked(struct json_out *o, const struct after *after)
{
    if (after->count == 0)
        return;
    json_name(o, "looked");
    json_open(o, '[');
    for (size_t i = 0; i < after->count; i++) {
        char iso[TIME_ISO_MAX];

        time_iso(after->until[i], iso);
        json_open(o, '{');
        json_name(o, "month");
        json_put_int(o, after->month[i]);
        json_member(o, "until", (struct str){iso, LEARN_DATE_CHARS});
        json_name(o, "used");
        json_put_bool(o, after->used[i]);
        json_close(o, '}');
    }
    json_close(o, ']');
}

static bool same_look(const struct json *there, const struct after *after, size_t i)
{
    char iso[TIME_ISO_MAX];
    bool used = json_kind(json_get(there, "used")) == JSON_TRUE;

    time_iso(after->until[i], iso);
    iso[LEARN_DATE_CHARS] = '\0';
    return learn_number(there, "month") == after->month[i] && used == after->used[i] &&
           str_is(json_get_text(there, "until"), iso);
}

/* Does ${enrolment} say it so already? ${first}: "2026-02-28"; empty: none. */
static bool is_said(
    const struct json *enrolment, const struct after *after, const char *first)
{
    struct json_each it = json_each(json_get(enrolment, "looked"));
    struct str there = json_get_text(enrolment, "firstUsed");
    size_t i = 0;

    while (json_next(&it)) {
        if (i == after->count || !same_look(it.value, after, i))
            return false;
        i++;
    }
    return i == after->count && str_eq(there.p ? there : STR(""), str_of(first));
}

static void put(struct json_out *o, const struct json *enrolment,
    const struct after *after, const char *first)
{
    static const char *const but[] = {"meta", "looked", "firstUsed", NULL};

    json_open(o, '{');
    fhir_put_but(o, enrolment, but);
    put_looked(o, after);
    if (first[0])
        json_member(o, "firstUsed", str_of(first));
    json_close(o, '}');
}

static int write(struct run *run, const struct store_record *before,
    const struct json *enrolment, const struct after *after, const char *first,
    struct err *err)
{
    struct json_out o;
    struct buf b;
    int r = 0;

    buf_init(&b, LIMIT_RECORD_BYTES);
    o = json_out(&b);
    put(&o, enrolment, after, first);
    run->change.count = 0;
    r = change_put(&run->change, fhir_resource_named(STR("Enrolment")), before->id,
        before, &b, err);
    buf_done(&b);
    return r == 0 ? change_commit(&run->change, err) : r;
}

static int look_at(struct run *run, store_rid rid, size_t *written, struct err *err)
{
    char first[TIME_ISO_MAX] = "";
    struct store_record rec = {0};
    const struct json *enrolment = NULL;
    struct after after;
    int r = seek_rid(&run->learn.seek, rid, &rec, &enrolment, err);

    if (r < 0 || !enrolment)
        return r;
    r = look(run, enrolment, &after, err);
    if (r < 0)
        return r;
    if (after.first) {
        time_iso(after.first, first);
        first[LEARN_DATE_CHARS] = '\0';
    }
    if (is_said(enrolment, &after, first))
        return 0;
    r = write(run, &rec, enrolment, &after, first, err);
    *written += r == 0;
    return r == E_CONFLICT ? 0 : r; /* somebody was quicker: at the next look */
}

int learn_after_put(struct json_out *o, struct app *app, const struct json *enrolment,
    utc_ms now, struct err *err)
{
    struct run run = {.learn = {.seek = {.app = app}, .now = now}};
    struct after after = {.count = 0};
    int r = learn_aims_at_procedure(enrolment)
                ? err_set(err, E_BUG, "Enrolment.aim",
                      "Whether a procedure was used stands in the logbook.")
                : look(&run, enrolment, &after, err);

    if (r == 0)
        put(o, enrolment, &after, "");
    return r;
}

static int run_all(
    struct run *run, const atomic_bool *stop, size_t *written, struct err *err)
{
    unsigned type = fhir_resource_named(STR("Enrolment"))->number;
    store_rid list[WALK];
    store_rid after = 0;
    size_t n = WALK;
    int r = 0;

    while (r == 0 && n == WALK && !(stop && atomic_load(stop))) {
        r = store_rids(run->learn.seek.snapshot, type, after, list, WALK, &n, err);
        for (size_t i = 0; r == 0 && i < n && !(stop && atomic_load(stop)); i++) {
            after = list[i];
            r = look_at(run, list[i], written, err);
            arena_reset(run->record);
        }
    }
    return r;
}

int learn_after_run(
    struct app *app, const atomic_bool *stop, utc_ms now, size_t *ret, struct err *err)
{
    struct arena *a = arena_new();
    struct run run = {.record = a};
    size_t written = 0;
    int r = a ? store_read_begin(app->store, &run.learn.seek.snapshot, err)
              : err_nomem(err);

    if (r == 0) {
        run.call = change_by_node(app, a);
        run.change.call = &run.call;
        run.learn.call = &run.call;
        run.learn.now = now;
        run.learn.seek.app = app;
        run.learn.seek.a = a;
        r = run_all(&run, stop, &written, err);
        store_read_end(run.learn.seek.snapshot);
    }
    arena_free(a);
    if (r == 0 && ret)
        *ret = written;
    return r;
}
