/* SPDX-License-Identifier: Apache-2.0 */
#include "app/synthetic.h"

#include "app/app_internal.h"

#define SETTING "synthetic"

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

int synthetic_load(struct app *app, struct err *err)
{
    struct arena *a = arena_new();
    struct str value = {NULL, 0};
    int r = a ? store_setting_get(app->store, a, SETTING, &value, err) : err_nomem(err);

    if (r == 0)
        atomic_store(&app->synthetic, str_is(value, "yes"));
    arena_free(a);
    return r == E_NOT_FOUND ? 0 : r;
}
