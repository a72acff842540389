/* SPDX-License-Identifier: Apache-2.0 */
#include "app/synthetic.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/time.h"

#include "app/app_internal.h"

#define SETTING "synthetic"
#define CLOCK "synthetic-clock"
#define MOVED_MOST ((int64_t)100 * 366 * 24 * 60 * 60 * 1000) /* a hundred years */

bool synthetic_is(const struct app *app)
{
    return atomic_load_explicit(&app->synthetic, memory_order_relaxed);
}

int synthetic_say(struct app *app, struct err *err)
{
    int r = store_setting_put(app->store, SETTING, STR("yes"), err);

    if (r == 0)
        atomic_store(&app->synthetic, true);
    return r;
}

int synthetic_go_on(struct app *app, utc_ms at, struct err *err)
{
    char moved[24];

    snprintf(moved, sizeof(moved), "%" PRId64, at - time_machine());
    return store_setting_put(app->store, CLOCK, str_of(moved), err);
}

/* A node that was made before there was this setting has the machine's clock. */
static int clock_load(struct app *app, struct arena *a, struct err *err)
{
    struct str value = {NULL, 0};
    int64_t moved = 0;
    int r = store_setting_get(app->store, a, CLOCK, &value, err);

    if (r == E_NOT_FOUND)
        return 0;
    if (r == 0 && !text_int(value, -MOVED_MOST, MOVED_MOST, &moved))
        r = err_set(err, E_CORRUPT, CLOCK,
            "The setting of the clock is no time that it could be moved by.");
    if (r == 0)
        time_move(moved);
    return r;
}

int synthetic_load(struct app *app, struct err *err)
{
    struct arena *a = arena_new();
    struct str value = {NULL, 0};
    int r = a ? store_setting_get(app->store, a, SETTING, &value, err) : err_nomem(err);

    if (r == 0)
        atomic_store(&app->synthetic, str_is(value, "yes"));
    if (r == 0 && synthetic_is(app))
        r = clock_load(app, a, err);
    arena_free(a);
    return r == E_NOT_FOUND ? 0 : r;
}
