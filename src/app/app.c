/* SPDX-License-Identifier: Apache-2.0 */
/* A node: its store, its keys, its threads. */
#include <string.h>

#include "app/answer_times.h"
#include "app/app_internal.h"
#include "app/attempts.h"
#include "app/catalogue_node.h"
#include "app/client_internal.h"
#include "app/code_rule.h"
#include "app/emergency.h"
#include "app/gap.h"
#include "app/indicator_kept.h"
#include "app/kept.h"
#include "app/map_days.h"
#include "app/network.h"
#include "app/node_key.h"
#include "app/notify.h"
#include "app/person.h"
#include "app/procedure_rule.h"
#include "app/quality.h"
#include "app/sign_on.h"
#include "app/synthetic.h"
#include "app/timer.h"
#include "app/visit.h"
#include "app/watch.h"
#include "crypto/crypto.h"
#include "view/views.h"

#define DEFAULT_BASE "http://127.0.0.1:8080"

static int make_bases(struct app *app, const char *url, struct err *err)
{
    static const char *const tails[2] = {
        [APP_FHIR] = "/fhir", [APP_PROGRAMME] = "/programme"};

    for (int i = 0; i < 2; i++) {
        const char *p =
            arena_printf(app->arena, "%s%s", url ? url : DEFAULT_BASE, tails[i]);

        if (!p)
            return err_nomem(err);
        app->base[i] = str_of(p);
    }
    return 0;
}

static void on_event(const struct store_event *e, void *arg)
{
    struct app *app = arg;

    reader_memory_changed(app->memory, e);
    pthread_mutex_lock(&app->listener_lock);
    if (app->listener)
        app->listener(e, app->listener_arg);
    pthread_mutex_unlock(&app->listener_lock);
    persons_changed(app->persons, e->type);
    emergencies_changed(app->emergencies, e->type);
    procedure_rules_changed(app->rules, e->type);
    networks_changed(app->networks, e->type, e->rid);
    gaps_changed(app->gaps, e->type, e->rid);
    if (e->type == app->task_type || watches_changed(app->watches, e))
        timer_stir(app->timer);
    notify_changed(atomic_load(&app->notify), e);
}

void app_listen(
    struct app *app, void (*fn)(const struct store_event *e, void *arg), void *arg)
{
    pthread_mutex_lock(&app->listener_lock);
    app->listener = fn;
    app->listener_arg = arg;
    pthread_mutex_unlock(&app->listener_lock);
}

static int open_store(
    struct app *app, const struct app_options *options, struct err *err)
{
    struct store_options so = {
        .kind = options->memory ? STORE_MEMORY : STORE_SQLITE,
        .path = options->path,
        .create = options->create,
        .read_only = options->read_only,
        .no_sync = options->bulk,
        .fill_watch = options->fill_watch,
    };

    return store_open(&so, views_all, VIEWS_COUNT, &app->store, err);
}

void app_follow(struct app *app)
{
    struct store_reader *reader = NULL;
    int64_t position = -1;

    if (store_read_begin(app->store, &reader, NULL) == 0) {
        if (store_position(reader, &position, NULL) == 0 && position >= 0)
            reader_memory_start(app->memory, position);
        store_read_end(reader);
    } /* else readers do without */
}

/* All that signing in needs, and asking who may read. */
static int people_new(struct app *app, struct err *err)
{
    if (!app->read_only) {
        app->memory = reader_memory_new();
        if (!app->memory)
            return err_nomem(err);
    }
    app->persons = persons_new(app);
    app->attempts = attempts_new();
    app->emergencies = emergencies_new(app);
    app->rules = procedure_rules_new(app);
    app->networks = networks_new(app);
    app->map_days = map_days_new();
    app->indicators = indicator_memory_new(app->memory);
    app->independence = kept_memory_new(app->memory, 1, LIMIT_INDEPENDENCE_KEPT);
    app->told =
        kept_memory_new(app->memory, LIMIT_INDICATOR_TOLD, LIMIT_INDICATOR_TOLD_BYTES);
    app->pulses = kept_memory_new(app->memory, 1, LIMIT_PULSE_KEPT);
    app->answers = answer_times_new(app);
    app->quality = quality_new(app);
    app->sign_on = sign_on_new();
    app->watches = app->read_only ? NULL : watches_new();
    app->gaps = app->read_only ? NULL : gaps_new();
    if (!app->read_only && (!app->watches || !app->gaps))
        return err_nomem(err);
    if (!app->persons || !app->attempts || !app->emergencies || !app->rules ||
        !app->networks || !app->map_days || !app->indicators || !app->independence ||
        !app->told || !app->pulses || !app->answers || !app->quality || !app->sign_on)
        return err_nomem(err);
    return visits_new(app, &app->visits, err);
}

