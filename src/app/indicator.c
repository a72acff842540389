/* SPDX-License-Identifier: Apache-2.0 */
/* Who may ask for figures of the programme, and how a question is answered. */
#include "app/access.h"
#include "app/indicator_internal.h"
#include "app/person.h"

static int authorise(const struct app_caller *caller, struct err *err)
{
    static const char *const roles[] = {
        "coordinator", "director", "head-of-department"};

    if (!access_limited(caller))
        return 0;
    for (size_t i = 0; i < sizeof(roles) / sizeof(roles[0]); i++) {
        if (person_holds(caller, roles[i]))
            return 0;
    }
    return err_set(err, E_FORBIDDEN, NULL,
        "Figures of the programme are for coordinators, directors and heads of "
        "departments of either side.");
}

static int tell(struct indicator_run *run, const struct rest *rest, struct err *err)
{
    int r = 0;

    if (strcmp(rest->word, "$dashboard") == 0)
        return indicator_write_years(run, rest, err);
    if (strcmp(rest->word, "$effect") == 0)
        return indicator_effect(run, rest, err);
    if (strcmp(rest->word, "$funnel") == 0)
        return indicator_funnel(run, rest, err);
    run->ask.rows = strcmp(rest->word, "$explain") == 0;
    r = indicator_take(run, rest, err);
    if (r == 0 && run->ask.rows && indicator_is_ratio(run))
        return indicator_ratio_rows(run, err);
    if (r == 0)
        r = indicator_figure(run, err);
    if (r < 0)
        return r;
    return run->ask.rows ? indicator_write_rows(run, err)
                         : indicator_write_report(run, err);
}

static int answer(struct indicator_run *run, const struct rest *rest, struct err *err)
{
    int r = 0;

    if (strcmp(rest->word, "$indicators") == 0) {
        indicator_write_all(run);
        return 0;
    }
    r = call_read_begin(run->call, &run->snapshot, err);
    if (r < 0)
        return r;
    r = tell(run, rest, err);
    call_read_end(run->call, run->snapshot);
    return r;
}

int indicator_answer(struct app_call *call, const struct rest *rest, struct err *err)
{
    struct indicator_run run = {.call = call,
        .of_facts = arena_new(),
        .of_answer = arena_new(),
        .scratch = arena_new()};
    int r = run.of_facts && run.of_answer && run.scratch
                ? indicator_defines(&run.all, err)
                : err_nomem(err);

    if (r == 0)
        r = answer(&run, rest, err);
    indicator_recall_done(&run);
    indicator_maps_done(&run);
    indicator_places_done(&run);
    indicator_ratio_done(&run);
    arena_free(run.of_facts);
    arena_free(run.of_answer);
    arena_free(run.scratch);
    return r;
}

int rest_indicator(struct app_call *call, const struct rest *rest, struct err *err)
{
    int r = authorise(&call->caller, err);

    return r == 0 ? call_pool(call, rest, indicator_answer, err) : r;
}
