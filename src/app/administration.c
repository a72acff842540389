/* SPDX-License-Identifier: Apache-2.0 */
/* Whose account somebody looks after: by the posts of both, and the units above them. */
#include "app/administration.h"

#include <string.h>

#include "app/app_internal.h"
#include "app/person.h"
#include "app/reach.h"
#include "fhir/value.h"

/* ---- posts ---- */

/* What giving ${post} needs: the most that one of its roles does. */
static enum reach need_of_post(const struct json *post)
{
    struct json_each code = json_each(json_get(post, "code"));
    enum reach most = REACH_NONE;

    while (json_next(&code)) {
        struct json_each coding = json_each(json_get(code.value, "coding"));

        while (json_next(&coding)) {
            enum reach need = reach_need(json_get_text(coding.value, "code"));

            if (str_is(json_get_text(coding.value, "system"), PERSON_ROLE_SYSTEM) &&
                need > most)
                most = need;
        }
    }
    return most;
}

/* ---- people ---- */

/* Has ${post} ended by ${now}, or was it taken back? */
static bool is_over(const struct json *post, utc_ms now)
{
    struct str end = json_get_text(json_get(post, "period"), "end");
    utc_ms lo = 0;
    utc_ms hi = UTC_MS_MAX;

    if (json_kind(json_get(post, "active")) == JSON_FALSE)
        return true;
    return end.p && fhir_date_range(end, &lo, &hi) && hi <= now;
}

static int search_posts(const struct administration *a, struct str practitioner,
    utc_ms now, struct search_page *ret, struct err *err)
{
    const struct search_pair pairs[] = {
        {STR("practitioner"), practitioner},
        {STR("_count"), STR("1000")},
        {STR("_total"), STR("none")},
    };
    struct search_request rq = {
        .type = fhir_resource_named(STR("PractitionerRole"))->number,
        .pairs = pairs,
        .pair_count = sizeof(pairs) / sizeof(pairs[0]),
        .now = now};
    struct fhir_issues issues = {0};
    struct search_query *query = NULL;
    int r = search_parse(a->arena, &rq, &issues, &query, err);

    return r == 0 ? search_run(a->snapshot, a->arena, query, ret, err) : r;
}

int administration_whose(const struct administration *a, struct str practitioner,
    utc_ms now, enum administration_whose *ret, struct err *err)
{
    const struct reach_view view = {a->caller, a->snapshot, a->arena};
    struct search_page page = {0};
    size_t ours[2] = {0, 0}; /* over, not over */
    size_t all[2] = {0, 0};
    int r = search_posts(a, practitioner, now, &page, err);

    for (size_t i = 0; r == 0 && i < page.count; i++) {
        struct store_record rec = {0};
        const struct json *post = NULL;
        bool lasts = false;
        enum reach need = REACH_NONE;

        r = store_get_rid(a->snapshot, a->arena, page.hits[i].rid, true, &rec, err);
        if (r == 0)
            r = json_read_trusted(a->arena, rec.body, &post, err);
        need = r == 0 ? need_of_post(post) : REACH_NONE;
        if (need == REACH_NONE)
            continue; /* gives nothing, so it says nothing */
        lasts = !is_over(post, now);
        all[lasts]++;
        ours[lasts] +=
            need <= reach_over(&view,
                        json_get_text(json_get(post, "organization"), "reference"));
    }
    if (r < 0)
        return r;
    if (page.next.p ||
        (a->caller->practitioner.p && str_eq(practitioner, a->caller->practitioner)))
        *ret = ADMINISTRATION_OTHERS;
    else if (all[true] > 0)
        *ret = ours[true] == all[true] ? ADMINISTRATION_OURS : ADMINISTRATION_OTHERS;
    else if (all[false] > 0)
        *ret = ours[false] > 0 ? ADMINISTRATION_OURS : ADMINISTRATION_OTHERS;
    else
        *ret = ADMINISTRATION_NOBODY;
    return 0;
}
