/* SPDX-License-Identifier: Apache-2.0 */
#include "app/due.h"

#include "base/log.h"

#include "app/app_internal.h"
#include "app/case.h"
#include "view/case_task.h"
#include "view/deadline.h"

/* A step that is due. */
struct step {
    struct str id;
    enum case_own_step step;
};

struct run {
    struct app *app;
    const atomic_bool *stop;
    utc_ms now;
    struct arena *arena; /* of one batch */
    struct deadline after;
    struct deadline list[LIMIT_DUE_BATCH];
    size_t count;
    struct step steps[LIMIT_DUE_BATCH];
    size_t step_count;
    struct due_result *result;
};

/* ---- which step ---- */

enum case_own_step due_step_of(const struct case_task *task)
{
    bool all_asked =
        task->clock.level > 0 && (size_t)task->clock.level + 1 >= task->ladder_count;

    return all_asked && task->state == CASE_TASK_SENT ? CASE_EXPIRE : CASE_ESCALATE;
}

/* What ${due} asks for, among run->steps; nothing, where the row is not that of a case under
 * way any more. */
static int look(struct run *run, struct store_reader *r, const struct deadline *due,
    struct err *err)
{
    struct store_record rec = {0};
    const struct json *json = NULL;
    struct case_task task;
    int e = store_get_rid(r, run->arena, due->task, true, &rec, err);

    if (e == 0)
        e = json_read_trusted(run->arena, rec.body, &json, err);
    if (e < 0)
        return e;
    if (case_task_read(json, &task) &&
        (task.state == CASE_TASK_SENT || task.state == CASE_TASK_ALLOCATED))
        run->steps[run->step_count++] = (struct step){rec.id, due_step_of(&task)};
    return 0;
}

/* The next batch of what is due, from a snapshot of its own. */
static int look_all(struct run *run, struct err *err)
{
    const struct deadline_range range = {
        .after = &run->after, .until = run->now, .most = LIMIT_DUE_BATCH};
    struct store_reader *r = NULL;
    int e = store_read_begin(run->app->store, &r, err);

    run->step_count = 0;
    if (e < 0)
        return e;
    e = deadline_due(r, &range, run->list, &run->count, err);
    for (size_t i = 0; e == 0 && i < run->count; i++)
        e = look(run, r, &run->list[i], err);
    store_read_end(r);
    if (e == 0 && run->count > 0)
        run->after = run->list[run->count - 1];
    return e;
}

/* ---- doing ---- */

static void do_one(struct run *run, const struct step *step)
{
    struct err err = {0};
    int e = case_by_node(run->app, step->id, step->step, run->now, &err);

    if (e == 0) {
        run->result->done++;
    } else if (e != E_CONFLICT && e != E_NOT_FOUND) { /* somebody was quicker */
        run->result->failed++;
        log_err("a clock of a case has run out", &err);
    }
}

static bool is_stopped(const struct run *run)
{
    return run->stop && atomic_load(run->stop);
}

static int run_batches(struct run *run, struct err *err)
{
    int e = 0;

    do {
        arena_reset(run->arena);
        e = look_all(run, err);
        for (size_t i = 0; e == 0 && i < run->step_count && !is_stopped(run); i++)
            do_one(run, &run->steps[i]);
    } while (e == 0 && run->count == LIMIT_DUE_BATCH && !is_stopped(run));
    return e;
}

/* When the first clock that has not run out yet does. */
static int look_ahead(struct run *run, struct err *err)
{
    const struct deadline now = {.when = run->now, .task = INT64_MAX};
    const struct deadline_range range = {&now, INT64_MAX, 1};
    struct store_reader *r = NULL;
    struct deadline first = {.when = 0};
    size_t count = 0;
    int e = store_read_begin(run->app->store, &r, err);

    if (e < 0)
        return e;
    e = deadline_due(r, &range, &first, &count, err);
    store_read_end(r);
    if (e == 0)
        run->result->next = count ? first.when : 0;
    return e;
}

int due_run(
    struct app *app, const atomic_bool *stop, struct due_result *ret, struct err *err)
{
    struct due_result result = {0};
    struct run *run = base_malloc(sizeof(*run));
    int e = 0;

    if (!run)
        return err_nomem(err);
    *run = (struct run){.app = app,
        .stop = stop,
        .now = time_now(),
        .arena = arena_new(),
        .result = &result};
    e = run->arena ? run_batches(run, err) : err_nomem(err);
    if (e == 0)
        e = look_ahead(run, err);
    arena_free(run->arena);
    base_free(run);
    if (e == 0)
        *ret = result;
    return e;
}
