/* SPDX-License-Identifier: Apache-2.0 */
#include "app/first_days.h"

#include <string.h>

#include "app/access_internal.h"
#include "app/app_internal.h"
#include "app/network.h"
#include "app/person.h"
#include "app/roster_internal.h"

#define MINUTE_MS 60000LL

/* A post as it was and as it shall be. */
struct planning {
    struct app_call *call;
    const struct network *network;
    const struct json *before, *after;
    bool together;
};

static bool is_plan(const struct json *before, const struct json *after)
{
    static const char *const members[] = {"availableTime", "notAvailable", "period",
        "organization", "practitioner", "code", "active"};

    for (size_t i = 0; before && i < sizeof(members) / sizeof(members[0]); i++) {
        if (!access_same(before, after, str_of(members[i])))
            return true;
    }
    return !before;
}

static bool has(const struct network_fresh *fresh, const struct network_uncounted *duty)
{
    for (size_t i = 0; i < fresh->count; i++) {
        if (fresh->duties[i].from == duty->from &&
            fresh->duties[i].until == duty->until)
            return true;
    }
    return false;
}

/* A moment of the place, as in "2026-01-01 20:00". */
static void local_text(utc_ms at, int offset, char out[TIME_ISO_MAX])
{
    time_iso(at + offset * MINUTE_MS, out);
    out[10] = ' ';
    out[16] = '\0';
}

static int refuse(const struct network_fresh *fresh,
    const struct network_uncounted *duty, struct err *err)
{
    bool night = duty->why == ACCLIMATISATION_NIGHT;
    struct str place = fresh->hospital.p ? fresh->hospital : STR("the host");
    char from[TIME_ISO_MAX];
    char last[TIME_ISO_MAX];

    local_text(duty->from, fresh->utc_offset, from);
    local_text(fresh->until - 1, fresh->utc_offset, last);
    return err_set(err, E_INVALID, "availableTime",
        "%.*s lies at %.0f m: until the end of %.10s whoever has just come has no "
        "night "
        "on duty and no duty alone, and the duty of %s would be %s. Plan it by day "
        "beside a colleague, or enter these days as leave (notAvailable) and let it "
        "begin afterwards.",
        (int)(place.len > 100 ? 100 : place.len), place.p, fresh->altitude_m, last,
        from, night ? "a night" : "one alone");
}

static int judge(struct planning *p, struct err *err)
{
    struct network_fresh was = {.from = 0};
    struct network_fresh is = {.from = 0};
    struct arena *a = p->call->arena;
    utc_ms now = call_now(p->call);

    if (network_fresh_planned(p->network, a, p->after, &is) < 0 ||
        (p->before && network_fresh_planned(p->network, a, p->before, &was) < 0))
        return err_nomem(err);
    for (size_t i = 0; i < is.count; i++) {
        const struct network_uncounted *duty = &is.duties[i];

        if (duty->until > now && duty->from >= is.from && !has(&was, duty) &&
            !(p->together && duty->why == ACCLIMATISATION_SOLO))
            return refuse(&is, duty, err);
    }
    return 0;
}

int first_days_check(struct app_call *call, const struct access_write *write,
    const struct json *before, bool together, struct err *err)
{
    struct planning p = {
        .call = call, .before = before, .after = write->resource, .together = together};
    int r = 0;

    if (strcmp(write->type->name, "PractitionerRole") != 0 || !p.after ||
        !json_get(p.after, "availableTime") || !is_plan(before, p.after) ||
        !roster_has_code(json_get(p.after, "code"), PERSON_ROLE_SYSTEM, "expert"))
        return 0;
    r = networks_take(call->app->networks, &p.network, err);
    if (r == 0)
        r = judge(&p, err);
    network_release(p.network);
    return r;
}
