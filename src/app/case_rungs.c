/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The later rungs of a case's ladder: a department beside the one that is asked, then a
 * coordinator. A coordinator sees no patient: being asked opens nothing to them, and who tells
 * people finds them in the Task.
 */
#include "app/case_internal.h"
#include "app/person.h"
#include "view/reader_pair.h"

#define SECONDS_MOST 2
#define COORDINATORS_MOST 2

static int add_seconds(struct case_doing *d, struct err *err)
{
    const struct reader_seconds ask = {.hospital = d->hospital,
        .asked = d->units,
        .asked_count = d->unit_count,
        .most = SECONDS_MOST};
    struct str found[SECONDS_MOST];
    size_t count = 0;
    int r =
        d->hospital.p ? reader_second_units(d->reader, &ask, found, &count, err) : 0;

    for (size_t i = 0; r == 0 && i < count; i++)
        case_ladder_add(d, found[i], "second-department");
    return r;
}

/* The Practitioner of the post ${rid}, if a coordinator of the hospital that asks, or of all
 * programmes; else p NULL. */
static int look_at_post(
    struct case_doing *d, store_rid rid, struct str *ret, struct err *err)
{
    struct arena *a = d->call->arena;
    struct store_record rec = {0};
    const struct json *json = NULL;
    struct person_posts posts = {0};
    struct str who = {NULL, 0};
    int r = store_get_rid(d->snapshot, a, rid, true, &rec, err);

    *ret = who;
    if (r == 0)
        r = json_read_trusted(a, rec.body, &json, err);
    who = json_get_text(json_get(json, "practitioner"), "reference");
    if (r == 0 && who.p)
        r = person_posts_in(
            &(struct person_ask){d->call->app->persons, d->snapshot, a, d->now}, who,
            &posts, err);
    for (size_t i = 0; r == 0 && i < posts.count; i++) {
        const struct app_post *post = &posts.list[i];

        if (str_is(post->role, "coordinator") &&
            (!post->organization.p ||
                (d->hospital.p && str_eq(post->organization, d->hospital))))
            *ret = who;
    }
    return r;
}

static int add_coordinators(struct case_doing *d, struct err *err)
{
    const struct search_pair pairs[] = {
        {STR("role"), STR(PERSON_ROLE_SYSTEM "|coordinator")},
        {STR("_count"), STR("100")},
        {STR("_total"), STR("none")},
    };
    struct arena *a = d->call->arena;
    struct search_request rq = {.type = case_type("PractitionerRole")->number,
        .pairs = pairs,
        .pair_count = sizeof(pairs) / sizeof(pairs[0]),
        .now = d->now};
    struct search_query *query = NULL;
    struct fhir_issues issues = {0};
    struct search_page page = {0};
    int left = COORDINATORS_MOST;
    int r = search_parse(a, &rq, &issues, &query, err);

    if (r == 0)
        r = search_run(d->snapshot, a, query, &page, err);
    for (size_t i = 0; r == 0 && left > 0 && i < page.count; i++) {
        struct str who = {NULL, 0};

        r = look_at_post(d, page.hits[i].rid, &who, err);
        if (r == 0 && who.p) {
            case_ladder_add(d, who, "coordinator");
            left--;
        }
    }
    return r;
}

int case_rungs_add(struct case_doing *d, struct err *err)
{
    int r = add_seconds(d, err);

    return r < 0 ? r : add_coordinators(d, err);
}
