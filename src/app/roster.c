/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GET Organization/ID/$roster: who is posted where, of a hospital, a department or a team;
 * where nobody is; and what is wrong with the plan (engine/planning/roster.h).
 *
 *   from, until  days, both included; usually 30 days ago to half a year ahead
 *
 * All of it is in the directory, which everybody reads who is signed in.
 */
#include "app/roster_internal.h"

#define DAY_MS (24LL * 3600 * 1000)
#define USUAL_BEFORE 30
#define USUAL_AHEAD 183

/* ---- parameters ---- */

static int take_day(
    const struct search_pair *pair, const char *name, struct span *ret, struct err *err)
{
    if (pair->value.len == 10 && fhir_date_range(pair->value, &ret->from, &ret->until))
        return 0;
    return err_set(err, E_INVALID, name, "%s must be a day, such as 2026-03-01.", name);
}

static struct str day_text(struct arena *a, utc_ms at)
{
    char iso[TIME_ISO_MAX];

    time_iso(at, iso);
    return str_of(arena_strndup(a, iso, 10));
}

static int take(struct roster_answer *ro, const struct rest *rest, struct err *err)
{
    struct span first = {ro->now - USUAL_BEFORE * DAY_MS, 0};
    struct span last = {0, ro->now + USUAL_AHEAD * DAY_MS};
    int r = 0;

    first.from -= first.from % DAY_MS;
    last.until -= last.until % DAY_MS;
    for (size_t i = 0; r == 0 && i < rest->pair_count; i++) {
        const struct search_pair *pair = &rest->pairs[i];

        if (str_is(pair->name, "from"))
            r = take_day(pair, "from", &first, err);
        else if (str_is(pair->name, "until"))
            r = take_day(pair, "until", &last, err);
        else
            r = err_set(err, E_INVALID, pair->name.p,
                "$roster takes from and until, and nothing else.");
    }
    if (r < 0)
        return r;
    ro->window = (struct span){first.from, last.until};
    if (span_is_empty(ro->window) ||
        last.until - first.from > LIMIT_ROSTER_DAYS * DAY_MS)
        return err_set(err, E_INVALID, "until",
            "A roster is of %d days at most, and until is not before from.",
            LIMIT_ROSTER_DAYS);
    ro->from = day_text(ro->call->arena, first.from);
    ro->until = day_text(ro->call->arena, last.until - DAY_MS);
    return ro->from.p && ro->until.p ? 0 : err_nomem(err);
}

/* ---- what is found ---- */

/* Is ${kind} among the checks of ${record}, and not failed? */
static bool is_checked(const struct json *record, const char *kind)
{
    struct json_each it = json_each(json_get(record, "extension"));
    bool found = false;

    while (json_next(&it)) {
        struct json_each part = json_each(json_get(it.value, "extension"));
        bool is = false;
        bool failed = false;

        if (!str_is(json_get_text(it.value, "url"), POSTING_CHECK))
            continue;
        while (json_next(&part)) {
            struct str code = json_get_text(part.value, "valueCode");

            is = is || str_is(code, kind);
            failed = failed || str_is(code, "failed");
        }
        found = found || (is && !failed);
    }
    return found;
}

/* Whether somebody is fit for the height is asked where it is high. */
static int look_at_checks(struct roster_answer *ro, struct err *err)
{
    for (size_t i = 0; i < ro->row_count; i++) {
        struct roster_row *row = &ro->rows[i];
        struct network_fresh fresh = {.from = 0};

        if (network_fresh(ro->network, ro->call->arena, row->id, &fresh) < 0)
            return err_nomem(err);
        row->planned.unchecked =
            !is_checked(row->record, "licence") ||
            !is_checked(row->record, "privileges") ||
            (fresh.until != 0 && !is_checked(row->record, "altitude-fitness"));
    }
    return 0;
}

static int find(struct roster_answer *ro, struct err *err)
{
    struct arena *a = ro->call->arena;
    struct roster_posting *postings =
        arena_array(a, ro->row_count + 1, sizeof(*postings));
    struct roster_team *teams = arena_array(a, ro->team_count + 1, sizeof(*teams));
    const struct roster plan = {.postings = postings,
        .teams = teams,
        .heads = ro->heads,
        .posting_count = ro->row_count,
        .team_count = ro->team_count,
        .head_count = ro->head_count,
        .department_count = ro->unit_count,
        .window = ro->window,
        .now = ro->now};

    if (!postings || !teams)
        return err_nomem(err);
    for (size_t i = 0; i < ro->row_count; i++)
        postings[i] = ro->rows[i].planned;
    for (size_t i = 0; i < ro->team_count; i++)
        teams[i] = ro->teams[i].planned;
    return roster_find(a, &plan, &ro->finding, err);
}

static int answer(struct roster_answer *ro, const struct rest *rest, struct err *err)
{
    int r = take(ro, rest, err);

    if (r == 0)
        r = call_read_begin(ro->call, &ro->snapshot, err);
    if (r == 0)
        r = roster_read(ro, err);
    if (r == E_NOT_FOUND)
        return access_no_such(rest->type, rest->id, false, err);
    if (r == 0)
        r = networks_take(ro->call->app->networks, &ro->network, err);
    if (r == 0)
        r = look_at_checks(ro, err);
    if (r == 0)
        r = find(ro, err);
    return r == 0 ? roster_write(ro, err) : r;
}

int rest_roster(struct app_call *call, const struct rest *rest, struct err *err)
{
    struct roster_answer ro = {.call = call, .now = time_now()};
    const char *asked =
        arena_printf(call->arena, "Organization/%.*s", (int)rest->id.len, rest->id.p);
    int r = 0;

    if (!asked)
        return err_nomem(err);
    ro.asked = str_of(asked);
    r = answer(&ro, rest, err);
    network_release(ro.network);
    call_read_end(call, ro.snapshot);
    return r;
}
