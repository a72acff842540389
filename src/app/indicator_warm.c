/* SPDX-License-Identifier: Apache-2.0 */
#include "app/indicator_warm.h"

#include <stdio.h>

#include "base/limits.h"

#include "app/change.h"
#include "app/indicator_internal.h"
#include "app/network.h"

#define YEARS 11 /* that the page Programme shows, the last of them not over yet */
#define DAY ((utc_ms)24 * 60 * 60 * 1000)

/* What is asked; it is the question of the page. */
struct warming {
    struct app *app;
    char first[24], last[24];
};

/* A figure that is refused is none to be kept. */
static bool is_serious(int r)
{
    return r < 0 && r != E_INVALID && r != E_FORBIDDEN && r != E_TOO_LARGE;
}

static int ask(const struct warming *w, struct str measure, struct err *err)
{
    struct search_pair pairs[] = {
        {.name = STR("periodStart"), .value = str_of(w->first)},
        {.name = STR("periodEnd"), .value = str_of(w->last)},
        {.name = STR("measure"), .value = measure}};
    const struct rest rest = {.kind = REST_INDICATOR,
        .word = "$dashboard",
        .pairs = pairs,
        .pair_count = sizeof(pairs) / sizeof(pairs[0])};
    struct arena *a = arena_new();
    struct app_call call;
    struct err why = {.path = ""};
    int r = a ? 0 : err_nomem(err);

    if (r < 0)
        return r;
    call = change_by_node(w->app, a);
    buf_init(&call.answer, LIMIT_RESPONSE_BYTES);
    r = indicator_answer(&call, &rest, &why);
    buf_done(&call.answer);
    arena_free(a);
    if (!is_serious(r))
        return 0;
    *err = why;
    return r;
}

int indicator_warm_run(
    struct app *app, const atomic_bool *stop, utc_ms now, size_t *ret, struct err *err)
{
    const struct indicator_defines *all = NULL;
    struct warming w = {.app = app};
    int64_t year = 0;
    unsigned month = 0, day = 0;
    size_t asked = 0;
    int r = indicator_defines(&all, err);

    time_date(now / DAY, &year, &month, &day);
    snprintf(w.first, sizeof(w.first), "%lld", (long long)(year - YEARS));
    snprintf(w.last, sizeof(w.last), "%lld", (long long)year - 1);
    /* from the last: who asks for all of them meanwhile begins with the first, and each finds what the other has gathered */
    for (size_t i = r == 0 ? all->count : 0;
         r == 0 && i > 0 && !(stop && atomic_load(stop)); i--) {
        r = ask(&w, all->list[i - 1].id, err);
        asked += r == 0;
    }
    if (r == 0 && !(stop && atomic_load(stop)))
        r = networks_read_past(app->networks, err);
    if (r == 0 && ret)
        *ret = asked;
    return r;
}