static int callers_new(struct app *app, struct err *err)
{
    int r = sessions_new(app, &app->sessions, err);

    if (r == 0)
        r = client_tokens_new(app, &app->clients, err);
    return r < 0 ? r : people_new(app, err);
}

static int threads_new(
    struct app *app, const struct app_options *options, struct err *err)
{
    int r = jobs_new(thread_cpus() + 1, &app->jobs, err);

    if (r == 0 && options->clocks && !options->read_only)
        r = timer_new(app, &app->timer, err);
    return r;
}

int app_open(const struct app_options *options, struct app **ret, struct err *err)
{
    struct app *app = base_malloc(sizeof(*app));
    int r = crypto_init(err);

    if (!app)
        return err_nomem(err);
    memset(app, 0, sizeof(*app));
    pthread_mutex_init(&app->listener_lock, NULL);
    pthread_mutex_init(&app->accounts_lock, NULL);
    pthread_mutex_init(&app->hashing, NULL);
    app->read_only = options->read_only;
    app->may_open = options->may_open;
    app->opened = time_elsewhere(time_now());
    app->task_type = fhir_resource_named(STR("Task"))->number;
    app->arena = arena_new();
    if (r == 0 && !app->arena)
        r = err_nomem(err);
    if (r == 0)
        r = make_bases(app, options->base_url, err);
    for (int space = APP_FHIR; r == 0 && space <= APP_PROGRAMME; space++)
        r = capability_build(app->arena, (enum app_space)space, app->base[space],
            &app->capability[space], err);
    if (r == 0)
        r = open_store(app, options, err);
    if (r == 0 && !options->read_only)
        r = audit_new(app, err);
    if (r == 0)
        r = node_key_load(app, options->key_file, err);
    if (r == 0)
        r = code_rule_load(app, err);
    if (r == 0)
        r = synthetic_load(app, err);
    if (r == 0)
        r = catalogue_node_load(app, err);
    if (r == 0)
        r = callers_new(app, err);
    if (r == 0)
        r = threads_new(app, options, err);
    if (r < 0) {
        app_close(app);
        return r;
    }
    app_follow(app);
    store_listen(app->store, on_event, app);
    if (app->timer)
        r = timer_start(app->timer, err);
    if (r < 0)
        app_close(app);
    else
        *ret = app;
    return r;
}

void app_close(struct app *app)
{
    if (!app)
        return;
    timer_stop(app->timer);
    sign_on_free(app->sign_on);
    notify_stop(app);
    jobs_free(app->jobs);
    audit_free(app);
    if (!app->read_only)
        visits_keep(app);
    store_close(app->store);
    timer_free(app->timer);
    notify_free(atomic_load(&app->notify));
    visits_free(app->visits);
    persons_free(app->persons);
    reader_memory_free(app->memory);
    emergencies_free(app->emergencies);
    networks_free(app->networks);
    map_days_free(app->map_days);
    indicator_memory_free(app->indicators);
    kept_memory_free(app->independence);
    kept_memory_free(app->told);
    kept_memory_free(app->pulses);
    gaps_free(app->gaps);
    catalogue_node_leave(app);
    procedure_rules_free(app->rules);
    answer_times_free(app->answers);
    quality_free(app->quality);
    watches_free(app->watches);
    attempts_free(app->attempts);
    sessions_free(app->sessions);
    client_tokens_free(app->clients);
    arena_free(app->arena);
    pthread_mutex_destroy(&app->listener_lock);
    pthread_mutex_destroy(&app->accounts_lock);
    pthread_mutex_destroy(&app->hashing);
    crypto_wipe(app->seal_key, sizeof(app->seal_key));
    crypto_wipe(app->old_key, sizeof(app->old_key));
    if (synthetic_is(app))
        time_move(0);
    base_free(app);
}

int app_ask(struct app *app, bool asks, struct err *err)
{
    if (!app->may_open)
        return err_set(err, E_FORBIDDEN, NULL,
            "Asking who may read can be left out by the benchmark's own server only.");
    atomic_store(&app->open, !asks);
    return 0;
}

bool app_may_open(const struct app *app)
{
    return app->may_open;
}

struct store *app_store(struct app *app)
{
    return app->store;
}
